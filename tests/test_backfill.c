/* Visits of before the clinic's go-live, taken in all the same; and visits that became known too late to be called about. */
#include "core/event.h"
#include "core/record_parts.h"
#include "core/task.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;

static void
set_up(void)
{
	struct ac_err e = { 0 };

	kit_open(&k);
	kit_clinic(&k, "finalise = signed", "finalise = signed\nlive-since = 2026-04-01T00:00:00+02:00");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_channel_add(k.w, AC_S("admin"), AC_S("default"), (struct ac_life_how){ 0 }, &e), &e);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(backfill, .init = set_up, .fini = tear_down);

#define SIGNED "2026-03-28T23:40:00+01:00"
#define CALL "mesotherapy/call-day-2/1"
#define MISSED "aftercare/missed/1"

static struct ac_intake
backfill(bool documents_only, bool dry_run)
{
	struct ac_actor who = as(AC_ROLE_ADMIN);
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_event_backfill(
		 k.w, &who, AC_S("default"), AC_S("5"), documents_only, (struct ac_life_how){ .dry_run = dry_run }, &r, &e), &e);
	return r;
}

static size_t
open_tasks(struct ac_uuid plan)
{
	struct ac_record *r = record_of(&k, plan, 0);
	size_t n = 0;

	for (size_t i = 0; i < r->ntasks; i++)
		n += ac_streq_c(r->tasks[i].status, "requested");
	return n;
}

Test(backfill, makes_the_plan_that_the_visit_did_not_get)
{
	struct ac_intake r = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });

	cr_assert(r.outcome == AC_OUT_BEFORE_GO_LIVE && !r.has_plan);
	r = backfill(false, false);
	cr_expect(r.outcome == AC_OUT_CREATED && r.has_plan);
	cr_expect(record_of(&k, r.plan, 0)->ndocuments == 1);
}

Test(backfill, with_documents_only_leaves_no_task_to_do)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	struct ac_intake r = backfill(true, false);

	cr_expect(record_of(&k, r.plan, 0)->ndocuments == 1);
	cr_expect(open_tasks(r.plan) == 0);
}

Test(backfill, with_documents_only_later_snapshots_bring_no_tasks_either)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	struct ac_intake r = backfill(true, false);

	put(&k, (struct visit){ .revision = 2, .area = "face", .lot = "L-2231", .signed_at = "2026-03-28T23:50:00+01:00" });
	cr_expect(open_tasks(r.plan) == 0);
}

Test(backfill, with_documents_only_delivers_the_document_alone)
{
	struct ac_err e = { 0 };
	struct ac_str json = { 0 };

	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	backfill(true, false);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_delivery_list_json(k.w, AC_S("default"), (struct ac_str){ 0 }, 100, &json, &e), &e);
	cr_expect(memmem(json.p, json.n, "\"kind\":\"document\"", 17) != NULL);
	cr_expect(memmem(json.p, json.n, "\"kind\":\"task", 12) == NULL, "%.*s", AC_FMT(json));
}

Test(backfill, as_a_dry_run_changes_nothing)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	cr_expect(backfill(false, true).has_plan);
	struct ac_err e = { 0 };
	struct ac_encounter_row row;
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_encounter_get(k.w, AC_S("default"), AC_S("5"), &row, &e), &e);
	EXPECT_TEXT(row.outcome, "before-go-live");
}

Test(backfill, is_for_visits_of_before_the_go_live_alone)
{
	struct ac_actor who = as(AC_ROLE_ADMIN);
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .consultation = true });
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_event_backfill(k.w, &who, AC_S("default"), AC_S("5"), false, (struct ac_life_how){ 0 }, &r, &e), AC_ECONFLICT, e);
	cr_expect(strcmp(e.rule, "EVENT-BACKFILL") == 0);
}

Test(backfill, of_a_visit_long_ago_asks_for_one_review_instead_of_the_calls)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	set_clock(&k, "2026-04-10T12:00:00+02:00");
	struct ac_intake r = backfill(false, false);
	struct ac_record *rec = record_of(&k, r.plan, 0);

	cr_expect(ac_streq_c(task_named(rec, CALL)->status, "cancelled"));
	cr_assert(task_named(rec, MISSED) != NULL);
	EXPECT_TEXT(task_named(rec, MISSED)->title, "Review this patient: the visit became known late, 1 call was missed");
	cr_expect(ac_streq_c(task_named(rec, "mesotherapy/late-check/1")->status, "requested"), "what is ahead stays");
}

Test(backfill, a_visit_that_became_known_in_time_has_its_calls)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	struct ac_intake r = backfill(false, false);
	struct ac_record *rec = record_of(&k, r.plan, 0);

	cr_expect(ac_streq_c(task_named(rec, CALL)->status, "requested") && task_named(rec, MISSED) == NULL);
}

Test(backfill, a_missed_call_is_not_asked_for_again_by_a_later_version)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	set_clock(&k, "2026-04-10T12:00:00+02:00");
	struct ac_intake r = backfill(false, false);

	put(&k, (struct visit){ .revision = 2, .area = "scalp", .signed_at = "2026-03-28T23:50:00+01:00" });
	struct ac_record *rec = record_of(&k, r.plan, 0);
	cr_expect(ac_streq_c(task_named(rec, CALL)->status, "cancelled"));
	cr_expect(ac_streq_c(task_named(rec, MISSED)->status, "requested"));
}

/* ---- of several visits of one patient ---- */
static struct ac_uuid
late_visit(const char *id, const char *start)
{
	char end[32], performed[32];
	struct visit v = { .id = id, .area = "face", .start = start, .end = end, .performed = performed };

	memcpy(end, start, strlen(start) + 1);
	memcpy(performed, start, strlen(start) + 1);
	end[12] = '5';
	performed[12] = '5';
	return put(&k, v).plan;
}

static const struct ac_task_row *
review(struct ac_uuid plan)
{
	return task_named(record_of(&k, plan, 0), MISSED);
}

/* All that is open under the name, of the patient. */
static size_t
open_reviews(void)
{
	struct ac_task_rows rows;
	struct ac_err e = { 0 };
	size_t n = 0;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_list(k.w, &(struct ac_task_query){ .only_open = true }, &rows, &e), &e);
	for (size_t i = 0; i < rows.n; i++)
		n += ac_streq_c(rows.v[i].name, MISSED);
	return n;
}

static void
down_for_weeks(struct ac_uuid plans[3])
{
	set_clock(&k, "2026-05-20T12:00:00+02:00");
	plans[0] = late_visit("5", "2026-04-02T14:00:00+02:00");
	plans[1] = late_visit("6", "2026-04-12T14:00:00+02:00");
	plans[2] = late_visit("7", "2026-04-22T14:00:00+02:00");
}

Test(backfill, several_visits_that_became_known_late_are_one_review_of_the_patient)
{
	struct ac_uuid plans[3];

	down_for_weeks(plans);
	cr_expect(open_reviews() == 1);
	EXPECT_TEXT(review(plans[2])->title, "Review this patient: several visits became known late, calls were missed");
	EXPECT_TEXT(review(plans[0])->status, "cancelled");
	EXPECT_TEXT(review(plans[0])->outcome, "looked at together with another visit of the patient");
}

Test(backfill, the_review_of_a_patient_is_not_asked_for_again_by_later_versions)
{
	struct ac_uuid plans[3];

	down_for_weeks(plans);
	put(&k, (struct visit){ .id = "5", .revision = 2, .area = "scalp", .start = "2026-04-02T14:00:00+02:00",
		.end = "2026-04-02T15:00:00+02:00", .performed = "2026-04-02T15:00:00+02:00" });
	cr_expect(open_reviews() == 1);
	cr_expect(ac_task_is_open(review(plans[2])));
}

Test(backfill, whoever_had_taken_the_review_has_the_one_that_stands_for_it)
{
	struct ac_actor who = as(AC_ROLE_NURSE);
	struct ac_err e = { 0 };

	set_clock(&k, "2026-05-20T12:00:00+02:00");
	struct ac_uuid first = late_visit("5", "2026-04-02T14:00:00+02:00");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_do(k.w, &who, &(struct ac_task_request){ .plan = first, .name = AC_S(MISSED), .seq = -1, .act = AC_TASK_ACT_TAKE }, &e), &e);
	struct ac_uuid second = late_visit("6", "2026-04-12T14:00:00+02:00");
	EXPECT_TEXT(review(second)->status, "accepted");
	cr_expect(ac_streq(review(second)->owner, who.user));
}

Test(backfill, another_patients_review_is_another)
{
	set_clock(&k, "2026-05-20T12:00:00+02:00");
	late_visit("5", "2026-04-02T14:00:00+02:00");
	put(&k, (struct visit){ .id = "6", .patient = "2", .area = "face", .start = "2026-04-12T14:00:00+02:00",
		.end = "2026-04-12T15:00:00+02:00", .performed = "2026-04-12T15:00:00+02:00" });
	cr_expect(open_reviews() == 2);
}

Test(backfill, when_the_visit_of_the_review_is_taken_back_another_stands_for_the_rest)
{
	struct ac_uuid plans[3];

	down_for_weeks(plans);
	put(&k, (struct visit){ .id = "7", .revision = 2, .status = "entered-in-error", .area = "face", .start = "2026-04-22T14:00:00+02:00",
		.end = "2026-04-22T15:00:00+02:00", .performed = "2026-04-22T15:00:00+02:00" });
	cr_expect(open_reviews() == 1);
	cr_expect(ac_task_is_open(review(plans[1])));
}
