/* Visits that are not open to everybody: left out of pages, lists and counts, as if they were not there. */
#include "tests/web_kit.h"

static struct kit k;
static const char *plan, *secret; /* of an open visit, and of one with the sensitivity "high" */

static struct visit
a_secret(int64_t revision, const char *sensitivity)
{
	return (struct visit){ .id = "6", .patient = "2", .family = "Other", .area = "face", .revision = revision,
		.signed_at = "2026-03-28T14:39:00+01:00", .sensitivity = sensitivity };
}

static void
set_up(void)
{
	kit_open(&k);
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });
	plan = ac_cstr(k.a, ac_uuid_str(k.a, r.plan));
	put(&k, (struct visit){ .area = "face", .revision = 2, .signed_at = "2026-03-28T14:39:00+01:00" });
	r = put(&k, a_secret(1, "high"));
	issue(&k, r.plan, 1);
	secret = ac_cstr(k.a, ac_uuid_str(k.a, r.plan));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(sensitivity, .init = set_up, .fini = tear_down);

static struct ac_http
as_role(const char *role, const char *uri)
{
	struct call c = { .uri = uri, .user = "x", .role = role };

	return serve(&k, &c);
}

static const char *
of(const char *p, const char *rest)
{
	return ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%s%s", p, rest));
}

Test(sensitivity, what_is_not_open_is_refused_on_every_page_of_its_plan)
{
	static const char *const pages[] = { "", "/handout", "/sheets/1", "/documents/1", "/documents/1/xml", "/overrides", "/call-in",
		"/languages?language=de", "/check-in/x", "/handout/pdf", "/sheets/1/pdf", "/sheets/1/calendar" };

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct ac_http h = as_role("clinician;only=normal", of(secret, pages[i]));
		cr_expect(h.status == 403, "%s: %d", pages[i], h.status);
	}
	cr_expect(as_role("clinician;only=normal", "/aftercare/panel/default/6").status == 403);
	cr_expect(as_role("clinician;only=normal|high", "/aftercare/panel/default/6").status == 200);
	cr_expect(as_role("clinician;only=high", of(secret, "")).status == 200);
}

Test(sensitivity, a_plan_that_is_not_open_is_answered_like_one_that_does_not_exist)
{
	struct ac_http none = as_role("nurse;only=", of("00000000-0000-4000-8000-000000000000", ""));
	const char *words = text_of(&k, &none);
	struct ac_http hidden = as_role("nurse;only=", of(secret, ""));

	cr_expect(none.status == 403 && hidden.status == 403);
	cr_expect(strcmp(words, text_of(&k, &hidden)) == 0);
}

Test(sensitivity, a_visit_without_one_is_open_to_who_may_see_none)
{
	cr_expect(as_role("nurse;only=", of(plan, "")).status == 200);
	cr_expect(as_role("nurse", of(secret, "")).status == 200, "whom the EHR does not limit sees all");
}

Test(sensitivity, the_list_leaves_out_what_is_not_open_and_nothing_tells_of_it)
{
	struct ac_http h = as_role("nurse;only=normal", "/aftercare/worklist?role=all");

	cr_expect(h.status == 200 && holds(&h, plan));
	cr_expect(!holds(&h, secret) && !holds(&h, "Other") && !holds(&h, "not shown"));
	h = as_role("nurse;only=high", "/aftercare/worklist?role=all");
	cr_expect(holds(&h, plan) && holds(&h, secret));
}

Test(sensitivity, counts_and_confirmations_leave_it_out)
{
	struct ac_http h = as_role("clinician;only=normal", "/aftercare/confirmations");

	cr_expect(h.status == 200 && !holds(&h, secret));
	h = as_role("clinician", "/aftercare/worklist?role=all");
	const char *all = strstr(text_of(&k, &h), "to confirm");
	h = as_role("clinician", "/aftercare/confirmations");
	cr_expect((all != NULL) == (holds(&h, secret) || holds(&h, plan)));
}

Test(sensitivity, the_chart_as_it_is_now_decides)
{
	put(&k, a_secret(2, "normal"));
	cr_expect(as_role("nurse;only=normal", of(secret, "")).status == 200);
	put(&k, a_secret(3, "high"));
	cr_expect(as_role("nurse;only=normal", of(secret, "")).status == 403);
}

Test(sensitivity, of_the_patient_who_was_wrong_the_chart_of_then_decides)
{
	struct visit v = a_secret(2, "normal");

	v.patient = "3";
	v.family = "Right";
	put(&k, v);
	cr_expect(as_role("nurse;only=normal", of(secret, "")).status == 403);
	cr_expect(as_role("nurse;only=high", of(secret, "")).status == 200);
}

Test(sensitivity, a_limit_that_is_not_understood_is_no_role)
{
	static const char *const wrong[] = { "nurse;", "nurse;all", "nurse;only", ";only=normal", "nurse;Only=normal", "nurse only=normal" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect(as_role(wrong[i], "/aftercare/worklist").status == 403, "%s", wrong[i]);
}

Test(sensitivity, names_are_compared_whole)
{
	struct ac_actor who = { 0 };

	cr_assert(ac_actor_set_role(&who, AC_S("nurse;only=normal|higher|hig")));
	cr_expect(who.role == AC_ROLE_NURSE && who.is_limited);
	cr_expect(!ac_actor_may_see(&who, AC_S("high")));
	cr_expect(!ac_actor_may_see(&who, AC_S("normal|higher")));
	cr_expect(!ac_actor_may_see(&who, AC_S("Normal")));
	cr_expect(ac_actor_may_see(&who, AC_S("hig")) && ac_actor_may_see(&who, AC_S("")));
}

Test(sensitivity, a_list_is_as_long_as_was_asked_for_whatever_is_left_out)
{
	struct ac_actor who = { .role = AC_ROLE_NURSE, .is_limited = true };
	struct ac_task_query q = { .only_open = true, .limit = 1, .who = &who };
	struct ac_task_rows all, one;
	struct ac_err e = { 0 };
	size_t n = 0;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_list(k.w, &(struct ac_task_query){ .only_open = true, .who = &who }, &all, &e), &e);
	for (;;) {
		need(ac_task_list(k.w, &q, &one, &e), &e);
		if (one.n == 0)
			break;
		cr_assert(n < all.n && ac_streq(one.v[0].name, all.v[n].name));
		struct ac_task_key *key = ac_new(k.w->arena, struct ac_task_key, 1);
		*key = (struct ac_task_key){ one.v[0].plan, one.v[0].name };
		q.after = key;
		n++;
	}
	cr_expect(n == all.n && n > 0);
}
