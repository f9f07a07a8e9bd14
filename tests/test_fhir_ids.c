/* test_fhir_ids.c - ids for the lines of a file that gives all of them the same one. */
#include "core/protocol_fhir_in.h"
#include "tests/fhir_kit.h"

static struct ac_arena *a;
static struct ac_err e;

static void
setup(void)
{
	a = ac_arena_new();
	e = (struct ac_err){ 0 };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(fhir_ids, .init = setup, .fini = teardown);

#define MANY 1500

Test(fhir_ids, counts_on_where_the_line_before_stopped)
{
	struct pf_in in = { .a = a };
	struct ac_str last = { 0 };

	for (size_t i = 0; i < MANY; i++)
		last = pf_new_id(&in, AC_S("one"));
	EXPECT_TEXT(last, "one-1500");
	cr_expect(in.tried <= (size_t)2 * MANY, "%zu ids were looked up for %d lines", in.tried, MANY);
}

Test(fhir_ids, steps_over_numbers_that_somebody_has_and_takes_none_twice)
{
	struct pf_in in = { .a = a };

	EXPECT_TEXT(pf_new_id(&in, AC_S("one-2")), "one-2");
	EXPECT_TEXT(pf_new_id(&in, AC_S("one")), "one");
	EXPECT_TEXT(pf_new_id(&in, AC_S("one")), "one-3");
	EXPECT_TEXT(pf_new_id(&in, AC_S("One")), "one-4");
	EXPECT_TEXT(pf_new_id(&in, AC_S("one-3")), "one-3-2");
}

static struct ac_str
plan_of(size_t actions)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 65536, 0);
	ac_buf_addz(&b, "{\"resourceType\":\"PlanDefinition\",\"status\":\"draft\",\"action\":[");
	for (size_t i = 0; i < actions; i++)
		ac_buf_addf(&b, "%s{\"id\":\"one\",\"title\":\"T\"}", i > 0 ? "," : "");
	ac_buf_addz(&b, "]}");
	return ac_buf_str(&b);
}

Test(fhir_ids, takes_as_many_lines_of_one_id_as_a_protocol_holds)
{
	struct back b = { 0 };

	cr_assert(fhir_back(a, plan_of(AC_PROTOCOL_LINES_MAX / 2), &b, &e) == AC_OK, "%s %s", e.rule, e.msg);
	cr_expect(b.p->ninstructions == AC_PROTOCOL_LINES_MAX / 2);
}

/* With an id made for each of them first, this file would keep a processor for hours. */
Test(fhir_ids, refuses_more_lines_than_a_protocol_holds_before_it_makes_ids)
{
	struct back b = { 0 };

	EXPECT_CODE(fhir_back(a, plan_of(30000), &b, &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "PRT-LIMIT");
}
