/* on_panel.c - GET /aftercare/panel/{site}/{encounter}: the panel on the encounter's page. */
#include "plugin/panel.h"
#include "plugin/call_page.h"

#include <string.h>

#include "core/bodymap.h"
#include "core/override_act.h"

static struct ac_str
plan_chip_class(struct ac_str status)
{
	if (ac_streq_c(status, "revoked") || ac_streq_c(status, "entered-in-error"))
		return AC_S("bad");
	return ac_streq_c(status, "active")    ? AC_S("good")
	       : ac_streq_c(status, "on-hold") ? AC_S("warn")
					       : AC_S("plain");
}

static struct ac_str
final_words(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	const struct ac_clinic *c = p->in->clinic;

	if (n->r->row.final_ms != 0)
		return ac_strf(n->p.a, "final since %.*s",
		    AC_FMT(ac_page_moment(&n->p, p->in->zone, n->r->row.final_ms / 1000)));
	if (c->finalise == AC_FINAL_FINISHED)
		return AC_S("final when the visit is finished");
	if (c->finalise == AC_FINAL_HOURS_AFTER_ISSUE)
		return ac_strf(n->p.a, "final %d h after the sheet", c->finalise_hours);
	return AC_S("final when signed");
}

static void
sheet_chip(struct ac_panel *n)
{
	bool warn;
	struct ac_str words = ac_paper_words(&n->p, n->r, &warn);

	ac_page_chip(&n->p, warn ? "warn" : NULL, words);
}

static void
chips(struct ac_panel *n)
{
	const struct ac_plan_row *row = &n->r->row;

	ac_page_open(&n->p, "div", "chips");
	ac_page_chip(&n->p, ac_cstr(n->p.a, plan_chip_class(row->status)), row->status);
	sheet_chip(n);
	if (!ac_streq_c(row->status, "revoked"))
		ac_page_chip(&n->p, NULL, final_words(n));
	if (row->pending)
		ac_page_chip(&n->p, "warn", AC_S("changes wait for the signature"));
	if (n->r->plan->demonstration)
		ac_page_chip(&n->p, "demo", AC_S("DEMONSTRATION"));
	ac_page_close(&n->p, "div");
}

static void
print_link(struct ac_panel *n, const struct ac_issue_row *last, const char *class)
{
	ac_page_link(&n->p, class, ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld", (long long)last->n),
	    AC_S("Print sheet"));
	ac_page_link(&n->p, "button", ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld/pdf", (long long)last->n), AC_S("PDF"));
	ac_page_link(&n->p, "button", ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld/calendar", (long long)last->n),
	    AC_S("Calendar file"));
}

static void
actions(struct ac_panel *n)
{
	const struct ac_issue_row *last = ac_last_issue(n->r);
	bool may_give = !ac_override_holds_up_sheet(n->r->plan) && ac_streq_c(n->r->row.status, "active") && ac_page_is_role(&n->p, AC_ROLES_CARE) &&
			!ac_plan_is_suspended(&n->p, n->r);
	bool give_first = may_give && (last == NULL || ac_sheet_is_outdated(n->r));

	ac_page_open(&n->p, "div", "actions");
	if (last != NULL && !give_first)
		print_link(n, last, "button primary");
	if (may_give) {
		ac_page_open(&n->p, "details", "give");
		ac_page_elemc(&n->p, "summary", give_first && last != NULL ? "button primary" : "button",
		    last == NULL                 ? "Give out sheet"
		    : ac_sheet_is_outdated(n->r) ? "Give out new sheet"
						 : "Give out again");
		ac_page_open(&n->p, "div", "popup");
		ac_issue_form(&n->p, n->r);
		if (last == NULL)
			ac_blank_sheet_form(&n->p, n->r);
		ac_page_close(&n->p, "div");
		ac_page_close(&n->p, "details");
	}
	if (last != NULL && give_first)
		print_link(n, last, "button");
	if (last == NULL && ac_streq_c(n->r->row.status, "active"))
		ac_page_link(
		    &n->p, "button", ac_plan_path(n->p.a, n->r->row.id, "/handout"), AC_S("Preview"));
	ac_call_link(&n->p, n->r->row.id, "button");
	ac_page_close(&n->p, "div");
}

static void
first_line(struct ac_panel *n)
{
	ac_page_open(&n->p, "header", "state");
	ac_page_elemc(&n->p, "h1", NULL, "Aftercare");
	if (n->r != NULL) {
		chips(n);
		actions(n);
	}
	ac_page_close(&n->p, "header");
}

/* Names of what the visit's category or product hints at. */
static struct ac_str
suggested_words(struct ac_panel *n)
{
	const struct ac_config *c = n->p.h->w->config;
	struct ac_str s = { 0 };

	for (size_t i = 0; i < c->nactive; i++) {
		if (ac_plan_match(n->e.encounter, NULL, 0, c->active[i].protocol, n->p.a) == AC_MATCH_NONE)
			continue;
		struct ac_str title = ac_page_text(c->active[i].protocol->title);
		s = s.n == 0 ? title : ac_strf(n->p.a, "%.*s, %.*s", AC_FMT(s), AC_FMT(title));
	}
	return s;
}

static void
without_plan(struct ac_panel *n)
{
	static const struct {
		const char *outcome, *title, *text;
	} words[] = {
		{ "no-protocol", "Nothing to do for this visit",
		    "No sheet is set up for what was recorded here." },
		{ "before-go-live", "Nothing to do for this visit",
		    "It took place before Aftercare began to serve this clinic." },
		{ "revoked", "The plan was withdrawn", "What was recorded here no longer calls for a plan." },
	};

	if (ac_streq_c(n->e.outcome, "suggested")) {
		struct ac_str what = suggested_words(n);

		if (what.n > 0)
			ac_page_elem(&n->p, "p", "lead",
			    ac_strf(n->p.a, "This visit looks like: %.*s.", AC_FMT(what)));
		ac_panel_was_it_done(n);
		return;
	}
	ac_page_open(&n->p, "section", "calm");
	if (ac_streq_c(n->e.outcome, "no-protocol") && n->e.encounter->follow_up_of.n > 0) {
		ac_page_elemc(&n->p, "h2", NULL, "No sheet of its own");
		ac_page_elemc(&n->p, "p", NULL, "This visit follows another one.");
		ac_page_close(&n->p, "section");
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!ac_streq_c(n->e.outcome, words[i].outcome))
			continue;
		ac_page_elemc(&n->p, "h2", NULL, words[i].title);
		ac_page_elemc(&n->p, "p", NULL, words[i].text);
		ac_page_close(&n->p, "section");
		return;
	}
	ac_page_elemc(&n->p, "h2", NULL, "No plan yet");
	ac_page_elemc(&n->p, "p", NULL, "It appears here as soon as a treatment is recorded as done.");
	ac_page_close(&n->p, "section");
}

static struct ac_str
lots(struct ac_panel *n)
{
	const struct encounter *e = n->r->encounter;
	struct ac_str s = { 0 };

	for (size_t i = 0; i < e->nprocedures; i++)
		for (size_t k = 0; k < e->procedures[i].nproducts; k++)
			if (e->procedures[i].products[k].lot.n > 0)
				s = ac_strf(n->p.a, "%.*s%slot %.*s", AC_FMT(s), s.n > 0 ? ", " : "",
				    AC_FMT(e->procedures[i].products[k].lot));
	return s;
}

static void
footer(struct ac_panel *n)
{
	struct ac_page *p = &n->p;
	const struct ac_plan *plan = n->r->plan;
	const struct ac_document_row *doc = ac_last_document(n->r);

	ac_page_open(p, "footer", "links");
	ac_page_link(p, NULL, ac_plan_home(p->a, n->r->row.id), AC_S("Plan"));
	if (ac_override_may(p, n->r))
		ac_page_link(p, NULL, ac_plan_path(p->a, n->r->row.id, "#decided"), AC_S("Change for this visit"));
	if (doc != NULL && ac_page_is_role(p, AC_ROLES_CARE))
		ac_page_link(p, NULL,
		    ac_plan_path(p->a, n->r->row.id, "/documents/%lld", (long long)doc->version),
		    ac_strf(p->a, "Document v%lld", (long long)doc->version));
	ac_page_link(p, NULL, ac_plan_path(p->a, n->r->row.id, "#history"),
	    ac_strf(p->a, "History: %lld version%s", (long long)n->r->row.version,
		n->r->row.version == 1 ? "" : "s"));
	struct ac_str lot = lots(n);
	ac_page_open(p, "span", "series");
	if (plan->session > 0 && plan->sessions > 0)
		ac_xw_textf(&p->w, "Session %d of %d", plan->session, plan->sessions);
	if (lot.n > 0)
		ac_xw_textf(
		    &p->w, "%s%.*s", plan->session > 0 && plan->sessions > 0 ? " · " : "", AC_FMT(lot));
	ac_page_close(p, "span");
	ac_page_open(p, "span", "as-of");
	ac_xw_textf(&p->w, "as of %.*s · ",
	    AC_FMT(ac_time_words(p->a, plan->in->zone, ac_page_now(p), AC_TIME_CLOCK, AC_S("en"))));
	ac_page_open(p, "a", NULL);
	ac_xw_attr(&p->w, "href", ac_panel_path(p->a, n->e.site, n->e.id));
	ac_xw_textc(&p->w, "load again");
	ac_page_close(p, "a");
	ac_page_close(p, "span");
	ac_page_close(p, "footer");
}

static void
write_panel(struct ac_panel *n)
{
	first_line(n);
	if (n->r == NULL) {
		ac_panel_next_session(n);
		ac_panel_ahead(n);
		without_plan(n);
		return;
	}
	ac_call_alarm(&n->p, n->r);
	ac_plan_state_notice(&n->p, n->r);
	if (n->r->plan->in->revoked) {
		ac_page_open(&n->p, "section", "notice bad");
		ac_page_elemc(&n->p, "strong", NULL, "This plan was withdrawn.");
		ac_page_elemc(&n->p, "span", NULL,
		    ac_last_issue(n->r) == NULL
			? " No sheet was given out."
			: " A sheet is with the patient: tell them that it no longer holds.");
		ac_page_close(&n->p, "section");
		if (ac_streq_c(n->e.outcome, "suggested"))
			ac_panel_was_it_done(n);
	} else {
		ac_plan_versions(&n->p, n->r, false);
		ac_panel_open_line(n);
	}
	ac_panel_paper(&n->p, n->r);
	ac_panel_kept(n);
	ac_confirm_line(&n->p, n->r, "panel");
	ac_plan_overridden(&n->p, n->r, false);
	ac_plan_notices(&n->p, n->r->plan);
	ac_page_open(&n->p, "div", "body");
	ac_panel_rows(n);
	ac_panel_follow_up(n);
	ac_page_close(&n->p, "div");
	if (ac_page_is_role(&n->p, AC_ROLES_CARE)) /* the front desk writes down questions on the plan's page */
		ac_visit_forms(&n->p, n->r, false);
	ac_panel_answers(n);
	footer(n);
}

/* The visit that a plan asked for has the checklist of that plan; whoever is bound to this visit alone has not. */
static enum ac_code
follow_up(struct ac_panel *n, struct ac_err *reterr)
{
	struct ac_http *h = n->p.h;
	struct ac_str of = n->e.encounter->follow_up_of;
	struct ac_record *r;
	struct ac_uuid plan;
	struct ac_err e = { 0 };
	enum ac_code rc;

	if (of.n == 0 || ac_streq(of, n->e.id) ||
	    ac_record_find(h->w, n->e.site, of, &plan, &e) != AC_OK)
		return AC_OK;
	if ((rc = ac_record_load(h->w, plan, 0, &r, reterr)) != AC_OK)
		return rc;
	if (!ac_streq(r->row.patient, n->e.patient) ||
	    ac_authorize_plan(h, &r->row, &e) != AC_OK)
		return AC_OK;
	if ((rc = ac_page_log(h, "view", "plan", r, r->version, reterr)) == AC_OK)
		ac_visit_forms(&n->p, r, true);
	return rc;
}

static enum ac_code
load(struct ac_http *h, struct ac_panel *n, struct ac_err *reterr)
{
	struct ac_uuid plan;
	enum ac_code rc;

	if ((rc = ac_encounter_get(h->w, h->capture[0], h->capture[1], &n->e, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_authorize_visit(h, &(struct ac_visit_key){ n->e.site, n->e.id, n->e.patient, { { 0 } } }, reterr)) != AC_OK)
		return rc;
	rc = ac_record_find(h->w, h->capture[0], h->capture[1], &plan, reterr);
	if (rc == AC_ENOTFOUND)
		return AC_OK;
	if (rc != AC_OK || (rc = ac_record_load(h->w, plan, 0, &n->r, reterr)) != AC_OK)
		return rc;
	return ac_authorize_plan(h, &n->r->row, reterr);
}

enum ac_code
ac_on_panel(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_panel n = { 0 };
	enum ac_code rc;

	if ((rc = load(h, &n, reterr)) != AC_OK)
		return rc;
	n.object = ac_strf(h->w->arena, "%.*s/%.*s", AC_FMT(n.e.site), AC_FMT(n.e.id));
	if (n.r != NULL)
		rc = ac_page_log(h, "view", "plan", n.r, n.r->version, reterr);
	else
		rc = ac_service_log(h->w, &h->who, "view", "encounter", (struct ac_str){ 0 }, 0, n.e.patient,
		    n.object, NULL, reterr);
	if (rc != AC_OK)
		return rc;
	ac_page_begin(&n.p, h, AC_PAGE_PANEL, "Panel");
	ac_page_conflict(&n.p);
	write_panel(&n);
	if ((rc = follow_up(&n, reterr)) != AC_OK)
		return rc;
	ac_page_end(&n.p);
	return AC_OK;
}
