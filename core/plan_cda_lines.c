/*
 * plan_cda_lines.c - what the patient does and does not, until when; what is normal; when to call.
 *
 * A table is one Planned Intervention Act for each protocol (and so each goal) in it. A line that the patient acts on is a
 * Planned Act in it with its own interval, and one Instruction says that the table is taught; mere information is an
 * Instruction each; what to look out for is one Instruction, since each sign is a Risk Concern already.
 */
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

enum education { SELF_CARE, GENERAL, SIGNS };

static struct cda_code
education(enum education e)
{
	static const struct ac_str t[][2] = {
		[SELF_CARE] = { { "225967005", 9 }, { "Self-care patient education", 27 } },
		[GENERAL] = { { "311401005", 9 }, { "Patient education (procedure)", 29 } },
		[SIGNS] = { { "223413005", 9 }, { "Signs and symptoms education", 28 } },
	};

	return (struct cda_code){ .code = t[e][0], .display = t[e][1], .system = AC_S(CODES_SNOMED) };
}

static struct ac_str
without_stop(struct ac_str s)
{
	s = ac_str_trim(s);
	while (s.n != 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

/* One clause: a time put behind it belongs to all of it. "Do no sport. Walking is fine" is two. */
static bool
is_one_clause(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '.' || s.p[i] == ',' || s.p[i] == ';' || s.p[i] == ':' || s.p[i] == '!' ||
		    s.p[i] == '?')
			return false;
	return true;
}

static struct ac_str
upper_first(struct ac_map *m, struct ac_str s)
{
	char first = (char)(s.p[0] - 'a' + 'A');

	return AC_MAP_JOIN(m, ((struct ac_str){ &first, 1 }), ((struct ac_str){ s.p + 1, s.n - 1 }));
}

/*
 * "No sauna until Tuesday 31 March 2026, 15:35 (72 hours).": words and clock time in one sentence. Where the
 * time could be taken for that of the last clause only, and for care, it goes first: "Until Tuesday ...: Do
 * no sport. ..."
 */
static struct ac_str
sentence(struct ac_map *m, const struct ac_plan_line *l, struct ac_str *ret_language)
{
	struct ac_str text = without_stop(ac_map_pick(&l->def->text, ret_language));
	struct ac_str when = ac_map_window(m, l->from, l->until);

	if (ac_map_is_blank(text))
		text = without_stop(ac_map_pick(&l->def->label, ret_language));
	if (when.n == 0)
		return AC_MAP_JOIN(
		    m, text, l->def->kind == AC_RESTRICTION ? AC_S("; no end is stated.") : AC_S("."));
	if (l->until != AC_INSTANT_NONE && l->until_offset.kind != AC_OFFSET_NONE)
		when = AC_MAP_JOIN(
		    m, when, AC_S(" ("), ac_offset_words(m->a, l->until_offset, AC_S("en")), AC_S(")"));
	if (l->def->kind == AC_RESTRICTION && ret_language->n == 0 && is_one_clause(text))
		return AC_MAP_JOIN(m, text, AC_S(" "), when, AC_S("."));
	return AC_MAP_JOIN(m, upper_first(m, when), AC_S(": "), text, AC_S("."));
}

/* Exceptions and reasons in English, or all of them where there is none. */
static struct ac_str
exceptions(struct ac_map *m, const struct ac_instruction *d)
{
	struct ac_str all = { 0 };

	for (size_t i = 0; i < d->nexcept; i++)
		all = AC_MAP_JOIN(m, all, all.n == 0 ? AC_S("Allowed: ") : AC_S("; "),
		    without_stop(ac_map_english(&d->except[i].text)));
	return all.n == 0 ? all : AC_MAP_JOIN(m, all, AC_S(". "));
}

static struct ac_str
reasons(struct ac_map *m, const struct ac_instruction *d)
{
	struct ac_str all = { 0 };

	for (size_t i = 0; i < d->nwhy; i++)
		all = AC_MAP_JOIN(m, all, AC_S("Why: "), without_stop(ac_map_english(&d->why[i].text)),
		    AC_S(" (evidence: "),
		    ac_map_is_blank(d->why[i].evidence) ? AC_S("not stated") : d->why[i].evidence,
		    AC_S("). "));
	return all;
}

/* A fact by the name that people gave it, where the protocol declares it. */
static struct ac_str
fact_words(struct ac_map *m, const struct ac_plan_line *l)
{
	struct ac_str *words = ac_new(m->a, struct ac_str, l->nassumed + 1);

	for (size_t i = 0; i < l->nassumed; i++) {
		struct ac_str path = l->assumed_paths[i], label = { 0 };
		for (size_t k = 0; k < l->protocol->nfacts && ac_str_starts(path, AC_S("fact/")); k++)
			if (ac_streq(l->protocol->facts[k].name, ((struct ac_str){ path.p + 5, path.n - 5 })))
				label = ac_map_english(&l->protocol->facts[k].label);
		words[i] = ac_map_is_blank(label) ? path : label;
	}
	return l->nassumed == 0 ? AC_S("a fact of the visit") : ac_map_list(m, words, l->nassumed);
}

static struct ac_str
notes(struct ac_map *m, const struct ac_plan_line *l)
{
	struct ac_str all =
	    AC_MAP_JOIN(m, ac_map_override_notes(m, l), exceptions(m, l->def), reasons(m, l->def));

	if (l->nmerged != 0)
		all = AC_MAP_JOIN(m, all, ac_strf(m->a, "The strictest of %zu rules. ", l->nmerged + 1));
	if (l->assumed)
		all = AC_MAP_JOIN(
		    m, all, AC_S("ASSUMED, because it is not recorded: "), fact_words(m, l), AC_S(". "));
	if (l->other != NULL)
		all = AC_MAP_JOIN(m, all, AC_S("Longer because of an earlier treatment, on "),
		    ac_map_when(m, l->other->plan->anchor), AC_S(". "));
	return ac_str_trim(all);
}

static struct cda_statement *
instruction(struct ac_map *m, enum education e, struct ac_str ref)
{
	struct cda_statement *s = ac_map_statement(m, CDA_INSTRUCTION, NULL, (struct ac_str){ 0 }, ref);

	s->code = education(e);
	return s;
}

static void
add_line(struct ac_map *m, const struct ac_plan_line *l, struct ac_str table, struct ac_str ref)
{
	static const char *const group[] = { [AC_RESTRICTION] = "avoid",
		[AC_CARE] = "care",
		[AC_WARNING] = "warn",
		[AC_INFORMATION] = "know" };
	bool is_done = l->def->kind == AC_RESTRICTION || l->def->kind == AC_CARE, is_new;
	int64_t from = l->from;
	struct cda_statement *outer, *s;

	if (from == AC_INSTANT_NONE)
		from = l->treatment != NULL ? l->treatment->anchor : m->p->anchor;
	outer = ac_map_group(m, group[l->def->kind], NULL, l->protocol, table, from, l->until, &is_new);
	if (is_done) {
		if (is_new)
			ac_map_link(m, outer, "REFR", instruction(m, SELF_CARE, table));
		s = ac_map_statement(m, CDA_PLANNED_ACT, "act", l->key, ref);
		s->code = ac_map_no_snomed;
		if (ac_map_override_said(m, l) != NULL)
			s->said = ac_map_override_said(m, l);
	} else {
		s = instruction(m, l->def->kind == AC_WARNING ? SIGNS : GENERAL, ref);
	}
	if (is_done || l->from != AC_INSTANT_NONE || l->until != AC_INSTANT_NONE)
		s->time = ac_map_interval(m, from, l->until);
	ac_map_link(m, outer, "REFR", s);
}

static void
add_lines(struct ac_map *m, enum ac_instruction_kind kind, const char *caption)
{
	static const char *const head[] = { "Instruction", "Allowed, reason, notes" };
	static const char letter[] = {
		[AC_RESTRICTION] = 'a', [AC_CARE] = 'b', [AC_WARNING] = 'w', [AC_INFORMATION] = 'i'
	};
	struct ac_map_cells cells = { 0 };
	struct ac_str table = { 0 };

	for (size_t i = 0; i < m->p->nlines; i++) {
		const struct ac_plan_line *l = &m->p->lines[i];
		struct ac_str ref, language = { 0 };
		if (l->def->kind != kind)
			continue;
		if (table.n == 0)
			table = ac_map_ref(m, 't');
		ref = ac_map_ref(m, letter[kind]);
		ac_map_cell(m, &cells, ref, sentence(m, l, &language));
		cells.v[cells.n - 1].language = language;
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, notes(m, l));
		add_line(m, l, table, ref);
	}
	ac_map_table_id(m, CDA_INTERVENTIONS, table, caption, head, 2, &cells);
}

static void
add_expectations(struct ac_map *m)
{
	static const char *const head[] = { "What is normal", "When" };
	struct ac_str table = m->p->nexpectations == 0 ? (struct ac_str){ 0 } : ac_map_ref(m, 't');
	struct ac_map_cells cells = { 0 };

	for (size_t i = 0; i < m->p->nexpectations; i++) {
		const struct ac_plan_expectation *x = &m->p->expectations[i];
		struct ac_str language = { 0 }, ref = ac_map_ref(m, 'e');
		struct ac_str when = ac_map_window(m, x->from, x->until);
		int64_t from = x->from != AC_INSTANT_NONE ? x->from : m->p->anchor;
		struct cda_statement *s = instruction(m, GENERAL, ref);

		s->time = ac_map_interval(m, from, x->until);
		ac_map_link(
		    m, ac_map_group(m, "expect", NULL, x->protocol, table, from, x->until, NULL), "REFR", s);
		ac_map_cell(m, &cells, ref, ac_map_pick(&x->def->text, &language));
		cells.v[cells.n - 1].language = language;
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, when.n != 0 ? when : AC_S("no time is stated"));
	}
	ac_map_table_id(m, CDA_INTERVENTIONS, table, "What to expect", head, 2, &cells);
}

void
ac_map_lines(struct ac_map *m)
{
	add_lines(m, AC_RESTRICTION, "What to avoid, until when");
	add_lines(m, AC_CARE, "Care");
	add_lines(m, AC_WARNING, "Warnings");
	add_lines(m, AC_INFORMATION, "Good to know");
	ac_map_omitted(m);
	add_expectations(m);
}

void
ac_map_red_flags(struct ac_map *m)
{
	static const char *const head[] = { "Sign", "What to do" };
	struct ac_str table = m->p->nflags == 0 ? (struct ac_str){ 0 } : ac_map_ref(m, 't');
	struct ac_map_cells cells = { 0 };

	for (size_t i = 0; i < m->p->nflags; i++) {
		const struct ac_plan_flag *f = &m->p->flags[i];
		struct ac_str language = { 0 }, sign = ac_map_pick(&f->def->text, &language);
		bool is_emergency = f->def->level == AC_FLAG_EMERGENCY, is_new;
		int64_t from = f->from == AC_INSTANT_NONE ? m->from : f->from;
		struct cda_statement *s =
		    ac_map_group(m, "flag", NULL, f->protocol, table, from, AC_INSTANT_NONE, &is_new);

		if (is_new)
			ac_map_link(m, s, "REFR", instruction(m, SIGNS, table));
		if (f->from != AC_INSTANT_NONE)
			sign = AC_MAP_JOIN(m, sign, AC_S(" (from "), ac_map_when(m, f->from), AC_S(" on)"));
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, sign);
		cells.v[cells.n - 1].language = language;
		ac_map_cell(m, &cells, (struct ac_str){ 0 },
		    is_emergency ? AC_S("EMERGENCY: call the emergency number at once")
		    : f->def->contact == AC_CONTACT_OUT_OF_HOURS ? AC_S("Call the out-of-hours number")
								 : AC_S("Call the clinic"));
		cells.v[cells.n - 1].style = is_emergency ? "Bold" : NULL;
	}
	ac_map_table_id(
	    m, CDA_INTERVENTIONS, table, "When to call, when it is an emergency", head, 2, &cells);
}
