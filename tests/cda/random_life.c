/* random_life.c - what happens to a plan after it was made: answers, sheets, talks, states, sessions, other plans. */
#include "core/products.h"
#include "core/visit_items.h"
#include "tests/cda/random.h"

#define PICK(g, ...) \
	pick((g), (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))
static struct ac_str
pick(struct gen *g, const char *const *v, size_t n)
{
	return ac_str_c(v[gen_below(g, n)]);
}

const char *const gen_kind_words[GEN__COUNT] = { "window changed", "line left out", "line added", "line reworded", "undone",
	"findings of a talk", "teach-back", "follow-up checklist", "question", "lot answered", "fact answered", "earlier sessions",
	"ends of a sheet", "on hold", "completed", "revoked", "entered in error", "active again", "other plans", "confirmed" };

static void
note(struct gen *g, enum gen_kind k)
{
	g->kinds |= 1u << k;
}

/* ---- talks ---- */

static struct ac_call_entry
entry(struct gen *g, enum ac_call_entry_kind kind, int64_t at)
{
	return (struct ac_call_entry){ .kind = kind,
		.actor = gen_words(g, 20),
		.role = PICK(g, "front-desk", "nurse", "clinician"),
		.at_ms = at * 1000 + (int64_t)gen_below(g, 3600000) };
}

static void
gen_entry(struct gen *g, struct ac_call_entry *e, int64_t at)
{
	*e = entry(g, (enum ac_call_entry_kind)gen_below(g, 5), at);
	e->name = PICK(g, "p-1/c/fever", "p-1/flag", "person", "unanswered");
	if (e->kind != AC_ENTRY_OUTCOME)
		e->words = gen_maybe(g, 90, 300);
	if (e->kind == AC_ENTRY_LEVEL)
		e->value = PICK(g, "expected", "call-back", "urgent");
	else if (e->kind == AC_ENTRY_OUTCOME)
		e->value = PICK(g, "reached", "refused", "no-answer");
	else if (e->kind != AC_ENTRY_NOTE)
		e->value = PICK(g, "yes", "no", "7", "38.5", "\"><&'");
}

/* What is recorded of a patient who is there: any of the items of one set. */
static void
gen_visit(struct gen *g, struct ac_call *c, int64_t at)
{
	static const enum gen_kind kinds[] = { [AC_VISIT_OTHER] = GEN_FINDING,
		[AC_VISIT_TEACH] = GEN_TEACH,
		[AC_VISIT_CHECKLIST] = GEN_CHECKLIST,
		[AC_VISIT_CONCERN] = GEN_QUESTION };
	enum ac_visit_set set = (enum ac_visit_set)(1 + gen_below(g, 3));
	size_t n = 0;

	c->kind = AC_CALL_VISIT;
	c->entries = ac_new(g->a, struct ac_call_entry, ac_nvisit_items + 1);
	for (size_t i = 0; i < ac_nvisit_items; i++) {
		const struct ac_visit_item *x = &ac_visit_items[i];
		if (x->set != set || (n > 0 && gen_chance(g, 25)))
			continue;
		struct ac_call_entry *e = &c->entries[n++];
		*e = entry(g, AC_ENTRY_ANSWER, at);
		e->name = ac_str_c(x->key);
		e->words = ac_str_c(x->words);
		e->value = x->values[0] == NULL ? gen_words(g, 300) : ac_str_c(x->values[gen_below(g, 2)]);
	}
	if (gen_chance(g, 80)) {
		c->entries[n] = entry(g, AC_ENTRY_OUTCOME, at);
		c->entries[n++].value = AC_S("reached");
	}
	c->nentries = n;
	note(g, kinds[set]);
}

/* Talks of any shape, also such as nobody would have. */
static void
gen_calls(struct gen *g, struct ac_plan_input *in)
{
	size_t n = gen_chance(g, 60) ? gen_below(g, 5) : 0;
	struct ac_call *v = ac_new(g->a, struct ac_call, n);

	for (size_t i = 0; i < n; i++) {
		v[i] = (struct ac_call){ .n = (int64_t)i + 1 };
		if (gen_chance(g, 50)) {
			gen_visit(g, &v[i], in->made_at);
			continue;
		}
		v[i].kind = (enum ac_call_kind)gen_below(g, 3);
		v[i].nentries = 1 + gen_below(g, 12);
		if (gen_chance(g, 50))
			v[i].task = AC_S("p-1/task-0/1");
		v[i].entries = ac_new(g->a, struct ac_call_entry, v[i].nentries);
		for (size_t k = 0; k < v[i].nentries; k++)
			gen_entry(g, &v[i].entries[k], in->made_at);
		note(g, GEN_FINDING);
	}
	in->calls = v;
	in->ncalls = n;
}

/* ---- answers of the panel ---- */

static void
answer(struct gen *g, struct ac_plan_input *in, struct ac_answer *v, const char *name, struct ac_str value)
{
	struct ac_answer *x = &v[in->nanswers++];

	*x = (struct ac_answer){ .name = ac_str_c(name),
		.values = { ac_new(g->a, struct ac_str, 1), 1 },
		.by = gen_words(g, 20),
		.by_role = PICK(g, "nurse", "clinician"),
		.at_ms = in->made_at * 1000 - (int64_t)gen_below(g, 3600000) };
	x->values.v[0] = value;
}

static void
gen_answers(struct gen *g, struct ac_plan_input *in)
{
	struct ac_answer *v = ac_new(g->a, struct ac_answer, 8);

	in->answers = v;
	if (gen_chance(g, 40)) {
		answer(g, in, v, AC_ANSWER_LOT, gen_words(g, AC_LOT_BYTES_MAX));
		if (gen_chance(g, 60))
			answer(g, in, v, AC_ANSWER_LOT_EXPIRES, PICK(g, "2027-01", "2024-12-31", "2031"));
		note(g, GEN_LOT);
	}
	if (gen_chance(g, 30)) {
		answer(g, in, v, "technique", PICK(g, "needle", "gun"));
		note(g, GEN_ANSWER);
	}
	if (gen_chance(g, 20))
		answer(g, in, v, "area", PICK(g, "face", "scalp"));
	if (gen_chance(g, 20))
		answer(g, in, v, AC_ANSWER_SESSION, PICK(g, "1", "2", "6"));
	in->encounter = ac_products_answered(in->encounter, v, in->nanswers, g->a);
}

/* ---- sessions, sheets, states ---- */

static void
gen_prior(struct gen *g, struct ac_plan_input *in)
{
	size_t n = gen_chance(g, 35) ? 1 + gen_below(g, 4) : 0;
	struct ac_prior_session *v = ac_new(g->a, struct ac_prior_session, n);
	int64_t at = in->encounter->start.t;

	for (size_t i = 0; i < n; i++) {
		at -= (int64_t)(1 + gen_below(g, 30)) * 86400;
		v[i] = (struct ac_prior_session){ .plan = { { 9, (unsigned char)i } },
			.protocol = in->protocols[0].protocol->id,
			.anchor = at,
			.session = (int32_t)gen_below(g, 6) };
	}
	in->prior = v;
	in->nprior = n;
	if (n > 0)
		note(g, GEN_SESSIONS);
}

static void
gen_sheet(struct gen *g, struct ac_plan_input *in, const struct ac_plan *p)
{
	struct ac_issued_end *v = ac_new(g->a, struct ac_issued_end, p->nlines + 1);
	size_t n = 0;

	if (in->issued_at == AC_INSTANT_NONE || gen_chance(g, 40))
		return;
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].def->kind == AC_RESTRICTION)
			v[n++] = (struct ac_issued_end){ p->lines[i].def->concept,
				p->lines[i].until == AC_INSTANT_NONE ? AC_INSTANT_NONE
								     : p->lines[i].until + ((int64_t)gen_below(g, 7) - 3) * 43200,
				in->issued_at };
	if (gen_chance(g, 30)) /* a line that is gone */
		v[n++] = (struct ac_issued_end){ AC_S("concept-gone"), in->issued_at + 86400 * 5, in->issued_at };
	in->issued_ends = v;
	in->nissued_ends = n;
	note(g, GEN_SHEET_KEPT);
}

static void
gen_state(struct gen *g, struct ac_plan_input *in)
{
	static const enum ac_plan_status states[] = { AC_PLAN_ON_HOLD, AC_PLAN_COMPLETED, AC_PLAN_REVOKED,
		AC_PLAN_ENTERED_IN_ERROR, AC_PLAN_ACTIVE };
	size_t i = gen_below(g, sizeof(states) / sizeof(states[0]));

	if (in->revoked || !gen_chance(g, 40))
		return;
	in->state = (struct ac_plan_state){ .is_set = true,
		.status = states[i],
		.reason = gen_words(g, 200),
		.at = in->made_at };
	if (states[i] != AC_PLAN_ACTIVE) { /* active again is the chart's doing alone */
		in->state.by = gen_words(g, 20);
		in->state.by_role = PICK(g, "nurse", "clinician", "system");
	}
	in->revoked = states[i] == AC_PLAN_REVOKED || states[i] == AC_PLAN_ENTERED_IN_ERROR;
	if (in->revoked)
		in->revoke_reason = in->state.reason;
	note(g, (enum gen_kind)(GEN_HOLD + i));
}

/* ---- other plans of the patient ---- */

static enum ac_code
gen_others(struct gen *g, struct ac_plan_input *in, struct ac_err *e)
{
	size_t n = gen_chance(g, 35) ? 1 + gen_below(g, 3) : 0;
	struct ac_other_plan *v = ac_new(g->a, struct ac_other_plan, n);

	for (size_t i = 0; i < n; i++) {
		struct ac_plan_input *other = ac_new(g->a, struct ac_plan_input, 1);
		struct encounter *enc = ac_new(g->a, struct encounter, 1);
		struct ac_plan *p = NULL;
		enum ac_code rc;

		*other = *in;
		*enc = *in->encounter;
		enc->id = ac_strf(g->a, "other-%zu", i);
		other->encounter = enc;
		other->version = 1 + (uint32_t)gen_below(g, 3);
		other->made_at = in->made_at - 3600;
		if ((rc = ac_plan_make(other, g->a, &p, e)) != AC_OK)
			return rc;
		for (size_t k = 0; k < p->nlines; k++) /* as if its treatment had been at another time */
			if (p->lines[k].until != AC_INSTANT_NONE)
				p->lines[k].until += ((int64_t)gen_below(g, 9) - 2) * 21600;
		v[i] = (struct ac_other_plan){ p->id, other->version, { { (uint8_t)(i + 1) } }, p };
	}
	in->others = v;
	in->nothers = n;
	if (n > 0)
		note(g, GEN_OTHERS);
	return AC_OK;
}

enum ac_code
gen_life(struct gen *g, struct ac_plan_input *in, struct ac_err *e)
{
	struct ac_plan *p = NULL;
	enum ac_code rc;

	gen_calls(g, in);
	gen_answers(g, in);
	gen_prior(g, in);
	if ((rc = gen_others(g, in, e)) != AC_OK || (rc = ac_plan_make(in, g->a, &p, e)) != AC_OK)
		return rc;
	gen_sheet(g, in, p);
	gen_state(g, in);
	if (gen_chance(g, 20) && in->document_version > 1 && in->encounter->signed_at.precision != 0) {
		in->confirmed_at = in->made_at;
		note(g, GEN_CONFIRMED);
	}
	return AC_OK;
}
