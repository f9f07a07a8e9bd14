/* on_pdf.c - the sheet as PDF: of one that was given out, the kept bytes; of one that was not, a preview that says so. */
#include "core/sheet_pdf.h"
#include "plugin/panel.h"

/* ?print=large: the same words for people who see little. */
static enum ac_code
wants_large(struct ac_http *h, bool *ret, struct ac_err *reterr)
{
	struct ac_str print = ac_http_query(h, "print");

	if (ac_str_is_set(print) && !ac_streq_c(print, "large") && !ac_streq_c(print, ""))
		return ac_fail(reterr, AC_EINPUT, "PDF-PRINT", "print is large or nothing");
	*ret = ac_streq_c(print, "large");
	return AC_OK;
}

/* Shown in the browser, where it can be printed or kept; its name says nothing about anybody. */
static void
answer(struct ac_http *h, struct ac_str pdf, struct ac_str name)
{
	h->type = "application/pdf";
	ac_http_header(h, "Content-Disposition", ac_strf(h->w->arena, "inline; filename=\"%.*s.pdf\"", AC_FMT(name)));
	ac_buf_add(&h->out, pdf);
}

enum ac_code
ac_on_handout_pdf(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_handout_options o = { .language = ac_http_query(h, "language"),
		.asset_base = AC_S("/aftercare/assets/"),
		.issued_at = AC_INSTANT_NONE };
	struct ac_record *r;
	struct ac_str pdf;
	bool large = false;
	enum ac_code rc;

	if (o.language.n > 35)
		return ac_fail(reterr, AC_EINPUT, "HANDOUT-LANGUAGE", "the language is not a language tag");
	if ((rc = wants_large(h, &large, reterr)) != AC_OK)
		return rc;
	o.large = large;
	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_preview_pdf(h->w, r->plan, &o, large, &pdf, reterr)) != AC_OK ||
	    (rc = ac_page_log(h, "view", "handout", r, 0, reterr)) != AC_OK)
		return rc;
	answer(h, pdf, AC_S("sheet-preview"));
	return AC_OK;
}

enum ac_code
ac_on_sheet_pdf(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_record *r;
	struct ac_str pdf;
	int64_t n;
	bool large = false;
	enum ac_code rc;

	if (!ac_str_int(h->capture[1], 1, INT64_MAX, &n))
		return ac_fail(reterr, AC_ENOTFOUND, "ISSUE-UNKNOWN", "the plan has no such sheet");
	if ((rc = wants_large(h, &large, reterr)) != AC_OK || (rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_sheet_pdf(h->w, &h->who, r, n, large, &pdf, reterr)) != AC_OK)
		return rc;
	answer(h, pdf, ac_strf(h->w->arena, "sheet-%lld%s", (long long)n, large ? "-large" : ""));
	return AC_OK;
}
