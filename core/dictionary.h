/*
 * dictionary.h - zstd dictionaries: rows of the store named by their SHA-256, which is in each blob that needs one.
 *
 * Shape   a row is never changed and never goes: a changed dictionary would decode wrong bytes without an error. The set
 *         grows by need: a hash that was not met yet is looked up in the store, so what another process added a moment
 *         ago is found. What is loaded stays, AC_DICTIONARIES_MAX of them; one more is loaded for each use.
 * Errors  AC_EINTEGRITY BLOB-DICTIONARY (no row has this hash), BLOB-HASH (a row's bytes are not those of its name);
 *         those of the store.
 * Threads one set serves all threads: look-ups take no lock, loading takes one.
 * PHI     none: rendered from an invented patient (core/reference.h).
 */
#ifndef CORE_DICTIONARY_H
#define CORE_DICTIONARY_H

#include <zstd.h>

#include "base/auto.h"
#include "base/err.h"
#include "base/hash.h"

#define AC_DICTIONARIES_MAX 128              /* loaded at a time by one process */
#define AC_DICTIONARY_BYTES_MAX (256 * 1024) /* of one; more is cut off when it is added */

struct ac_store;
struct ac_dictionaries;

/* What a dictionary is like. */
enum ac_likeness { AC_LIKE_DOCUMENT, AC_LIKE_HANDOUT, AC_LIKE_RECORD, AC_LIKENESSES };
/* The dictionaries of a protocol version; not has: there is none of that likeness. */
struct ac_dictionary_names {
	struct ac_sha256 sha[AC_LIKENESSES];
	bool has[AC_LIKENESSES];
};

/* A set that looks up what it lacks in `s`, which is borrowed: for the one thread that uses `s`. */
struct ac_dictionaries *ac_dictionaries_on(struct ac_store *s);
/* The same for all threads, with a reader of its own. */
enum ac_code ac_dictionaries_open(const char *where, int busy_ms, struct ac_dictionaries **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
void ac_dictionaries_free(struct ac_dictionaries *d); /* NULL is allowed */
AC_DEFINE_AUTO(ac_dictionaries, ac_dictionaries_free)

/* One more dictionary: any bytes that look like what will be stored. Already there is fine. In a write transaction. */
enum ac_code ac_dictionary_add(
    struct ac_store *s, struct ac_str bytes, struct ac_sha256 *ret_sha, struct ac_err *reterr) AC_MUST_CHECK;
/* Which ones a protocol version has, and giving it one: once for each likeness. */
enum ac_code ac_dictionary_names_get(struct ac_store *s, const struct ac_sha256 *protocol,
    struct ac_dictionary_names *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_dictionary_name_add(struct ac_store *s, const struct ac_sha256 *protocol, enum ac_likeness like,
    const struct ac_sha256 *sha, struct ac_err *reterr) AC_MUST_CHECK;
/* Do all rows hold the bytes that they are named by? */
enum ac_code ac_dictionaries_check(struct ac_store *s, struct ac_err *reterr) AC_MUST_CHECK;

/* Make it ready for compressing, or say why it cannot be had. */
enum ac_code ac_dictionary_prepare(
    struct ac_dictionaries *d, const struct ac_sha256 *sha, struct ac_err *reterr) AC_MUST_CHECK;

/* For core/blob. A compressed frame of at most `room` bytes, or zstd's error code. `like` NULL, or what cannot be had: with
 * no dictionary, and *ret_with is false. */
size_t ac_dictionary_compress(struct ac_dictionaries *d, const struct ac_sha256 *like, struct ac_str plain, char *to,
    size_t room, bool *ret_with);
/* `with` NULL: no dictionary. *ret_n is the size or zstd's error code. */
enum ac_code ac_dictionary_decompress(struct ac_dictionaries *d, const struct ac_sha256 *with, struct ac_str frame,
    char *to, size_t room, size_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;

#endif
