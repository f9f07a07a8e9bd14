/* cda_view.c - libxslt with everything forbidden that a stylesheet could reach. */
#include <libxml/parser.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/embed.h"
#include "core/cda_view.h"
#include "hl7/cda.h"

extern const struct ac_embedded ac_cda_view_xsl[]; /* made by the build */

#define STEPS_MAX 20000000 /* a document at all limits of cda_read stays below */

AC_DEFINE_AUTO_T(xmlDoc, xmlFreeDoc)
AC_DEFINE_AUTO_T(xsltStylesheet, xsltFreeStylesheet)
AC_DEFINE_AUTO_T(xsltTransformContext, xsltFreeTransformContext)
AC_DEFINE_AUTO_T(xsltSecurityPrefs, xsltFreeSecurityPrefs)

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The libraries' own tables, before two threads could make them at once. */
static void
start(void)
{
	xmlInitParser();
	xsltInit();
}

/* Messages quote the document: they are not passed on. */
static void
ignore(void *arg, const char *fmt, ...)
{
	(void)arg;
	(void)fmt;
}

static xsltSecurityPrefs *
forbid_everything(void)
{
	static const xsltSecurityOption options[] = { XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE,
		XSLT_SECPREF_CREATE_DIRECTORY, XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK };
	xsltSecurityPrefs *p = xsltNewSecurityPrefs();

	if (p == NULL)
		abort();
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (xsltSetSecurityPrefs(p, options[i], xsltSecurityForbid) != 0)
			abort();
	return p;
}

static xsltStylesheet *
stylesheet(void)
{
	const struct ac_embedded *f = &ac_cda_view_xsl[0];
	xmlDoc *doc = xmlReadMemory(
	    (const char *)f->bytes, (int)f->n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOBLANKS);
	xsltStylesheet *s;

	if (doc == NULL)
		return NULL;
	s = xsltParseStylesheetDoc(doc);
	if (s == NULL)
		xmlFreeDoc(doc);
	return s;
}

static enum ac_code
transform(
    xsltStylesheet *style, xmlDoc *doc, struct ac_arena *a, struct ac_str *ret_html, struct ac_err *reterr)
{
	AC_AUTO_T(xsltSecurityPrefs) prefs = forbid_everything();
	AC_AUTO_T(xsltTransformContext) ctxt = xsltNewTransformContext(style, doc);
	xmlChar *out = NULL;
	int n = 0;

	if (ctxt == NULL || xsltSetCtxtSecurityPrefs(prefs, ctxt) != 0)
		return ac_fail(reterr, AC_EIO, "CDA-VIEW", "no transformation");
	xsltSetTransformErrorFunc(ctxt, NULL, ignore);
	ctxt->maxTemplateDepth = 4 * CDA_DEPTH_MAX;
	ctxt->opLimit = STEPS_MAX;

	AC_AUTO_T(xmlDoc) result = xsltApplyStylesheetUser(style, doc, NULL, NULL, NULL, ctxt);
	if (result == NULL || ctxt->state != XSLT_STATE_OK ||
	    xsltSaveResultToString(&out, &n, result, style) != 0 || out == NULL)
		return ac_fail(reterr, AC_EIO, "CDA-VIEW", "the stylesheet did not end well");
	if (n > AC_CDA_VIEW_BYTES_MAX) {
		xmlFree(out);
		return ac_fail(
		    reterr, AC_ELIMIT, "CDA-VIEW-SIZE", "the view exceeds %d bytes", AC_CDA_VIEW_BYTES_MAX);
	}
	*ret_html = ac_str_dup(a, (struct ac_str){ (const char *)out, (size_t)n });
	xmlFree(out);
	return AC_OK;
}

enum ac_code
ac_cda_view(struct ac_str xml, struct ac_arena *a, struct ac_str *ret_html, struct ac_err *reterr)
{
	struct cda_summary summary = { 0 };
	enum ac_code code;

	if (pthread_once(&once, start) != 0)
		abort();
	code = cda_read(
	    xml, a, &summary, reterr); /* from here on: no DOCTYPE, within limits, a ClinicalDocument */
	if (code != AC_OK)
		return code;

	AC_AUTO_T(xmlDoc)
	doc = xmlReadMemory(xml.p, (int)xml.n, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	AC_AUTO_T(xsltStylesheet) style = stylesheet();
	if (doc == NULL || style == NULL)
		return ac_fail(reterr, AC_EIO, "CDA-VIEW", "no document or no stylesheet");
	return transform(style, doc, a, ret_html, reterr);
}
