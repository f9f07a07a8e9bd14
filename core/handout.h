/*
 * handout.h - the patient's sheet and the pictures on it: pure functions of a plan.
 *
 * Shape   a complete XHTML-serialised HTML5 page without script or inline style; links one stylesheet ("handout.css" under
 *         `asset_base`) and embeds its SVG. The bytes returned are what is stored when it is issued; the stylesheet is
 *         versioned by name.
 * Words   the texts of the protocol in the wanted language, each that is missing in another one and marked; fixed words
 *         from a table per language (handout_words.h), or all of them in English, which the sheet says at its head. Dates
 *         and clocks in the reader's habit; an end in the night is stated as the morning after (sheet_time.h).
 * Turned  what is written from right to left turns the page, and its time line with it.
 */
#ifndef CORE_HANDOUT_H
#define CORE_HANDOUT_H

#include "core/plan.h"

struct ac_handout_options {
	struct ac_str language;   /* absent: the patient's, else en */
	struct ac_str asset_base; /* "/aftercare/assets/" */
	int64_t issued_at;        /* seconds; AC_INSTANT_NONE: a preview, marked so */
	struct ac_str issued_by;
	int64_t sheet;            /* number of the sheet; 0: preview */
	int64_t replaces;         /* sheet number, 0: none */
	bool blank;               /* for no patient and no day: core/blank_sheet.h */
	bool large;               /* large print */
	bool to_guardian;         /* handed to the guardian: addressed so whatever the patient's age */
	const struct ac_plan *before; /* what the patient knows: what differs from it is told and marked; NULL: nothing */
	struct ac_str check;      /* the code that the clinic checks it by: core/check_code.h; absent: none */
};
/* The reader's own tag where it is a kind of the chosen language: "en-US" for "en", else what was chosen. */
struct ac_str ac_handout_language(struct ac_str chosen, struct ac_str of_patient);
enum ac_code ac_handout_html(const struct ac_plan *p, const struct ac_handout_options *o, struct ac_arena *a,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Bars on one axis with day names; hatching, not colour, carries meaning; classes only, no inline style. */
struct ac_str ac_timeline_svg(const struct ac_plan *p, struct ac_str lang, struct ac_arena *a);
/* Treated areas on a face or body outline; absent when no area is known. */
struct ac_str ac_bodymap_svg(const struct ac_plan *p, struct ac_str lang, struct ac_arena *a);

#endif
