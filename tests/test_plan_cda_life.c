/* test_plan_cda_life.c - the document of a plan that was replaced, revoked, signed. */
#include "tests/plan_cda_kit.h"

KIT_SUITE(plan_cda_life);

Test(plan_cda_life, replaces_the_version_before)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED };
	struct ac_plan_input *in = input_of(&k);
	struct ac_str first = document_of(in);

	in->document_version = 2;
	in->former_document_version = 1;
	struct ac_str second = document_of(in);
	cr_expect(ac_streq(xp(a, first, "string(/c:ClinicalDocument/c:id/@root)"),
	    xp(a, second, "string(//c:relatedDocument[@typeCode='RPLC']/c:parentDocument/c:id/@root)")));
	cr_expect(ac_streq(xp(a, first, "string(/c:ClinicalDocument/c:setId/@root)"),
	    xp(a, second, "string(/c:ClinicalDocument/c:setId/@root)")));
	XP_FALSE(a, first, "//c:relatedDocument");
	SAYS(second, "2, replaces version 1");
}

static struct ac_str
revoked(void)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", GOAL SAUNA FLAGS), .more = KIT_PERFORMED };
	struct ac_plan_input *in = input_of(&k);

	in->revoked = true;
	in->revoke_reason = AC_S("entered-in-error");
	return document_of(in);
}

Test(plan_cda_life, says_first_everywhere_that_a_plan_is_revoked)
{
	struct ac_str xml = revoked();

	XP_IS(a, xml, "string(/c:ClinicalDocument/c:title)", "REVOKED: Aftercare plan: p");
	XP_IS(a, xml,
	    "count(//c:section[starts-with(c:text/*[1],'REVOKED on Saturday 28 March 2026, 16:00: the "
	    "encounter was "
	    "entered in error. Do not follow this plan.')])",
	    "4");
}

Test(plan_cda_life, aborts_concerns_and_keeps_goals_and_plans_nothing_when_revoked)
{
	struct ac_str xml = revoked();

	XP_IS(a, xml,
	    "count(//c:act[c:code/@code='75310-3' and c:statusCode/@code='aborted' and "
	    "c:effectiveTime/c:high])",
	    "1");
	XP_IS(a, xml, "count(//c:observation[@moodCode='GOL' and c:statusCode/@code='active'])", "1");
	XP_FALSE(a, xml, "//c:section[c:code/@code='62387-6']/c:entry");
	SAYS_NOT(xml, "No sauna");
}

static struct ac_plan_input *
signed_input(bool covers)
{
	struct ac_clinic *c = kit_clinic(a);
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA),
		.more = KIT_PERFORMED,
		.clinic = c,
		.encounter = "\"signed\":\"2026-03-28T23:40:00+01:00\",\"signed_by\":{\"id\":\"3\",\"given\":"
			     "[\"Grace\"],"
			     "\"family\":\"Example\"}" };

	c->signature_covers_plan = covers;
	return input_of(&k);
}

Test(plan_cda_life, is_signed_where_the_clinic_recorded_that_the_signature_covers_it)
{
	struct ac_str xml = document_of(signed_input(true));

	XP_IS(a, xml, "string(//c:legalAuthenticator//c:family)", "Example");
	XP_IS(a, xml, "string(//c:legalAuthenticator/c:time/@value)", "20260328234000+0100");
	SAYS(xml, "Signed by Grace Example: the clinic has recorded that the signature of the encounter "
		  "covers this plan.");
}

Test(plan_cda_life, is_not_signed_without_that_policy)
{
	struct ac_str xml = document_of(signed_input(false));

	XP_FALSE(a, xml, "//c:legalAuthenticator");
	SAYS(xml, "No person has confirmed this version.");
}

Test(plan_cda_life, is_not_signed_before_it_is_final)
{
	struct ac_plan_input *in = signed_input(true);

	in->stage = AC_STAGE_PRELIMINARY;
	XP_FALSE(a, document_of(in), "//c:legalAuthenticator");
}

Test(plan_cda_life, does_not_let_the_signature_cover_what_was_answered_after_it)
{
	struct ac_plan_input *in = signed_input(true);
	struct ac_answer *answer = ac_new(a, struct ac_answer, 1);
	struct ac_str *value = ac_new(a, struct ac_str, 1);

	*value = AC_S("yes");
	*answer = (struct ac_answer){
		.name = AC_S("performed"), .values = { value, 1 }, .at_ms = in->encounter->signed_at.t * 1000 - 1
	};
	in->answers = answer;
	in->nanswers = 1;
	XP_TRUE(a, document_of(in), "//c:legalAuthenticator");
	answer->at_ms += 2000;
	XP_FALSE(a, document_of(in), "//c:legalAuthenticator");
}

Test(plan_cda_life, does_not_let_the_signature_cover_a_revocation)
{
	struct ac_plan_input *in = signed_input(true);

	in->revoked = true;
	XP_FALSE(a, document_of(in), "//c:legalAuthenticator");
}
