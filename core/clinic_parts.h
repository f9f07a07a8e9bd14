/* clinic_parts.h - what the files behind clinic.h share. Nobody else includes it. */
#ifndef CORE_CLINIC_PARTS_H
#define CORE_CLINIC_PARTS_H

#include "core/clinic.h"

/* clinic.c */
bool ac_clinic_number_is_ok(struct ac_str v);
bool ac_clinic_hours_read(struct ac_str v, struct ac_hours *ret);
/* clinic_duty.c: the value of a line "duty"; false: it cannot be read */
bool ac_duty_read(struct ac_str v, struct ac_arena *a, struct ac_duty *ret);

#endif
