/* explain.c - why a line stands in a plan: the line, its conditions, and the plan's own line made of it. */
#include "core/explain_parts.h"
#include "core/plan_parts.h"

const char *
ac_fact_from_word(enum ac_fact_from f)
{
	static const char *const words[] = { "nobody", "chart", "derived", "answer" };

	return words[f];
}

const char *
ac_truth_word(enum ac_truth t)
{
	return t == AC_TRUE ? "true" : t == AC_FALSE ? "false" : "unknown";
}

/* The lines of a protocol, whatever they are; `kind` and the windows differ. */
struct found {
	const struct ac_line *l;
	const char *kind;
	const struct ac_instruction *instruction;
};

static bool
is_it(const struct ac_line *l, struct ac_str id, const char *kind, struct found *ret)
{
	if (!ac_streq(l->id, id))
		return false;
	*ret = (struct found){ .l = l, .kind = kind };
	return true;
}

static bool
find_in(const struct ac_protocol *p, struct ac_str id, struct found *ret)
{
	for (size_t i = 0; i < p->ninstructions; i++)
		if (is_it(
			&p->instructions[i].l, id, ac_instruction_kind_word(p->instructions[i].kind), ret)) {
			ret->instruction = &p->instructions[i];
			return true;
		}
	for (size_t i = 0; i < p->ntasks; i++)
		if (is_it(&p->tasks[i].l, id, "task", ret))
			return true;
	for (size_t i = 0; i < p->ngoals; i++)
		if (is_it(&p->goals[i].l, id, "goal", ret))
			return true;
	for (size_t i = 0; i < p->nexpectations; i++)
		if (is_it(&p->expectations[i].l, id, "expectation", ret))
			return true;
	for (size_t i = 0; i < p->nred_flags; i++)
		if (is_it(&p->red_flags[i].l, id, "red flag", ret))
			return true;
	for (size_t i = 0; i < p->ncheck_ins; i++)
		if (is_it(&p->check_ins[i].l, id, "check-in", ret))
			return true;
	return p->series != NULL && is_it(&p->series->l, id, "series", ret);
}

static enum ac_code
find(const struct ac_plan *p, struct ac_str name, struct ac_explanation *x, struct found *ret,
    struct ac_err *reterr)
{
	struct ac_str first, second, rest = ac_cut(name, '/', &first);
	size_t n = 0;

	ac_cut(rest, '/', &second);
	bool has_protocol = ac_str_is_set(rest);
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_plan_protocol *pp = &p->in->protocols[i];
		struct found f;

		if ((has_protocol && !ac_streq(pp->protocol->id, first)) ||
		    !find_in(pp->protocol, has_protocol ? second : first, &f))
			continue;
		if (n++ > 0)
			return ac_fail(reterr, AC_EINPUT, "EXPLAIN-AMBIGUOUS",
			    "several protocols have such a line: write PROTOCOL/LINE");
		x->protocol = pp->protocol;
		x->approver = pp->approver;
		*ret = f;
	}
	if (n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "EXPLAIN-LINE",
		    "none of the plan's protocols has a line of this id");
	x->def = ret->l;
	x->kind = ret->kind;
	return AC_OK;
}

/* A line that a clinician added: no protocol has it, nothing but the act explains it. */
static bool
find_added(const struct ac_plan *p, struct ac_str name, struct ac_explanation *x)
{
	for (size_t i = 0; i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];
		if (l->added_by == NULL || (!ac_streq(l->key, name) && !ac_streq(l->def->l.id, name)))
			continue;
		*x = (struct ac_explanation){ .def = &l->def->l,
			.kind = ac_instruction_kind_word(l->def->kind),
			.protocol = l->protocol,
			.treatment = l->treatment,
			.anchor_source = ac_anchor_source_word(l->treatment->anchor_source),
			.in_plan = true,
			.from = l->from,
			.until = l->until,
			.line = l };
		return true;
	}
	return false;
}

static void
place_instruction(const struct ac_plan *p, struct ac_explanation *x)
{
	for (size_t i = 0; i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];
		bool is_own = &l->original->l == x->def, is_merged = false;

		for (size_t k = 0; k < l->nmerged; k++)
			is_merged |= &l->merged[k]->l == x->def;
		if (!is_own && !is_merged)
			continue;
		x->in_plan = true;
		x->merged_away = !is_own;
		x->line = l;
		x->assumed = l->assumed;
		x->from = l->from;
		x->until = l->until;
	}
	for (size_t i = 0; i < p->nomitted; i++)
		if (&p->omitted[i].line.original->l == x->def)
			x->omitted_by = p->omitted[i].by;
}

static void
place_rest(const struct ac_plan *p, struct ac_explanation *x)
{
	for (size_t i = 0; i < p->ntasks; i++) {
		const struct ac_plan_task *t = &p->tasks[i];
		bool is_it_or_merged = t->def != NULL && &t->def->l == x->def;

		for (size_t k = 0; k < t->nmerged; k++)
			is_it_or_merged |= &t->merged[k]->l == x->def;
		if (!is_it_or_merged)
			continue;
		x->in_plan = true;
		x->merged_away = t->def == NULL || &t->def->l != x->def;
		x->assumed = t->assumed;
		x->from = t->not_before;
		x->until = t->due;
	}
	for (size_t i = 0; i < p->ngoals; i++)
		if (&p->goals[i].def->l == x->def) {
			x->in_plan = true;
			x->assumed = p->goals[i].assumed;
		}
	for (size_t i = 0; i < p->nexpectations; i++)
		if (&p->expectations[i].def->l == x->def) {
			x->in_plan = true;
			x->from = p->expectations[i].from;
			x->until = p->expectations[i].until;
		}
	for (size_t i = 0; i < p->nflags; i++)
		x->in_plan |= &p->flags[i].def->l == x->def;
}

/* A window is the plan's when nothing before it surely holds and it is not surely false: as core/plan_lines chooses. */
static void
explain_windows(struct ac_explaining *v, const struct ac_instruction *ins)
{
	bool decided = false;

	for (size_t i = 0; i < ins->nwindows; i++) {
		struct ac_explained_condition *c = ac_explain_condition(v, "window", ins->windows[i].when);

		c->window = &ins->windows[i];
		c->chosen = !decided && c->truth != AC_FALSE;
		decided |= c->truth == AC_TRUE;
	}
}

enum ac_code
ac_plan_explain(const struct ac_plan *p, struct ac_str name, struct ac_arena *a, struct ac_explanation *ret,
    struct ac_err *reterr)
{
	struct ac_explanation x = { .from = AC_INSTANT_NONE, .until = AC_INSTANT_NONE };
	struct ac_explaining v = { .a = a, .in = p->in };
	struct found f = { 0 };
	enum ac_code rc;

	if (find_added(p, name, ret))
		return AC_OK;
	if ((rc = find(p, name, &x, &f, reterr)) != AC_OK)
		return rc;
	ac_explain_facts(&v, ac_wall_at(p->in->zone, p->anchor));
	for (size_t i = p->ntreatments; i-- > 0;)
		if (p->treatments[i].protocol == x.protocol)
			x.treatment = &p->treatments[i];
	if (x.treatment != NULL)
		x.anchor_source = ac_anchor_source_word(x.treatment->anchor_source);
	place_instruction(p, &x);
	place_rest(p, &x);
	ac_explain_condition(&v, "line", x.def->when);
	if (f.instruction != NULL)
		explain_windows(&v, f.instruction);
	x.conditions = v.conditions.v;
	x.nconditions = v.conditions.n;
	x.facts = v.facts.v;
	x.nfacts = v.facts.n;
	*ret = x;
	return AC_OK;
}
