/*
 * condition.h - conditions: a small subset of XPath 1.0 with a third value, unknown.
 *
 * Shape   vocabulary paths (core/facts.h), string and number literals, = != < <= > >=, and or not(), parentheses,
 *         count(PATH), true() false(). Parsed once into an immutable tree with positions.
 * Rules   reading what nobody supplied is unknown; and/or/not follow Kleene's logic; a comparison with a list is true
 *         when one item fits (XPath), count() of an unknown list is unknown.
 *         A path alone is no condition (in XPath it would ask for presence, which surprises with "no"): compare it.
 *         Yes-no values are compared with 'yes' and 'no'.
 * Threads a condition is immutable and may be shared.
 * PHI     none in the tree; messages quote the protocol's text only.
 * Errors  AC_EINPUT rule PRT-CONDITION (syntax), PRT-FACT (path not in the vocabulary), PRT-CONDITION-TYPE; column in
 *         reterr->col counts from the start of the expression.
 */
#ifndef CORE_CONDITION_H
#define CORE_CONDITION_H

#include "base/arena.h"
#include "base/err.h"

#define AC_CONDITION_BYTES_MAX 512
#define AC_CONDITION_DEPTH_MAX 16

enum ac_truth { AC_FALSE, AC_TRUE, AC_UNKNOWN };

struct ac_condition; /* immutable */
struct ac_facts;     /* core/facts.h */

/* `fact_names`: names declared by the protocol, readable as fact/NAME; `answers` the same for answer/QUESTION (triage rules). */
struct ac_names {
	const struct ac_str *v;
	size_t n;
};
enum ac_code ac_condition_parse(struct ac_str expr, struct ac_names fact_names, struct ac_names answer_names,
    struct ac_arena *a, const struct ac_condition **ret, struct ac_err *reterr) AC_MUST_CHECK;
struct ac_str ac_condition_source(const struct ac_condition *c);

/* What the result hangs on and nobody supplied is added to `missing` (paths, without doubles) when it is not NULL;
 * a result that is true or false whatever the unknown would be adds nothing. */
struct ac_missing {
	struct ac_str *v;
	size_t n, cap;
};
enum ac_truth ac_condition_eval(const struct ac_condition *c, const struct ac_facts *facts, struct ac_arena *a,
    struct ac_missing *missing);
/* Calls `fn` for each vocabulary path read by the condition. */
void ac_condition_paths(const struct ac_condition *c, void (*fn)(struct ac_str path, void *arg), void *arg);

#endif
