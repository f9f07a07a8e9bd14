/* condition_worlds_values.c - which values of a path stand for all that conditions can tell apart. */
#include <math.h>
#include <stdlib.h>

#include "core/condition_worlds_parts.h"

#define AGE_MAX 150 /* as core/facts reads it */

void
ac_world_text(struct ac_worlds *w, struct ac_world_strs *to, struct ac_str s)
{
	for (size_t i = 0; i < to->n; i++)
		if (ac_streq(to->v[i], s) && ac_str_is_set(to->v[i]) == ac_str_is_set(s))
			return;
	AC_PUSH(w->a, to, s);
}

void
ac_world_number(struct ac_worlds *w, struct ac_world_path *p, double d)
{
	for (size_t i = 0; i < p->numbers.n; i++)
		if (p->numbers.v[i] == d)
			return;
	AC_PUSH(w->a, &p->numbers, d);
}

static struct ac_str
name_of(const struct ac_world_path *p)
{
	struct ac_str first;

	return ac_cut(p->path, '/', &first);
}

static const struct ac_fact_def *
fact_of(const struct ac_worlds *w, const struct ac_world_path *p, int which)
{
	const struct ac_protocol *in = w->names->protocol[which];

	for (size_t i = 0; in != NULL && ac_str_starts(p->path, AC_S("fact/")) && i < in->nfacts; i++)
		if (ac_streq(in->facts[i].name, name_of(p)))
			return &in->facts[i];
	return NULL;
}

static const struct ac_question *
question_of(const struct ac_worlds *w, const struct ac_world_path *p, int which)
{
	const struct ac_check_in *in = w->names->check_in[which];

	for (size_t i = 0; in != NULL && ac_str_starts(p->path, AC_S("answer/")) && i < in->nquestions; i++)
		if (ac_streq(in->questions[i].id, name_of(p)))
			return &in->questions[i];
	return NULL;
}

static bool
is_yes_no(const struct ac_worlds *w, const struct ac_world_path *p)
{
	bool yes = p->vocab->kind == AC_KIND_BOOL;

	for (int i = 0; i < 2; i++) {
		const struct ac_fact_def *f = fact_of(w, p, i);
		const struct ac_question *q = question_of(w, p, i);
		yes |= f != NULL && f->type == AC_FACT_YES_NO;
		yes |= q != NULL && ac_streq_c(q->type, "yes-no");
	}
	return yes;
}

/* All paths of a component get all its literals. */
void
ac_world_share(struct ac_worlds *w)
{
	for (size_t i = 0; i < w->npaths; i++)
		if (is_yes_no(w, &w->paths[i])) {
			ac_world_text(w, &w->paths[i].texts, AC_S("yes"));
			ac_world_text(w, &w->paths[i].texts, AC_S("no"));
		}
	for (size_t i = 0; i < w->npaths; i++)
		for (size_t k = 0; k < w->npaths; k++) {
			struct ac_world_path *x = &w->paths[i], *y = &w->paths[k];
			if (i == k || x->component != y->component)
				continue;
			for (size_t t = 0; t < y->texts.n; t++)
				ac_world_text(w, &x->texts, y->texts.v[t]);
			for (size_t t = 0; t < y->numbers.n; t++)
				ac_world_number(w, x, y->numbers.v[t]);
			x->is_numeric |= y->is_numeric;
		}
	for (size_t i = 0; i < w->npaths; i++)
		for (size_t t = 0; w->paths[i].is_numeric && t < w->paths[i].texts.n; t++) {
			double d = ac_cond_number(w->paths[i].texts.v[t]);
			if (!isnan(d))
				ac_world_number(w, &w->paths[i], d);
		}
}

static int
by_number(const void *px, const void *py)
{
	const double *x = px, *y = py;

	return (*x > *y) - (*x < *y);
}

/* A text of this number that no comparison of texts takes for a literal. */
static void
add_spelling(struct ac_worlds *w, struct ac_world_path *p, double d)
{
	struct ac_str s = ac_strf(w->a, "%.15g", d < 0 ? -d : d);
	bool is_literal = true;

	for (int zeros = 0; is_literal && zeros <= AC_WORLD_ITEMS_MAX; zeros++) {
		struct ac_str spelled = ac_strf(w->a, "%s%.*s", d < 0 ? "-" : "", AC_FMT(s));
		is_literal = false;
		for (size_t i = 0; i < p->texts.n; i++)
			is_literal |= ac_streq(p->texts.v[i], spelled);
		if (!is_literal && ac_cond_number(spelled) == d) {
			ac_world_text(w, &p->items, spelled);
			return;
		}
		s = ac_strf(w->a, "0%.*s", AC_FMT(s));
	}
	w->is_over_limit = true;
}

static void
add_numbers(struct ac_worlds *w, struct ac_world_path *p, size_t each)
{
	const double *v = p->numbers.v;
	size_t n = p->numbers.n;

	for (size_t k = 1; k <= each; k++) {
		add_spelling(w, p, n == 0 ? (double)k : v[0] - (double)k);
		if (n > 0)
			add_spelling(w, p, v[n - 1] + (double)k);
		for (size_t i = 0; i + 1 < n; i++)
			add_spelling(w, p, v[i] + (v[i + 1] - v[i]) * (double)k / (double)(each + 1));
	}
	for (size_t i = 0; i < n; i++)
		add_spelling(w, p, v[i]);
}

static void
add_age(struct ac_worlds *w, struct ac_world_path *p, double d)
{
	if (d >= 0 && d <= AGE_MAX)
		ac_world_text(w, &p->items, ac_strf(w->a, "%d", (int)d));
}

static void
make_ages(struct ac_worlds *w, struct ac_world_path *p)
{
	add_age(w, p, 0);
	add_age(w, p, AGE_MAX);
	for (size_t i = 0; i < p->texts.n; i++)
		ac_world_number(w, p, ac_cond_number(p->texts.v[i]));
	for (size_t i = 0; i < p->numbers.n; i++)
		for (int d = -1; d <= 1; d++)
			add_age(w, p, floor(p->numbers.v[i]) + d);
}

static bool
is_list_of_chart(const struct ac_world_path *p)
{
	return p->vocab->many && !ac_str_starts(p->path, AC_S("fact/")) &&
	       !ac_str_starts(p->path, AC_S("answer/"));
}

void
ac_world_make_items(struct ac_worlds *w, struct ac_world_path *p)
{
	size_t each = 0;

	for (size_t i = 0; i < w->npaths; i++)
		each += w->paths[i].component == p->component;
	if (ac_streq_c(p->path, "patient/age")) {
		w->is_over_limit |= each > 1;
		make_ages(w, p);
		return;
	}
	for (size_t i = 0; i < p->texts.n; i++)
		if (p->vocab->kind != AC_KIND_BOOL || ac_streq_c(p->texts.v[i], "yes") ||
		    ac_streq_c(p->texts.v[i], "no"))
			ac_world_text(w, &p->items, p->texts.v[i]);
	if (p->vocab->kind == AC_KIND_BOOL)
		return;
	for (size_t k = 0; k < each; k++)
		ac_world_text(w, &p->items, ac_strf(w->a, "\x01 none of them %zu", k));
	if (p->numbers.n > 0)
		qsort(p->numbers.v, p->numbers.n, sizeof(*p->numbers.v), by_number);
	if (p->is_numeric)
		add_numbers(w, p, each);
	if (is_list_of_chart(p))
		ac_world_text(w, &p->items, (struct ac_str){ 0 }); /* an entry without this member */
}

static bool
is_code(const struct ac_fact_def *f, struct ac_str s)
{
	for (size_t i = 0; i < f->nvalues; i++)
		if (ac_streq(f->values[i].code, s))
			return true;
	return false;
}

static bool
is_among(const struct ac_world_strs *v, struct ac_str s)
{
	for (size_t i = 0; i < v->n; i++)
		if (ac_streq(v->v[i], s))
			return true;
	return false;
}

/* A text that is no literal stands for the codes that no condition names. */
static bool
fact_allows(const struct ac_fact_def *f, const struct ac_world_path *p, struct ac_str item)
{
	if (f->type == AC_FACT_YES_NO)
		return ac_streq_c(item, "yes") || ac_streq_c(item, "no");
	if (f->type == AC_FACT_NUMBER)
		return !isnan(ac_cond_number(item));
	if (f->nvalues == 0 || is_code(f, item))
		return true;
	if (item.n == 0 || item.p[0] != '\x01')
		return false;
	for (size_t i = 0; i < f->nvalues; i++)
		if (!is_among(&p->texts, f->values[i].code))
			return true;
	return false;
}

static bool
question_allows(const struct ac_question *q, struct ac_str item)
{
	if (ac_streq_c(q->type, "yes-no"))
		return ac_streq_c(item, "yes") || ac_streq_c(item, "no");
	return ac_streq_c(q->type, "text") || !isnan(ac_cond_number(item));
}

static bool
is_declared(const struct ac_worlds *w, const struct ac_world_path *p, const struct ac_value *v)
{
	bool many = is_list_of_chart(p), known = !v->known;

	if (is_list_of_chart(p) || !p->vocab->many || !v->known)
		return true;
	for (int i = 0; i < 2; i++) {
		const struct ac_fact_def *f = fact_of(w, p, i);
		const struct ac_question *q = question_of(w, p, i);
		bool all = f != NULL || q != NULL;
		many |= f != NULL && f->many;
		for (size_t k = 0; all && k < v->items.n; k++)
			all = f != NULL ? fact_allows(f, p, v->items.v[k])
					: q != NULL && question_allows(q, v->items.v[k]);
		known |= all;
	}
	return known && (many || v->items.n == 1);
}

static void
push_state(struct ac_worlds *w, struct ac_world_path *p, struct ac_value v)
{
	if (p->states.n == AC_WORLD_STATES_MAX)
		w->is_over_limit = true;
	else
		AC_PUSH(w->a, &p->states, ((struct ac_world_state){ v, is_declared(w, p, &v) }));
}

/* One set of values, as often as count() can tell apart. */
static void
push_set(struct ac_worlds *w, struct ac_world_path *p, unsigned set)
{
	size_t most = p->is_counted && p->count_max > p->items.n ? p->count_max : p->items.n, n = 0;
	struct ac_str *v = ac_new(w->a, struct ac_str, most + 1);
	bool is_reviewable = ac_str_starts(p->path, AC_S("allergy/")) ||
			     ac_str_starts(p->path, AC_S("medication/")) ||
			     ac_str_starts(p->path, AC_S("problem/"));

	for (size_t i = 0; i < p->items.n; i++)
		if ((set & 1u << i) != 0)
			v[n++] = p->items.v[i];
	size_t last = p->is_counted && n > 0 && n < p->count_max ? p->count_max : n;
	for (; n <= last && !w->is_over_limit; n++) {
		if (n > (size_t)__builtin_popcount(set))
			v[n - 1] = v[0];
		push_state(w, p, (struct ac_value){ .known = true, .items = { v, n } });
		if (is_reviewable && n > 0)
			push_state(
			    w, p, (struct ac_value){ .known = true, .partial = true, .items = { v, n } });
	}
}

void
ac_world_make_states(struct ac_worlds *w, struct ac_world_path *p)
{
	bool is_answer = ac_str_starts(p->path, AC_S("answer/"));

	if (p->vocab->many && p->items.n > AC_WORLD_ITEMS_MAX) {
		w->is_over_limit = true;
		return;
	}
	push_state(w, p, (struct ac_value){ .known = false });
	if (!p->vocab->many) {
		for (size_t i = 0; i < p->items.n; i++)
			push_state(w, p, (struct ac_value){ .known = true, .items = { &p->items.v[i], 1 } });
		return;
	}
	for (unsigned set = is_answer ? 1 : 0; set < 1u << p->items.n && !w->is_over_limit; set++)
		push_set(w, p, set);
}

static bool
reads(const struct ac_cond_node *comparison, const struct ac_world_path *p)
{
	return ac_streq(comparison->left->text, p->path) || ac_streq(comparison->right->text, p->path);
}

/* What each comparison answers to this value, a letter each; what it asks for follows from that. */
static struct ac_str
answers_to(struct ac_worlds *w, const struct ac_world_path *p, const struct ac_world_state *s)
{
	char *letters = ac_alloc(w->a, w->comparisons.n + 1);
	size_t n = 0;

	ac_facts_suppose(w->facts, p->path, s->v);
	for (size_t i = 0; i < w->comparisons.n; i++) {
		struct ac_condition one = { .root = w->comparisons.v[i] };
		if (!reads(one.root, p))
			continue;
		w->missing.n = 0;
		enum ac_truth t = ac_condition_eval(&one, w->facts, w->a, &w->missing);
		letters[n++] = (char)('a' + (int)t * 2 + (w->missing.n > 0));
	}
	return (struct ac_str){ letters, n };
}

/* Where these answers stand in the table, as one more than their index in `kept`; 0: nowhere yet. */
static uint32_t *
place_of(uint32_t *table, size_t mask, const struct ac_str *kept, struct ac_str letters)
{
	uint64_t h = 0xcbf29ce484222325; /* FNV-1a */

	for (size_t i = 0; i < letters.n; i++)
		h = (h ^ (unsigned char)letters.p[i]) * 0x100000001b3;
	size_t at = (size_t)(h ^ h >> 32) & mask;
	while (table[at] != 0 && !ac_streq(kept[table[at] - 1], letters))
		at = (at + 1) & mask;
	return &table[at];
}

/* Of values that no comparison tells apart one is enough, a declared one if there is one. */
void
ac_world_thin_out(struct ac_worlds *w, struct ac_world_path *p)
{
	struct ac_str *kept = ac_new(w->a, struct ac_str, p->states.n);
	size_t n = 0, places = 2;

	for (size_t i = 0; i < w->npaths; i++)
		if (&w->paths[i] != p && w->paths[i].component == p->component)
			return;
	while (places < 2 * p->states.n)
		places *= 2;
	uint32_t *table = ac_new(w->a, uint32_t, places);
	for (size_t i = 0; i < p->states.n; i++) {
		struct ac_str letters = answers_to(w, p, &p->states.v[i]);
		uint32_t *at = place_of(table, places - 1, kept, letters);
		size_t k = *at == 0 ? n : *at - 1;
		if (k < n && (p->states.v[k].is_declared || !p->states.v[i].is_declared))
			continue;
		kept[k] = letters;
		p->states.v[k] = p->states.v[i];
		n = k == n ? n + 1 : n;
		*at = (uint32_t)k + 1;
	}
	p->states.n = n;
}
