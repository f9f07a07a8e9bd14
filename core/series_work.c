/* series_work.c - earlier sessions in the intake: what of them is recorded, and what a new session does to their tasks. */
#include "core/intake_parts.h"
#include "core/plan_parts.h"
#include "core/series.h"

enum ac_code
ac_draft_prior(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	const struct encounter *e = k->e;
	struct ac_str protocols[AC_PLAN_PROTOCOLS_MAX];
	struct ac_session_rows all;
	enum ac_code rc;

	/* it is the chart, or a person at the panel, that says something new about the course of sessions */
	if (d->cur != NULL && k->job->cause != AC_CAUSE_EVENT && k->job->cause != AC_CAUSE_ANSWER) {
		d->in.prior = d->cur->manifest.prior;
		d->in.nprior = d->cur->manifest.nprior;
		return AC_OK;
	}
	rc = ac_series_sessions(k->w, k->seen->site, e->patient.id, k->seen->id, (struct ac_str){ 0 },
	    ac_series_before(e), &all, reterr);
	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < d->m.nprotocols; i++)
		protocols[i] = d->m.protocols[i].id;
	d->in.nprior = ac_series_prior(&all, protocols, d->m.nprotocols, k->w->arena, &d->in.prior);
	return AC_OK;
}

/* ---- what the sessions before leave open ---- */

struct looked_at {
	const struct ac_protocol *protocol;
	const struct ac_task_def *def;
	const struct ac_zone *zone;
	int64_t anchor; /* of that session */
};

static bool
find_def(const struct ac_plan_input *in, struct ac_str name, struct looked_at *ret)
{
	struct ac_str protocol, id;

	(void)ac_cut(ac_cut(name, '/', &protocol), '/', &id);
	for (size_t i = 0; i < in->nprotocols; i++) {
		const struct ac_protocol *p = in->protocols[i].protocol;
		for (size_t k = 0; ac_streq(p->id, protocol) && k < p->ntasks; k++) {
			if (!ac_streq(p->tasks[k].l.id, id))
				continue;
			*ret = (struct looked_at){ p, &p->tasks[k], in->zone, ret->anchor };
			return true;
		}
	}
	return false;
}

/* In weeks, or after the last day on which the next session may be: it was meant to outlive that session. */
static bool
is_late_check(const struct looked_at *l, const struct ac_task_row *t)
{
	const struct ac_series *s = l->protocol->series;
	int64_t last;

	if (l->def->nat > 0 || s == NULL)
		return true;
	last = ac_plan_at(l->zone, l->anchor,
	    s->interval_max.kind != AC_OFFSET_NONE ? s->interval_max : s->minimum_gap, AC_FOLD_LATER);
	return last == AC_INSTANT_NONE || t->not_before > last;
}

static bool
asks_again(const struct ac_plan *now, const struct looked_at *l)
{
	for (size_t i = 0; i < now->ntasks; i++) {
		const struct ac_task_def *def = now->tasks[i].def;
		if (def != NULL && (ac_str_is_set(l->def->concept) ? ac_streq(def->concept, l->def->concept)
								   : ac_streq(def->l.id, l->def->l.id)))
			return true;
	}
	return false;
}

/* NULL: it stays. */
static const char *
becomes(const struct ac_plan *now, const struct looked_at *l, const struct ac_task_row *t, bool *ret_done)
{
	*ret_done = false;
	switch (l->def->kind) {
	case AC_TASK_BOOKING:
	case AC_TASK_SESSION:
		*ret_done = true;
		return "the next session took place";
	case AC_TASK_EDUCATION:
		return "the next session gives its own";
	case AC_TASK_CHECK_IN:
	case AC_TASK_CALL:
		if (is_late_check(l, t))
			return NULL;
		return asks_again(now, l) ? "carried over to the next session" : "the next session came before it";
	case AC_TASK_VISIT:
		return asks_again(now, l) ? "carried over to the next session" : NULL;
	case AC_TASK_REVIEW:
	case AC_TASK_RECORD:
		break;
	}
	return NULL;
}

static enum ac_code
look_at(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_prior_session *s, struct ac_err *reterr)
{
	struct looked_at l = { .anchor = s->anchor };
	struct ac_task_row *tasks;
	struct ac_record *r;
	bool done;
	size_t n;
	enum ac_code rc = ac_record_load(k->w, s->plan, 0, &r, reterr);

	if (rc != AC_OK || (rc = ac_tasks_of(k->w, s->plan, &tasks, &n, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		const struct ac_task_row *t = &tasks[i];
		if (!ac_task_is_open(t) || t->urgent || t->given || ac_str_starts(t->name, AC_S("aftercare/")) ||
		    !find_def(r->plan->in, t->name, &l))
			continue;
		const char *why = becomes(op->plan, &l, t, &done);
		if (why != NULL)
			AC_PUSH(k->w->arena, &op->closes, ((struct ac_session_close){ .seen = *t, .what = done ? AC_CLOSE_DONE : AC_CLOSE_CANCEL, .outcome = ac_str_c(why) }));
	}
	return AC_OK;
}

/* It was withdrawn before and takes place after all. */
static bool
returns(const struct ac_plan_op *op)
{
	return op->was != NULL && op->has_version &&
	       (ac_streq_c(op->was->full.row.status, "revoked") || ac_streq_c(op->was->full.row.status, "entered-in-error"));
}

enum ac_code
ac_work_series(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_plan_input *in = op->plan->in;
	enum ac_code rc;

	if ((op->was != NULL && !returns(op)) || op->plan->status != AC_PLAN_ACTIVE)
		return AC_OK;
	for (size_t i = 0; i < in->nprior; i++)
		if (in->prior[i].anchor < op->plan->anchor && (rc = look_at(k, op, &in->prior[i], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}

/* ---- a session that did not take place ---- */

static const struct ac_session_row *
session_of(const struct ac_session_rows *all, struct ac_uuid plan)
{
	for (size_t i = 0; i < all->n; i++)
		if (memcmp(&all->v[i].plan, &plan, sizeof(plan)) == 0)
			return &all->v[i];
	return NULL;
}

/* The first later session of the task's protocol: it would have closed the task. NULL: none. */
static const struct ac_session_row *
heir_of(const struct ac_session_rows *all, const struct ac_session_row *s, struct ac_str protocol)
{
	for (size_t i = all->n; i-- > 0;) /* the newest stands first */
		for (size_t k = 0; all->v[i].anchor > s->anchor && k < all->v[i].nprotocols; k++)
			if (ac_streq(all->v[i].protocols[k], protocol))
				return &all->v[i];
	return NULL;
}

static const struct ac_task_row *
as_closed(const struct ac_task_row *v, size_t n, struct ac_str name, int64_t seq)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(v[i].name, name) && v[i].seq == seq)
			return &v[i];
	return NULL; /* somebody did something to it since */
}

static enum ac_code
bring_back(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_session_rows *all, const struct ac_val *col,
    struct ac_err *reterr)
{
	const struct ac_session_row *s, *heir;
	struct ac_task_row *tasks;
	struct ac_str protocol;
	struct ac_uuid plan;
	size_t n;
	enum ac_code rc;

	if (!ac_val_uuid(&col[0], &plan))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "a closed task of no plan");
	if ((s = session_of(all, plan)) == NULL)
		return AC_OK; /* that session is withdrawn too */
	if ((rc = ac_tasks_of(k->w, plan, &tasks, &n, reterr)) != AC_OK)
		return rc;
	const struct ac_task_row *t = as_closed(tasks, n, col[1].s, col[2].i);
	if (t == NULL)
		return AC_OK;
	struct ac_session_close x = { .seen = *t, .what = AC_CLOSE_REOPEN, .status = col[3].s, .outcome = col[4].s, .owner = col[5].s };
	(void)ac_cut(t->name, '/', &protocol);
	if ((heir = heir_of(all, s, protocol)) != NULL) {
		x.what = AC_CLOSE_HAND_ON;
		x.heir = heir->plan;
	}
	AC_PUSH(k->w->arena, &op->closes, x);
	return AC_OK;
}

enum ac_code
ac_work_series_back(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_plan_full *was = &op->was->full;
	struct ac_session_rows all;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(k->w->reader, AC_STMT_SESSION_CLOSED, k->w->arena, &rows, reterr, AC_VINT(was->first_leaf));

	if (rc != AC_OK || rows.n == 0)
		return rc;
	rc = ac_series_sessions(k->w, was->row.site, was->row.patient, was->row.encounter, (struct ac_str){ 0 }, INT64_MAX, &all,
	    reterr);
	for (size_t i = 0; rc == AC_OK && i < rows.n; i++)
		rc = bring_back(k, op, &all, ac_row(&rows, i), reterr);
	return rc;
}

/* ---- written ---- */

static enum ac_code
note(struct ac_commit *c, const struct ac_session_close *x, struct ac_uuid by, int64_t seq, struct ac_err *reterr)
{
	bool closes = x->what != AC_CLOSE_HAND_ON;
	struct ac_str status = closes ? x->seen.status : x->status, outcome = closes ? x->seen.outcome : x->outcome;
	struct ac_str owner = closes ? x->seen.owner : x->owner;

	return ac_store_run(c->store, AC_STMT_SESSION_CLOSE_ADD, NULL, NULL, reterr, AC_VTEXT(x->seen.name), AC_VINT(seq),
	    AC_VTEXT(status), ac_str_is_set(outcome) ? AC_VTEXT(outcome) : AC_VNULL,
	    ac_str_is_set(owner) ? AC_VTEXT(owner) : AC_VNULL, AC_VUUID(&by), AC_VUUID(&x->seen.plan));
}

static enum ac_code
close_task(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, const struct ac_session_close *x,
    struct ac_task_row *t, struct ac_err *reterr)
{
	bool done = x->what == AC_CLOSE_DONE;
	enum ac_code rc;

	t->status = done ? AC_S("completed") : AC_S("cancelled");
	t->outcome = x->outcome;
	t->actor = k->job->who->user;
	t->done_ms = c->now_ms;
	rc = ac_task_commit(c, k->job->who, t, false, done ? AC_TASK_ACT_DONE : AC_TASK_ACT_CANCEL, (struct ac_str){ 0 },
	    x->outcome, reterr);
	return rc == AC_OK ? note(c, x, op->now.row.id, t->seq, reterr) : rc;
}

static enum ac_code
reopen_task(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_session_close *x, struct ac_task_row *t,
    struct ac_err *reterr)
{
	t->status = x->status;
	t->outcome = x->outcome;
	t->owner = x->owner;
	t->actor = (struct ac_str){ 0 };
	t->done_ms = 0;
	return ac_task_commit(c, k->job->who, t, false, AC_TASK_ACT_REOPEN, (struct ac_str){ 0 },
	    AC_S("the session that closed it did not take place"), reterr);
}

/* In the name of whoever brought the session: a later version of the earlier plan does not bring it back. */
enum ac_code
ac_series_put(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;

	for (size_t i = 0; rc == AC_OK && i < op->closes.n; i++) {
		const struct ac_session_close *x = &op->closes.v[i];
		struct ac_task_row t;
		if ((rc = ac_task_get(c, x->seen.plan, x->seen.name, &t, reterr)) != AC_OK)
			return rc;
		if (t.seq != x->seen.seq)
			return ac_fail(reterr, AC_EBUSY, "INTAKE-MOVED", "a task of an earlier session changed meanwhile");
		if (x->what == AC_CLOSE_HAND_ON)
			rc = note(c, x, x->heir, t.seq, reterr);
		else if (x->what == AC_CLOSE_REOPEN)
			rc = reopen_task(c, k, x, &t, reterr);
		else
			rc = close_task(c, k, op, x, &t, reterr);
	}
	return rc;
}
