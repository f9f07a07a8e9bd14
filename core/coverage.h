/*
 * coverage.h - what visits show that no active protocol serves, and which protocols no visit asks for.
 *
 * Shape   every stored visit since a time, judged by the protocols that are active now: a visit that none matches, or only
 *         by category or product (suggested), adds its performed procedures, its category and its products.
 * Owner   the worker's arena. Errors: those of reading the store. PHI: counts, codes and categories only; whoever prints
 *         them writes one log entry.
 */
#ifndef CORE_COVERAGE_H
#define CORE_COVERAGE_H

#include "core/whatif.h"

#define AC_COVERAGE_ROWS_MAX \
	1000 /* different procedures, categories, products; what is beyond them is a number */

struct ac_uncovered {
	const char *what; /* "procedure", "category", "product" */
	struct ac_str system, code;
	int64_t visits, suggested,
	    last_ms; /* suggested: of the visits, those that a category or product matched */
};
struct ac_covering {
	const struct ac_protocol *protocol;
	int64_t visits, suggested, last_ms; /* visits with evidence for it; last_ms 0: it never fires */
};
struct ac_coverage {
	int64_t visits, without, suggested; /* looked at; with no protocol; with a suggestion only */
	struct ac_uncovered *rows;          /* the most frequent first */
	size_t nrows;
	int64_t beyond; /* not in a row: there are too many different ones */
	struct ac_covering *protocols;
	size_t nprotocols;
};
enum ac_code ac_coverage(struct ac_worker *w, int64_t since_ms,
    void (*progress)(size_t done, size_t all, void *arg), void *progress_arg, struct ac_coverage *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
