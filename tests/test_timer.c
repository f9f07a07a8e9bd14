/* The hour that comes: every plan that is due is reached, whatever happens to the others. */
#include <sqlite3.h>

#include "core/rows.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(timer, .init = set_up, .fini = tear_down, .timeout = 120);

/* What no event can do: the snapshots of these visits cannot be read any more. */
static void
damage(const char *like)
{
	struct ac_service_options o = {
		.state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k
	};
	struct ac_err e = { 0 };
	sqlite3 *db = NULL;
	char path[128], sql[256];

	ac_worker_free(k.w);
	ac_service_close(k.s);
	snprintf(path, sizeof(path), "%s/aftercare.db", k.dir);
	snprintf(sql, sizeof(sql),
	    "UPDATE blob SET bytes = x'00' WHERE sha256 IN (SELECT snapshot FROM encounter WHERE id LIKE '%s')", like);
	cr_assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK, "%s", path);
	cr_assert(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert(sqlite3_changes(db) > 0);
	sqlite3_close(db);
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
}

static struct ac_uuid
given(const char *id)
{
	struct ac_uuid plan = put(&k, (struct visit){ .id = id, .patient = id, .area = "face" }).plan;

	issue(&k, plan, 1);
	return plan;
}

Test(timer, reaches_what_is_due_behind_a_hundred_that_fail)
{
	char id[16];

	for (int i = 0; i < 101; i++) {
		snprintf(id, sizeof(id), "bad%d", i);
		given(id);
		k.now_ms++;
	}
	struct ac_uuid good = given("good");
	damage("bad%");
	set_clock(&k, "2026-03-29T16:00:00+02:00");
	cr_expect(timer(&k) == 1);
	EXPECT_TEXT(record_of(&k, good, 0)->row.stage, "final");
}

Test(timer, tries_what_failed_again_later_and_later)
{
	struct ac_err e = { 0 };
	struct ac_rows rows;
	int64_t last = 0;

	given("bad");
	damage("bad");
	set_clock(&k, "2026-03-29T16:00:00+02:00");
	for (int i = 0; i < 12; i++) {
		cr_expect(timer(&k) == 0);
		need(ac_rows_read(k.w->reader, AC_STMT_PLAN_TIMER, k.a, &rows, &e, AC_VINT(k.now_ms), AC_VINT(1)), &e);
		cr_assert(rows.n == 0, "not due again at once");
		int64_t step = 0;
		while (rows.n == 0) {
			step += 30 * 1000;
			need(ac_rows_read(k.w->reader, AC_STMT_PLAN_TIMER, k.a, &rows, &e,
				 AC_VINT(k.now_ms + step), AC_VINT(1)),
			    &e);
		}
		cr_expect(step >= last && step <= 6 * 3600 * 1000, "%lld after %lld", (long long)step, (long long)last);
		last = step;
		k.now_ms += step;
	}
	cr_expect(last == 6 * 3600 * 1000);
}
