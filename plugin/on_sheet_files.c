/* on_sheet_files.c - what goes with a sheet: its calendar file, and the look-up of the code that it carries. */
#include "core/check_code.h"
#include "core/sheet_calendar.h"
#include "plugin/panel.h"

static const struct ac_issue_row *
issue_of(const struct ac_record *r, int64_t n)
{
	for (size_t i = 0; i < r->nissues; i++)
		if (r->issues[i].n == n)
			return &r->issues[i];
	return NULL;
}

/* The plan as that sheet told it, and the one of the sheet before. */
static enum ac_code
versions(struct ac_http *h, const struct ac_record *now, const struct ac_issue_row *row, struct ac_calendar_options *o,
    const struct ac_plan **ret, struct ac_err *reterr)
{
	const struct ac_issue_row *former = issue_of(now, row->n - 1);
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_record_load(h->w, now->row.id, row->plan_version, &r, reterr)) != AC_OK)
		return rc;
	*ret = r->plan;
	if (former == NULL || former->plan_version == row->plan_version)
		return AC_OK;
	if ((rc = ac_record_load(h->w, now->row.id, former->plan_version, &r, reterr)) == AC_OK)
		o->before = r->plan;
	return rc;
}

enum ac_code
ac_on_sheet_calendar(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_calendar_options o = { 0 };
	const struct ac_issue_row *row;
	const struct ac_plan *plan;
	struct ac_record *r;
	enum ac_code rc;

	if (!ac_str_int(h->capture[1], 1, INT64_MAX, &o.sheet))
		return ac_fail(reterr, AC_ENOTFOUND, "ISSUE-UNKNOWN", "the plan has no such sheet");
	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((row = issue_of(r, o.sheet)) == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "ISSUE-UNKNOWN", "the plan has no such sheet");
	if ((rc = versions(h, r, row, &o, &plan, reterr)) != AC_OK)
		return rc;
	o.language = row->language;
	o.withdrawn = r->plan->in->revoked;
	o.stamp = o.withdrawn ? r->plan->in->made_at : row->at_ms / 1000;
	o.sequence = o.withdrawn ? r->row.version : row->plan_version;
	struct ac_str file = ac_sheet_calendar(plan, &o, h->w->arena);
	if ((rc = ac_page_log(h, "download", "handout", r, o.sheet, reterr)) != AC_OK)
		return rc;
	h->type = "text/calendar; charset=utf-8";
	ac_http_header(h, "Content-Disposition", AC_S("attachment; filename=\"sheet.ics\""));
	ac_buf_add(&h->out, file);
	return AC_OK;
}

static void
form(struct ac_page *p, struct ac_str typed)
{
	ac_page_open(p, "form", "check");
	ac_xw_attrc(&p->w, "method", "get");
	ac_xw_attrc(&p->w, "action", "/aftercare/check");
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, "Code on the sheet");
	ac_page_open(p, "input", NULL);
	ac_xw_attrc(&p->w, "type", "text");
	ac_xw_attrc(&p->w, "name", "code");
	ac_xw_attrf(&p->w, "maxlength", "%d", 2 * AC_CHECK_MAX);
	ac_xw_attrc(&p->w, "required", "required");
	ac_xw_attrc(&p->w, "autocomplete", "off");
	ac_xw_attrc(&p->w, "placeholder", "AC-3F2A9C01-2-9B1E44D07A63");
	if (typed.n > 0)
		ac_xw_attr(&p->w, "value", typed);
	ac_page_close(p, "input");
	ac_page_close(p, "label");
	ac_page_open(p, "button", "button primary");
	ac_xw_textc(&p->w, "Check");
	ac_page_close(p, "button");
	ac_page_close(p, "form");
}

static void
found(struct ac_page *p, const struct ac_record *r, const struct ac_checked *c)
{
	bool holds = !r->plan->in->revoked && c->issue.n == c->newest && c->issue.plan_version == c->plan.version;

	ac_page_open(p, "section", holds ? "notice good" : "notice warn");
	ac_page_elem(p, "strong", NULL,
	    ac_strf(p->a, "Sheet %lld, given %.*s from version %lld of the plan.", (long long)c->issue.n,
		AC_FMT(ac_time_words(p->a, r->plan->in->zone, c->issue.at_ms / 1000, AC_TIME_FULL, AC_S("en"))),
		(long long)c->issue.plan_version));
	if (r->plan->in->revoked)
		ac_page_elemc(p, "span", NULL, " The plan was withdrawn: the sheet does not hold.");
	else if (c->issue.n != c->newest)
		ac_page_elem(p, "span", NULL, ac_strf(p->a, " Sheet %lld replaced it.", (long long)c->newest));
	else if (c->issue.plan_version != c->plan.version)
		ac_page_elem(p, "span", NULL, ac_strf(p->a, " The plan is at version %lld now.", (long long)c->plan.version));
	else
		ac_page_elemc(p, "span", NULL, " It is the newest.");
	ac_page_close(p, "section");
	ac_page_elemc(p, "p", NULL, "Compare the paper with the sheet as it was stored: a code can be copied, its words cannot.");
	ac_page_open(p, "p", "actions");
	ac_page_link(p, "button primary", ac_plan_path(p->a, c->plan.id, "/sheets/%lld", (long long)c->issue.n), AC_S("Open the stored sheet"));
	ac_page_link(p, "button", ac_plan_home(p->a, c->plan.id), AC_S("Plan"));
	ac_page_close(p, "p");
}

/* Somebody else's plan is as unknown as none. */
static enum ac_code
look_up(struct ac_http *h, struct ac_str code, struct ac_checked *c, struct ac_record **r, struct ac_err *reterr)
{
	enum ac_code rc;

	if ((rc = ac_check_find(h->w, code, c, reterr)) != AC_OK ||
	    (rc = ac_record_load(h->w, c->plan.id, 0, r, reterr)) != AC_OK)
		return rc;
	if (ac_page_may_see(h, *r, NULL) != AC_OK)
		return ac_fail(reterr, AC_ENOTFOUND, "CHECK-UNKNOWN", "no sheet of this clinic carries this code");
	return AC_OK;
}

enum ac_code
ac_on_check(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str code = ac_http_query(h, "code");
	struct ac_checked c;
	struct ac_record *r = NULL;
	struct ac_page p;
	enum ac_code rc;

	if (code.n > 0 && (rc = look_up(h, code, &c, &r, reterr)) != AC_OK)
		return rc;
	if (r != NULL && (rc = ac_page_log(h, "view", "handout", r, c.issue.n, reterr)) != AC_OK)
		return rc;
	ac_page_begin(&p, h, AC_PAGE_WHOLE, "Check a sheet");
	ac_page_open(&p, "div", "head");
	ac_page_elemc(&p, "h1", NULL, "Check a sheet");
	ac_page_close(&p, "div");
	if (r != NULL)
		found(&p, r, &c);
	form(&p, code);
	ac_page_end(&p);
	return AC_OK;
}
