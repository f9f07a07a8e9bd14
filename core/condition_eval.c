/* condition_eval.c - what a condition says of an encounter: XPath 1.0 where all is known, Kleene's logic elsewhere. */
#include <math.h>

#include "core/condition_tree.h"

struct evaluation {
	const struct ac_facts *facts;
	struct ac_arena *a;
	struct ac_missing *missing;
};

static void
miss(struct evaluation *v, struct ac_str path)
{
	struct ac_missing *m = v->missing;

	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		if (ac_streq(m->v[i], path))
			return;
	AC_PUSH(v->a, m, path);
}

static enum ac_truth
truth(bool b)
{
	return b ? AC_TRUE : AC_FALSE;
}

static bool
compare_numbers(enum ac_cond_kind op, double l, double r)
{
	if (op == AC_COND_EQ)
		return l == r;
	if (op == AC_COND_NE)
		return l != r; /* also when one is no number, as in XPath */
	if (op == AC_COND_LT)
		return l < r;
	if (op == AC_COND_LE)
		return l <= r;
	if (op == AC_COND_GT)
		return l > r;
	return l >= r;
}

/* One side of a comparison: items of text, or one number. */
struct side {
	struct ac_value v;
	bool is_number, is_list;
	double number;
	struct ac_str literal;
};

static struct side
read_side(struct evaluation *v, const struct ac_cond_node *n)
{
	struct side s = { .v = { .known = true } };

	if (n->kind == AC_COND_NUMBER) {
		s.is_number = true;
		s.number = n->number;
	} else if (n->kind == AC_COND_STRING) {
		s.literal = n->text;
	} else {
		s.v = ac_facts_get(v->facts, n->text);
		s.is_number = n->kind == AC_COND_COUNT;
		s.is_list = n->kind == AC_COND_PATH;
		s.number = (double)s.v.items.n;
	}
	return s;
}

static size_t
side_count(const struct side *s)
{
	return s->is_list ? s->v.items.n : 1;
}

/* A missing member of an item decides nothing: unknown, unless another item fits. */
static enum ac_truth
compare_items(enum ac_cond_kind op, const struct side *l, size_t i, const struct side *r, size_t k)
{
	struct ac_str ls = l->is_list ? l->v.items.v[i] : l->literal;
	struct ac_str rs = r->is_list ? r->v.items.v[k] : r->literal;

	if ((l->is_list && !ac_str_is_set(ls)) || (r->is_list && !ac_str_is_set(rs)))
		return AC_UNKNOWN;
	if (!l->is_number && !r->is_number && (op == AC_COND_EQ || op == AC_COND_NE))
		return truth(ac_streq(ls, rs) == (op == AC_COND_EQ));
	return truth(compare_numbers(op, l->is_number ? l->number : ac_cond_number(ls),
	    r->is_number ? r->number : ac_cond_number(rs)));
}

/* count() of a list that nobody reviewed is `n` or more. */
static enum ac_truth
compare_at_least(enum ac_cond_kind op, double n, double k)
{
	if (op == AC_COND_GT || op == AC_COND_GE)
		return compare_numbers(op, n, k) ? AC_TRUE : AC_UNKNOWN;
	if (op == AC_COND_LT || op == AC_COND_LE)
		return compare_numbers(op, n, k) ? AC_UNKNOWN : AC_FALSE;
	if (n > k)
		return truth(op == AC_COND_NE);
	return AC_UNKNOWN;
}

static enum ac_cond_kind
turned(enum ac_cond_kind op)
{
	if (op == AC_COND_LT)
		return AC_COND_GT;
	if (op == AC_COND_LE)
		return AC_COND_GE;
	if (op == AC_COND_GT)
		return AC_COND_LT;
	if (op == AC_COND_GE)
		return AC_COND_LE;
	return op;
}

static bool
is_none(const struct side *s)
{
	return s->is_list && s->v.known && !s->v.partial && s->v.items.n == 0;
}

static enum ac_truth
compare_sides(enum ac_cond_kind op, const struct side *l, const struct side *r)
{
	enum ac_truth t = AC_FALSE;

	if (is_none(l) || is_none(r))
		return AC_FALSE; /* no item can fit, whatever the other side is */
	if (!l->v.known || !r->v.known)
		return AC_UNKNOWN;
	/* an open count against one fixed number; against anything else it stays open */
	bool l_open = l->is_number && l->v.partial, r_open = r->is_number && r->v.partial;
	if (l_open || r_open) {
		const struct side *open = l_open ? l : r, *other = l_open ? r : l;
		if ((l_open && r_open) || other->is_list)
			return AC_UNKNOWN;
		double k = other->is_number ? other->number : ac_cond_number(other->literal);
		return compare_at_least(l_open ? op : turned(op), open->number, k);
	}
	for (size_t i = 0; i < side_count(l); i++)
		for (size_t k = 0; k < side_count(r); k++) {
			enum ac_truth one = compare_items(op, l, i, r, k);
			if (one == AC_TRUE)
				return AC_TRUE;
			if (one == AC_UNKNOWN)
				t = AC_UNKNOWN;
		}
	return l->v.partial || r->v.partial ? AC_UNKNOWN : t;
}

static bool
is_open(const struct side *s)
{
	if (!s->v.known || s->v.partial)
		return true;
	for (size_t i = 0; s->is_list && i < s->v.items.n; i++)
		if (!ac_str_is_set(s->v.items.v[i]))
			return true;
	return false;
}

static enum ac_truth
compare(struct evaluation *v, const struct ac_cond_node *n)
{
	struct side l = read_side(v, n->left), r = read_side(v, n->right);
	enum ac_truth t = compare_sides(n->kind, &l, &r);

	if (t == AC_UNKNOWN && is_open(&l))
		miss(v, n->left->text);
	if (t == AC_UNKNOWN && is_open(&r))
		miss(v, n->right->text);
	return t;
}

static enum ac_truth
eval(struct evaluation *v, const struct ac_cond_node *n)
{
	size_t mark = v->missing == NULL ? 0 : v->missing->n;
	enum ac_truth l, r, decides;

	if (ac_cond_is_comparison(n->kind))
		return compare(v, n);
	if (n->kind == AC_COND_CONST)
		return truth(n->value);
	l = eval(v, n->left);
	if (n->kind == AC_COND_NOT)
		return l == AC_UNKNOWN ? l : truth(l == AC_FALSE);
	r = eval(v, n->right);
	decides = n->kind == AC_COND_OR ? AC_TRUE : AC_FALSE;
	if (l == decides || r == decides) {
		if (v->missing != NULL)
			v->missing->n = mark; /* what one side left open does not matter any more */
		return decides;
	}
	return l == AC_UNKNOWN || r == AC_UNKNOWN ? AC_UNKNOWN : truth(decides == AC_FALSE);
}

enum ac_truth
ac_condition_eval(const struct ac_condition *c, const struct ac_facts *facts, struct ac_arena *a,
    struct ac_missing *missing)
{
	struct evaluation v = { facts, a, missing };

	return eval(&v, c->root);
}

static void
walk(const struct ac_cond_node *n, void (*fn)(struct ac_str path, void *arg), void *arg)
{
	if (n == NULL)
		return;
	if (n->kind == AC_COND_PATH || n->kind == AC_COND_COUNT)
		fn(n->text, arg);
	walk(n->left, fn, arg);
	walk(n->right, fn, arg);
}

void
ac_condition_paths(const struct ac_condition *c, void (*fn)(struct ac_str path, void *arg), void *arg)
{
	walk(c->root, fn, arg);
}
