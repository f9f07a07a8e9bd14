/* protocol_lint.c - what a clinic must still decide, and what cannot be right, line by line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clinic.h"
#include "core/protocol_lint.h"
#include "core/protocol_load.h"

void
ac_lint_add(struct ac_lint *l, enum ac_lint_level level, const char *rule, struct ac_lint_place at,
    const char *fmt, ...)
{
	char msg[400];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(msg, sizeof(msg), fmt, ap) < 0)
		msg[0] = '\0';
	va_end(ap);
	struct ac_finding f = { level, rule, at.line, at.col, at.id, ac_str_dup(l->a, ac_str_c(msg)) };
	AC_PUSH(l->a, &l->found, f);
}

static void
lint_decide(struct ac_lint *l, struct ac_lint_place at, const struct ac_str *decide, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-DECISION", at, "%.*s", AC_FMT(decide[i]));
}

static void
lint_line(struct ac_lint *l, const struct ac_line *line)
{
	lint_decide(l, ac_lint_at(line), line->decide, line->ndecide);
	if (line->signed_by.n == 0)
		ac_lint_add(
		    l, AC_LINT_DECISION, "LINT-UNSIGNED", ac_lint_at(line), "nobody has signed this line");
}

static bool
has_lang(struct ac_texts t, struct ac_str lang)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].state != AC_TEXT_STALE && ac_streq(t.v[i].lang, lang))
			return true;
	return false;
}

/* A language stands on the title: what the patient reads must be there in it; what staff reads should. */
static void
lint_texts(struct ac_lint *l, struct ac_lint_place at, struct ac_texts t, const char *what, bool for_patient)
{
	struct ac_texts title = l->p->title;

	for (size_t i = 0; i < title.n; i++)
		if (!has_lang(t, title.v[i].lang))
			ac_lint_add(l, for_patient ? AC_LINT_ERROR : AC_LINT_WARNING, "LINT-TRANSLATION", at,
			    "the %s is missing in %.*s", what, AC_FMT(title.v[i].lang));
}

/* A label is optional, but not in one language only. */
static void
lint_label(struct ac_lint *l, struct ac_lint_place at, struct ac_texts t)
{
	if (t.n > 0)
		lint_texts(l, at, t, "label", false);
}

static void
lint_excepts(struct ac_lint *l, const struct ac_instruction *x)
{
	for (size_t i = 0; i < x->nexcept; i++)
		lint_texts(l, ac_lint_at(&x->l), x->except[i].text, "exception", true);
}

/* Only what is outside whatever the anchor's time of day is: "3 d 08:00" can be 49 or 72 hours. */
static bool
is_outside(struct ac_offset o, struct ac_offset min, struct ac_offset max)
{
	int64_t first, last, low, high, unused;

	px_offset_span(o, &first, &last);
	px_offset_span(min, &low, &unused);
	px_offset_span(max, &unused, &high);
	return last < low || first > high;
}

static void
lint_range(struct ac_lint *l, struct ac_lint_place at, struct ac_offset until, struct ac_offset min,
    struct ac_offset max)
{
	struct ac_str low = ac_offset_str(l->a, min), high = ac_offset_str(l->a, max);

	if (min.kind == AC_OFFSET_NONE)
		return;
	if (until.kind == AC_OFFSET_NONE)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-WINDOW", at,
		    "until when? the source allows %.*s to %.*s", AC_FMT(low), AC_FMT(high));
	else if (is_outside(until, min, max))
		ac_lint_add(l, AC_LINT_ERROR, "LINT-RANGE", at,
		    "%.*s is outside the source's range of %.*s to %.*s", AC_FMT(ac_offset_str(l->a, until)),
		    AC_FMT(low), AC_FMT(high));
}

static void
lint_windows(struct ac_lint *l, const struct ac_instruction *x)
{
	bool is_restriction = x->kind == AC_RESTRICTION, covers_all = false;

	for (size_t i = 0; i < x->nwindows; i++) {
		const struct ac_window *w = &x->windows[i];
		struct ac_lint_place at = { w->line, w->col, x->l.id };
		if (covers_all)
			ac_lint_add(l, AC_LINT_ERROR, "LINT-WINDOW", at,
			    "this window is never reached: the one before it has no condition");
		covers_all = covers_all || w->when == NULL;
		lint_range(l, at, w->until, w->range_min, w->range_max);
		if (is_restriction && w->until.kind == AC_OFFSET_NONE && w->range_min.kind == AC_OFFSET_NONE)
			ac_lint_add(
			    l, AC_LINT_DECISION, "LINT-WINDOW", at, "until when does this restriction hold?");
	}
	if (is_restriction && !covers_all)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-WINDOW", ac_lint_at(&x->l),
		    x->nwindows == 0
			? "until when does this restriction hold?"
			: "until when does this restriction hold when no window's condition is true?");
}

/* The time that an instruction's windows cover, at its widest. */
static void
window_span(const struct ac_instruction *x, int64_t *from, int64_t *until)
{
	int64_t first, last;

	*from = x->nwindows == 0 ? 0 : INT64_MAX;
	*until = x->nwindows == 0 ? INT64_MAX : 0;
	for (size_t i = 0; i < x->nwindows; i++) {
		px_offset_span(x->windows[i].from, &first, &last);
		*from = first < *from ? first : *from;
		px_offset_span(x->windows[i].until, &first, &last);
		if (x->windows[i].until.kind == AC_OFFSET_NONE)
			last = INT64_MAX;
		*until = last > *until ? last : *until;
	}
}

static bool
can_meet(const struct ac_instruction *x, const struct ac_instruction *y)
{
	int64_t x_from, x_until, y_from, y_until;

	window_span(x, &x_from, &x_until);
	window_span(y, &y_from, &y_until);
	return x_from < y_until && y_from < x_until;
}

static void
lint_contradictions(struct ac_lint *l, const struct ac_instruction *x)
{
	for (size_t i = 0; i < x->ncontradicts; i++) {
		for (size_t k = 0; k < l->p->ninstructions; k++) {
			const struct ac_instruction *y = &l->p->instructions[k];
			if (!ac_streq(y->concept, x->contradicts[i]) || !can_meet(x, y))
				continue;
			bool is_conditional = x != y && (x->l.when != NULL || y->l.when != NULL);
			ac_lint_add(l, is_conditional ? AC_LINT_WARNING : AC_LINT_ERROR, "LINT-CONTRADICTS",
			    ac_lint_at(&x->l), "contradicts line %.*s (%.*s)%s", AC_FMT(y->l.id),
			    AC_FMT(y->concept), is_conditional ? ", if their conditions hold together" : "");
		}
	}
}

static void
lint_concept(struct ac_lint *l, const struct ac_line *line, struct ac_str concept,
    const struct ac_line *former, struct ac_str former_concept)
{
	if (concept.n == 0 || !ac_streq(concept, former_concept))
		return;
	bool is_conditional = line->when != NULL || former->when != NULL;
	ac_lint_add(l, is_conditional ? AC_LINT_WARNING : AC_LINT_ERROR, "LINT-CONCEPT", ac_lint_at(line),
	    "the concept %.*s stands already on line %.*s%s", AC_FMT(concept), AC_FMT(former->id),
	    is_conditional ? "; where both hold, the strictest does" : "");
}

static void
lint_instruction(struct ac_lint *l, size_t index)
{
	const struct ac_instruction *x = &l->p->instructions[index];
	struct ac_lint_place at = ac_lint_at(&x->l);

	lint_line(l, &x->l);
	lint_texts(l, at, x->text, "text", true);
	lint_label(l, at, x->label);
	lint_excepts(l, x);
	lint_windows(l, x);
	lint_contradictions(l, x);
	for (size_t i = 0; i < index; i++)
		lint_concept(l, &x->l, x->concept, &l->p->instructions[i].l, l->p->instructions[i].concept);
}

static void
lint_task(struct ac_lint *l, size_t index)
{
	const struct ac_task_def *t = &l->p->tasks[index];
	struct ac_lint_place at = ac_lint_at(&t->l);

	lint_line(l, &t->l);
	lint_texts(l, at, t->text, "text", t->patient);
	lint_label(l, at, t->label);
	lint_range(l, at, t->until, t->range_min, t->range_max);
	if (t->until.kind == AC_OFFSET_NONE && t->range_min.kind == AC_OFFSET_NONE && t->nat == 0)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-DUE", at, "until when is this task to be done?");
	if (t->urgent && t->closed != AC_CLOSED_KEEP)
		ac_lint_add(
		    l, AC_LINT_ERROR, "LINT-CLOSED", at, "an urgent task keeps its day (closed=\"keep\")");
	if (t->closed != AC_CLOSED_KEEP && t->shift.kind == AC_OFFSET_NONE)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-CLOSED", at,
		    "how far may this task move off closed days (shift)?");
	for (size_t i = 0; i < index; i++)
		lint_concept(l, &t->l, t->concept, &l->p->tasks[i].l, l->p->tasks[i].concept);
}

static void
lint_flags(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;
	size_t count[2] = { 0 };

	for (size_t i = 0; i < p->nred_flags; i++) {
		const struct ac_red_flag *f = &p->red_flags[i];
		lint_line(l, &f->l);
		lint_texts(l, ac_lint_at(&f->l), f->text, "text", true);
		count[f->level]++;
	}
	if (count[AC_FLAG_CALL] == 0)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-FLAG", (struct ac_lint_place){ 1, 1, { 0 } },
		    "there is no red flag to call the clinic for");
	if (count[AC_FLAG_EMERGENCY] == 0)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-FLAG", (struct ac_lint_place){ 1, 1, { 0 } },
		    "there is no red flag for an emergency");
}

static void
lint_goals(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;

	if (p->ngoals == 0)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-GOAL", (struct ac_lint_place){ 1, 1, { 0 } },
		    "there is no goal");
	for (size_t i = 0; i < p->ngoals; i++) {
		lint_line(l, &p->goals[i].l);
		lint_texts(l, ac_lint_at(&p->goals[i].l), p->goals[i].text, "text", true);
	}
	for (size_t i = 0; i < p->nexpectations; i++) {
		lint_line(l, &p->expectations[i].l);
		lint_texts(l, ac_lint_at(&p->expectations[i].l), p->expectations[i].text, "text", true);
	}
}

/* The words that EHRs use for code systems; a URI names any other exactly. */
static bool
is_known_system(struct ac_str s)
{
	static const char *const names[] = { "CPT4", "HCPCS", "ICD10", "ICD10-PCS", "ICD9", "SNOMED-CT",
		"SNOMED-PR", "CDT", "LOINC", "CVX", "RXCUI", "RXNORM", "OPS", "LOCAL" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ac_streq_c(s, names[i]))
			return true;
	return ac_str_starts(s, AC_S("urn:")) || ac_str_starts(s, AC_S("http://")) ||
	       ac_str_starts(s, AC_S("https://"));
}

static void
lint_triggers(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;
	bool has_code = false;

	for (size_t i = 0; i < p->ntriggers; i++) {
		const struct ac_trigger *t = &p->triggers[i];
		struct ac_lint_place at = { t->line, t->col, { 0 } };
		has_code = has_code || t->kind == AC_TRIGGER_CODE;
		if (t->kind == AC_TRIGGER_CODE && !is_known_system(t->system))
			ac_lint_add(l, AC_LINT_WARNING, "LINT-TRIGGER", at,
			    "the code system %.*s is not known here: the EHR must send this very word",
			    AC_FMT(t->system));
		for (size_t k = 0; k < i; k++)
			if (t->kind == p->triggers[k].kind && ac_streq(t->system, p->triggers[k].system) &&
			    ac_streq(t->code, p->triggers[k].code) && t->when == NULL &&
			    p->triggers[k].when == NULL)
				ac_lint_add(
				    l, AC_LINT_WARNING, "LINT-TRIGGER", at, "this trigger stands twice");
	}
	if (!has_code)
		ac_lint_add(l, AC_LINT_WARNING, "LINT-TRIGGER", (struct ac_lint_place){ 1, 1, { 0 } },
		    "no procedure code triggers this protocol: category and product only suggest it");
}

static void
lint_facts(struct ac_lint *l)
{
	for (size_t i = 0; i < l->p->nfacts; i++) {
		const struct ac_fact_def *f = &l->p->facts[i];
		struct ac_lint_place at = { f->line, f->col, f->name };
		lint_decide(l, at, f->decide, f->ndecide);
		lint_texts(l, at, f->label, "label", false);
		if (f->type == AC_FACT_CHOICE && f->nvalues == 0)
			ac_lint_add(l, AC_LINT_DECISION, "LINT-FACT", at, "which values can this fact have?");
		for (size_t k = 0; k < f->nvalues; k++)
			lint_texts(l, at, f->values[k].label, "label of a value", false);
	}
}

static void
lint_check_ins(struct ac_lint *l)
{
	for (size_t i = 0; i < l->p->ncheck_ins; i++) {
		const struct ac_check_in *c = &l->p->check_ins[i];
		struct ac_lint_place at = ac_lint_at(&c->l);
		bool is_asked = false;
		lint_line(l, &c->l);
		for (size_t k = 0; k < c->nquestions; k++)
			lint_texts(l, at, c->questions[k].text, "text of a question", false);
		for (size_t k = 0; k < l->p->ntasks; k++)
			is_asked = is_asked || ac_streq(l->p->tasks[k].questions, c->l.id);
		if (!is_asked)
			ac_lint_add(l, AC_LINT_WARNING, "LINT-CHECK-IN", at, "no task asks these questions");
		if (c->nrules == 0)
			ac_lint_add(
			    l, AC_LINT_DECISION, "LINT-CHECK-IN", at, "which answers lead to which outcome?");
	}
}

static void
lint_series(struct ac_lint *l)
{
	const struct ac_series *s = l->p->series;

	if (s == NULL)
		return;
	lint_line(l, &s->l);
	if (s->text.n > 0)
		lint_texts(l, ac_lint_at(&s->l), s->text, "text", true);
	if (s->sessions == 0)
		ac_lint_add(l, AC_LINT_DECISION, "LINT-SERIES", ac_lint_at(&s->l),
		    "how many sessions has the series?");
	if (s->interval_min.kind == AC_OFFSET_NONE)
		ac_lint_add(
		    l, AC_LINT_DECISION, "LINT-SERIES", ac_lint_at(&s->l), "how far apart are the sessions?");
}

static void
lint_contact(struct ac_lint *l, const struct ac_contact *c, const char *what)
{
	struct ac_lint_place at = { 1, 1, { 0 } };

	if (!c->is_set)
		ac_lint_add(
		    l, AC_LINT_ERROR, "LINT-CONTACT", at, "the clinic has no number for \"%s\"", what);
	else if (c->signed_by.n == 0)
		ac_lint_add(
		    l, AC_LINT_DECISION, "LINT-CONTACT", at, "nobody has signed the number for \"%s\"", what);
}

/* Allowed, and said: one person alone answers for what patients are told. */
static void
lint_solo(struct ac_lint *l, const struct ac_clinic *c)
{
	struct ac_lint_place at = { 1, 1, { 0 } };

	if (c->solo_hours > 0)
		ac_lint_add(l, AC_LINT_WARNING, "LINT-SOLO", at,
		    "a clinic of one doctor: its author may approve this version, %d h after submitting it", c->solo_hours);
}

static int
by_place(const void *x, const void *y)
{
	const struct ac_finding *a = x, *b = y;
	int c;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->col != b->col)
		return a->col < b->col ? -1 : 1;
	c = strcmp(a->rule, b->rule);
	return c != 0 ? c : ac_str_cmp(a->message, b->message);
}

void
ac_protocol_lint(
    const struct ac_protocol *p, const struct ac_clinic *clinic, struct ac_arena *a, struct ac_findings *ret)
{
	struct ac_lint l = { .p = p, .a = a };

	lint_triggers(&l);
	lint_facts(&l);
	lint_goals(&l);
	for (size_t i = 0; i < p->ninstructions; i++)
		lint_instruction(&l, i);
	lint_flags(&l);
	for (size_t i = 0; i < p->ntasks; i++)
		lint_task(&l, i);
	lint_check_ins(&l);
	lint_series(&l);
	ac_lint_conditions(&l);
	if (clinic != NULL) {
		lint_contact(&l, &clinic->clinic, "clinic");
		lint_contact(&l, &clinic->out_of_hours, "out-of-hours");
		lint_contact(&l, &clinic->emergency, "emergency");
		lint_solo(&l, clinic);
	}
	if (l.found.n > 1)
		qsort(l.found.v, l.found.n, sizeof(l.found.v[0]), by_place);
	*ret = (struct ac_findings){ l.found.v, l.found.n };
}

bool
ac_findings_block_publish(const struct ac_findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].level != AC_LINT_WARNING)
			return true;
	return false;
}
