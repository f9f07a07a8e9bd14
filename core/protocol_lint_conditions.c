/* protocol_lint_conditions.c - conditions that can be read but do not say what their author means. */
#include <math.h>

#include "core/condition_tree.h"
#include "core/protocol_lint.h"
#include "core/triage.h"

struct scan {
	struct ac_lint *l;
	struct ac_lint_place at;
	const struct ac_check_in *check_in; /* whose questions answer/NAME means; NULL elsewhere */
};

static struct ac_str
name_of(const struct ac_cond_node *n)
{
	struct ac_str first;

	return ac_cut(n->text, '/', &first);
}

static const struct ac_fact_def *
fact_of(const struct scan *s, const struct ac_cond_node *n)
{
	if (!ac_str_starts(n->text, AC_S("fact/")))
		return NULL;
	for (size_t i = 0; i < s->l->p->nfacts; i++)
		if (ac_streq(s->l->p->facts[i].name, name_of(n)))
			return &s->l->p->facts[i];
	return NULL;
}

static const struct ac_question *
question_of(const struct scan *s, const struct ac_cond_node *n)
{
	if (s->check_in == NULL || !ac_str_starts(n->text, AC_S("answer/")))
		return NULL;
	for (size_t i = 0; i < s->check_in->nquestions; i++)
		if (ac_streq(s->check_in->questions[i].id, name_of(n)))
			return &s->check_in->questions[i];
	return NULL;
}

static bool
is_many(const struct scan *s, const struct ac_cond_node *n)
{
	const struct ac_fact_def *f = fact_of(s, n);

	if (f != NULL)
		return f->many;
	return question_of(s, n) == NULL && n->vocab->many;
}

static void
scan_path(struct scan *s, const struct ac_cond_node *n)
{
	const struct ac_question *q = question_of(s, n);

	if (n->vocab->free_text || (q != NULL && ac_streq_c(q->type, "text")))
		ac_lint_add(s->l, AC_RULE_FREE_TEXT, s->at,
		    "the condition reads %.*s: people write the same thing in many ways", AC_FMT(n->text));
}

static bool
has_value(const struct ac_fact_value *v, size_t n, struct ac_str code)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(v[i].code, code))
			return true;
	return n == 0; /* not decided yet: another finding */
}

/* NULL, or why the path can never have this value. */
static const char *
value_fault(const struct scan *s, const struct ac_cond_node *path, enum ac_cond_kind op,
    const struct ac_cond_node *literal)
{
	const struct ac_fact_def *f = fact_of(s, path);
	const struct ac_question *q = question_of(s, path);
	bool is_number = literal->kind == AC_COND_NUMBER || !isnan(literal->number),
	     is_order = op >= AC_COND_LT;
	bool is_yes_no = literal->kind == AC_COND_STRING &&
			 (ac_streq_c(literal->text, "yes") || ac_streq_c(literal->text, "no"));

	if ((f != NULL && f->type == AC_FACT_YES_NO) || (q != NULL && ac_streq_c(q->type, "yes-no")))
		return is_order || !is_yes_no ? "is 'yes' or 'no'" : NULL;
	if ((f != NULL && f->type == AC_FACT_NUMBER) ||
	    (q != NULL && (ac_streq_c(q->type, "score") || ac_streq_c(q->type, "temperature"))))
		return is_number ? NULL : "is a number";
	if (q != NULL && ac_streq_c(q->type, "choice") && !is_order)
		return literal->kind == AC_COND_STRING && has_value(q->values, q->nvalues, literal->text)
			   ? NULL
			   : "never has this value";
	if (f == NULL && q == NULL)
		return NULL;
	if (is_order)
		return "is a choice, not a number";
	if (f == NULL)
		return NULL;
	return literal->kind == AC_COND_STRING && has_value(f->values, f->nvalues, literal->text)
		   ? NULL
		   : "never has this value";
}

static void
scan_comparison(struct scan *s, const struct ac_cond_node *n)
{
	const struct ac_cond_node *sides[2] = { n->left, n->right };

	for (int i = 0; i < 2; i++) {
		const struct ac_cond_node *path = sides[i], *other = sides[1 - i];
		if (path->kind != AC_COND_PATH)
			continue;
		if (n->kind == AC_COND_NE && is_many(s, path))
			ac_lint_add(s->l, AC_RULE_MANY, s->at,
			    "%.*s can have many values: write not(%.*s = ...)", AC_FMT(path->text),
			    AC_FMT(path->text));
		if (other->kind != AC_COND_STRING && other->kind != AC_COND_NUMBER)
			continue;
		const char *fault = value_fault(s, path, n->kind, other);
		if (fault != NULL)
			ac_lint_add(s->l, AC_RULE_VALUE, s->at, "%.*s %s, and is compared with %.*s",
			    AC_FMT(path->text), fault, AC_FMT(other->text));
	}
}

static void
scan_node(struct scan *s, const struct ac_cond_node *n)
{
	if (n == NULL)
		return;
	if (n->kind == AC_COND_PATH || n->kind == AC_COND_COUNT)
		scan_path(s, n);
	if (ac_cond_is_comparison(n->kind))
		scan_comparison(s, n);
	scan_node(s, n->left);
	scan_node(s, n->right);
}

/* True for nobody, by what the facts can be. */
static bool
is_reachable(struct ac_lint *l, const struct ac_condition *c, const struct ac_check_in *check_in)
{
	return ac_lint_can_meet(l, &c, 1, check_in, NULL);
}

static void
scan(struct ac_lint *l, struct ac_lint_place at, const struct ac_condition *c,
    const struct ac_check_in *check_in)
{
	struct scan s = { l, at, check_in };
	size_t before = l->found.n;

	if (c == NULL)
		return;
	scan_node(&s, c->root);
	if (l->found.n == before && !is_reachable(l, c, check_in))
		ac_lint_add(l, AC_RULE_UNREACHABLE, at, "the condition is true for nobody: %.*s",
		    AC_FMT(ac_condition_source(c)));
}

/* The first of several that holds counts: is there a case that all before it leave over? */
static bool
is_shadowed(
    struct ac_lint *l, const struct ac_condition *const *c, size_t at, const struct ac_check_in *check_in)
{
	struct ac_world_names names = { { l->p, NULL }, { check_in, NULL } };
	struct ac_worlds *w = ac_lint_worlds(l, c, at + 1, &names);
	bool is_declared, is_left = w == NULL;
	uint32_t missing;

	while (!is_left && ac_worlds_next(w, &is_declared)) {
		bool free = is_declared && ac_worlds_eval(w, c[at], &missing) == AC_TRUE;
		for (size_t i = 0; i < at && free; i++)
			free = ac_worlds_eval(w, c[i], &missing) != AC_TRUE;
		is_left = free;
	}
	return !is_left;
}

static void
scan_line(struct ac_lint *l, const struct ac_line *line)
{
	scan(l, ac_lint_at(line), line->when, NULL);
}

static bool
is_always_known(const struct ac_protocol *p, struct ac_str path)
{
	struct ac_str name, first;

	if (ac_streq_c(path, "encounter/status")) /* no snapshot is without it */
		return true;
	name = ac_cut(path, '/', &first);
	for (size_t i = 0; ac_streq_c(first, "fact") && i < p->nfacts; i++)
		if (ac_streq(p->facts[i].name, name))
			return p->facts[i].required;
	return false;
}

struct paths {
	const struct ac_protocol *p;
	bool can_be_unknown;
};

static void
look_at_path(struct ac_str path, void *arg)
{
	struct paths *v = arg;

	v->can_be_unknown |= !is_always_known(v->p, path);
}

/* What protects stays in doubt; whether advice, a goal or a task does, somebody has to say. */
static void
scan_undecided(struct ac_lint *l, const struct ac_line *line)
{
	struct ac_world_names names = { { l->p, NULL }, { NULL, NULL } };
	struct paths paths = { l->p, false };
	bool is_declared, is_unknown = false;
	uint32_t missing;

	if (line->when == NULL || line->unknown != AC_WHEN_UNKNOWN_OPEN)
		return;
	ac_condition_paths(line->when, look_at_path, &paths);
	struct ac_worlds *w = ac_lint_worlds(l, &line->when, 1, &names);
	if (w == NULL || !paths.can_be_unknown)
		return;
	while (!is_unknown && ac_worlds_next(w, &is_declared))
		is_unknown = ac_worlds_eval(w, line->when, &missing) == AC_UNKNOWN;
	if (is_unknown)
		ac_lint_add(l, AC_RULE_UNKNOWN, ac_lint_at(line),
		    "what happens when the fact is unknown (unknown=\"include\" or \"omit\")?");
}

static void
scan_windows(struct ac_lint *l, const struct ac_instruction *x)
{
	const struct ac_condition **c = ac_new(l->a, const struct ac_condition *, x->nwindows);

	for (size_t k = 0; k < x->nwindows; k++) {
		struct ac_lint_place at = { x->windows[k].line, x->windows[k].col, x->l.id };
		size_t before = l->found.n;
		c[k] = x->windows[k].when;
		scan(l, at, c[k], NULL);
		if (k > 0 && l->found.n == before && is_shadowed(l, c, k, NULL))
			ac_lint_add(
			    l, AC_RULE_DEAD, at, "this window is never reached: those before it cover all");
	}
}

/* The rules that decide before rule k: the graver ones, and of its own outcome those above it. Then k itself. */
static size_t
rules_before(const struct ac_check_in *in, size_t k, const struct ac_condition **ret)
{
	enum ac_triage_level of = AC_LEVEL_NONE, level;
	size_t n = 0;

	(void)ac_level_parse(in->rules[k].outcome, &of);
	for (size_t i = 0; i < in->nrules; i++)
		if (ac_level_parse(in->rules[i].outcome, &level) && (level > of || (level == of && i < k)))
			ret[n++] = in->rules[i].when;
	ret[n] = in->rules[k].when;
	return n;
}

static void
scan_rules(struct ac_lint *l, const struct ac_check_in *in)
{
	const struct ac_condition **c = ac_new(l->a, const struct ac_condition *, in->nrules);

	for (size_t k = 0; k < in->nrules; k++) {
		struct ac_lint_place at = { in->rules[k].line, in->rules[k].col, in->l.id };
		size_t before = l->found.n, n = rules_before(in, k, c);
		scan(l, at, in->rules[k].when, in);
		if (n > 0 && l->found.n == before && is_shadowed(l, c, n, in))
			ac_lint_add(
			    l, AC_RULE_DEAD, at, "this rule never decides: graver ones cover all of it");
	}
}

/* The words that EHRs use for code systems; a URI names any other exactly. */
static bool
is_known_system(struct ac_str s)
{
	static const char *const names[] = { "CPT4", "HCPCS", "ICD10", "ICD10-PCS", "ICD9", "SNOMED-CT",
		"SNOMED-PR", "CDT", "LOINC", "CVX", "RXCUI", "RXNORM", "OPS", "LOCAL" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ac_streq_c(s, names[i]))
			return true;
	return ac_str_starts(s, AC_S("urn:")) || ac_str_starts(s, AC_S("http://")) ||
	       ac_str_starts(s, AC_S("https://"));
}

static bool
is_repeated(struct ac_lint *l, size_t at)
{
	const struct ac_trigger *t = &l->p->triggers[at];

	for (size_t k = 0; k < at; k++) {
		const struct ac_trigger *u = &l->p->triggers[k];
		const struct ac_condition *both[] = { u->when, t->when };
		if (t->kind == u->kind && ac_streq(t->system, u->system) && ac_streq(t->code, u->code) &&
		    is_shadowed(l, both, 1, NULL))
			return true;
	}
	return false;
}

static void
scan_triggers(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;
	bool has_code = false;

	for (size_t i = 0; i < p->ntriggers; i++) {
		const struct ac_trigger *t = &p->triggers[i];
		struct ac_lint_place at = { t->line, t->col, { 0 } };
		size_t before = l->found.n;
		has_code = has_code || t->kind == AC_TRIGGER_CODE;
		if (t->kind == AC_TRIGGER_CODE && !is_known_system(t->system))
			ac_lint_add(l, AC_RULE_TRIGGER, at,
			    "the code system %.*s is not known here: the EHR must send this very word",
			    AC_FMT(t->system));
		scan(l, at, t->when, NULL);
		if (l->found.n == before && is_repeated(l, i))
			ac_lint_add(l, AC_RULE_DEAD, at, "another trigger fires wherever this one does");
	}
	if (!has_code)
		ac_lint_add(l, AC_RULE_TRIGGER, (struct ac_lint_place){ 1, 1, { 0 } },
		    "no procedure code triggers this protocol: category and product only suggest it");
}

void
ac_lint_conditions(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;

	scan_triggers(l);
	for (size_t i = 0; i < p->ngoals; i++) {
		scan_line(l, &p->goals[i].l);
		scan_undecided(l, &p->goals[i].l);
	}
	for (size_t i = 0; i < p->ninstructions; i++) {
		const struct ac_instruction *x = &p->instructions[i];
		scan_line(l, &x->l);
		if (x->kind == AC_CARE || x->kind == AC_INFORMATION)
			scan_undecided(l, &x->l);
		scan_windows(l, x);
	}
	for (size_t i = 0; i < p->nexpectations; i++) {
		scan_line(l, &p->expectations[i].l);
		scan_undecided(l, &p->expectations[i].l);
	}
	for (size_t i = 0; i < p->nred_flags; i++)
		scan_line(l, &p->red_flags[i].l);
	for (size_t i = 0; i < p->ntasks; i++) {
		scan_line(l, &p->tasks[i].l);
		scan_undecided(l, &p->tasks[i].l);
	}
	for (size_t i = 0; i < p->ncheck_ins; i++) {
		scan_line(l, &p->check_ins[i].l);
		scan_rules(l, &p->check_ins[i]);
	}
	if (p->series != NULL) {
		scan_line(l, &p->series->l);
		scan_undecided(l, &p->series->l);
	}
}
