/* The life of a protocol version: reviewed by two persons, in force by date, taken out of use, put back. */
#include "core/person.h"
#include "core/protocol_life.h"
#include "tests/expect.h"
#include "tests/life_kit.h"

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
TestSuite(protocol_life, .init = set_up, .fini = tear_down);

/* ---- review ---- */

Test(protocol_life, goes_from_draft_through_review_and_approval_to_active_and_retired)
{
	struct ac_sha256 first = in_force(&k);
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	cr_expect(state_of(&k, &v) == AC_LIFE_DRAFT);
	need_ok(submit(&k, "alice", &v));
	cr_expect(state_of(&k, &v) == AC_LIFE_IN_REVIEW);
	need_ok(approve(&k, "bob", &v));
	cr_expect(state_of(&k, &v) == AC_LIFE_APPROVED);
	need_ok(publish(&k, "carol", &v, 0));
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
	cr_expect(state_of(&k, &first) == AC_LIFE_RETIRED);
	struct ac_life_row r = row(&k, &v);
	cr_expect(r.n == 2 && r.base_n == 1 && !r.stale && !r.unapproved);
	EXPECT_TEXT(r.approver, "bob");
	EXPECT_TEXT(r.approver_person, "os:bob");
}

Test(protocol_life, the_author_cannot_approve)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	refused(approve(&k, "alice", &v), AC_EDENIED, "PUB-SECOND-PERSON");
	refused(publish(&k, "alice", &v, 0), AC_EDENIED, "PUB-SECOND-PERSON");
	cr_expect(state_of(&k, &v) == AC_LIFE_IN_REVIEW);
}

Test(protocol_life, two_accounts_of_one_person_are_one_person)
{
	person(&k, "dr-a", "os:alice");
	account(&k, "dr-a", "ehr:default/3");
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	refused(approve(&k, "ehr:default/3", &v), AC_EDENIED, "PUB-SECOND-PERSON");
	person(&k, "dr-b", "ehr:default/4");
	need_ok(approve(&k, "ehr:default/4", &v));
}

Test(protocol_life, an_account_of_the_ehr_that_is_nobodys_approves_nothing)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	refused(approve(&k, "ehr:default/4", &v), AC_EDENIED, "PUB-PERSON");
	refused(publish(&k, "ehr:default/4", &v, 0), AC_EDENIED, "PUB-PERSON");
	person(&k, "dr-b", "ehr:default/4"); /* the author could be this person still */
	refused(approve(&k, "ehr:default/4", &v), AC_EDENIED, "PUB-PERSON");
	person(&k, "dr-a", "os:alice");
	need_ok(approve(&k, "ehr:default/4", &v));
}

Test(protocol_life, of_two_users_of_the_machine_both_are_entered_as_persons_or_neither)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	person(&k, "dr-a", "os:alice");
	refused(approve(&k, "bob", &v), AC_EDENIED, "PUB-PERSON");
	person(&k, "dr-b", "os:bob");
	need_ok(approve(&k, "bob", &v));
}

Test(protocol_life, ending_a_mapping_after_the_version_was_written_makes_no_second_person)
{
	struct ac_err e = { 0 };
	struct ac_life_who admin = who_is("root");

	person(&k, "dr-a", "os:alice");
	account(&k, "dr-a", "ehr:default/3");
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	need_ok(submit(&k, "alice", &v));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_person_unmap(k.w, &admin, AC_S("ehr:default/3"), (struct ac_life_how){ 0 }, &e), &e);
	refused(approve(&k, "ehr:default/3", &v), AC_EDENIED, "PUB-SECOND-PERSON");
}

Test(protocol_life, a_mapping_that_comes_later_counts_too)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	person(&k, "dr-a", "os:alice");
	account(&k, "dr-a", "ehr:default/3");
	refused(approve(&k, "ehr:default/3", &v), AC_EDENIED, "PUB-SECOND-PERSON");
}

Test(protocol_life, what_turns_out_to_be_one_person_after_the_approval_is_not_published)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	need_ok(approve(&k, "bob", &v));
	person(&k, "dr-a", "os:alice");
	account(&k, "dr-a", "os:bob");
	refused(publish(&k, "carol", &v, 0), AC_EDENIED, "PUB-SECOND-PERSON");
}

Test(protocol_life, an_approval_binds_to_what_was_reviewed)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { 0 };
	struct ac_err e = { 0 };
	struct ac_review r = { 0 };
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_review_get(k.w, &bob, &v, &r, &e), &e);
	struct ac_review_seen seen = r.seen;
	seen.base_n = 0;
	EXPECT_CODE(ac_life_approve(k.w, &bob, &seen, how, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "REVIEW-MOVED");
	seen = r.seen;
	seen.source.b[0] ^= 1;
	EXPECT_CODE(ac_life_approve(k.w, &bob, &seen, how, &e), AC_ECONFLICT, e);
}

Test(protocol_life, what_is_returned_is_a_draft_again_with_the_comment)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("72 h, please: the source says so") }, none = { 0 };
	struct ac_err e = { 0 };
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_return(k.w, &bob, &v, none, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "LIFE-REASON");
	need(ac_life_return(k.w, &bob, &v, how, &e), &e);
	cr_expect(state_of(&k, &v) == AC_LIFE_DRAFT);
	EXPECT_TEXT(row(&k, &v).comment, "72 h, please: the source says so");
	need_ok(submit(&k, "alice", &v));
}

Test(protocol_life, a_review_says_what_it_is_compared_with_and_who_may_approve)
{
	struct ac_life_who alice = who_is("alice"), bob = who_is("bob");
	struct ac_err e = { 0 };
	struct ac_review r = { 0 };
	struct ac_life_rows list = { 0 };
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(submit(&k, "alice", &v));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_review_list(k.w, &list, &e), &e);
	cr_assert(list.n == 1 && ac_sha256_eq(&list.v[0].version, &v));
	need(ac_review_get(k.w, &bob, &v, &r, &e), &e);
	cr_expect(r.refused_rule == NULL && r.base != NULL && r.base != r.protocol && r.open == 0);
	cr_expect(r.nacts == 2);
	EXPECT_TEXT(r.acts[1].action, "submit");
	need(ac_review_get(k.w, &alice, &v, &r, &e), &e);
	cr_expect(r.refused_rule != NULL && strcmp(r.refused_rule, "PUB-SECOND-PERSON") == 0);
}

Test(protocol_life, what_lint_blocks_is_neither_approved_nor_published)
{
	struct ac_sha256 v = draft_of(&k, "alice", kit_file(&k, "schemas/protocols/mesotherapy.xml"));

	need_ok(submit(&k, "alice", &v));
	refused(approve(&k, "bob", &v), AC_EINPUT, "PUB-LINT");
	refused(publish(&k, "bob", &v, 0), AC_EINPUT, "PUB-LINT");
}

Test(protocol_life, a_right_that_was_not_given_is_refused)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("why") };
	struct ac_sha256 v = draft(&k, "alice", "96 h"), held;
	struct ac_err e = { 0 };

	bob.may = AC_MAY_APPROVE;
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_submit(k.w, &bob, &v, how, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "LIFE-ROLE");
	EXPECT_CODE(ac_life_suspend(k.w, &bob, AC_S("mesotherapy"), NULL, how, &held, &e), AC_EDENIED, e);
}

Test(protocol_life, a_dry_run_says_the_same_and_changes_nothing)
{
	struct ac_life_who bob = who_is("bob"), alice = who_is("alice");
	struct ac_life_publish p = { .how = { .dry_run = true } };
	struct ac_life_done done = { 0 };
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_publish(k.w, &alice, &v, &p, &done, &e), AC_EDENIED, e);
	need(ac_life_publish(k.w, &bob, &v, &p, &done, &e), &e);
	cr_expect(done.n == 2 && done.replaced_n == 1);
	cr_expect(state_of(&k, &v) == AC_LIFE_DRAFT);
}

/* ---- dates ---- */

Test(protocol_life, a_future_version_becomes_active_by_the_time_alone)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &v, at_ms("2026-03-30T00:00:00+02:00")));
	cr_expect(state_of(&k, &v) == AC_LIFE_SCHEDULED);
	put(&k, (struct visit){ .area = "face" });
	cr_expect(!ac_sha256_eq(&k.w->config->active[0].protocol->version, &v));
	set_clock(&k, "2026-03-30T00:00:00+02:00");
	struct ac_record *r = record_of(&k, put(&k, (struct visit){ .id = "6", .area = "face" }).plan, 0);
	cr_expect(ac_sha256_eq(&r->plan->in->protocols[0].protocol->version, &v));
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
	need(ac_worker_begin(k.w, &e), &e);
	cr_expect(k.w->config->active[0].n == 2);
}

Test(protocol_life, a_date_that_comes_in_the_middle_of_an_event_is_seen_by_it)
{
	struct ac_actor who = as(AC_ROLE_SYSTEM);
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct enc_warnings warnings = { 0 };
	struct encounter *enc = NULL;
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &v, at_ms("2026-03-30T00:00:00+02:00")));
	set_clock(&k, "2026-03-29T23:59:59+02:00");
	need(ac_worker_begin(k.w, &e), &e); /* the request has the configuration of before */
	need(enc_snapshot_decode(visit_json(&(struct visit){ .area = "face" }, k.a), k.w->arena, &enc, &warnings, &e), &e);
	set_clock(&k, "2026-03-30T00:00:00+02:00");
	need(ac_intake_put(k.w, &who, enc, &warnings, &r, &e), &e);
	cr_expect(ac_sha256_eq(&record_of(&k, r.plan, 0)->plan->in->protocols[0].protocol->version, &v));
}

Test(protocol_life, a_future_version_survives_a_restart)
{
	struct ac_service_options o = { .state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k };
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &v, at_ms("2026-03-30T00:00:00+02:00")));
	ac_worker_free(k.w);
	ac_service_close(k.s);
	set_clock(&k, "2026-03-30T00:00:01+02:00");
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
	cr_expect(state_of(&k, &v) == AC_LIFE_ACTIVE);
}

Test(protocol_life, an_effective_date_in_the_past_is_refused)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	refused(publish(&k, "bob", &v, at_ms("2026-03-01T00:00:00+01:00")), AC_EINPUT, "LIFE-TIME");
}

Test(protocol_life, rolling_back_overtakes_what_was_to_come)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("wrong times") };
	struct ac_sha256 first = in_force(&k);
	struct ac_sha256 second = draft(&k, "alice", "96 h"), third;
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &second, 0));
	third = draft(&k, "alice", "80 h");
	need_ok(publish(&k, "bob", &third, at_ms("2026-03-30T00:00:00+02:00")));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 0, how, &done, &e), &e);
	cr_expect(done.n == 4 && done.replaced_n == 2 && done.nunscheduled == 1 && done.unscheduled[0] == 3);
	set_clock(&k, "2026-03-31T00:00:00+02:00");
	need(ac_worker_begin(k.w, &e), &e);
	cr_expect(ac_sha256_eq(&k.w->config->active[0].protocol->version, &first));
	cr_expect(state_of(&k, &third) == AC_LIFE_APPROVED, "it never stood");
}

/* ---- rollback, retire, suspend ---- */

Test(protocol_life, a_rollback_is_a_new_activation_of_the_older_content)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("wrong times") };
	struct ac_sha256 first = in_force(&k), second = draft(&k, "alice", "96 h");
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &second, 0));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 0, how, &done, &e), &e);
	cr_expect(done.n == 3 && done.replaced_n == 2);
	cr_expect(state_of(&k, &first) == AC_LIFE_ACTIVE && row(&k, &first).n == 3);
	cr_expect(state_of(&k, &second) == AC_LIFE_RETIRED);
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 1, how, &done, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "LIFE-STATE");
}

Test(protocol_life, a_retired_protocol_makes_no_new_plans_and_its_plans_keep_running)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { 0 };
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_retire(k.w, &bob, AC_S("mesotherapy"), how, &done, &e), &e);
	cr_expect(put(&k, (struct visit){ .id = "6", .area = "face" }).outcome == AC_OUT_NO_PROTOCOL);
	cr_expect(put(&k, (struct visit){ .revision = 2, .area = "scalp" }).outcome == AC_OUT_UPDATED);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.status, "active");
	EXPECT_CODE(ac_life_retire(k.w, &bob, AC_S("mesotherapy"), how, &done, &e), AC_ECONFLICT, e);
}

Test(protocol_life, nothing_made_from_a_suspended_version_is_given_out)
{
	struct ac_issue_row sheet;
	struct ac_str bytes;
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	suspend(&k, "bob");
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &sheet, &bytes, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "PROTOCOL-SUSPENDED");
	struct ac_intake r = put(&k, (struct visit){ .id = "6", .area = "face" });
	cr_expect(r.outcome == AC_OUT_CREATED);
	cr_expect(memmem(r.json.p, r.json.n, "PROTOCOL-SUSPENDED", 18) != NULL);
	cr_expect(memmem(r.json.p, r.json.n, "\"suspended\":true", 16) != NULL);
	resume(&k, "bob");
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &sheet, &bytes, &e), AC_OK, e);
}

Test(protocol_life, suspending_needs_a_reason_and_offers_the_last_good_version)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how none = { 0 };
	struct ac_sha256 first = in_force(&k), second = draft(&k, "alice", "96 h"), held;
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &second, 0));
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_suspend(k.w, &bob, AC_S("mesotherapy"), NULL, none, &held, &e), AC_EINPUT, e);
	suspend(&k, "bob");
	need(ac_worker_begin(k.w, &e), &e);
	const struct ac_suspended *s = ac_config_suspended(k.w->config, &second);
	cr_assert(s != NULL);
	cr_expect(s->n == 2 && s->has_good && s->good_n == 1 && ac_sha256_eq(&s->good, &first));
	cr_expect(ac_config_suspended(k.w->config, &first) == NULL);
}

/* ---- break-glass, solo ---- */

Test(protocol_life, break_glass_publishes_without_approval_and_shows_until_somebody_approves)
{
	struct ac_life_who alice = who_is("alice");
	struct ac_life_publish p = { .break_glass = true };
	struct ac_life_done done = { 0 };
	struct ac_life_rows list = { 0 };
	struct ac_err e = { 0 };
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_publish(k.w, &alice, &v, &p, &done, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "LIFE-REASON");
	p.how.reason = AC_S("the printed times harm people");
	need(ac_life_publish(k.w, &alice, &v, &p, &done, &e), &e);
	struct ac_life_row r = row(&k, &v);
	cr_expect(r.state == AC_LIFE_ACTIVE && r.unapproved);
	EXPECT_TEXT(r.break_glass_reason, "the printed times harm people");
	need(ac_review_list(k.w, &list, &e), &e);
	cr_expect(list.n == 1);
	refused(approve(&k, "alice", &v), AC_EDENIED, "PUB-SECOND-PERSON");
	need_ok(approve(&k, "bob", &v));
	cr_expect(!row(&k, &v).unapproved && state_of(&k, &v) == AC_LIFE_ACTIVE);
}

Test(protocol_life, a_rollback_by_itself_goes_to_what_somebody_approved)
{
	struct ac_life_who alice = who_is("alice"), bob = who_is("bob");
	struct ac_life_publish p = { .break_glass = true, .how = { .reason = AC_S("harm") } };
	struct ac_life_how how = { .reason = AC_S("wrong times") };
	struct ac_life_done done = { 0 };
	struct ac_err e = { 0 };
	struct ac_sha256 first = in_force(&k), alone = draft(&k, "alice", "96 h"), third;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_publish(k.w, &alice, &alone, &p, &done, &e), &e);
	third = draft(&k, "alice", "80 h");
	need_ok(publish(&k, "bob", &third, 0));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 0, how, &done, &e), &e);
	cr_expect(ac_sha256_eq(&done.version, &first), "nobody approved v2");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 2, how, &done, &e), &e);
	cr_expect(ac_sha256_eq(&done.version, &alone), "a person who names it gets it");
}

Test(protocol_life, a_clinic_of_one_doctor_waits_and_says_so)
{
	kit_clinic(&k, "[rules]", "[rules]\nsolo = 24 h");
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	refused(approve(&k, "alice", &v), AC_ECONFLICT, "LIFE-STATE");
	need_ok(submit(&k, "alice", &v));
	refused(approve(&k, "alice", &v), AC_EDENIED, "SOLO-WAIT");
	set_clock(&k, "2026-03-29T15:39:00+02:00");
	refused(approve(&k, "alice", &v), AC_EDENIED, "SOLO-WAIT");
	set_clock(&k, "2026-03-29T15:41:00+02:00");
	need_ok(approve(&k, "alice", &v));
	need_ok(publish(&k, "alice", &v, 0));
	cr_expect(row(&k, &v).solo);
	struct ac_record *r = record_of(&k, put(&k, (struct visit){ .id = "6", .area = "face" }).plan, 0);
	cr_expect(r->plan->in->protocols[0].solo);
	struct ac_document_row doc;
	struct ac_str xml;
	struct ac_err e = { 0 };
	struct ac_uuid plan =
	    put(&k, (struct visit){ .id = "7", .area = "face", .signed_at = "2026-03-28T14:39:00+01:00" }).plan;
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_document_bytes(k.w, plan, 1, &doc, &xml, &e), &e);
	cr_expect(memmem(xml.p, xml.n, "clinic of one doctor", 20) != NULL);
}

/* ---- looking back ---- */

Test(protocol_life, a_history_names_who_when_and_why)
{
	struct ac_life_acts acts = { 0 };
	struct ac_err e = { 0 };
	struct ac_sha256 v = draft(&k, "alice", "96 h");

	need_ok(publish(&k, "bob", &v, 0));
	suspend(&k, "bob");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_history(k.w, AC_S("mesotherapy"), &acts, &e), &e);
	const char *want[] = { "import", "approve", "publish", "import", "approve", "publish", "suspend" };
	cr_assert(acts.n == 7, "%zu", acts.n);
	for (size_t i = 0; i < acts.n; i++)
		EXPECT_TEXT(acts.v[i].action, want[i]);
	EXPECT_TEXT(acts.v[6].reason, "under test");
	EXPECT_TEXT(acts.v[6].actor, "bob");
	EXPECT_CODE(ac_life_history(k.w, AC_S("nothing"), &acts, &e), AC_ENOTFOUND, e);
}

Test(protocol_life, blame_names_the_version_that_changed_a_line_last)
{
	struct ac_sha256 v = draft(&k, "alice", "96 h");
	struct ac_blame *lines = NULL;
	size_t n = 0, of_alice = 0;
	struct ac_err e = { 0 };

	need_ok(publish(&k, "bob", &v, 0));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_blame(k.w, &v, &lines, &n, &e), &e);
	cr_assert(n > 10);
	for (size_t i = 0; i < n; i++) {
		bool changed = ac_sha256_eq(&lines[i].version, &v);
		of_alice += changed;
		if (changed)
			EXPECT_TEXT(lines[i].line, "no-sauna");
		cr_expect(lines[i].n == (changed ? 2 : 1), "%.*s", AC_FMT(lines[i].line));
	}
	cr_expect(of_alice == 1);
}
