/* Arena and buffer. */
#include <signal.h>

#include "base/buf.h"
#include "tests/expect.h"

static bool
is_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

Test(arena, memory_is_zero_and_aligned_at_every_size)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	for (size_t size = 0; size < 3000; size++) {
		unsigned char *p = ac_alloc(a, size);
		cr_assert(p != NULL && (uintptr_t)p % _Alignof(max_align_t) == 0);
		cr_assert(is_zero(p, size));
		memset(p, 0xAA, size);
	}
}

Test(arena, memory_is_zero_again_after_reset)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	for (int round = 0; round < 3; round++) {
		for (size_t size = 1; size < 300 * 1024; size *= 3) {
			unsigned char *p = ac_alloc(a, size);
			cr_assert(is_zero(p, size), "size %zu in round %d", size, round);
			memset(p, 0xFF, size);
		}
		ac_arena_reset(a);
		cr_assert(ac_arena_used(a) == 0);
	}
}

Test(arena, reset_keeps_the_first_block)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	void *first = ac_alloc(a, 10);

	ac_alloc(a, 1024 * 1024);
	ac_arena_reset(a);
	cr_expect(ac_alloc(a, 20) == first);
}

Test(arena, pieces_larger_than_a_block_are_given)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	char *small = ac_alloc(a, 1);
	char *large = ac_alloc(a, 10 * 1024 * 1024);

	*small = 'x';
	memset(large, 'y', 10 * 1024 * 1024);
	cr_expect(*small == 'x');
	cr_expect(ac_arena_used(a) >= 10 * 1024 * 1024 + 1);
}

Test(arena, a_product_that_wraps_ends_the_process, .signal = SIGABRT)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	ac_alloc_array(a, SIZE_MAX / 2, 3);
}

Test(arena, a_size_that_cannot_be_ends_the_process, .signal = SIGABRT)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	volatile size_t size = SIZE_MAX; /* hidden from the compiler, which would refuse it */

	ac_alloc(a, size);
}

Test(arena, freeing_nothing_is_allowed)
{
	ac_arena_free(NULL);
}

Test(arena, a_vector_keeps_its_items_while_it_grows)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	AC_VEC(int) alone = { 0 }, between = { 0 };

	for (int i = 0; i < 20000; i++) {
		AC_PUSH(a, &alone, i);
		AC_PUSH(a, &between, -i);
	}
	cr_assert(alone.n == 20000 && between.n == 20000);
	for (int i = 0; i < 20000; i++)
		cr_assert(alone.v[i] == i && between.v[i] == -i);
}

Test(arena, a_piece_at_the_end_grows_where_it_is)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	char *p = ac_alloc(a, 100);

	memcpy(p, "keep", 5);
	cr_expect(ac_resize(a, p, 5, 100, 5000) == p);
	cr_expect(is_zero((unsigned char *)p + 100, 4900));
	memset(p + 100, 1, 4900);
	ac_alloc(a, 1);

	char *moved = ac_resize(a, p, 5, 5000, 9000);
	cr_expect(moved != p);
	cr_expect_str_eq(moved, "keep");
}

Test(arena, dup_keeps_absent_absent_and_empty_empty)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	cr_expect(!ac_str_is_set(ac_str_dup(a, (struct ac_str){ NULL, 0 })));
	cr_expect(ac_str_is_set(ac_str_dup(a, AC_S(""))));
	EXPECT_TEXT(ac_str_dup(a, AC_S("abc")), "abc");
}

Test(arena, cat_joins_also_what_is_absent)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	EXPECT_TEXT(ac_str_cat(a, AC_S("ab"), AC_S("c")), "abc");
	EXPECT_TEXT(ac_str_cat(a, (struct ac_str){ NULL, 0 }, AC_S("c")), "c");
}

Test(arena, cstr_ends_with_nul)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	cr_expect_str_eq(ac_cstr(a, (struct ac_str){ "abcdef", 3 }), "abc");
	cr_expect_str_eq(ac_cstr(a, (struct ac_str){ NULL, 0 }), "");
}

Test(arena, strf_formats_short_and_long_text)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	EXPECT_TEXT(ac_strf(a, "%d-%s", 7, "x"), "7-x");
	for (int width = 250; width < 262; width++) {
		struct ac_str s = ac_strf(a, "%*d", width, 5);
		cr_expect(s.n == (size_t)width && s.p[s.n - 1] == '5');
	}
}

Test(buf, bytes_arrive_in_order_whatever_else_the_arena_does)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;

	ac_buf_init(&b, a, 0, 0);
	for (int i = 0; i < 30000; i++) {
		ac_buf_addc(&b, (char)('a' + i % 26));
		if (i % 1000 == 0)
			ac_alloc(a, 1);
	}
	struct ac_str s = ac_buf_str(&b);
	cr_assert(s.n == 30000 && !b.over);
	for (size_t i = 0; i < s.n; i++)
		cr_assert(s.p[i] == (char)('a' + i % 26));
}

Test(buf, an_unused_buffer_gives_the_empty_string)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;

	ac_buf_init(&b, a, 0, 0);
	ac_buf_add(&b, (struct ac_str){ NULL, 0 });
	cr_expect(ac_str_is_set(ac_buf_str(&b)) && ac_buf_str(&b).n == 0);
}

Test(buf, the_limit_itself_fits_and_one_more_does_not)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;

	ac_buf_init(&b, a, 4, 1000);
	for (int i = 0; i < 1000; i++)
		ac_buf_addc(&b, 'x');
	cr_expect(!b.over);
	ac_buf_addc(&b, 'y');
	cr_expect(b.over);
	cr_expect(ac_buf_str(&b).n == 1000);
}

Test(buf, after_the_limit_nothing_shorter_slips_in)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;

	ac_buf_init(&b, a, 100, 10);
	ac_buf_addz(&b, "12345678");
	ac_buf_addz(&b, "too long");
	ac_buf_addz(&b, "9");
	ac_buf_addf(&b, "%d", 9);
	ac_buf_addc(&b, '9');
	cr_expect(b.over);
	EXPECT_TEXT(ac_buf_str(&b), "12345678");
}

Test(buf, formats_longer_than_the_stack_piece)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;

	ac_buf_init(&b, a, 0, 0);
	for (int width = 250; width < 262; width++)
		ac_buf_addf(&b, "%*d", width, 5);
	cr_expect(ac_buf_str(&b).n == (250 + 261) * 12 / 2);
}
