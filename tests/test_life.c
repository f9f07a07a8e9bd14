/* The life of a plan: given out, final, corrected, made again. CONTRACTS "Identity and life". */
#include "tests/visit_kit.h"

TestSuite(life, .init = set_up, .fini = tear_down);

Test(life, paper_plan_and_document_carry_the_same_times)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_issue_row row;
	struct ac_document_row doc;
	struct ac_str sheet, xml;
	struct ac_err e = { 0 };

	set_clock(&k, "2026-03-28T14:50:00+01:00");
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &row, &sheet, &e), AC_OK, e);
	/* 72 h after 14:35, over the night in which the clocks go forward */
	cr_expect(holds(sheet, "Tue 31 March, <strong>15:35</strong>"));
	set_clock(&k, "2026-03-28T23:41:00+01:00");
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED });
	struct ac_record *r = record_of(&k, plan, 0);
	const struct ac_plan_line *sauna = line_named(r->plan, "mesotherapy/no-sauna");
	cr_assert(sauna != NULL);
	cr_expect(sauna->until == at_ms("2026-03-31T15:35:00+02:00") / 1000);
	EXPECT_CODE(ac_document_bytes(k.w, plan, 1, &doc, &xml, &e), AC_OK, e);
	cr_expect(holds(xml, "31 March 2026, 15:35") && holds(xml, "20260331153500+0200"));
}

Test(life, the_call_stands_open_from_the_moment_of_issue)
{
	struct ac_task_rows tasks;
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	bool found = false;

	set_clock(&k, "2026-03-28T14:50:00+01:00");
	issue(&k, plan, 1);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_list(k.w, &(struct ac_task_query){ .site = AC_S("default"), .role = AC_S("nurse"), .only_open = true },
		 &tasks, &e), &e);
	for (size_t i = 0; i < tasks.n; i++) {
		found |= ac_streq_c(tasks.v[i].name, "mesotherapy/call-day-2/1");
		EXPECT_TEXT(tasks.v[i].patient_name, "Example");
	}
	cr_expect(found);
}

Test(life, signing_makes_it_final_with_document_version_1)
{
	struct ac_record *r = record_of(&k, given_and_signed(), 0);

	EXPECT_TEXT(r->row.stage, "final");
	cr_expect(r->row.final_ms == at_ms("2026-03-28T23:41:00+01:00"));
	cr_assert(r->ndocuments == 1);
	cr_expect(r->documents[0].version == 1);
}

Test(life, a_correction_next_day_replaces_the_document_and_tells_the_patient)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_document_row doc;
	struct ac_str xml;
	struct ac_err e = { 0 };

	set_clock(&k, "2026-03-29T10:00:00+02:00");
	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_assert(r->ndocuments == 2);
	EXPECT_TEXT(r->documents[0].status, "replaced");
	EXPECT_TEXT(r->documents[1].status, "current");
	const struct ac_task_row *tell = task_named(r, "aftercare/tell-the-patient/");
	cr_assert(is(tell, "requested"));
	cr_expect(
	    tell->urgent && tell->due == k.now_ms / 1000, "no hair wash is new: the old sheet allows it");
	EXPECT_TEXT(tell->role, "nurse");
	EXPECT_CODE(ac_document_bytes(k.w, plan, 2, &doc, &xml, &e), AC_OK, e);
	cr_expect(holds(xml, "typeCode=\"RPLC\""));
}

Test(life, a_corrected_area_is_told_though_no_line_changes)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "neck", .signed_at = SIGNED_AGAIN("43") });
	const struct ac_task_row *tell = task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/");
	cr_assert(is(tell, "requested"));
	cr_expect(!tell->urgent);
}

Test(life, nobody_is_told_when_nothing_on_the_sheet_changed)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "face", .signed_at = SIGNED_AGAIN("43"), .family = "Beispiel" });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.version == 3 && task_named(r, "aftercare/tell-the-patient/") == NULL);
}

Test(life, without_a_sheet_nobody_is_told)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	cr_expect(task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/") == NULL);
}

Test(life, a_new_sheet_is_telling)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	issue(&k, plan, 3);
	const struct ac_task_row *tell = task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/");
	cr_assert(is(tell, "completed"));
	EXPECT_TEXT(tell->actor, "nurse");
}

Test(life, a_correction_taken_back_needs_no_call)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	put(&k, (struct visit){ .revision = 4, .area = "face", .signed_at = SIGNED_AGAIN("44") });
	cr_expect(is(task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/"), "cancelled"));
}

Test(life, who_was_told_is_told_again_only_of_what_is_new)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	EXPECT_CODE(try_done(&k, plan, "aftercare/tell-the-patient/3", 1, "completed", &e), AC_OK, e);
	put(&k, (struct visit){ .revision = 4, .area = "scalp", .family = "Beispiel", .signed_at = SIGNED_AGAIN("44") });
	cr_expect(task_named(record_of(&k, plan, 0), "aftercare/tell-the-patient/4") == NULL);
	put(&k, (struct visit){ .revision = 5, .area = "face", .family = "Beispiel", .signed_at = SIGNED_AGAIN("45") });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(is(task_named(r, "aftercare/tell-the-patient/5"), "requested"));
	cr_expect(!task_named(r, "aftercare/tell-the-patient/5")->urgent, "the new sheet only allows more");
	cr_expect(is(task_named(r, "aftercare/tell-the-patient/3"), "completed"));
}

Test(life, unsigned_changes_after_final_wait_for_the_signature)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_intake r = put(&k, (struct visit){ .revision = 3, .area = "scalp" });

	cr_expect(r.outcome == AC_OUT_UNCHANGED && holds(r.json, "CHANGES-PENDING"));
	cr_expect(r.changed == (AC_CHANGED_CLINICAL | AC_CHANGED_SIGNER));
	struct ac_record *rec = record_of(&k, plan, 0);
	cr_expect(rec->row.version == 2 && rec->row.pending && rec->ndocuments == 1);
	cr_expect(line_named(rec->plan, "mesotherapy/no-hair-wash") == NULL);
	put(&k, (struct visit){ .revision = 4, .area = "scalp", .signed_at = "2026-03-29T09:00:00+02:00" });
	rec = record_of(&k, plan, 0);
	cr_expect(rec->row.version == 3 && !rec->row.pending && rec->ndocuments == 2);
}

Test(life, a_change_under_the_same_signature_is_not_signed)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_intake r = put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED });

	cr_expect(r.outcome == AC_OUT_UNCHANGED && holds(r.json, "CHANGES-PENDING"));
	struct ac_record *rec = record_of(&k, plan, 0);
	cr_expect(rec->row.version == 2 && rec->row.pending && rec->ndocuments == 1);
	r = put(&k, (struct visit){ .revision = 4, .area = "scalp", .signed_at = SIGNED_AGAIN("50") });
	rec = record_of(&k, plan, 0);
	cr_expect(r.outcome == AC_OUT_UPDATED && !rec->row.pending && rec->ndocuments == 2);
	cr_expect(line_named(rec->plan, "mesotherapy/no-hair-wash") != NULL);
}

Test(life, signed_anew_without_a_change_that_signature_covers_what_stands)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "face", .signed_at = SIGNED_AGAIN("50") });
	cr_expect(record_of(&k, plan, 0)->ndocuments == 1);
	put(&k, (struct visit){ .revision = 4, .area = "scalp", .signed_at = SIGNED_AGAIN("50") });
	cr_expect(record_of(&k, plan, 0)->row.pending);
}

Test(life, a_change_that_waits_and_is_taken_back_waits_no_more)
{
	struct ac_uuid plan = given_and_signed();

	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED });
	put(&k, (struct visit){ .revision = 4, .area = "face", .signed_at = SIGNED });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(!r->row.pending && r->row.version == 2);
}

Test(life, the_first_signature_makes_version_1_final)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;
	struct ac_record *r = record_of(&k, plan, 0);

	EXPECT_TEXT(r->row.stage, "final");
	cr_expect(r->row.version == 1 && r->ndocuments == 1);
}

Test(life, an_answer_does_not_carry_unsigned_changes_with_it)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "needle", &r, &e), AC_OK, e);
	cr_expect(record_of(&k, plan, 0)->row.version == 3, "a person's answer on the panel counts at once");
	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED });
	EXPECT_CODE(try_answer(&k, "5", 1, "technique", "gun", &r, &e), AC_OK, e);
	struct ac_record *rec = record_of(&k, plan, 0);
	cr_expect(rec->row.pending && line_named(rec->plan, "mesotherapy/no-hair-wash") == NULL);
}

Test(life, status_finished_finalises_where_the_clinic_says_so)
{
	kit_clinic(&k, "finalise = signed", "finalise = status-finished");
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .status = "in-progress" }).plan;

	EXPECT_TEXT(record_of(&k, plan, 0)->row.stage, "preliminary");
	cr_expect(put(&k, (struct visit){ .revision = 2, .area = "face" }).outcome == AC_OUT_UPDATED);
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.stage, "final");
	cr_expect(r->row.version == 1 && r->ndocuments == 1,
	    "nothing in the plan changed: the same version, and its document");
}

Test(life, hours_after_issue_finalise_where_the_clinic_says_so)
{
	kit_clinic(&k, "finalise = signed", "finalise = hours-after-issue 6");
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;

	set_clock(&k, "2026-03-28T15:00:00+01:00");
	issue(&k, plan, 1);
	set_clock(&k, "2026-03-28T20:59:59+01:00");
	cr_expect(timer(&k) == 0);
	set_clock(&k, "2026-03-28T21:00:00+01:00");
	cr_expect(timer(&k) == 1);
	EXPECT_TEXT(record_of(&k, plan, 0)->row.stage, "final");
}

Test(life, a_day_after_issue_it_is_final_and_the_chart_is_a_task)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	issue(&k, plan, 1);
	cr_expect(timer(&k) == 0);
	set_clock(&k, "2026-03-29T15:40:00+02:00"); /* 24 h later: one hour of the night is missing */
	cr_expect(timer(&k) == 1);
	cr_expect(timer(&k) == 0, "state, not a tick");
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.stage, "final");
	cr_expect(r->ndocuments == 1 && is(task_named(r, "aftercare/finish-the-chart/"), "requested"));
	EXPECT_TEXT(task_named(r, "aftercare/finish-the-chart/")->role, "clinician");
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = "2026-03-29T16:00:00+02:00" });
	r = record_of(&k, plan, 0);
	cr_expect(is(task_named(r, "aftercare/finish-the-chart/"), "completed") && r->ndocuments == 2);
}

Test(life, a_required_fact_blocks_issue_and_final)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row;
	struct ac_intake r = { 0 };
	struct ac_str bytes;

	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "name=\"technique\" type=\"choice\"",
			    "name=\"technique\" type=\"choice\" required=\"yes\""));
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;
	struct ac_record *rec = record_of(&k, plan, 0);
	EXPECT_TEXT(rec->row.stage, "preliminary");
	cr_expect(is(task_named(rec, "aftercare/record-facts/"), "requested"));
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_CLINICIAN, &row, &bytes, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ISSUE-REQUIRED");
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "needle", &r, &e), AC_OK, e);
	rec = record_of(&k, plan, 0);
	EXPECT_TEXT(rec->row.stage, "final");
	cr_expect(is(task_named(rec, "aftercare/record-facts/"), "completed"));
	EXPECT_CODE(try_issue(&k, plan, 2, AC_ROLE_CLINICIAN, &row, &bytes, &e), AC_OK, e);
}

Test(life, a_clinic_can_demand_the_signature_before_issue)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row;
	struct ac_str bytes;

	kit_clinic(&k, "issue-before-signature = no-overrides", "issue-before-signature = no");
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &row, &bytes, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ISSUE-SIGNATURE");
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED });
	EXPECT_CODE(try_issue(&k, plan, 2, AC_ROLE_NURSE, &row, &bytes, &e), AC_OK, e);
}

Test(life, the_stored_sheet_is_what_was_given_out)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row, stored;
	struct ac_str bytes, again;
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &row, &bytes, &e), AC_OK, e);
	EXPECT_CODE(ac_issue_bytes(k.w, plan, 1, &stored, &again, &e), AC_OK, e);
	cr_expect(ac_streq(bytes, again) && stored.plan_version == 1);
	EXPECT_TEXT(stored.medium, "paper");
}

Test(life, an_assumed_time_on_an_issued_sheet_does_not_become_shorter)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .performed = "", .end = "" }).plan;

	issue(&k, plan, 1); /* no time, no end: the moment of issue is the anchor, as a version of its own */
	struct ac_record *r = record_of(&k, plan, 0);
	int64_t anchor = r->plan->anchor;
	cr_expect(r->row.version == 2 && anchor == k.now_ms / 1000 && r->issues[0].plan_version == 2);
	put(&k, (struct visit){
		    .revision = 2, .area = "face", .performed = "", .end = "2026-03-28T14:20:00+01:00" });
	cr_expect(record_of(&k, plan, 0)->plan->anchor == anchor);
}

Test(life, every_version_is_made_again_byte_for_byte)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_str json, xml, stored;
	struct ac_document_row doc;
	struct ac_err e = { 0 };
	bool same = false;

	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	put(&k, (struct visit){ .revision = 4, .code = "" });
	put(&k, (struct visit){ .revision = 5, .area = "scalp", .signed_at = SIGNED_AGAIN("45") });
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""));
	for (int64_t v = 1; v <= 5; v++) {
		need(ac_worker_begin(k.w, &e), &e);
		EXPECT_CODE(ac_plan_regen(k.w, plan, v, &json, &xml, &same, &e), AC_OK, e);
		cr_expect(same && json.n > 0, "version %d", (int)v);
		if (v == 1) {
			cr_expect(!ac_str_is_set(xml));
			continue;
		}
		EXPECT_CODE(ac_document_bytes(k.w, plan, v - 1, &doc, &stored, &e), AC_OK, e);
		cr_expect(ac_streq(xml, stored), "document %d", (int)v - 1);
	}
	EXPECT_CODE(ac_plan_regen(k.w, plan, 6, &json, &xml, &same, &e), AC_ENOTFOUND, e);
}

Test(life, the_log_and_everything_it_speaks_of_verifies)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	given_and_signed();
	put(&k, (struct visit){ .revision = 3, .area = "scalp", .signed_at = SIGNED_AGAIN("43") });
	put(&k, (struct visit){ .revision = 4, .patient = "2", .area = "scalp", .signed_at = SIGNED_AGAIN("44") });
	EXPECT_CODE(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &n, &e), AC_OK, e);
	cr_expect(n.plans == 5 && n.documents == 4 && n.issues == 1, "plans %d documents %d issues %d",
	    (int)n.plans, (int)n.documents, (int)n.issues);
}
