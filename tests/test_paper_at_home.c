/* The paper at home: who holds an older sheet is told what changed and nothing else, in time; the next sheet says it. */
#include "core/check_code.h"
#include "core/visible.h"
#include "tests/visit_kit.h"

TestSuite(paper_at_home, .init = set_up, .fini = tear_down);

#define TELL "aftercare/tell-the-patient/"
#define LATER "2026-03-28T14:39:00+01:00"

static struct ac_uuid
given(void)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	set_clock(&k, "2026-03-28T14:50:00+01:00");
	issue(&k, plan, 1);
	return plan;
}

static const struct ac_task_row *
tell_of(struct ac_uuid plan)
{
	return task_named(record_of(&k, plan, 0), TELL);
}

static struct ac_str
next_sheet(struct ac_uuid plan, int64_t seen)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row;
	struct ac_str bytes = { 0 };

	cr_assert(try_issue(&k, plan, seen, AC_ROLE_NURSE, &row, &bytes, &e) == AC_OK, "%s", e.msg);
	return ac_str_dup(k.a, bytes);
}

Test(paper_at_home, a_later_end_is_told_as_stricter_with_both_times)
{
	struct ac_uuid plan = given();

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = LATER });
	const struct ac_task_row *t = tell_of(plan);
	cr_assert(is(t, "requested") && t->urgent);
	cr_expect(holds(t->title, "Tell the patient what changed on the sheet: stricter: "), "%.*s", AC_FMT(t->title));
	cr_expect(holds(t->title, "until Mon 30 Mar, 15:39 (sheet: until Mon 30 Mar, 15:35)"), "%.*s", AC_FMT(t->title));
}

Test(paper_at_home, only_what_changed_is_told)
{
	struct ac_uuid plan = given();

	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	const struct ac_task_row *t = tell_of(plan);
	cr_assert(is(t, "requested"));
	cr_expect(holds(t->title, "new: ") && holds(t->title, "changed: treated areas"), "%.*s", AC_FMT(t->title));
	cr_expect(!holds(t->title, "auna") && !holds(t->title, "stricter"), "%.*s", AC_FMT(t->title));
}

Test(paper_at_home, it_is_told_before_the_first_time_that_it_touches)
{
	struct ac_uuid plan = given();
	struct ac_plan *before = record_of(&k, plan, 1)->plan;
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < before->nlines; i++)
		if (before->lines[i].until != AC_INSTANT_NONE && before->lines[i].until < first)
			first = before->lines[i].until;
	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = LATER });
	const struct ac_task_row *t = tell_of(plan);
	cr_assert(t != NULL);
	cr_expect(t->due < first && t->due >= k.now_ms / 1000);
	cr_expect(t->not_before == k.now_ms / 1000);
}

Test(paper_at_home, what_moves_within_one_night_is_the_same_on_the_sheet)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .start = "2026-03-28T00:30:00+01:00", .end = "2026-03-28T02:30:00+01:00", .performed = "2026-03-28T01:10:00+01:00" }).plan;

	issue(&k, plan, 1);
	struct ac_plan *before = record_of(&k, plan, 0)->plan;
	int64_t shift = 600;
	struct ac_plan now = *before;
	now.lines = ac_new(k.a, struct ac_plan_line, before->nlines);
	size_t moved = 0;
	for (size_t i = 0; i < before->nlines; i++) {
		struct ac_wall w = ac_wall_at(before->in->zone, before->lines[i].until == AC_INSTANT_NONE ? 0 : before->lines[i].until);
		now.lines[i] = before->lines[i];
		if (before->lines[i].until != AC_INSTANT_NONE && w.hour < 6) {
			now.lines[i].until += shift;
			moved++;
		}
	}
	cr_assert(moved > 0);
	struct ac_visible v = ac_plan_visible(before, &now, k.a);
	cr_expect(!v.changed && v.n == 0, "%zu of %zu", v.n, moved);
}

Test(paper_at_home, a_withdrawn_plan_always_makes_the_task)
{
	struct ac_uuid plan = given();

	put(&k, (struct visit){ .revision = 2, .status = "entered-in-error" });
	const struct ac_task_row *t = tell_of(plan);
	cr_assert(is(t, "requested") && t->urgent);
	EXPECT_TEXT(t->title, "Tell the patient: the plan on the sheet does not hold any more");
	cr_expect(t->due == k.now_ms / 1000);
}

Test(paper_at_home, the_patient_knows_the_sheet_until_somebody_recorded_having_told)
{
	struct ac_uuid plan = given();
	struct ac_err e = { 0 };
	struct ac_record *r;

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = LATER });
	r = record_of(&k, plan, 0);
	cr_expect(ac_told_version(r->issues, r->nissues, r->tasks, r->ntasks) == 1);
	EXPECT_CODE(try_done(&k, plan, TELL "2", 1, "completed", &e), AC_OK, e);
	r = record_of(&k, plan, 0);
	cr_expect(ac_told_version(r->issues, r->nissues, r->tasks, r->ntasks) == 2);
}

Test(paper_at_home, the_next_sheet_says_which_one_it_replaces_and_marks_what_changed)
{
	struct ac_uuid plan = given();

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = LATER });
	struct ac_str s = next_sheet(plan, 2);
	cr_expect(holds(s, "<h2>What changed (replaces sheet 1)</h2>"));
	cr_expect(holds(s, "<strong>stricter now</strong>: "));
	cr_expect(holds(s, "<strong>until Mon 30 March, 15:39</strong> <span class=\"was\">(before: until Mon 30 March, 15:35)</span>"));
	cr_expect(holds(s, "<span class=\"change\">stricter now</span>"));
	cr_expect(is(tell_of(plan), "completed"));
}

Test(paper_at_home, a_reprint_tells_no_change)
{
	struct ac_uuid plan = given();
	struct ac_str s = next_sheet(plan, 1);

	cr_expect(holds(s, "replaces sheet 1") && !holds(s, "What changed") && !holds(s, "class=\"change\""));
}

static struct ac_str
code_of(struct ac_str sheet)
{
	const char *from = memmem(sheet.p, sheet.n, "<code>", 6), *to;

	cr_assert(from != NULL);
	from += 6;
	to = memmem(from, (size_t)(sheet.p + sheet.n - from), "</code>", 7);
	return (struct ac_str){ from, (size_t)(to - from) };
}

static enum ac_code
check(struct ac_str code, struct ac_checked *c, struct ac_err *e)
{
	enum ac_code rc = ac_worker_begin(k.w, e);

	return rc != AC_OK ? rc : ac_check_find(k.w, code, c, e);
}

Test(paper_at_home, a_code_leads_to_the_sheet_that_carries_it)
{
	struct ac_uuid plan = given();
	struct ac_str first, second;
	struct ac_issue_row row;
	struct ac_checked c = { 0 };
	struct ac_err e = { 0 };

	cr_assert(ac_issue_bytes(k.w, plan, 1, &row, &first, &e) == AC_OK);
	first = ac_str_dup(k.a, code_of(first));
	second = code_of(next_sheet(plan, 1));
	cr_expect(!ac_streq(first, second));
	EXPECT_CODE(check(first, &c, &e), AC_OK, e);
	cr_expect(c.issue.n == 1 && c.newest == 2 && memcmp(&c.plan.id, &plan, sizeof(plan)) == 0);
	EXPECT_CODE(check(second, &c, &e), AC_OK, e);
	cr_expect(c.issue.n == 2);
}

Test(paper_at_home, a_code_is_read_as_people_type_it)
{
	struct ac_str code = code_of(next_sheet(given(), 1));
	char typed[2 * AC_CHECK_MAX];
	struct ac_checked c = { 0 };
	struct ac_err e = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < code.n; i++) {
		typed[n++] = code.p[i] >= 'A' && code.p[i] <= 'Z' ? (char)(code.p[i] | 0x20) : code.p[i];
		if (i % 5 == 0)
			typed[n++] = ' ';
	}
	EXPECT_CODE(check((struct ac_str){ typed, n }, &c, &e), AC_OK, e);
	cr_expect(c.issue.n == 2);
}

Test(paper_at_home, a_code_that_no_sheet_carries_is_refused)
{
	struct ac_str code = code_of(next_sheet(given(), 1));
	char *wrong = ac_cstr(k.a, code);
	struct ac_checked c;
	struct ac_err e = { 0 };
	static const char *const bad[] = { "", "AC", "AC-", "AC-0000000", "AC-3F2A9C01-0-9B1E44D07A63", "AC-3F2A9C01-x-9B1E44D07A63",
		"XX-3F2A9C01-1-9B1E44D07A63", "AC-3F2A9C01-1-9B1E44D07A6", "AC-3F2A9C01-1-9B1E44D07A63-1", "https://evil.example/",
		"AC-3F2A9C01-1-9B1E44D07A6%", "AC-3F2A9C01-111111111111111111111111111111111111-9B1E44D07A63" };

	wrong[code.n - 1] = wrong[code.n - 1] == '0' ? '1' : '0';
	EXPECT_CODE(check(ac_str_c(wrong), &c, &e), AC_ENOTFOUND, e);
	cr_expect_str_eq(e.rule, "CHECK-UNKNOWN");
	EXPECT_CODE(check(AC_S("AC-00000000-1-000000000000"), &c, &e), AC_ENOTFOUND, e);
	cr_expect_str_eq(e.rule, "CHECK-UNKNOWN");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(check(ac_str_c(bad[i]), &c, &e) == AC_EINPUT, "%s", bad[i]);
}

Test(paper_at_home, the_picture_of_the_code_holds_nothing_but_the_code)
{
	struct ac_str s = next_sheet(given(), 1), code = code_of(s);

	cr_expect(code.n <= AC_CHECK_MAX && !holds(code, "Example") && !holds(code, "http") && !holds(code, "/"));
	cr_expect(holds(s, "For checking by the clinic <code>AC-"));
	cr_expect(ac_streq(ac_check_svg(code, k.a), ac_check_svg(code, k.a)));
	cr_expect(holds(ac_check_svg(code, k.a), "class=\"qr\""));
	cr_expect(ac_check_svg(AC_S(""), k.a).n == 0);
}
