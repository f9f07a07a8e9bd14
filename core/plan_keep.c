/*
 * plan_keep.c - issued times never become shorter by themselves.
 *
 * Rules   a restriction whose end on the sheet is later than what the chart says now keeps that end, and one that the
 *         chart no longer asks for stays, until a clinician accepts the earlier end of that very sheet. What became
 *         longer holds at once. A clinician who changed the line for this visit since the sheet was given has answered:
 *         the end that the act gave it counts.
 * Source  CONTRACTS "Identity and life".
 */
#include "core/plan_parts.h"

/* "CONCEPT SHEET_AT UNTIL" of an acceptance; it counts for the sheet that it names. */
static bool
is_accepted(const struct ac_plan_input *in, const struct ac_issued_end *e, int64_t *ret_until)
{
	const struct ac_answer *ans = ac_answer_find(in->answers, in->nanswers, AC_S(AC_ANSWER_EARLIER));
	bool found = false;

	for (size_t i = 0; ans != NULL && i < ans->values.n; i++) {
		struct ac_str concept, sheet, until = ac_cut(ans->values.v[i], ' ', &concept);
		int64_t at, t;
		until = ac_cut(until, ' ', &sheet);
		if (!ac_streq(concept, e->concept) || !ac_str_int(sheet, 0, INT64_MAX, &at) || at != e->sheet_at ||
		    !ac_str_int(until, 0, INT64_MAX, &t))
			continue;
		if (!found || t < *ret_until)
			*ret_until = t;
		found = true;
	}
	return found;
}

static bool
is_about_end(const struct ac_plan_input *in, const struct ac_override *o)
{
	const struct ac_override *undone = o->act == AC_OVERRIDE_UNDO ? NULL : o;

	for (size_t i = 0; undone == NULL && i < in->overrides.n; i++)
		if (in->overrides.v[i].n == o->undoes)
			undone = &in->overrides.v[i];
	return undone != NULL && undone->act != AC_OVERRIDE_REWORD && o->kind == AC_RESTRICTION;
}

/* By the last act on a line of this concept since the sheet was given. */
static bool
is_decided(const struct ac_plan_input *in, const struct ac_issued_end *e, int64_t *ret_until)
{
	bool found = false;

	for (size_t i = 0; i < in->overrides.n; i++) {
		const struct ac_override *o = &in->overrides.v[i];
		if (!ac_streq(o->concept, e->concept) || o->at_ms / 1000 < e->sheet_at || !is_about_end(in, o))
			continue;
		*ret_until = ac_end_or_never(o->end);
		found = true;
	}
	return found;
}

/* The earliest end that may be. */
static int64_t
floor_of(const struct ac_plan_input *in, const struct ac_issued_end *e)
{
	int64_t issued = ac_end_or_never(e->until), by_person;

	if (is_accepted(in, e, &by_person) && by_person < issued)
		issued = by_person;
	if (is_decided(in, e, &by_person) && by_person < issued)
		issued = by_person;
	return issued;
}

static const struct ac_issued_end *
end_of(const struct ac_plan_input *in, const struct ac_instruction *def)
{
	for (size_t i = 0; def->kind == AC_RESTRICTION && i < in->nissued_ends; i++)
		if (ac_streq(in->issued_ends[i].concept, def->concept))
			return &in->issued_ends[i];
	return NULL;
}

static void
warn(struct ac_plan_work *w, const struct ac_raw_line *l)
{
	const struct ac_zone *z = w->in->zone;
	struct ac_str sheet = ac_time_words(w->a, z, l->kept_from, AC_TIME_SHORT, AC_S("en"));
	struct ac_str now = l->would_end == 0 ? AC_S("the chart does not ask for it any more")
					      : ac_strf(w->a, "the chart says now: until %.*s",
						    AC_FMT(ac_time_words(w->a, z, l->would_end, AC_TIME_SHORT, AC_S("en"))));
	bool fell_back;
	struct ac_str what = ac_text_pick(l->def->label.n > 0 ? l->def->label : l->def->text, AC_S("en"), &fell_back);

	ac_plan_warn(w, "END-KEPT", "%.*s: kept from the sheet of %.*s; %.*s. A clinician decides.", AC_FMT(what),
	    AC_FMT(sheet), AC_FMT(now));
}

static void
keep(struct ac_plan_work *w, struct ac_raw_line *l, const struct ac_issued_end *e, int64_t floor, int64_t would_end)
{
	l->would_end = would_end;
	l->kept_from = e->sheet_at;
	l->until.t = floor == ac_end_or_never(AC_INSTANT_NONE) ? AC_INSTANT_NONE : floor;
	warn(w, l);
}

void
ac_keep_end(struct ac_plan_work *w, struct ac_raw_line *l)
{
	const struct ac_issued_end *e = end_of(w->in, l->def);
	int64_t floor;

	if (e == NULL || l->kept_from != 0)
		return;
	floor = floor_of(w->in, e);
	if (ac_end_or_never(l->until.t) < floor)
		keep(w, l, e, floor, l->until.t);
}

static bool
is_there(const struct ac_raw_line *raw, size_t nraw, struct ac_str concept)
{
	for (size_t i = 0; i < nraw; i++)
		if (raw[i].def->kind == AC_RESTRICTION && ac_streq(raw[i].def->concept, concept))
			return true;
	return false;
}

static const struct ac_treatment *
treatment_of(const struct ac_plan_work *w, const struct ac_protocol *p)
{
	for (size_t i = 0; i < w->p->ntreatments; i++)
		if (w->p->treatments[i].protocol == p)
			return &w->p->treatments[i];
	return NULL;
}

/* A restriction of the sheet that no condition calls for now: the first instruction that speaks of it stands for it. */
static size_t
add_gone(struct ac_plan_work *w, const struct ac_issued_end *e, struct ac_raw_line *raw, size_t nraw)
{
	size_t order = 0;
	int64_t floor = floor_of(w->in, e);

	for (size_t i = 0; i < w->nprotocols; i++) {
		const struct ac_protocol *p = w->protocols[i];
		const struct ac_treatment *t = treatment_of(w, p);
		for (size_t k = 0; k < p->ninstructions; k++, order++) {
			const struct ac_instruction *def = &p->instructions[k];
			if (t == NULL || def->kind != AC_RESTRICTION || !ac_streq(def->concept, e->concept))
				continue;
			if (floor <= t->anchor) /* let go */
				return nraw;
			raw[nraw] = (struct ac_raw_line){ .def = def, .protocol = p, .treatment = t, .order = order };
			raw[nraw].from.t = raw[nraw].own_from = raw[nraw].own_until = AC_INSTANT_NONE;
			keep(w, &raw[nraw], e, floor, 0);
			return nraw + 1;
		}
	}
	return nraw;
}

size_t
ac_keep_gone(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw)
{
	for (size_t i = 0; i < w->in->nissued_ends; i++)
		if (!is_there(raw, nraw, w->in->issued_ends[i].concept))
			nraw = add_gone(w, &w->in->issued_ends[i], raw, nraw);
	return nraw;
}
