/*
 * translate_round.c - protocols made and changed at random: a language that a translator fills is complete but for words that
 * stand twice on a line, whatever stood there before; a file in which nothing was done changes nothing.
 */
#include <criterion/criterion.h>

#include "tests/expect.h"
#include "tests/property/diff_kit.h"
#include "tests/translate_kit.h"

#define ROUNDS 400
#define CHANGES 8

TestSuite(translate_round, .timeout = 1200);

static struct ac_str
source(struct gen *g)
{
	struct ac_str xml = gen_protocol_xml(g, 1);
	const char *what;

	for (int i = 0; i < CHANGES; i++) {
		const struct ac_protocol *p;
		struct ac_str next = gen_chance(g, 30) ? rewrite(g, xml) : mutate(g, xml, &what);
		if (ac_str_is_set(next) && ac_protocol_load(next, g->a, &p, NULL) == AC_OK)
			xml = next;
	}
	return xml;
}

static size_t
fill(struct gen *g, struct ac_str xml, struct ac_str lang)
{
	const struct ac_protocol *p = NULL;
	struct ac_taken_units taken;
	struct ac_err e = { 0 };
	struct ac_units u;
	struct ac_str out = { 0 };
	size_t behind = 0;

	if (ac_protocol_load(xml, g->a, &p, &e) != AC_OK ||
	    ac_translate_units(p, lang, g->a, &u, &e) != AC_OK)
		return 0;
	struct ac_str file = ac_translate_write(p, &u, lang, false, g->a);
	cr_assert(ac_translate_read(xml, file, lang, g->a, &out, &taken, &e) == AC_OK, "%s %u:%u %s", e.rule,
	    e.line, e.col, e.msg);
	cr_expect(ac_streq(out, xml));
	cr_assert(ac_translate_read(xml, translated(g->a, file, "X "), lang, g->a, &out, &taken, &e) == AC_OK,
	    "%s %u:%u %s\n%.*s\n%.*s", e.rule, e.line, e.col, e.msg, AC_FMT(xml), AC_FMT(file));
	for (size_t i = 0; i < taken.n; i++)
		behind += taken.v[i].how == AC_TAKEN_BEHIND;
	cr_assert(ac_protocol_load(out, g->a, &p, &e) == AC_OK &&
		  ac_translate_units(p, lang, g->a, &u, &e) == AC_OK);
	cr_expect(u.missing + u.stale == behind, "%zu %zu %zu", u.missing, u.stale, behind);
	return 1;
}

Test(translate_round, fills_a_language_whatever_stood_there_before)
{
	size_t n = 0;

	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct gen g;
		gen_seed(&g, seed, a);
		struct ac_str xml = source(&g);
		n += fill(&g, xml, AC_S("de")) + fill(&g, xml, AC_S("fr"));
	}
	cr_expect(n > ROUNDS, "%zu", n);
}
