/* call_hours.c - the hours of the day in which a patient may be called. */
#include "core/call_hours.h"

#define DAY_MINUTES (24 * 60)

bool
ac_call_hours(const struct ac_plan_task *t, int16_t *ret_from, int16_t *ret_until)
{
	int16_t from = 0, until = DAY_MINUTES;
	bool set = false;

	for (size_t i = 0; i <= t->nmerged; i++) {
		const struct ac_task_def *d = i == 0 ? t->def : t->merged[i - 1];
		if (d == NULL || d->call_until == 0)
			continue;
		set = true;
		from = d->call_from > from ? d->call_from : from;
		until = d->call_until < until ? d->call_until : until;
	}
	*ret_from = from;
	*ret_until = until;
	return set;
}

static int64_t
at_minute(const struct ac_zone *z, struct ac_wall day, int64_t days_on, int minute)
{
	struct ac_wall w = { 0 };

	if (minute >= DAY_MINUTES) /* until midnight: the day's last minute */
		minute = DAY_MINUTES - 1;
	ac_civil_from_days(ac_days_from_civil(day.year, day.month, day.day) + days_on, &w.year, &w.month, &w.day);
	w.hour = (int8_t)(minute / 60);
	w.min = (int8_t)(minute % 60);
	return ac_wall_instant(z, w, AC_FOLD_EARLIER);
}

void
ac_call_window(const struct ac_zone *z, const struct ac_plan_task *t, int64_t *ret_from, int64_t *ret_until)
{
	int64_t from = t->not_before, until = t->due;
	int16_t opens, closes;

	*ret_from = from;
	*ret_until = until;
	if (from == AC_INSTANT_NONE || until == AC_INSTANT_NONE || !ac_call_hours(t, &opens, &closes) || opens >= closes)
		return;
	struct ac_wall first = ac_wall_at(z, from), last = ac_wall_at(z, until);
	int from_minute = first.hour * 60 + first.min, until_minute = last.hour * 60 + last.min;
	if (from_minute < opens || from_minute >= closes)
		from = at_minute(z, first, from_minute < opens ? 0 : 1, opens);
	if (until_minute <= opens || until_minute >= closes)
		until = at_minute(z, last, until_minute <= opens ? -1 : 0, closes);
	if (from >= until)
		return;
	*ret_from = from;
	*ret_until = until;
}
