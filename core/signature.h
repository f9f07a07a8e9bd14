/*
 * signature.h - a document's signature by the clinic's own key: detached CMS, as `openssl cms -verify` reads it.
 *
 * Shape   keys/clinic.key holds an EC P-256 key and its self-signed certificate, both PEM, 0600. A signature is made with the
 *         document's commit and stored beside it without the certificate, which is one blob for all; what is handed out
 *         has it inside. ECDSA varies: a signature is stored, never re-made. The document's bytes do not know of it.
 *           openssl cms -verify -binary -inform DER -in v1.xml.p7s -content v1.xml -CAfile clinic.pem
 * Trust   which certificates are the clinic's stands in the log: a leaf of kind "certificate" for each, its id the first 16
 *         bytes of the certificate's SHA-256. A signature outlives its certificate's dates: they are not asked.
 * Source  RFC 5652 (CMS), RFC 5758 (ECDSA with SHA-256).
 * Errors  AC_EINTEGRITY SIGNATURE-BAD: not of this document, or not by this certificate. AC_EINPUT SIGNATURE-FORMAT,
 *         CERTIFICATE-FORMAT. AC_ENOTFOUND KEY-CLINIC: the installation has no such key.
 * Threads keys and certificates are immutable; everything else is the caller's.
 * PHI     none in a signature or a certificate.
 */
#ifndef CORE_SIGNATURE_H
#define CORE_SIGNATURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "core/actor.h"

#define AC_CLINIC_KEY_NAME "clinic.key"
#define AC_SIGNATURE_MAX (16 * 1024) /* bytes of a CMS that is read */
#define AC_CERTIFICATE_YEARS 10

struct ac_keys;
struct ac_worker;
struct ac_certificate {
	struct ac_str der;
	struct ac_sha256 sha256; /* of the DER: its name everywhere */
	struct ac_str subject;
	int64_t not_before, not_after; /* seconds */
};
/* False: this installation has no clinic key; nothing is signed until `aftercare key certify`. */
bool ac_keys_certificate(const struct ac_keys *k, struct ac_arena *a, struct ac_certificate *ret);
struct ac_uuid ac_certificate_id(const struct ac_sha256 *sha); /* as its leaf names it */
/* DER or PEM; of a PEM file the first certificate. */
enum ac_code ac_certificate_read(struct ac_str bytes, struct ac_arena *a, struct ac_certificate *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
struct ac_str ac_certificate_pem(const struct ac_certificate *c, struct ac_arena *a);

/* A new key and certificate in a file; another process that runs goes on with the former until it is started again. */
enum ac_code ac_clinic_key_write(const char *path, struct ac_str organisation, struct ac_err *reterr) AC_MUST_CHECK;
/* The same for an installation in use, on record. */
enum ac_code ac_clinic_key_renew(struct ac_worker *w, const char *state_dir, struct ac_str actor, struct ac_life_how how,
    struct ac_certificate *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* Of the document with this digest. DER without the certificate; `at_ms` is the signing time that it states. */
enum ac_code ac_signature_make(const struct ac_keys *k, const struct ac_sha256 *digest, int64_t at_ms, struct ac_arena *a,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The same with its certificate inside: what others get. */
enum ac_code ac_signature_whole(struct ac_str cms, struct ac_str certificate_der, struct ac_arena *a, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* *ret_at (may be NULL): the signing time that it states, seconds; AC_INSTANT_NONE: none. */
enum ac_code ac_signature_check(struct ac_str cms, struct ac_str document, struct ac_str certificate_der, int64_t *ret_at,
    struct ac_err *reterr) AC_MUST_CHECK;

/* The signature of a stored document, whole; one made before there was a key is signed now, and not stored. */
enum ac_code ac_document_signature(struct ac_worker *w, struct ac_uuid plan, int64_t version, struct ac_str *ret_cms,
    struct ac_certificate *ret_certificate, bool *ret_stored, struct ac_err *reterr) AC_MUST_CHECK;

#endif
