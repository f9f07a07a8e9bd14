/* export.c - see export.h. */
#include "core/export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/time.h"
#include "core/keys.h"
#include "core/rows.h"
#include "core/signature.h"

#define CERTIFICATES_MAX 64

struct export
{
	struct ac_worker *w;
	const char *out;
	struct ac_arena *scratch; /* one row's */
	struct ac_buf entries;    /* the manifest's list so far; flushed to `manifest` row by row */
	FILE *manifest, *sums;
	struct ac_export_counts counts;
	ac_export_progress *progress;
	void *arg;
	bool first;
	struct ac_certificate certificates[CERTIFICATES_MAX]; /* those of the signatures written, the first as clinic.pem */
	size_t ncertificates;
	struct ac_str signature_file; /* of the document at hand; absent: none */
	struct ac_sha256 signature_sha;
	const char *signature_certificate; /* its file's name */
};

static enum ac_code
make_dir(const char *path, struct ac_err *reterr)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return AC_OK;
	return ac_fail(reterr, AC_EIO, "EXPORT-DIR", "a folder of the export cannot be made");
}

static enum ac_code
make_out(const char *out, struct ac_err *reterr)
{
	enum ac_code rc = make_dir(out, reterr);
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

/* Not ac_file_write: two syncs for each of a hundred thousand files; finish() syncs them all, before the manifest. */
static enum ac_code
write_file(const char *path, struct ac_str bytes, struct ac_err *reterr)
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
static enum ac_code
write_body(struct export *x, struct ac_str name, struct ac_str stored, const struct ac_sha256 *sha,
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
	if ((rc = make_dir(dir, reterr)) != AC_OK || (rc = write_file(path, plain, reterr)) != AC_OK)
		return rc;
	fprintf(x->sums, "%.*s  %.*s\n", AC_FMT(ac_hex(x->scratch, sha->b, sizeof(sha->b))), AC_FMT(name));
	*ret_plain = plain;
	return AC_OK;
}

static void
entry_begin(struct export *x, struct ac_jw *w, struct ac_str file, const struct ac_sha256 *sha, int64_t size)
{
	ac_buf_init(&x->entries, x->scratch, 1024, 0);
	ac_jw_init(w, &x->entries);
	ac_jw_obj(w);
	ac_jw_kstr(w, "file", file);
	ac_jw_kstr(w, "sha256", ac_hex(x->scratch, sha->b, sizeof(sha->b)));
	ac_jw_kint(w, "size", size);
}

static void
entry_end(struct export *x, struct ac_jw *w)
{
	ac_jw_end_obj(w);
	fprintf(x->manifest, "%s    %.*s", x->first ? "\n" : ",\n", AC_FMT(ac_buf_str(&x->entries)));
	x->first = false;
	if (x->progress != NULL)
		x->progress(x->counts.documents + x->counts.sheets, x->arg);
}

/* The protocol versions that it was made from, as its manifest of inputs names them. */
static enum ac_code
write_protocols(struct export *x, struct ac_jw *w, struct ac_str manifest, struct ac_err *reterr)
{
	struct ac_sha256 sha;
	struct ac_str bytes;
	json_object *list, *v;
	enum ac_code rc;

	if (manifest.n != sizeof(sha.b))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a manifest has no hash");
	memcpy(sha.b, manifest.p, sizeof(sha.b));
	if ((rc = ac_blob_get(x->w->reader, &sha, ac_service_dictionaries(x->w->service), x->scratch, &bytes,
		 reterr)) != AC_OK)
		return rc;
	AC_AUTO_T(json_object) o = NULL;
	if ((rc = ac_json_parse(bytes, AC_JSON_SIZE_MAX, &o, reterr)) != AC_OK)
		return rc;
	ac_jw_key(w, "protocols");
	ac_jw_arr(w);
	if (json_object_object_get_ex(o, "protocols", &list) && json_object_is_type(list, json_type_array))
		for (size_t i = 0; i < json_object_array_length(list); i++)
			if (json_object_object_get_ex(json_object_array_get_idx(list, i), "version", &v))
				ac_jw_str(w, ac_str_c(json_object_get_string(v)));
	ac_jw_end_arr(w);
	return AC_OK;
}

static void
write_owner(struct ac_jw *w, const struct ac_val *site_encounter_patient)
{
	ac_jw_kstr(w, "site", site_encounter_patient[0].s);
	ac_jw_kstr(w, "encounter", site_encounter_patient[1].s);
	ac_jw_kstr(w, "patient", site_encounter_patient[2].s);
}

static void
sum_line(struct export *x, const struct ac_sha256 *sha, struct ac_str name)
{
	fprintf(x->sums, "%.*s  %.*s\n", AC_FMT(ac_hex(x->scratch, sha->b, sizeof(sha->b))), AC_FMT(name));
}

/* clinic.pem, and clinic-2.pem ... where the key was renewed in between. */
static enum ac_code
write_certificate(struct export *x, const struct ac_certificate *c, size_t *ret, struct ac_err *reterr)
{
	struct ac_sha256 sha;
	enum ac_code rc;

	for (*ret = 0; *ret < x->ncertificates; (*ret)++)
		if (ac_sha256_eq(&x->certificates[*ret].sha256, &c->sha256))
			return AC_OK;
	if (x->ncertificates == CERTIFICATES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "EXPORT-CERTIFICATES", "more than %d certificates in one export", CERTIFICATES_MAX);
	struct ac_str name = *ret == 0 ? AC_S("clinic.pem") : ac_strf(x->scratch, "clinic-%zu.pem", *ret + 1);
	struct ac_str pem = ac_certificate_pem(c, x->scratch);
	rc = write_file(ac_cstr(x->scratch, ac_strf(x->scratch, "%s/%.*s", x->out, AC_FMT(name))), pem, reterr);
	if (rc != AC_OK)
		return rc;
	ac_sha256(pem, &sha);
	sum_line(x, &sha, name);
	x->certificates[x->ncertificates++].sha256 = c->sha256;
	return AC_OK;
}

/* As it is stored; a document made before the clinic had a key is signed now. */
static enum ac_code
signature_of(struct export *x, const struct ac_val *c, struct ac_str xml, struct ac_certificate *ret_c, struct ac_str *ret,
    struct ac_err *reterr)
{
	const struct ac_keys *keys = ac_service_keys(x->w->service);
	struct ac_str cms = c[14].s, der;
	struct ac_sha256 sha;
	enum ac_code rc;

	if (c[14].type == AC_VAL_NULL) {
		*ret = (struct ac_str){ 0 };
		if (!ac_keys_certificate(keys, x->scratch, ret_c))
			return AC_OK;
		rc = ac_signature_make(keys, xml, ac_service_now_ms(x->w->service), x->scratch, &cms, reterr);
		return rc != AC_OK ? rc : ac_signature_whole(cms, ret_c->der, x->scratch, ret, reterr);
	}
	if (!ac_val_sha(&c[15], &sha))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a document's row is damaged");
	rc = ac_blob_get(x->w->reader, &sha, ac_service_dictionaries(x->w->service), x->scratch, &der, reterr);
	if (rc != AC_OK || (rc = ac_certificate_read(der, x->scratch, ret_c, reterr)) != AC_OK)
		return rc;
	return ac_signature_whole(cms, der, x->scratch, ret, reterr);
}

/* Beside the document: its name and ".p7s". */
static enum ac_code
write_signature(struct export *x, const struct ac_val *c, struct ac_str file, struct ac_str xml, struct ac_err *reterr)
{
	struct ac_certificate cert = { 0 };
	struct ac_str p7s;
	size_t n;
	enum ac_code rc = signature_of(x, c, xml, &cert, &p7s, reterr);

	x->signature_file = (struct ac_str){ 0 };
	if (rc != AC_OK || !ac_str_is_set(p7s) || (rc = write_certificate(x, &cert, &n, reterr)) != AC_OK)
		return rc;
	x->signature_certificate =
	    n == 0 ? "clinic.pem" : ac_cstr(x->scratch, ac_strf(x->scratch, "clinic-%zu.pem", n + 1));
	x->signature_file = ac_strf(x->scratch, "%.*s.p7s", AC_FMT(file));
	rc = write_file(ac_cstr(x->scratch, ac_strf(x->scratch, "%s/%.*s", x->out, AC_FMT(x->signature_file))), p7s, reterr);
	if (rc != AC_OK)
		return rc;
	ac_sha256(p7s, &x->signature_sha);
	sum_line(x, &x->signature_sha, x->signature_file);
	x->counts.signatures++;
	return AC_OK;
}

static enum ac_code
on_document(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct export *x = arg;
	struct ac_uuid id, plan;
	struct ac_sha256 sha;
	struct ac_jw w;
	enum ac_code rc;

	if (n != 16 || c[0].s.n != 16 || c[1].s.n != 16 || c[5].s.n != 32)
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a document's row is damaged");
	ac_arena_reset(x->scratch);
	memcpy(id.b, c[0].s.p, 16);
	memcpy(plan.b, c[1].s.p, 16);
	memcpy(sha.b, c[5].s.p, 32);
	struct ac_str plan_id = ac_uuid_str(x->scratch, plan);
	struct ac_str file =
	    ac_strf(x->scratch, "documents/%.*s/v%lld.xml", AC_FMT(plan_id), (long long)c[2].i);
	struct ac_str xml;
	if ((rc = write_body(x, file, c[7].s, &sha, &xml, reterr)) != AC_OK ||
	    (rc = write_signature(x, c, file, xml, reterr)) != AC_OK)
		return rc;
	x->counts.documents++;
	*(ac_streq_c(c[4].s, "current") ? &x->counts.current : &x->counts.replaced) += 1;
	entry_begin(x, &w, file, &sha, c[6].i);
	ac_jw_kstr(&w, "kind", AC_S("document"));
	ac_jw_kstr(&w, "id", ac_uuid_str(x->scratch, id));
	ac_jw_kstr(&w, "plan", plan_id);
	ac_jw_kint(&w, "version", c[2].i);
	ac_jw_kint(&w, "plan_version", c[3].i);
	ac_jw_kstr(&w, "status", c[4].s);
	ac_jw_kstr(&w, "made", ac_rfc3339_ms(x->scratch, c[8].i));
	ac_jw_kstr(&w, "performed", ac_rfc3339(x->scratch, NULL, c[9].i));
	write_owner(&w, &c[11]);
	if (ac_str_is_set(x->signature_file)) {
		ac_jw_key(&w, "signature");
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "file", x->signature_file);
		ac_jw_kstr(&w, "sha256", ac_hex(x->scratch, x->signature_sha.b, sizeof(x->signature_sha.b)));
		ac_jw_kstr(&w, "certificate", ac_str_c(x->signature_certificate));
		ac_jw_kstr(&w, "made", c[14].type == AC_VAL_NULL ? AC_S("export") : AC_S("document"));
		ac_jw_end_obj(&w);
	}
	if ((rc = write_protocols(x, &w, c[10].s, reterr)) != AC_OK)
		return rc;
	entry_end(x, &w);
	return AC_OK;
}

static enum ac_code
on_issue(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct export *x = arg;
	struct ac_uuid plan;
	struct ac_sha256 sha;
	struct ac_jw w;
	enum ac_code rc;

	if (n != 13 || c[0].s.n != 16 || c[6].s.n != 32)
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a sheet's row is damaged");
	ac_arena_reset(x->scratch);
	memcpy(plan.b, c[0].s.p, 16);
	memcpy(sha.b, c[6].s.p, 32);
	struct ac_str plan_id = ac_uuid_str(x->scratch, plan);
	struct ac_str file = ac_strf(x->scratch, "sheets/%.*s/%lld.html", AC_FMT(plan_id), (long long)c[1].i);
	struct ac_str html;
	if ((rc = write_body(x, file, c[8].s, &sha, &html, reterr)) != AC_OK)
		return rc;
	x->counts.sheets++;
	entry_begin(x, &w, file, &sha, c[7].i);
	ac_jw_kstr(&w, "kind", AC_S("sheet"));
	ac_jw_kstr(&w, "plan", plan_id);
	ac_jw_kint(&w, "sheet", c[1].i);
	ac_jw_kint(&w, "plan_version", c[2].i);
	ac_jw_kstr(&w, "language", c[3].s);
	ac_jw_kstr(&w, "given", ac_rfc3339_ms(x->scratch, c[4].i));
	ac_jw_kstr(&w, "medium", c[5].s);
	write_owner(&w, &c[10]);
	if ((rc = write_protocols(x, &w, c[9].s, reterr)) != AC_OK)
		return rc;
	entry_end(x, &w);
	return AC_OK;
}

/* A patient's id belongs to one chart: where two sites use it, these are two persons. */
static enum ac_code
check_patient(struct export *x, const struct ac_export_query *q, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	if (!ac_str_is_set(q->patient) || ac_str_is_set(q->site))
		return AC_OK;
	rc = ac_rows_read(
	    x->w->reader, AC_STMT_EXPORT_SITES, x->w->arena, &rows, reterr, AC_VTEXT(q->patient));
	if (rc == AC_OK && rows.n > 1)
		return ac_fail(reterr, AC_ECONFLICT, "EXPORT-SITE",
		    "several sites have a patient of this id: name one site");
	return rc;
}

struct head {
	struct ac_arena *a;
	struct ac_str note;
};

static enum ac_code
on_head(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct head *h = arg;

	if (n != 1)
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a checkpoint's row is damaged");
	h->note = ac_str_dup(h->a, c[0].s);
	return AC_OK;
}

static void
write_query(struct export *x, const struct ac_export_query *q, struct ac_str head)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, x->w->arena, 1024, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "patient", q->patient);
	ac_jw_kstr(&w, "site", q->site);
	ac_jw_kstr(&w, "by", ac_str_c(q->by));
	if (q->since_ms != INT64_MIN)
		ac_jw_kstr(&w, "since", ac_rfc3339_ms(x->w->arena, q->since_ms));
	if (q->until_ms != INT64_MAX)
		ac_jw_kstr(&w, "until", ac_rfc3339_ms(x->w->arena, q->until_ms));
	ac_jw_kstr(&w, "zone", q->zone);
	ac_jw_end_obj(&w);
	struct ac_buf h;
	struct ac_jw hw;
	ac_buf_init(&h, x->w->arena, 512, 0);
	ac_jw_init(&hw, &h);
	ac_jw_str(&hw, head);
	fprintf(x->manifest,
	    "{\n  \"schema\": \"aftercare/export/1\",\n  \"query\": %.*s,\n  \"log_head\": %.*s,\n  "
	    "\"entries\": [",
	    AC_FMT(ac_buf_str(&b)), AC_FMT(ac_buf_str(&h)));
}

static enum ac_code
write_all(struct export *x, const struct ac_export_query *q, struct ac_err *reterr)
{
	const struct ac_val in[] = { AC_VINT(ac_str_is_set(q->patient)),
		AC_VTEXT(q->patient.p ? q->patient : AC_S("")), AC_VINT(ac_str_is_set(q->site)),
		AC_VTEXT(q->site.p ? q->site : AC_S("")), AC_VTEXT(ac_str_c(q->by)), AC_VINT(q->since_ms),
		AC_VTEXT(ac_str_c(q->by)), AC_VINT(q->until_ms) };
	struct head head = { .a = x->w->arena };
	enum ac_code rc;

	if ((rc = ac_store_run_n(x->w->reader, AC_STMT_EXPORT_HEAD, NULL, 0, on_head, &head, NULL, reterr)) !=
	    AC_OK)
		return rc;
	write_query(x, q, head.note);
	x->first = true;
	if ((rc = ac_store_run_n(
		 x->w->reader, AC_STMT_EXPORT_DOCUMENTS, in, 8, on_document, x, NULL, reterr)) != AC_OK ||
	    (rc = ac_store_run_n(x->w->reader, AC_STMT_EXPORT_ISSUES, in, 8, on_issue, x, NULL, reterr)) !=
		AC_OK)
		return rc;
	fprintf(x->manifest,
	    "\n  ],\n  \"counts\": { \"documents\": %lld, \"current\": %lld, \"replaced\": %lld, \"sheets\": "
	    "%lld, \"signatures\": %lld }\n}\n",
	    (long long)x->counts.documents, (long long)x->counts.current, (long long)x->counts.replaced,
	    (long long)x->counts.sheets, (long long)x->counts.signatures);
	return AC_OK;
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
static enum ac_code
finish(struct export *x, struct ac_err *reterr)
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

static FILE *
create(struct ac_arena *a, const char *out, const char *name)
{
	mode_t old = umask(0077);
	FILE *f = fopen(ac_cstr(a, ac_strf(a, "%s/%s", out, name)), "wxe");

	umask(old);
	return f;
}

enum ac_code
ac_export_cda(struct ac_worker *w, const struct ac_actor *who, const struct ac_export_query *q,
    const char *out, ac_export_progress *progress, void *arg, struct ac_export_counts *ret,
    struct ac_err *reterr)
{
	AC_AUTO(ac_arena) scratch = ac_arena_new();
	struct export x = { .w = w, .out = out, .scratch = scratch, .progress = progress, .arg = arg };
	enum ac_code rc;

	if ((rc = check_patient(&x, q, reterr)) != AC_OK || (rc = make_out(out, reterr)) != AC_OK ||
	    (rc = make_dir(ac_cstr(w->arena, ac_strf(w->arena, "%s/documents", out)), reterr)) != AC_OK ||
	    (rc = make_dir(ac_cstr(w->arena, ac_strf(w->arena, "%s/sheets", out)), reterr)) != AC_OK)
		return rc;
	if ((rc = ac_service_log(w, who, "export", "document", (struct ac_str){ 0 }, 0, q->patient,
		 ac_str_c(q->by), NULL, reterr)) != AC_OK)
		return rc;
	x.manifest = create(w->arena, out, "manifest.json.part");
	x.sums = create(w->arena, out, "SHA256SUMS");
	if (x.manifest == NULL || x.sums == NULL)
		rc = ac_fail(reterr, AC_EIO, "EXPORT-FILE", "a file of the export cannot be made");
	if (rc == AC_OK && (rc = w->reader->ops->begin_read(w->reader, reterr)) == AC_OK) {
		rc = write_all(&x, q, reterr); /* one snapshot of the store */
		w->reader->ops->rollback(w->reader);
	}
	if (rc == AC_OK)
		rc = finish(&x, reterr);
	if (x.manifest != NULL)
		fclose(x.manifest);
	if (x.sums != NULL)
		fclose(x.sums);
	if (rc == AC_OK)
		*ret = x.counts;
	return rc;
}
