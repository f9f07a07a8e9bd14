/* store_sqlite_backup.c - a copy of a database that is in use, by SQLite's own backup. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/migrate.h"
#include "core/store_sqlite.h"

#define PAGES_AT_ONCE 2048

/* The source stays at one snapshot: it is inside a read transaction, so no writer makes the copy begin anew. */
static int
copy(sqlite3 *from, sqlite3 *to, ac_backup_fn *progress, void *arg)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int result;

	if (b == NULL)
		return sqlite3_errcode(to);
	do {
		result = sqlite3_backup_step(b, PAGES_AT_ONCE);
		if (progress != NULL)
			progress(sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b),
			    sqlite3_backup_pagecount(b), arg);
	} while (result == SQLITE_OK);
	(void)sqlite3_backup_finish(b);
	return result == SQLITE_DONE ? SQLITE_OK : result;
}

static enum ac_code
copy_to(sqlite3 *from, const char *path, ac_backup_fn *progress, void *arg, struct ac_err *reterr)
{
	sqlite3 *to = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), result;

	if (fd < 0)
		return ac_fail(reterr, errno == EEXIST ? AC_ECONFLICT : AC_EIO, "BACKUP-FILE", "%s: %s", path,
		    strerrordesc_np(errno));
	close(fd); /* new, and nobody's database yet */
	result = sqlite3_open_v2(
	    path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (result == SQLITE_OK)
		result = copy(from, to, progress, arg);
	if (result == SQLITE_OK)
		result =
		    sqlite3_exec(to, "PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
	sqlite3_close(to);
	if (result != SQLITE_OK) {
		unlink(path);
		return ac_sqlite_fail(reterr, result, "backup");
	}
	return AC_OK;
}

enum ac_code
ac_sqlite_backup(
    struct ac_store *store, const char *path, ac_backup_fn *progress, void *arg, struct ac_err *reterr)
{
	struct ac_sqlite *s = (struct ac_sqlite *)store;
	enum ac_code rc = store->ops->begin_read(store, reterr);

	if (rc != AC_OK)
		return rc;
	rc = copy_to(s->db, path, progress, arg, reterr);
	store->ops->rollback(store);
	return rc;
}

static int
user_version(sqlite3 *db, int64_t *ret)
{
	sqlite3_stmt *st = NULL;
	int result = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &st, NULL);

	if (result == SQLITE_OK && (result = sqlite3_step(st)) == SQLITE_ROW) {
		*ret = sqlite3_column_int64(st, 0);
		result = SQLITE_OK;
	}
	sqlite3_finalize(st);
	return result;
}

enum ac_code
ac_sqlite_peek(const char *path, const char *copy_path, int64_t *ret_schema, struct ac_err *reterr)
{
	sqlite3 *db = NULL;
	int64_t have = 0;
	int result = sqlite3_open_v2(
	    path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	enum ac_code rc = AC_OK;

	if (result == SQLITE_OK)
		result = sqlite3_exec(db, "PRAGMA query_only=ON; PRAGMA busy_timeout=5000", NULL, NULL, NULL);
	if (result == SQLITE_OK)
		result = user_version(db, &have);
	if (result == SQLITE_OK && copy_path != NULL) {
		result = sqlite3_exec(db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
		if (result == SQLITE_OK)
			rc = copy_to(db, copy_path, NULL, NULL, reterr);
	}
	sqlite3_close(db);
	if (result != SQLITE_OK)
		return ac_sqlite_fail(reterr, result, "look at the schema");
	if (rc == AC_OK)
		*ret_schema = have;
	return rc;
}
