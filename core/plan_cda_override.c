/*
 * plan_cda_override.c - what a clinician decided for this visit, in the document.
 *
 * Shape   beside the line: that it was decided, what the protocol says, by whom, when and why. The Planned Act of such a line
 *         has the clinician as its author, with the time of the decision. What was left out is a table of its own, without
 *         entries: nothing is planned there. Reasons stand here and on the clinic's pages, never on the patient's sheet.
 */
#include "core/plan_cda_map.h"

static struct ac_str
without_stop(struct ac_str s)
{
	s = ac_str_trim(s);
	while (s.n != 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

/* " (decided by grace on Saturday ..., because: ...). " */
static struct ac_str
decided(struct ac_map *m, const struct ac_override *o)
{
	return AC_MAP_JOIN(m, AC_S(" (decided by "), o->by, AC_S(" on "), ac_map_when(m, o->at_ms / 1000),
	    AC_S("; reason: "), without_stop(o->reason), AC_S("). "));
}

static struct ac_str
window_words(struct ac_map *m, const struct ac_plan_line *l)
{
	struct ac_str when = ac_map_window(m, l->original_from, l->original_until);

	if (when.n == 0)
		return AC_S("no end is stated");
	if (l->original_offset.kind == AC_OFFSET_NONE)
		return when;
	return AC_MAP_JOIN(
	    m, when, AC_S(" ("), ac_offset_words(m->a, l->original_offset, AC_S("en")), AC_S(")"));
}

struct ac_str
ac_map_override_notes(struct ac_map *m, const struct ac_plan_line *l)
{
	struct ac_str all = { 0 };

	if (l->added_by != NULL)
		all = AC_MAP_JOIN(
		    m, AC_S("OVERRIDE for this visit: added, no protocol asks for it"), decided(m, l->added_by));
	if (l->window_by != NULL)
		all = AC_MAP_JOIN(m, all, AC_S("OVERRIDE for this visit: another time; the protocol says "),
		    window_words(m, l), decided(m, l->window_by));
	if (l->text_by != NULL)
		all = AC_MAP_JOIN(m, all, AC_S("OVERRIDE for this visit: other words; the protocol says: "),
		    without_stop(ac_map_english(&l->original->text)), decided(m, l->text_by));
	return all;
}

static const struct ac_override *
last_of(const struct ac_plan_line *l)
{
	const struct ac_override *v[] = { l->added_by, l->window_by, l->text_by }, *last = NULL;

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (v[i] != NULL && (last == NULL || v[i]->n > last->n))
			last = v[i];
	return last;
}

const struct cda_said *
ac_map_override_said(struct ac_map *m, const struct ac_plan_line *l)
{
	const struct ac_override *o = last_of(l);
	struct cda_said *said;
	struct cda_id *id;

	if (o == NULL)
		return NULL;
	said = ac_new(m->a, struct cda_said, 1);
	id = ac_new(m->a, struct cda_id, 1);
	*id = (struct cda_id){ .root = ac_map_ehr_root(m, "account"), .extension = o->by };
	*said = (struct cda_said){ .time = ac_map_ts(m, o->at_ms / 1000), .ids = id, .nids = 1 };
	return said;
}

void
ac_map_omitted(struct ac_map *m)
{
	static const char *const head[] = { "The protocol's instruction", "Left out for this visit" };
	struct ac_map_cells cells = { 0 };

	for (size_t i = 0; i < m->p->nomitted; i++) {
		const struct ac_plan_omitted *x = &m->p->omitted[i];
		struct ac_str language = { 0 }, text = without_stop(ac_map_pick(&x->line.original->text, &language));
		struct ac_str when = ac_map_window(m, x->line.from, x->line.until);

		if (when.n > 0)
			text = AC_MAP_JOIN(m, text, AC_S(", "), when);
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, AC_MAP_JOIN(m, text, AC_S(".")));
		cells.v[cells.n - 1].language = language;
		ac_map_cell(m, &cells, (struct ac_str){ 0 },
		    ac_str_trim(AC_MAP_JOIN(m, AC_S("OVERRIDE: do not give this instruction"), decided(m, x->by))));
	}
	ac_map_table(m, CDA_INTERVENTIONS, "Left out for this visit", head, 2, &cells);
}
