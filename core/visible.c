/* visible.c - what of a plan stands on the patient's sheet, and how far two plans differ in it. */
#include "core/bodymap.h"
#include "core/intake_parts.h"

static struct ac_str
text_for(struct ac_texts t, const struct ac_plan *p)
{
	bool fell_back;
	struct ac_str lang = p->in->encounter->patient.language;

	return ac_text_pick(t, ac_str_is_set(lang) ? lang : AC_S("en"), &fell_back);
}

static const struct ac_plan_line *
line_of(const struct ac_plan *p, struct ac_str key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq(p->lines[i].key, key))
			return &p->lines[i];
	return NULL;
}

/* Stricter or new: the old sheet does not say enough. Weaker or gone: it says too much, which can wait. */
static void
lines(const struct ac_plan *before, const struct ac_plan *now, struct ac_visible *v)
{
	for (size_t i = 0; i < now->nlines; i++) {
		const struct ac_plan_line *n = &now->lines[i], *b = line_of(before, n->key);
		int64_t n_until = n->until == AC_INSTANT_NONE ? INT64_MAX : n->until, b_until;

		if (b == NULL) {
			v->changed = v->urgent = true;
			continue;
		}
		b_until = b->until == AC_INSTANT_NONE ? INT64_MAX : b->until;
		if (n->from < b->from || n_until > b_until)
			v->changed = v->urgent = true;
		if (n->from != b->from || n_until != b_until ||
		    !ac_streq(text_for(n->def->text, now), text_for(b->def->text, now)))
			v->changed = true;
	}
	for (size_t i = 0; i < before->nlines; i++)
		v->changed |= line_of(now, before->lines[i].key) == NULL;
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
flags(const struct ac_plan *before, const struct ac_plan *now, struct ac_visible *v)
{
	for (size_t i = 0; i < now->nflags; i++)
		if (!has_flag(before, &now->flags[i]))
			v->changed = v->urgent = true;
	for (size_t i = 0; i < before->nflags; i++)
		v->changed |= !has_flag(now, &before->flags[i]);
}

static bool
has_expectation(const struct ac_plan *p, const struct ac_plan_expectation *e)
{
	for (size_t i = 0; i < p->nexpectations; i++) {
		const struct ac_plan_expectation *x = &p->expectations[i];
		if (x->from == e->from && x->until == e->until &&
		    ac_streq(x->protocol->id, e->protocol->id) && ac_streq(x->def->l.id, e->def->l.id) &&
		    ac_streq(text_for(x->def->text, p), text_for(e->def->text, p)))
			return true;
	}
	return false;
}

static void
expectations(const struct ac_plan *before, const struct ac_plan *now, struct ac_visible *v)
{
	for (size_t i = 0; i < now->nexpectations; i++)
		v->changed |= !has_expectation(before, &now->expectations[i]);
	for (size_t i = 0; i < before->nexpectations; i++)
		v->changed |= !has_expectation(now, &before->expectations[i]);
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

static void
tasks(const struct ac_plan *before, const struct ac_plan *now, struct ac_visible *v)
{
	for (size_t i = 0; i < now->ntasks; i++) {
		const struct ac_plan_task *n = &now->tasks[i], *b;

		if (!is_on_sheet(n))
			continue;
		b = task_of(before, n->key);
		if (b == NULL || b->due != n->due || b->not_before != n->not_before)
			v->changed = true;
		if (b != NULL && n->due < b->due)
			v->urgent = true;
	}
	for (size_t i = 0; i < before->ntasks; i++)
		if (is_on_sheet(&before->tasks[i]) && task_of(now, before->tasks[i].key) == NULL)
			v->changed = true;
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

struct ac_visible
ac_plan_visible(const struct ac_plan *before, const struct ac_plan *now)
{
	struct ac_visible v = { false, false };

	if (before->status != now->status) {
		v.changed = v.urgent = true;
		return v;
	}
	lines(before, now, &v);
	flags(before, now, &v);
	expectations(before, now, &v);
	tasks(before, now, &v);
	if (before->series_next_from != now->series_next_from ||
	    before->series_next_until != now->series_next_until)
		v.changed = true;
	v.changed |= !same_areas(ac_plan_areas(before), ac_plan_areas(now));
	if (!same_contacts(before->in->clinic, now->in->clinic))
		v.changed = v.urgent = true;
	return v;
}
