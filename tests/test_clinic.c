/* test_clinic.c - the clinic's configuration. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/file.h"
#include "core/clinic.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_err err;
static const struct ac_clinic *c;

static void
setup(void)
{
	a = ac_arena_new();
	c = NULL;
	err = (struct ac_err){ 0 };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(clinic, .init = setup, .fini = teardown);

static void
load(const char *ini)
{
	enum ac_code rc = ac_clinic_load(ac_str_c(ini), a, &c, &err);

	cr_assert(rc == AC_OK, "%s line %u: %s", err.rule, err.line, err.msg);
}

static void
expect_refused(const char *ini, const char *rule, uint32_t line)
{
	err = (struct ac_err){ 0 };
	cr_assert(ac_clinic_load(ac_str_c(ini), a, &c, &err) == AC_EINPUT, "accepted: %s", ini);
	cr_expect(strcmp(err.rule, rule) == 0, "%s: got %s, want %s", ini, err.rule, rule);
	cr_expect(err.line == line, "%s: got line %u, want %u (%s)", ini, err.line, line, err.msg);
	cr_expect(c == NULL);
}

#define HEAD "[clinic]\nname = Demo\n"

Test(clinic, needs_only_a_name)
{
	load(HEAD);
	EXPECT_TEXT(c->name, "Demo");
	cr_expect(c->finalise == AC_FINAL_SIGNED);
	cr_expect(c->finalise_hours == 24);
	cr_expect(c->early_issue == AC_ISSUE_NO_OVERRIDES);
	cr_expect(!c->signature_covers_plan);
	cr_expect(!c->demonstration);
	cr_expect(c->live_since == AC_INSTANT_NONE);
	cr_expect(!c->clinic.is_set && !c->out_of_hours.is_set && !c->emergency.is_set);
	EXPECT_TEXT(c->source, HEAD);
}

Test(clinic, reads_every_key)
{
	load(HEAD
	    "country = DE\nzone = Europe/Berlin\ndemonstration = yes\naddress = Beispielweg 2\ncity = "
	    "Berlin\nstate = BE\npostal-code = 10115\nphone = +49 30 5550103\noid = 2.16.840.1.113883.19.5\n"
	    "[contact clinic]\nnumber = 030 / 555-01 (03)\nname = Desk\nhours = Mon-Fri 09:00-18:00\nsigned "
	    "= dr.demo 2026-03-01\n"
	    "[contact emergency]\nnumber = 112 ; everywhere in the EU\n"
	    "[calendar]\nhours = Mon-Thu 09:00-18:00, Fri 09:00-12:30\nclosed = 2026-04-03 Good "
	    "Friday\nclosed = 2026-12-25\n"
	    "[rules]\nfinalise = hours-after-issue 12\nissue-before-signature = no\nsignature-covers-plan = "
	    "yes\n"
	    "live-since = 2026-03-01T00:00:00+01:00\n");
	EXPECT_TEXT(c->country, "DE");
	EXPECT_TEXT(c->zone, "Europe/Berlin");
	cr_expect(c->demonstration);
	EXPECT_TEXT(c->address, "Beispielweg 2");
	EXPECT_TEXT(c->city, "Berlin");
	EXPECT_TEXT(c->state, "BE");
	EXPECT_TEXT(c->postal_code, "10115");
	EXPECT_TEXT(c->phone, "+49 30 5550103");
	EXPECT_TEXT(c->oid, "2.16.840.1.113883.19.5");
	cr_expect(c->clinic.is_set && c->clinic.has_hours);
	EXPECT_TEXT(c->clinic.number, "030 / 555-01 (03)");
	EXPECT_TEXT(c->clinic.signed_by, "dr.demo 2026-03-01");
	cr_expect(c->clinic.hours.from[4] == 540 && c->clinic.hours.until[4] == 1080);
	cr_expect(c->clinic.hours.from[5] == c->clinic.hours.until[5]);
	EXPECT_TEXT(c->emergency.number, "112");
	cr_expect(c->emergency.is_set && !c->emergency.has_hours);
	cr_expect(!c->out_of_hours.is_set);
	cr_expect(c->hours.until[3] == 1080 && c->hours.until[4] == 750);
	cr_assert(c->nclosed == 2);
	cr_expect(c->closed[0].day == ac_days_from_civil(2026, 4, 3));
	EXPECT_TEXT(c->closed[0].name, "Good Friday");
	cr_expect(c->closed[1].name.n == 0);
	cr_expect(c->finalise == AC_FINAL_HOURS_AFTER_ISSUE && c->finalise_hours == 12);
	cr_expect(c->early_issue == AC_ISSUE_NO);
	cr_expect(c->signature_covers_plan);
	cr_expect(c->live_since == 1772319600);
}

Test(clinic, takes_an_empty_value_for_absent)
{
	load(HEAD "phone =\ncountry = \n[contact emergency]\nnumber =\n");
	cr_expect(!ac_str_is_set(c->phone));
	cr_expect(!c->emergency.is_set);
}

Test(clinic, takes_lines_that_end_in_cr_lf)
{
	load("[clinic]\r\nname = Demo\r\ncountry = DE\r\n");
	EXPECT_TEXT(c->country, "DE");
}

Test(clinic, refuses_what_is_no_line)
{
	expect_refused("[clinic]\nname = Demo\nnonsense\n", "CLN-SYNTAX", 3);
	expect_refused("[clinic\nname = Demo\n", "CLN-SYNTAX", 1);
	expect_refused(HEAD " country = DE\n", "CLN-SYNTAX", 3);
	expect_refused(HEAD "zone: Europe/Berlin = x\n", "CLN-SYNTAX", 3);
	expect_refused(HEAD "= x\n", "CLN-SYNTAX", 3);
	expect_refused(HEAD "Country = DE\n", "CLN-SYNTAX", 3);
	expect_refused("[clinic]\nname = \xFF\n", "CLN-SYNTAX", 0);
}

Test(clinic, refuses_keys_that_it_does_not_know)
{
	expect_refused(HEAD "fax = 1\n", "CLN-KEY", 3);
	expect_refused(HEAD "[contact fax]\nnumber = 12\n", "CLN-KEY", 4);
	expect_refused("name = Demo\n", "CLN-KEY", 1);
	expect_refused(HEAD "name = Other\n", "CLN-KEY", 3);
	expect_refused("", "CLN-KEY", 1);
	expect_refused("[clinic]\ncountry = DE\n", "CLN-KEY", 1);
}

Test(clinic, refuses_values_that_it_cannot_read)
{
	static const char *const bad[] = { "country = Germany", "country = de", "zone = ../etc/passwd",
		"demonstration = true", "phone = ring me", "phone = 1x2", "oid = 2.16.", "oid = 3",
		"oid = 1.02", "oid = 9.1" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_refused(ac_cstr(a, ac_strf(a, HEAD "%s\n", bad[i])), "CLN-VALUE", 3);
}

Test(clinic, refuses_hours_that_are_none)
{
	static const char *const bad[] = { "Mon-Fri", "09:00-18:00", "Mon 9:00-18:00", "Mon 18:00-09:00",
		"Mon 09:00-09:00", "Fri-Mon 09:00-18:00", "Mon 09:00-24:01", "Mon 09:60-18:00",
		"Mon-Fri 09:00-18:00,", "Montag 09:00-18:00", "Mon-Fri 09:00-18:00, Fri 09:00-12:00",
		"Mon 09:00-12:00 13:00-18:00" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_refused(
		    ac_cstr(a, ac_strf(a, HEAD "[calendar]\nhours = %s\n", bad[i])), "CLN-VALUE", 4);
}

Test(clinic, refuses_rules_that_it_does_not_know)
{
	static const char *const bad[] = { "finalise = never", "finalise = hours-after-issue",
		"finalise = hours-after-issue -1", "finalise = hours-after-issue 1000",
		"issue-before-signature = maybe", "signature-covers-plan = 1", "live-since = 2026-03-01",
		"live-since = 2026-03-01T00:00:00" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_refused(ac_cstr(a, ac_strf(a, HEAD "[rules]\n%s\n", bad[i])), "CLN-VALUE", 4);
}

Test(clinic, refuses_closed_days_that_are_none)
{
	expect_refused(HEAD "[calendar]\nclosed = 2026-02-30 x\n", "CLN-VALUE", 4);
	expect_refused(HEAD "[calendar]\nclosed = 2026-04 x\n", "CLN-VALUE", 4);
	expect_refused(HEAD "[calendar]\nclosed = Good Friday\n", "CLN-VALUE", 4);
	expect_refused(HEAD "[contact clinic]\nsigned = dr.demo\n", "CLN-VALUE", 4);
}

Test(clinic, names_the_first_bad_line)
{
	expect_refused(HEAD "country = XXX\nfax = 1\nzone = /x\n", "CLN-VALUE", 3);
}

Test(clinic, keeps_the_longest_line_whole)
{
	struct ac_str line = AC_S("address = ");

	while (line.n < AC_CLINIC_LINE_MAX)
		line = ac_str_cat(a, line, AC_S("x"));
	load(ac_cstr(a, ac_strf(a, HEAD "%.*s\ncity = Berlin\n", AC_FMT(line))));
	cr_expect(c->address.n == AC_CLINIC_LINE_MAX - 10);
	EXPECT_TEXT(c->city, "Berlin");
	c = NULL;
	expect_refused(ac_cstr(a, ac_strf(a, HEAD "%.*sx\n", AC_FMT(line))), "CLN-SYNTAX", 3);
}

Test(clinic, refuses_more_closed_days_than_the_limit)
{
	struct ac_str ini = AC_S(HEAD "[calendar]\n");

	for (int i = 0; i < AC_CLINIC_CLOSED_MAX; i++)
		ini = ac_str_cat(a, ini, AC_S("closed = 2026-01-01\n"));
	cr_expect(ac_clinic_load(ini, a, &c, &err) == AC_OK);
	ini = ac_str_cat(a, ini, AC_S("closed = 2026-01-01\n"));
	cr_expect(ac_clinic_load(ini, a, &c, &err) == AC_ELIMIT);
	EXPECT_RULE(err, "CLN-LIMIT");
	cr_expect(err.line == 404);
}

Test(clinic, refuses_bytes_over_its_limit_and_nul)
{
	char *big = ac_alloc(a, AC_CLINIC_BYTES_MAX + 1);

	memset(big, '\n', AC_CLINIC_BYTES_MAX + 1);
	cr_expect(ac_clinic_load((struct ac_str){ big, AC_CLINIC_BYTES_MAX + 1 }, a, &c, &err) == AC_ELIMIT);
	cr_expect(ac_clinic_load((struct ac_str){ "[clinic]\nname = a\0b\n", 20 }, a, &c, &err) == AC_EINPUT);
	EXPECT_RULE(err, "CLN-SYNTAX");
}

Test(clinic, says_why_a_day_is_closed)
{
	struct ac_str why = { 0 };

	load(HEAD "[calendar]\nhours = Mon-Fri 09:00-18:00\nclosed = 2026-04-03 Good Friday\n");
	cr_expect(ac_clinic_day_is_open(c, ac_days_from_civil(2026, 4, 2), &why));
	cr_expect(!ac_str_is_set(why));
	cr_expect(!ac_clinic_day_is_open(c, ac_days_from_civil(2026, 4, 3), &why));
	EXPECT_TEXT(why, "Good Friday");
	cr_expect(!ac_clinic_day_is_open(c, ac_days_from_civil(2026, 4, 5), &why));
	EXPECT_TEXT(why, "Sunday");
	cr_expect(!ac_clinic_day_is_open(c, ac_days_from_civil(2026, 4, 5), NULL));
}

Test(clinic, is_open_on_each_day_when_no_hours_are_given)
{
	load(HEAD);
	for (int64_t d = 20000; d < 20007; d++)
		cr_expect(ac_clinic_day_is_open(c, d, NULL));
}

Test(clinic, counts_opening_hours_in_the_zone)
{
	const struct ac_zone *z = NULL;
	struct ac_str tzif;

	cr_assert(ac_zone_read(AC_S("Europe/Berlin"), NULL, a, &tzif, &err) == AC_OK, "%s", err.msg);
	cr_assert(ac_zone_open(AC_S("Europe/Berlin"), tzif, a, &z, &err) == AC_OK, "%s", err.msg);
	load(HEAD "[calendar]\nhours = Mon-Fri 09:00-18:00\n");
	struct ac_wall w = { 2026, 3, 30, 9, 0, 0 }; /* the Monday after clocks went forward */
	int64_t opens = ac_wall_instant(z, w, AC_FOLD_EARLIER);
	cr_expect(opens == 1774854000);
	cr_expect(ac_clinic_is_open(c, z, opens));
	cr_expect(!ac_clinic_is_open(c, z, opens - 1));
	cr_expect(ac_clinic_is_open(c, z, opens + 9 * 3600 - 1));
	cr_expect(!ac_clinic_is_open(c, z, opens + 9 * 3600));
	cr_expect(!ac_clinic_is_open(c, z, opens - 86400 + 3600));
}

static struct ac_str
shipped(const char *name)
{
	struct ac_str ini;
	const char *path = ac_cstr(a, ac_strf(a, AC_SOURCE_DIR "/schemas/clinic/%s.conf", name));

	cr_assert(ac_file_read(path, AC_CLINIC_BYTES_MAX, a, &ini, &err) == AC_OK);
	return ini;
}

Test(clinic, accepts_the_demonstration_as_it_is_shipped)
{
	cr_expect(ac_clinic_load(shipped("demo"), a, &c, &err) == AC_OK, "line %u: %s", err.line, err.msg);
	cr_expect(c->demonstration);
}

Test(clinic, asks_only_for_a_name_in_the_example_as_it_is_shipped)
{
	struct ac_str ini = shipped("example"), key = AC_S("\nname =\n");

	cr_expect(ac_clinic_load(ini, a, &c, &err) == AC_EINPUT);
	EXPECT_RULE(err, "CLN-KEY");
	const char *at = memmem(ini.p, ini.n, key.p, key.n);
	cr_assert(at != NULL);
	struct ac_str head = { ini.p, (size_t)(at - ini.p) }, tail = { at + key.n, ini.n - head.n - key.n };
	ini = ac_str_cat(a, ac_str_cat(a, head, AC_S("\nname = X\n")), tail);
	cr_expect(ac_clinic_load(ini, a, &c, &err) == AC_OK, "line %u: %s", err.line, err.msg);
}
