/* store_sqlite.h - the SQLite driver's own struct, shared by its two files. Private to core. */
#ifndef CORE_STORE_SQLITE_H
#define CORE_STORE_SQLITE_H

#include <sqlite3.h>

#include "core/store.h"

#define AC_SQLITE_COLUMNS_MAX 48

enum ac_sqlite_control {
	AC_SQLITE_BEGIN,
	AC_SQLITE_BEGIN_READ,
	AC_SQLITE_COMMIT,
	AC_SQLITE_ROLLBACK,
	AC_SQLITE_SAVEPOINT,
	AC_SQLITE_RELEASE,
	AC_SQLITE_UNDO,
	AC_SQLITE_CONTROL_COUNT
};
struct ac_sqlite {
	struct ac_store store; /* first */
	sqlite3 *db;
	sqlite3_stmt *stmts[AC_STMT__COUNT];
	sqlite3_stmt *control[AC_SQLITE_CONTROL_COUNT];
	bool in_transaction; /* as we believe; SQLite may have rolled back on its own after a disk error */
	int busy_ms;
	int turn; /* the store's folder, for flock; -1: none */
	int64_t page_size, backlog;
};

enum ac_code ac_sqlite_open(const char *path, const struct ac_store_options *, struct ac_store **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
void ac_sqlite_close(struct ac_store *s);
enum ac_code ac_sqlite_backup(struct ac_store *s, const char *path, ac_backup_fn *progress, void *arg,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The schema of a database of any release, which is not changed; `copy_path` not NULL: and a copy of it. */
enum ac_code ac_sqlite_peek(const char *path, const char *copy_path, int64_t *ret_schema, struct ac_err *reterr) AC_MUST_CHECK;
/* Makes s->stmts[which], if it is not there yet. */
enum ac_code ac_sqlite_prepare(struct ac_sqlite *s, enum ac_stmt which, struct ac_err *reterr) AC_MUST_CHECK;
/* What an SQLite result means; `what` is a name of ours (statement, step). */
enum ac_code ac_sqlite_fail(struct ac_err *reterr, int result, const char *what);

#endif
