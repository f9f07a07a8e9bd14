/*
 * scores.h - the scores of a plan's calls over the days, as a picture.
 *
 * Shape   one SVG without script and style: a line for each question of 0 to 10 that was answered, days since the treatment
 *         along the bottom. It says what it shows in words too (title, desc); points are marked by shape as well as place.
 *         Absent when no score was given. Classes sc-*: the page's sheet gives them their looks.
 * PHI     answers.
 */
#ifndef CORE_SCORES_H
#define CORE_SCORES_H

#include "core/call.h"
#include "core/plan.h"

#define AC_SCORES_MAX 6 /* questions in one picture; the first that were asked */
struct ac_str ac_scores_svg(const struct ac_plan *p, const struct ac_call *calls, size_t n, struct ac_arena *a);

#endif
