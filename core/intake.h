/*
 * intake.h - the coordinator: a snapshot, an answer, an issue, a sign-off becomes committed state.
 *
 * Shape   seen? -> match -> facts -> plan -> merge -> diff against the current version -> when final: document -> one
 *         commit: encounter, plan, plan version, document, tasks, deliveries, log leaves. All of it exists or none.
 *         The work names the plan version and the generation it was made from; both are checked inside the
 *         transaction and, if they moved, the worker plans again (3 times, then AC_EBUSY INTAKE-MOVED).
 *         Work on one encounter is done one after the other (INTAKE-TURN after 5 s): core/turn.h.
 * Rules   what the contracts leave open is decided so:
 *         - After final, a change waits (plan.pending, warning CHANGES-PENDING, outcome "unchanged") until the chart is
 *           settled by the clinic's rule: signed, or finished; with hours-after-issue it counts at once. A signature
 *           covers what came with it: what the chart changes later under the same stamp waits for a newer one. A change
 *           that lacks a required fact waits too. Revoking, and returning from it, waits for nothing.
 *         - Becoming final without a change of content makes a document of the same version, under a manifest of its own.
 *         - A revoked version keeps the inputs of the version before it and adds the reason.
 *         - The product's own tasks: aftercare/tell-the-patient/VERSION when what is on the sheet differs from what the
 *           patient knows by the last sheet or call (urgent when something is new, begins sooner or lasts longer);
 *           aftercare/finish-the-chart/1 from 24 h after issue while the chart is open. A new sheet completes the first,
 *           a settled chart the second.
 *         - Where the chart names another patient, the answer speaks of that one alone: of a plan revoked for the former it
 *           gives the id (member "revoked"), nothing else.
 *         - Answers belong to the patient of whom they were said: when the chart names another, they are asked again,
 *           and a form that is still open gets FORM-STALE.
 *         - A task that the product closed (no actor) may open again; one that a person closed never does.
 *         - Deliveries are acknowledged with done, failed (offered again) or refused (status failed, offered no more).
 *           What is offered is offered again after 30 s, 1 min, 2 min ... 1 h.
 *         - A site belongs to the source system whose event came first, or that a person named (ac_site_set).
 * Errors  AC_EDENIED ENC-SOURCE (the site belongs to another source system);
 *         AC_ECONFLICT ENC-REVISION (same revision, other content), FORM-STALE (the form saw an older version);
 *         AC_ECONFLICT PROTOCOL-SUSPENDED (nothing made from a suspended version is given out);
 *         AC_EDENIED ISSUE-CONTACT (no out-of-hours or emergency line), ISSUE-REQUIRED (a required fact is unknown),
 *         ISSUE-SIGNATURE (the clinic issues only after signature), ISSUE-OVERRIDES (... what a clinician overrode), ISSUE-ROLE (the front desk only reprints),
 *         ISSUE-GIVEN (a blank sheet given before the visit's day, or later than now),
 *         ISSUE-STATE; AC_EINPUT ANSWER-NAME, ANSWER-VALUE, ZONE-UNKNOWN; AC_ENOTFOUND.
 * Source  CONTRACTS "Snapshot", "Identity and life", "Committer".
 */
#ifndef CORE_INTAKE_H
#define CORE_INTAKE_H

#include "core/record.h"
#include "hl7/snapshot.h"

enum ac_outcome {
	AC_OUT_CREATED,
	AC_OUT_UPDATED,
	AC_OUT_UNCHANGED,
	AC_OUT_STALE,
	AC_OUT_SUGGESTED,
	AC_OUT_NO_PROTOCOL,
	AC_OUT_BEFORE_GO_LIVE,
	AC_OUT_REVOKED
};
const char *ac_outcome_word(enum ac_outcome o);

struct ac_intake {
	enum ac_outcome outcome;
	bool has_plan;
	struct ac_uuid plan; /* load the record for more */
	unsigned changed;    /* AC_CHANGED_* */
	struct ac_str json;  /* the API's answer, CONTRACTS "Snapshot" */
};
enum ac_code ac_intake_put(struct ac_worker *w, const struct ac_actor *who, const struct encounter *e,
    const struct enc_warnings *warnings, struct ac_intake *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* Answers of the panel's form: facts by name, and "anchor". `seen` and `version` are what the form showed: the encounter's
 * answer count, and the version of its plan: 0 when there was none, -1 when nothing was shown. */
enum ac_code ac_intake_answer(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, struct ac_str encounter,
    const struct ac_answer *answers, size_t n, int64_t seen, int64_t version, struct ac_intake *ret, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_issue_request {
	struct ac_uuid plan;
	int64_t seen_version; /* the plan version that the page showed */
	bool from_page;       /* a form: it gives out once, however often it is sent */
	int64_t seen_sheets;  /* how many sheets its page knew */
	struct ac_str language, recipient, medium;
	bool large; /* large print */
	/* Nothing is given out now: a blank sheet (core/blank_sheet.h) was written by hand then, in seconds. `protocol`: whose;
	 * absent: the plan's first. What a sheet demands beforehand is not asked: it is done. 0: no. */
	int64_t blank_given_at;
	struct ac_str protocol;
};
/* Renders the handout of the plan as issued now, stores the exact bytes, sets issued. A reprint is another issue row. */
enum ac_code ac_intake_issue(struct ac_worker *w, const struct ac_actor *who, const struct ac_issue_request *rq,
    struct ac_issue_row *ret, struct ac_str *ret_bytes, struct ac_err *reterr) AC_MUST_CHECK;

/* status: "completed" or "cancelled"; outcome: a few words. AC_ECONFLICT TASK-STATE, TASK-STALE (seq moved). */
enum ac_code ac_intake_task(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid plan, struct ac_str name,
    int64_t seq, struct ac_str status, struct ac_str outcome, struct ac_err *reterr) AC_MUST_CHECK;

/* Urgent from now on, and for `role`; later versions of the plan do not take that back. The reason is kept with the task. */
enum ac_code ac_intake_task_escalate(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid plan, struct ac_str name,
    int64_t seq, struct ac_str role, struct ac_str reason, struct ac_err *reterr) AC_MUST_CHECK;

/* The timer: plans whose finalising hour has come, charts unsigned 24 h after issue. State, not a tick: safe to repeat. */
enum ac_code ac_intake_timer(struct ac_worker *w, int64_t now_ms, int64_t *ret_done, struct ac_err *reterr) AC_MUST_CHECK;

/* Deliveries (CONTRACTS "Deliveries"). */
/* All of them, the newest first. Offers nothing. */
/* All, visit by visit. `after`: the key of the last that was given; absent: from the first. */
enum ac_code ac_delivery_list_json(struct ac_worker *w, struct ac_str site, struct ac_str after, size_t limit,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* What is due is offered to `who`: one log entry says how many, with a digest over their keys, each followed by a line
 * feed, in the order of the answer; its salt stands in the entry's side row, behind the site. Nothing due: no entry. */
enum ac_code ac_delivery_offer_json(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, size_t limit,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Refused by the EHR, the oldest first; then not acknowledged, by when it is offered next. Offers nothing. */
enum ac_code ac_delivery_waiting_json(struct ac_worker *w, struct ac_str site, struct ac_str after, size_t limit,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_delivery_ack(struct ac_worker *w, const struct ac_actor *who, struct ac_str key, struct ac_str status,
    struct ac_str ehr_id, struct ac_err *reterr) AC_MUST_CHECK;

/* Offered again at once: what waits for its back-off, and what the EHR refused. `key` absent: all of `site` (absent: all
 * sites), however many, AC_LIST_MAX in a commit; *ret_n is set on failure too: so many were done. One that was refused and
 * of which there is a newer version is superseded and not offered behind it. AC_ECONFLICT DELIVERY-STATE: it does not wait. */
enum ac_code ac_delivery_retry(struct ac_worker *w, const struct ac_actor *who, struct ac_str key, struct ac_str site,
    struct ac_life_how how, int64_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;

/* Re-make a version from its recorded inputs: plan JSON, and its document's bytes (absent if it made none). */
enum ac_code ac_plan_regen(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_str *ret_plan_json,
    struct ac_str *ret_document, bool *ret_same, struct ac_err *reterr) AC_MUST_CHECK;

#endif
