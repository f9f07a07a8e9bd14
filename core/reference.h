/*
 * reference.h - what the documents, sheets and inputs of a protocol version look like: rendered from an invented encounter
 * that lies in the program, with as much of the protocol in it as there is. zstd's dictionaries are made of it.
 *
 * Shape   a pure function of its arguments. Made once, when a version is published; never made again for the same
 *         version, since another release may render otherwise and stored bytes need the very dictionary.
 * Errors  those of plan, document and sheet: a protocol of which no reference can be made is published without.
 * PHI     none: the patient does not exist.
 */
#ifndef CORE_REFERENCE_H
#define CORE_REFERENCE_H

#include "core/plan.h"

struct ac_reference {
	struct ac_str document, handout;
	struct ac_str record; /* a snapshot and the manifest of a plan, one behind the other */
};
enum ac_code ac_reference_make(const struct ac_protocol *p, struct ac_str approver, const struct ac_clinic *clinic,
    const struct ac_zone *zone, struct ac_arena *a, struct ac_reference *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* The sheet alone, as a preview, in `language`: every line of the protocol is on it, with times from an invented visit. */
enum ac_code ac_reference_sheet(const struct ac_protocol *p, struct ac_str language, const struct ac_clinic *clinic,
    const struct ac_zone *zone, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
