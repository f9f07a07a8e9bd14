/*
 * plan_tasks.c - what the clinic has to do, when, and on which open day.
 *
 * Rules   CONTRACTS "Time": one task per concept, the earliest due; a due on a closed day moves to the open day before
 *         or after, or to the next day of a name, as its protocol says, no further than its shift; urgent tasks and
 *         `keep` never move. What goes to a later day does not begin on a closed one. What cannot be placed keeps its
 *         time and is shown.
 */
#include <stdlib.h>

#include "core/plan_parts.h"

#define OPEN_DAY_SEARCH 400            /* days; a shift in weeks stays far below */
#define RECORD_FACTS_DUE_S (24 * 3600) /* as for finishing the chart */

struct raw_task {
	struct ac_plan_task t;
	const struct ac_protocol
	    *key_protocol; /* smallest of those merged: the key must not follow the winner */
	const struct ac_task_def *key_def;
	size_t order;
	int64_t anchor, range_min, range_max;
	uint32_t occurrence;
};

static struct ac_str
english(struct ac_texts t)
{
	bool fell_back;

	return ac_text_pick(t, AC_S("en"), &fell_back);
}

static int64_t
day_of(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	return ac_days_from_civil(w.year, w.month, w.day);
}

static int64_t
at_minute(const struct ac_zone *z, int64_t day, int minute)
{
	struct ac_wall w = { 0 };

	if (minute >= 24 * 60) { /* closes at midnight: the last minute of the day */
		minute = 24 * 60 - 1;
	}
	ac_civil_from_days(day, &w.year, &w.month, &w.day);
	w.hour = (int8_t)(minute / 60);
	w.min = (int8_t)(minute % 60);
	return ac_wall_instant(z, w, AC_FOLD_EARLIER);
}

/* The same wall-clock time on another day, or that day's closing time when the clinic is closed by then. */
static int64_t
same_time_on(const struct ac_plan_work *w, int64_t day, int64_t t)
{
	const struct ac_hours *h = &w->in->clinic->hours;
	struct ac_wall wall = ac_wall_at(w->in->zone, t);
	int wd = ac_weekday(day), minute = wall.hour * 60 + wall.min;

	if (h->from[wd] != h->until[wd] && (minute <= h->from[wd] || minute > h->until[wd]))
		minute = h->until[wd];
	return at_minute(w->in->zone, day, minute);
}

static bool
within_shift(struct ac_offset shift, int64_t days, int64_t seconds)
{
	if (shift.kind == AC_OFFSET_NONE)
		return false;
	if (shift.kind == AC_OFFSET_ELAPSED)
		return seconds <= shift.seconds;
	return days <= shift.days;
}

/* Due before the doors open, and closed ever since it could be done: that day is no use. */
static bool
is_doable(const struct ac_plan_work *w, const struct ac_plan_task *t)
{
	const struct ac_clinic *c = w->in->clinic;
	const struct ac_zone *z = w->in->zone;
	int64_t due_day = day_of(z, t->due), first = day_of(z, t->not_before);
	int wd = ac_weekday(due_day);

	if (!ac_clinic_day_is_open(c, due_day, NULL))
		return false;
	if (c->hours.from[wd] == c->hours.until[wd] || t->due > at_minute(z, due_day, c->hours.from[wd]))
		return true;
	for (int64_t day = due_day - 1; day >= first && day > due_day - OPEN_DAY_SEARCH; day--) {
		int d = ac_weekday(day);
		if (ac_clinic_day_is_open(c, day, NULL) &&
		    t->not_before < at_minute(z, day, c->hours.until[d]))
			return true;
	}
	return false;
}

/* The earliest day on which a task may be that leaves `day`: the next of the name that its protocol says, or the next. */
static int64_t
first_later_day(enum ac_closed closed, int64_t day)
{
	int named = (int)closed - AC_CLOSED_MONDAY;

	return named < 0 ? day + 1 : day + 1 + (named - ac_weekday(day + 1) + 7) % 7;
}

/* Moved to a later day: it begins when the doors open next (on `moved_to` itself, where the protocol names a day of the
 * week), not on a day on which nobody is there. */
static void
begin_when_open(const struct ac_plan_work *w, struct raw_task *r, int64_t moved_to)
{
	const struct ac_clinic *c = w->in->clinic;
	struct ac_plan_task *t = &r->t;
	int64_t day = day_of(w->in->zone, t->not_before), last = day_of(w->in->zone, t->due);

	if (w->in->keeps_first_hour || t->not_before <= r->anchor || ac_clinic_day_is_open(c, day, NULL))
		return;
	if (t->def->closed >= AC_CLOSED_MONDAY)
		day = moved_to;
	while (day < last && !ac_clinic_day_is_open(c, day, NULL))
		day++;
	t->not_before = at_minute(w->in->zone, day, c->hours.from[ac_weekday(day)]);
}

static bool
move(const struct ac_plan_work *w, struct raw_task *r)
{
	const struct ac_zone *z = w->in->zone;
	const struct ac_clinic *c = w->in->clinic;
	struct ac_plan_task *t = &r->t;
	bool later = t->def->closed != AC_CLOSED_BEFORE;
	int64_t due_day = day_of(z, t->due), day = later ? first_later_day(t->def->closed, due_day) : due_day - 1;

	if (later && ac_clinic_day_is_open(c, due_day, NULL))
		day = due_day; /* due before opening: the same day may do */
	for (int i = 0; i < OPEN_DAY_SEARCH; i++, day += later ? 1 : -1) {
		if (!ac_clinic_day_is_open(c, day, NULL))
			continue;
		int64_t due = same_time_on(w, day, t->due);
		int64_t moved = due > t->due ? due - t->due : t->due - due;
		if (!within_shift(t->def->shift, later ? day - due_day : due_day - day, moved) || due <= r->anchor)
			return false;
		t->due = due;
		if (later)
			begin_when_open(w, r, day);
		if (t->not_before > due) /* may be done from the opening of the day on which it is due now */
			t->not_before = at_minute(z, day, c->hours.from[ac_weekday(day)]);
		if (t->not_before < r->anchor)
			t->not_before = r->anchor;
		t->shifted = true;
		return true;
	}
	return false;
}

static void
place(struct ac_plan_work *w, struct raw_task *r)
{
	struct ac_plan_task *t = &r->t;

	if (t->urgent || t->def->closed == AC_CLOSED_KEEP || t->due == AC_INSTANT_NONE ||
	    t->appointment != NULL)
		return;
	if (is_doable(w, t) || move(w, r))
		return;
	t->unplaced = true;
	ac_plan_warn(w, "TASK-UNPLACED", "%.*s: due on a closed day, and no open day lies within its shift.",
	    AC_FMT(t->key));
}

static bool
is_follow_up(struct ac_str category)
{
	static const char word[] = "follow";

	if (category.n < sizeof(word) - 1)
		return false;
	for (size_t i = 0; i < sizeof(word) - 1; i++) {
		char c = category.p[i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != word[i])
			return false;
	}
	return true;
}

/* A booked follow-up is when the visit takes place. The earliest that lies within what the protocol allows. */
static void
use_appointment(struct ac_plan_work *w, struct raw_task *r)
{
	const struct encounter *e = w->in->encounter;
	struct ac_plan_task *t = &r->t;
	bool outside = false;
	int64_t lo = t->not_before, hi = ac_end_or_never(t->due);

	if (t->kind != AC_TASK_VISIT)
		return;
	if (r->range_min != AC_INSTANT_NONE && r->range_min < lo)
		lo = r->range_min;
	if (r->range_max != AC_INSTANT_NONE && r->range_max > hi)
		hi = r->range_max;
	for (size_t i = 0; i < e->nappointments; i++) {
		const struct enc_appointment *ap = &e->appointments[i];
		if (!ac_streq_c(ap->status, "booked") || !is_follow_up(ap->category) ||
		    ap->start.precision != 14 || ap->start.t <= r->anchor)
			continue;
		if (ap->start.t < lo || ap->start.t > hi) {
			outside = true;
			continue;
		}
		if (t->appointment == NULL || ap->start.t < t->appointment->start.t ||
		    (ap->start.t == t->appointment->start.t && ac_str_cmp(ap->id, t->appointment->id) < 0))
			t->appointment = ap;
	}
	if (t->appointment != NULL) {
		t->due = t->appointment->start.t;
		if (t->not_before > t->due)
			t->not_before = t->due;
	} else if (outside) {
		ac_plan_warn(w, "APPOINTMENT-OUT-OF-RANGE",
		    "%.*s: the booked follow-up appointment lies outside the time that the protocol asks "
		    "for.",
		    AC_FMT(t->key));
	}
}

/* A title for the worklist; which of several times it is stands in it. */
static struct ac_str
title_of(struct ac_arena *a, const struct ac_task_def *def, uint32_t occurrence)
{
	struct ac_str label = english(def->label), title = label.n > 0 ? label : english(def->text);

	return def->nat < 2 ? title : ac_strf(a, "%.*s (%u of %zu)", AC_FMT(title), occurrence, def->nat);
}

static struct raw_task
task_of(struct ac_plan_work *w, const struct ac_treatment *tr, const struct ac_task_def *def, size_t order,
    uint32_t occurrence)
{
	const struct ac_zone *z = w->in->zone;
	struct raw_task r = { .key_protocol = tr->protocol,
		.key_def = def,
		.order = order,
		.anchor = tr->anchor,
		.occurrence = occurrence };

	r.range_min = ac_plan_at(z, tr->anchor, def->range_min, AC_FOLD_EARLIER);
	r.range_max = ac_plan_at(z, tr->anchor, def->range_max, AC_FOLD_EARLIER);
	r.t = (struct ac_plan_task){
		.def = def,
		.protocol = tr->protocol,
		.occurrence = occurrence,
		.occurrences = def->nat > 1 ? (uint32_t)def->nat : 1,
		.title = title_of(w->a, def, occurrence),
		.role = ac_str_is_set(def->role) ? def->role : AC_S("clinician"), /* open in a draft */
		.kind = def->kind,
		.urgent = def->urgent,
		.not_before = ac_plan_at(z, tr->anchor, def->from, AC_FOLD_EARLIER),
		.due = ac_plan_at(z, tr->anchor, def->until, AC_FOLD_EARLIER),
	};
	if (def->nat > 0) {
		r.t.not_before = ac_plan_at(z, tr->anchor, def->at[occurrence - 1], AC_FOLD_EARLIER);
		r.t.due = ac_plan_at(z, r.t.not_before, def->within, AC_FOLD_EARLIER);
	}
	if (r.t.not_before ==
	    AC_INSTANT_NONE) /* at once: not only when the day is over that stands for the time */
		r.t.not_before =
		    tr->anchor_source == AC_ANCHOR_DAY_END ? w->in->encounter->start.t : tr->anchor;
	return r;
}

/* Everything that stands behind the two but the one that is shown. */
static void
merge_defs(
    struct ac_plan_task *into, const struct ac_plan_task *x, const struct ac_plan_task *y, struct ac_arena *a)
{
	const struct ac_plan_task *both[] = { x, y };
	const struct ac_task_def **all = ac_new(a, const struct ac_task_def *, x->nmerged + y->nmerged + 1);
	size_t n = 0;

	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k <= both[i]->nmerged; k++) {
			const struct ac_task_def *def = k == 0 ? both[i]->def : both[i]->merged[k - 1];
			if (def != into->def)
				all[n++] = def;
		}
	}
	into->merged = all;
	into->nmerged = n;
}

/* The earliest due holds; of the same due, the first in order. What one of them surely asks for is certain. */
static void
merge_task(struct raw_task *into, const struct raw_task *other, struct ac_arena *a)
{
	struct raw_task both = *into;
	int c = ac_cmp_i64(ac_end_or_never(other->t.due), ac_end_or_never(into->t.due));

	if (c == 0)
		c = ac_cmp_i64(other->t.not_before, into->t.not_before);
	if (c < 0 || (c == 0 && other->order < into->order))
		both = *other;
	if (into->t.def != other->t.def)
		merge_defs(&both.t, &into->t, &other->t, a);
	both.t.assumed = into->t.assumed && other->t.assumed;
	both.t.urgent = into->t.urgent || other->t.urgent;
	if (into->order <= other->order) {
		both.key_protocol = into->key_protocol;
		both.key_def = into->key_def;
	} else {
		both.key_protocol = other->key_protocol;
		both.key_def = other->key_def;
	}
	*into = both;
}

static void
add_task(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_task_def *def, size_t order,
    uint32_t occurrence, struct raw_task *raw, size_t *nraw)
{
	struct ac_missing paths = { 0 };
	struct raw_task mine = { 0 };
	bool first = true;
	enum ac_truth truth = ac_plan_line_truth(w, &def->l, &paths);

	if (truth == AC_FALSE)
		return;
	for (size_t i = 0; i < w->p->ntreatments; i++) {
		const struct ac_treatment *t = &w->p->treatments[i];
		if (t->protocol != p)
			continue;
		struct raw_task r = task_of(w, t, def, order, occurrence);
		r.t.assumed = truth == AC_UNKNOWN;
		if (first)
			mine = r;
		else
			merge_task(&mine, &r, w->a);
		first = false;
	}
	for (size_t i = 0; i < *nraw && ac_str_is_set(def->concept); i++) {
		if (raw[i].occurrence == occurrence && ac_streq(raw[i].key_def->concept, def->concept)) {
			merge_task(&raw[i], &mine, w->a);
			return;
		}
	}
	raw[(*nraw)++] = mine;
}

static int
by_due(const void *px, const void *py)
{
	const struct ac_plan_task *x = px, *y = py;
	int c = ac_cmp_i64(ac_end_or_never(x->due), ac_end_or_never(y->due));

	if (c == 0)
		c = ac_cmp_i64(x->not_before, y->not_before);
	return c != 0 ? c : ac_str_cmp(x->key, y->key);
}

struct ac_str
ac_task_key(
    struct ac_arena *a, const struct ac_protocol *p, const struct ac_task_def *def, uint32_t occurrence)
{
	return ac_strf(a, "%.*s/%.*s/%u", AC_FMT(p->id), AC_FMT(def->l.id), occurrence);
}

uint32_t
ac_task_times(const struct ac_task_def *def)
{
	return def->nat > 0 ? (uint32_t)def->nat : 1;
}

void
ac_plan_tasks(struct ac_plan_work *w)
{
	struct ac_plan *p = w->p;
	size_t max = 0, nraw = 0, order = 0;

	for (size_t i = 0; i < w->nprotocols; i++)
		for (size_t k = 0; k < w->protocols[i]->ntasks; k++)
			max += ac_task_times(&w->protocols[i]->tasks[k]);
	struct raw_task *raw = ac_new(w->a, struct raw_task, max);
	for (size_t i = 0; i < w->nprotocols; i++)
		for (size_t k = 0; k < w->protocols[i]->ntasks; k++)
			for (uint32_t n = 1; n <= ac_task_times(&w->protocols[i]->tasks[k]); n++)
				add_task(
				    w, w->protocols[i], &w->protocols[i]->tasks[k], order++, n, raw, &nraw);

	p->tasks = ac_new(w->a, struct ac_plan_task, nraw + 1); /* one of the product's own may follow */
	for (size_t i = 0; i < nraw; i++) {
		raw[i].t.key = ac_task_key(w->a, raw[i].key_protocol, raw[i].key_def, raw[i].occurrence);
		use_appointment(w, &raw[i]);
		place(w, &raw[i]);
		p->tasks[p->ntasks++] = raw[i].t;
	}
	if (p->ntasks > 0)
		qsort(p->tasks, p->ntasks, sizeof(*p->tasks), by_due);
}

/* Nothing is issued or final before a required fact is known: somebody has to record it. */
void
ac_plan_own_tasks(struct ac_plan_work *w)
{
	struct ac_plan *p = w->p;
	bool required = false;

	for (size_t i = 0; i < p->nmissing; i++)
		required |= p->missing[i].required;
	if (!required || (p->status != AC_PLAN_ACTIVE && p->status != AC_PLAN_ON_HOLD))
		return;
	p->tasks[p->ntasks++] = (struct ac_plan_task){
		.key = AC_S("aftercare/record-facts/1"),
		.occurrence = 1,
		.occurrences = 1,
		.title = AC_S("Record what the plan must know before it can be given out"),
		.role = AC_S("clinician"),
		.kind = AC_TASK_RECORD,
		.not_before = p->anchor,
		.due = p->anchor + RECORD_FACTS_DUE_S,
	};
	qsort(p->tasks, p->ntasks, sizeof(*p->tasks), by_due);
}
