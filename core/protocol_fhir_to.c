/* protocol_fhir_to.c - a protocol as a PlanDefinition. */
#include <string.h>

#include "core/protocol_fhir_parts.h"
#include "hl7/codes.h"

/* A system is a URI in FHIR and a name of the EHR here: one that is no URI goes into a urn, escaped. */
static struct ac_str
system_uri(struct ac_arena *a, struct ac_str system)
{
	struct ac_buf b;

	if ((ac_str_starts(system, AC_S("urn:")) && !ac_str_starts(system, AC_S(AC_FHIR_SYSTEM))) ||
	    ac_str_starts(system, AC_S("http")))
		if (memchr(system.p, ' ', system.n) == NULL)
			return system;
	ac_buf_init(&b, a, 64, 0);
	ac_buf_addz(&b, AC_FHIR_SYSTEM);
	for (size_t i = 0; i < system.n; i++) {
		unsigned char c = (unsigned char)system.p[i];
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
		    c == '.')
			ac_buf_addc(&b, (char)c);
		else
			ac_buf_addf(&b, "%%%02X", c);
	}
	return ac_buf_str(&b);
}

/* Any of the codes fits: the EHR's own name of the system, and the one that others know. */
static void
codings(struct pf_out *o, const struct ac_trigger *t, struct fhir_code_filter *to)
{
	struct codes_system known;

	to->code.v = ac_new(o->a, struct fhir_coding, 2);
	if (t->kind != AC_TRIGGER_CODE) {
		to->code.v[to->code.n++] =
		    (struct fhir_coding){ .system = t->kind == AC_TRIGGER_CATEGORY ? AC_S(AC_FHIR_CATEGORY)
										   : AC_S(AC_FHIR_PRODUCT),
			    .code = t->code };
		return;
	}
	struct ac_str uri = system_uri(o->a, t->system);
	to->code.v[to->code.n++] = (struct fhir_coding){ .system = uri, .code = t->code };
	if (ac_str_starts(uri, AC_S(AC_FHIR_SYSTEM)) && codes_find_system(t->system, &known))
		to->code.v[to->code.n++] =
		    (struct fhir_coding){ .system = ac_strf(o->a, "urn:oid:%.*s", AC_FMT(known.oid)),
			    .code = t->code };
}

static struct fhir_trigger
trigger(struct pf_out *o, const struct ac_trigger *t)
{
	static const char *const types[] = { [AC_TRIGGER_CODE] = "Procedure",
		[AC_TRIGGER_CATEGORY] = "Encounter",
		[AC_TRIGGER_PRODUCT] = "Procedure" };
	static const char *const paths[] = {
		[AC_TRIGGER_CODE] = "code", [AC_TRIGGER_CATEGORY] = "type", [AC_TRIGGER_PRODUCT] = "usedCode"
	};
	struct fhir_trigger to = { .type = AC_S("data-added") };

	to.data.v = ac_new(o->a, struct fhir_requirement, 1);
	to.data.n = 1;
	to.data.v[0].type = ac_str_c(types[t->kind]);
	to.data.v[0].code_filter.v = ac_new(o->a, struct fhir_code_filter, 1);
	to.data.v[0].code_filter.n = 1;
	to.data.v[0].code_filter.v[0].path = ac_str_c(paths[t->kind]);
	codings(o, t, &to.data.v[0].code_filter.v[0]);
	if (t->when != NULL)
		to.condition = pf_expression(o, t->when);
	return to;
}

static struct fhir_action
anchor(struct pf_out *o, const struct ac_protocol *p)
{
	struct fhir_action to = { .id = AC_S(AC_FHIR_ANCHOR) };

	pf_add_code(o, &to, AC_FHIR_KIND, AC_S(PF_ANCHOR));
	to.trigger.v = ac_new(o->a, struct fhir_trigger, p->ntriggers);
	for (; to.trigger.n < p->ntriggers; to.trigger.n++)
		to.trigger.v[to.trigger.n] = trigger(o, &p->triggers[to.trigger.n]);
	return to;
}

static struct fhir_goal
goal(struct pf_out *o, const struct ac_goal *g)
{
	struct fhir_action common = pf_line(o, &g->l, "goal", g->concept);
	struct fhir_goal to = { .id = common.id };

	if (g->l.when != NULL)
		pf_lost(o, g->l.id, g->l.line, "when", ac_condition_source(g->l.when));
	to.description = ac_new(o->a, struct fhir_concept, 1);
	if (ac_str_is_set(g->concept))
		*to.description = pf_code(o, AC_FHIR_CONCEPT, g->concept);
	to.description->text = pf_text(o, g->l.id, "text", g->text);
	return to;
}

static struct fhir_action
expectation(struct pf_out *o, const struct ac_expectation *e)
{
	struct fhir_action to = pf_line(o, &e->l, PF_EXPECTATION, (struct ac_str){ 0 });

	to.description = pf_text(o, e->l.id, "text", e->text);
	pf_times(o, &to, &e->l, e->from, e->until, "from", "until");
	return to;
}

static struct fhir_action
red_flag(struct pf_out *o, const struct ac_red_flag *f)
{
	struct fhir_action to = pf_line(o, &f->l, PF_RED_FLAG, (struct ac_str){ 0 });

	to.description = pf_text(o, f->l.id, "text", f->text);
	to.priority = f->level == AC_FLAG_EMERGENCY ? AC_S("stat") : AC_S("urgent");
	pf_times(o, &to, &f->l, f->from, (struct ac_offset){ 0 }, "from", "until");
	if (f->contact == AC_CONTACT_OPEN)
		return to;
	to.participant.v = ac_new(o->a, struct fhir_participant, 1);
	to.participant.n = 1;
	to.participant.v[0].type = AC_S("practitioner");
	to.participant.v[0].role = ac_new(o->a, struct fhir_concept, 1);
	*to.participant.v[0].role = pf_code(o, AC_FHIR_CONTACT, ac_str_c(ac_contact_line_word(f->contact)));
	return to;
}

static struct fhir_action
check_in(struct pf_out *o, const struct ac_check_in *c)
{
	struct fhir_action to = pf_line(o, &c->l, PF_CHECK_IN, (struct ac_str){ 0 });

	to.definition = ac_strf(o->a, "#%.*s", AC_FMT(c->l.id));
	if (c->nrules > 0)
		to.selection = AC_S("at-most-one");
	to.action.v = ac_new(o->a, struct fhir_action, c->nrules);
	for (; to.action.n < c->nrules; to.action.n++) {
		struct fhir_action *rule = &to.action.v[to.action.n];
		pf_add_code(o, rule, AC_FHIR_KIND, AC_S(PF_TRIAGE));
		pf_add_code(o, rule, AC_FHIR_OUTCOME, c->rules[to.action.n].outcome);
		pf_condition(o, rule, c->rules[to.action.n].when);
	}
	return to;
}

static struct fhir_action
series(struct pf_out *o, const struct ac_series *s)
{
	struct fhir_action to = pf_line(o, &s->l, PF_SERIES, (struct ac_str){ 0 });
	struct fhir_quantity *min = pf_quantity(o, s->interval_min), *max = pf_quantity(o, s->interval_max);
	bool has_period = min != NULL && max != NULL && ac_streq(min->code, max->code);

	to.description = pf_text(o, s->l.id, "text", s->text);
	if (s->minimum_gap.kind != AC_OFFSET_NONE)
		pf_lost(o, s->l.id, s->l.line, "minimum gap", ac_offset_str(o->a, s->minimum_gap));
	if (!has_period && (min != NULL || max != NULL))
		pf_lost(o, s->l.id, s->l.line, "interval", AC_S("two units"));
	if (!has_period && s->sessions == 0)
		return to;
	to.timing = ac_new(o->a, struct fhir_timing, 1);
	to.timing->repeat = ac_new(o->a, struct fhir_repeat, 1);
	to.timing->repeat->count = s->sessions;
	if (!has_period)
		return to;
	to.timing->repeat->period = min->value;
	to.timing->repeat->period_max = max->value;
	to.timing->repeat->period_unit = min->code;
	return to;
}

#define EACH(list, make) \
	for (size_t i = 0; i < p->n##list; i++) \
	to->action.v[to->action.n++] = make(o, &p->list[i])

static void
actions(struct pf_out *o, const struct ac_protocol *p, struct fhir_plan_definition *to)
{
	to->action.v = ac_new(o->a, struct fhir_action,
	    3 + p->ninstructions + p->nexpectations + p->nred_flags + p->ntasks + p->ncheck_ins);
	to->action.v[to->action.n++] = anchor(o, p);
	if (p->nfacts > 0) {
		struct fhir_action *facts = &to->action.v[to->action.n++];
		pf_add_code(o, facts, AC_FHIR_KIND, AC_S(PF_FACTS));
		facts->definition = AC_S("#" AC_FHIR_FACTS);
	}
	EACH(instructions, pf_instruction);
	EACH(expectations, expectation);
	EACH(red_flags, red_flag);
	EACH(tasks, pf_task);
	EACH(check_ins, check_in);
	if (p->series != NULL)
		to->action.v[to->action.n++] = series(o, p->series);
}

/* R4 wants a name that programs can use: Capitals for the parts of the id. */
static struct ac_str
computable_name(struct ac_arena *a, struct ac_str id)
{
	struct ac_buf b;
	bool is_first = true;

	ac_buf_init(&b, a, 64, 0);
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (c != '-')
			ac_buf_addc(&b, is_first && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
		is_first = c == '-';
	}
	return ac_buf_str(&b);
}

static void
head(struct pf_out *o, const struct ac_protocol *p, struct fhir_plan_definition *to)
{
	to->id = p->id;
	to->language = p->lang;
	to->url = ac_strf(o->a, AC_FHIR_URL "%.*s", AC_FMT(p->id));
	to->version = ac_hex(o->a, p->version.b, sizeof(p->version.b));
	to->name = computable_name(o->a, p->id);
	to->title = pf_text(o, p->id, "title", p->title);
	to->experimental = p->demonstration ? FHIR_TRUE : FHIR_ABSENT;
	to->publisher = p->owner;
	if (!ac_str_is_set(p->based_on))
		return;
	to->related.v = ac_new(o->a, struct fhir_artifact, 1);
	to->related.n = 1;
	to->related.v[0] = (struct fhir_artifact){ .type = AC_S("derived-from"),
		.resource = ac_strf(
		    o->a, AC_FHIR_URL "%.*s|%.*s", AC_FMT(p->based_on), AC_FMT(p->based_on_version)) };
}

void
ac_protocol_to_fhir(const struct ac_protocol *p, struct ac_str status, struct ac_arena *a,
    struct fhir_plan_definition *ret, struct ac_fhir_losses *ret_lost)
{
	struct pf_out o = { .a = a };

	*ret = (struct fhir_plan_definition){ .status = status };
	head(&o, p, ret);
	pf_questionnaires(&o, p, status, ret);
	ret->goal.v = ac_new(a, struct fhir_goal, p->ngoals);
	for (; ret->goal.n < p->ngoals; ret->goal.n++)
		ret->goal.v[ret->goal.n] = goal(&o, &p->goals[ret->goal.n]);
	actions(&o, p, ret);
	for (size_t i = 0; i < p->ncontacts; i++)
		pf_lost(&o, ac_str_c(ac_contact_line_word(p->contacts[i].line_of)), p->contacts[i].line, "",
		    AC_S("a line that the clinic must have filled"));
	for (size_t i = 0; i < p->nnotes; i++) {
		const struct ac_note *n = &p->notes[i];
		pf_lost(&o, ac_strf(a, "%.*s %.*s %.*s", AC_FMT(n->seed), AC_FMT(n->as), AC_FMT(n->lang)),
		    n->line, "text", n->text);
	}
	*ret_lost = (struct ac_fhir_losses){ o.lost.v, o.lost.n };
}
