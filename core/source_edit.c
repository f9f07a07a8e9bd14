/* source_edit.c - see source_edit.h. */
#include "core/source_edit.h"

#include <stdlib.h>
#include <string.h>

const xmlNode *
se_next(const xmlNode *n)
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

const xmlNode *
se_element_at(const struct se_source *s, uint32_t line, uint32_t col)
{
	const xmlNode *n = xmlDocGetRootElement(s->doc);

	while (n != NULL && (px_pos(n)->line != line || px_pos(n)->col != col))
		n = se_next(n);
	return n;
}

struct ac_str
se_attr(const xmlNode *n, const char *name)
{
	bool in_xml = strncmp(name, "xml:", 4) == 0;

	for (const xmlAttr *x = n->properties; x != NULL; x = x->next) {
		if ((x->ns != NULL) != in_xml || strcmp((const char *)x->name, in_xml ? name + 4 : name) != 0)
			continue;
		/* one text node: references are resolved by the parser */
		return ac_str_c(x->children == NULL ? "" : (const char *)x->children->content);
	}
	return (struct ac_str){ 0 };
}

/* ---- places in the bytes ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The '>' of the start tag that begins at `at`. */
static size_t
tag_close(struct ac_str xml, size_t at)
{
	char quote = 0;

	for (; at < xml.n; at++) {
		char c = xml.p[at];
		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at;
	}
	return xml.n;
}

static bool
is_empty_tag(struct ac_str xml, size_t close)
{
	return close > 0 && close < xml.n && xml.p[close - 1] == '/';
}

static size_t
behind_close(struct ac_str xml, size_t close)
{
	return close < xml.n ? close + 1 : xml.n;
}

/* Behind the last attribute: "/>" and ">" stay where they are. */
static size_t
attrs_end(struct ac_str xml, size_t at)
{
	size_t end = tag_close(xml, at);

	if (is_empty_tag(xml, end))
		end--;
	while (end > at && is_blank(xml.p[end - 1]))
		end--;
	return end;
}

static bool
stands(struct ac_str xml, size_t at, const char *what)
{
	return xml.n - at >= strlen(what) && memcmp(xml.p + at, what, strlen(what)) == 0;
}

static size_t
behind(struct ac_str xml, size_t at, const char *what)
{
	while (at < xml.n && !stands(xml, at, what))
		at++;
	return at < xml.n ? at + strlen(what) : xml.n;
}

/* Where the end tag begins of an element that holds text, comments and character data only. */
static size_t
content_end(struct ac_str xml, size_t at)
{
	while (at < xml.n)
		if (stands(xml, at, "</"))
			return at;
		else if (stands(xml, at, "<!--"))
			at = behind(xml, at + 4, "-->");
		else if (stands(xml, at, "<![CDATA["))
			at = behind(xml, at, "]]>");
		else if (stands(xml, at, "<?"))
			at = behind(xml, at, "?>");
		else
			at++;
	return at;
}

/* Of an attribute that is there: its value, without the quotes. */
static size_t
value_start(const struct se_source *s, const xmlNode *n, const char *attr, size_t *ret_end)
{
	size_t at = px_value_pos(s->xml, n, attr, 0).at, end = at;

	while (end < s->xml.n && s->xml.p[end] != s->xml.p[at - 1])
		end++;
	*ret_end = end;
	return at;
}

struct ac_str
se_name(const struct se_source *s, const xmlNode *n)
{
	size_t at = px_pos(n)->at + 1, len = 0;

	while (at + len < s->xml.n && !is_blank(s->xml.p[at + len]) && s->xml.p[at + len] != '>' &&
	       s->xml.p[at + len] != '/')
		len++;
	return (struct ac_str){ s->xml.p + at, len };
}

size_t
se_end_of(const struct se_source *s, const xmlNode *n)
{
	size_t close = tag_close(s->xml, px_pos(n)->at), from = behind_close(s->xml, close);

	return is_empty_tag(s->xml, close) ? from : behind(s->xml, content_end(s->xml, from), ">");
}

static struct ac_str
indentation(struct ac_str xml, size_t at)
{
	size_t from = at;

	while (from > 0 && (xml.p[from - 1] == ' ' || xml.p[from - 1] == '\t'))
		from--;
	if (from > 0 && xml.p[from - 1] != '\n')
		return (struct ac_str){ 0 };
	return (struct ac_str){ xml.p + from, at - from };
}

size_t
se_line_behind(const struct se_source *s, const xmlNode *n, struct ac_str *ret_indent)
{
	struct ac_str xml = s->xml;
	size_t at = se_end_of(s, n), to = at;

	*ret_indent = indentation(xml, px_pos(n)->at);
	while (to < xml.n && (xml.p[to] == ' ' || xml.p[to] == '\t'))
		to++;
	if (!ac_str_is_set(*ret_indent) || !stands(xml, to, "<!--"))
		return at;
	size_t end = behind(xml, to, "-->"), rest = end;
	while (rest < xml.n && (xml.p[rest] == ' ' || xml.p[rest] == '\t' || xml.p[rest] == '\r'))
		rest++;
	bool one_line = memchr(xml.p + to, '\n', end - to) == NULL;
	return one_line && rest < xml.n && xml.p[rest] == '\n' ? end : at;
}

struct ac_str
se_escaped(struct ac_arena *a, struct ac_str s, bool is_attr)
{
	struct ac_buf b;

	ac_buf_init(&b, a, s.n + 16, 0);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '<' || c == '>' || c == '&')
			ac_buf_addz(&b, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
		else if (is_attr && (c == '"' || c == '\'')) /* whichever quotes stand around it */
			ac_buf_addz(&b, c == '"' ? "&quot;" : "&apos;");
		else
			ac_buf_addc(&b, c);
	}
	return ac_buf_str(&b);
}

/* ---- edits ---- */

void
se_replace(const struct se_source *s, struct se_edits *to, size_t at, size_t n, struct ac_str raw_xml)
{
	struct se_edit e = { at, n, raw_xml };

	AC_PUSH(s->a, to, e);
}

void
se_set_attr(const struct se_source *s, struct se_edits *to, const xmlNode *n, const char *name, struct ac_str value,
    const char *after)
{
	struct ac_str escaped = se_escaped(s->a, value, true);
	size_t start, end;

	if (ac_str_is_set(se_attr(n, name))) {
		start = value_start(s, n, name, &end);
		se_replace(s, to, start, end - start, escaped);
		return;
	}
	if (after != NULL && ac_str_is_set(se_attr(n, after))) {
		(void)value_start(s, n, after, &end);
		end++; /* its quote */
	} else {
		end = attrs_end(s->xml, px_pos(n)->at);
	}
	se_replace(s, to, end, 0, ac_strf(s->a, " %s=\"%.*s\"", name, AC_FMT(escaped)));
}

void
se_drop_attr(const struct se_source *s, struct se_edits *to, const xmlNode *n, const char *name)
{
	size_t start, end;

	if (!ac_str_is_set(se_attr(n, name)))
		return;
	(void)value_start(s, n, name, &end);
	start = px_attr_pos(s->xml, n, name).at;
	while (start > 0 && is_blank(s->xml.p[start - 1]))
		start--;
	se_replace(s, to, start, end + 1 - start, AC_S(""));
}

void
se_set_text(const struct se_source *s, struct se_edits *to, const xmlNode *n, struct ac_str text)
{
	size_t close = tag_close(s->xml, px_pos(n)->at), from = behind_close(s->xml, close);
	struct ac_str escaped = se_escaped(s->a, text, false);

	if (is_empty_tag(s->xml, close)) /* "/>" becomes an end tag */
		se_replace(s, to, close - 1, 2, ac_strf(s->a, ">%.*s</%.*s>", AC_FMT(escaped), AC_FMT(se_name(s, n))));
	else
		se_replace(s, to, from, content_end(s->xml, from) - from, escaped);
}

/* A new attribute may stand where another one is taken out: what is inserted goes first. */
static int
by_place(const void *x, const void *y)
{
	const struct se_edit *e = x, *f = y;

	if (e->at != f->at)
		return e->at > f->at ? 1 : -1;
	if ((e->n == 0) != (f->n == 0))
		return e->n == 0 ? -1 : 1;
	return ac_str_cmp(e->text, f->text);
}

enum ac_code
se_apply(const struct se_source *s, struct se_edits *e, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_buf b;
	size_t at = 0;

	if (e->n > 0)
		qsort(e->v, e->n, sizeof(*e->v), by_place);
	ac_buf_init(&b, s->a, s->xml.n + 4096, 0);
	for (size_t i = 0; i < e->n; i++) {
		const struct se_edit *one = &e->v[i];
		if (one->at < at || one->at > s->xml.n || one->n > s->xml.n - one->at)
			return ac_fail(reterr, AC_EINTEGRITY, "SOURCE-OVERLAP",
			    "two edits would change the same place of the source");
		ac_buf_add(&b, (struct ac_str){ s->xml.p + at, one->at - at });
		ac_buf_add(&b, one->text);
		at = one->at + one->n;
	}
	ac_buf_add(&b, (struct ac_str){ s->xml.p + at, s->xml.n - at });
	*ret = ac_buf_str(&b);
	return AC_OK;
}
