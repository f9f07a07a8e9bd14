/* protocol_form.c - the lexical forms of attribute values, as schemas/protocol.rnc has them. */
#include <string.h>

#include "core/protocol_schema.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_letter(char c)
{
	return is_small(c) || (c >= 'A' && c <= 'Z');
}

static bool
is_id(struct ac_str s)
{
	if (s.n == 0 || s.n > 64 || !is_small(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_small(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

/* xsd:language: [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})* */
static bool
is_lang(struct ac_str s)
{
	bool is_first = true;

	while (ac_str_is_set(s)) {
		struct ac_str part;
		s = ac_cut(s, '-', &part);
		if (part.n == 0 || part.n > 8)
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!is_letter(part.p[i]) && (is_first || !is_digit(part.p[i])))
				return false;
		is_first = false;
	}
	return true;
}

/* A form in which 9 stands for a digit; everything else for itself. */
static bool
has_form(struct ac_str s, const char *form)
{
	if (s.n != strlen(form))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == '9' ? !is_digit(s.p[i]) : s.p[i] != form[i])
			return false;
	return true;
}

/* The grammar's form of an offset; whether 29:00 is a time is not its business. */
static bool
is_offset(struct ac_str s, bool with_clock)
{
	struct ac_str number, unit = ac_cut(s, ' ', &number), clock;

	if (number.n == 0 || number.n > 4 || !ac_str_is_set(unit))
		return false;
	for (size_t i = 0; i < number.n; i++)
		if (!is_digit(number.p[i]))
			return false;
	clock = ac_cut(unit, ' ', &unit);
	if (ac_str_is_set(clock))
		return with_clock && number.n <= 3 && ac_streq_c(unit, "d") && has_form(clock, "99:99") &&
		       clock.p[0] <= '2' && clock.p[3] <= '5';
	return ac_streq_c(unit, "min") || ac_streq_c(unit, "h") || ac_streq_c(unit, "d") ||
	       ac_streq_c(unit, "w");
}

static bool
is_range(struct ac_str s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.p[i] == '.' && s.p[i + 1] == '.')
			return is_offset((struct ac_str){ s.p, i }, false) &&
			       is_offset((struct ac_str){ s.p + i + 2, s.n - i - 2 }, false);
	return false;
}

/* As the grammar has it; whether they are times of a day is the loader's to say. */
static bool
is_hours(struct ac_str s)
{
	return has_form(s, "99:99-99:99") && s.p[0] <= '2' && s.p[3] <= '5' && s.p[6] <= '2' && s.p[9] <= '5';
}

static bool
is_signed(struct ac_str s)
{
	struct ac_str name, date = ac_cut(s, ' ', &name);

	if (name.n == 0 || name.n > 64 || (!has_form(date, "9999-99-99") && !has_form(date, "9999-99-99T99:99:99")))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && !is_digit(name.p[i]) && memchr("._-", name.p[i], 3) == NULL)
			return false;
	return true;
}

static bool
is_seed(struct ac_str s)
{
	struct ac_str one;

	if (s.n == 0)
		return false;
	while (ac_str_is_set(s)) {
		s = ac_cut(s, ' ', &one);
		if (!has_form(one, "S99"))
			return false;
	}
	return true;
}

/* Offsets joined by blanks: a clock time belongs to the number of days before it. */
static bool
is_times(struct ac_str s)
{
	struct ac_str number, unit, clock;

	if (s.n == 0)
		return false;
	while (ac_str_is_set(s)) {
		const char *start = s.p;
		s = ac_cut(ac_cut(s, ' ', &number), ' ', &unit);
		size_t n = number.n + 1 + unit.n;
		if (ac_str_is_set(s)) {
			struct ac_str rest = ac_cut(s, ' ', &clock);
			if (memchr(clock.p, ':', clock.n) != NULL) {
				n += 1 + clock.n;
				s = rest;
			}
		}
		if (!ac_str_is_set(unit) || !is_offset((struct ac_str){ start, n }, true))
			return false;
	}
	return true;
}

static bool
is_hash(struct ac_str s, size_t digits)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == digits;
}

/* xsd:positiveInteger */
static bool
is_count(struct ac_str s)
{
	bool is_zero = true;
	size_t from = s.n > 0 && s.p[0] == '+' ? 1 : 0;

	for (size_t i = from; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
		is_zero = is_zero && s.p[i] == '0';
	}
	return !is_zero;
}

static bool
is_word(struct ac_str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (ac_streq_c(s, *words))
			return true;
	return false;
}

const char *
px_broken_rule(enum px_type type, const char *const *words, struct ac_str v)
{
	switch (type) {
	case PX_ID:
		return is_id(v) ? NULL : "PRT-013";
	case PX_WORD:
		return is_word(v, words) ? NULL : "PRT-014";
	case PX_OFFSET:
		return is_offset(v, true) ? NULL : "PRT-015";
	case PX_RANGE:
		return is_range(v) ? NULL : "PRT-016";
	case PX_LANG:
		return is_lang(v) ? NULL : "PRT-017";
	case PX_SIGNED:
		return is_signed(v) ? NULL : "PRT-018";
	case PX_SEED:
		return is_seed(v) ? NULL : "PRT-019";
	case PX_COUNT:
		return is_count(v) ? NULL : "PRT-020";
	case PX_HASH:
		return is_hash(v, 64) ? NULL : "PRT-021";
	case PX_OF:
		return is_hash(v, 16) || is_hash(v, 32) ? NULL : "PRT-025";
	case PX_TIMES:
		return is_times(v) ? NULL : "PRT-026";
	case PX_HOURS:
		return is_hours(v) ? NULL : "PRT-027";
	case PX_TOKEN:
		return v.n > 0 ? NULL : "PRT-022";
	case PX_CONDITION: /* read when the facts are known */
		return NULL;
	}
	return NULL;
}

const char *
px_form_words(enum px_type t)
{
	static const char *const words[] = {
		[PX_ID] = "is no id (a small letter, then small letters, digits, hyphens)",
		[PX_TOKEN] = "must not be empty",
		[PX_LANG] = "is no language such as en or pt-BR",
		[PX_OFFSET] = "is no offset such as 48 h, 90 min, 3 d, 2 w or 3 d 08:00",
		[PX_RANGE] = "is no range such as 24 h..48 h",
		[PX_CONDITION] = "is no condition",
		[PX_SIGNED] = "is no signature such as dr.demo 2026-03-01",
		[PX_SEED] = "is no list of statement numbers such as S01 S02",
		[PX_WORD] = "is none of the allowed words",
		[PX_HASH] = "is no SHA-256 in 64 small hexadecimal digits",
		[PX_COUNT] = "is no whole number from 1",
		[PX_OF] = "is not 32 (or, as it was, 16) small hexadecimal digits",
		[PX_TIMES] = "is no list of offsets such as 4 w 12 w",
		[PX_HOURS] = "is no pair of times such as 09:00-19:00",
	};

	return words[t];
}
