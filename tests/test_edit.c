/* test_edit.c - the text of a protocol while somebody edits it: its lock, what is kept, the remarks in it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/edit.h"
#include "core/protocol.h"
#include "core/protocol_new.h"

static struct ac_arena *a;
static char dir[] = "/tmp/aftercare-edit-XXXXXX";

static void
setup(void)
{
	a = ac_arena_new();
	cr_assert(mkdtemp(dir) != NULL);
}

static void
teardown(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_assert(system(command) == 0);
	ac_arena_free(a);
}

TestSuite(edit, .init = setup, .fini = teardown);

static struct ac_str
remarked(const char *xml, uint32_t line, const char *text, uint32_t *at)
{
	struct ac_remark r = { line, ac_str_c(text) };

	return ac_remarks_add(ac_str_c(xml), &r, 1, a, at);
}

Test(edit, puts_a_remark_above_its_line)
{
	uint32_t at = 0;

	cr_expect(ac_streq_c(
	    remarked("<a>\n<b/>\n</a>\n", 2, "no b", &at), "<a>\n<!-- aftercare: no b -->\n<b/>\n</a>\n"));
	cr_expect(eq(u32, at, 2));
}

Test(edit, puts_nothing_before_the_declaration)
{
	uint32_t at = 0;

	cr_expect(ac_streq_c(remarked("<?xml version='1.0'?>\n<a/>", 1, "x", &at),
	    "<?xml version='1.0'?>\n<!-- aftercare: x -->\n<a/>"));
}

Test(edit, puts_what_is_meant_behind_the_end_at_the_end)
{
	uint32_t at = 0;

	cr_expect(ac_streq_c(remarked("<a>", 9, "x", &at), "<a>\n<!-- aftercare: x -->\n"));
}

Test(edit, writes_no_double_hyphen_and_no_second_line_into_a_remark)
{
	uint32_t at = 0;

	cr_expect(ac_streq_c(remarked("<a/>", 1, "a--b\nc", &at), "<!-- aftercare: a- -b c -->\n<a/>"));
}

Test(edit, takes_its_remarks_away_and_nothing_else)
{
	static const char *const texts[] = { "", "\n", "<a/>", "<a>\n\n<!-- mine -->\n</a>\n",
		"<a>\r\n</a>\r\n", "x\n\n\n" };
	uint32_t at;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (uint32_t line = 1; line < 5; line++) {
			struct ac_str back =
			    ac_remarks_remove(remarked(texts[i], line, "wrong -- here", &at), a);
			/* a text that did not end its last line has got its end there */
			cr_expect(ac_streq(ac_str_trim(back), ac_str_trim(ac_str_c(texts[i]))), "%zu", i);
		}
}

Test(edit, lets_one_in_and_says_who_it_is)
{
	struct ac_edit first, second;
	struct ac_err e = { 0 };

	cr_assert(
	    eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann"), 0, a, &first, &e), AC_OK), "%s", e.msg);
	cr_expect(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("bob"), 0, a, &second, &e), AC_EBUSY));
	cr_expect(strstr(e.msg, "ann (process ") == e.msg, "%s", e.msg);
	ac_edit_close(&first);
	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("bob"), 0, a, &second, &e), AC_OK));
	ac_edit_close(&second);
}

Test(edit, keeps_the_text_of_each_person_until_it_is_dropped)
{
	struct ac_edit_base base = { .n = 3 }, back;
	struct ac_edit x;
	struct ac_str text;
	struct ac_err e = { 0 };

	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann"), 0, a, &x, &e), AC_OK));
	cr_assert(not(x.has_kept));
	cr_assert(eq(int, ac_edit_begin(&x, AC_S("words"), &base, &e), AC_OK));
	ac_edit_close(&x);
	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("bob"), 0, a, &x, &e), AC_OK));
	cr_expect(not(x.has_kept));
	ac_edit_close(&x);
	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann"), 0, a, &x, &e), AC_OK));
	cr_expect(x.has_kept);
	cr_expect(eq(int, ac_edit_read(&x, &text, &e), AC_OK));
	cr_expect(ac_streq_c(text, "words"));
	cr_expect(eq(int, ac_edit_read_base(&x, &back, &e), AC_OK));
	cr_expect(eq(i64, back.n, 3));
	ac_edit_drop(&x);
	ac_edit_close(&x);
	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann"), 0, a, &x, &e), AC_OK));
	cr_expect(not(x.has_kept));
	ac_edit_close(&x);
}

Test(edit, makes_no_path_of_a_person_s_name)
{
	struct ac_edit x;
	struct ac_err e = { 0 };

	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("../../etc/x y"), 0, a, &x, &e), AC_OK));
	cr_expect(strstr(x.text, "..") == NULL && strchr(x.text, ' ') == NULL, "%s", x.text);
	ac_edit_close(&x);
}

Test(edit, keeps_the_texts_of_two_persons_apart_whose_names_are_alike)
{
	struct ac_edit_base base = { .n = 3 };
	struct ac_edit x;
	struct ac_err e = { 0 };

	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann.b"), 0, a, &x, &e), AC_OK));
	cr_assert(eq(int, ac_edit_begin(&x, AC_S("words"), &base, &e), AC_OK));
	ac_edit_close(&x);
	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann_b"), 0, a, &x, &e), AC_OK));
	cr_expect(not(x.has_kept));
	ac_edit_close(&x);
	cr_assert(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann.b"), 0, a, &x, &e), AC_OK));
	cr_expect(x.has_kept);
	ac_edit_close(&x);
}

Test(edit, follows_no_link_out_of_the_installation)
{
	const char *elsewhere = ac_cstr(a, ac_strf(a, "%s/elsewhere", dir)),
		   *link = ac_cstr(a, ac_strf(a, "%s/edit", dir));
	struct ac_edit x;
	struct ac_err e = { 0 };

	cr_assert(mkdir(elsewhere, 0700) == 0 && symlink(elsewhere, link) == 0);
	cr_expect(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann"), 0, a, &x, &e), AC_EIO));
	cr_expect(eq(str, (char *)(uintptr_t)e.rule, "EDIT-FOLDER"));
	cr_assert(unlink(link) == 0 && mkdir(link, 0700) == 0 &&
		  symlink(elsewhere, ac_cstr(a, ac_strf(a, "%s/peel", link))) == 0);
	cr_expect(eq(int, ac_edit_open(dir, AC_S("peel"), AC_S("ann"), 0, a, &x, &e), AC_EIO));
	cr_expect(rmdir(elsewhere) == 0, "something was put there");
}

Test(edit, begins_a_protocol_that_loads_under_its_name_with_nothing_but_open_decisions)
{
	const struct ac_protocol *p = NULL;
	struct ac_findings found;
	struct ac_str xml;
	struct ac_err e = { 0 };

	cr_assert(eq(int, ac_protocol_skeleton(AC_S("laser-2"), a, &xml, &e), AC_OK));
	cr_assert(eq(int, ac_protocol_load(xml, a, &p, &e), AC_OK), "%s", e.msg);
	cr_expect(ac_streq_c(p->id, "laser-2"));
	ac_protocol_lint(p, NULL, a, &found);
	for (size_t i = 0; i < found.n; i++)
		cr_expect(found.v[i].level != AC_LINT_ERROR, "%s", found.v[i].rule);
	cr_expect(p->ngoals > 0 && p->ninstructions == 4 && p->nred_flags == 2 && p->ntasks > 0 &&
		  p->ncheck_ins > 0 && p->nexpectations > 0 && p->nfacts > 0 && p->series != NULL);
}

Test(edit, begins_nothing_under_a_name_that_is_no_id)
{
	static const char *const bad[] = { "", "Laser", "2laser", "la ser", "la\"ser", "la_ser" };
	struct ac_err e = { 0 };
	struct ac_str xml;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(
		    eq(int, ac_protocol_skeleton(ac_str_c(bad[i]), a, &xml, &e), AC_EINPUT), "%s", bad[i]);
}
