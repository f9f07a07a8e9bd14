/*
 * refusals.h - refusals of callers that nobody knows: counted, and logged once a minute with their number.
 *
 * Rules   a refusal of somebody known is an entry of its own (http.c). An anonymous one could be sent a thousand times a
 *         second: one entry a minute says how many; its version is that number.
 * Threads noted by all workers; flushed by one.
 */
#ifndef PLUGIN_REFUSALS_H
#define PLUGIN_REFUSALS_H

#include <stdatomic.h>

#include "plugin/http.h"

#define AC_REFUSALS_EVERY_MS (60 * 1000)

struct ac_refusals {
	atomic_llong n;
	int64_t flushed_ms; /* of the flushing thread alone */
};
void ac_refusals_note(struct ac_refusals *r, const struct ac_http *h);
/* Nothing to tell, or told within the last minute: AC_OK. `last`: tell now, the program ends. */
enum ac_code ac_refusals_flush(
    struct ac_refusals *r, struct ac_worker *w, bool last, struct ac_err *reterr) AC_MUST_CHECK;

#endif
