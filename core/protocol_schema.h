/*
 * protocol_schema.h - the grammar of protocols as a table, and the check of a tree against it.
 *
 * Shape   one row per element: what it may hold, in order, how often, and its attributes with their types. The same
 *         language as schemas/protocol.rnc.
 * Errors  PRT-004..023; the first fault in document order.
 * Threads the table is read-only.
 */
#ifndef CORE_PROTOCOL_SCHEMA_H
#define CORE_PROTOCOL_SCHEMA_H

#include "core/protocol_xml.h"

/* A tree that passed has every demanded attribute and child, and every value in its lexical form. */
enum ac_code px_check(
    struct ac_str xml, const xmlDoc *doc, struct ac_arena *a, struct ac_err *reterr) AC_MUST_CHECK;

/* Each element, then each of its attributes; `attr` NULL: the element itself. For the manual's test. */
void px_each_attribute(void (*fn)(const char *element, const char *attr, void *arg), void *arg);

enum px_type {
	PX_ID,
	PX_TOKEN,
	PX_LANG,
	PX_OFFSET,
	PX_RANGE,
	PX_CONDITION,
	PX_SIGNED,
	PX_SEED,
	PX_WORD,
	PX_HASH,
	PX_COUNT,
	PX_OF,
	PX_TIMES,
	PX_HOURS
};
/* NULL: the value has the form of its type; else the rule that it breaks. `words` for PX_WORD only. */
const char *px_broken_rule(enum px_type type, const char *const *words, struct ac_str value);
const char *px_form_words(enum px_type type); /* "is no offset such as 48 h ..." */

/* Words of attributes with a fixed set, each in the order of its enum in core/protocol.h, ended by NULL. */
extern const char *const px_fact_types[],
    *const px_instruction_kinds[], *const px_flag_levels[], *const px_task_kinds[],
								*const px_closed_words[],
								    *const px_done_words[],
									*const px_contact_words[],
									    *const px_unknown_words[];

#endif
