/* export_files.c - the files of an export: written once, hash checked, all on the disk before the manifest has its name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "core/export_parts.h"

enum ac_code
ac_export_dir(const char *path, struct ac_err *reterr)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return AC_OK;
	return ac_fail(reterr, AC_EIO, "EXPORT-DIR", "a folder of the export cannot be made");
}

enum ac_code
ac_export_out(const char *out, struct ac_err *reterr)
{
	enum ac_code rc = ac_export_dir(out, reterr);
	DIR *d = rc == AC_OK ? opendir(out) : NULL;
	bool empty = true;

	if (rc != AC_OK)
		return rc;
	if (d == NULL)
		return ac_fail(reterr, AC_EIO, "EXPORT-DIR", "the folder cannot be read");
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			empty = false;
	closedir(d);
	return empty ? AC_OK : ac_fail(reterr, AC_ECONFLICT, "EXPORT-NOT-EMPTY", "the folder is not empty");
}

/* Not ac_file_write: two syncs for each of a hundred thousand files; ac_export_finish() syncs them all, before the manifest. */
enum ac_code
ac_export_file(const char *path, struct ac_str bytes, struct ac_err *reterr)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0;

	while (ok && bytes.n > 0) {
		ssize_t done = write(fd, bytes.p, bytes.n);

		if (done < 0 && errno == EINTR)
			continue;
		if ((ok = done >= 0)) {
			bytes.p += done;
			bytes.n -= (size_t)done;
		}
	}
	int why = errno;
	if (fd >= 0 && close(fd) != 0 && ok) {
		why = errno;
		ok = false;
	}
	return ok ? AC_OK
		  : ac_fail(
			reterr, AC_EIO, "EXPORT-FILE", "a file cannot be written: %s", strerrordesc_np(why));
}

/* Write one body under its name, hash checked, and its line of SHA256SUMS. */
enum ac_code
ac_export_body(struct ac_export *x, struct ac_str name, struct ac_str stored, const struct ac_sha256 *sha,
    struct ac_str *ret_plain, struct ac_err *reterr)
{
	struct ac_str plain;
	enum ac_code rc;

	if ((rc = ac_blob_decode(stored, sha, AC_BLOB_PLAIN_MAX, ac_service_dictionaries(x->w->service),
		 x->scratch, &plain, reterr)) != AC_OK)
		return rc;
	const char *path = ac_cstr(x->scratch, ac_strf(x->scratch, "%s/%.*s", x->out, AC_FMT(name)));
	char *dir = ac_cstr(x->scratch, ac_str_c(path));
	*strrchr(dir, '/') = '\0';
	if ((rc = ac_export_dir(dir, reterr)) != AC_OK || (rc = ac_export_file(path, plain, reterr)) != AC_OK)
		return rc;
	fprintf(x->sums, "%.*s  %.*s\n", AC_FMT(ac_hex(x->scratch, sha->b, sizeof(sha->b))), AC_FMT(name));
	*ret_plain = plain;
	return AC_OK;
}

void
ac_export_entry_begin(struct ac_export *x, struct ac_jw *w, struct ac_str file, const struct ac_sha256 *sha, int64_t size)
{
	ac_buf_init(&x->entries, x->scratch, 1024, 0);
	ac_jw_init(w, &x->entries);
	ac_jw_obj(w);
	ac_jw_kstr(w, "file", file);
	ac_jw_kstr(w, "sha256", ac_hex(x->scratch, sha->b, sizeof(sha->b)));
	ac_jw_kint(w, "size", size);
}

void
ac_export_entry_end(struct ac_export *x, struct ac_jw *w)
{
	ac_jw_end_obj(w);
	fprintf(x->manifest, "%s    %.*s", x->first ? "\n" : ",\n", AC_FMT(ac_buf_str(&x->entries)));
	x->first = false;
	if (x->progress != NULL)
		x->progress(x->counts.documents + x->counts.sheets + x->counts.pdfs, x->arg);
}

void
ac_export_sum(struct ac_export *x, const struct ac_sha256 *sha, struct ac_str name)
{
	fprintf(x->sums, "%.*s  %.*s\n", AC_FMT(ac_hex(x->scratch, sha->b, sizeof(sha->b))), AC_FMT(name));
}

/* All that was written below `out` is on the disk. */
static bool
sync_all(const char *out)
{
	int fd = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && syncfs(fd) == 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* The manifest gets its name when everything is on the disk: a folder without one is an export that did not finish. */
enum ac_code
ac_export_finish(struct ac_export *x, struct ac_err *reterr)
{
	const char *part = ac_cstr(x->w->arena, ac_strf(x->w->arena, "%s/manifest.json.part", x->out));
	const char *name = ac_cstr(x->w->arena, ac_strf(x->w->arena, "%s/manifest.json", x->out));
	struct ac_sha256 sha;
	enum ac_code rc;

	if (fflush(x->manifest) != 0 || ferror(x->manifest))
		return ac_fail(reterr, AC_EIO, "EXPORT-MANIFEST", "the manifest cannot be written");
	if ((rc = ac_file_sha256(part, &sha, reterr)) != AC_OK)
		return rc;
	fprintf(x->sums, "%.*s  manifest.json\n", AC_FMT(ac_hex(x->w->arena, sha.b, sizeof(sha.b))));
	if (fflush(x->sums) != 0 || ferror(x->sums))
		return ac_fail(reterr, AC_EIO, "EXPORT-SUMS", "SHA256SUMS cannot be written");
	if (!sync_all(x->out) || rename(part, name) != 0 || !sync_all(x->out))
		return ac_fail(reterr, AC_EIO, "EXPORT-SYNC", "the export cannot be brought to the disk");
	return AC_OK;
}

FILE *
ac_export_create(struct ac_arena *a, const char *out, const char *name)
{
	mode_t old = umask(0077);
	FILE *f = fopen(ac_cstr(a, ac_strf(a, "%s/%s", out, name)), "wxe");

	umask(old);
	return f;
}
