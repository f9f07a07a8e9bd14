/*
 * panel_session.c - before the first sheet: one form with everything that is open, what the last session proposes chosen in it,
 * and one button that saves and gives the sheet out.
 *
 * Rules   what is proposed says so, and from which day; it counts from the moment in which somebody sends the form. A lot and
 *         its expiry are never proposed. A lot that had expired is asked about before anything is given out.
 */
#include "plugin/panel.h"

#include "core/override_act.h"
#include "core/products.h"
#include "core/series.h"

static struct ac_str
day_words(struct ac_panel *n, int64_t t)
{
	return ac_time_words(n->p.a, n->r != NULL ? n->r->plan->in->zone : NULL, t, AC_TIME_DATE, AC_S("en"));
}

/* Sessions of visits that are not open to whoever asks propose nothing. */
static enum ac_code
sessions_before(struct ac_panel *n, struct ac_session_rows *ret, struct ac_err *reterr)
{
	enum ac_code rc = ac_series_sessions(n->p.h->w, n->e.site, n->e.patient, n->e.id, (struct ac_str){ 0 },
	    ac_series_before(n->e.encounter), ret, reterr);
	size_t kept = 0;

	for (size_t i = 0; rc == AC_OK && i < ret->n; i++) {
		struct ac_visit_key v = { n->e.site, ret->v[i].encounter, n->e.patient, ret->v[i].plan };
		if (ac_authorize_visit(n->p.h, &v, NULL) == AC_OK)
			ret->v[kept++] = ret->v[i];
	}
	if (rc == AC_OK)
		ret->n = kept;
	return rc;
}

static const struct ac_protocol *
protocol_of(const struct ac_plan *p, const struct ac_fact_def *d)
{
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *x = p->in->protocols[i].protocol;
		if (d >= x->facts && d < x->facts + x->nfacts)
			return x;
	}
	return p->in->protocols[0].protocol;
}

static void
what(struct ac_panel *n, struct ac_str label, bool needed, struct ac_str so, bool proposed)
{
	ac_page_open(&n->p, "legend", "what");
	ac_page_elem(&n->p, "strong", NULL, label);
	if (needed)
		ac_page_elemc(&n->p, "span", "needed", " needed");
	if (so.n > 0)
		ac_page_elem(&n->p, "span", proposed ? "proposed" : "so", so);
	ac_page_close(&n->p, "legend");
}

static void
question(struct ac_panel *n, const struct ac_plan_missing *m, const struct ac_session_rows *before)
{
	struct ac_proposal x = ac_series_proposal(before, protocol_of(n->r->plan, m->def)->id, m->def->name, n->p.a);
	struct ac_str so = { 0 }, longer = ac_panel_assumed_for(n, m->path);

	if (x.from == NULL && longer.n > 0)
		so = ac_strf(n->p.a, " not recorded; the careful rule is assumed for: %.*s", AC_FMT(longer));
	if (x.from != NULL)
		so = ac_strf(n->p.a, "proposed from the session of %.*s", AC_FMT(day_words(n, x.from->anchor)));
	ac_page_open(&n->p, "fieldset", x.from != NULL ? "ask is-proposed" : "ask");
	what(n, ac_page_text(m->def->label), m->required, so, x.from != NULL);
	ac_panel_controls(n, m->def, x.values);
	ac_page_close(&n->p, "fieldset");
}

/* In the order of the protocols: that is how a visit is told. */
static void
questions(struct ac_panel *n, const struct ac_session_rows *before)
{
	const struct ac_plan *p = n->r->plan;

	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *x = p->in->protocols[i].protocol;
		for (size_t k = 0; k < x->nfacts; k++)
			for (size_t m = 0; m < p->nmissing; m++)
				if (p->missing[m].def == &x->facts[k] && !p->missing[m].conflict)
					question(n, &p->missing[m], before);
	}
}

/* The chart says a number that does not follow: right, or to be corrected in the chart. */
static void
number_conflict(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;

	ac_page_open(&n->p, "fieldset", "ask");
	what(n, AC_S("Number of this session"), false,
	    ac_strf(n->p.a, "recorded as %d; after the last session it would be %d. If %d is wrong, correct it where it was recorded.",
		p->session, p->session_expected, p->session),
	    false);
	ac_page_open(&n->p, "div", "controls");
	ac_page_open(&n->p, "label", "check");
	ac_page_open(&n->p, "input", NULL);
	ac_xw_attrc(&n->p.w, "type", "checkbox");
	ac_xw_attrc(&n->p.w, "name", "fact." AC_ANSWER_SESSION);
	ac_xw_attrf(&n->p.w, "value", "%d", p->session);
	ac_page_close(&n->p, "input");
	ac_xw_textf(&n->p.w, "Session %d is right", p->session);
	ac_page_close(&n->p, "label");
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "fieldset");
}

static void
text_field(struct ac_panel *n, const char *name, const char *label, const char *hint, size_t max)
{
	struct ac_str typed = ac_page_typed(&n->p, name);

	ac_page_open(&n->p, "label", "field");
	ac_page_elemc(&n->p, "span", NULL, label);
	ac_page_open(&n->p, "input", NULL);
	ac_xw_attrc(&n->p.w, "type", "text");
	ac_xw_attrc(&n->p.w, "name", name);
	ac_xw_attrf(&n->p.w, "maxlength", "%zu", max);
	ac_xw_attrc(&n->p.w, "autocomplete", "off");
	ac_xw_attrc(&n->p.w, "placeholder", hint);
	if (typed.n > 0)
		ac_xw_attr(&n->p.w, "value", typed);
	ac_page_close(&n->p, "input");
	ac_page_close(&n->p, "label");
}

static void
lot(struct ac_panel *n)
{
	ac_page_open(&n->p, "fieldset", "ask");
	what(n, AC_S("Lot"), false, AC_S("from the pack; never taken from an earlier session"), false);
	ac_page_open(&n->p, "div", "controls");
	text_field(n, "fact." AC_ANSWER_LOT, "Lot number", "", AC_LOT_BYTES_MAX);
	text_field(n, "fact." AC_ANSWER_LOT_EXPIRES, "Expires", "2027-01", 10);
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "fieldset");
}

static void
expired(struct ac_panel *n, const struct enc_product *x)
{
	ac_page_open(&n->p, "fieldset", "ask urgent");
	what(n, ac_strf(n->p.a, "Lot %.*s expired %.*s", AC_FMT(x->lot), AC_FMT(x->expires)), true,
	    AC_S("If it was another one, type what the pack says."), false);
	ac_page_open(&n->p, "div", "controls");
	ac_page_open(&n->p, "label", "check");
	ac_page_open(&n->p, "input", NULL);
	ac_xw_attrc(&n->p.w, "type", "checkbox");
	ac_xw_attrc(&n->p.w, "name", "fact." AC_ANSWER_LOT_EXPIRED);
	ac_xw_attr(&n->p.w, "value", x->lot);
	ac_page_close(&n->p, "input");
	ac_xw_textc(&n->p.w, "It was this lot");
	ac_page_close(&n->p, "label");
	text_field(n, "fact." AC_ANSWER_LOT, "Another lot", "", AC_LOT_BYTES_MAX);
	text_field(n, "fact." AC_ANSWER_LOT_EXPIRES, "Expires", "2027-01", 10);
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "fieldset");
}

static void
in_the_chart(struct ac_panel *n, const struct ac_plan_missing *m)
{
	struct ac_str kind;

	(void)ac_cut(m->path, '/', &kind);
	ac_page_open(&n->p, "div", "ask");
	if (ac_streq_c(kind, "medication") || ac_streq_c(kind, "allergy") || ac_streq_c(kind, "problem"))
		ac_page_elem(&n->p, "p", "what",
		    ac_strf(n->p.a, "The %.*s list was not reviewed. Review it in the chart.", AC_FMT(kind)));
	else
		ac_page_elem(&n->p, "p", "what", ac_strf(n->p.a, "Not recorded in the chart: %.*s.", AC_FMT(m->path)));
	ac_page_close(&n->p, "div");
}

static void
send(struct ac_panel *n)
{
	ac_page_open(&n->p, "div", "send");
	ac_issue_language_select(&n->p, n->r);
	ac_page_hidden_int(&n->p, "sheets", (int64_t)n->r->nissues);
	ac_page_hidden(&n->p, "recipient", n->r->encounter->patient.has_guardian ? AC_S("guardian") : AC_S("patient"));
	ac_page_open(&n->p, "button", "button primary");
	ac_xw_attrc(&n->p.w, "type", "submit");
	ac_xw_attrc(&n->p.w, "name", "give");
	ac_xw_attrc(&n->p.w, "value", "1");
	ac_xw_attrc(&n->p.w, "formtarget", "_blank"); /* the sheet is printed from a tab of its own */
	ac_xw_textc(&n->p.w, "Confirm and print");
	ac_page_close(&n->p, "button");
	ac_page_button(&n->p, "button", "save", "1", "Save only");
	ac_issue_anew(&n->p, n->r);
	ac_page_close(&n->p, "div");
}

bool
ac_panel_session(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	const struct enc_product *bad = ac_plan_expired_lot(p);
	struct ac_session_rows before = { 0 };
	struct ac_err err = { 0 };

	if (!ac_page_is_role(&n->p, AC_ROLES_CARE) || n->r->nissues > 0 || p->status != AC_PLAN_ACTIVE ||
	    ac_plan_is_suspended(&n->p, n->r) || ac_override_holds_up_sheet(p))
		return false;
	if (sessions_before(n, &before, &err) != AC_OK)
		before.n = 0; /* nothing is proposed */
	bool lacks = bad == NULL && ac_plan_lacks_lot(p);
	size_t open = p->nmissing + (lacks ? 1u : 0u) + (bad != NULL ? 1u : 0u);
	ac_page_open(&n->p, "section", open > 0 ? "open session" : "open session ready");
	ac_page_elem(&n->p, "h2", "count", open > 0 ? ac_strf(n->p.a, "%zu open", open) : AC_S("Nothing is open"));
	ac_panel_time(n);
	ac_panel_form(n, "one");
	if (bad != NULL)
		expired(n, bad);
	questions(n, &before);
	for (size_t i = 0; i < p->nmissing; i++)
		if (p->missing[i].conflict)
			number_conflict(n);
	if (lacks)
		lot(n);
	for (size_t i = 0; i < p->nmissing; i++)
		if (p->missing[i].def == NULL && !p->missing[i].conflict)
			in_the_chart(n, &p->missing[i]);
	send(n);
	ac_page_close(&n->p, "form");
	ac_page_close(&n->p, "section");
	return true;
}

void
ac_panel_next_session(struct ac_panel *n)
{
	struct ac_session_rows before;
	struct ac_next_session next;
	struct ac_err err = { 0 };

	if (sessions_before(n, &before, &err) != AC_OK || ac_series_next(n->p.h->w, &before, &next, &err) != AC_OK || next.last == NULL)
		return;
	bool early = ac_page_now(&n->p) < next.from;
	ac_page_open(&n->p, "section", early ? "notice warn" : "notice");
	ac_page_elemc(&n->p, "strong", NULL, early ? "Too early for the next session. " : "Next session. ");
	ac_page_elem(&n->p, "span", NULL,
	    ac_strf(n->p.a, "%.*s: the last one was on %.*s; the next not before %.*s", AC_FMT(next.title),
		AC_FMT(ac_time_words(n->p.a, next.zone, next.last->anchor, AC_TIME_DATE, AC_S("en"))),
		AC_FMT(ac_time_words(n->p.a, next.zone, next.from, AC_TIME_DATE, AC_S("en")))));
	if (next.until != AC_INSTANT_NONE)
		ac_page_elem(&n->p, "span", NULL,
		    ac_strf(n->p.a, ", best until %.*s", AC_FMT(ac_time_words(n->p.a, next.zone, next.until, AC_TIME_DATE, AC_S("en")))));
	ac_page_close(&n->p, "section");
}
