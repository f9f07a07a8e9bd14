/*
 * clinic_duty.c - who is on call, and which number serves when nobody is.
 *
 * Rules   the order of the lines is the order of calling: first those of the task's own role, then clinicians, who may do
 *         what all may. Whoever was called and did not take it is not called again in the same round.
 */
#include <string.h>

#include "core/clinic_parts.h"

static bool
read_day(struct ac_str v, int64_t *ret)
{
	struct ac_stamp s;

	if (!ac_date_parse(v, &s) || s.precision != 8)
		return false;
	*ret = s.t / 86400 - (s.t % 86400 < 0);
	return true;
}

/* "", "Mon-Fri 09:00-18:00", "2026-12-24", "2026-12-24/2026-12-26 00:00-24:00": hours of a date need no weekday. */
static bool
read_when(struct ac_str v, struct ac_duty *d)
{
	struct ac_str dates, rest, first, last;

	d->first_day = d->last_day = AC_INSTANT_NONE;
	if (v.n == 0)
		return true;
	if (v.p[0] < '0' || v.p[0] > '9') {
		d->has_hours = true;
		return ac_clinic_hours_read(v, &d->hours);
	}
	rest = ac_str_trim(ac_cut(v, ' ', &dates));
	last = ac_cut(dates, '/', &first);
	if (!read_day(first, &d->first_day) ||
	    !read_day(ac_str_is_set(last) ? last : first, &d->last_day) || d->last_day < d->first_day)
		return false;
	if (rest.n == 0)
		return true;
	char days[64];
	if (rest.n > sizeof(days) - 9)
		return false;
	memcpy(days, "Mon-Sun ", 8);
	memcpy(days + 8, rest.p, rest.n);
	d->has_hours = true;
	return ac_clinic_hours_read((struct ac_str){ days, rest.n + 8 }, &d->hours);
}

bool
ac_duty_read(struct ac_str v, struct ac_arena *a, struct ac_duty *ret)
{
	struct ac_str part[5];
	struct ac_duty d = { 0 };

	for (size_t i = 0; i < 5; i++) {
		if (i > 0 && !ac_str_is_set(v))
			return false;
		v = ac_cut(v, '|', &part[i]);
		part[i] = ac_str_trim(part[i]);
	}
	if (ac_str_is_set(v) || part[0].n == 0 || part[4].n == 0 || !ac_role_parse(part[1], &d.role) ||
	    (d.role != AC_ROLE_FRONT_DESK && d.role != AC_ROLE_NURSE && d.role != AC_ROLE_CLINICIAN) ||
	    !ac_clinic_number_is_ok(part[2]) || !read_when(part[3], &d))
		return false;
	d.account = ac_str_dup(a, part[0]);
	d.number = ac_str_dup(a, part[2]);
	d.name = ac_str_dup(a, part[4]);
	*ret = d;
	return true;
}

static bool
is_in_hours(const struct ac_hours *h, int weekday, int minute)
{
	return minute >= h->from[weekday] && minute < h->until[weekday];
}

static bool
is_on(const struct ac_duty *d, int64_t day, int minute)
{
	if (d->first_day != AC_INSTANT_NONE && (day < d->first_day || day > d->last_day))
		return false;
	return !d->has_hours || is_in_hours(&d->hours, ac_weekday(day), minute);
}

static bool
is_called_for(const struct ac_duty *d, struct ac_str role, bool second_round)
{
	bool own = ac_streq_c(role, ac_role_word(d->role));

	return second_round ? !own && d->role == AC_ROLE_CLINICIAN : own;
}

/* Somebody's place is that of their first line; on duty by any of them. */
static const struct ac_duty *
person_on(const struct ac_clinic *c, size_t i, int64_t day, int minute)
{
	const struct ac_duty *p = &c->duty[i], *on = NULL;

	for (size_t k = 0; k < i; k++)
		if (ac_streq(c->duty[k].account, p->account) && c->duty[k].role == p->role)
			return NULL;
	for (size_t k = i; k < c->nduty && on == NULL; k++)
		if (ac_streq(c->duty[k].account, p->account) && c->duty[k].role == p->role &&
		    is_on(&c->duty[k], day, minute))
			on = &c->duty[k];
	return on;
}

static bool
is_candidate(const struct ac_clinic *c, struct ac_str role, struct ac_str account)
{
	for (size_t i = 0; i < c->nduty; i++)
		if (ac_streq(c->duty[i].account, account) &&
		    (is_called_for(&c->duty[i], role, false) || is_called_for(&c->duty[i], role, true)))
			return true;
	return false;
}

const struct ac_duty *
ac_clinic_on_duty(
    const struct ac_clinic *c, const struct ac_zone *z, int64_t t, struct ac_str role, struct ac_str after)
{
	struct ac_wall w = ac_wall_at(z, t);
	int64_t day = ac_days_from_civil(w.year, w.month, w.day);
	bool found = !ac_str_is_set(after) || !is_candidate(c, role, after);

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < c->nduty; i++) {
			if (!is_called_for(&c->duty[i], role, round == 1))
				continue;
			if (!found) {
				found = ac_streq(c->duty[i].account, after);
				continue;
			}
			const struct ac_duty *d = person_on(c, i, day, w.hour * 60 + w.min);
			if (d != NULL && !ac_streq(d->account, after))
				return d;
		}
	}
	return NULL;
}

const struct ac_duty *
ac_clinic_duty_of(const struct ac_clinic *c, struct ac_str account)
{
	for (size_t i = 0; i < c->nduty; i++)
		if (ac_streq(c->duty[i].account, account))
			return &c->duty[i];
	return NULL;
}

static bool
serves(const struct ac_contact *line, int weekday, int minute)
{
	return line->is_set && (!line->has_hours || is_in_hours(&line->hours, weekday, minute));
}

const struct ac_contact *
ac_clinic_contact_at(const struct ac_clinic *c, const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);
	int64_t day = ac_days_from_civil(w.year, w.month, w.day);
	int d = ac_weekday(day), minute = w.hour * 60 + w.min;

	if (ac_clinic_is_open(c, z, t) && serves(&c->clinic, d, minute))
		return &c->clinic;
	if (serves(&c->out_of_hours, d, minute))
		return &c->out_of_hours;
	return c->emergency.is_set ? &c->emergency : NULL;
}
