/*
 * protocol_diff_windows.c - the windows of one instruction: the first whose condition holds counts, so that their
 * conditions and their order mean something together only.
 */
#include "core/protocol_diff_parts.h"

struct windows {
	struct pd *d;
	const struct pd_line *l;
	const struct ac_instruction *b, *n;
	int *of_before, *of_after;
	bool same_order;
};

struct ac_str
pd_window_words(struct ac_arena *a, const struct ac_window *w)
{
	struct ac_str from = ac_offset_str(a, w->from), until = ac_offset_str(a, w->until);

	return ac_strf(a, "%s%.*s%s%.*s", from.n > 0 ? "from " : "", AC_FMT(from), from.n > 0 ? " " : "",
	    AC_FMT(until.n > 0 ? ac_strf(a, "until %.*s", AC_FMT(until)) : AC_S("no end")));
}

static void
pair(struct windows *w, size_t b, size_t n)
{
	w->of_before[b] = (int)n;
	w->of_after[n] = (int)b;
}

static bool
same_times(const struct ac_window *x, const struct ac_window *y)
{
	return pd_offset_same(x->from, y->from) && pd_offset_same(x->until, y->until);
}

/* By the same condition, then by the same times, then what is left over in order. */
static void
match(struct windows *w)
{
	size_t nb = w->b->nwindows, na = w->n->nwindows;

	w->of_before = ac_new(w->d->a, int, nb);
	w->of_after = ac_new(w->d->a, int, na);
	for (size_t i = 0; i < nb; i++)
		w->of_before[i] = -1;
	for (size_t i = 0; i < na; i++)
		w->of_after[i] = -1;
	for (int step = 0; step < 4; step++)
		for (size_t n = 0; n < na; n++)
			for (size_t b = 0; b < nb && w->of_after[n] < 0; b++) {
				const struct ac_window *wb = &w->b->windows[b], *wn = &w->n->windows[n];
				bool tree = ac_condition_is_same_tree(wb->when, wn->when);
				bool fits = step == 0   ? tree && same_times(wb, wn)
					    : step == 1 ? tree
					    : step == 2 ? same_times(wb, wn)
							: true;
				if (w->of_before[b] < 0 && fits)
					pair(w, b, n);
			}
	w->same_order = true;
	for (size_t n = 0; n < na; n++)
		for (size_t m = 0; m < n; m++)
			if (w->of_after[n] >= 0 && w->of_after[m] > w->of_after[n])
				w->same_order = false;
}

/* Which windows may hold in this world, in order; partners have the same number. */
struct effect {
	int v[64];
	size_t n;
	bool assumed;
	uint32_t missing;
	const struct ac_window *last; /* ends last; NULL: none holds, so no end */
};
#define EFFECT_MAX (sizeof(((struct effect *)NULL)->v) / sizeof(int))

static void
take(struct effect *e, const struct ac_window *win, int number)
{
	int c = 0;

	e->v[e->n++] = number;
	if (e->n == 1)
		e->last = win;
	else if (win->until.kind == AC_OFFSET_NONE ||
		 (e->last->until.kind != AC_OFFSET_NONE && pd_offset_cmp(win->until, e->last->until, &c) &&
		     c > 0))
		e->last = win;
}

static struct effect
effect_of(struct ac_worlds *w, const struct ac_instruction *x, const int *numbers, int free_number)
{
	struct effect e = { 0 };

	for (size_t i = 0; i < x->nwindows && e.n < EFFECT_MAX; i++) {
		uint32_t missing;
		enum ac_truth t = ac_worlds_eval(w, x->windows[i].when, &missing);
		e.missing |= missing;
		e.assumed |= t == AC_UNKNOWN;
		if (t != AC_FALSE)
			take(&e, &x->windows[i], numbers[i] < 0 ? free_number - (int)i : numbers[i]);
		if (t == AC_TRUE)
			break;
	}
	return e;
}

static bool
same_effect(const struct effect *x, const struct effect *y)
{
	bool same = x->n == y->n && x->assumed == y->assumed && x->missing == y->missing;

	for (size_t i = 0; same && i < x->n; i++)
		same = x->v[i] == y->v[i];
	return same;
}

/* > 0: ends later in `n`; 0: at the same time, or nobody can say */
static int
cmp_end(const struct effect *b, const struct effect *n)
{
	bool b_none = b->last == NULL || b->last->until.kind == AC_OFFSET_NONE,
	     n_none = n->last == NULL || n->last->until.kind == AC_OFFSET_NONE;
	int c = 0;

	if (b_none || n_none)
		return (int)n_none - (int)b_none;
	return pd_offset_cmp(n->last->until, b->last->until, &c) ? c : 0;
}

struct total {
	bool is_known, same, later, earlier;
};

static struct total
compare_all(struct windows *w)
{
	size_t n = w->b->nwindows + w->n->nwindows, used = 0;
	const struct ac_condition **conditions = ac_new(w->d->a, const struct ac_condition *, n);
	int *own = ac_new(w->d->a, int, w->n->nwindows);
	struct total t = { .is_known = true, .same = true };
	bool is_declared;

	for (size_t i = 0; i < w->b->nwindows; i++)
		conditions[used++] = w->b->windows[i].when;
	for (size_t i = 0; i < w->n->nwindows; i++) {
		conditions[used++] = w->n->windows[i].when;
		own[i] = w->of_after[i] < 0 ? -1 : (int)i;
	}
	struct ac_worlds *worlds =
	    n > EFFECT_MAX ? NULL : ac_worlds_make(conditions, n, &w->d->names, &w->d->worlds_left, w->d->a);
	if (worlds == NULL)
		return (struct total){ .is_known = false };
	while (ac_worlds_next(worlds, &is_declared)) {
		struct effect b = effect_of(worlds, w->b, w->of_before, -1000);
		struct effect a = effect_of(worlds, w->n, own, -2000);
		int c = cmp_end(&b, &a);
		t.same &= same_effect(&b, &a);
		t.later |= is_declared && c > 0;
		t.earlier |= is_declared && c < 0;
	}
	return t;
}

static struct ac_str
window_part(struct windows *w, const char *part, const struct ac_window *win)
{
	if (win->when == NULL)
		return ac_str_c(part);
	return ac_strf(w->d->a, "%s when %.*s", part, AC_FMT(ac_condition_source(win->when)));
}

static void
window(struct windows *w, const struct ac_window *b, const struct ac_window *n)
{
	bool is_ban = w->n->kind == AC_RESTRICTION || w->n->kind == AC_WARNING,
	     is_information = w->n->kind == AC_INFORMATION;
	enum ac_strength later = is_information ? AC_STRENGTH_NONE : AC_STRENGTH_STRONGER;
	struct pd_line hidden = *w->l;

	pd_offset(w->d, w->l, ac_cstr(w->d->a, window_part(w, "from", n)), b->from, n->from, PD_NONE_IS_FIRST,
	    is_ban ? pd_opposite(later) : later);
	pd_offset(w->d, w->l, ac_cstr(w->d->a, window_part(w, "until", n)), b->until, n->until,
	    PD_NONE_IS_LAST, later);
	hidden.visible = false;
	pd_range(w->d, &hidden, ac_cstr(w->d->a, window_part(w, "range", n)),
	    (struct ac_offset[2]){ b->range_min, b->range_max },
	    (struct ac_offset[2]){ n->range_min, n->range_max });
}

static void
new_and_gone(struct windows *w, enum ac_strength strength)
{
	for (size_t i = 0; i < w->n->nwindows; i++) {
		if (w->of_after[i] >= 0)
			continue;
		struct ac_change *c =
		    pd_add(w->d, w->l, AC_CHANGE_NEW, window_part(w, "window", &w->n->windows[i]));
		c->after = pd_window_words(w->d->a, &w->n->windows[i]);
		c->strength = strength;
	}
	for (size_t i = 0; i < w->b->nwindows; i++) {
		if (w->of_before[i] >= 0)
			continue;
		struct ac_change *c =
		    pd_add(w->d, w->l, AC_CHANGE_GONE, window_part(w, "window", &w->b->windows[i]));
		c->before = pd_window_words(w->d->a, &w->b->windows[i]);
		c->strength = strength;
	}
}

static void
conditions(struct windows *w, enum ac_strength strength)
{
	for (size_t i = 0; i < w->n->nwindows; i++) {
		if (w->of_after[i] < 0)
			continue;
		const struct ac_window *b = &w->b->windows[w->of_after[i]], *n = &w->n->windows[i];
		enum ac_relation r = pd_relation(w->d, b->when, n->when);
		size_t rows = w->d->changes.n;
		pd_relation_row(w->d, w->l,
		    ac_strf(w->d->a, "window %.*s when", AC_FMT(pd_window_words(w->d->a, n))), r, b->when,
		    n->when, AC_STRENGTH_NONE);
		if (w->d->changes.n > rows)
			w->d->changes.v[rows].strength = strength;
	}
	if (w->same_order)
		return;
	struct ac_change *c = pd_add(w->d, w->l, AC_CHANGE_MOVED, AC_S("windows"));
	c->note = AC_S("the first that fits counts");
	c->strength = strength;
}

/* Whether the whole of them ends later or earlier decides the strength of what is not a time itself. */
void
pd_windows(
    struct pd *d, const struct pd_line *l, const struct ac_instruction *b, const struct ac_instruction *n)
{
	struct windows w = { .d = d, .l = l, .b = b, .n = n };
	enum ac_strength strength = AC_STRENGTH_NONE;
	bool same = b->nwindows == n->nwindows;

	match(&w);
	for (size_t i = 0; i < n->nwindows && same; i++)
		same = w.of_after[i] == (int)i &&
		       ac_condition_is_same_tree(b->windows[i].when, n->windows[i].when);
	struct total t = same ? (struct total){ .is_known = true, .same = true } : compare_all(&w);
	if (t.is_known && t.later != t.earlier && n->kind != AC_INFORMATION)
		strength = t.later ? AC_STRENGTH_STRONGER : AC_STRENGTH_WEAKER;
	for (size_t i = 0; i < n->nwindows; i++)
		if (w.of_after[i] >= 0)
			window(&w, &b->windows[w.of_after[i]], &n->windows[i]);
	new_and_gone(&w, strength);
	if (!t.is_known || !t.same)
		conditions(&w, strength);
}
