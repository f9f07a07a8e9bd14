/* Talks with the patient: check-ins, calls of the patient, what comes of them at once and in the plan. */
#include "core/call_about.h"
#include "core/plan_cda.h"
#include "tests/visit_kit.h"

TestSuite(call, .init = set_up, .fini = tear_down);

#define DAY2 "mesotherapy/call-day-2/1"
#define Q(x) "mesotherapy/early-reaction/" x
#define ALL_WELL \
	{ false, AC_STR(Q("breathing")), AC_STR("no") }, { false, AC_STR(Q("fever")), AC_STR("no") }, \
	    { false, AC_STR(Q("pus")), AC_STR("no") }, { false, AC_STR(Q("spreading")), AC_STR("no") }, \
	    { false, AC_STR(Q("bruising")), AC_STR("no") }, { false, AC_STR(Q("itching")), AC_STR("no") }, \
	{ \
		false, AC_STR(Q("pain")), AC_STR("2") \
	}
#define AC_STR(s) \
	{ \
		s, sizeof(s) - 1 \
	}

static struct ac_uuid
visited(void)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .lot = "L-1" }).plan;

	set_clock(&k, "2026-03-30T11:00:00+02:00");
	return plan;
}

static struct ac_call_act
check_in(struct ac_uuid plan, const char *outcome)
{
	return (struct ac_call_act){ .plan = plan,
		.kind = AC_CALL_CHECK_IN,
		.task = AC_S(DAY2),
		.task_seq = task_named(record_of(&k, plan, 0), DAY2)->seq,
		.seen = (int64_t)record_of(&k, plan, 0)->ncalls,
		.outcome = ac_str_c(outcome) };
}

static struct ac_call_act
call_in(struct ac_uuid plan)
{
	return (struct ac_call_act){
		.plan = plan, .kind = AC_CALL_IN, .seen = (int64_t)record_of(&k, plan, 0)->ncalls
	};
}

static enum ac_code
try_call(enum ac_role role, const struct ac_call_act *act, int64_t *n, struct ac_err *e)
{
	struct ac_actor who = as(role);
	enum ac_code rc = ac_worker_begin(k.w, e);

	return rc != AC_OK ? rc : ac_intake_call(k.w, &who, act, n, e);
}

static int64_t
call(enum ac_role role, struct ac_call_act act, const struct ac_call_answer *v, size_t n)
{
	struct ac_err e = { 0 };
	int64_t number = 0;

	act.answers = v;
	act.nanswers = n;
	need(try_call(role, &act, &number, &e), &e);
	return number;
}
#define SAY(role, act, ...) \
	call(role, act, (const struct ac_call_answer[]){ __VA_ARGS__ }, \
	    sizeof((const struct ac_call_answer[]){ __VA_ARGS__ }) / sizeof(struct ac_call_answer))

static enum ac_triage_level
level_of(struct ac_uuid plan, size_t i)
{
	return ac_call_level(&record_of(&k, plan, 0)->calls[i]);
}

Test(call, that_reached_a_well_patient_completes_its_task_and_enters_the_plan)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_NURSE, check_in(plan, "reached"), ALL_WELL,
	    { false, AC_STR(Q("followed")), AC_STR("yes") });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_assert(is(task_named(r, DAY2), "completed"));
	EXPECT_TEXT(task_named(r, DAY2)->outcome, "reached: expected");
	cr_expect(ac_call_level(&r->calls[0]) == AC_LEVEL_EXPECTED);
	cr_expect(r->row.version == 2 && r->plan->in->ncalls == 1);
	cr_expect(
	    task_named(r, "aftercare/urgent/") == NULL && task_named(r, "aftercare/call-back/") == NULL);
}

Test(call, names_the_rule_that_fired_and_the_answers_that_made_it)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_NURSE, check_in(plan, "reached"), ALL_WELL,
	    { false, AC_STR(Q("followed")), AC_STR("no") });
	const struct ac_call_entry *l = ac_call_level_entry(&record_of(&k, plan, 0)->calls[0]);
	EXPECT_TEXT(l->name, "mesotherapy/early-reaction/2");
	EXPECT_TEXT(l->words, "Could you follow the instructions? no");
	cr_expect(is(task_named(record_of(&k, plan, 0), "aftercare/call-back/1"), "requested"));
}

Test(call, an_unanswered_question_is_a_call_back_and_never_expected)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_NURSE, check_in(plan, "reached"), ALL_WELL);
	const struct ac_call_entry *l = ac_call_level_entry(&record_of(&k, plan, 0)->calls[0]);
	EXPECT_TEXT(l->value, "call-back");
	EXPECT_TEXT(l->name, "unanswered");
}

Test(call, a_red_flag_makes_the_urgent_task_before_the_call_is_over)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_FRONT_DESK, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	struct ac_record *r = record_of(&k, plan, 0);
	const struct ac_task_row *t = task_named(r, "aftercare/urgent/1");
	cr_assert(is(t, "requested"));
	cr_expect(t->urgent && t->due == k.now_ms / 1000 && ac_streq_c(t->role, "clinician"));
	cr_expect(!ac_str_is_set(ac_call_outcome(&r->calls[0])));
	EXPECT_TEXT(r->calls[0].entries[0].words, "You get a fever.");
}

Test(call, a_later_no_takes_nothing_back)
{
	struct ac_uuid plan = visited();
	int64_t n =
	    SAY(AC_ROLE_FRONT_DESK, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });

	SAY(AC_ROLE_FRONT_DESK,
	    ((struct ac_call_act){ .plan = plan, .call = n, .seen = 2, .outcome = AC_S("reached") }),
	    { true, AC_STR("mesotherapy/fever"), AC_STR("no") });
	cr_expect(level_of(plan, 0) == AC_LEVEL_URGENT);
}

Test(call, of_a_patient_with_no_sign_asked_is_a_call_back)
{
	struct ac_uuid plan = visited();
	struct ac_call_act act = call_in(plan);

	act.outcome = AC_S("reached");
	SAY(AC_ROLE_NURSE, act, { true, AC_STR("mesotherapy/fever"), AC_STR("no") });
	cr_expect(level_of(plan, 0) == AC_LEVEL_CALL_BACK);
}

static void
without_signs(struct ac_uuid plan, enum ac_role role, const char *note)
{
	struct ac_err e = { 0 };
	struct ac_call_about about;
	struct ac_call_act act = call_in(plan);

	need(ac_call_about(k.w, record_of(&k, plan, 0), &about, &e), &e);
	struct ac_call_answer *v = ac_new(k.a, struct ac_call_answer, about.nflags);
	for (size_t i = 0; i < about.nflags; i++)
		v[i] = (struct ac_call_answer){ true, ac_str_dup(k.a, about.flags[i].key), AC_S("no") };
	act.outcome = AC_S("reached");
	act.note = ac_str_c(note);
	call(role, act, v, about.nflags);
}

Test(call, of_a_patient_with_none_of_the_signs_is_expected)
{
	struct ac_uuid plan = visited();

	without_signs(plan, AC_ROLE_FRONT_DESK, NULL);
	cr_expect(level_of(plan, 0) == AC_LEVEL_EXPECTED);
}

Test(call, what_the_front_desk_wrote_down_reaches_a_nurse)
{
	struct ac_uuid plan = visited();

	without_signs(plan, AC_ROLE_FRONT_DESK, "May I swim?");
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), "aftercare/call-back/1");
	cr_assert(is(t, "requested"));
	EXPECT_TEXT(t->role, "nurse");
}

Test(call, that_reached_nobody_leaves_the_task_open_and_the_plan_as_it_was)
{
	struct ac_uuid plan = visited();
	static const char *const nobody[] = { "no-answer", "wrong-number" };

	for (size_t i = 0; i < 2; i++)
		call(AC_ROLE_NURSE, check_in(plan, nobody[i]), NULL, 0);
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(is(task_named(r, DAY2), "requested"));
	cr_expect(r->row.version == 1 && r->ncalls == 2 && ac_call_attempts(r->calls, 2, AC_S(DAY2)) == 2);
}

Test(call, not_reached_as_often_as_the_protocol_allows_goes_to_a_clinician)
{
	struct ac_uuid plan = visited();

	for (int i = 0; i < 3; i++) {
		cr_expect(!task_named(record_of(&k, plan, 0), DAY2)->urgent);
		call(AC_ROLE_NURSE, check_in(plan, "no-answer"), NULL, 0);
	}
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), DAY2);
	cr_expect(is(t, "requested") && t->urgent && ac_streq_c(t->role, "clinician"));
	EXPECT_TEXT(t->outcome, "escalated: not reached in 3 attempts");
}

Test(call, that_was_refused_completes_the_task)
{
	struct ac_uuid plan = visited();

	call(AC_ROLE_NURSE, check_in(plan, "refused"), NULL, 0);
	cr_expect(is(task_named(record_of(&k, plan, 0), DAY2), "completed"));
}

Test(call, leaves_no_message_that_nobody_allowed)
{
	struct ac_uuid plan = visited();
	struct ac_call_act act = check_in(plan, "message-left");
	struct ac_err e = { 0 };
	int64_t n;

	EXPECT_CODE(try_call(AC_ROLE_NURSE, &act, &n, &e), AC_EDENIED, e);
	EXPECT_TEXT(ac_str_c(e.rule), "CALL-MESSAGE");
}

Test(call, questions_are_for_nurse_and_clinician)
{
	struct ac_uuid plan = visited();
	struct ac_call_act act = check_in(plan, "refused");
	static const enum ac_role others[] = { AC_ROLE_FRONT_DESK, AC_ROLE_ADMIN, AC_ROLE_AUDITOR,
		AC_ROLE_SYSTEM };
	int64_t n;

	for (size_t i = 0; i < 4; i++) {
		struct ac_err e = { 0 };
		EXPECT_CODE(try_call(others[i], &act, &n, &e), AC_EDENIED, e);
	}
}

static struct ac_call_act
judged(struct ac_uuid plan, enum ac_triage_level level, const char *why)
{
	struct ac_record *r = record_of(&k, plan, 0);

	return (struct ac_call_act){ .plan = plan,
		.call = 1,
		.seen = (int64_t)r->calls[0].nentries,
		.level = level,
		.reason = ac_str_c(why) };
}

Test(call, only_a_clinician_makes_it_less_urgent_and_says_why)
{
	struct ac_uuid plan = visited();
	struct ac_err e = { 0 };
	int64_t n;

	SAY(AC_ROLE_NURSE, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	struct ac_call_act act = judged(plan, AC_LEVEL_EXPECTED, "37.2, after sport");
	EXPECT_CODE(try_call(AC_ROLE_NURSE, &act, &n, &e), AC_EDENIED, e);
	act.reason = AC_S("");
	EXPECT_CODE(try_call(AC_ROLE_CLINICIAN, &act, &n, &e), AC_EINPUT, e);
	act.reason = AC_S("37.2, after sport");
	EXPECT_CODE(try_call(AC_ROLE_CLINICIAN, &act, &n, &e), AC_OK, e);
	cr_expect(level_of(plan, 0) == AC_LEVEL_EXPECTED);
}

Test(call, what_a_clinician_lowered_does_not_rise_by_itself)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_NURSE, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	call(AC_ROLE_CLINICIAN, judged(plan, AC_LEVEL_EXPECTED, "looked at"), NULL, 0);
	call(AC_ROLE_NURSE,
	    (struct ac_call_act){ .plan = plan, .call = 1, .seen = 3, .outcome = AC_S("reached") }, NULL, 0);
	cr_expect(level_of(plan, 0) == AC_LEVEL_EXPECTED);
}

Test(call, a_form_that_saw_less_is_stale)
{
	struct ac_uuid plan = visited();
	struct ac_call_act act = call_in(plan);
	struct ac_err e = { 0 };
	int64_t n;

	SAY(AC_ROLE_NURSE, act, { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	act.note = AC_S("twice");
	EXPECT_CODE(try_call(AC_ROLE_NURSE, &act, &n, &e), AC_ECONFLICT, e);
	EXPECT_TEXT(ac_str_c(e.rule), "FORM-STALE");
}

Test(call, takes_no_answer_that_does_not_fit_and_no_question_that_nobody_asks)
{
	struct ac_uuid plan = visited();
	static const struct ac_call_answer bad[] = { { false, AC_STR(Q("pain")), AC_STR("11") },
		{ false, AC_STR(Q("fever")), AC_STR("maybe") }, { false, AC_STR(Q("mood")), AC_STR("yes") },
		{ true, AC_STR("mesotherapy/mood"), AC_STR("yes") } };

	for (size_t i = 0; i < 4; i++) {
		struct ac_call_act act = check_in(plan, "reached");
		struct ac_err e = { 0 };
		int64_t n;
		act.answers = &bad[i];
		act.nanswers = 1;
		EXPECT_CODE(try_call(AC_ROLE_NURSE, &act, &n, &e), AC_EINPUT, e);
	}
	cr_expect(record_of(&k, plan, 0)->ncalls == 0);
}

Test(call, is_recorded_for_a_plan_that_was_withdrawn_and_its_urgent_task_stays)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .code = "", .consultation = true });
	cr_assert(ac_streq_c(record_of(&k, plan, 0)->row.status, "revoked"));
	SAY(AC_ROLE_NURSE, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(ac_streq_c(r->row.status, "revoked") && r->ncalls == 1);
	cr_expect(is(task_named(r, "aftercare/urgent/1"), "requested"));
}

Test(call, an_urgent_task_outlives_the_plan)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_NURSE, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	put(&k, (struct visit){ .revision = 3, .code = "", .consultation = true });
	cr_expect(is(task_named(record_of(&k, plan, 0), "aftercare/urgent/1"), "requested"));
}

Test(call, left_alone_enters_the_plan_an_hour_later)
{
	struct ac_uuid plan = visited();

	SAY(AC_ROLE_NURSE, call_in(plan), { true, AC_STR("mesotherapy/fever"), AC_STR("yes") });
	cr_expect(record_of(&k, plan, 0)->plan->in->ncalls == 0);
	k.now_ms += AC_CALL_LEFT_MS;
	timer(&k);
	cr_expect(record_of(&k, plan, 0)->plan->in->ncalls == 1);
}

Test(call, findings_are_re_made_with_the_same_bytes)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e = { 0 };
	struct ac_str json, document;
	bool same = false;

	set_clock(&k, "2026-03-30T11:00:00+02:00");
	SAY(AC_ROLE_NURSE, check_in(plan, "reached"), ALL_WELL,
	    { false, AC_STR(Q("followed")), AC_STR("no") });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_assert(r->plan->in->ncalls == 1 && r->row.document_version == 2);
	for (int64_t v = 1, last = r->row.version; v <= last; v++) {
		need(ac_plan_regen(k.w, plan, v, &json, &document, &same, &e), &e);
		cr_expect(same);
	}
	cr_expect(memmem(document.p, document.n, "Could you follow the instructions?", 34) != NULL);
}

Test(call, asks_the_questions_of_all_protocols_that_the_visit_follows)
{
	struct visit v = { .area = "face" };
	char *json = ac_cstr(k.a, visit_json(&v, k.a)), *at = strstr(json, "\"procedures\":[") + 14;
	struct ac_err e = { 0 };
	struct ac_intake in = { 0 };
	struct ac_questions *q = NULL;
	size_t n = 0;

	kit_publish(&k, kit_file(&k, "schemas/protocols/demo/chemical-peel.xml"));
	need(try_put_json(&k,
		 ac_strf(k.a,
		     "%.*s{\"id\":\"b2\",\"system\":\"LOCAL\",\"code\":\"PEEL\",\"status\":\"performed\","
		     "\"performed\":\"2026-03-28T14:35:00+01:00\"},%s",
		     (int)(at - json), json, at),
		 &in, &e),
	    &e);
	struct ac_record *r = record_of(&k, in.plan, 0);
	for (size_t i = 0; i < r->plan->ntasks; i++)
		if (r->plan->tasks[i].nmerged > 0 && r->plan->tasks[i].kind == AC_TASK_CHECK_IN)
			n = ac_call_questions(r->plan, &r->plan->tasks[i], k.a, &q);
	cr_assert(n == 2);
	cr_expect(q[0].protocol != q[1].protocol);
}
