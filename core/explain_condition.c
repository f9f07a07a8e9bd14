/* explain_condition.c - a condition taken apart into its comparisons, each with what it comes to and the facts behind it. */
#include "base/buf.h"
#include "core/condition_tree.h"
#include "core/explain_parts.h"

void
ac_explain_facts(struct ac_explaining *v, struct ac_wall anchor)
{
	v->all = ac_facts_make(v->in->encounter, v->in->answers, v->in->nanswers, anchor, v->a);
	v->chart = ac_facts_make(v->in->encounter, NULL, 0, anchor, v->a);
}

static struct ac_str
joined(struct ac_explaining *v, const struct ac_value *value)
{
	struct ac_buf b;

	ac_buf_init(&b, v->a, 64, 0);
	for (size_t i = 0; i < value->items.n; i++) {
		ac_buf_addz(&b, i > 0 ? ", " : "");
		ac_buf_add(&b, ac_str_is_set(value->items.v[i]) ? value->items.v[i] : AC_S("(without one)"));
	}
	return ac_buf_str(&b);
}

static size_t
fact(struct ac_explaining *v, struct ac_str path)
{
	struct ac_explained_fact f = { .path = path };
	struct ac_value value = ac_facts_get(v->all, path);
	const struct ac_vocab *vocab = ac_vocab_find(path);

	for (size_t i = 0; i < v->facts.n; i++)
		if (ac_streq(v->facts.v[i].path, path))
			return i;
	f.partial = value.partial;
	f.values = joined(v, &value);
	if (value.known && ac_facts_get(v->chart, path).known)
		f.from = vocab != NULL && vocab->derived ? AC_FROM_DERIVED : AC_FROM_CHART;
	else if (value.known)
		f.from = AC_FROM_ANSWER;
	for (size_t i = 0; f.from == AC_FROM_ANSWER && i < v->in->nanswers; i++)
		if (ac_str_ends(path, v->in->answers[i].name) &&
		    path.n == v->in->answers[i].name.n + AC_S("fact/").n) {
			f.by = v->in->answers[i].by;
			f.at_ms = v->in->answers[i].at_ms;
		}
	AC_PUSH(v->a, &v->facts, f);
	return v->facts.n - 1;
}

static void
add_operand(struct ac_buf *b, const struct ac_cond_node *n)
{
	if (n->kind == AC_COND_COUNT)
		ac_buf_addf(b, "count(%.*s)", AC_FMT(n->text));
	else if (n->kind == AC_COND_STRING)
		ac_buf_addf(b, "'%.*s'", AC_FMT(n->text));
	else
		ac_buf_add(b, n->text);
}

static struct ac_str
comparison(struct ac_explaining *v, const struct ac_cond_node *n)
{
	static const char *const sign[] = { [AC_COND_EQ] = "=",
		[AC_COND_NE] = "!=",
		[AC_COND_LT] = "<",
		[AC_COND_LE] = "<=",
		[AC_COND_GT] = ">",
		[AC_COND_GE] = ">=" };
	struct ac_buf b;

	ac_buf_init(&b, v->a, 64, 0);
	add_operand(&b, n->left);
	ac_buf_addf(&b, " %s ", sign[n->kind]);
	add_operand(&b, n->right);
	return ac_buf_str(&b);
}

static void
add_fact(struct ac_explaining *v, struct ac_explained_step *s, const struct ac_cond_node *n)
{
	if (n->kind == AC_COND_PATH || n->kind == AC_COND_COUNT)
		s->fact[s->nfacts++] = fact(v, n->text);
}

struct steps {
	struct ac_explained_step *v;
	size_t n, cap;
};

/* From left to right, as written; the tree's depth is limited by the parser. */
static void
take_apart(struct ac_explaining *v, const struct ac_cond_node *n, struct steps *to)
{
	if (n == NULL)
		return;
	if (!ac_cond_is_comparison(n->kind)) {
		take_apart(v, n->left, to);
		take_apart(v, n->right, to);
		return;
	}
	struct ac_explained_step s = { .text = comparison(v, n) };
	struct ac_condition alone = { .source = s.text, .root = n };

	s.truth = ac_condition_eval(&alone, v->all, v->a, NULL);
	add_fact(v, &s, n->left);
	add_fact(v, &s, n->right);
	AC_PUSH(v->a, to, s);
}

struct ac_explained_condition *
ac_explain_condition(struct ac_explaining *v, const char *what, const struct ac_condition *c)
{
	struct ac_explained_condition x = { .what = what, .truth = AC_TRUE };
	struct steps steps = { 0 };

	if (c != NULL) {
		x.source = ac_condition_source(c);
		x.truth = ac_condition_eval(c, v->all, v->a, NULL);
		take_apart(v, c->root, &steps);
		x.steps = steps.v;
		x.nsteps = steps.n;
	}
	AC_PUSH(v->a, &v->conditions, x);
	return &v->conditions.v[v->conditions.n - 1];
}
