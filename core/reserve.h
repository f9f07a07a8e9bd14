/*
 * reserve.h - entries of the log that the store could not take: an 8 MiB file beside it, all its blocks allocated
 * beforehand. The committer puts and drains; doctor and audit verify look.
 *
 * Shape   frames of 64 bytes and their payload, filled up to 64: magic, length, the filling's random id, the entry's number
 *         in it, SHA-256 over all of it. A frame that is not whole was never acknowledged. Empty: the first 64 bytes are 0.
 * Once    the transaction that makes leaves of a filling records how many it took; the file is emptied after the commit.
 *         A crash between the two finds the number, and takes nothing twice.
 *         Emptying begins with a mark in the first frame, and ends there: half emptied is as good as empty.
 * Lost    a frame in the middle that is damaged is noticed by the numbers: a leaf "log:reserve-gap" says how many.
 * Errors  AC_EIO LOG-RESERVE-FULL, LOG-RESERVE (there is none, or it cannot be written).
 * Files   mode 0600; opened with O_DSYNC: a put is on the disk when it returns. LIMIT: where the file system writes every
 *         block to a new place (copy on write), allocated blocks do not help against a full disk.
 * Threads one object, one thread at a time; processes exclude each other by flock while they put or drain.
 * PHI     names of actors and patients, as in leaf_side; zeros are written over them when they are leaves.
 */
#ifndef CORE_RESERVE_H
#define CORE_RESERVE_H

#include "core/audit.h"
#include "core/store.h"

#define AC_RESERVE_BYTES (8 * 1024 * 1024)
#define AC_RESERVE_NAME "log.reserve" /* beside aftercare.db */

struct ac_reserve;
struct ac_arena;

/* `create`: makes it when it is not there. Without, a missing file is AC_ENOTFOUND. */
enum ac_code ac_reserve_open(
    const char *path, bool create, struct ac_reserve **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_reserve_close(struct ac_reserve *r); /* NULL is allowed */
AC_DEFINE_AUTO(ac_reserve, ac_reserve_close)

bool ac_reserve_has(const struct ac_reserve *r); /* one read of memory; NULL: false */
/* All of them or none, with this time. */
enum ac_code ac_reserve_put(struct ac_reserve *r, const struct ac_audit_entry *const *entries, size_t n,
    int64_t at_ms, struct ac_err *reterr) AC_MUST_CHECK;

/* Inside a transaction: what was not taken before becomes leaves, in order. Between ac_reserve_lock and _unlock;
 * ac_reserve_clear after the commit. */
void ac_reserve_lock(struct ac_reserve *r);
enum ac_code ac_reserve_drain(
    struct ac_reserve *r, struct ac_commit *c, int64_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;
void ac_reserve_clear(struct ac_reserve *r);
void ac_reserve_unlock(struct ac_reserve *r);

/* What waits in it, from outside: for doctor and audit verify. Reads the whole file. */
struct ac_reserve_state {
	int64_t entries, bytes, first_ms; /* of the first entry; 0: none */
};
enum ac_code ac_reserve_look(
    const char *path, struct ac_reserve_state *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
