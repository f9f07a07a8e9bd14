/*
 * snapshot_decode.c - our JSON snapshot to struct encounter, by the table in snapshot_members.c.
 *
 * An absent member, null and an empty text are the same: nothing is known. A member that we do not know is named in
 * the warnings; a member that we know and cannot read refuses the snapshot, because a plan made from half of it would
 * look complete.
 */
#include "hl7/snapshot_read.h"

static enum ac_code decode_object(struct snap_decoder *d, const struct snap_place *at,
    const struct enc_member *rows, json_object *o, void *base);

/* Every time of the struct starts as absent; the arena's zeroes would say 1970. */
static void
clear_times(const struct enc_member *rows, char *base)
{
	for (const struct enc_member *m = rows; m->name != NULL; m++) {
		if (m->type == ENC_M_TIME || m->type == ENC_M_DATE || m->type == ENC_M_MOMENT)
			((struct ac_stamp *)(void *)(base + m->at))->t = AC_INSTANT_NONE;
		else if (m->type == ENC_M_OBJECT)
			clear_times(m->sub, base + m->at);
	}
}

static enum ac_code
decode_list(struct snap_decoder *d, const struct snap_place *at, const struct enc_member *m, json_object *v,
    char *base)
{
	enum ac_code code;

	if ((code = snap_check_list(d, at, v)) != AC_OK)
		return code;
	size_t n = json_object_array_length(v);
	char *items = n == 0 ? NULL : ac_alloc_array(d->a, n, m->size);
	for (size_t i = 0; i < n; i++) {
		struct snap_place item = { .up = at, .index = i };
		json_object *o = json_object_array_get_idx(v, i);
		if (!json_object_is_type(o, json_type_object))
			return snap_refuse(d, &item, "ENC-TYPE", "must be an object");
		clear_times(m->sub, items + i * m->size);
		if ((code = decode_object(d, &item, m->sub, o, items + i * m->size)) != AC_OK)
			return code;
	}
	*(void **)(base + m->at) = items;
	*(size_t *)(base + m->n) = n;
	return AC_OK;
}

static enum ac_code
decode_member(struct snap_decoder *d, const struct snap_place *at, const struct enc_member *m, json_object *v,
    char *base)
{
	char *to = base + m->at;

	switch (m->type) {
	case ENC_M_SCHEMA:
		return snap_schema(d, at, v);
	case ENC_M_ID:
		return snap_id(d, at, v, (struct ac_str *)(void *)to);
	case ENC_M_TEXT:
		return snap_text(d, at, v, ENC_TEXT_MAX, (struct ac_str *)(void *)to);
	case ENC_M_ZONE:
		return snap_zone(d, at, v, (struct ac_str *)(void *)to);
	case ENC_M_TIME:
	case ENC_M_DATE:
	case ENC_M_MOMENT:
		return snap_stamp(d, at, m->type, v, (struct ac_stamp *)(void *)to);
	case ENC_M_REVISION:
		return snap_revision(d, at, v, (int64_t *)(void *)to);
	case ENC_M_KIND:
	case ENC_M_STATUS:
	case ENC_M_PROC_STATUS:
		return snap_word(d, at, m, v, to);
	case ENC_M_TRI:
		return snap_tri(d, at, v, (enum enc_tri *)(void *)to);
	case ENC_M_STRS:
		return snap_strs(d, at, v, (struct enc_strs *)(void *)to);
	case ENC_M_OBJECT:
		if (!json_object_is_type(v, json_type_object))
			return snap_refuse(d, at, "ENC-TYPE", "must be an object");
		return decode_object(d, at, m->sub, v, to);
	case ENC_M_LIST:
		return decode_list(d, at, m, v, base);
	case ENC_M_FACTS:
		return snap_facts(d, at, v, d->e);
	}
	return AC_OK;
}

static void
warn_of_unknown(
    struct snap_decoder *d, const struct snap_place *at, const struct enc_member *rows, json_object *o)
{
	json_object_object_foreach(o, key, value)
	{
		const struct enc_member *m = rows;
		(void)value;
		while (m->name != NULL && strcmp(m->name, key) != 0)
			m++;
		if (m->name == NULL)
			snap_warn(d, &(struct snap_place){ .up = at, .name = { key, strlen(key) } });
	}
}

static bool
is_empty_text(json_object *v)
{
	return json_object_is_type(v, json_type_string) && json_object_get_string_len(v) == 0;
}

static enum ac_code
decode_object(struct snap_decoder *d, const struct snap_place *at, const struct enc_member *rows,
    json_object *o, void *base)
{
	for (const struct enc_member *m = rows; m->name != NULL; m++) {
		struct snap_place here = { .up = at, .name = ac_str_c(m->name) };
		json_object *v = NULL;
		bool is_there = json_object_object_get_ex(o, m->name, &v);
		enum ac_code code;

		if (v == NULL) {
			if (m->required)
				return snap_fail(d, &here, is_there ? &here : at, AC_EINPUT, "ENC-REQUIRED",
				    "must be given");
			continue;
		}
		if ((code = decode_member(d, &here, m, v, base)) != AC_OK)
			return code;
		if (m->required && is_empty_text(v))
			return snap_refuse(d, &here, "ENC-VALUE", "must not be empty");
		if (m->has != ENC_NOWHERE)
			*((bool *)base + m->has) = true;
	}
	warn_of_unknown(d, at, rows, o);
	return AC_OK;
}

enum ac_code
enc_snapshot_decode(struct ac_str json, struct ac_arena *a, struct encounter **ret,
    struct enc_warnings *ret_warnings, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) tree = NULL;
	struct enc_warnings warnings = { 0 };
	enum ac_code code;

	if ((code = ac_json_parse(json, AC_JSON_SIZE_MAX, &tree, reterr)) != AC_OK)
		return code;

	struct snap_decoder d = { .bytes = json,
		.a = a,
		.e = ac_new(a, struct encounter, 1),
		.warnings = &warnings,
		.reterr = reterr };
	if (!json_object_is_type(tree, json_type_object))
		return snap_refuse(&d, NULL, "ENC-TYPE", "a snapshot is an object");
	clear_times(enc_members, (char *)d.e);
	if ((code = decode_object(&d, NULL, enc_members, tree, d.e)) != AC_OK)
		return code;

	*ret = d.e;
	if (ret_warnings != NULL)
		*ret_warnings = warnings;
	return AC_OK;
}
