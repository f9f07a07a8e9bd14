/* pack_sign.c - writes and signs a pack; checks a signature by the sender's public key alone. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/time.h"
#include "core/keys.h"
#include "core/pack.h"
#include "core/pack_note.h"

AC_DEFINE_AUTO_T(EVP_PKEY, EVP_PKEY_free)
AC_DEFINE_AUTO_T(EVP_MD_CTX, EVP_MD_CTX_free)

#define NOTE_HASH 4
#define ED25519_TYPE 0x01
#define ED25519_BYTES 32

/* RFC 4648 with padding, and nothing else: what was decoded gives the same text again. */
static bool
unbase64(struct ac_str s, unsigned char *ret, size_t n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	unsigned char *all = ac_alloc(a, s.n + 4);

	if (s.n > 256 || s.n % 4 != 0 || EVP_DecodeBlock(all, (const unsigned char *)s.p, (int)s.n) < (int)n)
		return false;
	memcpy(ret, all, n);
	return ac_streq(ac_base64(a, ret, n), s);
}

struct vkey {
	struct ac_str name;
	unsigned char hash[NOTE_HASH], typed[1 + ED25519_BYTES];
};

/* name+hash+base64(type, key); the hash is that of name, line feed, type and key. */
static bool
read_vkey(struct ac_str s, struct vkey *ret)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str hash, key = ac_cut(ac_cut(s, '+', &ret->name), '+', &hash);
	struct ac_sha256 sha;

	if (ret->name.n == 0 || !ac_unhex(hash, ret->hash, NOTE_HASH) ||
	    !unbase64(key, ret->typed, sizeof(ret->typed)) || ret->typed[0] != ED25519_TYPE)
		return false;
	struct ac_str typed = { (const char *)ret->typed, sizeof(ret->typed) };
	ac_sha256(ac_str_cat(a, ac_strf(a, "%.*s\n", AC_FMT(ret->name)), typed), &sha);
	return memcmp(sha.b, ret->hash, NOTE_HASH) == 0;
}

static bool
is_signed(const struct vkey *k, struct ac_str text, const unsigned char *signature)
{
	AC_AUTO_T(EVP_PKEY)
	key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->typed + 1, ED25519_BYTES);
	AC_AUTO_T(EVP_MD_CTX) ctx = EVP_MD_CTX_new();

	if (ctx == NULL)
		abort();
	return key != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, signature, AC_SIGNATURE_BYTES, (const unsigned char *)text.p, text.n) ==
		   1;
}

enum ac_code
ac_pack_verify(const struct ac_pack *p, struct ac_str vkey, struct ac_err *reterr)
{
	unsigned char both[NOTE_HASH + AC_SIGNATURE_BYTES];
	struct vkey k;

	if (!read_vkey(vkey, &k))
		return ac_fail(reterr, AC_EINPUT, "PACK-KEY",
		    "this is no public key as \"aftercare audit key\" prints it");
	if (!ac_str_is_set(p->signer))
		return ac_fail(reterr, AC_EINPUT, "PACK-SIGNED", "the pack is not signed");
	if (!ac_streq(p->signer, k.name))
		return ac_fail(reterr, AC_EINPUT, "PACK-SIGNED", "the pack is signed by another key: %.*s",
		    AC_FMT(p->signer));
	if (!unbase64(p->signature, both, sizeof(both)) || memcmp(both, k.hash, NOTE_HASH) != 0 ||
	    !is_signed(&k, p->text, both + NOTE_HASH))
		return ac_fail_at(reterr, AC_EINTEGRITY, "PACK-SIGNATURE", 0, 0, "/pack",
		    "the signature does not fit: the pack was changed, or signed by somebody else");
	return AC_OK;
}

static int
by_id(const void *x, const void *y)
{
	return ac_str_cmp(((const struct ac_pack_item *)x)->id, ((const struct ac_pack_item *)y)->id);
}

static enum ac_code
gather(
    const struct ac_str *sources, size_t n, struct ac_arena *a, struct ac_pack_item *v, struct ac_err *reterr)
{
	enum ac_code rc;

	if (n == 0 || n > AC_PACK_PROTOCOLS_MAX)
		return ac_fail(reterr, n == 0 ? AC_EINPUT : AC_ELIMIT, n == 0 ? "PACK-EMPTY" : "PACK-LIMIT",
		    "a pack holds 1 to %d protocols", AC_PACK_PROTOCOLS_MAX);
	for (size_t i = 0; i < n; i++) {
		if ((rc = ac_protocol_load(sources[i], a, &v[i].protocol, reterr)) != AC_OK)
			return rc;
		v[i].source = sources[i];
		v[i].id = v[i].protocol->id;
		ac_sha256(sources[i], &v[i].sha256);
	}
	qsort(v, n, sizeof(v[0]), by_id);
	for (size_t i = 1; i < n; i++)
		if (ac_streq(v[i - 1].id, v[i].id))
			return ac_fail(reterr, AC_EINPUT, "PACK-ORDER", "the protocol %.*s is named twice",
			    AC_FMT(v[i].id));
	return AC_OK;
}

static struct ac_str
signature_line(const struct ac_keys *k, struct ac_str text, struct ac_arena *a)
{
	unsigned char both[NOTE_HASH + AC_SIGNATURE_BYTES];

	memcpy(both, k->note_hash, NOTE_HASH);
	ac_keys_sign(k, text, both + NOTE_HASH);
	return ac_strf(a, PK_DASH "%s %.*s\n", k->origin, AC_FMT(ac_base64(a, both, sizeof(both))));
}

enum ac_code
ac_pack_write(const struct ac_str *sources, size_t n, int64_t made_ms, const struct ac_keys *keys,
    struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_pack_item *v = ac_new(a, struct ac_pack_item, n + 1);
	struct ac_buf b;
	enum ac_code rc = gather(sources, n, a, v, reterr);

	if (rc != AC_OK)
		return rc;
	ac_buf_init(&b, a, AC_PACK_HEAD_MAX, AC_PACK_BYTES_MAX);
	ac_buf_addf(&b, PK_FIRST "\nmade %.*s\n", AC_FMT(ac_rfc3339_ms(a, made_ms)));
	for (size_t i = 0; i < n; i++)
		ac_buf_addf(&b, "protocol %.*s %.*s %.*s %zu\n", AC_FMT(v[i].id),
		    AC_FMT(ac_hex(a, v[i].protocol->version.b, sizeof(v[i].protocol->version.b))),
		    AC_FMT(ac_hex(a, v[i].sha256.b, sizeof(v[i].sha256.b))), v[i].source.n);
	struct ac_str text = ac_str_dup(a, ac_buf_str(&b));
	ac_buf_addc(&b, '\n');
	if (keys != NULL)
		ac_buf_add(&b, signature_line(keys, text, a));
	ac_buf_addc(&b, '\n');
	for (size_t i = 0; i < n; i++)
		ac_buf_add(&b, v[i].source);
	*ret = ac_buf_str(&b);
	return AC_OK;
}
