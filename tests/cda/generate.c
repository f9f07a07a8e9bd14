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

static size_t seen[GEN__COUNT];

/* The whole way again, from the seed: the bytes must be the same. */
static bool
is_same_again(unsigned long seed, struct ac_str xml, struct ac_arena *a)
{
	struct ac_err e = { 0 };
	struct ac_str again;
	struct gen g;

	gen_seed(&g, seed, a);
	const struct ac_plan *p = gen_plan(&g, &e);
	return p != NULL && ac_plan_cda(p, a, &again, &e) == AC_OK && ac_streq(xml, again);
}

static void
say_kinds(void)
{
	printf("among them:");
	for (size_t i = 0; i < GEN__COUNT; i++)
		printf("%s %s %zu", i > 0 ? "," : "", gen_kind_words[i], seen[i]);
	printf("\n");
}

static int
generate(const char *folder, unsigned long seed, struct ac_arena *a)
{
	struct ac_err e = { 0 };
	struct ac_str xml, html;
	struct gen g;

	gen_seed(&g, seed, a);
	const struct ac_plan *p = gen_plan(&g, &e);
	if (p == NULL)
		return fail("plan", seed, &e);
	if (ac_plan_cda(p, a, &xml, &e) != AC_OK)
		return fail("document", seed, &e);
	if (!is_same_again(seed, xml, a)) {
		fprintf(stderr, "seed %lu: the same inputs gave two documents\n", seed);
		return 1;
	}
	if (ac_cda_view(xml, a, &html, &e) != AC_OK)
		return fail("view", seed, &e);
	if (ac_file_write(ac_cstr(a, ac_strf(a, "%s/%06lu.xml", folder, seed)), xml, 0600, &e) != AC_OK)
		return fail("write", seed, &e);
	for (size_t i = 0; i < GEN__COUNT; i++)
		seen[i] += g.kinds >> i & 1;
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
	say_kinds();
	return bad;
}
