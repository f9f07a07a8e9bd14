/*
 * clinic.h - the clinic's own decisions: contact lines, hours, holidays, rules. One INI text, stored as a version; its
 * bytes are an input of every plan made under it.
 *
 * Shape   [clinic] name country zone demonstration address city state postal-code phone oid
 *         [contact clinic|out-of-hours|emergency] number name hours signed   (hours: "Mon-Fri 09:00-18:00")
 *         [calendar] hours = Mon-Fri 09:00-18:00 ; closed = 2026-04-03 Good Friday (repeatable)
 *         [rules] finalise = signed|status-finished|hours-after-issue N ; issue-before-signature = yes|no-overrides|no ;
 *                 signature-covers-plan = yes|no ; live-since = RFC 3339 time ;
 *                 also-deliver = care-plan-rows handout (what the EHR takes beside documents and tasks) ;
 *                 solo = 24 h (a clinic of one doctor: who wrote a protocol approves it, so long after submitting it)
 *         [on-call] take-within = 15 min (an urgent task that nobody took so long goes to the next) ;
 *                 answer-within = 4 h (a question of the patient; without it by the end of the day) ;
 *                 answer-clock = elapsed | open-hours (what that time is counted in; elapsed) ; answer-by = nurse | clinician
 *                 (whose it is; nurse) ; answer-next = nurse | clinician (whose when it is late, then urgent; clinician) ;
 *                 answer-next-after = 30 min (how late; at once) ;
 *                 duty = ACCOUNT | ROLE | NUMBER | WHEN | NAME (repeatable; the order of lines is the order of calling)
 *         WHEN is empty (always), hours as above, one date or two ("2026-12-24/2026-12-26"), or a date and hours. Somebody
 *         may stand in several lines. With [on-call] the clinic's zone is demanded.
 *         Only [clinic] name is demanded. hours may list more, joined by commas: "Mon-Fri 09:00-18:00, Sat 09:00-13:00";
 *         a contact without hours serves always; a calendar without hours is open on each day that is not closed.
 *         signed is a name and a date, as in protocols. A key stands once, `closed` as often as needed. A line has at
 *         most AC_CLINIC_LINE_MAX bytes and does not start with a blank; "#" starts a comment line, " ;" ends a value.
 * Errors  AC_EINPUT rule CLN-SYNTAX, CLN-KEY, CLN-VALUE with line; AC_ELIMIT rule CLN-LIMIT.
 * Threads immutable once loaded.
 * PHI     none.
 */
#ifndef CORE_CLINIC_H
#define CORE_CLINIC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "core/actor.h"

#define AC_CLINIC_BYTES_MAX (64 * 1024)
#define AC_CLINIC_LINE_MAX 190
#define AC_CLINIC_CLOSED_MAX 400
#define AC_CLINIC_DUTY_MAX 100

struct ac_hours { /* minutes of the day; from == until: closed that day */
	int16_t from[7], until[7]; /* 0 Monday; until 1440: midnight at the day's end */
};
struct ac_contact {
	struct ac_str number, name, signed_by; /* signed_by as written: "dr.demo 2026-03-01" */
	struct ac_hours hours;
	bool has_hours, is_set;
};
struct ac_closed_day {
	int64_t day; /* days since 1970 */
	struct ac_str name;
};
struct ac_duty { /* somebody who is on call, when */
	struct ac_str account, number, name; /* account as the front server or the EHR's module names it */
	enum ac_role role;
	struct ac_hours hours;
	bool has_hours;
	int64_t first_day, last_day; /* days since 1970; AC_INSTANT_NONE: every day */
};
enum ac_finalise { AC_FINAL_SIGNED, AC_FINAL_FINISHED, AC_FINAL_HOURS_AFTER_ISSUE };
enum ac_early_issue { AC_ISSUE_YES, AC_ISSUE_NO_OVERRIDES, AC_ISSUE_NO };
struct ac_clinic {
	struct ac_str name, country, zone, address, city, state, postal_code, phone, oid;
	bool demonstration;
	struct ac_contact clinic, out_of_hours, emergency;
	struct ac_hours hours;
	struct ac_closed_day *closed;
	size_t nclosed;
	enum ac_finalise finalise;
	int32_t finalise_hours; /* HOURS_AFTER_ISSUE; also 24 for the default "signed, or 24 h after issue" */
	enum ac_early_issue early_issue;
	bool signature_covers_plan;
	int32_t solo_hours; /* 0: two persons */
	int32_t take_within_s;   /* 0: not decided */
	int32_t answer_within_s; /* a question of the patient; 0: not decided, the end of the day */
	bool answer_in_hours;    /* that time runs while the clinic is open */
	enum ac_role answer_by, answer_next; /* whose it is, and whose when it is late */
	int32_t answer_next_after_s; /* how late; 0: at once */
	struct ac_duty *duty;  /* in the order of calling */
	size_t nduty;
	bool deliver_rows, deliver_handout; /* also-deliver */
	int64_t live_since; /* AC_INSTANT_NONE: no limit */
	struct ac_str source; /* the bytes it was parsed from */
};
enum ac_code ac_clinic_load(struct ac_str ini, struct ac_arena *a, const struct ac_clinic **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* When the clinic will have been open for so long from `t` on, to the minute; AC_INSTANT_NONE: not within two months. */
int64_t ac_clinic_open_after(const struct ac_clinic *c, const struct ac_zone *z, int64_t t, int64_t seconds);
bool ac_clinic_is_open(const struct ac_clinic *c, const struct ac_zone *z, int64_t t);
/* *ret_why (NULL is allowed): the holiday's name, or the weekday's in English; untouched when the day is open. */
bool ac_clinic_day_is_open(const struct ac_clinic *c, int64_t day, struct ac_str *ret_why);


/* Who is called for a task of `role` at `t`: those of the role in their order, then clinicians. `after`: the account that was
 * called before, absent: none. NULL: nobody, or nobody more. */
const struct ac_duty *ac_clinic_on_duty(
    const struct ac_clinic *c, const struct ac_zone *z, int64_t t, struct ac_str role, struct ac_str after);
const struct ac_duty *ac_clinic_duty_of(const struct ac_clinic *c, struct ac_str account); /* NULL: not on the list */
/* The number that serves at `t`: the clinic's, out of hours, emergency. NULL: none is known. */
const struct ac_contact *ac_clinic_contact_at(const struct ac_clinic *c, const struct ac_zone *z, int64_t t);

#endif
