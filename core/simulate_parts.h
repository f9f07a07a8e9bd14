/* simulate_parts.h - inside of simulate: what changed, added up by line. */
#ifndef CORE_SIMULATE_PARTS_H
#define CORE_SIMULATE_PARTS_H

#include "core/simulate.h"

/* Of one thread. No limit of its own: the lines are those of the versions in force, which have theirs. */
struct ac_simulated_lines {
	struct ac_simulated_line *v;
	size_t n, cap;
	uint32_t *slot; /* where in v, plus 1, by the hash of key and line; 0: free */
	size_t nslots;  /* a power of two, more than twice n */
};
void ac_simulated_add(
    struct ac_simulated_lines *l, const struct ac_plan_change *c, struct ac_arena *a); /* keeps a copy */
/* The same line of several becomes one, by key. */
void ac_simulated_join(const struct ac_simulated_lines *v, size_t n, struct ac_arena *a, struct ac_simulation *ret);

#endif
