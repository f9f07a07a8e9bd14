/* task_done.c - a person completes, cancels or escalates a follow-up task. */
#include "core/intake_parts.h"

#define OUTCOME_BYTES_MAX 500

struct done_work {
	const struct ac_actor *who;
	struct ac_uuid plan;
	struct ac_str name, status, outcome; /* status absent: escalated to `role` */
	int64_t seq;
	struct ac_str role;
};

static enum ac_code
find(struct ac_commit *c, const struct done_work *k, struct ac_task_row *t, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(
	    c->store, AC_STMT_TASK_GET, c->arena, &rows, reterr, AC_VUUID(&k->plan), AC_VTEXT(k->name));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	if ((rc = ac_task_row_of(ac_row(&rows, 0), t, reterr)) != AC_OK)
		return rc;
	if (ac_str_is_set(k->who->site) && !ac_streq(k->who->site, t->site))
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	if (t->seq != k->seq)
		return ac_fail(
		    reterr, AC_ECONFLICT, "TASK-STALE", "the task changed since the page was shown");
	if (!ac_task_is_open(t))
		return ac_fail(reterr, AC_ECONFLICT, "TASK-STATE", "the task is finished");
	return AC_OK;
}

static enum ac_code
write(struct ac_commit *c, const struct ac_task_row *t, struct ac_err *reterr)
{
	return ac_store_run(c->store, AC_STMT_TASK_SET, NULL, NULL, reterr, AC_VINT(t->plan_version),
	    AC_VTEXT(t->title), AC_VTEXT(t->kind), AC_VTEXT(t->role), AC_VINT(t->urgent), AC_VTEXT(t->status),
	    AC_VINT(t->not_before), AC_VINT(t->due), AC_VTEXT(t->outcome), AC_VTEXT(t->actor),
	    AC_VINT(t->done_ms), AC_VINT(c->now_ms), AC_VINT(t->seq), AC_VUUID(&t->plan), AC_VTEXT(t->name));
}

static enum ac_code
first_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
}

/* The EHR's copy of the task: taken off its list, or as it is now. */
static enum ac_code
deliver(struct ac_commit *c, const struct ac_task_row *t, int64_t encounter_seq, struct ac_err *reterr)
{
	struct ac_str object = ac_uuid_str(c->arena, ac_task_object(t->plan, t->name)),
		      plan = ac_uuid_str(c->arena, t->plan);
	struct ac_str kind = ac_task_is_open(t) ? AC_S("task") : AC_S("task-withdraw");
	struct ac_str href =
	    ac_strf(c->arena, "/aftercare/plans/%.*s/tasks/%.*s", AC_FMT(plan), AC_FMT(t->name));
	int64_t since = 0;
	enum ac_code rc;

	rc = ac_store_run(c->store, AC_STMT_CHANNEL_GET, first_int, &since, reterr, AC_VTEXT(t->site));
	if (rc != AC_OK || since == 0)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_DELIVERY_SUPERSEDE, NULL, NULL, reterr, AC_VTEXT(t->site),
	    AC_VTEXT(t->encounter), AC_VTEXT(object), AC_VINT(t->seq));
	if (rc != AC_OK)
		return rc;
	return ac_store_run(c->store, AC_STMT_DELIVERY_ADD, NULL, NULL, reterr,
	    AC_VTEXT(t->site), AC_VTEXT(t->encounter), AC_VTEXT(kind), AC_VTEXT(object),
	    AC_VINT(t->seq), AC_VTEXT(href), AC_VNULL, AC_VINT(0), AC_VINT(c->now_ms), AC_VINT(c->now_ms),
	    AC_VINT((encounter_seq + 1) * AC_SEQ_PER_COMMIT));
}

static enum ac_code
commit_done(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct done_work *k = arg;
	struct ac_task_row t;
	int64_t seq = 0;
	enum ac_code rc = find(c, k, &t, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_str_is_set(k->status)) {
		t.status = k->status;
		t.outcome = k->outcome;
		t.actor = k->who->user;
		t.done_ms = c->now_ms;
	} else {
		t.urgent = true;
		t.role = k->role;
		t.outcome = ac_strf(c->arena, AC_TASK_ESCALATED "%.*s", AC_FMT(k->outcome));
	}
	t.seq++;
	if ((rc = write(c, &t, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_ENCOUNTER_SEQ, first_int, &seq, reterr, AC_VTEXT(t.site),
	    AC_VTEXT(t.encounter));
	if (rc != AC_OK || (rc = deliver(c, &t, seq, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(
	    c->store, AC_STMT_ENCOUNTER_BUMP, NULL, NULL, reterr, AC_VTEXT(t.site), AC_VTEXT(t.encounter));
	if (rc != AC_OK)
		return rc;
	struct ac_audit_entry e = { .action = "task",
		.kind = "task",
		.actor = k->who->user,
		.role = ac_str_c(ac_role_word(k->who->role)),
		.id = ac_uuid_str(c->arena, ac_task_object(t.plan, t.name)),
		.version = t.seq,
		.patient = t.patient,
		.object = ac_strf(c->arena, "%.*s/%.*s", AC_FMT(t.site), AC_FMT(t.encounter)),
		.outcome = ac_str_is_set(k->status) ? ac_cstr(c->arena, k->status) : "escalated" };
	return ac_audit_append(c, &e, reterr);
}

enum ac_code
ac_intake_task(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid plan, struct ac_str name,
    int64_t seq, struct ac_str status, struct ac_str outcome, struct ac_err *reterr)
{
	struct done_work k = { who, plan, name, status, outcome, seq, { 0 } };

	if (!ac_streq_c(status, "completed") && !ac_streq_c(status, "cancelled"))
		return ac_fail(reterr, AC_EINPUT, "TASK-STATUS", "a task is completed or cancelled");
	if (outcome.n > OUTCOME_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "TASK-OUTCOME", "the outcome is longer than %d bytes",
		    OUTCOME_BYTES_MAX);
	if (!ac_str_is_set(outcome))
		k.outcome = AC_S("");
	return ac_committer_run(w->service->committer, commit_done, &k, reterr);
}

enum ac_code
ac_intake_task_escalate(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid plan,
    struct ac_str name, int64_t seq, struct ac_str role, struct ac_str reason, struct ac_err *reterr)
{
	struct done_work k = { who, plan, name, { 0 }, reason, seq, role };
	enum ac_role known;

	if (!ac_role_parse(role, &known))
		return ac_fail(reterr, AC_EINPUT, "TASK-ROLE", "a task goes to a role");
	if (reason.n == 0)
		return ac_fail(reterr, AC_EINPUT, "TASK-REASON", "escalating a task needs a reason");
	if (reason.n > OUTCOME_BYTES_MAX - (sizeof(AC_TASK_ESCALATED) - 1))
		return ac_fail(reterr, AC_ELIMIT, "TASK-OUTCOME", "the reason is longer than %d bytes",
		    OUTCOME_BYTES_MAX);
	return ac_committer_run(w->service->committer, commit_done, &k, reterr);
}
