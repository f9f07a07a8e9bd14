/*
 * protocol_life_parts.h - what the files of a protocol's life share: protocol_life.c (where versions stand),
 * protocol_review.c, protocol_publish.c, protocol_hold.c, protocol_past.c, person.c, recall.c, config.c. Nobody else includes it.
 *
 * Shape   an act is one function that checks and, when there is a commit, writes: ac_life_run calls it inside the
 *         committer's transaction, or for a dry run on the worker's reader. So what a dry run says is what the act does.
 */
#ifndef CORE_PROTOCOL_LIFE_PARTS_H
#define CORE_PROTOCOL_LIFE_PARTS_H

#include "core/protocol_life.h"
#include "core/rows.h"
#include "core/service_parts.h"

/* ---- activations and suspensions as they stand ---- */
struct ac_activation {
	struct ac_str protocol, kind, actor, person, reason;
	int64_t n, effective_ms, review_due_ms, at_ms;
	bool has_version; /* false: retired */
	bool off;         /* called off or overtaken before its date: it never stands */
	struct ac_sha256 version;
};
struct ac_suspension {
	struct ac_str protocol, actor, reason;
	struct ac_sha256 version;
	int64_t at_ms;
};
struct ac_book {
	struct ac_activation *v; /* by protocol, then n */
	size_t n;
	struct ac_suspension *held;
	size_t nheld;
	int64_t now_ms;
};
/* `protocol` absent: of all. */
enum ac_code ac_book_read(struct ac_store *s, struct ac_str protocol, int64_t now_ms, struct ac_arena *a,
    struct ac_book *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* In force now; NULL: nothing, or retired. */
const struct ac_activation *ac_book_current(const struct ac_book *b, struct ac_str protocol);
const struct ac_activation *ac_book_latest(const struct ac_book *b, struct ac_str protocol); /* to come too; NULL: none */
/* Its newest one that was not called off; NULL: none. */
const struct ac_activation *ac_book_last_of(const struct ac_book *b, const struct ac_sha256 *version);
/* Called off or not. */
const struct ac_activation *ac_book_at(const struct ac_book *b, struct ac_str protocol, int64_t n);
/* The newest one below this number that was not called off. NULL: none. */
const struct ac_activation *ac_book_before(const struct ac_book *b, struct ac_str protocol, int64_t n);
/* The newest one before `below` that was in force, is not suspended, and is of another version. NULL: none. */
const struct ac_activation *ac_book_good(const struct ac_book *b, const struct ac_activation *below);
const struct ac_suspension *ac_book_held(const struct ac_book *b, const struct ac_sha256 *version);
/* The first time to come at which another activation is in force; INT64_MAX: none. */
int64_t ac_book_until(const struct ac_book *b);

enum ac_code ac_life_row_at(struct ac_store *s, const struct ac_sha256 *version, const struct ac_book *b,
    struct ac_arena *a, struct ac_life_row *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* As the committer has it: a store's time does not go back. */
enum ac_code ac_life_now(struct ac_worker *w, int64_t *ret, struct ac_err *reterr) AC_MUST_CHECK;

int64_t ac_book_next_n(const struct ac_book *b, struct ac_str protocol); /* no number is given twice */

/* ---- an act ---- */
struct ac_life_run {
	struct ac_store *store;
	struct ac_arena *a; /* until the act returns */
	struct ac_commit *c; /* NULL: dry run */
	const struct ac_life_who *who;
	struct ac_str account, person, reason;
	int64_t now_ms;
	int64_t generation; /* of the worker's configuration */
	const struct ac_clinic *clinic;
	struct ac_book book; /* of all protocols */
};
typedef enum ac_code ac_life_fn(struct ac_life_run *r, void *arg, struct ac_err *reterr);
struct ac_life_need {
	enum ac_may may;
	bool reason;
};
/* Checks the right and the reason, then runs `fn`. `arg` gets plain values only: r->a ends with the act. */
enum ac_code ac_life_do(struct ac_worker *w, const struct ac_life_who *who, struct ac_life_need need,
    struct ac_life_how how, ac_life_fn *fn, void *arg, struct ac_err *reterr) AC_MUST_CHECK;
/* The entry of the protocol's history and the leaf of the log. n: the activation; 0: none. */
enum ac_code ac_life_note(struct ac_life_run *r, const char *action, struct ac_str protocol,
    const struct ac_sha256 *version, int64_t n, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_next_generation(struct ac_life_run *r, struct ac_err *reterr) AC_MUST_CHECK;
/* The number and time of a new activation of `version` (NULL: none stands), what it replaces and what will never stand. */
void ac_life_place(struct ac_life_run *r, struct ac_str protocol, const struct ac_sha256 *version,
    int64_t effective_ms, struct ac_life_done *ret);
/* What ac_life_place said is written down, each with an entry of its own; a version that never stood is not
 * published, unless another activation of it is what is being made. */
enum ac_code ac_life_call_off(struct ac_life_run *r, struct ac_str protocol, const struct ac_sha256 *version,
    int64_t from_ms, bool is_publishing, struct ac_err *reterr) AC_MUST_CHECK;
/* The clinic that lint was asked with is still the clinic's: AC_EBUSY LIFE-MOVED. */
enum ac_code ac_life_same_generation(struct ac_life_run *r, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_right(const struct ac_life_who *who, enum ac_may may, struct ac_err *reterr) AC_MUST_CHECK;
/* What a version is compared with: what it would replace, or for one in force without approval what it replaced; *ret NULL:
 * nothing. */
enum ac_code ac_life_base(struct ac_worker *w, const struct ac_life_row *row, const struct ac_protocol **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_lint(struct ac_worker *w, const struct ac_sha256 *version, bool contacts,
    struct ac_err *reterr) AC_MUST_CHECK; /* PUB-LINT, PUB-CONTACT */

/* May r's account approve this version? *ret_solo: as its author, in a clinic of one doctor. */
enum ac_code ac_life_second_person(struct ac_life_run *r, const struct ac_life_row *row, bool *ret_solo,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_act_of(
    const struct ac_val *col, struct ac_life_act *ret, struct ac_err *reterr) AC_MUST_CHECK; /* a row of protocol_act */
/* What an approval or a signature binds to is what is there: REVIEW-MOVED, PROTOCOL-STALE. */
enum ac_code ac_life_check_seen(
    const struct ac_life_row *row, const struct ac_review_seen *seen, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_fresh(const struct ac_life_row *row, struct ac_err *reterr) AC_MUST_CHECK; /* PROTOCOL-STALE */

#endif
