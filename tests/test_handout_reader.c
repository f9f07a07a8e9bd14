/* The sheet and its reader: whom it speaks to, how big, which way, in whose habit, and at which hour an end is stated. */
#include "core/handout.h"
#include "core/timeline.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(handout_reader);

#define MESO(body) KIT_PROTOCOL("p", "17999", body)
#define TWO_DAYS KIT_BAN("no-touch", "touch", "", "<window until=\"48 h\"/>")
#define NINE_HOURS KIT_BAN("no-sun", "sun", "", "<window until=\"9 h\"/>")
#define TWELVE_HOURS KIT_BAN("no-sport", "sport", "", "<window until=\"12 h\"/>")

static struct ac_plan *
plan(const char *protocol)
{
	return kit_plan(a, &(struct kit){ .more = KIT_PERFORMED, .protocol = protocol });
}

static struct ac_str
sheet_of(const struct ac_plan *p, struct ac_handout_options o)
{
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	o.issued_at = kit_time("2026-03-28T14:50:00+01:00");
	o.sheet = 1;
	cr_assert(ac_handout_html(p, &o, a, &html, &e) == AC_OK, "%s", e.msg);
	return html;
}

static struct ac_str
in(const struct ac_plan *p, const char *lang)
{
	return sheet_of(p, (struct ac_handout_options){ .language = ac_str_c(lang) });
}

static bool
holds(struct ac_str s, const char *part)
{
	return memmem(s.p, s.n, part, strlen(part)) != NULL;
}
#define HOLDS(s, part) cr_expect(holds((s), (part)), "not there: %s\n%.*s", (part), AC_FMT(s))
#define LACKS(s, part) cr_expect_not(holds((s), (part)), "there: %s", (part))

Test(handout_reader, is_told_the_morning_after_an_end_in_the_night)
{
	struct ac_str s = in(plan(MESO(NINE_HOURS)), "en");

	HOLDS(s, "Sun 29 March, <strong>07:00</strong>");
	HOLDS(s, "An end in the night is printed as 7 in the morning, never earlier.");
	LACKS(s, "23:35");
	LACKS(in(plan(MESO(TWO_DAYS)), "en"), "An end in the night");
}

Test(handout_reader, finds_two_ends_of_one_night_in_one_row)
{
	struct ac_str s = in(plan(MESO(NINE_HOURS TWELVE_HOURS)), "en");

	HOLDS(s, "<span class=\"number\">1</span>");
	LACKS(s, "<span class=\"number\">2</span>");
}

Test(handout_reader, keeps_the_exact_end_in_the_plan)
{
	struct ac_plan *p = plan(MESO(NINE_HOURS));

	cr_expect(p->lines[0].until == kit_time("2026-03-28T23:35:00+01:00"));
}

static struct ac_plan *
of_patient(const char *born, const char *guardian)
{
	struct ac_plan_input *input = ac_new(a, struct ac_plan_input, 1);
	struct encounter *e = ac_new(a, struct encounter, 1);

	*input = *plan(MESO(TWO_DAYS))->in;
	*e = *input->encounter;
	if (born != NULL)
		cr_assert(ac_date_parse(ac_str_c(born), &e->patient.birth_date));
	e->patient.has_guardian = guardian != NULL;
	e->patient.guardian_name = ac_str_c(guardian);
	input->encounter = e;
	return kit_make(a, input);
}

Test(handout_reader, is_the_guardian_of_a_minor)
{
	HOLDS(in(of_patient("2008-03-29", "Eve <Example>"), "en"),
	    "<p class=\"guardian\">For the parent or guardian: <bdi>Eve &lt;Example&gt;</bdi></p>");
	HOLDS(in(of_patient("2014-05-01", NULL), "de"), "<p class=\"guardian\">Für die Eltern oder die sorgeberechtigte Person</p>");
}

Test(handout_reader, is_the_patient_from_eighteen_on)
{
	LACKS(in(of_patient("2008-03-28", "Eve Example"), "en"), "guardian");
	LACKS(in(of_patient("1988-04-02", NULL), "en"), "guardian");
}

Test(handout_reader, of_unknown_age_is_the_guardian_whom_the_chart_names)
{
	HOLDS(in(of_patient(NULL, "Eve Example"), "en"), "class=\"guardian\"");
	LACKS(in(of_patient(NULL, NULL), "en"), "class=\"guardian\"");
}

Test(handout_reader, is_the_guardian_to_whom_it_was_handed)
{
	HOLDS(sheet_of(of_patient("1988-04-02", "Eve Example"), (struct ac_handout_options){ .language = AC_S("en"), .to_guardian = true }),
	    "For the parent or guardian: <bdi>Eve Example</bdi>");
}

Test(handout_reader, gets_large_print_when_asked)
{
	HOLDS(sheet_of(plan(MESO(TWO_DAYS)), (struct ac_handout_options){ .large = true }), "<body class=\"large\">");
	LACKS(in(plan(MESO(TWO_DAYS)), "en"), "class=\"large\"");
}

Test(handout_reader, reads_dates_as_at_home)
{
	HOLDS(in(plan(MESO(TWO_DAYS)), "en-US"), "Mon, March 30, <strong>3:35 PM</strong>");
	HOLDS(in(plan(MESO(TWO_DAYS)), "pl"), "<span class=\"small\">do</span> pon., 30 marca, <strong>15:35</strong>");
	HOLDS(in(plan(MESO(TWO_DAYS)), "ar"), "الاثنين، 30 مارس، <strong>3:35 م</strong>");
}

Test(handout_reader, is_given_the_country_that_the_chart_says)
{
	EXPECT_TEXT(ac_handout_language(AC_S("en"), AC_S("en-US")), "en-US");
	EXPECT_TEXT(ac_handout_language(AC_S("de"), AC_S("en-US")), "de");
	EXPECT_TEXT(ac_handout_language(AC_S("en"), AC_S("enm")), "en");
	EXPECT_TEXT(ac_handout_language(AC_S(""), AC_S("tr")), "tr");
}

Test(handout_reader, from_right_to_left_sees_time_run_so)
{
	struct ac_plan *p = plan(MESO(TWO_DAYS));
	struct ac_axis ltr, rtl;

	cr_assert(ac_axis_make(p, AC_S("en"), &ltr) && ac_axis_make(p, AC_S("he"), &rtl));
	cr_expect(rtl.mirrored && !ltr.mirrored);
	HOLDS(ac_axis_bar(&ltr, p->anchor, p->lines[0].until, false, a), "d=\"M53 2H229V10H53Z\"");
	HOLDS(ac_axis_bar(&rtl, p->anchor, p->lines[0].until, false, a), "d=\"M207 2H31V10H207Z\"");
	HOLDS(ac_axis_bar(&rtl, p->anchor, AC_INSTANT_NONE, false, a), "L0 6");
	HOLDS(ac_axis_days(&rtl, a), "text-anchor=\"end\"");
}

/* Nothing of a table may be lost on the way: a sheet in each language has none of English's words for times. */
Test(handout_reader, gets_no_half_translated_sheet)
{
	static const char *const languages[] = { "de", "es", "fr", "it", "pt", "tr", "ru", "uk", "pl", "ar", "he" };
	static const char *const english[] = { ">until<", "Not yet", "Call us", "Which number", "March", "treated ", "of plan", "given ",
		"approval not", "at any time" };

	for (size_t l = 0; l < sizeof(languages) / sizeof(languages[0]); l++) {
		struct ac_str s = in(plan(MESO(TWO_DAYS)), languages[l]);

		for (size_t i = 0; i < sizeof(english) / sizeof(english[0]); i++)
			cr_expect_not(holds(s, english[i]), "%s: %s", languages[l], english[i]);
		HOLDS(s, "<span class=\"other-language\" lang=\"en\"");
	}
}

Test(handout_reader, is_told_which_area_has_no_name_in_the_language)
{
	static const char protocol[] = KIT_PROTOCOL("p", "17999", "<fact name=\"area\" type=\"choice\" many=\"yes\"><label xml:lang=\"en\">Area</label><value code=\"face\"><label "
	    "xml:lang=\"en\">Face</label></value></fact>" TWO_DAYS);
	struct ac_str s =
	    in(kit_plan(a, &(struct kit){ .more = KIT_PERFORMED ",\"facts\":{\"area\":[\"face\"]}", .protocol = protocol }), "fr");

	HOLDS(s, "<p class=\"areas\"><span class=\"other-language\" lang=\"en\">Face [en]</span></p>");
}
