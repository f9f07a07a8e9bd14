/* refusals.c - see refusals.h. */
#include "plugin/refusals.h"

void
ac_refusals_note(struct ac_refusals *r, const struct ac_http *h)
{
	if (h->refused && h->who.user.n == 0)
		atomic_fetch_add(&r->n, 1);
}

enum ac_code
ac_refusals_flush(struct ac_refusals *r, struct ac_worker *w, bool last, struct ac_err *reterr)
{
	struct ac_actor nobody = { .role = AC_ROLE_NONE };
	struct ac_str none = { 0 };
	int64_t now_ms = ac_service_now_ms(w->service);

	if (!last && now_ms - r->flushed_ms < AC_REFUSALS_EVERY_MS)
		return AC_OK;
	long long n = atomic_exchange(&r->n, 0);
	if (n == 0)
		return AC_OK;
	enum ac_code rc =
	    ac_service_log(w, &nobody, "refuse", "anonymous", none, n, none, none, "AUTH-NOBODY", reterr);
	if (rc == AC_OK)
		r->flushed_ms = now_ms;
	else
		atomic_fetch_add(&r->n, n); /* told the next time */
	return rc;
}
