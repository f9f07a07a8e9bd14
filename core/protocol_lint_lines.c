/* protocol_lint_lines.c - each line by itself: open decisions, signatures, windows, tasks, languages. */
#include "core/protocol_lint.h"
#include "core/protocol_load.h"

static void
lint_decide(struct ac_lint *l, struct ac_lint_place at, const struct ac_str *decide, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ac_lint_add(l, AC_RULE_DECISION, at, "%.*s", AC_FMT(decide[i]));
}

static void
lint_line(struct ac_lint *l, const struct ac_line *line)
{
	lint_decide(l, ac_lint_at(line), line->decide, line->ndecide);
	if (line->signed_by.n == 0)
		ac_lint_add(l, AC_RULE_UNSIGNED, ac_lint_at(line), "nobody has signed this line");
}

static const struct ac_text *
in_lang(struct ac_texts t, struct ac_str lang)
{
	for (size_t i = 0; i < t.n; i++)
		if (ac_streq(t.v[i].lang, lang))
			return &t.v[i];
	return NULL;
}

/* A language stands on the title: what the patient reads must be there in it. */
static void
lint_patient_text(struct ac_lint *l, struct ac_lint_place at, struct ac_texts t, struct ac_texts heading)
{
	struct ac_texts title = l->p->title;

	(void)heading;
	for (size_t i = 0; i < title.n; i++)
		if (in_lang(t, title.v[i].lang) == NULL)
			ac_lint_add(l, AC_RULE_TRANSLATION, at, "the text is missing in %.*s",
			    AC_FMT(title.v[i].lang));
	for (size_t i = 0; i < t.n; i++) {
		struct ac_lint_place there = { t.v[i].line, t.v[i].col, at.id };
		if (t.v[i].state == AC_TEXT_STALE)
			ac_lint_add(l, AC_RULE_STALE, there,
			    t.v[i].of.n == 0 ? "the translation does not say of which text it is (of): it "
					       "counts as missing"
					     : "the text changed since it was translated: the translation "
					       "counts as missing");
		else if (t.v[i].state == AC_TEXT_CURRENT && t.v[i].signed_by.n == 0)
			ac_lint_add(
			    l, AC_RULE_TRANSLATION_UNSIGNED, there, "nobody has signed this translation");
	}
}

static void
lint_staff_text(struct ac_lint *l, struct ac_lint_place at, struct ac_texts t, const char *what)
{
	struct ac_texts title = l->p->title;

	for (size_t i = 0; t.n > 0 && i < title.n; i++) {
		const struct ac_text *have = in_lang(t, title.v[i].lang);
		if (have == NULL || have->state == AC_TEXT_STALE)
			ac_lint_add(l, AC_RULE_LABEL, at, "the %s is %s in %.*s", what,
			    have == NULL ? "missing" : "not up to date", AC_FMT(title.v[i].lang));
	}
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
		ac_lint_add(l, AC_RULE_WINDOW, at, "until when? the source allows %.*s to %.*s", AC_FMT(low),
		    AC_FMT(high));
	else if (is_outside(until, min, max))
		ac_lint_add(l, AC_RULE_RANGE, at, "%.*s is outside the source's range of %.*s to %.*s",
		    AC_FMT(ac_offset_str(l->a, until)), AC_FMT(low), AC_FMT(high));
}

static void
lint_windows(struct ac_lint *l, const struct ac_instruction *x)
{
	bool is_restriction = x->kind == AC_RESTRICTION, covers_all = false;

	for (size_t i = 0; i < x->nwindows; i++) {
		const struct ac_window *w = &x->windows[i];
		struct ac_lint_place at = { w->line, w->col, x->l.id };
		covers_all = covers_all || w->when == NULL;
		lint_range(l, at, w->until, w->range_min, w->range_max);
		if (is_restriction && w->until.kind == AC_OFFSET_NONE && w->range_min.kind == AC_OFFSET_NONE)
			ac_lint_add(l, AC_RULE_WINDOW, at, "until when does this restriction hold?");
	}
	if (is_restriction && !covers_all)
		ac_lint_add(l, AC_RULE_WINDOW, ac_lint_at(&x->l),
		    x->nwindows == 0
			? "until when does this restriction hold?"
			: "until when does this restriction hold when no window's condition is true?");
}

static void
lint_instruction(struct ac_lint *l, const struct ac_instruction *x)
{
	struct ac_lint_place at = ac_lint_at(&x->l);
	bool has_source = x->l.seed.n > 0;

	lint_line(l, &x->l);
	lint_staff_text(l, at, x->label, "label");
	lint_windows(l, x);
	for (size_t i = 0; i < x->nwhy; i++)
		has_source |= x->why[i].source.n > 0;
	if (!has_source)
		ac_lint_add(l, AC_RULE_SOURCE, at, "nothing says where this line comes from");
}

static void
lint_task(struct ac_lint *l, const struct ac_task_def *t)
{
	struct ac_lint_place at = ac_lint_at(&t->l);

	lint_line(l, &t->l);
	if (!t->patient)
		lint_staff_text(l, at, t->text, "text");
	lint_staff_text(l, at, t->label, "label");
	lint_range(l, at, t->until, t->range_min, t->range_max);
	if (t->until.kind == AC_OFFSET_NONE && t->range_min.kind == AC_OFFSET_NONE && t->nat == 0)
		ac_lint_add(l, AC_RULE_DUE, at, "until when is this task to be done?");
	if (t->role.n == 0)
		ac_lint_add(l, AC_RULE_OWNER, at, "which role does this task?");
	if (t->kind == AC_TASK_CHECK_IN && t->attempts == 0)
		ac_lint_add(l, AC_RULE_ATTEMPTS, at, "after how many calls that reach nobody does a clinician decide (attempts)?");
	if (t->urgent && t->closed != AC_CLOSED_KEEP)
		ac_lint_add(l, AC_RULE_URGENT, at, "an urgent task keeps its day (closed=\"keep\")");
	else if (t->closed != AC_CLOSED_KEEP && t->shift.kind == AC_OFFSET_NONE)
		ac_lint_add(l, AC_RULE_CLOSED, at, "how far may this task move off closed days (shift)?");
}

static void
lint_flag(struct ac_lint *l, const struct ac_red_flag *f)
{
	lint_line(l, &f->l);
	if (f->contact == AC_CONTACT_OPEN)
		ac_lint_add(l, AC_RULE_ACTION, ac_lint_at(&f->l), "whom does the patient call (contact)?");
	else if ((f->level == AC_FLAG_EMERGENCY) != (f->contact == AC_CONTACT_EMERGENCY))
		ac_lint_add(l, AC_RULE_ACTION, ac_lint_at(&f->l), "level %s, and the number called is \"%s\"",
		    ac_flag_level_word(f->level), ac_contact_line_word(f->contact));
}

static void
lint_flags(struct ac_lint *l)
{
	struct ac_lint_place top = { 1, 1, { 0 } };
	size_t count[2] = { 0 };

	for (size_t i = 0; i < l->p->nred_flags; i++) {
		lint_flag(l, &l->p->red_flags[i]);
		count[l->p->red_flags[i].level]++;
	}
	if (count[AC_FLAG_CALL] == 0)
		ac_lint_add(l, AC_RULE_FLAG, top, "there is no red flag to call the clinic for");
	if (count[AC_FLAG_EMERGENCY] == 0)
		ac_lint_add(l, AC_RULE_FLAG, top, "there is no red flag for an emergency");
}

static void
lint_values(struct ac_lint *l, struct ac_lint_place at, const struct ac_fact_value *v, size_t n)
{
	if (n == 0)
		ac_lint_add(l, AC_RULE_FACT, at, "which values can it have?");
	for (size_t k = 0; k < n; k++)
		lint_staff_text(l, at, v[k].label, "label of a value");
}

static void
lint_facts(struct ac_lint *l)
{
	for (size_t i = 0; i < l->p->nfacts; i++) {
		const struct ac_fact_def *f = &l->p->facts[i];
		struct ac_lint_place at = { f->line, f->col, f->name };
		lint_decide(l, at, f->decide, f->ndecide);
		lint_staff_text(l, at, f->label, "label");
		if (f->type == AC_FACT_CHOICE)
			lint_values(l, at, f->values, f->nvalues);
	}
}

static void
lint_check_in(struct ac_lint *l, const struct ac_check_in *c)
{
	struct ac_lint_place at = ac_lint_at(&c->l);
	bool is_asked = false;

	lint_line(l, &c->l);
	for (size_t k = 0; k < c->nquestions; k++) {
		struct ac_lint_place there = { c->questions[k].line, c->questions[k].col, c->l.id };
		lint_staff_text(l, there, c->questions[k].text, "text of a question");
		if (ac_streq_c(c->questions[k].type, "choice"))
			lint_values(l, there, c->questions[k].values, c->questions[k].nvalues);
	}
	for (size_t k = 0; k < l->p->ntasks; k++)
		is_asked = is_asked || ac_streq(l->p->tasks[k].questions, c->l.id);
	if (!is_asked)
		ac_lint_add(l, AC_RULE_CHECK_IN, at, "no task asks these questions");
	if (c->nrules == 0)
		ac_lint_add(l, AC_RULE_TRIAGE, at, "which answers lead to which outcome?");
}

static void
lint_series(struct ac_lint *l, const struct ac_series *s)
{
	lint_line(l, &s->l);
	if (s->sessions == 0)
		ac_lint_add(l, AC_RULE_SERIES, ac_lint_at(&s->l), "how many sessions has the series?");
	if (s->interval_min.kind == AC_OFFSET_NONE)
		ac_lint_add(l, AC_RULE_SERIES, ac_lint_at(&s->l), "how far apart are the sessions?");
}

void
ac_lint_lines(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;

	ac_lint_patient_texts(l, lint_patient_text);
	lint_facts(l);
	if (p->ngoals == 0)
		ac_lint_add(l, AC_RULE_GOAL, (struct ac_lint_place){ 1, 1, { 0 } }, "there is no goal");
	for (size_t i = 0; i < p->ngoals; i++)
		lint_line(l, &p->goals[i].l);
	for (size_t i = 0; i < p->ninstructions; i++)
		lint_instruction(l, &p->instructions[i]);
	for (size_t i = 0; i < p->nexpectations; i++)
		lint_line(l, &p->expectations[i].l);
	lint_flags(l);
	for (size_t i = 0; i < p->ntasks; i++)
		lint_task(l, &p->tasks[i]);
	for (size_t i = 0; i < p->ncheck_ins; i++)
		lint_check_in(l, &p->check_ins[i]);
	if (p->series != NULL)
		lint_series(l, p->series);
}
