/*
 * xw.c - the escaping writer.
 *
 * Speed: a document is written in one pass, mostly short names and values. A name or value for which there is
 * surely room is written without asking again; eight bytes are looked at and copied at a time while none of
 * them asks for anything. What then remains goes by a table that says for each byte what its place asks.
 * Near a buffer's limit the plain way is taken, which fits in what still fits.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/xw.h"

enum {
	PLAIN = 0,
	HIGH, /* part of a longer sequence, or bad */
	BAD,  /* forbidden in XML 1.0 */
	AMP,
	LT,
	GT,
	QUOT,
	TAB,
	LF,
	CR
};

static const struct ac_str replacement[] = {
	[BAD] = { "\xEF\xBF\xBD", 3 },
	[AMP] = { "&amp;", 5 },
	[LT] = { "&lt;", 4 },
	[GT] = { "&gt;", 4 },
	[QUOT] = { "&quot;", 6 },
	[TAB] = { "&#9;", 4 },
	[LF] = { "&#10;", 5 },
	[CR] = { "&#13;", 5 },
};

#define MOST 6 /* bytes of the longest of them */

#define CONTROLS [0x00 ... 0x08] = BAD, [0x0B ... 0x0C] = BAD, [0x0E ... 0x1F] = BAD
#define COMMON CONTROLS, ['\r'] = CR, ['&'] = AMP, ['<'] = LT, ['>'] = GT, [0x80 ... 0xFF] = HIGH

static const unsigned char in_text[256] = { COMMON };
static const unsigned char in_attr[256] = { COMMON, ['"'] = QUOT, ['\t'] = TAB, ['\n'] = LF };

#define EACH(byte) (0x0101010101010101u * (byte))

static void
put(struct ac_buf *b, struct ac_str s)
{
	ac_buf_add(b, s);
}

static inline bool
has_room(struct ac_buf *b, size_t n)
{
	return n <= b->cap - b->n || ac_buf_room(b, n);
}

static inline void
put1(struct ac_buf *b, char c)
{
	if (b->n == b->cap)
		ac_buf_addc(b, c);
	else
		b->p[b->n++] = c;
}

/* Eight bytes from any address. */
struct eight {
	uint64_t x;
} __attribute__((packed, may_alias));

static inline uint64_t
load8(const char *p)
{
	return ((const struct eight *)p)->x;
}

static inline void
store8(char *p, uint64_t x)
{
	((struct eight *)p)->x = x;
}

/* Are all eight printable ASCII, and none of & < > "? A borrow may blame a neighbour, but only of a true one. */
static inline bool
is_all_plain(uint64_t x)
{
	uint64_t control = x - EACH(0x20);
	uint64_t angle = ((x | EACH(0x02)) ^ EACH('>')) - EACH(1);    /* '<' | 2 is '>' */
	uint64_t amp_quot = ((x | EACH(0x04)) ^ EACH('&')) - EACH(1); /* '"' | 4 is '&' */

	return ((x | control | angle | amp_quot) & EACH(0x80)) == 0;
}

/* memcpy for names: a call costs more than what it copies. */
static inline char *
copy_short(char *to, struct ac_str s)
{
	if (s.n > 16) {
		memcpy(to, s.p, s.n);
	} else if (s.n >= 8) {
		memcpy(to, s.p, 8);
		memcpy(to + s.n - 8, s.p + s.n - 8, 8);
	} else if (s.n >= 4) {
		memcpy(to, s.p, 4);
		memcpy(to + s.n - 4, s.p + s.n - 4, 4);
	} else {
		for (size_t i = 0; i < s.n; i++)
			to[i] = s.p[i];
	}
	return to + s.n;
}

/* Is a whole, allowed character at `at`? Moves past it, or past one byte of what is none. */
static bool
is_high_ok(struct ac_str s, size_t *at)
{
	size_t from = *at;
	uint32_t c = ac_utf8_next(s, at);

	return ac_utf8_is_xml_char(c) && *at - from > 1;
}

/* What stands for the byte at *at, and how many bytes it stands for. */
static struct ac_str
next_piece(struct ac_str s, size_t *at, unsigned char what)
{
	size_t from = *at;

	if (what == HIGH) {
		if (is_high_ok(s, at))
			return (struct ac_str){ s.p + from, *at - from };
		what = BAD;
	} else {
		(*at)++;
	}
	if (what == PLAIN)
		return (struct ac_str){ s.p + from, 1 };
	return replacement[what];
}

/* The plain way, for the last bytes before a limit. */
static void
put_escaped_tightly(struct ac_buf *b, struct ac_str s, size_t at, const unsigned char what[static 256])
{
	while (at < s.n)
		put(b, next_piece(s, &at, what[(unsigned char)s.p[at]]));
}

static void
put_escaped(struct ac_buf *b, struct ac_str s, const unsigned char what[static 256])
{
	size_t at = 0;

	while (at < s.n) {
		/* room for the rest as it is, and for one that is not */
		if (!has_room(b, s.n - at + MOST)) {
			put_escaped_tightly(b, s, at, what);
			return;
		}
		char *to = b->p + b->n;
		size_t from = at;
		uint64_t x;
		while (s.n - at >= 8 && is_all_plain(x = load8(s.p + at))) {
			store8(to + (at - from), x);
			at += 8;
		}
		if (s.n - at < 8 && s.n - from >= 8 && is_all_plain(x = load8(s.p + s.n - 8))) {
			store8(to + (s.n - 8 - from), x); /* again some that stand there already */
			at = s.n;
		}
		unsigned char k = PLAIN;
		for (; at < s.n && (k = what[(unsigned char)s.p[at]]) == PLAIN; at++)
			to[at - from] = s.p[at];
		to += at - from;
		if (at < s.n)
			to = copy_short(to, next_piece(s, &at, k));
		b->n = (size_t)(to - b->p);
	}
}

static void
end_tag_start(struct ac_xw *w)
{
	if (!w->in_tag)
		return;
	put1(w->b, '>');
	w->in_tag = false;
}

static bool
is_void(struct ac_str name)
{
	static const char names[][6] = { "br", "hr", "img", "input", "meta", "link" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ac_streq_c(name, names[i]))
			return true;
	return false;
}

void
ac_xw_init(struct ac_xw *w, struct ac_buf *b, bool html)
{
	*w = (struct ac_xw){ .b = b, .html = html };
}

void
ac_xw_open_name(struct ac_xw *w, struct ac_str name)
{
	struct ac_buf *b = w->b;

	if (w->depth < 0 || w->depth >= AC_XW_DEPTH)
		abort(); /* also without assert: the next line would write past the stack */
	w->open[w->depth++] = name;
	if (has_room(b, name.n + 2)) {
		char *to = b->p + b->n;
		if (w->in_tag)
			*to++ = '>';
		*to++ = '<';
		b->n = (size_t)(copy_short(to, name) - b->p);
	} else {
		end_tag_start(w);
		put1(b, '<');
		put(b, name);
	}
	w->in_tag = true;
}

void
ac_xw_attr_name(struct ac_xw *w, struct ac_str name, struct ac_str value)
{
	struct ac_buf *b = w->b;

	assert(w->in_tag);
	if (!ac_str_is_set(value))
		return;
	if (has_room(b, name.n + 3)) {
		char *to = b->p + b->n;
		*to++ = ' ';
		to = copy_short(to, name);
		*to++ = '=';
		*to++ = '"';
		b->n = (size_t)(to - b->p);
	} else {
		put1(b, ' ');
		put(b, name);
		put(b, AC_S("=\""));
	}
	put_escaped(b, value, in_attr);
	put1(b, '"');
}

/* Short ones on the caller's stack, long ones in the buffer's arena. */
__attribute__((format(printf, 4, 0))) static struct ac_str
format(struct ac_xw *w, char *near, size_t size, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(near, size, fmt, ap);
	if (n < 0)
		abort();
	if ((size_t)n >= size) {
		near = ac_alloc(w->b->a, (size_t)n + 1);
		vsnprintf(near, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	return (struct ac_str){ near, (size_t)n };
}

void
ac_xw_attrf(struct ac_xw *w, const char *name, const char *fmt, ...)
{
	char near[256];
	va_list ap;

	va_start(ap, fmt);
	ac_xw_attr(w, name, format(w, near, sizeof(near), fmt, ap));
	va_end(ap);
}

void
ac_xw_text(struct ac_xw *w, struct ac_str text)
{
	if (text.n == 0)
		return;
	end_tag_start(w);
	put_escaped(w->b, text, in_text);
}

void
ac_xw_textc(struct ac_xw *w, const char *text)
{
	ac_xw_text(w, ac_str_c(text));
}

void
ac_xw_textf(struct ac_xw *w, const char *fmt, ...)
{
	char near[256];
	va_list ap;

	va_start(ap, fmt);
	ac_xw_text(w, format(w, near, sizeof(near), fmt, ap));
	va_end(ap);
}

void
ac_xw_close(struct ac_xw *w)
{
	struct ac_buf *b = w->b;
	struct ac_str name;

	if (w->depth <= 0)
		abort();
	name = w->open[--w->depth];
	if (w->in_tag && !w->html) {
		put1(b, '/');
		put1(b, '>');
		w->in_tag = false;
		return;
	}
	if (w->html && is_void(name)) {
		assert(w->in_tag); /* a void element has no content */
		end_tag_start(w);
		return;
	}
	end_tag_start(w);
	if (has_room(b, name.n + 3)) {
		char *to = b->p + b->n;
		*to++ = '<';
		*to++ = '/';
		to = copy_short(to, name);
		*to++ = '>';
		b->n = (size_t)(to - b->p);
	} else {
		put(b, AC_S("</"));
		put(b, name);
		put1(b, '>');
	}
}

void
ac_xw_end(struct ac_xw *w, const char *name)
{
	assert(w->depth > 0 && ac_streq_c(w->open[w->depth - 1], name));
	(void)name;
	ac_xw_close(w);
}

void
ac_xw_elem(struct ac_xw *w, const char *name, struct ac_str text)
{
	ac_xw_open(w, name);
	ac_xw_text(w, text);
	ac_xw_close(w);
}

void
ac_xw_value(struct ac_xw *w, struct ac_str value)
{
	end_tag_start(w);
	put_escaped(w->b, value, in_attr);
}

void
ac_xw_markup_not_escaped(struct ac_xw *w, struct ac_str markup)
{
	end_tag_start(w);
	ac_buf_add(w->b, markup);
}
