/*
 * series.h - sessions of one patient across visits: which came before, what they leave open, what the next form proposes.
 *
 * Rules   sessions belong together by site, patient and protocol; withdrawn plans do not count. What a plan version used of
 *         earlier sessions is a recorded input (manifest, "prior"): number, protocol, time. It warns SERIES-GAP (closer than
 *         the protocol's minimum) and SERIES-NUMBER (the recorded number does not follow the last one's; it is asked until
 *         somebody says that it is right, or the chart is corrected). SERIES-BOOKED: the chart has a session booked (by a
 *         category that the protocol is for) closer than that minimum.
 *         When a plan is made, what the sessions before leave open is looked at, in the same commit: booking and the session
 *         itself are done; education and routine checks are cancelled, or carried over where the new plan asks for the same;
 *         a visit is carried over, or stays. Late checks (several times in weeks, or after the last day on which the next
 *         session may be), urgent and escalated tasks, records and reviews stay, always.
 *         A session that did not take place (the chart takes it away, or it was entered in error) brings back what it closed,
 *         as it stood, where nobody did anything to it since; with another session after that one it is that session's. One
 *         that is revoked by a person took place: what it closed stays closed.
 * Proposals  area, technique, indication and the number of planned sessions of the last session of the same protocol, and the
 *         next number. Never a lot, an expiry, or anything about the patient's health.
 */
#ifndef CORE_SERIES_H
#define CORE_SERIES_H

#include "core/record.h"

#define AC_PRIOR_MAX 50 /* sessions looked back at */

struct ac_lot_used {
	struct ac_str name, lot, expires;
};
struct ac_session_row {
	struct ac_uuid plan;
	struct ac_str encounter, status;
	int64_t anchor;
	int32_t session, sessions; /* 0: not recorded */
	const struct encounter *chart;
	const struct ac_answer *answers;
	size_t nanswers;
	struct ac_str protocols[AC_PLAN_PROTOCOLS_MAX]; /* ids */
	size_t nprotocols;
	struct ac_lot_used *lots;
	size_t nlots;
};
struct ac_session_rows {
	struct ac_session_row *v; /* the newest first */
	size_t n;
};
/* Sessions of the patient before `before` (seconds; INT64_MAX: all), but that of `encounter` (absent: all); `protocol` absent:
 * of any. One that cannot be read (AC_EINTEGRITY) is logged and left out. */
enum ac_code ac_series_sessions(struct ac_worker *w, struct ac_str site, struct ac_str patient, struct ac_str encounter,
    struct ac_str protocol, int64_t before, struct ac_session_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Of these the ones that had one of `protocols` (ids), as a plan version records them; *ret has that many. */
size_t ac_series_prior(const struct ac_session_rows *all, const struct ac_str *protocols, size_t n, struct ac_arena *a,
    const struct ac_prior_session **ret);
int64_t ac_series_before(const struct encounter *e); /* when the visit began: what was then or later is no earlier session */

/* What the visit's form may propose for a fact; nothing: it is asked without. `from` is the session that it is taken from. */
struct ac_proposal {
	struct enc_strs values;
	const struct ac_session_row *from;
};
struct ac_proposal ac_series_proposal(const struct ac_session_rows *before, struct ac_str protocol, struct ac_str fact,
    struct ac_arena *a);

/* When the next session may be, by the last one's plan; AC_INSTANT_NONE: nothing says. */
struct ac_next_session {
	const struct ac_session_row *last;
	struct ac_str title; /* of the protocol */
	const struct ac_zone *zone;
	int64_t from, until;
};
enum ac_code ac_series_next(struct ac_worker *w, const struct ac_session_rows *before, struct ac_next_session *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Open checks and calls of one patient, over all sessions, that can be made at `at`: one call answers each. By due. */
enum ac_code ac_series_checks(struct ac_worker *w, struct ac_str site, struct ac_str patient, int64_t at,
    struct ac_task_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
