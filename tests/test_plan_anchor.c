/* test_plan_anchor.c - from which moment a plan counts. */
#include "tests/plan_kit.h"

KIT_SUITE(plan_anchor);

#define UNTIL(offset) "<window until=\"" offset "\"/>"
#define SIMPLE(offset) KIT_PROTOCOL("p", "17999", KIT_BAN("no-sauna", "sauna", "", UNTIL(offset)))
#define DONE_AT(when) "\"procedures\":[" KIT_DONE("b1", "17999", when) "]"
#define DONE_SOMETIME "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\"}]"

static struct ac_plan *
simple(const char *protocol, const char *done)
{
	struct kit k = { .protocol = protocol, .more = done };

	return kit_plan(a, &k);
}

#define ANCHOR_IS(p, source, text) \
	do { \
		cr_expect_str_eq(ac_anchor_source_word((p)->treatments[0].anchor_source), source); \
		KIT_IS(p, (p)->treatments[0].anchor, text); \
	} while (0)

Test(plan_anchor, anchors_at_the_recorded_time_without_a_warning)
{
	struct ac_plan *p = simple(SIMPLE("48 h"), KIT_PERFORMED);

	ANCHOR_IS(p, "performed", "2026-03-28T14:35:00+01:00");
	cr_expect(eq(sz, p->nwarnings, 0));
}

Test(plan_anchor, anchors_at_the_answer_when_no_time_is_recorded)
{
	struct ac_str at = AC_S("2026-03-28T14:20:00+01:00");
	struct ac_answer ans = kit_answer("anchor", &at);
	struct kit k = { .protocol = SIMPLE("48 h"), .more = DONE_SOMETIME, .answers = &ans, .nanswers = 1 };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "answer", "2026-03-28T14:20:00+01:00");
	cr_expect(not(kit_warns(p, "ANCHOR-ASSUMED")), "an answer confirms");
}

Test(plan_anchor, anchors_at_the_end_of_the_encounter_and_says_so)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.more = DONE_SOMETIME,
		.encounter = "\"end\":\"2026-03-28T14:40:00+01:00\"",
		.issued_at = "2026-03-28T14:50:00+01:00" };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "encounter-end", "2026-03-28T14:40:00+01:00");
	cr_expect(kit_warns(p, "ANCHOR-ASSUMED"));
}

Test(plan_anchor, anchors_at_the_moment_of_issue_when_the_encounter_has_no_end)
{
	struct kit k = {
		.protocol = SIMPLE("48 h"), .more = DONE_SOMETIME, .issued_at = "2026-03-28T14:50:00+01:00"
	};
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "issue", "2026-03-28T14:50:00+01:00");
	cr_expect(kit_warns(p, "ANCHOR-ASSUMED"));
}

Test(plan_anchor, anchors_at_the_end_of_the_day_when_nothing_else_is_known)
{
	struct ac_plan *p = simple(SIMPLE("48 h"), DONE_SOMETIME);

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
	KIT_IS(p, p->lines[0].until, "2026-03-31T00:59:59+02:00");
	cr_expect(kit_warns(p, "ANCHOR-ASSUMED"));
}

Test(plan_anchor, takes_a_start_of_midnight_for_a_date)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.start = "2026-03-28T00:00:00+01:00",
		.encounter = "\"end\":\"2026-03-28T00:00:00+01:00\"",
		.more = DONE_SOMETIME };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
}

Test(plan_anchor, takes_a_procedure_of_midnight_for_a_date_when_the_start_is_one)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.start = "2026-03-28T00:00:00+01:00",
		.more = DONE_AT("2026-03-28T00:00:00+01:00") };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
}

Test(plan_anchor, never_counts_from_the_signature)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.more = DONE_SOMETIME,
		.encounter = "\"signed\":\"2026-03-28T15:40:00+01:00\"" };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
}

Test(plan_anchor, does_not_use_a_recorded_time_in_the_future)
{
	struct ac_plan *p = simple(SIMPLE("48 h"), DONE_AT("2026-03-28T17:00:00+01:00"));

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
	cr_expect(kit_warns(p, "PERFORMED-IN-FUTURE"));
}

Test(plan_anchor, forgives_a_clock_that_is_a_minute_ahead)
{
	struct ac_plan *p = simple(SIMPLE("48 h"), DONE_AT("2026-03-28T16:01:00+01:00"));

	ANCHOR_IS(p, "performed", "2026-03-28T16:01:00+01:00");
}

Test(plan_anchor, does_not_use_a_recorded_time_before_the_start)
{
	struct ac_plan *p = simple(SIMPLE("48 h"), DONE_AT("2026-03-28T13:59:59+01:00"));

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
	cr_expect(kit_warns(p, "PERFORMED-BEFORE-START"));
}

Test(plan_anchor, compares_dates_when_the_start_is_only_a_date)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.start = "2026-03-28T00:00:00+01:00",
		.more = DONE_AT("2026-03-27T23:59:00+01:00") };
	struct ac_plan *p = kit_plan(a, &k);

	cr_expect(kit_warns(p, "PERFORMED-BEFORE-START"));
}

Test(plan_anchor, uses_the_answer_when_the_recorded_time_cannot_be)
{
	struct ac_str at = AC_S("2026-03-28T14:20:00+01:00");
	struct ac_answer ans = kit_answer("anchor", &at);
	struct kit k = { .protocol = SIMPLE("48 h"),
		.more = DONE_AT("2027-03-28T14:35:00+02:00"),
		.answers = &ans,
		.nanswers = 1 };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "answer", "2026-03-28T14:20:00+01:00");
	cr_expect(kit_warns(p, "PERFORMED-IN-FUTURE"));
}

Test(plan_anchor, lets_the_recorded_time_win_over_the_answer_and_warns)
{
	struct ac_str at = AC_S("2026-03-28T14:20:00+01:00");
	struct ac_answer ans = kit_answer("anchor", &at);
	struct kit k = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED, .answers = &ans, .nanswers = 1 };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "performed", "2026-03-28T14:35:00+01:00");
	cr_expect(kit_warns(p, "ANSWER-DIFFERS"));
}

Test(plan_anchor, does_not_use_an_answer_that_is_no_time_or_in_the_future)
{
	struct ac_str no = AC_S("about three"), late = AC_S("2026-03-28T19:20:00+01:00");
	struct ac_answer ans = kit_answer("anchor", &no);
	struct kit k = { .protocol = SIMPLE("48 h"), .more = DONE_SOMETIME, .answers = &ans, .nanswers = 1 };

	cr_expect(kit_warns(kit_plan(a, &k), "ANSWER-INVALID"));
	ans.values.v = &late;
	struct ac_plan *p = kit_plan(a, &k);
	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
	cr_expect(kit_warns(p, "ANSWER-IN-FUTURE"));
}

Test(plan_anchor, keeps_an_assumed_time_that_stands_on_an_issued_sheet)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.more = DONE_SOMETIME,
		.encounter = "\"end\":\"2026-03-28T14:40:00+01:00\"",
		.issued_at = "2026-03-28T14:50:00+01:00" };
	struct ac_plan_input *in = kit_input(a, &k);

	in->issued_anchor = in->issued_at;
	ANCHOR_IS(kit_make(a, in), "issue", "2026-03-28T14:50:00+01:00");
}

Test(plan_anchor, does_not_use_an_end_before_the_start)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.more = DONE_SOMETIME,
		.encounter = "\"end\":\"2026-03-28T13:40:00+01:00\"" };
	struct ac_plan *p = kit_plan(a, &k);

	ANCHOR_IS(p, "end-of-day", "2026-03-28T23:59:59+01:00");
}

Test(plan_anchor, lets_a_task_begin_at_once_although_the_end_of_the_day_stands_for_the_time)
{
	struct ac_plan *p =
	    simple(KIT_PROTOCOL("p", "17999", KIT_TASK("sheet", "until=\"2 h\"")), DONE_SOMETIME);

	KIT_IS(p, p->tasks[0].not_before, "2026-03-28T14:00:00+01:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-29T01:59:59+01:00");
}
