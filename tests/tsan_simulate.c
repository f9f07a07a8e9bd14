/*
 * tsan_simulate.c - the two threads of a simulation, under ThreadSanitizer: the counter that deals out visits, the parsed
 * protocols that both read, the progress beside them.
 * The figures must be those of each visit looked at once.
 *
 * A plain program, because Criterion crashes under ThreadSanitizer before its first test. Exit code 0 or the sanitizer's.
 */
#include "core/simulate.h"
#include "tests/intake_kit.h"

#define VISITS 120
#define ROUNDS 4

static struct ac_str
visit(struct kit *k, int i)
{
	return ac_strf(k->w->arena,
	    "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"system\":\"test\",\"site\":\"default\"},"
	    "\"encounter\":{\"id\":\"v%d\",\"revision\":1,\"status\":\"finished\","
	    "\"start\":\"2026-03-%02dT10:00:00+01:00\",\"zone\":\"Europe/Berlin\",\"category\":\"Mesotherapy\"},"
	    "\"patient\":{\"id\":\"p%d\",\"family\":\"Example\"},"
	    "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"17999\",\"status\":\"performed\"}],"
	    "\"facts\":{\"area\":[\"%s\"]}}",
	    i, 1 + i % 20, i, i % 2 == 0 ? "face" : "scalp");
}

static void
on_progress(size_t done, size_t all, void *arg)
{
	size_t *last = arg;

	if (done < *last || done > all) /* each visit counts once, and none is taken back */
		abort();
	*last = done;
}

static int
simulate(struct kit *k, const struct ac_protocol *draft)
{
	size_t last = 0;
	struct ac_simulate_options o = { .draft = draft, .progress = on_progress, .progress_arg = &last };
	struct ac_simulation s = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_simulate(k->w, &o, &s, &e), &e);
	if (s.visits == VISITS && s.looked_at == VISITS && s.concerned == VISITS && s.changed == VISITS)
		return 0;
	fprintf(stderr, "of %d visits %lld were looked at, %lld would change\n", VISITS, (long long)s.looked_at,
	    (long long)s.changed);
	return 1;
}

int
main(void)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_protocol *draft;
	struct ac_err e = { 0 };
	struct kit k;
	int bad = 0;

	kit_open(&k);
	for (int i = 0; i < VISITS; i++) {
		struct ac_intake r = { 0 };

		need(ac_worker_begin(k.w, &e), &e);
		need(try_put_json(&k, ac_str_dup(k.a, visit(&k, i)), &r, &e), &e);
	}
	need(ac_protocol_load(kit_changed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""), a, &draft, &e), &e);
	for (int i = 0; i < ROUNDS; i++)
		bad |= simulate(&k, draft);
	kit_close(&k);
	return bad;
}
