/*
 * bench_commit.c - what durability costs here, as ratios within one run.
 *
 * 32 threads commit items of the size of a real one (a blob of 3 KB, a plan's rows as settings, three log leaves),
 * in rounds that alternate between the settings, so that a machine that slows down slows all of them.
 *
 *   bench_commit [SECONDS-PER-SETTING]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "tests/store_fixture.h"

#define CLIENTS 32
#define ROUNDS 5
#define EVENT_BYTES 3072
#define LATENCIES_MAX 200000

struct setting {
	const char *name;
	struct ac_committer_options options;
	double seconds, cpu;
	int64_t done, written;
	uint32_t *latency_us;
	_Atomic size_t nlatencies;
};
struct run {
	struct setting *s;
	struct ac_committer *c;
	_Atomic bool *stop;
	_Atomic int64_t *done;
};

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum ac_code
write_event(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const char *bytes = arg; /* made by the client, as a worker makes its document */
	struct ac_sha256 sha;
	struct ac_audit_entry entry = { .action = "event",
		.outcome = "created",
		.kind = "encounter",
		.actor = AC_S("module"),
		.role = AC_S("system"),
		.id = AC_S("6ba7b810-9dad-51d1-80b4-00c04fd430c8"),
		.version = 1,
		.patient = AC_S("A-17"),
		.digest = &sha,
		.salt = sha.b };
	enum ac_code code;

	memcpy(sha.b, bytes, sizeof(sha.b));
	code = ac_store_run(c->store, AC_STMT_BLOB_ADD, NULL, NULL, reterr, AC_VSHA(&sha),
	    AC_VBLOB(((struct ac_str){ bytes, EVENT_BYTES })));
	for (int i = 0; i < 4 && code == AC_OK; i++) /* a plan, its tasks: small rows under random keys */
		code = ac_store_run(c->store, AC_STMT_SETTING_ADD, NULL, NULL, reterr,
		    AC_VTEXT(ac_hex(c->arena, bytes + 100 + i * 16, 16)),
		    AC_VBLOB(((struct ac_str){ bytes, 120 })));
	for (int i = 0; i < 3 && code == AC_OK; i++)
		code = ac_audit_append(c, &entry, reterr);
	return code;
}

static void *
client(void *arg)
{
	struct run *r = arg;
	struct ac_err e = { 0 };
	char bytes[EVENT_BYTES];

	while (!atomic_load(r->stop)) {
		ac_random(bytes, sizeof(bytes));
		double from = now_s();
		need(ac_committer_run(r->c, write_event, bytes, &e), &e);
		size_t at = atomic_fetch_add(&r->s->nlatencies, 1);
		if (at < LATENCIES_MAX)
			r->s->latency_us[at] = (uint32_t)((now_s() - from) * 1e6);
		atomic_fetch_add(r->done, 1);
	}
	return NULL;
}

/* What this process handed to write(2) so far, and the CPU it took. */
static int64_t
written(void)
{
	long long n = 0;
	FILE *in = fopen("/proc/self/io", "r");

	if (in == NULL || fscanf(in, "rchar: %*d wchar: %lld", &n) != 1)
		n = 0;
	if (in != NULL)
		fclose(in);
	return n;
}

static double
cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
measure(struct setting *s, double seconds)
{
	struct fixture f;
	pthread_t t[CLIENTS];
	_Atomic bool stop = false;
	_Atomic int64_t done = 0;

	fixture_open(&f);
	struct run r = { .s = s, .c = fixture_committer(&f, s->options), .stop = &stop, .done = &done };
	double from = now_s(), cpu = cpu_s();
	int64_t before = written();
	for (int i = 0; i < CLIENTS; i++)
		if (pthread_create(&t[i], NULL, client, &r) != 0)
			abort();
	nanosleep(&(struct timespec){ .tv_sec = (time_t)seconds,
		      .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9) },
	    NULL);
	atomic_store(&stop, true);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(t[i], NULL);
	s->seconds += now_s() - from;
	s->done += atomic_load(&done);
	s->cpu += cpu_s() - cpu;
	s->written += written() - before;
	ac_committer_free(r.c);
	fixture_close(&f);
}

static int
compare(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static double
percentile_ms(struct setting *s, double p)
{
	size_t n = s->nlatencies < LATENCIES_MAX ? s->nlatencies : LATENCIES_MAX;

	if (n == 0)
		return 0;
	qsort(s->latency_us, n, sizeof(*s->latency_us), compare);
	return s->latency_us[(size_t)((double)(n - 1) * p)] / 1000.0;
}

int
main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 5;
	struct setting s[] = {
		{ .name = "durable, group commit", .options = { .threads = true } },
		{ .name = "synchronous=OFF, group commit",
		    .options = { .threads = true, .sync = AC_SYNC_OFF } },
		{ .name = "durable, one transaction each", .options = { .threads = true, .batch_max = 1 } },
	};
	size_t n = sizeof(s) / sizeof(s[0]);

	for (size_t i = 0; i < n; i++)
		if ((s[i].latency_us = calloc(LATENCIES_MAX, sizeof(uint32_t))) == NULL)
			abort();
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < n; i++)
			measure(&s[i], seconds / ROUNDS);
	printf("%-32s %10s %8s %8s %8s %8s %8s\n", "32 clients", "per second", "p50 ms", "p99 ms", "CPU us",
	    "KiB", "ratio");
	for (size_t i = 0; i < n; i++)
		printf("%-32s %10.0f %8.2f %8.2f %8.0f %8.1f %8.2f\n", s[i].name,
		    (double)s[i].done / s[i].seconds, percentile_ms(&s[i], 0.5), percentile_ms(&s[i], 0.99),
		    s[i].cpu * 1e6 / (double)s[i].done, (double)s[i].written / 1024 / (double)s[i].done,
		    ((double)s[0].done / s[0].seconds) / ((double)s[i].done / s[i].seconds));
	for (size_t i = 0; i < n; i++)
		free(s[i].latency_us);
	return 0;
}
