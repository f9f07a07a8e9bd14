/* protocol_lint.c - what a clinic must still decide, and what cannot be right: the rules one after the other. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/protocol_lint.h"

static const struct ac_lint_rule_row rules[] = {
#define X(name, id, level, sentence) { id, sentence, AC_LINT_##level },
#include "core/lint_rules.def"
#undef X
};

const struct ac_lint_rule_row *
ac_lint_rules(size_t *ret_n)
{
	*ret_n = AC_LINT_RULES_N;
	return rules;
}

void
ac_lint_add(struct ac_lint *l, enum ac_lint_rule rule, struct ac_lint_place at, const char *fmt, ...)
{
	char msg[400];
	va_list ap;

	if (l->found.n == AC_LINT_FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	if (vsnprintf(msg, sizeof(msg), fmt, ap) < 0)
		msg[0] = '\0';
	va_end(ap);
	struct ac_finding f = { rules[rule].level, rules[rule].id, at.line, at.col, at.id,
		ac_str_dup(l->a, ac_str_c(msg)) };
	AC_PUSH(l->a, &l->found, f);
}

struct ac_worlds *
ac_lint_worlds(
    struct ac_lint *l, const struct ac_condition *const *c, size_t n, const struct ac_world_names *names)
{
	return ac_worlds_make(c, n, names, &l->worlds_left, l->a);
}

bool
ac_lint_can_meet(struct ac_lint *l, const struct ac_condition *const *c, size_t n,
    const struct ac_check_in *check_in, const struct ac_protocol *other)
{
	struct ac_world_names names = { { l->p, other }, { check_in, NULL } };
	struct ac_worlds *w = ac_lint_worlds(l, c, n, &names);
	bool is_declared;
	uint32_t missing;

	while (w != NULL && ac_worlds_next(w, &is_declared)) {
		bool all = is_declared;
		for (size_t i = 0; i < n && all; i++)
			all = c[i] == NULL || ac_worlds_eval(w, c[i], &missing) == AC_TRUE;
		if (all)
			return true;
	}
	return w == NULL;
}

void
ac_lint_patient_texts(struct ac_lint *l, ac_lint_text_fn *fn)
{
	const struct ac_protocol *p = l->p;
	struct ac_texts none = { 0 };

	fn(l, (struct ac_lint_place){ 1, 1, { 0 } }, p->title, none);
	for (size_t i = 0; i < p->ngoals; i++)
		fn(l, ac_lint_at(&p->goals[i].l), p->goals[i].text, none);
	for (size_t i = 0; i < p->ninstructions; i++) {
		const struct ac_instruction *x = &p->instructions[i];
		fn(l, ac_lint_at(&x->l), x->text, x->label);
		for (size_t k = 0; k < x->nexcept; k++)
			fn(l, ac_lint_at(&x->l), x->except[k].text, none);
		for (size_t k = 0; k < x->nwhy; k++)
			fn(l, ac_lint_at(&x->l), x->why[k].text, none);
	}
	for (size_t i = 0; i < p->nexpectations; i++)
		fn(l, ac_lint_at(&p->expectations[i].l), p->expectations[i].text, none);
	for (size_t i = 0; i < p->nred_flags; i++)
		fn(l, ac_lint_at(&p->red_flags[i].l), p->red_flags[i].text, none);
	for (size_t i = 0; i < p->ntasks; i++)
		if (p->tasks[i].patient)
			fn(l, ac_lint_at(&p->tasks[i].l), p->tasks[i].text, none);
	if (p->series != NULL && p->series->text.n > 0)
		fn(l, ac_lint_at(&p->series->l), p->series->text, none);
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
ac_protocol_lint_beside(const struct ac_protocol *p, const struct ac_lint_beside *beside, struct ac_arena *a,
    struct ac_findings *ret)
{
	struct ac_lint l = { .p = p, .beside = beside, .a = a, .worlds_left = AC_LINT_WORLDS_MAX };

	ac_lint_lines(&l);
	ac_lint_conditions(&l);
	ac_lint_conflicts(&l);
	ac_lint_words(&l);
	ac_lint_clinic(&l);
	ac_lint_carried(&l);
	if (l.found.n > 1)
		qsort(l.found.v, l.found.n, sizeof(l.found.v[0]), by_place);
	*ret = (struct ac_findings){ l.found.v, l.found.n };
}

void
ac_protocol_lint(
    const struct ac_protocol *p, const struct ac_clinic *clinic, struct ac_arena *a, struct ac_findings *ret)
{
	ac_protocol_lint_beside(p, &(struct ac_lint_beside){ .clinic = clinic }, a, ret);
}

bool
ac_findings_block_publish(const struct ac_findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].level != AC_LINT_WARNING)
			return true;
	return false;
}
