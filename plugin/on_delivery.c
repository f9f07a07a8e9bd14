/* on_delivery.c - what must reach the EHR: offered, and acknowledged by its key. */
#include "base/json.h"
#include "core/intake.h"
#include "plugin/auth.h"
#include "plugin/routes.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 500

/* Deliveries are a whole site's: a caller bound to one patient or visit has none. */
static enum ac_code
authorize_site(const struct ac_http *h, struct ac_str site, struct ac_err *reterr)
{
	struct ac_str none = { 0 };

	return ac_authorize_object(&h->who, site, none, none, reterr);
}

enum ac_code
ac_on_delivery_list(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str site = ac_http_query(h, "site"), limit = ac_http_query(h, "limit"), json;
	int64_t n = LIMIT_DEFAULT;
	enum ac_code rc;

	if (site.n == 0)
		return ac_fail(reterr, AC_EINPUT, "DELIVERY-SITE", "name the site: ?site=");
	if (limit.n > 0 && !ac_str_int(limit, 1, LIMIT_MAX, &n))
		return ac_fail(
		    reterr, AC_EINPUT, "DELIVERY-LIMIT", "limit is a number from 1 to %d", LIMIT_MAX);
	if ((rc = authorize_site(h, site, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_delivery_offer_json(h->w, &h->who, site, (size_t)n, &json, reterr)) != AC_OK)
		return rc;
	ac_buf_add(&h->out, json);
	return AC_OK;
}

static struct ac_str
member(json_object *o, const char *name)
{
	json_object *v;

	if (!json_object_object_get_ex(o, name, &v) || !json_object_is_type(v, json_type_string))
		return (struct ac_str){ 0 };
	return (struct ac_str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) };
}

enum ac_code
ac_on_delivery_put(struct ac_http *h, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) o = NULL;
	enum ac_code rc;

	if ((rc = authorize_site(h, h->who.site, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_json_parse(h->body, h->route->body_max, &o, reterr)) != AC_OK)
		return rc;
	if (!json_object_is_type(o, json_type_object))
		return ac_fail(reterr, AC_EINPUT, "DELIVERY-TYPE", "the body is an object");
	struct ac_str status = member(o, "status"), ehr_id = member(o, "ehr_id");
	if (status.n == 0)
		return ac_fail_at(reterr, AC_EINPUT, "DELIVERY-STATUS", 0, 0, "/status",
		    "status is \"done\" or \"failed\"");
	if ((rc = ac_delivery_ack(h->w, &h->who, h->capture[0], status, ehr_id, reterr)) != AC_OK)
		return rc;
	ac_buf_addz(&h->out, "{\"acknowledged\":true}\n");
	return AC_OK;
}
