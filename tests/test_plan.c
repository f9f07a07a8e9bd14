/* test_plan.c - clock times, assumptions, tasks and the identity of one plan. */
#include "tests/plan_kit.h"

KIT_SUITE(plan);

#define UNTIL(offset) "<window until=\"" offset "\"/>"
#define SIMPLE(offset) KIT_PROTOCOL("p", "17999", KIT_BAN("no-sauna", "sauna", "", UNTIL(offset)))
#define DONE_AT(when) "\"procedures\":[" KIT_DONE("b1", "17999", when) "]"
#define DONE_SOMETIME "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\"}]"
#define CHOICE(name, attrs) \
	"<fact name=\"" name "\" type=\"choice\" " attrs "><label xml:lang=\"en\">" name \
	"</label><value code=\"face\"><label xml:lang=\"en\">F</label></value><value code=\"scalp\"><label " \
	"xml:lang=\"en\">S</label></value></fact>"

static struct ac_plan *
simple(const char *protocol, const char *done)
{
	struct kit k = { .protocol = protocol, .more = done };

	return kit_plan(a, &k);
}

/* clock times */

Test(plan, counts_72_hours_across_the_change_of_clocks_to_15_35)
{
	struct ac_plan *p = simple(SIMPLE("72 h"), KIT_PERFORMED);

	KIT_IS(p, p->lines[0].until, "2026-03-31T15:35:00+02:00");
	struct ac_str words = ac_time_words(a, p->in->zone, p->lines[0].until, AC_TIME_SHORT, AC_S("en"));
	cr_expect(ac_streq_c(words, "Tue 31 Mar, 15:35"), "%.*s", AC_FMT(words));
}

Test(plan, counts_3_days_to_the_same_clock_time)
{
	struct ac_plan *p = simple(SIMPLE("3 d"), KIT_PERFORMED);

	KIT_IS(p, p->lines[0].until, "2026-03-31T14:35:00+02:00");
}

Test(plan, takes_a_named_clock_time_on_the_third_day)
{
	struct ac_plan *p = simple(SIMPLE("3 d 08:00"), KIT_PERFORMED);

	KIT_IS(p, p->lines[0].until, "2026-03-31T08:00:00+02:00");
}

Test(plan, counts_weeks_as_calendar_days)
{
	struct ac_plan *p = simple(SIMPLE("2 w"), KIT_PERFORMED);

	KIT_IS(p, p->lines[0].until, "2026-04-11T14:35:00+02:00");
}

Test(plan, ends_after_a_gap_at_its_first_instant)
{
	struct kit k = { .protocol = SIMPLE("1 d"),
		.start = "2026-03-28T02:00:00+01:00",
		.more = DONE_AT("2026-03-28T02:30:00+01:00") };
	struct ac_plan *p = kit_plan(a, &k);

	KIT_IS(p, p->lines[0].until, "2026-03-29T03:00:00+02:00");
}

Test(plan, ends_a_restriction_late_and_a_task_early_in_a_fold)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999",
			     KIT_BAN("no-sauna", "sauna", "", UNTIL("1 d"))
				 KIT_TASK("call", "until=\"1 d\"")),
		.start = "2026-10-24T02:00:00+02:00",
		.made_at = "2026-10-24T12:00:00+02:00",
		.more = DONE_AT("2026-10-24T02:30:00+02:00") };
	struct ac_plan *p = kit_plan(a, &k);

	KIT_IS(p, p->lines[0].until, "2026-10-25T02:30:00+01:00");
	KIT_IS(p, p->tasks[0].due, "2026-10-25T02:30:00+02:00");
}

/* conditions and assumptions */

#define AREA_PROTOCOL \
	KIT_PROTOCOL("p", "17999", \
	    CHOICE("area", "ask=\"yes\"") KIT_BAN("no-dye", "hair-dye", "when=\"fact/area = 'scalp'\"", \
		UNTIL("72 h")) KIT_BAN("no-sauna", "sauna", "", \
		"<window until=\"24 h\" when=\"fact/area = 'face'\"/><window until=\"48 h\" " \
		"when=\"fact/area = " \
		"'scalp'\"/><window until=\"12 h\"/>"))

Test(plan, leaves_out_a_line_whose_condition_is_false_and_takes_the_first_window_that_holds)
{
	struct ac_plan *p = simple(AREA_PROTOCOL, KIT_PERFORMED ",\"facts\":{\"area\":\"face\"}");

	cr_assert(eq(sz, p->nlines, 1));
	KIT_IS(p, p->lines[0].until, "2026-03-29T15:35:00+02:00");
	cr_expect(not(p->lines[0].assumed));
	cr_expect(eq(sz, p->nmissing, 0));
}

Test(plan, includes_what_an_unknown_fact_could_demand_with_the_longest_window)
{
	struct ac_plan *p = simple(AREA_PROTOCOL, KIT_PERFORMED);
	const struct ac_plan_line *sauna = kit_line(p, "p/no-sauna"), *dye = kit_line(p, "p/no-dye");

	KIT_IS(p, sauna->until, "2026-03-30T15:35:00+02:00");
	KIT_IS(p, dye->until, "2026-03-31T15:35:00+02:00");
	cr_expect(sauna->assumed && dye->assumed);
	cr_assert(eq(sz, sauna->nassumed, 1));
	cr_expect(ac_streq_c(sauna->assumed_paths[0], "fact/area"));
}

Test(plan, lists_what_is_missing_once_with_its_definition)
{
	struct ac_plan *p = simple(AREA_PROTOCOL, KIT_PERFORMED);

	cr_assert(eq(sz, p->nmissing, 1));
	cr_expect(ac_streq_c(p->missing[0].path, "fact/area"));
	cr_expect(p->missing[0].def != NULL && !p->missing[0].required);
}

Test(plan, takes_an_answer_for_a_fact_that_the_chart_does_not_hold)
{
	struct ac_str face = AC_S("face");
	struct ac_answer ans = kit_answer("area", &face);
	struct kit k = { .protocol = AREA_PROTOCOL, .more = KIT_PERFORMED, .answers = &ans, .nanswers = 1 };
	struct ac_plan *p = kit_plan(a, &k);

	cr_expect(eq(sz, p->nlines, 1));
	k.more = KIT_PERFORMED ",\"facts\":{\"area\":\"scalp\"}";
	p = kit_plan(a, &k);
	cr_expect(eq(sz, p->nlines, 2), "the chart wins");
	cr_expect(kit_warns(p, "ANSWER-DIFFERS"));
}

Test(plan, does_not_warn_of_an_answer_that_says_the_same_as_the_chart)
{
	struct ac_str yes = AC_S("yes");
	struct ac_answer ans = kit_answer("numbed", &yes);
	struct kit k = { .protocol = SIMPLE("48 h"),
		.more = KIT_PERFORMED ",\"facts\":{\"numbed\":true}",
		.answers = &ans,
		.nanswers = 1 };

	cr_expect(not(kit_warns(kit_plan(a, &k), "ANSWER-DIFFERS")));
}

Test(plan, assumes_nothing_from_a_medication_list_that_nobody_reviewed)
{
	static const char protocol[] = KIT_PROTOCOL(
	    "p", "17999", KIT_BAN("no-heat", "heat", "when=\"medication/code = '1'\"", UNTIL("48 h")));
	struct ac_plan *p = simple(
	    protocol, KIT_PERFORMED ",\"conditions\":{\"reviewed\":{\"medication\":false},\"items\":[]}");

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(p->lines[0].assumed);
	cr_assert(eq(sz, p->nmissing, 1));
	cr_expect(ac_streq_c(p->missing[0].path, "medication/code"));
	cr_expect(p->missing[0].def == NULL);

	p = simple(
	    protocol, KIT_PERFORMED ",\"conditions\":{\"reviewed\":{\"medication\":true},\"items\":[]}");
	cr_expect(eq(sz, p->nlines, 0), "reviewed and empty is none");
}

Test(plan, shows_a_restriction_without_an_end_when_no_window_fits)
{
	static const char protocol[] = KIT_PROTOCOL("p", "17999",
	    CHOICE("area", "")
		KIT_BAN("no-sauna", "sauna", "", "<window until=\"24 h\" when=\"fact/area = 'face'\"/>"));
	struct ac_plan *p = simple(protocol, KIT_PERFORMED ",\"facts\":{\"area\":\"scalp\"}");

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(p->lines[0].until == AC_INSTANT_NONE);
	cr_expect(kit_warns(p, "WINDOW-NONE"));
}

Test(plan, gives_the_clinician_a_task_while_a_required_fact_is_unknown)
{
	static const char protocol[] = KIT_PROTOCOL("p", "17999", CHOICE("area", "required=\"yes\""));
	struct ac_plan *p = simple(protocol, KIT_PERFORMED);

	cr_assert(eq(sz, p->nmissing, 1));
	cr_expect(p->missing[0].required);
	const struct ac_plan_task *t = kit_task(p, "aftercare/record-facts/1");
	cr_expect(ac_streq_c(t->role, "clinician") && t->def == NULL);

	p = simple(protocol, KIT_PERFORMED ",\"facts\":{\"area\":\"face\"}");
	cr_expect(eq(sz, p->ntasks, 0));
}

Test(plan, warns_of_a_value_that_the_protocol_does_not_know)
{
	struct ac_plan *p = simple(AREA_PROTOCOL, KIT_PERFORMED ",\"facts\":{\"area\":\"knee\"}");

	cr_expect(kit_warns(p, "FACT-VALUE"));
	for (size_t i = 0; i < p->nwarnings; i++)
		cr_expect(memmem(p->warnings[i].text.p, p->warnings[i].text.n, "knee", 4) == NULL,
		    "no values in warnings");
}

Test(plan, says_when_the_patient_has_died)
{
	struct kit k = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED };
	struct ac_plan_input *in = kit_input(a, &k);
	struct encounter *e = kit_encounter(a, &k);

	cr_assert(ac_date_parse(AC_S("2026-03-29"), &e->patient.deceased));
	in->encounter = e;
	cr_expect(kit_warns(kit_make(a, in), "PATIENT-DECEASED"));
}

/* status, series, identity */

Test(plan, is_active_on_evidence_and_a_draft_on_a_suggestion)
{
	static const char protocol[] =
	    "<protocol " KIT_NS " id=\"p\" owner=\"test\"><title xml:lang=\"en\">p</title>"
	    "<trigger category=\"Mesotherapy\"/></protocol>";
	struct kit k = { .protocol = protocol, .encounter = "\"category\":\"Mesotherapy\"" };

	cr_expect(kit_plan(a, &k)->status == AC_PLAN_DRAFT);
	cr_expect(simple(SIMPLE("48 h"), KIT_PERFORMED)->status == AC_PLAN_ACTIVE);
}

Test(plan, asks_about_what_is_only_suggested_beside_what_was_done)
{
	struct kit k = { .protocol = SIMPLE("48 h"),
		.second =
		    "<protocol " KIT_NS " id=\"q\" owner=\"test\"><title xml:lang=\"en\">q</title><trigger "
		    "category=\"Peel\"/>" KIT_BAN("no-sun", "sun", "", UNTIL("48 h")) "</protocol>",
		.encounter = "\"category\":\"Peel\"",
		.more = KIT_PERFORMED };
	struct ac_plan *p = kit_plan(a, &k);

	cr_expect(eq(sz, p->nlines, 1));
	cr_expect(kit_warns(p, "PROTOCOL-SUGGESTED"));
}

Test(plan, is_refused_for_encounters_that_did_not_take_place)
{
	struct kit k = { .protocol = SIMPLE("48 h"), .status = "no-show", .more = KIT_PERFORMED };
	struct ac_err e = { 0 };
	struct ac_plan *p = NULL;

	cr_expect(ac_plan_make(kit_input(a, &k), a, &p, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "PLAN-004");
	cr_expect(p == NULL);
}

Test(plan, is_refused_when_no_protocol_fits)
{
	struct kit k = { .protocol = SIMPLE("48 h") };
	struct ac_err e = { 0 };
	struct ac_plan *p = NULL;

	cr_expect(ac_plan_make(kit_input(a, &k), a, &p, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "PLAN-005");
}

Test(plan, is_refused_for_two_versions_of_one_protocol)
{
	struct kit k = { .protocol = SIMPLE("48 h"), .second = SIMPLE("24 h"), .more = KIT_PERFORMED };
	struct ac_err e = { 0 };
	struct ac_plan *p = NULL;

	cr_expect(ac_plan_make(kit_input(a, &k), a, &p, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "PLAN-006");
}

Test(plan, keeps_goals_and_nothing_else_when_it_is_revoked)
{
	struct kit k = { .protocol = KIT_PROTOCOL("p", "17999",
			     "<goal id=\"g\">" KIT_TEXT "</goal>" KIT_BAN(
				 "no-sauna", "sauna", "", UNTIL("48 h")) KIT_TASK("call", "until=\"1 d\"")),
		.status = "entered-in-error" };
	struct ac_plan_input *in = kit_input(a, &k);

	in->revoked = true;
	in->revoke_reason = AC_S("entered-in-error");
	struct ac_plan *p = kit_make(a, in);
	cr_expect(p->status == AC_PLAN_REVOKED);
	cr_expect(eq(sz, p->ngoals, 1));
	cr_expect(eq(sz, p->nlines + p->ntasks + p->nwarnings, 0));
}

#define SERIES "<series id=\"s\" sessions=\"6\" interval=\"2 w..4 w\" minimum-gap=\"10 d\"/>"

Test(plan, places_the_next_session_by_calendar_days)
{
	struct ac_plan *p = simple(
	    KIT_PROTOCOL("p", "17999", SERIES), KIT_PERFORMED ",\"facts\":{\"session\":2,\"sessions\":4}");

	KIT_IS(p, p->series_next_from, "2026-04-11T14:35:00+02:00");
	KIT_IS(p, p->series_next_until, "2026-04-25T14:35:00+02:00");
	cr_expect(eq(i32, p->session, 2));
	cr_expect(eq(i32, p->sessions, 4));
}

Test(plan, has_no_next_session_after_the_last)
{
	struct ac_plan *p =
	    simple(KIT_PROTOCOL("p", "17999", SERIES), KIT_PERFORMED ",\"facts\":{\"session\":6}");

	cr_expect(p->series_next_from == AC_INSTANT_NONE && p->series_next_until == AC_INSTANT_NONE);
	cr_expect(eq(i32, p->sessions, 6));
}

Test(plan, is_made_for_an_encounter_without_any_optional_member)
{
	struct kit k = { .protocol = "<protocol " KIT_NS
				     " id=\"p\" owner=\"t\"><title xml:lang=\"en\">p</title><trigger "
				     "category=\"x\"/></protocol>" };
	struct ac_plan_input *in = kit_input(a, &k);

	in->revoked = true; /* the only plan that such an encounter can have */
	struct ac_plan *p = kit_make(a, in);
	cr_expect(p->status == AC_PLAN_REVOKED);
	cr_expect(ac_plan_encode(p, a).n > 0);
}

Test(plan, is_named_by_installation_site_encounter_and_patient)
{
	struct ac_uuid root = { { 1 } };
	struct ac_uuid id = ac_plan_id(root, AC_S("default"), AC_S("5"), AC_S("1"));
	struct ac_uuid same = ac_uuid5(root, AC_S("default/5/1")),
		       other = ac_plan_id(root, AC_S("default"), AC_S("5"), AC_S("2"));

	cr_expect(memcmp(&id, &same, sizeof(id)) == 0);
	cr_expect(memcmp(&id, &other, sizeof(id)) != 0);
	id = ac_plan_id(root, AC_S("a/b"), AC_S("c"), AC_S("1"));
	same = ac_plan_id(root, AC_S("a"), AC_S("b/c"), AC_S("1"));
	cr_expect(memcmp(&id, &same, sizeof(id)) != 0, "a slash in an id joins no two encounters");
}

Test(plan, names_its_document_by_plan_and_version)
{
	struct ac_uuid plan = { { 7 } }, want = ac_uuid5(plan, AC_S("12")), got = ac_document_id(plan, 12);

	cr_expect(memcmp(&want, &got, sizeof(got)) == 0);
}
