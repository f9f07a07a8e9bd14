/* What a clinician sees of the life of a protocol: suspended, replaced, decided by one person alone. */
#include "tests/life_kit.h"
#include "tests/web_kit.h"

static struct kit k;
static struct ac_uuid plan;

static void
set_up(void)
{
	kit_open(&k);
	plan = put(&k, (struct visit){ .area = "face" }).plan;
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(version_page, .init = set_up, .fini = tear_down);

static struct ac_http
panel(const char *role)
{
	struct ac_http h = get(&k, role, "/aftercare/panel/default/5");

	cr_expect(h.status == 200 && page_fault(&k, ac_buf_str(&h.out)) == NULL, "%d", h.status);
	return h;
}

static struct ac_http
plan_page(void)
{
	struct ac_http h = get(&k, "clinician",
	    ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s", AC_FMT(ac_uuid_str(k.a, plan)))));

	cr_expect(h.status == 200 && page_fault(&k, ac_buf_str(&h.out)) == NULL, "%d", h.status);
	return h;
}

Test(version_page, says_nothing_while_the_version_is_in_force)
{
	struct ac_http h = panel("clinician");

	cr_expect(!holds(&h, "suspended") && !holds(&h, "without approval") && !holds(&h, "by its author"));
}

Test(version_page, says_since_when_and_why_it_is_suspended_and_what_holds)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(publish(&k, "bob", &v, 0));
	plan = put(&k, (struct visit){ .id = "6", .area = "face" }).plan;
	suspend(&k, "bob");
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/6");
	cr_expect(holds(&h, "mesotherapy v2 is suspended: no sheet is given out."), "%s", text_of(&k, &h));
	cr_expect(holds(&h, "Since 14:40. Why: under test.") && !holds(&h, "/issue"));
	cr_expect(holds(&h, "Version v1 holds: a clinician can use it for this patient.") &&
		  !holds(&h, "/version"));
	h = plan_page();
	cr_expect(
	    holds(&h, "What is different in the protocol mesotherapy") && holds(&h, "<strong>72 h</strong>"));
	cr_expect(holds(&h, "▼ weaker") && form_body(&k, text_of(&k, &h), "/version", "") != NULL);
}

Test(version_page, shows_by_meaning_what_a_newer_version_says)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(publish(&k, "bob", &v, 0));
	struct ac_http h = plan_page();
	cr_expect(holds(&h, "Another version of the protocol is in force.") && holds(&h, "▲ stronger"));
	cr_expect(
	    holds(&h, "72 h") && holds(&h, "<strong>96 h</strong>") && holds(&h, "1 change, 1 stronger"));
	h = panel("clinician");
	cr_expect(!holds(&h, "Another version of the protocol"), "no news for the panel");
}

Test(version_page, says_that_a_version_was_published_without_approval)
{
	struct ac_life_who who = who_is("alice");
	struct ac_life_publish p = { .break_glass = true,
		.how = { .reason = AC_S("nobody could be reached") } };
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_life_done done;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_publish(k.w, &who, &v, &p, &done, &e), &e);
	put(&k, (struct visit){ .id = "6", .area = "face" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/6");
	cr_expect(holds(&h, "mesotherapy v2 was published without approval."));
}

Test(version_page, says_that_a_version_was_approved_by_its_author)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	kit_clinic(&k, "[rules]\n", "[rules]\nsolo = 24 h\n");
	need_ok(submit(&k, "alice", &v));
	k.now_ms += 25 * 3600 * (int64_t)1000;
	need_ok(approve(&k, "alice", &v));
	need_ok(publish(&k, "alice", &v, 0));
	put(&k, (struct visit){ .id = "6", .area = "face" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/6");
	cr_expect(holds(&h, "mesotherapy v2 was approved by its author.") && holds(&h, "one doctor"));
}
