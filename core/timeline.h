/*
 * timeline.h - one axis of days for all bars of a plan, and the bars on it.
 *
 * Shape   ac_axis_make lays days from the treatment's to the last restriction's end; every bar of a page is drawn on that
 *         same axis. x is proportional to elapsed time, so a day with a clock change is as long as it was. Pictures are
 *         SVG with classes: solid is a restriction, outlined is care, hatched is assumed. Text is escaped.
 * Owner   the arena.
 * Threads pure functions.
 */
#ifndef CORE_TIMELINE_H
#define CORE_TIMELINE_H

#include "base/xw.h"
#include "core/plan.h"

#define AC_AXIS_WIDTH 260 /* user units: about the pixels that a bar has beside its words */

struct ac_axis {
	const struct ac_zone *zone;
	struct ac_str lang;
	int64_t from, until; /* midnights */
	int64_t first_day;   /* days since 1970 */
	int days, step;      /* step: days between two names */
	int width;           /* user units */
	bool mirrored;       /* time runs from right to left: the words are written so */
	bool has_change;
	int64_t change_at;
	int32_t change_delta_s;
};
/* false: no restriction has an end, there is nothing to draw. */
bool ac_axis_make(const struct ac_plan *p, struct ac_str lang, struct ac_axis *ret);
/* One bar; from NONE: the axis' first treatment `anchor`; until NONE: open to the right. */
struct ac_str ac_axis_bar(
    const struct ac_axis *x, int64_t from, int64_t until, bool assumed, struct ac_arena *a);
/* The day names; carries the hatch pattern that the bars refer to: once on each page that shows bars. */
struct ac_str ac_axis_days(const struct ac_axis *x, struct ac_arena *a);
/* "clocks go forward on Sunday 29 March"; absent when they do not change. */
struct ac_str ac_axis_change_words(const struct ac_axis *x, struct ac_arena *a);
/* In every picture of ours. */
void ac_axis_line(struct ac_xw *w, const char *class, int x1, int y1, int x2, int y2);

#endif
