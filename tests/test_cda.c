/* test_cda.c - the Care Plan writer, the reader of documents, the code tables. */
#include "base/buf.h"
#include "hl7/codes.h"
#include "tests/cda_kit.h"

static struct ac_arena *a;

static void
setup(void)
{
	a = ac_arena_new();
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(cda, .init = setup, .fini = teardown);
TestSuite(cda_read, .init = setup, .fini = teardown);
TestSuite(codes, .init = setup, .fini = teardown);

/* The least document that the standard allows: nobody knows anything but that there is a plan. */
static struct cda_document
least(void)
{
	static const struct cda_statement concern = {
		.is = CDA_HEALTH_CONCERN, .id = { { 1 } }, .ref = { "c1", 2 }
	};
	static const struct cda_statement goal = {
		.is = CDA_GOAL, .id = { { 2 } }, .ref = { "g1", 2 }, .code = { .null = "OTH" }
	};
	static const struct cda_statement *const concerns[] = { &concern }, *const goals[] = { &goal };
	static const struct cda_cell c = { .id = { "c1", 2 }, .text = { "Recovery", 8 } };
	static const struct cda_cell g = { .id = { "g1", 2 }, .text = { "Follow the plan", 15 } };
	static const struct cda_cell none = { .text = { "None.", 5 } };
	static const struct cda_block cb = { .kind = CDA_PARAGRAPH, .cells = &c, .ncells = 1 };
	static const struct cda_block gb = { .kind = CDA_PARAGRAPH, .cells = &g, .ncells = 1 };
	static const struct cda_block nb = { .kind = CDA_PARAGRAPH, .cells = &none, .ncells = 1 };

	return (struct cda_document){
		.id = { { 7 } },
		.set_id = { { 8 } },
		.version = 1,
		.code = { .code = AC_S("18776-5"), .system = AC_S(CODES_LOINC) },
		.title = AC_S("Aftercare plan"),
		.time = AC_S("20260328143500+0100"),
		.author = { .maker = AC_S("Aftercare"), .software = AC_S("Aftercare") },
		.service = { .low = AC_S("20260328143500+0100") },
		.sections = {
			[CDA_CONCERNS] = { .blocks = &cb, .nblocks = 1, .entries = concerns, .nentries = 1 },
			[CDA_GOALS] = { .blocks = &gb, .nblocks = 1, .entries = goals, .nentries = 1 },
			[CDA_INTERVENTIONS] = { .null = "NI", .blocks = &nb, .nblocks = 1 },
			[CDA_OUTCOMES] = { .null = "NI", .blocks = &nb, .nblocks = 1 },
		},
	};
}

static struct ac_str
written(const struct cda_document *d)
{
	struct ac_err e = { 0 };
	struct ac_str xml = { 0 };

	cr_assert(cda_write(d, a, &xml, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return xml;
}

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
	static const struct ac_uuid goal_id = { { 2 } };
	static const struct cda_code achieved = { .code = { "390802008", 9 } }, other = { .null = "OTH" };
	static const struct cda_statement progress = {
		.is = CDA_PROGRESS, .id = { { 4 } }, .ref = { "o1", 2 }, .value = &achieved
	};
	static const struct cda_link links[] = { { .type = "GEVL", .entry = &goal_id },
		{ .type = "SPRT", .inverted = true, .to = &progress } };
	static const struct cda_statement outcome = { .is = CDA_OUTCOME,
		.id = { { 3 } },
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
	XP_IS(a, xml, "string(//c:entryRelationship[@typeCode='GEVL']/c:act/c:id/@root)",
	    "02000000-0000-0000-0000-000000000000");
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
			.is = CDA_GOAL, .id = { { i } }, .code = { .null = "OTH" }, .said = &said[i]
		};
		entries[i] = &s[i];
	}
	d.sections[CDA_GOALS].entries = entries;
	d.sections[CDA_GOALS].nentries = 12;
	struct ac_str xml = written(&d);
	XP_IS(a, xml, "count(//c:observation/c:author)", "12");
	XP_IS(a, xml, "string((//c:observation/c:author/c:time/@value)[12])", "20260112");
}

/* reading */

#define HEAD \
	"<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id root=\"1.2\"/><code code=\"x\"/><effectiveTime " \
	"value=\"2026\"/>"
#define TAIL "</ClinicalDocument>"
#define READ_REFUSED(xml, code_, rule_) \
	do { \
		struct ac_err e_ = { 0 }; \
		struct cda_summary s_ = { .version = 77 }; \
		cr_expect(cda_read((xml), a, &s_, &e_) == (code_)); \
		cr_expect_str_eq(e_.rule, (rule_)); \
		cr_expect(s_.version == 77); \
	} while (0)

static struct cda_summary
summary(struct ac_str xml)
{
	struct ac_err e = { 0 };
	struct cda_summary s = { 0 };

	cr_assert(cda_read(xml, a, &s, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return s;
}

Test(cda_read, tells_what_was_written)
{
	struct cda_document d = least();

	d.version = 3;
	d.replaces = true;
	d.former_version = 2;
	d.former_id = (struct ac_uuid){ { 9 } };
	d.title = AC_S("A & B");
	struct cda_summary s = summary(written(&d));
	cr_expect(ac_streq_c(s.id_root, "07000000-0000-0000-0000-000000000000"));
	cr_expect(ac_streq_c(s.set_root, "08000000-0000-0000-0000-000000000000"));
	cr_expect(ac_streq_c(s.former_id, "09000000-0000-0000-0000-000000000000"));
	cr_expect(s.version == 3);
	cr_expect(s.former_version == 2);
	cr_expect(ac_streq_c(s.title, "A & B"));
	cr_expect(ac_streq_c(s.code, "18776-5"));
	cr_expect(ac_streq_c(s.time, "20260328143500+0100"));
	cr_expect(s.is_care_plan);
}

Test(cda_read, takes_only_the_headers_own_id)
{
	struct cda_summary s =
	    summary(AC_S(HEAD "<component><id root=\"9.9\"/><title>no</title></component>"
			      "<x xmlns=\"urn:other\"><id xmlns=\"urn:hl7-org:v3\" root=\"8.8\"/></x>" TAIL));

	cr_expect(ac_streq_c(s.id_root, "1.2"));
	cr_expect(s.title.n == 0);
	cr_expect(!s.is_care_plan);
}

Test(cda_read, reads_a_document_whose_elements_have_a_prefix)
{
	struct cda_summary s = summary(
	    AC_S("<?xml version='1.0' encoding='utf-8'?><?xml-stylesheet href='x'?><h:ClinicalDocument "
		 "xmlns:h='urn:hl7-org:v3'><h:id root='1.2'/><h:code code='x'/><h:title>T</h:title>"
		 "<h:effectiveTime value='2026'/></h:ClinicalDocument>"));

	cr_expect(ac_streq_c(s.title, "T"));
}

Test(cda_read, refuses_any_doctype)
{
	static const char *const docs[] = {
		"<!DOCTYPE ClinicalDocument>" HEAD TAIL,
		"<!DOCTYPE x [<!ENTITY a \"1\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
		"\"&b;&b;&b;&b;&b;&b;\">]>" HEAD "<title>&c;</title>" TAIL,
		"<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" HEAD TAIL,
		"<!DOCTYPE x [<!ENTITY e SYSTEM \"http://127.0.0.1:1/\">]>" HEAD "<title>&e;</title>" TAIL,
		"<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>" HEAD TAIL,
	};

	for (size_t i = 0; i < sizeof(docs) / sizeof(docs[0]); i++)
		READ_REFUSED(ac_str_c(docs[i]), AC_EINPUT, "CDA-DOCTYPE");
}

Test(cda_read, refuses_what_is_not_well_formed)
{
	static const char *const docs[] = {
		" ",
		"{}",
		HEAD,
		HEAD TAIL HEAD TAIL,
		HEAD "<title>&unknown;</title>" TAIL,
		HEAD "<title a=\"1\" a=\"2\"/>" TAIL,
		HEAD "<h:x/>" TAIL "<",
		HEAD "</wrong>" TAIL,
		HEAD "<title>\x01</title>" TAIL,
	};

	for (size_t i = 0; i < sizeof(docs) / sizeof(docs[0]); i++)
		READ_REFUSED(ac_str_c(docs[i]), AC_EINPUT, "CDA-SYNTAX");
	READ_REFUSED(((struct ac_str){ "", 0 }), AC_EINPUT, "CDA-SYNTAX");
	READ_REFUSED(AC_S(HEAD "<title>a\0b</title>" TAIL), AC_EINPUT, "CDA-SYNTAX");
}

Test(cda_read, says_where_the_document_is_broken)
{
	struct ac_err e = { 0 };
	struct cda_summary s;

	cr_expect(cda_read(AC_S(HEAD "\n\n</wrong>" TAIL), a, &s, &e) == AC_EINPUT);
	cr_expect(e.line == 3);
}

Test(cda_read, does_not_quote_the_document)
{
	struct ac_err e = { 0 };
	struct cda_summary s;

	cr_expect(cda_read(AC_S(HEAD "<title>Secret</Secret>" TAIL), a, &s, &e) == AC_EINPUT);
	cr_expect(!has(ac_str_c(e.msg), "Secret"));
	cr_expect(!has(ac_str_c(e.path), "Secret"));
}

Test(cda_read, refuses_other_encodings)
{
	READ_REFUSED(
	    AC_S("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" HEAD TAIL), AC_EINPUT, "CDA-ENCODING");
	READ_REFUSED(AC_S("<?xml version='1.0' encoding='UTF-16'?>" HEAD TAIL), AC_EINPUT, "CDA-ENCODING");
	READ_REFUSED(AC_S(HEAD "<title>\xE4</title>" TAIL), AC_EINPUT, "CDA-ENCODING");
}

Test(cda_read, refuses_other_documents)
{
	READ_REFUSED(AC_S("<html/>"), AC_EINPUT, "CDA-ROOT");
	READ_REFUSED(AC_S("<ClinicalDocument/>"), AC_EINPUT, "CDA-ROOT");
	READ_REFUSED(AC_S("<ClinicalDocument xmlns=\"urn:hl7-org:v2\"/>"), AC_EINPUT, "CDA-ROOT");
}

Test(cda_read, refuses_a_document_that_does_not_say_which_it_is)
{
	READ_REFUSED(AC_S("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><code code=\"x\"/><effectiveTime "
			  "value=\"2026\"/>" TAIL),
	    AC_EINPUT, "CDA-HEADER");
}

static struct ac_str
nested(size_t depth)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1024, 0);
	ac_buf_addz(&b, HEAD);
	for (size_t i = 1; i < depth; i++)
		ac_buf_addz(&b, "<a>");
	for (size_t i = 1; i < depth; i++)
		ac_buf_addz(&b, "</a>");
	ac_buf_addz(&b, TAIL);
	return ac_buf_str(&b);
}

Test(cda_read, has_a_limit_on_depth)
{
	cr_expect(summary(nested(CDA_DEPTH_MAX)).depth == CDA_DEPTH_MAX);
	READ_REFUSED(nested(CDA_DEPTH_MAX + 1), AC_ELIMIT, "CDA-DEPTH");
}

Test(cda_read, has_a_limit_on_elements)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1024, 0);
	ac_buf_addz(&b, HEAD);
	for (size_t i = 0; i < CDA_NODES_MAX; i++)
		ac_buf_addz(&b, "<a/>");
	ac_buf_addz(&b, TAIL);
	READ_REFUSED(ac_buf_str(&b), AC_ELIMIT, "CDA-NODES");
}

Test(cda_read, has_a_limit_on_bytes)
{
	char *big = ac_alloc(a, CDA_BYTES_MAX + 1);

	memset(big, ' ', CDA_BYTES_MAX + 1);
	READ_REFUSED(((struct ac_str){ big, CDA_BYTES_MAX + 1 }), AC_ELIMIT, "CDA-SIZE");
}

/* codes */

Test(codes, knows_a_system_by_the_names_that_ehrs_give_it)
{
	static const char *const cpt[] = { "CPT4", "cpt", "CPT-4", "urn:oid:2.16.840.1.113883.6.12",
		"http://www.ama-assn.org/go/cpt" };
	struct codes_system s;

	for (size_t i = 0; i < sizeof(cpt) / sizeof(cpt[0]); i++) {
		cr_expect(codes_find_system(ac_str_c(cpt[i]), &s), "%s", cpt[i]);
		cr_expect(ac_streq_c(s.oid, CODES_CPT), "%s", cpt[i]);
	}
}

Test(codes, does_not_guess_a_system)
{
	struct codes_system s = { 0 };

	cr_expect(!codes_find_system(AC_S("CPT5"), &s));
	cr_expect(!codes_find_system(AC_S("LOCAL"), &s));
	cr_expect(!codes_find_system(AC_S(""), &s));
	cr_expect(!codes_find_system((struct ac_str){ 0 }, &s));
	cr_expect(!codes_find_system(AC_S("CPT\xC3\xA4"), &s));
}

Test(codes, passes_an_unknown_oid_through_without_a_name)
{
	struct codes_system s = { 0 };

	cr_expect(codes_find_system(AC_S("urn:oid:1.2.3"), &s));
	cr_expect(ac_streq_c(s.oid, "1.2.3"));
	cr_expect(s.name.n == 0);
}

Test(codes, knows_sites_and_relations_by_english_words)
{
	const char *display = NULL;

	cr_expect_str_eq(codes_body_site(AC_S("Face"), &display), "73897004");
	cr_expect_str_eq(display, "Skin structure of face");
	cr_expect(codes_body_site(AC_S("knee"), &display) == NULL);
	cr_expect_str_eq(codes_relation(AC_S("Mother")), "MTH");
	cr_expect(codes_relation(AC_S("step-aunt")) == NULL);
	cr_expect_str_eq(codes_gender(AC_S("female"), &display), "F");
}
