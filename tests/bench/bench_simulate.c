/*
 * bench_simulate.c - how fast a draft is simulated: stored visits read, decoded and planned twice by two threads, against
 * the floor that nothing can be faster than: the same visits planned twice in memory, on one thread.
 *
 *   bench_simulate STATE PROTOCOL.xml    a store that tests/cli/fill_store filled; floor: 10,000 visits in less than 30 s
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "core/simulate.h"

#define FLOOR_S 30.0
#define FLOOR_VISITS 10000.0

static void
must(enum ac_code rc, const struct ac_err *e)
{
	if (rc == AC_OK)
		return;
	fprintf(stderr, "bench_simulate: %s: %s\n", e->rule, e->msg);
	exit(1);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Planning only: one visit's inputs, made twice as often as there are visits. */
static double
planning(struct ac_worker *w, const struct ac_protocol *draft, size_t n)
{
	AC_AUTO(ac_arena) kept = ac_arena_new();
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_whatif x;
	struct ac_visit *v;
	struct ac_plan_input in;
	struct ac_plan *p;
	struct ac_err e = { 0 };
	size_t one;

	ac_whatif_init(&x, w, w->config, kept);
	must(ac_visits(w, INT64_MIN, 1, &v, &one, &e), &e);
	must(ac_whatif_stored(&x, &v[0], &in, &e), &e);
	in.protocols[0].protocol = draft;
	in.nprotocols = 1;
	double from = seconds();
	for (size_t i = 0; i < 2 * n; i++) {
		ac_arena_reset(a);
		must(ac_plan_make(&in, a, &p, &e), &e);
	}
	return seconds() - from;
}

int
main(int argc, char **argv)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	AC_AUTO(ac_service) s = NULL;
	AC_AUTO(ac_worker) w = NULL;
	struct ac_simulate_options o = { .since_ms = INT64_MIN };
	struct ac_simulation got;
	struct ac_err e = { 0 };
	struct ac_str xml;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_simulate STATE PROTOCOL.xml\n");
		return 2;
	}
	must(ac_file_read(argv[2], AC_PROTOCOL_BYTES_MAX, a, &xml, &e), &e);
	must(ac_protocol_load(xml, a, &o.draft, &e), &e);
	must(ac_service_open(&(struct ac_service_options){ .state_dir = argv[1] }, &s, &e), &e);
	must(ac_worker_new(s, &w, &e), &e);
	must(ac_worker_begin(w, &e), &e);
	double from = seconds();
	must(ac_simulate(w, &o, &got, &e), &e);
	double took = seconds() - from;
	if (got.looked_at == 0) {
		fprintf(stderr, "bench_simulate: the store holds no visit\n");
		return 1;
	}
	double floor = planning(w, o.draft, (size_t)got.looked_at);
	double limit = FLOOR_S * (double)got.looked_at / FLOOR_VISITS;
	printf("%lld visits in %.2f s (%.0f/s), %lld would change; planning only %.2f s, ratio %.1f; limit "
	       "%.2f s, %s\n",
	    (long long)got.looked_at, took, (double)got.looked_at / took, (long long)got.changed, floor,
	    took / floor, limit, took < limit ? "held" : "NOT HELD");
	return took < limit ? 0 : 1;
}
