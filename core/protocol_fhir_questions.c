/* protocol_fhir_questions.c - into FHIR: check-ins and facts as contained Questionnaires. */
#include "core/protocol_fhir_parts.h"

static void
answers(struct pf_out *o, struct ac_str id, const struct ac_fact_value *v, size_t n, struct fhir_item *to)
{
	to->answer.v = ac_new(o->a, struct fhir_answer, n);
	for (; to->answer.n < n; to->answer.n++) {
		const struct ac_fact_value *one = &v[to->answer.n];
		struct fhir_coding *c = ac_new(o->a, struct fhir_coding, 1);
		const char *part = ac_cstr(o->a, ac_strf(o->a, "label of %.*s", AC_FMT(one->code)));
		*c = (struct fhir_coding){ .code = one->code, .display = pf_text(o, id, part, one->label) };
		to->answer.v[to->answer.n].value = c;
	}
}

static struct fhir_item
question(struct pf_out *o, const struct ac_check_in *c, const struct ac_question *q)
{
	static const char *const types[][2] = { { "score", "integer" }, { "yes-no", "boolean" },
		{ "temperature", "quantity" }, { "text", "text" }, { "choice", "choice" } };
	struct fhir_item to = { .link_id = q->id };
	const char *part = ac_cstr(o->a, ac_strf(o->a, "question %.*s", AC_FMT(q->id)));

	to.text = pf_text(o, c->l.id, part, q->text);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ac_streq_c(q->type, types[i][0]))
			to.type = ac_str_c(types[i][1]);
	if (ac_str_is_set(q->seed))
		pf_lost(o, c->l.id, q->line, part, ac_strf(o->a, "seed %.*s", AC_FMT(q->seed)));
	answers(o, c->l.id, q->values, q->nvalues, &to);
	return to;
}

static struct fhir_item
fact(struct pf_out *o, const struct ac_fact_def *f)
{
	static const char *const types[] = {
		[AC_FACT_CHOICE] = "choice", [AC_FACT_NUMBER] = "decimal", [AC_FACT_YES_NO] = "boolean"
	};
	struct fhir_item to = { .link_id = f->name, .type = ac_str_c(types[f->type]) };

	to.text = pf_text(o, f->name, "label", f->label);
	to.required = f->required ? FHIR_TRUE : FHIR_ABSENT;
	to.repeats = f->many ? FHIR_TRUE : FHIR_ABSENT;
	to.read_only =
	    f->ask ? FHIR_ABSENT : FHIR_TRUE; /* it comes from somewhere else than a person's answer */
	answers(o, f->name, f->values, f->nvalues, &to);
	if (ac_str_is_set(f->seed))
		pf_lost(o, f->name, f->line, "seed", f->seed);
	if (ac_str_is_set(f->source))
		pf_lost(o, f->name, f->line, "source", f->source);
	for (size_t i = 0; i < f->ndecide; i++)
		pf_lost(o, f->name, f->line, "decide", f->decide[i]);
	return to;
}

void
pf_questionnaires(
    struct pf_out *o, const struct ac_protocol *p, struct ac_str status, struct fhir_plan_definition *to)
{
	to->contained.v = ac_new(o->a, struct fhir_questionnaire, p->ncheck_ins + 1);
	if (p->nfacts > 0) {
		struct fhir_questionnaire *q = &to->contained.v[to->contained.n++];
		*q = (struct fhir_questionnaire){ .id = AC_S(AC_FHIR_FACTS), .status = status };
		q->item.v = ac_new(o->a, struct fhir_item, p->nfacts);
		for (; q->item.n < p->nfacts; q->item.n++)
			q->item.v[q->item.n] = fact(o, &p->facts[q->item.n]);
	}
	for (size_t i = 0; i < p->ncheck_ins; i++) {
		const struct ac_check_in *c = &p->check_ins[i];
		struct fhir_questionnaire *q = &to->contained.v[to->contained.n++];
		*q = (struct fhir_questionnaire){ .id = c->l.id, .status = status };
		q->item.v = ac_new(o->a, struct fhir_item, c->nquestions);
		for (; q->item.n < c->nquestions; q->item.n++)
			q->item.v[q->item.n] = question(o, c, &c->questions[q->item.n]);
	}
}
