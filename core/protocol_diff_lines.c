/* protocol_diff_lines.c - the lines of the plan: goals, instructions, expectations, red flags, tasks, check-ins, series. */
#include "core/protocol_diff_parts.h"
#include "core/protocol_schema.h"

/* One kind of line: how a list of them is read. */
struct kind {
	size_t size;
	bool order_counts;                        /* it reaches the plan */
	struct ac_line (*line)(const void *item); /* what all lines have */
	struct pd_line (*about)(const void *before, const void *after);
	struct ac_str (*words)(const void *item, struct ac_arena *a);
	void (*parts)(struct pd *d, const struct pd_line *l, const void *before, const void *after);
	pd_key_fn *key, *renamed;
};

#define LINE_OF(name, T) \
	static struct ac_line name##_line(const void *item) \
	{ \
		return ((const struct T *)item)->l; \
	} \
	static struct ac_str name##_key(const void *item, struct ac_arena *a) \
	{ \
		(void)a; \
		return ((const struct T *)item)->l.id; \
	} \
	struct pd_semicolon
LINE_OF(goal, ac_goal);
LINE_OF(instruction, ac_instruction);
LINE_OF(expectation, ac_expectation);
LINE_OF(flag, ac_red_flag);
LINE_OF(task, ac_task_def);
LINE_OF(check_in, ac_check_in);
LINE_OF(series, ac_series);

static struct ac_str
english(struct ac_texts t)
{
	return ac_text_pick(t, AC_S("en"), NULL);
}

static struct ac_str
all_texts(struct ac_texts t, struct ac_arena *a)
{
	struct ac_str s = AC_S("");

	for (size_t i = 0; i < t.n; i++)
		s = ac_strf(a, "%.*s%.*s\n%.*s\n", AC_FMT(s), AC_FMT(t.v[i].lang), AC_FMT(t.v[i].text));
	return s;
}

/* goals */

static struct ac_str
goal_renamed(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_goal *)item)->concept;
}

static struct pd_line
goal_about(const void *b, const void *n)
{
	(void)b;
	(void)n;
	return (struct pd_line){ .line = "goal" };
}

static struct ac_str
goal_words(const void *item, struct ac_arena *a)
{
	(void)a;
	return english(((const struct ac_goal *)item)->text);
}

static void
goal_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	const struct ac_goal *b = pb, *n = pn;

	pd_value(d, l, "concept", b->concept, n->concept, AC_STRENGTH_NONE);
	pd_texts(d, l, "text", b->text, n->text);
}

/* instructions */

static struct ac_str
instruction_renamed(const void *item, struct ac_arena *a)
{
	const struct ac_instruction *i = item;

	return ac_strf(a, "%s %.*s", ac_instruction_kind_word(i->kind), AC_FMT(i->concept));
}

static struct pd_line
instruction_about(const void *b, const void *n)
{
	const struct ac_instruction *i = n != NULL ? n : b;

	if (i == NULL) /* one of the two is always there */
		return (struct pd_line){ .line = "instruction" };
	return (struct pd_line){ .line = ac_instruction_kind_word(i->kind),
		.visible = true,
		.more = i->kind == AC_INFORMATION ? AC_STRENGTH_NONE : AC_STRENGTH_STRONGER };
}

static struct ac_str
instruction_words(const void *item, struct ac_arena *a)
{
	const struct ac_instruction *i = item;
	struct ac_str s = english(i->label.n > 0 ? i->label : i->text);

	for (size_t k = 0; k < i->nwindows; k++)
		s = ac_strf(a, "%.*s; %.*s%s%.*s", AC_FMT(s), AC_FMT(pd_window_words(a, &i->windows[k])),
		    i->windows[k].when != NULL ? " when " : "",
		    AC_FMT(i->windows[k].when != NULL ? ac_condition_source(i->windows[k].when) : AC_S("")));
	return s;
}

/* Forbidding and warning ask more than advice. */
static enum ac_strength
kind_strength(enum ac_instruction_kind b, enum ac_instruction_kind n)
{
	static const int rank[] = {
		[AC_RESTRICTION] = 3, [AC_WARNING] = 2, [AC_CARE] = 1, [AC_INFORMATION] = 0
	};

	if (rank[b] == rank[n])
		return AC_STRENGTH_NONE;
	return rank[n] > rank[b] ? AC_STRENGTH_STRONGER : AC_STRENGTH_WEAKER;
}

static void
instruction_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	const struct ac_instruction *b = pb, *n = pn;
	struct pd_line hidden = *l;

	hidden.visible = false;
	pd_value(d, l, "kind", ac_str_c(ac_instruction_kind_word(b->kind)),
	    ac_str_c(ac_instruction_kind_word(n->kind)), kind_strength(b->kind, n->kind));
	pd_windows(d, l, b, n);
	pd_texts(d, l, "label", b->label, n->label);
	pd_texts(d, l, "text", b->text, n->text);
	pd_excepts(d, l, b, n);
	pd_value(d, &hidden, "concept", b->concept, n->concept, AC_STRENGTH_NONE);
	pd_strs(d, &hidden, "contradicts", b->contradicts, b->ncontradicts, n->contradicts, n->ncontradicts,
	    false);
	pd_whys(d, &hidden, b, n);
}

/* expectations */

static struct ac_str
expectation_renamed(const void *item, struct ac_arena *a)
{
	return all_texts(((const struct ac_expectation *)item)->text, a);
}

static struct pd_line
expectation_about(const void *b, const void *n)
{
	(void)b;
	(void)n;
	return (struct pd_line){ .line = "expectation", .visible = true, .more = AC_STRENGTH_WEAKER };
}

static struct ac_str
expectation_words(const void *item, struct ac_arena *a)
{
	const struct ac_expectation *e = item;
	struct ac_window w = { .from = e->from, .until = e->until };

	return ac_strf(a, "%.*s; %.*s", AC_FMT(english(e->text)), AC_FMT(pd_window_words(a, &w)));
}

static void
expectation_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	const struct ac_expectation *b = pb, *n = pn;

	pd_offset(d, l, "from", b->from, n->from, PD_NONE_IS_FIRST, AC_STRENGTH_STRONGER);
	pd_offset(d, l, "until", b->until, n->until, PD_NONE_IS_LAST, AC_STRENGTH_WEAKER);
	pd_texts(d, l, "text", b->text, n->text);
}

/* red flags */

static struct ac_str
flag_renamed(const void *item, struct ac_arena *a)
{
	return all_texts(((const struct ac_red_flag *)item)->text, a);
}

static struct pd_line
flag_about(const void *b, const void *n)
{
	(void)b;
	(void)n;
	return (struct pd_line){ .line = "red flag", .visible = true, .more = AC_STRENGTH_STRONGER };
}

static struct ac_str
flag_words(const void *item, struct ac_arena *a)
{
	const struct ac_red_flag *f = item;

	return ac_strf(a, "%s: %.*s", ac_flag_level_word(f->level), AC_FMT(english(f->text)));
}

static void
flag_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	const struct ac_red_flag *b = pb, *n = pn;

	pd_value(d, l, "level", ac_str_c(ac_flag_level_word(b->level)),
	    ac_str_c(ac_flag_level_word(n->level)),
	    n->level == AC_FLAG_EMERGENCY ? AC_STRENGTH_STRONGER : AC_STRENGTH_WEAKER);
	pd_value(d, l, "contact", ac_str_c(ac_contact_line_word(b->contact)),
	    ac_str_c(ac_contact_line_word(n->contact)), AC_STRENGTH_NONE);
	pd_offset(d, l, "from", b->from, n->from, PD_NONE_IS_FIRST, AC_STRENGTH_WEAKER);
	pd_texts(d, l, "text", b->text, n->text);
}

/* tasks */

static struct ac_str
task_renamed(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_task_def *)item)->concept;
}

static bool
task_is_visible(const struct ac_task_def *t)
{
	return t != NULL && (t->patient || t->kind == AC_TASK_VISIT || t->kind == AC_TASK_SESSION);
}

static struct pd_line
task_about(const void *b, const void *n)
{
	return (struct pd_line){ .line = "task",
		.visible = task_is_visible(b) || task_is_visible(n),
		.more = AC_STRENGTH_STRONGER };
}

static struct ac_str
task_words(const void *item, struct ac_arena *a)
{
	const struct ac_task_def *t = item;
	struct ac_str until = ac_offset_str(a, t->until);

	return ac_strf(a, "%.*s; %s of the %.*s%s%.*s", AC_FMT(english(t->label.n > 0 ? t->label : t->text)),
	    ac_task_kind_word(t->kind), AC_FMT(t->role), until.n > 0 ? ", due " : "", AC_FMT(until));
}

static struct ac_str
times_words(struct ac_arena *a, const struct ac_task_def *t)
{
	struct ac_str s = { 0 };

	for (size_t i = 0; i < t->nat; i++)
		s = ac_strf(a, "%.*s%s%.*s", AC_FMT(s), i > 0 ? " " : "", AC_FMT(ac_offset_str(a, t->at[i])));
	return s;
}

static void
task_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	const struct ac_task_def *b = pb, *n = pn;
	struct pd_line hidden = *l;

	hidden.visible = false;
	pd_value(d, l, "kind", ac_str_c(ac_task_kind_word(b->kind)), ac_str_c(ac_task_kind_word(n->kind)),
	    AC_STRENGTH_NONE);
	pd_value(d, &hidden, "role", b->role, n->role, AC_STRENGTH_NONE);
	pd_offset(d, l, "not before", b->from, n->from, PD_NONE_IS_FIRST, AC_STRENGTH_NONE);
	pd_offset(d, l, "due", b->until, n->until, PD_NONE_IS_LAST, AC_STRENGTH_WEAKER);
	pd_range(d, &hidden, "range", (struct ac_offset[2]){ b->range_min, b->range_max },
	    (struct ac_offset[2]){ n->range_min, n->range_max });
	pd_value(d, l, "at", times_words(d->a, b), times_words(d->a, n),
	    n->nat == b->nat  ? AC_STRENGTH_NONE
	    : n->nat > b->nat ? AC_STRENGTH_STRONGER
			      : AC_STRENGTH_WEAKER);
	pd_offset(d, l, "within", b->within, n->within, PD_NONE_IS_NO_TIME, AC_STRENGTH_WEAKER);
	pd_value(d, l, "closed", ac_str_c(px_closed_words[b->closed]), ac_str_c(px_closed_words[n->closed]),
	    AC_STRENGTH_NONE);
	pd_offset(d, l, "shift", b->shift, n->shift, PD_NONE_IS_NO_TIME, AC_STRENGTH_NONE);
	pd_value(d, &hidden, "done by", ac_str_c(px_done_words[b->done_by]),
	    ac_str_c(px_done_words[n->done_by]), AC_STRENGTH_NONE);
	pd_yes(d, &hidden, "urgent", b->urgent, n->urgent, AC_STRENGTH_STRONGER);
	pd_yes(d, l, "patient", b->patient, n->patient, AC_STRENGTH_NONE);
	pd_value(d, &hidden, "questions", b->questions, n->questions, AC_STRENGTH_NONE);
	pd_value(d, &hidden, "concept", b->concept, n->concept, AC_STRENGTH_NONE);
	pd_texts(d, l, "label", b->label, n->label);
	pd_texts(d, l, "text", b->text, n->text);
}

/* check-ins */

static struct ac_str
check_in_renamed(const void *item, struct ac_arena *a)
{
	const struct ac_check_in *c = item;
	struct ac_str s = AC_S("");

	for (size_t i = 0; i < c->nquestions; i++)
		s = ac_strf(a, "%.*s%.*s\n%.*s", AC_FMT(s), AC_FMT(c->questions[i].id),
		    AC_FMT(all_texts(c->questions[i].text, a)));
	return s;
}

static struct pd_line
check_in_about(const void *b, const void *n)
{
	(void)b;
	(void)n;
	return (struct pd_line){ .line = "check-in", .more = AC_STRENGTH_STRONGER };
}

static struct ac_str
check_in_words(const void *item, struct ac_arena *a)
{
	const struct ac_check_in *c = item;

	return ac_strf(a, "%zu question(s), %zu rule(s)", c->nquestions, c->nrules);
}

static void
check_in_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	d->names.check_in[0] = pb;
	d->names.check_in[1] = pn;
	pd_questions(d, l, pb, pn);
	pd_rules(d, l, pb, pn);
	d->names.check_in[0] = d->names.check_in[1] = NULL;
}

/* the series */

static struct pd_line
series_about(const void *b, const void *n)
{
	(void)b;
	(void)n;
	return (struct pd_line){ .line = "series", .visible = true };
}

static struct ac_str
sessions_words(struct ac_arena *a, int32_t n)
{
	return n == 0 ? AC_S("not decided") : ac_strf(a, "%d", n);
}

static struct ac_str
series_words(const void *item, struct ac_arena *a)
{
	const struct ac_series *s = item;

	return ac_strf(a, "%.*s session(s), %.*s to %.*s apart", AC_FMT(sessions_words(a, s->sessions)),
	    AC_FMT(ac_offset_str(a, s->interval_min)), AC_FMT(ac_offset_str(a, s->interval_max)));
}

static void
series_parts(struct pd *d, const struct pd_line *l, const void *pb, const void *pn)
{
	const struct ac_series *b = pb, *n = pn;
	struct pd_line hidden = *l;

	hidden.visible = false;
	pd_value(d, l, "sessions", sessions_words(d->a, b->sessions), sessions_words(d->a, n->sessions),
	    AC_STRENGTH_NONE);
	pd_offset(
	    d, l, "interval from", b->interval_min, n->interval_min, PD_NONE_IS_FIRST, AC_STRENGTH_STRONGER);
	pd_offset(
	    d, l, "interval to", b->interval_max, n->interval_max, PD_NONE_IS_LAST, AC_STRENGTH_STRONGER);
	pd_offset(
	    d, l, "minimum gap", b->minimum_gap, n->minimum_gap, PD_NONE_IS_FIRST, AC_STRENGTH_STRONGER);
	pd_texts(d, &hidden, "text", b->text, n->text);
}

/* what all lines have */

static void
line_parts(struct pd *d, const struct pd_line *l, const struct ac_line *b, const struct ac_line *n)
{
	struct pd_line hidden = *l;

	d->omits = b->unknown == AC_WHEN_UNKNOWN_OMIT && n->unknown == AC_WHEN_UNKNOWN_OMIT;
	pd_when(d, l, "when", b->when, n->when, l->more);
	d->omits = false;
	hidden.visible = false;
	pd_strs(d, &hidden, "decide", b->decide, b->ndecide, n->decide, n->ndecide, true);
	pd_value(d, &hidden, "seed", b->seed, n->seed, AC_STRENGTH_NONE);
	pd_value(d, &hidden, "when unknown", ac_str_c(ac_when_unknown_word(b->unknown)),
	    ac_str_c(ac_when_unknown_word(n->unknown)),
	    n->unknown == AC_WHEN_UNKNOWN_OMIT   ? pd_opposite(l->more)
	    : b->unknown == AC_WHEN_UNKNOWN_OMIT ? l->more
						 : AC_STRENGTH_NONE);
	pd_signed(d, &hidden, "signed", (struct ac_str[2]){ b->signed_by, b->signed_on },
	    (struct ac_str[2]){ n->signed_by, n->signed_on });
}

static const void *
at(const void *v, const struct kind *k, size_t i)
{
	return (const char *)v + i * k->size;
}

static void
one_line(struct pd *d, const struct kind *k, const void *b, const void *n, bool moved, bool renamed)
{
	struct ac_line lb = b == NULL ? (struct ac_line){ 0 } : k->line(b),
		       ln = n == NULL ? (struct ac_line){ 0 } : k->line(n);
	struct pd_line l = k->about(b, n);
	struct ac_change *c;

	l.id = n == NULL ? lb.id : ln.id;
	l.before_at = lb.line;
	l.after_at = ln.line;
	if (b == NULL || n == NULL) {
		c = pd_add(d, &l, b == NULL ? AC_CHANGE_NEW : AC_CHANGE_GONE, (struct ac_str){ 0 });
		c->strength = b == NULL ? l.more : pd_opposite(l.more);
		c->before = b == NULL ? (struct ac_str){ 0 } : k->words(b, d->a);
		c->after = n == NULL ? (struct ac_str){ 0 } : k->words(n, d->a);
		return;
	}
	if (renamed) {
		c = pd_add(d, &l, AC_CHANGE_RENAMED, (struct ac_str){ 0 });
		c->former_id = c->before = lb.id;
		c->after = ln.id;
		c->visible = false;
	}
	k->parts(d, &l, b, n);
	line_parts(d, &l, &lb, &ln);
	if (moved && k->order_counts)
		pd_add(d, &l, AC_CHANGE_MOVED, (struct ac_str){ 0 });
}

struct walk {
	struct pd *d;
	const struct kind *k;
	const void *before;
	struct pd_pairs p;
	bool *told;
};

/* What is gone stands where it stood: behind the line before it. */
static void
tell_gone(struct walk *w, size_t from, bool to_the_end)
{
	for (size_t i = from; i < w->p.nbefore && (to_the_end || w->p.of_before[i] < 0); i++) {
		if (w->p.of_before[i] >= 0 || w->told[i])
			continue;
		w->told[i] = true;
		one_line(w->d, w->k, at(w->before, w->k, i), NULL, false, false);
	}
}

static void
lines(
    struct pd *d, const struct kind *k, const void *before, size_t nbefore, const void *after, size_t nafter)
{
	struct pd_list list = { before, after, nbefore, nafter, k->size, k->key };
	struct walk w = { d, k, before, pd_match(d, &list), ac_new(d->a, bool, nbefore) };

	if (k->renamed != NULL)
		pd_match_renamed(d, &list, k->renamed, &w.p);
	pd_find_moved(d, &w.p);
	tell_gone(&w, 0, false);
	for (size_t n = 0; n < nafter; n++) {
		int b = w.p.of_after[n];
		one_line(d, k, b < 0 ? NULL : at(before, k, (size_t)b), at(after, k, n), w.p.moved[n],
		    w.p.renamed[n]);
		if (b >= 0)
			tell_gone(&w, (size_t)b + 1, false);
	}
	tell_gone(&w, 0, true);
}

#define KIND(T, name, key2) \
	{ \
		sizeof(struct T), true, name##_line, name##_about, name##_words, name##_parts, name##_key, \
		    key2 \
	}

void
pd_lines(struct pd *d)
{
	static const struct kind goal = KIND(ac_goal, goal, goal_renamed),
				 instruction = KIND(ac_instruction, instruction, instruction_renamed),
				 expectation = KIND(ac_expectation, expectation, expectation_renamed),
				 flag = KIND(ac_red_flag, flag, flag_renamed),
				 task = KIND(ac_task_def, task, task_renamed),
				 check_in = KIND(ac_check_in, check_in, check_in_renamed),
				 series = KIND(ac_series, series, NULL);
	const struct ac_protocol *b = d->before, *n = d->after;

	lines(d, &goal, b->goals, b->ngoals, n->goals, n->ngoals);
	lines(d, &instruction, b->instructions, b->ninstructions, n->instructions, n->ninstructions);
	lines(d, &expectation, b->expectations, b->nexpectations, n->expectations, n->nexpectations);
	lines(d, &flag, b->red_flags, b->nred_flags, n->red_flags, n->nred_flags);
	lines(d, &task, b->tasks, b->ntasks, n->tasks, n->ntasks);
	lines(d, &check_in, b->check_ins, b->ncheck_ins, n->check_ins, n->ncheck_ins);
	lines(d, &series, b->series, b->series != NULL, n->series, n->series != NULL);
}
