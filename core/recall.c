/* recall.c - see recall.h. */
#include <string.h>

#include "base/log.h"
#include "core/protocol_life_parts.h"
#include "core/recall.h"
#include "core/repin.h"

/* ---- progress ---- */

static enum ac_code
read_plans(struct ac_store *s, struct ac_arena *a, struct ac_recall *r, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(s, AC_STMT_RECALL_PLANS, a, &rows, reterr, AC_VINT(r->n));

	if (rc != AC_OK)
		return rc;
	r->plans = ac_new(a, struct ac_recall_plan, rows.n);
	r->nplans = r->prepared = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		struct ac_recall_plan *p = &r->plans[i];

		*p = (struct ac_recall_plan){ .task = col[1].s,
			.plan_version = col[2].i,
			.corrected = col[3].i != 0,
			.status = col[4].s,
			.reviewed_by = col[5].s,
			.reviewed_ms = col[6].i,
			.given = col[7].i != 0 };
		if (!ac_val_uuid(&col[0], &p->plan))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "recall_plan.plan is not an id");
		p->reviewed = ac_streq_c(p->status, "completed") || ac_streq_c(p->status, "cancelled");
		p->told = !p->given || col[9].i == 0;
		r->corrected += p->corrected;
		r->reviewed += p->reviewed;
		r->told += p->told;
	}
	r->closed = r->reviewed >= r->affected && r->told >= r->affected;
	return AC_OK;
}

static enum ac_code
read_recalls(
    struct ac_store *s, struct ac_arena *a, int64_t n, struct ac_recalls *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(s, AC_STMT_RECALL_LIST, a, &rows, reterr, AC_VINT(n), AC_VINT(n));

	if (rc != AC_OK)
		return rc;
	if (n != 0 && rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "RECALL-UNKNOWN", "there is no recall %lld", (long long)n);
	struct ac_recall *v = ac_new(a, struct ac_recall, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);

		v[i] = (struct ac_recall){ .n = col[0].i,
			.protocol = col[1].s,
			.line = col[3].s,
			.at_ms = col[4].i,
			.actor = col[5].s,
			.reason = col[6].s,
			.affected = (size_t)col[7].i };
		if (!ac_val_sha(&col[2], &v[i].version))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "recall.version is not a digest");
		if ((rc = read_plans(s, a, &v[i], reterr)) != AC_OK)
			return rc;
	}
	*ret = (struct ac_recalls){ v, rows.n };
	return AC_OK;
}

enum ac_code
ac_recall_list(struct ac_worker *w, int64_t n, struct ac_recalls *ret, struct ac_err *reterr)
{
	return read_recalls(w->reader, w->arena, n, ret, reterr);
}

/* ---- the act ---- */

struct open_arg {
	const struct ac_recall_ask *ask;
	const struct ac_plans_found *found;
	int64_t affected, n;
};

/* The same recall, begun and not closed; NULL: none. */
static enum ac_code
find_open(struct ac_life_run *r, const struct ac_recall_ask *ask, const struct ac_recall **ret, struct ac_err *reterr)
{
	struct ac_recalls all;
	enum ac_code rc = read_recalls(r->store, r->a, 0, &all, reterr);

	*ret = NULL;
	for (size_t i = 0; rc == AC_OK && i < all.n; i++)
		if (!all.v[i].closed && ac_sha256_eq(&all.v[i].version, &ask->version) &&
		    ac_streq(all.v[i].line, ask->line))
			*ret = &all.v[i];
	return rc;
}

static bool
is_prepared(const struct ac_recall *r, struct ac_uuid plan)
{
	for (size_t i = 0; r != NULL && i < r->nplans; i++)
		if (memcmp(&r->plans[i].plan, &plan, sizeof(plan)) == 0)
			return true;
	return false;
}

static enum ac_code
add_recall(struct ac_life_run *r, struct open_arg *g, struct ac_err *reterr)
{
	const struct ac_recall_ask *ask = g->ask;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read_n(r->store, AC_STMT_RECALL_LAST, NULL, 0, r->a, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	g->n = ac_row(&rows, 0)[0].i + 1;
	return ac_store_run(r->store, AC_STMT_RECALL_ADD, NULL, NULL, reterr, AC_VINT(g->n),
	    AC_VTEXT(ask->protocol), AC_VSHA(&ask->version),
	    ac_str_is_set(ask->line) ? AC_VTEXT(ask->line) : AC_VNULL, AC_VINT(r->now_ms),
	    AC_VTEXT(r->who->account), AC_VTEXT(r->person), AC_VTEXT(r->reason), AC_VINT(g->affected));
}

/* Whether it goes on is looked up here: two who ask at once go on with one recall. Who goes on, and why, is on record too. */
static enum ac_code
open_recall(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct open_arg *g = arg;
	const struct ac_recall *before;
	enum ac_code rc = find_open(r, g->ask, &before, reterr);

	if (rc != AC_OK)
		return rc;
	g->affected = before == NULL ? 0 : (int64_t)before->prepared;
	for (size_t i = 0; i < g->found->n; i++)
		g->affected += !is_prepared(before, g->found->v[i].plan);
	if (r->c == NULL)
		return AC_OK;
	if (before == NULL) {
		rc = add_recall(r, g, reterr);
	} else {
		g->n = before->n;
		rc = ac_store_run(r->store, AC_STMT_RECALL_AFFECTED, NULL, NULL, reterr, AC_VINT(g->affected),
		    AC_VINT(g->n));
	}
	if (rc != AC_OK)
		return rc;
	const struct ac_activation *x = ac_book_last_of(&r->book, &g->ask->version);
	return ac_life_note(
	    r, "recall", g->ask->protocol, &g->ask->version, x == NULL ? 0 : x->n, reterr);
}

static enum ac_code
check_line(struct ac_worker *w, const struct ac_recall_ask *ask, struct ac_err *reterr)
{
	const struct ac_protocol *p;
	enum ac_code rc = ac_service_protocol(w, &ask->version, &p, reterr);

	if (rc != AC_OK)
		return rc;
	if (!ac_streq(p->id, ask->protocol))
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "the version is of another protocol");
	if (!ac_str_is_set(ask->line))
		return AC_OK;
	for (size_t i = 0; i < p->ninstructions; i++)
		if (ac_streq(p->instructions[i].l.id, ask->line))
			return AC_OK;
	return ac_fail(reterr, AC_ENOTFOUND, "RECALL-LINE", "the version has no instruction of that id");
}

static enum ac_code
prepare(struct ac_worker *own, const struct ac_life_who *who, struct ac_repin *rq, struct ac_err *reterr)
{
	struct ac_actor actor = { .user = who->account, .role = who->role };
	struct ac_repin_done done;
	enum ac_code rc;

	if ((rc = ac_worker_begin(own, reterr)) != AC_OK)
		return rc;
	rc = ac_plan_repin(own, &actor, who, rq, false, &done, reterr);
	if (rc != AC_ECONFLICT || reterr->rule == NULL || strcmp(reterr->rule, "REPIN-MATCH") != 0)
		return rc;
	rq->review_only = true; /* the version in force does not fit: a person decides */
	*reterr = (struct ac_err){ 0 };
	if ((rc = ac_worker_begin(own, reterr)) != AC_OK)
		return rc;
	return ac_plan_repin(own, &actor, who, rq, false, &done, reterr);
}

static enum ac_code
prepare_all(struct ac_worker *w, const struct ac_life_who *who, const struct ac_recall_ask *ask,
    const struct ac_plans_found *found, const struct ac_recall *before, int64_t n, size_t *ret_failed,
    struct ac_err *reterr)
{
	AC_AUTO(ac_worker) own = NULL;
	enum ac_code rc = ac_worker_new(w->service, &own, reterr);

	if (rc != AC_OK)
		return rc;
	*ret_failed = 0;
	for (size_t i = 0; i < found->n; i++) {
		struct ac_repin rq = { .plan = found->v[i].plan, .protocol = ask->protocol, .recall = n };
		struct ac_err e = { 0 };

		if (is_prepared(before, rq.plan) || prepare(own, who, &rq, &e) == AC_OK)
			continue;
		ac_log_err(AC_LOG_ERR, "recall", &e); /* the others are told all the same */
		++*ret_failed;
	}
	return AC_OK;
}

enum ac_code
ac_recall_run(struct ac_worker *w, const struct ac_life_who *who, const struct ac_recall_ask *ask,
    struct ac_plans_found *ret_found, struct ac_recall *ret, size_t *ret_failed, struct ac_err *reterr)
{
	struct ac_plans_ask q = {
		.protocol = ask->protocol, .version = &ask->version, .line = ask->line, .only_running = true
	};
	struct ac_plans_found found;
	struct open_arg g = { .ask = ask, .found = &found };
	struct ac_recalls now;
	enum ac_code rc;

	if ((rc = check_line(w, ask, reterr)) != AC_OK || (rc = ac_plans_of(w, &q, &found, reterr)) != AC_OK)
		return rc;
	rc = ac_life_do(w, who, (struct ac_life_need){ AC_MAY_RECALL, true }, ask->how, open_recall, &g, reterr);
	if (rc != AC_OK)
		return rc;
	*ret_found = found;
	*ret_failed = 0;
	*ret = (struct ac_recall){ .protocol = ask->protocol, .version = ask->version, .affected = (size_t)g.affected };
	if (ask->how.dry_run)
		return AC_OK;
	if ((rc = ac_recall_list(w, g.n, &now, reterr)) != AC_OK ||
	    (rc = prepare_all(w, who, ask, &found, &now.v[0], g.n, ret_failed, reterr)) != AC_OK ||
	    (rc = ac_recall_list(w, g.n, &now, reterr)) != AC_OK)
		return rc;
	*ret = now.v[0];
	return AC_OK;
}
