/*
 * intake_decide.c - what a snapshot, an answer, an issue or an hour that came means for the plan.
 *
 * Rules   CONTRACTS "Identity and life". A plan is pinned: protocols, clinic and zone are those of its latest manifest;
 *         a newly matching protocol joins at its active version. Changes after final wait until the chart says by the
 *         clinic's own rule that it is done (signed, finished); a revocation, and the return from one, waits for nobody.
 */
#include "core/intake_parts.h"
#include "core/plan_cda.h"
#include "hl7/snapshot.h"

struct draft {
	const struct ac_seen_plan *cur; /* NULL: no plan yet */
	struct ac_manifest m;
	struct ac_plan_input in;
	size_t evidence, suggested;
	bool was_final, returns, final, same, waits;
	struct ac_plan *plan;
	struct ac_sha256 content;
};

static const struct ac_manifest_protocol *
pinned(const struct draft *d, struct ac_str id)
{
	for (size_t i = 0; d->cur != NULL && i < d->cur->manifest.nprotocols; i++)
		if (ac_streq(d->cur->manifest.protocols[i].id, id))
			return &d->cur->manifest.protocols[i];
	return NULL;
}

/* Kept by id, so that the order in which protocols joined cannot be seen in a manifest. */
static enum ac_code
try_protocol(struct ac_intake_work *k, struct draft *d, const struct ac_protocol *p, struct ac_str approver,
    struct ac_err *reterr)
{
	enum ac_match match = ac_plan_match(k->e, k->answers, k->nanswers, p, k->w->arena);
	size_t at = d->in.nprotocols;

	if (match == AC_MATCH_NONE)
		return AC_OK;
	if (at == AC_PLAN_PROTOCOLS_MAX)
		return ac_fail(reterr, AC_ELIMIT, "INTAKE-PROTOCOLS", "more than %d protocols fit one encounter",
		    AC_PLAN_PROTOCOLS_MAX);
	for (; at > 0 && ac_str_cmp(d->m.protocols[at - 1].id, p->id) > 0; at--) {
		d->m.protocols[at] = d->m.protocols[at - 1];
		d->in.protocols[at] = d->in.protocols[at - 1];
	}
	d->m.protocols[at] = (struct ac_manifest_protocol){ p->version, p->id, approver };
	d->in.protocols[at] = (struct ac_plan_protocol){ p, approver };
	d->m.nprotocols = ++d->in.nprotocols;
	d->evidence += match == AC_MATCH_EVIDENCE;
	d->suggested += match == AC_MATCH_SUGGESTED;
	return AC_OK;
}

static enum ac_code
match_all(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	const struct ac_config *config = k->w->config;
	const struct ac_protocol *p;
	enum ac_code rc;

	for (size_t i = 0; d->cur != NULL && i < d->cur->manifest.nprotocols; i++) {
		const struct ac_manifest_protocol *mp = &d->cur->manifest.protocols[i];
		if ((rc = ac_service_protocol(k->w, &mp->version, &p, reterr)) != AC_OK)
			return rc;
		if ((rc = try_protocol(k, d, p, mp->approver, reterr)) != AC_OK)
			return rc;
	}
	for (size_t i = 0; i < config->nactive; i++) {
		const struct ac_active *active = &config->active[i];
		if (pinned(d, active->protocol->id) != NULL)
			continue;
		if ((rc = try_protocol(k, d, active->protocol, active->approver, reterr)) != AC_OK)
			return rc;
	}
	return AC_OK;
}

static bool
can_be_called(const struct ac_clinic *c)
{
	return c->out_of_hours.is_set && c->emergency.is_set;
}

/* The clinic of the plan; before anything was given out, a plan without contact lines takes the one that has them. */
static enum ac_code
choose_clinic(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	const struct ac_config *config = k->w->config;
	enum ac_code rc;

	if (d->cur != NULL && d->cur->manifest.has_clinic) {
		d->m.has_clinic = true;
		d->m.clinic = d->cur->manifest.clinic;
		if ((rc = ac_worker_clinic(k->w, &d->m.clinic, &d->in.clinic, reterr)) != AC_OK)
			return rc;
		if (d->cur->full.row.issued_ms != 0 || can_be_called(d->in.clinic) || config->clinic == NULL)
			return AC_OK;
	}
	if (config->clinic == NULL)
		return ac_worker_clinic(k->w, NULL, &d->in.clinic, reterr);
	d->m.has_clinic = true;
	d->m.clinic = config->clinic_version;
	d->in.clinic = config->clinic;
	return AC_OK;
}

/* The zone's bytes of the plan, unless the chart names another zone now. */
static enum ac_code
choose_zone(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	struct ac_str bytes = { 0 };
	enum ac_code rc;

	d->m.zone = k->e->zone;
	if (d->cur != NULL && ac_streq(d->cur->manifest.zone, k->e->zone)) {
		d->m.tzif = d->cur->manifest.tzif;
		return ac_worker_zone(k->w, d->m.zone, &d->m.tzif, &d->in.zone, reterr);
	}
	if ((rc = ac_worker_zone_now(k->w, k->e->zone, &d->in.zone, &d->m.tzif, &bytes, reterr)) != AC_OK)
		return rc;
	if (ac_str_is_set(bytes))
		ac_work_blob(k, &d->m.tzif, bytes);
	return AC_OK;
}

static int64_t
issued_ms(const struct ac_intake_work *k, const struct draft *d)
{
	if (d->cur != NULL && d->cur->full.row.issued_ms != 0)
		return d->cur->full.row.issued_ms;
	return k->job->cause == AC_CAUSE_ISSUE ? k->job->now_ms : 0;
}

/* How long after issue a plan becomes final by itself; -1: never. */
static int64_t
final_after_ms(const struct ac_clinic *c)
{
	switch (c->finalise) {
	case AC_FINAL_SIGNED:
		return AC_CHART_HOURS * AC_HOUR_MS;
	case AC_FINAL_HOURS_AFTER_ISSUE:
		return (c->finalise_hours > 0 ? c->finalise_hours : AC_CHART_HOURS) * AC_HOUR_MS;
	case AC_FINAL_FINISHED:
		break;
	}
	return -1;
}

bool
ac_chart_is_settled(const struct ac_clinic *c, const struct encounter *e)
{
	switch (c->finalise) {
	case AC_FINAL_SIGNED:
		return e->signed_at.precision != 0;
	case AC_FINAL_FINISHED:
		return e->status == ENC_FINISHED;
	case AC_FINAL_HOURS_AFTER_ISSUE: /* the clinic waits for no sign of the chart: changes after final count at once */
		break;
	}
	return true;
}

static bool
becomes_final(const struct ac_intake_work *k, const struct draft *d)
{
	const struct ac_clinic *c = d->in.clinic;
	int64_t issued = issued_ms(k, d), after = final_after_ms(c);

	if (c->finalise != AC_FINAL_HOURS_AFTER_ISSUE && ac_chart_is_settled(c, k->e))
		return true;
	return issued != 0 && after >= 0 && k->job->now_ms >= issued + after;
}

static void
sync_manifest(struct draft *d)
{
	d->m.version = d->in.version;
	d->m.stage = d->in.stage;
	d->m.document_version = d->in.document_version;
	d->m.former_document_version = d->in.former_document_version;
	d->m.made_at = d->in.made_at;
	d->m.issued_at = d->in.issued_at;
	d->m.issued_anchor = d->in.issued_anchor;
	d->m.id_root = d->in.id_root;
}

static void
set_document(struct draft *d, bool final, bool document)
{
	uint32_t last = d->cur == NULL ? 0 : (uint32_t)d->cur->full.row.document_version;

	d->in.stage = final ? AC_STAGE_FINAL : AC_STAGE_PRELIMINARY;
	d->in.document_version = document ? last + 1 : 0;
	d->in.former_document_version = document ? last : 0;
}

static void
fill_input(struct ac_intake_work *k, struct draft *d)
{
	int64_t issued = issued_ms(k, d);

	d->in.encounter = k->e;
	d->in.answers = k->answers;
	d->in.nanswers = k->nanswers;
	d->in.made_at = k->job->now_ms / 1000;
	d->in.issued_at = issued == 0 ? AC_INSTANT_NONE : issued / 1000;
	d->in.issued_anchor = d->cur == NULL ? 0 : d->cur->full.issued_anchor;
	d->in.id_root = k->w->config->id_root;
	d->in.version = d->cur == NULL ? 1 : (uint32_t)d->cur->full.row.version + 1;
	d->was_final = d->cur != NULL && ac_streq_c(d->cur->full.row.stage, "final");
	d->returns = d->cur != NULL && !ac_streq_c(d->cur->full.row.status, "active");
	d->final = d->was_final || becomes_final(k, d);
	set_document(d, d->final, d->final);
}

bool
ac_plan_lacks_required(const struct ac_plan *p)
{
	for (size_t i = 0; i < p->nmissing; i++)
		if (p->missing[i].required)
			return true;
	return false;
}

/* Make the plan, compare it with the latest version, and make it again where the guess about its document was wrong. */
static enum ac_code
make(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	struct ac_arena *a = k->w->arena;
	enum ac_code rc = ac_plan_make(&d->in, a, &d->plan, reterr);

	if (rc != AC_OK)
		return rc;
	ac_plan_content_hash(d->plan, a, &d->content);
	d->same = d->cur != NULL && !d->returns && ac_sha256_eq(&d->content, &d->cur->latest.content);
	bool required = ac_plan_lacks_required(d->plan);
	d->waits = d->was_final && !d->returns && !d->same && (required || !ac_chart_is_settled(d->in.clinic, k->e));
	if (!d->was_final && required)
		d->final = false;

	uint32_t version = d->in.version, document = d->in.document_version;
	bool new_version = !d->same && !d->waits;
	if (!new_version)
		d->in.version = (uint32_t)d->cur->full.row.version;
	set_document(d, d->final, d->final && (new_version || !d->was_final));
	if (d->in.version == version && d->in.document_version == document)
		return AC_OK;
	return ac_plan_make(&d->in, a, &d->plan, reterr);
}

void
ac_work_blob(struct ac_intake_work *k, const struct ac_sha256 *sha, struct ac_str plain)
{
	struct ac_service *s = k->w->service;

	if (ac_service_has_stored(s, sha))
		return;
	for (size_t i = 0; i < k->blobs.n; i++)
		if (memcmp(&k->blobs.v[i].sha, sha, sizeof(*sha)) == 0)
			return;
	AC_PUSH(k->w->arena, &k->blobs,
	    ((struct ac_blob_op){ *sha, ac_blob_encode(plain, s->dictionaries, k->w->arena) }));
}

void
ac_work_version(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_manifest *m)
{
	op->has_version = true;
	op->manifest_json = ac_manifest_encode(m, k->w->arena);
	ac_sha256(op->manifest_json, &op->manifest);
	ac_work_blob(k, &op->manifest, op->manifest_json);
	ac_random(op->version_salt, sizeof(op->version_salt));
	op->now.row.version = m->version;
}

enum ac_code
ac_work_document(struct ac_intake_work *k, struct ac_plan_op *op, const struct ac_manifest *m, struct ac_err *reterr)
{
	struct ac_str json, xml;
	enum ac_code rc = ac_plan_cda(op->plan, k->w->arena, &xml, reterr);

	if (rc != AC_OK)
		return rc;
	json = ac_manifest_encode(m, k->w->arena);
	ac_sha256(json, &op->document_manifest);
	ac_work_blob(k, &op->document_manifest, json);
	op->has_document = true;
	op->document = (struct ac_document_row){ .id = op->plan->document_id, .plan = op->plan->id,
		.version = m->document_version, .plan_version = m->version, .status = AC_S("current"), .size = (int64_t)xml.n,
		.performed = op->plan->anchor, .made_ms = k->job->now_ms };
	ac_sha256(xml, &op->document.sha256);
	op->document_stored = ac_blob_encode(xml, k->w->service->dictionaries, k->w->arena);
	ac_random(op->document_salt, sizeof(op->document_salt));
	op->now.row.document_version = m->document_version;
	if (op->now.row.final_ms == 0)
		op->now.row.final_ms = k->job->now_ms;
	op->now.row.stage = AC_S("final");
	return AC_OK;
}

static enum ac_code
note_changed(struct ac_intake_work *k, struct draft *d, struct ac_plan_op *op, struct ac_err *reterr)
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

/* When the timer must look again: the hour at which it becomes final, the hour at which the chart should be done. */
static int64_t
next_timer(const struct ac_intake_work *k, const struct draft *d, const struct ac_plan_op *op)
{
	int64_t issued = op->now.row.issued_ms, now = k->job->now_ms, next = 0;
	int64_t after = final_after_ms(d->in.clinic), chart = issued + AC_CHART_HOURS * AC_HOUR_MS;
	bool settled = ac_chart_is_settled(d->in.clinic, k->e);

	if (issued == 0 || (d->final && settled))
		return 0;
	if (!d->final && after >= 0 && issued + after > now)
		next = issued + after;
	if (chart > now && (next == 0 || chart < next))
		next = chart;
	return next;
}

static void
fill_row(struct ac_intake_work *k, struct draft *d, struct ac_plan_op *op)
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
	row->status = AC_S("active");
	op->was = d->cur;
	op->plan = d->plan;
	op->content = d->content;
	op->waits = d->waits;
	row->issued_ms = issued_ms(k, d);
	row->pending = d->waits;
	op->now.pending = d->content;
	if (!d->waits)
		row->anchor = d->plan->anchor;
}

static enum ac_code
record(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	struct ac_plan_op *op = &k->plans[k->nplans++];
	enum ac_code rc;

	k->current = op;
	fill_row(k, d, op);
	sync_manifest(d);
	if ((rc = note_changed(k, d, op, reterr)) != AC_OK)
		return rc;
	if (!d->same && !d->waits)
		ac_work_version(k, op, &d->m);
	if (d->in.document_version != 0 && (rc = ac_work_document(k, op, &d->m, reterr)) != AC_OK)
		return rc;
	if (d->waits && (rc = ac_seen_remake(k->w, d->cur, &op->plan, reterr)) != AC_OK)
		return rc; /* what is shown, printed and worked on is the version that stands */
	op->now.timer_ms = next_timer(k, d, op);
	if (k->job->cause == AC_CAUSE_ISSUE && (rc = ac_work_issue(k, op, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_work_tasks(k, op, reterr)) != AC_OK)
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
	return config->clinic != NULL && config->clinic->live_since != AC_INSTANT_NONE && t < config->clinic->live_since;
}

static enum ac_code
with_evidence(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	enum ac_code rc;

	d->m.snapshot = k->snapshot;
	struct ac_str answers = ac_answers_encode(k->answers, k->nanswers, k->w->arena);
	d->m.has_answers = ac_str_is_set(answers);
	if (d->m.has_answers) {
		ac_sha256(answers, &d->m.answers);
		ac_work_blob(k, &d->m.answers, answers);
	}
	if ((rc = choose_clinic(k, d, reterr)) != AC_OK || (rc = choose_zone(k, d, reterr)) != AC_OK)
		return rc;
	fill_input(k, d);
	if ((rc = make(k, d, reterr)) != AC_OK)
		return rc;
	if (d->cur == NULL && is_before_live(k->w->config, d->plan->anchor)) {
		k->outcome = AC_OUT_BEFORE_GO_LIVE;
		return AC_OK;
	}
	return record(k, d, reterr);
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
without_evidence(struct ac_intake_work *k, struct draft *d, struct ac_err *reterr)
{
	int64_t when = k->e->end.precision == 14 ? k->e->end.t : k->e->start.t;

	if (d->cur != NULL && ac_streq_c(d->cur->full.row.status, "active")) {
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
	struct draft *d = ac_new(k->w->arena, struct draft, 1);
	enum ac_code rc;

	k->plans = ac_new(k->w->arena, struct ac_plan_op, k->seen->nplans + 1);
	d->cur = ac_seen_plan_of(k->seen, k->e->patient.id);
	for (size_t i = 0; i < k->seen->nplans; i++) {
		const struct ac_seen_plan *p = &k->seen->plans[i];
		struct ac_plan_op *op;
		if (p == d->cur || !ac_streq_c(p->full.row.status, "active"))
			continue;
		if ((rc = ac_work_revoke(k, p, "patient-changed", &op, reterr)) != AC_OK)
			return rc;
	}
	if ((rc = match_all(k, d, reterr)) != AC_OK)
		return rc;
	return d->evidence > 0 ? with_evidence(k, d, reterr) : without_evidence(k, d, reterr);
}
