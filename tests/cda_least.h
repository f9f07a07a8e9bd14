/* cda_least.h - the smallest document, for the tests of the writer and of the reader. */
#ifndef TESTS_CDA_LEAST_H
#define TESTS_CDA_LEAST_H
#include "hl7/codes.h"
#include "tests/cda_kit.h"

static struct ac_arena *a;

static inline void
setup(void)
{
	a = ac_arena_new();
}

static inline void
teardown(void)
{
	ac_arena_free(a);
}

/* The least document that the standard allows: nobody knows anything but that there is a plan. */
static inline struct cda_document
least(void)
{
	static const struct cda_statement concern = {
		.is = CDA_HEALTH_CONCERN, .id = { "concern", 7 }, .ref = { "c1", 2 }
	};
	static const struct cda_statement goal = {
		.is = CDA_GOAL, .id = { "goal/1", 6 }, .ref = { "g1", 2 }, .code = { .null = "OTH" }
	};
	static const struct cda_statement *const concerns[] = { &concern }, *const goals[] = { &goal };
	static const struct cda_cell c = { .id = { "c1", 2 }, .text = { "Recovery", 8 } };
	static const struct cda_cell g = { .id = { "g1", 2 }, .text = { "Follow the plan", 15 } };
	static const struct cda_cell none = { .text = { "None.", 5 } };
	static const struct cda_block cb = { .kind = CDA_PARAGRAPH, .cells = &c, .ncells = 1 };
	static const struct cda_block gb = { .kind = CDA_PARAGRAPH, .cells = &g, .ncells = 1 };
	static const struct cda_block nb = { .kind = CDA_PARAGRAPH, .cells = &none, .ncells = 1 };

	return (struct cda_document){
		.id = { { 7 } },
		.set_id = { { 8 } },
		.version = 1,
		.code = { .code = AC_S("18776-5"), .system = AC_S(CODES_LOINC) },
		.title = AC_S("Aftercare plan"),
		.time = AC_S("20260328143500+0100"),
		.author = { .maker = AC_S("Aftercare"), .software = AC_S("Aftercare") },
		.service = { .low = AC_S("20260328143500+0100") },
		.sections = {
			[CDA_CONCERNS] = { .blocks = &cb, .nblocks = 1, .entries = concerns, .nentries = 1 },
			[CDA_GOALS] = { .blocks = &gb, .nblocks = 1, .entries = goals, .nentries = 1 },
			[CDA_INTERVENTIONS] = { .null = "NI", .blocks = &nb, .nblocks = 1 },
			[CDA_OUTCOMES] = { .null = "NI", .blocks = &nb, .nblocks = 1 },
		},
	};
}

static inline struct ac_str
written(const struct cda_document *d)
{
	struct ac_err e = { 0 };
	struct ac_str xml = { 0 };

	cr_assert(cda_write(d, a, &xml, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return xml;
}

#endif
