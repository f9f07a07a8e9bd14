/*
 * protocol_sign.h - signing the lines of a protocol: signed="who date" is written into the source, and nothing else.
 *
 * Shape   a place is an element of the source: a line, or a translation, which is signed on its own. The text is edited where
 *         the attribute goes; comments, layout and the order of attributes stay as their author left them.
 * Rules   what can be signed is what lint asks to be: a line that nobody signed, a translation of the text as it stands that
 *         nobody signed, and what says something else than in the version in force and still carries its signature
 *         (LINT-CARRIED). A stale translation cannot: it is translated again first. Where the version in force was signed by
 *         the same person on the same day, the signature has the time as well.
 *         The signature is the act of who signs, under the name of a person (core/person.h): the history and the log say
 *         which account it was. The content stays its author's: the version that comes of it has the author, the author's
 *         person, the submitter, the time of submitting and the activation below of the version that was signed, and is in
 *         review in its place; so whoever wrote the content cannot approve it by signing it, or by having it signed, and a
 *         waiting time does not begin again. The signed one goes back to draft. created_ms is one millisecond later, so that
 *         lists show the new one first, and accounts that were one person's when the content was written count as one still.
 *         A version that is there already is not signed into (SIGN-EXISTS): it could be somebody else's.
 * Errors  those of core/protocol_life.h, and AC_EINPUT SIGN-PLACE (nothing to sign there), SIGN-NONE (no place is named),
 *         AC_EDENIED SIGN-PERSON (the account is no person's), AC_ECONFLICT SIGN-EXISTS, AC_EINTEGRITY SIGN-MEANING (the
 *         new text would say something else: nothing is written).
 * PHI     none.
 */
#ifndef CORE_PROTOCOL_SIGN_H
#define CORE_PROTOCOL_SIGN_H

#include "core/protocol_life.h"

#define AC_SIGN_PLACES_MAX 2000

struct ac_sign_place {
	uint32_t line, col;  /* of the element: names the place in this version */
	struct ac_str id;    /* of the line; absent: of the whole protocol */
	struct ac_str kind;  /* "restriction", "task", "text" ... */
	struct ac_str lang;  /* of a translation; absent: the line itself */
	struct ac_str text;  /* its words; absent: it has none */
	struct ac_str times; /* "until 24 h", as in the file; absent: the line names none */
	struct ac_str
	    was; /* signed so when it said something else: "dr.demo 2026-03-01"; absent: not signed */
};
struct ac_sign_places {
	struct ac_sign_place *v;
	size_t n;
};
/* By place. `base`: what stands now; NULL: nothing does. */
enum ac_code ac_protocol_sign_places(const struct ac_protocol *p, struct ac_str source,
    const struct ac_protocol *base, struct ac_arena *a, struct ac_sign_places *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The same text with signed="`signature`" at these places. `signature`: a name, a blank, a date. */
enum ac_code ac_protocol_sign_text(struct ac_str source, const struct ac_sign_place *v, size_t n,
    struct ac_str signature, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* What can be signed in a version under review. */
enum ac_code ac_sign_list(struct ac_worker *w, const struct ac_review *review, struct ac_sign_places *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Of each place line and col are read. *ret_version: what is in review now. Needs AC_MAY_APPROVE. */
enum ac_code ac_life_sign(struct ac_worker *w, const struct ac_life_who *who,
    const struct ac_review_seen *seen, const struct ac_sign_place *v, size_t n, bool dry_run,
    struct ac_sha256 *ret_version, struct ac_err *reterr) AC_MUST_CHECK;

#endif
