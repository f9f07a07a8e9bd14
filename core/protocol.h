/*
 * protocol.h - a protocol as loaded: the template from which plans are made.
 *
 * Shape   schemas/protocol.rnc; every line keeps its id, source line number and column. Immutable after loading, shared
 *         by threads. Lives in the arena given to the loader.
 * Errors  AC_EINPUT with rule PRT-nnn (the table in core/protocol_rules.h), line, column, path "/protocol/task[2]";
 *         AC_ELIMIT with PRT-LIMIT. Lint collects many.
 * Rules   no DOCTYPE, no network, no entities but the five, depth <= 16, <= 1 MiB, <= 2000 lines of any kind, <= 24 times of a task.
 */
#ifndef CORE_PROTOCOL_H
#define CORE_PROTOCOL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "core/condition.h"

#define AC_PROTOCOL_BYTES_MAX (1024 * 1024)
#define AC_PROTOCOL_LINES_MAX 2000
#define AC_PROTOCOL_DEPTH_MAX 16
#define AC_TASK_TIMES_MAX 24

/*
 * A text in the protocol's own language, or a translation of it. A translation is bound to the text that it translates:
 * `of` is the start of that text's SHA-256. When the text changes, or `of` is absent, the translation is stale and
 * counts as missing until somebody has looked at it again.
 */
enum ac_text_state { AC_TEXT_SOURCE, AC_TEXT_CURRENT, AC_TEXT_STALE };
struct ac_text {
	struct ac_str lang, text;
	enum ac_text_state state;
	struct ac_str of; /* translations: 32 hexadecimal digits (16: a former length); absent: bound to nothing */
	struct ac_str signed_by,
	    signed_on; /* translations: who answers for it; the source's signer is its line's */
	uint32_t line, col;
};
struct ac_texts {
	struct ac_text *v;
	size_t n;
};
/*
 * The text in `lang`, else in its primary language, else in the protocol's language; *ret_fell_back (NULL is allowed)
 * says whether not the asked one. Never a stale translation. NULL: there is no text at all.
 */
const struct ac_text *ac_text_find(struct ac_texts t, struct ac_str lang, bool *ret_fell_back);
struct ac_str ac_text_pick(
    struct ac_texts t, struct ac_str lang, bool *ret_fell_back); /* its words, or absent */
const struct ac_text *ac_text_source(struct ac_texts t);         /* in the protocol's language; NULL: none */
/* What `of` says for a translation of this text: 32 hexadecimal digits; white space does not count. */
struct ac_str ac_text_of(struct ac_arena *a, struct ac_str source_text);
/* The same text, one of them perhaps in the former length of 16 digits. */
bool ac_text_is_of(struct ac_str of, struct ac_str hash);

/* A distance from the anchor. */
enum ac_offset_kind { AC_OFFSET_NONE, AC_OFFSET_ELAPSED, AC_OFFSET_DAYS, AC_OFFSET_DAYS_AT };
struct ac_offset {
	enum ac_offset_kind kind;
	int32_t seconds;  /* ELAPSED */
	int32_t days;     /* DAYS, DAYS_AT */
	int8_t hour, min; /* DAYS_AT */
	char unit;        /* as written: 'm' min, 'h', 'd', 'w'; 0: the largest that fits */
};
bool ac_offset_parse(struct ac_str s, struct ac_offset *ret);
/* "48 hours", "3 days" in words of `lang` (en, de) */
struct ac_str ac_offset_words(struct ac_arena *a, struct ac_offset o, struct ac_str lang);
struct ac_str ac_offset_str(struct ac_arena *a, struct ac_offset o); /* as in the file: "48 h" */

/* What happens to a line whose condition hangs on a fact that nobody knows. */
enum ac_when_unknown { AC_WHEN_UNKNOWN_OPEN, AC_WHEN_UNKNOWN_INCLUDE, AC_WHEN_UNKNOWN_OMIT };
struct ac_line {                                      /* what every line has */
	struct ac_str id, seed, signed_by, signed_on; /* seed: ids separated by blanks */
	const struct ac_condition *when;              /* NULL: always */
	enum ac_when_unknown unknown; /* OPEN: not said; the line is included, as a ban always is */
	uint32_t line, col;
	struct ac_str *decide; /* open decisions, in words */
	size_t ndecide;
};
struct ac_window {
	struct ac_offset from, until, range_min, range_max;
	const struct ac_condition *when;
	uint32_t line, col;
};
enum ac_trigger_kind { AC_TRIGGER_CODE, AC_TRIGGER_CATEGORY, AC_TRIGGER_PRODUCT };
struct ac_trigger {
	enum ac_trigger_kind kind;
	struct ac_str system, code; /* CODE; for the others `code` is the category or product name */
	const struct ac_condition *when;
	uint32_t line, col;
};
enum ac_fact_type { AC_FACT_CHOICE, AC_FACT_NUMBER, AC_FACT_YES_NO };
struct ac_fact_value {
	struct ac_str code;
	struct ac_texts label;
};
struct ac_fact_def {
	struct ac_str name, seed, source; /* source: where it comes from, in words for administrators */
	enum ac_fact_type type;
	bool many, required, ask;
	struct ac_texts label;
	struct ac_fact_value *values;
	size_t nvalues;
	struct ac_str *decide;
	size_t ndecide;
	uint32_t line, col;
};
struct ac_goal {
	struct ac_line l;
	struct ac_str concept;
	struct ac_texts text;
};
enum ac_instruction_kind { AC_RESTRICTION, AC_CARE, AC_INFORMATION, AC_WARNING };
/* One exception, one reason: its words in all languages (in the file each language is an element of its own). */
struct ac_except {
	struct ac_str concept;
	struct ac_texts text;
	uint32_t line, col;
};
struct ac_why {
	struct ac_str evidence, source;
	struct ac_texts text;
	uint32_t line, col;
};
struct ac_instruction {
	struct ac_line l;
	struct ac_str concept;
	enum ac_instruction_kind kind;
	struct ac_texts label, text;
	struct ac_window *windows;
	size_t nwindows;
	struct ac_why *why;
	size_t nwhy;
	struct ac_except *except;
	size_t nexcept;
	struct ac_str *contradicts; /* concepts */
	size_t ncontradicts;
};
struct ac_expectation {
	struct ac_line l;
	struct ac_offset from, until;
	struct ac_texts text;
};
enum ac_flag_level { AC_FLAG_CALL, AC_FLAG_EMERGENCY };
enum ac_contact_line { AC_CONTACT_OPEN, AC_CONTACT_CLINIC, AC_CONTACT_OUT_OF_HOURS, AC_CONTACT_EMERGENCY };
struct ac_red_flag {
	struct ac_line l;
	enum ac_flag_level level;
	enum ac_contact_line contact; /* whom to call; OPEN: not decided */
	struct ac_offset from;        /* NONE: from the first minute */
	struct ac_texts text;
};
enum ac_task_kind {
	AC_TASK_CHECK_IN,
	AC_TASK_CALL,
	AC_TASK_VISIT,
	AC_TASK_BOOKING,
	AC_TASK_SESSION,
	AC_TASK_EDUCATION,
	AC_TASK_REVIEW,
	AC_TASK_RECORD
};
/* Where a task goes whose due falls on a closed day: nowhere, to the open day before or after, or to the next day of that
 * name (AC_CLOSED_MONDAY + ac_weekday), or the open day after it. */
enum ac_closed { AC_CLOSED_KEEP, AC_CLOSED_BEFORE, AC_CLOSED_AFTER, AC_CLOSED_MONDAY, AC_CLOSED_SUNDAY = AC_CLOSED_MONDAY + 6 };
/* What completes a task but a person who says so: the sheet is given out; what it asks for is recorded, so that its
 * condition does not hold any more. */
enum ac_done_by { AC_DONE_BY_PERSON, AC_DONE_BY_ISSUE, AC_DONE_BY_RECORD };
struct ac_task_def {
	struct ac_line l;
	struct ac_str concept, role, questions; /* role absent: not decided */
	enum ac_task_kind kind;
	struct ac_offset from, until, range_min, range_max, shift;
	/* Several times: occurrence n (from 1; part of the task's key) is from at[n - 1] until `within` after it. `from`,
	 * `until` and the range are NONE then. */
	struct ac_offset *at, within;
	size_t nat;
	enum ac_closed closed;
	enum ac_done_by done_by;
	bool urgent, patient;
	struct ac_offset take_within, escalate_after; /* NONE: the clinic's; never by itself */
	struct ac_str escalate_to;                    /* a role; absent: clinician */
	int32_t attempts;                             /* of a call, before a clinician decides; 0: not decided */
	int16_t call_from, call_until;                /* minutes of the day; both 0: not decided */
	struct ac_texts label, text;
};
struct ac_question {
	struct ac_str id, type, seed; /* type: score, yes-no, temperature, text, choice */
	struct ac_texts text;
	struct ac_fact_value *values; /* of a choice */
	size_t nvalues;
	uint32_t line, col;
};
struct ac_triage_rule { /* the gravest that holds decides (core/triage.h) */
	const struct ac_condition *when;
	struct ac_str outcome;
	uint32_t line, col;
};
struct ac_check_in {
	struct ac_line l;
	struct ac_question *questions;
	size_t nquestions;
	struct ac_triage_rule *rules;
	size_t nrules;
};
struct ac_series {
	struct ac_line l;
	int32_t sessions; /* 0: not decided */
	struct ac_offset interval_min, interval_max, minimum_gap;
	struct ac_texts text;
};
struct
    ac_contact_need { /* a contact line that the clinic must have filled before this protocol is published */
	enum ac_contact_line line_of;
	uint32_t line, col;
};
struct ac_note {
	struct ac_str seed, as, lang, text;
	uint32_t line, col;
};
struct ac_protocol {
	struct ac_str id, owner,
	    lang; /* lang: of the texts that translations are made from; else the first title's */
	bool demonstration;
	struct ac_texts title;
	struct ac_str based_on, based_on_version;
	struct ac_sha256 version; /* SHA-256 of the source under C14N 1.0 with comments */
	struct ac_trigger *triggers;
	size_t ntriggers;
	struct ac_fact_def *facts;
	size_t nfacts;
	struct ac_goal *goals;
	size_t ngoals;
	struct ac_instruction *instructions;
	size_t ninstructions;
	struct ac_expectation *expectations;
	size_t nexpectations;
	struct ac_red_flag *red_flags;
	size_t nred_flags;
	struct ac_task_def *tasks;
	size_t ntasks;
	struct ac_check_in *check_ins;
	size_t ncheck_ins;
	struct ac_series *series; /* NULL: none */
	struct ac_contact_need *contacts;
	size_t ncontacts;
	struct ac_note *notes;
	size_t nnotes;
};

enum ac_code ac_protocol_load(struct ac_str xml, struct ac_arena *a, const struct ac_protocol **ret,
    struct ac_err *reterr) AC_MUST_CHECK;

struct ac_str ac_calling_hours(struct ac_arena *a, const struct ac_task_def *t); /* "09:00-19:00"; absent: not decided */
const char *ac_instruction_kind_word(enum ac_instruction_kind k);
const char *ac_task_kind_word(enum ac_task_kind k);
const char *ac_flag_level_word(enum ac_flag_level l);
const char *ac_contact_line_word(
    enum ac_contact_line c); /* "clinic", "out-of-hours", "emergency"; OPEN: "" */
const char *ac_when_unknown_word(enum ac_when_unknown u); /* "include", "omit"; OPEN: "" */

/* What lint found: an open decision blocks publishing, an error too; a warning does not. */
enum ac_lint_level { AC_LINT_WARNING, AC_LINT_DECISION, AC_LINT_ERROR };
struct ac_finding {
	enum ac_lint_level level;
	const char *rule; /* "LINT-WINDOW", "LINT-UNSIGNED", ... */
	uint32_t line, col;
	struct ac_str line_id, message; /* no PHI: a protocol holds none */
};
struct ac_findings {
	struct ac_finding *v;
	size_t n;
};
struct ac_clinic; /* core/clinic.h; NULL: contact lines are not checked */
/* What a protocol is held against beside itself. */
struct ac_lint_beside {
	const struct ac_clinic *clinic;
	const struct ac_protocol *const *others; /* active ones; the same id is passed over */
	size_t nothers;
	bool unapproved; /* it is in force by break-glass, and nobody has approved it yet */
	const struct ac_protocol *base; /* the version in force, which it would replace: whose signatures count for what it said; NULL: none */
};
void ac_protocol_lint_beside(const struct ac_protocol *p, const struct ac_lint_beside *beside, struct ac_arena *a,
    struct ac_findings *ret);
/* core/lint_rules.def */
struct ac_lint_rule_row {
	const char *id, *sentence;
	enum ac_lint_level level;
};
const struct ac_lint_rule_row *ac_lint_rules(size_t *ret_n);
void ac_protocol_lint(
    const struct ac_protocol *p, const struct ac_clinic *clinic, struct ac_arena *a, struct ac_findings *ret);
bool ac_findings_block_publish(const struct ac_findings *f);

#endif
