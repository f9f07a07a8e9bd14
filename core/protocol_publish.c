/* protocol_publish.c - publish, roll back, retire: each is one more activation. */
#include <string.h>

#include "core/likeness.h"
#include "core/person.h"
#include "core/protocol_life_parts.h"

struct publish_arg {
	struct ac_sha256 version;
	struct ac_life_publish p;
	struct ac_rendered rendered;
	struct ac_life_done done;
};

static enum ac_code
activate(struct ac_life_run *r, struct ac_life_done *done, struct ac_str protocol,
    const struct ac_sha256 *version, const char *kind, int64_t review_due_ms, struct ac_err *reterr)
{
	enum ac_code rc = ac_life_call_off(r, protocol, version, done->effective_ms, true, reterr);

	if (rc == AC_OK)
		rc = ac_store_run(r->store, AC_STMT_ACTIVATION_ADD, NULL, NULL, reterr, AC_VTEXT(protocol),
		AC_VINT(done->n), version == NULL ? AC_VNULL : AC_VSHA(version), AC_VTEXT(ac_str_c(kind)),
		AC_VINT(done->effective_ms), review_due_ms == 0 ? AC_VNULL : AC_VINT(review_due_ms),
		AC_VINT(r->now_ms), AC_VTEXT(r->who->account), AC_VTEXT(r->person),
		r->reason.n == 0 ? AC_VNULL : AC_VTEXT(r->reason));
	if (rc == AC_OK)
		rc = ac_life_next_generation(r, reterr);
	return rc != AC_OK ? rc : ac_life_note(r, kind, protocol, version, done->n, reterr);
}

/* ---- publish ---- */

static enum ac_code
check_times(const struct ac_life_run *r, const struct ac_life_publish *p, struct ac_err *reterr)
{
	int64_t from = p->effective_ms == 0 ? r->now_ms : p->effective_ms;

	if (p->effective_ms != 0 && p->effective_ms < r->now_ms)
		return ac_fail(reterr, AC_EINPUT, "LIFE-TIME", "the effective date is in the past");
	if (p->review_due_ms != 0 && p->review_due_ms <= from)
		return ac_fail(reterr, AC_EINPUT, "LIFE-TIME", "the review is due after the effective date");
	return AC_OK;
}

/* Not approved yet: break-glass, or the same second person approves and publishes. */
static enum ac_code
without_approval(struct ac_life_run *r, const struct publish_arg *g, const struct ac_life_row *row,
    bool *ret_approve, struct ac_err *reterr)
{
	bool solo;
	enum ac_code rc;

	if (g->p.break_glass)
		return AC_OK;
	if ((rc = ac_life_second_person(r, row, &solo, reterr)) != AC_OK)
		return rc;
	if (solo || (r->who->may & AC_MAY_APPROVE) == 0)
		return ac_fail(reterr, AC_EDENIED, "PUB-NOT-APPROVED", "this version is not approved yet");
	*ret_approve = true;
	return AC_OK;
}

/* Since the approval it may have come out that both accounts are one person's. */
static enum ac_code
still_two(struct ac_life_run *r, const struct ac_life_row *row, struct ac_err *reterr)
{
	bool same;
	enum ac_code rc = ac_person_is_same(r->store, r->a, ac_account(row->approver, r->a),
	    ac_account(row->author, r->a), row->created_ms, &same, reterr);

	if (rc == AC_OK && same && !row->solo)
		return ac_fail(
		    reterr, AC_EDENIED, "PUB-SECOND-PERSON", "author and approver are accounts of one person");
	return rc;
}

static enum ac_code
published_already(const struct ac_life_row *row, struct ac_err *reterr)
{
	return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE",
	    "this version was published as v%lld already: roll back to it", (long long)row->n);
}

static enum ac_code
check_publish(struct ac_life_run *r, const struct publish_arg *g, const struct ac_life_row *row,
    bool *ret_approve, struct ac_err *reterr)
{
	enum ac_code rc = check_times(r, &g->p, reterr);

	if (rc != AC_OK)
		return rc;
	switch (row->state) {
	case AC_LIFE_SCHEDULED:
		if (row->effective_ms == g->p.effective_ms)
			return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE",
			    "this version is published as v%lld for that time already", (long long)row->n);
		rc = row->unapproved ? without_approval(r, g, row, ret_approve, reterr) : still_two(r, row, reterr);
		if (rc != AC_OK)
			return rc;
		break;
	case AC_LIFE_RETIRED:
	case AC_LIFE_ACTIVE:
		return published_already(row, reterr);
	case AC_LIFE_DRAFT:
	case AC_LIFE_IN_REVIEW:
		if ((rc = without_approval(r, g, row, ret_approve, reterr)) != AC_OK)
			return rc;
		break;
	case AC_LIFE_APPROVED:
		if ((rc = still_two(r, row, reterr)) != AC_OK)
			return rc;
		break;
	}
	return ac_life_fresh(row, reterr);
}

static enum ac_code
write_publish(struct ac_life_run *r, struct publish_arg *g, const struct ac_life_row *row, bool approve,
    struct ac_err *reterr)
{
	bool is_approved = row->state == AC_LIFE_APPROVED || (row->state == AC_LIFE_SCHEDULED && !row->unapproved);
	const char *kind = g->p.break_glass && !is_approved ? "break-glass" : "publish";
	bool is_new;
	enum ac_code rc = ac_life_same_generation(r, reterr);

	if (rc == AC_OK && approve) {
		rc = ac_store_run(r->store, AC_STMT_PROTOCOL_APPROVE, NULL, NULL, reterr,
		    AC_VTEXT(AC_S("published")), AC_VTEXT(r->who->account), AC_VTEXT(r->person),
		    AC_VINT(r->now_ms), AC_VINT(row->latest_n), AC_VINT(0), AC_VSHA(&g->version));
		if (rc == AC_OK)
			rc = ac_life_note(r, "approve", row->protocol, &g->version, 0, reterr);
	} else if (rc == AC_OK) {
		rc = ac_store_run(r->store, AC_STMT_PROTOCOL_STATE, NULL, NULL, reterr,
		    AC_VTEXT(AC_S("published")), AC_VSHA(&g->version));
	}
	if (rc != AC_OK ||
	    (rc = ac_likeness_add(r->store, &g->version, &g->rendered, &is_new, reterr)) != AC_OK)
		return rc;
	return activate(r, &g->done, row->protocol, &g->version, kind, g->p.review_due_ms, reterr);
}

/* A version that a former release published gets its dictionaries; else there is nothing to do. */
static enum ac_code
publish_again(
    struct ac_life_run *r, struct publish_arg *g, const struct ac_life_row *row, struct ac_err *reterr)
{
	bool is_new;
	enum ac_code rc;

	g->done =
	    (struct ac_life_done){ .n = row->n, .effective_ms = row->effective_ms, .replaced_n = row->n };
	if (r->c == NULL)
		return AC_OK;
	rc = ac_likeness_add(r->store, &g->version, &g->rendered, &is_new, reterr);
	if (rc != AC_OK || !is_new)
		return rc;
	rc = ac_life_next_generation(r, reterr);
	return rc != AC_OK ? rc : ac_life_note(r, "dictionary", row->protocol, &g->version, row->n, reterr);
}

static enum ac_code
publish(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct publish_arg *g = arg;
	struct ac_life_row row;
	bool approve = false;
	enum ac_code rc = ac_life_row_at(r->store, &g->version, &r->book, r->a, &row, reterr);

	if (rc != AC_OK)
		return rc;
	if (row.state == AC_LIFE_ACTIVE && !g->p.break_glass)
		return publish_again(r, g, &row, reterr);
	if ((rc = check_publish(r, g, &row, &approve, reterr)) != AC_OK)
		return rc;
	ac_life_place(r, row.protocol, &g->version, g->p.effective_ms, &g->done);
	g->done.version = g->version;
	return r->c == NULL ? AC_OK : write_publish(r, g, &row, approve, reterr);
}

enum ac_code
ac_life_publish(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    const struct ac_life_publish *p, struct ac_life_done *ret, struct ac_err *reterr)
{
	struct publish_arg g = { .version = *version, .p = *p };
	const struct ac_protocol *protocol;
	struct ac_life_row row;
	enum ac_code rc = ac_life_get(w, version, &row, reterr);

	if (rc != AC_OK)
		return rc;
	if (row.state == AC_LIFE_RETIRED) /* whatever lint says of it beside what stands now */
		return published_already(&row, reterr);
	if ((rc = ac_life_lint(w, version, true, reterr)) != AC_OK ||
	    (rc = ac_service_protocol(w, version, &protocol, reterr)) != AC_OK)
		return rc;
	if (!p->how.dry_run)
		ac_likeness_render(w, version, who->account, &g.rendered);
	rc = ac_life_do(
	    w, who, (struct ac_life_need){ AC_MAY_PUBLISH, p->break_glass }, p->how, publish, &g, reterr);
	if (rc != AC_OK)
		return rc;
	*ret = g.done;
	ret->protocol = protocol->id;
	return AC_OK;
}

/* ---- roll back ---- */

struct change_arg {
	struct ac_str protocol;
	int64_t to;
	struct ac_life_done done;
};

/* The last one before what stands that a second person approved; what was published by break-glass is only for who names it. */
static enum ac_code
find_good(struct ac_life_run *r, const struct ac_activation *now, const struct ac_activation *latest,
    const struct ac_activation **ret, struct ac_err *reterr)
{
	const struct ac_activation *x = ac_book_good(&r->book, now != NULL ? now : latest);
	struct ac_life_row row;
	enum ac_code rc;

	for (; x != NULL; x = ac_book_good(&r->book, x)) {
		if ((rc = ac_life_row_at(r->store, &x->version, &r->book, r->a, &row, reterr)) != AC_OK)
			return rc;
		if (!row.unapproved && (now == NULL || !ac_sha256_eq(&now->version, &x->version)))
			break;
	}
	if (x == NULL)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE",
		    "there is no earlier version that was approved and is not suspended: retire the protocol instead");
	*ret = x;
	return AC_OK;
}

static enum ac_code
find_target(struct ac_life_run *r, const struct change_arg *g, const struct ac_activation **ret,
    struct ac_err *reterr)
{
	const struct ac_activation *now = ac_book_current(&r->book, g->protocol);
	const struct ac_activation *latest = ac_book_latest(&r->book, g->protocol), *to = NULL;
	enum ac_code rc;

	if (latest == NULL)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "nothing of that name was published");
	if (g->to == 0) {
		if ((rc = find_good(r, now, latest, &to, reterr)) != AC_OK)
			return rc;
	} else {
		to = ac_book_at(&r->book, g->protocol, g->to);
		if (to != NULL && to->has_version && (to->off || to->effective_ms > r->now_ms))
			return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN",
			    "v%lld was never in force: publish that version", (long long)g->to);
		if (to == NULL || !to->has_version)
			return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "v%lld was never in force",
			    (long long)g->to);
	}
	if (to == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "there is no version to go back to");
	if (now != NULL && ac_sha256_eq(&now->version, &to->version))
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE", "that is what is active already");
	if (ac_book_held(&r->book, &to->version) != NULL)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE",
		    "v%lld is suspended: resume it first, or name another", (long long)to->n);
	*ret = to;
	return AC_OK;
}

static enum ac_code
roll_back(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct change_arg *g = arg;
	const struct ac_activation *to = NULL;
	enum ac_code rc = find_target(r, g, &to, reterr);

	if (rc != AC_OK || to == NULL)
		return rc;
	ac_life_place(r, g->protocol, &to->version, 0, &g->done);
	g->done.version = to->version;
	if (r->c == NULL)
		return AC_OK;
	return activate(r, &g->done, g->protocol, &to->version, "rollback", to->review_due_ms, reterr);
}

enum ac_code
ac_life_rollback(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol, int64_t to,
    struct ac_life_how how, struct ac_life_done *ret, struct ac_err *reterr)
{
	struct change_arg g = { .protocol = protocol, .to = to };
	enum ac_code rc =
	    ac_life_do(w, who, (struct ac_life_need){ AC_MAY_PUBLISH, true }, how, roll_back, &g, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = g.done;
	ret->protocol = protocol;
	return AC_OK;
}

/* ---- retire ---- */

static enum ac_code
retire(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct change_arg *g = arg;
	const struct ac_activation *now = ac_book_current(&r->book, g->protocol);
	const struct ac_activation *latest = ac_book_latest(&r->book, g->protocol);

	if (latest == NULL)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "nothing of that name was published");
	if (now == NULL && latest->effective_ms <= r->now_ms)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE", "the protocol is retired already");
	ac_life_place(r, g->protocol, NULL, 0, &g->done);
	if (r->c == NULL)
		return AC_OK;
	return activate(r, &g->done, g->protocol, NULL, "retire", 0, reterr);
}

enum ac_code
ac_life_retire(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    struct ac_life_how how, struct ac_life_done *ret, struct ac_err *reterr)
{
	struct change_arg g = { .protocol = protocol };
	enum ac_code rc =
	    ac_life_do(w, who, (struct ac_life_need){ AC_MAY_PUBLISH, false }, how, retire, &g, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = g.done;
	ret->protocol = protocol;
	return AC_OK;
}
