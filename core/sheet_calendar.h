/*
 * sheet_calendar.h - a sheet's end times and appointments as an iCalendar file (RFC 5545) for the patient's own calendar.
 *
 * Shape   one event for each numbered row of the sheet that has an end, at the time that the sheet states (sheet_time.h), and
 *         one for each booked appointment. Instants are UTC; lines end in CRLF and are folded at 75 octets.
 * Privacy a calendar is seen by employers, families and providers of mail: an event says the sheet and its row, "over", or
 *         "booked visit", and nothing of a procedure, an area, a clinic or a person. CLASS:PRIVATE.
 * Same    UID is made of the plan and its line's key, so that a later file moves what an earlier one brought; SEQUENCE is the
 *         plan's version, DTSTAMP the recorded time: same recorded inputs, same bytes.
 * Gone    what `before` had and the plan has not is cancelled; all is, when the plan was withdrawn.
 * Owner   the arena. Threads: pure.
 */
#ifndef CORE_SHEET_CALENDAR_H
#define CORE_SHEET_CALENDAR_H

#include "core/plan.h"

struct ac_calendar_options {
	struct ac_str language; /* of the sheet */
	int64_t stamp;          /* seconds: when the sheet was given out, or the plan withdrawn */
	int64_t sheet;
	int64_t sequence;            /* the plan's version */
	const struct ac_plan *before; /* of the sheet that this one replaces; NULL: none */
	bool withdrawn;
};
struct ac_str ac_sheet_calendar(const struct ac_plan *p, const struct ac_calendar_options *o, struct ac_arena *a);

#endif
