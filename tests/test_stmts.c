/*
 * test_stmts.c - no statement reads a growing table from end to end, but those that must. The plans are SQLite's own
 * (EXPLAIN QUERY PLAN) over the schema as the migrations leave it.
 */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <string.h>

#include "core/migrate.h"
#include "core/store.h"
#include "tests/store_fixture.h"

struct stmt {
	const char *name, *sql;
};
static const struct stmt stmts[] = {
#define STMT(name, sql, nparams) { #name, sql },
#include "core/stmts.def"
#undef STMT
};

/* Rows of configuration, a few for each clinic, ever. */
static const char *const small[] = { "dictionary", "protocol_version", "protocol_active",
	"protocol_activation", "protocol_suspension", "protocol_act", "person", "person_account", "channel",
	"site_source", "recall" };
/* Everything is what they are for, or (CHECKPOINT_LAST, EXPORT_HEAD) the last row, from the end. */
static const char *const whole[] = { "LEAF_COUNT", "CHECKPOINT_LAST", "CHECKPOINT_LIST", "VERIFY_DOCUMENTS",
	"VERIFY_ISSUES", "VERIFY_PDFS", "VERIFY_PLANS", "VERIFY_OVERRIDES", "WHATIF_VISITS", "EXPORT_DOCUMENTS", "EXPORT_ISSUES", "EXPORT_PDFS",
	"EXPORT_HEAD" };

static bool
is_among(const char *const *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i], name) == 0)
			return true;
	return false;
}

/* The table behind a name of the plan: "SCAN v USING ..." is FROM protocol_version v. */
static bool
is_small(const char *sql, const char *detail)
{
	char name[64] = { 0 }, alias[80];
	size_t n = strcspn(detail + 5, " ");

	memcpy(name, detail + 5, n < sizeof(name) - 1 ? n : sizeof(name) - 1);
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
		snprintf(alias, sizeof(alias), "%s %s ", small[i], name);
		if (strcmp(small[i], name) == 0 || strstr(sql, alias) != NULL)
			return true;
	}
	return false;
}

static void
look(sqlite3 *db, const struct stmt *s)
{
	char sql[4096];
	sqlite3_stmt *plan = NULL;

	cr_assert(snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", s->sql) < (int)sizeof(sql));
	cr_assert(
	    sqlite3_prepare_v2(db, sql, -1, &plan, NULL) == SQLITE_OK, "%s: %s", s->name, sqlite3_errmsg(db));
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(plan, 3);
		if (strncmp(detail, "SCAN ", 5) == 0 && strncmp(detail, "SCAN CONSTANT", 13) != 0)
			cr_expect(is_among(whole, sizeof(whole) / sizeof(whole[0]), s->name) ||
				      is_small(s->sql, detail),
			    "%s: %s", s->name, detail);
	}
	sqlite3_finalize(plan);
}

Test(stmts, read_no_growing_table_from_end_to_end)
{
	struct fixture f;
	sqlite3 *db = NULL;

	fixture_open(&f);
	ac_store_close(fixture_store(&f, false));
	cr_assert(sqlite3_open_v2(f.file, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	for (size_t i = 0; i < sizeof(stmts) / sizeof(stmts[0]); i++)
		look(db, &stmts[i]);
	sqlite3_close(db);
	fixture_close(&f);
}

/* A limit stops it only where nothing is sorted first. */
Test(stmts, offers_deliveries_in_the_order_of_an_index)
{
	struct fixture f;
	sqlite3_stmt *plan = NULL;
	sqlite3 *db = NULL;
	char sql[4096];
	const char *due = NULL;

	fixture_open(&f);
	ac_store_close(fixture_store(&f, false));
	for (size_t i = 0; i < sizeof(stmts) / sizeof(stmts[0]); i++)
		if (strcmp(stmts[i].name, "DELIVERY_DUE") == 0)
			due = stmts[i].sql;
	cr_assert(due != NULL && snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", due) < (int)sizeof(sql));
	cr_assert(sqlite3_open_v2(f.file, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	cr_assert(sqlite3_prepare_v2(db, sql, -1, &plan, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	while (sqlite3_step(plan) == SQLITE_ROW)
		cr_expect(strstr((const char *)sqlite3_column_text(plan, 3), "TEMP B-TREE") == NULL);
	sqlite3_finalize(plan);
	sqlite3_close(db);
	fixture_close(&f);
}
