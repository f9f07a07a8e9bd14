/* All running plans of one patient count: the later end, what does not fit, and what is said before anything is done. */
#include <sqlite3.h>

#include "tests/intake_kit.h"
#include "tests/expect.h"
#include "tests/web_kit.h"

static struct kit k;

static struct ac_str
replaced(struct ac_str s, const char *what, const char *instead)
{
	const char *at = memmem(s.p, s.n, what, strlen(what));

	cr_assert(at != NULL, "%s", what);
	return ac_strf(k.a, "%.*s%s%.*s", (int)(at - s.p), s.p, instead, (int)(s.n - (size_t)(at - s.p) - strlen(what)),
	    at + strlen(what));
}

/* The peel of the demonstration, by a code that visits of the kit can have: no sauna for ten days, and nothing that another
 * protocol advises. */
static void
set_up(void)
{
	kit_open(&k);
	struct ac_str peel = kit_file(&k, "schemas/protocols/demo/chemical-peel.xml");
	peel = replaced(peel, "system=\"LOCAL\" code=\"PEEL\"", "system=\"CPT4\" code=\"17000\"");
	peel = replaced(peel, "<window until=\"48 h\"/>", "<window until=\"10 d\"/>");
	peel = replaced(peel, "concept=\"sun-exposure\"", "concept=\"hydration\"");
	kit_publish(&k, peel);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(others, .init = set_up, .fini = tear_down);

#define SAUNA "mesotherapy/no-sauna"

/* Treated on the 26th by the other protocol; the visit 5 of the kit is on the 28th. */
static struct ac_uuid
earlier(const char *patient)
{
	return put(&k, (struct visit){ .id = "4",
			   .patient = patient,
			   .code = "17000",
			   .category = "Other",
			   .start = "2026-03-26T10:00:00+01:00",
			   .end = "2026-03-26T10:30:00+01:00",
			   .performed = "2026-03-26T10:20:00+01:00" })
	    .plan;
}

static const struct ac_plan_line *
line_named(const struct ac_plan *p, const char *key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq_c(p->lines[i].key, key))
			return &p->lines[i];
	return NULL;
}

static bool
warns(const struct ac_plan *p, const char *rule)
{
	for (size_t i = 0; i < p->nwarnings; i++)
		if (strcmp(p->warnings[i].rule, rule) == 0)
			return true;
	return false;
}

static struct ac_plan *
now(struct ac_uuid plan)
{
	return record_of(&k, plan, 0)->plan;
}

Test(others, the_later_end_of_an_earlier_plan_holds_and_is_recorded_with_its_version)
{
	struct ac_uuid before = earlier(NULL), plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_plan *p = now(plan);
	const struct ac_plan_line *l = line_named(p, SAUNA);

	cr_assert(l != NULL && l->other != NULL);
	cr_expect(l->until == at_ms("2026-04-05T10:20:00+02:00") / 1000);
	cr_expect(l->without_other == at_ms("2026-03-31T15:35:00+02:00") / 1000);
	cr_expect(memcmp(&l->other->id, &before, sizeof(before)) == 0 && l->other->version == 1);
	cr_expect(line_named(p, "mesotherapy/no-hot-tub")->other == NULL);
}

Test(others, a_plan_treated_later_changes_nothing_in_the_earlier_one)
{
	struct ac_uuid before = earlier(NULL);

	put(&k, (struct visit){ .area = "face" });
	cr_expect(record_of(&k, before, 0)->row.version == 1 && now(before)->in->nothers == 0);
}

Test(others, another_patients_plan_does_not_count)
{
	earlier("2");
	struct ac_plan *p = now(put(&k, (struct visit){ .area = "face" }).plan);

	cr_expect(p->in->nothers == 0 && line_named(p, SAUNA)->other == NULL);
}

Test(others, a_withdrawn_plan_does_not_count_any_more)
{
	earlier(NULL);
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	put(&k, (struct visit){ .id = "4",
		    .revision = 2,
		    .status = "entered-in-error",
		    .code = "17000",
		    .category = "Other",
		    .start = "2026-03-26T10:00:00+01:00",
		    .performed = "2026-03-26T10:20:00+01:00" });
	cr_expect(line_named(now(plan), SAUNA)->other != NULL, "its own version is as it was made");
	timer(&k);
	cr_expect(line_named(now(plan), SAUNA)->other == NULL && record_of(&k, plan, 0)->row.version == 2);
}

Test(others, time_alone_changes_no_plan)
{
	earlier(NULL);
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	set_clock(&k, "2026-05-20T10:00:00+02:00");
	put(&k, (struct visit){ .revision = 2, .area = "face", .phone = "+49 30 5550111" });
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(others, lines_of_two_plans_against_each_other_are_said)
{
	earlier(NULL);
	struct ac_plan *p = now(put(&k, (struct visit){ .area = "face" }).plan);

	cr_expect(warns(p, "OTHER-CONTRADICTS"), "one says to drink, the other not to");
}

Test(others, panel_and_sheet_print_the_later_end_with_its_reason)
{
	earlier(NULL);
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/5");
	struct ac_str path = ac_strf(k.a, "/aftercare/plans/%.*s/handout", AC_FMT(ac_uuid_str(k.a, plan)));

	cr_expect(page_fault(&k, ac_buf_str(&h.out)) == NULL);
	cr_expect(holds(&h, "Longer because of the treatment on Thu 26 Mar, 10:20; by itself until Tue 31 Mar, 15:35"));
	cr_expect(holds(&h, "Sun 5 Apr, 10:20") && holds(&h, "do not fit together"));
	h = get(&k, "nurse", ac_cstr(k.a, path));
	cr_expect(h.status == 200 && holds(&h, "Longer because of an earlier treatment:"));
}

Test(others, what_speaks_against_it_is_shown_before_the_treatment)
{
	earlier(NULL);
	put(&k, (struct visit){ .area = "face", .status = "arrived", .procedure = "planned" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/5");

	cr_expect(h.status == 200 && page_fault(&k, ac_buf_str(&h.out)) == NULL);
	cr_expect(holds(&h, "Before the treatment") && holds(&h, "do not fit together"));
	cr_expect(holds(&h, "A plan is running, from the treatment of Thu 26 Mar, 10:20."));
}

Test(others, nothing_is_said_before_a_treatment_when_nothing_runs)
{
	put(&k, (struct visit){ .area = "face", .status = "arrived", .procedure = "planned" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/5");

	cr_expect(h.status == 200 && !holds(&h, "Before the treatment"));
}

Test(others, a_session_too_close_to_the_last_is_said_before_it_is_done)
{
	put(&k, (struct visit){ .id = "4",
		    .area = "face",
		    .start = "2026-03-26T10:00:00+01:00",
		    .end = "2026-03-26T10:30:00+01:00",
		    .performed = "2026-03-26T10:20:00+01:00" });
	put(&k, (struct visit){ .area = "face", .status = "arrived", .procedure = "planned" });
	struct ac_http h = get(&k, "nurse", "/aftercare/panel/default/5");
	cr_expect(holds(&h, "days after the session before; the protocol asks for more."));
}

Test(others, versions_are_made_again_byte_by_byte_whatever_became_of_the_other_plan)
{
	struct ac_str json, xml;
	struct ac_err e = { 0 };
	bool same = false;

	earlier(NULL);
	struct ac_uuid plan =
	    put(&k, (struct visit){ .area = "face", .signed_at = "2026-03-28T14:39:00+01:00" }).plan;
	put(&k, (struct visit){ .id = "4",
		    .revision = 2,
		    .code = "17000",
		    .category = "Other",
		    .start = "2026-03-26T10:00:00+01:00",
		    .performed = "2026-03-26T10:25:00+01:00" });
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_plan_regen(k.w, plan, 1, &json, &xml, &same, &e), &e);
	cr_expect(same && memmem(xml.p, xml.n, "Longer because of an earlier treatment", 38) != NULL);
}

/* The earlier plan's chart says an hour later. */
static void
earlier_is_corrected(int64_t revision, const char *performed)
{
	put(&k, (struct visit){ .id = "4",
		    .revision = revision,
		    .code = "17000",
		    .category = "Other",
		    .start = "2026-03-26T10:00:00+01:00",
		    .end = "2026-03-26T12:30:00+01:00",
		    .performed = performed });
}

Test(others, a_change_of_another_plan_reaches_this_one_with_the_timer_and_is_recorded)
{
	struct ac_uuid before = earlier(NULL), plan = put(&k, (struct visit){ .area = "face" }).plan;

	earlier_is_corrected(2, "2026-03-26T11:20:00+01:00");
	cr_assert(record_of(&k, before, 0)->row.version == 2);
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
	timer(&k);
	struct ac_plan *p = now(plan);
	cr_assert(record_of(&k, plan, 0)->row.version == 2);
	cr_expect(line_named(p, SAUNA)->until == at_ms("2026-04-05T11:20:00+02:00") / 1000);
	cr_expect(line_named(p, SAUNA)->other->version == 2);
}

Test(others, it_is_planned_again_once_and_by_whoever_looks_first)
{
	struct ac_uuid plan;

	earlier(NULL);
	plan = put(&k, (struct visit){ .area = "face" }).plan;
	earlier_is_corrected(2, "2026-03-26T11:20:00+01:00");
	put(&k, (struct visit){ .revision = 2, .area = "face", .phone = "+49 30 5550111" });
	cr_expect(record_of(&k, plan, 0)->row.version == 2, "its own event saw it");
	int64_t before = leaves(&k);
	timer(&k);
	timer(&k);
	cr_expect(leaves(&k) == before && record_of(&k, plan, 0)->row.version == 2, "nothing is left to do");
}

Test(others, a_change_that_was_not_looked_at_waits_for_the_next_start)
{
	struct ac_uuid plan;

	earlier(NULL);
	plan = put(&k, (struct visit){ .area = "face" }).plan;
	earlier_is_corrected(2, "2026-03-26T11:20:00+01:00");
	struct ac_service_options o = { .state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k };
	struct ac_err e = { 0 };
	ac_worker_free(k.w);
	ac_service_close(k.s);
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
	timer(&k);
	cr_expect(record_of(&k, plan, 0)->row.version == 2);
}

Test(others, a_plan_that_another_change_leaves_as_it_is_gets_no_version)
{
	struct ac_uuid plan;

	earlier(NULL);
	plan = put(&k, (struct visit){ .area = "face" }).plan;
	earlier_is_corrected(2, "2026-03-26T11:20:00+01:00");
	earlier_is_corrected(3, "2026-03-26T10:20:00+01:00");
	timer(&k);
	timer(&k);
	cr_expect(record_of(&k, plan, 0)->row.version == 1);
}

Test(others, the_plan_treated_first_is_not_looked_at_for_the_one_treated_later)
{
	struct ac_uuid before = earlier(NULL);

	put(&k, (struct visit){ .area = "face" });
	put(&k, (struct visit){ .revision = 2, .area = "neck" });
	int64_t n = leaves(&k);
	timer(&k);
	cr_expect(leaves(&k) == n && record_of(&k, before, 0)->row.version == 1);
}

Test(others, whichever_plan_came_first_both_say_the_same_in_the_end)
{
	earlier("1");
	struct ac_uuid one = put(&k, (struct visit){ .patient = "1", .area = "face" }).plan;
	struct ac_uuid two = put(&k, (struct visit){ .id = "8", .patient = "2", .area = "face" }).plan;
	put(&k, (struct visit){ .id = "9",
		    .patient = "2",
		    .code = "17000",
		    .category = "Other",
		    .start = "2026-03-26T10:00:00+01:00",
		    .end = "2026-03-26T10:30:00+01:00",
		    .performed = "2026-03-26T10:20:00+01:00" });
	timer(&k);
	int64_t until = line_named(now(one), SAUNA)->until;
	cr_assert(now(one)->in->nothers == 1 && now(two)->in->nothers == 1);
	cr_expect(line_named(now(two), SAUNA)->until == until);
}

/* How many plans are marked by the newest change, and how many of the `n` treated first are. */
static void
count_marked(int first, int *ret_all, int *ret_first)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;

	cr_assert(sqlite3_open_v2(ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.db", k.dir)), &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
	cr_assert(sqlite3_prepare_v2(db,
		      "SELECT count(*), sum(anchor IN (SELECT anchor FROM plan WHERE encounter <> '4' ORDER BY anchor LIMIT ?)) FROM plan "
		      "WHERE others_leaf = (SELECT max(others_leaf) FROM plan)",
		      -1, &st, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_bind_int(st, 1, first);
	cr_assert(sqlite3_step(st) == SQLITE_ROW);
	*ret_all = sqlite3_column_int(st, 0);
	*ret_first = sqlite3_column_int(st, 1);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

Test(others, of_very_many_plans_those_treated_last_are_told)
{
	int all, first;

	for (int i = 0; i < 67; i++) { /* in another order than that of treatment; 64 are told */
		int at = i * 31 % 67;
		const char *when = ac_cstr(k.a, ac_strf(k.a, "2026-03-27T%02d:%02d:00+01:00", 8 + at / 6, at % 6 * 10));
		put(&k, (struct visit){ .id = ac_cstr(k.a, ac_strf(k.a, "%d", 100 + i)), .area = "face", .start = when, .end = when,
				.performed = when });
	}
	earlier(NULL);
	count_marked(3, &all, &first);
	cr_expect(all == 64 && first == 0, "%d marked, %d of the first three", all, first);
}
