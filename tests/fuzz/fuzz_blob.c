/* fuzz_blob.c - no stored bytes make the decoder of blobs or the reader of leaves do wrong. */
#include <stdlib.h>
#include <string.h>

#include "core/audit.h"
#include "core/blob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	char *exact = ac_alloc(a, n + 1); /* what was stored, where reading past it is seen */
	struct ac_str stored = { exact, n }, plain = { 0 };
	struct ac_err e = { 0 };
	struct ac_leaf l;

	if (n > 0)
		memcpy(exact, data, n);
	if (ac_blob_decode(stored, NULL, 1 << 20, NULL, a, &plain, &e) == AC_OK) {
		struct ac_str again = ac_blob_encode(plain, NULL, a), back = { 0 };
		if (ac_blob_decode(again, NULL, 1 << 20, NULL, a, &back, &e) != AC_OK ||
		    !ac_streq(plain, back))
			abort();
	}
	if (ac_leaf_parse(stored, &l) &&
	    (l.time.n != 24 || l.action.n == 0 || l.kind.n == 0 || l.version < 0))
		abort();
	return 0;
}
