/* verb_task.c - task done, cancel, escalate. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/intake.h"

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
act(struct cli *c, const char *status, const char *role)
{
	struct ac_actor who = cli_actor(c);
	struct ac_str reason = ac_str_c(c->reason);
	const struct ac_task_row *t;
	struct ac_record *r;
	struct ac_err e = { 0 };
	struct ac_uuid plan;
	bool ambiguous = false;
	int rc;

	if ((rc = cli_plan_arg(c, c->argv[0], &plan)) >= 0)
		return rc;
	if (ac_record_load(c->w, plan, 0, &r, &e) != AC_OK)
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
	if (c->dry_run)
		return report(c, t, role != NULL ? "escalated" : status);
	if ((role != NULL
		    ? ac_intake_task_escalate(c->w, &who, plan, t->name, t->seq, ac_str_c(role), reason, &e)
		    : ac_intake_task(c->w, &who, plan, t->name, t->seq, ac_str_c(status), reason, &e)) !=
	    AC_OK)
		return cli_fail(c, c->argv[1], &e);
	return report(c, t, role != NULL ? "escalated" : status);
}

int
verb_task_done(struct cli *c)
{
	return act(c, "completed", NULL);
}

int
verb_task_cancel(struct cli *c)
{
	if (c->reason == NULL || *c->reason == '\0')
		return cli_usage(c, "a task that is not done is cancelled for a reason: --reason TEXT");
	return act(c, "cancelled", NULL);
}

int
verb_task_escalate(struct cli *c)
{
	if (c->reason == NULL || *c->reason == '\0')
		return cli_usage(c, "a task is escalated for a reason: --reason TEXT");
	return act(c, NULL, c->role != NULL ? c->role : "clinician");
}
