/*
 * cda_read.c - what a document says of itself, read once from start to end without a tree.
 *
 * The document may come from anybody: no DOCTYPE (so no entities but the five), no network, UTF-8 only, named
 * limits on bytes, depth and elements. Only the header is kept.
 */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "hl7/cda.h"

#define NS "urn:hl7-org:v3"

struct reader {
	xmlParserCtxtPtr ctxt;
	struct ac_arena *a;
	struct cda_summary s;
	struct ac_buf title;
	size_t depth;
	size_t named; /* so many of the open elements are those of `path` */
	const char *path[8];
	const char *refused; /* rule; NULL: nothing against it so far */
	enum ac_code code;
};

static void
free_ctxt(xmlParserCtxt *c)
{
	if (c->myDoc != NULL)
		xmlFreeDoc(c->myDoc);
	xmlFreeParserCtxt(c);
}

AC_DEFINE_AUTO_T(xmlParserCtxt, free_ctxt)

static void
refuse(struct reader *r, enum ac_code code, const char *rule)
{
	if (r->refused == NULL) {
		r->refused = rule;
		r->code = code;
	}
	xmlStopParser(r->ctxt);
}

static void
on_doctype(void *arg, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
	(void)name;
	(void)external_id;
	(void)system_id;
	refuse(arg, AC_EINPUT, "CDA-DOCTYPE");
}

/* libxml2's messages quote the document: they are not passed on. */
static void
on_error(void *arg, xmlErrorPtr e)
{
	(void)arg;
	(void)e;
}

static struct ac_str
attribute(struct reader *r, const xmlChar **attrs, int n, const char *name)
{
	for (int i = 0; i < n; i++, attrs += 5)
		if (attrs[1] == NULL && strcmp((const char *)attrs[0], name) == 0)
			return ac_str_dup(
			    r->a, (struct ac_str){ (const char *)attrs[3], (size_t)(attrs[4] - attrs[3]) });
	return (struct ac_str){ 0 };
}

static uint32_t
number(struct ac_str s)
{
	int64_t n;

	return ac_str_int(s, 0, UINT32_MAX, &n) ? (uint32_t)n : 0;
}

static void
on_header_element(struct reader *r, const char *name, const xmlChar **attrs, int n)
{
	struct cda_summary *s = &r->s;

	if (strcmp(name, "id") == 0) {
		s->id_root = attribute(r, attrs, n, "root");
		s->id_extension = attribute(r, attrs, n, "extension");
	} else if (strcmp(name, "setId") == 0) {
		s->set_root = attribute(r, attrs, n, "root");
		s->set_extension = attribute(r, attrs, n, "extension");
	} else if (strcmp(name, "versionNumber") == 0) {
		s->version = number(attribute(r, attrs, n, "value"));
	} else if (strcmp(name, "code") == 0) {
		s->code = attribute(r, attrs, n, "code");
	} else if (strcmp(name, "effectiveTime") == 0) {
		s->time = attribute(r, attrs, n, "value");
	} else if (strcmp(name, "templateId") == 0) {
		if (ac_streq_c(attribute(r, attrs, n, "root"), "2.16.840.1.113883.10.20.22.1.15") &&
		    ac_streq_c(attribute(r, attrs, n, "extension"), "2015-08-01"))
			s->is_care_plan = true;
	}
}

static void
on_parent_element(struct reader *r, const char *name, const xmlChar **attrs, int n)
{
	if (strcmp(name, "id") == 0 && r->s.former_id.n == 0)
		r->s.former_id = attribute(r, attrs, n, "root");
	else if (strcmp(name, "versionNumber") == 0)
		r->s.former_version = number(attribute(r, attrs, n, "value"));
}

static void
on_start(void *arg, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int nns,
    const xmlChar **ns, int nattrs, int ndefaulted, const xmlChar **attrs)
{
	struct reader *r = arg;
	const char *name = (const char *)local;
	bool is_v3 = uri != NULL && strcmp((const char *)uri, NS) == 0;

	(void)prefix;
	(void)nns;
	(void)ns;
	(void)ndefaulted;
	if (++r->s.nodes > CDA_NODES_MAX) {
		refuse(r, AC_ELIMIT, "CDA-NODES");
		return;
	}
	if (r->depth == 0 && (!is_v3 || strcmp(name, "ClinicalDocument") != 0)) {
		refuse(r, AC_EINPUT, "CDA-ROOT");
		return;
	}
	if (is_v3 && r->named == r->depth && r->depth == 1)
		on_header_element(r, name, attrs, nattrs);
	else if (is_v3 && r->named == r->depth && r->depth == 3 &&
		 strcmp(r->path[1], "relatedDocument") == 0 && strcmp(r->path[2], "parentDocument") == 0)
		on_parent_element(r, name, attrs, nattrs);
	if (is_v3 && r->named == r->depth && r->depth < 3)
		r->path[r->named++] = name; /* interned by the parser: it lives as long as it */
	if (++r->depth > r->s.depth)
		r->s.depth = r->depth;
	if (r->depth > CDA_DEPTH_MAX)
		refuse(r, AC_ELIMIT, "CDA-DEPTH");
}

static void
on_end(void *arg, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *r = arg;

	(void)local;
	(void)prefix;
	(void)uri;
	if (r->depth == 0)
		return;
	if (r->named == r->depth)
		r->named--;
	r->depth--;
}

static void
on_text(void *arg, const xmlChar *text, int n)
{
	struct reader *r = arg;

	if (r->depth == 2 && r->named == 2 && strcmp(r->path[1], "title") == 0)
		ac_buf_add(&r->title, (struct ac_str){ (const char *)text, (size_t)n });
}

/* The XML declaration may name an encoding: only the one that the bytes have. */
static bool
is_declared_utf8(struct ac_str xml)
{
	struct ac_str head = ac_utf8_head(xml, 200);
	const char *end, *enc;

	if (!ac_str_starts(head, AC_S("<?xml")))
		return true;
	end = memmem(head.p, head.n, "?>", 2);
	if (end == NULL)
		return true; /* the parser will say what is wrong */
	enc = memmem(head.p, (size_t)(end - head.p), "encoding", 8);
	if (enc == NULL)
		return true;
	while (enc < end && *enc != '"' && *enc != '\'')
		enc++;
	return end - enc >= 7 && strncasecmp(enc + 1, "utf-8", 5) == 0 && enc[6] == enc[0];
}

static enum ac_code
check_bytes(struct ac_str xml, struct ac_err *reterr)
{
	if (xml.n > CDA_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "CDA-SIZE", "the document exceeds %d bytes", CDA_BYTES_MAX);
	if (!ac_utf8_is_valid(xml, NULL) || !is_declared_utf8(xml))
		return ac_fail(reterr, AC_EINPUT, "CDA-ENCODING", "the document is not UTF-8");
	if (xml.n == 0 || memchr(xml.p, 0, xml.n) != NULL)
		return ac_fail(reterr, AC_EINPUT, "CDA-SYNTAX", "the document is empty or holds a NUL");
	return AC_OK;
}

static enum ac_code
verdict(const struct reader *r, struct ac_err *reterr)
{
	xmlErrorPtr e = xmlCtxtGetLastError(r->ctxt);
	uint32_t line = e != NULL && e->line > 0 ? (uint32_t)e->line : 0;
	uint32_t col = e != NULL && e->int2 > 0 ? (uint32_t)e->int2 : 0;

	if (r->refused != NULL)
		return ac_fail(
		    reterr, r->code, r->refused, "the document is refused at element %zu", r->s.nodes);
	if (!r->ctxt->wellFormed)
		return ac_fail_at(reterr, AC_EINPUT, "CDA-SYNTAX", line, col, NULL,
		    "not well-formed XML (error %d)", r->ctxt->errNo);
	if (r->s.id_root.n == 0 || r->s.code.n == 0 || r->s.time.n == 0)
		return ac_fail(
		    reterr, AC_EINPUT, "CDA-HEADER", "the document lacks id, code or effectiveTime");
	return AC_OK;
}

enum ac_code
cda_read(struct ac_str xml, struct ac_arena *a, struct cda_summary *ret, struct ac_err *reterr)
{
	struct reader r = { .a = a };
	enum ac_code code = check_bytes(xml, reterr);

	if (code != AC_OK)
		return code;

	AC_AUTO_T(xmlParserCtxt) ctxt = xmlCreateMemoryParserCtxt(xml.p, (int)xml.n);
	if (ctxt == NULL)
		return ac_fail(reterr, AC_EIO, "CDA-READER", "no parser");
	r.ctxt = ctxt;
	ac_buf_init(&r.title, a, 0, 0);
	*ctxt->sax = (xmlSAXHandler){
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = on_doctype,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.serror = on_error,
	};
	ctxt->userData = &r;
	xmlCtxtUseOptions(ctxt, XML_PARSE_NONET);
	xmlParseDocument(ctxt);
	code = verdict(&r, reterr);
	if (code != AC_OK)
		return code;
	r.s.title = ac_buf_str(&r.title);
	*ret = r.s;
	return AC_OK;
}
