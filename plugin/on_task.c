/* on_task.c - POST /aftercare/plans/{id}/tasks/{name}: a task is done, or cancelled with its reason. */
#include "core/intake.h"
#include "plugin/page.h"

#define OUTCOME_MAX 200

static const struct ac_task_row *
find(const struct ac_record *r, struct ac_str name)
{
	for (size_t i = 0; i < r->ntasks; i++)
		if (ac_streq(r->tasks[i].name, name))
			return &r->tasks[i];
	return NULL;
}

static bool
is_done(const struct ac_task_row *t)
{
	return ac_streq_c(t->status, "completed") || ac_streq_c(t->status, "cancelled");
}

static enum ac_code
authorize_task(struct ac_http *h, const struct ac_task_row *t, struct ac_err *reterr)
{
	if ((AC_ROLE_BIT(h->who.role) & AC_ROLES_CARE) != 0 || ac_streq_c(t->role, ac_role_word(h->who.role)))
		return AC_OK;
	return ac_fail(reterr, AC_EDENIED, "TASK-ROLE", "this task is for another role");
}

/* Back to the list it was finished on, or to the plan. Never to what a form says. */
static struct ac_str
back_to(struct ac_http *h, const struct ac_record *r)
{
	struct ac_str role = ac_http_form(h, "role");
	enum ac_role ignored;

	if (!ac_str_is_set(role))
		return ac_plan_home(h->w->arena, r->row.id);
	if (!ac_streq_c(role, "all") && !ac_role_parse(role, &ignored))
		return AC_S("/aftercare/worklist");
	return ac_strf(h->w->arena, "/aftercare/worklist?role=%.*s", AC_FMT(role));
}

/* The list, or the plan, as it is now, and what became of the task. */
static enum ac_code
show_again(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str role = ac_http_form(h, "role");
	const struct ac_task_row *t;
	struct ac_record *r;
	enum ac_role ignored;
	enum ac_code rc;

	ac_page_set_conflict(h, reterr);
	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((t = find(r, h->capture[1])) == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	if (is_done(t))
		h->conflict = ac_strf(h->w->arena, "Meanwhile “%.*s” was %.*s: %.*s%s%.*s.", AC_FMT(t->title),
		    AC_FMT(t->status), AC_FMT(t->outcome), t->actor.n > 0 ? ", by " : "", AC_FMT(t->actor));
	else
		h->conflict = ac_strf(h->w->arena, "Meanwhile the time of “%.*s” moved.", AC_FMT(t->title));
	if (ac_streq_c(role, "all") || ac_role_parse(role, &ignored))
		return ac_on_worklist(h, reterr);
	return ac_on_plan(h, reterr);
}

enum ac_code
ac_on_task_done(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str status = ac_http_form(h, "status"), outcome = ac_str_trim(ac_http_form(h, "outcome"));
	struct ac_record *r;
	int64_t seq;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	rc = ac_form_check(h,
	    ac_strf(
		h->w->arena, "%.*s/%.*s", AC_FMT(ac_uuid_str(h->w->arena, r->row.id)), AC_FMT(h->capture[1])),
	    reterr);
	if (rc != AC_OK)
		return rc;
	const struct ac_task_row *t = find(r, h->capture[1]);
	if (t == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	if ((rc = authorize_task(h, t, reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(ac_http_form(h, "seq"), 0, INT64_MAX, &seq))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	if (!ac_streq_c(status, "completed") && !ac_streq_c(status, "cancelled"))
		return ac_fail(reterr, AC_EINPUT, "TASK-STATUS", "a task is done or cancelled");
	if (outcome.n == 0 || outcome.n > OUTCOME_MAX)
		return ac_fail(reterr, AC_EINPUT, "TASK-OUTCOME",
		    "say in a few words what came of it, or why it is cancelled");
	rc = ac_intake_task(h->w, &h->who, r->row.id, t->name, seq, status, outcome, reterr);
	if (rc == AC_ECONFLICT)
		return show_again(h, reterr);
	if (rc != AC_OK)
		return rc;
	ac_http_see_other(h, back_to(h, r));
	return AC_OK;
}
