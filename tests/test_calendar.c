/* test_calendar.c - open days, and where a task goes that falls on a closed one. */
#include "tests/plan_kit.h"

KIT_SUITE(calendar);

static struct ac_plan_input *
input_of_task(const char *performed, const char *attrs, const char *more)
{
	struct kit k = { .start = "2026-01-01T08:00:00+01:00", .made_at = "2026-12-01T00:00:00Z" };

	k.protocol = ac_cstr(
	    a, ac_strf(a,
		   "<protocol " KIT_NS
		   " id=\"p\" owner=\"test\"><title xml:lang=\"en\">p</title><trigger system=\"CPT4\" "
		   "code=\"17999\"/><task id=\"t\" role=\"nurse\" %s>" KIT_TEXT "</task></protocol>",
		   attrs));
	k.more = ac_cstr(a, ac_strf(a,
				"\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\","
				"\"performed\":\"%s\"}]%s",
				performed, more == NULL ? "" : more));
	return kit_input(a, &k);
}

static struct ac_plan *
plan_of_task(const char *performed, const char *attrs, const char *more)
{
	return kit_make(a, input_of_task(performed, attrs, more));
}

static bool
open_at(const char *t)
{
	return ac_clinic_is_open(kit_clinic(a), kit_zone(a, "Europe/Berlin"), kit_time(t));
}

Test(calendar, is_open_from_the_first_minute_and_closed_at_the_last)
{
	cr_expect(not(open_at("2026-03-30T08:59:59+02:00")));
	cr_expect(open_at("2026-03-30T09:00:00+02:00"));
	cr_expect(open_at("2026-03-30T17:59:59+02:00"));
	cr_expect(not(open_at("2026-03-30T18:00:00+02:00")));
}

Test(calendar, is_closed_on_weekends_and_holidays_and_says_why)
{
	struct ac_str why = { 0 };

	cr_expect(not(open_at("2026-03-28T12:00:00+01:00")));
	cr_expect(not(ac_clinic_day_is_open(kit_clinic(a), ac_days_from_civil(2026, 4, 3), &why)));
	cr_expect(ac_streq_c(why, "Good Friday"));
	cr_expect(not(ac_clinic_day_is_open(kit_clinic(a), ac_days_from_civil(2026, 4, 5), &why)));
	cr_expect(ac_streq_c(why, "Sunday"));
}

Test(calendar, is_open_every_day_but_the_listed_ones_when_no_hours_are_given)
{
	struct ac_err e = { 0 };
	const struct ac_clinic *c = NULL;

	cr_assert(ac_clinic_load(AC_S("[clinic]\nname = T\n[calendar]\nclosed = 2026-04-03 Good Friday\n"), a,
		      &c, &e) == AC_OK,
	    "%s", e.msg);
	cr_expect(ac_clinic_day_is_open(c, ac_days_from_civil(2026, 4, 5), NULL));
	cr_expect(not(ac_clinic_day_is_open(c, ac_days_from_civil(2026, 4, 3), NULL)));
	cr_expect(ac_clinic_is_open(c, kit_zone(a, "Europe/Berlin"), kit_time("2026-04-05T03:00:00+02:00")));
}

Test(calendar, leaves_a_task_that_is_due_on_an_open_day)
{
	struct ac_plan *p = plan_of_task("2026-03-23T14:00:00+01:00",
	    "kind=\"call\" from=\"44 h\" until=\"3 d 12:00\" closed=\"after\" shift=\"1 d\"", NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-03-25T10:00:00+01:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-26T12:00:00+01:00");
	cr_expect(not(p->tasks[0].shifted));
}

Test(calendar, moves_a_task_to_the_open_day_after)
{
	/* Thursday; due on Sunday noon */
	struct ac_plan *p = plan_of_task("2026-03-26T14:00:00+01:00",
	    "kind=\"call\" from=\"44 h\" until=\"3 d 12:00\" closed=\"after\" shift=\"1 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-03-30T12:00:00+02:00");
	cr_expect(p->tasks[0].shifted && !p->tasks[0].unplaced);
}

Test(calendar, a_task_that_moves_on_does_not_begin_on_a_closed_day)
{
	/* Thursday; from Saturday (closed) to Sunday noon */
	struct ac_plan *p = plan_of_task("2026-03-26T14:00:00+01:00",
	    "kind=\"call\" from=\"2 d 09:00\" until=\"3 d 12:00\" closed=\"after\" shift=\"1 d\"", NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-03-30T09:00:00+02:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-30T12:00:00+02:00");
}

Test(calendar, a_plan_of_before_is_made_again_with_the_hour_that_it_had)
{
	struct ac_plan_input *in = input_of_task("2026-03-26T14:00:00+01:00",
	    "kind=\"call\" from=\"2 d 09:00\" until=\"3 d 12:00\" closed=\"after\" shift=\"1 d\"", NULL);

	in->keeps_first_hour = true;
	struct ac_plan *p = kit_make(a, in);
	KIT_IS(p, p->tasks[0].not_before, "2026-03-28T09:00:00+01:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-30T12:00:00+02:00");
}

Test(calendar, a_task_that_moves_on_still_begins_on_an_open_day_before)
{
	/* Thursday; from Friday, on which it may be done, to Sunday noon */
	struct ac_plan *p = plan_of_task("2026-03-26T14:00:00+01:00",
	    "kind=\"call\" from=\"1 d 10:00\" until=\"3 d 12:00\" closed=\"after\" shift=\"1 d\"", NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-03-27T10:00:00+01:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-30T12:00:00+02:00");
}

#define CALL_ON_DAY_2 "kind=\"call\" from=\"2 d 09:00\" until=\"2 d 18:00\" closed=\"monday\" shift=\"7 d\""

Test(calendar, a_call_on_day_2_stays_there_on_an_open_day)
{
	struct ac_plan *p = plan_of_task("2026-03-24T14:00:00+01:00", CALL_ON_DAY_2, NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-03-26T09:00:00+01:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-26T18:00:00+01:00");
	cr_expect(not(p->tasks[0].shifted));
}

Test(calendar, a_call_on_day_2_that_is_a_sunday_is_made_on_monday)
{
	struct ac_plan *p = plan_of_task("2026-03-27T14:00:00+01:00", CALL_ON_DAY_2, NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-03-30T09:00:00+02:00");
	KIT_IS(p, p->tasks[0].due, "2026-03-30T18:00:00+02:00");
	cr_expect(p->tasks[0].shifted);
}

Test(calendar, a_call_on_day_2_that_is_a_holiday_is_made_on_monday_not_on_the_next_open_day)
{
	/* Thursday 14 May is closed, Friday 15 May is open */
	struct ac_plan *p = plan_of_task("2026-05-12T14:00:00+02:00", CALL_ON_DAY_2, NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-05-18T09:00:00+02:00");
	KIT_IS(p, p->tasks[0].due, "2026-05-18T18:00:00+02:00");
}

Test(calendar, a_monday_that_is_closed_too_gives_the_next_open_day)
{
	/* Good Friday; Easter Monday is closed */
	struct ac_plan *p = plan_of_task("2026-04-01T14:00:00+02:00", CALL_ON_DAY_2, NULL);

	KIT_IS(p, p->tasks[0].not_before, "2026-04-07T09:00:00+02:00");
	KIT_IS(p, p->tasks[0].due, "2026-04-07T18:00:00+02:00");
}

Test(calendar, a_named_day_beyond_the_shift_is_shown)
{
	struct ac_plan *p = plan_of_task("2026-05-12T14:00:00+02:00",
	    "kind=\"call\" from=\"2 d 09:00\" until=\"2 d 18:00\" closed=\"monday\" shift=\"3 d\"", NULL);

	cr_expect(p->tasks[0].unplaced && kit_warns(p, "TASK-UNPLACED"));
}

Test(calendar, moves_a_task_to_the_open_day_before)
{
	struct ac_plan *p = plan_of_task("2026-03-26T14:00:00+01:00",
	    "kind=\"call\" from=\"2 d\" until=\"3 d 12:00\" closed=\"before\" shift=\"2 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-03-27T12:00:00+01:00");
	KIT_IS(p, p->tasks[0].not_before, "2026-03-27T09:00:00+01:00");
	cr_expect(p->tasks[0].shifted);
}

Test(calendar, takes_closing_time_when_the_clock_time_is_outside_hours)
{
	/* Saturday 22:00 to Friday: the last open minute */
	struct ac_plan *p = plan_of_task(
	    "2026-03-25T22:00:00+01:00", "kind=\"call\" until=\"3 d\" closed=\"before\" shift=\"1 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-03-27T18:00:00+01:00");
}

Test(calendar, skips_a_holiday_behind_a_weekend)
{
	/* Friday 3 April (closed) to Monday 6 April (closed): Tuesday */
	struct ac_plan *p = plan_of_task("2026-03-31T14:00:00+02:00",
	    "kind=\"call\" until=\"3 d 12:00\" closed=\"after\" shift=\"4 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-04-07T12:00:00+02:00");
}

Test(calendar, shows_a_task_that_no_open_day_can_take)
{
	struct ac_plan *p = plan_of_task("2026-03-31T14:00:00+02:00",
	    "kind=\"call\" until=\"3 d 12:00\" closed=\"after\" shift=\"3 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-04-03T12:00:00+02:00");
	cr_expect(p->tasks[0].unplaced && !p->tasks[0].shifted);
	cr_expect(kit_warns(p, "TASK-UNPLACED"));
}

Test(calendar, counts_a_shift_in_hours_as_elapsed_time)
{
	/* Sunday noon to Monday noon: 24 hours */
	struct ac_plan *p = plan_of_task("2026-04-16T14:00:00+02:00",
	    "kind=\"call\" until=\"3 d 12:00\" closed=\"after\" shift=\"23 h\"", NULL);
	struct ac_plan *q = plan_of_task("2026-04-16T14:00:00+02:00",
	    "kind=\"call\" until=\"3 d 12:00\" closed=\"after\" shift=\"24 h\"", NULL);

	cr_expect(p->tasks[0].unplaced);
	KIT_IS(q, q->tasks[0].due, "2026-04-20T12:00:00+02:00");
}

Test(calendar, never_moves_an_urgent_task)
{
	struct ac_plan *p = plan_of_task("2026-03-26T14:00:00+01:00",
	    "kind=\"call\" urgent=\"yes\" until=\"3 d 12:00\" closed=\"after\" shift=\"3 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-03-29T12:00:00+02:00");
	cr_expect(not(p->tasks[0].shifted || p->tasks[0].unplaced));
}

Test(calendar, never_moves_a_task_that_says_keep)
{
	struct ac_plan *p = plan_of_task(
	    "2026-03-26T14:00:00+01:00", "kind=\"call\" until=\"3 d 12:00\" closed=\"keep\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-03-29T12:00:00+02:00");
}

Test(calendar, never_moves_a_task_before_the_treatment)
{
	/* treated on Saturday, due on Sunday, "before" would be Friday */
	struct ac_plan *p = plan_of_task(
	    "2026-03-28T14:00:00+01:00", "kind=\"call\" until=\"1 d\" closed=\"before\" shift=\"5 d\"", NULL);

	cr_expect(p->tasks[0].unplaced);
	KIT_IS(p, p->tasks[0].due, "2026-03-29T14:00:00+02:00");
}

Test(calendar, does_not_leave_a_task_due_before_the_doors_open_on_a_monday)
{
	/* Sunday 10:00 to Monday 08:00: nobody is there */
	struct ac_plan *p = plan_of_task("2026-03-27T10:00:00+01:00",
	    "kind=\"call\" from=\"2 d 10:00\" until=\"3 d 08:00\" closed=\"after\" shift=\"1 d\"", NULL);

	KIT_IS(p, p->tasks[0].due, "2026-03-30T18:00:00+02:00");
	cr_expect(p->tasks[0].shifted);
}

#define VISIT \
	"kind=\"visit\" from=\"12 d\" until=\"16 d\" range=\"10 d..20 d\" closed=\"after\" shift=\"3 d\""
#define BOOKED(when, category, status) \
	",\"appointments\":[{\"id\":\"77\",\"start\":\"" when "\",\"category\":\"" category \
	"\",\"status\":\"" status "\"}]"

Test(calendar, takes_the_booked_follow_up_as_the_time_of_the_visit)
{
	struct ac_plan *p = plan_of_task(
	    "2026-03-28T14:00:00+01:00", VISIT, BOOKED("2026-04-11T10:00:00+02:00", "Follow-up", "booked"));

	KIT_IS(p, p->tasks[0].due, "2026-04-11T10:00:00+02:00");
	cr_assert(p->tasks[0].appointment != NULL);
	cr_expect(ac_streq_c(p->tasks[0].appointment->id, "77"));
	cr_expect(not(p->tasks[0].shifted), "who booked a Saturday meant it");
}

Test(calendar, warns_of_a_follow_up_that_is_booked_too_late)
{
	struct ac_plan *p = plan_of_task(
	    "2026-03-28T14:00:00+01:00", VISIT, BOOKED("2026-04-30T10:00:00+02:00", "Follow-up", "booked"));

	KIT_IS(p, p->tasks[0].due, "2026-04-13T14:00:00+02:00");
	cr_expect(kit_warns(p, "APPOINTMENT-OUT-OF-RANGE"));
}

Test(calendar, does_not_take_a_cancelled_or_another_appointment_for_the_follow_up)
{
	struct ac_plan *p = plan_of_task("2026-03-28T14:00:00+01:00", VISIT,
	    BOOKED("2026-04-11T10:00:00+02:00", "Follow-up", "cancelled"));
	struct ac_plan *q = plan_of_task(
	    "2026-03-28T14:00:00+01:00", VISIT, BOOKED("2026-04-11T10:00:00+02:00", "Mesotherapy", "booked"));

	cr_expect(p->tasks[0].appointment == NULL);
	cr_expect(q->tasks[0].appointment == NULL);
	cr_expect(not(kit_warns(q, "APPOINTMENT-OUT-OF-RANGE")));
}

static struct ac_plan_input *
input_of_course(const char *booked)
{
	struct kit k = { .start = "2026-01-01T08:00:00+01:00", .made_at = "2026-12-01T00:00:00Z" };

	k.protocol = "<protocol " KIT_NS " id=\"p\" owner=\"test\"><title xml:lang=\"en\">p</title>"
		     "<trigger system=\"CPT4\" code=\"17999\"/><trigger category=\"Mesotherapy\"/>"
		     "<series id=\"s\" sessions=\"6\" interval=\"7 d..10 d\" minimum-gap=\"7 d\">" KIT_TEXT
		     "</series></protocol>";
	k.more = ac_cstr(a, ac_strf(a,
				"\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\","
				"\"performed\":\"2026-03-24T14:00:00+01:00\"}]%s",
				booked));
	return kit_input(a, &k);
}

static bool
warns_of_booked(const char *booked)
{
	return kit_warns(kit_make(a, input_of_course(booked)), "SERIES-BOOKED");
}

Test(calendar, warns_of_a_session_that_is_booked_closer_than_the_minimum)
{
	cr_expect(warns_of_booked(BOOKED("2026-03-30T18:00:00+02:00", "Mesotherapy", "booked")));
}

Test(calendar, a_session_that_is_booked_for_the_first_day_that_may_be_is_no_warning)
{
	cr_expect(not(warns_of_booked(BOOKED("2026-03-31T09:00:00+02:00", "Mesotherapy", "booked"))));
}

Test(calendar, only_what_is_booked_and_of_the_series_is_held_against_its_minimum)
{
	cr_expect(not(warns_of_booked(BOOKED("2026-03-30T18:00:00+02:00", "Mesotherapy", "cancelled"))));
	cr_expect(not(warns_of_booked(BOOKED("2026-03-30T18:00:00+02:00", "Follow-up", "booked"))));
	cr_expect(not(warns_of_booked(BOOKED("2026-03-24T18:00:00+01:00", "Mesotherapy", "booked"))), "this visit");
}

Test(calendar, a_plan_of_before_anybody_looked_at_booked_sessions_is_made_again_without)
{
	struct ac_plan_input *in = input_of_course(BOOKED("2026-03-30T18:00:00+02:00", "Mesotherapy", "booked"));

	in->ignores_booked = true;
	cr_expect(not(kit_warns(kit_make(a, in), "SERIES-BOOKED")));
}
