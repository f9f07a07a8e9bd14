/* protocol_fhir_in_triggers.c - out of FHIR: which procedure, category of visits or product a protocol is for. */
#include <string.h>

#include "core/protocol_fhir_in.h"
#include "core/protocol_load.h"

static struct ac_str
unescape(struct pf_in *in, struct ac_str s)
{
	static const char digits[] = "0123456789ABCDEF";
	struct ac_buf b;

	ac_buf_init(&b, in->a, s.n + 1, 0);
	for (size_t i = 0; i < s.n; i++) {
		const char *high = s.p[i] == '%' && i + 2 < s.n ? memchr(digits, s.p[i + 1], 16) : NULL,
			   *low = high != NULL ? memchr(digits, s.p[i + 2], 16) : NULL;
		if (low == NULL) {
			ac_buf_addc(&b, s.p[i]);
			continue;
		}
		ac_buf_addc(&b, (char)((high - digits) * 16 + (low - digits)));
		i += 2;
	}
	return ac_buf_str(&b);
}

/* The same code in another kind of record would be another thing: an observation is no procedure that was performed. */
static bool
is_triggering(const struct fhir_requirement *r, struct ac_str system)
{
	static const struct {
		const char *system, *type, *path;
	} rows[] = { { AC_FHIR_CATEGORY, "Encounter", "type" }, { AC_FHIR_PRODUCT, "Procedure", "usedCode" },
		{ NULL, "Procedure", "code" } };
	size_t i = 0;

	while (rows[i].system != NULL && !ac_streq_c(system, rows[i].system))
		i++;
	return ac_streq_c(r->type, rows[i].type) && ac_streq_c(r->code_filter.v[0].path, rows[i].path);
}

static bool
put_trigger(
    struct pf_in *in, const struct fhir_requirement *r, const struct fhir_coding *c, struct ac_str when)
{
	struct ac_str system = c->system, prefix = AC_S(AC_FHIR_SYSTEM);

	if (!is_triggering(r, system))
		return false;

	if (ac_str_starts(system, prefix))
		system = px_collapse(
		    in->a, unescape(in, (struct ac_str){ system.p + prefix.n, system.n - prefix.n }));
	if (system.n == 0 || c->code.n == 0)
		return false;
	ac_xw_open(&in->w, "trigger");
	if (ac_streq_c(system, AC_FHIR_CATEGORY)) {
		ac_xw_attr(&in->w, "category", px_collapse(in->a, c->code));
	} else if (ac_streq_c(system, AC_FHIR_PRODUCT)) {
		ac_xw_attr(&in->w, "product", px_collapse(in->a, c->code));
	} else {
		ac_xw_attr(&in->w, "system", system);
		ac_xw_attr(&in->w, "code", px_collapse(in->a, c->code));
	}
	ac_xw_attr(&in->w, "when", when);
	ac_xw_close(&in->w);
	return true;
}

/* Where a code stands under the EHR's own name of its system, the other names are the same code again. */
static size_t
put_filter(struct pf_in *in, const struct fhir_requirement *r, struct ac_str when)
{
	const struct fhir_code_filter *f = &r->code_filter.v[0];
	bool has_own = false;
	size_t n = 0;

	for (size_t i = 0; i < f->code.n; i++)
		has_own |= ac_str_starts(f->code.v[i].system, AC_S(AC_FHIR_SYSTEM));
	for (size_t i = 0; i < f->code.n; i++)
		if (!has_own || ac_str_starts(f->code.v[i].system, AC_S(AC_FHIR_SYSTEM)))
			n += put_trigger(in, r, &f->code.v[i], when);
	return n;
}

/* One that asks for a single code of a procedure, a visit's category or a product. */
static size_t
put_one_trigger(struct pf_in *in, const struct fhir_trigger *t)
{
	struct ac_str when = { 0 };
	size_t n = 0;
	bool is_simple =
	    ac_streq_c(t->type, "data-added") && t->data.n == 1 && t->data.v[0].code_filter.n == 1;

	if (is_simple && t->condition != NULL) {
		when = pf_expression_of(in, NULL, t->pointer, t->condition, (struct ac_names){ 0 });
		if (!ac_str_is_set(when))
			return 0; /* without its condition it would fire for others */
	}
	if (is_simple)
		n = put_filter(in, &t->data.v[0], when);
	if (n == 0)
		pf_not_taken(in, NULL, t->pointer,
		    ac_strf(in->a, "a trigger: %.*s %.*s", AC_FMT(t->type), AC_FMT(pf_quote(in, t->name))));
	return n;
}

size_t
pf_put_triggers(struct pf_in *in, const struct fhir_action *v, size_t nactions)
{
	size_t n = 0;

	for (size_t i = 0; i < nactions; i++) {
		for (size_t k = 0; k < v[i].trigger.n; k++)
			n += put_one_trigger(in, &v[i].trigger.v[k]);
		n += pf_put_triggers(in, v[i].action.v, v[i].action.n);
	}
	return n;
}
