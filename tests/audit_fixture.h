/* audit_fixture.h - a store with a log, and SQL past the driver; for the suites of the log. */
#ifndef TESTS_AUDIT_FIXTURE_H
#define TESTS_AUDIT_FIXTURE_H

#include <sqlite3.h>

#include "tests/expect.h"
#include "tests/store_fixture.h"

#define PLAN "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
#define DOCUMENT "6ba7b811-9dad-51d1-80b4-00c04fd430c8"

static struct fixture f;
static struct ac_committer *c;
static struct ac_arena *a;
static int64_t clock_value = 1774708440123; /* 2026-03-28T14:34:00.123Z */

__attribute__((unused)) static int64_t
test_clock(void *arg)
{
	(void)arg;
	return clock_value;
}

__attribute__((unused)) static void
set_up(void)
{
	a = ac_arena_new();
	fixture_open(&f);
	c = fixture_committer(&f, (struct ac_committer_options){ .clock_ms = test_clock });
}

__attribute__((unused)) static void
tear_down(void)
{
	ac_committer_free(c);
	fixture_close(&f);
	ac_arena_free(a);
}

struct append {
	const struct ac_audit_entry *e;
	size_t n;
	int64_t last;
};

__attribute__((unused)) static enum ac_code
append(struct ac_commit *commit, void *arg, struct ac_err *reterr)
{
	struct append *w = arg;
	enum ac_code code = AC_OK;

	for (size_t i = 0; i < w->n && code == AC_OK; i++)
		code = ac_audit_append(commit, &w->e[i], reterr);
	w->last = ac_audit_last(commit);
	return code;
}

__attribute__((unused)) static enum ac_code
log_n(const struct ac_audit_entry *e, size_t n, struct ac_err *reterr)
{
	struct append w = { .e = e, .n = n };

	return ac_committer_run(c, append, &w, reterr);
}

__attribute__((unused)) static struct ac_audit_entry
view(const char *id)
{
	return (struct ac_audit_entry){ .action = "view",
		.kind = "plan",
		.actor = AC_S("grace"),
		.role = AC_S("nurse"),
		.id = ac_str_c(id),
		.version = 3,
		.patient = AC_S("A-17"),
		.object = AC_S("panel") };
}

__attribute__((unused)) static sqlite3 *
raw(void)
{
	sqlite3 *db = NULL;

	cr_assert(sqlite3_open(f.file, &db) == SQLITE_OK);
	return db;
}

/* Straight to the file, as somebody would who wants to hide something. */
__attribute__((unused)) static void
sql(const char *text)
{
	sqlite3 *db = raw();

	cr_assert(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

__attribute__((unused)) static struct ac_str
sql_text(const char *text)
{
	sqlite3 *db = raw();
	sqlite3_stmt *st = NULL;
	struct ac_str s = { 0 };

	cr_assert(sqlite3_prepare_v2(db, text, -1, &st, NULL) == SQLITE_OK, "%s", text);
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
		s = ac_str_dup(
		    a, (struct ac_str){ sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0) });
	sqlite3_finalize(st);
	sqlite3_close(db);
	return s;
}

#endif
