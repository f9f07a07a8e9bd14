/* auth.c - see auth.h. The values of a header are never trusted, those of AFTERCARE_* always: who can connect is trusted. */
#include "plugin/auth.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

#define USER_MAX 128
#define HOUR_MS (60 * 60 * 1000)

static struct ac_str
identity_param(const struct ac_gateway *g, const char *name, size_t max, struct ac_arena *a, bool *ok)
{
	struct ac_str s = ac_str_c(g->param(g->ctx, name));

	if (s.n == 0)
		return (struct ac_str){ 0 };
	if (s.n > max || !ac_utf8_is_valid(s, NULL)) {
		*ok = false;
		return (struct ac_str){ 0 };
	}
	return ac_str_dup(a, s);
}

void
ac_auth_actor(const struct ac_gateway *g, struct ac_arena *a, struct ac_actor *ret)
{
	bool ok = true;
	struct ac_actor who = {
		.user = identity_param(g, "AFTERCARE_USER", USER_MAX, a, &ok),
		.site = identity_param(g, "AFTERCARE_SITE", USER_MAX, a, &ok),
		.patient = identity_param(g, "AFTERCARE_PATIENT", USER_MAX, a, &ok),
		.encounter = identity_param(g, "AFTERCARE_ENCOUNTER", USER_MAX, a, &ok),
	};
	struct ac_str role = identity_param(g, "AFTERCARE_ROLE", AC_ACTOR_ROLE_MAX, a, &ok);

	if (!ok || !ac_actor_set_role(&who, role))
		who.role = AC_ROLE_NONE;
	if (!ok)
		who.user = (struct ac_str){ 0 };
	*ret = who;
}

static const char *const identity_names[] = { "AFTERCARE_USER", "AFTERCARE_ROLE", "AFTERCARE_SITE",
	"AFTERCARE_PATIENT", "AFTERCARE_ENCOUNTER" };

static bool
has_identity_params(const struct ac_gateway *g)
{
	for (size_t i = 0; i < sizeof(identity_names) / sizeof(identity_names[0]); i++)
		if (ac_str_c(g->param(g->ctx, identity_names[i])).n > 0)
			return true;
	return false;
}

enum ac_code
ac_auth_identify(const struct ac_gateway *g, struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str text = ac_str_c(g->param(g->ctx, "AFTERCARE_TOKEN"));
	enum ac_code rc;

	if (text.n == 0) {
		ac_auth_actor(g, h->w->arena, &h->who);
		return AC_OK;
	}
	if (has_identity_params(g)) /* a front server that says both does not know whom it believes */
		return ac_fail(reterr, AC_EDENIED, "AUTH-BOTH",
		    "the front server names a caller and passes a token: it must do one of the two");
	if ((rc = ac_service_token(h->w, text, &h->token, reterr)) != AC_OK)
		return rc;
	h->who = h->token.who;
	h->has_token = true;
	return AC_OK;
}

enum ac_code
ac_auth_spend(const struct ac_http *h, struct ac_err *reterr)
{
	if (!h->has_token || h->method == AC_GET)
		return AC_OK;
	return ac_service_token_spend(h->w, &h->token, reterr);
}

enum ac_code
ac_authorize_route(const struct ac_actor *who, const struct ac_route *r, struct ac_err *reterr)
{
	if ((r->flags & AC_ROUTE_PUBLIC) != 0)
		return AC_OK;
	if (!ac_str_is_set(who->user) || who->user.n == 0)
		return ac_fail(reterr, AC_EDENIED, "AUTH-NOBODY", "sign in first");
	if (who->role == AC_ROLE_NONE || (r->roles & AC_ROLE_BIT(who->role)) == 0)
		return ac_fail(reterr, AC_EDENIED, "AUTH-ROLE", "your role may not use \"%s\"", r->name);
	return AC_OK;
}

static bool
fits(struct ac_str restriction, struct ac_str object)
{
	return restriction.n == 0 || ac_streq(restriction, object);
}

/* One answer, whether it is not theirs or not there. */
static enum ac_code
fail_object(struct ac_err *reterr)
{
	return ac_fail(reterr, AC_EDENIED, "AUTH-OBJECT",
	    "there is no such thing, or it belongs to another site, patient or visit");
}

enum ac_code
ac_authorize_object(const struct ac_actor *who, struct ac_str site, struct ac_str patient, struct ac_str encounter,
    struct ac_err *reterr)
{
	if (fits(who->site, site) && fits(who->patient, patient) && fits(who->encounter, encounter))
		return AC_OK;
	return fail_object(reterr);
}

enum ac_code
ac_authorize_visit(const struct ac_http *h, const struct ac_visit_key *v, struct ac_err *reterr)
{
	enum ac_code rc = ac_authorize_object(&h->who, v->site, v->patient, v->encounter, reterr);
	bool is_open;

	if (rc != AC_OK || (rc = ac_visit_is_open_to(h->w, &h->who, v, &is_open, reterr)) != AC_OK)
		return rc;
	return is_open ? AC_OK : fail_object(reterr);
}

enum ac_code
ac_authorize_plan(const struct ac_http *h, const struct ac_plan_row *row, struct ac_err *reterr)
{
	return ac_authorize_visit(h, &(struct ac_visit_key){ row->site, row->encounter, row->patient, row->id }, reterr);
}

enum ac_code
ac_authorize_task(const struct ac_http *h, const struct ac_task_row *t, struct ac_err *reterr)
{
	return ac_authorize_visit(h, &(struct ac_visit_key){ t->site, t->encounter, t->patient, t->plan }, reterr);
}

enum ac_code
ac_authorize_absence(const struct ac_http *h, enum ac_code code, struct ac_err *reterr)
{
	static const char *const rules[] = { "PLAN-UNKNOWN", "ENCOUNTER-UNKNOWN" };
	const struct ac_actor *who = &h->who;
	bool is_bound = who->patient.n > 0 || who->encounter.n > 0 || who->is_limited;

	if (code != AC_ENOTFOUND || !is_bound || reterr == NULL)
		return code;
	if (h->capture[1].n > 0 && who->encounter.n > 0 && strcmp(reterr->rule, rules[1]) == 0 &&
	    ac_streq(who->encounter, h->capture[1]) && fits(who->site, h->capture[0]))
		return code; /* their own visit */
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(reterr->rule, rules[i]) == 0) {
			*reterr = (struct ac_err){ 0 };
			return fail_object(reterr);
		}
	return code;
}

static struct ac_str
token_at(const struct ac_http *h, const char *route, struct ac_str object, int64_t hour)
{
	struct ac_sha256 mac;
	/* lengths first: no two different tuples have the same text */
	struct ac_str text = ac_strf(h->w->arena, "%zu:%.*s %s %zu:%.*s %lld", h->who.user.n, AC_FMT(h->who.user), route,
	    object.n, AC_FMT(object), (long long)hour);

	ac_keys_hmac(ac_service_keys(h->w->service), "form", text, &mac);
	return ac_base64url(h->w->arena, mac.b, sizeof(mac.b));
}

struct ac_str
ac_form_token(const struct ac_http *h, const char *route, struct ac_str object)
{
	return token_at(h, route, object, ac_service_now_ms(h->w->service) / HOUR_MS);
}

enum ac_code
ac_form_check(const struct ac_http *h, struct ac_str object, struct ac_err *reterr)
{
	struct ac_str sent = ac_http_form(h, "token");
	int64_t hour = ac_service_now_ms(h->w->service) / HOUR_MS;

	if (ac_secret_eq(sent, token_at(h, h->route->name, object, hour)) ||
	    ac_secret_eq(sent, token_at(h, h->route->name, object, hour - 1)))
		return AC_OK;
	return ac_fail(reterr, AC_EDENIED, "FORM-TOKEN", "this form is too old; load the page again");
}

enum ac_code
ac_origin_check(const struct ac_gateway *g, struct ac_err *reterr)
{
	struct ac_str site = ac_str_c(g->param(g->ctx, "HTTP_SEC_FETCH_SITE"));
	struct ac_str origin = ac_str_c(g->param(g->ctx, "HTTP_ORIGIN"));
	struct ac_str host = ac_str_c(g->param(g->ctx, "HTTP_HOST"));
	bool own_site = site.n == 0 || ac_streq_c(site, "same-origin");
	bool own_origin = origin.n == 0;

	if (ac_str_starts(origin, AC_S("https://")))
		own_origin = ac_streq((struct ac_str){ origin.p + 8, origin.n - 8 }, host);
	else if (ac_str_starts(origin, AC_S("http://")))
		own_origin = ac_streq((struct ac_str){ origin.p + 7, origin.n - 7 }, host);
	if (own_site && own_origin)
		return AC_OK;
	return ac_fail(reterr, AC_EDENIED, "FORM-ORIGIN", "the form was sent from another site");
}
