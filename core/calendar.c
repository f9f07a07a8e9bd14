/*
 * calendar.c - is the clinic open?
 *
 * Rules   a day of the closed list is closed whatever the weekday. A clinic that gave no hours at all is taken to be
 *         open on every other day, all day: nothing is known that could close it.
 */
#include "core/clinic.h"

static bool
has_hours(const struct ac_hours *h)
{
	for (int i = 0; i < 7; i++)
		if (h->from[i] != h->until[i])
			return true;
	return false;
}

bool
ac_clinic_day_is_open(const struct ac_clinic *c, int64_t day, struct ac_str *ret_why)
{
	int wd = ac_weekday(day);

	for (size_t i = 0; i < c->nclosed; i++) {
		if (c->closed[i].day == day) {
			if (ret_why != NULL)
				*ret_why =
				    ac_str_is_set(c->closed[i].name) ? c->closed[i].name : AC_S("closed");
			return false;
		}
	}
	if (!has_hours(&c->hours) || c->hours.from[wd] != c->hours.until[wd])
		return true;
	if (ret_why != NULL)
		*ret_why = ac_weekday_word(wd, false, AC_S("en"));
	return false;
}

/* From the minute of opening up to, not including, the minute of closing. */
bool
ac_clinic_is_open(const struct ac_clinic *c, const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);
	int64_t day = ac_days_from_civil(w.year, w.month, w.day);
	int wd = ac_weekday(day), minute = w.hour * 60 + w.min;

	if (!ac_clinic_day_is_open(c, day, NULL))
		return false;
	return !has_hours(&c->hours) || (minute >= c->hours.from[wd] && minute < c->hours.until[wd]);
}
