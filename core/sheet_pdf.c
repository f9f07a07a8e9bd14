/* sheet_pdf.c - see sheet_pdf.h. */
#include "core/sheet_pdf.h"

#include <errno.h>

#include "core/pdf.h"
#include "core/rows.h"
#include "core/service_parts.h"

struct work {
	struct ac_worker *w;
	const struct ac_actor *who;
	const struct ac_record *r;
	int64_t n;
	bool large;
	struct ac_str pdf, stored;
	struct ac_sha256 sha256;
	unsigned char salt[AC_SALT_BYTES];
};

static const char *
kind_of(bool large)
{
	return large ? "handout-pdf-large" : "handout-pdf";
}

enum ac_code
ac_page_pdf(struct ac_worker *w, struct ac_str html, const struct ac_clinic *clinic, int64_t made_at, bool large,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_paper o = { .large = large, .made_at = made_at };

	o.letter = clinic != NULL && ac_pdf_is_letter(clinic->country);
	while (sem_wait(&w->service->papers) != 0)
		if (errno != EINTR)
			return ac_fail(reterr, AC_EIO, "PDF-PROGRAM", "the count of those being made is gone");
	enum ac_code rc = ac_pdf_make(html, &o, w->arena, ret, reterr);
	sem_post(&w->service->papers);
	return rc;
}

static struct ac_audit_entry
entry_of(struct ac_arena *a, const struct work *k)
{
	const struct ac_plan_row *row = &k->r->row;

	return (struct ac_audit_entry){ .action = "print",
		.kind = kind_of(k->large),
		.actor = k->who->user,
		.role = ac_str_c(ac_role_word(k->who->role)),
		.id = ac_uuid_str(a, row->id),
		.version = k->n,
		.patient = row->patient,
		.object = ac_strf(a, "%.*s/%.*s", AC_FMT(row->site), AC_FMT(row->encounter)) };
}

static enum ac_code
find(struct ac_store *s, const struct work *k, struct ac_arena *a, struct ac_rows *ret, struct ac_err *reterr)
{
	return ac_rows_read(s, AC_STMT_ISSUE_PDF_GET, a, ret, reterr, AC_VUUID(&k->r->row.id), AC_VINT(k->n),
	    AC_VINT(k->large ? 1 : 0));
}

/* Somebody else may have been first: then theirs is given, and this is one more print of it. */
static enum ac_code
commit_pdf(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct work *k = arg;
	struct ac_audit_entry e = entry_of(c->arena, k);
	struct ac_rows rows;
	enum ac_code rc = find(c->store, k, c->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	if (rows.n > 0) {
		k->pdf = (struct ac_str){ 0 };
		return ac_audit_append(c, &e, reterr);
	}
	e.digest = &k->sha256;
	e.salt = k->salt;
	if ((rc = ac_audit_append(c, &e, reterr)) != AC_OK)
		return rc;
	struct ac_val in[] = { AC_VUUID(&k->r->row.id), AC_VINT(k->n), AC_VINT(k->large ? 1 : 0), AC_VINT(c->now_ms),
		AC_VSHA(&k->sha256), AC_VINT((int64_t)k->pdf.n), AC_VBLOB(k->stored),
		AC_VBLOB(((struct ac_str){ (const char *)k->salt, AC_SALT_BYTES })), AC_VINT(ac_audit_last(c)) };
	return ac_store_run_n(c->store, AC_STMT_ISSUE_PDF_ADD, in, sizeof(in) / sizeof(in[0]), NULL, NULL, NULL, reterr);
}

/* sha256, bytes */
static enum ac_code
decode(struct ac_worker *w, const struct ac_val *cols, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_sha256 want;

	if (cols[0].s.n != sizeof(want.b))
		return ac_fail(reterr, AC_EINTEGRITY, "BLOB-HASH", "the hash of a stored PDF is damaged");
	memcpy(want.b, cols[0].s.p, sizeof(want.b));
	return ac_blob_decode(
	    cols[1].s, &want, AC_BLOB_PLAIN_MAX, w->service->dictionaries, w->arena, ret, reterr);
}

static enum ac_code
stored(struct work *k, bool *ret_found, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = find(k->w->reader, k, k->w->arena, &rows, reterr);

	*ret_found = rc == AC_OK && rows.n > 0;
	return *ret_found ? decode(k->w, ac_row(&rows, 0), ret, reterr) : rc;
}

static enum ac_code
make_first(struct work *k, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_issue_row row;
	struct ac_str html;
	bool found;
	enum ac_code rc = ac_issue_bytes(k->w, k->r->row.id, k->n, &row, &html, reterr);

	if (rc == AC_OK)
		rc = ac_page_pdf(k->w, html, k->r->plan->in->clinic, row.at_ms / 1000, k->large, &k->pdf, reterr);
	if (rc != AC_OK)
		return rc;
	ac_sha256(k->pdf, &k->sha256);
	k->stored = ac_blob_encode(k->pdf, k->w->service->dictionaries, k->w->arena);
	ac_random(k->salt, sizeof(k->salt));
	if ((rc = ac_committer_run(k->w->service->committer, commit_pdf, k, reterr)) != AC_OK)
		return rc;
	if (k->pdf.n == 0)
		return stored(k, &found, ret, reterr);
	*ret = k->pdf;
	return AC_OK;
}

enum ac_code
ac_sheet_pdf(struct ac_worker *w, const struct ac_actor *who, const struct ac_record *r, int64_t n, bool large,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct work k = { .w = w, .who = who, .r = r, .n = n, .large = large };
	struct ac_str pdf = { 0 };
	bool found;
	enum ac_code rc = stored(&k, &found, &pdf, reterr);

	if (rc != AC_OK)
		return rc;
	if (!found)
		return make_first(&k, ret, reterr);
	struct ac_audit_entry e = entry_of(w->arena, &k);
	if ((rc = ac_committer_log(w->service->committer, &e, reterr)) == AC_OK)
		*ret = pdf;
	return rc;
}

enum ac_code
ac_preview_pdf(struct ac_worker *w, const struct ac_plan *p, const struct ac_handout_options *o, bool large, struct ac_str *ret,
    struct ac_err *reterr)
{
	struct ac_str html;
	enum ac_code rc = ac_handout_html(p, o, w->arena, &html, reterr);

	return rc == AC_OK ? ac_page_pdf(w, html, p->in->clinic, p->in->made_at, large, ret, reterr) : rc;
}
