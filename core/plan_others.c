/*
 * plan_others.c - other running plans of the same patient: the later end holds, and what does not fit together is said.
 *
 * Rules   a plan counts those of the same patient and site that were treated before it: the newest sheet says the latest end
 *         of all. A restriction of the same concept lasts until the later end, with the plan that asks for it. Lines of two
 *         plans that speak against each other are a warning, never resolved. Which plans, in which version, is a recorded
 *         input (manifest, "others"); of those their own others do not count: each says its own ends.
 */
#include "core/plan_parts.h"

static bool
is_same(const struct ac_plan_line *other, const struct ac_instruction *def)
{
	return def->kind == AC_RESTRICTION && other->def->kind == AC_RESTRICTION && ac_str_is_set(def->concept) &&
	       ac_streq(other->def->concept, def->concept);
}

void
ac_others_ends(struct ac_plan_work *w, struct ac_raw_line *l)
{
	for (size_t i = 0; i < w->in->nothers; i++) {
		const struct ac_other_plan *o = &w->in->others[i];
		for (size_t k = 0; k < o->plan->nlines; k++) {
			const struct ac_plan_line *x = &o->plan->lines[k];
			if (!is_same(x, l->def) || ac_end_or_never(x->until) <= ac_end_or_never(l->until.t))
				continue;
			if (l->other == NULL)
				l->without_other = l->until.t;
			l->other = o;
			l->until.t = x->until;
			l->until.offset = (struct ac_offset){ 0 }; /* not counted from this treatment */
		}
	}
}

static struct ac_str
name_of(const struct ac_plan_line *l)
{
	bool fell_back;

	return ac_text_pick(l->def->label.n > 0 ? l->def->label : l->def->text, AC_S("en"), &fell_back);
}

static bool
is_over(const struct ac_plan_line *l, int64_t t)
{
	return l->until != AC_INSTANT_NONE && l->until <= t;
}

void
ac_others_contradictions(struct ac_plan_work *w)
{
	const struct ac_plan *p = w->p;

	for (size_t i = 0; i < w->in->nothers; i++) {
		const struct ac_plan *o = w->in->others[i].plan;
		for (size_t k = 0; k < o->nlines; k++)
			for (size_t m = 0; m < p->nlines && !is_over(&o->lines[k], p->anchor); m++) {
				const struct ac_plan_line *x = &p->lines[m], *y = &o->lines[k];
				if (x->protocol == y->protocol || ac_streq(x->protocol->id, y->protocol->id) ||
				    !ac_lines_contradict(x, y))
					continue;
				ac_plan_warn(w, "OTHER-CONTRADICTS",
				    "“%.*s” and, from the treatment of %.*s, “%.*s” do not fit together. Decide, and tell "
				    "the patient which one holds.",
				    AC_FMT(name_of(x)),
				    AC_FMT(ac_time_words(w->a, w->in->zone, o->anchor, AC_TIME_SHORT, AC_S("en"))),
				    AC_FMT(name_of(y)));
			}
	}
}
