/*
 * audit.h - the append-only Merkle log: who did what, provable, without personal data.
 *
 * Shape   a leaf is one line of JSON, fixed member order, <= 300 bytes: v, time, actor, role, action, kind, id, version,
 *         patient, digest; null where there is none. The tree is RFC 9162 (leaf 0x00, node 0x01, SHA-256).
 *         Checkpoints are C2SP signed notes (Ed25519), one per batch.
 * Hashes  base64url without padding. actor, patient: the first 16 bytes of HMAC-SHA-256(store.key, "actor" NUL value),
 *         22 characters; clear values go to leaf_side, where they can be purged. digest: SHA-256(salt || SHA-256(plain
 *         bytes)), whole, 43 characters: who has the object's bytes and its salt can check it, without them it says
 *         nothing. With all three whole a leaf would not fit into 300 bytes.
 * Objects a leaf with a digest and kind "document" (id = document id, version), "handout" (id = plan id, version = the
 *         issue's n), "handout-pdf" and "handout-pdf-large" (the same, for its PDF), "plan" (id = plan id, version; plain
 *         bytes = the manifest) or "override" (id = plan id, version = the act's n; plain bytes = its content, reason
 *         included) records that the object came into being: exactly one for each row of document, issue, issue_pdf,
 *         plan_version and plan_override, whose column `leaf` names it. Other
 *         leaves about these objects (view, print, export) carry no digest.
 * Reasons an entry with a reason has a leaf before it: same actor, action, id and version, kind "reason" or "protocol-reason", the words in its
 *         side row; digest: HMAC-SHA-256(store.key, "reason" NUL words), whole. So another reason, there or in a protocol's
 *         history, is found; purged words are not asked for, but those of a protocol's history, which has no patient's data.
 *         The acts on tasks and plans (task_act, plan_act) have the words too: each such leaf finds its act with them.
 * Errors  AC_EINTEGRITY rule LOG-REASON, LOG-LEAF, LOG-ROOT, LOG-CHECKPOINT, LOG-DOCUMENT, LOG-ISSUE, LOG-PDF, LOG-PLAN,
 *         LOG-OVERRIDE, LOG-SIGNATURE, LOG-GAP;
 *         reterr->path names the place. Appending: AC_EINPUT LOG-ACTION, LOG-TEXT; AC_ELIMIT LOG-SIZE.
 * PHI     leaves carry none.
 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

#define AC_LEAF_MAX 300
#define AC_SALT_BYTES 16
#define AC_LEAF_REASON "reason" /* kind of a reason's leaf, and what its HMAC is for */
#define AC_LEAF_PROTOCOL_REASON "protocol-reason" /* of an act on a protocol, whose history has the words too */

struct ac_commit;
struct ac_log_tail; /* the open end of the log inside a batch */
struct ac_keys;     /* log.key, store.key, clinic.key */

struct ac_audit_entry {
	const char *action; /* "event", "view", "issue", "refuse", ... : closed list in audit.c */
	const char *kind;   /* "plan", "document", "handout", "task", "answer", "protocol", "log", ... */
	struct ac_str actor, role;
	struct ac_str id;      /* ours: plan, document id, protocol id; never an EHR id or a name */
	int64_t version;       /* 0: none */
	struct ac_str patient; /* clear, goes to the side row and as HMAC into the leaf; absent: none */
	struct ac_str object;  /* clear, side row only: route, EHR encounter */
	struct ac_str reason;  /* why, in a person's words; may be absent. It gets a leaf of its own (Reasons) */
	const char *outcome;   /* "created", "stale", "AUTH-ROLE"...: appended to action as "action:outcome"; may be NULL */
	const struct ac_sha256 *digest; /* of the object's plain bytes; the leaf gets ac_audit_digest of it */
	const unsigned char *salt;      /* 16 bytes, kept beside the object; NULL with digest NULL */
};
/* What ac_audit_append would say of it, anywhere. */
enum ac_code ac_audit_check(const struct ac_keys *k, const struct ac_audit_entry *e, int64_t now_ms, struct ac_arena *a,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Inside a commit function only. */
enum ac_code ac_audit_append(struct ac_commit *c, const struct ac_audit_entry *e, struct ac_err *reterr) AC_MUST_CHECK;
/* Index of the leaf that ac_audit_append added last in this batch: for the column `leaf`. -1: none yet. */
int64_t ac_audit_last(const struct ac_commit *c);
struct ac_str ac_audit_reason_digest(const struct ac_keys *k, struct ac_str reason, struct ac_arena *a); /* as in its leaf */
int64_t ac_audit_next(const struct ac_commit *c); /* the index that the next one will get */
void ac_audit_digest(const struct ac_sha256 *plain, const unsigned char *salt, struct ac_sha256 *ret);

/* A leaf as stored, read back. Text is borrowed from `bytes`; absent where the leaf says null. */
struct ac_leaf {
	struct ac_str time, actor, role, action, kind, id, patient, digest;
	int64_t version;
};
bool ac_leaf_parse(struct ac_str bytes, struct ac_leaf *ret);

/* Refuses when they exist. `organisation` stands in the certificate of the clinic's key (core/signature.h); absent: no name. */
enum ac_code ac_keys_create(const char *dir, struct ac_str organisation, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_keys_load(const char *dir, struct ac_keys **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_keys_free(struct ac_keys *k);
AC_DEFINE_AUTO(ac_keys, ac_keys_free)
struct ac_str ac_keys_public(const struct ac_keys *k, struct ac_arena *a); /* C2SP vkey: name+hash+base64 */
struct ac_str ac_keys_origin(const struct ac_keys *k);                     /* the log's name in its checkpoints */
/* HMAC-SHA-256(store.key, purpose NUL bytes) */
void ac_keys_hmac(const struct ac_keys *k, const char *purpose, struct ac_str bytes, struct ac_sha256 *ret);

/* Merkle arithmetic, pure. */
void ac_merkle_leaf(struct ac_str bytes, struct ac_sha256 *ret);
void ac_merkle_node(const struct ac_sha256 *l, const struct ac_sha256 *r, struct ac_sha256 *ret);
/* Root of n leaf hashes. */
void ac_merkle_root(const struct ac_sha256 *leaves, size_t n, struct ac_sha256 *ret);
enum ac_code ac_merkle_inclusion(const struct ac_sha256 *leaves, size_t n, size_t index, struct ac_arena *a,
    struct ac_sha256 **ret, size_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;
bool ac_merkle_inclusion_check(const struct ac_sha256 *leaf, uint64_t index, uint64_t size, const struct ac_sha256 *path,
    size_t n, const struct ac_sha256 *root);

/* A log of any length in constant memory: the roots of its perfect subtrees, largest first. */
struct ac_frontier {
	uint64_t size;
	struct ac_sha256 v[64];
};
size_t ac_frontier_count(uint64_t size); /* entries of v that a log of this size uses */
void ac_frontier_add(struct ac_frontier *f, const struct ac_sha256 *leaf);
void ac_frontier_root(const struct ac_frontier *f, struct ac_sha256 *ret);

/* C2SP tlog-checkpoint: origin, size, root; one signature line. */
struct ac_str ac_checkpoint_sign(const struct ac_keys *k, uint64_t size, const struct ac_sha256 *root, struct ac_arena *a);
bool ac_checkpoint_check(const struct ac_keys *k, struct ac_str note, uint64_t size, const struct ac_sha256 *root);

/* Recompute the log from its leaves, check every checkpoint, every stored document with its signature, issued sheet and
 * plan manifest against its leaf; stops at the first fault. Constant memory. One read snapshot: run it on a connection of its own.
 * LIMIT: a store put back whole to an earlier, consistent state is only found by who kept a later checkpoint. */
struct ac_store;
struct ac_audit_counts {
	int64_t leaves, checkpoints, documents, issues, plans, overrides;
	int64_t signatures; /* documents whose signature is the clinic's */
	struct ac_sha256 root;
};
enum ac_code ac_audit_verify(struct ac_store *s, const struct ac_keys *k, struct ac_audit_counts *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
