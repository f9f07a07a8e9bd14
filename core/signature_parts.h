/* signature_parts.h - what keys.c, init.c, clinic_key.c and signature.c share. Nobody else includes it. */
#ifndef CORE_SIGNATURE_PARTS_H
#define CORE_SIGNATURE_PARTS_H

#include <openssl/types.h>

#include "core/committer.h"
#include "core/signature.h"

/* Both are the caller's to free. */
enum ac_code ac_clinic_key_parse(struct ac_str pem, EVP_PKEY **ret_key, X509 **ret_certificate,
    struct ac_err *reterr) AC_MUST_CHECK;
void ac_certificate_describe(X509 *x, struct ac_arena *a, struct ac_certificate *ret);
/* The leaf that says which certificate is the clinic's. */
enum ac_code ac_certificate_note(struct ac_commit *c, const struct ac_certificate *x, struct ac_str actor, struct ac_str reason,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
