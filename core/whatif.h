/*
 * whatif.h - plans that are made to look at, not to keep: of an invented visit, or of a stored one under another version.
 *
 * Shape   the inputs of ac_plan_make, from the newest snapshot and answers of a stored visit, the clinic's configuration
 *         of today, the zone as its plan recorded it (of today where there is none), and the active protocols with one
 *         version in place of the active one of its id. A pinned plan may have been made from older ones: the question is
 *         what visits like these get from now on.
 * Owner   struct ac_whatif keeps zones where there is no store; an input lives in the worker's arena, until ac_worker_end.
 * Errors  those of reading the store; AC_ENOTFOUND ZONE-UNKNOWN (neither recorded nor installed here); AC_EINPUT
 *         WHATIF-FACT (no such fact or value), WHATIF-MATCH (the protocol has no trigger that an invented visit can meet).
 * Threads a struct ac_whatif is one thread's; the configuration may be shared while whoever took it holds it.
 * PHI     stored visits are: whoever shows one writes a log entry first.
 */
#ifndef CORE_WHATIF_H
#define CORE_WHATIF_H

#include "core/plan.h"
#include "core/service.h"

#define AC_WHATIF_VISITS_MAX 200000 /* newest first; more are not looked at */
#define AC_WHATIF_FACTS_MAX 64

struct ac_whatif {
	struct ac_worker *w;
	const struct ac_config *config;
	struct ac_arena *kept;
	struct ac_clinic no_clinic;
	AC_VEC(const struct ac_zone *) zones;
};
void ac_whatif_init(
    struct ac_whatif *x, struct ac_worker *w, const struct ac_config *config, struct ac_arena *kept);
/* As it is installed here now. Until ac_worker_end; without a worker as long as `kept`. */
enum ac_code ac_whatif_zone(
    struct ac_whatif *x, struct ac_str name, const struct ac_zone **ret, struct ac_err *reterr) AC_MUST_CHECK;

struct ac_visit { /* a stored encounter, without its snapshot */
	struct ac_str site, id, patient, outcome;
	struct ac_sha256 snapshot, manifest; /* manifest: of its plan's latest version */
	bool has_plan;
	int64_t answers, updated_ms, issued_ms, issued_anchor; /* 0: not issued */
};
/* Those whose newest snapshot came at `since_ms` or later, the newest first; in the worker's arena. */
enum ac_code ac_visits(struct ac_worker *w, int64_t since_ms, size_t max, struct ac_visit **ret,
    size_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_visit_find(struct ac_worker *w, struct ac_str site, struct ac_str id, struct ac_visit *ret,
    struct ac_err *reterr) AC_MUST_CHECK; /* ENCOUNTER-UNKNOWN */

/* Everything but protocols. */
enum ac_code ac_whatif_stored(struct ac_whatif *x, const struct ac_visit *v, struct ac_plan_input *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* And what people and other visits brought to the visit's plan, as its latest version recorded it: a clinician's acts, other
 * running plans, talks, earlier sessions, the ends on a sheet that was given out. Not its state: the question is what it would
 * say. Without a plan there is nothing of it. */
enum ac_code ac_whatif_recorded(struct ac_whatif *x, const struct ac_visit *v, struct ac_plan_input *in,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The active ones that match, `instead` (NULL: none) in place of the one of its id. */
void ac_whatif_protocols(struct ac_whatif *x, const struct ac_protocol *instead, struct ac_plan_input *in);

struct ac_named_value {
	struct ac_str name, value;
};
struct ac_invented {
	const struct ac_protocol *protocol;
	const struct ac_named_value
	    *facts; /* of the protocol; patient/age, patient/sex, patient/language too */
	size_t nfacts;
	int64_t at; /* when it was done */
	struct ac_str zone;
};
/* A visit of a patient who does not exist, with the procedure that triggers the protocol. */
enum ac_code ac_whatif_invented(struct ac_whatif *x, const struct ac_invented *v, struct ac_plan_input *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
