/* test_committer.c - one writer, many waiting: all of an item or nothing, in one order, in batches. */
#include <signal.h>

#include "tests/committer_fixture.h"

TestSuite(committer, .init = set_up, .fini = tear_down);

Test(committer, has_written_when_it_returns_with_and_without_a_thread)
{
	for (int threads = 0; threads <= 1; threads++) {
		struct ac_committer *c =
		    fixture_committer(&f, (struct ac_committer_options){ .threads = threads == 1 });
		struct work w = work(threads == 1 ? "with" : "without");
		struct ac_err e = { 0 };
		EXPECT_CODE(ac_committer_run(c, write_work, &w, &e), AC_OK, e);
		cr_expect(has(w.name) && w.runs == 1 && w.leaf == threads);
		ac_committer_free(c);
	}
	expect_good(2);
}

Test(committer, leaves_nothing_of_an_item_that_fails)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct work bad = work("bad"), good = work("good");
	struct ac_err e = { 0 };

	bad.fails = true;
	bad.leaves = 3;
	EXPECT_CODE(ac_committer_run(c, write_work, &bad, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "TEST-FAILS");
	cr_expect(!has("bad") && bad.runs == 2);
	EXPECT_CODE(ac_committer_run(c, write_work, &good, &e), AC_OK, e);
	cr_expect(has("good") && good.leaf == 0, "the failed item's leaves left their numbers free");
	ac_committer_free(c);
	expect_good(1);
}

Test(committer, allows_a_caller_who_does_not_want_the_error)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct work bad = work("bad");

	bad.fails = true;
	cr_expect(ac_committer_run(c, write_work, &bad, NULL) == AC_EINPUT);
	ac_committer_free(c);
}

Test(committer, gives_each_of_eight_threads_its_own_results)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });

	cr_expect(run_threads(c, 60));
	ac_committer_free(c);
	expect_good(THREADS * leaves_of(60));
}

Test(committer, without_a_thread_serves_several_callers_one_after_the_other)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = false });

	cr_expect(run_threads(c, 20));
	ac_committer_free(c);
	expect_good(THREADS * leaves_of(20));
}

/* The first item holds the committer until `enough` others are waiting, so that they share a transaction. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_open, is_inside;
};

static enum ac_code
wait_at_gate(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct gate *g = arg;
	struct work w = work("gate");

	pthread_mutex_lock(&g->lock);
	g->is_inside = true;
	pthread_cond_broadcast(&g->changed);
	while (!g->is_open)
		pthread_cond_wait(&g->changed, &g->lock);
	pthread_mutex_unlock(&g->lock);
	return write_work(c, &w, reterr);
}

static void
open_gate(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->is_open = true;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

/* Runs `n` items in one batch, in their order (each is queued before the next starts). */
static void
run_together(struct ac_committer *c, struct work *w, struct one *o, size_t n)
{
	struct gate g = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
	struct one first = { .c = c, .fn = wait_at_gate, .arg = &g };

	start_one(&first);
	pthread_mutex_lock(&g.lock);
	while (!g.is_inside)
		pthread_cond_wait(&g.changed, &g.lock);
	pthread_mutex_unlock(&g.lock);
	for (size_t i = 0; i < n; i++) {
		o[i] = (struct one){ .c = c, .fn = write_work, .arg = &w[i] };
		start_one(&o[i]);
		nap(50); /* time to get into the queue */
	}
	open_gate(&g);
	pthread_join(first.thread, NULL);
	for (size_t i = 0; i < n; i++)
		pthread_join(o[i].thread, NULL);
	cr_assert(first.code == AC_OK, "%s", first.e.msg);
}

Test(committer, puts_what_waits_into_one_transaction_in_the_order_of_arrival)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct work w[6] = { work("a"), work("b"), work("c"), work("d"), work("e"), work("f") };
	struct one o[6];

	w[1].fails = true;
	w[4].fails = true;
	w[4].leaves = 2;
	run_together(c, w, o, 6);
	ac_committer_free(c);
	for (size_t i = 0; i < 6; i++)
		EXPECT_CODE(o[i].code, w[i].fails ? AC_EINPUT : AC_OK, o[i].e);
	/* leaf 0 is the gate's; those of b and e are gone, and the others close up */
	cr_expect(w[0].leaf == 1 && w[2].leaf == 2 && w[3].leaf == 3 && w[5].leaf == 4);
	cr_expect(has("a") && !has("b") && has("c") && has("d") && !has("e") && has("f"));
	expect_good(5);
	cr_expect(count_checkpoints() == 2);
}

Test(committer, takes_no_more_than_its_maximum_into_one_transaction)
{
	struct ac_committer *c =
	    fixture_committer(&f, (struct ac_committer_options){ .threads = true, .batch_max = 2 });
	struct work w[5] = { work("a"), work("b"), work("c"), work("d"), work("e") };
	struct one o[5];

	run_together(c, w, o, 5);
	ac_committer_free(c);
	expect_good(6);
	cr_expect(count_checkpoints() == 4); /* gate, ab, cd, e */
}

Test(committer, commits_each_item_alone_when_asked_to)
{
	struct ac_committer *c =
	    fixture_committer(&f, (struct ac_committer_options){ .threads = true, .batch_max = 1 });
	struct work w[3] = { work("a"), work("b"), work("c") };
	struct one o[3];

	run_together(c, w, o, 3);
	ac_committer_free(c);
	cr_expect(count_checkpoints() == 4);
}

Test(committer, finishes_what_it_accepted_before_it_stops)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct work w = work("a");
	struct one o = { .c = c, .fn = write_work, .arg = &w };

	start_one(&o);
	nap(100);
	ac_committer_free(c);
	pthread_join(o.thread, NULL);
	cr_expect(o.code == AC_OK && has("a"));
}

static void
on_signal(int sig)
{
	(void)sig;
}

Test(committer, keeps_a_caller_waiting_through_signals)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct gate g = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
	struct one o = { .c = c, .fn = wait_at_gate, .arg = &g };
	struct sigaction act = { .sa_handler = on_signal }; /* without SA_RESTART */

	sigaction(SIGUSR1, &act, NULL);
	start_one(&o);
	nap(50);
	for (int i = 0; i < 20; i++) {
		pthread_kill(o.thread, SIGUSR1);
		nap(5);
	}
	open_gate(&g);
	pthread_join(o.thread, NULL);
	cr_expect(o.code == AC_OK && has("gate"));
	ac_committer_free(c);
}

static int64_t
stepping_clock(void *arg)
{
	static const int64_t times[] = { 1000, 5000, 3000, 4000, 5000, 6000 };
	int *at = arg;

	return times[(*at)++ % 6];
}

Test(committer, never_gives_an_earlier_time_than_before_not_even_after_a_restart)
{
	static const int64_t want[] = { 1000, 5000, 5000, 5000, 5000, 6000 };
	int at = 0;
	struct ac_err e = { 0 };

	for (int i = 0; i < 6; i++) {
		struct ac_committer *c = fixture_committer(
		    &f, (struct ac_committer_options){ .clock_ms = stepping_clock, .clock_arg = &at });
		struct work w = work((const char *[]){ "a", "b", "c", "d", "e", "f" }[i]);
		w.leaves = i % 2; /* the time is kept without leaves too */
		need(ac_committer_run(c, write_work, &w, &e), &e);
		cr_expect(w.now_ms == want[i], "%d: %lld", i, (long long)w.now_ms);
		ac_committer_free(c);
	}
	expect_good(3);
}

Test(committer, refuses_more_than_its_queue_holds_and_runs_what_it_took)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct gate g = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
	struct one first = { .c = c, .fn = wait_at_gate, .arg = &g };
	static struct one o[AC_COMMIT_QUEUE_MAX + 8];
	static struct work w[AC_COMMIT_QUEUE_MAX + 8];
	size_t n = sizeof(o) / sizeof(o[0]), refused = 0, done = 0;

	start_one(&first);
	pthread_mutex_lock(&g.lock);
	while (!g.is_inside)
		pthread_cond_wait(&g.changed, &g.lock);
	pthread_mutex_unlock(&g.lock);
	for (size_t i = 0; i < n; i++) {
		snprintf(w[i].name, sizeof(w[i].name), "w%zu", i);
		o[i] = (struct one){ .c = c, .fn = write_work, .arg = &w[i] };
		start_one(&o[i]);
	}
	for (size_t back = 0, tries = 0; back < 8 && tries < 3000; tries++) { /* nobody else comes back yet */
		nap(10);
		back = 0;
		for (size_t i = 0; i < n; i++)
			back += o[i].is_done;
	}
	open_gate(&g);
	pthread_join(first.thread, NULL);
	for (size_t i = 0; i < n; i++) {
		pthread_join(o[i].thread, NULL);
		refused +=
		    o[i].code == AC_EBUSY && strcmp(o[i].e.rule, "COMMIT-QUEUE") == 0 && w[i].runs == 0;
		done += o[i].code == AC_OK && w[i].runs == 1;
	}
	ac_committer_free(c);
	cr_expect(refused == 8 && done == AC_COMMIT_QUEUE_MAX, "%zu refused, %zu done", refused, done);
}
