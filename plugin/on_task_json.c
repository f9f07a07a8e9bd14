/* on_task_json.c - one follow-up task as JSON: what a delivery of kind "task" points to. */
#include "base/json.h"
#include "core/intake.h"
#include "plugin/page.h"
#include "plugin/routes.h"

static void
write_task(struct ac_http *h, const struct ac_task_row *t)
{
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
	ac_jw_kstr(&w, "not_before", ac_rfc3339(h->w->arena, NULL, t->not_before));
	ac_jw_kstr(&w, "due", ac_rfc3339(h->w->arena, NULL, t->due));
	ac_jw_kint(&w, "seq", t->seq);
	ac_jw_end_obj(&w);
}

enum ac_code
ac_on_task(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_uuid id;
	struct ac_record *r;
	enum ac_code rc;

	if (!ac_uuid_parse(h->capture[0], &id))
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no such plan");
	if ((rc = ac_record_load(h->w, id, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_page_may_see(h, r, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < r->ntasks; i++) {
		if (!ac_streq(r->tasks[i].name, h->capture[1]))
			continue;
		if ((rc = ac_service_log(h->w, &h->who, "view", "task", ac_uuid_str(h->w->arena, id), r->version,
		    r->row.patient, h->capture[1], NULL, reterr)) != AC_OK)
			return rc;
		write_task(h, &r->tasks[i]);
		return AC_OK;
	}
	return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
}
