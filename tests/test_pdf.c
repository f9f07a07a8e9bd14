/* The program that makes PDFs, started from here: answers, refusals, and many at a time. */
#include <dirent.h>
#include <pthread.h>

#include "base/buf.h"
#include "core/pdf.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
begin(void)
{
	a = ac_arena_new();
}

static void
end(void)
{
	ac_arena_free(a);
}

TestSuite(pdf, .init = begin, .fini = end);

#define SHEET "<html><body><h1>A sheet</h1><p>with words</p></body></html>"

static int
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	cr_assert(d != NULL);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

Test(pdf, comes_from_the_program_beside_this_one)
{
	struct ac_paper o = { .made_at = 1774710000 };
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	EXPECT_CODE(ac_pdf_make(AC_S(SHEET), &o, a, &s, &e), AC_OK, e);
	cr_expect(ac_str_starts(s, AC_S("%PDF-")));
	cr_expect(memmem(s.p, s.n, "(20260328150000Z", 16) != NULL);
}

Test(pdf, passes_paper_and_large_print_on)
{
	struct ac_paper a4 = { 0 }, letter = { .letter = true }, large = { .large = true };
	struct ac_err e = { 0 };
	struct ac_str x, y, z;

	cr_assert(ac_pdf_make(AC_S(SHEET), &a4, a, &x, &e) == AC_OK && ac_pdf_make(AC_S(SHEET), &letter, a, &y, &e) == AC_OK &&
		  ac_pdf_make(AC_S(SHEET), &large, a, &z, &e) == AC_OK);
	cr_expect(memmem(y.p, y.n, "612 792", 7) != NULL && memmem(x.p, x.n, "612 792", 7) == NULL);
	cr_expect(!ac_streq(x, z));
}

Test(pdf, refuses_with_the_programs_own_rule)
{
	struct ac_paper o = { 0 };
	struct ac_err e = { 0 };
	struct ac_str s;

	EXPECT_CODE(ac_pdf_make(AC_S("no sheet"), &o, a, &s, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "PAPER-INPUT");
	EXPECT_CODE(ac_pdf_make(AC_S(""), &o, a, &s, &e), AC_EINPUT, e);
}

Test(pdf, refuses_a_sheet_that_is_too_long_before_it_starts_anything)
{
	struct ac_paper o = { 0 };
	struct ac_err e = { 0 };
	struct ac_str s, sheet = { ac_new(a, char, AC_PAPER_BYTES_MAX + 1), AC_PAPER_BYTES_MAX + 1 };

	EXPECT_CODE(ac_pdf_make(sheet, &o, a, &s, &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "PAPER-BYTES");
}

Test(pdf, takes_a_long_sheet_while_it_answers)
{
	struct ac_paper o = { 0 };
	struct ac_err e = { 0 };
	struct ac_str s, sheet;
	struct ac_buf b;

	ac_buf_init(&b, a, 4096, 0);
	ac_buf_addz(&b, "<html><body><p>");
	for (int i = 0; i < 100000; i++)
		ac_buf_addz(&b, "<i> </i>");
	ac_buf_addz(&b, "x</p></body></html>");
	sheet = ac_buf_str(&b);
	EXPECT_CODE(ac_pdf_make(sheet, &o, a, &s, &e), AC_OK, e);
}

Test(pdf, leaves_no_descriptor_open)
{
	struct ac_paper o = { 0 };
	struct ac_err e = { 0 };
	struct ac_str s;
	int before = open_descriptors();

	cr_assert(ac_pdf_make(AC_S(SHEET), &o, a, &s, &e) == AC_OK);
	cr_assert(ac_pdf_make(AC_S("no sheet"), &o, a, &s, &e) == AC_EINPUT);
	cr_expect(open_descriptors() == before);
}

static void *
make_one(void *arg)
{
	AC_AUTO(ac_arena) own = ac_arena_new();
	struct ac_paper o = { 0 };
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	*(bool *)arg = ac_pdf_make(AC_S(SHEET), &o, own, &s, &e) == AC_OK;
	return NULL;
}

Test(pdf, is_made_by_several_threads_at_a_time)
{
	pthread_t t[4];
	bool good[4] = { false };

	for (int i = 0; i < 4; i++)
		cr_assert(pthread_create(&t[i], NULL, make_one, &good[i]) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	cr_expect(good[0] && good[1] && good[2] && good[3]);
}

Test(pdf, knows_who_prints_on_letter)
{
	cr_expect(ac_pdf_is_letter(AC_S("US")) && ac_pdf_is_letter(AC_S("CA")));
	cr_expect(!ac_pdf_is_letter(AC_S("DE")) && !ac_pdf_is_letter((struct ac_str){ 0 }));
}
