/* checkpointer.c - keeps the write-ahead log small. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "core/checkpointer.h"

#define MIB (1024 * 1024)
#define START_BYTES (16 * MIB) /* worth a pass: a page written ten times is copied once */
#define STEP_BYTES (8 * MIB)   /* worth another try after one that could not finish */
#define LARGE_BYTES (64 * MIB) /* worth a wait */
#define LARGE_WAIT_MS 100

enum state { IDLE, ASKED, RUNNING, THROUGH /* the committer's turn */ };

struct ac_checkpointer {
	struct ac_store *store; /* its thread's own */
	pthread_t thread;
	int64_t due,
	    wait_due; /* the committer's: backlogs at which it asks for a pass, and at which it waits */
	pthread_mutex_t lock; /* of the state */
	pthread_cond_t asked, through;
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
		pthread_cond_signal(&k->through);
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

/* The pass that runs gets a moment to end: two checkpoints at a time are one too many. */
static void
wait_for_pass(struct ac_checkpointer *k)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LARGE_WAIT_MS * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&k->lock);
	while ((k->state == ASKED || k->state == RUNNING) &&
	       pthread_cond_timedwait(&k->through, &k->lock, &until) == 0)
		;
	pthread_mutex_unlock(&k->lock);
}

/* True: a pass is through, and the rest is the committer's to do now. */
static bool
ask_or_take(struct ac_checkpointer *k, bool is_due)
{
	bool is_mine;

	pthread_mutex_lock(&k->lock);
	is_mine = k->state == THROUGH;
	if (is_mine) {
		k->state = IDLE;
	} else if (k->state == IDLE && is_due) {
		k->state = ASKED;
		pthread_cond_signal(&k->asked);
	}
	pthread_mutex_unlock(&k->lock);
	return is_mine;
}

/* A reader that stays must not cost every batch a try: each try that fails puts the next one off. */
void
ac_checkpointer_after_commit(struct ac_checkpointer *k, struct ac_store *writer)
{
	int64_t backlog = writer->ops->backlog(writer);

	if (backlog < START_BYTES) { /* the log started over */
		k->due = START_BYTES;
		k->wait_due = LARGE_BYTES;
	}
	if (backlog >= k->wait_due) {
		wait_for_pass(k);
		(void)writer->ops->checkpoint(writer, LARGE_WAIT_MS, NULL);
		k->wait_due = backlog + STEP_BYTES;
	}
	if (ask_or_take(k, backlog >= k->due) && backlog >= START_BYTES) {
		(void)writer->ops->checkpoint(writer, 0, NULL);
		k->due = backlog + STEP_BYTES;
	}
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
	struct ac_store_options how = *options;
	sigset_t all, before;

	if (k == NULL)
		abort();
	how.prepare_late = true; /* it runs none */
	enum ac_code code = ac_store_open(where, &how, &k->store, reterr);
	if (code != AC_OK) {
		free(k);
		return code;
	}
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->asked, NULL);
	pthread_cond_init(&k->through, &monotonic);
	pthread_condattr_destroy(&monotonic);
	k->due = START_BYTES;
	k->wait_due = LARGE_BYTES;
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
	pthread_cond_destroy(&k->through);
	free(k);
}
