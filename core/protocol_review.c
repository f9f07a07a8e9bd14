/*
 * protocol_review.c - submit, approve, return: two persons look at the same bytes.
 *
 * Rules   an approval names the version, its exact source and the activation that the differences were shown against; each
 *         is compared inside the transaction. Who shared a person with the author since the version was written is the author,
 *         and whether they did is known only of accounts that were entered as persons' (are_persons).
 */
#include <string.h>

#include "core/protocol_list.h"
#include "core/person.h"
#include "core/protocol_life_parts.h"

#define MINUTE_MS (60 * (int64_t)1000)
#define HOUR_MS (60 * MINUTE_MS)

/*
 * That two accounts are two persons is known of accounts of this machine's users, as long as neither is entered as a
 * person's; of everything else (an account of the EHR, one entered and one not) only when both are entered.
 */
static enum ac_code
are_persons(struct ac_life_run *r, const struct ac_life_row *row, struct ac_err *reterr)
{
	struct ac_str author = ac_account(row->author, r->a), person;
	enum ac_code rc = ac_person_of(r->store, author, r->a, &person, reterr);

	if (rc != AC_OK)
		return rc;
	bool mine = !ac_streq(r->person, r->account),
	     theirs = !ac_streq(person, author) || !ac_streq(row->author_person, author),
	     machine = ac_str_starts(r->account, AC_S("os:")) && ac_str_starts(author, AC_S("os:"));
	if ((mine && theirs) || (!mine && !theirs && machine))
		return AC_OK;
	return ac_fail(reterr, AC_EDENIED, "PUB-PERSON",
	    "%s account is not entered as a person's (aftercare person map): who wrote and who approves could be one person",
	    mine ? "the author's" : "this");
}

enum ac_code
ac_life_second_person(
    struct ac_life_run *r, const struct ac_life_row *row, bool *ret_solo, struct ac_err *reterr)
{
	int64_t hours = r->clinic == NULL ? 0 : r->clinic->solo_hours;
	bool same;
	enum ac_code rc;

	*ret_solo = false;
	rc = ac_person_is_same(
	    r->store, r->a, r->account, ac_account(row->author, r->a), row->created_ms, &same, reterr);
	if (rc != AC_OK)
		return rc;
	/* as recorded when it was written, whatever the accounts are mapped to since */
	if (!same && !ac_streq(row->author_person, r->person) && !ac_streq(row->author_person, r->account))
		return are_persons(r, row, reterr);
	if (hours == 0)
		return ac_fail(reterr, AC_EDENIED, "PUB-SECOND-PERSON",
		    "who wrote a version cannot approve it, from whatever account");
	int64_t since = row->submitted_ms != 0 ? row->submitted_ms : row->effective_ms;
	if (since == 0)
		return ac_fail(reterr, AC_EDENIED, "SOLO-WAIT",
		    "in a clinic of one doctor the waiting time begins with submitting");
	int64_t left = since + hours * HOUR_MS - r->now_ms;
	if (left > 0)
		return ac_fail(reterr, AC_EDENIED, "SOLO-WAIT",
		    "the waiting time of this clinic of one doctor ends in %lld h %lld min",
		    (long long)(left / HOUR_MS), (long long)((left % HOUR_MS + MINUTE_MS - 1) / MINUTE_MS));
	*ret_solo = true;
	return AC_OK;
}

static enum ac_code
not_in_state(struct ac_err *reterr, const struct ac_life_row *row, const char *what)
{
	return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE", "this version is %s: %s",
	    ac_life_state_word(row->state), what);
}

/* ---- submit ---- */

struct version_arg {
	struct ac_sha256 version;
};

static enum ac_code
submit(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct version_arg *v = arg;
	struct ac_life_row row;
	enum ac_code rc = ac_life_row_at(r->store, &v->version, &r->book, r->a, &row, reterr);

	if (rc != AC_OK)
		return rc;
	if (row.state != AC_LIFE_DRAFT)
		return not_in_state(reterr, &row, "only a draft is submitted");
	if ((rc = ac_life_fresh(&row, reterr)) != AC_OK || r->c == NULL)
		return rc;
	rc = ac_store_run(r->store, AC_STMT_PROTOCOL_SUBMIT, NULL, NULL, reterr, AC_VTEXT(r->who->account),
	    AC_VINT(r->now_ms), AC_VSHA(&v->version));
	return rc != AC_OK ? rc : ac_life_note(r, "submit", row.protocol, &v->version, 0, reterr);
}

enum ac_code
ac_life_submit(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct version_arg v = { *version };

	return ac_life_do(w, who, (struct ac_life_need){ AC_MAY_EDIT, false }, how, submit, &v, reterr);
}

/* ---- approve ---- */

enum ac_code
ac_life_check_seen(const struct ac_life_row *row, const struct ac_review_seen *seen, struct ac_err *reterr)
{
	int64_t base = row->unapproved ? row->n : row->latest_n;
	enum ac_code rc;

	if (!row->unapproved && (rc = ac_life_fresh(row, reterr)) != AC_OK)
		return rc;
	if (!ac_sha256_eq(&row->source, &seen->source) || seen->base_n != base)
		return ac_fail(reterr, AC_ECONFLICT, "REVIEW-MOVED",
		    "what was reviewed is not what is there now: look again");
	return AC_OK;
}

static enum ac_code
may_approve(struct ac_life_run *r, const struct ac_life_row *row, const struct ac_review_seen *seen,
    bool *ret_solo, struct ac_err *reterr)
{
	enum ac_code rc;

	if (row->state != AC_LIFE_IN_REVIEW && !row->unapproved)
		return not_in_state(reterr, row, "only what was submitted is approved");
	if ((rc = ac_life_check_seen(row, seen, reterr)) != AC_OK)
		return rc;
	return ac_life_second_person(r, row, ret_solo, reterr);
}

static enum ac_code
approve(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	const struct ac_review_seen *seen = arg;
	struct ac_life_row row;
	bool solo;
	enum ac_code rc = ac_life_row_at(r->store, &seen->version, &r->book, r->a, &row, reterr);

	if (rc != AC_OK || (rc = may_approve(r, &row, seen, &solo, reterr)) != AC_OK || r->c == NULL)
		return rc;
	if ((rc = ac_life_same_generation(r, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(r->store, AC_STMT_PROTOCOL_APPROVE, NULL, NULL, reterr,
	    AC_VTEXT(row.unapproved ? AC_S("published") : AC_S("approved")), AC_VTEXT(r->who->account),
	    AC_VTEXT(r->person), AC_VINT(r->now_ms), AC_VINT(seen->base_n), AC_VINT(solo),
	    AC_VSHA(&seen->version));
	if (rc == AC_OK && row.unapproved) /* plans made from now on name who approved */
		rc = ac_life_next_generation(r, reterr);
	return rc != AC_OK ? rc : ac_life_note(r, "approve", row.protocol, &seen->version, row.n, reterr);
}

enum ac_code
ac_life_approve(struct ac_worker *w, const struct ac_life_who *who, const struct ac_review_seen *seen,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct ac_life_need need = { AC_MAY_APPROVE, false };
	struct ac_life_how dry = { how.reason, true };
	struct ac_review_seen s = *seen;
	enum ac_code rc;

	/* first whether it can be at all: who may not, or has an older page, is not told of open decisions */
	if ((rc = ac_life_do(w, who, need, dry, approve, &s, reterr)) != AC_OK ||
	    (rc = ac_life_lint(w, &seen->version, false, reterr)) != AC_OK || how.dry_run)
		return rc;
	return ac_life_do(w, who, need, how, approve, &s, reterr);
}

/* ---- return with a comment ---- */

static enum ac_code
give_back(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct version_arg *v = arg;
	struct ac_life_row row;
	enum ac_code rc = ac_life_row_at(r->store, &v->version, &r->book, r->a, &row, reterr);

	if (rc != AC_OK)
		return rc;
	if (row.state != AC_LIFE_IN_REVIEW && row.state != AC_LIFE_APPROVED)
		return not_in_state(reterr, &row, "only what is in review or approved is returned");
	if (r->c == NULL)
		return AC_OK;
	rc = ac_store_run(r->store, AC_STMT_PROTOCOL_REBASE, NULL, NULL, reterr, AC_VINT(row.base_n),
	    AC_VSHA(&v->version));
	return rc != AC_OK ? rc : ac_life_note(r, "return", row.protocol, &v->version, 0, reterr);
}

enum ac_code
ac_life_return(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct version_arg v = { *version };

	return ac_life_do(w, who, (struct ac_life_need){ AC_MAY_APPROVE, true }, how, give_back, &v, reterr);
}

/* ---- what an approver looks at ---- */

enum ac_code
ac_review_list(struct ac_worker *w, struct ac_life_rows *ret, struct ac_err *reterr)
{
	struct ac_str all = { 0 };
	struct ac_life_rows rows;
	enum ac_code rc = ac_life_list(w, all, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = (struct ac_life_rows){ rows.v, 0 };
	for (size_t i = 0; i < rows.n; i++) {
		struct ac_life_row r = rows.v[i];
		int64_t since = r.submitted_ms != 0 ? r.submitted_ms : r.effective_ms;
		size_t at = ret->n;
		if (r.state != AC_LIFE_IN_REVIEW && !r.unapproved)
			continue;
		for (; at > 0; at--) { /* in place: what was read is behind */
			const struct ac_life_row *b = &ret->v[at - 1];
			if ((b->submitted_ms != 0 ? b->submitted_ms : b->effective_ms) <= since)
				break;
			ret->v[at] = ret->v[at - 1];
		}
		ret->v[at] = r;
		ret->n++;
	}
	return AC_OK;
}

static enum ac_code
ask(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct ac_review *v = arg;
	bool solo;

	return may_approve(r, &v->row, &v->seen, &solo, reterr);
}

static enum ac_code
read_acts(struct ac_worker *w, struct ac_review *v, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(
	    w->reader, AC_STMT_ACT_OF_VERSION, w->arena, &rows, reterr, AC_VSHA(&v->row.version));

	if (rc != AC_OK)
		return rc;
	v->acts = ac_new(w->arena, struct ac_life_act, rows.n);
	for (; v->nacts < rows.n; v->nacts++)
		if ((rc = ac_life_act_of(ac_row(&rows, v->nacts), &v->acts[v->nacts], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}

enum ac_code
ac_review_get(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    struct ac_review *ret, struct ac_err *reterr)
{
	struct ac_life_how dry = { .dry_run = true };
	struct ac_review v = { 0 };
	struct ac_err why = { 0 };
	enum ac_code rc;

	if ((rc = ac_life_get(w, version, &v.row, reterr)) != AC_OK ||
	    (rc = ac_service_protocol(w, version, &v.protocol, reterr)) != AC_OK ||
	    (rc = ac_life_base(w, &v.row, &v.base, reterr)) != AC_OK || (rc = read_acts(w, &v, reterr)) != AC_OK)
		return rc;
	ac_protocol_lint_on(w, v.protocol, v.base, &v.findings);
	for (size_t i = 0; i < v.findings.n; i++)
		v.open += v.findings.v[i].level != AC_LINT_WARNING;
	v.seen = (struct ac_review_seen){ v.row.version, v.row.source,
		v.row.unapproved ? v.row.n : v.row.latest_n };
	rc = ac_life_lint(w, version, false, &why);
	if (rc == AC_OK)
		rc = ac_life_do(w, who, (struct ac_life_need){ AC_MAY_APPROVE, false }, dry, ask, &v, &why);
	if (rc != AC_OK && why.rule == NULL)
		return rc;
	if (rc != AC_OK) {
		v.refused_rule = why.rule;
		v.refused_text = ac_str_dup(w->arena, ac_str_c(why.msg));
	}
	*ret = v;
	return AC_OK;
}
