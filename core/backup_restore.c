/* backup_restore.c - an installation made of a backup; the steps of the schema with a copy before them. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "core/backup_parts.h"
#include "core/reserve.h"
#include "core/store_sqlite.h"

#define ABOUT_MAX 4096

static struct ac_str
text_of(json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex(o, key, &v) && json_object_is_type(v, json_type_string)
		   ? ac_str_c(json_object_get_string(v))
		   : AC_S("");
}

static int64_t
int_of(json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex(o, key, &v) && json_object_is_type(v, json_type_int)
		   ? json_object_get_int64(v)
		   : -1;
}

enum ac_code
ac_backup_read(const char *dir, struct ac_arena *a, struct ac_backup *ret, struct ac_err *reterr)
{
	const char *path = ac_backup_path(a, dir, AC_BACKUP_ABOUT);
	struct ac_backup b = { 0 };
	struct ac_str bytes;
	AC_AUTO_T(json_object) o = NULL;
	json_object *keys;
	enum ac_code rc;

	if (access(path, F_OK) != 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "BACKUP-NONE", "%s has no backup.json: it is no whole backup", dir);
	if ((rc = ac_file_read(path, ABOUT_MAX, a, &bytes, reterr)) != AC_OK ||
	    (rc = ac_json_parse(bytes, ABOUT_MAX, &o, reterr)) != AC_OK)
		return rc;
	b.schema = int_of(o, "schema");
	b.size = int_of(o, "size");
	b.log_size = int_of(o, "log_size");
	b.origin = ac_str_dup(a, text_of(o, "origin"));
	b.with_keys = json_object_object_get_ex(o, "with_keys", &keys) && json_object_get_boolean(keys);
	if (int_of(o, "schema_version") != 1 || b.schema < 1 || b.size < 1 || b.log_size < 0 ||
	    !ac_unhex(text_of(o, "sha256"), b.sha256.b, sizeof(b.sha256.b)) ||
	    !ac_unhex(text_of(o, "log_root"), b.log_root.b, sizeof(b.log_root.b)))
		return ac_fail(reterr, AC_EINTEGRITY, "BACKUP-FORMAT", "%s does not describe a backup", path);
	*ret = b;
	return AC_OK;
}

/* This release's schema, without a word in the log: nothing was done to the records. */
static enum ac_code
bring_up(const char *db, struct ac_arena *a, struct ac_err *reterr)
{
	struct ac_store_options o = { .sync = AC_SYNC_FULL };
	AC_AUTO(ac_store) s = NULL;

	return ac_store_open(ac_cstr(a, ac_strf(a, "sqlite:%s", db)), &o, &s, reterr);
}

static enum ac_code
check_restored(
    const char *db, const char *keys_dir, struct ac_arena *a, struct ac_backup *b, struct ac_err *reterr)
{
	AC_AUTO(ac_keys) keys = NULL;
	enum ac_code rc = ac_keys_load(keys_dir, &keys, reterr);

	if (rc != AC_OK || (rc = bring_up(db, a, reterr)) != AC_OK ||
	    (rc = ac_backup_verify(db, keys, a, &b->counts, reterr)) != AC_OK)
		return rc;
	if (b->counts.leaves != b->log_size || !ac_sha256_eq(&b->counts.root, &b->log_root))
		return ac_fail(
		    reterr, AC_EINTEGRITY, "BACKUP-LOG", "the log is not the one that was backed up");
	return AC_OK;
}

static enum ac_code
fill(const char *dir, const char *keys_dir, const char *state_dir, struct ac_arena *a, struct ac_backup *b,
    struct ac_err *reterr)
{
	const char *db = ac_backup_path(a, state_dir, AC_BACKUP_DB),
		   *keys = ac_backup_path(a, state_dir, "keys");
	struct ac_sha256 sha;
	enum ac_code rc = ac_backup_copy(ac_backup_path(a, dir, AC_BACKUP_DB), db, reterr);

	if (rc == AC_OK)
		rc = ac_file_sha256(db, &sha, reterr);
	if (rc == AC_OK && !ac_sha256_eq(&sha, &b->sha256))
		rc = ac_fail(reterr, AC_EINTEGRITY, "BACKUP-SHA256",
		    "%s is not the file that backup.json describes", dir);
	if (rc == AC_OK)
		rc = ac_backup_copy_conf(dir, state_dir, a, reterr);
	if (rc == AC_OK)
		rc = ac_backup_copy_keys(keys_dir, keys, a, reterr);
	if (rc == AC_OK) {
		AC_AUTO(ac_reserve) reserve = NULL; /* room for entries when the disk is full: made now */

		rc = ac_reserve_open(ac_backup_path(a, state_dir, AC_RESERVE_NAME), true, &reserve, reterr);
	}
	return rc != AC_OK ? rc : check_restored(db, keys, a, b, reterr);
}

/* All that is in it: the folder was new or empty. */
static void
empty_folder(const char *dir, struct ac_arena *a)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL)
		unlink(ac_backup_path(a, dir, entry->d_name));
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static void
take_back(const char *state_dir, struct ac_arena *a)
{
	empty_folder(ac_backup_path(a, state_dir, "keys"), a);
	empty_folder(state_dir, a);
}

enum ac_code
ac_backup_restore(const char *dir, const char *keys_dir, const char *state_dir, bool dry_run,
    struct ac_arena *a, struct ac_backup *ret, struct ac_err *reterr)
{
	struct ac_backup b;
	enum ac_code rc = ac_backup_read(dir, a, &b, reterr);

	if (rc != AC_OK)
		return rc;
	if (keys_dir == NULL)
		keys_dir = ac_backup_path(a, dir, "keys");
	if (access(ac_backup_path(a, keys_dir, "log.key"), F_OK) != 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "BACKUP-KEYS", "%s has no log.key: where are the keys?", keys_dir);
	if (b.schema > ac_store_schema())
		return ac_fail(reterr, AC_EIO, "STORE-VERSION",
		    "the backup has schema %lld, this release has %lld", (long long)b.schema,
		    (long long)ac_store_schema());
	rc = dry_run ? ac_backup_folder_check(state_dir, false, "RESTORE-EXISTS", a, reterr)
		     : ac_backup_folder(state_dir, false, "RESTORE-EXISTS", reterr);
	if (rc != AC_OK)
		return rc;
	if (dry_run) {
		*ret = b;
		return AC_OK;
	}
	if ((rc = fill(dir, keys_dir, state_dir, a, &b, reterr)) != AC_OK) {
		take_back(state_dir, a);
		return rc;
	}
	*ret = b;
	return AC_OK;
}

enum ac_code
ac_migrate_pending(const char *state_dir, int64_t *ret_have, int64_t *ret_newest, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const char *db = ac_backup_path(a, state_dir, AC_BACKUP_DB);
	enum ac_code rc;

	if (access(db, F_OK) != 0)
		return ac_fail(reterr, AC_ENOTFOUND, "STATE-DIR", "%s: no installation here", state_dir);
	if ((rc = ac_sqlite_peek(db, NULL, ret_have, reterr)) == AC_OK)
		*ret_newest = ac_store_schema();
	return rc;
}

enum ac_code
ac_migrate_now(
    const char *state_dir, int64_t now_ms, struct ac_arena *a, const char **ret_copy, struct ac_err *reterr)
{
	const char *db = ac_backup_path(a, state_dir, AC_BACKUP_DB), *copy;
	int64_t have = 0;
	enum ac_code rc = ac_sqlite_peek(db, NULL, &have, reterr);

	if (rc != AC_OK)
		return rc;
	copy = ac_cstr(a, ac_strf(a, "%s.schema-%lld.%lld", db, (long long)have, (long long)now_ms));
	if ((rc = ac_sqlite_peek(db, copy, &have, reterr)) != AC_OK)
		return rc;
	*ret_copy = copy;
	return bring_up(db, a, reterr);
}
