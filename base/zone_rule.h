/*
 * zone_rule.h - the POSIX TZ rule in a TZif file's footer: what holds after its last transition. Private to base.
 *
 * Shape   "CET-1CEST,M3.5.0,M10.5.0/3" and "<+03>-3"; days as Mm.w.d, Jn or n, times of -167 to 167 hours
 *         (RFC 8536 section 3.3.1, which extends POSIX).
 * Threads immutable after the parse.
 */
#ifndef BASE_ZONE_RULE_H
#define BASE_ZONE_RULE_H

#include "base/str.h"

struct ac_zone_day {
	char kind;            /* 'M' month, week, weekday; 'J' 1..365 without 29 Feb; 'n' 0..365 */
	int month, week, day; /* week 5: the last; weekday 0: Sunday */
	int32_t time_s;       /* on the wall clock that held before */
};
struct ac_zone_rule {
	int32_t std, dst; /* seconds east of UTC */
	bool has_dst;
	struct ac_zone_day start, end;
};

bool ac_zone_rule_parse(struct ac_str s, struct ac_zone_rule *ret);
int32_t ac_zone_rule_offset(const struct ac_zone_rule *r, int64_t t);
int64_t ac_zone_rule_next(const struct ac_zone_rule *r, int64_t t); /* after t; INT64_MAX: never */

#endif
