/*
 * protocol_grammar.c - the loader and the grammar for editors (schemas/protocol.rng) judge random changes alike.
 *
 * AC_PROPERTY_FULL=1: a hundred times as many changes.
 */
#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "core/protocol.h"
#include "core/protocol_rules.h"
#include "tests/expect.h"

#define RULE(id, sentence) { id, sentence },
static const struct rule {
	const char *id, *sentence;
} grammar_rules[] = { AC_PROTOCOL_GRAMMAR_RULES(RULE) };
#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static struct ac_arena *a;
static xmlRelaxNG *grammar;

static void
be_silent(void *ctx, xmlErrorPtr e)
{
	(void)ctx;
	(void)e;
}

static void
setup(void)
{
	a = ac_arena_new();
	xmlInitParser();
	xmlRelaxNGParserCtxt *ctxt = xmlRelaxNGNewParserCtxt(AC_SOURCE_DIR "/schemas/protocol.rng");
	grammar = xmlRelaxNGParse(ctxt);
	xmlRelaxNGFreeParserCtxt(ctxt);
	cr_assert(grammar != NULL);
}

static void
teardown(void)
{
	xmlRelaxNGFree(grammar);
	xmlCleanupParser();
	ac_arena_free(a);
}

TestSuite(protocol_grammar, .init = setup, .fini = teardown);

static bool
grammar_accepts_doc(xmlDoc *doc)
{
	xmlRelaxNGValidCtxt *v = xmlRelaxNGNewValidCtxt(grammar);

	xmlRelaxNGSetValidStructuredErrors(v, be_silent, NULL);
	bool is_valid = xmlRelaxNGValidateDoc(v, doc) == 0;
	xmlRelaxNGFreeValidCtxt(v);
	return is_valid;
}

static bool
grammar_accepts(struct ac_str xml)
{
	xmlDoc *doc = xmlReadMemory(xml.p, (int)xml.n, "protocol.xml", NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool is_valid = doc != NULL && grammar_accepts_doc(doc);

	xmlFreeDoc(doc);
	return is_valid;
}

static bool
is_grammar_rule(const char *id)
{
	for (size_t i = 0; i < COUNT(grammar_rules); i++)
		if (strcmp(grammar_rules[i].id, id) == 0)
			return true;
	return false;
}

static uint64_t seed = 7;

static size_t
pick(size_t n)
{
	return (size_t)(next_random(&seed) % n);
}

static const char *const names[] = { "protocol", "title", "based-on", "trigger", "fact", "value", "label",
	"goal", "instruction", "window", "text", "why", "except", "contradicts", "decide", "expectation",
	"red-flag", "task", "check-in", "question", "rule", "series", "note", "foo" };
static const char *const attrs[] = { "id", "owner", "demonstration", "protocol", "version", "system", "code",
	"category", "product", "when", "name", "type", "many", "required", "ask", "seed", "signed", "concept",
	"kind", "from", "until", "range", "evidence", "source", "level", "role", "closed", "shift", "urgent",
	"questions", "patient", "done-by", "take-within", "escalate-after", "escalate-to", "attempts", "calling-hours", "outcome", "sessions", "interval", "minimum-gap", "as", "lang", "foo" };
static const char *const values[] = { "", "yes", "no", " yes ", "x", "X", "a-b", "a_b", "48 h", " 48  h",
	"48h", "3 d 08:00", "3 d 99:00", "24 h..48 h", "24 h .. 48 h", "S01", "S01 S02", "S1",
	"dr.demo 2026-03-01", "choice", "number", "restriction", "care", "call", "check-in", "nurse", "after",
	"uncited", "good", "score", "text", "fact", "record", "urgent", "expected", "5", "0", "+5", "-5",
	"en", "pt-BR", "e", "1 d..2 d", "true()", "emergency", "9999 w", "10000 w", "0 min",
	"09:00-19:00", "29:00-30:00", "9:00-19:00", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" };

/*
 * libxml2 follows both ways at each optional attribute that stands there: its states double with each of them. So no element
 * gets more than this many, and the call of the base, which has more, loses some first. Each attribute is met all the same.
 */
#define ATTRS_MAX 9

static void
collect(xmlNode *n, xmlNode **list, size_t *count)
{
	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || *count == 4000)
			continue;
		list[(*count)++] = n;
		collect(n->children, list, count);
	}
}

static xmlNode *
any_element(xmlDoc *doc)
{
	static xmlNode *list[4000];
	size_t n = 0;

	collect(xmlDocGetRootElement(doc), list, &n);
	return list[pick(n)];
}

static void
change_attr(xmlNode *n)
{
	const char *value = values[pick(COUNT(values))];
	size_t which = pick(4), count = 0;
	xmlAttr *x = n->properties;

	for (xmlAttr *k = x; k != NULL; k = k->next)
		count++;
	if ((which == 0 && count < ATTRS_MAX) || x == NULL) {
		xmlSetProp(n, BAD_CAST attrs[pick(COUNT(attrs))], BAD_CAST value);
		return;
	}
	for (size_t i = pick(count); i > 0; i--)
		x = x->next;
	if (which == 1)
		xmlRemoveProp(x);
	else
		xmlSetNsProp(n, x->ns, x->name, BAD_CAST value);
}

/* Another few each time, so that each is seen beside each other. */
static void
thin(xmlDoc *doc)
{
	static xmlNode *list[4000];
	size_t n = 0;

	collect(xmlDocGetRootElement(doc), list, &n);
	for (size_t i = 0; i < n; i++) {
		size_t count = 0;
		for (xmlAttr *k = list[i]->properties; k != NULL; k = k->next)
			count++;
		while (count > ATTRS_MAX) {
			xmlAttr *x = list[i]->properties;
			for (size_t k = pick(count); k > 0; k--)
				x = x->next;
			if (xmlStrEqual(x->name, BAD_CAST "id") || xmlStrEqual(x->name, BAD_CAST "kind"))
				continue; /* a task without them is refused before anything else is looked at */
			xmlRemoveProp(x);
			count--;
		}
	}
}

static void
change(xmlDoc *doc)
{
	xmlNode *n = any_element(doc), *root = xmlDocGetRootElement(doc);

	switch (pick(7)) {
	case 0:
		if (n != root) {
			xmlUnlinkNode(n);
			xmlFreeNode(n);
		}
		break;
	case 1:
		if (n != root)
			xmlAddNextSibling(n, xmlCopyNode(n, 1));
		break;
	case 2: {
		xmlNode *to = any_element(doc);
		if (to != root)
			xmlAddPrevSibling(to, xmlCopyNode(n, 1));
		break;
	}
	case 3:
		xmlNodeSetName(n, BAD_CAST names[pick(COUNT(names))]);
		break;
	case 4:
		xmlNodeAddContent(n, BAD_CAST(pick(2) == 0 ? " \n" : "words"));
		break;
	default:
		change_attr(n);
	}
}

Test(protocol_grammar, random_changes_are_judged_alike, .timeout = 3600)
{
	struct ac_str xml = { 0 };
	struct ac_err e = { 0 };
	cr_assert(ac_file_read(AC_SOURCE_DIR "/schemas/protocols/demo/chemical-peel.xml",
		      AC_PROTOCOL_BYTES_MAX, a, &xml, &e) == AC_OK);
	xmlDoc *good = xmlReadMemory(xml.p, (int)xml.n, "protocol.xml", NULL, XML_PARSE_NONET);
	size_t refused = 0, accepted = 0, rounds = getenv("AC_PROPERTY_FULL") == NULL ? 1000 : 100000;

	cr_assert(good != NULL);
	for (size_t round = 0; round < rounds; round++) {
		struct ac_arena *mine = ac_arena_new();
		struct ac_err err = { 0 };
		const struct ac_protocol *p = NULL;
		xmlDoc *doc = xmlCopyDoc(good, 1);
		xmlChar *bytes = NULL;
		int n = 0;
		thin(doc);
		for (size_t i = 1 + pick(2); i > 0; i--)
			change(doc);
		xmlDocDumpMemory(doc, &bytes, &n);
		xmlFreeDoc(doc);
		struct ac_str changed = { (const char *)bytes, (size_t)n };
		enum ac_code rc = ac_protocol_load(changed, mine, &p, &err);
		bool loader_refuses = rc != AC_OK && is_grammar_rule(err.rule);
		/* an empty token stops the loader's walk before it sees the rest */
		if (rc == AC_OK || strcmp(err.rule, "PRT-022") != 0)
			cr_assert(grammar_accepts(changed) == !loader_refuses, "loader: %s %u:%u %s %s\n%.*s",
			    err.rule, err.line, err.col, err.path, err.msg, n, (const char *)bytes);
		refused += loader_refuses;
		accepted += !loader_refuses;
		xmlFree(bytes);
		ac_arena_free(mine);
	}
	xmlFreeDoc(good);
	cr_expect(
	    refused > rounds / 5 && accepted > rounds / 10, "%zu refused, %zu accepted", refused, accepted);
}
