/* What is on record of who asked for what; and what who is bound to a patient or a visit learns from an answer. */
#include "plugin/refusals.h"
#include "tests/web_kit.h"

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
TestSuite(routes_log, .init = set_up, .fini = tear_down);

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

Test(routes_log, log_each_read_before_it_is_answered)
{
	static const struct {
		const char *uri, *leaf; /* "PLAN" is the plan */
	} reads[] = {
		{ "/aftercare/panel/default/5", "\"action\":\"view\",\"kind\":\"plan\"" },
		{ "/aftercare/plans/PLAN", "\"action\":\"view\",\"kind\":\"plan\"" },
		{ "/aftercare/plans/PLAN/handout", "\"action\":\"view\",\"kind\":\"handout\"" },
		{ "/aftercare/plans/PLAN/sheets/1", "\"action\":\"print\",\"kind\":\"handout\"" },
		{ "/aftercare/plans/PLAN/handout/pdf", "\"action\":\"view\",\"kind\":\"handout\"" },
		{ "/aftercare/plans/PLAN/sheets/1/pdf", "\"action\":\"print\",\"kind\":\"handout-pdf\"" },
		{ "/aftercare/plans/PLAN/sheets/1/pdf", "\"action\":\"print\",\"kind\":\"handout-pdf\"" },
		{ "/aftercare/plans/PLAN/sheets/1/calendar", "\"action\":\"download\",\"kind\":\"handout\"" },
		{ "/aftercare/plans/PLAN/languages?language=de", "\"action\":\"view\",\"kind\":\"handout\"" },
		{ "/aftercare/plans/PLAN/documents/1", "\"action\":\"view\",\"kind\":\"document\"" },
		{ "/aftercare/plans/PLAN/documents/1/xml", "\"action\":\"download\",\"kind\":\"document\"" },
		{ "/aftercare/worklist", "\"action\":\"list\",\"kind\":\"task\"" },
	};

	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		char uri[256];
		int64_t before = leaves(&k);
		with_plan(uri, sizeof(uri), reads[i].uri);
		struct ac_http h = get(&k, "clinician", uri);

		cr_expect(h.status == 200, "%s: %d", uri, h.status);
		cr_expect(leaves(&k) == before + 1, "%s", uri);
		cr_expect(strstr(last_leaf(&k), reads[i].leaf) != NULL, "%s: %s", uri, last_leaf(&k));
	}
}

Test(routes_log, log_a_visit_without_a_plan_too)
{
	put(&k, (struct visit){ .id = "6", .patient = "2", .consultation = true });
	int64_t before = leaves(&k);

	cr_expect(get(&k, "nurse", "/aftercare/panel/default/6").status == 200);
	cr_expect(leaves(&k) == before + 1);
}

Test(routes_log, log_each_refusal_of_somebody_known)
{
	int64_t before = leaves(&k);

	get(&k, "auditor", "/aftercare/worklist");
	cr_expect(leaves(&k) == before + 1);
	cr_expect(strstr(last_leaf(&k), "\"action\":\"refuse:AUTH-ROLE\"") != NULL, "%s", last_leaf(&k));
}

Test(routes_log, name_nothing_of_what_was_refused_in_a_leaf)
{
	char uri[128];

	with_plan(uri, sizeof(uri), "/aftercare/plans/PLAN");
	struct call other = { .uri = uri, .user = "n", .role = "nurse", .patient = "2" };
	cr_assert(serve(&k, &other).status == 403);
	const char *leaf = last_leaf(&k);
	cr_expect(strstr(leaf, "refuse:AUTH-OBJECT") != NULL && strstr(leaf, plan) == NULL, "%s", leaf);
}

Test(routes_log, log_no_health_and_no_asset)
{
	int64_t before = leaves(&k);

	get(&k, NULL, "/aftercare/health");
	get(&k, NULL, "/aftercare/assets/aftercare.css");
	cr_expect(leaves(&k) == before);
}

static void
refuse(struct ac_refusals *r, int times)
{
	for (int i = 0; i < times; i++) {
		struct ac_http h = get(&k, NULL, "/aftercare/worklist");
		ac_refusals_note(r, &h);
	}
}

static void
flush(struct ac_refusals *r, bool last)
{
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_refusals_flush(r, k.w, last, &e), &e);
}

Test(routes_log, log_anonymous_refusals_once_a_minute_with_their_number)
{
	struct ac_refusals r = { 0 };
	int64_t before = leaves(&k);

	refuse(&r, 17);
	cr_expect(leaves(&k) == before);
	flush(&r, false);
	cr_expect(leaves(&k) == before + 1);
	cr_expect(
	    strstr(last_leaf(&k),
		"\"action\":\"refuse:AUTH-NOBODY\",\"kind\":\"anonymous\",\"id\":null,\"version\":17") !=
		NULL,
	    "%s", last_leaf(&k));
	refuse(&r, 2);
	flush(&r, false); /* within the same minute */
	cr_expect(leaves(&k) == before + 1);
	k.now_ms += AC_REFUSALS_EVERY_MS;
	flush(&r, false);
	cr_expect(leaves(&k) == before + 2);
	flush(&r, true); /* nothing more to tell */
	cr_expect(leaves(&k) == before + 2);
}

Test(routes_log, do_not_count_somebody_known_as_anonymous)
{
	struct ac_refusals r = { 0 };
	struct ac_http h = get(&k, "auditor", "/aftercare/worklist");
	int64_t before = leaves(&k);

	ac_refusals_note(&r, &h);
	flush(&r, true);
	cr_expect(leaves(&k) == before);
}

/* What does not exist and what is not theirs look the same to who is bound to a patient or a visit. */
static void
expect_same_answer(struct call mine, const char *there, const char *not_there)
{
	mine.uri = there;
	struct ac_http h = serve(&k, &mine);
	int status = h.status;
	const char *body = text_of(&k, &h);
	int64_t before = leaves(&k);

	mine.uri = not_there;
	h = serve(&k, &mine);
	cr_expect(status == 403 && h.status == 403, "%d for %s, %d for %s", status, there, h.status, not_there);
	cr_expect(strcmp(body, text_of(&k, &h)) == 0, "%s", body);
	cr_expect(leaves(&k) == before + 1, "each is a refusal in the log");
}

Test(routes_log, who_is_bound_does_not_learn_what_exists)
{
	static const char *const paths[] = { "/aftercare/plans/%s", "/aftercare/plans/%s/handout",
		"/aftercare/plans/%s/documents/1", "/aftercare/plans/%s/documents/9", "/aftercare/plans/%s/sheets/1" };
	char there[128], not_there[128];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(there, sizeof(there), "/aftercare/plans/%s%s", plan, paths[i] + strlen("/aftercare/plans/%s"));
		snprintf(not_there, sizeof(not_there), "/aftercare/plans/%s%s", "00000000-0000-4000-8000-000000000000",
		    paths[i] + strlen("/aftercare/plans/%s"));
		expect_same_answer((struct call){ .user = "n", .role = "nurse", .patient = "99" }, there, not_there);
		expect_same_answer((struct call){ .user = "n", .role = "nurse", .encounter = "99" }, there, not_there);
	}
	struct call bound = { .user = "n", .role = "nurse", .site = "default", .patient = "99", .encounter = "6" };
	expect_same_answer(bound, "/aftercare/panel/default/5", "/aftercare/panel/default/7");
}

Test(routes_log, who_is_bound_to_a_visit_hears_that_it_was_not_received)
{
	struct call own = { .uri = "/aftercare/panel/default/6", .user = "n", .role = "nurse", .site = "default",
		.patient = "1", .encounter = "6" };

	cr_expect(serve(&k, &own).status == 404);
}

Test(routes_log, who_is_bound_to_a_patient_cannot_take_anothers_visit)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct call c = { .method = "PUT", .uri = "/aftercare/v1/encounters/default/5", .user = "m", .role = "system",
		.patient = "2", .type = "application/json" };

	c.body = ac_cstr(a, visit_json(&(struct visit){ .revision = 9, .patient = "2", .area = "face" }, a));
	struct ac_http h = serve(&k, &c);
	cr_expect(h.status == 403 && holds(&h, "AUTH-OBJECT"), "%d", h.status);
}

Test(routes_log, a_revision_with_other_content_is_refused_and_on_record)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct call c = { .method = "PUT", .uri = "/aftercare/v1/encounters/default/5", .user = "m", .role = "system",
		.type = "application/json" };
	int64_t before = leaves(&k);

	c.body = ac_cstr(a, visit_json(&(struct visit){ .revision = 2, .family = "Other", .area = "face" }, a));
	cr_expect(serve(&k, &c).status == 409);
	cr_expect(leaves(&k) == before + 1);
	cr_expect(strstr(last_leaf(&k), "\"action\":\"refuse:ENC-REVISION\",\"kind\":\"encounter\"") != NULL, "%s", last_leaf(&k));
}
