/* export.c - see export.h. */
#include "core/export_parts.h"
#include "base/time.h"
#include "core/rows.h"

/*
 * A patient's id belongs to one chart: where two sites use it, these are two persons. One that nobody has here is most likely
 * misspelt, and an empty folder would read as "there is nothing of this patient". A time in which nothing was made is an answer.
 */
static enum ac_code
check_patient(struct ac_export *x, const struct ac_export_query *q, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	if (!ac_str_is_set(q->patient))
		return AC_OK;
	rc = ac_rows_read(x->w->reader, AC_STMT_EXPORT_SITES, x->w->arena, &rows, reterr, AC_VTEXT(q->patient),
	    AC_VINT(ac_str_is_set(q->site)), ac_str_is_set(q->site) ? AC_VTEXT(q->site) : AC_VNULL);
	if (rc == AC_OK && rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "EXPORT-PATIENT", "%s",
		    ac_str_is_set(q->site) ? "this site has no plan of a patient of this id"
					   : "nobody of this id has a plan here");
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
write_query(struct ac_export *x, const struct ac_export_query *q, struct ac_str head)
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
write_all(struct ac_export *x, const struct ac_export_query *q, struct ac_err *reterr)
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
		 x->w->reader, AC_STMT_EXPORT_DOCUMENTS, in, 8, ac_export_document, x, NULL, reterr)) != AC_OK ||
	    (rc = ac_store_run_n(x->w->reader, AC_STMT_EXPORT_ISSUES, in, 8, ac_export_issue, x, NULL, reterr)) != AC_OK ||
	    (rc = ac_store_run_n(x->w->reader, AC_STMT_EXPORT_PDFS, in, 8, ac_export_pdf, x, NULL, reterr)) != AC_OK)
		return rc;
	fprintf(x->manifest,
	    "\n  ],\n  \"counts\": { \"documents\": %lld, \"current\": %lld, \"replaced\": %lld, \"sheets\": "
	    "%lld, \"pdfs\": %lld, \"signatures\": %lld }\n}\n",
	    (long long)x->counts.documents, (long long)x->counts.current, (long long)x->counts.replaced,
	    (long long)x->counts.sheets, (long long)x->counts.pdfs, (long long)x->counts.signatures);
	return AC_OK;
}

enum ac_code
ac_export_cda(struct ac_worker *w, const struct ac_actor *who, const struct ac_export_query *q,
    const char *out, ac_export_progress *progress, void *arg, struct ac_export_counts *ret,
    struct ac_err *reterr)
{
	AC_AUTO(ac_arena) scratch = ac_arena_new();
	struct ac_export x = { .w = w, .out = out, .scratch = scratch, .progress = progress, .arg = arg };
	enum ac_code rc;

	if ((rc = check_patient(&x, q, reterr)) != AC_OK || (rc = ac_export_out(out, reterr)) != AC_OK ||
	    (rc = ac_export_dir(ac_cstr(w->arena, ac_strf(w->arena, "%s/documents", out)), reterr)) != AC_OK ||
	    (rc = ac_export_dir(ac_cstr(w->arena, ac_strf(w->arena, "%s/sheets", out)), reterr)) != AC_OK)
		return rc;
	if ((rc = ac_service_log(w, who, "export", "document", (struct ac_str){ 0 }, 0, q->patient,
		 ac_str_c(q->by), NULL, reterr)) != AC_OK)
		return rc;
	x.manifest = ac_export_create(w->arena, out, "manifest.json.part");
	x.sums = ac_export_create(w->arena, out, "SHA256SUMS");
	if (x.manifest == NULL || x.sums == NULL)
		rc = ac_fail(reterr, AC_EIO, "EXPORT-FILE", "a file of the export cannot be made");
	if (rc == AC_OK && (rc = w->reader->ops->begin_read(w->reader, reterr)) == AC_OK) {
		rc = write_all(&x, q, reterr); /* one snapshot of the store */
		w->reader->ops->rollback(w->reader);
	}
	if (rc == AC_OK)
		rc = ac_export_finish(&x, reterr);
	if (x.manifest != NULL)
		fclose(x.manifest);
	if (x.sums != NULL)
		fclose(x.sums);
	if (rc == AC_OK)
		*ret = x.counts;
	return rc;
}
