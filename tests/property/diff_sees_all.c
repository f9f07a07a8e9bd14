/*
 * diff_sees_all.c - nothing of the language escapes the meaning diff: every attribute and every element of the corpus is
 * changed, one by one, and each change that loads must be seen. What the grammar knows and the corpus does not hold fails.
 */
#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <string.h>

#include "base/file.h"
#include "core/protocol_diff.h"
#include "tests/property/diff_kit.h"

#define NAMES_MAX 512

TestSuite(diff_sees_all, .timeout = 1200);

static const char *const corpus[] = { AC_SOURCE_DIR "/tests/good/protocol/full.xml",
	AC_SOURCE_DIR "/schemas/protocols/demo/chemical-peel.xml" };

struct names {
	char v[NAMES_MAX][48];
	size_t n;
};
struct all {
	struct ac_arena *a;
	struct ac_str xml;
	const struct ac_protocol *before;
	struct names changed; /* "task", "@until" */
	size_t tried, seen;
};

static void
note(struct names *to, const char *prefix, const char *name)
{
	char text[48];

	snprintf(text, sizeof(text), "%s%s", prefix, name);
	for (size_t i = 0; i < to->n; i++)
		if (strcmp(to->v[i], text) == 0)
			return;
	cr_assert(to->n < NAMES_MAX);
	memcpy(to->v[to->n++], text, sizeof(text));
}

/* False: the changed file does not load, so it says nothing. */
static bool
check(struct all *all, xmlDoc *doc, const char *what, const xmlNode *n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_protocol *after = NULL;
	struct ac_changes c;
	xmlChar *bytes = NULL;
	int size = 0;

	xmlDocDumpMemoryEnc(doc, &bytes, &size, "UTF-8");
	struct ac_str xml = ac_str_dup(a, (struct ac_str){ (const char *)bytes, (size_t)size });
	xmlFree(bytes);
	all->tried++;
	if (ac_protocol_load(xml, a, &after, NULL) != AC_OK)
		return false;
	ac_protocol_diff(all->before, after, a, &c);
	all->seen++;
	cr_expect(c.n > 0, "%s in the %s of line %ld escapes the diff", what, n->name, xmlGetLineNo(n));
	return true;
}

static xmlNode *
at(xmlNode *n, size_t *left)
{
	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if ((*left)-- == 0)
			return n;
		xmlNode *inside = at(n->children, left);
		if (inside != NULL)
			return inside;
	}
	return NULL;
}

/* The same element in a tree of its own, so that each change is the only one. */
static xmlNode *
fresh(struct all *all, size_t i, xmlDoc **ret)
{
	size_t left = i;

	*ret = xmlReadMemory(all->xml.p, (int)all->xml.n, "p.xml", NULL, XML_PARSE_NONET);
	return at(xmlDocGetRootElement(*ret), &left);
}

static void
without_element(struct all *all, size_t i)
{
	AC_AUTO_T(xmlDoc) doc = NULL;
	xmlNode *n = fresh(all, i, &doc);

	xmlUnlinkNode(n);
	if (check(all, doc, "a missing element", n))
		note(&all->changed, "", (const char *)n->name);
	xmlFreeNode(n);
}

static void
with_other_text(struct all *all, size_t i)
{
	AC_AUTO_T(xmlDoc) doc = NULL;
	xmlNode *n = fresh(all, i, &doc);

	if (n->children == NULL || n->children->type != XML_TEXT_NODE || xmlIsBlankNode(n->children))
		return;
	xmlNodeAddContent(n, BAD_CAST " And more.");
	if (check(all, doc, "another text", n))
		note(&all->changed, "", (const char *)n->name);
}

static xmlAttr *
attr_at(xmlNode *n, size_t i)
{
	xmlAttr *x = n->properties;

	for (; x != NULL && i > 0; i--)
		x = x->next;
	return x;
}

/* What stands for a value that was not written. */
static bool
is_default(const char *name, const char *value)
{
	return (strcmp(name, "closed") == 0 && strcmp(value, "keep") == 0) ||
	       (strcmp(name, "done-by") == 0 && strcmp(value, "person") == 0) ||
	       (strcmp(name, "when") == 0 && strcmp(value, "true()") == 0);
}

static const char *const pool[] = { "yes", "patient/sex = 'x'", "false()", "5 h", "5 d", "5 w", "5 d..6 d",
	"zz", "other", "S98", "nobody 2026-12-31", "7", "10:00-11:00", "keep", "before", "after", "friday", "restriction", "care",
	"warning", "call", "visit", "booking", "session", "education", "review", "record", "emergency",
	"nurse", "clinician", "admin", "choice", "number", "score", "text", "temperature", "weak", "good",
	"clinic", "expected", "urgent", "fact", "conduct", "header", "issue", "person", "early", "face",
	"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" };

static bool
with_value(struct all *all, size_t i, size_t k, const char *value)
{
	AC_AUTO_T(xmlDoc) doc = NULL;
	xmlNode *n = fresh(all, i, &doc);
	xmlAttr *x = attr_at(n, k);
	xmlChar *was = xmlNodeListGetString(doc, x->children, 1);
	bool same = was != NULL && strcmp((const char *)was, value) == 0;

	xmlFree(was);
	if (same)
		return false;
	xmlNodeSetContent((xmlNode *)x, BAD_CAST value);
	return check(all, doc, ac_cstr(all->a, ac_strf(all->a, "%s=\"%s\"", x->name, value)), n);
}

static void
with_other_attributes(struct all *all, size_t i)
{
	size_t count = 0;

	for (;; count++) {
		AC_AUTO_T(xmlDoc) doc = NULL;
		xmlNode *n = fresh(all, i, &doc);
		xmlAttr *x = attr_at(n, count);
		if (x == NULL)
			return;
		const char *name = ac_cstr(all->a, ac_str_c((const char *)x->name));
		size_t changes = 0;
		for (size_t v = 0; v < sizeof(pool) / sizeof(pool[0]) && changes < 2; v++)
			changes += with_value(all, i, count, pool[v]);
		xmlChar *was = xmlNodeListGetString(doc, x->children, 1);
		bool silent = is_default(name, (const char *)was);
		xmlFree(was);
		xmlRemoveProp(x);
		changes += !silent && check(all, doc, ac_cstr(all->a, ac_strf(all->a, "no %s", name)), n);
		if (changes > 0)
			note(&all->changed, "@", name);
	}
}

static void
one_file(const char *path, struct names *changed, size_t *seen)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct all all = { .a = a };
	struct ac_err e = { 0 };
	xmlDoc *doc = NULL;

	cr_assert(ac_file_read(path, AC_PROTOCOL_BYTES_MAX, a, &all.xml, &e) == AC_OK, "%s", path);
	cr_assert(ac_protocol_load(all.xml, a, &all.before, &e) == AC_OK, "%s: %s", path, e.msg);
	for (size_t i = 0; fresh(&all, i, &doc) != NULL; i++) {
		xmlFreeDoc(doc);
		if (i > 0)
			without_element(&all, i);
		with_other_text(&all, i);
		with_other_attributes(&all, i);
	}
	xmlFreeDoc(doc);
	for (size_t i = 0; i < all.changed.n; i++)
		note(changed, "", all.changed.v[i]);
	*seen += all.seen;
}

static void
names_of_grammar(const xmlNode *n, struct names *to)
{
	for (; n != NULL; n = n->next) {
		xmlChar *name = n->type == XML_ELEMENT_NODE ? xmlGetNoNsProp(n, BAD_CAST "name") : NULL;
		const char *local = name == NULL ? NULL : strrchr((const char *)name, ':');

		local = local != NULL ? local + 1 : (const char *)name;
		if (name != NULL && xmlStrEqual(n->name, BAD_CAST "element"))
			note(to, "", local);
		if (name != NULL && xmlStrEqual(n->name, BAD_CAST "attribute"))
			note(to, "@", local);
		xmlFree(name);
		names_of_grammar(n->children, to);
	}
}

Test(diff_sees_all, every_element_and_every_attribute)
{
	static struct names changed, grammar;
	size_t seen = 0;

	for (size_t i = 0; i < sizeof(corpus) / sizeof(corpus[0]); i++)
		one_file(corpus[i], &changed, &seen);
	xmlDoc *rng = xmlReadFile(AC_SOURCE_DIR "/schemas/protocol.rng", NULL, XML_PARSE_NONET);
	names_of_grammar(xmlDocGetRootElement(rng), &grammar);
	xmlFreeDoc(rng);
	cr_assert(grammar.n > 40);
	for (size_t i = 0; i < grammar.n; i++) {
		/* the root is no part; a check-in that a task names cannot go alone (tests/test_protocol_diff.c) */
		bool found = strcmp(grammar.v[i], "protocol") == 0 || strcmp(grammar.v[i], "check-in") == 0;
		for (size_t k = 0; k < changed.n; k++)
			found |= strcmp(grammar.v[i], changed.v[k]) == 0;
		cr_expect(found, "the corpus holds no %s that this test could change", grammar.v[i]);
	}
	printf("%zu changes, all seen\n", seen);
	cr_expect(seen > 500);
	xmlCleanupParser();
}
