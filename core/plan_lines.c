/* plan_lines.c - instructions to lines: which variant holds, from when until when, and what had to be assumed. */
#include "core/plan_parts.h"

#define CANDIDATES_MAX \
	64 /* windows of one instruction that unknown facts leave open; more are not looked at */

/* The windows that may hold; NULL among them: the line has none. */
struct candidates {
	const struct ac_window **v;
	size_t n;
	bool assumed; /* an unknown fact left the choice open */
	struct ac_missing paths;
};

/* In the order of the file: what is surely false is passed over, the first that surely holds ends the search. */
static void
find_candidates(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_instruction *ins,
    struct candidates *ret)
{
	ret->v = ac_new(w->a, const struct ac_window *, ins->nwindows + 1);
	for (size_t i = 0; i < ins->nwindows; i++) {
		enum ac_truth t = ac_plan_truth(w, ins->windows[i].when, &ret->paths);
		if (t == AC_FALSE)
			continue;
		ret->assumed |= t == AC_UNKNOWN;
		ret->v[ret->n++] = &ins->windows[i];
		if (t == AC_TRUE)
			return;
	}
	if (ret->n > 0)
		return;
	ret->v[ret->n++] = NULL;
	if (ins->nwindows > 0)
		ac_plan_warn(w, "WINDOW-NONE",
		    "%.*s/%.*s: none of its windows fits this encounter; it is shown without an end.",
		    AC_FMT(p->id), AC_FMT(ins->l.id));
}

/* Restrictions and warnings begin early in doubt, a permission begins late; everything ends late. */
static struct ac_raw_line
line_of(struct ac_plan_work *w, const struct ac_treatment *t, const struct ac_instruction *ins, size_t order,
    const struct ac_window *win)
{
	struct ac_raw_line l = { .def = ins, .protocol = t->protocol, .treatment = t, .order = order };
	const struct ac_zone *z = w->in->zone;

	l.from.t = l.until.t = AC_INSTANT_NONE;
	if (win != NULL) {
		l.from.offset = win->from;
		l.until.offset = win->until;
		l.from.t = ac_plan_at(
		    z, t->anchor, win->from, ac_kind_is_ban(ins->kind) ? AC_FOLD_EARLIER : AC_FOLD_LATER);
		l.until.t = ac_plan_at(z, t->anchor, win->until, AC_FOLD_LATER);
	}
	l.own_from = l.from.t;
	l.own_until = l.until.t;
	return l;
}

static void
add_instruction(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_instruction *ins,
    size_t order, struct ac_raw_line *raw, size_t *nraw)
{
	struct ac_raw_line line = { 0 };
	struct ac_missing paths = { 0 };
	struct candidates c = { 0 };
	enum ac_truth included = ac_plan_line_truth(w, &ins->l, &paths);
	bool first = true;

	if (included == AC_FALSE)
		return;
	find_candidates(w, p, ins, &c);
	bool assumed = included == AC_UNKNOWN || c.assumed;
	ac_paths_add(w->a, &paths, &c.paths);

	for (size_t i = 0; i < w->p->ntreatments; i++) {
		const struct ac_treatment *t = &w->p->treatments[i];
		for (size_t k = 0; t->protocol == p && k < c.n; k++) {
			struct ac_raw_line l = line_of(w, t, ins, order, c.v[k]);
			l.own_assumed = l.from.assumed = l.until.assumed = assumed;
			if (assumed)
				l.from.paths = l.until.paths = paths;
			if (first)
				line = l;
			else
				ac_merge_into(&line, &l, w->a);
			first = false;
		}
	}
	if (!first)
		raw[(*nraw)++] = line;
}

void
ac_plan_lines(struct ac_plan_work *w)
{
	size_t max = 0, nraw = 0, order = 0;

	for (size_t i = 0; i < w->nprotocols; i++)
		max += w->protocols[i]->ninstructions;
	max += w->in->overrides.n;
	struct ac_raw_line *raw = ac_new(w->a, struct ac_raw_line, max);
	for (size_t i = 0; i < w->nprotocols; i++)
		for (size_t k = 0; k < w->protocols[i]->ninstructions; k++)
			add_instruction(
			    w, w->protocols[i], &w->protocols[i]->instructions[k], order++, raw, &nraw);
	ac_merge(w, raw, nraw);
}
