/* protocol_diff_tasks.c - what is to be done: tasks, check-ins, the series. */
#include "core/protocol_diff_parts.h"
#include "core/protocol_schema.h"

PD_LINE_OF(task, ac_task_def);
PD_LINE_OF(check_in, ac_check_in);
PD_LINE_OF(series, ac_series);

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
times_words(struct ac_arena *a, const struct ac_task_def *t)
{
	struct ac_str s = { 0 };

	for (size_t i = 0; i < t->nat; i++)
		s = ac_strf(a, "%.*s%s%.*s", AC_FMT(s), i > 0 ? " " : "", AC_FMT(ac_offset_str(a, t->at[i])));
	return s;
}

static struct ac_str
task_words(const void *item, struct ac_arena *a)
{
	const struct ac_task_def *t = item;
	struct ac_str until = ac_offset_str(a, t->until), within = ac_offset_str(a, t->within), at = times_words(a, t);

	return ac_strf(a, "%.*s; %s of the %.*s%s%.*s%s%.*s%s%.*s",
	    AC_FMT(pd_english(t->label.n > 0 ? t->label : t->text)), ac_task_kind_word(t->kind),
	    AC_FMT(t->role), until.n > 0 ? ", due " : "", AC_FMT(until), t->nat > 0 ? ", at " : "", AC_FMT(at),
	    t->nat > 0 && within.n > 0 ? ", within " : "", AC_FMT(within));
}

static struct ac_str
attempts_words(struct ac_arena *a, int32_t n)
{
	return n == 0 ? (struct ac_str){ 0 } : ac_strf(a, "%d", (int)n);
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
	pd_offset(
	    d, &hidden, "take within", b->take_within, n->take_within, PD_NONE_IS_LAST, AC_STRENGTH_WEAKER);
	pd_offset(d, &hidden, "escalate after", b->escalate_after, n->escalate_after, PD_NONE_IS_LAST,
	    AC_STRENGTH_WEAKER);
	pd_value(d, &hidden, "escalate to", b->escalate_to, n->escalate_to, AC_STRENGTH_NONE);
	pd_value(d, &hidden, "attempts", attempts_words(d->a, b->attempts), attempts_words(d->a, n->attempts),
	    n->attempts == b->attempts                                            ? AC_STRENGTH_NONE
	    : n->attempts == 0 || (b->attempts != 0 && n->attempts > b->attempts) ? AC_STRENGTH_STRONGER
										  : AC_STRENGTH_WEAKER);
	pd_value(d, &hidden, "calling hours", ac_calling_hours(d->a, b), ac_calling_hours(d->a, n),
	    AC_STRENGTH_NONE);
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
		    AC_FMT(pd_all_texts(c->questions[i].text, a)));
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

	bool apart = s->interval_min.kind != AC_OFFSET_NONE;

	return ac_strf(a, "%.*s%s, %.*s%s%.*s%s", AC_FMT(sessions_words(a, s->sessions)), s->sessions == 0 ? " how many" : " session(s)",
	    AC_FMT(ac_offset_str(a, s->interval_min)), apart ? " to " : "", AC_FMT(ac_offset_str(a, s->interval_max)),
	    apart ? " apart" : "how far apart is not decided");
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

const struct pd_kind pd_kind_task = PD_KIND(ac_task_def, task, task_renamed);
const struct pd_kind pd_kind_check_in = PD_KIND(ac_check_in, check_in, check_in_renamed);
const struct pd_kind pd_kind_series = PD_KIND(ac_series, series, NULL);
