/*
 * store_sqlite_open.c - opening a database: its file, its settings, its schema, its statements.
 *
 * Settings that matter: WAL, so that readers never wait for the writer; synchronous=FULL, so that COMMIT returns
 * after fsync; no checkpoint inside COMMIT (the committer does it beside); 4 KiB pages, because an event
 * is many small rows and the log holds whole pages; defensive and no trusted schema, because a file can come from
 * a restored backup.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/migrate.h"
#include "core/store_sqlite.h"

#define APPLICATION_ID 0x41435245 /* "ACRE" */
#define BUSY_MS 5000
#define VALUE_BYTES_MAX (32 * 1024 * 1024)

struct step {
	const char *name, *sql;
	int nparams;
};
static const struct step steps[] = {
#define STMT(name, sql, nparams) { #name, sql, nparams },
#include "core/stmts.def"
#undef STMT
};
static const struct step controls[AC_SQLITE_CONTROL_COUNT] = {
	[AC_SQLITE_BEGIN] = { "begin", "BEGIN IMMEDIATE", 0 },
	[AC_SQLITE_BEGIN_READ] = { "begin read", "BEGIN", 0 },
	[AC_SQLITE_COMMIT] = { "commit", "COMMIT", 0 },
	[AC_SQLITE_ROLLBACK] = { "rollback", "ROLLBACK", 0 },
	[AC_SQLITE_SAVEPOINT] = { "savepoint", "SAVEPOINT item", 0 },
	[AC_SQLITE_RELEASE] = { "release", "RELEASE item", 0 },
	[AC_SQLITE_UNDO] = { "undo", "ROLLBACK TO item", 0 },
};

void
ac_sqlite_close(struct ac_store *store)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;

	for (int i = 0; i < AC_STMT__COUNT; i++)
		sqlite3_finalize(s->stmts[i]);
	for (int i = 0; i < AC_SQLITE_CONTROL_COUNT; i++)
		sqlite3_finalize(s->control[i]);
	sqlite3_close(s->db);
	if (s->turn >= 0)
		close(s->turn);
	free(s);
}

static int
after_commit(void *arg, sqlite3 *db, const char *name, int frames)
{
	struct ac_sqlite *s = arg;

	(void)db;
	(void)name;
	s->backlog = frames * s->page_size;
	return SQLITE_OK;
}

/*
 * 0600 from its first moment; SQLite gives the log and its index the same mode. A file that is there is never opened and
 * closed here: close(2) on any descriptor drops all of this process's POSIX locks on the file, also those of its other
 * connections; another process would then take itself for the last one and delete the write-ahead log in use.
 * Source: "How To Corrupt An SQLite Database File", section 2.2.
 */
static enum ac_code
ensure_file(const char *path, bool may_create, struct ac_err *reterr)
{
	struct stat st;
	int fd = may_create ? open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600) : -1;
	const char *why;

	if (fd >= 0) {
		close(fd); /* new: nobody can hold a lock on it yet */
		return AC_OK;
	}
	if (stat(path, &st) == 0)
		return AC_OK;
	why = strerrordesc_np(errno);
	if (errno == ENOENT)
		return ac_fail(reterr, AC_ENOTFOUND, "STORE-MISSING", "no store at %s", path);
	return ac_fail(
	    reterr, AC_EIO, "STORE-IO", "cannot open %s: %s", path, why == NULL ? "unknown error" : why);
}

/* The folder, to take turns on (store_sqlite.c). Without it there is less fairness, nothing else. */
static int
open_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(folder);
	return fd;
}

static enum ac_code
exec(struct ac_sqlite *s, const char *sql, struct ac_err *reterr)
{
	int result = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	/* the first of them makes the files of the write-ahead log, which a full disk does not take */
	return result == SQLITE_OK ? AC_OK : ac_sqlite_fail(reterr, result, "the store cannot be opened");
}

static enum ac_code
pragma_int(struct ac_sqlite *s, const char *sql, int64_t *ret, struct ac_err *reterr)
{
	sqlite3_stmt *st = NULL;
	int result = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(st);
	if (result == SQLITE_ROW)
		*ret = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return result == SQLITE_ROW ? AC_OK : ac_sqlite_fail(reterr, result, sql);
}

static enum ac_code
configure(struct ac_sqlite *s, const struct ac_store_options *o, struct ac_err *reterr)
{
	static const struct {
		int option, value;
	} options[] = { { SQLITE_DBCONFIG_ENABLE_FKEY, 1 }, { SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 }, { SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 }, { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 } };
	enum ac_code code = AC_OK;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		int result = sqlite3_db_config(s->db, options[i].option, options[i].value, NULL);
		if (result != SQLITE_OK)
			return ac_sqlite_fail(reterr, result, "configure");
	}
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
	sqlite3_busy_timeout(s->db, s->busy_ms);
	code = exec(
	    s, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0", reterr);
	if (code == AC_OK && o->read_only)
		return exec(s, "PRAGMA query_only=ON; PRAGMA cache_size=-512", reterr);
	if (code == AC_OK)
		code = exec(s, "PRAGMA page_size=4096; PRAGMA cache_size=-8192", reterr);
	if (code == AC_OK)
		code = exec(
		    s, o->sync == AC_SYNC_OFF ? "PRAGMA synchronous=OFF" : "PRAGMA synchronous=FULL", reterr);
	return code;
}

static enum ac_code
apply_step(void *db, const char *sql, struct ac_err *reterr)
{
	struct ac_sqlite *s = db;
	int result = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return result == SQLITE_OK ? AC_OK : ac_sqlite_fail(reterr, result, "schema step");
}

/* Somebody else's database is not written to: neither a schema nor the journal mode. */
static enum ac_code
check_ours(struct ac_sqlite *s, struct ac_err *reterr)
{
	int64_t id = 0, tables = 0;
	enum ac_code code = pragma_int(s, "PRAGMA application_id", &id, reterr);

	if (code == AC_OK)
		code = pragma_int(s, "SELECT count(*) FROM sqlite_schema", &tables, reterr);
	if (code == AC_OK && id != APPLICATION_ID && (id != 0 || tables != 0))
		return ac_fail(
		    reterr, AC_EIO, "STORE-FORMAT", "the file is a database, but not an Aftercare store");
	return code;
}

static enum ac_code
migrate_inside(struct ac_sqlite *s, struct ac_err *reterr)
{
	char number[64];
	int64_t have = 0, now = 0;
	enum ac_code code = pragma_int(s, "PRAGMA user_version", &have, reterr);

	if (code == AC_OK)
		code = ac_migrate(ac_migrations_sqlite, have, apply_step, s, &now, reterr);
	if (code == AC_OK && now != have) {
		snprintf(number, sizeof(number), "PRAGMA user_version=%lld; PRAGMA application_id=%d",
		    (long long)now, APPLICATION_ID);
		code = exec(s, number, reterr);
	}
	return code;
}

/*
 * A new file's journal becomes a log once, under an exclusive lock for which SQLite does not wait: two processes that held
 * the shared one would wait for each other. So whoever comes second tries again.
 */
static enum ac_code
use_log(struct ac_sqlite *s, struct ac_err *reterr)
{
	for (int waited_ms = 0;; waited_ms++) {
		enum ac_code code = exec(s, "PRAGMA journal_mode=WAL", reterr);
		if (code != AC_EBUSY || waited_ms >= s->busy_ms)
			return code;
		(void)nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
}

static enum ac_code
migrate(struct ac_sqlite *s, struct ac_err *reterr)
{
	int64_t have = 0;
	enum ac_code code = use_log(s, reterr);

	if (code == AC_OK)
		code = pragma_int(s, "PRAGMA user_version", &have, reterr);
	if (code != AC_OK || have == ac_migrate_newest(ac_migrations_sqlite))
		return code;
	/* once more inside: another process may be doing the same */
	code = exec(s, "BEGIN IMMEDIATE", reterr);
	if (code != AC_OK)
		return code;
	code = migrate_inside(s, reterr);
	if (code == AC_OK)
		code = exec(s, "COMMIT", reterr);
	if (code != AC_OK && sqlite3_get_autocommit(s->db) == 0)
		(void)exec(s, "ROLLBACK", NULL);
	return code;
}

static enum ac_code
check_version(struct ac_sqlite *s, struct ac_err *reterr)
{
	int64_t have = 0, newest = ac_migrate_newest(ac_migrations_sqlite);
	enum ac_code code = pragma_int(s, "PRAGMA user_version", &have, reterr);

	if (code == AC_OK && have != newest)
		return ac_fail(reterr, AC_EIO, "STORE-VERSION",
		    "the store has schema %lld, this release reads %lld", (long long)have, (long long)newest);
	return code;
}

static enum ac_code
prepare(struct ac_sqlite *s, const struct step *step, sqlite3_stmt **ret, struct ac_err *reterr)
{
	int result = sqlite3_prepare_v3(s->db, step->sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);

	if (result != SQLITE_OK) /* this message can only quote our own SQL */
		return ac_fail(reterr, result == SQLITE_BUSY ? AC_EBUSY : AC_EIO, "STORE-STATEMENT", "%s: %s",
		    step->name, sqlite3_errmsg(s->db));
	if (sqlite3_bind_parameter_count(*ret) != step->nparams)
		return ac_fail(reterr, AC_EIO, "STORE-STATEMENT", "%s takes %d parameters, declared are %d",
		    step->name, sqlite3_bind_parameter_count(*ret), step->nparams);
	if (sqlite3_column_count(*ret) > AC_SQLITE_COLUMNS_MAX)
		return ac_fail(reterr, AC_EIO, "STORE-STATEMENT", "%s has too many columns", step->name);
	return AC_OK;
}

/*
 * The writer prepares the whole table, so that a store that does not fit it is refused before anything is served.
 * Readers prepare what they use: the rest would take half a MiB for each thread. So does a command, which uses five.
 */
static enum ac_code
prepare_all(struct ac_sqlite *s, bool is_whole, struct ac_err *reterr)
{
	enum ac_code code = AC_OK;

	for (int i = 0; i < AC_SQLITE_CONTROL_COUNT && code == AC_OK; i++)
		code = prepare(s, &controls[i], &s->control[i], reterr);
	for (int i = 0; is_whole && i < AC_STMT__COUNT && code == AC_OK; i++)
		code = prepare(s, &steps[i], &s->stmts[i], reterr);
	return code;
}

enum ac_code
ac_sqlite_prepare(struct ac_sqlite *s, enum ac_stmt which, struct ac_err *reterr)
{
	return s->stmts[which] != NULL ? AC_OK : prepare(s, &steps[which], &s->stmts[which], reterr);
}

static enum ac_code
open_connection(
    struct ac_sqlite *s, const char *path, const struct ac_store_options *o, struct ac_err *reterr)
{
	enum ac_code code = ensure_file(path, !o->read_only, reterr);

	if (code != AC_OK)
		return code;
	/* for reading too: a read-only open of a WAL database depends on files that it may not create */
	int result = sqlite3_open_v2(
	    path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (result != SQLITE_OK)
		return ac_sqlite_fail(reterr, result, "open");
	code = configure(s, o, reterr);
	if (code == AC_OK)
		code = check_ours(s, reterr);
	if (code == AC_OK)
		code = o->read_only ? check_version(s, reterr) : migrate(s, reterr);
	if (code == AC_OK)
		code = pragma_int(s, "PRAGMA page_size", &s->page_size, reterr);
	if (code == AC_OK)
		code = prepare_all(s, !o->read_only && !o->prepare_late, reterr);
	if (code == AC_OK)
		sqlite3_wal_hook(s->db, after_commit, s);
	return code;
}

/* Counting every allocation of every thread under one lock is SQLite's default; nobody reads the counts. */
static void
configure_process(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum ac_code
ac_sqlite_open(
    const char *path, const struct ac_store_options *options, struct ac_store **ret, struct ac_err *reterr)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct ac_sqlite *s = calloc(1, sizeof(*s));

	if (s == NULL || pthread_once(&once, configure_process) != 0)
		abort();
	s->store.ops = &ac_store_sqlite;
	s->busy_ms = options->busy_ms > 0 ? options->busy_ms : BUSY_MS;
	s->turn = options->read_only ? -1 : open_folder_of(path);
	enum ac_code code = open_connection(s, path, options, reterr);
	if (code != AC_OK) {
		ac_sqlite_close(&s->store);
		return code;
	}
	*ret = &s->store;
	return AC_OK;
}
