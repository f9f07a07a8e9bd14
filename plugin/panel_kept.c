/*
 * panel_kept.c - lines that hold longer than the chart says now, because the patient's sheet says so.
 *
 * Rules   a clinician lets one end earlier; the form carries what was let go before, because an answer replaces the one
 *         before it. Why a line is kept stands among the notices.
 */
#include "plugin/panel.h"

static void
let_go_before(struct ac_panel *n)
{
	const struct ac_plan_input *in = n->r->plan->in;

	for (size_t i = 0; i < in->nanswers; i++)
		for (size_t k = 0; ac_streq_c(in->answers[i].name, AC_ANSWER_EARLIER) && k < in->answers[i].values.n; k++)
			ac_page_hidden(&n->p, AC_ANSWER_EARLIER, in->answers[i].values.v[k]);
}

static void
kept(struct ac_panel *n, const struct ac_plan_line *l)
{
	struct ac_str end = l->would_end == 0
				? AC_S("now")
				: ac_time_words(n->p.a, n->r->plan->in->zone, l->would_end, AC_TIME_SHORT, AC_S("en"));
	struct ac_str value = ac_strf(n->p.a, "%.*s %lld %lld", AC_FMT(l->def->concept), (long long)l->kept_from,
	    (long long)l->would_end);

	ac_panel_form(n, "ask kept");
	let_go_before(n);
	ac_page_open(&n->p, "p", "what");
	ac_page_elem(&n->p, "strong", NULL, ac_page_label(l->def->label, l->def->text));
	ac_page_elem(&n->p, "span", "so",
	    ac_strf(n->p.a, " as on the sheet of %.*s",
		AC_FMT(ac_page_moment(&n->p, n->r->plan->in->zone, l->kept_from))));
	ac_page_close(&n->p, "p");
	ac_page_open(&n->p, "div", "controls");
	ac_page_button(&n->p, "button", AC_ANSWER_EARLIER, ac_cstr(n->p.a, value),
	    ac_cstr(n->p.a, ac_strf(n->p.a, "Let it end %.*s", AC_FMT(end))));
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "form");
}

void
ac_panel_kept(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	bool any = false;

	for (size_t i = 0; i < p->nlines; i++)
		any |= p->lines[i].kept_from != 0;
	if (!any || !ac_page_is_role(&n->p, AC_ROLE_BIT(AC_ROLE_CLINICIAN)))
		return;
	ac_page_open(&n->p, "section", "open");
	ac_page_elemc(&n->p, "h2", "count", "As on the sheet");
	ac_page_open(&n->p, "div", "asks");
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].kept_from != 0)
			kept(n, &p->lines[i]);
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "section");
}
