/*
 * pack_export.h - a pack signed in the installation's name: somebody's act, on record before the bytes are handed out.
 *
 * Log     action "export", kind "pack", id = SHA-256 of the whole file: whoever has the file finds who signed it. What is in
 *         it (ids and versions) stands in the side row.
 * Errors  core/pack.h; those of the log.
 * PHI     none.
 */
#ifndef CORE_PACK_EXPORT_H
#define CORE_PACK_EXPORT_H

#include "core/service.h"

/* Sources in any order. The bytes are in the worker's arena. */
enum ac_code ac_pack_export_signed(struct ac_worker *w, const struct ac_actor *who, const struct ac_str *sources, size_t n,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
