/* protocol_fhir_in.c - out of FHIR: ids, texts, conditions, times, and what could not be taken. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "core/protocol_fhir_in.h"
#include "core/protocol_load.h"
#include "core/protocol_schema.h"

void
pf_not_taken(struct pf_in *in, struct pf_item *it, struct ac_str pointer, struct ac_str what)
{
	struct pf_item *to = it == NULL ? &in->review : it;
	struct ac_fhir_loss loss = { to->id, pointer, what, 0 };
	struct ac_str words = ac_strf(in->a, "The imported plan, %.*s: %.*s", AC_FMT(pointer), AC_FMT(what));

	AC_PUSH(in->a, &in->lost, loss);
	AC_PUSH(in->a, &to->decide, words);
}

struct ac_str
pf_quote(struct pf_in *in, struct ac_str s)
{
	struct ac_str head = ac_utf8_head(s, PF_QUOTE_MAX);

	return px_collapse(in->a, head.n < s.n ? ac_strf(in->a, "%.*s ...", AC_FMT(head)) : head);
}

const struct fhir_coding *
pf_coding(const struct fhir_concept *c, const char *system)
{
	for (size_t i = 0; c != NULL && i < c->coding.n; i++)
		if (ac_streq_c(c->coding.v[i].system, system) && ac_str_is_set(c->coding.v[i].code))
			return &c->coding.v[i];
	return NULL;
}

struct ac_str
pf_code_of(const struct fhir_action *act, const char *system)
{
	for (size_t i = 0; i < act->code.n; i++) {
		const struct fhir_coding *c = pf_coding(&act->code.v[i], system);
		if (c != NULL)
			return c->code;
	}
	return (struct ac_str){ 0 };
}

bool
pf_is_id(struct ac_str s)
{
	return ac_str_is_set(s) && px_broken_rule(PX_ID, NULL, s) == NULL;
}

static bool
is_taken(const struct pf_in *in, struct ac_str id)
{
	for (size_t i = 0; i < in->ids.n; i++)
		if (ac_streq(in->ids.v[i], id))
			return true;
	return false;
}

void
pf_keep_id(struct pf_in *in, struct ac_str id)
{
	AC_PUSH(in->a, &in->ids, id);
}

#define ID_HEAD 56 /* leaves room for a number */

static struct ac_str
base_of(struct pf_in *in, struct ac_str wanted)
{
	struct ac_buf b;

	ac_buf_init(&b, in->a, 64, 0);
	for (size_t i = 0; i < wanted.n && b.n < ID_HEAD; i++) {
		char c = wanted.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		bool is_letter = c >= 'a' && c <= 'z';
		if (is_letter || (b.n > 0 && c >= '0' && c <= '9'))
			ac_buf_addc(&b, c);
		else if (b.n > 0 && b.p[b.n - 1] != '-')
			ac_buf_addc(&b, '-');
	}
	if (b.n == 0)
		ac_buf_addz(&b, "line");
	return ac_str_dup(in->a, ac_buf_str(&b));
}

/* A thousand lines may ask for one id: each goes on counting where the one before it stopped. */
static struct pf_stem *
stem_of(struct pf_in *in, struct ac_str base)
{
	struct pf_stem s = { base, 2 };

	for (size_t i = 0; i < in->stems.n; i++)
		if (ac_streq(in->stems.v[i].base, base))
			return &in->stems.v[i];
	AC_PUSH(in->a, &in->stems, s);
	return &in->stems.v[in->stems.n - 1];
}

struct ac_str
pf_new_id(struct pf_in *in, struct ac_str wanted)
{
	struct ac_str id = wanted;

	in->tried++;
	if (!pf_is_id(wanted) || is_taken(in, wanted)) {
		id = base_of(in, wanted);
		struct pf_stem *s = is_taken(in, id) ? stem_of(in, id) : NULL;
		while (s != NULL && is_taken(in, id)) {
			id = ac_strf(in->a, "%.*s-%u", AC_FMT(s->base), s->next++);
			in->tried++;
		}
	}
	pf_keep_id(in, id);
	return id;
}

static bool
same_lang(struct ac_str x, struct ac_str y)
{
	return x.n == y.n && strncasecmp(x.p, y.p, x.n) == 0;
}

static void
put_one(struct pf_in *in, const char *name, struct ac_str lang, struct ac_str of, struct ac_str text,
    const struct pf_beside *beside)
{
	ac_xw_open(&in->w, name);
	for (size_t i = 0; beside != NULL && i < 2; i++)
		if (beside->name[i] != NULL)
			ac_xw_attr(&in->w, beside->name[i], beside->value[i]);
	ac_xw_attr(&in->w, "xml:lang", lang);
	ac_xw_attr(&in->w, "of", of);
	ac_xw_text(&in->w, px_collapse(in->a, text));
	ac_xw_close(&in->w);
}

/* A translation is taken as one of the text that it stands beside; nobody has signed it. */
static void
put_translations(struct pf_in *in, struct pf_item *it, const char *name, const struct fhir_text *t,
    const struct pf_beside *beside)
{
	struct ac_str of = ac_text_of(in->a, t->s);

	for (size_t i = 0; i < t->other.n; i++) {
		const struct fhir_translation *one = &t->other.v[i];
		bool is_double = same_lang(one->lang, in->lang);
		for (size_t k = 0; k < i; k++)
			is_double |= same_lang(one->lang, t->other.v[k].lang);
		if (is_double || px_broken_rule(PX_LANG, NULL, one->lang) != NULL)
			pf_not_taken(in, it, it->pointer,
			    ac_strf(in->a, "a second translation into %.*s: %.*s",
				AC_FMT(pf_quote(in, one->lang)), AC_FMT(pf_quote(in, one->content))));
		else
			put_one(in, name, one->lang, of, one->content, beside);
	}
}

void
pf_put_text(struct pf_in *in, struct pf_item *it, const char *name, const struct fhir_text *t,
    const struct pf_beside *beside, bool with_translations)
{
	if (!ac_str_is_set(t->s)) {
		if (t->other.n > 0)
			pf_not_taken(in, it, it->pointer,
			    ac_strf(in->a, "translations of a %s that is not there", name));
		return;
	}
	put_one(in, name, in->lang, (struct ac_str){ 0 }, t->s, beside);
	if (with_translations)
		put_translations(in, it, name, t, beside);
	else if (t->other.n > 0)
		pf_not_taken(in, it, it->pointer,
		    ac_strf(in->a, "translations of a second %s with the same words", name));
}

static bool
is_clean(struct ac_str s)
{
	for (size_t at = 0; at < s.n;)
		if (!ac_utf8_is_xml_char(ac_utf8_next(s, &at)))
			return false;
	return true;
}

struct ac_str
pf_expression_of(struct pf_in *in, struct pf_item *it, struct ac_str pointer, const struct fhir_expression *e,
    struct ac_names answers)
{
	const struct ac_condition *c;
	struct ac_err err = { 0 };

	if (e != NULL && ac_streq_c(e->language, AC_FHIR_LANGUAGE) && ac_str_is_set(e->expression) &&
	    is_clean(e->expression) &&
	    ac_condition_parse(e->expression, in->fact_names, answers, in->a, &c, &err) == AC_OK)
		return e->expression;
	if (e == NULL)
		pf_not_taken(in, it, pointer, AC_S("a condition without an expression"));
	else
		pf_not_taken(in, it, pointer,
		    ac_strf(in->a, "a condition in %.*s%s%s: %.*s", AC_FMT(pf_quote(in, e->language)),
			err.rule != NULL ? ", " : "", err.rule != NULL ? err.rule : "",
			AC_FMT(pf_quote(in, ac_str_is_set(e->expression) ? e->expression : e->description))));
	return (struct ac_str){ 0 };
}

struct ac_str
pf_condition_of(struct pf_in *in, struct pf_item *it, const struct fhir_action *act, struct ac_names answers)
{
	struct ac_str ret = { 0 };

	for (size_t i = 0; i < act->condition.n; i++) {
		const struct fhir_condition *c = &act->condition.v[i];
		struct ac_str pointer = ac_strf(in->a, "%.*s/condition/%zu", AC_FMT(act->pointer), i),
			      one = { 0 };
		if (ac_streq_c(c->kind, "applicability") && !ac_str_is_set(ret))
			one = pf_expression_of(in, it, pointer, c->expression, answers);
		else
			pf_not_taken(in, it, pointer,
			    ac_strf(in->a, "a further condition (%.*s): %.*s", AC_FMT(c->kind),
				AC_FMT(pf_quote(
				    in, c->expression == NULL ? AC_S("") : c->expression->expression))));
		if (ac_str_is_set(one))
			ret = one;
	}
	return ret;
}

bool
pf_offset_of(struct pf_in *in, const struct fhir_quantity *q, struct ac_str *ret)
{
	static const char *const units[][2] = { { "min", "min" }, { "h", "h" }, { "d", "d" }, { "wk", "w" } };
	struct ac_offset parsed;

	if (q == NULL || !q->value.is_set || !(q->value.v >= 0 && q->value.v <= 9999) ||
	    floor(q->value.v) != q->value.v ||
	    (ac_str_is_set(q->system) && !ac_streq_c(q->system, FHIR_UCUM)))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ac_streq_c(q->code, units[i][0])) {
			*ret = ac_strf(in->a, "%d %s", (int)q->value.v, units[i][1]);
			return ac_offset_parse(*ret, &parsed);
		}
	return false;
}

static struct ac_str
quantity_words(struct pf_in *in, const struct fhir_quantity *q)
{
	if (q == NULL)
		return AC_S("nothing");
	return ac_strf(in->a, "%g %.*s", q->value.is_set ? q->value.v : 0,
	    AC_FMT(pf_quote(in, q->code.n > 0 ? q->code : q->unit)));
}

static bool
is_in_order(struct ac_str from, struct ac_str until)
{
	struct ac_offset f, u;
	int64_t start, end, unused;

	if (!ac_str_is_set(from) || !ac_str_is_set(until) || !ac_offset_parse(from, &f) ||
	    !ac_offset_parse(until, &u))
		return true;
	px_offset_span(f, &start, &unused);
	px_offset_span(u, &unused, &end);
	return start <= end;
}

/* What is counted from something else than the procedure, or is more than a window, is a decision. */
static const struct fhir_range *
window_of(struct pf_in *in, struct pf_item *it, const struct fhir_action *act)
{
	const struct fhir_range *ret = NULL;
	bool is_first = true;

	for (size_t i = 0; i < act->related.n; i++) {
		const struct fhir_related *r = &act->related.v[i];
		struct ac_str pointer = ac_strf(in->a, "%.*s/relatedAction/%zu", AC_FMT(act->pointer), i);
		if (is_first && ac_streq_c(r->action_id, AC_FHIR_ANCHOR) &&
		    ac_streq_c(r->relationship, "after-end") && r->offset == NULL) {
			ret = r->offset_range;
			is_first = false;
			continue;
		}
		struct ac_str low = r->offset != NULL         ? quantity_words(in, r->offset)
				    : r->offset_range != NULL ? quantity_words(in, r->offset_range->low)
							      : AC_S("nothing"),
			      high = r->offset_range != NULL ? quantity_words(in, r->offset_range->high)
							     : AC_S("nothing");
		pf_not_taken(in, it, pointer,
		    ac_strf(in->a, "%.*s the action %.*s, from %.*s to %.*s", AC_FMT(r->relationship),
			AC_FMT(r->action_id), AC_FMT(low), AC_FMT(high)));
	}
	return ret;
}

void
pf_put_window(struct pf_in *in, struct pf_item *it, const struct fhir_action *act)
{
	const struct fhir_range *r = window_of(in, it, act);
	struct ac_str from = { 0 }, until = { 0 };

	if (r == NULL)
		return;
	bool is_ok = (r->low == NULL || pf_offset_of(in, r->low, &from)) &&
		     (r->high == NULL || pf_offset_of(in, r->high, &until)) && is_in_order(from, until);
	if (!is_ok) {
		pf_not_taken(in, it, ac_strf(in->a, "%.*s/relatedAction", AC_FMT(act->pointer)),
		    ac_strf(in->a, "no window of whole minutes, hours, days or weeks: %.*s to %.*s",
			AC_FMT(quantity_words(in, r->low)), AC_FMT(quantity_words(in, r->high))));
		return;
	}
	ac_xw_attr(&in->w, "from", from);
	ac_xw_attr(&in->w, "until", until);
}

void
pf_put_decides(struct pf_in *in, const struct pf_item *it)
{
	for (size_t i = 0; i < it->decide.n; i++)
		ac_xw_elem(&in->w, "decide", px_collapse(in->a, it->decide.v[i]));
}
