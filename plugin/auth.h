/*
 * auth.h - who is asking, and may they: one function, deny by default.
 *
 * Source  CONTRACTS "Identity of callers": FastCGI parameters AFTERCARE_USER, _ROLE, _SITE, _PATIENT, _ENCOUNTER only;
 *         never HTTP_*, never REMOTE_USER. Unset or empty: nobody. Or the parameter AFTERCARE_TOKEN, a token of the EHR's
 *         module (core/token.h), and then none of the five.
 */
#ifndef PLUGIN_AUTH_H
#define PLUGIN_AUTH_H

#include "core/record.h"
#include "plugin/routes.h"

/* From the gateway's parameters; role NONE when anything is missing, malformed or too long. */
void ac_auth_actor(const struct ac_gateway *g, struct ac_arena *a, struct ac_actor *ret);
/* h->who, from either source. AC_EDENIED AUTH-BOTH (400), AUTH-TOKEN... (401): h->who is nobody. */
enum ac_code ac_auth_identify(const struct ac_gateway *g, struct ac_http *h, struct ac_err *reterr) AC_MUST_CHECK;
/* A token writes once: before the handler of anything but a GET. AC_EDENIED AUTH-TOKEN-USED (401). */
enum ac_code ac_auth_spend(const struct ac_http *h, struct ac_err *reterr) AC_MUST_CHECK;
/* Before any body is read. AC_EDENIED rule AUTH-NOBODY (401) or AUTH-ROLE (403). */
enum ac_code ac_authorize_route(const struct ac_actor *who, const struct ac_route *r, struct ac_err *reterr) AC_MUST_CHECK;
/* Once the object is known: site, patient, encounter (absent: the object has none). AC_EDENIED AUTH-OBJECT. */
enum ac_code ac_authorize_object(const struct ac_actor *who, struct ac_str site, struct ac_str patient,
    struct ac_str encounter, struct ac_err *reterr) AC_MUST_CHECK;
/* The same, and the visit's sensitivity must be one that they may see (core/record.h): of everything that a visit led to. */
enum ac_code ac_authorize_visit(const struct ac_http *h, const struct ac_visit_key *v, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_authorize_plan(const struct ac_http *h, const struct ac_plan_row *row, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_authorize_task(const struct ac_http *h, const struct ac_task_row *t, struct ac_err *reterr) AC_MUST_CHECK;
/* What a handler returned. Who is bound to a patient or a visit, or may not see all visits, gets AUTH-OBJECT for what does not exist, as for what is not
 * theirs: the answer does not tell which visits and plans there are. */
enum ac_code ac_authorize_absence(const struct ac_http *h, enum ac_code code, struct ac_err *reterr) AC_MUST_CHECK;

/* Form tokens: HMAC(user, route, object, hour); this hour's and the last one's are good. AC_EDENIED FORM-TOKEN. */
struct ac_str ac_form_token(const struct ac_http *h, const char *route, struct ac_str object);
enum ac_code ac_form_check(const struct ac_http *h, struct ac_str object, struct ac_err *reterr) AC_MUST_CHECK;
/* Origin and Sec-Fetch-Site, where sent, must be ours. AC_EDENIED FORM-ORIGIN. */
enum ac_code ac_origin_check(const struct ac_gateway *g, struct ac_err *reterr) AC_MUST_CHECK;

#endif
