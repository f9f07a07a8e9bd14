/* checkpointer.c - keeps the write-ahead log small. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "core/checkpointer.h"

#define START_BYTES (16 * 1024 * 1024) /* worth a pass: a page written ten times is copied once */
#define LARGE_BYTES (64 * 1024 * 1024) /* worth a wait */
#define LARGE_WAIT_MS 100

enum state { IDLE, ASKED, RUNNING, THROUGH /* the committer's turn */ };

struct ac_checkpointer {
	struct ac_store *store; /* its thread's own */
	pthread_t thread;
	int64_t waited_at;    /* the committer's: backlog when it last waited for readers */
	pthread_mutex_t lock; /* of the two below */
	pthread_cond_t asked;
	enum state state;
	bool is_stopping;
};

static void *
checkpoint_thread(void *arg)
{
	struct ac_checkpointer *k = arg;

	pthread_mutex_lock(&k->lock);
	while (!k->is_stopping) {
		if (k->state != ASKED) {
			pthread_cond_wait(&k->asked, &k->lock);
			continue;
		}
		k->state = RUNNING;
		pthread_mutex_unlock(&k->lock);
		(void)k->store->ops->checkpoint(k->store, 0, NULL);
		pthread_mutex_lock(&k->lock);
		k->state = THROUGH;
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

static void
checkpoint_rest(struct ac_checkpointer *k, struct ac_store *writer, int64_t backlog)
{
	int wait_ms = 0;

	/* each further LARGE_BYTES buys one wait: a stuck reader must not slow every batch */
	if (backlog < LARGE_BYTES)
		k->waited_at = 0;
	if (backlog - k->waited_at >= LARGE_BYTES) {
		wait_ms = LARGE_WAIT_MS;
		k->waited_at = backlog;
	}
	(void)writer->ops->checkpoint(writer, wait_ms, NULL);
}

void
ac_checkpointer_after_commit(struct ac_checkpointer *k, struct ac_store *writer)
{
	int64_t backlog = writer->ops->backlog(writer);
	bool is_mine;

	if (backlog < START_BYTES)
		return;
	pthread_mutex_lock(&k->lock);
	is_mine = k->state == THROUGH;
	if (is_mine) {
		k->state = IDLE;
	} else if (k->state == IDLE) {
		k->state = ASKED;
		pthread_cond_signal(&k->asked);
	}
	pthread_mutex_unlock(&k->lock);
	if (is_mine)
		checkpoint_rest(k, writer, backlog);
}

void
ac_checkpointer_inline(struct ac_store *writer)
{
	if (writer->ops->backlog(writer) >= START_BYTES)
		(void)writer->ops->checkpoint(writer, 0, NULL);
}

enum ac_code
ac_checkpointer_new(const char *where, const struct ac_store_options *options, struct ac_checkpointer **ret,
    struct ac_err *reterr)
{
	struct ac_checkpointer *k = calloc(1, sizeof(*k));
	sigset_t all, before;

	if (k == NULL)
		abort();
	enum ac_code code = ac_store_open(where, options, &k->store, reterr);
	if (code != AC_OK) {
		free(k);
		return code;
	}
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->asked, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&k->thread, NULL, checkpoint_thread, k) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_setname_np(k->thread, "checkpointer");
	*ret = k;
	return AC_OK;
}

void
ac_checkpointer_free(struct ac_checkpointer *k)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->is_stopping = true;
	pthread_cond_signal(&k->asked);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	ac_store_close(k->store);
	pthread_mutex_destroy(&k->lock);
	pthread_cond_destroy(&k->asked);
	free(k);
}
