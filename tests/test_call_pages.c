/* The pages of a talk with the patient: who sees and does what, in which order, without a script. */
#include "core/task.h"
#include "tests/web_kit.h"

static struct kit k;
static struct ac_uuid plan;

static void
set_up(void)
{
	kit_open(&k);
	plan = put(&k, (struct visit){ .area = "face", .lot = "L-2231", .phone = "+49 30 5550100" }).plan;
	set_clock(&k, "2026-03-30T11:00:00+02:00");
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(call_pages, .init = set_up, .fini = tear_down);

static const char *
path(const char *tail)
{
	return ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s%s", AC_FMT(ac_uuid_str(k.a, plan)), tail));
}

static struct ac_http
page(const char *role, const char *tail)
{
	struct ac_http h = get(&k, role, path(tail));
	const char *fault = h.status == 200 ? page_fault(&k, ac_buf_str(&h.out)) : NULL;

	cr_assert(h.status == 200, "%s %s: %d", role, tail, h.status);
	cr_assert(fault == NULL, "%s %s: %s", role, tail, fault);
	return h;
}

/* The form of a page, sent with `more`; the answer. */
static struct ac_http
sent(const char *role, const char *tail, const char *action_end, const char *more)
{
	struct ac_http h = page(role, tail);
	char *body = form_body(&k, text_of(&k, &h), action_end, more);

	cr_assert(body != NULL, "no form %s on %s", action_end, tail);
	return post(&k, role, path(action_end), body);
}

#define CHECK "/check-in/mesotherapy/call-day-2/1"
#define FEVER "flag.mesotherapy%2Ffever="
#define Q(x) "answer.mesotherapy%2Fearly-reaction%2F" x "="
#define WELL \
	Q("breathing") \
	"no&" Q("fever") "no&" Q("pus") "no&" Q("spreading") "no&" Q("bruising") "no&" Q("itching") "no&" Q( \
	    "pain") "2&" Q("followed") "yes&"

Test(call_pages, one_click_shows_hours_area_lots_and_the_signs_verbatim)
{
	static const char *const roles[] = { "front-desk", "nurse", "clinician" };

	for (size_t i = 0; i < 3; i++) {
		struct ac_http h = page(roles[i], "/call-in");
		cr_expect(holds(&h, "43 h ago") && holds(&h, "lot L-2231") && holds(&h, "+49 30 5550100"),
		    "%s", text_of(&k, &h));
		cr_expect(holds(&h, "You get a fever.") && holds(&h, "Your face, lips or tongue swell."));
		cr_expect(holds(&h, "Face") && holds(&h, "112"));
	}
}

Test(call_pages, panel_plan_and_worklist_lead_to_it)
{
	struct ac_http h = get(&k, "front-desk", "/aftercare/panel/default/5");

	cr_expect(holds(&h, "/call-in\""));
	h = page("front-desk", "");
	cr_expect(holds(&h, "/call-in\""));
	h = get(&k, "front-desk", "/aftercare/worklist?role=all");
	cr_expect(holds(&h, "/call-in\"") && !holds(&h, "/check-in/"), "the front desk asks no check-in");
	h = get(&k, "nurse", "/aftercare/worklist?role=all");
	cr_expect(holds(&h, "/check-in/mesotherapy%2Fcall-day-2%2F1\"") &&
		  page_fault(&k, ac_buf_str(&h.out)) == NULL);
}

Test(call_pages, a_yes_makes_the_urgent_task_and_shows_first_whom_to_phone)
{
	struct ac_http h = sent("front-desk", "/call-in", "/calls", FEVER "yes&note=since+noon");

	cr_assert(h.status == 303, "%d", h.status);
	EXPECT_TEXT(header_of(&h, "Location"), path("/calls/1"));
	h = page("front-desk", "/calls/1");
	const char *html = text_of(&k, &h), *alarm = strstr(html, "class=\"alarm\""),
		   *ask = strstr(html, "<fieldset");
	cr_assert(alarm != NULL && ask != NULL && alarm < ask, "the alarm comes before the questions");
	cr_expect(holds(&h, "since noon") && holds(&h, "+49 30 5550103"), "%s", html);
	cr_expect(task_named(record_of(&k, plan, 0), "aftercare/urgent/1") != NULL);
	h = get(&k, "nurse", "/aftercare/panel/default/5");
	cr_expect(holds(&h, "class=\"alarm\"") && holds(&h, "You get a fever."), "the panel is marked");
}

Test(call_pages, an_emergency_shows_the_emergency_number)
{
	sent("nurse", "/call-in", "/calls", "flag.mesotherapy%2Fbreathing=yes");
	struct ac_http h = page("nurse", "/calls/1");
	cr_expect(holds(&h, "Emergency: the patient phones this number now"));
}

Test(call_pages, of_a_yes_and_a_no_to_one_sign_the_yes_counts)
{
	static const char *const both[] = { FEVER "no&" FEVER "yes", FEVER "yes&" FEVER "no" };

	for (size_t i = 0; i < 2; i++)
		sent("nurse", "/call-in", "/calls", both[i]);
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->ncalls == 2 && ac_call_level(&r->calls[0]) == AC_LEVEL_URGENT &&
		  ac_call_level(&r->calls[1]) == AC_LEVEL_URGENT);
}

Test(call_pages, enter_presses_no_yes)
{
	static const char *const pages[] = { "/call-in", CHECK };

	for (size_t i = 0; i < 2; i++) {
		struct ac_http h = page("nurse", pages[i]);
		const char *form = strstr(text_of(&k, &h), "<form class=\"call\""),
			   *first = strstr(form, "<button");
		cr_expect(strstr(first, "name=\"save\"") < strchr(first, '>'),
		    "the first button of the form saves");
	}
}

Test(call_pages, a_check_in_done_says_that_it_matches_what_the_clinic_described_and_never_normal)
{
	struct ac_http h = sent("nurse", CHECK, "/calls", WELL "outcome=reached");

	cr_assert(h.status == 303, "%d", h.status);
	h = page("nurse", "/calls/1");
	cr_expect(
	    holds(&h, "matches what your clinic described") && !holds(&h, "normal") && !holds(&h, "Normal"));
	cr_expect(holds(&h, "rule mesotherapy/early-reaction/3"));
	cr_expect(!holds(&h, "<form class=\"call\""), "the call is over");
}

Test(call_pages, scores_are_a_picture_that_reads_aloud)
{
	sent("nurse", CHECK, "/calls", WELL "outcome=reached");
	struct ac_http h = page("clinician", "");
	cr_expect(
	    holds(&h, "<svg") && holds(&h, "How strong is the pain, from 0 to 10? 2 on Mon 30 Mar, 11:00."));
}

Test(call_pages, who_reached_nobody_finds_the_attempt_on_the_page)
{
	struct ac_http h = sent("nurse", CHECK, "/calls", "outcome=no-answer");

	cr_assert(h.status == 303, "%d", h.status);
	h = page("nurse", CHECK);
	cr_expect(holds(&h, "Tried 1 of 3 times without reaching anybody."));
	cr_expect(!holds(&h, "Message left"), "nobody allowed a message");
}

Test(call_pages, how_a_call_ended_is_said_in_words_and_a_call_without_a_talk_is_not_judged)
{
	sent("nurse", CHECK, "/calls", "outcome=no-answer");
	struct ac_http h = page("nurse", "/calls/1");

	cr_expect(holds(&h, "no answer") && !holds(&h, ">no-answer<"), "%s", text_of(&k, &h));
	cr_expect(!holds(&h, "class=\"judged\""), "nobody was spoken with");
	h = page("nurse", "");
	cr_expect(holds(&h, "no answer") && !holds(&h, ">no-answer<"));
	sent("nurse", CHECK, "/calls", WELL "outcome=reached");
	h = page("nurse", "/calls/2");
	cr_expect(holds(&h, "class=\"judged\""));
}

Test(call_pages, after_a_wrong_number_whoever_tries_again_is_told_before_the_number)
{
	struct ac_http h = page("nurse", CHECK);

	cr_expect(!holds(&h, "Wrong number, said"));
	sent("nurse", CHECK, "/calls", "outcome=wrong-number");
	h = page("nurse", CHECK);
	const char *html = text_of(&k, &h), *told = strstr(html, "Wrong number, said 11:00."),
		   *phone = strstr(html, "+49 30 5550100");
	cr_expect(told != NULL && phone != NULL && told < phone, "%s", html);
	sent("nurse", CHECK, "/calls", "outcome=no-answer");
	h = page("nurse", CHECK);
	cr_expect(!holds(&h, "Wrong number, said"), "somebody tried since");
}

Test(call_pages, a_patient_without_a_number_is_said_to_have_none)
{
	plan = put(&k, (struct visit){ .id = "6", .patient = "2", .area = "face", .lot = "L-2231" }).plan;
	struct ac_http h = page("nurse", CHECK);

	cr_expect(holds(&h, "no number recorded"), "%s", text_of(&k, &h));
}

Test(call_pages, the_language_of_the_patient_has_its_name)
{
	const char *json = ac_cstr(k.a, visit_json(&(struct visit){ .id = "6", .patient = "2" }, k.a));
	const char *at = strstr(json, "\"family\"");
	struct ac_intake in = { 0 };
	struct ac_err e = { 0 };

	cr_assert_not_null(at);
	struct ac_str spoken = ac_strf(k.a, "%.*s\"language\":\"tr\",\"interpreter\":true,%s", (int)(at - json), json, at);
	need(try_put_json(&k, spoken, &in, &e), &e);
	plan = in.plan;
	struct ac_http h = page("nurse", CHECK);

	cr_expect(holds(&h, "<bdi>Turkish</bdi><small>needs an interpreter</small>"), "%s", text_of(&k, &h));
}

Test(call_pages, who_took_the_urgent_task_stands_on_the_page_of_the_call)
{
	sent("front-desk", "/call-in", "/calls", FEVER "yes");
	struct ac_http h = page("nurse", "/calls/1");

	cr_expect(holds(&h, "waits for somebody to take it"));
	struct ac_err e = { 0 };
	struct ac_actor nurse = as(AC_ROLE_NURSE);
	struct ac_task_request take = { plan, AC_S("aftercare/urgent/1"), .seq = -1, .act = AC_TASK_ACT_TAKE };
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_do(k.w, &nurse, &take, &e), &e);
	h = page("nurse", "/calls/1");
	cr_expect(holds(&h, "The urgent task is made; nurse has taken it."), "%s", text_of(&k, &h));
}

Test(call_pages, says_when_the_protocol_lets_no_patient_be_called)
{
	set_clock(&k, "2026-03-30T20:10:00+02:00");
	struct ac_http h = page("nurse", CHECK);
	cr_expect(holds(&h, "It is 20:10. The protocol lets patients be called from 09:00 to 19:00."));
}

Test(call_pages, a_second_sending_of_the_same_form_is_told_and_changes_nothing)
{
	struct ac_http h = page("nurse", "/call-in");
	char *body = form_body(&k, text_of(&k, &h), "/calls", FEVER "yes");

	cr_assert(post(&k, "nurse", path("/calls"), body).status == 303);
	h = post(&k, "nurse", path("/calls"), body);
	cr_expect(h.status == 409 && holds(&h, "Nothing was changed"));
	cr_expect(record_of(&k, plan, 0)->ncalls == 1);
}

Test(call_pages, only_a_clinician_is_offered_to_judge_it_as_less)
{
	sent("nurse", "/call-in", "/calls", FEVER "yes");
	struct ac_http h = page("nurse", "/calls/1");
	cr_expect(!holds(&h, "Judge it otherwise"), "nothing is graver than urgent");
	h = sent("clinician", "/calls/1", "/calls/1", "level=expected&reason=");
	cr_expect(h.status == 400, "a reason is needed: %d", h.status);
	h = sent("clinician", "/calls/1", "/calls/1", "level=expected&reason=seen");
	cr_expect(h.status == 303);
	h = page("auditor", "/calls/1");
	cr_expect(holds(&h, "by clinician, clinician") && !holds(&h, "<form"), "the auditor reads");
}

Test(call_pages, roles_that_may_not_are_refused_before_the_body_is_read)
{
	static const char *const t[][2] = { { "front-desk", CHECK }, { "auditor", "/call-in" },
		{ "admin", "/calls/1" }, { "system", "/call-in" } };

	for (size_t i = 0; i < 4; i++)
		cr_expect(get(&k, t[i][0], path(t[i][1])).status == 403, "%s", t[i][0]);
	struct call c = { .method = "POST",
		.uri = path("/calls"),
		.user = "a",
		.role = "auditor",
		.body = "kind=call-in" };
	cr_expect(serve(&k, &c).status == 403 && !c.body_was_read);
}

Test(call_pages, the_front_desk_cannot_send_a_check_in)
{
	struct ac_http h = page("front-desk", "/call-in");
	char *body = form_body(&k, text_of(&k, &h), "/calls",
	    "kind=check-in&task=mesotherapy%2Fcall-day-2%2F1&task_seq=1&outcome=refused");
	char *kind = strstr(body, "kind=call-in");

	memcpy(kind, "xxxx=call-in", 12);
	cr_expect(post(&k, "front-desk", path("/calls"), body).status == 403);
}

Test(call_pages, what_a_check_in_found_is_not_for_the_front_desk)
{
	sent("nurse", CHECK, "/calls", WELL "outcome=reached");
	cr_expect(get(&k, "front-desk", path("/calls/1")).status == 403);
	struct ac_http h = page("front-desk", "");
	cr_expect(!holds(&h, "/calls/1\"") && !holds(&h, "class=\"sc\""));
}

Test(call_pages, every_look_and_every_act_leaves_one_leaf)
{
	int64_t before = leaves(&k);

	page("front-desk", "/call-in");
	cr_expect(leaves(&k) == before + 1 && strstr(last_leaf(&k), "\"view\",\"kind\":\"call\"") != NULL,
	    "%s", last_leaf(&k));
	sent("front-desk", "/call-in", "/calls", FEVER "yes");
	cr_expect(strstr(last_leaf(&k), "\"call:urgent\",\"kind\":\"call\"") != NULL, "%s", last_leaf(&k));
	cr_expect(leaves(&k) == before + 3);
}

Test(call_pages, no_text_of_the_patient_reaches_a_leaf)
{
	sent("nurse", "/call-in", "/calls", FEVER "yes&note=QUITE+PRIVATE");
	for (int64_t i = leaves(&k) - 3, n = leaves(&k); i < n; i++) {
		struct ac_err e = { 0 };
		struct ac_rows rows;
		need(ac_rows_read(k.w->reader, AC_STMT_LEAF_GET, k.w->arena, &rows, &e, AC_VINT(i)), &e);
		struct ac_str s = ac_row(&rows, 0)[0].s;
		cr_expect(memmem(s.p, s.n, "PRIVATE", 7) == NULL && memmem(s.p, s.n, "fever", 5) == NULL);
	}
}

Test(call_pages, free_text_is_shown_as_text)
{
	sent("nurse", "/call-in", "/calls", FEVER "yes&note=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%26");
	struct ac_http h = page("clinician", "/calls/1");
	cr_expect(holds(&h, "&lt;script&gt;alert(1)&lt;/script&gt;") && !holds(&h, "<script"));
	char *long_note = ac_cstr(k.a, ac_strf(k.a, "%sno&note=%01200d", FEVER, 7));
	h = sent("nurse", "/call-in", "/calls", long_note);
	cr_expect(h.status == 413, "%d", h.status);
}

Test(call_pages, all_running_plans_of_the_patient_are_shown_and_their_signs_asked_once)
{
	kit_publish(&k, kit_file(&k, "schemas/protocols/demo/chemical-peel.xml"));
	put(&k, (struct visit){
		    .id = "6", .area = "face", .lot = "L-9", .category = "Chemical peel", .code = "" });
	put(&k, (struct visit){ .id = "7", .area = "face", .lot = "L-7" });
	struct ac_http h = page("nurse", "/call-in");
	cr_expect(holds(&h, "lot L-7") && holds(&h, "lot L-2231"));
	const char *first = strstr(text_of(&k, &h), "You get a fever.");
	cr_expect(first != NULL && strstr(first + 1, "You get a fever.") == NULL);
}

Test(call_pages, calls_are_json_for_the_module_and_the_auditor)
{
	sent("nurse", CHECK, "/calls", WELL "outcome=reached");
	struct ac_http h = get(&k, "system", path("/calls"));
	cr_expect(
	    h.status == 200 && holds(&h, "\"kind\":\"check-in\"") && holds(&h, "\"value\":\"reached\""));
	cr_expect(get(&k, "front-desk", path("/calls")).status == 403);
}

Test(call_pages, a_patient_who_came_is_asked_the_same_and_it_is_no_call)
{
	struct ac_http h = sent("nurse", CHECK, "/calls", WELL "here=1&outcome=reached");

	cr_assert(h.status == 303, "%d", h.status);
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->calls[0].kind == AC_CALL_VISIT && ac_call_level(&r->calls[0]) == AC_LEVEL_EXPECTED);
	cr_expect(ac_streq_c(task_named(r, "mesotherapy/call-day-2/1")->status, "completed"));
	h = page("nurse", "/calls/1");
	cr_expect(holds(&h, "Visit of") && holds(&h, "matches what your clinic described") && holds(&h, "Fever?"));
}

Test(call_pages, nobody_is_here_and_not_reached)
{
	struct ac_http h = sent("nurse", CHECK, "/calls", "here=1&outcome=no-answer");

	cr_expect(h.status == 400, "%d", h.status);
}

Test(call_pages, a_question_of_the_patient_has_a_page_on_which_it_is_answered)
{
	struct ac_http h = sent("front-desk", "", "/visits", "aftercare%2Fconcern%2Fquestion=May+I+swim%3F");

	cr_assert(h.status == 303, "%d", h.status);
	h = page("nurse", "/calls/1");
	cr_expect(holds(&h, "Question of the patient") && holds(&h, "May I swim?") && holds(&h, "Answer it"));
	cr_expect(!holds(&h, "Finish the call"), "no questions of a check-in");
	h = sent("nurse", "/calls/1", "/visits", "aftercare%2Fconcern%2Freply=Ask+us+first.");
	cr_assert(h.status == 303, "%d", h.status);
	h = page("nurse", "/calls/1");
	cr_expect(holds(&h, "Ask us first.") && !holds(&h, "Answer it"));
}
