/* test_match.c - what calls for a protocol, what only suggests it, and what does not. */
#include "tests/plan_kit.h"

KIT_SUITE(match);

#define CATEGORY "<trigger category=\"Mesotherapy\"/>"
#define P(triggers, more) \
	"<protocol " KIT_NS " id=\"p\" owner=\"test\"><title xml:lang=\"en\">p</title>" \
	"<trigger system=\"CPT4\" code=\"17999\"/>" triggers more "</protocol>"
#define PRODUCT "<trigger product=\"Filler X\"/>"

static enum ac_match
match(const char *protocol, const struct kit *k)
{
	return ac_plan_match(kit_encounter(a, k), k->answers, k->nanswers, kit_protocol(a, protocol), a);
}

Test(match, takes_a_code_of_a_performed_procedure_as_evidence)
{
	struct kit k = { .more = KIT_PERFORMED };

	cr_expect(match(P("", ""), &k) == AC_MATCH_EVIDENCE);
}

Test(match, starts_while_the_encounter_is_still_in_progress)
{
	struct kit k = { .status = "in-progress", .more = KIT_PERFORMED };

	cr_expect(match(P("", ""), &k) == AC_MATCH_EVIDENCE);
}

Test(match, finds_nothing_in_a_consultation)
{
	struct kit k = { .encounter = "\"category\":\"Consultation\"" };

	cr_expect(match(P(CATEGORY, ""), &k) == AC_MATCH_NONE);
}

Test(match, makes_no_plan_for_encounters_that_did_not_take_place)
{
	static const char *const status[] = { "planned", "cancelled", "no-show", "entered-in-error" };

	for (size_t i = 0; i < sizeof(status) / sizeof(status[0]); i++) {
		struct kit k = { .status = status[i], .more = KIT_PERFORMED };
		cr_expect(match(P(CATEGORY, ""), &k) == AC_MATCH_NONE, "%s", status[i]);
	}
}

Test(match, wants_the_code_system_as_well_as_the_code)
{
	struct kit k = { .more = "\"procedures\":[{\"id\":\"b1\",\"system\":\"OTHER\",\"code\":\"17999\"}]" };

	cr_expect(match(P("", ""), &k) == AC_MATCH_NONE);
}

Test(match, does_not_take_a_planned_procedure_for_a_performed_one)
{
	struct kit k = {
		.more = "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"status\":"
			"\"planned\"}]"
	};

	cr_expect(match(P("", ""), &k) == AC_MATCH_NONE);
}

Test(match, only_suggests_for_a_category)
{
	struct kit k = { .encounter = "\"category\":\"Mesotherapy\"" };

	cr_expect(match(P(CATEGORY, ""), &k) == AC_MATCH_SUGGESTED);
}

Test(match, only_suggests_for_a_product)
{
	struct kit k = {
		.more =
		    "\"procedures\":[{\"id\":\"b1\",\"text\":\"x\",\"products\":[{\"name\":\"Filler X\"}]}]"
	};

	cr_expect(match(P(PRODUCT, ""), &k) == AC_MATCH_SUGGESTED);
}

Test(match, does_not_suggest_what_the_chart_calls_cancelled)
{
	struct kit k = { .encounter = "\"category\":\"Mesotherapy\"",
		.more = "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"status\":"
			"\"cancelled\"}]" };

	cr_expect(match(P(CATEGORY, ""), &k) == AC_MATCH_NONE);
}

Test(match, takes_a_confirmed_time_of_a_suggested_procedure_as_evidence)
{
	struct ac_str at = AC_S("2026-03-28T14:30:00+01:00");
	struct ac_answer ans = kit_answer("anchor", &at);
	struct kit k = { .encounter = "\"category\":\"Mesotherapy\"", .answers = &ans, .nanswers = 1 };

	cr_expect(match(P(CATEGORY, ""), &k) == AC_MATCH_EVIDENCE);
}

Test(match, believes_who_answers_that_it_was_not_done)
{
	struct ac_str no = AC_S("no");
	struct ac_answer ans = kit_answer("performed", &no);
	struct kit k = { .encounter = "\"category\":\"Mesotherapy\"", .answers = &ans, .nanswers = 1 };

	cr_expect(match(P(CATEGORY, ""), &k) == AC_MATCH_NONE);
}

Test(match, takes_a_recorded_fact_that_a_trigger_asks_for_as_evidence)
{
	struct kit k = { .encounter = "\"category\":\"Mesotherapy\"",
		.more = "\"facts\":{\"technique\":\"needle\"}" };
	static const char protocol[] =
	    P("<trigger category=\"Mesotherapy\" when=\"fact/technique = 'needle'\"/>",
		"<fact name=\"technique\" type=\"choice\"><label xml:lang=\"en\">T</label><value "
		"code=\"needle\"><label "
		"xml:lang=\"en\">N</label></value></fact>");

	cr_expect(match(protocol, &k) == AC_MATCH_EVIDENCE);
	k.more = NULL;
	cr_expect(match(protocol, &k) == AC_MATCH_SUGGESTED, "a fact that nobody recorded is no evidence");
}

Test(match, leaves_out_a_trigger_whose_condition_is_false)
{
	struct kit k = { .more = KIT_PERFORMED ",\"facts\":{\"area\":\"face\"}" };
	static const char protocol[] =
	    "<protocol " KIT_NS
	    " id=\"p\" owner=\"test\"><title xml:lang=\"en\">p</title><trigger system=\"CPT4\" "
	    "code=\"17999\" when=\"fact/area = 'scalp'\"/><fact name=\"area\" type=\"choice\"><label "
	    "xml:lang=\"en\">A</label><value code=\"face\"><label xml:lang=\"en\">F</label></value><value "
	    "code=\"scalp\"><label xml:lang=\"en\">S</label></value></fact></protocol>";

	cr_expect(match(protocol, &k) == AC_MATCH_NONE);
	k.more = KIT_PERFORMED;
	cr_expect(match(protocol, &k) == AC_MATCH_EVIDENCE, "unknown takes the stricter branch");
}
