/* plan_cda_done.c - what was done: treatments with their products, and the sheet that was given. */
#include "base/buf.h"
#include "core/plan_cda_map.h"
#include "core/visit_items.h"
#include "hl7/codes.h"

static struct ac_str
product_words(struct ac_map *m, const struct enc_procedure *pr)
{
	struct ac_buf b;

	ac_buf_init(&b, m->a, 128, 0);
	for (size_t i = 0; i < pr->nproducts; i++) {
		const struct enc_product *p = &pr->products[i];
		if (i > 0)
			ac_buf_addz(&b, "; ");
		ac_buf_add(&b, ac_map_is_blank(p->name) ? AC_S("product without name") : p->name);
		ac_buf_addz(&b, ac_map_is_blank(p->lot) ? ", lot not recorded" : ", lot ");
		ac_buf_add(&b, p->lot);
		if (!ac_map_is_blank(p->expires)) {
			ac_buf_addz(&b, ", expires ");
			ac_buf_add(&b, p->expires);
		}
	}
	return b.n != 0 ? ac_buf_str(&b) : AC_S("none recorded");
}

/* The EHR's own code: as the code where its system is one that a procedure may have, else beside "other". */
static struct cda_code
procedure_code(struct ac_map *m, const struct enc_procedure *pr, struct ac_str ref)
{
	struct cda_code code = ac_map_no_snomed, *own;
	struct codes_system s = { 0 };

	if (pr == NULL || ac_map_is_blank(pr->code))
		return code;
	if (codes_find_system(pr->system, &s) && s.name.n != 0)
		return (struct cda_code){
			.code = ac_str_trim(pr->code), .system = s.oid, .system_name = s.name, .ref = ref
		};
	if (s.oid.n == 0) {
		if (ac_map_is_blank(pr->system))
			return code;
		s.oid =
		    ac_uuid_str(m->a, ac_uuid5(m->in->id_root, AC_MAP_JOIN(m, AC_S("system/"), pr->system)));
		s.name = pr->system;
	}
	own = ac_new(m->a, struct cda_code, 1);
	*own = (struct cda_code){ .code = ac_str_trim(pr->code),
		.display = ac_str_trim(pr->text),
		.system = s.oid,
		.system_name = s.name };
	code.translation = own;
	return code;
}

static const struct cda_code *
site(struct ac_map *m)
{
	const struct enc_strs *areas = ac_map_fact(m, "area");
	struct cda_code *code = ac_new(m->a, struct cda_code, 1);

	code->null = "UNK";
	for (size_t i = 0; areas != NULL && i < areas->n; i++) {
		const char *display, *sct = codes_body_site(areas->v[i], &display);
		if (sct != NULL) {
			*code = (struct cda_code){ .code = ac_str_c(sct),
				.display = ac_str_c(display),
				.system = AC_S(CODES_SNOMED) };
			break;
		}
		code->null = "OTH";
		code->text = areas->v[i];
	}
	return code;
}

static const struct cda_party *
performer(const struct ac_map *m, const struct enc_procedure *pr)
{
	/* the header lists them all; the one of this procedure is found by the EHR's id */
	for (size_t i = 0; pr != NULL && i < m->d.nperformers; i++)
		for (size_t j = 0; j < m->d.performers[i]->nids; j++)
			if (pr->performer.id.n != 0 &&
			    ac_streq(m->d.performers[i]->ids[j].extension, pr->performer.id))
				return m->d.performers[i];
	return m->provider != NULL ? m->provider : m->somebody;
}

static void
add_treatment(struct ac_map *m, struct ac_map_cells *cells, size_t i)
{
	const struct ac_treatment *t = &m->p->treatments[i];
	struct ac_str ref = ac_map_ref(m, 'd'), key = ac_strf(m->a, "%zu", i + 1),
		      name = ac_map_treatment_name(t);
	struct cda_statement *act = ac_map_statement(m, CDA_INTERVENTION, "done", key, ref);
	struct cda_statement *proc = ac_map_statement(m, CDA_PROCEDURE, "procedure", key, ref);

	act->time.value = ac_map_ts(m, t->anchor);
	proc->time = act->time;
	proc->code = procedure_code(m, t->procedure, ref);
	proc->site = site(m);
	proc->performer = performer(m, t->procedure);
	ac_map_link(m, act, "REFR", proc);
	ac_map_link_entry(m, act, "RSON", ac_map_goal(m, t->protocol));
	ac_map_entry(m, CDA_INTERVENTIONS, act);
	ac_map_cell(m, cells, ref, name);
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_map_when(m, t->anchor));
	ac_map_cell(m, cells, (struct ac_str){ 0 },
	    t->procedure != NULL ? AC_MAP_JOIN(m, AC_S("Products: "), product_words(m, t->procedure))
				 : AC_S("No procedure is coded: taken from the visit's recorded facts"));
}

/* The issued sheet is education given: the Instruction template is for what is still to be said. */
static void
add_sheet(struct ac_map *m, struct ac_map_cells *cells)
{
	struct ac_str ref = ac_map_ref(m, 'd');
	struct cda_statement *act = ac_map_statement(m, CDA_INTERVENTION, "done", AC_S("sheet"), ref);
	struct cda_statement *told = ac_map_statement(m, CDA_PROCEDURE_ACT, "sheet", AC_S("1"), ref);

	act->time.value = ac_map_ts(m, m->in->issued_at);
	told->time = act->time;
	told->code = (struct cda_code){ .ref = ref,
		.code = AC_S("311401005"),
		.display = AC_S("Patient education (procedure)"),
		.system = AC_S(CODES_SNOMED) };
	told->performer = m->somebody; /* who gave it out is in the clinic's log */
	ac_map_link(m, act, "REFR", told);
	ac_map_link_entry(m, act, "RSON", m->goals[0]);
	ac_map_entry(m, CDA_INTERVENTIONS, act);
	ac_map_cell(m, cells, ref, AC_S("Written aftercare sheet given to the patient"));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_map_when(m, m->in->issued_at));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, AC_S("The same instructions and times as below"));
}

/* Understanding that was checked is education given, too. */
static void
add_teach(struct ac_map *m, struct ac_map_cells *cells, const struct ac_call *c)
{
	struct ac_str ref = ac_map_ref(m, 'd'), language = ac_visit_said(c, AC_VISIT_LANGUAGE),
		      key = ac_strf(m->a, "%lld", (long long)c->n);
	struct cda_statement *act = ac_map_statement(m, CDA_INTERVENTION, "taught", key, ref);
	struct cda_statement *told = ac_map_statement(m, CDA_PROCEDURE_ACT, "teach", key, ref);
	int64_t at = ac_call_at_ms(c) / 1000;

	act->time.value = ac_map_ts(m, at);
	told->time = act->time;
	told->code = (struct cda_code){ .ref = ref,
		.code = AC_S("311401005"),
		.display = AC_S("Patient education (procedure)"),
		.system = AC_S(CODES_SNOMED) };
	told->performer = m->somebody; /* by role in the details: accounts are the clinic's own */
	ac_map_link(m, act, "REFR", told);
	ac_map_link_entry(m, act, "RSON", m->goals[0]);
	ac_map_entry(m, CDA_INTERVENTIONS, act);
	ac_map_cell(m, cells, ref,
	    AC_MAP_JOIN(m, AC_S("Understanding of the instructions: "), ac_visit_said(c, AC_VISIT_RESULT), AC_S(" ("),
		ac_visit_said(c, AC_VISIT_METHOD), AC_S(")")));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_map_when(m, at));
	ac_map_cell(m, cells, (struct ac_str){ 0 },
	    AC_MAP_JOIN(m, AC_S("by a "), c->entries[0].role, language.n > 0 ? AC_S(", language: ") : AC_S(""), language,
		ac_streq_c(ac_visit_said(c, AC_VISIT_INTERPRETER), "yes") ? AC_S(", with an interpreter") : AC_S("")));
}

void
ac_map_done(struct ac_map *m)
{
	static const char *const head[] = { "What was done", "When", "Details" };
	const struct enc_strs *areas = ac_map_fact(m, "area");
	struct ac_map_cells cells = { 0 };

	if (areas != NULL && areas->n != 0) /* of the encounter: nobody said which treatment had which */
		ac_map_say(m, CDA_INTERVENTIONS, NULL,
		    AC_MAP_JOIN(m, AC_S("Treated area: "), ac_map_list(m, areas->v, areas->n), AC_S(".")));
	for (size_t i = 0; i < m->p->ntreatments; i++)
		add_treatment(m, &cells, i);
	if (m->in->issued_at != AC_INSTANT_NONE)
		add_sheet(m, &cells);
	for (size_t i = 0; i < m->in->ncalls; i++)
		if (ac_visit_set_of(&m->in->calls[i]) == AC_VISIT_TEACH)
			add_teach(m, &cells, &m->in->calls[i]);
	ac_map_table(m, CDA_INTERVENTIONS, "Done", head, 3, &cells);
}
