/*
 * chart.h - the stand-in chart of the demo: a small EHR that speaks Aftercare's public API, and nothing else of it.
 *
 * Shape   invented encounters; what a person did to them (begun, signed, corrected) is one small file each under the state
 *         folder. A booked one is sent when somebody begins it; its treatment is then just over. Not installed.
 */
#ifndef PLUGIN_DEMO_CHART_H
#define PLUGIN_DEMO_CHART_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

#define CHART_SITE "demo"

struct chart_sample {
	const char *id, *patient_id, *given, *family, *birth, *sex, *about;
	const char *procedures; /* "MESO", "MESO PEEL", "" */
	const char *category, *area;
	const char *corrected_area; /* NULL: nothing to correct */
	int minutes_ago;        /* end of the treatment, before the demo was started */
	int signed_minutes_ago; /* 0: unsigned at the start */
	const char *guardian;   /* NULL: an adult */
	bool medication_reviewed;
	int session;
	const char *lot;          /* NULL: not recorded in the chart */
	int booked_minutes;       /* >0: booked for so long after the start of the demo */
	const char *follow_up_of; /* NULL, or the visit that this one follows */
};
extern const struct chart_sample chart_samples[];
extern const size_t chart_nsamples;

struct chart_state { /* of one encounter */
	int64_t signed_at; /* seconds; 0: not */
	bool corrected;
	int64_t revision; /* microseconds */
	int64_t begun_at; /* seconds; 0: still booked */
};
struct chart {
	const char *dir;  /* state files */
	const char *api;  /* http://127.0.0.1:8080 */
	const char *credentials; /* module:demo */
	int64_t started;  /* seconds */
	const struct ac_zone *zone;
};

/* The end of the treatment; of a booked visit: when it is booked for. */
int64_t chart_ended(const struct chart *c, const struct chart_sample *s, const struct chart_state *st);
static inline bool
chart_is_ahead(const struct chart_sample *s, const struct chart_state *st)
{
	return s->booked_minutes > 0 && st->begun_at == 0;
}
void chart_state_read(const struct chart *c, const struct chart_sample *s, struct chart_state *ret);
bool chart_state_write(const struct chart *c, const struct chart_sample *s, const struct chart_state *st);
struct ac_str chart_snapshot(const struct chart *c, const struct chart_sample *s, const struct chart_state *st,
    struct ac_arena *a);
/* The HTTP status; 0: the plugin could not be reached. */
long chart_send(const struct chart *c, const struct chart_sample *s, struct ac_str snapshot);

#endif
