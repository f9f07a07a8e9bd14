/*
 * arena.h - memory that lives as long as one request, one document, one protocol.
 *
 * Owner   _new/_free by whoever starts the piece of work; nothing in it is freed singly, nothing outlives it.
 * Errors  none: out of memory ends the process (abort). Every input-driven size has its own named limit before it
 *         gets here.
 * Threads one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/auto.h"
#include "base/str.h"

struct ac_arena;

struct ac_arena *ac_arena_new(void);
void ac_arena_free(struct ac_arena *a);  /* NULL is allowed */
void ac_arena_reset(struct ac_arena *a); /* empty again; keeps its first block */
size_t ac_arena_used(const struct ac_arena *a);

void *ac_alloc(struct ac_arena *a, size_t size);               /* zeroed, aligned for any type, never NULL */
void *ac_alloc_array(struct ac_arena *a, size_t n, size_t size); /* product checked */
#define ac_new(a, T, n) ((T *)ac_alloc_array((a), (n), sizeof(T)))

struct ac_str ac_str_dup(struct ac_arena *a, struct ac_str s); /* absent stays absent */
struct ac_str ac_str_cat(struct ac_arena *a, struct ac_str x, struct ac_str y);
char *ac_cstr(struct ac_arena *a, struct ac_str s); /* NUL-terminated copy; the bytes must hold no NUL */
struct ac_str ac_strf(struct ac_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

AC_DEFINE_AUTO(ac_arena, ac_arena_free)

/* A growing array in an arena: AC_VEC(struct x) v = { 0 }; AC_PUSH(a, &v, item); */
#define AC_VEC(T) \
	struct { \
		T *v; \
		size_t n, cap; \
	}
#define AC_PUSH(a, vec, item) \
	do { \
		if ((vec)->n == (vec)->cap) \
			(vec)->v = ac_grow((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)); \
		(vec)->v[(vec)->n++] = (item); \
	} while (0)
void *ac_grow(struct ac_arena *a, void *old, size_t n, size_t *cap, size_t size);
/* `old` with room for `cap` bytes instead of `old_cap`; the first `n` are kept. In place when nothing came after it. */
void *ac_resize(struct ac_arena *a, void *old, size_t n, size_t old_cap, size_t cap);

#endif
