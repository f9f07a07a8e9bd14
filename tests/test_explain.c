/* test_explain.c - why a line stands in a plan, or does not. */
#include "core/explain.h"
#include "tests/plan_kit.h"

#define FACTS \
	"<fact name=\"area\" type=\"choice\" many=\"yes\"><label xml:lang=\"en\">a</label><value " \
	"code=\"face\"><label xml:lang=\"en\">f</label></value>" \
	"<value code=\"scalp\"><label xml:lang=\"en\">s</label></value></fact>" \
	"<fact name=\"blood\" type=\"yes-no\"><label xml:lang=\"en\">b</label></fact>"
#define PROTOCOL \
	KIT_PROTOCOL("peel", "17999", \
	    FACTS KIT_BAN("no-wash", "hair-wash", "when=\"fact/area = 'scalp' or fact/blood = 'yes'\"", \
		"<window until=\"12 h\"/>") KIT_BAN("no-sport", "sport", "signed=\"dr.demo 2026-03-01\"", \
		"<window until=\"72 h\" when=\"fact/blood = 'yes'\"/><window until=\"48 h\"/>") \
		KIT_TASK("call", "from=\"44 h\" until=\"3 d\""))

static struct ac_arena *a;

static void
setup(void)
{
	a = ac_arena_new();
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(explain, .init = setup, .fini = teardown);

static struct ac_explanation
explain(const char *line, const char *facts, const struct ac_answer *answers, size_t n)
{
	struct kit k = { .protocol = PROTOCOL,
		.more = ac_cstr(a, ac_strf(a, KIT_PERFORMED ",\"facts\":{%s}", facts)),
		.answers = answers,
		.nanswers = n };
	struct ac_explanation x = { 0 };
	struct ac_err e = { 0 };

	cr_assert(eq(int, ac_plan_explain(kit_plan(a, &k), ac_str_c(line), a, &x, &e), AC_OK), "%s", e.msg);
	return x;
}

Test(explain, names_each_comparison_with_what_it_comes_to)
{
	struct ac_explanation x = explain("no-wash", "\"area\":[\"face\"],\"blood\":true", NULL, 0);

	cr_assert(eq(sz, x.nconditions, 2));
	cr_assert(eq(sz, x.conditions[0].nsteps, 2));
	cr_expect(x.in_plan && x.conditions[0].truth == AC_TRUE);
	cr_expect(x.conditions[0].steps[0].truth == AC_FALSE && x.conditions[0].steps[1].truth == AC_TRUE);
	cr_expect(ac_streq_c(x.conditions[0].steps[1].text, "fact/blood = 'yes'"));
}

Test(explain, says_why_a_line_is_not_there)
{
	struct ac_explanation x = explain("no-wash", "\"area\":[\"face\"],\"blood\":false", NULL, 0);

	cr_expect(not(x.in_plan));
	cr_expect(x.conditions[0].truth == AC_FALSE);
}

Test(explain, tells_the_chart_from_an_answer_and_from_nobody)
{
	struct ac_str yes = AC_S("yes");
	struct ac_answer answer = { .name = AC_S("blood"),
		.values = { &yes, 1 },
		.by = AC_S("nina"),
		.by_role = AC_S("nurse"),
		.at_ms = 5 };
	struct ac_explanation x = explain("no-wash", "\"area\":[\"face\"]", &answer, 1);

	cr_assert(eq(sz, x.nfacts, 2));
	cr_expect(x.facts[0].from == AC_FROM_CHART && ac_streq_c(x.facts[0].values, "face"));
	cr_expect(x.facts[1].from == AC_FROM_ANSWER && ac_streq_c(x.facts[1].by, "nina"));
	x = explain("no-wash", "\"area\":[\"face\"]", NULL, 0);
	cr_expect(x.facts[1].from == AC_FROM_NOBODY && x.assumed && x.in_plan);
}

Test(explain, takes_the_windows_that_the_plan_took)
{
	struct ac_explanation x = explain("no-sport", "\"blood\":false", NULL, 0);

	cr_expect(not(x.conditions[1].chosen));
	cr_expect(x.conditions[2].chosen);
	x = explain("no-sport", "\"blood\":true", NULL, 0);
	cr_expect(x.conditions[1].chosen);
	cr_expect(not(x.conditions[2].chosen));
	x = explain("no-sport", "", NULL, 0);
	cr_expect(x.conditions[1].chosen && x.conditions[2].chosen);
}

Test(explain, knows_tasks_and_who_signed)
{
	cr_expect(eq(str, (char *)explain("peel/call/1", "", NULL, 0).kind, "task"));
	cr_expect(ac_streq_c(explain("no-sport", "", NULL, 0).def->signed_by, "dr.demo"));
}

Test(explain, refuses_a_line_that_no_protocol_has)
{
	struct kit k = { .protocol = PROTOCOL, .more = KIT_PERFORMED };
	struct ac_explanation x;
	struct ac_err e = { 0 };

	cr_expect(eq(int, ac_plan_explain(kit_plan(a, &k), AC_S("nothing"), a, &x, &e), AC_ENOTFOUND));
	cr_expect(eq(int, ac_plan_explain(kit_plan(a, &k), AC_S("other/call"), a, &x, &e), AC_ENOTFOUND));
}
