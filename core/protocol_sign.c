/* protocol_sign.c - what can be signed in a protocol's text, and the text with the signatures in it. */
#include "core/protocol_sign.h"

#include <string.h>

#include "core/source_edit.h"

struct signing {
	struct ac_arena *a;
	const struct ac_protocol *p;
	struct ac_findings lint;
	AC_VEC(struct ac_sign_place) found;
};

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
		if (!ac_streq(se_attr(k, "xml:lang"), s->p->lang))
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
	struct ac_str value = se_attr(n, name);

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
	struct ac_str kind = se_attr(n, "kind");

	place.lang = ac_str_dup(s->a, se_attr(n, "xml:lang")); /* the tree ends before what is found in it */
	place.was = ac_str_dup(s->a, was);
	place.id = ac_str_dup(
	    s->a, se_attr(line_around(n), ac_streq_c(name_of(line_around(n)), "fact") ? "name" : "id"));
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
	for (const xmlNode *n = se_next(root); n != NULL && s->found.n < AC_SIGN_PLACES_MAX;
	     n = se_next(n))
		if (is_to_sign(s, n))
			add(s, n, se_attr(n, "signed"));
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
	struct se_edits edits = { 0 };
	enum ac_code rc = px_parse(source, a, &doc, reterr);

	if (rc != AC_OK)
		return rc;
	struct se_source s = { source, doc, a };
	for (const xmlNode *e = xmlDocGetRootElement(doc); e != NULL; e = se_next(e))
		if (is_named(v, n, e))
			se_set_attr(&s, &edits, e, "signed", signature, NULL);
	if (edits.n != n)
		return ac_fail(
		    reterr, AC_EINPUT, "SIGN-PLACE", "there is nothing to sign at one of these places");
	return se_apply(&s, &edits, ret, reterr);
}
