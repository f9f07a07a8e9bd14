/* repin.c - see repin.h. */
#include "core/intake_parts.h"
#include "core/protocol_life_parts.h"

static bool
is_meant(const struct ac_repin *rq, struct ac_str protocol)
{
	return !ac_str_is_set(rq->protocol) || ac_streq(rq->protocol, protocol);
}

enum ac_code
ac_repin_check(const struct ac_seen_plan *cur, const struct ac_repin *rq, struct ac_err *reterr)
{
	if (cur == NULL || memcmp(&cur->full.row.id, &rq->plan, sizeof(rq->plan)) != 0 ||
	    !ac_plan_runs(cur->full.row.status))
		return ac_fail(reterr, AC_ECONFLICT, "REPIN-STATE", "the plan does not hold any more");
	if (rq->seen_version != 0 && rq->seen_version != cur->full.row.version)
		return ac_fail(
		    reterr, AC_ECONFLICT, "FORM-STALE", "the plan changed since the page was shown");
	if (cur->full.row.pending && rq->recall == 0)
		return ac_fail(reterr, AC_ECONFLICT, "REPIN-PENDING",
		    "changes of the chart wait for the signature: sign first");
	return AC_OK;
}

/* The version in force, or the last good one; NULL: nothing to go to. */
static const struct ac_sha256 *
version_to_go_to(const struct ac_config *c, struct ac_str protocol)
{
	for (size_t i = 0; i < c->nactive; i++) {
		const struct ac_protocol *p = c->active[i].protocol;
		const struct ac_suspended *s;
		if (!ac_streq(p->id, protocol))
			continue;
		s = ac_config_suspended(c, &p->version);
		if (s == NULL)
			return &p->version;
		return s->has_good ? &s->good : NULL;
	}
	return NULL;
}

enum ac_code
ac_repin_target(
    struct ac_intake_work *k, struct ac_draft *d, struct ac_manifest_protocol *mp, struct ac_err *reterr)
{
	const struct ac_sha256 *to = version_to_go_to(k->w->config, mp->id);
	struct ac_life_row row;
	enum ac_code rc;

	if (k->job->repin->review_only || to == NULL || ac_sha256_eq(to, &mp->version) || !is_meant(k->job->repin, mp->id) ||
	    d->cur->full.row.pending)
		return AC_OK;
	if ((rc = ac_life_get(k->w, to, &row, reterr)) != AC_OK)
		return rc;
	mp->version = row.version;
	mp->approver = row.approver;
	mp->solo = row.solo;
	d->nmoved++;
	return AC_OK;
}

static const struct ac_plan_line *
line_of(const struct ac_plan *p, struct ac_str key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq(p->lines[i].key, key))
			return &p->lines[i];
	return NULL;
}

static int64_t
end_of(const struct ac_plan_line *l)
{
	return l->until == AC_INSTANT_NONE ? INT64_MAX : l->until;
}

static bool
same_text(const struct ac_plan_line *x, const struct ac_plan_line *y)
{
	if (x->def->text.n != y->def->text.n)
		return false;
	for (size_t i = 0; i < x->def->text.n; i++)
		if (!ac_streq(x->def->text.v[i].lang, y->def->text.v[i].lang) ||
		    !ac_streq(x->def->text.v[i].text, y->def->text.v[i].text))
			return false;
	return true;
}

/* One entry for each difference of a line that stands in both. */
static size_t
compare(const struct ac_plan_line *b, const struct ac_plan_line *n, struct ac_repin_line *ret)
{
	size_t i = 0;

	if (end_of(b) != end_of(n))
		ret[i++] = (struct ac_repin_line){ n->key, end_of(n) > end_of(b) ? "longer" : "shorter", b->until,
			n->until };
	if (b->from != n->from)
		ret[i++] = (struct ac_repin_line){ n->key, n->from > b->from ? "later" : "earlier", b->from, n->from };
	if (!same_text(b, n))
		ret[i++] = (struct ac_repin_line){ n->key, "reworded", b->until, n->until };
	return i;
}

static void
differences(struct ac_repin_done *r, struct ac_arena *a)
{
	r->lines = ac_new(a, struct ac_repin_line, 3 * r->now->nlines + r->before->nlines);
	for (size_t i = 0; i < r->now->nlines; i++) {
		const struct ac_plan_line *n = &r->now->lines[i], *b = line_of(r->before, n->key);
		if (b == NULL)
			r->lines[r->nlines++] =
			    (struct ac_repin_line){ n->key, "new", AC_INSTANT_NONE, n->until };
		else
			r->nlines += compare(b, n, &r->lines[r->nlines]);
	}
	for (size_t i = 0; i < r->before->nlines; i++) {
		const struct ac_plan_line *b = &r->before->lines[i];
		if (line_of(r->now, b->key) == NULL)
			r->lines[r->nlines++] =
			    (struct ac_repin_line){ b->key, "gone", b->until, AC_INSTANT_NONE };
	}
}

static enum ac_code
run(struct ac_worker *w, const struct ac_actor *who, const struct ac_repin *rq, bool dry_run,
    struct ac_intake_work **ret, struct ac_err *reterr)
{
	struct ac_job job = { .cause = rq->recall == 0 ? AC_CAUSE_REPIN : AC_CAUSE_RECALL,
		.who = who,
		.repin = rq,
		.dry_run = dry_run };
	struct ac_plan_full plan;
	enum ac_code rc;

	if ((rc = ac_plan_named(w, who, rq->plan, &plan, reterr)) != AC_OK)
		return rc;
	job.site = plan.row.site;
	job.encounter = plan.row.encounter;
	return ac_intake_run(w, &job, ret, reterr);
}

enum ac_code
ac_plan_repin(struct ac_worker *w, const struct ac_actor *who, const struct ac_life_who *by,
    const struct ac_repin *rq, bool dry_run, struct ac_repin_done *ret, struct ac_err *reterr)
{
	struct ac_intake_work *k;
	struct ac_repin_done r = { 0 };
	struct ac_plan *before;
	enum ac_code rc;

	if ((rc = ac_life_right(by, rq->recall == 0 ? AC_MAY_REPIN : AC_MAY_RECALL, reterr)) != AC_OK ||
	    (rc = ac_reason_check(rq->reason, false, reterr)) != AC_OK ||
	    (rc = run(w, who, rq, dry_run, &k, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_seen_remake(w, k->current->was, &before, reterr)) != AC_OK)
		return rc;
	r.before = before;
	r.now = k->current->plan;
	r.version = k->current->now.row.version;
	r.nmoved = k->nmoved;
	for (size_t i = 0; i < k->current->tasks.n; i++) {
		const struct ac_task_row *t = &k->current->tasks.v[i].row;
		if (!ac_task_is_open(t) || !ac_str_starts(t->name, AC_S(AC_TASK_TELL)))
			continue;
		r.tell = true;
		r.urgent = t->urgent;
	}
	differences(&r, w->arena);
	*ret = r;
	return AC_OK;
}
