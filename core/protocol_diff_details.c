/* protocol_diff_details.c - lists inside a line: reasons and exceptions of an instruction, questions and rules of a check-in. */
#include "core/protocol_diff_parts.h"

static struct ac_str
english(struct ac_texts t)
{
	return ac_text_pick(t, AC_S("en"), NULL);
}

static struct ac_str
why_key(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_why *)item)->source;
}

void
pd_whys(struct pd *d, const struct pd_line *l, const struct ac_instruction *b, const struct ac_instruction *n)
{
	struct pd_list list = { b->why, n->why, b->nwhy, n->nwhy, sizeof(*n->why), why_key };
	struct pd_pairs p = pd_match(d, &list);
	bool moved = false;

	pd_find_moved(d, &p);
	for (size_t i = 0; i < p.nafter; i++) {
		const struct ac_why *now = &n->why[i],
				    *was = p.of_after[i] < 0 ? NULL : &b->why[p.of_after[i]];
		moved |= p.moved[i];
		if (was == NULL) {
			pd_add(d, l, AC_CHANGE_NEW, AC_S("why"))->after = english(now->text);
			continue;
		}
		pd_texts(d, l, "why", was->text, now->text);
		pd_value(d, l, "evidence", was->evidence, now->evidence, AC_STRENGTH_NONE);
		pd_value(d, l, "source", was->source, now->source, AC_STRENGTH_NONE);
	}
	for (size_t i = 0; i < p.nbefore; i++)
		if (p.of_before[i] < 0)
			pd_add(d, l, AC_CHANGE_GONE, AC_S("why"))->before = english(b->why[i].text);
	if (moved)
		pd_add(d, l, AC_CHANGE_MOVED, AC_S("why"));
}

static struct ac_str
except_key(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_except *)item)->concept;
}

static struct ac_str
except_part(struct pd *d, const struct ac_except *x)
{
	return ac_strf(d->a, "except%s%.*s", x->concept.n > 0 ? " " : "", AC_FMT(x->concept));
}

void
pd_excepts(
    struct pd *d, const struct pd_line *l, const struct ac_instruction *b, const struct ac_instruction *n)
{
	struct pd_list list = { b->except, n->except, b->nexcept, n->nexcept, sizeof(*n->except),
		except_key };
	struct pd_pairs p = pd_match(d, &list);
	bool moved = false;

	pd_find_moved(d, &p);
	for (size_t i = 0; i < p.nafter; i++) {
		const struct ac_except *now = &n->except[i],
				       *was = p.of_after[i] < 0 ? NULL : &b->except[p.of_after[i]];
		moved |= p.moved[i];
		if (was != NULL) {
			pd_texts(d, l, ac_cstr(d->a, except_part(d, now)), was->text, now->text);
			continue;
		}
		struct ac_change *c = pd_add(d, l, AC_CHANGE_NEW, except_part(d, now));
		c->after = english(now->text);
		c->strength = pd_opposite(l->more);
	}
	for (size_t i = 0; i < p.nbefore; i++) {
		if (p.of_before[i] >= 0)
			continue;
		struct ac_change *c = pd_add(d, l, AC_CHANGE_GONE, except_part(d, &b->except[i]));
		c->before = english(b->except[i].text);
		c->strength = l->more;
	}
	if (moved)
		pd_add(d, l, AC_CHANGE_MOVED, AC_S("except"));
}

static struct ac_str
question_key(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_question *)item)->id;
}

void
pd_questions(struct pd *d, const struct pd_line *l, const struct ac_check_in *b, const struct ac_check_in *n)
{
	struct pd_list list = { b->questions, n->questions, b->nquestions, n->nquestions,
		sizeof(*n->questions), question_key };
	struct pd_pairs p = pd_match(d, &list);
	bool moved = false;

	pd_find_moved(d, &p);
	for (size_t i = 0; i < p.nafter; i++) {
		const struct ac_question *now = &n->questions[i],
					 *was = p.of_after[i] < 0 ? NULL : &b->questions[p.of_after[i]];
		const char *id = ac_cstr(d->a, ac_strf(d->a, "question %.*s", AC_FMT(now->id)));
		moved |= p.moved[i];
		if (was == NULL) {
			struct ac_change *c = pd_add(d, l, AC_CHANGE_NEW, ac_str_c(id));
			c->after = english(now->text);
			c->strength = AC_STRENGTH_STRONGER;
			continue;
		}
		pd_texts(d, l, id, was->text, now->text);
		pd_value(d, l, ac_cstr(d->a, ac_strf(d->a, "%s type", id)), was->type, now->type,
		    AC_STRENGTH_NONE);
		pd_value(d, l, ac_cstr(d->a, ac_strf(d->a, "%s seed", id)), was->seed, now->seed,
		    AC_STRENGTH_NONE);
		pd_values(d, l, was->values, was->nvalues, now->values, now->nvalues);
	}
	for (size_t i = 0; i < p.nbefore; i++) {
		if (p.of_before[i] >= 0)
			continue;
		struct ac_change *c =
		    pd_add(d, l, AC_CHANGE_GONE, ac_strf(d->a, "question %.*s", AC_FMT(b->questions[i].id)));
		c->before = english(b->questions[i].text);
		c->strength = AC_STRENGTH_WEAKER;
	}
	if (moved)
		pd_add(d, l, AC_CHANGE_MOVED, AC_S("questions"));
}

static struct ac_str
rule_key(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_triage_rule *)item)->outcome;
}

/* A rule whose condition holds for more: is that better care? */
static enum ac_strength
rule_strength(struct ac_str outcome)
{
	return ac_streq_c(outcome, "expected") ? AC_STRENGTH_WEAKER : AC_STRENGTH_STRONGER;
}

/* The k-th rule for an outcome stands for the k-th before. Their order says nothing more
 * to the triage (the gravest that holds decides), but names them: a rule that fired is on record by its number. */
void
pd_rules(struct pd *d, const struct pd_line *l, const struct ac_check_in *b, const struct ac_check_in *n)
{
	struct pd_list list = { b->rules, n->rules, b->nrules, n->nrules, sizeof(*n->rules), rule_key };
	struct pd_pairs p = pd_match(d, &list);
	bool moved = false;

	pd_find_moved(d, &p);
	for (size_t i = 0; i < p.nafter; i++) {
		const struct ac_triage_rule *now = &n->rules[i];
		struct ac_str part = ac_strf(d->a, "rule %.*s", AC_FMT(now->outcome));
		moved |= p.moved[i];
		if (p.of_after[i] >= 0) {
			pd_when(d, l, ac_cstr(d->a, part), b->rules[p.of_after[i]].when, now->when,
			    rule_strength(now->outcome));
			continue;
		}
		struct ac_change *c = pd_add(d, l, AC_CHANGE_NEW, part);
		c->after = pd_when_words(now->when);
		c->strength = rule_strength(now->outcome);
	}
	for (size_t i = 0; i < p.nbefore; i++) {
		if (p.of_before[i] >= 0)
			continue;
		struct ac_change *c =
		    pd_add(d, l, AC_CHANGE_GONE, ac_strf(d->a, "rule %.*s", AC_FMT(b->rules[i].outcome)));
		c->before = pd_when_words(b->rules[i].when);
		c->strength = pd_opposite(rule_strength(b->rules[i].outcome));
	}
	if (moved)
		pd_add(d, l, AC_CHANGE_MOVED, AC_S("rules"));
}
