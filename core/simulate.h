/*
 * simulate.h - a version against stored visits: what each would get, made with the active versions and with this one in
 * place of the active one of its id.
 *
 * Shape   counts, changes by line, and the visits that would change, in the order newest first. Two threads, each with a
 *         read connection of its own. Nothing is written; whoever prints the result writes one log entry with the count.
 *         Left out: what ac_whatif_recorded would add. It is of single visits, and the question is what the versions differ in.
 * Owner   the arena of the worker that was given.
 * Errors  those of reading the store. A visit whose stored bytes cannot be read ends it: AC_EINTEGRITY.
 * PHI     ids of visits.
 */
#ifndef CORE_SIMULATE_H
#define CORE_SIMULATE_H

#include "core/plan_compare.h"
#include "core/whatif.h"

#define AC_SIMULATE_THREADS 2
#define AC_SIMULATE_LISTED_MAX 200 /* visits named; the rest is a number */
#define AC_CHANGE_KINDS 10

struct ac_simulated_line {
	const char *line;
	struct ac_str key;
	int64_t n[AC_CHANGE_KINDS], stronger, weaker; /* plans, by enum ac_change_kind */
};
struct ac_simulated_visit {
	const struct ac_visit *visit;
	uint32_t changes, stronger, weaker;
	bool had_plan, has_plan;
};
struct ac_simulation {
	int64_t visits;                    /* stored since then */
	int64_t looked_at;                 /* the sample */
	int64_t concerned;                 /* the protocol is one of theirs, before or after */
	int64_t changed, stronger, weaker; /* plans with a change; with one in this direction */
	int64_t new_plans, gone_plans;
	struct ac_simulated_line *lines; /* by key; every one: there are as many as the versions in force have */
	size_t nlines;
	struct ac_simulated_visit *listed; /* at most AC_SIMULATE_LISTED_MAX of `changed` */
	size_t nlisted;
};
struct ac_simulate_options {
	const struct ac_protocol *draft;
	int64_t since_ms;
	size_t sample; /* 0: all */
	void (*progress)(
	    size_t done, size_t all, void *arg); /* from the caller's thread, a few times a second */
	void *progress_arg;
};
enum ac_code ac_simulate(struct ac_worker *w, const struct ac_simulate_options *o, struct ac_simulation *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
