/*
 * hash.c - libcrypto behind plain functions.
 *
 * Algorithms are fetched once: in OpenSSL 3 a fetch costs more than the digest of a short text. A failure in
 * here means no memory or a broken library: there is nothing to hand to a caller, the process ends.
 */
#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/hash.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct {
	EVP_MD *sha256, *sha1;
	EVP_MAC *hmac;
} algs; /* written once, under `once`; lives as long as the process */

AC_DEFINE_AUTO_T(EVP_MD_CTX, EVP_MD_CTX_free)
AC_DEFINE_AUTO_T(EVP_MAC_CTX, EVP_MAC_CTX_free)

static void
fetch(void)
{
	algs.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	algs.sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	algs.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (algs.sha256 == NULL || algs.sha1 == NULL || algs.hmac == NULL)
		abort();
}

static void
need_algs(void)
{
	if (pthread_once(&once, fetch) != 0)
		abort();
}

static void
digest_2(const EVP_MD *md, struct ac_str a, struct ac_str b, unsigned char *ret)
{
	AC_AUTO_T(EVP_MD_CTX) ctx = EVP_MD_CTX_new();

	if (ctx == NULL || EVP_DigestInit_ex2(ctx, md, NULL) != 1 || EVP_DigestUpdate(ctx, a.p, a.n) != 1 ||
	    EVP_DigestUpdate(ctx, b.p, b.n) != 1 || EVP_DigestFinal_ex(ctx, ret, NULL) != 1)
		abort();
}

void
ac_sha256(struct ac_str bytes, struct ac_sha256 *ret)
{
	need_algs();
	if (EVP_Digest(bytes.p, bytes.n, ret->b, NULL, algs.sha256, NULL) != 1)
		abort();
}

void
ac_sha256_2(struct ac_str a, struct ac_str b, struct ac_sha256 *ret)
{
	need_algs();
	digest_2(algs.sha256, a, b, ret->b);
}

void
ac_hmac_sha256(struct ac_str key, struct ac_str bytes, struct ac_sha256 *ret)
{
	need_algs();

	AC_AUTO_T(EVP_MAC_CTX) ctx = EVP_MAC_CTX_new(algs.hmac);
	char name[] = "SHA256";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end() };
	/* a NULL key would mean "the one from before" */
	const unsigned char *k = (const unsigned char *)(key.p == NULL ? "" : key.p);
	size_t n = 0;

	if (ctx == NULL || EVP_MAC_init(ctx, k, key.n, params) != 1 ||
	    EVP_MAC_update(ctx, (const unsigned char *)bytes.p, bytes.n) != 1 ||
	    EVP_MAC_final(ctx, ret->b, &n, sizeof(ret->b)) != 1 || n != sizeof(ret->b))
		abort();
}

struct ac_str
ac_hex(struct ac_arena *a, const void *bytes, size_t n)
{
	const unsigned char *from = bytes;
	char *p = ac_alloc_array(a, n, 2);

	for (size_t i = 0; i < n; i++) {
		p[2 * i] = "0123456789abcdef"[from[i] >> 4];
		p[2 * i + 1] = "0123456789abcdef"[from[i] & 15];
	}
	return (struct ac_str){ p, 2 * n };
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
ac_unhex(struct ac_str hex, void *ret, size_t n)
{
	unsigned char *to = ret;

	if (hex.n % 2 != 0 || hex.n / 2 != n)
		return false;
	for (size_t i = 0; i < hex.n; i++)
		if (nibble(hex.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)(nibble(hex.p[2 * i]) << 4 | nibble(hex.p[2 * i + 1]));
	return true;
}

/* RFC 4648 sections 4 and 5; `letters` are the 64 of the variant. */
static struct ac_str
base64(struct ac_arena *a, const unsigned char *from, size_t n, const char *letters, bool is_padded)
{
	char *p = ac_alloc_array(a, n / 3 + 1, 4), *to = p;

	for (; n >= 3; n -= 3, from += 3) {
		*to++ = letters[from[0] >> 2];
		*to++ = letters[(from[0] & 3) << 4 | from[1] >> 4];
		*to++ = letters[(from[1] & 15) << 2 | from[2] >> 6];
		*to++ = letters[from[2] & 63];
	}
	if (n > 0) {
		unsigned second = n == 2 ? from[1] : 0;
		*to++ = letters[from[0] >> 2];
		*to++ = letters[(from[0] & 3u) << 4 | second >> 4];
		if (n == 2)
			*to++ = letters[(second & 15) << 2];
		else if (is_padded)
			*to++ = '=';
		if (is_padded)
			*to++ = '=';
	}
	return (struct ac_str){ p, (size_t)(to - p) };
}

struct ac_str
ac_base64(struct ac_arena *a, const void *bytes, size_t n)
{
	return base64(a, bytes, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true);
}

struct ac_str
ac_base64url(struct ac_arena *a, const void *bytes, size_t n)
{
	return base64(a, bytes, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false);
}

bool
ac_sha256_eq(const struct ac_sha256 *a, const struct ac_sha256 *b)
{
	return CRYPTO_memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

bool
ac_secret_eq(struct ac_str a, struct ac_str b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

void
ac_random(void *ret, size_t n)
{
	unsigned char *p = ret;

	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
}

static void
stamp(struct ac_uuid *u, unsigned version)
{
	u->b[6] = (unsigned char)((u->b[6] & 0x0F) | version << 4);
	u->b[8] = (unsigned char)((u->b[8] & 0x3F) | 0x80);
}

struct ac_uuid
ac_uuid5(struct ac_uuid ns, struct ac_str name)
{
	unsigned char sha1[20];
	struct ac_uuid u;

	need_algs();
	digest_2(algs.sha1, (struct ac_str){ (const char *)ns.b, sizeof(ns.b) }, name, sha1);
	memcpy(u.b, sha1, sizeof(u.b));
	stamp(&u, 5);
	return u;
}

struct ac_uuid
ac_uuid4(void)
{
	struct ac_uuid u;

	ac_random(u.b, sizeof(u.b));
	stamp(&u, 4);
	return u;
}

struct ac_str
ac_uuid_str(struct ac_arena *a, struct ac_uuid u)
{
	struct ac_str hex = ac_hex(a, u.b, sizeof(u.b));
	char *p = ac_alloc(a, 36), *to = p;

	for (size_t i = 0; i < hex.n; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			*to++ = '-';
		*to++ = hex.p[i];
	}
	return (struct ac_str){ p, 36 };
}

bool
ac_uuid_parse(struct ac_str s, struct ac_uuid *ret)
{
	char hex[32] = { 0 };
	size_t n = 0;

	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool is_dash_place = i == 8 || i == 13 || i == 18 || i == 23;
		if (is_dash_place != (s.p[i] == '-'))
			return false;
		if (!is_dash_place)
			hex[n++] = s.p[i];
	}
	return ac_unhex((struct ac_str){ hex, n }, ret->b, sizeof(ret->b));
}
