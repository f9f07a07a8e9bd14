/*
 * protocol_list.h - the protocol versions of a store, and their sources.
 * Owner   the worker's arena. Errors: AC_ENOTFOUND rule PROTOCOL-UNKNOWN.
 */
#ifndef CORE_PROTOCOL_LIST_H
#define CORE_PROTOCOL_LIST_H

#include "core/service.h"

struct ac_protocol_row {
	struct ac_sha256 version;
	struct ac_str protocol, state, author, approver; /* state: draft, in-review, active, retired */
	int64_t created_ms, published_ms;                /* 0: not published */
	int64_t n; /* its newest activation: v1, v2 ...; 0: never published */
	bool is_active, suspended;
	bool unapproved; /* published by break-glass, and nobody has approved it yet */
};
struct ac_protocol_rows {
	struct ac_protocol_row *v;
	size_t n;
};
/* By protocol, newest version first. */
enum ac_code ac_protocol_list(struct ac_worker *w, struct ac_protocol_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The exact bytes that were imported. */
enum ac_code ac_protocol_source(struct ac_worker *w, const struct ac_sha256 *version, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* `name`: a protocol's id (its active version; `draft`: its newest version that was not published) or at least 8 hex digits of a version. */
enum ac_code ac_protocol_resolve(struct ac_worker *w, struct ac_str name, bool draft, struct ac_protocol_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Lint beside what this installation has: its clinic, unless another is given, its other active protocols, and the version
 * in force that this one would replace. */
void ac_protocol_lint_here(struct ac_worker *w, const struct ac_protocol *p, const struct ac_clinic *clinic,
    struct ac_findings *ret);
/* The same of a stored version with the clinic in force, replacing `base` (NULL: nothing) and not what is in force; asked
 * once for each configuration (core/lint_kept.h). */
void ac_protocol_lint_on(
    struct ac_worker *w, const struct ac_protocol *p, const struct ac_protocol *base, struct ac_findings *ret);

#endif
