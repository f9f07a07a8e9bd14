/*
 * plan_compare.h - two plans of one visit, line by line: what the patient or the clinic would get otherwise.
 *
 * Shape   lines are matched by key; instants are compared, and the words in the patient's language. Strength as in
 *         core/protocol_diff.h. Threads: pure. PHI: keys and times only.
 */
#ifndef CORE_PLAN_COMPARE_H
#define CORE_PLAN_COMPARE_H

#include "core/plan.h"
#include "core/protocol_diff.h"

struct ac_plan_change {
	enum ac_change_kind kind; /* NEW, GONE, STRONGER, WEAKER, REWORDED, CHANGED */
	enum ac_strength strength;
	const char *line;  /* "restriction", "task" ... */
	struct ac_str key; /* "mesotherapy/no-sauna" */
};
typedef void ac_plan_change_fn(const struct ac_plan_change *c, void *arg);
/* At most one change for a line. Either may be NULL: no plan. Returns how many there were. */
size_t ac_plan_compare(const struct ac_plan *before, const struct ac_plan *now, struct ac_arena *a,
    ac_plan_change_fn *fn, void *arg);

#endif
