/* issue.c - the handout is given out: the exact bytes, who, to whom, when, of which version. */
#include "core/blank_sheet.h"
#include "core/check_code.h"
#include "core/handout.h"
#include "core/intake_parts.h"

#define ASSETS "/aftercare/assets/"

/* What was taken out of use is not given to anybody, by whoever asks. */
static enum ac_code
check_suspended(const struct ac_intake_work *k, const struct ac_plan *p, struct ac_err *reterr)
{
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *protocol = p->in->protocols[i].protocol;
		const struct ac_suspended *s = ac_config_suspended(k->w->config, &protocol->version);
		if (s != NULL)
			return ac_fail(reterr, AC_ECONFLICT, "PROTOCOL-SUSPENDED",
			    "%.*s v%lld is suspended: nothing made from it is given out", AC_FMT(protocol->id),
			    (long long)s->n);
	}
	return AC_OK;
}

static enum ac_code
may_issue(const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_clinic *c = op->plan->in->clinic;
	const struct ac_seen_plan *was = op->was;
	bool reprint = was != NULL && was->nissues > 0 &&
		       was->issues[was->nissues - 1].plan_version == op->now.row.version;
	enum ac_code rc;

	switch (k->job->who->role) {
	case AC_ROLE_NURSE:
	case AC_ROLE_CLINICIAN:
		break;
	case AC_ROLE_FRONT_DESK:
		if (reprint)
			break;
		return ac_fail(reterr, AC_EDENIED, "ISSUE-ROLE",
		    "the front desk prints again what was given out before");
	case AC_ROLE_NONE:
	case AC_ROLE_ADMIN:
	case AC_ROLE_AUDITOR:
	case AC_ROLE_SYSTEM:
		return ac_fail(
		    reterr, AC_EDENIED, "ISSUE-ROLE", "a nurse or a clinician gives out the handout");
	}
	if ((rc = check_suspended(k, op->plan, reterr)) != AC_OK)
		return rc;
	if (!c->out_of_hours.is_set || !c->emergency.is_set)
		return ac_fail(reterr, AC_EDENIED, "ISSUE-CONTACT",
		    "the clinic's out-of-hours and emergency numbers are not configured");
	if (ac_plan_lacks_required(op->plan))
		return ac_fail(reterr, AC_EDENIED, "ISSUE-REQUIRED", "a required fact is not known");
	if (c->early_issue == AC_ISSUE_NO && k->e->signed_at.precision == 0)
		return ac_fail(reterr, AC_EDENIED, "ISSUE-SIGNATURE",
		    "this clinic gives out handouts after the signature");
	/* the approved protocol is the standing order: what a clinician decided beside it is signed first */
	if (ac_override_holds_up_sheet(op->plan))
		return ac_fail(reterr, AC_EDENIED, "ISSUE-OVERRIDES",
		    "this clinic gives out a sheet with overrides after the chart is signed");
	return AC_OK;
}

/* An anchor that nobody recorded: another guess may not make the times on the sheet shorter. */
static int64_t
assumed_anchor(const struct ac_plan *p)
{
	if (p->ntreatments == 0)
		return 0;
	switch (p->treatments[0].anchor_source) {
	case AC_ANCHOR_END:
	case AC_ANCHOR_ISSUE:
	case AC_ANCHOR_DAY_END:
		return p->anchor;
	case AC_ANCHOR_PERFORMED:
	case AC_ANCHOR_ANSWER:
		break;
	}
	return 0;
}

/* What the patient holds, where it is an older version: the new sheet tells the difference. */
static enum ac_code
held(struct ac_intake_work *k, const struct ac_plan_op *op, const struct ac_plan **ret, struct ac_err *reterr)
{
	const struct ac_seen_plan *was = op->was;
	struct ac_plan *before;
	int64_t version = was == NULL || was->nissues == 0 ? 0 : was->issues[was->nissues - 1].plan_version;
	enum ac_code rc;

	if (version == 0 || version == op->now.row.version)
		return AC_OK;
	if ((rc = ac_seen_version(k->w, was, version, &before, reterr)) == AC_OK)
		*ret = before;
	return rc;
}

/* Twice: the code that it carries says how it is without. */
static enum ac_code
render(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_handout_options *o, struct ac_err *reterr)
{
	enum ac_code rc = ac_handout_html(op->plan, o, k->w->arena, &op->issue_plain, reterr);

	if (rc != AC_OK)
		return rc;
	o->check = ac_check_code(op->now.row.id, o->sheet, op->issue_plain, k->w->arena);
	return ac_handout_html(op->plan, o, k->w->arena, &op->issue_plain, reterr);
}

/* The paper that was written on, as far as the clinic knows it: of that protocol, in that language. */
static enum ac_code
render_blank(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_str lang, struct ac_err *reterr)
{
	const struct ac_issue_request *rq = k->job->issue;
	const struct ac_plan_input *in = op->plan->in;
	size_t i = 0;

	while (i < in->nprotocols && ac_str_is_set(rq->protocol) && !ac_streq(in->protocols[i].protocol->id, rq->protocol))
		i++;
	if (i == in->nprotocols)
		return ac_fail(reterr, AC_EINPUT, "ISSUE-FIELD", "the plan has no such protocol");
	struct ac_active of = { .protocol = in->protocols[i].protocol,
		.approver = in->protocols[i].approver,
		.solo = in->protocols[i].solo,
		.published_ms = k->job->now_ms };
	return ac_blank_sheet_html(k->w, &of, lang, AC_S(ASSETS), &op->issue_plain, reterr);
}

static enum ac_code
may_record(const struct ac_intake_work *k, struct ac_err *reterr)
{
	enum ac_role role = k->job->who->role;
	int64_t given = k->job->issue->blank_given_at;

	if (role != AC_ROLE_NURSE && role != AC_ROLE_CLINICIAN)
		return ac_fail(reterr, AC_EDENIED, "ISSUE-ROLE", "a nurse or a clinician says that a blank sheet was given");
	if (given > k->job->now_ms / 1000 || given < k->e->start.t - 86400)
		return ac_fail(reterr, AC_EINPUT, "ISSUE-GIVEN", "the sheet was given on the day of the visit or later, and not later than now");
	return AC_OK;
}

enum ac_code
ac_work_issue(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_issue_request *rq = k->job->issue;
	const struct ac_seen_plan *was = op->was;
	struct ac_str lang = ac_handout_language(rq->language, k->e->patient.language);
	int64_t n = was == NULL || was->nissues == 0 ? 0 : was->issues[was->nissues - 1].n;
	bool blank = rq->blank_given_at != 0;
	int64_t at_ms = blank ? rq->blank_given_at * 1000 : k->job->now_ms;
	enum ac_code rc = blank ? may_record(k, reterr) : may_issue(k, op, reterr);

	if (rc != AC_OK)
		return rc;
	if (!ac_str_is_set(lang))
		lang = AC_S("en");
	struct ac_handout_options o = { .language = lang,
		.asset_base = AC_S(ASSETS),
		.issued_at = k->job->now_ms / 1000,
		.issued_by = k->job->who->user,
		.sheet = n + 1,
		.replaces = n };
	o.large = rq->large;
	o.to_guardian = ac_streq_c(rq->recipient, "guardian");
	if (blank)
		rc = render_blank(k, op, lang, reterr);
	else if ((rc = held(k, op, &o.before, reterr)) == AC_OK)
		rc = render(k, op, &o, reterr);
	if (rc != AC_OK)
		return rc;
	op->has_issue = true;
	op->issue = (struct ac_issue_row){ .n = n + 1,
		.plan_version = op->now.row.version,
		.at_ms = at_ms,
		.language = lang,
		.actor = k->job->who->user,
		.role = ac_str_c(ac_role_word(k->job->who->role)),
		.recipient = ac_str_is_set(rq->recipient) ? rq->recipient : AC_S("patient"),
		.medium = blank ? AC_S(AC_ISSUE_BLANK) : ac_str_is_set(rq->medium) ? rq->medium : AC_S("paper"),
		.size = (int64_t)op->issue_plain.n };
	ac_sha256(op->issue_plain, &op->issue.sha256);
	op->issue_stored = ac_blob_encode_like(
	    op->issue_plain, ac_work_like(k, op, AC_LIKE_HANDOUT), k->w->service->dictionaries, k->w->arena);
	ac_random(op->issue_salt, sizeof(op->issue_salt));
	op->now.issued_anchor = assumed_anchor(op->plan);
	return AC_OK;
}

enum ac_code
ac_intake_issue(struct ac_worker *w, const struct ac_actor *who, const struct ac_issue_request *rq,
    struct ac_issue_row *ret, struct ac_str *ret_bytes, struct ac_err *reterr)
{
	struct ac_job job = { .cause = AC_CAUSE_ISSUE, .who = who, .issue = rq };
	struct ac_intake_work *k;
	struct ac_plan_full plan;
	enum ac_code rc;

	if (ac_str_is_set(rq->medium) && !ac_streq_c(rq->medium, "paper") &&
	    !ac_streq_c(rq->medium, "digital"))
		return ac_fail(
		    reterr, AC_EINPUT, "ISSUE-MEDIUM", "a handout is given out on paper or digital");
	if (rq->recipient.n > ENC_ID_MAX || rq->language.n > 35)
		return ac_fail(reterr, AC_ELIMIT, "ISSUE-LIMIT", "recipient or language is too long");
	if ((rc = ac_plan_named(w, who, rq->plan, &plan, reterr)) != AC_OK)
		return rc;
	job.site = plan.row.site;
	job.encounter = plan.row.encounter;
	if ((rc = ac_intake_run(w, &job, &k, reterr)) != AC_OK)
		return rc;
	*ret = k->current->issue;
	*ret_bytes = k->current->issue_plain;
	return AC_OK;
}
