/* plan_cda_concerns.c - why there is a plan (Health Concerns) and what it is for (Goals). */
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

/*
 * HealthConcern and risk follow the plan's life; a goal stays active (CONF:1098-32334 allows nothing else).
 */
static const char *
status(const struct ac_map *m)
{
	if (m->revoked)
		return "aborted";
	if (m->p->status == AC_PLAN_COMPLETED)
		return "completed";
	return m->p->status == AC_PLAN_ON_HOLD ? "suspended" : "active";
}

static bool
is_over(const struct ac_map *m)
{
	return m->revoked || m->p->status == AC_PLAN_COMPLETED;
}

static struct cda_time
concern_time(struct ac_map *m, struct ac_str since)
{
	struct cda_time t = { .low = since };

	if (is_over(m))
		t.high = m->made_at;
	return t;
}

struct ac_str
ac_map_treatment_name(const struct ac_treatment *t)
{
	const struct enc_procedure *pr = t->procedure;

	if (pr != NULL && !ac_map_is_blank(pr->text))
		return ac_str_trim(pr->text);
	if (t->protocol != NULL) {
		struct ac_str name = ac_map_english(&t->protocol->title);
		if (!ac_map_is_blank(name))
			return name;
	}
	return pr != NULL && !ac_map_is_blank(pr->code) ? pr->code : AC_S("treatment");
}

static struct ac_str
anchor_words(struct ac_map *m, const struct ac_treatment *t)
{
	static const char *const source[] = {
		[AC_ANCHOR_PERFORMED] = "",
		[AC_ANCHOR_ANSWER] = " (time confirmed by the clinic)",
		[AC_ANCHOR_END] = " (time assumed: end of the encounter)",
		[AC_ANCHOR_ISSUE] = " (time assumed: when the sheet was given)",
		[AC_ANCHOR_DAY_END] = " (time assumed: end of the day)",
	};

	return AC_MAP_JOIN(m, ac_map_when(m, t->anchor), ac_str_c(source[t->anchor_source]));
}

/* What was the treatment for: as the clinic recorded it, in its own words. */
static struct ac_str
reason(struct ac_map *m)
{
	const struct enc_strs *f = ac_map_fact(m, "indication");
	struct ac_str words = f == NULL ? (struct ac_str){ 0 } : ac_map_list(m, f->v, f->n);

	if (ac_map_is_blank(words))
		return ac_str_trim(m->e->reason);
	return ac_map_is_blank(m->e->reason) ? words
					     : AC_MAP_JOIN(m, words, AC_S("; "), ac_str_trim(m->e->reason));
}

static struct cda_statement *
problem(struct ac_map *m, const char *kind, struct ac_str key, struct ac_str ref, struct ac_str since)
{
	struct cda_statement *s = ac_map_statement(m, CDA_PROBLEM, kind, key, ref);

	s->value = &ac_map_no_snomed;
	s->time = (struct cda_time){ .low = since };
	return s;
}

static struct ac_str
index_key(struct ac_map *m, size_t i)
{
	return ac_strf(m->a, "%zu", i + 1);
}

static void
add_concern(struct ac_map *m, struct ac_map_cells *cells, size_t i, struct ac_str text, struct ac_str when,
    struct ac_str since)
{
	struct ac_str ref = ac_map_ref(m, 'c'), why = i == 0 ? reason(m) : (struct ac_str){ 0 };
	struct cda_statement *s = ac_map_statement(m, CDA_HEALTH_CONCERN, "concern", index_key(m, i), ref);

	s->status = status(m);
	s->time = concern_time(m, since);
	ac_map_cell(m, cells, ref, text);
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_str_c(s->status));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, when);
	if (!ac_map_is_blank(why)) {
		struct ac_str why_ref = ac_map_ref(m, 'r');
		ac_map_cell(
		    m, cells, why_ref, AC_MAP_JOIN(m, AC_S("Reason for the treatment, as recorded: "), why));
		ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_str_c(s->status));
		ac_map_cell(m, cells, (struct ac_str){ 0 }, when);
		ac_map_link(m, s, "REFR", problem(m, "reason", index_key(m, i), why_ref, since));
	}
	if (i == 0)
		m->concern = s->id;
	ac_map_entry(m, CDA_CONCERNS, s);
}

static void
add_risk(struct ac_map *m, struct ac_map_cells *cells, const struct ac_plan_flag *f, size_t i)
{
	struct ac_str language = { 0 }, text = ac_map_pick(&f->def->text, &language),
		      ref = ac_map_ref(m, 'c');
	struct cda_statement *s = ac_map_statement(m, CDA_RISK_CONCERN, "risk", index_key(m, i), ref);
	bool is_emergency = f->def->level == AC_FLAG_EMERGENCY;

	s->status = status(m);
	s->time = concern_time(m, m->since);
	ac_map_link(m, s, "REFR", problem(m, "risk-of", index_key(m, i), ref, m->since));
	ac_map_cell(m, cells, ref,
	    AC_MAP_JOIN(
		m, is_emergency ? AC_S("Risk, an emergency: ") : AC_S("Risk, call the clinic: "), text));
	cells->v[cells->n - 1].language = language;
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_str_c(s->status));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S("since the treatment"));
	ac_map_entry(m, CDA_CONCERNS, s);
}

/* What the patient reported, and somebody must see to. */
static void
add_finding(struct ac_map *m, struct ac_map_cells *cells, const struct ac_call *c)
{
	struct ac_str text = ac_map_finding(m, c), key = ac_strf(m->a, "%lld", (long long)c->n), ref;
	int64_t at = ac_call_at_ms(c) / 1000;
	struct cda_statement *s;

	if (!ac_str_is_set(text))
		return;
	ref = ac_map_ref(m, 'c');
	s = ac_map_statement(m, CDA_HEALTH_CONCERN, "reported", key, ref);
	s->status = status(m);
	s->time = concern_time(m, ac_map_ts(m, at));
	ac_map_link(m, s, "REFR", problem(m, "reported-problem", key, ref, ac_map_ts(m, at)));
	ac_map_cell(m, cells, ref, text);
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_str_c(s->status));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_map_when(m, at));
	ac_map_entry(m, CDA_CONCERNS, s);
}

static void
add_health_status(struct ac_map *m, struct ac_map_cells *cells)
{
	static const struct cda_code unknown = { .null = "UNK" };
	struct ac_str ref = ac_map_ref(m, 'c');
	struct cda_statement *s = ac_map_statement(m, CDA_HEALTH_STATUS, "health-status", AC_S("1"), ref);

	s->said = NULL;
	s->value = &unknown;
	ac_map_cell(m, cells, ref, AC_S("Overall health status: not recorded for this plan"));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S("unknown"));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S(""));
	ac_map_entry(m, CDA_CONCERNS, s);
}

void
ac_map_concerns(struct ac_map *m)
{
	static const char *const head[] = { "Concern", "Status", "Since" };
	const struct ac_plan *p = m->p;
	struct ac_map_cells cells = { 0 };

	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_treatment *t = &p->treatments[i];
		add_concern(m, &cells, i, AC_MAP_JOIN(m, AC_S("Recovery after: "), ac_map_treatment_name(t)),
		    anchor_words(m, t), ac_map_ts(m, t->anchor));
	}
	if (p->ntreatments == 0)
		add_concern(m, &cells, 0, AC_S("Recovery after a treatment that is not recorded"),
		    AC_S("not recorded"), m->since);
	for (size_t i = 0; i < p->nflags; i++)
		add_risk(m, &cells, &p->flags[i], i);
	for (size_t i = 0; i < m->in->ncalls; i++)
		add_finding(m, &cells, &m->in->calls[i]);
	add_health_status(m, &cells);
	ac_map_table(m, CDA_CONCERNS, NULL, head, 3, &cells);
}

/* LIMIT: a protocol states no priority and no date of a goal: normal, unknown. */
static void
add_goal(struct ac_map *m, struct ac_map_cells *cells, size_t i, const struct ac_plan_goal *g)
{
	static const struct cda_code normal = { .code = { "394848005", 9 },
		.display = { "Normal priority", 15 },
		.system = { CODES_SNOMED, sizeof(CODES_SNOMED) - 1 } };
	struct ac_str ref = ac_map_ref(m, 'g'), language = { 0 };
	struct ac_str key =
	    g != NULL ? AC_MAP_JOIN(m, g->protocol->id, AC_S("/"), g->def->l.id) : AC_S("default");
	struct cda_statement *s = ac_map_statement(m, CDA_GOAL, "goal", key, ref);
	struct cda_statement *priority = ac_map_statement(m, CDA_PRIORITY, "goal-priority", key, ref);

	s->code = (struct cda_code){ .null = "OTH", .system = AC_S(CODES_LOINC) };
	priority->value = &normal;
	priority->time.value = m->made_at;
	ac_map_link_entry(m, s, "REFR", m->concern);
	ac_map_link(m, s, "REFR", priority);
	m->goals[i] = s->id;
	ac_map_entry(m, CDA_GOALS, s);
	ac_map_cell(m, cells, ref,
	    g != NULL ? ac_map_pick(&g->def->text, &language)
		      : AC_S("Follow the aftercare plan (a default: the protocol states no goal)"));
	cells->v[cells->n - 1].language = language;
	ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S("the clinic, by its protocol"));
	ac_map_cell(m, cells, (struct ac_str){ 0 },
	    g == NULL    ? AC_S("default")
	    : g->assumed ? AC_MAP_JOIN(m, ac_map_english(&g->protocol->title),
			       AC_S("; assumed, a fact is not recorded"))
			 : ac_map_english(&g->protocol->title));
}

void
ac_map_goals(struct ac_map *m)
{
	static const char *const head[] = { "Goal", "Set by", "Protocol" };
	const struct ac_plan *p = m->p;
	struct ac_map_cells cells = { 0 };

	m->goals = ac_new(m->a, struct ac_str, p->ngoals == 0 ? 1 : p->ngoals);
	for (size_t i = 0; i < p->ngoals; i++)
		add_goal(m, &cells, i, &p->goals[i]);
	if (p->ngoals == 0)
		add_goal(m, &cells, 0, NULL);
	ac_map_table(m, CDA_GOALS, NULL, head, 3, &cells);
}
