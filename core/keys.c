/*
 * keys.c - log.key signs checkpoints (Ed25519), store.key turns names into pseudonyms (HMAC).
 *
 * Both are files 0600 in a folder 0700; a key that others can read is refused, so that it is noticed at start.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "core/keys.h"
#include "core/signature_parts.h"

#define KEY_FILE_MAX 4096
#define ED25519_NOTE_TYPE 0x01 /* C2SP signed-note */

AC_DEFINE_AUTO_T(BIO, BIO_free_all)
AC_DEFINE_AUTO_T(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
AC_DEFINE_AUTO_T(EVP_PKEY, EVP_PKEY_free)
AC_DEFINE_AUTO_T(EVP_MD_CTX, EVP_MD_CTX_free)

static void
wipe(struct ac_str s)
{
	if (s.n > 0)
		OPENSSL_cleanse((void *)(uintptr_t)s.p, s.n);
}

static enum ac_code
fail_key(struct ac_err *reterr, const char *what)
{
	return ac_fail(reterr, AC_EIO, "KEY-FORMAT", "%s", what);
}

static const char *
path_of(struct ac_arena *a, const char *dir, const char *name)
{
	return ac_cstr(a, ac_strf(a, "%s/%s", dir, name));
}

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

static enum ac_code
write_log_key(const char *path, struct ac_err *reterr)
{
	AC_AUTO_T(EVP_PKEY) key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	AC_AUTO_T(BIO) out = BIO_new(BIO_s_secmem());
	char *pem = NULL;

	if (key == NULL || out == NULL ||
	    PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) != 1)
		return fail_key(reterr, "cannot make a signing key");
	long n = BIO_get_mem_data(out, &pem);
	return ac_file_write(path, (struct ac_str){ pem, (size_t)n }, 0600, reterr);
}

static enum ac_code
write_store_key(const char *path, struct ac_err *reterr)
{
	unsigned char key[AC_STORE_KEY_BYTES];

	ac_random(key, sizeof(key));
	enum ac_code code =
	    ac_file_write(path, (struct ac_str){ (const char *)key, sizeof(key) }, 0600, reterr);
	OPENSSL_cleanse(key, sizeof(key));
	return code;
}

enum ac_code
ac_keys_create(const char *dir, struct ac_str organisation, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const char *log = path_of(a, dir, "log.key"), *store = path_of(a, dir, "store.key");
	const char *clinic = path_of(a, dir, AC_CLINIC_KEY_NAME);

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return ac_fail(reterr, AC_EIO, "FILE-IO", "cannot make the folder %s", dir);
	if (is_there(log) || is_there(store) || is_there(clinic))
		return ac_fail(reterr, AC_ECONFLICT, "KEY-EXISTS", "%s has keys already", dir);
	enum ac_code code = write_log_key(log, reterr);
	if (code == AC_OK)
		code = write_store_key(store, reterr);
	if (code == AC_OK)
		code = ac_clinic_key_write(clinic, organisation, reterr);
	return code;
}

static enum ac_code
read_key(const char *path, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return ac_fail(reterr, AC_ENOTFOUND, "KEY-MISSING", "no key at %s", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return ac_fail(
		    reterr, AC_EDENIED, "KEY-MODE", "others can read %s: its mode must be 0600", path);
	return ac_file_read(path, KEY_FILE_MAX, a, ret, reterr);
}

/* The name says which key it is: two installations never share an origin. */
static enum ac_code
name_log(struct ac_keys *k, struct ac_arena *a, struct ac_err *reterr)
{
	size_t n = sizeof(k->public_key);
	struct ac_sha256 sha;

	if (EVP_PKEY_get_raw_public_key(k->log, k->public_key, &n) != 1 || n != sizeof(k->public_key))
		return fail_key(reterr, "log.key is not an Ed25519 key");
	ac_sha256((struct ac_str){ (const char *)k->public_key, n }, &sha);
	snprintf(k->origin, sizeof(k->origin), "aftercare/%.*s", AC_FMT(ac_hex(a, sha.b, 8)));

	struct ac_str named = ac_strf(a, "%s\n%c%32s", k->origin, ED25519_NOTE_TYPE, "");
	memcpy((char *)(uintptr_t)named.p + named.n - n, k->public_key, n);
	ac_sha256(named, &sha);
	memcpy(k->note_hash, sha.b, sizeof(k->note_hash));
	return AC_OK;
}

/* An installation made before documents were signed has none: `aftercare key certify` makes it. */
static enum ac_code
load_clinic(struct ac_keys *k, const char *dir, struct ac_arena *a, struct ac_err *reterr)
{
	const char *path = path_of(a, dir, AC_CLINIC_KEY_NAME);
	struct ac_str pem = { 0 };
	enum ac_code code;

	if (!is_there(path))
		return AC_OK;
	if ((code = read_key(path, a, &pem, reterr)) != AC_OK)
		return code;
	code = ac_clinic_key_parse(pem, &k->clinic, &k->certificate, reterr);
	wipe(pem);
	if (code == AC_OK) {
		k->kept = ac_arena_new();
		ac_certificate_describe(k->certificate, k->kept, &k->described);
	}
	return code;
}

/*
 * PEM_read_bio_PrivateKey asks every decoder of the library whether the key is its own, which takes a command longer
 * than all else that it does. The file holds what RFC 8410 section 7 says: PKCS #8 around an OCTET STRING of 32 bytes.
 */
static EVP_PKEY *
parse_log_key(struct ac_str pem)
{
	AC_AUTO_T(BIO) in = BIO_new_mem_buf(pem.p, (int)pem.n);
	const unsigned char *der = NULL;
	const ASN1_OBJECT *which = NULL;
	EVP_PKEY *key = NULL;
	int n = 0;

	if (in == NULL)
		abort();
	AC_AUTO_T(PKCS8_PRIV_KEY_INFO) info = PEM_read_bio_PKCS8_PRIV_KEY_INFO(in, NULL, NULL, NULL);
	if (info == NULL || PKCS8_pkey_get0(&which, &der, &n, NULL, info) != 1 || OBJ_obj2nid(which) != NID_ED25519)
		return NULL;
	ASN1_OCTET_STRING *raw = d2i_ASN1_OCTET_STRING(NULL, &der, n);
	if (raw != NULL)
		key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, ASN1_STRING_get0_data(raw),
		    (size_t)ASN1_STRING_length(raw));
	if (raw != NULL)
		OPENSSL_cleanse((void *)(uintptr_t)ASN1_STRING_get0_data(raw), (size_t)ASN1_STRING_length(raw));
	ASN1_OCTET_STRING_free(raw);
	return key;
}

static enum ac_code
load(struct ac_keys *k, const char *dir, struct ac_arena *a, struct ac_err *reterr)
{
	struct ac_str pem = { 0 }, secret = { 0 };
	enum ac_code code = read_key(path_of(a, dir, "log.key"), a, &pem, reterr);

	if (code != AC_OK)
		return code;
	k->log = parse_log_key(pem);
	wipe(pem);
	if (k->log == NULL) {
		ERR_clear_error();
		return fail_key(reterr, "log.key is not an Ed25519 key");
	}
	code = read_key(path_of(a, dir, "store.key"), a, &secret, reterr);
	if (code != AC_OK)
		return code;
	if (secret.n != sizeof(k->store)) {
		wipe(secret);
		return fail_key(reterr, "store.key has not 32 bytes");
	}
	memcpy(k->store, secret.p, sizeof(k->store));
	wipe(secret);
	return name_log(k, a, reterr);
}

static enum ac_code
load_keys(const char *dir, bool with_clinic, struct ac_keys **ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	AC_AUTO(ac_keys) k = calloc(1, sizeof(*k));

	if (k == NULL)
		abort();
	enum ac_code code = load(k, dir, a, reterr);
	if (code == AC_OK && with_clinic)
		code = load_clinic(k, dir, a, reterr);
	if (code == AC_OK)
		*ret = AC_TAKE(k);
	return code;
}

enum ac_code
ac_keys_load(const char *dir, struct ac_keys **ret, struct ac_err *reterr)
{
	return load_keys(dir, true, ret, reterr);
}

enum ac_code
ac_keys_load_log(const char *dir, struct ac_keys **ret, struct ac_err *reterr)
{
	return load_keys(dir, false, ret, reterr);
}

void
ac_keys_free(struct ac_keys *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->log);
	EVP_PKEY_free(k->clinic);
	X509_free(k->certificate);
	if (k->kept != NULL)
		ac_arena_free(k->kept);
	OPENSSL_cleanse(k, sizeof(*k));
	free(k);
}

struct ac_str
ac_keys_origin(const struct ac_keys *k)
{
	return ac_str_c(k->origin);
}

struct ac_str
ac_keys_public(const struct ac_keys *k, struct ac_arena *a)
{
	unsigned char typed[1 + sizeof(k->public_key)] = { ED25519_NOTE_TYPE };

	memcpy(typed + 1, k->public_key, sizeof(k->public_key));
	return ac_strf(a, "%s+%.*s+%.*s", k->origin, AC_FMT(ac_hex(a, k->note_hash, sizeof(k->note_hash))),
	    AC_FMT(ac_base64(a, typed, sizeof(typed))));
}

void
ac_keys_hmac(const struct ac_keys *k, const char *purpose, struct ac_str bytes, struct ac_sha256 *ret)
{
	struct ac_str key = { (const char *)k->store, sizeof(k->store) };
	size_t n = strlen(purpose) + 1;
	AC_AUTO(ac_arena) a = NULL;
	char few[256], *p = few;

	if (n + bytes.n > sizeof(few)) {
		a = ac_arena_new();
		p = ac_alloc(a, n + bytes.n);
	}
	memcpy(p, purpose, n);
	if (bytes.n > 0)
		memcpy(p + n, bytes.p, bytes.n);
	ac_hmac_sha256(key, (struct ac_str){ p, n + bytes.n }, ret);
}

void
ac_keys_sign(const struct ac_keys *k, struct ac_str text, unsigned char ret[AC_SIGNATURE_BYTES])
{
	AC_AUTO_T(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
	size_t n = AC_SIGNATURE_BYTES;

	/* nothing here depends on input: a failure means no memory */
	if (ctx == NULL || EVP_DigestSignInit(ctx, NULL, NULL, NULL, k->log) != 1 ||
	    EVP_DigestSign(ctx, ret, &n, (const unsigned char *)text.p, text.n) != 1 ||
	    n != AC_SIGNATURE_BYTES)
		abort();
}
