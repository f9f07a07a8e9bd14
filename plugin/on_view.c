/*
 * on_view.c - a CDA document that somebody else made, as a page that runs nothing. It is shown and not kept: nothing of ours
 * follows from it. Whom it is about is what the document says and no identity of ours, so the log entry names its bytes.
 */
#include "core/cda_view.h"
#include "plugin/page.h"

enum ac_code
ac_on_view(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str view, none = { 0 };
	struct ac_sha256 sha;
	struct ac_page p;
	enum ac_code rc;

	if ((rc = ac_cda_view(h->body, h->w->arena, &view, reterr)) != AC_OK)
		return rc;
	ac_sha256(h->body, &sha);
	if ((rc = ac_service_log(h->w, &h->who, "view", "document", none, 0, none,
		 ac_strf(h->w->arena, "sha256:%.*s", AC_FMT(ac_hex(h->w->arena, sha.b, sizeof(sha.b)))), "foreign",
		 reterr)) != AC_OK)
		return rc;
	ac_page_begin(&p, h, AC_PAGE_WHOLE, "Document");
	ac_page_elemc(&p, "h1", NULL, "Document from elsewhere");
	ac_page_elemc(&p, "p", "notice", "Shown as it was sent, without what it may run or load. Nobody here has checked it.");
	ac_xw_markup_not_escaped(&p.w, view); /* made by our own stylesheet, which escapes the document's text */
	ac_page_end(&p);
	return AC_OK;
}
