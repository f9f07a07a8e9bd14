/* plan_lines.c - the plan's lines as the clinician checks them: words, times, why, whence, signed by whom. */
#include "plugin/plan_page.h"

#define EN AC_S("en")

/* "No sport until Tue 31 Mar, 15:35"; permissions say from when. */
static void
window(struct ac_plan_page *n, const struct ac_plan_line *l)
{
	ac_page_open(&n->p, "td", "when");
	if (l->from != AC_INSTANT_NONE)
		ac_xw_textf(
		    &n->p.w, "from %.*s ", AC_FMT(ac_time_words(n->p.a, n->z, l->from, AC_TIME_SHORT, EN)));
	if (l->until != AC_INSTANT_NONE)
		ac_xw_textf(
		    &n->p.w, "until %.*s", AC_FMT(ac_time_words(n->p.a, n->z, l->until, AC_TIME_SHORT, EN)));
	else
		ac_xw_textc(&n->p.w, l->def->kind == AC_RESTRICTION ? "no end set"
				     : l->from == AC_INSTANT_NONE   ? "always"
								    : "on");
	ac_page_elem(&n->p, "small", NULL, ac_on_sheet_words(&n->p, n->z, l->until));
	if (l->until_offset.kind != AC_OFFSET_NONE)
		ac_page_elem(&n->p, "small", NULL, ac_offset_words(n->p.a, l->until_offset, EN));
	if (l->assumed) {
		struct ac_str paths = { 0 };

		for (size_t i = 0; i < l->nassumed; i++)
			paths = ac_strf(n->p.a, "%.*s%s%.*s", AC_FMT(paths), i > 0 ? ", " : "",
			    AC_FMT(l->assumed_paths[i]));
		ac_page_elem(
		    &n->p, "small", "assumed", ac_strf(n->p.a, "assumed, not recorded: %.*s", AC_FMT(paths)));
	}
	ac_page_close(&n->p, "td");
}

static void
evidence(struct ac_plan_page *n, const struct ac_plan_line *l)
{
	const struct ac_why *why = l->def->nwhy > 0 ? &l->def->why[0] : NULL;

	ac_page_open(&n->p, "td", "why");
	if (why != NULL) {
		ac_page_elem(&n->p, "span", NULL, ac_page_text(why->text));
		ac_page_elem(&n->p, "small", NULL,
		    ac_strf(
			n->p.a, "evidence: %.*s · source: %.*s", AC_FMT(why->evidence), AC_FMT(why->source)));
	}
	ac_page_open(&n->p, "small", NULL);
	ac_xw_text(&n->p.w, ac_page_text(l->protocol->title));
	if (l->def->l.line > 0) /* of a file; what a clinician added stands in none */
		ac_xw_textf(&n->p.w, ", line %u", l->def->l.line);
	if (l->def->l.seed.n > 0)
		ac_xw_textf(&n->p.w, " · %.*s", AC_FMT(l->def->l.seed));
	if (l->def->l.signed_by.n > 0)
		ac_xw_textf(
		    &n->p.w, " · signed %.*s %.*s", AC_FMT(l->def->l.signed_by), AC_FMT(l->def->l.signed_on));
	else
		ac_xw_textc(&n->p.w, " · not signed");
	if (l->nmerged > 0)
		ac_xw_textf(&n->p.w, " · strictest of %zu", l->nmerged + 1);
	ac_page_close(&n->p, "small");
	ac_page_close(&n->p, "td");
}

static void
line(struct ac_plan_page *n, const struct ac_plan_line *l)
{
	ac_page_open(&n->p, "tr", NULL);
	ac_page_open(&n->p, "th", NULL);
	ac_xw_attrc(&n->p.w, "scope", "row");
	ac_xw_text(&n->p.w, ac_page_text(l->def->text));
	for (size_t i = 0; i < l->def->nexcept; i++)
		ac_page_elem(&n->p, "small", NULL,
		    ac_strf(n->p.a, "allowed: %.*s", AC_FMT(ac_page_text(l->def->except[i].text))));
	ac_override_note(&n->p, n->r->plan, l);
	if (ac_override_may(&n->p, n->r))
		ac_page_link(&n->p, "change-it", ac_override_path(&n->p, n->r, l->key), AC_S("change for this visit"));
	ac_page_close(&n->p, "th");
	window(n, l);
	evidence(n, l);
	ac_page_close(&n->p, "tr");
}

static void
kind(struct ac_plan_page *n, enum ac_instruction_kind k, const char *title)
{
	const struct ac_plan *p = n->r->plan;
	bool any = false;

	for (size_t i = 0; i < p->nlines; i++) {
		if (p->lines[i].def->kind != k)
			continue;
		if (!any) {
			ac_page_open(&n->p, "section", NULL);
			ac_page_elemc(&n->p, "h2", NULL, title);
			ac_page_open(&n->p, "table", "lines");
		}
		any = true;
		line(n, &p->lines[i]);
	}
	if (any) {
		ac_page_close(&n->p, "table");
		ac_page_close(&n->p, "section");
	}
}

void
ac_plan_page_lines(struct ac_plan_page *n)
{
	kind(n, AC_RESTRICTION, "Not yet");
	kind(n, AC_WARNING, "Careful");
	kind(n, AC_CARE, "Do");
	kind(n, AC_INFORMATION, "Good to know");
}

static void
flags(struct ac_plan_page *n, enum ac_flag_level level, const char *title, const char *class)
{
	const struct ac_plan *p = n->r->plan;

	ac_page_open(&n->p, "section", class);
	ac_page_elemc(&n->p, "h2", NULL, title);
	ac_page_open(&n->p, "ul", NULL);
	for (size_t i = 0; i < p->nflags; i++)
		if (p->flags[i].def->level == level)
			ac_page_elem(&n->p, "li", NULL, ac_page_text(p->flags[i].def->text));
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
}

void
ac_plan_page_signs(struct ac_plan_page *n)
{
	const struct ac_plan *p = n->r->plan;

	ac_page_open(&n->p, "div", "boxes");
	ac_page_open(&n->p, "section", "box");
	ac_page_elemc(&n->p, "h2", NULL, "To be expected");
	ac_page_open(&n->p, "ul", NULL);
	for (size_t i = 0; i < p->nexpectations; i++) {
		const struct ac_plan_expectation *e = &p->expectations[i];

		ac_page_open(&n->p, "li", NULL);
		ac_xw_text(&n->p.w, ac_page_text(e->def->text));
		if (e->until != AC_INSTANT_NONE)
			ac_page_elem(&n->p, "small", NULL,
			    ac_strf(n->p.a, " until %.*s", AC_FMT(ac_page_day(&n->p, n->z, e->until))));
		ac_page_close(&n->p, "li");
	}
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
	flags(n, AC_FLAG_CALL, "Call us", "box");
	flags(n, AC_FLAG_EMERGENCY, "Emergency", "box emergency");
	ac_page_close(&n->p, "div");
	if (p->ngoals == 0)
		return;
	ac_page_open(&n->p, "section", NULL);
	ac_page_elemc(&n->p, "h2", NULL, "Goals");
	ac_page_open(&n->p, "ul", "goals");
	for (size_t i = 0; i < p->ngoals; i++) {
		ac_page_open(&n->p, "li", NULL);
		ac_xw_text(&n->p.w, ac_page_text(p->goals[i].def->text));
		if (p->goals[i].assumed)
			ac_page_elemc(&n->p, "small", "assumed", " assumed");
		ac_page_close(&n->p, "li");
	}
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
}
