/*
 * bench_event.c - what one event costs a worker and what it costs the committer, in microseconds of CPU, without nginx.
 *
 * The worker's part (decode, read the store, plan, answer) is the floor: no store, however fast, makes an event cheaper
 * than that. One client, so each commit holds one event.
 *
 *   bench_event [EVENTS [unsigned | signed]]
 */
#include <time.h>

#include "core/intake.h"
#include "hl7/snapshot.h"
#include "tests/intake_kit.h"

static double
cpu_us(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The body that tests/bench/put.lua sends. */
static struct ac_str
body(struct ac_arena *a, int n, bool is_signed)
{
	const char *sign = is_signed ? "\"signed\":\"2026-03-28T15:00:00Z\",\"signed_by\":{\"id\":\"3\",\"npi\":\"1234567893\","
				       "\"given\":[\"Grace\"],\"family\":\"Example\"},"
				     : "";

	return ac_strf(a,
	    "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"system\":\"bench\",\"site\":\"demo\"},"
	    "\"encounter\":{\"id\":\"e%d\",\"revision\":1,\"status\":\"finished\",\"start\":\"2026-03-28T13:00:00Z\","
	    "\"end\":\"2026-03-28T14:00:00Z\",\"zone\":\"Europe/Berlin\",%s\"category\":\"Mesotherapy\"},"
	    "\"patient\":{\"id\":\"p%d\",\"given\":[\"Ada\"],\"family\":\"Example\",\"birth_date\":\"1988-04-02\","
	    "\"sex\":\"female\",\"language\":\"en\",\"phone\":\"+49 30 5550100\"},"
	    "\"provider\":{\"id\":\"3\",\"npi\":\"1234567893\",\"given\":[\"Grace\"],\"family\":\"Example\"},"
	    "\"clinic\":{\"id\":\"1\",\"name\":\"Demo Clinic\",\"country\":\"DE\"},"
	    "\"procedures\":[{\"id\":\"b1\",\"system\":\"LOCAL\",\"code\":\"MESO\",\"text\":\"Mesotherapy\","
	    "\"status\":\"performed\",\"performed\":\"2026-03-28T14:00:00Z\"}],"
	    "\"conditions\":{\"reviewed\":{\"allergy\":true,\"medication\":true},\"items\":[]},"
	    "\"facts\":{\"area\":[\"face\"],\"technique\":\"needle\",\"session\":2,\"sessions\":6}}",
	    n, sign, n);
}

static void
event(struct kit *k, int n, bool is_signed)
{
	struct ac_actor who = { .user = AC_S("module"), .role = AC_ROLE_SYSTEM };
	struct enc_warnings warnings = { 0 };
	struct ac_intake in = { 0 };
	struct encounter *e;
	struct ac_err err = { 0 };

	need(ac_worker_begin(k->w, &err), &err);
	need(enc_snapshot_decode(body(k->w->arena, n, is_signed), k->w->arena, &e, &warnings, &err), &err);
	need(ac_intake_put(k->w, &who, e, &warnings, &in, &err), &err);
	if (in.outcome != AC_OUT_CREATED)
		abort();
	ac_worker_end(k->w);
}

static void
measure(const char *name, int events, bool is_signed)
{
	struct kit k;
	double thread, process;

	kit_open_options(&k, (struct ac_service_options){ .threads = true });
	set_clock(&k, "2026-03-28T15:30:00Z");
	for (int i = 0; i < 200; i++)
		event(&k, i, is_signed);
	thread = cpu_us(CLOCK_THREAD_CPUTIME_ID);
	process = cpu_us(CLOCK_PROCESS_CPUTIME_ID);
	for (int i = 0; i < events; i++)
		event(&k, 1000000 + i, is_signed);
	thread = cpu_us(CLOCK_THREAD_CPUTIME_ID) - thread;
	process = cpu_us(CLOCK_PROCESS_CPUTIME_ID) - process;
	printf("%-32s %10.0f %10.0f\n", name, thread / events, (process - thread) / events);
	kit_close(&k);
}

int
main(int argc, char **argv)
{
	int64_t events = 3000;

	if (argc > 1 && !ac_str_int(ac_str_c(argv[1]), 1, 1000000, &events)) {
		fprintf(stderr, "usage: bench_event [EVENTS [unsigned | signed]]\n");
		return 2;
	}
	printf("%-32s %10s %10s\n", "microseconds of CPU an event", "worker", "committer");
	if (argc < 3 || strcmp(argv[2], "unsigned") == 0)
		measure("plan and tasks only", (int)events, false);
	if (argc < 3 || strcmp(argv[2], "signed") == 0)
		measure("with a document each", (int)events, true);
	return 0;
}
