/* test_protocol_schedule.c - versions published for later: called off, moved to another time, overtaken. */
#include "tests/life_kit.h"

static struct kit k;

static void
setup(void)
{
	kit_open(&k);
}

static void
teardown(void)
{
	kit_close(&k);
}

TestSuite(protocol_schedule, .init = setup, .fini = teardown);

#define APRIL_5 "2026-04-05T00:00:00+02:00"
#define APRIL_10 "2026-04-10T00:00:00+02:00"

static struct result
unschedule(const struct ac_sha256 *v, const char *reason, bool dry_run, struct ac_life_done *done)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = ac_str_c(reason), .dry_run = dry_run };
	struct result r = { 0 };

	need(ac_worker_begin(k.w, &r.e), &r.e);
	r.code = ac_life_unschedule(k.w, &bob, AC_S("mesotherapy"), v, how, done, &r.e);
	return r;
}

static struct ac_life_done
published(const struct ac_sha256 *v, int64_t effective_ms, bool dry_run)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_publish p = { .effective_ms = effective_ms, .how = { .dry_run = dry_run } };
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_publish(k.w, &bob, v, &p, &done, &e), &e);
	return done;
}

/* v1 in force, v2 and v3 to come. */
static void
two_to_come(struct ac_sha256 *soon, struct ac_sha256 *late)
{
	*soon = draft(&k, "alice", "96 h");
	need_ok(publish(&k, "bob", soon, at_ms(APRIL_5)));
	*late = draft(&k, "alice", "80 h");
	need_ok(publish(&k, "bob", late, at_ms(APRIL_10)));
}

Test(protocol_schedule, every_version_that_will_never_be_in_force_is_named)
{
	struct ac_sha256 soon, late, now;
	struct ac_life_done done;

	two_to_come(&soon, &late);
	now = draft(&k, "alice", "60 h");
	for (int dry = 1; dry >= 0; dry--) {
		done = published(&now, 0, dry);
		cr_expect(done.n == 4 && done.nunscheduled == 2 && done.unscheduled[0] == 2 && done.unscheduled[1] == 3,
		    "%zu", done.nunscheduled);
	}
	cr_expect(state_of(&k, &soon) == AC_LIFE_APPROVED && state_of(&k, &late) == AC_LIFE_APPROVED);
}

Test(protocol_schedule, one_to_come_is_put_in_force_at_once_instead)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(publish(&k, "bob", &v, at_ms(APRIL_5)));
	struct ac_life_done done = published(&v, 0, false);
	cr_expect(done.n == 3 && done.nunscheduled == 1 && done.unscheduled[0] == 2);
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
	set_clock(&k, APRIL_10);
	cr_expect(row(&k, &v).n == 3, "the former date brings nothing");
}

Test(protocol_schedule, one_to_come_is_moved_to_a_later_time)
{
	struct ac_sha256 first = in_force(&k), v = draft(&k, "alice", "96 h");

	need_ok(publish(&k, "bob", &v, at_ms(APRIL_5)));
	refused(publish(&k, "bob", &v, at_ms(APRIL_5)), AC_ECONFLICT, "LIFE-STATE");
	need_ok(publish(&k, "bob", &v, at_ms(APRIL_10)));
	set_clock(&k, "2026-04-07T00:00:00+02:00");
	cr_expect(state_of(&k, &first) == AC_LIFE_ACTIVE && state_of(&k, &v) == AC_LIFE_SCHEDULED);
	set_clock(&k, APRIL_10);
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
}

Test(protocol_schedule, what_is_called_off_does_not_come_and_can_be_published_again)
{
	struct ac_sha256 first = in_force(&k), v = draft(&k, "alice", "96 h"), other;
	struct ac_life_done done = { 0 };

	need_ok(publish(&k, "bob", &v, at_ms(APRIL_5)));
	need_ok(unschedule(NULL, "too early", false, &done));
	cr_expect(done.nunscheduled == 1 && done.unscheduled[0] == 2 && done.replaced_n == 1);
	cr_expect(state_of(&k, &v) == AC_LIFE_APPROVED);
	cr_expect(row(&k, &v).n == 0 && !row(&k, &v).stale);
	set_clock(&k, APRIL_10);
	cr_expect(state_of(&k, &first) == AC_LIFE_ACTIVE);
	cr_expect(published(&v, 0, false).n == 3, "no number is given twice");
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
	other = draft(&k, "alice", "80 h");
	cr_expect(row(&k, &other).base_n == 3 && !row(&k, &other).stale);
}

Test(protocol_schedule, the_version_named_is_called_off_and_the_other_still_comes)
{
	struct ac_sha256 soon, late;
	struct ac_life_done done = { 0 };

	two_to_come(&soon, &late);
	need_ok(unschedule(&soon, "not yet", false, &done));
	cr_expect(done.nunscheduled == 1 && done.unscheduled[0] == 2);
	cr_expect(state_of(&k, &soon) == AC_LIFE_APPROVED && state_of(&k, &late) == AC_LIFE_SCHEDULED);
	set_clock(&k, APRIL_10);
	cr_expect(state_of(&k, &late) == AC_LIFE_ACTIVE);
	refused(unschedule(&late, "too late", false, &done), AC_ECONFLICT, "LIFE-STATE");
}

Test(protocol_schedule, calling_off_needs_a_reason_and_something_to_come)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_life_done done = { 0 };

	refused(unschedule(NULL, "nothing there", false, &done), AC_ECONFLICT, "LIFE-STATE");
	need_ok(publish(&k, "bob", &v, at_ms(APRIL_5)));
	refused(unschedule(NULL, "", false, &done), AC_EINPUT, "LIFE-REASON");
	need_ok(unschedule(NULL, "a try", true, &done));
	cr_expect(done.nunscheduled == 1 && state_of(&k, &v) == AC_LIFE_SCHEDULED, "a dry run writes nothing");
}

Test(protocol_schedule, one_that_was_overtaken_is_taken_on_top_of_what_stands_and_reviewed_anew)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h"), other;

	need_ok(publish(&k, "bob", &v, at_ms(APRIL_10)));
	other = draft(&k, "alice", "80 h");
	need_ok(publish(&k, "bob", &other, at_ms(APRIL_5)));
	refused(publish(&k, "bob", &v, 0), AC_ECONFLICT, "PROTOCOL-STALE");
	(void)draft(&k, "alice", "96 h");
	cr_expect(state_of(&k, &v) == AC_LIFE_DRAFT && !row(&k, &v).stale);
	need_ok(publish(&k, "bob", &v, 0));
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
}

Test(protocol_schedule, nothing_is_rolled_back_to_what_was_called_off)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("back") };
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &v, at_ms(APRIL_5)));
	need_ok(unschedule(NULL, "too early", false, &done));
	set_clock(&k, APRIL_10);
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 2, how, &done, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "PROTOCOL-UNKNOWN");
}

Test(protocol_schedule, one_by_break_glass_is_a_draft_again_once_it_is_called_off)
{
	struct ac_life_who alice = who_is("alice");
	struct ac_life_publish p = { .break_glass = true,
		.effective_ms = at_ms(APRIL_5),
		.how = { .reason = AC_S("harm") } };
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_publish(k.w, &alice, &v, &p, &done, &e), &e);
	refused(publish(&k, "alice", &v, 0), AC_EDENIED, "PUB-SECOND-PERSON");
	need_ok(unschedule(&v, "no harm", false, &done));
	cr_expect(state_of(&k, &v) == AC_LIFE_DRAFT);
	refused(publish(&k, "alice", &v, 0), AC_EDENIED, "PUB-SECOND-PERSON");
}

Test(protocol_schedule, a_suspended_one_that_is_called_off_can_be_resumed)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("wrong") };
	struct ac_sha256 v = draft(&k, "alice", "96 h"), which;
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &v, at_ms(APRIL_5)));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_suspend(k.w, &bob, AC_S("mesotherapy"), &v, how, &which, &e), &e);
	need_ok(unschedule(NULL, "too early", false, &done));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_resume(k.w, &bob, AC_S("mesotherapy"), &v, how, &which, &e), &e);
	cr_expect(!row(&k, &v).suspended);
}

Test(protocol_schedule, two_versions_to_come_each_have_their_time)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_publish p = { .effective_ms = at_ms("2026-04-10T00:00:00+02:00") };
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };
	struct ac_sha256 first = in_force(&k), soon = draft(&k, "alice", "96 h"), late;

	need_ok(publish(&k, "bob", &soon, at_ms("2026-04-05T00:00:00+02:00")));
	late = draft(&k, "alice", "80 h");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_publish(k.w, &bob, &late, &p, &done, &e), &e);
	cr_expect(done.n == 3 && done.nunscheduled == 0, "v2 comes before it: %zu", done.nunscheduled);
	cr_expect(state_of(&k, &first) == AC_LIFE_ACTIVE);
	cr_expect(state_of(&k, &soon) == AC_LIFE_SCHEDULED);
	cr_expect(state_of(&k, &late) == AC_LIFE_SCHEDULED);
	set_clock(&k, "2026-04-06T00:00:00+02:00");
	cr_expect(state_of(&k, &soon) == AC_LIFE_ACTIVE);
	set_clock(&k, "2026-04-11T00:00:00+02:00");
	cr_expect(state_of(&k, &soon) == AC_LIFE_RETIRED && state_of(&k, &late) == AC_LIFE_ACTIVE);
}

/* Whoever writes on top of what is to come sees it: it is the latest, and what is published meanwhile makes it stale. */
Test(protocol_schedule, what_is_written_on_top_of_one_to_come_replaces_it_when_it_comes_no_later)
{
	struct ac_sha256 soon = draft(&k, "alice", "96 h"), same, earlier;
	struct ac_life_done done;

	need_ok(publish(&k, "bob", &soon, at_ms(APRIL_5)));
	same = draft(&k, "alice", "80 h");
	earlier = draft(&k, "alice", "60 h");
	for (int dry = 1; dry >= 0; dry--) {
		done = published(&same, at_ms(APRIL_5), dry);
		cr_expect(done.n == 3 && done.nunscheduled == 1 && done.unscheduled[0] == 2, "%zu", done.nunscheduled);
	}
	cr_expect(state_of(&k, &soon) == AC_LIFE_APPROVED && state_of(&k, &same) == AC_LIFE_SCHEDULED);
	refused(publish(&k, "bob", &earlier, at_ms("2026-04-03T00:00:00+02:00")), AC_ECONFLICT, "PROTOCOL-STALE");
	earlier = draft(&k, "alice", "50 h");
	done = published(&earlier, at_ms("2026-04-03T00:00:00+02:00"), false);
	cr_expect(done.n == 4 && done.nunscheduled == 1 && done.unscheduled[0] == 3);
	set_clock(&k, APRIL_10);
	cr_expect(state_of(&k, &earlier) == AC_LIFE_ACTIVE && state_of(&k, &same) == AC_LIFE_APPROVED);
}

Test(protocol_schedule, what_was_written_on_top_of_one_to_come_comes_when_that_is_called_off)
{
	struct ac_sha256 first = in_force(&k), soon, late;
	struct ac_life_done done = { 0 };

	two_to_come(&soon, &late);
	need_ok(unschedule(&soon, "not this one", false, &done));
	set_clock(&k, "2026-04-06T00:00:00+02:00");
	cr_expect(state_of(&k, &first) == AC_LIFE_ACTIVE && state_of(&k, &soon) == AC_LIFE_APPROVED);
	set_clock(&k, "2026-04-11T00:00:00+02:00");
	cr_expect(state_of(&k, &late) == AC_LIFE_ACTIVE);
	cr_expect(row(&k, &soon).stale, "what it was to stand on is no longer what stands");
}
