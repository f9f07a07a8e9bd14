/* audit_leaf.c - reading a leaf back: the one spelling that audit.c writes, and no other. */
#include "core/audit.h"

/* Cuts `literal` off the front of *s. */
static bool
skip(struct ac_str *s, const char *literal)
{
	struct ac_str l = ac_str_c(literal);

	if (!ac_str_starts(*s, l))
		return false;
	s->p += l.n;
	s->n -= l.n;
	return true;
}

/* A quoted string without escapes, or null. */
static bool
text_or_null(struct ac_str *s, struct ac_str *ret)
{
	*ret = (struct ac_str){ 0 };
	if (skip(s, "null"))
		return true;
	if (!skip(s, "\""))
		return false;
	struct ac_str rest = ac_cut(*s, '"', ret);
	if (!ac_str_is_set(rest) || ret->p == NULL)
		return false;
	for (size_t i = 0; i < ret->n; i++)
		if (ret->p[i] <= ' ' || ret->p[i] > '~' || ret->p[i] == '\\')
			return false;
	*s = rest;
	return true;
}

static bool
int_or_null(struct ac_str *s, int64_t *ret)
{
	struct ac_str digits = { s->p, 0 };

	*ret = 0;
	if (skip(s, "null"))
		return true;
	while (digits.n < s->n && s->p[digits.n] >= '0' && s->p[digits.n] <= '9')
		digits.n++;
	if (digits.n == 0 || digits.p[0] == '0' || !ac_str_int(digits, 1, INT64_MAX, ret))
		return false;
	*s = (struct ac_str){ s->p + digits.n, s->n - digits.n };
	return true;
}

bool
ac_leaf_parse(struct ac_str bytes, struct ac_leaf *ret)
{
	struct ac_str s = bytes;
	struct ac_leaf l = { 0 };

	if (bytes.n > AC_LEAF_MAX || !skip(&s, "{\"v\":1,\"time\":") || !text_or_null(&s, &l.time) ||
	    l.time.n != 24 || !skip(&s, ",\"actor\":") || !text_or_null(&s, &l.actor) ||
	    !skip(&s, ",\"role\":") || !text_or_null(&s, &l.role) || !skip(&s, ",\"action\":") ||
	    !text_or_null(&s, &l.action) || l.action.n == 0 || !skip(&s, ",\"kind\":") ||
	    !text_or_null(&s, &l.kind) || l.kind.n == 0 || !skip(&s, ",\"id\":") ||
	    !text_or_null(&s, &l.id) || !skip(&s, ",\"version\":") || !int_or_null(&s, &l.version) ||
	    !skip(&s, ",\"patient\":") || !text_or_null(&s, &l.patient) || !skip(&s, ",\"digest\":") ||
	    !text_or_null(&s, &l.digest) || !ac_streq_c(s, "}"))
		return false;
	*ret = l;
	return true;
}
