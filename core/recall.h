/*
 * recall.h - who was told what by a version of a protocol, and getting everybody told otherwise.
 *
 * Shape   ac_plans_of finds plans by what they are pinned to. A recall takes those in which something still runs: each gets
 *         one urgent task for a clinician (aftercare/recall/N, kind review), is taken to the version in force (core/repin.h),
 *         so that the corrected sheet lies ready, and, when a sheet was given out that says something else, the task to
 *         tell the patient. Where there is no version to go to, the review alone decides.
 *         It is closed when every patient was reviewed and told: by count, not by anybody's word.
 * Running a line of the protocol whose window ends later than now, or an open task of it; with a line named: that line.
 * Broken  off a recall goes on when it is asked for again: what is done is on record plan by plan.
 * Errors  AC_ENOTFOUND PROTOCOL-UNKNOWN, RECALL-LINE (the version has no such line), RECALL-UNKNOWN; AC_EDENIED LIFE-ROLE;
 *         AC_EINPUT LIFE-REASON.
 * Threads as struct ac_worker; reads with a worker of its own, so that the caller's arena and configuration stay.
 * PHI     plan ids and the EHR's visit ids, no names.
 */
#ifndef CORE_RECALL_H
#define CORE_RECALL_H

#include "core/protocol_life.h"
#include "core/record.h"

struct ac_plans_ask {
	struct ac_str protocol;
	const struct ac_sha256 *version; /* NULL: any */
	const struct ac_sha256 *except;  /* not pinned to this one; NULL: whatever */
	struct ac_str line;              /* absent: any */
	bool only_running, only_issued;
	bool only_lines; /* an open task alone is no reason, and is not counted */
};
struct ac_plan_found {
	struct ac_uuid plan;
	struct ac_sha256 version;
	struct ac_str site, encounter;
	int64_t plan_version, issued_ms; /* 0: nothing was given out */
	int64_t until;                   /* the last end of what still runs; AC_INSTANT_NONE: only tasks */
	size_t running, tasks;           /* lines, open tasks */
};
struct ac_plans_found {
	struct ac_plan_found *v;
	size_t n, issued; /* issued: of them, how many have a sheet at home */
};
/* Active plans; in the caller's arena. */
enum ac_code ac_plans_of(struct ac_worker *w, const struct ac_plans_ask *ask, struct ac_plans_found *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

struct ac_recall_plan {
	struct ac_uuid plan;
	struct ac_str task, status, reviewed_by;
	int64_t plan_version, reviewed_ms;
	bool given, corrected, reviewed, told; /* told: nothing was given out, or no task to tell is open */
};
struct ac_recall {
	int64_t n, at_ms;
	struct ac_str protocol, line, actor, reason;
	struct ac_sha256 version;
	size_t affected, prepared, corrected, reviewed, told;
	bool closed;
	struct ac_recall_plan *plans; /* the prepared ones */
	size_t nplans;
};
struct ac_recalls {
	struct ac_recall *v;
	size_t n;
};
/* n 0: all. */
enum ac_code ac_recall_list(struct ac_worker *w, int64_t n, struct ac_recalls *ret, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_recall_ask {
	struct ac_str protocol, line; /* line absent: any */
	struct ac_sha256 version;
	struct ac_life_how how;
};
/* *ret_found: who is affected. A dry run says only that. *ret_failed: plans that could not be prepared; ask again. */
enum ac_code ac_recall_run(struct ac_worker *w, const struct ac_life_who *who, const struct ac_recall_ask *ask,
    struct ac_plans_found *ret_found, struct ac_recall *ret, size_t *ret_failed, struct ac_err *reterr) AC_MUST_CHECK;

#endif
