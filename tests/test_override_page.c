/* The page on which a clinician decides for one visit: what it shows, what it refuses, and what it makes safe. */
#include "tests/intake_kit.h"
#include "tests/expect.h"
#include "tests/web_kit.h"

static struct kit k;
static const char *plan, *page;

static void
set_up(void)
{
	kit_open(&k);
	struct ac_uuid id = put(&k, (struct visit){ .area = "face" }).plan;
	plan = ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s", AC_FMT(ac_uuid_str(k.a, id))));
	page = ac_cstr(k.a, ac_strf(k.a, "%s/overrides", plan));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(override_page, .init = set_up, .fini = tear_down);

#define LINE "?line=mesotherapy%2Fno-sauna"
#define WINDOW "act=window&line=mesotherapy%2Fno-sauna&"
#define LONGER WINDOW "until=5+d&reason=slow+healing"
#define SHORTER WINDOW "until=24+h&reason=wedding+tomorrow"

static const char *
path(const char *more)
{
	return ac_cstr(k.a, ac_strf(k.a, "%s%s", page, more));
}

static struct ac_http
shown(const char *role, const char *uri)
{
	struct ac_http h = get(&k, role, uri);

	cr_expect(h.status == 200 && page_fault(&k, ac_buf_str(&h.out)) == NULL, "%d %s", h.status, uri);
	return h;
}

/* What the page's first form hides (token, version), and what a person chose. */
static struct ac_http
sent(const char *role, const char *fields)
{
	struct ac_http h = shown("clinician", page);
	const char *html = text_of(&k, &h), *token = strstr(html, "name=\"token\" value=\""),
		   *version = strstr(html, "name=\"version\" value=\"");

	cr_assert(token != NULL && version != NULL);
	token += strlen("name=\"token\" value=\"");
	version += strlen("name=\"version\" value=\"");
	return post(&k, role, page,
	    ac_cstr(k.a, ac_strf(k.a, "token=%.*s&version=%.*s&%s", (int)strcspn(token, "\""), token,
			     (int)strcspn(version, "\""), version, fields)));
}

Test(override_page, offers_the_forms_of_one_line_with_what_holds_now)
{
	struct ac_http h = shown("clinician", path(LINE));

	cr_expect(holds(&h, "Another time") && holds(&h, "Other words") && holds(&h, "Leave it out"));
	cr_expect(holds(&h, "name=\"until\"") && holds(&h, "value=\"72 h\""));
}

Test(override_page, is_linked_from_each_line_for_a_clinician_only)
{
	struct ac_http h = shown("clinician", plan);

	cr_expect(holds(&h, "overrides?line=mesotherapy%2Fno-sauna"));
	h = shown("nurse", plan);
	cr_expect(!holds(&h, "/overrides"));
	h = shown("clinician", "/aftercare/panel/default/5");
	cr_expect(holds(&h, "#decided"));
	h = shown("nurse", "/aftercare/panel/default/5");
	cr_expect(!holds(&h, "#decided"));
}

Test(override_page, saves_and_shows_it_on_plan_and_panel)
{
	struct ac_http h = sent("clinician", LONGER);

	cr_expect(h.status == 303, "%d %s", h.status, text_of(&k, &h));
	h = shown("nurse", plan);
	cr_expect(holds(&h, "Decided for this visit") && holds(&h, "Override: "));
	cr_expect(holds(&h, "another time; the protocol says until Tue 31 Mar, 15:35 (72 hours)"));
	cr_expect(holds(&h, "slow healing") && holds(&h, "by clinician"));
	h = shown("nurse", "/aftercare/panel/default/5");
	cr_expect(holds(&h, "1 override for this visit.") && holds(&h, "another time"));
}

Test(override_page, shows_doubts_before_saving_and_saves_when_they_are_confirmed)
{
	struct ac_http h = sent("clinician", SHORTER);

	cr_expect(h.status == 422 && page_fault(&k, ac_buf_str(&h.out)) == NULL, "%d", h.status);
	cr_expect(holds(&h, "Look again before it is saved.") && holds(&h, "The protocol asks for more"));
	cr_expect(holds(&h, "value=\"24 h\"") && holds(&h, "wedding tomorrow"), "what was typed is kept");
	cr_expect(holds(&h, "name=\"confirm\" value=\"OVERRIDE-WEAKER\""));
	h = shown("nurse", plan);
	cr_expect(!holds(&h, "Override: "), "nothing was saved");
	h = sent("clinician", SHORTER "&confirm=OVERRIDE-WEAKER");
	cr_expect(h.status == 303);
	h = shown("nurse", plan);
	cr_expect(holds(&h, "confirmed: OVERRIDE-WEAKER"));
}

Test(override_page, keeps_what_was_typed_when_it_cannot_be_taken)
{
	struct ac_http h = sent("clinician", WINDOW "until=soon&reason=slow+healing");

	cr_expect(h.status == 422 && page_fault(&k, ac_buf_str(&h.out)) == NULL);
	cr_expect(holds(&h, "Not saved: a time is written as") && holds(&h, "value=\"soon\"") && holds(&h, "slow healing"));
}

Test(override_page, answers_a_stale_form_with_the_plan_as_it_is)
{
	struct ac_http h = shown("clinician", page);
	const char *body = form_body(&k, text_of(&k, &h), "/overrides", "");

	cr_expect(sent("clinician", LONGER).status == 303);
	h = post(&k, "clinician", page, ac_cstr(k.a, ac_strf(k.a, "%s&%s", body, LONGER)));
	cr_expect(h.status == 409 && holds(&h, "Nothing was changed.") && holds(&h, "Plan for "));
}

Test(override_page, takes_no_form_without_its_token)
{
	struct ac_http h = post(&k, "clinician", page, "version=1&" LONGER);

	cr_expect(h.status == 403);
	h = sent("nurse", LONGER);
	cr_expect(h.status == 403);
}

Test(override_page, takes_an_act_back_from_its_list)
{
	struct ac_http h = sent("clinician", LONGER);

	h = shown("clinician", plan);
	cr_expect(holds(&h, "overrides?undo=1"));
	h = shown("clinician", path("?undo=1"));
	cr_expect(holds(&h, "Take it back") && holds(&h, "slow healing"));
	h = sent("clinician", "act=undo&undoes=1&reason=healed+well");
	cr_expect(h.status == 303);
	h = shown("clinician", plan);
	cr_expect(holds(&h, "taken back") && holds(&h, "healed well") && !holds(&h, "overrides?undo=1"));
}

Test(override_page, escapes_what_people_type_wherever_it_stands)
{
	struct ac_http h = sent("clinician",
	    "act=add&kind=restriction&lang=en&until=5+d&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22'%26&"
	    "reason=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E");

	cr_expect(h.status == 303, "%s", text_of(&k, &h));
	h = shown("nurse", plan);
	cr_expect(holds(&h, "&lt;script&gt;alert(1)&lt;/script&gt;") && !holds(&h, "<script"));
	cr_expect(holds(&h, "&lt;img src=x onerror") && !holds(&h, "<img"));
	shown("nurse", "/aftercare/panel/default/5");
	h = shown("nurse", ac_cstr(k.a, ac_strf(k.a, "%s/handout", plan)));
	cr_expect(holds(&h, "&lt;script&gt;") && !holds(&h, "onerror"), "the patient's sheet has the words, not the reason");
	shown("clinician", path("?line=override%2Fadded-1"));
}

Test(override_page, offers_no_sheet_while_the_rule_wants_the_signature_first)
{
	cr_expect(sent("clinician", LONGER).status == 303);
	struct ac_http h = shown("nurse", "/aftercare/panel/default/5");
	cr_expect(holds(&h, "A sheet with overrides is given out after the chart is signed.") && !holds(&h, "/issue\""));
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = "2026-03-28T14:39:00+01:00" });
	h = shown("nurse", "/aftercare/panel/default/5");
	cr_expect(holds(&h, "/issue\""));
}

Test(override_page, knows_no_line_that_the_plan_has_not)
{
	cr_expect(get(&k, "clinician", path("?line=mesotherapy%2Fnone")).status == 404);
	cr_expect(get(&k, "clinician", path("?undo=1")).status == 404);
	cr_expect(get(&k, "nurse", page).status == 403);
}
