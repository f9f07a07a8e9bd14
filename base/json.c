/* json.c - the tree from json-c once the scanner has accepted the bytes; the writer. */
#include "base/json.h"

#include <assert.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/utf8.h"

AC_DEFINE_AUTO_T(json_tokener, json_tokener_free)

enum ac_code
ac_json_parse(struct ac_str bytes, size_t size_max, json_object **ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) scratch = ac_arena_new();
	enum ac_code code;

	if (bytes.n > size_max || bytes.n >= INT_MAX)
		return ac_fail(
		    reterr, AC_ELIMIT, "JSON-SIZE", "%zu bytes, at most %zu are read", bytes.n, size_max);
	if ((code = ac_json_scan(bytes, scratch, reterr)) != AC_OK)
		return code;

	AC_AUTO_T(json_tokener)
	tok = json_tokener_new_ex(AC_JSON_DEPTH_MAX + 1); /* it counts scalars as well */
	if (tok == NULL)
		abort();
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	json_object *tree = json_tokener_parse_ex(tok, bytes.p, (int)bytes.n);
	if (json_tokener_get_error(tok) == json_tokener_continue)
		tree = json_tokener_parse_ex(tok, " ", 1); /* a bare number does not know that it has ended */
	if (json_tokener_get_error(tok) != json_tokener_success) {
		json_object_put(tree);
		return ac_fail(reterr, AC_EINPUT, "JSON-SYNTAX", "the JSON library refuses it: %s",
		    json_tokener_error_desc(json_tokener_get_error(tok)));
	}
	*ret = tree;
	return AC_OK;
}

void
ac_jw_init(struct ac_jw *w, struct ac_buf *b)
{
	*w = (struct ac_jw){ .b = b };
}

/* What must stand before a value or a name. */
static void
before(struct ac_jw *w)
{
	uint64_t bit = (uint64_t)1 << w->depth;

	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth > 0 && (w->has_item & bit) != 0)
		ac_buf_addc(w->b, ',');
	w->has_item |= bit;
}

static void
open_with(struct ac_jw *w, char c)
{
	assert(w->depth < 63);
	before(w);
	ac_buf_addc(w->b, c);
	w->depth++;
	w->has_item &= ~((uint64_t)1 << w->depth);
}

static void
close_with(struct ac_jw *w, char c)
{
	assert(w->depth > 0 && !w->after_key);
	w->depth--;
	ac_buf_addc(w->b, c);
}

void
ac_jw_obj(struct ac_jw *w)
{
	open_with(w, '{');
}

void
ac_jw_arr(struct ac_jw *w)
{
	open_with(w, '[');
}

void
ac_jw_end_obj(struct ac_jw *w)
{
	close_with(w, '}');
}

void
ac_jw_end_arr(struct ac_jw *w)
{
	close_with(w, ']');
}

/* The escape of a character that cannot stand as it is; NULL when it can. */
static const char *
escape_of(uint32_t c, char hex[8])
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case 0x2028: /* ends a line in ECMAScript before 2019 */
		return "\\u2028";
	case 0x2029:
		return "\\u2029";
	default:
		break;
	}
	if (c >= 0x20)
		return NULL;
	(void)snprintf(hex, 8, "\\u%04x", (unsigned)c);
	return hex;
}

/* Eight at once: are all ASCII from space on, and none of them " or \\? A borrow may blame a neighbour, but only of a true one. */
static inline bool
is_all_plain(const char *p)
{
	const uint64_t each = UINT64_MAX / 255;
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	uint64_t control = x - each * ' ', quote = (x ^ each * '"') - each, backslash = (x ^ each * '\\') - each;
	return ((x | control | quote | backslash) & each * 0x80) == 0;
}

/* ASCII that stands as it is: nearly all there is. */
static size_t
skip_plain(struct ac_str s, size_t at)
{
	while (s.n - at >= 8 && is_all_plain(s.p + at))
		at += 8;
	while (at < s.n && (unsigned char)(s.p[at] - ' ') < 0x60 && s.p[at] != '"' && s.p[at] != '\\')
		at++;
	return at;
}

static void
add_quoted(struct ac_buf *b, struct ac_str s)
{
	size_t plain = 0; /* from here nothing needed an escape */

	ac_buf_addc(b, '"');
	for (size_t at = skip_plain(s, 0); at < s.n; at = skip_plain(s, at)) {
		size_t from = at;
		char hex[8];
		uint32_t c = (unsigned char)s.p[at] < 0x80 ? (unsigned char)s.p[at++] : ac_utf8_next(s, &at);
		const char *escape = escape_of(c, hex);

		if (c == 0xFFFD && at - from == 1)
			escape = "\xEF\xBF\xBD"; /* stands for a byte that is not UTF-8 */
		if (escape == NULL)
			continue;
		ac_buf_add(b, (struct ac_str){ s.p + plain, from - plain });
		ac_buf_addz(b, escape);
		plain = at;
	}
	if (s.n > plain)
		ac_buf_add(b, (struct ac_str){ s.p + plain, s.n - plain });
	ac_buf_addc(b, '"');
}

void
ac_jw_key_str(struct ac_jw *w, struct ac_str key)
{
	assert(w->depth > 0 && !w->after_key);
	before(w);
	add_quoted(w->b, key);
	ac_buf_addc(w->b, ':');
	w->after_key = true;
}

void
ac_jw_key(struct ac_jw *w, const char *key)
{
	ac_jw_key_str(w, ac_str_c(key));
}

void
ac_jw_str(struct ac_jw *w, struct ac_str s)
{
	if (!ac_str_is_set(s)) {
		ac_jw_null(w);
		return;
	}
	before(w);
	add_quoted(w->b, s);
}

void
ac_jw_int(struct ac_jw *w, int64_t i)
{
	before(w);
	ac_buf_addf(w->b, "%lld", (long long)i);
}

/* The fewest digits that read back as the same double. From 10^15 on with an exponent: a plain integer beyond
 * 2^53-1 would not pass our own door. */
static void
shortest(char *text, size_t size, double d)
{
	if (fabs(d) < 1e15 && trunc(d) - d == 0) {
		(void)snprintf(text, size, "%.0f", d); /* 100, not 1e+02 */
		return;
	}
	for (int digits = 1; digits <= 17; digits++) {
		if (fabs(d) >= 1e15)
			(void)snprintf(text, size, "%.*e", digits - 1, d);
		else
			(void)snprintf(text, size, "%.*g", digits, d);
		if (strtod(text, NULL) - d == 0)
			return;
	}
}

void
ac_jw_num(struct ac_jw *w, double d)
{
	char text[40] = "null"; /* JSON has no infinity and no NaN */

	if (isfinite(d)) {
		locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
		if (c == (locale_t)0)
			abort();
		locale_t was = uselocale(c); /* of this thread only */
		shortest(text, sizeof(text), d);
		uselocale(was);
		freelocale(c);
	}
	before(w);
	ac_buf_addz(w->b, text);
}

void
ac_jw_bool(struct ac_jw *w, bool v)
{
	before(w);
	ac_buf_addz(w->b, v ? "true" : "false");
}

void
ac_jw_null(struct ac_jw *w)
{
	before(w);
	ac_buf_addz(w->b, "null");
}

void
ac_jw_kstr(struct ac_jw *w, const char *key, struct ac_str s)
{
	if (!ac_str_is_set(s))
		return;
	ac_jw_key(w, key);
	ac_jw_str(w, s);
}

void
ac_jw_kint(struct ac_jw *w, const char *key, int64_t i)
{
	ac_jw_key(w, key);
	ac_jw_int(w, i);
}

void
ac_jw_kbool(struct ac_jw *w, const char *key, bool v)
{
	ac_jw_key(w, key);
	ac_jw_bool(w, v);
}

struct ac_str
ac_json_str(json_object *o, const char *key, struct ac_arena *a)
{
	json_object *v;

	if (!json_object_object_get_ex(o, key, &v) || !json_object_is_type(v, json_type_string))
		return (struct ac_str){ 0 };
	return ac_str_dup(a, (struct ac_str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
}

int64_t
ac_json_int(json_object *o, const char *key, int64_t absent)
{
	json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_int64(v) : absent;
}
