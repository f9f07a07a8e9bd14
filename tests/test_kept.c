/* Issued times never become shorter by themselves: what a later chart, fact or answer may not take off the sheet. */
#include "tests/visit_kit.h"

TestSuite(kept, .init = set_up, .fini = tear_down);

#define EARLIER "2026-03-28T14:05:00+01:00"
#define LATER "2026-03-28T14:39:00+01:00"
#define SAUNA "mesotherapy/no-sauna"

static struct ac_uuid
given(void)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	set_clock(&k, "2026-03-28T14:50:00+01:00");
	issue(&k, plan, 1);
	return plan;
}

static enum ac_code
accept(struct ac_uuid plan, enum ac_role role, const char *key, int64_t seen, struct ac_err *e)
{
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, key);
	struct ac_actor who = as(role);
	struct ac_intake r = { 0 };
	struct ac_str v = ac_strf(k.a, "%.*s %lld %lld", AC_FMT(l->def->concept), (long long)l->kept_from, (long long)l->would_end);
	struct ac_answer answer = { .name = AC_S(AC_ANSWER_EARLIER), .values = { &v, 1 } };

	need(ac_worker_begin(k.w, e), e);
	return ac_intake_answer(k.w, &who, AC_S("default"), AC_S("5"), &answer, 1, seen, -1, &r, e);
}

Test(kept, a_corrected_time_does_not_shorten_what_the_sheet_says)
{
	struct ac_uuid plan = given();

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = EARLIER });
	struct ac_record *r = record_of(&k, plan, 0);
	const struct ac_plan_line *l = line_named(r->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-03-31T15:35:00+02:00") / 1000);
	cr_expect(l->kept_from == at_ms("2026-03-28T14:50:00+01:00") / 1000);
	cr_expect(l->would_end == at_ms("2026-03-31T15:05:00+02:00") / 1000);
	bool said = false;
	for (size_t i = 0; i < r->plan->nwarnings; i++)
		said |= strcmp(r->plan->warnings[i].rule, "END-KEPT") == 0 &&
			holds(r->plan->warnings[i].text, "kept from the sheet of Sat 28 Mar, 14:50");
	cr_expect(said);
}

Test(kept, a_later_time_holds_at_once_and_is_told)
{
	struct ac_uuid plan = given();

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = LATER });
	struct ac_record *r = record_of(&k, plan, 0);
	const struct ac_plan_line *l = line_named(r->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-03-31T15:39:00+02:00") / 1000 && l->kept_from == 0);
	const struct ac_task_row *tell = task_named(r, "aftercare/tell-the-patient/");
	cr_assert(is(tell, "requested") && tell->urgent);
	for (size_t i = 0; i < r->plan->nlines; i++)
		cr_expect(r->plan->lines[i].until == AC_INSTANT_NONE || tell->due < r->plan->lines[i].until);
}

Test(kept, a_line_that_is_not_asked_for_any_more_stays)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "scalp" }).plan;

	issue(&k, plan, 1);
	put(&k, (struct visit){ .revision = 2, .area = "face" });
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, "mesotherapy/no-hair-wash");
	cr_assert(l != NULL);
	cr_expect(l->kept_from != 0 && l->would_end == 0);
}

Test(kept, a_fact_that_becomes_known_shortens_nothing)
{
	struct ac_uuid plan = given();
	int64_t before = line_named(record_of(&k, plan, 0)->plan, "mesotherapy/no-exercise")->until;
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	EXPECT_CODE(try_answer(&k, "5", 0, "anticoagulant", "no", &r, &e), AC_OK, e);
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, "mesotherapy/no-exercise");
	cr_expect(l->until == before && l->kept_from != 0 && !l->assumed);
}

Test(kept, a_clinician_lets_it_end_earlier_and_the_others_stay)
{
	struct ac_uuid plan = given();
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = EARLIER });
	EXPECT_CODE(accept(plan, AC_ROLE_NURSE, SAUNA, 0, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ANSWER-ROLE");
	EXPECT_CODE(accept(plan, AC_ROLE_CLINICIAN, SAUNA, 0, &e), AC_OK, e);
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(line_named(r->plan, SAUNA)->until == at_ms("2026-03-31T15:05:00+02:00") / 1000);
	cr_expect(line_named(r->plan, SAUNA)->kept_from == 0);
	cr_expect(line_named(r->plan, "mesotherapy/no-touch")->kept_from != 0);
	cr_expect(is(task_named(r, "aftercare/tell-the-patient/"), "requested"));
}

Test(kept, what_was_let_go_ends_no_earlier_than_it_was_let_go)
{
	struct ac_uuid plan = given();
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = EARLIER });
	EXPECT_CODE(accept(plan, AC_ROLE_CLINICIAN, SAUNA, 0, &e), AC_OK, e);
	put(&k, (struct visit){ .revision = 3, .area = "face", .performed = "2026-03-28T14:01:00+01:00" });
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-03-31T15:05:00+02:00") / 1000 && l->kept_from != 0);
}

Test(kept, without_a_sheet_times_follow_the_chart)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = EARLIER });
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-03-31T15:05:00+02:00") / 1000 && l->kept_from == 0);
}

Test(kept, is_made_again_byte_for_byte)
{
	struct ac_uuid plan = given();
	struct ac_str json, xml;
	struct ac_err e = { 0 };
	bool same = false;

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = EARLIER, .signed_at = SIGNED });
	put(&k, (struct visit){ .revision = 3, .area = "face", .performed = EARLIER, .signed_at = SIGNED });
	cr_expect(record_of(&k, plan, 0)->row.version == 2, "the same again makes no version");
	for (int64_t v = 1; v <= 2; v++) {
		need(ac_worker_begin(k.w, &e), &e);
		EXPECT_CODE(ac_plan_regen(k.w, plan, v, &json, &xml, &same, &e), AC_OK, e);
		cr_expect(same, "version %d", (int)v);
	}
}
