/* cda_kit.h - questions to a document by XPath ("c:" is urn:hl7-org:v3), answered by libxml2. */
#ifndef TESTS_CDA_KIT_H
#define TESTS_CDA_KIT_H

#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "hl7/cda.h"

static inline struct ac_str
xp(struct ac_arena *a, struct ac_str xml, const char *expr)
{
	xmlDoc *doc = xmlReadMemory(xml.p, (int)xml.n, NULL, NULL, XML_PARSE_NONET);
	cr_assert(doc != NULL, "not well-formed");
	xmlXPathContext *x = xmlXPathNewContext(doc);
	xmlXPathRegisterNs(x, BAD_CAST "c", BAD_CAST "urn:hl7-org:v3");
	xmlXPathRegisterNs(x, BAD_CAST "sdtc", BAD_CAST "urn:hl7-org:sdtc");
	xmlXPathObject *o = xmlXPathEvalExpression(BAD_CAST expr, x);
	cr_assert(o != NULL, "%s", expr);
	xmlChar *s = xmlXPathCastToString(o);
	struct ac_str r = ac_str_dup(a, ac_str_c((const char *)s));
	xmlFree(s);
	xmlXPathFreeObject(o);
	xmlXPathFreeContext(x);
	xmlFreeDoc(doc);
	return r;
}

#define XP_IS(a, xml, expr, text) \
	do { \
		struct ac_str got_ = xp((a), (xml), (expr)); \
		cr_expect(ac_streq_c(got_, (text)), "%s: \"%.*s\"", (expr), AC_FMT(got_)); \
	} while (0)
#define XP_TRUE(a, xml, expr) XP_IS(a, xml, "boolean(" expr ")", "true")
#define XP_FALSE(a, xml, expr) XP_IS(a, xml, "boolean(" expr ")", "false")

static inline bool
has(struct ac_str s, const char *text)
{
	return memmem(s.p, s.n, text, strlen(text)) != NULL;
}

#endif
