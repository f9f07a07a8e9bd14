/*
 * explain.h - why a line stands in a plan, or does not: which protocol version, which condition, which facts, who signed.
 *
 * Shape   made from the same recorded inputs as the plan itself, by the same evaluation of the same conditions.
 * Owner   the arena; borrows from the plan and its protocols.
 * Errors  AC_ENOTFOUND rule EXPLAIN-LINE; AC_EINPUT EXPLAIN-AMBIGUOUS (two protocols have a line of that id).
 * PHI     values of facts are the patient's.
 */
#ifndef CORE_EXPLAIN_H
#define CORE_EXPLAIN_H

#include "core/plan.h"

enum ac_fact_from {
	AC_FROM_NOBODY, /* unknown: the stricter branch is taken */
	AC_FROM_CHART,  /* the snapshot */
	AC_FROM_DERIVED,
	AC_FROM_ANSWER /* given on the panel: by, at_ms */
};
const char *ac_fact_from_word(enum ac_fact_from f);
struct ac_explained_fact {
	struct ac_str path, values; /* values: joined by ", "; empty: known to be none */
	enum ac_fact_from from;
	bool partial; /* nobody reviewed the list: there may be more */
	struct ac_str by;
	int64_t at_ms;
};
/* One comparison of a condition: as text, what it comes to, and on which facts that rests. */
struct ac_explained_step {
	struct ac_str text;
	enum ac_truth truth;
	size_t fact[2]; /* into ac_explanation.facts; only the first nfacts */
	size_t nfacts;
};
struct ac_explained_condition {
	const char *what;    /* "line" or "window" */
	struct ac_str source; /* as written; absent: there is none, it always holds */
	enum ac_truth truth;
	const struct ac_window *window; /* with "window" */
	bool chosen;                    /* the window that the plan follows, or one of those that it may be */
	struct ac_explained_step *steps;
	size_t nsteps;
};
struct ac_explanation {
	const struct ac_line *def;
	const char *kind; /* "restriction", "task", "goal", "red flag", "expectation" ... */
	const struct ac_protocol *protocol;
	struct ac_str approver; /* of the protocol version; absent: nobody recorded */
	const struct ac_treatment *treatment; /* what the protocol was matched by; NULL: none did */
	const char *anchor_source; /* of the treatment's time: "performed", "answer" ...; NULL without one */
	bool in_plan, assumed;
	int64_t from, until; /* of the line in the plan; AC_INSTANT_NONE */
	const struct ac_plan_line *line; /* an instruction in the plan: what it was merged with */
	const struct ac_override *omitted_by; /* a clinician left it out for this visit; NULL: no */
	bool merged_away; /* the plan shows another line of the same concept in its place: `line` */
	struct ac_explained_condition *conditions;
	size_t nconditions;
	struct ac_explained_fact *facts;
	size_t nfacts;
};
/* `name`: "no-sauna", or "mesotherapy/no-sauna"; a task's number behind it ("/1") is left aside. */
enum ac_code ac_plan_explain(const struct ac_plan *p, struct ac_str name, struct ac_arena *a, struct ac_explanation *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

const char *ac_truth_word(enum ac_truth t); /* "true", "false", "unknown" */

#endif
