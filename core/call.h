/*
 * call.h - talks with the patient: the clinic calls (a check-in), the patient calls, the patient comes.
 *
 * Shape   a call belongs to a plan and is numbered from 1 within it. It is a list of entries that only grows; where it stands
 *         follows from them. Entries: "answer" (a question of a check-in), "flag" (a red flag, yes or no), "note" (free
 *         text), "level" (what the rules or a person made of it), "outcome" (how it ended: the call is over).
 * Rules   the level of a call only rises, but for a clinician who lowers it and says why (core/triage.h says how it comes
 *         about). The first yes to a red flag makes the urgent task in the same commit, before the call is over.
 *         Only "reached" and "refused" complete the task that was called for. No message is left unless the patient is
 *         recorded as allowing it. When the attempts that the protocol allows are used up, the task goes to a clinician.
 *         A check-in is asked on the phone (kind "check-in") or of a patient who is there ("visit" with its task): the same
 *         questions, the same judgement; a visit ends in "reached" alone.
 *         Checks that are due together are one conversation: each is a call of its own plan with its own answers, level, end
 *         and leaf; all are written in one commit, or none (ac_intake_calls). One attempt is one for each of them.
 *         What was found enters the plan when the call is over, or nobody went on with it for AC_CALL_LEFT_MS: as a
 *         recorded input of the next version (core/manifest.h).
 *         Times are entries' own; the words of a question are kept with its answer, as they were asked.
 * Errors  AC_EDENIED CALL-ROLE, CALL-MESSAGE; AC_ECONFLICT FORM-STALE, CALL-STATE, TASK-STALE, TASK-STATE;
 *         AC_EINPUT CALL-KIND, CALL-QUESTION, CALL-VALUE, CALL-OUTCOME, CALL-LEVEL, CALL-REASON, CALL-EMPTY;
 *         AC_ELIMIT CALL-LIMIT; AC_ENOTFOUND CALL-UNKNOWN, TASK-UNKNOWN, PLAN-UNKNOWN.
 * PHI     all of it.
 */
#ifndef CORE_CALL_H
#define CORE_CALL_H

#include "core/actor.h"
#include "core/triage.h"

#define AC_CALLS_MAX 200        /* of one plan */
#define AC_CALL_ENTRIES_MAX 300 /* of one call */
#define AC_CALL_LEFT_MS (3600 * (int64_t)1000)

enum ac_call_kind { AC_CALL_CHECK_IN, AC_CALL_IN, AC_CALL_VISIT };
const char *ac_call_kind_word(enum ac_call_kind k); /* "check-in", "call-in", "visit" */
bool ac_call_kind_parse(struct ac_str s, enum ac_call_kind *ret);

enum ac_call_entry_kind { AC_ENTRY_ANSWER, AC_ENTRY_FLAG, AC_ENTRY_NOTE, AC_ENTRY_LEVEL, AC_ENTRY_OUTCOME };
const char *ac_call_entry_word(enum ac_call_entry_kind k);
bool ac_call_entry_parse(struct ac_str s, enum ac_call_entry_kind *ret);
struct ac_call_entry {
	enum ac_call_entry_kind kind;
	struct ac_str name;  /* question's or flag's key; the rule that fired, "person" for a level that somebody chose */
	struct ac_str value; /* the answer, "yes", a level, an outcome */
	struct ac_str words; /* the question as it was asked; the note; what made the rule fire; the reason */
	struct ac_str actor, role;
	int64_t at_ms;
};
struct ac_call {
	int64_t n;
	enum ac_call_kind kind;
	struct ac_str task; /* the task that it answers; absent: none */
	struct ac_str with; /* "plan/n" of the first of one conversation over several checks; absent: alone, or the first */
	struct ac_call_entry *entries;
	size_t nentries;
};
/* Where it stands. */
struct ac_str ac_call_outcome(const struct ac_call *c);                    /* absent: not over */
const struct ac_call_entry *ac_call_level_entry(const struct ac_call *c);  /* the last; NULL: no level yet */
enum ac_triage_level ac_call_level(const struct ac_call *c);
/* The last thing said to a question or a flag; NULL: nothing. */
const struct ac_call_entry *ac_call_said(const struct ac_call *c, enum ac_call_entry_kind kind, struct ac_str key);
struct ac_str ac_call_name(struct ac_arena *a, struct ac_uuid plan, int64_t n); /* "plan/n" */
int64_t ac_call_at_ms(const struct ac_call *c); /* its first entry */
/* Over, or left alone: what was found in it belongs into the plan. One that reached nobody found nothing. */
bool ac_call_is_finding(const struct ac_call *c, int64_t now_ms);
/* How often somebody tried this task without reaching anybody. */
bool ac_call_reached_nobody(struct ac_str outcome); /* nobody answered, a message was left, a wrong number */
size_t ac_call_attempts(const struct ac_call *v, size_t n, struct ac_str task);

struct ac_jw;
void ac_calls_write(struct ac_jw *w, const struct ac_call *v, size_t n); /* a list */
/* Canonical JSON of calls: as recorded with a plan version. Absent for none. */
struct ac_str ac_calls_encode(const struct ac_call *v, size_t n, struct ac_arena *a);
enum ac_code ac_calls_decode(struct ac_str json, struct ac_arena *a, struct ac_call **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;

/* What a person does in a call. Whatever is absent is not said. */
struct ac_call_answer {
	bool is_flag;
	struct ac_str key, value; /* as ac_question_key or ac_flag_key; an empty value is not said */
};
struct ac_call_act {
	struct ac_uuid plan;
	int64_t call; /* 0: a new one */
	int64_t seen; /* entries that the page showed; for a new one: calls of the plan */
	enum ac_call_kind kind;
	struct ac_str task; /* of a check-in */
	int64_t task_seq;   /* as the page showed it */
	const struct ac_call_answer *answers;
	size_t nanswers;
	struct ac_str note, outcome;
	enum ac_triage_level level; /* chosen by a person; NONE: not */
	struct ac_str reason;
};
#define AC_CALL_ANSWERS_MAX 128

#endif
