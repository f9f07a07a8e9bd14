/*
 * handout_parts.h - what the files of the sheet share: handout*.c. Nobody else includes it.
 *
 * Shape   struct sheet is one sheet being written, serialised as XML so that a reader of XML and one of HTML see the same;
 *         no element but void ones and SVG is ever empty.
 */
#ifndef CORE_HANDOUT_PARTS_H
#define CORE_HANDOUT_PARTS_H

#include "base/xw.h"
#include "core/handout.h"
#include "core/handout_words.h"
#include "core/sheet_time.h"
#include "core/timeline.h"
#include "core/visible.h"

struct ac_sheet {
	struct ac_xw w;
	struct ac_arena *a;
	const struct ac_plan *p;
	const struct ac_handout_options *o;
	struct ac_str lang;  /* as wanted */
	struct ac_str words; /* of the fixed words: "en", "de" */
	struct ac_str times; /* of dates and clocks: the reader's own tag, "en-US", where its words have a table */
	bool has_words;      /* there is a table for its language */
	struct ac_visible changes; /* from what the patient knows */
	int64_t now;         /* when it is given; for a preview, when the plan was made */
	bool fell_back;      /* a text was not there in the language */
	bool assumed;        /* a line is marked as assumed */
	bool night;          /* an end is stated as the morning after it */
};
const char *ac_sheet_word(const struct ac_sheet *s, enum ac_word w);
void ac_sheet_open(struct ac_sheet *s, const char *name, const char *class);
void ac_sheet_span(struct ac_sheet *s, const char *class, struct ac_str text);
/* A text of the protocol in the sheet's language; when it is another one, it is marked and says so to screen readers. */
void ac_sheet_text(struct ac_sheet *s, struct ac_texts t);
struct ac_str ac_sheet_day(struct ac_sheet *s, int64_t t);       /* Tue 31 March */
struct ac_str ac_sheet_short_day(struct ac_sheet *s, int64_t t); /* Tue 31 Mar */
struct ac_str ac_sheet_clock(struct ac_sheet *s, int64_t t);     /* 15:35 */
void ac_sheet_instant(struct ac_sheet *s, int64_t t);            /* both, the clock strong */
int64_t ac_sheet_stated(struct ac_sheet *s, int64_t end);        /* an end as the sheet states it: core/sheet_time.h */
struct ac_str ac_person_words(struct enc_strs given, struct ac_str family, struct ac_arena *a);

/* <!DOCTYPE> to </head>; languages and words are worked out from `lang`. Then a body, and html is ended. */
void ac_sheet_begin(struct ac_sheet *s, struct ac_buf *b);

/* handout_numbers.c */
void ac_sheet_numbers(struct ac_sheet *s);
/* handout_bans.c */
void ac_sheet_not_yet(struct ac_sheet *s);
/* Lines that end at the same moment are one row; rows are numbered from 1. */
bool ac_sheet_is_first_of_row(const struct ac_plan *p, size_t line);
bool ac_sheet_is_contradicted(const struct ac_plan *p, const struct ac_plan_line *l);
void ac_sheet_small(struct ac_sheet *s, const char *class, enum ac_word w);
void ac_sheet_assumed(struct ac_sheet *s, bool is_assumed); /* in the same line as what is assumed */
void ac_sheet_exceptions(struct ac_sheet *s, const struct ac_instruction *def);
void ac_sheet_mark(struct ac_sheet *s, const char *class, enum ac_word word); /* a paragraph */
/* handout_foot.c */
void ac_sheet_foot(struct ac_sheet *s);
void ac_sheet_notes(struct ac_sheet *s);
void ac_sheet_running(struct ac_sheet *s);
/* handout_changes.c */
void ac_sheet_changes(struct ac_sheet *s);
void ac_sheet_change_mark(struct ac_sheet *s, const struct ac_plan_line *l);
void ac_sheet_check(struct ac_sheet *s);
/* handout_lists.c */
void ac_sheet_task_when(struct ac_sheet *s, const struct ac_plan_task *t);
bool ac_sheet_states_day(const struct ac_plan_line *l);    /* weeks of care do not end at a minute */
bool ac_sheet_task_by_day(const struct ac_plan_task *t); /* days, no clock */
void ac_sheet_do(struct ac_sheet *s);
void ac_sheet_in_touch(struct ac_sheet *s);
void ac_sheet_signs(struct ac_sheet *s);

#endif
