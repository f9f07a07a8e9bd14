/* snapshot_facts.c - the open part of the snapshot: facts, whatever their names are. */
#include <stdlib.h>

#include "hl7/snapshot_read.h"

/* A number is kept in its shortest form, so that 2, 2.0 and 2e0 are one fact and one content hash. */
static struct ac_str
number_text(struct ac_arena *a, json_object *v)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 32, 0);
	ac_jw_init(&w, &b);
	if (json_object_is_type(v, json_type_int))
		ac_jw_int(&w, json_object_get_int64(v));
	else
		ac_jw_num(&w, json_object_get_double(v));
	return ac_buf_str(&b);
}

static struct enc_strs
one(struct ac_arena *a, struct ac_str s)
{
	struct enc_strs list = { .v = ac_new(a, struct ac_str, 1), .n = 1 };

	list.v[0] = s;
	return list;
}

/* An empty text is no fact; an empty list is one: "none". */
static enum ac_code
decode_fact(struct snap_decoder *d, const struct snap_place *at, json_object *v, struct enc_fact *f,
    bool *ret_is_fact)
{
	struct ac_str s = { 0 };
	enum ac_code code = AC_OK;

	*ret_is_fact = true;
	switch (json_object_get_type(v)) {
	case json_type_string:
		f->type = ENC_FACT_STRING;
		if ((code = snap_text(d, at, v, ENC_TEXT_MAX, &s)) == AC_OK && s.n > 0)
			f->s = one(d->a, s);
		*ret_is_fact = s.n > 0;
		return code;
	case json_type_int:
	case json_type_double:
		f->type = ENC_FACT_NUMBER;
		f->s = one(d->a, number_text(d->a, v));
		return AC_OK;
	case json_type_boolean:
		f->type = ENC_FACT_BOOL;
		f->s = one(d->a, json_object_get_boolean(v) ? AC_S("true") : AC_S("false"));
		return AC_OK;
	case json_type_array:
		f->type = ENC_FACT_STRINGS;
		return snap_strs(d, at, v, &f->s);
	case json_type_null:
		*ret_is_fact = false;
		return AC_OK;
	case json_type_object:
	default:
		return snap_refuse(
		    d, at, "ENC-TYPE", "a fact is a string, a number, a boolean or a list of strings");
	}
}

static int
by_name(const void *x, const void *y)
{
	return ac_str_cmp(((const struct enc_fact *)x)->name, ((const struct enc_fact *)y)->name);
}

/* Facts are sorted by name: the order of an object's members says nothing and must not reach the content hash. */
enum ac_code
snap_facts(struct snap_decoder *d, const struct snap_place *at, json_object *v, struct encounter *e)
{
	if (!json_object_is_type(v, json_type_object))
		return snap_refuse(d, at, "ENC-TYPE", "must be an object");
	int n = json_object_object_length(v);
	if (n > ENC_ITEMS_MAX)
		return snap_fail(
		    d, at, at, AC_ELIMIT, "ENC-LIMIT", "has more facts than a snapshot may have");

	e->facts = n == 0 ? NULL : ac_new(d->a, struct enc_fact, (size_t)n);
	json_object_object_foreach(v, key, value)
	{
		struct enc_fact f = { .name = ac_str_dup(d->a, ac_str_c(key)) };
		struct snap_place here = { .up = at, .name = f.name };
		enum ac_code code;
		bool is_fact;
		if (f.name.n == 0)
			return snap_refuse(d, at, "ENC-VALUE", "a fact has a name");
		if (f.name.n > ENC_ID_MAX)
			return snap_fail(d, &here, at, AC_ELIMIT, "ENC-LIMIT",
			    "the name is longer than an identifier may be");
		if ((code = decode_fact(d, &here, value, &f, &is_fact)) != AC_OK)
			return code;
		if (is_fact)
			e->facts[e->nfacts++] = f;
	}
	if (e->nfacts > 1)
		qsort(e->facts, e->nfacts, sizeof(*e->facts), by_name);
	return AC_OK;
}
