/* protocol_new.h - what a new protocol begins as: one line of every kind, every decision open (schemas/skeleton.xml). */
#ifndef CORE_PROTOCOL_NEW_H
#define CORE_PROTOCOL_NEW_H

#include "base/arena.h"
#include "base/err.h"

/* AC_EINPUT rule PRT-013: not an id. */
enum ac_code ac_protocol_skeleton(struct ac_str id, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
