/* plan_state.c - the states of a plan, and the acts that lead from one to another. */
#include "core/intake_parts.h"
#include "core/plan_state.h"

#define CARE (AC_ROLE_BIT(AC_ROLE_NURSE) | AC_ROLE_BIT(AC_ROLE_CLINICIAN) | AC_ROLE_BIT(AC_ROLE_ADMIN))
#define DECIDES (AC_ROLE_BIT(AC_ROLE_CLINICIAN) | AC_ROLE_BIT(AC_ROLE_ADMIN))

const struct ac_plan_transition ac_plan_transitions[] = {
	{ AC_PLAN_ACT_HOLD, AC_PLAN_ACTIVE, AC_PLAN_ON_HOLD, AC_BY_PERSON, CARE },
	{ AC_PLAN_ACT_RESUME, AC_PLAN_ON_HOLD, AC_PLAN_ACTIVE, AC_BY_PERSON, CARE },
	{ AC_PLAN_ACT_SKIP, AC_PLAN_DRAFT, AC_PLAN_REVOKED, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_SKIP, AC_PLAN_ACTIVE, AC_PLAN_REVOKED, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_SKIP, AC_PLAN_ON_HOLD, AC_PLAN_REVOKED, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_REVOKE, AC_PLAN_DRAFT, AC_PLAN_REVOKED, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_REVOKE, AC_PLAN_ACTIVE, AC_PLAN_REVOKED, AC_BY_PERSON | AC_BY_CHART, DECIDES },
	{ AC_PLAN_ACT_REVOKE, AC_PLAN_ON_HOLD, AC_PLAN_REVOKED, AC_BY_PERSON | AC_BY_CHART, DECIDES },
	{ AC_PLAN_ACT_COMPLETE, AC_PLAN_ACTIVE, AC_PLAN_COMPLETED, AC_BY_PERSON | AC_BY_TIMER, DECIDES },
	{ AC_PLAN_ACT_ERROR, AC_PLAN_DRAFT, AC_PLAN_ENTERED_IN_ERROR, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_ERROR, AC_PLAN_ACTIVE, AC_PLAN_ENTERED_IN_ERROR, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_ERROR, AC_PLAN_ON_HOLD, AC_PLAN_ENTERED_IN_ERROR, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_ERROR, AC_PLAN_REVOKED, AC_PLAN_ENTERED_IN_ERROR, AC_BY_PERSON, DECIDES },
	{ AC_PLAN_ACT_ERROR, AC_PLAN_COMPLETED, AC_PLAN_ENTERED_IN_ERROR, AC_BY_PERSON | AC_BY_CHART, DECIDES },
	/* not in FHIR's diagram (plan_state.h says why): a chart that says again what it took away, or more than was over */
	{ AC_PLAN_ACT_RETURN, AC_PLAN_REVOKED, AC_PLAN_ACTIVE, AC_BY_CHART, 0 },
	{ AC_PLAN_ACT_RETURN, AC_PLAN_COMPLETED, AC_PLAN_ACTIVE, AC_BY_CHART, 0 },
};
const size_t ac_nplan_transitions = sizeof(ac_plan_transitions) / sizeof(ac_plan_transitions[0]);

static const char *const words[] = { "hold", "resume", "skip", "revoke", "complete", "error", "return" };

const struct ac_plan_transition *
ac_plan_transition(enum ac_plan_act act, enum ac_plan_status from, unsigned by)
{
	for (size_t i = 0; i < ac_nplan_transitions; i++) {
		const struct ac_plan_transition *t = &ac_plan_transitions[i];
		if (t->act == act && t->from == from && (t->by & by) != 0)
			return t;
	}
	return NULL;
}

const char *
ac_plan_act_word(enum ac_plan_act a)
{
	return words[a];
}

bool
ac_plan_act_parse(struct ac_str s, enum ac_plan_act *ret)
{
	for (size_t i = 0; i < AC_PLAN_ACT_RETURN; i++) {
		if (ac_streq_c(s, words[i])) {
			*ret = (enum ac_plan_act)i;
			return true;
		}
	}
	return false;
}

bool
ac_plan_status_parse(struct ac_str s, enum ac_plan_status *ret)
{
	for (int i = AC_PLAN_DRAFT; i <= AC_PLAN_ENTERED_IN_ERROR; i++) {
		if (ac_streq_c(s, ac_plan_status_word((enum ac_plan_status)i))) {
			*ret = (enum ac_plan_status)i;
			return true;
		}
	}
	return false;
}

bool
ac_plan_runs(struct ac_str status)
{
	return ac_streq_c(status, "active") || ac_streq_c(status, "on-hold");
}

bool
ac_plan_state_is_final_word(const struct ac_manifest *m)
{
	return m->state.is_set && ac_str_is_set(m->state.by) &&
	       (m->state.status == AC_PLAN_REVOKED || m->state.status == AC_PLAN_ENTERED_IN_ERROR);
}

static size_t
open_tasks(const struct ac_task_row *v, size_t n)
{
	size_t open = 0;

	for (size_t i = 0; i < n; i++)
		open += ac_task_is_open(&v[i]);
	return open;
}

static enum ac_code
check(const struct ac_actor *who, const struct ac_plan_row *row, size_t open, enum ac_plan_act act, unsigned by,
    const struct ac_plan_transition **ret, struct ac_err *reterr)
{
	enum ac_plan_status from = AC_PLAN_DRAFT;

	if (!ac_plan_status_parse(row->status, &from))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.status is no state");
	*ret = ac_plan_transition(act, from, by);
	if (*ret == NULL)
		return ac_fail(reterr, AC_ECONFLICT, "PLAN-STATE", "%s does not lead from %s", words[act],
		    ac_plan_status_word(from));
	if (by == AC_BY_PERSON && ((*ret)->roles & AC_ROLE_BIT(who->role)) == 0)
		return ac_fail(reterr, AC_EDENIED, "PLAN-ROLE", "%s is not for this role", words[act]);
	if (act == AC_PLAN_ACT_SKIP && row->issued_ms != 0)
		return ac_fail(reterr, AC_ECONFLICT, "PLAN-GIVEN",
		    "a sheet was given out: the plan is revoked, not skipped, and the patient is told");
	if (act == AC_PLAN_ACT_COMPLETE && open > 0)
		return ac_fail(reterr, AC_ECONFLICT, "PLAN-OPEN",
		    "%zu tasks are open: finish or cancel them first", open);
	return AC_OK;
}

bool
ac_plan_state_may(const struct ac_actor *who, const struct ac_record *r, enum ac_plan_act act)
{
	const struct ac_plan_transition *t = NULL;

	return check(who, &r->row, open_tasks(r->tasks, r->ntasks), act, AC_BY_PERSON, &t, NULL) == AC_OK;
}

/* The version that follows keeps the inputs of the one before, and says what became of the plan. */
static enum ac_code
restate(struct ac_intake_work *k, const struct ac_seen_plan *p, const struct ac_plan_transition *t, struct ac_str reason,
    struct ac_err *reterr)
{
	struct ac_manifest m = p->manifest;
	struct ac_plan_op *op = &k->plans[k->nplans++];
	const struct ac_plan_row *row = &p->full.row;
	struct ac_plan_input *in;
	bool final = ac_streq_c(row->stage, "final");
	enum ac_code rc;

	m.version = (uint32_t)row->version + 1;
	m.made_at = k->job->now_ms / 1000;
	m.stage = final ? AC_STAGE_FINAL : AC_STAGE_PRELIMINARY;
	m.document_version = final ? (uint32_t)row->document_version + 1 : 0;
	m.former_document_version = final ? (uint32_t)row->document_version : 0;
	if (row->issued_ms != 0)
		m.issued_at = row->issued_ms / 1000;
	m.state = (struct ac_plan_state){ .is_set = t->to != AC_PLAN_ACTIVE,
		.status = t->to,
		.reason = reason,
		.by = k->job->who->user,
		.by_role = ac_str_c(ac_role_word(k->job->who->role)),
		.at = m.made_at };
	m.revoked = t->to == AC_PLAN_REVOKED || t->to == AC_PLAN_ENTERED_IN_ERROR;
	m.revoke_reason = m.revoked ? reason : (struct ac_str){ 0 };
	if ((rc = ac_manifest_input(k->w, &m, &in, reterr)) != AC_OK)
		return rc;
	k->current = op;
	op->was = p;
	op->now = p->full;
	if ((rc = ac_plan_make(in, k->w->arena, &op->plan, reterr)) != AC_OK)
		return rc;
	ac_plan_content_hash(op->plan, k->w->arena, &op->content);
	op->changed = AC_CHANGED_CLINICAL;
	k->changed |= AC_CHANGED_CLINICAL;
	op->now.row.status = ac_str_c(ac_plan_status_word(t->to));
	op->act = t;
	op->act_reason = reason;
	if (m.revoked)
		op->now.row.pending = false;
	if (m.revoked || t->to == AC_PLAN_COMPLETED)
		op->now.timer_ms = 0;
	else if (t->to == AC_PLAN_ACTIVE) /* what came due while it was held */
		op->now.timer_ms = k->job->now_ms;
	ac_work_version(k, op, &m);
	if (final && (rc = ac_work_document(k, op, &m, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_work_tasks(k, op, reterr)) != AC_OK)
		return rc;
	if (t->to == AC_PLAN_ENTERED_IN_ERROR && (rc = ac_work_series_back(k, op, reterr)) != AC_OK)
		return rc;
	ac_work_deliveries(k, op);
	k->outcome = m.revoked ? AC_OUT_REVOKED : AC_OUT_UPDATED;
	return AC_OK;
}

enum ac_code
ac_work_state(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr)
{
	const struct ac_plan_state_request *rq = k->job->state;
	const struct ac_plan_transition *t = NULL;
	enum ac_code rc;

	if (cur == NULL || memcmp(&cur->full.row.id, &rq->plan, sizeof(rq->plan)) != 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "the visit's plan is another one now");
	if (rq->seen_version >= 0 && rq->seen_version != cur->full.row.version)
		return ac_fail(reterr, AC_ECONFLICT, "FORM-STALE", "the plan changed");
	rc = check(k->job->who, &cur->full.row, open_tasks(cur->tasks, cur->ntasks), rq->act, AC_BY_PERSON, &t, reterr);
	return rc != AC_OK || t == NULL ? rc : restate(k, cur, t, rq->reason, reterr);
}

/* ---- by itself ---- */

int64_t
ac_plan_last_end(const struct ac_plan *p)
{
	int64_t last = p->anchor;

	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].until != AC_INSTANT_NONE && p->lines[i].until > last)
			last = p->lines[i].until;
	for (size_t i = 0; i < p->nexpectations; i++)
		if (p->expectations[i].until != AC_INSTANT_NONE && p->expectations[i].until > last)
			last = p->expectations[i].until;
	return last;
}

bool
ac_plan_is_over(const struct ac_plan *p, const struct ac_task_row *tasks, size_t ntasks, int64_t now)
{
	return ac_plan_last_end(p) <= now && open_tasks(tasks, ntasks) == 0;
}

enum ac_code
ac_work_completed(struct ac_intake_work *k, const struct ac_seen_plan *cur, bool *ret, struct ac_err *reterr)
{
	const struct ac_plan_transition *t = ac_plan_transition(AC_PLAN_ACT_COMPLETE, AC_PLAN_ACTIVE, AC_BY_TIMER);
	struct ac_plan *p;
	enum ac_code rc;

	*ret = false;
	if (t == NULL || !ac_streq_c(cur->full.row.status, "active") || !ac_streq_c(cur->full.row.stage, "final") ||
	    cur->full.row.pending || open_tasks(cur->tasks, cur->ntasks) > 0)
		return AC_OK;
	if ((rc = ac_seen_remake(k->w, cur, &p, reterr)) != AC_OK)
		return rc;
	if (!ac_plan_is_over(p, cur->tasks, cur->ntasks, k->job->now_ms / 1000))
		return AC_OK;
	*ret = true;
	return restate(k, cur, t, AC_S("every window is over and every task is done"), reterr);
}

/* ---- asked for ---- */

enum ac_code
ac_plan_state_do(struct ac_worker *w, const struct ac_actor *who, const struct ac_plan_state_request *rq,
    struct ac_err *reterr)
{
	struct ac_job job = { .cause = AC_CAUSE_STATE, .who = who, .state = rq, .dry_run = rq->dry_run };
	struct ac_intake_work *k;
	struct ac_record *r;
	enum ac_code rc = ac_reason_check(rq->reason, true, reterr);

	if (rc != AC_OK || (rc = ac_record_load(w, rq->plan, 0, &r, reterr)) != AC_OK)
		return rc;
	if (ac_str_is_set(who->site) && !ac_streq(who->site, r->row.site))
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	job.site = r->row.site;
	job.encounter = r->row.encounter;
	return ac_intake_run(w, &job, &k, reterr);
}

enum ac_code
ac_plan_acts(struct ac_worker *w, struct ac_uuid plan, struct ac_plan_act_rows *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_ACT_LIST, w->arena, &rows, reterr, AC_VUUID(&plan));

	if (rc != AC_OK)
		return rc;
	ret->v = ac_new(w->arena, struct ac_plan_act_row, rows.n);
	ret->n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		ret->v[i] = (struct ac_plan_act_row){ .version = col[0].i,
			.action = col[1].s,
			.was = col[2].s,
			.becomes = col[3].s,
			.reason = col[4].s,
			.at_ms = col[5].i,
			.actor = col[6].s,
			.role = col[7].s };
	}
	return AC_OK;
}
