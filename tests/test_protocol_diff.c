/* test_protocol_diff.c - what a change of a protocol means: stronger, weaker, wider, narrower, or nothing. */
#include "core/protocol_diff.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(protocol_diff);

static struct ac_changes
diff(const char *before, const char *after)
{
	struct ac_changes c;

	ac_protocol_diff(kit_protocol(a, before), kit_protocol(a, after), a, &c);
	return c;
}

#define FACTS \
	"<fact name=\"area\" type=\"choice\" many=\"yes\"><label xml:lang=\"en\">a</label>" \
	"<value code=\"face\"><label xml:lang=\"en\">f</label></value>" \
	"<value code=\"scalp\"><label xml:lang=\"en\">s</label></value>" \
	"<value code=\"neck\"><label xml:lang=\"en\">n</label></value></fact>" \
	"<fact name=\"thinner\" type=\"yes-no\"><label xml:lang=\"en\">b</label></fact>" \
	"<fact name=\"session\" type=\"number\"><label xml:lang=\"en\">n</label></fact>" \
	"<fact name=\"sessions\" type=\"number\"><label xml:lang=\"en\">n</label></fact>"
#define P(body) KIT_PROTOCOL("p", "17999", FACTS body)
#define WHEN(condition) P(KIT_BAN("x", "c", "when=\"" condition "\"", "<window until=\"48 h\"/>"))
#define UNTIL(t) P(KIT_BAN("x", "c", "", "<window until=\"" t "\"/>"))

/* One change, in the words of the CLI without its sum. */
static struct ac_str
words(const char *before, const char *after)
{
	struct ac_changes c = diff(before, after);
	struct ac_str s = ac_changes_words(&c, false, a), all = s, line;

	while (ac_str_is_set(all) && all.n > 0) {
		struct ac_str start = all;
		all = ac_cut(all, '\n', &line);
		if (!ac_str_is_set(all) || all.n == 0)
			return (struct ac_str){ s.p, (size_t)(start.p - s.p) };
	}
	return s;
}
#define IS(before, after, want) EXPECT_TEXT(words(before, after), want)
#define IS_SAME(before, after) \
	do { \
		struct ac_changes c_ = diff(before, after); \
		cr_expect(c_.n == 0, "%.*s", AC_FMT(ac_changes_words(&c_, false, a))); \
	} while (0)

Test(protocol_diff, says_that_a_restriction_ends_earlier)
{
	IS(UNTIL("48 h"), UNTIL("24 h"), "~ x (restriction, on the sheet): until 48 h → 24 h, WEAKER\n");
}

Test(protocol_diff, new_line_says_for_whom_it_is)
{
	struct ac_str s = words(P(""), WHEN("fact/area = 'scalp'"));

	cr_expect(strstr(ac_cstr(a, s), "; only when fact/area = 'scalp'; until 48 h") != NULL, "%.*s", AC_FMT(s));
}

Test(protocol_diff, new_task_says_each_of_its_times)
{
	struct ac_str s = words(P(""), P("<task id=\"t\" kind=\"call\" role=\"nurse\" at=\"4 w 12 w\" within=\"2 d\"><text xml:lang=\"en\">Call.</text></task>"));

	cr_expect(strstr(ac_cstr(a, s), "call of the nurse, at 4 w 12 w, within 2 d") != NULL, "%.*s", AC_FMT(s));
}

Test(protocol_diff, new_series_without_numbers_says_that_they_are_not_decided)
{
	struct ac_str s = words(P(""), P("<series id=\"s\"/>"));

	cr_expect(strstr(ac_cstr(a, s), "not decided how many, how far apart is not decided") != NULL, "%.*s", AC_FMT(s));
}

Test(protocol_diff, says_that_a_restriction_ends_later)
{
	IS(UNTIL("2 d"), UNTIL("3 d 08:00"),
	    "~ x (restriction, on the sheet): until 2 d → 3 d 08:00, STRONGER\n");
}

Test(protocol_diff, does_not_rank_two_days_against_48_hours)
{
	IS(UNTIL("48 h"), UNTIL("2 d"), "~ x (restriction, on the sheet): until 48 h → 2 d\n");
}

Test(protocol_diff, calls_the_same_time_in_another_unit_reworded)
{
	IS(UNTIL("7 d"), UNTIL("1 w"),
	    "~ x (restriction, on the sheet): until reworded\n    - 7 d\n    + 1 w\n");
}

Test(protocol_diff, ranks_no_end_above_any_end)
{
	IS(P(KIT_BAN("x", "c", "", "<window from=\"1 h\"/>")),
	    P(KIT_BAN("x", "c", "", "<window from=\"1 h\" until=\"4 w\"/>")),
	    "~ x (restriction, on the sheet): until no end → 4 w, WEAKER\n");
}

Test(protocol_diff, takes_a_later_start_of_care_for_stronger)
{
	IS(P(KIT_CARE("x", "c", "", "<window from=\"12 h\"/>")),
	    P(KIT_CARE("x", "c", "", "<window from=\"24 h\"/>")),
	    "~ x (care, on the sheet): from 12 h → 24 h, STRONGER\n");
}

Test(protocol_diff, takes_a_later_start_of_a_restriction_for_weaker)
{
	IS(P(KIT_BAN("x", "c", "", "<window from=\"12 h\"/>")),
	    P(KIT_BAN("x", "c", "", "<window from=\"24 h\"/>")),
	    "~ x (restriction, on the sheet): from 12 h → 24 h, WEAKER\n");
}

Test(protocol_diff, finds_a_wider_condition)
{
	IS(WHEN("fact/area = 'face'"), WHEN("fact/area = 'face' or fact/area = 'neck'"),
	    "~ x (restriction, on the sheet): when widened: fact/area = 'face' → fact/area = 'face' or "
	    "fact/area = "
	    "'neck', STRONGER\n");
}

Test(protocol_diff, finds_a_narrower_condition_of_numbers)
{
	IS(WHEN("patient/age &gt; 17"), WHEN("patient/age &gt; 30"),
	    "~ x (restriction, on the sheet): when narrowed: patient/age > 17 → patient/age > 30, WEAKER\n");
}

Test(protocol_diff, finds_a_condition_that_holds_for_others)
{
	struct ac_changes c = diff(WHEN("fact/area = 'face'"), WHEN("fact/area = 'neck'"));

	cr_assert(c.n == 1);
	cr_expect(c.v[0].kind == AC_CHANGE_CHANGED && c.v[0].strength == AC_STRENGTH_NONE);
	EXPECT_TEXT(c.v[0].note, "holds for some more and for some no more");
}

Test(protocol_diff, sees_no_change_in_another_wording_of_a_condition)
{
	IS_SAME(WHEN("fact/area = 'face' or fact/area = 'neck'"),
	    WHEN("(fact/area='neck') or fact/area=\t'face'"));
	IS_SAME(WHEN("not(fact/area = 'face' or fact/area = 'neck')"),
	    WHEN("not(fact/area = 'face') and not('neck' = fact/area)"));
	IS_SAME(WHEN("patient/age &gt; 17"), WHEN("patient/age &gt;= 18"));
	IS_SAME(WHEN("fact/session &lt; fact/sessions"), WHEN("fact/sessions &gt; fact/session"));
	IS_SAME(WHEN("count(product/lot) &gt; 1"), WHEN("not(count(product/lot) &lt;= 1)"));
}

Test(protocol_diff, knows_that_sessions_need_not_be_whole_numbers)
{
	IS(WHEN("fact/session &gt; 2"), WHEN("fact/session &gt;= 3"),
	    "~ x (restriction, on the sheet): when narrowed: fact/session > 2 → fact/session >= 3, WEAKER\n");
}

Test(protocol_diff, knows_that_one_of_many_can_differ)
{
	struct ac_changes c = diff(WHEN("not(fact/area = 'face')"), WHEN("fact/area != 'face'"));

	cr_assert(c.n == 1);
	EXPECT_TEXT(c.v[0].note, "holds for some more and for some no more");
}

Test(protocol_diff, says_when_only_undeclared_values_differ)
{
	struct ac_changes c = diff(WHEN("not(fact/thinner = 'no')"), WHEN("fact/thinner = 'yes'"));

	cr_assert(c.n == 1);
	cr_expect(c.v[0].kind == AC_CHANGE_CHANGED);
	EXPECT_TEXT(c.v[0].note, "the same, unless a chart sends values that the protocol does not declare");
}

Test(protocol_diff, says_when_only_what_is_assumed_differs)
{
	struct ac_changes c = diff(WHEN("fact/area = 'face' or not(fact/area = 'face')"), WHEN("true()"));

	cr_assert(c.n == 1);
	EXPECT_TEXT(c.v[0].note, "holds for the same; what is assumed or asked for differs");
}

Test(protocol_diff, does_not_claim_what_it_cannot_decide)
{
	struct ac_changes c =
	    diff(WHEN("fact/area = 'a' or fact/area = 'b' or fact/area = 'd' or fact/area = 'e' or "
		      "fact/area = 'f' or fact/area = 'g' or fact/area = 'h' or fact/area = 'i' or "
		      "fact/area = 'j' or fact/area = 'k' or fact/area = 'l' or fact/area = 'm'"),
		WHEN("fact/area = 'a'"));

	cr_assert(c.n == 1);
	cr_expect(c.v[0].strength == AC_STRENGTH_NONE);
	EXPECT_TEXT(c.v[0].note, "too many cases to compare: read it");
}

Test(protocol_diff, takes_more_expected_for_weaker)
{
#define NORMAL(t) P("<expectation id=\"x\" until=\"" t "\">" KIT_TEXT "</expectation>")
	IS(NORMAL("2 d"), NORMAL("3 d"), "~ x (expectation, on the sheet): until 2 d → 3 d, WEAKER\n");
}

Test(protocol_diff, takes_an_emergency_instead_of_a_call_for_stronger)
{
#define FLAG(l) P("<red-flag id=\"x\" level=\"" l "\">" KIT_TEXT "</red-flag>")
	IS(FLAG("call"), FLAG("emergency"),
	    "~ x (red flag, on the sheet): level call → emergency, STRONGER\n");
}

Test(protocol_diff, takes_a_later_due_for_weaker)
{
	IS(P(KIT_TASK("x", "until=\"2 d\"")), P(KIT_TASK("x", "until=\"3 d\"")),
	    "~ x (task): due 2 d → 3 d, WEAKER\n");
}

Test(protocol_diff, shows_a_line_that_is_new_and_one_that_is_gone)
{
	IS(P(KIT_BAN("x", "c", "", "")), P(KIT_CARE("y", "d", "", "<window until=\"2 d\"/>")),
	    "- x (restriction, on the sheet): gone, WEAKER\n    - words\n"
	    "+ y (care, on the sheet): new, STRONGER\n    + words; until 2 d\n");
}

Test(protocol_diff, follows_a_line_to_its_new_name_by_its_concept)
{
	IS(P(KIT_BAN("x", "c", "", "<window until=\"2 d\"/>")),
	    P(KIT_BAN("y", "c", "", "<window until=\"1 d\"/>")),
	    "~ y (restriction): renamed from x\n~ y (restriction, on the sheet): until 2 d → 1 d, WEAKER\n");
}

Test(protocol_diff, does_not_guess_a_new_name_when_two_lines_have_the_concept)
{
	struct ac_changes c =
	    diff(P(KIT_BAN("x", "c", "", "") KIT_BAN("z", "c", "", "")), P(KIT_BAN("y", "c", "", "")));

	cr_expect(c.n == 3);
	for (size_t i = 0; i < c.n; i++)
		cr_expect(c.v[i].kind == AC_CHANGE_NEW || c.v[i].kind == AC_CHANGE_GONE);
}

Test(protocol_diff, names_the_fewest_lines_that_moved)
{
	IS(P(KIT_BAN("x", "c", "", "") KIT_BAN("y", "d", "", "") KIT_BAN("z", "e", "", "")),
	    P(KIT_BAN("z", "e", "", "") KIT_BAN("x", "c", "", "") KIT_BAN("y", "d", "", "")),
	    "~ z (restriction, on the sheet): moved\n");
}

#define TWO(x, y) P(KIT_BAN("x", "c", "", x y))
#define LONG "<window until=\"4 d\" when=\"fact/area = 'face'\"/>"
#define ELSE "<window until=\"2 d\"/>"

Test(protocol_diff, knows_that_the_first_window_that_fits_counts)
{
	IS(TWO(LONG, ELSE), TWO(ELSE, LONG),
	    "~ x (restriction, on the sheet): windows moved, WEAKER\n    (the first that fits counts)\n");
}

Test(protocol_diff, sees_no_change_when_the_order_of_windows_cannot_matter)
{
	IS_SAME(TWO(LONG, "<window until=\"2 d\" when=\"not(fact/area = 'face')\"/>"), TWO(LONG, ELSE));
}

Test(protocol_diff, ranks_a_new_window_by_when_the_line_ends)
{
	IS(TWO("", ELSE), TWO(LONG, ELSE),
	    "~ x (restriction, on the sheet): window when fact/area = 'face' new, STRONGER\n    + until 4 "
	    "d\n");
}

Test(protocol_diff, shows_both_wordings_of_a_text_by_language)
{
#define IN_TWO(de) \
	KIT_PROTOCOL("p", "1", "<goal id=\"g\">" KIT_TEXT "<text xml:lang=\"de\">" de "</text></goal>")
	IS(IN_TWO("Alt"), IN_TWO("Neu"), "~ g (goal): text de reworded\n    - Alt\n    + Neu\n");
}

Test(protocol_diff, takes_a_new_exception_for_weaker)
{
	struct ac_changes c = diff(P(KIT_BAN("x", "c", "", "")),
	    P("<instruction id=\"x\" concept=\"c\" kind=\"restriction\">" KIT_TEXT
	      "<except xml:lang=\"en\">with soap</except></instruction>"));

	cr_assert(c.n == 1);
	cr_expect(c.v[0].strength == AC_STRENGTH_WEAKER);
	EXPECT_TEXT(c.v[0].part, "except");
}

Test(protocol_diff, ranks_a_triage_rule_by_its_outcome)
{
#define TRIAGE(w) \
	P("<check-in id=\"x\"><question id=\"pain\" type=\"score\">" KIT_TEXT "</question><rule when=\"" w \
	  "\" outcome=\"urgent\"/></check-in>")
	IS(TRIAGE("answer/pain &gt; 5"), TRIAGE("answer/pain &gt; 7"),
	    "~ x (check-in): rule urgent narrowed: answer/pain > 5 → answer/pain > 7, WEAKER\n");
}

Test(protocol_diff, paints_only_when_asked)
{
	struct ac_changes c = diff(UNTIL("48 h"), UNTIL("24 h"));

	cr_expect(strstr(ac_cstr(a, ac_changes_words(&c, true, a)), "\033[1;31mWEAKER\033[0m") != NULL);
	cr_expect(strchr(ac_cstr(a, ac_changes_words(&c, false, a)), '\033') == NULL);
}

Test(protocol_diff, counts_in_the_sum)
{
	struct ac_changes c = diff(UNTIL("48 h"), UNTIL("24 h"));

	cr_expect(c.n == 1 && c.nweaker == 1 && c.nstronger == 0 && c.nvisible == 1);
}

Test(protocol_diff, shows_a_check_in_that_is_gone)
{
	IS(TRIAGE("answer/pain &gt; 5"), P(""),
	    "- x (check-in): gone, WEAKER\n    - 1 question(s), 1 rule(s)\n");
}
