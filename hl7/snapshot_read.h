/*
 * snapshot_read.h - inside of the snapshot decoder: places, refusals, and how single values are read.
 *
 * Shape   every reader takes the place that it reads at, leaves its output untouched when it refuses, and leaves it
 *         absent for an empty text.
 * Owner   the arena of the decoder.
 */
#ifndef HL7_SNAPSHOT_READ_H
#define HL7_SNAPSHOT_READ_H

#include "base/json.h"
#include "hl7/snapshot.h"
#include "hl7/snapshot_members.h"

/* Where we are, as a chain on the stack; it becomes a JSON Pointer only when somebody must read it. */
struct snap_place {
	const struct snap_place *up;
	struct ac_str name; /* absent: an item of a list */
	size_t index;
};
struct snap_decoder {
	struct ac_str bytes;
	struct ac_arena *a;
	struct encounter *e;
	struct enc_warnings *warnings;
	struct ac_err *reterr;
};

/* `at` names the place; line and column are those of `seen`, the innermost place that is in the text. */
enum ac_code snap_fail(struct snap_decoder *d, const struct snap_place *at, const struct snap_place *seen,
    enum ac_code code, const char *rule, const char *what);
enum ac_code snap_refuse(
    struct snap_decoder *d, const struct snap_place *at, const char *rule, const char *what);
void snap_warn(struct snap_decoder *d, const struct snap_place *at);
enum ac_code snap_text(
    struct snap_decoder *d, const struct snap_place *at, json_object *v, size_t max, struct ac_str *ret);
enum ac_code snap_id(struct snap_decoder *d, const struct snap_place *at, json_object *v, struct ac_str *ret);
enum ac_code snap_stamp(struct snap_decoder *d, const struct snap_place *at, enum enc_member_type type,
    json_object *v, struct ac_stamp *ret);
enum ac_code snap_revision(struct snap_decoder *d, const struct snap_place *at, json_object *v, int64_t *ret);
enum ac_code snap_word(struct snap_decoder *d, const struct snap_place *at, const struct enc_member *m,
    json_object *v, void *to);
enum ac_code snap_check_list(struct snap_decoder *d, const struct snap_place *at, json_object *v);
enum ac_code snap_strs(
    struct snap_decoder *d, const struct snap_place *at, json_object *v, struct enc_strs *ret);
enum ac_code snap_schema(struct snap_decoder *d, const struct snap_place *at, json_object *v);
enum ac_code snap_tri(struct snap_decoder *d, const struct snap_place *at, json_object *v, enum enc_tri *ret);
enum ac_code snap_zone(
    struct snap_decoder *d, const struct snap_place *at, json_object *v, struct ac_str *ret);
enum ac_code snap_facts(
    struct snap_decoder *d, const struct snap_place *at, json_object *v, struct encounter *e);

#endif
