/* routes.c - the table, and the walk along a path. */
#include "plugin/routes.h"

#include <string.h>

#define FRONT AC_ROLE_BIT(AC_ROLE_FRONT_DESK)
#define NURSE AC_ROLE_BIT(AC_ROLE_NURSE)
#define CLINICIAN AC_ROLE_BIT(AC_ROLE_CLINICIAN)
#define AUDITOR AC_ROLE_BIT(AC_ROLE_AUDITOR)
#define SYSTEM AC_ROLE_BIT(AC_ROLE_SYSTEM)
#define CARE (NURSE | CLINICIAN)
#define APPROVERS (CLINICIAN | AC_ROLE_BIT(AC_ROLE_ADMIN)) /* an administrator whom [roles] names; core decides */

const struct ac_route ac_routes[] = {
	/* the EHR's module */
	{ "encounter-put", AC_PUT, "/aftercare/v1/encounters/{}/{}", SYSTEM, AC_ROUTE_JSON, 1024 * 1024, ac_on_encounter_put },
	{ "delivery-list", AC_GET, "/aftercare/v1/deliveries", SYSTEM, 0, 0, ac_on_delivery_list },
	{ "delivery-put", AC_PUT, "/aftercare/v1/deliveries/{*}", SYSTEM, AC_ROUTE_JSON, 16 * 1024, ac_on_delivery_put },
	{ "blank-sheets", AC_GET, "/aftercare/v1/blank-sheets", FRONT | CARE | SYSTEM, 0, 0, ac_on_blank_sheets },
	{ "blank-sheet", AC_GET, "/aftercare/v1/blank-sheets/{}/{}", FRONT | CARE | SYSTEM, AC_ROUTE_PAGE, 0, ac_on_blank_sheet },
	{ "care-plan-rows", AC_GET, "/aftercare/v1/plans/{}/rows/{}", SYSTEM, 0, 0, ac_on_care_plan_rows },
	/* the encounter page */
	{ "panel", AC_GET, "/aftercare/panel/{}/{}", FRONT | CARE, AC_ROUTE_PAGE, 0, ac_on_panel },
	{ "panel-answer", AC_POST, "/aftercare/panel/{}/{}/answers", CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_panel_answer },
	/* the plan and what comes of it */
	{ "plan", AC_GET, "/aftercare/plans/{}", FRONT | CARE | AUDITOR, AC_ROUTE_PAGE, 0, ac_on_plan },
	{ "plan-issue", AC_POST, "/aftercare/plans/{}/issue", CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_plan_issue },
	{ "blank-given", AC_POST, "/aftercare/plans/{}/blank-sheets", CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_blank_given },
	{ "plan-version", AC_POST, "/aftercare/plans/{}/version", CLINICIAN, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_plan_version },
	{ "plan-state", AC_POST, "/aftercare/plans/{}/state", CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_plan_state },
	{ "overrides", AC_GET, "/aftercare/plans/{}/overrides", CLINICIAN, AC_ROUTE_PAGE, 0, ac_on_overrides },
	{ "override", AC_POST, "/aftercare/plans/{}/overrides", CLINICIAN, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_override },
	{ "plan-visit", AC_POST, "/aftercare/plans/{}/visits", FRONT | CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_plan_visit },
	{ "handout", AC_GET, "/aftercare/plans/{}/handout", FRONT | CARE, AC_ROUTE_PAGE, 0, ac_on_handout },
	{ "handout-pdf", AC_GET, "/aftercare/plans/{}/handout/pdf", FRONT | CARE, AC_ROUTE_PAGE, 0, ac_on_handout_pdf },
	{ "sheet", AC_GET, "/aftercare/plans/{}/sheets/{}", FRONT | CARE | AUDITOR | SYSTEM, AC_ROUTE_PAGE, 0, ac_on_sheet },
	{ "sheet-pdf", AC_GET, "/aftercare/plans/{}/sheets/{}/pdf", FRONT | CARE | AUDITOR | SYSTEM, AC_ROUTE_PAGE, 0, ac_on_sheet_pdf },
	{ "sheet-calendar", AC_GET, "/aftercare/plans/{}/sheets/{}/calendar", FRONT | CARE | SYSTEM, 0, 0, ac_on_sheet_calendar },
	{ "languages", AC_GET, "/aftercare/plans/{}/languages", FRONT | CARE, AC_ROUTE_PAGE, 0, ac_on_languages },
	{ "check", AC_GET, "/aftercare/check", FRONT | CARE | AUDITOR, AC_ROUTE_PAGE, 0, ac_on_check },
	{ "document", AC_GET, "/aftercare/plans/{}/documents/{}", CARE | AUDITOR, AC_ROUTE_PAGE, 0, ac_on_document },
	{ "document-xml", AC_GET, "/aftercare/plans/{}/documents/{}/xml", CARE | AUDITOR | SYSTEM, 0, 0, ac_on_document_xml },
	{ "view", AC_POST, "/aftercare/v1/view", CARE | AUDITOR | SYSTEM, AC_ROUTE_XML, 2 * 1024 * 1024, ac_on_view },
	/* talks with the patient */
	{ "call-in", AC_GET, "/aftercare/plans/{}/call-in", FRONT | CARE, AC_ROUTE_PAGE, 0, ac_on_call_in },
	{ "check-in", AC_GET, "/aftercare/plans/{}/check-in/{*}", CARE, AC_ROUTE_PAGE, 0, ac_on_check_in },
	{ "calls", AC_GET, "/aftercare/plans/{}/calls", AUDITOR | SYSTEM, 0, 0, ac_on_calls_json },
	{ "call-begin", AC_POST, "/aftercare/plans/{}/calls", FRONT | CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_call_begin },
	{ "call", AC_GET, "/aftercare/plans/{}/calls/{}", FRONT | CARE | AUDITOR, AC_ROUTE_PAGE, 0, ac_on_call },
	{ "call-act", AC_POST, "/aftercare/plans/{}/calls/{}", FRONT | CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_call_act },
	{ "document-signature", AC_GET, "/aftercare/plans/{}/documents/{}/signature", CARE | AUDITOR | SYSTEM, 0, 0,
	    ac_on_document_signature },
	{ "plan-confirm", AC_POST, "/aftercare/plans/{}/confirmation", CLINICIAN, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_plan_confirm },
	{ "confirmations", AC_GET, "/aftercare/confirmations", CLINICIAN, AC_ROUTE_PAGE, 0, ac_on_confirmations },
	/* follow-up */
	{ "worklist", AC_GET, "/aftercare/worklist", FRONT | CARE, AC_ROUTE_PAGE, 0, ac_on_worklist },
	{ "task", AC_GET, "/aftercare/plans/{}/tasks/{*}", SYSTEM, 0, 0, ac_on_task },
	{ "task-finish", AC_PUT, "/aftercare/v1/plans/{}/tasks/{*}", FRONT | CARE, AC_ROUTE_JSON, 4 * 1024, ac_on_task_finish },
	{ "task-done", AC_POST, "/aftercare/plans/{}/tasks/{*}", FRONT | CARE, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_task_done },
	/* who approves protocols */
	{ "reviews", AC_GET, "/aftercare/reviews", APPROVERS, AC_ROUTE_PAGE, 0, ac_on_reviews },
	{ "review", AC_GET, "/aftercare/reviews/{}", APPROVERS, AC_ROUTE_PAGE, 0, ac_on_review },
	{ "review-sheet", AC_GET, "/aftercare/reviews/{}/sheet", APPROVERS, AC_ROUTE_PAGE, 0, ac_on_review_sheet },
	{ "review-sign", AC_POST, "/aftercare/reviews/{}/signatures", APPROVERS, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_review_sign },
	{ "review-decide", AC_POST, "/aftercare/reviews/{}/decision", APPROVERS, AC_ROUTE_PAGE | AC_ROUTE_FORM, AC_HTTP_FORM_MAX,
	    ac_on_review_decide },
	/* no patient in these */
	{ "certificate", AC_GET, "/aftercare/certificate", CARE | AUDITOR | SYSTEM | AC_ROLE_BIT(AC_ROLE_ADMIN), 0, 0, ac_on_certificate },
	{ "asset", AC_GET, "/aftercare/assets/{}", 0, AC_ROUTE_PUBLIC, 0, ac_on_asset },
	{ "health", AC_GET, "/aftercare/health", 0, AC_ROUTE_PUBLIC, 0, ac_on_health },
};
const size_t ac_nroutes = sizeof(ac_routes) / sizeof(ac_routes[0]);

bool
ac_routes_check(void)
{
	for (size_t i = 0; i < ac_nroutes; i++) {
		const struct ac_route *r = &ac_routes[i];
		bool is_public = (r->flags & AC_ROUTE_PUBLIC) != 0;

		if (r->handler == NULL || (r->roles != 0) == is_public)
			return false;
		if ((r->flags & AC_ROUTE_FORM) != 0 && (r->method != AC_POST || r->body_max == 0))
			return false;
		for (size_t j = 0; j < i; j++)
			if (strcmp(ac_routes[j].name, r->name) == 0)
				return false;
	}
	return true;
}

/* Does `path` (percent-encoded) fit `pattern`? Segments are decoded after the split, so that "%2F" stays in its segment. */
static bool
fits(const char *pattern, struct ac_str path, struct ac_arena *a, struct ac_str capture[AC_HTTP_CAPTURES_MAX])
{
	struct ac_str pat = ac_str_c(pattern), want, have;
	size_t n = 0;

	while (pat.n > 0 || path.n > 0) {
		pat = ac_cut(pat, '/', &want);
		if (ac_streq_c(want, "{*}"))
			return n < AC_HTTP_CAPTURES_MAX && path.n > 0 && ac_percent_decode(path, false, a, &capture[n]);
		if (path.n == 0 && want.n != 0)
			return false;
		bool had = ac_str_is_set(path);
		path = ac_cut(path, '/', &have);
		if (ac_streq_c(want, "{}")) {
			if (!had || have.n == 0 || n == AC_HTTP_CAPTURES_MAX || !ac_percent_decode(have, false, a, &capture[n++]))
				return false;
		} else if (!ac_streq(want, have)) {
			return false;
		}
		if (!ac_str_is_set(pat) || !ac_str_is_set(path))
			return ac_str_is_set(pat) == ac_str_is_set(path);
	}
	return true;
}

const struct ac_route *
ac_route_find(enum ac_method m, struct ac_str path, struct ac_arena *a, struct ac_str capture[AC_HTTP_CAPTURES_MAX],
    unsigned *ret_allow)
{
	*ret_allow = 0;
	for (size_t i = 0; i < ac_nroutes; i++) {
		if (!fits(ac_routes[i].pattern, path, a, capture))
			continue;
		if (ac_routes[i].method == m)
			return &ac_routes[i];
		*ret_allow |= ac_routes[i].method;
	}
	return NULL;
}
