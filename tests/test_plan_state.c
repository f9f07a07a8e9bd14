/* The states of a plan: what leads from one to another, what is refused, and that the record makes it again. */
#include "core/plan_state.h"
#include "core/task.h"
#include "tests/visit_kit.h"

TestSuite(plan_state, .init = set_up, .fini = tear_down);

#define CALL "mesotherapy/call-day-2/1"

static struct ac_uuid
treated(void)
{
	return put(&k, (struct visit){ .area = "face" }).plan;
}

static enum ac_code
act(struct ac_uuid plan, enum ac_plan_act a, enum ac_role role, const char *reason, struct ac_err *e)
{
	struct ac_actor who = as(role);
	struct ac_plan_state_request rq = { .plan = plan, .act = a, .seen_version = -1, .reason = ac_str_c(reason) };
	enum ac_code rc = ac_worker_begin(k.w, e);

	*e = (struct ac_err){ 0 };
	return rc != AC_OK ? rc : ac_plan_state_do(k.w, &who, &rq, e);
}

static void
must(struct ac_uuid plan, enum ac_plan_act a)
{
	struct ac_err e = { 0 };

	EXPECT_CODE(act(plan, a, AC_ROLE_CLINICIAN, "a reason", &e), AC_OK, e);
}

static void
finish_all(struct ac_uuid plan)
{
	struct ac_err e = { 0 };
	struct ac_actor who = as(AC_ROLE_CLINICIAN);

	for (size_t i = 0;; i++) {
		struct ac_record *r = record_of(&k, plan, 0);
		if (i == r->ntasks)
			return;
		if (r->tasks[i].done_ms != 0)
			continue;
		struct ac_task_request rq = { plan, r->tasks[i].name, .seq = -1, .act = AC_TASK_ACT_DONE };
		need(ac_task_do(k.w, &who, &rq, &e), &e);
	}
}

static void
expect_same(struct ac_uuid plan)
{
	struct ac_err e = { 0 };
	struct ac_str json, xml;
	bool same = false;

	for (int64_t v = 1, last = record_of(&k, plan, 0)->row.version; v <= last; v++) {
		need(ac_worker_begin(k.w, &e), &e);
		EXPECT_CODE(ac_plan_regen(k.w, plan, v, &json, &xml, &same, &e), AC_OK, e);
		cr_expect(same, "version %lld", (long long)v);
	}
}

Test(plan_state, the_table_has_no_pair_twice_and_ends_are_ends)
{
	for (size_t i = 0; i < ac_nplan_transitions; i++) {
		const struct ac_plan_transition *t = &ac_plan_transitions[i];
		for (size_t j = 0; j < i; j++)
			cr_expect(ac_plan_transitions[j].act != t->act || ac_plan_transitions[j].from != t->from);
		if ((t->by & AC_BY_PERSON) != 0)
			cr_expect(t->from != AC_PLAN_ENTERED_IN_ERROR &&
				  ((t->from != AC_PLAN_REVOKED && t->from != AC_PLAN_COMPLETED) ||
				      t->to == AC_PLAN_ENTERED_IN_ERROR));
	}
}

Test(plan_state, every_act_from_every_state_is_done_or_refused_as_the_table_says)
{
	static const enum ac_plan_act first[] = { AC_PLAN_ACT_HOLD, AC_PLAN_ACT_REVOKE, AC_PLAN_ACT_COMPLETE,
		AC_PLAN_ACT_ERROR };
	struct ac_err e = { 0 };
	char id[16];
	int n = 0;

	for (int s = -1; s < 4; s++) {
		for (int a = AC_PLAN_ACT_HOLD; a < AC_PLAN_ACT_RETURN; a++) {
			snprintf(id, sizeof(id), "v%d", n++);
			struct ac_uuid plan = put(&k, (struct visit){ .id = id, .area = "face" }).plan;
			enum ac_plan_status from;
			finish_all(plan);
			if (s >= 0)
				must(plan, first[s]);
			cr_assert(ac_plan_status_parse(record_of(&k, plan, 0)->row.status, &from));
			const struct ac_plan_transition *t =
			    ac_plan_transition((enum ac_plan_act)a, from, AC_BY_PERSON);
			EXPECT_CODE(act(plan, (enum ac_plan_act)a, AC_ROLE_CLINICIAN, "why", &e),
			    t == NULL ? AC_ECONFLICT : AC_OK, e);
			struct ac_record *r = record_of(&k, plan, 0);
			EXPECT_TEXT(r->row.status, ac_plan_status_word(t == NULL ? from : t->to));
			cr_expect(r->plan->status == (t == NULL ? from : t->to), "row and plan say the same");
		}
	}
}

Test(plan_state, an_act_needs_a_reason_and_its_role)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };

	EXPECT_CODE(act(plan, AC_PLAN_ACT_HOLD, AC_ROLE_NURSE, " ", &e), AC_EINPUT, e);
	EXPECT_CODE(act(plan, AC_PLAN_ACT_HOLD, AC_ROLE_FRONT_DESK, "why", &e), AC_EDENIED, e);
	EXPECT_CODE(act(plan, AC_PLAN_ACT_REVOKE, AC_ROLE_NURSE, "why", &e), AC_EDENIED, e);
	EXPECT_CODE(act(plan, AC_PLAN_ACT_HOLD, AC_ROLE_NURSE, "why", &e), AC_OK, e);
}

Test(plan_state, a_held_plan_gives_out_no_sheet_and_its_routine_tasks_escalate_no_more)
{
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "escalate-after=\"4 h\"", "escalate-after=\"1 h\""));
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_issue_row sheet;
	struct ac_str bytes;

	must(plan, AC_PLAN_ACT_HOLD);
	EXPECT_CODE(try_issue(&k, plan, 2, AC_ROLE_NURSE, &sheet, &bytes, &e), AC_EDENIED, e);
	set_clock(&k, "2026-04-20T12:00:00+02:00");
	timer(&k);
	cr_expect(!task_named(record_of(&k, plan, 0), CALL)->urgent);
	must(plan, AC_PLAN_ACT_RESUME);
	timer(&k);
	cr_expect(task_named(record_of(&k, plan, 0), CALL)->urgent, "its hour came back");
}

Test(plan_state, what_the_chart_changes_meanwhile_is_planned_and_stays_on_hold)
{
	struct ac_uuid plan = treated();

	must(plan, AC_PLAN_ACT_HOLD);
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.version == 3);
	EXPECT_TEXT(r->row.status, "on-hold");
	EXPECT_TEXT(r->plan->in->state.reason, "a reason");
	must(plan, AC_PLAN_ACT_RESUME);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "active");
	expect_same(plan);
}

Test(plan_state, no_chart_brings_back_what_a_person_revoked)
{
	struct ac_uuid plan = treated();

	issue(&k, plan, 1);
	must(plan, AC_PLAN_ACT_REVOKE);
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "revoked");
	cr_expect(r->row.version == 2);
	cr_expect(is(task_named(r, "aftercare/tell-the-patient"), "requested"), "the sheet at home");
	cr_expect(is(task_named(r, CALL), "cancelled"));
	expect_same(plan);
}

Test(plan_state, a_plan_whose_sheet_was_given_out_is_not_skipped)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };

	issue(&k, plan, 1);
	EXPECT_CODE(act(plan, AC_PLAN_ACT_SKIP, AC_ROLE_CLINICIAN, "why", &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "PLAN-GIVEN");
}

Test(plan_state, a_person_completes_no_plan_with_open_tasks)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };

	EXPECT_CODE(act(plan, AC_PLAN_ACT_COMPLETE, AC_ROLE_CLINICIAN, "why", &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "PLAN-OPEN");
}

static struct ac_uuid
signed_and_over(void)
{
	struct ac_uuid plan = given_and_signed();

	finish_all(plan);
	set_clock(&k, "2027-06-01T12:00:00+02:00");
	return plan;
}

Test(plan_state, completes_by_itself_once_when_every_window_and_task_is_over)
{
	struct ac_uuid plan = signed_and_over();

	int64_t version = record_of(&k, plan, 0)->row.version, document = record_of(&k, plan, 0)->row.document_version;
	cr_assert(is(task_named(record_of(&k, plan, 0), CALL), "completed"));
	for (int i = 0; i < 3; i++)
		timer(&k);
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "completed");
	cr_expect(r->row.version == version + 1 && r->row.document_version == document + 1);
	struct ac_plan_act_rows acts;
	struct ac_err e = { 0 };
	need(ac_plan_acts(k.w, plan, &acts, &e), &e);
	cr_assert(acts.n == 1);
	EXPECT_TEXT(acts.v[0].actor, "aftercare");
	expect_same(plan);
}

Test(plan_state, does_not_complete_by_itself_while_a_late_check_is_open)
{
	struct ac_uuid plan = given_and_signed();

	set_clock(&k, "2027-06-01T12:00:00+02:00");
	for (int i = 0; i < 3; i++)
		timer(&k);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "active");
	finish_all(plan);
	timer(&k);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "completed");
}

Test(plan_state, a_chart_that_brings_a_time_still_ahead_makes_a_completed_plan_active_again_and_says_so)
{
	struct ac_uuid plan = signed_and_over();
	struct ac_plan_act_rows acts;
	struct ac_document_row row;
	struct ac_err e = { 0 };
	struct ac_str xml;

	timer(&k);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "completed");
	put(&k, (struct visit){ .revision = 9,
		    .area = "face",
		    .start = "2027-06-01T09:00:00+02:00",
		    .end = "2027-06-01T10:30:00+02:00",
		    .performed = "2027-06-01T10:00:00+02:00",
		    .signed_at = "2027-06-01T11:00:00+02:00" });
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "active");
	cr_expect(r->plan->status == AC_PLAN_ACTIVE);
	need(ac_document_bytes(k.w, plan, r->row.document_version, &row, &xml, &e), &e);
	cr_expect(holds(xml, "ACTIVE AGAIN, was completed before, since ") && !holds(xml, "COMPLETED"));
	need(ac_plan_acts(k.w, plan, &acts, &e), &e);
	cr_assert(acts.n == 2);
	EXPECT_TEXT(acts.v[1].action, "return");
	EXPECT_TEXT(acts.v[1].was, "completed");
	expect_same(plan);
}

Test(plan_state, a_chart_without_a_time_ahead_leaves_a_completed_plan_completed)
{
	struct ac_uuid plan = signed_and_over();

	timer(&k);
	put(&k, (struct visit){ .revision = 9, .area = "face", .phone = "+49 30 5550111", .signed_at = SIGNED });
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "completed");
}

/* A late check that only a treated face has, the second time more than a year later. */
#define LATE "mesotherapy/late-check/"
static void
late_check_of_the_face(void)
{
	kit_publish(&k,
	    kit_changed_signed(&k, KIT_MESO, "concept=\"late-check\" kind=\"check-in\" role=\"nurse\" at=\"4 w 12 w\"",
		"concept=\"late-check\" when=\"fact/area = 'face'\" unknown=\"omit\" kind=\"check-in\" role=\"nurse\" "
		"at=\"4 w 62 w\""));
}

static void
treat(const char *area, int64_t revision, const char *signed_at)
{
	put(&k, (struct visit){ .revision = revision, .area = area, .signed_at = signed_at });
}

/* Its windows are over; the second late check would be due on 6 June 2027. */
static void
complete(struct ac_uuid plan)
{
	finish_all(plan);
	set_clock(&k, "2027-05-01T12:00:00+02:00");
	timer(&k);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "completed");
}

Test(plan_state, a_task_that_the_chart_had_taken_away_and_that_lies_ahead_is_open_again_in_a_plan_that_was_completed)
{
	late_check_of_the_face();
	struct ac_uuid plan = given_and_signed();
	treat("scalp", 8, SIGNED_AGAIN("41"));
	cr_assert(is(task_named(record_of(&k, plan, 0), LATE "2"), "cancelled"));
	complete(plan);
	treat("face", 9, SIGNED_AGAIN("42"));

	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "active");
	cr_expect(is(task_named(r, LATE "2"), "requested"), "it lies ahead");
	cr_expect(is(task_named(r, LATE "1"), "cancelled"), "its time has passed");
	cr_expect(is(task_named(r, CALL), "completed"), "a person did it");
	expect_same(plan);
}

Test(plan_state, a_task_that_nobody_had_yet_and_that_lies_ahead_makes_a_completed_plan_active_again)
{
	late_check_of_the_face();
	struct ac_uuid plan = put(&k, (struct visit){ .area = "scalp" }).plan;
	issue(&k, plan, 1);
	treat("scalp", 2, SIGNED);
	complete(plan);
	treat("face", 9, SIGNED_AGAIN("42"));

	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "active");
	cr_expect(is(task_named(r, LATE "2"), "requested"));
	expect_same(plan);
}

Test(plan_state, a_plan_that_is_active_again_completes_once_more_when_what_came_back_is_done)
{
	late_check_of_the_face();
	struct ac_uuid plan = given_and_signed();
	treat("scalp", 8, SIGNED_AGAIN("41"));
	complete(plan);
	treat("face", 9, SIGNED_AGAIN("42"));
	timer(&k);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "active");
	finish_all(plan);
	set_clock(&k, "2027-07-01T12:00:00+02:00");
	for (int i = 0; i < 3; i++)
		timer(&k);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "completed");
	struct ac_plan_act_rows acts;
	struct ac_err e = { 0 };
	need(ac_plan_acts(k.w, plan, &acts, &e), &e);
	cr_expect(acts.n == 3);
	expect_same(plan);
}

Test(plan_state, what_a_person_finished_brings_no_completed_plan_back)
{
	late_check_of_the_face();
	struct ac_uuid plan = given_and_signed();

	complete(plan);
	treat("scalp", 8, SIGNED_AGAIN("41"));
	treat("face", 9, SIGNED_AGAIN("42"));
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "completed");
	cr_expect(is(task_named(r, LATE "2"), "completed"));
}

Test(plan_state, a_completed_plan_whose_encounter_is_withdrawn_was_an_error)
{
	struct ac_uuid plan = signed_and_over();

	timer(&k);
	put(&k, (struct visit){ .revision = 9, .code = "" });
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "entered-in-error");
	expect_same(plan);
}

Test(plan_state, the_document_says_in_its_title_that_the_plan_is_on_hold)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e = { 0 };
	struct ac_document_row row;
	struct ac_str xml;

	must(plan, AC_PLAN_ACT_HOLD);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_document_bytes(k.w, plan, 2, &row, &xml, &e), &e);
	cr_expect(holds(xml, "ON HOLD: Aftercare plan") && holds(xml, ": a reason."));
	expect_same(plan);
}

Test(plan_state, a_dry_run_says_what_would_be_refused_and_changes_nothing)
{
	struct ac_uuid plan = treated();
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_plan_state_request rq = {
		.plan = plan, .act = AC_PLAN_ACT_HOLD, .seen_version = -1, .reason = AC_S("why"), .dry_run = true
	};
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_plan_state_do(k.w, &who, &rq, &e), AC_OK, e);
	rq.act = AC_PLAN_ACT_RESUME;
	EXPECT_CODE(ac_plan_state_do(k.w, &who, &rq, &e), AC_ECONFLICT, e);
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(plan_state, a_stale_form_changes_nothing)
{
	struct ac_uuid plan = treated();
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_plan_state_request rq = { .plan = plan, .act = AC_PLAN_ACT_HOLD, .seen_version = 7, .reason = AC_S("why") };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_plan_state_do(k.w, &who, &rq, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "FORM-STALE");
}
