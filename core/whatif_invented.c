/* whatif_invented.c - a visit that did not take place, as a chart would tell it. */
#include "core/plan_parts.h"
#include "core/whatif.h"

static const struct ac_fact_def *
declared(const struct ac_protocol *p, struct ac_str name)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (ac_streq(p->facts[i].name, name))
			return &p->facts[i];
	return NULL;
}

static enum ac_code
bad(struct ac_err *reterr, struct ac_str name, const char *what)
{
	return ac_fail(reterr, AC_EINPUT, "WHATIF-FACT", "%.*s: %s", AC_FMT(name), what);
}

static enum ac_code
check_value(const struct ac_fact_def *f, struct ac_str value, struct ac_err *reterr)
{
	bool is_yes_no = ac_streq_c(value, "yes") || ac_streq_c(value, "no"), found = f->nvalues == 0;

	if (f->type == AC_FACT_YES_NO)
		return is_yes_no ? AC_OK : bad(reterr, f->name, "is yes or no");
	if (f->type == AC_FACT_NUMBER) {
		struct ac_str digits = value;
		for (size_t i = 0; i < digits.n; i++)
			if ((digits.p[i] < '0' || digits.p[i] > '9') && digits.p[i] != '.' &&
			    digits.p[i] != '-')
				return bad(reterr, f->name, "is a number");
		return digits.n > 0 ? AC_OK : bad(reterr, f->name, "is a number");
	}
	for (size_t i = 0; i < f->nvalues; i++)
		found |= ac_streq(f->values[i].code, value);
	return found ? AC_OK : bad(reterr, f->name, "the protocol has no such value");
}

/* A second value makes a list where the protocol allows one. */
static enum ac_code
add_fact(struct encounter *e, const struct ac_fact_def *f, struct ac_str value, struct ac_arena *a,
    struct ac_err *reterr)
{
	for (size_t i = 0; i < e->nfacts; i++) {
		struct enc_fact *x = &e->facts[i];
		if (!ac_streq(x->name, f->name))
			continue;
		if (!f->many)
			return bad(reterr, f->name, "has one value");
		x->s.v[x->s.n++] = value;
		return AC_OK;
	}
	struct enc_fact *x = &e->facts[e->nfacts++];
	*x = (struct enc_fact){ .name = f->name,
		.type = f->many                     ? ENC_FACT_STRINGS
			: f->type == AC_FACT_NUMBER ? ENC_FACT_NUMBER
						    : ENC_FACT_STRING,
		.s = { ac_new(a, struct ac_str, AC_WHATIF_FACTS_MAX), 1 } };
	x->s.v[0] = value;
	return AC_OK;
}

static enum ac_code
add_value(struct encounter *e, const struct ac_invented *v, const struct ac_named_value *f,
    struct ac_arena *a, struct ac_err *reterr)
{
	const struct ac_fact_def *def = declared(v->protocol, f->name);
	int64_t age;

	if (ac_streq_c(f->name, "patient/sex")) {
		e->patient.sex = f->value;
	} else if (ac_streq_c(f->name, "patient/language")) {
		e->patient.language = f->value;
	} else if (ac_streq_c(f->name, "patient/age")) {
		if (!ac_str_int(f->value, 0, 120, &age))
			return bad(reterr, f->name, "is a number of years");
		struct ac_wall w = ac_wall_at(NULL, v->at);
		/* a day in January: old enough on every day of the year */
		e->patient.birth_date =
		    (struct ac_stamp){ .t = ac_days_from_civil(w.year - (int32_t)age, 1, 1) * 86400,
			    .precision = 8 };
	} else if (def == NULL) {
		return bad(reterr, f->name, "the protocol declares no such fact");
	} else {
		enum ac_code rc = check_value(def, f->value, reterr);
		return rc != AC_OK ? rc : add_fact(e, def, f->value, a, reterr);
	}
	return AC_OK;
}

/* Done in the way that this trigger asks for. */
static void
perform(struct encounter *e, const struct ac_trigger *t, int64_t at)
{
	struct enc_procedure *p = &e->procedures[0];

	*p = (struct enc_procedure){ .id = AC_S("preview"),
		.status = ENC_PROC_PERFORMED,
		.performed = { .t = at, .precision = 14 },
		.products = p->products };
	e->category = (struct ac_str){ 0 };
	if (t->kind == AC_TRIGGER_CODE) {
		p->system = t->system;
		p->code = t->code;
	} else if (t->kind == AC_TRIGGER_CATEGORY) {
		e->category = t->code;
	} else {
		p->nproducts = 1;
		p->products[0] = (struct enc_product){ .name = t->code };
	}
}

static struct encounter *
frame(const struct ac_invented *v, struct ac_arena *a)
{
	struct encounter *e = ac_new(a, struct encounter, 1);

	e->system = e->site = AC_S("preview");
	e->id = AC_S("preview");
	e->zone = v->zone;
	e->status = ENC_FINISHED;
	e->start = (struct ac_stamp){ .t = v->at - 1800, .precision = 14 };
	e->patient.id = AC_S("preview");
	e->patient.family = AC_S("Example");
	e->procedures = ac_new(a, struct enc_procedure, 1);
	e->procedures[0].products = ac_new(a, struct enc_product, 1);
	e->nprocedures = 1;
	e->facts = ac_new(a, struct enc_fact, AC_WHATIF_FACTS_MAX + 1);
	return e;
}

enum ac_code
ac_whatif_invented(
    struct ac_whatif *x, const struct ac_invented *v, struct ac_plan_input *ret, struct ac_err *reterr)
{
	struct ac_arena *a = x->w != NULL ? x->w->arena : x->kept;
	struct encounter *e = frame(v, a);
	struct ac_answer *done = ac_new(a, struct ac_answer, 1);
	struct ac_str *yes = ac_new(a, struct ac_str, 1);
	struct ac_plan_input in = { .encounter = e, .version = 1, .document_version = 1 };
	enum ac_code rc;

	if (v->nfacts > AC_WHATIF_FACTS_MAX)
		return ac_fail(reterr, AC_ELIMIT, "WHATIF-FACT", "at most %d facts", AC_WHATIF_FACTS_MAX);
	for (size_t i = 0; i < v->nfacts; i++)
		if ((rc = add_value(e, v, &v->facts[i], a, reterr)) != AC_OK)
			return rc;
	if ((rc = ac_whatif_zone(x, v->zone, &in.zone, reterr)) != AC_OK)
		return rc;
	/* beside a category or a product somebody says that it was done */
	*yes = AC_S("yes");
	*done = (struct ac_answer){ .name = AC_S("performed"), .values = { yes, 1 } };
	in.answers = done;
	in.nanswers = 1;
	in.clinic = x->config != NULL && x->config->clinic != NULL ? x->config->clinic : &x->no_clinic;
	in.made_at = v->at;
	in.issued_at = AC_INSTANT_NONE;
	in.protocols[0].protocol = v->protocol;
	in.nprotocols = 1;
	for (size_t i = 0; i < v->protocol->ntriggers; i++) {
		perform(e, &v->protocol->triggers[i], v->at);
		if (ac_plan_match(e, done, 1, v->protocol, a) == AC_MATCH_NONE)
			continue;
		*ret = in;
		return AC_OK;
	}
	return ac_fail(
	    reterr, AC_EINPUT, "WHATIF-MATCH", "with these facts no trigger of the protocol holds");
}
