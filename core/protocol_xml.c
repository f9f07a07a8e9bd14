/* protocol_xml.c - bytes to a tree with places. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "core/protocol.h"
#include "core/protocol_xml.h"

AC_DEFINE_AUTO_T(xmlParserCtxt, xmlFreeParserCtxt)

/* What the parser's callbacks found; the first fault stops the parser. */
struct watch {
	int depth, elements;
	const char *rule; /* NULL: none */
	enum ac_code code;
	const char *what;
	uint32_t line, col;
};

static void
stop(xmlParserCtxt *ctxt, enum ac_code code, const char *rule, const char *what)
{
	struct watch *w = ctxt->_private;

	if (w->rule == NULL) {
		*w = (struct watch){ w->depth, w->elements, rule, code, what,
			(uint32_t)xmlSAX2GetLineNumber(ctxt), (uint32_t)xmlSAX2GetColumnNumber(ctxt) };
	}
	xmlStopParser(ctxt);
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name;
	(void)public_id;
	(void)system_id;
	stop(ctx, AC_EINPUT, "PRT-002", "a protocol has no DOCTYPE");
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nns,
    const xmlChar **ns, int nattr, int ndefaulted, const xmlChar **attrs)
{
	xmlParserCtxt *ctxt = ctx;
	struct watch *w = ctxt->_private;

	if (++w->depth > AC_PROTOCOL_DEPTH_MAX)
		stop(ctxt, AC_ELIMIT, "PRT-LIMIT", "elements are nested too deeply");
	else if (++w->elements > PX_ELEMENTS_MAX)
		stop(ctxt, AC_ELIMIT, "PRT-LIMIT", "there are too many elements");
	else
		xmlSAX2StartElementNs(ctx, name, prefix, uri, nns, ns, nattr, ndefaulted, attrs);
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxt *ctxt = ctx;
	struct watch *w = ctxt->_private;

	w->depth--;
	xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

/* libxml2's text may quote the file; ours names the kind of fault. */
static const char *
fault_words(int code)
{
	static const struct {
		int code;
		const char *words;
	} table[] = {
		{ XML_ERR_DOCUMENT_EMPTY, "the file holds no XML" },
		{ XML_ERR_DOCUMENT_END,
		    "there is something after the end of the root element, or the file ends too early" },
		{ XML_ERR_TAG_NAME_MISMATCH, "this end tag does not match its start tag" },
		{ XML_ERR_TAG_NOT_FINISHED, "an element is not closed" },
		{ XML_ERR_GT_REQUIRED, "\">\" is expected here" },
		{ XML_ERR_LT_IN_ATTRIBUTE, "\"<\" in an attribute is written as &lt;" },
		{ XML_ERR_ATTRIBUTE_NOT_STARTED, "an attribute's value stands in quotes" },
		{ XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute has no value" },
		{ XML_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice" },
		{ XML_ERR_NAME_REQUIRED,
		    "a name is expected here (\"&\" is written as &amp;, \"<\" as &lt;)" },
		{ XML_ERR_SPACE_REQUIRED, "attributes are separated by blanks" },
		{ XML_ERR_UNDECLARED_ENTITY, "only the entities lt, gt, amp, quot and apos exist" },
		{ XML_WAR_UNDECLARED_ENTITY, "only the entities lt, gt, amp, quot and apos exist" },
		{ XML_ERR_ENTITYREF_SEMICOL_MISSING,
		    "an entity ends with \";\" (\"&\" is written as &amp;)" },
		{ XML_ERR_INVALID_CHAR, "this character is not allowed in XML" },
		{ XML_ERR_INVALID_CHARREF, "this character reference is not allowed in XML" },
		{ XML_ERR_COMMENT_NOT_FINISHED, "a comment has no end" },
		{ XML_ERR_HYPHEN_IN_COMMENT, "\"--\" may not stand in a comment" },
		{ XML_ERR_RESERVED_XML_NAME, "the XML declaration stands at the very start of the file" },
		{ XML_NS_ERR_UNDEFINED_NAMESPACE, "this namespace prefix is not declared" },
		{ XML_NS_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == code)
			return table[i].words;
	return NULL;
}

static void
on_error(void *ctx, xmlErrorPtr error)
{
	xmlParserCtxt *ctxt = ctx;
	struct watch *w = ctxt->_private;
	bool is_encoding = error->code == XML_ERR_UNSUPPORTED_ENCODING ||
			   error->code == XML_ERR_UNKNOWN_ENCODING ||
			   error->code == XML_ERR_INVALID_ENCODING || error->code == XML_I18N_CONV_FAILED;

	if (w->rule != NULL || (error->level < XML_ERR_ERROR && !is_encoding))
		return;
	w->code = AC_EINPUT;
	w->rule = is_encoding ? "PRT-003" : "PRT-001";
	w->what = is_encoding ? "the file is UTF-8" : fault_words(error->code);
	if (w->what == NULL)
		w->what = "this is not well-formed XML";
	w->line = error->line > 0 ? (uint32_t)error->line : 0;
	w->col = error->int2 > 0 ? (uint32_t)error->int2 : 0;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static enum ac_code
read_tree(struct ac_str xml, xmlDoc **ret, struct ac_err *reterr)
{
	struct watch w = { 0 };

	pthread_once(&once, xmlInitParser);
	AC_AUTO_T(xmlParserCtxt) ctxt = xmlNewParserCtxt();
	if (ctxt == NULL)
		return ac_fail(reterr, AC_EIO, "PRT-LIBRARY", "libxml2 gives no parser");
	ctxt->_private = &w;
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->startElementNs = on_start;
	ctxt->sax->endElementNs = on_end;
	ctxt->sax->serror = on_error;

	AC_AUTO_T(xmlDoc)
	doc = xmlCtxtReadMemory(ctxt, xml.p, (int)xml.n, "protocol.xml", NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (w.rule != NULL)
		return ac_fail_at(reterr, w.code, w.rule, w.line, w.col, NULL, "%s", w.what);
	if (doc == NULL || !ctxt->wellFormed || !ctxt->nsWellFormed)
		return ac_fail_at(reterr, AC_EINPUT, "PRT-001", 1, 1, NULL, "this is not well-formed XML");
	if (doc->encoding != NULL && xmlStrcasecmp(doc->encoding, BAD_CAST "utf-8") != 0)
		return ac_fail_at(reterr, AC_EINPUT, "PRT-003", 1, 1, NULL, "the file is UTF-8");
	*ret = AC_TAKE(doc);
	return AC_OK;
}

/* A place in the bytes that moves forward and knows its line and column. */
struct cursor {
	struct ac_str s;
	struct px_pos pos;
};

static void
move(struct cursor *c, size_t n)
{
	for (; n > 0 && c->pos.at < c->s.n; n--) {
		unsigned char b = (unsigned char)c->s.p[c->pos.at++];
		if (b == '\n') {
			c->pos.line++;
			c->pos.col = 1;
		} else if (b < 0x80 || b >= 0xC0) {
			c->pos.col++;
		}
	}
}

static bool
stands(const struct cursor *c, struct ac_str word)
{
	return ac_str_starts((struct ac_str){ c->s.p + c->pos.at, c->s.n - c->pos.at }, word);
}

static void
move_past(struct cursor *c, struct ac_str word)
{
	while (c->pos.at < c->s.n && !stands(c, word))
		move(c, 1);
	move(c, word.n);
}

static void
move_past_tag(struct cursor *c)
{
	char quote = 0;

	for (; c->pos.at < c->s.n; move(c, 1)) {
		char b = c->s.p[c->pos.at];
		if (quote != 0) {
			quote = b == quote ? 0 : quote;
			continue;
		}
		if (b == '>')
			break;
		if (b == '"' || b == '\'')
			quote = b;
	}
	move(c, 1);
}

/* To the next start tag; the bytes are known to be well-formed. */
static bool
next_tag(struct cursor *c)
{
	while (c->pos.at < c->s.n) {
		if (c->s.p[c->pos.at] != '<')
			move(c, 1);
		else if (stands(c, AC_S("<!--")))
			move_past(c, AC_S("-->"));
		else if (stands(c, AC_S("<![CDATA[")))
			move_past(c, AC_S("]]>"));
		else if (stands(c, AC_S("<?")))
			move_past(c, AC_S("?>"));
		else if (stands(c, AC_S("</")))
			move_past_tag(c);
		else
			return true;
	}
	return false;
}

static const xmlNode *
next_in_order(const xmlNode *n)
{
	const xmlNode *inside = px_next_element(n->children);

	if (inside != NULL)
		return inside;
	for (; n != NULL && n->type == XML_ELEMENT_NODE; n = n->parent) {
		const xmlNode *after = px_next_element(n->next);
		if (after != NULL)
			return after;
	}
	return NULL;
}

static void
place(struct ac_str xml, xmlDoc *doc, struct ac_arena *a)
{
	struct cursor c = { xml, { 0, 1, 1 } };

	if (ac_str_starts(xml, AC_S("\xEF\xBB\xBF")))
		c.pos.at = 3;
	for (const xmlNode *n = xmlDocGetRootElement(doc); n != NULL && next_tag(&c); n = next_in_order(n)) {
		struct px_pos *p = ac_new(a, struct px_pos, 1);
		*p = c.pos;
		((xmlNode *)n)->_private = p;
		move_past_tag(&c);
	}
}

enum ac_code
px_parse(struct ac_str xml, struct ac_arena *a, xmlDoc **ret, struct ac_err *reterr)
{
	size_t bad = 0;
	enum ac_code rc;

	if (xml.n > AC_PROTOCOL_BYTES_MAX)
		return ac_fail_at(reterr, AC_ELIMIT, "PRT-LIMIT", 1, 1, NULL,
		    "a protocol has at most %d bytes", AC_PROTOCOL_BYTES_MAX);
	if (xml.n == 0)
		return ac_fail_at(reterr, AC_EINPUT, "PRT-001", 1, 1, NULL, "the file is empty");
	if (!ac_utf8_is_valid(xml, &bad)) {
		struct cursor c = { xml, { 0, 1, 1 } };
		move(&c, bad);
		return ac_fail_at(
		    reterr, AC_EINPUT, "PRT-003", c.pos.line, c.pos.col, NULL, "the file is UTF-8");
	}
	rc = read_tree(xml, ret, reterr);
	if (rc == AC_OK)
		place(xml, *ret, a);
	return rc;
}

const struct px_pos *
px_pos(const xmlNode *element)
{
	return element->_private;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Move from "<" to the attribute's name, or to its value after the quote. */
static bool
find_attr(struct cursor *c, struct ac_str name, bool to_value)
{
	while (c->pos.at < c->s.n && !is_blank(c->s.p[c->pos.at]) && c->s.p[c->pos.at] != '>')
		move(c, 1);
	while (c->pos.at < c->s.n && c->s.p[c->pos.at] != '>' && c->s.p[c->pos.at] != '/') {
		while (c->pos.at < c->s.n && is_blank(c->s.p[c->pos.at]))
			move(c, 1);
		struct cursor start = *c;
		while (c->pos.at < c->s.n && !is_blank(c->s.p[c->pos.at]) && c->s.p[c->pos.at] != '=' &&
		       c->s.p[c->pos.at] != '>' && c->s.p[c->pos.at] != '/')
			move(c, 1);
		struct ac_str found = { c->s.p + start.pos.at, c->pos.at - start.pos.at };
		if (found.n == 0)
			return false;
		while (c->pos.at < c->s.n && c->s.p[c->pos.at] != '"' && c->s.p[c->pos.at] != '\'')
			move(c, 1);
		char quote[] = { c->pos.at < c->s.n ? c->s.p[c->pos.at] : '"', 0 };
		move(c, 1);
		if (ac_streq(found, name)) {
			if (!to_value)
				*c = start;
			return true;
		}
		move_past(c, ac_str_c(quote));
	}
	return false;
}

struct px_pos
px_attr_pos(struct ac_str xml, const xmlNode *element, const char *attr)
{
	const struct px_pos *at = px_pos(element);
	struct cursor c = { xml, *at };

	return attr != NULL && find_attr(&c, ac_str_c(attr), false) ? c.pos : *at;
}

struct px_pos
px_value_pos(struct ac_str xml, const xmlNode *element, const char *attr, size_t index)
{
	const struct px_pos *at = px_pos(element);
	struct cursor c = { xml, *at };

	if (!find_attr(&c, ac_str_c(attr), true))
		return *at;
	for (; index > 0 && c.pos.at < c.s.n; index--) {
		if (c.s.p[c.pos.at] == '&') {
			move_past(&c, AC_S(";"));
		} else if (stands(&c, AC_S("\r\n"))) {
			move(&c, 2);
		} else {
			move(&c, 1);
			while (c.pos.at < c.s.n && ((unsigned char)c.s.p[c.pos.at] & 0xC0) == 0x80)
				move(&c, 1);
		}
	}
	return c.pos;
}

static size_t
put_path(struct ac_buf *b, const xmlNode *n)
{
	size_t same = 1, more = 0;

	if (n->parent != NULL && n->parent->type == XML_ELEMENT_NODE) {
		put_path(b, n->parent);
		for (const xmlNode *s = n->prev; s != NULL; s = s->prev)
			same += s->type == XML_ELEMENT_NODE && xmlStrEqual(s->name, n->name);
		for (const xmlNode *s = n->next; s != NULL; s = s->next)
			more += s->type == XML_ELEMENT_NODE && xmlStrEqual(s->name, n->name);
	}
	ac_buf_addf(b, "/%s", (const char *)n->name);
	if (same > 1 || more > 0)
		ac_buf_addf(b, "[%zu]", same);
	return same;
}

struct ac_str
px_path(struct ac_arena *a, const xmlNode *element)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	put_path(&b, element);
	return ac_buf_str(&b);
}

struct ac_str
px_attr_name(struct ac_arena *a, const xmlAttr *attr)
{
	if (attr->ns == NULL || attr->ns->prefix == NULL)
		return ac_str_c((const char *)attr->name);
	return ac_strf(a, "%s:%s", (const char *)attr->ns->prefix, (const char *)attr->name);
}

struct ac_str
px_text(struct ac_arena *a, const xmlNode *first_child)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	for (const xmlNode *n = first_child; n != NULL; n = n->next)
		if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
			ac_buf_addz(&b, (const char *)n->content);
	return b.n == 0 ? AC_S("") : ac_buf_str(&b);
}

struct ac_str
px_collapse(struct ac_arena *a, struct ac_str s)
{
	char *p = ac_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_blank(s.p[i]))
			p[n++] = s.p[i];
		else if (n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	if (n > 0 && p[n - 1] == ' ')
		n--;
	return (struct ac_str){ p, n };
}

const xmlNode *
px_next_element(const xmlNode *n)
{
	while (n != NULL && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}
