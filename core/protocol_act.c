/* protocol_act.c - an act on a protocol: the right, the reason, one transaction; and what all acts write. */
#include <string.h>

#include "core/person.h"
#include "core/protocol_life_parts.h"
#include "core/protocol_list.h"

struct act {
	struct ac_life_run run;
	ac_life_fn *fn;
	void *arg;
};

static enum ac_code
start(struct act *t, struct ac_err *reterr)
{
	struct ac_life_run *r = &t->run;
	struct ac_str all = { 0 };
	enum ac_code rc = ac_person_of(r->store, r->account, r->a, &r->person, reterr);

	if (rc == AC_OK)
		rc = ac_book_read(r->store, all, r->now_ms, r->a, &r->book, reterr);
	return rc != AC_OK ? rc : t->fn(r, t->arg, reterr);
}

static enum ac_code
commit_act(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct act *t = arg;

	t->run.c = c;
	t->run.store = c->store;
	t->run.a = c->arena;
	t->run.now_ms = c->now_ms;
	return start(t, reterr);
}

enum ac_code
ac_life_right(const struct ac_life_who *who, enum ac_may may, struct ac_err *reterr)
{
	if (who->account.n == 0 || who->account.n > AC_ACCOUNT_MAX)
		return ac_fail(reterr, AC_EDENIED, "PUB-SECOND-PERSON", "nobody is named for this");
	if ((who->may & may) == 0)
		return ac_fail(reterr, AC_EDENIED, "LIFE-ROLE",
		    "the installation's [roles] do not give this account the right \"%s\"", ac_may_word(may));
	return AC_OK;
}

enum ac_code
ac_life_do(struct ac_worker *w, const struct ac_life_who *who, struct ac_life_need need,
    struct ac_life_how how, ac_life_fn *fn, void *arg, struct ac_err *reterr)
{
	struct act t = { .fn = fn, .arg = arg };
	enum ac_code rc;

	if ((rc = ac_life_right(who, need.may, reterr)) != AC_OK ||
	    (rc = ac_reason_check(how.reason, need.reason, reterr)) != AC_OK)
		return rc;
	t.run = (struct ac_life_run){ .store = w->reader,
		.a = w->arena,
		.who = who,
		.account = ac_account(who->account, w->arena),
		.reason = ac_str_trim(how.reason),
		.generation = w->config->generation,
		.clinic = w->config->clinic };
	if (!how.dry_run)
		return ac_committer_run(w->service->committer, commit_act, &t, reterr);
	if ((rc = ac_life_now(w, &t.run.now_ms, reterr)) != AC_OK ||
	    (rc = w->reader->ops->begin_read(w->reader, reterr)) != AC_OK)
		return rc;
	rc = start(&t, reterr);
	w->reader->ops->rollback(w->reader);
	return rc;
}

enum ac_code
ac_life_note(struct ac_life_run *r, const char *action, struct ac_str protocol,
    const struct ac_sha256 *version, int64_t n, struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = action,
		.kind = "protocol",
		.actor = r->who->account,
		.role = ac_str_c(ac_role_word(r->who->role)),
		.version = n,
		.reason = r->reason };
	enum ac_code rc;

	e.id = version == NULL ? protocol : ac_hex(r->a, version->b, sizeof(version->b));
	rc = ac_store_run(r->store, AC_STMT_ACT_ADD, NULL, NULL, reterr, AC_VTEXT(protocol),
	    version == NULL ? AC_VNULL : AC_VSHA(version), n == 0 ? AC_VNULL : AC_VINT(n),
	    AC_VTEXT(ac_str_c(action)), AC_VINT(r->now_ms), AC_VTEXT(r->who->account), AC_VTEXT(r->person),
	    r->reason.n == 0 ? AC_VNULL : AC_VTEXT(r->reason));
	return rc != AC_OK ? rc : ac_audit_append(r->c, &e, reterr);
}

enum ac_code
ac_life_next_generation(struct ac_life_run *r, struct ac_err *reterr)
{
	return ac_store_run_n(r->store, AC_STMT_GENERATION_NEXT, NULL, 0, NULL, NULL, NULL, reterr);
}

enum ac_code
ac_life_same_generation(struct ac_life_run *r, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read_n(r->store, AC_STMT_GENERATION_GET, NULL, 0, r->a, &rows, reterr);

	if (rc == AC_OK && (rows.n != 1 || ac_row(&rows, 0)[0].i != r->generation))
		return ac_fail(reterr, AC_EBUSY, "LIFE-MOVED",
		    "protocols or the clinic's configuration changed meanwhile: look and try again");
	return rc;
}

enum ac_code
ac_life_base(
    struct ac_worker *w, const struct ac_life_row *row, const struct ac_protocol **ret, struct ac_err *reterr)
{
	const struct ac_activation *base;
	struct ac_book b;
	int64_t now;
	enum ac_code rc;

	*ret = NULL;
	if ((rc = ac_life_now(w, &now, reterr)) != AC_OK ||
	    (rc = ac_book_read(w->reader, row->protocol, now, w->arena, &b, reterr)) != AC_OK)
		return rc;
	base = row->unapproved ? ac_book_before(&b, row->protocol, row->n) : ac_book_latest(&b, row->protocol);
	if (base == NULL || !base->has_version)
		return AC_OK;
	return ac_service_protocol(w, &base->version, ret, reterr);
}

/* Names the first thing that stands in the way; lint lists them all. */
enum ac_code
ac_life_lint(struct ac_worker *w, const struct ac_sha256 *version, bool contacts, struct ac_err *reterr)
{
	const struct ac_clinic *clinic = w->config->clinic;
	const struct ac_protocol *p, *base;
	struct ac_life_row row;
	struct ac_findings found;
	enum ac_code rc;

	if ((rc = ac_service_protocol(w, version, &p, reterr)) != AC_OK ||
	    (rc = ac_life_get(w, version, &row, reterr)) != AC_OK ||
	    (rc = ac_life_base(w, &row, &base, reterr)) != AC_OK)
		return rc;
	if (contacts && (clinic == NULL || !clinic->out_of_hours.is_set || !clinic->emergency.is_set))
		return ac_fail(reterr, AC_EINPUT, "PUB-CONTACT",
		    "the clinic's out-of-hours and emergency numbers are not configured");
	ac_protocol_lint_on(w, p, base, &found);
	if (!ac_findings_block_publish(&found))
		return AC_OK;
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].level != AC_LINT_WARNING)
			return ac_fail_at(reterr, AC_EINPUT, "PUB-LINT", found.v[i].line, found.v[i].col,
			    NULL, "%s: %.*s", found.v[i].rule, AC_FMT(found.v[i].message));
	return ac_fail(reterr, AC_EINPUT, "PUB-LINT", "lint does not allow this version to be published");
}

enum ac_code
ac_life_fresh(const struct ac_life_row *row, struct ac_err *reterr)
{
	if (!row->stale)
		return AC_OK;
	return ac_fail(reterr, AC_ECONFLICT, "PROTOCOL-STALE",
	    "v%lld was published since this version was written on v%lld: look at the differences and import it again",
	    (long long)row->latest_n, (long long)row->base_n);
}
