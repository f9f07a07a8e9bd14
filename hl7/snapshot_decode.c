/*
 * snapshot_decode.c - our JSON snapshot to struct encounter, by the table in snapshot_members.c.
 *
 * An absent member, null and an empty text are the same: nothing is known. A member that we do not know is named in
 * the warnings; a member that we know and cannot read refuses the snapshot, because a plan made from half of it would
 * look complete.
 */
#include "hl7/snapshot.h"

#include <stdlib.h>

#include "base/json.h"
#include "hl7/snapshot_members.h"

/* Where we are, as a chain on the stack; it becomes a JSON Pointer only when somebody must read it. */
struct place {
	const struct place *up;
	struct ac_str name; /* absent: an item of a list */
	size_t index;
};
struct decoder {
	struct ac_str bytes;
	struct ac_arena *a;
	struct encounter *e;
	struct enc_warnings *warnings;
	struct ac_err *reterr;
};

static enum ac_code decode_object(
    struct decoder *d, const struct place *at, const struct enc_member *rows, json_object *o, void *base);

static void
pointer_add(struct ac_buf *b, const struct place *at)
{
	if (at == NULL)
		return;
	pointer_add(b, at->up);
	if (!ac_str_is_set(at->name)) {
		ac_buf_addf(b, "/%zu", at->index);
		return;
	}
	ac_buf_addc(b, '/');
	for (size_t i = 0; i < at->name.n; i++) {
		char c = at->name.p[i];
		if (c == '~')
			ac_buf_addz(b, "~0");
		else if (c == '/')
			ac_buf_addz(b, "~1");
		else
			ac_buf_addc(b, c);
	}
}

static struct ac_str
pointer(struct ac_arena *a, const struct place *at)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	pointer_add(&b, at);
	return ac_buf_str(&b);
}

/* `at` names the place; line and column are those of `seen`, the innermost place that is in the text. */
static enum ac_code
fail(struct decoder *d, const struct place *at, const struct place *seen, enum ac_code code, const char *rule,
    const char *what)
{
	uint32_t line = 0, col = 0;

	(void)ac_json_locate(d->bytes, ac_cstr(d->a, pointer(d->a, seen)), &line, &col);
	return ac_fail_at(d->reterr, code, rule, line, col, ac_cstr(d->a, pointer(d->a, at)), "%s", what);
}

static enum ac_code
refuse(struct decoder *d, const struct place *at, const char *rule, const char *what)
{
	return fail(d, at, at, AC_EINPUT, rule, what);
}

static void
warn(struct decoder *d, const struct place *at)
{
	if (d->warnings->n < ENC_WARNINGS_MAX)
		d->warnings->v[d->warnings->n++] = pointer(d->a, at);
}

static struct ac_str
str_of(json_object *v)
{
	return (struct ac_str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) };
}

static enum ac_code
decode_text(struct decoder *d, const struct place *at, json_object *v, size_t max, struct ac_str *ret)
{
	if (!json_object_is_type(v, json_type_string))
		return refuse(d, at, "ENC-TYPE", "must be a string");
	struct ac_str s = str_of(v);
	if (s.n > max)
		return fail(d, at, at, AC_ELIMIT, "ENC-LIMIT",
		    max == ENC_ID_MAX ? "longer than an identifier may be" : "longer than a text may be");
	if (memchr(s.p, '\0', s.n) != NULL)
		return refuse(d, at, "ENC-VALUE", "holds a NUL character");
	if (s.n > 0)
		*ret = ac_str_dup(d->a, s);
	return AC_OK;
}

static enum ac_code
decode_id(struct decoder *d, const struct place *at, json_object *v, struct ac_str *ret)
{
	struct ac_str s = { 0 };
	enum ac_code code;

	if ((code = decode_text(d, at, v, ENC_ID_MAX, &s)) != AC_OK)
		return code;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return refuse(d, at, "ENC-VALUE", "an identifier holds no control characters");
	*ret = s;
	return AC_OK;
}

static enum ac_code
decode_stamp(struct decoder *d, const struct place *at, enum enc_member_type type, json_object *v,
    struct ac_stamp *ret)
{
	struct ac_str s = { 0 };
	struct ac_stamp stamp = { .t = AC_INSTANT_NONE };
	enum ac_code code;

	if ((code = decode_text(d, at, v, ENC_TEXT_MAX, &s)) != AC_OK || s.n == 0)
		return code;
	if (type != ENC_M_DATE && ac_stamp_parse(s, &stamp)) {
		*ret = stamp;
		return AC_OK;
	}
	if (type == ENC_M_TIME)
		return refuse(d, at, "ENC-TIME", "must be a time with offset, as in RFC 3339");
	if (!ac_date_parse(s, &stamp))
		return refuse(d, at, "ENC-TIME", "must be YYYY, YYYY-MM or YYYY-MM-DD");
	*ret = stamp;
	return AC_OK;
}

static enum ac_code
decode_revision(struct decoder *d, const struct place *at, json_object *v, int64_t *ret)
{
	if (!json_object_is_type(v, json_type_int))
		return refuse(d, at, "ENC-TYPE", "must be an integer");
	int64_t i = json_object_get_int64(v);
	if (i < 0 || i >= ENC_REVISION_MAX)
		return refuse(d, at, "ENC-VALUE", "must be in 0 .. 2^53-1");
	*ret = i;
	return AC_OK;
}

/* The index of a word in the list that `word` speaks; -1 when it is none of the `n`. */
static int
word_index(struct ac_str s, const char *(*word)(int), int n)
{
	for (int i = 0; i < n; i++)
		if (ac_streq_c(s, word(i)))
			return i;
	return -1;
}

static const char *
status_word(int i)
{
	return enc_status_word((enum enc_status)i);
}

static const char *
procedure_status_word(int i)
{
	return enc_procedure_status_word((enum enc_procedure_status)i);
}

static const char *
kind_word(int i)
{
	static const char *const words[] = { "allergy", "medication", "problem" };

	return words[i];
}

static enum ac_code
decode_word(struct decoder *d, const struct place *at, const struct enc_member *m, json_object *v, void *to)
{
	struct ac_str s = { 0 };
	enum ac_code code;
	int i;

	if ((code = decode_text(d, at, v, ENC_ID_MAX, &s)) != AC_OK || s.n == 0)
		return code;
	if (m->type == ENC_M_STATUS && (i = word_index(s, status_word, ENC_ENTERED_IN_ERROR + 1)) >= 0)
		*(enum enc_status *)to = (enum enc_status)i;
	else if (m->type == ENC_M_PROC_STATUS &&
		 (i = word_index(s, procedure_status_word, ENC_PROC_CANCELLED + 1)) >= 0)
		*(enum enc_procedure_status *)to = (enum enc_procedure_status)i;
	else if (m->type == ENC_M_KIND && word_index(s, kind_word, 3) >= 0)
		*(struct ac_str *)to = s;
	else
		return refuse(d, at, "ENC-VALUE", "is none of the words that may stand here");
	return AC_OK;
}

static enum ac_code
check_list(struct decoder *d, const struct place *at, json_object *v)
{
	if (!json_object_is_type(v, json_type_array))
		return refuse(d, at, "ENC-TYPE", "must be a list");
	if (json_object_array_length(v) > ENC_ITEMS_MAX)
		return fail(d, at, at, AC_ELIMIT, "ENC-LIMIT", "has more items than a list may have");
	return AC_OK;
}

/* Empty texts are left out: EHRs send [""] for a column that holds nothing. */
static enum ac_code
decode_strs(struct decoder *d, const struct place *at, json_object *v, struct enc_strs *ret)
{
	enum ac_code code;

	if ((code = check_list(d, at, v)) != AC_OK)
		return code;
	size_t n = json_object_array_length(v);
	struct enc_strs list = { .v = n == 0 ? NULL : ac_new(d->a, struct ac_str, n) };
	for (size_t i = 0; i < n; i++) {
		struct place item = { .up = at, .index = i };
		struct ac_str s = { 0 };
		if ((code = decode_text(d, &item, json_object_array_get_idx(v, i), ENC_TEXT_MAX, &s)) !=
		    AC_OK)
			return code;
		if (s.n > 0)
			list.v[list.n++] = s;
	}
	*ret = list;
	return AC_OK;
}

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
decode_list(struct decoder *d, const struct place *at, const struct enc_member *m, json_object *v, char *base)
{
	enum ac_code code;

	if ((code = check_list(d, at, v)) != AC_OK)
		return code;
	size_t n = json_object_array_length(v);
	char *items = n == 0 ? NULL : ac_alloc_array(d->a, n, m->size);
	for (size_t i = 0; i < n; i++) {
		struct place item = { .up = at, .index = i };
		json_object *o = json_object_array_get_idx(v, i);
		if (!json_object_is_type(o, json_type_object))
			return refuse(d, &item, "ENC-TYPE", "must be an object");
		clear_times(m->sub, items + i * m->size);
		if ((code = decode_object(d, &item, m->sub, o, items + i * m->size)) != AC_OK)
			return code;
	}
	*(void **)(base + m->at) = items;
	*(size_t *)(base + m->n) = n;
	return AC_OK;
}

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
decode_fact(struct decoder *d, const struct place *at, json_object *v, struct enc_fact *f, bool *ret_is_fact)
{
	struct ac_str s = { 0 };
	enum ac_code code = AC_OK;

	*ret_is_fact = true;
	switch (json_object_get_type(v)) {
	case json_type_string:
		f->type = ENC_FACT_STRING;
		if ((code = decode_text(d, at, v, ENC_TEXT_MAX, &s)) == AC_OK && s.n > 0)
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
		return decode_strs(d, at, v, &f->s);
	case json_type_null:
		*ret_is_fact = false;
		return AC_OK;
	case json_type_object:
	default:
		return refuse(
		    d, at, "ENC-TYPE", "a fact is a string, a number, a boolean or a list of strings");
	}
}

static int
by_name(const void *x, const void *y)
{
	return ac_str_cmp(((const struct enc_fact *)x)->name, ((const struct enc_fact *)y)->name);
}

/* Facts are sorted by name: the order of an object's members says nothing and must not reach the content hash. */
static enum ac_code
decode_facts(struct decoder *d, const struct place *at, json_object *v, struct encounter *e)
{
	if (!json_object_is_type(v, json_type_object))
		return refuse(d, at, "ENC-TYPE", "must be an object");
	int n = json_object_object_length(v);
	if (n > ENC_ITEMS_MAX)
		return fail(d, at, at, AC_ELIMIT, "ENC-LIMIT", "has more facts than a snapshot may have");

	e->facts = n == 0 ? NULL : ac_new(d->a, struct enc_fact, (size_t)n);
	json_object_object_foreach(v, key, value)
	{
		struct enc_fact f = { .name = ac_str_dup(d->a, ac_str_c(key)) };
		struct place here = { .up = at, .name = f.name };
		enum ac_code code;
		bool is_fact;
		if (f.name.n == 0)
			return refuse(d, at, "ENC-VALUE", "a fact has a name");
		if (f.name.n > ENC_ID_MAX)
			return fail(d, &here, at, AC_ELIMIT, "ENC-LIMIT",
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

static enum ac_code
decode_schema(struct decoder *d, const struct place *at, json_object *v)
{
	if (!json_object_is_type(v, json_type_string))
		return refuse(d, at, "ENC-TYPE", "must be a string");
	if (!ac_streq_c(str_of(v), ENC_SCHEMA))
		return refuse(d, at, "ENC-SCHEMA", "must be \"" ENC_SCHEMA "\"");
	return AC_OK;
}

static enum ac_code
decode_tri(struct decoder *d, const struct place *at, json_object *v, enum enc_tri *ret)
{
	if (!json_object_is_type(v, json_type_boolean))
		return refuse(d, at, "ENC-TYPE", "must be true or false");
	*ret = json_object_get_boolean(v) ? ENC_YES : ENC_NO;
	return AC_OK;
}

static enum ac_code
decode_zone(struct decoder *d, const struct place *at, json_object *v, struct ac_str *ret)
{
	struct ac_str s = { 0 };
	enum ac_code code;

	if ((code = decode_text(d, at, v, ENC_ID_MAX, &s)) != AC_OK || s.n == 0)
		return code;
	if (!ac_zone_name_is_ok(s))
		return refuse(d, at, "ENC-VALUE", "must be a time zone's name, such as Europe/Berlin");
	*ret = s;
	return AC_OK;
}

static enum ac_code
decode_member(
    struct decoder *d, const struct place *at, const struct enc_member *m, json_object *v, char *base)
{
	char *to = base + m->at;

	switch (m->type) {
	case ENC_M_SCHEMA:
		return decode_schema(d, at, v);
	case ENC_M_ID:
		return decode_id(d, at, v, (struct ac_str *)(void *)to);
	case ENC_M_TEXT:
		return decode_text(d, at, v, ENC_TEXT_MAX, (struct ac_str *)(void *)to);
	case ENC_M_ZONE:
		return decode_zone(d, at, v, (struct ac_str *)(void *)to);
	case ENC_M_TIME:
	case ENC_M_DATE:
	case ENC_M_MOMENT:
		return decode_stamp(d, at, m->type, v, (struct ac_stamp *)(void *)to);
	case ENC_M_REVISION:
		return decode_revision(d, at, v, (int64_t *)(void *)to);
	case ENC_M_KIND:
	case ENC_M_STATUS:
	case ENC_M_PROC_STATUS:
		return decode_word(d, at, m, v, to);
	case ENC_M_TRI:
		return decode_tri(d, at, v, (enum enc_tri *)(void *)to);
	case ENC_M_STRS:
		return decode_strs(d, at, v, (struct enc_strs *)(void *)to);
	case ENC_M_OBJECT:
		if (!json_object_is_type(v, json_type_object))
			return refuse(d, at, "ENC-TYPE", "must be an object");
		return decode_object(d, at, m->sub, v, to);
	case ENC_M_LIST:
		return decode_list(d, at, m, v, base);
	case ENC_M_FACTS:
		return decode_facts(d, at, v, d->e);
	}
	return AC_OK;
}

static void
warn_of_unknown(struct decoder *d, const struct place *at, const struct enc_member *rows, json_object *o)
{
	json_object_object_foreach(o, key, value)
	{
		const struct enc_member *m = rows;
		(void)value;
		while (m->name != NULL && strcmp(m->name, key) != 0)
			m++;
		if (m->name == NULL)
			warn(d, &(struct place){ .up = at, .name = { key, strlen(key) } });
	}
}

static bool
is_empty_text(json_object *v)
{
	return json_object_is_type(v, json_type_string) && json_object_get_string_len(v) == 0;
}

static enum ac_code
decode_object(
    struct decoder *d, const struct place *at, const struct enc_member *rows, json_object *o, void *base)
{
	for (const struct enc_member *m = rows; m->name != NULL; m++) {
		struct place here = { .up = at, .name = ac_str_c(m->name) };
		json_object *v = NULL;
		bool is_there = json_object_object_get_ex(o, m->name, &v);
		enum ac_code code;

		if (v == NULL) {
			if (m->required)
				return fail(d, &here, is_there ? &here : at, AC_EINPUT, "ENC-REQUIRED",
				    "must be given");
			continue;
		}
		if ((code = decode_member(d, &here, m, v, base)) != AC_OK)
			return code;
		if (m->required && is_empty_text(v))
			return refuse(d, &here, "ENC-VALUE", "must not be empty");
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

	struct decoder d = { .bytes = json,
		.a = a,
		.e = ac_new(a, struct encounter, 1),
		.warnings = &warnings,
		.reterr = reterr };
	if (!json_object_is_type(tree, json_type_object))
		return refuse(&d, NULL, "ENC-TYPE", "a snapshot is an object");
	clear_times(enc_members, (char *)d.e);
	if ((code = decode_object(&d, NULL, enc_members, tree, d.e)) != AC_OK)
		return code;

	*ret = d.e;
	if (ret_warnings != NULL)
		*ret_warnings = warnings;
	return AC_OK;
}
