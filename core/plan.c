/* plan.c - a plan from its recorded inputs: read ac_plan_make from top to bottom. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "core/plan_parts.h"

int
ac_cmp_i64(int64_t x, int64_t y)
{
	return (x > y) - (x < y);
}

int64_t
ac_end_or_never(int64_t until)
{
	return until == AC_INSTANT_NONE ? INT64_MAX : until;
}

int
ac_protocol_cmp(const struct ac_protocol *x, const struct ac_protocol *y)
{
	int c = ac_str_cmp(x->id, y->id);

	return c != 0 ? c : memcmp(x->version.b, y->version.b, sizeof(x->version.b));
}

void
ac_plan_warn(struct ac_plan_work *w, const char *rule, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	struct ac_str s = { text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1 };
	for (size_t i = 0; i < w->warnings.n; i++)
		if (strcmp(w->warnings.v[i].rule, rule) == 0 && ac_streq(w->warnings.v[i].text, s))
			return;
	AC_PUSH(w->a, &w->warnings, ((struct ac_plan_warning){ rule, ac_str_dup(w->a, s) }));
}

void
ac_paths_add(struct ac_arena *a, struct ac_missing *to, const struct ac_missing *more)
{
	struct ac_missing all = { 0 };
	size_t i = 0, k = 0;

	if (more->n == 0 || (more->v == to->v && more->n == to->n))
		return;
	for (; k < more->n; k++) { /* few: sorted by insertion, into an array that no other line holds */
		struct ac_str s = more->v[k];
		bool known = false;
		for (i = 0; i < to->n && !known; i++)
			known = ac_streq(to->v[i], s);
		if (known)
			continue;
		all = (struct ac_missing){ 0 };
		for (i = 0; i < to->n && ac_str_cmp(to->v[i], s) < 0; i++)
			AC_PUSH(a, &all, to->v[i]);
		AC_PUSH(a, &all, s);
		for (; i < to->n; i++)
			AC_PUSH(a, &all, to->v[i]);
		*to = all;
	}
}

enum ac_truth
ac_plan_truth(struct ac_plan_work *w, const struct ac_condition *c, struct ac_missing *paths)
{
	struct ac_missing read = { 0 };

	if (c == NULL)
		return AC_TRUE;
	enum ac_truth t = ac_condition_eval(c, w->facts, w->a, &read);
	if (t != AC_UNKNOWN)
		return t;
	for (size_t i = 0; i < read.n; i++) {
		bool known = false;
		for (size_t k = 0; k < w->missing.n && !known; k++)
			known = ac_streq(w->missing.v[k].path, read.v[i]);
		if (!known)
			AC_PUSH(w->a, &w->missing, ((struct ac_plan_missing){ .path = read.v[i] }));
	}
	ac_paths_add(w->a, paths, &read);
	return t;
}

enum ac_truth
ac_plan_line_truth(struct ac_plan_work *w, const struct ac_line *line, struct ac_missing *paths)
{
	enum ac_truth t = ac_plan_truth(w, line->when, paths);

	return t == AC_UNKNOWN && line->unknown == AC_WHEN_UNKNOWN_OMIT ? AC_FALSE : t;
}

int64_t
ac_plan_at(const struct ac_zone *z, int64_t anchor, struct ac_offset o, enum ac_fold fold)
{
	if (o.kind == AC_OFFSET_NONE)
		return AC_INSTANT_NONE;
	if (o.kind == AC_OFFSET_ELAPSED)
		return anchor + o.seconds;

	struct ac_wall wall = ac_wall_add_days(ac_wall_at(z, anchor), o.days);
	if (o.kind == AC_OFFSET_DAYS_AT) {
		wall.hour = o.hour;
		wall.min = o.min;
		wall.sec = 0;
	} else if (o.days == 0) { /* the anchor itself, whatever its wall-clock time could also mean */
		return anchor;
	}
	return ac_wall_instant(z, wall, fold);
}

static int
by_protocol(const void *px, const void *py)
{
	const struct ac_protocol *const *x = px, *const *y = py;

	return ac_protocol_cmp(*x, *y);
}

static int
by_rule(const void *px, const void *py)
{
	const struct ac_plan_warning *x = px, *y = py;
	int c = strcmp(x->rule, y->rule);

	return c != 0 ? c : ac_str_cmp(x->text, y->text);
}

static enum ac_code
check(const struct ac_plan_input *in, struct ac_err *reterr)
{
	if (in->encounter == NULL || in->clinic == NULL || in->zone == NULL)
		return ac_fail(
		    reterr, AC_EINPUT, "PLAN-001", "a plan needs an encounter, a clinic and a zone");
	if (in->nprotocols == 0 || in->nprotocols > AC_PLAN_PROTOCOLS_MAX)
		return ac_fail(reterr, AC_EINPUT, "PLAN-002",
		    "a plan is made from 1 to %d protocols, not %zu", AC_PLAN_PROTOCOLS_MAX, in->nprotocols);
	for (size_t i = 1; i < in->nprotocols; i++)
		for (size_t k = 0; k < i; k++)
			if (ac_streq(in->protocols[i].protocol->id, in->protocols[k].protocol->id))
				return ac_fail(
				    reterr, AC_EINPUT, "PLAN-006", "a plan uses one version of a protocol");
	if (in->version == 0)
		return ac_fail(reterr, AC_EINPUT, "PLAN-003", "plan versions count from 1");
	if (!in->revoked && !ac_match_status_allows(in->encounter->status))
		return ac_fail(reterr, AC_EINPUT, "PLAN-004", "an encounter that is %s has no plan",
		    enc_status_word(in->encounter->status));
	return AC_OK;
}

static enum ac_plan_status
status_of(const struct ac_plan_input *in, const struct ac_plan *p)
{
	if (in->state.is_set)
		return in->state.status;
	if (in->revoked)
		return AC_PLAN_REVOKED;
	return p->treatments[0].is_evidence ? AC_PLAN_ACTIVE : AC_PLAN_DRAFT;
}

/* Facts of a person's age count at the first treatment. */
static void
make_facts(struct ac_plan_work *w)
{
	w->facts = ac_facts_make(
	    w->in->encounter, w->in->answers, w->in->nanswers, ac_wall_at(w->in->zone, w->p->anchor), w->a);
}

static void
start(struct ac_plan_work *w, const struct ac_plan_input *in, struct ac_arena *a)
{
	const struct encounter *e = in->encounter;
	struct ac_plan *p = ac_new(a, struct ac_plan, 1);

	*w = (struct ac_plan_work){ .in = in, .a = a, .p = p };
	p->in = in;
	p->id = ac_plan_id(in->id_root, e->site, e->id, e->patient.id);
	if (in->document_version > 0)
		p->document_id = ac_document_id(p->id, in->document_version);
	p->series_next_from = p->series_next_until = AC_INSTANT_NONE;
	for (size_t i = 0; i < in->nprotocols; i++)
		w->protocols[w->nprotocols++] = in->protocols[i].protocol;
	qsort(w->protocols, w->nprotocols, sizeof(w->protocols[0]), by_protocol);
}

static void
finish(struct ac_plan_work *w)
{
	struct ac_plan *p = w->p;

	p->demonstration = w->in->clinic->demonstration;
	for (size_t i = 0; i < w->nprotocols; i++)
		p->demonstration |= w->protocols[i]->demonstration;
	if (w->warnings.n > 0)
		qsort(w->warnings.v, w->warnings.n, sizeof(*w->warnings.v), by_rule);
	p->warnings = w->warnings.v;
	p->nwarnings = w->warnings.n;
}

enum ac_code
ac_plan_make(const struct ac_plan_input *in, struct ac_arena *a, struct ac_plan **ret, struct ac_err *reterr)
{
	struct ac_plan_work w;
	enum ac_code rc = check(in, reterr);

	if (rc != AC_OK)
		return rc;
	start(&w, in, a);
	ac_plan_treatments(&w);
	if (w.p->ntreatments == 0)
		return ac_fail(reterr, AC_EINPUT, "PLAN-005", "no protocol given fits this encounter");
	w.p->status = status_of(in, w.p);
	make_facts(&w);
	if (!in->revoked) {
		ac_plan_lines(&w);
		ac_plan_tasks(&w);
	}
	ac_plan_rest(&w); /* goals stand in a revoked plan too */
	if (!in->revoked)
		ac_plan_own_tasks(&w);
	finish(&w);
	*ret = w.p;
	return AC_OK;
}

/* A separator inside a part must not make two encounters one. */
static void
add_part(struct ac_buf *b, struct ac_str part)
{
	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] == '/')
			ac_buf_addz(b, "%2F");
		else if (part.p[i] == '%')
			ac_buf_addz(b, "%25");
		else
			ac_buf_addc(b, part.p[i]);
	}
}

struct ac_uuid
ac_plan_id(struct ac_uuid root, struct ac_str site, struct ac_str encounter, struct ac_str patient)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;

	ac_buf_init(&b, a, 128, 0);
	add_part(&b, site);
	ac_buf_addc(&b, '/');
	add_part(&b, encounter);
	ac_buf_addc(&b, '/');
	add_part(&b, patient);
	return ac_uuid5(root, ac_buf_str(&b));
}

struct ac_uuid
ac_document_id(struct ac_uuid plan, uint32_t document_version)
{
	char version[16];
	int n = snprintf(version, sizeof(version), "%u", (unsigned)document_version);

	return ac_uuid5(plan, (struct ac_str){ version, n > 0 ? (size_t)n : 0 });
}

const char *
ac_plan_status_word(enum ac_plan_status s)
{
	static const char *const words[] = { "draft", "active", "on-hold", "revoked", "completed",
		"entered-in-error" };

	return words[s];
}

const char *
ac_plan_stage_word(enum ac_plan_stage s)
{
	return s == AC_STAGE_FINAL ? "final" : "preliminary";
}
