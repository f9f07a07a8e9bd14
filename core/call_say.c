/*
 * call_say.c - what a person says in calls, with the words of what was asked; then one commit for all of it.
 *
 * Rules   core/call.h. What must hold at the moment of the commit stands in core/call_act.c.
 */
#include "core/call_about.h"
#include "core/visit_items.h"

#include "core/intake_parts.h"

struct resolve {
	struct ac_worker *w;
	const struct ac_call_act *act;
	struct ac_call_about about;
	struct ac_questions *questions;
	size_t nquestions;
	struct ac_call_entry *said;
	size_t nsaid;
};

/* Keys that nobody asked for are not repeated. */
static enum ac_code
bad(struct ac_err *reterr, const char *rule, const char *what)
{
	return ac_fail_at(reterr, AC_EINPUT, rule, 0, 0, "/answers", "%s", what);
}

static enum ac_code
resolve_flag(struct resolve *v, const struct ac_call_answer *x, struct ac_err *reterr)
{
	for (size_t i = 0; i < v->about.nflags; i++) {
		if (!ac_streq(v->about.flags[i].key, x->key))
			continue;
		if (!ac_streq_c(x->value, "yes") && !ac_streq_c(x->value, "no"))
			return bad(reterr, "CALL-VALUE", "a warning sign is answered with yes or no");
		v->said[v->nsaid++] = (struct ac_call_entry){ .kind = AC_ENTRY_FLAG,
			.name = x->key,
			.value = x->value,
			.words = ac_call_english(v->about.flags[i].flag->def->text) };
		return AC_OK;
	}
	return bad(reterr, "CALL-QUESTION", "no running plan of the patient names this warning sign");
}

static enum ac_code
resolve_answer(struct resolve *v, const struct ac_call_answer *x, struct ac_err *reterr)
{
	struct ac_arena *a = v->w->arena;

	const struct ac_visit_item *own = v->act->kind == AC_CALL_VISIT ? ac_visit_item(x->key) : NULL;

	if (own != NULL) {
		struct ac_str value;

		if (!ac_visit_fits(own, x->value, a, &value))
			return ac_fail_at(reterr, AC_EINPUT, "CALL-VALUE", 0, 0, own->key,
			    "what was said does not fit the question");
		v->said[v->nsaid++] = (struct ac_call_entry){
			.kind = AC_ENTRY_ANSWER, .name = ac_str_c(own->key), .value = value, .words = ac_str_c(own->words)
		};
		return AC_OK;
	}
	for (size_t i = 0; i < v->nquestions; i++) {
		for (size_t k = 0; k < v->questions[i].check_in->nquestions; k++) {
			const struct ac_question *q = &v->questions[i].check_in->questions[k];
			struct ac_str value;

			if (!ac_streq(ac_question_key(a, &v->questions[i], q), x->key))
				continue;
			if (!ac_said_fits(q, x->value, a, &value))
				return ac_fail_at(reterr, AC_EINPUT, "CALL-VALUE", 0, 0, ac_cstr(a, x->key),
				    "the answer does not fit the question");
			v->said[v->nsaid++] = (struct ac_call_entry){ .kind = AC_ENTRY_ANSWER,
				.name = x->key,
				.value = value,
				.words = ac_call_english(q->text) };
			return AC_OK;
		}
	}
	return bad(reterr, "CALL-QUESTION", "the task does not ask this question");
}

static enum ac_code
resolve_all(struct resolve *v, struct ac_err *reterr)
{
	const struct ac_call_act *act = v->act;
	struct ac_str note = ac_str_trim(act->note);
	enum ac_code rc;

	if (act->nanswers > AC_CALL_ANSWERS_MAX || note.n > AC_SAID_TEXT_MAX || act->reason.n > AC_REASON_MAX)
		return ac_fail(reterr, AC_ELIMIT, "CALL-LIMIT", "an answer, a note or a reason is too long");
	v->said = ac_new(v->w->arena, struct ac_call_entry, act->nanswers + 1);
	for (size_t i = 0; i < act->nanswers; i++) {
		const struct ac_call_answer *x = &act->answers[i];
		if (ac_str_trim(x->value).n == 0)
			continue;
		rc = x->is_flag ? resolve_flag(v, x, reterr) : resolve_answer(v, x, reterr);
		if (rc != AC_OK)
			return rc;
	}
	if (note.n > 0)
		v->said[v->nsaid++] = (struct ac_call_entry){ .kind = AC_ENTRY_NOTE, .words = note };
	return AC_OK;
}

/* What task the call is for: as the act says, or as the call that goes on was begun. */
static struct ac_str
task_of(const struct ac_record *r, const struct ac_call_act *act)
{
	if (act->call >= 1 && act->call <= (int64_t)r->ncalls)
		return r->calls[act->call - 1].task;
	return act->kind == AC_CALL_CHECK_IN || act->kind == AC_CALL_VISIT ? act->task : (struct ac_str){ 0 };
}

/* One act, looked up: *ret says what the work needs to know of it. */
static enum ac_code
resolve_act(struct ac_worker *w, const struct ac_actor *who, const struct ac_call_act *act, const struct ac_record **ret_of,
    struct ac_call_job *ret, struct ac_err *reterr)
{
	struct resolve v = { .w = w, .act = act };
	struct ac_record *r;
	enum ac_code rc = ac_record_load(w, act->plan, 0, &r, reterr);

	if (rc != AC_OK || (rc = ac_call_about(w, r, &v.about, reterr)) != AC_OK)
		return rc;
	if (ac_str_is_set(who->site) && !ac_streq(who->site, r->row.site))
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	struct ac_str task = task_of(r, act);
	const struct ac_plan_task *t = ac_str_is_set(task) ? ac_call_task(r->plan, task) : NULL;
	if (t != NULL)
		v.nquestions = ac_call_questions(r->plan, t, w->arena, &v.questions);
	if ((rc = resolve_all(&v, reterr)) != AC_OK)
		return rc;
	struct ac_str *flags = ac_new(w->arena, struct ac_str, v.about.nflags);
	for (size_t i = 0; i < v.about.nflags; i++)
		flags[i] = v.about.flags[i].key;
	*ret = (struct ac_call_job){ .act = act,
		.said = v.said,
		.nsaid = v.nsaid,
		.questions = v.questions,
		.nquestions = v.nquestions,
		.flags = flags,
		.nflags = v.about.nflags,
		.attempts = t == NULL ? 0 : ac_call_attempts_max(t) };
	*ret_of = r;
	return AC_OK;
}

/* The work on this plan: those of one plan are one. */
static struct ac_job *
job_of(struct ac_job **jobs, size_t *njobs, const struct ac_record *r, const struct ac_actor *who,
    struct ac_call_job *room, size_t max)
{
	for (size_t i = 0; i < *njobs; i++)
		if (ac_streq(jobs[i]->site, r->row.site) && ac_streq(jobs[i]->encounter, r->row.encounter))
			return jobs[i];
	struct ac_job *job = jobs[*njobs];
	*job = (struct ac_job){ .cause = AC_CAUSE_CALL,
		.who = who,
		.site = r->row.site,
		.encounter = r->row.encounter,
		.call = room + *njobs * max };
	*njobs += 1;
	return job;
}

/* All are of one patient: nobody's answers go to another's plan by a form that was put together. */
static enum ac_code
check_patient(const struct ac_record *first, const struct ac_record *r, struct ac_err *reterr)
{
	if (ac_streq(first->row.site, r->row.site) && ac_streq(first->row.patient, r->row.patient))
		return AC_OK;
	return ac_fail(reterr, AC_EINPUT, "CALL-TOGETHER", "one conversation is with one patient");
}

enum ac_code
ac_intake_calls(struct ac_worker *w, const struct ac_actor *who, const struct ac_call_act *acts, size_t n,
    int64_t *ret_first, struct ac_err *reterr)
{
	struct ac_call_job said, *room;
	struct ac_job *jobs[AC_CALL_TOGETHER_MAX];
	struct ac_intake_work *works[AC_CALL_TOGETHER_MAX] = { 0 };
	const struct ac_record *first = NULL, *r = NULL;
	struct ac_str *with = ac_new(w->arena, struct ac_str, 1);
	size_t njobs = 0;
	enum ac_code rc;

	if (n == 0 || n > AC_CALL_TOGETHER_MAX)
		return ac_fail(reterr, AC_ELIMIT, "CALL-LIMIT", "1 to %d checks in one conversation", AC_CALL_TOGETHER_MAX);
	room = ac_new(w->arena, struct ac_call_job, n * n);
	for (size_t i = 0; i < n; i++)
		jobs[i] = ac_new(w->arena, struct ac_job, 1);
	for (size_t i = 0; i < n; i++) {
		if ((rc = resolve_act(w, who, &acts[i], &r, &said, reterr)) != AC_OK)
			return rc;
		first = i == 0 ? r : first;
		if ((rc = check_patient(first, r, reterr)) != AC_OK)
			return rc;
		said.with = n > 1 ? with : NULL;
		said.first = i == 0;
		struct ac_job *job = job_of(jobs, &njobs, r, who, room, n);
		room[(size_t)(job->call - room) + job->ncalls++] = said;
	}
	if ((rc = ac_intake_run_all(w, jobs, njobs, works, reterr)) != AC_OK)
		return rc;
	*ret_first = works[0]->calls[works[0]->talks[0].call].n;
	return AC_OK;
}

enum ac_code
ac_intake_call(struct ac_worker *w, const struct ac_actor *who, const struct ac_call_act *act,
    int64_t *ret_call, struct ac_err *reterr)
{
	return ac_intake_calls(w, who, act, 1, ret_call, reterr);
}
