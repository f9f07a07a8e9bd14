/* When a patient is told to expect a call: the task's time within the hours in which the protocols allow to call. */
#include "core/call_hours.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(call_hours);

#define NINE_TO_SEVEN { .call_from = 9 * 60, .call_until = 19 * 60 }

/* "from until", as the clock on the wall in Berlin says. */
static struct ac_str
window(const struct ac_task_def *def, const char *from, const char *until)
{
	const struct ac_zone *z = kit_zone(a, "Europe/Berlin");
	struct ac_plan_task t = { .def = def, .not_before = kit_time(from), .due = kit_time(until) };
	int64_t at[2];
	struct ac_wall w[2];

	ac_call_window(z, &t, &at[0], &at[1]);
	for (size_t i = 0; i < 2; i++)
		w[i] = ac_wall_at(z, at[i]);
	return ac_strf(a, "%02d-%02d %02d:%02d %02d-%02d %02d:%02d", w[0].month, w[0].day, w[0].hour, w[0].min, w[1].month,
	    w[1].day, w[1].hour, w[1].min);
}

Test(call_hours, begin_in_the_morning_where_the_task_begins_at_night)
{
	struct ac_task_def d = NINE_TO_SEVEN;

	EXPECT_TEXT(window(&d, "2026-06-18T06:50:00+02:00", "2026-06-19T12:00:00+02:00"), "06-18 09:00 06-19 12:00");
}

Test(call_hours, begin_the_next_day_where_the_task_begins_in_the_evening)
{
	struct ac_task_def d = NINE_TO_SEVEN;

	EXPECT_TEXT(window(&d, "2026-06-18T19:00:00+02:00", "2026-06-20T12:00:00+02:00"), "06-19 09:00 06-20 12:00");
}

Test(call_hours, end_in_the_evening_before_where_the_task_ends_at_night)
{
	struct ac_task_def d = NINE_TO_SEVEN;

	EXPECT_TEXT(window(&d, "2026-06-18T10:00:00+02:00", "2026-06-20T06:00:00+02:00"), "06-18 10:00 06-19 19:00");
	EXPECT_TEXT(window(&d, "2026-06-18T10:00:00+02:00", "2026-06-20T23:00:00+02:00"), "06-18 10:00 06-20 19:00");
}

Test(call_hours, follow_the_clock_on_the_wall_over_a_change_of_the_clocks)
{
	struct ac_task_def d = NINE_TO_SEVEN;

	EXPECT_TEXT(window(&d, "2026-03-28T20:00:00+01:00", "2026-03-30T03:00:00+02:00"), "03-29 09:00 03-29 19:00");
}

Test(call_hours, leave_a_time_that_lies_outside_them_altogether)
{
	struct ac_task_def d = NINE_TO_SEVEN;

	EXPECT_TEXT(window(&d, "2026-06-18T20:00:00+02:00", "2026-06-18T23:00:00+02:00"), "06-18 20:00 06-18 23:00");
}

Test(call_hours, leave_a_time_where_no_protocol_says_any)
{
	struct ac_task_def d = { 0 };

	EXPECT_TEXT(window(&d, "2026-06-18T06:50:00+02:00", "2026-06-19T23:00:00+02:00"), "06-18 06:50 06-19 23:00");
}

Test(call_hours, are_those_that_all_merged_protocols_allow)
{
	struct ac_task_def one = NINE_TO_SEVEN, two = { .call_from = 10 * 60, .call_until = 20 * 60 };
	const struct ac_task_def *merged[] = { &two };
	struct ac_plan_task t = { .def = &one, .merged = merged, .nmerged = 1 };
	int16_t from, until;

	cr_assert(ac_call_hours(&t, &from, &until));
	cr_expect(from == 10 * 60 && until == 19 * 60, "%d %d", from, until);
}
