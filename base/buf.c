/*
 * buf.c - bytes that grow in an arena.
 *
 * `cap` never exceeds `limit`, and shrinks to `n` when the limit was hit: "is there room" is the only
 * question an adder asks, also those that write into the buffer themselves (xw.c).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

void
ac_buf_init(struct ac_buf *b, struct ac_arena *a, size_t first, size_t limit)
{
	if (limit != 0 && first > limit)
		first = limit;
	*b = (struct ac_buf){ .a = a, .limit = limit, .cap = first };
	b->p = first == 0 ? NULL : ac_alloc(a, first);
}

bool
ac_buf_room(struct ac_buf *b, size_t n)
{
	size_t want, cap = b->cap < 128 ? 256 : b->cap * 2;

	if (n <= b->cap - b->n)
		return true;
	if (b->over)
		return false;
	if (__builtin_add_overflow(b->n, n, &want))
		abort();
	if (b->limit != 0 && want > b->limit)
		return false;
	if (cap < want)
		cap = want;
	if (b->limit != 0 && cap > b->limit)
		cap = b->limit;
	b->p = ac_resize(b->a, b->p, b->n, b->cap, cap);
	b->cap = cap;
	return true;
}

/* The same for bytes that must go in: what does not fit ends the writing. */
static bool
reserve(struct ac_buf *b, size_t n)
{
	if (ac_buf_room(b, n))
		return true;
	b->over = true;
	b->cap = b->n;
	return false;
}

void
ac_buf_add(struct ac_buf *b, struct ac_str s)
{
	if (s.n == 0 || !reserve(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
ac_buf_addc(struct ac_buf *b, char c)
{
	if (!reserve(b, 1))
		return;
	b->p[b->n++] = c;
}

void
ac_buf_addz(struct ac_buf *b, const char *cstr)
{
	ac_buf_add(b, ac_str_c(cstr));
}

void
ac_buf_addf(struct ac_buf *b, const char *fmt, ...)
{
	char near[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(near, sizeof(near), fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	if ((size_t)n < sizeof(near)) {
		ac_buf_add(b, (struct ac_str){ near, (size_t)n });
		return;
	}

	char *p = ac_alloc(b->a, (size_t)n + 1); /* not into the buffer: no room for the NUL */
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	ac_buf_add(b, (struct ac_str){ p, (size_t)n });
}

struct ac_str
ac_buf_str(const struct ac_buf *b)
{
	return (struct ac_str){ b->p == NULL ? "" : b->p, b->n };
}
