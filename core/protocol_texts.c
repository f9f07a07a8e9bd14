/* protocol_texts.c - texts in several languages: which is the source, which translation is bound to it as it stands. */
#include <string.h>

#include "base/time.h"
#include "core/protocol_load.h"

#define OF_DIGITS 32        /* what is written */
#define OF_DIGITS_FORMER 16 /* what was: counts where it is the beginning */

struct ac_str
ac_text_of(struct ac_arena *a, struct ac_str source_text)
{
	struct ac_sha256 sum;

	ac_sha256(px_collapse(a, source_text), &sum);
	return ac_hex(a, sum.b, OF_DIGITS / 2);
}

bool
ac_text_is_of(struct ac_str of, struct ac_str hash)
{
	return (of.n == OF_DIGITS || of.n == OF_DIGITS_FORMER) && (hash.n == OF_DIGITS || hash.n == OF_DIGITS_FORMER) &&
	       memcmp(of.p, hash.p, of.n < hash.n ? of.n : hash.n) == 0;
}

static bool
same_lang(struct ac_str x, struct ac_str y)
{
	return x.n == y.n && x.p != NULL && y.p != NULL && strncasecmp(x.p, y.p, x.n) == 0;
}

void
px_signature(struct px_load *l, const xmlNode *n, struct ac_str *ret_by, struct ac_str *ret_on)
{
	struct ac_str s = px_attr(l, n, "signed"), date;
	struct ac_stamp day;

	if (!ac_str_is_set(s))
		return;
	*ret_on = ac_cut(s, ' ', ret_by);
	struct ac_str clock = ac_cut(*ret_on, 'T', &date); /* 09:30:00, by the grammar's form */
	bool in_a_day = !ac_str_is_set(clock) || (clock.n == 8 && (clock.p[0] < '2' || (clock.p[0] == '2' && clock.p[1] < '4')) &&
						     clock.p[3] < '6' && clock.p[6] < '6');
	if (!ac_date_parse(date, &day) || day.precision != 8 || !in_a_day)
		px_fail(l, n, px_value_pos(l->xml, n, "signed", 0), "PRT-108",
		    "signed: no day of the calendar is %.*s", AC_FMT(*ret_on));
}

static struct ac_text
read_text(struct px_load *l, const xmlNode *n)
{
	const struct px_pos *at = px_pos(n);
	struct ac_text t = { .lang = px_attr(l, n, "xml:lang"), .text = px_content(l, n) };

	t.of = px_attr(l, n, "of");
	px_signature(l, n, &t.signed_by, &t.signed_on);
	t.line = at->line;
	t.col = at->col;
	t.state = same_lang(t.lang, l->lang) ? AC_TEXT_SOURCE : AC_TEXT_STALE;
	if (t.state == AC_TEXT_SOURCE && ac_str_is_set(t.of))
		px_fail(l, n, px_value_pos(l->xml, n, "of", 0), "PRT-117",
		    "the text in %.*s is the source: it translates nothing", AC_FMT(t.lang));
	return t;
}

static void
check_has_source(struct px_load *l, const xmlNode *n, struct ac_texts t)
{
	if (t.n > 0 && ac_text_source(t) == NULL)
		px_fail(l, n, *px_pos(n), "PRT-116", "%s: the text in %.*s is missing", (const char *)n->name,
		    AC_FMT(l->lang));
}

static void
bind(struct px_load *l, struct ac_texts t)
{
	const struct ac_text *source = ac_text_source(t);

	if (source == NULL || t.n < 2)
		return;
	struct ac_str of = ac_text_of(l->a, source->text);
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].state != AC_TEXT_SOURCE)
			t.v[i].state = ac_text_is_of(t.v[i].of, of) ? AC_TEXT_CURRENT : AC_TEXT_STALE;
}

struct ac_texts
px_texts(struct px_load *l, const xmlNode *parent, const char *name)
{
	struct ac_texts t = { ac_new(l->a, struct ac_text, px_count(parent, name)), 0 };

	for (const xmlNode *n = px_child(parent, name); n != NULL; n = px_again(n)) {
		struct ac_text one = read_text(l, n);
		for (size_t i = 0; i < t.n; i++)
			if (same_lang(one.lang, t.v[i].lang))
				px_fail(l, n, *px_pos(n), "PRT-102", "%s: the language %.*s stands twice",
				    name, AC_FMT(one.lang));
		t.v[t.n++] = one;
	}
	if (t.n > 0)
		check_has_source(l, px_child(parent, name), t);
	bind(l, t);
	return t;
}

/* One element of a list of exceptions or reasons, and the source text (by its place) that it belongs to. */
struct member {
	const xmlNode *node;
	struct ac_text t;
	struct ac_str hash; /* of a source text */
	size_t group;
};
#define NOWHERE SIZE_MAX

static bool
is_taken(const struct member *m, size_t n, size_t group, struct ac_str lang)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].group == group && same_lang(m[i].t.lang, lang))
			return true;
	return false;
}

/* The source that it names, or (any) the first that has nothing in its language: there it stands as stale. */
static void
find_group(struct member *m, size_t n, struct member *one, bool any)
{
	for (size_t i = 0; i < n && one->group == NOWHERE; i++) {
		bool is_bound = m[i].t.state == AC_TEXT_SOURCE && ac_text_is_of(one->t.of, m[i].hash);
		if (m[i].t.state != AC_TEXT_SOURCE || !(any || is_bound) ||
		    is_taken(m, n, m[i].group, one->t.lang))
			continue;
		one->group = m[i].group;
		one->t.state = is_bound ? AC_TEXT_CURRENT : AC_TEXT_STALE;
	}
}

static size_t
read_members(struct px_load *l, const xmlNode *parent, const char *name, struct member *m)
{
	size_t n = 0, groups = 0;

	for (const xmlNode *x = px_child(parent, name); x != NULL; x = px_again(x), n++) {
		m[n] = (struct member){ .node = x, .t = read_text(l, x), .group = NOWHERE };
		if (m[n].t.state != AC_TEXT_SOURCE)
			continue;
		m[n].hash = ac_text_of(l->a, m[n].t.text);
		m[n].group = groups++;
	}
	for (int any = 0; any < 2; any++) /* bound ones first: what is stale must not take their places */
		for (size_t i = 0; i < n; i++)
			find_group(m, n, &m[i], any == 1);
	return groups;
}

/* What is beside the words is said twice in the file, and must not differ. */
static void
check_same(struct px_load *l, const struct member *m, size_t n, const struct member *one)
{
	static const char *const names[] = { "concept", "evidence", "source" };

	for (size_t i = 0; one->t.state == AC_TEXT_CURRENT && i < n; i++) {
		if (m[i].group != one->group || m[i].t.state != AC_TEXT_SOURCE)
			continue;
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			struct ac_str there = px_attr(l, m[i].node, names[k]),
				      here = px_attr(l, one->node, names[k]);
			if (!ac_streq(there, here) || ac_str_is_set(there) != ac_str_is_set(here))
				px_fail(l, one->node, px_attr_pos(l->xml, one->node, names[k]), "PRT-120",
				    "%s: not that of the text it translates", names[k]);
		}
	}
}

struct px_groups
px_grouped(struct px_load *l, const xmlNode *parent, const char *name)
{
	size_t max = px_count(parent, name);
	struct px_groups g = { 0 };

	if (max > PX_GROUP_MAX) {
		px_fail(l, parent, *px_pos(parent), "PRT-LIMIT", "at most %d elements %s on one line",
		    PX_GROUP_MAX, name);
		return g;
	}
	struct member *m = ac_new(l->a, struct member, max);
	g.n = read_members(l, parent, name, m);
	g.v = ac_new(l->a, struct px_group, g.n);
	for (size_t i = 0; i < max; i++) {
		if (m[i].group == NOWHERE) {
			px_fail(l, m[i].node, *px_pos(m[i].node), "PRT-116",
			    "%s: more in %.*s than in the protocol's language", name, AC_FMT(m[i].t.lang));
			continue;
		}
		struct px_group *at = &g.v[m[i].group];
		check_same(l, m, max, &m[i]);
		if (at->text.v == NULL)
			at->text.v = ac_new(l->a, struct ac_text, max);
		if (m[i].t.state == AC_TEXT_SOURCE) { /* in front of its translations */
			for (size_t k = at->text.n; k > 0; k--)
				at->text.v[k] = at->text.v[k - 1];
			at->text.v[0] = m[i].t;
			at->text.n++;
			at->first = m[i].node;
		} else {
			at->text.v[at->text.n++] = m[i].t;
		}
	}
	return g;
}
