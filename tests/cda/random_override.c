/* random_override.c - what a clinician might decide about the lines of a random plan, in any words. */
#include "tests/cda/random.h"

static struct ac_offset
gen_offset(struct gen *g)
{
	static const char *const t[] = { "36 h", "5 d", "3 d 08:00", "2 w", "30 min" };
	struct ac_offset o = { 0 };

	if (gen_chance(g, 85))
		(void)ac_offset_parse(ac_str_c(t[gen_below(g, sizeof(t) / sizeof(t[0]))]), &o);
	return o;
}

static void
gen_one(struct gen *g, const struct ac_plan *p, struct ac_override *o, int64_t n)
{
	*o = (struct ac_override){ .n = n,
		.act = (enum ac_override_act)gen_below(g, AC_OVERRIDE_UNDO),
		.end = AC_INSTANT_NONE,
		.reason = gen_words(g, 120),
		.by = gen_words(g, 20),
		.by_role = AC_S("clinician"),
		.at_ms = p->in->made_at * 1000 };
	if (o->act == AC_OVERRIDE_ADD || p->nlines == 0) {
		o->act = AC_OVERRIDE_ADD;
		o->kind = (enum ac_instruction_kind)gen_below(g, 4);
		o->line = ac_override_key(g->a, n);
		o->concept = ac_strf(g->a, "override-%d", (int)n);
	} else {
		const struct ac_plan_line *l = &p->lines[gen_below(g, p->nlines)];
		o->line = l->key;
		o->kind = l->def->kind;
		o->concept = l->def->concept;
	}
	if (o->act == AC_OVERRIDE_ADD || o->act == AC_OVERRIDE_REWORD) {
		o->lang = gen_chance(g, 60) ? AC_S("en") : AC_S("de");
		o->text = gen_words(g, 200);
		if (o->lang.p[0] == 'd' && gen_chance(g, 50))
			o->english = gen_words(g, 200);
	}
	if (o->act == AC_OVERRIDE_ADD || o->act == AC_OVERRIDE_WINDOW) {
		o->from = gen_chance(g, 30) ? gen_offset(g) : (struct ac_offset){ 0 };
		o->until = gen_offset(g);
	}
}

static void
gen_undo(struct gen *g, const struct ac_plan *p, struct ac_override *v, size_t i)
{
	const struct ac_override *x = &v[gen_below(g, i)];

	v[i] = (struct ac_override){ .n = (int64_t)i + 1,
		.act = AC_OVERRIDE_UNDO,
		.line = x->line,
		.kind = x->kind,
		.concept = x->concept,
		.undoes = x->n,
		.end = AC_INSTANT_NONE,
		.reason = gen_words(g, 120),
		.by = gen_words(g, 20),
		.by_role = AC_S("clinician"),
		.at_ms = p->in->made_at * 1000 };
}

enum ac_code
gen_overrides(struct gen *g, struct ac_plan_input *in, struct ac_err *e)
{
	size_t n = gen_chance(g, 40) ? 1 + gen_below(g, 5) : 0;
	struct ac_override *v = ac_new(g->a, struct ac_override, n);
	struct ac_plan *p = NULL;
	enum ac_code rc;

	if (n == 0)
		return AC_OK;
	if ((rc = ac_plan_make(in, g->a, &p, e)) != AC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && gen_chance(g, 20))
			gen_undo(g, p, v, i);
		else
			gen_one(g, p, &v[i], (int64_t)i + 1);
		g->kinds |= 1u << (GEN_WINDOW + v[i].act);
	}
	in->overrides = (struct ac_overrides){ v, n };
	return AC_OK;
}
