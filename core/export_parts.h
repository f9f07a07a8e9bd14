/*
 * export_parts.h - what the files of an export share: export*.c. Nobody else includes it.
 */
#ifndef CORE_EXPORT_PARTS_H
#define CORE_EXPORT_PARTS_H

#include <stdio.h>

#include "base/json.h"
#include "core/export.h"
#include "core/keys.h"
#include "core/signature.h"

#define CERTIFICATES_MAX 64

struct ac_export {
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

/* export_files.c: what is written, with its line of SHA256SUMS */
enum ac_code ac_export_dir(const char *path, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_export_out(const char *out, struct ac_err *reterr) AC_MUST_CHECK; /* a new folder, or an empty one */
enum ac_code ac_export_file(const char *path, struct ac_str bytes, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_export_body(struct ac_export *x, struct ac_str name, struct ac_str stored, const struct ac_sha256 *sha,
    struct ac_str *ret_plain, struct ac_err *reterr) AC_MUST_CHECK;
void ac_export_sum(struct ac_export *x, const struct ac_sha256 *sha, struct ac_str name);
void ac_export_entry_begin(struct ac_export *x, struct ac_jw *w, struct ac_str file, const struct ac_sha256 *sha, int64_t size);
void ac_export_entry_end(struct ac_export *x, struct ac_jw *w);
FILE *ac_export_create(struct ac_arena *a, const char *out, const char *name);
enum ac_code ac_export_finish(struct ac_export *x, struct ac_err *reterr) AC_MUST_CHECK;
/* export_rows.c: one row each of EXPORT_DOCUMENTS, EXPORT_ISSUES, EXPORT_PDFS; `arg` is the export */
enum ac_code ac_export_document(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr);
enum ac_code ac_export_issue(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr);
enum ac_code ac_export_pdf(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr);

#endif
