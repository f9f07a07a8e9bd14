/* test_snapshot.c - what is read of a JSON snapshot, and what is refused. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/snapshot_kit.h"

TestSuite(snapshot, .init = setup, .fini = teardown);

static bool
has_warning(const char *pointer)
{
	for (size_t i = 0; i < w.n; i++)
		if (ac_streq_c(w.v[i], pointer))
			return true;
	return false;
}

#define IS(s, text) cr_expect(ac_streq_c((s), (text)), "%.*s is not %s", AC_FMT(s), (text))
#define REFUSED(json, rule_, path_) \
	do { \
		cr_assert(eq(int, decode(json), AC_EINPUT)); \
		cr_expect(eq(str, (char *)err.rule, (char *)(rule_))); \
		cr_expect(eq(str, err.path, (char *)(path_))); \
	} while (0)

Test(snapshot, reads_every_member_of_the_example)
{
	cr_assert(eq(int, decode(full_snapshot), AC_OK), "%s %s %s", err.rule, err.path, err.msg);
	cr_expect(eq(sz, w.n, 0));
	IS(e->system, "openemr");
	IS(e->site, "default");
	IS(e->id, "5");
	cr_expect(eq(i64, e->revision, 1774708440000000));
	cr_expect(eq(int, e->status, ENC_FINISHED));
	cr_expect(eq(i64, e->start.t, 1774702800));
	cr_expect(eq(int, e->start.offset_s, 3600));
	IS(e->zone, "Europe/Berlin");
	IS(e->follow_up_of, "4");
	cr_expect(e->has_signed_by);
	IS(e->signed_by.npi, "1234567893");
	IS(e->patient.identifiers[0].value, "A-17");
	IS(e->patient.given.v[0], "Ada");
	cr_expect(eq(int, e->patient.birth_date.precision, 8));
	cr_expect(eq(int, e->patient.deceased.precision, 0));
	cr_expect(eq(i64, e->patient.deceased.t, AC_INSTANT_NONE));
	cr_expect(eq(int, e->patient.interpreter, ENC_NO));
	cr_expect(eq(int, e->patient.leave_message, ENC_NO));
	cr_expect(eq(int, e->patient.email_ok, ENC_YES));
	IS(e->patient.address_line.v[0], "Hauptstr. 1");
	IS(e->patient.guardian_relation, "mother");
	cr_expect(e->has_clinic);
	IS(e->clinic_city, "Berlin");
	cr_assert(eq(sz, e->nprocedures, 1));
	IS(e->procedures[0].code, "17999");
	IS(e->procedures[0].performer.id, "3");
	IS(e->procedures[0].products[0].expires, "2027-01");
	cr_expect(eq(int, e->allergy_reviewed, ENC_YES));
	cr_expect(eq(int, e->medication_reviewed, ENC_NO));
	cr_expect(eq(int, e->problem_reviewed, ENC_UNKNOWN));
	IS(e->conditions[0].text, "lidocaine");
	IS(e->appointments[0].category, "Follow-up");
	cr_assert(eq(sz, e->nfacts, 5));
	IS(e->facts[0].name, "area"); /* sorted by name */
	cr_expect(eq(int, e->facts[0].type, ENC_FACT_STRINGS));
	IS(e->facts[2].name, "session");
	cr_expect(eq(int, e->facts[2].type, ENC_FACT_NUMBER));
	IS(e->facts[2].s.v[0], "2");
}

Test(snapshot, needs_only_the_required_members)
{
	cr_assert(eq(int, decode(with("", "", "")), AC_OK), "%s", err.msg);
	cr_expect(eq(sz, e->nprocedures, 0));
	cr_expect(not(e->has_provider));
	cr_expect(not(e->has_conditions));
	cr_expect(eq(i64, e->end.t, AC_INSTANT_NONE));
	cr_expect(eq(i64, e->patient.birth_date.t, AC_INSTANT_NONE));
	cr_expect(not(ac_str_is_set(e->category)));
}

Test(snapshot, leaves_its_outputs_untouched_when_it_refuses)
{
	struct encounter *before = (struct encounter *)&err;

	e = before;
	w.n = 7;
	cr_assert(eq(int, enc_snapshot_decode(AC_S("{}"), a, &e, &w, NULL), AC_EINPUT));
	cr_expect(eq(ptr, e, before));
	cr_expect(eq(sz, w.n, 7));
}

/* Takes the member at `pointer` out of the full snapshot; indented, so that lines mean something. */
static const char *
without(const char *parent, const char *name)
{
	AC_AUTO_T(json_object) tree = json_tokener_parse(full_snapshot);
	json_object *o = tree;

	if (*parent != '\0')
		cr_assert(json_object_object_get_ex(tree, parent, &o));
	json_object_object_del(o, name);
	return ac_cstr(a, ac_str_c(json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PRETTY)));
}

Test(snapshot, names_each_required_member_that_is_absent)
{
	static const char *const must[][2] = { { "", "schema" }, { "", "source" }, { "source", "site" },
		{ "", "encounter" }, { "encounter", "id" }, { "encounter", "revision" },
		{ "encounter", "status" }, { "encounter", "start" }, { "encounter", "zone" },
		{ "", "patient" }, { "patient", "id" }, { "patient", "family" } };

	for (size_t i = 0; i < sizeof(must) / sizeof(*must); i++) {
		const char *path =
		    ac_cstr(a, ac_strf(a, "%s%s/%s", *must[i][0] ? "/" : "", must[i][0], must[i][1]));
		REFUSED(without(must[i][0], must[i][1]), "ENC-REQUIRED", path);
		cr_expect(gt(u32, err.line, 0), "%s has no line", path);
		cr_expect(gt(u32, err.col, 0), "%s has no column", path);
	}
}

Test(snapshot, points_at_the_object_that_lacks_a_member)
{
	REFUSED("{ \"schema\": \"aftercare/encounter/1\",\n  \"source\": { \"system\": \"x\" } }",
	    "ENC-REQUIRED", "/source/site");
	cr_expect(eq(u32, err.line, 2));
	cr_expect(eq(u32, err.col, 13));
}

Test(snapshot, points_at_the_value_that_is_wrong)
{
	REFUSED("{ \"schema\": \"aftercare/encounter/1\",\n  \"source\":\n   { \"site\": 7 } }", "ENC-TYPE",
	    "/source/site");
	cr_expect(eq(u32, err.line, 3));
	cr_expect(eq(u32, err.col, 14));
}

Test(snapshot, takes_null_for_absent)
{
	cr_assert(eq(int,
	    decode(with(",\"end\":null,\"category\":null", ",\"given\":null,\"address\":null",
		",\"provider\":null,\"procedures\":null,\"facts\":{\"area\":null}")),
	    AC_OK));
	cr_expect(not(e->has_provider));
	cr_expect(not(e->patient.has_address));
	cr_expect(eq(sz, e->nfacts, 0));
}

Test(snapshot, refuses_null_where_a_value_is_required)
{
	REFUSED("{\"schema\":null}", "ENC-REQUIRED", "/schema");
}

Test(snapshot, takes_an_empty_text_for_absent)
{
	cr_assert(eq(int,
	    decode(with(",\"category\":\"\",\"end\":\"\"", ",\"given\":[\"\",\"Ada\"],\"birth_date\":\"\"",
		",\"facts\":{\"area\":\"\",\"none\":[]}")),
	    AC_OK));
	cr_expect(not(ac_str_is_set(e->category)));
	cr_expect(eq(int, e->end.precision, 0));
	cr_assert(eq(sz, e->patient.given.n, 1));
	IS(e->patient.given.v[0], "Ada");
	cr_assert(eq(sz, e->nfacts, 1), "an empty list is a fact: none");
	IS(e->facts[0].name, "none");
	cr_expect(eq(sz, e->facts[0].s.n, 0));
}

Test(snapshot, keeps_partial_dates_partial)
{
	cr_assert(eq(int, decode(with("", ",\"birth_date\":\"1988\",\"deceased\":\"2026-02\"", "")), AC_OK));
	cr_expect(eq(int, e->patient.birth_date.precision, 4));
	cr_expect(eq(int, e->patient.deceased.precision, 6));
	cr_assert(eq(int, decode(with("", ",\"deceased\":\"2026-02-03T04:05:06-05:00\"", "")), AC_OK));
	cr_expect(eq(int, e->patient.deceased.precision, 14));
}

Test(snapshot, refuses_a_time_without_offset)
{
	REFUSED(with(",\"end\":\"2026-03-28T14:40:00\"", "", ""), "ENC-TIME", "/encounter/end");
	REFUSED(with(",\"end\":\"2026-03-28\"", "", ""), "ENC-TIME", "/encounter/end");
	REFUSED(with("", ",\"birth_date\":\"28.03.1988\"", ""), "ENC-TIME", "/patient/birth_date");
	REFUSED(with("", ",\"birth_date\":\"1988-02-30\"", ""), "ENC-TIME", "/patient/birth_date");
}

Test(snapshot, refuses_a_time_from_which_no_year_of_four_digits_can_be_counted)
{
	REFUSED(with(",\"end\":\"9999-12-31T23:59:59Z\"", "", ""), "ENC-TIME", "/encounter/end");
	REFUSED(with(",\"end\":\"2200-01-01T00:00:00Z\"", "", ""), "ENC-TIME", "/encounter/end");
	REFUSED(with(",\"end\":\"1899-12-31T23:59:59Z\"", "", ""), "ENC-TIME", "/encounter/end");
	cr_expect(eq(int, decode(with(",\"end\":\"2199-12-31T23:59:59Z\"", "", "")), AC_OK));
	cr_expect(eq(int, decode(with(",\"end\":\"1900-01-01T00:00:00Z\"", "", "")), AC_OK));
}

Test(snapshot, refuses_wrong_types)
{
	REFUSED("[]", "ENC-TYPE", "");
	REFUSED(with(",\"category\":7", "", ""), "ENC-TYPE", "/encounter/category");
	REFUSED(with("", ",\"given\":\"Ada\"", ""), "ENC-TYPE", "/patient/given");
	REFUSED(with("", ",\"given\":[1]", ""), "ENC-TYPE", "/patient/given/0");
	REFUSED(with("", ",\"interpreter\":\"no\"", ""), "ENC-TYPE", "/patient/interpreter");
	REFUSED(with("", ",\"address\":[]", ""), "ENC-TYPE", "/patient/address");
	REFUSED(with("", "", ",\"procedures\":{}"), "ENC-TYPE", "/procedures");
	REFUSED(with("", "", ",\"procedures\":[null]"), "ENC-TYPE", "/procedures/0");
	REFUSED(with("", "", ",\"procedures\":[{},{\"products\":[{\"lot\":true}]}]"), "ENC-TYPE",
	    "/procedures/1/products/0/lot");
	REFUSED(with("", "", ",\"conditions\":{\"reviewed\":{\"allergy\":1}}"), "ENC-TYPE",
	    "/conditions/reviewed/allergy");
	REFUSED(with("", "", ",\"facts\":{\"a/b\":{}}"), "ENC-TYPE", "/facts/a~1b");
	REFUSED(with("", "", ",\"facts\":{\"area\":[[]]}"), "ENC-TYPE", "/facts/area/0");
}

Test(snapshot, refuses_words_that_are_none_of_ours)
{
	REFUSED(with("", "", ",\"procedures\":[{\"status\":\"done\"}]"), "ENC-VALUE", "/procedures/0/status");
	REFUSED(with("", "", ",\"conditions\":{\"items\":[{\"kind\":\"Allergy\"}]}"), "ENC-VALUE",
	    "/conditions/items/0/kind");
	REFUSED(with(",\"follow_up_of\":\"4\\n\"", "", ""), "ENC-VALUE", "/encounter/follow_up_of");
}

Test(snapshot, refuses_a_zone_that_is_a_path)
{
	REFUSED("{\"schema\":\"aftercare/encounter/"
		"1\",\"source\":{\"site\":\"s\"},\"encounter\":{\"id\":\"5\",\"revision\":1,"
		"\"status\":\"finished\",\"start\":\"2026-03-28T14:00:00Z\",\"zone\":\"../../etc/passwd\"}}",
	    "ENC-VALUE", "/encounter/zone");
}

Test(snapshot, holds_the_revision_to_its_range)
{
	static const char *const bad[][2] = { { "-1", "ENC-VALUE" }, { "1.5", "ENC-TYPE" },
		{ "\"1\"", "ENC-TYPE" }, { "1e3", "ENC-TYPE" } };

	for (size_t i = 0; i < 4; i++)
		REFUSED(ac_cstr(a, ac_strf(a,
				       "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"site\":\"s\"},"
				       "\"encounter\":{\"id\":\"5\",\"revision\":%s}}",
				       bad[i][0])),
		    bad[i][1], "/encounter/revision");
}

Test(snapshot, warns_of_members_it_does_not_know)
{
	cr_assert(eq(int,
	    decode(with(",\"mood\":1", ",\"a~b\":{}", ",\"x\":null,\"procedures\":[{\"side\":\"left\"}]")),
	    AC_OK));
	cr_expect(eq(sz, w.n, 4));
	cr_expect(has_warning("/encounter/mood"));
	cr_expect(has_warning("/patient/a~0b"));
	cr_expect(has_warning("/x"));
	cr_expect(has_warning("/procedures/0/side"));
}

Test(snapshot, stops_counting_warnings_at_its_limit)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1024, 0);
	for (int i = 0; i < 3 * ENC_WARNINGS_MAX; i++)
		ac_buf_addf(&b, ",\"u%d\":%d", i, i);
	cr_assert(eq(int, decode(with("", "", ac_cstr(a, ac_buf_str(&b)))), AC_OK));
	cr_expect(eq(sz, w.n, ENC_WARNINGS_MAX));
}

static const char *
many(const char *name, const char *item, int n)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 4096, 0);
	ac_buf_addf(&b, ",\"%s\":[", name);
	for (int i = 0; i < n; i++)
		ac_buf_addf(&b, "%s%s", i == 0 ? "" : ",", item);
	ac_buf_addz(&b, "]");
	return ac_cstr(a, ac_buf_str(&b));
}

Test(snapshot, holds_lists_to_their_limit)
{
	cr_expect(eq(int, decode(with("", "", many("procedures", "{}", ENC_ITEMS_MAX))), AC_OK));
	cr_expect(eq(sz, e->nprocedures, ENC_ITEMS_MAX));
	cr_assert(eq(int, decode(with("", "", many("procedures", "{}", ENC_ITEMS_MAX + 1))), AC_ELIMIT));
	cr_expect(eq(str, (char *)err.rule, "ENC-LIMIT"));
	cr_expect(eq(str, err.path, "/procedures"));
}

Test(snapshot, holds_texts_and_identifiers_to_their_limit)
{
	char text[ENC_TEXT_MAX + 2] = { 0 };

	memset(text, 'x', ENC_TEXT_MAX);
	cr_expect(eq(int, decode(with(ac_cstr(a, ac_strf(a, ",\"reason\":\"%s\"", text)), "", "")), AC_OK));
	text[ENC_TEXT_MAX] = 'x';
	cr_expect(
	    eq(int, decode(with(ac_cstr(a, ac_strf(a, ",\"reason\":\"%s\"", text)), "", "")), AC_ELIMIT));
	text[ENC_ID_MAX] = '\0';
	cr_expect(
	    eq(int, decode(with(ac_cstr(a, ac_strf(a, ",\"follow_up_of\":\"%s\"", text)), "", "")), AC_OK));
	text[ENC_ID_MAX] = 'x';
	text[ENC_ID_MAX + 1] = '\0';
	cr_expect(eq(
	    int, decode(with(ac_cstr(a, ac_strf(a, ",\"follow_up_of\":\"%s\"", text)), "", "")), AC_ELIMIT));
	cr_expect(eq(str, (char *)err.rule, "ENC-LIMIT"));
}

Test(snapshot, refuses_a_body_over_one_mebibyte)
{
	struct ac_str big = { ac_alloc(a, AC_JSON_SIZE_MAX + 1), AC_JSON_SIZE_MAX + 1 };

	cr_assert(eq(int, enc_snapshot_decode(big, a, &e, &w, &err), AC_ELIMIT));
	cr_expect(eq(str, (char *)err.rule, "JSON-SIZE"));
}
