/*
 * hash.h - digests, keyed digests, names made from them.
 *
 * Threads all functions may run in any thread; the fetched algorithms are process-wide and read-only.
 * Source  FIPS 180-4 (SHA-256), RFC 2104 (HMAC), RFC 9562 section 5.5 (UUIDv5).
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"
#include "base/str.h"

struct ac_sha256 {
	unsigned char b[32];
};
struct ac_uuid {
	unsigned char b[16];
};

void ac_sha256(struct ac_str bytes, struct ac_sha256 *ret);
void ac_sha256_2(struct ac_str a, struct ac_str b, struct ac_sha256 *ret); /* of a followed by b */
void ac_hmac_sha256(struct ac_str key, struct ac_str bytes, struct ac_sha256 *ret);
struct ac_str ac_hex(struct ac_arena *a, const void *bytes, size_t n); /* lower case */
bool ac_unhex(struct ac_str hex, void *ret, size_t n);                  /* exactly 2n digits */
struct ac_str ac_base64(struct ac_arena *a, const void *bytes, size_t n);     /* RFC 4648, padded */
struct ac_str ac_base64url(struct ac_arena *a, const void *bytes, size_t n);  /* without padding */
bool ac_sha256_eq(const struct ac_sha256 *a, const struct ac_sha256 *b); /* constant time */
bool ac_secret_eq(struct ac_str a, struct ac_str b);                     /* constant time for equal lengths */
void ac_random(void *ret, size_t n); /* the system's generator; ends the process when there is none */

struct ac_uuid ac_uuid5(struct ac_uuid ns, struct ac_str name);
struct ac_uuid ac_uuid4(void);
struct ac_str ac_uuid_str(struct ac_arena *a, struct ac_uuid u); /* 36 characters, lower case */
bool ac_uuid_parse(struct ac_str s, struct ac_uuid *ret);

#endif
