/* Borrowed text, and how errors are filled. */
#include "base/err.h"
#include "tests/expect.h"

static const struct ac_str absent = { NULL, 0 };

Test(str, absent_and_empty_differ_only_in_is_set)
{
	cr_expect(!ac_str_is_set(absent));
	cr_expect(ac_str_is_set(AC_S("")));
	cr_expect(ac_streq(absent, AC_S("")));
	cr_expect(ac_str_cmp(absent, AC_S("")) == 0);
	cr_expect(ac_str_starts(absent, absent));
	cr_expect(ac_str_ends(absent, AC_S("")));
}

Test(str, a_null_c_string_is_absent)
{
	cr_expect(!ac_str_is_set(ac_str_c(NULL)));
	cr_expect(ac_streq_c(absent, NULL));
}

Test(str, equality_looks_at_the_whole_length)
{
	cr_expect(ac_streq_c(AC_S("neighbor"), "neighbor"));
	cr_expect(!ac_streq_c(AC_S("n"), "neighbor"));
	cr_expect(!ac_streq_c(AC_S(""), "neighbor"));
	cr_expect(!ac_streq(AC_S("a\0b"), AC_S("a\0c")));
}

Test(str, order_is_by_unsigned_bytes_and_the_prefix_comes_first)
{
	cr_expect(ac_str_cmp(AC_S("ab"), AC_S("abc")) < 0);
	cr_expect(ac_str_cmp(AC_S("abc"), AC_S("ab")) > 0);
	cr_expect(ac_str_cmp(AC_S("z"), AC_S("\xC3\xA4")) < 0);
	cr_expect(ac_str_cmp(AC_S("b"), AC_S("abc")) > 0);
}

Test(str, starts_and_ends_are_false_for_what_is_longer)
{
	cr_expect(ac_str_starts(AC_S("urn:oid:1"), AC_S("urn:")));
	cr_expect(!ac_str_starts(AC_S("ur"), AC_S("urn:")));
	cr_expect(ac_str_ends(AC_S("a.xml"), AC_S(".xml")));
	cr_expect(!ac_str_ends(AC_S("xml"), AC_S(".xml")));
}

Test(str, trim_takes_ascii_white_space_from_both_sides_only)
{
	EXPECT_TEXT(ac_str_trim(AC_S(" \t\r\n\v\f a b \n")), "a b");
	EXPECT_TEXT(ac_str_trim(AC_S("  \t ")), "");
	EXPECT_TEXT(ac_str_trim(AC_S("\xC2\xA0x")), "\xC2\xA0x"); /* a no-break space is a character */
}

Test(str, cut_gives_each_part_and_ends_with_the_absent_rest)
{
	struct ac_str head, rest = ac_cut(AC_S("a,,b"), ',', &head);

	EXPECT_TEXT(head, "a");
	rest = ac_cut(rest, ',', &head);
	EXPECT_TEXT(head, "");
	cr_expect(ac_str_is_set(head));
	rest = ac_cut(rest, ',', &head);
	EXPECT_TEXT(head, "b");
	cr_expect(!ac_str_is_set(rest));
}

Test(str, cut_tells_an_empty_rest_from_an_absent_one)
{
	struct ac_str head, rest = ac_cut(AC_S("a,"), ',', &head);

	cr_expect(ac_str_is_set(rest) && rest.n == 0);
	cr_expect(!ac_str_is_set(ac_cut(rest, ',', &head)));
	cr_expect(!ac_str_is_set(ac_cut(absent, ',', &head)));
	cr_expect(!ac_str_is_set(head));
}

Test(str, int_reads_both_ends_of_the_range_of_64_bits)
{
	int64_t v = 0;

	cr_expect(ac_str_int(AC_S("-9223372036854775808"), INT64_MIN, INT64_MAX, &v) && v == INT64_MIN);
	cr_expect(ac_str_int(AC_S("9223372036854775807"), INT64_MIN, INT64_MAX, &v) && v == INT64_MAX);
	cr_expect(ac_str_int(AC_S("0"), 0, 0, &v) && v == 0);
}

Test(str, int_refuses_what_is_no_whole_decimal_number_and_leaves_the_result_alone)
{
	const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "--1",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999", "1\xD9\xA1" };
	int64_t v = 42;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!ac_str_int(ac_str_c(bad[i]), INT64_MIN, INT64_MAX, &v), "[%s]", bad[i]);
	cr_expect(!ac_str_int(AC_S("1\0"), INT64_MIN, INT64_MAX, &v));
	cr_expect(v == 42);
}

Test(str, int_refuses_one_beyond_either_bound)
{
	int64_t v = 42;

	cr_expect(!ac_str_int(AC_S("-1"), 0, 59, &v));
	cr_expect(!ac_str_int(AC_S("60"), 0, 59, &v));
	cr_expect(v == 42);
	cr_expect(ac_str_int(AC_S("59"), 0, 59, &v) && v == 59);
}

Test(err, fail_fills_everything_and_returns_the_code)
{
	struct ac_err e = { .line = 7, .path = "/old" };

	cr_expect(ac_fail(&e, AC_ECONFLICT, "ENC-REVISION", "revision %d is older", 4) == AC_ECONFLICT);
	cr_expect(e.code == AC_ECONFLICT && e.line == 0 && e.path[0] == '\0');
	EXPECT_RULE(e, "ENC-REVISION");
	cr_expect_str_eq(e.msg, "revision 4 is older");
}

Test(err, nobody_needs_to_listen)
{
	cr_expect(ac_fail(NULL, AC_EIO, "X", "%s", "y") == AC_EIO);
	cr_expect(ac_fail_at(NULL, AC_EIO, "X", 1, 1, "/a", "%s", "y") == AC_EIO);
}

Test(err, long_messages_are_cut_at_a_character)
{
	struct ac_err e = { 0 };
	char text[301] = { 0 };

	for (size_t i = 0; i < 300; i += 2)
		memcpy(text + i, "\xC3\xA4", 2);
	ac_fail_at(&e, AC_EINPUT, "X", 1, 2, text, "%s", text);
	cr_expect(strlen(e.msg) == 198);
	cr_expect(strlen(e.path) == 94);
}

Test(err, an_error_may_be_made_from_itself)
{
	struct ac_err e = { 0 };

	ac_fail_at(&e, AC_EINPUT, "X", 1, 2, "/goal", "too long");
	ac_fail_at(&e, e.code, e.rule, e.line, e.col, e.path, "protocol: %s", e.msg);
	cr_expect_str_eq(e.msg, "protocol: too long");
	cr_expect_str_eq(e.path, "/goal");
}
