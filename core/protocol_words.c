/* protocol_words.c - texts by language, offsets in and out, words of enums. */
#include <string.h>

#include "core/protocol.h"
#include "core/protocol_schema.h"

static bool
find_lang(struct ac_texts t, struct ac_str lang, bool primary_only, const struct ac_text **ret)
{
	for (size_t i = 0; i < t.n; i++) {
		struct ac_str have = t.v[i].lang, want = lang;
		if (t.v[i].state == AC_TEXT_STALE)
			continue;
		if (primary_only) {
			(void)ac_cut(have, '-', &have);
			(void)ac_cut(want, '-', &want);
		}
		if (have.n == want.n && (want.n == 0 || strncasecmp(have.p, want.p, want.n) == 0)) {
			*ret = &t.v[i];
			return true;
		}
	}
	return false;
}

const struct ac_text *
ac_text_source(struct ac_texts t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].state == AC_TEXT_SOURCE)
			return &t.v[i];
	return NULL;
}

const struct ac_text *
ac_text_find(struct ac_texts t, struct ac_str lang, bool *ret_fell_back)
{
	const struct ac_text *text = NULL;
	bool found = lang.n > 0 && (find_lang(t, lang, false, &text) || find_lang(t, lang, true, &text));

	if (ret_fell_back != NULL)
		*ret_fell_back = !found;
	return found ? text : ac_text_source(t);
}

struct ac_str
ac_text_pick(struct ac_texts t, struct ac_str lang, bool *ret_fell_back)
{
	const struct ac_text *text = ac_text_find(t, lang, ret_fell_back);

	return text == NULL ? (struct ac_str){ 0 } : text->text;
}

static bool
clock_parse(struct ac_str s, struct ac_offset *o)
{
	struct ac_str h, m = ac_cut(s, ':', &h);
	int64_t hour, min;

	if (h.n != 2 || m.n != 2 || !ac_str_int(h, 0, 23, &hour) || !ac_str_int(m, 0, 59, &min))
		return false;
	o->hour = (int8_t)hour;
	o->min = (int8_t)min;
	return true;
}

bool
ac_offset_parse(struct ac_str s, struct ac_offset *ret)
{
	struct ac_str number, unit = ac_cut(s, ' ', &number), clock = ac_cut(unit, ' ', &unit);
	struct ac_offset o = { 0 };
	int64_t n;

	if (number.n > 4 || !ac_str_int(number, 0, 9999, &n))
		return false;
	if (ac_str_is_set(clock)) {
		if (number.n > 3 || !ac_streq_c(unit, "d") || !clock_parse(clock, &o))
			return false;
		o.kind = AC_OFFSET_DAYS_AT;
		o.days = (int32_t)n;
	} else if (ac_streq_c(unit, "min") || ac_streq_c(unit, "h")) {
		o.kind = AC_OFFSET_ELAPSED;
		o.seconds = (int32_t)n * (unit.n == 1 ? 3600 : 60);
	} else if (ac_streq_c(unit, "d") || ac_streq_c(unit, "w")) {
		o.kind = AC_OFFSET_DAYS;
		o.days = (int32_t)n * (unit.p[0] == 'w' ? 7 : 1);
	} else {
		return false;
	}
	o.unit = unit.p[0];
	*ret = o;
	return true;
}

static char
unit_of(struct ac_offset o)
{
	if (o.unit != 0)
		return o.unit;
	if (o.kind == AC_OFFSET_ELAPSED)
		return o.seconds % 3600 == 0 ? 'h' : 'm';
	return o.kind == AC_OFFSET_DAYS && o.days >= 14 && o.days % 7 == 0 ? 'w' : 'd';
}

static int32_t
amount(struct ac_offset o, char unit)
{
	if (unit == 'h')
		return o.seconds / 3600;
	if (unit == 'm')
		return o.seconds / 60;
	return unit == 'w' ? o.days / 7 : o.days;
}

struct ac_str
ac_offset_words(struct ac_arena *a, struct ac_offset o, struct ac_str lang)
{
	static const struct {
		char unit;
		const char *one[2], *many[2]; /* en, de */
	} words[] = {
		{ 'm', { "minute", "Minute" }, { "minutes", "Minuten" } },
		{ 'h', { "hour", "Stunde" }, { "hours", "Stunden" } },
		{ 'd', { "day", "Tag" }, { "days", "Tage" } },
		{ 'w', { "week", "Woche" }, { "weeks", "Wochen" } },
	};
	struct ac_str primary;
	char unit = unit_of(o);
	int32_t n = amount(o, unit);

	(void)ac_cut(lang, '-', &primary);
	int de = ac_streq_c(primary, "de");
	if (o.kind == AC_OFFSET_NONE)
		return AC_S("");
	if (o.kind == AC_OFFSET_DAYS_AT)
		return ac_strf(
		    a, de ? "Tag %d um %02d:%02d Uhr" : "day %d at %02d:%02d", o.days, o.hour, o.min);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].unit == unit)
			return ac_strf(a, "%d %s", n, n == 1 ? words[i].one[de] : words[i].many[de]);
	return AC_S("");
}

struct ac_str
ac_offset_str(struct ac_arena *a, struct ac_offset o)
{
	char unit = unit_of(o);

	if (o.kind == AC_OFFSET_NONE)
		return AC_S("");
	if (o.kind == AC_OFFSET_DAYS_AT)
		return ac_strf(a, "%d d %02d:%02d", o.days, o.hour, o.min);
	if (unit == 'm')
		return ac_strf(a, "%d min", amount(o, unit));
	return ac_strf(a, "%d %c", amount(o, unit), unit);
}

const char *
ac_instruction_kind_word(enum ac_instruction_kind k)
{
	return px_instruction_kinds[k];
}

const char *
ac_task_kind_word(enum ac_task_kind k)
{
	return px_task_kinds[k];
}

const char *
ac_flag_level_word(enum ac_flag_level l)
{
	return px_flag_levels[l];
}

const char *
ac_contact_line_word(enum ac_contact_line c)
{
	return c == AC_CONTACT_OPEN ? "" : px_contact_words[c - 1];
}

const char *
ac_when_unknown_word(enum ac_when_unknown u)
{
	return u == AC_WHEN_UNKNOWN_OPEN ? "" : px_unknown_words[u - 1];
}
