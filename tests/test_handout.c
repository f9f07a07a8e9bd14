/* The patient's sheet: what stands on it, in which words, and which number serves when. */
#include <libxml/parser.h>

#include "base/file.h"
#include "core/handout.h"
#include "core/handout_words.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(handout);

#define TWO_DAYS KIT_BAN("no-touch", "touch", "", "<window until=\"48 h\"/>")
#define MESO(body) KIT_PROTOCOL("p", "17999", body)
#define DEMO "schemas/protocols/demo/mesotherapy.xml"

static struct ac_str
file_text(const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", AC_SOURCE_DIR, name);
	cr_assert(ac_file_read(path, 1024 * 1024, a, &bytes, &e) == AC_OK, "%s", path);
	return bytes;
}

static const struct ac_clinic *
demo_clinic(void)
{
	struct ac_err e = { 0 };
	const struct ac_clinic *c = NULL;

	cr_assert(ac_clinic_load(file_text("schemas/clinic/demo.conf"), a, &c, &e) == AC_OK, "%s", e.msg);
	return c;
}

static struct ac_str
sheet_in(const struct ac_plan *p, const char *lang, const char *issued_at, int64_t sheet, int64_t replaces)
{
	struct ac_handout_options o = { .language = ac_str_c(lang),
		.asset_base = AC_S("/aftercare/assets/"),
		.issued_at = issued_at == NULL ? AC_INSTANT_NONE : kit_time(issued_at),
		.issued_by = AC_S("n.nurse"),
		.sheet = sheet,
		.replaces = replaces };
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	cr_assert(ac_handout_html(p, &o, a, &html, &e) == AC_OK, "%s", e.msg);
	return html;
}

static struct ac_str
sheet(const struct ac_plan *p)
{
	return sheet_in(p, NULL, "2026-03-28T14:50:00+01:00", 1, 0);
}

static struct ac_plan *
plan_of(const char *protocol)
{
	return kit_plan(a, &(struct kit){ .more = KIT_PERFORMED, .protocol = protocol });
}

/* The demonstration's protocol and clinic, a visit as `more` says. */
static struct ac_plan *
demo_plan(const char *more)
{
	return kit_plan(a,
	    &(struct kit){ .more = more, .clinic = demo_clinic(), .protocol = ac_cstr(a, file_text(DEMO)) });
}

static bool
holds(struct ac_str s, const char *part)
{
	return memmem(s.p, s.n, part, strlen(part)) != NULL;
}
#define HOLDS(s, part) cr_expect(holds((s), (part)), "not there: %s\n%.*s", (part), AC_FMT(s))
#define LACKS(s, part) cr_expect_not(holds((s), (part)), "there: %s", (part))

static size_t
at(struct ac_str s, const char *part)
{
	const char *p = memmem(s.p, s.n, part, strlen(part));

	cr_assert(p != NULL, "%s", part);
	return (size_t)(p - s.p);
}

static bool
is_xml(struct ac_str s)
{
	xmlDoc *doc = xmlReadMemory(
	    s.p, (int)s.n, "sheet.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	xmlFreeDoc(doc);
	return doc != NULL;
}

Test(handout, tells_until_when_with_day_and_clock_across_the_clock_change)
{
	struct ac_str s = sheet(plan_of(MESO(TWO_DAYS)));

	HOLDS(s, "<span class=\"small\">until</span> Mon 30 March, <strong>15:35</strong>");
	HOLDS(s, "clocks go forward on Sunday 29 Mar");
	HOLDS(s, "treated Saturday 28 March 2026, 14:35");
}

Test(handout, is_well_formed_without_script_or_inline_style)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED));

	cr_expect(is_xml(s));
	LACKS(s, "<script");
	LACKS(s, "style=");
	HOLDS(s, "href=\"/aftercare/assets/handout-2.css\"");
}

Test(handout, has_no_empty_element_that_html_would_leave_open)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED));
	static const char *const open[] = { "<td/>", "<th/>", "<div/>", "<span/>", "<p/>", "<ul/>", "<li/>",
		"<section/>", "<title/>", "<bdi/>", "<h1/>", "<h2/>", "<strong/>" };

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		LACKS(s, open[i]);
}

Test(handout, is_the_same_bytes_from_the_same_inputs)
{
	const struct ac_plan *p = demo_plan(KIT_PERFORMED);

	cr_expect(ac_streq(sheet(p), sheet(p)));
	cr_expect(ac_streq(sheet(demo_plan(KIT_PERFORMED)), sheet(demo_plan(KIT_PERFORMED))));
}

Test(handout, says_that_a_preview_was_not_given_out)
{
	struct ac_plan *p = plan_of(MESO(TWO_DAYS));

	HOLDS(sheet_in(p, "en", NULL, 0, 0), "<p class=\"mark\">Preview: not given out</p>");
	LACKS(sheet(p), "Preview");
}

Test(handout, is_marked_as_a_demonstration_only_when_it_is_one)
{
	HOLDS(sheet(demo_plan(KIT_PERFORMED)), "<p class=\"mark\">DEMONSTRATION</p>");
	LACKS(sheet(plan_of(MESO(TWO_DAYS))), "DEMONSTRATION");
}

Test(handout, says_who_gave_it_when_and_what_it_replaces)
{
	struct ac_str s = sheet_in(plan_of(MESO(TWO_DAYS)), "en", "2026-03-28T14:50:00+01:00", 2, 1);

	HOLDS(s, "Sheet 2 of plan ");
	HOLDS(s, "given Saturday 28 March 2026, 14:50 by <bdi>n.nurse</bdi>, replaces sheet 1");
	HOLDS(s, "times of Europe/Berlin");
}

Test(handout, marks_what_is_assumed_in_its_own_line_and_explains_it)
{
	struct ac_str unknown = sheet(demo_plan(KIT_PERFORMED));
	struct ac_str known = sheet(demo_plan(KIT_PERFORMED
	    ",\"facts\":{\"area\":[\"face\"],\"technique\":\"needle\",\"indication\":\"rejuvenation\","
	    "\"anticoagulant\":false,\"session\":2,\"sessions\":6}"));

	HOLDS(unknown, "<span class=\"assumed\">assumed</span>");
	HOLDS(unknown, "so the careful rule is printed");
	LACKS(known, "class=\"assumed\"");
	LACKS(known, "careful rule");
}

Test(handout, says_when_the_time_of_the_treatment_is_assumed)
{
	struct ac_plan *p = kit_plan(a,
	    &(struct kit){ .more = "\"procedures\":[{\"id\":\"b\",\"system\":\"CPT4\",\"code\":\"17999\"}]",
		.encounter = "\"end\":\"2026-03-28T14:40:00+01:00\"",
		.protocol = MESO(TWO_DAYS) });

	HOLDS(sheet(p), "treated Saturday 28 March 2026, 14:40 (time assumed)");
}

Test(handout, puts_what_ends_together_into_one_row)
{
	struct ac_str s = sheet(plan_of(MESO(TWO_DAYS KIT_BAN("no-sport", "sport", "",
	    "<window until=\"48 h\"/>") KIT_BAN("no-sun", "sun", "", "<window until=\"72 h\"/>"))));
	size_t rows = 0;

	for (size_t i = 0; i + 18 < s.n; i++)
		rows += memcmp(s.p + i, "<th scope=\"row\"><s", 18) == 0;
	cr_expect(rows == 2, "%zu", rows);
}

Test(handout, tells_exceptions_beside_what_they_are_excepted_from)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED));

	HOLDS(
	    s, "Allowed: washing with clean hands, without rubbing; dabbing on the cream with clean fingers");
	LACKS(s, "Waschen mit sauberen");
}

Test(handout, speaks_german_when_asked)
{
	struct ac_str s = sheet_in(demo_plan(KIT_PERFORMED), "de", "2026-03-28T14:50:00+01:00", 1, 0);

	HOLDS(s, "lang=\"de\"");
	HOLDS(s, "Noch nicht");
	HOLDS(s, "Keine Sauna");
	HOLDS(s, "<span class=\"small\">bis</span> Mo, 30. März, <strong>15:35</strong>");
	LACKS(s, "other-language");
	LACKS(s, "until");
}

Test(handout, takes_the_patients_language_when_none_is_asked_for)
{
	struct ac_plan *p = kit_plan(
	    a, &(struct kit){
		   .clinic = demo_clinic(), .protocol = ac_cstr(a, file_text(DEMO)), .more = KIT_PERFORMED });
	struct encounter e = *p->in->encounter;
	struct ac_plan_input in = *p->in;

	e.patient.language = AC_S("de-CH");
	in.encounter = &e;
	HOLDS(sheet(kit_make(a, &in)), "Noch nicht");
}

Test(handout, marks_lines_that_its_language_lacks)
{
	struct ac_str s = sheet_in(plan_of(MESO(TWO_DAYS)), "de", "2026-03-28T14:50:00+01:00", 1, 0);

	HOLDS(s, "<span class=\"other-language\" lang=\"en\">words [en]</span>");
	HOLDS(s, "Sie sind markiert.");
}

Test(handout, in_a_language_without_any_words_says_so)
{
	struct ac_str s = sheet_in(plan_of(MESO(TWO_DAYS)), "nl", "2026-03-28T14:50:00+01:00", 1, 0);

	HOLDS(s, "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"");
	HOLDS(s, "Headings and dates in English: not there in [nl]");
	HOLDS(s, "not written in your language yet");
}

/* Saturday 14:50: closed until Monday. */
Test(handout, on_a_weekend_gives_the_number_that_serves_now_first)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED));

	HOLDS(s, "<tr class=\"now\"><th scope=\"row\">now until Mon 30 March, 09:00</th><td>On-call nurse of "
		 "the Demo Clinic</td>"
		 "<td class=\"number\">+49 30 5550199</td></tr>");
	HOLDS(s, "Mon to Fri 09:00 to 18:00");
	HOLDS(s, "at all other times");
}

Test(handout, in_opening_hours_gives_the_clinics_number_first)
{
	struct ac_str s = sheet_in(demo_plan(KIT_PERFORMED), "en", "2026-03-30T10:00:00+02:00", 1, 0);

	HOLDS(s, "<th scope=\"row\">now until 18:00</th><td>Demo Clinic</td><td class=\"number\">+49 30 "
		 "5550103</td>");
}

Test(handout, has_no_heading_over_nothing)
{
	struct ac_str early = sheet_in(demo_plan(KIT_PERFORMED), "en", "2026-03-28T16:00:00+01:00", 1, 0),
		      late = sheet_in(demo_plan(KIT_PERFORMED), "en", "2027-03-30T10:00:00+02:00", 1, 0);

	cr_expect(memmem(early.p, early.n, "<h2>Do</h2>", 11) != NULL);
	cr_expect(memmem(late.p, late.n, "<h2>Do</h2>", 11) == NULL);
}

Test(handout, counts_a_holiday_as_closed_and_names_it)
{
	struct ac_str friday =
	    sheet_in(demo_plan(KIT_PERFORMED), "en", "2026-04-02T18:00:00+02:00", 1, 0); /* closing time */

	HOLDS(friday, "now until Tue 7 April, 09:00");
	HOLDS(friday, "not on Fri 3 April, Mon 6 April");
}

Test(handout, before_opening_counts_until_the_same_morning)
{
	HOLDS(sheet_in(demo_plan(KIT_PERFORMED), "en", "2026-03-30T08:59:59+02:00", 1, 0), "now until 09:00");
	HOLDS(sheet_in(demo_plan(KIT_PERFORMED), "en", "2026-03-30T09:00:00+02:00", 1, 0), "now until 18:00");
}

Test(handout, has_the_emergency_number_last_and_in_the_emergency_box)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED));

	HOLDS(s, "<h2>Emergency <bdi class=\"number\" dir=\"ltr\">112</bdi></h2>");
	HOLDS(s, "<tr class=\"emergency\"><th scope=\"row\">Emergency, at any time</th>");
	cr_expect(at(s, "<tr class=\"emergency\">") > at(s, "at all other times"));
}

Test(handout, does_not_hide_that_a_number_is_missing)
{
	HOLDS(sheet(plan_of(MESO(TWO_DAYS))), "no number recorded");
}

Test(handout, announces_only_tasks_that_concern_the_patient)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED));

	HOLDS(s, "We call you: ");
	HOLDS(s, "Follow-up visit");
	LACKS(s, "Book next session");
	LACKS(s, "Check understanding");
}

/* 44 hours after 11:00 it is 07:00; the protocol calls nobody before 09:00. */
Test(handout, announces_a_call_within_the_hours_in_which_people_are_called)
{
	struct ac_plan *p = kit_plan(a,
	    &(struct kit){ .start = "2026-03-24T10:30:00+01:00",
		.more = "\"procedures\":[" KIT_DONE("b1", "17999", "2026-03-24T11:00:00+01:00") "]",
		.clinic = demo_clinic(),
		.protocol = ac_cstr(a, file_text(DEMO)) });
	struct ac_str s = sheet_in(p, NULL, "2026-03-24T11:30:00+01:00", 1, 0);

	HOLDS(s, "We call you: Thu 26 March, <strong>09:00</strong> to Fri 27 March, <strong>12:00</strong>");
}

Test(handout, prints_a_booked_visit_with_its_clock_time)
{
	struct ac_str s = sheet(demo_plan(KIT_PERFORMED
	    ",\"appointments\":[{\"id\":\"77\",\"start\":\"2026-04-11T10:00:00+02:00\",\"category\":"
	    "\"Follow-up\",\"status\":\"booked\"},{\"id\":\"78\",\"start\":\"2026-05-01T09:30:00+02:00\","
	    "\"category\":\"Other\",\"status\":\"booked\"},"
	    "{\"id\":\"79\",\"start\":\"2026-05-02T09:30:00+02:00\",\"category\":\"Other\",\"status\":"
	    "\"cancelled\"}]"));

	HOLDS(s, "Follow-up visit: Sat 11 April, <strong>10:00</strong>");
	HOLDS(s, "Booked visit: Fri 1 May, <strong>09:30</strong>");
	LACKS(s, "Sat 2 May");
}

Test(handout, shows_products_and_lots_of_what_was_performed)
{
	struct ac_str s = sheet(plan_of(MESO(TWO_DAYS)));

	LACKS(s, "lot");
	s = sheet(
	    kit_plan(a, &(struct kit){ .protocol = MESO(TWO_DAYS),
			    .more = "\"procedures\":[{\"id\":\"b\",\"system\":\"CPT4\",\"code\":\"17999\","
				    "\"performed\":\"2026-03-28T14:35:00+01:00\",\"products\":[{\"name\":"
				    "\"HA <complex>\",\"lot\":\"L-2231\"}]}]" }));
	HOLDS(s, "<bdi>HA &lt;complex&gt;</bdi>, lot <bdi>L-2231</bdi>");
}

Test(handout, tells_both_lines_of_a_contradiction_to_be_asked_about)
{
	struct ac_plan *p = plan_of(MESO(TWO_DAYS
	    "<instruction id=\"massage\" concept=\"massage\" kind=\"care\"><window until=\"48 h\"/>" KIT_TEXT
	    "<contradicts concept=\"touch\"/></instruction>"));
	struct ac_str s = sheet(p);
	size_t n = 0;

	cr_assert(p->ncontradictions == 1);
	for (size_t i = 0; i + 13 < s.n; i++)
		n += memcmp(s.p + i, "Ask us first:", 13) == 0;
	cr_expect(n == 2, "%zu", n);
}

Test(handout, of_a_revoked_plan_says_that_it_no_longer_holds)
{
	struct ac_plan_input in =
	    *kit_input(a, &(struct kit){ .more = KIT_PERFORMED, .protocol = MESO(TWO_DAYS) });

	in.revoked = true;
	in.revoke_reason = AC_S("entered-in-error");
	HOLDS(sheet(kit_make(a, &in)), "This plan was withdrawn.");
}

Test(handout, does_not_print_care_that_is_over)
{
	struct ac_plan *p = plan_of(MESO(KIT_CARE("wash", "wash", "", "<window until=\"12 h\"/>") TWO_DAYS));

	HOLDS(sheet_in(p, "en", "2026-03-28T14:50:00+01:00", 1, 0), "<ul class=\"care\">");
	LACKS(sheet_in(p, "en", "2026-03-29T14:50:00+02:00", 1, 0), "<ul class=\"care\">");
	HOLDS(sheet_in(p, "en", "2026-03-31T14:50:00+02:00", 1, 0), "(over)");
}

Test(handout, has_nothing_of_the_patient_in_its_title)
{
	HOLDS(sheet(plan_of(MESO(TWO_DAYS))), "<title>Sheet 1</title>");
}

Test(handout, needs_a_clinic)
{
	struct ac_plan p = *plan_of(MESO(TWO_DAYS));
	struct ac_plan_input in = *p.in;
	struct ac_handout_options o = { .issued_at = AC_INSTANT_NONE };
	struct ac_err e = { 0 };
	struct ac_str html;

	in.clinic = NULL;
	p.in = &in;
	EXPECT_CODE(ac_handout_html(&p, &o, a, &html, &e), AC_EDENIED, e);
	cr_expect_str_eq(e.rule, "ISSUE-CONTACT");
}

Test(handout, has_every_word_in_every_language)
{
	static const char *const languages[] = { "en", "de-DE", "es", "fr", "it", "pt-BR", "tr", "ru", "uk", "pl", "ar",
		"he", "iw" };

	for (size_t l = 0; l < sizeof(languages) / sizeof(languages[0]); l++) {
		cr_expect(ac_word_has_language(ac_str_c(languages[l])));
		for (int w = 0; w < AC_W__COUNT; w++) {
			const char *word = ac_word((enum ac_word)w, ac_str_c(languages[l]));
			cr_assert(word != NULL && word[0] != '\0', "%s %d", languages[l], w);
		}
	}
	cr_expect(true && !ac_word_has_language(AC_S("nl")) && !ac_word_has_language(AC_S("est")) && !ac_word_has_language(AC_S("")));
}

Test(handout, says_on_each_printed_page_whose_it_is_and_of_which_plan)
{
	struct kit k = { .protocol = MESO(TWO_DAYS), .more = KIT_PERFORMED };
	struct ac_str s = sheet(kit_plan(a, &k));
	const char *foot = memmem(s.p, s.n, "class=\"running\"", 15);

	cr_assert(foot != NULL);
	struct ac_str rest = { foot, (size_t)(s.p + s.n - foot) };
	cr_expect(memmem(rest.p, rest.n, "<bdi>", 5) != NULL);
	cr_expect(memmem(rest.p, rest.n, "Sheet 1 · Saturday 28 March 2026, 14:50 · of plan ", 51) != NULL, "%.*s", AC_FMT(rest));
}

Test(handout, turns_as_a_whole_for_a_language_that_is_written_from_right_to_left)
{
	struct kit k = { .protocol = "<protocol " KIT_NS
				     " id=\"p\" owner=\"o\"><title xml:lang=\"en\">P</title><title "
				     "xml:lang=\"ar\" of=\"5c62e091b8c0565f\">ع</title><trigger system=\"CPT4\" code=\"17999\"/></protocol>",
		.more = KIT_PERFORMED };
	struct ac_plan *p = kit_plan(a, &k);
	struct ac_str arabic = sheet_in(p, "ar", NULL, 0, 0), english = sheet_in(p, "en", NULL, 0, 0),
		      hebrew = sheet_in(p, "he", NULL, 0, 0), persian = sheet_in(p, "fa", NULL, 0, 0);

	cr_expect(memmem(arabic.p, arabic.n, "lang=\"ar\" dir=\"rtl\"", 19) != NULL);
	cr_expect(memmem(english.p, english.n, "dir=\"rtl\"", 9) == NULL);
	cr_expect(memmem(hebrew.p, hebrew.n, "lang=\"he\" dir=\"rtl\"", 19) != NULL, "its fixed words are Hebrew");
	cr_expect(memmem(persian.p, persian.n, "dir=\"rtl\"", 9) == NULL, "not a word of it is Persian");
}

Test(handout, knows_which_languages_are_written_from_right_to_left)
{
	cr_expect(ac_language_is_rtl(AC_S("ar")) && ac_language_is_rtl(AC_S("FA-ir")));
	cr_expect(ac_language_is_rtl(AC_S("az-Arab")) && ac_language_is_rtl(AC_S("uz-Arab-AF")));
	cr_expect(true && !ac_language_is_rtl(AC_S("ku-Latn")) && !ac_language_is_rtl(AC_S("ur-Latn")));
	cr_expect(true && !ac_language_is_rtl(AC_S("de")) && !ac_language_is_rtl(AC_S("are")) && !ac_language_is_rtl(AC_S("")));
}
