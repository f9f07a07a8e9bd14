/* Outcomes of an event, revisions, pinning: CONTRACTS "Snapshot" and "Identity and life". */
#include "tests/expect.h"
#include "tests/intake_kit.h"

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
TestSuite(intake, .init = set_up, .fini = tear_down);

static bool
says(struct ac_intake r, const char *part)
{
	return memmem(r.json.p, r.json.n, part, strlen(part)) != NULL;
}

Test(intake, a_performed_procedure_makes_an_active_plan_before_any_signature)
{
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });

	cr_expect(r.outcome == AC_OUT_CREATED && r.has_plan);
	cr_expect(says(r, "\"status\":\"active\",\"stage\":\"preliminary\""));
	cr_expect(says(r, "\"document\":null"));
	cr_expect(says(r, "mesotherapy/call-day-2/1"));
}

Test(intake, the_answer_names_what_it_ignored)
{
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };
	struct ac_str json = visit_json(&(struct visit){ .area = "face" }, k.a);

	json = ac_strf(k.a, "{\"shoe_size\":44,%.*s", (int)json.n - 1, json.p + 1);
	EXPECT_CODE(try_put_json(&k, json, &r, &e), AC_OK, e);
	cr_expect(says(r, "\"pointer\":\"/shoe_size\""));
}

Test(intake, a_category_alone_is_suggested)
{
	struct ac_intake r = put(&k, (struct visit){ .code = "" });

	cr_expect(r.outcome == AC_OUT_SUGGESTED && !r.has_plan);
	cr_expect(says(r, "\"plan\":null"));
}

Test(intake, a_consultation_has_no_protocol)
{
	cr_expect(put(&k, (struct visit){ .consultation = true }).outcome == AC_OUT_NO_PROTOCOL);
}

Test(intake, planned_cancelled_and_missed_visits_have_no_plan)
{
	static const char *const words[] = { "planned", "cancelled", "no-show", "entered-in-error" };

	for (size_t i = 0; i < 4; i++) {
		struct ac_intake r = put(&k, (struct visit){ .id = words[i], .status = words[i] });
		cr_expect(r.outcome == AC_OUT_NO_PROTOCOL && !r.has_plan, "%s", words[i]);
	}
}

Test(intake, a_visit_before_going_live_makes_no_plan)
{
	kit_clinic(&k, "finalise = signed", "finalise = signed\nlive-since = 2026-03-28T15:00:00+01:00");
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });

	cr_expect(r.outcome == AC_OUT_BEFORE_GO_LIVE && !r.has_plan);
}

Test(intake, going_live_counts_the_moment_of_the_procedure)
{
	kit_clinic(&k, "finalise = signed", "finalise = signed\nlive-since = 2026-03-28T14:35:00+01:00");
	cr_expect(put(&k, (struct visit){ .area = "face" }).outcome == AC_OUT_CREATED);
}

Test(intake, a_lower_revision_is_stale_and_changes_nothing)
{
	struct ac_uuid plan = put(&k, (struct visit){ .revision = 7, .area = "face" }).plan;
	struct ac_intake r = put(&k, (struct visit){ .revision = 6, .area = "scalp" });

	cr_expect(r.outcome == AC_OUT_STALE && r.has_plan);
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(intake, the_same_snapshot_again_is_unchanged)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });

	cr_expect(r.outcome == AC_OUT_UNCHANGED && memcmp(&r.plan, &plan, sizeof(plan)) == 0);
	cr_expect(says(r, "\"version\":1") && says(r, "mesotherapy/call-day-2/1"));
}

Test(intake, a_higher_revision_with_the_same_content_is_unchanged_and_counts)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	put(&k, (struct visit){ .area = "face" });
	cr_expect(put(&k, (struct visit){ .revision = 9, .area = "face" }).outcome == AC_OUT_UNCHANGED);
	cr_expect(put(&k, (struct visit){ .revision = 8, .area = "face" }).outcome == AC_OUT_STALE);
	EXPECT_CODE(try_put(&k, &(struct visit){ .revision = 9, .area = "neck" }, &r, &e), AC_ECONFLICT, e);
}

Test(intake, one_revision_with_two_contents_is_a_conflict)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	EXPECT_CODE(try_put(&k, &(struct visit){ .area = "scalp" }, &r, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "ENC-REVISION");
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(intake, what_is_not_on_the_plan_makes_no_version)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_intake r =
	    put(&k, (struct visit){ .revision = 2, .area = "face", .phone = "+49 30 5550177" });

	cr_expect(r.outcome == AC_OUT_UNCHANGED);
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(intake, a_correction_makes_a_version_and_says_what_changed)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_intake r = put(&k, (struct visit){ .revision = 2, .area = "scalp" });

	cr_expect(r.outcome == AC_OUT_UPDATED && r.changed == AC_CHANGED_CLINICAL);
	r = put(&k, (struct visit){ .revision = 3, .area = "scalp", .family = "Beispiel" });
	cr_expect(r.outcome == AC_OUT_UPDATED && r.changed == AC_CHANGED_PATIENT);
	cr_expect(record_of(&k, plan, 0)->row.version == 3);
	cr_expect(record_of(&k, plan, 1)->plan->in->version == 1);
}

Test(intake, an_unknown_zone_is_refused_and_nothing_is_stored)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };
	struct ac_encounter_row row;
	char *json = ac_cstr(k.a, visit_json(&(struct visit){ 0 }, k.a));

	memcpy(strstr(json, "Europe/Berlin"), "Europe/Bremen", 13);
	EXPECT_CODE(try_put_json(&k, ac_str_c(json), &r, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "ZONE-UNKNOWN");
	EXPECT_CODE(ac_encounter_get(k.w, AC_S("default"), AC_S("5"), &row, &e), AC_ENOTFOUND, e);
}

Test(intake, a_plan_keeps_its_protocol_version_when_another_is_published)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_sha256 first = record_of(&k, plan, 0)->plan->in->protocols[0].protocol->version;
	struct ac_sha256 second =
	    kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""));

	cr_expect(!ac_sha256_eq(&first, &second));
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->row.version == 2 && ac_sha256_eq(&r->plan->in->protocols[0].protocol->version, &first));
	r = record_of(&k, put(&k, (struct visit){ .id = "6", .area = "face" }).plan, 0);
	cr_expect(ac_sha256_eq(&r->plan->in->protocols[0].protocol->version, &second));
}

Test(intake, a_newly_matching_protocol_joins_at_its_active_version)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	const char *peel = "schemas/protocols/demo/chemical-peel.xml";

	kit_publish(&k, kit_changed_signed(&k, peel, "<trigger ", "<trigger system=\"CPT4\" code=\"17999\"/><trigger "));
	cr_expect(record_of(&k, plan, 0)->plan->in->nprotocols == 1);
	put(&k, (struct visit){ .revision = 2, .area = "neck" });
	struct ac_record *r = record_of(&k, plan, 0);
	cr_expect(r->plan->in->nprotocols == 2);
	EXPECT_TEXT(r->plan->in->protocols[0].protocol->id, "chemical-peel");
}

Test(intake, no_protocol_joins_because_a_sheet_is_given_or_an_hour_comes)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	const char *peel = "schemas/protocols/demo/chemical-peel.xml";

	kit_publish(&k, kit_changed_signed(&k, peel, "<trigger ", "<trigger system=\"CPT4\" code=\"17999\"/><trigger "));
	cr_expect(issue(&k, plan, 1).plan_version == 1);
	set_clock(&k, "2026-03-29T15:40:00+02:00");
	cr_expect(timer(&k) == 1);
	cr_expect(record_of(&k, plan, 0)->plan->in->nprotocols == 1);
}

Test(intake, a_plan_keeps_its_clinic_when_the_configuration_changes)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	kit_clinic(&k, "+49 30 5550199", "+49 30 5550188");
	put(&k, (struct visit){ .revision = 2, .area = "scalp" });
	EXPECT_TEXT(record_of(&k, plan, 0)->plan->in->clinic->out_of_hours.number, "+49 30 5550199");
}

Test(intake, a_plan_without_contact_lines_takes_them_when_they_are_configured)
{
	kit_clinic(&k, "number = +49 30 5550199", "");
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_issue_row row;
	struct ac_err e = { 0 };
	struct ac_str bytes;

	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &row, &bytes, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ISSUE-CONTACT");
	kit_clinic(&k, "finalise = signed", "finalise = signed");
	EXPECT_CODE(try_issue(&k, plan, 1, AC_ROLE_NURSE, &row, &bytes, &e), AC_OK, e);
}

Test(intake, an_answer_to_was_it_done_today_makes_the_plan)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	put(&k, (struct visit){ .code = "" });
	EXPECT_CODE(try_answer(&k, "5", 0, "performed", "yes", &r, &e), AC_OK, e);
	cr_expect(r.outcome == AC_OUT_CREATED && r.has_plan);
	cr_expect(
	    put(&k, (struct visit){ .revision = 2, .code = "", .phone = "1" }).outcome == AC_OUT_UNCHANGED);
}

Test(intake, an_answered_fact_makes_a_version)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	put(&k, (struct visit){ .area = "face" });
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "microneedles", &r, &e), AC_OK, e);
	cr_expect(r.outcome == AC_OUT_UPDATED && r.changed == AC_CHANGED_CLINICAL);
	struct ac_record *rec = record_of(&k, r.plan, 0);
	cr_expect(rec->plan->in->nanswers == 1);
	EXPECT_TEXT(rec->plan->in->answers[0].by, "nurse");
}

Test(intake, an_answer_can_be_taken_back)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "microneedles", &r, &e), AC_OK, e);
	EXPECT_CODE(try_answer(&k, "5", 1, "technique", NULL, &r, &e), AC_OK, e);
	cr_expect(record_of(&k, plan, 0)->plan->in->nanswers == 0);
}

Test(intake, an_answer_of_an_older_form_is_refused)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	put(&k, (struct visit){ .area = "face" });
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "gun", &r, &e), AC_OK, e);
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "needle", &r, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "FORM-STALE");
}

Test(intake, an_answer_about_one_patient_is_none_about_another)
{
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .area = "face" });
	EXPECT_CODE(try_answer(&k, "5", 0, "anticoagulant", "no", &r, &e), AC_OK, e);
	r = put(&k, (struct visit){ .revision = 2, .patient = "2", .family = "Right", .area = "face" });
	cr_expect(record_of(&k, r.plan, 0)->plan->in->nanswers == 0);
	r = put(&k, (struct visit){ .revision = 3, .area = "face" });
	cr_expect(record_of(&k, r.plan, 0)->plan->in->nanswers == 0, "and is asked again");
}

Test(intake, a_form_about_one_patient_does_not_answer_for_another)
{
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .area = "face" });
	put(&k, (struct visit){ .revision = 2, .patient = "2", .family = "Right", .area = "face" });
	EXPECT_CODE(try_answer(&k, "5", 0, "anticoagulant", "no", &r, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "FORM-STALE");
}

Test(intake, an_answer_must_be_one_that_the_protocol_knows)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	put(&k, (struct visit){ .area = "face" });
	EXPECT_CODE(try_answer(&k, "5", 0, "technique", "hammer", &r, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "ANSWER-VALUE");
	EXPECT_CODE(try_answer(&k, "5", 0, "shoe-size", "44", &r, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "ANSWER-NAME");
	EXPECT_CODE(try_answer(&k, "5", 0, "anchor", "yesterday", &r, &e), AC_EINPUT, e);
	EXPECT_CODE(try_answer(&k, "5", 0, "performed", "perhaps", &r, &e), AC_EINPUT, e);
	EXPECT_CODE(try_answer(&k, "5", 0, "session", "two", &r, &e), AC_EINPUT, e);
	EXPECT_CODE(try_answer(&k, "99", 0, "session", "2", &r, &e), AC_ENOTFOUND, e);
}

Test(intake, a_confirmed_time_replaces_an_assumed_one)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .performed = "", .end = "" }).plan;

	cr_expect(record_of(&k, plan, 0)->plan->treatments[0].anchor_source == AC_ANCHOR_DAY_END);
	EXPECT_CODE(try_answer(&k, "5", 0, "anchor", "2026-03-28T14:20:00+01:00", &r, &e), AC_OK, e);
	cr_expect(record_of(&k, plan, 0)->plan->anchor == at_ms("2026-03-28T14:20:00+01:00") / 1000);
}

Test(intake, every_outcome_is_an_entry_of_the_log)
{
	struct ac_audit_counts before = { 0 }, after = { 0 };
	struct ac_err e = { 0 };

	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &before, &e), &e);
	put(&k, (struct visit){ .revision = 2, .area = "face" });
	put(&k, (struct visit){ .revision = 2, .area = "face" });
	put(&k, (struct visit){ .revision = 1, .area = "face" });
	put(&k, (struct visit){ .id = "6", .code = "" });
	put(&k, (struct visit){ .id = "7", .consultation = true });
	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &after, &e), &e);
	cr_expect(after.leaves == before.leaves + 6 /* and whose the site is */ && after.plans == before.plans + 1);
}

Test(intake, an_encounter_without_a_plan_is_there_for_the_panel)
{
	struct ac_encounter_row row;
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .code = "" });
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_encounter_get(k.w, AC_S("default"), AC_S("5"), &row, &e), AC_OK, e);
	EXPECT_TEXT(row.outcome, "suggested");
	EXPECT_TEXT(row.encounter->patient.family, "Example");
}

static enum ac_code
put_from(const char *system, const char *site, const char *id, struct ac_intake *r, struct ac_err *e)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	char *json = ac_cstr(a, visit_json(&(struct visit){ .id = id, .area = "face" }, a));
	const char *from = "\"system\":\"test\",\"site\":\"default\"";
	char *at = strstr(json, from);

	cr_assert(at != NULL);
	return try_put_json(&k, ac_strf(a, "%.*s\"system\":\"%s\",\"site\":\"%s\"%s", (int)(at - json), json, system, site,
	    at + strlen(from)), r, e);
}

Test(intake, a_site_belongs_to_the_system_whose_event_came_first)
{
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	EXPECT_CODE(put_from("one", "default", "5", &r, &e), AC_OK, e);
	EXPECT_CODE(put_from("two", "default", "5", &r, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "ENC-SOURCE");
	cr_expect(strcmp(e.path, "/source/system") == 0);
	EXPECT_CODE(put_from("two", "default", "6", &r, &e), AC_EDENIED, e);
	EXPECT_CODE(put_from("two", "other", "5", &r, &e), AC_OK, e);
	EXPECT_CODE(put_from("one", "default", "7", &r, &e), AC_OK, e);
	need(ac_worker_begin(k.w, &e), &e);
	struct ac_encounter_row row;
	EXPECT_CODE(ac_encounter_get(k.w, AC_S("default"), AC_S("6"), &row, &e), AC_ENOTFOUND, e);
	cr_expect(ac_streq_c(ac_config_site_system(k.w->config, AC_S("default")), "one"));
}

Test(intake, a_person_may_name_the_sites_system)
{
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_site_set(k.w, AC_S("admin"), AC_S("default"), AC_S("two"), (struct ac_life_how){ 0 }, &e), AC_OK, e);
	EXPECT_CODE(put_from("one", "default", "5", &r, &e), AC_EDENIED, e);
	EXPECT_CODE(ac_site_set(k.w, AC_S("admin"), AC_S("default"), AC_S("one"), (struct ac_life_how){ 0 }, &e), AC_OK, e);
	EXPECT_CODE(put_from("one", "default", "5", &r, &e), AC_OK, e);
	EXPECT_CODE(ac_site_set(k.w, AC_S("admin"), AC_S(""), AC_S("one"), (struct ac_life_how){ 0 }, &e), AC_EINPUT, e);
}
