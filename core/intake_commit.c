/*
 * intake_commit.c - everything that a worker decided, written in one go; runs in the committer's thread.
 *
 * Rules   the guard first: what the worker saw must still be so. Then rows in the order in which they refer to each
 *         other; a row that names its leaf comes after it.
 */
#include <string.h>

#include "core/intake_parts.h"

/* LIMIT: of a patient with more running plans the ones treated last learn of it at once, the others with their own next event */
#define OTHERS_TOLD_MAX 64
#define RUN(c, stmt, reterr, ...) ac_store_run((c)->store, AC_STMT_##stmt, NULL, NULL, (reterr), __VA_ARGS__)

static struct ac_val
int_or_null(int64_t i)
{
	return i == 0 ? AC_VNULL : AC_VINT(i);
}

static enum ac_code
first_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
}

static enum ac_code
guard(struct ac_commit *c, const struct ac_intake_work *k, struct ac_err *reterr)
{
	int64_t seq = 0, generation = 0;
	enum ac_code rc;

	rc = ac_store_run(c->store, AC_STMT_ENCOUNTER_SEQ, first_int, &seq, reterr, AC_VTEXT(k->seen->site),
	    AC_VTEXT(k->seen->id));
	if (rc != AC_OK)
		return rc;
	rc = ac_store_run_n(c->store, AC_STMT_GENERATION_GET, NULL, 0, first_int, &generation, NULL, reterr);
	if (rc != AC_OK)
		return rc;
	if (seq != k->seen->seq || generation != k->w->config->generation ||
	    c->now_ms >= k->w->config->until_ms ||
	    c->now_ms - k->job->now_ms > AC_INTAKE_AGE_MAX_MS)
		return ac_fail(
		    reterr, AC_EBUSY, "INTAKE-MOVED", "the encounter or the configuration changed meanwhile");
	return AC_OK;
}

static enum ac_code
put_encounter(struct ac_commit *c, const struct ac_intake_work *k, struct ac_err *reterr)
{
	const struct ac_seen *s = k->seen;
	struct ac_str patient = k->e->patient.id, status = ac_str_c(enc_status_word(k->e->status));
	struct ac_str outcome = ac_str_c(ac_outcome_word(k->outcome));
	const struct ac_sha256 *content = k->set_snapshot ? &k->job->content : &s->content;

	if (!s->exists)
		return RUN(c, ENCOUNTER_ADD, reterr, AC_VTEXT(s->site), AC_VTEXT(s->id), AC_VTEXT(patient),
		    AC_VINT(k->e->revision), AC_VSHA(content), AC_VSHA(&k->snapshot), AC_VTEXT(status),
		    AC_VTEXT(outcome), AC_VINT(c->now_ms), AC_VINT(c->now_ms));
	if (k->outcome == AC_OUT_UNCHANGED) /* what the encounter is did not change either */
		outcome = s->outcome;
	return RUN(c, ENCOUNTER_SET, reterr, AC_VTEXT(patient), AC_VINT(k->e->revision), AC_VSHA(content),
	    AC_VSHA(&k->snapshot), AC_VTEXT(status), AC_VTEXT(outcome), AC_VINT(c->now_ms),
	    AC_VINT(s->nanswered + (k->answers_moved ? 1 : 0)), AC_VTEXT(s->site), AC_VTEXT(s->id));
}

static struct ac_str
values_json(const struct ac_answer *a, struct ac_arena *arena)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, arena, 64, 0);
	ac_jw_init(&w, &b);
	ac_jw_arr(&w);
	for (size_t i = 0; i < a->values.n; i++)
		ac_jw_str(&w, a->values.v[i]);
	ac_jw_end_arr(&w);
	return ac_buf_str(&b);
}

static enum ac_code
put_answers(struct ac_commit *c, const struct ac_intake_work *k, struct ac_err *reterr)
{
	const struct ac_seen *s = k->seen;
	enum ac_code rc;

	for (size_t i = 0; i < s->nanswers; i++)
		if ((rc = RUN(c, ANSWER_DELETE, reterr, AC_VTEXT(s->site), AC_VTEXT(s->id),
			 AC_VTEXT(s->answers[i].name))) != AC_OK)
			return rc;
	for (size_t i = 0; i < k->nanswers; i++) {
		const struct ac_answer *a = &k->answers[i];
		rc = RUN(c, ANSWER_ADD, reterr, AC_VTEXT(s->site), AC_VTEXT(s->id), AC_VTEXT(a->name),
		    AC_VTEXT(values_json(a, c->arena)), AC_VTEXT(a->by), AC_VTEXT(a->by_role),
		    AC_VINT(a->at_ms));
		if (rc != AC_OK)
			return rc;
	}
	return AC_OK;
}

static enum ac_code
put_plan_row(struct ac_commit *c, const struct ac_plan_op *op, int64_t first_leaf, struct ac_err *reterr)
{
	const struct ac_plan_row *r = &op->now.row;
	struct ac_val pending = r->pending ? AC_VSHA(&op->now.pending) : AC_VNULL;

	if (op->was != NULL) {
		/* what came between reading and this commit stays due; a plan that runs no more has nothing to look at */
		struct ac_val seen = AC_VINT(op->saw_others || !ac_plan_runs(r->status) ? op->was->full.others_leaf : 0);
		return RUN(c, PLAN_SET, reterr, AC_VTEXT(r->status), AC_VTEXT(r->stage), AC_VINT(r->version),
		    AC_VINT(r->document_version), AC_VINT(c->now_ms), int_or_null(r->issued_ms),
		    int_or_null(r->final_ms), AC_VINT(r->anchor), pending, int_or_null(op->now.issued_anchor),
		    int_or_null(op->now.signed_s), seen, int_or_null(op->now.timer_ms), AC_VINT(c->now_ms), seen,
		    AC_VUUID(&r->id));
	}
	return RUN(c, PLAN_ADD, reterr, AC_VTEXT(r->status), AC_VTEXT(r->stage), AC_VINT(r->version),
	    AC_VINT(r->document_version), AC_VINT(c->now_ms), int_or_null(r->issued_ms),
	    int_or_null(r->final_ms), AC_VINT(r->anchor), int_or_null(op->now.timer_ms), pending,
	    int_or_null(op->now.issued_anchor), int_or_null(op->now.signed_s), AC_VUUID(&r->id),
	    AC_VTEXT(r->site), AC_VTEXT(r->encounter),
	    AC_VTEXT(r->patient), AC_VINT(r->created_ms), AC_VINT(first_leaf));
}

static const char *
cause_word(enum ac_cause cause)
{
	static const char *const words[] = { [AC_CAUSE_EVENT] = "event",
		[AC_CAUSE_ANSWER] = "answer",
		[AC_CAUSE_ISSUE] = "issue",
		[AC_CAUSE_TIMER] = "timer",
		[AC_CAUSE_REPIN] = "repin",
		[AC_CAUSE_RECALL] = "recall",
		[AC_CAUSE_CALL] = "call",
		[AC_CAUSE_STATE] = "state",
		[AC_CAUSE_OVERRIDE] = "override",
		[AC_CAUSE_CONFIRM] = "confirm",
		[AC_CAUSE_BACKFILL] = "event" }; /* the entry before it says who asked */

	return words[cause];
}

static struct ac_audit_entry
entry_of(struct ac_commit *c, const struct ac_intake_work *k, const char *kind, struct ac_str patient)
{
	return (struct ac_audit_entry){ .action = cause_word(k->job->cause),
		.kind = kind,
		.actor = k->job->who->user,
		.role = ac_str_c(ac_role_word(k->job->who->role)),
		.patient = patient,
		.object = ac_strf(c->arena, "%.*s/%.*s", AC_FMT(k->seen->site), AC_FMT(k->seen->id)),
		.reason = k->job->repin == NULL ? (struct ac_str){ 0 } : k->job->repin->reason };
}

static enum ac_code
put_version(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op,
    int64_t first_leaf, struct ac_err *reterr)
{
	struct ac_audit_entry e = entry_of(c, k, "plan", op->now.row.patient);
	enum ac_code rc;

	e.id = ac_uuid_str(c->arena, op->now.row.id);
	e.version = op->now.row.version;
	e.digest = &op->manifest;
	e.salt = op->version_salt;
	e.outcome = ac_outcome_word(op->plan->status == AC_PLAN_REVOKED ? AC_OUT_REVOKED : k->outcome);
	if (op->act != NULL) {
		e.outcome = ac_plan_act_word(op->act->act);
		e.reason = op->act_reason;
	}
	if ((rc = ac_audit_append(c, &e, reterr)) != AC_OK)
		return rc;
	return RUN(c, VERSION_ADD, reterr, AC_VINT(first_leaf), AC_VINT(op->now.row.version),
	    AC_VINT(op->plan->in->made_at), AC_VSHA(&op->content), AC_VSHA(&op->manifest),
	    AC_VTEXT(ac_changed_words(op->changed, c->arena)),
	    AC_VBLOB(((struct ac_str){ (const char *)op->version_salt, AC_SALT_BYTES })),
	    AC_VINT(ac_audit_last(c)));
}

struct others {
	struct {
		struct ac_uuid id;
		int64_t anchor;
	} v[OTHERS_TOLD_MAX]; /* the ones treated last first; of one moment, by id */
	size_t n;
};

/* In its place, if it has one: the last falls out. */
static enum ac_code
note_other(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct others *o = arg;
	struct ac_uuid id;
	size_t at = 0;

	(void)ncols;
	if (!ac_val_uuid(&cols[0], &id))
		return ac_fail(reterr, AC_EINTEGRITY, "PLAN-ROW", "a plan's id is damaged");
	while (at < o->n && (o->v[at].anchor > cols[1].i ||
				(o->v[at].anchor == cols[1].i && memcmp(&o->v[at].id, &id, sizeof(id)) < 0)))
		at++;
	if (at == OTHERS_TOLD_MAX)
		return AC_OK;
	if (o->n < OTHERS_TOLD_MAX)
		o->n++;
	memmove(&o->v[at + 1], &o->v[at], (o->n - 1 - at) * sizeof(o->v[0]));
	o->v[at].id = id;
	o->v[at].anchor = cols[1].i;
	return AC_OK;
}

/*
 * The patient's plans that may count this one are due for a look at it, in the same commit: the timer's next round plans each
 * again (core/timer.c), so that nothing is lost when the process ends in between. A plan counts what was treated before it; a
 * day's slack for visits of which only the date is known.
 */
static enum ac_code
tell_others(struct ac_commit *c, const struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_plan_row *r = &op->now.row;
	int64_t from = op->was != NULL && op->was->full.row.anchor < r->anchor ? op->was->full.row.anchor : r->anchor;

	struct others others = { .n = 0 };
	enum ac_code rc = ac_store_run(c->store, AC_STMT_PLAN_OTHERS, note_other, &others, reterr, AC_VTEXT(r->patient),
	    AC_VTEXT(r->site), AC_VUUID(&r->id), AC_VINT(from - 86400));

	for (size_t i = 0; rc == AC_OK && i < others.n; i++)
		rc = RUN(c, PLAN_OTHERS_MARK, reterr, AC_VINT(c->now_ms), AC_VINT(c->now_ms), AC_VINT(ac_audit_last(c)),
		    AC_VUUID(&others.v[i].id));
	return rc;
}

static enum ac_code
put_document(
    struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_document_row *d = &op->document;
	struct ac_audit_entry e = entry_of(c, k, "document", op->now.row.patient);
	enum ac_code rc;

	if (d->version > 1 &&
	    (rc = RUN(c, DOCUMENT_REPLACED, reterr, AC_VUUID(&d->plan), AC_VINT(d->version - 1))) != AC_OK)
		return rc;
	e.action = "document";
	e.id = ac_uuid_str(c->arena, d->id);
	e.version = d->version;
	e.digest = &d->sha256;
	e.salt = op->document_salt;
	if ((rc = ac_audit_append(c, &e, reterr)) != AC_OK)
		return rc;
	bool is_signed = ac_str_is_set(op->signature);
	rc = RUN(c, DOCUMENT_ADD, reterr, AC_VUUID(&d->id), AC_VUUID(&d->plan), AC_VINT(d->version),
	    AC_VINT(d->plan_version), AC_VSHA(&d->sha256), AC_VINT(d->size), AC_VBLOB(op->document_stored),
	    AC_VBLOB(((struct ac_str){ (const char *)op->document_salt, AC_SALT_BYTES })), AC_VINT(c->now_ms),
	    AC_VINT(d->performed), AC_VSHA(&op->document_manifest), is_signed ? AC_VBLOB(op->signature) : AC_VNULL,
	    is_signed ? AC_VSHA(&op->certificate) : AC_VNULL, AC_VINT(ac_audit_last(c)));
	if (rc != AC_OK)
		return rc;
	return RUN(c, CONFIRM_SET, reterr, op->document_waits ? AC_VINT(c->now_ms) : AC_VNULL, AC_VUUID(&d->plan));
}

/* Exactly this version, by whom: before the document that may come of it. */
static enum ac_code
put_confirmation(
    struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	struct ac_audit_entry e = entry_of(c, k, "plan", op->now.row.patient);
	enum ac_code rc;

	e.id = ac_uuid_str(c->arena, op->now.row.id);
	e.version = op->confirms;
	e.outcome = op->confirmed_by_signer ? "signer" : "clinician";
	if ((rc = ac_audit_append(c, &e, reterr)) != AC_OK)
		return rc;
	rc = RUN(c, CONFIRMATION_ADD, reterr, AC_VUUID(&op->now.row.id), AC_VINT(op->confirms),
	    AC_VINT(op->now.row.version), AC_VINT(c->now_ms), AC_VTEXT(k->job->who->user),
	    AC_VINT(op->confirmed_by_signer), AC_VINT(ac_audit_last(c)));
	return rc != AC_OK ? rc : RUN(c, CONFIRM_SET, reterr, AC_VNULL, AC_VUUID(&op->now.row.id));
}

static enum ac_code
put_issue(
    struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	const struct ac_issue_row *i = &op->issue;
	struct ac_audit_entry e = entry_of(c, k, "handout", op->now.row.patient);
	enum ac_code rc;

	e.id = ac_uuid_str(c->arena, op->now.row.id);
	e.version = i->n;
	e.digest = &i->sha256;
	e.salt = op->issue_salt;
	if ((rc = ac_audit_append(c, &e, reterr)) != AC_OK)
		return rc;
	bool by_hand = ac_streq_c(i->medium, AC_ISSUE_BLANK);
	return RUN(c, ISSUE_ADD, reterr, AC_VUUID(&op->now.row.id), AC_VINT(i->n), AC_VINT(i->plan_version),
	    AC_VTEXT(i->language), AC_VINT(i->at_ms), AC_VTEXT(i->actor), AC_VTEXT(i->role),
	    AC_VTEXT(i->recipient), by_hand ? AC_VTEXT(AC_S("paper")) : AC_VTEXT(i->medium), AC_VSHA(&i->sha256), AC_VINT(i->size),
	    AC_VBLOB(op->issue_stored),
	    AC_VBLOB(((struct ac_str){ (const char *)op->issue_salt, AC_SALT_BYTES })),
	    AC_VINT(ac_audit_last(c)), AC_VINT(by_hand ? 1 : 0));
}

/* The digest covers the reason too; the reason itself stands beside the log's entry. */
static enum ac_code
put_override(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, int64_t first_leaf,
    struct ac_err *reterr)
{
	struct ac_audit_entry e = entry_of(c, k, "override", op->now.row.patient);
	struct ac_sha256 sha;
	enum ac_code rc;

	ac_sha256(k->act_json, &sha);
	e.id = ac_uuid_str(c->arena, op->now.row.id);
	e.version = k->act->n;
	e.digest = &sha;
	e.salt = k->act_salt;
	e.outcome = ac_override_act_word(k->act->act);
	e.reason = k->act->reason;
	if ((rc = ac_audit_append(c, &e, reterr)) != AC_OK)
		return rc;
	return RUN(c, OVERRIDE_ADD, reterr, AC_VINT(first_leaf), AC_VINT(k->act->n), AC_VTEXT(k->act_json),
	    AC_VBLOB(((struct ac_str){ (const char *)k->act_salt, AC_SALT_BYTES })), AC_VINT(ac_audit_last(c)));
}

static enum ac_code
put_delivery(struct ac_commit *c, const struct ac_delivery_op *x, struct ac_err *reterr)
{
	const struct ac_delivery_row *d = &x->row;

	if (x->supersede)
		return RUN(c, DELIVERY_SUPERSEDE, reterr, AC_VTEXT(d->site), AC_VTEXT(d->encounter),
		    AC_VTEXT(d->object), AC_VINT(d->version));
	return RUN(c, DELIVERY_ADD, reterr, AC_VTEXT(d->site), AC_VTEXT(d->encounter),
	    AC_VTEXT(d->kind), AC_VTEXT(d->object), AC_VINT(d->version), AC_VTEXT(d->href),
	    d->has_sha ? AC_VSHA(&d->sha) : AC_VNULL, AC_VINT(d->attempts), AC_VINT(d->next_ms),
	    AC_VINT(c->now_ms), AC_VINT(d->seq));
}

static enum ac_code
put_act(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, int64_t first_leaf,
    struct ac_err *reterr)
{
	const struct ac_plan_transition *t = op->act;

	return RUN(c, PLAN_ACT_ADD, reterr, AC_VINT(first_leaf), AC_VINT(op->now.row.version),
	    AC_VTEXT(ac_str_c(ac_plan_act_word(t->act))), AC_VTEXT(ac_str_c(ac_plan_status_word(t->from))),
	    AC_VTEXT(ac_str_c(ac_plan_status_word(t->to))), AC_VTEXT(op->act_reason), AC_VINT(c->now_ms),
	    AC_VTEXT(k->job->who->user), AC_VTEXT(ac_str_c(ac_role_word(k->job->who->role))));
}

/* That this plan was taken care of: a recall that broke off goes on with the others. */
static enum ac_code
put_recall(
    struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	return RUN(c, RECALL_PLAN_ADD, reterr, AC_VINT(k->job->repin->recall), AC_VUUID(&op->now.row.id),
	    AC_VTEXT(ac_strf(c->arena, AC_TASK_RECALL "%lld", (long long)k->job->repin->recall)),
	    AC_VINT(op->now.row.version), AC_VINT(k->nmoved > 0));
}

static bool
touches(const struct ac_intake_work *k, const struct ac_plan_op *op)
{
	const struct ac_plan_full *was = op->was == NULL ? NULL : &op->was->full;

	return was == NULL || op->has_version || op->has_document || op->has_issue || op->tasks.n > 0 ||
	       op->confirms != 0 || k->job->call != NULL || (op->saw_others && was->others_leaf != 0) || was->timer_ms != op->now.timer_ms || was->signed_s != op->now.signed_s ||
	       was->row.pending != op->now.row.pending ||
	       (op->now.row.pending && !ac_sha256_eq(&was->pending, &op->now.pending));
}

static enum ac_code
put_plan(
    struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	/* a new plan has a version, and that is the next entry */
	int64_t first_leaf = op->was == NULL ? ac_audit_next(c) : op->now.first_leaf;
	enum ac_code rc;

	if (!touches(k, op))
		return AC_OK;
	if ((rc = put_plan_row(c, op, first_leaf, reterr)) != AC_OK)
		return rc;
	if (k->act != NULL && op == k->current && (rc = put_override(c, k, op, first_leaf, reterr)) != AC_OK)
		return rc;
	if (op->has_version && ((rc = put_version(c, k, op, first_leaf, reterr)) != AC_OK ||
				   (rc = tell_others(c, op, reterr)) != AC_OK))
		return rc;
	if (op->confirms != 0 && (rc = put_confirmation(c, k, op, reterr)) != AC_OK)
		return rc;
	if (op->has_document && (rc = put_document(c, k, op, reterr)) != AC_OK)
		return rc;
	if (op->has_issue && (rc = put_issue(c, k, op, reterr)) != AC_OK)
		return rc;
	if (op->act != NULL && (rc = put_act(c, k, op, first_leaf, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < op->tasks.n; i++)
		if ((rc = ac_task_put(c, &op->tasks.v[i].row, op->tasks.v[i].add, first_leaf, reterr)) != AC_OK)
			return rc;
	if ((rc = ac_late_put(c, k, op, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < op->deliveries.n; i++)
		if ((rc = put_delivery(c, &op->deliveries.v[i], reterr)) != AC_OK)
			return rc;
	if (op->closes.n > 0 && (rc = ac_series_put(c, k, op, reterr)) != AC_OK)
		return rc;
	if (k->job->call != NULL && op == k->current && (rc = ac_call_put(c, k, op, reterr)) != AC_OK)
		return rc;
	if (k->job->cause == AC_CAUSE_RECALL && op == k->current)
		return put_recall(c, k, op, reterr);
	return AC_OK;
}

/* A version or an issue speaks for itself; every other outcome has an entry of its own. */
static enum ac_code
put_outcome(struct ac_commit *c, const struct ac_intake_work *k, struct ac_err *reterr)
{
	struct ac_audit_entry e = entry_of(c, k, "encounter", k->e->patient.id);

	if (k->current != NULL && (k->current->has_version || k->current->has_issue || k->current->confirms != 0 ||
				      k->job->call != NULL))
		return AC_OK;
	if (k->current != NULL)
		e.id = ac_uuid_str(c->arena, k->current->now.row.id);
	e.outcome = ac_outcome_word(k->outcome);
	return ac_audit_append(c, &e, reterr);
}

/* The first event of a site says whose it is. Everybody's configuration is older from here on. */
static enum ac_code
put_site(struct ac_commit *c, const struct ac_intake_work *k, struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "configure",
		.kind = "site",
		.actor = k->job->who->user,
		.role = ac_str_c(ac_role_word(k->job->who->role)),
		.object = k->seen->site,
		.outcome = "first-event" };
	enum ac_code rc;

	rc = RUN(c, SITE_ADD, reterr, AC_VTEXT(k->seen->site), AC_VTEXT(k->e->system), AC_VINT(c->now_ms));
	if (rc == AC_OK)
		rc = ac_store_run_n(c->store, AC_STMT_GENERATION_NEXT, NULL, 0, NULL, NULL, NULL, reterr);
	return rc == AC_OK ? ac_audit_append(c, &e, reterr) : rc;
}

enum ac_code
ac_intake_commit(struct ac_commit *c, void *work, struct ac_err *reterr)
{
	const struct ac_intake_work *k = work;
	enum ac_code rc = guard(c, k, reterr);

	if (rc == AC_OK && k->new_site)
		rc = put_site(c, k, reterr);
	for (size_t i = 0; rc == AC_OK && i < k->blobs.n; i++)
		rc = ac_blob_put_encoded(c->store, &k->blobs.v[i].sha, k->blobs.v[i].stored, reterr);
	if (rc == AC_OK && k->set_encounter)
		rc = put_encounter(c, k, reterr);
	if (rc == AC_OK && k->answers_moved)
		rc = put_answers(c, k, reterr);
	for (size_t i = 0; rc == AC_OK && i < k->nplans; i++)
		rc = put_plan(c, k, &k->plans[i], reterr);
	return rc == AC_OK ? put_outcome(c, k, reterr) : rc;
}
