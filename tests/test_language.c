/* test_language.c - what an administrator can say without touching C, and what becomes of it in a plan and on a sheet. */
#include "core/handout.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(language);

#define FACT(name, type, values) \
	"<fact name=\"" name "\" type=\"" type "\" many=\"yes\"><label xml:lang=\"en\">" name \
	"</label>" values "</fact>"
#define AREA \
	FACT("area", "choice", \
	    "<value code=\"face\"><label xml:lang=\"en\">F</label></value><value code=\"scalp\"><label " \
	    "xml:lang=\"en\">S</label></value>")
#define FACTS(json) KIT_PERFORMED ",\"facts\":{" json "}"

static struct ac_plan *
plan(const char *body, const char *more)
{
	struct kit k = { .protocol = body, .more = more };

	return kit_plan(a, &k);
}

static struct ac_str
sheet(const struct ac_plan *p, const char *lang)
{
	struct ac_handout_options o = { .language = ac_str_c(lang), .issued_at = AC_INSTANT_NONE };
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	cr_assert(ac_handout_html(p, &o, a, &html, &e) == AC_OK, "%s", e.msg);
	return html;
}

static bool
holds(struct ac_str s, const char *what)
{
	return strstr(ac_cstr(a, s), what) != NULL;
}

static bool
lacks(struct ac_str s, const char *what)
{
	return !holds(s, what);
}

Test(language, no_hair_washing_for_12_hours_scalp_only)
{
	static const char text[] = KIT_PROTOCOL("p", "17999",
	    AREA KIT_BAN("wash", "hair-wash", "when=\"fact/area = 'scalp'\"", "<window until=\"12 h\"/>"));
	struct ac_plan *p = plan(text, FACTS("\"area\":[\"scalp\"]"));

	cr_assert(p->nlines == 1);
	KIT_IS(p, p->lines[0].until, "2026-03-29T03:35:00+02:00");
	cr_expect(plan(text, FACTS("\"area\":[\"face\"]"))->nlines == 0);
	cr_expect(plan(text, KIT_PERFORMED)->lines[0].assumed);
}

Test(language, 72_hours_instead_of_48_for_patients_on_anticoagulants)
{
	static const char text[] = KIT_PROTOCOL("p", "17999",
	    FACT("anticoagulant", "yes-no", "") KIT_BAN("sport", "sport", "",
		"<window until=\"72 h\" when=\"fact/anticoagulant = 'yes'\"/><window until=\"48 h\"/>"));

	cr_expect(plan(text, FACTS("\"anticoagulant\":true"))->lines[0].until_offset.seconds == 72 * 3600);
	cr_expect(plan(text, FACTS("\"anticoagulant\":false"))->lines[0].until_offset.seconds == 48 * 3600);
	cr_expect(plan(text, KIT_PERFORMED)->lines[0].until_offset.seconds == 72 * 3600); /* unknown */
}

static struct ac_plan *
call_after(const char *start, const char *done)
{
	struct kit k = { .start = start, .more = done };

	k.protocol = KIT_PROTOCOL("p", "17999",
	    KIT_TASK("call", "from=\"2 d 09:00\" until=\"2 d 18:00\" closed=\"after\" shift=\"3 d\""));
	return kit_plan(a, &k);
}

Test(language, call_on_day_2_unless_that_is_a_sunday_or_a_holiday_then_monday)
{
#define DONE(when) "\"procedures\":[" KIT_DONE("b1", "17999", when) "]"
	struct ac_plan *friday = call_after("2026-03-27T14:00:00+01:00", DONE("2026-03-27T14:35:00+01:00"));
	struct ac_plan *tuesday = call_after("2026-03-24T14:00:00+01:00", DONE("2026-03-24T14:35:00+01:00"));
	struct ac_plan *easter = call_after("2026-04-01T14:00:00+02:00", DONE("2026-04-01T14:35:00+02:00"));

	KIT_IS(friday, friday->tasks[0].due, "2026-03-30T18:00:00+02:00"); /* Sunday: Monday */
	KIT_IS(tuesday, tuesday->tasks[0].due, "2026-03-26T18:00:00+01:00");
	cr_expect(easter->tasks[0].unplaced); /* Good Friday to Easter Monday: Tuesday is four days away */
}

Test(language, a_session_every_7_to_10_days_six_sessions_never_closer_than_7_days)
{
	static const char text[] = KIT_PROTOCOL(
	    "p", "17999", "<series id=\"s\" sessions=\"6\" interval=\"5 d..10 d\" minimum-gap=\"7 d\"/>");
	struct ac_plan *p = plan(text, FACTS("\"session\":2"));

	cr_expect(p->session == 2 && p->sessions == 6);
	KIT_IS(p, p->series_next_from, "2026-04-04T14:35:00+02:00");
	KIT_IS(p, p->series_next_until, "2026-04-07T14:35:00+02:00");
	cr_expect(plan(text, FACTS("\"session\":6"))->series_next_from == AC_INSTANT_NONE);
}

Test(language, a_late_check_in_week_4_and_week_12)
{
	static const char text[] =
	    KIT_PROTOCOL("p", "17999", KIT_TASK("late", "concept=\"late\" at=\"4 w 12 w\" within=\"2 d\""));
	struct ac_plan *p = plan(text, KIT_PERFORMED);

	cr_assert(p->ntasks == 2);
	EXPECT_TEXT(p->tasks[0].key, "p/late/1");
	EXPECT_TEXT(p->tasks[1].key, "p/late/2");
	EXPECT_TEXT(p->tasks[0].title, "late (1 of 2)");
	KIT_IS(p, p->tasks[0].not_before, "2026-04-25T14:35:00+02:00");
	KIT_IS(p, p->tasks[0].due, "2026-04-27T14:35:00+02:00");
	KIT_IS(p, p->tasks[1].not_before, "2026-06-20T14:35:00+02:00");
	cr_expect(p->tasks[1].occurrence == 2 && p->tasks[1].occurrences == 2);
}

Test(language, occurrences_of_two_protocols_are_merged_each_with_its_own)
{
	struct kit k = { .protocol = KIT_PROTOCOL(
			     "p", "17999", KIT_TASK("a", "concept=\"late\" at=\"4 w 12 w\" within=\"2 d\"")),
		.second =
		    KIT_PROTOCOL("q", "17999", KIT_TASK("b", "concept=\"late\" at=\"3 w\" within=\"1 d\"")),
		.more = KIT_PERFORMED };
	struct ac_plan *p = kit_plan(a, &k);

	cr_assert(p->ntasks == 2);
	KIT_IS(p, p->tasks[0].due, "2026-04-19T14:35:00+02:00");
	cr_expect(p->tasks[0].nmerged == 1 && p->tasks[1].nmerged == 0);
}

Test(language, a_line_says_what_becomes_of_it_when_nobody_knows)
{
#define ADVICE(u) KIT_PROTOCOL("p", "17999", AREA KIT_CARE("c", "c", "when=\"fact/area = 'face'\" " u, ""))
	struct ac_plan *p = plan(ADVICE("unknown=\"omit\""), KIT_PERFORMED);

	cr_expect(p->nlines == 0 && p->nmissing == 1); /* left out, and still asked for */
	p = plan(ADVICE("unknown=\"include\""), KIT_PERFORMED);
	cr_assert(p->nlines == 1);
	cr_expect(p->lines[0].assumed);
	cr_expect(plan(ADVICE("unknown=\"omit\""), FACTS("\"area\":[\"face\"]"))->nlines == 1);
}

Test(language, a_red_flag_can_count_from_a_day_on)
{
	struct ac_plan *p =
	    plan(KIT_PROTOCOL("p", "17999",
		     "<red-flag id=\"r\" level=\"call\" contact=\"clinic\" from=\"4 d\"><text "
		     "xml:lang=\"en\">Still red</text></red-flag>"),
		KIT_PERFORMED);

	cr_assert(p->nflags == 1);
	KIT_IS(p, p->flags[0].from, "2026-04-01T14:35:00+02:00");
	cr_expect(holds(sheet(p, "en"), "Still red <span class=\"window\">from "));
	cr_expect(holds(ac_plan_encode(p, a), "\"contact\":\"clinic\""));
}

#define BOTH(of) \
	"<protocol " KIT_NS \
	" id=\"p\" owner=\"t\"><title xml:lang=\"en\">P</title><trigger system=\"CPT4\" " \
	"code=\"17999\"/><instruction id=\"i\" concept=\"c\" kind=\"care\"><text xml:lang=\"en\">Drink\n  " \
	"water.</text>" \
	"<text xml:lang=\"de\"" of ">Wasser trinken.</text></instruction></protocol>"

Test(language, a_stale_translation_reaches_nobody)
{
	const char *bound =
	    ac_cstr(a, ac_strf(a, " of=\"%.*s\"", AC_FMT(ac_text_of(a, AC_S("Drink water.")))));
	struct ac_str of_now = sheet(plan(ac_cstr(a, ac_strf(a, BOTH("%s"), bound)), KIT_PERFORMED), "de");
	struct ac_str stale = sheet(plan(BOTH(" of=\"0123456789abcdef\""), KIT_PERFORMED), "de");
	struct ac_str unbound = sheet(plan(BOTH(""), KIT_PERFORMED), "de");

	cr_expect(holds(of_now, "Wasser trinken."));
	cr_expect(lacks(of_now, "Drink water."));
	cr_expect(lacks(stale, "Wasser trinken."));
	cr_expect(holds(stale, "Drink water. [en]"));
	cr_expect(lacks(unbound, "Wasser trinken."));
	cr_expect(holds(unbound, "Drink water. [en]"));
}

Test(language, what_a_translation_is_of_does_not_count_white_space)
{
	EXPECT_TEXT(
	    ac_text_of(a, AC_S(" Drink\n\twater. ")), ac_cstr(a, ac_text_of(a, AC_S("Drink water."))));
	EXPECT_TEXT(ac_text_of(a, AC_S("abc")), "ba7816bf8f01cfea414140de5dae2223"); /* the standard's own example */
}
