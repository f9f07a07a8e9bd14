/* plan_cda.c - plan to document: what the parts share, and their order. */
#include <string.h>

#include "core/plan_cda.h"
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

struct cda_statement *
ac_map_statement(
    struct ac_map *m, enum cda_template is, const char *kind, struct ac_str key, struct ac_str ref)
{
	struct cda_statement *s = ac_new(m->a, struct cda_statement, 1);

	*s = (struct cda_statement){ .is = is, .ref = ref, .said = &m->by_device };
	if (is != CDA_INSTRUCTION)
		s->id = AC_MAP_JOIN(m, ac_str_c(kind), AC_S("/"), key);
	else
		s->said = NULL; /* whoever plans the act says its words */
	return s;
}

static void
add_link(struct ac_map *m, struct cda_statement *s, struct cda_link link)
{
	struct cda_link *links = (struct cda_link *)s->links; /* made here */
	size_t n = s->nlinks;

	if (n == 0 || (n >= 2 && (n & (n - 1)) == 0)) { /* room for 2, 4, 8, ... */
		links = ac_new(m->a, struct cda_link, n == 0 ? 2 : 2 * n);
		if (n != 0)
			memcpy(links, s->links, n * sizeof(*links));
		s->links = links;
	}
	links[n] = link;
	s->nlinks++;
}

void
ac_map_link(struct ac_map *m, struct cda_statement *s, const char *type, const struct cda_statement *to)
{
	add_link(m, s, (struct cda_link){ .type = type, .to = to });
}

void
ac_map_link_entry(struct ac_map *m, struct cda_statement *s, const char *type, struct ac_str entry)
{
	add_link(m, s, (struct cda_link){ .type = type, .entry = entry });
}

struct cda_statement *
ac_map_group(struct ac_map *m, const char *kind, const char *mood, const struct ac_protocol *protocol,
    struct ac_str ref, int64_t from, int64_t until, bool *ret_new)
{
	struct ac_map_group *g = NULL;

	for (size_t i = 0; i < m->groups.n && g == NULL; i++)
		if (m->groups.v[i].protocol == protocol && strcmp(m->groups.v[i].kind, kind) == 0 &&
		    strcmp(m->groups.v[i].mood, mood != NULL ? mood : "INT") == 0)
			g = &m->groups.v[i];
	if (ret_new != NULL)
		*ret_new = g == NULL;
	if (g == NULL) {
		struct ac_str key = AC_MAP_JOIN(m, ac_str_c(mood != NULL ? mood : "INT"), AC_S("/"),
		    protocol != NULL ? protocol->id : AC_S(""));
		AC_PUSH(m->a, &m->groups,
		    ((struct ac_map_group){
			.s = ac_map_statement(m, CDA_PLANNED_INTERVENTION, kind, key, ref),
			.kind = kind,
			.mood = mood != NULL ? mood : "INT",
			.protocol = protocol,
			.from = from,
			.until = until }));
		g = &m->groups.v[m->groups.n - 1];
		g->s->mood = mood;
		ac_map_link_entry(m, g->s, "RSON", ac_map_goal(m, protocol));
		ac_map_entry(m, CDA_INTERVENTIONS, g->s);
	}
	if (from != AC_INSTANT_NONE && (g->from == AC_INSTANT_NONE || from < g->from))
		g->from = from;
	if (until == AC_INSTANT_NONE || (g->until != AC_INSTANT_NONE && until > g->until))
		g->until = until; /* one step without end: the whole has none */
	return g->s;
}

void
ac_map_entry(struct ac_map *m, enum cda_section_kind section, const struct cda_statement *s)
{
	AC_PUSH(m->a, &m->entries[section], s);
}

struct cda_time
ac_map_interval(struct ac_map *m, int64_t from, int64_t until)
{
	return (struct cda_time){ .low = ac_map_ts(m, from), .high = ac_map_ts(m, until) };
}

/* The goal that a step serves: the first of its own protocol, else the first of all. */
struct ac_str
ac_map_goal(struct ac_map *m, const struct ac_protocol *protocol)
{
	for (size_t i = 0; i < m->p->ngoals; i++)
		if (m->p->goals[i].protocol == protocol)
			return m->goals[i];
	return m->goals[0];
}

const struct cda_code ac_map_no_snomed = { .null = "OTH",
	.system = { CODES_SNOMED, sizeof(CODES_SNOMED) - 1 } };

const struct enc_strs *
ac_map_fact(const struct ac_map *m, const char *name)
{
	for (size_t i = 0; i < m->e->nfacts; i++)
		if (ac_streq_c(m->e->facts[i].name, name))
			return &m->e->facts[i].s;
	for (size_t i = 0; i < m->in->nanswers; i++)
		if (ac_streq_c(m->in->answers[i].name, name))
			return &m->in->answers[i].values;
	return NULL;
}

/* The first paragraph of each section: whoever reads only one must not miss it. */
static void
say_first(struct ac_map *m)
{
	struct ac_str revoked = { 0 };

	if (m->revoked)
		revoked = AC_MAP_JOIN(m, AC_S("REVOKED on "), ac_map_when(m, m->in->made_at), AC_S(": "),
		    ac_plan_revoke_words(m->in->revoke_reason), AC_S(". Do not follow this plan."));
	else if (m->in->state.is_set)
		revoked = AC_MAP_JOIN(m,
		    m->p->status == AC_PLAN_ON_HOLD  ? AC_S("ON HOLD since ")
		    : m->p->status == AC_PLAN_ACTIVE ? AC_S("ACTIVE AGAIN, was completed before, since ")
						     : AC_S("COMPLETED on "),
		    ac_map_when(m, m->in->state.at), AC_S(": "), m->in->state.reason, AC_S("."));
	for (int i = 0; i < CDA_SECTIONS; i++) {
		if (revoked.n > 0)
			ac_map_say(m, (enum cda_section_kind)i, "Bold", revoked);
		if (m->p->demonstration)
			ac_map_say(m, (enum cda_section_kind)i, "Bold",
			    AC_S("DEMONSTRATION: made from demonstration data. Not for the care of a "
				 "patient."));
	}
}

/* A day with a change of clocks is named: 72 hours are then not three days at the same time. */
static void
say_clock_change(struct ac_map *m)
{
	int64_t last = AC_INSTANT_NONE, at;
	int32_t delta;
	uint32_t minutes;

	for (size_t i = 0; i < m->p->nlines; i++)
		if (m->p->lines[i].until > last)
			last = m->p->lines[i].until;
	if (last == AC_INSTANT_NONE || !ac_zone_next_change(m->z, m->p->anchor, last, &at, &delta) ||
	    delta == 0)
		return;
	minutes = (uint32_t)(delta < 0 ? -delta : delta) / 60;
	ac_map_say(m, CDA_INTERVENTIONS, NULL,
	    AC_MAP_JOIN(m, AC_S("The clocks change on "),
		ac_time_words(m->a, m->z, at, AC_TIME_DATE, AC_S("en")),
		ac_strf(m->a, ": %u minutes %s. All times below are those that the clock then shows.",
		    minutes, delta > 0 ? "forward" : "back")));
}

static void
ac_map_interventions(struct ac_map *m)
{
	if (m->revoked) {
		ac_map_say(m, CDA_INTERVENTIONS, NULL, AC_S("No interventions: the plan was withdrawn."));
		m->d.sections[CDA_INTERVENTIONS].null = "NI";
	} else {
		say_clock_change(m);
		ac_map_done(m);
		ac_map_lines(m);
		ac_map_red_flags(m);
		ac_map_tasks(m);
	}
	ac_map_about(m);
}

static void
close_sections(struct ac_map *m)
{
	for (size_t i = 0; i < m->groups.n; i++) {
		const struct ac_map_group *g = &m->groups.v[i];
		g->s->time = ac_map_interval(m, g->from, g->until);
	}
	for (int i = 0; i < CDA_SECTIONS; i++) {
		m->d.sections[i].blocks = m->blocks[i].v;
		m->d.sections[i].nblocks = m->blocks[i].n;
		m->d.sections[i].entries = m->entries[i].v;
		m->d.sections[i].nentries = m->entries[i].n;
	}
}

enum ac_code
ac_plan_cda(const struct ac_plan *p, struct ac_arena *a, struct ac_str *ret_xml, struct ac_err *reterr)
{
	static const struct ac_clinic no_clinic = { 0 };
	struct ac_map *m = ac_new(a, struct ac_map, 1);

	if (p->in->document_version == 0)
		return ac_fail(reterr, AC_EINPUT, "CDA-NO-DOCUMENT", "this plan version makes no document");
	*m = (struct ac_map){
		.a = a,
		.p = p,
		.in = p->in,
		.e = p->in->encounter,
		.clinic = p->in->clinic != NULL ? p->in->clinic : &no_clinic,
		.z = p->in->zone,
		.revoked =
		    p->in->revoked || p->status == AC_PLAN_REVOKED || p->status == AC_PLAN_ENTERED_IN_ERROR,
	};
	ac_map_header(m);
	say_first(m);
	ac_map_concerns(m);
	ac_map_goals(m);
	ac_map_interventions(m);
	ac_map_outcomes(m);
	close_sections(m);
	return cda_write(&m->d, a, ret_xml, reterr);
}
