/* coverage.c - see coverage.h. */
#include "core/coverage.h"

#include <stdlib.h>
#include <string.h>

#define PER_BEGIN 64 /* visits before the reading worker's memory is emptied */

struct rows {
	struct ac_uncovered *v;
	size_t n, cap;
};
struct look {
	struct ac_arena *a;
	struct rows rows;
	struct ac_coverage *c;
};

static void
add(struct look *k, const char *what, struct ac_str system, struct ac_str code, int64_t at_ms, bool suggested)
{
	struct ac_uncovered *row = NULL;

	if (code.n == 0)
		return;
	for (size_t i = 0; i < k->rows.n && row == NULL; i++)
		if (strcmp(k->rows.v[i].what, what) == 0 && ac_streq(k->rows.v[i].system, system) &&
		    ac_streq(k->rows.v[i].code, code))
			row = &k->rows.v[i];
	if (row == NULL && k->rows.n == AC_COVERAGE_ROWS_MAX) {
		k->c->beyond++;
		return;
	}
	if (row == NULL) {
		AC_PUSH(k->a, &k->rows,
		    ((struct ac_uncovered){
			.what = what, .system = ac_str_dup(k->a, system), .code = ac_str_dup(k->a, code) }));
		row = &k->rows.v[k->rows.n - 1];
	}
	row->visits++;
	row->suggested += suggested;
	row->last_ms = at_ms > row->last_ms ? at_ms : row->last_ms;
}

/* Each code once, however often it was done in one visit. */
static bool
is_repeated(const struct encounter *e, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (e->procedures[k].status == ENC_PROC_PERFORMED &&
		    ac_streq(e->procedures[k].system, e->procedures[i].system) &&
		    ac_streq(e->procedures[k].code, e->procedures[i].code))
			return true;
	return false;
}

static void
add_visit(struct look *k, const struct encounter *e, int64_t at_ms, bool suggested)
{
	for (size_t i = 0; i < e->nprocedures; i++) {
		const struct enc_procedure *p = &e->procedures[i];
		if (p->status != ENC_PROC_PERFORMED)
			continue;
		if (!is_repeated(e, i))
			add(k, "procedure", p->system, p->code, at_ms, suggested);
		for (size_t m = 0; m < p->nproducts; m++)
			add(k, "product", (struct ac_str){ 0 }, p->products[m].name, at_ms, suggested);
	}
	add(k, "category", (struct ac_str){ 0 }, e->category, at_ms, suggested);
}

static void
judge(struct look *k, const struct ac_plan_input *in, int64_t at_ms, struct ac_arena *a)
{
	enum ac_match best = AC_MATCH_NONE;

	for (size_t i = 0; i < k->c->nprotocols; i++) {
		struct ac_covering *p = &k->c->protocols[i];
		enum ac_match m = ac_plan_match(in->encounter, in->answers, in->nanswers, p->protocol, a);
		p->visits += m == AC_MATCH_EVIDENCE;
		p->suggested += m == AC_MATCH_SUGGESTED;
		if (m != AC_MATCH_NONE && at_ms > p->last_ms)
			p->last_ms = at_ms;
		best = m > best ? m : best;
	}
	k->c->without += best == AC_MATCH_NONE;
	k->c->suggested += best == AC_MATCH_SUGGESTED;
	if (best != AC_MATCH_EVIDENCE)
		add_visit(k, in->encounter, at_ms, best == AC_MATCH_SUGGESTED);
}

static int
by_visits(const void *px, const void *py)
{
	const struct ac_uncovered *x = px, *y = py;

	if (x->visits != y->visits)
		return x->visits > y->visits ? -1 : 1;
	int c = strcmp(x->what, y->what);
	if (c == 0)
		c = ac_str_cmp(x->system, y->system);
	return c != 0 ? c : ac_str_cmp(x->code, y->code);
}

static enum ac_code
look_at(struct look *k, struct ac_worker *reading, struct ac_whatif *x, const struct ac_visit *v,
    struct ac_err *reterr)
{
	struct ac_plan_input in;
	enum ac_code rc = ac_whatif_stored(x, v, &in, reterr);

	if (rc == AC_OK)
		judge(k, &in, v->updated_ms, reading->arena);
	return rc;
}

static void
list_protocols(struct ac_worker *w, struct ac_coverage *ret)
{
	ret->nprotocols = w->config->nactive;
	ret->protocols = ac_new(w->arena, struct ac_covering, ret->nprotocols);
	for (size_t i = 0; i < ret->nprotocols; i++)
		ret->protocols[i].protocol = w->config->active[i].protocol;
}

enum ac_code
ac_coverage(struct ac_worker *w, int64_t since_ms, void (*progress)(size_t done, size_t all, void *arg),
    void *progress_arg, struct ac_coverage *ret, struct ac_err *reterr)
{
	struct look k = { .a = w->arena, .c = ret };
	struct ac_visit *visits;
	struct ac_whatif x;
	size_t n;
	enum ac_code rc = ac_visits(w, since_ms, 0, &visits, &n, reterr);
	AC_AUTO(ac_worker) reading = NULL;

	*ret = (struct ac_coverage){ 0 };
	if (rc != AC_OK || (rc = ac_worker_new(w->service, &reading, reterr)) != AC_OK)
		return rc;
	list_protocols(w, ret);
	ac_whatif_init(&x, reading, w->config, w->arena);
	for (size_t i = 0; i < n && rc == AC_OK; i++) {
		if (i % PER_BEGIN == 0) {
			ac_worker_end(reading);
			if ((rc = ac_worker_begin(reading, reterr)) != AC_OK)
				break;
			if (progress != NULL)
				progress(i, n, progress_arg);
		}
		rc = look_at(&k, reading, &x, &visits[i], reterr);
	}
	if (rc != AC_OK)
		return rc;
	ret->visits = (int64_t)n;
	if (k.rows.n > 0)
		qsort(k.rows.v, k.rows.n, sizeof(*k.rows.v), by_visits);
	ret->rows = k.rows.v;
	ret->nrows = k.rows.n;
	return AC_OK;
}
