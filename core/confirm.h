/*
 * confirm.h - a clinician confirms exactly the document that was looked at, with one click.
 *
 * Rules   a document that names a signer by the clinic's recorded policy (rule signature-covers-plan) needs no click; every other
 *         current document waits in the "to confirm" list until a clinician confirms it or a newer one takes its place.
 *         Documents made before there was a list wait in it too: one that nobody looked at yet counts as waiting, and the timer
 *         looks (ac_confirm_settle).
 *         A withdrawn plan waits for nothing. Who signed the chart, confirming, becomes the legal authenticator: of a next
 *         version of the same document, which replaces the one that was confirmed and says so. Another clinician's click is
 *         on record and ends the waiting, and makes nobody a signer. Who signed is found by account or person (core/person.h).
 * Errors  AC_ECONFLICT FORM-STALE (a newer version), CONFIRM-DONE (it does not wait), CONFIRM-STATE (no document, or withdrawn);
 *         AC_EDENIED CONFIRM-ROLE; AC_ENOTFOUND PLAN-UNKNOWN.
 */
#ifndef CORE_CONFIRM_H
#define CORE_CONFIRM_H

#include "core/record.h"

#define AC_CONFIRM_LIST_MAX 200

struct ac_confirm {
	struct ac_uuid plan;
	int64_t seen_version, seen_document; /* what the page showed */
};
struct ac_confirmed {
	bool signer;              /* who confirmed signed the chart */
	int64_t document_version; /* the current one now */
};
enum ac_code ac_plan_confirm(struct ac_worker *w, const struct ac_actor *who, const struct ac_confirm *rq,
    struct ac_confirmed *ret, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_confirm_row {
	struct ac_plan_row plan;
	const struct encounter *encounter;
	bool mine; /* the caller is the visit's provider, or signed it */
};
struct ac_confirm_rows {
	struct ac_confirm_row *v;
	size_t n, nmine;
};
/* What waits, the longest first; AC_CONFIRM_LIST_MAX at most. */
enum ac_code ac_confirm_list(struct ac_worker *w, const struct ac_actor *who, struct ac_confirm_rows *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Documents of which it is not known whether they wait: made anew from their inputs, some at a time. Several may do it at once. */
#define AC_CONFIRM_SETTLE_MAX 50
enum ac_code ac_confirm_settle(struct ac_worker *w, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_confirmation_row {
	int64_t document_version, plan_version, at_ms;
	struct ac_str actor;
	bool signer;
};
/* Those of one plan, and whether its current document still waits. */
enum ac_code ac_confirmations_of(struct ac_worker *w, struct ac_uuid plan, struct ac_confirmation_row **ret, size_t *ret_n,
    bool *ret_waits, struct ac_err *reterr) AC_MUST_CHECK;

#endif
