/*
 * fhir_round.c - protocols changed at random: what comes back from FHIR differs in what the export listed and nothing else,
 * and goes out as the same bytes.
 */
#include "tests/fhir_kit.h"
#include "tests/property/diff_kit.h"

#define ROUNDS 60 /* of each of the corpus */
#define CHANGES 12

TestSuite(fhir_round, .timeout = 1200);

static struct ac_arena *all;
static struct gen g;
static size_t rounds;

/* Several changes on top of each other; those that do not load are taken back. */
static struct ac_str
changed(struct ac_arena *a, struct ac_str xml)
{
	const char *what;

	for (int i = 0; i < CHANGES; i++) {
		const struct ac_protocol *p;
		struct ac_str next = mutate(&g, xml, &what);
		if (ac_str_is_set(next) && ac_protocol_load(next, a, &p, NULL) == AC_OK)
			xml = next;
	}
	return xml;
}

static bool
is_listed(const struct ac_fhir_losses *lost, const struct ac_change *c)
{
	for (size_t i = 0; i < lost->n; i++)
		if (ac_streq(lost->v[i].id, c->id) && ac_str_starts(c->part, lost->v[i].part))
			return true;
	return false;
}

static void
round_trip(struct ac_arena *a, const struct ac_protocol *p, const char *name)
{
	struct out first = fhir_out(a, p, (struct ac_str){ 0 });
	struct ac_changes changes;
	struct back b = { 0 };
	struct ac_err e = { 0 };

	cr_assert(fhir_back(a, first.json, &b, &e) == AC_OK, "%s: %s %s %s", name, e.rule, e.path, e.msg);
	ac_protocol_diff(p, b.p, a, &changes);
	for (size_t i = 0; i < changes.n; i++)
		cr_expect(is_listed(&first.lost, &changes.v[i]), "%s: %s %.*s: %.*s: %.*s -> %.*s", name,
		    changes.v[i].line, AC_FMT(changes.v[i].id), AC_FMT(changes.v[i].part),
		    AC_FMT(changes.v[i].before), AC_FMT(changes.v[i].after));
	cr_expect(ac_streq(first.json, fhir_out(a, b.p, first.version).json), "%s: other bytes", name);
}

static void
each(const char *name, struct ac_str xml)
{
	for (int i = 0; i < ROUNDS; i++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		const struct ac_protocol *p = NULL;
		g.a = a;
		struct ac_str source = changed(a, xml);
		if (ac_protocol_load(source, a, &p, NULL) != AC_OK)
			continue;
		round_trip(a, p, name);
		rounds++;
	}
}

Test(fhir_round, of_protocols_made_at_random_keeps_all_but_what_it_lists)
{
	for (uint64_t seed = 0; seed < 300; seed++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		const struct ac_protocol *p = NULL;
		gen_seed(&g, seed, a);
		if (ac_protocol_load(changed(a, gen_protocol_xml(&g, 1)), a, &p, NULL) == AC_OK)
			round_trip(a, p, "made");
		rounds += p != NULL;
	}
	cr_expect(rounds > 250, "%zu", rounds);
}

Test(fhir_round, of_protocols_changed_at_random_keeps_all_but_what_it_lists)
{
	all = ac_arena_new();
	gen_seed(&g, 7, all);
	each_protocol(all, each);
	cr_expect(rounds > 400, "%zu", rounds);
	ac_arena_free(all);
}
