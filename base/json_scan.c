/*
 * json_scan.c - RFC 8259 as this product reads it: recursive descent over borrowed bytes, at most 32 deep.
 *
 * Everything is checked against s->n, the end of the well-formed UTF-8; line, column and path are computed only when
 * something is wrong, so that right input pays nothing for them.
 */
#include "base/json_scan.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

struct name {
	struct ac_str s; /* decoded */
	size_t at;       /* where its quote stands */
};
struct level {
	bool is_object, has_name;
	struct ac_str name; /* of the member being read */
	size_t index;       /* of the item being read */
};
struct scan {
	const char *p;
	size_t n;     /* bytes that are UTF-8 */
	size_t total; /* bytes there are */
	size_t at;
	struct ac_arena *a;
	struct ac_err *reterr;
	int depth;
	struct level level[AC_JSON_DEPTH_MAX];
	AC_VEC(struct name) names; /* of all open objects, innermost last */
};

static enum ac_code scan_value(struct scan *s);

static void
place_of(const char *p, size_t at, uint32_t *line, uint32_t *col)
{
	*line = 1;
	*col = 1;
	for (size_t i = 0; i < at; i++) {
		if (p[i] == '\n') {
			(*line)++;
			*col = 1;
		} else if (((unsigned char)p[i] & 0xC0) != 0x80) {
			(*col)++;
		}
	}
}

/* Append to a path of `cap` bytes; false when it is full. Whole characters only. */
static bool
path_add(char *path, size_t cap, size_t *n, struct ac_str s, bool escape)
{
	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		uint32_t c = ac_utf8_next(s, &i);
		size_t len = i - from;
		const char *bytes = s.p + from;

		if (escape && (c == '~' || c == '/')) {
			bytes = c == '~' ? "~0" : "~1";
			len = 2;
		} else if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFFFD || (c >= 0x2028 && c <= 0x202E)) {
			bytes = "_"; /* it goes to logs and terminals */
			len = 1;
		}
		if (*n + len > cap - sizeof("...")) {
			memcpy(path + *n, "...", sizeof("..."));
			return false;
		}
		memcpy(path + *n, bytes, len);
		*n += len;
	}
	path[*n] = '\0';
	return true;
}

/* The JSON Pointer of the value being read, with `last` (may be absent) behind it. */
static void
path_of(const struct scan *s, struct ac_str last, char *path, size_t cap)
{
	size_t n = 0;

	path[0] = '\0';
	for (int i = 0; i < s->depth; i++) {
		const struct level *l = &s->level[i];
		char digits[24];
		size_t k = sizeof(digits);

		if (!l->has_name)
			break;
		if (!path_add(path, cap, &n, AC_S("/"), false))
			return;
		for (size_t v = l->index; !l->is_object && (v > 0 || k == sizeof(digits)); v /= 10)
			digits[--k] = (char)('0' + v % 10);
		if (!path_add(path, cap, &n, l->is_object ? l->name : (struct ac_str){ digits + k, sizeof(digits) - k },
			l->is_object))
			return;
	}
	if (ac_str_is_set(last) && path_add(path, cap, &n, AC_S("/"), false))
		(void)path_add(path, cap, &n, last, true);
}

static enum ac_code
fail_named(struct scan *s, enum ac_code code, const char *rule, size_t at, struct ac_str last, const char *what)
{
	uint32_t line, col;
	char path[sizeof(((struct ac_err *)0)->path)];

	if (s->reterr == NULL)
		return code;
	place_of(s->p, at, &line, &col);
	path_of(s, last, path, sizeof(path));
	return ac_fail_at(s->reterr, code, rule, line, col, path, "%s", what);
}

static enum ac_code
fail(struct scan *s, const char *rule, size_t at, const char *what)
{
	if (at >= s->n && s->n < s->total)
		return fail_named(s, AC_EINPUT, "JSON-UTF8", s->n, (struct ac_str){ 0 }, "this byte is not UTF-8");
	return fail_named(s, AC_EINPUT, rule, at, (struct ac_str){ 0 }, at >= s->total ? "the text ends too early" : what);
}

static int
peek(const struct scan *s)
{
	return s->at < s->n ? (unsigned char)s->p[s->at] : -1;
}

static void
skip_space(struct scan *s)
{
	while (s->at < s->n && (s->p[s->at] == ' ' || s->p[s->at] == '\n' || s->p[s->at] == '\r' || s->p[s->at] == '\t'))
		s->at++;
}

/* Four hex digits at s->at; -1 when they are not. */
static int
hex4(struct scan *s)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		int c = peek(s);

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
scan_escape(struct scan *s, uint32_t *ret)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t start = s->at - 1;
	int c = peek(s);
	const char *simple = c > 0 ? strchr(from, c) : NULL;

	if (simple != NULL) {
		s->at++;
		*ret = (unsigned char)to[simple - from];
		return AC_OK;
	}
	if (c != 'u')
		return fail(s, "JSON-SYNTAX", s->at, "this is not an escape of JSON");
	s->at++;
	int hi = hex4(s);
	if (hi < 0)
		return fail(s, "JSON-SYNTAX", s->at, "\\u needs four hexadecimal digits");
	if (hi == 0)
		return fail(s, "JSON-NUL", start, "U+0000 cannot be part of a text here");
	if (hi < 0xD800 || hi > 0xDFFF) {
		*ret = (uint32_t)hi;
		return AC_OK;
	}
	if (hi > 0xDBFF || s->n - s->at < 6 || s->p[s->at] != '\\' || s->p[s->at + 1] != 'u')
		return fail(s, "JSON-SURROGATE", start, "half of a surrogate pair");
	s->at += 2;
	int lo = hex4(s);
	if (lo < 0)
		return fail(s, "JSON-SYNTAX", s->at, "\\u needs four hexadecimal digits");
	if (lo < 0xDC00 || lo > 0xDFFF)
		return fail(s, "JSON-SURROGATE", start, "half of a surrogate pair");
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

/* The text between `from` and `to`, which scan_string has accepted, without its escapes. */
static struct ac_str
decode(struct scan *s, size_t from, size_t to)
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

/* A string, s->at at its quote; *ret (may be NULL) is decoded, borrowed where nothing was escaped. */
static enum ac_code
scan_string(struct scan *s, struct ac_str *ret)
{
	size_t start = ++s->at;
	bool escaped = false;

	for (int c; (c = peek(s)) != '"';) {
		uint32_t u;

		if (c < 0x20) /* or the end, which is -1 */
			return fail(s, "JSON-SYNTAX", s->at, "a control character must be escaped");
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
skip_digits(struct scan *s)
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
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* strtod(3) alone would follow the decimal point of a locale */
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

static enum ac_code
scan_number(struct scan *s)
{
	static const char max[] = "9007199254740991"; /* 2^53-1 */
	size_t start = s->at, from, digits;
	bool integer = true;

	if (peek(s) == '-')
		s->at++;
	from = s->at;
	digits = skip_digits(s);
	if (digits == 0)
		return fail(s, "JSON-SYNTAX", s->at, "a digit must follow here");
	if (digits > 1 && s->p[from] == '0')
		return fail(s, "JSON-SYNTAX", from, "a number does not start with 0");
	if (peek(s) == '.') {
		integer = false;
		s->at++;
		if (skip_digits(s) == 0)
			return fail(s, "JSON-SYNTAX", s->at, "a digit must follow here");
	}
	if ((peek(s) | 0x20) == 'e') {
		integer = false;
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (skip_digits(s) == 0)
			return fail(s, "JSON-SYNTAX", s->at, "a digit must follow here");
	}
	if (s->at - start > AC_JSON_NUMBER_MAX)
		return fail(s, "JSON-NUMBER", start, "the number has too many digits");
	if (integer && (digits >= sizeof(max) || (digits == sizeof(max) - 1 && memcmp(s->p + from, max, digits) > 0)))
		return fail(s, "JSON-NUMBER", start, "the integer is beyond 2^53-1");
	if (!integer && !in_range((struct ac_str){ s->p + start, s->at - start }))
		return fail(s, "JSON-NUMBER", start, "the number is out of range");
	return AC_OK;
}

static int
by_name(const void *x, const void *y)
{
	const struct name *a = x, *b = y;
	int c = a->s.n != b->s.n ? (a->s.n < b->s.n ? -1 : 1) : a->s.n == 0 ? 0 : memcmp(a->s.p, b->s.p, a->s.n);

	return c != 0 ? c : a->at < b->at ? -1 : a->at > b->at;
}

/* The names from `first` on are those of one object, which has ended. Tells of the first that was there before. */
static enum ac_code
check_names(struct scan *s, size_t first)
{
	const struct name *bad = NULL;

	if (s->names.n - first > 1)
		qsort(s->names.v + first, s->names.n - first, sizeof(*s->names.v), by_name);
	for (size_t i = first + 1; i < s->names.n; i++) {
		const struct name *n = &s->names.v[i];

		if (ac_streq(n[-1].s, n->s) && (bad == NULL || n->at < bad->at))
			bad = n;
	}
	s->names.n = first;
	if (bad != NULL)
		return fail_named(s, AC_EINPUT, "JSON-DUPLICATE", bad->at, bad->s, "this name stands twice in its object");
	return AC_OK;
}

/* A name and its colon. */
static enum ac_code
scan_name(struct scan *s, struct name *ret)
{
	ret->at = s->at;
	if (peek(s) != '"')
		return fail(s, "JSON-SYNTAX", s->at, "a name in double quotes must stand here");
	enum ac_code code = scan_string(s, &ret->s);
	if (code != AC_OK)
		return code;
	skip_space(s);
	if (peek(s) != ':')
		return fail(s, "JSON-SYNTAX", s->at, "':' must stand here");
	s->at++;
	skip_space(s);
	return AC_OK;
}

/* What follows a member or item: 1 another one, 0 the end, -1 neither. */
static int
scan_comma(struct scan *s, char end)
{
	skip_space(s);
	int c = peek(s);
	if (c != ',' && c != end)
		return -1;
	s->at++;
	skip_space(s);
	return c == ',';
}

static enum ac_code
scan_members(struct scan *s, struct level *l)
{
	size_t first = s->names.n;
	int more = 1;

	for (; more == 1; more = scan_comma(s, '}')) {
		struct name name = { 0 };
		enum ac_code code;

		l->has_name = false;
		if ((code = scan_name(s, &name)) != AC_OK)
			return code;
		AC_PUSH(s->a, &s->names, name);
		l->name = name.s;
		l->has_name = true;
		if ((code = scan_value(s)) != AC_OK)
			return code;
	}
	l->has_name = false;
	return more < 0 ? fail(s, "JSON-SYNTAX", s->at, "',' or '}' must stand here") : check_names(s, first);
}

static enum ac_code
scan_items(struct scan *s, struct level *l)
{
	int more = 1;

	l->has_name = true;
	for (l->index = 0; more == 1; more = scan_comma(s, ']'), l->index++) {
		enum ac_code code = scan_value(s);

		if (code != AC_OK)
			return code;
	}
	l->has_name = false;
	return more < 0 ? fail(s, "JSON-SYNTAX", s->at, "',' or ']' must stand here") : AC_OK;
}

static enum ac_code
scan_container(struct scan *s, bool is_object)
{
	if (s->depth == AC_JSON_DEPTH_MAX)
		return fail_named(s, AC_ELIMIT, "JSON-DEPTH", s->at, (struct ac_str){ 0 }, "nested too deep");

	struct level *l = &s->level[s->depth++];
	enum ac_code code = AC_OK;
	*l = (struct level){ .is_object = is_object };
	s->at++;
	skip_space(s);
	if (peek(s) == (is_object ? '}' : ']'))
		s->at++;
	else
		code = is_object ? scan_members(s, l) : scan_items(s, l);
	s->depth--;
	return code;
}

static enum ac_code
scan_value(struct scan *s)
{
	static const struct ac_str words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };
	int c = peek(s);

	if (c == '{' || c == '[')
		return scan_container(s, c == '{');
	if (c == '"')
		return scan_string(s, NULL);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (ac_str_starts((struct ac_str){ s->p + s->at, s->n - s->at }, words[i])) {
			s->at += words[i].n;
			return AC_OK;
		}
	}
	return fail(s, "JSON-SYNTAX", s->at, "a value must stand here");
}

enum ac_code
ac_json_scan(struct ac_str bytes, struct ac_arena *scratch, struct ac_err *reterr)
{
	struct scan s = { .p = bytes.p != NULL ? bytes.p : "", .n = bytes.n, .total = bytes.n, .a = scratch, .reterr = reterr };
	enum ac_code code;
	size_t bad;

	if (!ac_utf8_is_valid(bytes, &bad))
		s.n = bad;
	skip_space(&s);
	if ((code = scan_value(&s)) != AC_OK)
		return code;
	skip_space(&s);
	return s.at < s.total ? fail(&s, "JSON-SYNTAX", s.at, "nothing may follow the value") : AC_OK;
}

/* Is `name` what the pointer's token, with its ~0 and ~1, stands for. */
static bool
is_token(struct ac_str name, struct ac_str token)
{
	size_t i = 0;

	for (size_t k = 0; k < token.n; k++, i++) {
		char c = token.p[k];

		if (c == '~' && k + 1 < token.n)
			c = token.p[++k] == '1' ? '/' : '~';
		if (i >= name.n || name.p[i] != c)
			return false;
	}
	return i == name.n;
}

/* From the start of a container to the start of its member or item `token`. */
static bool
descend(struct scan *s, struct ac_str token)
{
	bool is_object = peek(s) == '{';
	int64_t index = -1;
	char end = is_object ? '}' : ']';

	if (!is_object && (peek(s) != '[' || !ac_str_int(token, 0, INT32_MAX, &index)))
		return false;
	s->at++;
	skip_space(s);
	if (peek(s) == end)
		return false;
	do {
		struct name name = { 0 };

		if (is_object && scan_name(s, &name) != AC_OK)
			return false;
		if (is_object ? is_token(name.s, token) : index-- == 0)
			return true;
		if (scan_value(s) != AC_OK)
			return false;
	} while (scan_comma(s, end) == 1);
	return false;
}

bool
ac_json_locate(struct ac_str bytes, const char *pointer, uint32_t *ret_line, uint32_t *ret_col)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct scan s = { .p = bytes.p != NULL ? bytes.p : "", .n = bytes.n, .total = bytes.n, .a = a };
	struct ac_str rest = ac_str_c(pointer), token;

	skip_space(&s);
	if (rest.n > 0 && rest.p[0] != '/')
		return false;
	if (rest.n > 0)
		rest = (struct ac_str){ rest.p + 1, rest.n - 1 };
	else
		rest = (struct ac_str){ 0 };
	while (ac_str_is_set(rest)) {
		rest = ac_cut(rest, '/', &token);
		if (!descend(&s, token))
			return false;
	}
	if (s.at >= s.n)
		return false;
	place_of(s.p, s.at, ret_line, ret_col);
	return true;
}
