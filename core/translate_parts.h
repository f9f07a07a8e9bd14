/* translate_parts.h - inside of translate: a translation as edits of the source. */
#ifndef CORE_TRANSLATE_PARTS_H
#define CORE_TRANSLATE_PARTS_H

#include "core/source_edit.h"
#include "core/translate.h"

/* The translation of a unit into `lang`: the element that is there is changed, or a new one inserted. */
void tr_edit_unit(const struct se_source *s, const struct ac_unit *u, struct ac_str lang, struct ac_str text,
    struct se_edits *to);

#endif
