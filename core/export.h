/*
 * export.h - documents and issued sheets as files, with a manifest that says what was asked and what was given.
 *
 * Shape   OUT/documents/PLAN/vN.xml (every version) with its signature vN.xml.p7s, OUT/clinic.pem (the certificate), OUT/sheets/PLAN/N.html
 *         and the PDFs of it that were given out (N.pdf, in large print N-large.pdf), OUT/manifest.json, OUT/SHA256SUMS. Files are the
 *         exact stored bytes, hash checked as they are written. One document in memory at a time.
 * Times   performed: the treatment; document: when the document was made (committed is the same moment: the committer's).
 * Errors  AC_ECONFLICT EXPORT-NOT-EMPTY, EXPORT-SITE (a patient without a site where two sites use the id); AC_ENOTFOUND
 *         EXPORT-PATIENT: nobody of that id has a plan, and nothing is written; AC_EINTEGRITY of a stored body ends
 *         the export. Nothing pretends to be whole: the manifest gets its name when everything else is on the disk. Every export
 *         is a log entry before the first byte is written.
 * PHI     all of it: OUT is made 0700, files 0600.
 */
#ifndef CORE_EXPORT_H
#define CORE_EXPORT_H

#include "core/service.h"

struct ac_export_query {
	struct ac_str patient, site;  /* absent: all */
	int64_t since_ms, until_ms;   /* INT64_MIN, INT64_MAX: open */
	const char *by;               /* "performed", "document", "committed" */
	struct ac_str zone;           /* in which dates of the query were read */
};
struct ac_export_counts {
	int64_t documents, current, replaced, sheets, pdfs, signatures;
};
typedef void ac_export_progress(int64_t done, void *arg);
enum ac_code ac_export_cda(struct ac_worker *w, const struct ac_actor *who, const struct ac_export_query *q, const char *out,
    ac_export_progress *progress, void *arg, struct ac_export_counts *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
