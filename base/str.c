/* str.c - comparing, cutting and reading borrowed text. */
#include <string.h>

#include "base/str.h"

struct ac_str
ac_str_c(const char *cstr)
{
	return (struct ac_str){ cstr, cstr == NULL ? 0 : strlen(cstr) };
}

bool
ac_str_is_set(struct ac_str s)
{
	return s.p != NULL;
}

bool
ac_streq(struct ac_str a, struct ac_str b)
{
	/* memcmp with a NULL pointer is undefined even for no bytes */
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
ac_streq_c(struct ac_str a, const char *b)
{
	return ac_streq(a, ac_str_c(b));
}

int
ac_str_cmp(struct ac_str a, struct ac_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

bool
ac_str_starts(struct ac_str s, struct ac_str prefix)
{
	return s.n >= prefix.n && ac_streq((struct ac_str){ s.p, prefix.n }, prefix);
}

bool
ac_str_ends(struct ac_str s, struct ac_str suffix)
{
	if (s.n < suffix.n)
		return false;
	return suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct ac_str
ac_str_trim(struct ac_str s)
{
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	while (s.n > 0 && is_space(*s.p)) {
		s.p++;
		s.n--;
	}
	return s;
}

struct ac_str
ac_cut(struct ac_str s, char sep, struct ac_str *head)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, sep, s.n);

	*head = s;
	if (at == NULL)
		return (struct ac_str){ NULL, 0 };
	head->n = (size_t)(at - s.p);
	return (struct ac_str){ at + 1, s.n - head->n - 1 };
}

bool
ac_str_int(struct ac_str s, int64_t min, int64_t max, int64_t *ret)
{
	bool is_negative = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (s.n == (is_negative ? 1 : 0))
		return false;
	for (size_t i = is_negative ? 1 : 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		/* downwards for negative ones, so that INT64_MIN has its place */
		int64_t digit = is_negative ? '0' - s.p[i] : s.p[i] - '0';
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, digit, &v))
			return false;
	}
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}
