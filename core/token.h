/*
 * token.h - the short-lived token with which the EHR's module says for whom it asks, where no front server can.
 *
 * Shape   ac1.KEYID.PAYLOAD.MAC - PAYLOAD is base64url of a JSON object, MAC base64url of HMAC-SHA-256 over everything before
 *         its dot, under the key that KEYID names. Members, all texts but the two times:
 *           aud        this installation: the origin of its log, as `aftercare key list` prints it
 *           user role site      who; role as in core/actor.h; all three demanded
 *           patient encounter   what the caller is bound to; may be absent
 *           iat exp    seconds since 1970; exp - iat from 1 to 300
 *           nonce      16 to 64 of A-Z a-z 0-9 - _; never used before with this key
 *         Another member, a name twice, another spelling of the base64: refused.
 * Time    not yet issued (over 5 s ahead), or expired: refused. A token reads as often as wanted within its life, and writes
 *         once: ac_service_token_spend commits its nonce before the write is looked at.
 * Keys    one file, 0600, of one line for each key, the newest first; two at most, so that the module can change over:
 *         "KEYID 64 hexadecimal digits SECONDS", made at SECONDS. keys/module.keys in the state folder, or what
 *         `[module] keys = PATH` in its aftercare.conf names. No file: no token is good. It is read again when it changes.
 * Errors  AC_EDENIED AUTH-TOKEN (form, key, signature, members), AUTH-TOKEN-TIME, AUTH-TOKEN-AUDIENCE, AUTH-TOKEN-USED: the
 *         last three only for a token whose signature is good. Keys: AC_EDENIED KEY-MODE, AC_EIO KEY-FORMAT.
 * PHI     the payload names a patient: tokens are never logged.
 */
#ifndef CORE_TOKEN_H
#define CORE_TOKEN_H

#include "core/service.h"

#define AC_TOKEN_MAX 2048
#define AC_TOKEN_LIFE_MAX_S 300
#define AC_TOKEN_AHEAD_S 5
#define AC_TOKEN_KEYS_MAX 2
#define AC_TOKEN_KEY_ID 8 /* hexadecimal digits */

struct ac_token_key {
	char id[AC_TOKEN_KEY_ID + 1];
	unsigned char secret[32];
	int64_t made_at; /* seconds */
};
struct ac_token_keys { /* the newest first */
	struct ac_token_key v[AC_TOKEN_KEYS_MAX];
	size_t n;
};
struct ac_token {
	struct ac_actor who; /* in the arena */
	struct ac_sha256 nonce; /* of key id and nonce */
	int64_t until_ms;
};

/* Pure: no file, no clock, no store. */
enum ac_code ac_token_check(const struct ac_token_keys *keys, struct ac_str text, struct ac_str audience, int64_t now_ms,
    struct ac_arena *a, struct ac_token *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* For tests, and for whoever writes a module in C: a token over this payload. */
struct ac_str ac_token_sign(const struct ac_token_key *key, struct ac_str payload, struct ac_arena *a);

/* The path of the keys' file of an installation. KEY-FORMAT: its aftercare.conf cannot be read. */
enum ac_code ac_token_keys_path(
    const char *state_dir, struct ac_arena *a, const char **ret, struct ac_err *reterr) AC_MUST_CHECK;
/* No file: no keys. */
enum ac_code ac_token_keys_read(const char *path, struct ac_token_keys *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* With the installation's keys, name and clock. */
enum ac_code ac_service_token(
    struct ac_worker *w, struct ac_str text, struct ac_token *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Returns when nobody can write with it any more: AUTH-TOKEN-USED when somebody did. */
enum ac_code ac_service_token_spend(struct ac_worker *w, const struct ac_token *t, struct ac_err *reterr) AC_MUST_CHECK;

/* Dry run: *ret is what there would be, the new key without an id. */
/* A new key before the former, which stays good until the next; the one before that is dropped. Each is a log entry. */
enum ac_code ac_token_key_rotate(struct ac_worker *w, struct ac_str actor, struct ac_life_how how, struct ac_token_keys *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* AC_ENOTFOUND KEY-UNKNOWN. */
enum ac_code ac_token_key_retire(
    struct ac_worker *w, struct ac_str actor, struct ac_str id, struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;

#endif
