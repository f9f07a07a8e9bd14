/*
 * json_scan.h - the checks of base/json.h, without building anything. Private to base.
 *
 * Shape   reads the bytes once; names of the open objects are kept for the duplicate check and sorted when
 * their object ends, so hostile input costs n log n and never n^2. Places  line from 1 by LF; column from 1
 * in characters (Unicode code points), not bytes; path is a JSON Pointer, in which control characters of a
 * name are shown as '_', and which ends in "..." when it does not fit. Errors  those of base/json.h. Threads
 * one thread at a time. PHI     the path shows names of members, never values.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

#define AC_JSON_NUMBER_MAX 128 /* characters of one number */

enum ac_code ac_json_scan(struct ac_str bytes, struct ac_arena *scratch, struct ac_err *reterr) AC_MUST_CHECK;

/* The rest is shared by json_scan.c (structure, places) and json_token.c (strings, numbers). */
struct ac_json_name {
	struct ac_str s; /* decoded */
	size_t at;       /* where its quote stands */
};
struct ac_json_level {
	bool is_object, has_name;
	struct ac_str name; /* of the member being read */
	size_t index;       /* of the item being read */
};
struct ac_json_reader {
	const char *p;
	size_t n;     /* bytes that are UTF-8 */
	size_t total; /* bytes there are */
	size_t at;
	struct ac_arena *a;
	struct ac_err *reterr;
	int depth;
	struct ac_json_level level[AC_JSON_DEPTH_MAX];
	AC_VEC(struct ac_json_name) names; /* of all open objects, innermost last */
};

/* The byte at s->at, -1 at the end. */
static inline int
ac_json_peek(const struct ac_json_reader *s)
{
	return s->at < s->n ? (unsigned char)s->p[s->at] : -1;
}

/* AC_EINPUT at byte `at` of the value being read; what is not UTF-8 or ends too early is called so. */
enum ac_code ac_json_fail(struct ac_json_reader *s, const char *rule, size_t at, const char *what);
/* s->at stands at the quote. *ret (may be NULL) is decoded; borrowed where nothing was escaped. */
enum ac_code ac_json_string(struct ac_json_reader *s, struct ac_str *ret);
enum ac_code ac_json_number(struct ac_json_reader *s);

#endif
