/* A visit that the chart gives to another patient, and a patient who has died. */
#include "tests/web_kit.h"

static struct kit k;

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
TestSuite(moved, .init = set_up, .fini = tear_down);

#define PRIVACY "aftercare/privacy-review/1"
#define CALL "mesotherapy/call-day-2/1"
#define RECORD "mesotherapy/record-lot/1"

static bool
is(struct ac_uuid plan, const char *task, const char *status)
{
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), task);

	return t != NULL && ac_streq_c(t->status, status);
}

static struct ac_http
page(struct ac_uuid plan, const char *patient)
{
	struct call c = { .uri = ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s", AC_FMT(ac_uuid_str(k.a, plan)))),
		.user = "clinician",
		.role = "clinician",
		.patient = patient };

	return serve(&k, &c);
}

static struct ac_uuid
to_another_patient(struct ac_uuid *ret_former, bool given)
{
	*ret_former = put(&k, (struct visit){ .area = "face" }).plan;
	if (given)
		issue(&k, *ret_former, 1);
	return put(&k, (struct visit){ .revision = 2, .patient = "2", .family = "Right", .area = "face" }).plan;
}

Test(moved, a_sheet_given_out_for_another_patient_s_visit_is_reviewed_for_privacy)
{
	struct ac_uuid former;

	to_another_patient(&former, true);
	cr_expect(is(former, PRIVACY, "requested"));
	EXPECT_TEXT(task_named(record_of(&k, former, 0), PRIVACY)->role, "clinician");
}

Test(moved, where_no_sheet_was_given_there_is_nothing_to_review)
{
	struct ac_uuid former;

	to_another_patient(&former, false);
	cr_expect(task_named(record_of(&k, former, 0), PRIVACY) == NULL);
}

Test(moved, a_procedure_that_is_gone_is_no_matter_of_privacy)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	issue(&k, plan, 1);
	put(&k, (struct visit){ .revision = 2, .code = "" });
	cr_expect(task_named(record_of(&k, plan, 0), PRIVACY) == NULL);
}

Test(moved, a_second_move_asks_for_the_review_again)
{
	struct ac_err e = { 0 };
	struct ac_uuid former;

	to_another_patient(&former, true);
	EXPECT_CODE(try_done(&k, former, PRIVACY, task_named(record_of(&k, former, 0), PRIVACY)->seq, "completed", &e), AC_OK, e);
	put(&k, (struct visit){ .revision = 3, .area = "face" });
	cr_assert(is(former, PRIVACY, "completed"));
	put(&k, (struct visit){ .revision = 4, .patient = "2", .family = "Right", .area = "face" });
	cr_expect(is(former, PRIVACY, "requested"));
}

Test(moved, both_plans_lead_to_each_other)
{
	struct ac_uuid former, now = to_another_patient(&former, true);
	struct ac_http h = page(former, NULL);

	cr_expect(holds(&h, "the encounter belongs to another patient"));
	cr_expect(holds(&h, ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s\"", AC_FMT(ac_uuid_str(k.a, now))))));
	h = page(now, NULL);
	cr_expect(holds(&h, ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s\"", AC_FMT(ac_uuid_str(k.a, former))))));
	cr_expect(!holds(&h, "Example"), "the link names nobody");
}

Test(moved, who_is_bound_to_one_patient_does_not_see_the_other_s_plan)
{
	struct ac_uuid former, now = to_another_patient(&former, true);

	cr_expect(page(now, "2").status == 200);
	cr_expect(page(former, "2").status != 200);
}

Test(moved, nobody_calls_a_patient_who_has_died)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	cr_assert(is(plan, CALL, "requested") && is(plan, RECORD, "requested"));
	put(&k, (struct visit){ .revision = 2, .area = "face", .deceased = "2026-03-29" });
	cr_expect(is(plan, CALL, "cancelled"));
	EXPECT_TEXT(task_named(record_of(&k, plan, 0), CALL)->outcome, "the patient has died");
	cr_expect(is(plan, RECORD, "requested"), "what the record lacks is still asked for");
}

Test(moved, nobody_calls_for_a_final_plan_either_when_the_patient_has_died)
{
	struct visit v = { .area = "face", .signed_at = "2026-03-28T15:00:00+01:00" };
	struct ac_uuid plan = put(&k, v).plan;

	cr_assert(is(plan, CALL, "requested"));
	v.revision = 2;
	v.deceased = "2026-03-29";
	put(&k, v); /* the plan's new version waits until it is signed again: the calls do not */
	cr_expect(is(plan, CALL, "cancelled"));
	v.revision = 3;
	v.deceased = NULL;
	put(&k, v);
	cr_expect(is(plan, CALL, "requested"));
}

Test(moved, nobody_tells_a_patient_who_has_died_what_changed)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	issue(&k, plan, 1);
	put(&k, (struct visit){ .revision = 2, .area = "scalp", .deceased = "2026-03-29" });
	cr_expect(task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/") == NULL);
}

Test(moved, a_death_entered_in_error_brings_the_calls_back)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .area = "face", .deceased = "2026-03-29" });
	put(&k, (struct visit){ .revision = 3, .area = "face" });
	cr_expect(is(plan, CALL, "requested"));
}
