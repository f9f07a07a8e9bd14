/*
 * checkpointer.h - copies the write-ahead log back into the database, beside the commit path. Private to core.
 *
 * Shape   a thread with a connection of its own copies when a few MiB have gathered; while it works, commits go on
 *         and append more. When it is through, the committer copies the small rest between two batches: then nobody
 *         appends, all is copied, and the next commit starts the log over. If readers keep that from happening until
 *         the log is large, the committer waits for them for a moment.
 * Errors  none: a checkpoint that fails is tried again, the data is safe in the log.
 */
#ifndef CORE_CHECKPOINTER_H
#define CORE_CHECKPOINTER_H

#include "core/store.h"

struct ac_checkpointer;
enum ac_code ac_checkpointer_new(const char *where, const struct ac_store_options *,
    struct ac_checkpointer **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_checkpointer_free(struct ac_checkpointer *k); /* NULL is allowed */
/* In the committer's thread, after each batch. `writer` is its connection. */
void ac_checkpointer_after_commit(struct ac_checkpointer *k, struct ac_store *writer);
/* The same without a thread. */
void ac_checkpointer_inline(struct ac_store *writer);

#endif
