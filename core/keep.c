/* keep.c - see keep.h. A short list: an installation has tens of protocol versions in use, not thousands. */
#include <pthread.h>
#include <stdlib.h>

#include "core/keep.h"

struct ac_kept {
	struct ac_kept *next;
	enum ac_keep_kind kind;
	struct ac_sha256 key;
	struct ac_arena *arena;
	const void *value;
	size_t holders;
	uint64_t used; /* tick of the last look-up */
};
struct ac_keep {
	pthread_mutex_t lock;
	struct ac_kept *first;
	size_t n, max;
	uint64_t tick;
};

struct ac_keep *
ac_keep_new(size_t max)
{
	struct ac_keep *k = calloc(1, sizeof(*k));

	if (k == NULL || pthread_mutex_init(&k->lock, NULL) != 0)
		abort();
	k->max = max;
	return k;
}

static void
drop(struct ac_kept *kept)
{
	ac_arena_free(kept->arena);
	free(kept);
}

void
ac_keep_free(struct ac_keep *k)
{
	if (k == NULL)
		return;
	for (struct ac_kept *e = k->first, *next; e != NULL; e = next) {
		next = e->next;
		drop(e);
	}
	pthread_mutex_destroy(&k->lock);
	free(k);
}

static struct ac_kept *
find(struct ac_keep *k, enum ac_keep_kind kind, const struct ac_sha256 *key)
{
	for (struct ac_kept *e = k->first; e != NULL; e = e->next) {
		if (e->kind == kind && memcmp(&e->key, key, sizeof(*key)) == 0) {
			e->used = ++k->tick;
			e->holders++;
			return e;
		}
	}
	return NULL;
}

struct ac_kept *
ac_keep_get(struct ac_keep *k, enum ac_keep_kind kind, const struct ac_sha256 *key)
{
	pthread_mutex_lock(&k->lock);
	struct ac_kept *e = find(k, kind, key);
	pthread_mutex_unlock(&k->lock);
	return e;
}

/* Take the longest unused out of the list while there are too many; what is held stays. */
static struct ac_kept *
evict(struct ac_keep *k)
{
	struct ac_kept **oldest = NULL, *out;

	if (k->n <= k->max)
		return NULL;
	for (struct ac_kept **p = &k->first; *p != NULL; p = &(*p)->next)
		if ((*p)->holders == 0 && (oldest == NULL || (*p)->used < (*oldest)->used))
			oldest = p;
	if (oldest == NULL)
		return NULL;
	out = *oldest;
	*oldest = out->next;
	k->n--;
	return out;
}

struct ac_kept *
ac_keep_add(struct ac_keep *k, enum ac_keep_kind kind, const struct ac_sha256 *key, struct ac_arena *arena,
    const void *value)
{
	struct ac_kept *e, *old = NULL;

	pthread_mutex_lock(&k->lock);
	e = find(k, kind, key);
	if (e == NULL) {
		e = calloc(1, sizeof(*e));
		if (e == NULL)
			abort();
		*e = (struct ac_kept){ k->first, kind, *key, arena, value, 1, ++k->tick };
		k->first = e;
		k->n++;
		old = evict(k);
		arena = NULL;
	}
	pthread_mutex_unlock(&k->lock);
	ac_arena_free(arena);
	if (old != NULL)
		drop(old);
	return e;
}

const void *
ac_kept_value(const struct ac_kept *kept)
{
	return kept->value;
}

void
ac_keep_hold(struct ac_keep *k, struct ac_kept *kept)
{
	pthread_mutex_lock(&k->lock);
	kept->holders++;
	pthread_mutex_unlock(&k->lock);
}

void
ac_keep_release(struct ac_keep *k, struct ac_kept *kept)
{
	pthread_mutex_lock(&k->lock);
	kept->holders--;
	pthread_mutex_unlock(&k->lock);
}
