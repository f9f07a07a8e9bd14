/*
 * str.h - text as pointer and length, borrowed.
 *
 * Shape   bytes, UTF-8 unless said otherwise; not NUL-terminated. { NULL, 0 } means "absent", { "", 0 } "empty";
 *         ac_str_is_set() tells them apart, everything else treats them alike.
 * Owner   whoever made the bytes (an arena, a literal); a struct ac_str never owns.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ac_str {
	const char *p;
	size_t n;
};

#define AC_S(lit) ((struct ac_str){ (lit), sizeof(lit) - 1 })
#define AC_FMT(s) (int)(s).n, (s).p == NULL ? "" : (s).p /* for "%.*s" */

struct ac_str ac_str_c(const char *cstr); /* NULL gives the absent string */
bool ac_str_is_set(struct ac_str s);
bool ac_streq(struct ac_str a, struct ac_str b);
bool ac_streq_c(struct ac_str a, const char *b);
int ac_str_cmp(struct ac_str a, struct ac_str b); /* byte order; shorter first when one is a prefix */
bool ac_str_starts(struct ac_str s, struct ac_str prefix);
bool ac_str_ends(struct ac_str s, struct ac_str suffix);
struct ac_str ac_str_trim(struct ac_str s); /* ASCII white space on both sides */
/* Cut `s` at the first `sep`: *head gets what is before, the return value is what is after.
 * Without a `sep`, *head is all of `s` and the rest is absent. */
struct ac_str ac_cut(struct ac_str s, char sep, struct ac_str *head);
/* Whole string is a decimal integer in [min, max]: no sign but '-', no space, no leading '+'. */
bool ac_str_int(struct ac_str s, int64_t min, int64_t max, int64_t *ret);

#endif
