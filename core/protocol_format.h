/*
 * protocol_format.h - the canonical layout of a protocol file.
 *
 * Shape   two blanks a level, an element a line, attributes in a fixed order and wrapped beyond AC_FORMAT_COLUMNS, one empty
 *         line at most where the author left some; a fact's value or a question stays on one line when it fits. Comments stay where
 *         they stood, to the letter, behind an element when they stood behind it. Texts are not touched.
 * Rules   the canonical form (C14N with comments) stays the same but for white space between elements and comments, so
 *         the meaning does, and formatting twice gives what formatting once gives. The version is the hash of the
 *         canonical form, white space included: it changes with the layout.
 * Errors  those of ac_protocol_load. AC_EINTEGRITY FMT-MEANING: the result would say something else; nothing is returned.
 */
#ifndef CORE_PROTOCOL_FORMAT_H
#define CORE_PROTOCOL_FORMAT_H

#include "base/arena.h"
#include "base/err.h"

#define AC_FORMAT_COLUMNS 120

enum ac_code ac_protocol_format(
    struct ac_str xml, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
