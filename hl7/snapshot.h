/*
 * snapshot.h - our JSON snapshot (aftercare/encounter/1) to struct encounter and back.
 *
 * Errors  those of base/json.h, and AC_EINPUT with rule ENC-REQUIRED, ENC-TYPE, ENC-VALUE, ENC-TIME, ENC-SCHEMA;
 *         AC_ELIMIT with ENC-LIMIT. path is a JSON Pointer, line and column are filled.
 * Source  CONTRACTS "Snapshot", schemas/encounter.schema.json.
 */
#ifndef HL7_SNAPSHOT_H
#define HL7_SNAPSHOT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "hl7/encounter.h"

#define ENC_WARNINGS_MAX 32

/* Members that were ignored, as JSON Pointers. */
struct enc_warnings {
	struct ac_str v[ENC_WARNINGS_MAX];
	size_t n;
};

enum ac_code enc_snapshot_decode(struct ac_str json, struct ac_arena *a, struct encounter **ret,
    struct enc_warnings *ret_warnings, struct ac_err *reterr) AC_MUST_CHECK;
/* Canonical JSON: fixed member order, absent members left out, no white space; decodes to the same struct.
 * `with_revision` false gives what the content hash covers. */
struct ac_str enc_snapshot_encode(const struct encounter *e, bool with_revision, struct ac_arena *a);
void enc_content_hash(const struct encounter *e, struct ac_arena *a, struct ac_sha256 *ret);

#endif
