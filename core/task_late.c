/*
 * task_late.c - what was missed because a visit became known late: one review a patient, however many visits it were.
 *
 * Rules   the newest review stands for the patient's others, and has what was on them: whoever had taken one has it. What it
 *         stands for is closed with AC_LATE_TOGETHER, in the same commit; if its own visit is taken back, one of those comes
 *         back. Looked up inside the commit, so two visits that become known at once have one review too.
 */
#include "core/intake_parts.h"

#define LATE_MANY AC_S("Review this patient: several visits became known late, calls were missed")

static bool
stands_for_itself(const struct ac_task_row *row)
{
	return row != NULL &&
	       (ac_task_is_open(row) || ac_str_is_set(row->actor) || ac_streq_c(row->outcome, AC_LATE_TOGETHER));
}

/* What nobody can do any more is looked at once. */
void
ac_work_review_late(struct ac_intake_work *k, struct ac_plan_op *op)
{
	const struct ac_task_row *row = ac_work_task_row(op, AC_S(AC_TASK_LATE));
	struct ac_task_row *tasks;
	size_t n, missed = 0;

	if (op->plan->in->revoked || ac_work_is_deceased(k, op) || stands_for_itself(row))
		return;
	ac_work_tasks_after(op, k->w->arena, &tasks, &n);
	for (size_t i = 0; i < n; i++)
		missed += ac_streq_c(tasks[i].outcome, AC_MISSED);
	if (missed == 0)
		return;
	struct ac_task_row r = ac_work_own_row(k, op, AC_S(AC_TASK_LATE), "", AC_TASK_REVIEW, "nurse");
	r.title = ac_strf(k->w->arena, "Review this patient: the visit became known late, %zu call%s missed", missed,
	    missed == 1 ? " was" : "s were");
	r.seq = row == NULL ? 0 : row->seq;
	ac_work_task_write(k, op, row == NULL, &r);
}

/* The reviews of the patient's other visits are part of this one from here on. */
static enum ac_code
take_over(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_task_row *mine, struct ac_err *reterr)
{
	struct ac_task_row r = *mine, t;
	struct ac_uuid plan;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(c->store, AC_STMT_TASK_OPEN_OF_PATIENT, c->arena, &rows, reterr, AC_VTEXT(mine->patient),
	    AC_VTEXT(mine->site), AC_VUUID(&mine->plan), AC_VTEXT(mine->name));

	if (rc != AC_OK || rows.n == 0)
		return rc;
	for (size_t i = 0; i < rows.n; i++) {
		if (!ac_val_uuid(&ac_row(&rows, i)[0], &plan))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.id is no id");
		if ((rc = ac_task_get(c, plan, mine->name, &t, reterr)) != AC_OK)
			return rc;
		if (ac_streq_c(t.status, "accepted")) {
			r.status = t.status;
			r.owner = t.owner;
		}
		t.status = AC_S("cancelled");
		t.outcome = AC_S(AC_LATE_TOGETHER);
		t.actor = k->job->who->user;
		t.done_ms = c->now_ms;
		rc = ac_task_commit(c, k->job->who, &t, false, AC_TASK_ACT_CANCEL, (struct ac_str){ 0 }, t.outcome, reterr);
		if (rc != AC_OK)
			return rc;
	}
	r.title = LATE_MANY;
	return ac_task_put(c, &r, false, 0, reterr);
}

/* Its visit was taken back: what it stood for is not looked at yet. */
static enum ac_code
give_back(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_task_row *mine, struct ac_err *reterr)
{
	struct ac_task_row t;
	struct ac_uuid plan;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(c->store, AC_STMT_TASK_CLOSED_OF_PATIENT, c->arena, &rows, reterr, AC_VTEXT(mine->patient),
	    AC_VTEXT(mine->site), AC_VUUID(&mine->plan), AC_VTEXT(mine->name), AC_VTEXT(AC_S(AC_LATE_TOGETHER)));

	if (rc != AC_OK || rows.n == 0)
		return rc;
	if (!ac_val_uuid(&ac_row(&rows, 0)[0], &plan))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.id is no id");
	if ((rc = ac_task_get(c, plan, mine->name, &t, reterr)) != AC_OK)
		return rc;
	t.status = AC_S("requested");
	t.outcome = t.actor = t.owner = (struct ac_str){ 0 };
	t.done_ms = 0;
	return ac_task_commit(c, k->job->who, &t, false, AC_TASK_ACT_REOPEN, (struct ac_str){ 0 },
	    AC_S("the visit whose review stood for it was taken back"), reterr);
}

enum ac_code
ac_late_put(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;

	for (size_t i = 0; rc == AC_OK && i < op->tasks.n; i++) {
		const struct ac_task_row *t = &op->tasks.v[i].row;
		if (!ac_streq_c(t->name, AC_TASK_LATE))
			continue;
		if (ac_task_is_open(t))
			rc = take_over(c, k, t, reterr);
		else if (op->plan->in->revoked && !ac_work_is_deceased(k, op))
			rc = give_back(c, k, t, reterr);
	}
	return rc;
}
