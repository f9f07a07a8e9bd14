/* zone_rule.c - reads and applies a POSIX TZ rule. Source: POSIX.1-2017 8.3, RFC 8536 section 3.3. */
#include "base/zone_rule.h"

#include "base/time.h"

#define DAY_S INT64_C(86400)
#define YEARS 5 /* looked at around an instant: a rule's time may reach a week into its neighbour */

static int
peek(const struct ac_str *s)
{
	return s->n > 0 ? (unsigned char)s->p[0] : -1;
}

static bool
take(struct ac_str *s, char c)
{
	if (peek(s) != c)
		return false;
	*s = (struct ac_str){ s->p + 1, s->n - 1 };
	return true;
}

static bool
take_int(struct ac_str *s, int min, int max, int *ret)
{
	size_t n = 0;
	int v = 0;

	while (n < s->n && n < 3 && s->p[n] >= '0' && s->p[n] <= '9')
		v = v * 10 + (s->p[n++] - '0');
	if (n == 0 || v < min || v > max)
		return false;
	*s = (struct ac_str){ s->p + n, s->n - n };
	*ret = v;
	return true;
}

/* CET or <+03>; the name itself is of no use here. */
static bool
take_name(struct ac_str *s)
{
	bool quoted = take(s, '<');
	size_t n = 0;

	for (; n < s->n; n++) {
		char c = s->p[n];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (!letter && !(quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-')))
			break;
	}
	*s = (struct ac_str){ s->p + n, s->n - n };
	return n >= 3 && (!quoted || take(s, '>'));
}

/* [+-]h[:mm[:ss]] in seconds */
static bool
take_hms(struct ac_str *s, int max_h, int32_t *ret)
{
	bool minus = peek(s) == '-';
	int h, m = 0, sec = 0;

	if (minus || peek(s) == '+')
		(void)take(s, (char)peek(s));
	if (!take_int(s, 0, max_h, &h))
		return false;
	if (take(s, ':') && !take_int(s, 0, 59, &m))
		return false;
	if (take(s, ':') && !take_int(s, 0, 59, &sec))
		return false;
	*ret = (h * 3600 + m * 60 + sec) * (minus ? -1 : 1);
	return true;
}

/* ",M3.5.0/2" */
static bool
take_day(struct ac_str *s, struct ac_zone_day *d)
{
	*d = (struct ac_zone_day){ .kind = 'n', .time_s = 2 * 3600 };
	if (!take(s, ','))
		return false;
	if (take(s, 'M')) {
		d->kind = 'M';
		if (!take_int(s, 1, 12, &d->month) || !take(s, '.') || !take_int(s, 1, 5, &d->week) ||
		    !take(s, '.') || !take_int(s, 0, 6, &d->day))
			return false;
	} else if (take(s, 'J')) {
		d->kind = 'J';
		if (!take_int(s, 1, 365, &d->day))
			return false;
	} else if (!take_int(s, 0, 365, &d->day)) {
		return false;
	}
	return !take(s, '/') || take_hms(s, 167, &d->time_s);
}

bool
ac_zone_rule_parse(struct ac_str s, struct ac_zone_rule *ret)
{
	struct ac_zone_rule r = { 0 };
	int32_t west;

	if (!take_name(&s) || !take_hms(&s, 24, &west))
		return false;
	r.std = r.dst = -west; /* POSIX counts to the west */
	if (s.n > 0) {
		if (!take_name(&s))
			return false;
		r.dst = r.std + 3600;
		if (peek(&s) != ',') {
			if (!take_hms(&s, 24, &west))
				return false;
			r.dst = -west;
		}
		if (!take_day(&s, &r.start) || !take_day(&s, &r.end) || s.n > 0)
			return false;
	}
	r.has_dst = r.dst != r.std;
	*ret = r;
	return true;
}

static int64_t
day_in(const struct ac_zone_day *d, int32_t year)
{
	int64_t first = ac_days_from_civil(year, 1, 1);

	if (d->kind == 'n')
		return first + d->day;
	if (d->kind == 'J') {
		bool leap = ac_days_from_civil(year, 3, 1) - first == 60;

		return first + d->day - 1 + (leap && d->day >= 60);
	}
	first = ac_days_from_civil(year, d->month, 1);
	int64_t after =
	    d->month == 12 ? ac_days_from_civil(year + 1, 1, 1) : ac_days_from_civil(year, d->month + 1, 1);
	int64_t day = first + (d->day + 6 - ac_weekday(first)) % 7 + 7 * (d->week - 1);
	return day < after ? day : day - 7;
}

struct event {
	int64_t at;
	int32_t offset;
};

/* The changes of some years around t, in order. Where an end and the next start fall together the start comes
 * last and holds: that is how a rule says "summer time all the year" (RFC 8536 section 3.3.1). */
static size_t
events_around(const struct ac_zone_rule *r, int64_t t, struct event ev[2 * YEARS])
{
	int32_t year;
	int8_t month, day;
	size_t n = 0;

	ac_civil_from_days(t / DAY_S, &year, &month, &day);
	for (int32_t y = year - YEARS / 2; y <= year + YEARS / 2; y++) {
		const struct event two[2] = {
			{ day_in(&r->end, y) * DAY_S + r->end.time_s - r->dst, r->std },
			{ day_in(&r->start, y) * DAY_S + r->start.time_s - r->std, r->dst },
		};

		for (size_t k = 0; k < 2; k++) {
			size_t i = n++;

			for (; i > 0 && ev[i - 1].at > two[k].at; i--)
				ev[i] = ev[i - 1];
			ev[i] = two[k];
		}
	}
	return n;
}

int32_t
ac_zone_rule_offset(const struct ac_zone_rule *r, int64_t t)
{
	struct event ev[2 * YEARS];
	int32_t offset = r->std;

	if (!r->has_dst)
		return r->std;
	size_t n = events_around(r, t, ev);
	for (size_t i = 0; i < n && ev[i].at <= t; i++)
		offset = ev[i].offset;
	return offset;
}

int64_t
ac_zone_rule_next(const struct ac_zone_rule *r, int64_t t)
{
	struct event ev[2 * YEARS];

	if (!r->has_dst)
		return INT64_MAX;
	size_t n = events_around(r, t, ev);
	for (size_t i = 0; i < n; i++) {
		if (ev[i].at > t)
			return ev[i].at;
	}
	return INT64_MAX;
}
