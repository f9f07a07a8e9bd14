/*
 * protocol_lint.h - what the two halves of lint share.
 *
 * Shape   findings are collected in any order and sorted by place at the end.
 * Owner   the caller's arena.
 * Threads one run is one thread's; the protocol is read only.
 */
#ifndef CORE_PROTOCOL_LINT_H
#define CORE_PROTOCOL_LINT_H

#include "core/protocol.h"

struct ac_lint {
	const struct ac_protocol *p;
	struct ac_arena *a;
	AC_VEC(struct ac_finding) found;
};
struct ac_lint_place {
	uint32_t line, col;
	struct ac_str id; /* of the line, fact or check-in; absent for the whole protocol */
};

void ac_lint_add(struct ac_lint *l, enum ac_lint_level level, const char *rule, struct ac_lint_place at,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void ac_lint_conditions(struct ac_lint *l);

static inline struct ac_lint_place
ac_lint_at(const struct ac_line *line)
{
	return (struct ac_lint_place){ line->line, line->col, line->id };
}

#endif
