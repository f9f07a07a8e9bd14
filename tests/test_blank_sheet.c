/* The sheet without a patient, for when nothing else can be made; and that it was given. */
#include <json-c/json.h>

#include "core/blank_sheet.h"
#include "tests/life_kit.h"
#include "tests/web_kit.h"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(blank_sheet, .init = set_up, .fini = tear_down);

static struct ac_str
html_in(const char *language)
{
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	const struct ac_active *of = ac_blank_sheet_of(k.w->config, AC_S("mesotherapy"));
	cr_assert(of != NULL);
	need(ac_blank_sheet_html(k.w, of, ac_str_c(language), AC_S("/aftercare/assets/"), &html, &e), &e);
	return ac_str_dup(k.a, html);
}

static bool
says(struct ac_str html, const char *part)
{
	return memmem(html.p, html.n, part, strlen(part)) != NULL;
}

static size_t
listed(void)
{
	struct ac_http h = get(&k, "system", "/aftercare/v1/blank-sheets");

	cr_assert(h.status == 200, "%s", text_of(&k, &h));
	json_object *all = json_tokener_parse(text_of(&k, &h));
	size_t n = json_object_array_length(json_object_object_get(all, "sheets"));
	json_object_put(all);
	return n;
}

Test(blank_sheet, has_room_for_each_end_with_its_distance)
{
	struct ac_str html = html_in("en");

	cr_expect(says(html, "______") && says(html, "(72 h)"));
	cr_expect(page_fault(&k, html) == NULL, "%s", page_fault(&k, html));
}

Test(blank_sheet, states_no_day_and_no_clock)
{
	struct ac_str html = html_in("en");

	cr_expect(!says(html, " 2026") && !says(html, "March") && !says(html, "Now until"));
}

Test(blank_sheet, has_the_lines_that_depend_on_what_nobody_knows)
{
	struct ac_str html = html_in("en");
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	const struct ac_protocol *p = ac_blank_sheet_of(k.w->config, AC_S("mesotherapy"))->protocol;
	size_t conditional = 0;
	for (size_t i = 0; i < p->ninstructions; i++) {
		const struct ac_instruction *d = &p->instructions[i];
		if (d->l.when == NULL || d->kind != AC_RESTRICTION)
			continue;
		conditional++;
		struct ac_str label = ac_text_pick(d->label.n > 0 ? d->label : d->text, AC_S("en"), NULL);
		cr_expect(says(html, ac_cstr(k.a, label)), "%.*s", AC_FMT(d->l.id));
	}
	cr_expect(conditional > 0);
}

Test(blank_sheet, says_which_number_serves_when_and_the_emergency_number)
{
	struct ac_str html = html_in("en");

	cr_expect(says(html, "class=\"numbers\"") && says(html, "class=\"emergency\""));
}

Test(blank_sheet, is_in_the_language_that_is_wanted)
{
	cr_expect(says(html_in("de"), "lang=\"de\""));
}

Test(blank_sheet, is_offered_for_each_language_of_each_protocol_in_force)
{
	cr_expect(listed() >= 1);
}

Test(blank_sheet, of_what_is_suspended_is_not_offered)
{
	size_t before = listed();

	suspend(&k, "bob");
	cr_expect(listed() < before);
	cr_expect(get(&k, "system", "/aftercare/v1/blank-sheets/mesotherapy/en").status == 404);
}

Test(blank_sheet, is_a_pdf_and_the_same_one_each_time)
{
	struct ac_http h = get(&k, "system", "/aftercare/v1/blank-sheets/mesotherapy/en");
	struct ac_str first;

	cr_assert(h.status == 200, "%s", text_of(&k, &h));
	first = ac_str_dup(k.a, ac_buf_str(&h.out));
	cr_expect(ac_str_starts(first, AC_S("%PDF-")));
	h = get(&k, "system", "/aftercare/v1/blank-sheets/mesotherapy/en");
	cr_expect(ac_streq(ac_buf_str(&h.out), first));
}

#define REPLACE "aftercare/replace-blank-sheet/1"

static enum ac_code
given(struct ac_uuid plan, const char *at, enum ac_role role, struct ac_issue_row *row, struct ac_str *bytes, struct ac_err *e)
{
	struct ac_actor who = as(role);
	struct ac_issue_request rq = { .plan = plan, .seen_version = 1, .language = AC_S("de") };
	struct ac_stamp t = { 0 };
	enum ac_code rc = ac_worker_begin(k.w, e);

	cr_assert(ac_stamp_parse(ac_str_c(at), &t));
	rq.blank_given_at = t.t;
	return rc != AC_OK ? rc : ac_intake_issue(k.w, &who, &rq, row, bytes, e);
}

Test(blank_sheet, that_was_given_is_recorded_as_issued_then)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_err e = { 0 };
	struct ac_issue_row row = { 0 };
	struct ac_str bytes = { 0 };

	set_clock(&k, "2026-03-28T18:00:00+01:00");
	EXPECT_CODE(given(plan, "2026-03-28T14:50:00+01:00", AC_ROLE_NURSE, &row, &bytes, &e), AC_OK, e);
	EXPECT_TEXT(row.medium, "blank");
	cr_expect(row.n == 1 && says(bytes, "BLANK SHEET") && says(bytes, "lang=\"de\""));
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.issued_ms == row.at_ms && r->row.issued_ms == INT64_C(1774705800000), "%lld", (long long)r->row.issued_ms);
}

Test(blank_sheet, that_was_given_asks_for_the_printed_one_until_it_is_given)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_err e = { 0 };
	struct ac_issue_row row = { 0 };
	struct ac_str bytes = { 0 };

	set_clock(&k, "2026-03-28T18:00:00+01:00");
	EXPECT_CODE(given(plan, "2026-03-28T14:50:00+01:00", AC_ROLE_NURSE, &row, &bytes, &e), AC_OK, e);
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), REPLACE);
	cr_assert(t != NULL && ac_streq_c(t->status, "requested"));
	issue(&k, plan, 1);
	t = task_named(record_of(&k, plan, 0), REPLACE);
	cr_expect(ac_streq_c(t->status, "completed"));
}

Test(blank_sheet, is_not_given_later_than_now_or_before_the_visit)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_err e = { 0 };
	struct ac_issue_row row = { 0 };
	struct ac_str bytes = { 0 };

	set_clock(&k, "2026-03-28T18:00:00+01:00");
	EXPECT_CODE(given(plan, "2026-03-28T18:01:00+01:00", AC_ROLE_NURSE, &row, &bytes, &e), AC_EINPUT, e);
	cr_expect(strcmp(e.rule, "ISSUE-GIVEN") == 0, "%s", e.rule);
	EXPECT_CODE(given(plan, "2026-03-27T13:00:00+01:00", AC_ROLE_NURSE, &row, &bytes, &e), AC_EINPUT, e);
}

Test(blank_sheet, the_front_desk_does_not_say_that_it_was_given)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_err e = { 0 };
	struct ac_issue_row row = { 0 };
	struct ac_str bytes = { 0 };

	set_clock(&k, "2026-03-28T18:00:00+01:00");
	EXPECT_CODE(given(plan, "2026-03-28T14:50:00+01:00", AC_ROLE_FRONT_DESK, &row, &bytes, &e), AC_EDENIED, e);
}

Test(blank_sheet, the_panel_asks_whether_one_was_given_and_then_no_more)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_err e = { 0 };
	struct ac_issue_row row = { 0 };
	struct ac_str bytes = { 0 };
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/5");

	cr_expect(holds(&h, "A blank sheet was given") && holds(&h, "/blank-sheets"));
	set_clock(&k, "2026-03-28T18:00:00+01:00");
	EXPECT_CODE(given(plan, "2026-03-28T14:50:00+01:00", AC_ROLE_NURSE, &row, &bytes, &e), AC_OK, e);
	h = get(&k, "nurse", "/aftercare/panel/default/5");
	cr_expect(!holds(&h, "/blank-sheets") && holds(&h, "Give out new sheet"), "%s", text_of(&k, &h));
	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL);
}

Test(blank_sheet, the_form_on_the_panel_records_it)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	const char *id = ac_cstr(k.a, ac_uuid_str(k.a, plan));
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/5");
	const char *at = strstr(text_of(&k, &h), "/blank-sheets"), *token = at == NULL ? NULL : strstr(at, "name=\"token\" value=\"");

	cr_assert(token != NULL);
	token += strlen("name=\"token\" value=\"");
	set_clock(&k, "2026-03-28T15:00:00+01:00");
	h = post(&k, "nurse", ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%s/blank-sheets", id)),
	    ac_cstr(k.a, ac_strf(k.a, "token=%.*s&version=1&sheets=0&language=en&given=2026-03-28T14:50", (int)strcspn(token, "\""), token)));
	cr_expect(h.status == 303, "%d %s", h.status, text_of(&k, &h));
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->nissues == 1 && ac_streq_c(r->issues[0].medium, "blank"));
}
