/* What people do with a task, and what an hour does to it: each once, whoever looks how often. */
#include "core/task.h"
#include "tests/visit_kit.h"

TestSuite(task_act, .init = set_up, .fini = tear_down);

#define CALL "mesotherapy/call-day-2/1"
#define RED "aftercare/call/1"
#define DEMO_DUTY \
	"duty = nurse | nurse | +49 30 5550111 | Mon-Fri 09:00-18:00 | Demo nurse\n" \
	"duty = clinician | clinician | +49 30 5550112 | | Demo clinician on call\n"
#define LISTED \
	"duty = n1 | nurse | +49 30 5550111 | Mon-Fri 09:00-18:00 | Nurse One\n" \
	"duty = n2 | nurse | +49 30 5550112 | | Nurse Two\n" \
	"duty = c1 | clinician | +49 30 5550113 | Sat-Sun 00:00-24:00 | Clinician One\n"

static struct ac_uuid
treated(void)
{
	return put(&k, (struct visit){ .area = "face" }).plan;
}

static enum ac_code
act(enum ac_role role, struct ac_task_request rq, struct ac_err *e)
{
	struct ac_actor who = as(role);
	enum ac_code rc = ac_worker_begin(k.w, e);

	*e = (struct ac_err){ 0 };
	if (rq.seq == 0)
		rq.seq = -1;
	return rc != AC_OK ? rc : ac_task_do(k.w, &who, &rq, e);
}

static struct ac_task_row
row(struct ac_uuid plan, const char *name)
{
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), name);

	if (t == NULL)
		abort();
	return *t;
}

static void
raise_red(struct ac_uuid plan, const char *role)
{
	struct ac_actor who = as(AC_ROLE_NURSE);
	struct ac_err e = { 0 };
	struct ac_task_raise rq = { .plan = plan,
		.name = AC_S(RED),
		.title = AC_S("Call back now"),
		.role = ac_str_c(role),
		.kind = AC_TASK_CALL,
		.urgent = true,
		.not_before = AC_INSTANT_NONE,
		.due = AC_INSTANT_NONE,
		.reason = AC_S("a red flag on the phone") };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_raise(k.w, &who, &rq, &e), &e);
}

static size_t
nacts(struct ac_uuid plan, const char *name)
{
	struct ac_task_act_rows acts;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_acts(k.w, plan, ac_str_c(name), &acts, &e), &e);
	return acts.n;
}

Test(task_act, taking_a_task_makes_it_its_actors)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };

	EXPECT_CODE(act(AC_ROLE_NURSE, (struct ac_task_request){ plan, AC_S(CALL), .act = AC_TASK_ACT_TAKE }, &e), AC_OK, e);
	struct ac_task_row t = row(plan, CALL);
	EXPECT_TEXT(t.owner, "nurse");
	EXPECT_TEXT(t.status, "accepted");
	EXPECT_CODE(act(AC_ROLE_CLINICIAN, (struct ac_task_request){ plan, AC_S(CALL), .act = AC_TASK_ACT_TAKE }, &e),
	    AC_ECONFLICT, e);
}

Test(task_act, the_front_desk_does_nothing_to_a_nurses_task)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };

	EXPECT_CODE(act(AC_ROLE_FRONT_DESK, (struct ac_task_request){ plan, AC_S(CALL), .act = AC_TASK_ACT_TAKE }, &e),
	    AC_EDENIED, e);
}

Test(task_act, a_stale_form_changes_nothing)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_task_request rq = { plan, AC_S(CALL), .seq = 1, .act = AC_TASK_ACT_TAKE };

	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_OK, e);
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_ECONFLICT, e);
	cr_expect(nacts(plan, CALL) == 1);
}

Test(task_act, a_task_that_was_given_to_another_role_stays_there_when_the_plan_changes)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_task_request rq = { plan, AC_S(CALL), .act = AC_TASK_ACT_ASSIGN };

	rq.role = AC_S("clinician");
	rq.owner = AC_S("dr.x");
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_OK, e);
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	struct ac_task_row t = row(plan, CALL);
	EXPECT_TEXT(t.role, "clinician");
	EXPECT_TEXT(t.owner, "dr.x");
	EXPECT_TEXT(t.status, "requested");
}

Test(task_act, putting_off_needs_a_reason_and_a_time_to_come)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	int64_t due = row(plan, CALL).due;
	struct ac_task_request rq = { plan, AC_S(CALL), .act = AC_TASK_ACT_SNOOZE, .until = due };

	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_EINPUT, e);
	rq.reason = AC_S("she asked for the evening");
	rq.until = k.now_ms / 1000 - 1;
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_EINPUT, e);
	rq.until = due;
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_OK, e);
	cr_expect(row(plan, CALL).snoozed == due);
}

Test(task_act, only_a_clinician_puts_off_beyond_what_the_protocol_allows)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_task_row t = row(plan, CALL);
	struct ac_task_request rq = { plan, AC_S(CALL), .act = AC_TASK_ACT_SNOOZE, .reason = AC_S("on holiday") };

	rq.until = t.due + 4 * 3600;
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_OK, e);
	rq.until++;
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_EDENIED, e);
	EXPECT_CODE(act(AC_ROLE_CLINICIAN, rq, &e), AC_OK, e);
	cr_expect(row(plan, CALL).timer_ms == rq.until * 1000, "the hour of the escalation follows a clinician");
}

Test(task_act, what_is_late_goes_to_the_role_that_the_protocol_names_once)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_task_row t = row(plan, CALL);

	EXPECT_CODE(act(AC_ROLE_NURSE, (struct ac_task_request){ plan, AC_S(CALL), .act = AC_TASK_ACT_TAKE }, &e), AC_OK, e);
	k.now_ms = (t.due + 4 * 3600) * 1000 - 1;
	timer(&k);
	cr_expect(!row(plan, CALL).urgent);
	k.now_ms++;
	for (int i = 0; i < 3; i++)
		timer(&k);
	t = row(plan, CALL);
	cr_expect(t.urgent && t.steps == 1 && t.owner.n == 0);
	EXPECT_TEXT(t.role, "clinician");
	cr_expect(nacts(plan, CALL) == 2, "taken, late");
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	timer(&k);
	cr_expect(row(plan, CALL).steps == 1 && row(plan, CALL).urgent, "a new version takes nothing back");
}

Test(task_act, an_urgent_task_calls_the_first_on_duty_and_then_the_next)
{
	struct ac_uuid plan = treated();

	kit_clinic(&k, DEMO_DUTY, LISTED);
	raise_red(plan, "nurse"); /* a Saturday: the first nurse is not on duty */
	EXPECT_TEXT(row(plan, RED).called, "n2");
	k.now_ms += 15 * 60000 - 1;
	timer(&k);
	EXPECT_TEXT(row(plan, RED).called, "n2");
	k.now_ms++;
	timer(&k);
	timer(&k);
	struct ac_task_row t = row(plan, RED);
	EXPECT_TEXT(t.called, "c1");
	struct ac_phone_now p = ac_task_phone(k.w, &t, k.now_ms / 1000);
	EXPECT_TEXT(p.number, "+49 30 5550113");
	cr_expect(t.steps == 1 && nacts(plan, RED) == 2);
}

Test(task_act, when_all_were_called_the_contact_line_is_whom_to_phone)
{
	struct ac_uuid plan = treated();

	kit_clinic(&k, DEMO_DUTY, LISTED);
	raise_red(plan, "nurse");
	for (int i = 0; i < 2; i++) {
		k.now_ms += 15 * 60000;
		timer(&k);
	}
	struct ac_task_row t = row(plan, RED);
	cr_expect(t.called.n == 0 && t.urgent);
	struct ac_phone_now p = ac_task_phone(k.w, &t, k.now_ms / 1000);
	EXPECT_TEXT(p.number, "+49 30 5550199");
	cr_expect(!p.on_call);
	cr_expect(t.timer_ms > k.now_ms, "another round begins");
}

Test(task_act, a_task_that_was_taken_calls_nobody)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };

	kit_clinic(&k, DEMO_DUTY, LISTED);
	raise_red(plan, "nurse");
	EXPECT_CODE(act(AC_ROLE_NURSE, (struct ac_task_request){ plan, AC_S(RED), .act = AC_TASK_ACT_TAKE }, &e), AC_OK, e);
	k.now_ms += 3600 * 1000;
	timer(&k);
	cr_expect(row(plan, RED).steps == 0 && row(plan, RED).timer_ms == 0);
}

Test(task_act, after_a_downtime_nobody_of_the_list_is_passed_over)
{
	struct ac_uuid plan = treated();

	kit_clinic(&k, DEMO_DUTY, LISTED);
	raise_red(plan, "nurse");
	k.now_ms += 10 * 3600 * (int64_t)1000;
	timer(&k);
	struct ac_task_row t = row(plan, RED);
	EXPECT_TEXT(t.called, "c1");
	cr_expect(t.timer_ms == k.now_ms + 15 * 60000, "the whole time again");
}

Test(task_act, a_raised_task_is_touched_by_no_later_version_and_outlives_a_revoked_plan)
{
	struct ac_uuid plan = treated();

	raise_red(plan, "nurse");
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	cr_expect(row(plan, RED).seq == 1);
	put(&k, (struct visit){ .revision = 3, .code = "" });
	EXPECT_TEXT(row(plan, RED).status, "requested");
}

Test(task_act, a_task_raised_twice_is_one)
{
	struct ac_uuid plan = treated();

	raise_red(plan, "nurse");
	raise_red(plan, "nurse");
	cr_expect(nacts(plan, RED) == 1);
}

Test(task_act, what_is_urgent_for_a_clinician_is_cancelled_by_no_nurse)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_task_request rq = { plan, AC_S(RED), .act = AC_TASK_ACT_CANCEL, .reason = AC_S("well again") };

	raise_red(plan, "clinician");
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_EDENIED, e);
	rq.act = AC_TASK_ACT_ASSIGN;
	rq.role = AC_S("nurse");
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_EDENIED, e);
	rq.act = AC_TASK_ACT_SNOOZE;
	rq.until = k.now_ms / 1000 + 3600;
	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_EDENIED, e);
	rq.act = AC_TASK_ACT_CANCEL;
	EXPECT_CODE(act(AC_ROLE_CLINICIAN, rq, &e), AC_OK, e);
}

Test(task_act, a_dry_run_says_what_would_be_refused_and_changes_nothing)
{
	struct ac_uuid plan = treated();
	struct ac_err e = { 0 };
	struct ac_task_request rq = { plan, AC_S(CALL), .act = AC_TASK_ACT_TAKE, .dry_run = true };

	EXPECT_CODE(act(AC_ROLE_NURSE, rq, &e), AC_OK, e);
	cr_expect(row(plan, CALL).seq == 1);
	EXPECT_CODE(act(AC_ROLE_FRONT_DESK, rq, &e), AC_EDENIED, e);
}

/* What a file of the clinic says about who is on call. */
static enum ac_code
clinic_with(const char *lines, const struct ac_clinic **ret, struct ac_err *e)
{
	*e = (struct ac_err){ 0 };
	return ac_clinic_load(ac_strf(k.a, "[clinic]\nname = X\nzone = Europe/Berlin\n[on-call]\n%s\n", lines), k.a, ret, e);
}

Test(task_act, lines_of_duty_that_cannot_be_read_are_refused)
{
	static const char *const bad[] = { "duty = n1 | nurse | 12", "duty = n1 | auditor | 12 | | X",
		"duty = n1 | nurse | ring | | X", "duty = | nurse | 12 | | X", "duty = n1 | nurse | 12 | Mon 25:00-26:00 | X",
		"duty = n1 | nurse | 12 | 2026-13-01 | X", "duty = n1 | nurse | 12 | 2026-12-26/2026-12-24 | X",
		"duty = n1 | nurse | 12 | | X | Y", "take-within = 0 min", "take-within = 25 h", "take-within = 15" };
	const struct ac_clinic *c;
	struct ac_err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(clinic_with(bad[i], &c, &e) == AC_EINPUT, "%s", bad[i]);
}

Test(task_act, a_roster_by_date_counts_on_its_days_only)
{
	const struct ac_clinic *c = NULL;
	const struct ac_zone *z = NULL;
	struct ac_str tzif, none = { 0 };
	struct ac_err e;

	EXPECT_CODE(clinic_with("duty = n1 | nurse | 12 | 2026-12-24/2026-12-26 08:00-20:00 | X", &c, &e), AC_OK, e);
	need(ac_zone_read(AC_S("Europe/Berlin"), NULL, k.a, &tzif, &e), &e);
	need(ac_zone_open(AC_S("Europe/Berlin"), tzif, k.a, &z, &e), &e);
	cr_expect(ac_clinic_on_duty(c, z, at_ms("2026-12-25T12:00:00+01:00") / 1000, AC_S("nurse"), none) != NULL);
	cr_expect(ac_clinic_on_duty(c, z, at_ms("2026-12-25T07:59:59+01:00") / 1000, AC_S("nurse"), none) == NULL);
	cr_expect(ac_clinic_on_duty(c, z, at_ms("2026-12-27T12:00:00+01:00") / 1000, AC_S("nurse"), none) == NULL);
}

Test(task_act, somebody_who_stands_in_two_lines_is_called_once_a_round)
{
	const struct ac_clinic *c = NULL;
	const struct ac_zone *z = NULL;
	struct ac_str tzif, none = { 0 };
	struct ac_err e;
	int64_t t = at_ms("2026-12-25T12:00:00+01:00") / 1000;

	EXPECT_CODE(clinic_with("duty = a | nurse | 12 | | A\nduty = b | nurse | 13 | | B\nduty = a | nurse | 14 | | A\n"
				"duty = b | nurse | 15 | | B",
			&c, &e),
	    AC_OK, e);
	need(ac_zone_read(AC_S("Europe/Berlin"), NULL, k.a, &tzif, &e), &e);
	need(ac_zone_open(AC_S("Europe/Berlin"), tzif, k.a, &z, &e), &e);
	EXPECT_TEXT(ac_clinic_on_duty(c, z, t, AC_S("nurse"), none)->account, "a");
	EXPECT_TEXT(ac_clinic_on_duty(c, z, t, AC_S("nurse"), AC_S("a"))->account, "b");
	cr_expect(ac_clinic_on_duty(c, z, t, AC_S("nurse"), AC_S("b")) == NULL);
}
