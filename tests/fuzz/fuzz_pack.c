/* fuzz_pack.c - any bytes as a pack: read, and its signature checked, without a crash, a leak or a read too far. */
#include <stdint.h>

#include "core/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str bytes = { (const char *)data, size };
	struct ac_err e = { 0 };
	struct ac_pack p;

	if (ac_pack_read(bytes, a, &p, &e) == AC_OK &&
	    ac_pack_verify(&p, AC_S("aftercare/0+00000000+AAAA"), &e) == AC_OK)
		__builtin_trap(); /* a key that is none verifies nothing */
	if (ac_pack_verify(&(struct ac_pack){ .signer = AC_S("x"), .signature = AC_S("AAAA") }, bytes, &e) == AC_OK)
		__builtin_trap();
	return 0;
}
