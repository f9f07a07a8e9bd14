/* test_whatif.c - a stored visit under another version: what people recorded of it counts there too. */
#include "core/whatif.h"
#include "tests/override_kit.h"

TestSuite(whatif, .init = set_up, .fini = tear_down);

#define HARD "mesotherapy/no-heavy-lifting" /* 48 h */
#define SAUNA "mesotherapy/no-sauna"

/* The visit as a version of its protocol with another end of "no sauna" would plan it now. */
static struct ac_plan *
preview(const char *id, bool recorded)
{
	static struct ac_plan_input in;
	const struct ac_protocol *p = NULL;
	struct ac_plan *plan = NULL;
	struct ac_whatif x;
	struct ac_visit v;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_protocol_load(kit_changed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""), k.a, &p, &e), &e);
	ac_whatif_init(&x, k.w, k.w->config, k.a);
	need(ac_visit_find(k.w, AC_S("default"), ac_str_c(id), &v, &e), &e);
	need(ac_whatif_stored(&x, &v, &in, &e), &e);
	if (recorded)
		need(ac_whatif_recorded(&x, &v, &in, &e), &e);
	ac_whatif_protocols(&x, p, &in);
	need(ac_plan_make(&in, k.a, &plan, &e), &e);
	return plan;
}

Test(whatif, what_a_clinician_decided_holds_under_another_version_too)
{
	struct ac_uuid id = put(&k, (struct visit){ .area = "face" }).plan;
	const char *visit = ac_cstr(k.a, record_of(&k, id, 0)->row.encounter);

	act(id, window(HARD, "72 h"));
	act(id, omit(SAUNA));
	const struct ac_plan *p = preview(visit, true);
	cr_expect(line_named(p, SAUNA) == NULL && p->nomitted == 1);
	cr_expect(line_named(p, HARD)->window_by != NULL);
	cr_expect(line_named(preview(visit, false), HARD)->window_by == NULL);
}

Test(whatif, a_visit_without_a_plan_has_nothing_recorded)
{
	struct ac_plan_input in = { 0 };
	struct ac_whatif x;
	struct ac_visit v;
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .area = "face", .status = "planned" });
	need(ac_worker_begin(k.w, &e), &e);
	ac_whatif_init(&x, k.w, k.w->config, k.a);
	need(ac_visit_find(k.w, AC_S("default"), AC_S("5"), &v, &e), &e);
	need(ac_whatif_recorded(&x, &v, &in, &e), &e);
	cr_expect(!v.has_plan && in.overrides.n == 0 && in.nothers == 0);
}
