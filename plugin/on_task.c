/* on_task.c - POST /aftercare/plans/{id}/tasks/{name}: taken, done, cancelled, handed on, put off. */
#include "core/task.h"
#include "plugin/worklist.h"

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

/* Back to the list it was finished on, or to the plan. Never to what a form says. */
static struct ac_str
back_to(struct ac_http *h, const struct ac_record *r)
{
	struct ac_str role = ac_http_form(h, "role"), view = ac_http_form(h, "view"), of = ac_http_form(h, "of");
	enum ac_role ignored;
	struct ac_uuid plan;

	if (!ac_str_is_set(role))
		return ac_plan_home(h->w->arena, r->row.id);
	if (!ac_streq_c(role, "all") && !ac_role_parse(role, &ignored))
		return AC_S("/aftercare/worklist");
	return ac_worklist_path(h->w->arena, role, ac_worklist_view_is_ok(view) ? view : AC_S("all"),
	    ac_uuid_parse(of, &plan) ? of : (struct ac_str){ 0 });
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
	else if (ac_streq_c(t->status, "accepted"))
		h->conflict = ac_strf(h->w->arena, "Meanwhile %.*s took “%.*s”.", AC_FMT(t->owner), AC_FMT(t->title));
	else
		h->conflict = ac_strf(h->w->arena, "Meanwhile the time of “%.*s”, or whose it is, moved.", AC_FMT(t->title));
	if (ac_streq_c(role, "all") || ac_role_parse(role, &ignored))
		return ac_on_worklist(h, reterr);
	return ac_on_plan(h, reterr);
}

/* "2026-03-30T10:00", as the clock on the wall of the visit shows it. */
static bool
read_until(struct ac_str s, const struct ac_zone *z, int64_t *ret)
{
	struct ac_wall w = { 0 };

	if (!ac_form_wall(s, &w))
		return false;
	*ret = ac_wall_instant(z, w, AC_FOLD_EARLIER);
	return true;
}

/* What the pressed button asks for: "status" finishes, "act" is everything else and finishing in one touch. */
static enum ac_code
read_request(struct ac_http *h, const struct ac_record *r, struct ac_task_request *rq, struct ac_err *reterr)
{
	struct ac_str status = ac_http_form(h, "status"), act = ac_http_form(h, "act");

	rq->reason = ac_str_trim(ac_http_form(h, "outcome"));
	if (!ac_str_int(ac_http_form(h, "seq"), 0, INT64_MAX, &rq->seq))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	if (ac_str_is_set(act)) {
		if (!ac_task_act_parse(act, &rq->act))
			return ac_fail(reterr, AC_EINPUT, "TASK-STATUS", "nobody does this to a task");
		rq->role = ac_http_form(h, "to");
		rq->owner = ac_str_trim(ac_http_form(h, "owner"));
		if (rq->act == AC_TASK_ACT_SNOOZE && !read_until(ac_http_form(h, "until"), r->plan->in->zone, &rq->until))
			return ac_fail(reterr, AC_EINPUT, "TASK-UNTIL", "say until which day and time it is put off");
		if (rq->reason.n > OUTCOME_MAX)
			return ac_fail(reterr, AC_EINPUT, "TASK-OUTCOME", "say it in a few words");
		return AC_OK;
	}
	if (!ac_streq_c(status, "completed") && !ac_streq_c(status, "cancelled"))
		return ac_fail(reterr, AC_EINPUT, "TASK-STATUS", "a task is done or cancelled");
	rq->act = ac_streq_c(status, "completed") ? AC_TASK_ACT_DONE : AC_TASK_ACT_CANCEL;
	if (rq->reason.n == 0 || rq->reason.n > OUTCOME_MAX)
		return ac_fail(reterr, AC_EINPUT, "TASK-OUTCOME",
		    "say in a few words what came of it, or why it is cancelled");
	return AC_OK;
}

enum ac_code
ac_on_task_done(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_task_request rq = { 0 };
	struct ac_record *r;
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
	if ((rc = read_request(h, r, &rq, reterr)) != AC_OK)
		return rc;
	rq.plan = r->row.id;
	rq.name = t->name;
	rc = ac_task_do(h->w, &h->who, &rq, reterr);
	if (rc == AC_ECONFLICT)
		return show_again(h, reterr);
	if (rc != AC_OK)
		return rc;
	ac_http_see_other(h, back_to(h, r));
	return AC_OK;
}
