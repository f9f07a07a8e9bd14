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

struct gen {
	uint64_t state;
	struct ac_arena *a;
	const char *zoneinfo; /* NULL: the system's */
	const char *lang;     /* of the protocol that is being written */
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

/* A whole plan with a document version; NULL with *e filled when the doors refused it. */
const struct ac_plan *gen_plan(struct gen *g, struct ac_err *e);

#endif
