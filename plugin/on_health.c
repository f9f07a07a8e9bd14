/*
 * on_health.c - does it serve: the store was read to get here. Nothing about the clinic or its patients. "degraded": entries
 * of the log wait in its reserve, because the store could not be written; reads go on, writes do not.
 */
#include "base/json.h"
#include "plugin/routes.h"

enum ac_code
ac_on_health(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_jw w;

	bool reserve = ac_service_has_reserved(h->w->service);

	(void)reterr;
	ac_jw_init(&w, &h->out);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "status", reserve ? AC_S("degraded") : AC_S("ok"));
	ac_jw_kstr(&w, "log", reserve ? AC_S("reserve") : AC_S("store"));
	ac_jw_kstr(&w, "version", AC_S(AC_VERSION));
	ac_jw_kint(&w, "generation", h->w->config->generation);
	ac_jw_end_obj(&w);
	ac_buf_addc(&h->out, '\n');
	return AC_OK;
}
