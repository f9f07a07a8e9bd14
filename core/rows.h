/*
 * rows.h - the rows of one statement, copied to an arena: for reads that look at several columns of few rows.
 *
 * Shape   rows.v[row * ncols + col]; use ac_row(&rows, i)[col].
 * Errors  those of ac_store_run; AC_EINTEGRITY rule ROW-TYPE when a column does not hold what the schema says.
 */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "core/store.h"

struct ac_rows {
	struct ac_arena *a;
	struct ac_val *v;
	size_t n, ncols, cap;
};
enum ac_code ac_rows_read_n(struct ac_store *s, enum ac_stmt stmt, const struct ac_val *in, size_t n,
    struct ac_arena *a, struct ac_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;
#define ac_rows_read(s, stmt, a, ret, reterr, ...) \
	ac_rows_read_n((s), (stmt), (const struct ac_val[]){ __VA_ARGS__ }, \
	    sizeof((const struct ac_val[]){ __VA_ARGS__ }) / sizeof(struct ac_val), (a), (ret), (reterr))

static inline const struct ac_val *
ac_row(const struct ac_rows *r, size_t i)
{
	return &r->v[i * r->ncols];
}
/* A blob column that is a digest or an id: exactly that long, or zeros and false. */
bool ac_val_sha(const struct ac_val *v, struct ac_sha256 *ret);
bool ac_val_uuid(const struct ac_val *v, struct ac_uuid *ret);

#endif
