/* regen.c - a version re-made from its recorded inputs, and compared with what was stored. */
#include "core/intake.h"
#include "core/plan_cda.h"
#include "core/record_parts.h"

static enum ac_code
make(struct ac_worker *w, const struct ac_sha256 *manifest, struct ac_plan **ret, struct ac_err *reterr)
{
	struct ac_manifest m;
	struct ac_plan_input *in;
	enum ac_code rc = ac_manifest_get(w, manifest, &m, reterr);

	if (rc != AC_OK || (rc = ac_manifest_input(w, &m, &in, reterr)) != AC_OK)
		return rc;
	return ac_plan_make(in, w->arena, ret, reterr);
}

static enum ac_code
document_of(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_str *ret, bool *ret_same,
    struct ac_err *reterr)
{
	struct ac_document_row *docs;
	struct ac_sha256 manifest, sha;
	struct ac_plan *p;
	size_t n;
	enum ac_code rc = ac_documents_of(w, plan, &docs, &n, reterr);

	*ret = (struct ac_str){ 0 };
	for (size_t i = 0; rc == AC_OK && i < n; i++) {
		if (docs[i].plan_version != version)
			continue;
		if ((rc = ac_document_manifest(w, plan, docs[i].version, &manifest, reterr)) != AC_OK)
			return rc;
		if ((rc = make(w, &manifest, &p, reterr)) != AC_OK)
			return rc;
		if ((rc = ac_plan_cda(p, w->arena, ret, reterr)) != AC_OK)
			return rc;
		ac_sha256(*ret, &sha);
		*ret_same = *ret_same && ac_sha256_eq(&sha, &docs[i].sha256);
	}
	return rc;
}

enum ac_code
ac_plan_regen(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_str *ret_plan_json,
    struct ac_str *ret_document, bool *ret_same, struct ac_err *reterr)
{
	struct ac_plan_full full;
	struct ac_version_row row;
	struct ac_sha256 content;
	struct ac_rows rows;
	struct ac_plan *p;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_GET, w->arena, &rows, reterr, AC_VUUID(&plan));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = ac_plan_row_of(ac_row(&rows, 0), &full, reterr)) != AC_OK)
		return rc;
	if (version == 0)
		version = full.row.version;
	if ((rc = ac_version_get(w, plan, version, &row, reterr)) != AC_OK)
		return rc;
	if ((rc = make(w, &row.manifest, &p, reterr)) != AC_OK)
		return rc;
	ac_plan_content_hash(p, w->arena, &content);
	*ret_same = ac_sha256_eq(&content, &row.content);
	*ret_plan_json = ac_plan_encode(p, w->arena);
	return document_of(w, plan, version, ret_document, ret_same, reterr);
}
