/*
 * timer.c - what an hour brings: plans that become final, charts that are still open. State, not a tick.
 *
 *         Then the hours of tasks: core/task_timer.c.
 * Rules   a plan whose hour cannot be served (its inputs are damaged, say) is tried again later and later, so that it
 *         never stands before those that can.
 */
#include "base/log.h"
#include "core/intake_parts.h"

#define TIMER_BATCH 100
#define TIMER_ROUNDS 10 /* of one call; what is left is still due at the next */
#define RETRY_MIN_MS (60 * (int64_t)1000)
#define RETRY_MAX_MS (6 * AC_HOUR_MS)

struct later {
	struct ac_uuid plan;
	int64_t now_ms, next_ms;
};

static int64_t
retry_ms(int64_t tries)
{
	int64_t ms = RETRY_MIN_MS;

	for (int64_t i = 0; i < tries && ms < RETRY_MAX_MS; i++)
		ms *= 2;
	return ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
}

/* Nothing is changed when an event gave the plan another hour meanwhile. */
static enum ac_code
commit_later(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct later *l = arg;

	return ac_store_run(c->store, AC_STMT_PLAN_TIMER_LATER, NULL, NULL, reterr, AC_VINT(l->next_ms),
	    AC_VUUID(&l->plan), AC_VINT(l->now_ms));
}

static bool
is_served(const struct ac_intake_work *k, struct ac_uuid plan, int64_t now_ms)
{
	for (size_t i = 0; i < k->nplans; i++)
		if (memcmp(&k->plans[i].now.row.id, &plan, sizeof(plan)) == 0)
			return k->plans[i].now.timer_ms == 0 || k->plans[i].now.timer_ms > now_ms;
	return false;
}

static enum ac_code
serve(struct ac_worker *w, const struct ac_val *col, int64_t now_ms, int64_t *done, struct ac_err *reterr)
{
	struct ac_actor who = { .user = AC_S("aftercare"), .role = AC_ROLE_SYSTEM };
	struct ac_job job = {
		.cause = AC_CAUSE_TIMER, .who = &who, .site = col[1].s, .encounter = col[2].s
	};
	struct later l = { .now_ms = now_ms, .next_ms = now_ms + retry_ms(col[3].i) };
	struct ac_intake_work *k;
	struct ac_err err = { 0 };
	enum ac_code rc;

	if (!ac_val_uuid(&col[0], &l.plan))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.id is no id");
	if ((rc = ac_worker_begin(w, reterr)) != AC_OK)
		return rc;
	rc = ac_intake_run(w, &job, &k, &err);
	if (rc == AC_OK && is_served(k, l.plan, now_ms)) {
		++*done;
		return AC_OK;
	}
	if (rc != AC_OK)
		ac_log_err(AC_LOG_ERR, "timer", &err); /* the others have their hour too */
	return ac_committer_run(w->service->committer, commit_later, &l, reterr);
}

enum ac_code
ac_intake_timer(struct ac_worker *w, int64_t now_ms, int64_t *ret_done, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;
	size_t n = TIMER_BATCH;
	int64_t tasks;

	*ret_done = 0;
	for (int round = 0; round < TIMER_ROUNDS && n == TIMER_BATCH; round++) {
		AC_AUTO(ac_arena) a = ac_arena_new(); /* the worker's is emptied for each plan */
		struct ac_rows rows;

		rc = ac_rows_read(w->reader, AC_STMT_PLAN_TIMER, a, &rows, reterr, AC_VINT(now_ms),
		    AC_VINT(TIMER_BATCH));
		n = rows.n;
		for (size_t i = 0; rc == AC_OK && i < n; i++)
			rc = serve(w, ac_row(&rows, i), now_ms, ret_done, reterr);
		if (rc != AC_OK)
			return rc;
	}
	if ((rc = ac_confirm_settle(w, reterr)) == AC_OK)
		rc = ac_task_timer(w, now_ms, &tasks, reterr);
	ac_worker_end(w);
	return rc;
}
