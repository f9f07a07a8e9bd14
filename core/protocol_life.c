/* protocol_life.c - where versions stand: the book of activations and suspensions, and rows made from it. */
#include <stdint.h>
#include <string.h>

#include "core/person.h"
#include "core/protocol_life_parts.h"

#define HEX_MIN 8

static const char *const state_words[] = { "draft", "in-review", "approved", "approved", "active", "retired" };

const char *
ac_life_state_word(enum ac_life_state s)
{
	return state_words[s];
}

static enum ac_code
bad_row(struct ac_err *reterr, const char *column)
{
	return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "%s is not a digest", column);
}

static enum ac_code
read_activations(
    struct ac_store *s, struct ac_str protocol, struct ac_arena *a, struct ac_book *b, struct ac_err *reterr)
{
	struct ac_val p = ac_str_is_set(protocol) ? AC_VTEXT(protocol) : AC_VNULL;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(s, AC_STMT_ACTIVATION_LIST, a, &rows, reterr, p, p);

	if (rc != AC_OK)
		return rc;
	b->v = ac_new(a, struct ac_activation, rows.n);
	for (b->n = 0; b->n < rows.n; b->n++) {
		const struct ac_val *col = ac_row(&rows, b->n);
		struct ac_activation *x = &b->v[b->n];

		*x = (struct ac_activation){ .protocol = col[0].s,
			.n = col[1].i,
			.kind = col[3].s,
			.effective_ms = col[4].i,
			.review_due_ms = col[5].i,
			.at_ms = col[6].i,
			.actor = col[7].s,
			.person = col[8].s,
			.reason = col[9].s,
			.off = col[10].type != AC_VAL_NULL };
		x->has_version = col[2].type != AC_VAL_NULL;
		if (x->has_version && !ac_val_sha(&col[2], &x->version))
			return bad_row(reterr, "protocol_activation.version");
	}
	return AC_OK;
}

enum ac_code
ac_book_read(struct ac_store *s, struct ac_str protocol, int64_t now_ms, struct ac_arena *a,
    struct ac_book *ret, struct ac_err *reterr)
{
	struct ac_book b = { .now_ms = now_ms };
	struct ac_rows rows;
	enum ac_code rc = read_activations(s, protocol, a, &b, reterr);

	if (rc == AC_OK)
		rc = ac_rows_read_n(s, AC_STMT_SUSPENSION_LIST, NULL, 0, a, &rows, reterr);
	if (rc != AC_OK)
		return rc;
	b.held = ac_new(a, struct ac_suspension, rows.n);
	for (b.nheld = 0; b.nheld < rows.n; b.nheld++) {
		const struct ac_val *col = ac_row(&rows, b.nheld);
		struct ac_suspension *x = &b.held[b.nheld];

		*x = (struct ac_suspension){
			.protocol = col[0].s, .at_ms = col[2].i, .actor = col[3].s, .reason = col[4].s
		};
		if (!ac_val_sha(&col[1], &x->version))
			return bad_row(reterr, "protocol_suspension.version");
	}
	*ret = b;
	return AC_OK;
}

const struct ac_activation *
ac_book_current(const struct ac_book *b, struct ac_str protocol)
{
	for (size_t i = b->n; i-- > 0;)
		if (!b->v[i].off && b->v[i].effective_ms <= b->now_ms && ac_streq(b->v[i].protocol, protocol))
			return b->v[i].has_version ? &b->v[i] : NULL;
	return NULL;
}

const struct ac_activation *
ac_book_latest(const struct ac_book *b, struct ac_str protocol)
{
	return ac_book_before(b, protocol, INT64_MAX);
}

const struct ac_activation *
ac_book_before(const struct ac_book *b, struct ac_str protocol, int64_t n)
{
	for (size_t i = b->n; i-- > 0;)
		if (!b->v[i].off && b->v[i].n < n && ac_streq(b->v[i].protocol, protocol))
			return &b->v[i];
	return NULL;
}

int64_t
ac_book_next_n(const struct ac_book *b, struct ac_str protocol)
{
	for (size_t i = b->n; i-- > 0;)
		if (ac_streq(b->v[i].protocol, protocol))
			return b->v[i].n + 1;
	return 1;
}

const struct ac_activation *
ac_book_last_of(const struct ac_book *b, const struct ac_sha256 *version)
{
	for (size_t i = b->n; i-- > 0;)
		if (!b->v[i].off && b->v[i].has_version && ac_sha256_eq(&b->v[i].version, version))
			return &b->v[i];
	return NULL;
}

const struct ac_activation *
ac_book_at(const struct ac_book *b, struct ac_str protocol, int64_t n)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].n == n && ac_streq(b->v[i].protocol, protocol))
			return &b->v[i];
	return NULL;
}

const struct ac_suspension *
ac_book_held(const struct ac_book *b, const struct ac_sha256 *version)
{
	for (size_t i = 0; i < b->nheld; i++)
		if (ac_sha256_eq(&b->held[i].version, version))
			return &b->held[i];
	return NULL;
}

const struct ac_activation *
ac_book_good(const struct ac_book *b, const struct ac_activation *below)
{
	for (const struct ac_activation *x = below; x-- > b->v && ac_streq(x->protocol, below->protocol);)
		if (x->has_version && !x->off && x->effective_ms <= b->now_ms && ac_book_held(b, &x->version) == NULL &&
		    !(below->has_version && ac_sha256_eq(&x->version, &below->version)))
			return x;
	return NULL;
}

int64_t
ac_book_until(const struct ac_book *b)
{
	int64_t until = INT64_MAX;

	for (size_t i = 0; i < b->n; i++)
		if (!b->v[i].off && b->v[i].effective_ms > b->now_ms && b->v[i].effective_ms < until)
			until = b->v[i].effective_ms;
	return until;
}

static enum ac_life_state
state_of(struct ac_str stored, const struct ac_activation *last, const struct ac_book *b)
{
	if (ac_streq_c(stored, "draft"))
		return AC_LIFE_DRAFT;
	if (ac_streq_c(stored, "in-review"))
		return AC_LIFE_IN_REVIEW;
	if (last == NULL)
		return AC_LIFE_APPROVED;
	if (ac_book_current(b, last->protocol) == last)
		return AC_LIFE_ACTIVE;
	return last->effective_ms > b->now_ms ? AC_LIFE_SCHEDULED : AC_LIFE_RETIRED;
}

static enum ac_code
row_of(const struct ac_val *col, const struct ac_book *b, struct ac_life_row *ret, struct ac_err *reterr)
{
	struct ac_life_row r = { .protocol = col[2].s,
		.author = col[3].s,
		.author_person = col[4].s,
		.submitter = col[5].s,
		.approver = col[6].s,
		.approver_person = col[7].s,
		.created_ms = col[9].i,
		.submitted_ms = col[10].i,
		.approved_ms = col[11].i,
		.base_n = col[12].i,
		.solo = col[14].i != 0 };

	if (!ac_val_sha(&col[0], &r.version) || !ac_val_sha(&col[1], &r.source))
		return bad_row(reterr, "protocol_version.version");
	const struct ac_activation *last = ac_book_last_of(b, &r.version);
	const struct ac_activation *latest = ac_book_latest(b, r.protocol);
	const struct ac_suspension *held = ac_book_held(b, &r.version);
	r.state = state_of(col[8].s, last, b);
	r.latest_n = latest == NULL ? 0 : latest->n;
	r.stale = last == NULL && r.base_n != r.latest_n;
	r.suspended = held != NULL;
	if (held != NULL)
		r.suspend_reason = held->reason;
	if (last != NULL) {
		r.n = last->n;
		r.effective_ms = last->effective_ms;
		r.review_due_ms = last->review_due_ms;
		r.unapproved = !ac_str_is_set(r.approver);
	}
	for (size_t i = 0; r.unapproved && i < b->n; i++)
		if (ac_streq_c(b->v[i].kind, "break-glass") && ac_sha256_eq(&b->v[i].version, &r.version))
			r.break_glass_reason = b->v[i].reason;
	*ret = r;
	return AC_OK;
}

/* The comment with which a draft came back. */
static enum ac_code
add_comment(struct ac_store *s, struct ac_arena *a, struct ac_life_row *r, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	if (r->state != AC_LIFE_DRAFT)
		return AC_OK;
	if ((rc = ac_rows_read(s, AC_STMT_ACT_OF_VERSION, a, &rows, reterr, AC_VSHA(&r->version))) != AC_OK)
		return rc;
	for (size_t i = 0; i < rows.n; i++)
		if (ac_streq_c(ac_row(&rows, i)[0].s, "return"))
			r->comment = ac_row(&rows, i)[3].s;
	return AC_OK;
}

enum ac_code
ac_life_row_at(struct ac_store *s, const struct ac_sha256 *version, const struct ac_book *b,
    struct ac_arena *a, struct ac_life_row *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(s, AC_STMT_LIFE_GET, a, &rows, reterr, AC_VSHA(version));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no protocol version with this hash");
	if ((rc = row_of(ac_row(&rows, 0), b, ret, reterr)) != AC_OK)
		return rc;
	return add_comment(s, a, ret, reterr);
}

enum ac_code
ac_life_now(struct ac_worker *w, int64_t *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read_n(w->reader, AC_STMT_LOG_HEAD_GET, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	int64_t now = ac_service_now_ms(w->service), log = rows.n == 0 ? 0 : ac_row(&rows, 0)[2].i;
	*ret = now < log ? log : now;
	return AC_OK;
}

static enum ac_code
list_all(struct ac_worker *w, struct ac_str protocol, struct ac_life_rows *ret, struct ac_err *reterr)
{
	struct ac_val p = ac_str_is_set(protocol) ? AC_VTEXT(protocol) : AC_VNULL;
	struct ac_rows rows;
	struct ac_book b;
	int64_t now;
	enum ac_code rc;

	if ((rc = ac_life_now(w, &now, reterr)) != AC_OK ||
	    (rc = ac_book_read(w->reader, protocol, now, w->arena, &b, reterr)) != AC_OK ||
	    (rc = ac_rows_read(w->reader, AC_STMT_LIFE_LIST, w->arena, &rows, reterr, p, p)) != AC_OK)
		return rc;
	*ret = (struct ac_life_rows){ ac_new(w->arena, struct ac_life_row, rows.n), 0 };
	for (; ret->n < rows.n; ret->n++) {
		struct ac_life_row *r = &ret->v[ret->n];
		if ((rc = row_of(ac_row(&rows, ret->n), &b, r, reterr)) != AC_OK ||
		    (rc = add_comment(w->reader, w->arena, r, reterr)) != AC_OK)
			return rc;
	}
	return AC_OK;
}

enum ac_code
ac_life_list(struct ac_worker *w, struct ac_str protocol, struct ac_life_rows *ret, struct ac_err *reterr)
{
	enum ac_code rc = w->reader->ops->begin_read(w->reader, reterr);

	if (rc != AC_OK)
		return rc;
	rc = list_all(w, protocol, ret, reterr);
	w->reader->ops->rollback(w->reader);
	return rc;
}

static enum ac_code
get_one(struct ac_worker *w, const struct ac_sha256 *version, struct ac_life_row *ret, struct ac_err *reterr)
{
	struct ac_str all = { 0 };
	struct ac_book b;
	int64_t now;
	enum ac_code rc;

	if ((rc = ac_life_now(w, &now, reterr)) != AC_OK ||
	    (rc = ac_book_read(w->reader, all, now, w->arena, &b, reterr)) != AC_OK)
		return rc;
	return ac_life_row_at(w->reader, version, &b, w->arena, ret, reterr);
}

enum ac_code
ac_life_get(
    struct ac_worker *w, const struct ac_sha256 *version, struct ac_life_row *ret, struct ac_err *reterr)
{
	enum ac_code rc = w->reader->ops->begin_read(w->reader, reterr);

	if (rc != AC_OK)
		return rc;
	rc = get_one(w, version, ret, reterr);
	w->reader->ops->rollback(w->reader);
	return rc;
}

static bool
begins_so(struct ac_worker *w, const struct ac_life_row *r, struct ac_str hex)
{
	return hex.n >= HEX_MIN && ac_str_starts(ac_hex(w->arena, r->version.b, sizeof(r->version.b)), hex);
}

/* v3 -> the version of the third activation. */
static enum ac_code
by_number(struct ac_worker *w, struct ac_str protocol, int64_t n, struct ac_life_row *ret, struct ac_err *reterr)
{
	struct ac_book b;
	int64_t now;
	enum ac_code rc;

	if ((rc = ac_life_now(w, &now, reterr)) != AC_OK ||
	    (rc = ac_book_read(w->reader, protocol, now, w->arena, &b, reterr)) != AC_OK)
		return rc;
	const struct ac_activation *x = ac_book_at(&b, protocol, n);
	if (x == NULL || !x->has_version)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "the protocol has no v%lld", (long long)n);
	return ac_life_get(w, &x->version, ret, reterr);
}

enum ac_code
ac_life_resolve(struct ac_worker *w, struct ac_str protocol, struct ac_str which, struct ac_life_row *ret,
    struct ac_err *reterr)
{
	struct ac_str number = which.n > 1 && which.p[0] == 'v' ? (struct ac_str){ which.p + 1, which.n - 1 } : which;
	const struct ac_life_row *found = NULL;
	struct ac_life_rows rows;
	int64_t n = 0;
	enum ac_code rc;

	if (ac_str_is_set(protocol) && number.n > 0 && number.n < HEX_MIN && ac_str_int(number, 1, 9999999, &n))
		return by_number(w, protocol, n, ret, reterr);
	if ((rc = ac_life_list(w, protocol, &rows, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_life_row *r = &rows.v[i];
		if (which.n == 0 ? r->state != AC_LIFE_ACTIVE : !begins_so(w, r, which))
			continue;
		if (found != NULL)
			return ac_fail(reterr, AC_EINPUT, "PROTOCOL-AMBIGUOUS", "several versions begin so: give more digits");
		found = r;
	}
	if (found == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no such version of the protocol");
	*ret = *found;
	return AC_OK;
}
