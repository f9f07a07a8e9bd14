/* on_care_plan_rows.c - a plan version as rows: what a delivery of kind "care-plan-rows" points to. */
#include "core/care_plan_rows.h"
#include "core/intake.h"
#include "plugin/page.h"
#include "plugin/routes.h"

enum ac_code
ac_on_care_plan_rows(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_record *r;
	int64_t version;
	enum ac_code rc;

	if (!ac_str_int(h->capture[1], 1, INT64_MAX, &version))
		return ac_fail(reterr, AC_EINPUT, "PLAN-VERSION", "a version is a number from 1");
	if ((rc = ac_page_record(h, version, &r, reterr)) != AC_OK ||
	    (rc = ac_page_log(h, "read", "care-plan-rows", r, version, reterr)) != AC_OK)
		return rc;
	ac_buf_add(&h->out, ac_care_plan_rows_json(r, h->w->arena));
	return AC_OK;
}
