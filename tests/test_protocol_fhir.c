/* test_protocol_fhir.c - what PlanDefinition holds comes back; what it does not is said. */
#include "tests/fhir_kit.h"

static struct ac_arena *a;
static struct ac_err e;

static void
setup(void)
{
	a = ac_arena_new();
	e = (struct ac_err){ 0 };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(protocol_fhir, .init = setup, .fini = teardown);

static const struct ac_protocol *
load(struct ac_str xml)
{
	const struct ac_protocol *p = NULL;

	cr_assert(ac_protocol_load(xml, a, &p, &e) == AC_OK, "%s %u:%u %s", e.rule, e.line, e.col, e.msg);
	return p;
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
differs_only_in_what_was_listed(const char *name, struct ac_str xml)
{
	const struct ac_protocol *p = load(xml);
	struct out o = fhir_out(a, p, (struct ac_str){ 0 });
	struct ac_changes changes;
	struct back b = { 0 };

	cr_assert(fhir_back(a, o.json, &b, &e) == AC_OK, "%s: %s %s %s", name, e.rule, e.path, e.msg);
	cr_expect(b.unknown.n == 0, "%s: %.*s", name, AC_FMT(b.unknown.v[0]));
	ac_protocol_diff(p, b.p, a, &changes);
	for (size_t i = 0; i < changes.n; i++)
		cr_expect(is_listed(&o.lost, &changes.v[i]), "%s: %s %.*s: %.*s: %.*s -> %.*s", name,
		    changes.v[i].line, AC_FMT(changes.v[i].id), AC_FMT(changes.v[i].part),
		    AC_FMT(changes.v[i].before), AC_FMT(changes.v[i].after));
}

Test(protocol_fhir, what_comes_back_differs_only_in_what_the_export_listed)
{
	cr_expect(each_protocol(a, differs_only_in_what_was_listed) >= 7);
}

static void
is_stable(const char *name, struct ac_str xml)
{
	struct out first = fhir_out(a, load(xml), (struct ac_str){ 0 });
	struct back b = { 0 };

	cr_assert(fhir_back(a, first.json, &b, &e) == AC_OK, "%s: %s %s %s", name, e.rule, e.path, e.msg);
	struct out second = fhir_out(a, b.p, first.version);
	cr_expect(ac_streq(first.json, second.json), "%s:\n%.*s\n%.*s", name, AC_FMT(first.json),
	    AC_FMT(second.json));
}

Test(protocol_fhir, what_went_out_and_came_back_goes_out_as_the_same_bytes)
{
	cr_expect(each_protocol(a, is_stable) >= 7);
}

static void
is_not_signed(const char *name, struct ac_str xml)
{
	struct back b = { 0 };

	cr_assert(fhir_back(a, fhir_out(a, load(xml), (struct ac_str){ 0 }).json, &b, &e) == AC_OK);
	cr_expect(memmem(b.xml.p, b.xml.n, " signed=", 8) == NULL, "%s", name);
}

Test(protocol_fhir, nothing_that_comes_in_is_signed)
{
	each_protocol(a, is_not_signed);
}
