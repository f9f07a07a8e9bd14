/* protocol_lint_conflicts.c - lines against each other, and protocols against each other. */
#include "core/protocol_lint.h"
#include "core/protocol_load.h"

void
ac_lint_span(const struct ac_instruction *x, int64_t *from, int64_t *until)
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

bool
ac_lint_allows(const struct ac_instruction *x, struct ac_str concept)
{
	for (size_t i = 0; i < x->nexcept; i++)
		if (ac_str_is_set(concept) && ac_streq(x->except[i].concept, concept))
			return true;
	return false;
}

/* At the same time, for the same patient. */
static bool
can_meet(struct ac_lint *l, const struct ac_instruction *x, const struct ac_instruction *y)
{
	const struct ac_condition *both[] = { x->l.when, y->l.when };
	int64_t x_from, x_until, y_from, y_until;

	ac_lint_span(x, &x_from, &x_until);
	ac_lint_span(y, &y_from, &y_until);
	return x_from < y_until && y_from < x_until && ac_lint_can_meet(l, both, 2, NULL, NULL);
}

static bool
says_so(const struct ac_instruction *x, const struct ac_instruction *y)
{
	for (size_t i = 0; i < x->ncontradicts; i++)
		if (ac_streq(x->contradicts[i], y->concept))
			return true;
	return false;
}

static void
lint_contradictions(struct ac_lint *l, const struct ac_instruction *x)
{
	for (size_t k = 0; k < l->p->ninstructions && x->ncontradicts > 0; k++) {
		const struct ac_instruction *y = &l->p->instructions[k];
		if (says_so(x, y) && !ac_lint_allows(x, y->concept) && !ac_lint_allows(y, x->concept) &&
		    can_meet(l, x, y))
			ac_lint_add(l, AC_RULE_CONTRADICTS, ac_lint_at(&x->l), "contradicts line %.*s (%.*s)",
			    AC_FMT(y->l.id), AC_FMT(y->concept));
	}
}

/* What contradicts itself whether the file says so or not. */
static void
lint_pair(struct ac_lint *l, const struct ac_instruction *x, const struct ac_instruction *y)
{
	static const struct {
		enum ac_lint_rule rule;
		const char *banned, *advised;
	} pairs[] = {
#define X(rule, banned, advised) { AC_RULE_##rule, banned, advised },
#include "core/lint_pairs.def"
#undef X
	};

	if (x->kind != AC_RESTRICTION || y->kind != AC_CARE || says_so(x, y) || says_so(y, x))
		return;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (ac_streq_c(x->concept, pairs[i].banned) && ac_streq_c(y->concept, pairs[i].advised) &&
		    !ac_lint_allows(x, y->concept) && can_meet(l, x, y))
			ac_lint_add(l, pairs[i].rule, ac_lint_at(&x->l),
			    "line %.*s advises what this one forbids: which part of it is the exception?",
			    AC_FMT(y->l.id));
}

struct concept {
	const struct ac_line *line;
	struct ac_str concept;
};

static void
lint_concept(struct ac_lint *l, const struct concept *v, size_t at)
{
	for (size_t i = 0; i < at && v[at].concept.n > 0; i++) {
		const struct ac_condition *both[] = { v[i].line->when, v[at].line->when };
		if (!ac_streq(v[i].concept, v[at].concept) || !ac_lint_can_meet(l, both, 2, NULL, NULL))
			continue;
		ac_lint_add(l, AC_RULE_CONCEPT, ac_lint_at(v[at].line),
		    "the concept %.*s stands already on line %.*s, and both can hold", AC_FMT(v[at].concept),
		    AC_FMT(v[i].line->id));
		return;
	}
}

static void
lint_concepts(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;
	struct concept *v = ac_new(l->a, struct concept, p->ninstructions + p->ntasks);

	for (size_t i = 0; i < p->ninstructions; i++) {
		v[i] = (struct concept){ &p->instructions[i].l, p->instructions[i].concept };
		lint_concept(l, v, i);
	}
	for (size_t i = 0; i < p->ntasks; i++) {
		v[i] = (struct concept){ &p->tasks[i].l, p->tasks[i].concept };
		lint_concept(l, v, i);
	}
}

static const struct ac_instruction *
of_concept(const struct ac_protocol *p, enum ac_instruction_kind kind, const char *concept)
{
	for (size_t i = 0; i < p->ninstructions; i++)
		if (p->instructions[i].kind == kind && ac_streq_c(p->instructions[i].concept, concept))
			return &p->instructions[i];
	return NULL;
}

/* A ban of the hot one only, and nothing that says what else holds. */
static void
lint_shower(struct ac_lint *l)
{
	const struct ac_instruction *hot = of_concept(l->p, AC_RESTRICTION, "hot-shower");

	if (hot != NULL && hot->nexcept == 0 && of_concept(l->p, AC_CARE, "lukewarm-shower") == NULL &&
	    of_concept(l->p, AC_RESTRICTION, "shower") == NULL)
		ac_lint_add(l, AC_RULE_SHOWER, ac_lint_at(&hot->l),
		    "from when is a lukewarm shower allowed? only the hot one is named");
}

static void
lint_sun(struct ac_lint *l)
{
	static const char *const after[] = { "sunscreen", "sun-protection" };
	const struct ac_instruction *ban = of_concept(l->p, AC_RESTRICTION, "sun-exposure");
	int64_t from, until, start, end;

	if (ban == NULL)
		return;
	ac_lint_span(ban, &from, &until);
	for (size_t i = 0; i < 2; i++) {
		const struct ac_instruction *care = of_concept(l->p, AC_CARE, after[i]);
		if (care == NULL)
			continue;
		ac_lint_span(care, &start, &end);
		if (start > until)
			ac_lint_add(l, AC_RULE_SUN, ac_lint_at(&care->l),
			    "it begins after line %.*s ended: what protects in between?", AC_FMT(ban->l.id));
	}
}

static bool
is_same_trigger(const struct ac_trigger *x, const struct ac_trigger *y)
{
	return x->kind == y->kind && ac_streq(x->system, y->system) && ac_streq(x->code, y->code);
}

static void
lint_overlap(struct ac_lint *l, const struct ac_protocol *other)
{
	for (size_t i = 0; i < l->p->ntriggers; i++) {
		for (size_t k = 0; k < other->ntriggers; k++) {
			const struct ac_trigger *t = &l->p->triggers[i], *u = &other->triggers[k];
			const struct ac_condition *both[] = { t->when, u->when };
			if (!is_same_trigger(t, u) || !ac_lint_can_meet(l, both, 2, NULL, other))
				continue;
			ac_lint_add(l, AC_RULE_OVERLAP, (struct ac_lint_place){ t->line, t->col, { 0 } },
			    "the active protocol %.*s has this trigger too: both join the plan",
			    AC_FMT(other->id));
			break;
		}
	}
}

void
ac_lint_conflicts(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;

	for (size_t i = 0; i < p->ninstructions; i++) {
		lint_contradictions(l, &p->instructions[i]);
		for (size_t k = 0; k < p->ninstructions; k++)
			lint_pair(l, &p->instructions[i], &p->instructions[k]);
	}
	lint_concepts(l);
	lint_shower(l);
	lint_sun(l);
	for (size_t i = 0; i < l->beside->nothers; i++)
		if (!ac_streq(l->beside->others[i]->id, p->id))
			lint_overlap(l, l->beside->others[i]);
}
