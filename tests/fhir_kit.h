/* fhir_kit.h - protocols out to FHIR and back, for the tests of both ways. */
#ifndef TESTS_FHIR_KIT_H
#define TESTS_FHIR_KIT_H
#include <criterion/criterion.h>
#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "core/protocol_diff.h"
#include "core/protocol_fhir.h"
#include "tests/expect.h"

struct out {
	struct ac_str json, version;
	struct ac_fhir_losses lost;
};

/* `version`: instead of the source's own; absent: that one. */
static inline struct out
fhir_out(struct ac_arena *a, const struct ac_protocol *p, struct ac_str version)
{
	struct fhir_plan_definition pd;
	struct out o = { 0 };
	struct ac_buf b;

	ac_protocol_to_fhir(p, AC_S("draft"), a, &pd, &o.lost);
	if (ac_str_is_set(version))
		pd.version = version;
	o.version = pd.version;
	ac_buf_init(&b, a, 4096, 0);
	fhir_plan_definition_write(&pd, &b);
	o.json = ac_buf_str(&b);
	return o;
}

struct back {
	struct ac_str xml;
	const struct ac_protocol *p;
	struct fhir_unknown unknown;
	struct ac_fhir_losses lost;
};

static inline enum ac_code
fhir_back(struct ac_arena *a, struct ac_str json, struct back *ret, struct ac_err *e)
{
	struct fhir_plan_definition pd;
	enum ac_code rc = fhir_plan_definition_read(json, a, &pd, &ret->unknown, e);

	if (rc == AC_OK)
		rc = ac_protocol_from_fhir(&pd, &ret->unknown, a, &ret->xml, &ret->lost, e);
	if (rc == AC_OK)
		rc = ac_protocol_load(ret->xml, a, &ret->p, e);
	return rc;
}

/* Calls `fn` with each protocol that ships and each of the tests' good ones; says how many there were. */
static inline int
each_protocol(struct ac_arena *a, void (*fn)(const char *name, struct ac_str xml))
{
	static const char *const dirs[] = { "schemas/protocols", "schemas/protocols/demo",
		"tests/good/protocol", "tests/golden/protocols" };
	int n = 0;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		const char *path = ac_cstr(a, ac_strf(a, "%s/%s", AC_SOURCE_DIR, dirs[i]));
		DIR *d = opendir(path);
		struct dirent *f;
		cr_assert(d != NULL, "%s", path);
		while ((f = readdir(d)) != NULL) {
			struct ac_err e = { 0 };
			struct ac_str xml;
			if (!ac_str_ends(ac_str_c(f->d_name), AC_S(".xml")))
				continue;
			const char *file = ac_cstr(a, ac_strf(a, "%s/%s", path, f->d_name));
			EXPECT_CODE(ac_file_read(file, AC_PROTOCOL_BYTES_MAX, a, &xml, &e), AC_OK, e);
			fn(file, xml);
			n++;
		}
		closedir(d);
	}
	return n;
}

#endif
