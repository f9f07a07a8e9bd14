/* match.c - which protocols an encounter calls for: a code is evidence, a category or a product only suggests. */
#include "core/plan_parts.h"

/* The wall time that was written into the stamp: matching happens before a zone is known. */
static struct ac_wall
wall_as_written(struct ac_stamp s)
{
	struct ac_wall w = { 1970, 1, 1, 0, 0, 0 };
	int64_t t = s.t + s.offset_s;
	int64_t day = t / 86400 - (t % 86400 < 0 ? 1 : 0);
	int64_t rest = t - day * 86400;

	if (s.precision == 0 || s.t == AC_INSTANT_NONE)
		return w;
	ac_civil_from_days(day, &w.year, &w.month, &w.day);
	w.hour = (int8_t)(rest / 3600);
	w.min = (int8_t)(rest / 60 % 60);
	w.sec = (int8_t)(rest % 60);
	return w;
}

const struct ac_facts *
ac_match_facts(
    const struct encounter *e, const struct ac_answer *answers, size_t nanswers, struct ac_arena *a)
{
	return ac_facts_make(e, answers, nanswers, wall_as_written(e->start), a);
}

bool
ac_match_status_allows(enum enc_status s)
{
	switch (s) {
	case ENC_ARRIVED:
	case ENC_IN_PROGRESS:
	case ENC_FINISHED:
		return true;
	case ENC_PLANNED:
	case ENC_CANCELLED:
	case ENC_NO_SHOW:
	case ENC_ENTERED_IN_ERROR:
		break;
	}
	return false;
}

/* The first of that name, as core/facts reads them; intake keeps one. */
const struct ac_answer *
ac_answer_find(const struct ac_answer *v, size_t n, struct ac_str name)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(v[i].name, name))
			return &v[i];
	return NULL;
}

static enum ac_truth
trigger_truth(const struct ac_trigger *t, const struct ac_facts *facts, struct ac_arena *a)
{
	return t->when == NULL ? AC_TRUE : ac_condition_eval(t->when, facts, a, NULL);
}

static bool
code_fits(const struct ac_trigger *t, const struct enc_procedure *proc)
{
	return t->kind == AC_TRIGGER_CODE && ac_str_is_set(proc->code) && ac_streq(t->system, proc->system) &&
	       ac_streq(t->code, proc->code);
}

/* Unknown takes the stricter branch: the protocol is used. */
bool
ac_match_procedure(const struct enc_procedure *proc, const struct ac_protocol *p,
    const struct ac_facts *facts, struct ac_arena *a)
{
	for (size_t i = 0; i < p->ntriggers; i++)
		if (code_fits(&p->triggers[i], proc) && trigger_truth(&p->triggers[i], facts, a) != AC_FALSE)
			return true;
	return false;
}

static bool
product_used(const struct encounter *e, struct ac_str name)
{
	for (size_t i = 0; i < e->nprocedures; i++) {
		const struct enc_procedure *proc = &e->procedures[i];
		for (size_t k = 0; proc->status == ENC_PROC_PERFORMED && k < proc->nproducts; k++)
			if (ac_streq(proc->products[k].name, name))
				return true;
	}
	return false;
}

static void
note_fact(struct ac_str path, void *arg)
{
	if (ac_str_starts(path, AC_S("fact/")))
		*(bool *)arg = true;
}

/* A category or product suggests; with a condition on a recorded fact that holds, the fact is the evidence. */
static enum ac_match
weak_trigger(
    const struct ac_trigger *t, const struct encounter *e, const struct ac_facts *facts, struct ac_arena *a)
{
	bool reads_fact = false;

	if (t->kind == AC_TRIGGER_CODE)
		return AC_MATCH_NONE;
	if (t->kind == AC_TRIGGER_CATEGORY ? !ac_str_is_set(e->category) || !ac_streq(t->code, e->category)
					   : !product_used(e, t->code))
		return AC_MATCH_NONE;

	enum ac_truth truth = trigger_truth(t, facts, a);
	if (truth == AC_FALSE)
		return AC_MATCH_NONE;
	if (t->when != NULL)
		ac_condition_paths(t->when, note_fact, &reads_fact);
	return truth == AC_TRUE && reads_fact ? AC_MATCH_EVIDENCE : AC_MATCH_SUGGESTED;
}

static bool
says(struct enc_strs v, const char *x, const char *y)
{
	return v.n == 1 && (ac_streq_c(v.v[0], x) || ac_streq_c(v.v[0], y));
}

/* "Was it done today?": the fact `performed` of the snapshot, else the panel's answer of that name; a confirmed time
 * says yes too. */
static enum enc_tri
said_performed(const struct encounter *e, const struct ac_answer *answers, size_t nanswers)
{
	for (size_t i = 0; i < e->nfacts; i++)
		if (ac_streq(e->facts[i].name, AC_S("performed")))
			return says(e->facts[i].s, "true", "yes") ? ENC_YES : ENC_NO;

	const struct ac_answer *done = ac_answer_find(answers, nanswers, AC_S("performed"));
	if (done != NULL && says(done->values, "true", "yes"))
		return ENC_YES;
	if (done != NULL && says(done->values, "false", "no"))
		return ENC_NO;
	const struct ac_answer *when = ac_answer_find(answers, nanswers, AC_S("anchor"));
	return when != NULL && when->values.n == 1 ? ENC_YES : ENC_UNKNOWN;
}

enum ac_match
ac_plan_match(const struct encounter *e, const struct ac_answer *answers, size_t nanswers,
    const struct ac_protocol *p, struct ac_arena *a)
{
	const struct ac_facts *facts = ac_match_facts(e, answers, nanswers, a);
	enum ac_match best = AC_MATCH_NONE;
	bool cancelled = false;

	if (!ac_match_status_allows(e->status))
		return AC_MATCH_NONE;
	for (size_t i = 0; i < e->nprocedures; i++) {
		const struct enc_procedure *proc = &e->procedures[i];
		if (proc->status == ENC_PROC_PLANNED || !ac_match_procedure(proc, p, facts, a))
			continue;
		if (proc->status == ENC_PROC_PERFORMED)
			return AC_MATCH_EVIDENCE;
		cancelled = true;
	}
	if (cancelled) /* the chart says that it was not done; a category does not outweigh that */
		return AC_MATCH_NONE;

	for (size_t i = 0; i < p->ntriggers; i++) {
		enum ac_match m = weak_trigger(&p->triggers[i], e, facts, a);
		best = m > best ? m : best;
	}
	if (best == AC_MATCH_NONE)
		return best;
	switch (said_performed(e, answers, nanswers)) {
	case ENC_YES:
		return AC_MATCH_EVIDENCE;
	case ENC_NO:
		return AC_MATCH_NONE;
	case ENC_UNKNOWN:
		break;
	}
	return best;
}
