/*
 * arena.c - a chain of blocks, each filled from the front.
 *
 * Invariant: what lies behind `used` in a block is zero. Blocks come from calloc and _reset clears what was
 * used, so handing out memory is an addition and a comparison. An arena that is used again and again soon has one
 * block that is large enough: fetching pages from the system for each request costs as much as a document. Under
 * ASan the unused rest and a gap behind each piece are poisoned, so that running over the end of a piece is found.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(HAS_ASAN)
#define HAS_ASAN 1
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP 16
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP 0
#endif

#define ALIGN _Alignof(max_align_t)
#define FIRST_BLOCK ((size_t)8 * 1024)         /* many arenas live for one small thing */
#define BIGGEST_STEP ((size_t)4 * 1024 * 1024) /* blocks double up to here; more only for larger pieces */
#define KEEP_MAX ((size_t)1024 * 1024)         /* a reset keeps as much room as was used, up to here */
#define PIECE_MAX ((size_t)PTRDIFF_MAX / 4)    /* sums and doublings below cannot wrap */

struct block {
	struct block *former;
	size_t used, cap; /* of data */
	_Alignas(max_align_t) unsigned char data[];
};

struct ac_arena {
	struct block *top;
	size_t used_below; /* in all blocks but the top one */
};

static size_t
room_for(size_t size)
{
	return ((size + ALIGN - 1) & ~(ALIGN - 1)) + GAP;
}

static struct block *
block_new(size_t total, struct block *former)
{
	struct block *b = calloc(1, total);

	if (b == NULL)
		abort();
	b->former = former;
	b->cap = total - sizeof(*b);
	POISON(b->data, b->cap);
	return b;
}

static void
block_free(struct block *b)
{
	UNPOISON(b->data, b->cap);
	free(b);
}

struct ac_arena *
ac_arena_new(void)
{
	struct ac_arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		abort();
	a->top = block_new(FIRST_BLOCK, NULL);
	return a;
}

static void
drop_to_first(struct ac_arena *a)
{
	while (a->top->former != NULL) {
		struct block *former = a->top->former;
		block_free(a->top);
		a->top = former;
	}
}

void
ac_arena_free(struct ac_arena *a)
{
	if (a == NULL)
		return;
	drop_to_first(a);
	block_free(a->top);
	free(a);
}

size_t
ac_arena_used(const struct ac_arena *a)
{
	return a->used_below + a->top->used;
}

void
ac_arena_reset(struct ac_arena *a)
{
	size_t used = ac_arena_used(a), total = 2 * FIRST_BLOCK;
	bool is_chain = a->top->former != NULL;

	drop_to_first(a);
	a->used_below = 0;
	if (is_chain && used <= KEEP_MAX - sizeof(struct block)) {
		while (total - sizeof(struct block) < used)
			total *= 2;
		block_free(a->top);
		a->top = block_new(total, NULL);
		return;
	}
	UNPOISON(a->top->data, a->top->used);
	memset(a->top->data, 0, a->top->used);
	POISON(a->top->data, a->top->used);
	a->top->used = 0;
}

static void
add_block(struct ac_arena *a, size_t room)
{
	size_t total = a->top->cap + sizeof(struct block);

	total = total < BIGGEST_STEP / 2 ? total * 2 : BIGGEST_STEP;
	if (total < room + sizeof(struct block))
		total = room + sizeof(struct block);
	a->used_below += a->top->used;
	a->top = block_new(total, a->top);
}

void *
ac_alloc(struct ac_arena *a, size_t size)
{
	size_t room;

	if (size > PIECE_MAX)
		abort();
	room = room_for(size);
	if (room > a->top->cap - a->top->used)
		add_block(a, room);

	unsigned char *p = a->top->data + a->top->used;
	a->top->used += room;
	UNPOISON(p, size);
	return p;
}

void *
ac_alloc_array(struct ac_arena *a, size_t n, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(n, size, &product))
		abort();
	return ac_alloc(a, product);
}

/* The last piece of the top block becomes longer where it stands. */
static bool
extend(struct ac_arena *a, void *old, size_t old_size, size_t new_size)
{
	size_t old_room = room_for(old_size), more = room_for(new_size) - old_room;
	struct block *top = a->top;

	if (top->used < old_room || (unsigned char *)old != top->data + (top->used - old_room))
		return false;
	if (more > top->cap - top->used)
		return false;
	top->used += more;
	UNPOISON(old, new_size);
	return true;
}

void *
ac_resize(struct ac_arena *a, void *old, size_t n, size_t old_cap, size_t cap)
{
	if (cap > PIECE_MAX)
		abort();
	if (old != NULL && extend(a, old, old_cap, cap))
		return old;

	void *p = ac_alloc(a, cap);
	if (n > 0)
		memcpy(p, old, n);
	return p;
}

void *
ac_grow(struct ac_arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	size_t old_size = *cap * size; /* was checked when it was made */
	size_t new_cap = *cap < 8 ? 8 : *cap * 2;
	size_t new_size;

	if (__builtin_mul_overflow(new_cap, size, &new_size))
		abort();
	*cap = new_cap;
	return ac_resize(a, old, n * size, old_size, new_size);
}

struct ac_str
ac_str_dup(struct ac_arena *a, struct ac_str s)
{
	if (s.p == NULL)
		return s;
	return (struct ac_str){ ac_cstr(a, s), s.n };
}

struct ac_str
ac_str_cat(struct ac_arena *a, struct ac_str x, struct ac_str y)
{
	char *p;
	size_t n;

	if (__builtin_add_overflow(x.n, y.n, &n) || n > PIECE_MAX)
		abort();
	p = ac_alloc(a, n + 1);
	if (x.n > 0)
		memcpy(p, x.p, x.n);
	if (y.n > 0)
		memcpy(p + x.n, y.p, y.n);
	return (struct ac_str){ p, n };
}

char *
ac_cstr(struct ac_arena *a, struct ac_str s)
{
	char *p;

	if (s.n > PIECE_MAX)
		abort();
	p = ac_alloc(a, s.n + 1);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return p;
}

struct ac_str
ac_strf(struct ac_arena *a, const char *fmt, ...)
{
	char near[256]; /* most are short: formatted once */
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(near, sizeof(near), fmt, ap);
	va_end(ap);
	if (n < 0)
		abort(); /* no wide characters here: only more than INT_MAX bytes come to this */
	if ((size_t)n < sizeof(near))
		return ac_str_dup(a, (struct ac_str){ near, (size_t)n });

	char *p = ac_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct ac_str){ p, (size_t)n };
}
