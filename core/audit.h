/*
 * audit.h - the append-only Merkle log: who did what, provable, without personal data.
 *
 * Shape   a leaf is one line of JSON, fixed member order, <= 300 bytes: v, time, actor, role, action, kind, id, version,
 *         patient, digest. actor and patient are HMAC-SHA-256 under store.key; clear values go to leaf_side. The tree is
 *         RFC 9162 (leaf 0x00, node 0x01, SHA-256). Checkpoints are C2SP signed notes (Ed25519), one per batch.
 * Errors  AC_EINTEGRITY rule LOG-LEAF, LOG-ROOT, LOG-CHECKPOINT, LOG-DOCUMENT, LOG-ISSUE, LOG-GAP; reterr->path names the place.
 * PHI     leaves carry none.
 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

#define AC_LEAF_MAX 300

struct ac_commit;
struct ac_log_tail; /* the open end of the log inside a batch */
struct ac_keys;     /* log.key and store.key */

struct ac_audit_entry {
	const char *action; /* "event", "view", "issue", "refuse", ... : closed list in audit.c */
	const char *kind;   /* "plan", "document", "handout", "task", "answer", "protocol", "log", ... */
	struct ac_str actor, role;
	struct ac_str id;      /* ours: plan, document id, protocol id; never an EHR id or a name */
	int64_t version;       /* 0: none */
	struct ac_str patient; /* clear, goes to the side row and as HMAC into the leaf; absent: none */
	struct ac_str object;  /* clear, side row only: route, EHR encounter */
	const char *outcome;   /* "created", "stale", "AUTH-ROLE"...: appended to action as "action:outcome"; may be NULL */
	const struct ac_sha256 *digest; /* of the object's plain bytes */
	const unsigned char *salt;      /* 16 bytes, kept beside the object; NULL with digest NULL */
};
enum ac_code ac_audit_append(struct ac_commit *c, const struct ac_audit_entry *e, struct ac_err *reterr) AC_MUST_CHECK;

enum ac_code ac_keys_create(const char *dir, struct ac_err *reterr) AC_MUST_CHECK; /* refuses when they exist */
enum ac_code ac_keys_load(const char *dir, struct ac_keys **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_keys_free(struct ac_keys *k);
struct ac_str ac_keys_public(const struct ac_keys *k, struct ac_arena *a); /* C2SP vkey: name+hash+base64 */
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

/* Recompute the log from its leaves, check every checkpoint, every stored document and issued sheet against its leaf; stops
 * at the first fault. `progress` may be NULL. */
struct ac_store;
struct ac_audit_counts {
	int64_t leaves, checkpoints, documents, issues;
	struct ac_sha256 root;
};
enum ac_code ac_audit_verify(struct ac_store *s, const struct ac_keys *k, struct ac_audit_counts *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
