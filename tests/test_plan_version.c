/* test_plan_version.c - what needs a new version of a plan; its encoding. */
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "core/manifest.h"
#include "tests/plan_kit.h"

KIT_SUITE(plan_version);

#define UNTIL(offset) "<window until=\"" offset "\"/>"
#define SIMPLE(offset) KIT_PROTOCOL("p", "17999", KIT_BAN("no-sauna", "sauna", "", UNTIL(offset)))
#define SERIES "<series id=\"s\" sessions=\"6\" interval=\"2 w..4 w\" minimum-gap=\"10 d\"/>"
#define CHOICE(name, attrs) \
	"<fact name=\"" name "\" type=\"choice\" " attrs "><label xml:lang=\"en\">" name \
	"</label><value code=\"face\"><label xml:lang=\"en\">F</label></value><value code=\"scalp\"><label " \
	"xml:lang=\"en\">S</label></value></fact>"
#define DONE_AT(when) "\"procedures\":[" KIT_DONE("b1", "17999", when) "]"

static unsigned
changed(const struct kit *x, const struct kit *y, bool *ret_hash_differs)
{
	struct ac_plan *before = kit_plan(a, x), *now = kit_plan(a, y);
	struct ac_sha256 h1, h2;

	ac_plan_content_hash(before, a, &h1);
	ac_plan_content_hash(now, a, &h2);
	*ret_hash_differs = !ac_sha256_eq(&h1, &h2);
	return ac_plan_changed(before, now, a);
}

#define CHANGES(x, y, bits) \
	do { \
		bool differs_; \
		cr_expect(eq(u32, changed(&(x), &(y), &differs_), (bits))); \
		cr_expect(eq(int, differs_, (bits) != 0)); \
	} while (0)

Test(plan_version, needs_no_new_version_for_an_address_or_the_clock)
{
	struct kit x = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED }, y = x;

	y.made_at = "2026-03-29T16:00:00+02:00";
	y.encounter = "\"end\":\"2026-03-28T14:40:00+01:00\",\"reason\":\"session 2\"";
	y.more = KIT_PERFORMED ",\"provider\":{\"id\":\"3\",\"family\":\"Example\",\"phone\":\"+1\"}";
	CHANGES(x, y, 0);
}

Test(plan_version, needs_a_new_version_when_a_time_moves)
{
	struct kit x = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED }, y = x;

	y.more = DONE_AT("2026-03-28T14:36:00+01:00");
	CHANGES(x, y, AC_CHANGED_CLINICAL);
}

Test(plan_version, needs_a_new_version_when_a_lot_is_recorded)
{
	struct kit x = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED }, y = x;

	y.more = "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"performed\":\"2026-"
		 "03-28T14:35:00+01:00\","
		 "\"products\":[{\"name\":\"HA\",\"lot\":\"L-1\"}]}]";
	CHANGES(x, y, AC_CHANGED_CLINICAL);
}

Test(plan_version, needs_a_new_version_when_the_signer_changes)
{
	struct kit x = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED }, y = x;

	y.encounter =
	    "\"signed\":\"2026-03-28T15:40:00+01:00\",\"signed_by\":{\"id\":\"3\",\"family\":\"Example\"}";
	CHANGES(x, y, AC_CHANGED_SIGNER);
}

Test(plan_version, does_not_care_which_row_of_the_chart_holds_the_procedure)
{
	struct kit x = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED }, y = x;

	y.more = "\"procedures\":[" KIT_DONE("b99", "17999", "2026-03-28T14:35:00+01:00") "]";
	CHANGES(x, y, 0);
}

Test(plan_version, tells_a_changed_patient_from_a_changed_plan)
{
	struct kit k = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED };
	struct ac_plan_input *x = kit_input(a, &k), *y = kit_input(a, &k);
	struct encounter *e = kit_encounter(a, &k);

	e->patient.family = AC_S("Other");
	y->encounter = e;
	cr_expect(eq(u32, ac_plan_changed(kit_make(a, x), kit_make(a, y), a), AC_CHANGED_PATIENT));
}

/* purity */

#define RICH \
	KIT_PROTOCOL("i-rich", "17999", \
	    CHOICE("area", "ask=\"yes\"") "<goal id=\"g\">" KIT_TEXT "</goal>" KIT_BAN("no-sauna", "sauna", \
		"when=\"fact/area = 'face'\"", \
		UNTIL("72 h")) KIT_CARE("wash", "wash", "", "<window from=\"8 h\"/>") \
		KIT_TASK("call", "from=\"44 h\" until=\"3 d 12:00\" closed=\"after\" shift=\"1 d\"") SERIES)

Test(plan_version, encodes_the_same_bytes_under_any_time_zone_and_locale)
{
	static const char *const zones[] = { "UTC", "America/New_York", "Asia/Kathmandu", ":/nowhere" };
	struct kit k = { .protocol = RICH, .more = KIT_PERFORMED };
	struct ac_str first = ac_plan_encode(kit_plan(a, &k), a);

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		setenv("TZ", zones[i], 1);
		setenv("LANG", "tr_TR.UTF-8", 1);
		setenv("LC_ALL", "tr_TR.UTF-8", 1);
		tzset();
		(void)setlocale(LC_ALL, ""); /* stays "C" where tr_TR is not installed */
		struct ac_str again = ac_plan_encode(kit_plan(a, &k), a);
		cr_expect(ac_streq(first, again), "TZ=%s", zones[i]);
	}
}

Test(plan_version, encodes_to_json_that_the_door_accepts)
{
	struct kit k = { .protocol = RICH, .more = KIT_PERFORMED };
	AC_AUTO_T(json_object) tree = NULL;
	struct ac_err e = { 0 };

	cr_expect(ac_json_parse(ac_plan_encode(kit_plan(a, &k), a), AC_JSON_SIZE_MAX, &tree, &e) == AC_OK,
	    "%s", e.msg);
}

Test(plan_version, is_marked_a_demonstration_when_a_protocol_or_the_clinic_is)
{
	struct ac_clinic *c = kit_clinic(a);
	struct kit k = { .protocol = SIMPLE("48 h"), .more = KIT_PERFORMED, .clinic = c };

	cr_expect(not(kit_plan(a, &k)->demonstration));
	c->demonstration = true;
	cr_expect(kit_plan(a, &k)->demonstration);
}

Test(plan_version, says_in_its_inputs_that_moved_tasks_begin_on_open_days_and_an_older_one_does_not)
{
	struct ac_manifest m = { .nprotocols = 1, .protocols[0].id = AC_S("p"), .begins_open = true }, now, before;
	struct ac_err e = { 0 };
	struct ac_str json = ac_manifest_encode(&m, a), member = AC_S("\"begins_open\":true,");
	const char *at = strstr(ac_cstr(a, json), member.p);

	cr_assert(at != NULL);
	cr_assert(eq(int, ac_manifest_decode(json, a, &now, &e), AC_OK), "%s %s", e.path, e.msg);
	cr_expect(now.begins_open);
	json = ac_strf(a, "%.*s%s", (int)(strlen(ac_cstr(a, json)) - strlen(at)), ac_cstr(a, json), at + member.n);
	cr_assert(eq(int, ac_manifest_decode(json, a, &before, &e), AC_OK), "%s %s", e.path, e.msg);
	cr_expect(not(before.begins_open));
}

Test(plan_version, says_in_its_inputs_that_booked_sessions_were_looked_at_and_an_older_one_does_not)
{
	struct ac_manifest m = { .nprotocols = 1, .protocols[0].id = AC_S("p"), .booked_gap = true }, now, before;
	struct ac_err e = { 0 };

	cr_assert(eq(int, ac_manifest_decode(ac_manifest_encode(&m, a), a, &now, &e), AC_OK), "%s", e.msg);
	cr_expect(now.booked_gap);
	m.booked_gap = false;
	cr_assert(eq(int, ac_manifest_decode(ac_manifest_encode(&m, a), a, &before, &e), AC_OK), "%s", e.msg);
	cr_expect(not(before.booked_gap));
}
