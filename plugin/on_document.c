/* on_document.c - a version of the document: as a page that runs nothing, and as the stored bytes. */
#include "core/cda_view.h"
#include "core/signature.h"
#include "plugin/panel.h"

struct document {
	struct ac_record *r;
	struct ac_document_row row;
	struct ac_str xml;
};

static enum ac_code
load(struct ac_http *h, struct document *d, struct ac_err *reterr)
{
	int64_t version;
	enum ac_code rc;

	if (!ac_str_int(h->capture[1], 1, INT64_MAX, &version))
		return ac_fail(
		    reterr, AC_ENOTFOUND, "DOCUMENT-UNKNOWN", "the plan has no document of this version");
	if ((rc = ac_page_record(h, 0, &d->r, reterr)) != AC_OK)
		return rc;
	return ac_document_bytes(h->w, d->r->row.id, version, &d->row, &d->xml, reterr);
}

static enum ac_code
log_document(struct ac_http *h, const char *action, const struct document *d, struct ac_err *reterr)
{
	struct ac_arena *a = h->w->arena;

	return ac_service_log(h->w, &h->who, action, "document", ac_uuid_str(a, d->row.id), d->row.version,
	    d->r->row.patient, ac_strf(a, "%.*s/%.*s", AC_FMT(d->r->row.site), AC_FMT(d->r->row.encounter)),
	    NULL, reterr);
}

static void
item(struct ac_page *p, const char *class, const char *name, struct ac_str value)
{
	ac_page_open(p, "div", class);
	ac_page_elemc(p, "dt", NULL, name);
	ac_page_elem(p, "dd", NULL, value);
	ac_page_close(p, "div");
}

static void
strip(struct ac_page *p, const struct document *d)
{
	const struct ac_zone *z = d->r->plan->in->zone;
	const struct ac_document_row *next = NULL;

	for (size_t i = 0; i < d->r->ndocuments; i++)
		if (d->r->documents[i].version == d->row.version + 1)
			next = &d->r->documents[i];
	if (next != NULL) {
		ac_page_open(p, "p", "notice warn");
		ac_xw_textc(&p->w, "This version was replaced. ");
		ac_page_link(p, NULL,
		    ac_plan_path(p->a, d->row.plan, "/documents/%lld", (long long)next->version),
		    ac_strf(p->a, "Open version %lld", (long long)next->version));
		ac_page_close(p, "p");
	}
	ac_page_open(p, "dl", "meta");
	item(p, NULL, "Version", ac_strf(p->a, "%lld", (long long)d->row.version));
	item(p, NULL, "Status", d->row.status);
	item(p, NULL, "Made", ac_time_words(p->a, z, d->row.made_ms / 1000, AC_TIME_FULL, AC_S("en")));
	item(p, NULL, "Size", ac_strf(p->a, "%lld bytes", (long long)d->row.size));
	item(p, "wide", "SHA-256", ac_page_sha(p, &d->row.sha256));
	ac_page_close(p, "dl");
}

enum ac_code
ac_on_document(struct ac_http *h, struct ac_err *reterr)
{
	struct document d = { 0 };
	struct ac_page p;
	struct ac_str view;
	enum ac_code rc;

	if ((rc = load(h, &d, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_cda_view(d.xml, h->w->arena, &view, reterr)) != AC_OK)
		return rc;
	if ((rc = log_document(h, "view", &d, reterr)) != AC_OK)
		return rc;
	ac_page_begin(&p, h, AC_PAGE_WHOLE, "Document");
	ac_page_open(&p, "div", "head");
	ac_page_elem(&p, "h1", NULL, ac_strf(p.a, "Document, version %lld", (long long)d.row.version));
	ac_page_open(&p, "div", "actions");
	ac_page_link(&p, "button",
	    ac_plan_path(p.a, d.row.plan, "/documents/%lld/xml", (long long)d.row.version),
	    AC_S("Download XML"));
	ac_page_link(&p, "button",
	    ac_plan_path(p.a, d.row.plan, "/documents/%lld/signature", (long long)d.row.version),
	    AC_S("Download signature"));
	ac_page_link(&p, "button", ac_plan_home(p.a, d.row.plan), AC_S("Plan"));
	ac_page_close(&p, "div");
	ac_page_close(&p, "div");
	strip(&p, &d);
	if (d.row.version == d.r->row.document_version)
		ac_confirm_line(&p, d.r, "plan");
	ac_xw_markup_not_escaped(
	    &p.w, view); /* made by our own stylesheet, which escapes the document's text */
	ac_page_end(&p);
	return AC_OK;
}

enum ac_code
ac_on_document_xml(struct ac_http *h, struct ac_err *reterr)
{
	struct document d = { 0 };
	enum ac_code rc;

	if ((rc = load(h, &d, reterr)) != AC_OK)
		return rc;
	if ((rc = log_document(h, "download", &d, reterr)) != AC_OK)
		return rc;
	h->type = "application/xml";
	/* the id alone: a file's name travels further than the file */
	ac_http_header(h, "Content-Disposition",
	    ac_strf(h->w->arena, "attachment; filename=\"careplan-%.*s-v%lld.xml\"",
		AC_FMT(ac_uuid_str(h->w->arena, d.row.plan)), (long long)d.row.version));
	ac_buf_add(&h->out, d.xml);
	return AC_OK;
}

/* Beside v1.xml as v1.xml.p7s: openssl cms -verify -binary -inform DER -in v1.xml.p7s -content v1.xml -CAfile clinic.pem */
enum ac_code
ac_on_document_signature(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_certificate certificate = { 0 };
	struct document d = { 0 };
	struct ac_str cms;
	bool stored;
	enum ac_code rc;

	if ((rc = load(h, &d, reterr)) != AC_OK)
		return rc;
	rc = ac_document_signature(h->w, d.r->row.id, d.row.version, &cms, &certificate, &stored, reterr);
	if (rc != AC_OK)
		return rc;
	if ((rc = log_document(h, "download", &d, reterr)) != AC_OK)
		return rc;
	h->type = "application/pkcs7-signature";
	ac_http_header(h, "Content-Disposition",
	    ac_strf(h->w->arena, "attachment; filename=\"careplan-%.*s-v%lld.xml.p7s\"",
		AC_FMT(ac_uuid_str(h->w->arena, d.row.plan)), (long long)d.row.version));
	ac_buf_add(&h->out, cms);
	return AC_OK;
}

/* Of the key that signs now. No patient in it: nothing to log. */
enum ac_code
ac_on_certificate(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_certificate c;

	if (!ac_keys_certificate(ac_service_keys(h->w->service), h->w->arena, &c))
		return ac_fail(reterr, AC_ENOTFOUND, "KEY-CLINIC", "the clinic has no key for signatures");
	h->type = "application/x-pem-file";
	ac_http_header(h, "Content-Disposition", AC_S("attachment; filename=\"clinic.pem\""));
	ac_buf_add(&h->out, ac_certificate_pem(&c, h->w->arena));
	return AC_OK;
}
