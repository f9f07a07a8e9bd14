/*
 * task.c - follow-up tasks: those of the plan, the product's own, and what people do with them.
 *
 * Rules   a task is (plan, protocol, task, occurrence). A new version moves or cancels an open one and never touches or
 *         repeats one that a person finished. What the product itself closed (no actor) may come back: a procedure
 *         removed and restored has its calls again.
 *         What does the task completes it, in the same commit and in the name of whoever did it: the sheet given out
 *         (done-by="issue"), the missing thing recorded in the chart or answered (done-by="record").
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

static void
write(struct ac_intake_work *k, struct ac_plan_op *op, bool add, const struct ac_task_row *row)
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
	write(k, op, row_of(op, row->name) == NULL, row);
}

/* By the product: no actor. */
static void
close_own(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_task_row *row, const char *status,
    struct ac_str outcome)
{
	struct ac_task_row r = *row;

	r.status = ac_str_c(status);
	r.outcome = outcome;
	r.done_ms = k->job->now_ms;
	r.actor = (struct ac_str){ 0 };
	write(k, op, false, &r);
}

/* By what somebody did: it is theirs, and final. */
static void
complete_done(
    struct ac_intake_work *k, struct ac_plan_op *op, bool add, struct ac_task_row row, struct ac_str outcome)
{
	row.status = AC_S("completed");
	row.outcome = outcome;
	row.actor = k->job->who->user;
	row.done_ms = k->job->now_ms;
	write(k, op, add, &row);
}

static bool
is_done_by_issue(const struct ac_plan_task *t)
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

/* Whose it is and what was done about it stays; a time that it was put off to counts for the time that it had. */
static void
keep_people(struct ac_task_row *r, const struct ac_task_row *was)
{
	r->owner = was->owner;
	r->given = was->given;
	r->called = was->called;
	r->called_ms = was->called_ms;
	r->steps = was->steps;
	r->snoozed = was->due == r->due ? was->snoozed : 0;
}

static void
want(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_plan_task *t)
{
	struct ac_task_row wanted = wanted_row(op, t);
	const struct ac_task_row *row = row_of(op, t->key);

	if (row != NULL && !ac_task_is_open(row) && ac_str_is_set(row->actor))
		return;
	if (op->has_issue && is_done_by_issue(t)) {
		wanted.seq = row == NULL ? 0 : row->seq;
		complete_done(k, op, row == NULL, wanted, AC_S("the sheet was given out"));
		return;
	}
	if (row == NULL) {
		write(k, op, true, &wanted);
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
		keep_people(&wanted, row);
	}
	wanted.seq = row->seq;
	write(k, op, false, &wanted);
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
	return is_own(name) && !ac_streq(name, AC_S(AC_TASK_FINISH)) && !ac_str_starts(name, AC_S(AC_TASK_RECALL));
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

static void
plan_tasks(struct ac_intake_work *k, struct ac_plan_op *op)
{
	for (size_t i = 0; i < op->plan->ntasks; i++)
		want(k, op, &op->plan->tasks[i]);
	for (size_t i = 0; op->was != NULL && i < op->was->ntasks; i++) {
		const struct ac_task_row *row = &op->was->tasks[i];
		if (!ac_task_is_open(row) || is_own(row->name) || is_wanted(op->plan, row->name))
			continue;
		if (ac_str_starts(row->name, AC_S("aftercare/"))) /* the facts that it asked for are there */
			close_own(k, op, row, "completed", AC_S("recorded"));
		else if (is_recorded(k, op->plan, row->name))
			complete_done(k, op, false, *row, AC_S("recorded"));
		else
			close_own(k, op, row, "cancelled", AC_S("no longer in the plan"));
	}
}

static void
cancel_all(struct ac_intake_work *k, struct ac_plan_op *op)
{
	struct ac_str why = ac_strf(k->w->arena, "plan revoked: %.*s", AC_FMT(op->plan->in->revoke_reason));

	for (size_t i = 0; i < op->was->ntasks; i++)
		if (ac_task_is_open(&op->was->tasks[i]) &&
		    !is_raised(op->was->tasks[i].name))
			close_own(k, op, &op->was->tasks[i], "cancelled", why);
}

static const struct ac_task_row *
open_tell(const struct ac_plan_op *op)
{
	for (size_t i = 0; i < op->was->ntasks; i++)
		if (ac_str_starts(op->was->tasks[i].name, AC_S(AC_TASK_TELL)) &&
		    ac_task_is_open(&op->was->tasks[i]))
			return &op->was->tasks[i];
	return NULL;
}

struct ac_task_row
ac_work_own_row(const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_str name, const char *title,
    enum ac_task_kind kind, const char *role)
{
	struct ac_task_row r = { .plan = op->now.row.id,
		.name = name,
		.site = op->now.row.site,
		.encounter = op->now.row.encounter,
		.patient = op->now.row.patient,
		.title = ac_str_c(title),
		.kind = ac_str_c(ac_task_kind_word(kind)),
		.role = ac_str_c(role),
		.status = AC_S("requested") };

	r.not_before = r.due = k->job->now_ms / 1000;
	return r;
}

#define TELL_LINES_MAX 6
#define TELL_AHEAD_S 3600 /* told before it matters: an hour, where there is one */

/* What is to be told, and nothing else. */
static struct ac_str
tell_title(const struct ac_intake_work *k, const struct ac_plan *p, const struct ac_visible *v)
{
	struct ac_arena *a = k->w->arena;
	struct ac_str s = AC_S("Tell the patient what changed on the sheet");
	size_t n = 0;

	if (p->in->revoked)
		return AC_S("Tell the patient: the plan on the sheet does not hold any more");
	for (size_t i = 0; i < v->n; i++) {
		struct ac_str told = ac_visible_told(v, i, p->in->zone, a);

		if (told.n > 0 && n++ < TELL_LINES_MAX)
			s = ac_strf(a, "%.*s%s %.*s", AC_FMT(s), n == 1 ? ":" : ".", AC_FMT(told));
	}
	if (n > TELL_LINES_MAX)
		s = ac_strf(a, "%.*s. And %zu more, see the plan", AC_FMT(s), n - TELL_LINES_MAX);
	return s;
}

/* Before the earliest time at which who follows the old sheet does otherwise; never before now. */
static int64_t
tell_due(const struct ac_visible *v, int64_t now)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].at < first) /* AC_INSTANT_NONE is the smallest */
			first = v->v[i].at;
	return first == INT64_MAX || first < now + TELL_AHEAD_S ? now : first - TELL_AHEAD_S;
}

static void
tell(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_visible v)
{
	const struct ac_task_row *open = open_tell(op);
	struct ac_str name = ac_strf(k->w->arena, AC_TASK_TELL "%lld", (long long)op->now.row.version);
	struct ac_task_row r =
	    ac_work_own_row(k, op, open != NULL ? open->name : name, "", AC_TASK_CALL, "nurse");

	r.title = tell_title(k, op->plan, &v);
	r.due = tell_due(&v, k->job->now_ms / 1000);
	r.urgent = v.urgent;
	if (open != NULL) { /* one call tells all; its due becomes no later */
		keep_people(&r, open);
		r.take_s = open->take_s;
		r.role = open->role;
		r.urgent |= open->urgent;
		r.due = open->due < r.due ? open->due : r.due;
		r.not_before = open->not_before;
		r.status = open->status;
		r.seq = open->seq;
	}
	write(k, op, open == NULL, &r);
}

/* Held, or no longer: their hours stop, or come back; the EHR is told. */
static void
hold_or_resume(struct ac_intake_work *k, struct ac_plan_op *op)
{
	for (size_t i = 0; i < op->was->ntasks; i++)
		if (ac_task_is_open(&op->was->tasks[i]))
			write(k, op, false, &op->was->tasks[i]);
}

static enum ac_code
tell_the_patient(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_task_row *open;
	struct ac_plan *before;
	enum ac_code rc;

	if (op->was == NULL || op->was->full.row.issued_ms == 0)
		return AC_OK;
	open = open_tell(op);
	if (op->has_issue && open != NULL)
		complete_done(k, op, false, *open, AC_S("a new sheet was given out"));
	if (op->has_issue || !op->has_version)
		return AC_OK;
	if ((rc = ac_seen_version(k->w, op->was, ac_told_version(op->was->issues, op->was->nissues, op->was->tasks, op->was->ntasks), &before, reterr)) != AC_OK)
		return rc;
	struct ac_visible v = ac_plan_visible(before, op->plan, k->w->arena);
	if (v.changed)
		tell(k, op, v);
	else if (open != NULL)
		close_own(k, op, open, "cancelled", AC_S("the sheet is right again"));
	return AC_OK;
}

/* Given out, a day gone, and the chart is not done. */
static void
finish_the_chart(struct ac_intake_work *k, struct ac_plan_op *op)
{
	const struct ac_plan_row *row = &op->now.row;
	const struct ac_task_row *t = row_of(op, AC_S(AC_TASK_FINISH));
	bool open_chart =
	    ac_streq_c(row->stage, "preliminary") || !ac_chart_is_settled(op->plan->in->clinic, k->e);
	bool wanted = row->issued_ms != 0 && open_chart && ac_streq_c(row->status, "active") &&
		      k->job->now_ms >= row->issued_ms + AC_CHART_HOURS * AC_HOUR_MS;

	if (wanted && (t == NULL || (!ac_task_is_open(t) && !ac_str_is_set(t->actor)))) {
		struct ac_task_row r = ac_work_own_row(
		    k, op, AC_S(AC_TASK_FINISH), "Finish and sign the chart", AC_TASK_RECORD, "clinician");
		r.seq = t == NULL ? 0 : t->seq;
		write(k, op, t == NULL, &r);
	} else if (!wanted && t != NULL && ac_task_is_open(t) && ac_streq_c(row->status, "active")) {
		close_own(k, op, t, "completed", AC_S("the chart is done"));
	}
}

/* A clinician looks at every patient whose protocol was recalled. */
static void
review_the_recall(struct ac_intake_work *k, struct ac_plan_op *op)
{
	struct ac_str name;

	if (k->job->cause != AC_CAUSE_RECALL)
		return;
	name = ac_strf(k->w->arena, AC_TASK_RECALL "%lld", (long long)k->job->repin->recall);
	struct ac_task_row r = ac_work_own_row(k, op, name,
	    "Review this patient: the protocol of the plan was recalled", AC_TASK_REVIEW, "clinician");
	r.urgent = true;
	if (row_of(op, name) == NULL)
		write(k, op, true, &r);
}

enum ac_code
ac_work_tasks(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	if (op->act != NULL && !op->plan->in->revoked) {
		hold_or_resume(k, op);
		return AC_OK;
	}
	if (op->plan->in->revoked)
		cancel_all(k, op);
	else
		plan_tasks(k, op);
	finish_the_chart(k, op);
	review_the_recall(k, op);
	if (k->job->call != NULL && op == k->current)
		ac_work_call_tasks(k, op);
	return tell_the_patient(k, op, reterr);
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
