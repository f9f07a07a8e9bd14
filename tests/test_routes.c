/* Who may ask what: every route with every role, through everything that stands before a handler. */
#include "tests/web_kit.h"

#define ROLES 7

static struct kit k;
static const char *plan; /* of a signed visit with a sheet: everything has something to show */

static void
set_up(void)
{
	kit_open(&k);
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });
	issue(&k, r.plan, 1);
	put(&k, (struct visit){ .area = "face", .revision = 2, .signed_at = "2026-03-28T14:39:00+01:00" });
	plan = ac_cstr(k.a, ac_uuid_str(k.a, r.plan));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(routes, .init = set_up, .fini = tear_down);

static const char *const roles[ROLES] = { "", "front-desk", "nurse", "clinician", "admin", "auditor",
	"system" };

/* Written by hand, not read from the table that it checks. "PLAN" is the plan. */
static const struct {
	const char *name, *method, *uri;
	const char *may; /* one letter a role: f n c d(admin) a s; "*": everybody */
	unsigned ok;     /* what the allowed get */
} matrix[] = {
	{ "encounter-put", "PUT", "/aftercare/v1/encounters/default/5", "s", 415 },
	{ "delivery-list", "GET", "/aftercare/v1/deliveries?site=default", "s", 200 },
	{ "delivery-put", "PUT", "/aftercare/v1/deliveries/document/x/1", "s", 415 },
	{ "blank-sheets", "GET", "/aftercare/v1/blank-sheets", "fncs", 200 },
	{ "blank-sheet", "GET", "/aftercare/v1/blank-sheets/nothing/en", "fncs", 404 },
	{ "care-plan-rows", "GET", "/aftercare/v1/plans/PLAN/rows/1", "s", 200 },
	{ "panel", "GET", "/aftercare/panel/default/5", "fnc", 200 },
	{ "panel-answer", "POST", "/aftercare/panel/default/5/answers", "nc", 403 },
	{ "plan", "GET", "/aftercare/plans/PLAN", "fnca", 200 },
	{ "plan-issue", "POST", "/aftercare/plans/PLAN/issue", "nc", 403 },
	{ "blank-given", "POST", "/aftercare/plans/PLAN/blank-sheets", "nc", 403 },
	{ "plan-version", "POST", "/aftercare/plans/PLAN/version", "c", 403 },
	{ "plan-state", "POST", "/aftercare/plans/PLAN/state", "nc", 403 },
	{ "overrides", "GET", "/aftercare/plans/PLAN/overrides", "c", 200 },
	{ "override", "POST", "/aftercare/plans/PLAN/overrides", "c", 403 },
	{ "plan-visit", "POST", "/aftercare/plans/PLAN/visits", "fnc", 403 },
	{ "handout", "GET", "/aftercare/plans/PLAN/handout", "fnc", 200 },
	{ "handout-pdf", "GET", "/aftercare/plans/PLAN/handout/pdf", "fnc", 200 },
	{ "sheet", "GET", "/aftercare/plans/PLAN/sheets/1", "fncas", 200 },
	{ "sheet-pdf", "GET", "/aftercare/plans/PLAN/sheets/1/pdf", "fncas", 200 },
	{ "sheet-calendar", "GET", "/aftercare/plans/PLAN/sheets/1/calendar", "fncs", 200 },
	{ "languages", "GET", "/aftercare/plans/PLAN/languages?language=de", "fnc", 200 },
	{ "check", "GET", "/aftercare/check", "fnca", 200 },
	{ "document", "GET", "/aftercare/plans/PLAN/documents/1", "nca", 200 },
	{ "document-xml", "GET", "/aftercare/plans/PLAN/documents/1/xml", "ncas", 200 },
	{ "view", "POST", "/aftercare/v1/view", "ncas", 415 },
	{ "call-in", "GET", "/aftercare/plans/PLAN/call-in", "fnc", 200 },
	{ "check-in", "GET", "/aftercare/plans/PLAN/check-in/mesotherapy/call-day-2/1", "nc", 200 },
	{ "calls", "GET", "/aftercare/plans/PLAN/calls", "as", 200 },
	{ "call-begin", "POST", "/aftercare/plans/PLAN/calls", "fnc", 403 },
	{ "call", "GET", "/aftercare/plans/PLAN/calls/1", "fnca", 404 },
	{ "call-act", "POST", "/aftercare/plans/PLAN/calls/1", "fnc", 404 },
	{ "document-signature", "GET", "/aftercare/plans/PLAN/documents/1/signature", "ncas", 200 },
	{ "plan-confirm", "POST", "/aftercare/plans/PLAN/confirmation", "c", 403 },
	{ "confirmations", "GET", "/aftercare/confirmations", "c", 200 },
	{ "worklist", "GET", "/aftercare/worklist", "fnc", 200 },
	{ "task", "GET", "/aftercare/plans/PLAN/tasks/mesotherapy/call-day-2/1", "s", 200 },
	{ "task-finish", "PUT", "/aftercare/v1/plans/PLAN/tasks/x", "fnc", 415 },
	{ "task-done", "POST", "/aftercare/plans/PLAN/tasks/mesotherapy/call-day-2/1", "fnc", 403 },
	{ "reviews", "GET", "/aftercare/reviews", "cd", 200 },
	{ "review", "GET", "/aftercare/reviews/00", "cd", 404 },
	{ "review-sheet", "GET", "/aftercare/reviews/00/sheet", "cd", 404 },
	{ "review-sign", "POST", "/aftercare/reviews/00/signatures", "cd", 403 },
	{ "review-decide", "POST", "/aftercare/reviews/00/decision", "cd", 403 },
	{ "certificate", "GET", "/aftercare/certificate", "ncdas", 200 },
	{ "asset", "GET", "/aftercare/assets/aftercare.css", "*", 200 },
	{ "health", "GET", "/aftercare/health", "*", 200 },
};
#define NMATRIX (sizeof(matrix) / sizeof(matrix[0]))

/* "PLAN" in it is this suite's plan. */
static void
with_plan(char *buf, size_t n, const char *uri)
{
	const char *at = strstr(uri, "PLAN");

	if (at == NULL)
		snprintf(buf, n, "%s", uri);
	else
		snprintf(buf, n, "%.*s%s%s", (int)(at - uri), uri, plan, at + 4);
}

static bool
may(const char *letters, size_t role)
{
	return letters[0] == '*' || (role > 0 && strchr(letters, " fncdas"[role]) != NULL);
}

static struct ac_http
ask(size_t row, const char *user, const char *role)
{
	char uri[256], *body = strcmp(matrix[row].method, "POST") == 0 ? "a=b" : NULL;
	struct call c = {
		.method = matrix[row].method, .uri = uri, .user = user, .role = role, .body = body
	};

	with_plan(uri, sizeof(uri), matrix[row].uri);
	return serve(&k, &c);
}

Test(routes, are_sound)
{
	cr_expect(ac_routes_check());
}

Test(routes, are_all_in_this_matrix)
{
	cr_assert(ac_nroutes == NMATRIX, "%zu routes, %zu rows", ac_nroutes, NMATRIX);
	for (size_t i = 0; i < NMATRIX; i++)
		cr_expect_str_eq(ac_routes[i].name, matrix[i].name);
}

Test(routes, let_in_who_may_and_nobody_else)
{
	for (size_t i = 0; i < NMATRIX; i++) {
		for (size_t r = 0; r < ROLES; r++) {
			struct ac_http h = ask(i, "somebody", roles[r]);
			bool refused = h.status == 403 && holds(&h, "AUTH-ROLE");

			cr_expect(refused == !may(matrix[i].may, r), "%s as %s: %d", matrix[i].name, roles[r],
			    h.status);
			if (may(matrix[i].may, r))
				cr_expect(h.status == (int)matrix[i].ok, "%s as %s: %d %.300s",
				    matrix[i].name, roles[r], h.status, text_of(&k, &h));
		}
	}
}

Test(routes, refuse_whom_the_front_server_did_not_name)
{
	for (size_t i = 0; i < NMATRIX; i++) {
		for (size_t r = 0; r < ROLES; r++) {
			struct ac_http none = ask(i, NULL, roles[r]), empty = ask(i, "", roles[r]);

			if (matrix[i].may[0] == '*')
				continue;
			cr_expect(none.status == 401 && empty.status == 401, "%s with role %s only",
			    matrix[i].name, roles[r]);
		}
	}
}

Test(routes, do_not_know_a_role_that_is_spelt_otherwise)
{
	static const char *const wrong[] = { "Clinician", "clinician ", "CLINICIAN", "root",
		"clinician,admin", "none" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct ac_http h = get(&k, wrong[i], "/aftercare/worklist");
		cr_expect(h.status == 403, "%s: %d", wrong[i], h.status);
	}
}

Test(routes, ignore_headers_that_look_like_an_identity)
{
	static const char *const forged[][2] = { { "HTTP_AFTERCARE_USER", "clinician" },
		{ "HTTP_AFTERCARE_ROLE", "clinician" }, { "REMOTE_USER", "clinician" },
		{ "HTTP_REMOTE_USER", "clinician" }, { "HTTP_X_AFTERCARE_USER", "clinician" },
		{ "HTTP_X_AFTERCARE_ROLE", "clinician" },
		{ "HTTP_AUTHORIZATION", "Basic Y2xpbmljaWFuOmRlbW8=" },
		{ "HTTP_X_FORWARDED_USER", "clinician" } };

	for (size_t i = 0; i < NMATRIX; i++) {
		char uri[256];
		struct call c = { .method = matrix[i].method, .uri = uri };

		with_plan(uri, sizeof(uri), matrix[i].uri);
		memcpy(c.extra, forged, sizeof(forged));
		if (matrix[i].may[0] != '*')
			cr_expect(serve(&k, &c).status == 401, "%s", matrix[i].name);
	}
}

Test(routes, do_not_raise_a_role_by_headers)
{
	struct call c = { .uri = "/aftercare/worklist",
		.user = "auditor",
		.role = "auditor",
		.extra = {
		    { "HTTP_AFTERCARE_ROLE", "clinician" }, { "HTTP_X_AFTERCARE_ROLE", "clinician" } } };

	cr_expect(serve(&k, &c).status == 403);
}

/* Bound to another site, patient or visit: the object is known, the caller has nothing to do with it. */
Test(routes, keep_a_caller_within_its_own_site_patient_and_visit)
{
	static const char *const objects[] = { "panel", "plan", "handout", "sheet", "sheet-calendar",
		"languages", "document", "document-xml" };

	for (size_t o = 0; o < sizeof(objects) / sizeof(objects[0]); o++) {
		size_t i = 0;

		while (strcmp(matrix[i].name, objects[o]) != 0)
			i++;
		char uri[256];
		with_plan(uri, sizeof(uri), matrix[i].uri);
		struct call site = { .uri = uri, .user = "c", .role = "clinician", .site = "elsewhere" };
		struct call patient = { .uri = uri, .user = "c", .role = "clinician", .patient = "2" };
		struct call visit = { .uri = uri, .user = "c", .role = "clinician", .encounter = "6" };
		struct call own = { .uri = uri,
			.user = "c",
			.role = "clinician",
			.site = "default",
			.patient = "1",
			.encounter = "5" };
		cr_expect(serve(&k, &site).status == 403, "%s site", objects[o]);
		cr_expect(serve(&k, &patient).status == 403, "%s patient", objects[o]);
		cr_expect(serve(&k, &visit).status == 403, "%s visit", objects[o]);
		cr_expect(serve(&k, &own).status == 200, "%s own", objects[o]);
	}
}

Test(routes, show_no_other_patients_tasks_to_a_bound_caller)
{
	struct call other = {
		.uri = "/aftercare/worklist?role=all", .user = "n", .role = "nurse", .patient = "2"
	};
	struct call own = {
		.uri = "/aftercare/worklist?role=all", .user = "n", .role = "nurse", .patient = "1"
	};
	struct ac_http h = serve(&k, &other);

	cr_expect(h.status == 200 && !holds(&h, plan));
	h = serve(&k, &own);
	cr_expect(h.status == 200 && holds(&h, plan));
}

Test(routes, show_nothing_of_the_patient_who_was_wrong_to_whom_the_visit_is_bound)
{
	const char *const rest[] = { "", "/handout", "/sheets/1" };
	struct call list = {
		.uri = "/aftercare/worklist?role=all", .user = "n", .role = "nurse", .encounter = "5"
	};
	struct ac_http h;

	put(&k, (struct visit){ .revision = 90, .patient = "2", .family = "Right", .area = "face" });
	for (size_t i = 0; i < 3; i++) {
		struct call c = { .uri = ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%s%s", plan, rest[i])),
			.user = "n",
			.role = "nurse",
			.encounter = "5" };
		h = serve(&k, &c);
		cr_expect(h.status == 403, "%s: %d", rest[i], h.status);
	}
	h = serve(&k, &list);
	cr_expect(h.status == 200 && holds(&h, "Right") && !holds(&h, plan));
}

Test(routes, give_no_deliveries_of_a_site_to_a_caller_bound_to_a_patient_or_visit)
{
	static const struct call bound[] = { { .patient = "1" }, { .encounter = "5" } };

	for (size_t i = 0; i < 2; i++) {
		struct call list = bound[i], put = bound[i];

		list.uri = "/aftercare/v1/deliveries?site=default";
		put.uri = "/aftercare/v1/deliveries/document/x/1";
		put.method = "PUT";
		put.type = "application/json";
		put.body = "{\"status\":\"done\"}";
		list.user = list.role = put.user = put.role = "system";
		cr_expect(serve(&k, &list).status == 403);
		cr_expect(serve(&k, &put).status == 403);
	}
}

Test(routes, serve_nothing_that_is_not_in_the_table)
{
	static const char *const uris[] = { "/", "/aftercare", "/aftercare/", "/aftercare/plans",
		"/aftercare/plans/", "/aftercare/plans//", "/aftercare/panel/default",
		"/aftercare/panel/default/5/", "/aftercare/panel/default/5/x", "/aftercare/assets/",
		"/aftercare/assets/../main.c", "/aftercare/worklist/", "//aftercare/worklist",
		"/aftercare/%77orklist", "/AFTERCARE/worklist", "/aftercare/v1/encounters/default",
		"/aftercare/assets/none.css", "/aftercare/plans/x", "/aftercare/panel/default/%zz",
		"/aftercare/panel/default/%00", "/aftercare/panel/default/%ff" };

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct ac_http h = get(&k, "clinician", uris[i]);
		cr_expect(h.status == 404, "%s: %d", uris[i], h.status);
	}
}

Test(routes, say_which_method_a_path_has)
{
	struct call c = { .method = "PUT", .uri = "/aftercare/worklist", .user = "nurse", .role = "nurse" };
	struct ac_http h = serve(&k, &c);

	cr_expect(h.status == 405);
	EXPECT_TEXT(header_of(&h, "Allow"), "GET");
	c.method = "DELETE";
	cr_expect(serve(&k, &c).status == 405);
	c.method = NULL;
	c.uri = "/aftercare/v1/encounters/default/5";
	h = serve(&k, &c);
	EXPECT_TEXT(header_of(&h, "Allow"), "PUT");
}

Test(routes, refuse_a_path_that_is_too_long)
{
	char *uri = ac_alloc(k.a, AC_HTTP_PATH_MAX + 8);

	memset(uri, 'a', AC_HTTP_PATH_MAX + 1);
	uri[0] = '/';
	cr_expect(get(&k, "nurse", uri).status == 400);
}

Test(routes, read_no_body_before_the_role_is_known)
{
	struct call c = { .method = "PUT",
		.uri = "/aftercare/v1/encounters/default/5",
		.user = "nurse",
		.role = "nurse",
		.type = "application/json",
		.body = "{}" };

	cr_expect(serve(&k, &c).status == 403);
	cr_expect(!c.body_was_read);
}

Test(routes, refuse_a_body_by_its_declared_length)
{
	struct call c = { .method = "PUT",
		.uri = "/aftercare/v1/encounters/default/5",
		.user = "module",
		.role = "system",
		.type = "application/json",
		.body = "{}",
		.length = "1048577" };

	cr_expect(serve(&k, &c).status == 413);
	cr_expect(!c.body_was_read);
	c.length = "99999999999999999999";
	cr_expect(serve(&k, &c).status == 400);
	c.length = "-1";
	cr_expect(serve(&k, &c).status == 400);
	cr_expect(!c.body_was_read);
	c.length = "3"; /* more than is sent */
	cr_expect(serve(&k, &c).status == 400);
}

Test(routes, take_no_body_where_none_belongs)
{
	struct call c = { .uri = "/aftercare/worklist", .user = "nurse", .role = "nurse", .body = "a=b" };

	cr_expect(serve(&k, &c).status == 413);
	cr_expect(!c.body_was_read);
}

Test(routes, want_the_content_type_they_read)
{
	struct call json = { .method = "PUT",
		.uri = "/aftercare/v1/encounters/default/5",
		.user = "m",
		.role = "system",
		.type = "text/json",
		.body = "{}" };
	struct call form = { .method = "POST",
		.uri = "/aftercare/panel/default/5/answers",
		.user = "n",
		.role = "nurse",
		.type = "application/json",
		.body = "{}" };

	cr_expect(serve(&k, &json).status == 415);
	cr_expect(serve(&k, &form).status == 415);
}

Test(routes, answer_pages_with_pages_and_the_interface_with_problems)
{
	struct ac_http page = get(&k, "clinician", "/aftercare/plans/00000000-0000-0000-0000-000000000000");

	cr_expect(page.status == 404);
	cr_expect_str_eq(page.type, "text/html; charset=utf-8");
	cr_expect(page_fault(&k, ac_buf_str(&page.out)) == NULL);
	struct ac_http api = get(&k, "clinician", "/aftercare/v1/deliveries?site=default");
	cr_expect_str_eq(api.type, "application/problem+json");
	cr_expect(holds(&api, "\"rule\":\"AUTH-ROLE\""));
}

Test(routes, let_only_assets_be_kept_by_a_browser)
{
	cr_expect(get(&k, NULL, "/aftercare/assets/handout-2.css").cacheable);
	cr_expect(!get(&k, NULL, "/aftercare/health").cacheable);
	cr_expect(!get(&k, "nurse", "/aftercare/worklist").cacheable);
}

Test(routes, give_the_document_as_a_download_that_is_what_was_stored)
{
	char uri[128];
	struct ac_err e = { 0 };
	struct ac_document_row row;
	struct ac_uuid id;
	struct ac_str bytes;

	with_plan(uri, sizeof(uri), "/aftercare/plans/PLAN/documents/1/xml");
	struct ac_http h = get(&k, "auditor", uri);
	cr_expect_str_eq(h.type, "application/xml");
	cr_expect(
	    ac_str_starts(header_of(&h, "Content-Disposition"), AC_S("attachment; filename=\"careplan-")));
	struct ac_str sent = ac_str_dup(k.a, ac_buf_str(&h.out));
	cr_assert(ac_uuid_parse(ac_str_c(plan), &id));
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_document_bytes(k.w, id, 1, &row, &bytes, &e), AC_OK, e);
	cr_expect(ac_streq(bytes, sent));
}
