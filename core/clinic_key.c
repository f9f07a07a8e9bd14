/* clinic_key.c - the clinic's own key and its certificate: made, read, renewed. See signature.h. */
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "core/keys.h"
#include "core/service_parts.h"
#include "core/signature.h"
#include "core/signature_parts.h"

#define DAY_S 86400
#define NAME_BYTES_MAX 64 /* ub-organization-name, ub-common-name: RFC 5280 appendix A */

AC_DEFINE_AUTO_T(BIO, BIO_free_all)
AC_DEFINE_AUTO_T(EVP_PKEY, EVP_PKEY_free)
AC_DEFINE_AUTO_T(X509, X509_free)
AC_DEFINE_AUTO_T(X509_EXTENSION, X509_EXTENSION_free)

static enum ac_code
fail_key(struct ac_err *reterr, const char *what)
{
	ERR_clear_error();
	return ac_fail(reterr, AC_EIO, "KEY-FORMAT", "%s", what);
}

static bool
add_extension(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx = { 0 };

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0); /* issuer and subject: both this one */
	AC_AUTO_T(X509_EXTENSION) e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);

	return e != NULL && X509_add_ext(x, e, -1) == 1;
}

/* 20 octets at most, positive: RFC 5280 4.1.2.2. */
static bool
set_serial(X509 *x)
{
	unsigned char b[16];
	BIGNUM *n;

	ac_random(b, sizeof(b));
	b[0] = (unsigned char)((b[0] & 0x7f) | 0x40);
	if ((n = BN_bin2bn(b, sizeof(b), NULL)) == NULL)
		return false;
	bool ok = BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
	BN_free(n);
	return ok;
}

static bool
add_name(X509_NAME *n, const char *field, struct ac_str s)
{
	size_t len = s.n < NAME_BYTES_MAX ? s.n : NAME_BYTES_MAX;

	while (len > 0 && len < s.n && ((unsigned char)s.p[len] & 0xC0) == 0x80)
		len--; /* not in the middle of a character */
	return len == 0 || X509_NAME_add_entry_by_txt(n, field, MBSTRING_UTF8, (const unsigned char *)s.p,
			       (int)len, -1, 0) == 1;
}

static bool
fill(X509 *x, EVP_PKEY *key, struct ac_str organisation)
{
	X509_NAME *name = X509_get_subject_name(x);
	time_t now = time(NULL);

	/* a day back: clocks of those who verify may be behind ours */
	return X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
	       ASN1_TIME_adj(X509_getm_notBefore(x), now, -1, 0) != NULL &&
	       ASN1_TIME_adj(X509_getm_notAfter(x), now, AC_CERTIFICATE_YEARS * 365, 0) != NULL &&
	       add_name(name, "O", organisation) && add_name(name, "CN", AC_S("Aftercare, signature of the clinic")) &&
	       X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1 &&
	       add_extension(x, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(x, NID_key_usage, "critical,digitalSignature,nonRepudiation") &&
	       add_extension(x, NID_subject_key_identifier, "hash") && X509_sign(x, key, EVP_sha256()) > 0;
}

enum ac_code
ac_clinic_key_write(const char *path, struct ac_str organisation, struct ac_err *reterr)
{
	AC_AUTO_T(EVP_PKEY) key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	AC_AUTO_T(X509) x = X509_new();
	AC_AUTO_T(BIO) out = BIO_new(BIO_s_secmem());
	char *pem = NULL;

	if (key == NULL || x == NULL || out == NULL || !fill(x, key, organisation) ||
	    PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio_X509(out, x) != 1)
		return fail_key(reterr, "cannot make the clinic's key");
	long n = BIO_get_mem_data(out, &pem);
	return ac_file_write(path, (struct ac_str){ pem, (size_t)n }, 0600, reterr);
}

/*
 * PKCS #8 as it was written here, or the older form of a key that was brought along. Only the decoders of EC keys are
 * asked: looking through all others takes longer than the rest of opening an installation. An empty pass phrase
 * instead of a question on the terminal.
 */
static EVP_PKEY *
read_ec_key(BIO *in)
{
	EVP_PKEY *key = NULL;
	OSSL_DECODER_CTX *d =
	    OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", NULL, "EC", OSSL_KEYMGMT_SELECT_KEYPAIR, NULL, NULL);

	if (d == NULL)
		return NULL;
	(void)OSSL_DECODER_CTX_set_passphrase(d, (const unsigned char *)"", 0);
	if (OSSL_DECODER_from_bio(d, in) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	OSSL_DECODER_CTX_free(d);
	return key;
}

enum ac_code
ac_clinic_key_parse(struct ac_str pem, EVP_PKEY **ret_key, X509 **ret_certificate, struct ac_err *reterr)
{
	AC_AUTO_T(BIO) in = BIO_new_mem_buf(pem.p, (int)pem.n);
	AC_AUTO_T(BIO) again = BIO_new_mem_buf(pem.p, (int)pem.n);

	if (in == NULL || again == NULL)
		abort();
	AC_AUTO_T(EVP_PKEY) key = read_ec_key(in);
	AC_AUTO_T(X509) x = PEM_read_bio_X509(again, NULL, NULL, (void *)(uintptr_t) "");
	if (key == NULL || x == NULL || EVP_PKEY_is_a(key, "EC") != 1 || X509_check_private_key(x, key) != 1)
		return fail_key(reterr, AC_CLINIC_KEY_NAME " is not an EC key and its certificate");
	*ret_key = AC_TAKE(key);
	*ret_certificate = AC_TAKE(x);
	return AC_OK;
}

static int64_t
seconds(const ASN1_TIME *t)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return 0;
	return ac_days_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * DAY_S + tm.tm_hour * 3600 +
	       tm.tm_min * 60 + tm.tm_sec;
}

void
ac_certificate_describe(X509 *x, struct ac_arena *a, struct ac_certificate *ret)
{
	unsigned char *der = NULL;
	char name[256] = { 0 };
	int n = i2d_X509(x, &der);

	if (n <= 0)
		abort(); /* what was parsed can be written */
	ret->der = ac_str_dup(a, (struct ac_str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	ac_sha256(ret->der, &ret->sha256);
	X509_NAME_oneline(X509_get_subject_name(x), name, sizeof(name));
	ret->subject = ac_str_dup(a, ac_str_c(name));
	ret->not_before = seconds(X509_get0_notBefore(x));
	ret->not_after = seconds(X509_get0_notAfter(x));
}

bool
ac_keys_certificate(const struct ac_keys *k, struct ac_arena *a, struct ac_certificate *ret)
{
	if (k->certificate == NULL)
		return false;
	*ret = k->described;
	ret->der = ac_str_dup(a, ret->der);
	ret->subject = ac_str_dup(a, ret->subject);
	return true;
}

struct ac_uuid
ac_certificate_id(const struct ac_sha256 *sha)
{
	struct ac_uuid u;

	memcpy(u.b, sha->b, sizeof(u.b));
	return u;
}

enum ac_code
ac_certificate_read(struct ac_str bytes, struct ac_arena *a, struct ac_certificate *ret, struct ac_err *reterr)
{
	const unsigned char *p = (const unsigned char *)bytes.p;

	if (bytes.n == 0 || bytes.n > AC_SIGNATURE_MAX)
		return ac_fail(reterr, AC_EINPUT, "CERTIFICATE-FORMAT", "no certificate, or none of ours");
	AC_AUTO_T(BIO) in = BIO_new_mem_buf(bytes.p, (int)bytes.n);
	if (in == NULL)
		abort();
	AC_AUTO_T(X509) x = PEM_read_bio_X509(in, NULL, NULL, (void *)(uintptr_t) "");
	if (x == NULL)
		x = d2i_X509(NULL, &p, (long)bytes.n);
	ERR_clear_error();
	if (x == NULL)
		return ac_fail(reterr, AC_EINPUT, "CERTIFICATE-FORMAT", "not a certificate in PEM or DER");
	ac_certificate_describe(x, a, ret);
	return AC_OK;
}

struct ac_str
ac_certificate_pem(const struct ac_certificate *c, struct ac_arena *a)
{
	const unsigned char *p = (const unsigned char *)c->der.p;
	AC_AUTO_T(X509) x = d2i_X509(NULL, &p, (long)c->der.n);
	AC_AUTO_T(BIO) out = BIO_new(BIO_s_mem());
	char *pem = NULL;

	if (x == NULL || out == NULL || PEM_write_bio_X509(out, x) != 1)
		abort(); /* c was read from a certificate */
	long n = BIO_get_mem_data(out, &pem);
	return ac_str_dup(a, (struct ac_str){ pem, (size_t)n });
}

struct renewal {
	struct ac_str actor, reason;
	const struct ac_certificate *certificate;
};

enum ac_code
ac_certificate_note(struct ac_commit *c, const struct ac_certificate *x, struct ac_str actor, struct ac_str reason,
    struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "key",
		.kind = "certificate",
		.actor = actor,
		.role = AC_S("admin"),
		.reason = reason,
		.version = 1,
		.outcome = "made" };

	e.id = ac_uuid_str(c->arena, ac_certificate_id(&x->sha256));
	return ac_audit_append(c, &e, reterr);
}

static enum ac_code
note_renewal(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct renewal *r = arg;

	return ac_certificate_note(c, r->certificate, r->actor, r->reason, reterr);
}

/* The entry first: a key in use that no entry names would make every signature of it look forged. */
enum ac_code
ac_clinic_key_renew(struct ac_worker *w, const char *state_dir, struct ac_str actor, struct ac_life_how how,
    struct ac_certificate *ret, struct ac_err *reterr)
{
	const char *path = ac_cstr(w->arena, ac_strf(w->arena, "%s/keys/" AC_CLINIC_KEY_NAME, state_dir));
	const char *made = ac_cstr(w->arena, ac_strf(w->arena, "%s.made", path));
	const struct ac_clinic *clinic = w->config->clinic;
	struct renewal r = { .actor = actor, .reason = how.reason, .certificate = ret };
	struct ac_str pem;
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	if (rc != AC_OK || how.dry_run)
		return rc;
	rc = ac_clinic_key_write(made, clinic == NULL ? (struct ac_str){ 0 } : clinic->name, reterr);
	if (rc == AC_OK)
		rc = ac_file_read(made, AC_SIGNATURE_MAX, w->arena, &pem, reterr);
	if (rc != AC_OK)
		return rc;
	rc = ac_certificate_read(pem, w->arena, ret, reterr);
	OPENSSL_cleanse((void *)(uintptr_t)pem.p, pem.n);
	if (rc == AC_OK)
		rc = ac_committer_run(w->service->committer, note_renewal, &r, reterr);
	if (rc == AC_OK && rename(made, path) != 0)
		rc = ac_fail(reterr, AC_EIO, "FILE-IO", "cannot put the new key in its place");
	if (rc != AC_OK)
		(void)unlink(made);
	return rc;
}
