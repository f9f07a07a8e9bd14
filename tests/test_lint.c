/* test_lint.c - what a clinic is told before it publishes a protocol. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/file.h"
#include "core/clinic.h"
#include "core/condition_worlds.h"
#include "core/protocol.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_findings found;

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

TestSuite(lint, .init = setup, .fini = teardown);

/* Nothing to find in it. */
static const char clean[] =
    /* 1 */ "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"demo\" owner=\"Demo\" demonstration=\"yes\">\n"
	    /* 2 */ "<title xml:lang=\"en\">Demo</title>\n"
	    /* 3 */ "<trigger system=\"CPT4\" code=\"17999\"/>\n"
	    /* 4 */ "<fact name=\"area\" type=\"choice\" many=\"yes\"><label xml:lang=\"en\">Area</label>"
	    "<value code=\"face\"><label xml:lang=\"en\">Face</label></value></fact>\n"
	    /* 5 */ "<fact name=\"depth\" type=\"number\"><label xml:lang=\"en\">Depth</label></fact>\n"
	    /* 6 */ "<fact name=\"first\" type=\"yes-no\"><label xml:lang=\"en\">First time</label></fact>\n"
	    /* 7 */ "<goal id=\"heal\" signed=\"d 2026-03-01\"><text xml:lang=\"en\">Heal</text></goal>\n"
	    /* 8 */ "<instruction id=\"sauna\" concept=\"sauna\" kind=\"restriction\" seed=\"S02\" "
		    "signed=\"d "
	    "2026-03-01\">\n"
	    /* 9 */ "<window until=\"48 h\" range=\"24 h..48 h\" when=\"fact/area = 'face'\"/>\n"
	    /* 10 */ "<window until=\"24 h\"/>\n"
	    /* 11 */ "<text xml:lang=\"en\">No sauna</text></instruction>\n"
	    /* 12 */ "<instruction id=\"cool\" seed=\"S15\" concept=\"cool\" kind=\"care\" signed=\"d "
	    "2026-03-01\"><window from=\"24 h\"/>"
	    "<text xml:lang=\"en\">Cool it</text></instruction>\n"
	    /* 13 */ "<red-flag id=\"pain\" level=\"call\" contact=\"clinic\" signed=\"d 2026-03-01\"><text "
	    "xml:lang=\"en\">Pain</text></red-flag>\n"
	    /* 14 */ "<red-flag id=\"breath\" level=\"emergency\" contact=\"emergency\" signed=\"d "
		     "2026-03-01\"><text "
	    "xml:lang=\"en\">Breath</text></red-flag>\n"
	    /* 15 */ "<task id=\"call\" kind=\"check-in\" role=\"nurse\" until=\"2 d\" range=\"1 d..3 d\" attempts=\"3\" "
	    "questions=\"early\""
	    " signed=\"d 2026-03-01\"><text xml:lang=\"en\">Call</text></task>\n"
	    /* 16 */ "<check-in id=\"early\" signed=\"d 2026-03-01\"><question id=\"score\" "
	    "type=\"score\"><text xml:lang=\"en\">Pain?</text></question>"
	    "<question id=\"words\" type=\"text\"><text xml:lang=\"en\">Else?</text></question>"
	    "<rule when=\"answer/score &gt; 6\" outcome=\"urgent\"/></check-in>\n"
	    /* 17 */ "<series id=\"course\" sessions=\"3\" interval=\"7 d..14 d\" signed=\"d 2026-03-01\"/>\n"
	    /* 18 */ "</protocol>\n";

static const char *
changed(const char *what, const char *with)
{
	const char *at = strstr(clean, what);

	cr_assert(at != NULL && strstr(at + 1, what) == NULL, "\"%s\" does not stand once", what);
	return ac_cstr(a, ac_strf(a, "%.*s%s%s", (int)(at - clean), clean, with, at + strlen(what)));
}

static void
lint(const char *xml, const struct ac_clinic *clinic)
{
	const struct ac_protocol *p = NULL;
	struct ac_err err = { 0 };

	cr_assert(ac_protocol_load(ac_str_c(xml), a, &p, &err) == AC_OK, "%s %u:%u %s", err.rule, err.line,
	    err.col, err.msg);
	ac_protocol_lint(p, clinic, a, &found);
}

/* The change gives this one finding and no other. */
static void
expect_found(const char *what, const char *with, enum ac_lint_level level, const char *rule, uint32_t line)
{
	lint(changed(what, with), NULL);
	for (size_t i = 0; i < found.n; i++)
		cr_expect(i == 0, "%s: also %s %u %.*s", rule, found.v[i].rule, found.v[i].line,
		    AC_FMT(found.v[i].message));
	cr_assert(found.n > 0, "%s: nothing found for %s", rule, with);
	cr_expect(strcmp(found.v[0].rule, rule) == 0, "%s: got %s", rule, found.v[0].rule);
	cr_expect(found.v[0].level == level, "%s: got level %d", rule, (int)found.v[0].level);
	cr_expect(found.v[0].line == line, "%s: got line %u", rule, found.v[0].line);
	cr_expect(found.v[0].message.n > 0);
	cr_expect(ac_findings_block_publish(&found) == (level != AC_LINT_WARNING));
}

#define D AC_LINT_DECISION
#define E AC_LINT_ERROR
#define W AC_LINT_WARNING

Test(lint, finds_nothing_in_a_clean_protocol)
{
	lint(clean, NULL);
	for (size_t i = 0; i < found.n; i++)
		cr_expect(false, "%s %u %.*s", found.v[i].rule, found.v[i].line, AC_FMT(found.v[i].message));
	cr_expect(!ac_findings_block_publish(&found));
}

Test(lint, lists_open_decisions_by_line)
{
	expect_found("No sauna</text>", "No sauna</text><decide>How long?</decide>", D, "LINT-DECISION", 8);
	EXPECT_TEXT(found.v[0].message, "How long?");
	EXPECT_TEXT(found.v[0].line_id, "sauna");
	expect_found("Depth</label>", "Depth</label><decide>Is it recorded?</decide>", D, "LINT-DECISION", 5);
	EXPECT_TEXT(found.v[0].line_id, "depth");
	expect_found("interval=\"7 d..14 d\" signed=\"d 2026-03-01\"/>",
	    "interval=\"7 d..14 d\" signed=\"d 2026-03-01\"><decide>x</decide></series>", D, "LINT-DECISION",
	    17);
}

Test(lint, wants_every_line_signed)
{
	expect_found("<goal id=\"heal\" signed=\"d 2026-03-01\"", "<goal id=\"heal\"", D, "LINT-UNSIGNED", 7);
	expect_found("kind=\"care\" signed=\"d 2026-03-01\"", "kind=\"care\"", D, "LINT-UNSIGNED", 12);
	expect_found(
	    "contact=\"clinic\" signed=\"d 2026-03-01\"", "contact=\"clinic\"", D, "LINT-UNSIGNED", 13);
	expect_found(
	    "questions=\"early\" signed=\"d 2026-03-01\"", "questions=\"early\"", D, "LINT-UNSIGNED", 15);
	expect_found("<check-in id=\"early\" signed=\"d 2026-03-01\"", "<check-in id=\"early\"", D,
	    "LINT-UNSIGNED", 16);
	expect_found("interval=\"7 d..14 d\" signed=\"d 2026-03-01\"", "interval=\"7 d..14 d\"", D,
	    "LINT-UNSIGNED", 17);
}

Test(lint, wants_an_end_for_every_restriction)
{
	expect_found("<window until=\"24 h\"/>", "<window/>", D, "LINT-WINDOW", 10);
	expect_found("<window until=\"24 h\"/>", "<window range=\"1 d..2 d\"/>", D, "LINT-WINDOW", 10);
	expect_found("<window until=\"24 h\"/>", "", D, "LINT-WINDOW", 8);
	expect_found("<window from=\"24 h\"/>", "<window range=\"1 d..2 d\"/>", D, "LINT-WINDOW", 12);
}

Test(lint, holds_ends_against_the_range_of_the_source)
{
	expect_found("<window until=\"48 h\"", "<window until=\"49 h\"", E, "LINT-RANGE", 9);
	expect_found("<window until=\"48 h\"", "<window until=\"90 min\"", E, "LINT-RANGE", 9);
	expect_found("<window until=\"48 h\"", "<window until=\"3 d 23:59\"", E, "LINT-RANGE", 9);
	expect_found("until=\"2 d\" range", "until=\"4 d\" range", E, "LINT-RANGE", 15);
}

Test(lint, does_not_quarrel_with_a_clock_time_that_can_be_in_the_range)
{
	lint(changed("<window until=\"48 h\"", "<window until=\"2 d 08:00\""), NULL);
	cr_expect(found.n == 0);
}

Test(lint, wants_to_know_until_when_a_task_is_due)
{
	expect_found(" until=\"2 d\" range=\"1 d..3 d\"", "", D, "LINT-DUE", 15);
	expect_found(" until=\"2 d\" range=\"1 d..3 d\"", " range=\"1 d..3 d\"", D, "LINT-WINDOW", 15);
}

Test(lint, sees_that_lines_which_never_meet_do_not_contradict)
{
	lint(changed("<window from=\"24 h\"/><text xml:lang=\"en\">Cool it</text>",
		 "<window from=\"48 h\"/><text xml:lang=\"en\">Cool it</text><contradicts "
		 "concept=\"sauna\"/>"),
	    NULL);
	cr_expect(found.n == 0);
	lint(changed("Cool it</text>", "Cool it</text><contradicts concept=\"massage\"/>"), NULL);
	cr_expect(found.n == 0);
}

Test(lint, wants_a_goal)
{
	expect_found("<goal id=\"heal\" signed=\"d 2026-03-01\"><text xml:lang=\"en\">Heal</text></goal>", "",
	    D, "LINT-GOAL", 1);
}

Test(lint, wants_values_for_a_choice)
{
	expect_found(
	    "<value code=\"face\"><label xml:lang=\"en\">Face</label></value>", "", D, "LINT-FACT", 4);
}

Test(lint, wants_a_series_with_numbers)
{
	expect_found(" sessions=\"3\"", "", D, "LINT-SERIES", 17);
	expect_found(" interval=\"7 d..14 d\"", "", D, "LINT-SERIES", 17);
}

#define WHEN(expr) "kind=\"care\" when=\"" expr "\" unknown=\"omit\" signed=\"d 2026-03-01\""

static void
expect_in_condition(const char *with, const char *rule)
{
	expect_found("kind=\"care\" signed=\"d 2026-03-01\"", with, E, rule, 12);
}

Test(lint, refuses_conditions_on_free_text)
{
	expect_in_condition(WHEN("allergy/text = 'lidocaine'"), "LINT-FREE-TEXT");
	expect_in_condition(WHEN("count(medication/text) = 0"), "LINT-FREE-TEXT");
	expect_found("answer/score &gt; 6", "answer/words = 'bad'", E, "LINT-FREE-TEXT", 16);
}

Test(lint, refuses_not_equal_on_what_can_have_many_values)
{
	expect_in_condition(WHEN("fact/area != 'face'"), "LINT-MANY");
	expect_in_condition(WHEN("procedure/code != '17999'"), "LINT-MANY");
	expect_in_condition(WHEN("'face' != fact/area"), "LINT-MANY");
	lint(changed("kind=\"care\" signed",
		 "kind=\"care\" when=\"fact/depth != 3 and patient/sex != 'male'\" unknown=\"omit\" signed"),
	    NULL);
	cr_expect(found.n == 0);
	lint(changed("answer/score &gt; 6", "answer/score != 6"), NULL);
	cr_expect(found.n == 0);
}

Test(lint, refuses_values_that_a_fact_cannot_have)
{
	expect_in_condition(WHEN("fact/area = 'fase'"), "LINT-VALUE");
	expect_in_condition(WHEN("fact/area &lt; 3"), "LINT-VALUE");
	expect_in_condition(WHEN("fact/depth = 'deep'"), "LINT-VALUE");
	expect_in_condition(WHEN("fact/first = 'true'"), "LINT-VALUE");
	expect_in_condition(WHEN("not(true() and (fact/first = 1))"), "LINT-VALUE");
	expect_found("answer/score &gt; 6", "answer/score = 'high'", E, "LINT-VALUE", 16);
	expect_found("when=\"fact/area = 'face'\"", "when=\"fact/area = 'neck'\"", E, "LINT-VALUE", 9);
	expect_found("code=\"17999\"", "code=\"17999\" when=\"fact/first = 'ja'\"", E, "LINT-VALUE", 3);
}

Test(lint, accepts_values_that_a_fact_can_have)
{
	lint(changed("kind=\"care\" signed", "kind=\"care\" when=\"fact/area = 'face' and fact/depth &gt; 2 "
					     "and fact/depth = '2.5' and fact/first = 'no'"
					     " and count(fact/area) &gt;= 1\" unknown=\"omit\" signed"),
	    NULL);
	cr_expect(found.n == 0);
}

static const struct ac_clinic *
clinic(const char *ini)
{
	const struct ac_clinic *c = NULL;
	struct ac_err err = { 0 };

	cr_assert(ac_clinic_load(ac_str_c(ini), a, &c, &err) == AC_OK, "%s", err.msg);
	return c;
}

Test(lint, says_that_one_person_alone_may_decide_in_a_clinic_of_one_doctor)
{
	static const char lines[] = "[clinic]\nname = x\n[contact clinic]\nnumber = 1 2\nsigned = d 2026-03-01\n"
				    "[contact out-of-hours]\nnumber = 1 2\nsigned = d 2026-03-01\n"
				    "[contact emergency]\nnumber = 112\nsigned = d 2026-03-01\n";

	lint(clean, clinic(lines));
	cr_expect(found.n == 0);
	lint(clean, clinic(ac_cstr(a, ac_strf(a, "%s[rules]\nsolo = 24 h\n", lines))));
	cr_assert(found.n == 1);
	cr_expect(strcmp(found.v[0].rule, "LINT-SOLO") == 0 && found.v[0].level == W);
	cr_expect(!ac_findings_block_publish(&found));
}

Test(lint, wants_the_contact_lines_of_the_clinic)
{
	lint(clean, clinic("[clinic]\nname = x\n"));
	cr_expect(found.n == 3);
	for (size_t i = 0; i < found.n; i++)
		cr_expect(strcmp(found.v[i].rule, "LINT-CONTACT") == 0 && found.v[i].level == E);
	lint(clean, clinic("[clinic]\nname = x\n[contact clinic]\nnumber = 1 2\nsigned = d 2026-03-01\n"
			   "[contact out-of-hours]\nnumber = 1 2\nsigned = d 2026-03-01\n[contact "
			   "emergency]\nnumber = 112\n"));
	cr_assert(found.n == 1);
	cr_expect(found.v[0].level == D);
	lint(clean, clinic("[clinic]\nname = x\n[contact clinic]\nnumber = 1 2\nsigned = d 2026-03-01\n"
			   "[contact out-of-hours]\nnumber = 1 2\nsigned = d 2026-03-01\n"
			   "[contact emergency]\nnumber = 112\nsigned = d 2026-03-01\n"));
	cr_expect(found.n == 0);
}

Test(lint, gives_findings_in_the_order_of_the_file)
{
	struct ac_str xml = { 0 };
	struct ac_err err = { 0 };

	cr_assert(ac_file_read(AC_SOURCE_DIR "/schemas/protocols/mesotherapy.xml", AC_PROTOCOL_BYTES_MAX, a,
		      &xml, &err) == AC_OK);
	lint(ac_cstr(a, xml), NULL);
	cr_assert(found.n > 50);
	for (size_t i = 1; i < found.n; i++)
		cr_expect(found.v[i - 1].line <= found.v[i].line);
	cr_expect(ac_findings_block_publish(&found));
}

Test(lint, lets_the_demonstration_be_published)
{
	static const char *const names[] = { "mesotherapy", "chemical-peel" };
	struct ac_str ini = { 0 }, xml = { 0 };
	struct ac_err err = { 0 };

	cr_assert(ac_file_read(AC_SOURCE_DIR "/schemas/clinic/demo.conf", AC_CLINIC_BYTES_MAX, a, &ini,
		      &err) == AC_OK);
	for (size_t i = 0; i < 2; i++) {
		const char *path =
		    ac_cstr(a, ac_strf(a, AC_SOURCE_DIR "/schemas/protocols/demo/%s.xml", names[i]));
		cr_assert(ac_file_read(path, AC_PROTOCOL_BYTES_MAX, a, &xml, &err) == AC_OK);
		lint(ac_cstr(a, xml), clinic(ac_cstr(a, ini)));
		for (size_t k = 0; k < found.n; k++)
			cr_expect(found.v[k].level == W, "%s:%u %s %.*s", names[i], found.v[k].line,
			    found.v[k].rule, AC_FMT(found.v[k].message));
	}
}

/* A condition of 512 bytes has more cases than any machine counts: what finding that out costs is taken from the budget. */
Test(lint, pays_for_questions_that_have_too_many_cases)
{
	static const char text[] =
	    "allergy/code='a' or allergy/code='b' or allergy/code='c' or allergy/code='d' or allergy/code='e' "
	    "or allergy/code='f' or allergy/code='g' or problem/code='a' or problem/code='b' or problem/code='c' "
	    "or problem/code='d' or problem/code='e' or problem/code='f' or problem/code='g' or problem/code='h'";
	const struct ac_condition *c = NULL;
	struct ac_names no_names = { 0 };
	struct ac_world_names none = { 0 };
	struct ac_err err = { 0 };
	size_t left = 100000, asked = 0;

	cr_assert(ac_condition_parse(ac_str_c(text), no_names, no_names, a, &c, &err) == AC_OK, "%s", err.msg);
	for (size_t before = left; left > 0; asked++, before = left) {
		cr_assert(ac_worlds_make(&c, 1, &none, &left, a) == NULL);
		cr_assert(left < before);
	}
	cr_expect(asked < 100);
	cr_expect(ac_worlds_make(&c, 1, &none, &left, a) == NULL);
}
