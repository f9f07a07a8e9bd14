/*
 * committer.c - group commit: what waited while the last fsync ran goes into the next transaction.
 *
 * Order of a batch: BEGIN IMMEDIATE, read the head of the log, each item, head and one signed
 * checkpoint, COMMIT, then everybody is woken. Nothing is kept from one batch to the next, because another
 * process (the CLI) writes through a committer of its own.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "core/checkpointer.h"
#include "core/committer.h"
#include "core/keys.h"
#include "core/log_tail.h"
#include "core/reserve.h"

#define PAUSE_MAX_MS 5000

struct item { /* on the stack of the one who waits */
	ac_commit_fn *fn;
	void *arg;
	const struct ac_audit_entry *entry; /* all that it is: the reserve takes it when the store cannot */
	enum ac_code code;
	struct ac_err err;
	sem_t done;
	struct item *next;
};

struct ac_committer {
	struct ac_committer_options options;
	struct ac_store *store; /* of the thread that commits */
	struct ac_keys *keys;
	struct ac_reserve *reserve; /* NULL: none */
	int64_t pause_until;        /* monotonic ms: the store could not be written a moment ago */
	struct ac_arena *arena;
	struct ac_checkpointer *checkpointer; /* with threads only */
	pthread_t thread;
	bool has_thread;
	/* the queue; without threads `lock` also lets one caller at a time commit */
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct item *head, **tail;
	size_t waiting;
	bool is_stopping;
};

static int64_t
now_ms(const struct ac_committer *c)
{
	return c->options.clock_ms == NULL ? ac_now_ms() : c->options.clock_ms(c->options.clock_arg);
}

static enum ac_code
call(struct ac_committer *c, struct item *it, struct ac_log_tail *tail)
{
	int64_t now = now_ms(c);

	tail->at_ms = now > tail->at_ms ? now : tail->at_ms;
	struct ac_commit work = { .store = c->store, .now_ms = tail->at_ms, .arena = c->arena, .log = tail };
	enum ac_code code = it->fn(&work, it->arg, &it->err);
	ac_arena_reset(c->arena);
	return code;
}

/* On failure nothing of the item is left, in the store or in the log's tail. */
static enum ac_code
run_alone(struct ac_committer *c, struct item *it, struct ac_log_tail *tail)
{
	const struct ac_store_ops *ops = c->store->ops;
	struct ac_log_tail before = *tail;

	it->err = (struct ac_err){ 0 };
	enum ac_code code = ops->savepoint(c->store, &it->err);
	if (code != AC_OK)
		return code;
	code = call(c, it, tail);
	if (code == AC_OK)
		code = ops->release(c->store, &it->err);
	if (code != AC_OK) {
		ops->undo(c->store);
		*tail = before;
	}
	return code;
}

/*
 * Without a savepoint, which copies each page that an item touches: nearly all that fail do so before they write, because
 * what they were planned from has moved. False: this one failed after it had written; the transaction must be taken back.
 */
static bool
run_bare(struct ac_committer *c, struct item *it, struct ac_log_tail *tail)
{
	int64_t writes = c->store->ops->writes(c->store);
	uint64_t leaves = tail->f.size;

	it->code = call(c, it, tail);
	return it->code == AC_OK || (c->store->ops->writes(c->store) == writes && tail->f.size == leaves);
}

/* Entries of the reserve come before what this batch brings. A fault of theirs, other than the disk's, stops nobody. */
static enum ac_code
drain(
    struct ac_committer *c, struct ac_log_tail *tail, bool *ret_any, bool *ret_drained, struct ac_err *reterr)
{
	const struct ac_store_ops *ops = c->store->ops;
	struct ac_commit work = { .store = c->store, .now_ms = tail->at_ms, .arena = c->arena, .log = tail };
	struct ac_log_tail before = *tail;
	struct ac_err err = { 0 };
	int64_t n = 0;
	enum ac_code code = ops->savepoint(c->store, reterr);

	if (code != AC_OK)
		return code;
	code = ac_reserve_drain(c->reserve, &work, &n, &err);
	ac_arena_reset(c->arena);
	if (code == AC_OK)
		code = ops->release(c->store, &err);
	*ret_any = code == AC_OK && n > 0;
	*ret_drained = code == AC_OK;
	if (code == AC_OK)
		return AC_OK;
	ops->undo(c->store);
	*tail = before;
	if (ac_store_is_stuck(&err)) {
		*reterr = err;
		return code;
	}
	ac_log_err(AC_LOG_WARNING, "entries wait in the log's reserve", &err);
	return AC_OK;
}

/* From the head of the log to the last item. *ret_again: what is_bare allows is not enough. */
static enum ac_code
run_items(struct ac_committer *c, struct item *first, bool has_reserved, bool is_bare, struct ac_log_tail *tail,
    bool *ret_any, bool *ret_drained, bool *ret_again, struct ac_err *reterr)
{
	enum ac_code code = ac_log_tail_load(c->store, c->keys, tail, reterr);

	*ret_any = *ret_drained = *ret_again = false;
	if (code == AC_OK && has_reserved)
		code = drain(c, tail, ret_any, ret_drained, reterr);
	for (struct item *it = first; it != NULL && code == AC_OK && !*ret_again; it = it->next) {
		if (is_bare)
			*ret_again = !run_bare(c, it, tail);
		else
			it->code = run_alone(c, it, tail);
		*ret_any = *ret_any || it->code == AC_OK;
	}
	return code;
}

/* The transaction from begin to commit. *ret_any: something was committed. */
static enum ac_code
run_transaction(struct ac_committer *c, struct item *first, bool has_reserved, bool *ret_any,
    bool *ret_drained, struct ac_err *reterr)
{
	const struct ac_store_ops *ops = c->store->ops;
	struct ac_log_tail tail;
	bool any, again;
	enum ac_code code = run_items(c, first, has_reserved, true, &tail, &any, ret_drained, &again, reterr);

	if (code == AC_OK && again) {
		ops->rollback(c->store);
		if ((code = ops->begin(c->store, reterr)) == AC_OK)
			code = run_items(c, first, has_reserved, false, &tail, &any, ret_drained, &again, reterr);
	}
	if (code != AC_OK || !any)
		return code;
	code = ac_log_tail_save(c->store, &tail, c->arena, reterr);
	ac_arena_reset(c->arena);
	if (code == AC_OK)
		code = ops->commit(c->store, reterr);
	*ret_any = code == AC_OK;
	return code;
}

/* What is an entry and nothing else goes into the reserve, all of the batch with one write. */
static void
reserve_entries(struct ac_committer *c, struct item *first)
{
	const struct ac_audit_entry *entries[AC_COMMIT_BATCH_MAX];
	struct item *items[AC_COMMIT_BATCH_MAX];
	struct ac_err err = { 0 };
	int64_t now = now_ms(c);
	size_t n = 0;

	for (struct item *it = first; it != NULL && n < AC_COMMIT_BATCH_MAX; it = it->next) {
		if (it->entry == NULL || it->code == AC_OK || !ac_store_is_stuck(&it->err))
			continue;
		it->code = ac_audit_check(c->keys, it->entry, now, c->arena, &it->err);
		ac_arena_reset(c->arena);
		if (it->code != AC_OK)
			continue;
		entries[n] = it->entry;
		items[n++] = it;
	}
	enum ac_code code = n == 0 ? AC_OK : ac_reserve_put(c->reserve, entries, n, now, &err);
	for (size_t i = 0; i < n && code != AC_OK; i++) {
		items[i]->code = code;
		items[i]->err = err;
	}
}

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Trying again makes leaves of all that waits, in vain while the disk is full, and the more waits the longer it takes. So
 * entries alone do not try for ten times as long as the last try took; whoever brings anything else does.
 */
static bool
goes_to_reserve(const struct ac_committer *c, struct item *first)
{
	for (const struct item *it = first; it != NULL; it = it->next)
		if (it->entry == NULL)
			return false;
	return monotonic_ms() < c->pause_until;
}

static void
note_try(struct ac_committer *c, const struct item *first, int64_t from)
{
	int64_t took = monotonic_ms() - from;
	bool stuck = false;

	for (const struct item *it = first; it != NULL; it = it->next)
		stuck = stuck || (it->code != AC_OK && ac_store_is_stuck(&it->err));
	c->pause_until = !stuck ? 0 : from + took + (took * 10 < PAUSE_MAX_MS ? took * 10 : PAUSE_MAX_MS);
}

/* When the transaction fails, it fails for everybody: an item's own error may come from what is now undone. */
static void
run_batch(struct ac_committer *c, struct item *first)
{
	struct ac_err err = { 0 };
	bool is_committed = false, is_drained = false, has_reserved = ac_reserve_has(c->reserve);
	int64_t from = has_reserved ? monotonic_ms() : 0;

	if (has_reserved && goes_to_reserve(c, first)) {
		for (struct item *it = first; it != NULL; it = it->next)
			it->code = ac_fail(&it->err, AC_EIO, "STORE-DISK", "the store cannot be written");
		reserve_entries(c, first);
		return;
	}
	if (has_reserved)
		ac_reserve_lock(c->reserve);
	enum ac_code code = c->store->ops->begin(c->store, &err);
	if (code == AC_OK) {
		code = run_transaction(c, first, has_reserved, &is_committed, &is_drained, &err);
		if (!is_committed)
			c->store->ops->rollback(c->store);
	}
	for (struct item *it = first; it != NULL && code != AC_OK; it = it->next) {
		it->code = code;
		it->err = err;
	}
	if (is_drained && is_committed)
		ac_reserve_clear(c->reserve);
	if (has_reserved) {
		ac_reserve_unlock(c->reserve);
		note_try(c, first, from);
	}
	if (c->reserve != NULL)
		reserve_entries(c, first);
}

/* An item may be gone as soon as its semaphore is up. */
static void
wake(struct item *it)
{
	while (it != NULL) {
		struct item *next = it->next;
		sem_post(&it->done);
		it = next;
	}
}

/* Waits for work; NULL: stop. */
static struct item *
take_batch(struct ac_committer *c)
{
	struct item *first, *last;

	pthread_mutex_lock(&c->lock);
	while (c->head == NULL && !c->is_stopping)
		pthread_cond_wait(&c->work, &c->lock);
	first = last = c->head;
	for (int n = 1; last != NULL && last->next != NULL && n < c->options.batch_max; n++)
		last = last->next;
	if (last != NULL) {
		c->head = last->next;
		last->next = NULL;
	}
	if (c->head == NULL)
		c->tail = &c->head;
	for (struct item *it = first; it != NULL; it = it->next)
		c->waiting--;
	pthread_mutex_unlock(&c->lock);
	return first;
}

static void *
commit_thread(void *arg)
{
	struct ac_committer *c = arg;
	struct item *first;

	while ((first = take_batch(c)) != NULL) {
		run_batch(c, first);
		wake(first);
		ac_checkpointer_after_commit(c->checkpointer, c->store);
	}
	return NULL;
}

static enum ac_code
enqueue(struct ac_committer *c, struct item *it, struct ac_err *reterr)
{
	pthread_mutex_lock(&c->lock);
	assert(!c->is_stopping);
	bool is_full = c->waiting >= AC_COMMIT_QUEUE_MAX;
	if (!is_full) {
		*c->tail = it;
		c->tail = &it->next;
		c->waiting++;
		pthread_cond_signal(&c->work);
	}
	pthread_mutex_unlock(&c->lock);
	if (is_full)
		return ac_fail(reterr, AC_EBUSY, "COMMIT-QUEUE", "more than %d commits are waiting",
		    AC_COMMIT_QUEUE_MAX);
	return AC_OK;
}

static void
run_here(struct ac_committer *c, struct item *it)
{
	pthread_mutex_lock(&c->lock);
	run_batch(c, it);
	ac_checkpointer_inline(c->store);
	pthread_mutex_unlock(&c->lock);
}

static enum ac_code
run_one(struct ac_committer *c, struct item *it, struct ac_err *reterr)
{
	if (!c->has_thread) {
		run_here(c, it);
	} else {
		sem_init(&it->done, 0, 0);
		enum ac_code code = enqueue(c, it, reterr);
		while (code == AC_OK && sem_wait(&it->done) != 0)
			; /* a signal */
		sem_destroy(&it->done);
		if (code != AC_OK)
			return code;
	}
	if (it->code != AC_OK && reterr != NULL)
		*reterr = it->err;
	return it->code;
}

enum ac_code
ac_committer_run(struct ac_committer *c, ac_commit_fn *fn, void *arg, struct ac_err *reterr)
{
	struct item it = { .fn = fn, .arg = arg };

	return run_one(c, &it, reterr);
}

static enum ac_code
append_entry(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	return ac_audit_append(c, *(const struct ac_audit_entry **)arg, reterr);
}

enum ac_code
ac_committer_log(struct ac_committer *c, const struct ac_audit_entry *e, struct ac_err *reterr)
{
	struct item it = { .fn = append_entry, .arg = &e, .entry = e };

	return run_one(c, &it, reterr);
}

static enum ac_code
nothing(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	(void)c;
	(void)arg;
	(void)reterr;
	return AC_OK;
}

enum ac_code
ac_committer_settle(struct ac_committer *c, struct ac_err *reterr)
{
	return ac_reserve_has(c->reserve) ? ac_committer_run(c, nothing, NULL, reterr) : AC_OK;
}

bool
ac_committer_has_reserved(const struct ac_committer *c)
{
	return ac_reserve_has(c->reserve);
}

/* Without one, reads stop when the store cannot write; nothing else depends on it. */
static void
open_reserve(struct ac_committer *c)
{
	struct ac_err err = { 0 };

	if (c->options.reserve == NULL ||
	    ac_reserve_open(c->options.reserve, c->options.make_reserve, &c->reserve, &err) == AC_OK)
		return;
	if (c->options.make_reserve)
		ac_log_err(AC_LOG_WARNING, "there is no reserve for the log", &err);
}

static void
start(struct ac_committer *c)
{
	sigset_t all, before;

	sigfillset(&all); /* signals are the main thread's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&c->thread, NULL, commit_thread, c) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_setname_np(c->thread, "committer");
	c->has_thread = true;
}

enum ac_code
ac_committer_new(const char *where, const char *keys_dir, const struct ac_committer_options *options,
    struct ac_committer **ret, struct ac_err *reterr)
{
	AC_AUTO(ac_committer) c = calloc(1, sizeof(*c));
	struct ac_store_options how = { .sync = options->sync, .prepare_late = !options->threads };

	if (c == NULL)
		abort();
	c->options = *options;
	if (c->options.batch_max <= 0 || c->options.batch_max > AC_COMMIT_BATCH_MAX)
		c->options.batch_max = AC_COMMIT_BATCH_MAX;
	c->arena = ac_arena_new();
	c->tail = &c->head;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->work, NULL);
	enum ac_code code = ac_keys_load_log(keys_dir, &c->keys, reterr);
	if (code == AC_OK)
		code = ac_store_open(where, &how, &c->store, reterr);
	if (code == AC_OK && c->options.threads)
		code = ac_checkpointer_new(where, &how, &c->checkpointer, reterr);
	if (code != AC_OK)
		return code;
	open_reserve(c);
	if (c->options.threads)
		start(c);
	*ret = AC_TAKE(c);
	return AC_OK;
}

void
ac_committer_free(struct ac_committer *c)
{
	if (c == NULL)
		return;
	if (c->has_thread) {
		pthread_mutex_lock(&c->lock);
		c->is_stopping = true;
		pthread_cond_signal(&c->work);
		pthread_mutex_unlock(&c->lock);
		pthread_join(c->thread, NULL);
	}
	ac_checkpointer_free(c->checkpointer);
	ac_store_close(c->store);
	ac_reserve_close(c->reserve);
	ac_keys_free(c->keys);
	ac_arena_free(c->arena);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->work);
	free(c);
}
