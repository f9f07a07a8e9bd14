/* on_blank_sheet.c - sheets without a patient, for the EHR's module to keep for when the plugin cannot be asked. */
#include "core/blank_sheet.h"
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
