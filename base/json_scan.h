/*
 * json_scan.h - the checks of base/json.h, without building anything. Private to base.
 *
 * Shape   reads the bytes once; names of the open objects are kept for the duplicate check and sorted when their
 *         object ends, so hostile input costs n log n and never n^2.
 * Places  line from 1 by LF; column from 1 in characters (Unicode code points), not bytes; path is a JSON Pointer, in
 *         which control characters of a name are shown as '_', and which ends in "..." when it does not fit.
 * Errors  those of base/json.h.
 * PHI     the path shows names of members, never values.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/arena.h"
#include "base/err.h"

#define AC_JSON_NUMBER_MAX 128 /* characters of one number */

enum ac_code ac_json_scan(struct ac_str bytes, struct ac_arena *scratch, struct ac_err *reterr) AC_MUST_CHECK;

#endif
