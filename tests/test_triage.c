/* Triage: the highest answer wins, in whatever order; what nobody answered is never expected. */
#include "core/triage.h"
#include "tests/plan_kit.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
open_arena(void)
{
	a = ac_arena_new();
}
static void
close_arena(void)
{
	ac_arena_free(a);
}
TestSuite(triage, .init = open_arena, .fini = close_arena);

#define NQ 5
static const struct ac_str ids[NQ] = { { "breath", 6 }, { "pain", 4 }, { "heat", 4 }, { "look", 4 },
	{ "ask", 3 } };

static const struct ac_protocol *
loaded(const char *rules)
{
	struct ac_err e = { 0 };
	const struct ac_protocol *p = NULL;
	struct ac_str xml = ac_strf(a,
	    "<protocol " KIT_NS " id=\"p\" owner=\"test\"><title xml:lang=\"en\">p</title>"
	    "<trigger category=\"x\"/><fact name=\"thin\" type=\"yes-no\"><label "
	    "xml:lang=\"en\">Thin</label></fact>"
	    "<check-in id=\"c\">"
	    "<question id=\"breath\" type=\"yes-no\"><text xml:lang=\"en\">Breath?</text></question>"
	    "<question id=\"pain\" type=\"score\"><text xml:lang=\"en\">Pain?</text></question>"
	    "<question id=\"heat\" type=\"temperature\"><text xml:lang=\"en\">Heat?</text></question>"
	    "<question id=\"look\" type=\"choice\"><text xml:lang=\"en\">Look?</text>"
	    "<value code=\"calm\"><label xml:lang=\"en\">Calm</label></value>"
	    "<value code=\"red\"><label xml:lang=\"en\">Red all over</label></value></question>"
	    "<question id=\"ask\" type=\"text\"><text "
	    "xml:lang=\"en\">Ask?</text></question>%s</check-in></protocol>",
	    rules);

	cr_assert(ac_protocol_load(xml, a, &p, &e) == AC_OK, "%s %s %s", e.rule, e.path, e.msg);
	return p;
}

#define URGENT "<rule when=\"answer/breath = 'yes'\" outcome=\"urgent\"/>"
#define HOT "<rule when=\"answer/heat &gt;= 38.5\" outcome=\"urgent\"/>"
#define SORE "<rule when=\"answer/pain &gt;= 7 or answer/look = 'red'\" outcome=\"call-back\"/>"
#define ELSE "<rule when=\"true()\" outcome=\"expected\"/>"

/* Values in the order of `ids`; NULL: passed over. */
static struct ac_triage
asked(const char *rules, const char *const values[NQ], bool is_over)
{
	static const struct encounter nobody = { 0 };
	const struct ac_protocol *p = loaded(rules);
	struct ac_questions q = { p, &p->check_ins[0] };
	struct ac_triage_of of = { .e = &nobody };
	struct ac_said said[NQ];
	size_t n = 0;

	for (size_t i = 0; i < NQ; i++)
		if (values[i] != NULL)
			said[n++] =
			    (struct ac_said){ ac_strf(a, "p/c/%.*s", AC_FMT(ids[i])), ac_str_c(values[i]) };
	return ac_triage(&of, &q, 1, said, n, is_over, a);
}
#define ASKED(rules, ...) asked(rules, (const char *const[NQ]){ __VA_ARGS__ }, true)

Test(triage, the_gravest_rule_that_holds_decides_wherever_it_stands)
{
	static const char *const orders[] = { URGENT SORE ELSE, ELSE SORE URGENT, SORE ELSE URGENT,
		ELSE URGENT SORE };

	for (size_t i = 0; i < 4; i++) {
		struct ac_triage t = ASKED(orders[i], "yes", "8", "36.6", "red", NULL);
		cr_expect(t.level == AC_LEVEL_URGENT, "order %zu", i);
		EXPECT_TEXT(t.words, "Breath? yes");
	}
}

Test(triage, all_well_is_expected_and_free_text_may_stay_empty)
{
	struct ac_triage t = ASKED(URGENT SORE ELSE, "no", "2", "36.6", "calm", NULL);

	cr_expect(t.level == AC_LEVEL_EXPECTED);
	EXPECT_TEXT(t.rule, "p/c/3");
}

Test(triage, what_no_rule_speaks_of_is_a_call_back)
{
	struct ac_triage t = ASKED(URGENT, "no", "2", "36.6", "calm", NULL);

	cr_expect(t.level == AC_LEVEL_CALL_BACK);
	EXPECT_TEXT(t.rule, "no-rule");
}

Test(triage, a_check_in_without_any_rule_is_a_call_back)
{
	cr_expect(ASKED("", "no", "2", "36.6", "calm", "x").level == AC_LEVEL_CALL_BACK);
}

Test(triage, names_the_answers_that_alone_made_the_rule_hold)
{
	struct ac_triage t = ASKED(URGENT SORE ELSE, "no", "2", "36.6", "red", NULL);

	EXPECT_TEXT(t.rule, "p/c/2");
	EXPECT_TEXT(t.words, "Look? Red all over");
}

Test(triage, names_all_that_a_rule_reads_when_it_takes_several)
{
	struct ac_triage t =
	    ASKED("<rule when=\"answer/pain &gt; 3 and answer/look = 'red'\" outcome=\"urgent\"/>" ELSE, "no",
		"4", "36.6", "red", NULL);

	EXPECT_TEXT(t.words, "Pain? 4; Look? Red all over");
}

Test(triage, while_the_call_goes_on_nothing_is_expected_and_what_is_urgent_is)
{
	static const char *const none[NQ] = { NULL }, *const some[NQ] = { "yes", NULL };

	cr_expect(asked(URGENT SORE ELSE, none, false).level == AC_LEVEL_NONE);
	cr_expect(asked(URGENT SORE ELSE, some, false).level == AC_LEVEL_URGENT);
}

Test(triage, a_rule_that_hangs_on_what_the_chart_does_not_say_holds)
{
	struct ac_triage t = ASKED(
	    "<rule when=\"fact/thin = 'yes'\" outcome=\"urgent\"/>" ELSE, "no", "2", "36.6", "calm", NULL);

	cr_expect(t.level == AC_LEVEL_URGENT);
}

/* All answers of all questions but free text, and none, against the rules written once more in C. */
Test(triage, says_what_the_rules_say_for_every_set_of_answers_in_every_order)
{
	static const char *const breath[] = { NULL, "no", "yes" }, *const look[] = { NULL, "calm", "red" },
				 *const heat[] = { NULL, "36.6", "38.4", "38.5", "40.0" };
	static const char *const orders[] = { URGENT HOT SORE ELSE, ELSE SORE HOT URGENT };

	for (size_t i = 0; i < 3 * 3 * 5 * 12 * 2; i++) {
		const char *b = breath[i % 3], *l = look[i / 3 % 3], *h = heat[i / 9 % 5];
		int pain = (int)(i / 45 % 12) - 1;
		const char *p = pain < 0 ? NULL : ac_cstr(a, ac_strf(a, "%d", pain));
		bool urgent = (b != NULL && b[0] == 'y') || (h != NULL && strcmp(h, "38.5") >= 0);
		bool back = pain >= 7 || (l != NULL && l[0] == 'r') || b == NULL || l == NULL || h == NULL ||
			    p == NULL;
		struct ac_triage t = ASKED(orders[i / 540], b, p, h, l, NULL);
		enum ac_triage_level want = urgent ? AC_LEVEL_URGENT
					    : back ? AC_LEVEL_CALL_BACK
						   : AC_LEVEL_EXPECTED;
		cr_assert(t.level == want, "%s %s %s %s: %s", b, p, h, l, ac_level_word(t.level));
	}
}

/* One more answer never makes what was urgent less; taking one away never makes anything expected. */
Test(triage, an_answer_taken_away_never_makes_it_expected)
{
	uint64_t seed = 7;

	for (int round = 0; round < 400; round++) {
		static const char *const values[4][3] = { { "no", "yes", "no" }, { "0", "7", "10" },
			{ "36.6", "38.5", "37.0" }, { "calm", "red", "calm" } };
		const char *v[NQ] = { NULL };
		for (size_t i = 0; i < 4; i++)
			v[i] = values[i][next_random(&seed) % 3];
		struct ac_triage all = asked(URGENT HOT SORE ELSE, v, true);
		v[next_random(&seed) % 4] = NULL;
		struct ac_triage fewer = asked(URGENT HOT SORE ELSE, v, true);
		cr_assert(fewer.level >= AC_LEVEL_CALL_BACK && all.level >= AC_LEVEL_EXPECTED);
	}
}

Test(triage, of_two_check_ins_the_graver_counts)
{
	struct ac_triage x = { AC_LEVEL_CALL_BACK, AC_S("x"), AC_S("") },
			 y = { AC_LEVEL_URGENT, AC_S("y"), AC_S("") };

	EXPECT_TEXT(ac_triage_max(x, y).rule, "y");
	EXPECT_TEXT(ac_triage_max(y, x).rule, "y");
	EXPECT_TEXT(ac_triage_max(x, x).rule, "x");
}

Test(triage, takes_only_answers_that_fit_their_question)
{
	const struct ac_check_in *c = &loaded(ELSE)->check_ins[0];
	static const struct {
		size_t q;
		const char *value, *kept; /* NULL: refused */
	} t[] = { { 0, "yes", "yes" }, { 0, "Yes", NULL }, { 0, "", NULL }, { 1, "0", "0" },
		{ 1, "10", "10" }, { 1, " 7 ", "7" }, { 1, "11", NULL }, { 1, "-1", NULL },
		{ 1, "3.5", NULL }, { 1, "010", NULL }, { 2, "37,5", "37.5" }, { 2, "38", "38.0" },
		{ 2, "38.55", NULL }, { 2, "98.6", NULL }, { 2, "3", NULL }, { 2, "38.", NULL },
		{ 2, "a8.5", NULL }, { 3, "red", "red" }, { 3, "blue", NULL }, { 4, "May I?", "May I?" },
		{ 4, "  ", NULL } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct ac_str kept;
		bool ok = ac_said_fits(&c->questions[t[i].q], ac_str_c(t[i].value), a, &kept);
		cr_expect(ok == (t[i].kept != NULL), "%zu: %s", i, t[i].value);
		if (ok && t[i].kept != NULL)
			EXPECT_TEXT(kept, t[i].kept);
	}
	struct ac_str kept;
	bool ok = ac_said_fits(&c->questions[4], ac_strf(a, "%01001d", 7), a, &kept);
	cr_expect(ok == false, "longer than free text may be");
}
