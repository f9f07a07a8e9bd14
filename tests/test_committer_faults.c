/* test_committer_faults.c - what happens when the process, the disk or another process does not behave. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/committer_fixture.h"

TestSuite(committer_faults, .init = set_up, .fini = tear_down);

Test(committer_faults, keeps_the_log_whole_when_two_processes_write)
{
	int status = -1;
	ac_store_close(fixture_store(&f, false));
	pid_t child = fork();

	cr_assert(child >= 0);
	struct ac_committer *c =
	    fixture_committer(&f, (struct ac_committer_options){ .threads = child != 0 });
	bool is_right = run_threads(c, 30);
	ac_committer_free(c);
	if (child == 0)
		_exit(is_right ? 0 : 1);
	cr_expect(is_right);
	cr_expect(waitpid(child, &status, 0) == child && status == 0);
	expect_good(2 * THREADS * leaves_of(30));
}

Test(committer_faults, says_busy_when_another_process_holds_the_lock_and_recovers)
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
		code = ac_store_run(
		    c->store, AC_STMT_BLOB_ADD, NULL, NULL, reterr, AC_VSHA(&sha), AC_VBLOB(b->bytes));
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

Test(committer_faults, fails_everybody_in_a_transaction_that_the_disk_refuses_and_heals_when_there_is_room)
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
	EXPECT_RULE(e, "STORE-DISK");
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

Test(committer_faults, keeps_its_log_file_small_under_a_long_load)
{
	struct ac_committer *c =
	    fixture_committer(&f, (struct ac_committer_options){ .threads = true, .sync = AC_SYNC_OFF });
	static char zeros[60000];
	struct big b = { .bytes = { zeros, sizeof(zeros) }, .n = 8 };
	struct ac_err e = { 0 };
	rlim_t most = 0;

	for (int i = 0; i < 400; i++) { /* some 200 MB */
		need(ac_committer_run(c, write_big, &b, &e), &e);
		most = log_file_size() > most ? log_file_size() : most;
	}
	ac_committer_free(c);
	cr_expect(most < 96 * 1024 * 1024, "%llu", (unsigned long long)most);
}

/* One committer without pause, as a plugin under load; returns its process. */
static pid_t
start_load(void)
{
	pid_t child = fork();

	cr_assert(child >= 0);
	if (child > 0)
		return child;
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	_exit(run_threads(c, 1000000) ? 0 : 1);
}

Test(committer_faults, lets_a_second_process_write_while_the_first_never_pauses)
{
	ac_store_close(fixture_store(&f, false));
	pid_t child = start_load();
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = false });
	struct ac_err e = { 0 };
	int64_t longest_ms = 0;

	nap(200);
	for (int i = 0; i < 20; i++) {
		struct work w = work("");
		struct timespec from, to;
		snprintf(w.name, sizeof(w.name), "second-%d", i);
		clock_gettime(CLOCK_MONOTONIC, &from);
		EXPECT_CODE(ac_committer_run(c, write_work, &w, &e), AC_OK, e);
		clock_gettime(CLOCK_MONOTONIC, &to);
		int64_t ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
		longest_ms = ms > longest_ms ? ms : longest_ms;
	}
	kill(child, SIGKILL);
	cr_assert(waitpid(child, NULL, 0) == child);
	ac_committer_free(c);
	cr_expect(longest_ms < 3000, "%lld ms", (long long)longest_ms);
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
		struct ac_committer *c =
		    fixture_committer(&f, (struct ac_committer_options){ .threads = true });
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

Test(committer_faults, loses_nothing_it_acknowledged_when_it_is_killed)
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

Test(committer_faults, forgets_an_item_whose_process_ended_inside_it)
{
	struct work w = work("half");
	int status = -1;
	pid_t child = fork();

	cr_assert(child >= 0);
	if (child == 0) {
		struct ac_committer *c =
		    fixture_committer(&f, (struct ac_committer_options){ .threads = true });
		struct work before = work("whole");
		struct ac_err e = { 0 };
		need(ac_committer_run(c, write_work, &before, &e), &e);
		need(ac_committer_run(c, exit_inside, &w, &e), &e);
	}
	cr_expect(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
	cr_expect(has("whole") && !has("half"));
	expect_good(1);
}

Test(committer_faults, does_not_start_without_keys_or_with_a_bad_address)
{
	struct ac_committer_options options = { .threads = true };
	struct ac_committer *c = NULL;
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_committer_new(f.where, "/nonexistent", &options, &c, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "KEY-MISSING");
	EXPECT_CODE(ac_committer_new("oracle:x", f.keys, &options, &c, &e), AC_EINPUT, e);
	cr_expect(c == NULL);
}
