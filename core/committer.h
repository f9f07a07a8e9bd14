/*
 * committer.h - the only writer of a process: batches what waits into one transaction.
 *
 * Shape   a worker hands over a function; it runs in the committer's thread inside the batch's transaction, and a bad one
 *         fails alone. ac_committer_run returns after the commit (fsync), or with the error. The function may only
 *         touch what `arg` points to, and must give the same when it runs again: when one fails that has written
 *         already, the transaction is taken back and its batch runs once more with a savepoint for each.
 * Errors  those of the function; AC_EBUSY (STORE-BUSY) when another process holds the lock for 5 s; AC_EIO.
 * Reserve an entry given to ac_committer_log is kept in core/reserve when the store cannot write (STORE-DISK), and becomes a
 *         leaf in the first transaction that commits again, of whatever process: before what that one brings.
 * Disk    after a batch the write-ahead log is copied back by a second thread, and what remains by the committer between
 *         two batches, so that it stays near 32 MiB unless a reader holds an old snapshot open.
 * Threads ac_committer_run from any thread. A CLI uses the same with `threads = false`: the caller's thread commits.
 * Lock    one mutex for the queue, held for pushes and pops only.
 */
#ifndef CORE_COMMITTER_H
#define CORE_COMMITTER_H

#include "core/audit.h"
#include "core/store.h"

#define AC_COMMIT_BATCH_MAX 128
#define AC_COMMIT_QUEUE_MAX 1024 /* more waiting: AC_EBUSY, rule COMMIT-QUEUE */

struct ac_committer;
struct ac_commit { /* what a function gets */
	struct ac_store *store;
	int64_t now_ms; /* acceptance, by the committer's clock; never goes back within a store */
	struct ac_arena *arena; /* lives until the function returns */
	struct ac_log_tail *log;
};
typedef enum ac_code ac_commit_fn(struct ac_commit *c, void *arg, struct ac_err *reterr);

struct ac_committer_options {
	enum ac_sync sync;
	bool threads;
	int batch_max; /* 0: AC_COMMIT_BATCH_MAX; 1: one transaction per item (benchmarks) */
	int64_t (*clock_ms)(void *arg); /* NULL: ac_now_ms; tests bring their own */
	void *clock_arg;
	const char *reserve; /* path of the log's reserve; NULL: none */
	bool make_reserve;   /* where there is none; a failure is a warning */
};
/* `where` as for ac_store_open; `keys_dir` holds log.key (Ed25519, PEM, 0600) and store.key (32 bytes, 0600). */
enum ac_code ac_committer_new(const char *where, const char *keys_dir, const struct ac_committer_options *,
    struct ac_committer **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_committer_free(struct ac_committer *c); /* waits for what was accepted; NULL is allowed */
AC_DEFINE_AUTO(ac_committer, ac_committer_free)
/* Never from inside a commit function, all three. */
enum ac_code ac_committer_run(struct ac_committer *c, ac_commit_fn *fn, void *arg, struct ac_err *reterr) AC_MUST_CHECK;
/* One entry and nothing else, durable when it returns: in the log, or in its reserve. LOG-RESERVE-FULL. */
enum ac_code ac_committer_log(struct ac_committer *c, const struct ac_audit_entry *e, struct ac_err *reterr) AC_MUST_CHECK;
/* If entries wait in the reserve, try to make leaves of them now. */
enum ac_code ac_committer_settle(struct ac_committer *c, struct ac_err *reterr) AC_MUST_CHECK;
bool ac_committer_has_reserved(const struct ac_committer *c); /* from any thread */

#endif
