/*
 * handout_numbers.c - which number serves when, worked out for the days of this plan: what holds now, the clinic's hours
 * without the days on which it is closed, all other times, and the emergency number last and biggest.
 */
#include "core/handout_parts.h"

#define SEARCH_DAYS 21   /* for the next opening */
#define PLAN_DAYS_MAX 31 /* days for which closed days are named */
#define CLOSED_MAX 6

static int64_t
day_of(const struct ac_sheet *s, int64_t t)
{
	struct ac_wall w = ac_wall_at(s->p->in->zone, t);

	return ac_days_from_civil(w.year, w.month, w.day);
}

static int64_t
at_minute(const struct ac_sheet *s, int64_t day, int minute)
{
	struct ac_wall w = { 0 };

	if (minute >= 24 * 60) {
		day++;
		minute = 0;
	}
	ac_civil_from_days(day, &w.year, &w.month, &w.day);
	w.hour = (int8_t)(minute / 60);
	w.min = (int8_t)(minute % 60);
	return ac_wall_instant(s->p->in->zone, w, AC_FOLD_EARLIER);
}

/* A holiday of the calendar; which weekdays serve is the contact line's own business. */
static const struct ac_closed_day *
holiday(const struct ac_clinic *c, int64_t day)
{
	for (size_t i = 0; i < c->nclosed; i++)
		if (c->closed[i].day == day)
			return &c->closed[i];
	return NULL;
}

static bool
serves_on(const struct ac_sheet *s, int64_t day)
{
	const struct ac_clinic *c = s->p->in->clinic;
	int d = ac_weekday(day);

	return c->clinic.hours.from[d] < c->clinic.hours.until[d] && holiday(c, day) == NULL;
}

/* Is the clinic's line served now, and until when does that stay so? false: nothing changes within the search. */
static bool
state_now(const struct ac_sheet *s, bool *ret_open, int64_t *ret_until)
{
	const struct ac_hours *h = &s->p->in->clinic->clinic.hours;
	int64_t today = day_of(s, s->now);

	*ret_open = false;
	for (int64_t day = today; day < today + SEARCH_DAYS; day++) {
		int d = ac_weekday(day);

		if (!serves_on(s, day))
			continue;
		int64_t from = at_minute(s, day, h->from[d]), until = at_minute(s, day, h->until[d]);
		if (s->now < from) {
			*ret_until = from;
			return true;
		}
		if (s->now < until) {
			*ret_open = true;
			*ret_until = until;
			return true;
		}
	}
	return false;
}

/* "Mon to Fri 09:00 to 18:00, Sat 09:00 to 13:00" */
static struct ac_str
hours_words(const struct ac_sheet *s, const struct ac_hours *h)
{
	struct ac_str out = { 0 };
	const char *to = ac_sheet_word(s, AC_W_TO);

	for (int d = 0; d < 7;) {
		int last = d;

		if (h->from[d] >= h->until[d]) {
			d++;
			continue;
		}
		while (last < 6 && h->from[last + 1] == h->from[d] && h->until[last + 1] == h->until[d])
			last++;
		struct ac_str days = ac_sheet_weekday(d, true, s->times);
		if (last > d)
			days = ac_strf(s->a, "%.*s %s %.*s", AC_FMT(days), to,
			    AC_FMT(ac_sheet_weekday(last, true, s->times)));
		out =
		    ac_strf(s->a, "%.*s%s%.*s %.*s %s %.*s", AC_FMT(out), out.n > 0 ? ac_sheet_join(s->times) : "", AC_FMT(days),
			AC_FMT(ac_sheet_minute(s->a, h->from[d], s->times)), to, AC_FMT(ac_sheet_minute(s->a, h->until[d], s->times)));
		d = last + 1;
	}
	return out;
}

static struct ac_str
hours_or(const struct ac_sheet *s, const struct ac_hours *h, struct ac_str otherwise)
{
	struct ac_str words = hours_words(s, h);

	return words.n > 0 ? words : otherwise;
}

/* The last day that this sheet speaks of. */
static int64_t
last_day(const struct ac_sheet *s)
{
	const struct ac_plan *p = s->p;
	int64_t first = day_of(s, s->now), end = s->now;

	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].until != AC_INSTANT_NONE && p->lines[i].until > end)
			end = p->lines[i].until;
	for (size_t i = 0; i < p->ntasks; i++)
		if (p->tasks[i].due != AC_INSTANT_NONE && p->tasks[i].due > end)
			end = p->tasks[i].due;
	int64_t last = day_of(s, end);
	return last > first + PLAN_DAYS_MAX ? first + PLAN_DAYS_MAX : last;
}

/* "not on Fri 3 April, Mon 6 April": holidays on days that the line would serve. */
static struct ac_str
closed_words(struct ac_sheet *s)
{
	const struct ac_clinic *c = s->p->in->clinic;
	struct ac_str out = { 0 };
	int n = 0;

	for (int64_t day = day_of(s, s->now), last = last_day(s); day <= last && n < CLOSED_MAX; day++) {
		int d = ac_weekday(day);

		if (c->clinic.hours.from[d] >= c->clinic.hours.until[d] || holiday(c, day) == NULL)
			continue;
		struct ac_str words = ac_sheet_day(s, at_minute(s, day, 12 * 60));
		out = n++ == 0 ? ac_strf(s->a, "%s %.*s", ac_sheet_word(s, AC_W_NOT_ON), AC_FMT(words))
			       : ac_strf(s->a, "%.*s%s%.*s", AC_FMT(out), ac_sheet_join(s->times), AC_FMT(words));
	}
	return out;
}

static void
row(struct ac_sheet *s, const char *class, struct ac_str when, struct ac_str note, const struct ac_contact *c,
    struct ac_str fallback_name)
{
	struct ac_xw *w = &s->w;

	ac_sheet_open(s, "tr", class);
	ac_xw_open(w, "th");
	ac_xw_attrc(w, "scope", "row");
	ac_xw_text(w, when);
	ac_sheet_span(s, "note", note);
	ac_xw_end(w, "th");
	ac_xw_open(w, "td");
	ac_xw_text(w, c->name.n > 0 ? c->name : fallback_name);
	ac_xw_end(w, "td");
	ac_sheet_open(s, "td", c->is_set ? "number" : "number missing");
	ac_xw_text(w, c->is_set ? c->number : ac_str_c(ac_sheet_word(s, AC_W_NUMBER_MISSING)));
	ac_xw_end(w, "td");
	ac_xw_end(w, "tr");
}

static void
now_row(struct ac_sheet *s)
{
	const struct ac_clinic *c = s->p->in->clinic;
	bool open;
	int64_t until;

	if (!c->clinic.has_hours || !state_now(s, &open, &until))
		return;
	struct ac_str when = day_of(s, until) == day_of(s, s->now)
				 ? ac_sheet_clock(s, until)
				 : ac_strf(s->a, "%.*s%s%.*s", AC_FMT(ac_sheet_day(s, until)),
				       ac_sheet_join(s->times), AC_FMT(ac_sheet_clock(s, until)));
	row(s, "now", ac_strf(s->a, "%s %.*s", ac_sheet_word(s, AC_W_NOW), AC_FMT(when)),
	    (struct ac_str){ 0 }, open ? &c->clinic : &c->out_of_hours,
	    ac_str_c(ac_sheet_word(s, open ? AC_W_CLINIC : AC_W_ON_CALL)));
}

void
ac_sheet_numbers(struct ac_sheet *s)
{
	const struct ac_clinic *c = s->p->in->clinic;
	struct ac_str any = ac_str_c(ac_sheet_word(s, AC_W_ANY_TIME)),
		      other = ac_str_c(ac_sheet_word(s, AC_W_OTHER_TIMES));
	struct ac_str none = { 0 };

	ac_sheet_open(s, "section", "numbers");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_WHICH_NUMBER)));
	ac_xw_open(&s->w, "table");
	if (!s->o->blank)
		now_row(s);
	if (c->clinic.has_hours)
		row(s, NULL, hours_or(s, &c->clinic.hours, any), s->o->blank ? none : closed_words(s), &c->clinic, c->name);
	else
		row(s, NULL, any, none, &c->clinic, c->name);
	if (c->clinic.has_hours || c->out_of_hours.has_hours || !c->clinic.is_set)
		row(s, NULL, c->out_of_hours.has_hours ? hours_or(s, &c->out_of_hours.hours, other) : other,
		    none, &c->out_of_hours, ac_str_c(ac_sheet_word(s, AC_W_ON_CALL)));
	row(s, "emergency", ac_strf(s->a, "%s%s%.*s", ac_sheet_word(s, AC_W_EMERGENCY), ac_sheet_join(s->times), AC_FMT(any)), none,
	    &c->emergency, ac_str_c(ac_sheet_word(s, AC_W_EMERGENCY)));
	ac_xw_end(&s->w, "table");
	ac_xw_end(&s->w, "section");
}
