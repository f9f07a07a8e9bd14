/* fuzz_protocol.c - no bytes make the loader do wrong; what it refuses has a rule and a place, what it accepts can be linted. */
#include <stdint.h>
#include <stdlib.h>

#include "core/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_protocol *p = NULL, *again = NULL;
	struct ac_findings found = { 0 };
	struct ac_err err = { 0 };
	struct ac_str xml = { (const char *)data, n };

	if (ac_protocol_load(xml, a, &p, &err) != AC_OK) {
		if (err.rule == NULL || err.line == 0 || err.msg[0] == '\0' || p != NULL)
			abort();
		return 0;
	}
	ac_protocol_lint(p, NULL, a, &found);
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].line == 0 || found.v[i].message.n == 0)
			abort();
	if (ac_protocol_load(xml, a, &again, &err) != AC_OK || !ac_sha256_eq(&p->version, &again->version))
		abort();
	return 0;
}
