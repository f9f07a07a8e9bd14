/* test_audit.c - what is logged, how it reads, how its head is signed, and the keys for that. */
#include <openssl/evp.h>

#include "tests/audit_fixture.h"
#include "core/keys.h"

TestSuite(audit, .init = set_up, .fini = tear_down);

Test(audit, leaf_has_the_members_in_their_order)
{
	struct ac_audit_entry v = view(PLAN);
	struct ac_err e = { 0 };
	struct ac_leaf l;

	v.outcome = "first";
	EXPECT_CODE(log_n(&v, 1, &e), AC_OK, e);
	struct ac_str leaf = sql_text("SELECT bytes FROM leaf");
	cr_assert(ac_leaf_parse(leaf, &l));
	EXPECT_TEXT(l.time, "2026-03-28T14:34:00.123Z");
	cr_expect(l.actor.n == 22 && l.patient.n == 22 && !ac_streq(l.actor, l.patient));
	struct ac_str want = ac_strf(a,
	    "{\"v\":1,\"time\":\"2026-03-28T14:34:00.123Z\",\"actor\":\"%.*s\",\"role\":\"nurse\",\"action\":"
	    "\"view:first\","
	    "\"kind\":\"plan\",\"id\":\"" PLAN "\",\"version\":3,\"patient\":\"%.*s\",\"digest\":null}",
	    AC_FMT(l.actor), AC_FMT(l.patient));
	cr_expect(ac_streq(leaf, want), "%.*s", AC_FMT(leaf));
}

Test(audit, leaf_shows_neither_actor_nor_patient_and_the_side_row_shows_both)
{
	struct ac_audit_entry v = view(PLAN);
	struct ac_err e = { 0 };

	need(log_n(&v, 1, &e), &e);
	struct ac_str leaf = sql_text("SELECT bytes FROM leaf");
	cr_expect(memmem(leaf.p, leaf.n, "grace", 5) == NULL && memmem(leaf.p, leaf.n, "A-17", 4) == NULL);
	EXPECT_TEXT(sql_text("SELECT actor FROM leaf_side"), "grace");
	EXPECT_TEXT(sql_text("SELECT patient FROM leaf_side"), "A-17");
	EXPECT_TEXT(sql_text("SELECT object FROM leaf_side"), "panel");
}

Test(audit, same_person_has_the_same_pseudonym_in_one_store_and_another_in_the_next)
{
	struct ac_audit_entry v[] = { view(PLAN), view(DOCUMENT) };
	struct ac_err e = { 0 };
	struct ac_leaf one, two, other;

	need(log_n(v, 2, &e), &e);
	cr_assert(ac_leaf_parse(sql_text("SELECT bytes FROM leaf WHERE idx = 0"), &one));
	cr_assert(ac_leaf_parse(sql_text("SELECT bytes FROM leaf WHERE idx = 1"), &two));
	cr_expect(ac_streq(one.patient, two.patient));
	tear_down();
	set_up();
	need(log_n(v, 1, &e), &e);
	cr_assert(ac_leaf_parse(sql_text("SELECT bytes FROM leaf"), &other));
	cr_expect(other.patient.n == 22);
}

Test(audit, longest_usual_entry_fits)
{
	unsigned char salt[16] = { 1 };
	struct ac_sha256 sha = { { 2 } };
	struct ac_err e = { 0 };
	struct ac_audit_entry v = view(PLAN);

	v.action = "delivery";
	v.outcome = "superseded";
	v.kind = "document";
	v.role = AC_S("front-desk");
	v.version = 99999;
	v.digest = &sha;
	v.salt = salt;
	EXPECT_CODE(log_n(&v, 1, &e), AC_OK, e);
	struct ac_str leaf = sql_text("SELECT bytes FROM leaf");
	cr_expect(leaf.n <= AC_LEAF_MAX, "%zu", leaf.n);
}

Test(audit, entry_that_does_not_fit_is_refused_whole)
{
	char id[301];
	struct ac_audit_entry v = view(PLAN);
	struct ac_err e = { 0 };

	memset(id, 'x', 300);
	id[300] = '\0';
	v.id = ac_str_c(id);
	EXPECT_CODE(log_n(&v, 1, &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "LOG-SIZE");
	cr_expect(sql_text("SELECT bytes FROM leaf").p == NULL);
}

Test(audit, entry_with_an_unknown_action_or_unprintable_text_is_refused)
{
	static const char *const bad[] = { "a\"b", "a\\b", "a b", "a\nb", "\xC3\xA4", "\x7F" };
	struct ac_audit_entry v = view(PLAN);
	struct ac_err e = { 0 };

	v.action = "peek";
	EXPECT_CODE(log_n(&v, 1, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "LOG-ACTION");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		v = view(bad[i]);
		EXPECT_CODE(log_n(&v, 1, &e), AC_EINPUT, e);
		EXPECT_RULE(e, "LOG-TEXT");
	}
	v = view(PLAN);
	v.version = -1;
	EXPECT_CODE(log_n(&v, 1, &e), AC_EINPUT, e);
}

Test(audit, digest_without_salt_is_refused)
{
	struct ac_sha256 sha = { { 2 } };
	struct ac_audit_entry v = view(PLAN);
	struct ac_err e = { 0 };

	v.digest = &sha;
	EXPECT_CODE(log_n(&v, 1, &e), AC_EINPUT, e);
}

Test(audit, leaf_is_read_back_in_one_spelling_only)
{
	struct ac_audit_entry v = view(PLAN);
	struct ac_err e = { 0 };
	struct ac_leaf l;

	need(log_n(&v, 1, &e), &e);
	struct ac_str leaf = sql_text("SELECT bytes FROM leaf");
	cr_assert(ac_leaf_parse(leaf, &l));
	for (size_t n = 0; n < leaf.n; n++)
		cr_expect(!ac_leaf_parse((struct ac_str){ leaf.p, n }, &l), "cut at %zu", n);
	cr_expect(!ac_leaf_parse(ac_str_cat(a, leaf, AC_S(" ")), &l));
	cr_expect(!ac_leaf_parse(ac_str_cat(a, AC_S(" "), leaf), &l));
}

Test(audit, last_names_the_leaf_just_appended)
{
	struct ac_audit_entry v[] = { view(PLAN), view(PLAN), view(PLAN) };
	struct append w = { .e = v, .n = 3 }, none = { .e = v, .n = 0 };
	struct ac_err e = { 0 };

	need(ac_committer_run(c, append, &w, &e), &e);
	cr_expect(w.last == 2);
	need(ac_committer_run(c, append, &none, &e), &e);
	cr_expect(none.last == -1);
	need(ac_committer_run(c, append, &w, &e), &e);
	cr_expect(w.last == 5);
}

Test(audit, batch_without_leaves_makes_no_checkpoint)
{
	struct append none = { 0 };
	struct ac_err e = { 0 };

	need(ac_committer_run(c, append, &none, &e), &e);
	cr_expect(sql_text("SELECT note FROM checkpoint").p == NULL);
	struct ac_audit_counts n = { 0 };
	EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
	cr_expect(n.leaves == 0 && n.checkpoints == 0);
}

/* base64 as OpenSSL reads it; padding counts as zeros. */
static size_t
unbase64(struct ac_str s, unsigned char *ret)
{
	int n = EVP_DecodeBlock(ret, (const unsigned char *)s.p, (int)s.n);

	cr_assert(n > 0);
	return (size_t)n - (s.p[s.n - 1] == '=') - (s.p[s.n - 2] == '=');
}

Test(audit, checkpoint_is_a_signed_note_that_the_public_key_alone_verifies)
{
	struct ac_audit_entry v = view(PLAN);
	struct ac_keys *k = NULL;
	struct ac_err e = { 0 };
	unsigned char key[64], signature[128];
	struct ac_sha256 id;

	need(log_n(&v, 1, &e), &e);
	need(ac_keys_load(f.keys, &k, &e), &e);
	struct ac_str note = sql_text("SELECT note FROM checkpoint"), name, hash, root;
	struct ac_str rest = ac_cut(ac_keys_public(k, a), '+', &name), key64 = ac_cut(rest, '+', &hash);
	cr_assert(unbase64(key64, key) == 33 && key[0] == 1);

	/* C2SP: the key's hash is of its name, a line feed, the type and the key */
	struct ac_str named =
	    ac_str_cat(a, ac_strf(a, "%.*s\n", AC_FMT(name)), (struct ac_str){ (char *)key, 33 });
	ac_sha256(named, &id);
	cr_expect(ac_streq(hash, ac_hex(a, id.b, 4)));

	/* text, empty line, dash, name, base64 of hash and signature */
	ac_merkle_leaf(sql_text("SELECT bytes FROM leaf"), &id);
	root = ac_base64(a, id.b, 32);
	struct ac_str text = ac_strf(a, "%.*s\n1\n%.*s\n", AC_FMT(name), AC_FMT(root));
	struct ac_str head = ac_strf(a, "%.*s\n\xE2\x80\x94 %.*s ", AC_FMT(text), AC_FMT(name));
	cr_assert(ac_str_starts(note, head), "%.*s", AC_FMT(note));
	struct ac_str line = { note.p + head.n, note.n - head.n - 1 };
	cr_assert(unbase64(line, signature) == 68);
	cr_expect(ac_streq(hash, ac_hex(a, signature, 4)));

	EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key + 1, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	cr_assert(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, public) == 1);
	cr_expect(EVP_DigestVerify(ctx, signature + 4, 64, (const unsigned char *)text.p, text.n) == 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(public);
	ac_keys_free(k);
}

Test(audit, signs_notes_as_the_published_example)
{
	/* the example key and note of the Go package golang.org/x/mod/sumdb/note */
	struct ac_keys k = { 0 };
	unsigned char typed[64], want[128], got[64];
	struct ac_str text = AC_S("If you think cryptography is the answer to your problem,\n"
				  "then you don't know what your problem is.\n");

	cr_assert(unbase64(AC_S("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"), typed) == 33);
	cr_assert(
	    unbase64(AC_S("x08go/ZJkuBS9UG/"
			  "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="),
		want) == 68);
	k.log = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, typed + 1, 32);
	cr_assert(k.log != NULL);
	ac_keys_sign(&k, text, got);
	cr_expect(memcmp(got, want + 4, 64) == 0);
	EVP_PKEY_free(k.log);
}

TestSuite(keys, .init = set_up, .fini = tear_down);

Test(keys, are_not_made_twice)
{
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_keys_create(f.keys, AC_S(""), &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "KEY-EXISTS");
}

Test(keys, that_others_can_read_are_refused)
{
	static const char *const names[] = { "log.key", "store.key" };

	for (size_t i = 0; i < 2; i++) {
		struct ac_keys *k = NULL;
		struct ac_err e = { 0 };
		char command[256];
		snprintf(command, sizeof(command), "chmod 0640 %s/%s", f.keys, names[i]);
		cr_assert(system(command) == 0);
		EXPECT_CODE(ac_keys_load(f.keys, &k, &e), AC_EDENIED, e);
		EXPECT_RULE(e, "KEY-MODE");
		snprintf(command, sizeof(command), "chmod 0600 %s/%s", f.keys, names[i]);
		cr_assert(system(command) == 0);
	}
}

Test(keys, that_are_missing_damaged_or_of_another_kind_are_refused)
{
	static const struct {
		const char *make, *rule;
	} cases[] = { { "rm log.key", "KEY-MISSING" }, { "echo x > log.key", "KEY-FORMAT" },
		{ "openssl genrsa 2048 2>/dev/null > log.key", "KEY-FORMAT" },
		{ "rm store.key", "KEY-MISSING" }, { "echo x > store.key", "KEY-FORMAT" } };

	for (size_t i = 0; i < 5; i++) {
		struct ac_keys *k = NULL;
		struct ac_err e = { 0 };
		char command[256];
		tear_down();
		set_up();
		snprintf(command, sizeof(command), "cd %s && %s", f.keys, cases[i].make);
		cr_assert(system(command) == 0);
		cr_expect(ac_keys_load(f.keys, &k, &e) != AC_OK);
		EXPECT_RULE(e, cases[i].rule);
		cr_expect(k == NULL);
	}
}

Test(keys, give_other_pseudonyms_for_other_purposes)
{
	struct ac_keys *k = NULL;
	struct ac_err e = { 0 };
	struct ac_sha256 one, two, want;
	char secret[64] = { 0 };

	need(ac_keys_load(f.keys, &k, &e), &e);
	ac_keys_hmac(k, "actor", AC_S("1"), &one);
	ac_keys_hmac(k, "patient", AC_S("1"), &two);
	cr_expect(!ac_sha256_eq(&one, &two));
	memcpy(secret, k->store, 32);
	ac_hmac_sha256((struct ac_str){ secret, 32 },
	    AC_S("actor\0"
		 "1"),
	    &want);
	cr_expect(ac_sha256_eq(&one, &want));
	char *many = ac_alloc(a, 1000);
	ac_keys_hmac(k, "actor", (struct ac_str){ many, 1000 }, &one);
	ac_hmac_sha256((struct ac_str){ secret, 32 },
	    ac_str_cat(a, AC_S("actor\0"), (struct ac_str){ many, 1000 }), &want);
	cr_expect(ac_sha256_eq(&one, &want));
	ac_keys_free(k);
}
