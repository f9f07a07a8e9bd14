/* What a sheet says of times: the reader's habit, language by language, and ends that are never stated too early. */
#include "base/time.h"
#include "core/sheet_time.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
set_up(void)
{
	a = ac_arena_new();
}
static void
tear_down(void)
{
	ac_arena_free(a);
}
TestSuite(sheet_time, .init = set_up, .fini = tear_down);

static const struct ac_zone *
zone(const char *name)
{
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;
	struct ac_str bytes;

	cr_assert(ac_zone_read(ac_str_c(name), NULL, a, &bytes, &e) == AC_OK, "%s", e.msg);
	cr_assert(ac_zone_open(ac_str_c(name), bytes, a, &z, &e) == AC_OK, "%s", e.msg);
	return z;
}

static int64_t
at(const char *when)
{
	struct ac_stamp s;

	cr_assert(ac_stamp_parse(ac_str_c(when), &s), "%s", when);
	return s.t;
}

static void
stated(const char *zone_name, const char *end, const char *want)
{
	const struct ac_zone *z = zone(zone_name);
	struct ac_str have = ac_rfc3339(a, z, ac_sheet_end(z, at(end)));

	cr_expect(ac_streq_c(have, want), "%s: %.*s, not %s", end, AC_FMT(have), want);
}

Test(sheet_time, states_an_end_in_the_night_as_the_morning_after_it)
{
	stated("Europe/Berlin", "2026-01-10T22:00:00+01:00", "2026-01-11T07:00:00+01:00");
	stated("Europe/Berlin", "2026-01-10T23:59:59+01:00", "2026-01-11T07:00:00+01:00");
	stated("Europe/Berlin", "2026-01-11T00:00:00+01:00", "2026-01-11T07:00:00+01:00");
	stated("Europe/Berlin", "2026-01-11T06:59:59+01:00", "2026-01-11T07:00:00+01:00");
	stated("Europe/Berlin", "2026-12-31T22:30:00+01:00", "2027-01-01T07:00:00+01:00");
}

Test(sheet_time, states_an_end_by_day_as_it_is)
{
	stated("Europe/Berlin", "2026-01-11T07:00:00+01:00", "2026-01-11T07:00:00+01:00");
	stated("Europe/Berlin", "2026-01-11T14:35:00+01:00", "2026-01-11T14:35:00+01:00");
	stated("Europe/Berlin", "2026-01-11T21:59:00+01:00", "2026-01-11T21:59:00+01:00");
}

Test(sheet_time, counts_a_begun_minute_as_the_next_one)
{
	stated("Europe/Berlin", "2026-01-11T14:35:01+01:00", "2026-01-11T14:36:00+01:00");
	stated("Europe/Berlin", "2026-01-11T21:59:30+01:00", "2026-01-12T07:00:00+01:00");
}

Test(sheet_time, goes_by_the_wall_clock_over_a_change_of_clocks)
{
	stated("Europe/Berlin", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00");
	stated("Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T07:00:00+01:00");
	stated("America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-01T07:00:00-05:00");
}

Test(sheet_time, leaves_an_end_that_nobody_stated)
{
	cr_expect(ac_sheet_end(zone("Europe/Berlin"), AC_INSTANT_NONE) == AC_INSTANT_NONE);
}

/* Every instant, in zones with all kinds of offsets: never earlier, never in the night, at most one night later, stable. */
Test(sheet_time, never_rounds_an_end_down)
{
	static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
		"America/St_Johns", "Pacific/Apia", "UTC", "Africa/Casablanca" };
	uint64_t seed = 20260328;

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		const struct ac_zone *z = zone(zones[i]);
		int64_t before = INT64_MIN, t = 1230768000; /* 2009 */

		while (t < 2145916800) { /* 2038 */
			int64_t s = ac_sheet_end(z, t);
			struct ac_wall w = ac_wall_at(z, s);

			cr_assert(s >= t && s - t <= 10 * 3600 + 1800, "%s %lld: %lld", zones[i], (long long)t, (long long)(s - t));
			cr_assert(w.hour >= 7 && w.hour < 22 && w.sec == 0, "%s %lld", zones[i], (long long)t);
			cr_assert(ac_sheet_end(z, s) == s, "%s %lld", zones[i], (long long)t);
			cr_assert(s >= before, "%s %lld: a later end is stated earlier", zones[i], (long long)t);
			before = s;
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			t += (int64_t)(seed >> 50) + 1; /* up to four and a half hours */
		}
	}
}

Test(sheet_time, is_written_in_the_habit_of_the_reader)
{
	static const struct {
		const char *lang, *full, *brief, *day, *alone;
	} want[] = {
		{ "en", "Sunday 1 March 2026, 15:05", "Sun 1 Mar, 15:05", "Sun 1 March", "1 Mar" },
		{ "en-GB", "Sunday 1 March 2026, 15:05", "Sun 1 Mar, 15:05", "Sun 1 March", "1 Mar" },
		{ "en-US", "Sunday, March 1, 2026, 3:05 PM", "Sun, Mar 1, 3:05 PM", "Sun, March 1", "Mar 1" },
		{ "de-AT", "Sonntag, 1. März 2026, 15:05", "So, 1. März, 15:05", "So, 1. März", "1. März" },
		{ "es", "domingo, 1 de marzo de 2026, 15:05", "dom, 1 mar, 15:05", "dom, 1 de marzo", "1 mar" },
		{ "fr", "dimanche 1er mars 2026, 15:05", "dim. 1er mars, 15:05", "dim. 1er mars", "1er mars" },
		{ "it", "domenica 1 marzo 2026, 15:05", "dom 1 mar, 15:05", "dom 1 marzo", "1 mar" },
		{ "pt-BR", "domingo, 1 de março de 2026, 15:05", "dom., 1 de mar., 15:05", "dom., 1 de março", "1 mar." },
		{ "tr", "1 Mart 2026 Pazar, 15:05", "1 Mar Paz, 15:05", "1 Mart Paz", "1 Mar" },
		{ "ru", "воскресенье, 1 марта 2026 г., 15:05", "вс, 1 мар., 15:05", "вс, 1 марта", "1 мар." },
		{ "uk", "неділя, 1 березня 2026 р., 15:05", "нд, 1 бер., 15:05", "нд, 1 березня", "1 бер." },
		{ "pl", "niedziela, 1 marca 2026, 15:05", "niedz., 1 mar, 15:05", "niedz., 1 marca", "1 mar" },
		{ "ar", "الأحد، 1 مارس 2026، 3:05 م", "الأحد، 1 مارس، 3:05 م", "الأحد، 1 مارس", "1 مارس" },
		{ "he", "יום ראשון, 1 במרץ 2026, 15:05", "יום א׳, 1 במרץ, 15:05", "יום א׳, 1 במרץ", "1 במרץ" },
		{ "iw", "יום ראשון, 1 במרץ 2026, 15:05", "יום א׳, 1 במרץ, 15:05", "יום א׳, 1 במרץ", "1 במרץ" },
		{ "xx", "Sunday 1 March 2026, 15:05", "Sun 1 Mar, 15:05", "Sun 1 March", "1 Mar" },
	};
	const struct ac_zone *z = zone("Europe/Berlin");
	int64_t t = at("2026-03-01T15:05:00+01:00");

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct ac_str lang = ac_str_c(want[i].lang);

		EXPECT_TEXT(ac_sheet_time(a, z, t, AC_TIME_FULL, lang), want[i].full);
		EXPECT_TEXT(ac_sheet_time(a, z, t, AC_TIME_SHORT, lang), want[i].brief);
		EXPECT_TEXT(ac_sheet_time(a, z, t, AC_TIME_DAY, lang), want[i].day);
		EXPECT_TEXT(ac_sheet_date_alone(a, z, t, lang), want[i].alone);
	}
}

Test(sheet_time, counts_twelve_hours_from_twelve)
{
	EXPECT_TEXT(ac_sheet_minute(a, 0, AC_S("en-US")), "12:00 AM");
	EXPECT_TEXT(ac_sheet_minute(a, 12 * 60, AC_S("en-US")), "12:00 PM");
	EXPECT_TEXT(ac_sheet_minute(a, 13 * 60 + 5, AC_S("en_us")), "1:05 PM");
	EXPECT_TEXT(ac_sheet_minute(a, 24 * 60, AC_S("en-US")), "12:00 AM");
	EXPECT_TEXT(ac_sheet_minute(a, 24 * 60, AC_S("fr")), "24:00");
	EXPECT_TEXT(ac_sheet_minute(a, 9 * 60, AC_S("fr")), "09:00");
}

Test(sheet_time, says_the_same_as_staff_see_in_english_and_german)
{
	static const enum ac_time_style styles[] = { AC_TIME_FULL, AC_TIME_LONG, AC_TIME_SHORT, AC_TIME_DATE, AC_TIME_DAY,
		AC_TIME_CLOCK };
	const struct ac_zone *z = zone("Europe/Berlin");

	for (int64_t t = 1767225600; t < 1767225600 + 370 * 86400; t += 86400 + 3700)
		for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
			cr_assert(ac_streq(ac_sheet_time(a, z, t, styles[i], AC_S("en")), ac_time_words(a, z, t, styles[i], AC_S("en"))));
			cr_assert(ac_streq(ac_sheet_time(a, z, t, styles[i], AC_S("de")), ac_time_words(a, z, t, styles[i], AC_S("de"))));
		}
}
