/* test_store.c - the driver's contract; every driver runs these. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/expect.h"
#include "tests/store_fixture.h"

static struct fixture f;

static void
set_up(void)
{
	fixture_open(&f);
}

static void
tear_down(void)
{
	fixture_close(&f);
}

TestSuite(store, .init = set_up, .fini = tear_down);

/* Straight to the file, past the driver: what an operator or an attacker can do. */
static void
sql(const char *text)
{
	sqlite3 *db = NULL;

	cr_assert(sqlite3_open(f.file, &db) == SQLITE_OK);
	cr_assert(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static enum ac_code
try_open(bool read_only, struct ac_err *e)
{
	struct ac_store_options options = { .read_only = read_only, .busy_ms = 100 };
	struct ac_store *s = NULL;
	enum ac_code code = ac_store_open(f.where, &options, &s, e);

	ac_store_close(s);
	return code;
}

static enum ac_code
setting_add(struct ac_store *s, const char *name, struct ac_str value, struct ac_err *e)
{
	return ac_store_run(s, AC_STMT_SETTING_ADD, NULL, NULL, e, AC_VTEXT(ac_str_c(name)), AC_VBLOB(value));
}

struct got {
	struct ac_val v[4];
	char bytes[4][64];
	int rows;
};

static enum ac_code
keep(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct got *g = arg;

	(void)reterr;
	g->rows++;
	for (size_t i = 0; i < ncols && i < 4; i++) {
		g->v[i] = cols[i];
		if (cols[i].s.n > 0 && cols[i].s.n <= sizeof(g->bytes[i]))
			memcpy(g->bytes[i], cols[i].s.p, cols[i].s.n);
		g->v[i].s.p = g->bytes[i];
	}
	return AC_OK;
}

static bool
has_setting(struct ac_store *s, const char *name)
{
	struct ac_err e = { 0 };
	struct got g = { 0 };

	need(ac_store_run(s, AC_STMT_SETTING_GET, keep, &g, &e, AC_VTEXT(ac_str_c(name))), &e);
	return g.rows == 1;
}

Test(store, makes_its_file_for_the_owner_alone)
{
	struct stat db, wal;

	umask(0);
	struct ac_store *s = fixture_store(&f, false);
	struct ac_err e = { 0 };
	need(setting_add(s, "a", AC_S("x"), &e), &e);
	char path[128];
	snprintf(path, sizeof(path), "%s-wal", f.file);
	cr_expect(stat(f.file, &db) == 0 && (db.st_mode & 0777) == 0600, "%o", db.st_mode);
	cr_expect(stat(path, &wal) == 0 && (wal.st_mode & 0777) == 0600, "%o", wal.st_mode);
	ac_store_close(s);
}

Test(store, is_refused_under_an_address_without_a_known_driver)
{
	static const char *const bad[] = { "", "sqlite", "sqlite:", "mysql:x", "/tmp/x.db" };
	struct ac_store_options options = { 0 };
	struct ac_store *s = NULL;

	for (size_t i = 0; i < 5; i++) {
		struct ac_err e = { 0 };
		EXPECT_CODE(ac_store_open(bad[i], &options, &s, &e), AC_EINPUT, e);
		EXPECT_RULE(e, "STORE-ADDRESS");
	}
}

Test(store, is_not_made_by_a_reader)
{
	struct ac_err e = { 0 };

	EXPECT_CODE(try_open(true, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "STORE-MISSING");
	cr_expect(access(f.file, F_OK) != 0);
}

Test(store, lets_a_reader_write_nothing)
{
	struct ac_err e = { 0 };

	ac_store_close(fixture_store(&f, false));
	struct ac_store *s = fixture_store(&f, true);
	EXPECT_CODE(setting_add(s, "a", AC_S("x"), &e), AC_EIO, e);
	cr_expect(!has_setting(s, "a"));
	ac_store_close(s);
}

Test(store, leaves_another_programs_database_alone)
{
	struct ac_err e = { 0 };

	sql("CREATE TABLE theirs (x)");
	EXPECT_CODE(try_open(false, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-FORMAT");
	EXPECT_CODE(try_open(true, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-FORMAT");
}

Test(store, refuses_a_file_that_is_no_database)
{
	struct ac_err e = { 0 };
	FILE *out = fopen(f.file, "w");

	for (int i = 0; i < 1000; i++)
		fputs("not a database ", out);
	fclose(out);
	EXPECT_CODE(try_open(false, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "STORE-CORRUPT");
}

Test(store, of_a_later_release_is_not_touched)
{
	struct ac_err e = { 0 };

	ac_store_close(fixture_store(&f, false));
	sql("PRAGMA user_version=9999");
	EXPECT_CODE(try_open(false, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-VERSION");
	EXPECT_CODE(try_open(true, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-VERSION");
}

Test(store, keeps_what_was_written_when_opened_again)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	need(setting_add(s, "a", AC_S("x"), &e), &e);
	ac_store_close(s);
	s = fixture_store(&f, false);
	cr_expect(has_setting(s, "a"));
	ac_store_close(s);
}

Test(store, gives_back_text_blobs_numbers_and_nulls_as_they_went_in)
{
	struct ac_err e = { 0 };
	struct got g = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	need(ac_store_run(s, AC_STMT_LEAF_ADD, NULL, NULL, &e, AC_VINT(0), AC_VBLOB(AC_S("a\0b\xFF"))), &e);
	need(ac_store_run(s, AC_STMT_LEAF_SIDE_ADD, NULL, NULL, &e, AC_VINT(0), AC_VTEXT(AC_S("\xC3\xA4")),
		 AC_VTEXT(((struct ac_str){ 0 })), AC_VTEXT(AC_S(""))),
	    &e);
	need(ac_store_run(s, AC_STMT_LEAF_RANGE, keep, &g, &e, AC_VINT(INT64_MIN), AC_VINT(INT64_MAX)), &e);
	cr_expect(g.rows == 1 && g.v[0].type == AC_VAL_INT && g.v[0].i == 0);
	cr_expect(g.v[1].type == AC_VAL_BLOB && ac_streq(g.v[1].s, AC_S("a\0b\xFF")));
	cr_expect(g.v[2].type == AC_VAL_TEXT && ac_streq(g.v[2].s, AC_S("\xC3\xA4")));
	cr_expect(g.v[3].type == AC_VAL_NULL);
	ac_store_close(s);
}

Test(store, keeps_an_empty_blob_apart_from_null)
{
	struct ac_err e = { 0 };
	struct got g = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	need(setting_add(s, "empty", AC_S(""), &e), &e);
	need(ac_store_run(s, AC_STMT_SETTING_GET, keep, &g, &e, AC_VTEXT(AC_S("empty"))), &e);
	cr_expect(g.rows == 1 && g.v[0].type == AC_VAL_BLOB && g.v[0].s.n == 0);
	EXPECT_CODE(setting_add(s, "absent", (struct ac_str){ 0 }, &e), AC_ECONFLICT, e);
	ac_store_close(s);
}

Test(store, refuses_text_where_a_blob_belongs)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	EXPECT_CODE(
	    ac_store_run(s, AC_STMT_SETTING_ADD, NULL, NULL, &e, AC_VTEXT(AC_S("a")), AC_VTEXT(AC_S("b"))),
	    AC_EIO, e);
	ac_store_close(s);
}

Test(store, says_conflict_when_a_key_is_taken_and_does_not_quote_it)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	need(setting_add(s, "Ada", AC_S("x"), &e), &e);
	EXPECT_CODE(setting_add(s, "Ada", AC_S("y"), &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "STORE-KEY");
	cr_expect(strstr(e.msg, "Ada") == NULL && strstr(e.msg, "SETTING_ADD") != NULL, "%s", e.msg);
	ac_store_close(s);
}

Test(store, refuses_a_row_whose_parent_is_not_there)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	EXPECT_CODE(
	    ac_store_run(s, AC_STMT_LEAF_SIDE_ADD, NULL, NULL, &e, AC_VINT(7), AC_VNULL, AC_VNULL, AC_VNULL),
	    AC_ECONFLICT, e);
	ac_store_close(s);
}

Test(store, refuses_a_statement_with_the_wrong_number_of_values)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	EXPECT_CODE(ac_store_run(s, AC_STMT_SETTING_GET, NULL, NULL, &e, AC_VNULL, AC_VNULL), AC_EIO, e);
	EXPECT_CODE(ac_store_run_n(s, AC_STMT_SETTING_GET, NULL, 0, NULL, NULL, NULL, &e), AC_EIO, e);
	ac_store_close(s);
}

Test(store, counts_what_a_statement_changed)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);
	int64_t changed = -1;

	need(ac_store_run_n(s, AC_STMT_GENERATION_NEXT, NULL, 0, NULL, NULL, &changed, &e), &e);
	cr_expect(changed == 1);
	need(ac_store_run_n(s, AC_STMT_GENERATION_GET, NULL, 0, NULL, NULL, &changed, &e), &e);
	cr_expect(changed == 0);
	ac_store_close(s);
}

static enum ac_code
stop_at_once(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)cols;
	(void)ncols;
	++*(int *)arg;
	return ac_fail(reterr, AC_ELIMIT, "TEST", "enough");
}

Test(store, stops_when_a_row_callback_says_so_and_can_run_again)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);
	int rows = 0;

	for (int64_t i = 0; i < 3; i++)
		need(ac_store_run(s, AC_STMT_LEAF_ADD, NULL, NULL, &e, AC_VINT(i), AC_VBLOB(AC_S("x"))), &e);
	for (int again = 1; again <= 2; again++) {
		EXPECT_CODE(
		    ac_store_run(s, AC_STMT_LEAF_RANGE, stop_at_once, &rows, &e, AC_VINT(0), AC_VINT(9)),
		    AC_ELIMIT, e);
		cr_expect(rows == again);
	}
	ac_store_close(s);
}

static enum ac_code
run_the_same(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct ac_store *s = arg;

	(void)cols;
	(void)ncols;
	return ac_store_run_n(s, AC_STMT_GENERATION_GET, NULL, 0, run_the_same, s, NULL, reterr);
}

Test(store, refuses_a_statement_inside_its_own_rows)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	EXPECT_CODE(ac_store_run_n(s, AC_STMT_GENERATION_GET, NULL, 0, run_the_same, s, NULL, &e), AC_EIO, e);
	ac_store_close(s);
}

Test(store, undoes_one_savepoint_and_keeps_the_rest_of_the_transaction)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	need(s->ops->begin(s, &e), &e);
	need(s->ops->savepoint(s, &e), &e);
	need(setting_add(s, "first", AC_S("x"), &e), &e);
	need(s->ops->release(s, &e), &e);
	need(s->ops->savepoint(s, &e), &e);
	need(setting_add(s, "second", AC_S("x"), &e), &e);
	s->ops->undo(s);
	need(s->ops->savepoint(s, &e), &e);
	need(setting_add(s, "third", AC_S("x"), &e), &e);
	need(s->ops->release(s, &e), &e);
	need(s->ops->commit(s, &e), &e);
	cr_expect(has_setting(s, "first") && !has_setting(s, "second") && has_setting(s, "third"));
	ac_store_close(s);
}

Test(store, rolls_back_everything)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	need(s->ops->begin(s, &e), &e);
	need(setting_add(s, "a", AC_S("x"), &e), &e);
	s->ops->rollback(s);
	s->ops->rollback(s); /* nothing open: nothing happens */
	cr_expect(!has_setting(s, "a"));
	ac_store_close(s);
}

Test(store, says_busy_while_another_writes_and_not_a_moment_longer)
{
	struct ac_err e = { 0 };
	struct ac_store *one = fixture_store(&f, false), *two = fixture_store(&f, false);

	need(one->ops->begin(one, &e), &e);
	EXPECT_CODE(two->ops->begin(two, &e), AC_EBUSY, e);
	EXPECT_RULE(e, "STORE-BUSY");
	need(one->ops->commit(one, &e), &e);
	EXPECT_CODE(two->ops->begin(two, &e), AC_OK, e);
	two->ops->rollback(two);
	ac_store_close(one);
	ac_store_close(two);
}

Test(store, shows_a_reader_one_state_until_it_ends_its_transaction)
{
	struct ac_err e = { 0 };
	struct ac_store *w = fixture_store(&f, false), *r = fixture_store(&f, true);

	need(r->ops->begin_read(r, &e), &e);
	cr_expect(!has_setting(r, "a"));
	need(setting_add(w, "a", AC_S("x"), &e), &e);
	cr_expect(!has_setting(r, "a"));
	r->ops->rollback(r);
	cr_expect(has_setting(r, "a"));
	ac_store_close(r);
	ac_store_close(w);
}

Test(store, starts_its_log_over_after_a_checkpoint_that_waited_for_readers)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false), *r = fixture_store(&f, true);
	static char big[100000];

	need(setting_add(s, "a", (struct ac_str){ big, sizeof(big) }, &e), &e);
	int64_t before = s->ops->backlog(s);
	cr_expect(before > (int64_t)sizeof(big));

	need(r->ops->begin_read(r, &e), &e);
	cr_expect(has_setting(r, "a"));
	need(setting_add(s, "b", AC_S("x"), &e), &e);
	EXPECT_CODE(s->ops->checkpoint(s, 20, &e), AC_EBUSY, e);
	r->ops->rollback(r);
	EXPECT_CODE(s->ops->checkpoint(s, 20, &e), AC_OK, e);
	need(setting_add(s, "c", AC_S("x"), &e), &e);
	cr_expect(s->ops->backlog(s) < before, "%lld", (long long)s->ops->backlog(s));
	ac_store_close(r);
	ac_store_close(s);
}

static int
approved_by(sqlite3 *db, const char *account, const char *person, int solo)
{
	char sql[400];

	snprintf(sql, sizeof(sql),
	    "INSERT OR REPLACE INTO blob VALUES (x'01', x'00'); INSERT OR REPLACE INTO protocol_version (version, protocol, "
	    "source, state, author, author_person, created_ms, base_n, approver, approver_person, solo) "
	    "VALUES (x'01', 'p', x'01', 'approved', 'a', 'ann', 1, 0, '%s', '%s', %d)",
	    account, person, solo);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

Test(store, holds_that_the_approver_is_not_the_author)
{
	struct ac_store *s = fixture_store(&f, false);
	sqlite3 *db = NULL;

	ac_store_close(s);
	cr_assert(sqlite3_open(f.file, &db) == SQLITE_OK);
	cr_expect(approved_by(db, "a", "bob", 0) == SQLITE_CONSTRAINT, "the same account");
	cr_expect(approved_by(db, "b", "ann", 0) == SQLITE_CONSTRAINT, "another account of the same person");
	cr_expect(approved_by(db, "b", "bob", 0) == SQLITE_OK);
	cr_expect(approved_by(db, "a", "ann", 1) == SQLITE_OK, "a clinic of one doctor says so in the row");
	sqlite3_close(db);
}

Test(store, passes_its_own_check_and_fails_it_when_a_page_is_damaged)
{
	struct ac_err e = { 0 };
	struct ac_store *s = fixture_store(&f, false);

	for (int64_t i = 0; i < 2000; i++)
		need(ac_store_run(s, AC_STMT_LEAF_ADD, NULL, NULL, &e, AC_VINT(i),
			 AC_VBLOB(AC_S("some bytes of a leaf"))),
		    &e);
	EXPECT_CODE(s->ops->check(s, &e), AC_OK, e);
	ac_store_close(s);

	struct stat st;
	int fd = open(f.file, O_WRONLY);
	cr_assert(fd >= 0 && fstat(fd, &st) == 0);
	char junk[8192];
	memset(junk, 0x5A, sizeof(junk));
	cr_assert(pwrite(fd, junk, sizeof(junk), st.st_size - (off_t)sizeof(junk)) == (ssize_t)sizeof(junk));
	close(fd);
	s = fixture_store(&f, true);
	EXPECT_CODE(s->ops->check(s, &e), AC_EINTEGRITY, e);
	ac_store_close(s);
}

Test(store, is_made_once_when_several_processes_open_it_at_the_same_time)
{
	pid_t child[6];
	struct ac_err e = { 0 };

	for (size_t i = 0; i < 6; i++) {
		child[i] = fork();
		cr_assert(child[i] >= 0);
		if (child[i] == 0) {
			struct ac_store_options options = { .busy_ms = 20000 };
			struct ac_store *s = NULL;
			enum ac_code code = ac_store_open(f.where, &options, &s, &e);
			if (code != AC_OK)
				fprintf(stderr, "%s %s\n", e.rule, e.msg);
			ac_store_close(s);
			_exit(code == AC_OK ? 0 : 1);
		}
	}
	for (size_t i = 0; i < 6; i++) {
		int status = -1;
		cr_expect(waitpid(child[i], &status, 0) == child[i] && status == 0, "%d", status);
	}
	EXPECT_CODE(try_open(true, &e), AC_OK, e);
}

/* close(2) on any descriptor of a file drops the process's locks on it: the store must not do that behind its own back. */
Test(store, keeps_its_log_when_another_process_comes_and_goes)
{
	struct ac_store_options writing = { .busy_ms = 100 }, reading = { .read_only = true, .busy_ms = 100 };
	struct ac_err e = { 0 };
	struct ac_store *writer = NULL, *reader = NULL;
	char wal[128], command[256];
	struct stat before, after;

	cr_assert(ac_store_open(f.where, &writing, &writer, &e) == AC_OK, "%s", e.msg);
	cr_assert(ac_store_open(f.where, &reading, &reader, &e) == AC_OK, "%s", e.msg);
	cr_assert(setting_add(writer, "one", AC_S("1"), &e) == AC_OK, "%s", e.msg);
	snprintf(wal, sizeof(wal), "%s-wal", f.file);
	snprintf(command, sizeof(command), "sqlite3 %s 'SELECT count(*) FROM setting' >/dev/null", f.file);
	cr_assert(stat(wal, &before) == 0);
	cr_assert(system(command) == 0);
	cr_expect(stat(wal, &after) == 0 && after.st_ino == before.st_ino);
	ac_store_close(reader);
	ac_store_close(writer);
}
