/*
 * snapshot_encode.c - struct encounter to canonical JSON, by the table in snapshot_members.c.
 *
 * Canonical: the table's order, nothing absent, no white space. What a default says is written out (a procedure's
 * status), so that "performed" and nothing have one form and one hash.
 */
#include "hl7/snapshot.h"

#include <stdlib.h>

#include "base/json.h"
#include "hl7/snapshot_members.h"

const char *
enc_status_word(enum enc_status s)
{
	static const char *const words[] = { "planned", "arrived", "in-progress", "finished", "cancelled",
		"no-show", "entered-in-error" };

	return words[s];
}

const char *
enc_procedure_status_word(enum enc_procedure_status s)
{
	static const char *const words[] = { "performed", "planned", "cancelled" };

	return words[s];
}

static bool
has_any(const struct enc_member *rows, const char *base)
{
	for (const struct enc_member *m = rows; m->name != NULL; m++) {
		const char *at = base + m->at;
		switch (m->type) {
		case ENC_M_ID:
		case ENC_M_TEXT:
		case ENC_M_ZONE:
		case ENC_M_KIND:
			if (((const struct ac_str *)(const void *)at)->n > 0)
				return true;
			break;
		case ENC_M_TIME:
		case ENC_M_DATE:
		case ENC_M_MOMENT:
			if (((const struct ac_stamp *)(const void *)at)->precision != 0)
				return true;
			break;
		case ENC_M_TRI:
			if (*(const enum enc_tri *)(const void *)at != ENC_UNKNOWN)
				return true;
			break;
		case ENC_M_STRS:
			if (((const struct enc_strs *)(const void *)at)->n > 0)
				return true;
			break;
		case ENC_M_OBJECT:
			if (has_any(m->sub, at) || (m->has != ENC_NOWHERE && *((const bool *)base + m->has)))
				return true;
			break;
		case ENC_M_LIST:
		case ENC_M_FACTS:
			if (*(const size_t *)(const void *)(base + m->n) > 0 ||
			    (m->has != ENC_NOWHERE && *((const bool *)base + m->has)))
				return true;
			break;
		case ENC_M_SCHEMA:
		case ENC_M_REVISION:
		case ENC_M_STATUS:
		case ENC_M_PROC_STATUS:
			return true;
		}
	}
	return false;
}

/* A date-time with the offset it was written with: the struct that comes back is the same. */
static struct ac_str
stamp_text(struct ac_arena *a, struct ac_stamp s)
{
	int64_t local = s.t + s.offset_s;
	int64_t days = local >= 0 ? local / 86400 : -((-local + 86399) / 86400);
	int sec = (int)(local - days * 86400), off = abs(s.offset_s) / 60;
	int32_t y;
	int8_t m, d;

	ac_civil_from_days(days, &y, &m, &d);
	if (s.precision == 4)
		return ac_strf(a, "%04d", (int)y);
	if (s.precision == 6)
		return ac_strf(a, "%04d-%02d", (int)y, m);
	if (s.precision == 8)
		return ac_strf(a, "%04d-%02d-%02d", (int)y, m, d);
	return ac_strf(a, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", (int)y, m, d, sec / 3600, sec / 60 % 60,
	    sec % 60, s.offset_s < 0 ? '-' : '+', off / 60, off % 60);
}

static void
encode_strs(struct ac_jw *w, const struct enc_strs *list)
{
	ac_jw_arr(w);
	for (size_t i = 0; i < list->n; i++)
		ac_jw_str(w, list->v[i]);
	ac_jw_end_arr(w);
}

static void
encode_fact(struct ac_jw *w, const struct enc_fact *f)
{
	int64_t i;

	ac_jw_key_str(w, f->name);
	switch (f->type) {
	case ENC_FACT_STRING:
		ac_jw_str(w, f->s.v[0]);
		break;
	case ENC_FACT_NUMBER: /* by value: the shortest form of the shortest form is itself */
		if (ac_str_int(f->s.v[0], -(ENC_REVISION_MAX - 1), ENC_REVISION_MAX - 1, &i))
			ac_jw_int(w, i);
		else
			ac_jw_num(w, strtod(ac_cstr(w->b->a, f->s.v[0]), NULL));
		break;
	case ENC_FACT_BOOL:
		ac_jw_bool(w, ac_streq_c(f->s.v[0], "true"));
		break;
	case ENC_FACT_STRINGS:
		encode_strs(w, &f->s);
		break;
	}
}

static void
encode_facts(struct ac_jw *w, const struct encounter *e)
{
	ac_jw_obj(w);
	for (size_t i = 0; i < e->nfacts; i++)
		encode_fact(w, &e->facts[i]);
	ac_jw_end_obj(w);
}

struct encoder {
	struct ac_jw w;
	const struct encounter *e;
	bool with_revision;
};

static void encode_members(struct encoder *c, const struct enc_member *rows, const char *base);

static void
encode_list(struct encoder *c, const struct enc_member *m, const char *base)
{
	const char *items = *(const char *const *)(const void *)(base + m->at);
	size_t n = *(const size_t *)(const void *)(base + m->n);

	ac_jw_key(&c->w, m->name);
	ac_jw_arr(&c->w);
	for (size_t i = 0; i < n; i++) {
		ac_jw_obj(&c->w);
		encode_members(c, m->sub, items + i * m->size);
		ac_jw_end_obj(&c->w);
	}
	ac_jw_end_arr(&c->w);
}

static void
encode_text(struct ac_jw *w, const char *name, struct ac_str s)
{
	if (s.n > 0)
		ac_jw_kstr(w, name, s);
}

static void
encode_member(struct encoder *c, const struct enc_member *m, const char *base)
{
	const void *at = base + m->at;
	struct ac_jw *w = &c->w;

	switch (m->type) {
	case ENC_M_SCHEMA:
		ac_jw_kstr(w, m->name, AC_S(ENC_SCHEMA));
		break;
	case ENC_M_ID:
	case ENC_M_TEXT:
	case ENC_M_ZONE:
	case ENC_M_KIND:
		encode_text(w, m->name, *(const struct ac_str *)at);
		break;
	case ENC_M_TIME:
	case ENC_M_DATE:
	case ENC_M_MOMENT:
		if (((const struct ac_stamp *)at)->precision != 0)
			ac_jw_kstr(w, m->name, stamp_text(w->b->a, *(const struct ac_stamp *)at));
		break;
	case ENC_M_REVISION:
		if (c->with_revision)
			ac_jw_kint(w, m->name, *(const int64_t *)at);
		break;
	case ENC_M_STATUS:
		ac_jw_kstr(w, m->name, ac_str_c(enc_status_word(*(const enum enc_status *)at)));
		break;
	case ENC_M_PROC_STATUS:
		ac_jw_kstr(
		    w, m->name, ac_str_c(enc_procedure_status_word(*(const enum enc_procedure_status *)at)));
		break;
	case ENC_M_TRI:
		if (*(const enum enc_tri *)at != ENC_UNKNOWN)
			ac_jw_kbool(w, m->name, *(const enum enc_tri *)at == ENC_YES);
		break;
	case ENC_M_STRS:
		if (((const struct enc_strs *)at)->n > 0) {
			ac_jw_key(w, m->name);
			encode_strs(w, at);
		}
		break;
	case ENC_M_OBJECT:
		ac_jw_key(w, m->name);
		ac_jw_obj(w);
		encode_members(c, m->sub, at);
		ac_jw_end_obj(w);
		break;
	case ENC_M_LIST:
		encode_list(c, m, base);
		break;
	case ENC_M_FACTS:
		ac_jw_key(w, m->name);
		encode_facts(w, c->e);
		break;
	}
}

static void
encode_members(struct encoder *c, const struct enc_member *rows, const char *base)
{
	for (const struct enc_member *m = rows; m->name != NULL; m++) {
		struct enc_member row[2] = { *m, { .name = NULL } };
		if (m->required || has_any(row, base))
			encode_member(c, m, base);
	}
}

struct ac_str
enc_snapshot_encode(const struct encounter *e, bool with_revision, struct ac_arena *a)
{
	struct encoder c = { .e = e, .with_revision = with_revision };
	struct ac_buf b;

	ac_buf_init(&b, a, 4096, 0);
	ac_jw_init(&c.w, &b);
	ac_jw_obj(&c.w);
	encode_members(&c, enc_members, (const char *)e);
	ac_jw_end_obj(&c.w);
	return ac_buf_str(&b);
}

void
enc_content_hash(const struct encounter *e, struct ac_arena *a, struct ac_sha256 *ret)
{
	ac_sha256(enc_snapshot_encode(e, false, a), ret);
}
