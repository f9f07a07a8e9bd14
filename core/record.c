/* record.c - one plan out of the store: its rows, and the plan re-made from what was recorded. */
#include "core/record_parts.h"
#include "core/service_parts.h"

static enum ac_code
bad_row(struct ac_err *reterr, const char *column)
{
	return ac_fail_at(
	    reterr, AC_EINTEGRITY, "ROW-TYPE", 0, 0, column, "a stored column is not what the schema says");
}

enum ac_code
ac_plan_row_of(const struct ac_val *col, struct ac_plan_full *ret, struct ac_err *reterr)
{
	struct ac_plan_row *r = &ret->row;

	*ret = (struct ac_plan_full){ 0 };
	if (!ac_val_uuid(&col[0], &r->id))
		return bad_row(reterr, "plan.id");
	r->site = col[1].s;
	r->encounter = col[2].s;
	r->patient = col[3].s;
	r->status = col[4].s;
	r->stage = col[5].s;
	r->version = col[6].i;
	r->document_version = col[7].i;
	r->created_ms = col[8].i;
	r->updated_ms = col[9].i;
	r->issued_ms = col[10].i;
	r->final_ms = col[11].i;
	r->anchor = col[12].i;
	ret->timer_ms = col[13].i;
	r->pending = col[14].type != AC_VAL_NULL;
	if (r->pending && !ac_val_sha(&col[14], &ret->pending))
		return bad_row(reterr, "plan.pending");
	ret->issued_anchor = col[15].i;
	ret->signed_s = col[16].i;
	ret->first_leaf = col[17].i;
	ret->others_leaf = col[18].i;
	return AC_OK;
}

enum ac_code
ac_task_row_of(const struct ac_val *col, struct ac_task_row *ret, struct ac_err *reterr)
{
	*ret = (struct ac_task_row){ 0 };
	if (!ac_val_uuid(&col[0], &ret->plan))
		return bad_row(reterr, "task.plan");
	ret->name = col[1].s;
	ret->site = col[2].s;
	ret->encounter = col[3].s;
	ret->patient = col[4].s;
	ret->title = col[5].s;
	ret->kind = col[6].s;
	ret->role = col[7].s;
	ret->urgent = col[8].i != 0;
	ret->status = col[9].s;
	ret->not_before = col[10].i;
	ret->due = col[11].i;
	ret->outcome = col[12].s;
	ret->actor = col[13].s;
	ret->done_ms = col[14].i;
	ret->seq = col[15].i;
	ret->plan_version = col[16].i;
	ret->owner = col[17].s;
	ret->called = col[18].s;
	ret->called_ms = col[19].i;
	ret->line = col[20].s;
	ret->snoozed = col[21].i;
	ret->take_s = col[22].i;
	ret->escalate_s = col[23].i;
	ret->escalate_to = col[24].s;
	ret->steps = col[25].i;
	ret->timer_ms = col[26].i;
	ret->plan_status = col[27].s;
	ret->given = col[28].i != 0;
	return AC_OK;
}

enum ac_code
ac_document_row_of(const struct ac_val *col, struct ac_document_row *ret, struct ac_err *reterr)
{
	*ret = (struct ac_document_row){ 0 };
	if (!ac_val_uuid(&col[0], &ret->id) || !ac_val_uuid(&col[1], &ret->plan))
		return bad_row(reterr, "document.id");
	ret->version = col[2].i;
	ret->plan_version = col[3].i;
	ret->status = col[4].s;
	if (!ac_val_sha(&col[5], &ret->sha256))
		return bad_row(reterr, "document.sha256");
	ret->size = col[6].i;
	ret->made_ms = col[7].i;
	ret->performed = col[8].i;
	return AC_OK;
}

enum ac_code
ac_issue_row_of(const struct ac_val *col, struct ac_issue_row *ret, struct ac_err *reterr)
{
	*ret = (struct ac_issue_row){ 0 };
	ret->n = col[0].i;
	ret->plan_version = col[1].i;
	ret->at_ms = col[2].i;
	ret->language = col[3].s;
	ret->actor = col[4].s;
	ret->role = col[5].s;
	ret->recipient = col[6].s;
	ret->medium = col[7].s;
	if (!ac_val_sha(&col[8], &ret->sha256))
		return bad_row(reterr, "issue.sha256");
	ret->size = col[9].i;
	return AC_OK;
}

enum ac_code
ac_version_get(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_version_row *ret,
    struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(
	    w->reader, AC_STMT_VERSION_GET, w->arena, &rows, reterr, AC_VUUID(&plan), AC_VINT(version));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-VERSION", "the plan has no such version");
	const struct ac_val *col = ac_row(&rows, 0);
	*ret = (struct ac_version_row){ .version = version, .made_at = col[0].i };
	if (!ac_val_sha(&col[1], &ret->content) || !ac_val_sha(&col[2], &ret->manifest))
		return bad_row(reterr, "plan_version.manifest");
	return AC_OK;
}

/* The lists of one plan differ in statement and row only. */
#define LIST_OF(fn, T, stmt, row_of) \
	enum ac_code fn( \
	    struct ac_worker *w, struct ac_uuid plan, struct T **ret, size_t *ret_n, struct ac_err *reterr) \
	{ \
		struct ac_rows rows; \
		enum ac_code rc = ac_rows_read(w->reader, stmt, w->arena, &rows, reterr, AC_VUUID(&plan)); \
		struct T *v = NULL; \
		if (rc == AC_OK) \
			v = ac_new(w->arena, struct T, rows.n); \
		for (size_t i = 0; rc == AC_OK && i < rows.n; i++) \
			rc = row_of(ac_row(&rows, i), &v[i], reterr); \
		if (rc != AC_OK) \
			return rc; \
		*ret = v; \
		*ret_n = rows.n; \
		return AC_OK; \
	} \
	struct ac_record_semicolon
LIST_OF(ac_tasks_of, ac_task_row, AC_STMT_TASK_LIST_OF_PLAN, ac_task_row_of);
LIST_OF(ac_issues_of, ac_issue_row, AC_STMT_ISSUE_LIST, ac_issue_row_of);
LIST_OF(ac_documents_of, ac_document_row, AC_STMT_DOCUMENT_LIST, ac_document_row_of);

static enum ac_code
get_document(
    struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_rows *rows, struct ac_err *reterr)
{
	enum ac_code rc;

	rc = ac_rows_read(
	    w->reader, AC_STMT_DOCUMENT_GET, w->arena, rows, reterr, AC_VUUID(&plan), AC_VINT(version));
	if (rc == AC_OK && rows->n == 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "DOCUMENT-UNKNOWN", "the plan has no document of this version");
	return rc;
}

enum ac_code
ac_document_manifest(
    struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_sha256 *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = get_document(w, plan, version, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	return ac_val_sha(&ac_row(&rows, 0)[11], ret) ? AC_OK : bad_row(reterr, "document.manifest");
}

enum ac_code
ac_document_bytes(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_document_row *ret_row,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_document_row row;
	enum ac_code rc = get_document(w, plan, version, &rows, reterr);

	if (rc != AC_OK || (rc = ac_document_row_of(ac_row(&rows, 0), &row, reterr)) != AC_OK)
		return rc;
	rc = ac_blob_decode(ac_row(&rows, 0)[9].s, &row.sha256, AC_BLOB_PLAIN_MAX, w->service->dictionaries,
	    w->arena, ret, reterr);
	if (rc == AC_OK)
		*ret_row = row;
	return rc;
}

enum ac_code
ac_issue_bytes(struct ac_worker *w, struct ac_uuid plan, int64_t n, struct ac_issue_row *ret_row,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_issue_row row;
	enum ac_code rc;

	rc = ac_rows_read(w->reader, AC_STMT_ISSUE_GET, w->arena, &rows, reterr, AC_VUUID(&plan), AC_VINT(n));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "ISSUE-UNKNOWN", "the plan has no such sheet");
	if ((rc = ac_issue_row_of(ac_row(&rows, 0), &row, reterr)) != AC_OK)
		return rc;
	rc = ac_blob_decode(ac_row(&rows, 0)[10].s, &row.sha256, AC_BLOB_PLAIN_MAX, w->service->dictionaries,
	    w->arena, ret, reterr);
	if (rc == AC_OK)
		*ret_row = row;
	return rc;
}

/* A version that became final after it was made is shown as its document shows it: the later inputs say more. */
static enum ac_code
inputs_of(struct ac_worker *w, const struct ac_record *r, struct ac_sha256 *ret, struct ac_err *reterr)
{
	struct ac_version_row version;
	enum ac_code rc = ac_version_get(w, r->row.id, r->version, &version, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = version.manifest;
	for (size_t i = r->ndocuments; i-- > 0;)
		if (r->documents[i].plan_version == r->version)
			return ac_document_manifest(w, r->row.id, r->documents[i].version, ret, reterr);
	return AC_OK;
}

static enum ac_code
remake(struct ac_worker *w, struct ac_record *r, struct ac_err *reterr)
{
	struct ac_sha256 sha;
	struct ac_manifest m;
	struct ac_plan_input *in;
	enum ac_code rc;

	if ((rc = inputs_of(w, r, &sha, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_manifest_get(w, &sha, &m, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_manifest_input(w, &m, &in, reterr)) != AC_OK)
		return rc;
	r->encounter = in->encounter;
	return ac_plan_make(in, w->arena, &r->plan, reterr);
}

static enum ac_code
load(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_record *r, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_plan_full full;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_GET, w->arena, &rows, reterr, AC_VUUID(&plan));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = ac_plan_row_of(ac_row(&rows, 0), &full, reterr)) != AC_OK)
		return rc;
	r->row = full.row;
	r->version = version == 0 ? full.row.version : version;
	if ((rc = ac_tasks_of(w, plan, &r->tasks, &r->ntasks, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_issues_of(w, plan, &r->issues, &r->nissues, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_documents_of(w, plan, &r->documents, &r->ndocuments, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_calls_of(w, plan, &r->calls, &r->ncalls, reterr)) != AC_OK)
		return rc;
	return remake(w, r, reterr);
}

enum ac_code
ac_record_load(
    struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_record **ret, struct ac_err *reterr)
{
	struct ac_record *r = ac_new(w->arena, struct ac_record, 1);
	enum ac_code rc = w->reader->ops->begin_read(w->reader, reterr);

	if (rc != AC_OK)
		return rc;
	rc = load(w, plan, version, r, reterr);
	w->reader->ops->rollback(w->reader);
	for (size_t i = 0; rc == AC_OK && i < r->ntasks; i++) {
		r->tasks[i].patient_name = ac_patient_name(&r->encounter->patient, w->arena);
		r->tasks[i].phone = r->encounter->patient.phone;
		r->tasks[i].zone = r->encounter->zone;
	}
	if (rc == AC_OK)
		*ret = r;
	return rc;
}

enum ac_code
ac_record_find(struct ac_worker *w, struct ac_str site, struct ac_str encounter, struct ac_uuid *ret_plan,
    struct ac_err *reterr)
{
	struct ac_rows rows, enc;
	struct ac_plan_full full;
	enum ac_code rc;

	rc = ac_rows_read(w->reader, AC_STMT_PLAN_OF_ENCOUNTER, w->arena, &rows, reterr, AC_VTEXT(site),
	    AC_VTEXT(encounter));
	if (rc != AC_OK)
		return rc;
	rc = ac_rows_read(
	    w->reader, AC_STMT_ENCOUNTER_GET, w->arena, &enc, reterr, AC_VTEXT(site), AC_VTEXT(encounter));
	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < rows.n && enc.n == 1; i++) {
		if ((rc = ac_plan_row_of(ac_row(&rows, i), &full, reterr)) != AC_OK)
			return rc;
		if (!ac_streq(full.row.patient, ac_row(&enc, 0)[0].s))
			continue;
		*ret_plan = full.row.id;
		return AC_OK;
	}
	return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "the encounter has no plan");
}

enum ac_code
ac_record_moved(struct ac_worker *w, const struct ac_plan_row *row, struct ac_uuid ret[AC_MOVED_MAX], size_t *ret_n,
    struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_plan_full full;
	size_t n = 0;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_OF_ENCOUNTER, w->arena, &rows, reterr, AC_VTEXT(row->site),
	    AC_VTEXT(row->encounter));

	for (size_t i = 0; rc == AC_OK && i < rows.n && n < AC_MOVED_MAX; i++) {
		rc = ac_plan_row_of(ac_row(&rows, i), &full, reterr);
		if (rc == AC_OK && !ac_streq(full.row.patient, row->patient))
			ret[n++] = full.row.id;
	}
	*ret_n = n;
	return rc;
}

enum ac_code
ac_encounter_get(struct ac_worker *w, struct ac_str site, struct ac_str encounter,
    struct ac_encounter_row *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_sha256 sha;
	struct encounter *e;
	enum ac_code rc;

	rc = ac_rows_read(
	    w->reader, AC_STMT_ENCOUNTER_GET, w->arena, &rows, reterr, AC_VTEXT(site), AC_VTEXT(encounter));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "ENCOUNTER-UNKNOWN", "no snapshot of this encounter was received");
	const struct ac_val *col = ac_row(&rows, 0);
	if (!ac_val_sha(&col[3], &sha))
		return bad_row(reterr, "encounter.snapshot");
	if ((rc = ac_snapshot_get(w, &sha, &e, reterr)) != AC_OK)
		return rc;
	e->revision = col[1].i; /* a later one with the same content is not stored again */
	*ret = (struct ac_encounter_row){ .site = e->site,
		.id = e->id,
		.patient = col[0].s,
		.status = col[4].s,
		.outcome = col[5].s,
		.revision = col[1].i,
		.updated_ms = col[6].i,
		.answers = col[7].i,
		.encounter = e };
	return AC_OK;
}
