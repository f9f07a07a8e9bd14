/* sheet_time.c - see sheet_time.h. */
#include "core/sheet_time.h"

#include <string.h>

#include "base/buf.h"

/* Patterns: W weekday, w its short form, d day, M month, m its short form, y year, everything else stands for itself;
 * a quote hides a letter. */
struct habit {
	const char *tag;
	const char *weekday[7], *weekday_short[7], *month[12], *month_short[12];
	const char *full, *full_no_year, *brief, *day, *alone;
	const char *join;                 /* between date and clock */
	const char *first_day;            /* NULL: as a number */
	const char *am, *pm;              /* NULL: 24 hours */
	int name_width;
};

#define EN_NAMES \
	{ "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" }, \
	    { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" }, \
	    { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", \
		"November", "December" }, \
	{ \
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" \
	}

/* clang-format off */
static const struct habit habits[] = {
	{ "en", EN_NAMES, "W d M y", "W d M", "w d m", "w d M", "d m", ", ", NULL, NULL, NULL, 30 },
	{ "en-us", EN_NAMES, "W, M d, y", "W, M d", "w, m d", "w, M d", "m d", ", ", NULL, "AM", "PM", 30 },
	{ "de", { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
	    { "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So" },
	    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember" },
	    { "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez." },
	    "W, d. M y", "W, d. M", "w, d. m", "w, d. M", "d. m", ", ", NULL, NULL, NULL, 30 },
	{ "es", { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" },
	    { "lun", "mar", "mié", "jue", "vie", "sáb", "dom" },
	    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
		"diciembre" },
	    { "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic" },
	    "W, d 'de' M 'de' y", "W, d 'de' M", "w, d m", "w, d 'de' M", "d m", ", ", NULL, NULL, NULL, 30 },
	{ "fr", { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
	    { "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim." },
	    { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre" },
	    { "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc." },
	    "W d M y", "W d M", "w d m", "w d M", "d m", ", ", "1er", NULL, NULL, 32 },
	{ "it", { "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica" },
	    { "lun", "mar", "mer", "gio", "ven", "sab", "dom" },
	    { "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre",
		"dicembre" },
	    { "gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic" },
	    "W d M y", "W d M", "w d m", "w d M", "d m", ", ", NULL, NULL, NULL, 30 },
	{ "pt", { "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo" },
	    { "seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom." },
	    { "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
		"dezembro" },
	    { "jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez." },
	    "W, d 'de' M 'de' y", "W, d 'de' M", "w, d 'de' m", "w, d 'de' M", "d m", ", ", NULL, NULL, NULL, 32 },
	{ "tr", { "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar" },
	    { "Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz" },
	    { "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık" },
	    { "Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara" },
	    "d M y W", "d M W", "d m w", "d M w", "d m", ", ", NULL, NULL, NULL, 30 },
	{ "ru", { "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье" },
	    { "пн", "вт", "ср", "чт", "пт", "сб", "вс" },
	    { "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря" },
	    { "янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек." },
	    "W, d M y г.", "W, d M", "w, d m", "w, d M", "d m", ", ", NULL, NULL, NULL, 30 },
	{ "uk", { "понеділок", "вівторок", "середа", "четвер", "пʼятниця", "субота", "неділя" },
	    { "пн", "вт", "ср", "чт", "пт", "сб", "нд" },
	    { "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада",
		"грудня" },
	    { "січ.", "лют.", "бер.", "квіт.", "трав.", "черв.", "лип.", "серп.", "вер.", "жовт.", "лист.", "груд." },
	    "W, d M y р.", "W, d M", "w, d m", "w, d M", "d m", ", ", NULL, NULL, NULL, 30 },
	{ "pl", { "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela" },
	    { "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz." },
	    { "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października",
		"listopada", "grudnia" },
	    { "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru" },
	    "W, d M y", "W, d M", "w, d m", "w, d M", "d m", ", ", NULL, NULL, NULL, 40 },
	{ "ar", { "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد" },
	    { "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد" },
	    { "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر" },
	    { "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر" },
	    "W، d M y", "W، d M", "w، d m", "w، d M", "d m", "، ", NULL, "ص", "م", 52 },
	{ "he", { "יום שני", "יום שלישי", "יום רביעי", "יום חמישי", "יום שישי", "יום שבת", "יום ראשון" },
	    { "יום ב׳", "יום ג׳", "יום ד׳", "יום ה׳", "יום ו׳", "שבת", "יום א׳" },
	    { "ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר" },
	    { "ינו׳", "פבר׳", "מרץ", "אפר׳", "מאי", "יוני", "יולי", "אוג׳", "ספט׳", "אוק׳", "נוב׳", "דצמ׳" },
	    "W, d בM y", "W, d בM", "w, d בm", "w, d בM", "d בm", ", ", NULL, NULL, NULL, 40 },
};
/* clang-format on */
#define NHABITS (sizeof(habits) / sizeof(habits[0]))

/* "en-us" fits "en-US" and "en_US"; "en" fits both. */
static bool
fits(const char *tag, struct ac_str lang)
{
	size_t n = strlen(tag);

	if (lang.n < n || (lang.n > n && lang.p[n] != '-' && lang.p[n] != '_'))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool is_line = lang.p[i] == '-' || lang.p[i] == '_';

		if (tag[i] == '-' ? !is_line : (lang.p[i] | 0x20) != tag[i])
			return false;
	}
	return true;
}

static const struct habit *
habit_of(struct ac_str lang)
{
	const struct habit *best = NULL;

	if (fits("iw", lang)) /* what Hebrew was called before 1989 */
		return habit_of(AC_S("he"));
	for (size_t i = 0; i < NHABITS; i++)
		if (fits(habits[i].tag, lang) && (best == NULL || strlen(habits[i].tag) > strlen(best->tag)))
			best = &habits[i];
	return best == NULL ? &habits[0] : best;
}

int64_t
ac_sheet_end(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w;

	if (t == AC_INSTANT_NONE)
		return t;
	w = ac_wall_at(z, t);
	if (w.sec != 0) {
		t += 60 - w.sec;
		w = ac_wall_at(z, t);
	}
	if (w.hour >= AC_NIGHT_UNTIL && w.hour < AC_NIGHT_FROM)
		return t;
	if (w.hour >= AC_NIGHT_FROM)
		w = ac_wall_add_days(w, 1);
	w.hour = AC_NIGHT_UNTIL;
	w.min = w.sec = 0;
	int64_t morning = ac_wall_instant(z, w, AC_FOLD_LATER);
	return morning < t ? t : morning;
}

static void
put_date(struct ac_buf *b, const struct habit *h, const char *pattern, const struct ac_wall *w)
{
	int weekday = ac_weekday(ac_days_from_civil(w->year, w->month, w->day));
	bool quoted = false;

	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p == '\'')
			quoted = !quoted;
		else if (quoted)
			ac_buf_addc(b, *p);
		else if (*p == 'W')
			ac_buf_addz(b, h->weekday[weekday]);
		else if (*p == 'w')
			ac_buf_addz(b, h->weekday_short[weekday]);
		else if (*p == 'd' && w->day == 1 && h->first_day != NULL)
			ac_buf_addz(b, h->first_day);
		else if (*p == 'd')
			ac_buf_addf(b, "%d", w->day);
		else if (*p == 'M')
			ac_buf_addz(b, h->month[w->month - 1]);
		else if (*p == 'm')
			ac_buf_addz(b, h->month_short[w->month - 1]);
		else if (*p == 'y')
			ac_buf_addf(b, "%d", w->year);
		else
			ac_buf_addc(b, *p);
	}
}

/* Midnight is 12 AM, noon 12 PM. */
static void
put_clock(struct ac_buf *b, const struct habit *h, int hour, int min)
{
	if (h->am == NULL)
		ac_buf_addf(b, "%02d:%02d", hour, min);
	else
		ac_buf_addf(b, "%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12, min, hour < 12 ? h->am : h->pm);
}

static const char *
pattern_of(const struct habit *h, enum ac_time_style style)
{
	switch (style) {
	case AC_TIME_FULL:
	case AC_TIME_DATE:
		return h->full;
	case AC_TIME_LONG:
		return h->full_no_year;
	case AC_TIME_SHORT:
		return h->brief;
	case AC_TIME_DAY:
		return h->day;
	case AC_TIME_CLOCK:
		break;
	}
	return NULL;
}

struct ac_str
ac_sheet_time(struct ac_arena *a, const struct ac_zone *z, int64_t t, enum ac_time_style style, struct ac_str lang)
{
	const struct habit *h = habit_of(lang);
	const char *pattern = pattern_of(h, style);
	struct ac_wall w = ac_wall_at(z, t);
	struct ac_buf b;

	ac_buf_init(&b, a, 96, 0);
	if (pattern != NULL)
		put_date(&b, h, pattern, &w);
	if (pattern != NULL && style != AC_TIME_DATE && style != AC_TIME_DAY)
		ac_buf_addz(&b, h->join);
	if (style != AC_TIME_DATE && style != AC_TIME_DAY)
		put_clock(&b, h, w.hour, w.min);
	return ac_buf_str(&b);
}

static struct ac_str
date_as(struct ac_arena *a, const struct ac_zone *z, int64_t t, const struct habit *h, const char *pattern)
{
	struct ac_wall w = ac_wall_at(z, t);
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	put_date(&b, h, pattern, &w);
	return ac_buf_str(&b);
}

struct ac_str
ac_sheet_short_date(struct ac_arena *a, const struct ac_zone *z, int64_t t, struct ac_str lang)
{
	return date_as(a, z, t, habit_of(lang), habit_of(lang)->brief);
}

struct ac_str
ac_sheet_date_alone(struct ac_arena *a, const struct ac_zone *z, int64_t t, struct ac_str lang)
{
	return date_as(a, z, t, habit_of(lang), habit_of(lang)->alone);
}

struct ac_str
ac_sheet_minute(struct ac_arena *a, int minute, struct ac_str lang)
{
	const struct habit *h = habit_of(lang);
	struct ac_buf b;

	ac_buf_init(&b, a, 16, 0);
	if (minute >= 24 * 60 && h->am == NULL) /* closing at midnight is 24:00 */
		ac_buf_addz(&b, "24:00");
	else
		put_clock(&b, h, minute / 60 % 24, minute % 60);
	return ac_buf_str(&b);
}

struct ac_str
ac_sheet_weekday(int weekday, bool is_short, struct ac_str lang)
{
	const struct habit *h = habit_of(lang);

	if (weekday < 0 || weekday > 6)
		return (struct ac_str){ 0 };
	return ac_str_c(is_short ? h->weekday_short[weekday] : h->weekday[weekday]);
}

const char *
ac_sheet_join(struct ac_str lang)
{
	return habit_of(lang)->join;
}

int
ac_sheet_name_width(struct ac_str lang)
{
	return habit_of(lang)->name_width;
}
