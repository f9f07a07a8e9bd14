/*
 * task_timer.c - what an hour brings to tasks: the next on call, the rule of the protocol for what is late.
 *
 * Rules   the row is read again inside the commit; only what is due by then is done, and the same commit moves the hour.
 *         So two processes, a restart or a turn that comes twice do it once. After a downtime each step is done now, and
 *         the next person has the whole time again: nobody is passed over because the machine was off.
 */
#include "base/log.h"
#include "core/intake_parts.h"

#define TIMER_BATCH 200
#define TIMER_ROUNDS 20 /* of one call; what is left is still due at the next */
#define RETRY_MS (5 * 60 * (int64_t)1000)

struct hour {
	struct ac_actor who;
	struct ac_on_call on_call;
	struct ac_uuid plan;
	struct ac_str name;
	bool served;
};

/* When nobody more is on duty the round is over, and the next look may begin another. */
static enum ac_code
next_on_call(struct ac_commit *c, const struct hour *h, struct ac_task_row *t, struct ac_err *reterr)
{
	struct ac_str before = t->called;
	bool again = !ac_str_is_set(before) || before.n == 0;

	ac_task_call(&h->on_call, t, again ? (struct ac_str){ 0 } : before, c->now_ms);
	if (t->called.n > 0) {
		t->steps++;
		return ac_task_commit(c, &h->who, t, false, AC_TASK_ACT_CALL, t->called, (struct ac_str){ 0 }, reterr);
	}
	if (!again) {
		t->steps++;
		return ac_task_commit(c, &h->who, t, false, AC_TASK_ACT_NOBODY, before, (struct ac_str){ 0 }, reterr);
	}
	/* still nobody: nothing happened that anybody could read about */
	return ac_task_put(c, t, false, -1, reterr);
}

static enum ac_code
is_late(struct ac_commit *c, const struct hour *h, struct ac_task_row *t, struct ac_err *reterr)
{
	struct ac_str why = ac_strf(c->arena, "not done %lld min after it was due", (long long)(t->escalate_s / 60));

	t->urgent = true;
	t->role = t->escalate_to.n > 0 ? t->escalate_to : AC_S("clinician");
	t->outcome = ac_strf(c->arena, AC_TASK_ESCALATED "%.*s", AC_FMT(why));
	t->status = AC_S("requested");
	t->owner = (struct ac_str){ 0 };
	t->snoozed = t->escalate_s = 0;
	t->steps++;
	ac_task_call(&h->on_call, t, (struct ac_str){ 0 }, c->now_ms);
	return ac_task_commit(c, &h->who, t, false, AC_TASK_ACT_LATE, t->role, why, reterr);
}

static bool
was_not_taken(const struct ac_task_row *t, int64_t now_ms)
{
	return t->urgent && ac_streq_c(t->status, "requested") && t->take_s > 0 && t->called_ms != 0 &&
	       t->called_ms + t->take_s * 1000 <= now_ms;
}

static enum ac_code
commit_hour(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct hour *h = arg;
	struct ac_task_row t;
	enum ac_code rc = ac_task_get(c, h->plan, h->name, &t, reterr);

	h->served = false;
	if (rc != AC_OK || t.timer_ms == 0 || t.timer_ms > c->now_ms)
		return rc;
	h->served = true;
	if (t.escalate_s > 0 && (t.due + t.escalate_s) * 1000 <= c->now_ms && t.snoozed * 1000 <= c->now_ms)
		return is_late(c, h, &t, reterr);
	if (was_not_taken(&t, c->now_ms))
		return next_on_call(c, h, &t, reterr);
	return ac_task_put(c, &t, false, -1, reterr); /* its hour moved */
}

struct later {
	const struct hour *h;
	int64_t next_ms, now_ms;
};

static enum ac_code
commit_later(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct later *l = arg;

	return ac_store_run(c->store, AC_STMT_TASK_TIMER_LATER, NULL, NULL, reterr, AC_VINT(l->next_ms),
	    AC_VUUID(&l->h->plan), AC_VTEXT(l->h->name), AC_VINT(l->now_ms));
}

static enum ac_code
serve(struct ac_worker *w, struct hour *h, int64_t now_ms, int64_t *done, struct ac_err *reterr)
{
	struct ac_err err = { 0 };
	enum ac_code rc = ac_committer_run(w->service->committer, commit_hour, h, &err);

	if (rc == AC_OK) {
		*done += h->served;
		return AC_OK;
	}
	if (rc == AC_EBUSY || rc == AC_EIO) { /* the store, not the task: all of them wait */
		if (reterr != NULL)
			*reterr = err;
		return rc;
	}
	ac_log_err(AC_LOG_ERR, "timer of a task", &err);
	struct later l = { h, now_ms + RETRY_MS, now_ms };
	return ac_committer_run(w->service->committer, commit_later, &l, reterr);
}

enum ac_code
ac_task_timer(struct ac_worker *w, int64_t now_ms, int64_t *ret_done, struct ac_err *reterr)
{
	struct hour h = { .who = { .user = AC_S("aftercare"), .role = AC_ROLE_SYSTEM } };
	size_t n = TIMER_BATCH;
	enum ac_code rc;

	*ret_done = 0;
	for (int round = 0; round < TIMER_ROUNDS && n == TIMER_BATCH; round++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct ac_rows rows;

		if ((rc = ac_worker_begin(w, reterr)) != AC_OK || (rc = ac_on_call_now(w, &h.on_call, reterr)) != AC_OK)
			return rc;
		rc = ac_rows_read(w->reader, AC_STMT_TASK_TIMER, a, &rows, reterr, AC_VINT(now_ms), AC_VINT(TIMER_BATCH));
		if (rc != AC_OK)
			return rc;
		n = rows.n;
		for (size_t i = 0; i < n; i++) {
			if (!ac_val_uuid(&ac_row(&rows, i)[0], &h.plan))
				return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.id is no id");
			h.name = ac_row(&rows, i)[1].s;
			if ((rc = serve(w, &h, now_ms, ret_done, reterr)) != AC_OK)
				return rc;
		}
	}
	return AC_OK;
}

struct ac_phone_now
ac_task_phone(struct ac_worker *w, const struct ac_task_row *t, int64_t now)
{
	const struct ac_contact *line;
	const struct ac_duty *d;
	struct ac_on_call o;

	if (ac_on_call_now(w, &o, NULL) != AC_OK || o.clinic == NULL)
		return (struct ac_phone_now){ 0 };
	if (t->called.n > 0 && (d = ac_clinic_duty_of(o.clinic, t->called)) != NULL)
		return (struct ac_phone_now){ d->name, d->number, true };
	if (o.zone == NULL) /* no clock of its own: the line that always serves */
		line = o.clinic->emergency.is_set ? &o.clinic->emergency : NULL;
	else
		line = ac_clinic_contact_at(o.clinic, o.zone, now);
	return line == NULL ? (struct ac_phone_now){ 0 } : (struct ac_phone_now){ line->name, line->number, false };
}

enum ac_code
ac_task_acts(struct ac_worker *w, struct ac_uuid plan, struct ac_str name, struct ac_task_act_rows *ret,
    struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read(w->reader, AC_STMT_TASK_ACT_LIST, w->arena, &rows, reterr, AC_VUUID(&plan), AC_VTEXT(name));

	if (rc != AC_OK)
		return rc;
	ret->v = ac_new(w->arena, struct ac_task_act_row, rows.n);
	ret->n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		ret->v[i] = (struct ac_task_act_row){ .n = col[0].i,
			.action = col[1].s,
			.detail = col[2].s,
			.reason = col[3].s,
			.at_ms = col[4].i,
			.actor = col[5].s,
			.role = col[6].s };
	}
	return AC_OK;
}
