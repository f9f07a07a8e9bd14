/*
 * fill_store.c - fill_store STATE FIRST N [SITE]: visits FIRST..FIRST+N-1 of as many patients into an installation that
 * aftercare init made: each signed, its sheet given, every third corrected afterwards. Every value is invented.
 */
#include "tests/intake_kit.h"

static struct ac_str
visit(struct kit *k, const char *site, long i, int revision, const char *area)
{
	return ac_strf(k->w->arena,
	    "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"system\":\"test\",\"site\":\"%s\"},"
	    "\"encounter\":{\"id\":\"v%ld\",\"revision\":%d,\"status\":\"finished\",\"start\":\"2026-03-%"
	    "02ldT10:00:00+01:00\","
	    "\"end\":\"2026-03-%02ldT10:40:00+01:00\",\"zone\":\"Europe/"
	    "Berlin\",\"category\":\"Mesotherapy\","
	    "\"signed\":\"2026-03-%02ldT11:%02d:00+01:00\",\"signed_by\":{\"id\":\"3\",\"family\":\"Example\"}}"
	    ","
	    "\"patient\":{\"id\":\"p%ld\",\"family\":\"Example\"},"
	    "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"status\":\"performed\"}]"
	    ","
	    "\"facts\":{\"area\":[\"%s\"]}}",
	    site, i, revision, 1 + i % 20, 1 + i % 20, 1 + i % 20, revision, i, area);
}

static void
put_visit(struct kit *k, const char *site, long i, int revision, const char *area)
{
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(try_put_json(k, ac_str_dup(k->a, visit(k, site, i, revision, area)), &r, &e), &e);
	if (!r.has_plan)
		need(AC_EINPUT, &(struct ac_err){ .rule = "no plan" });
	if (revision == 1)
		issue(k, r.plan, 1);
}

int
main(int argc, char **argv)
{
	struct kit k = { 0 };
	struct ac_service_options o = { .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k };
	struct ac_err e = { 0 };

	if (argc < 4)
		return 2;
	o.state_dir = argv[1];
	k.a = ac_arena_new();
	set_clock(&k, "2026-03-28T14:40:00+01:00");
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
	long first = atol(argv[2]), n = atol(argv[3]);
	for (long i = first; i < first + n; i++) {
		put_visit(&k, argc > 4 ? argv[4] : "default", i, 1, "face");
		if (i % 3 == 0)
			put_visit(&k, argc > 4 ? argv[4] : "default", i, 2, "scalp");
	}
	ac_worker_free(k.w);
	ac_service_close(k.s);
	ac_arena_free(k.a);
	return 0;
}
