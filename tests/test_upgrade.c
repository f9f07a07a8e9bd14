/* test_upgrade.c - a store of the first release, with protocols in every state, opened by this one: nothing is lost. */
#include <sqlite3.h>
#include <stdio.h>

#include "base/file.h"
#include "core/protocol_life_parts.h"
#include "core/rows.h"
#include "tests/expect.h"
#include "tests/store_fixture.h"

#define FIRST "/schemas/sql/sqlite/0001_init.sql"
#define ID "PRAGMA user_version=1; PRAGMA application_id=1094931013" /* "ACRE" */

static struct fixture f;
static struct ac_arena *a;

static void
run(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
		fprintf(stderr, "%s\n", message);
		abort();
	}
}

/* alice wrote three; v1 was replaced by v2, the third is a draft; and a protocol of which there is only a draft. */
static void
set_up(void)
{
	struct ac_err e = { 0 };
	struct ac_str sql;
	sqlite3 *db = NULL;

	fixture_open(&f);
	a = ac_arena_new();
	need(ac_file_read(AC_SOURCE_DIR FIRST, 1024 * 1024, a, &sql, &e), &e);
	if (sqlite3_open(f.file, &db) != SQLITE_OK)
		abort();
	run(db, "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON");
	run(db, ac_cstr(a, sql));
	run(db, ID);
	run(db, "INSERT INTO blob VALUES (zeroblob(32), x'00')");
	run(db, "INSERT INTO protocol_version SELECT CAST(printf('%032d', n) AS BLOB), 'meso', zeroblob(32), state, 'alice', "
		"approver, n, published FROM (SELECT 1 AS n, 'retired' AS state, 'bob' AS approver, 10 AS published UNION ALL "
		"SELECT 2, 'active', 'carol', 20 UNION ALL SELECT 3, 'draft', NULL, NULL)");
	run(db, "INSERT INTO protocol_version VALUES (CAST(printf('%032d', 4) AS BLOB), 'peel', zeroblob(32), 'draft', 'bob', "
		"NULL, 5, NULL)");
	run(db, "INSERT INTO protocol_active VALUES ('meso', CAST(printf('%032d', 2) AS BLOB))");
	run(db, "INSERT INTO setting VALUES ('kept', x'01')");
	sqlite3_close(db);
}
static void
tear_down(void)
{
	ac_arena_free(a);
	fixture_close(&f);
}
TestSuite(upgrade, .init = set_up, .fini = tear_down);

static struct ac_sha256
version(int n)
{
	struct ac_sha256 v;
	char text[33];

	snprintf(text, sizeof(text), "%032d", n);
	memcpy(v.b, text, 32);
	return v;
}

static struct ac_life_row
row(struct ac_store *s, int n)
{
	struct ac_sha256 v = version(n);
	struct ac_str all = { 0 };
	struct ac_life_row r = { 0 };
	struct ac_err e = { 0 };
	struct ac_book b;

	need(ac_book_read(s, all, 100, a, &b, &e), &e);
	need(ac_life_row_at(s, &v, &b, a, &r, &e), &e);
	return r;
}

Test(upgrade, what_was_published_is_v1_and_v2_with_the_same_people)
{
	struct ac_store *s = fixture_store(&f, false);
	struct ac_life_row first = row(s, 1), second = row(s, 2);

	cr_expect(first.state == AC_LIFE_RETIRED && first.n == 1 && first.effective_ms == 10);
	cr_expect(second.state == AC_LIFE_ACTIVE && second.n == 2 && !second.unapproved);
	EXPECT_TEXT(first.approver, "bob");
	EXPECT_TEXT(second.approver, "carol");
	EXPECT_TEXT(second.author_person, "os:alice");
	ac_store_close(s);
}

Test(upgrade, a_draft_stays_a_draft_that_can_be_submitted)
{
	struct ac_store *s = fixture_store(&f, false);
	struct ac_life_row third = row(s, 3), peel = row(s, 4);

	cr_expect(third.state == AC_LIFE_DRAFT && third.base_n == 2 && !third.stale);
	cr_expect(peel.state == AC_LIFE_DRAFT && peel.base_n == 0 && !peel.stale);
	ac_store_close(s);
}

Test(upgrade, the_history_begins_with_what_the_first_release_knew)
{
	struct ac_store *s = fixture_store(&f, false);
	struct ac_err e = { 0 };
	struct ac_rows rows;

	need(ac_rows_read(s, AC_STMT_ACT_LIST, a, &rows, &e, AC_VTEXT(AC_S("meso"))), &e);
	cr_expect(rows.n == 5, "%zu", rows.n);
	ac_store_close(s);
}

Test(upgrade, everything_else_is_there_and_refers_to_what_exists)
{
	struct ac_store *s = fixture_store(&f, false);
	struct ac_err e = { 0 };
	struct ac_rows rows;
	sqlite3_stmt *check = NULL;
	sqlite3 *db = NULL;

	need(ac_rows_read(s, AC_STMT_SETTING_GET, a, &rows, &e, AC_VTEXT(AC_S("kept"))), &e);
	cr_expect(rows.n == 1);
	EXPECT_CODE(s->ops->check(s, &e), AC_OK, e);
	ac_store_close(s);
	cr_assert(sqlite3_open(f.file, &db) == SQLITE_OK);
	cr_assert(sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &check, NULL) == SQLITE_OK);
	cr_expect(sqlite3_step(check) == SQLITE_DONE);
	sqlite3_finalize(check);
	sqlite3_close(db);
}

static void
run_step(sqlite3 *db, const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str sql;

	need(ac_file_read(ac_cstr(a, ac_strf(a, AC_SOURCE_DIR "/schemas/sql/sqlite/%s", name)), 1024 * 1024, a, &sql, &e),
	    &e);
	run(db, ac_cstr(a, sql));
}

static int64_t
count(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;

	cr_assert(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert(sqlite3_step(st) == SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

#define A_VERSION(n, approver) \
	"(CAST('" n "' AS BLOB), 'p', CAST('s' AS BLOB), 'published', 'alice', 'os:alice', 1, 0, " approver ")"

/* v2 for 1000 was overtaken at 200 by v3; v4, which nobody approved, for 2000, was overtaken too; v6 is to come. */
Test(upgrade, what_was_overtaken_before_its_date_can_be_published_again)
{
	static const char *const steps[] = { "0001_init.sql", "0002_reserve_sites_tokens.sql",
		"0003_protocol_life.sql", "0004_lists_timer_signature.sql", "0005_protocol_dictionary.sql",
		"0006_near.sql", "0007_tasks.sql", "0008_calls.sql", "0009_override.sql" };
	sqlite3 *db = NULL;

	cr_assert(sqlite3_open(":memory:", &db) == SQLITE_OK);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		run_step(db, steps[i]);
	run(db, "PRAGMA foreign_keys = off;"
		"INSERT INTO protocol_version (version, protocol, source, state, author, author_person, created_ms, base_n, "
		"approver, approver_person) VALUES " A_VERSION("a", "'bob', 'os:bob'") "," A_VERSION("b", "'bob', 'os:bob'")
		"," A_VERSION("c", "'bob', 'os:bob'") "," A_VERSION("d", "NULL, NULL") "," A_VERSION("e", "'bob', 'os:bob'") ";"
		"INSERT INTO protocol_activation (protocol, n, version, kind, effective_ms, at_ms, actor, person) VALUES "
		"('p', 1, CAST('a' AS BLOB), 'publish', 100, 100, 'x', 'y'), ('p', 2, CAST('b' AS BLOB), 'publish', 1000, 150, 'x', 'y'),"
		"('p', 3, CAST('c' AS BLOB), 'publish', 200, 200, 'x', 'y'), ('p', 4, CAST('d' AS BLOB), 'break-glass', 2000, 210, 'x', 'y'),"
		"('p', 5, CAST('a' AS BLOB), 'rollback', 220, 220, 'x', 'y'), ('p', 6, CAST('e' AS BLOB), 'publish', 9000, 230, 'x', 'y'),"
		"('q', 1, CAST('a' AS BLOB), 'publish', 50, 50, 'x', 'y')");
	run_step(db, "0010_called_off.sql");
	cr_expect(count(db, "SELECT off_ms FROM protocol_activation WHERE protocol = 'p' AND n = 2") == 200);
	cr_expect(count(db, "SELECT off_ms FROM protocol_activation WHERE protocol = 'p' AND n = 4") == 220);
	cr_expect(count(db, "SELECT count(*) FROM protocol_activation WHERE off_ms IS NOT NULL") == 2);
	cr_expect(count(db, "SELECT state = 'approved' FROM protocol_version WHERE version = CAST('b' AS BLOB)") == 1);
	cr_expect(count(db, "SELECT state = 'draft' FROM protocol_version WHERE version = CAST('d' AS BLOB)") == 1);
	cr_expect(count(db, "SELECT count(*) FROM protocol_version WHERE state = 'published'") == 3);
	sqlite3_close(db);
}
