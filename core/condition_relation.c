/* condition_relation.c - two conditions held against each other in every world that they tell apart. */
#include "core/condition_tree.h"
#include "core/condition_worlds.h"

static bool
is_same_node(const struct ac_cond_node *x, const struct ac_cond_node *y)
{
	if (x == NULL || y == NULL)
		return x == y;
	if (x->kind != y->kind)
		return false;
	if (x->kind == AC_COND_NUMBER)
		return x->number >= y->number && x->number <= y->number;
	return x->value == y->value && ac_streq(x->text, y->text) && is_same_node(x->left, y->left) &&
	       is_same_node(x->right, y->right);
}

bool
ac_condition_is_same_tree(const struct ac_condition *x, const struct ac_condition *y)
{
	if (x == NULL || y == NULL)
		return x == y;
	return is_same_node(x->root, y->root);
}

struct found {
	bool gains, loses, differs;
};

static enum ac_relation
relation_of(const struct found *declared, const struct found *all)
{
	if (declared->gains || declared->loses)
		return !declared->loses ? AC_REL_WIDER : !declared->gains ? AC_REL_NARROWER : AC_REL_OTHER;
	if (declared->differs)
		return AC_REL_ASSUMES;
	return all->gains || all->loses || all->differs ? AC_REL_UNUSUAL : AC_REL_SAME;
}

static bool
holds(enum ac_truth t, bool unknown_holds)
{
	return t == AC_TRUE || (t == AC_UNKNOWN && unknown_holds);
}

enum ac_relation
ac_condition_relation(const struct ac_condition *before, const struct ac_condition *after,
    const struct ac_world_names *names, bool unknown_holds, size_t *left, struct ac_arena *a)
{
	const struct ac_condition *both[] = { before, after };
	struct found declared = { 0 }, all = { 0 };
	bool is_declared;

	if (ac_condition_is_same_tree(before, after))
		return AC_REL_SAME;
	struct ac_worlds *w = ac_worlds_make(both, 2, names, left, a);
	if (w == NULL)
		return AC_REL_UNDECIDED;
	while (ac_worlds_next(w, &is_declared)) {
		uint32_t b_missing, a_missing;
		enum ac_truth b = ac_worlds_eval(w, before, &b_missing),
			      n = ac_worlds_eval(w, after, &a_missing);
		bool was = holds(b, unknown_holds), is = holds(n, unknown_holds);
		struct found one = { !was && is, was && !is, b != n || b_missing != a_missing };
		all.gains |= one.gains;
		all.loses |= one.loses;
		all.differs |= one.differs;
		declared.gains |= is_declared && one.gains;
		declared.loses |= is_declared && one.loses;
		declared.differs |= is_declared && one.differs;
	}
	return relation_of(&declared, &all);
}
