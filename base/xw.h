/*
 * xw.h - the escaping writer for XML, HTML and SVG: ordered, deterministic, no tree.
 *
 * Shape   elements by a stack; text and attribute values are escaped for their place, always. Characters
 *         that XML 1.0 forbids (controls, U+FFFE, U+FFFF) become U+FFFD, as does each byte that is no UTF-8
 *         (surrogates too). CR, and TAB/LF/CR in attributes, are written as character references so that a
 *         parser reads back the same infoset.
 * Errors  none; misuse (closing what is not open, an attribute after content) is a programming error: assert.
 * Names   of elements and attributes are the program's own literals, never input.
 */
#ifndef BASE_XW_H
#define BASE_XW_H

#include "base/buf.h"

#define AC_XW_DEPTH 64

struct ac_xw {
	struct ac_buf *b;
	bool html; /* void elements (br, hr, img, input, meta, link) without end, others never self-closed */
	struct ac_str open[AC_XW_DEPTH]; /* names */
	int depth;
	bool in_tag; /* the start tag is still open for attributes */
};

void ac_xw_init(struct ac_xw *w, struct ac_buf *b, bool html);
/* Names are literals: their lengths are known where these are called. */
void ac_xw_open_name(struct ac_xw *w, struct ac_str name);
void ac_xw_attr_name(struct ac_xw *w, struct ac_str name, struct ac_str value);

static inline void
ac_xw_open(struct ac_xw *w, const char *name)
{
	ac_xw_open_name(w, (struct ac_str){ name, __builtin_strlen(name) });
}
static inline void
ac_xw_attr(struct ac_xw *w, const char *name, struct ac_str value) /* absent: attribute left out */
{
	ac_xw_attr_name(w, (struct ac_str){ name, __builtin_strlen(name) }, value);
}
static inline void
ac_xw_attrc(struct ac_xw *w, const char *name, const char *value) /* NULL: the same */
{
	ac_xw_attr(w, name, (struct ac_str){ value, value == NULL ? 0 : __builtin_strlen(value) });
}
void ac_xw_attrf(struct ac_xw *w, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void ac_xw_text(struct ac_xw *w, struct ac_str text);
void ac_xw_textc(struct ac_xw *w, const char *text);
void ac_xw_textf(struct ac_xw *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ac_xw_close(struct ac_xw *w); /* the innermost element */
void ac_xw_end(struct ac_xw *w, const char *name); /* the same, and it must be this one */
/* <name>text</name> */
void ac_xw_elem(struct ac_xw *w, const char *name, struct ac_str text);
/* A value inside markup that the program wrote itself: escaped as an attribute's. */
void ac_xw_value(struct ac_xw *w, struct ac_str value);
/* Bytes as they are. Only for markup that this program made (an SVG inside a page). */
void ac_xw_markup_not_escaped(struct ac_xw *w, struct ac_str markup);

#endif
