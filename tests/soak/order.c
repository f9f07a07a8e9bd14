/*
 * order.c - `soak_order [EVENTS [ORDERS [THREADS]]]`: many events, 20 % of them twice, shuffled over their whole length,
 * sent by several threads at once into a new installation each time; every order must end in the same state, with whole
 * chains of documents and a log that verifies. Prints rates; exit 1 when two states differ.
 */
#include <pthread.h>
#include <time.h>

#include "tests/order_kit.h"

struct sender {
	struct kit *k;
	struct event *v;
	size_t n;
	size_t *next; /* shared, atomic */
	size_t outcomes[8], busy;
	pthread_t thread;
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* As the EHR's module does: busy is no answer, so send again. */
static void *
send_all(void *arg)
{
	struct sender *s = arg;
	struct ac_worker *w;
	struct ac_err e = { 0 };
	size_t i;

	need(ac_worker_new(s->k->s, &w, &e), &e);
	while ((i = __atomic_fetch_add(s->next, 1, __ATOMIC_RELAXED)) < s->n) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct ac_str json = order_json(s->v[i], 7, a);
		struct ac_intake r = { 0 };
		enum ac_code rc;

		while ((rc = order_send(w, json, &r, &e)) == AC_EBUSY)
			s->busy++;
		need(rc, &e);
		s->outcomes[r.outcome]++;
	}
	ac_worker_free(w);
	return NULL;
}

static struct ac_sha256
run(uint32_t visits, uint64_t order, size_t threads)
{
	struct kit k;
	struct event *v;
	struct sender senders[64] = { 0 };
	size_t n = order_events(visits, 20, order, &v), next = 0, outcomes[8] = { 0 }, busy = 0;
	struct ac_audit_counts counts;
	struct ac_err e = { 0 };

	kit_open_options(&k, (struct ac_service_options){ .sync = AC_SYNC_OFF, .threads = true });
	double start = seconds();
	for (size_t i = 0; i < threads; i++) {
		senders[i] = (struct sender){ .k = &k, .v = v, .n = n, .next = &next };
		if (pthread_create(&senders[i].thread, NULL, send_all, &senders[i]) != 0)
			abort();
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(senders[i].thread, NULL);
		for (size_t o = 0; o < 8; o++)
			outcomes[o] += senders[i].outcomes[o];
		busy += senders[i].busy;
	}
	double took = seconds() - start;
	struct ac_sha256 state = order_state(k.w, visits);
	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &counts, &e), &e);
	printf("order %llu: %zu events in %.1f s, %.0f/s; busy %zu;", (unsigned long long)order, n, took,
	    (double)n / took, busy);
	for (size_t o = 0; o < 8; o++)
		printf(" %s %zu", ac_outcome_word((enum ac_outcome)o), outcomes[o]);
	printf("; documents %lld, leaves %lld; state %.*s\n", (long long)counts.documents,
	    (long long)counts.leaves, 16, ac_hex(k.a, state.b, 32).p);
	fflush(stdout);
	kit_close(&k);
	free(v);
	return state;
}

int
main(int argc, char **argv)
{
	long events = argc > 1 ? atol(argv[1]) : 100000, orders = argc > 2 ? atol(argv[2]) : 3;
	long threads = argc > 3 ? atol(argv[3]) : 4;
	uint32_t visits = (uint32_t)((double)events / 1.2 / REVISIONS) + 1;

	if (events < 1 || orders < 1 || threads < 1 || threads > 64) {
		fprintf(stderr, "usage: soak_order [EVENTS [ORDERS [THREADS <= 64]]]\n");
		return 2;
	}
	struct ac_sha256 first = run(visits, 1, (size_t)threads);
	for (long o = 2; o <= orders; o++) {
		struct ac_sha256 other = run(visits, (uint64_t)o, (size_t)threads);
		if (!ac_sha256_eq(&first, &other)) {
			fprintf(stderr, "order %ld ends in another state\n", o);
			return 1;
		}
	}
	printf("one state\n");
	return 0;
}
