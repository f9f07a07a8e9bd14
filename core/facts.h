/*
 * facts.h - the vocabulary: what a condition can read of an encounter, as one table (path, type, one or many, source).
 *
 * Shape   "patient/age", "patient/sex", "procedure/code", "allergy/code", "fact/NAME" ... A value is known or not; an
 *         absent list is unknown, an empty one that was reviewed is none (CONTRACTS "Facts and conditions").
 */
#ifndef CORE_FACTS_H
#define CORE_FACTS_H

#include "base/arena.h"
#include "hl7/encounter.h"

enum ac_fact_kind { AC_KIND_STRING, AC_KIND_NUMBER, AC_KIND_BOOL };
struct ac_vocab {
	const char *path;
	enum ac_fact_kind kind;
	bool many, derived, free_text; /* free_text: lint refuses conditions on it */
	const char *source;            /* member of the snapshot, for the manual */
};
extern const struct ac_vocab ac_vocabulary[]; /* ends with path NULL */
const struct ac_vocab *ac_vocab_find(struct ac_str path);

/* An answer given on the panel; the snapshot's value wins, a difference is a warning. */
struct ac_answer {
	struct ac_str name; /* fact name; "anchor" is the confirmed time of the procedure (RFC 3339) */
	struct enc_strs values;
	struct ac_str by, by_role;
	int64_t at_ms;
};

struct ac_value {
	bool known;
	struct enc_strs items; /* text form */
};
struct ac_facts; /* immutable */
struct ac_facts *ac_facts_make(const struct encounter *e, const struct ac_answer *answers, size_t nanswers,
    struct ac_wall anchor, struct ac_arena *a);
/* Triage: answers of a check-in, readable as answer/NAME. */
void ac_facts_add_answer(struct ac_facts *f, struct ac_str question, struct enc_strs values, struct ac_arena *a);
struct ac_value ac_facts_get(const struct ac_facts *f, struct ac_str path);

#endif
