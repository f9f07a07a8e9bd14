/*
 * on_confirm.c - documents that wait for a clinician: the list, the line on panel and plan, and the click.
 *
 * Rules   the form carries the versions that its page showed; a newer one gets the page again (core/confirm.h). One click a
 *         document: there is no form that confirms several.
 */
#include "plugin/panel.h"

#include "core/confirm.h"

static bool
may_confirm(const struct ac_page *p)
{
	return ac_page_is_role(p, AC_ROLE_BIT(AC_ROLE_CLINICIAN));
}

static void
confirm_form(struct ac_page *p, const struct ac_plan_row *row, const char *back)
{
	ac_page_form(p, "confirm", "plan-confirm", ac_plan_path(p->a, row->id, "/confirmation"),
	    ac_uuid_str(p->a, row->id));
	ac_page_hidden_int(p, "version", row->version);
	ac_page_hidden_int(p, "document", row->document_version);
	ac_page_hidden(p, "back", ac_str_c(back));
	ac_page_button(p, "button", "confirm", "1",
	    ac_cstr(p->a, ac_strf(p->a, "Confirm document %lld", (long long)row->document_version)));
	ac_page_close(p, "form");
}

void
ac_confirm_line(struct ac_page *p, const struct ac_record *r, const char *back)
{
	struct ac_confirmation_row *done;
	struct ac_err err = { 0 };
	bool waiting;
	size_t n;

	if (r->row.document_version == 0 || r->version != r->row.version ||
	    ac_confirmations_of(p->h->w, r->row.id, &done, &n, &waiting, &err) != AC_OK || !waiting)
		return;
	ac_page_open(p, "section", "notice to-confirm");
	ac_page_elem(p, "strong", NULL,
	    ac_strf(p->a, "Document %lld is not confirmed. ", (long long)r->row.document_version));
	ac_page_elemc(p, "span", NULL,
	    n > 0 ? "An earlier version was; this one says something else. " : "No clinician has confirmed it yet. ");
	if (may_confirm(p))
		confirm_form(p, &r->row, back);
	ac_page_close(p, "section");
}

static void
row_of(struct ac_page *p, const struct ac_confirm_row *r)
{
	ac_page_open(p, "li", NULL);
	ac_page_open(p, "div", "due");
	ac_page_elem(p, "strong", NULL,
	    ac_time_words(p->a, NULL, r->plan.anchor, AC_TIME_DATE, AC_S("en")));
	ac_page_elem(p, "small", NULL, ac_strf(p->a, "version %lld", (long long)r->plan.version));
	ac_page_close(p, "div");
	ac_page_open(p, "div", "what");
	ac_page_link(p, NULL,
	    ac_plan_path(p->a, r->plan.id, "/documents/%lld", (long long)r->plan.document_version),
	    ac_strf(p->a, "Document %lld", (long long)r->plan.document_version));
	ac_page_close(p, "div");
	ac_page_open(p, "div", "who");
	ac_page_elem(p, "bdi", NULL, ac_page_person(p, r->encounter->patient.given, r->encounter->patient.family));
	if (r->encounter->has_provider)
		ac_page_elem(p, "small", NULL,
		    ac_strf(p->a, "with %.*s", AC_FMT(ac_page_person(p, r->encounter->provider.given, r->encounter->provider.family))));
	ac_page_close(p, "div");
	ac_page_open(p, "div", "actions");
	ac_page_link(p, "button", ac_plan_home(p->a, r->plan.id), AC_S("Plan"));
	confirm_form(p, &r->plan, "list");
	ac_page_close(p, "div");
	ac_page_close(p, "li");
}

static void
rows(struct ac_page *p, const struct ac_confirm_rows *all, bool mine, const char *title)
{
	size_t n = mine ? all->nmine : all->n - all->nmine;

	if (n == 0)
		return;
	ac_page_open(p, "section", "group");
	ac_page_open(p, "h2", NULL);
	ac_xw_textc(&p->w, title);
	ac_page_elem(p, "span", "n", ac_strf(p->a, " %zu", n));
	ac_page_close(p, "h2");
	ac_page_open(p, "ul", "work");
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].mine == mine)
			row_of(p, &all->v[i]);
	ac_page_close(p, "ul");
	ac_page_close(p, "section");
}

/* Bound to a patient or a visit: no other's. */
static void
keep_own(struct ac_http *h, struct ac_confirm_rows *all)
{
	size_t n = 0;

	all->nmine = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct ac_plan_row *r = &all->v[i].plan;
		if (ac_authorize_object(&h->who, r->site, r->patient, r->encounter, NULL) != AC_OK)
			continue;
		all->nmine += all->v[i].mine;
		all->v[n++] = all->v[i];
	}
	all->n = n;
}

enum ac_code
ac_on_confirmations(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_confirm_rows all;
	struct ac_page p;
	enum ac_code rc;

	if ((rc = ac_confirm_list(h->w, &h->who, &all, reterr)) != AC_OK)
		return rc;
	keep_own(h, &all);
	rc = ac_service_log(h->w, &h->who, "list", "document", (struct ac_str){ 0 }, 0, h->who.patient,
	    AC_S("to confirm"), NULL, reterr);
	if (rc != AC_OK)
		return rc;
	ac_page_begin(&p, h, AC_PAGE_WHOLE, "To confirm");
	ac_page_conflict(&p);
	ac_page_open(&p, "div", "head");
	ac_page_elemc(&p, "h1", NULL, "To confirm");
	ac_page_close(&p, "div");
	ac_page_elemc(&p, "p", "lead",
	    "Each click confirms exactly the version that it names. Who signed the chart stands in the document as its signer.");
	rows(&p, &all, true, "Yours");
	rows(&p, &all, false, "Of colleagues");
	if (all.n == 0)
		ac_page_elemc(&p, "p", "none", "Nothing waits here.");
	ac_page_end(&p);
	return AC_OK;
}

void
ac_confirm_count(struct ac_page *p)
{
	struct ac_confirm_rows all;
	struct ac_err err = { 0 };

	if (!may_confirm(p) || ac_confirm_list(p->h->w, &p->h->who, &all, &err) != AC_OK)
		return;
	keep_own(p->h, &all);
	if (all.n == 0)
		return;
	ac_page_open(p, "p", "to-confirm");
	ac_page_link(p, NULL, AC_S("/aftercare/confirmations"),
	    ac_strf(p->a, "%zu document%s to confirm", all.n, all.n == 1 ? "" : "s"));
	if (all.nmine > 0 && all.nmine < all.n)
		ac_xw_textf(&p->w, ", %zu of them yours", all.nmine);
	ac_page_close(p, "p");
}

enum ac_code
ac_on_plan_confirm(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str back = ac_http_form(h, "back");
	struct ac_confirm rq = { 0 };
	struct ac_confirmed done;
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_form_check(h, ac_uuid_str(h->w->arena, r->row.id), reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(ac_http_form(h, "version"), 1, INT64_MAX, &rq.seen_version) ||
	    !ac_str_int(ac_http_form(h, "document"), 1, INT64_MAX, &rq.seen_document))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which version it showed");
	rq.plan = r->row.id;
	rc = ac_plan_confirm(h->w, &h->who, &rq, &done, reterr);
	if (rc == AC_ECONFLICT) {
		ac_page_set_conflict(h, reterr);
		return ac_streq_c(back, "list") ? ac_on_confirmations(h, reterr) : ac_on_plan(h, reterr);
	}
	if (rc != AC_OK)
		return rc;
	ac_http_see_other(h,
	    ac_streq_c(back, "list")    ? AC_S("/aftercare/confirmations")
	    : ac_streq_c(back, "panel") ? ac_panel_path(h->w->arena, r->row.site, r->row.encounter)
					: ac_plan_home(h->w->arena, r->row.id));
	return AC_OK;
}
