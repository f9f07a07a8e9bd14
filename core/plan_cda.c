/* plan_cda.c - plan to document: what the parts share, and their order. */
#include <string.h>

#include "core/plan_cda.h"
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

struct ac_uuid
ac_map_uuid(struct ac_map *m, const char *kind, struct ac_str key)
{
	char near[160];
	struct ac_str k = ac_str_c(kind), name = { near, k.n + 1 + key.n };

	if (name.n > sizeof(near))
		return ac_uuid5(m->d.id, AC_MAP_JOIN(m, k, AC_S("/"), key));
	memcpy(near, k.p, k.n);
	near[k.n] = '/';
	if (key.n != 0)
		memcpy(near + k.n + 1, key.p, key.n);
	return ac_uuid5(m->d.id, name);
}

struct cda_statement *
ac_map_statement(
    struct ac_map *m, enum cda_template is, const char *kind, struct ac_str key, struct ac_str ref)
{
	struct cda_statement *s = ac_new(m->a, struct cda_statement, 1);

	*s = (struct cda_statement){ .is = is, .ref = ref, .said = &m->by_device };
	if (is != CDA_INSTRUCTION)
		s->id = ac_map_uuid(m, kind, key);
	else
		s->said = NULL; /* whoever plans the act says its words */
	return s;
}

static void
add_link(struct ac_map *m, struct cda_statement *s, struct cda_link link)
{
	struct cda_link *links = ac_new(m->a, struct cda_link, s->nlinks + 1);

	if (s->nlinks != 0)
		memcpy(links, s->links, s->nlinks * sizeof(*links));
	links[s->nlinks] = link;
	s->links = links;
	s->nlinks++;
}

void
ac_map_link(struct ac_map *m, struct cda_statement *s, const char *type, const struct cda_statement *to)
{
	add_link(m, s, (struct cda_link){ .type = type, .to = to });
}

void
ac_map_link_entry(struct ac_map *m, struct cda_statement *s, const char *type, const struct ac_uuid *entry)
{
	add_link(m, s, (struct cda_link){ .type = type, .entry = entry });
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
const struct ac_uuid *
ac_map_goal(struct ac_map *m, const struct ac_protocol *protocol)
{
	for (size_t i = 0; i < m->p->ngoals; i++)
		if (m->p->goals[i].protocol == protocol)
			return &m->goals[i];
	return &m->goals[0];
}

const struct cda_code ac_map_no_snomed = {
	.null = "OTH", .system = { CODES_SNOMED, sizeof(CODES_SNOMED) - 1 }, .system_name = { "SNOMED CT", 9 }
};

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

static struct ac_str
reason_words(struct ac_str reason)
{
	static const struct {
		const char *reason, *words;
	} t[] = {
		{ "procedure-gone", "the treatment is no longer in the patient's record" },
		{ "entered-in-error", "the encounter was entered in error" },
		{ "patient-changed", "the encounter belongs to another patient" },
		{ "cancelled", "the encounter was cancelled" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (ac_streq_c(reason, t[i].reason))
			return ac_str_c(t[i].words);
	return ac_map_is_blank(reason) ? AC_S("no reason was recorded") : reason;
}

/* The first paragraph of each section: whoever reads only one must not miss it. */
static void
say_first(struct ac_map *m)
{
	struct ac_str revoked = { 0 };

	if (m->revoked)
		revoked = AC_MAP_JOIN(m, AC_S("REVOKED on "), ac_map_when(m, m->in->made_at), AC_S(": "),
		    reason_words(m->in->revoke_reason), AC_S(". Do not follow this plan."));
	for (int i = 0; i < CDA_SECTIONS; i++) {
		if (m->revoked)
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
ac_map_outcomes(struct ac_map *m)
{
	ac_map_say(m, CDA_OUTCOMES, NULL, AC_S("No findings were recorded up to this version of the plan."));
	m->d.sections[CDA_OUTCOMES].null = "NI";
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
