/* Sessions across visits: what a new one does to the tasks of the last, what it warns of, what it proposes. */
#include <sqlite3.h>

#include "core/series.h"
#include "core/task.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;
static struct ac_uuid first, second;

static void
set_up(void)
{
	kit_open(&k);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(series, .init = set_up, .fini = tear_down);

/* Session n of a patient on a day of 2026, 14:35 in Berlin. */
static struct ac_intake
session(const char *id, const char *day, int n, const char *lot)
{
	struct ac_str json;
	char start[32], end[32], done[32], clock[32];
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };
	const char *zone = strcmp(day, "2026-03-29") < 0 ? "+01:00" : "+02:00";

	snprintf(start, sizeof(start), "%sT14:00:00%s", day, zone);
	snprintf(done, sizeof(done), "%sT14:35:00%s", day, zone);
	snprintf(end, sizeof(end), "%sT14:40:00%s", day, zone);
	snprintf(clock, sizeof(clock), "%sT14:45:00%s", day, zone);
	set_clock(&k, clock);
	json = visit_json(&(struct visit){ .id = id, .start = start, .end = end, .performed = done, .area = "face", .lot = lot }, k.a);
	if (n > 0) {
		char *text = ac_cstr(k.a, json), *at = strstr(text, "\"facts\":{");
		json = ac_strf(k.a, "%.*s\"facts\":{\"session\":%d,\"sessions\":6,%s", (int)(at - text), text, n,
		    at + strlen("\"facts\":{"));
	}
	need(try_put_json(&k, json, &r, &e), &e);
	return r;
}

static void
two_sessions(const char *day, int n)
{
	first = session("5", "2026-03-28", 1, "L-1").plan;
	second = session("6", day, n, "L-2").plan;
}

static void
expect_task(struct ac_uuid plan, const char *name, const char *status)
{
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), name);

	cr_assert_not_null(t, "%s", name);
	cr_expect(ac_streq_c(t->status, status), "%s is %.*s", name, AC_FMT(t->status));
}

static bool
warns(struct ac_uuid plan, const char *rule)
{
	const struct ac_record *r = record_of(&k, plan, 0);

	for (size_t i = 0; i < r->plan->nwarnings; i++)
		if (strcmp(r->plan->warnings[i].rule, rule) == 0)
			return true;
	return false;
}

Test(series, a_new_session_is_the_one_that_was_to_be_booked)
{
	two_sessions("2026-04-07", 2);
	expect_task(first, "mesotherapy/book-next", "completed");
	expect_task(first, "mesotherapy/next-session", "completed");
	expect_task(second, "mesotherapy/next-session", "requested");
}

Test(series, a_new_session_carries_over_the_routine_call_and_the_visit)
{
	two_sessions("2026-04-07", 2);
	expect_task(first, "mesotherapy/call-day-2", "cancelled");
	expect_task(first, "mesotherapy/follow-up", "cancelled");
	expect_task(second, "mesotherapy/call-day-2", "requested");
	expect_task(second, "mesotherapy/follow-up", "requested");
}

Test(series, a_new_session_never_closes_late_checks_nor_what_is_to_be_recorded)
{
	first = session("5", "2026-03-28", 1, NULL).plan;
	second = session("6", "2026-04-07", 2, "L-2").plan;
	expect_task(first, "mesotherapy/late-check/1", "requested");
	expect_task(first, "mesotherapy/late-check/2", "requested");
	expect_task(first, "mesotherapy/record-lot", "requested");
}

Test(series, late_checks_stay_even_when_they_are_overdue)
{
	first = session("5", "2026-03-28", 1, "L-1").plan;
	second = session("6", "2026-05-20", 2, "L-2").plan;
	expect_task(first, "mesotherapy/late-check/1", "requested");
	expect_task(first, "mesotherapy/late-check/2", "requested");
}

Test(series, an_urgent_task_of_the_last_session_stays)
{
	struct ac_actor who = as(AC_ROLE_NURSE);
	struct ac_task_request rq = { .name = AC_S("mesotherapy/call-day-2/1"), .seq = -1, .act = AC_TASK_ACT_ESCALATE,
		.role = AC_S("clinician"), .reason = AC_S("no answer") };
	struct ac_err e = { 0 };

	first = session("5", "2026-03-28", 1, "L-1").plan;
	rq.plan = first;
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_task_do(k.w, &who, &rq, &e), AC_OK, e);
	session("6", "2026-04-07", 2, "L-2");
	expect_task(first, "mesotherapy/call-day-2", "requested");
}

Test(series, what_a_session_closed_is_not_brought_back_by_a_later_version_of_the_plan_before)
{
	two_sessions("2026-04-07", 2);
	put(&k, (struct visit){ .revision = 9, .area = "scalp", .lot = "L-1" });
	expect_task(first, "mesotherapy/call-day-2", "cancelled");
}

Test(series, a_session_of_another_patient_closes_nothing)
{
	first = session("5", "2026-03-28", 1, "L-1").plan;
	put(&k, (struct visit){ .id = "7", .patient = "2", .area = "face" });
	expect_task(first, "mesotherapy/call-day-2", "requested");
}

Test(series, a_session_closer_than_the_minimum_is_shown)
{
	two_sessions("2026-04-01", 2);
	cr_expect(warns(second, "SERIES-GAP"));
	cr_expect(!warns(first, "SERIES-GAP"));
}

Test(series, a_session_on_the_seventh_day_is_not_too_close_whatever_the_hour)
{
	first = session("5", "2026-03-28", 1, "L-1").plan;
	set_clock(&k, "2026-04-04T09:45:00+02:00");
	second = put(&k, (struct visit){ .id = "6", .start = "2026-04-04T09:00:00+02:00", .end = "2026-04-04T09:40:00+02:00",
			 .performed = "2026-04-04T09:35:00+02:00", .area = "face" }).plan;
	cr_expect(!warns(second, "SERIES-GAP"));
}

Test(series, a_number_that_does_not_follow_is_asked_until_it_is_confirmed)
{
	struct ac_intake r;
	struct ac_err e = { 0 };

	two_sessions("2026-04-07", 4);
	cr_expect(warns(second, "SERIES-NUMBER"));
	cr_expect(record_of(&k, second, 0)->plan->session_expected == 2);
	EXPECT_CODE(try_answer(&k, "6", 0, AC_ANSWER_SESSION, "4", &r, &e), AC_OK, e);
	cr_expect(!warns(second, "SERIES-NUMBER"), "somebody said that it is right");
	EXPECT_CODE(try_answer(&k, "6", 1, AC_ANSWER_SESSION, "four", &r, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "ANSWER-VALUE");
}

Test(series, earlier_sessions_are_recorded_so_that_the_plan_can_be_made_again)
{
	struct ac_str json, xml;
	struct ac_err e = { 0 };
	bool same = false;

	two_sessions("2026-04-01", 2);
	put(&k, (struct visit){ .status = "entered-in-error", .revision = 9 });
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_plan_regen(k.w, second, 0, &json, &xml, &same, &e), AC_OK, e);
	cr_expect(same);
	cr_expect(memmem(json.p, json.n, "SERIES-GAP", 10) != NULL, "as it was, although the session before is gone");
}

Test(series, proposes_area_and_the_next_number_and_never_a_lot)
{
	struct ac_session_rows before;
	struct ac_err e = { 0 };

	session("5", "2026-03-28", 1, "L-1");
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_series_sessions(k.w, AC_S("default"), AC_S("1"), AC_S("6"), (struct ac_str){ 0 }, INT64_MAX, &before, &e), AC_OK, e);
	cr_assert(before.n == 1 && before.v[0].nlots == 1);
	cr_expect(ac_streq_c(before.v[0].lots[0].lot, "L-1"));
	struct ac_proposal area = ac_series_proposal(&before, AC_S("mesotherapy"), AC_S("area"), k.a);
	cr_expect(area.values.n == 1 && ac_streq_c(area.values.v[0], "face"));
	struct ac_proposal n = ac_series_proposal(&before, AC_S("mesotherapy"), AC_S("session"), k.a);
	cr_expect(n.values.n == 1 && ac_streq_c(n.values.v[0], "2"));
	cr_expect(ac_series_proposal(&before, AC_S("mesotherapy"), AC_S("product.lot"), k.a).values.n == 0);
	cr_expect(ac_series_proposal(&before, AC_S("mesotherapy"), AC_S("anticoagulant"), k.a).values.n == 0);
	cr_expect(ac_series_proposal(&before, AC_S("chemical-peel"), AC_S("area"), k.a).values.n == 0);
}

Test(series, checks_of_all_sessions_that_can_be_made_now_are_one_call)
{
	struct ac_task_rows rows;
	struct ac_err e = { 0 };

	two_sessions("2026-04-24", 2);
	need(ac_worker_begin(k.w, &e), &e);
	/* 26 April: the first session's check in week 4 and the second one's call of day 2 */
	EXPECT_CODE(ac_series_checks(k.w, AC_S("default"), AC_S("1"), at_ms("2026-04-26T12:00:00+02:00") / 1000, &rows, &e), AC_OK, e);
	cr_expect(rows.n == 2, "%zu", rows.n);
	cr_expect(memcmp(&rows.v[0].plan, &rows.v[1].plan, sizeof(first)) != 0);
	EXPECT_CODE(ac_series_checks(k.w, AC_S("default"), AC_S("1"), at_ms("2026-04-24T15:00:00+02:00") / 1000, &rows, &e), AC_OK, e);
	cr_expect(rows.n == 0, "nothing can be asked yet");
}

Test(series, says_before_the_treatment_when_the_next_session_may_be)
{
	struct ac_session_rows before;
	struct ac_next_session next;
	struct ac_err e = { 0 };

	session("5", "2026-03-28", 1, "L-1");
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_series_sessions(k.w, AC_S("default"), AC_S("1"), AC_S("6"), (struct ac_str){ 0 }, INT64_MAX, &before, &e), AC_OK, e);
	EXPECT_CODE(ac_series_next(k.w, &before, &next, &e), AC_OK, e);
	cr_assert_not_null(next.last);
	cr_expect(next.from == at_ms("2026-04-04T14:35:00+02:00") / 1000);
	cr_expect(next.until == at_ms("2026-04-07T14:35:00+02:00") / 1000);
}

Test(series, a_session_of_the_same_hour_or_later_is_no_earlier_one)
{
	struct ac_session_rows before;
	struct ac_err e = { 0 };
	int64_t at = at_ms("2026-03-28T14:35:00+01:00") / 1000;

	session("5", "2026-03-28", 1, "L-1");
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_series_sessions(k.w, AC_S("default"), AC_S("1"), AC_S("6"), (struct ac_str){ 0 }, at, &before, &e), AC_OK, e);
	cr_expect(before.n == 0);
	EXPECT_CODE(ac_series_sessions(k.w, AC_S("default"), AC_S("1"), AC_S("6"), (struct ac_str){ 0 }, at + 1, &before, &e), AC_OK, e);
	cr_expect(before.n == 1);
}

static void
sql(const char *what)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/aftercare.db", k.dir);
	if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_busy_timeout(db, 5000) != SQLITE_OK ||
	    sqlite3_exec(db, what, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(db);
}

/* Its inputs are gone from the store: audit verify says so, and the patient still gets a plan. */
Test(series, a_damaged_earlier_session_keeps_no_patient_from_a_plan)
{
	first = session("5", "2026-03-28", 1, "L-1").plan;
	sql("UPDATE blob SET bytes = zeroblob(length(bytes)) WHERE sha256 IN (SELECT manifest FROM plan_version)");
	second = session("6", "2026-04-07", 2, "L-2").plan;
	cr_expect(record_of(&k, second, 0)->plan->status == AC_PLAN_ACTIVE);
	cr_expect(record_of(&k, second, 0)->plan->in->nprior == 0);
}

/* Session 2 again, as the chart says it then. */
static void
second_is(const char *status, int64_t revision)
{
	put(&k, (struct visit){ .id = "6",
		    .revision = revision,
		    .status = status,
		    .start = "2026-04-07T14:00:00+02:00",
		    .end = "2026-04-07T14:40:00+02:00",
		    .performed = "2026-04-07T14:35:00+02:00",
		    .area = "face",
		    .lot = "L-2" });
}

Test(series, a_session_that_did_not_take_place_brings_back_what_it_closed)
{
	two_sessions("2026-04-07", 2);
	second_is("entered-in-error", 2);
	expect_task(first, "mesotherapy/call-day-2", "requested");
	expect_task(first, "mesotherapy/book-next", "requested");
	expect_task(first, "mesotherapy/next-session", "requested");
	const struct ac_task_row *t = task_named(record_of(&k, first, 0), "mesotherapy/book-next");
	cr_expect(t->done_ms == 0 && t->outcome.n == 0 && t->actor.n == 0);
}

Test(series, a_session_that_takes_place_after_all_closes_them_again)
{
	two_sessions("2026-04-07", 2);
	second_is("entered-in-error", 2);
	second_is(NULL, 3);
	expect_task(first, "mesotherapy/book-next", "completed");
	second_is("entered-in-error", 4);
	expect_task(first, "mesotherapy/book-next", "requested");
}

Test(series, what_a_later_session_would_have_closed_stays_closed_until_that_one_goes_too)
{
	two_sessions("2026-04-07", 2);
	session("7", "2026-04-17", 3, "L-3");
	second_is("entered-in-error", 2);
	expect_task(first, "mesotherapy/book-next", "completed");
	put(&k, (struct visit){ .id = "7",
		    .revision = 2,
		    .status = "entered-in-error",
		    .start = "2026-04-17T14:00:00+02:00",
		    .performed = "2026-04-17T14:35:00+02:00" });
	expect_task(first, "mesotherapy/book-next", "requested");
}

Test(series, what_somebody_did_to_a_task_since_is_not_undone)
{
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_err e = { 0 };

	two_sessions("2026-04-07", 2);
	second_is("entered-in-error", 2);
	struct ac_task_request rq = { .plan = first, .name = AC_S("mesotherapy/book-next/1"), .seq = -1, .act = AC_TASK_ACT_CANCEL,
		.reason = AC_S("moved away") };
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_task_do(k.w, &who, &rq, &e), AC_OK, e);
	second_is(NULL, 3);
	second_is("entered-in-error", 4);
	expect_task(first, "mesotherapy/book-next", "cancelled");
}
