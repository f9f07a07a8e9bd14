/* translate_edit.c - the source with a translation in it: the smallest change of its bytes. */
#include <stdlib.h>
#include <string.h>

#include "core/translate_parts.h"

static void
push(const struct tr_source *s, struct tr_edits *to, size_t at, size_t n, struct ac_str text)
{
	struct tr_edit e = { at, n, text, to->n };

	AC_PUSH(s->a, to, e);
}

static const xmlNode *
next_in_order(const xmlNode *n)
{
	if (px_next_element(n->children) != NULL)
		return px_next_element(n->children);
	for (; n != NULL; n = n->parent)
		if (px_next_element(n->next) != NULL)
			return px_next_element(n->next);
	return NULL;
}

static const xmlNode *
element_at(const struct tr_source *s, const struct ac_text *t)
{
	const xmlNode *n = xmlDocGetRootElement(s->doc);

	while (n != NULL && (px_pos(n)->line != t->line || px_pos(n)->col != t->col))
		n = next_in_order(n);
	return n;
}

/* Behind the '>' of the start tag that begins at `at`. */
static size_t
tag_end(struct ac_str xml, size_t at)
{
	char quote = 0;

	for (; at < xml.n; at++) {
		char c = xml.p[at];
		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at + 1;
	}
	return xml.n;
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

static struct ac_str
escaped(struct ac_arena *a, struct ac_str s, bool is_attr)
{
	struct ac_buf b;

	ac_buf_init(&b, a, s.n + 16, 0);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '<' || c == '>' || c == '&')
			ac_buf_addz(&b, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
		else if (c == '"' && is_attr)
			ac_buf_addz(&b, "&quot;");
		else
			ac_buf_addc(&b, c);
	}
	return ac_buf_str(&b);
}

static bool
has_attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *x = n->properties; x != NULL; x = x->next)
		if (strcmp((const char *)x->name, name) == 0)
			return true;
	return false;
}

/* Behind the closing quote of an attribute's value. */
static size_t
value_end(struct ac_str xml, const xmlNode *n, const char *attr, size_t *ret_start)
{
	size_t at = px_value_pos(xml, n, attr, 0).at, end = at;

	while (end < xml.n && xml.p[end] != xml.p[at - 1])
		end++;
	*ret_start = at;
	return end + 1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Its words and what they are bound to; whoever signed it signed something else. */
static void
change(const struct tr_source *s, const xmlNode *n, struct ac_str of, struct ac_str text, struct tr_edits *to)
{
	size_t from = tag_end(s->xml, px_pos(n)->at), end, start;

	push(s, to, from, content_end(s->xml, from) - from, escaped(s->a, text, false));
	if (has_attr(n, "of")) {
		end = value_end(s->xml, n, "of", &start);
		push(s, to, start, end - 1 - start, of);
	} else {
		end = value_end(s->xml, n, "xml:lang", &start);
		push(s, to, end, 0, ac_strf(s->a, " of=\"%.*s\"", AC_FMT(of)));
	}
	if (!has_attr(n, "signed"))
		return;
	end = value_end(s->xml, n, "signed", &start);
	start = px_attr_pos(s->xml, n, "signed").at;
	while (start > 0 && is_blank(s->xml.p[start - 1]))
		start--;
	push(s, to, start, end - start, AC_S(""));
}

/* The blanks in front of an element that begins its line; absent: something else stands there. */
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

/* A comment behind an element on the same line belongs to it: the new line begins behind that. */
static size_t
end_of_line(struct ac_str xml, size_t at)
{
	size_t to = at;

	while (to < xml.n && (xml.p[to] == ' ' || xml.p[to] == '\t'))
		to++;
	if (!stands(xml, to, "<!--"))
		return at;
	size_t end = behind(xml, to, "-->"), rest = end;
	while (rest < xml.n && (xml.p[rest] == ' ' || xml.p[rest] == '\t' || xml.p[rest] == '\r'))
		rest++;
	bool one_line = memchr(xml.p + to, '\n', end - to) == NULL;
	return one_line && rest < xml.n && xml.p[rest] == '\n' ? end : at;
}

static void
beside(const struct tr_source *s, struct ac_buf *b, const char *name, struct ac_str value)
{
	if (ac_str_is_set(value))
		ac_buf_addf(b, " %s=\"%.*s\"", name, AC_FMT(escaped(s->a, value, true)));
}

/* Behind the last of the text's languages, laid out as the source text is. */
static void
insert(const struct tr_source *s, const struct ac_unit *u, const xmlNode *source, struct ac_str lang,
    struct ac_str of, struct ac_str text, struct tr_edits *to)
{
	const xmlNode *last = source;
	struct ac_buf b;

	for (size_t i = 0; i < u->texts->n; i++) {
		const xmlNode *n = element_at(s, &u->texts->v[i]);
		if (n != NULL && n->parent == source->parent && px_pos(n)->at > px_pos(last)->at)
			last = n;
	}
	size_t at = px_pos(last)->at, start = px_pos(source)->at + 1, len = 0;
	while (start + len < s->xml.n && !is_blank(s->xml.p[start + len]) && s->xml.p[start + len] != '>')
		len++;
	struct ac_str indent = indentation(s->xml, at), name = { s->xml.p + start, len };
	size_t end = content_end(s->xml, tag_end(s->xml, at));
	end = behind(s->xml, end, ">");
	ac_buf_init(&b, s->a, text.n + 128, 0);
	if (ac_str_is_set(indent)) {
		const char *lf = memchr(s->xml.p, '\n', s->xml.n);
		end = end_of_line(s->xml, end);
		ac_buf_addz(&b, lf != NULL && lf > s->xml.p && lf[-1] == '\r' ? "\r\n" : "\n");
		ac_buf_add(&b, indent);
	}
	ac_buf_addf(&b, "<%.*s", AC_FMT(name));
	if (u->except != NULL)
		beside(s, &b, "concept", u->except->concept);
	ac_buf_addf(&b, " xml:lang=\"%.*s\" of=\"%.*s\"", AC_FMT(lang), AC_FMT(of));
	if (u->why != NULL) {
		beside(s, &b, "evidence", u->why->evidence);
		beside(s, &b, "source", u->why->source);
	}
	ac_buf_addf(&b, ">%.*s</%.*s>", AC_FMT(escaped(s->a, text, false)), AC_FMT(name));
	push(s, to, end, 0, ac_buf_str(&b));
}

void
tr_edit_unit(const struct tr_source *s, const struct ac_unit *u, struct ac_str lang, struct ac_str text,
    struct tr_edits *to)
{
	const xmlNode *source = element_at(s, u->source),
		      *target = u->target == NULL ? NULL : element_at(s, u->target);
	struct ac_str of = ac_text_of(s->a, u->source->text);

	if (source == NULL)
		return;
	if (target != NULL)
		change(s, target, of, text, to);
	else
		insert(s, u, source, lang, of, text, to);
}

/* A new attribute may stand where another one is taken out: what is inserted goes first. */
static int
by_place(const void *x, const void *y)
{
	const struct tr_edit *e = x, *f = y;

	if (e->at != f->at)
		return e->at > f->at ? 1 : -1;
	if ((e->n == 0) != (f->n == 0))
		return e->n == 0 ? -1 : 1;
	return (e->nth > f->nth) - (e->nth < f->nth);
}

enum ac_code
tr_apply(const struct tr_source *s, struct tr_edits *e, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_buf b;
	size_t at = 0;

	if (e->n > 0)
		qsort(e->v, e->n, sizeof(*e->v), by_place);
	ac_buf_init(&b, s->a, s->xml.n + 4096, 0);
	for (size_t i = 0; i < e->n; i++) {
		const struct tr_edit *one = &e->v[i];
		if (one->at < at || one->at > s->xml.n || one->n > s->xml.n - one->at)
			return ac_fail(reterr, AC_EINTEGRITY, "TRN-MEANING",
			    "two translations would change the same place of the source");
		ac_buf_add(&b, (struct ac_str){ s->xml.p + at, one->at - at });
		ac_buf_add(&b, one->text);
		at = one->at + one->n;
	}
	ac_buf_add(&b, (struct ac_str){ s->xml.p + at, s->xml.n - at });
	*ret = ac_buf_str(&b);
	return AC_OK;
}
