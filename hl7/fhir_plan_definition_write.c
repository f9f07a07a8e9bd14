/* fhir_plan_definition_write.c - the struct as JSON, members in the order of the table. */
#include <string.h>

#include "base/json.h"
#include "hl7/fhir_shapes.h"

static void write_object(struct ac_jw *w, const struct fhir_shape *shape, const void *from);

static struct fhir_any_list
list_at(const void *at)
{
	struct fhir_any_list l;

	memcpy(&l, at, sizeof(l));
	return l;
}

/* { "extension": [ { url, extension: [ lang, content ] } ] } */
static void
write_translations(struct ac_jw *w, const struct fhir_text *t)
{
	ac_jw_obj(w);
	ac_jw_key(w, "extension");
	ac_jw_arr(w);
	for (size_t i = 0; i < t->other.n; i++) {
		ac_jw_obj(w);
		ac_jw_key(w, "extension");
		ac_jw_arr(w);
		ac_jw_obj(w);
		ac_jw_kstr(w, "url", AC_S("lang"));
		ac_jw_kstr(w, "valueCode", t->other.v[i].lang);
		ac_jw_end_obj(w);
		ac_jw_obj(w);
		ac_jw_kstr(w, "url", AC_S("content"));
		ac_jw_kstr(w, "valueString", t->other.v[i].content);
		ac_jw_end_obj(w);
		ac_jw_end_arr(w);
		ac_jw_kstr(w, "url", AC_S(FHIR_TRANSLATION));
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
	ac_jw_end_obj(w);
}

static void
write_text(struct ac_jw *w, const char *name, const struct fhir_text *t)
{
	char beside[32] = "_";

	ac_jw_kstr(w, name, t->s);
	if (t->other.n == 0)
		return;
	strncat(beside, name, sizeof(beside) - 2);
	ac_jw_key(w, beside);
	write_translations(w, t);
}

static void
write_objects(struct ac_jw *w, const struct fhir_member *m, struct fhir_any_list l)
{
	if (l.n == 0)
		return;
	ac_jw_key(w, m->name);
	ac_jw_arr(w);
	for (size_t i = 0; i < l.n; i++)
		write_object(w, m->of, (const char *)l.v + i * m->of->size);
	ac_jw_end_arr(w);
}

static void
write_simple(struct ac_jw *w, const struct fhir_member *m, const char *at)
{
	if (m->kind == FHIR_K_BOOL) {
		enum fhir_bool b = *(const enum fhir_bool *)(const void *)at;
		if (b != FHIR_ABSENT)
			ac_jw_kbool(w, m->name, b == FHIR_TRUE);
	} else if (m->kind == FHIR_K_COUNT) {
		int64_t count = *(const int64_t *)(const void *)at;
		if (count > 0)
			ac_jw_kint(w, m->name, count);
	} else if (m->kind == FHIR_K_DECIMAL) {
		const struct fhir_decimal *d = (const void *)at;
		if (d->is_set) {
			ac_jw_key(w, m->name);
			ac_jw_num(w, d->v);
		}
	} else {
		ac_jw_kstr(w, m->name, *(const struct ac_str *)(const void *)at);
	}
}

static void
write_member(struct ac_jw *w, const struct fhir_member *m, const char *at)
{
	const void *one = NULL;

	switch (m->kind) {
	case FHIR_K_OBJECTS:
		write_objects(w, m, list_at(at));
		break;
	case FHIR_K_OBJECT:
		memcpy(&one, at, sizeof(one));
		if (one == NULL)
			break;
		ac_jw_key(w, m->name);
		write_object(w, m->of, one);
		break;
	case FHIR_K_TEXT:
		write_text(w, m->name, (const void *)at);
		break;
	case FHIR_K_STRING:
	case FHIR_K_CODE:
	case FHIR_K_URI:
	case FHIR_K_ID:
	case FHIR_K_BOOL:
	case FHIR_K_COUNT:
	case FHIR_K_DECIMAL:
		write_simple(w, m, at);
		break;
	}
}

static void
write_object(struct ac_jw *w, const struct fhir_shape *shape, const void *from)
{
	ac_jw_obj(w);
	if (shape->resource != NULL)
		ac_jw_kstr(w, "resourceType", ac_str_c(shape->resource));
	for (const struct fhir_member *m = shape->members; m->name != NULL; m++)
		write_member(w, m, (const char *)from + m->at);
	ac_jw_end_obj(w);
}

void
fhir_plan_definition_write(const struct fhir_plan_definition *p, struct ac_buf *b)
{
	struct ac_jw w;

	ac_jw_init(&w, b);
	write_object(&w, &fhir_shape_plan_definition, p);
	ac_buf_addc(b, '\n');
}
