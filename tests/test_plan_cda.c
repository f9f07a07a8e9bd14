/*
 * test_plan_cda.c - the document of a plan: what a reader of the text learns, and what the entries say again.
 */
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "tests/plan_cda_kit.h"

KIT_SUITE(plan_cda);

Test(plan_cda, says_the_clock_time_in_the_sentence)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", SAUNA), NULL);

	SAYS(xml, "No sauna or hot tub until Tuesday 31 March 2026, 15:35 (72 hours).");
}

Test(plan_cda, puts_the_time_first_where_it_could_be_taken_for_the_last_clause)
{
	struct ac_str xml = document(
	    KIT_PROTOCOL("p", "17999",
		LINE("l", "restriction", "<window until=\"48 h\"/>", "Do no sport. Walking is fine.")),
	    NULL);

	SAYS(xml, "Until Monday 30 March 2026, 15:35 (48 hours): Do no sport. Walking is fine.");
}

Test(plan_cda, gives_the_restriction_its_interval)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", SAUNA), NULL);

	XP_IS(a, xml,
	    "string(//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.39']/c:effectiveTime/c:low/"
	    "@value)",
	    "20260328143500+0100");
	XP_IS(a, xml,
	    "string(//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.39']/c:effectiveTime/c:high/"
	    "@value)",
	    "20260331153500+0200");
	XP_TRUE(a, xml,
	    "//c:act[@moodCode='INT']/c:entryRelationship[@typeCode='REFR']/c:act/c:templateId/@root="
	    "'2.16.840.1.113883.10.20.22.4.20'");
}

Test(plan_cda, puts_the_lines_of_a_table_into_one_intervention_that_spans_them)
{
	struct ac_str xml =
	    document(KIT_PROTOCOL("p", "17999",
			 SAUNA LINE("l", "restriction", "<window until=\"48 h\"/>", "No peeling")),
		NULL);

	XP_IS(a, xml, "count(//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.146'])", "1");
	XP_IS(a, xml, "count(//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.39'])", "2");
	XP_IS(a, xml,
	    "string(//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.146']/c:effectiveTime/c:high/"
	    "@value)",
	    "20260331153500+0200");
	XP_TRUE(a, xml,
	    "//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.146']/c:text/c:reference/@value"
	    " = concat('#', //c:table[c:caption='What to avoid, until when']/@ID)");
}

Test(plan_cda, gives_an_intervention_no_end_when_one_of_its_lines_has_none)
{
	struct ac_str xml =
	    document(KIT_PROTOCOL("p", "17999", SAUNA LINE("l", "restriction", "", "No peeling")), NULL);

	XP_FALSE(
	    a, xml, "//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.146']/c:effectiveTime/c:high");
}

Test(plan_cda, gives_each_statement_an_id_of_its_own)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", GOAL SAUNA FLAGS), NULL);

	XP_FALSE(a, xml,
	    "//c:section//c:*[c:templateId/@root!='2.16.840.1.113883.10.20.22.4.122'][c:id/@extension = "
	    "following::c:*[c:templateId/@root!='2.16.840.1.113883.10.20.22.4.122']/c:id/@extension]");
}

Test(plan_cda, names_the_day_on_which_the_clocks_change)
{
	SAYS(document(KIT_PROTOCOL("p", "17999", SAUNA), NULL),
	    "The clocks change on Sunday 29 March 2026: 60 minutes forward.");
}

Test(plan_cda, says_of_a_restriction_without_end_that_none_is_stated)
{
	SAYS(document(KIT_PROTOCOL("p", "17999", LINE("l", "restriction", "", "No peeling")), NULL),
	    "No peeling; no end is stated.");
}

Test(plan_cda, points_from_each_entry_to_its_own_words)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", GOAL SAUNA FLAGS), NULL);

	XP_FALSE(a, xml,
	    "//c:section//c:*[self::c:act or self::c:observation or self::c:procedure or self::c:encounter]"
	    "[not(c:templateId/@root='2.16.840.1.113883.10.20.22.4.122')][not(c:text/c:reference)]");
	XP_FALSE(a, xml, "//c:reference[not(substring(@value,2) = //@ID)]");
}

Test(plan_cda, stands_in_for_a_goal_that_the_protocol_does_not_state)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", SAUNA), NULL);

	SAYS(xml, "Follow the aftercare plan (a default: the protocol states no goal)");
	XP_IS(a, xml, "count(//c:observation[@moodCode='GOL'])", "1");
	XP_TRUE(a, xml, "//c:observation[@moodCode='GOL']/c:code/@nullFlavor");
}

Test(plan_cda, links_each_planned_step_to_a_goal)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", GOAL SAUNA FLAGS), NULL);

	XP_FALSE(a, xml,
	    "//c:act[c:templateId/@root='2.16.840.1.113883.10.20.22.4.146']"
	    "[not(c:entryRelationship[@typeCode='RSON']/c:act/c:id/@extension = "
	    "//c:observation[@moodCode='GOL']/c:id/@extension)]");
}

Test(plan_cda, tells_when_to_call_and_what_is_an_emergency)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", FLAGS), NULL);

	SAYS(xml, "FeverCall the clinic");
	SAYS(xml, "Trouble breathingEMERGENCY: call the emergency number at once");
	XP_IS(a, xml, "count(//c:act[c:code/@code='281694009'])", "2");
}

Test(plan_cda, tells_which_number_serves_when)
{
	struct ac_clinic *c = kit_clinic(a);
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED, .clinic = c };

	c->clinic = (struct ac_contact){
		.number = AC_S("+49 30 1"), .is_set = true, .has_hours = true, .hours = c->hours
	};
	c->emergency = (struct ac_contact){ .number = AC_S("112"), .is_set = true };
	struct ac_str xml = document_of(input_of(&k));
	SAYS(xml, "+49 30 1Mon-Fri 09:00-18:00");
	SAYS(xml, "112at any time");
	SAYS(xml, "Out of hoursNOT RECORDED by the clinic");
}

Test(plan_cda, names_product_and_lot)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", SAUNA),
	    "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"text\":\"Mesotherapy, "
	    "face\",\"performed\":"
	    "\"2026-03-28T14:35:00+01:00\",\"products\":[{\"name\":\"HA\",\"lot\":\"L-1\",\"expires\":\"2027-"
	    "01\"},{\"name\":\"B\"}]}]");

	SAYS(xml, "HA, lot L-1, expires 2027-01; B, lot not recorded");
	XP_IS(a, xml, "string(//c:procedure[@moodCode='EVN']/c:code/@codeSystem)", "2.16.840.1.113883.6.12");
	XP_IS(a, xml, "string(//c:procedure[@moodCode='EVN']/c:code/@code)", "17999");
}

Test(plan_cda, calls_a_treatment_whose_text_cannot_be_seen_by_its_protocol)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", SAUNA),
	    "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"text\":\"\\u00a0 \\u3000\","
	    "\"performed\":\"2026-03-28T14:35:00+01:00\"}]");

	XP_IS(a, xml, "string(//*[@ID='d1'])", "p");
}

Test(plan_cda, does_not_pass_a_local_code_for_a_known_one)
{
	struct ac_str xml =
	    document("<protocol " KIT_NS " id=\"p\" owner=\"t\"><title xml:lang=\"en\">p</title>"
		     "<trigger system=\"LOCAL\" code=\"M1\"/></protocol>",
		"\"procedures\":[{\"id\":\"b1\",\"system\":\"LOCAL\",\"code\":\"M1\",\"performed\":\"2026-03-"
		"28T14:35:00+01:00\"}]");

	XP_IS(a, xml, "string(//c:procedure[@moodCode='EVN']/c:code/@nullFlavor)", "OTH");
	XP_IS(a, xml, "string(//c:procedure[@moodCode='EVN']/c:code/c:translation/@code)", "M1");
	XP_IS(a, xml, "string(//c:procedure[@moodCode='EVN']/c:code/c:translation/@codeSystemName)", "LOCAL");
}

Test(plan_cda, marks_what_was_assumed_in_the_line_itself)
{
	struct ac_str xml =
	    document(KIT_PROTOCOL("p", "17999",
			 "<fact name=\"thinner\" type=\"yes-no\"><label xml:lang=\"en\">Takes a blood "
			 "thinner</label></fact>"
			 "<instruction id=\"i\" concept=\"c\" kind=\"restriction\" when=\"fact/thinner = "
			 "'yes'\"><window until=\"24 h\"/>" TEXT("No sport") "</instruction>"),
		NULL);

	SAYS(xml, "ASSUMED, because it is not recorded: Takes a blood thinner.");
}

Test(plan_cda, shows_a_contradiction)
{
	struct ac_str xml = document(
	    KIT_PROTOCOL("p", "17999",
		"<instruction id=\"i\" concept=\"touch\" kind=\"restriction\"><window until=\"24 h\"/>" TEXT(
		    "Do not touch it") "</instruction>"
				       "<instruction id=\"j\" concept=\"massage\" kind=\"care\"><window "
				       "until=\"24 h\"/>" TEXT(
					   "Massage it") "<contradicts concept=\"touch\"/></instruction>"),
	    NULL);

	SAYS(xml, "CONTRADICTION, not resolved");
}

Test(plan_cda, marks_a_demonstration_in_title_and_every_section)
{
	struct ac_clinic *c = kit_clinic(a);
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED, .clinic = c };

	c->demonstration = true;
	struct ac_str xml = document_of(input_of(&k));
	XP_IS(a, xml, "string(/c:ClinicalDocument/c:title)", "Aftercare plan: p (demonstration)");
	XP_IS(a, xml, "count(//c:section[starts-with(c:text/c:paragraph[1],'DEMONSTRATION')])", "4");
}

Test(plan_cda, says_no_protocol_hash_shorter_than_it_is_and_who_approved)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED };
	struct ac_plan_input *in = input_of(&k);

	in->protocols[0].approver = AC_S("dr.demo");
	struct ac_str xml = document_of(in);
	const struct ac_protocol *p = in->protocols[0].protocol;
	struct ac_str hash = ac_hex(a, p->version.b, sizeof(p->version.b));
	SAYS(xml, ac_cstr(a, ac_strf(a, "version SHA-256 %.*s, approved by dr.demo", AC_FMT(hash))));
	XP_TRUE(a, xml, "//c:assignedAuthoringDevice[contains(c:softwareName, 'approved by dr.demo')]");
	in->protocols[0].approver = (struct ac_str){ 0 };
	SAYS(document_of(in), "approval not recorded");
}

Test(plan_cda, says_in_text_and_header_that_one_doctor_alone_approved)
{
	static const char says[] = "clinic of one doctor: approved by its author after the waiting time, dr.demo";
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED };
	struct ac_plan_input *in = input_of(&k);

	in->protocols[0].approver = AC_S("dr.demo");
	in->protocols[0].solo = true;
	struct ac_str xml = document_of(in);
	SAYS(xml, says);
	XP_TRUE(a, xml, "//c:assignedAuthoringDevice[contains(c:softwareName, 'clinic of one doctor: approved by its author')]");
	in->protocols[0].solo = false;
	xml = document_of(in);
	XP_TRUE(a, xml, "not(contains(string(/), 'clinic of one doctor'))");
}

Test(plan_cda, promises_a_call_and_proposes_a_visit)
{
	struct ac_str xml = document(
	    KIT_PROTOCOL("p", "17999",
		"<task id=\"c\" kind=\"check-in\" role=\"nurse\" until=\"44 h\">" TEXT(
		    "Call") "</task>"
			    "<task id=\"v\" kind=\"visit\" role=\"clinician\" until=\"2 w\">" TEXT(
				"Visit") "</task>"
					 "<task id=\"s\" kind=\"session\" role=\"clinician\" until=\"3 "
					 "w\">" TEXT("Next") "</task>"
							     "<task id=\"r\" kind=\"record\" role=\"nurse\" "
							     "until=\"1 h\">" TEXT("Record it") "</task>"),
	    NULL);

	XP_IS(a, xml, "string(//c:encounter[@moodCode='PRMS']/c:code/@code)", "386473003");
	XP_IS(a, xml, "string(//c:encounter[@moodCode='INT']/c:code/@code)", "185389009");
	XP_IS(a, xml, "count(//c:procedure[@moodCode='INT'])", "1");
	SAYS_NOT(xml, "Record it");
}

Test(plan_cda, lists_booked_appointments_only)
{
	struct ac_str xml = document(KIT_PROTOCOL("p", "17999", SAUNA), KIT_PERFORMED
	    ",\"appointments\":[{\"id\":\"77\",\"start\":\"2026-04-11T10:00:00+02:00\",\"category\":\"Follow-"
	    "up\",\"status\":"
	    "\"booked\"},{\"id\":\"78\",\"start\":\"2026-04-12T10:00:00+02:00\",\"status\":\"cancelled\"}]");

	XP_IS(a, xml, "count(//c:encounter[@moodCode='APT'])", "1");
	SAYS(xml, "Booked appointment: Follow-upSaturday 11 April 2026, 10:00");
}

Test(plan_cda, says_when_the_sheet_was_given)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA),
		.more = KIT_PERFORMED,
		.issued_at = "2026-03-28T14:50:00+01:00" };

	SAYS(document_of(input_of(&k)),
	    "Written aftercare sheet given to the patientSaturday 28 March 2026, 14:50");
}

Test(plan_cda, takes_a_start_of_midnight_for_a_date)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA),
		.more = KIT_PERFORMED,
		.start = "2026-03-28T00:00:00+01:00" };

	XP_IS(a, document_of(input_of(&k)), "string(//c:encompassingEncounter/c:effectiveTime/c:low/@value)",
	    "20260328");
}

Test(plan_cda, keeps_patient_of_other_systems_apart_by_root)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA) };
	struct ac_plan_input *in;

	k.more = KIT_PERFORMED;
	in = input_of(&k);
	struct encounter *e = (struct encounter *)in->encounter;
	struct enc_identifier ids[] = { { AC_S("urn:oid:2.16.840.1.113883.19.5"), AC_S("A-17") },
		{ AC_S("http://x.org/mrn"), AC_S("17") } };
	e->patient.identifiers = ids;
	e->patient.nidentifiers = 2;
	struct ac_str xml = document_of(in);
	XP_TRUE(a, xml, "//c:patientRole/c:id[@root='2.16.840.1.113883.19.5' and @extension='A-17']");
	XP_TRUE(
	    a, xml, "//c:patientRole/c:id[@assigningAuthorityName='http://x.org/mrn' and @extension='17']");
	XP_IS(a, xml, "count(//c:patientRole/c:id)", "3");
}

Test(plan_cda, gives_the_language_of_a_line_that_has_no_english)
{
	struct ac_str xml =
	    document("<protocol " KIT_NS " id=\"p\" owner=\"test\"><title xml:lang=\"de\">Probe</title>"
		     "<trigger system=\"CPT4\" code=\"17999\"/>"
		     "<instruction id=\"i\" concept=\"c\" kind=\"care\"><text "
		     "xml:lang=\"de\">Trinken</text></instruction></protocol>",
		NULL);

	XP_TRUE(a, xml, "//c:td[@language='de' and contains(., 'Trinken')]");
}

Test(plan_cda, is_the_same_in_every_locale_and_time_zone)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", GOAL SAUNA FLAGS), .more = KIT_PERFORMED };
	struct ac_str here = document_of(input_of(&k));

	setenv("TZ", "Pacific/Apia", 1);
	tzset();
	setlocale(LC_ALL, "tr_TR.UTF-8");
	cr_expect(ac_streq(here, document_of(input_of(&k))));
}

Test(plan_cda, makes_no_document_of_a_plan_that_has_no_document_version)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED };
	struct ac_plan_input *in = input_of(&k);
	struct ac_err e = { 0 };
	struct ac_str xml = { 0 };

	in->document_version = 0;
	cr_expect(ac_plan_cda(kit_make(a, in), a, &xml, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "CDA-NO-DOCUMENT");
	cr_expect(xml.p == NULL);
}

Test(plan_cda, says_what_it_does_not_know_of_an_address_in_the_us)
{
	struct ac_clinic *c = kit_clinic(a);
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED, .clinic = c };

	c->country = AC_S("US");
	c->city = AC_S("Springfield");
	struct ac_str xml = document_of(input_of(&k));
	XP_TRUE(a, xml,
	    "//c:custodian//c:addr[c:country='US' and c:state/@nullFlavor and c:postalCode/@nullFlavor]");
	XP_TRUE(a, xml, "//c:custodian//c:id[@root='2.16.840.1.113883.4.6' and @nullFlavor='UNK']");
	c->country = AC_S("DE");
	XP_TRUE(a, document_of(input_of(&k)),
	    "//c:custodian//c:id[@root='2.16.840.1.113883.4.6' and @nullFlavor='NA']");
}

Test(plan_cda, stays_small_for_long_lists_of_an_encounter)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999", SAUNA), .more = KIT_PERFORMED };
	struct ac_plan_input *in = input_of(&k);
	struct encounter *e = (struct encounter *)in->encounter;
	char *text = ac_alloc(a, ENC_TEXT_MAX);
	struct ac_err err = { 0 };
	struct ac_str xml = { 0 };

	/* as much as a snapshot of 1 MiB can hold: products of one procedure and areas, all long */
	memset(text, 'x', ENC_TEXT_MAX);
	e->procedures[0].nproducts = 128;
	e->procedures[0].products = ac_new(a, struct enc_product, 128);
	for (size_t i = 0; i < 128; i++)
		e->procedures[0].products[i].lot = (struct ac_str){ text, ENC_TEXT_MAX };
	e->nfacts = 1;
	e->facts = ac_new(a, struct enc_fact, 1);
	e->facts[0] =
	    (struct enc_fact){ AC_S("area"), ENC_FACT_STRINGS, { ac_new(a, struct ac_str, 128), 128 } };
	for (size_t i = 0; i < 128; i++)
		e->facts[0].s.v[i] = (struct ac_str){ text, ENC_TEXT_MAX };
	const struct ac_plan *p = kit_make(a, in);
	size_t before = ac_arena_used(a);
	cr_assert(ac_plan_cda(p, a, &xml, &err) == AC_OK, "%s", err.rule);
	cr_expect(ac_arena_used(a) - before < 16 * 1024 * 1024, "%zu", ac_arena_used(a) - before);
}

Test(plan_cda, can_be_read_again)
{
	struct ac_err e = { 0 };
	struct cda_summary s = { 0 };

	cr_expect(cda_read(document(KIT_PROTOCOL("p", "17999", GOAL SAUNA FLAGS), NULL), a, &s, &e) == AC_OK,
	    "%s", e.rule);
	cr_expect(s.version == 1);
	cr_expect(s.is_care_plan);
}
