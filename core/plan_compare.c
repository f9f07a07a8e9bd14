/* plan_compare.c - see plan_compare.h. Each list of a plan becomes a list of entries that can be compared. */
#include "core/plan_compare.h"

#include "core/plan_parts.h"

/* A line of any kind, as far as it matters here. */
struct entry {
	const char *line;
	struct ac_str key;
	enum ac_strength more; /* of being there; of a later end */
	enum ac_strength later_start;
	int64_t from, until; /* AC_INSTANT_NONE: at once, no end */
	struct ac_str words, label;
	int rank;            /* a red flag's level, a task's urgency: higher is stronger */
	struct ac_str other; /* what else makes a difference, without a direction */
};
struct entries {
	struct entry *v;
	size_t n, cap;
};
struct compare {
	struct ac_arena *a;
	ac_plan_change_fn *fn;
	void *arg;
	size_t n;
};

static struct ac_str
in_language(const struct ac_plan *p, struct ac_texts t)
{
	struct ac_str lang = p->in->encounter->patient.language;

	return ac_text_pick(t, ac_str_is_set(lang) ? lang : AC_S("en"), NULL);
}

static enum ac_strength
opposite(enum ac_strength s)
{
	if (s == AC_STRENGTH_NONE)
		return s;
	return s == AC_STRENGTH_STRONGER ? AC_STRENGTH_WEAKER : AC_STRENGTH_STRONGER;
}

static void
add_instructions(const struct ac_plan *p, struct ac_arena *a, struct entries *to)
{
	for (size_t i = 0; i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];
		enum ac_strength more =
		    l->def->kind == AC_INFORMATION ? AC_STRENGTH_NONE : AC_STRENGTH_STRONGER;
		struct entry e = { .line = ac_instruction_kind_word(l->def->kind),
			.key = l->key,
			.more = more,
			.later_start = ac_kind_is_ban(l->def->kind) ? opposite(more) : more,
			.from = l->from,
			.until = l->until,
			.words = in_language(p, l->def->text),
			.label = in_language(p, l->def->label),
			.other = l->assumed ? AC_S("assumed") : AC_S("") };
		for (size_t k = 0; k < l->def->nexcept; k++)
			e.other = ac_strf(
			    a, "%.*s\n%.*s", AC_FMT(e.other), AC_FMT(in_language(p, l->def->except[k].text)));
		AC_PUSH(a, to, e);
	}
}

static void
add_rest(const struct ac_plan *p, struct ac_arena *a, struct entries *to)
{
	for (size_t i = 0; i < p->ngoals; i++) {
		const struct ac_plan_goal *g = &p->goals[i];
		AC_PUSH(a, to,
		    ((struct entry){ .line = "goal",
			.key = ac_strf(a, "%.*s/%.*s", AC_FMT(g->protocol->id), AC_FMT(g->def->l.id)),
			.words = in_language(p, g->def->text) }));
	}
	for (size_t i = 0; i < p->nexpectations; i++) {
		const struct ac_plan_expectation *x = &p->expectations[i];
		AC_PUSH(a, to,
		    ((struct entry){ .line = "expectation",
			.key = ac_strf(a, "%.*s/%.*s", AC_FMT(x->protocol->id), AC_FMT(x->def->l.id)),
			.more = AC_STRENGTH_WEAKER,
			.later_start = AC_STRENGTH_STRONGER,
			.from = x->from,
			.until = x->until,
			.words = in_language(p, x->def->text) }));
	}
	for (size_t i = 0; i < p->nflags; i++) {
		const struct ac_plan_flag *f = &p->flags[i];
		AC_PUSH(a, to,
		    ((struct entry){ .line = "red flag",
			.key = ac_strf(a, "%.*s/%.*s", AC_FMT(f->protocol->id), AC_FMT(f->def->l.id)),
			.more = AC_STRENGTH_STRONGER,
			.rank = (int)f->def->level,
			.words = in_language(p, f->def->text) }));
	}
}

static void
add_tasks(const struct ac_plan *p, struct ac_arena *a, struct entries *to)
{
	for (size_t i = 0; i < p->ntasks; i++) {
		const struct ac_plan_task *t = &p->tasks[i];
		AC_PUSH(a, to,
		    ((struct entry){ .line = "task",
			.key = t->key,
			.more = AC_STRENGTH_STRONGER,
			.until = t->due,
			.from = t->not_before,
			.rank = t->urgent,
			.words = t->title,
			.label = t->def == NULL ? (struct ac_str){ 0 } : in_language(p, t->def->text),
			.other = ac_strf(a, "%.*s %d%s", AC_FMT(t->role), (int)t->kind,
			    t->unplaced ? " unplaced" : "") }));
	}
	if (p->series_next_from != AC_INSTANT_NONE || p->series_next_until != AC_INSTANT_NONE)
		AC_PUSH(a, to,
		    ((struct entry){ .line = "series",
			.key = AC_S("series"),
			.later_start = AC_STRENGTH_STRONGER,
			.from = p->series_next_from,
			.until = p->series_next_until }));
}

static struct entries
entries_of(const struct ac_plan *p, struct ac_arena *a)
{
	struct entries all = { 0 };

	if (p == NULL)
		return all;
	add_instructions(p, a, &all);
	add_rest(p, a, &all);
	add_tasks(p, a, &all);
	return all;
}

static const struct entry *
find(const struct entries *in, const struct entry *e)
{
	for (size_t i = 0; i < in->n; i++)
		if (ac_streq(in->v[i].key, e->key) &&
		    (strcmp(in->v[i].line, "task") == 0) == (strcmp(e->line, "task") == 0))
			return &in->v[i];
	return NULL;
}

/* A task's later due is weaker, of everything else the end counts as its being there does. */
static enum ac_strength
later_end(const struct entry *e)
{
	return strcmp(e->line, "task") == 0 ? AC_STRENGTH_WEAKER : e->more;
}

struct sum {
	bool stronger, weaker, changed;
};

static void
weigh(struct sum *s, int direction, enum ac_strength of_more)
{
	enum ac_strength is = direction > 0 ? of_more : opposite(of_more);

	if (direction == 0)
		return;
	s->changed = true;
	s->stronger |= is == AC_STRENGTH_STRONGER;
	s->weaker |= is == AC_STRENGTH_WEAKER;
}

static void
tell(struct compare *c, enum ac_change_kind kind, enum ac_strength strength, const struct entry *e)
{
	struct ac_plan_change change = { kind, strength, e->line, e->key };

	c->n++;
	if (c->fn != NULL)
		c->fn(&change, c->arg);
}

static void
both(struct compare *c, const struct entry *b, const struct entry *n)
{
	struct sum s = { 0 };
	enum ac_strength strength = AC_STRENGTH_NONE;

	weigh(&s, ac_cmp_i64(ac_end_or_never(n->until), ac_end_or_never(b->until)), later_end(n));
	weigh(&s, ac_cmp_i64(n->from, b->from), n->later_start);
	weigh(&s, n->rank - b->rank, AC_STRENGTH_STRONGER);
	s.changed |= strcmp(b->line, n->line) != 0 || !ac_streq(b->other, n->other);
	if (s.stronger != s.weaker)
		strength = s.stronger ? AC_STRENGTH_STRONGER : AC_STRENGTH_WEAKER;
	if (strength != AC_STRENGTH_NONE)
		tell(c, s.stronger ? AC_CHANGE_STRONGER : AC_CHANGE_WEAKER, strength, n);
	else if (s.changed)
		tell(c, AC_CHANGE_CHANGED, strength, n);
	else if (!ac_streq(b->words, n->words) || !ac_streq(b->label, n->label))
		tell(c, AC_CHANGE_REWORDED, strength, n);
}

size_t
ac_plan_compare(const struct ac_plan *before, const struct ac_plan *now, struct ac_arena *a,
    ac_plan_change_fn *fn, void *arg)
{
	struct compare c = { .a = a, .fn = fn, .arg = arg };
	struct entries b = entries_of(before, a), n = entries_of(now, a);

	for (size_t i = 0; i < n.n; i++) {
		const struct entry *was = find(&b, &n.v[i]);
		if (was == NULL)
			tell(&c, AC_CHANGE_NEW, n.v[i].more, &n.v[i]);
		else
			both(&c, was, &n.v[i]);
	}
	for (size_t i = 0; i < b.n; i++)
		if (find(&n, &b.v[i]) == NULL)
			tell(&c, AC_CHANGE_GONE, opposite(b.v[i].more), &b.v[i]);
	return c.n;
}
