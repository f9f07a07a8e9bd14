/* What is doubtful about an override, what it does to sheets and documents, and that all of it is on record. */
#include <sqlite3.h>

#include "core/audit.h"
#include "core/service_parts.h"
#include "tests/override_kit.h"

TestSuite(override_issued, .init = set_up, .fini = tear_down);

#define HARD "mesotherapy/no-heavy-lifting" /* 48 h, 24 h..48 h */
#define SAUNA "mesotherapy/no-sauna"        /* 72 h */
#define SIGNED_1 "2026-03-28T14:39:00+01:00"


static struct ac_uuid
made(void)
{
	return put(&k, (struct visit){ .area = "face" }).plan;
}

static struct ac_override_done
look(struct ac_uuid plan, struct ac_override_request rq)
{
	struct ac_override_done d = { 0 };
	struct ac_err e;

	need(try_act(plan, rq, AC_ROLE_CLINICIAN, true, &d, &e), &e);
	return d;
}

Test(override_issued, a_window_weaker_than_the_protocols_is_doubted)
{
	struct ac_uuid plan = made();
	struct ac_override_done d = look(plan, window(SAUNA, "24 h"));

	cr_expect(doubts(&d, "OVERRIDE-WEAKER") && !doubts(&d, "OVERRIDE-RANGE"));
	d = look(plan, window(SAUNA, "5 d"));
	cr_expect(d.ndoubts == 0);
	d = look(plan, omit(SAUNA));
	cr_expect(doubts(&d, "OVERRIDE-WEAKER"));
}

Test(override_issued, a_window_outside_the_sources_range_is_doubted)
{
	struct ac_uuid plan = made();
	struct ac_override_done d = look(plan, window(HARD, "72 h"));

	cr_expect(doubts(&d, "OVERRIDE-RANGE") && !doubts(&d, "OVERRIDE-WEAKER"));
	d = look(plan, window(HARD, "36 h"));
	cr_expect(!doubts(&d, "OVERRIDE-RANGE") && doubts(&d, "OVERRIDE-WEAKER"));
}

Test(override_issued, an_added_line_against_another_is_doubted)
{
	struct ac_uuid plan = made();
	struct ac_override_done d = look(plan, add("care", "sauna", "Go to the sauna.", "2 d"));

	cr_expect(doubts(&d, "OVERRIDE-CONTRADICTS"));
	d = look(plan, add("care", "massage-treated-area", "Massage the face.", "2 d"));
	cr_expect(doubts(&d, "OVERRIDE-CONTRADICTS"), "the protocol says that no-touch contradicts it");
	d = look(plan, add("restriction", "hydration", "Do not drink.", "2 d"));
	cr_expect(doubts(&d, "OVERRIDE-CONTRADICTS"));
	d = look(plan, add("care", "massage-treated-area", "Massage the face.", ""));
	cr_expect(doubts(&d, "OVERRIDE-CONTRADICTS"));
}

Test(override_issued, a_pair_that_lint_knows_is_doubted_without_a_word_of_the_protocol)
{
	struct ac_uuid plan = made();
	struct ac_override_done d;

	act(plan, omit("mesotherapy/no-excessive-cold")); /* which excepts the cold compress */
	d = look(plan, add("restriction", "excessive-cold", "Nothing cold.", "2 d"));
	cr_expect(doubts(&d, "OVERRIDE-CONTRADICTS"));
}

Test(override_issued, hard_words_are_doubted)
{
	struct ac_uuid plan = made();
	struct ac_override_done d = look(plan,
	    reword(SAUNA, "Individuals experiencing inflammatory complications subsequently necessitate "
			  "comprehensive dermatological reevaluation notwithstanding symptomatic amelioration."));

	cr_expect(doubts(&d, "OVERRIDE-READING"));
	d = look(plan, reword(SAUNA, "Do not go to the sauna, and stay out of the steam room too."));
	cr_expect(d.ndoubts == 0);
}

Test(override_issued, what_is_doubtful_is_saved_only_when_confirmed_and_that_is_recorded)
{
	struct ac_uuid plan = made();
	struct ac_override_request rq = window(SAUNA, "24 h");
	struct ac_override_done d;
	struct ac_str weaker = AC_S("OVERRIDE-WEAKER");
	struct ac_err e;

	cr_expect(try_act(plan, rq, AC_ROLE_CLINICIAN, false, &d, &e) == AC_ECONFLICT);
	cr_expect_str_eq(e.rule, "OVERRIDE-CONFIRM");
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
	rq.confirmed = &weaker;
	rq.nconfirmed = 1;
	cr_assert(try_act(plan, rq, AC_ROLE_CLINICIAN, false, &d, &e) == AC_OK);
	const struct ac_override *o = line_named(record_of(&k, plan, 0)->plan, SAUNA)->window_by;
	cr_expect(o->confirmed.n == 1 && ac_streq(o->confirmed.v[0], weaker));
}

Test(override_issued, a_sheet_with_overrides_waits_for_the_signature_by_the_default_rule)
{
	struct ac_uuid plan = made();
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_err e = { 0 };

	act(plan, window(SAUNA, "5 d"));
	cr_expect(try_issue(&k, plan, 2, AC_ROLE_CLINICIAN, &row, &bytes, &e) == AC_EDENIED);
	cr_expect_str_eq(e.rule, "ISSUE-OVERRIDES");
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED_1 });
	int64_t version = record_of(&k, plan, 0)->row.version;
	e = (struct ac_err){ 0 };
	cr_expect(try_issue(&k, plan, version, AC_ROLE_NURSE, &row, &bytes, &e) == AC_OK, "%s", e.rule);
}

Test(override_issued, an_undone_override_does_not_hold_up_the_sheet)
{
	struct ac_uuid plan = made();

	act(plan, window(SAUNA, "5 d"));
	act(plan, undo(1));
	cr_expect(issue(&k, plan, 3).n == 1);
}

Test(override_issued, the_patient_reads_the_new_words_and_not_the_reason)
{
	struct ac_uuid plan = made();
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_err e = { 0 };

	act(plan, reword(SAUNA, "No sauna & no <b>steam</b> room."));
	act(plan, add("restriction", "", "No swimming in the lake.", "5 d"));
	act(plan, omit(HARD));
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED_1 });
	need(try_issue(&k, plan, record_of(&k, plan, 0)->row.version, AC_ROLE_NURSE, &row, &bytes, &e), &e);
	cr_expect(holds(bytes, "No sauna &amp; no &lt;b&gt;steam&lt;/b&gt; room."));
	cr_expect(holds(bytes, "No swimming in the lake."));
	cr_expect(!holds(bytes, WHY) && !holds(bytes, "heavy"));
}

Test(override_issued, the_patient_who_holds_a_sheet_is_told)
{
	struct ac_uuid plan = made();

	issue(&k, plan, 1);
	set_clock(&k, "2026-03-28T16:00:00+01:00");
	struct ac_override_done d = act(plan, window(SAUNA, "5 d"));
	const struct ac_task_row *tell = task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/2");
	cr_expect(d.tell && d.urgent && tell != NULL && tell->urgent);
}

Test(override_issued, a_clinician_may_end_what_the_sheet_says_and_the_chart_still_may_not)
{
	struct ac_uuid plan = made();

	issue(&k, plan, 1);
	set_clock(&k, "2026-03-28T16:00:00+01:00");
	struct ac_override_done d = look(plan, window(SAUNA, "48 h"));
	cr_expect(doubts(&d, "OVERRIDE-SHEET") && doubts(&d, "OVERRIDE-WEAKER"));
	act(plan, window(SAUNA, "48 h"));
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-03-30T15:35:00+02:00") / 1000 && l->kept_from == 0);

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = "2026-03-28T14:05:00+01:00" });
	l = line_named(record_of(&k, plan, 0)->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-03-30T15:35:00+02:00") / 1000, "an earlier treatment shortens nothing");
	cr_expect(l->kept_from != 0);
	l = line_named(record_of(&k, plan, 0)->plan, "mesotherapy/no-hot-tub");
	cr_expect(l->until == at_ms("2026-03-31T15:35:00+02:00") / 1000, "nor another line");
}

Test(override_issued, leaving_out_a_line_of_the_sheet_leaves_it_out)
{
	struct ac_uuid plan = made();

	issue(&k, plan, 1);
	set_clock(&k, "2026-03-28T16:00:00+01:00");
	act(plan, omit(SAUNA));
	cr_expect(line_named(record_of(&k, plan, 0)->plan, SAUNA) == NULL);
	put(&k, (struct visit){ .revision = 2, .area = "neck" });
	cr_expect(line_named(record_of(&k, plan, 0)->plan, SAUNA) == NULL);
	cr_expect(task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/2") != NULL);
}

Test(override_issued, an_override_before_the_sheet_is_what_the_sheet_says)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED_1 }).plan;

	act(plan, window(SAUNA, "5 d"));
	set_clock(&k, "2026-03-28T16:00:00+01:00");
	issue(&k, plan, 2);
	put(&k, (struct visit){ .revision = 2,
		    .area = "face",
		    .signed_at = "2026-03-28T15:45:00+01:00",
		    .performed = "2026-03-28T14:05:00+01:00" });
	const struct ac_plan_line *l = line_named(record_of(&k, plan, 0)->plan, SAUNA);
	cr_expect(l->until == at_ms("2026-04-02T14:35:00+02:00") / 1000 && l->kept_from != 0);
}

Test(override_issued, after_final_it_makes_the_next_document_which_names_it)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED_1 }).plan;
	struct ac_document_row row;
	struct ac_str xml;
	struct ac_err e = { 0 };

	act(plan, window(SAUNA, "5 d"));
	act(plan, omit(HARD));
	struct ac_record *r = record_of(&k, plan, 0);
	cr_assert(r->row.document_version == 3 && ac_streq_c(r->row.stage, "final"));
	need(ac_document_bytes(k.w, plan, 3, &row, &xml, &e), &e);
	cr_expect(holds(xml, "OVERRIDE for this visit: another time; the protocol says until"));
	cr_expect(holds(xml, "Left out for this visit") && holds(xml, "decided by clinician on") && holds(xml, WHY));
	cr_expect(holds(xml, "extension=\"clinician\""), "its author is whoever decided");
	cr_expect(holds(xml, "typeCode=\"RPLC\""));
}

Test(override_issued, versions_and_documents_are_made_again_byte_by_byte)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED_1 }).plan;
	struct ac_str json, xml;
	struct ac_err e = { 0 };

	act(plan, window(SAUNA, "5 d"));
	act(plan, add("restriction", "", "No swimming.", "5 d"));
	issue(&k, plan, 3);
	set_clock(&k, "2026-03-28T17:00:00+01:00");
	act(plan, omit(HARD));
	act(plan, window(SAUNA, "24 h"));
	act(plan, undo(1));
	for (int64_t v = 1; v <= 6; v++) {
		bool same = false;
		need(ac_worker_begin(k.w, &e), &e);
		need(ac_plan_regen(k.w, plan, v, &json, &xml, &same, &e), &e);
		cr_expect(same, "version %d", (int)v);
	}
}

Test(override_issued, the_log_holds_each_act_under_a_digest_and_finds_a_changed_one)
{
	struct ac_uuid plan = made();
	struct ac_audit_counts n;
	struct ac_err e = { 0 };
	char file[128];
	sqlite3 *db = NULL;

	act(plan, window(SAUNA, "5 d"));
	act(plan, undo(1));
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_audit_verify(k.w->reader, k.w->service->keys, &n, &e), &e);
	cr_expect(n.overrides == 2);
	snprintf(file, sizeof(file), "%s/aftercare.db", k.dir);
	cr_assert(sqlite3_open(file, &db) == SQLITE_OK);
	cr_assert(sqlite3_exec(db, "UPDATE plan_override SET content = replace(content, 'slow', 'fast') WHERE n = 1",
		      NULL, NULL, NULL) == SQLITE_OK);
	cr_assert(sqlite3_changes(db) == 1);
	sqlite3_close(db);
	need(ac_worker_begin(k.w, &e), &e);
	cr_expect(ac_audit_verify(k.w->reader, k.w->service->keys, &n, &e) == AC_EINTEGRITY);
	cr_expect_str_eq(e.rule, "LOG-OVERRIDE");
}
