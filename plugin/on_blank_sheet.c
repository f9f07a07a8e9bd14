/* on_blank_sheet.c - sheets without a patient, for when the plugin cannot be asked; and, afterwards, that one was given. */
#include "core/blank_sheet.h"
#include "core/intake.h"
#include "plugin/panel.h"
#include "plugin/routes.h"

enum ac_code
ac_on_blank_sheets(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str json;
	enum ac_code rc = ac_blank_sheets_json(h->w, &json, reterr);

	if (rc == AC_OK)
		ac_buf_add(&h->out, json);
	return rc;
}

enum ac_code
ac_on_blank_sheet(struct ac_http *h, struct ac_err *reterr)
{
	const struct ac_active *of = ac_blank_sheet_of(h->w->config, h->capture[0]);
	struct ac_str html, pdf;
	enum ac_code rc;

	if (of == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no protocol of that name is in force");
	if (h->capture[1].n == 0 || h->capture[1].n > 35)
		return ac_fail(reterr, AC_EINPUT, "HANDOUT-LANGUAGE", "the language is not a language tag");
	if ((rc = ac_blank_sheet_html(h->w, of, h->capture[1], AC_S("/aftercare/assets/"), &html, reterr)) != AC_OK ||
	    (rc = ac_blank_sheet_pdf(h->w, html, &pdf, reterr)) != AC_OK)
		return rc;
	h->type = "application/pdf";
	ac_buf_add(&h->out, pdf);
	return AC_OK;
}

static void
protocol_select(struct ac_page *p, const struct ac_plan_input *in)
{
	struct ac_str values[AC_PLAN_PROTOCOLS_MAX], labels[AC_PLAN_PROTOCOLS_MAX];

	for (size_t i = 0; i < in->nprotocols; i++) {
		values[i] = in->protocols[i].protocol->id;
		labels[i] = ac_page_text(in->protocols[i].protocol->title);
	}
	if (in->nprotocols > 1)
		ac_page_select(p, "protocol", "Which", values, labels, in->nprotocols, values[0]);
}

void
ac_blank_sheet_form(struct ac_page *p, const struct ac_record *r)
{
	const struct ac_zone *z = r->plan->in->zone;
	struct ac_wall w = ac_wall_at(z, ac_service_now_ms(p->h->w->service) / 1000);
	struct ac_str typed = ac_page_typed(p, "given");

	ac_page_open(p, "details", "by-hand");
	if (typed.n > 0)
		ac_xw_attrc(&p->w, "open", "open");
	ac_page_elemc(p, "summary", NULL, "A blank sheet was given by hand");
	ac_page_open(p, "form", "issue blank");
	ac_xw_attrc(&p->w, "method", "post");
	ac_xw_attr(&p->w, "action", ac_plan_path(p->a, r->row.id, "/blank-sheets"));
	ac_page_hidden(p, "token", ac_form_token(p->h, "blank-given", ac_uuid_str(p->a, r->row.id)));
	ac_page_hidden_int(p, "version", r->row.version);
	ac_page_hidden_int(p, "sheets", (int64_t)r->nissues);
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, "Given at");
	ac_page_open(p, "input", "moment");
	ac_xw_attrc(&p->w, "type", "datetime-local");
	ac_xw_attrc(&p->w, "name", "given");
	ac_xw_attrc(&p->w, "required", "required");
	if (typed.n > 0)
		ac_xw_attr(&p->w, "value", typed);
	else
		ac_xw_attrf(&p->w, "value", "%04d-%02d-%02dT%02d:%02d", (int)w.year, w.month, w.day, w.hour, w.min);
	ac_page_close(p, "input");
	ac_page_close(p, "label");
	ac_issue_sheet_language(p, r);
	protocol_select(p, r->plan->in);
	ac_page_button(p, "button", "record", "1", "It was given");
	ac_page_close(p, "form");
	ac_page_close(p, "details");
}

enum ac_code
ac_on_blank_given(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_issue_request rq = { .language = ac_http_form(h, "language"), .protocol = ac_http_form(h, "protocol"), .from_page = true };
	struct ac_record *r;
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_wall w;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_form_check(h, ac_uuid_str(h->w->arena, r->row.id), reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(ac_http_form(h, "version"), 1, INT64_MAX, &rq.seen_version) ||
	    !ac_str_int(ac_http_form(h, "sheets"), 0, INT64_MAX, &rq.seen_sheets))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which version it showed");
	if (rq.language.n == 0 || rq.language.n > 35 || !ac_form_wall(ac_http_form(h, "given"), &w))
		return ac_fail(reterr, AC_EINPUT, "ISSUE-FIELD", "say when the sheet was given, and in which language");
	rq.plan = r->row.id;
	rq.blank_given_at = ac_wall_instant(r->plan->in->zone, w, AC_FOLD_EARLIER);
	rc = ac_intake_issue(h->w, &h->who, &rq, &row, &bytes, reterr);
	if (rc == AC_ECONFLICT) { /* a sheet or a version that the page did not know */
		ac_page_set_conflict(h, reterr);
		return ac_on_plan(h, reterr);
	}
	if (rc == AC_OK)
		ac_http_see_other(h, ac_plan_home(h->w->arena, r->row.id));
	return rc;
}
