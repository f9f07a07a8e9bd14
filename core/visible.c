/* visible.c - see visible.h. */
#include "core/visible.h"

#include "core/bodymap.h"
#include "core/handout_parts.h"
#include "core/sheet_time.h"

struct look {
	const struct ac_plan *before, *now;
	struct ac_arena *a;
	struct ac_visible out;
	size_t cap;
};

static void
add(struct look *k, struct ac_visible_change c, bool urgent)
{
	struct {
		struct ac_visible_change *v;
		size_t n, cap;
	} list = { k->out.v, k->out.n, k->cap };

	AC_PUSH(k->a, &list, c);
	k->out.v = list.v;
	k->out.n = list.n;
	k->cap = list.cap;
	k->out.changed = true;
	k->out.urgent |= urgent;
}

static struct ac_str
text_for(struct ac_texts t, const struct ac_plan *p)
{
	bool fell_back;
	struct ac_str lang = p->in->encounter->patient.language;

	return ac_text_pick(t, ac_str_is_set(lang) ? lang : AC_S("en"), &fell_back);
}

static bool
same_text(const struct look *k, struct ac_texts x, struct ac_texts y)
{
	return ac_streq(text_for(x, k->now), text_for(y, k->now));
}

static struct ac_texts
words_of(const struct ac_instruction *def)
{
	return def->label.n > 0 ? def->label : def->text;
}

static const struct ac_plan_line *
line_of(const struct ac_plan *p, struct ac_str key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq(p->lines[i].key, key))
			return &p->lines[i];
	return NULL;
}

/* Where the sheet names a day: its beginning, so that two instants of one day are one. */
static int64_t
day_of(const struct ac_plan *p, int64_t t)
{
	struct ac_wall w;

	if (t == AC_INSTANT_NONE)
		return t;
	w = ac_wall_at(p->in->zone, t);
	w.hour = w.min = w.sec = 0;
	return ac_wall_instant(p->in->zone, w, AC_FOLD_EARLIER);
}

static int64_t
end_of(const struct ac_plan *p, const struct ac_plan_line *l)
{
	int64_t end;

	if (l->until == AC_INSTANT_NONE)
		return INT64_MAX;
	end = ac_sheet_end(p->in->zone, l->until);
	return ac_sheet_states_day(l) ? day_of(p, end) : end;
}

static bool
same_words(const struct look *k, const struct ac_instruction *n, const struct ac_instruction *b)
{
	bool same = n->kind == b->kind && same_text(k, n->text, b->text) && same_text(k, n->label, b->label) &&
		    n->nexcept == b->nexcept;

	for (size_t i = 0; same && i < n->nexcept; i++)
		same = same_text(k, n->except[i].text, b->except[i].text);
	return same;
}

/* Stricter or new: the old sheet does not say enough. Weaker or gone: it says too much, which can wait. */
static void
line(struct look *k, const struct ac_plan_line *n)
{
	const struct ac_plan_line *b = line_of(k->before, n->key);
	struct ac_visible_change c = { .line = n, .was = b, .text = words_of(n->def), .at = AC_INSTANT_NONE };
	int64_t n_until = end_of(k->now, n), b_until;

	if (b == NULL) {
		c.kind = AC_VISIBLE_NEW;
		c.at = n->from;
		add(k, c, true);
		return;
	}
	b_until = end_of(k->before, b);
	if (n->from < b->from || n_until > b_until) {
		c.kind = AC_VISIBLE_STRONGER;
		c.at = n_until > b_until ? b_until : n->from;
		if (n->from < b->from && n->from < c.at)
			c.at = n->from;
		add(k, c, true);
	} else if (n->from > b->from || n_until < b_until) {
		c.kind = AC_VISIBLE_WEAKER;
		c.at = n->from > b->from ? b->from : n_until;
		add(k, c, false);
	} else if (!same_words(k, n->def, b->def)) {
		c.kind = AC_VISIBLE_CHANGED;
		add(k, c, false);
	}
}

static void
lines(struct look *k)
{
	for (size_t i = 0; i < k->now->nlines; i++)
		line(k, &k->now->lines[i]);
	for (size_t i = 0; i < k->before->nlines; i++) {
		const struct ac_plan_line *b = &k->before->lines[i];

		if (line_of(k->now, b->key) == NULL)
			add(k, (struct ac_visible_change){ .kind = AC_VISIBLE_GONE, .was = b, .text = words_of(b->def), .at = AC_INSTANT_NONE },
			    false);
	}
}

static bool
has_flag(const struct ac_plan *p, const struct ac_plan_flag *f)
{
	for (size_t i = 0; i < p->nflags; i++) {
		const struct ac_plan_flag *x = &p->flags[i];
		if (x->def->level == f->def->level && ac_streq(x->protocol->id, f->protocol->id) &&
		    ac_streq(x->def->l.id, f->def->l.id) &&
		    ac_streq(text_for(x->def->text, p), text_for(f->def->text, p)))
			return true;
	}
	return false;
}

static void
flags(struct look *k)
{
	for (size_t i = 0; i < k->now->nflags; i++) {
		const struct ac_plan_flag *f = &k->now->flags[i];
		if (!has_flag(k->before, f))
			add(k, (struct ac_visible_change){ .kind = AC_VISIBLE_NEW, .part = AC_VISIBLE_SIGN, .text = f->def->text, .at = f->from }, true);
	}
	for (size_t i = 0; i < k->before->nflags; i++) {
		const struct ac_plan_flag *f = &k->before->flags[i];
		if (!has_flag(k->now, f))
			add(k, (struct ac_visible_change){ .kind = AC_VISIBLE_GONE, .part = AC_VISIBLE_SIGN, .text = f->def->text, .at = AC_INSTANT_NONE }, false);
	}
}

static bool
has_expectation(const struct ac_plan *p, const struct ac_plan_expectation *e)
{
	for (size_t i = 0; i < p->nexpectations; i++) {
		const struct ac_plan_expectation *x = &p->expectations[i];
		if (day_of(p, ac_sheet_end(p->in->zone, x->until)) == day_of(p, ac_sheet_end(p->in->zone, e->until)) &&
		    ac_streq(x->protocol->id, e->protocol->id) && ac_streq(x->def->l.id, e->def->l.id) &&
		    ac_streq(text_for(x->def->text, p), text_for(e->def->text, p)))
			return true;
	}
	return false;
}

static bool
speaks_of(const struct ac_plan *p, const struct ac_plan_expectation *e)
{
	for (size_t i = 0; i < p->nexpectations; i++)
		if (ac_streq(p->expectations[i].protocol->id, e->protocol->id) &&
		    ac_streq(p->expectations[i].def->l.id, e->def->l.id))
			return true;
	return false;
}

static void
expectations(struct look *k)
{
	for (size_t i = 0; i < k->now->nexpectations; i++) {
		const struct ac_plan_expectation *e = &k->now->expectations[i];
		if (!has_expectation(k->before, e))
			add(k, (struct ac_visible_change){ .kind = speaks_of(k->before, e) ? AC_VISIBLE_CHANGED : AC_VISIBLE_NEW,
				   .part = AC_VISIBLE_EXPECTED, .text = e->def->text, .at = e->from }, false);
	}
	for (size_t i = 0; i < k->before->nexpectations; i++) {
		const struct ac_plan_expectation *e = &k->before->expectations[i];
		if (!speaks_of(k->now, e))
			add(k, (struct ac_visible_change){ .kind = AC_VISIBLE_GONE, .part = AC_VISIBLE_EXPECTED, .text = e->def->text, .at = AC_INSTANT_NONE }, false);
	}
}

/* Visits and what the patient does; what the clinic does without the patient is not on the sheet. */
static bool
is_on_sheet(const struct ac_plan_task *t)
{
	return t->def != NULL && (t->def->patient || t->kind == AC_TASK_VISIT || t->kind == AC_TASK_SESSION);
}

static const struct ac_plan_task *
task_of(const struct ac_plan *p, struct ac_str key)
{
	for (size_t i = 0; i < p->ntasks; i++)
		if (is_on_sheet(&p->tasks[i]) && ac_streq(p->tasks[i].key, key))
			return &p->tasks[i];
	return NULL;
}

static bool
same_times(const struct look *k, const struct ac_plan_task *b, const struct ac_plan_task *n)
{
	if (ac_sheet_task_by_day(b) && ac_sheet_task_by_day(n))
		return day_of(k->before, b->due) == day_of(k->now, n->due) &&
		       day_of(k->before, b->not_before) == day_of(k->now, n->not_before);
	return b->due == n->due && b->not_before == n->not_before;
}

static void
tasks(struct look *k)
{
	for (size_t i = 0; i < k->now->ntasks; i++) {
		const struct ac_plan_task *n = &k->now->tasks[i], *b;
		struct ac_visible_change c = { .part = AC_VISIBLE_TASK, .task = n };

		if (!is_on_sheet(n))
			continue;
		b = task_of(k->before, n->key);
		if (b != NULL && same_times(k, b, n))
			continue;
		c.kind = b == NULL ? AC_VISIBLE_NEW : AC_VISIBLE_CHANGED;
		c.text = n->def->label.n > 0 ? n->def->label : n->def->text;
		c.at = b != NULL && b->not_before < n->not_before ? b->not_before : n->not_before;
		add(k, c, b != NULL && n->due < b->due);
	}
	for (size_t i = 0; i < k->before->ntasks; i++) {
		const struct ac_plan_task *b = &k->before->tasks[i];
		if (is_on_sheet(b) && task_of(k->now, b->key) == NULL)
			add(k, (struct ac_visible_change){ .kind = AC_VISIBLE_GONE, .part = AC_VISIBLE_TASK,
				   .text = b->def->label.n > 0 ? b->def->label : b->def->text, .at = b->not_before }, false);
	}
}

static bool
same_contacts(const struct ac_clinic *x, const struct ac_clinic *y)
{
	return x == y || (ac_streq(x->clinic.number, y->clinic.number) &&
			     ac_streq(x->out_of_hours.number, y->out_of_hours.number) &&
			     ac_streq(x->emergency.number, y->emergency.number));
}

/* As sets: the sheet names and draws what was treated. */
static bool
has_area(struct enc_strs areas, struct ac_str area)
{
	for (size_t i = 0; i < areas.n; i++)
		if (ac_streq(areas.v[i], area))
			return true;
	return false;
}

static bool
same_areas(struct enc_strs x, struct enc_strs y)
{
	for (size_t i = 0; i < x.n; i++)
		if (!has_area(y, x.v[i]))
			return false;
	for (size_t i = 0; i < y.n; i++)
		if (!has_area(x, y.v[i]))
			return false;
	return true;
}

static void
other(struct look *k, enum ac_visible_part part, int64_t at, bool urgent)
{
	add(k, (struct ac_visible_change){ .kind = AC_VISIBLE_CHANGED, .part = part, .at = at }, urgent);
}

struct ac_visible
ac_plan_visible(const struct ac_plan *before, const struct ac_plan *now, struct ac_arena *a)
{
	struct look k = { .before = before, .now = now, .a = a };

	/* that it ran its course changes nothing on the sheet */
	if (before->status != now->status && now->status != AC_PLAN_COMPLETED) {
		other(&k, AC_VISIBLE_STATUS, AC_INSTANT_NONE, true);
		return k.out;
	}
	lines(&k);
	flags(&k);
	expectations(&k);
	tasks(&k);
	if (day_of(before, before->series_next_from) != day_of(now, now->series_next_from))
		other(&k, AC_VISIBLE_SERIES, now->series_next_from, false);
	if (!same_areas(ac_plan_areas(before), ac_plan_areas(now)))
		other(&k, AC_VISIBLE_AREAS, AC_INSTANT_NONE, false);
	if (!same_contacts(before->in->clinic, now->in->clinic))
		other(&k, AC_VISIBLE_NUMBERS, AC_INSTANT_NONE, true);
	return k.out;
}

const char *
ac_visible_word(enum ac_visible_kind k)
{
	static const char *const words[] = { [AC_VISIBLE_NEW] = "new", [AC_VISIBLE_STRONGER] = "stricter",
		[AC_VISIBLE_WEAKER] = "less strict", [AC_VISIBLE_CHANGED] = "changed", [AC_VISIBLE_GONE] = "gone" };

	return words[k];
}

static struct ac_str
part_words(const struct ac_visible_change *c)
{
	static const char *const words[] = { [AC_VISIBLE_LINE] = "a line", [AC_VISIBLE_SIGN] = "a sign", [AC_VISIBLE_EXPECTED] = "what is expected",
		[AC_VISIBLE_TASK] = "an appointment", [AC_VISIBLE_STATUS] = "the plan does not hold as the sheet says",
		[AC_VISIBLE_SERIES] = "when the next session may be", [AC_VISIBLE_AREAS] = "treated areas",
		[AC_VISIBLE_NUMBERS] = "telephone numbers" };

	return c->text.n > 0 ? ac_text_pick(c->text, AC_S("en"), NULL) : ac_str_c(words[c->part]);
}

static struct ac_str
end_words(const struct ac_zone *z, int64_t until, struct ac_arena *a)
{
	if (until == AC_INSTANT_NONE)
		return AC_S("no end");
	return ac_strf(a, "until %.*s", AC_FMT(ac_sheet_time(a, z, ac_sheet_end(z, until), AC_TIME_SHORT, AC_S("en"))));
}

/* What stands behind its name. */
static struct ac_str
times(const struct ac_visible_change *c, const struct ac_zone *z, struct ac_arena *a)
{
	struct ac_str en = AC_S("en"), s = AC_S("");

	if (c->line != NULL && (c->line->until != AC_INSTANT_NONE || c->was != NULL))
		s = ac_strf(a, ", %.*s", AC_FMT(end_words(z, c->line->until, a)));
	if (c->line != NULL && c->line->from != AC_INSTANT_NONE)
		s = ac_strf(a, "%.*s, from %.*s", AC_FMT(s), AC_FMT(ac_sheet_time(a, z, c->line->from, AC_TIME_SHORT, en)));
	if (c->line != NULL && c->was != NULL && c->line->until != c->was->until)
		s = ac_strf(a, "%.*s (sheet: %.*s)", AC_FMT(s), AC_FMT(end_words(z, c->was->until, a)));
	if (c->task != NULL && c->task->due != AC_INSTANT_NONE)
		s = ac_strf(a, "%.*s, %.*s", AC_FMT(s), AC_FMT(ac_sheet_time(a, z, c->task->due, AC_TIME_SHORT, en)));
	return s;
}

struct ac_str
ac_visible_words(const struct ac_visible_change *c, const struct ac_zone *z, struct ac_arena *a)
{
	return ac_strf(
	    a, "%s: %.*s%.*s", ac_visible_word(c->kind), AC_FMT(part_words(c)), AC_FMT(times(c, z, a)));
}

struct ac_str
ac_visible_told(const struct ac_visible *v, size_t i, const struct ac_zone *z, struct ac_arena *a)
{
	const struct ac_visible_change *c = &v->v[i];
	struct ac_str behind = times(c, z, a), names = part_words(c);

	for (size_t k = 0; k < v->n && c->text.n > 0 && c->task == NULL; k++) {
		const struct ac_visible_change *x = &v->v[k];

		if (k == i || x->kind != c->kind || x->part != c->part || x->text.n == 0 || x->task != NULL ||
		    !ac_streq(times(x, z, a), behind))
			continue;
		if (k < i) /* told with it */
			return (struct ac_str){ 0 };
		names = ac_strf(a, "%.*s; %.*s", AC_FMT(names), AC_FMT(part_words(x)));
	}
	return ac_strf(a, "%s: %.*s%.*s", ac_visible_word(c->kind), AC_FMT(names), AC_FMT(behind));
}

int64_t
ac_told_version(const struct ac_issue_row *issues, size_t nissues, const struct ac_task_row *tasks, size_t ntasks)
{
	int64_t v = 0, last = 0;

	for (size_t i = 0; i < nissues; i++)
		if (issues[i].n > last) {
			last = issues[i].n;
			v = issues[i].plan_version;
		}
	for (size_t i = 0; i < ntasks && nissues > 0; i++) {
		const struct ac_task_row *t = &tasks[i];
		if (ac_str_starts(t->name, AC_S(AC_TASK_TELL)) && ac_streq_c(t->status, "completed") && ac_str_is_set(t->actor) &&
		    t->plan_version > v)
			v = t->plan_version;
	}
	return v;
}
