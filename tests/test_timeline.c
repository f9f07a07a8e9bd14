/* Bars on one axis: where they begin and end, what is named, what is hatched. */
#include <stdio.h>

#include "core/bodymap.h"
#include "core/handout.h"
#include "core/timeline.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(timeline);

#define TWO_DAYS KIT_BAN("no-touch", "touch", "", "<window until=\"48 h\"/>")
#define MESO(body) KIT_PROTOCOL("p", "17999", body)

static struct ac_plan *
plan_of(const char *protocol)
{
	return kit_plan(a, &(struct kit){ .more = KIT_PERFORMED, .protocol = protocol });
}

static bool
holds(struct ac_str s, const char *part)
{
	return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static int
count(struct ac_str s, const char *part)
{
	int n = 0;

	for (size_t i = 0; i + strlen(part) <= s.n; i++)
		n += memcmp(s.p + i, part, strlen(part)) == 0;
	return n;
}

Test(timeline, begins_with_the_day_of_the_treatment_and_ends_after_the_last_restriction)
{
	struct ac_axis x;

	cr_assert(ac_axis_make(plan_of(MESO(TWO_DAYS)), AC_S("en"), &x));
	cr_expect(x.from == kit_time("2026-03-28T00:00:00+01:00"));
	cr_expect(x.until == kit_time("2026-03-31T00:00:00+02:00")); /* the end is Monday 30, 15:35 */
	cr_expect(x.days == 3 && x.step == 1);
}

Test(timeline, names_the_day_on_which_the_clocks_change)
{
	struct ac_axis x;

	cr_assert(ac_axis_make(plan_of(MESO(TWO_DAYS)), AC_S("en"), &x));
	EXPECT_TEXT(ac_axis_change_words(&x, a), "clocks go forward on Sunday 29 Mar");
	x.lang = AC_S("de");
	EXPECT_TEXT(ac_axis_change_words(&x, a), "Die Uhren werden vorgestellt: Sonntag 29. März");
}

Test(timeline, names_no_change_when_there_is_none)
{
	struct ac_plan *p = kit_plan(a,
	    &(struct kit){ .more = "\"procedures\":[" KIT_DONE("b", "17999", "2026-06-01T10:00:00+02:00") "]",
		.start = "2026-06-01T09:00:00+02:00",
		.made_at = "2026-06-01T11:00:00+02:00",
		.protocol = MESO(TWO_DAYS) });
	struct ac_axis x;

	cr_assert(ac_axis_make(p, AC_S("en"), &x));
	cr_expect(x.has_change == false);
	cr_expect(ac_axis_change_words(&x, a).n == 0);
}

/* 71 h of axis, 260 units: the bar begins after 14 h 35 min and ends after 62 h 35 min. */
Test(timeline, draws_a_bar_as_long_as_the_time_that_passes)
{
	struct ac_plan *p = plan_of(MESO(TWO_DAYS));
	struct ac_axis x;

	cr_assert(ac_axis_make(p, AC_S("en"), &x));
	struct ac_str svg = ac_axis_bar(&x, p->anchor, p->lines[0].until, false, a);
	cr_expect(holds(svg, "d=\"M53 2H229V10H53Z\""), "%.*s", AC_FMT(svg));
	cr_expect(holds(svg, "class=\"tl-bar\"") && !holds(svg, "url(#"));
}

Test(timeline, hatches_what_is_assumed)
{
	struct ac_plan *p = plan_of(MESO(TWO_DAYS));
	struct ac_axis x;

	cr_assert(ac_axis_make(p, AC_S("en"), &x));
	struct ac_str svg = ac_axis_bar(&x, p->anchor, p->lines[0].until, true, a);
	cr_expect(holds(svg, "class=\"tl-assumed\" fill=\"url(#ac-hatch)\""));
	cr_expect(holds(ac_axis_days(&x, a), "<pattern id=\"ac-hatch\""));
}

Test(timeline, points_beyond_the_axis_when_there_is_no_end)
{
	struct ac_plan *p = plan_of(MESO(TWO_DAYS));
	struct ac_axis x;

	cr_assert(ac_axis_make(p, AC_S("en"), &x));
	cr_expect(holds(ac_axis_bar(&x, p->anchor, AC_INSTANT_NONE, false, a), "L260 6"));
	cr_expect(holds(ac_axis_bar(&x, p->anchor, x.until + 1, false, a), "L260 6"));
	cr_expect_not(holds(ac_axis_bar(&x, p->anchor, x.until, false, a), "L260 6"));
}

Test(timeline, shows_even_the_shortest_bar)
{
	struct ac_axis x;

	cr_assert(ac_axis_make(plan_of(MESO(TWO_DAYS)), AC_S("en"), &x));
	cr_expect(holds(ac_axis_bar(&x, x.from, x.from + 1, false, a), "M0 2H3V10"));
}

Test(timeline, names_days_in_the_language_of_the_reader)
{
	struct ac_axis x;

	cr_assert(ac_axis_make(plan_of(MESO(TWO_DAYS)), AC_S("de-AT"), &x));
	struct ac_str svg = ac_axis_days(&x, a);
	cr_expect(holds(svg, ">Sa<") && holds(svg, ">So<") && holds(svg, ">Mo<"));
}

Test(timeline, names_dates_when_weekdays_would_repeat)
{
	struct ac_axis x;

	cr_assert(
	    ac_axis_make(plan_of(MESO(KIT_BAN("r", "c", "", "<window until=\"4 w\"/>"))), AC_S("en"), &x));
	struct ac_str svg = ac_axis_days(&x, a);
	cr_expect(holds(svg, ">28 Mar<") && !holds(svg, ">Sat<"));
	cr_expect(count(svg, "<text") <= 5, "%d", count(svg, "<text"));
}

Test(timeline, is_absent_without_any_end)
{
	struct ac_plan *p = plan_of(MESO(KIT_BAN("r", "c", "", "")));
	struct ac_axis x;

	cr_expect_not(ac_axis_make(p, AC_S("en"), &x));
	cr_expect(ac_timeline_svg(p, AC_S("en"), a).n == 0);
}

Test(timeline, draws_a_year_without_a_label_on_the_other)
{
	struct ac_axis x;

	cr_assert(
	    ac_axis_make(plan_of(MESO(KIT_BAN("r", "c", "", "<window until=\"360 d\"/>"))), AC_S("en"), &x));
	cr_expect(AC_AXIS_WIDTH * x.step / x.days >= 45);
	cr_expect(x.days == 361);
}

Test(timeline, has_a_limit_of_days)
{
	struct ac_axis x;

	cr_assert(
	    ac_axis_make(plan_of(MESO(KIT_BAN("r", "c", "", "<window until=\"9000 d\"/>"))), AC_S("en"), &x));
	cr_expect(x.days == 400);
}

Test(timeline, in_one_picture_tells_each_line_with_its_clock_time)
{
	struct ac_plan *p =
	    plan_of(MESO(TWO_DAYS KIT_CARE("wash", "wash", "", "<window from=\"12 h\" until=\"3 d\"/>")));
	struct ac_str svg = ac_timeline_svg(p, AC_S("en"), a);

	cr_expect(holds(svg, "until Mon 30 Mar, 15:35") && holds(svg, "until Tue 31 Mar, 14:35"));
	cr_expect(count(svg, "class=\"tl-bar\"") == 1 && count(svg, "class=\"tl-care\"") == 1);
	cr_expect_not(holds(svg, "style="));
}

Test(timeline, cuts_a_long_label_at_a_character_and_shows_the_cut)
{
	struct ac_plan *p =
	    plan_of(MESO("<instruction id=\"r\" concept=\"c\" kind=\"restriction\"><label xml:lang=\"en\">"
			 "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
			 "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
			 "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
			 "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
			 "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
			 "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
			 "</label><window until=\"48 h\"/>" KIT_TEXT "</instruction>"));
	struct ac_str svg = ac_timeline_svg(p, AC_S("en"), a);

	cr_expect(count(svg, "\xC3\xA4") == 43 && holds(svg, "\xC3\xA4\xE2\x80\xA6<"));
}

Test(timeline, escapes_the_words_of_a_protocol)
{
	struct ac_plan *p = plan_of(
	    MESO("<instruction id=\"r\" concept=\"c\" kind=\"restriction\"><label xml:lang=\"en\">"
		 "a &lt;script&gt; &amp; b</label><window until=\"48 h\"/>" KIT_TEXT "</instruction>"));
	struct ac_str svg = ac_timeline_svg(p, AC_S("en"), a);

	cr_expect(holds(svg, "a &lt;script&gt; &amp; b") && !holds(svg, "<script"));
}

static struct ac_plan *
with_areas(const char *areas)
{
	char more[512];

	snprintf(more, sizeof(more), KIT_PERFORMED ",\"facts\":{\"area\":[%s]}", areas);
	return kit_plan(a, &(struct kit){ .more = more, .protocol = MESO(TWO_DAYS) });
}

Test(timeline, hatches_treated_areas_on_the_outline_they_belong_to)
{
	struct ac_str face = ac_bodymap_svg(with_areas("\"scalp\",\"cheek\""), AC_S("en"), a);
	struct ac_str body = ac_bodymap_svg(with_areas("\"abdomen\",\"buttock\""), AC_S("en"), a);
	struct ac_str both = ac_bodymap_svg(with_areas("\"face\",\"thigh\""), AC_S("en"), a);

	cr_expect(count(face, "class=\"bm-area\"") == 2 && count(face, "<g ") == 1);
	cr_expect(count(body, "class=\"bm-area\"") == 2 && count(body, "<g ") == 2);
	cr_expect(count(both, "<g ") == 2);
	cr_expect(holds(face, "<pattern id=\"ac-hatch-body\""));
}

Test(timeline, tells_an_area_without_a_drawing_in_words)
{
	struct ac_plan *p = with_areas("\"left-ear\"");

	cr_expect(ac_bodymap_svg(p, AC_S("en"), a).n == 0);
	EXPECT_TEXT(ac_plan_area_words(p, AC_S("en"), a), "left-ear");
	cr_expect(ac_bodymap_svg(plan_of(MESO(TWO_DAYS)), AC_S("en"), a).n == 0);
}
