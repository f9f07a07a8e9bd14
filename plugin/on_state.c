/*
 * on_state.c - POST /aftercare/plans/{id}/state: a plan is held, resumed, skipped, revoked, completed, taken back as an error;
 * what its page says of that, and the form.
 */
#include "core/plan_state.h"
#include "plugin/plan_page.h"

#include <string.h>

#define EN AC_S("en")

static const char *const words[] = {
	[AC_PLAN_ACT_HOLD] = "Hold",
	[AC_PLAN_ACT_RESUME] = "Go on",
	[AC_PLAN_ACT_SKIP] = "Skip",
	[AC_PLAN_ACT_REVOKE] = "Withdraw",
	[AC_PLAN_ACT_COMPLETE] = "Complete",
	[AC_PLAN_ACT_ERROR] = "Entered in error",
};
#define NWORDS (sizeof(words) / sizeof(words[0]))

static struct ac_str
object_of(struct ac_page *p, const struct ac_record *r)
{
	return ac_strf(p->a, "%.*s/state", AC_FMT(ac_uuid_str(p->a, r->row.id)));
}

void
ac_plan_state_notice(struct ac_page *p, const struct ac_record *r)
{
	const struct ac_plan_state *s = &r->plan->in->state;

	if (!s->is_set)
		return;
	ac_page_open(p, "p", s->status == AC_PLAN_REVOKED || s->status == AC_PLAN_ENTERED_IN_ERROR ? "notice bad" : "notice");
	ac_page_elemc(p, "strong", NULL,
	    s->status == AC_PLAN_ON_HOLD	  ? "On hold"
	    : s->status == AC_PLAN_COMPLETED	  ? "Completed"
	    : s->status == AC_PLAN_ACTIVE	  ? "Active again, was completed before,"
	    : s->status == AC_PLAN_ENTERED_IN_ERROR ? "Entered in error"
						    : "Withdrawn");
	ac_xw_textf(&p->w, " since %.*s%s", AC_FMT(ac_time_words(p->a, r->plan->in->zone, s->at, AC_TIME_SHORT, EN)),
	    s->by.n > 0 ? ", by " : "");
	ac_page_elem(p, "bdi", NULL, s->by);
	ac_xw_textc(&p->w, ": ");
	ac_page_elem(p, "span", NULL, s->reason);
	ac_page_close(p, "p");
}

void
ac_plan_state_form(struct ac_page *p, const struct ac_record *r)
{
	bool any = false;

	for (size_t i = 0; i < NWORDS; i++)
		any |= ac_plan_state_may(&p->h->who, r, (enum ac_plan_act)i);
	if (!any || r->version != r->row.version || !ac_page_is_role(p, AC_ROLES_CARE))
		return;
	struct ac_str typed = ac_page_typed(p, "why");
	ac_page_open(p, "details", "change-state");
	if (typed.n > 0)
		ac_xw_attrc(&p->w, "open", "open");
	ac_page_elemc(p, "summary", "button", r->plan->status == AC_PLAN_ON_HOLD ? "Go on, or end …" : "Hold or end …");
	ac_page_form(p, "states", "plan-state", ac_plan_path(p->a, r->row.id, "/state"), object_of(p, r));
	ac_page_hidden_int(p, "version", r->row.version);
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, "Why");
	ac_page_open(p, "input", NULL);
	ac_xw_attrc(&p->w, "type", "text");
	ac_xw_attrc(&p->w, "name", "why");
	ac_xw_attrc(&p->w, "maxlength", "300");
	ac_xw_attrc(&p->w, "required", "required");
	ac_xw_attrc(&p->w, "autocomplete", "off");
	if (typed.n > 0)
		ac_xw_attr(&p->w, "value", typed);
	ac_page_close(p, "input");
	ac_page_close(p, "label");
	ac_page_open(p, "div", "controls");
	for (size_t i = 0; i < NWORDS; i++)
		if (ac_plan_state_may(&p->h->who, r, (enum ac_plan_act)i))
			ac_page_button(p, "button", "act", ac_plan_act_word((enum ac_plan_act)i), words[i]);
	ac_page_close(p, "div");
	ac_page_close(p, "form");
	ac_page_close(p, "details");
}

/* What was done to the plan as a whole, for its history. */
void
ac_plan_state_history(struct ac_plan_page *n)
{
	struct ac_plan_act_rows acts = { 0 };

	if (ac_plan_acts(n->p.h->w, n->r->row.id, &acts, NULL) != AC_OK)
		return;
	for (size_t i = 0; i < acts.n; i++) {
		const struct ac_plan_act_row *a = &acts.v[i];

		ac_page_open(&n->p, "tr", NULL);
		ac_page_open(&n->p, "th", NULL);
		ac_xw_attrc(&n->p.w, "scope", "row");
		ac_xw_textf(&n->p.w, "%.*s, was %.*s", AC_FMT(a->becomes), AC_FMT(a->was));
		ac_page_close(&n->p, "th");
		ac_page_elem(&n->p, "td", "when", ac_time_words(n->p.a, n->z, a->at_ms / 1000, AC_TIME_SHORT, EN));
		ac_page_open(&n->p, "td", "why");
		ac_page_elem(&n->p, "span", NULL, a->reason);
		ac_page_elem(&n->p, "small", NULL,
		    ac_strf(n->p.a, "%.*s (%.*s), version %lld", AC_FMT(a->actor), AC_FMT(ac_page_role(a->role)),
			(long long)a->version));
		ac_page_close(&n->p, "td");
		ac_page_close(&n->p, "tr");
	}
}

enum ac_code
ac_on_plan_state(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_plan_state_request rq = { .reason = ac_str_trim(ac_http_form(h, "why")) };
	struct ac_page p = { .h = h, .a = h->w->arena };
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_form_check(h, object_of(&p, r), reterr)) != AC_OK)
		return rc;
	if (!ac_plan_act_parse(ac_http_form(h, "act"), &rq.act))
		return ac_fail(reterr, AC_EINPUT, "PLAN-ACT", "nobody does this to a plan");
	if (!ac_str_int(ac_http_form(h, "version"), 1, INT64_MAX, &rq.seen_version))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	struct ac_str home = ac_plan_home(h->w->arena, r->row.id);
	rq.plan = r->row.id;
	rc = ac_plan_state_do(h->w, &h->who, &rq, reterr);
	if (rc == AC_ECONFLICT) {
		ac_page_set_conflict(h, reterr);
		return ac_on_plan(h, reterr);
	}
	if (rc != AC_OK)
		return rc;
	ac_http_see_other(h, home);
	return AC_OK;
}
