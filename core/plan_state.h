/*
 * plan_state.h - what becomes of a whole plan: held, resumed, skipped, revoked, completed, taken back as an error.
 *
 * Shape   states are those of FHIR's CarePlan; ac_plan_transitions is the only list of what leads from one to another, and
 *         by whom. A change by a person, or by the timer, is a recorded input (ac_manifest.state): the next plan version,
 *         of a final plan the next document, says so, and plan regen makes both again.
 * Rules   on-hold: nothing is given out, routine tasks wait and escalate no more; what is urgent goes on. What the chart
 *         changes meanwhile is planned anew and stays on hold. Skipped is revoked before anything was given out.
 *         What a person revoked, skipped or took back as an error stays so, whatever the chart sends; what the chart took
 *         away (AC_BY_CHART) comes back with it.
 *         Completed by itself when it is final, nothing waits for a signature, every window is over and no task is open,
 *         late checks included: plan.timer_ms. A person completes a plan without open tasks, and says why it is over.
 *         A chart that brings a window that is still ahead, or a task that is, reopens a completed plan. FHIR's diagram has no way back from
 *         completed: a plan ends there because it was fulfilled. Here completed is what the clock, or a person, concluded from the chart of
 *         then, and a corrected chart makes that conclusion wrong while the patient must still follow a line. A plan that says
 *         completed and a restriction that holds would contradict each other on panel, sheet and worklist; another plan would
 *         be a second one of the same visit. So it is active again: an act on record (return), a version that says since when
 *         and why, a document that says so first and replaces the one that said completed. Nothing else leads back.
 *         Completing cancels no task: it waits until none is open. Open again are the tasks of the new version that nobody had,
 *         and those that the product itself had closed and that lie ahead (core/task.c); what a person finished stays finished.
 * Errors  AC_ECONFLICT PLAN-STATE (not from this state), PLAN-OPEN (tasks are open), PLAN-GIVEN (skip after a sheet),
 *         FORM-STALE; AC_EDENIED PLAN-ROLE; AC_EINPUT LIFE-REASON; AC_ENOTFOUND PLAN-UNKNOWN.
 */
#ifndef CORE_PLAN_STATE_H
#define CORE_PLAN_STATE_H

#include "core/record.h"

enum ac_plan_act {
	AC_PLAN_ACT_HOLD,
	AC_PLAN_ACT_RESUME,
	AC_PLAN_ACT_SKIP,
	AC_PLAN_ACT_REVOKE,
	AC_PLAN_ACT_COMPLETE,
	AC_PLAN_ACT_ERROR,  /* entered in error */
	AC_PLAN_ACT_RETURN /* the chart brings it back */
};
#define AC_BY_PERSON 1u
#define AC_BY_CHART 2u
#define AC_BY_TIMER 4u
struct ac_plan_transition {
	enum ac_plan_act act;
	enum ac_plan_status from, to;
	unsigned by;    /* AC_BY_* */
	unsigned roles; /* AC_ROLE_BIT, of persons */
};
extern const struct ac_plan_transition ac_plan_transitions[];
extern const size_t ac_nplan_transitions;
/* NULL: not from there, or not by them. */
const struct ac_plan_transition *ac_plan_transition(enum ac_plan_act act, enum ac_plan_status from, unsigned by);
const char *ac_plan_act_word(enum ac_plan_act a); /* "hold", "resume", "skip", "revoke", "complete", "error" */
bool ac_plan_act_parse(struct ac_str s, enum ac_plan_act *ret); /* those of persons */
bool ac_plan_status_parse(struct ac_str s, enum ac_plan_status *ret);

struct ac_plan_state_request {
	struct ac_uuid plan;
	enum ac_plan_act act;
	int64_t seen_version; /* -1: any */
	struct ac_str reason;
	bool dry_run;
};
enum ac_code ac_plan_state_do(struct ac_worker *w, const struct ac_actor *who, const struct ac_plan_state_request *rq,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Whether it could be done to the plan as it is: for faces that offer it. */
bool ac_plan_state_may(const struct ac_actor *who, const struct ac_record *r, enum ac_plan_act act);

struct ac_plan_act_row {
	struct ac_str action, was, becomes, reason, actor, role;
	int64_t version, at_ms;
};
struct ac_plan_act_rows {
	struct ac_plan_act_row *v;
	size_t n;
};
enum ac_code ac_plan_acts(struct ac_worker *w, struct ac_uuid plan, struct ac_plan_act_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
