/*
 * pack.h - protocols on their way from one clinic to another: one flat file, signed by who sends it.
 *
 * Shape   a C2SP signed note, an empty line, then the sources one after the other, nothing between and nothing behind:
 *
 *             aftercare-pack/1
 *             made 2026-03-01T09:00:00.000Z
 *             protocol mesotherapy 3fa2...64 digits 9c0d...64 digits 48211
 *
 *             -- aftercare/0123456789abcdef base64            (a real em dash; absent in an unsigned pack)
 *
 *             <?xml ...
 *
 *         A protocol line names the id, the version (SHA-256 of the canonical form), the SHA-256 of the source's bytes
 *         and their number. Lines stand in the order of the ids, each id once. There is no file name and no path in it.
 * Owner   the arena; sources are borrowed from the bytes that were read.
 * Errors  AC_EINPUT with rule PACK-HEAD, PACK-MADE, PACK-LINE, PACK-ID, PACK-ORDER, PACK-EMPTY, PACK-NOTE, PACK-SIZE,
 *         PACK-TRUNCATED, PACK-TRAILING, PACK-VERSION, PACK-SIGNED, PACK-KEY; AC_EINTEGRITY PACK-DIGEST; AC_ELIMIT PACK-LIMIT;
 *         AC_EINTEGRITY PACK-SIGNATURE; line and column are those of the head. A source that is no protocol fails with
 *         the loader's own rule; its line and column are counted in the source, the path is "/pack/ID".
 * Limits  AC_PACK_PROTOCOLS_MAX protocols, AC_PROTOCOL_BYTES_MAX each.
 * Source  https://c2sp.org/signed-note: the signature covers the note's text up to and with its last line feed.
 * Threads pure functions over bytes.
 */
#ifndef CORE_PACK_H
#define CORE_PACK_H

#include "core/audit.h"
#include "core/protocol.h"

#define AC_PACK_PROTOCOLS_MAX 32
#define AC_PACK_HEAD_MAX 8192
#define AC_PACK_BYTES_MAX (AC_PACK_HEAD_MAX + (size_t)AC_PACK_PROTOCOLS_MAX * AC_PROTOCOL_BYTES_MAX)

struct ac_pack_item {
	struct ac_str id, source;
	struct ac_sha256 version, sha256;
	const struct ac_protocol *protocol; /* loaded from `source` */
};
struct ac_pack {
	struct ac_str text; /* what a signature covers */
	struct ac_str made; /* RFC 3339, UTC */
	struct ac_str signer,
	    signature; /* the name and the base64 of the note's one signature line; absent: unsigned */
	struct ac_pack_item *v;
	size_t n;
};

bool ac_pack_is(struct ac_str bytes); /* begins as a pack does */
enum ac_code ac_pack_read(
    struct ac_str bytes, struct ac_arena *a, struct ac_pack *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The key is a C2SP vkey: name+hash+base64, as `aftercare audit key` prints it. AC_EINPUT PACK-KEY: it is no such key;
 * PACK-SIGNED: the pack is unsigned, or signed by a key of another name. AC_EINTEGRITY PACK-SIGNATURE: changed on its way. */
enum ac_code ac_pack_verify(const struct ac_pack *p, struct ac_str vkey, struct ac_err *reterr) AC_MUST_CHECK;
/* Sources in any order; `keys` NULL: unsigned. The same input gives the same bytes. */
enum ac_code ac_pack_write(const struct ac_str *sources, size_t n, int64_t made_ms,
    const struct ac_keys *keys, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
