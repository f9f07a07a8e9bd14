/*
 * xw.c - the escaping writer.
 *
 * Speed: documents are written in one pass, so the cost is looking at each byte once and copying it once. A
 * table says for each byte what its place asks of it; runs that ask nothing are copied whole. Bytes from 0x80
 * on are decoded only to see that they are well-formed characters that XML allows, and then belong to the
 * run.
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

#define CONTROLS [0x00 ... 0x08] = BAD, [0x0B ... 0x0C] = BAD, [0x0E ... 0x1F] = BAD
#define COMMON CONTROLS, ['\r'] = CR, ['&'] = AMP, ['<'] = LT, ['>'] = GT, [0x80 ... 0xFF] = HIGH

static const unsigned char in_text[256] = { COMMON };
static const unsigned char in_attr[256] = { COMMON, ['"'] = QUOT, ['\t'] = TAB, ['\n'] = LF };

static inline void
put(struct ac_buf *b, const char *p, size_t n)
{
	if (n > b->cap - b->n || n == 0) {
		ac_buf_add(b, (struct ac_str){ p, n });
		return;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
put1(struct ac_buf *b, char c)
{
	if (b->n == b->cap)
		ac_buf_addc(b, c);
	else
		b->p[b->n++] = c;
}

/* Is a whole, allowed character at `at`? Moves past it, or past one byte of what is none. */
static bool
is_high_ok(struct ac_str s, size_t *at)
{
	size_t from = *at;
	uint32_t c = ac_utf8_next(s, at);

	return ac_utf8_is_xml_char(c) && *at - from > 1;
}

static void
put_escaped(struct ac_buf *b, struct ac_str s, const unsigned char what[static 256])
{
	size_t run = 0, at = 0; /* [run, at) is to be copied as it is */

	while (at < s.n) {
		unsigned char k = what[(unsigned char)s.p[at]];
		if (k == PLAIN) {
			at++;
			continue;
		}
		size_t end = at++;
		if (k == HIGH) {
			at = end;
			if (is_high_ok(s, &at))
				continue;
			k = BAD;
		}
		put(b, s.p + run, end - run);
		put(b, replacement[k].p, replacement[k].n);
		run = at;
	}
	if (at > run)
		put(b, s.p + run, at - run);
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
is_void(const char *name)
{
	static const char *const names[] = { "br", "hr", "img", "input", "meta", "link" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

void
ac_xw_init(struct ac_xw *w, struct ac_buf *b, bool html)
{
	*w = (struct ac_xw){ .b = b, .html = html };
}

void
ac_xw_open(struct ac_xw *w, const char *name)
{
	if (w->depth < 0 || w->depth >= AC_XW_DEPTH)
		abort(); /* also without assert: the next line would write past the stack */
	end_tag_start(w);
	w->open[w->depth++] = name;
	put1(w->b, '<');
	put(w->b, name, strlen(name));
	w->in_tag = true;
}

void
ac_xw_attr(struct ac_xw *w, const char *name, struct ac_str value)
{
	assert(w->in_tag);
	if (!ac_str_is_set(value))
		return;
	put1(w->b, ' ');
	put(w->b, name, strlen(name));
	put(w->b, "=\"", 2);
	put_escaped(w->b, value, in_attr);
	put1(w->b, '"');
}

void
ac_xw_attrc(struct ac_xw *w, const char *name, const char *value)
{
	ac_xw_attr(w, name, ac_str_c(value));
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
	const char *name;

	if (w->depth <= 0)
		abort();
	name = w->open[--w->depth];
	if (w->in_tag && !w->html) {
		put(w->b, "/>", 2);
		w->in_tag = false;
		return;
	}
	if (w->html && is_void(name)) {
		assert(w->in_tag); /* a void element has no content */
		end_tag_start(w);
		return;
	}
	end_tag_start(w);
	put(w->b, "</", 2);
	put(w->b, name, strlen(name));
	put1(w->b, '>');
}

void
ac_xw_end(struct ac_xw *w, const char *name)
{
	assert(w->depth > 0 && strcmp(w->open[w->depth - 1], name) == 0);
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
ac_xw_markup_not_escaped(struct ac_xw *w, struct ac_str markup)
{
	end_tag_start(w);
	ac_buf_add(w->b, markup);
}
