/* A plan as rows for the EHR's own care plan table, and the sheet's PDF for its chart. */
#include <json-c/json.h>

#include "core/care_plan_rows.h"
#include "tests/web_kit.h"

static struct kit k;

static void
set_up(void)
{
	struct ac_err e = { 0 };

	kit_open(&k);
	kit_clinic(&k, "finalise = signed", "finalise = signed\nalso-deliver = care-plan-rows handout");
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_channel_add(k.w, AC_S("admin"), AC_S("default"), (struct ac_life_how){ 0 }, &e), &e);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(care_plan_rows, .init = set_up, .fini = tear_down);

#define SIGNED "2026-03-28T23:40:00+01:00"

/* How many deliveries of the kind are waiting; *ret_href (NULL is allowed) is the last one's. */
static size_t
waiting(const char *kind, const char **ret_href)
{
	struct ac_err e = { 0 };
	struct ac_str json = { 0 };
	size_t n = 0;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_delivery_list_json(k.w, AC_S("default"), (struct ac_str){ 0 }, 1000, &json, &e), &e);
	json_object *all = json_tokener_parse(ac_cstr(k.a, json)), *list = json_object_object_get(all, "deliveries");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *d = json_object_array_get_idx(list, i);
		if (strcmp(json_object_get_string(json_object_object_get(d, "kind")), kind) != 0 ||
		    strcmp(json_object_get_string(json_object_object_get(d, "status")), "pending") != 0)
			continue;
		n++;
		if (ret_href != NULL)
			*ret_href = ac_cstr(k.a, ac_str_c(json_object_get_string(json_object_object_get(d, "href"))));
	}
	json_object_put(all);
	return n;
}

static json_object *
fetched(const char *href)
{
	struct ac_http h = get(&k, "system", href);

	cr_assert(h.status == 200, "%d %s", h.status, text_of(&k, &h));
	return json_tokener_parse(text_of(&k, &h));
}

static json_object *
row_with(json_object *plan, const char *key)
{
	json_object *rows = json_object_object_get(plan, "rows");

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		json_object *r = json_object_array_get_idx(rows, i);
		if (strcmp(json_object_get_string(json_object_object_get(r, "key")), key) == 0)
			return r;
	}
	return NULL;
}

static const char *
member_of(json_object *row, const char *name)
{
	const char *s = json_object_get_string(json_object_object_get(row, name));

	return s == NULL ? "" : s;
}

static size_t
count_of(json_object *plan, const char *type)
{
	json_object *rows = json_object_object_get(plan, "rows");
	size_t n = 0;

	for (size_t i = 0; i < json_object_array_length(rows); i++)
		n += strcmp(member_of(json_object_array_get_idx(rows, i), "type"), type) == 0;
	return n;
}

Test(care_plan_rows, come_with_the_document_and_not_before)
{
	put(&k, (struct visit){ .area = "face" });
	cr_expect(waiting("care-plan-rows", NULL) == 0);
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED });
	cr_expect(waiting("care-plan-rows", NULL) == 1 && waiting("document", NULL) == 1);
}

Test(care_plan_rows, say_the_lines_with_their_clock_times)
{
	const char *href = NULL;

	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	cr_assert(waiting("care-plan-rows", &href) == 1);
	json_object *p = fetched(href), *sauna = row_with(p, "mesotherapy/no-sauna");
	cr_assert(sauna != NULL);
	cr_expect(strcmp(member_of(sauna, "type"), "instructions") == 0);
	cr_expect(strcmp(member_of(sauna, "end"), "2026-03-31T13:35:00Z") == 0, "%s", member_of(sauna, "end"));
	cr_expect(strstr(member_of(sauna, "text"), "Until Tuesday 31 March 2026, 15:35.") != NULL, "%s",
	    member_of(sauna, "text"));
	json_object_put(p);
}

Test(care_plan_rows, have_one_for_the_whole_plan_and_some_of_each_kind)
{
	const char *href = NULL;

	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	cr_assert(waiting("care-plan-rows", &href) == 1);
	json_object *p = fetched(href);
	cr_expect(strstr(last_leaf(&k), "\"action\":\"read\",\"kind\":\"care-plan-rows\"") != NULL, "%s", last_leaf(&k));
	cr_expect(count_of(p, "plan_of_care") == 1);
	cr_expect(count_of(p, "goal") > 0 && count_of(p, "instructions") > 0 && count_of(p, "intervention") > 0);
	json_object_put(p);
}

Test(care_plan_rows, of_a_revoked_plan_are_none)
{
	const char *href = NULL;

	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	put(&k, (struct visit){ .revision = 2, .code = "" });
	cr_assert(waiting("care-plan-rows", &href) == 1, "the newer version supersedes");
	json_object *p = fetched(href);
	cr_expect(strcmp(member_of(p, "status"), "revoked") == 0);
	cr_expect(json_object_array_length(json_object_object_get(p, "rows")) == 0);
	json_object_put(p);
}

Test(care_plan_rows, keep_their_keys_in_the_next_version)
{
	const char *first = NULL, *second = NULL;

	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	cr_assert(waiting("care-plan-rows", &first) == 1);
	put(&k, (struct visit){ .revision = 2, .area = "scalp", .signed_at = "2026-03-28T23:50:00+01:00" });
	cr_assert(waiting("care-plan-rows", &second) == 1);
	json_object *p = fetched(first), *q = fetched(second);
	cr_expect(strcmp(first, second) != 0);
	cr_expect(row_with(p, "mesotherapy/no-sauna") != NULL && row_with(q, "mesotherapy/no-sauna") != NULL);
	json_object_put(p);
	json_object_put(q);
}

Test(care_plan_rows, are_not_made_where_the_ehr_does_not_take_them)
{
	kit_clinic(&k, "finalise = signed", "finalise = signed\nalso-deliver = handout");
	issue(&k, put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan, 1);
	cr_expect(waiting("care-plan-rows", NULL) == 0 && waiting("handout", NULL) == 1);
}

Test(care_plan_rows, a_sheet_that_is_given_out_goes_to_the_chart_as_pdf)
{
	const char *href = NULL;
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	issue(&k, plan, 1);
	cr_assert(waiting("handout", &href) == 1);
	cr_expect(strstr(href, "/sheets/1/pdf") != NULL, "%s", href);
}

Test(care_plan_rows, the_sheet_leaves_the_wrong_patient_s_chart)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;

	issue(&k, plan, 1);
	put(&k, (struct visit){ .revision = 2, .patient = "2", .family = "Right", .area = "face" });
	cr_expect(waiting("handout-withdraw", NULL) == 1);
}

Test(care_plan_rows, an_unknown_kind_in_the_clinic_s_file_is_refused)
{
	struct ac_err e = { 0 };
	struct ac_str ini = kit_changed(&k, KIT_CLINIC, "finalise = signed", "finalise = signed\nalso-deliver = letters");

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_clinic_set(k.w, AC_S("admin"), ini, (struct ac_life_how){ 0 }, &e), AC_EINPUT, e);
	cr_expect(strcmp(e.rule, "CLN-VALUE") == 0, "%s", e.rule);
}
