/*
 * backup.h - a copy of the whole store while it is in use, and an installation made of one. Both are verified before they
 * count: the database's own check, the foreign keys, the whole log, every document and sheet against it.
 *
 * Shape   DIR (0700): aftercare.db, aftercare.conf where there is one, backup.json (written last: a folder without it is no
 *         backup), and with the keys everything of keys/ (0600). backup.json: schema_version, made, schema, size, sha256, log_size,
 *         log_root, origin, with_keys.
 * Keys    without log.key nobody can go on signing the same log, and without store.key nobody can tell which pseudonym is
 *         whose: a copy without them is worth little, a copy with them is as secret as the installation.
 * Owner   the arena given, or the worker's.
 * Errors  AC_ECONFLICT BACKUP-EXISTS (the folder is there and not empty), RESTORE-EXISTS; AC_ENOTFOUND BACKUP-NONE,
 *         BACKUP-KEYS; AC_EINTEGRITY BACKUP-SHA256, BACKUP-LOG and those of the checks; AC_EIO.
 * PHI     the copy is all of it.
 */
#ifndef CORE_BACKUP_H
#define CORE_BACKUP_H

#include "core/service.h"

struct ac_backup {
	int64_t made_ms, schema, size, log_size;
	struct ac_sha256 sha256, log_root;
	struct ac_str origin; /* the log's name */
	bool with_keys;
	struct ac_audit_counts counts;
};
/* Logged before the first byte goes out. Dry run: whether `dir` can be made is checked, *ret has the time, schema and name. */
enum ac_code ac_backup_make(struct ac_worker *w, const struct ac_actor *who, const char *state_dir, const char *dir,
    bool with_keys, struct ac_life_how how, ac_backup_fn *progress, void *arg, struct ac_backup *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* keys_dir NULL: those of the backup. Dry run: what it would say before it copies. The new installation has the schema of this release. */
enum ac_code ac_backup_restore(const char *dir, const char *keys_dir, const char *state_dir, bool dry_run,
    struct ac_arena *a, struct ac_backup *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_backup_read(const char *dir, struct ac_arena *a, struct ac_backup *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* The store as it stands: SQLite's check, foreign keys, every blob against its hash, the log. */
struct ac_store_checked {
	int64_t blobs;
	struct ac_audit_counts log;
};
enum ac_code ac_store_check_all(struct ac_worker *w, void (*progress)(int64_t done, void *arg), void *arg,
    struct ac_store_checked *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* The schema that the store of an installation has, and the one of this release; nothing is changed. */
enum ac_code ac_migrate_pending(const char *state_dir, int64_t *ret_have, int64_t *ret_newest, struct ac_err *reterr) AC_MUST_CHECK;
/* A copy beside the store first (*ret_copy: where), then the steps. */
enum ac_code ac_migrate_now(const char *state_dir, int64_t now_ms, struct ac_arena *a, const char **ret_copy,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
