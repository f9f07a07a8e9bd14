/*
 * json.h - the one door for JSON in, and the one writer for JSON out.
 *
 * Shape   in: RFC 8259, UTF-8, one value, nothing after it but white space; no duplicate names, no lone surrogates, no
 *         NaN, no raw controls, numbers within a double's range, integers within +-(2^53-1). Our own scanner checks
 *         all of this and gives line, column and JSON Pointer; json-c then builds the tree.
 * Errors  AC_EINPUT with rule JSON-SYNTAX, JSON-UTF8, JSON-DUPLICATE, JSON-SURROGATE, JSON-NUL (\u0000:
 *         text here never holds a NUL), JSON-NUMBER; AC_ELIMIT with JSON-DEPTH, JSON-SIZE. Line and column from 1, the
 *         column in characters, not bytes; `path` is a JSON Pointer.
 * Owner   the tree belongs to the caller: json_object_put (AC_AUTO_T(json_object)).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <json-c/json.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

#define AC_JSON_DEPTH_MAX 32
#define AC_JSON_SIZE_MAX (1024 * 1024)

AC_DEFINE_AUTO_T(json_object, json_object_put)

/* At most size_max bytes (AC_JSON_SIZE_MAX unless a route allows less). json-c gives NULL for the value `null`. */
enum ac_code ac_json_parse(struct ac_str bytes, size_t size_max, json_object **ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Where in `bytes` (already accepted by ac_json_parse) the value at `pointer` starts; false if it is not there. */
bool ac_json_locate(struct ac_str bytes, const char *pointer, uint32_t *ret_line, uint32_t *ret_col);
/* A member of an object: a copy in the arena; absent where there is none, or it is no text. */
struct ac_str ac_json_str(json_object *o, const char *key, struct ac_arena *a);
int64_t ac_json_int(json_object *o, const char *key, int64_t absent);

/* The writer: commas and escaping are its business. Keys are the program's own literals or input, both are escaped. */
struct ac_jw {
	struct ac_buf *b;
	uint64_t has_item; /* bit per depth: a comma is due */
	int depth;
	bool after_key;
};
void ac_jw_init(struct ac_jw *w, struct ac_buf *b);
void ac_jw_obj(struct ac_jw *w); /* { */
void ac_jw_arr(struct ac_jw *w); /* [ */
void ac_jw_end_obj(struct ac_jw *w);
void ac_jw_end_arr(struct ac_jw *w);
void ac_jw_key(struct ac_jw *w, const char *key);
void ac_jw_key_str(struct ac_jw *w, struct ac_str key);
void ac_jw_str(struct ac_jw *w, struct ac_str s); /* absent: null */
void ac_jw_int(struct ac_jw *w, int64_t i);
void ac_jw_num(struct ac_jw *w, double d); /* shortest form that reads back the same */
void ac_jw_bool(struct ac_jw *w, bool v);
void ac_jw_null(struct ac_jw *w);
/* key and value in one; an absent string leaves the member out */
void ac_jw_kstr(struct ac_jw *w, const char *key, struct ac_str s);
void ac_jw_kint(struct ac_jw *w, const char *key, int64_t i);
void ac_jw_kbool(struct ac_jw *w, const char *key, bool v);

#endif
