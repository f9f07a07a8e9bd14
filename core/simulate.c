/* simulate.c - see simulate.h: visits are dealt out to threads by an atomic counter, sums are added up at the end. */
#include <pthread.h>
#include <time.h>

#include "core/plan_parts.h"
#include "core/simulate_parts.h"

#define PER_BEGIN 64 /* visits before a worker's memory is emptied */
#define TICK_MS 200

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
	struct ac_simulated_lines lines;
	struct ac_simulated_visit *now;
	enum ac_code code;
	struct ac_err err;
};

static void
on_change(const struct ac_plan_change *c, void *arg)
{
	struct thread *t = arg;

	t->now->changes++;
	t->now->stronger += c->strength == AC_STRENGTH_STRONGER;
	t->now->weaker += c->strength == AC_STRENGTH_WEAKER;
	ac_simulated_add(&t->lines, c, t->kept);
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
		struct ac_simulated_lines lines[AC_SIMULATE_THREADS];
		for (size_t i = 0; i < AC_SIMULATE_THREADS; i++)
			lines[i] = threads[i].lines;
		ac_simulated_join(lines, AC_SIMULATE_THREADS, w->arena, ret);
		add_visits(&r, w->arena, ret);
	}
	for (size_t i = 0; i < AC_SIMULATE_THREADS; i++)
		ac_arena_free(threads[i].kept);
	return rc;
}
