/* utf8.c - UTF-8 as RFC 3629 defines it (table 3-7 of the Unicode standard lists the same ranges). */
#include <assert.h>
#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT 0xFFFDu

/* Length of the well-formed sequence at `p` (n > 0 bytes are there), its character in *ret; 0 if none. */
static size_t
decode(const unsigned char *p, size_t n, uint32_t *ret)
{
	unsigned char lead = p[0];
	/* bounds of the second byte keep out overlong forms, surrogates and what is beyond U+10FFFF */
	uint32_t low = 0x80, high = 0xBF;

	if (lead < 0x80) {
		*ret = lead;
		return 1;
	}
	if (lead < 0xC2 || lead > 0xF4)
		return 0;
	if (lead == 0xE0)
		low = 0xA0;
	else if (lead == 0xED)
		high = 0x9F;
	else if (lead == 0xF0)
		low = 0x90;
	else if (lead == 0xF4)
		high = 0x8F;

	size_t len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	if (n < len || p[1] < low || p[1] > high)
		return 0;
	uint32_t c = lead & (0x7Fu >> len);
	c = c << 6 | (p[1] & 0x3Fu);
	for (size_t i = 2; i < len; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	*ret = c;
	return len;
}

/* How many bytes from *at on are ASCII for sure; eight at a time. */
static size_t
skip_ascii(struct ac_str s, size_t at)
{
	uint64_t eight;

	while (s.n - at >= sizeof(eight)) {
		memcpy(&eight, s.p + at, sizeof(eight));
		if ((eight & 0x8080808080808080u) != 0)
			break;
		at += sizeof(eight);
	}
	return at;
}

bool
ac_utf8_is_valid(struct ac_str s, size_t *ret_bad_at)
{
	size_t at = 0;
	uint32_t c;

	while ((at = skip_ascii(s, at)) < s.n) {
		size_t len = decode((const unsigned char *)s.p + at, s.n - at, &c);
		if (len == 0) {
			if (ret_bad_at != NULL)
				*ret_bad_at = at;
			return false;
		}
		at += len;
	}
	return true;
}

uint32_t
ac_utf8_next(struct ac_str s, size_t *at)
{
	uint32_t c;
	size_t len;

	assert(*at < s.n);
	len = decode((const unsigned char *)s.p + *at, s.n - *at, &c);
	*at += len == 0 ? 1 : len;
	return len == 0 ? REPLACEMENT : c;
}

bool
ac_utf8_is_xml_char(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool
ac_utf8_is_plain(uint32_t c)
{
	bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
		     (c >= 0x2066 && c <= 0x2069);

	return !is_control(c) && !turns && c != REPLACEMENT;
}

bool
ac_utf8_is_hidden(uint32_t c)
{
	if (c == '\t' || c == '\n' || c == '\r')
		return false;
	return is_control(c) || c == 0x200B || c == 0x2060 || c == 0xFEFF || (c >= 0x2028 && c <= 0x202E);
}

bool
ac_utf8_is_blank(struct ac_str s)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t c = ac_utf8_next(s, &at);
		bool is_space = c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
				c == 0x202F || c == 0x205F || c == 0x3000;

		if (!is_space && !ac_utf8_is_hidden(c))
			return false;
	}
	return true;
}

struct range {
	uint32_t from, to;
};

static bool
is_within(const struct range *v, size_t n, uint32_t c)
{
	size_t from = 0;

	while (from < n) {
		size_t middle = from + (n - from) / 2;

		if (c >= v[middle].from && c <= v[middle].to)
			return true;
		if (c < v[middle].from)
			n = middle;
		else
			from = middle + 1;
	}
	return false;
}

/* UAX #11, blocks of W and F; marks that are written on the character before them in the scripts of patients' texts. */
unsigned
ac_utf8_cells(uint32_t c)
{
	static const struct range wide[] = { { 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0x4DBF },
		{ 0x4E00, 0xA4CF }, { 0xA960, 0xA97C }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF },
		{ 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F },
		{ 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD } };
	static const struct range marks[] = { { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD },
		{ 0x064B, 0x065F }, { 0x0900, 0x0902 }, { 0x093C, 0x093C }, { 0x0941, 0x0948 },
		{ 0x094D, 0x094D }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E },
		{ 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x20D0, 0x20F0 },
		{ 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F } };

	if (c < 0x0300)
		return 1;
	if (is_within(marks, sizeof(marks) / sizeof(marks[0]), c))
		return 0;
	return is_within(wide, sizeof(wide) / sizeof(wide[0]), c) ? 2 : 1;
}

size_t
ac_utf8_count(struct ac_str s)
{
	size_t count = 0;

	for (size_t at = 0; at < s.n; count++)
		ac_utf8_next(s, &at);
	return count;
}

struct ac_str
ac_utf8_head(struct ac_str s, size_t max)
{
	size_t n = max;

	if (s.n <= max)
		return s;
	/* a sequence has at most three bytes after its first; more of them are no UTF-8, and cut anywhere */
	while (n > 0 && max - n < 3 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	if (((unsigned char)s.p[n] & 0xC0) == 0x80)
		n = max;
	return (struct ac_str){ s.p, n };
}
