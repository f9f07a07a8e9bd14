/* test_facts.c - what an encounter says for each row of the vocabulary. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/condition.h"
#include "core/facts.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct encounter e;
static const struct ac_wall anchor = { 2026, 3, 28, 14, 35, 0 };

static void
setup(void)
{
	a = ac_arena_new();
	e = (struct encounter){ .status = ENC_FINISHED };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(facts, .init = setup, .fini = teardown);

static struct ac_value
get(const char *path)
{
	return ac_facts_get(ac_facts_make(&e, NULL, 0, anchor, a), ac_str_c(path));
}

static void
expect_one(const char *path, const char *want)
{
	struct ac_value v = get(path);

	cr_assert(v.known && v.items.n == 1, "%s has %zu items", path, v.items.n);
	EXPECT_TEXT(v.items.v[0], want);
}

static void
born(const char *date)
{
	cr_assert(ac_date_parse(ac_str_c(date), &e.patient.birth_date));
}

static enum ac_truth
ask(const char *expr)
{
	const struct ac_condition *c = NULL;
	struct ac_err err = { 0 };

	cr_assert(ac_condition_parse(
		      ac_str_c(expr), (struct ac_names){ 0 }, (struct ac_names){ 0 }, a, &c, &err) == AC_OK);
	return ac_condition_eval(c, ac_facts_make(&e, NULL, 0, anchor, a), a, NULL);
}

static struct enc_condition allergies[] = {
	{ .kind = { "allergy", 7 },
	    .code = { "387480006", 9 },
	    .text = { "a", 1 },
	    .status = { "active", 6 } },
	{ .kind = { "allergy", 7 }, .text = { "b", 1 } },
	{ .kind = { "allergy", 7 }, .code = { "1", 1 }, .status = { "resolved", 8 } },
	{ .kind = { "problem", 7 }, .code = { "2", 1 } },
};

Test(facts, finds_every_row_by_its_path)
{
	size_t n = 0;

	for (const struct ac_vocab *v = ac_vocabulary; v->path != NULL; v++, n++)
		cr_expect(ac_vocab_find(ac_str_c(v->path)) == v, "%s", v->path);
	cr_expect(n == 21);
	cr_expect(ac_vocab_find(AC_S("patient/name")) == NULL);
	cr_expect(ac_vocab_find(AC_S("")) == NULL);
	cr_expect(ac_vocab_find(AC_S("fact/")) == NULL);
	cr_expect(ac_vocab_find(AC_S("fact/area")) == ac_vocab_find(AC_S("fact/NAME")));
}

Test(facts, knows_nothing_of_an_encounter_without_optional_members)
{
	for (const struct ac_vocab *v = ac_vocabulary; v->path != NULL; v++)
		cr_expect(get(v->path).known == (strcmp(v->path, "encounter/status") == 0), "%s", v->path);
}

Test(facts, gives_the_age_in_whole_years_at_the_anchor)
{
	born("1988-03-28");
	expect_one("patient/age", "38");
	born("1988-03-29");
	expect_one("patient/age", "37");
	born("2026-03-28");
	expect_one("patient/age", "0");
}

Test(facts, gives_an_age_of_a_partial_date_only_when_it_is_certain)
{
	born("1988-02");
	expect_one("patient/age", "38");
	born("1988-03");
	cr_expect(!get("patient/age").known);
	born("1988");
	cr_expect(!get("patient/age").known);
	born("1988-12");
	expect_one("patient/age", "37");
}

Test(facts, gives_no_age_for_somebody_not_yet_born)
{
	born("2026-03-29");
	cr_expect(!get("patient/age").known);
	born("1800-01-01");
	cr_expect(!get("patient/age").known);
}

Test(facts, reads_dates_before_1970)
{
	born("1930-04-01");
	expect_one("patient/age", "95");
}

Test(facts, reads_single_members)
{
	e.patient.sex = AC_S("female");
	e.patient.language = AC_S("de-DE");
	e.patient.country = AC_S("DE");
	e.patient.interpreter = ENC_NO;
	e.category = AC_S("Mesotherapy");
	e.clinic_country = AC_S("AT");
	expect_one("patient/sex", "female");
	expect_one("patient/language", "de-DE");
	expect_one("patient/country", "DE");
	expect_one("patient/interpreter", "no");
	expect_one("encounter/category", "Mesotherapy");
	expect_one("encounter/status", "finished");
	expect_one("clinic/country", "AT");
}

Test(facts, takes_an_empty_text_for_nothing)
{
	e.category = AC_S("");
	cr_expect(!get("encounter/category").known);
}

Test(facts, reads_only_performed_procedures)
{
	struct enc_product products[] = { { .name = AC_S("HA complex"), .lot = AC_S("L-1") } };
	struct enc_procedure p[] = {
		{ .system = AC_S("CPT4"), .code = AC_S("17999"), .products = products, .nproducts = 1 },
		{ .system = AC_S("CPT4"),
		    .code = AC_S("11900"),
		    .status = ENC_PROC_PLANNED,
		    .products = products,
		    .nproducts = 1 },
	};

	e.procedures = p;
	e.nprocedures = 2;
	expect_one("procedure/code", "17999");
	expect_one("product/name", "HA complex");
	expect_one("product/lot", "L-1");
	cr_expect(ask("procedure/code = '11900'") == AC_FALSE);
}

Test(facts, knows_no_products_when_none_was_recorded)
{
	struct enc_procedure p = { .code = AC_S("17999") };

	e.procedures = &p;
	e.nprocedures = 1;
	cr_expect(!get("product/name").known);
	cr_expect(get("procedure/code").known);
}

Test(facts, gives_none_for_a_reviewed_empty_list)
{
	e.has_conditions = true;
	e.allergy_reviewed = ENC_YES;
	cr_expect(ask("count(allergy/code) = 0") == AC_TRUE);
	cr_expect(ask("allergy/code = '387480006'") == AC_FALSE);
	cr_expect(ask("count(medication/code) = 0") == AC_UNKNOWN);
}

Test(facts, does_not_take_an_unreviewed_empty_list_for_none)
{
	e.has_conditions = true;
	cr_expect(ask("count(allergy/code) = 0") == AC_UNKNOWN);
	e.allergy_reviewed = ENC_NO;
	cr_expect(ask("count(allergy/code) = 0") == AC_UNKNOWN);
}

Test(facts, does_not_take_reviewed_alone_for_a_list)
{
	e.allergy_reviewed = ENC_YES;
	cr_expect(ask("count(allergy/code) = 0") == AC_UNKNOWN);
}

Test(facts, counts_active_entries_with_and_without_a_code)
{
	e.conditions = allergies;
	e.nconditions = 4;
	e.has_conditions = true;
	e.allergy_reviewed = ENC_YES;
	cr_expect(ask("count(allergy/code) = 2") == AC_TRUE);
	cr_expect(ask("count(problem/code) = 1") == AC_UNKNOWN); /* not reviewed: one or more */
	cr_expect(ask("count(problem/code) >= 1") == AC_TRUE);
}

Test(facts, cannot_say_that_an_entry_without_a_code_is_another_one)
{
	e.conditions = allergies;
	e.nconditions = 4;
	e.has_conditions = true;
	e.allergy_reviewed = ENC_YES;
	cr_expect(ask("allergy/code = '387480006'") == AC_TRUE);
	cr_expect(ask("allergy/code = '999'") == AC_UNKNOWN);
	e.nconditions = 1;
	cr_expect(ask("allergy/code = '999'") == AC_FALSE);
}

Test(facts, trusts_an_unreviewed_list_only_for_what_is_on_it)
{
	e.conditions = allergies;
	e.nconditions = 1;
	e.has_conditions = true;
	cr_expect(ask("allergy/code = '387480006'") == AC_TRUE);
	cr_expect(ask("allergy/code = '999'") == AC_UNKNOWN);
	cr_expect(ask("allergy/code != '387480006'") == AC_UNKNOWN);
	cr_expect(ask("count(allergy/code) > 0") == AC_TRUE);
	cr_expect(ask("0 < count(allergy/code)") == AC_TRUE);
	cr_expect(ask("count(allergy/code) = 0") == AC_FALSE);
	cr_expect(ask("count(allergy/code) != 0") == AC_TRUE);
	cr_expect(ask("count(allergy/code) = 1") == AC_UNKNOWN);
	cr_expect(ask("count(allergy/code) < 1") == AC_FALSE);
	cr_expect(ask("count(allergy/code) <= 1") == AC_UNKNOWN);
	cr_expect(ask("count(allergy/code) > 1") == AC_UNKNOWN);
}

Test(facts, takes_off_the_list_only_what_it_knows_to_be_over)
{
	struct enc_condition c = { .kind = AC_S("allergy"), .code = AC_S("1"), .status = AC_S("remission?") };

	e.conditions = &c;
	e.nconditions = 1;
	e.has_conditions = true;
	cr_expect(ask("allergy/code = '1'") == AC_TRUE);
}

Test(facts, writes_yes_and_no_whatever_json_said)
{
	struct ac_str yes = AC_S("true"), no = AC_S("false");
	struct enc_fact f[] = { { AC_S("x"), ENC_FACT_BOOL, { &yes, 1 } },
		{ AC_S("y"), ENC_FACT_BOOL, { &no, 1 } } };

	e.facts = f;
	e.nfacts = 2;
	expect_one("fact/x", "yes");
	expect_one("fact/y", "no");
}

Test(facts, prefers_the_snapshot_to_an_answer)
{
	struct ac_str face = AC_S("face"), scalp = AC_S("scalp"), needle = AC_S("needle");
	struct enc_fact f = { AC_S("area"), ENC_FACT_STRING, { &face, 1 } };
	struct ac_answer answers[] = { { .name = AC_S("area"), .values = { &scalp, 1 } },
		{ .name = AC_S("technique"), .values = { &needle, 1 } }, { .name = AC_S("empty") } };

	e.facts = &f;
	e.nfacts = 1;
	struct ac_facts *made = ac_facts_make(&e, answers, 3, anchor, a);
	EXPECT_TEXT(ac_facts_get(made, AC_S("fact/area")).items.v[0], "face");
	EXPECT_TEXT(ac_facts_get(made, AC_S("fact/technique")).items.v[0], "needle");
	cr_expect(!ac_facts_get(made, AC_S("fact/empty")).known);
}

Test(facts, lets_an_answer_stand_where_the_snapshot_has_an_empty_text)
{
	struct ac_str empty = AC_S(""), scalp = AC_S("scalp");
	struct enc_fact f = { AC_S("area"), ENC_FACT_STRING, { &empty, 1 } };
	struct ac_answer answer = { .name = AC_S("area"), .values = { &scalp, 1 } };

	e.facts = &f;
	e.nfacts = 1;
	struct ac_value v = ac_facts_get(ac_facts_make(&e, &answer, 1, anchor, a), AC_S("fact/area"));
	cr_assert(v.known);
	EXPECT_TEXT(v.items.v[0], "scalp");
}

Test(facts, keeps_answers_of_a_check_in_apart_from_facts)
{
	struct ac_str four = AC_S("4");
	struct ac_facts *f = ac_facts_make(&e, NULL, 0, anchor, a);

	ac_facts_add_answer(f, AC_S("pain"), (struct enc_strs){ &four, 1 }, a);
	EXPECT_TEXT(ac_facts_get(f, AC_S("answer/pain")).items.v[0], "4");
	cr_expect(!ac_facts_get(f, AC_S("fact/pain")).known);
	cr_expect(!ac_facts_get(f, AC_S("answer/other")).known);
}
