/*
 * on_call.c - talks with the patient: /aftercare/plans/{id}/call-in, /check-in/{task}, /calls, /calls/{n}.
 *
 * Rules   a page that is only looked at records nothing but the look; the first thing said begins the call. Of a yes and a
 *         no to the same question in one form the yes counts.
 */
#include "base/json.h"
#include "core/visit_items.h"
#include "core/call_hours.h"
#include "plugin/call_page.h"

#define FRONT AC_ROLE_BIT(AC_ROLE_FRONT_DESK)

static const struct ac_task_row *
row_of(const struct ac_record *r, struct ac_str name)
{
	for (size_t i = 0; ac_str_is_set(name) && i < r->ntasks; i++)
		if (ac_streq(r->tasks[i].name, name))
			return &r->tasks[i];
	return NULL;
}

static bool
may_write(const struct ac_call_page *n)
{
	unsigned roles = n->kind == AC_CALL_IN ? AC_ROLES_CARE | FRONT : AC_ROLES_CARE;

	return (AC_ROLE_BIT(n->p.h->who.role) & roles) != 0 &&
	       (n->c == NULL || !ac_str_is_set(ac_call_outcome(n->c)));
}

static enum ac_code
load(struct ac_http *h, struct ac_call_page *n, struct ac_err *reterr)
{
	enum ac_code rc;

	n->z = n->r->plan->in->zone;
	if ((rc = ac_call_about(h->w, n->r, &n->about, reterr)) != AC_OK || (rc = ac_call_gather(n, h, reterr)) != AC_OK)
		return rc;
	ac_call_turn_to(n, 0);
	return AC_OK;
}

static void
head(struct ac_call_page *n)
{
	const struct enc_patient *p = &n->r->encounter->patient;

	ac_page_open(&n->p, "p", "back");
	ac_page_link(&n->p, NULL, ac_plan_home(n->p.a, n->r->row.id), AC_S("Plan"));
	ac_page_close(&n->p, "p");
	ac_page_open(&n->p, "div", "head");
	ac_page_open(&n->p, "h1", NULL);
	ac_xw_textc(&n->p.w, n->kind == AC_CALL_IN      ? "Call from "
			     : n->kind == AC_CALL_VISIT ? "Visit of "
							: "Check-in with ");
	ac_page_elem(&n->p, "bdi", NULL, ac_page_person(&n->p, p->given, p->family));
	ac_page_close(&n->p, "h1");
	if (n->c != NULL) {
		struct ac_str o = ac_call_outcome(n->c);
		ac_page_open(&n->p, "div", "chips");
		if (ac_call_gravest(n) != AC_LEVEL_NONE)
			ac_page_chip(&n->p, ac_call_level_chip(ac_call_gravest(n)), ac_call_level_words(ac_call_gravest(n)));
		ac_page_chip(&n->p, NULL, ac_str_is_set(o) ? ac_call_words(o) : AC_S("not finished"));
		ac_page_close(&n->p, "div");
	}
	ac_page_close(&n->p, "div");
	if (n->checks.n > 1)
		ac_page_elem(&n->p, "p", "sum", ac_strf(n->p.a, "%zu checks in one call", n->checks.n));
	else if (n->row != NULL)
		ac_page_elem(&n->p, "p", "sum", n->row->title);
	else if (n->c != NULL && n->kind == AC_CALL_VISIT)
		ac_page_elem(&n->p, "p", "sum", ac_visit_title(n->c));
}

/* The last that was said of the number is that it is another's: whoever tries again looks for a better one first. */
static void
wrong_number(struct ac_call_page *n)
{
	const struct ac_call *last = NULL;

	for (size_t i = 0; i < n->r->ncalls; i++)
		if (n->r->calls[i].kind == AC_CALL_CHECK_IN && ac_str_is_set(ac_call_outcome(&n->r->calls[i])))
			last = &n->r->calls[i];
	if (last == NULL || !ac_streq_c(ac_call_outcome(last), "wrong-number") || last == n->c)
		return;
	ac_page_elem(&n->p, "p", "notice warn",
	    ac_strf(n->p.a, "Wrong number, said %.*s. Look for another number before you call.",
		AC_FMT(ac_page_moment(&n->p, n->z, ac_call_at_ms(last) / 1000))));
}

/* One attempt was one for each; what counts is the check that was tried most. */
static void
attempts(struct ac_call_page *n)
{
	size_t most = 0;
	int32_t max = 0;

	for (size_t i = 0; i < n->checks.n; i++) {
		const struct ac_call_check *x = &n->checks.v[i];
		size_t tries = x->row == NULL ? 0 : ac_call_attempts(x->r->calls, x->r->ncalls, x->row->name);
		if (tries <= most)
			continue;
		most = tries;
		max = x->t == NULL ? 0 : ac_call_attempts_max(x->t);
	}
	bool unreached = n->c != NULL && ac_call_reached_nobody(ac_call_outcome(n->c));

	if (n->row != NULL && n->row->done_ms != 0)
		ac_page_elemc(&n->p, "p", "notice good",
		    unreached ? "The task of this call is finished since." : "This call was made; the task is finished.");
	else if (most > 0)
		ac_page_elem(&n->p, "p", "notice warn",
		    max > 0
			? ac_strf(n->p.a, "Tried %zu of %d times without reaching anybody.", most, (int)max)
			: ac_strf(n->p.a, "Tried %zu time%s without reaching anybody.", most, most == 1 ? "" : "s"));
}

/* Said, not refused: whoever must call at night has a reason. Of several the hours that all allow. */
static void
calling_hours(struct ac_call_page *n)
{
	struct ac_wall now = ac_wall_at(n->z, ac_page_now(&n->p));
	int16_t from = 0, until = 24 * 60, f, u;
	bool set = false;

	for (size_t i = 0; i < n->checks.n; i++) {
		if (n->checks.v[i].t == NULL || !ac_call_hours(n->checks.v[i].t, &f, &u))
			continue;
		set = true;
		from = f > from ? f : from;
		until = u < until ? u : until;
	}
	if (!n->may_write || !set || (now.hour * 60 + now.min >= from && now.hour * 60 + now.min < until))
		return;
	ac_page_elem(&n->p, "p", "notice warn",
	    ac_strf(n->p.a,
		"It is %02d:%02d. The protocol lets patients be called from %02d:%02d to %02d:%02d.",
		now.hour, now.min, from / 60, from % 60, until / 60, until % 60));
}

/* Each plan that is shown leaves an entry. */
static enum ac_code
log_views(struct ac_http *h, struct ac_call_page *n, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;

	for (size_t i = 0; rc == AC_OK && i < n->checks.n; i++) {
		ac_call_turn_to(n, i);
		if (i == 0 || n->c != NULL || ac_call_is_new_plan(n))
			rc = ac_page_log(h, "view", "call", n->r, n->c == NULL ? 0 : n->c->n, reterr);
	}
	ac_call_turn_to(n, 0);
	return rc;
}

/* What each came to, what was said in each. */
static void
results(struct ac_call_page *n)
{
	for (size_t i = 0; i < n->checks.n; i++) {
		ac_call_turn_to(n, i);
		ac_call_judgement(n);
		ac_call_said_so_far(n);
	}
	for (size_t i = 0; i < n->checks.n; i++) {
		ac_call_turn_to(n, i);
		if (!ac_call_is_new_plan(n))
			continue;
		ac_call_scores(&n->p, n->r);
		ac_call_others(&n->p, n->r, n->c);
	}
	ac_call_turn_to(n, 0);
}

static enum ac_code
show(struct ac_http *h, struct ac_call_page *n, struct ac_err *reterr)
{
	enum ac_code rc;

	if ((rc = load(h, n, reterr)) != AC_OK)
		return rc;
	if ((rc = log_views(h, n, reterr)) != AC_OK)
		return rc;
	ac_page_begin(&n->p, h, AC_PAGE_WHOLE, n->kind == AC_CALL_IN ? "Call" : n->kind == AC_CALL_VISIT ? "Visit" : "Check-in");
	n->may_write = may_write(n) && (n->c != NULL || n->row == NULL || n->row->done_ms == 0);
	ac_page_conflict(&n->p);
	head(n);
	ac_call_urgent(n);
	attempts(n);
	if (n->may_write)
		wrong_number(n);
	calling_hours(n);
	ac_call_who(n);
	ac_call_about_treatments(n);
	if (n->kind == AC_CALL_VISIT && !ac_call_is_check(n->c))
		ac_visit_reply(&n->p, n->r, n->c);
	else
		ac_call_form(n);
	ac_call_later(n);
	results(n);
	ac_page_end(&n->p);
	return AC_OK;
}

enum ac_code
ac_on_call_in(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_call_page n = { .kind = AC_CALL_IN };
	struct ac_record *r;
	enum ac_code rc = ac_page_record(h, 0, &r, reterr);

	if (rc == AC_OK)
		n.r = r;
	return rc != AC_OK ? rc : show(h, &n, reterr);
}

static enum ac_code
check_in(struct ac_http *h, struct ac_str task, struct ac_err *reterr)
{
	struct ac_call_page n = { .kind = AC_CALL_CHECK_IN, .task = task };
	struct ac_record *r;
	enum ac_code rc = ac_page_record(h, 0, &r, reterr);

	if (rc != AC_OK)
		return rc;
	n.r = r;
	if (row_of(n.r, n.task) == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	return show(h, &n, reterr);
}

enum ac_code
ac_on_check_in(struct ac_http *h, struct ac_err *reterr)
{
	return check_in(h, h->capture[1], reterr);
}

enum ac_code
ac_on_call(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_call_page n = { 0 };
	struct ac_record *r;
	int64_t number;
	enum ac_code rc = ac_page_record(h, 0, &r, reterr);

	if (rc != AC_OK)
		return rc;
	n.r = r;
	if (!ac_str_int(h->capture[1], 1, (int64_t)n.r->ncalls, &number))
		return ac_fail(reterr, AC_ENOTFOUND, "CALL-UNKNOWN", "the plan has no such call");
	n.c = &n.r->calls[number - 1];
	if (n.c->kind != AC_CALL_IN && h->who.role == AC_ROLE_FRONT_DESK)
		return ac_fail(reterr, AC_EDENIED, "CALL-ROLE", "what was asked in a check-in is for nurse and clinician");
	n.kind = n.c->kind;
	n.task = n.c->task;
	return show(h, &n, reterr);
}

/* "flag.mesotherapy/fever", "answer.mesotherapy/early-reaction/pain": of a yes and a no the yes counts. */
size_t
ac_call_read_answers(const struct ac_http *h, struct ac_str prefix, struct ac_call_answer *v)
{
	static const struct ac_str flag = { "flag.", 5 }, answer = { "answer.", 7 };
	size_t n = 0;

	for (size_t i = 0; i < h->nform; i++) {
		struct ac_str name = h->form[i].name, value = h->form[i].value;

		if (!ac_str_starts(name, prefix))
			continue;
		name = (struct ac_str){ name.p + prefix.n, name.n - prefix.n };
		bool is_flag = ac_str_starts(name, flag);
		size_t skip = is_flag ? flag.n : answer.n, at = 0;

		if (!is_flag && !ac_str_starts(name, answer))
			continue;
		struct ac_call_answer x = { is_flag, { name.p + skip, name.n - skip }, value };
		while (at < n && (v[at].is_flag != is_flag || !ac_streq(v[at].key, x.key)))
			at++;
		if (at < n && ac_streq_c(v[at].value, "yes"))
			continue;
		v[at] = x;
		n += at == n;
	}
	return n;
}

static enum ac_code
read_act(struct ac_http *h, struct ac_call_act *act, struct ac_err *reterr)
{
	struct ac_str level = ac_http_form(h, "level");
	struct ac_call_answer *v = ac_new(h->w->arena, struct ac_call_answer, h->nform + 1);

	if (!ac_str_int(ac_http_form(h, "seen"), 0, INT64_MAX, &act->seen))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	if (ac_str_is_set(level) && !ac_level_parse(level, &act->level))
		return ac_fail(reterr, AC_EINPUT, "CALL-LEVEL", "a call is not judged so");
	act->nanswers = ac_call_read_answers(h, (struct ac_str){ "", 0 }, v);
	act->answers = v;
	act->note = ac_http_form(h, "note");
	act->outcome = ac_http_form(h, "outcome");
	act->reason = ac_http_form(h, "reason");
	return AC_OK;
}

/* The call that was begun, or the page from which it was to be begun, as it is now. */
static enum ac_code
again(struct ac_http *h, const struct ac_call_act *act, struct ac_err *reterr)
{
	ac_page_set_conflict(h, reterr);
	if (act->call != 0)
		return ac_on_call(h, reterr);
	return act->kind != AC_CALL_IN ? check_in(h, act->task, reterr) : ac_on_call_in(h, reterr);
}

static enum ac_code
commit(struct ac_http *h, const struct ac_call_act *act, struct ac_err *reterr)
{
	struct ac_call_act acts[AC_CALL_TOGETHER_MAX] = { *act };
	int64_t number;
	size_t n;
	enum ac_code rc = ac_call_read_with(h, acts, &n, reterr);

	if (rc == AC_OK)
		rc = ac_intake_calls(h->w, &h->who, acts, n, &number, reterr);
	if (rc == AC_ECONFLICT)
		return again(h, act, reterr);
	if (rc == AC_OK)
		ac_http_see_other(h, ac_plan_path(h->w->arena, acts[0].plan, "/calls/%lld", (long long)number));
	return rc;
}

enum ac_code
ac_on_call_begin(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_call_act act = { .task = ac_http_form(h, "task") };
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_form_check(h, ac_uuid_str(h->w->arena, r->row.id), reterr)) != AC_OK ||
	    (rc = read_act(h, &act, reterr)) != AC_OK)
		return rc;
	if (!ac_call_kind_parse(ac_http_form(h, "kind"), &act.kind))
		return ac_fail(reterr, AC_EINPUT, "CALL-KIND", "the form does not say who called");
	if (act.kind == AC_CALL_CHECK_IN &&
	    !ac_str_int(ac_http_form(h, "task_seq"), 0, INT64_MAX, &act.task_seq))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	if (act.kind == AC_CALL_CHECK_IN && ac_str_is_set(ac_http_form(h, "here")))
		act.kind = AC_CALL_VISIT; /* the same questions, asked face to face */
	act.plan = r->row.id;
	return commit(h, &act, reterr);
}

enum ac_code
ac_on_call_act(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_call_act act = { 0 };
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(h->capture[1], 1, (int64_t)r->ncalls, &act.call))
		return ac_fail(reterr, AC_ENOTFOUND, "CALL-UNKNOWN", "the plan has no such call");
	rc = ac_form_check(h,
	    ac_strf(
		h->w->arena, "%.*s/%lld", AC_FMT(ac_uuid_str(h->w->arena, r->row.id)), (long long)act.call),
	    reterr);
	if (rc != AC_OK || (rc = read_act(h, &act, reterr)) != AC_OK)
		return rc;
	act.plan = r->row.id;
	return commit(h, &act, reterr);
}

enum ac_code
ac_on_calls_json(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_record *r;
	struct ac_jw w;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_page_log(h, "read", "call", r, 0, reterr)) != AC_OK)
		return rc;
	ac_jw_init(&w, &h->out);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(h->w->arena, r->row.id));
	ac_jw_key(&w, "calls");
	ac_calls_write(&w, r->calls, r->ncalls);
	ac_jw_end_obj(&w);
	return AC_OK;
}
