/*
 * protocol_lint.h - what the files of lint share.
 *
 * Shape   findings are collected in any order and sorted by place at the end. A rule's level stands in lint_rules.def.
 * Owner   the caller's arena.
 * Threads one run is one thread's; the protocol is read only.
 */
#ifndef CORE_PROTOCOL_LINT_H
#define CORE_PROTOCOL_LINT_H

#include "core/condition_worlds.h"
#include "core/protocol.h"

#define AC_LINT_FINDINGS_MAX 10000 /* more help nobody */
#define AC_LINT_WORLDS_MAX (8 * AC_WORLDS_MAX)

enum ac_lint_rule {
#define X(name, id, level, sentence) AC_RULE_##name,
#include "core/lint_rules.def"
#undef X
	AC_LINT_RULES_N
};
struct ac_lint {
	const struct ac_protocol *p;
	const struct ac_lint_beside *beside;
	struct ac_arena *a;
	size_t worlds_left; /* cases that this run may still look at */
	AC_VEC(struct ac_finding) found;
};
struct ac_lint_place {
	uint32_t line, col;
	struct ac_str id; /* of the line, fact or check-in; absent for the whole protocol */
};

void ac_lint_add(struct ac_lint *l, enum ac_lint_rule rule, struct ac_lint_place at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* protocol_lint_lines.c, _conditions.c, _conflicts.c, _words.c, _clinic.c, _carried.c */
void ac_lint_lines(struct ac_lint *l);
void ac_lint_conditions(struct ac_lint *l);
void ac_lint_conflicts(struct ac_lint *l);
void ac_lint_words(struct ac_lint *l);
void ac_lint_clinic(struct ac_lint *l);
void ac_lint_carried(struct ac_lint *l);

/* NULL: too many cases. */
struct ac_worlds *ac_lint_worlds(
    struct ac_lint *l, const struct ac_condition *const *c, size_t n, const struct ac_world_names *names);
/* In some case that the protocol's own facts allow, all of these conditions (NULL: always) are true at once. A question
 * too large to answer is answered by yes. */
bool ac_lint_can_meet(struct ac_lint *l, const struct ac_condition *const *c, size_t n,
    const struct ac_check_in *check_in, const struct ac_protocol *other);
/* The time in which an instruction can hold, at its widest. */
void ac_lint_span(const struct ac_instruction *x, int64_t *ret_from, int64_t *ret_until);
bool ac_lint_allows(const struct ac_instruction *x, struct ac_str concept); /* as an exception */

/* Everything that the patient reads, each once; `heading`: its label. */
typedef void ac_lint_text_fn(
    struct ac_lint *l, struct ac_lint_place at, struct ac_texts t, struct ac_texts heading);
void ac_lint_patient_texts(struct ac_lint *l, ac_lint_text_fn *fn);

static inline struct ac_lint_place
ac_lint_at(const struct ac_line *line)
{
	return (struct ac_lint_place){ line->line, line->col, line->id };
}

#endif
