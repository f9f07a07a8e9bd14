/* verb_task.c - task done, cancel, escalate, take, assign, snooze. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/task.h"

/* "call-day-2" of "mesotherapy/call-day-2/1". */
static bool
is_called(struct ac_str name, struct ac_str said)
{
	struct ac_str first, second;

	ac_cut(ac_cut(name, '/', &first), '/', &second);
	return ac_streq(name, said) || ac_streq(second, said);
}

/* Of those that are called so, the one that is open; one that is finished when there is no other. */
static const struct ac_task_row *
find(const struct ac_record *r, struct ac_str said, bool *ret_ambiguous)
{
	const struct ac_task_row *found = NULL;
	size_t open = 0;

	for (size_t i = 0; i < r->ntasks; i++) {
		const struct ac_task_row *t = &r->tasks[i];
		bool is_open = t->done_ms == 0;

		if (!is_called(t->name, said))
			continue;
		if (ac_streq(t->name, said)) {
			*ret_ambiguous = false;
			return t;
		}
		open += is_open;
		if (found == NULL || is_open)
			found = t;
	}
	*ret_ambiguous = open > 1;
	return found;
}

static int
report(const struct cli *c, const struct ac_task_row *t, const char *status)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		printf("%.*s %s%s\n", AC_FMT(t->name), c->dry_run ? "would be " : "", status);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, t->plan));
	ac_jw_kstr(&w, "task", t->name);
	ac_jw_kstr(&w, "status", ac_str_c(status));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

static int
act(struct cli *c, struct ac_task_request rq, const char *said)
{
	struct ac_actor who = cli_actor(c);
	const struct ac_task_row *t;
	struct ac_record *r;
	struct ac_err e = { 0 };
	bool ambiguous = false;
	int rc;

	if ((rc = cli_plan_arg(c, c->argv[0], &rq.plan)) >= 0)
		return rc;
	if (ac_record_load(c->w, rq.plan, 0, &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if ((t = find(r, ac_str_c(c->argv[1]), &ambiguous)) == NULL) {
		ac_fail(&e, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
		return cli_fail(c, c->argv[1], &e);
	}
	if (ambiguous)
		return cli_usage(c, "%s: several open tasks are called so: give the whole name", c->argv[1]);
	if (t->done_ms != 0) {
		ac_fail(&e, AC_ECONFLICT, "TASK-STATE", "the task is finished: %.*s", AC_FMT(t->status));
		return cli_fail(c, c->argv[1], &e);
	}
	rq.name = t->name;
	rq.seq = t->seq;
	rq.reason = ac_str_c(c->reason);
	rq.dry_run = c->dry_run;
	if (rq.act == AC_TASK_ACT_SNOOZE && !cli_time_arg(c->until, r->plan->in->zone, 0, &rq.until))
		return cli_usage(c, "--until is a day or a time: 2026-03-30, 2026-03-30T10:00");
	rq.until /= 1000;
	if (ac_task_do(c->w, &who, &rq, &e) != AC_OK)
		return cli_fail(c, c->argv[1], &e);
	return report(c, t, said);
}

static bool
has_reason(const struct cli *c)
{
	return c->reason != NULL && *c->reason != '\0';
}

int
verb_task_done(struct cli *c)
{
	return act(c, (struct ac_task_request){ .act = AC_TASK_ACT_DONE }, "completed");
}

int
verb_task_cancel(struct cli *c)
{
	if (!has_reason(c))
		return cli_usage(c, "a task that is not done is cancelled for a reason: --reason TEXT");
	return act(c, (struct ac_task_request){ .act = AC_TASK_ACT_CANCEL }, "cancelled");
}

int
verb_task_escalate(struct cli *c)
{
	struct ac_task_request rq = { .act = AC_TASK_ACT_ESCALATE };

	if (!has_reason(c))
		return cli_usage(c, "a task is escalated for a reason: --reason TEXT");
	rq.role = c->role != NULL ? ac_str_c(c->role) : AC_S("clinician");
	return act(c, rq, "escalated");
}

int
verb_task_take(struct cli *c)
{
	return act(c, (struct ac_task_request){ .act = AC_TASK_ACT_TAKE }, "taken");
}

int
verb_task_assign(struct cli *c)
{
	struct ac_task_request rq = { .act = AC_TASK_ACT_ASSIGN, .role = ac_str_c(c->role), .owner = ac_str_c(c->owner) };

	if (c->role == NULL && c->owner == NULL)
		return cli_usage(c, "to whom: --role ROLE, --owner ACCOUNT, or both");
	return act(c, rq, "assigned");
}

int
verb_task_snooze(struct cli *c)
{
	if (!has_reason(c) || c->until == NULL)
		return cli_usage(c, "a task is put off until a time and for a reason: --until T --reason TEXT");
	return act(c, (struct ac_task_request){ .act = AC_TASK_ACT_SNOOZE }, "put off");
}
