/* keys.h - what a loaded pair of keys is. Private to core; the rest of the product sees core/audit.h. */
#ifndef CORE_KEYS_H
#define CORE_KEYS_H

#include <openssl/types.h>

#include "core/audit.h"
#include "core/signature.h"

#define AC_STORE_KEY_BYTES 32
#define AC_SIGNATURE_BYTES 64

struct ac_keys { /* immutable, shared by threads */
	EVP_PKEY *log;
	EVP_PKEY *clinic;  /* EC P-256, signs documents; NULL: none */
	X509 *certificate; /* of `clinic`; NULL with it */
	struct ac_certificate described; /* of it, in `kept`: each document asks */
	struct ac_arena *kept;
	unsigned char store[AC_STORE_KEY_BYTES];
	unsigned char public_key[32];
	unsigned char note_hash[4]; /* C2SP: of name, line feed, type, public key */
	char origin[32];            /* "aftercare/" and 16 hexadecimal digits of the public key's SHA-256 */
};

/* What leaves and checkpoints need: without the clinic's key, which is slow to read. */
enum ac_code ac_keys_load_log(const char *dir, struct ac_keys **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_keys_sign(const struct ac_keys *k, struct ac_str text, unsigned char ret[AC_SIGNATURE_BYTES]);

#endif
