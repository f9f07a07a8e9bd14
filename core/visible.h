/*
 * visible.h - what of a plan stands on the patient's sheet, and how far two plans differ in it: the call that tells the
 * patient, and the new sheet that marks what changed.
 *
 * Shape   one entry for each line, sign, appointment that differs, as the sheet states it: an end that moved within one night
 *         is stated as the same morning and is no difference. Strength as in core/plan_compare.h, seen by who follows the
 *         old sheet: stronger and new things are missing on it, weaker and gone ones are only too strict.
 * Owner   the arena; words and times are borrowed from the plans.
 * Threads pure functions.
 */
#ifndef CORE_VISIBLE_H
#define CORE_VISIBLE_H

#include "core/record.h"

#define AC_TASK_TELL "aftercare/tell-the-patient/"

enum ac_visible_kind { AC_VISIBLE_NEW, AC_VISIBLE_STRONGER, AC_VISIBLE_WEAKER, AC_VISIBLE_CHANGED, AC_VISIBLE_GONE };
enum ac_visible_part {
	AC_VISIBLE_LINE,
	AC_VISIBLE_SIGN,
	AC_VISIBLE_EXPECTED,
	AC_VISIBLE_TASK,
	/* these have no text of a protocol */
	AC_VISIBLE_STATUS,
	AC_VISIBLE_SERIES,
	AC_VISIBLE_AREAS,
	AC_VISIBLE_NUMBERS
};
struct ac_visible_change {
	enum ac_visible_kind kind;
	enum ac_visible_part part;
	const struct ac_plan_line *line, *was; /* of an instruction: now, before; NULL: of something else, or not there */
	const struct ac_plan_task *task;       /* a visit or call that the sheet announces; NULL: something else */
	struct ac_texts text;                  /* n 0: the part alone says it */
	int64_t at; /* from when on who follows the old sheet does otherwise; AC_INSTANT_NONE: from now on */
};
struct ac_visible {
	bool changed;
	bool urgent; /* who follows the old sheet does something too early, too long ago, or not at all */
	struct ac_visible_change *v;
	size_t n;
};
struct ac_visible ac_plan_visible(const struct ac_plan *before, const struct ac_plan *now, struct ac_arena *a);
const char *ac_visible_word(enum ac_visible_kind k); /* "new", "stricter", "less strict", "changed", "gone" */
/* The same of a change and of all those that moved from one time to another with it; absent for those others. */
struct ac_str ac_visible_told(const struct ac_visible *v, size_t i, const struct ac_zone *z, struct ac_arena *a);
/* "stricter: No sauna, until Tue 31 Mar, 14:35 (sheet: Mon 30 Mar, 14:35)": one change, for staff, in English. */
struct ac_str ac_visible_words(const struct ac_visible_change *c, const struct ac_zone *z, struct ac_arena *a);

/* The newest plan version that the patient knows: by a sheet, or because somebody recorded having told. 0: none. */
int64_t ac_told_version(const struct ac_issue_row *issues, size_t nissues, const struct ac_task_row *tasks, size_t ntasks);

#endif
