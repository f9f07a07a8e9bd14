/* simulate.c - see simulate.h: visits are dealt out to threads by an atomic counter, sums are added up at the end. */
#include "core/simulate.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/plan_parts.h"

#define PER_BEGIN 64 /* visits before a worker's memory is emptied */
#define TICK_MS 200

struct lines {
	struct ac_simulated_line *v;
	size_t n, cap;
};
struct run { /* shared; all but `next`, `failed` and each result is read only */
	const struct ac_simulate_options *o;
	const struct ac_config *config;
	struct ac_service *service;
	const struct ac_visit *visits;
	struct ac_simulated_visit *results; /* by place: each is written by one thread */
	bool *concerned;
	size_t n, next, done;
	bool failed;
};
struct thread {
	struct run *r;
	pthread_t thread;
	bool is_started, is_over;
	struct ac_arena *kept;
	struct lines lines;
	struct ac_simulated_visit *now;
	enum ac_code code;
	struct ac_err err;
};

static void
on_change(const struct ac_plan_change *c, void *arg)
{
	struct thread *t = arg;
	struct ac_simulated_line *line = NULL;

	t->now->changes++;
	t->now->stronger += c->strength == AC_STRENGTH_STRONGER;
	t->now->weaker += c->strength == AC_STRENGTH_WEAKER;
	for (size_t i = 0; i < t->lines.n && line == NULL; i++)
		if (ac_streq(t->lines.v[i].key, c->key) && strcmp(t->lines.v[i].line, c->line) == 0)
			line = &t->lines.v[i];
	if (line == NULL) {
		if (t->lines.n == AC_SIMULATE_LINES_MAX)
			return;
		AC_PUSH(t->kept, &t->lines,
		    ((struct ac_simulated_line){ .line = c->line, .key = ac_str_dup(t->kept, c->key) }));
		line = &t->lines.v[t->lines.n - 1];
	}
	line->n[c->kind]++;
	line->stronger += c->strength == AC_STRENGTH_STRONGER;
	line->weaker += c->strength == AC_STRENGTH_WEAKER;
}

static bool
has_protocol(const struct ac_plan_input *in, struct ac_str id)
{
	for (size_t i = 0; i < in->nprotocols; i++)
		if (ac_streq(in->protocols[i].protocol->id, id))
			return true;
	return false;
}

/* NULL where there is none: cancelled, nothing matches. */
static enum ac_code
make(const struct ac_plan_input *in, struct ac_arena *a, struct ac_plan **ret, struct ac_err *reterr)
{
	*ret = NULL;
	if (in->nprotocols == 0 || !ac_match_status_allows(in->encounter->status))
		return AC_OK;
	return ac_plan_make(in, a, ret, reterr);
}

static enum ac_code
one_visit(struct thread *t, struct ac_whatif *x, size_t i)
{
	struct run *r = t->r;
	const struct ac_protocol *draft = r->o->draft;
	struct ac_plan_input before, after;
	struct ac_plan *was, *is;
	enum ac_code rc = ac_whatif_stored(x, &r->visits[i], &before, &t->err);

	if (rc != AC_OK)
		return rc;
	after = before;
	ac_whatif_protocols(x, NULL, &before);
	ac_whatif_protocols(x, draft, &after);
	t->now = &r->results[i];
	t->now->visit = &r->visits[i];
	r->concerned[i] = has_protocol(&before, draft->id) || has_protocol(&after, draft->id);
	if (!r->concerned[i])
		return AC_OK;
	if ((rc = make(&before, x->w->arena, &was, &t->err)) != AC_OK ||
	    (rc = make(&after, x->w->arena, &is, &t->err)) != AC_OK)
		return rc;
	t->now->had_plan = was != NULL;
	t->now->has_plan = is != NULL;
	(void)ac_plan_compare(was, is, x->w->arena, on_change, t);
	return AC_OK;
}

static enum ac_code
work(struct thread *t, struct ac_worker *w)
{
	struct run *r = t->r;
	struct ac_whatif x;
	size_t i, since = PER_BEGIN;
	enum ac_code rc = AC_OK;

	ac_whatif_init(&x, w, r->config, t->kept);
	while (rc == AC_OK && !__atomic_load_n(&r->failed, __ATOMIC_RELAXED) &&
	       (i = __atomic_fetch_add(&r->next, 1, __ATOMIC_RELAXED)) < r->n) {
		if (since++ == PER_BEGIN) {
			ac_worker_end(w);
			if ((rc = ac_worker_begin(w, &t->err)) != AC_OK)
				break;
			since = 1;
		}
		rc = one_visit(t, &x, i);
		__atomic_fetch_add(&r->done, 1, __ATOMIC_RELAXED);
	}
	return rc;
}

static void *
run_thread(void *arg)
{
	struct thread *t = arg;
	AC_AUTO(ac_worker) w = NULL;

	t->code = ac_worker_new(t->r->service, &w, &t->err);
	if (t->code == AC_OK)
		t->code = work(t, w);
	if (t->code != AC_OK)
		__atomic_store_n(&t->r->failed, true, __ATOMIC_RELAXED);
	__atomic_store_n(&t->is_over, true, __ATOMIC_RELEASE);
	return NULL;
}

static void
wait_for(struct run *r, struct thread *threads)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };

	for (bool over = false; !over;) {
		over = true;
		for (size_t i = 0; i < AC_SIMULATE_THREADS; i++)
			over &=
			    !threads[i].is_started || __atomic_load_n(&threads[i].is_over, __ATOMIC_ACQUIRE);
		if (r->o->progress != NULL)
			r->o->progress(__atomic_load_n(&r->done, __ATOMIC_RELAXED), r->n, r->o->progress_arg);
		if (!over)
			nanosleep(&tick, NULL);
	}
}

static int
by_key(const void *px, const void *py)
{
	const struct ac_simulated_line *x = px, *y = py;
	int c = ac_str_cmp(x->key, y->key);

	return c != 0 ? c : strcmp(x->line, y->line);
}

/* The same line of two threads becomes one. */
static void
add_lines(struct thread *threads, struct ac_arena *a, struct ac_simulation *ret)
{
	struct lines all = { 0 };
	size_t n = 0;

	for (size_t t = 0; t < AC_SIMULATE_THREADS; t++)
		for (size_t i = 0; i < threads[t].lines.n; i++) {
			struct ac_simulated_line l = threads[t].lines.v[i];
			l.key = ac_str_dup(a, l.key);
			AC_PUSH(a, &all, l);
		}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_key);
	for (size_t i = 0; i < all.n; i++) {
		if (n == 0 || by_key(&all.v[n - 1], &all.v[i]) != 0) {
			all.v[n++] = all.v[i];
			continue;
		}
		for (size_t k = 0; k < AC_CHANGE_KINDS; k++)
			all.v[n - 1].n[k] += all.v[i].n[k];
		all.v[n - 1].stronger += all.v[i].stronger;
		all.v[n - 1].weaker += all.v[i].weaker;
	}
	ret->lines = all.v;
	ret->nlines = n;
}

static void
add_visits(const struct run *r, struct ac_arena *a, struct ac_simulation *ret)
{
	ret->listed = ac_new(a, struct ac_simulated_visit, AC_SIMULATE_LISTED_MAX);
	for (size_t i = 0; i < r->n; i++) {
		const struct ac_simulated_visit *v = &r->results[i];
		ret->concerned += r->concerned[i];
		if (v->changes == 0)
			continue;
		ret->changed++;
		ret->stronger += v->stronger > 0;
		ret->weaker += v->weaker > 0;
		ret->new_plans += !v->had_plan;
		ret->gone_plans += !v->has_plan;
		if (ret->nlisted < AC_SIMULATE_LISTED_MAX)
			ret->listed[ret->nlisted++] = *v;
	}
}

static const struct ac_visit *
sample(struct ac_worker *w, const struct ac_visit *v, size_t *n, size_t want)
{
	struct ac_visit *some;

	if (want == 0 || want >= *n)
		return v;
	some = ac_new(w->arena, struct ac_visit, want);
	for (size_t i = 0; i < want; i++)
		some[i] = v[i * *n / want];
	*n = want;
	return some;
}

enum ac_code
ac_simulate(struct ac_worker *w, const struct ac_simulate_options *o, struct ac_simulation *ret,
    struct ac_err *reterr)
{
	struct thread threads[AC_SIMULATE_THREADS] = { 0 };
	struct ac_visit *visits;
	size_t n;
	enum ac_code rc = ac_visits(w, o->since_ms, 0, &visits, &n, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = (struct ac_simulation){ .visits = (int64_t)n };
	struct run r = { .o = o,
		.config = w->config,
		.service = w->service,
		.visits = sample(w, visits, &n, o->sample),
		.n = n };
	r.results = ac_new(w->arena, struct ac_simulated_visit, n);
	r.concerned = ac_new(w->arena, bool, n);
	for (size_t i = 0; i < AC_SIMULATE_THREADS; i++) {
		threads[i] = (struct thread){ .r = &r, .kept = ac_arena_new() };
		threads[i].is_started =
		    pthread_create(&threads[i].thread, NULL, run_thread, &threads[i]) == 0;
	}
	wait_for(&r, threads);
	bool any = false;
	for (size_t i = 0; i < AC_SIMULATE_THREADS; i++) {
		if (threads[i].is_started)
			pthread_join(threads[i].thread, NULL);
		any |= threads[i].is_started;
		if (rc == AC_OK && threads[i].code != AC_OK) {
			rc = threads[i].code;
			if (reterr != NULL)
				*reterr = threads[i].err;
		}
	}
	if (!any)
		rc = ac_fail(reterr, AC_EIO, "SIMULATE-THREAD", "no thread can be started");
	if (rc == AC_OK) {
		ret->looked_at = (int64_t)n;
		add_lines(threads, w->arena, ret);
		add_visits(&r, w->arena, ret);
	}
	for (size_t i = 0; i < AC_SIMULATE_THREADS; i++)
		ac_arena_free(threads[i].kept);
	return rc;
}
