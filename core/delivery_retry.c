/*
 * delivery_retry.c - a person says that what waits is offered again at once.
 *
 * Rules   all of them: page by page in the order in which the encounters have them, which a retry does not change, so
 *         that each is met once and each page is a commit. Order holds: what is refused and older than another version of
 *         the same object that was made since is superseded, or the EHR would take the older one last.
 */
#include "core/intake_parts.h"

struct retry {
	const struct ac_actor *who;
	struct ac_delivery_row *v; /* what waited when it was read */
	size_t rows;
	bool all;
	struct ac_life_how how;
	int64_t n; /* of this commit */
};

static enum ac_code
first_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
}

static enum ac_code
note(struct ac_commit *c, const struct retry *k, const struct ac_delivery_row *d, const char *outcome,
    struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "delivery",
		.kind = "delivery",
		.actor = k->who->user,
		.role = ac_str_c(ac_role_word(k->who->role)),
		.id = d->object,
		.version = d->version,
		.object = d->key,
		.reason = k->how.reason,
		.outcome = outcome };

	return ac_audit_append(c, &e, reterr);
}

static enum ac_code
retry_one(struct ac_commit *c, struct retry *k, struct ac_delivery_row *d, struct ac_err *reterr)
{
	int64_t newer = 0;
	enum ac_code rc = ac_store_run(c->store, AC_STMT_DELIVERY_NEWER, first_int, &newer, reterr,
	    AC_VTEXT(d->site), AC_VTEXT(d->encounter), AC_VTEXT(d->object), AC_VINT(d->version));

	if (rc != AC_OK)
		return rc;
	if (newer > 0 && !k->all)
		return ac_fail(reterr, AC_ECONFLICT, "DELIVERY-STATE", "a newer version of it was made since");
	k->n += newer == 0;
	if (k->how.dry_run)
		return AC_OK;
	d->status = newer > 0 ? AC_S("superseded") : AC_S("pending");
	d->next_ms = c->now_ms;
	if ((rc = ac_delivery_set(c, d, reterr)) != AC_OK)
		return rc;
	return note(c, k, d, newer > 0 ? "superseded" : "retry", reterr);
}

/* What waits for its back-off, and what the EHR refused, is due now. It may have come through since it was read. */
static enum ac_code
commit_retry(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct retry *k = arg;
	struct ac_delivery_row d;
	enum ac_code rc = AC_OK;

	k->n = 0;
	for (size_t i = 0; rc == AC_OK && i < k->rows; i++) {
		rc = ac_delivery_find(c->store, k->v[i].key, c->arena, &d, reterr);
		if (rc == AC_ENOTFOUND && k->all) {
			rc = AC_OK;
			continue;
		}
		if (rc != AC_OK)
			return rc;
		if (ac_streq_c(d.status, "pending") || ac_streq_c(d.status, "failed"))
			rc = retry_one(c, k, &d, reterr);
		else if (!k->all)
			return ac_fail(reterr, AC_ECONFLICT, "DELIVERY-STATE", "it does not wait: it is %.*s",
			    AC_FMT(d.status));
	}
	return rc;
}

static enum ac_code
retry_page(struct ac_worker *w, struct retry *k, int64_t *ret_n, struct ac_err *reterr)
{
	struct ac_commit none = { .store = w->reader, .arena = w->arena };
	enum ac_code rc;

	if (k->rows == 0)
		return AC_OK; /* even an empty commit writes the head of the log */
	rc = k->how.dry_run ? commit_retry(&none, k, reterr)
			    : ac_committer_run(w->service->committer, commit_retry, k, reterr);
	if (rc == AC_OK)
		*ret_n += k->n;
	return rc;
}

static enum ac_code
read_page(struct ac_worker *w, struct ac_str site, const struct ac_delivery_row *b, struct retry *k,
    struct ac_err *reterr)
{
	struct ac_val s = ac_str_is_set(site) ? AC_VTEXT(site) : AC_VNULL;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_DELIVERY_RETRY, w->arena, &rows, reterr,
	    AC_VTEXT(b->site), AC_VTEXT(b->site), AC_VTEXT(b->encounter), AC_VTEXT(b->encounter),
	    AC_VINT(b->seq), s, s, AC_VINT(AC_LIST_MAX));

	if (rc != AC_OK)
		return rc;
	k->v = ac_new(w->arena, struct ac_delivery_row, rows.n);
	for (k->rows = 0; k->rows < rows.n; k->rows++)
		if ((rc = ac_delivery_row_of(ac_row(&rows, k->rows), w->arena, &k->v[k->rows], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}

enum ac_code
ac_delivery_retry(struct ac_worker *w, const struct ac_actor *who, struct ac_str key, struct ac_str site,
    struct ac_life_how how, int64_t *ret_n, struct ac_err *reterr)
{
	struct ac_delivery_row at = { .site = AC_S(""), .encounter = AC_S(""), .seq = -1 };
	struct retry k = { .who = who, .all = !ac_str_is_set(key), .how = how };
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	*ret_n = 0;
	if (rc == AC_OK && !k.all) {
		if ((rc = ac_delivery_find(w->reader, key, w->arena, &at, reterr)) != AC_OK)
			return rc;
		k.v = &at;
		k.rows = 1;
		return retry_page(w, &k, ret_n, reterr);
	}
	while (rc == AC_OK) {
		if ((rc = read_page(w, site, &at, &k, reterr)) == AC_OK)
			rc = retry_page(w, &k, ret_n, reterr);
		if (rc != AC_OK || k.rows < AC_LIST_MAX)
			break;
		at = k.v[k.rows - 1];
	}
	return rc;
}
