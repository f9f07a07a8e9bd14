/* explain_parts.h - what explain.c and explain_condition.c share. Nobody else includes it. */
#ifndef CORE_EXPLAIN_PARTS_H
#define CORE_EXPLAIN_PARTS_H

#include "core/explain.h"

struct ac_explaining {
	struct ac_arena *a;
	const struct ac_plan_input *in;
	const struct ac_facts *all, *chart; /* with answers, and without */
	struct {
		struct ac_explained_fact *v;
		size_t n, cap;
	} facts;
	struct {
		struct ac_explained_condition *v;
		size_t n, cap;
	} conditions;
};
void ac_explain_facts(struct ac_explaining *v, struct ac_wall anchor);
/* Evaluates it and takes it apart; NULL always holds. Valid until the next call. */
struct ac_explained_condition *ac_explain_condition(
    struct ac_explaining *v, const char *what, const struct ac_condition *c);

#endif
