/*
 * override.h - what a clinician decided for one visit, beside the protocol: a window, a line left out, added or reworded.
 *
 * Shape   each act is a row that is never changed (table plan_override); undoing one is another act. All acts of a plan,
 *         in their order, are a recorded input of its versions: canonical JSON, an array of what ac_override_encode
 *         writes. What holds follows from them (core/plan_override.c): of two acts of one kind on one line the later.
 * Rules   a clinician decides, in core (ac_plan_override). Acts belong to the plan, so they survive later snapshots and
 *         other versions of its protocols: by the line's id, else by its kind and concept. A line that is not in the plan
 *         now keeps its overrides; the plan says so.
 *         An act on a line is a clinician's word on its end: from then on a sheet given before holds that line to the
 *         end that the act gave it (`end`), not to the one it printed (core/plan_keep.c).
 *         What is doubtful (core/override_judge.c) is shown before it is saved and must be confirmed; what was confirmed
 *         is part of the act.
 * Errors  AC_EDENIED OVERRIDE-ROLE; AC_ECONFLICT FORM-STALE, OVERRIDE-STATE (the plan does not hold), OVERRIDE-PENDING
 *         (changes of the chart wait for the signature), OVERRIDE-UNDONE, OVERRIDE-CONFIRM; AC_EINPUT OVERRIDE-REASON,
 *         -LINE, -WINDOW, -TEXT, -LANGUAGE, -KIND, -CONCEPT (the plan has a line about it: change that), -NOTHING;
 *         AC_ELIMIT OVERRIDE-LIMIT.
 * PHI     texts and reasons are a person's words about a patient. Reasons never reach the patient's sheet.
 */
#ifndef CORE_OVERRIDE_H
#define CORE_OVERRIDE_H

#include "base/json.h"
#include "core/protocol.h"
#include "hl7/encounter.h"

#define AC_OVERRIDES_MAX 100       /* acts of one plan, undone ones and undoing too */
#define AC_OVERRIDE_ADDED_MAX 10   /* lines that hold */
#define AC_OVERRIDE_TEXT_MAX 400   /* bytes */
#define AC_OVERRIDE_REASON_MAX 500 /* bytes */
#define AC_OVERRIDE_DAYS_MAX 730   /* of a window's end */
#define AC_OVERRIDE_KEY_MAX 200    /* bytes of a line's key */

enum ac_override_act {
	AC_OVERRIDE_WINDOW,
	AC_OVERRIDE_OMIT,
	AC_OVERRIDE_ADD,
	AC_OVERRIDE_REWORD,
	AC_OVERRIDE_UNDO,
	AC_OVERRIDE_ACTS
};
struct ac_override {
	int64_t n; /* of the plan's acts, from 1 */
	enum ac_override_act act;
	struct ac_str line;            /* "mesotherapy/no-sauna"; ADD: the new line's own; UNDO: that of what it undoes */
	enum ac_instruction_kind kind; /* of the line */
	struct ac_str concept;         /* ADD: chosen, else one of its own */
	struct ac_offset from, until;  /* WINDOW, ADD; NONE: at once, no end stated */
	struct ac_str text, lang;      /* ADD, REWORD: what the patient reads, and in which language */
	struct ac_str english;         /* the same for staff and document; absent where `lang` is English */
	struct ac_str base;            /* what the protocol's line said then: a short digest; absent for ADD */
	int64_t undoes;                /* UNDO */
	int64_t end; /* what the act made of the line's end: AC_INSTANT_NONE none stated, 0 the line is gone */
	struct ac_str reason, by, by_role;
	int64_t at_ms;
	struct enc_strs confirmed; /* rules of the doubts that were shown and confirmed */
};
struct ac_overrides {
	const struct ac_override *v;
	size_t n;
};

const char *ac_override_act_word(enum ac_override_act a); /* "window", "omit", "add", "reword", "undo" */
bool ac_override_act_of(struct ac_str word, enum ac_override_act *ret);
bool ac_instruction_kind_of(struct ac_str word, enum ac_instruction_kind *ret);

/* Canonical JSON of one act: what its row holds, and what its leaf's digest covers. */
struct ac_str ac_override_encode(const struct ac_override *o, struct ac_arena *a);
enum ac_code ac_override_decode(
    struct ac_str json, struct ac_arena *a, struct ac_override *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The array of all acts; absent for none. */
struct ac_str ac_overrides_encode(struct ac_overrides all, struct ac_arena *a);
enum ac_code ac_overrides_decode(
    struct ac_str json, struct ac_arena *a, struct ac_overrides *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* The act that undid it; NULL: none. */
const struct ac_override *ac_override_undone_by(struct ac_overrides all, const struct ac_override *o);
/* It is not undone, and no later act of its kind on its line took its place. */
bool ac_override_holds(struct ac_overrides all, const struct ac_override *o);

/* The key of the n-th act's added line, and the protocol that stands for added lines: no file, no version. */
struct ac_str ac_override_key(struct ac_arena *a, int64_t n);
#define AC_OVERRIDE_PROTOCOL "override"

#endif
