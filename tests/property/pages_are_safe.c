/*
 * pages_are_safe.c - whatever the EHR, the protocol's readers or the panel's forms hand in: every page parses, and nothing in
 * it runs, frames or leads elsewhere.
 */
#include "tests/web_kit.h"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
	kit_publish(&k, kit_file(&k, "schemas/protocols/demo/chemical-peel.xml"));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(pages_are_safe, .init = set_up, .fini = tear_down, .timeout = 120);

static const char *const hostile[] = { "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
	"' onmouseover='alert(1)", "</title></style></textarea><svg/onload=alert(1)>", "]]><x>",
	"&lt;script&gt;&#60;", "javascript:alert(1)", "<!--", "--><b>", "\\\"\\u0001\\u0008",
	"\\u202Egnp.exe", "\\u0000", "a\\r\\nSet-Cookie: x=1",
	"\xF0\x9F\x92\x89 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE4\xBD\xA0\xE5\xA5\xBD", "%3Cscript%3E",
	"{{7*7}}", "<a href='//evil.example'>x</a>", "x' || 1=1 --" };

static struct ac_str
escaped(const char *s)
{
	struct ac_buf b;
	struct ac_jw w;

	if (s[0] != '\\' && strstr(s, "\\u") == NULL && strstr(s, "\\r") == NULL) {
		ac_buf_init(&b, k.a, 256, 0);
		ac_jw_init(&w, &b);
		ac_jw_str(&w, ac_str_c(s));
		return ac_buf_str(&b);
	}
	return ac_strf(k.a, "\"%s\"", s); /* JSON's own escapes */
}

/* Hostile in every slot that takes text. */
static struct ac_str
snapshot(const char *id, struct ac_str h, bool signed_too)
{
	return ac_strf(k.a,
	    "{\"schema\":\"aftercare/encounter/"
	    "1\",\"source\":{\"system\":%1$.*2$s,\"site\":\"%3$s\"},\"encounter\":{\"id\":\"%3$s\","
	    "\"revision\":1,"
	    "\"status\":\"finished\",\"start\":\"2026-03-28T14:00:00+01:00\",\"end\":\"2026-03-28T14:40:00+"
	    "01:00\",\"zone\":\"Europe/Berlin\",\"category\":%1$.*2$s,"
	    "\"reason\":%1$.*2$s,\"sensitivity\":%1$.*2$s,\"follow_up_of\":%1$.*2$s%4$s},\"patient\":{\"id\":"
	    "%1$.*2$s,\"identifiers\":[{\"system\":%1$.*2$s,"
	    "\"value\":%1$.*2$s}],\"given\":[%1$.*2$s,%1$.*2$s],\"family\":%1$.*2$s,\"sex\":\"female\","
	    "\"language\":%1$.*2$s,\"phone\":%1$.*2$s,\"email\":%1$.*2$s,"
	    "\"address\":{\"line\":[%1$.*2$s],\"city\":%1$.*2$s,\"postal_code\":%1$.*2$s,\"country\":%1$.*2$"
	    "s},\"guardian\":{\"name\":%1$.*2$s,\"relation\":%1$.*2$s,"
	    "\"phone\":%1$.*2$s}},\"provider\":{\"id\":%1$.*2$s,\"npi\":%1$.*2$s,\"given\":[%1$.*2$s],"
	    "\"family\":%1$.*2$s,\"phone\":%1$.*2$s},\"clinic\":{\"id\":%1$.*2$s,"
	    "\"name\":%1$.*2$s,\"phone\":%1$.*2$s,\"country\":%1$.*2$s},\"procedures\":[{\"id\":%1$.*2$s,"
	    "\"system\":\"CPT4\",\"code\":\"17999\",\"text\":%1$.*2$s,"
	    "\"performed\":\"2026-03-28T14:35:00+01:00\",\"performer\":{\"id\":%1$.*2$s},\"products\":[{"
	    "\"name\":%1$.*2$s,\"lot\":%1$.*2$s,\"expires\":\"2027-01\"}]},"
	    "{\"id\":\"b2\",\"system\":\"LOCAL\",\"code\":\"PEEL\",\"text\":%1$.*2$s}],\"conditions\":{"
	    "\"items\":[{\"kind\":\"allergy\",\"text\":%1$.*2$s,"
	    "\"code\":%1$.*2$s,\"system\":%1$.*2$s}]},\"appointments\":[{\"id\":%1$.*2$s,\"start\":\"2026-04-"
	    "11T10:00:00+02:00\",\"category\":%1$.*2$s,"
	    "\"status\":\"booked\"}],\"facts\":{\"area\":[\"face\",%1$.*2$s],\"technique\":%1$.*2$s,"
	    "\"session\":%1$.*2$s}}",
	    h.p, (int)h.n, id,
	    signed_too ? ",\"signed\":\"2026-03-28T14:40:00+01:00\",\"signed_by\":{\"id\":\"3\",\"family\":"
			 "\"Example\"}"
		       : "");
}

static void
safe(const char *role, const char *uri, const char *what)
{
	struct ac_http h = get(&k, role, uri);
	const char *fault = page_fault(&k, ac_buf_str(&h.out));

	cr_expect(h.status == 200, "%s with %s: %d %.400s", uri, what, h.status, text_of(&k, &h));
	cr_expect(fault == NULL, "%s with %s: %s", uri, what, fault);
}

static void
safe_pages(const char *id, struct ac_uuid plan, const char *what)
{
	static const char *const of_plan[] = { "", "/handout", "/handout?language=de",
		"/handout?language=%3Cscript%3E", "/languages?language=%3Cscript%3E",
		"/languages?language=ar", "/sheets/1", "/documents/1", "?version=1", "/call-in",
		"/check-in/chemical-peel/call-day-1/1" };
	char uri[160];

	snprintf(uri, sizeof(uri), "/aftercare/panel/%s/%s", id, id); /* a site is one source system's */
	safe("clinician", uri, what);
	safe("front-desk", uri, what);
	for (size_t i = 0; i < sizeof(of_plan) / sizeof(of_plan[0]); i++) {
		snprintf(uri, sizeof(uri), "/aftercare/plans/%s%s", ac_cstr(k.a, ac_uuid_str(k.a, plan)),
		    of_plan[i]);
		safe("clinician", uri, what);
	}
	safe("nurse", "/aftercare/worklist?role=all", what);
}

Test(pages_are_safe, whatever_stands_in_a_snapshot)
{
	size_t made = 0;

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct ac_err e = { 0 };
		struct ac_intake r = { 0 };
		char id[16];

		snprintf(id, sizeof(id), "x%zu", i);
		enum ac_code rc = try_put_json(&k, snapshot(id, escaped(hostile[i]), true), &r, &e);
		if (rc == AC_EINPUT) /* a NUL or a control where an id belongs: refused at the door */
			continue;
		EXPECT_CODE(rc, AC_OK, e);
		cr_assert(r.has_plan, "%s: outcome %d", hostile[i], (int)r.outcome);
		made++;
		issue(&k, r.plan, record_of(&k, r.plan, 0)->row.version);
		safe_pages(id, r.plan, hostile[i]);
	}
	cr_expect(made >= 12, "%zu", made);
}

Test(pages_are_safe, whatever_is_in_the_path_or_the_query)
{
	static const char *const uris[] = { "/aftercare/panel/default/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		"/aftercare/plans/%22%3E%3Cscript%3E", "/aftercare/worklist?role=%3Cscript%3E",
		"/aftercare/worklist?role=nurse%22onclick=%22", "/aftercare/plans/x/sheets/%3Cb%3E",
		"/aftercare/plans/x/documents/1?%3Cscript%3E", "/aftercare/%3Cscript%3E" };

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct ac_http h = get(&k, "clinician", uris[i]);
		cr_expect(h.status >= 400, "%s: %d", uris[i], h.status);
		cr_expect(!holds(&h, "<script") && !holds(&h, "onclick=\""), "%s", uris[i]);
		if (h.wants_html)
			cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL, "%s", uris[i]);
	}
}

Test(pages_are_safe, whatever_is_answered_or_said_about_a_task)
{
	struct ac_intake r = put(&k, (struct visit){ .id = "9", .patient = "9" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/9");
	const char *words = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E";
	char more[256];

	snprintf(more, sizeof(more), "fact.area=%s", words);
	h = post(&k, "nurse", "/aftercare/panel/default/9/answers",
	    form_body(&k, text_of(&k, &h), "/answers", more));
	cr_expect(h.status == 303 || h.status == 400, "%d", h.status);
	h = get(&k, "nurse", "/aftercare/worklist?role=all");
	snprintf(more, sizeof(more), "status=completed&outcome=%s", words);
	const char *body = form_body(&k, text_of(&k, &h), "/tasks/mesotherapy%2Fcall-day-2%2F1", more);
	char uri[160];
	snprintf(uri, sizeof(uri), "/aftercare/plans/%s/tasks/mesotherapy/call-day-2/1",
	    ac_cstr(k.a, ac_uuid_str(k.a, r.plan)));
	cr_expect(post(&k, "nurse", uri, body).status == 303);
	safe("nurse", "/aftercare/panel/default/9", words);
	snprintf(uri, sizeof(uri), "/aftercare/plans/%s", ac_cstr(k.a, ac_uuid_str(k.a, r.plan)));
	safe("nurse", uri, words);
}

Test(pages_are_safe, whatever_a_patient_says_in_a_call)
{
	struct ac_intake r =
	    put(&k, (struct visit){ .id = "8", .patient = "8", .signed_at = "2026-03-28T14:40:00+01:00" });
	char uri[160];

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct ac_str said = ac_percent_encode(ac_str_c(hostile[i]), k.a);
		snprintf(
		    uri, sizeof(uri), "/aftercare/plans/%s/call-in", ac_cstr(k.a, ac_uuid_str(k.a, r.plan)));
		struct ac_http h = get(&k, "clinician", uri);
		const char *more = ac_cstr(k.a,
		    ac_strf(k.a, "outcome=reached&flag.mesotherapy%%2Ffever=yes&note=%.*s", AC_FMT(said)));
		const char *body = form_body(&k, text_of(&k, &h), "/calls", more);
		snprintf(
		    uri, sizeof(uri), "/aftercare/plans/%s/calls", ac_cstr(k.a, ac_uuid_str(k.a, r.plan)));
		cr_expect(post(&k, "clinician", uri, body).status == 303, "%s", hostile[i]);
		snprintf(uri, sizeof(uri), "/aftercare/plans/%s/calls/%zu",
		    ac_cstr(k.a, ac_uuid_str(k.a, r.plan)), i + 1);
		safe("clinician", uri, hostile[i]);
		struct ac_record *rec = record_of(&k, r.plan, 0);
		snprintf(uri, sizeof(uri), "/aftercare/plans/%s/documents/%lld",
		    ac_cstr(k.a, ac_uuid_str(k.a, r.plan)), (long long)rec->row.document_version);
		safe("clinician", uri, hostile[i]);
	}
	safe("clinician", "/aftercare/panel/default/8", "calls");
	snprintf(uri, sizeof(uri), "/aftercare/plans/%s", ac_cstr(k.a, ac_uuid_str(k.a, r.plan)));
	safe("clinician", uri, "calls");
}

Test(pages_are_safe, whoever_asks)
{
	struct call c = {
		.uri = "/aftercare/worklist", .user = "<script>alert(1)</script>\"'", .role = "nurse"
	};
	struct ac_http h = serve(&k, &c);

	cr_expect(h.status == 200);
	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL && !holds(&h, "<script"));
}
