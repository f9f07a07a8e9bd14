/*
 * time_words.c - times as people read them. Tables instead of strftime(3): two languages in one process, no
 * locale. Source: the names and short forms of the Unicode CLDR for en-GB and de; German weekdays are cut to
 * two letters.
 */
#include "base/time.h"

struct words {
	const char *weekday[7], *weekday_short[7];
	const char *month[12], *month_short[12];
};

static const struct words en = {
	{ "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
	{ "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
	{ "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
	    "November", "December" },
	{ "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
};
static const struct words de = {
	{ "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
	{ "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So" },
	{ "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
	    "November", "Dezember" },
	{ "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez." },
};

/* "de", "DE", "de-AT", "de_CH" are German. */
static bool
is_german(struct ac_str lang)
{
	return lang.n >= 2 && (lang.p[0] | 0x20) == 'd' && (lang.p[1] | 0x20) == 'e' &&
	       (lang.n == 2 || lang.p[2] == '-' || lang.p[2] == '_');
}

struct ac_str
ac_weekday_word(int weekday, bool is_short, struct ac_str lang)
{
	const struct words *w = is_german(lang) ? &de : &en;

	if (weekday < 0 || weekday > 6)
		return (struct ac_str){ 0 };
	return ac_str_c(is_short ? w->weekday_short[weekday] : w->weekday[weekday]);
}

/* Written by hand: printf cost a tenth of a document. */
static char *
put_word(char *to, const char *word)
{
	while (*word != '\0')
		*to++ = *word++;
	return to;
}

static char *
put_number(char *to, int64_t n, size_t width)
{
	char digits[20];
	size_t have = 0;

	if (n < 0) {
		*to++ = '-';
		n = -n;
	}
	do {
		digits[have++] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0 || have < width);
	while (have != 0)
		*to++ = digits[--have];
	return to;
}

static char *
put_date(char *to, const struct words *words, const struct ac_wall *w, enum ac_time_style style)
{
	bool short_day = style == AC_TIME_SHORT || style == AC_TIME_DAY, german = words == &de;
	int day = ac_weekday(ac_days_from_civil(w->year, w->month, w->day));

	to = put_word(to, short_day ? words->weekday_short[day] : words->weekday[day]);
	to = put_number(put_word(to, german ? ", " : " "), w->day, 1);
	to = put_word(to, german ? ". " : " ");
	to = put_word(
	    to, style == AC_TIME_SHORT ? words->month_short[w->month - 1] : words->month[w->month - 1]);
	if (style == AC_TIME_FULL || style == AC_TIME_DATE)
		to = put_number(put_word(to, " "), w->year, 1);
	return to;
}

struct ac_str
ac_time_words(
    struct ac_arena *a, const struct ac_zone *z, int64_t t, enum ac_time_style style, struct ac_str lang)
{
	struct ac_wall w = ac_wall_at(z, t);
	char near[96], *to = near; /* the longest names, a year of any length */

	if (style != AC_TIME_CLOCK)
		to = put_date(to, is_german(lang) ? &de : &en, &w, style);
	if (style == AC_TIME_FULL || style == AC_TIME_LONG || style == AC_TIME_SHORT)
		to = put_word(to, ", ");
	if (style != AC_TIME_DATE && style != AC_TIME_DAY)
		to = put_number(put_word(put_number(to, w.hour, 2), ":"), w.min, 2);
	return ac_str_dup(a, (struct ac_str){ near, (size_t)(to - near) });
}
