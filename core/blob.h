/*
 * blob.h - stored bytes: compressed, checked, by their SHA-256.
 *
 * Shape   1 byte format (1 = zstd, 0 = plain), 1 byte key id (0 = not encrypted), 32 bytes dictionary hash (zeros: none),
 *         8 bytes plain size big-endian, payload. zstd with checksum and content size.
 * Errors  AC_EINTEGRITY rule BLOB-FORMAT, BLOB-SIZE, BLOB-HASH; AC_ELIMIT BLOB-LIMIT; those of core/dictionary.h.
 * Threads encode and decode from any thread with shared dictionaries (contexts are kept in a small locked pool).
 * Source  CONTRACTS "Inputs, hashes, blobs".
 */
#ifndef CORE_BLOB_H
#define CORE_BLOB_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"
#include "base/hash.h"
#include "core/dictionary.h"

#define AC_BLOB_PLAIN_MAX (8 * 1024 * 1024)

struct ac_store;

/* At most AC_BLOB_PLAIN_MAX bytes; d may be NULL: contexts are then made for this once. */
struct ac_str ac_blob_encode(struct ac_str plain, struct ac_dictionaries *d, struct ac_arena *a);
/* The same with a dictionary; without where `like` is NULL or cannot be had. */
struct ac_str ac_blob_encode_like(
    struct ac_str plain, const struct ac_sha256 *like, struct ac_dictionaries *d, struct ac_arena *a);
/* `want` NULL: the hash is not checked here. d NULL: what needs a dictionary cannot be read. */
enum ac_code ac_blob_decode(struct ac_str stored, const struct ac_sha256 *want, size_t plain_max,
    struct ac_dictionaries *d, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* Content by hash in table blob: put once (already there is fine), get with check. */
enum ac_code ac_blob_put(struct ac_store *s, struct ac_str plain, struct ac_dictionaries *d, struct ac_arena *a,
    struct ac_sha256 *ret_sha, struct ac_err *reterr) AC_MUST_CHECK;
/* The same with bytes that a worker encoded before: the committer should not compress. */
enum ac_code ac_blob_put_encoded(struct ac_store *s, const struct ac_sha256 *sha, struct ac_str encoded,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_blob_get(struct ac_store *s, const struct ac_sha256 *sha, struct ac_dictionaries *d,
    struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
