/* translate_parts.h - inside of translate: elements of the source that become others, byte by byte. */
#ifndef CORE_TRANSLATE_PARTS_H
#define CORE_TRANSLATE_PARTS_H

#include "base/buf.h"
#include "core/protocol_xml.h"
#include "core/translate.h"

struct tr_edit { /* bytes of the source from `at` on, `n` of them, become `text` */
	size_t at, n;
	struct ac_str text;
	size_t nth; /* in the order in which they were asked for */
};
struct tr_edits {
	struct tr_edit *v;
	size_t n, cap;
};
struct tr_source {
	struct ac_str xml;
	xmlDoc *doc;
	struct ac_arena *a;
};
/* The translation of a unit into `lang`: the element that is there is changed, or a new one inserted. */
void tr_edit_unit(const struct tr_source *s, const struct ac_unit *u, struct ac_str lang, struct ac_str text,
    struct tr_edits *to);
/* In the order of their places; at one place what is inserted comes first, in the order in which it was asked for.
 * AC_EINTEGRITY TRN-MEANING: two of them change the same bytes. */
enum ac_code tr_apply(const struct tr_source *s, struct tr_edits *e, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
