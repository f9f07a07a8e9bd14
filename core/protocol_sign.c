/* protocol_sign.c - what can be signed in a protocol's text, and the text with the signatures in it. */
#include "core/protocol_sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/protocol_xml.h"

struct signing {
	struct ac_arena *a;
	const struct ac_protocol *p;
	struct ac_findings lint;
	AC_VEC(struct ac_sign_place) found;
};

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

/* Borrows from the tree: a protocol can have thousands of lines, and each is looked for among those of another version. */
static struct ac_str
attr_of(const xmlNode *n, const char *name)
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

static struct ac_str
name_of(const xmlNode *n)
{
	return ac_str_c((const char *)n->name);
}

static struct ac_str
words_of(struct signing *s, const xmlNode *n)
{
	return px_collapse(s->a, px_text(s->a, n->children));
}

/* The line's words in the protocol's own language: its text, else its label. */
static struct ac_str
line_words(struct signing *s, const xmlNode *line)
{
	struct ac_str label = { 0 };

	for (const xmlNode *k = px_next_element(line->children); k != NULL; k = px_next_element(k->next)) {
		if (!ac_streq(attr_of(k, "xml:lang"), s->p->lang))
			continue;
		if (ac_streq_c(name_of(k), "text"))
			return words_of(s, k);
		if (ac_streq_c(name_of(k), "label"))
			label = words_of(s, k);
	}
	return label;
}

static struct ac_str
with(struct signing *s, struct ac_str so_far, const xmlNode *n, const char *name, const char *word)
{
	struct ac_str value = attr_of(n, name);

	if (value.n == 0)
		return so_far;
	return ac_strf(s->a, "%.*s%s%s %.*s", AC_FMT(so_far), so_far.n > 0 ? " " : "", word, AC_FMT(value));
}

/* Whoever signs answers for the times too: those of the line, else of each of its windows. */
static struct ac_str
line_times(struct signing *s, const xmlNode *line)
{
	struct ac_str all =
	    with(s, with(s, (struct ac_str){ 0 }, line, "from", "from"), line, "until", "until");

	for (const xmlNode *k = px_next_element(line->children); k != NULL; k = px_next_element(k->next)) {
		struct ac_str one = { 0 };
		if (!ac_streq_c(name_of(k), "window"))
			continue;
		one =
		    with(s, with(s, with(s, one, k, "from", "from"), k, "until", "until"), k, "when", "when");
		if (one.n > 0)
			all = all.n == 0 ? one : ac_strf(s->a, "%.*s; %.*s", AC_FMT(all), AC_FMT(one));
	}
	return all;
}

/* The line that an element stands in: the root's child, or the element itself when the root is its parent. */
static const xmlNode *
line_around(const xmlNode *n)
{
	while (n->parent != NULL && n->parent->parent != NULL && n->parent->parent->type == XML_ELEMENT_NODE)
		n = n->parent;
	return n;
}

static void
add(struct signing *s, const xmlNode *n, struct ac_str was)
{
	const struct px_pos *at = px_pos(n);
	struct ac_sign_place place = { .line = at->line, .col = at->col };
	struct ac_str kind = attr_of(n, "kind");

	place.lang = ac_str_dup(s->a, attr_of(n, "xml:lang")); /* the tree ends before what is found in it */
	place.was = ac_str_dup(s->a, was);
	place.id = ac_str_dup(
	    s->a, attr_of(line_around(n), ac_streq_c(name_of(line_around(n)), "fact") ? "name" : "id"));
	place.kind = ac_str_dup(s->a, kind.n > 0 && !ac_str_is_set(place.lang) ? kind : name_of(n));
	place.text = ac_str_is_set(place.lang) ? words_of(s, n) : line_words(s, n);
	if (!ac_str_is_set(place.lang))
		place.times = line_times(s, n);
	AC_PUSH(s->a, &s->found, place);
}

/* What lint says of signatures: nobody gave one, or it was given for something else. */
static bool
is_to_sign(const struct signing *s, const xmlNode *n)
{
	static const char *const rules[] = { "LINT-UNSIGNED", "LINT-TRANSLATION-UNSIGNED", "LINT-CARRIED" };
	const struct px_pos *at = px_pos(n);

	for (size_t i = 0; i < s->lint.n; i++) {
		const struct ac_finding *f = &s->lint.v[i];
		if (f->line != at->line || f->col != at->col)
			continue;
		for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
			if (strcmp(f->rule, rules[k]) == 0)
				return true;
	}
	return false;
}

static void
look(struct signing *s, const xmlNode *root)
{
	for (const xmlNode *n = next_in_order(root); n != NULL && s->found.n < AC_SIGN_PLACES_MAX;
	     n = next_in_order(n))
		if (is_to_sign(s, n))
			add(s, n, attr_of(n, "signed"));
}

enum ac_code
ac_protocol_sign_places(const struct ac_protocol *p, struct ac_str source, const struct ac_protocol *base,
    struct ac_arena *a, struct ac_sign_places *ret, struct ac_err *reterr)
{
	struct ac_lint_beside beside = { .base = base };
	struct signing s = { .a = a, .p = p };
	AC_AUTO_T(xmlDoc) doc = NULL;
	enum ac_code rc = px_parse(source, a, &doc, reterr);

	if (rc != AC_OK)
		return rc;
	ac_protocol_lint_beside(p, &beside, a, &s.lint);
	look(&s, xmlDocGetRootElement(doc));
	*ret = (struct ac_sign_places){ s.found.v, s.found.n };
	return AC_OK;
}

/* ---- the text ---- */

struct edit { /* bytes of the source from `at` on, `n` of them, become `text` */
	size_t at, n;
	struct ac_str text;
};

/* Behind the last attribute: "/>" and ">" stay where they are. */
static size_t
end_of_attributes(struct ac_str xml, size_t at)
{
	char quote = 0;

	for (; at < xml.n; at++) {
		char c = xml.p[at];
		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			break;
	}
	if (at > 0 && xml.p[at - 1] == '/')
		at--;
	while (at > 0 && (xml.p[at - 1] == ' ' || xml.p[at - 1] == '\n' || xml.p[at - 1] == '\t' ||
			     xml.p[at - 1] == '\r'))
		at--;
	return at;
}

static struct edit
edit_of(struct ac_str xml, const xmlNode *n, struct ac_str signature, struct ac_arena *a)
{
	if (!ac_str_is_set(attr_of(n, "signed")))
		return (struct edit){ end_of_attributes(xml, px_pos(n)->at), 0,
			ac_strf(a, " signed=\"%.*s\"", AC_FMT(signature)) };
	size_t at = px_value_pos(xml, n, "signed", 0).at, end = at;
	while (end < xml.n && xml.p[end] != xml.p[at - 1])
		end++;
	return (struct edit){ at, end - at, signature };
}

static bool
is_named(const struct ac_sign_place *v, size_t count, const xmlNode *n)
{
	const struct px_pos *at = px_pos(n);

	for (size_t i = 0; i < count; i++)
		if (v[i].line == at->line && v[i].col == at->col)
			return true;
	return false;
}

enum ac_code
ac_protocol_sign_text(struct ac_str source, const struct ac_sign_place *v, size_t n, struct ac_str signature,
    struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	AC_AUTO_T(xmlDoc) doc = NULL;
	struct ac_buf b;
	size_t at = 0, signatures = 0;
	enum ac_code rc = px_parse(source, a, &doc, reterr);

	if (rc != AC_OK)
		return rc;
	ac_buf_init(&b, a, source.n + n * (signature.n + 16), 0);
	for (const xmlNode *e = xmlDocGetRootElement(doc); e != NULL; e = next_in_order(e)) {
		if (!is_named(v, n, e))
			continue;
		struct edit x = edit_of(source, e, signature, a);
		ac_buf_add(&b, (struct ac_str){ source.p + at, x.at - at });
		ac_buf_add(&b, x.text);
		at = x.at + x.n;
		signatures++;
	}
	if (signatures != n)
		return ac_fail(
		    reterr, AC_EINPUT, "SIGN-PLACE", "there is nothing to sign at one of these places");
	ac_buf_add(&b, (struct ac_str){ source.p + at, source.n - at });
	*ret = ac_buf_str(&b);
	return AC_OK;
}
