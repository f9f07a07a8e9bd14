/*
 * others.h - other running plans of one patient, out of the store; and what a visit's plan would say before anything is done.
 *
 * Shape   core/plan_others.c says what they do to a plan. Running: active or held, and a restriction of it is not over.
 *         What a plan once counted it counts on, in its newest version, until that one is withdrawn: time alone changes no
 *         plan. When one changes, its commit marks the patient's plans that may count it (plan.others_leaf), and the timer's
 *         next round plans each again with what holds then: recorded with its next version, or no new version at all.
 * Errors  those of the store. Owner: the worker's arena. PHI: plans.
 */
#ifndef CORE_OTHERS_H
#define CORE_OTHERS_H

#include "core/record.h"

struct ac_others_ask {
	struct ac_str site, patient, encounter; /* of the plan that asks: its own does not count */
	int64_t before, now;                    /* treated before this instant; seconds */
	const struct ac_other_plan *counted;    /* by the version before */
	size_t ncounted;
};
struct ac_others {
	struct ac_other_plan *v; /* by when they were treated, the newest first; at most AC_OTHER_PLANS_MAX */
	size_t n;
};
enum ac_code ac_others_find(struct ac_worker *w, const struct ac_others_ask *ask, struct ac_others *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The plan of one, made from its recorded inputs; the others that it counts itself are left aside. */
enum ac_code ac_other_load(struct ac_worker *w, struct ac_other_plan *o, struct ac_err *reterr) AC_MUST_CHECK;

/* What the visit's plan would say if what is planned were done now: for the panel, before treatment. NULL: nothing fits. */
enum ac_code ac_plan_ahead(struct ac_worker *w, const struct encounter *e, const struct ac_plan **ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
