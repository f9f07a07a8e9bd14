/*
 * delivery.c - what must reach the EHR: made with the plan's commit, offered until acknowledged.
 *
 * Rules   CONTRACTS "Deliveries". Rows arise only for a site with a channel. Order holds per encounter: what waits for
 *         its back-off holds what came later. Offering counts: each time the next offer is further away.
 *         Documents and tasks always; rows for the EHR's care plan and the sheet's PDF where the clinic's file says that its
 *         EHR takes them ([rules] also-deliver).
 */
#include "core/care_plan_rows.h"
#include "core/intake_parts.h"

#define HANDOUT "aftercare/handout" /* the object of the sheets given out, beside those of tasks */

#define BACKOFF_FIRST_MS (30 * (int64_t)1000)
#define BACKOFF_MAX_MS (3600 * (int64_t)1000)

int64_t
ac_delivery_backoff_ms(int64_t attempts)
{
	int64_t ms = BACKOFF_FIRST_MS;

	for (int64_t i = 1; i < attempts && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

struct ac_str
ac_delivery_key(struct ac_arena *a, struct ac_str kind, struct ac_str object, int64_t version)
{
	struct ac_buf b;

	ac_buf_init(&b, a, kind.n + object.n + 24, 0);
	ac_buf_add(&b, kind);
	ac_buf_addc(&b, '/');
	ac_buf_add(&b, object);
	ac_buf_addf(&b, "/%lld", (long long)version);
	return ac_buf_str(&b);
}

static bool
is_superseded(const struct ac_delivery_row *d, const struct ac_plan_op *op)
{
	for (size_t i = 0; i < op->deliveries.n; i++) {
		const struct ac_delivery_op *x = &op->deliveries.v[i];
		if (x->supersede && ac_streq(x->row.object, d->object) && d->version < x->row.version)
			return true;
	}
	return false;
}

static void
add(struct ac_intake_work *k, struct ac_plan_op *op, const char *kind, struct ac_str object, int64_t version,
    struct ac_str href, const struct ac_sha256 *sha)
{
	struct ac_arena *a = k->w->arena;
	struct ac_delivery_op x = { .row = { .site = k->seen->site,
					.encounter = k->seen->id,
					.kind = ac_str_c(kind),
					.object = object,
					.version = version,
					.href = href,
					.status = AC_S("pending"),
					.created_ms = k->job->now_ms } };
	bool waits = false;
	int64_t after = 0; /* the latest hour of what waits before it */

	x.row.key = ac_delivery_key(a, x.row.kind, object, version);
	x.row.has_sha = sha != NULL;
	if (sha != NULL)
		x.row.sha = *sha;
	for (size_t i = 0; i < k->seen->npending; i++) {
		const struct ac_delivery_row *d = &k->seen->pending[i];
		if (!ac_streq(d->object, object) || d->version >= version)
			continue;
		struct ac_delivery_op s = { .supersede = true, .row = x.row };
		AC_PUSH(a, &op->deliveries, s);
		break;
	}
	for (size_t i = 0; i < k->seen->npending; i++) {
		if (is_superseded(&k->seen->pending[i], op))
			continue;
		waits = true;
		if (k->seen->pending[i].next_ms > after)
			after = k->seen->pending[i].next_ms;
	}
	/* what goes out with the answer to an event is offered; all else, and what is behind an older one, waits for its turn */
	bool offered = !waits && k->job->cause == AC_CAUSE_EVENT;
	x.row.attempts = offered ? 1 : 0;
	x.row.next_ms = k->job->now_ms + (offered ? ac_delivery_backoff_ms(1) : 0);
	if (x.row.next_ms < after)
		x.row.next_ms = after;
	x.row.seq = (k->seen->seq + 1) * AC_SEQ_PER_COMMIT + (int64_t)k->ndeliveries++;
	AC_PUSH(a, &op->deliveries, x);
}

/* The sheet as it was given out; out of the chart again where it never belonged. */
static void
handout(struct ac_intake_work *k, struct ac_plan_op *op, struct ac_str plan)
{
	struct ac_arena *a = k->w->arena;
	struct ac_str object = ac_uuid_str(a, ac_task_object(op->now.row.id, AC_S(HANDOUT)));
	size_t n = op->was == NULL ? 0 : op->was->nissues;

	if (op->has_issue)
		add(k, op, "handout", object, op->issue.n,
		    ac_strf(a, "/aftercare/plans/%.*s/sheets/%lld/pdf", AC_FMT(plan), (long long)op->issue.n), NULL);
	else if (op->withdraw && n > 0)
		add(k, op, "handout-withdraw", object, op->was->issues[n - 1].n,
		    ac_strf(a, "/aftercare/plans/%.*s", AC_FMT(plan)), NULL);
}

void
ac_work_deliveries(struct ac_intake_work *k, struct ac_plan_op *op)
{
	struct ac_arena *a = k->w->arena;
	struct ac_str plan = ac_uuid_str(a, op->now.row.id);
	const struct ac_clinic *clinic = k->w->config->clinic;

	if (!k->seen->has_channel)
		return;
	if (op->has_document)
		add(k, op, op->withdraw ? "withdraw" : "document", plan, op->document.version,
		    ac_strf(a, "/aftercare/plans/%.*s/documents/%lld/xml", AC_FMT(plan),
			(long long)op->document.version),
		    &op->document.sha256);
	if (clinic != NULL && clinic->deliver_rows && op->has_document)
		add(k, op, "care-plan-rows", ac_uuid_str(a, ac_task_object(op->now.row.id, AC_S(AC_CARE_PLAN_ROWS))),
		    op->document.version,
		    ac_strf(a, "/aftercare/v1/plans/%.*s/rows/%lld", AC_FMT(plan), (long long)op->now.row.version), NULL);
	if (clinic != NULL && clinic->deliver_handout)
		handout(k, op, plan);
	for (size_t i = 0; i < op->tasks.n; i++) {
		const struct ac_task_row *t = &op->tasks.v[i].row;
		if (op->tasks.v[i].add && !ac_task_is_open(t))
			continue; /* the EHR never heard of it */
		add(k, op, ac_task_is_open(t) ? "task" : "task-withdraw",
		    ac_uuid_str(a, ac_task_object(op->now.row.id, t->name)), t->seq,
		    ac_strf(a, "/aftercare/plans/%.*s/tasks/%.*s", AC_FMT(plan), AC_FMT(t->name)), NULL);
	}
}

void
ac_delivery_json(struct ac_jw *w, const struct ac_delivery_row *d, struct ac_arena *a)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "key", d->key);
	ac_jw_kstr(w, "kind", d->kind);
	ac_jw_kstr(w, "object", d->object);
	ac_jw_kint(w, "version", d->version);
	ac_jw_kstr(w, "site", d->site);
	ac_jw_kstr(w, "encounter", d->encounter);
	ac_jw_kstr(w, "href", d->href);
	if (d->has_sha)
		ac_jw_kstr(w, "sha256", ac_hex(a, d->sha.b, sizeof(d->sha.b)));
	ac_jw_kstr(w, "status", d->status);
	ac_jw_kint(w, "attempts", d->attempts);
	ac_jw_kstr(w, "created_at", ac_rfc3339_ms(a, d->created_ms));
	if (ac_streq_c(d->status, "pending"))
		ac_jw_kstr(w, "next_at", ac_rfc3339_ms(a, d->next_ms));
	ac_jw_kstr(w, "ehr_id", d->ehr_id);
	ac_jw_end_obj(w);
}

enum ac_code
ac_delivery_hold_behind(struct ac_commit *c, const struct ac_delivery_row *d, struct ac_err *reterr)
{
	return ac_store_run(c->store, AC_STMT_DELIVERY_HOLD, NULL, NULL, reterr, AC_VINT(d->next_ms), AC_VTEXT(d->site),
	    AC_VTEXT(d->encounter), AC_VINT(d->seq), AC_VINT(d->next_ms));
}

enum ac_code
ac_delivery_set(struct ac_commit *c, const struct ac_delivery_row *d, struct ac_err *reterr)
{
	return ac_store_run(c->store, AC_STMT_DELIVERY_SET, NULL, NULL, reterr, AC_VTEXT(d->status),
	    AC_VINT(d->attempts), AC_VINT(d->next_ms),
	    ac_str_is_set(d->ehr_id) ? AC_VTEXT(d->ehr_id) : AC_VNULL, AC_VTEXT(d->site), AC_VTEXT(d->encounter),
	    AC_VINT(d->seq));
}

struct offer {
	const struct ac_actor *who; /* to whom; NULL: a list */
	struct ac_delivery_row *v;
	size_t n;
	struct ac_str site;
	size_t limit;
	struct ac_arena *a;
};

static enum ac_code
read_rows(const struct ac_rows *rows, struct ac_arena *a, struct offer *o, struct ac_err *reterr)
{
	enum ac_code rc;

	o->v = ac_new(a, struct ac_delivery_row, rows->n);
	for (o->n = 0; o->n < rows->n; o->n++)
		if ((rc = ac_delivery_row_of(ac_row(rows, o->n), a, &o->v[o->n], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}

/* Who has the keys and the salt can check the digest: the keys are those of the answer, the salt is in the side row. */
static enum ac_code
log_offer(struct ac_commit *c, const struct offer *o, struct ac_err *reterr)
{
	unsigned char salt[AC_SALT_BYTES];
	struct ac_sha256 digest;
	struct ac_buf keys;

	ac_buf_init(&keys, o->a, 4096, 0);
	for (size_t i = 0; i < o->n; i++) {
		ac_buf_add(&keys, o->v[i].key);
		ac_buf_addc(&keys, '\n');
	}
	ac_sha256(ac_buf_str(&keys), &digest);
	ac_random(salt, sizeof(salt));
	struct ac_audit_entry e = { .action = "delivery",
		.kind = "deliveries",
		.actor = o->who->user,
		.role = ac_str_c(ac_role_word(o->who->role)),
		.version = (int64_t)o->n,
		.object = ac_strf(o->a, "%.*s %.*s", AC_FMT(o->site), AC_FMT(ac_hex(o->a, salt, sizeof(salt)))),
		.outcome = "offered",
		.digest = &digest,
		.salt = salt };
	return ac_audit_append(c, &e, reterr);
}

/* Read and mark in one transaction, so that two who ask at once are not offered the same. The caller waits: its arena. */
static enum ac_code
commit_offer(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct offer *o = arg;
	struct ac_val site = ac_str_is_set(o->site) ? AC_VTEXT(o->site) : AC_VNULL;
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(c->store, AC_STMT_DELIVERY_DUE, o->a, &rows, reterr, site, site, AC_VINT(c->now_ms),
	    AC_VINT((int64_t)o->limit));
	if (rc != AC_OK || (rc = read_rows(&rows, o->a, o, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < o->n; i++) {
		o->v[i].attempts++;
		o->v[i].next_ms = c->now_ms + ac_delivery_backoff_ms(o->v[i].attempts);
		if ((rc = ac_delivery_set(c, &o->v[i], reterr)) != AC_OK)
			return rc;
	}
	for (size_t i = 0; i < o->n; i++)
		if ((rc = ac_delivery_hold_behind(c, &o->v[i], reterr)) != AC_OK)
			return rc;
	return o->n == 0 ? AC_OK : log_offer(c, o, reterr);
}

static struct ac_str
offer_json(struct ac_worker *w, const struct offer *o)
{
	struct ac_buf b;
	struct ac_jw j;

	ac_buf_init(&b, w->arena, 4096, 0);
	ac_jw_init(&j, &b);
	ac_jw_obj(&j);
	ac_jw_key(&j, "deliveries");
	ac_jw_arr(&j);
	for (size_t i = 0; i < o->n; i++)
		ac_delivery_json(&j, &o->v[i], w->arena);
	ac_jw_end_arr(&j);
	ac_jw_end_obj(&j);
	return ac_buf_str(&b);
}

static struct offer
offer_for(struct ac_worker *w, struct ac_str site, size_t limit)
{
	return (struct offer){
		.site = site, .a = w->arena, .limit = limit == 0 || limit > AC_LIST_MAX ? AC_LIST_MAX : limit
	};
}

/*
 * By its key. No index holds the keys, one for each task would cost each event a page: the object starts as the id of
 * its plan (ac_task_object), the plan leads to its encounter, and of one encounter there are a few.
 */
enum ac_code
ac_delivery_find(struct ac_store *s, struct ac_str key, struct ac_arena *a, struct ac_delivery_row *ret,
    struct ac_err *reterr)
{
	struct ac_str kind, object, number = ac_cut(ac_cut(key, '/', &kind), '/', &object);
	struct ac_uuid from, to;
	struct ac_rows rows = { 0 };
	int64_t version;
	enum ac_code rc = AC_OK;

	if (ac_uuid_parse(object, &from) && ac_str_int(number, 0, INT64_MAX, &version)) {
		to = from;
		memset(from.b + AC_OBJECT_OF_PLAN, 0, sizeof(from.b) - AC_OBJECT_OF_PLAN);
		memset(to.b + AC_OBJECT_OF_PLAN, 0xFF, sizeof(to.b) - AC_OBJECT_OF_PLAN);
		rc = ac_rows_read(s, AC_STMT_DELIVERY_GET, a, &rows, reterr, AC_VUUID(&from), AC_VUUID(&to),
		    AC_VTEXT(kind), AC_VTEXT(object), AC_VINT(version));
	}
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "DELIVERY-UNKNOWN", "no delivery with this key");
	return ac_delivery_row_of(ac_row(&rows, 0), a, ret, reterr);
}

/* Behind which row a list goes on. */
static enum ac_code
find_behind(struct ac_worker *w, struct ac_str key, struct ac_delivery_row *ret, struct ac_err *reterr)
{
	*ret = (struct ac_delivery_row){
		.key = AC_S(""), .site = AC_S(""), .encounter = AC_S(""), .seq = -1, .created_ms = -1, .next_ms = -1
	};
	if (!ac_str_is_set(key))
		return AC_OK;
	return ac_delivery_find(w->reader, key, w->arena, ret, reterr);
}

enum ac_code
ac_delivery_list_json(struct ac_worker *w, struct ac_str site, struct ac_str after, size_t limit, struct ac_str *ret,
    struct ac_err *reterr)
{
	struct offer o = offer_for(w, site, limit);
	struct ac_val s = ac_str_is_set(site) ? AC_VTEXT(site) : AC_VNULL;
	struct ac_delivery_row b;
	struct ac_rows rows;
	enum ac_code rc = find_behind(w, after, &b, reterr);

	if (rc == AC_OK)
		rc = ac_rows_read(w->reader, AC_STMT_DELIVERY_LIST, w->arena, &rows, reterr, AC_VTEXT(b.site),
		    AC_VTEXT(b.site), AC_VTEXT(b.encounter), AC_VTEXT(b.encounter), AC_VINT(b.seq), s, s,
		    AC_VINT((int64_t)o.limit));
	if (rc == AC_OK && (rc = read_rows(&rows, w->arena, &o, reterr)) == AC_OK)
		*ret = offer_json(w, &o);
	return rc;
}

enum ac_code
ac_delivery_offer_json(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, size_t limit,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct offer o = offer_for(w, site, limit);
	struct ac_val s = ac_str_is_set(site) ? AC_VTEXT(site) : AC_VNULL;
	struct ac_val now = AC_VINT(ac_service_now_ms(w->service));
	struct ac_rows due;
	enum ac_code rc;

	o.who = who;
	rc = ac_rows_read(w->reader, AC_STMT_DELIVERY_DUE, w->arena, &due, reterr, s, s, now, AC_VINT(1));
	if (rc == AC_OK && due.n > 0) /* who asks in vain waits for no commit */
		rc = ac_committer_run(w->service->committer, commit_offer, &o, reterr);
	if (rc == AC_OK)
		*ret = offer_json(w, &o);
	return rc;
}

static enum ac_code
add_waiting(struct ac_worker *w, enum ac_stmt stmt, int64_t time_ms, const struct ac_delivery_row *behind,
    struct offer *o, struct ac_err *reterr)
{
	struct ac_val s = ac_str_is_set(o->site) ? AC_VTEXT(o->site) : AC_VNULL;
	struct offer more = { 0 };
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, stmt, w->arena, &rows, reterr, AC_VINT(time_ms), AC_VINT(time_ms),
	    AC_VTEXT(behind->site), AC_VTEXT(behind->site), AC_VTEXT(behind->encounter), AC_VTEXT(behind->encounter),
	    AC_VINT(behind->seq), s, s, AC_VINT((int64_t)(o->limit - o->n)));

	if (rc != AC_OK || (rc = read_rows(&rows, w->arena, &more, reterr)) != AC_OK)
		return rc;
	struct ac_delivery_row *v = ac_new(w->arena, struct ac_delivery_row, o->n + more.n);
	for (size_t i = 0; i < o->n; i++)
		v[i] = o->v[i];
	for (size_t i = 0; i < more.n; i++)
		v[o->n + i] = more.v[i];
	o->v = v;
	o->n += more.n;
	return AC_OK;
}

/* Refused ones first, then by when they are offered next. */
static enum ac_code
waiting(struct ac_worker *w, struct ac_str after, struct offer *o, struct ac_err *reterr)
{
	const struct ac_delivery_row first = { .site = AC_S(""), .encounter = AC_S(""), .seq = -1 };
	struct ac_delivery_row b;
	bool is_pending;
	enum ac_code rc = find_behind(w, after, &b, reterr);

	if (rc != AC_OK)
		return rc;
	is_pending = ac_str_is_set(after) && ac_streq_c(b.status, "pending");
	if (!is_pending)
		rc = add_waiting(w, AC_STMT_DELIVERY_FAILED, b.created_ms, &b, o, reterr);
	if (rc == AC_OK && o->n < o->limit)
		rc = add_waiting(w, AC_STMT_DELIVERY_WAITING, is_pending ? b.next_ms : -1,
		    is_pending ? &b : &first, o, reterr);
	return rc;
}

enum ac_code
ac_delivery_waiting_json(struct ac_worker *w, struct ac_str site, struct ac_str after, size_t limit,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct offer o = offer_for(w, site, limit);
	enum ac_code rc = waiting(w, after, &o, reterr);

	if (rc == AC_OK)
		*ret = offer_json(w, &o);
	return rc;
}
