/*
 * on_worklist.c - GET /aftercare/worklist: follow-up by when it is due, for one role or for all.
 *
 * Rules   "today" is the day of the visit's own zone. Who may not finish a task sees it without its form.
 */
#include "plugin/call_page.h"
#include "plugin/panel.h"

#include <string.h>

#define EN AC_S("en")
#define ZONES_MAX 64
#define DAY_S 86400

enum group { OVERDUE, TODAY, WEEK, LATER, GROUP__COUNT };
static const char *const group_words[GROUP__COUNT] = { "Overdue", "Today", "Next 7 days", "Later" };

struct worklist {
	struct ac_page p;
	struct ac_str role; /* "all", or a role's word */
	struct ac_task_rows tasks;
	int64_t now;
	struct {
		struct ac_str name;
		const struct ac_zone *z;
	} zones[ZONES_MAX];
	size_t nzones;
};

/* NULL is UTC, for a zone that this machine does not know. */
static const struct ac_zone *
zone_named(struct worklist *l, struct ac_str name)
{
	const struct ac_zone *z = NULL;
	struct ac_str bytes;

	for (size_t i = 0; i < l->nzones; i++)
		if (ac_streq(l->zones[i].name, name))
			return l->zones[i].z;
	if (ac_zone_read(name, NULL, l->p.a, &bytes, NULL) != AC_OK ||
	    ac_zone_open(name, bytes, l->p.a, &z, NULL) != AC_OK)
		z = NULL;
	if (l->nzones < ZONES_MAX) {
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

static enum group
group_of(struct worklist *l, const struct ac_task_row *t)
{
	const struct ac_zone *z = zone_named(l, t->zone);

	if (t->due < l->now)
		return OVERDUE;
	int64_t days = day_of(z, t->due) - day_of(z, l->now);
	return days <= 0 ? TODAY : days <= 7 ? WEEK : LATER;
}

static bool
may_finish(const struct worklist *l, const struct ac_task_row *t)
{
	return ac_page_is_role(&l->p, AC_ROLES_CARE) || ac_streq_c(t->role, ac_role_word(l->p.h->who.role));
}

/* The form that was refused was this task's. */
static bool
was_refused(const struct worklist *l, const struct ac_task_row *t)
{
	struct ac_uuid plan;

	return l->p.h->status == 409 && ac_uuid_parse(l->p.h->capture[0], &plan) &&
	       memcmp(&plan, &t->plan, sizeof(plan)) == 0 && ac_streq(l->p.h->capture[1], t->name);
}

static void
finish_form(struct worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	struct ac_str id = ac_uuid_str(p->a, t->plan);
	struct ac_str path = ac_strf(
	    p->a, "/aftercare/plans/%.*s/tasks/%.*s", AC_FMT(id), AC_FMT(ac_percent_encode(t->name, p->a)));

	struct ac_str typed = (struct ac_str){ 0 };
	if (was_refused(l, t))
		typed = ac_page_typed(p, "outcome");
	ac_page_open(p, "details", "finish");
	if (typed.n > 0)
		ac_xw_attrc(&p->w, "open", "open");
	ac_page_elemc(p, "summary", "button", "Finish");
	ac_page_form(p, "finish", "task-done", path, ac_strf(p->a, "%.*s/%.*s", AC_FMT(id), AC_FMT(t->name)));
	ac_page_hidden_int(p, "seq", t->seq);
	ac_page_hidden(p, "role", l->role);
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, "What came of it, or why it is cancelled");
	ac_page_open(p, "input", NULL);
	ac_xw_attrc(&p->w, "type", "text");
	ac_xw_attrc(&p->w, "name", "outcome");
	ac_xw_attrc(&p->w, "maxlength", "200");
	ac_xw_attrc(&p->w, "required", "required");
	ac_xw_attrc(&p->w, "autocomplete", "off");
	if (typed.n > 0)
		ac_xw_attr(&p->w, "value", typed);
	ac_page_close(p, "input");
	ac_page_close(p, "label");
	ac_page_open(p, "div", "controls");
	ac_page_button(p, "button primary", "status", "completed", "Done");
	ac_page_button(p, "button", "status", "cancelled", "Cancel it");
	ac_page_close(p, "div");
	ac_page_close(p, "form");
	ac_page_close(p, "details");
}

static void
task(struct worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	const struct ac_zone *z = zone_named(l, t->zone);

	ac_page_open(p, "li", t->urgent ? "urgent" : NULL);
	ac_page_open(p, "div", "due");
	ac_page_elem(p, "strong", NULL, ac_time_words(p->a, z, t->due, AC_TIME_SHORT, EN));
	if (t->not_before > l->now)
		ac_page_elem(p, "small", NULL,
		    ac_strf(p->a, "not before %.*s",
			AC_FMT(ac_time_words(p->a, z, t->not_before, AC_TIME_SHORT, EN))));
	ac_page_close(p, "div");
	ac_page_open(p, "div", "what");
	ac_page_link(p, NULL, ac_plan_home(p->a, t->plan), t->title);
	ac_page_open(p, "small", NULL);
	ac_xw_textf(&p->w, "%.*s%s", AC_FMT(ac_page_role(t->role)), t->urgent ? " · urgent" : "");
	ac_page_close(p, "small");
	ac_page_close(p, "div");
	ac_page_open(p, "div", "who");
	ac_page_elem(p, "bdi", NULL, t->patient_name);
	if (t->phone.n > 0) {
		ac_page_open(p, "small", NULL);
		ac_page_elem(p, "bdi", NULL, t->phone);
		ac_page_close(p, "small");
	}
	ac_page_open(p, "span", "calls");
	ac_call_task_link(p, t, NULL);
	ac_call_link(p, t->plan, NULL);
	ac_page_close(p, "span");
	ac_page_close(p, "div");
	if (may_finish(l, t))
		finish_form(l, t);
	ac_page_close(p, "li");
}

static void
group(struct worklist *l, enum group g)
{
	size_t n = 0;

	for (size_t i = 0; i < l->tasks.n; i++)
		n += group_of(l, &l->tasks.v[i]) == g;
	if (n == 0)
		return;
	ac_page_open(&l->p, "section", g == OVERDUE ? "group overdue" : "group");
	ac_page_open(&l->p, "h2", NULL);
	ac_xw_textc(&l->p.w, group_words[g]);
	ac_page_elem(&l->p, "span", "n", ac_strf(l->p.a, " %zu", n));
	ac_page_close(&l->p, "h2");
	ac_page_open(&l->p, "ul", "work");
	for (size_t i = 0; i < l->tasks.n; i++)
		if (group_of(l, &l->tasks.v[i]) == g)
			task(l, &l->tasks.v[i]);
	ac_page_close(&l->p, "ul");
	ac_page_close(&l->p, "section");
}

static void
filter(struct worklist *l)
{
	static const char *const roles[][2] = { { "all", "Everybody" }, { "front-desk", "Front desk" },
		{ "nurse", "Nurse" }, { "clinician", "Clinician" } };

	ac_page_open(&l->p, "nav", "filter");
	ac_xw_attrc(&l->p.w, "aria-label", "Whose tasks");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		bool here = ac_streq_c(l->role, roles[i][0]);

		ac_page_open(&l->p, "a", here ? "here" : NULL);
		ac_xw_attrf(&l->p.w, "href", "/aftercare/worklist?role=%s", roles[i][0]);
		if (here)
			ac_xw_attrc(&l->p.w, "aria-current", "page");
		ac_xw_textc(&l->p.w, roles[i][1]);
		ac_page_close(&l->p, "a");
	}
	ac_page_close(&l->p, "nav");
}

/* A caller bound to one patient or visit sees no other's tasks: asked for so, and looked at once more. */
static void
keep_own(struct worklist *l)
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
read_role(struct ac_http *h, struct worklist *l, struct ac_str *ret_filter, struct ac_err *reterr)
{
	enum ac_role role;

	l->role = h->status == 409 ? ac_http_form(h, "role") : ac_http_query(h, "role");
	if (l->role.n == 0)
		l->role = ac_str_c(ac_role_word(h->who.role));
	*ret_filter = (struct ac_str){ 0 };
	if (ac_streq_c(l->role, "all"))
		return AC_OK;
	if (!ac_role_parse(l->role, &role))
		return ac_fail(reterr, AC_EINPUT, "WORKLIST-ROLE", "there is no such role");
	*ret_filter = l->role;
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
next_page(struct worklist *l, const struct ac_task_row *last)
{
	struct ac_str id = ac_uuid_str(l->p.a, last->plan);

	ac_page_open(&l->p, "p", "none");
	ac_page_link(&l->p, "button",
	    ac_strf(l->p.a, "/aftercare/worklist?role=%.*s&after=%.*s/%.*s", AC_FMT(l->role), AC_FMT(id),
		AC_FMT(ac_percent_encode(last->name, l->p.a))),
	    AC_S("Show the next"));
	ac_page_close(&l->p, "p");
}

enum ac_code
ac_on_worklist(struct ac_http *h, struct ac_err *reterr)
{
	struct worklist *l = ac_new(h->w->arena, struct worklist, 1);
	struct ac_task_query q = {
		.site = h->who.site, .patient = h->who.patient, .encounter = h->who.encounter, .only_open = true
	};
	struct ac_task_row last;
	enum ac_code rc;

	l->now = ac_service_now_ms(h->w->service) / 1000;
	if ((rc = read_role(h, l, &q.role, reterr)) != AC_OK || (rc = read_after(h, &q, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_task_list(h->w, &q, &l->tasks, reterr)) != AC_OK)
		return rc;
	rc = ac_service_log(h->w, &h->who, "list", "task", (struct ac_str){ 0 }, 0, h->who.patient,
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
	for (int g = 0; g < GROUP__COUNT; g++)
		group(l, (enum group)g);
	if (l->tasks.n == 0)
		ac_page_elemc(&l->p, "p", "none", "Nothing is open here.");
	if (more)
		next_page(l, &last);
	ac_page_end(&l->p);
	return AC_OK;
}
