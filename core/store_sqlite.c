/* store_sqlite.c - transactions and statements on one SQLite connection. */
#include <assert.h>
#include <errno.h>
#include <sys/file.h>
#include <time.h>

#include "core/store_sqlite.h"

static const struct {
	const char *name;
	int nparams;
} stmts[] = {
#define STMT(name, sql, nparams) { #name, nparams },
#include "core/stmts.def"
#undef STMT
};

enum ac_code
ac_sqlite_fail(struct ac_err *reterr, int result, const char *what)
{
	const char *why = sqlite3_errstr(result);

	switch (result & 0xFF) {
	case SQLITE_CONSTRAINT:
		if (result == SQLITE_CONSTRAINT_DATATYPE) /* a STRICT column refused a value: our mistake */
			break;
		return ac_fail(
		    reterr, AC_ECONFLICT, "STORE-KEY", "%s: a key is taken or a check fails", what);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ac_fail(reterr, AC_EBUSY, "STORE-BUSY", "%s: another process is writing", what);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-CORRUPT", "%s: %s", what, why);
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return ac_fail(reterr, AC_EIO, "STORE-DISK", "%s: %s", what, why);
	default:
		break;
	}
	return ac_fail(reterr, AC_EIO, "STORE-IO", "%s: %s", what, why);
}

/*
 * After a full disk or an I/O error SQLite may have rolled the whole transaction back. Whoever goes on would
 * write item by item without one: nothing runs until the owner has seen the error and called rollback.
 */
static bool
is_lost(const struct ac_sqlite *s)
{
	return s->in_transaction && sqlite3_get_autocommit(s->db) != 0;
}

static enum ac_code
fail_lost(struct ac_err *reterr)
{
	return ac_fail(reterr, AC_EIO, "STORE-DISK", "the transaction was rolled back after a disk error");
}

static int
control(struct ac_sqlite *s, enum ac_sqlite_control which)
{
	int result = sqlite3_step(s->control[which]);

	sqlite3_reset(s->control[which]);
	return result == SQLITE_DONE ? SQLITE_OK : result;
}

static enum ac_code
start(struct ac_store *store, enum ac_sqlite_control which, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	assert(!s->in_transaction);
	int result = control(s, which);
	if (result != SQLITE_OK)
		return ac_sqlite_fail(reterr, result, "begin");
	s->in_transaction = true;
	return AC_OK;
}

/*
 * A committer under load begins again a moment after each commit, and SQLite lets a second process wait by looking
 * now and then: it would starve. So whoever wants to write first takes the turn, and gives it back when it has the
 * write lock; who had the lock before queues behind it.
 */
static void
take_turn(const struct ac_sqlite *s)
{
	for (int waited_ms = 0; s->turn >= 0 && waited_ms < s->busy_ms; waited_ms++) {
		if (flock(s->turn, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return;
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
}

static enum ac_code
begin(struct ac_store *store, struct ac_err *reterr)
{
	const struct ac_sqlite *s = (struct ac_sqlite *)store;

	take_turn(s);
	enum ac_code code = start(store, AC_SQLITE_BEGIN, reterr);
	if (s->turn >= 0)
		(void)flock(s->turn, LOCK_UN);
	return code;
}

static enum ac_code
begin_read(struct ac_store *store, struct ac_err *reterr)
{
	return start(store, AC_SQLITE_BEGIN_READ, reterr);
}

static enum ac_code
savepoint(struct ac_store *store, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	if (is_lost(s))
		return fail_lost(reterr);
	int result = control(s, AC_SQLITE_SAVEPOINT);
	return result == SQLITE_OK ? AC_OK : ac_sqlite_fail(reterr, result, "savepoint");
}

static enum ac_code
release(struct ac_store *store, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	if (is_lost(s))
		return fail_lost(reterr);
	int result = control(s, AC_SQLITE_RELEASE);
	return result == SQLITE_OK ? AC_OK : ac_sqlite_fail(reterr, result, "release");
}

/* Where this fails the transaction is lost, and the commit will say so. */
static void
undo(struct ac_store *store)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	if (is_lost(s))
		return;
	if (control(s, AC_SQLITE_UNDO) != SQLITE_OK || control(s, AC_SQLITE_RELEASE) != SQLITE_OK)
		(void)control(s, AC_SQLITE_ROLLBACK);
}

static void
rollback(struct ac_store *store)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	if (sqlite3_get_autocommit(s->db) == 0)
		(void)control(s, AC_SQLITE_ROLLBACK);
	s->in_transaction = false;
}

static int64_t
writes(struct ac_store *store)
{
	return sqlite3_total_changes64(((struct ac_sqlite *)store)->db);
}

/* On failure the transaction is still ours to roll back. */
static enum ac_code
commit(struct ac_store *store, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	if (is_lost(s))
		return fail_lost(reterr);
	int result = control(s, AC_SQLITE_COMMIT);
	if (result != SQLITE_OK)
		return ac_sqlite_fail(reterr, result, "commit");
	s->in_transaction = false;
	return AC_OK;
}

static int
bind(sqlite3_stmt *st, int at, const struct ac_val *v)
{
	switch (v->type) {
	case AC_VAL_INT:
		return sqlite3_bind_int64(st, at, v->i);
	case AC_VAL_TEXT: /* SQLite binds NULL for a NULL pointer, as we want it */
		return sqlite3_bind_text64(st, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
	case AC_VAL_BLOB:
		return sqlite3_bind_blob64(st, at, v->s.p, v->s.n, SQLITE_STATIC);
	case AC_VAL_NULL:
	default:
		return sqlite3_bind_null(st, at);
	}
}

static int
read_column(sqlite3_stmt *st, int at, struct ac_val *ret)
{
	const void *p;

	switch (sqlite3_column_type(st, at)) {
	case SQLITE_NULL:
		*ret = AC_VNULL;
		return SQLITE_OK;
	case SQLITE_INTEGER:
		*ret = AC_VINT(sqlite3_column_int64(st, at));
		return SQLITE_OK;
	case SQLITE_TEXT:
		p = sqlite3_column_text(st, at);
		if (p == NULL)
			return SQLITE_NOMEM;
		*ret = AC_VTEXT(((struct ac_str){ p, (size_t)sqlite3_column_bytes(st, at) }));
		return SQLITE_OK;
	case SQLITE_BLOB:
		p = sqlite3_column_blob(st, at); /* NULL for an empty one */
		*ret =
		    AC_VBLOB(((struct ac_str){ p == NULL ? "" : p, (size_t)sqlite3_column_bytes(st, at) }));
		return SQLITE_OK;
	default: /* no table of ours has a floating point column */
		return SQLITE_MISMATCH;
	}
}

static enum ac_code
step_rows(sqlite3_stmt *st, const char *name, ac_row_fn *row, void *arg, struct ac_err *reterr)
{
	struct ac_val cols[AC_SQLITE_COLUMNS_MAX];
	int ncols = sqlite3_column_count(st), result;

	while ((result = sqlite3_step(st)) == SQLITE_ROW) {
		if (row == NULL)
			continue;
		for (int i = 0; i < ncols; i++) {
			int bad = read_column(st, i, &cols[i]);
			if (bad != SQLITE_OK)
				return ac_sqlite_fail(reterr, bad, name);
		}
		enum ac_code code = row(cols, (size_t)ncols, arg, reterr);
		if (code != AC_OK)
			return code;
	}
	return result == SQLITE_DONE ? AC_OK : ac_sqlite_fail(reterr, result, name);
}

static enum ac_code
run(struct ac_store *store, enum ac_stmt which, const struct ac_val *in, size_t nin, ac_row_fn *row,
    void *arg, int64_t *ret_changed, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;
	const char *name = stmts[which].name;
	enum ac_code code = AC_OK;

	if (is_lost(s))
		return fail_lost(reterr);
	if ((code = ac_sqlite_prepare(s, which, reterr)) != AC_OK)
		return code;
	sqlite3_stmt *st = s->stmts[which];
	if ((int)nin != stmts[which].nparams || sqlite3_stmt_busy(st) != 0)
		return ac_fail(
		    reterr, AC_EIO, "STORE-IO", "%s: %zu parameters, or run inside its own rows", name, nin);
	for (size_t i = 0; i < nin; i++) {
		int result = bind(st, (int)i + 1, &in[i]);
		if (result != SQLITE_OK) {
			sqlite3_clear_bindings(st);
			return ac_sqlite_fail(reterr, result, name);
		}
	}

	code = step_rows(st, name, row, arg, reterr);
	if (code == AC_OK && ret_changed != NULL)
		*ret_changed = sqlite3_stmt_readonly(st) != 0 ? 0 : sqlite3_changes64(s->db);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st); /* they point into the caller's memory */
	return code;
}

static enum ac_code
checkpoint(struct ac_store *store, int wait_ms, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;
	int result;

	if (wait_ms == 0) {
		result = sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	} else {
		sqlite3_busy_timeout(s->db, wait_ms);
		result = sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_RESTART, NULL, NULL);
		sqlite3_busy_timeout(s->db, s->busy_ms);
	}
	return result == SQLITE_OK ? AC_OK : ac_sqlite_fail(reterr, result, "checkpoint");
}

static int64_t
backlog(struct ac_store *store)
{
	return ((struct ac_sqlite *)store)->backlog;
}

/* The first row of a pragma's answer must be `want`; NULL: there must be none. */
static enum ac_code
expect_pragma(struct ac_sqlite *s, const char *sql, const char *want, struct ac_err *reterr)
{
	sqlite3_stmt *st = NULL;
	int result = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
	bool is_good = false;

	if (result == SQLITE_OK)
		result = sqlite3_step(st);
	if (result == SQLITE_ROW && want != NULL)
		is_good = ac_streq_c(ac_str_c((const char *)sqlite3_column_text(st, 0)), want);
	else if (result == SQLITE_DONE)
		is_good = want == NULL;
	else if (result != SQLITE_ROW)
		(void)ac_sqlite_fail(reterr, result, "check");
	sqlite3_finalize(st);
	if (is_good)
		return AC_OK;
	return ac_fail(
	    reterr, AC_EINTEGRITY, "STORE-CHECK", "the database fails %s: %s", sql, sqlite3_errstr(result));
}

static enum ac_code
check(struct ac_store *store, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;
	enum ac_code code = expect_pragma(s, "PRAGMA integrity_check(1)", "ok", reterr);

	if (code == AC_OK)
		code = expect_pragma(s, "PRAGMA foreign_key_check", NULL, reterr);
	return code;
}

const struct ac_store_ops ac_store_sqlite = {
	.name = "sqlite",
	.open = ac_sqlite_open,
	.begin = begin,
	.begin_read = begin_read,
	.savepoint = savepoint,
	.release = release,
	.undo = undo,
	.run = run,
	.writes = writes,
	.commit = commit,
	.rollback = rollback,
	.checkpoint = checkpoint,
	.backlog = backlog,
	.check = check,
	.backup = ac_sqlite_backup,
	.close = ac_sqlite_close,
};
