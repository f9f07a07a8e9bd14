/* protocol_read.c - reading attributes, texts, offsets and conditions of a checked tree; what a grammar cannot say. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/protocol_load.h"
#include "core/protocol_schema.h"

void
px_fail(struct px_load *l, const xmlNode *n, struct px_pos at, const char *rule, const char *fmt, ...)
{
	char msg[200];
	va_list ap;

	if (l->code != AC_OK)
		return;
	va_start(ap, fmt);
	if (vsnprintf(msg, sizeof(msg), fmt, ap) < 0)
		msg[0] = '\0';
	va_end(ap);
	l->code = ac_fail_at(
	    l->reterr, AC_EINPUT, rule, at.line, at.col, ac_cstr(l->a, px_path(l->a, n)), "%s", msg);
}

static const xmlNode *
named(const xmlNode *n, const char *name)
{
	for (n = px_next_element(n); n != NULL; n = px_next_element(n->next))
		if (strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}

const xmlNode *
px_child(const xmlNode *parent, const char *name)
{
	return named(parent->children, name);
}

const xmlNode *
px_again(const xmlNode *n)
{
	return named(n->next, (const char *)n->name);
}

size_t
px_count(const xmlNode *parent, const char *name)
{
	size_t count = 0;

	for (const xmlNode *n = px_child(parent, name); n != NULL; n = px_again(n))
		count++;
	return count;
}

/* The attribute's value as XML gives it; the grammar leaves only xml:lang with a prefix. */
static struct ac_str
raw_attr(struct px_load *l, const xmlNode *n, const char *name)
{
	const char *local = strncmp(name, "xml:", 4) == 0 ? name + 4 : name;

	for (const xmlAttr *x = n->properties; x != NULL; x = x->next)
		if (strcmp((const char *)x->name, local) == 0)
			return px_text(l->a, x->children);
	return (struct ac_str){ 0 };
}

struct ac_str
px_attr(struct px_load *l, const xmlNode *n, const char *name)
{
	struct ac_str s = raw_attr(l, n, name);

	return ac_str_is_set(s) ? px_collapse(l->a, s) : s;
}

size_t
px_word(struct px_load *l, const xmlNode *n, const char *name, const char *const *words, size_t otherwise)
{
	struct ac_str s = px_attr(l, n, name);

	for (size_t i = 0; words[i] != NULL; i++)
		if (ac_streq_c(s, words[i]))
			return i;
	return otherwise;
}

bool
px_yes(struct px_load *l, const xmlNode *n, const char *name)
{
	return ac_str_is_set(px_attr(l, n, name));
}

static struct ac_offset
offset(struct px_load *l, const xmlNode *n, const char *name, struct ac_str s)
{
	struct ac_offset o = { 0 };

	/* the form was checked: what is left is a clock time such as 29:00 */
	if (!ac_offset_parse(s, &o))
		px_fail(l, n, px_value_pos(l->xml, n, name, 0), "PRT-107", "%s: no time of the day is %.*s",
		    name, AC_FMT(s));
	return o;
}

struct ac_offset
px_offset(struct px_load *l, const xmlNode *n, const char *name)
{
	struct ac_str s = px_attr(l, n, name);

	return ac_str_is_set(s) ? offset(l, n, name, s) : (struct ac_offset){ 0 };
}

void
px_offset_span(struct ac_offset o, int64_t *ret_min, int64_t *ret_max)
{
	int64_t clock = o.hour * 3600 + o.min * 60;

	*ret_min = *ret_max = o.kind == AC_OFFSET_ELAPSED ? o.seconds : o.days * INT64_C(86400);
	if (o.kind == AC_OFFSET_DAYS_AT) {
		*ret_min += clock - 86399; /* the anchor at the end of its day */
		*ret_max += clock;
	}
}

struct ac_offset *
px_times(struct px_load *l, const xmlNode *n, const char *name, size_t *ret_n)
{
	struct ac_str s = px_attr(l, n, name), word, clock;
	struct ac_offset *v = ac_str_is_set(s) ? ac_new(l->a, struct ac_offset, AC_TASK_TIMES_MAX) : NULL;
	int64_t start, former = -1, unused;

	*ret_n = 0;
	while (ac_str_is_set(s)) {
		const char *from = s.p;
		s = ac_cut(ac_cut(s, ' ', &word), ' ', &word);
		size_t len = (size_t)(word.p + word.n - from);
		struct ac_str rest = ac_cut(s, ' ', &clock);
		if (ac_str_is_set(s) && clock.n > 0 && memchr(clock.p, ':', clock.n) != NULL) {
			len = (size_t)(clock.p + clock.n - from);
			s = rest;
		}
		struct ac_offset o = offset(l, n, name, (struct ac_str){ from, len });
		px_offset_span(o, &unused, &start);
		if (start <= former || *ret_n == AC_TASK_TIMES_MAX) {
			px_fail(l, n, px_value_pos(l->xml, n, name, 0), "PRT-115",
			    "%s: at most %d times, each later than the one before it", name,
			    AC_TASK_TIMES_MAX);
			break;
		}
		former = start;
		v[(*ret_n)++] = o;
	}
	return v;
}

void
px_range(struct px_load *l, const xmlNode *n, const char *name, struct ac_offset *min, struct ac_offset *max)
{
	struct ac_str s = px_attr(l, n, name);
	int64_t first, last, unused;

	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] != '.' || s.p[i + 1] != '.')
			continue;
		*min = offset(l, n, name, (struct ac_str){ s.p, i });
		*max = offset(l, n, name, (struct ac_str){ s.p + i + 2, s.n - i - 2 });
		px_offset_span(*min, &first, &unused);
		px_offset_span(*max, &unused, &last);
		if (first > last)
			px_fail(l, n, px_value_pos(l->xml, n, name, 0), "PRT-105",
			    "%s: the first offset is after the second", name);
		return;
	}
}

void
px_order(struct px_load *l, const xmlNode *n, struct ac_offset from, struct ac_offset until)
{
	int64_t start, end, unused;

	if (from.kind == AC_OFFSET_NONE || until.kind == AC_OFFSET_NONE)
		return;
	px_offset_span(from, &start, &unused);
	px_offset_span(until, &unused, &end);
	if (from.kind == AC_OFFSET_DAYS_AT && until.kind == AC_OFFSET_DAYS_AT)
		end -= 86399; /* both count from the same anchor */
	if (start > end)
		px_fail(l, n, px_value_pos(l->xml, n, "from", 0), "PRT-106", "from is after until");
}

/* The condition's own columns become places in the file. */
const struct ac_condition *
px_condition(struct px_load *l, const xmlNode *n, struct ac_names answers)
{
	struct ac_str s = raw_attr(l, n, "when");
	const struct ac_condition *c = NULL;
	struct ac_err e = { 0 };

	if (!ac_str_is_set(s) || ac_condition_parse(s, l->facts, answers, l->a, &c, &e) == AC_OK)
		return c;
	px_fail(l, n, px_value_pos(l->xml, n, "when", e.col > 0 ? e.col - 1 : 0), e.rule, "%s", e.msg);
	return NULL;
}

struct ac_str
px_content(struct px_load *l, const xmlNode *n)
{
	struct ac_str s = px_collapse(l->a, px_text(l->a, n->children));

	if (s.n == 0)
		px_fail(l, n, *px_pos(n), "PRT-112", "%s: only white space", (const char *)n->name);
	return s;
}

struct ac_str *
px_decide(struct px_load *l, const xmlNode *parent, size_t *ret_n)
{
	struct ac_str *v = ac_new(l->a, struct ac_str, px_count(parent, "decide"));

	*ret_n = 0;
	for (const xmlNode *n = px_child(parent, "decide"); n != NULL; n = px_again(n))
		v[(*ret_n)++] = px_content(l, n);
	return v;
}

/* A condition may say what its line does when nobody knows. */
static enum ac_when_unknown
read_unknown(struct px_load *l, const xmlNode *n)
{
	size_t word = px_word(l, n, "unknown", px_unknown_words, SIZE_MAX);

	if (word == SIZE_MAX)
		return AC_WHEN_UNKNOWN_OPEN;
	if (!ac_str_is_set(px_attr(l, n, "when")))
		px_fail(l, n, px_attr_pos(l->xml, n, "unknown"), "PRT-118",
		    "unknown: there is no condition that could be unknown");
	return word == 0 ? AC_WHEN_UNKNOWN_INCLUDE : AC_WHEN_UNKNOWN_OMIT;
}

struct ac_line
px_line(struct px_load *l, const xmlNode *n)
{
	struct ac_line line = { .id = px_attr(l, n, "id"), .seed = px_attr(l, n, "seed") };
	const struct px_pos *at = px_pos(n);

	line.line = at->line;
	line.col = at->col;
	for (size_t i = 0; i < l->ids.n; i++)
		if (ac_streq(l->ids.v[i], line.id))
			px_fail(l, n, px_value_pos(l->xml, n, "id", 0), "PRT-101", "the id %.*s stands twice",
			    AC_FMT(line.id));
	AC_PUSH(l->a, &l->ids, line.id);
	px_signature(l, n, &line.signed_by, &line.signed_on);
	line.when = px_condition(l, n, (struct ac_names){ 0 });
	line.unknown = read_unknown(l, n);
	line.decide = px_decide(l, n, &line.ndecide);
	return line;
}
