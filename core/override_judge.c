/*
 * override_judge.c - what an act makes of the plan, and what a clinician should look at twice before it is saved.
 *
 * Rules   a doubt is shown and must be confirmed; it refuses nothing. Which were confirmed is part of the act.
 */
#include "core/intake_parts.h"
#include "core/plan_parts.h"
#include "core/reading.h"

static void
doubt(struct ac_intake_work *k, const char *rule, struct ac_str text)
{
	struct ac_override_doubt d = { .rule = rule, .text = text };

	for (size_t i = 0; i < k->job->override->nconfirmed; i++)
		d.confirmed |= ac_streq_c(k->job->override->confirmed[i], rule);
	AC_PUSH(k->w->arena, &k->doubts, d);
}

static const struct ac_plan_line *
line_of(const struct ac_plan *p, struct ac_str key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq(p->lines[i].key, key))
			return &p->lines[i];
	return NULL;
}

static struct ac_str
name_of(const struct ac_plan_line *l)
{
	bool fell_back;

	return ac_text_pick(l->def->label.n > 0 ? l->def->label : l->def->text, AC_S("en"), &fell_back);
}

static struct ac_str
when(struct ac_intake_work *k, const struct ac_plan *p, int64_t t)
{
	return t == AC_INSTANT_NONE ? AC_S("without end")
				    : ac_strf(k->w->arena, "until %.*s",
					  AC_FMT(ac_time_words(k->w->arena, p->in->zone, t, AC_TIME_SHORT, AC_S("en"))));
}

/* Less than the protocol asks for: a ban ends earlier or begins later, a permission begins earlier, care ends earlier. */
static void
judge_weaker(struct ac_intake_work *k, const struct ac_plan *p, const struct ac_plan_line *l)
{
	bool ban = ac_kind_is_ban(l->def->kind);
	bool later = l->from > l->original_from, earlier = l->from < l->original_from;

	if (l->def->kind == AC_INFORMATION)
		return;
	if (ac_end_or_never(l->until) < ac_end_or_never(l->original_until))
		doubt(k, "OVERRIDE-WEAKER",
		    ac_strf(k->w->arena, "The protocol asks for more: %.*s.", AC_FMT(when(k, p, l->original_until))));
	else if (ban ? later : earlier)
		doubt(k, "OVERRIDE-WEAKER",
		    ac_strf(k->w->arena, "The protocol asks for more: it begins %s.", ban ? "earlier" : "later"));
}

/* The source states how far the end may be moved. */
static void
judge_range(struct ac_intake_work *k, const struct ac_plan *p, const struct ac_plan_line *l)
{
	struct ac_str said = { 0 };
	bool inside = false;

	for (size_t i = 0; i < l->original->nwindows; i++) {
		const struct ac_window *w = &l->original->windows[i];
		int64_t min = ac_plan_at(p->in->zone, l->treatment->anchor, w->range_min, AC_FOLD_LATER);
		int64_t max = ac_plan_at(p->in->zone, l->treatment->anchor, w->range_max, AC_FOLD_LATER);
		if (min == AC_INSTANT_NONE && max == AC_INSTANT_NONE)
			continue;
		inside |= ac_end_or_never(l->until) >= min && ac_end_or_never(l->until) <= ac_end_or_never(max);
		said = ac_strf(k->w->arena, "%.*s%s%.*s to %.*s", AC_FMT(said), said.n > 0 ? ", " : "",
		    AC_FMT(ac_offset_words(k->w->arena, w->range_min, AC_S("en"))),
		    AC_FMT(ac_offset_words(k->w->arena, w->range_max, AC_S("en"))));
	}
	if (said.n > 0 && !inside)
		doubt(k, "OVERRIDE-RANGE",
		    ac_strf(k->w->arena, "The protocol's range is %.*s; this end lies outside it.", AC_FMT(said)));
}

/* What contradicts itself whether a protocol says so or not: lint's own pairs. */
static bool
is_pair(const struct ac_plan_line *x, const struct ac_plan_line *y)
{
	static const struct {
		const char *banned, *advised;
	} pairs[] = {
#define X(rule, banned, advised) { banned, advised },
#include "core/lint_pairs.def"
#undef X
	};

	if (x->def->kind != AC_RESTRICTION || y->def->kind != AC_CARE ||
	    !(x->from < ac_end_or_never(y->until) && y->from < ac_end_or_never(x->until)))
		return false;
	for (size_t i = 0; i < x->def->nexcept; i++)
		if (ac_streq(x->def->except[i].concept, y->def->concept))
			return false;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (ac_streq_c(x->def->concept, pairs[i].banned) && ac_streq_c(y->def->concept, pairs[i].advised))
			return true;
	return ac_streq(x->def->concept, y->def->concept); /* the very thing that is forbidden is advised */
}

static bool
collide(const struct ac_plan_line *x, const struct ac_plan_line *y)
{
	return ac_lines_contradict(x, y) || is_pair(x, y) || is_pair(y, x);
}

static bool
collided_before(const struct ac_intake_work *k, const struct ac_plan_line *x, const struct ac_plan_line *y)
{
	const struct ac_plan_line *bx = line_of(k->before, x->key), *by = line_of(k->before, y->key);

	return bx != NULL && by != NULL && collide(bx, by);
}

/* Nobody but the clinician is asked about what contradicted itself already. */
static void
judge_contradictions(struct ac_intake_work *k, const struct ac_plan *p)
{
	for (size_t i = 0; i < p->nlines; i++)
		for (size_t m = i + 1; m < p->nlines; m++) {
			const struct ac_plan_line *x = &p->lines[i], *y = &p->lines[m];
			if (!collide(x, y) || collided_before(k, x, y))
				continue;
			doubt(k, "OVERRIDE-CONTRADICTS",
			    ac_strf(k->w->arena, "It does not fit together with another line: “%.*s” and “%.*s”.",
				AC_FMT(name_of(x)), AC_FMT(name_of(y))));
		}
}

static void
judge_text(struct ac_intake_work *k, struct ac_str lang, struct ac_str text)
{
	struct ac_reading r = { 0 };
	struct ac_str primary;
	double year;

	(void)ac_cut(lang, '-', &primary);
	ac_reading_count(text, ac_streq_c(primary, "de"), &r);
	if (r.words >= AC_READING_WORDS_MIN && ac_reading_year(&r, lang, &year) && year > AC_READING_YEAR_MAX)
		doubt(k, "OVERRIDE-READING",
		    ac_strf(k->w->arena, "Hard to read: written for school year %.0f. Shorter words, shorter sentences?",
			year));
}

static void
judge_words(struct ac_intake_work *k)
{
	const struct ac_override *o = k->act;
	struct ac_str theirs = k->e->patient.language, primary, own;

	judge_text(k, o->lang, o->text);
	if (ac_str_is_set(o->english))
		judge_text(k, AC_S("en"), o->english);
	(void)ac_cut(theirs, '-', &primary);
	(void)ac_cut(o->lang, '-', &own);
	if (primary.n > 0 && !ac_streq(primary, own) && !(ac_str_is_set(o->english) && ac_streq_c(primary, "en")))
		doubt(k, "OVERRIDE-LANGUAGE",
		    ac_strf(k->w->arena,
			"The patient's language is %.*s. On a sheet in it this line stands in %.*s, and is marked.",
			AC_FMT(primary), AC_FMT(own)));
}

/* What the sheet at home says of this line's end, and would not be kept to any more. */
static void
judge_sheet(struct ac_intake_work *k, const struct ac_plan *p, const struct ac_plan_line *now)
{
	const struct ac_override *o = k->act;
	int64_t end = now == NULL ? 0 : ac_end_or_never(now->until);

	for (size_t i = 0; i < p->in->nissued_ends && o->kind == AC_RESTRICTION; i++) {
		const struct ac_issued_end *e = &p->in->issued_ends[i];
		if (ac_streq(e->concept, o->concept) && end < ac_end_or_never(e->until))
			doubt(k, "OVERRIDE-SHEET",
			    ac_strf(k->w->arena, "The patient's sheet says more (%.*s): they will have to be told.",
				AC_FMT(when(k, p, e->until))));
	}
}

static void
judge(struct ac_intake_work *k, const struct ac_plan *p)
{
	const struct ac_override *o = k->act;
	const struct ac_plan_line *now = line_of(p, o->line), *before = line_of(k->before, o->line);

	if (o->act == AC_OVERRIDE_WINDOW && now != NULL && now->added_by == NULL) {
		judge_weaker(k, p, now);
		judge_range(k, p, now);
	}
	if (o->act == AC_OVERRIDE_OMIT && before != NULL && before->added_by == NULL &&
	    before->def->kind != AC_INFORMATION)
		doubt(k, "OVERRIDE-WEAKER",
		    ac_strf(k->w->arena, "The protocol asks for this line: %.*s.",
			AC_FMT(when(k, k->before, before->until))));
	if (o->act == AC_OVERRIDE_ADD || o->act == AC_OVERRIDE_REWORD)
		judge_words(k);
	if (o->act != AC_OVERRIDE_REWORD)
		judge_sheet(k, p, now);
	judge_contradictions(k, p);
}

/* A rule once, however often it was found. */
static void
note_confirmed(struct ac_intake_work *k)
{
	struct ac_str *v = ac_new(k->w->arena, struct ac_str, k->doubts.n);
	size_t n = 0;

	for (size_t i = 0; i < k->doubts.n; i++) {
		struct ac_str rule = ac_str_c(k->doubts.v[i].rule);
		bool known = false;
		for (size_t m = 0; m < n; m++)
			known |= ac_streq(v[m], rule);
		if (!known)
			v[n++] = rule;
	}
	k->act->confirmed.v = v;
	k->act->confirmed.n = n;
}

enum ac_code
ac_work_override_judge(struct ac_intake_work *k, const struct ac_draft *d, struct ac_err *reterr)
{
	const struct ac_plan_line *now = line_of(d->plan, k->act->line);
	bool open = false;

	if (d->waits)
		return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-PENDING",
		    "the plan waits for a required fact: answer it first");
	k->act->end = now == NULL ? 0 : now->until;
	judge(k, d->plan);
	for (size_t i = 0; i < k->doubts.n; i++)
		open |= !k->doubts.v[i].confirmed;
	if (open && !k->job->dry_run)
		return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-CONFIRM", "look again before it is saved");
	note_confirmed(k);
	return AC_OK;
}
