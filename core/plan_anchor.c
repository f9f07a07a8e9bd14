/*
 * plan_anchor.c - what was done, and the moment from which its windows count.
 *
 * Source  CONTRACTS "Time": performed, else the panel's answer, else the encounter's end, else the moment of issue,
 *         else the end of the day of start. Never signature, arrival or billing time.
 */
#include <stdlib.h>

#include "core/plan_parts.h"

#define DAY_S 86400

bool
ac_anchor_is_assumed(enum ac_anchor_source s)
{
	return s == AC_ANCHOR_END || s == AC_ANCHOR_ISSUE || s == AC_ANCHOR_DAY_END;
}

const char *
ac_anchor_source_word(enum ac_anchor_source s)
{
	static const char *const words[] = { "performed", "answer", "encounter-end", "issue", "end-of-day" };

	return words[s];
}

static bool
is_moment(struct ac_stamp s)
{
	return s.precision == 14 && s.t != AC_INSTANT_NONE;
}

static int64_t
local_day(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	return ac_days_from_civil(w.year, w.month, w.day);
}

/* A date stands for itself in every zone; a moment has the date of the encounter's zone. */
static int64_t
stamp_day(const struct ac_zone *z, struct ac_stamp s)
{
	if (is_moment(s))
		return local_day(z, s.t);
	return s.t / DAY_S - (s.t % DAY_S < 0 ? 1 : 0);
}

static bool
is_midnight(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	return w.hour == 0 && w.min == 0 && w.sec == 0;
}

static int64_t
day_end(const struct ac_zone *z, int64_t day)
{
	struct ac_wall w = { .hour = 23, .min = 59, .sec = 59 };

	ac_civil_from_days(day, &w.year, &w.month, &w.day);
	return ac_wall_instant(z, w, AC_FOLD_LATER);
}

static bool
is_before_start(const struct ac_plan_input *in, int64_t t)
{
	struct ac_stamp start = in->encounter->start;

	if (!is_moment(start) || is_midnight(in->zone, start.t))
		return local_day(in->zone, t) < stamp_day(in->zone, start);
	return t < start.t;
}

/* A chart that keeps the start as a date keeps a procedure's 00:00 of that day as one too. */
static bool
is_date_as(const struct ac_plan_input *in, int64_t t)
{
	struct ac_stamp start = in->encounter->start;

	return is_midnight(in->zone, t) && (!is_moment(start) || is_midnight(in->zone, start.t));
}

/* An end of exactly 00:00 is a date as a start is; one in the future is a plan, unless it is still the same day's. */
static bool
end_is_usable(const struct ac_plan_input *in, int64_t proc_day)
{
	const struct encounter *e = in->encounter;

	if (!is_moment(e->end) || is_midnight(in->zone, e->end.t) || is_before_start(in, e->end.t))
		return false;
	if (proc_day != INT64_MIN && local_day(in->zone, e->end.t) != proc_day)
		return false;
	return e->end.t <= in->made_at || local_day(in->zone, e->end.t) == stamp_day(in->zone, e->start);
}

static struct ac_str
proc_name(struct ac_plan_work *w, const struct enc_procedure *proc)
{
	if (proc == NULL || !ac_str_is_set(proc->code))
		return AC_S("The procedure");
	return ac_strf(w->a, "Procedure %.*s %.*s", AC_FMT(proc->system), AC_FMT(proc->code));
}

/* The confirmed time, if somebody gave one that can be used. */
static bool
answered(struct ac_plan_work *w, int64_t *ret)
{
	const struct ac_answer *ans = ac_answer_find(w->in->answers, w->in->nanswers, AC_S("anchor"));
	struct ac_stamp s;

	if (ans == NULL || ans->values.n == 0)
		return false;
	if (ans->values.n != 1 || !ac_stamp_parse(ans->values.v[0], &s) || !is_moment(s)) {
		ac_plan_warn(w, "ANSWER-INVALID",
		    "The time answered for the procedure is not a time; it is not used.");
		return false;
	}
	if (s.t > w->in->made_at + AC_CLOCK_SKEW_S) {
		ac_plan_warn(w, "ANSWER-IN-FUTURE",
		    "The time answered for the procedure is in the future; it is not used.");
		return false;
	}
	*ret = s.t;
	return true;
}

static bool
performed_is_usable(struct ac_plan_work *w, const struct enc_procedure *proc)
{
	struct ac_str name = proc_name(w, proc);

	if (proc == NULL || !is_moment(proc->performed) || is_date_as(w->in, proc->performed.t))
		return false;
	if (proc->performed.t > w->in->made_at + AC_CLOCK_SKEW_S) {
		ac_plan_warn(w, "PERFORMED-IN-FUTURE",
		    "%.*s: the recorded time is in the future. It is not used; please give the right time.",
		    AC_FMT(name));
		return false;
	}
	if (is_before_start(w->in, proc->performed.t)) {
		ac_plan_warn(w, "PERFORMED-BEFORE-START",
		    "%.*s: the recorded time is before the start of the encounter. It is not used; please "
		    "give the right "
		    "time.",
		    AC_FMT(name));
		return false;
	}
	return true;
}

static void
assume(struct ac_plan_work *w, struct ac_treatment *t)
{
	const struct ac_plan_input *in = w->in;
	int64_t proc_day = INT64_MIN;
	const char *what = "the end of that day is taken";

	if (t->procedure != NULL && t->procedure->performed.precision == 8)
		proc_day = stamp_day(in->zone, t->procedure->performed);
	if (end_is_usable(in, proc_day)) {
		t->anchor = in->encounter->end.t;
		t->anchor_source = AC_ANCHOR_END;
		what = "the end of the encounter is taken";
	} else if (in->issued_at != AC_INSTANT_NONE &&
		   (proc_day == INT64_MIN || local_day(in->zone, in->issued_at) == proc_day)) {
		t->anchor = in->issued_at;
		t->anchor_source = AC_ANCHOR_ISSUE;
		what = "the time at which the instructions were given out is taken";
	} else {
		t->anchor = day_end(
		    in->zone, proc_day != INT64_MIN ? proc_day : stamp_day(in->zone, in->encounter->start));
		t->anchor_source = AC_ANCHOR_DAY_END;
	}
	if (in->issued_anchor != 0 && in->issued_anchor > t->anchor) {
		t->anchor = in->issued_anchor;
		t->anchor_source = AC_ANCHOR_ISSUE;
		what = "the time on the sheet that was given out is kept";
	}
	if (!in->revoked) {
		struct ac_str name = proc_name(w, t->procedure);
		ac_plan_warn(w, "ANCHOR-ASSUMED",
		    "%.*s: no usable time is recorded; %s. Please confirm the time.", AC_FMT(name), what);
	}
}

static void
set_anchor(struct ac_plan_work *w, struct ac_treatment *t)
{
	int64_t answer = AC_INSTANT_NONE;
	bool has_answer = answered(w, &answer);

	if (performed_is_usable(w, t->procedure)) {
		t->anchor = t->procedure->performed.t;
		t->anchor_source = AC_ANCHOR_PERFORMED;
		if (has_answer && answer != t->anchor) {
			struct ac_str name = proc_name(w, t->procedure);
			ac_plan_warn(w, "ANSWER-DIFFERS",
			    "%.*s: the recorded time differs from the answer; the recorded time is used.",
			    AC_FMT(name));
		}
	} else if (has_answer) {
		t->anchor = answer;
		t->anchor_source = AC_ANCHOR_ANSWER;
	} else {
		assume(w, t);
	}
}

static int
cmp_products(const struct enc_procedure *x, const struct enc_procedure *y)
{
	for (size_t i = 0; i < x->nproducts && i < y->nproducts; i++) {
		int c = ac_str_cmp(x->products[i].name, y->products[i].name);
		c = c != 0 ? c : ac_str_cmp(x->products[i].lot, y->products[i].lot);
		if (c != 0)
			return c;
	}
	return (x->nproducts > y->nproducts) - (x->nproducts < y->nproducts);
}

/* Total but for procedures that no plan can tell apart. */
static int
by_anchor(const void *px, const void *py)
{
	const struct ac_treatment *x = px, *y = py;
	int c = ac_cmp_i64(x->anchor, y->anchor);

	if (c == 0)
		c = ac_protocol_cmp(x->protocol, y->protocol);
	if (c == 0)
		c = (x->procedure != NULL) - (y->procedure != NULL);
	if (c != 0 || x->procedure == NULL)
		return c;
	c = ac_str_cmp(x->procedure->system, y->procedure->system);
	c = c != 0 ? c : ac_str_cmp(x->procedure->code, y->procedure->code);
	c = c != 0 ? c : ac_str_cmp(x->procedure->id, y->procedure->id);
	c = c != 0 ? c : ac_str_cmp(x->procedure->text, y->procedure->text);
	return c != 0 ? c : cmp_products(x->procedure, y->procedure);
}

static void
add_of_protocol(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_facts *facts)
{
	const struct encounter *e = w->in->encounter;
	struct ac_treatment *t = w->p->treatments;
	size_t before = w->p->ntreatments;

	for (size_t i = 0; i < e->nprocedures; i++) {
		const struct enc_procedure *proc = &e->procedures[i];
		if ((w->in->revoked || proc->status == ENC_PROC_PERFORMED) &&
		    ac_match_procedure(proc, p, facts, w->a))
			t[w->p->ntreatments++] =
			    (struct ac_treatment){ .procedure = proc, .protocol = p, .is_evidence = true };
	}
	if (w->p->ntreatments > before)
		return;

	/* A revoked plan keeps its protocols although nothing in the chart calls for them any more. */
	enum ac_match m =
	    w->in->revoked ? AC_MATCH_EVIDENCE : ac_plan_match(e, w->in->answers, w->in->nanswers, p, w->a);
	if (m != AC_MATCH_NONE)
		t[w->p->ntreatments++] =
		    (struct ac_treatment){ .protocol = p, .is_evidence = m == AC_MATCH_EVIDENCE };
}

/* What was only suggested gives no line beside what was surely done: it is asked about. */
static void
drop_suggested(struct ac_plan_work *w)
{
	struct ac_treatment *t = w->p->treatments;
	size_t kept = 0, sure = 0;

	for (size_t i = 0; i < w->p->ntreatments; i++)
		sure += t[i].is_evidence;
	if (sure == 0)
		return;
	for (size_t i = 0; i < w->p->ntreatments; i++) {
		if (t[i].is_evidence)
			t[kept++] = t[i];
		else
			ac_plan_warn(w, "PROTOCOL-SUGGESTED",
			    "%.*s: suggested by category or product. Was it done today?",
			    AC_FMT(t[i].protocol->id));
	}
	w->p->ntreatments = kept;
}

void
ac_plan_treatments(struct ac_plan_work *w)
{
	const struct ac_plan_input *in = w->in;
	const struct ac_facts *facts = ac_match_facts(in->encounter, in->answers, in->nanswers, w->a);
	size_t kept = 0;

	w->p->treatments =
	    ac_new(w->a, struct ac_treatment, (in->encounter->nprocedures + 1) * in->nprotocols);
	for (size_t i = 0; i < w->nprotocols; i++)
		add_of_protocol(w, w->protocols[i], facts);
	drop_suggested(w);
	for (size_t i = 0; i < w->p->ntreatments; i++)
		set_anchor(w, &w->p->treatments[i]);

	for (size_t i = 0; i < w->nprotocols; i++) {
		bool used = false;
		for (size_t k = 0; k < w->p->ntreatments && !used; k++)
			used = w->p->treatments[k].protocol == w->protocols[i];
		if (used)
			w->protocols[kept++] = w->protocols[i];
	}
	w->nprotocols = kept;
	if (w->p->ntreatments > 0) {
		qsort(w->p->treatments, w->p->ntreatments, sizeof(*w->p->treatments), by_anchor);
		w->p->anchor = w->p->treatments[0].anchor;
	}
}
