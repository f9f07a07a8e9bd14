/*
 * merge.c - several protocols and procedures, one plan: the same concept stands once, with the strictest window.
 *
 * Rules   instants are compared, never offsets. A restriction lasts from the earliest start to the latest end; a
 *         permission begins at the latest start. What a certain line asks for is certain, even if an assumed one asks
 *         for the same. Contradictions are found and shown, never resolved.
 *         Every choice is the extreme of a total order, so the order of protocols and procedures does not matter.
 */
#include <stdlib.h>

#include "core/plan_parts.h"

bool
ac_kind_is_ban(enum ac_instruction_kind k)
{
	return k == AC_RESTRICTION || k == AC_WARNING;
}

/* > 0: x reaches further. `later`: the later bound is the stricter. */
static int
cmp_bound(int64_t x, int64_t y, bool later)
{
	return later ? ac_cmp_i64(x, y) : ac_cmp_i64(y, x);
}

static void
merge_bound(struct ac_bound *into, const struct ac_bound *other, int c, struct ac_arena *a)
{
	if (c > 0)
		return;
	if (c < 0) {
		*into = *other;
	} else if (into->assumed && other->assumed) {
		ac_paths_add(a, &into->paths, &other->paths);
	} else {
		into->assumed = false;
		into->paths = (struct ac_missing){ 0 };
	}
}

/* > 0: x is the stricter line, whose text is shown. */
static int
cmp_strict(const struct ac_raw_line *x, const struct ac_raw_line *y)
{
	bool ban = ac_kind_is_ban(x->def->kind);
	int from = cmp_bound(x->own_from, y->own_from, !ban);
	int until = cmp_bound(ac_end_or_never(x->own_until), ac_end_or_never(y->own_until), true);
	int c = ban ? until : from;

	if (c == 0)
		c = ban ? from : until;
	if (c == 0)
		c = (int)y->own_assumed - (int)x->own_assumed;
	if (c == 0 && x->def->nexcept != y->def->nexcept) /* who allows less */
		c = x->def->nexcept < y->def->nexcept ? 1 : -1;
	if (c == 0 && x->order != y->order)
		c = x->order < y->order ? 1 : -1;
	if (c == 0 && x->treatment != y->treatment)
		c = x->treatment < y->treatment ? 1 : -1;
	return c;
}

static bool
has_def(const struct ac_raw_line *l, const struct ac_instruction *def)
{
	if (l->def == def)
		return true;
	for (size_t i = 0; i < l->nmerged; i++)
		if (l->merged[i] == def)
			return true;
	return false;
}

/* Everything that stands behind the two but the one that is shown. */
static void
merge_defs(
    struct ac_raw_line *into, const struct ac_raw_line *x, const struct ac_raw_line *y, struct ac_arena *a)
{
	const struct ac_raw_line *both[] = { x, y };
	const struct ac_instruction **all =
	    ac_new(a, const struct ac_instruction *, x->nmerged + y->nmerged + 1);
	size_t n = 0;

	into->merged = all;
	into->nmerged = 0;
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k <= both[i]->nmerged; k++) {
			const struct ac_instruction *def = k == 0 ? both[i]->def : both[i]->merged[k - 1];
			if (!has_def(into, def)) {
				all[n++] = def;
				into->nmerged = n;
			}
		}
	}
}

void
ac_merge_into(struct ac_raw_line *into, const struct ac_raw_line *other, struct ac_arena *a)
{
	bool ban = ac_kind_is_ban(into->def->kind);
	bool other_shown = cmp_strict(into, other) < 0;
	struct ac_raw_line merged = other_shown ? *other : *into;

	merged.from = into->from;
	merged.until = into->until;
	merge_bound(&merged.from, &other->from, cmp_bound(into->from.t, other->from.t, !ban), a);
	merge_bound(&merged.until, &other->until,
	    cmp_bound(ac_end_or_never(into->until.t), ac_end_or_never(other->until.t), true), a);
	if (into->def != other->def || into->nmerged + other->nmerged > 0)
		merge_defs(&merged, into, other, a);
	*into = merged;
}

static int
by_concept(const void *px, const void *py)
{
	const struct ac_raw_line *x = px, *y = py;

	if (x->def->kind != y->def->kind)
		return x->def->kind < y->def->kind ? -1 : 1;
	int c = ac_str_cmp(x->def->concept, y->def->concept);
	return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

static bool
same_concept(const struct ac_raw_line *x, const struct ac_raw_line *y)
{
	return x->def->kind == y->def->kind && ac_str_is_set(x->def->concept) &&
	       ac_streq(x->def->concept, y->def->concept);
}

/* Restrictions by end, then care, information and warnings as their protocols have them. */
static int
by_place(const void *px, const void *py)
{
	const struct ac_raw_line *x = px, *y = py;
	int c = 0;

	if (x->def->kind != y->def->kind)
		return x->def->kind < y->def->kind ? -1 : 1;
	if (x->def->kind == AC_RESTRICTION)
		c = ac_cmp_i64(ac_end_or_never(x->until.t), ac_end_or_never(y->until.t));
	return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

static bool
lists(const struct ac_str *v, size_t n, struct ac_str concept)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(v[i], concept))
			return true;
	return false;
}

static bool
excepts(const struct ac_instruction *def, struct ac_str concept)
{
	for (size_t i = 0; i < def->nexcept; i++)
		if (ac_str_is_set(concept) && ac_streq(def->except[i].concept, concept))
			return true;
	return false;
}

/* One asks for what the other speaks against. Two restrictions can only add up. */
static bool
speaks_against(const struct ac_plan_line *a, const struct ac_plan_line *b)
{
	enum ac_instruction_kind kb = b->def->kind;
	bool is_advice = kb == AC_CARE || kb == AC_INFORMATION;
	struct ac_str concept = b->def->concept;

	if (!ac_str_is_set(concept) ||
	    !(is_advice || (kb == AC_RESTRICTION && !ac_kind_is_ban(a->def->kind))))
		return false;
	for (size_t i = 0; i <= a->nmerged; i++) {
		const struct ac_instruction *def = i == 0 ? a->def : a->merged[i - 1];
		if (lists(def->contradicts, def->ncontradicts, concept) && !excepts(def, concept))
			return true;
	}
	/* another protocol advises the very thing that this one forbids */
	return a->def->kind == AC_RESTRICTION && is_advice && a->protocol != b->protocol &&
	       ac_streq(a->def->concept, concept) && !excepts(a->def, concept);
}

static bool
overlap(const struct ac_plan_line *a, const struct ac_plan_line *b)
{
	return a->from < ac_end_or_never(b->until) && b->from < ac_end_or_never(a->until);
}

bool
ac_lines_contradict(const struct ac_plan_line *a, const struct ac_plan_line *b)
{
	return overlap(a, b) && (speaks_against(a, b) || speaks_against(b, a));
}

static void
find_contradictions(struct ac_plan_work *w)
{
	AC_VEC(struct ac_contradiction) found = { 0 };
	const struct ac_plan *p = w->p;

	for (size_t i = 0; i < p->nlines; i++) {
		for (size_t k = i + 1; k < p->nlines; k++) {
			const struct ac_plan_line *a = &p->lines[i], *b = &p->lines[k];
			if (ac_lines_contradict(a, b))
				AC_PUSH(
				    w->a, &found, ((struct ac_contradiction){ a, b, "MERGE-CONTRADICTS" }));
		}
	}
	w->p->contradictions = found.v;
	w->p->ncontradictions = found.n;
}

struct ac_plan_line
ac_line_finished(const struct ac_raw_line *l, struct ac_arena *a)
{
	struct ac_missing paths = { 0 };

	if (l->from.assumed)
		ac_paths_add(a, &paths, &l->from.paths);
	if (l->until.assumed)
		ac_paths_add(a, &paths, &l->until.paths);
	return (struct ac_plan_line){
		.def = l->def,
		.protocol = l->protocol,
		.treatment = l->treatment,
		.from = l->from.t,
		.until = l->until.t,
		.until_offset = l->until.offset,
		.assumed = l->from.assumed || l->until.assumed,
		.assumed_paths = paths.v,
		.nassumed = paths.n,
		.merged = l->merged,
		.nmerged = l->nmerged,
		.kept_from = l->kept_from,
		.would_end = l->would_end,
		.key = ac_strf(a, "%.*s/%.*s", AC_FMT(l->protocol->id), AC_FMT(l->def->l.id)),
		.other = l->other,
		.without_other = l->without_other,
		.window_by = l->window_by,
		.text_by = l->text_by,
		.added_by = l->added_by,
		.original = l->original != NULL ? l->original : l->def,
		.original_from = l->original_from.t,
		.original_until = l->original_until.t,
		.original_offset = l->original_until.offset,
	};
}

static size_t
merge_concepts(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw)
{
	size_t n = 0;

	if (nraw > 0)
		qsort(raw, nraw, sizeof(*raw), by_concept);
	for (size_t i = 0; i < nraw; i++) {
		if (n > 0 && same_concept(&raw[n - 1], &raw[i]))
			ac_merge_into(&raw[n - 1], &raw[i], w->a);
		else
			raw[n++] = raw[i];
	}
	return n;
}

void
ac_merge(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw)
{
	size_t n;

	nraw = ac_keep_gone(w, raw, nraw);
	n = merge_concepts(w, raw, nraw);
	if (w->in->overrides.n > 0) { /* on the lines that a clinician saw; then what was added meets what is left */
		n = ac_override_added(w, raw, n);
		n = ac_override_apply(w, raw, n);
		n = merge_concepts(w, raw, n);
	}
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		ac_others_ends(w, &raw[i]);
		ac_keep_end(w, &raw[i]);
	}
	qsort(raw, n, sizeof(*raw), by_place);

	w->p->lines = ac_new(w->a, struct ac_plan_line, n);
	w->p->nlines = n;
	for (size_t i = 0; i < n; i++)
		w->p->lines[i] = ac_line_finished(&raw[i], w->a);
	find_contradictions(w);
	ac_others_contradictions(w);
}
