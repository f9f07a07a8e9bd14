/* test_delivery_retry.c - a person says that what waits is offered again: all of it, in its order, and a dry run says so. */
#include <sqlite3.h>

#include "core/rows.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;

static void
set_up(void)
{
	struct ac_err e = { 0 };

	kit_open(&k);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_channel_add(k.w, AC_S("admin"), AC_S("default"), (struct ac_life_how){ 0 }, &e), &e);
}

static void
tear_down(void)
{
	kit_close(&k);
}

TestSuite(delivery_retry, .init = set_up, .fini = tear_down);

#define SIGNED "2026-03-28T23:40:00+01:00"

static sqlite3 *
store(void)
{
	sqlite3 *db = NULL;

	cr_assert(sqlite3_open(ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.db", k.dir)), &db) == SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

static void
run(const char *sql)
{
	sqlite3 *db = store();
	char *message = NULL;

	cr_assert(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s", message);
	sqlite3_close(db);
}

static int64_t
count(const char *sql)
{
	sqlite3 *db = store();
	sqlite3_stmt *st = NULL;

	cr_assert(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert(sqlite3_step(st) == SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

static enum ac_code
retry(struct ac_str key, bool dry_run, int64_t *n, struct ac_err *e)
{
	struct ac_life_how how = { .reason = AC_S("the EHR was down"), .dry_run = dry_run };
	struct ac_actor who = as(AC_ROLE_ADMIN);

	*n = 0;
	need(ac_worker_begin(k.w, e), e);
	return ac_delivery_retry(k.w, &who, key, (struct ac_str){ 0 }, how, n, e);
}

static const struct ac_str all = { 0 };

/* Copies of one task's delivery under seqs of their own: more than one page of them. */
static void
many(int n)
{
	run(ac_cstr(k.a, ac_strf(k.a,
	    "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %d) "
	    "INSERT INTO delivery (site, encounter, kind, object, version, href, sha256, status, attempts, next_ms, created_ms, seq) "
	    "SELECT d.site, d.encounter, d.kind, substr(d.object, 1, 24) || printf('%%012x', i), d.version, d.href, d.sha256, "
	    "CASE WHEN i %% 2 THEN 'pending' ELSE 'failed' END, 3, d.next_ms + 1000000, d.created_ms, 1000000 + i "
	    "FROM c, (SELECT * FROM delivery WHERE kind = 'task' ORDER BY seq LIMIT 1) d", n)));
}

Test(delivery_retry, reaches_every_one_that_waits_and_a_dry_run_says_how_many)
{
	struct ac_err e = { 0 };
	int64_t would = 0, did = 0;

	put(&k, (struct visit){ .area = "face" });
	many(2500);
	int64_t open = count("SELECT count(*) FROM delivery WHERE status = 'pending' OR status = 'failed'");
	cr_assert(open > 2500);
	EXPECT_CODE(retry(all, true, &would, &e), AC_OK, e);
	cr_expect(count("SELECT count(*) FROM delivery WHERE status = 'failed'") == 1250, "a dry run writes nothing");
	EXPECT_CODE(retry(all, false, &did, &e), AC_OK, e);
	cr_expect(would == open && did == open, "%lld of %lld, would be %lld", (long long)did, (long long)open,
	    (long long)would);
	cr_expect(count("SELECT count(*) FROM delivery WHERE status = 'failed'") == 0);
	cr_expect(count("SELECT count(*) FROM delivery WHERE next_ms > (SELECT min(next_ms) FROM delivery)") == 0);
}

Test(delivery_retry, a_refused_one_is_not_offered_behind_its_newer_version)
{
	struct ac_err e = { 0 };
	int64_t n = 0;

	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;
	run("UPDATE delivery SET status = 'failed' WHERE kind = 'document'");
	put(&k, (struct visit){ .revision = 2, .area = "scalp", .signed_at = "2026-03-28T23:50:00+01:00" });
	cr_assert(count("SELECT count(*) FROM delivery WHERE kind = 'document'") == 2);
	struct ac_str key = ac_strf(k.a, "document/%.*s/1", AC_FMT(ac_uuid_str(k.a, plan)));
	EXPECT_CODE(retry(key, false, &n, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "DELIVERY-STATE");
	EXPECT_CODE(retry(all, false, &n, &e), AC_OK, e);
	cr_expect(count("SELECT status = 'superseded' FROM delivery WHERE kind = 'document' AND version = 1") == 1);
	cr_expect(count("SELECT status = 'pending' FROM delivery WHERE kind = 'document' AND version = 2") == 1);
	cr_expect(n == count("SELECT count(*) FROM delivery WHERE status = 'pending'"));
}

Test(delivery_retry, one_that_the_ehr_has_is_not_offered_again)
{
	struct ac_err e = { 0 };
	int64_t n = 0;

	struct ac_uuid plan = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;
	run("UPDATE delivery SET status = 'done' WHERE kind = 'document'");
	EXPECT_CODE(retry(ac_strf(k.a, "document/%.*s/1", AC_FMT(ac_uuid_str(k.a, plan))), false, &n, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "DELIVERY-STATE");
	EXPECT_CODE(retry(all, false, &n, &e), AC_OK, e);
	cr_expect(count("SELECT count(*) FROM delivery WHERE kind = 'document' AND status = 'done'") == 1);
}
