/* test_condition.c - reading conditions, and three-valued logic over what an encounter says. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/condition.h"
#include "core/condition_tree.h"
#include "core/facts.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_err err;
static struct encounter e;
static struct enc_fact facts[4];
static struct ac_str area[] = { { "face", 4 }, { "neck", 4 } };
static struct ac_str needle[] = { { "needle", 6 } };
static struct ac_str two[] = { { "2", 1 } };
static const struct ac_str names[] = { { "area", 4 }, { "technique", 9 }, { "session", 7 }, { "unasked", 7 },
	{ "and", 3 }, { "none", 4 } };
static const struct ac_str questions[] = { { "pain", 4 } };

static void
setup(void)
{
	a = ac_arena_new();
	e = (struct encounter){ .status = ENC_FINISHED, .facts = facts, .nfacts = 4 };
	facts[0] = (struct enc_fact){ AC_S("area"), ENC_FACT_STRINGS, { area, 2 } };
	facts[1] = (struct enc_fact){ AC_S("technique"), ENC_FACT_STRING, { needle, 1 } };
	facts[2] = (struct enc_fact){ AC_S("session"), ENC_FACT_NUMBER, { two, 1 } };
	facts[3] = (struct enc_fact){ AC_S("none"), ENC_FACT_STRINGS, { NULL, 0 } };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(condition, .init = setup, .fini = teardown);

static enum ac_code
parse(const char *expr, const struct ac_condition **ret)
{
	err = (struct ac_err){ 0 };
	return ac_condition_parse(
	    ac_str_c(expr), (struct ac_names){ names, 6 }, (struct ac_names){ questions, 1 }, a, ret, &err);
}

static enum ac_truth
evaluate(const char *expr, struct ac_missing *missing)
{
	const struct ac_condition *c = NULL;
	struct ac_facts *f = ac_facts_make(&e, NULL, 0, (struct ac_wall){ 2026, 3, 28, 14, 0, 0 }, a);

	cr_assert(parse(expr, &c) == AC_OK, "%s: %s %u %s", expr, err.rule, err.col, err.msg);
	return ac_condition_eval(c, f, a, missing);
}

static void
expect_truth(const char *expr, enum ac_truth want)
{
	static const char *const words[] = { "false", "true", "unknown" };
	enum ac_truth got = evaluate(expr, NULL);

	cr_expect(got == want, "%s is %s, want %s", expr, words[got], words[want]);
}

static void
expect_refused(const char *expr, const char *rule, uint32_t col)
{
	const struct ac_condition *c = NULL;

	cr_assert(parse(expr, &c) == AC_EINPUT, "%s was accepted", expr);
	cr_expect(strcmp(err.rule, rule) == 0, "%s: got %s, want %s", expr, err.rule, rule);
	cr_expect(err.col == col, "%s: got column %u, want %u (%s)", expr, err.col, col, err.msg);
	cr_expect(c == NULL);
}

/* u is what nobody supplied, t and f are constants */
#define T "true()"
#define F "false()"
#define U "fact/unasked = 'x'"

Test(condition, follows_kleene_for_and)
{
	expect_truth(T " and " T, AC_TRUE);
	expect_truth(T " and " F, AC_FALSE);
	expect_truth(F " and " T, AC_FALSE);
	expect_truth(F " and " F, AC_FALSE);
	expect_truth(T " and " U, AC_UNKNOWN);
	expect_truth(U " and " T, AC_UNKNOWN);
	expect_truth(F " and " U, AC_FALSE);
	expect_truth(U " and " F, AC_FALSE);
	expect_truth(U " and " U, AC_UNKNOWN);
}

Test(condition, follows_kleene_for_or)
{
	expect_truth(T " or " T, AC_TRUE);
	expect_truth(T " or " F, AC_TRUE);
	expect_truth(F " or " T, AC_TRUE);
	expect_truth(F " or " F, AC_FALSE);
	expect_truth(T " or " U, AC_TRUE);
	expect_truth(U " or " T, AC_TRUE);
	expect_truth(F " or " U, AC_UNKNOWN);
	expect_truth(U " or " F, AC_UNKNOWN);
	expect_truth(U " or " U, AC_UNKNOWN);
}

Test(condition, follows_kleene_for_not)
{
	expect_truth("not(" T ")", AC_FALSE);
	expect_truth("not(" F ")", AC_TRUE);
	expect_truth("not(" U ")", AC_UNKNOWN);
	expect_truth("not(not(" U "))", AC_UNKNOWN);
}

Test(condition, binds_and_before_or)
{
	expect_truth(T " or " T " and " F, AC_TRUE);
	expect_truth("(" T " or " T ") and " F, AC_FALSE);
	expect_truth(F " and " T " or " T, AC_TRUE);
	expect_truth(F " and (" T " or " T ")", AC_FALSE);
}

Test(condition, is_true_of_a_list_when_one_item_fits)
{
	expect_truth("fact/area = 'neck'", AC_TRUE);
	expect_truth("'face' = fact/area", AC_TRUE);
	expect_truth("fact/area = 'scalp'", AC_FALSE);
	expect_truth("fact/area != 'face'", AC_TRUE); /* neck differs: what lint warns of */
	expect_truth("not(fact/area = 'face')", AC_FALSE);
	expect_truth("fact/area = fact/technique", AC_FALSE);
}

Test(condition, knows_nothing_fits_in_an_empty_list)
{
	expect_truth("fact/none = 'x'", AC_FALSE);
	expect_truth("fact/none != 'x'", AC_FALSE);
	expect_truth("count(fact/none) = 0", AC_TRUE);
	expect_truth("fact/none = fact/unasked", AC_FALSE);
}

Test(condition, compares_numbers_as_numbers)
{
	expect_truth("fact/session = 2", AC_TRUE);
	expect_truth("fact/session = '2'", AC_TRUE);
	expect_truth("fact/session = '2.0'", AC_FALSE); /* two texts, as in XPath */
	expect_truth("fact/session = 2.0", AC_TRUE);
	expect_truth("fact/session >= 2 and fact/session <= 2", AC_TRUE);
	expect_truth("fact/session < 10", AC_TRUE);
	expect_truth("-1 < fact/session", AC_TRUE);
	expect_truth("fact/technique < 10", AC_FALSE); /* no number */
	expect_truth("count(fact/area) = 2", AC_TRUE);
	expect_truth("count(fact/area) > 2", AC_FALSE);
}

Test(condition, counts_an_unknown_list_as_unknown)
{
	expect_truth("count(fact/unasked) = 0", AC_UNKNOWN);
	expect_truth("count(fact/unasked) >= 0", AC_UNKNOWN);
}

Test(condition, reads_words_as_names_where_a_path_stands)
{
	expect_truth("fact/and = 'x' and fact/session = 2", AC_UNKNOWN);
	expect_truth("fact/session = 2 or fact/and='x'", AC_TRUE);
}

Test(condition, takes_white_space_and_both_quotes)
{
	expect_truth("  fact/area\t=\n\"face\"  ", AC_TRUE);
	expect_truth("not ( fact/area='face' )", AC_FALSE);
	expect_truth("count( fact/area )=2", AC_TRUE);
	expect_truth("true( )", AC_TRUE);
}

Test(condition, names_what_the_result_hangs_on)
{
	struct ac_missing m = { 0 };

	cr_expect(evaluate("fact/unasked = 'x' and fact/and = 'y' or fact/unasked = 'z'", &m) == AC_UNKNOWN);
	cr_assert(m.n == 2);
	EXPECT_TEXT(m.v[0], "fact/unasked");
	EXPECT_TEXT(m.v[1], "fact/and");
}

Test(condition, asks_for_nothing_that_does_not_matter)
{
	struct ac_missing m = { 0 };

	cr_expect(evaluate("fact/area = 'face' or fact/unasked = 'x'", &m) == AC_TRUE);
	cr_expect(m.n == 0);
	cr_expect(evaluate("(fact/unasked = 'x' and false()) or fact/and = 'x'", &m) == AC_UNKNOWN);
	cr_assert(m.n == 1);
	EXPECT_TEXT(m.v[0], "fact/and");
}

Test(condition, keeps_what_was_missing_before)
{
	struct ac_missing m = { 0 };

	cr_expect(evaluate("fact/unasked = 'x'", &m) == AC_UNKNOWN);
	cr_expect(evaluate("fact/unasked = 'x' and false()", &m) == AC_FALSE);
	cr_expect(m.n == 1);
}

static void
collect(struct ac_str path, void *arg)
{
	struct ac_missing *m = arg;

	AC_PUSH(a, m, path);
}

Test(condition, lists_the_paths_that_it_reads)
{
	const struct ac_condition *c;
	struct ac_missing m = { 0 };

	cr_assert(parse("count(allergy/code) > 0 or not(patient/age < 18)", &c) == AC_OK);
	ac_condition_paths(c, collect, &m);
	cr_assert(m.n == 2);
	EXPECT_TEXT(m.v[0], "allergy/code");
	EXPECT_TEXT(m.v[1], "patient/age");
	EXPECT_TEXT(ac_condition_source(c), "count(allergy/code) > 0 or not(patient/age < 18)");
}

Test(condition, refuses_what_is_no_expression)
{
	expect_refused("", "PRT-CONDITION", 1);
	expect_refused("fact/area =", "PRT-CONDITION", 12);
	expect_refused("fact/area = 'face' fact/area", "PRT-CONDITION", 20);
	expect_refused("fact/area == 'face'", "PRT-CONDITION", 12);
	expect_refused("fact/area = 'face", "PRT-CONDITION", 13);
	expect_refused("(fact/area = 'face'", "PRT-CONDITION", 20);
	expect_refused("fact/area = 'face')", "PRT-CONDITION", 19);
	expect_refused("fact/area ! 'face'", "PRT-CONDITION", 11);
	expect_refused("and", "PRT-FACT", 1);
	expect_refused("fact/session = 1.2.3", "PRT-CONDITION", 16);
	expect_refused("fact/session = 5x", "PRT-CONDITION", 16);
	expect_refused("fact/session = --1", "PRT-CONDITION", 16);
	expect_refused("fact/session + 1 = 2", "PRT-CONDITION", 14);
	expect_refused("fact/session = 1 = 1", "PRT-CONDITION", 18);
	expect_refused("true()and", "PRT-CONDITION", 10);
	expect_refused("('a') = 'a'", "PRT-CONDITION", 1);
}

Test(condition, refuses_the_rest_of_xpath)
{
	expect_refused("//fact/area = 'face'", "PRT-CONDITION", 1);
	expect_refused("fact/area[1] = 'face'", "PRT-CONDITION", 10);
	expect_refused("fact::area = 'face'", "PRT-CONDITION", 5);
	expect_refused("string(fact/area) = 'face'", "PRT-CONDITION", 1);
	expect_refused("@id = 'face'", "PRT-CONDITION", 1);
	expect_refused("$x = 'face'", "PRT-CONDITION", 1);
	expect_refused("fact/* = 'face'", "PRT-CONDITION", 5);
	expect_refused("count('x') = 1", "PRT-CONDITION", 7);
	expect_refused("document('file:///etc/passwd') = 'x'", "PRT-CONDITION", 1);
}

Test(condition, refuses_paths_outside_the_vocabulary)
{
	expect_refused("patient/name = 'x'", "PRT-FACT", 1);
	expect_refused("true() and fact/undeclared = 'x'", "PRT-FACT", 12);
	expect_refused("answer/other = 'x'", "PRT-FACT", 1);
	expect_refused("patient = 'x'", "PRT-FACT", 1);
	expect_refused("patient/age/x = 3", "PRT-FACT", 1);
	expect_refused("count(patient/name) = 1", "PRT-FACT", 7);
}

Test(condition, refuses_comparisons_that_cannot_be_meant)
{
	expect_refused("fact/area", "PRT-CONDITION-TYPE", 1);
	expect_refused("'face'", "PRT-CONDITION-TYPE", 1);
	expect_refused("fact/area and true()", "PRT-CONDITION-TYPE", 11);
	expect_refused("not(fact/area)", "PRT-CONDITION-TYPE", 1);
	expect_refused("fact/area = true()", "PRT-CONDITION-TYPE", 11);
	expect_refused("patient/age = 'old'", "PRT-CONDITION-TYPE", 13);
	expect_refused("patient/sex < 3", "PRT-CONDITION-TYPE", 13);
	expect_refused("fact/area < 'x'", "PRT-CONDITION-TYPE", 11);
	expect_refused("count(fact/area) = 'two'", "PRT-CONDITION-TYPE", 18);
	expect_refused("patient/interpreter = 'true'", "PRT-CONDITION-TYPE", 21);
	expect_refused("(fact/area = 'x') = (fact/area = 'y')", "PRT-CONDITION-TYPE", 19);
}

Test(condition, counts_columns_in_characters)
{
	expect_refused("fact/area = '\xC3\xA4\xE2\x82\xAC' nor", "PRT-CONDITION", 18);
}

Test(condition, refuses_what_is_nested_too_deeply)
{
	char deep[200] = "";
	const struct ac_condition *c = NULL;

	for (int i = 0; i < AC_CONDITION_DEPTH_MAX; i++)
		strncat(deep, "(", sizeof(deep) - strlen(deep) - 1);
	strncat(deep, "true()", sizeof(deep) - strlen(deep) - 1);
	for (int i = 0; i < AC_CONDITION_DEPTH_MAX; i++)
		strncat(deep, ")", sizeof(deep) - strlen(deep) - 1);
	cr_expect(parse(deep, &c) == AC_OK, "%s", err.msg);
	cr_expect(parse(ac_cstr(a, ac_strf(a, "(%s)", deep)), &c) == AC_EINPUT);
	EXPECT_RULE(err, "PRT-CONDITION");
}

Test(condition, refuses_more_bytes_than_the_limit)
{
	char *longest = ac_alloc(a, AC_CONDITION_BYTES_MAX + 2);
	const struct ac_condition *c = NULL;

	memset(longest, ' ', AC_CONDITION_BYTES_MAX);
	memcpy(longest, "true()", 6);
	cr_expect(parse(longest, &c) == AC_OK);
	longest[AC_CONDITION_BYTES_MAX] = ' ';
	cr_expect(parse(longest, &c) == AC_EINPUT);
}

Test(condition, leaves_the_result_alone_on_failure)
{
	const struct ac_condition *c = (const void *)&err;

	cr_expect(parse("fact/area =", &c) == AC_EINPUT);
	cr_expect((const void *)c == (const void *)&err);
}

Test(condition, reads_numbers_without_a_locale)
{
	static const struct {
		const char *text;
		double want;
	} cases[] = { { "0", 0 }, { "12", 12 }, { "-3", -3 }, { "0.1", 0.1 }, { ".5", 0.5 }, { "5.", 5 },
		{ " 7 ", 7 }, { "37.25", 37.25 }, { "1.0e2", 100 }, { "1E-2", 0.01 }, { "1e+3", 1000 },
		{ "0000000000000000000001", 1 }, { "12345678901234567890", 12345678901234500000.0 },
		{ "123456789.123456789", 123456789.123456 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double got = ac_cond_number(ac_str_c(cases[i].text));
		cr_expect(fabs(got - cases[i].want) <= fabs(cases[i].want) * 1e-15, "%s gives %.17g",
		    cases[i].text, got);
	}
}

Test(condition, takes_nothing_else_for_a_number)
{
	static const char *const bad[] = { "", " ", "-", ".", "+1", "1,5", "0x10", "1 2", "1.2.3", "NaN",
		"Infinity", "1e", "1e99999", "--1", "1-" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(isnan(ac_cond_number(ac_str_c(bad[i]))), "\"%s\"", bad[i]);
}
