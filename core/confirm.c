/* confirm.c - see confirm.h. */
#include "base/log.h"
#include "core/confirm.h"
#include "core/intake_parts.h"
#include "core/person.h"
#include "core/plan_cda.h"

/* The same account, or two accounts of one person. */
static enum ac_code
is_same_person(struct ac_worker *w, struct ac_str site, struct ac_str user, struct ac_str id, bool *ret,
    struct ac_err *reterr)
{
	struct ac_str x, y;
	enum ac_code rc;

	*ret = id.n > 0 && ac_streq(user, id);
	if (*ret || id.n == 0)
		return AC_OK;
	rc = ac_person_of(w->reader, ac_strf(w->arena, "ehr:%.*s/%.*s", AC_FMT(site), AC_FMT(user)), w->arena, &x, reterr);
	if (rc != AC_OK)
		return rc;
	rc = ac_person_of(w->reader, ac_strf(w->arena, "ehr:%.*s/%.*s", AC_FMT(site), AC_FMT(id)), w->arena, &y, reterr);
	*ret = rc == AC_OK && ac_streq(x, y);
	return rc;
}

static enum ac_code
waits(struct ac_worker *w, struct ac_uuid plan, bool *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_CONFIRM_WAITS, w->arena, &rows, reterr, AC_VUUID(&plan));

	*ret = rc == AC_OK && rows.n > 0 && ac_row(&rows, 0)[0].type != AC_VAL_NULL;
	return rc;
}

static enum ac_code
check(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr)
{
	const struct ac_confirm *rq = k->job->confirm;
	bool waiting;
	enum ac_code rc;

	if (cur == NULL || memcmp(&cur->full.row.id, &rq->plan, sizeof(rq->plan)) != 0 ||
	    !ac_streq_c(cur->full.row.status, "active") || cur->full.row.document_version == 0)
		return ac_fail(reterr, AC_ECONFLICT, "CONFIRM-STATE", "the plan has no document to confirm");
	if (rq->seen_version != cur->full.row.version || rq->seen_document != cur->full.row.document_version)
		return ac_fail(reterr, AC_ECONFLICT, "FORM-STALE", "the document changed");
	if ((rc = waits(k->w, rq->plan, &waiting, reterr)) != AC_OK)
		return rc;
	if (!waiting)
		return ac_fail(reterr, AC_ECONFLICT, "CONFIRM-DONE", "this version does not wait for a confirmation");
	return AC_OK;
}

/* The same inputs once more, and who confirmed them when: the next version of the document. */
static enum ac_code
authenticate(struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_plan_op *op, struct ac_err *reterr)
{
	struct ac_plan_input *in;
	struct ac_sha256 sha;
	struct ac_manifest m;
	enum ac_code rc = ac_document_manifest(k->w, cur->full.row.id, cur->full.row.document_version, &sha, reterr);

	if (rc != AC_OK || (rc = ac_manifest_get(k->w, &sha, &m, reterr)) != AC_OK)
		return rc;
	m.former_document_version = m.document_version;
	m.document_version++;
	m.confirmed_at = k->job->now_ms / 1000;
	if ((rc = ac_manifest_input(k->w, &m, &in, reterr)) != AC_OK ||
	    (rc = ac_plan_make(in, k->w->arena, &op->plan, reterr)) != AC_OK)
		return rc;
	return ac_work_document(k, op, &m, reterr);
}

enum ac_code
ac_work_confirm(struct ac_intake_work *k, struct ac_err *reterr)
{
	const struct ac_seen_plan *cur = ac_seen_plan_of(k->seen, k->e->patient.id);
	struct ac_plan *plan;
	struct ac_plan_op *op;
	enum ac_code rc = check(k, cur, reterr);

	if (rc != AC_OK)
		return rc;
	op = k->current = &k->plans[k->nplans++];
	op->was = cur;
	op->now = cur->full;
	op->confirms = cur->full.row.document_version;
	if ((rc = ac_seen_remake(k->w, cur, &plan, reterr)) != AC_OK)
		return rc;
	op->plan = plan;
	op->content = cur->latest.content;
	const struct encounter *e = plan->in->encounter; /* what the document speaks of, not what came since */
	if (e->has_signed_by && (rc = is_same_person(k->w, k->seen->site, k->job->who->user, e->signed_by.id,
				     &op->confirmed_by_signer, reterr)) != AC_OK)
		return rc;
	if (op->confirmed_by_signer && (rc = authenticate(k, cur, op, reterr)) != AC_OK)
		return rc;
	ac_work_deliveries(k, op);
	k->outcome = op->has_document ? AC_OUT_UPDATED : AC_OUT_UNCHANGED;
	return AC_OK;
}

enum ac_code
ac_plan_confirm(struct ac_worker *w, const struct ac_actor *who, const struct ac_confirm *rq,
    struct ac_confirmed *ret, struct ac_err *reterr)
{
	struct ac_job job = { .cause = AC_CAUSE_CONFIRM, .who = who, .confirm = rq };
	struct ac_intake_work *k;
	struct ac_plan_full plan;
	enum ac_code rc;

	if (who->role != AC_ROLE_CLINICIAN)
		return ac_fail(reterr, AC_EDENIED, "CONFIRM-ROLE", "a clinician confirms a document");
	if ((rc = ac_plan_named(w, who, rq->plan, &plan, reterr)) != AC_OK)
		return rc;
	job.site = plan.row.site;
	job.encounter = plan.row.encounter;
	if ((rc = ac_intake_run(w, &job, &k, reterr)) != AC_OK)
		return rc;
	*ret = (struct ac_confirmed){ k->current->confirmed_by_signer, k->current->now.row.document_version };
	return AC_OK;
}

static enum ac_code
fill(struct ac_worker *w, const struct ac_actor *who, struct ac_confirm_row *r, struct ac_err *reterr)
{
	struct ac_encounter_row e;
	bool provider = false, signer = false;
	enum ac_code rc = ac_encounter_get(w, r->plan.site, r->plan.encounter, &e, reterr);

	if (rc != AC_OK)
		return rc;
	r->encounter = e.encounter;
	if (e.encounter->has_provider)
		rc = is_same_person(w, r->plan.site, who->user, e.encounter->provider.id, &provider, reterr);
	if (rc == AC_OK && e.encounter->has_signed_by)
		rc = is_same_person(w, r->plan.site, who->user, e.encounter->signed_by.id, &signer, reterr);
	r->mine = provider || signer;
	return rc;
}

enum ac_code
ac_confirm_list(struct ac_worker *w, const struct ac_actor *who, struct ac_confirm_rows *ret, struct ac_err *reterr)
{
	struct ac_val site = ac_str_is_set(who->site) ? AC_VTEXT(who->site) : AC_VNULL;
	struct ac_confirm_rows all = { 0 };
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_CONFIRM_LIST, w->arena, &rows, reterr, AC_VINT(0), site,
	    site, AC_VINT(AC_CONFIRM_LIST_MAX));

	if (rc != AC_OK)
		return rc;
	all.v = ac_new(w->arena, struct ac_confirm_row, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		struct ac_confirm_row *r = &all.v[all.n];
		struct ac_plan_full full;
		if ((rc = ac_plan_row_of(ac_row(&rows, i), &full, reterr)) != AC_OK)
			return rc;
		r->plan = full.row;
		if ((rc = fill(w, who, r, reterr)) != AC_OK)
			return rc;
		if (!ac_actor_may_see(who, r->encounter->sensitivity))
			continue;
		all.nmine += r->mine;
		all.n++;
	}
	*ret = all;
	return AC_OK;
}

enum ac_code
ac_confirmations_of(struct ac_worker *w, struct ac_uuid plan, struct ac_confirmation_row **ret, size_t *ret_n,
    bool *ret_waits, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_CONFIRMATION_LIST, w->arena, &rows, reterr, AC_VUUID(&plan));

	if (rc != AC_OK)
		return rc;
	*ret = ac_new(w->arena, struct ac_confirmation_row, rows.n);
	*ret_n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		(*ret)[i] = (struct ac_confirmation_row){ col[0].i, col[1].i, col[2].i, col[3].s, col[4].i != 0 };
	}
	return waits(w, plan, ret_waits, reterr);
}

struct known {
	struct ac_uuid plan;
	int64_t document_version, since_ms; /* 0: it names who signed */
};

static enum ac_code
commit_known(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct known *x = arg;

	return ac_store_run(c->store, AC_STMT_CONFIRM_KNOWN, NULL, NULL, reterr, x->since_ms == 0 ? AC_VNULL : AC_VINT(x->since_ms),
	    AC_VUUID(&x->plan), AC_VINT(x->document_version));
}

static enum ac_code
names_signer(struct ac_worker *w, const struct known *x, bool *ret, struct ac_err *reterr)
{
	struct ac_plan_input *in;
	struct ac_plan *plan;
	struct ac_sha256 sha;
	struct ac_manifest m;
	enum ac_code rc = ac_document_manifest(w, x->plan, x->document_version, &sha, reterr);

	if (rc != AC_OK || (rc = ac_manifest_get(w, &sha, &m, reterr)) != AC_OK ||
	    (rc = ac_manifest_input(w, &m, &in, reterr)) != AC_OK || (rc = ac_plan_make(in, w->arena, &plan, reterr)) != AC_OK)
		return rc;
	*ret = ac_plan_is_authenticated(plan);
	return AC_OK;
}

enum ac_code
ac_confirm_settle(struct ac_worker *w, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new(); /* the worker's is emptied for each plan */
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_CONFIRM_UNKNOWN, a, &rows, reterr, AC_VINT(AC_CONFIRM_SETTLE_MAX));

	for (size_t i = 0; rc == AC_OK && i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		struct known x = { .document_version = col[2].i, .since_ms = col[1].i };
		struct ac_err err = { 0 };
		bool is_signed = false;

		if (!ac_val_uuid(&col[0], &x.plan))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.id is no id");
		if ((rc = ac_worker_begin(w, reterr)) != AC_OK)
			return rc;
		if (names_signer(w, &x, &is_signed, &err) != AC_OK)
			ac_log_err(AC_LOG_ERR, "confirm: a document whose inputs cannot be read waits", &err);
		if (is_signed)
			x.since_ms = 0;
		rc = ac_committer_run(w->service->committer, commit_known, &x, reterr);
	}
	return rc;
}
