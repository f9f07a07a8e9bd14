/* committer_fixture.h - an item of work that shows what became of it, and threads that bring many. */
#ifndef TESTS_COMMITTER_FIXTURE_H
#define TESTS_COMMITTER_FIXTURE_H

#include <pthread.h>
#include <time.h>

#include "tests/expect.h"
#include "tests/store_fixture.h"

#define THREADS 8

static struct fixture f;

__attribute__((unused)) static void
set_up(void)
{
	fixture_open(&f);
}

__attribute__((unused)) static void
tear_down(void)
{
	fixture_close(&f);
}

/* One item: a setting and a leaf, then perhaps a failure. */
struct work {
	char name[64];
	int leaves;
	bool fails;
	int runs;
	int64_t leaf, now_ms;
};

__attribute__((unused)) static enum ac_code
write_work(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct work *w = arg;
	struct ac_audit_entry entry = { .action = "event",
		.kind = "plan",
		.actor = AC_S("module"),
		.role = AC_S("system"),
		.id = ac_str_c(w->name) };
	enum ac_code code = ac_store_run(c->store, AC_STMT_SETTING_ADD, NULL, NULL, reterr,
	    AC_VTEXT(ac_str_c(w->name)), AC_VBLOB(AC_S("x")));

	w->runs++;
	for (int i = 0; i < w->leaves && code == AC_OK; i++)
		code = ac_audit_append(c, &entry, reterr);
	w->leaf = ac_audit_last(c);
	w->now_ms = c->now_ms;
	if (code == AC_OK && w->fails)
		return ac_fail(reterr, AC_EINPUT, "TEST-FAILS", "as asked");
	return code;
}

__attribute__((unused)) static struct work
work(const char *name)
{
	struct work w = { .leaves = 1 };

	snprintf(w.name, sizeof(w.name), "%s", name);
	return w;
}

__attribute__((unused)) static bool
has(const char *name)
{
	struct ac_store *s = fixture_store(&f, true);
	struct ac_err e = { 0 };
	int64_t seen = -1;

	need(ac_store_run(s, AC_STMT_SETTING_GET, read_int_row, &seen, &e, AC_VTEXT(ac_str_c(name))), &e);
	ac_store_close(s);
	return seen != -1;
}

__attribute__((unused)) static void
expect_good(int64_t leaves)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	EXPECT_CODE(verify(&f, &n, &e), AC_OK, e);
	cr_expect(n.leaves == leaves, "%lld leaves, want %lld", (long long)n.leaves, (long long)leaves);
}

__attribute__((unused)) static int64_t
count_checkpoints(void)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	need(verify(&f, &n, &e), &e);
	return n.checkpoints;
}

struct runner {
	struct ac_committer *c;
	int id, items, failures;
	bool is_right;
};

__attribute__((unused)) static void *
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
		r->is_right = r->is_right && w.runs >= 1 && w.runs <= 2 && code == (w.fails ? AC_EINPUT : AC_OK);
	}
	return NULL;
}

__attribute__((unused)) static int64_t
leaves_of(int items)
{
	int64_t n = 0;

	for (int i = 0; i < items; i++)
		n += i % 5 == 3 ? 0 : i % 4;
	return n;
}

__attribute__((unused)) static bool
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

struct one {
	struct ac_committer *c;
	ac_commit_fn *fn;
	void *arg;
	enum ac_code code;
	struct ac_err e;
	pthread_t thread;
	_Atomic bool is_done;
};

__attribute__((unused)) static void *
run_one(void *arg)
{
	struct one *o = arg;

	o->code = ac_committer_run(o->c, o->fn, o->arg, &o->e);
	o->is_done = true;
	return NULL;
}

__attribute__((unused)) static void
start_one(struct one *o)
{
	if (pthread_create(&o->thread, NULL, run_one, o) != 0)
		abort();
}

__attribute__((unused)) static void
nap(long ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

#endif
