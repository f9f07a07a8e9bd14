/*
 * intake_decide.c - what a snapshot, an answer, an issue or an hour that came means for the plan.
 *
 * Rules   CONTRACTS "Identity and life". Changes after final wait until the chart says by the clinic's own rule that it
 *         is done (signed, finished); a revocation, and the return from one, waits for nobody.
 */
#include "core/intake_parts.h"
#include "core/keys.h"
#include "core/plan_cda.h"
#include "core/plan_state.h"
#include "core/signature.h"

void
ac_work_blob(struct ac_intake_work *k, const struct ac_sha256 *sha, struct ac_str plain, bool lasting)
{
	struct ac_service *s = k->w->service;

	if (lasting && ac_service_has_stored(s, sha))
		return;
	for (size_t i = 0; i < k->blobs.n; i++)
		if (memcmp(&k->blobs.v[i].sha, sha, sizeof(*sha)) == 0)
			return;
	const struct ac_sha256 *like = lasting ? NULL : ac_service_like(k->w, NULL, AC_LIKE_RECORD);
	AC_PUSH(k->w->arena, &k->blobs,
	    ((struct ac_blob_op){
		*sha, ac_blob_encode_like(plain, like, s->dictionaries, k->w->arena), lasting }));
}

/* The dictionary of the plan's first protocol; a revoked one may have none. */
const struct ac_sha256 *
ac_work_like(struct ac_intake_work *k, const struct ac_plan_op *op, enum ac_likeness like)
{
	const struct ac_plan_input *in = op->plan->in;

	return in->nprotocols == 0 ? NULL : ac_service_like(k->w, &in->protocols[0].protocol->version, like);
}

void
ac_work_version(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_manifest *m)
{
	op->has_version = true;
	op->manifest_json = ac_manifest_encode(m, k->w->arena);
	ac_sha256(op->manifest_json, &op->manifest);
	ac_work_blob(k, &op->manifest, op->manifest_json, false);
	ac_random(op->version_salt, sizeof(op->version_salt));
	op->now.row.version = m->version;
}

/* ECDSA varies: what is stored is the signature, not a way to make it again. */
static enum ac_code
sign(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_keys *keys = k->w->service->keys;
	struct ac_certificate c;

	if (!ac_keys_certificate(keys, k->w->arena, &c))
		return AC_OK;
	op->certificate = c.sha256;
	ac_work_blob(k, &c.sha256, c.der, true);
	return ac_signature_make(keys, &op->document.sha256, k->job->now_ms, k->w->arena, &op->signature, reterr);
}

enum ac_code
ac_work_document(
    struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_manifest *m, struct ac_err *reterr)
{
	struct ac_str json, xml;
	enum ac_code rc = ac_plan_cda(op->plan, k->w->arena, &xml, reterr);

	if (rc != AC_OK)
		return rc;
	json = ac_manifest_encode(m, k->w->arena);
	ac_sha256(json, &op->document_manifest);
	ac_work_blob(k, &op->document_manifest, json, false);
	op->has_document = true;
	op->document = (struct ac_document_row){ .id = op->plan->document_id,
		.plan = op->plan->id,
		.version = m->document_version,
		.plan_version = m->version,
		.status = AC_S("current"),
		.size = (int64_t)xml.n,
		.performed = op->plan->anchor,
		.made_ms = k->job->now_ms };
	ac_sha256(xml, &op->document.sha256);
	op->document_stored = ac_blob_encode_like(
	    xml, ac_work_like(k, op, AC_LIKE_DOCUMENT), k->w->service->dictionaries, k->w->arena);
	ac_random(op->document_salt, sizeof(op->document_salt));
	if ((rc = sign(k, op, reterr)) != AC_OK)
		return rc;
	op->document_waits = op->plan->status != AC_PLAN_REVOKED && !ac_plan_is_authenticated(op->plan);
	op->now.row.document_version = m->document_version;
	if (op->now.row.final_ms == 0)
		op->now.row.final_ms = k->job->now_ms;
	op->now.row.stage = AC_S("final");
	return AC_OK;
}

static enum ac_code
note_changed(struct ac_intake_work *k, struct ac_draft *d, struct ac_plan_op *op, struct ac_err *reterr)
{
	struct ac_plan *before;
	enum ac_code rc;

	if (d->cur == NULL || d->same)
		return AC_OK;
	if ((rc = ac_seen_remake(k->w, d->cur, &before, reterr)) != AC_OK)
		return rc;
	op->changed = ac_plan_changed(before, d->plan, k->w->arena);
	k->changed = op->changed;
	return AC_OK;
}

static int64_t
sooner(int64_t x, int64_t y)
{
	return x == 0 || (y != 0 && y < x) ? y : x;
}

/* When the last window is over; with open tasks the last act on them brings the hour. */
static int64_t
completes_ms(const struct ac_intake_work *k, const struct ac_draft *d, const struct ac_plan_op *op)
{
	struct ac_task_row *tasks;
	size_t n;
	int64_t end = ac_plan_last_end(op->plan) * 1000;

	if (!d->final || op->now.row.pending || !ac_streq_c(op->now.row.status, "active"))
		return 0;
	ac_work_tasks_after(op, k->w->arena, &tasks, &n);
	for (size_t i = 0; i < n; i++)
		if (ac_task_is_open(&tasks[i]))
			return 0;
	return end > k->job->now_ms ? end : k->job->now_ms + 1;
}

/* When the timer must look again: the hour at which it becomes final, at which the chart should be done, at
 * which it is over, at which a call that nobody goes on with counts. */
static int64_t
next_timer(const struct ac_intake_work *k, const struct ac_draft *d, const struct ac_plan_op *op)
{
	int64_t issued = op->now.row.issued_ms, now = k->job->now_ms, next = sooner(completes_ms(k, d, op), ac_draft_calls_ms(k, d));
	int64_t after = ac_final_after_ms(d->in.clinic), chart = issued + AC_CHART_HOURS * AC_HOUR_MS;
	bool settled = ac_chart_is_settled(d->in.clinic, k->e);

	if (issued == 0 || (d->final && settled))
		return next;
	if (!d->final && after >= 0 && issued + after > now)
		next = sooner(next, issued + after);
	return chart > now ? sooner(next, chart) : next;
}

static void
fill_row(struct ac_intake_work *k, struct ac_draft *d, struct ac_plan_op *op)
{
	struct ac_plan_row *row = &op->now.row;

	if (d->cur != NULL) {
		op->now = d->cur->full;
	} else {
		row->id = d->plan->id;
		row->site = k->seen->site;
		row->encounter = k->seen->id;
		row->patient = k->e->patient.id;
		row->stage = AC_S("preliminary");
		row->created_ms = k->job->now_ms;
	}
	row->status = d->in.state.is_set ? ac_str_c(ac_plan_status_word(d->in.state.status)) : AC_S("active");
	op->was = d->cur;
	op->plan = d->plan;
	op->content = d->content;
	op->waits = d->waits;
	op->saw_others = d->saw_others;
	if (d->reopens) {
		op->act = ac_plan_transition(AC_PLAN_ACT_RETURN, AC_PLAN_COMPLETED, AC_BY_CHART);
		op->act_reason = d->in.state.reason;
	}
	row->issued_ms = ac_draft_issued_ms(k, d);
	row->pending = d->waits;
	op->now.pending = d->content;
	if (!d->waits) {
		row->anchor = d->plan->anchor;
		op->now.signed_s = ac_draft_signed_s(k);
	}
}

static void
record_overrides(struct ac_intake_work *k, struct ac_draft *d)
{
	struct ac_str json = ac_overrides_encode(d->in.overrides, k->w->arena);

	d->m.has_overrides = ac_str_is_set(json);
	if (d->m.has_overrides) {
		ac_sha256(json, &d->m.overrides);
		ac_work_blob(k, &d->m.overrides, json, false);
	}
	if (k->act != NULL) {
		k->act_json = ac_override_encode(k->act, k->w->arena);
		ac_random(k->act_salt, sizeof(k->act_salt));
	}
}

static enum ac_code
record(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	struct ac_plan_op *op = &k->plans[k->nplans++];
	enum ac_code rc;

	k->current = op;
	fill_row(k, d, op);
	ac_draft_manifest(d);
	record_overrides(k, d);
	if ((rc = note_changed(k, d, op, reterr)) != AC_OK)
		return rc;
	if (!d->same && !d->waits)
		ac_work_version(k, op, &d->m);
	if (d->in.document_version != 0 && (rc = ac_work_document(k, op, &d->m, reterr)) != AC_OK)
		return rc;
	if (d->waits && (rc = ac_seen_remake(k->w, d->cur, &op->plan, reterr)) != AC_OK)
		return rc; /* what is shown, printed and worked on is the version that stands */
	if (k->job->cause == AC_CAUSE_ISSUE && (rc = ac_work_issue(k, op, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_work_tasks(k, op, reterr)) != AC_OK)
		return rc;
	op->now.timer_ms = next_timer(k, d, op);
	if ((rc = ac_work_series(k, op, reterr)) != AC_OK)
		return rc;
	ac_work_deliveries(k, op);
	if (d->cur == NULL)
		k->outcome = AC_OUT_CREATED;
	else
		k->outcome = op->has_version || op->has_document ? AC_OUT_UPDATED : AC_OUT_UNCHANGED;
	return AC_OK;
}

static bool
is_before_live(const struct ac_config *config, int64_t t)
{
	return config->clinic != NULL && config->clinic->live_since != AC_INSTANT_NONE &&
	       t < config->clinic->live_since;
}

static enum ac_code
with_evidence(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	bool completed = false;
	enum ac_code rc;

	d->m.snapshot = k->snapshot;
	struct ac_str answers = ac_answers_encode(k->answers, k->nanswers, k->w->arena);
	d->m.has_answers = ac_str_is_set(answers);
	if (d->m.has_answers) {
		ac_sha256(answers, &d->m.answers);
		ac_work_blob(k, &d->m.answers, answers, false);
	}
	if ((rc = ac_draft_make(k, d, reterr)) != AC_OK)
		return rc;
	if (k->act != NULL && (rc = ac_work_override_judge(k, d, reterr)) != AC_OK)
		return rc;
	if (d->cur == NULL && k->job->cause != AC_CAUSE_BACKFILL && is_before_live(k->w->config, d->plan->anchor)) {
		k->outcome = AC_OUT_BEFORE_GO_LIVE;
		return AC_OK;
	}
	/* by itself: where the hour brings nothing else */
	if (k->job->cause == AC_CAUSE_TIMER && d->same && !d->waits && d->in.document_version == 0 &&
	    ac_draft_calls_ms(k, d) == 0 && (rc = ac_work_completed(k, d->cur, &completed, reterr)) != AC_OK)
		return rc;
	return completed ? AC_OK : record(k, d, reterr);
}

static bool
can_be_withdrawn(const struct ac_seen_plan *p)
{
	return ac_plan_runs(p->full.row.status) || ac_streq_c(p->full.row.status, "completed");
}

static const char *
why_gone(enum enc_status s)
{
	switch (s) {
	case ENC_ENTERED_IN_ERROR:
		return "entered-in-error";
	case ENC_PLANNED:
	case ENC_CANCELLED:
	case ENC_NO_SHOW:
		return "cancelled";
	case ENC_ARRIVED:
	case ENC_IN_PROGRESS:
	case ENC_FINISHED:
		break;
	}
	return "procedure-gone";
}

static enum ac_code
without_evidence(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	int64_t when = k->e->end.precision == 14 ? k->e->end.t : k->e->start.t;

	if (d->cur != NULL && can_be_withdrawn(d->cur)) {
		k->outcome = AC_OUT_REVOKED;
		return ac_work_revoke(k, d->cur, why_gone(k->e->status), &k->current, reterr);
	}
	if (d->suggested > 0)
		k->outcome = is_before_live(k->w->config, when) ? AC_OUT_BEFORE_GO_LIVE : AC_OUT_SUGGESTED;
	else if (k->nplans > 0)
		k->outcome = AC_OUT_REVOKED; /* that of the patient whom the chart named before */
	else
		k->outcome = d->cur != NULL ? AC_OUT_UNCHANGED : AC_OUT_NO_PROTOCOL;
	return AC_OK;
}

enum ac_code
ac_intake_decide(struct ac_intake_work *k, struct ac_err *reterr)
{
	struct ac_draft *d = ac_new(k->w->arena, struct ac_draft, 1);
	enum ac_code rc;

	k->plans = ac_new(k->w->arena, struct ac_plan_op, k->seen->nplans + 1);
	if (k->job->confirm != NULL)
		return ac_work_confirm(k, reterr);
	d->cur = ac_seen_plan_of(k->seen, k->e->patient.id);
	if (k->job->call != NULL && !ac_streq_c(d->cur->full.row.status, "active"))
		return ac_work_call_alone(k, d->cur, reterr);
	for (size_t i = 0; i < k->seen->nplans; i++) {
		const struct ac_seen_plan *p = &k->seen->plans[i];
		struct ac_plan_op *op;
		if (p == d->cur || !can_be_withdrawn(p))
			continue;
		if ((rc = ac_work_revoke(k, p, AC_REVOKED_PATIENT, &op, reterr)) != AC_OK)
			return rc;
	}
	if (k->job->cause == AC_CAUSE_STATE)
		return ac_work_state(k, d->cur, reterr);
	if (d->cur != NULL && ac_plan_state_is_final_word(&d->cur->manifest)) {
		k->outcome = AC_OUT_UNCHANGED; /* a person's word: no chart brings it back */
		return AC_OK;
	}
	if ((rc = ac_draft_match(k, d, reterr)) != AC_OK)
		return rc;
	k->nmoved = d->nmoved;
	if (k->job->cause == AC_CAUSE_REPIN && d->nmoved == 0)
		return ac_fail(reterr, AC_ECONFLICT, "REPIN-NOTHING", "there is no other version to go to");
	if (k->job->cause == AC_CAUSE_OVERRIDE && d->evidence == 0)
		return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-STATE", "the plan does not hold any more");
	return d->evidence > 0 ? with_evidence(k, d, reterr) : without_evidence(k, d, reterr);
}
