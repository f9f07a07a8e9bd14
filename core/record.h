/*
 * record.h - what the store holds of one plan: its rows, and the plan re-made from its recorded inputs.
 *
 * Shape   a plan version's manifest names its inputs by SHA-256 (JSON, canonical): protocols (version, approver), snapshot,
 *         answers, clinic, zone (name, TZif), made_at, issued_at, id_root, version, stage, revoked, document versions,
 *         writer. ac_record_load reads them and calls ac_plan_make: the plan shown is the plan recorded.
 * Owner   the worker's arena.
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "core/plan.h"
#include "core/service.h"

struct ac_task_row {
	struct ac_uuid plan;
	struct ac_str name, site, encounter, patient, title, kind, role, status, outcome, actor;
	bool urgent;
	int64_t not_before, due, done_ms, seq;
	int64_t plan_version; /* which version made it, or moved it last */
	/* who has it, and what the timer does with it: core/task.h; 0 and absent: none */
	struct ac_str owner, called, line, escalate_to;
	int64_t called_ms, snoozed, take_s, escalate_s, steps, timer_ms;
	bool given; /* a person gave it to its role */
	struct ac_str plan_status; /* of its plan: on hold, it waits */
	struct ac_str patient_name, phone; /* from the snapshot; filled by the worklist query */
	struct ac_str zone;
};
#define AC_ISSUE_BLANK "blank" /* the medium of a sheet that was written by hand: core/blank_sheet.h */
struct ac_issue_row {
	int64_t n, plan_version, at_ms;
	struct ac_str language, actor, role, recipient, medium;
	struct ac_sha256 sha256;
	int64_t size;
};
struct ac_document_row {
	struct ac_uuid id, plan;
	int64_t version, plan_version, made_ms, size, performed;
	struct ac_str status;
	struct ac_sha256 sha256;
};
struct ac_plan_row {
	struct ac_uuid id;
	struct ac_str site, encounter, patient, status, stage;
	int64_t version, document_version, created_ms, updated_ms, issued_ms, final_ms; /* 0: not yet */
	int64_t anchor;
	bool pending; /* changes after final that wait for the signature */
};
struct ac_record {
	struct ac_plan_row row;
	int64_t version; /* the one loaded */
	struct ac_plan *plan;
	const struct encounter *encounter;
	struct ac_task_row *tasks;
	size_t ntasks;
	struct ac_issue_row *issues;
	size_t nissues;
	struct ac_document_row *documents;
	size_t ndocuments;
	struct ac_call *calls; /* as they stand now, whatever the version; the first one first */
	size_t ncalls;
};
/* version 0: the newest. AC_ENOTFOUND rule PLAN-UNKNOWN. Reads within one snapshot. */
enum ac_code ac_record_load(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_record **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The plan of the patient whom the chart names now: a former one's, revoked, is not shown in another's chart. */
enum ac_code ac_record_find(struct ac_worker *w, struct ac_str site, struct ac_str encounter, struct ac_uuid *ret_plan,
    struct ac_err *reterr) AC_MUST_CHECK; /* AC_ENOTFOUND: the encounter has no plan */
/* The visit's plans under other patients, when the chart moved it: the newest first, at most AC_MOVED_MAX. Their ids say
 * nothing of those patients. */
#define AC_MOVED_MAX 8
enum ac_code ac_record_moved(struct ac_worker *w, const struct ac_plan_row *row, struct ac_uuid ret[AC_MOVED_MAX],
    size_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;

/* The encounter's own row: outcome without a plan ("suggested", "no-protocol"), for the panel. */
struct ac_encounter_row {
	struct ac_str site, id, patient, status, outcome;
	int64_t revision, updated_ms, answers;
	const struct encounter *encounter;
};
enum ac_code ac_encounter_get(struct ac_worker *w, struct ac_str site, struct ac_str encounter,
    struct ac_encounter_row *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* What a visit led to, and whether somebody may see it: by the visit's sensitivity as the chart has it now; of a plan under a
 * patient whom the chart does not name any more, as it was for that plan. One place for pages, lists, counts and acts. */
struct ac_visit_key {
	struct ac_str site, encounter, patient;
	struct ac_uuid plan; /* zeros: it has none */
};
enum ac_code ac_visit_is_open_to(struct ac_worker *w, const struct ac_actor *who, const struct ac_visit_key *v, bool *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Exact stored bytes, hash checked. */
enum ac_code ac_document_bytes(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_document_row *ret_row,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_issue_bytes(struct ac_worker *w, struct ac_uuid plan, int64_t n, struct ac_issue_row *ret_row,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* The one plan whose id begins so: at least AC_PLAN_PREFIX_MIN hexadecimal digits, hyphens where they stand or nowhere.
 * AC_EINPUT PLAN-ID, PLAN-AMBIGUOUS; AC_ENOTFOUND PLAN-UNKNOWN. */
#define AC_PLAN_PREFIX_MIN 4
enum ac_code ac_plan_find(struct ac_worker *w, struct ac_str prefix, struct ac_uuid *ret, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_plan_rows { struct ac_plan_row *v; size_t n; };
struct ac_task_rows { struct ac_task_row *v; size_t n; };
#define AC_LIST_MAX 1000
/* patient or site absent: all. Newest first, at most `limit` (<= AC_LIST_MAX); `after`: the last that was given, NULL: from
 * the first. */
enum ac_code ac_plan_list(struct ac_worker *w, struct ac_str site, struct ac_str patient, const struct ac_uuid *after,
    size_t limit, struct ac_plan_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* All plans, one after the other in the order of their ids, however many: begin with zeros, go on with the id that was
 * given; AC_ENOTFOUND after the last. The worker may end and begin between two. */
enum ac_code ac_plan_after(struct ac_worker *w, struct ac_uuid before, struct ac_plan_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
struct ac_task_key {
	struct ac_uuid plan;
	struct ac_str name;
};
/* What is absent is not asked for. Who is bound to a patient or a visit gives it here: a visit's tasks are those of the
 * patient whom it names now. */
struct ac_task_query {
	struct ac_str site, role, patient, encounter;
	bool only_open; /* requested, accepted, in-progress, by due; else all, those of the newest plans first. `patient`: with this only */
	const struct ac_task_key *after; /* the last that was given; NULL: from the first */
	size_t limit;                    /* 0: AC_LIST_MAX */
	const struct ac_actor *who;      /* what is not open to them is left out, as if it were not there; NULL: nothing is */
};
enum ac_code ac_task_list(struct ac_worker *w, const struct ac_task_query *q, struct ac_task_rows *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
