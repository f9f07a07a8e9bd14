/* protocol_list.c - see protocol_list.h. */
#include "core/protocol_list.h"

#include <string.h>

#define HEX_MIN 8

struct rows {
	struct ac_arena *a;
	AC_VEC(struct ac_protocol_row) v;
};

static enum ac_code
on_row(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct rows *r = arg;
	struct ac_protocol_row p = { 0 };

	if (n != 8 || c[0].s.n != sizeof(p.version.b))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a protocol version has no hash");
	memcpy(p.version.b, c[0].s.p, sizeof(p.version.b));
	p.protocol = ac_str_dup(r->a, c[1].s);
	p.state = ac_str_dup(r->a, c[2].s);
	p.author = ac_str_dup(r->a, c[3].s);
	p.approver = c[4].type == AC_VAL_NULL ? (struct ac_str){ 0 } : ac_str_dup(r->a, c[4].s);
	p.created_ms = c[5].i;
	p.published_ms = c[6].type == AC_VAL_NULL ? 0 : c[6].i;
	p.is_active = c[7].i != 0;
	AC_PUSH(r->a, &r->v, p);
	return AC_OK;
}

enum ac_code
ac_protocol_list(struct ac_worker *w, struct ac_protocol_rows *ret, struct ac_err *reterr)
{
	struct rows r = { .a = w->arena };
	enum ac_code rc = ac_store_run_n(w->reader, AC_STMT_PROTOCOL_LIST, NULL, 0, on_row, &r, NULL, reterr);

	if (rc == AC_OK)
		*ret = (struct ac_protocol_rows){ r.v.v, r.v.n };
	return rc;
}

enum ac_code
ac_protocol_resolve(
    struct ac_worker *w, struct ac_str name, bool draft, struct ac_protocol_row *ret, struct ac_err *reterr)
{
	struct ac_protocol_rows rows;
	const struct ac_protocol_row *found = NULL;
	enum ac_code rc = ac_protocol_list(w, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < rows.n && found == NULL; i++)
		if (ac_streq(rows.v[i].protocol, name) &&
		    (draft ? ac_streq_c(rows.v[i].state, "draft") : rows.v[i].is_active))
			found = &rows.v[i];
	for (size_t i = 0; i < rows.n && name.n >= HEX_MIN; i++) {
		if (!ac_str_starts(ac_hex(w->arena, rows.v[i].version.b, sizeof(rows.v[i].version.b)), name))
			continue;
		if (found != NULL && found != &rows.v[i])
			return ac_fail(reterr, AC_EINPUT, "PROTOCOL-AMBIGUOUS",
			    "several versions begin so: give more digits");
		found = &rows.v[i];
	}
	if (found == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no %s of that name or hash",
		    draft ? "draft" : "active version");
	*ret = *found;
	return AC_OK;
}

struct source {
	struct ac_sha256 sha;
	bool found;
};

static enum ac_code
on_source(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct source *s = arg;

	if (n != 1 || c[0].s.n != sizeof(s->sha.b))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a protocol source has no hash");
	memcpy(s->sha.b, c[0].s.p, sizeof(s->sha.b));
	s->found = true;
	return AC_OK;
}

enum ac_code
ac_protocol_source(
    struct ac_worker *w, const struct ac_sha256 *version, struct ac_str *ret, struct ac_err *reterr)
{
	struct source s = { 0 };
	enum ac_code rc =
	    ac_store_run(w->reader, AC_STMT_PROTOCOL_SOURCE, on_source, &s, reterr, AC_VSHA(version));

	if (rc != AC_OK)
		return rc;
	if (!s.found)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no version with that hash");
	return ac_blob_get(w->reader, &s.sha, ac_service_dictionaries(w->service), w->arena, ret, reterr);
}
