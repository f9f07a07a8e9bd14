/*
 * revoke.c - a plan that must not be followed any more.
 *
 * Rules   the revoked version keeps the inputs of the version before: it speaks of what was planned and for whom, not of
 *         the snapshot that took it away. A final plan gets a document that says so; open tasks are cancelled; who holds
 *         a sheet is told.
 */
#include "core/intake_parts.h"

static bool
is_misfiled(const char *reason)
{
	return strcmp(reason, AC_REVOKED_PATIENT) == 0 || strcmp(reason, "entered-in-error") == 0;
}

struct ac_str
ac_plan_revoke_words(struct ac_str reason)
{
	static const struct {
		const char *reason, *words;
	} t[] = {
		{ "", "no reason was recorded" },
		{ "procedure-gone", "the treatment is no longer in the patient's record" },
		{ "entered-in-error", "the encounter was entered in error" },
		{ AC_REVOKED_PATIENT, "the encounter belongs to another patient" },
		{ "cancelled", "the encounter was cancelled" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (ac_streq_c(reason, t[i].reason))
			return ac_str_c(t[i].words);
	return reason;
}

enum ac_code
ac_work_revoke(struct ac_intake_work *k, const struct ac_seen_plan *p, const char *reason,
    struct ac_plan_op **ret, struct ac_err *reterr)
{
	const struct ac_plan_row *row = &p->full.row;
	struct ac_manifest m = p->manifest;
	struct ac_plan_op *op = &k->plans[k->nplans++];
	struct ac_plan_input *in;
	bool final = ac_streq_c(row->stage, "final");
	enum ac_code rc;

	m.version = (uint32_t)row->version + 1;
	m.confirmed_at = 0;
	m.made_at = k->job->now_ms / 1000;
	m.stage = final ? AC_STAGE_FINAL : AC_STAGE_PRELIMINARY;
	/* what was completed never was */
	bool completed = m.state.is_set && m.state.status == AC_PLAN_COMPLETED;
	m.state = (struct ac_plan_state){ 0 };
	if (completed)
		m.state = (struct ac_plan_state){ .is_set = true,
			.status = AC_PLAN_ENTERED_IN_ERROR,
			.reason = ac_str_c(reason),
			.at = m.made_at };
	m.revoked = true;
	m.revoke_reason = ac_str_c(reason);
	m.document_version = final ? (uint32_t)row->document_version + 1 : 0;
	m.former_document_version = final ? (uint32_t)row->document_version : 0;
	if (row->issued_ms != 0)
		m.issued_at = row->issued_ms / 1000;
	if ((rc = ac_manifest_input(k->w, &m, &in, reterr)) != AC_OK)
		return rc;
	op->was = p;
	op->now = p->full;
	if ((rc = ac_plan_make(in, k->w->arena, &op->plan, reterr)) != AC_OK)
		return rc;
	ac_plan_content_hash(op->plan, k->w->arena, &op->content);
	op->changed = AC_CHANGED_CLINICAL;
	k->changed |= AC_CHANGED_CLINICAL;
	op->now.row.status = ac_str_c(ac_plan_status_word(op->plan->status));
	op->now.row.pending = false;
	op->now.timer_ms = 0;
	op->withdraw = is_misfiled(reason);
	ac_work_version(k, op, &m);
	if (final && (rc = ac_work_document(k, op, &m, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_work_tasks(k, op, reterr)) != AC_OK || (rc = ac_work_series_back(k, op, reterr)) != AC_OK)
		return rc;
	ac_work_deliveries(k, op);
	*ret = op;
	return AC_OK;
}
