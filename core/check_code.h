/*
 * check_code.h - what stands on a sheet so that the clinic can see which one it is: a code and its picture.
 *
 * Shape   "AC-3F2A9C01-2-9B1E44D07A63": the first eight hexadecimal digits of the plan's id, the number of the sheet, the
 *         first twelve of the SHA-256 of the sheet as it is without the code. No name, no address of a page: nothing that a
 *         telephone which reads it could open or tell anybody.
 * Check   a code is good when the stored sheet carries it: who copies a code onto another sheet is found by looking at the
 *         stored one, which the answer leads to.
 * PHI     none.
 */
#ifndef CORE_CHECK_CODE_H
#define CORE_CHECK_CODE_H

#include "core/record.h"

#define AC_CHECK_MAX 48 /* bytes of a code */

struct ac_str ac_check_code(struct ac_uuid plan, int64_t sheet, struct ac_str bytes, struct ac_arena *a);
/* Its picture (QR, level M, a quiet zone of four modules) as SVG; absent when it cannot be drawn. */
struct ac_str ac_check_svg(struct ac_str code, struct ac_arena *a);

struct ac_checked {
	struct ac_plan_row plan;
	struct ac_issue_row issue;
	int64_t newest; /* the newest sheet of the plan */
};
/* The sheet that carries it; lower case and spaces are read too. AC_EINPUT CHECK-CODE (no code of ours), AC_ENOTFOUND
 * CHECK-UNKNOWN (no sheet carries it). Reads what is stored, writes nothing: the caller logs the look. */
enum ac_code ac_check_find(
    struct ac_worker *w, struct ac_str typed, struct ac_checked *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
