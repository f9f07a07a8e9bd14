/* fhir_plan_definition_read.c - JSON into the struct, by the table; what the table does not know is named. */
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "hl7/fhir_shapes.h"

/* Where we are, as a chain on the stack; it becomes a JSON Pointer only when somebody must read it. */
struct place {
	const struct place *up;
	const char *name; /* NULL: an item of a list */
	size_t index;
};
struct reader {
	struct ac_str bytes;
	struct ac_arena *a;
	struct fhir_unknown *unknown;
	struct ac_err *reterr;
	size_t objects;
};

static void
pointer_add(struct ac_buf *b, const struct place *at)
{
	if (at == NULL)
		return;
	pointer_add(b, at->up);
	if (at->name == NULL) {
		ac_buf_addf(b, "/%zu", at->index);
		return;
	}
	ac_buf_addc(b, '/');
	for (const char *c = at->name; *c != '\0'; c++)
		if (*c == '~' || *c == '/')
			ac_buf_addz(b, *c == '~' ? "~0" : "~1");
		else
			ac_buf_addc(b, *c);
}

static struct ac_str
pointer(struct ac_arena *a, const struct place *at)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	pointer_add(&b, at);
	return ac_str_dup(a, ac_buf_str(&b));
}

static enum ac_code
fail(struct reader *r, const struct place *at, enum ac_code code, const char *rule, const char *what)
{
	const char *path = ac_cstr(r->a, pointer(r->a, at));
	uint32_t line = 0, col = 0;

	(void)ac_json_locate(r->bytes, path, &line, &col);
	return ac_fail_at(r->reterr, code, rule, line, col, path, "%s", what);
}

static enum ac_code
refuse(struct reader *r, const struct place *at, const char *rule, const char *what)
{
	return fail(r, at, AC_EINPUT, rule, what);
}

static void
not_known(struct reader *r, const struct place *at)
{
	struct fhir_unknown *u = r->unknown;

	if (u->v == NULL)
		u->v = ac_new(r->a, struct ac_str, FHIR_UNKNOWN_MAX);
	if (u->n < FHIR_UNKNOWN_MAX)
		u->v[u->n++] = pointer(r->a, at);
	else
		u->more++;
}

/* A string of any type: text, no longer than one may be, and not empty. */
static enum ac_code
read_string(struct reader *r, const struct place *at, json_object *v, struct ac_str *ret)
{
	if (!json_object_is_type(v, json_type_string))
		return refuse(r, at, "FHIR-TYPE", "must be a string");
	struct ac_str s = { json_object_get_string(v), (size_t)json_object_get_string_len(v) };
	if (s.n > FHIR_STRING_MAX)
		return fail(r, at, AC_ELIMIT, "FHIR-LIMIT", "longer than a text may be");
	if (ac_str_trim(s).n == 0)
		return refuse(r, at, "FHIR-EMPTY", "an empty string is left out, not written");
	*ret = ac_str_dup(r->a, s);
	return AC_OK;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
has_form(enum fhir_kind kind, struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (kind == FHIR_K_URI && is_blank(c))
			return false;
		if (kind == FHIR_K_ID && (!is_word && c != '-' && c != '.'))
			return false;
		if (kind == FHIR_K_CODE && is_blank(c) &&
		    (c != ' ' || i == 0 || i + 1 == s.n || s.p[i - 1] == ' '))
			return false;
	}
	return kind != FHIR_K_ID || s.n <= 64;
}

static enum ac_code
read_word(
    struct reader *r, const struct place *at, const struct fhir_member *m, json_object *v, struct ac_str *to)
{
	struct ac_str s = { 0 };
	enum ac_code rc = read_string(r, at, v, &s);
	const char *const *word = m->words;

	if (rc != AC_OK)
		return rc;
	if (!has_form(m->kind, s))
		return refuse(r, at, "FHIR-VALUE", "has not the form of its type");
	while (word != NULL && *word != NULL && !ac_streq_c(s, *word))
		word++;
	if (word != NULL && *word == NULL)
		return refuse(r, at, "FHIR-CODE", "is none of the words that stand here");
	*to = s;
	return AC_OK;
}

static enum ac_code
read_number(struct reader *r, const struct place *at, const struct fhir_member *m, json_object *v, void *to)
{
	if (m->kind == FHIR_K_BOOL) {
		if (!json_object_is_type(v, json_type_boolean))
			return refuse(r, at, "FHIR-TYPE", "must be true or false");
		*(enum fhir_bool *)to = json_object_get_boolean(v) ? FHIR_TRUE : FHIR_FALSE;
		return AC_OK;
	}
	if (!json_object_is_type(v, json_type_int) &&
	    (m->kind == FHIR_K_COUNT || !json_object_is_type(v, json_type_double)))
		return refuse(r, at, "FHIR-TYPE",
		    m->kind == FHIR_K_COUNT ? "must be a whole number" : "must be a number");
	if (m->kind == FHIR_K_DECIMAL) {
		*(struct fhir_decimal *)to = (struct fhir_decimal){ true, json_object_get_double(v) };
		return AC_OK;
	}
	int64_t count = json_object_get_int64(v);
	if (count < 1 || count > INT32_MAX)
		return refuse(r, at, "FHIR-VALUE", "must be a whole number from 1");
	*(int64_t *)to = count;
	return AC_OK;
}

static bool
is_url(json_object *o, const char *url)
{
	json_object *v = NULL;

	return json_object_is_type(o, json_type_object) && json_object_object_get_ex(o, "url", &v) &&
	       json_object_is_type(v, json_type_string) && strcmp(json_object_get_string(v), url) == 0;
}

/* One extension of a text: a translation of two parts and nothing else, or something that is named as unknown. */
static enum ac_code
read_translation(
    struct reader *r, const struct place *at, json_object *o, struct fhir_translation *ret, bool *ret_is_one)
{
	json_object *parts = NULL, *v = NULL;
	struct place inner = { at, "extension", 0 };

	*ret_is_one = is_url(o, FHIR_TRANSLATION) && json_object_object_length(o) == 2 &&
		      json_object_object_get_ex(o, "extension", &parts) &&
		      json_object_is_type(parts, json_type_array) && json_object_array_length(parts) == 2;
	for (size_t i = 0; *ret_is_one && i < 2; i++) {
		json_object *part = json_object_array_get_idx(parts, i);
		bool is_lang = is_url(part, "lang");
		struct place item = { &inner, NULL, i },
			     value = { &item, is_lang ? "valueCode" : "valueString", 0 };
		*ret_is_one = (is_lang || is_url(part, "content")) && json_object_object_length(part) == 2 &&
			      json_object_object_get_ex(part, value.name, &v);
		if (!*ret_is_one)
			break;
		enum ac_code rc = read_string(r, &value, v, is_lang ? &ret->lang : &ret->content);
		if (rc != AC_OK)
			return rc;
	}
	*ret_is_one = *ret_is_one && ac_str_is_set(ret->lang) && ac_str_is_set(ret->content);
	return AC_OK;
}

/* What stands beside a text, in the member with an underscore. */
static enum ac_code
read_beside(struct reader *r, const struct place *at, json_object *o, struct fhir_text *to)
{
	json_object *list = NULL;
	struct place inner = { at, "extension", 0 };

	if (!json_object_is_type(o, json_type_object))
		return refuse(r, at, "FHIR-TYPE", "must be an object");
	json_object_object_foreach(o, name, unused)
	{
		struct place here = { at, name, 0 };
		(void)unused;
		if (strcmp(name, "extension") != 0)
			not_known(r, &here);
	}
	if (!json_object_object_get_ex(o, "extension", &list))
		return AC_OK;
	if (!json_object_is_type(list, json_type_array))
		return refuse(r, &inner, "FHIR-TYPE", "must be a list");
	size_t n = json_object_array_length(list);
	if ((r->objects += n) > FHIR_OBJECTS_MAX)
		return fail(r, &inner, AC_ELIMIT, "FHIR-LIMIT", "more objects than a plan may have");
	to->other.v = ac_new(r->a, struct fhir_translation, n);
	for (size_t i = 0; i < n; i++) {
		struct place item = { &inner, NULL, i };
		struct fhir_translation t = { 0 };
		bool is_one;
		enum ac_code rc = read_translation(r, &item, json_object_array_get_idx(list, i), &t, &is_one);
		if (rc != AC_OK)
			return rc;
		if (is_one)
			to->other.v[to->other.n++] = t;
		else
			not_known(r, &item);
	}
	return AC_OK;
}

static enum ac_code read_object(
    struct reader *r, const struct place *at, const struct fhir_shape *shape, json_object *o, void *to);

static bool
is_of_type(json_object *o, const char *resource)
{
	json_object *v = NULL;

	return json_object_is_type(o, json_type_object) && json_object_object_get_ex(o, "resourceType", &v) &&
	       json_object_is_type(v, json_type_string) && strcmp(json_object_get_string(v), resource) == 0;
}

static enum ac_code
read_objects(
    struct reader *r, const struct place *at, const struct fhir_shape *shape, json_object *v, void *to)
{
	struct fhir_any_list l = { 0 };
	enum ac_code rc = AC_OK;

	if (!json_object_is_type(v, json_type_array))
		return refuse(r, at, "FHIR-TYPE", "must be a list");
	size_t n = json_object_array_length(v);
	if (n == 0)
		return refuse(r, at, "FHIR-EMPTY", "an empty list is left out, not written");
	if (r->objects + n > FHIR_OBJECTS_MAX)
		return fail(r, at, AC_ELIMIT, "FHIR-LIMIT", "more objects than a plan may have");
	l.v = ac_alloc_array(r->a, n, shape->size);
	for (size_t i = 0; i < n && rc == AC_OK; i++) {
		struct place item = { at, NULL, i };
		json_object *o = json_object_array_get_idx(v, i);
		if (shape->resource != NULL && json_object_is_type(o, json_type_object) &&
		    !is_of_type(o, shape->resource))
			not_known(r, &item); /* a contained resource of another type */
		else
			rc = read_object(r, &item, shape, o, (char *)l.v + shape->size * l.n++);
	}
	memcpy(to, &l, sizeof(l));
	return rc;
}

static enum ac_code
read_value(struct reader *r, const struct place *at, const struct fhir_member *m, json_object *v, void *to)
{
	void *one;
	enum ac_code rc;

	switch (m->kind) {
	case FHIR_K_STRING:
		return read_string(r, at, v, to);
	case FHIR_K_TEXT:
		return read_string(r, at, v, &((struct fhir_text *)to)->s);
	case FHIR_K_CODE:
	case FHIR_K_URI:
	case FHIR_K_ID:
		return read_word(r, at, m, v, to);
	case FHIR_K_BOOL:
	case FHIR_K_COUNT:
	case FHIR_K_DECIMAL:
		return read_number(r, at, m, v, to);
	case FHIR_K_OBJECTS:
		return read_objects(r, at, m->of, v, to);
	case FHIR_K_OBJECT:
		one = ac_alloc(r->a, m->of->size);
		rc = read_object(r, at, m->of, v, one);
		memcpy(to, &one, sizeof(one));
		return rc;
	}
	return AC_OK;
}

static const struct fhir_member *
find(const struct fhir_shape *shape, const char *name)
{
	const struct fhir_member *m = shape->members;

	while (m->name != NULL && strcmp(m->name, name) != 0)
		m++;
	return m->name == NULL ? NULL : m;
}

static enum ac_code
read_member(
    struct reader *r, const struct place *at, const struct fhir_shape *shape, json_object *v, void *to)
{
	const struct fhir_member *m = find(shape, at->name[0] == '_' ? at->name + 1 : at->name);

	if (strcmp(at->name, "modifierExtension") == 0 || strcmp(at->name, "implicitRules") == 0)
		return refuse(r, at, "FHIR-MODIFIER", "changes what the rest means, and is not known here");
	if (shape->resource != NULL && strcmp(at->name, "resourceType") == 0)
		return AC_OK;
	if (m == NULL || (at->name[0] == '_' && m->kind != FHIR_K_TEXT)) {
		not_known(r, at);
		return AC_OK;
	}
	if (at->name[0] == '_')
		return read_beside(r, at, v, (void *)((char *)to + m->at));
	return read_value(r, at, m, v, (char *)to + m->at);
}

static enum ac_code
check_members(struct reader *r, const struct place *at, const struct fhir_shape *shape, json_object *o)
{
	char chosen = 0;

	for (const struct fhir_member *m = shape->members; m->name != NULL; m++) {
		struct place here = { at, m->name, 0 };
		bool is_there = json_object_object_get_ex(o, m->name, NULL);
		if (m->required && !is_there)
			return fail(r, at, AC_EINPUT, "FHIR-MISSING", m->name);
		if (is_there && m->choice != 0 && m->choice == chosen)
			return refuse(
			    r, &here, "FHIR-CHOICE", "only one of the members of a choice may be there");
		if (is_there && m->choice != 0)
			chosen = m->choice;
	}
	return AC_OK;
}

static enum ac_code
read_object(
    struct reader *r, const struct place *at, const struct fhir_shape *shape, json_object *o, void *to)
{
	enum ac_code rc;

	if (!json_object_is_type(o, json_type_object))
		return refuse(r, at, "FHIR-TYPE", "must be an object");
	if (++r->objects > FHIR_OBJECTS_MAX)
		return fail(r, at, AC_ELIMIT, "FHIR-LIMIT", "more objects than a plan may have");
	if (shape->pointer_at != FHIR_NO_POINTER) {
		struct ac_str here = pointer(r->a, at);
		memcpy((char *)to + shape->pointer_at, &here, sizeof(here));
	}
	json_object_object_foreach(o, name, v)
	{
		struct place member = { at, name, 0 };
		if ((rc = read_member(r, &member, shape, v, to)) != AC_OK)
			return rc;
	}
	return check_members(r, at, shape, o);
}

enum ac_code
fhir_plan_definition_read(struct ac_str bytes, struct ac_arena *a, struct fhir_plan_definition *ret,
    struct fhir_unknown *ret_unknown, struct ac_err *reterr)
{
	struct fhir_plan_definition p = { 0 };
	struct fhir_unknown unknown = { 0 };
	struct reader r = { bytes, a, &unknown, reterr, 0 };
	AC_AUTO_T(json_object) root = NULL;
	enum ac_code rc = ac_json_parse(bytes, FHIR_BYTES_MAX, &root, reterr);

	if (rc != AC_OK)
		return rc;
	if (!is_of_type(root, "PlanDefinition"))
		return refuse(&r, NULL, "FHIR-RESOURCE", "is no PlanDefinition of FHIR R4");
	rc = read_object(&r, NULL, &fhir_shape_plan_definition, root, &p);
	if (rc != AC_OK)
		return rc;
	*ret = p;
	*ret_unknown = unknown;
	return AC_OK;
}
