/* clinic_open.c - when the clinic is open, and how long it was. */
#include "core/clinic.h"

#define MINUTE_S 60
#define LOOK_AHEAD_MIN (62 * 24 * 60) /* no clinic is closed for two months and still answers by the hour */

bool
ac_clinic_day_is_open(const struct ac_clinic *c, int64_t day, struct ac_str *ret_why)
{
	int d = ac_weekday(day);

	for (size_t i = 0; i < c->nclosed; i++) {
		if (c->closed[i].day != day)
			continue;
		if (ret_why != NULL)
			*ret_why = c->closed[i].name;
		return false;
	}
	if (c->hours.from[d] < c->hours.until[d])
		return true;
	if (ret_why != NULL)
		*ret_why = ac_weekday_word(d, false, AC_S("en"));
	return false;
}

bool
ac_clinic_is_open(const struct ac_clinic *c, const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);
	int64_t day = ac_days_from_civil(w.year, w.month, w.day);
	int d = ac_weekday(day), minute = w.hour * 60 + w.min;

	return ac_clinic_day_is_open(c, day, NULL) && minute >= c->hours.from[d] &&
	       minute < c->hours.until[d];
}

int64_t
ac_clinic_open_after(const struct ac_clinic *c, const struct ac_zone *z, int64_t t, int64_t seconds)
{
	int64_t at = t;

	for (int i = 0; i < LOOK_AHEAD_MIN && seconds > 0; i++) {
		seconds -= ac_clinic_is_open(c, z, at) ? MINUTE_S : 0;
		at += MINUTE_S;
	}
	return seconds > 0 ? AC_INSTANT_NONE : at;
}
