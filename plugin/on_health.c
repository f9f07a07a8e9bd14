/* on_health.c - does it serve: the store was read to get here. Nothing about the clinic or its patients. */
#include "base/json.h"
#include "plugin/routes.h"

enum ac_code
ac_on_health(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_jw w;

	(void)reterr;
	ac_jw_init(&w, &h->out);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "status", AC_S("ok"));
	ac_jw_kstr(&w, "version", AC_S(AC_VERSION));
	ac_jw_kint(&w, "generation", h->w->config->generation);
	ac_jw_end_obj(&w);
	ac_buf_addc(&h->out, '\n');
	return AC_OK;
}
