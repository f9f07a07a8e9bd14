/*
 * json_scan.c - RFC 8259 as this product reads it: recursive descent over borrowed bytes, at most 32 deep.
 *
 * Everything is checked against s->n, the end of the well-formed UTF-8; line, column and path are computed
 * only when something is wrong, so that right input pays nothing for them.
 */
#include "base/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static enum ac_code scan_value(struct ac_json_reader *s);

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
		} else if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFFFD ||
			   (c >= 0x2028 && c <= 0x202E)) {
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
path_of(const struct ac_json_reader *s, struct ac_str last, char *path, size_t cap)
{
	size_t n = 0;

	path[0] = '\0';
	for (int i = 0; i < s->depth; i++) {
		const struct ac_json_level *l = &s->level[i];
		char digits[24];
		size_t k = sizeof(digits);

		if (!l->has_name)
			break;
		if (!path_add(path, cap, &n, AC_S("/"), false))
			return;
		for (size_t v = l->index; !l->is_object && (v > 0 || k == sizeof(digits)); v /= 10)
			digits[--k] = (char)('0' + v % 10);
		if (!path_add(path, cap, &n,
			l->is_object ? l->name : (struct ac_str){ digits + k, sizeof(digits) - k },
			l->is_object))
			return;
	}
	if (ac_str_is_set(last) && path_add(path, cap, &n, AC_S("/"), false))
		(void)path_add(path, cap, &n, last, true);
}

static enum ac_code
fail_named(struct ac_json_reader *s, enum ac_code code, const char *rule, size_t at, struct ac_str last,
    const char *what)
{
	uint32_t line, col;
	char path[sizeof(((struct ac_err *)0)->path)];

	if (s->reterr == NULL)
		return code;
	place_of(s->p, at, &line, &col);
	path_of(s, last, path, sizeof(path));
	return ac_fail_at(s->reterr, code, rule, line, col, path, "%s", what);
}

enum ac_code
ac_json_fail(struct ac_json_reader *s, const char *rule, size_t at, const char *what)
{
	if (at >= s->n && s->n < s->total)
		return fail_named(
		    s, AC_EINPUT, "JSON-UTF8", s->n, (struct ac_str){ 0 }, "this byte is not UTF-8");
	return fail_named(
	    s, AC_EINPUT, rule, at, (struct ac_str){ 0 }, at >= s->total ? "the text ends too early" : what);
}

static void
skip_space(struct ac_json_reader *s)
{
	while (s->at < s->n &&
	       (s->p[s->at] == ' ' || s->p[s->at] == '\n' || s->p[s->at] == '\r' || s->p[s->at] == '\t'))
		s->at++;
}

static int
by_name(const void *x, const void *y)
{
	const struct ac_json_name *a = x, *b = y;
	int c = a->s.n != b->s.n ? (a->s.n < b->s.n ? -1 : 1)
		: a->s.n == 0    ? 0
				 : memcmp(a->s.p, b->s.p, a->s.n);

	return c != 0 ? c : a->at < b->at ? -1 : a->at > b->at;
}

/* The names from `first` on are those of one object, which has ended. Tells of the first that comes again. */
static enum ac_code
check_names(struct ac_json_reader *s, size_t first)
{
	const struct ac_json_name *bad = NULL;

	if (s->names.n - first > 1)
		qsort(s->names.v + first, s->names.n - first, sizeof(*s->names.v), by_name);
	for (size_t i = first + 1; i < s->names.n; i++) {
		const struct ac_json_name *n = &s->names.v[i];

		if (ac_streq(n[-1].s, n->s) && (bad == NULL || n->at < bad->at))
			bad = n;
	}
	s->names.n = first;
	if (bad != NULL)
		return fail_named(
		    s, AC_EINPUT, "JSON-DUPLICATE", bad->at, bad->s, "this name stands twice in its object");
	return AC_OK;
}

/* A name and its colon. */
static enum ac_code
scan_name(struct ac_json_reader *s, struct ac_json_name *ret)
{
	ret->at = s->at;
	if (ac_json_peek(s) != '"')
		return ac_json_fail(s, "JSON-SYNTAX", s->at, "a name in double quotes must stand here");
	enum ac_code code = ac_json_string(s, &ret->s);
	if (code != AC_OK)
		return code;
	skip_space(s);
	if (ac_json_peek(s) != ':')
		return ac_json_fail(s, "JSON-SYNTAX", s->at, "':' must stand here");
	s->at++;
	skip_space(s);
	return AC_OK;
}

/* What follows a member or item: 1 another one, 0 the end, -1 neither. */
static int
scan_comma(struct ac_json_reader *s, char end)
{
	skip_space(s);
	int c = ac_json_peek(s);
	if (c != ',' && c != end)
		return -1;
	s->at++;
	skip_space(s);
	return c == ',';
}

static enum ac_code
scan_members(struct ac_json_reader *s, struct ac_json_level *l)
{
	size_t first = s->names.n;
	int more = 1;

	for (; more == 1; more = scan_comma(s, '}')) {
		struct ac_json_name name = { 0 };
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
	return more < 0 ? ac_json_fail(s, "JSON-SYNTAX", s->at, "',' or '}' must stand here")
			: check_names(s, first);
}

static enum ac_code
scan_items(struct ac_json_reader *s, struct ac_json_level *l)
{
	int more = 1;

	l->has_name = true;
	for (l->index = 0; more == 1; more = scan_comma(s, ']'), l->index++) {
		enum ac_code code = scan_value(s);

		if (code != AC_OK)
			return code;
	}
	l->has_name = false;
	return more < 0 ? ac_json_fail(s, "JSON-SYNTAX", s->at, "',' or ']' must stand here") : AC_OK;
}

static enum ac_code
scan_container(struct ac_json_reader *s, bool is_object)
{
	if (s->depth == AC_JSON_DEPTH_MAX)
		return fail_named(s, AC_ELIMIT, "JSON-DEPTH", s->at, (struct ac_str){ 0 }, "nested too deep");

	struct ac_json_level *l = &s->level[s->depth++];
	enum ac_code code = AC_OK;
	*l = (struct ac_json_level){ .is_object = is_object };
	s->at++;
	skip_space(s);
	if (ac_json_peek(s) == (is_object ? '}' : ']'))
		s->at++;
	else
		code = is_object ? scan_members(s, l) : scan_items(s, l);
	s->depth--;
	return code;
}

static enum ac_code
scan_value(struct ac_json_reader *s)
{
	static const struct ac_str words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };
	int c = ac_json_peek(s);

	if (c == '{' || c == '[')
		return scan_container(s, c == '{');
	if (c == '"')
		return ac_json_string(s, NULL);
	if (c == '-' || (c >= '0' && c <= '9'))
		return ac_json_number(s);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (ac_str_starts((struct ac_str){ s->p + s->at, s->n - s->at }, words[i])) {
			s->at += words[i].n;
			return AC_OK;
		}
	}
	return ac_json_fail(s, "JSON-SYNTAX", s->at, "a value must stand here");
}

enum ac_code
ac_json_scan(struct ac_str bytes, struct ac_arena *scratch, struct ac_err *reterr)
{
	struct ac_json_reader s = { .p = bytes.p != NULL ? bytes.p : "",
		.n = bytes.n,
		.total = bytes.n,
		.a = scratch,
		.reterr = reterr };
	enum ac_code code;
	size_t bad;

	if (!ac_utf8_is_valid(bytes, &bad))
		s.n = bad;
	skip_space(&s);
	if ((code = scan_value(&s)) != AC_OK)
		return code;
	skip_space(&s);
	return s.at < s.total ? ac_json_fail(&s, "JSON-SYNTAX", s.at, "nothing may follow the value") : AC_OK;
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
descend(struct ac_json_reader *s, struct ac_str token)
{
	bool is_object = ac_json_peek(s) == '{';
	int64_t index = -1;
	char end = is_object ? '}' : ']';

	if (!is_object && (ac_json_peek(s) != '[' || !ac_str_int(token, 0, INT32_MAX, &index)))
		return false;
	s->at++;
	skip_space(s);
	if (ac_json_peek(s) == end)
		return false;
	do {
		struct ac_json_name name = { 0 };

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
	struct ac_json_reader s = {
		.p = bytes.p != NULL ? bytes.p : "", .n = bytes.n, .total = bytes.n, .a = a
	};
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
