/* Digests against published vectors. */
#include "base/hash.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
start(void)
{
	a = ac_arena_new();
}

static void
stop(void)
{
	ac_arena_free(a);
}

TestSuite(hash, .init = start, .fini = stop);

static struct ac_str
sha256_hex(struct ac_str s)
{
	struct ac_sha256 h;

	ac_sha256(s, &h);
	return ac_hex(a, h.b, sizeof(h.b));
}

static struct ac_str
hmac_hex(struct ac_str key, struct ac_str s)
{
	struct ac_sha256 h;

	ac_hmac_sha256(key, s, &h);
	return ac_hex(a, h.b, sizeof(h.b));
}

/* `n` times the byte `c` */
static struct ac_str
times(int c, size_t n)
{
	char *p = ac_alloc(a, n);

	memset(p, c, n);
	return (struct ac_str){ p, n };
}

/* NIST, "Cryptographic Standards: Examples with Intermediate Values", SHA-256; FIPS 180-2 appendix B.3 */
Test(hash, sha256_of_the_nist_examples)
{
	EXPECT_TEXT(
	    sha256_hex(AC_S("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	EXPECT_TEXT(sha256_hex(AC_S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	EXPECT_TEXT(sha256_hex(times('a', 1000000)),
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

Test(hash, sha256_of_nothing)
{
	const char *want = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

	EXPECT_TEXT(sha256_hex(AC_S("")), want);
	EXPECT_TEXT(sha256_hex((struct ac_str){ NULL, 0 }), want);
}

Test(hash, sha256_of_two_parts_is_that_of_both_joined)
{
	struct ac_str s = times('x', 200);
	struct ac_sha256 whole, parts;

	ac_sha256(s, &whole);
	for (size_t i = 0; i <= s.n; i++) {
		ac_sha256_2((struct ac_str){ s.p, i }, (struct ac_str){ s.p + i, s.n - i }, &parts);
		cr_assert(ac_sha256_eq(&whole, &parts), "cut at %zu", i);
	}
	ac_sha256_2((struct ac_str){ NULL, 0 }, s, &parts);
	cr_expect(ac_sha256_eq(&whole, &parts));
}

/* RFC 4231 section 4 */
Test(hash, hmac_of_the_cases_of_rfc_4231)
{
	char count[25];

	EXPECT_TEXT(hmac_hex(times(0x0b, 20), AC_S("Hi There")),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	EXPECT_TEXT(hmac_hex(AC_S("Jefe"), AC_S("what do ya want for nothing?")),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	EXPECT_TEXT(hmac_hex(times(0xaa, 20), times(0xdd, 50)),
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	for (size_t i = 0; i < sizeof(count); i++)
		count[i] = (char)(i + 1);
	EXPECT_TEXT(hmac_hex((struct ac_str){ count, sizeof(count) }, times(0xcd, 50)),
	    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	EXPECT_TEXT(
	    hmac_hex(times(0xaa, 131), AC_S("Test Using Larger Than Block-Size Key - Hash Key First")),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	EXPECT_TEXT(
	    hmac_hex(times(0xaa, 131),
		AC_S("This is a test using a larger than block-size key and a larger than block-size data. "
		     "The key needs to be hashed before being used by the HMAC algorithm.")),
	    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

/* RFC 2104 section 2 fills a short key up with zeros: no key and one zero byte are the same. */
Test(hash, hmac_takes_an_empty_key)
{
	struct ac_str with_zero = hmac_hex(AC_S("\0"), AC_S("text"));

	cr_expect(ac_streq(hmac_hex(AC_S(""), AC_S("text")), with_zero));
	cr_expect(ac_streq(hmac_hex((struct ac_str){ NULL, 0 }, AC_S("text")), with_zero));
}

Test(hash, hex_goes_both_ways)
{
	unsigned char all[256], back[256];

	for (unsigned i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	struct ac_str hex = ac_hex(a, all, sizeof(all));
	cr_expect(ac_unhex(hex, back, sizeof(back)));
	cr_expect_arr_eq(all, back, sizeof(all));
	cr_expect(ac_unhex(AC_S("aBcD"), back, 2) && back[0] == 0xAB && back[1] == 0xCD);
}

Test(hash, unhex_refuses_other_lengths_and_letters_and_leaves_the_result_alone)
{
	unsigned char b[2] = { 7, 7 };

	cr_expect(!ac_unhex(AC_S("abc"), b, 2));
	cr_expect(!ac_unhex(AC_S("abcde"), b, 2));
	cr_expect(!ac_unhex(AC_S("abcdef"), b, 2));
	cr_expect(!ac_unhex(AC_S("abcg"), b, 2));
	cr_expect(!ac_unhex(AC_S("ab d"), b, 2));
	cr_expect(!ac_unhex(AC_S("0xab"), b, 2));
	cr_expect(b[0] == 7 && b[1] == 7);
}

/* RFC 4648 section 10 */
Test(hash, base64_of_the_vectors_of_rfc_4648)
{
	static const char *const want[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

	for (size_t n = 0; n <= 6; n++)
		EXPECT_TEXT(ac_base64(a, "foobar", n), want[n]);
}

Test(hash, base64url_has_its_own_two_letters_and_no_padding)
{
	EXPECT_TEXT(ac_base64(a, "\xFB\xFF\xBF\xFF", 4), "+/+//w==");
	EXPECT_TEXT(ac_base64url(a, "\xFB\xFF\xBF\xFF", 4), "-_-__w");
	EXPECT_TEXT(ac_base64url(a, "foobar", 5), "Zm9vYmE");
}

Test(hash, digests_differ_when_any_bit_does)
{
	struct ac_sha256 x = { { 0 } }, y = { { 0 } };

	cr_expect(ac_sha256_eq(&x, &y));
	for (size_t bit = 0; bit < 256; bit++) {
		y.b[bit / 8] = (unsigned char)(1u << bit % 8);
		cr_assert(!ac_sha256_eq(&x, &y));
		y.b[bit / 8] = 0;
	}
}

Test(hash, secrets_of_other_length_are_not_equal)
{
	cr_expect(ac_secret_eq(AC_S("token"), AC_S("token")));
	cr_expect(!ac_secret_eq(AC_S("token"), AC_S("tokem")));
	cr_expect(!ac_secret_eq(AC_S("token"), AC_S("toke")));
	cr_expect(!ac_secret_eq(AC_S(""), AC_S("t")));
	cr_expect(ac_secret_eq(AC_S(""), (struct ac_str){ NULL, 0 }));
}

/* RFC 9562 appendix A.4; the name space of DNS from section 6.6 */
Test(hash, uuid5_of_the_example_of_rfc_9562)
{
	struct ac_uuid dns;

	cr_assert(ac_uuid_parse(AC_S("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), &dns));
	EXPECT_TEXT(
	    ac_uuid_str(a, ac_uuid5(dns, AC_S("www.example.com"))), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

Test(hash, uuid4_has_version_and_variant_and_is_new_each_time)
{
	struct ac_str former = AC_S("");

	for (int i = 0; i < 100; i++) {
		struct ac_str s = ac_uuid_str(a, ac_uuid4());
		cr_assert(s.n == 36 && s.p[14] == '4' && strchr("89ab", s.p[19]) != NULL);
		cr_assert(!ac_streq(s, former));
		former = s;
	}
}

Test(hash, uuid_parse_reads_both_cases_and_gives_lower_back)
{
	struct ac_uuid u;

	cr_assert(ac_uuid_parse(AC_S("2ED6657D-e927-568B-95e1-2665A8AEA6A2"), &u));
	EXPECT_TEXT(ac_uuid_str(a, u), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

Test(hash, uuid_parse_refuses_what_is_none)
{
	const char *const bad[] = { "", "2ed6657de927568b95e12665a8aea6a2",
		"{2ed6657d-e927-568b-95e1-2665a8aea6a2}", "2ed6657d-e927-568b-95e1-2665a8aea6a",
		"2ed6657d-e927-568b-95e1-2665a8aea6a2a", "2ed6657d-e927-568b-95e12-665a8aea6a2",
		"2ed6657g-e927-568b-95e1-2665a8aea6a2", "2ed6657d-e927-568b-95e1--665a8aea6a2",
		"2ed6657d e927-568b-95e1-2665a8aea6a2" };
	struct ac_uuid u;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!ac_uuid_parse(ac_str_c(bad[i]), &u), "%s", bad[i]);
}

Test(hash, random_fills_large_pieces_and_differs)
{
	unsigned char *x = ac_alloc(a, 100000), *y = ac_alloc(a, 100000);
	size_t zeros = 0;

	ac_random(x, 100000);
	ac_random(y, 100000);
	for (size_t i = 0; i < 100000; i++)
		zeros += x[i] == 0;
	cr_expect(memcmp(x, y, 100000) != 0);
	cr_expect(zeros > 200 && zeros < 700); /* 391 expected; 200 or 700 is ten standard deviations away */
}
