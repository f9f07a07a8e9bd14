/* plan_cda_tasks.c - what the clinic does: calls, visits, appointments, the next session. */
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

static struct cda_code
snomed(const char *code, const char *display)
{
	return (struct cda_code){
		.code = ac_str_c(code), .display = ac_str_c(display), .system = AC_S(CODES_SNOMED)
	};
}

/* The template of a kind of task: a call is promised, a visit proposed, a session intended. */
static struct cda_statement *
step(struct ac_map *m, const struct ac_plan_task *t, struct ac_str ref)
{
	struct cda_statement *s;

	switch (t->kind) {
	case AC_TASK_CHECK_IN:
	case AC_TASK_CALL:
		s = ac_map_statement(m, CDA_PLANNED_ENCOUNTER, "step", t->key, ref);
		s->mood = "PRMS";
		s->code = t->kind == AC_TASK_CHECK_IN ? snomed("386473003", "Telephone follow-up")
						      : snomed("185317003", "Telephone encounter");
		return s;
	case AC_TASK_VISIT:
		s = ac_map_statement(m, CDA_PLANNED_ENCOUNTER, "step", t->key, ref);
		s->code = snomed("185389009", "Follow-up visit");
		return s;
	case AC_TASK_SESSION:
		s = ac_map_statement(m, CDA_PLANNED_PROCEDURE, "step", t->key, ref);
		s->code = ac_map_no_snomed;
		return s;
	case AC_TASK_EDUCATION:
		s = ac_map_statement(m, CDA_PLANNED_ACT, "step", t->key, ref);
		s->code = snomed("311401005", "Patient education (procedure)");
		return s;
	case AC_TASK_BOOKING:
	case AC_TASK_REVIEW:
	case AC_TASK_RECORD:
		break;
	}
	s = ac_map_statement(m, CDA_PLANNED_ACT, "step", t->key, ref);
	s->code = ac_map_no_snomed;
	return s;
}

static void
wrap(struct ac_map *m, struct cda_statement *s, struct ac_str key, const struct ac_protocol *protocol)
{
	struct cda_statement *outer = ac_map_statement(m, CDA_PLANNED_INTERVENTION, "task", key, s->ref);

	outer->mood = s->mood;
	outer->time = s->time;
	ac_map_link(m, outer, "REFR", s);
	ac_map_link_entry(m, outer, "RSON", ac_map_goal(m, protocol));
	ac_map_entry(m, CDA_INTERVENTIONS, outer);
}

static struct ac_str
when_words(struct ac_map *m, const struct ac_plan_task *t)
{
	struct ac_str words = { 0 };

	if (t->not_before != AC_INSTANT_NONE && t->due > t->not_before && t->not_before > m->p->anchor)
		words = AC_MAP_JOIN(m, AC_S("between "), ac_map_when(m, t->not_before), AC_S(" and "),
		    ac_map_when(m, t->due));
	else if (t->due != AC_INSTANT_NONE)
		words = AC_MAP_JOIN(m, AC_S("by "), ac_map_when(m, t->due));
	else if (t->not_before != AC_INSTANT_NONE)
		words = AC_MAP_JOIN(m, AC_S("from "), ac_map_when(m, t->not_before), AC_S(" on"));
	else
		words = AC_S("no time is stated");
	return AC_MAP_JOIN(m, words, t->shifted ? AC_S("; moved to an open day") : AC_S(""),
	    t->unplaced ? AC_S("; NO OPEN DAY FOUND, the clinic sets the day") : AC_S(""),
	    t->urgent ? AC_S("; urgent, also on closed days") : AC_S(""),
	    t->assumed ? AC_S("; ASSUMED, a fact is not recorded") : AC_S(""));
}

static void
add_task(struct ac_map *m, struct ac_map_cells *cells, const struct ac_plan_task *t, struct ac_str table)
{
	struct ac_str ref = ac_map_ref(m, 's'), language = { 0 },
		      text = ac_map_pick(&t->def->text, &language);
	struct cda_statement *s = step(m, t, ref);

	if (ac_map_is_blank(text))
		text = t->title;
	s->time = ac_map_interval(m, t->not_before, t->due);
	ac_map_link(
	    m, ac_map_group(m, "task", s->mood, t->protocol, table, t->not_before, t->due, NULL), "REFR", s);
	ac_map_cell(m, cells, ref, text);
	cells->v[cells->n - 1].language = language;
	ac_map_cell(m, cells, (struct ac_str){ 0 }, when_words(m, t));
	ac_map_cell(
	    m, cells, (struct ac_str){ 0 }, ac_streq_c(t->role, "front-desk") ? AC_S("front desk") : t->role);
}

/* Appointments that the EHR holds, from the treatment on: booked, whatever they are for. */
static void
add_appointments(struct ac_map *m, struct ac_map_cells *cells)
{
	for (size_t i = 0; i < m->e->nappointments; i++) {
		const struct enc_appointment *ap = &m->e->appointments[i];
		struct ac_str ref;
		struct cda_statement *s;

		if (!ac_streq_c(ap->status, "booked") || ap->start.precision < 8 ||
		    ap->start.t <= m->p->anchor)
			continue;
		ref = ac_map_ref(m, 's');
		s = ac_map_statement(m, CDA_PLANNED_ENCOUNTER, "appointment", ap->id, ref);
		s->mood = "APT";
		s->code = ac_map_no_snomed;
		s->time.value = ac_map_stamp_ts(m, &ap->start);
		wrap(m, s, AC_MAP_JOIN(m, AC_S("appointment/"), ap->id), NULL);
		ac_map_cell(m, cells, ref,
		    AC_MAP_JOIN(m, AC_S("Booked appointment"),
			ac_map_is_blank(ap->category) ? AC_S("") : AC_S(": "), ac_str_trim(ap->category)));
		ac_map_cell(m, cells, (struct ac_str){ 0 },
		    ap->start.precision < 14
			? ac_time_words(m->a, NULL, ap->start.t, AC_TIME_DATE, AC_S("en"))
			: ac_map_when(m, ap->start.t));
		ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S("front desk"));
	}
}

static bool
has_session_task(const struct ac_map *m)
{
	for (size_t i = 0; i < m->p->ntasks; i++)
		if (m->p->tasks[i].kind == AC_TASK_SESSION && m->p->tasks[i].def != NULL)
			return true;
	return false;
}

/* The series' own window, where no task speaks of the next session already. */
static void
add_next_session(struct ac_map *m, struct ac_map_cells *cells)
{
	const struct ac_plan *p = m->p;
	struct ac_str ref, text = AC_S("Next session");
	struct cda_statement *s;

	if ((p->series_next_from == AC_INSTANT_NONE && p->series_next_until == AC_INSTANT_NONE) ||
	    has_session_task(m))
		return;
	if (p->session > 0 && p->sessions > p->session)
		text = ac_strf(m->a, "Next session (%d of %d)", (int)p->session + 1, (int)p->sessions);
	ref = ac_map_ref(m, 's');
	s = ac_map_statement(m, CDA_PLANNED_PROCEDURE, "next-session", AC_S("1"), ref);
	s->code = ac_map_no_snomed;
	s->time = ac_map_interval(m, p->series_next_from, p->series_next_until);
	wrap(m, s, AC_S("next-session"), NULL);
	ac_map_cell(m, cells, ref, text);
	ac_map_cell(
	    m, cells, (struct ac_str){ 0 }, ac_map_window(m, p->series_next_from, p->series_next_until));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S("clinician"));
}

void
ac_map_tasks(struct ac_map *m)
{
	static const char *const head[] = { "What the clinic does", "When", "Who" };
	const struct ac_plan *p = m->p;
	struct ac_map_cells cells = { 0 };
	struct ac_str table = ac_map_ref(m, 't');

	/* the product's own tasks and the chart's bookkeeping are worklist, not care */
	for (size_t i = 0; i < p->ntasks; i++)
		if (p->tasks[i].def != NULL && p->tasks[i].kind != AC_TASK_RECORD)
			add_task(m, &cells, &p->tasks[i], table);
	add_appointments(m, &cells);
	add_next_session(m, &cells);
	ac_map_table_id(m, CDA_INTERVENTIONS, table, "Calls, visits, next session", head, 3, &cells);
}
