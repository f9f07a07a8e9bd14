/* A plan taken to another version by a person; a recall finds who is affected, corrects, and counts until all are told. */
#include <grp.h>
#include <pwd.h>

#include "core/recall.h"
#include "core/repin.h"
#include "tests/expect.h"
#include "tests/life_kit.h"

static struct kit k;
static struct ac_sha256 good, bad;

/* v1 is right; v2 shortens "no sauna" to 24 h by mistake. */
static void
set_up(void)
{
	kit_open(&k);
	good = in_force(&k);
	bad = draft(&k, "alice", "24 h");
	need_ok(publish(&k, "bob", &bad, 0));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(recall, .init = set_up, .fini = tear_down);

static void
roll_back(void)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { .reason = AC_S("24 h is too short") };
	struct ac_life_done done;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_rollback(k.w, &bob, AC_S("mesotherapy"), 0, how, &done, &e), &e);
}

static enum ac_code
repin(struct ac_uuid plan, bool dry_run, struct ac_repin_done *ret, struct ac_err *e)
{
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_life_who by = who_is("ehr:default/3");
	struct ac_repin rq = { .plan = plan };

	*ret = (struct ac_repin_done){ 0 };
	need(ac_worker_begin(k.w, e), e);
	return ac_plan_repin(k.w, &who, &by, &rq, dry_run, ret, e);
}

static struct ac_recall
recall(const char *line, bool dry_run, struct ac_plans_found *found, size_t *failed)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_recall_ask ask = { .protocol = AC_S("mesotherapy"),
		.line = ac_str_c(line),
		.version = bad,
		.how = { AC_S("24 h is too short"), dry_run } };
	struct ac_recall r = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_recall_run(k.w, &bob, &ask, found, &r, failed, &e), &e);
	return r;
}

static const struct ac_task_row *
task_like(const struct ac_record *r, const char *prefix)
{
	for (size_t i = 0; i < r->ntasks; i++)
		if (ac_str_starts(r->tasks[i].name, ac_str_c(prefix)))
			return &r->tasks[i];
	return NULL;
}

static void
finish(struct ac_uuid plan, const char *prefix)
{
	const struct ac_task_row *t = task_like(record_of(&k, plan, 0), prefix);
	struct ac_actor who = as(AC_ROLE_CLINICIAN);
	struct ac_err e = { 0 };

	cr_assert(t != NULL, "%s", prefix);
	need(ac_intake_task(k.w, &who, plan, t->name, t->seq, AC_S("completed"), AC_S("done"), &e), &e);
}

Test(recall, a_plan_goes_to_the_version_in_force_by_a_persons_act)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_repin_done done;
	struct ac_err e = { 0 };

	roll_back();
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	cr_expect(ac_sha256_eq(&record_of(&k, plan, 0)->plan->in->protocols[0].protocol->version, &bad));
	need(repin(plan, true, &done, &e), &e);
	cr_expect(record_of(&k, plan, 0)->row.version == 2, "a dry run changes nothing");
	need(repin(plan, false, &done, &e), &e);
	cr_assert(done.version == 3 && done.nmoved == 1 && done.nlines == 1);
	EXPECT_TEXT(done.lines[0].key, "mesotherapy/no-sauna");
	cr_expect(strcmp(done.lines[0].change, "longer") == 0);
	cr_expect(!done.tell, "no sheet was given out");
	cr_expect(ac_sha256_eq(&record_of(&k, plan, 0)->plan->in->protocols[0].protocol->version, &good));
	EXPECT_CODE(repin(plan, false, &done, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "REPIN-NOTHING");
}

Test(recall, nobody_without_the_right_takes_a_plan_elsewhere)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_life_who by = who_is("carol");
	struct ac_actor who = as(AC_ROLE_CLINICIAN); /* what the log says of somebody gives no right */
	struct ac_repin rq = { .plan = plan };
	struct ac_repin_done done;
	struct ac_err e = { 0 };

	roll_back();
	by.may = AC_MAY_ALL & ~(unsigned)AC_MAY_REPIN;
	for (int dry_run = 0; dry_run < 2; dry_run++) {
		need(ac_worker_begin(k.w, &e), &e);
		EXPECT_CODE(ac_plan_repin(k.w, &who, &by, &rq, dry_run != 0, &done, &e), AC_EDENIED, e);
		EXPECT_RULE(e, "LIFE-ROLE");
	}
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(recall, to_repin_is_the_right_of_who_recalls_and_of_the_ehrs_clinicians)
{
	const struct ac_rights *rights;
	struct ac_err e = { 0 };

	need(ac_rights_load(AC_S("[roles]\nrecall = os:bob\npublish = os:carol\n"), k.a, &rights, &e), &e);
	cr_expect(ac_rights_of(rights, AC_S("os:bob"), AC_S("os:bob")) == (AC_MAY_RECALL | AC_MAY_REPIN));
	cr_expect(ac_rights_of(rights, AC_S("os:carol"), AC_S("os:carol")) == AC_MAY_PUBLISH);
	cr_expect((ac_rights_of_role(AC_ROLE_CLINICIAN) & AC_MAY_REPIN) != 0);
	cr_expect(ac_rights_of_role(AC_ROLE_NURSE) == 0);
}

Test(recall, a_right_can_be_a_groups)
{
	struct passwd *me = getpwuid(getuid());
	struct group *mine = me == NULL ? NULL : getgrgid(me->pw_gid);
	const struct ac_rights *rights;
	struct ac_err e = { 0 };

	cr_assert(mine != NULL);
	struct ac_str account = ac_strf(k.a, "os:%s", me->pw_name), none = { 0 };
	need(ac_rights_load(ac_strf(k.a, "[roles]\nrecall = os:bob, @%s\nedit = @no-such-group\n", mine->gr_name), k.a, &rights, &e), &e);
	cr_expect(ac_rights_of(rights, account, none) == (AC_MAY_RECALL | AC_MAY_REPIN));
	cr_expect(ac_rights_of(rights, AC_S("os:nobody-of-this-name"), none) == 0);
	cr_expect(ac_rights_of(rights, ac_strf(k.a, "ehr:default/%s", me->pw_name), none) == 0, "a user of the EHR is in no group");
	cr_expect(ac_rights_of(rights, ac_strf(k.a, "%s", me->pw_name), none) == 0, "accounts are named in full");
}

Test(recall, what_is_on_the_sheet_at_home_is_told)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_repin_done done;
	struct ac_err e = { 0 };

	issue(&k, plan, 1);
	roll_back();
	need(repin(plan, false, &done, &e), &e);
	cr_expect(done.tell && done.urgent);
	cr_expect(task_like(record_of(&k, plan, 0), "aftercare/tell-the-patient/") != NULL);
}

Test(recall, a_final_plan_gets_the_next_document_at_once)
{
	struct ac_uuid plan =
	    put(&k, (struct visit){ .area = "face", .signed_at = "2026-03-28T14:39:00+01:00" }).plan;
	struct ac_repin_done done;
	struct ac_err e = { 0 };

	roll_back();
	need(repin(plan, false, &done, &e), &e);
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.document_version == 2 && !r->row.pending);
	struct ac_str json, document;
	bool same = false;
	need(ac_plan_regen(k.w, plan, 0, &json, &document, &same, &e), &e);
	cr_expect(same);
}

Test(recall, while_suspended_a_plan_goes_to_the_last_good_version)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_issue_row sheet;
	struct ac_str bytes;
	struct ac_repin_done done;
	struct ac_err e = { 0 };

	suspend(&k, "bob");
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &sheet, &bytes, &e), AC_ECONFLICT, e);
	need(repin(plan, false, &done, &e), &e);
	cr_expect(ac_sha256_eq(&record_of(&k, plan, 0)->plan->in->protocols[0].protocol->version, &good));
	EXPECT_CODE(try_issue(&k, plan, 2, AC_ROLE_NURSE, &sheet, &bytes, &e), AC_OK, e);
}

Test(recall, a_dry_run_says_who_is_affected)
{
	struct ac_plans_found found;
	size_t failed;
	struct ac_recalls all;
	struct ac_err e = { 0 };
	struct ac_uuid given = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .id = "6", .area = "face" });
	issue(&k, given, 1);
	struct ac_recall r = recall(NULL, true, &found, &failed);
	cr_expect(found.n == 2 && found.issued == 1 && r.affected == 2 && r.n == 0);
	need(ac_recall_list(k.w, 0, &all, &e), &e);
	cr_expect(all.n == 0);
}

Test(recall, a_line_that_has_ended_concerns_nobody)
{
	struct ac_plans_found found;
	size_t failed;

	put(&k, (struct visit){ .area = "face" });
	set_clock(&k, "2026-03-29T20:00:00+02:00");
	recall("no-sauna", true, &found, &failed);
	cr_expect(found.n == 0, "24 h are over");
	recall("no-hot-tub", true, &found, &failed);
	cr_expect(found.n == 1, "72 h are not");
	recall(NULL, true, &found, &failed);
	cr_expect(found.n == 1);
}

Test(recall, an_unknown_line_is_refused)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_recall_ask ask = { .protocol = AC_S("mesotherapy"), .line = AC_S("no-such"), .version = bad };
	struct ac_plans_found found;
	struct ac_recall r;
	size_t failed;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_recall_run(k.w, &bob, &ask, &found, &r, &failed, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "RECALL-LINE");
}

Test(recall, every_affected_patient_is_corrected_reviewed_and_told_until_it_is_closed)
{
	struct ac_plans_found found;
	struct ac_recalls all;
	size_t failed;
	struct ac_err e = { 0 };
	struct ac_uuid given = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_uuid other = put(&k, (struct visit){ .id = "6", .area = "face" }).plan;

	issue(&k, given, 1);
	roll_back();
	put(&k, (struct visit){ .id = "7", .area = "face" }); /* from v3, which is v1's content: not affected */
	struct ac_recall r = recall(NULL, false, &found, &failed);
	cr_assert(r.n == 1 && r.affected == 2 && r.prepared == 2 && r.corrected == 2 && failed == 0);
	cr_expect(r.reviewed == 0 && r.told == 1 && !r.closed);
	struct ac_record *rec = record_of(&k, given, 0);
	cr_expect(rec->row.version == 2 && ac_sha256_eq(&rec->plan->in->protocols[0].protocol->version, &good));
	const struct ac_task_row *t = task_like(rec, "aftercare/recall/1");
	cr_assert(t != NULL);
	cr_expect(t->urgent);
	EXPECT_TEXT(t->role, "clinician");
	EXPECT_TEXT(t->kind, "review");

	finish(given, "aftercare/recall/1");
	finish(other, "aftercare/recall/1");
	need(ac_recall_list(k.w, 1, &all, &e), &e);
	cr_expect(all.v[0].reviewed == 2 && all.v[0].told == 1 && !all.v[0].closed);
	issue(&k, given, 2);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_recall_list(k.w, 1, &all, &e), &e);
	cr_expect(all.v[0].told == 2 && all.v[0].closed);
}

Test(recall, asked_for_again_it_goes_on_and_adds_nothing_twice)
{
	struct ac_plans_found found;
	size_t failed;

	put(&k, (struct visit){ .area = "face" });
	roll_back();
	struct ac_recall first = recall(NULL, false, &found, &failed), again = recall(NULL, false, &found, &failed);
	cr_expect(first.n == 1 && again.n == 1 && again.affected == 1 && again.prepared == 1);
}

Test(recall, going_on_with_it_is_on_record_too)
{
	struct ac_life_acts acts = { 0 };
	struct ac_plans_found found;
	size_t failed, recalls = 0;
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .area = "face" });
	roll_back();
	recall(NULL, false, &found, &failed);
	recall(NULL, false, &found, &failed);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_history(k.w, AC_S("mesotherapy"), &acts, &e), &e);
	for (size_t i = 0; i < acts.n; i++)
		recalls += ac_streq_c(acts.v[i].action, "recall");
	cr_expect(recalls == 2, "%zu", recalls);
}

Test(recall, where_there_is_nothing_to_go_to_the_review_alone_decides)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_life_how how = { 0 };
	struct ac_life_done done;
	struct ac_plans_found found;
	size_t failed;
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_life_retire(k.w, &bob, AC_S("mesotherapy"), how, &done, &e), &e);
	struct ac_recall r = recall(NULL, false, &found, &failed);
	cr_expect(r.affected == 1 && r.prepared == 1 && r.corrected == 0 && failed == 0);
	struct ac_record *rec = record_of(&k, plan, 0);
	cr_expect(rec->row.version == 1 && task_like(rec, "aftercare/recall/1") != NULL);
}

Test(recall, a_review_task_survives_the_next_event)
{
	struct ac_plans_found found;
	size_t failed;
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	roll_back();
	recall(NULL, false, &found, &failed);
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	EXPECT_TEXT(task_like(record_of(&k, plan, 0), "aftercare/recall/1")->status, "requested");
}

Test(recall, the_log_verifies_afterwards)
{
	struct ac_audit_counts counts;
	struct ac_plans_found found;
	size_t failed;
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .area = "face" });
	roll_back();
	recall(NULL, false, &found, &failed);
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &counts, &e), AC_OK, e);
	cr_expect(counts.plans == 2);
}

Test(recall, another_version_alone_lets_nothing_end_earlier_than_the_sheet_says)
{
	struct ac_repin_done done;
	struct ac_err e = { 0 };

	roll_back();
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	issue(&k, plan, 1); /* no sauna for 72 h */
	struct ac_sha256 shorter = draft(&k, "alice", "60 h");
	need_ok(publish(&k, "bob", &shorter, 0));
	need(repin(plan, false, &done, &e), &e);
	cr_expect(done.nmoved == 1 && done.nlines == 0 && !done.tell);
	const struct ac_plan *now = record_of(&k, plan, 0)->plan;
	for (size_t i = 0; i < now->nlines; i++)
		if (ac_streq_c(now->lines[i].key, "mesotherapy/no-sauna"))
			cr_expect(now->lines[i].until - now->anchor == 72 * 3600);
}
