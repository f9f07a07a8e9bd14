/* Checks of one patient that fall due together: one form, one commit, each its own result. */
#include "core/call_about.h"
#include "tests/web_kit.h"

static struct kit k;
static struct ac_uuid first, second;

#define EARLY "mesotherapy/call-day-2/1"
#define LATE "mesotherapy/late-check/1"
#define LUMP(value) "answer.mesotherapy%2Flate-reaction%2Flump=" value "&"

/* Two sessions, and the week in which the late checks of both are due; the call of day 2 after the second was never made. */
static void
set_up(void)
{
	kit_open(&k);
	first = put(&k, (struct visit){ .area = "face", .lot = "L-1" }).plan;
	set_clock(&k, "2026-04-07T14:45:00+02:00");
	second = put(&k, (struct visit){ .id = "6",
			     .start = "2026-04-07T14:00:00+02:00",
			     .end = "2026-04-07T14:40:00+02:00",
			     .performed = "2026-04-07T14:35:00+02:00",
			     .area = "face",
			     .lot = "L-2" })
		     .plan;
	set_clock(&k, "2026-05-06T11:00:00+02:00");
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(call_together, .init = set_up, .fini = tear_down);

static const char *
path(struct ac_uuid plan, const char *tail)
{
	return ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s%s", AC_FMT(ac_uuid_str(k.a, plan)), tail));
}

#define FIRST_LATE "/check-in/mesotherapy/late-check/1"

static struct ac_http
page(struct ac_uuid plan, const char *tail)
{
	struct ac_http h = get(&k, "nurse", path(plan, tail));
	const char *fault = h.status == 200 ? page_fault(&k, ac_buf_str(&h.out)) : NULL;

	cr_assert(h.status == 200, "%s: %d", tail, h.status);
	cr_assert(fault == NULL, "%s: %s", tail, fault);
	return h;
}

/* The name of a field of a check that is not the first, as the form sends it. */
static const char *
with(struct ac_uuid plan, const char *task, const char *rest)
{
	return ac_cstr(k.a,
	    ac_strf(k.a, "with%%7C%.*s%%7C%s%%7C%s", AC_FMT(ac_uuid_str(k.a, plan)), task, rest));
}

static struct ac_http
sent(const char *tail, const char *action_end, const char *more)
{
	struct ac_http h = page(first, tail);
	char *body = form_body(&k, text_of(&k, &h), action_end, more);

	cr_assert(body != NULL, "no form %s on %s", action_end, tail);
	return post(&k, "nurse", path(first, action_end), body);
}

static const char *
cat(const char *x, const char *y)
{
	return ac_cstr(k.a, ac_strf(k.a, "%s%s", x, y));
}

static const struct ac_call *
call_of(struct ac_uuid plan, const char *task)
{
	struct ac_record *r = record_of(&k, plan, 0);

	for (size_t i = r->ncalls; i-- > 0;)
		if (ac_streq_c(r->calls[i].task, task))
			return &r->calls[i];
	return NULL;
}

static const char *
status_of(struct ac_uuid plan, const char *task)
{
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), task);

	return t == NULL ? "none" : ac_cstr(k.a, t->status);
}

Test(call_together, every_check_that_is_due_stands_in_one_form_under_its_lot)
{
	struct ac_http h = page(first, FIRST_LATE);
	const char *html = text_of(&k, &h), *form = strstr(html, "<form class=\"call\"");

	cr_assert_not_null(form);
	cr_expect(holds(&h, "3 checks in one call"));
	cr_expect(strstr(form, "lot L-1") != NULL && strstr(form, "lot L-2") != NULL);
	cr_expect(strstr(form, "Fever?") != NULL, "the call of day 2 of the second session");
	const char *lump = strstr(form, "A new lump");
	cr_expect(lump != NULL && strstr(lump + 1, "A new lump") != NULL, "the late check of each session");
	cr_expect(strstr(strstr(html, "</form>") + 1, "<form class=\"call\"") == NULL, "and there is no other form");
}

Test(call_together, one_submit_records_each_with_its_own_result_and_leaf)
{
	int64_t before;
	struct ac_http h = page(first, FIRST_LATE);
	char *body = form_body(&k, text_of(&k, &h), "/calls",
	    cat(LUMP("no"), cat(with(second, LATE, LUMP("yes")), cat(with(second, EARLY, "later=1&"), "outcome=reached"))));

	before = leaves(&k);
	cr_assert(post(&k, "nurse", path(first, "/calls"), body).status == 303);
	cr_expect(ac_call_level(call_of(first, LATE)) == AC_LEVEL_EXPECTED);
	cr_expect(ac_call_level(call_of(second, LATE)) == AC_LEVEL_CALL_BACK);
	EXPECT_TEXT(ac_str_c(status_of(first, LATE)), "completed");
	EXPECT_TEXT(ac_str_c(status_of(second, LATE)), "completed");
	cr_expect(leaves(&k) - before >= 4, "two versions, two calls: %lld", (long long)(leaves(&k) - before));
}

Test(call_together, what_is_left_for_another_time_stays_open)
{
	sent(FIRST_LATE, "/calls", cat(LUMP("no"), cat(with(second, EARLY, "later=1&"), "outcome=reached")));
	EXPECT_TEXT(ac_str_c(status_of(second, EARLY)), "requested");
	cr_expect(call_of(second, EARLY) == NULL);
}

Test(call_together, what_nobody_answered_is_a_call_back_and_never_expected)
{
	sent(FIRST_LATE, "/calls", cat(LUMP("no"), "outcome=reached"));
	cr_expect(ac_call_level(call_of(second, LATE)) == AC_LEVEL_CALL_BACK);
	cr_expect(ac_call_level(call_of(second, EARLY)) == AC_LEVEL_CALL_BACK);
}

Test(call_together, the_gravest_decides_the_head_and_the_number_to_phone)
{
	struct ac_http h = sent(FIRST_LATE, "/calls",
	    cat(LUMP("no"), with(second, EARLY, "answer.mesotherapy%2Fearly-reaction%2Fbreathing=yes")));

	cr_assert(h.status == 303, "%d", h.status);
	h = page(first, "/calls/1");
	const char *html = text_of(&k, &h), *alarm = strstr(html, "class=\"alarm\""), *ask = strstr(html, "<fieldset");
	cr_assert(alarm != NULL && ask != NULL && alarm < ask, "whom to phone comes before the questions: %s", html);
	cr_expect(strstr(html, "chip bad") != NULL);
	cr_expect(ac_call_level(call_of(first, LATE)) == AC_LEVEL_NONE, "the first is not urgent for that");
	cr_expect(strncmp(status_of(second, "aftercare/urgent/1"), "requested", 9) == 0, "the task is the second plan's");
}

Test(call_together, no_answer_is_one_attempt_for_each)
{
	sent(FIRST_LATE, "/calls", "outcome=no-answer");
	struct ac_record *a = record_of(&k, first, 0), *b = record_of(&k, second, 0);
	cr_expect(ac_call_attempts(a->calls, a->ncalls, AC_S(LATE)) == 1);
	cr_expect(ac_call_attempts(b->calls, b->ncalls, AC_S(LATE)) == 1);
	cr_expect(ac_call_attempts(b->calls, b->ncalls, AC_S(EARLY)) == 1);
	struct ac_http h = page(first, FIRST_LATE);
	cr_expect(holds(&h, "Tried 1 of 3 times without reaching anybody."));
}

Test(call_together, what_was_saved_is_gone_on_with_from_whatever_check)
{
	sent(FIRST_LATE, "/calls", cat(LUMP("no"), cat(with(second, LATE, LUMP("no")), "save=1")));
	struct ac_http h = page(second, "/check-in/mesotherapy/late-check/1");
	char *body = form_body(&k, text_of(&k, &h), "/calls/1", "outcome=reached");
	cr_assert(body != NULL, "the call that was begun");
	cr_assert(post(&k, "nurse", path(second, "/calls/1"), body).status == 303);
	cr_expect(record_of(&k, first, 0)->ncalls == 1 && ac_str_is_set(ac_call_outcome(call_of(first, LATE))));
	cr_expect(ac_call_level(call_of(second, LATE)) == AC_LEVEL_EXPECTED);
}

Test(call_together, one_that_moved_stops_all_and_what_was_typed_stays)
{
	struct ac_http h = page(first, FIRST_LATE);
	char *body = form_body(&k, text_of(&k, &h), "/calls",
	    cat(LUMP("no"),
		cat(with(second, EARLY, "answer.mesotherapy%2Fearly-reaction%2Fconcerns=typed+words&"), "outcome=reached")));
	char *other = form_body(&k, text_of(&k, &h), "/calls",
	    cat(with(second, EARLY, "later=1&"), cat(with(second, LATE, LUMP("no")), "save=1")));

	cr_assert(post(&k, "clinician", path(first, "/calls"), other).status == 403, "a form is its user's own");
	cr_assert(post(&k, "nurse", path(first, "/calls"), other).status == 303);
	h = post(&k, "nurse", path(first, "/calls"), body);
	cr_expect(h.status == 409 && holds(&h, "typed words"), "%d", h.status);
	cr_expect(record_of(&k, first, 0)->ncalls == 0 && record_of(&k, second, 0)->ncalls == 1, "all or none");
}

Test(call_together, nobody_elses_plan_is_answered_by_a_form_that_was_put_together)
{
	struct ac_uuid stranger = put(&k, (struct visit){ .id = "9", .patient = "2", .family = "Other", .area = "face" }).plan;
	struct ac_http h = page(first, FIRST_LATE);
	char *body = form_body(&k, text_of(&k, &h), "/calls",
	    cat(with(stranger, LATE, "seen=0&"), cat(with(stranger, LATE, "task_seq=1&"), "outcome=reached")));

	h = post(&k, "nurse", path(first, "/calls"), body);
	cr_expect(h.status == 400 || h.status == 422, "%d", h.status);
	struct call c = { .uri = path(first, FIRST_LATE), .user = "nurse", .role = "nurse", .patient = "1" };
	h = serve(&k, &c);
	c.body = form_body(&k, text_of(&k, &h), "/calls",
	    cat(with(stranger, LATE, "seen=0&"), cat(with(stranger, LATE, "task_seq=1&"), "outcome=reached")));
	c.method = "POST";
	c.uri = path(first, "/calls");
	cr_expect(serve(&k, &c).status == 403, "who is bound to a patient learns nothing of another's");
	cr_expect(record_of(&k, stranger, 0)->ncalls == 0);
}

Test(call_together, the_calls_of_one_conversation_are_found_from_each_of_them)
{
	sent(FIRST_LATE, "/calls", cat(LUMP("no"), cat(with(second, EARLY, "later=1&"), "outcome=reached")));
	struct ac_http h = page(first, "/calls/1");
	cr_expect(holds(&h, "2 checks in one call") && holds(&h, "lot L-2"));
	h = page(second, "/calls/1");
	cr_expect(holds(&h, "2 checks in one call") && holds(&h, "lot L-1"));
}

Test(call_together, the_form_holds_six_and_names_the_others)
{
	char id[16];

	for (int i = 0; i < 6; i++) {
		snprintf(id, sizeof(id), "2%d", i);
		put(&k, (struct visit){ .id = ac_cstr(k.a, ac_str_c(id)),
			    .start = "2026-04-07T14:00:00+02:00",
			    .end = "2026-04-07T14:40:00+02:00",
			    .performed = "2026-04-07T14:36:00+02:00",
			    .area = "face" });
	}
	struct ac_http h = page(first, FIRST_LATE);
	cr_expect(holds(&h, "6 checks in one call") && holds(&h, "Due too, after these"));
	h = sent(FIRST_LATE, "/calls", cat(LUMP("no"), "outcome=no-answer"));
	cr_expect(h.status == 303 || h.status == 400, "%d", h.status);
}
