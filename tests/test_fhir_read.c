/* test_fhir_read.c - PlanDefinitions that break a rule, each refused by it and at its place; and foreign ones. */
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

TestSuite(fhir_read, .init = setup, .fini = teardown);

static void
refuse(const char *json, enum ac_code code, const char *rule, const char *path)
{
	struct fhir_plan_definition pd;
	struct fhir_unknown unknown;

	e = (struct ac_err){ 0 };
	EXPECT_CODE(fhir_plan_definition_read(ac_str_c(json), a, &pd, &unknown, &e), code, e);
	EXPECT_RULE(e, rule);
	cr_expect(strcmp(e.path, path) == 0, "%s: got %s, want %s", rule, e.path, path);
}

#define PD(members) "{\"resourceType\":\"PlanDefinition\",\"status\":\"draft\"," members "}"
#define ACTION(members) PD("\"action\":[{\"id\":\"one\"," members "}]")

Test(fhir_read, names_the_rule_and_the_place_of_what_it_refuses)
{
	refuse("{", AC_EINPUT, "JSON-SYNTAX", "");
	refuse(PD("\"id\":\"a\",\"id\":\"b\""), AC_EINPUT, "JSON-DUPLICATE", "/id");
	refuse("{\"resourceType\":\"Patient\"}", AC_EINPUT, "FHIR-RESOURCE", "");
	refuse("[]", AC_EINPUT, "FHIR-RESOURCE", "");
	refuse("{\"resourceType\":\"PlanDefinition\"}", AC_EINPUT, "FHIR-MISSING", "");
	refuse("{\"resourceType\":\"PlanDefinition\",\"status\":\"on\"}", AC_EINPUT, "FHIR-CODE", "/status");
	refuse(PD("\"id\":\"a b\""), AC_EINPUT, "FHIR-VALUE", "/id");
	refuse(PD("\"url\":\"a b\""), AC_EINPUT, "FHIR-VALUE", "/url");
	refuse(PD("\"language\":\" en\""), AC_EINPUT, "FHIR-VALUE", "/language");
	refuse(PD("\"title\":7"), AC_EINPUT, "FHIR-TYPE", "/title");
	refuse(PD("\"title\":\" \""), AC_EINPUT, "FHIR-EMPTY", "/title");
	refuse(PD("\"experimental\":\"yes\""), AC_EINPUT, "FHIR-TYPE", "/experimental");
	refuse(PD("\"action\":{}"), AC_EINPUT, "FHIR-TYPE", "/action");
	refuse(PD("\"action\":[]"), AC_EINPUT, "FHIR-EMPTY", "/action");
	refuse(PD("\"action\":[null]"), AC_EINPUT, "FHIR-TYPE", "/action/0");
	refuse(PD("\"goal\":[{}]"), AC_EINPUT, "FHIR-MISSING", "/goal/0");
	refuse(PD("\"implicitRules\":\"x\""), AC_EINPUT, "FHIR-MODIFIER", "/implicitRules");
	refuse(ACTION("\"modifierExtension\":[]"), AC_EINPUT, "FHIR-MODIFIER", "/action/0/modifierExtension");
	refuse(ACTION("\"priority\":\"soon\""), AC_EINPUT, "FHIR-CODE", "/action/0/priority");
	refuse(ACTION("\"timingDuration\":{},\"timingTiming\":{}"), AC_EINPUT, "FHIR-CHOICE",
	    "/action/0/timingTiming");
	refuse(ACTION("\"timingTiming\":{\"repeat\":{\"count\":0}}"), AC_EINPUT, "FHIR-VALUE",
	    "/action/0/timingTiming/repeat/count");
	refuse(ACTION("\"timingTiming\":{\"repeat\":{\"count\":1.5}}"), AC_EINPUT, "FHIR-TYPE",
	    "/action/0/timingTiming/repeat/count");
	refuse(ACTION("\"_title\":[]"), AC_EINPUT, "FHIR-TYPE", "/action/0/_title");
}

Test(fhir_read, refuses_a_text_that_is_longer_than_one_may_be)
{
	char *long_one = ac_alloc(a, FHIR_STRING_MAX + 2);

	memset(long_one, 'x', FHIR_STRING_MAX + 1);
	refuse(ac_cstr(a, ac_strf(a, PD("\"title\":\"%s\""), long_one)), AC_ELIMIT, "FHIR-LIMIT", "/title");
}

Test(fhir_read, refuses_more_objects_than_a_plan_may_have)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1 << 20, 0);
	ac_buf_addz(&b, "{\"resourceType\":\"PlanDefinition\",\"status\":\"draft\",\"action\":[{}");
	for (int i = 0; i < FHIR_OBJECTS_MAX; i++)
		ac_buf_addz(&b, ",{}");
	ac_buf_addz(&b, "]}");
	refuse(ac_cstr(a, ac_buf_str(&b)), AC_ELIMIT, "FHIR-LIMIT", "/action");
}

Test(fhir_read, says_the_line_and_column_of_a_fault)
{
	refuse("{\"resourceType\":\"PlanDefinition\",\n  \"status\": \"on\"}", AC_EINPUT, "FHIR-CODE",
	    "/status");
	cr_expect(e.line == 2 && e.col == 13, "%u:%u", e.line, e.col);
}

static struct back
take(const char *json)
{
	struct back b = { 0 };

	cr_assert(fhir_back(a, ac_str_c(json), &b, &e) == AC_OK, "%s %s %s", e.rule, e.path, e.msg);
	return b;
}

static bool
holds(struct ac_str xml, const char *what)
{
	return memmem(xml.p, xml.n, what, strlen(what)) != NULL;
}

static bool
lists(const struct back *b, const char *pointer)
{
	for (size_t i = 0; i < b->lost.n; i++)
		if (ac_streq_c(b->lost.v[i].part, pointer))
			return true;
	return false;
}

Test(fhir_read, names_each_member_that_it_does_not_know_and_the_line_owes_a_decision)
{
	struct back b = take(ACTION("\"description\":\"Rest\",\"dynamicValue\":[{\"path\":\"x\"}]"));

	cr_expect(b.unknown.n == 1);
	EXPECT_TEXT(b.unknown.v[0], "/action/0/dynamicValue");
	cr_expect(lists(&b, "/action/0/dynamicValue"));
	cr_expect(holds(
	    b.xml, "<decide>The imported plan, /action/0/dynamicValue: has no place in a protocol</decide>"));
}

Test(fhir_read, lists_where_the_file_came_from_and_asks_nobody_to_decide_on_that)
{
	struct back b = take(PD("\"url\":\"http://x/y\",\"version\":\"3\",\"meta\":{},\"purpose\":\"p\""));

	cr_expect(lists(&b, "/url") && lists(&b, "/version") && lists(&b, "/meta") && lists(&b, "/purpose"));
	cr_expect(!holds(b.xml, "/meta") && !holds(b.xml, "http://x/y"));
	cr_expect(holds(b.xml, "<decide>The imported plan, /purpose: has no place in a protocol</decide>"));
}

Test(fhir_read, takes_an_action_of_somebody_else_as_information_whose_kind_is_open)
{
	struct back b = take(ACTION("\"title\":\"Rest\",\"description\":\"Rest a day.\""));

	cr_assert(b.p->ninstructions == 1);
	cr_expect(b.p->instructions[0].kind == AC_INFORMATION);
	EXPECT_TEXT(b.p->instructions[0].l.id, "one");
	cr_expect(b.p->instructions[0].l.ndecide == 1);
}

Test(fhir_read, takes_an_action_of_a_practitioner_as_a_task_and_asks_who_it_is)
{
	struct back b = take(ACTION("\"description\":\"Call\",\"participant\":[{\"type\":\"practitioner\","
				    "\"role\":{\"text\":\"RN\"}}]"));
	bool found = false;

	for (size_t i = 0; i < b.p->ntasks; i++)
		found |= ac_streq_c(b.p->tasks[i].l.id, "one") && !ac_str_is_set(b.p->tasks[i].role);
	cr_expect(found);
	cr_expect(lists(&b, "/action/0/participant/0"));
}

Test(fhir_read, keeps_a_condition_in_another_language_as_a_decision_and_the_line_for_everybody)
{
	struct back b =
	    take(ACTION("\"description\":\"Rest\",\"condition\":[{\"kind\":\"applicability\",\"expression\":"
			"{\"language\":\"text/cql\",\"expression\":\"AgeInYears() > 18\"}}]"));

	cr_expect(b.p->instructions[0].l.when == NULL);
	cr_expect(holds(b.xml, "a condition in text/cql: AgeInYears() &gt; 18"));
}

Test(fhir_read, takes_no_trigger_without_its_condition)
{
	struct back b = take(
	    ACTION("\"trigger\":[{\"type\":\"data-added\",\"data\":[{\"type\":\"Procedure\",\"codeFilter\":"
		   "[{\"path\":\"code\",\"code\":[{\"system\":\"urn:x:y\",\"code\":\"1\"}]}]}],\"condition\":"
		   "{\"language\":\"text/fhirpath\",\"expression\":\"false\"}}]"));

	cr_assert(b.p->ntriggers == 1);
	EXPECT_TEXT(b.p->triggers[0].code, "to-be-decided");
	cr_expect(lists(&b, "/action/0/trigger/0"));
}

Test(fhir_read, takes_a_code_of_an_observation_for_no_procedure)
{
	struct back b = take(
	    ACTION("\"trigger\":[{\"type\":\"data-added\",\"data\":[{\"type\":\"Observation\",\"codeFilter\":"
		   "[{\"path\":\"code\",\"code\":[{\"system\":\"urn:x:y\",\"code\":\"1\"}]}]}]}]"));

	cr_assert(b.p->ntriggers == 1);
	EXPECT_TEXT(b.p->triggers[0].code, "to-be-decided");
	cr_expect(lists(&b, "/action/0/trigger/0"));
}

Test(fhir_read, keeps_an_action_that_is_counted_from_another_one_as_a_decision)
{
	struct back b = take(ACTION(
	    "\"relatedAction\":[{\"actionId\":\"two\",\"relationship\":\"after-end\",\"offsetDuration\":"
	    "{\"value\":2,\"code\":\"d\"}}]"));

	cr_expect(lists(&b, "/action/0/relatedAction/0"));
	cr_expect(holds(b.xml, "after-end the action two, from 2 d"));
}

Test(fhir_read, does_not_round_a_time)
{
	struct back b = take(ACTION(
	    "\"code\":[{\"coding\":[{\"system\":\"urn:aftercare:line\",\"code\":\"restriction\"}]}],"
	    "\"description\":\"No sauna\",\"relatedAction\":[{\"actionId\":\"anchor.procedure\","
	    "\"relationship\":\"after-end\",\"offsetRange\":{\"high\":{\"value\":1.5,\"code\":\"d\"}}}]"));

	cr_assert(b.p->ninstructions == 1 && b.p->instructions[0].nwindows == 1);
	cr_expect(b.p->instructions[0].windows[0].until.kind == AC_OFFSET_NONE);
	cr_expect(lists(&b, "/action/0/relatedAction"));
}

Test(fhir_read, gives_lines_ids_of_their_own)
{
	struct back b = take(PD("\"action\":[{\"id\":\"One "
				"Two\",\"description\":\"a\"},{\"id\":\"one-two\",\"description\":\"b\"},"
				"{\"description\":\"c\"},{\"id\":\"7\",\"description\":\"d\"}]"));

	cr_assert(b.p->ninstructions == 4);
	EXPECT_TEXT(b.p->instructions[0].l.id, "one-two");
	EXPECT_TEXT(b.p->instructions[1].l.id, "one-two-2");
	EXPECT_TEXT(b.p->instructions[2].l.id, "line");
	EXPECT_TEXT(b.p->instructions[3].l.id, "line-2");
}

Test(fhir_read, keeps_script_like_words_as_words)
{
	struct back b = take(ACTION("\"description\":\"<script>alert(1)</script> & \\u0001\""));

	EXPECT_TEXT(b.p->instructions[0].text.v[0].text, "<script>alert(1)</script> & \xEF\xBF\xBD");
}
