/*
 * protocol_load.h - what the two halves of the loader share: the state of one load, readers of attributes and texts.
 *
 * Shape   the tree has passed px_check, so readers find what the grammar demands. The first fault is kept in the state
 *         and everything after it only unwinds: callers look at `code` once.
 * Threads one load is one thread's.
 */
#ifndef CORE_PROTOCOL_LOAD_H
#define CORE_PROTOCOL_LOAD_H

#include "core/protocol.h"
#include "core/protocol_xml.h"

struct px_load {
	struct ac_str xml;
	struct ac_arena *a;
	struct ac_err *reterr;
	enum ac_code code;
	struct ac_names facts;
	struct ac_str lang; /* the protocol's own */
	AC_VEC(struct ac_str) ids;
};

void px_fail(struct px_load *l, const xmlNode *n, struct px_pos at, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

size_t px_count(const xmlNode *parent, const char *name);
const xmlNode *px_child(const xmlNode *parent, const char *name); /* the first of that name; NULL */
const xmlNode *px_again(const xmlNode *n);                        /* the next of the same name; NULL */

struct ac_str px_attr(
    struct px_load *l, const xmlNode *n, const char *name); /* collapsed; absent when not there */
size_t px_word(
    struct px_load *l, const xmlNode *n, const char *name, const char *const *words, size_t otherwise);
bool px_yes(struct px_load *l, const xmlNode *n, const char *name);
struct ac_offset px_offset(struct px_load *l, const xmlNode *n, const char *name);
void px_range(
    struct px_load *l, const xmlNode *n, const char *name, struct ac_offset *min, struct ac_offset *max);
void px_order(struct px_load *l, const xmlNode *n, struct ac_offset from, struct ac_offset until);
const struct ac_condition *px_condition(struct px_load *l, const xmlNode *n, struct ac_names answers);
struct ac_str px_content(struct px_load *l, const xmlNode *n); /* white space collapsed */
struct ac_texts px_texts(struct px_load *l, const xmlNode *parent, const char *name);
#define PX_GROUP_MAX 200
/* Exceptions and reasons: several in each language. Each source text with its translations, in the file's order. */
struct px_group {
	const xmlNode *first; /* in the protocol's language */
	struct ac_texts text;
};
struct px_groups {
	struct px_group *v;
	size_t n;
};
struct px_groups px_grouped(struct px_load *l, const xmlNode *parent, const char *name);
void px_signature(struct px_load *l, const xmlNode *n, struct ac_str *ret_by, struct ac_str *ret_on);
/* Offsets joined by blanks, ascending, at most AC_TASK_TIMES_MAX. */
struct ac_offset *px_times(struct px_load *l, const xmlNode *n, const char *name, size_t *ret_n);
struct ac_str *px_decide(struct px_load *l, const xmlNode *parent, size_t *ret_n);
struct ac_line px_line(struct px_load *l, const xmlNode *n);

/* Earliest and latest second after the anchor that an offset can mean, whatever the anchor's time of day. */
void px_offset_span(struct ac_offset o, int64_t *ret_min, int64_t *ret_max);

#endif
