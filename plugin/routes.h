/*
 * routes.h - the one table of what can be asked, by whom.
 *
 * Rules   a route without a role does not start (ac_routes_check); nothing is served that is not in the table. Patterns:
 *         "{}" is one segment, captured; a last "{*}" is the rest of the path.
 */
#ifndef PLUGIN_ROUTES_H
#define PLUGIN_ROUTES_H

#include "plugin/http.h"

typedef enum ac_code ac_handler(struct ac_http *h, struct ac_err *reterr);

enum ac_route_flags {
	AC_ROUTE_PAGE = 1,   /* for a browser */
	AC_ROUTE_FORM = 2,   /* a form with token and same-origin check; answered 303 */
	AC_ROUTE_PUBLIC = 4, /* no identity needed: assets and health only */
	AC_ROUTE_JSON = 8,   /* body is application/json */
	AC_ROUTE_XML = 16    /* body is application/xml or text/xml */
};
struct ac_route {
	const char *name; /* stable: in log entries, form tokens, metrics */
	enum ac_method method;
	const char *pattern;
	unsigned roles; /* AC_ROLE_BIT(...) */
	unsigned flags;
	size_t body_max; /* 0: no body */
	ac_handler *handler;
};
extern const struct ac_route ac_routes[];
extern const size_t ac_nroutes;

bool ac_routes_check(void); /* at start: every row has roles (or is public), a handler and a unique name */
/* NULL: *ret_allow gets the methods that the path has (0: no such path). */
const struct ac_route *ac_route_find(enum ac_method m, struct ac_str path, struct ac_arena *a,
    struct ac_str capture[AC_HTTP_CAPTURES_MAX], unsigned *ret_allow);

/* handlers, one file per resource: on_*.c */
ac_handler ac_on_encounter_put;
ac_handler ac_on_delivery_list;
ac_handler ac_on_delivery_put;
ac_handler ac_on_panel;
ac_handler ac_on_panel_answer;
ac_handler ac_on_plan;
ac_handler ac_on_plan_issue;
ac_handler ac_on_overrides;
ac_handler ac_on_override;
ac_handler ac_on_plan_version;
ac_handler ac_on_plan_state;
ac_handler ac_on_plan_visit;
ac_handler ac_on_handout;
ac_handler ac_on_sheet;
ac_handler ac_on_handout_pdf;
ac_handler ac_on_sheet_pdf;
ac_handler ac_on_sheet_calendar;
ac_handler ac_on_languages;
ac_handler ac_on_check;
ac_handler ac_on_document;
ac_handler ac_on_document_xml;
ac_handler ac_on_view;
ac_handler ac_on_call_in;
ac_handler ac_on_check_in;
ac_handler ac_on_calls_json;
ac_handler ac_on_call_begin;
ac_handler ac_on_call;
ac_handler ac_on_call_act;
ac_handler ac_on_document_signature;
ac_handler ac_on_certificate;
ac_handler ac_on_plan_confirm;
ac_handler ac_on_confirmations;
ac_handler ac_on_worklist;
ac_handler ac_on_task;
ac_handler ac_on_task_finish;
ac_handler ac_on_care_plan_rows;
ac_handler ac_on_blank_sheets;
ac_handler ac_on_blank_sheet;
ac_handler ac_on_blank_given;
ac_handler ac_on_task_done;
ac_handler ac_on_reviews;
ac_handler ac_on_review;
ac_handler ac_on_review_sheet;
ac_handler ac_on_review_sign;
ac_handler ac_on_review_decide;
ac_handler ac_on_asset;
ac_handler ac_on_health;

#endif
