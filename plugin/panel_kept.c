/*
 * panel_kept.c - lines that hold longer than the chart says now, because the patient's sheet says so.
 *
 * Rules   a clinician lets one end earlier; the form carries what was let go before, because an answer replaces the one
 *         before it. Why a line is kept stands among the notices.
 */
#include "plugin/panel.h"

/* What was let go of this very sheet; that of an older one says nothing any more. */
static void
let_go_before(struct ac_panel *n, int64_t sheet_at)
{
	const struct ac_plan_input *in = n->r->plan->in;
	const struct ac_answer *a = NULL;

	for (size_t i = 0; i < in->nanswers; i++)
		if (ac_streq_c(in->answers[i].name, AC_ANSWER_EARLIER))
			a = &in->answers[i];
	for (size_t i = 0; a != NULL && i < a->values.n; i++) {
		struct ac_str concept, sheet;
		int64_t at;

		(void)ac_cut(ac_cut(a->values.v[i], ' ', &concept), ' ', &sheet);
		if (ac_str_int(sheet, 0, INT64_MAX, &at) && at == sheet_at)
			ac_page_hidden(&n->p, AC_ANSWER_EARLIER, a->values.v[i]);
	}
}

static struct ac_str
value_of(struct ac_panel *n, const struct ac_plan_line *l)
{
	return ac_strf(n->p.a, "%.*s %lld %lld", AC_FMT(l->def->concept), (long long)l->kept_from,
	    (long long)l->would_end);
}

static void
one(struct ac_panel *n, const struct ac_plan_line *l)
{
	struct ac_str end = l->would_end == 0
				? AC_S("now")
				: ac_time_words(n->p.a, n->r->plan->in->zone, l->would_end, AC_TIME_SHORT, AC_S("en"));

	ac_panel_form(n, "ask kept");
	let_go_before(n, l->kept_from);
	ac_page_open(&n->p, "p", "what");
	ac_page_elem(&n->p, "strong", NULL, ac_page_label(l->def->label, l->def->text));
	ac_page_close(&n->p, "p");
	ac_page_open(&n->p, "div", "controls");
	ac_page_button(&n->p, "button", AC_ANSWER_EARLIER, ac_cstr(n->p.a, value_of(n, l)),
	    ac_cstr(n->p.a, ac_strf(n->p.a, "Let it end %.*s", AC_FMT(end))));
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "form");
}

static void
words(struct ac_panel *n, size_t lines, const struct ac_plan_line *first, bool may)
{
	struct ac_str sheet = ac_page_moment(&n->p, n->r->plan->in->zone, first->kept_from);

	ac_page_open(&n->p, "p", "what");
	ac_page_elem(&n->p, "strong", NULL,
	    ac_strf(n->p.a, "%zu line%s kept from the sheet of %.*s", lines, lines == 1 ? "" : "s", AC_FMT(sheet)));
	ac_page_elemc(&n->p, "span", "so",
	    may ? " the chart now says an earlier end; the patient's sheet holds until you let it go"
		: " the chart now says an earlier end; a clinician decides");
	ac_page_close(&n->p, "p");
}

/* All at once; the button stands for the first line, hidden fields for the others. */
static void
all(struct ac_panel *n, size_t lines, const struct ac_plan_line *first)
{
	const struct ac_plan *p = n->r->plan;

	ac_panel_form(n, "ask");
	let_go_before(n, first->kept_from);
	for (const struct ac_plan_line *l = first + 1; l < p->lines + p->nlines; l++)
		if (l->kept_from != 0)
			ac_page_hidden(&n->p, AC_ANSWER_EARLIER, value_of(n, l));
	words(n, lines, first, true);
	ac_page_open(&n->p, "div", "controls");
	ac_page_button(&n->p, "button", AC_ANSWER_EARLIER, ac_cstr(n->p.a, value_of(n, first)),
	    lines == 1 ? "Let it end earlier" : "Let all end earlier");
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "form");
}

void
ac_panel_kept(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	const struct ac_plan_line *first = NULL;
	size_t lines = 0;

	for (size_t i = p->nlines; i-- > 0;) {
		if (p->lines[i].kept_from == 0)
			continue;
		first = &p->lines[i];
		lines++;
	}
	if (first == NULL)
		return;
	ac_page_open(&n->p, "section", "open");
	ac_page_elemc(&n->p, "h2", "count", "Kept");
	ac_page_open(&n->p, "div", "asks");
	if (!ac_page_is_role(&n->p, AC_ROLE_BIT(AC_ROLE_CLINICIAN))) {
		ac_page_open(&n->p, "div", "ask");
		words(n, lines, first, false);
		ac_page_close(&n->p, "div");
	} else {
		all(n, lines, first);
		ac_page_open(&n->p, "details", "more");
		ac_page_elemc(&n->p, "summary", NULL, "One by one");
		for (const struct ac_plan_line *l = first; l < p->lines + p->nlines; l++)
			if (l->kept_from != 0)
				one(n, l);
		ac_page_close(&n->p, "details");
	}
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "section");
}
