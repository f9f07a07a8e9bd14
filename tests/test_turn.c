/* Events of one encounter that arrive together, one after the other. */
#include <pthread.h>

#include "core/turn.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

#define STORM 24

static struct kit k;

static void
set_up(void)
{
	kit_open_options(&k, (struct ac_service_options){ .sync = AC_SYNC_OFF, .threads = true });
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(turn, .init = set_up, .fini = tear_down);

struct sender {
	int64_t revision;
	const char *id;
	enum ac_code code;
	struct ac_err e;
	enum ac_outcome outcome;
};

static void *
send(void *arg)
{
	static const char *const areas[] = { "face", "scalp", "neck" };
	struct sender *s = arg;
	struct kit mine = k; /* the same installation, a worker and an arena of its own */
	struct ac_intake r = { 0 };
	struct visit v = { .id = s->id, .revision = s->revision, .area = areas[s->revision % 3] };

	need(ac_worker_new(k.s, &mine.w, &s->e), &s->e);
	s->code = try_put(&mine, &v, &r, &s->e);
	s->outcome = r.outcome;
	ac_worker_free(mine.w);
	return NULL;
}

static void
storm(struct sender *s, size_t n)
{
	pthread_t t[STORM];

	for (size_t i = 0; i < n; i++)
		cr_assert(pthread_create(&t[i], NULL, send, &s[i]) == 0);
	for (size_t i = 0; i < n; i++)
		pthread_join(t[i], NULL);
}

Test(turn, a_storm_of_revisions_of_one_encounter_is_taken)
{
	struct sender s[STORM] = { 0 };
	int created = 0;

	for (size_t i = 0; i < STORM; i++)
		s[i] = (struct sender){ .id = "5", .revision = (int64_t)i + 1 };
	storm(s, STORM);
	for (size_t i = 0; i < STORM; i++) {
		EXPECT_CODE(s[i].code, AC_OK, s[i].e);
		created += s[i].outcome == AC_OUT_CREATED;
	}
	cr_expect(created == 1);
	struct ac_intake last = put(&k, (struct visit){ .revision = STORM, .area = "face" });
	cr_expect(last.outcome == AC_OUT_UNCHANGED, "the highest revision is what is stored");
}

Test(turn, a_storm_of_many_encounters_is_taken)
{
	static char ids[STORM][8];
	struct sender s[STORM] = { 0 };

	for (size_t i = 0; i < STORM; i++) {
		snprintf(ids[i], sizeof(ids[i]), "v%zu", i);
		s[i] = (struct sender){ .id = ids[i], .revision = 1 };
	}
	storm(s, STORM);
	for (size_t i = 0; i < STORM; i++)
		cr_expect(s[i].code == AC_OK && s[i].outcome == AC_OUT_CREATED);
}

static struct ac_turns turns;

static void *
take(void *arg)
{
	struct ac_turn t;
	struct ac_err e = { 0 };
	enum ac_code code = ac_turn_take(&turns, &t, AC_S("a"), AC_S("1"), &e);

	if (code == AC_OK)
		ac_turn_give(&turns, &t);
	*(struct ac_err *)arg = e;
	return (void *)(intptr_t)code;
}

Test(turn, nobody_waits_for_ever, .init = NULL, .fini = NULL)
{
	struct ac_turn first, other;
	struct ac_err e = { 0 };
	pthread_t t;
	void *code;

	ac_turns_init(&turns);
	need(ac_turn_take(&turns, &first, AC_S("a"), AC_S("1"), &e), &e);
	need(
	    ac_turn_take(&turns, &other, AC_S("b"), AC_S("1"), &e), &e); /* another site's waits for nobody */
	cr_assert(pthread_create(&t, NULL, take, &e) == 0);
	pthread_join(t, &code);
	cr_expect((intptr_t)code == AC_EBUSY);
	EXPECT_RULE(e, "INTAKE-TURN");
	ac_turn_give(&turns, &other);
	ac_turn_give(&turns, &first);
	cr_expect((intptr_t)take(&e) == AC_OK && turns.first == NULL);
	ac_turns_destroy(&turns);
}
