/*
 * plan_cda_outcomes.c - what was found in talks with the patient: each answer an outcome, and what needs somebody a concern.
 *
 * Rules   the level of a call is said in words, with what made it: "expected" is what the clinic described, not a diagnosis.
 *         Who asked stands as a role: accounts are the clinic's own.
 */
#include "base/buf.h"
#include "core/plan_cda_map.h"
#include "core/visit_items.h"
#include "hl7/codes.h"

static const char *
kind_words(enum ac_call_kind k)
{
	static const char *const words[] = { "Check-in", "The patient called", "Visit" };

	return words[k];
}

static const char *
what_words(const struct ac_call *c)
{
	static const char *const words[] = { [AC_VISIT_TEACH] = "Understanding checked",
		[AC_VISIT_CHECKLIST] = "Follow-up visit",
		[AC_VISIT_CONCERN] = "Question of the patient" };
	enum ac_visit_set set = ac_visit_set_of(c);

	return set == AC_VISIT_OTHER ? kind_words(c->kind) : words[set];
}

static const char *
level_words(enum ac_triage_level l)
{
	static const char *const words[] = { "no judgement", "matches what the clinic described", "call back",
		"urgent" };

	return words[l];
}

static struct ac_str
role_words(struct ac_str role)
{
	return ac_streq_c(role, "front-desk") ? AC_S("the front desk") : role;
}

/* "urgent, because of: You get a fever." */
static struct ac_str
judgement(struct ac_map *m, const struct ac_call *c)
{
	const struct ac_call_entry *e = ac_call_level_entry(c);

	if (e == NULL)
		return AC_S("no judgement");
	return AC_MAP_JOIN(m, ac_str_c(level_words(ac_call_level(c))),
	    ac_streq_c(e->name, "person") ? AC_S(", decided by a ") : AC_S(""),
	    ac_streq_c(e->name, "person") ? e->role : AC_S(""),
	    ac_map_is_blank(e->words) ? AC_S("") : AC_S(", because of: "), e->words);
}

static struct ac_str
heading(struct ac_map *m, const struct ac_call *c)
{
	struct ac_str o = ac_call_outcome(c);

	return AC_MAP_JOIN(m, ac_str_c(what_words(c)), AC_S(", "),
	    ac_map_when(m, ac_call_at_ms(c) / 1000), AC_S(", by "), role_words(c->entries[0].role),
	    ac_str_is_set(o) ? AC_S(", ") : AC_S(", not finished"), ac_str_is_set(o) ? o : AC_S(""));
}

/* LIMIT: an answer is told by its narrative; no code system holds the questions of a clinic's own protocol. */
static void
add_outcome(struct ac_map *m, struct ac_map_cells *cells, const struct ac_call *c, size_t i)
{
	const struct ac_call_entry *e = &c->entries[i];
	struct ac_str ref = ac_map_ref(m, 'o');
	struct cda_statement *s = ac_map_statement(
	    m, CDA_OUTCOME, "outcome", ac_strf(m->a, "%lld/%zu", (long long)c->n, i + 1), ref);
	struct cda_code *value = ac_new(m->a, struct cda_code, 1);

	*value = ac_map_no_snomed;
	value->ref = ref;
	s->code = (struct cda_code){ .null = "OTH", .system = AC_S(CODES_LOINC), .ref = ref };
	s->value = value;
	s->time.value = ac_map_ts(m, e->at_ms / 1000);
	ac_map_link_entry(m, s, "GEVL", m->goals[0]);
	ac_map_entry(m, CDA_OUTCOMES, s);
	ac_map_cell(m, cells, ref,
	    e->kind == AC_ENTRY_NOTE ? AC_MAP_JOIN(m, AC_S("Written down: "), e->words)
				     : AC_MAP_JOIN(m, e->words, AC_S(" "), e->value));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_map_when(m, e->at_ms / 1000));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, role_words(e->role));
}

static void
add_call(struct ac_map *m, const struct ac_call *c)
{
	static const char *const head[] = { "What was said", "When", "Asked by" };
	struct ac_map_cells cells = { 0 };

	ac_map_say(m, CDA_OUTCOMES, "Bold", heading(m, c));
	if (ac_visit_set_of(c) == AC_VISIT_OTHER)
		ac_map_say(m, CDA_OUTCOMES, NULL, AC_MAP_JOIN(m, AC_S("Judged as: "), judgement(m, c)));
	for (size_t i = 0; i < c->nentries; i++)
		if (c->entries[i].kind == AC_ENTRY_ANSWER || c->entries[i].kind == AC_ENTRY_FLAG ||
		    c->entries[i].kind == AC_ENTRY_NOTE)
			add_outcome(m, &cells, c, i);
	if (cells.n > 0)
		ac_map_table(m, CDA_OUTCOMES, NULL, head, 3, &cells);
}

void
ac_map_outcomes(struct ac_map *m)
{
	for (size_t i = 0; i < m->in->ncalls; i++)
		add_call(m, &m->in->calls[i]);
	if (m->in->ncalls == 0)
		ac_map_say(
		    m, CDA_OUTCOMES, NULL, AC_S("No findings were recorded up to this version of the plan."));
	if (m->entries[CDA_OUTCOMES].n == 0)
		m->d.sections[CDA_OUTCOMES].null = "NI";
}

struct ac_str
ac_map_finding(struct ac_map *m, const struct ac_call *c)
{
	if (ac_call_level(c) < AC_LEVEL_CALL_BACK)
		return (struct ac_str){ 0 };
	return AC_MAP_JOIN(m, AC_S("Reported, "), judgement(m, c));
}
