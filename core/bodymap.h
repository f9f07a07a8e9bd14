/*
 * bodymap.h - the treated areas: their words, and a picture where a picture is known. See handout.h.
 *
 * Owner   the arena.
 * Threads pure functions.
 */
#ifndef CORE_BODYMAP_H
#define CORE_BODYMAP_H

#include "core/plan.h"

/* Codes of the fact "area" as the plan used them: the chart's, else the panel's answer. n 0: unknown. */
struct enc_strs ac_plan_areas(const struct ac_plan *p);
/* The words of one of them; n 0: no protocol has any. */
struct ac_texts ac_plan_area_label(const struct ac_plan *p, struct ac_str code);
/* Their labels in the protocol's words, joined by ", "; absent when unknown. */
struct ac_str ac_plan_area_words(const struct ac_plan *p, struct ac_str lang, struct ac_arena *a);

#endif
