/* test_audit_verify.c - no change to the log or to what it records stays unseen. */
#include "tests/audit_fixture.h"
#include "core/blob.h"

#define PLAN_BLOB "x'6ba7b8109dad51d180b400c04fd430c8'"
#define DOCUMENT_BLOB "x'6ba7b8119dad51d180b400c04fd430c8'"
#define HEX(p, n) AC_FMT(ac_hex(a, (p), (n)))

TestSuite(audit_verify, .init = set_up, .fini = tear_down);

static void
expect_fault(const char *rule, const char *path)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	EXPECT_CODE(verify(&f, &n, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, rule);
	if (path != NULL)
		cr_expect(strcmp(e.path, path) == 0, "got %s, want %s", e.path, path);
	cr_expect(n.leaves == 0, "the counts are untouched on failure");
}

static void
expect_good(int64_t leaves)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
	cr_expect(n.leaves == leaves, "%lld", (long long)n.leaves);
}

Test(audit_verify, verifies_what_it_wrote)
{
	struct ac_audit_entry v[5] = { view(PLAN), view(PLAN), view(PLAN), view(PLAN), view(PLAN) };
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };
	int64_t total = 0;

	expect_good(0);
	for (size_t k = 1; k <= 20; k++) {
		size_t some = 1 + k % 5;
		need(log_n(v, some, &e), &e);
		total += (int64_t)some;
		EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
		cr_expect(n.leaves == total && n.checkpoints == (int64_t)k);
	}
}

Test(audit_verify, knows_names_of_every_length_in_every_order)
{
	struct ac_audit_entry v[40];
	struct ac_err e = { 0 };
	char *many = ac_alloc(a, 200);

	memset(many, 'n', 200);
	for (size_t i = 0; i < 40; i++) {
		v[i] = view(PLAN);
		v[i].actor = (struct ac_str){ many, i % 3 == 0 ? 5 : i * 5 };
		v[i].patient =
		    i % 4 == 1 ? (struct ac_str){ 0 } : (struct ac_str){ many, i % 2 == 0 ? 64 : 65 };
	}
	need(log_n(v, 40, &e), &e);
	expect_good(40);
}

/* Eight leaves under three checkpoints. */
static void
fill(void)
{
	struct ac_audit_entry v[4] = { view(PLAN), view(DOCUMENT), view(PLAN), view(DOCUMENT) };
	struct ac_err e = { 0 };

	v[2].patient = (struct ac_str){ 0 };
	need(log_n(v, 1, &e), &e);
	need(log_n(v, 4, &e), &e);
	need(log_n(v, 3, &e), &e);
	expect_good(8);
}

/* Every byte of every row of a column, one after the other, put back after each. */
static void
flip_every_byte(const char *table, const char *column, const char *key)
{
	struct ac_store *s = fixture_store(&f, true);
	struct ac_keys *k = NULL;
	struct ac_audit_counts n;
	struct ac_err e = { 0 };
	sqlite3 *db = raw();
	sqlite3_stmt *rows = NULL, *set = NULL;

	need(ac_keys_load(f.keys, &k, &e), &e);
	const char *text = ac_cstr(a, ac_strf(a, "UPDATE %s SET %s = ? WHERE %s = ?", table, column, key));
	cr_assert(sqlite3_prepare_v2(db, text, -1, &set, NULL) == SQLITE_OK);
	text = ac_cstr(a, ac_strf(a, "SELECT %s, %s, typeof(%s) FROM %s", key, column, column, table));
	cr_assert(sqlite3_prepare_v2(db, text, -1, &rows, NULL) == SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		int64_t row = sqlite3_column_int64(rows, 0);
		int size = sqlite3_column_bytes(rows, 1);
		bool is_text = strcmp((const char *)sqlite3_column_text(rows, 2), "text") == 0;
		char *bytes = ac_alloc(a, (size_t)size + 1);
		memcpy(bytes, sqlite3_column_blob(rows, 1), (size_t)size);
		for (int i = 0; i <= size; i++) { /* the last round puts it back */
			if (i < size)
				bytes[i] ^= 1;
			if (is_text)
				sqlite3_bind_text(set, 1, bytes, size, SQLITE_STATIC);
			else
				sqlite3_bind_blob(set, 1, bytes, size, SQLITE_STATIC);
			sqlite3_bind_int64(set, 2, row);
			cr_assert(sqlite3_step(set) == SQLITE_DONE, "%s", sqlite3_errmsg(db));
			sqlite3_reset(set);
			enum ac_code code = ac_audit_verify(s, k, &n, &e);
			cr_expect(code == (i < size ? AC_EINTEGRITY : AC_OK), "%s %lld byte %d of %d: %d",
			    table, (long long)row, i, size, (int)code);
			if (i < size)
				bytes[i] ^= 1;
		}
	}
	sqlite3_finalize(rows);
	sqlite3_finalize(set);
	sqlite3_close(db);
	ac_keys_free(k);
	ac_store_close(s);
}

Test(audit_verify, finds_each_changed_byte_of_each_leaf)
{
	fill();
	flip_every_byte("leaf", "bytes", "idx");
}

Test(audit_verify, finds_each_changed_byte_of_each_checkpoint)
{
	fill();
	flip_every_byte("checkpoint", "note", "size");
	flip_every_byte("checkpoint", "root", "size");
}

Test(audit_verify, finds_each_changed_byte_of_the_head)
{
	fill();
	flip_every_byte("log_head", "frontier", "id");
}

Test(audit_verify, finds_a_changed_name_beside_a_leaf)
{
	fill();
	flip_every_byte("leaf_side", "actor", "idx");
	sql("UPDATE leaf_side SET patient = 'B-18' WHERE idx = 4");
	expect_fault("LOG-LEAF", "/leaf/4");
}

Test(audit_verify, verifies_after_the_names_were_purged)
{
	fill();
	sql("UPDATE leaf_side SET actor = NULL, patient = NULL, object = NULL WHERE idx < 4; DELETE FROM "
	    "leaf_side WHERE idx > 5");
	expect_good(8);
}

Test(audit_verify, finds_every_deleted_leaf)
{
	char text[100], path[32];

	fill();
	for (int i = 0; i < 8; i++) {
		sql("CREATE TABLE kept AS SELECT * FROM leaf");
		snprintf(text, sizeof(text), "DELETE FROM leaf WHERE idx = %d", i);
		snprintf(path, sizeof(path), "/leaf/%d", i);
		sql(text);
		expect_fault("LOG-GAP", path);
		sql("DELETE FROM leaf; INSERT INTO leaf SELECT * FROM kept; DROP TABLE kept");
	}
	expect_good(8);
}

Test(audit_verify, finds_two_leaves_that_changed_places)
{
	fill();
	/* 0 and 2 were written under different checkpoints, 5 and 7 under one */
	sql("UPDATE leaf SET idx = 100 WHERE idx = 0; UPDATE leaf SET idx = 0 WHERE idx = 2; UPDATE leaf SET "
	    "idx = 2 WHERE idx = 100;"
	    "UPDATE leaf_side SET patient = NULL");
	expect_fault("LOG-ROOT", "/leaf/0..0");
	sql("UPDATE leaf SET idx = 100 WHERE idx = 0; UPDATE leaf SET idx = 0 WHERE idx = 2; UPDATE leaf SET "
	    "idx = 2 WHERE idx = 100");
	expect_good(8);
	sql("UPDATE leaf SET idx = 100 WHERE idx = 5; UPDATE leaf SET idx = 5 WHERE idx = 7; UPDATE leaf SET "
	    "idx = 7 WHERE idx = 100");
	expect_fault("LOG-ROOT", "/leaf/5..7");
}

Test(audit_verify, finds_a_deleted_checkpoint_tail_with_and_without_its_leaves)
{
	fill();
	sql("DELETE FROM checkpoint WHERE size = 8");
	expect_fault("LOG-ROOT", "/log_head");
	sql("DELETE FROM leaf_side WHERE idx >= 5; DELETE FROM leaf WHERE idx >= 5");
	expect_fault("LOG-ROOT", "/log_head");
}

Test(audit_verify, finds_leaves_that_nobody_signed)
{
	fill();
	sql("INSERT INTO leaf SELECT 8, bytes FROM leaf WHERE idx = 7");
	expect_fault("LOG-GAP", "/leaf/8");
	sql("DELETE FROM leaf WHERE idx = 8; INSERT INTO leaf SELECT -1, bytes FROM leaf WHERE idx = 7");
	expect_fault("LOG-GAP", NULL);
}

Test(audit_verify, finds_a_checkpoint_signed_with_another_key)
{
	struct fixture other;
	struct ac_keys *k = NULL;
	struct ac_err e = { 0 };
	struct ac_sha256 root;

	fill();
	fixture_open(&other);
	need(ac_keys_load(other.keys, &k, &e), &e);
	struct ac_str bytes = sql_text("SELECT root FROM checkpoint WHERE size = 5");
	memcpy(root.b, bytes.p, 32);
	struct ac_str note = ac_checkpoint_sign(k, 5, &root, a);
	sql(ac_cstr(a, ac_strf(a, "UPDATE checkpoint SET note = '%.*s' WHERE size = 5", AC_FMT(note))));
	expect_fault("LOG-CHECKPOINT", "/checkpoint/5");
	ac_keys_free(k);
	fixture_close(&other);
}

/* A plan with one version, one document, one handout, as intake stores them. */
struct stored {
	struct ac_str plain, bytes, manifest;
	struct ac_sha256 sha, manifest_sha;
	unsigned char salt[16];
	int64_t plan_leaf, document_leaf, issue_leaf;
};

static enum ac_code
log_stored(struct ac_commit *commit, void *arg, struct ac_err *reterr)
{
	struct stored *w = arg;
	struct ac_sha256 sha;
	struct ac_audit_entry plan = { .action = "plan",
		.kind = "plan",
		.id = AC_S(PLAN),
		.version = 1,
		.digest = &w->manifest_sha,
		.salt = w->salt };
	struct ac_audit_entry document = { .action = "document",
		.kind = "document",
		.id = AC_S(DOCUMENT),
		.version = 1,
		.digest = &w->sha,
		.salt = w->salt };
	struct ac_audit_entry issue = { .action = "issue",
		.kind = "handout",
		.id = AC_S(PLAN),
		.version = 1,
		.digest = &w->sha,
		.salt = w->salt };
	enum ac_code code = ac_blob_put(commit->store, w->manifest, NULL, commit->arena, &sha, reterr);

	if (code == AC_OK)
		code = ac_audit_append(commit, &plan, reterr);
	w->plan_leaf = ac_audit_last(commit);
	if (code == AC_OK)
		code = ac_audit_append(commit, &document, reterr);
	w->document_leaf = ac_audit_last(commit);
	if (code == AC_OK)
		code = ac_audit_append(commit, &issue, reterr);
	w->issue_leaf = ac_audit_last(commit);
	return code;
}

static void
store_objects(struct stored *w)
{
	struct ac_err e = { 0 };

	w->plain = AC_S("<ClinicalDocument/>");
	w->manifest = AC_S("{\"protocols\":[]}");
	memcpy(w->salt, "0123456789abcdef", 16);
	ac_sha256(w->plain, &w->sha);
	ac_sha256(w->manifest, &w->manifest_sha);
	w->bytes = ac_blob_encode(w->plain, NULL, a);
	need(ac_committer_run(c, log_stored, w, &e), &e);
	sql(ac_cstr(
	    a, ac_strf(a, "INSERT INTO plan (id, site, encounter, patient, status, stage, version, "
			  "created_ms, updated_ms,"
			  " anchor, first_leaf) VALUES (" PLAN_BLOB ", 's', 'e', 'p', 'active', 'final', 1, 1, 1, 1, %lld)",
		   (long long)w->plan_leaf)));
	sql(ac_cstr(a, ac_strf(a,
			   "INSERT INTO plan_version (plan, version, made_at, content_hash, manifest, "
			   "changed, salt, leaf)"
			   " VALUES (%lld, 1, 1, x'00', x'%.*s', '', x'%.*s', %lld)",
			   (long long)w->plan_leaf, HEX(w->manifest_sha.b, 32), HEX(w->salt, 16), (long long)w->plan_leaf)));
	sql(ac_cstr(a, ac_strf(a,
			   "INSERT INTO document (id, plan, version, plan_version, status, sha256, size, "
			   "bytes, salt, made_ms,"
			   " performed, manifest, leaf) VALUES (" DOCUMENT_BLOB ", " PLAN_BLOB
			   ", 1, 1, 'current', x'%.*s', %zu, x'%.*s', x'%.*s',"
			   " 1, 1, x'%.*s', %lld)",
			   HEX(w->sha.b, 32), w->plain.n, HEX(w->bytes.p, w->bytes.n), HEX(w->salt, 16),
			   HEX(w->manifest_sha.b, 32), (long long)w->document_leaf)));
	sql(ac_cstr(a, ac_strf(a,
			   "INSERT INTO issue (plan, n, plan_version, language, at_ms, actor, role, "
			   "recipient, medium, sha256,"
			   " size, bytes, salt, leaf) VALUES (" PLAN_BLOB
			   ", 1, 1, 'en', 1, 'g', 'nurse', 'patient', 'paper', x'%.*s', %zu,"
			   " x'%.*s', x'%.*s', %lld)",
			   HEX(w->sha.b, 32), w->plain.n, HEX(w->bytes.p, w->bytes.n), HEX(w->salt, 16),
			   (long long)w->issue_leaf)));
}

Test(audit_verify, counts_plans_documents_and_issues_that_agree_with_their_leaves)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };
	struct stored w = { 0 };

	store_objects(&w);
	EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
	cr_expect(n.plans == 1 && n.documents == 1 && n.issues == 1 && n.leaves == 3);
}

Test(audit_verify, finds_each_changed_byte_of_a_document_and_a_handout)
{
	struct stored w = { 0 };

	store_objects(&w);
	flip_every_byte("document", "bytes", "version");
	flip_every_byte("document", "sha256", "version");
	flip_every_byte("document", "salt", "version");
	flip_every_byte("issue", "bytes", "n");
	flip_every_byte("issue", "sha256", "n");
	flip_every_byte("issue", "salt", "n");
	flip_every_byte("plan_version", "manifest", "version");
	flip_every_byte("plan_version", "salt", "version");
}

Test(audit_verify, finds_another_document_in_the_place_of_the_recorded_one)
{
	struct stored w = { 0 };
	struct ac_str other = AC_S("<ClinicalDocument>other</ClinicalDocument>"),
		      bytes = ac_blob_encode(other, NULL, a);
	struct ac_sha256 sha;

	store_objects(&w);
	ac_sha256(other, &sha);
	sql(ac_cstr(a, ac_strf(a, "UPDATE document SET bytes = x'%.*s', sha256 = x'%.*s', size = %zu",
			   HEX(bytes.p, bytes.n), HEX(sha.b, 32), other.n)));
	expect_fault("LOG-DOCUMENT", "/document/" DOCUMENT "/1");
}

Test(audit_verify, finds_a_document_a_handout_or_a_plan_that_is_gone)
{
	static const struct {
		const char *remove, *rule, *path;
	} cases[] = { { "DELETE FROM document", "LOG-DOCUMENT", "/leaf/1" },
		{ "DELETE FROM issue", "LOG-ISSUE", "/leaf/2" },
		{ "DELETE FROM plan_version", "LOG-PLAN", "/leaf/0" },
		{ "DELETE FROM blob", "LOG-PLAN", "/plan_version/" PLAN "/1" } };

	for (size_t i = 0; i < 4; i++) {
		struct stored w = { 0 };
		store_objects(&w);
		sql(cases[i].remove);
		expect_fault(cases[i].rule, cases[i].path);
		tear_down();
		set_up();
	}
}

Test(audit_verify, finds_a_document_that_was_never_recorded)
{
	struct stored w = { 0 };

	store_objects(&w);
	sql("INSERT INTO document SELECT x'00112233445566778899aabbccddeeff', plan, 2, plan_version, status, "
	    "sha256, size, bytes,"
	    " salt, made_ms, performed, manifest, leaf, NULL, NULL FROM document");
	expect_fault("LOG-DOCUMENT", "/document/00112233-4455-6677-8899-aabbccddeeff/2");
}
