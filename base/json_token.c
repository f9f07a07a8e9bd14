/* json_token.c - strings and numbers of RFC 8259, sections 6 and 7. */
#include "base/json_scan.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Four hex digits at s->at; -1 when they are not. */
static int
hex4(struct ac_json_reader *s)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		int c = ac_json_peek(s);

		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v * 16 + (c | 0x20) - 'a' + 10;
		else
			return -1;
		s->at++;
	}
	return v;
}

/* One escape, s->at behind its backslash. */
static enum ac_code
scan_escape(struct ac_json_reader *s, uint32_t *ret)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t start = s->at - 1;
	int c = ac_json_peek(s);
	const char *simple = c > 0 ? strchr(from, c) : NULL;

	if (simple != NULL) {
		s->at++;
		*ret = (unsigned char)to[simple - from];
		return AC_OK;
	}
	if (c != 'u')
		return ac_json_fail(s, "JSON-SYNTAX", s->at, "this is not an escape of JSON");
	s->at++;
	int hi = hex4(s);
	if (hi < 0)
		return ac_json_fail(s, "JSON-SYNTAX", s->at, "\\u needs four hexadecimal digits");
	if (hi == 0)
		return ac_json_fail(s, "JSON-NUL", start, "U+0000 cannot be part of a text here");
	if (hi < 0xD800 || hi > 0xDFFF) {
		*ret = (uint32_t)hi;
		return AC_OK;
	}
	if (hi > 0xDBFF || s->n - s->at < 6 || s->p[s->at] != '\\' || s->p[s->at + 1] != 'u')
		return ac_json_fail(s, "JSON-SURROGATE", start, "half of a surrogate pair");
	s->at += 2;
	int lo = hex4(s);
	if (lo < 0)
		return ac_json_fail(s, "JSON-SYNTAX", s->at, "\\u needs four hexadecimal digits");
	if (lo < 0xDC00 || lo > 0xDFFF)
		return ac_json_fail(s, "JSON-SURROGATE", start, "half of a surrogate pair");
	*ret = 0x10000 + (((uint32_t)hi & 0x3FF) << 10 | ((uint32_t)lo & 0x3FF));
	return AC_OK;
}

static size_t
encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	out[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
	return n;
}

/* The text between `from` and `to`, which ac_json_string has accepted, without its escapes. */
static struct ac_str
decode(struct ac_json_reader *s, size_t from, size_t to)
{
	char *out = ac_alloc(s->a, to - from + 1); /* an escape never decodes to more bytes than it has */
	size_t n = 0, after = s->at;

	for (s->at = from; s->at < to;) {
		uint32_t u = 0;

		if (s->p[s->at++] != '\\')
			out[n++] = s->p[s->at - 1];
		else if (scan_escape(s, &u) == AC_OK)
			n += encode(u, out + n);
	}
	s->at = after;
	return (struct ac_str){ out, n };
}

enum ac_code
ac_json_string(struct ac_json_reader *s, struct ac_str *ret)
{
	size_t start = ++s->at;
	bool escaped = false;

	for (int c; (c = ac_json_peek(s)) != '"';) {
		uint32_t u;

		if (c < 0x20) /* or the end, which is -1 */
			return ac_json_fail(s, "JSON-SYNTAX", s->at, "a control character must be escaped");
		s->at++;
		if (c != '\\')
			continue;
		escaped = true;
		enum ac_code code = scan_escape(s, &u);
		if (code != AC_OK)
			return code;
	}
	if (ret != NULL)
		*ret = escaped ? decode(s, start, s->at) : (struct ac_str){ s->p + start, s->at - start };
	s->at++;
	return AC_OK;
}

static size_t
skip_digits(struct ac_json_reader *s)
{
	size_t from = s->at;

	while (s->at < s->n && s->p[s->at] >= '0' && s->p[s->at] <= '9')
		s->at++;
	return s->at - from;
}

/* Does a double hold it: not infinite, and not 0 for what is not 0. */
static bool
in_range(struct ac_str number)
{
	char text[AC_JSON_NUMBER_MAX + 1];
	/* strtod(3) alone would follow the decimal point of a locale */
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double d;
	bool nonzero = false;

	if (c == (locale_t)0)
		abort();
	memcpy(text, number.p, number.n);
	text[number.n] = '\0';
	d = strtod_l(text, NULL, c);
	freelocale(c);
	for (const char *p = text; *p != '\0' && (*p | 0x20) != 'e'; p++)
		nonzero = nonzero || (*p >= '1' && *p <= '9');
	return isfinite(d) && (fpclassify(d) != FP_ZERO || !nonzero);
}

enum ac_code
ac_json_number(struct ac_json_reader *s)
{
	static const char max[] = "9007199254740991"; /* 2^53-1 */
	size_t start = s->at, from, digits;
	bool integer = true;

	if (ac_json_peek(s) == '-')
		s->at++;
	from = s->at;
	digits = skip_digits(s);
	if (digits == 0)
		return ac_json_fail(s, "JSON-SYNTAX", s->at, "a digit must follow here");
	if (digits > 1 && s->p[from] == '0')
		return ac_json_fail(s, "JSON-SYNTAX", from, "a number does not start with 0");
	if (ac_json_peek(s) == '.') {
		integer = false;
		s->at++;
		if (skip_digits(s) == 0)
			return ac_json_fail(s, "JSON-SYNTAX", s->at, "a digit must follow here");
	}
	if ((ac_json_peek(s) | 0x20) == 'e') {
		integer = false;
		s->at++;
		if (ac_json_peek(s) == '+' || ac_json_peek(s) == '-')
			s->at++;
		if (skip_digits(s) == 0)
			return ac_json_fail(s, "JSON-SYNTAX", s->at, "a digit must follow here");
	}
	if (s->at - start > AC_JSON_NUMBER_MAX)
		return ac_json_fail(s, "JSON-NUMBER", start, "the number has too many digits");
	if (integer &&
	    (digits >= sizeof(max) || (digits == sizeof(max) - 1 && memcmp(s->p + from, max, digits) > 0)))
		return ac_json_fail(s, "JSON-NUMBER", start, "the integer is beyond 2^53-1");
	if (!integer && !in_range((struct ac_str){ s->p + start, s->at - start }))
		return ac_json_fail(s, "JSON-NUMBER", start, "the number is out of range");
	return AC_OK;
}
