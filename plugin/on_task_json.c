/*
 * on_task_json.c - one follow-up task as JSON: what a delivery of kind "task" points to; and the EHR's "done" of its copy.
 *
 * Rules   the copy is done in the name of the person who did it there, with their role; a task whose outcome is to be said is not
 *         finished by that (TASK-WORDS), and one that is finished is not finished twice (409).
 */
#include "base/json.h"
#include "core/call_about.h"
#include "core/intake.h"
#include "core/task.h"
#include "plugin/page.h"
#include "plugin/routes.h"

#define OUTCOME_MAX 200

static void
write_task(struct ac_http *h, const struct ac_record *r, const struct ac_task_row *t)
{
	const struct ac_plan_task *planned = ac_call_task(r->plan, t->name);
	struct ac_jw w;

	ac_jw_init(&w, &h->out);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(h->w->arena, t->plan));
	ac_jw_kstr(&w, "name", t->name);
	ac_jw_kstr(&w, "site", t->site);
	ac_jw_kstr(&w, "encounter", t->encounter);
	ac_jw_kstr(&w, "patient", t->patient);
	ac_jw_kstr(&w, "title", t->title);
	ac_jw_kstr(&w, "kind", t->kind);
	ac_jw_kstr(&w, "role", t->role);
	/* FHIR's word for what waits with its plan */
	ac_jw_kstr(&w, "status",
	    ac_streq_c(t->plan_status, "on-hold") && t->done_ms == 0 && !t->urgent ? AC_S("on-hold") : t->status);
	if (t->owner.n > 0)
		ac_jw_kstr(&w, "owner", t->owner);
	ac_jw_kbool(&w, "urgent", t->urgent);
	ac_jw_kbool(&w, "needs_words", ac_task_needs_words(t));
	ac_jw_kbool(&w, "gives_sheet", planned != NULL && ac_task_is_done_by_issue(planned));
	ac_jw_kstr(&w, "not_before", ac_rfc3339(h->w->arena, NULL, t->not_before));
	ac_jw_kstr(&w, "due", ac_rfc3339(h->w->arena, NULL, t->due));
	ac_jw_kint(&w, "seq", t->seq);
	ac_jw_end_obj(&w);
}

static const struct ac_task_row *
find_task(const struct ac_http *h, const struct ac_record *r)
{
	for (size_t i = 0; i < r->ntasks; i++)
		if (ac_streq(r->tasks[i].name, h->capture[1]))
			return &r->tasks[i];
	return NULL;
}

static enum ac_code
no_task(struct ac_err *reterr)
{
	return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
}

enum ac_code
ac_on_task(struct ac_http *h, struct ac_err *reterr)
{
	const struct ac_task_row *t;
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((t = find_task(h, r)) == NULL)
		return no_task(reterr);
	if ((rc = ac_service_log(h->w, &h->who, "view", "task", ac_uuid_str(h->w->arena, r->row.id), r->version, r->row.patient,
		 h->capture[1], NULL, reterr)) != AC_OK)
		return rc;
	write_task(h, r, t);
	return AC_OK;
}

static enum ac_code
read_outcome(struct ac_http *h, struct ac_str *ret, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) o = NULL;
	json_object *v;
	enum ac_code rc = ac_json_parse(h->body, h->route->body_max, &o, reterr);

	if (rc != AC_OK)
		return rc;
	if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, "outcome", &v) ||
	    !json_object_is_type(v, json_type_string) || json_object_get_string_len(v) == 0 ||
	    json_object_get_string_len(v) > OUTCOME_MAX)
		return ac_fail_at(reterr, AC_EINPUT, "TASK-OUTCOME", 0, 0, "/outcome", "say in a few words what came of it");
	*ret = ac_str_dup(h->w->arena, (struct ac_str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) });
	return AC_OK;
}

enum ac_code
ac_on_task_finish(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_task_request rq = { .act = AC_TASK_ACT_DONE, .seq = -1 };
	const struct ac_task_row *t;
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK || (rc = read_outcome(h, &rq.reason, reterr)) != AC_OK)
		return rc;
	if ((t = find_task(h, r)) == NULL)
		return no_task(reterr);
	if (t->done_ms == 0 && ac_task_needs_words(t))
		return ac_fail(reterr, AC_ECONFLICT, "TASK-WORDS", "what came of this task is said on its own page");
	rq.plan = r->row.id;
	rq.name = t->name;
	if ((rc = ac_task_do(h->w, &h->who, &rq, reterr)) != AC_OK)
		return rc;
	ac_buf_addz(&h->out, "{\"finished\":true}\n");
	return AC_OK;
}
