/* intake.c - the coordinator: read ac_intake_run from top to bottom. */
#include "base/log.h"
#include "core/intake_parts.h"
#include "hl7/snapshot.h"

static struct ac_str
as_text(const struct ac_sha256 *sha)
{
	return (struct ac_str){ (const char *)sha->b, sizeof(sha->b) };
}

/* Seen before? A snapshot that says nothing new needs no plan; true: the outcome stands. */
static enum ac_code
seen_before(struct ac_intake_work *k, bool *ret, struct ac_err *reterr)
{
	const struct ac_seen *s = k->seen;
	bool same = s->exists && ac_streq(as_text(&k->job->content), as_text(&s->content));

	*ret = true;
	if (!s->exists || (k->e->revision > s->revision && !same)) {
		*ret = false;
		return AC_OK;
	}
	if (k->e->revision < s->revision) {
		k->outcome = AC_OUT_STALE;
		return AC_OK;
	}
	if (!same)
		return ac_fail_at(reterr, AC_ECONFLICT, "ENC-REVISION", 0, 0, "/encounter/revision",
		    "this revision came before with other content: read again and send");
	k->outcome = AC_OUT_UNCHANGED;
	k->set_encounter = k->e->revision > s->revision; /* the snapshot that is stored stays */
	k->snapshot = s->snapshot;
	return AC_OK;
}

/* A site is one source system's: two that number their visits alike would write into each other's. */
static enum ac_code
check_source(struct ac_intake_work *k, struct ac_err *reterr)
{
	struct ac_str owner = ac_config_site_system(k->w->config, k->e->site);

	k->new_site = !ac_str_is_set(owner);
	if (k->new_site || ac_streq(owner, k->e->system))
		return AC_OK;
	return ac_fail_at(reterr, AC_EDENIED, "ENC-SOURCE", 0, 0, "/source/system",
	    "the site belongs to another source system; aftercare site set changes that");
}

static enum ac_code
take_event(struct ac_intake_work *k, bool *ret_done, struct ac_err *reterr)
{
	k->e = k->job->e;
	k->answers = k->seen->answers;
	k->nanswers = k->seen->nanswers;
	enum ac_code rc = check_source(k, reterr);
	if (rc == AC_OK)
		rc = seen_before(k, ret_done, reterr);
	if (rc != AC_OK || *ret_done)
		return rc;
	if (k->seen->exists && !ac_streq(k->seen->patient, k->e->patient.id)) {
		k->nanswers = 0; /* said of another person; a form that is still open is of the past too */
		k->answers_moved = true;
	}
	ac_sha256(k->job->snapshot, &k->snapshot);
	ac_work_blob(k, &k->snapshot, k->job->snapshot, false);
	k->set_encounter = k->set_snapshot = true;
	return AC_OK;
}

/* An answer, an issue, an hour that came: the encounter is the one that is stored. */
static enum ac_code
take_stored(struct ac_intake_work *k, struct ac_err *reterr)
{
	const struct ac_issue_request *rq = k->job->issue;
	const struct ac_seen_plan *cur;
	struct encounter *e;
	enum ac_code rc;

	if (!k->seen->exists)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "ENCOUNTER-UNKNOWN", "no snapshot of this encounter was received");
	if ((rc = ac_snapshot_get(k->w, &k->seen->snapshot, &e, reterr)) != AC_OK)
		return rc;
	e->revision = k->seen->revision;
	k->e = e;
	k->snapshot = k->seen->snapshot;
	k->answers = k->seen->answers;
	k->nanswers = k->seen->nanswers;
	k->set_encounter = true;
	if (k->job->cause == AC_CAUSE_ANSWER)
		return ac_work_answers(k, reterr);
	if (k->job->cause == AC_CAUSE_OVERRIDE)
		return ac_work_override(k, reterr);
	cur = ac_seen_plan_of(k->seen, e->patient.id);
	if (k->job->call != NULL)
		return ac_work_call(k, cur, reterr);
	if (k->job->cause == AC_CAUSE_STATE)
		return AC_OK;
	if (k->job->repin != NULL)
		return ac_repin_check(cur, k->job->repin, reterr);
	if (rq == NULL)
		return AC_OK;
	if (cur == NULL || memcmp(&cur->full.row.id, &rq->plan, sizeof(rq->plan)) != 0 ||
	    !ac_streq_c(cur->full.row.status, "active"))
		return ac_fail(reterr, AC_EDENIED, "ISSUE-STATE",
		    "the plan does not hold any more: nothing to give out");
	if (rq->seen_version != cur->full.row.version)
		return ac_fail(
		    reterr, AC_ECONFLICT, "FORM-STALE", "the plan changed");
	if (rq->from_page && rq->seen_sheets != (int64_t)cur->nissues)
		return ac_fail(
		    reterr, AC_ECONFLICT, "FORM-STALE", "a sheet was given out");
	return AC_OK;
}

/* Everything up to the commit: read, decide, write down what is to be written. */
static enum ac_code
plan_once(struct ac_worker *w, struct ac_job *job, struct ac_intake_work *k, struct ac_err *reterr)
{
	struct ac_seen *seen = ac_new(w->arena, struct ac_seen, 1);
	bool done = false;
	enum ac_code rc;

	if ((rc = ac_seen_load(w, job->site, job->encounter, seen, reterr)) != AC_OK)
		return rc;
	k->seen = seen;
	if (w->config->clinic != NULL && w->config->clinic->nduty > 0 &&
	    (rc = ac_on_call_now(w, &k->on_call, reterr)) != AC_OK)
		return rc;
	k->on_call.clinic = w->config->clinic;
	job->now_ms = ac_service_now_ms(w->service);
	if (job->now_ms < seen->log_ms) /* as the committer has it: time does not go back within a store */
		job->now_ms = seen->log_ms;
	rc = job->cause == AC_CAUSE_EVENT ? take_event(k, &done, reterr) : take_stored(k, reterr);
	if (rc == AC_OK && !done)
		rc = ac_intake_decide(k, reterr);
	if (rc == AC_OK && job->cause == AC_CAUSE_ISSUE && (k->current == NULL || !k->current->has_issue))
		rc = ac_fail(reterr, AC_EDENIED, "ISSUE-STATE",
		    "the plan does not hold any more: nothing to give out");
	return rc;
}

/*
 * No more plans at a time than processors: the others would only share them, and all be late instead of most in time. Nobody
 * waits for the disk in here.
 */
static enum ac_code
plan_one(struct ac_worker *w, struct ac_job *job, struct ac_intake_work **ret, struct ac_err *reterr)
{
	struct ac_intake_work *k = ac_new(w->arena, struct ac_intake_work, 1);
	enum ac_code rc;

	k->w = w;
	k->job = job;
	while (sem_wait(&w->service->planning) != 0)
		continue; /* interrupted by a signal: nothing else can be wrong */
	rc = plan_once(w, job, k, reterr);
	sem_post(&w->service->planning);
	if (rc == AC_OK)
		*ret = k;
	return rc;
}

struct works {
	struct ac_intake_work **v;
	size_t n;
};

static enum ac_code
commit_all(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct works *all = arg;
	enum ac_code rc = AC_OK;

	for (size_t i = 0; rc == AC_OK && i < all->n; i++)
		rc = ac_intake_commit(c, all->v[i], reterr);
	return rc;
}

static enum ac_code
try_once(struct ac_worker *w, struct ac_job *const *jobs, size_t n, struct ac_intake_work **ret, struct ac_err *reterr)
{
	struct works all = { ret, n };
	enum ac_code rc;

	for (size_t i = 0; i < n; i++)
		if ((rc = plan_one(w, jobs[i], &ret[i], reterr)) != AC_OK)
			return rc;
	if (jobs[0]->dry_run)
		return AC_OK;
	if ((rc = ac_committer_run(w->service->committer, commit_all, &all, reterr)) != AC_OK)
		return rc;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < ret[k]->blobs.n; i++)
			if (ret[k]->blobs.v[i].lasting)
				ac_service_note_stored(w->service, &ret[k]->blobs.v[i].sha);
	return AC_OK;
}

/* Content that contradicts what came before is refused, and who sent it is on record. */
static void
log_conflict(struct ac_worker *w, const struct ac_job *job, const struct ac_err *e)
{
	struct ac_err err = { 0 };
	struct ac_str none = { 0 };

	if (ac_service_log(w, job->who, "refuse", "encounter", none, 0, job->e->patient.id,
		ac_strf(w->arena, "%.*s/%.*s", AC_FMT(job->site), AC_FMT(job->encounter)), e->rule, &err) != AC_OK)
		ac_log_err(AC_LOG_ERR, "a refusal could not be logged", &err);
}

static int
by_encounter(const void *x, const void *y)
{
	const struct ac_job *a = *(struct ac_job *const *)x, *b = *(struct ac_job *const *)y;
	int c = ac_str_cmp(a->site, b->site);

	return c != 0 ? c : ac_str_cmp(a->encounter, b->encounter);
}

/* In one order for everybody: two who need the same ones do not wait for each other. *ret_taken of them are held. */
static enum ac_code
take_turns(struct ac_worker *w, struct ac_job *const *jobs, size_t n, struct ac_turn *turns, size_t *ret_taken,
    struct ac_err *reterr)
{
	const struct ac_job **sorted = ac_new(w->arena, const struct ac_job *, n);
	enum ac_code rc = AC_OK;

	for (size_t i = 0; i < n; i++)
		sorted[i] = jobs[i];
	qsort(sorted, n, sizeof(sorted[0]), by_encounter);
	for (size_t i = 0; i < n; i++) {
		rc = ac_turn_take(&w->service->turns, &turns[i], sorted[i]->site, sorted[i]->encounter, reterr);
		if (rc != AC_OK)
			break;
		*ret_taken += 1;
	}
	return rc;
}

enum ac_code
ac_intake_run_all(struct ac_worker *w, struct ac_job *const *jobs, size_t n, struct ac_intake_work **ret,
    struct ac_err *reterr)
{
	struct ac_turn *turns = ac_new(w->arena, struct ac_turn, n);
	struct ac_err err = { 0 };
	size_t taken = 0;
	enum ac_code rc = take_turns(w, jobs, n, turns, &taken, &err);

	for (int i = 0; rc == AC_OK && i < AC_INTAKE_TRIES; i++) {
		err = (struct ac_err){ 0 };
		if (i > 0 && (rc = ac_worker_renew(w, &err)) != AC_OK)
			break;
		rc = try_once(w, jobs, n, ret, &err);
		if (rc != AC_EBUSY || strcmp(err.rule, "INTAKE-MOVED") != 0)
			break;
		if (i + 1 < AC_INTAKE_TRIES)
			rc = AC_OK;
	}
	while (taken > 0)
		ac_turn_give(&w->service->turns, &turns[--taken]);
	if (rc != AC_OK && reterr != NULL)
		*reterr = err;
	return rc;
}

enum ac_code
ac_intake_run(struct ac_worker *w, struct ac_job *job, struct ac_intake_work **ret, struct ac_err *reterr)
{
	struct ac_err err = { 0 };
	enum ac_code rc = ac_intake_run_all(w, &job, 1, ret, &err);

	if (rc == AC_ECONFLICT && strcmp(err.rule, "ENC-REVISION") == 0)
		log_conflict(w, job, &err);
	if (rc != AC_OK && reterr != NULL)
		*reterr = err;
	return rc;
}

enum ac_code
ac_intake_put(struct ac_worker *w, const struct ac_actor *who, const struct encounter *e,
    const struct enc_warnings *warnings, struct ac_intake *ret, struct ac_err *reterr)
{
	struct ac_job job = {
		.cause = AC_CAUSE_EVENT, .who = who, .site = e->site, .encounter = e->id, .e = e
	};
	struct ac_intake_work *k;
	enum ac_code rc;

	enc_content_hash(e, w->arena, &job.content);
	job.snapshot = enc_snapshot_encode(e, true, w->arena);
	if ((rc = ac_intake_run(w, &job, &k, reterr)) != AC_OK)
		return rc;
	return ac_intake_json(k, warnings, ret, reterr);
}
