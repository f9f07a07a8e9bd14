/* pack_export.c - see pack_sign.h. */
#include "base/buf.h"
#include "core/pack.h"
#include "core/pack_export.h"

/* "mesotherapy 3fa2...64 digits, scalp ..." */
static enum ac_code
contents(struct ac_str pack, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_pack p;
	struct ac_buf b;
	enum ac_code rc = ac_pack_read(pack, a, &p, reterr); /* a recipient reads it so */

	if (rc != AC_OK)
		return rc;
	ac_buf_init(&b, a, 128, 0);
	for (size_t i = 0; i < p.n; i++)
		ac_buf_addf(&b, "%s%.*s %.*s", i == 0 ? "" : ", ", AC_FMT(p.v[i].id),
		    AC_FMT(ac_hex(a, p.v[i].version.b, sizeof(p.v[i].version.b))));
	*ret = ac_buf_str(&b);
	return AC_OK;
}

enum ac_code
ac_pack_export_signed(struct ac_worker *w, const struct ac_actor *who, const struct ac_str *sources, size_t n,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_str bytes, object;
	struct ac_sha256 sha;
	enum ac_code rc;

	if ((rc = ac_pack_write(sources, n, ac_service_now_ms(w->service), ac_service_keys(w->service), w->arena, &bytes,
		 reterr)) != AC_OK ||
	    (rc = contents(bytes, w->arena, &object, reterr)) != AC_OK)
		return rc;
	ac_sha256(bytes, &sha);
	rc = ac_service_log(w, who, "export", "pack", ac_hex(w->arena, sha.b, sizeof(sha.b)), (int64_t)n,
	    (struct ac_str){ 0 }, object, NULL, reterr);
	if (rc == AC_OK)
		*ret = bytes;
	return rc;
}
