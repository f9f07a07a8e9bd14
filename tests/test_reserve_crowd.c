/* The reserve with many who put at once, nearly full, and killed in the middle. */
#include "tests/reserve_fixture.h"

TestSuite(reserve_crowd, .init = open_fixture, .fini = tear_down);

static void *
view_many(void *arg)
{
	struct ac_err e = { 0 };
	int64_t n = 0;

	for (int i = 0; i < 50; i++)
		n += log_view(arg, "t", &e) == AC_OK;
	return (void *)(intptr_t)n;
}

Test(reserve_crowd, keeps_the_entries_of_many_threads_while_the_disk_fills_and_empties)
{
	struct ac_committer *c = committer();
	pthread_t t[THREADS];
	int64_t n = 0;
	void *got;

	fill_disk(c);
	make_room();

	for (int i = 0; i < THREADS; i++)
		cr_assert(pthread_create(&t[i], NULL, view_many, c) == 0);
	for (int i = 0; i < 20; i++) {
		limit_files();
		nap(5);
		make_room();
		nap(5);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], &got);
		n += (intptr_t)got;
	}
	cr_expect(n == THREADS * 50, "%lld were answered", (long long)n);
	ac_committer_free(c);
	settle();
	expect_good(n);
}

/* Of this process: what else the machine does is no part of it. */
static double
processor_s(void)
{
	struct timespec t;

	cr_assert(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* If each read tried to make leaves of all that waits, 200 of them would cost what 200 such tries do. */
Test(reserve_crowd, that_is_nearly_full_makes_no_read_wait_for_it)
{
	struct ac_audit_entry one = view("much");
	const struct ac_audit_entry *many[128];
	struct ac_committer *c = committer();
	struct ac_reserve *r = NULL;
	struct ac_err e = { 0 };
	double from, reads, whole;

	for (size_t i = 0; i < 128; i++)
		many[i] = &one;
	fill_disk(c);
	make_room();
	need(ac_reserve_open(file, false, &r, &e), &e);
	for (int i = 0; i < 150; i++)
		need(ac_reserve_put(r, many, 128, clock_now, &e), &e);
	ac_reserve_close(r);
	limit_files();
	from = processor_s();
	for (int i = 0; i < 200; i++) /* the limit holds for this file too, behind what is in it */
		EXPECT_CODE(log_view(c, "again", &e), AC_EIO, e);
	EXPECT_RULE(e, "LOG-RESERVE");
	reads = processor_s() - from;
	make_room();
	from = processor_s();
	EXPECT_CODE(ac_committer_settle(c, &e), AC_OK, e);
	whole = processor_s() - from;
	cr_expect(reads < 100 * whole, "200 reads took %.3f s, one try %.3f s", reads, whole);
	ac_committer_free(c);
	expect_good(150 * 128);
}

/* kill -9 while it puts; what was acknowledged is there, at most one more. */
static int64_t
killed_after(int microseconds)
{
	int out[2], status;
	int64_t n = 0;
	char byte;

	cr_assert(pipe(out) == 0);
	pid_t child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		struct ac_committer *c = committer();
		struct ac_err e = { 0 };
		fill_disk(c);
		while (log_view(c, "k", &e) == AC_OK && write(out[1], "x", 1) == 1)
			;
		_exit(1);
	}
	close(out[1]);
	cr_assert(read(out[0], &byte, 1) == 1);
	usleep((useconds_t)microseconds);
	kill(child, SIGKILL);
	cr_assert(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
	for (n = 1; read(out[0], &byte, 1) == 1;)
		n++;
	close(out[0]);
	return n;
}

Test(reserve_crowd, loses_nothing_it_acknowledged_when_it_is_killed)
{
	uint64_t seed = 11;
	int64_t total = 0, extra = 0;
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	for (int i = 0; i < 20; i++) {
		int64_t was = n.leaves, acked = killed_after((int)(next_random(&seed) % 60000));
		settle();
		EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
		total += acked;
		extra += n.leaves - was - acked;
		cr_expect(n.leaves - was - acked >= 0 && n.leaves - was - acked <= 1, "%lld of %lld",
		    (long long)(n.leaves - was), (long long)acked);
	}
	cr_expect(
	    total >= 20 && extra <= 20, "%lld acknowledged, %lld more", (long long)total, (long long)extra);
}
