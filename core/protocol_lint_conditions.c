/* protocol_lint_conditions.c - conditions that can be read but do not say what their author means. */
#include <math.h>

#include "core/condition_tree.h"
#include "core/protocol_lint.h"

struct scan {
	struct ac_lint *l;
	struct ac_lint_place at;
	const struct ac_check_in *check_in; /* whose questions answer/NAME means; NULL elsewhere */
};

static struct ac_str
name_of(const struct ac_cond_node *n)
{
	struct ac_str first;

	return ac_cut(n->text, '/', &first);
}

static const struct ac_fact_def *
fact_of(const struct scan *s, const struct ac_cond_node *n)
{
	if (!ac_str_starts(n->text, AC_S("fact/")))
		return NULL;
	for (size_t i = 0; i < s->l->p->nfacts; i++)
		if (ac_streq(s->l->p->facts[i].name, name_of(n)))
			return &s->l->p->facts[i];
	return NULL;
}

static const struct ac_question *
question_of(const struct scan *s, const struct ac_cond_node *n)
{
	if (s->check_in == NULL || !ac_str_starts(n->text, AC_S("answer/")))
		return NULL;
	for (size_t i = 0; i < s->check_in->nquestions; i++)
		if (ac_streq(s->check_in->questions[i].id, name_of(n)))
			return &s->check_in->questions[i];
	return NULL;
}

static bool
is_many(const struct scan *s, const struct ac_cond_node *n)
{
	const struct ac_fact_def *f = fact_of(s, n);

	if (f != NULL)
		return f->many;
	return question_of(s, n) == NULL && n->vocab->many;
}

static void
scan_path(struct scan *s, const struct ac_cond_node *n)
{
	const struct ac_question *q = question_of(s, n);

	if (n->vocab->free_text || (q != NULL && ac_streq_c(q->type, "text")))
		ac_lint_add(s->l, AC_LINT_ERROR, "LINT-FREE-TEXT", s->at,
		    "the condition reads %.*s: people write the same thing in many ways", AC_FMT(n->text));
}

static bool
has_value(const struct ac_fact_def *f, struct ac_str code)
{
	for (size_t i = 0; i < f->nvalues; i++)
		if (ac_streq(f->values[i].code, code))
			return true;
	return f->nvalues == 0; /* not decided yet: another finding */
}

/* NULL, or why the path can never have this value. */
static const char *
value_fault(const struct scan *s, const struct ac_cond_node *path, enum ac_cond_kind op,
    const struct ac_cond_node *literal)
{
	const struct ac_fact_def *f = fact_of(s, path);
	const struct ac_question *q = question_of(s, path);
	bool is_number = literal->kind == AC_COND_NUMBER || !isnan(literal->number),
	     is_order = op >= AC_COND_LT;
	bool is_yes_no = literal->kind == AC_COND_STRING &&
			 (ac_streq_c(literal->text, "yes") || ac_streq_c(literal->text, "no"));

	if ((f != NULL && f->type == AC_FACT_YES_NO) || (q != NULL && ac_streq_c(q->type, "yes-no")))
		return is_order || !is_yes_no ? "is 'yes' or 'no'" : NULL;
	if ((f != NULL && f->type == AC_FACT_NUMBER) ||
	    (q != NULL && (ac_streq_c(q->type, "score") || ac_streq_c(q->type, "temperature"))))
		return is_number ? NULL : "is a number";
	if (f == NULL)
		return NULL;
	if (is_order)
		return "is a choice, not a number";
	return literal->kind == AC_COND_STRING && has_value(f, literal->text) ? NULL : "never has this value";
}

static void
scan_comparison(struct scan *s, const struct ac_cond_node *n)
{
	const struct ac_cond_node *sides[2] = { n->left, n->right };

	for (int i = 0; i < 2; i++) {
		const struct ac_cond_node *path = sides[i], *other = sides[1 - i];
		if (path->kind != AC_COND_PATH)
			continue;
		if (n->kind == AC_COND_NE && is_many(s, path))
			ac_lint_add(s->l, AC_LINT_ERROR, "LINT-MANY", s->at,
			    "%.*s can have many values: write not(%.*s = ...)", AC_FMT(path->text),
			    AC_FMT(path->text));
		if (other->kind != AC_COND_STRING && other->kind != AC_COND_NUMBER)
			continue;
		const char *fault = value_fault(s, path, n->kind, other);
		if (fault != NULL)
			ac_lint_add(s->l, AC_LINT_ERROR, "LINT-VALUE", s->at,
			    "%.*s %s, and is compared with %.*s", AC_FMT(path->text), fault,
			    AC_FMT(other->text));
	}
}

static void
scan_node(struct scan *s, const struct ac_cond_node *n)
{
	if (n == NULL)
		return;
	if (n->kind == AC_COND_PATH || n->kind == AC_COND_COUNT)
		scan_path(s, n);
	if (ac_cond_is_comparison(n->kind))
		scan_comparison(s, n);
	scan_node(s, n->left);
	scan_node(s, n->right);
}

static void
scan(struct ac_lint *l, struct ac_lint_place at, const struct ac_condition *c,
    const struct ac_check_in *check_in)
{
	struct scan s = { l, at, check_in };

	if (c != NULL)
		scan_node(&s, c->root);
}

static void
scan_line(struct ac_lint *l, const struct ac_line *line)
{
	scan(l, ac_lint_at(line), line->when, NULL);
}

void
ac_lint_conditions(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;

	for (size_t i = 0; i < p->ntriggers; i++)
		scan(l, (struct ac_lint_place){ p->triggers[i].line, p->triggers[i].col, { 0 } },
		    p->triggers[i].when, NULL);
	for (size_t i = 0; i < p->ngoals; i++)
		scan_line(l, &p->goals[i].l);
	for (size_t i = 0; i < p->ninstructions; i++) {
		const struct ac_instruction *x = &p->instructions[i];
		scan_line(l, &x->l);
		for (size_t k = 0; k < x->nwindows; k++)
			scan(l, (struct ac_lint_place){ x->windows[k].line, x->windows[k].col, x->l.id },
			    x->windows[k].when, NULL);
	}
	for (size_t i = 0; i < p->nexpectations; i++)
		scan_line(l, &p->expectations[i].l);
	for (size_t i = 0; i < p->nred_flags; i++)
		scan_line(l, &p->red_flags[i].l);
	for (size_t i = 0; i < p->ntasks; i++)
		scan_line(l, &p->tasks[i].l);
	for (size_t i = 0; i < p->ncheck_ins; i++) {
		scan_line(l, &p->check_ins[i].l);
		for (size_t k = 0; k < p->check_ins[i].nrules; k++)
			scan(l, ac_lint_at(&p->check_ins[i].l), p->check_ins[i].rules[k].when,
			    &p->check_ins[i]);
	}
	if (p->series != NULL)
		scan_line(l, &p->series->l);
}
