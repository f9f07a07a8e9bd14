/* condition_worlds.c - the worlds that conditions can tell apart: which values stand for all, and the walk through them. */
#include "core/condition_worlds_parts.h"

#include <math.h>

static struct ac_world_path *
path_of(struct ac_worlds *w, const struct ac_cond_node *n)
{
	for (size_t i = 0; i < w->npaths; i++)
		if (ac_streq(w->paths[i].path, n->text))
			return &w->paths[i];
	if (w->npaths == AC_WORLD_PATHS_MAX) {
		w->is_over_limit = true;
		return &w->paths[0];
	}
	struct ac_world_path *p = &w->paths[w->npaths];
	*p = (struct ac_world_path){ .path = n->text, .vocab = n->vocab, .component = w->npaths };
	w->npaths++;
	return p;
}

static void
join(struct ac_worlds *w, const struct ac_world_path *x, const struct ac_world_path *y)
{
	size_t from = y->component, to = x->component;

	for (size_t i = 0; i < w->npaths; i++)
		if (w->paths[i].component == from)
			w->paths[i].component = to;
}

static void
compare_with_literal(
    struct ac_worlds *w, struct ac_world_path *p, enum ac_cond_kind op, const struct ac_cond_node *literal)
{
	bool is_order = op >= AC_COND_LT;

	if (literal->kind == AC_COND_STRING)
		ac_world_text(w, &p->texts, literal->text);
	if (literal->kind != AC_COND_NUMBER && !is_order)
		return;
	p->is_numeric = true;
	if (!isnan(literal->number))
		ac_world_number(w, p, literal->number);
}

static void
count_against(struct ac_worlds *w, struct ac_world_path *p, const struct ac_cond_node *other)
{
	p->is_counted = true;
	if (other->kind == AC_COND_PATH || other->kind == AC_COND_COUNT || other->number > AC_WORLD_COUNT_MAX)
		w->is_over_limit = true;
	else if (other->number >= 0 && (size_t)other->number + 1 > p->count_max)
		p->count_max = (size_t)other->number + 1;
}

static void
read_side(struct ac_worlds *w, enum ac_cond_kind op, const struct ac_cond_node *mine,
    const struct ac_cond_node *other)
{
	if (mine->kind == AC_COND_COUNT) {
		count_against(w, path_of(w, mine), other);
	} else if (mine->kind == AC_COND_PATH && other->kind == AC_COND_PATH) {
		struct ac_world_path *x = path_of(w, mine), *y = path_of(w, other);
		x->is_numeric |= op >= AC_COND_LT;
		join(w, x, y);
	} else if (mine->kind == AC_COND_PATH && other->kind != AC_COND_COUNT) {
		compare_with_literal(w, path_of(w, mine), op, other);
	}
}

static void
read_node(struct ac_worlds *w, const struct ac_cond_node *n)
{
	if (n == NULL)
		return;
	if (ac_cond_is_comparison(n->kind)) {
		AC_PUSH(w->a, &w->comparisons, n);
		read_side(w, n->kind, n->left, n->right);
		read_side(w, n->kind, n->right, n->left);
		return;
	}
	read_node(w, n->left);
	read_node(w, n->right);
}

static void
take(size_t *left, size_t n)
{
	*left -= n < *left ? n : *left;
}

struct ac_worlds *
ac_worlds_make(const struct ac_condition *const *conditions, size_t n, const struct ac_world_names *names,
    size_t *left, struct ac_arena *a)
{
	if (*left == 0)
		return NULL;
	struct ac_worlds *w = ac_new(a, struct ac_worlds, 1);
	size_t max = *left < AC_WORLDS_MAX ? *left : AC_WORLDS_MAX;

	w->a = a;
	w->names = names;
	w->count = 1;
	w->facts = ac_facts_none(a);
	for (size_t i = 0; i < n; i++)
		read_node(w, conditions[i] == NULL ? NULL : conditions[i]->root);
	ac_world_share(w);
	for (size_t i = 0; i < w->npaths && !w->is_over_limit; i++) {
		struct ac_world_path *p = &w->paths[i];
		ac_world_make_items(w, p);
		ac_world_make_states(w, p);
		take(left, p->states.n);
		if (w->is_over_limit)
			break;
		ac_world_thin_out(w, p);
		w->is_over_limit = w->count > max / p->states.n;
		w->count *= p->states.n;
	}
	if (w->is_over_limit)
		return NULL;
	take(left, w->count);
	for (size_t i = 0; i < w->npaths; i++)
		ac_facts_suppose(w->facts, w->paths[i].path, w->paths[i].states.v[0].v);
	return w;
}

bool
ac_worlds_next(struct ac_worlds *w, bool *ret_is_declared)
{
	bool carry = w->has_begun;

	w->has_begun = true;
	for (size_t i = 0; i < w->npaths && carry; i++) {
		struct ac_world_path *p = &w->paths[i];
		carry = ++p->at == p->states.n;
		if (carry)
			p->at = 0;
		ac_facts_suppose(w->facts, p->path, p->states.v[p->at].v);
	}
	*ret_is_declared = true;
	for (size_t i = 0; i < w->npaths; i++)
		*ret_is_declared &= w->paths[i].states.v[w->paths[i].at].is_declared;
	return !carry;
}

enum ac_truth
ac_worlds_eval(struct ac_worlds *w, const struct ac_condition *c, uint32_t *ret_missing)
{
	*ret_missing = 0;
	if (c == NULL)
		return AC_TRUE;
	w->missing.n = 0;
	enum ac_truth t = ac_condition_eval(c, w->facts, w->a, &w->missing);
	for (size_t m = 0; t == AC_UNKNOWN && m < w->missing.n; m++)
		for (size_t i = 0; i < w->npaths; i++)
			if (ac_streq(w->paths[i].path, w->missing.v[m]))
				*ret_missing |= UINT32_C(1) << i;
	return t;
}
