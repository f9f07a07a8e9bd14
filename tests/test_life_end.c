/* What ends a plan, and its tasks: revoked, restored, another patient, finished. CONTRACTS "Identity and life". */
#include "tests/visit_kit.h"

TestSuite(life_end, .init = set_up, .fini = tear_down);

Test(life_end, a_removed_procedure_revokes_and_a_restored_one_returns)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	cr_expect(
	    put(&k, (struct visit){ .revision = 2, .code = "", .area = "face" }).outcome == AC_OUT_REVOKED);
	struct ac_record *r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "revoked");
	cr_expect(r->row.version == 2 && r->ndocuments == 0);
	cr_expect(is(task_named(r, "mesotherapy/call-day-2/"), "cancelled"));
	EXPECT_TEXT(task_named(r, "mesotherapy/call-day-2/")->outcome, "plan revoked: procedure-gone");
	cr_expect(put(&k, (struct visit){ .revision = 3, .area = "face" }).outcome == AC_OUT_UPDATED);
	r = record_of(&k, plan, 0);
	EXPECT_TEXT(r->row.status, "active");
	cr_expect(r->row.version == 3 && is(task_named(r, "mesotherapy/call-day-2/"), "requested"));
}

Test(life_end, a_final_plan_that_is_revoked_says_so_in_a_document)
{
	struct ac_uuid plan = given_and_signed();
	struct ac_document_row doc;
	struct ac_str xml;
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .revision = 3, .status = "entered-in-error", .area = "face" });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.document_version == 2);
	cr_expect(is(task_named(r, "aftercare/tell-the-patient/"), "requested"));
	cr_expect(task_named(r, "aftercare/tell-the-patient/")->urgent);
	EXPECT_CODE(ac_document_bytes(k.w, plan, 2, &doc, &xml, &e), AC_OK, e);
	cr_expect(holds(xml, "aborted"));
}

Test(life_end, a_revoked_plan_is_not_given_out)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .code = "" });
	EXPECT_CODE(try_issue(&k, plan, 2, AC_ROLE_NURSE, &row, &bytes, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ISSUE-STATE");
}

Test(life_end, the_wrong_patients_plan_is_revoked_and_the_right_one_has_a_new_plan)
{
	struct ac_uuid wrong = given_and_signed();
	struct ac_intake r =
	    put(&k, (struct visit){ .revision = 3, .patient = "2", .family = "Right", .area = "face" });

	cr_expect(r.outcome == AC_OUT_CREATED && memcmp(&r.plan, &wrong, sizeof(wrong)) != 0);
	struct ac_uuid right = r.plan;
	struct ac_record *old = record_of(&k, wrong, 0);
	EXPECT_TEXT(old->row.status, "revoked");
	EXPECT_TEXT(old->encounter->patient.family, "Example");
	cr_expect(is(task_named(old, "aftercare/tell-the-patient/"), "requested"));
	cr_expect(is(task_named(old, "mesotherapy/call-day-2/"), "cancelled"));
	cr_expect(is(task_named(record_of(&k, right, 0), "mesotherapy/call-day-2/"), "requested"));
}

Test(life_end, the_answer_about_the_right_patient_tells_nothing_of_the_wrong_one)
{
	struct ac_uuid wrong = put(&k, (struct visit){ .area = "face", .family = "Wrongly", .phone = "+49 1" }).plan;

	issue(&k, wrong, 1);
	struct ac_intake r = put(&k, (struct visit){ .revision = 2, .patient = "2", .family = "Right", .code = "" });
	cr_expect(r.outcome == AC_OUT_SUGGESTED || r.outcome == AC_OUT_REVOKED);
	cr_expect(!r.has_plan && holds(r.json, "\"plan\":null") && holds(r.json, "\"document\":null"));
	cr_expect(holds(r.json, "\"tasks\":[]") && holds(r.json, "\"missing_facts\":[]"));
	cr_expect(!holds(r.json, "Wrongly") && !holds(r.json, "+49 1"));
	struct ac_str id = ac_uuid_str(k.a, wrong);
	cr_expect(holds(r.json, ac_cstr(k.a, ac_strf(k.a, "\"revoked\":[\"%.*s\"]", AC_FMT(id)))));
	r = put(&k, (struct visit){ .revision = 3, .patient = "2", .family = "Right", .area = "face" });
	cr_expect(r.has_plan && memcmp(&r.plan, &wrong, sizeof(wrong)) != 0 && !holds(r.json, "Wrongly"));
	cr_expect(!holds(r.json, "tell-the-patient"), "that is a task of the other plan");
}

Test(life_end, the_worklist_names_the_patient_who_was_wrong)
{
	struct ac_task_rows tasks;
	struct ac_err e = { 0 };
	size_t told = 0, reviewed = 0;

	given_and_signed();
	put(&k, (struct visit){ .revision = 3, .patient = "2", .family = "Right", .area = "face" });
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_list(k.w, &(struct ac_task_query){ .only_open = true }, &tasks, &e), &e);
	for (size_t i = 0; i < tasks.n; i++) {
		bool tell = ac_str_starts(tasks.v[i].name, AC_S("aftercare/tell-the-patient/"));
		bool review = ac_str_starts(tasks.v[i].name, AC_S("aftercare/privacy-review/"));
		EXPECT_TEXT(tasks.v[i].patient_name, tell || review ? "Example" : "Right");
		told += tell;
		reviewed += review;
	}
	cr_expect(told == 1 && reviewed == 1);
}

Test(life_end, a_finished_task_is_never_touched_nor_repeated)
{
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	EXPECT_CODE(try_done(&k, plan, "mesotherapy/call-day-2/1", 1, "completed", &e), AC_OK, e);
	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = "2026-03-28T14:10:00+01:00" });
	put(&k, (struct visit){ .revision = 3, .code = "" });
	put(&k, (struct visit){ .revision = 4, .area = "face" });
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), "mesotherapy/call-day-2/");
	cr_expect(is(t, "completed") && t->seq == 2);
	EXPECT_TEXT(t->outcome, "reached");
	EXPECT_TEXT(t->actor, "nurse");
}

Test(life_end, a_new_time_moves_an_open_task)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	int64_t before = task_named(record_of(&k, plan, 0), "mesotherapy/follow-up/")->due;

	put(&k, (struct visit){ .revision = 2, .area = "face", .performed = "2026-03-28T14:10:00+01:00" });
	const struct ac_task_row *t = task_named(record_of(&k, plan, 0), "mesotherapy/follow-up/");
	cr_expect(t->due == before - 25 * 60 && t->seq == 2 && is(t, "requested"));
}

Test(life_end, a_task_is_finished_once_and_by_the_page_that_saw_it)
{
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	EXPECT_CODE(try_done(&k, plan, "mesotherapy/call-day-2/1", 7, "completed", &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "TASK-STALE");
	EXPECT_CODE(try_done(&k, plan, "mesotherapy/call-day-2/1", 1, "cancelled", &e), AC_OK, e);
	EXPECT_CODE(try_done(&k, plan, "mesotherapy/call-day-2/1", 2, "completed", &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "TASK-STATE");
	EXPECT_CODE(try_done(&k, plan, "mesotherapy/none/1", 1, "completed", &e), AC_ENOTFOUND, e);
	EXPECT_CODE(try_done(&k, plan, "mesotherapy/follow-up/1", 1, "burnt", &e), AC_EINPUT, e);
}

Test(life_end, the_front_desk_prints_again_what_was_given_out)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_FRONT_DESK, &row, &bytes, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ISSUE-ROLE");
	issue(&k, plan, 1);
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_FRONT_DESK, &row, &bytes, &e), AC_OK, e);
	cr_expect(row.n == 2);
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_AUDITOR, &row, &bytes, &e), AC_EDENIED, e);
}

Test(life_end, a_page_that_saw_an_older_version_gives_out_nothing)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &row, &bytes, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "FORM-STALE");
}

Test(life_end, one_form_gives_out_one_sheet_however_often_it_is_sent)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_actor who = as(AC_ROLE_NURSE);
	struct ac_issue_request rq = { .plan = plan, .seen_version = 1, .from_page = true };
	struct ac_issue_row row;
	struct ac_str bytes;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_intake_issue(k.w, &who, &rq, &row, &bytes, &e), AC_OK, e);
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_intake_issue(k.w, &who, &rq, &row, &bytes, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "FORM-STALE");
	cr_expect(record_of(&k, plan, 0)->nissues == 1);
}
