/*
 * protocol_diff.h - what changed between two versions of a protocol, by meaning.
 *
 * Shape   a list of changes in the order of the later file, what is gone at the place where it stood. Lines are matched by
 *         id. Layout, comments, the order of attributes, and a condition written in another way that holds for the same
 *         encounters give no change: an empty list means that both versions make the same plan of every encounter, but
 *         for the version that it names. A line under a new id is RENAMED when it is safe: it has a concept that no
 *         other line of its kind has in either version, or else the same content to the letter; its plans get a new key.
 * Strength
 *         restriction, warning  later end, earlier start, holding for more: STRONGER; an exception more: WEAKER
 *         care                  later start (allowed later), later end (kept up longer), for more: STRONGER
 *         information, goal, note, texts, sources, signatures: none
 *         expectation           what counts as normal for longer, from earlier, for more: WEAKER (they call later)
 *         red flag              emergency instead of call, for more: STRONGER
 *         task                  due earlier, urgent, for more: STRONGER
 *         check-in              a question more, a rule to call back or urgent that holds for more: STRONGER; the
 *                               reverse for a rule that says expected
 *         series                longer gap or interval: STRONGER. fact: required: STRONGER
 *         A line that is new has the strength of one that holds for more, one that is gone the opposite. 48 h and 2 d
 *         are not comparable: they differ when clocks change.
 * Conditions
 *         compared in every case that both can tell apart (core/condition_worlds.h): widened, narrowed, or changed, with
 *         a note when they differ only in what is assumed or asked for, or only for values that are not declared.
 *         Beyond AC_WORLDS_MAX cases for one, or AC_DIFF_WORLDS_MAX for all, any other wording is a change.
 * Owner   the arena; borrows from both protocols.
 * Errors  none. Threads: any. PHI: none, a protocol holds none.
 */
#ifndef CORE_PROTOCOL_DIFF_H
#define CORE_PROTOCOL_DIFF_H

#include "base/json.h"
#include "core/protocol.h"

#define AC_DIFF_WORLDS_MAX 1000000

enum ac_change_kind {
	AC_CHANGE_NEW,
	AC_CHANGE_GONE,
	AC_CHANGE_RENAMED,
	AC_CHANGE_STRONGER, /* the same part with another value */
	AC_CHANGE_WEAKER,
	AC_CHANGE_WIDENED, /* a condition */
	AC_CHANGE_NARROWED,
	AC_CHANGE_REWORDED, /* a text; or the same time written in another unit */
	AC_CHANGE_MOVED,
	AC_CHANGE_CHANGED
};
enum ac_strength { AC_STRENGTH_NONE, AC_STRENGTH_STRONGER, AC_STRENGTH_WEAKER };

struct ac_change {
	enum ac_change_kind kind;
	enum ac_strength strength;
	struct ac_str id,
	    former_id;      /* of the line; a trigger's code, a note's seed; former_id: only when RENAMED */
	const char *line;   /* "restriction", "red flag", "task", "protocol" ... */
	struct ac_str part; /* "until", "when", "text de", "role" ...; empty: the line as a whole */
	struct ac_str before, after; /* in words; absent: was not there, is not there */
	struct ac_str note;
	bool visible;                 /* the patient's sheet can show it */
	bool beside;                  /* a translation's, a signature's, a line's place or id: not what the line's signature covers */
	uint32_t before_at, after_at; /* line in the file; 0: not there */
};
struct ac_changes {
	struct ac_change *v;
	size_t n;
	size_t nstronger, nweaker, nvisible;
};

void ac_protocol_diff(const struct ac_protocol *before, const struct ac_protocol *after, struct ac_arena *a,
    struct ac_changes *ret);

const char *ac_change_kind_word(enum ac_change_kind k);
const char *ac_strength_word(enum ac_strength s); /* "stronger", "weaker", "none" */

/* For people, a line a change: "no-sport: until 48 h → 24 h, WEAKER"; texts below each other. Ends with the sum. */
struct ac_str ac_changes_words(const struct ac_changes *c, bool colour, struct ac_arena *a);
/* Into an open object: members "changes" and "summary". */
void ac_changes_json(const struct ac_changes *c, struct ac_jw *w);

#endif
