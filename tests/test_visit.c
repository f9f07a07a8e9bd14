/* What is recorded of a patient who is there: understanding, the checklist of a follow-up visit, questions with a clock. */
#include "core/call_about.h"
#include "core/task.h"
#include "core/visit_items.h"
#include "tests/visit_kit.h"

TestSuite(visit, .init = set_up, .fini = tear_down);

#define TEACH "mesotherapy/teach-back/1"
#define CONCERN "aftercare/concern/1"

static enum ac_code
say(enum ac_role role, struct ac_uuid plan, int64_t call, const char *const said[][2], size_t n, const char *task,
    const char *outcome, struct ac_err *e)
{
	struct ac_call_answer v[8];
	struct ac_actor who = as(role);
	struct ac_record *r = record_of(&k, plan, 0);
	struct ac_call_act act = { .plan = plan, .call = call, .kind = AC_CALL_VISIT, .answers = v, .nanswers = n };
	int64_t number;

	act.seen = call == 0 ? (int64_t)r->ncalls : (int64_t)r->calls[call - 1].nentries;
	act.task = ac_str_c(task);
	act.outcome = ac_str_c(outcome);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct ac_call_answer){ false, ac_str_c(said[i][0]), ac_str_c(said[i][1]) };
	*e = (struct ac_err){ 0 };
	need(ac_worker_begin(k.w, e), e);
	return ac_intake_call(k.w, &who, &act, &number, e);
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

static struct ac_str
document(struct ac_uuid plan)
{
	struct ac_record *r = record_of(&k, plan, 0);
	struct ac_document_row row;
	struct ac_err e = { 0 };
	struct ac_str xml;

	need(ac_document_bytes(k.w, plan, r->row.document_version, &row, &xml, &e), &e);
	return xml;
}

static const char *const understood[][2] = { { AC_VISIT_METHOD, "teach-back" }, { AC_VISIT_RESULT, "understood" },
	{ AC_VISIT_LANGUAGE, "de" }, { AC_VISIT_INTERPRETER, "yes" } };

Test(visit, understanding_that_was_checked_completes_its_task_and_stands_in_the_document)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 0, understood, 4, TEACH, "reached", &e), AC_OK, e);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), TEACH);
	cr_assert(is(t, "completed"));
	EXPECT_TEXT(t->actor, "nurse");
	struct ac_str xml = document(plan);
	cr_expect(holds(xml, "Understanding of the instructions: understood (teach-back)"));
	cr_expect(holds(xml, "by a nurse, language: de, with an interpreter"));
	expect_same(plan);
}

Test(visit, what_was_not_understood_leaves_its_task_open)
{
	static const char *const not_yet[][2] = { { AC_VISIT_METHOD, "teach-back" },
		{ AC_VISIT_RESULT, "not yet understood" } };
	struct ac_uuid plan = given_and_signed();
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 0, not_yet, 2, TEACH, "reached", &e), AC_OK, e);
	cr_expect(is(task_named(record_of(&k, plan, 0), TEACH), "requested"));
}

Test(visit, understanding_needs_how_it_was_checked_and_a_value_that_is_known)
{
	static const char *const no_method[][2] = { { AC_VISIT_RESULT, "understood" } };
	static const char *const other[][2] = { { AC_VISIT_METHOD, "guessed" }, { AC_VISIT_RESULT, "understood" } };
	struct ac_uuid plan = given_and_signed();
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 0, no_method, 1, TEACH, "reached", &e), AC_EINPUT, e);
	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 0, other, 2, TEACH, "reached", &e), AC_EINPUT, e);
	EXPECT_CODE(say(AC_ROLE_FRONT_DESK, plan, 0, understood, 4, TEACH, "reached", &e), AC_EDENIED, e);
	cr_expect(record_of(&k, plan, 0)->ncalls == 0);
}

Test(visit, the_checklist_of_a_follow_up_visit_becomes_outcomes_of_the_next_version)
{
	static const char *const list[][2] = { { "aftercare/visit/progress", "skin is smoother" },
		{ "aftercare/visit/adjustments", "next session a week later" } };
	struct ac_uuid plan = given_and_signed();
	int64_t version = record_of(&k, plan, 0)->row.version;
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_CLINICIAN, plan, 0, list, 2, "", "reached", &e), AC_OK, e);
	cr_expect(record_of(&k, plan, 0)->row.version == version + 1);
	struct ac_str xml = document(plan);
	cr_expect(holds(xml, "Follow-up visit, ") && holds(xml, "Progress of the treatment: skin is smoother"));
	cr_expect(holds(xml, "Adjustments of the treatment plan: next session a week later"));
	expect_same(plan);
}

static const char *const asked[][2] = { { AC_VISIT_QUESTION, "May I fly on Sunday?" } };
static const char *const reply[][2] = { { AC_VISIT_REPLY, "Yes, said the doctor." } };

Test(visit, a_question_is_a_task_with_the_clinics_clock_and_the_reply_completes_it)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_FRONT_DESK, plan, 0, asked, 1, "", NULL, &e), AC_OK, e);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), CONCERN);
	cr_assert(is(t, "requested"));
	EXPECT_TEXT(t->role, "nurse");
	cr_expect(t->due == k.now_ms / 1000 + 4 * 3600);
	EXPECT_CODE(say(AC_ROLE_FRONT_DESK, plan, 1, reply, 1, "", "reached", &e), AC_EDENIED, e);
	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 1, reply, 1, "", "reached", &e), AC_OK, e);
	t = task_named(record_of(&k, plan, 0), CONCERN);
	cr_assert(is(t, "completed"));
	EXPECT_TEXT(t->outcome, "answered");
	struct ac_str xml = document(plan);
	cr_expect(holds(xml, "The patient asks: May I fly on Sunday?") && holds(xml, "The answer was: Yes, said the doctor."));
	expect_same(plan);
}

Test(visit, a_question_that_nobody_answers_is_a_clinicians_and_urgent_when_its_clock_is_over)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 0, asked, 1, "", NULL, &e), AC_OK, e);
	k.now_ms += 4 * 3600 * 1000 + 60 * 1000;
	timer(&k);
	timer(&k);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), CONCERN);
	cr_assert(t != NULL && t->urgent && t->steps == 1);
	EXPECT_TEXT(t->role, "clinician");
}

Test(visit, a_question_is_whose_and_until_when_the_clinic_decided)
{
	struct ac_err e;

	kit_clinic(&k, "answer-within = 4 h",
	    "answer-within = 4 h\nanswer-clock = open-hours\nanswer-by = clinician\nanswer-next = nurse\nanswer-next-after = 30 min");
	struct ac_uuid plan = given_and_signed();
	set_clock(&k, "2026-04-02T17:00:00+02:00"); /* a Thursday; Friday and Monday are holidays */
	EXPECT_CODE(say(AC_ROLE_FRONT_DESK, plan, 0, asked, 1, "", NULL, &e), AC_OK, e);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), CONCERN);
	EXPECT_TEXT(t->role, "clinician");
	EXPECT_TEXT(ac_rfc3339(k.a, record_of(&k, plan, 0)->plan->in->zone, t->due), "2026-04-07T12:00:00+02:00");
	cr_expect(t->escalate_s == 30 * 60 && ac_streq_c(t->escalate_to, "nurse") && !t->urgent);
}

Test(visit, a_clinic_that_decided_nothing_of_questions_has_a_nurse_by_the_end_of_the_day)
{
	struct ac_err e;

	kit_clinic(&k, "answer-within = 4 h", "# nothing");
	struct ac_uuid plan = given_and_signed();
	set_clock(&k, "2026-04-02T17:00:00+02:00");
	EXPECT_CODE(say(AC_ROLE_FRONT_DESK, plan, 0, asked, 1, "", NULL, &e), AC_OK, e);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), CONCERN);
	EXPECT_TEXT(t->role, "nurse");
	EXPECT_TEXT(ac_rfc3339(k.a, record_of(&k, plan, 0)->plan->in->zone, t->due), "2026-04-02T23:59:00+02:00");
	EXPECT_TEXT(t->escalate_to, "clinician");
}

Test(visit, a_reply_without_a_question_is_refused)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e;

	EXPECT_CODE(say(AC_ROLE_NURSE, plan, 0, reply, 1, "", "reached", &e), AC_EINPUT, e);
}
