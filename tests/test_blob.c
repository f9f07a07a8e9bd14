/* test_blob.c - stored bytes come back as they were, or not at all. */
#include "core/blob.h"
#include "tests/expect.h"
#include "tests/store_fixture.h"

#define HEADER 42

static struct ac_arena *a;

static void
set_up(void)
{
	a = ac_arena_new();
}

static void
tear_down(void)
{
	ac_arena_free(a);
}

TestSuite(blob, .init = set_up, .fini = tear_down);

/* Text that compresses, of any length. */
static struct ac_str
words(size_t n, uint64_t seed)
{
	static const char *const some[] = { "<entry>", "</entry>", "<code ", "sauna ", "sun ", "until ",
		"0123" };
	char *p = ac_alloc(a, n + 16);
	size_t at = 0;

	while (at < n) {
		const char *word = some[next_random(&seed) % 7];
		memcpy(p + at, word, strlen(word));
		at += strlen(word);
	}
	return (struct ac_str){ p, n };
}

static struct ac_str
noise(size_t n, uint64_t seed)
{
	char *p = ac_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)next_random(&seed);
	return (struct ac_str){ p, n };
}

static struct ac_str
copy(struct ac_str s)
{
	return ac_str_dup(a, s);
}

static char *
bytes_of(struct ac_str s)
{
	return (char *)(uintptr_t)s.p;
}

Test(blob, gives_back_what_it_was_given_at_every_length)
{
	static const size_t sizes[] = { 0, 1, 2, 41, 42, 43, 1000, 35000, 1 << 20, AC_BLOB_PLAIN_MAX };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ac_str plain[] = { words(sizes[i], i), noise(sizes[i], i) };
		for (size_t k = 0; k < 2; k++) {
			struct ac_sha256 sha;
			struct ac_err e = { 0 };
			struct ac_str got = { 0 };
			ac_sha256(plain[k], &sha);
			struct ac_str stored = ac_blob_encode(plain[k], NULL, a);
			EXPECT_CODE(
			    ac_blob_decode(stored, &sha, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e), AC_OK, e);
			cr_expect(ac_streq(got, plain[k]), "size %zu", sizes[i]);
		}
		ac_arena_reset(a);
	}
}

Test(blob, has_the_header_that_is_written_down)
{
	struct ac_str plain = words(1000, 1), stored = ac_blob_encode(plain, NULL, a);
	static const char zeros[32];

	cr_expect(stored.p[0] == 1 && stored.p[1] == 0 && memcmp(stored.p + 2, zeros, 32) == 0);
	cr_expect(memcmp(stored.p + 34, "\0\0\0\0\0\0\x03\xE8", 8) == 0);
	cr_expect(memcmp(stored.p + HEADER, "\x28\xB5\x2F\xFD", 4) == 0); /* a zstd frame */
	cr_expect(stored.n < plain.n / 2);
}

Test(blob, stores_what_does_not_compress_as_it_is)
{
	struct ac_str plain = noise(1000, 1), stored = ac_blob_encode(plain, NULL, a);

	cr_expect(stored.p[0] == 0 && stored.n == HEADER + plain.n);
	cr_expect(memcmp(stored.p + HEADER, plain.p, plain.n) == 0);
}

/* A changed bit can leave a frame that decodes to the same bytes: that is no damage. */
Test(blob, never_gives_other_bytes_whatever_bit_changes)
{
	struct ac_str plain[] = { words(600, 1), noise(100, 1) };

	for (size_t k = 0; k < 2; k++) {
		struct ac_str stored = ac_blob_encode(plain[k], NULL, a);
		struct ac_sha256 sha;
		ac_sha256(plain[k], &sha);
		for (size_t i = 0; i < stored.n * 8; i++) {
			struct ac_str bad = copy(stored), got = { 0 };
			struct ac_err e = { 0 };
			bytes_of(bad)[i / 8] = (char)(bad.p[i / 8] ^ (1 << i % 8));
			enum ac_code code = ac_blob_decode(bad, &sha, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e);
			bool is_refused = (code == AC_EINTEGRITY || code == AC_ELIMIT) && got.p == NULL;
			cr_expect(is_refused || (code == AC_OK && ac_streq(got, plain[k])),
			    "bit %zu of blob %zu: %d", i, k, (int)code);
		}
	}
}

Test(blob, finds_every_truncation_and_addition)
{
	struct ac_str plain = words(600, 1), stored = ac_blob_encode(plain, NULL, a), got = { 0 };

	for (size_t n = 0; n < stored.n; n++) {
		struct ac_err e = { 0 };
		struct ac_str head = copy((struct ac_str){ stored.p, n });
		EXPECT_CODE(
		    ac_blob_decode(head, NULL, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e), AC_EINTEGRITY, e);
	}
	struct ac_err e = { 0 };
	struct ac_str more = ac_str_cat(a, stored, AC_S("x")),
		      twice = ac_str_cat(a, stored, (struct ac_str){ stored.p + HEADER, stored.n - HEADER });
	EXPECT_CODE(ac_blob_decode(more, NULL, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e), AC_EINTEGRITY, e);
	EXPECT_CODE(ac_blob_decode(twice, NULL, AC_BLOB_PLAIN_MAX, NULL, a, &got, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-FORMAT");
}

Test(blob, refuses_a_size_over_the_limit_before_it_takes_memory)
{
	struct ac_str stored = copy(ac_blob_encode(words(1000, 1), NULL, a)), got = { 0 };
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_blob_decode(stored, NULL, 999, NULL, a, &got, &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "BLOB-LIMIT");
	memset(bytes_of(stored) + 34, 0xFF, 8);
	EXPECT_CODE(ac_blob_decode(stored, NULL, SIZE_MAX, NULL, a, &got, &e), AC_ELIMIT, e);
}

Test(blob, refuses_a_key_and_a_format_of_the_future)
{
	struct ac_str stored = copy(ac_blob_encode(words(100, 1), NULL, a)), got = { 0 };
	struct ac_err e = { 0 };

	bytes_of(stored)[1] = 1;
	EXPECT_CODE(ac_blob_decode(stored, NULL, 1000, NULL, a, &got, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-FORMAT");
	bytes_of(stored)[1] = 0;
	bytes_of(stored)[0] = 2;
	EXPECT_CODE(ac_blob_decode(stored, NULL, 1000, NULL, a, &got, &e), AC_EINTEGRITY, e);
}

static struct fixture f;
static struct ac_store *s;

static void
open_store(void)
{
	a = ac_arena_new();
	fixture_open(&f);
	s = fixture_store(&f, false);
}

static void
close_store(void)
{
	ac_store_close(s);
	fixture_close(&f);
	ac_arena_free(a);
}

TestSuite(blob_store, .init = open_store, .fini = close_store);

Test(blob_store, keeps_content_once_under_its_hash)
{
	struct ac_str plain = words(5000, 1), got = { 0 };
	struct ac_sha256 one, two;
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_blob_put(s, plain, NULL, a, &one, &e), AC_OK, e);
	EXPECT_CODE(ac_blob_put(s, plain, NULL, a, &two, &e), AC_OK, e);
	EXPECT_CODE(ac_blob_put_encoded(s, &one, ac_blob_encode(plain, NULL, a), &e), AC_OK, e);
	cr_expect(ac_sha256_eq(&one, &two));
	EXPECT_CODE(ac_blob_get(s, &one, NULL, a, &got, &e), AC_OK, e);
	cr_expect(ac_streq(got, plain));
}

Test(blob_store, says_what_is_not_there)
{
	struct ac_sha256 sha = { { 1 } };
	struct ac_err e = { 0 };
	struct ac_str got = { 0 };

	EXPECT_CODE(ac_blob_get(s, &sha, NULL, a, &got, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "BLOB-MISSING");
}

Test(blob_store, refuses_content_under_the_hash_of_other_content)
{
	struct ac_sha256 wrong = { { 1 } };
	struct ac_err e = { 0 };
	struct ac_str got = { 0 };

	need(ac_blob_put_encoded(s, &wrong, ac_blob_encode(words(100, 1), NULL, a), &e), &e);
	EXPECT_CODE(ac_blob_get(s, &wrong, NULL, a, &got, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-HASH");
}
