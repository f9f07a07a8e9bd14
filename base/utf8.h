/* utf8.h - is it UTF-8, and what is the next character. Source: RFC 3629, XML 1.0 section 2.2. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

bool ac_utf8_is_valid(struct ac_str s, size_t *ret_bad_at); /* no overlong forms, no surrogates, <= U+10FFFF */
/* The character at s.p[*at]; moves *at past it. A bad sequence gives U+FFFD and moves by one byte. */
uint32_t ac_utf8_next(struct ac_str s, size_t *at);
bool ac_utf8_is_xml_char(uint32_t c);
/* Moves no cursor and turns no text around: not a control, nor a bidirectional one, nor U+FFFD. For terminals. */
bool ac_utf8_is_plain(uint32_t c);
/* Has no place in what people read: controls, embeddings and overrides, blanks without width. Marks and isolates have. */
bool ac_utf8_is_hidden(uint32_t c);
/* Nothing in it can be seen: blanks of every width and what is hidden. */
bool ac_utf8_is_blank(struct ac_str s);
/* Cells of a terminal that it takes: 2 for East Asian wide ones and pictures, 0 for marks on the one before it, else 1. */
unsigned ac_utf8_cells(uint32_t c);
size_t ac_utf8_count(struct ac_str s); /* characters */
/* At most `max` bytes of `s`, cut at a character. */
struct ac_str ac_utf8_head(struct ac_str s, size_t max);

#endif
