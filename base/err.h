/*
 * err.h - how every function here says what went wrong.
 *
 * Owner   the caller, on its stack: `struct ac_err e = { 0 };`
 * Threads no shared state.
 * PHI     never. A message names the place and the rule, not the value: logs are not the chart.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdint.h>

/* The code a caller branches on; beside each its HTTP status and its CLI exit code. */
enum ac_code {
	AC_OK = 0,
	AC_EINPUT,    /* 400 or 422, exit 5: the input breaks a rule */
	AC_ENOTFOUND, /* 404, exit 3 */
	AC_ECONFLICT, /* 409, exit 4: somebody else changed it, or the state does not allow it */
	AC_EDENIED,   /* 403, exit 6: not allowed, or a second person is needed */
	AC_ELIMIT,    /* 413, exit 5: over a named limit */
	AC_EIO,       /* 503, exit 1: disk, database, library */
	AC_EBUSY,     /* 503 with Retry-After, exit 8 */
	AC_EINTEGRITY /* 500, exit 7: stored bytes are not what was stored */
};

struct ac_err {
	enum ac_code code;
	const char *rule;   /* static id: "PRT-007", "CONF:1198-8741", "ENC-REVISION" */
	uint32_t line, col; /* from 1; 0 when the format has none */
	char path[96];      /* the format's own address: "/patient/id" (JSON Pointer), "/protocol/goal[2]" */
	char msg[200];
};

/* Fill *reterr (NULL is allowed) and return `code`, so that callers write `return ac_fail(...)`. */
enum ac_code ac_fail(struct ac_err *reterr, enum ac_code code, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with a place. `path` may be NULL. */
enum ac_code ac_fail_at(struct ac_err *reterr, enum ac_code code, const char *rule, uint32_t line, uint32_t col,
    const char *path, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

#define AC_MUST_CHECK __attribute__((warn_unused_result))

#endif
