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

static void
until(struct ac_sheet *s, int64_t end)
{
	if (end == AC_INSTANT_NONE) {
		ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_NO_END));
		return;
	}
	ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_UNTIL));
	ac_sheet_instant(s, ac_sheet_stated(s, end));
}

static void
item(struct ac_sheet *s, const struct ac_visible_change *c)
{
	bool moved = c->line != NULL && c->was != NULL && c->line->until != c->was->until;

	ac_xw_open(&s->w, "li");
	ac_xw_elem(&s->w, "strong", ac_str_c(ac_sheet_word(s, kind_word(c->kind))));
	ac_xw_textc(&s->w, ": ");
	if (c->text.n > 0)
		ac_sheet_text(s, c->text);
	else
		ac_xw_textc(&s->w, ac_sheet_word(s, part_word(c->part)));
	if (c->line != NULL && (moved || (c->was == NULL && c->line->until != AC_INSTANT_NONE))) {
		ac_xw_textc(&s->w, ", ");
		until(s, c->line->until);
	}
	if (moved) {
		ac_xw_textc(&s->w, " ");
		ac_sheet_open(s, "span", "was");
		ac_xw_textf(&s->w, "(%s ", ac_sheet_word(s, AC_W_WAS));
		until(s, c->was->until);
		ac_xw_textc(&s->w, ")");
		ac_xw_end(&s->w, "span");
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
		item(s, &s->changes.v[i]);
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
