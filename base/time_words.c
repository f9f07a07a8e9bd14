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

struct ac_str
ac_time_words(
    struct ac_arena *a, const struct ac_zone *z, int64_t t, enum ac_time_style style, struct ac_str lang)
{
	bool german = is_german(lang);
	const struct words *words = german ? &de : &en;
	struct ac_wall w = ac_wall_at(z, t);
	int day = ac_weekday(ac_days_from_civil(w.year, w.month, w.day));
	const char *comma = german ? "," : "", *dot = german ? "." : "";
	bool year = style == AC_TIME_FULL || style == AC_TIME_DATE;
	bool clock = style != AC_TIME_DATE && style != AC_TIME_DAY;
	bool short_day = style == AC_TIME_SHORT || style == AC_TIME_DAY;
	struct ac_str hhmm = ac_strf(a, "%02d:%02d", w.hour, w.min);

	if (style == AC_TIME_CLOCK)
		return hhmm;
	struct ac_str date = ac_strf(a, "%s%s %d%s %s",
	    short_day ? words->weekday_short[day] : words->weekday[day], comma, w.day, dot,
	    style == AC_TIME_SHORT ? words->month_short[w.month - 1] : words->month[w.month - 1]);
	if (year)
		date = ac_strf(a, "%.*s %d", AC_FMT(date), (int)w.year);
	return clock ? ac_strf(a, "%.*s, %.*s", AC_FMT(date), AC_FMT(hhmm)) : date;
}
