/* What a clinician decides for one visit: it holds, it stays, it can be taken back, and nobody else decides it. */
#include "core/repin.h"
#include "core/rights.h"
#include "tests/override_kit.h"

TestSuite(override, .init = set_up, .fini = tear_down);

#define HARD "mesotherapy/no-heavy-lifting" /* 48 h, 24 h..48 h */
#define SAUNA "mesotherapy/no-sauna"        /* 72 h */
#define DAY_2 "2026-03-30T15:35:00+02:00"
#define DAY_3 "2026-03-31T15:35:00+02:00"

static struct ac_uuid
made(void)
{
	return put(&k, (struct visit){ .area = "face" }).plan;
}

static struct ac_plan *
now(struct ac_uuid plan)
{
	return record_of(&k, plan, 0)->plan;
}

static const char *
refused(struct ac_uuid plan, struct ac_override_request rq)
{
	static struct ac_err e;
	struct ac_override_done d;

	return try_act(plan, rq, AC_ROLE_CLINICIAN, false, &d, &e) == AC_OK ? "saved" : e.rule;
}

/* To the version in force. */
static void
move(struct ac_uuid plan)
{
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_life_who by = { .account = AC_S("ehr:default/3"), .may = AC_MAY_REPIN };
	struct ac_repin rq = { .plan = plan };
	struct ac_repin_done d;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_plan_repin(k.w, &who, &by, &rq, false, &d, &e), &e);
}

Test(override, another_window_is_a_new_version_of_the_plan)
{
	struct ac_uuid plan = made();
	struct ac_override_done d = act(plan, window(HARD, "72 h"));
	const struct ac_plan_line *l = line_named(now(plan), HARD);

	cr_expect(d.n == 1 && d.version == 2 && record_of(&k, plan, 0)->row.version == 2);
	l = line_named(now(plan), HARD);
	cr_expect(l->until == at_ms("2026-03-31T15:35:00+02:00") / 1000);
	cr_expect(l->original_until == at_ms("2026-03-30T15:35:00+02:00") / 1000);
	cr_assert(l->window_by != NULL);
	cr_expect(ac_streq_c(l->window_by->by, "clinician") && ac_streq_c(l->window_by->reason, WHY));
	cr_expect(l->window_by->at_ms == k.now_ms);
}

Test(override, version_one_stays_as_it_was)
{
	struct ac_uuid plan = made();

	act(plan, window(HARD, "72 h"));
	cr_expect(line_named(record_of(&k, plan, 1)->plan, HARD)->until == at_ms(DAY_2) / 1000);
}

Test(override, it_survives_a_later_snapshot)
{
	struct ac_uuid plan = made();

	act(plan, window(HARD, "72h"));
	put(&k, (struct visit){ .revision = 2, .area = "neck", .performed = "2026-03-28T14:30:00+01:00" });
	struct ac_record *r = record_of(&k, plan, 0);
	const struct ac_plan_line *l = line_named(r->plan, HARD);
	cr_expect(r->row.version == 3 && l->window_by != NULL);
	cr_expect(l->until == at_ms("2026-03-31T15:30:00+02:00") / 1000, "counted from the corrected time");
}

Test(override, a_line_left_out_is_not_in_the_plan_and_is_told)
{
	struct ac_uuid plan = made();

	act(plan, omit(SAUNA));
	struct ac_plan *p = now(plan);
	cr_expect(line_named(p, SAUNA) == NULL);
	cr_assert(p->nomitted == 1);
	cr_expect(ac_streq_c(p->omitted[0].line.key, SAUNA) && p->omitted[0].by->n == 1);
}

Test(override, a_reworded_line_says_the_new_words_in_its_old_place)
{
	struct ac_uuid plan = made();

	act(plan, reword(SAUNA, "No sauna, and no steam room."));
	const struct ac_plan_line *l = line_named(now(plan), SAUNA);
	cr_expect(ac_streq_c(l->def->text.v[0].text, "No sauna, and no steam room."));
	cr_expect(l->def->label.n == 0, "one wording wherever it is shown");
	cr_expect(!ac_streq_c(l->original->text.v[0].text, "No sauna, and no steam room."));
	cr_expect(l->until == at_ms(DAY_3) / 1000 && l->text_by != NULL);
}

Test(override, an_added_line_stands_among_the_others)
{
	struct ac_uuid plan = made();

	act(plan, add("restriction", "", "No swimming.", "5 d"));
	const struct ac_plan_line *l = line_named(now(plan), "override/added-1");
	cr_expect(l->until == at_ms("2026-04-02T14:35:00+02:00") / 1000);
	cr_expect(l->added_by != NULL && l->def->kind == AC_RESTRICTION);
}

Test(override, undoing_is_another_act_and_brings_the_protocol_back)
{
	struct ac_uuid plan = made();

	act(plan, window(HARD, "72 h"));
	act(plan, undo(1));
	struct ac_record *r = record_of(&k, plan, 0);
	const struct ac_plan_line *l = line_named(r->plan, HARD);
	cr_expect(l->until == at_ms(DAY_2) / 1000 && l->window_by == NULL && r->row.version == 3);
	cr_assert(r->plan->noverrides == 1 && r->plan->in->overrides.n == 2);
	cr_expect(r->plan->overrides[0].state == AC_OVERRIDE_UNDONE && r->plan->overrides[0].undone_by->n == 2);
	cr_expect_str_eq(refused(plan, undo(1)), "OVERRIDE-UNDONE");
}

Test(override, the_later_of_two_windows_holds_and_undoing_it_brings_back_the_first)
{
	struct ac_uuid plan = made();

	act(plan, window(HARD, "72 h"));
	act(plan, window(HARD, "96 h"));
	cr_expect(line_named(now(plan), HARD)->window_by->n == 2);
	cr_expect(now(plan)->overrides[0].state == AC_OVERRIDE_REPLACED);
	act(plan, undo(2));
	cr_expect(line_named(now(plan), HARD)->until == at_ms(DAY_3) / 1000);
}

Test(override, words_and_window_of_one_line_go_together)
{
	struct ac_uuid plan = made();

	act(plan, window(SAUNA, "5 d"));
	act(plan, reword(SAUNA, "No sauna at all."));
	const struct ac_plan_line *l = line_named(now(plan), SAUNA);
	cr_expect(l->window_by != NULL && l->text_by != NULL);
	cr_expect(l->until == at_ms("2026-04-02T14:35:00+02:00") / 1000);
}

Test(override, a_line_that_no_condition_asks_for_any_more_keeps_its_override_and_the_plan_says_so)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "scalp" }).plan;

	act(plan, window("mesotherapy/no-hair-wash", "24 h"));
	put(&k, (struct visit){ .revision = 2, .area = "face" });
	struct ac_plan *p = now(plan);
	cr_expect(line_named(p, "mesotherapy/no-hair-wash") == NULL);
	cr_assert(p->noverrides == 1);
	cr_expect(p->overrides[0].state == AC_OVERRIDE_LINE_GONE && warns(p, "OVERRIDE-LINE-GONE"));
	put(&k, (struct visit){ .revision = 3, .area = "scalp" });
	cr_expect(line_named(now(plan), "mesotherapy/no-hair-wash")->window_by != NULL, "and holds when it is back");
}

Test(override, it_survives_another_version_of_the_protocol_and_says_that_its_line_moved)
{
	struct ac_uuid plan = made();
	act(plan, window(SAUNA, "5 d"));
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "<window until=\"72 h\"/>", "<window until=\"96 h\"/>"));
	move(plan);
	struct ac_plan *p = now(plan);
	cr_expect(line_named(p, SAUNA)->window_by != NULL && warns(p, "OVERRIDE-MOVED"));
	cr_expect(line_named(p, SAUNA)->until == at_ms("2026-04-02T14:35:00+02:00") / 1000);
}

Test(override, a_protocol_version_without_the_line_leaves_the_act_standing)
{
	struct ac_uuid plan = made();
	act(plan, window(SAUNA, "5 d"));
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "id=\"no-sauna\" concept=\"sauna\"", "id=\"no-banya\" concept=\"banya\""));
	move(plan);
	cr_expect(now(plan)->overrides[0].state == AC_OVERRIDE_LINE_GONE);
}

Test(override, a_line_under_another_id_is_found_by_its_concept)
{
	struct ac_uuid plan = made();
	act(plan, window(SAUNA, "5 d"));
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "id=\"no-sauna\" concept", "id=\"sauna-not-yet\" concept"));
	move(plan);
	cr_expect(line_named(now(plan), "mesotherapy/sauna-not-yet")->window_by != NULL);
}

Test(override, only_a_clinician_decides)
{
	static const enum ac_role others[] = { AC_ROLE_NURSE, AC_ROLE_FRONT_DESK, AC_ROLE_ADMIN, AC_ROLE_AUDITOR,
		AC_ROLE_SYSTEM, AC_ROLE_NONE };
	struct ac_uuid plan = made();
	struct ac_override_done d;
	struct ac_err e;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		cr_expect(try_act(plan, window(HARD, "72 h"), others[i], false, &d, &e) == AC_EDENIED);
		cr_expect_str_eq(e.rule, "OVERRIDE-ROLE");
	}
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(override, a_page_that_is_older_than_the_plan_decides_nothing)
{
	struct ac_uuid plan = made();
	struct ac_override_request rq = window(HARD, "72 h");

	act(plan, omit(SAUNA));
	rq.seen_version = 1;
	cr_expect_str_eq(refused(plan, rq), "FORM-STALE");
}

Test(override, without_a_reason_nothing_is_saved)
{
	struct ac_uuid plan = made();
	struct ac_override_request rq = omit(SAUNA);

	rq.reason = AC_S(" \t ");
	cr_expect_str_eq(refused(plan, rq), "OVERRIDE-REASON");
	rq.reason = AC_S("a\xe2\x80\xae" "b c");
	cr_expect_str_eq(refused(plan, rq), "OVERRIDE-REASON", "no hidden characters");
}

Test(override, bad_windows_are_refused)
{
	static const char *const bad[] = { "soon", "72 x", "-3 h", "99999 h", "3 d 25:00", "" };
	struct ac_uuid plan = made();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_str_eq(refused(plan, window(HARD, bad[i])), "OVERRIDE-WINDOW", "%s", bad[i]);
	cr_expect_str_eq(refused(plan, window(HARD, "0 h")), "OVERRIDE-WINDOW");
	cr_expect_str_eq(refused(plan, window(HARD, "731 d")), "OVERRIDE-LIMIT");
	cr_expect_str_eq(refused(plan, window(HARD, "48 h")), "OVERRIDE-NOTHING");
	struct ac_override_request rq = window("mesotherapy/cleanse", "24 h");
	rq.from = AC_S("30 h");
	cr_expect_str_eq(refused(plan, rq), "OVERRIDE-WINDOW", "it ends before it begins");
}

Test(override, a_line_that_is_not_there_cannot_be_overridden)
{
	struct ac_uuid plan = made();

	cr_expect_str_eq(refused(plan, omit("mesotherapy/no-such-line")), "OVERRIDE-LINE");
	cr_expect_str_eq(refused(plan, undo(7)), "OVERRIDE-LINE");
}

Test(override, texts_and_added_lines_have_limits)
{
	struct ac_uuid plan = made();
	char text[AC_OVERRIDE_TEXT_MAX + 2];
	struct ac_override_request rq = omit(SAUNA);

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	cr_expect_str_eq(refused(plan, reword(SAUNA, text)), "OVERRIDE-LIMIT");
	rq.reason = ac_strf(k.a, "%s%s", text, text);
	cr_expect_str_eq(refused(plan, rq), "OVERRIDE-LIMIT");
	cr_expect_str_eq(refused(plan, reword(SAUNA, "")), "OVERRIDE-TEXT");
	cr_expect_str_eq(refused(plan, reword(SAUNA, "a\x01z")), "OVERRIDE-TEXT");
	for (int i = 0; i < AC_OVERRIDE_ADDED_MAX; i++)
		act(plan, add("care", "", "Rest a while.", ""));
	cr_expect_str_eq(refused(plan, add("care", "", "Rest more.", "")), "OVERRIDE-LIMIT");
	act(plan, undo(1));
	act(plan, add("care", "", "Rest more.", ""));
}

Test(override, an_added_line_about_what_the_plan_speaks_of_already_is_refused)
{
	struct ac_uuid plan = made();

	cr_expect_str_eq(refused(plan, add("restriction", "sauna", "No sauna.", "5 d")), "OVERRIDE-CONCEPT");
	cr_expect_str_eq(refused(plan, add("restriction", "never-heard", "No.", "5 d")), "OVERRIDE-CONCEPT");
	cr_expect_str_eq(refused(plan, add("order", "", "No.", "5 d")), "OVERRIDE-KIND");
	cr_expect_str_eq(refused(plan, add("restriction", "", "No.", "")), "OVERRIDE-WINDOW");
}

Test(override, a_plan_that_was_withdrawn_takes_none)
{
	struct ac_uuid plan = made();

	put(&k, (struct visit){ .revision = 2, .status = "entered-in-error", .area = "face" });
	cr_expect_str_eq(refused(plan, omit(SAUNA)), "OVERRIDE-STATE");
}

Test(override, a_dry_run_saves_nothing)
{
	struct ac_uuid plan = made();
	struct ac_override_done d;
	struct ac_err e;

	cr_assert(try_act(plan, window(HARD, "72 h"), AC_ROLE_CLINICIAN, true, &d, &e) == AC_OK);
	cr_expect(d.now->lines != NULL && record_of(&k, plan, 0)->row.version == 1);
}
