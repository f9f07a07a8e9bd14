/* form.c - percent encoding, queries and forms. Source: RFC 3986 section 2.1, URL standard section 5. */
#include "plugin/http.h"

#include "base/hash.h"
#include "base/utf8.h"

bool
ac_percent_decode(struct ac_str s, bool plus_is_space, struct ac_arena *a, struct ac_str *ret)
{
	char *out = ac_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (s.n - i < 3 || !ac_unhex((struct ac_str){ s.p + i + 1, 2 }, &c, 1))
				return false;
			i += 2;
		} else if (c == '+' && plus_is_space) {
			c = ' ';
		}
		if (c == '\0')
			return false;
		out[n++] = c;
	}
	*ret = (struct ac_str){ out, n };
	return ac_utf8_is_valid(*ret, NULL);
}

struct ac_str
ac_percent_encode(struct ac_str s, struct ac_arena *a)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = ac_alloc(a, s.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		    c == '_' || c == '~') {
			out[n++] = (char)c;
		} else {
			out[n++] = '%';
			out[n++] = hex[c >> 4];
			out[n++] = hex[c & 15];
		}
	}
	return (struct ac_str){ out, n };
}

enum ac_code
ac_fields_parse(struct ac_str text, struct ac_arena *a, struct ac_field **ret, size_t *ret_n, struct ac_err *reterr)
{
	AC_VEC(struct ac_field) v = { 0 };

	while (text.n > 0) {
		struct ac_str pair, name, value;

		text = ac_cut(text, '&', &pair);
		if (pair.n == 0)
			continue;
		if (v.n == AC_HTTP_FIELDS_MAX)
			return ac_fail(reterr, AC_ELIMIT, "FORM-FIELDS", "more than %d fields", AC_HTTP_FIELDS_MAX);
		value = ac_cut(pair, '=', &name);
		struct ac_field f = { 0 };
		if (!ac_percent_decode(name, true, a, &f.name) || !ac_percent_decode(value, true, a, &f.value))
			return ac_fail(reterr, AC_EINPUT, "FORM-ENCODING", "field %zu is not percent-encoded UTF-8", v.n + 1);
		AC_PUSH(a, &v, f);
	}
	*ret = v.v;
	*ret_n = v.n;
	return AC_OK;
}

static struct ac_str
find(const struct ac_field *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq_c(v[i].name, name))
			return v[i].value;
	return (struct ac_str){ 0 };
}

struct ac_str
ac_http_query(const struct ac_http *h, const char *name)
{
	return find(h->query, h->nquery, name);
}

struct ac_str
ac_http_form(const struct ac_http *h, const char *name)
{
	return find(h->form, h->nform, name);
}

static bool
digits(struct ac_str s, size_t at, size_t n, int64_t min, int64_t max, int64_t *ret)
{
	return at + n <= s.n && s.p[at] != '-' && ac_str_int((struct ac_str){ s.p + at, n }, min, max, ret);
}

bool
ac_form_wall(struct ac_str s, struct ac_wall *ret)
{
	int64_t y, mo, d, h, mi;

	if (s.n < 16 || s.p[4] != '-' || s.p[7] != '-' || s.p[10] != 'T' || s.p[13] != ':')
		return false;
	if (!digits(s, 0, 4, 1900, 9999, &y) || !digits(s, 5, 2, 1, 12, &mo) || !digits(s, 8, 2, 1, 31, &d) ||
	    !digits(s, 11, 2, 0, 23, &h) || !digits(s, 14, 2, 0, 59, &mi) ||
	    !ac_date_is_valid((int32_t)y, (int)mo, (int)d))
		return false;
	*ret = (struct ac_wall){ (int32_t)y, (int8_t)mo, (int8_t)d, (int8_t)h, (int8_t)mi, 0 };
	return true;
}
