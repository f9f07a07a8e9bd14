/* test_protocol_refusal.c - what the loader refuses, and where it says the fault is. */
#include "tests/protocol_kit.h"

TestSuite(protocol_refusal, .init = setup, .fini = teardown);

Test(protocol_refusal, refuses_what_is_not_well_formed)
{
	expect_refused("</goal>", "</gaol>|", "PRT-001", NULL);
	expect_refused("&amp;", "&| ", "PRT-001", NULL);
	expect_refused("&amp;", "&nbsp;|", "PRT-001", NULL);
	expect_refused("</protocol>", "</protocol>|<protocol/>", "PRT-001", NULL);
	expect_refused("Be kind", "Be |\x01kind", "PRT-001", NULL);
	expect_refused_text("", AC_EINPUT, "PRT-001", 1, 1, NULL);
	expect_refused_text("<protocol", AC_EINPUT, "PRT-001", 1, 10, NULL);
	expect_refused_text("nonsense", AC_EINPUT, "PRT-001", 1, 1, NULL);
}

Test(protocol_refusal, refuses_a_prefix_that_is_not_declared_and_an_attribute_that_stands_twice)
{
	static const char *const bad[] = { "x:id=\"heal\"", "id=\"heal\" id=\"heal\"" };

	for (size_t i = 0; i < 2; i++) {
		cr_expect(
		    ac_protocol_load(ac_str_c(changed("id=\"heal\"", bad[i])), a, &p, &err) == AC_EINPUT);
		EXPECT_RULE(err, "PRT-001");
		cr_expect(err.line == 12);
	}
}

Test(protocol_refusal, refuses_a_relative_namespace)
{
	cr_expect(ac_protocol_load(
		      ac_str_c(changed("<note seed", "<note xmlns:x=\"x\" seed")), a, &p, &err) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-001");
	cr_expect(err.line == 33);
}

Test(protocol_refusal, refuses_a_nul)
{
	char xml[sizeof(full)];

	memcpy(xml, full, sizeof(full));
	*strstr(xml, "Be kind") = '\0';
	cr_expect(ac_protocol_load((struct ac_str){ xml, sizeof(full) - 1 }, a, &p, &err) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-001");
}

Test(protocol_refusal, refuses_a_doctype_before_it_reads_it)
{
	static const char *const heads[] = {
		"<!DOCTYPE protocol>", "<!DOCTYPE protocol SYSTEM \"file:///dev/zero\">",
		("<!DOCTYPE protocol [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
		"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;]>")
	};

	for (size_t i = 0; i < 3; i++) {
		cr_expect(ac_protocol_load(ac_str_c(changed("<!-- a comment -->", heads[i])), a, &p, &err) ==
			  AC_EINPUT);
		EXPECT_RULE(err, "PRT-002");
		cr_expect(err.line == 2);
	}
}

Test(protocol_refusal, refuses_what_is_not_utf_8)
{
	expect_refused("Be kind", "Be k|\xEFnd", "PRT-003", NULL);
	expect_refused_text(changed("UTF-8", "ISO-8859-1"), AC_EINPUT, "PRT-003", 1, 1, NULL);
	cr_expect(ac_protocol_load(ac_str_c(changed("UTF-8", "klingon")), a, &p, &err) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-003");
}

Test(protocol_refusal, refuses_another_root)
{
	expect_refused_text("<protocol/>", AC_EINPUT, "PRT-004", 1, 1, "/protocol");
	expect_refused_text(
	    "<goal xmlns=\"urn:aftercare:protocol:1\"/>", AC_EINPUT, "PRT-004", 1, 1, "/goal");
	expect_refused_text(changed("urn:aftercare:protocol:1", "urn:aftercare:protocol:2"), AC_EINPUT,
	    "PRT-004", 3, 1, "/protocol");
}

Test(protocol_refusal, refuses_elements_that_do_not_belong)
{
	static const char here[] = "<contradicts concept=\"heat\"/>";

	expect_refused(here, "|<foo/>", "PRT-005", "/protocol/instruction/foo");
	expect_refused(here, "|<text xmlns=\"urn:x\"/>", "PRT-005", NULL);
	expect_refused(here, "|<goal/>", "PRT-006", "/protocol/instruction/goal");
	expect_refused(here, "|<window until=\"1 h\"/>", "PRT-006", "/protocol/instruction/window[3]");
	expect_refused("<title xml:lang=\"en\">Demo</title><title xml:lang=\"de\">Probe</title>\n  <based-on",
	    "|<based-on", "PRT-007", "/protocol/based-on");
	expect_refused("<red-flag id=\"fever\" level=\"emergency\"><text xml:lang=\"en\">Fever</text>",
	    "|<red-flag id=\"fever\" level=\"emergency\">", "PRT-007", "/protocol/red-flag");
	expect_refused("<note seed", "|<series id=\"s2\"/><note seed", "PRT-008", "/protocol/series[2]");
}

Test(protocol_refusal, refuses_attributes_that_do_not_belong)
{
	expect_refused("level=\"emergency\"", "|lvl=\"emergency\"", "PRT-009", "/protocol/red-flag");
	expect_refused("concept=\"heat\"", "concept=\"heat\" |xml:lang=\"en\"", "PRT-009", NULL);
	expect_refused("<red-flag id=\"fever\" level=\"emergency\"", "|<red-flag id=\"fever\"", "PRT-010",
	    "/protocol/red-flag");
	expect_refused("<text xml:lang=\"en\">Fever", "|<text>Fever", "PRT-010", "/protocol/red-flag/text");
	expect_refused("<text xml:lang=\"en\">Fever", "<text |lang=\"en\">Fever", "PRT-009", NULL);
}

Test(protocol_refusal, refuses_text_where_none_may_stand)
{
	expect_refused("<contradicts concept=\"heat\"/>", "|<contradicts concept=\"heat\">x</contradicts>",
	    "PRT-011", "/protocol/instruction/contradicts");
	expect_refused_text(changed("<contradicts concept=\"heat\"/>", "heat"), AC_EINPUT, "PRT-011", 13, 3,
	    "/protocol/instruction");
	expect_refused("<text xml:lang=\"en\">Fever<", "|<text xml:lang=\"en\"><", "PRT-012", NULL);
	expect_refused(
	    "<text xml:lang=\"en\">Fever<", "|<text xml:lang=\"en\"><!-- Fever --><", "PRT-012", NULL);
	expect_refused("<text xml:lang=\"en\">Fever<", "|<text xml:lang=\"en\"> \n <", "PRT-112", NULL);
	expect_refused(">Fever<", ">F|<b>ever</b><", "PRT-005", NULL);
}

struct wrong {
	const char *what, *with, *rule;
};

static void
expect_all_refused(const struct wrong *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_refused(cases[i].what, cases[i].with, cases[i].rule, NULL);
}

Test(protocol_refusal, refuses_values_without_their_form)
{
	static const struct wrong cases[] = {
		{ "id=\"heal\"", "id=\"|Heal\"", "PRT-013" },
		{ "id=\"heal\"", "id=\"|\"", "PRT-013" },
		{ "id=\"heal\"", "id=\"|1heal\"", "PRT-013" },
		{ "kind=\"restriction\"", "kind=\"|advice\"", "PRT-014" },
		{ "required=\"yes\"", "required=\"|no\"", "PRT-014" },
		{ "until=\"48 h\"", "until=\"|48h\"", "PRT-015" },
		{ "until=\"48 h\"", "until = '|two days'", "PRT-015" },
		{ "until=\"48 h\"", "until=\"|48 h 10:00\"", "PRT-015" },
		{ "until=\"48 h\"", "until=\"|12345 h\"", "PRT-015" },
		{ "until=\"48 h\"", "until=\"|-1 h\"", "PRT-015" },
		{ "24 h..48 h", "|24..48 h", "PRT-016" },
		{ "24 h..48 h", "|24 h - 48 h", "PRT-016" },
		{ "24 h..48 h", "|1 d 10:00..2 d", "PRT-016" },
		{ "<why xml:lang=\"en\"", "<why xml:lang=\"|\"", "PRT-017" },
		{ "<why xml:lang=\"en\"", "<why xml:lang=\"|e_n\"", "PRT-017" },
		{ "dr.demo 2026-03-01", "|dr.demo", "PRT-018" },
		{ "dr.demo 2026-03-01", "|2026-03-01 dr.demo", "PRT-018" },
		{ "seed=\"S04\"", "seed=\"|S4\"", "PRT-019" },
		{ "seed=\"S04\"", "seed=\"|\"", "PRT-019" },
		{ "sessions=\"6\"", "sessions=\"|0\"", "PRT-020" },
		{ "sessions=\"6\"", "sessions=\"|six\"", "PRT-020" },
		{ "version=\"0123456789abc", "version=\"|0123456789ABC", "PRT-021" },
		{ "source=\"seed\"", "source=\"| \"", "PRT-022" },
		{ "<trigger category=\"Mesotherapy\"/>", "|<trigger/>", "PRT-023" },
		{ "<trigger category=\"Mesotherapy\"/>", "|<trigger category=\"a\" product=\"b\"/>",
		    "PRT-023" },
		{ "<trigger category=\"Mesotherapy\"/>", "|<trigger system=\"a\"/>", "PRT-023" },
	};

	expect_all_refused(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(protocol_refusal, takes_values_that_white_space_surrounds)
{
	load(changed("id=\"heal\"", "id=\"\n heal \""));
	EXPECT_TEXT(p->goals[0].l.id, "heal");
	load(changed("until=\"48 h\"", "until=\" 48   h \""));
	cr_expect(p->instructions[0].windows[0].until.seconds == 172800);
	load(changed("sessions=\"6\"", "sessions=\"+06\""));
	cr_expect(p->series->sessions == 6);
}

Test(protocol_refusal, refuses_what_a_grammar_cannot_see)
{
	static const struct wrong cases[] = {
		{ "id=\"fever\"", "id=\"|heal\"", "PRT-101" },
		{ "<title xml:lang=\"de\">", "|<title xml:lang=\"EN\">", "PRT-102" },
		{ "</fact>",
		    "</fact><fact name=\"|area\" type=\"number\"><label xml:lang=\"en\">A</label></fact>",
		    "PRT-103" },
		{ "</value>", "</value><value code=\"|face\"><label xml:lang=\"en\">F</label></value>",
		    "PRT-103" },
		{ "questions=\"early\"", "questions=\"|late\"", "PRT-104" },
		{ "24 h..48 h", "|49 h..2 d", "PRT-105" },
		{ "from=\"44 h\"", "from=\"|5 d\"", "PRT-106" },
		{ "from=\"44 h\"", "from=\"|3 d 12:01\"", "PRT-106" },
		{ "3 d 08:00", "|3 d 24:00", "PRT-107" },
		{ "dr.demo 2026-03-01", "|dr.demo 2026-02-30", "PRT-108" },
		{ "type=\"choice\" many=\"yes\" required=\"yes\" ask=\"yes\" seed=\"S01\">\n    <label "
		  "xml:lang=\"en\">Area</label>\n    <value",
		    "type=\"number\"><label xml:lang=\"en\">Area</label>|<value", "PRT-109" },
		{ "</question>",
		    "</question><question id=\"|pain\" type=\"score\"><text "
		    "xml:lang=\"en\">P</text></question>",
		    "PRT-110" },
		{ "sessions=\"6\"", "sessions=\"|1001\"", "PRT-113" },
		{ "sessions=\"6\"", "sessions=\"|99999999999999999999\"", "PRT-113" },
	};

	expect_all_refused(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(protocol_refusal, takes_a_start_that_can_come_before_the_end)
{
	load(changed("from=\"44 h\"", "from=\"3 d\"")); /* until 3 d 12:00: true of a morning's treatment */
	load(changed("from=\"44 h\"", "from=\"3 d 12:00\""));
}

Test(protocol_refusal, points_into_a_condition)
{
	static const struct wrong cases[] = {
		{ "count(allergy/code) &lt; 3", "count(allergy/code) &lt;|&lt; 3", "PRT-CONDITION" },
		{ "count(allergy/code) &lt; 3", "count(|allergy/cod) &lt; 3", "PRT-FACT" },
		{ "patient/age &gt;= 18", "patient/age |&gt;= 'old'", "PRT-CONDITION-TYPE" },
		{ "fact/area = 'face'\"/>", "true() or\r\n |fact/depth = 'face'\"/>", "PRT-FACT" },
		{ "fact/area = 'face'\"/>", "'\xC3\xA4&#x1F600;' = |patient/family\"/>", "PRT-FACT" },
		{ "answer/pain &gt; 6", "|answer/fever &gt; 6", "PRT-FACT" },
		{ "patient/age &gt;= 18", "|answer/pain = 1", "PRT-FACT" },
	};

	expect_all_refused(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(protocol_refusal, counts_lines_and_columns_as_editors_do)
{
	expect_refused("Be kind</note>", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80</note>|<note/>", "PRT-010",
	    "/protocol/note[2]");
	expect_refused("<trigger category=\"Mesotherapy\"/>",
	    "<!-- <goal> \n \"'> --><trigger category=\"a>b\"/><?pi <x> ?>\r\n<trigger |foo='1'/>", "PRT-009",
	    NULL);
	cr_expect(strstr(err.path, "trigger[3]") != NULL);
}

Test(protocol_refusal, never_quotes_libxml2)
{
	expect_refused("</goal>", "</secret-word>|", "PRT-001", NULL);
	cr_expect(strstr(err.msg, "secret") == NULL && strstr(err.msg, "goal") == NULL);
}

Test(protocol_refusal, stops_at_its_limits)
{
	struct ac_str deep = AC_S(""), many = AC_S("<protocol xmlns=\"urn:aftercare:protocol:1\">");
	char *big = ac_alloc(a, AC_PROTOCOL_BYTES_MAX + 2);

	for (int i = 0; i < AC_PROTOCOL_DEPTH_MAX + 1; i++)
		deep = ac_str_cat(a, deep, AC_S("<a>"));
	expect_refused_text(ac_cstr(a, deep), AC_ELIMIT, "PRT-LIMIT", 1, 51, NULL);
	for (int i = 0; i < AC_PROTOCOL_LINES_MAX + 1; i++)
		many = ac_str_cat(a, many, AC_S("<a/>"));
	many = ac_str_cat(a, many, AC_S("</protocol>"));
	expect_refused_text(ac_cstr(a, many), AC_ELIMIT, "PRT-LIMIT", 1, 1, "/protocol");
	memset(big, ' ', AC_PROTOCOL_BYTES_MAX + 1);
	expect_refused_text(big, AC_ELIMIT, "PRT-LIMIT", 1, 1, NULL);
}

Test(protocol_refusal, stops_at_too_many_elements)
{
	const size_t each = 4, n = 16001;
	char *xml = ac_alloc(a, 20 + n * each), *at = xml + 3;

	memcpy(xml, "<a>", 3);
	for (size_t i = 0; i < n; i++, at += each)
		memcpy(at, "<b/>", each);
	memcpy(at, "</a>", 4);
	cr_expect(ac_protocol_load((struct ac_str){ xml, 7 + n * each }, a, &p, &err) == AC_ELIMIT);
	EXPECT_RULE(err, "PRT-LIMIT");
}
