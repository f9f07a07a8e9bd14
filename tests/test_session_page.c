/* The panel before the first sheet: one form, proposals marked, the lot typed, one submit; an expired lot asks. */
#include "tests/web_kit.h"

static struct kit k;
#define PANEL "/aftercare/panel/default/6"

/* A later session of the same area: the chart knows a procedure and its product, no fact and no lot. */
static void
set_up(void)
{
	kit_open(&k);
	put(&k, (struct visit){ .area = "face", .lot = "L-OLD" });
	set_clock(&k, "2026-04-07T14:45:00+02:00");
	put(&k, (struct visit){ .id = "6", .start = "2026-04-07T14:00:00+02:00", .end = "2026-04-07T14:40:00+02:00",
		    .performed = "2026-04-07T14:35:00+02:00" });
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(session_page, .init = set_up, .fini = tear_down);

static const char *
panel(void)
{
	struct ac_http h = get(&k, "nurse", PANEL);

	cr_assert(h.status == 200);
	return text_of(&k, &h);
}

static struct ac_http
send(const char *more)
{
	return post(&k, "nurse", PANEL "/answers", form_body(&k, panel(), "/answers", more));
}

static const struct ac_record *
record(void)
{
	struct ac_uuid plan;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_record_find(k.w, AC_S("default"), AC_S("6"), &plan, &e), &e);
	return record_of(&k, plan, 0);
}

Test(session_page, proposes_the_area_of_the_last_session_and_says_so)
{
	const char *html = panel();

	cr_expect(strstr(html, "Confirm and print") != NULL);
	cr_expect(strstr(html, "proposed from the session of") != NULL);
	cr_expect(strstr(html, "name=\"fact.area\" value=\"face\" checked") != NULL);
	cr_expect_null(page_fault(&k, ac_str_c(html)));
}

Test(session_page, never_proposes_a_lot)
{
	const char *html = panel();

	cr_expect(strstr(html, "fact.product.lot") != NULL);
	cr_expect(strstr(html, "L-OLD") == NULL);
}

Test(session_page, does_not_ask_the_front_desk)
{
	struct ac_http h = get(&k, "front-desk", PANEL);

	cr_expect(!holds(&h, "Confirm and print"));
}

Test(session_page, saves_and_gives_the_sheet_out_with_one_submit)
{
	struct ac_http h = send("fact.area=face&fact.technique=needle&fact.product.lot=L-77&fact.product.expires=2027-01&"
				"language=en&give=1");
	const struct ac_record *r;

	cr_assert(h.status == 303, "%u %s", h.status, text_of(&k, &h));
	cr_expect(memmem(header_of(&h, "Location").p, header_of(&h, "Location").n, "/sheets/1", 9) != NULL);
	r = record();
	cr_expect(r->nissues == 1);
	cr_expect(ac_streq_c(task_named(r, "mesotherapy/record-lot")->status, "completed"), "the lot is recorded");
	cr_expect(ac_streq_c(r->encounter->procedures[0].products[0].lot, "L-77"));
}

Test(session_page, the_panel_beside_the_sheet_leads_to_itself_as_it_is_afterwards)
{
	const char *again = "<a href=\"" PANEL "\">Then show what is open now</a>", *html = panel();
	size_t n = 0;

	for (const char *at = html; (at = strstr(at, again)) != NULL; at++)
		n++;
	cr_expect(n == 2, "in the form, and where a sheet is given out by itself: %zu", n);
	send("fact.area=face&fact.technique=needle&fact.product.lot=L-77&fact.product.expires=2027-01&language=en&give=1");
	html = panel();
	cr_expect(strstr(html, "Confirm and print") == NULL && strstr(html, "sheet given") != NULL);
}

Test(session_page, the_sheet_names_the_lot_that_was_typed)
{
	struct ac_http h = send("fact.area=face&fact.product.lot=L-77&language=en&give=1");
	struct ac_uuid plan = record()->row.id;

	cr_assert(h.status == 303);
	h = get(&k, "nurse", ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s/sheets/1", AC_FMT(ac_uuid_str(k.a, plan)))));
	cr_expect(holds(&h, "L-77"));
}

Test(session_page, saves_without_a_sheet)
{
	struct ac_http h = send("fact.area=face&save=1");

	cr_expect(h.status == 303);
	cr_expect(record()->nissues == 0);
}

Test(session_page, an_expired_lot_is_asked_about_before_anything_is_given_out)
{
	struct ac_http h = send("fact.area=face&fact.product.lot=L-9&fact.product.expires=2026-03&language=en&give=1");
	const char *html;

	cr_assert(h.status == 303);
	cr_expect(record()->nissues == 0);
	html = panel();
	cr_expect(strstr(html, "Lot L-9 expired 2026-03") != NULL);
	h = send("fact.product.expired=L-9&language=en&give=1");
	cr_expect(h.status == 303);
	cr_expect(record()->nissues == 1, "somebody said that it was this lot");
}

Test(session_page, another_lot_in_place_of_the_expired_one_is_enough)
{
	send("fact.area=face&fact.product.lot=L-9&fact.product.expires=2026-03&language=en&give=1");
	send("fact.product.lot=L-10&fact.product.expires=2026-04&language=en&give=1");
	cr_expect(record()->nissues == 1);
	cr_expect(ac_streq_c(record()->encounter->procedures[0].products[0].lot, "L-10"));
}

Test(session_page, a_lot_good_until_the_end_of_this_month_is_not_expired)
{
	send("fact.area=face&fact.product.lot=L-10&fact.product.expires=2026-04&language=en&give=1");
	cr_expect(record()->nissues == 1);
}

Test(session_page, refuses_an_expiry_that_is_no_date)
{
	struct ac_http h = send("fact.area=face&fact.product.lot=L-10&fact.product.expires=soon&language=en&give=1");

	cr_expect(h.status == 400);
	cr_expect(record()->nissues == 0);
}

Test(session_page, a_form_that_is_too_old_gets_the_page_again_and_gives_nothing_out)
{
	const char *body = form_body(&k, panel(), "/answers", "fact.area=scalp&fact.product.lot=L-77&language=en&give=1");

	send("fact.area=face&save=1");
	struct ac_http h = post(&k, "nurse", PANEL "/answers", body);
	cr_expect(h.status == 409);
	cr_expect(holds(&h, "L-77"), "what was typed is kept");
	cr_expect(record()->nissues == 0);
}

Test(session_page, sent_twice_gives_one_sheet)
{
	const char *body = form_body(&k, panel(), "/answers", "fact.area=face&fact.product.lot=L-77&language=en&give=1");

	cr_expect(post(&k, "nurse", PANEL "/answers", body).status == 303);
	cr_expect(post(&k, "nurse", PANEL "/answers", body).status == 409);
	cr_expect(record()->nissues == 1);
}

Test(session_page, a_plan_with_a_typed_lot_is_made_again_byte_for_byte)
{
	struct ac_str json, xml;
	struct ac_err e = { 0 };
	struct ac_uuid plan;
	bool same = false;

	send("fact.area=face&fact.product.lot=L-77&language=en&give=1");
	plan = record()->row.id;
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_plan_regen(k.w, plan, 0, &json, &xml, &same, &e), AC_OK, e);
	cr_expect(same);
}

Test(session_page, before_the_treatment_says_when_the_next_session_may_be)
{
	set_clock(&k, "2026-04-09T09:05:00+02:00");
	put(&k, (struct visit){ .id = "8", .status = "arrived", .code = "", .category = "Consultation",
		    .start = "2026-04-09T09:00:00+02:00", .end = "" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/8");
	cr_expect(holds(&h, "Too early for the next session"));
}

Test(session_page, lists_what_a_clinician_has_to_confirm)
{
	put(&k, (struct visit){ .area = "face", .lot = "L-OLD", .revision = 2, .signed_at = "2026-03-28T14:39:00+01:00" });
	struct ac_http h = get(&k, "clinician", "/aftercare/confirmations");
	const char *html = text_of(&k, &h);

	cr_expect(h.status == 200 && strstr(html, "Confirm document 1") != NULL);
	cr_expect_null(page_fault(&k, ac_str_c(html)));
	h = get(&k, "clinician", "/aftercare/worklist");
	cr_expect(holds(&h, "1 document to confirm"));
	h = get(&k, "nurse", "/aftercare/worklist");
	cr_expect(!holds(&h, "to confirm"));
	struct ac_uuid plan;
	struct ac_err e = { 0 };
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_record_find(k.w, AC_S("default"), AC_S("5"), &plan, &e), &e);
	h = post(&k, "clinician",
	    ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s/confirmation", AC_FMT(ac_uuid_str(k.a, plan)))),
	    form_body(&k, html, "/confirmation", "confirm=1"));
	cr_expect(h.status == 303);
	h = get(&k, "clinician", "/aftercare/confirmations");
	cr_expect(holds(&h, "Nothing waits here."));
}

Test(session_page, a_check_in_names_the_other_checks_that_are_due_with_their_lots)
{
	struct ac_uuid plan;
	struct ac_err e = { 0 };
	struct ac_http h;

	/* 26 April: the first session's check in week 4; the session of 7 April has its own call of day 2, overdue */
	set_clock(&k, "2026-04-26T12:00:00+02:00");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_record_find(k.w, AC_S("default"), AC_S("6"), &plan, &e), &e);
	h = get(&k, "nurse",
	    ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s/check-in/mesotherapy/call-day-2/1", AC_FMT(ac_uuid_str(k.a, plan)))));
	cr_assert(h.status == 200);
	cr_expect(holds(&h, "Late check (1 of 2)") && holds(&h, "L-OLD"));
	cr_expect_null(page_fault(&k, ac_buf_str(&h.out)));
}
