/*
 * care_plan_rows.h - a final plan as rows for the EHR's own care plan table, so that the EHR's exports and FHIR know it.
 *
 * Shape   {plan, version, document, status, site, encounter, patient, rows: [{key, type, text, start, end}]}. type is a word
 *         of OpenEMR's list Plan_of_Care_Type: one plan_of_care for the whole, then goal, instructions (the lines, by end),
 *         intervention (follow-up tasks that were not cancelled) and appointments (visits and sessions). key is the line's or
 *         task's own, stable across versions. Times are RFC 3339 in UTC, absent where there is none. No code: what the
 *         protocols hold has none that could be sourced. A revoked plan has no rows: those of before are to be withdrawn.
 * Words   English, as in the document; a window stands in the text with its clock time, for a reader who sees no dates.
 * Owner   the arena. Threads: pure. PHI: all of it.
 */
#ifndef CORE_CARE_PLAN_ROWS_H
#define CORE_CARE_PLAN_ROWS_H

#include "core/record.h"

#define AC_CARE_PLAN_ROWS "aftercare/care-plan-rows" /* the delivery's object, beside those of tasks */

struct ac_str ac_care_plan_rows_json(const struct ac_record *r, struct ac_arena *a);

#endif
