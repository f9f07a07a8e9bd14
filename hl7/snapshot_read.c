/* snapshot_read.c - single values of the snapshot, and what is said when one cannot be read. */
#include "hl7/snapshot_read.h"

/* What is counted from a visit's time must still be a year of four digits. */
#define TIME_FIRST INT64_C(-2208988800) /* 1900-01-01 */
#define TIME_END INT64_C(7258118400)    /* 2200-01-01 */

static void
pointer_add(struct ac_buf *b, const struct snap_place *at)
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
pointer(struct ac_arena *a, const struct snap_place *at)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	pointer_add(&b, at);
	return ac_buf_str(&b);
}

/* `at` names the place; line and column are those of `seen`, the innermost place that is in the text. */
enum ac_code
snap_fail(struct snap_decoder *d, const struct snap_place *at, const struct snap_place *seen,
    enum ac_code code, const char *rule, const char *what)
{
	uint32_t line = 0, col = 0;

	(void)ac_json_locate(d->bytes, ac_cstr(d->a, pointer(d->a, seen)), &line, &col);
	return ac_fail_at(d->reterr, code, rule, line, col, ac_cstr(d->a, pointer(d->a, at)), "%s", what);
}

enum ac_code
snap_refuse(struct snap_decoder *d, const struct snap_place *at, const char *rule, const char *what)
{
	return snap_fail(d, at, at, AC_EINPUT, rule, what);
}

void
snap_warn(struct snap_decoder *d, const struct snap_place *at)
{
	if (d->warnings->n < ENC_WARNINGS_MAX)
		d->warnings->v[d->warnings->n++] = pointer(d->a, at);
}

static struct ac_str
str_of(json_object *v)
{
	return (struct ac_str){ json_object_get_string(v), (size_t)json_object_get_string_len(v) };
}

enum ac_code
snap_text(struct snap_decoder *d, const struct snap_place *at, json_object *v, size_t max, struct ac_str *ret)
{
	if (!json_object_is_type(v, json_type_string))
		return snap_refuse(d, at, "ENC-TYPE", "must be a string");
	struct ac_str s = str_of(v);
	if (s.n > max)
		return snap_fail(d, at, at, AC_ELIMIT, "ENC-LIMIT",
		    max == ENC_ID_MAX ? "longer than an identifier may be" : "longer than a text may be");
	if (memchr(s.p, '\0', s.n) != NULL)
		return snap_refuse(d, at, "ENC-VALUE", "holds a NUL character");
	if (s.n > 0)
		*ret = ac_str_dup(d->a, s);
	return AC_OK;
}

enum ac_code
snap_id(struct snap_decoder *d, const struct snap_place *at, json_object *v, struct ac_str *ret)
{
	struct ac_str s = { 0 };
	enum ac_code code;

	if ((code = snap_text(d, at, v, ENC_ID_MAX, &s)) != AC_OK)
		return code;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return snap_refuse(d, at, "ENC-VALUE", "an identifier holds no control characters");
	*ret = s;
	return AC_OK;
}

enum ac_code
snap_stamp(struct snap_decoder *d, const struct snap_place *at, enum enc_member_type type, json_object *v,
    struct ac_stamp *ret)
{
	struct ac_str s = { 0 };
	struct ac_stamp stamp = { .t = AC_INSTANT_NONE };
	enum ac_code code;

	if ((code = snap_text(d, at, v, ENC_TEXT_MAX, &s)) != AC_OK || s.n == 0)
		return code;
	if (type != ENC_M_DATE && ac_stamp_parse(s, &stamp)) {
		if (type == ENC_M_TIME && (stamp.t < TIME_FIRST || stamp.t >= TIME_END))
			return snap_refuse(d, at, "ENC-TIME", "must lie in the years 1900 to 2199");
		*ret = stamp;
		return AC_OK;
	}
	if (type == ENC_M_TIME)
		return snap_refuse(d, at, "ENC-TIME", "must be a time with offset, as in RFC 3339");
	if (!ac_date_parse(s, &stamp))
		return snap_refuse(d, at, "ENC-TIME", "must be YYYY, YYYY-MM or YYYY-MM-DD");
	*ret = stamp;
	return AC_OK;
}

enum ac_code
snap_revision(struct snap_decoder *d, const struct snap_place *at, json_object *v, int64_t *ret)
{
	if (!json_object_is_type(v, json_type_int))
		return snap_refuse(d, at, "ENC-TYPE", "must be an integer");
	int64_t i = json_object_get_int64(v);
	if (i < 0 || i >= ENC_REVISION_MAX)
		return snap_refuse(d, at, "ENC-VALUE", "must be in 0 .. 2^53-1");
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

enum ac_code
snap_word(
    struct snap_decoder *d, const struct snap_place *at, const struct enc_member *m, json_object *v, void *to)
{
	struct ac_str s = { 0 };
	enum ac_code code;
	int i;

	if ((code = snap_text(d, at, v, ENC_ID_MAX, &s)) != AC_OK || s.n == 0)
		return code;
	if (m->type == ENC_M_STATUS && (i = word_index(s, status_word, ENC_ENTERED_IN_ERROR + 1)) >= 0)
		*(enum enc_status *)to = (enum enc_status)i;
	else if (m->type == ENC_M_PROC_STATUS &&
		 (i = word_index(s, procedure_status_word, ENC_PROC_CANCELLED + 1)) >= 0)
		*(enum enc_procedure_status *)to = (enum enc_procedure_status)i;
	else if (m->type == ENC_M_KIND && word_index(s, kind_word, 3) >= 0)
		*(struct ac_str *)to = s;
	else
		return snap_refuse(d, at, "ENC-VALUE", "is none of the words that may stand here");
	return AC_OK;
}

enum ac_code
snap_check_list(struct snap_decoder *d, const struct snap_place *at, json_object *v)
{
	if (!json_object_is_type(v, json_type_array))
		return snap_refuse(d, at, "ENC-TYPE", "must be a list");
	if (json_object_array_length(v) > ENC_ITEMS_MAX)
		return snap_fail(d, at, at, AC_ELIMIT, "ENC-LIMIT", "has more items than a list may have");
	return AC_OK;
}

/* Empty texts are left out: EHRs send [""] for a column that holds nothing. */
enum ac_code
snap_strs(struct snap_decoder *d, const struct snap_place *at, json_object *v, struct enc_strs *ret)
{
	enum ac_code code;

	if ((code = snap_check_list(d, at, v)) != AC_OK)
		return code;
	size_t n = json_object_array_length(v);
	struct enc_strs list = { .v = n == 0 ? NULL : ac_new(d->a, struct ac_str, n) };
	for (size_t i = 0; i < n; i++) {
		struct snap_place item = { .up = at, .index = i };
		struct ac_str s = { 0 };
		if ((code = snap_text(d, &item, json_object_array_get_idx(v, i), ENC_TEXT_MAX, &s)) != AC_OK)
			return code;
		if (s.n > 0)
			list.v[list.n++] = s;
	}
	*ret = list;
	return AC_OK;
}

enum ac_code
snap_schema(struct snap_decoder *d, const struct snap_place *at, json_object *v)
{
	if (!json_object_is_type(v, json_type_string))
		return snap_refuse(d, at, "ENC-TYPE", "must be a string");
	if (!ac_streq_c(str_of(v), ENC_SCHEMA))
		return snap_refuse(d, at, "ENC-SCHEMA", "must be \"" ENC_SCHEMA "\"");
	return AC_OK;
}

enum ac_code
snap_tri(struct snap_decoder *d, const struct snap_place *at, json_object *v, enum enc_tri *ret)
{
	if (!json_object_is_type(v, json_type_boolean))
		return snap_refuse(d, at, "ENC-TYPE", "must be true or false");
	*ret = json_object_get_boolean(v) ? ENC_YES : ENC_NO;
	return AC_OK;
}

enum ac_code
snap_zone(struct snap_decoder *d, const struct snap_place *at, json_object *v, struct ac_str *ret)
{
	struct ac_str s = { 0 };
	enum ac_code code;

	if ((code = snap_text(d, at, v, ENC_ID_MAX, &s)) != AC_OK || s.n == 0)
		return code;
	if (!ac_zone_name_is_ok(s))
		return snap_refuse(d, at, "ENC-VALUE", "must be a time zone's name, such as Europe/Berlin");
	*ret = s;
	return AC_OK;
}
