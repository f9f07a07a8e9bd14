/*
 * audit_verify.c - recompute the log from its leaves and hold everything that is stored against it.
 *
 * Two passes in one read snapshot, both in constant memory. The first walks checkpoint by checkpoint over the
 * leaves: indexes, form, pseudonyms, roots, signatures, the head. A leaf that records an object must find the
 * object's row pointing back at it. The second walks the rows: each must find its leaf, with its own digest.
 * Together: every recorded object is there, unchanged, and none is there that was not recorded.
 */
#include <stdio.h>

#include "core/audit.h"
#include "core/blob.h"
#include "core/committer.h"
#include "core/log_tail.h"
#include "core/rows.h"
#include "core/signature.h"

/* Renewed once in years. LIMIT: signatures by later ones are reported as not the clinic's. */
#define CERTIFICATES_MAX 256

struct verify {
	struct ac_store *s;
	const struct ac_keys *keys;
	struct ac_dictionaries *dictionaries;
	struct ac_arena *a; /* emptied after each row */
	struct ac_frontier f;
	char time[25]; /* of the last leaf */
	struct ac_audit_counts counts;
	struct ac_uuid certificates[CERTIFICATES_MAX]; /* those that the log names as the clinic's */
	size_t ncertificates;
	struct ac_sha256 certificate; /* the one read last, and its bytes */
	struct ac_str certificate_der;
	struct ac_arena *kept;
};

static enum ac_code
fail_row(struct ac_err *reterr, const char *rule, const char *table, int64_t row, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "/%s/%lld", table, (long long)row);
	return ac_fail_at(reterr, AC_EINTEGRITY, rule, 0, 0, path, "%s", what);
}

static enum ac_code
fail_object(struct verify *v, struct ac_err *reterr, const char *rule, const char *table,
    const struct ac_val *id, int64_t version, const char *what)
{
	struct ac_uuid u = { 0 };

	if (id->s.n == sizeof(u.b))
		memcpy(u.b, id->s.p, sizeof(u.b));
	const char *path = ac_cstr(
	    v->a, ac_strf(v->a, "/%s/%.*s/%lld", table, AC_FMT(ac_uuid_str(v->a, u)), (long long)version));
	return ac_fail_at(reterr, AC_EINTEGRITY, rule, 0, 0, path, "%s", what);
}

/* What comes into being with a leaf, and how to go from the leaf to its row. */
static const struct object {
	const char *kind, *rule;
	enum ac_stmt leaf_of;
} objects[] = {
	{ "document", "LOG-DOCUMENT", AC_STMT_VERIFY_DOCUMENT_LEAF },
	{ "handout", "LOG-ISSUE", AC_STMT_VERIFY_ISSUE_LEAF },
	{ "handout-pdf", "LOG-PDF", AC_STMT_VERIFY_PDF_LEAF },
	{ "handout-pdf-large", "LOG-PDF", AC_STMT_VERIFY_PDF_LARGE_LEAF },
	{ "plan", "LOG-PLAN", AC_STMT_VERIFY_PLAN_LEAF },
	{ "override", "LOG-OVERRIDE", AC_STMT_VERIFY_OVERRIDE_LEAF },
};

static enum ac_code
read_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
}

static enum ac_code
check_object_of_leaf(struct verify *v, int64_t idx, const struct ac_leaf *l, struct ac_err *reterr)
{
	struct ac_uuid id;
	int64_t at = -1;

	if (ac_streq_c(l->kind, "certificate") && v->ncertificates < CERTIFICATES_MAX && ac_uuid_parse(l->id, &id))
		v->certificates[v->ncertificates++] = id;
	if (!ac_str_is_set(l->digest))
		return AC_OK;
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		const struct object *o = &objects[i];
		if (!ac_streq_c(l->kind, o->kind))
			continue;
		if (!ac_uuid_parse(l->id, &id))
			return fail_row(reterr, "LOG-LEAF", "leaf", idx, "a recorded object without an id");
		enum ac_code code =
		    ac_store_run(v->s, o->leaf_of, read_int, &at, reterr, AC_VUUID(&id), AC_VINT(l->version));
		if (code != AC_OK)
			return code;
		if (at != idx)
			return fail_row(reterr, o->rule, "leaf", idx,
			    "what it records is not stored, or is stored under another leaf");
	}
	return AC_OK;
}

static bool
is_pseudonym_of(
    const struct verify *v, const char *purpose, const struct ac_val *clear, struct ac_str in_leaf)
{
	struct ac_sha256 mac;

	if (clear->type == AC_VAL_NULL) /* purged, or never there */
		return true;
	ac_keys_hmac(v->keys, purpose, clear->s, &mac);
	return ac_streq(in_leaf, ac_base64url(v->a, mac.b, 16));
}

static enum ac_code
check_leaf(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;
	int64_t idx = cols[0].i;
	struct ac_sha256 hash;
	struct ac_leaf l;

	(void)ncols;
	if ((uint64_t)idx != v->f.size)
		return fail_row(reterr, "LOG-GAP", "leaf", (int64_t)v->f.size, "the log has no such leaf");
	if (!ac_leaf_parse(cols[1].s, &l))
		return fail_row(reterr, "LOG-LEAF", "leaf", idx, "it has not the form of a leaf");
	if (ac_str_cmp(l.time, ac_str_c(v->time)) < 0)
		return fail_row(reterr, "LOG-LEAF", "leaf", idx, "it is earlier than the one before");
	if (!is_pseudonym_of(v, "actor", &cols[2], l.actor) ||
	    !is_pseudonym_of(v, "patient", &cols[3], l.patient))
		return fail_row(
		    reterr, "LOG-LEAF", "leaf", idx, "the names beside it are not those it was made from");
	memcpy(v->time, l.time.p, sizeof(v->time) - 1);
	ac_merkle_leaf(cols[1].s, &hash);
	ac_frontier_add(&v->f, &hash);
	enum ac_code code = check_object_of_leaf(v, idx, &l, reterr);
	if (code == AC_OK)
		code = ac_verify_reason(v->s, v->keys, v->a, idx, &l, &cols[4], reterr);
	ac_arena_reset(v->a);
	return code;
}

static enum ac_code
check_checkpoint(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;
	int64_t size = cols[0].i, from = (int64_t)v->f.size;
	struct ac_sha256 root, stored;
	char range[64];

	(void)ncols;
	if (size <= from || cols[1].s.n != sizeof(stored.b))
		return fail_row(
		    reterr, "LOG-CHECKPOINT", "checkpoint", size, "it has not the form of a checkpoint");
	memcpy(stored.b, cols[1].s.p, sizeof(stored.b));
	if (!ac_checkpoint_check(v->keys, cols[2].s, (uint64_t)size, &stored))
		return fail_row(
		    reterr, "LOG-CHECKPOINT", "checkpoint", size, "it is not signed by this store's key");

	enum ac_code code =
	    ac_store_run(v->s, AC_STMT_LEAF_RANGE, check_leaf, v, reterr, AC_VINT(from), AC_VINT(size));
	if (code != AC_OK)
		return code;
	if ((int64_t)v->f.size != size)
		return fail_row(reterr, "LOG-GAP", "leaf", (int64_t)v->f.size, "the log has no such leaf");
	ac_frontier_root(&v->f, &root);
	if (!ac_sha256_eq(&root, &stored)) {
		snprintf(range, sizeof(range), "/leaf/%lld..%lld", (long long)from, (long long)size - 1);
		return ac_fail_at(reterr, AC_EINTEGRITY, "LOG-ROOT", 0, 0, range,
		    "one of these leaves is not the one that was signed");
	}
	v->counts.checkpoints++;
	return AC_OK;
}

static enum ac_code
check_head(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;
	struct ac_frontier head = { 0 };

	(void)ncols;
	if (!ac_frontier_read(&head, cols[0].i, cols[1].s) || head.size != v->f.size ||
	    memcmp(head.v, v->f.v, ac_frontier_count(head.size) * sizeof(head.v[0])) != 0)
		return ac_fail_at(reterr, AC_EINTEGRITY, "LOG-ROOT", 0, 0, "/log_head",
		    "the head of the log is not that of its leaves");
	return AC_OK;
}

static enum ac_code
check_log(struct verify *v, struct ac_err *reterr)
{
	int64_t n = 0;
	enum ac_code code =
	    ac_store_run_n(v->s, AC_STMT_CHECKPOINT_LIST, NULL, 0, check_checkpoint, v, NULL, reterr);

	if (code == AC_OK)
		code = ac_store_run_n(v->s, AC_STMT_LOG_HEAD_GET, NULL, 0, check_head, v, NULL, reterr);
	if (code == AC_OK)
		code = ac_store_run_n(v->s, AC_STMT_LEAF_COUNT, NULL, 0, read_int, &n, NULL, reterr);
	if (code == AC_OK && (uint64_t)n != v->f.size)
		return fail_row(
		    reterr, "LOG-GAP", "leaf", (int64_t)v->f.size, "leaves that no checkpoint signs");
	v->counts.leaves = (int64_t)v->f.size;
	ac_frontier_root(&v->f, &v->counts.root);
	return code;
}

struct wanted {
	struct verify *v;
	const char *kind;
	const struct ac_val *id;
	int64_t version;
	const struct ac_sha256 *sha;
	const struct ac_val *salt;
	bool is_good;
};

static enum ac_code
compare_leaf(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct wanted *w = arg;
	struct ac_sha256 digest;
	struct ac_uuid id;
	struct ac_leaf l;

	(void)ncols;
	(void)reterr;
	if (!ac_leaf_parse(cols[0].s, &l) || !ac_uuid_parse(l.id, &id) || w->salt->s.n != AC_SALT_BYTES)
		return AC_OK;
	ac_audit_digest(w->sha, (const unsigned char *)w->salt->s.p, &digest);
	w->is_good = ac_streq_c(l.kind, w->kind) && l.version == w->version && w->id->s.n == sizeof(id.b) &&
		     memcmp(id.b, w->id->s.p, sizeof(id.b)) == 0 &&
		     ac_streq(l.digest, ac_base64url(w->v->a, digest.b, sizeof(digest.b)));
	return AC_OK;
}

static enum ac_code
check_leaf_of(struct wanted *w, int64_t leaf, struct ac_err *reterr)
{
	w->is_good = false;
	return ac_store_run(w->v->s, AC_STMT_LEAF_GET, compare_leaf, w, reterr, AC_VINT(leaf));
}

/* One certificate serves many documents: it is read again when another is named. */
static bool
read_certificate(struct verify *v, const struct ac_val *named)
{
	struct ac_err why = { 0 };
	struct ac_sha256 sha;
	struct ac_str der;

	if (!ac_val_sha(named, &sha))
		return false;
	if (ac_str_is_set(v->certificate_der) && ac_sha256_eq(&sha, &v->certificate))
		return true;
	if (ac_blob_get(v->s, &sha, v->dictionaries, v->a, &der, &why) != AC_OK)
		return false;
	v->certificate = sha;
	v->certificate_der = ac_str_dup(v->kept, der);
	return true;
}

static bool
is_the_clinics(const struct verify *v)
{
	struct ac_uuid id = ac_certificate_id(&v->certificate);

	for (size_t i = 0; i < v->ncertificates; i++)
		if (memcmp(&v->certificates[i], &id, sizeof(id)) == 0)
			return true;
	return false;
}

static enum ac_code
check_signature(struct verify *v, const struct ac_val *cols, struct ac_str plain, struct ac_err *reterr)
{
	struct ac_err why = { 0 };

	if (!read_certificate(v, &cols[8]))
		return fail_object(v, reterr, "LOG-SIGNATURE", "document", &cols[0], cols[1].i,
		    "the certificate of its signature is not stored, or damaged");
	if (!is_the_clinics(v))
		return fail_object(v, reterr, "LOG-SIGNATURE", "document", &cols[0], cols[1].i,
		    "its signature is by a certificate that the log does not name as the clinic's");
	if (ac_signature_check(cols[7].s, plain, v->certificate_der, NULL, &why) != AC_OK)
		return fail_object(v, reterr, "LOG-SIGNATURE", "document", &cols[0], cols[1].i, why.msg);
	v->counts.signatures++;
	return AC_OK;
}

/* id, version, sha256, size, bytes, salt, leaf: of documents and issues alike; behind them a document's signature. */
static enum ac_code
check_stored(struct verify *v, const struct ac_val *cols, const char *kind, const char *rule,
    const char *table, struct ac_err *reterr)
{
	struct wanted w = { .v = v, .kind = kind, .id = &cols[0], .version = cols[1].i, .salt = &cols[5] };
	struct ac_err why = { 0 };
	struct ac_sha256 sha;
	struct ac_str plain;

	if (cols[2].s.n != sizeof(sha.b))
		return fail_object(v, reterr, rule, table, &cols[0], cols[1].i, "its hash is damaged");
	memcpy(sha.b, cols[2].s.p, sizeof(sha.b));
	w.sha = &sha;
	if (ac_blob_decode(cols[4].s, &sha, AC_BLOB_PLAIN_MAX, v->dictionaries, v->a, &plain, &why) != AC_OK)
		return fail_object(v, reterr, rule, table, &cols[0], cols[1].i, why.msg);
	if ((int64_t)plain.n != cols[3].i)
		return fail_object(
		    v, reterr, rule, table, &cols[0], cols[1].i, "its size is not the recorded one");
	enum ac_code code = check_leaf_of(&w, cols[6].i, reterr);
	if (code == AC_OK && !w.is_good)
		return fail_object(
		    v, reterr, rule, table, &cols[0], cols[1].i, "its leaf in the log does not record it");
	if (code == AC_OK && ac_streq_c(ac_str_c(kind), "document") && cols[7].type != AC_VAL_NULL)
		code = check_signature(v, cols, plain, reterr);
	ac_arena_reset(v->a);
	return code;
}

static enum ac_code
check_document(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;

	(void)ncols;
	v->counts.documents++;
	return check_stored(v, cols, "document", "LOG-DOCUMENT", "document", reterr);
}

static enum ac_code
check_issue(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;

	(void)ncols;
	v->counts.issues++;
	return check_stored(v, cols, "handout", "LOG-ISSUE", "issue", reterr);
}

static enum ac_code
check_pdf(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	return check_stored(arg, cols, cols[7].i == 0 ? "handout-pdf" : "handout-pdf-large", "LOG-PDF", "issue_pdf", reterr);
}

/* plan, version, manifest, salt, leaf: the manifest is a blob, and names every other input by its hash. */
static enum ac_code
check_plan(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;
	struct wanted w = { .v = v, .kind = "plan", .id = &cols[0], .version = cols[1].i, .salt = &cols[3] };
	struct ac_err why = { 0 };
	struct ac_sha256 sha;
	struct ac_str plain;

	(void)ncols;
	v->counts.plans++;
	if (cols[2].s.n != sizeof(sha.b))
		return fail_object(
		    v, reterr, "LOG-PLAN", "plan_version", &cols[0], cols[1].i, "its hash is damaged");
	memcpy(sha.b, cols[2].s.p, sizeof(sha.b));
	w.sha = &sha;
	if (ac_blob_get(v->s, &sha, v->dictionaries, v->a, &plain, &why) != AC_OK)
		return fail_object(v, reterr, "LOG-PLAN", "plan_version", &cols[0], cols[1].i, why.msg);
	enum ac_code code = check_leaf_of(&w, cols[4].i, reterr);
	if (code == AC_OK && !w.is_good)
		return fail_object(v, reterr, "LOG-PLAN", "plan_version", &cols[0], cols[1].i,
		    "its leaf in the log does not record it");
	ac_arena_reset(v->a);
	return code;
}

/* plan, n, content, salt, leaf */
static enum ac_code
check_override(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct verify *v = arg;
	struct wanted w = { .v = v, .kind = "override", .id = &cols[0], .version = cols[1].i, .salt = &cols[3] };
	struct ac_sha256 sha;

	(void)ncols;
	v->counts.overrides++;
	ac_sha256(cols[2].s, &sha);
	w.sha = &sha;
	enum ac_code code = check_leaf_of(&w, cols[4].i, reterr);
	if (code == AC_OK && !w.is_good)
		return fail_object(v, reterr, "LOG-OVERRIDE", "plan_override", &cols[0], cols[1].i,
		    "its leaf in the log does not record it");
	ac_arena_reset(v->a);
	return code;
}

static enum ac_code
check_all(struct verify *v, struct ac_err *reterr)
{
	enum ac_code code = check_log(v, reterr);

	if (code == AC_OK)
		code =
		    ac_store_run_n(v->s, AC_STMT_VERIFY_DOCUMENTS, NULL, 0, check_document, v, NULL, reterr);
	if (code == AC_OK)
		code = ac_store_run_n(v->s, AC_STMT_VERIFY_ISSUES, NULL, 0, check_issue, v, NULL, reterr);
	if (code == AC_OK)
		code = ac_store_run_n(v->s, AC_STMT_VERIFY_PDFS, NULL, 0, check_pdf, v, NULL, reterr);
	if (code == AC_OK)
		code = ac_store_run_n(v->s, AC_STMT_VERIFY_PLANS, NULL, 0, check_plan, v, NULL, reterr);
	if (code == AC_OK)
		code = ac_store_run_n(v->s, AC_STMT_VERIFY_OVERRIDES, NULL, 0, check_override, v, NULL, reterr);
	return code != AC_OK ? code : ac_verify_reason_copies(v->s, reterr);
}

enum ac_code
ac_audit_verify(
    struct ac_store *s, const struct ac_keys *k, struct ac_audit_counts *ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	AC_AUTO(ac_arena) kept = ac_arena_new();
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);
	struct verify v = { .s = s, .keys = k, .a = a, .kept = kept, .dictionaries = d };
	enum ac_code code = s->ops->begin_read(s, reterr);

	if (code != AC_OK)
		return code;
	code = ac_dictionaries_check(s, reterr);
	if (code == AC_OK)
		code = check_all(&v, reterr);
	s->ops->rollback(s);
	if (code == AC_OK)
		*ret = v.counts;
	return code;
}
