/* test_zone.c - zones: gaps, folds, rules after the last transition, and bytes that are not a zone. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <unistd.h>

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

TestSuite(zone, .init = setup, .fini = teardown);

static const struct ac_zone *
installed(const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;
	const struct ac_zone *z = NULL;

	cr_assert(ac_zone_read(ac_str_c(name), NULL, a, &bytes, &e) == AC_OK, "%s: %s", name, e.msg);
	cr_assert(ac_zone_open(ac_str_c(name), bytes, a, &z, &e) == AC_OK, "%s: %s", name, e.msg);
	return z;
}

static const struct ac_zone *
ruled(const char *footer)
{
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;

	cr_assert(ac_zone_open(AC_S("Test/Rule"), tzif(a, 0, 0, NULL, NULL, footer), a, &z, &e) == AC_OK,
	    "%s: %s", footer, e.msg);
	return z;
}

static int64_t
utc(const char *text)
{
	struct ac_stamp s;

	cr_assert(ac_stamp_parse(ac_str_c(text), &s), "%s", text);
	return s.t;
}

static struct ac_wall
wall(int y, int mo, int d, int h, int mi)
{
	return (struct ac_wall){ y, (int8_t)mo, (int8_t)d, (int8_t)h, (int8_t)mi, 0 };
}

static const char *
shown(const struct ac_zone *z, int64_t t)
{
	return ac_cstr(a, ac_rfc3339(a, z, t));
}

Test(zone, knows_names_that_may_be_looked_up)
{
	static const char *good[] = { "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5",
		"Etc/GMT-14", "America/Port-au-Prince" };
	static const char *bad[] = { "", "/etc/passwd", "../etc/passwd", "Europe/../x", "Europe//Berlin",
		"Europe/", "a.b", "a b", "-x", "Europe/-x", "Zürich", "a\\b",
		"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(ac_zone_name_is_ok(ac_str_c(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(not(ac_zone_name_is_ok(ac_str_c(bad[i]))), "%s", bad[i]);
	cr_expect(not(ac_zone_name_is_ok(AC_S("UTC\0"))));
}

Test(zone, does_not_know_a_zone_that_is_not_installed)
{
	static const char *bad[] = { "Europe/Atlantis", "Europe", "../../../etc/passwd", "" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ac_err e = { 0 };
		struct ac_str bytes;

		cr_expect(ac_zone_read(ac_str_c(bad[i]), NULL, a, &bytes, &e) == AC_ENOTFOUND, "%s", bad[i]);
		cr_expect_str_eq(e.rule, "ZONE-UNKNOWN");
	}
}

Test(zone, moves_a_time_in_a_gap_to_the_first_instant_after_it)
{
	const struct ac_zone *z = installed("Europe/Berlin");

	for (int fold = 0; fold < 2; fold++) {
		cr_expect_str_eq(
		    shown(z, ac_wall_instant(z, wall(2026, 3, 29, 2, 0), fold)), "2026-03-29T03:00:00+02:00");
		cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 3, 29, 2, 30), fold)),
		    "2026-03-29T03:00:00+02:00");
		cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 3, 29, 2, 59), fold)),
		    "2026-03-29T03:00:00+02:00");
		cr_expect_str_eq(
		    shown(z, ac_wall_instant(z, wall(2026, 3, 29, 3, 0), fold)), "2026-03-29T03:00:00+02:00");
		cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 3, 29, 1, 59), fold)),
		    "2026-03-29T01:59:00+01:00");
	}
}

Test(zone, tells_the_two_instants_of_a_fold_apart)
{
	const struct ac_zone *z = installed("Europe/Berlin");

	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 10, 25, 2, 30), AC_FOLD_EARLIER)),
	    "2026-10-25T02:30:00+02:00");
	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 10, 25, 2, 30), AC_FOLD_LATER)),
	    "2026-10-25T02:30:00+01:00");
	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 10, 25, 3, 0), AC_FOLD_EARLIER)),
	    "2026-10-25T03:00:00+01:00");
	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 10, 25, 1, 59), AC_FOLD_LATER)),
	    "2026-10-25T01:59:00+02:00");
}

Test(zone, skips_a_day_that_samoa_never_had)
{
	const struct ac_zone *z = installed("Pacific/Apia");

	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2011, 12, 30, 12, 0), AC_FOLD_LATER)),
	    "2011-12-31T00:00:00+14:00");
}

Test(zone, knows_half_hour_changes)
{
	const struct ac_zone *z = installed("Australia/Lord_Howe");

	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 10, 4, 2, 15), AC_FOLD_LATER)),
	    "2026-10-04T02:30:00+11:00");
	cr_expect_str_eq(shown(z, ac_wall_instant(z, wall(2026, 4, 5, 1, 45), AC_FOLD_LATER)),
	    "2026-04-05T01:45:00+10:30");
}

Test(zone, keeps_the_wall_clock_over_a_change_when_days_are_added)
{
	const struct ac_zone *z = installed("Europe/Berlin");
	struct ac_wall w = ac_wall_add_days(ac_wall_at(z, utc("2026-03-28T14:35:00+01:00")), 3);

	cr_expect_str_eq(shown(z, ac_wall_instant(z, w, AC_FOLD_LATER)), "2026-03-31T14:35:00+02:00");
}

Test(zone, applies_the_footer_after_the_last_transition)
{
	const struct ac_zone *z = installed("Europe/Berlin");

	cr_expect_str_eq(shown(z, utc("2093-07-01T10:00:00Z")), "2093-07-01T12:00:00+02:00");
	cr_expect_str_eq(shown(z, utc("2093-12-01T10:00:00Z")), "2093-12-01T11:00:00+01:00");
	cr_expect_str_eq(shown(z, utc("2093-03-29T00:59:59Z")), "2093-03-29T01:59:59+01:00");
	cr_expect_str_eq(shown(z, utc("2093-03-29T01:00:00Z")), "2093-03-29T03:00:00+02:00");
}

Test(zone, applies_the_first_type_before_the_first_transition)
{
	const int64_t at[] = { 1000000 };
	const int32_t offset[] = { 3600 };
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;

	cr_assert(ac_zone_open(AC_S("Test/One"), tzif(a, -7200, 1, at, offset, ""), a, &z, &e) == AC_OK, "%s",
	    e.msg);
	cr_expect(eq(i32, ac_zone_offset(z, INT64_MIN), -7200));
	cr_expect(eq(i32, ac_zone_offset(z, 999999), -7200));
	cr_expect(eq(i32, ac_zone_offset(z, 1000000), 3600));
	cr_expect(eq(i32, ac_zone_offset(z, INT64_MAX), 3600), "without a footer the last offset stays");
}

Test(zone, keeps_a_fixed_offset_from_a_footer_alone)
{
	cr_expect(eq(i32, ac_zone_offset(ruled("<+0530>-5:30"), 0), 19800));
	cr_expect(eq(i32, ac_zone_offset(ruled("UTC0"), 5000000000), 0));
	cr_expect(eq(i32, ac_zone_offset(ruled("<-12>12"), 0), -43200));
	cr_expect(eq(i32, ac_zone_offset(ruled("AAA+1:02:03"), 0), -3723));
}

Test(zone, reads_rules_of_month_week_and_day)
{
	const struct ac_zone *z = ruled("EST5EDT,M3.2.0,M11.1.0");

	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-03-08T06:59:59Z")), -5 * 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-03-08T07:00:00Z")), -4 * 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-11-01T05:59:59Z")), -4 * 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-11-01T06:00:00Z")), -5 * 3600));
}

Test(zone, reads_rules_of_the_south)
{
	const struct ac_zone *z = ruled("AEST-10AEDT,M10.1.0,M4.1.0/3");

	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-01-01T00:00:00Z")), 11 * 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-07-01T00:00:00Z")), 10 * 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-12-31T23:59:59Z")), 11 * 3600));
}

Test(zone, reads_a_winter_time_that_is_called_summer_time)
{
	const struct ac_zone *z = ruled("IST-1GMT0,M10.5.0,M3.5.0/1");

	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-01-01T00:00:00Z")), 0));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-03-29T01:00:00Z")), 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-10-25T00:59:59Z")), 3600));
	cr_expect(eq(i32, ac_zone_offset(z, utc("2026-10-25T01:00:00Z")), 0));
}

Test(zone, reads_times_before_midnight_and_after_the_day)
{
	const struct ac_zone *nuuk = ruled("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
	const struct ac_zone *gaza = ruled("EET-2EEST,M3.4.4/50,M10.4.4/50");

	cr_expect(eq(i32, ac_zone_offset(nuuk, utc("2026-03-29T00:59:59Z")), -7200));
	cr_expect(eq(i32, ac_zone_offset(nuuk, utc("2026-03-29T01:00:00Z")), -3600));
	cr_expect(
	    eq(i32, ac_zone_offset(gaza, utc("2026-03-27T23:59:59Z")), 7200)); /* Thursday 26 March + 50 h */
	cr_expect(eq(i32, ac_zone_offset(gaza, utc("2026-03-28T00:00:00Z")), 10800));
}

Test(zone, reads_days_of_the_year_with_and_without_29_february)
{
	const struct ac_zone *julian = ruled("AAA0BBB,J60/0,J300/0"), *plain = ruled("AAA0BBB,60/0,299/0");

	cr_expect(eq(i32, ac_zone_offset(julian, utc("2024-02-29T23:59:59Z")), 0));
	cr_expect(eq(i32, ac_zone_offset(julian, utc("2024-03-01T00:00:00Z")), 3600));
	cr_expect(eq(i32, ac_zone_offset(julian, utc("2025-03-01T00:00:00Z")), 3600));
	cr_expect(eq(i32, ac_zone_offset(plain, utc("2024-03-01T00:00:00Z")), 3600));
	cr_expect(eq(i32, ac_zone_offset(plain, utc("2025-03-01T23:59:59Z")), 0));
	cr_expect(eq(i32, ac_zone_offset(plain, utc("2025-03-02T00:00:00Z")), 3600));
}

Test(zone, reads_a_summer_time_that_never_ends)
{
	const struct ac_zone *z = ruled("XXX3EDT4,0/0,J365/23");
	int64_t at;
	int32_t delta;

	for (int64_t t = utc("2025-12-25T00:00:00Z"); t < utc("2026-01-07T00:00:00Z"); t += 1800)
		cr_expect(eq(i32, ac_zone_offset(z, t), -4 * 3600));
	cr_expect(not(
	    ac_zone_next_change(z, utc("2025-06-01T00:00:00Z"), utc("2030-01-01T00:00:00Z"), &at, &delta)));
}

Test(zone, tells_the_next_change)
{
	const struct ac_zone *z = installed("Europe/Berlin");
	int64_t at = 0;
	int32_t delta = 0;

	cr_assert(
	    ac_zone_next_change(z, utc("2026-03-28T14:00:00Z"), utc("2026-04-28T14:00:00Z"), &at, &delta));
	cr_expect(at == utc("2026-03-29T01:00:00Z") && delta == 3600);
	cr_assert(
	    ac_zone_next_change(z, utc("2026-10-01T00:00:00Z"), utc("2026-10-25T01:00:00Z"), &at, &delta));
	cr_expect(at == utc("2026-10-25T01:00:00Z") && delta == -3600, "the end of the span belongs to it");
	cr_expect(not(ac_zone_next_change(
		      z, utc("2026-03-29T01:00:00Z"), utc("2026-10-25T00:59:59Z"), &at, &delta)),
	    "its start does not");
}

Test(zone, does_not_call_a_new_name_a_change)
{
	const int64_t at[] = { 1000, 2000, 3000 };
	const int32_t offset[] = { 0, 0, 60 };
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;
	int64_t change = 0;
	int32_t delta = 0;

	cr_assert(ac_zone_open(AC_S("Test/Names"), tzif(a, 0, 3, at, offset, ""), a, &z, &e) == AC_OK);
	cr_assert(ac_zone_next_change(z, 0, 10000, &change, &delta));
	cr_expect(change == 3000 && delta == 60);
}

Test(zone, looks_for_a_change_no_further_than_years_can_be_written)
{
	int64_t at;
	int32_t delta;

	cr_expect(not(ac_zone_next_change(ruled("XXX3EDT4,0/0,J365/23"), 0, INT64_MAX, &at, &delta)));
	cr_expect(not(
	    ac_zone_next_change(ruled("CET-1CEST,M3.5.0,M10.5.0/3"), INT64_MAX - 5, INT64_MAX, &at, &delta)));
}

static void
refuses(struct ac_str bytes, const char *why)
{
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;

	cr_expect(ac_zone_open(AC_S("Test/Bad"), bytes, a, &z, &e) != AC_OK, "%s", why);
	cr_expect(e.rule != NULL && z == NULL, "%s", why);
}

Test(zone, refuses_every_cut_of_a_good_file)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;

	cr_assert(ac_zone_read(AC_S("Europe/Berlin"), NULL, a, &bytes, &e) == AC_OK);
	for (size_t n = 0; n < bytes.n; n++) {
		char *exact = malloc(n > 0 ? n : 1); /* so that a read past the end is seen */

		memcpy(exact, bytes.p, n);
		refuses((struct ac_str){ exact, n }, "cut");
		free(exact);
	}
}

Test(zone, refuses_counts_that_the_bytes_do_not_have)
{
	struct ac_str good = tzif(a, 0, 0, NULL, NULL, "UTC0");

	for (size_t i = 20; i < 44; i++) {
		struct ac_str bytes = ac_str_dup(a, good);

		((char *)(uintptr_t)bytes.p)[i] = '\x7F';
		refuses(bytes, "a count in the first header");
		bytes = ac_str_dup(a, good);
		((char *)(uintptr_t)bytes.p)[54 + i] = '\x7F';
		refuses(bytes, "a count in the second header");
	}
}

Test(zone, refuses_transitions_out_of_order_and_offsets_out_of_range)
{
	const int64_t same[] = { 5, 5 }, fine[] = { 5, 6 };
	const int32_t small[] = { 0, 60 }, big[] = { 0, 26 * 3600 }, least[] = { 0, INT32_MIN };

	refuses(tzif(a, 0, 2, same, small, ""), "order");
	refuses(tzif(a, 0, 2, fine, big, ""), "range");
	refuses(tzif(a, 0, 2, fine, least, ""), "range");
	refuses(tzif(a, 93601, 0, NULL, NULL, ""), "range of the first");
}

Test(zone, refuses_a_type_that_is_not_there)
{
	const int64_t at[] = { 5 };
	const int32_t offset[] = { 60 };
	struct ac_str bytes = ac_str_dup(a, tzif(a, 0, 1, at, offset, ""));

	((char *)(uintptr_t)bytes.p)[44 + 10 + 44 + 8] = 2;
	refuses(bytes, "type");
}

Test(zone, refuses_leap_seconds_and_version_1)
{
	struct ac_str bytes = ac_str_dup(a, tzif(a, 0, 0, NULL, NULL, "UTC0"));

	((char *)(uintptr_t)bytes.p)[4] = '\0';
	refuses(bytes, "version 1");
	if (access("/usr/share/zoneinfo/right/Europe/Berlin", R_OK) == 0) {
		struct ac_err e = { 0 };
		cr_assert(ac_zone_read(AC_S("right/Europe/Berlin"), NULL, a, &bytes, &e) == AC_OK);
		refuses(bytes, "leap seconds");
	}
}

Test(zone, refuses_more_bytes_than_its_limit)
{
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;
	char *big = ac_alloc(a, AC_ZONE_BYTES_MAX + 1);

	cr_expect(
	    ac_zone_open(AC_S("X"), (struct ac_str){ big, AC_ZONE_BYTES_MAX + 1 }, a, &z, &e) == AC_ELIMIT);
	cr_expect_str_eq(e.rule, "ZONE-SIZE");
}

Test(zone, refuses_footers_that_are_not_rules)
{
	static const char *bad[] = { "X0", "AAA", "AAA25", "AAA0BBB", "AAA0BBB,M3.5.0",
		"AAA0BBB,M13.1.0,M3.1.0", "AAA0BBB,M0.1.0,M3.1.0", "AAA0BBB,M3.6.0,M4.1.0",
		"AAA0BBB,M3.0.0,M4.1.0", "AAA0BBB,M3.1.7,M4.1.0", "AAA0BBB,J0,J5", "AAA0BBB,J366,J5",
		"AAA0BBB,366,5", "AAA0BBB,M3.5.0/168,M10.5.0", "AAA0BBB,M3.5.0,M10.5.0x", "<+3>-3", "<+03-3",
		"AAA0:60", "AAA-", "AAA0BBB,M3.5.0/,M10.5.0", "AAA0BBB,1234,5", " AAA0" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses(tzif(a, 0, 0, NULL, NULL, bad[i]), bad[i]);
}

Test(zone, does_not_hang_on_changes_at_every_second)
{
	enum { N = 200 };
	int64_t at[N];
	int32_t offset[N];
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;

	for (int i = 0; i < N; i++) {
		at[i] = i;
		offset[i] = (i % 2) * 3600 - i;
	}
	cr_assert(ac_zone_open(AC_S("Test/Mad"), tzif(a, 0, N, at, offset, "AAA0BBB,0/-167,365/167"), a, &z,
		      &e) == AC_OK);
	for (int64_t t = -4000; t < 4000; t++) {
		struct ac_wall w = ac_wall_at(z, t);

		cr_assert(ac_wall_instant(z, w, AC_FOLD_EARLIER) <= t);
		cr_assert(ac_wall_instant(z, w, AC_FOLD_LATER) >= t);
	}
}

Test(zone, leads_every_wall_clock_back_to_its_instant)
{
	static const char *names[] = { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
		"Africa/Casablanca", "Asia/Gaza", "America/Nuuk", "Europe/Dublin", "Antarctica/Troll",
		"Asia/Kathmandu", "UTC" };
	uint64_t seed = 2463534242u;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct ac_zone *z = installed(names[i]);

		for (int k = 0; k < 20000; k++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			int64_t t = (int64_t)(seed % 8000000000u) - 2500000000; /* 1890 to 2144 */
			struct ac_wall w = ac_wall_at(z, t);
			int64_t early = ac_wall_instant(z, w, AC_FOLD_EARLIER),
				late = ac_wall_instant(z, w, AC_FOLD_LATER);

			cr_assert(early == t || late == t, "%s %lld", names[i], (long long)t);
			cr_assert(early <= late);
			cr_assert(ac_wall_utc(w) - ac_zone_offset(z, t) == t);
		}
	}
}
