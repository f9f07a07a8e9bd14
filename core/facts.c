/* facts.c - the vocabulary table and what an encounter says for each of its rows. */
#include "core/facts.h"

enum {
	V_AGE,
	V_SEX,
	V_LANGUAGE,
	V_INTERPRETER,
	V_COUNTRY,
	V_CATEGORY,
	V_STATUS,
	V_PROCEDURE_CODE,
	V_PROCEDURE_SYSTEM,
	V_PROCEDURE_TEXT,
	V_PRODUCT_NAME,
	V_PRODUCT_LOT,
	V_ALLERGY_CODE,
	V_ALLERGY_TEXT,
	V_MEDICATION_CODE,
	V_MEDICATION_TEXT,
	V_PROBLEM_CODE,
	V_PROBLEM_TEXT,
	V_CLINIC_COUNTRY,
	V_COUNT, /* rows from here on stand for names that a protocol declares */
	V_FACT = V_COUNT,
	V_ANSWER,
	V_END
};

/* JSON plurals become singular elements; `derived` ones are computed. */
const struct ac_vocab ac_vocabulary[] = {
	[V_AGE] = { "patient/age", AC_KIND_NUMBER, false, true, false, "/patient/birth_date" },
	[V_SEX] = { "patient/sex", AC_KIND_STRING, false, false, false, "/patient/sex" },
	[V_LANGUAGE] = { "patient/language", AC_KIND_STRING, false, false, false, "/patient/language" },
	[V_INTERPRETER] = { "patient/interpreter", AC_KIND_BOOL, false, false, false,
	    "/patient/interpreter" },
	[V_COUNTRY] = { "patient/country", AC_KIND_STRING, false, false, false, "/patient/address/country" },
	[V_CATEGORY] = { "encounter/category", AC_KIND_STRING, false, false, false, "/encounter/category" },
	[V_STATUS] = { "encounter/status", AC_KIND_STRING, false, false, false, "/encounter/status" },
	[V_PROCEDURE_CODE] = { "procedure/code", AC_KIND_STRING, true, false, false, "/procedures/*/code" },
	[V_PROCEDURE_SYSTEM] = { "procedure/system", AC_KIND_STRING, true, false, false,
	    "/procedures/*/system" },
	[V_PROCEDURE_TEXT] = { "procedure/text", AC_KIND_STRING, true, false, true, "/procedures/*/text" },
	[V_PRODUCT_NAME] = { "product/name", AC_KIND_STRING, true, false, false,
	    "/procedures/*/products/*/name" },
	[V_PRODUCT_LOT] = { "product/lot", AC_KIND_STRING, true, false, false,
	    "/procedures/*/products/*/lot" },
	[V_ALLERGY_CODE] = { "allergy/code", AC_KIND_STRING, true, false, false, "/conditions/items/*/code" },
	[V_ALLERGY_TEXT] = { "allergy/text", AC_KIND_STRING, true, false, true, "/conditions/items/*/text" },
	[V_MEDICATION_CODE] = { "medication/code", AC_KIND_STRING, true, false, false,
	    "/conditions/items/*/code" },
	[V_MEDICATION_TEXT] = { "medication/text", AC_KIND_STRING, true, false, true,
	    "/conditions/items/*/text" },
	[V_PROBLEM_CODE] = { "problem/code", AC_KIND_STRING, true, false, false, "/conditions/items/*/code" },
	[V_PROBLEM_TEXT] = { "problem/text", AC_KIND_STRING, true, false, true, "/conditions/items/*/text" },
	[V_CLINIC_COUNTRY] = { "clinic/country", AC_KIND_STRING, false, false, false, "/clinic/country" },
	[V_FACT] = { "fact/NAME", AC_KIND_STRING, true, false, false, "/facts/NAME" },
	[V_ANSWER] = { "answer/NAME", AC_KIND_STRING, true, false, false, "a check-in's answer" },
	[V_END] = { 0 },
};

struct named {
	struct ac_str name;
	struct ac_value value;
	struct named *next;
};
struct ac_facts {
	const struct encounter *e;
	struct ac_wall anchor;
	struct ac_arena *a;
	struct ac_value rows[V_COUNT];
	struct named *facts, *answers;
};

const struct ac_vocab *
ac_vocab_find(struct ac_str path)
{
	if (ac_str_starts(path, AC_S("fact/")))
		return path.n > 5 ? &ac_vocabulary[V_FACT] : NULL;
	if (ac_str_starts(path, AC_S("answer/")))
		return path.n > 7 ? &ac_vocabulary[V_ANSWER] : NULL;
	for (size_t i = 0; i < V_COUNT; i++)
		if (ac_streq_c(path, ac_vocabulary[i].path))
			return &ac_vocabulary[i];
	return NULL;
}

/* Nobody recorded an empty text: it is as good as absent. */
static struct ac_value
one(struct ac_arena *a, struct ac_str s)
{
	if (s.n == 0)
		return (struct ac_value){ 0 };
	struct ac_str *v = ac_new(a, struct ac_str, 1);
	*v = s;
	return (struct ac_value){ .known = true, .items = { v, 1 } };
}

static struct ac_value
yes_no(struct ac_arena *a, bool is_yes)
{
	return one(a, is_yes ? AC_S("yes") : AC_S("no"));
}

static struct ac_wall
date_of_day(int64_t day)
{
	struct ac_wall w = { 0 };

	ac_civil_from_days(day, &w.year, &w.month, &w.day);
	return w;
}

/* First and last day that a date of this precision can mean. */
static bool
day_span(struct ac_stamp s, int64_t *first, int64_t *last)
{
	struct ac_wall w;

	if (s.precision == 0)
		return false;
	*first = (s.t + s.offset_s - ((s.t + s.offset_s) % 86400 + 86400) % 86400) / 86400;
	w = date_of_day(*first);
	if (s.precision == 4)
		*last = ac_days_from_civil(w.year, 12, 31);
	else if (s.precision == 6)
		*last = ac_days_from_civil(w.year + w.month / 12, w.month % 12 + 1, 1) - 1;
	else
		*last = *first;
	return true;
}

/* Whole years at the anchor; a partial birth date that allows two answers gives none. */
static void
read_age(struct ac_facts *f)
{
	int64_t first, last;
	struct ac_wall on = { .year = f->anchor.year, .month = f->anchor.month, .day = f->anchor.day };

	if (!day_span(f->e->patient.birth_date, &first, &last))
		return;
	int age = ac_age_years(date_of_day(first), on);
	if (age < 0 || age > 150 || age != ac_age_years(date_of_day(last), on))
		return;
	f->rows[V_AGE] = one(f->a, ac_strf(f->a, "%d", age));
}

static void
read_single(struct ac_facts *f)
{
	const struct encounter *e = f->e;
	struct ac_arena *a = f->a;

	f->rows[V_SEX] = one(a, e->patient.sex);
	f->rows[V_LANGUAGE] = one(a, e->patient.language);
	if (e->patient.interpreter != ENC_UNKNOWN)
		f->rows[V_INTERPRETER] = yes_no(a, e->patient.interpreter == ENC_YES);
	f->rows[V_COUNTRY] = one(a, e->patient.country);
	f->rows[V_CATEGORY] = one(a, e->category);
	f->rows[V_STATUS] = one(a, ac_str_c(enc_status_word(e->status)));
	f->rows[V_CLINIC_COUNTRY] = one(a, e->clinic_country);
}

static void
add(struct ac_facts *f, int row, struct ac_str s)
{
	struct ac_value *v = &f->rows[row];

	v->items.v[v->items.n++] = s.n == 0 ? (struct ac_str){ 0 } : s;
}

static void
open_list(struct ac_facts *f, int row, size_t room)
{
	f->rows[row] = (struct ac_value){ .known = true, .items = { ac_new(f->a, struct ac_str, room), 0 } };
}

/* What was done: planned and cancelled procedures say nothing. Products are those of the performed ones. */
static void
read_procedures(struct ac_facts *f)
{
	const struct encounter *e = f->e;
	size_t nproducts = 0;

	if (e->nprocedures == 0)
		return;
	for (size_t i = 0; i < e->nprocedures; i++)
		nproducts += e->procedures[i].status == ENC_PROC_PERFORMED ? e->procedures[i].nproducts : 0;
	for (int row = V_PROCEDURE_CODE; row <= V_PROCEDURE_TEXT; row++)
		open_list(f, row, e->nprocedures);
	for (int row = V_PRODUCT_NAME; nproducts > 0 && row <= V_PRODUCT_LOT; row++)
		open_list(f, row, nproducts);
	for (size_t i = 0; i < e->nprocedures; i++) {
		const struct enc_procedure *p = &e->procedures[i];
		if (p->status != ENC_PROC_PERFORMED)
			continue;
		add(f, V_PROCEDURE_CODE, p->code);
		add(f, V_PROCEDURE_SYSTEM, p->system);
		add(f, V_PROCEDURE_TEXT, p->text);
		for (size_t k = 0; k < p->nproducts; k++) {
			add(f, V_PRODUCT_NAME, p->products[k].name);
			add(f, V_PRODUCT_LOT, p->products[k].lot);
		}
	}
}

/* A word that we do not know must not hide an allergy: only these take an entry off the list. */
static bool
is_over(struct ac_str status)
{
	return ac_streq_c(status, "inactive") || ac_streq_c(status, "resolved") ||
	       ac_streq_c(status, "entered-in-error");
}

static void
read_list(struct ac_facts *f, const char *kind, int code_row, int text_row, enum enc_tri reviewed)
{
	const struct encounter *e = f->e;

	if (!e->has_conditions)
		return;
	open_list(f, code_row, e->nconditions);
	open_list(f, text_row, e->nconditions);
	for (size_t i = 0; i < e->nconditions; i++) {
		if (!ac_streq_c(e->conditions[i].kind, kind) || is_over(e->conditions[i].status))
			continue;
		add(f, code_row, e->conditions[i].code);
		add(f, text_row, e->conditions[i].text);
	}
	if (reviewed == ENC_YES)
		return;
	f->rows[code_row].known = f->rows[code_row].partial = f->rows[code_row].items.n > 0;
	f->rows[text_row].known = f->rows[text_row].partial = f->rows[text_row].items.n > 0;
}

static struct named *
find(struct named *list, struct ac_str name)
{
	for (; list != NULL; list = list->next)
		if (ac_streq(list->name, name))
			return list;
	return NULL;
}

static void
put(struct ac_arena *a, struct named **list, struct ac_str name, struct ac_value value)
{
	struct named *n = ac_new(a, struct named, 1);

	*n = (struct named){ name, value, *list };
	*list = n;
}

/* An answer, or a fact, without a value says nothing; a list that was sent empty says "none". */
static struct ac_value
fact_value(struct ac_arena *a, const struct enc_fact *d)
{
	if (d->type == ENC_FACT_STRINGS)
		return (struct ac_value){ .known = true, .items = d->s };
	if (d->s.n == 0)
		return (struct ac_value){ 0 };
	if (d->type == ENC_FACT_BOOL)
		return yes_no(a, ac_streq_c(d->s.v[0], "true"));
	return one(a, d->s.v[0]);
}

struct ac_facts *
ac_facts_make(const struct encounter *e, const struct ac_answer *answers, size_t nanswers,
    struct ac_wall anchor, struct ac_arena *a)
{
	struct ac_facts *f = ac_new(a, struct ac_facts, 1);

	f->e = e;
	f->a = a;
	f->anchor = anchor;
	read_age(f);
	read_single(f);
	read_procedures(f);
	read_list(f, "allergy", V_ALLERGY_CODE, V_ALLERGY_TEXT, e->allergy_reviewed);
	read_list(f, "medication", V_MEDICATION_CODE, V_MEDICATION_TEXT, e->medication_reviewed);
	read_list(f, "problem", V_PROBLEM_CODE, V_PROBLEM_TEXT, e->problem_reviewed);
	for (size_t i = 0; i < e->nfacts; i++) {
		struct ac_value v = fact_value(a, &e->facts[i]);
		if (v.known)
			put(a, &f->facts, e->facts[i].name, v);
	}
	for (size_t i = 0; i < nanswers; i++)
		if (answers[i].values.n > 0 && find(f->facts, answers[i].name) == NULL)
			put(a, &f->facts, answers[i].name,
			    (struct ac_value){ .known = true, .items = answers[i].values });
	return f;
}

void
ac_facts_add_answer(struct ac_facts *f, struct ac_str question, struct enc_strs values, struct ac_arena *a)
{
	if (values.n > 0)
		put(a, &f->answers, question, (struct ac_value){ .known = true, .items = values });
}

struct ac_value
ac_facts_get(const struct ac_facts *f, struct ac_str path)
{
	const struct ac_vocab *v = ac_vocab_find(path);

	if (v == NULL)
		return (struct ac_value){ 0 };
	if (v < &ac_vocabulary[V_COUNT])
		return f->rows[v - ac_vocabulary];

	bool is_fact = v == &ac_vocabulary[V_FACT];
	size_t skip = is_fact ? 5 : 7;
	const struct named *n =
	    find(is_fact ? f->facts : f->answers, (struct ac_str){ path.p + skip, path.n - skip });
	return n == NULL ? (struct ac_value){ 0 } : n->value;
}

struct ac_facts *
ac_facts_none(struct ac_arena *a)
{
	struct ac_facts *f = ac_new(a, struct ac_facts, 1);

	f->a = a;
	return f;
}

void
ac_facts_suppose(struct ac_facts *f, struct ac_str path, struct ac_value v)
{
	const struct ac_vocab *row = ac_vocab_find(path);
	struct ac_str first, name = ac_cut(path, '/', &first);

	if (row == NULL)
		return;
	if (row < &ac_vocabulary[V_COUNT]) {
		f->rows[row - ac_vocabulary] = v;
		return;
	}
	struct named **list = row == &ac_vocabulary[V_FACT] ? &f->facts : &f->answers;
	struct named *n = find(*list, name);
	if (n != NULL)
		n->value = v;
	else
		put(f->a, list, name, v);
}
