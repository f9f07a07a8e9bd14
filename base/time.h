/*
 * time.h - instants, civil time, zones.
 *
 * Shape   an instant is int64 seconds since 1970-01-01T00:00:00Z (POSIX: no leap seconds). A wall time is a date and a
 *         time of day without zone. A zone is parsed from TZif bytes (RFC 8536, version 2+ with footer), so that the
 *         very bytes used can be recorded and a plan re-made after tzdata changed.
 * Rules   CONTRACTS "Time": h and min are elapsed time; d and w are calendar days at the same wall-clock time in the
 *         zone. A wall time in a gap: the first instant after it. In a fold: AC_FOLD_LATER for the end of a
 *         restriction, AC_FOLD_EARLIER for a task's due.
 * Threads a zone is immutable after ac_zone_open and may be shared. Nothing reads TZ, locale or clock but ac_now_ms.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/arena.h"
#include "base/err.h"

#define AC_ZONE_BYTES_MAX (64 * 1024)
#define AC_INSTANT_NONE INT64_MIN

struct ac_wall {
	int32_t year;
	int8_t month, day, hour, min, sec; /* month and day from 1 */
};
enum ac_fold { AC_FOLD_EARLIER, AC_FOLD_LATER };

struct ac_zone; /* in an arena */

/* Is it an IANA name that may be looked up: letters, digits, _ - + /, no "..", no leading "/", at most 64 bytes. */
bool ac_zone_name_is_ok(struct ac_str name);
/* TZif bytes of `name` from `dir`, /usr/share/zoneinfo when that is NULL. ZONE-UNKNOWN (AC_ENOTFOUND) when not there. */
enum ac_code ac_zone_read(struct ac_str name, const char *dir, struct ac_arena *a, struct ac_str *ret_bytes,
    struct ac_err *reterr) AC_MUST_CHECK;
/* ZONE-TZIF (AC_EINPUT), ZONE-SIZE (AC_ELIMIT). The bytes may be anybody's: every count is checked. */
enum ac_code ac_zone_open(struct ac_str name, struct ac_str tzif, struct ac_arena *a, const struct ac_zone **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
struct ac_str ac_zone_name(const struct ac_zone *z);

int32_t ac_zone_offset(const struct ac_zone *z, int64_t t); /* seconds east of UTC at t */
/* z NULL: UTC. Instants before the year 0 or after 9999 are clamped. */
struct ac_wall ac_wall_at(const struct ac_zone *z, int64_t t);
int64_t ac_wall_instant(const struct ac_zone *z, struct ac_wall w, enum ac_fold fold);
/* First change of offset in (from, to]; false if there is none. For "clocks go forward on Sunday". */
bool ac_zone_next_change(const struct ac_zone *z, int64_t from, int64_t to, int64_t *ret_at, int32_t *ret_delta_s);

int64_t ac_days_from_civil(int32_t y, int m, int d); /* days since 1970-01-01, proleptic Gregorian */
void ac_civil_from_days(int64_t days, int32_t *y, int8_t *m, int8_t *d);
int ac_weekday(int64_t days); /* 0 Monday .. 6 Sunday */
bool ac_date_is_valid(int32_t y, int m, int d);
struct ac_wall ac_wall_add_days(struct ac_wall w, int64_t days);
int64_t ac_wall_utc(struct ac_wall w); /* as if it were UTC */
/* Whole years from birth to `on` (birthday on 29 Feb counts on 1 Mar in common years). */
int ac_age_years(struct ac_wall birth, struct ac_wall on); /* negative before birth */

/* A time as somebody wrote it: the instant, how precise it was, and the offset it carried. */
struct ac_stamp {
	int64_t t;         /* the instant (start of what is covered for partial dates), AC_INSTANT_NONE if absent */
	int32_t offset_s;  /* as written; 0 for dates */
	uint8_t precision; /* 0 absent, 4 year, 6 month, 8 day, 14 second (RFC 3339 date-time) */
};
/* RFC 3339 with a mandatory offset; seconds may carry a fraction (dropped). "24:00", second 60 and year 0 are refused. */
bool ac_stamp_parse(struct ac_str s, struct ac_stamp *ret);
/* YYYY, YYYY-MM or YYYY-MM-DD. */
bool ac_date_parse(struct ac_str s, struct ac_stamp *ret);

struct ac_str ac_rfc3339(struct ac_arena *a, const struct ac_zone *z, int64_t t); /* with the zone's offset; z NULL: Z */
struct ac_str ac_rfc3339_ms(struct ac_arena *a, int64_t ms);                       /* UTC, milliseconds */
/* HL7 TS: precision as in ac_stamp; date-times with offset: 20260328143500+0100 */
struct ac_str ac_hl7_ts(struct ac_arena *a, const struct ac_zone *z, int64_t t);
struct ac_str ac_hl7_date(struct ac_arena *a, struct ac_stamp s);

/* For people, by language ("en", "de"; others fall back to "en"). No locale of the C library is used. */
enum ac_time_style {
	AC_TIME_FULL,  /* Tuesday 31 March 2026, 15:35 */
	AC_TIME_LONG,  /* Tuesday 31 March, 15:35 */
	AC_TIME_SHORT, /* Tue 31 Mar, 15:35 */
	AC_TIME_DATE,  /* Tuesday 31 March 2026 */
	AC_TIME_DAY,   /* Tue 31 March */
	AC_TIME_CLOCK  /* 15:35 */
};
struct ac_str ac_time_words(struct ac_arena *a, const struct ac_zone *z, int64_t t, enum ac_time_style style,
    struct ac_str lang);
struct ac_str ac_weekday_word(int weekday, bool is_short, struct ac_str lang);

int64_t ac_now_ms(void); /* CLOCK_REALTIME, the only clock here */

#endif
