/* Forms: encoding, tokens, where they were sent from, and the state that their page showed. */
#include "tests/web_kit.h"

static struct kit k;
static char panel[] = "/aftercare/panel/default/5";

static void
set_up(void)
{
	kit_open(&k);
	put(&k, (struct visit){ .area = "face" });
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(form, .init = set_up, .fini = tear_down);

static const char *
page(const char *role, const char *uri)
{
	struct ac_http h = get(&k, role, uri);

	cr_assert(h.status == 200, "%s: %d", uri, h.status);
	return text_of(&k, &h);
}

static const char *
issue_uri(void)
{
	struct ac_record *r;
	struct ac_err e = { 0 };
	struct ac_uuid id;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_record_find(k.w, AC_S("default"), AC_S("5"), &id, &e), &e);
	r = record_of(&k, id, 0);
	return ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s/issue", AC_FMT(ac_uuid_str(k.a, r->row.id))));
}

#define CHOICE "language=en&recipient=patient&medium=paper"

static enum ac_code
parse(const char *text, struct ac_field **v, size_t *n, struct ac_err *e)
{
	return ac_fields_parse(ac_str_c(text), k.a, v, n, e);
}

Test(form, decodes_names_and_values)
{
	struct ac_err e = { 0 };
	struct ac_field *v;
	size_t n;

	EXPECT_CODE(parse("a=1&b%20c=%C3%A4+%2B&&d&=x", &v, &n, &e), AC_OK, e);
	cr_assert(n == 4);
	EXPECT_TEXT(v[1].name, "b c");
	EXPECT_TEXT(v[1].value, "\xC3\xA4 +");
	EXPECT_TEXT(v[2].name, "d");
	EXPECT_TEXT(v[3].name, "");
}

Test(form, refuses_what_is_no_utf8_and_every_nul)
{
	static const char *const bad[] = { "a=%", "a=%2", "a=%zz", "a=%00", "a=%FF", "a=%C3", "%ED%A0%80=a" };
	struct ac_field *v;
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ac_err e = { 0 };
		EXPECT_CODE(parse(bad[i], &v, &n, &e), AC_EINPUT, e);
		EXPECT_RULE(e, "FORM-ENCODING");
	}
}

Test(form, has_a_limit_of_fields)
{
	struct ac_err e = { 0 };
	struct ac_field *v;
	struct ac_buf b;
	size_t n;

	ac_buf_init(&b, k.a, 1024, 0);
	for (int i = 0; i < AC_HTTP_FIELDS_MAX; i++)
		ac_buf_addz(&b, "a=b&");
	EXPECT_CODE(ac_fields_parse(ac_buf_str(&b), k.a, &v, &n, &e), AC_OK, e);
	ac_buf_addz(&b, "a=b");
	EXPECT_CODE(ac_fields_parse(ac_buf_str(&b), k.a, &v, &n, &e), AC_ELIMIT, e);
}

Test(form, encodes_a_path_segment_so_that_it_stays_one)
{
	EXPECT_TEXT(ac_percent_encode(AC_S("a/b?c#d%e \xC3\xA4"), k.a), "a%2Fb%3Fc%23d%25e%20%C3%A4");
	EXPECT_TEXT(ac_percent_encode(AC_S("A-z_0.9~"), k.a), "A-z_0.9~");
}

Test(form, gives_out_a_sheet_and_leads_to_it)
{
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE);
	struct ac_http h = post(&k, "nurse", issue_uri(), body);

	cr_assert(h.status == 303, "%d", h.status);
	const char *where = ac_cstr(k.a, header_of(&h, "Location"));
	cr_expect(strstr(where, "/sheets/1") != NULL, "%s", where);
	h = get(&k, "front-desk", where);
	cr_expect(h.status == 200 && holds(&h, "Sheet 1") && holds(&h, "DEMONSTRATION"));
}

Test(form, is_refused_without_a_token_or_with_another)
{
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE), *uri = issue_uri();
	struct ac_http h = post(&k, "nurse", uri, strchr(body, '&') + 1);

	cr_expect(h.status == 403 && holds(&h, "FORM-TOKEN"));
	h = post(&k, "nurse", uri, ac_cstr(k.a, ac_strf(k.a, "token=x%s", strchr(body, '&'))));
	cr_expect(h.status == 403 && holds(&h, "FORM-TOKEN"));
}

Test(form, is_refused_when_somebody_else_sends_it)
{
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE);
	struct call c = {
		.method = "POST", .uri = issue_uri(), .user = "another nurse", .role = "nurse", .body = body
	};

	cr_expect(serve(&k, &c).status == 403);
}

Test(form, is_good_for_its_own_object_only)
{
	struct ac_intake other = put(&k, (struct visit){ .id = "6", .patient = "2", .area = "face" });
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE);
	const char *uri =
	    ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s/issue", AC_FMT(ac_uuid_str(k.a, other.plan))));
	struct ac_http h = post(&k, "nurse", uri, body);

	cr_expect(h.status == 403 && holds(&h, "FORM-TOKEN"));
}

Test(form, is_good_for_its_own_route_only)
{
	const char *html = page("nurse", panel),
		   *answer = form_body(&k, html, "/answers", CHOICE "&version=1&sheets=0");

	cr_expect(post(&k, "nurse", issue_uri(), answer).status == 403);
}

Test(form, is_good_for_this_hour_and_the_next_but_not_longer)
{
	const char *uri = issue_uri();

	set_clock(&k, "2026-03-28T14:59:59+01:00");
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE);
	set_clock(&k, "2026-03-28T16:00:00+01:00");
	cr_expect(post(&k, "nurse", uri, body).status == 403);
	set_clock(&k, "2026-03-28T15:59:59+01:00");
	cr_expect(post(&k, "nurse", uri, body).status == 303);
}

Test(form, is_refused_from_another_site)
{
	static const char *const elsewhere[][2] = { { "HTTP_SEC_FETCH_SITE", "cross-site" },
		{ "HTTP_SEC_FETCH_SITE", "same-site" }, { "HTTP_ORIGIN", "https://evil.example" },
		{ "HTTP_ORIGIN", "null" }, { "HTTP_ORIGIN", "http://clinic.example.evil" } };
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE), *uri = issue_uri();

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		struct call c = { .method = "POST",
			.uri = uri,
			.user = "nurse",
			.role = "nurse",
			.body = body,
			.extra = {
			    { elsewhere[i][0], elsewhere[i][1] }, { "HTTP_HOST", "clinic.example" } } };
		struct ac_http h = serve(&k, &c);
		cr_expect(h.status == 403 && holds(&h, "FORM-ORIGIN"), "%s", elsewhere[i][1]);
	}
	struct call own = { .method = "POST",
		.uri = uri,
		.user = "nurse",
		.role = "nurse",
		.body = body,
		.extra = { { "HTTP_ORIGIN", "https://clinic.example" },
		    { "HTTP_SEC_FETCH_SITE", "same-origin" }, { "HTTP_HOST", "clinic.example" } } };
	cr_expect(serve(&k, &own).status == 303);
}

Test(form, of_an_older_page_changes_nothing_and_says_so)
{
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE), *uri = issue_uri();

	put(&k, (struct visit){ .area = "scalp", .revision = 2 });
	struct ac_http h = post(&k, "nurse", uri, body);
	cr_expect(h.status == 409 && holds(&h, "Nothing was changed."), "%d", h.status);
	cr_expect(
	    form_body(&k, text_of(&k, &h), "/issue", CHOICE) != NULL, "the page comes again, as it is now");
}

Test(form, that_gave_out_a_sheet_does_not_give_out_a_second_one)
{
	const char *body = form_body(&k, page("nurse", panel), "/issue", CHOICE), *uri = issue_uri();

	cr_expect(post(&k, "nurse", uri, body).status == 303);
	cr_expect(post(&k, "nurse", uri, body).status == 409);
}

Test(form, offers_no_sheet_and_no_answers_to_the_front_desk)
{
	const char *html = page("front-desk", panel);

	cr_expect(strstr(html, "<form") == NULL);
	cr_expect(strstr(html, "Print sheet") == NULL);
	cr_expect(
	    post(&k, "nurse", issue_uri(), form_body(&k, page("nurse", panel), "/issue", CHOICE)).status ==
	    303);
	cr_expect(strstr(page("front-desk", panel), "Print sheet") != NULL);
}

Test(form, wants_a_choice_of_language_recipient_and_medium)
{
	static const char *const bad[] = { "", "language=en&recipient=patient",
		"language=en&recipient=neighbour&medium=paper", "language=&recipient=patient&medium=paper",
		"language=en&recipient=patient&medium=stone" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(
		    post(&k, "nurse", issue_uri(), form_body(&k, page("nurse", panel), "/issue", bad[i]))
			    .status == 400,
		    "%s", bad[i]);
}

Test(form, answers_a_missing_fact_and_the_line_is_assumed_no_more)
{
	const char *html = page("nurse", panel);

	cr_assert(strstr(html, "assumed for: No hard effort") != NULL);
	struct ac_http h = post(&k, "nurse", "/aftercare/panel/default/5/answers",
	    form_body(&k, html, "/answers", "fact.anticoagulant=no"));
	cr_assert(h.status == 303, "%d %s", h.status, text_of(&k, &h));
	EXPECT_TEXT(header_of(&h, "Location"), panel);
	cr_expect(strstr(page("nurse", panel), "assumed for: No hard effort") == NULL);
}

Test(form, with_an_answer_to_an_older_state_is_refused)
{
	const char *body = form_body(&k, page("nurse", panel), "/answers", "fact.anticoagulant=no");

	cr_expect(post(&k, "nurse", "/aftercare/panel/default/5/answers", body).status == 303);
	struct ac_http h = post(&k, "nurse", "/aftercare/panel/default/5/answers", body);
	cr_expect(h.status == 409 && holds(&h, "Nothing was changed.") && holds(&h, "class=\"open session\""),
	    "the panel comes again, as it is now");
}

Test(form, with_an_answer_to_an_older_plan_is_refused_and_keeps_what_was_chosen)
{
	const char *body = form_body(&k, page("nurse", panel), "/answers", "fact.anticoagulant=no");

	put(&k, (struct visit){ .area = "scalp", .revision = 2 });
	struct ac_http h = post(&k, "nurse", "/aftercare/panel/default/5/answers", body);
	cr_expect(h.status == 409 && holds(&h, "Meanwhile the plan changed."), "%d", h.status);
	cr_expect(holds(&h, "name=\"fact.anticoagulant\" value=\"no\" checked=\"checked\""),
	    "what was chosen is marked");
	body = form_body(&k, text_of(&k, &h), "/answers", "fact.anticoagulant=no");
	cr_expect(post(&k, "nurse", "/aftercare/panel/default/5/answers", body).status == 303, "sent again, it counts");
}

Test(form, with_a_time_for_an_older_plan_keeps_the_time)
{
	put(&k, (struct visit){ .id = "9", .patient = "9", .performed = "", .area = "face" });
	const char *body = form_body(&k, page("nurse", "/aftercare/panel/default/9"), "/answers", "anchor=2026-03-28T14:07");

	put(&k, (struct visit){ .id = "9", .patient = "9", .performed = "", .area = "scalp", .revision = 2 });
	struct ac_http h = post(&k, "nurse", "/aftercare/panel/default/9/answers", body);
	cr_expect(h.status == 409 && holds(&h, "value=\"2026-03-28T14:07\""));
}

Test(form, without_an_answer_or_with_a_strange_one_is_refused)
{
	static const char *const bad[] = { "", "fact.anticoagulant=", "fact.=x", "anchor=yesterday",
		"anchor=2026-02-30T10:00", "anchor=2026-03-28T25:00",
		"anchor=2026-03-29T10:00" /* tomorrow */,
		"anchor=2026-03-27T23:59" /* the day before the visit */,
		"fact.anchor=2026-03-28T10:00:00%2B01:00" };
	const char *html = page("nurse", panel);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ac_http h = post(&k, "nurse", "/aftercare/panel/default/5/answers",
		    form_body(&k, html, "/answers", bad[i]));
		cr_expect(h.status == 400, "%s: %d", bad[i], h.status);
	}
}

Test(form, confirms_an_assumed_time)
{
	put(&k, (struct visit){ .id = "7", .patient = "3", .performed = "", .area = "face" });
	const char *html = page("clinician", "/aftercare/panel/default/7");

	cr_assert(strstr(html, "the end of the visit is assumed") != NULL);
	cr_expect(
	    strstr(html, "value=\"2026-03-28T14:40\"") != NULL && strstr(html, "Europe/Berlin") != NULL);
	struct ac_http h = post(&k, "clinician", "/aftercare/panel/default/7/answers",
	    form_body(&k, html, "/answers", "anchor=2026-03-28T14%3A35"));
	cr_assert(h.status == 303, "%d", h.status);
	html = page("clinician", "/aftercare/panel/default/7");
	cr_expect(strstr(html, "visit is assumed") == NULL);
	cr_expect(strstr(html, "14:35 (confirmed)") != NULL);
}

Test(form, makes_a_suggested_visit_a_plan)
{
	put(&k, (struct visit){ .id = "8", .patient = "4", .code = "" });
	const char *html = page("nurse", "/aftercare/panel/default/8");

	cr_assert(strstr(html, "Was it done today?") != NULL);
	struct ac_http h = post(&k, "nurse", "/aftercare/panel/default/8/answers",
	    form_body(&k, html, "/answers", "fact.performed=yes"));
	cr_assert(h.status == 303, "%d", h.status);
	cr_expect(strstr(page("nurse", "/aftercare/panel/default/8"), ">active<") != NULL);
}

static const char *
task_uri(const char *name)
{
	const char *uri = issue_uri();

	return ac_cstr(k.a, ac_strf(k.a, "%.*s/tasks/%s", (int)(strlen(uri) - strlen("/issue")), uri, name));
}

Test(form, asks_again_whether_it_was_done_when_a_withdrawn_visit_only_looks_like_it)
{
	put(&k, (struct visit){ .revision = 2, .code = "" });
	put(&k, (struct visit){ .revision = 3, .code = "", .area = "scalp" });
	const char *html = page("nurse", panel);

	cr_expect(strstr(html, "This plan was withdrawn.") != NULL);
	cr_expect(strstr(html, "fact.performed") != NULL);
}

Test(form, shows_no_plan_of_the_patient_whom_the_chart_named_before)
{
	put(&k, (struct visit){ .revision = 2, .patient = "2", .family = "Right", .code = "" });
	struct call bound = { .uri = panel, .user = "n", .role = "nurse", .patient = "2" };
	struct ac_http h = serve(&k, &bound);

	cr_expect(h.status == 200 && holds(&h, "fact.performed") && !holds(&h, "withdrawn"), "%d", h.status);
}

Test(form, of_a_kept_end_is_the_clinicians_and_lets_it_go)
{
	cr_assert(post(&k, "nurse", issue_uri(), form_body(&k, page("nurse", panel), "/issue", CHOICE)).status == 303);
	put(&k, (struct visit){ .area = "face", .performed = "2026-03-28T14:05:00+01:00", .revision = 2 });
	cr_expect(strstr(page("nurse", panel), "kept from the sheet of") != NULL);
	cr_expect(strstr(page("nurse", panel), "name=\"earlier-end\"") == NULL);
	const char *html = page("clinician", panel), *at = strstr(html, "name=\"earlier-end\" value=\"");
	cr_assert(at != NULL);
	at += strlen("name=\"earlier-end\" value=\"");
	const char *value = ac_cstr(k.a, ac_strf(k.a, "earlier-end=%.*s", (int)strcspn(at, "\""), at));
	char *plus = ac_cstr(k.a, ac_str_c(value));
	for (char *c = plus; *c != '\0'; c++)
		if (*c == ' ')
			*c = '+';
	const char *nurses = form_body(&k, page("nurse", panel), "/answers", plus);
	cr_expect(post(&k, "nurse", "/aftercare/panel/default/5/answers", nurses).status == 403);
	struct ac_http h = post(&k, "clinician", "/aftercare/panel/default/5/answers",
	    form_body(&k, page("clinician", panel), "/answers", plus));
	cr_expect(h.status == 303, "%d %s", h.status, text_of(&k, &h));
	cr_expect(strstr(page("clinician", panel), plus + strlen("earlier-end=")) == NULL);
}

Test(form, finishes_a_task_once)
{
	const char *body = form_body(&k, page("nurse", "/aftercare/worklist"),
	    "/tasks/mesotherapy%2Fcall-day-2%2F1", "outcome=reached&status=completed");
	cr_assert(body != NULL);
	struct ac_http h = post(&k, "nurse", task_uri("mesotherapy/call-day-2/1"), body);

	cr_expect(h.status == 303, "%d", h.status);
	EXPECT_TEXT(header_of(&h, "Location"), "/aftercare/worklist?role=nurse");
	cr_expect(strstr(page("nurse", "/aftercare/worklist"), "call-day-2") == NULL);
	h = post(&k, "nurse", task_uri("mesotherapy/call-day-2/1"), body);
	cr_expect(h.status == 409 && holds(&h, "was completed: reached, by nurse.") && holds(&h, "Follow-up"),
	    "the list comes again, and says what became of it");
}

Test(form, of_a_task_that_moved_keeps_what_was_written)
{
	const char *body = form_body(&k, page("nurse", "/aftercare/worklist"),
	    "/tasks/mesotherapy%2Fcall-day-2%2F1", "outcome=She+is+fine&status=completed");

	put(&k, (struct visit){ .area = "face", .performed = "2026-03-28T14:05:00+01:00", .revision = 2 });
	struct ac_http h = post(&k, "nurse", task_uri("mesotherapy/call-day-2/1"), body);
	cr_expect(h.status == 409 && holds(&h, "moved.") && holds(&h, "value=\"She is fine\""), "%s",
	    text_of(&k, &h));
	body = form_body(&k, text_of(&k, &h), "/tasks/mesotherapy%2Fcall-day-2%2F1", "outcome=She+is+fine&status=completed");
	cr_expect(post(&k, "nurse", task_uri("mesotherapy/call-day-2/1"), body).status == 303);
}

Test(form, lets_the_front_desk_finish_its_own_tasks_only)
{
	const char *html = page("front-desk", "/aftercare/worklist?role=all");
	const char *own =
	    form_body(&k, html, "/tasks/mesotherapy%2Fbook-next%2F1", "outcome=booked&status=completed");

	cr_assert(own != NULL);
	cr_expect(form_body(&k, html, "/tasks/mesotherapy%2Fcall-day-2%2F1", "") == NULL);
	cr_expect(post(&k, "front-desk", task_uri("mesotherapy/book-next/1"), own).status == 303);
	struct call c = { .uri = "/", .user = "front-desk", .role = "front-desk" };
	struct ac_http h = serve(&k, &c); /* to make a token as the front desk */
	h.who = as(AC_ROLE_FRONT_DESK);
	const char *uri = task_uri("mesotherapy/call-day-2/1");
	struct ac_str id = { uri + strlen("/aftercare/plans/"), 36 };
	struct ac_str token = ac_str_dup(
	    k.a, ac_form_token(&h, "task-done", ac_strf(k.a, "%.*s/mesotherapy/call-day-2/1", AC_FMT(id))));
	h = post(&k, "front-desk", uri,
	    ac_cstr(k.a, ac_strf(k.a, "token=%.*s&seq=0&outcome=x&status=completed", AC_FMT(token))));
	cr_expect(h.status == 403 && holds(&h, "TASK-ROLE"), "%d %s", h.status, text_of(&k, &h));
}

Test(form, wants_words_for_what_came_of_a_task)
{
	const char *html = page("nurse", "/aftercare/worklist");
	static const char *const bad[] = { "status=completed", "status=completed&outcome=+++",
		"status=done&outcome=x", "outcome=x" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *body = form_body(&k, html, "/tasks/mesotherapy%2Fcall-day-2%2F1", bad[i]);
		cr_expect(post(&k, "nurse", task_uri("mesotherapy/call-day-2/1"), body).status == 400, "%s",
		    bad[i]);
	}
}

Test(form, never_leads_away_from_this_site)
{
	const char *html = page("nurse", "/aftercare/worklist");
	const char *body =
	    form_body(&k, html, "/tasks/mesotherapy%2Fcall-day-2%2F1", "outcome=x&status=completed");
	char *evil = ac_cstr(k.a, ac_strf(k.a, "role=//evil.example&%s", body));
	struct ac_http h = post(&k, "nurse", task_uri("mesotherapy/call-day-2/1"), evil);

	cr_expect(h.status == 303);
	EXPECT_TEXT(header_of(&h, "Location"), "/aftercare/worklist");
}

Test(form, puts_no_line_break_into_a_header)
{
	struct ac_http h = get(&k, "nurse", "/aftercare/worklist");
	size_t n = h.nheaders;

	ac_http_header(&h, "Location", AC_S("/a\r\nSet-Cookie: b"));
	ac_http_header(&h, "Location", AC_S("/a\nb"));
	cr_expect(h.nheaders == n);
}
