/* panel_ahead.c - before treatment: what the patient's other plans say against doing now what this visit is for. */
#include <string.h>

#include "core/others.h"
#include "plugin/panel.h"

static bool
is_about_others(const struct ac_panel *n, const struct ac_plan *p, const struct ac_plan_warning *w)
{
	if (strncmp(w->rule, "OTHER-", 6) == 0)
		return !ac_page_hides_other(n->p.h, p);
	return strcmp(w->rule, "SERIES-GAP") == 0;
}

static void
running(struct ac_panel *n, const struct ac_plan *p)
{
	for (size_t i = 0; i < p->in->nothers; i++) {
		const struct ac_other_plan *o = &p->in->others[i];

		if (!ac_page_names_other(n->p.h, o))
			continue;

		ac_page_open(&n->p, "li", NULL);
		ac_xw_textf(&n->p.w, "A plan is running, from the treatment of %.*s. ",
		    AC_FMT(ac_time_words(n->p.a, p->in->zone, o->plan->anchor, AC_TIME_SHORT, AC_S("en"))));
		ac_page_link(&n->p, NULL, ac_plan_home(n->p.a, o->id), AC_S("Open it"));
		ac_page_close(&n->p, "li");
	}
}

/* What cannot be said is no error of this page: the panel stays. */
void
ac_panel_ahead(struct ac_panel *n)
{
	const struct ac_plan *p = NULL;
	struct ac_err e = { 0 };
	size_t said = 0, named = 0;

	if (ac_plan_ahead(n->p.h->w, n->e.encounter, &p, &e) != AC_OK || p == NULL)
		return;
	for (size_t i = 0; i < p->nwarnings; i++)
		said += is_about_others(n, p, &p->warnings[i]);
	for (size_t i = 0; i < p->in->nothers; i++)
		named += ac_page_names_other(n->p.h, &p->in->others[i]);
	if (said + named == 0)
		return;
	ac_page_open(&n->p, "section", said > 0 ? "notice warn" : "notice");
	ac_page_elemc(&n->p, "strong", NULL, "Before the treatment");
	ac_page_open(&n->p, "ul", NULL);
	for (size_t i = 0; i < p->nwarnings; i++)
		if (is_about_others(n, p, &p->warnings[i]))
			ac_page_elem(&n->p, "li", NULL, p->warnings[i].text);
	running(n, p);
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
}
