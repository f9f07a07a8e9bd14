/*
 * condition_tree.h - the tree behind struct ac_condition, for the parser, the evaluator and lint.
 *
 * Shape   binary nodes; a chain of `and` leans to the left. Immutable once parsed.
 * Owner   the arena given to the parser.
 */
#ifndef CORE_CONDITION_TREE_H
#define CORE_CONDITION_TREE_H

#include "core/condition.h"
#include "core/facts.h"

enum ac_cond_kind {
	AC_COND_OR,
	AC_COND_AND,
	AC_COND_NOT,
	AC_COND_CONST, /* true() and false() */
	AC_COND_EQ,
	AC_COND_NE,
	AC_COND_LT,
	AC_COND_LE,
	AC_COND_GT,
	AC_COND_GE,
	/* what stands on the sides of a comparison */
	AC_COND_PATH,
	AC_COND_COUNT,
	AC_COND_STRING,
	AC_COND_NUMBER
};
struct ac_cond_node {
	enum ac_cond_kind kind;
	uint32_t col;                            /* characters from 1 */
	const struct ac_cond_node *left, *right; /* NOT: left only */
	struct ac_str text;           /* PATH, COUNT: the path; STRING: its value; NUMBER: as written */
	const struct ac_vocab *vocab; /* PATH, COUNT */
	double number;                /* NUMBER; STRING: its number or NaN */
	bool value;                   /* CONST */
};
struct ac_condition {
	struct ac_str source;
	const struct ac_cond_node *root;
};

static inline bool
ac_cond_is_comparison(enum ac_cond_kind k)
{
	return k >= AC_COND_EQ && k <= AC_COND_GE;
}
static inline bool
ac_cond_is_operand(enum ac_cond_kind k)
{
	return k >= AC_COND_PATH;
}

/* XPath's number(): blanks, an optional minus, decimal digits; an exponent as JSON writes it. Anything else is NaN. No locale. */
double ac_cond_number(struct ac_str s);

#endif
