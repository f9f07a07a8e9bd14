/* protocol_sign_act.c - a person signs lines of a version under review; see protocol_sign.h for whose the new version is. */
#include <string.h>

#include "core/person.h"
#include "core/protocol_diff.h"
#include "core/protocol_life_parts.h"
#include "core/protocol_list.h"
#include "core/protocol_sign.h"

struct sign_work {
	struct ac_review_seen seen;
	struct ac_sha256 version, source;
	struct ac_str stored; /* the new text as a blob */
	struct ac_str person; /* whose name stands in it */
	size_t n;
};

enum ac_code
ac_sign_list(
    struct ac_worker *w, const struct ac_review *review, struct ac_sign_places *ret, struct ac_err *reterr)
{
	struct ac_str source;
	enum ac_code rc = ac_protocol_source(w, &review->row.version, &source, reterr);

	if (rc != AC_OK)
		return rc;
	return ac_protocol_sign_places(review->protocol, source, review->base, w->arena, ret, reterr);
}

static enum ac_code
stands_in(struct ac_worker *w, const struct ac_protocol *base, struct ac_str signature, bool *ret, struct ac_err *reterr)
{
	struct ac_str source;
	enum ac_code rc = base == NULL ? AC_OK : ac_protocol_source(w, &base->version, &source, reterr);

	*ret = rc == AC_OK && base != NULL && memmem(source.p, source.n, signature.p, signature.n) != NULL;
	return rc;
}

/* "dr.demo 2026-03-01": the person, and the day where the clinic is; with the time when that signed what stands now. */
static enum ac_code
signature_of(struct ac_worker *w, const struct ac_life_who *who, const struct ac_protocol *base,
    struct ac_str *ret_person, struct ac_str *ret, struct ac_err *reterr)
{
	const struct ac_clinic *clinic = w->config->clinic;
	struct ac_str account = ac_account(who->account, w->arena), person, unused_bytes;
	const struct ac_zone *z = NULL;
	struct ac_sha256 unused;
	int64_t now;
	enum ac_code rc;

	if ((rc = ac_person_of(w->reader, account, w->arena, &person, reterr)) != AC_OK ||
	    (rc = ac_life_now(w, &now, reterr)) != AC_OK)
		return rc;
	if (ac_streq(person, account))
		return ac_fail(reterr, AC_EDENIED, "SIGN-PERSON",
		    "a signature is a person's: an administrator says first whose account this is (aftercare "
		    "person map)");
	if (clinic != NULL && clinic->zone.n > 0 &&
	    (rc = ac_worker_zone_now(w, clinic->zone, &z, &unused, &unused_bytes, reterr)) != AC_OK)
		return rc;
	struct ac_wall d = ac_wall_at(z, now / 1000);
	*ret_person = person;
	*ret = ac_strf(w->arena, "%.*s %04d-%02d-%02d", AC_FMT(person), d.year, d.month, d.day);
	bool is_taken;
	if ((rc = stands_in(w, base, *ret, &is_taken, reterr)) == AC_OK && is_taken)
		*ret = ac_strf(w->arena, "%.*sT%02d:%02d:%02d", AC_FMT(*ret), d.hour, d.min, d.sec);
	return rc;
}

/* Only what can be signed is. */
static enum ac_code
check_places(
    const struct ac_sign_places *have, const struct ac_sign_place *v, size_t n, struct ac_err *reterr)
{
	if (n == 0)
		return ac_fail(reterr, AC_EINPUT, "SIGN-NONE", "no line was chosen");
	for (size_t i = 0; i < n; i++) {
		bool found = false;
		for (size_t k = 0; k < have->n; k++)
			found |= have->v[k].line == v[i].line && have->v[k].col == v[i].col;
		for (size_t k = 0; k < i; k++)
			found &= v[k].line != v[i].line || v[k].col != v[i].col;
		if (!found)
			return ac_fail(reterr, AC_EINPUT, "SIGN-PLACE",
			    "there is nothing to sign at one of these places");
	}
	return AC_OK;
}

/* The new text says what the old one says, and who signed it: proven, not assumed. */
static enum ac_code
check_meaning(const struct ac_protocol *before, struct ac_str text, struct ac_arena *a,
    struct ac_sha256 *ret_version, struct ac_err *reterr)
{
	const struct ac_protocol *after;
	struct ac_changes c;
	enum ac_code rc = ac_protocol_load(text, a, &after, reterr);

	if (rc != AC_OK)
		return rc;
	ac_protocol_diff(before, after, a, &c);
	for (size_t i = 0; i < c.n; i++) {
		struct ac_str part = c.v[i].part;
		if (part.n < 6 || memcmp(part.p + part.n - 6, "signed", 6) != 0)
			return ac_fail(reterr, AC_EINTEGRITY, "SIGN-MEANING",
			    "with the signatures the protocol would say something else");
	}
	*ret_version = after->version;
	return AC_OK;
}

static enum ac_code
prepare(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sign_place *v, size_t n,
    struct sign_work *k, struct ac_err *reterr)
{
	struct ac_str source, text, signature;
	struct ac_sign_places places;
	struct ac_review review;
	enum ac_code rc;

	if ((rc = ac_review_get(w, who, &k->seen.version, &review, reterr)) != AC_OK ||
	    (rc = ac_sign_list(w, &review, &places, reterr)) != AC_OK ||
	    (rc = check_places(&places, v, n, reterr)) != AC_OK ||
	    (rc = signature_of(w, who, review.base, &k->person, &signature, reterr)) != AC_OK ||
	    (rc = ac_protocol_source(w, &k->seen.version, &source, reterr)) != AC_OK ||
	    (rc = ac_protocol_sign_text(source, v, n, signature, w->arena, &text, reterr)) != AC_OK ||
	    (rc = check_meaning(review.protocol, text, w->arena, &k->version, reterr)) != AC_OK)
		return rc;
	ac_sha256(text, &k->source);
	k->stored = ac_blob_encode(text, ac_service_dictionaries(w->service), w->arena);
	k->n = n;
	return AC_OK;
}

/* As its author's, in review where the signed one was. */
static enum ac_code
add_version(
    struct ac_life_run *r, const struct sign_work *k, const struct ac_life_row *row, struct ac_err *reterr)
{
	enum ac_code rc = ac_blob_put_encoded(r->store, &k->source, k->stored, reterr);

	if (rc == AC_OK)
		rc = ac_store_run(r->store, AC_STMT_PROTOCOL_ADD, NULL, NULL, reterr, AC_VSHA(&k->version),
		    AC_VTEXT(row->protocol), AC_VSHA(&k->source), AC_VTEXT(row->author),
		    AC_VTEXT(row->author_person), AC_VINT(row->created_ms + 1), AC_VINT(row->base_n));
	if (rc == AC_OK)
		rc = ac_store_run(r->store, AC_STMT_PROTOCOL_SUBMIT, NULL, NULL, reterr,
		    AC_VTEXT(row->submitter), AC_VINT(row->submitted_ms), AC_VSHA(&k->version));
	if (rc == AC_OK)
		rc = ac_store_run(r->store, AC_STMT_PROTOCOL_REBASE, NULL, NULL, reterr, AC_VINT(row->base_n),
		    AC_VSHA(&row->version));
	return rc;
}

static enum ac_code
note_both(
    struct ac_life_run *r, const struct sign_work *k, const struct ac_life_row *row, struct ac_err *reterr)
{
	struct ac_str before = ac_hex(r->a, row->version.b, 4), now = ac_hex(r->a, k->version.b, 4);
	enum ac_code rc;

	r->reason = ac_strf(r->a, "in review from now on: %.*s, signed at %zu places", AC_FMT(now), k->n);
	if ((rc = ac_life_note(r, "supersede", row->protocol, &row->version, 0, reterr)) != AC_OK)
		return rc;
	r->reason = ac_strf(r->a, "%zu places of %.*s, as %.*s", k->n, AC_FMT(before), AC_FMT(k->person));
	return ac_life_note(r, "sign", row->protocol, &k->version, 0, reterr);
}

static enum ac_code
sign(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	const struct sign_work *k = arg;
	struct ac_life_row row;
	struct ac_rows there;
	enum ac_code rc = ac_life_row_at(r->store, &k->seen.version, &r->book, r->a, &row, reterr);

	if (rc != AC_OK)
		return rc;
	if (row.state != AC_LIFE_IN_REVIEW)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE",
		    "this version is %s: lines are signed while it is in review",
		    ac_life_state_word(row.state));
	if ((rc = ac_life_check_seen(&row, &k->seen, reterr)) != AC_OK)
		return rc;
	if (!ac_streq(r->person, k->person))
		return ac_fail(reterr, AC_ECONFLICT, "REVIEW-MOVED", "this account became another person's");
	if ((rc = ac_rows_read(r->store, AC_STMT_PROTOCOL_GET, r->a, &there, reterr, AC_VSHA(&k->version))) !=
	    AC_OK)
		return rc;
	if (there.n > 0)
		return ac_fail(reterr, AC_ECONFLICT, "SIGN-EXISTS",
		    "somebody imported this text with the same signatures");
	if (r->c == NULL)
		return AC_OK;
	if ((rc = add_version(r, k, &row, reterr)) != AC_OK)
		return rc;
	return note_both(r, k, &row, reterr);
}

enum ac_code
ac_life_sign(struct ac_worker *w, const struct ac_life_who *who, const struct ac_review_seen *seen,
    const struct ac_sign_place *v, size_t n, bool dry_run, struct ac_sha256 *ret_version,
    struct ac_err *reterr)
{
	struct ac_life_how how = { .dry_run = dry_run };
	struct sign_work k = { .seen = *seen };
	enum ac_code rc = ac_life_right(who, AC_MAY_APPROVE, reterr);

	if (rc == AC_OK)
		rc = prepare(w, who, v, n, &k, reterr);
	if (rc == AC_OK)
		rc =
		    ac_life_do(w, who, (struct ac_life_need){ AC_MAY_APPROVE, false }, how, sign, &k, reterr);
	if (rc == AC_OK)
		*ret_version = k.version;
	return rc;
}
