/*
 * random.h - invented encounters, protocols and clinics from a seed: any member absent, any script, any XML
 * special.
 *
 * Shape   the same seed gives the same plan on every machine. What it makes has passed the doors that real
 *         input passes: the snapshot's decoder, the protocol's loader.
 */
#ifndef TESTS_CDA_RANDOM_H
#define TESTS_CDA_RANDOM_H

#include "core/plan.h"

/* What a generated plan has beside lines and tasks: counted, so that a run says what it has seen. The acts of overrides and
 * the states in the order of their own lists. */
enum gen_kind {
	GEN_WINDOW,
	GEN_OMIT,
	GEN_ADD,
	GEN_REWORD,
	GEN_UNDO,
	GEN_FINDING,
	GEN_TEACH,
	GEN_CHECKLIST,
	GEN_QUESTION,
	GEN_LOT,
	GEN_ANSWER,
	GEN_SESSIONS,
	GEN_SHEET_KEPT,
	GEN_HOLD,
	GEN_COMPLETE,
	GEN_REVOKE,
	GEN_ERROR,
	GEN_RETURN,
	GEN_OTHERS,
	GEN_CONFIRMED,
	GEN__COUNT
};
extern const char *const gen_kind_words[GEN__COUNT];

struct gen {
	uint64_t state;
	struct ac_arena *a;
	const char *zoneinfo; /* NULL: the system's */
	const char *lang;     /* of the protocol that is being written */
	unsigned kinds;       /* bits of enum gen_kind: what the plan has */
};

void gen_seed(struct gen *g, uint64_t seed, struct ac_arena *a);
uint64_t gen_below(struct gen *g, uint64_t n);
bool gen_chance(struct gen *g, unsigned percent);
struct ac_str gen_text(struct gen *g, size_t max);  /* anything, also blank */
struct ac_str gen_words(struct gen *g, size_t max); /* not blank */
struct ac_str gen_maybe(struct gen *g, unsigned percent, size_t max);

const struct encounter *gen_encounter(struct gen *g, struct ac_str zone, size_t nprotocols);
struct ac_str gen_protocol_xml(struct gen *g, size_t number);
const struct ac_clinic *gen_clinic(struct gen *g);

/* None, or a few acts on lines of the plan that the input makes. */
enum ac_code gen_overrides(struct gen *g, struct ac_plan_input *in, struct ac_err *e);

/* Talks, answers, sessions before, sheets given, states, other plans: each in some of the plans. */
enum ac_code gen_life(struct gen *g, struct ac_plan_input *in, struct ac_err *e);

/* A whole plan with a document version; NULL with *e filled when the doors refused it. */
const struct ac_plan *gen_plan(struct gen *g, struct ac_err *e);

#endif
