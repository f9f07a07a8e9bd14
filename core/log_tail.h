/*
 * log_tail.h - the open end of the log inside one batch. Private to core.
 *
 * Shape   read at the start of the transaction, grows with each leaf, copied before each item and put back when the
 *         item fails, saved with a signed checkpoint before the commit. Never kept over a commit: another process
 *         appends too.
 */
#ifndef CORE_LOG_TAIL_H
#define CORE_LOG_TAIL_H

#include "core/audit.h"
#include "core/store.h"

struct ac_pseudonym { /* of the last leaf that named somebody */
	char clear[64], text[22];
	size_t n;
};
struct ac_log_tail {
	const struct ac_keys *keys;
	struct ac_frontier f;
	uint64_t base; /* size at the start of the batch */
	int64_t at_ms; /* no later commit is earlier */
	struct ac_pseudonym actor, patient;
};

enum ac_code ac_log_tail_load(struct ac_store *s, const struct ac_keys *k, struct ac_log_tail *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_log_tail_save(
    struct ac_store *s, const struct ac_log_tail *t, struct ac_arena *a, struct ac_err *reterr) AC_MUST_CHECK;
/* audit_verify_reasons.c. `words`: the side row's object. AC_EINTEGRITY LOG-REASON. */
enum ac_code ac_verify_reason(struct ac_store *s, const struct ac_keys *k, struct ac_arena *a, int64_t idx,
    const struct ac_leaf *l, const struct ac_val *words, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_verify_reason_copies(struct ac_store *s, struct ac_err *reterr) AC_MUST_CHECK;
/* The frontier as stored: 32 bytes each, as many as `size` has bits set. */
bool ac_frontier_read(struct ac_frontier *f, int64_t size, struct ac_str bytes);

#endif
