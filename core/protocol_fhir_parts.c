/* protocol_fhir_parts.c - into FHIR: texts, codes, times, conditions. */
#include <string.h>

#include "core/protocol_fhir_parts.h"

void
pf_lost(struct pf_out *o, struct ac_str id, uint32_t line, const char *part, struct ac_str what)
{
	struct ac_fhir_loss l = { id, ac_str_c(part), what, line };

	AC_PUSH(o->a, &o->lost, l);
}

static void
translation_lost(
    struct pf_out *o, struct ac_str id, const char *part, const struct ac_text *t, const char *what)
{
	pf_lost(o, id, t->line, ac_cstr(o->a, ac_strf(o->a, "%s %.*s", part, AC_FMT(t->lang))),
	    ac_strf(o->a, "%s", what));
}

struct fhir_text
pf_text(struct pf_out *o, struct ac_str id, const char *part, struct ac_texts t)
{
	const struct ac_text *source = ac_text_source(t);
	struct fhir_text to = { 0 };

	if (source == NULL)
		return to;
	to.s = source->text;
	to.other.v = ac_new(o->a, struct fhir_translation, t.n);
	for (size_t i = 0; i < t.n; i++) {
		const struct ac_text *one = &t.v[i];
		if (one->state == AC_TEXT_SOURCE)
			continue;
		if (one->state == AC_TEXT_STALE) {
			translation_lost(o, id, part, one, "a stale translation");
			continue;
		}
		if (ac_str_is_set(one->signed_by))
			translation_lost(o, id, part, one, "who signed the translation");
		to.other.v[to.other.n++] = (struct fhir_translation){ one->lang, one->text };
	}
	return to;
}

struct fhir_concept
pf_code(struct pf_out *o, const char *system, struct ac_str code)
{
	struct fhir_coding *c = ac_new(o->a, struct fhir_coding, 1);

	*c = (struct fhir_coding){ .system = ac_str_c(system), .code = code };
	return (struct fhir_concept){ .coding = { c, 1 } };
}

void
pf_add_code(struct pf_out *o, struct fhir_action *to, const char *system, struct ac_str code)
{
	if (code.n == 0)
		return;
	struct fhir_concept *v = ac_new(o->a, struct fhir_concept, to->code.n + 1);
	if (to->code.n > 0)
		memcpy(v, to->code.v, to->code.n * sizeof(*v));
	v[to->code.n] = pf_code(o, system, code);
	to->code.v = v;
	to->code.n++;
}

struct fhir_expression *
pf_expression(struct pf_out *o, const struct ac_condition *c)
{
	struct fhir_expression *e = ac_new(o->a, struct fhir_expression, 1);

	*e = (struct fhir_expression){ .language = AC_S(AC_FHIR_LANGUAGE),
		.expression = ac_condition_source(c) };
	return e;
}

void
pf_condition(struct pf_out *o, struct fhir_action *to, const struct ac_condition *c)
{
	if (c == NULL)
		return;
	to->condition.v = ac_new(o->a, struct fhir_condition, 1);
	to->condition.v[0] = (struct fhir_condition){ AC_S("applicability"), pf_expression(o, c) };
	to->condition.n = 1;
}

struct fhir_quantity *
pf_quantity(struct pf_out *o, struct ac_offset f)
{
	struct ac_str number, unit = ac_cut(ac_offset_str(o->a, f), ' ', &number);
	int64_t value;

	if (f.kind == AC_OFFSET_NONE || f.kind == AC_OFFSET_DAYS_AT || !ac_str_int(number, 0, 99999, &value))
		return NULL;
	struct fhir_quantity *q = ac_new(o->a, struct fhir_quantity, 1);
	*q = (struct fhir_quantity){ .value = { true, (double)value },
		.system = AC_S(FHIR_UCUM),
		.code = ac_streq_c(unit, "w") ? AC_S("wk") : unit };
	return q;
}

static struct fhir_quantity *
end(struct pf_out *o, const struct ac_line *l, struct ac_offset f, const char *part)
{
	if (f.kind == AC_OFFSET_DAYS_AT)
		pf_lost(o, l->id, l->line, part,
		    ac_strf(o->a, "%.*s: a day with a time of day", AC_FMT(ac_offset_str(o->a, f))));
	return pf_quantity(o, f);
}

/* An empty one is a window that somebody must fill. */
void
pf_window(struct pf_out *o, struct fhir_action *to, const struct ac_line *l, struct ac_offset from,
    struct ac_offset until, const char *from_part, const char *until_part)
{
	struct fhir_range r = { end(o, l, from, from_part), end(o, l, until, until_part) };

	to->related.v = ac_new(o->a, struct fhir_related, 1);
	to->related.n = 1;
	to->related.v[0] =
	    (struct fhir_related){ .action_id = AC_S(AC_FHIR_ANCHOR), .relationship = AC_S("after-end") };
	if (r.low == NULL && r.high == NULL)
		return;
	to->related.v[0].offset_range = ac_new(o->a, struct fhir_range, 1);
	*to->related.v[0].offset_range = r;
}

/* The same where no time at all is nothing that somebody must fill. */
void
pf_times(struct pf_out *o, struct fhir_action *to, const struct ac_line *l, struct ac_offset from,
    struct ac_offset until, const char *from_part, const char *until_part)
{
	pf_window(o, to, l, from, until, from_part, until_part);
	if (to->related.v[0].offset_range == NULL)
		to->related.n = 0;
}

void
pf_range_lost(
    struct pf_out *o, const struct ac_line *l, const char *part, struct ac_offset min, struct ac_offset max)
{
	if (min.kind == AC_OFFSET_NONE && max.kind == AC_OFFSET_NONE)
		return;
	pf_lost(o, l->id, l->line, part,
	    ac_strf(o->a, "%.*s..%.*s: what the source allows", AC_FMT(ac_offset_str(o->a, min)),
		AC_FMT(ac_offset_str(o->a, max))));
}

struct fhir_action
pf_line(struct pf_out *o, const struct ac_line *l, const char *kind, struct ac_str concept)
{
	struct fhir_action to = { .id = l->id };

	pf_add_code(o, &to, AC_FHIR_KIND, ac_str_c(kind));
	pf_add_code(o, &to, AC_FHIR_CONCEPT, concept);
	pf_condition(o, &to, l->when);
	if (ac_str_is_set(l->seed))
		pf_lost(o, l->id, l->line, "seed", l->seed);
	if (ac_str_is_set(l->signed_by))
		pf_lost(o, l->id, l->line, "signed",
		    ac_strf(o->a, "%.*s %.*s", AC_FMT(l->signed_by), AC_FMT(l->signed_on)));
	if (l->unknown != AC_WHEN_UNKNOWN_OPEN)
		pf_lost(o, l->id, l->line, "when unknown", ac_str_c(ac_when_unknown_word(l->unknown)));
	for (size_t i = 0; i < l->ndecide; i++)
		pf_lost(o, l->id, l->line, "decide", l->decide[i]);
	return to;
}
