/*
 * handout_changes.c - the sheet that replaces another one: what is different from what the patient knows, at its head and
 * beside each line; and the code by which the clinic knows the sheet again.
 */
#include "core/check_code.h"
#include "core/handout_parts.h"

static enum ac_word
kind_word(enum ac_visible_kind k)
{
	static const enum ac_word words[] = { [AC_VISIBLE_NEW] = AC_W_CH_NEW, [AC_VISIBLE_STRONGER] = AC_W_CH_STRONGER,
		[AC_VISIBLE_WEAKER] = AC_W_CH_WEAKER, [AC_VISIBLE_CHANGED] = AC_W_CH_CHANGED, [AC_VISIBLE_GONE] = AC_W_CH_GONE };

	return words[k];
}

/* A change of no line of a protocol: under the heading where it stands. */
static enum ac_word
part_word(enum ac_visible_part p)
{
	switch (p) {
	case AC_VISIBLE_AREAS:
		return AC_W_TREATED_AREAS;
	case AC_VISIBLE_NUMBERS:
		return AC_W_WHICH_NUMBER;
	case AC_VISIBLE_SERIES:
		return AC_W_NEXT_SESSION;
	case AC_VISIBLE_LINE:
	case AC_VISIBLE_SIGN:
	case AC_VISIBLE_EXPECTED:
	case AC_VISIBLE_TASK:
	case AC_VISIBLE_STATUS:
		break;
	}
	return AC_W_CHANGED;
}

void
ac_sheet_change_mark(struct ac_sheet *s, const struct ac_plan_line *l)
{
	for (size_t i = 0; i < s->changes.n; i++) {
		if (s->changes.v[i].line != l)
			continue;
		ac_xw_textc(&s->w, " ");
		ac_sheet_small(s, "change", kind_word(s->changes.v[i].kind));
	}
}

/* An end as the sheet states it, so that two that look the same are the same; NULL: there is no line. */
static struct ac_str
end_words(struct ac_sheet *s, const struct ac_plan_line *l)
{
	int64_t end;

	if (l == NULL)
		return (struct ac_str){ 0 };
	if (l->until == AC_INSTANT_NONE)
		return ac_str_c(ac_sheet_word(s, AC_W_NO_END));
	end = ac_sheet_stated(s, l->until);
	if (ac_sheet_states_day(l))
		return ac_strf(s->a, "%s %.*s", ac_sheet_word(s, AC_W_UNTIL), AC_FMT(ac_sheet_short_day(s, end)));
	return ac_strf(s->a, "%s %.*s%s%.*s", ac_sheet_word(s, AC_W_UNTIL), AC_FMT(ac_sheet_day(s, end)), ac_sheet_join(s->times),
	    AC_FMT(ac_sheet_clock(s, end)));
}

static struct ac_str
start_words(struct ac_sheet *s, const struct ac_plan_line *l)
{
	if (l == NULL || l->from == AC_INSTANT_NONE)
		return (struct ac_str){ 0 };
	return ac_strf(s->a, "%s %.*s%s%.*s", ac_sheet_word(s, AC_W_FROM), AC_FMT(ac_sheet_day(s, l->from)), ac_sheet_join(s->times),
	    AC_FMT(ac_sheet_clock(s, l->from)));
}

/* Lines that moved from one end to another together are one item. */
static bool
is_alike(struct ac_sheet *s, const struct ac_visible_change *x, const struct ac_visible_change *y)
{
	if (x == y)
		return true;
	return x->kind == y->kind && x->part == y->part && x->text.n > 0 && y->text.n > 0 && x->task == NULL && y->task == NULL &&
	       ac_streq(end_words(s, x->line), end_words(s, y->line)) && ac_streq(end_words(s, x->was), end_words(s, y->was)) &&
	       ac_streq(start_words(s, x->line), start_words(s, y->line)) && ac_streq(start_words(s, x->was), start_words(s, y->was));
}

static bool
is_first(struct ac_sheet *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (is_alike(s, &s->changes.v[k], &s->changes.v[i]))
			return false;
	return true;
}

static void
names(struct ac_sheet *s, size_t first)
{
	const struct ac_visible_change *c = &s->changes.v[first];

	if (c->text.n == 0)
		ac_xw_textc(&s->w, ac_sheet_word(s, part_word(c->part)));
	for (size_t i = first; i < s->changes.n && c->text.n > 0; i++) {
		if (!is_alike(s, c, &s->changes.v[i]))
			continue;
		if (i > first)
			ac_xw_textc(&s->w, "; ");
		ac_sheet_text(s, s->changes.v[i].text);
	}
}

/* "until Tue 31 March, 15:42 (before: until Tue 31 March, 15:35)"; one of the two where there is no other. */
static void
moved(struct ac_sheet *s, struct ac_str now, struct ac_str was, bool is_new)
{
	bool differ = !is_new && !ac_streq(now, was);

	if (now.n > 0 && (is_new || differ)) {
		ac_xw_textc(&s->w, ac_sheet_join(s->times));
		ac_xw_elem(&s->w, "strong", now);
	}
	if (was.n > 0 && differ) {
		ac_xw_textc(&s->w, " ");
		ac_sheet_open(s, "span", "was");
		ac_xw_textf(&s->w, "(%s %.*s)", ac_sheet_word(s, AC_W_WAS), AC_FMT(was));
		ac_xw_end(&s->w, "span");
	}
}

static void
item(struct ac_sheet *s, size_t first)
{
	const struct ac_visible_change *c = &s->changes.v[first];

	ac_xw_open(&s->w, "li");
	ac_xw_elem(&s->w, "strong", ac_str_c(ac_sheet_word(s, kind_word(c->kind))));
	ac_xw_textc(&s->w, ": ");
	names(s, first);
	if (c->line != NULL) {
		moved(s, start_words(s, c->line), start_words(s, c->was), c->was == NULL);
		moved(s, end_words(s, c->line), end_words(s, c->was), c->was == NULL);
	}
	if (c->task != NULL) {
		ac_xw_textc(&s->w, ac_sheet_join(s->times));
		ac_sheet_task_when(s, c->task);
	}
	ac_xw_end(&s->w, "li");
}

void
ac_sheet_changes(struct ac_sheet *s)
{
	if (!s->changes.changed)
		return;
	ac_sheet_open(s, "section", "changes");
	ac_xw_open(&s->w, "h2");
	ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_CHANGED));
	if (s->o->replaces > 0)
		ac_xw_textf(&s->w, " (%s %lld)", ac_sheet_word(s, AC_W_REPLACES), (long long)s->o->replaces);
	ac_xw_end(&s->w, "h2");
	ac_xw_open(&s->w, "ul");
	for (size_t i = 0; i < s->changes.n; i++)
		if (is_first(s, i))
			item(s, i);
	ac_xw_end(&s->w, "ul");
	ac_xw_end(&s->w, "section");
}

void
ac_sheet_check(struct ac_sheet *s)
{
	if (s->o->check.n == 0)
		return;
	ac_sheet_open(s, "div", "check");
	ac_xw_markup_not_escaped(&s->w, ac_check_svg(s->o->check, s->a));
	ac_xw_open(&s->w, "p");
	ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_CHECK));
	ac_xw_elem(&s->w, "code", s->o->check);
	ac_xw_end(&s->w, "p");
	ac_xw_end(&s->w, "div");
}
