/*
 * sheet_time.h - times as the reader of a sheet is used to them, and the end that a sheet states.
 *
 * Shape   one row a language (and, where habits differ, a country): names of days and months, their order, the clock. The
 *         row with the longest matching tag wins, else English. core/base know two languages for staff (ac_time_words);
 *         this is for what a patient takes home.
 * Rules   an end is never stated earlier than it is: parts of a minute count as the next minute, and what ends from 22:00
 *         on and before 07:00 is stated as 07:00 of the morning after it, by the wall clock of the zone. The exact instant
 *         stays in plan, panel and document.
 * Source  names, order and clocks of the Unicode CLDR, shortened where it says so; digits are 0-9 in every language: what
 *         staff read out must look like what the patient reads.
 * Threads constant tables.
 */
#ifndef CORE_SHEET_TIME_H
#define CORE_SHEET_TIME_H

#include "base/time.h"

#define AC_NIGHT_FROM 22 /* hours of the wall clock */
#define AC_NIGHT_UNTIL 7

/* What the sheet and its calendar file say of an end at `t`. AC_INSTANT_NONE stays. */
int64_t ac_sheet_end(const struct ac_zone *z, int64_t t);

struct ac_str ac_sheet_time(struct ac_arena *a, const struct ac_zone *z, int64_t t, enum ac_time_style style, struct ac_str lang);
struct ac_str ac_sheet_short_date(struct ac_arena *a, const struct ac_zone *z, int64_t t, struct ac_str lang); /* Tue 31 Mar */
struct ac_str ac_sheet_date_alone(struct ac_arena *a, const struct ac_zone *z, int64_t t, struct ac_str lang); /* 31 Mar */
const char *ac_sheet_join(struct ac_str lang); /* between a date and a clock, or two things: ", " */
struct ac_str ac_sheet_minute(struct ac_arena *a, int minute, struct ac_str lang); /* of the day: 09:00, 9:00 AM */
struct ac_str ac_sheet_weekday(int weekday, bool is_short, struct ac_str lang);    /* 0 Monday */
int ac_sheet_name_width(struct ac_str lang); /* user units that the longest short weekday wants in a picture */

#endif
