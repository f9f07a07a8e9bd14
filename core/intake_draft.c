/*
 * intake_draft.c - the plan that a snapshot asks for, and how it stands to the one that is there.
 *
 * Rules   CONTRACTS "Identity and life". A plan is pinned: protocols, clinic and zone are those of its latest manifest;
 *         a newly matching protocol joins at its active version.
 */
#include "core/intake_parts.h"
#include "core/products.h"
#include "core/others.h"
#include "core/series.h"

static const struct ac_manifest_protocol *
pinned(const struct ac_draft *d, struct ac_str id)
{
	for (size_t i = 0; d->cur != NULL && i < d->cur->manifest.nprotocols; i++)
		if (ac_streq(d->cur->manifest.protocols[i].id, id))
			return &d->cur->manifest.protocols[i];
	return NULL;
}

/* Kept by id, so that the order in which protocols joined cannot be seen in a manifest. */
static enum ac_code
try_protocol(struct ac_intake_work *k, struct ac_draft *d, const struct ac_protocol *p,
    const struct ac_manifest_protocol *mp, struct ac_err *reterr)
{
	enum ac_match match = ac_plan_match(k->e, k->answers, k->nanswers, p, k->w->arena);
	size_t at = d->in.nprotocols;

	if (match == AC_MATCH_NONE)
		return AC_OK;
	if (at == AC_PLAN_PROTOCOLS_MAX)
		return ac_fail(reterr, AC_ELIMIT, "INTAKE-PROTOCOLS",
		    "more than %d protocols fit one encounter", AC_PLAN_PROTOCOLS_MAX);
	for (; at > 0 && ac_str_cmp(d->m.protocols[at - 1].id, p->id) > 0; at--) {
		d->m.protocols[at] = d->m.protocols[at - 1];
		d->in.protocols[at] = d->in.protocols[at - 1];
	}
	d->m.protocols[at] = (struct ac_manifest_protocol){ p->version, p->id, mp->approver, mp->solo };
	d->in.protocols[at] = (struct ac_plan_protocol){ p, mp->approver, mp->solo };
	d->m.nprotocols = ++d->in.nprotocols;
	d->evidence += match == AC_MATCH_EVIDENCE;
	d->suggested += match == AC_MATCH_SUGGESTED;
	return AC_OK;
}

enum ac_code
ac_draft_match(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	const struct ac_config *config = k->w->config;
	const struct ac_protocol *p;
	enum ac_code rc;

	for (size_t i = 0; d->cur != NULL && i < d->cur->manifest.nprotocols; i++) {
		struct ac_manifest_protocol mp = d->cur->manifest.protocols[i];
		size_t before = d->in.nprotocols, moved = d->nmoved;
		if (k->job->repin != NULL && (rc = ac_repin_target(k, d, &mp, reterr)) != AC_OK)
			return rc;
		if ((rc = ac_service_protocol(k->w, &mp.version, &p, reterr)) != AC_OK)
			return rc;
		if ((rc = try_protocol(k, d, p, &mp, reterr)) != AC_OK)
			return rc;
		if (d->nmoved != moved && d->in.nprotocols == before)
			return ac_fail(reterr, AC_ECONFLICT, "REPIN-MATCH",
			    "the other version does not fit this encounter: decide by hand");
	}
	/* a new one joins by what the chart or a person says, not because a sheet is given or an hour comes */
	if (d->cur != NULL && k->job->cause != AC_CAUSE_EVENT && k->job->cause != AC_CAUSE_ANSWER)
		return AC_OK;
	for (size_t i = 0; i < config->nactive; i++) {
		const struct ac_active *active = &config->active[i];
		if (pinned(d, active->protocol->id) != NULL)
			continue;
		struct ac_manifest_protocol mp = { .approver = active->approver, .solo = active->solo };
		if ((rc = try_protocol(k, d, active->protocol, &mp, reterr)) != AC_OK)
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
choose_clinic(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
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
choose_zone(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
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
		ac_work_blob(k, &d->m.tzif, bytes, true);
	return AC_OK;
}

int64_t
ac_draft_issued_ms(const struct ac_intake_work *k, const struct ac_draft *d)
{
	if (d->cur != NULL && d->cur->full.row.issued_ms != 0)
		return d->cur->full.row.issued_ms;
	if (k->job->cause != AC_CAUSE_ISSUE)
		return 0;
	return k->job->issue->blank_given_at != 0 ? k->job->issue->blank_given_at * 1000 : k->job->now_ms;
}

/* How long after issue a plan becomes final by itself; -1: never. */
int64_t
ac_final_after_ms(const struct ac_clinic *c)
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

int64_t
ac_draft_signed_s(const struct ac_intake_work *k)
{
	return k->e->signed_at.precision == 0 ? 0 : k->e->signed_at.t;
}

/*
 * A signature covers what it was put under: content that came later under the same one is not signed. An answer of the
 * panel, a sheet given out or an hour that came is no content of the chart; with changes that wait, they wait too.
 */
static bool
is_covered(const struct ac_intake_work *k, const struct ac_draft *d)
{
	if (!ac_chart_is_settled(d->in.clinic, k->e))
		return false;
	if (d->in.clinic->finalise != AC_FINAL_SIGNED)
		return true;
	if (k->job->cause != AC_CAUSE_EVENT && !d->cur->full.row.pending)
		return true;
	return ac_draft_signed_s(k) > d->cur->full.signed_s;
}

static bool
becomes_final(const struct ac_intake_work *k, const struct ac_draft *d)
{
	const struct ac_clinic *c = d->in.clinic;
	int64_t issued = ac_draft_issued_ms(k, d), after = ac_final_after_ms(c);

	if (c->finalise != AC_FINAL_HOURS_AFTER_ISSUE && ac_chart_is_settled(c, k->e))
		return true;
	return issued != 0 && after >= 0 && k->job->now_ms >= issued + after;
}

void
ac_draft_manifest(struct ac_draft *d)
{
	d->m.version = d->in.version;
	d->m.state = d->in.state;
	d->m.stage = d->in.stage;
	d->m.document_version = d->in.document_version;
	d->m.former_document_version = d->in.former_document_version;
	d->m.made_at = d->in.made_at;
	d->m.issued_at = d->in.issued_at;
	d->m.issued_anchor = d->in.issued_anchor;
	d->m.issued_ends = d->in.issued_ends;
	d->m.nissued_ends = d->in.nissued_ends;
	for (size_t i = 0; i < d->in.nothers; i++)
		d->m.others[i] = d->in.others[i];
	d->m.nothers = d->in.nothers;
	d->m.prior = d->in.prior;
	d->m.nprior = d->in.nprior;
	d->m.id_root = d->in.id_root;
	d->m.begins_open = !d->in.keeps_first_hour;
	d->m.booked_gap = !d->in.ignores_booked && d->in.encounter->nappointments > 0;
}

static void
set_document(struct ac_draft *d, bool final, bool document)
{
	uint32_t last = d->cur == NULL ? 0 : (uint32_t)d->cur->full.row.document_version;

	d->in.stage = final ? AC_STAGE_FINAL : AC_STAGE_PRELIMINARY;
	d->in.document_version = document ? last + 1 : 0;
	d->in.former_document_version = document ? last : 0;
}

/* Those of the work itself, else those that are there. */
static const struct ac_call *
all_calls(const struct ac_intake_work *k, const struct ac_draft *d, size_t *ret_n)
{
	if (k->calls == NULL && d->cur == NULL) {
		*ret_n = 0;
		return NULL;
	}
	*ret_n = k->calls != NULL ? k->ncalls : d->cur->ncalls;
	return k->calls != NULL ? k->calls : d->cur->calls;
}

int64_t
ac_draft_calls_ms(const struct ac_intake_work *k, const struct ac_draft *d)
{
	int64_t now = k->job->now_ms, next = 0;
	size_t n;
	const struct ac_call *all = all_calls(k, d, &n);

	for (size_t i = 0; i < n; i++) {
		int64_t then = all[i].entries[all[i].nentries - 1].at_ms + AC_CALL_LEFT_MS;
		if (!ac_call_is_finding(&all[i], now) && ac_call_is_finding(&all[i], then) && (next == 0 || then < next))
			next = then;
	}
	return next;
}

/* What was found in talks with the patient so far. */
static void
fill_calls(struct ac_intake_work *k, struct ac_draft *d)
{
	size_t n;
	const struct ac_call *all = all_calls(k, d, &n);
	struct ac_call *found = ac_new(k->w->arena, struct ac_call, n);

	d->in.calls = found;
	d->in.ncalls = 0;
	for (size_t i = 0; i < n; i++)
		if (ac_call_is_finding(&all[i], k->job->now_ms))
			found[d->in.ncalls++] = all[i];
	struct ac_str json = ac_calls_encode(found, d->in.ncalls, k->w->arena);
	d->m.has_calls = ac_str_is_set(json);
	if (!d->m.has_calls)
		return;
	ac_sha256(json, &d->m.calls);
	ac_work_blob(k, &d->m.calls, json, false);
}

static void
fill_input(struct ac_intake_work *k, struct ac_draft *d)
{
	int64_t issued = ac_draft_issued_ms(k, d);

	d->in.encounter = ac_products_answered(k->e, k->answers, k->nanswers, k->w->arena);
	d->in.answers = k->answers;
	d->in.nanswers = k->nanswers;
	d->in.made_at = k->job->now_ms / 1000;
	d->in.issued_at = issued == 0 ? AC_INSTANT_NONE : issued / 1000;
	d->in.issued_anchor = d->cur == NULL ? 0 : d->cur->full.issued_anchor;
	if (d->cur != NULL) {
		d->in.issued_ends = d->cur->manifest.issued_ends;
		d->in.nissued_ends = d->cur->manifest.nissued_ends;
		fill_calls(k, d);
		d->in.overrides = k->act != NULL ? k->overrides : d->cur->overrides;
	}
	d->in.id_root = k->w->config->id_root;
	d->in.version = d->cur == NULL ? 1 : (uint32_t)d->cur->full.row.version + 1;
	d->was_final = d->cur != NULL && ac_streq_c(d->cur->full.row.stage, "final");
	if (d->cur != NULL && !d->reopens)
		d->in.state = d->cur->manifest.state;
	if (d->reopens) /* on record and in the document: completed was said too early */
		d->in.state = (struct ac_plan_state){ .is_set = true,
			.status = AC_PLAN_ACTIVE,
			.reason = AC_S(AC_PLAN_REOPENED),
			.at = d->in.made_at };
	if (d->in.state.is_set && d->in.state.status == AC_PLAN_ENTERED_IN_ERROR) /* the chart's: it says it again */
		d->in.state = (struct ac_plan_state){ 0 };
	d->returns = d->cur != NULL && (d->reopens || d->cur->manifest.revoked);
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

/* What differs from the version before may not shorten what the last sheet says: its ends become an input. */
static enum ac_code
use_issued_ends(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	const struct ac_issue_row *sheet = &d->cur->issues[d->cur->nissues - 1];
	struct ac_issued_end *v;
	struct ac_plan *given;
	enum ac_code rc = ac_seen_version(k->w, d->cur, sheet->plan_version, &given, reterr);

	if (rc != AC_OK)
		return rc;
	v = ac_new(k->w->arena, struct ac_issued_end, given->nlines);
	d->in.issued_ends = v;
	d->in.nissued_ends = 0;
	for (size_t i = 0; i < given->nlines; i++)
		if (given->lines[i].def->kind == AC_RESTRICTION)
			v[d->in.nissued_ends++] = (struct ac_issued_end){ given->lines[i].def->concept,
				given->lines[i].until, sheet->at_ms / 1000 };
	if ((rc = ac_plan_make(&d->in, k->w->arena, &d->plan, reterr)) != AC_OK)
		return rc;
	ac_plan_content_hash(d->plan, k->w->arena, &d->content);
	d->same = !d->returns && ac_sha256_eq(&d->content, &d->cur->latest.content);
	return AC_OK;
}

/* Other plans of the patient: looked for when the chart or a person says something, or one of them changed; as recorded else. */
static enum ac_code
use_others(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	const struct encounter *e = k->e;
	struct ac_others_ask ask = { .site = k->seen->site,
		.patient = e->patient.id,
		.encounter = k->seen->id,
		.before = ac_series_before(e),
		.now = k->job->now_ms / 1000 };
	struct ac_others found = { 0 };
	enum ac_code rc;

	if (d->cur != NULL) {
		ask.counted = d->cur->manifest.others;
		ask.ncounted = d->cur->manifest.nothers;
	}
	d->saw_others = d->cur == NULL || k->job->cause == AC_CAUSE_EVENT || k->job->cause == AC_CAUSE_ANSWER ||
			(k->job->cause == AC_CAUSE_TIMER && d->cur->full.others_leaf != 0);
	if (d->saw_others) {
		if ((rc = ac_others_find(k->w, &ask, &found, reterr)) != AC_OK)
			return rc;
	} else {
		found.v = ac_new(k->w->arena, struct ac_other_plan, ask.ncounted);
		for (; found.n < ask.ncounted; found.n++) {
			found.v[found.n] = ask.counted[found.n];
			if ((rc = ac_other_load(k->w, &found.v[found.n], reterr)) != AC_OK)
				return rc;
		}
	}
	d->in.others = found.v;
	d->in.nothers = found.n;
	return AC_OK;
}

/* Completed was said of the chart of then: now a window ends later, or it asks for a task that lies ahead and
 * that no person has finished. */
static bool
is_not_over(const struct ac_intake_work *k, const struct ac_draft *d)
{
	int64_t now = k->job->now_ms / 1000;

	if (ac_plan_last_end(d->plan) > now)
		return true;
	for (size_t i = 0; i < d->plan->ntasks && k->e->patient.deceased.precision == 0; i++) {
		const struct ac_plan_task *t = &d->plan->tasks[i];
		int64_t due = t->due == AC_INSTANT_NONE ? t->not_before : t->due;
		bool has = due <= now || ac_str_starts(t->key, AC_S(AC_TASK_OWN));

		for (size_t j = 0; j < d->cur->ntasks && !has; j++)
			has = ac_streq(d->cur->tasks[j].name, t->key) &&
			      (ac_task_is_open(&d->cur->tasks[j]) || ac_str_is_set(d->cur->tasks[j].actor));
		if (!has)
			return true;
	}
	return false;
}

/* Make the plan, compare it with the latest version, and make it again where the guess about its document was wrong. */
enum ac_code
ac_draft_make(struct ac_intake_work *k, struct ac_draft *d, struct ac_err *reterr)
{
	struct ac_arena *a = k->w->arena;
	enum ac_code rc;

	if ((rc = choose_clinic(k, d, reterr)) != AC_OK || (rc = choose_zone(k, d, reterr)) != AC_OK)
		return rc;
	fill_input(k, d);
	if ((rc = ac_draft_prior(k, d, reterr)) != AC_OK || (rc = use_others(k, d, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_plan_make(&d->in, a, &d->plan, reterr)) != AC_OK)
		return rc;
	if (d->in.state.is_set && d->in.state.status == AC_PLAN_COMPLETED && is_not_over(k, d)) {
		d->reopens = true;
		fill_input(k, d);
		if ((rc = ac_plan_make(&d->in, a, &d->plan, reterr)) != AC_OK)
			return rc;
	}
	ac_plan_content_hash(d->plan, a, &d->content);
	d->same = d->cur != NULL && !d->returns && d->nmoved == 0 &&
		  ac_sha256_eq(&d->content, &d->cur->latest.content);
	if (d->cur != NULL && !d->same && d->cur->nissues > 0 &&
	    (rc = use_issued_ends(k, d, reterr)) != AC_OK)
		return rc;
	bool required = ac_plan_lacks_required(d->plan);
	d->waits = d->was_final && !d->returns && !d->same && d->nmoved == 0 && (required || !is_covered(k, d));
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
