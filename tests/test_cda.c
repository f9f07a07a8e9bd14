/* test_cda.c - the Care Plan writer. */
#include "tests/cda_least.h"

TestSuite(cda, .init = setup, .fini = teardown);

#define REFUSED(d, rule_) \
	do { \
		struct ac_err e_ = { 0 }; \
		struct ac_str xml_ = AC_S("untouched"); \
		cr_expect(cda_write(&(d), a, &xml_, &e_) == AC_EINPUT); \
		cr_expect_str_eq(e_.rule, (rule_)); \
		cr_expect(ac_streq_c(xml_, "untouched")); \
	} while (0)

Test(cda, writes_the_least_document)
{
	struct cda_document d = least();
	struct ac_str xml = written(&d);

	XP_IS(a, xml, "string(/c:ClinicalDocument/c:title)", "Aftercare plan");
	XP_IS(a, xml, "count(//c:section)", "4");
	XP_IS(a, xml, "string(/c:ClinicalDocument/c:id/@root)", "07000000-0000-0000-0000-000000000000");
}

Test(cda, gives_the_same_bytes_for_the_same_struct)
{
	struct cda_document d = least();

	cr_expect(ac_streq(written(&d), written(&d)));
}

Test(cda, refuses_a_document_without_version)
{
	struct cda_document d = least();

	d.version = 0;
	REFUSED(d, "CONF:1198-6387");
}

Test(cda, refuses_to_replace_a_newer_version)
{
	struct cda_document d = least();

	d.replaces = true;
	d.former_version = 1;
	REFUSED(d, "CDA-RPLC");
}

Test(cda, refuses_to_replace_itself)
{
	struct cda_document d = least();

	d.version = 2;
	d.replaces = true;
	d.former_version = 1;
	d.former_id = d.id;
	REFUSED(d, "CDA-RPLC");
}

Test(cda, refuses_a_blank_title)
{
	struct cda_document d = least();

	d.title = AC_S(" \n");
	REFUSED(d, "CONF:1198-5254");
}

Test(cda, refuses_a_plan_without_a_health_concern)
{
	struct cda_document d = least();

	d.sections[CDA_CONCERNS].nentries = 0;
	REFUSED(d, "CONF:1198-30768");
}

Test(cda, refuses_a_plan_without_a_goal)
{
	struct cda_document d = least();

	d.sections[CDA_GOALS].nentries = 0;
	REFUSED(d, "CONF:1098-30719");
}

Test(cda, refuses_entries_in_a_section_that_says_it_has_none)
{
	struct cda_document d = least();

	d.sections[CDA_GOALS].null = "NI";
	REFUSED(d, "CDA-SECTION");
}

Test(cda, refuses_a_table_whose_last_row_is_not_whole)
{
	struct cda_document d = least();
	const struct cda_cell cells[3] = { { .text = AC_S("x") } };
	const struct cda_block table = { .kind = CDA_TABLE, .ncolumns = 2, .cells = cells, .ncells = 3 };

	d.sections[CDA_OUTCOMES].blocks = &table;
	REFUSED(d, "CDA-TABLE");
}

Test(cda, refuses_a_document_over_its_limit)
{
	struct cda_document d = least();
	struct ac_err e = { 0 };
	struct ac_str xml = { 0 };
	char *big = ac_alloc(a, CDA_BYTES_MAX + 1);

	memset(big, 'x', CDA_BYTES_MAX);
	d.title = (struct ac_str){ big, CDA_BYTES_MAX };
	cr_expect(cda_write(&d, a, &xml, &e) == AC_ELIMIT);
	cr_expect_str_eq(e.rule, "CDA-SIZE");
}

Test(cda, keeps_every_special_character_of_a_text)
{
	struct cda_document d = least();

	d.title = AC_S("<b>&amp; \"q\" 'a' ]]> \r\n\t \xD7\xA2\xD7\x93\xD7\x94 \xF0\x9F\xA9\xB9</b>");
	cr_expect(ac_streq(xp(a, written(&d), "string(/c:ClinicalDocument/c:title)"), d.title));
}

Test(cda, keeps_every_special_character_of_an_attribute)
{
	struct cda_document d = least();

	d.encounter = (struct cda_id){ .root = AC_S("2.16.840.1.113883.19.5"),
		.extension = AC_S("\"<&>'\t\n\r\xC3\xA4") };
	cr_expect(ac_streq(
	    xp(a, written(&d), "string(//c:encompassingEncounter/c:id/@extension)"), d.encounter.extension));
}

Test(cda, replaces_what_xml_forbids)
{
	struct cda_document d = least();

	d.title = AC_S("a\x01\x1F\xEF\xBF\xBE\xFFz");
	XP_IS(a, written(&d), "string(/c:ClinicalDocument/c:title)",
	    "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
}

Test(cda, says_of_each_unknown_part_of_an_address_that_it_is_unknown)
{
	struct cda_document d = least();

	d.patient.addr = (struct cda_addr){ .use = "HP", .city = AC_S("Berlin") };
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "string(//c:patientRole/c:addr/c:city)", "Berlin");
	XP_IS(a, xml, "count(//c:patientRole/c:addr/*[@nullFlavor='UNK'])", "4");
}

Test(cda, puts_the_fifth_address_line_to_the_fourth)
{
	struct cda_document d = least();
	const struct ac_str lines[] = { AC_S("1"), AC_S(" "), AC_S("2"), AC_S("3"), AC_S("4"), AC_S("5"),
		AC_S("6") };

	d.patient.addr = (struct cda_addr){ .line = lines, .nlines = 7 };
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "count(//c:patientRole/c:addr/c:streetAddressLine)", "4");
	XP_IS(a, xml, "string(//c:patientRole/c:addr/c:streetAddressLine[4])", "4, 5, 6");
}

Test(cda, gives_a_patient_without_given_name_an_unknown_one)
{
	struct cda_document d = least();

	d.patient.name.family = AC_S("Example");
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "string(//c:patient/c:name/c:given/@nullFlavor)", "UNK");
	XP_IS(a, xml, "string(//c:patient/c:name/c:family)", "Example");
}

Test(cda, writes_half_a_persons_name_as_a_string)
{
	struct cda_document d = least();
	const struct ac_str given[] = { AC_S("Grace"), AC_S(""), AC_S("M.") };
	const struct cda_party p = { .name = { .given = given, .ngiven = 3 } }, *const performers[] = { &p };

	d.performers = performers;
	d.nperformers = 1;
	XP_IS(a, written(&d), "string(//c:performer//c:assignedPerson/c:name[not(*)])", "Grace M.");
}

Test(cda, makes_a_uri_of_a_number_as_people_write_it)
{
	static const char *const t[][2] = {
		{ " +49 30 / 5550100 ", "tel:+49-30-5550100" },
		{ "(555) 555-0199", "tel:(555)-555-0199" },
		{ "555 \xC3\xA4", "tel:555-%C3%A4" },
		{ "<&>", "tel:%3C%26%3E" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct cda_document d = least();
		const struct cda_telecom tel = { "HP", "tel:", ac_str_c(t[i][0]) };
		d.patient.telecoms = &tel;
		d.patient.ntelecoms = 1;
		XP_IS(a, written(&d), "string(//c:patientRole/c:telecom/@value)", t[i][1]);
	}
}

Test(cda, says_that_a_number_is_unknown_when_it_is_blank)
{
	struct cda_document d = least();
	const struct cda_telecom tel = { "HP", "tel:", AC_S(" ") };

	d.patient.telecoms = &tel;
	d.patient.ntelecoms = 1;
	XP_TRUE(a, written(&d), "//c:patientRole/c:telecom[@nullFlavor='UNK' and not(@value)]");
}

Test(cda, writes_no_root_that_is_neither_oid_nor_uuid)
{
	static const char *const bad[] = { "1.02.3", "3.4", "1.", ".1", "1..2", "", "x",
		"5d0abddb-d351-5b5b-8bc3-c96866e0c61", "1.2.3 " };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!cda_root_is_ok(ac_str_c(bad[i])), "%s", bad[i]);
	cr_expect(cda_root_is_ok(AC_S("2.16.840.1.113883.19.5")));
	cr_expect(cda_root_is_ok(AC_S("0")));
	cr_expect(cda_root_is_ok(AC_S("5D0ABDDB-d351-5b5b-8bc3-c96866e0c61a")));

	struct cda_document d = least();
	d.encounter = (struct cda_id){ .root = AC_S("1.02.3"), .extension = AC_S("5") };
	XP_TRUE(a, written(&d),
	    "//c:encompassingEncounter/c:id[@nullFlavor='UNK' and not(@root) and not(@extension)]");
}

Test(cda, writes_no_code_with_white_space)
{
	struct cda_document d = least();

	d.patient.gender = (struct cda_code){ .code = AC_S("F M") };
	XP_IS(a, written(&d), "string(//c:administrativeGenderCode/@nullFlavor)", "UNK");
}

Test(cda, says_what_it_replaces)
{
	struct cda_document d = least();

	d.version = 3;
	d.replaces = true;
	d.former_version = 2;
	d.former_id = (struct ac_uuid){ { 9 } };
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "string(//c:relatedDocument[@typeCode='RPLC']/c:parentDocument/c:versionNumber/@value)",
	    "2");
	XP_TRUE(
	    a, xml, "//c:relatedDocument/c:parentDocument/c:setId/@root = /c:ClinicalDocument/c:setId/@root");
}

Test(cda, writes_an_outcome_with_its_progress_and_its_goal)
{
	static const struct cda_code achieved = { .code = { "390802008", 9 } }, other = { .null = "OTH" };
	static const struct cda_statement progress = {
		.is = CDA_PROGRESS, .id = { "progress", 8 }, .ref = { "o1", 2 }, .value = &achieved
	};
	static const struct cda_link links[] = { { .type = "GEVL", .entry = { "goal/1", 6 } },
		{ .type = "SPRT", .inverted = true, .to = &progress } };
	static const struct cda_statement outcome = { .is = CDA_OUTCOME,
		.id = { "outcome", 7 },
		.ref = { "o1", 2 },
		.code = { .null = "OTH" },
		.value = &other,
		.links = links,
		.nlinks = 2 };
	static const struct cda_statement *const outcomes[] = { &outcome };
	static const struct cda_cell cell = { .id = { "o1", 2 }, .text = { "Healed", 6 } };
	static const struct cda_block block = { .kind = CDA_LIST, .cells = &cell, .ncells = 1 };
	struct cda_document d = least();

	d.sections[CDA_OUTCOMES] =
	    (struct cda_section){ .blocks = &block, .nblocks = 1, .entries = outcomes, .nentries = 1 };
	struct ac_str xml = written(&d);
	XP_IS(a, xml,
	    "string(//c:entryRelationship[@typeCode='SPRT' and @inversionInd='true']//c:value/@code)",
	    "390802008");
	XP_IS(a, xml, "string(//c:entryRelationship[@typeCode='GEVL']/c:act/c:id/@extension)", "goal/1");
	XP_TRUE(a, xml,
	    "//c:entryRelationship[@typeCode='GEVL']/c:act/c:id/@root = /c:ClinicalDocument/c:id/@root");
}

Test(cda, escapes_what_an_id_brings)
{
	static const struct cda_statement goal = {
		.is = CDA_GOAL, .id = { "a\"<&", 4 }, .ref = { "g1", 2 }, .code = { .null = "OTH" }
	};
	static const struct cda_statement *const goals[] = { &goal };
	struct cda_document d = least();

	d.sections[CDA_GOALS].entries = goals;
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "string(//c:observation[@moodCode='GOL']/c:id/@extension)", "a\"<&");
}

Test(cda, renders_more_authors_than_it_keeps)
{
	struct cda_said said[12];
	struct cda_statement s[12];
	const struct cda_statement *entries[12];
	struct cda_document d = least();

	for (uint8_t i = 0; i < 12; i++) {
		said[i] = (struct cda_said){ .time = ac_strf(a, "202601%02d", i + 1) };
		s[i] = (struct cda_statement){
			.is = CDA_GOAL, .id = { "goal", 4 }, .code = { .null = "OTH" }, .said = &said[i]
		};
		entries[i] = &s[i];
	}
	d.sections[CDA_GOALS].entries = entries;
	d.sections[CDA_GOALS].nentries = 12;
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "count(//c:observation/c:author)", "12");
	XP_IS(a, xml, "string((//c:observation/c:author/c:time/@value)[12])", "20260112");
}
