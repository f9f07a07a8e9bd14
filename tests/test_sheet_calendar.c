/* A sheet's calendar file: times as the sheet states them, nothing of what was done, moved and cancelled by later files. */
#include "core/sheet_calendar.h"
#include "core/sheet_time.h"
#include "tests/expect.h"
#include "tests/plan_kit.h"

KIT_SUITE(sheet_calendar);

#define MESO(body) KIT_PROTOCOL("p", "17999", body)
#define TWO_DAYS KIT_BAN("no-touch", "touch", "", "<window until=\"48 h\"/>")
#define NIGHT KIT_BAN("no-sun", "sun", "", "<window until=\"9 h\"/>")
#define BOOKED ",\"appointments\":[{\"id\":\"77\",\"start\":\"2026-04-11T10:00:00+02:00\",\"category\":\"Meso, face; \\\\x\",\"status\":\"booked\"}]"

static struct ac_plan *
plan(const char *protocol, const char *more)
{
	return kit_plan(a, &(struct kit){ .more = more, .protocol = protocol });
}

static struct ac_str
file(const struct ac_plan *p, const char *lang, int64_t sequence, const struct ac_plan *before)
{
	struct ac_calendar_options o = { .language = ac_str_c(lang),
		.stamp = kit_time("2026-03-28T14:50:00+01:00"),
		.sheet = sequence,
		.sequence = sequence,
		.before = before };

	return ac_sheet_calendar(p, &o, a);
}

static int
count(struct ac_str s, const char *part)
{
	int n = 0;

	for (size_t i = 0; i + strlen(part) <= s.n; i++)
		n += memcmp(s.p + i, part, strlen(part)) == 0;
	return n;
}

static struct ac_str
uid(struct ac_str s)
{
	const char *at = memmem(s.p, s.n, "UID:", 4);

	cr_assert(at != NULL);
	return (struct ac_str){ at + 4, 36 };
}

Test(sheet_calendar, has_each_end_in_utc_as_the_sheet_states_it)
{
	struct ac_str s = file(plan(MESO(TWO_DAYS NIGHT), KIT_PERFORMED), "en", 1, NULL);

	cr_expect(count(s, "BEGIN:VEVENT") == 2, "%.*s", AC_FMT(s));
	cr_expect(count(s, "DTSTART:20260330T133500Z\r\n") == 1, "%.*s", AC_FMT(s));
	cr_expect(count(s, "DTSTART:20260329T050000Z\r\n") == 1, "23:35 is stated as 07:00 of the morning, summer time by then");
	cr_expect(count(s, "DTSTAMP:20260328T135000Z\r\n") == 2);
	cr_expect(count(s, "SUMMARY;LANGUAGE=en:Sheet 1\\, row 1: over\r\n") == 1, "%.*s", AC_FMT(s));
}

Test(sheet_calendar, names_nothing_of_what_was_done)
{
	struct ac_str s = file(plan(MESO(TWO_DAYS NIGHT), KIT_PERFORMED BOOKED), "en", 1, NULL);
	static const char *const told[] = { "Meso", "meso", "words", "touch", "Example", "17999", "face", "77", "linic" };

	cr_expect(count(s, "SUMMARY;LANGUAGE=en:Booked visit\r\n") == 1, "%.*s", AC_FMT(s));
	cr_expect(count(s, "DTSTART:20260411T080000Z\r\n") == 1);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		int uids = 0; /* hexadecimal digits may say anything */
		for (size_t k = 0; k + 40 < s.n; k++)
			if (memcmp(s.p + k, "UID:", 4) == 0)
				uids += count((struct ac_str){ s.p + k + 4, 36 }, told[i]);
		cr_expect(count(s, told[i]) == uids, "%s", told[i]);
	}
	cr_expect(count(s, "CLASS:PRIVATE\r\n") == 3);
}

Test(sheet_calendar, is_the_same_bytes_from_the_same_inputs)
{
	cr_expect(ac_streq(file(plan(MESO(TWO_DAYS), KIT_PERFORMED BOOKED), "de", 3, NULL),
	    file(plan(MESO(TWO_DAYS), KIT_PERFORMED BOOKED), "de", 3, NULL)));
}

Test(sheet_calendar, keeps_the_uid_of_a_line_while_its_end_moves)
{
	struct ac_str one = file(plan(MESO(TWO_DAYS), KIT_PERFORMED), "en", 1, NULL);
	struct ac_str two = file(
	    plan(MESO(KIT_BAN("no-touch", "touch", "", "<window until=\"72 h\"/>")), KIT_PERFORMED), "tr", 2, NULL);

	cr_expect(ac_streq(uid(one), uid(two)));
	cr_expect(count(one, "SEQUENCE:1\r\n") == 1 && count(two, "SEQUENCE:2\r\n") == 1);
}

Test(sheet_calendar, cancels_what_the_replaced_sheet_had_alone)
{
	struct ac_plan *before = plan(MESO(TWO_DAYS NIGHT), KIT_PERFORMED BOOKED), *now = plan(MESO(TWO_DAYS), KIT_PERFORMED);
	struct ac_str s = file(now, "en", 2, before);

	cr_expect(count(s, "BEGIN:VEVENT") == 3 && count(s, "STATUS:CANCELLED\r\n") == 2 && count(s, "STATUS:CONFIRMED\r\n") == 1,
	    "%.*s", AC_FMT(s));
}

Test(sheet_calendar, cancels_all_of_a_withdrawn_plan)
{
	struct ac_calendar_options o = { .language = AC_S("en"), .stamp = 1, .sheet = 1, .sequence = 2, .withdrawn = true };
	struct ac_str s = ac_sheet_calendar(plan(MESO(TWO_DAYS), KIT_PERFORMED BOOKED), &o, a);

	cr_expect(count(s, "STATUS:CANCELLED\r\n") == 2 && count(s, "STATUS:CONFIRMED") == 0);
}

Test(sheet_calendar, without_an_end_has_no_event)
{
	cr_expect(count(file(plan(MESO(KIT_BAN("r", "c", "", "")), KIT_PERFORMED), "en", 1, NULL), "BEGIN:VEVENT") == 0);
}

/* Every language: lines of at most 75 octets, folded between characters, nothing but CRLF at their ends. */
Test(sheet_calendar, folds_between_characters)
{
	static const char *const languages[] = { "en", "de", "es", "fr", "it", "pt", "tr", "ru", "uk", "pl", "ar", "he", "xx" };

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		struct ac_plan p = *plan(MESO(TWO_DAYS NIGHT), KIT_PERFORMED BOOKED);
		size_t start = 0;

		p.demonstration = true;
		struct ac_str s = file(&p, languages[i], 123456789, NULL);
		for (size_t k = 0; k < s.n; k++) {
			if (s.p[k] != '\n')
				continue;
			cr_assert(k > 0 && s.p[k - 1] == '\r');
			cr_assert(k - 1 - start <= 75, "%s: %zu", languages[i], k - 1 - start);
			cr_assert(true && ((unsigned char)s.p[start] & 0xC0) != 0x80, "%s: a character is cut", languages[i]);
			if (s.p[start] == ' ')
				cr_assert(true && ((unsigned char)s.p[start + 1] & 0xC0) != 0x80, "%s: a character is cut", languages[i]);
			start = k + 1;
		}
		cr_assert(start == s.n);
	}
}
