/*
 * condition_worlds.h - every case that conditions can tell apart, one after the other: how two of them are compared by
 * meaning.
 *
 * Shape   a world supposes a value for each path that the conditions read: unknown, or texts and numbers that stand for
 *         all others which no comparison tells apart (the literals, a point between two of them, a text that is no
 *         literal), for lists each set of these, also a list that nobody reviewed; of those that all comparisons answer
 *         alike, one. What is true in all worlds is true
 *         for every encounter. A world is *declared* when each fact in it is as the protocol declares it: one value
 *         unless it is many, a code of its list, yes or no, a number. Charts can send others.
 * Limits  AC_WORLDS_MAX worlds for one question; count() compared with anything but a number gives none either. Whoever
 *         asks many questions has one budget for all: each takes from it what it looked at, also when it found too many.
 * Threads one thread at a time. PHI: none, all values are invented.
 */
#ifndef CORE_CONDITION_WORLDS_H
#define CORE_CONDITION_WORLDS_H

#include "core/protocol.h"

#define AC_WORLDS_MAX 65536
#define AC_WORLD_PATHS_MAX 32
#define AC_WORLD_ITEMS_MAX 12 /* values of one list, so 4096 sets of them */
#define AC_WORLD_STATES_MAX 16384
#define AC_WORLD_COUNT_MAX 20

/* Where facts and questions are declared; NULL: not in that one. */
struct ac_world_names {
	const struct ac_protocol *protocol[2];
	const struct ac_check_in *check_in[2];
};
struct ac_worlds;
/* NULL: too many, or more than *left. A condition that is NULL always holds. */
struct ac_worlds *ac_worlds_make(const struct ac_condition *const *conditions, size_t n,
    const struct ac_world_names *names, size_t *left, struct ac_arena *a);
/* To the first world, then to the next; false after the last. */
bool ac_worlds_next(struct ac_worlds *w, bool *ret_is_declared);
/* *ret_missing: a bit for each path that was unknown and decided the answer. */
enum ac_truth ac_worlds_eval(struct ac_worlds *w, const struct ac_condition *c, uint32_t *ret_missing);

/* How the later of two conditions stands to the earlier. A line is shown when its condition holds or is unknown. */
enum ac_relation {
	AC_REL_SAME,     /* for every encounter: the same answer, the same facts asked for */
	AC_REL_WIDER,    /* holds wherever it held, and elsewhere */
	AC_REL_NARROWER, /* the reverse */
	AC_REL_OTHER,    /* holds elsewhere, and not everywhere where it held */
	AC_REL_ASSUMES,  /* holds for the same encounters, but what is assumed or asked for differs */
	AC_REL_UNUSUAL,  /* the same unless a chart sends what the protocol does not declare */
	AC_REL_UNDECIDED /* too many cases */
};
/* `unknown_holds`: an unknown answer counts as one that holds, as it does unless a line says otherwise. */
enum ac_relation ac_condition_relation(const struct ac_condition *before, const struct ac_condition *after,
    const struct ac_world_names *names, bool unknown_holds, size_t *left, struct ac_arena *a);
bool ac_condition_is_same_tree(const struct ac_condition *x, const struct ac_condition *y);

#endif
