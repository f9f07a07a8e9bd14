/* time.c - the calendar, times as they are written down, the clock. Source: RFC 3339, HL7 v2.5.1 2.A.77. */
#include "base/time.h"

#include <time.h>

#define DAY_S INT64_C(86400)

int64_t
ac_days_from_civil(int32_t y, int m, int d)
{
	/* Years of 400 begin on 1 March, so that the leap day is the last of its year. */
	int64_t year = (int64_t)y - (m <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t yoe = year - era * 400;
	int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
ac_civil_from_days(int64_t days, int32_t *y, int8_t *m, int8_t *d)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*d = (int8_t)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int8_t)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int32_t)(yoe + era * 400 + (*m <= 2));
}

int
ac_weekday(int64_t days)
{
	return (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool
ac_date_is_valid(int32_t y, int m, int d)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	return y >= 1 && y <= 9999 && m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] + (m == 2 && leap);
}

struct ac_wall
ac_wall_add_days(struct ac_wall w, int64_t days)
{
	const int64_t max = 20000 * INT64_C(366); /* beyond all years that can be written; no overflow */

	days = days > max ? max : days < -max ? -max : days;
	ac_civil_from_days(ac_days_from_civil(w.year, w.month, w.day) + days, &w.year, &w.month, &w.day);
	return w;
}

int64_t
ac_wall_utc(struct ac_wall w)
{
	return ac_days_from_civil(w.year, w.month, w.day) * DAY_S + w.hour * 3600 + w.min * 60 + w.sec;
}

int
ac_age_years(struct ac_wall birth, struct ac_wall on)
{
	bool before = on.month < birth.month || (on.month == birth.month && on.day < birth.day);

	return (int)(on.year - birth.year - (before ? 1 : 0));
}

/* `n` digits at the front of *s, which moves past them; -1 when they are not there. */
static int
take_digits(struct ac_str *s, size_t n)
{
	int v = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = (struct ac_str){ s->p + n, s->n - n };
	return v;
}

static bool
take(struct ac_str *s, char c, char other)
{
	if (s->n == 0 || (s->p[0] != c && s->p[0] != other))
		return false;
	*s = (struct ac_str){ s->p + 1, s->n - 1 };
	return true;
}

/* "Z" or "+hh:mm", and nothing after it. */
static bool
take_offset(struct ac_str s, int32_t *ret)
{
	if (take(&s, 'Z', 'z')) {
		*ret = 0;
		return s.n == 0;
	}
	bool west = s.n > 0 && s.p[0] == '-';
	if (!take(&s, '+', '-'))
		return false;
	int h = take_digits(&s, 2);
	if (h < 0 || h > 23 || !take(&s, ':', ':'))
		return false;
	int m = take_digits(&s, 2);
	if (m < 0 || m > 59 || s.n != 0)
		return false;
	*ret = (h * 3600 + m * 60) * (west ? -1 : 1);
	return true;
}

/* YYYY-MM-DD at the front of *s. */
static bool
take_date(struct ac_str *s, struct ac_wall *w)
{
	int y = take_digits(s, 4);
	if (y < 0 || !take(s, '-', '-'))
		return false;
	int m = take_digits(s, 2);
	if (m < 0 || !take(s, '-', '-'))
		return false;
	int d = take_digits(s, 2);
	if (!ac_date_is_valid(y, m, d))
		return false;
	*w = (struct ac_wall){ .year = y, .month = (int8_t)m, .day = (int8_t)d };
	return true;
}

bool
ac_stamp_parse(struct ac_str s, struct ac_stamp *ret)
{
	struct ac_wall w;
	int32_t offset;

	if (!take_date(&s, &w) || !take(&s, 'T', 't'))
		return false;
	int h = take_digits(&s, 2);
	if (h < 0 || h > 23 || !take(&s, ':', ':'))
		return false;
	int min = take_digits(&s, 2);
	if (min < 0 || min > 59 || !take(&s, ':', ':'))
		return false;
	int sec = take_digits(&s, 2);
	if (sec < 0 || sec > 59)
		return false;
	if (take(&s, '.', '.')) {
		if (take_digits(&s, 1) < 0)
			return false;
		while (take_digits(&s, 1) >= 0)
			;
	}
	if (!take_offset(s, &offset))
		return false;
	w.hour = (int8_t)h;
	w.min = (int8_t)min;
	w.sec = (int8_t)sec;
	*ret = (struct ac_stamp){ .t = ac_wall_utc(w) - offset, .offset_s = offset, .precision = 14 };
	return true;
}

bool
ac_date_parse(struct ac_str s, struct ac_stamp *ret)
{
	int y, m = 1, d = 1;
	uint8_t precision = 4;

	if ((y = take_digits(&s, 4)) < 0)
		return false;
	if (s.n > 0) {
		precision = 6;
		if (!take(&s, '-', '-') || (m = take_digits(&s, 2)) < 0)
			return false;
	}
	if (s.n > 0) {
		precision = 8;
		if (!take(&s, '-', '-') || (d = take_digits(&s, 2)) < 0)
			return false;
	}
	if (s.n > 0 || !ac_date_is_valid(y, m, d))
		return false;
	*ret = (struct ac_stamp){ .t = ac_days_from_civil(y, m, d) * DAY_S, .precision = precision };
	return true;
}

struct offset {
	int32_t s; /* whole minutes: no notation has seconds of offset, which ended in 1972 */
	char sign;
	int h, m;
};

static struct offset
offset_of(int32_t s)
{
	int32_t minutes = (s < 0 ? -s : s) / 60;

	return (struct offset){ s < 0 ? -minutes * 60 : minutes * 60, s < 0 && minutes > 0 ? '-' : '+',
		minutes / 60, minutes % 60 };
}

/* Digits from the right; a plan has a hundred instants, printf would cost more than making it. */
static char *
put_digits(char *to, unsigned n, unsigned width)
{
	for (unsigned i = width; i-- > 0; n /= 10)
		to[i] = (char)('0' + n % 10);
	return to + width;
}

/* YYYY-MM-DDThh:mm:ss, 19 bytes; ac_wall_at keeps years within four digits. */
static char *
put_wall(char *to, struct ac_wall w)
{
	to = put_digits(to, (unsigned)w.year, 4);
	*to++ = '-';
	to = put_digits(to, (unsigned)w.month, 2);
	*to++ = '-';
	to = put_digits(to, (unsigned)w.day, 2);
	*to++ = 'T';
	to = put_digits(to, (unsigned)w.hour, 2);
	*to++ = ':';
	to = put_digits(to, (unsigned)w.min, 2);
	*to++ = ':';
	return put_digits(to, (unsigned)w.sec, 2);
}

struct ac_str
ac_rfc3339(struct ac_arena *a, const struct ac_zone *z, int64_t t)
{
	struct offset o = offset_of(z == NULL ? 0 : ac_zone_offset(z, t));
	char *p = ac_alloc(a, 26), *to = put_wall(p, ac_wall_at(NULL, t + o.s));

	if (z == NULL) {
		*to++ = 'Z';
	} else {
		*to++ = o.sign;
		to = put_digits(to, (unsigned)o.h, 2);
		*to++ = ':';
		to = put_digits(to, (unsigned)o.m, 2);
	}
	return (struct ac_str){ p, (size_t)(to - p) };
}

struct ac_str
ac_rfc3339_ms(struct ac_arena *a, int64_t ms)
{
	int64_t t = ms / 1000 - (ms % 1000 < 0);
	char *p = ac_alloc(a, 25), *to = put_wall(p, ac_wall_at(NULL, t));

	*to++ = '.';
	to = put_digits(to, (unsigned)((ms % 1000 + 1000) % 1000), 3);
	*to++ = 'Z';
	return (struct ac_str){ p, (size_t)(to - p) };
}

static struct ac_str
hl7(struct ac_arena *a, struct offset o, int64_t t)
{
	struct ac_wall w = ac_wall_at(NULL, t + o.s);
	unsigned two[] = { (unsigned)w.month, (unsigned)w.day, (unsigned)w.hour, (unsigned)w.min,
		(unsigned)w.sec };
	char *p = ac_alloc(a, 19), *to = put_digits(p, (unsigned)w.year, 4);

	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++)
		to = put_digits(to, two[i], 2);
	*to++ = o.sign;
	to = put_digits(to, (unsigned)o.h, 2);
	to = put_digits(to, (unsigned)o.m, 2);
	return (struct ac_str){ p, (size_t)(to - p) };
}

struct ac_str
ac_hl7_ts(struct ac_arena *a, const struct ac_zone *z, int64_t t)
{
	return hl7(a, offset_of(z == NULL ? 0 : ac_zone_offset(z, t)), t);
}

struct ac_str
ac_hl7_date(struct ac_arena *a, struct ac_stamp s)
{
	struct ac_wall w;

	if (s.precision == 0 || s.t == AC_INSTANT_NONE)
		return (struct ac_str){ 0 };
	if (s.precision > 8)
		return hl7(a, offset_of(s.offset_s), s.t);
	w = ac_wall_at(NULL, s.t);
	if (s.precision == 4)
		return ac_strf(a, "%04d", (int)w.year);
	if (s.precision == 6)
		return ac_strf(a, "%04d%02d", (int)w.year, w.month);
	return ac_strf(a, "%04d%02d%02d", (int)w.year, w.month, w.day);
}

int64_t
ac_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
