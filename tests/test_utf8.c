/* UTF-8 after RFC 3629. */
#include "base/utf8.h"
#include "tests/expect.h"

/* The plain way, independent of utf8.c: bits of any form, then refuse what RFC 3629 section 3 refuses. */
static bool
is_sequence(const unsigned char *p, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const unsigned char mask[] = { 0, 0x80, 0xE0, 0xF0, 0xF8 },
				   mark[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	uint32_t c = p[0] & (uint32_t)~mask[len];

	if ((p[0] & mask[len]) != mark[len])
		return false;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] >> 6) != 2)
			return false;
		c = c * 64 + p[i] % 64;
	}
	return c >= least[len] && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF);
}

static bool
is_valid_n(const unsigned char *p, size_t n)
{
	return ac_utf8_is_valid((struct ac_str){ (const char *)p, n }, NULL);
}

Test(utf8, accepts_the_examples_of_rfc_3629)
{
	cr_expect(ac_utf8_is_valid(AC_S("\x41\xE2\x89\xA2\xCE\x91\x2E"), NULL));
	cr_expect(ac_utf8_is_valid(AC_S("\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4"), NULL));
	cr_expect(ac_utf8_is_valid(AC_S("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"), NULL));
	cr_expect(ac_utf8_is_valid(AC_S("\xEF\xBB\xBF\xF0\xA3\x8E\xB4"), NULL));
	cr_expect(ac_utf8_is_valid((struct ac_str){ NULL, 0 }, NULL));
}

Test(utf8, judges_every_pair_of_bytes_as_the_plain_rules_do)
{
	unsigned char p[2];

	for (unsigned x = 0; x < 0x10000; x++) {
		p[0] = (unsigned char)(x >> 8);
		p[1] = (unsigned char)x;
		bool want = (p[0] < 0x80 && p[1] < 0x80) || is_sequence(p, 2);
		cr_assert(is_valid_n(p, 2) == want, "%02X %02X", p[0], p[1]);
	}
}

Test(utf8, judges_every_start_of_three_bytes_as_the_plain_rules_do)
{
	for (unsigned lead = 0xE0; lead <= 0xEF; lead++) {
		for (unsigned x = 0; x < 0x10000; x++) {
			unsigned char p[3] = { (unsigned char)lead, (unsigned char)(x >> 8),
				(unsigned char)x };
			cr_assert(is_valid_n(p, 3) == is_sequence(p, 3), "%02X %04X", lead, x);
		}
	}
}

Test(utf8, judges_four_bytes_at_all_bounds_as_the_plain_rules_do)
{
	static const unsigned char edge[] = { 0x00, 0x7F, 0x80, 0x81, 0xBE, 0xBF, 0xC0, 0xFF };

	for (unsigned x = 0xF000; x <= 0xFFFF; x++) {
		for (size_t i = 0; i < sizeof(edge) * sizeof(edge); i++) {
			unsigned char p[4] = { (unsigned char)(x >> 8), (unsigned char)x,
				edge[i / sizeof(edge)], edge[i % sizeof(edge)] };
			cr_assert(is_valid_n(p, 4) == is_sequence(p, 4), "%04X %02X %02X", x, p[2], p[3]);
		}
	}
}

Test(utf8, names_the_place_of_the_first_bad_byte)
{
	char text[64];
	size_t at;

	for (size_t i = 0; i < sizeof(text); i++) {
		memset(text, 'a', sizeof(text));
		text[i] = '\xFF';
		at = 999;
		cr_assert(!ac_utf8_is_valid((struct ac_str){ text, sizeof(text) }, &at));
		cr_assert(at == i);
	}
	cr_expect(!ac_utf8_is_valid(AC_S("\xC3\xA4\xE2\x82"), &at) && at == 2);
}

Test(utf8, next_walks_over_characters_of_every_length)
{
	struct ac_str s = AC_S("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
	size_t at = 0;

	cr_expect(ac_utf8_next(s, &at) == 'a' && at == 1);
	cr_expect(ac_utf8_next(s, &at) == 0xE4 && at == 3);
	cr_expect(ac_utf8_next(s, &at) == 0x20AC && at == 6);
	cr_expect(ac_utf8_next(s, &at) == 0x1F600 && at == 10);
}

Test(utf8, next_gives_the_replacement_for_one_bad_byte_and_goes_on_behind_it)
{
	struct ac_str s = AC_S("\xE2\x82"
			       "b");
	size_t at = 0;

	cr_expect(ac_utf8_next(s, &at) == 0xFFFD && at == 1);
	cr_expect(ac_utf8_next(s, &at) == 0xFFFD && at == 2);
	cr_expect(ac_utf8_next(s, &at) == 'b' && at == 3);
}

Test(utf8, next_never_reads_behind_the_end)
{
	char *exact = malloc(1); /* the sanitizer watches the byte behind it */

	for (unsigned lead = 0xC2; lead <= 0xF4; lead++) {
		size_t at = 0;
		*exact = (char)lead;
		cr_assert(ac_utf8_next((struct ac_str){ exact, 1 }, &at) == 0xFFFD && at == 1);
	}
	free(exact);
}

Test(utf8, xml_characters_are_those_of_xml_1_0_section_2_2)
{
	static const struct {
		uint32_t c;
		bool is;
	} rows[] = { { 0, false }, { 8, false }, { 9, true }, { 10, true }, { 11, false }, { 12, false },
		{ 13, true }, { 14, false }, { 0x1F, false }, { 0x20, true }, { 0x7F, true }, { 0x80, true },
		{ 0xD7FF, true }, { 0xD800, false }, { 0xDFFF, false }, { 0xE000, true }, { 0xFFFD, true },
		{ 0xFFFE, false }, { 0xFFFF, false }, { 0x10000, true }, { 0x10FFFF, true },
		{ 0x110000, false }, { UINT32_MAX, false } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect(ac_utf8_is_xml_char(rows[i].c) == rows[i].is, "U+%04X", rows[i].c);
}

Test(utf8, count_counts_characters_and_each_bad_byte)
{
	cr_expect(ac_utf8_count(AC_S("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80")) == 4);
	cr_expect(ac_utf8_count(AC_S("\xFF\xFE"
				     "a")) == 3);
	cr_expect(ac_utf8_count((struct ac_str){ NULL, 0 }) == 0);
}

Test(utf8, head_cuts_only_between_characters)
{
	struct ac_str s = AC_S("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
	static const size_t want[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };

	for (size_t max = 0; max < sizeof(want) / sizeof(want[0]); max++)
		cr_expect(ac_utf8_head(s, max).n == want[max], "max %zu", max);
	cr_expect(!ac_str_is_set(ac_utf8_head((struct ac_str){ NULL, 0 }, 3)));
}

Test(utf8, head_of_what_is_no_utf8_still_keeps_the_bound)
{
	cr_expect(ac_utf8_head(AC_S("\x80\x80\x80\x80\x80\x80\x80"), 5).n == 5);
	cr_expect(ac_utf8_head(AC_S("\x80\x80\x80"), 0).n == 0);
}

Test(utf8, knows_what_turns_text_around)
{
	static const uint32_t no[] = { 0, '\n', 0x1B, 0x7F, 0x9B, 0x061C, 0x200E, 0x202A, 0x202E, 0x2066,
		0x2069, 0xFFFD };
	static const uint32_t yes[] = { ' ', '~', 0xA0, 0xE9, 0x05D0, 0x2014, 0x2192, 0x1F600 };

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		cr_expect(!ac_utf8_is_plain(no[i]), "U+%04X", no[i]);
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		cr_expect(ac_utf8_is_plain(yes[i]) && !ac_utf8_is_hidden(yes[i]), "U+%04X", yes[i]);
	cr_expect(ac_utf8_is_hidden(0x202E) && ac_utf8_is_hidden(0x200B) && ac_utf8_is_hidden(0x9B));
	cr_expect(!ac_utf8_is_hidden(0x200F) && !ac_utf8_is_hidden(0x2067) && !ac_utf8_is_hidden('\n'));
}

Test(utf8, blanks_of_every_width_are_blank_and_a_dot_among_them_is_not)
{
	static const char *const yes[] = { "", " \t\r\n", "\u00A0", "\u00A0 \u2003\u202F\u3000", "\u200B\uFEFF", "\u202E\u2029",
		"\x01" };
	static const char *const no[] = { ".", "\u00A0.", "\u3000治", "\uFFFD", "\x80" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		cr_expect(ac_utf8_is_blank(ac_str_c(yes[i])), "%zu", i);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		cr_expect(!ac_utf8_is_blank(ac_str_c(no[i])), "%zu", i);
}

Test(utf8, counts_the_cells_of_a_terminal)
{
	static const uint32_t two[] = { 0x6CBB, 0xAC00, 0x3042, 0xFF01, 0x1F600, 0x20000 },
			      none[] = { 0x0301, 0x200F, 0x0E31, 0xFE0F }, one[] = { 'a', 0xE9, 0x05D0, 0x2192, 0x20FF, 0xFFFD };

	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++)
		cr_expect(ac_utf8_cells(two[i]) == 2, "U+%04X", two[i]);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		cr_expect(ac_utf8_cells(none[i]) == 0, "U+%04X", none[i]);
	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++)
		cr_expect(ac_utf8_cells(one[i]) == 1, "U+%04X", one[i]);
}
