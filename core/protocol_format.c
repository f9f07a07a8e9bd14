/* protocol_format.c - a tree written out again in one layout. */
#include "core/protocol_format.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "core/protocol_diff.h"
#include "core/protocol_xml.h"

#define INDENT 2
#define CONTINUED 4 /* attributes on a line of their own */
#define ATTRS_MAX 64

struct out {
	struct ac_arena *a;
	struct ac_buf b;
};

/* What something is comes first, then when, then who stands for it. */
static const char *const attr_order[] = { "id", "name", "protocol", "version", "owner", "demonstration",
	"concept", "kind", "level", "contact", "line", "type", "role", "system", "code", "category",
	"product", "from", "until", "range", "at", "within", "sessions", "interval", "minimum-gap", "closed",
	"shift", "urgent", "take-within", "escalate-after", "escalate-to", "attempts", "calling-hours", "done-by", "many", "required", "ask", "questions", "patient", "when", "unknown",
	"outcome", "as", "xml:lang", "of", "evidence", "source", "seed", "signed" };
#define NORDER (sizeof(attr_order) / sizeof(attr_order[0]))

static size_t
rank(const xmlNode *n, struct ac_str name)
{
	/* a note is about its statement */
	if (strcmp((const char *)n->name, "note") == 0 && ac_streq_c(name, "seed"))
		return 0;
	for (size_t i = 0; i < NORDER; i++)
		if (ac_streq_c(name, attr_order[i]))
			return i + 1;
	return NORDER + 1;
}

static bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_blank_text(const xmlNode *n)
{
	if (n->type != XML_TEXT_NODE)
		return false;
	for (const xmlChar *p = n->content; *p != '\0'; p++)
		if (!is_white((char)*p))
			return false;
	return true;
}

static size_t
newlines(const xmlNode *n)
{
	size_t count = 0;

	for (const xmlChar *p = n->content; *p != '\0'; p++)
		count += *p == '\n';
	return count;
}

/* It turns text around, or moves a cursor: who reads the file would see something else than what it says. */
static bool
is_hostile(uint32_t c)
{
	return !ac_utf8_is_plain(c) && c != '\t' && c != '\n' && c != '\r' && c != 0xFFFD;
}

static void
escape(struct ac_buf *b, struct ac_str s, bool is_attr)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		size_t after = i;
		uint32_t whole = (unsigned char)c < 0x7F ? ' ' : ac_utf8_next(s, &after);
		if (is_hostile(whole)) {
			ac_buf_addf(b, "&#x%X;", (unsigned)whole);
			i = after - 1;
		} else if (c == '&')
			ac_buf_addz(b, "&amp;");
		else if (c == '<')
			ac_buf_addz(b, "&lt;");
		else if (c == '>')
			ac_buf_addz(b, "&gt;");
		else if (c == '"' && is_attr)
			ac_buf_addz(b, "&quot;");
		else if (c == '\r' || (is_attr && (c == '\t' || c == '\n')))
			ac_buf_addf(b, "&#%d;", c);
		else
			ac_buf_addc(b, c);
	}
}

static struct ac_str
name_of(struct ac_arena *a, const xmlNode *n)
{
	if (n->ns == NULL || n->ns->prefix == NULL)
		return ac_str_c((const char *)n->name);
	return ac_strf(a, "%s:%s", (const char *)n->ns->prefix, (const char *)n->name);
}

struct written_attr {
	struct ac_str text, name;
	size_t rank;
};

static int
by_rank(const void *px, const void *py)
{
	const struct written_attr *x = px, *y = py;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return ac_str_cmp(x->name, y->name);
}

static struct ac_str
written(struct ac_arena *a, struct ac_str name, struct ac_str value)
{
	struct ac_buf b;

	ac_buf_init(&b, a, value.n + name.n + 16, 0);
	ac_buf_add(&b, name);
	ac_buf_addz(&b, "=\"");
	escape(&b, value, true);
	ac_buf_addc(&b, '"');
	return ac_buf_str(&b);
}

static size_t
attributes(struct ac_arena *a, const xmlNode *n, struct written_attr *v)
{
	size_t count = 0;

	for (const xmlNs *ns = n->nsDef; ns != NULL && count < ATTRS_MAX; ns = ns->next) {
		struct ac_str name =
		    ns->prefix == NULL ? AC_S("xmlns") : ac_strf(a, "xmlns:%s", (const char *)ns->prefix);
		v[count++] =
		    (struct written_attr){ written(a, name, ac_str_c((const char *)ns->href)), name, 0 };
	}
	for (const xmlAttr *x = n->properties; x != NULL && count < ATTRS_MAX; x = x->next) {
		struct ac_str name = px_attr_name(a, x);
		v[count++] =
		    (struct written_attr){ written(a, name, px_text(a, x->children)), name, rank(n, name) };
	}
	qsort(v, count, sizeof(*v), by_rank);
	return count;
}

static size_t
columns(struct ac_str s)
{
	return ac_utf8_count(s);
}

static void
indent(struct out *o, size_t blanks)
{
	for (; blanks > 0; blanks--)
		ac_buf_addc(&o->b, ' ');
}

/* "<name a b" on one line when it fits, else as many attributes on each line as do. `end` stands behind it. */
static void
start_tag(struct out *o, const xmlNode *n, size_t depth, const char *end)
{
	struct written_attr v[ATTRS_MAX];
	struct ac_str name = name_of(o->a, n);
	size_t count = attributes(o->a, n, v), column = depth * INDENT + 1 + columns(name);

	ac_buf_addc(&o->b, '<');
	ac_buf_add(&o->b, name);
	for (size_t i = 0; i < count; i++) {
		size_t width = columns(v[i].text) + (i + 1 == count ? strlen(end) : 0);
		if (i > 0 && column + 1 + width > AC_FORMAT_COLUMNS) {
			ac_buf_addc(&o->b, '\n');
			indent(o, depth * INDENT + CONTINUED);
			column = depth * INDENT + CONTINUED;
		} else {
			ac_buf_addc(&o->b, ' ');
			column++;
		}
		ac_buf_add(&o->b, v[i].text);
		column += columns(v[i].text);
	}
	ac_buf_addz(&o->b, end);
}

/* A remark has no references: what would turn it around stands there by its name. */
static struct ac_str
remark_text(struct ac_arena *a, const xmlNode *n)
{
	struct ac_str s = n->content == NULL ? AC_S("") : ac_str_c((const char *)n->content);
	struct ac_buf b;

	ac_buf_init(&b, a, s.n + 16, 0);
	for (size_t at = 0, from = 0; at < s.n; from = at) {
		uint32_t c = ac_utf8_next(s, &at);
		if (is_hostile(c))
			ac_buf_addf(&b, "[U+%04X]", (unsigned)c);
		else
			ac_buf_add(&b, (struct ac_str){ s.p + from, at - from });
	}
	return ac_buf_str(&b);
}

static void
remark(struct out *o, const xmlNode *n)
{
	struct ac_str text = remark_text(o->a, n);

	if (n->type == XML_COMMENT_NODE)
		ac_buf_addf(&o->b, "<!--%.*s-->", AC_FMT(text));
	else
		ac_buf_addf(&o->b, "<?%s%s%.*s?>", (const char *)n->name, text.n == 0 ? "" : " ", AC_FMT(text));
}

/* It holds text of its own: nothing inside may move. */
static bool
holds_text(const xmlNode *n)
{
	for (const xmlNode *k = n->children; k != NULL; k = k->next)
		if ((k->type == XML_TEXT_NODE && !is_blank_text(k)) || k->type == XML_CDATA_SECTION_NODE)
			return true;
	return false;
}

static void element(struct out *o, const xmlNode *n, size_t depth);

static void
mixed(struct out *o, const xmlNode *n, size_t depth)
{
	start_tag(o, n, depth, ">");
	for (const xmlNode *k = n->children; k != NULL; k = k->next) {
		if (k->type == XML_TEXT_NODE || k->type == XML_CDATA_SECTION_NODE)
			escape(&o->b, ac_str_c((const char *)k->content), false);
		else
			remark(o, k);
	}
	ac_buf_addf(&o->b, "</%.*s>", AC_FMT(name_of(o->a, n)));
}

/* A value and its labels, a question and its words read as one entry of a list. */
static bool
fits_on_a_line(struct out *o, const xmlNode *n, size_t depth, struct ac_str *ret)
{
	struct out line = { .a = o->a };

	if (strcmp((const char *)n->name, "value") != 0 && strcmp((const char *)n->name, "question") != 0)
		return false;
	ac_buf_init(&line.b, o->a, 256, 0);
	start_tag(&line, n, depth, ">");
	for (const xmlNode *k = n->children; k != NULL; k = k->next) {
		if (k->type == XML_ELEMENT_NODE)
			element(&line, k, depth);
		else if (!is_blank_text(k))
			return false;
	}
	ac_buf_addf(&line.b, "</%.*s>", AC_FMT(name_of(o->a, n)));
	*ret = ac_buf_str(&line.b);
	return depth * INDENT + columns(*ret) <= AC_FORMAT_COLUMNS && memchr(ret->p, '\n', ret->n) == NULL;
}

/* Siblings, each on its line; a remark behind something on its line stays there. */
static void
siblings(struct out *o, const xmlNode *first, size_t depth)
{
	size_t breaks = 1;
	bool is_first = true;

	for (const xmlNode *k = first; k != NULL; k = k->next) {
		if (is_blank_text(k)) {
			breaks += newlines(k);
			continue;
		}
		bool is_remark = k->type == XML_COMMENT_NODE || k->type == XML_PI_NODE;
		if (is_remark && !is_first && breaks == 0) {
			ac_buf_addc(&o->b, ' ');
		} else {
			ac_buf_addz(&o->b, !is_first && breaks > 1 ? "\n\n" : "\n");
			indent(o, depth * INDENT);
		}
		if (is_remark)
			remark(o, k);
		else
			element(o, k, depth);
		breaks = 0;
		is_first = false;
	}
}

static void
element(struct out *o, const xmlNode *n, size_t depth)
{
	struct ac_str line;

	if (n->children == NULL || (n->children->next == NULL && is_blank_text(n->children))) {
		start_tag(o, n, depth, "/>");
	} else if (holds_text(n)) {
		mixed(o, n, depth);
	} else if (fits_on_a_line(o, n, depth, &line)) {
		ac_buf_add(&o->b, line);
	} else {
		start_tag(o, n, depth, ">");
		siblings(o, n->children, depth + 1);
		ac_buf_addc(&o->b, '\n');
		indent(o, depth * INDENT);
		ac_buf_addf(&o->b, "</%.*s>", AC_FMT(name_of(o->a, n)));
	}
}

/* Outside of the root XML knows no white space: every remark has its line. */
static struct ac_str
document(const xmlDoc *doc, struct ac_arena *a)
{
	struct out o = { .a = a };

	ac_buf_init(&o.b, a, 32768, 0);
	ac_buf_addz(&o.b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	for (const xmlNode *n = doc->children; n != NULL; n = n->next) {
		if (n->type == XML_ELEMENT_NODE)
			element(&o, n, 0);
		else
			remark(&o, n);
		ac_buf_addc(&o.b, '\n');
	}
	return ac_buf_str(&o.b);
}

static const xmlNode *
next_that_counts(const xmlNode *n)
{
	while (n != NULL && is_blank_text(n))
		n = n->next;
	return n;
}

static bool same_nodes(const xmlNode *x, const xmlNode *y, struct ac_arena *a);

static bool
same_attributes(const xmlNode *x, const xmlNode *y, struct ac_arena *a)
{
	struct written_attr vx[ATTRS_MAX], vy[ATTRS_MAX];
	size_t nx = attributes(a, x, vx), ny = attributes(a, y, vy);

	if (nx != ny || nx == ATTRS_MAX)
		return false;
	for (size_t i = 0; i < nx; i++)
		if (!ac_streq(vx[i].text, vy[i].text))
			return false;
	return true;
}

static bool
same_node(const xmlNode *x, const xmlNode *y, struct ac_arena *a)
{
	bool is_text = x->type == XML_TEXT_NODE || x->type == XML_CDATA_SECTION_NODE;

	if (is_text)
		return (y->type == XML_TEXT_NODE || y->type == XML_CDATA_SECTION_NODE) &&
		       xmlStrEqual(x->content, y->content);
	if (x->type != y->type || !ac_streq(name_of(a, x), name_of(a, y)))
		return false;
	if (x->type != XML_ELEMENT_NODE)
		return ac_streq(remark_text(a, x), remark_text(a, y));
	if (!same_attributes(x, y, a))
		return false;
	if (holds_text(x)) /* several pieces of text may have become one */
		return ac_streq(px_text(a, x->children), px_text(a, y->children));
	return same_nodes(x->children, y->children, a);
}

static bool
same_nodes(const xmlNode *x, const xmlNode *y, struct ac_arena *a)
{
	x = next_that_counts(x);
	y = next_that_counts(y);
	while (x != NULL && y != NULL) {
		if (!same_node(x, y, a))
			return false;
		x = next_that_counts(x->next);
		y = next_that_counts(y->next);
	}
	return x == y;
}

enum ac_code
ac_protocol_format(struct ac_str xml, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	AC_AUTO_T(xmlDoc) before = NULL;
	AC_AUTO_T(xmlDoc) after = NULL;
	const struct ac_protocol *was, *is;
	struct ac_changes changes;
	enum ac_code rc;

	if ((rc = ac_protocol_load(xml, a, &was, reterr)) != AC_OK ||
	    (rc = px_parse(xml, a, &before, reterr)) != AC_OK)
		return rc;
	struct ac_str out = document(before, a);
	/* a layout may break everything: so it is read again */
	if (px_parse(out, a, &after, reterr) != AC_OK || ac_protocol_load(out, a, &is, reterr) != AC_OK ||
	    !same_nodes(before->children, after->children, a))
		return ac_fail(reterr, AC_EINTEGRITY, "FMT-MEANING",
		    "the layout would change the content: please report");
	ac_protocol_diff(was, is, a, &changes);
	if (changes.n > 0)
		return ac_fail(reterr, AC_EINTEGRITY, "FMT-MEANING",
		    "the layout would change the meaning: please report");
	*ret = out;
	return AC_OK;
}
