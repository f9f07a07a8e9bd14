/*
 * intake_parts.h - what the files of the intake share. Nobody else includes it.
 *
 * Shape   ac_intake_run: read what is there (intake_seen.c) -> decide (intake_decide.c, revoke.c, task.c, delivery.c)
 *         -> one commit (intake_commit.c). Everything a commit writes is finished before it starts: the committer's
 *         thread runs statements, nothing else.
 * Guard   the encounter's seq and the store's generation, as seen, are checked inside the transaction; if one moved,
 *         the worker starts again: 3 times, then AC_EBUSY INTAKE-MOVED.
 */
#ifndef CORE_INTAKE_PARTS_H
#define CORE_INTAKE_PARTS_H

#include "base/json.h"
#include "core/audit.h"
#include "core/confirm.h"
#include "core/intake.h"
#include "core/plan_state.h"
#include "core/override_act.h"
#include "core/record_parts.h"
#include "core/repin.h"
#include "core/service_parts.h"
#include "core/visible.h"
#include "core/task.h"

#define AC_INTAKE_TRIES 3
#define AC_INTAKE_AGE_MAX_MS 10000 /* between planning and commit: made_at must be the time of acceptance */
#define AC_CHART_HOURS 24          /* after issue: an open chart is a task for its provider */
#define AC_SEQ_PER_COMMIT 10000    /* deliveries of one encounter: its seq, then their order in the commit */
#define AC_HOUR_MS (3600 * (int64_t)1000)

#define AC_TASK_ESCALATED "escalated: " /* how the outcome of an open task begins that a person escalated */
#define AC_PLAN_REOPENED "the visit's record brings a time that is still ahead"
#define AC_TASK_FINISH "aftercare/finish-the-chart/1"
#define AC_TASK_RECALL "aftercare/recall/"
#define AC_TASK_REPLACE "aftercare/replace-blank-sheet/1"
#define AC_TASK_LATE "aftercare/missed/1"
#define AC_MISSED_AFTER_S 86400 /* a task that is over so long when it is made is none any more */
#define AC_MISSED "missed: its time was over when the visit became known"
#define AC_LATE_TOGETHER "looked at together with another visit of the patient"
#define AC_TASK_PRIVACY "aftercare/privacy-review/1"
#define AC_REVOKED_PATIENT "patient-changed" /* the reason: the visit is another patient's */
#define AC_TASK_URGENT "aftercare/urgent/"       /* and the call's number */
#define AC_TASK_CONCERN "aftercare/concern/"     /* and the call's number */
#define AC_TASK_CALL_BACK "aftercare/call-back/" /* and the call's number */

/* ---- what is there ---- */
struct ac_delivery_row {
	struct ac_str key, site, encounter, kind, object, href, status, ehr_id;
	int64_t version, attempts, next_ms, created_ms, seq;
	bool has_sha;
	struct ac_sha256 sha;
};
struct ac_seen_plan {
	struct ac_plan_full full;
	struct ac_version_row latest;
	struct ac_manifest manifest; /* of the latest version */
	struct ac_task_row *tasks;
	size_t ntasks;
	struct ac_issue_row *issues;
	size_t nissues;
	struct ac_document_row document; /* the newest; version 0: none */
	struct ac_call *calls;
	size_t ncalls;
	struct ac_overrides overrides;
};
struct ac_seen {
	struct ac_str site, id;
	bool exists;
	struct ac_str patient, status, outcome;
	int64_t revision, updated_ms, first_ms, nanswered, seq;
	struct ac_sha256 content, snapshot;
	struct ac_answer *answers;
	size_t nanswers;
	struct ac_seen_plan *plans; /* newest first */
	size_t nplans;
	int64_t log_ms; /* the last commit's time: none goes before it */
	bool has_channel;
	struct ac_delivery_row *pending;
	size_t npending;
};
enum ac_code ac_seen_load(struct ac_worker *w, struct ac_str site, struct ac_str encounter,
    struct ac_seen *ret, struct ac_err *reterr) AC_MUST_CHECK;
const struct ac_seen_plan *ac_seen_plan_of(const struct ac_seen *s, struct ac_str patient); /* NULL: none */
enum ac_code ac_delivery_set(struct ac_commit *c, const struct ac_delivery_row *d, struct ac_err *reterr) AC_MUST_CHECK;
/* What came later in its encounter is offered no sooner. */
enum ac_code ac_delivery_hold_behind(struct ac_commit *c, const struct ac_delivery_row *d, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_delivery_find(struct ac_store *s, struct ac_str key, struct ac_arena *a, struct ac_delivery_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK; /* AC_ENOTFOUND DELIVERY-UNKNOWN */
enum ac_code ac_delivery_row_of(const struct ac_val *col, struct ac_arena *a, struct ac_delivery_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Its name for others: kind/object/version. */
struct ac_str ac_delivery_key(struct ac_arena *a, struct ac_str kind, struct ac_str object, int64_t version);
/* The latest version as recorded. */
enum ac_code ac_seen_remake(struct ac_worker *w, const struct ac_seen_plan *p, struct ac_plan **ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Any of its versions as recorded. */
enum ac_code ac_seen_version(struct ac_worker *w, const struct ac_seen_plan *p, int64_t version,
    struct ac_plan **ret, struct ac_err *reterr) AC_MUST_CHECK;

/* ---- what happens ---- */
enum ac_cause { AC_CAUSE_EVENT, AC_CAUSE_ANSWER, AC_CAUSE_ISSUE, AC_CAUSE_TIMER, AC_CAUSE_REPIN, AC_CAUSE_RECALL,
	AC_CAUSE_CALL, AC_CAUSE_STATE, AC_CAUSE_OVERRIDE, AC_CAUSE_CONFIRM, AC_CAUSE_BACKFILL };
/* What a person does in a call, with the words of what was asked: resolved before the work starts. */
struct ac_call_job {
	const struct ac_call_act *act;
	const struct ac_call_entry *said; /* answers, flags, note: no time yet */
	size_t nsaid;
	const struct ac_questions *questions;
	size_t nquestions;
	const struct ac_str *flags; /* keys of the red flags that a call-in asks for */
	size_t nflags;
	int32_t attempts; /* how often the task may be tried; 0: no limit */
	/* With others in one conversation: "plan/n" of the first of them, known once it is numbered; NULL: alone. */
	struct ac_str *with;
	bool first;
};
struct ac_talk { /* one of them, in its plan */
	const struct ac_call_job *job;
	size_t call, nbefore; /* which of the plan's, and how many entries it had; 0: it is new */
};
struct ac_job {
	enum ac_cause cause;
	const struct ac_actor *who;
	struct ac_str site, encounter;
	/* EVENT */
	const struct encounter *e;
	struct ac_sha256 content;
	struct ac_str snapshot; /* canonical bytes */
	/* ANSWER: new ones by name; `seen_answers` is what the form showed */
	const struct ac_answer *answers;
	size_t nanswers;
	int64_t seen_answers, seen_version; /* version: -1 when nothing was shown */
	/* ISSUE */
	const struct ac_issue_request *issue;
	/* CALL */
	const struct ac_call_job *call;
	size_t ncalls; /* of this plan, in one commit */
	/* STATE */
	const struct ac_plan_state_request *state;
	/* REPIN, RECALL; NULL for all others */
	const struct ac_repin *repin;
	/* OVERRIDE */
	const struct ac_override_request *override;
	const struct ac_confirm *confirm; /* CONFIRM */
	bool documents_only; /* BACKFILL: a plan, and no tasks */
	bool dry_run; /* decide, commit nothing */
	/* filled by each try */
	int64_t now_ms;
};

/* ---- what is written ---- */
struct ac_task_op {
	bool add;
	struct ac_task_row row; /* as it will be */
};
struct ac_session_close {
	struct ac_task_row seen; /* of another plan; its seq is held against the store */
	enum { AC_CLOSE_DONE, AC_CLOSE_CANCEL, AC_CLOSE_REOPEN, AC_CLOSE_HAND_ON } what;
	struct ac_str outcome; /* closed: why; reopened: as before */
	struct ac_str status, owner; /* reopened, handed on: as before */
	struct ac_uuid heir;   /* handed on: the session that would have closed it */
};
struct ac_delivery_op {
	bool supersede; /* those of row.object below row.version */
	struct ac_delivery_row row;
};
struct ac_blob_op {
	struct ac_sha256 sha;
	struct ac_str stored;
	bool lasting; /* other plans will name it too: remembered as stored */
};
struct ac_plan_op {
	const struct ac_seen_plan *was; /* NULL: a new plan */
	struct ac_plan_full now;
	struct ac_plan *plan; /* as made; what the answer speaks of */
	bool has_version, has_document, has_issue;
	const struct ac_plan_transition *act; /* STATE, and what completes by itself; NULL: none */
	struct ac_str act_reason;
	bool waits;    /* changes after final that are not signed yet */
	bool saw_others; /* planned with the other plans as they were read */
	bool withdraw; /* the document stands in the wrong chart */
	struct ac_sha256 content, manifest, document_manifest;
	struct ac_str manifest_json; /* of the version */
	unsigned changed;
	unsigned char version_salt[AC_SALT_BYTES], document_salt[AC_SALT_BYTES], issue_salt[AC_SALT_BYTES];
	struct ac_document_row document;
	struct ac_str document_stored;
	struct ac_str signature; /* of the document; absent: the clinic has no key */
	struct ac_sha256 certificate;
	bool document_waits;      /* with has_document: for a clinician's confirmation */
	int64_t confirms;         /* the document version that is confirmed now; 0: none */
	bool confirmed_by_signer;
	struct ac_issue_row issue;
	struct ac_str issue_stored, issue_plain;
	AC_VEC(struct ac_task_op) tasks;
	AC_VEC(struct ac_session_close) closes; /* tasks of the sessions before this one */
	AC_VEC(struct ac_delivery_op) deliveries;
};
/* Whom an urgent task calls first. The clinic's list and its clock as they are now; read before the commit. */
struct ac_on_call {
	const struct ac_clinic *clinic; /* NULL: nobody is on a list */
	const struct ac_zone *zone;
};
struct ac_intake_work {
	struct ac_worker *w;
	const struct ac_job *job;
	const struct ac_seen *seen;
	const struct encounter *e; /* as it is now */
	struct ac_sha256 snapshot;
	const struct ac_answer *answers; /* all, as they will be */
	size_t nanswers;
	bool answers_moved;
	bool new_site; /* its source system is written down */
	enum ac_outcome outcome;
	unsigned changed;
	bool set_encounter, set_snapshot;
	struct ac_plan_op *plans; /* at most one a seen plan and a new one */
	size_t nplans;
	struct ac_plan_op *current; /* of e's patient; NULL: none is touched */
	size_t nmoved;              /* REPIN */
	struct ac_call *calls;      /* CALL: all of the plan, as they will be */
	size_t ncalls;
	struct ac_talk *talks; /* those that this work says something in */
	size_t ntalks;
	struct ac_override *act;    /* OVERRIDE: the new one, last of `overrides` */
	struct ac_overrides overrides;
	const struct ac_plan *before; /* the plan that it changes */
	AC_VEC(struct ac_override_doubt) doubts;
	struct ac_str act_json;
	unsigned char act_salt[AC_SALT_BYTES];
	AC_VEC(struct ac_blob_op) blobs;
	size_t ndeliveries;
	struct ac_on_call on_call;
};
enum ac_code ac_intake_run(struct ac_worker *w, struct ac_job *job, struct ac_intake_work **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Several encounters' in one commit: all or none. */
enum ac_code ac_intake_run_all(struct ac_worker *w, struct ac_job *const *jobs, size_t n, struct ac_intake_work **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_intake_commit(struct ac_commit *c, void *work, struct ac_err *reterr) AC_MUST_CHECK;

/* ---- the plan that the encounter asks for now (intake_draft.c) ---- */
struct ac_draft {
	const struct ac_seen_plan *cur; /* NULL: no plan yet */
	struct ac_manifest m;
	struct ac_plan_input in;
	size_t evidence, suggested;
	bool reopens; /* a completed plan whose chart brings a window that is still ahead */
	bool was_final, returns, final, same, waits;
	bool saw_others; /* the other plans were looked for, not taken as recorded */
	struct ac_plan *plan;
	struct ac_sha256 content;
	size_t nmoved; /* REPIN: protocols that go to another version */
};
/* Which protocols call for it: those of the plan at their pinned versions, and the active ones that it has not. */
enum ac_code ac_draft_match(
    struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr) AC_MUST_CHECK;
/* Make it, compare it with the latest version, judge whether it is final. */
enum ac_code ac_draft_make(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr) AC_MUST_CHECK;
void ac_draft_manifest(struct ac_draft *d); /* d->m gets what d->in says */
int64_t ac_draft_issued_ms(const struct ac_intake_work *k, const struct ac_draft *d); /* 0: not given out */
int64_t ac_draft_calls_ms(const struct ac_intake_work *k, const struct ac_draft *d); /* when a call will count; 0: none waits */
int64_t ac_draft_signed_s(const struct ac_intake_work *k); /* the chart's signature; 0: none */
int64_t ac_final_after_ms(
    const struct ac_clinic *c); /* how long after issue it is final by itself; -1: never */

/* intake_decide.c */
enum ac_code ac_intake_decide(struct ac_intake_work *k, struct ac_err *reterr) AC_MUST_CHECK;
const struct ac_sha256 *ac_work_like(struct ac_intake_work *k, const struct ac_plan_op *op, enum ac_likeness like);
void ac_work_blob(struct ac_intake_work *k, const struct ac_sha256 *sha, struct ac_str plain, bool lasting);
/* Record op->plan as a version or a document of the plan. `m` says everything but what the input says. */
void ac_work_version(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_manifest *m);
enum ac_code ac_work_document(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_manifest *m,
    struct ac_err *reterr) AC_MUST_CHECK;
bool ac_plan_lacks_required(const struct ac_plan *p); /* a fact without which nothing is given out or final */
bool ac_chart_is_settled(const struct ac_clinic *c, const struct encounter *e);

/* revoke.c */
enum ac_code ac_work_revoke(struct ac_intake_work *k, const struct ac_seen_plan *p, const char *reason,
    struct ac_plan_op **ret, struct ac_err *reterr) AC_MUST_CHECK;

/* plan_state.c */
bool ac_plan_runs(struct ac_str status); /* active, or on hold */
/* A person's word that no chart takes back. */
bool ac_plan_state_is_final_word(const struct ac_manifest *m);
enum ac_code ac_work_state(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr) AC_MUST_CHECK;
/* Over by itself: *ret true, and written. */
enum ac_code ac_work_completed(struct ac_intake_work *k, const struct ac_seen_plan *cur, bool *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
int64_t ac_plan_last_end(const struct ac_plan *p); /* of its windows that end; seconds */
bool ac_plan_is_over(const struct ac_plan *p, const struct ac_task_row *tasks, size_t ntasks, int64_t now);

/* issue.c */
enum ac_code ac_work_issue(
    struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr) AC_MUST_CHECK;

/* series_work.c */
enum ac_code ac_draft_prior(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_work_series(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr) AC_MUST_CHECK;
/* The session did not take place: what it closed comes back, or is the next session's that would have closed it. */
enum ac_code ac_work_series_back(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_series_put(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op,
    struct ac_err *reterr) AC_MUST_CHECK;

/* confirm.c */
enum ac_code ac_work_confirm(struct ac_intake_work *k, struct ac_err *reterr) AC_MUST_CHECK;

/* repin.c */
enum ac_code ac_repin_check(
    const struct ac_seen_plan *cur, const struct ac_repin *rq, struct ac_err *reterr) AC_MUST_CHECK;
/* *mp becomes the version to go to, when there is another */
enum ac_code ac_repin_target(struct ac_intake_work *k, struct ac_draft *d, struct ac_manifest_protocol *mp,
    struct ac_err *reterr) AC_MUST_CHECK;

/* override_act.c: is it one that may be, on this plan; then it is the last of k->overrides */
enum ac_code ac_work_override(struct ac_intake_work *k, struct ac_err *reterr) AC_MUST_CHECK;
/* override_judge.c: what became of it in the plan; what is doubtful is in k->doubts, and must have been confirmed */
enum ac_code ac_work_override_judge(
    struct ac_intake_work *k, const struct ac_draft *d, struct ac_err *reterr) AC_MUST_CHECK;

/* answer.c */
enum ac_code ac_work_answers(struct ac_intake_work *k, struct ac_err *reterr) AC_MUST_CHECK;

/* call_act.c: the act checked, applied to what is there; then the tasks that come of it; then the rows */
enum ac_code ac_work_call(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr) AC_MUST_CHECK;
/* The plan does not run any more: the call is recorded all the same. */
enum ac_code ac_work_call_alone(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr) AC_MUST_CHECK;
void ac_work_call_tasks(struct ac_intake_work *k, struct ac_plan_op *op);
enum ac_code ac_call_put(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op,
    struct ac_err *reterr) AC_MUST_CHECK;

/* task_own.c: the product's own tasks on a plan */
enum ac_code ac_work_own_tasks(
    struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr) AC_MUST_CHECK;
struct ac_task_row ac_work_own_row(const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_str name,
    const char *title, enum ac_task_kind kind, const char *role);

/* task_late.c: one review a patient of what was missed */
void ac_work_review_late(struct ac_intake_work *k, struct ac_plan_op *op);
enum ac_code ac_late_put(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op,
    struct ac_err *reterr) AC_MUST_CHECK;

/* task.c: the plan's tasks, then the product's own */
/* nobody is called, nobody is expected */
bool ac_work_is_deceased(const struct ac_intake_work *k, const struct ac_plan_op *op);
void ac_work_task_write(struct ac_intake_work *k, struct ac_plan_op *op, bool add, const struct ac_task_row *row);
/* By the product: no actor. */
void ac_work_task_close(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_task_row *row,
    const char *status, struct ac_str outcome);
/* By what somebody did: it is theirs, and final. */
void ac_work_task_complete(
    struct ac_intake_work *k, struct ac_plan_op *op, bool add, struct ac_task_row row, struct ac_str outcome);
/* Whose it is and what was done about it stays; a time that it was put off to counts for the time that it had. */
void ac_work_task_keep(struct ac_task_row *r, const struct ac_task_row *was);
/* The row as it will be; NULL: there is none. */
const struct ac_task_row *ac_work_task_row(const struct ac_plan_op *op, struct ac_str name);
/* Written, or written otherwise than this work meant so far. */
void ac_work_task_put(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_task_row *row);
enum ac_code ac_work_tasks(
    struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr) AC_MUST_CHECK;
/* The plan's tasks as they will be: rows untouched and rows written. */
void ac_work_tasks_after(
    const struct ac_plan_op *op, struct ac_arena *a, struct ac_task_row **ret, size_t *ret_n);

/* task_put.c: rows of tasks. `first_leaf` is the plan's key; -1: looked up, for a row that is there. */
enum ac_code ac_task_put(struct ac_commit *c, const struct ac_task_row *t, bool add, int64_t first_leaf,
    struct ac_err *reterr) AC_MUST_CHECK;
/* When the timer must look at it next; 0: never. */
int64_t ac_task_timer_ms(const struct ac_task_row *t);
enum ac_code ac_on_call_now(struct ac_worker *w, struct ac_on_call *ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_task_call(const struct ac_on_call *o, struct ac_task_row *t, struct ac_str after, int64_t now_ms);
/* The row as it is inside the commit. AC_ENOTFOUND TASK-UNKNOWN. */
enum ac_code ac_task_get(struct ac_commit *c, struct ac_uuid plan, struct ac_str name, struct ac_task_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Row, act, leaf, the EHR's copy: what each act on one task writes. */
enum ac_code ac_task_commit(struct ac_commit *c, const struct ac_actor *who, struct ac_task_row *t, bool add,
    enum ac_task_act act, struct ac_str detail, struct ac_str reason, struct ac_err *reterr) AC_MUST_CHECK;
#define AC_TASK_FACTS "aftercare/record-facts/" /* the plan's, not the product's own */

/* delivery.c */
void ac_work_deliveries(struct ac_intake_work *k, struct ac_plan_op *op);
void ac_delivery_json(struct ac_jw *w, const struct ac_delivery_row *d, struct ac_arena *a);
int64_t ac_delivery_backoff_ms(int64_t attempts);

/* intake_json.c */
enum ac_code ac_intake_json(struct ac_intake_work *k, const struct enc_warnings *warnings,
    struct ac_intake *ret, struct ac_err *reterr) AC_MUST_CHECK;
struct ac_str ac_changed_words(unsigned changed, struct ac_arena *a); /* "clinical,signer" */

#endif
