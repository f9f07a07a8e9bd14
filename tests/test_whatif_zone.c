/* test_whatif_zone.c - the time zone of a plan that is only looked at: as its visit's plan recorded it, else as installed. */
#include <sys/stat.h>

#include "core/whatif.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
}

static void
tear_down(void)
{
	kit_close(&k);
}

TestSuite(whatif_zone, .init = set_up, .fini = tear_down);

/* The machine has lost its zones. */
static void
open_without_zones(void)
{
	const char *dir = ac_cstr(k.a, ac_strf(k.a, "%s/zones", k.dir));
	struct ac_service_options o = {
		.state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k, .zoneinfo = dir
	};
	struct ac_err e = { 0 };

	cr_assert(mkdir(dir, 0700) == 0);
	ac_worker_free(k.w);
	ac_service_close(k.s);
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
	need(ac_worker_begin(k.w, &e), &e);
}

static enum ac_code
look_at(const char *id, struct ac_plan_input *in, struct ac_err *e)
{
	struct ac_whatif x;
	struct ac_visit v;

	ac_whatif_init(&x, k.w, k.w->config, k.a);
	need(ac_visit_find(k.w, AC_S("default"), ac_str_c(id), &v, e), e);
	return ac_whatif_stored(&x, &v, in, e);
}

Test(whatif_zone, is_the_one_that_the_plan_recorded)
{
	struct ac_plan_input in = { 0 };
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .area = "face" });
	open_without_zones();
	EXPECT_CODE(look_at("5", &in, &e), AC_OK, e);
	EXPECT_TEXT(ac_zone_name(in.zone), "Europe/Berlin");
}

Test(whatif_zone, that_is_nowhere_is_said_by_name)
{
	struct ac_plan_input in = { 0 };
	struct ac_err e = { 0 };

	put(&k, (struct visit){ .consultation = true });
	open_without_zones();
	EXPECT_CODE(look_at("5", &in, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "ZONE-UNKNOWN");
	cr_expect(strstr(e.msg, "Europe/Berlin") != NULL, "%s", e.msg);
}
