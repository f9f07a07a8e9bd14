/*
 * call_together.c - one call for everything that is due: the patient's checks, of earlier and later sessions, each under its treatment
 * and lots, in one form.
 *
 * Rules   what belongs together is core's (core/call_about.h). The fields of the first check have plain names, those of the others
 *         begin with "with|PLAN|TASK|": a page that comes again after a conflict finds them, whichever checks stand in it then.
 *         What ends the call ends it for each, unless it is left for another time.
 */
#include "plugin/call_page.h"

#include "core/bodymap.h"
#include "core/series.h"
#include "core/visit_items.h"

enum ac_code
ac_call_gather(struct ac_call_page *n, struct ac_http *h, struct ac_err *reterr)
{
	enum ac_code rc;
	size_t kept = 1;

	if (n->kind == AC_CALL_IN || (n->c != NULL && !ac_call_is_check(n->c))) {
		n->checks.v = ac_new(h->w->arena, struct ac_call_check, 1);
		n->checks.v[0] = (struct ac_call_check){ .r = n->r, .c = n->c };
		n->checks.n = 1;
		return AC_OK;
	}
	if ((rc = ac_call_checks(h->w, n->r, n->task, n->c, &n->checks, reterr)) != AC_OK)
		return rc;
	for (size_t i = 1; i < n->checks.n; i++)
		if (ac_page_may_see(h, n->checks.v[i].r, NULL) == AC_OK)
			n->checks.v[kept++] = n->checks.v[i];
	n->checks.n = kept;
	return AC_OK;
}

void
ac_call_turn_to(struct ac_call_page *n, size_t i)
{
	const struct ac_call_check *x = &n->checks.v[i];

	n->at = i;
	n->r = x->r;
	n->z = x->r->plan->in->zone;
	n->c = x->c;
	if (i == 0 && x->c != NULL)
		n->kind = x->c->kind;
	n->row = x->row;
	n->task = x->row != NULL ? x->row->name : (struct ac_str){ 0 };
	n->t = x->t;
	n->q = x->q;
	n->nq = x->nq;
}

bool
ac_call_is_asked(const struct ac_call_page *n)
{
	return n->c != NULL ? !ac_str_is_set(ac_call_outcome(n->c)) : n->row == NULL || n->row->done_ms == 0;
}

bool
ac_call_is_new_plan(const struct ac_call_page *n)
{
	for (size_t i = 0; i < n->at; i++)
		if (memcmp(&n->checks.v[i].r->row.id, &n->r->row.id, sizeof(n->r->row.id)) == 0)
			return false;
	return true;
}

enum ac_triage_level
ac_call_gravest(const struct ac_call_page *n)
{
	enum ac_triage_level max = AC_LEVEL_NONE;

	for (size_t i = 0; i < n->checks.n; i++)
		if (n->checks.v[i].c != NULL && ac_call_level(n->checks.v[i].c) > max)
			max = ac_call_level(n->checks.v[i].c);
	return max;
}

struct ac_str
ac_call_field(const struct ac_call_page *n, struct ac_str name)
{
	if (n->at == 0)
		return name;
	return ac_strf(n->p.a, "with|%.*s|%.*s|%.*s", AC_FMT(ac_uuid_str(n->p.a, n->r->row.id)), AC_FMT(n->task), AC_FMT(name));
}

/* "Mesotherapy, face · 28 March · lot L-2231" */
static struct ac_str
of_treatment(struct ac_call_page *n)
{
	const struct ac_plan *p = n->r->plan;
	struct ac_str s = ac_plan_area_words(p, AC_S("en"), n->p.a);

	s = ac_strf(n->p.a, "%.*s%s%.*s", AC_FMT(s), s.n > 0 ? " · " : "",
	    AC_FMT(ac_time_words(n->p.a, n->z, p->anchor, AC_TIME_DATE, AC_S("en"))));
	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct enc_procedure *pr = p->treatments[i].procedure;
		for (size_t k = 0; pr != NULL && k < pr->nproducts; k++)
			if (pr->products[k].lot.n > 0)
				s = ac_strf(n->p.a, "%.*s · lot %.*s", AC_FMT(s), AC_FMT(pr->products[k].lot));
	}
	return s;
}

void
ac_call_check_head(struct ac_call_page *n, const char *element)
{
	if (n->checks.n < 2)
		return;
	ac_page_open(&n->p, element, "check-head");
	ac_page_elem(&n->p, "bdi", NULL, n->row != NULL ? n->row->title : AC_S("Check-in"));
	ac_page_open(&n->p, "small", NULL);
	ac_page_elem(&n->p, "bdi", NULL, of_treatment(n));
	ac_page_close(&n->p, "small");
	ac_page_close(&n->p, element);
}

void
ac_call_later(struct ac_call_page *n)
{
	size_t shown = 0;

	for (size_t i = 0; i < n->checks.nleft; i++) {
		const struct ac_task_row *t = &n->checks.left[i];
		if (ac_authorize_task(n->p.h, t, NULL) != AC_OK)
			continue;
		if (shown++ == 0) {
			ac_page_open(&n->p, "section", "together");
			ac_page_elemc(&n->p, "h2", NULL, "Due too, after these");
			ac_page_open(&n->p, "ul", "work");
		}
		ac_page_open(&n->p, "li", NULL);
		ac_page_elem(&n->p, "strong", NULL, t->title);
		ac_page_link(&n->p, "button",
		    ac_plan_path(n->p.a, t->plan, "/check-in/%.*s", AC_FMT(ac_percent_encode(t->name, n->p.a))),
		    AC_S("Its questions"));
		ac_page_close(&n->p, "li");
	}
	if (shown == 0)
		return;
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
}

static bool
is_shown(const struct ac_call_page *n, struct ac_uuid plan)
{
	for (size_t i = 0; i < n->about.nplans; i++)
		if (memcmp(&n->about.plans[i]->row.id, &plan, sizeof(plan)) == 0)
			return true;
	return false;
}

void
ac_call_earlier_lots(struct ac_call_page *n)
{
	const struct ac_plan_row *row = &n->r->row;
	struct ac_session_rows all = { 0 };
	struct ac_err err = { 0 };

	if (ac_series_sessions(n->p.h->w, row->site, row->patient, (struct ac_str){ 0 }, (struct ac_str){ 0 }, INT64_MAX, &all,
		&err) != AC_OK)
		return;
	for (size_t i = 0; i < all.n; i++) {
		const struct ac_session_row *s = &all.v[i];
		if (is_shown(n, s->plan) ||
		    ac_authorize_visit(n->p.h, &(struct ac_visit_key){ row->site, s->encounter, row->patient, s->plan }, NULL) != AC_OK)
			continue;
		ac_page_open(&n->p, "tr", NULL);
		ac_page_open(&n->p, "th", NULL);
		ac_xw_attrc(&n->p.w, "scope", "row");
		ac_xw_textc(&n->p.w, "Earlier session");
		ac_page_close(&n->p, "th");
		ac_page_open(&n->p, "td", "since");
		ac_page_elem(&n->p, "strong", NULL, ac_time_words(n->p.a, n->z, s->anchor, AC_TIME_DATE, AC_S("en")));
		ac_page_close(&n->p, "td");
		ac_page_open(&n->p, "td", NULL);
		for (size_t k = 0; k < s->nlots; k++)
			ac_page_elem(&n->p, "small", NULL,
			    ac_strf(n->p.a, "%.*s%s%.*s", AC_FMT(s->lots[k].name),
				s->lots[k].lot.n > 0 ? ", lot " : ", lot not recorded", AC_FMT(s->lots[k].lot)));
		if (s->nlots == 0)
			ac_page_elemc(&n->p, "small", NULL, "no product recorded");
		ac_page_close(&n->p, "td");
		ac_page_close(&n->p, "tr");
	}
}

/* ---- the form, read ---- */
static struct ac_str
field(struct ac_http *h, struct ac_str prefix, const char *name)
{
	return ac_http_form(h, ac_cstr(h->w->arena, ac_strf(h->w->arena, "%.*s%s", AC_FMT(prefix), name)));
}

/* "with|PLAN|TASK|": which check a field is of. */
static bool
prefix_of(struct ac_str name, struct ac_str *ret, struct ac_uuid *ret_plan, struct ac_str *ret_task)
{
	struct ac_str head, plan, rest = name;

	rest = ac_cut(rest, '|', &head);
	if (!ac_streq_c(head, "with"))
		return false;
	rest = ac_cut(rest, '|', &plan);
	rest = ac_cut(rest, '|', ret_task);
	*ret = (struct ac_str){ name.p, name.n - rest.n };
	return ac_uuid_parse(plan, ret_plan) && ret_task->n > 0 && rest.n > 0;
}

static enum ac_code
read_one(struct ac_http *h, struct ac_str prefix, struct ac_call_act *act, struct ac_err *reterr)
{
	struct ac_call_answer *v = ac_new(h->w->arena, struct ac_call_answer, h->nform + 1);
	struct ac_str call = field(h, prefix, "call");
	struct ac_record *r;
	enum ac_code rc;

	if (!ac_str_int(field(h, prefix, "seen"), 0, INT64_MAX, &act->seen) ||
	    (ac_str_is_set(call) ? !ac_str_int(call, 1, INT64_MAX, &act->call)
				 : !ac_str_int(field(h, prefix, "task_seq"), 0, INT64_MAX, &act->task_seq)))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	if ((rc = ac_record_load(h->w, act->plan, 0, &r, reterr)) != AC_OK || (rc = ac_page_may_see(h, r, reterr)) != AC_OK)
		return rc;
	act->nanswers = ac_call_read_answers(h, prefix, v);
	act->answers = v;
	return AC_OK;
}

static bool
says_something(const struct ac_call_act *act)
{
	bool said = ac_str_is_set(act->outcome) || ac_str_trim(act->note).n > 0 || act->level != AC_LEVEL_NONE;

	for (size_t i = 0; i < act->nanswers && !said; i++)
		said = ac_str_trim(act->answers[i].value).n > 0;
	return said;
}

/* In which nothing is said goes; where nothing is said at all the first stays, and is refused for that. */
static void
drop_silent(struct ac_call_act *acts, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (says_something(&acts[i]))
			acts[kept++] = acts[i];
	*n = kept > 0 ? kept : 1;
}

enum ac_code
ac_call_read_with(struct ac_http *h, struct ac_call_act *acts, size_t *n, struct ac_err *reterr)
{
	enum ac_code rc;

	*n = 1;
	for (size_t i = 0; i < h->nform; i++) {
		struct ac_call_act act = { 0 };
		struct ac_str prefix;
		bool known = false;

		if (!prefix_of(h->form[i].name, &prefix, &act.plan, &act.task))
			continue;
		for (size_t k = 1; k < *n; k++)
			known |= memcmp(&acts[k].plan, &act.plan, sizeof(act.plan)) == 0 && ac_streq(acts[k].task, act.task);
		if (known || ac_str_is_set(field(h, prefix, "later")))
			continue;
		if (*n == AC_CALL_TOGETHER_MAX)
			return ac_fail(reterr, AC_ELIMIT, "CALL-LIMIT", "more than %d checks in one form", AC_CALL_TOGETHER_MAX);
		if ((rc = read_one(h, prefix, &act, reterr)) != AC_OK)
			return rc;
		act.outcome = acts[0].outcome;
		act.kind = ac_str_is_set(ac_http_form(h, "here")) ? AC_CALL_VISIT : AC_CALL_CHECK_IN;
		acts[(*n)++] = act;
	}
	drop_silent(acts, n);
	return AC_OK;
}
