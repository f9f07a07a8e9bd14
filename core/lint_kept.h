/*
 * lint_kept.h - what lint said of a version beside a base, kept as long as the configuration stands that it was asked with:
 * the pages of approvers ask for the same again and again.
 *
 * Shape   hangs on struct ac_config: clinic, active protocols and approvals are that configuration's and do not change, so a
 *         version and its base are the whole key. A publish swaps the configuration, and this goes with it.
 * Limits  AC_LINT_KEPT_MAX answers, of AC_LINT_KEPT_FINDINGS findings at most: what does not fit is asked again.
 * Owner   whoever loads the configuration makes and frees it; what is looked up is copied into the caller's arena.
 * Threads any: one lock, held for the copying only. Two that miss at once both ask, and the first one's answer is kept.
 * PHI     none.
 */
#ifndef CORE_LINT_KEPT_H
#define CORE_LINT_KEPT_H

#include "core/protocol.h"

#define AC_LINT_KEPT_MAX 64
#define AC_LINT_KEPT_FINDINGS 500

struct ac_lint_kept;
struct ac_lint_kept *ac_lint_kept_new(void);
void ac_lint_kept_free(struct ac_lint_kept *k); /* NULL is allowed */
/* `base` NULL: there is none. `k` NULL: nothing is kept. */
bool ac_lint_kept_get(struct ac_lint_kept *k, const struct ac_sha256 *version, const struct ac_sha256 *base,
    struct ac_arena *a, struct ac_findings *ret);
void ac_lint_kept_add(struct ac_lint_kept *k, const struct ac_sha256 *version, const struct ac_sha256 *base,
    const struct ac_findings *found);
size_t ac_lint_kept_count(struct ac_lint_kept *k);

#endif
