/* fuzz_fhir.c - any bytes as a PlanDefinition: what is read becomes a draft that loads, and goes out as the same twice. */
#include <stdint.h>

#include "core/protocol_fhir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ac_str
out(struct ac_arena *a, const struct ac_protocol *p)
{
	struct fhir_plan_definition pd;
	struct ac_fhir_losses lost;
	struct ac_buf b;

	ac_protocol_to_fhir(p, AC_S("draft"), a, &pd, &lost);
	pd.version = AC_S("x");
	ac_buf_init(&b, a, 4096, 0);
	fhir_plan_definition_write(&pd, &b);
	return ac_buf_str(&b);
}

static const struct ac_protocol *
in(struct ac_arena *a, struct ac_str bytes, bool must)
{
	struct fhir_plan_definition pd;
	const struct ac_protocol *p = NULL;
	struct fhir_unknown unknown;
	struct ac_fhir_losses lost;
	struct ac_err e = { 0 };
	struct ac_str xml;
	enum ac_code rc = fhir_plan_definition_read(bytes, a, &pd, &unknown, &e);

	if (rc == AC_OK) {
		rc = ac_protocol_from_fhir(&pd, &unknown, a, &xml, &lost, &e);
		must |= rc != AC_OK && rc != AC_ELIMIT; /* what was read is a draft, or too long for one */
		if (rc == AC_OK)
			rc = ac_protocol_load(xml, a, &p, &e);
	}
	if (must && rc != AC_OK)
		__builtin_trap();
	return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_protocol *p = in(a, (struct ac_str){ (const char *)data, size }, false), *back;

	if (p == NULL)
		return 0;
	struct ac_str first = out(a, p);
	if (first.n > FHIR_BYTES_MAX)
		return 0;
	back = in(a, first, true);
	if (!ac_streq(out(a, back), first))
		__builtin_trap();
	return 0;
}
