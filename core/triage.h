/*
 * triage.h - what the answers of a check-in or the signs that a patient reports ask of the clinic.
 *
 * Shape   pure functions. An answer belongs to a question of one check-in of one protocol; the rules of that check-in read
 *         its own answers and the facts of the visit.
 * Rules   the highest answer wins, in whatever order rules stand and answers come: of the rules that hold the gravest
 *         outcome counts. Nothing is "expected" because nobody asked: with a question unanswered (free text aside), or
 *         where no rule says anything, it is a call back at least. A rule that hangs on a fact of the chart that nobody
 *         recorded holds, as the stricter branch always does.
 *         A red flag that is answered with yes is urgent whatever its level: the level says whom the patient must phone.
 * Threads no shared state.
 * PHI     answers are.
 */
#ifndef CORE_TRIAGE_H
#define CORE_TRIAGE_H

#include "core/facts.h"
#include "core/protocol.h"

enum ac_triage_level { AC_LEVEL_NONE, AC_LEVEL_EXPECTED, AC_LEVEL_CALL_BACK, AC_LEVEL_URGENT };
const char *ac_level_word(enum ac_triage_level l); /* "", "expected", "call-back", "urgent" */
bool ac_level_parse(struct ac_str s, enum ac_triage_level *ret);

/* A check-in of a protocol, as a task asks for it. */
struct ac_questions {
	const struct ac_protocol *protocol;
	const struct ac_check_in *check_in;
};
/* "mesotherapy/early-reaction/pain" */
struct ac_str ac_question_key(struct ac_arena *a, const struct ac_questions *q, const struct ac_question *of);

/* What was said: `value` is empty where a question was passed over. */
struct ac_said {
	struct ac_str key, value;
};
#define AC_SAID_TEXT_MAX 1000 /* bytes of free text */
/* The value as it is kept ("37.5" for " 37,5 "); false: it is none of what the question takes. */
bool ac_said_fits(const struct ac_question *q, struct ac_str value, struct ac_arena *a, struct ac_str *ret);

struct ac_triage {
	enum ac_triage_level level;
	struct ac_str rule;  /* which one fired: "mesotherapy/early-reaction/2", "unanswered", "no-rule" */
	struct ac_str words; /* what made it fire, in English: "Fever? yes" */
};
/* The visit that the rules may read. */
struct ac_triage_of {
	const struct encounter *e;
	const struct ac_answer *answers; /* of the panel */
	size_t nanswers;
	struct ac_wall anchor;
};
/* All check-ins that one call goes through. None: AC_LEVEL_NONE. While the call is not over, only what needs somebody
 * counts: what is not answered yet may still be, and nothing is "expected" so far. */
struct ac_triage ac_triage(const struct ac_triage_of *of, const struct ac_questions *q, size_t nq,
    const struct ac_said *said, size_t nsaid, bool is_over, struct ac_arena *a);
/* The graver of two; of equals the first. */
struct ac_triage ac_triage_max(struct ac_triage x, struct ac_triage y);

#endif
