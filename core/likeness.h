/*
 * likeness.h - the dictionaries that a protocol version brings: rendered before it is published, added in the same commit.
 *
 * Rules   each once for a version, never rendered again. A version of which none can be rendered is published all the
 *         same, with a warning in the program's log: what is made from it is stored without.
 */
#ifndef CORE_LIKENESS_H
#define CORE_LIKENESS_H

#include "core/service.h"

struct ac_rendered {
	struct ac_str v[AC_LIKENESSES]; /* absent: none */
};
/* In the worker's arena. What the version has already is left out. */
void ac_likeness_render(struct ac_worker *w, const struct ac_sha256 *version, struct ac_str approver,
    struct ac_rendered *ret);
/* In a write transaction. *ret_new: one was added. */
enum ac_code ac_likeness_add(struct ac_store *s, const struct ac_sha256 *version, const struct ac_rendered *r,
    bool *ret_new, struct ac_err *reterr) AC_MUST_CHECK;

#endif
