/* test_demo_protocols.c - the protocols that are shipped: the draft cannot be published, the demonstration works. */
#include "base/file.h"
#include "tests/plan_kit.h"

KIT_SUITE(demo_protocols);

#define MESO \
	"{\"id\":\"b1\",\"system\":\"LOCAL\",\"code\":\"MESO\",\"performed\":\"2026-03-28T14:35:00+01:00\"}"
#define PEEL \
	"{\"id\":\"b2\",\"system\":\"LOCAL\",\"code\":\"PEEL\",\"performed\":\"2026-03-28T14:35:00+01:00\"}"

static const char *
read_file(const char *name)
{
	struct ac_str bytes = { 0 };
	struct ac_err e = { 0 };

	cr_assert(ac_file_read(ac_cstr(a, ac_strf(a, "%s/schemas/%s", AC_SOURCE_DIR, name)), 1024 * 1024, a,
		      &bytes, &e) == AC_OK,
	    "%s: %s", name, e.msg);
	return ac_cstr(a, bytes);
}

static const struct ac_clinic *
demo_clinic(void)
{
	const struct ac_clinic *c = NULL;
	struct ac_err e = { 0 };

	cr_assert(ac_clinic_load(ac_str_c(read_file("clinic/demo.conf")), a, &c, &e) == AC_OK, "%u %s %s",
	    e.line, e.rule, e.msg);
	return c;
}

/* `facts`: the members of /facts */
static struct ac_plan *
plan(const char *procedures, const char *facts, bool with_peel)
{
	struct kit k = {
		.more = ac_cstr(a, ac_strf(a, "\"procedures\":[%s],\"facts\":{%s}", procedures, facts)),
		.protocol = read_file("protocols/demo/mesotherapy.xml"),
		.second = with_peel ? read_file("protocols/demo/chemical-peel.xml") : NULL,
		.clinic = demo_clinic(),
	};

	return kit_plan(a, &k);
}

static bool
has_line(const struct ac_plan *p, const char *key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq_c(p->lines[i].key, key))
			return true;
	return false;
}

static size_t
count(const struct ac_findings *f, enum ac_lint_level level)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].level == level;
	return n;
}

Test(demo_protocols, the_draft_owes_decisions_and_cannot_be_published)
{
	struct ac_findings f = { 0 };

	ac_protocol_lint(kit_protocol(a, read_file("protocols/mesotherapy.xml")), NULL, a, &f);
	cr_expect(ac_findings_block_publish(&f));
	cr_expect_geq(count(&f, AC_LINT_DECISION), 69);
}

Test(demo_protocols, the_demonstration_can_be_published_by_the_demo_clinic)
{
	static const char *const files[] = { "protocols/demo/mesotherapy.xml",
		"protocols/demo/chemical-peel.xml" };

	for (size_t i = 0; i < 2; i++) {
		struct ac_findings f = { 0 };
		const struct ac_protocol *p = kit_protocol(a, read_file(files[i]));
		ac_protocol_lint(p, demo_clinic(), a, &f);
		cr_expect(not(ac_findings_block_publish(&f)), "%s: %.*s", files[i],
		    AC_FMT(f.n > 0 ? f.v[0].message : AC_S("")));
		cr_expect(p->demonstration);
	}
}

Test(demo_protocols, no_sauna_until_tuesday_31_march_15_35)
{
	struct ac_plan *p = plan(MESO, "\"area\":[\"face\"]", false);

	KIT_IS(p, kit_line(p, "mesotherapy/no-sauna")->until, "2026-03-31T15:35:00+02:00");
	KIT_IS(p, kit_line(p, "mesotherapy/no-hot-tub")->until, "2026-03-31T15:35:00+02:00");
	KIT_IS(p, kit_line(p, "mesotherapy/no-touch")->until, "2026-03-30T15:35:00+02:00");
	KIT_IS(p, kit_line(p, "mesotherapy/no-exfoliators")->until, "2026-04-01T14:35:00+02:00");
	cr_expect(p->demonstration);
}

Test(demo_protocols, an_unanswered_blood_thinner_takes_the_longer_window)
{
	struct ac_plan *p = plan(MESO, "\"area\":[\"face\"]", false);
	const struct ac_plan_line *l = kit_line(p, "mesotherapy/no-exercise");

	KIT_IS(p, l->until, "2026-03-31T15:35:00+02:00");
	cr_expect(l->assumed);
	p = plan(MESO, "\"area\":[\"face\"],\"anticoagulant\":false", false);
	l = kit_line(p, "mesotherapy/no-exercise");
	KIT_IS(p, l->until, "2026-03-30T15:35:00+02:00");
	cr_expect(not(l->assumed));
	p = plan(MESO, "\"area\":[\"face\"],\"anticoagulant\":true", false);
	l = kit_line(p, "mesotherapy/no-exercise");
	KIT_IS(p, l->until, "2026-03-31T15:35:00+02:00");
	cr_expect(not(l->assumed));
}

Test(demo_protocols, only_a_treated_scalp_forbids_washing_hair)
{
	cr_expect(not(has_line(plan(MESO, "\"area\":[\"face\"]", false), "mesotherapy/no-hair-wash")));

	struct ac_plan *p = plan(MESO, "\"area\":[\"face\",\"scalp\"]", false);
	KIT_IS(p, kit_line(p, "mesotherapy/no-hair-wash")->until, "2026-03-29T03:35:00+02:00");
	cr_expect(not(kit_line(p, "mesotherapy/no-hair-wash")->assumed));
	p = plan(MESO, "", false);
	cr_expect(kit_line(p, "mesotherapy/no-hair-wash")->assumed);
}

Test(demo_protocols, what_was_treated_and_how_choose_the_window)
{
	struct ac_plan *p =
	    plan(MESO, "\"indication\":\"hyperpigmentation\",\"technique\":\"microneedles\"", false);

	KIT_IS(p, kit_line(p, "mesotherapy/no-sun")->until, "2026-04-04T14:35:00+02:00");
	KIT_IS(p, kit_line(p, "mesotherapy/no-harsh-chemicals")->until, "2026-04-01T14:35:00+02:00");
	p = plan(MESO, "\"indication\":\"scar\",\"technique\":\"needle\"", false);
	KIT_IS(p, kit_line(p, "mesotherapy/no-sun")->until, "2026-03-31T15:35:00+02:00");
	KIT_IS(p, kit_line(p, "mesotherapy/no-harsh-chemicals")->until, "2026-03-31T15:35:00+02:00");
}

Test(demo_protocols, mesotherapy_alone_contradicts_nothing)
{
	cr_expect(eq(sz, plan(MESO, "", false)->ncontradictions, 0));
}

Test(demo_protocols, with_a_peel_the_strictest_window_of_each_concept_wins)
{
	struct ac_plan *p = plan(MESO "," PEEL, "\"area\":[\"face\"],\"indication\":\"scar\"", true);

	KIT_IS(p, kit_line(p, "mesotherapy/no-sauna")->until, "2026-03-31T15:35:00+02:00");
	KIT_IS(p, kit_line(p, "chemical-peel/no-sun")->until, "2026-04-11T14:35:00+02:00");
	cr_expect(not(has_line(p, "mesotherapy/no-sun")));
	cr_expect(not(has_line(p, "chemical-peel/no-sauna")));
	KIT_IS(p, kit_line(p, "chemical-peel/sunscreen")->from, "2026-04-04T14:35:00+02:00");
}

Test(demo_protocols, with_a_peel_massage_and_no_touching_are_shown_as_a_contradiction)
{
	struct ac_plan *p = plan(MESO "," PEEL, "\"area\":[\"face\"]", true);

	cr_assert(eq(sz, p->ncontradictions, 1));
	const struct ac_contradiction *c = &p->contradictions[0];
	cr_expect(ac_streq_c(c->a->def->concept, "touch-treated-area"));
	cr_expect(ac_streq_c(c->b->def->concept, "massage-treated-area"));
}

Test(demo_protocols, the_call_is_on_the_second_working_day_and_the_late_checks_follow)
{
	struct ac_plan *p = plan(MESO, "", false);

	KIT_IS(p, kit_task(p, "mesotherapy/call-day-2/1")->not_before, "2026-03-30T11:35:00+02:00");
	KIT_IS(p, kit_task(p, "mesotherapy/call-day-2/1")->due, "2026-03-31T12:00:00+02:00");
	KIT_IS(p, kit_task(p, "mesotherapy/late-check/1")->due, "2026-04-27T14:35:00+02:00");
	for (size_t i = 0; i < p->ntasks; i++)
		cr_expect(not(p->tasks[i].unplaced), "%.*s has no open day", AC_FMT(p->tasks[i].key));
}
