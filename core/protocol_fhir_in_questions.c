/* protocol_fhir_in_questions.c - out of FHIR: facts and check-ins from Questionnaires. */
#include <string.h>

#include "core/protocol_fhir_in.h"
#include "core/protocol_schema.h"

/* The type here of a type of R4; NULL: none. */
static const char *
question_type(struct ac_str type)
{
	static const char *const types[][2] = { { "integer", "score" }, { "boolean", "yes-no" },
		{ "quantity", "temperature" }, { "text", "text" }, { "string", "text" },
		{ "choice", "choice" } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ac_streq_c(type, types[i][0]))
			return types[i][1];
	return NULL;
}

static const char *
fact_type(struct ac_str type)
{
	if (ac_streq_c(type, "decimal") || ac_streq_c(type, "integer"))
		return "number";
	return ac_streq_c(type, "choice") ? "choice" : ac_streq_c(type, "boolean") ? "yes-no" : NULL;
}

static void
put_values(struct pf_in *in, struct pf_item *it, const struct fhir_item *q)
{
	struct ac_str *codes = ac_new(in->a, struct ac_str, q->answer.n);
	size_t n = 0;

	for (size_t i = 0; i < q->answer.n; i++) {
		const struct fhir_coding *c = q->answer.v[i].value;
		struct ac_str pointer = ac_strf(in->a, "%.*s/answerOption/%zu", AC_FMT(q->pointer), i);
		bool is_ok = c != NULL && pf_is_id(c->code) && ac_streq_c(q->type, "choice");
		for (size_t k = 0; k < n && is_ok; k++)
			is_ok = !ac_streq(codes[k], c->code);
		if (!is_ok) {
			pf_not_taken(in, it, pointer,
			    ac_strf(in->a, "the answer %.*s",
				AC_FMT(pf_quote(in, c == NULL ? AC_S("") : c->code))));
			continue;
		}
		struct fhir_text label = c->display;
		if (!ac_str_is_set(label.s))
			label.s = c->code;
		if (ac_str_is_set(c->system))
			pf_not_taken(in, it, pointer,
			    ac_strf(in->a, "the code's system %.*s", AC_FMT(pf_quote(in, c->system))));
		codes[n++] = c->code;
		ac_xw_open(&in->w, "value");
		ac_xw_attr(&in->w, "code", c->code);
		pf_put_text(in, it, "label", &label, NULL, true);
		ac_xw_close(&in->w);
	}
}

static void
put_fact(struct pf_in *in, const struct fhir_item *f)
{
	struct pf_item it = { .id = f->link_id, .pointer = f->pointer };
	struct fhir_text label = f->text;

	if (!ac_str_is_set(label.s))
		label.s = f->link_id;
	ac_xw_open(&in->w, "fact");
	ac_xw_attr(&in->w, "name", f->link_id);
	ac_xw_attrc(&in->w, "type", fact_type(f->type));
	ac_xw_attrc(&in->w, "many", f->repeats == FHIR_TRUE ? "yes" : NULL);
	ac_xw_attrc(&in->w, "required", f->required == FHIR_TRUE ? "yes" : NULL);
	ac_xw_attrc(&in->w, "ask", f->read_only == FHIR_TRUE ? NULL : "yes");
	pf_put_text(in, &it, "label", &label, NULL, true);
	put_values(in, &it, f);
	pf_put_decides(in, &it);
	ac_xw_close(&in->w);
}

/* Names are known before any condition is read. */
static void
collect_facts(struct pf_in *in, const struct fhir_questionnaire *q)
{
	for (size_t i = 0; i < q->item.n; i++) {
		const struct fhir_item *f = &q->item.v[i];
		bool is_ok = pf_is_id(f->link_id) && fact_type(f->type) != NULL;
		for (size_t k = 0; k < in->facts.n && is_ok; k++)
			is_ok = !ac_streq(in->facts.v[k]->link_id, f->link_id);
		if (is_ok)
			AC_PUSH(in->a, &in->facts, f);
		else
			pf_not_taken(in, NULL, f->pointer,
			    ac_strf(in->a, "the question %.*s", AC_FMT(pf_quote(in, f->text.s))));
	}
}

void
pf_find_facts(struct pf_in *in)
{
	for (size_t i = 0; i < in->pd->contained.n; i++)
		if (ac_streq_c(in->pd->contained.v[i].id, AC_FHIR_FACTS))
			collect_facts(in, &in->pd->contained.v[i]);
	struct ac_str *names = ac_new(in->a, struct ac_str, in->facts.n);
	for (size_t i = 0; i < in->facts.n; i++)
		names[i] = in->facts.v[i]->link_id;
	in->fact_names = (struct ac_names){ names, in->facts.n };
}

void
pf_put_facts(struct pf_in *in)
{
	for (size_t i = 0; i < in->facts.n; i++)
		put_fact(in, in->facts.v[i]);
}

static bool
is_question(const struct fhir_item *q)
{
	return pf_is_id(q->link_id) && question_type(q->type) != NULL && ac_str_is_set(q->text.s);
}

bool
pf_has_questions(const struct fhir_questionnaire *q)
{
	for (size_t i = 0; i < q->item.n; i++)
		if (is_question(&q->item.v[i]))
			return true;
	return false;
}

static struct ac_names
put_questions(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_questionnaire *q = it->questions;
	struct ac_str *names = ac_new(in->a, struct ac_str, q->item.n);
	size_t n = 0;

	for (size_t i = 0; i < q->item.n; i++) {
		const struct fhir_item *one = &q->item.v[i];
		bool is_ok = is_question(one);
		for (size_t k = 0; k < n && is_ok; k++)
			is_ok = !ac_streq(names[k], one->link_id);
		if (!is_ok || one->required == FHIR_TRUE || one->repeats == FHIR_TRUE ||
		    one->read_only == FHIR_TRUE)
			pf_not_taken(in, it, one->pointer,
			    ac_strf(in->a, "the question %.*s%s", AC_FMT(pf_quote(in, one->text.s)),
				is_ok ? ": required, repeated or not to be answered" : ""));
		if (!is_ok)
			continue;
		names[n++] = one->link_id;
		ac_xw_open(&in->w, "question");
		ac_xw_attr(&in->w, "id", one->link_id);
		ac_xw_attrc(&in->w, "type", question_type(one->type));
		pf_put_text(in, it, "text", &one->text, NULL, true);
		put_values(in, it, one);
		ac_xw_close(&in->w);
	}
	return (struct ac_names){ names, n };
}

void
pf_put_check_in(struct pf_in *in, struct pf_item *it)
{
	static const char *const outcomes[] = { "expected", "call-back", "urgent", NULL };
	struct ac_names answers = put_questions(in, it);

	for (size_t i = 0; it->action != NULL && i < it->action->action.n; i++) {
		const struct fhir_action *r = &it->action->action.v[i];
		struct ac_str outcome = pf_code_of(r, AC_FHIR_OUTCOME), when = { 0 };
		bool is_rule = ac_streq_c(pf_code_of(r, AC_FHIR_KIND), PF_TRIAGE) && ac_str_is_set(outcome) &&
			       px_broken_rule(PX_WORD, outcomes, outcome) == NULL;
		if (is_rule)
			when = pf_condition_of(in, it, r, answers);
		if (!ac_str_is_set(when)) {
			pf_not_taken(in, it, r->pointer, AC_S("no rule with a condition and an outcome"));
			continue;
		}
		ac_xw_open(&in->w, "rule");
		ac_xw_attr(&in->w, "when", when);
		ac_xw_attr(&in->w, "outcome", outcome);
		ac_xw_close(&in->w);
	}
}
