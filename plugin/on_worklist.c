/*
 * on_worklist.c - GET /aftercare/worklist: follow-up by when it is due; for one role or all, one patient or all, what is
 * overdue, of today, of this week.
 *
 * Rules   "today" is the day of the visit's own zone. What is urgent stands first, in every view; a task that was put off
 *         stands where it was put off to; routine tasks of a plan on hold stand apart. Who may not do something to a task
 *         sees it without the form.
 */
#include "plugin/panel.h"
#include "plugin/worklist.h"

#include <string.h>

#define DAY_S 86400

static const char *const group_words[AC_WORK_GROUPS] = { "Urgent", "Overdue", "Today", "Next 7 days", "Later",
	"Plan on hold" };
static const char *const views[][2] = { { "all", "All" }, { "overdue", "Overdue" }, { "today", "Today" },
	{ "week", "Week" } };

const struct ac_zone *
ac_worklist_zone(struct ac_worklist *l, struct ac_str name)
{
	const struct ac_zone *z = NULL;
	struct ac_str bytes;

	for (size_t i = 0; i < l->nzones; i++)
		if (ac_streq(l->zones[i].name, name))
			return l->zones[i].z;
	if (ac_zone_read(name, NULL, l->p.a, &bytes, NULL) != AC_OK ||
	    ac_zone_open(name, bytes, l->p.a, &z, NULL) != AC_OK)
		z = NULL;
	if (l->nzones < AC_WORKLIST_ZONES_MAX) {
		l->zones[l->nzones].name = name;
		l->zones[l->nzones++].z = z;
	}
	return z;
}

static int64_t
day_of(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	return ac_days_from_civil(w.year, w.month, w.day);
}

static enum ac_work_group
group_of(struct ac_worklist *l, const struct ac_task_row *t)
{
	const struct ac_zone *z = ac_worklist_zone(l, t->zone);
	int64_t due = t->snoozed > t->due ? t->snoozed : t->due;

	if (t->urgent && t->not_before <= l->now && t->snoozed <= l->now)
		return AC_WORK_NOW;
	if (ac_streq_c(t->plan_status, "on-hold"))
		return AC_WORK_HELD;
	if (due < l->now)
		return AC_WORK_OVERDUE;
	int64_t days = day_of(z, due) - day_of(z, l->now);
	return days <= 0 ? AC_WORK_TODAY : days <= 7 ? AC_WORK_WEEK : AC_WORK_LATER;
}

static bool
is_in_view(const struct ac_worklist *l, enum ac_work_group g)
{
	if (g == AC_WORK_NOW || ac_streq_c(l->view, "all"))
		return true;
	if (ac_streq_c(l->view, "overdue"))
		return g == AC_WORK_OVERDUE;
	if (ac_streq_c(l->view, "today"))
		return g == AC_WORK_OVERDUE || g == AC_WORK_TODAY;
	return g == AC_WORK_OVERDUE || g == AC_WORK_TODAY || g == AC_WORK_WEEK;
}

bool
ac_worklist_view_is_ok(struct ac_str view)
{
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (ac_streq_c(view, views[i][0]))
			return true;
	return false;
}

struct ac_str
ac_worklist_path(struct ac_arena *a, struct ac_str role, struct ac_str view, struct ac_str of)
{
	struct ac_str s = ac_strf(a, "/aftercare/worklist?role=%.*s", AC_FMT(role));

	if (view.n > 0 && !ac_streq_c(view, "all"))
		s = ac_strf(a, "%.*s&view=%.*s", AC_FMT(s), AC_FMT(view));
	if (of.n > 0)
		s = ac_strf(a, "%.*s&of=%.*s", AC_FMT(s), AC_FMT(of));
	return s;
}

static size_t
group(struct ac_worklist *l, enum ac_work_group g)
{
	size_t n = 0;

	for (size_t i = 0; i < l->tasks.n; i++)
		n += group_of(l, &l->tasks.v[i]) == g;
	if (n == 0 || !is_in_view(l, g))
		return 0;
	ac_page_open(&l->p, "section",
	    g == AC_WORK_NOW	   ? "group urgent-now"
	    : g == AC_WORK_OVERDUE ? "group overdue"
				   : "group");
	ac_page_open(&l->p, "h2", NULL);
	ac_xw_textc(&l->p.w, group_words[g]);
	ac_page_elem(&l->p, "span", "n", ac_strf(l->p.a, " %zu", n));
	ac_page_close(&l->p, "h2");
	ac_page_open(&l->p, "ul", "work");
	for (size_t i = 0; i < l->tasks.n; i++)
		if (group_of(l, &l->tasks.v[i]) == g)
			ac_worklist_row(l, &l->tasks.v[i], g);
	ac_page_close(&l->p, "ul");
	ac_page_close(&l->p, "section");
	return n;
}

static void
choice(struct ac_worklist *l, bool here, struct ac_str href, const char *words)
{
	ac_page_open(&l->p, "a", here ? "here" : NULL);
	ac_xw_attr(&l->p.w, "href", href);
	if (here)
		ac_xw_attrc(&l->p.w, "aria-current", "page");
	ac_xw_textc(&l->p.w, words);
	ac_page_close(&l->p, "a");
}

static void
filter(struct ac_worklist *l)
{
	static const char *const roles[][2] = { { "all", "Everybody" }, { "front-desk", "Front desk" },
		{ "nurse", "Nurse" }, { "clinician", "Clinician" } };

	ac_page_open(&l->p, "nav", "filter");
	ac_xw_attrc(&l->p.w, "aria-label", "When");
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		choice(l, ac_streq_c(l->view, views[i][0]),
		    ac_worklist_path(l->p.a, l->role, ac_str_c(views[i][0]), l->of), views[i][1]);
	ac_page_close(&l->p, "nav");
	ac_page_open(&l->p, "nav", "filter");
	ac_xw_attrc(&l->p.w, "aria-label", "Whose tasks");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		choice(l, ac_streq_c(l->role, roles[i][0]),
		    ac_worklist_path(l->p.a, ac_str_c(roles[i][0]), l->view, l->of), roles[i][1]);
	ac_page_close(&l->p, "nav");
}

static void
one_patient(struct ac_worklist *l)
{
	if (l->of.n == 0)
		return;
	ac_page_open(&l->p, "p", "notice");
	ac_xw_textc(&l->p.w, "Only ");
	if (l->tasks.n > 0)
		ac_page_elem(&l->p, "bdi", NULL, l->tasks.v[0].patient_name);
	else
		ac_xw_textc(&l->p.w, "one patient");
	ac_xw_textc(&l->p.w, ". ");
	ac_page_link(&l->p, NULL, ac_worklist_path(l->p.a, l->role, l->view, (struct ac_str){ 0 }), AC_S("Show all patients"));
	ac_page_close(&l->p, "p");
}

/* A caller bound to one patient or visit sees no other's tasks: asked for so, and looked at once more. */
static void
keep_own(struct ac_worklist *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->tasks.n; i++) {
		const struct ac_task_row *t = &l->tasks.v[i];
		if (ac_authorize_object(&l->p.h->who, t->site, t->patient, t->encounter, NULL) == AC_OK)
			l->tasks.v[n++] = *t;
	}
	l->tasks.n = n;
}

static enum ac_code
read_role(struct ac_http *h, struct ac_worklist *l, struct ac_str *ret_filter, struct ac_err *reterr)
{
	enum ac_role role;

	l->role = h->status == 409 ? ac_http_form(h, "role") : ac_http_query(h, "role");
	if (l->role.n == 0)
		l->role = ac_str_c(ac_role_word(h->who.role));
	*ret_filter = (struct ac_str){ 0 };
	l->view = h->status == 409 ? ac_http_form(h, "view") : ac_http_query(h, "view");
	if (l->view.n == 0)
		l->view = AC_S("all");
	if (!ac_worklist_view_is_ok(l->view))
		return ac_fail(reterr, AC_EINPUT, "WORKLIST-VIEW", "there is no such view");
	l->of = h->status == 409 ? ac_http_form(h, "of") : ac_http_query(h, "of");
	if (ac_streq_c(l->role, "all"))
		return AC_OK;
	if (!ac_role_parse(l->role, &role))
		return ac_fail(reterr, AC_EINPUT, "WORKLIST-ROLE", "there is no such role");
	*ret_filter = l->role;
	return AC_OK;
}

/* All tasks of the patient of a plan: the address names the plan, never the patient. */
static enum ac_code
read_of(struct ac_http *h, struct ac_str of, struct ac_task_query *q, struct ac_err *reterr)
{
	struct ac_record *r;
	struct ac_uuid plan;
	enum ac_code rc;

	if (!ac_uuid_parse(of, &plan))
		return ac_fail(reterr, AC_EINPUT, "WORKLIST-OF", "a patient is named by one of their plans");
	if ((rc = ac_record_load(h->w, plan, 0, &r, reterr)) != AC_OK || (rc = ac_page_may_see(h, r, reterr)) != AC_OK)
		return rc;
	q->site = ac_str_dup(h->w->arena, r->row.site);
	q->patient = ac_str_dup(h->w->arena, r->row.patient);
	return AC_OK;
}

/* "PLAN/NAME": the last task that the page before showed. */
static enum ac_code
read_after(struct ac_http *h, struct ac_task_query *q, struct ac_err *reterr)
{
	struct ac_str plan, after = ac_http_query(h, "after");
	struct ac_task_key *key = ac_new(h->w->arena, struct ac_task_key, 1);

	if (after.n == 0)
		return AC_OK;
	key->name = ac_cut(after, '/', &plan);
	if (!ac_uuid_parse(plan, &key->plan) || key->name.n == 0)
		return ac_fail(reterr, AC_EINPUT, "WORKLIST-AFTER", "there is no such task to go on behind");
	q->after = key;
	return AC_OK;
}

static void
next_page(struct ac_worklist *l, const struct ac_task_row *last)
{
	struct ac_str id = ac_uuid_str(l->p.a, last->plan);

	ac_page_open(&l->p, "p", "none");
	ac_page_link(&l->p, "button",
	    ac_strf(l->p.a, "%.*s&after=%.*s/%.*s", AC_FMT(ac_worklist_path(l->p.a, l->role, l->view, l->of)),
		AC_FMT(id), AC_FMT(ac_percent_encode(last->name, l->p.a))),
	    AC_S("Show the next"));
	ac_page_close(&l->p, "p");
}

enum ac_code
ac_on_worklist(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_worklist *l = ac_new(h->w->arena, struct ac_worklist, 1);
	struct ac_task_query q = {
		.site = h->who.site, .patient = h->who.patient, .encounter = h->who.encounter, .only_open = true, .who = &h->who
	};
	struct ac_task_row last;
	size_t shown = 0;
	enum ac_code rc;

	l->now = ac_service_now_ms(h->w->service) / 1000;
	if ((rc = read_role(h, l, &q.role, reterr)) != AC_OK || (rc = read_after(h, &q, reterr)) != AC_OK)
		return rc;
	if (l->of.n > 0 && (rc = read_of(h, l->of, &q, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_task_list(h->w, &q, &l->tasks, reterr)) != AC_OK)
		return rc;
	rc = ac_service_log(h->w, &h->who, "list", "task", (struct ac_str){ 0 }, 0, q.patient,
	    ac_strf(h->w->arena, "role=%.*s", AC_FMT(l->role)), NULL, reterr);
	if (rc != AC_OK)
		return rc;
	ac_page_begin(&l->p, h, AC_PAGE_WHOLE, "Follow-up");
	ac_page_conflict(&l->p);
	bool more = l->tasks.n == AC_LIST_MAX;
	if (more)
		last = l->tasks.v[l->tasks.n - 1];
	keep_own(l);
	ac_page_open(&l->p, "div", "head");
	ac_page_elemc(&l->p, "h1", NULL, "Follow-up");
	filter(l);
	ac_page_close(&l->p, "div");
	ac_confirm_count(&l->p);
	one_patient(l);
	for (int g = 0; g < AC_WORK_GROUPS; g++)
		shown += group(l, (enum ac_work_group)g);
	if (shown == 0)
		ac_page_elemc(&l->p, "p", "none", "Nothing is open here.");
	if (more)
		next_page(l, &last);
	ac_page_end(&l->p);
	return AC_OK;
}
