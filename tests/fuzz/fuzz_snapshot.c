/* fuzz_snapshot.c - no bytes make the snapshot decoder do wrong; what it accepts, it re-reads from its own canonical form. */
#include <stdint.h>
#include <stdlib.h>

#include "hl7/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct encounter *e = NULL, *back = NULL;
	struct enc_warnings w;
	struct ac_err err = { 0 };

	if (enc_snapshot_decode((struct ac_str){ (const char *)data, n }, a, &e, &w, &err) != AC_OK) {
		if (err.rule == NULL)
			abort();
		return 0;
	}
	struct ac_str first = enc_snapshot_encode(e, true, a);
	if (enc_snapshot_decode(first, a, &back, &w, &err) != AC_OK || w.n != 0)
		abort();
	if (!ac_streq(first, enc_snapshot_encode(back, true, a)))
		abort();
	return 0;
}
