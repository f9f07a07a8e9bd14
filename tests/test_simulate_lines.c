/* test_simulate_lines.c - what a draft changes is added up by line, and none is left out. */
#include <criterion/criterion.h>

#include "core/simulate_parts.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
setup(void)
{
	a = ac_arena_new();
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(simulate_lines, .init = setup, .fini = teardown);

static void
add(struct ac_simulated_lines *l, struct ac_str key, const char *line, enum ac_strength strength)
{
	struct ac_plan_change c = { AC_CHANGE_CHANGED, strength, line, key };

	ac_simulated_add(l, &c, a);
}

Test(simulate_lines, keeps_every_line_of_more_than_a_screen_can_show)
{
	struct ac_simulated_lines l = { 0 };
	struct ac_simulation s = { 0 };
	int64_t changes = 0;

	for (int i = 0; i < 12000; i++)
		add(&l, ac_strf(a, "p/line-%d", i % 6000), "restriction", AC_STRENGTH_WEAKER);
	ac_simulated_join(&l, 1, a, &s);
	cr_expect(s.nlines == 6000, "%zu lines of 6000", s.nlines);
	for (size_t i = 0; i < s.nlines; i++)
		changes += s.lines[i].weaker;
	cr_expect(changes == 12000, "%lld changes of 12000", (long long)changes);
}

Test(simulate_lines, makes_one_line_of_what_two_threads_saw_and_two_of_two_kinds)
{
	struct ac_simulated_lines l[2] = { 0 };
	struct ac_simulation s = { 0 };

	add(&l[0], AC_S("p/b"), "task", AC_STRENGTH_STRONGER);
	add(&l[0], AC_S("p/a"), "restriction", AC_STRENGTH_WEAKER);
	add(&l[1], AC_S("p/b"), "restriction", AC_STRENGTH_WEAKER);
	add(&l[1], AC_S("p/b"), "task", AC_STRENGTH_STRONGER);
	ac_simulated_join(l, 2, a, &s);
	cr_assert(s.nlines == 3, "%zu", s.nlines);
	EXPECT_TEXT(s.lines[0].key, "p/a");
	cr_expect(strcmp(s.lines[1].line, "restriction") == 0 && s.lines[1].weaker == 1);
	cr_expect(strcmp(s.lines[2].line, "task") == 0 && s.lines[2].stronger == 2 &&
		  s.lines[2].n[AC_CHANGE_CHANGED] == 2);
}

Test(simulate_lines, joins_nothing_to_nothing)
{
	struct ac_simulated_lines l = { 0 };
	struct ac_simulation s = { 0 };

	ac_simulated_join(&l, 1, a, &s);
	cr_expect(s.nlines == 0);
}
