/* plan_cda_kit.h - a small protocol, its document, and what the text of that says. */
#ifndef TESTS_PLAN_CDA_KIT_H
#define TESTS_PLAN_CDA_KIT_H
#include "core/plan_cda.h"
#include "tests/cda_kit.h"
#include "tests/plan_kit.h"

static struct ac_arena *a; /* the one of KIT_SUITE */

#define TEXT(t) "<text xml:lang=\"en\">" t "</text>"
#define LINE(id, kind, window, text) \
	"<instruction id=\"" id "\" concept=\"" id "\" kind=\"" kind "\">" window TEXT(text) "</" \
											     "instruction>"
#define SAUNA LINE("no-sauna", "restriction", "<window until=\"72 h\"/>", "No sauna or hot tub")
#define GOAL "<goal id=\"heal\">" TEXT("Heal well") "</goal>"
#define FLAGS \
	"<red-flag id=\"f1\" level=\"call\">" TEXT("Fever") "</red-flag><red-flag id=\"f2\" " \
							    "level=\"emergency\">" TEXT( \
								"Trouble breathing") "</red-flag>"

static inline struct ac_plan_input *
input_of(const struct kit *k)
{
	struct ac_plan_input *in = kit_input(a, k);

	in->document_version = 1;
	in->stage = AC_STAGE_FINAL;
	return in;
}

static inline struct ac_str
document_of(const struct ac_plan_input *in)
{
	struct ac_err e = { 0 };
	struct ac_str xml = { 0 };

	cr_assert(ac_plan_cda(kit_make(a, in), a, &xml, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return xml;
}

static inline struct ac_str
document(const char *protocol, const char *more)
{
	struct kit k = { .protocol = protocol, .more = more != NULL ? more : KIT_PERFORMED };

	return document_of(input_of(&k));
}

static inline struct ac_str
narrative(struct ac_str xml)
{
	struct ac_str all = { "", 0 };

	for (int i = 1; i <= 4; i++)
		all = ac_str_cat(
		    a, all, xp(a, xml, ac_cstr(a, ac_strf(a, "string((//c:section)[%d]/c:text)", i))));
	return all;
}

#define SAYS(xml, words) cr_expect(has(narrative(xml), (words)), "not in the text: %s", (words))
#define SAYS_NOT(xml, words) cr_expect(has(narrative(xml), (words)) == false, "in the text: %s", (words))

#endif
