/* test_committer.c - one writer, many waiting: all of an item or nothing, in one order, told only when durable. */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/expect.h"
#include "tests/store_fixture.h"

#define THREADS 8

static struct fixture f;

static void
set_up(void)
{
	fixture_open(&f);
}

static void
tear_down(void)
{
	fixture_close(&f);
}

TestSuite(committer, .init = set_up, .fini = tear_down);

/* One item: a setting and a leaf, then perhaps a failure. */
struct work {
	char name[64];
	int leaves;
	bool fails;
	int runs;
	int64_t leaf, now_ms;
};

static enum ac_code
write_work(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct work *w = arg;
	struct ac_audit_entry entry = { .action = "event", .kind = "plan", .actor = AC_S("module"), .role = AC_S("system"),
		.id = ac_str_c(w->name) };
	enum ac_code code = ac_store_run(c->store, AC_STMT_SETTING_ADD, NULL, NULL, reterr, AC_VTEXT(ac_str_c(w->name)),
	    AC_VBLOB(AC_S("x")));

	w->runs++;
	for (int i = 0; i < w->leaves && code == AC_OK; i++)
		code = ac_audit_append(c, &entry, reterr);
	w->leaf = ac_audit_last(c);
	w->now_ms = c->now_ms;
	if (code == AC_OK && w->fails)
		return ac_fail(reterr, AC_EINPUT, "TEST-FAILS", "as asked");
	return code;
}

static struct work
work(const char *name)
{
	struct work w = { .leaves = 1 };

	snprintf(w.name, sizeof(w.name), "%s", name);
	return w;
}

static bool
has(const char *name)
{
	struct ac_store *s = fixture_store(&f, true);
	struct ac_err e = { 0 };
	int64_t seen = -1;

	need(ac_store_run(s, AC_STMT_SETTING_GET, read_int_row, &seen, &e, AC_VTEXT(ac_str_c(name))), &e);
	ac_store_close(s);
	return seen != -1;
}

static void
expect_good(int64_t leaves)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
	cr_expect(n.leaves == leaves, "%lld leaves, want %lld", (long long)n.leaves, (long long)leaves);
}

static int64_t
count_checkpoints(void)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	need(verify(&f, &n, &e), &e);
	return n.checkpoints;
}

Test(committer, has_written_when_it_returns_with_and_without_a_thread)
{
	for (int threads = 0; threads <= 1; threads++) {
		struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = threads == 1 });
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
	cr_expect(!has("bad") && bad.runs == 1);
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

struct runner {
	struct ac_committer *c;
	int id, items, failures;
	bool is_right;
};

static void *
run_items(void *arg)
{
	struct runner *r = arg;

	r->is_right = true;
	for (int i = 0; i < r->items; i++) {
		struct work w = work("");
		struct ac_err e = { 0 };
		snprintf(w.name, sizeof(w.name), "t%d-%d-%ld", r->id, i, (long)getpid());
		w.fails = i % 5 == 3;
		w.leaves = i % 4;
		enum ac_code code = ac_committer_run(r->c, write_work, &w, &e);
		r->failures += code == AC_OK ? 0 : 1;
		r->is_right = r->is_right && w.runs == 1 && code == (w.fails ? AC_EINPUT : AC_OK);
	}
	return NULL;
}

static int64_t
leaves_of(int items)
{
	int64_t n = 0;

	for (int i = 0; i < items; i++)
		n += i % 5 == 3 ? 0 : i % 4;
	return n;
}

static bool
run_threads(struct ac_committer *c, int items)
{
	struct runner r[THREADS];
	pthread_t t[THREADS];
	bool is_right = true;

	for (int i = 0; i < THREADS; i++) {
		r[i] = (struct runner){ .c = c, .id = i, .items = items };
		if (pthread_create(&t[i], NULL, run_items, &r[i]) != 0)
			abort();
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(t[i], NULL);
		is_right = is_right && r[i].is_right;
	}
	return is_right;
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

Test(committer, keeps_the_log_whole_when_two_processes_write)
{
	int status = -1;
	ac_store_close(fixture_store(&f, false));
	pid_t child = fork();

	cr_assert(child >= 0);
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = child != 0 });
	bool is_right = run_threads(c, 30);
	ac_committer_free(c);
	if (child == 0)
		_exit(is_right ? 0 : 1);
	cr_expect(is_right);
	cr_expect(waitpid(child, &status, 0) == child && status == 0);
	expect_good(2 * THREADS * leaves_of(30));
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

struct one {
	struct ac_committer *c;
	ac_commit_fn *fn;
	void *arg;
	enum ac_code code;
	struct ac_err e;
	pthread_t thread;
};

static void *
run_one(void *arg)
{
	struct one *o = arg;

	o->code = ac_committer_run(o->c, o->fn, o->arg, &o->e);
	return NULL;
}

static void
start_one(struct one *o)
{
	if (pthread_create(&o->thread, NULL, run_one, o) != 0)
		abort();
}

static void
nap(long ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
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
	pthread_mutex_lock(&g.lock);
	g.is_open = true;
	pthread_cond_broadcast(&g.changed);
	pthread_mutex_unlock(&g.lock);
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
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true, .batch_max = 2 });
	struct work w[5] = { work("a"), work("b"), work("c"), work("d"), work("e") };
	struct one o[5];

	run_together(c, w, o, 5);
	ac_committer_free(c);
	expect_good(6);
	cr_expect(count_checkpoints() == 4); /* gate, ab, cd, e */
}

Test(committer, commits_each_item_alone_when_asked_to)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true, .batch_max = 1 });
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
	pthread_mutex_lock(&g.lock);
	g.is_open = true;
	pthread_cond_broadcast(&g.changed);
	pthread_mutex_unlock(&g.lock);
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
		struct ac_committer *c =
		    fixture_committer(&f, (struct ac_committer_options){ .clock_ms = stepping_clock, .clock_arg = &at });
		struct work w = work((const char *[]){ "a", "b", "c", "d", "e", "f" }[i]);
		w.leaves = i % 2; /* the time is kept without leaves too */
		need(ac_committer_run(c, write_work, &w, &e), &e);
		cr_expect(w.now_ms == want[i], "%d: %lld", i, (long long)w.now_ms);
		ac_committer_free(c);
	}
	expect_good(3);
}

Test(committer, says_busy_when_another_process_holds_the_lock_and_recovers)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct ac_store *other = fixture_store(&f, false);
	struct work w = work("a");
	struct ac_err e = { 0 };

	need(other->ops->begin(other, &e), &e);
	EXPECT_CODE(ac_committer_run(c, write_work, &w, &e), AC_EBUSY, e);
	EXPECT_RULE(e, "STORE-BUSY");
	cr_expect(w.runs == 0);
	other->ops->rollback(other);
	EXPECT_CODE(ac_committer_run(c, write_work, &w, &e), AC_OK, e);
	ac_store_close(other);
	ac_committer_free(c);
	expect_good(1);
}

struct big {
	struct ac_str bytes;
	int n;
};

static enum ac_code
write_big(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct big *b = arg;
	struct ac_sha256 sha;
	enum ac_code code = AC_OK;

	for (int i = 0; i < b->n && code == AC_OK; i++) {
		ac_random(sha.b, sizeof(sha.b));
		code = ac_store_run(c->store, AC_STMT_BLOB_ADD, NULL, NULL, reterr, AC_VSHA(&sha), AC_VBLOB(b->bytes));
	}
	return code;
}

static void
limit_files(rlim_t bytes)
{
	struct rlimit l;

	cr_assert(getrlimit(RLIMIT_FSIZE, &l) == 0);
	l.rlim_cur = bytes;
	cr_assert(setrlimit(RLIMIT_FSIZE, &l) == 0);
}

static rlim_t
log_file_size(void)
{
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s-wal", f.file);
	cr_assert(stat(path, &st) == 0);
	return (rlim_t)st.st_size;
}

Test(committer, fails_everybody_in_a_transaction_that_the_disk_refuses_and_heals_when_there_is_room)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	static char zeros[300000];
	struct big b = { .bytes = { zeros, sizeof(zeros) }, .n = 1 };
	struct work w[3] = { work("a"), work("b"), work("c") }, first = work("first");
	struct one o[3];
	struct ac_err e = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	w[1].fails = true;
	need(ac_committer_run(c, write_work, &first, &e), &e);
	limit_files(log_file_size() + 400000); /* enough for small items and one large one, not for two */
	EXPECT_CODE(ac_committer_run(c, write_big, &b, &e), AC_OK, e);
	EXPECT_CODE(ac_committer_run(c, write_big, &b, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-IO");
	limit_files(1000);
	for (size_t i = 0; i < 3; i++) {
		o[i] = (struct one){ .c = c, .fn = write_work, .arg = &w[i] };
		start_one(&o[i]);
	}
	for (size_t i = 0; i < 3; i++) {
		pthread_join(o[i].thread, NULL);
		EXPECT_CODE(o[i].code, w[i].fails && o[i].code == AC_EINPUT ? AC_EINPUT : AC_EIO, o[i].e);
		cr_expect(!has(w[i].name));
	}
	limit_files(RLIM_INFINITY);
	for (size_t i = 0; i < 3; i++) {
		struct work again = work(w[i].name);
		EXPECT_CODE(ac_committer_run(c, write_work, &again, &e), AC_OK, e);
	}
	ac_committer_free(c);
	expect_good(4);
}

Test(committer, keeps_its_log_file_small_under_a_long_load)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true, .sync = AC_SYNC_OFF });
	static char zeros[60000];
	struct big b = { .bytes = { zeros, sizeof(zeros) }, .n = 8 };
	struct ac_err e = { 0 };
	rlim_t most = 0;

	for (int i = 0; i < 400; i++) { /* some 200 MB */
		need(ac_committer_run(c, write_big, &b, &e), &e);
		most = log_file_size() > most ? log_file_size() : most;
	}
	ac_committer_free(c);
	cr_expect(most < 64 * 1024 * 1024, "%llu", (unsigned long long)most);
}

/* kill -9 in the middle: of an item, between items, in the commit; and again, and again. */
static void
crash_at(int microseconds)
{
	int out[2], status;
	char byte;
	int64_t acknowledged = 0;

	cr_assert(pipe(out) == 0);
	pid_t child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
		for (int i = 0;; i++) {
			struct work w = work("");
			struct ac_err e = { 0 };
			snprintf(w.name, sizeof(w.name), "p%ld-%d", (long)getpid(), i);
			if (ac_committer_run(c, write_work, &w, &e) != AC_OK || write(out[1], "x", 1) != 1)
				_exit(1);
		}
	}
	close(out[1]);
	cr_assert(read(out[0], &byte, 1) == 1); /* it is at work */
	acknowledged = 1;
	usleep((useconds_t)microseconds);
	kill(child, SIGKILL);
	cr_assert(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
	while (read(out[0], &byte, 1) == 1)
		acknowledged++;
	close(out[0]);

	char name[64];
	for (int64_t i = 0; i < acknowledged; i++) {
		snprintf(name, sizeof(name), "p%ld-%lld", (long)child, (long long)i);
		if (i == 0 || i == acknowledged - 1)
			cr_expect(has(name), "%s was acknowledged", name);
	}
	snprintf(name, sizeof(name), "p%ld-%lld", (long)child, (long long)acknowledged + 1);
	cr_expect(!has(name), "at most one more than was acknowledged");
}

Test(committer, loses_nothing_it_acknowledged_when_it_is_killed)
{
	uint64_t seed = 7;
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	for (int i = 0; i < 25; i++) {
		crash_at((int)(next_random(&seed) % 20000));
		EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
	}
	struct ac_store *s = fixture_store(&f, false);
	EXPECT_CODE(s->ops->check(s, &e), AC_OK, e);
	ac_store_close(s);
}

static enum ac_code
exit_inside(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	(void)write_work(c, arg, reterr);
	_exit(7);
}

Test(committer, forgets_an_item_whose_process_ended_inside_it)
{
	struct work w = work("half");
	int status = -1;
	pid_t child = fork();

	cr_assert(child >= 0);
	if (child == 0) {
		struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
		struct work before = work("whole");
		struct ac_err e = { 0 };
		need(ac_committer_run(c, write_work, &before, &e), &e);
		need(ac_committer_run(c, exit_inside, &w, &e), &e);
	}
	cr_expect(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
	cr_expect(has("whole") && !has("half"));
	expect_good(1);
}

Test(committer, does_not_start_without_keys_or_with_a_bad_address)
{
	struct ac_committer_options options = { .threads = true };
	struct ac_committer *c = NULL;
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_committer_new(f.where, "/nonexistent", &options, &c, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "KEY-MISSING");
	EXPECT_CODE(ac_committer_new("oracle:x", f.keys, &options, &c, &e), AC_EINPUT, e);
	cr_expect(c == NULL);
}
