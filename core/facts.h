/*
 * facts.h - the vocabulary: what a condition can read of an encounter, as one table (path, type, one or many, source).
 *
 * Shape   "patient/age", "patient/sex", "procedure/code", "allergy/code", "fact/NAME" ... A value is known or not; an
 *         absent list is unknown, an empty one that was reviewed is none. Rows "fact/NAME" and "answer/NAME" stand for
 *         every name that a protocol declares.
 * Errors  none. Times before the anchor's date and partial birth dates give no age: unknown.
 * Threads ac_facts_get may run in any thread once the facts are made.
 * PHI     values are.
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
/* NULL: not in the vocabulary. Any "fact/x" and "answer/x" gives its general row. */
const struct ac_vocab *ac_vocab_find(struct ac_str path);

/* An answer given on the panel; the snapshot's value wins, a difference is a warning. */
struct ac_answer {
	struct ac_str name; /* fact name; "anchor" is the confirmed time of the procedure (RFC 3339) */
	struct enc_strs values;
	struct ac_str by, by_role;
	int64_t at_ms;
};

/*
 * What is known of a path. Text form; yes-no values are "yes" and "no" whatever the snapshot's JSON type was.
 * An item { NULL, 0 } is one that is there without this member (an allergy without a code): it counts, and a
 * comparison that only it could decide is unknown.
 */
struct ac_value {
	bool known;
	bool partial; /* items are there, but nobody reviewed the list: more may exist */
	struct enc_strs items;
};
struct ac_facts; /* immutable but for ac_facts_add_answer; borrows the encounter and the answers */
struct ac_facts *ac_facts_make(const struct encounter *e, const struct ac_answer *answers, size_t nanswers,
    struct ac_wall anchor, struct ac_arena *a);
/* Triage: answers of a check-in, readable as answer/NAME. */
void ac_facts_add_answer(struct ac_facts *f, struct ac_str question, struct enc_strs values, struct ac_arena *a);
struct ac_value ac_facts_get(const struct ac_facts *f, struct ac_str path);

/* To ask a condition "what if": facts of which nothing is known until it is supposed. `path` and items are borrowed. */
struct ac_facts *ac_facts_none(struct ac_arena *a);
void ac_facts_suppose(struct ac_facts *f, struct ac_str path, struct ac_value v);

#endif
