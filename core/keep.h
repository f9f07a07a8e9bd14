/*
 * keep.h - parsed, immutable things kept by the hash of what they were parsed from: protocols, clinics, zones.
 *
 * Shape   counted: who gets one releases it. At most `max` stay that nobody holds; the longest unused goes first.
 * Owner   _add takes the arena in which the thing lives.
 * Threads any thread; one lock, held for look-ups only.
 */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

#include "base/arena.h"
#include "base/hash.h"

enum ac_keep_kind { AC_KEEP_PROTOCOL, AC_KEEP_CLINIC, AC_KEEP_ZONE };
struct ac_keep;
struct ac_kept;

struct ac_keep *ac_keep_new(size_t max);
void ac_keep_free(struct ac_keep *k); /* NULL is allowed; nobody may hold anything any more */
/* NULL: not there. */
struct ac_kept *ac_keep_get(struct ac_keep *k, enum ac_keep_kind kind, const struct ac_sha256 *key);
/* Another thread may have been first: then its thing is returned and `arena` freed. */
struct ac_kept *ac_keep_add(struct ac_keep *k, enum ac_keep_kind kind, const struct ac_sha256 *key,
    struct ac_arena *arena, const void *value);
const void *ac_kept_value(const struct ac_kept *kept);
void ac_keep_hold(struct ac_keep *k, struct ac_kept *kept);
void ac_keep_release(struct ac_keep *k, struct ac_kept *kept);

#endif
