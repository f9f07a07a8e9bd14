/* timer.c - what an hour brings: plans that become final, charts that are still open. State, not a tick. */
#include "base/log.h"
#include "core/intake_parts.h"

#define TIMER_BATCH 100

enum ac_code
ac_intake_timer(struct ac_worker *w, int64_t now_ms, int64_t *ret_done, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new(); /* the worker's is emptied for each plan */
	struct ac_actor who = { .user = AC_S("aftercare"), .role = AC_ROLE_SYSTEM };
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(
	    w->reader, AC_STMT_PLAN_TIMER, a, &rows, reterr, AC_VINT(now_ms), AC_VINT(TIMER_BATCH));

	if (rc != AC_OK)
		return rc;
	*ret_done = 0;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		struct ac_job job = {
			.cause = AC_CAUSE_TIMER, .who = &who, .site = col[1].s, .encounter = col[2].s
		};
		struct ac_intake_work *k;
		struct ac_err err = { 0 };

		if ((rc = ac_worker_begin(w, reterr)) != AC_OK)
			return rc;
		if (ac_intake_run(w, &job, &k, &err) == AC_OK)
			++*ret_done;
		else
			ac_log_err(AC_LOG_ERR, "timer", &err); /* the others have their hour too */
	}
	ac_worker_end(w);
	return AC_OK;
}
