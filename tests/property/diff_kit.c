/* diff_kit.c - see diff_kit.h. */
#include "tests/property/diff_kit.h"

#include <string.h>

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static size_t
elements(xmlNode *n, xmlNode **v, size_t max, size_t count)
{
	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (count < max)
			v[count] = n;
		count = elements(n->children, v, max, count + 1);
	}
	return count;
}

static xmlNode *
any_element(struct gen *g, xmlDoc *doc)
{
	static __thread xmlNode *v[16000];
	size_t n = elements(xmlDocGetRootElement(doc)->children, v, COUNT(v), 0);

	return n == 0 ? NULL : v[gen_below(g, n < COUNT(v) ? n : COUNT(v))];
}

static xmlNode *
beside(xmlNode *n)
{
	xmlNode *next = n->next;

	while (next != NULL && next->type != XML_ELEMENT_NODE)
		next = next->next;
	return next != NULL && xmlStrEqual(next->name, n->name) ? next : NULL;
}

static struct ac_str
written(struct gen *g, xmlDoc *doc)
{
	xmlChar *bytes = NULL;
	int n = 0;

	xmlDocDumpMemoryEnc(doc, &bytes, &n, "UTF-8");
	struct ac_str s = ac_str_dup(g->a, (struct ac_str){ (const char *)bytes, (size_t)n });
	xmlFree(bytes);
	return s;
}

static const char *
one_of(struct gen *g, const char *const *v)
{
	size_t n = 0;

	while (v[n] != NULL)
		n++;
	return v[gen_below(g, n)];
}

#define OF(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *
value_for(struct gen *g, const char *name)
{
	if (strcmp(name, "when") == 0)
		return one_of(g,
		    OF("fact/area = 'face'", "fact/area = 'scalp' or fact/area = 'face'",
			"not(fact/area = 'face')", "patient/age > 17", "patient/age >= 18",
			"patient/sex = 'female'", "true()", "false()", "fact/technique = 'needle'",
			"fact/technique != 'gun'", "not(fact/technique = 'gun')", "not(allergy/code = 'x')",
			"count(medication/code) > 0", "fact/area = 'neck' and patient/age > 60",
			"count(product/lot) = 0", "patient/interpreter = 'yes'"));
	if (strcmp(name, "until") == 0 || strcmp(name, "from") == 0 || strcmp(name, "shift") == 0 ||
	    strcmp(name, "minimum-gap") == 0)
		return one_of(
		    g, OF("1 h", "24 h", "48 h", "2 d", "3 d", "3 d 08:00", "72 h", "1 w", "7 d", "0 min"));
	if (strcmp(name, "range") == 0 || strcmp(name, "interval") == 0)
		return one_of(g, OF("24 h..48 h", "1 d..3 d", "7 d..10 d", "1 w..3 w"));
	if (strcmp(name, "kind") == 0)
		return one_of(
		    g, OF("restriction", "care", "information", "warning", "call", "visit", "review"));
	if (strcmp(name, "level") == 0)
		return one_of(g, OF("call", "emergency"));
	if (strcmp(name, "role") == 0)
		return one_of(g, OF("nurse", "clinician", "front-desk", "admin"));
	if (strcmp(name, "closed") == 0)
		return one_of(g, OF("keep", "before", "after", "monday"));
	if (strcmp(name, "type") == 0)
		return one_of(g, OF("choice", "number", "yes-no"));
	if (strcmp(name, "sessions") == 0)
		return one_of(g, OF("1", "6", "8"));
	return one_of(
	    g, OF("yes", "concept-1", "concept-2", "other", "S01", "S02 S03", "dr.demo 2026-03-02"));
}

static bool
change_attr(struct gen *g, xmlNode *n)
{
	size_t count = 0;

	for (xmlAttr *x = n->properties; x != NULL; x = x->next)
		count++;
	if (count == 0)
		return false;
	xmlAttr *x = n->properties;
	for (size_t i = gen_below(g, count); i > 0; i--)
		x = x->next;
	if (x->ns != NULL)
		return false;
	if (gen_chance(g, 25))
		xmlRemoveProp(x);
	else
		xmlSetProp(n, x->name, BAD_CAST value_for(g, (const char *)x->name));
	return true;
}

static bool
add_attr(struct gen *g, xmlNode *n)
{
	const char *name = one_of(g, OF("when", "when", "until", "from", "urgent", "patient", "closed",
					 "shift", "concept", "required", "many"));

	if (xmlHasProp(n, BAD_CAST name) != NULL)
		return false;
	xmlSetProp(n, BAD_CAST name, BAD_CAST value_for(g, name));
	return true;
}

static bool
change_text(struct gen *g, xmlNode *n)
{
	if (n->children == NULL || n->children->type != XML_TEXT_NODE || n->children->next != NULL ||
	    xmlIsBlankNode(n->children))
		return false;
	xmlNodeSetContent(n, BAD_CAST one_of(g, OF("Other words.", "Words", "more  words")));
	return true;
}

static bool
swap(xmlNode *n)
{
	xmlNode *next = beside(n);

	if (next == NULL)
		return false;
	xmlUnlinkNode(next);
	xmlAddPrevSibling(n, next);
	return true;
}

static bool
twice(struct gen *g, xmlNode *n)
{
	xmlNode *copy = xmlDocCopyNode(n, n->doc, 1);

	if (xmlHasProp(copy, BAD_CAST "id") != NULL)
		xmlSetProp(copy, BAD_CAST "id",
		    BAD_CAST ac_cstr(g->a, ac_strf(g->a, "new-%u", (unsigned)gen_below(g, 99))));
	xmlAddNextSibling(n, copy);
	return true;
}

static bool
rename_line(struct gen *g, xmlNode *n)
{
	if (xmlHasProp(n, BAD_CAST "id") == NULL)
		return false;
	xmlSetProp(
	    n, BAD_CAST "id", BAD_CAST ac_cstr(g->a, ac_strf(g->a, "named-%u", (unsigned)gen_below(g, 99))));
	return true;
}

static bool
remove_element(xmlNode *n)
{
	xmlUnlinkNode(n);
	xmlFreeNode(n);
	return true;
}

struct ac_str
mutate(struct gen *g, struct ac_str xml, const char **ret_what)
{
	AC_AUTO_T(xmlDoc) doc = xmlReadMemory(xml.p, (int)xml.n, "p.xml", NULL, XML_PARSE_NONET);
	xmlNode *n = doc == NULL ? NULL : any_element(g, doc);
	bool done = false;

	if (n == NULL)
		return (struct ac_str){ 0 };
	switch (gen_below(g, 10)) {
	case 0:
		*ret_what = "remove";
		done = remove_element(n);
		break;
	case 1:
		*ret_what = "swap";
		done = swap(n);
		break;
	case 2:
		*ret_what = "twice";
		done = twice(g, n);
		break;
	case 3:
		*ret_what = "rename";
		done = rename_line(g, n);
		break;
	case 4:
		*ret_what = "text";
		done = change_text(g, n);
		break;
	case 5:
	case 6:
		*ret_what = "add attribute";
		done = add_attr(g, n);
		break;
	default:
		*ret_what = "change attribute";
		done = change_attr(g, n);
	}
	return done ? written(g, doc) : (struct ac_str){ 0 };
}

/* A condition that holds for the same encounters, and asks for the same facts. */
static const char *
other_wording(struct gen *g, const char *c)
{
	switch (gen_below(g, 6)) {
	case 0:
		return ac_cstr(g->a, ac_strf(g->a, "not(not(%s))", c));
	case 1:
		return ac_cstr(g->a, ac_strf(g->a, "(%s) or false()", c));
	case 2:
		return ac_cstr(g->a, ac_strf(g->a, "true() and ((%s) and (%s))", c, c));
	case 3:
		return ac_cstr(g->a, ac_strf(g->a, "(%s) or (%s)", c, c));
	case 4:
		return ac_cstr(g->a, ac_strf(g->a, " ( %s )", c));
	default:
		return c;
	}
}

static void
turn_attributes(xmlNode *n)
{
	xmlAttr *last = n->properties;

	if (last == NULL || last->next == NULL)
		return;
	while (last->next != NULL)
		last = last->next;
	last->prev->next = NULL;
	last->prev = NULL;
	last->next = n->properties;
	n->properties->prev = last;
	n->properties = last;
}

static void
rewrite_element(struct gen *g, xmlNode *n)
{
	xmlChar *when = xmlGetNoNsProp(n, BAD_CAST "when");

	if (when != NULL && gen_chance(g, 60) && strlen((const char *)when) < 200)
		xmlSetProp(n, BAD_CAST "when", BAD_CAST other_wording(g, (const char *)when));
	xmlFree(when);
	if (gen_chance(g, 40))
		turn_attributes(n);
	if (gen_chance(g, 20))
		xmlAddPrevSibling(n, xmlNewComment(BAD_CAST " a remark "));
	if (n->prev == NULL && gen_chance(g, 30))
		xmlAddPrevSibling(n, xmlNewText(BAD_CAST "\n\n\t  "));
}

struct ac_str
rewrite(struct gen *g, struct ac_str xml)
{
	AC_AUTO_T(xmlDoc) doc = xmlReadMemory(xml.p, (int)xml.n, "p.xml", NULL, XML_PARSE_NONET);
	static __thread xmlNode *v[16000];
	size_t n = doc == NULL ? 0 : elements(xmlDocGetRootElement(doc)->children, v, COUNT(v), 0);

	for (size_t i = 0; i < n && i < COUNT(v); i++)
		rewrite_element(g, v[i]);
	return doc == NULL ? (struct ac_str){ 0 } : written(g, doc);
}
