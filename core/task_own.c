/*
 * task_own.c - the product's own tasks on a plan: tell the patient, finish the chart, review what was recalled, and what
 * stood in the wrong chart. What was missed: task_late.c.
 */
#include "core/intake_parts.h"

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
		ac_work_task_keep(&r, open);
		r.take_s = open->take_s;
		r.role = open->role;
		r.urgent |= open->urgent;
		r.due = open->due < r.due ? open->due : r.due;
		r.not_before = open->not_before;
		r.status = open->status;
		r.seq = open->seq;
	}
	ac_work_task_write(k, op, open == NULL, &r);
}

static enum ac_code
tell_the_patient(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_task_row *open;
	struct ac_plan *before;
	enum ac_code rc;

	if (op->was == NULL || op->was->full.row.issued_ms == 0 || ac_work_is_deceased(k, op))
		return AC_OK;
	open = open_tell(op);
	if (op->has_issue && open != NULL)
		ac_work_task_complete(k, op, false, *open, AC_S("a new sheet was given out"));
	if (op->has_issue || !op->has_version)
		return AC_OK;
	if ((rc = ac_seen_version(k->w, op->was, ac_told_version(op->was->issues, op->was->nissues, op->was->tasks, op->was->ntasks), &before, reterr)) != AC_OK)
		return rc;
	struct ac_visible v = ac_plan_visible(before, op->plan, k->w->arena);
	if (v.changed)
		tell(k, op, v);
	else if (open != NULL)
		ac_work_task_close(k, op, open, "cancelled", AC_S("the sheet is right again"));
	return AC_OK;
}

/* Given out, a day gone, and the chart is not done. */
static void
finish_the_chart(struct ac_intake_work *k, struct ac_plan_op *op)
{
	const struct ac_plan_row *row = &op->now.row;
	const struct ac_task_row *t = ac_work_task_row(op, AC_S(AC_TASK_FINISH));
	bool open_chart =
	    ac_streq_c(row->stage, "preliminary") || !ac_chart_is_settled(op->plan->in->clinic, k->e);
	bool wanted = row->issued_ms != 0 && open_chart && ac_streq_c(row->status, "active") &&
		      k->job->now_ms >= row->issued_ms + AC_CHART_HOURS * AC_HOUR_MS;

	if (wanted && (t == NULL || (!ac_task_is_open(t) && !ac_str_is_set(t->actor)))) {
		struct ac_task_row r = ac_work_own_row(
		    k, op, AC_S(AC_TASK_FINISH), "Finish and sign the chart", AC_TASK_RECORD, "clinician");
		r.seq = t == NULL ? 0 : t->seq;
		ac_work_task_write(k, op, t == NULL, &r);
	} else if (!wanted && t != NULL && ac_task_is_open(t) && ac_streq_c(row->status, "active")) {
		ac_work_task_close(k, op, t, "completed", AC_S("the chart is done"));
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
	if (ac_work_task_row(op, name) == NULL)
		ac_work_task_write(k, op, true, &r);
}

/* The sheet that was given, or the chart where it stood, says of one patient what was another's. */
static void
review_the_privacy(struct ac_intake_work *k, struct ac_plan_op *op)
{
	const struct ac_task_row *row = ac_work_task_row(op, AC_S(AC_TASK_PRIVACY));

	if (!op->has_version || !op->plan->in->revoked || op->now.row.issued_ms == 0 ||
	    !ac_streq_c(op->plan->in->revoke_reason, AC_REVOKED_PATIENT))
		return;
	struct ac_task_row r = ac_work_own_row(k, op, AC_S(AC_TASK_PRIVACY),
	    "Privacy review: a sheet was given out for a visit that belongs to another patient", AC_TASK_REVIEW, "clinician");
	if (row == NULL)
		ac_work_task_write(k, op, true, &r);
	else if (!ac_task_is_open(row)) {
		r.seq = row->seq; /* it happened once more */
		ac_work_task_write(k, op, false, &r);
	}
}

/* Written by hand with the longest windows: the patient's own times are to follow. */
static void
replace_the_blank(struct ac_intake_work *k, struct ac_plan_op *op)
{
	const struct ac_task_row *row = ac_work_task_row(op, AC_S(AC_TASK_REPLACE));

	if (!op->has_issue || ac_work_is_deceased(k, op))
		return;
	if (!ac_streq_c(op->issue.medium, AC_ISSUE_BLANK)) {
		if (row != NULL && ac_task_is_open(row))
			ac_work_task_complete(k, op, false, *row, AC_S("the sheet was given out"));
		return;
	}
	struct ac_task_row r = ac_work_own_row(k, op, AC_S(AC_TASK_REPLACE),
	    "Give the patient the printed sheet: a blank one was written by hand", AC_TASK_EDUCATION, "nurse");
	if (row == NULL)
		ac_work_task_write(k, op, true, &r);
}

enum ac_code
ac_work_own_tasks(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	finish_the_chart(k, op);
	review_the_recall(k, op);
	review_the_privacy(k, op);
	replace_the_blank(k, op);
	ac_work_review_late(k, op);
	return tell_the_patient(k, op, reterr);
}
