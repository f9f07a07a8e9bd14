/*
 * call_hours.h - the hours of the day in which a patient may be called.
 *
 * Source  `calling-hours` of a protocol's task; where several protocols share one call, the hours that all of them allow.
 * Threads pure functions
 */
#ifndef AFTERCARE_CORE_CALL_HOURS_H
#define AFTERCARE_CORE_CALL_HOURS_H

#include "core/plan.h"

/* Minutes of the day. False: no protocol says, the whole day. */
bool ac_call_hours(const struct ac_plan_task *t, int16_t *ret_from, int16_t *ret_until);
/* The task's time without what lies before the first and after the last moment of such hours, in the visit's zone; the task's
 * own time where nothing would be left, or an end is AC_INSTANT_NONE. */
void ac_call_window(
    const struct ac_zone *z, const struct ac_plan_task *t, int64_t *ret_from, int64_t *ret_until);

#endif
