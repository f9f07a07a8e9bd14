/*
 * diff_kit.h - random changes of a protocol file, for the properties of the meaning diff and of the canonical layout.
 */
#ifndef TESTS_PROPERTY_DIFF_KIT_H
#define TESTS_PROPERTY_DIFF_KIT_H

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/auto.h"
#include "tests/cda/random.h"

AC_DEFINE_AUTO_T(xmlDoc, xmlFreeDoc)

/* One change, most of them with a meaning; NULL: it could not be made. The description is for the failure's words. */
struct ac_str mutate(struct gen *g, struct ac_str xml, const char **ret_what);
/* Blanks, comments, order of attributes, a condition written in another way: nothing with a meaning. */
struct ac_str rewrite(struct gen *g, struct ac_str xml);

#endif
