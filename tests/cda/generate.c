/* generate.c - FOLDER COUNT [FIRST-SEED]: documents of random plans, one file a seed, for the validator. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "core/cda_view.h"
#include "core/plan_cda.h"
#include "tests/cda/random.h"

static int
fail(const char *what, unsigned long seed, const struct ac_err *e)
{
	fprintf(
	    stderr, "seed %lu: %s: %s %s:%u:%u: %s\n", seed, what, e->rule, e->path, e->line, e->col, e->msg);
	return 1;
}

static int
generate(const char *folder, unsigned long seed, struct ac_arena *a)
{
	struct ac_err e = { 0 };
	struct ac_str xml, again, html;
	struct gen g;

	gen_seed(&g, seed, a);
	const struct ac_plan *p = gen_plan(&g, &e);
	if (p == NULL)
		return fail("plan", seed, &e);
	if (ac_plan_cda(p, a, &xml, &e) != AC_OK || ac_plan_cda(p, a, &again, &e) != AC_OK)
		return fail("document", seed, &e);
	if (!ac_streq(xml, again)) {
		fprintf(stderr, "seed %lu: the same plan gave two documents\n", seed);
		return 1;
	}
	if (ac_cda_view(xml, a, &html, &e) != AC_OK)
		return fail("view", seed, &e);
	if (ac_file_write(ac_cstr(a, ac_strf(a, "%s/%06lu.xml", folder, seed)), xml, 0600, &e) != AC_OK)
		return fail("write", seed, &e);
	return 0;
}

int
main(int argc, char **argv)
{
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0,
		      first = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	int bad = 0;

	if (argc < 3 || count == 0) {
		fprintf(stderr, "usage: cda_generate FOLDER COUNT [FIRST-SEED]\n");
		return 2;
	}
	for (unsigned long seed = first; seed < first + count; seed++) {
		struct ac_arena *a = ac_arena_new();
		bad |= generate(argv[1], seed, a);
		ac_arena_free(a);
	}
	return bad;
}
