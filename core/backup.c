/* backup.c - a verified copy of a store in use; the check of a store. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "core/backup_parts.h"
#include "core/rows.h"
#include "core/service_parts.h"

#define COPY_BYTES (64 * 1024)

char *
ac_backup_path(struct ac_arena *a, const char *dir, const char *name)
{
	return ac_cstr(a, ac_strf(a, "%s/%s", dir, name));
}

static enum ac_code
fail_io(struct ac_err *reterr, const char *path)
{
	return ac_fail(reterr, errno == ENOENT ? AC_ENOTFOUND : AC_EIO, "BACKUP-IO", "%s: %s", path,
	    strerrordesc_np(errno));
}

static bool
is_empty(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	if (d == NULL)
		return false;
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n <= 2; /* itself and its parent */
}

/* Who owns a folder can put another file in the place of the one that is being written. */
static enum ac_code
fail_owner(const char *dir, struct ac_err *reterr)
{
	return ac_fail(reterr, AC_EDENIED, "BACKUP-OWNER",
	    "%s is a link, or another user's: give a folder of your own", dir);
}

/* What is not there, or is no folder, is for others to judge. */
static enum ac_code
check_own(const char *dir, struct ac_err *reterr)
{
	struct stat st;

	if (lstat(dir, &st) != 0)
		return errno == ENOENT ? AC_OK : fail_io(reterr, dir);
	if (S_ISLNK(st.st_mode) || (S_ISDIR(st.st_mode) && st.st_uid != geteuid()))
		return fail_owner(dir, reterr);
	return AC_OK;
}

/* The folder that was looked at is the one whose mode changes, whatever has its name by then. */
static enum ac_code
take_folder(const char *dir, bool own, const char *rule, struct ac_err *reterr)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (own ? O_NOFOLLOW : 0));
	struct stat st;
	enum ac_code rc = AC_OK;

	if (fd < 0)
		return fail_io(reterr, dir);
	if (fstat(fd, &st) != 0)
		rc = fail_io(reterr, dir);
	else if (own && st.st_uid != geteuid())
		rc = fail_owner(dir, reterr);
	else if (!is_empty(dir))
		rc = ac_fail(reterr, AC_ECONFLICT, rule, "%s is there and not empty", dir);
	else if (fchmod(fd, 0700) != 0)
		rc = fail_io(reterr, dir);
	close(fd);
	return rc;
}

enum ac_code
ac_backup_folder(const char *dir, bool own, const char *rule, struct ac_err *reterr)
{
	enum ac_code rc = own ? check_own(dir, reterr) : AC_OK;

	if (rc != AC_OK || mkdir(dir, 0700) == 0)
		return rc;
	if (errno != EEXIST)
		return fail_io(reterr, dir);
	return is_empty(dir) ? take_folder(dir, own, rule, reterr)
			     : ac_fail(reterr, AC_ECONFLICT, rule, "%s is there and not empty", dir);
}

enum ac_code
ac_backup_folder_check(
    const char *dir, bool own, const char *rule, struct ac_arena *a, struct ac_err *reterr)
{
	struct stat st;
	const char *slash = strrchr(dir, '/');
	enum ac_code rc = own ? check_own(dir, reterr) : AC_OK;

	if (rc != AC_OK)
		return rc;
	if (stat(dir, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			return ac_fail(reterr, AC_ECONFLICT, rule, "%s is there and no folder", dir);
		if (!is_empty(dir))
			return ac_fail(reterr, AC_ECONFLICT, rule, "%s is there and not empty", dir);
		return access(dir, W_OK) == 0 ? AC_OK : fail_io(reterr, dir);
	}
	const char *above = slash == NULL ? "." : slash == dir ? "/" : ac_cstr(a, (struct ac_str){ dir, (size_t)(slash - dir) });
	return access(above, W_OK) == 0 ? AC_OK : fail_io(reterr, above);
}

static bool
copy_all(int from, int to)
{
	char piece[COPY_BYTES];
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) > 0)
		for (ssize_t at = 0, put; at < got; at += put)
			if ((put = write(to, piece + at, (size_t)(got - at))) <= 0)
				return false;
	return got == 0 && fsync(to) == 0;
}

enum ac_code
ac_backup_copy(const char *from, const char *to, struct ac_err *reterr)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY), out;

	if (in < 0)
		return fail_io(reterr, from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good = out >= 0 && copy_all(in, out);
	enum ac_code rc = good ? AC_OK : fail_io(reterr, to);

	close(in);
	if (out >= 0 && close(out) != 0 && rc == AC_OK)
		rc = fail_io(reterr, to);
	return rc;
}

/* Everything that is a key: those of the log and the store, and those of the EHR's module where they are kept here. */
enum ac_code
ac_backup_copy_keys(const char *from, const char *to, struct ac_arena *a, struct ac_err *reterr)
{
	enum ac_code rc = ac_backup_folder(to, true, "BACKUP-EXISTS", reterr);
	struct dirent *entry;
	DIR *d;

	if (rc != AC_OK)
		return rc;
	if ((d = opendir(from)) == NULL)
		return fail_io(reterr, from);
	while (rc == AC_OK && (entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			rc = ac_backup_copy(ac_backup_path(a, from, entry->d_name),
			    ac_backup_path(a, to, entry->d_name), reterr);
	closedir(d);
	return rc;
}

enum ac_code
ac_backup_copy_conf(const char *from, const char *to, struct ac_arena *a, struct ac_err *reterr)
{
	const char *conf = ac_backup_path(a, from, AC_BACKUP_CONF);

	return access(conf, F_OK) != 0 ? AC_OK
				       : ac_backup_copy(conf, ac_backup_path(a, to, AC_BACKUP_CONF), reterr);
}

enum ac_code
ac_backup_verify(const char *db, const struct ac_keys *keys, struct ac_arena *a, struct ac_audit_counts *ret,
    struct ac_err *reterr)
{
	struct ac_store_options o = { .read_only = true };
	AC_AUTO(ac_store) s = NULL;
	enum ac_code rc = ac_store_open(ac_cstr(a, ac_strf(a, "sqlite:%s", db)), &o, &s, reterr);

	if (rc != AC_OK || (rc = s->ops->check(s, reterr)) != AC_OK)
		return rc;
	return ac_audit_verify(s, keys, ret, reterr);
}

static enum ac_code
write_about(const char *dir, const struct ac_backup *b, struct ac_arena *a, struct ac_err *reterr)
{
	struct ac_buf text;
	struct ac_jw w;

	ac_buf_init(&text, a, 512, 0);
	ac_jw_init(&w, &text);
	ac_jw_obj(&w);
	ac_jw_kint(&w, "schema_version", 1);
	ac_jw_kstr(&w, "made", ac_rfc3339_ms(a, b->made_ms));
	ac_jw_kint(&w, "schema", b->schema);
	ac_jw_kint(&w, "size", b->size);
	ac_jw_kstr(&w, "sha256", ac_hex(a, b->sha256.b, sizeof(b->sha256.b)));
	ac_jw_kint(&w, "log_size", b->log_size);
	ac_jw_kstr(&w, "log_root", ac_hex(a, b->log_root.b, sizeof(b->log_root.b)));
	ac_jw_kstr(&w, "origin", b->origin);
	ac_jw_kbool(&w, "with_keys", b->with_keys);
	ac_jw_end_obj(&w);
	ac_buf_addc(&text, '\n');
	return ac_file_write(ac_backup_path(a, dir, AC_BACKUP_ABOUT), ac_buf_str(&text), 0600, reterr);
}

static enum ac_code
copy_store(struct ac_worker *w, const char *db, ac_backup_fn *progress, void *arg, struct ac_backup *b,
    struct ac_err *reterr)
{
	struct stat st;
	enum ac_code rc = w->reader->ops->backup(w->reader, db, progress, arg, reterr);

	if (rc != AC_OK)
		return rc;
	if ((rc = ac_backup_verify(db, w->service->keys, w->arena, &b->counts, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_file_sha256(db, &b->sha256, reterr)) !=
	    AC_OK) /* every connection to the copy is closed */
		return rc;
	if (stat(db, &st) != 0)
		return fail_io(reterr, db);
	b->size = st.st_size;
	b->log_size = b->counts.leaves;
	b->log_root = b->counts.root;
	return AC_OK;
}

enum ac_code
ac_backup_make(struct ac_worker *w, const struct ac_actor *who, const char *state_dir, const char *dir,
    bool with_keys, struct ac_life_how how, ac_backup_fn *progress, void *arg, struct ac_backup *ret, struct ac_err *reterr)
{
	struct ac_arena *a = w->arena;
	struct ac_backup b = { .made_ms = ac_service_now_ms(w->service),
		.schema = ac_store_schema(),
		.origin = ac_keys_origin(w->service->keys),
		.with_keys = with_keys };
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	if (rc == AC_OK)
		rc = how.dry_run ? ac_backup_folder_check(dir, true, "BACKUP-EXISTS", a, reterr)
				 : ac_backup_folder(dir, true, "BACKUP-EXISTS", reterr);
	if (rc != AC_OK)
		return rc;
	if (how.dry_run) {
		*ret = b;
		return AC_OK;
	}
	struct ac_audit_entry asked = { .action = "backup",
		.kind = "store",
		.reason = how.reason,
		.outcome = with_keys ? "with-keys" : "without-keys" };
	rc = ac_service_log_entry(w, who, &asked, reterr);
	if (rc == AC_OK)
		rc = copy_store(w, ac_backup_path(a, dir, AC_BACKUP_DB), progress, arg, &b, reterr);
	if (rc == AC_OK)
		rc = ac_backup_copy_conf(state_dir, dir, a, reterr);
	if (rc == AC_OK && with_keys)
		rc = ac_backup_copy_keys(
		    ac_backup_path(a, state_dir, "keys"), ac_backup_path(a, dir, "keys"), a, reterr);
	if (rc == AC_OK)
		rc = write_about(dir, &b, a, reterr);
	if (rc == AC_OK)
		*ret = b;
	return rc;
}

static enum ac_code
check_blobs(struct ac_worker *w, struct ac_arena *a, void (*progress)(int64_t, void *), void *arg,
    int64_t *ret_n, struct ac_err *reterr)
{
	struct ac_sha256 at = { 0 };
	struct ac_rows rows;
	struct ac_str plain;
	enum ac_code rc;

	for (;; (*ret_n)++) {
		ac_arena_reset(a);
		if ((rc = ac_rows_read(w->reader, AC_STMT_BLOB_AFTER, a, &rows, reterr, AC_VSHA(&at))) !=
			AC_OK ||
		    rows.n == 0)
			return rc;
		if (!ac_val_sha(&ac_row(&rows, 0)[0], &at))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "blob.sha256 is not a digest");
		rc = ac_blob_decode(ac_row(&rows, 0)[1].s, &at, AC_BLOB_PLAIN_MAX, w->service->dictionaries,
		    a, &plain, reterr);
		if (rc != AC_OK)
			return rc;
		if (progress != NULL)
			progress(*ret_n, arg);
	}
}

enum ac_code
ac_store_check_all(struct ac_worker *w, void (*progress)(int64_t done, void *arg), void *arg,
    struct ac_store_checked *ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_store_checked c = { 0 };
	enum ac_code rc = w->reader->ops->check(w->reader, reterr);

	if (rc == AC_OK)
		rc = check_blobs(w, a, progress, arg, &c.blobs, reterr);
	if (rc == AC_OK)
		rc = ac_audit_verify(w->reader, w->service->keys, &c.log, reterr);
	if (rc == AC_OK)
		*ret = c;
	return rc;
}
