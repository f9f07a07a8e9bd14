/* What completes a follow-up task: the act itself, in the same commit and in the name of whoever did it. */
#include "tests/visit_kit.h"

TestSuite(task, .init = set_up, .fini = tear_down);

#define GIVE "mesotherapy/give-sheet/1"
#define LOT "mesotherapy/record-lot/1"

Test(task, the_sheet_given_out_completes_the_task_that_asks_for_it)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	cr_assert(is(task_named(record_of(&k, plan, 0), GIVE), "requested"));
	issue(&k, plan, 1);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), GIVE);
	cr_assert(is(t, "completed"));
	EXPECT_TEXT(t->outcome, "the sheet was given out");
	EXPECT_TEXT(t->actor, "nurse");
	cr_expect(t->done_ms == k.now_ms);
}

Test(task, giving_out_completes_no_task_that_waits_for_a_person)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	issue(&k, plan, 1);
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(is(task_named(r, "mesotherapy/teach-back/1"), "requested"));
	cr_expect(is(task_named(r, "mesotherapy/call-day-2/1"), "requested"));
}

Test(task, a_later_version_does_not_ask_again_for_the_sheet_that_was_given)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	put(&k, (struct visit){ .revision = 4, .code = "" });
	put(&k, (struct visit){ .revision = 5, .area = "scalp", .signed_at = SIGNED_AGAIN("45") });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.version == 5 && is(task_named(r, GIVE), "completed"));
}

Test(task, the_lot_in_the_chart_completes_the_task_that_asks_for_it)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	cr_assert(is(task_named(record_of(&k, plan, 0), LOT), "requested"));
	put(&k, (struct visit){ .revision = 2, .area = "face", .lot = "L-2231" });
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), LOT);
	cr_assert(is(t, "completed"));
	EXPECT_TEXT(t->outcome, "recorded");
	EXPECT_TEXT(t->actor, "system");
	put(&k, (struct visit){ .revision = 3, .area = "face" });
	cr_expect(is(task_named(record_of(&k, plan, 0), LOT), "completed"), "never repeated");
}

Test(task, an_answer_completes_the_task_that_asks_for_it_in_the_name_of_who_answered)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "when=\"not(count(product/lot) &gt;= 1)\"",
			    "when=\"not(fact/technique = 'needle')\""));
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "needle", &r, &e), AC_OK, e);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), LOT);
	cr_assert(is(t, "completed"));
	EXPECT_TEXT(t->actor, "nurse");
}

Test(task, that_leaves_with_its_protocol_is_cancelled_not_done)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .code = "" });
	cr_expect(is(task_named(record_of(&k, plan, 0), LOT), "cancelled"));
	cr_expect(is(task_named(record_of(&k, plan, 0), GIVE), "cancelled"));
}

Test(task, whose_condition_goes_is_cancelled_when_no_record_completes_it)
{
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, " done-by=\"record\"", ""));
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .area = "face", .lot = "L-2231" });
	cr_expect(is(task_named(record_of(&k, plan, 0), LOT), "cancelled"));
}
