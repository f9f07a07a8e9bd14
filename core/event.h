/*
 * event.h - the visits that were received: listed, and taken in again.
 *
 * Shape   an event is a snapshot of a visit; the store keeps the newest of each. Replaying runs it through the intake once
 *         more, as if the EHR had sent it again: it must be `unchanged`, or the store does not hold what it answered.
 * Owner   the worker's arena.
 * Errors  AC_ENOTFOUND ENCOUNTER-UNKNOWN; AC_EINTEGRITY EVENT-REPLAY; those of the intake.
 * PHI     rows name patients by the EHR's id.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/intake.h"

struct ac_event_row {
	struct ac_str site, encounter, patient, status, outcome;
	int64_t revision, first_ms, updated_ms;
};
struct ac_event_rows {
	struct ac_event_row *v;
	size_t n;
};
/* By site and visit; absent members: any. A list goes on behind the last row that was given. */
struct ac_event_query {
	struct ac_str site, outcome, after_site, after_encounter;
	int64_t since_ms;
	size_t limit;
};
enum ac_code ac_event_list(struct ac_worker *w, const struct ac_event_query *q, struct ac_event_rows *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The snapshot as it is kept: canonical JSON. */
enum ac_code ac_event_snapshot(struct ac_worker *w, struct ac_str site, struct ac_str encounter, struct ac_encounter_row *ret_row,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_event_replay(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, struct ac_str encounter,
    struct ac_life_how how, struct ac_intake *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* A visit of before the clinic's go-live (outcome before-go-live), taken in all the same. With `documents_only` its tasks are
 * closed as they are made, in the name of `who`. AC_ECONFLICT EVENT-BACKFILL: it came out otherwise when it was received. */
enum ac_code ac_event_backfill(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, struct ac_str encounter,
    bool documents_only, struct ac_life_how how, struct ac_intake *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
