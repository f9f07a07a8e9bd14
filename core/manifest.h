/*
 * manifest.h - the recorded inputs of one plan version or document, and the plan input made from them.
 *
 * Shape   canonical JSON, fixed member order, kept in table blob by its SHA-256. Everything it names by hash is a blob
 *         too: protocol versions (by version), snapshot (canonical JSON), answers, overrides, clinic (INI), zone (TZif).
 * Rules   CONTRACTS "Inputs, hashes, blobs": nothing else may reach plan or document.
 * Errors  AC_EINTEGRITY rule MANIFEST when stored bytes are not a manifest.
 */
#ifndef CORE_MANIFEST_H
#define CORE_MANIFEST_H

#include "core/plan.h"
#include "core/service.h"

#define AC_WRITER_VERSION 0 /* 0 until release 1.0; from then on old writers stay able to re-make */

struct ac_manifest_protocol {
	struct ac_sha256 version;
	struct ac_str id, approver;
	bool solo; /* a member only where it is true */
};
struct ac_manifest {
	struct ac_manifest_protocol protocols[AC_PLAN_PROTOCOLS_MAX];
	size_t nprotocols;
	struct ac_sha256 snapshot, answers, calls, overrides, clinic, tzif;
	bool has_answers, has_calls, has_overrides, has_clinic;
	struct ac_str zone;
	int64_t made_at, issued_at; /* AC_INSTANT_NONE: not yet */
	int64_t issued_anchor;      /* 0: none */
	const struct ac_issued_end *issued_ends;
	size_t nissued_ends;
	struct ac_other_plan others[AC_OTHER_PLANS_MAX]; /* without their plans; a member only where there are any */
	size_t nothers;
	const struct ac_prior_session *prior; /* a member only where there are any */
	size_t nprior;
	bool begins_open; /* a task that moved begins on an open day; a member only where it is so: older plans are made as they were */
	bool booked_gap; /* booked sessions were held against the minimum gap; a member where the visit has some */
	struct ac_uuid id_root;
	uint32_t version, document_version, former_document_version;
	enum ac_plan_stage stage;
	struct ac_plan_state state; /* a member only where it is set */
	bool revoked;
	struct ac_str revoke_reason;
	int64_t confirmed_at; /* 0: the signer did not confirm it */
};

struct ac_str ac_manifest_encode(const struct ac_manifest *m, struct ac_arena *a);
enum ac_code ac_manifest_decode(
    struct ac_str json, struct ac_arena *a, struct ac_manifest *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_manifest_get(struct ac_worker *w, const struct ac_sha256 *sha, struct ac_manifest *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Answers as recorded: a JSON array by name. Absent for none. */
struct ac_str ac_answers_encode(const struct ac_answer *v, size_t n, struct ac_arena *a);
enum ac_code ac_answers_decode(struct ac_str json, struct ac_arena *a, struct ac_answer **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Everything that the manifest names, read and parsed (protocols, clinics and zones from the worker's kept ones). */
enum ac_code ac_manifest_input(struct ac_worker *w, const struct ac_manifest *m, struct ac_plan_input **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The snapshot with this hash. */
enum ac_code ac_snapshot_get(struct ac_worker *w, const struct ac_sha256 *sha, struct encounter **ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
