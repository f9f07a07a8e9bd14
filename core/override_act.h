/*
 * override_act.h - a clinician decides something for one visit, or takes it back: core/override.h says what and how.
 *
 * Shape   decide in full, then one commit: the act's row, the next version of the plan, its document when final, tasks (to
 *         tell the patient what the sheet at home does not say), log leaves. A dry run decides and commits nothing: its
 *         doubts are what a page shows before it asks for the confirmation.
 * Owner   the worker's arena.
 * Errors  core/override.h.
 */
#ifndef CORE_OVERRIDE_ACT_H
#define CORE_OVERRIDE_ACT_H

#include "core/plan.h"
#include "core/service.h"

struct ac_override_request {
	struct ac_uuid plan;
	int64_t seen_version; /* the plan version that the page showed */
	enum ac_override_act act;
	struct ac_str line;          /* WINDOW, OMIT, REWORD: a line of that version */
	struct ac_str from, until;   /* WINDOW, ADD: "72 h", "3 d 08:00"; absent or empty: none */
	struct ac_str kind, concept; /* ADD: "restriction" ...; one that the plan's protocols know, or absent */
	struct ac_str text, lang, english; /* ADD, REWORD */
	int64_t undoes;                    /* UNDO */
	struct ac_str reason;
	const struct ac_str *confirmed; /* rules of the doubts that were shown */
	size_t nconfirmed;
};
struct ac_override_doubt {
	const char *rule;   /* "OVERRIDE-WEAKER", "-RANGE", "-CONTRADICTS", "-READING", "-LANGUAGE", "-SHEET" */
	struct ac_str text; /* for the clinician, English */
	bool confirmed;
};
struct ac_override_done {
	int64_t n, version; /* of the act, of the plan */
	const struct ac_plan *before, *now;
	const struct ac_override_doubt *doubts;
	size_t ndoubts;
	bool tell, urgent; /* the sheet at home says something else, and less than is needed */
};
enum ac_code ac_plan_override(struct ac_worker *w, const struct ac_actor *who, const struct ac_override_request *rq,
    bool dry_run, struct ac_override_done *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* By the clinic's rule no-overrides a sheet with overrides waits for the chart's signature. */
bool ac_override_holds_up_sheet(const struct ac_plan *p);
/* The concepts that the plan's protocols speak of, sorted: what an added line may be about. */
void ac_plan_concepts(const struct ac_plan *p, struct ac_arena *a, struct ac_str **ret, size_t *ret_n);

#endif
