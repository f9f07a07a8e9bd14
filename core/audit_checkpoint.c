/*
 * audit_checkpoint.c - C2SP tlog-checkpoint: three lines, an empty one, and a signature line
 * "— name base64(4 bytes key hash, 64 bytes Ed25519 signature)".
 */
#include "core/keys.h"

#define DASH "\xE2\x80\x94 " /* em dash, space */

static struct ac_str
body(const struct ac_keys *k, uint64_t size, const struct ac_sha256 *root, struct ac_arena *a)
{
	return ac_strf(a, "%s\n%llu\n%.*s\n", k->origin, (unsigned long long)size,
	    AC_FMT(ac_base64(a, root->b, sizeof(root->b))));
}

static struct ac_str
signature_line(const struct ac_keys *k, const unsigned char *signature, struct ac_arena *a)
{
	unsigned char both[sizeof(k->note_hash) + AC_SIGNATURE_BYTES];

	memcpy(both, k->note_hash, sizeof(k->note_hash));
	memcpy(both + sizeof(k->note_hash), signature, AC_SIGNATURE_BYTES);
	return ac_strf(a, DASH "%s %.*s\n", k->origin, AC_FMT(ac_base64(a, both, sizeof(both))));
}

struct ac_str
ac_checkpoint_sign(const struct ac_keys *k, uint64_t size, const struct ac_sha256 *root, struct ac_arena *a)
{
	struct ac_str text = body(k, size, root, a);
	unsigned char signature[AC_SIGNATURE_BYTES];

	ac_keys_sign(k, text, signature);
	return ac_strf(a, "%.*s\n%.*s", AC_FMT(text), AC_FMT(signature_line(k, signature, a)));
}

/* Ed25519 signs deterministically: the note that this key makes for this head is the only one. */
bool
ac_checkpoint_check(const struct ac_keys *k, struct ac_str note, uint64_t size, const struct ac_sha256 *root)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	return ac_streq(note, ac_checkpoint_sign(k, size, root, a));
}
