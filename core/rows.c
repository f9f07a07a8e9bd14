/* rows.c - see rows.h. */
#include "core/rows.h"

static enum ac_code
keep_row(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct ac_rows *r = arg;

	(void)reterr;
	r->ncols = ncols;
	for (size_t i = 0; i < ncols; i++) {
		size_t at = r->n * ncols + i;
		if (at == r->cap)
			r->v = ac_grow(r->a, r->v, at, &r->cap, sizeof(*r->v));
		r->v[at] = cols[i];
		if (cols[i].type == AC_VAL_TEXT || cols[i].type == AC_VAL_BLOB)
			r->v[at].s = ac_str_dup(r->a, cols[i].s);
	}
	r->n++;
	return AC_OK;
}

enum ac_code
ac_rows_read_n(struct ac_store *s, enum ac_stmt stmt, const struct ac_val *in, size_t n, struct ac_arena *a,
    struct ac_rows *ret, struct ac_err *reterr)
{
	*ret = (struct ac_rows){ .a = a };
	return ac_store_run_n(s, stmt, in, n, keep_row, ret, NULL, reterr);
}

bool
ac_val_sha(const struct ac_val *v, struct ac_sha256 *ret)
{
	*ret = (struct ac_sha256){ 0 };
	if (v->type != AC_VAL_BLOB || v->s.n != sizeof(ret->b))
		return false;
	memcpy(ret->b, v->s.p, sizeof(ret->b));
	return true;
}

bool
ac_val_uuid(const struct ac_val *v, struct ac_uuid *ret)
{
	*ret = (struct ac_uuid){ 0 };
	if (v->type != AC_VAL_BLOB || v->s.n != sizeof(ret->b))
		return false;
	memcpy(ret->b, v->s.p, sizeof(ret->b));
	return true;
}
