/* signature.c - a detached CMS over a document: made, handed out with its certificate, checked. See signature.h. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "core/blob.h"
#include "core/keys.h"
#include "core/record_parts.h"
#include "core/service_parts.h"
#include "core/signature_parts.h"

#define FLAGS (CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_NOCERTS)

AC_DEFINE_AUTO_T(BIO, BIO_free_all)
AC_DEFINE_AUTO_T(X509, X509_free)
AC_DEFINE_AUTO_T(X509_STORE, X509_STORE_free)
AC_DEFINE_AUTO_T(CMS_ContentInfo, CMS_ContentInfo_free)
AC_DEFINE_AUTO_T(ASN1_TIME, ASN1_TIME_free)

static enum ac_code
fail(struct ac_err *reterr, enum ac_code code, const char *rule, const char *what)
{
	ERR_clear_error(); /* what OpenSSL noted may quote the document */
	return ac_fail(reterr, code, rule, "%s", what);
}

static bool
to_der(const CMS_ContentInfo *cms, struct ac_arena *a, struct ac_str *ret)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);

	if (n <= 0)
		return false;
	*ret = ac_str_dup(a, (struct ac_str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	return true;
}

/* The product's clock, not the machine's. */
static bool
set_time(CMS_ContentInfo *cms, int64_t at_ms)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	AC_AUTO_T(ASN1_TIME) t = X509_time_adj_ex(NULL, 0, 0, &(time_t){ at_ms / 1000 });

	return si != NULL && t != NULL &&
	       CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime, t->type, t, -1) == 1;
}

/*
 * What CMS_final would do with the document at hand, without hashing it once more: its digest is in the row already, and a
 * document is long. RFC 5652 section 11: content-type and message-digest are what signed attributes must have.
 */
static bool
sign_digest(CMS_ContentInfo *cms, const struct ac_sha256 *digest)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);

	return si != NULL &&
	       CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
	       CMS_signed_add1_attr_by_NID(
		   si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest->b, (int)sizeof(digest->b)) == 1 &&
	       CMS_SignerInfo_sign(si) == 1;
}

enum ac_code
ac_signature_make(const struct ac_keys *k, const struct ac_sha256 *digest, int64_t at_ms, struct ac_arena *a,
    struct ac_str *ret, struct ac_err *reterr)
{
	if (k->clinic == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "KEY-CLINIC",
		    "the clinic has no key for signatures: aftercare key certify makes one");
	AC_AUTO_T(CMS_ContentInfo) cms = CMS_sign(NULL, NULL, NULL, NULL, FLAGS | CMS_PARTIAL);

	if (cms == NULL || CMS_add1_signer(cms, k->certificate, k->clinic, EVP_sha256(), FLAGS | CMS_PARTIAL) == NULL ||
	    !set_time(cms, at_ms) || !sign_digest(cms, digest) || !to_der(cms, a, ret))
		return fail(reterr, AC_EIO, "SIGNATURE-MAKE", "the document could not be signed");
	return AC_OK;
}

static enum ac_code
read_cms(struct ac_str der, CMS_ContentInfo **ret, struct ac_err *reterr)
{
	const unsigned char *p = (const unsigned char *)der.p;

	*ret = der.n == 0 || der.n > AC_SIGNATURE_MAX ? NULL : d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
	if (*ret == NULL || p != (const unsigned char *)der.p + der.n || OBJ_obj2nid(CMS_get0_type(*ret)) != NID_pkcs7_signed) {
		CMS_ContentInfo_free(*ret);
		*ret = NULL;
		return fail(reterr, AC_EINPUT, "SIGNATURE-FORMAT", "not a signature: CMS signed data in DER is expected");
	}
	return AC_OK;
}

static enum ac_code
read_x509(struct ac_str der, X509 **ret, struct ac_err *reterr)
{
	const unsigned char *p = (const unsigned char *)der.p;

	*ret = d2i_X509(NULL, &p, (long)der.n);
	return *ret != NULL ? AC_OK
			    : fail(reterr, AC_EINPUT, "CERTIFICATE-FORMAT", "not a certificate in DER");
}

enum ac_code
ac_signature_whole(struct ac_str der, struct ac_str certificate, struct ac_arena *a, struct ac_str *ret,
    struct ac_err *reterr)
{
	AC_AUTO_T(CMS_ContentInfo) cms = NULL;
	AC_AUTO_T(X509) x = NULL;
	enum ac_code rc = read_cms(der, &cms, reterr);

	if (rc != AC_OK || (rc = read_x509(certificate, &x, reterr)) != AC_OK)
		return rc;
	if (CMS_add1_cert(cms, x) != 1 || !to_der(cms, a, ret))
		return fail(reterr, AC_EIO, "SIGNATURE-MAKE", "the certificate could not be put into the signature");
	return AC_OK;
}

static int64_t
stated_time(CMS_ContentInfo *cms)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	const ASN1_TIME *t = NULL;
	struct tm tm;

	if (si != NULL)
		t = CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_signingTime), -3, V_ASN1_UTCTIME);
	if (si != NULL && t == NULL)
		t = CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_signingTime), -3, V_ASN1_GENERALIZEDTIME);
	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return AC_INSTANT_NONE;
	return ac_days_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 + tm.tm_hour * 3600 +
	       tm.tm_min * 60 + tm.tm_sec;
}

/* Only the certificate that was given counts, never one that comes inside; whether it has expired since is not asked. */
enum ac_code
ac_signature_check(struct ac_str der, struct ac_str document, struct ac_str certificate, int64_t *ret_at,
    struct ac_err *reterr)
{
	AC_AUTO_T(CMS_ContentInfo) cms = NULL;
	AC_AUTO_T(X509) x = NULL;
	AC_AUTO_T(X509_STORE) trusted = X509_STORE_new();
	STACK_OF(X509) *signers = sk_X509_new_null();
	enum ac_code rc = read_cms(der, &cms, reterr);

	if (trusted == NULL || signers == NULL)
		abort();
	if (rc == AC_OK)
		rc = read_x509(certificate, &x, reterr);
	if (rc != AC_OK || document.n > INT32_MAX) {
		sk_X509_free(signers);
		return rc != AC_OK ? rc : fail(reterr, AC_ELIMIT, "SIGNATURE-SIZE", "the document is too long");
	}
	AC_AUTO_T(BIO) in = BIO_new_mem_buf(document.p, (int)document.n);
	bool good = in != NULL && sk_X509_push(signers, x) > 0 && X509_STORE_add_cert(trusted, x) == 1 &&
		    X509_STORE_set_flags(trusted, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
		    CMS_verify(cms, signers, trusted, in, NULL, CMS_BINARY | CMS_NOINTERN) == 1;
	sk_X509_free(signers);
	if (!good)
		return fail(reterr, AC_EINTEGRITY, "SIGNATURE-BAD", "the signature is not this document's, or not of this certificate");
	if (ret_at != NULL)
		*ret_at = stated_time(cms);
	return AC_OK;
}

static enum ac_code
stored(struct ac_worker *w, const struct ac_val *cms, const struct ac_val *certificate, struct ac_str *ret,
    struct ac_certificate *ret_certificate, struct ac_err *reterr)
{
	struct ac_sha256 sha;
	struct ac_str der;
	enum ac_code rc;

	if (!ac_val_sha(certificate, &sha))
		return ac_fail_at(reterr, AC_EINTEGRITY, "ROW-TYPE", 0, 0, "document.certificate",
		    "a stored column is not what the schema says");
	if ((rc = ac_blob_get(w->reader, &sha, w->service->dictionaries, w->arena, &der, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_certificate_read(der, w->arena, ret_certificate, reterr)) != AC_OK)
		return rc;
	return ac_signature_whole(cms->s, der, w->arena, ret, reterr);
}

enum ac_code
ac_document_signature(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_str *ret,
    struct ac_certificate *ret_certificate, bool *ret_stored, struct ac_err *reterr)
{
	struct ac_document_row row;
	struct ac_str xml, cms;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(
	    w->reader, AC_STMT_DOCUMENT_SIGNATURE, w->arena, &rows, reterr, AC_VUUID(&plan), AC_VINT(version));

	if (rc != AC_OK)
		return rc;
	*ret_stored = rows.n > 0 && ac_row(&rows, 0)[0].type != AC_VAL_NULL;
	if (*ret_stored)
		return stored(w, &ac_row(&rows, 0)[0], &ac_row(&rows, 0)[1], ret, ret_certificate, reterr);
	if ((rc = ac_document_bytes(w, plan, version, &row, &xml, reterr)) != AC_OK)
		return rc;
	rc = ac_signature_make(w->service->keys, &row.sha256, ac_service_now_ms(w->service), w->arena, &cms, reterr);
	if (rc != AC_OK)
		return rc;
	if (!ac_keys_certificate(w->service->keys, w->arena, ret_certificate))
		return ac_fail(reterr, AC_ENOTFOUND, "KEY-CLINIC", "the clinic has no key for signatures");
	return ac_signature_whole(cms, ret_certificate->der, w->arena, ret, reterr);
}
