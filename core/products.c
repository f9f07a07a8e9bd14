/* products.c - see products.h. */
#include "base/utf8.h"
#include "core/plan_parts.h"
#include "core/products.h"

static struct ac_str
value_of(const struct ac_answer *v, size_t n, const char *name)
{
	const struct ac_answer *a = ac_answer_find(v, n, ac_str_c(name));

	return a != NULL && a->values.n == 1 ? a->values.v[0] : (struct ac_str){ 0 };
}

bool
ac_lot_is_answer(struct ac_str name)
{
	return ac_streq_c(name, AC_ANSWER_LOT) || ac_streq_c(name, AC_ANSWER_LOT_EXPIRES) ||
	       ac_streq_c(name, AC_ANSWER_LOT_EXPIRED);
}

/* Year and month, or a day: the last day on which it may be used. */
static bool
last_day(struct ac_str s, int64_t *ret)
{
	int64_t y, m, d;

	if ((s.n != 7 && s.n != 10) || s.p[4] != '-' || !ac_str_int((struct ac_str){ s.p, 4 }, 1900, 9999, &y) ||
	    s.p[5] == '-' || !ac_str_int((struct ac_str){ s.p + 5, 2 }, 1, 12, &m))
		return false;
	if (s.n == 7) {
		*ret = ac_days_from_civil((int32_t)(y + m / 12), (int)(m % 12 + 1), 1) - 1;
		return true;
	}
	if (s.p[7] != '-' || s.p[8] == '-' || !ac_str_int((struct ac_str){ s.p + 8, 2 }, 1, 31, &d) ||
	    !ac_date_is_valid((int32_t)y, (int)m, (int)d))
		return false;
	*ret = ac_days_from_civil((int32_t)y, (int)m, (int)d);
	return true;
}

const char *
ac_lot_fault(struct ac_str name, struct ac_str value)
{
	int64_t day;
	size_t bad;

	if (ac_streq_c(name, AC_ANSWER_LOT_EXPIRES))
		return last_day(value, &day) ? NULL : "give the expiry as year and month, as in 2027-01, or as a day";
	if (value.n == 0 || value.n > AC_LOT_BYTES_MAX || !ac_utf8_is_valid(value, &bad))
		return "a lot is text of at most 60 bytes";
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ')
			return "a lot is one line of text";
	return NULL;
}

static bool
has_lot(const struct enc_procedure *p)
{
	for (size_t i = 0; i < p->nproducts; i++)
		if (p->products[i].lot.n > 0)
			return true;
	return false;
}

const struct encounter *
ac_products_answered(const struct encounter *e, const struct ac_answer *answers, size_t n, struct ac_arena *a)
{
	struct enc_product used = { .lot = value_of(answers, n, AC_ANSWER_LOT),
		.expires = value_of(answers, n, AC_ANSWER_LOT_EXPIRES) };
	size_t at = 0;

	while (at < e->nprocedures && (e->procedures[at].status != ENC_PROC_PERFORMED || has_lot(&e->procedures[at])))
		at++;
	if (used.lot.n == 0 || at == e->nprocedures)
		return e;
	struct encounter *filled = ac_new(a, struct encounter, 1);
	struct enc_procedure *all = ac_new(a, struct enc_procedure, e->nprocedures), *p = &all[at];
	*filled = *e;
	for (size_t i = 0; i < e->nprocedures; i++)
		all[i] = e->procedures[i];
	filled->procedures = all;
	struct enc_product *products = ac_new(a, struct enc_product, p->nproducts + 1);
	for (size_t i = 0; i < p->nproducts; i++)
		products[i] = p->products[i];
	if (p->nproducts > 0) { /* the product is recorded, its lot is not */
		used.name = products[0].name;
		if (used.expires.n == 0)
			used.expires = products[0].expires;
	} else {
		p->nproducts = 1;
	}
	products[0] = used;
	p->products = products;
	return filled;
}

static bool
asks_for_lot(const struct ac_protocol *p)
{
	for (size_t i = 0; i < p->ntasks; i++)
		if (p->tasks[i].done_by == AC_DONE_BY_RECORD)
			return true;
	return false;
}

bool
ac_plan_lacks_lot(const struct ac_plan *p)
{
	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_treatment *t = &p->treatments[i];
		if (t->procedure != NULL && asks_for_lot(t->protocol) && !has_lot(t->procedure))
			return true;
	}
	return false;
}

const struct enc_product *
ac_plan_expired_lot(const struct ac_plan *p)
{
	struct ac_str checked = value_of(p->in->answers, p->in->nanswers, AC_ANSWER_LOT_EXPIRED);
	int64_t last;

	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct enc_procedure *pr = p->treatments[i].procedure;
		struct ac_wall w = ac_wall_at(p->in->zone, p->treatments[i].anchor);
		for (size_t k = 0; pr != NULL && k < pr->nproducts; k++)
			if (last_day(pr->products[k].expires, &last) && last < ac_days_from_civil(w.year, w.month, w.day) &&
			    !(checked.n > 0 && ac_streq(checked, pr->products[k].lot)))
				return &pr->products[k];
	}
	return NULL;
}
