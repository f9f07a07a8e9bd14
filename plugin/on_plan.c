/* on_plan.c - GET /aftercare/plans/{id}: the whole plan, every line with why, source and signer; ?version=N an older one. */
#include "core/override_act.h"
#include "plugin/plan_page.h"
#include "plugin/call_page.h"

#include "core/bodymap.h"
#include "core/handout.h"

#define EN AC_S("en")

static void
fact(struct ac_plan_page *n, const char *name, struct ac_str value)
{
	if (value.n == 0)
		return;
	ac_page_open(&n->p, "div", NULL);
	ac_page_elemc(&n->p, "dt", NULL, name);
	ac_page_elem(&n->p, "dd", NULL, value);
	ac_page_close(&n->p, "div");
}

static const char *
anchor_words(enum ac_anchor_source s)
{
	switch (s) {
	case AC_ANCHOR_PERFORMED:
		return "recorded";
	case AC_ANCHOR_ANSWER:
		return "confirmed on the panel";
	case AC_ANCHOR_END:
		return "assumed: end of the visit";
	case AC_ANCHOR_ISSUE:
		return "assumed: when the sheet was given";
	case AC_ANCHOR_DAY_END:
		break;
	}
	return "assumed: end of the day";
}

static void
treatments(struct ac_plan_page *n)
{
	const struct ac_plan *p = n->r->plan;

	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_treatment *t = &p->treatments[i];
		struct ac_str name = t->procedure != NULL && t->procedure->text.n > 0
					 ? t->procedure->text
					 : ac_page_text(t->protocol->title);

		fact(n, "Treatment",
		    ac_strf(n->p.a, "%.*s, %.*s (%s)", AC_FMT(name),
			AC_FMT(ac_time_words(n->p.a, n->z, t->anchor, AC_TIME_FULL, EN)),
			anchor_words(t->anchor_source)));
	}
}

/* Whoever may see the other patient's plan can open it; the link itself says nothing of that patient. */
static void
moved(struct ac_plan_page *n)
{
	if (n->nmoved == 0)
		return;
	ac_page_open(&n->p, "p", "notice");
	ac_xw_textc(&n->p.w, n->r->plan->in->revoked ? "In another patient's chart this visit has its own plan: "
						     : "The chart gave this visit to another patient before. Plan of then: ");
	for (size_t i = 0; i < n->nmoved; i++) {
		if (i > 0)
			ac_xw_textc(&n->p.w, ", ");
		ac_page_link(&n->p, NULL, ac_plan_home(n->p.a, n->moved[i]),
		    ac_uuid_str(n->p.a, n->moved[i]));
	}
	ac_page_close(&n->p, "p");
}

static void
head(struct ac_plan_page *n)
{
	const struct encounter *e = n->r->encounter;
	const struct ac_plan *p = n->r->plan;

	ac_page_open(&n->p, "div", "head");
	ac_page_open(&n->p, "h1", NULL);
	ac_xw_textc(&n->p.w, "Plan for ");
	ac_page_elem(&n->p, "bdi", NULL, ac_page_person(&n->p, e->patient.given, e->patient.family));
	ac_page_close(&n->p, "h1");
	ac_page_open(&n->p, "div", "chips");
	ac_page_chip(&n->p,
	    p->status == AC_PLAN_ACTIVE	   ? "good"
	    : p->in->revoked		   ? "bad"
	    : p->status == AC_PLAN_ON_HOLD ? "warn"
					   : "plain",
	    ac_str_c(ac_plan_status_word(p->status)));
	ac_page_chip(&n->p, NULL, ac_str_c(ac_plan_stage_word(p->in->stage)));
	if (n->r->row.pending)
		ac_page_chip(&n->p, "warn", AC_S("changes wait for the signature"));
	if (p->demonstration && !ac_page_is_demonstration(&n->p)) /* else the page's head says so */
		ac_page_chip(&n->p, "demo", AC_S("DEMONSTRATION"));
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "div");
	if (n->r->version != n->r->row.version) {
		ac_page_open(&n->p, "p", "notice warn");
		ac_xw_textf(&n->p.w, "This is version %lld as it was. ", (long long)n->r->version);
		ac_page_link(&n->p, NULL, ac_plan_home(n->p.a, n->r->row.id),
		    ac_strf(n->p.a, "Open version %lld", (long long)n->r->row.version));
		ac_page_close(&n->p, "p");
	}
	ac_plan_state_notice(&n->p, n->r);
	if (p->in->revoked && !p->in->state.is_set)
		ac_page_elem(&n->p, "p", "notice bad",
		    ac_strf(n->p.a, "This plan was withdrawn: %.*s.", AC_FMT(ac_plan_revoke_words(p->in->revoke_reason))));
	moved(n);
	ac_page_open(&n->p, "dl", "meta");
	treatments(n);
	fact(n, "Areas", ac_plan_area_words(p, EN, n->p.a));
	if (p->session > 0)
		fact(n, "Session",
		    p->sessions > 0 ? ac_strf(n->p.a, "%d of %d", p->session, p->sessions)
				    : ac_strf(n->p.a, "%d", p->session));
	if (e->has_provider)
		fact(n, "With", ac_page_person(&n->p, e->provider.given, e->provider.family));
	if (p->series_next_from != AC_INSTANT_NONE)
		fact(n, "Next session",
		    ac_strf(
			n->p.a, "not before %.*s", AC_FMT(ac_page_day(&n->p, n->z, p->series_next_from))));
	fact(n, "Times", ac_zone_name(n->z));
	ac_page_close(&n->p, "dl");
}

static void
actions(struct ac_plan_page *n)
{
	const struct ac_issue_row *last = ac_last_issue(n->r);
	bool may_give = !ac_override_holds_up_sheet(n->r->plan) && n->r->plan->status == AC_PLAN_ACTIVE && n->r->version == n->r->row.version &&
			ac_page_is_role(&n->p, AC_ROLES_CARE) && !ac_plan_is_suspended(&n->p, n->r);
	bool give_first = may_give && (last == NULL || ac_sheet_is_outdated(n->r));

	if (n->p.h->who.role == AC_ROLE_AUDITOR)
		return;
	ac_page_open(&n->p, "div", "actions");
	if (may_give) {
		ac_page_open(&n->p, "details", "give");
		ac_page_elemc(&n->p, "summary", give_first ? "button primary" : "button",
		    last == NULL ? "Give out sheet"
		    : give_first ? "Give out new sheet"
				 : "Give out again");
		ac_page_open(&n->p, "div", "popup");
		ac_issue_form(&n->p, n->r);
		if (last == NULL)
			ac_blank_sheet_form(&n->p, n->r);
		ac_page_close(&n->p, "div");
		ac_page_close(&n->p, "details");
	}
	if (last != NULL) {
		ac_page_link(&n->p, give_first ? "button" : "button primary",
		    ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld", (long long)last->n),
		    AC_S("Print sheet"));
		ac_page_link(&n->p, "button", ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld/pdf", (long long)last->n), AC_S("PDF"));
	}
	if (last != NULL)
		ac_page_link(&n->p, "button", ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld/calendar", (long long)last->n),
		    AC_S("Calendar file"));
	ac_page_link(
	    &n->p, "button", ac_plan_path(n->p.a, n->r->row.id, "/handout"), AC_S("Preview the sheet"));
	ac_call_link(&n->p, n->r->row.id, "button");
	ac_plan_state_form(&n->p, n->r);
	ac_page_close(&n->p, "div");
}

static void
picture(struct ac_plan_page *n)
{
	struct ac_str svg = ac_timeline_svg(n->r->plan, EN, n->p.a),
		      body = ac_bodymap_svg(n->r->plan, EN, n->p.a);

	if (svg.n == 0 && body.n == 0)
		return;
	ac_page_open(&n->p, "section", "picture");
	if (svg.n > 0) {
		ac_page_open(&n->p, "figure", "timeline");
		ac_xw_markup_not_escaped(&n->p.w, svg);
		ac_page_elemc(&n->p, "figcaption", NULL, "solid: not yet · outlined: do · hatched: assumed");
		ac_page_close(&n->p, "figure");
	}
	if (body.n > 0) {
		ac_page_open(&n->p, "figure", "bodymap");
		ac_xw_markup_not_escaped(&n->p.w, body);
		ac_page_elem(&n->p, "figcaption", NULL, ac_plan_area_words(n->r->plan, EN, n->p.a));
		ac_page_close(&n->p, "figure");
	}
	ac_page_close(&n->p, "section");
}

enum ac_code
ac_on_plan(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_plan_page n = { 0 };
	struct ac_str v = ac_http_query(h, "version");
	int64_t version = 0;
	enum ac_code rc;

	if (v.n > 0 && !ac_str_int(v, 1, INT64_MAX, &version))
		return ac_fail(reterr, AC_EINPUT, "PLAN-VERSION", "a version is a number from 1");
	if ((rc = ac_page_record(h, version, &n.r, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_record_moved(h->w, &n.r->row, n.moved, &n.nmoved, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_page_log(h, "view", "plan", n.r, n.r->version, reterr)) != AC_OK)
		return rc;
	n.z = n.r->plan->in->zone;
	ac_page_begin(&n.p, h, AC_PAGE_WHOLE, "Plan");
	ac_page_conflict(&n.p);
	head(&n);
	ac_call_alarm(&n.p, n.r);
	ac_plan_versions(&n.p, n.r, true);
	actions(&n);
	ac_panel_paper(&n.p, n.r);
	ac_confirm_line(&n.p, n.r, "plan");
	ac_plan_notices(&n.p, n.r->plan);
	picture(&n);
	ac_plan_overridden(&n.p, n.r, true);
	ac_visit_forms(&n.p, n.r, false);
	ac_plan_page_lines(&n);
	ac_plan_page_signs(&n);
	ac_plan_page_tasks(&n);
	ac_call_scores(&n.p, n.r);
	ac_call_others(&n.p, n.r, NULL);
	ac_plan_page_protocols(&n);
	ac_plan_page_history(&n);
	ac_page_end(&n.p);
	return AC_OK;
}
