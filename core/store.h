/*
 * store.h - the closed list of statements, and the driver behind them.
 *
 * Shape   SQL lives in core/stmts.def only: STMT(NAME, "sql", nparams). The writer prepares every statement at
 *         open and counts its parameters, so that a typo fails at start; a reader prepares what it uses. A driver is
 *         one file: SQLite now, MariaDB next.
 * Owner   _open gives, close takes. Column text and blobs are borrowed inside the row callback only.
 * Values  text and blob parameters are borrowed for the call; an absent ac_str is NULL. A row callback may run other
 *         statements, not the one it is called from.
 * Errors  AC_ECONFLICT a key is taken or a check fails (STORE-KEY); AC_EBUSY the database is locked (STORE-BUSY);
 *         AC_ENOTFOUND no database where one must be (STORE-MISSING); AC_EINTEGRITY it is damaged (STORE-CORRUPT);
 *         AC_EIO the disk is full, broken or read-only (STORE-DISK), everything else (STORE-IO; STORE-FORMAT not ours; STORE-VERSION other release). Never the
 *         library's message: it can quote data.
 * Files   no other code opens the database file while a connection is open: closing it would drop SQLite's locks.
 * Threads one connection, one thread at a time.
 */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

enum ac_stmt {
#define STMT(name, sql, nparams) AC_STMT_##name,
#include "core/stmts.def"
#undef STMT
	AC_STMT__COUNT
};

enum ac_val_type { AC_VAL_NULL, AC_VAL_INT, AC_VAL_TEXT, AC_VAL_BLOB };
struct ac_val {
	enum ac_val_type type;
	int64_t i;
	struct ac_str s;
};
#define AC_VNULL ((struct ac_val){ .type = AC_VAL_NULL })
#define AC_VINT(x) ((struct ac_val){ .type = AC_VAL_INT, .i = (x) })
#define AC_VTEXT(x) ((struct ac_val){ .type = AC_VAL_TEXT, .s = (x) })
#define AC_VBLOB(x) ((struct ac_val){ .type = AC_VAL_BLOB, .s = (x) })
#define AC_VSHA(x) ((struct ac_val){ .type = AC_VAL_BLOB, .s = { (const char *)(x)->b, 32 } })
#define AC_VUUID(x) ((struct ac_val){ .type = AC_VAL_BLOB, .s = { (const char *)(x)->b, 16 } })

/* Return other than AC_OK to stop; ac_store_run returns it. */
typedef enum ac_code ac_row_fn(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr);

enum ac_sync { AC_SYNC_FULL, AC_SYNC_OFF /* benchmarks only */ };
struct ac_store_options {
	bool read_only;
	enum ac_sync sync;
	int busy_ms; /* 0: 5000 */
	bool prepare_late; /* each statement at its first use, as readers do: for a program that is over in a moment */
};
/* Pages copied of pages there are. */
typedef void ac_backup_fn(int64_t done, int64_t total, void *arg);
struct ac_store { const struct ac_store_ops *ops; }; /* first member of every driver's own struct */
struct ac_store_ops {
	const char *name; /* as in aftercare.conf: `store = sqlite:/var/lib/...` */
	enum ac_code (*open)(const char *where, const struct ac_store_options *, struct ac_store **ret, struct ac_err *);
	enum ac_code (*begin)(struct ac_store *, struct ac_err *);            /* write transaction, locked from the start */
	enum ac_code (*begin_read)(struct ac_store *, struct ac_err *);       /* one snapshot for several reads */
	enum ac_code (*savepoint)(struct ac_store *, struct ac_err *);        /* one level inside begin */
	enum ac_code (*release)(struct ac_store *, struct ac_err *);
	void (*undo)(struct ac_store *);                                      /* back to the savepoint, and drop it */
	enum ac_code (*run)(struct ac_store *, enum ac_stmt, const struct ac_val *in, size_t nin, ac_row_fn *row, void *arg,
	    int64_t *ret_changed, struct ac_err *); /* row and ret_changed may be NULL */
	int64_t (*writes)(struct ac_store *); /* rows written since it was opened: did something happen in between? */
	enum ac_code (*commit)(struct ac_store *, struct ac_err *);
	void (*rollback)(struct ac_store *); /* cannot fail: the caller is already failing */
	/* Beside the commit path. wait_ms 0: what is possible at once; else wait so long for readers, and start the log over. */
	enum ac_code (*checkpoint)(struct ac_store *, int wait_ms, struct ac_err *);
	int64_t (*backlog)(struct ac_store *); /* bytes that the last commit left for a checkpoint */
	enum ac_code (*check)(struct ac_store *, struct ac_err *);      /* the driver's own integrity check */
	/* A whole copy as a new file, while others write. progress may be NULL. AC_ECONFLICT BACKUP-FILE: it is there. */
	enum ac_code (*backup)(struct ac_store *, const char *path, ac_backup_fn *progress, void *arg, struct ac_err *);
	void (*close)(struct ac_store *);    /* NULL is allowed */
};
extern const struct ac_store_ops ac_store_sqlite;

/* `where`: "sqlite:/path". Applies migrations when not read_only (schemas/sql, embedded at build). */
enum ac_code ac_store_open(const char *where, const struct ac_store_options *, struct ac_store **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
void ac_store_close(struct ac_store *s);
/* It cannot write for a reason of the disk: full, broken, read-only. */
bool ac_store_is_stuck(const struct ac_err *e);
int64_t ac_store_schema(void); /* the number of this release's newest migration */
AC_DEFINE_AUTO(ac_store, ac_store_close)

#define ac_store_run(s, stmt, row, arg, reterr, ...) \
	ac_store_run_n((s), (stmt), (const struct ac_val[]){ __VA_ARGS__ }, \
	    sizeof((const struct ac_val[]){ __VA_ARGS__ }) / sizeof(struct ac_val), (row), (arg), NULL, (reterr))
enum ac_code ac_store_run_n(struct ac_store *s, enum ac_stmt stmt, const struct ac_val *in, size_t n, ac_row_fn *row,
    void *arg, int64_t *ret_changed, struct ac_err *reterr) AC_MUST_CHECK;

#endif
