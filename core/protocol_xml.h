/*
 * protocol_xml.h - the XML side of the loader: bytes to a tree in which every element knows its place in the file.
 *
 * Shape   libxml2 builds the tree (no network, no DOCTYPE, counted while it reads); positions come from a second pass
 *         over the bytes, because libxml2 keeps no columns and no place of an attribute. Columns count characters.
 * Owner   the tree is the caller's (xmlFreeDoc, AC_AUTO_T(xmlDoc)); positions live in the arena, at node->_private.
 * Errors  those of core/protocol.h; messages are ours: libxml2's own may quote what they like.
 * Threads any; libxml2 is initialised once.
 */
#ifndef CORE_PROTOCOL_XML_H
#define CORE_PROTOCOL_XML_H

#include <libxml/tree.h>

#include "base/arena.h"
#include "base/err.h"

#define PX_NS "urn:aftercare:protocol:1"
#define PX_ELEMENTS_MAX 16000

AC_DEFINE_AUTO_T(xmlDoc, xmlFreeDoc)

struct px_pos {
	size_t at; /* byte offset of "<" */
	uint32_t line, col;
};

enum ac_code px_parse(
    struct ac_str xml, struct ac_arena *a, xmlDoc **ret, struct ac_err *reterr) AC_MUST_CHECK;
const struct px_pos *px_pos(const xmlNode *element);
/* Where the attribute's name stands; `attr` NULL: the element. */
struct px_pos px_attr_pos(struct ac_str xml, const xmlNode *element, const char *attr);
/* Where character `index` (from 0) of the attribute's value stands; references and CR LF count as the one they give. */
struct px_pos px_value_pos(struct ac_str xml, const xmlNode *element, const char *attr, size_t index);
/* "/protocol/task[2]" */
struct ac_str px_path(struct ac_arena *a, const xmlNode *element);
/* "id", "xml:lang" */
struct ac_str px_attr_name(struct ac_arena *a, const xmlAttr *attr);
/* Text below an element or attribute, comments left out, as it stands. */
struct ac_str px_text(struct ac_arena *a, const xmlNode *first_child);
/* White space at both ends cut, inside made one blank: what XML Schema does to a token. */
struct ac_str px_collapse(struct ac_arena *a, struct ac_str s);
const xmlNode *px_next_element(const xmlNode *n); /* n itself if it is one, else the next sibling that is */

#endif
