/* protocol_diff_add.c - one part of a line before and after: words, times, conditions, texts. */
#include <string.h>

#include "core/protocol_diff_parts.h"
#include "core/protocol_load.h"

#define CLOCKS_MOVE_S 3600 /* by as much can a day be longer or shorter than 24 hours */

struct ac_change *
pd_add(struct pd *d, const struct pd_line *l, enum ac_change_kind kind, struct ac_str part)
{
	struct ac_change c = { .kind = kind,
		.id = l->id,
		.line = l->line,
		.part = part,
		.visible = l->visible,
		.beside = kind == AC_CHANGE_RENAMED || (kind == AC_CHANGE_MOVED && part.n == 0),
		.before_at = l->before_at,
		.after_at = l->after_at };

	if (kind == AC_CHANGE_STRONGER)
		c.strength = AC_STRENGTH_STRONGER;
	if (kind == AC_CHANGE_WEAKER)
		c.strength = AC_STRENGTH_WEAKER;
	AC_PUSH(d->a, &d->changes, c);
	return &d->changes.v[d->changes.n - 1];
}

enum ac_strength
pd_opposite(enum ac_strength s)
{
	if (s == AC_STRENGTH_NONE)
		return s;
	return s == AC_STRENGTH_STRONGER ? AC_STRENGTH_WEAKER : AC_STRENGTH_STRONGER;
}

enum ac_change_kind
pd_kind_of(enum ac_strength s)
{
	if (s == AC_STRENGTH_NONE)
		return AC_CHANGE_CHANGED;
	return s == AC_STRENGTH_STRONGER ? AC_CHANGE_STRONGER : AC_CHANGE_WEAKER;
}

void
pd_value(struct pd *d, const struct pd_line *l, const char *part, struct ac_str before, struct ac_str after,
    enum ac_strength strength)
{
	enum ac_change_kind kind = pd_kind_of(strength);

	if (ac_streq(before, after) && ac_str_is_set(before) == ac_str_is_set(after))
		return;
	if (!ac_str_is_set(before))
		kind = AC_CHANGE_NEW;
	else if (!ac_str_is_set(after))
		kind = AC_CHANGE_GONE;
	struct ac_change *c = pd_add(d, l, kind, ac_str_c(part));
	c->strength = strength;
	c->before = before;
	c->after = after;
}

void
pd_yes(
    struct pd *d, const struct pd_line *l, const char *part, bool before, bool after, enum ac_strength of_yes)
{
	pd_value(d, l, part, before ? AC_S("yes") : AC_S("no"), after ? AC_S("yes") : AC_S("no"),
	    after ? of_yes : pd_opposite(of_yes));
}

bool
pd_offset_same(struct ac_offset x, struct ac_offset y)
{
	return x.kind == y.kind && x.seconds == y.seconds && x.days == y.days && x.hour == y.hour &&
	       x.min == y.min && x.unit == y.unit;
}

bool
pd_offset_cmp(struct ac_offset x, struct ac_offset y, int *ret)
{
	int64_t x_min, x_max, y_min, y_max, slack = CLOCKS_MOVE_S;

	px_offset_span(x, &x_min, &x_max);
	px_offset_span(y, &y_min, &y_max);
	if (x.kind == y.kind) { /* from one anchor, whatever it is */
		slack = 0;
		x_min = x_max;
		y_min = y_max;
	}
	if (slack == 0 && x_max == y_max)
		*ret = 0;
	else if (x_max + slack < y_min || (slack == 0 && x_max < y_min))
		*ret = -1;
	else if (y_max + slack < x_min || (slack == 0 && y_max < x_min))
		*ret = 1;
	else
		return false;
	return true;
}

/* > 0: `after` is later; 0: the same time; false: nobody can say. */
static bool
is_later(struct ac_offset before, struct ac_offset after, enum pd_none none, int *ret)
{
	bool was = before.kind != AC_OFFSET_NONE, is = after.kind != AC_OFFSET_NONE;

	if (was && is)
		return pd_offset_cmp(after, before, ret);
	*ret = is == (none == PD_NONE_IS_FIRST) ? 1 : -1;
	return none != PD_NONE_IS_NO_TIME;
}

static struct ac_str
offset_words(struct pd *d, struct ac_offset o, enum pd_none none)
{
	if (o.kind != AC_OFFSET_NONE)
		return ac_offset_str(d->a, o);
	if (none == PD_NONE_IS_NO_TIME)
		return AC_S("none");
	return none == PD_NONE_IS_LAST ? AC_S("no end") : AC_S("at once");
}

void
pd_offset(struct pd *d, const struct pd_line *l, const char *part, struct ac_offset before,
    struct ac_offset after, enum pd_none none, enum ac_strength later)
{
	enum ac_change_kind kind = AC_CHANGE_CHANGED;
	int order = 0;

	if (pd_offset_same(before, after))
		return;
	if (is_later(before, after, none, &order))
		kind = order == 0 ? AC_CHANGE_REWORDED : pd_kind_of(order > 0 ? later : pd_opposite(later));
	struct ac_change *c = pd_add(d, l, kind, ac_str_c(part));
	c->before = offset_words(d, before, none);
	c->after = offset_words(d, after, none);
}

static struct ac_str
range_words(struct pd *d, const struct ac_offset v[2])
{
	if (v[0].kind == AC_OFFSET_NONE && v[1].kind == AC_OFFSET_NONE)
		return (struct ac_str){ 0 };
	return ac_strf(
	    d->a, "%.*s..%.*s", AC_FMT(ac_offset_str(d->a, v[0])), AC_FMT(ac_offset_str(d->a, v[1])));
}

void
pd_range(struct pd *d, const struct pd_line *l, const char *part, const struct ac_offset before[2],
    const struct ac_offset after[2])
{
	pd_value(d, l, part, range_words(d, before), range_words(d, after), AC_STRENGTH_NONE);
}

enum ac_relation
pd_relation(struct pd *d, const struct ac_condition *before, const struct ac_condition *after)
{
	return ac_condition_relation(before, after, &d->names, !d->omits, &d->worlds_left, d->a);
}

struct ac_str
pd_when_words(const struct ac_condition *c)
{
	return c == NULL ? AC_S("always") : ac_condition_source(c);
}

void
pd_relation_row(struct pd *d, const struct pd_line *l, struct ac_str part, enum ac_relation r,
    const struct ac_condition *before, const struct ac_condition *after, enum ac_strength wider)
{
	static const char *const notes[] = { [AC_REL_OTHER] = "holds for some more and for some no more",
		[AC_REL_ASSUMES] = "holds for the same; what is assumed or asked for differs",
		[AC_REL_UNUSUAL] = "the same, unless a chart sends values that the protocol does not declare",
		[AC_REL_UNDECIDED] = "too many cases to compare: read it" };
	enum ac_change_kind kind = AC_CHANGE_CHANGED;

	if (r == AC_REL_SAME)
		return;
	if (r == AC_REL_WIDER || r == AC_REL_NARROWER)
		kind = r == AC_REL_WIDER ? AC_CHANGE_WIDENED : AC_CHANGE_NARROWED;
	struct ac_change *c = pd_add(d, l, kind, part);
	c->before = pd_when_words(before);
	c->after = pd_when_words(after);
	if (kind == AC_CHANGE_CHANGED)
		c->note = ac_str_c(notes[r]);
	else
		c->strength = kind == AC_CHANGE_WIDENED ? wider : pd_opposite(wider);
}

void
pd_when(struct pd *d, const struct pd_line *l, const char *part, const struct ac_condition *before,
    const struct ac_condition *after, enum ac_strength wider)
{
	pd_relation_row(d, l, ac_str_c(part), pd_relation(d, before, after), before, after, wider);
}

static bool
same_lang(struct ac_str x, struct ac_str y)
{
	return x.n == y.n && (x.n == 0 || strncasecmp(x.p, y.p, x.n) == 0);
}

static const struct ac_text *
in_lang(struct ac_texts t, struct ac_str lang)
{
	for (size_t i = 0; i < t.n; i++)
		if (same_lang(t.v[i].lang, lang))
			return &t.v[i];
	return NULL;
}

/* Which text a reader of `lang` gets, by place of its language in neither list. */
static struct ac_str
picked(struct ac_texts t, struct ac_str lang)
{
	struct ac_str s = ac_text_pick(t, lang, NULL);

	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].text.p == s.p)
			return t.v[i].lang;
	return (struct ac_str){ 0 };
}

/* The same languages in another order: does any reader get another text? */
static bool
order_matters(struct ac_texts before, struct ac_texts after)
{
	if (!same_lang(picked(before, AC_S("x")), picked(after, AC_S("x"))))
		return true;
	for (size_t i = 0; i < before.n; i++) {
		struct ac_str primary;
		(void)ac_cut(before.v[i].lang, '-', &primary);
		if (!same_lang(picked(before, primary), picked(after, primary)))
			return true;
	}
	return false;
}

static struct ac_str
signature(struct pd *d, const struct ac_str s[2])
{
	return ac_str_is_set(s[0]) ? ac_strf(d->a, "%.*s %.*s", AC_FMT(s[0]), AC_FMT(s[1]))
				   : (struct ac_str){ 0 };
}

static void
put_beside(struct pd *d, size_t from)
{
	for (size_t i = from; i < d->changes.n; i++)
		d->changes.v[i].beside = true;
}

void
pd_signed(struct pd *d, const struct pd_line *l, const char *part, const struct ac_str before[2],
    const struct ac_str after[2])
{
	size_t rows = d->changes.n;

	pd_value(d, l, part, signature(d, before), signature(d, after), AC_STRENGTH_NONE);
	put_beside(d, rows);
}

static const char *
state_word(const struct ac_text *t)
{
	return t->state == AC_TEXT_STALE ? "stale: counts as missing" : "of the text as it stands";
}

/* A translation that readers get no longer, or get again, and who answers for it. */
static void
translation(
    struct pd *d, const struct pd_line *l, const char *part, const struct ac_text *b, const struct ac_text *n)
{
	struct pd_line hidden = *l;
	const char *whose = ac_cstr(d->a, ac_strf(d->a, "%s %.*s", part, AC_FMT(n->lang)));

	hidden.visible = false;
	if ((b->state == AC_TEXT_STALE) != (n->state == AC_TEXT_STALE))
		pd_value(d, l, whose, ac_str_c(state_word(b)), ac_str_c(state_word(n)), AC_STRENGTH_NONE);
	else if (n->state == AC_TEXT_STALE)
		pd_value(d, &hidden, ac_cstr(d->a, ac_strf(d->a, "%s is of", whose)), b->of, n->of,
		    AC_STRENGTH_NONE);
	pd_signed(d, &hidden, ac_cstr(d->a, ac_strf(d->a, "%s signed", whose)),
	    (struct ac_str[2]){ b->signed_by, b->signed_on },
	    (struct ac_str[2]){ n->signed_by, n->signed_on });
}

/* New, or in other words. */
static void
one_text(
    struct pd *d, const struct pd_line *l, const char *part, const struct ac_text *b, const struct ac_text *n)
{
	struct ac_change *c = pd_add(d, l, b == NULL ? AC_CHANGE_NEW : AC_CHANGE_REWORDED,
	    ac_strf(d->a, "%s %.*s", part, AC_FMT(n->lang)));

	c->before = b == NULL ? (struct ac_str){ 0 } : b->text;
	c->after = n->text;
	if (b != NULL && ac_streq(b->text, n->text))
		c->note = AC_S("the language is written in another way");
}

void
pd_texts(
    struct pd *d, const struct pd_line *l, const char *part, struct ac_texts before, struct ac_texts after)
{
	size_t rows = d->changes.n;
	bool same_set = before.n == after.n;

	for (size_t i = 0; i < after.n; i++) {
		const struct ac_text *n = &after.v[i], *b = in_lang(before, n->lang);
		size_t first = d->changes.n;
		if (b != NULL)
			translation(d, l, part, b, n);
		if (b == NULL || !ac_streq(b->text, n->text) || !ac_streq(b->lang, n->lang))
			one_text(d, l, part, b, n);
		same_set &= b != NULL;
		if (n->state != AC_TEXT_SOURCE)
			put_beside(d, first);
	}
	for (size_t i = 0; i < before.n; i++) {
		if (in_lang(after, before.v[i].lang) != NULL)
			continue;
		struct ac_change *c =
		    pd_add(d, l, AC_CHANGE_GONE, ac_strf(d->a, "%s %.*s", part, AC_FMT(before.v[i].lang)));
		c->before = before.v[i].text;
		c->beside = before.v[i].state != AC_TEXT_SOURCE;
	}
	if (same_set && d->changes.n == rows && order_matters(before, after)) {
		struct ac_change *c = pd_add(d, l, AC_CHANGE_MOVED, ac_str_c(part));
		c->note = AC_S("another language stands first: readers of none of them get another text");
	}
}

static bool
has_str(const struct ac_str *v, size_t n, struct ac_str s)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(v[i], s))
			return true;
	return false;
}

void
pd_strs(struct pd *d, const struct pd_line *l, const char *part, const struct ac_str *before, size_t nbefore,
    const struct ac_str *after, size_t nafter, bool order_counts)
{
	bool same_order = nbefore == nafter;
	size_t rows = d->changes.n;

	for (size_t i = 0; i < nafter; i++) {
		same_order = same_order && ac_streq(before[i], after[i]);
		if (!has_str(before, nbefore, after[i]))
			pd_add(d, l, AC_CHANGE_NEW, ac_str_c(part))->after = after[i];
	}
	for (size_t i = 0; i < nbefore; i++)
		if (!has_str(after, nafter, before[i]))
			pd_add(d, l, AC_CHANGE_GONE, ac_str_c(part))->before = before[i];
	if (!same_order && d->changes.n == rows && (order_counts || nbefore != nafter))
		pd_add(d, l, AC_CHANGE_MOVED, ac_str_c(part));
}
