/*
 * buf.h - bytes that grow in an arena: what every writer here writes to.
 *
 * Errors  none while writing. A buffer with a limit remembers that it was exceeded (`over`), takes no more bytes,
 *         and its owner asks once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

struct ac_buf {
	struct ac_arena *a;
	char *p;
	size_t n, cap;
	size_t limit; /* 0: none */
	bool over;
};

void ac_buf_init(struct ac_buf *b, struct ac_arena *a, size_t first, size_t limit);
/* Room for `n` more bytes behind the last one; false, and nothing else, when the limit does not allow it.
 * For writers that fill `p` themselves and then move `n`. */
bool ac_buf_room(struct ac_buf *b, size_t n);
void ac_buf_add(struct ac_buf *b, struct ac_str s);
void ac_buf_addc(struct ac_buf *b, char c);
void ac_buf_addz(struct ac_buf *b, const char *cstr);
void ac_buf_addf(struct ac_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct ac_str ac_buf_str(const struct ac_buf *b); /* borrowed from the buffer; valid until the next add */

#endif
