/*
 * task.h - what people, and the timer, do with follow-up tasks.
 *
 * Shape   a task has a role and may have an owner. "requested": nobody took it, also where an owner is named;
 *         "accepted": its owner has it. Each act is one commit: the row, a row of task_act, a leaf of the log, the EHR's
 *         copy. The form's `seq` is the row's; an act on another is AC_ECONFLICT TASK-STALE.
 * Urgent  is called out: to the first on call (core/clinic.h), and to the next when nobody took it for take_s. When all
 *         were called, or nobody is on duty, `called` is absent: the screen says whom to phone.
 * Late    escalate_s after its due a task is urgent and escalate_to's; whoever had it does not have it any more.
 * Snooze  puts off what the list shows, never the escalation: nobody but a clinician puts a task off beyond due + escalate_s,
 *         beyond its due where the protocol has no rule, or an urgent one at all.
 * Roles   nurse, clinician, admin: all tasks; front desk: those of the front desk. What is urgent is cancelled, or given to a
 *         lower role, by a clinician alone.
 * Timer   task.timer_ms is state, found by its index; the act moves it in the same commit: what is due happens once, late
 *         rather than never.
 * Errors  AC_EINPUT TASK-ROLE, TASK-REASON, TASK-STATUS, TASK-UNTIL, TASK-OWNER; AC_ELIMIT TASK-OUTCOME; AC_EDENIED
 *         TASK-ROLE, TASK-SNOOZE, TASK-URGENT; AC_ECONFLICT TASK-STALE, TASK-STATE; AC_ENOTFOUND TASK-UNKNOWN.
 */
#ifndef CORE_TASK_H
#define CORE_TASK_H

#include "core/record.h"

enum ac_task_act {
	AC_TASK_ACT_DONE,     /* outcome */
	AC_TASK_ACT_CANCEL,   /* reason */
	AC_TASK_ACT_TAKE,     /* the actor is its owner */
	AC_TASK_ACT_RELEASE,  /* nobody is; reason may be absent */
	AC_TASK_ACT_ASSIGN,   /* to a role, to a person, or both; reason may be absent */
	AC_TASK_ACT_SNOOZE,   /* until, reason */
	AC_TASK_ACT_ESCALATE, /* urgent, to a role; reason */
	/* the timer's own */
	AC_TASK_ACT_CALL,
	AC_TASK_ACT_NOBODY,
	AC_TASK_ACT_LATE,
	/* how it came: ac_task_raise */
	AC_TASK_ACT_RAISE,
	AC_TASK_ACT_REOPEN /* the session that closed it did not take place; reason */
};
const char *ac_task_act_word(enum ac_task_act a); /* "done", "cancel", "take", ... */
bool ac_task_act_parse(struct ac_str s, enum ac_task_act *ret);

struct ac_task_request {
	struct ac_uuid plan;
	struct ac_str name;
	int64_t seq; /* as the form showed it; -1: whatever it is */
	enum ac_task_act act;
	struct ac_str role, owner; /* ASSIGN, ESCALATE */
	int64_t until;             /* SNOOZE: seconds */
	struct ac_str reason;      /* or what came of it */
	bool dry_run;              /* says what the act would, and changes nothing */
};
/* What came of it is to be said: of a call, of a check, of whatever is urgent. Anything else is done by one touch. */
bool ac_task_needs_words(const struct ac_task_row *t);
/* Giving out the sheet completes it. */
bool ac_task_is_done_by_issue(const struct ac_plan_task *t);
enum ac_code ac_task_do(struct ac_worker *w, const struct ac_actor *who, const struct ac_task_request *rq,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Whether `who` may do it to a task as it is; for faces that show it. */
enum ac_code ac_task_may(const struct ac_actor *who, const struct ac_task_row *t, const struct ac_task_request *rq,
    int64_t now_ms, struct ac_err *reterr) AC_MUST_CHECK;

/*
 * A task of the product's own, in somebody's name: a call that found a red flag, a question of the patient. `name` starts
 * with AC_TASK_OWN and is made unique by whoever raises it; an open one of that name becomes urgent when it has to, and
 * nothing else. No later version of the plan touches it; a revoked plan keeps it.
 */
#define AC_TASK_OWN "aftercare/"
struct ac_task_raise {
	struct ac_uuid plan;
	struct ac_str name, title, role, line; /* line: key of the plan's line, or absent */
	enum ac_task_kind kind;
	bool urgent;
	int64_t not_before, due; /* seconds; AC_INSTANT_NONE: now */
	int64_t take_s;          /* 0: the clinic's */
	int64_t escalate_s;      /* 0: never by itself */
	struct ac_str escalate_to; /* absent: clinician */
	struct ac_str reason;
};
enum ac_code ac_task_raise(struct ac_worker *w, const struct ac_actor *who, const struct ac_task_raise *rq,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The same inside another commit: what a worker prepares beforehand (who is on call), then in the commit function. */
struct ac_task_raised {
	struct ac_task_raise rq;
	const struct ac_actor *who;
	struct ac_task_row row;
};
enum ac_code ac_task_raise_prepare(struct ac_worker *w, const struct ac_actor *who, const struct ac_task_raise *rq,
    struct ac_task_raised *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_task_raise_put(struct ac_commit *c, const struct ac_task_raised *r, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_task_act_row {
	struct ac_str action, detail, reason, actor, role;
	int64_t n, at_ms;
};
struct ac_task_act_rows {
	struct ac_task_act_row *v;
	size_t n;
};
/* What was done to a task, the oldest first. */
enum ac_code ac_task_acts(struct ac_worker *w, struct ac_uuid plan, struct ac_str name, struct ac_task_act_rows *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* What is due now: tasks not taken, tasks that are late. Called by ac_intake_timer. */
enum ac_code ac_task_timer(struct ac_worker *w, int64_t now_ms, int64_t *ret_done, struct ac_err *reterr) AC_MUST_CHECK;

/* Whom to phone for an urgent task that nobody has: who is called, else the line that serves at `t`. `name` absent: neither. */
struct ac_phone_now {
	struct ac_str name, number;
	bool on_call; /* somebody of the list; false: the contact line */
};
struct ac_phone_now ac_task_phone(struct ac_worker *w, const struct ac_task_row *t, int64_t now);

#endif
