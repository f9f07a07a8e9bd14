/* test_protocol.c - the loader: what it reads, what it refuses, and where it says the fault is. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "core/facts.h"
#include "core/protocol.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_err err;
static const struct ac_protocol *p;

static void
setup(void)
{
	a = ac_arena_new();
	p = NULL;
	err = (struct ac_err){ 0 };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(protocol, .init = setup, .fini = teardown);

/* Line numbers are part of the tests. */
static const char full[] =
    /* 1 */
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    /* 2 */ "<!-- a comment -->\n"
    /* 3 */ "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"demo\" owner=\"Demo Clinic\" "
    "demonstration=\"yes\">\n"
    /* 4 */ "  <title xml:lang=\"en\">Demo</title><title xml:lang=\"de\">Probe</title>\n"
    /* 5 */ "  <based-on protocol=\"source\" "
    "version=\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"/>\n"
    /* 6 */ "  <trigger system=\"CPT4\" code=\"17999\" when=\"fact/area = 'face'\"/>\n"
    /* 7 */ "  <trigger category=\"Mesotherapy\"/>\n"
    /* 8 */ "  <fact name=\"area\" type=\"choice\" many=\"yes\" required=\"yes\" ask=\"yes\" seed=\"S01\">\n"
    /* 9 */ "    <label xml:lang=\"en\">Area</label>\n"
    /* 10 */ "    <value code=\"face\"><label xml:lang=\"en\">Face</label></value>\n"
    /* 11 */ "  </fact>\n"
    /* 12 */ "  <goal id=\"heal\" concept=\"healing\"><text xml:lang=\"en\">Heal</text></goal>\n"
    /* 13 */ "  <instruction id=\"no-sauna\" concept=\"sauna\" kind=\"restriction\" seed=\"S02  S03\"\n"
    /* 14 */ "      signed=\"dr.demo 2026-03-01\" when=\"fact/area = 'face' and\n"
    /* 15 */ "        count(allergy/code) &lt; 3\">\n"
    /* 16 */ "    <label xml:lang=\"en\">Sauna</label>\n"
    /* 17 */ "    <window from=\"0 h\" until=\"48 h\" range=\"24 h..48 h\" when=\"patient/age &gt;= 18\"/>\n"
    /* 18 */ "    <window until=\"3 d 08:00\"/>\n"
    /* 19 */ "    <text xml:lang=\"en\">No <!-- really -->sauna,\n"
    /* 20 */ "      no <![CDATA[<hot>]]> tub &amp; pool</text>\n"
    /* 21 */ "    <why xml:lang=\"en\" evidence=\"uncited\" source=\"seed\">Heat</why>\n"
    /* 22 */ "    <except concept=\"warm-shower\" xml:lang=\"en\">a warm shower</except>\n"
    /* 23 */ "    <contradicts concept=\"heat\"/>\n"
    /* 24 */ "    <decide>How long?</decide>\n"
    /* 25 */ "  </instruction>\n"
    /* 26 */ "  <expectation id=\"red\" from=\"0 h\" until=\"2 d\"><text "
    "xml:lang=\"en\">Redness</text></expectation>\n"
    /* 27 */ "  <red-flag id=\"fever\" level=\"emergency\"><text xml:lang=\"en\">Fever</text></red-flag>\n"
    /* 28 */ "  <task id=\"call\" concept=\"call\" kind=\"check-in\" role=\"nurse\" from=\"44 h\" until=\"3 "
    "d 12:00\" range=\"1 d..4 d\"\n"
    /* 29 */ "      closed=\"after\" shift=\"1 d\" urgent=\"yes\" questions=\"early\" patient=\"yes\"><text "
    "xml:lang=\"en\">Call</text></task>\n"
    /* 30 */ "  <check-in id=\"early\"><question id=\"pain\" type=\"score\" seed=\"S09\"><text "
    "xml:lang=\"en\">Pain?</text></question>\n"
    /* 31 */ "    <rule when=\"answer/pain &gt; 6\" outcome=\"urgent\"/></check-in>\n"
    /* 32 */ "  <series id=\"course\" sessions=\"6\" interval=\"7 d..2 w\" minimum-gap=\"5 d\"/>\n"
    /* 33 */ "  <note seed=\"S04\" as=\"conduct\" xml:lang=\"en\">Be kind</note>\n"
    /* 34 */ "</protocol>\n";

static void
load(const char *xml)
{
	cr_assert(ac_protocol_load(ac_str_c(xml), a, &p, &err) == AC_OK, "%s %u:%u %s %s", err.rule, err.line,
	    err.col, err.path, err.msg);
}

/* `full` with its only `what` replaced. */
static const char *
changed(const char *what, const char *with)
{
	const char *at = strstr(full, what);

	cr_assert(at != NULL && strstr(at + 1, what) == NULL, "\"%s\" does not stand once", what);
	return ac_cstr(a, ac_strf(a, "%.*s%s%s", (int)(at - full), full, with, at + strlen(what)));
}

static void
expect_refused_text(
    const char *xml, enum ac_code code, const char *rule, uint32_t line, uint32_t col, const char *path)
{
	err = (struct ac_err){ 0 };
	p = NULL;
	cr_assert(ac_protocol_load(ac_str_c(xml), a, &p, &err) == code, "%s: %s", rule, err.rule);
	cr_expect(strcmp(err.rule, rule) == 0, "got %s, want %s: %s", err.rule, rule, err.msg);
	cr_expect(err.line == line && err.col == col, "%s: got %u:%u, want %u:%u", rule, err.line, err.col,
	    line, col);
	cr_expect(path == NULL || strcmp(err.path, path) == 0, "%s: got %s, want %s", rule, err.path, path);
	cr_expect(p == NULL);
}

/* `with` holds one "|" where the fault is to be found; here it is counted, and taken out. */
static void
expect_refused(const char *what, const char *with, const char *rule, const char *path)
{
	const char *xml = changed(what, with), *mark = strchr(xml, '|');
	uint32_t line = 1, col = 1;

	cr_assert(mark != NULL && strchr(mark + 1, '|') == NULL);
	for (const char *c = xml; c < mark; c++) {
		col += ((unsigned char)*c & 0xC0) != 0x80;
		if (*c == '\n') {
			line++;
			col = 1;
		}
	}
	expect_refused_text(ac_cstr(a, ac_strf(a, "%.*s%s", (int)(mark - xml), xml, mark + 1)), AC_EINPUT,
	    rule, line, col, path);
}

Test(protocol, reads_the_head)
{
	load(full);
	EXPECT_TEXT(p->id, "demo");
	EXPECT_TEXT(p->owner, "Demo Clinic");
	cr_expect(p->demonstration);
	cr_assert(p->title.n == 2);
	EXPECT_TEXT(p->title.v[1].lang, "de");
	EXPECT_TEXT(p->title.v[1].text, "Probe");
	EXPECT_TEXT(p->based_on, "source");
	cr_expect(p->based_on_version.n == 64);
}

Test(protocol, reads_triggers_and_facts)
{
	load(full);
	cr_assert(p->ntriggers == 2);
	cr_expect(p->triggers[0].kind == AC_TRIGGER_CODE);
	EXPECT_TEXT(p->triggers[0].system, "CPT4");
	EXPECT_TEXT(p->triggers[0].code, "17999");
	EXPECT_TEXT(ac_condition_source(p->triggers[0].when), "fact/area = 'face'");
	cr_expect(p->triggers[1].kind == AC_TRIGGER_CATEGORY);
	EXPECT_TEXT(p->triggers[1].code, "Mesotherapy");
	cr_expect(p->triggers[1].line == 7 && p->triggers[1].col == 3);
	cr_assert(p->nfacts == 1);
	cr_expect(p->facts[0].type == AC_FACT_CHOICE && p->facts[0].many && p->facts[0].required &&
		  p->facts[0].ask);
	cr_assert(p->facts[0].nvalues == 1);
	EXPECT_TEXT(p->facts[0].values[0].code, "face");
	EXPECT_TEXT(p->facts[0].values[0].label.v[0].text, "Face");
}

Test(protocol, reads_an_instruction)
{
	load(full);
	cr_assert(p->ninstructions == 1);
	const struct ac_instruction *x = &p->instructions[0];
	EXPECT_TEXT(x->l.id, "no-sauna");
	EXPECT_TEXT(x->l.seed, "S02 S03");
	EXPECT_TEXT(x->l.signed_by, "dr.demo");
	EXPECT_TEXT(x->l.signed_on, "2026-03-01");
	cr_expect(x->l.when != NULL);
	cr_expect(x->l.line == 13 && x->l.col == 3);
	cr_expect(x->kind == AC_RESTRICTION);
	cr_assert(x->nwindows == 2);
	cr_expect(x->windows[0].from.kind == AC_OFFSET_ELAPSED && x->windows[0].until.seconds == 172800);
	cr_expect(x->windows[0].range_min.seconds == 86400 && x->windows[0].range_max.seconds == 172800);
	cr_expect(x->windows[1].until.kind == AC_OFFSET_DAYS_AT && x->windows[1].until.hour == 8);
	cr_expect(x->windows[1].line == 18 && x->windows[1].col == 5);
	cr_assert(x->nwhy == 1 && x->nexcept == 1 && x->ncontradicts == 1 && x->l.ndecide == 1);
	EXPECT_TEXT(x->why[0].evidence, "uncited");
	EXPECT_TEXT(x->except[0].concept, "warm-shower");
	EXPECT_TEXT(x->contradicts[0], "heat");
	EXPECT_TEXT(x->l.decide[0], "How long?");
}

Test(protocol, joins_text_over_lines_comments_and_cdata)
{
	load(full);
	EXPECT_TEXT(p->instructions[0].text.v[0].text, "No sauna, no <hot> tub & pool");
}

Test(protocol, reads_the_other_lines)
{
	load(full);
	cr_assert(p->ngoals == 1 && p->nexpectations == 1 && p->nred_flags == 1 && p->ntasks == 1 &&
		  p->ncheck_ins == 1 && p->nnotes == 1);
	EXPECT_TEXT(p->goals[0].concept, "healing");
	cr_expect(p->expectations[0].until.days == 2);
	cr_expect(p->red_flags[0].level == AC_FLAG_EMERGENCY);
	cr_expect(p->tasks[0].kind == AC_TASK_CHECK_IN && p->tasks[0].closed == AC_CLOSED_AFTER);
	cr_expect(p->tasks[0].urgent && p->tasks[0].patient && p->tasks[0].shift.days == 1);
	cr_expect(p->tasks[0].range_max.days == 4);
	EXPECT_TEXT(p->tasks[0].questions, "early");
	EXPECT_TEXT(p->check_ins[0].questions[0].type, "score");
	EXPECT_TEXT(p->check_ins[0].rules[0].outcome, "urgent");
	cr_assert(p->series != NULL);
	cr_expect(p->series->sessions == 6 && p->series->interval_max.days == 14 &&
		  p->series->minimum_gap.days == 5);
	EXPECT_TEXT(p->notes[0].as, "conduct");
	EXPECT_TEXT(p->notes[0].text, "Be kind");
}

Test(protocol, has_the_same_version_however_it_is_written)
{
	load(full);
	struct ac_sha256 first = p->version;
	load(changed(" id=\"heal\" concept=\"healing\"", " concept='healing'   id='heal'"));
	cr_expect(ac_sha256_eq(&p->version, &first));
	load(changed("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", ""));
	cr_expect(ac_sha256_eq(&p->version, &first));
	load(changed("<contradicts concept=\"heat\"/>", "<contradicts concept=\"heat\"></contradicts>"));
	cr_expect(ac_sha256_eq(&p->version, &first));
}

Test(protocol, has_another_version_when_text_or_a_comment_changes)
{
	load(full);
	struct ac_sha256 first = p->version;
	load(changed("Heal<", "Heals<"));
	cr_expect(!ac_sha256_eq(&p->version, &first));
	load(changed("a comment", "another comment"));
	cr_expect(!ac_sha256_eq(&p->version, &first));
}

Test(protocol, takes_a_prefix_and_a_byte_order_mark)
{
	load("\xEF\xBB\xBF<p:protocol xmlns:p=\"urn:aftercare:protocol:1\" id=\"x\" owner=\"o\"><p:title "
	     "xml:lang=\"en\">t</p:title>"
	     "<p:trigger product=\"HA\"/></p:protocol>");
	cr_expect(p->triggers[0].line == 1 && p->triggers[0].col == 99, "%u", p->triggers[0].col);
	cr_expect(p->triggers[0].kind == AC_TRIGGER_PRODUCT);
}

Test(protocol, refuses_what_is_not_well_formed)
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

Test(protocol, refuses_a_prefix_that_is_not_declared_and_an_attribute_that_stands_twice)
{
	static const char *const bad[] = { "x:id=\"heal\"", "id=\"heal\" id=\"heal\"" };

	for (size_t i = 0; i < 2; i++) {
		cr_expect(
		    ac_protocol_load(ac_str_c(changed("id=\"heal\"", bad[i])), a, &p, &err) == AC_EINPUT);
		EXPECT_RULE(err, "PRT-001");
		cr_expect(err.line == 12);
	}
}

Test(protocol, refuses_a_relative_namespace)
{
	cr_expect(ac_protocol_load(
		      ac_str_c(changed("<note seed", "<note xmlns:x=\"x\" seed")), a, &p, &err) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-001");
	cr_expect(err.line == 33);
}

Test(protocol, refuses_a_nul)
{
	char xml[sizeof(full)];

	memcpy(xml, full, sizeof(full));
	*strstr(xml, "Be kind") = '\0';
	cr_expect(ac_protocol_load((struct ac_str){ xml, sizeof(full) - 1 }, a, &p, &err) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-001");
}

Test(protocol, refuses_a_doctype_before_it_reads_it)
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

Test(protocol, refuses_what_is_not_utf_8)
{
	expect_refused("Be kind", "Be k|\xEFnd", "PRT-003", NULL);
	expect_refused_text(changed("UTF-8", "ISO-8859-1"), AC_EINPUT, "PRT-003", 1, 1, NULL);
	cr_expect(ac_protocol_load(ac_str_c(changed("UTF-8", "klingon")), a, &p, &err) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-003");
}

Test(protocol, refuses_another_root)
{
	expect_refused_text("<protocol/>", AC_EINPUT, "PRT-004", 1, 1, "/protocol");
	expect_refused_text(
	    "<goal xmlns=\"urn:aftercare:protocol:1\"/>", AC_EINPUT, "PRT-004", 1, 1, "/goal");
	expect_refused_text(changed("urn:aftercare:protocol:1", "urn:aftercare:protocol:2"), AC_EINPUT,
	    "PRT-004", 3, 1, "/protocol");
}

Test(protocol, refuses_elements_that_do_not_belong)
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

Test(protocol, refuses_attributes_that_do_not_belong)
{
	expect_refused("level=\"emergency\"", "|lvl=\"emergency\"", "PRT-009", "/protocol/red-flag");
	expect_refused("concept=\"heat\"", "concept=\"heat\" |xml:lang=\"en\"", "PRT-009", NULL);
	expect_refused("<red-flag id=\"fever\" level=\"emergency\"", "|<red-flag id=\"fever\"", "PRT-010",
	    "/protocol/red-flag");
	expect_refused("<text xml:lang=\"en\">Fever", "|<text>Fever", "PRT-010", "/protocol/red-flag/text");
	expect_refused("<text xml:lang=\"en\">Fever", "<text |lang=\"en\">Fever", "PRT-009", NULL);
}

Test(protocol, refuses_text_where_none_may_stand)
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

Test(protocol, refuses_values_without_their_form)
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

Test(protocol, takes_values_that_white_space_surrounds)
{
	load(changed("id=\"heal\"", "id=\"\n heal \""));
	EXPECT_TEXT(p->goals[0].l.id, "heal");
	load(changed("until=\"48 h\"", "until=\" 48   h \""));
	cr_expect(p->instructions[0].windows[0].until.seconds == 172800);
	load(changed("sessions=\"6\"", "sessions=\"+06\""));
	cr_expect(p->series->sessions == 6);
}

Test(protocol, refuses_what_a_grammar_cannot_see)
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

Test(protocol, takes_a_start_that_can_come_before_the_end)
{
	load(changed("from=\"44 h\"", "from=\"3 d\"")); /* until 3 d 12:00: true of a morning's treatment */
	load(changed("from=\"44 h\"", "from=\"3 d 12:00\""));
}

Test(protocol, points_into_a_condition)
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

Test(protocol, counts_lines_and_columns_as_editors_do)
{
	expect_refused("Be kind</note>", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80</note>|<note/>", "PRT-010",
	    "/protocol/note[2]");
	expect_refused("<trigger category=\"Mesotherapy\"/>",
	    "<!-- <goal> \n \"'> --><trigger category=\"a>b\"/><?pi <x> ?>\r\n<trigger |foo='1'/>", "PRT-009",
	    NULL);
	cr_expect(strstr(err.path, "trigger[3]") != NULL);
}

Test(protocol, never_quotes_libxml2)
{
	expect_refused("</goal>", "</secret-word>|", "PRT-001", NULL);
	cr_expect(strstr(err.msg, "secret") == NULL && strstr(err.msg, "goal") == NULL);
}

Test(protocol, stops_at_its_limits)
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

Test(protocol, stops_at_too_many_elements)
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

static void *
load_often(void *arg)
{
	bool *is_ok = arg;

	*is_ok = true;
	for (int i = 0; i < 50; i++) {
		struct ac_arena *mine = ac_arena_new();
		const struct ac_protocol *q = NULL;
		struct ac_err e = { 0 };
		*is_ok = *is_ok && ac_protocol_load(ac_str_c(full), mine, &q, &e) == AC_OK;
		*is_ok = *is_ok && ac_protocol_load(AC_S("<x>&y;</x>"), mine, &q, &e) == AC_EINPUT;
		ac_arena_free(mine);
	}
	return NULL;
}

Test(protocol, loads_in_several_threads)
{
	pthread_t threads[4];
	bool is_ok[4];

	for (int i = 0; i < 4; i++)
		cr_assert(pthread_create(&threads[i], NULL, load_often, &is_ok[i]) == 0);
	for (int i = 0; i < 4; i++) {
		cr_assert(pthread_join(threads[i], NULL) == 0);
		cr_expect(is_ok[i]);
	}
}

static const struct ac_text three[] = { { { "de", 2 }, { "d", 1 } }, { { "en-GB", 5 }, { "b", 1 } },
	{ { "pt-BR", 5 }, { "p", 1 } } };

static struct ac_str
picked(const char *lang, bool *fell_back)
{
	return ac_text_pick((struct ac_texts){ (struct ac_text *)three, 3 }, ac_str_c(lang), fell_back);
}

Test(protocol, picks_a_text_by_language)
{
	bool fell_back = true;

	EXPECT_TEXT(picked("pt-br", &fell_back), "p");
	cr_expect(!fell_back);
	EXPECT_TEXT(picked("de-AT", &fell_back), "d");
	cr_expect(!fell_back);
	EXPECT_TEXT(picked("pt", &fell_back), "p");
	cr_expect(!fell_back);
	EXPECT_TEXT(picked("fr", &fell_back), "b");
	cr_expect(fell_back);
	EXPECT_TEXT(picked("", &fell_back), "b");
	EXPECT_TEXT(picked(NULL, NULL), "b");
	cr_expect(!ac_str_is_set(ac_text_pick((struct ac_texts){ 0 }, AC_S("en"), NULL)));
}

Test(protocol, writes_an_offset_as_it_was_read)
{
	static const char *const good[] = { "48 h", "90 min", "120 min", "3 d", "14 d", "2 w", "0 h",
		"3 d 08:00", "0 d 23:59", "9999 w" };
	struct ac_offset o;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cr_assert(ac_offset_parse(ac_str_c(good[i]), &o), "%s", good[i]);
		EXPECT_TEXT(ac_offset_str(a, o), good[i]);
	}
	EXPECT_TEXT(
	    ac_offset_str(a, (struct ac_offset){ .kind = AC_OFFSET_ELAPSED, .seconds = 5400 }), "90 min");
	EXPECT_TEXT(ac_offset_str(a, (struct ac_offset){ .kind = AC_OFFSET_DAYS, .days = 21 }), "3 w");
	EXPECT_TEXT(ac_offset_str(a, (struct ac_offset){ 0 }), "");
}

Test(protocol, reads_only_offsets)
{
	static const char *const bad[] = { "", "48", "h", "48h", "48 H", " 48 h", "48 h ", "+4 h", "-4 h",
		"10000 h", "3 d 24:00", "3 d 8:00", "3 d 08:60", "3 h 08:00", "1000 d 08:00", "3 w 08:00",
		"4.5 h", "48  h", "3 d 08:00 x" };
	struct ac_offset o = { .days = 77 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!ac_offset_parse(ac_str_c(bad[i]), &o) && o.days == 77, "%s", bad[i]);
}

Test(protocol, says_offsets_in_words)
{
	struct ac_offset o;

	cr_assert(ac_offset_parse(AC_S("48 h"), &o));
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("en")), "48 hours");
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("de-AT")), "48 Stunden");
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("fr")), "48 hours");
	cr_assert(ac_offset_parse(AC_S("1 d"), &o));
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("en")), "1 day");
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("de")), "1 Tag");
	cr_assert(ac_offset_parse(AC_S("3 d 08:00"), &o));
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("en")), "day 3 at 08:00");
}

Test(protocol, names_its_kinds_as_the_file_does)
{
	cr_expect(strcmp(ac_instruction_kind_word(AC_WARNING), "warning") == 0);
	cr_expect(strcmp(ac_task_kind_word(AC_TASK_RECORD), "record") == 0);
	cr_expect(strcmp(ac_flag_level_word(AC_FLAG_EMERGENCY), "emergency") == 0);
}
