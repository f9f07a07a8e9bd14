/* handout_bans.c - what not to do yet, one row for each end; the small words that all lines of the sheet share. */
#include "core/handout_parts.h"

static bool
is_ban(const struct ac_plan_line *l)
{
	return l->def->kind == AC_RESTRICTION;
}

bool
ac_sheet_is_contradicted(const struct ac_plan *p, const struct ac_plan_line *l)
{
	for (size_t i = 0; i < p->ncontradictions; i++)
		if (p->contradictions[i].a == l || p->contradictions[i].b == l)
			return true;
	return false;
}

void
ac_sheet_small(struct ac_sheet *s, const char *class, enum ac_word w)
{
	ac_sheet_span(s, class, ac_str_c(ac_sheet_word(s, w)));
}

/* " assumed", in the same line as what was assumed. */
void
ac_sheet_assumed(struct ac_sheet *s, bool is_assumed)
{
	if (!is_assumed)
		return;
	s->assumed = true;
	ac_xw_textc(&s->w, " ");
	ac_sheet_small(s, "assumed", AC_W_SAFE_SIDE);
}

/* "Allowed: washing with clean hands; a cold compress" */
void
ac_sheet_exceptions(struct ac_sheet *s, const struct ac_instruction *def)
{
	bool any = false;

	for (size_t i = 0; i < def->nexcept; i++) {
		if (!any) {
			ac_sheet_open(s, "span", "allowed");
			ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_ALLOWED));
		}
		ac_xw_textc(&s->w, any ? "; " : " ");
		ac_sheet_text(s, def->except[i].text);
		any = true;
	}
	if (any)
		ac_xw_end(&s->w, "span");
}

/* Lines that end at the same moment are one row: a glance tells what is over when. */
static bool
is_same_row(const struct ac_plan *p, const struct ac_plan_line *x, const struct ac_plan_line *y)
{
	const struct ac_zone *z = p->in->zone;

	return is_ban(x) && is_ban(y) && x->from == y->from &&
	       ac_sheet_end(z, x->until) == ac_sheet_end(z, y->until) &&
	       x->assumed == y->assumed && x->other == y->other &&
	       (x->from != AC_INSTANT_NONE || x->treatment->anchor == y->treatment->anchor) &&
	       !ac_sheet_is_contradicted(p, x) && !ac_sheet_is_contradicted(p, y);
}

static void
ban_when(struct ac_sheet *s, const struct ac_plan_line *l)
{
	ac_sheet_open(s, "p", "when");
	if (l->from != AC_INSTANT_NONE && l->from > s->now) {
		ac_sheet_small(s, "small", AC_W_FROM);
		ac_xw_textc(&s->w, " ");
		ac_sheet_instant(s, l->from);
		ac_xw_textc(&s->w, " ");
	}
	if (l->until == AC_INSTANT_NONE) {
		ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_NO_END));
	} else {
		ac_sheet_small(s, "small", AC_W_UNTIL);
		ac_xw_textc(&s->w, " ");
		ac_sheet_instant(s, ac_sheet_stated(s, l->until));
		if (ac_sheet_stated(s, l->until) <= s->now)
			ac_xw_textf(&s->w, " (%s)", ac_sheet_word(s, AC_W_PAST));
	}
	ac_sheet_assumed(s, l->assumed);
	if (l->other != NULL) {
		ac_xw_textc(&s->w, " ");
		ac_sheet_small(s, "small", AC_W_LONGER_OTHER);
		ac_xw_textc(&s->w, " ");
		ac_xw_elem(&s->w, "small", ac_sheet_short_day(s, l->other->plan->anchor));
	}
	ac_xw_end(&s->w, "p");
}

static void
ban_row(struct ac_sheet *s, size_t first, int number, const struct ac_axis *x)
{
	const struct ac_plan *p = s->p;
	const struct ac_plan_line *l = &p->lines[first];

	ac_xw_open(&s->w, "tr");
	ac_xw_open(&s->w, "th");
	ac_xw_attrc(&s->w, "scope", "row");
	ac_sheet_open(s, "span", "number");
	ac_xw_textf(&s->w, "%d", number);
	ac_xw_end(&s->w, "span");
	for (size_t i = first; i < p->nlines; i++) {
		if (i != first && !is_same_row(p, l, &p->lines[i]))
			continue;
		ac_sheet_open(s, "span", "ban");
		ac_sheet_text(
		    s, p->lines[i].def->label.n > 0 ? p->lines[i].def->label : p->lines[i].def->text);
		ac_sheet_change_mark(s, &p->lines[i]);
		ac_xw_end(&s->w, "span");
		ac_sheet_exceptions(s, p->lines[i].def);
	}
	if (ac_sheet_is_contradicted(p, l))
		ac_sheet_small(s, "ask", AC_W_ASK_FIRST);
	ac_xw_end(&s->w, "th");
	ac_xw_open(&s->w, "td");
	ban_when(s, l);
	if (x != NULL)
		ac_xw_markup_not_escaped(
		    &s->w, ac_axis_bar(x, l->from == AC_INSTANT_NONE ? l->treatment->anchor : l->from,
			       ac_sheet_end(p->in->zone, l->until), l->assumed, s->a));
	ac_xw_end(&s->w, "td");
	ac_xw_end(&s->w, "tr");
}

static void
axis_row(struct ac_sheet *s, const struct ac_axis *x)
{
	struct ac_str change = ac_axis_change_words(x, s->a);

	ac_sheet_open(s, "tr", "axis");
	ac_xw_elem(&s->w, "td", change.n > 0 ? change : AC_S(" "));
	ac_xw_open(&s->w, "td");
	ac_xw_markup_not_escaped(&s->w, ac_axis_days(x, s->a));
	ac_xw_end(&s->w, "td");
	ac_xw_end(&s->w, "tr");
}

bool
ac_sheet_is_first_of_row(const struct ac_plan *p, size_t line)
{
	for (size_t i = 0; i < line; i++)
		if (is_same_row(p, &p->lines[i], &p->lines[line]))
			return false;
	return is_ban(&p->lines[line]);
}

void
ac_sheet_not_yet(struct ac_sheet *s)
{
	struct ac_axis x;
	bool has_axis = ac_axis_make(s->p, s->times, &x);
	size_t n = 0;
	int number = 0;

	for (size_t i = 0; i < s->p->nlines; i++)
		n += is_ban(&s->p->lines[i]);
	ac_sheet_open(s, "section", "not-yet");
	ac_xw_textc(&s->w, "\n");
	if (n > 0) {
		ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_NOT_YET)));
		ac_xw_open(&s->w, "table");
		if (has_axis)
			axis_row(s, &x);
		for (size_t i = 0; i < s->p->nlines; i++)
			if (ac_sheet_is_first_of_row(s->p, i))
				ban_row(s, i, ++number, has_axis ? &x : NULL);
		ac_xw_end(&s->w, "table");
	}
	ac_xw_end(&s->w, "section");
}
