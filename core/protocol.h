/*
 * protocol.h - a protocol as loaded: the template from which plans are made.
 *
 * Shape   schemas/protocol.rnc; every line keeps its id, source line number and column. Immutable after loading, shared
 *         by threads. Lives in the arena given to the loader.
 * Errors  AC_EINPUT with rule PRT-nnn (the table in core/protocol_rules.h), line, column, path "/protocol/task[2]";
 *         AC_ELIMIT with PRT-LIMIT. Lint collects many.
 * Rules   no DOCTYPE, no network, no entities but the five, depth <= 16, <= 1 MiB, <= 2000 lines of any kind.
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

struct ac_text {
	struct ac_str lang, text;
};
struct ac_texts {
	struct ac_text *v;
	size_t n;
};
/* The text in `lang`, else its primary language, else "en", else the first; *ret_fell_back says whether not the asked one. */
struct ac_str ac_text_pick(struct ac_texts t, struct ac_str lang, bool *ret_fell_back);

/* A distance from the anchor. */
enum ac_offset_kind { AC_OFFSET_NONE, AC_OFFSET_ELAPSED, AC_OFFSET_DAYS, AC_OFFSET_DAYS_AT };
struct ac_offset {
	enum ac_offset_kind kind;
	int32_t seconds;   /* ELAPSED */
	int32_t days;      /* DAYS, DAYS_AT */
	int8_t hour, min;  /* DAYS_AT */
	char unit;         /* as written: 'm' min, 'h', 'd', 'w'; 0: the largest that fits */
};
bool ac_offset_parse(struct ac_str s, struct ac_offset *ret);
/* "48 hours", "3 days" in words of `lang` (en, de) */
struct ac_str ac_offset_words(struct ac_arena *a, struct ac_offset o, struct ac_str lang);
struct ac_str ac_offset_str(struct ac_arena *a, struct ac_offset o); /* as in the file: "48 h" */

struct ac_line { /* what every line has */
	struct ac_str id, seed, signed_by, signed_on; /* seed: ids separated by blanks */
	const struct ac_condition *when;              /* NULL: always */
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
	struct ac_str name, seed;
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
struct ac_except {
	struct ac_str concept, lang, text;
};
struct ac_why {
	struct ac_str lang, evidence, source, text;
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
struct ac_red_flag {
	struct ac_line l;
	enum ac_flag_level level;
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
enum ac_closed { AC_CLOSED_KEEP, AC_CLOSED_BEFORE, AC_CLOSED_AFTER };
/* What completes a task but a person who says so: the sheet is given out; what it asks for is recorded, so that its
 * condition does not hold any more. */
enum ac_done_by { AC_DONE_BY_PERSON, AC_DONE_BY_ISSUE, AC_DONE_BY_RECORD };
struct ac_task_def {
	struct ac_line l;
	struct ac_str concept, role, questions;
	enum ac_task_kind kind;
	struct ac_offset from, until, range_min, range_max, shift;
	enum ac_closed closed;
	enum ac_done_by done_by;
	bool urgent, patient;
	struct ac_texts label, text;
};
struct ac_question {
	struct ac_str id, type, seed;
	struct ac_texts text;
};
struct ac_triage_rule {
	const struct ac_condition *when;
	struct ac_str outcome;
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
struct ac_note {
	struct ac_str seed, as, lang, text;
	uint32_t line, col;
};
struct ac_protocol {
	struct ac_str id, owner;
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
	struct ac_note *notes;
	size_t nnotes;
};

enum ac_code ac_protocol_load(struct ac_str xml, struct ac_arena *a, const struct ac_protocol **ret,
    struct ac_err *reterr) AC_MUST_CHECK;

const char *ac_instruction_kind_word(enum ac_instruction_kind k);
const char *ac_task_kind_word(enum ac_task_kind k);
const char *ac_flag_level_word(enum ac_flag_level l);

/* What lint found: an open decision blocks publishing, an error too; a warning does not. */
enum ac_lint_level { AC_LINT_WARNING, AC_LINT_DECISION, AC_LINT_ERROR };
struct ac_finding {
	enum ac_lint_level level;
	const char *rule;   /* "LINT-WINDOW", "LINT-UNSIGNED", ... */
	uint32_t line, col;
	struct ac_str line_id, message; /* no PHI: a protocol holds none */
};
struct ac_findings {
	struct ac_finding *v;
	size_t n;
};
struct ac_clinic; /* core/clinic.h; NULL: contact lines are not checked */
void ac_protocol_lint(const struct ac_protocol *p, const struct ac_clinic *clinic, struct ac_arena *a,
    struct ac_findings *ret);
bool ac_findings_block_publish(const struct ac_findings *f);

#endif
