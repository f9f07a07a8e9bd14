/*
 * month.c - `soak_month [PLANS [RESTARTS [SEED]]]`: a month of follow-up by the clock of a test, in processes that end: each
 * opens the installation, looks at what is due every few minutes of its stretch of the month, and is killed somewhere in it
 * or stops; between two of them nothing runs for up to a day and a half. Afterwards every due thing must have happened, and
 * once: tasks late, urgent ones called out, plans final, charts reminded of, plans completed; the log verifies and every
 * version is made again byte for byte. Prints what it counted; exit 1 when something is missing or stands twice.
 */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "core/plan_state.h"
#include "core/task.h"
#include "tests/intake_kit.h"

#define STEP_MS (7 * 60 * (int64_t)1000) /* how often it is looked */
#define DAY_MS (24 * AC_H)
#define AC_H (3600 * (int64_t)1000)

static size_t bad;

static void
expect(bool ok, const char *what, const char *plan)
{
	if (ok)
		return;
	bad++;
	fprintf(stderr, "NOT: %s: %s\n", plan, what);
}

static uint64_t
roll(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* The installation that is there, in this process. */
static void
open_again(struct kit *k, const char *dir, int64_t now_ms)
{
	struct ac_service_options o = { .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = k };
	struct ac_err e = { 0 };

	memset(k, 0, sizeof(*k));
	snprintf(k->dir, sizeof(k->dir), "%s", dir);
	k->a = ac_arena_new();
	k->now_ms = now_ms;
	o.state_dir = k->dir;
	need(ac_service_open(&o, &k->s, &e), &e);
	need(ac_worker_new(k->s, &k->w, &e), &e);
}

static void
leave(struct kit *k)
{
	ac_worker_free(k->w);
	ac_service_close(k->s);
	ac_arena_free(k->a);
}

/* One process' stretch of the month. */
static void
live(const char *dir, int64_t from_ms, int64_t until_ms)
{
	struct kit k;

	open_again(&k, dir, from_ms);
	for (; k.now_ms < until_ms; k.now_ms += STEP_MS)
		timer(&k);
	leave(&k);
	_exit(0);
}

/* true: it was killed before it was done */
static bool
run_process(const char *dir, int64_t from_ms, int64_t until_ms, int64_t kill_us)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		live(dir, from_ms, until_ms);
	if (pid < 0)
		abort();
	if (kill_us > 0) {
		struct timespec t = { kill_us / 1000000, (kill_us % 1000000) * 1000 };
		nanosleep(&t, NULL);
		kill(pid, SIGKILL);
	}
	if (waitpid(pid, &status, 0) != pid)
		abort();
	if (!WIFSIGNALED(status) && WEXITSTATUS(status) != 0)
		expect(false, "a process failed", dir);
	return WIFSIGNALED(status);
}

struct made {
	struct ac_uuid plan;
	char id[24];
	bool is_signed, is_done, is_red;
};

static void
finish(struct kit *k, struct ac_uuid plan)
{
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_err e = { 0 };

	for (size_t i = 0;; i++) {
		struct ac_record *r = record_of(k, plan, 0);
		if (i == r->ntasks)
			return;
		if (r->tasks[i].done_ms != 0)
			continue;
		struct ac_task_request rq = { plan, r->tasks[i].name, .seq = -1, .act = AC_TASK_ACT_DONE };
		need(ac_task_do(k->w, &who, &rq, &e), &e);
	}
}

/* A third is signed and done, a third has an urgent task, the others are left alone. */
static void
make(struct kit *k, struct made *m, size_t n)
{
	struct ac_actor who = as(AC_ROLE_NURSE);
	struct ac_err e = { 0 };

	for (size_t i = 0; i < n; i++) {
		snprintf(m[i].id, sizeof(m[i].id), "m%zu", i);
		m[i].is_signed = m[i].is_done = i % 3 == 0;
		m[i].is_red = i % 3 == 1;
		m[i].plan = put(k, (struct visit){ .id = m[i].id, .patient = m[i].id, .area = "face" }).plan;
		issue(k, m[i].plan, 1);
		if (m[i].is_signed)
			put(k, (struct visit){ .id = m[i].id, .patient = m[i].id, .area = "face", .revision = 2,
				   .signed_at = "2026-03-28T15:40:00+01:00" });
		if (m[i].is_done)
			finish(k, m[i].plan);
		if (m[i].is_red) {
			struct ac_task_raise rq = { .plan = m[i].plan, .name = AC_S("aftercare/call/1"),
				.title = AC_S("Call back"), .role = AC_S("nurse"), .kind = AC_TASK_CALL, .urgent = true,
				.not_before = AC_INSTANT_NONE, .due = AC_INSTANT_NONE };
			need(ac_worker_begin(k->w, &e), &e);
			need(ac_task_raise(k->w, &who, &rq, &e), &e);
		}
	}
}

static size_t
count(struct kit *k, struct ac_uuid plan, const char *task, const char *action)
{
	struct ac_task_act_rows acts;
	struct ac_err e = { 0 };
	size_t n = 0;

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_task_acts(k->w, plan, ac_str_c(task), &acts, &e), &e);
	for (size_t i = 0; i < acts.n; i++) {
		n += ac_streq_c(acts.v[i].action, action);
		expect(i == 0 || acts.v[i].n > acts.v[i - 1].n, "acts are numbered in order", task);
		/* nobody has less than the time that the clinic gives */
		if (i > 0 && ac_streq_c(acts.v[i].action, "call"))
			expect(acts.v[i].at_ms - acts.v[i - 1].at_ms >= 15 * 60000, "a call came too early", task);
	}
	return n;
}

static void
check(struct kit *k, const struct made *m)
{
	struct ac_record *r = record_of(k, m->plan, 0);
	struct ac_plan_act_rows acts;
	struct ac_err e = { 0 };
	size_t finals = 0, reminders = 0;

	expect(ac_streq_c(r->row.stage, "final"), "it became final", m->id);
	for (size_t i = 0; i < r->ndocuments; i++)
		finals += r->documents[i].version == 1;
	expect(finals == 1, "one first document", m->id);
	for (size_t i = 0; i < r->ntasks; i++)
		reminders += ac_str_starts(r->tasks[i].name, AC_S("aftercare/finish-the-chart/"));
	expect(reminders == (m->is_signed ? 0 : 1), "the chart was reminded of once, or is signed", m->id);
	expect(r->row.document_version == (m->is_done ? 2 : 1), "no document too many", m->id);
	expect(ac_streq_c(r->row.status, m->is_done ? "completed" : "active"), "its state", m->id);
	need(ac_plan_acts(k->w, m->plan, &acts, &e), &e);
	expect(acts.n == (m->is_done ? 1 : 0), "completed once, or not", m->id);
	expect(count(k, m->plan, "mesotherapy/call-day-2/1", "late") == (m->is_done ? 0 : 1), "late once, or done", m->id);
	if (m->is_red)
		expect(count(k, m->plan, "aftercare/call/1", "call") > 100, "called on and on", m->id);
}

static void
check_whole(struct kit *k, const struct made *m, size_t n)
{
	struct ac_err e = { 0 };
	struct ac_str json, xml;
	bool same;

	for (size_t i = 0; i < n; i++) {
		int64_t last = record_of(k, m[i].plan, 0)->row.version;
		for (int64_t v = 1; v <= last; v++) {
			need(ac_worker_begin(k->w, &e), &e);
			need(ac_plan_regen(k->w, m[i].plan, v, &json, &xml, &same, &e), &e);
			expect(same, "made again byte for byte", m[i].id);
		}
	}
}

int
main(int argc, char **argv)
{
	size_t n = argc > 1 ? (size_t)atoll(argv[1]) : 30;
	int restarts = argc > 2 ? atoi(argv[2]) : 50, killed = 0;
	uint64_t seed = argc > 3 ? (uint64_t)atoll(argv[3]) : 1;
	struct made *m = calloc(n, sizeof(*m));
	struct kit k;

	if (m == NULL || restarts < 1)
		return 2;
	kit_open(&k);
	make(&k, m, n);
	char dir[64];
	int64_t now = k.now_ms, end = now + 31 * DAY_MS, each = 31 * DAY_MS / restarts;
	memcpy(dir, k.dir, sizeof(dir));
	leave(&k);
	for (int i = 0; i < restarts; i++) {
		int64_t off = (int64_t)(roll(&seed) % 3) * each * 3 / 4; /* a third of them: nearly all of it is downtime */
		int64_t us = roll(&seed) % 2 == 0 ? 20000 + (int64_t)(roll(&seed) % 200000) : 0;
		int64_t until = now + each;
		killed += run_process(dir, now + (off < each ? off : each * 9 / 10), until, us);
		now = until;
	}
	run_process(dir, end + 200 * DAY_MS, end + 200 * DAY_MS + 3 * STEP_MS, 0); /* windows of weeks are over too */
	open_again(&k, dir, end + 201 * DAY_MS);
	for (size_t i = 0; i < n; i++)
		check(&k, &m[i]);
	check_whole(&k, m, n);
	printf("%zu plans, %d processes, %d of them killed: %zu claims broken\n", n, restarts + 1, killed, bad);
	kit_close(&k);
	free(m);
	return bad != 0;
}
