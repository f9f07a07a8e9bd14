/*
 * call_act.c - an act in a call: checked against what is there, its level found, the tasks that come of it.
 *
 * Rules   core/call.h. The answers' questions were looked up before (core/call_about.c); here stands what must hold at the
 *         moment of the commit.
 */
#include "core/intake_parts.h"
#include "core/visit_items.h"

#define CALLS_BYTES_MAX (512 * 1024) /* of all calls of a plan: they are one input of it */

static const char *const outcomes[] = { "reached", "no-answer", "message-left", "refused", "wrong-number" };

static bool
is_care(enum ac_role r)
{
	return r == AC_ROLE_NURSE || r == AC_ROLE_CLINICIAN;
}

/* A question of the patient is written down by whoever hears it. */
static bool
asks_only(const struct ac_call_job *job)
{
	return job->nsaid == 1 && job->said[0].kind == AC_ENTRY_ANSWER &&
	       ac_streq_c(job->said[0].name, AC_VISIT_QUESTION) && !ac_str_is_set(job->act->outcome) &&
	       job->act->level == AC_LEVEL_NONE;
}

/* How it was checked and what came of it go together; a reply needs its question. */
static enum ac_code
check_visit(const struct ac_call *c, struct ac_err *reterr)
{
	bool teach = ac_visit_set_of(c) == AC_VISIT_TEACH;

	if (teach && (ac_visit_said(c, AC_VISIT_METHOD).n == 0 || ac_visit_said(c, AC_VISIT_RESULT).n == 0))
		return ac_fail(reterr, AC_EINPUT, "CALL-EMPTY", "say how understanding was checked, and what came of it");
	if (ac_visit_said(c, AC_VISIT_REPLY).n > 0 && ac_visit_said(c, AC_VISIT_QUESTION).n == 0)
		return ac_fail(reterr, AC_EINPUT, "CALL-EMPTY", "a reply belongs to a question");
	return AC_OK;
}

static enum ac_code
check_role(const struct ac_intake_work *k, const struct ac_call_job *job, enum ac_call_kind kind, struct ac_err *reterr)
{
	enum ac_role r = k->job->who->role;

	if (is_care(r) || (kind == AC_CALL_IN && r == AC_ROLE_FRONT_DESK))
		return AC_OK;
	if (kind == AC_CALL_VISIT && r == AC_ROLE_FRONT_DESK && asks_only(job))
		return AC_OK;
	return ac_fail(reterr, AC_EDENIED, "CALL-ROLE", "%s",
	    kind == AC_CALL_IN ? "the front desk, a nurse or a clinician takes a call"
			       : "a nurse or a clinician goes through the questions");
}

static enum ac_code
check_outcome(const struct ac_intake_work *k, const struct ac_call_job *job, enum ac_call_kind kind,
    struct ac_err *reterr)
{
	struct ac_str o = job->act->outcome;
	bool known = !ac_str_is_set(o);

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		known |= ac_streq_c(o, outcomes[i]);
	if (!known || (ac_str_is_set(o) && kind != AC_CALL_CHECK_IN && !ac_streq_c(o, "reached")))
		return ac_fail(reterr, AC_EINPUT, "CALL-OUTCOME", "a call does not end so");
	for (size_t i = 0; ac_call_reached_nobody(o) && i < job->nsaid; i++)
		if (job->said[i].kind != AC_ENTRY_NOTE)
			return ac_fail(reterr, AC_EINPUT, "CALL-OUTCOME",
			    "answers, and nobody was reached: one of them is wrong");
	if (ac_streq_c(o, "message-left") && k->e->patient.leave_message != ENC_YES)
		return ac_fail(reterr, AC_EDENIED, "CALL-MESSAGE",
		    "it is not recorded that a message may be left for this patient");
	return AC_OK;
}

/* The task that is called for must be as the page showed it, as long as the call is new. */
static enum ac_code
check_task(const struct ac_seen_plan *cur, const struct ac_call_job *job, struct ac_err *reterr)
{
	const struct ac_call_act *act = job->act;

	if (act->kind != AC_CALL_CHECK_IN && job->nquestions == 0)
		return AC_OK;
	for (size_t i = 0; i < cur->ntasks; i++) {
		if (!ac_streq(cur->tasks[i].name, act->task))
			continue;
		if (!ac_task_is_open(&cur->tasks[i]))
			return ac_fail(reterr, AC_ECONFLICT, "TASK-STATE", "the task was finished");
		if (cur->tasks[i].seq != act->task_seq)
			return ac_fail(reterr, AC_ECONFLICT, "TASK-STALE", "the task changed");
		return AC_OK;
	}
	return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
}

/* The call that is meant, or a new one at the end. What the page showed is counted without those of this very act. */
static enum ac_code
find_call(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_talk *t, struct ac_err *reterr)
{
	const struct ac_call_act *act = t->job->act;

	if (act->call == 0) {
		if (act->seen != (int64_t)cur->ncalls)
			return ac_fail(
			    reterr, AC_ECONFLICT, "FORM-STALE", "another call of this patient was recorded");
		if (k->ncalls >= AC_CALLS_MAX)
			return ac_fail(
			    reterr, AC_ELIMIT, "CALL-LIMIT", "more than %d calls of a plan", AC_CALLS_MAX);
		t->call = k->ncalls++;
		k->calls[t->call] =
		    (struct ac_call){ .n = (int64_t)k->ncalls, .kind = act->kind, .task = act->task };
		return check_task(cur, t->job, reterr);
	}
	if (act->call < 1 || act->call > (int64_t)cur->ncalls)
		return ac_fail(reterr, AC_ENOTFOUND, "CALL-UNKNOWN", "the plan has no such call");
	t->call = (size_t)act->call - 1;
	if ((int64_t)k->calls[t->call].nentries != act->seen)
		return ac_fail(reterr, AC_ECONFLICT, "FORM-STALE", "somebody wrote into this call");
	if (ac_str_is_set(ac_call_outcome(&k->calls[t->call])) &&
	    (t->job->nsaid > 0 || ac_str_is_set(act->outcome)))
		return ac_fail(reterr, AC_ECONFLICT, "CALL-STATE", "the call is over");
	return AC_OK;
}

static enum ac_code
check_level(const struct ac_intake_work *k, const struct ac_call_act *act, const struct ac_call *c, struct ac_err *reterr)
{
	enum ac_triage_level now = ac_call_level(c);

	if (act->level == AC_LEVEL_NONE)
		return AC_OK;
	if (ac_str_trim(act->reason).n == 0)
		return ac_fail(reterr, AC_EINPUT, "CALL-REASON", "say why");
	if (act->level == now)
		return ac_fail(reterr, AC_EINPUT, "CALL-LEVEL", "the call is of that level already");
	if (act->level < now && k->job->who->role != AC_ROLE_CLINICIAN)
		return ac_fail(reterr, AC_EDENIED, "CALL-ROLE", "only a clinician makes a call less urgent");
	if (!is_care(k->job->who->role))
		return ac_fail(reterr, AC_EDENIED, "CALL-ROLE", "a nurse or a clinician judges a call");
	return AC_OK;
}

static void
add(struct ac_intake_work *k, struct ac_call *c, struct ac_call_entry e)
{
	e.actor = k->job->who->user;
	e.role = ac_str_c(ac_role_word(k->job->who->role));
	e.at_ms = k->job->now_ms;
	c->entries[c->nentries++] = e;
}

/* By the answers among the first `n` entries. */
static struct ac_triage
by_answers(struct ac_intake_work *k, const struct ac_call_job *job, const struct ac_call *c, const struct ac_plan *p,
    size_t n, bool is_over)
{
	struct ac_said *said = ac_new(k->w->arena, struct ac_said, n);
	struct ac_triage_of of = { .e = p->in->encounter,
		.answers = p->in->answers,
		.nanswers = p->in->nanswers,
		.anchor = ac_wall_at(p->in->zone, p->anchor) };
	size_t nsaid = 0;

	for (size_t i = 0; i < n; i++)
		if (c->entries[i].kind == AC_ENTRY_ANSWER)
			said[nsaid++] = (struct ac_said){ c->entries[i].name, c->entries[i].value };
	return ac_triage(&of, job->questions, job->nquestions, said, nsaid, is_over, k->w->arena);
}

static struct ac_triage
by_flags(struct ac_intake_work *k, const struct ac_call_job *job, const struct ac_call *c, size_t n, bool is_over)
{
	struct ac_call so_far = { .entries = c->entries, .nentries = n };
	size_t open = 0;

	for (size_t i = 0; i < n; i++)
		if (c->entries[i].kind == AC_ENTRY_FLAG && ac_streq_c(c->entries[i].value, "yes"))
			return (struct ac_triage){ AC_LEVEL_URGENT,
				ac_strf(k->w->arena, "red-flag/%.*s", AC_FMT(c->entries[i].name)),
				c->entries[i].words };
	if (!is_over || c->kind != AC_CALL_IN)
		return (struct ac_triage){ 0 };
	for (size_t i = 0; i < job->nflags; i++)
		open += ac_call_said(&so_far, AC_ENTRY_FLAG, job->flags[i]) == NULL;
	if (job->nflags == 0)
		return (struct ac_triage){ AC_LEVEL_CALL_BACK, AC_S("no-rule"),
			AC_S("The protocols name no warning sign to ask for.") };
	if (open > 0)
		return (struct ac_triage){ AC_LEVEL_CALL_BACK, AC_S("unanswered"),
			ac_strf(
			    k->w->arena, "%zu of %zu warning signs were not asked for.", open, job->nflags) };
	return (
	    struct ac_triage){ AC_LEVEL_EXPECTED, AC_S("no-red-flag"), AC_S("None of the warning signs.") };
}

/* What a patient wants to know must reach somebody who may answer it. */
static struct ac_triage
by_note(const struct ac_call *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->entries[i].kind == AC_ENTRY_NOTE && ac_streq_c(c->entries[i].role, "front-desk"))
			return (struct ac_triage){ AC_LEVEL_CALL_BACK, AC_S("note"),
				AC_S("The front desk wrote down what the patient said.") };
	return (struct ac_triage){ 0 };
}

static struct ac_triage
level_of(struct ac_intake_work *k, const struct ac_call_job *job, const struct ac_call *c, const struct ac_plan *p,
    size_t n, bool is_over)
{
	struct ac_triage t = by_flags(k, job, c, n, is_over);

	if (ac_call_is_check(c))
		t = ac_triage_max(t, by_answers(k, job, c, p, n, is_over));
	return is_over ? ac_triage_max(t, by_note(c, n)) : t;
}

/* Whoever refused or was not there said nothing: that has no level, unless something was said before. */
static bool
is_over(const struct ac_call *c, size_t n)
{
	struct ac_str o = ac_call_outcome(c);
	bool said = false;

	for (size_t i = 0; i < n; i++)
		said |= c->entries[i].kind == AC_ENTRY_ANSWER || c->entries[i].kind == AC_ENTRY_FLAG;
	return ac_streq_c(o, "reached") || (ac_str_is_set(o) && said);
}

/* By the rules: upwards only, and only by what this act brought. */
static void
add_level(struct ac_intake_work *k, const struct ac_talk *t, struct ac_call *c, const struct ac_plan *p)
{
	struct ac_triage was = level_of(k, t->job, c, p, t->nbefore, false),
			 now = level_of(k, t->job, c, p, c->nentries, is_over(c, c->nentries));
	bool first = ac_call_level_entry(c) == NULL;

	if (now.level > ac_call_level(c) && (first || now.level > was.level))
		add(k, c,
		    (struct ac_call_entry){ .kind = AC_ENTRY_LEVEL,
			.name = now.rule,
			.value = ac_str_c(ac_level_word(now.level)),
			.words = now.words });
}

static enum ac_code
apply(struct ac_intake_work *k, struct ac_talk *t, const struct ac_plan *p, struct ac_err *reterr)
{
	struct ac_call *c = &k->calls[t->call];
	const struct ac_call_job *job = t->job;
	const struct ac_call_act *act = job->act;
	struct ac_call_entry *v = ac_new(k->w->arena, struct ac_call_entry, c->nentries + job->nsaid + 3);

	t->nbefore = c->nentries;
	for (size_t i = 0; i < c->nentries; i++)
		v[i] = c->entries[i];
	c->entries = v;
	for (size_t i = 0; i < job->nsaid; i++)
		add(k, c, job->said[i]);
	if (ac_str_is_set(act->outcome))
		add(k, c, (struct ac_call_entry){ .kind = AC_ENTRY_OUTCOME, .value = act->outcome });
	if (act->level != AC_LEVEL_NONE)
		add(k, c,
		    (struct ac_call_entry){ .kind = AC_ENTRY_LEVEL,
			.name = AC_S("person"),
			.value = ac_str_c(ac_level_word(act->level)),
			.words = ac_str_trim(act->reason) });
	else
		add_level(k, t, c, p);
	if (c->nentries == t->nbefore)
		return ac_fail(reterr, AC_EINPUT, "CALL-EMPTY", "nothing was said");
	enum ac_code rc = check_visit(c, reterr);
	if (rc != AC_OK)
		return rc;
	if (c->nentries > AC_CALL_ENTRIES_MAX ||
	    ac_calls_encode(k->calls, k->ncalls, k->w->arena).n > CALLS_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "CALL-LIMIT", "more was said than one plan can hold");
	return AC_OK;
}

static enum ac_code
one_call(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_talk *t, const struct ac_plan *p,
    struct ac_err *reterr)
{
	enum ac_code rc;

	if (memcmp(&cur->full.row.id, &t->job->act->plan, sizeof(t->job->act->plan)) != 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = find_call(k, cur, t, reterr)) != AC_OK)
		return rc;
	const struct ac_call *c = &k->calls[t->call];
	if (t->job->first && t->job->with != NULL)
		*t->job->with = ac_str_is_set(c->with) ? c->with : ac_call_name(k->w->arena, cur->full.row.id, c->n);
	if ((rc = check_role(k, t->job, c->kind, reterr)) != AC_OK ||
	    (rc = check_outcome(k, t->job, c->kind, reterr)) != AC_OK ||
	    (rc = check_level(k, t->job->act, c, reterr)) != AC_OK)
		return rc;
	return apply(k, t, p, reterr);
}

enum ac_code
ac_work_call(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr)
{
	const struct ac_job *job = k->job;
	struct ac_plan *p = NULL;
	enum ac_code rc;

	if (cur == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = ac_seen_remake(k->w, cur, &p, reterr)) != AC_OK)
		return rc;
	k->calls = ac_new(k->w->arena, struct ac_call, cur->ncalls + job->ncalls);
	for (size_t i = 0; i < cur->ncalls; i++)
		k->calls[i] = cur->calls[i];
	k->ncalls = cur->ncalls;
	k->talks = ac_new(k->w->arena, struct ac_talk, job->ncalls);
	k->ntalks = job->ncalls;
	for (size_t i = 0; i < job->ncalls; i++) {
		k->talks[i].job = &job->call[i];
		if ((rc = one_call(k, cur, &k->talks[i], p, reterr)) != AC_OK)
			return rc;
	}
	return AC_OK;
}

enum ac_code
ac_work_call_alone(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr)
{
	struct ac_plan_op *op = &k->plans[k->nplans++];
	enum ac_code rc;

	k->current = op;
	k->outcome = AC_OUT_UNCHANGED;
	op->was = cur;
	op->now = cur->full;
	if ((rc = ac_seen_remake(k->w, cur, &op->plan, reterr)) != AC_OK)
		return rc;
	ac_work_call_tasks(k, op);
	ac_work_deliveries(k, op);
	return AC_OK;
}

/* Whoever wrote it down is not who answers it: from the front desk to a nurse, from a nurse to a clinician. */
static const char *
who_answers(const struct ac_intake_work *k)
{
	return k->job->who->role == AC_ROLE_FRONT_DESK ? "nurse" : "clinician";
}

/* The last second of the day of the visit's zone: a call back is for today, on closed days too. */
static int64_t
end_of_day(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	w.hour = 23;
	w.min = 59;
	w.sec = 0;
	int64_t end = ac_wall_instant(z, w, AC_FOLD_LATER);
	return end > t ? end : t;
}

static void
add_task(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_call *c, bool urgent)
{
	struct ac_str name =
	    ac_strf(k->w->arena, "%s%lld", urgent ? AC_TASK_URGENT : AC_TASK_CALL_BACK, (long long)c->n);
	struct ac_task_row r = ac_work_own_row(k, op, name,
	    urgent ? "Urgent: a warning sign was reported. Call the patient now."
		   : "Call the patient back: what was reported needs an answer.",
	    AC_TASK_CALL, urgent ? "clinician" : who_answers(k));

	if (ac_work_task_row(op, name) != NULL)
		return;
	r.urgent = urgent;
	if (!urgent)
		r.due = end_of_day(op->plan->in->zone, r.due);
	ac_work_task_put(k, op, &r);
}

static struct ac_str
done_words(const struct ac_intake_work *k, const struct ac_call *c)
{
	struct ac_str o = ac_call_outcome(c);
	const char *level = ac_level_word(ac_call_level(c));

	return *level == '\0' ? o : ac_strf(k->w->arena, "%.*s: %s", AC_FMT(o), level);
}

/* What was called for: done, or tried once more. */
static void
answer_task(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_call *c, int32_t limit)
{
	const struct ac_task_row *row = ac_str_is_set(c->task) ? ac_work_task_row(op, c->task) : NULL;
	struct ac_str o = ac_call_outcome(c);
	size_t tries = ac_call_attempts(k->calls, k->ncalls, c->task);

	if (row == NULL || !ac_task_is_open(row) || !ac_str_is_set(o))
		return;
	if (c->kind == AC_CALL_VISIT && !ac_call_is_check(c) && !ac_streq_c(ac_visit_said(c, AC_VISIT_RESULT), "understood"))
		return;
	struct ac_task_row r = *row;
	if (!ac_call_reached_nobody(o)) {
		r.status = AC_S("completed");
		r.outcome = done_words(k, c);
		r.actor = k->job->who->user;
		r.done_ms = k->job->now_ms;
	} else if (limit > 0 && tries >= (size_t)limit &&
		   !ac_str_starts(r.outcome, AC_S(AC_TASK_ESCALATED))) {
		r.urgent = true;
		r.role = AC_S("clinician");
		r.outcome = ac_strf(k->w->arena, AC_TASK_ESCALATED "not reached in %zu attempts", tries);
	} else {
		return;
	}
	ac_work_task_put(k, op, &r);
}

/* The clinic's time, by its clock; where it decided none, the day. */
static int64_t
answer_due(const struct ac_clinic *c, const struct ac_zone *z, int64_t now)
{
	int64_t open = AC_INSTANT_NONE;

	if (c == NULL || c->answer_within_s == 0)
		return end_of_day(z, now);
	if (c->answer_in_hours)
		open = ac_clinic_open_after(c, z, now, c->answer_within_s);
	return open != AC_INSTANT_NONE ? open : now + c->answer_within_s;
}

/* A question of the patient: whose it is, until when, and whose then, as the clinic decided. */
static void
concern_task(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_call *c)
{
	struct ac_str name = ac_strf(k->w->arena, AC_TASK_CONCERN "%lld", (long long)c->n);
	const struct ac_task_row *row = ac_work_task_row(op, name);
	const struct ac_clinic *clinic = k->w->config->clinic;
	struct ac_task_row r;

	if (ac_visit_set_of(c) != AC_VISIT_CONCERN)
		return;
	if (ac_visit_said(c, AC_VISIT_REPLY).n > 0) {
		if (row == NULL || !ac_task_is_open(row))
			return;
		r = *row;
		r.status = AC_S("completed");
		r.outcome = AC_S("answered");
		r.actor = k->job->who->user;
		r.done_ms = k->job->now_ms;
		ac_work_task_put(k, op, &r);
	} else if (row == NULL) {
		r = ac_work_own_row(k, op, name, "Answer the patient's question", AC_TASK_CALL,
		    ac_role_word(clinic != NULL ? clinic->answer_by : AC_ROLE_NURSE));
		r.due = answer_due(clinic, op->plan->in->zone, r.due);
		r.escalate_s = clinic != NULL && clinic->answer_next_after_s > 0 ? clinic->answer_next_after_s : 60;
		r.escalate_to = ac_str_c(ac_role_word(clinic != NULL ? clinic->answer_next : AC_ROLE_CLINICIAN));
		ac_work_task_put(k, op, &r);
	}
}

void
ac_work_call_tasks(struct ac_intake_work *k, struct ac_plan_op *op)
{
	for (size_t i = 0; i < k->ntalks; i++) {
		const struct ac_talk *t = &k->talks[i];
		const struct ac_call *c = &k->calls[t->call];
		struct ac_call was = { .entries = c->entries, .nentries = t->nbefore };
		enum ac_triage_level before = ac_call_level(&was), now = ac_call_level(c);

		if (now > before && (now == AC_LEVEL_URGENT || now == AC_LEVEL_CALL_BACK))
			add_task(k, op, c, now == AC_LEVEL_URGENT);
		answer_task(k, op, c, t->job->attempts);
		concern_task(k, op, c);
	}
}
