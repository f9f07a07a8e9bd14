/*
 * condition_xpath.c - where everything is known, a condition says what libxml2's XPath says.
 *
 * Random encounters with complete facts, the small document that the vocabulary denotes for each, random expressions.
 */
#include <criterion/criterion.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <string.h>

#include "base/buf.h"
#include "core/condition.h"
#include "core/facts.h"
#include "tests/expect.h"

#define ROUNDS 400
#define EXPRESSIONS 60

static const struct ac_str texts[] = { { "face", 4 }, { "neck", 4 }, { "2", 1 }, { "2.0", 3 }, { " 3 ", 3 },
	{ "-1", 2 }, { "10", 2 }, { ".5", 2 }, { "1e2", 3 }, { "CPT4", 4 }, { "a b", 3 }, { "\xC3\xBC", 2 },
	{ "it's", 4 }, { "x<&>y", 5 } };
#define NTEXTS (sizeof(texts) / sizeof(texts[0]))
static const struct ac_str fact_names[] = { { "area", 4 }, { "session", 7 }, { "or", 2 }, { "not-me", 6 } };
#define NFACTS (sizeof(fact_names) / sizeof(fact_names[0]))

static uint64_t seed = 20260328;

static size_t
pick(size_t n)
{
	return (size_t)(next_random(&seed) % n);
}

static struct ac_str
any_text(void)
{
	return texts[pick(NTEXTS)];
}

static void
make_encounter(struct ac_arena *a, struct encounter *e)
{
	*e = (struct encounter){
		.status = (enum enc_status)pick(7), .category = any_text(), .clinic_country = any_text()
	};
	e->patient.sex = any_text();
	e->patient.language = any_text();
	e->patient.country = any_text();
	e->patient.interpreter = pick(2) == 0 ? ENC_NO : ENC_YES;
	cr_assert(ac_date_parse(AC_S("1988-04-02"), &e->patient.birth_date));
	e->has_conditions = true;
	e->allergy_reviewed = e->medication_reviewed = e->problem_reviewed = ENC_YES;
	e->nconditions = pick(6);
	e->conditions = ac_new(a, struct enc_condition, e->nconditions);
	for (size_t i = 0; i < e->nconditions; i++) {
		static const char *const kinds[] = { "allergy", "medication", "problem" };
		e->conditions[i] = (struct enc_condition){
			.kind = ac_str_c(kinds[pick(3)]), .code = any_text(), .text = any_text()
		};
	}
	e->nprocedures = 1 + pick(3);
	e->procedures = ac_new(a, struct enc_procedure, e->nprocedures);
	for (size_t i = 0; i < e->nprocedures; i++) {
		struct enc_product *p = ac_new(a, struct enc_product, 1);
		*p = (struct enc_product){ any_text(), any_text(), { 0 } };
		e->procedures[i] = (struct enc_procedure){ .system = any_text(),
			.code = any_text(),
			.text = any_text(),
			.products = p,
			.nproducts = 1 };
	}
	e->nfacts = NFACTS;
	e->facts = ac_new(a, struct enc_fact, NFACTS);
	for (size_t i = 0; i < NFACTS; i++) {
		struct enc_strs s = { ac_new(a, struct ac_str, 3), pick(4) };
		for (size_t k = 0; k < s.n; k++)
			s.v[k] = any_text();
		e->facts[i] = (struct enc_fact){ fact_names[i], ENC_FACT_STRINGS, s };
	}
}

/* "procedure/code" with two items: <procedure><code/></procedure><procedure><code/></procedure> */
static void
add_path(struct ac_arena *a, xmlNode *root, const struct ac_facts *f, struct ac_str path)
{
	struct ac_value v = ac_facts_get(f, path);
	struct ac_str first, rest = ac_cut(path, '/', &first);

	cr_assert(v.known && !v.partial, "%.*s is not complete", AC_FMT(path));
	for (size_t i = 0; i < v.items.n; i++) {
		xmlNode *outer = xmlNewChild(root, NULL, BAD_CAST ac_cstr(a, first), NULL);
		xmlNewTextChild(outer, NULL, BAD_CAST ac_cstr(a, rest), BAD_CAST ac_cstr(a, v.items.v[i]));
	}
}

static xmlDoc *
make_document(struct ac_arena *a, const struct ac_facts *f)
{
	xmlDoc *doc = xmlNewDoc(BAD_CAST "1.0");
	xmlNode *root = xmlNewNode(NULL, BAD_CAST "facts");

	xmlDocSetRootElement(doc, root);
	for (const struct ac_vocab *v = ac_vocabulary; v->path != NULL; v++)
		if (strstr(v->path, "/NAME") == NULL)
			add_path(a, root, f, ac_str_c(v->path));
	for (size_t i = 0; i < NFACTS; i++)
		add_path(a, root, f, ac_str_cat(a, AC_S("fact/"), fact_names[i]));
	return doc;
}

static void
put_blank(struct ac_buf *b)
{
	static const char *const blanks[] = { " ", "  ", "\n", "\t" };

	ac_buf_addz(b, blanks[pick(4)]);
}

static void
put_text_path(struct ac_arena *a, struct ac_buf *b)
{
	static const char *const paths[] = { "patient/sex", "encounter/category", "procedure/code",
		"procedure/system", "product/name", "allergy/code", "medication/code", "problem/code",
		"clinic/country", "allergy/text" };

	if (pick(2) == 0)
		ac_buf_addz(b, paths[pick(sizeof(paths) / sizeof(paths[0]))]);
	else
		ac_buf_add(b, ac_str_cat(a, AC_S("fact/"), fact_names[pick(NFACTS)]));
}

static void
put_string(struct ac_buf *b)
{
	struct ac_str s = any_text();
	char quote = memchr(s.p, '\'', s.n) != NULL ? '"' : "'\""[pick(2)];

	ac_buf_addc(b, quote);
	ac_buf_add(b, s);
	ac_buf_addc(b, quote);
}

static void
put_number(struct ac_arena *a, struct ac_buf *b)
{
	static const char *const numbers[] = { "0", "2", "2.0", "3", "-1", "10.5", ".5", "100", "37" };

	switch (pick(4)) {
	case 0:
		ac_buf_addz(b, "patient/age");
		break;
	case 1:
		ac_buf_addz(b, "count(");
		put_text_path(a, b);
		ac_buf_addz(b, ")");
		break;
	case 2:
		ac_buf_add(b, ac_str_cat(a, AC_S("fact/"), fact_names[pick(NFACTS)]));
		break;
	default:
		ac_buf_addz(b, numbers[pick(9)]);
	}
}

static void
put_comparison(struct ac_arena *a, struct ac_buf *b)
{
	static const char *const orders[] = { "<", "<=", ">", ">=", "=", "!=" };
	bool is_text = pick(2) == 0;

	if (is_text)
		put_text_path(a, b);
	else
		put_number(a, b);
	put_blank(b);
	ac_buf_addz(b, orders[is_text ? 4 + pick(2) : pick(6)]);
	put_blank(b);
	if (!is_text)
		put_number(a, b);
	else if (pick(3) == 0)
		put_text_path(a, b);
	else
		put_string(b);
}

static void
put_expression(struct ac_arena *a, struct ac_buf *b, int depth)
{
	switch (depth == 0 ? 0 : pick(8)) {
	case 1:
		ac_buf_addz(b, "not(");
		put_expression(a, b, depth - 1);
		ac_buf_addz(b, ")");
		break;
	case 2:
		ac_buf_addz(b, "(");
		put_expression(a, b, depth - 1);
		ac_buf_addz(b, " )");
		break;
	case 3:
	case 4:
	case 5:
	case 6: {
		size_t parts = 2 + pick(2);
		for (size_t i = 0; i < parts; i++) {
			if (i > 0)
				ac_buf_addz(b, pick(2) == 0 ? " and " : " or ");
			put_expression(a, b, depth - 1);
		}
		break;
	}
	case 7:
		ac_buf_addz(b, pick(2) == 0 ? "true()" : "false()");
		break;
	default:
		put_comparison(a, b);
	}
}

static void
compare(
    struct ac_arena *a, const struct ac_facts *f, xmlXPathContext *oracle, struct ac_str expr, size_t *ntrue)
{
	const struct ac_condition *c = NULL;
	struct ac_err err = { 0 };
	struct ac_missing missing = { 0 };

	cr_assert(ac_condition_parse(expr, (struct ac_names){ fact_names, NFACTS }, (struct ac_names){ 0 }, a,
		      &c, &err) == AC_OK,
	    "%.*s: %s %u %s", AC_FMT(expr), err.rule, err.col, err.msg);
	xmlXPathObject *o = xmlXPathEval(BAD_CAST ac_cstr(a, expr), oracle);
	cr_assert(o != NULL && o->type == XPATH_BOOLEAN, "libxml2 refuses %.*s", AC_FMT(expr));
	enum ac_truth got = ac_condition_eval(c, f, a, &missing);
	cr_assert(got == (o->boolval ? AC_TRUE : AC_FALSE), "%.*s is %d, XPath says %d", AC_FMT(expr), got,
	    o->boolval);
	cr_assert(missing.n == 0);
	*ntrue += o->boolval != 0;
	xmlXPathFreeObject(o);
}

Test(condition_property, agrees_with_xpath_over_complete_facts)
{
	size_t ntrue = 0, total = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct ac_arena *a = ac_arena_new();
		struct encounter e;
		make_encounter(a, &e);
		struct ac_facts *f = ac_facts_make(&e, NULL, 0, (struct ac_wall){ 2026, 3, 28, 0, 0, 0 }, a);
		xmlDoc *doc = make_document(a, f);
		xmlXPathContext *oracle = xmlXPathNewContext(doc);
		oracle->node = xmlDocGetRootElement(doc);
		for (int i = 0; i < EXPRESSIONS; i++) {
			struct ac_buf b;
			ac_buf_init(&b, a, 256, 0);
			put_expression(a, &b, (int)pick(4));
			if (b.n > AC_CONDITION_BYTES_MAX)
				continue;
			total++;
			compare(a, f, oracle, ac_buf_str(&b), &ntrue);
		}
		xmlXPathFreeContext(oracle);
		xmlFreeDoc(doc);
		ac_arena_free(a);
	}
	cr_expect(ntrue > total / 4 && ntrue < total * 3 / 4, "the expressions are one-sided: %zu of %zu",
	    ntrue, total);
}

/* Kleene's promise: what is known with a fact missing stays so whatever the fact turns out to be. */
Test(condition_property, never_changes_an_answer_when_more_becomes_known)
{
	size_t nunknown = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct ac_arena *a = ac_arena_new();
		struct encounter e, less;
		const struct ac_wall day = { 2026, 3, 28, 0, 0, 0 };
		make_encounter(a, &e);
		less = e;
		less.nfacts = pick(NFACTS);
		less.allergy_reviewed = pick(2) == 0 ? ENC_YES : ENC_UNKNOWN;
		less.has_conditions = pick(4) != 0;
		less.patient.sex = pick(2) == 0 ? e.patient.sex : (struct ac_str){ 0 };
		struct ac_facts *all = ac_facts_make(&e, NULL, 0, day, a),
				*some = ac_facts_make(&less, NULL, 0, day, a);
		for (int i = 0; i < EXPRESSIONS; i++) {
			struct ac_buf b;
			const struct ac_condition *c = NULL;
			struct ac_missing missing = { 0 };
			ac_buf_init(&b, a, 256, 0);
			put_expression(a, &b, (int)pick(4));
			if (ac_condition_parse(ac_buf_str(&b), (struct ac_names){ fact_names, NFACTS },
				(struct ac_names){ 0 }, a, &c, NULL) != AC_OK)
				continue; /* too long */
			enum ac_truth with_less = ac_condition_eval(c, some, a, &missing);
			enum ac_truth with_all = ac_condition_eval(c, all, a, NULL);
			cr_assert(
			    with_less == AC_UNKNOWN || with_less == with_all, "%.*s", AC_FMT(ac_buf_str(&b)));
			cr_assert(
			    (with_less == AC_UNKNOWN) == (missing.n > 0), "%.*s", AC_FMT(ac_buf_str(&b)));
			nunknown += with_less == AC_UNKNOWN;
		}
		ac_arena_free(a);
	}
	cr_expect(nunknown > 1000);
}
