/* verb_plan_state.c - plan hold, resume, skip, revoke, complete, error. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/plan_state.h"

static int
act(struct cli *c, enum ac_plan_act a)
{
	struct ac_actor who = cli_actor(c);
	struct ac_plan_state_request rq = {
		.act = a, .seen_version = -1, .reason = ac_str_c(c->reason), .dry_run = c->dry_run
	};
	const struct ac_plan_transition *t = NULL;
	enum ac_plan_status from;
	struct ac_record *r;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int rc;

	if (c->reason == NULL || *c->reason == '\0')
		return cli_usage(c, "what becomes of a plan needs a reason: --reason TEXT");
	if ((rc = cli_plan_arg(c, c->argv[0], &rq.plan)) >= 0)
		return rc;
	if (ac_record_load(c->w, rq.plan, 0, &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (ac_plan_status_parse(r->row.status, &from))
		t = ac_plan_transition(a, from, AC_BY_PERSON);
	if (ac_plan_state_do(c->w, &who, &rq, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	const char *becomes = t == NULL ? "changed" : ac_plan_status_word(t->to);
	if (!c->json) {
		printf("the plan %s %s\n", c->dry_run ? "would be" : "is", becomes);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, rq.plan));
	ac_jw_kstr(&w, "status", ac_str_c(becomes));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

int
verb_plan_hold(struct cli *c)
{
	return act(c, AC_PLAN_ACT_HOLD);
}

int
verb_plan_resume(struct cli *c)
{
	return act(c, AC_PLAN_ACT_RESUME);
}

int
verb_plan_skip(struct cli *c)
{
	return act(c, AC_PLAN_ACT_SKIP);
}

int
verb_plan_revoke(struct cli *c)
{
	return act(c, AC_PLAN_ACT_REVOKE);
}

int
verb_plan_complete(struct cli *c)
{
	return act(c, AC_PLAN_ACT_COMPLETE);
}

int
verb_plan_error(struct cli *c)
{
	return act(c, AC_PLAN_ACT_ERROR);
}
