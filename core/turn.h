/*
 * turn.h - one piece of work at a time for each encounter, in the order of arrival. Private to core.
 *
 * Shape   taken before an encounter is read and planned, given back after its commit: events of one encounter that arrive
 *         together would otherwise plan from the same state, and all but one in vain. Other encounters do not meet here.
 *         What another process writes is still found by the guard inside the transaction.
 * Errors  AC_EBUSY INTAKE-TURN: others of the same encounter took 5 s.
 * Threads any.
 * Lock    one mutex for the list, held while it is walked (as long as there are threads at work).
 */
#ifndef CORE_TURN_H
#define CORE_TURN_H

#include <pthread.h>

#include "base/err.h"
#include "base/str.h"

#define AC_TURN_WAIT_MS 5000

struct ac_turn { /* on the stack of the one who has it or waits for it */
	struct ac_str site, encounter;
	struct ac_turn *next;
};
struct ac_turns {
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct ac_turn *first;
	unsigned waiting;
};
void ac_turns_init(struct ac_turns *t);
void ac_turns_destroy(struct ac_turns *t);
enum ac_code ac_turn_take(struct ac_turns *t, struct ac_turn *mine, struct ac_str site, struct ac_str encounter,
    struct ac_err *reterr) AC_MUST_CHECK;
void ac_turn_give(struct ac_turns *t, struct ac_turn *mine);

#endif
