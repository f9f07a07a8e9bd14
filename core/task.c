/*
 * task.c - follow-up tasks: those of the plan, the product's own, and what people do with them.
 *
 * Rules   a task is (plan, protocol, task, occurrence). A new version moves or cancels an open one and never touches or
 *         repeats one that a person finished. What the product itself closed (no actor) may come back: a procedure
 *         removed and restored has its calls again.
 *         What does the task completes it, in the same commit and in the name of whoever did it: the sheet given out
 *         (done-by="issue"), the missing thing recorded in the chart or answered (done-by="record").
 *         A call that was over for a day when its visit became known (the EHR's module was down, a visit was entered late) is
 *         no task any more: all of them together are one review. What can still be booked or given stays.
 *         A patient who has died is called no more; what is only to be recorded or reviewed stays.
 *         A completed plan that becomes active again has the tasks of its new version; of those that the product had closed
 *         only what lies ahead comes back: a call of last month is not made up for.
 */
#include "core/intake_parts.h"

static const struct ac_task_row *
row_of(const struct ac_plan_op *op, struct ac_str name)
{
	for (size_t i = 0; op->was != NULL && i < op->was->ntasks; i++)
		if (ac_streq(op->was->tasks[i].name, name))
			return &op->was->tasks[i];
	return NULL;
}

void
ac_work_task_write(struct ac_intake_work *k, struct ac_plan_op *op, bool add, const struct ac_task_row *row)
{
	struct ac_task_op t = { add, *row };

	t.row.seq = add ? 1 : row->seq + 1;
	t.row.plan_status = op->now.row.status;
	if (t.row.urgent && ac_task_is_open(&t.row) && t.row.called_ms == 0)
		ac_task_call(&k->on_call, &t.row, (struct ac_str){ 0 }, k->job->now_ms);
	t.row.plan_version = op->now.row.version;
	AC_PUSH(k->w->arena, &op->tasks, t);
}

const struct ac_task_row *
ac_work_task_row(const struct ac_plan_op *op, struct ac_str name)
{
	for (size_t i = 0; i < op->tasks.n; i++)
		if (ac_streq(op->tasks.v[i].row.name, name))
			return &op->tasks.v[i].row;
	return row_of(op, name);
}

void
ac_work_task_put(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_task_row *row)
{
	for (size_t i = 0; i < op->tasks.n; i++) {
		if (!ac_streq(op->tasks.v[i].row.name, row->name))
			continue;
		int64_t seq = op->tasks.v[i].row.seq;
		op->tasks.v[i].row = *row;
		op->tasks.v[i].row.seq = seq;
		return;
	}
	ac_work_task_write(k, op, row_of(op, row->name) == NULL, row);
}

void
ac_work_task_close(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_task_row *row,
    const char *status, struct ac_str outcome)
{
	struct ac_task_row r = *row;

	r.status = ac_str_c(status);
	r.outcome = outcome;
	r.done_ms = k->job->now_ms;
	r.actor = (struct ac_str){ 0 };
	ac_work_task_write(k, op, false, &r);
}

void
ac_work_task_complete(
    struct ac_intake_work *k, struct ac_plan_op *op, bool add, struct ac_task_row row, struct ac_str outcome)
{
	row.status = AC_S("completed");
	row.outcome = outcome;
	row.actor = k->job->who->user;
	row.done_ms = k->job->now_ms;
	ac_work_task_write(k, op, add, &row);
}

bool
ac_task_is_done_by_issue(const struct ac_plan_task *t)
{
	bool done = t->def != NULL && t->def->done_by == AC_DONE_BY_ISSUE;

	for (size_t i = 0; i < t->nmerged; i++)
		done |= t->merged[i]->done_by == AC_DONE_BY_ISSUE;
	return done;
}

static int64_t
sooner(int64_t x, struct ac_offset y)
{
	int64_t s = y.kind == AC_OFFSET_ELAPSED ? y.seconds : (int64_t)y.days * 86400;

	return y.kind == AC_OFFSET_NONE || s <= 0 || (x != 0 && x <= s) ? x : s;
}

/* What the protocol says of a task that nobody takes, and of one that is late; of several, the sooner. */
static void
set_rule(struct ac_task_row *r, const struct ac_task_def *def)
{
	if (def == NULL)
		return;
	r->take_s = sooner(r->take_s, def->take_within);
	int64_t late = sooner(r->escalate_s, def->escalate_after);
	if (late != r->escalate_s)
		r->escalate_to = ac_str_is_set(def->escalate_to) ? def->escalate_to : AC_S("clinician");
	r->escalate_s = late;
}

static struct ac_task_row
wanted_row(const struct ac_plan_op *op, const struct ac_plan_task *t)
{
	struct ac_task_row r = { .plan = op->now.row.id,
		.name = t->key,
		.site = op->now.row.site,
		.encounter = op->now.row.encounter,
		.patient = op->now.row.patient,
		.title = t->title,
		.kind = ac_str_c(ac_task_kind_word(t->kind)),
		.role = t->role,
		.status = AC_S("requested"),
		.urgent = t->urgent,
		.not_before = t->not_before,
		.due = t->due };

	set_rule(&r, t->def);
	for (size_t i = 0; i < t->nmerged; i++)
		set_rule(&r, t->merged[i]);
	if (r.due == AC_INSTANT_NONE)
		r.due = r.not_before;
	if (r.not_before == AC_INSTANT_NONE)
		r.not_before = r.due;
	return r;
}

static bool
is_same(const struct ac_task_row *x, const struct ac_task_row *y)
{
	return x->urgent == y->urgent && x->not_before == y->not_before && x->due == y->due &&
	       x->take_s == y->take_s && x->escalate_s == y->escalate_s && ac_streq(x->escalate_to, y->escalate_to) &&
	       ac_streq(x->title, y->title) && ac_streq(x->kind, y->kind) && ac_streq(x->role, y->role);
}

void
ac_work_task_keep(struct ac_task_row *r, const struct ac_task_row *was)
{
	r->owner = was->owner;
	r->given = was->given;
	r->called = was->called;
	r->called_ms = was->called_ms;
	r->steps = was->steps;
	r->snoozed = was->due == r->due ? was->snoozed : 0;
}

/* For whom the patient is needed: nobody calls a house in mourning about its sauna. */
static bool
is_with_patient(struct ac_str kind)
{
	return !ac_streq_c(kind, ac_task_kind_word(AC_TASK_REVIEW)) && !ac_streq_c(kind, ac_task_kind_word(AC_TASK_RECORD));
}

static bool
is_call(struct ac_str kind)
{
	return ac_streq_c(kind, ac_task_kind_word(AC_TASK_CALL)) || ac_streq_c(kind, ac_task_kind_word(AC_TASK_CHECK_IN));
}

/* It is on record, it is final, and nobody has it to do. */
static void
close_new(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_task_row row, const char *outcome)
{
	row.status = AC_S("cancelled");
	row.outcome = ac_str_c(outcome);
	row.actor = k->job->who->user;
	row.done_ms = k->job->now_ms;
	ac_work_task_write(k, op, true, &row);
}

/* It was completed and is active again. */
static bool
returns(const struct ac_plan_op *op)
{
	return op->act != NULL && op->act->act == AC_PLAN_ACT_RETURN;
}

static void
want(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_plan_task *t)
{
	struct ac_task_row wanted = wanted_row(op, t);
	const struct ac_task_row *row = row_of(op, t->key);

	if (row != NULL && !ac_task_is_open(row) &&
	    (ac_str_is_set(row->actor) || (returns(op) && wanted.due <= k->job->now_ms / 1000)))
		return;
	if (op->has_issue && ac_task_is_done_by_issue(t)) {
		wanted.seq = row == NULL ? 0 : row->seq;
		ac_work_task_complete(k, op, row == NULL, wanted, AC_S("the sheet was given out"));
		return;
	}
	if (row == NULL && k->job->documents_only) {
		close_new(k, op, wanted, "made without tasks");
		return;
	}
	if (row == NULL && is_call(wanted.kind) && wanted.due + AC_MISSED_AFTER_S < k->job->now_ms / 1000) {
		close_new(k, op, wanted, AC_MISSED);
		return;
	}
	if (row == NULL) {
		ac_work_task_write(k, op, true, &wanted);
		return;
	}
	if (ac_task_is_open(row)) {
		if (ac_str_starts(row->outcome, AC_S(AC_TASK_ESCALATED))) { /* by a person: only its times move */
			wanted.urgent = true;
			wanted.role = row->role;
			wanted.outcome = row->outcome;
			wanted.escalate_s = row->escalate_s;
			wanted.escalate_to = row->escalate_to;
		}
		if (wanted.take_s == 0) /* the clinic's, since it was called out */
			wanted.take_s = row->take_s;
		if (row->given)
			wanted.role = row->role;
		if (is_same(row, &wanted))
			return;
		wanted.status = row->status; /* accepted stays accepted at its new time */
		ac_work_task_keep(&wanted, row);
	}
	wanted.seq = row->seq;
	ac_work_task_write(k, op, false, &wanted);
}

static bool
is_own(struct ac_str name)
{
	return ac_str_starts(name, AC_S(AC_TASK_OWN)) && !ac_str_starts(name, AC_S(AC_TASK_FACTS));
}

/* What somebody raised, and what the patient must be told, does not go with the plan. */
static bool
is_raised(struct ac_str name)
{
	return is_own(name) && !ac_streq(name, AC_S(AC_TASK_FINISH)) &&
	       !ac_streq(name, AC_S(AC_TASK_REPLACE)) && !ac_streq(name, AC_S(AC_TASK_LATE)) && !ac_str_starts(name, AC_S(AC_TASK_RECALL));
}

static bool
is_wanted(const struct ac_plan *p, struct ac_str name)
{
	for (size_t i = 0; i < p->ntasks; i++)
		if (ac_streq(p->tasks[i].key, name))
			return true;
	return false;
}

static bool
is_task_of(const struct ac_intake_work *k, const struct ac_protocol *p, const struct ac_task_def *def,
    struct ac_str name)
{
	for (uint32_t n = 1; n <= ac_task_times(def); n++)
		if (ac_streq(name, ac_task_key(k->w->arena, p, def, n)))
			return true;
	return false;
}

/* Its protocol still serves the visit, yet the task is gone: its condition does not hold any more. */
static bool
is_recorded(const struct ac_intake_work *k, const struct ac_plan *p, struct ac_str name)
{
	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_protocol *of = p->treatments[i].protocol;
		for (size_t n = 0; n < of->ntasks; n++)
			if (of->tasks[n].done_by == AC_DONE_BY_RECORD &&
			    is_task_of(k, of, &of->tasks[n], name))
				return true;
	}
	return false;
}

bool
ac_work_is_deceased(const struct ac_intake_work *k, const struct ac_plan_op *op)
{
	const struct enc_patient *p = &op->plan->in->encounter->patient;

	/* a final plan stands on what was signed: a death that the chart learns later waits for no signature */
	if (ac_streq(k->e->patient.id, p->id))
		p = &k->e->patient;
	return p->deceased.precision != 0;
}

static void
plan_tasks(struct ac_intake_work *k, struct ac_plan_op *op)
{
	bool deceased = ac_work_is_deceased(k, op);

	for (size_t i = 0; i < op->plan->ntasks; i++)
		if (!deceased || !is_with_patient(ac_str_c(ac_task_kind_word(op->plan->tasks[i].kind))))
			want(k, op, &op->plan->tasks[i]);
	for (size_t i = 0; op->was != NULL && i < op->was->ntasks; i++) {
		const struct ac_task_row *row = &op->was->tasks[i];
		if (deceased && ac_task_is_open(row) && is_with_patient(row->kind)) {
			ac_work_task_close(k, op, row, "cancelled", AC_S("the patient has died"));
			continue;
		}
		if (!ac_task_is_open(row) || is_own(row->name) || is_wanted(op->plan, row->name))
			continue;
		if (ac_str_starts(row->name, AC_S("aftercare/"))) /* the facts that it asked for are there */
			ac_work_task_close(k, op, row, "completed", AC_S("recorded"));
		else if (is_recorded(k, op->plan, row->name))
			ac_work_task_complete(k, op, false, *row, AC_S("recorded"));
		else
			ac_work_task_close(k, op, row, "cancelled", AC_S("no longer in the plan"));
	}
}

static void
cancel_all(struct ac_intake_work *k, struct ac_plan_op *op)
{
	struct ac_str why = ac_strf(k->w->arena, "plan revoked: %.*s", AC_FMT(op->plan->in->revoke_reason));

	for (size_t i = 0; i < op->was->ntasks; i++)
		if (ac_task_is_open(&op->was->tasks[i]) &&
		    !is_raised(op->was->tasks[i].name))
			ac_work_task_close(k, op, &op->was->tasks[i], "cancelled", why);
}

static bool
is_written(const struct ac_plan_op *op, struct ac_str name)
{
	for (size_t i = 0; i < op->tasks.n; i++)
		if (ac_streq(op->tasks.v[i].row.name, name))
			return true;
	return false;
}

/* Held, or no longer: their hours stop, or come back; the EHR is told. */
static void
hold_or_resume(struct ac_intake_work *k, struct ac_plan_op *op)
{
	for (size_t i = 0; i < op->was->ntasks; i++)
		if (ac_task_is_open(&op->was->tasks[i]) && !is_written(op, op->was->tasks[i].name))
			ac_work_task_write(k, op, false, &op->was->tasks[i]);
}

enum ac_code
ac_work_tasks(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	if (op->act != NULL && !op->plan->in->revoked && !returns(op)) {
		hold_or_resume(k, op);
		return AC_OK;
	}
	if (op->plan->in->revoked)
		cancel_all(k, op);
	else
		plan_tasks(k, op);
	if (returns(op)) /* what was raised while it was completed */
		hold_or_resume(k, op);
	if (k->job->call != NULL && op == k->current)
		ac_work_call_tasks(k, op);
	return ac_work_own_tasks(k, op, reterr);
}

void
ac_work_tasks_after(const struct ac_plan_op *op, struct ac_arena *a, struct ac_task_row **ret, size_t *ret_n)
{
	size_t before = op->was == NULL ? 0 : op->was->ntasks, n = 0;
	struct ac_task_row *v = ac_new(a, struct ac_task_row, before + op->tasks.n);

	for (size_t i = 0; i < before; i++)
		v[n++] = op->was->tasks[i];
	for (size_t i = 0; i < op->tasks.n; i++) {
		size_t at = 0;
		while (at < n && !ac_streq(v[at].name, op->tasks.v[i].row.name))
			at++;
		v[at] = op->tasks.v[i].row;
		n += at == n;
	}
	*ret = v;
	*ret_n = n;
}
