/* turn.c - see turn.h. The list is in the order of arrival: who finds nobody of the same encounter before it has the turn. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "core/turn.h"

void
ac_turns_init(struct ac_turns *t)
{
	pthread_condattr_t monotonic;

	*t = (struct ac_turns){ 0 };
	if (pthread_mutex_init(&t->lock, NULL) != 0 || pthread_condattr_init(&monotonic) != 0 ||
	    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(&t->given, &monotonic) != 0)
		abort();
	pthread_condattr_destroy(&monotonic);
}

void
ac_turns_destroy(struct ac_turns *t)
{
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->given);
}

static bool
is_first(const struct ac_turns *t, const struct ac_turn *mine)
{
	for (const struct ac_turn *x = t->first; x != mine; x = x->next)
		if (ac_streq(x->encounter, mine->encounter) && ac_streq(x->site, mine->site))
			return false;
	return true;
}

static void
leave(struct ac_turns *t, const struct ac_turn *mine)
{
	struct ac_turn **at = &t->first;

	while (*at != mine)
		at = &(*at)->next;
	*at = mine->next;
	if (t->waiting > 0)
		pthread_cond_broadcast(&t->given);
}

enum ac_code
ac_turn_take(struct ac_turns *t, struct ac_turn *mine, struct ac_str site, struct ac_str encounter,
    struct ac_err *reterr)
{
	struct ac_turn **at = &t->first;
	struct timespec until;
	int result = 0;
	bool mine_now;

	*mine = (struct ac_turn){ .site = site, .encounter = encounter };
	pthread_mutex_lock(&t->lock);
	while (*at != NULL)
		at = &(*at)->next;
	*at = mine;
	if (!(mine_now = is_first(t, mine))) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += AC_TURN_WAIT_MS / 1000;
		t->waiting++;
		while (!(mine_now = is_first(t, mine)) && result != ETIMEDOUT)
			result = pthread_cond_timedwait(&t->given, &t->lock, &until);
		t->waiting--;
	}
	if (!mine_now)
		leave(t, mine);
	pthread_mutex_unlock(&t->lock);
	if (!mine_now)
		return ac_fail(
		    reterr, AC_EBUSY, "INTAKE-TURN", "other work on this encounter is not done yet");
	return AC_OK;
}

void
ac_turn_give(struct ac_turns *t, struct ac_turn *mine)
{
	pthread_mutex_lock(&t->lock);
	leave(t, mine);
	pthread_mutex_unlock(&t->lock);
}
