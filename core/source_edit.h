/*
 * source_edit.h - the XML source of a protocol, edited where something changes: every other byte stays as its author left it.
 *
 * Shape   an edit replaces a span of bytes; a source and its tree (core/protocol_xml.h) say where that is. Nothing is written
 *         back from the tree, so comments, layout, quotes and the order of attributes are not touched.
 * Order   edits are applied by place, in whatever order they were asked for: the bytes are the same. What is inserted at one
 *         and the same place stands there in the order of its bytes, before what is taken out there.
 * Owner   the arena; borrows the source, and the texts until they are applied.
 * Errors  AC_EINTEGRITY SOURCE-OVERLAP: two edits change the same bytes, or one lies outside: nothing is made.
 * Threads no shared state. PHI: none, a protocol holds none.
 */
#ifndef CORE_SOURCE_EDIT_H
#define CORE_SOURCE_EDIT_H

#include "base/buf.h"
#include "core/protocol_xml.h"

struct se_edit { /* bytes of the source from `at` on, `n` of them, become `text` */
	size_t at, n;
	struct ac_str text;
};
struct se_edits {
	struct se_edit *v;
	size_t n, cap;
};
struct se_source {
	struct ac_str xml;
	xmlDoc *doc;
	struct ac_arena *a;
};

/* Elements in the order of the file. */
const xmlNode *se_next(const xmlNode *n);
const xmlNode *se_element_at(const struct se_source *s, uint32_t line, uint32_t col); /* NULL: none begins there */
/* As the parser read it, borrowed from the tree; absent: there is none. "xml:lang" is one, an attribute of another namespace none. */
struct ac_str se_attr(const xmlNode *n, const char *name);

/* Text is escaped here. */
void se_replace(const struct se_source *s, struct se_edits *to, size_t at, size_t n, struct ac_str raw_xml);
/* The attribute that is there gets the value, within its quotes; else it is added, behind `after` or (NULL) the last one. */
void se_set_attr(const struct se_source *s, struct se_edits *to, const xmlNode *n, const char *name, struct ac_str value,
    const char *after);
void se_drop_attr(const struct se_source *s, struct se_edits *to, const xmlNode *n, const char *name); /* with the blanks before it */
/* Of an element that holds text, comments and character data only. */
void se_set_text(const struct se_source *s, struct se_edits *to, const xmlNode *n, struct ac_str text);

/* Behind the end tag; and where a line of its own begins behind it: a comment on the same line belongs to the element.
 * *ret_indent absent: the element does not begin its line. */
size_t se_end_of(const struct se_source *s, const xmlNode *n);
size_t se_line_behind(const struct se_source *s, const xmlNode *n, struct ac_str *ret_indent);
struct ac_str se_name(const struct se_source *s, const xmlNode *n); /* as written, with its prefix */
struct ac_str se_escaped(struct ac_arena *a, struct ac_str s, bool is_attr);

enum ac_code se_apply(
    const struct se_source *s, struct se_edits *e, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
