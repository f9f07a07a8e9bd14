/* test_time.c - the calendar, written times, words for people. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/zone_fixture.h"

static struct ac_arena *a;

static void
setup(void)
{
	a = ac_arena_new();
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(time, .init = setup, .fini = teardown);

static const struct ac_zone *
ruled(const char *footer)
{
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;

	cr_assert(ac_zone_open(AC_S("Test/Rule"), tzif(a, 0, 0, NULL, NULL, footer), a, &z, &e) == AC_OK,
	    "%s", e.msg);
	return z;
}

Test(time, counts_days_both_ways_over_twelve_thousand_years)
{
	int32_t y = -1000;
	int m = 1, d = 1;
	int64_t first = ac_days_from_civil(y, m, d);

	for (int64_t days = first; y < 11000; days++) {
		static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
		int32_t ry;
		int8_t rm, rd;

		cr_assert(eq(i64, ac_days_from_civil(y, m, d), days));
		ac_civil_from_days(days, &ry, &rm, &rd);
		cr_assert(ry == y && rm == m && rd == d, "%d-%d-%d", y, m, d);
		cr_assert(ac_weekday(days + 1) == (ac_weekday(days) + 1) % 7);
		bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
		if (++d > length[m - 1] + (m == 2 && leap)) {
			d = 1;
			y += ++m > 12;
			m = m > 12 ? 1 : m;
		}
	}
}

Test(time, knows_the_weekday)
{
	cr_expect(eq(int, ac_weekday(0), 3), "1970-01-01 was a Thursday");
	cr_expect(eq(int, ac_weekday(ac_days_from_civil(2026, 3, 31)), 1));
	cr_expect(eq(int, ac_weekday(ac_days_from_civil(1900, 1, 1)), 0));
}

Test(time, knows_which_dates_there_are)
{
	cr_expect(ac_date_is_valid(2024, 2, 29));
	cr_expect(ac_date_is_valid(2000, 2, 29));
	cr_expect(ac_date_is_valid(9999, 12, 31));
	cr_expect(not(ac_date_is_valid(2023, 2, 29)));
	cr_expect(not(ac_date_is_valid(1900, 2, 29)));
	cr_expect(not(ac_date_is_valid(2026, 4, 31)));
	cr_expect(not(ac_date_is_valid(2026, 0, 1)));
	cr_expect(not(ac_date_is_valid(2026, 13, 1)));
	cr_expect(not(ac_date_is_valid(2026, 1, 0)));
	cr_expect(not(ac_date_is_valid(0, 1, 1)));
	cr_expect(not(ac_date_is_valid(10000, 1, 1)));
}

Test(time, adds_days_over_the_end_of_a_year_and_back)
{
	struct ac_wall w = { 2026, 12, 30, 8, 5, 7 };
	struct ac_wall later = ac_wall_add_days(w, 3);

	cr_expect(later.year == 2027 && later.month == 1 && later.day == 2);
	cr_expect(later.hour == 8 && later.min == 5 && later.sec == 7);
	later = ac_wall_add_days(later, -3);
	cr_expect(later.year == 2026 && later.month == 12 && later.day == 30);
}

Test(time, survives_any_number_of_days)
{
	struct ac_wall w = { 2026, 1, 1, 0, 0, 0 };

	cr_expect(ac_wall_add_days(w, INT64_MAX).year > 9999);
	cr_expect(ac_wall_add_days(w, INT64_MIN).year < 0);
}

static int
age(const char *birth, const char *on)
{
	struct ac_stamp b, o;

	cr_assert(ac_date_parse(ac_str_c(birth), &b) && ac_date_parse(ac_str_c(on), &o));
	return ac_age_years(ac_wall_at(NULL, b.t), ac_wall_at(NULL, o.t));
}

Test(time, counts_whole_years_of_age)
{
	cr_expect(eq(int, age("1988-04-02", "2026-04-01"), 37));
	cr_expect(eq(int, age("1988-04-02", "2026-04-02"), 38));
	cr_expect(eq(int, age("2008-02-29", "2026-02-28"), 17));
	cr_expect(eq(int, age("2008-02-29", "2026-03-01"), 18));
	cr_expect(eq(int, age("2008-02-29", "2024-02-29"), 16));
	cr_expect(eq(int, age("2026-05-05", "2026-05-05"), 0));
}

Test(time, reads_rfc_3339)
{
	struct ac_stamp s;

	cr_assert(ac_stamp_parse(AC_S("2026-03-28T14:35:00+01:00"), &s));
	cr_expect(s.t == 1774704900 && s.offset_s == 3600 && s.precision == 14);
	cr_assert(ac_stamp_parse(AC_S("2026-03-28T13:35:00Z"), &s));
	cr_expect(s.t == 1774704900 && s.offset_s == 0);
	cr_assert(ac_stamp_parse(AC_S("2026-03-28t09:05:00.123456789-04:30"), &s));
	cr_expect(s.t == 1774704900 && s.offset_s == -16200);
	cr_assert(ac_stamp_parse(AC_S("2026-03-28T13:35:00-00:00"), &s));
	cr_expect(s.t == 1774704900);
	cr_assert(ac_stamp_parse(AC_S("0001-01-01T00:00:00+23:59"), &s));
	cr_assert(ac_stamp_parse(AC_S("9999-12-31T23:59:59-23:59"), &s));
}

Test(time, refuses_times_that_are_not_rfc_3339)
{
	static const char *bad[] = { "", "2026-03-28", "2026-03-28T14:35:00", "2026-03-28 14:35:00Z",
		"2026-03-28T14:35Z", "2026-03-28T24:00:00Z", "2026-03-28T23:59:60Z", "2026-03-28T14:60:00Z",
		"2026-02-29T00:00:00Z", "2026-3-28T14:35:00Z", "2026-03-28T14:35:00.Z",
		"2026-03-28T14:35:00+0100", "2026-03-28T14:35:00+24:00", "2026-03-28T14:35:00+01:60",
		"2026-03-28T14:35:00Zx", "2026-03-28T14:35:00+01:00 ", " 2026-03-28T14:35:00Z",
		"0000-01-01T00:00:00Z", "+2026-03-28T14:35:00Z", "2026-03-28T14:35:00,5Z",
		"2026-03-28T-1:35:00Z", "20260328T143500Z", "2026-03-28T14:35:00+1:00" };
	struct ac_stamp s = { .precision = 99 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(not(ac_stamp_parse(ac_str_c(bad[i]), &s)), "%s", bad[i]);
	cr_expect(s.precision == 99, "untouched");
}

Test(time, reads_dates_of_three_precisions)
{
	struct ac_stamp s;

	cr_assert(ac_date_parse(AC_S("1988"), &s));
	cr_expect(s.precision == 4 && s.t == ac_days_from_civil(1988, 1, 1) * 86400);
	cr_assert(ac_date_parse(AC_S("2027-01"), &s));
	cr_expect(s.precision == 6 && s.t == ac_days_from_civil(2027, 1, 1) * 86400);
	cr_assert(ac_date_parse(AC_S("1988-04-02"), &s));
	cr_expect(s.precision == 8 && s.t == ac_days_from_civil(1988, 4, 2) * 86400);
}

Test(time, refuses_dates_that_are_not)
{
	static const char *bad[] = { "", "198", "19880", "1988-", "1988-4", "1988-13", "1988-04-",
		"1988-04-31", "1988-04-2", "19880402", "1988/04/02", "1988-04-02T", "0000", "-988" };
	struct ac_stamp s;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(not(ac_date_parse(ac_str_c(bad[i]), &s)), "%s", bad[i]);
}

static const char *
c(struct ac_str s)
{
	return ac_cstr(a, s);
}

Test(time, writes_rfc_3339_with_the_offset_of_the_zone)
{
	cr_expect_str_eq(
	    c(ac_rfc3339(a, ruled("CET-1CEST,M3.5.0,M10.5.0/3"), 1774704900)), "2026-03-28T14:35:00+01:00");
	cr_expect_str_eq(c(ac_rfc3339(a, ruled("<-0330>3:30"), 1774704900)), "2026-03-28T10:05:00-03:30");
	cr_expect_str_eq(c(ac_rfc3339(a, NULL, 1774704900)), "2026-03-28T13:35:00Z");
	cr_expect_str_eq(c(ac_rfc3339(a, ruled("UTC0"), 1774704900)), "2026-03-28T13:35:00+00:00");
}

Test(time, names_the_right_instant_where_an_offset_has_seconds)
{
	struct ac_stamp s;
	struct ac_str text = ac_rfc3339(a, ruled("LMT-0:53:28"), -3000000000);

	cr_assert(ac_stamp_parse(text, &s));
	cr_expect(eq(i64, s.t, -3000000000));
	cr_expect(eq(i32, s.offset_s, 53 * 60));
}

Test(time, writes_milliseconds_before_1970_too)
{
	cr_expect_str_eq(c(ac_rfc3339_ms(a, 1774704900007)), "2026-03-28T13:35:00.007Z");
	cr_expect_str_eq(c(ac_rfc3339_ms(a, -1)), "1969-12-31T23:59:59.999Z");
	cr_expect_str_eq(c(ac_rfc3339_ms(a, -1000)), "1969-12-31T23:59:59.000Z");
	cr_expect_str_eq(c(ac_rfc3339_ms(a, 0)), "1970-01-01T00:00:00.000Z");
}

Test(time, writes_hl7_times_as_precise_as_they_are)
{
	struct ac_stamp s;

	cr_expect_str_eq(
	    c(ac_hl7_ts(a, ruled("CET-1CEST,M3.5.0,M10.5.0/3"), 1774704900)), "20260328143500+0100");
	cr_expect_str_eq(c(ac_hl7_ts(a, NULL, 1774704900)), "20260328133500+0000");
	cr_assert(ac_date_parse(AC_S("1988"), &s));
	cr_expect_str_eq(c(ac_hl7_date(a, s)), "1988");
	cr_assert(ac_date_parse(AC_S("2027-01"), &s));
	cr_expect_str_eq(c(ac_hl7_date(a, s)), "202701");
	cr_assert(ac_date_parse(AC_S("1988-04-02"), &s));
	cr_expect_str_eq(c(ac_hl7_date(a, s)), "19880402");
	cr_assert(ac_stamp_parse(AC_S("2026-03-28T14:35:00-05:00"), &s));
	cr_expect_str_eq(c(ac_hl7_date(a, s)), "20260328143500-0500");
	cr_expect(not(ac_str_is_set(ac_hl7_date(a, (struct ac_stamp){ .t = AC_INSTANT_NONE }))));
}

Test(time, clamps_what_no_year_can_write)
{
	cr_expect(ac_wall_at(NULL, INT64_MIN).year < 0);
	cr_expect(ac_wall_at(NULL, INT64_MAX).year > 9999);
	cr_expect(ac_wall_at(ruled("CET-1CEST,M3.5.0,M10.5.0/3"), INT64_MAX).year > 9999);
}

Test(time, reads_what_it_writes)
{
	const struct ac_zone *z = ruled("CET-1CEST,M3.5.0,M10.5.0/3");
	uint64_t seed = 88172645463325252u;

	for (int i = 0; i < 20000; i++) {
		struct ac_stamp s;

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		int64_t t = (int64_t)(seed % 300000000000u) - 60000000000;
		cr_assert(ac_stamp_parse(ac_rfc3339(a, z, t), &s));
		cr_assert(eq(i64, s.t, t));
	}
}

static const char *
words(int64_t t, enum ac_time_style style, const char *lang)
{
	return c(ac_time_words(a, ruled("CET-1CEST,M3.5.0,M10.5.0/3"), t, style, ac_str_c(lang)));
}

Test(time, speaks_english)
{
	const int64_t t = 1774964100; /* 2026-03-31T15:35:00+02:00 */

	cr_expect_str_eq(words(t, AC_TIME_FULL, "en"), "Tuesday 31 March 2026, 15:35");
	cr_expect_str_eq(words(t, AC_TIME_LONG, "en"), "Tuesday 31 March, 15:35");
	cr_expect_str_eq(words(t, AC_TIME_SHORT, "en"), "Tue 31 Mar, 15:35");
	cr_expect_str_eq(words(t, AC_TIME_DATE, "en"), "Tuesday 31 March 2026");
	cr_expect_str_eq(words(t, AC_TIME_DAY, "en"), "Tue 31 March");
	cr_expect_str_eq(words(t, AC_TIME_CLOCK, "en"), "15:35");
}

Test(time, speaks_german)
{
	const int64_t t = 1774964100;

	cr_expect_str_eq(words(t, AC_TIME_FULL, "de"), "Dienstag, 31. März 2026, 15:35");
	cr_expect_str_eq(words(t, AC_TIME_LONG, "de-AT"), "Dienstag, 31. März, 15:35");
	cr_expect_str_eq(words(t, AC_TIME_SHORT, "DE"), "Di, 31. März, 15:35");
	cr_expect_str_eq(words(t, AC_TIME_DATE, "de_CH"), "Dienstag, 31. März 2026");
	cr_expect_str_eq(words(t, AC_TIME_DAY, "de"), "Di, 31. März");
	cr_expect_str_eq(words(t, AC_TIME_CLOCK, "de"), "15:35");
	cr_expect_str_eq(words(t + 138 * 86400, AC_TIME_SHORT, "de"), "So, 16. Aug., 15:35");
}

Test(time, speaks_english_where_it_knows_no_better)
{
	static const char *others[] = { "", "fr", "deu", "den", "d" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		cr_expect_str_eq(words(1774964100, AC_TIME_DAY, others[i]), "Tue 31 March", "%s", others[i]);
	cr_expect_str_eq(
	    c(ac_time_words(a, NULL, 1774964100, AC_TIME_DAY, (struct ac_str){ 0 })), "Tue 31 March");
}

Test(time, shows_midnight_as_the_start_of_its_day)
{
	cr_expect_str_eq(words(1774908000, AC_TIME_LONG, "en"), "Tuesday 31 March, 00:00");
}

Test(time, names_weekdays)
{
	cr_expect_str_eq(c(ac_weekday_word(0, false, AC_S("en"))), "Monday");
	cr_expect_str_eq(c(ac_weekday_word(6, true, AC_S("de"))), "So");
	cr_expect(not(ac_str_is_set(ac_weekday_word(7, false, AC_S("en")))));
	cr_expect(not(ac_str_is_set(ac_weekday_word(-1, false, AC_S("en")))));
}

Test(time, reads_the_clock)
{
	int64_t first = ac_now_ms();

	cr_expect(first > 1700000000000 && first < 32503680000000);
	cr_expect(ac_now_ms() >= first);
}
