/*
 * repin.h - a plan goes to another version of its protocols: a person's act, never the product's own.
 *
 * Rules   to the version in force; where that is suspended, to the last good one. What the plan was pinned to besides
 *         (clinic, zone) stays; no other protocol joins. The change counts at once, signed or not: the next plan version,
 *         the next document of a final plan, and a task to tell the patient when the sheet at home says something else.
 *         No end on a sheet that was given out becomes earlier by it: a clinician lets it end, on the panel.
 *         A plan with changes that wait for the signature is not moved: they would become final with it.
 * Errors  AC_ENOTFOUND PLAN-UNKNOWN; AC_ECONFLICT REPIN-STATE (the plan does not hold), REPIN-PENDING, REPIN-NOTHING (no other
 *         version), REPIN-MATCH (the other version does not fit the encounter), FORM-STALE; AC_EDENIED LIFE-ROLE (dry runs too).
 */
#ifndef CORE_REPIN_H
#define CORE_REPIN_H

#include "core/protocol_life.h"
#include "core/record.h"

struct ac_repin {
	struct ac_uuid plan;
	int64_t seen_version;   /* the plan version that a person saw; 0: any */
	struct ac_str protocol; /* only this one; absent: all of the plan */
	struct ac_str reason;   /* why; absent: none. Kept beside the log's entry */
	int64_t recall;         /* set by core/recall.c; 0: none */
	bool review_only;       /* recall: the task without another version */
};
struct ac_repin_line { /* what changes for the patient */
	struct ac_str key;
	const char *change;       /* "new", "gone", "longer", "shorter", "later", "earlier", "reworded" */
	int64_t before, now;      /* until, for longer and shorter; from, for later and earlier; AC_INSTANT_NONE: open */
};
struct ac_repin_done {
	int64_t version;     /* the plan's, now (dry run: that would be) */
	size_t nmoved;       /* protocols that went to another version */
	bool tell;           /* the sheet at home says something else */
	bool urgent;         /* ... and less than is needed */
	const struct ac_plan *before, *now;
	struct ac_repin_line *lines;
	size_t nlines;
};
/* `who` stands in the log, `by` is the same caller with its rights: AC_MAY_REPIN, for a recall's plans AC_MAY_RECALL. */
enum ac_code ac_plan_repin(struct ac_worker *w, const struct ac_actor *who, const struct ac_life_who *by,
    const struct ac_repin *rq, bool dry_run, struct ac_repin_done *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
