/*
 * call_about.h - what one must know to talk with a patient: the plans that run, their red flags, the questions of a task.
 *
 * Shape   red flags are those of all the patient's running plans, verbatim, emergencies first, the same words once: who calls
 *         does not know which of two treatments itches. A plan runs while it is active and has an open task or an end still
 *         to come; the one that the call is about is always among them.
 * Owner   the worker's arena.
 */
#ifndef CORE_CALL_ABOUT_H
#define CORE_CALL_ABOUT_H

#include "core/intake.h"

#define AC_CALL_PLANS_MAX 10

struct ac_call_flag {
	struct ac_str key; /* "mesotherapy/fever" */
	const struct ac_plan_flag *flag;
	const struct ac_record *of;
};
struct ac_call_about {
	const struct ac_record **plans; /* the call's own first, then the newest */
	size_t nplans;
	struct ac_call_flag *flags;
	size_t nflags;
};
enum ac_code ac_call_about(struct ac_worker *w, const struct ac_record *r, struct ac_call_about *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
struct ac_str ac_call_english(struct ac_texts t);
struct ac_str ac_flag_key(struct ac_arena *a, const struct ac_protocol *p, const struct ac_red_flag *f);

/* The check-ins that a task of this plan asks for, those of merged tasks too. NULL: no such task. */
const struct ac_plan_task *ac_call_task(const struct ac_plan *p, struct ac_str name);
size_t ac_call_questions(
    const struct ac_plan *p, const struct ac_plan_task *t, struct ac_arena *a, struct ac_questions **ret);
int32_t ac_call_attempts_max(const struct ac_plan_task *t); /* what the protocols allow, the fewest; 0: no limit */

/* One act in a call, committed with all that comes of it. *ret_call is its number. */
enum ac_code ac_intake_call(struct ac_worker *w, const struct ac_actor *who, const struct ac_call_act *act,
    int64_t *ret_call, struct ac_err *reterr) AC_MUST_CHECK;

/* Several acts in one conversation with one patient, all in one commit or none; the first's call number. CALL-TOGETHER: not all
 * of one patient. */
enum ac_code ac_intake_calls(struct ac_worker *w, const struct ac_actor *who, const struct ac_call_act *acts, size_t n,
    int64_t *ret_first, struct ac_err *reterr) AC_MUST_CHECK;

/*
 * What one conversation goes through: the check it was opened for, those that were answered with it, and those of the
 * patient that are due now, of whatever plan, as long as the first is not over. In this order, each once.
 */
#define AC_CALL_TOGETHER_MAX 6   /* checks in one form; more are named, and answered in the next */
#define AC_CALL_QUESTIONS_MAX 80 /* of all of them */
struct ac_call_check {
	const struct ac_record *r;
	const struct ac_task_row *row; /* NULL: the call answers no task */
	const struct ac_plan_task *t;  /* as planned; NULL: not in the plan now */
	struct ac_questions *q;
	size_t nq;
	const struct ac_call *c; /* begun within AC_CALL_LEFT_MS and not over, or answered with the first; NULL: not begun */
};
struct ac_call_checks {
	struct ac_call_check *v; /* the first is the one that was asked for */
	size_t n;
	struct ac_task_row *left; /* due too, and in no form any more */
	size_t nleft;
};
/* `c` absent: not begun, though one that was left open within the hour is gone on with. */
enum ac_code ac_call_checks(struct ac_worker *w, const struct ac_record *r, struct ac_str task, const struct ac_call *c,
    struct ac_call_checks *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
