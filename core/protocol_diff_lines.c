/* protocol_diff_lines.c - the lines of the plan, kind by kind; goals, instructions, expectations and red flags stand here. */
#include "core/protocol_diff_parts.h"

PD_LINE_OF(goal, ac_goal);
PD_LINE_OF(instruction, ac_instruction);
PD_LINE_OF(expectation, ac_expectation);
PD_LINE_OF(flag, ac_red_flag);

struct ac_str
pd_english(struct ac_texts t)
{
	return ac_text_pick(t, AC_S("en"), NULL);
}

struct ac_str
pd_all_texts(struct ac_texts t, struct ac_arena *a)
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
	return pd_english(((const struct ac_goal *)item)->text);
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
	struct ac_str s = pd_english(i->label.n > 0 ? i->label : i->text);

	if (i->l.when != NULL)
		s = ac_strf(a, "%.*s; only when %.*s", AC_FMT(s), AC_FMT(ac_condition_source(i->l.when)));
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
	return pd_all_texts(((const struct ac_expectation *)item)->text, a);
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

	return ac_strf(a, "%.*s; %.*s", AC_FMT(pd_english(e->text)), AC_FMT(pd_window_words(a, &w)));
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
	return pd_all_texts(((const struct ac_red_flag *)item)->text, a);
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

	return ac_strf(a, "%s: %.*s", ac_flag_level_word(f->level), AC_FMT(pd_english(f->text)));
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
at(const void *v, const struct pd_kind *k, size_t i)
{
	return (const char *)v + i * k->size;
}

static void
one_line(struct pd *d, const struct pd_kind *k, const void *b, const void *n, bool moved, bool renamed)
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
	const struct pd_kind *k;
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
    struct pd *d, const struct pd_kind *k, const void *before, size_t nbefore, const void *after, size_t nafter)
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

void
pd_lines(struct pd *d)
{
	static const struct pd_kind goal = PD_KIND(ac_goal, goal, goal_renamed),
				    instruction = PD_KIND(ac_instruction, instruction, instruction_renamed),
				    expectation = PD_KIND(ac_expectation, expectation, expectation_renamed),
				    flag = PD_KIND(ac_red_flag, flag, flag_renamed);
	const struct ac_protocol *b = d->before, *n = d->after;

	lines(d, &goal, b->goals, b->ngoals, n->goals, n->ngoals);
	lines(d, &instruction, b->instructions, b->ninstructions, n->instructions, n->ninstructions);
	lines(d, &expectation, b->expectations, b->nexpectations, n->expectations, n->nexpectations);
	lines(d, &flag, b->red_flags, b->nred_flags, n->red_flags, n->nred_flags);
	lines(d, &pd_kind_task, b->tasks, b->ntasks, n->tasks, n->ntasks);
	lines(d, &pd_kind_check_in, b->check_ins, b->ncheck_ins, n->check_ins, n->ncheck_ins);
	lines(d, &pd_kind_series, b->series, b->series != NULL, n->series, n->series != NULL);
}
