/* test_dictionary.c - dictionaries by hash: added once, found when they are needed, never taken for another. */
#include "core/blob.h"
#include "tests/expect.h"
#include "tests/store_fixture.h"

static struct fixture f;
static struct ac_store *s;
static struct ac_arena *a;

static void
set_up(void)
{
	a = ac_arena_new();
	fixture_open(&f);
	s = fixture_store(&f, false);
}

static void
tear_down(void)
{
	ac_store_close(s);
	fixture_close(&f);
	ac_arena_free(a);
}

TestSuite(dictionary, .init = set_up, .fini = tear_down);

/* Text with nothing in it twice: only a dictionary makes it small. */
static struct ac_str
text(uint64_t seed)
{
	char *p = ac_alloc(a, 12000);

	for (size_t i = 0; i < 12000; i++)
		p[i] = "0123456789abcdef"[next_random(&seed) & 15];
	return (struct ac_str){ p, 12000 };
}

static struct ac_sha256
added(struct ac_str bytes)
{
	struct ac_sha256 sha = { 0 };
	struct ac_err e = { 0 };

	need(ac_dictionary_add(s, bytes, &sha, &e), &e);
	return sha;
}

static void
damage(const char *how, const struct ac_sha256 *sha)
{
	struct ac_err e = { 0 };

	need(ac_store_run(s, AC_STMT_DICTIONARY_ADD, NULL, NULL, &e, AC_VINT(99), AC_VSHA(sha),
		 AC_VBLOB(ac_str_c(how))),
	    &e);
}

Test(dictionary, makes_what_is_like_it_much_smaller)
{
	struct ac_str plain = ac_str_dup(a, text(7)), got = { 0 };
	struct ac_sha256 like = added(text(7));
	struct ac_err e = { 0 };
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);

	memcpy((char *)(uintptr_t)plain.p + 9000, "Ada Example", 11);
	struct ac_str with = ac_blob_encode_like(plain, &like, d, a), without = ac_blob_encode(plain, d, a);
	cr_expect(with.n * 10 < without.n, "%zu against %zu", with.n, without.n);
	EXPECT_CODE(ac_blob_decode(with, NULL, AC_BLOB_PLAIN_MAX, d, a, &got, &e), AC_OK, e);
	cr_expect(ac_streq(got, plain));
}

Test(dictionary, names_itself_in_what_it_made)
{
	struct ac_sha256 like = added(text(7));
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);
	struct ac_str stored = ac_blob_encode_like(text(7), &like, d, a);

	cr_expect(memcmp(stored.p + 2, like.b, sizeof(like.b)) == 0);
}

Test(dictionary, is_found_when_it_was_added_after_the_set_was_opened)
{
	struct ac_dictionaries *d = NULL;
	struct ac_err e = { 0 };
	struct ac_str got = { 0 };

	need(ac_dictionaries_open(f.where, 100, &d, &e), &e);
	struct ac_sha256 like = added(text(7));
	AC_AUTO(ac_dictionaries) other = ac_dictionaries_on(s);
	struct ac_str stored = ac_blob_encode_like(text(7), &like, other, a);
	EXPECT_CODE(ac_blob_decode(stored, NULL, AC_BLOB_PLAIN_MAX, d, a, &got, &e), AC_OK, e);
	cr_expect(ac_streq(got, text(7)));
	ac_dictionaries_free(d);
}

Test(dictionary, that_nobody_has_is_named_as_the_reason)
{
	struct ac_sha256 like = added(text(7));
	struct ac_err e = { 0 };
	struct ac_str got = { 0 };
	struct fixture other;
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);
	struct ac_str stored = ac_blob_encode_like(text(7), &like, d, a);

	fixture_open(&other);
	struct ac_store *empty = fixture_store(&other, false);
	struct ac_dictionaries *none = ac_dictionaries_on(empty);
	EXPECT_CODE(ac_blob_decode(stored, NULL, AC_BLOB_PLAIN_MAX, none, a, &got, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-DICTIONARY");
	EXPECT_CODE(ac_blob_decode(stored, NULL, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-DICTIONARY");
	ac_dictionaries_free(none);
	ac_store_close(empty);
	fixture_close(&other);
}

Test(dictionary, that_nobody_has_does_not_keep_anything_from_being_stored)
{
	struct ac_sha256 nobody = { { 1 } };
	struct ac_err e = { 0 };
	struct ac_str got = { 0 };
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);
	struct ac_str stored = ac_blob_encode_like(text(7), &nobody, d, a);

	EXPECT_CODE(ac_blob_decode(stored, NULL, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e), AC_OK, e);
	cr_expect(ac_streq(got, text(7)));
}

Test(dictionary, whose_bytes_changed_is_refused)
{
	struct ac_sha256 wrong = { { 1 } };
	struct ac_err e = { 0 };
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);

	damage("other bytes than these were named so", &wrong);
	EXPECT_CODE(ac_dictionary_prepare(d, &wrong, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-HASH");
}

Test(dictionary, whose_bytes_changed_is_found_by_a_check_of_all)
{
	struct ac_sha256 wrong = { { 1 } };
	struct ac_err e = { 0 };

	added(text(7));
	EXPECT_CODE(ac_dictionaries_check(s, &e), AC_OK, e);
	damage("other bytes than these were named so", &wrong);
	EXPECT_CODE(ac_dictionaries_check(s, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-HASH");
}

Test(dictionary, that_is_not_the_one_gives_no_bytes)
{
	struct ac_sha256 one = added(text(1)), two = added(text(2)), sha;
	struct ac_err e = { 0 };
	struct ac_str got = { 0 };
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);
	struct ac_str plain = text(1), stored = ac_blob_encode_like(plain, &one, d, a);

	ac_sha256(plain, &sha);
	memcpy((char *)(uintptr_t)stored.p + 2, two.b, sizeof(two.b));
	EXPECT_CODE(ac_blob_decode(stored, &sha, AC_BLOB_PLAIN_MAX, d, a, &got, &e), AC_EINTEGRITY, e);
}

Test(dictionary, is_one_row_however_often_it_is_added)
{
	struct ac_sha256 one = added(text(1)), two = added(text(1));

	cr_expect(ac_sha256_eq(&one, &two));
}

Test(dictionary, larger_than_the_limit_is_cut_off)
{
	size_t n = AC_DICTIONARY_BYTES_MAX + 1000;
	char *p = ac_alloc(a, n);
	struct ac_sha256 want;

	memset(p, 'x', n);
	struct ac_sha256 got = added((struct ac_str){ p, n });
	ac_sha256((struct ac_str){ p, AC_DICTIONARY_BYTES_MAX }, &want);
	cr_expect(ac_sha256_eq(&got, &want));
}

Test(dictionary, beyond_what_a_process_keeps_is_loaded_for_each_use)
{
	AC_AUTO(ac_dictionaries) d = ac_dictionaries_on(s);
	AC_AUTO(ac_dictionaries) writer = ac_dictionaries_on(s);
	struct ac_sha256 like = { 0 };
	struct ac_err e = { 0 };

	for (unsigned i = 0; i < AC_DICTIONARIES_MAX; i++) {
		like = added(ac_strf(a, "dictionary %u, long enough for zstd", i));
		need(ac_dictionary_prepare(d, &like, &e), &e);
	}
	like = added(text(7));
	struct ac_str stored = ac_blob_encode_like(text(7), &like, writer, a), got = { 0 };
	for (int i = 0; i < 2; i++) {
		EXPECT_CODE(ac_blob_decode(stored, NULL, AC_BLOB_PLAIN_MAX, d, a, &got, &e), AC_OK, e);
		cr_expect(ac_streq(got, text(7)));
	}
	cr_expect(ac_blob_encode_like(text(7), &like, d, a).n > stored.n, "there was no room for it");
}
