/* translate.c - which texts a protocol has, and what is missing of them in a language. */
#include <string.h>

#include "base/xw.h"
#include "core/protocol_schema.h"
#include "core/translate.h"

struct finder {
	struct ac_arena *a;
	struct ac_str lang;
	AC_VEC(struct ac_unit) units;
};

static bool
same_lang(struct ac_str x, struct ac_str y)
{
	return x.n == y.n && strncasecmp(x.p, y.p, x.n) == 0;
}

static struct ac_unit *
unit(struct finder *f, struct ac_str name, const struct ac_texts *t)
{
	struct ac_unit u = { .name = name, .texts = t, .source = ac_text_source(*t) };

	if (u.source == NULL)
		return NULL;
	for (size_t i = 0; i < t->n; i++)
		if (&t->v[i] != u.source && same_lang(t->v[i].lang, f->lang))
			u.target = &t->v[i];
	if (u.target != NULL && u.target->state != AC_TEXT_CURRENT)
		u.state = AC_TRANSLATION_STALE;
	else if (u.target != NULL)
		u.state = ac_str_is_set(u.target->signed_by) ? AC_TRANSLATION_DONE : AC_TRANSLATION_UNSIGNED;
	AC_PUSH(f->a, &f->units, u);
	return &f->units.v[f->units.n - 1];
}

static void
line(struct finder *f, struct ac_str id, const char *part, const struct ac_texts *t)
{
	unit(f, ac_strf(f->a, "%.*s/%s", AC_FMT(id), part), t);
}

static void
values(struct finder *f, struct ac_str of, const struct ac_fact_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		unit(f, ac_strf(f->a, "%.*s/value.%.*s/label", AC_FMT(of), AC_FMT(v[i].code)), &v[i].label);
}

static void
facts(struct finder *f, const struct ac_protocol *p)
{
	for (size_t i = 0; i < p->nfacts; i++) {
		struct ac_str name = ac_strf(f->a, "fact.%.*s", AC_FMT(p->facts[i].name));
		line(f, name, "label", &p->facts[i].label);
		values(f, name, p->facts[i].values, p->facts[i].nvalues);
	}
}

static void
instruction(struct finder *f, const struct ac_instruction *i)
{
	line(f, i->l.id, "label", &i->label);
	line(f, i->l.id, "text", &i->text);
	for (size_t k = 0; k < i->nwhy; k++) {
		struct ac_unit *u =
		    unit(f, ac_strf(f->a, "%.*s/why/%zu", AC_FMT(i->l.id), k + 1), &i->why[k].text);
		if (u != NULL)
			u->why = &i->why[k];
	}
	for (size_t k = 0; k < i->nexcept; k++) {
		struct ac_unit *u =
		    unit(f, ac_strf(f->a, "%.*s/except/%zu", AC_FMT(i->l.id), k + 1), &i->except[k].text);
		if (u != NULL)
			u->except = &i->except[k];
	}
}

static void
check_in(struct finder *f, const struct ac_check_in *c)
{
	for (size_t i = 0; i < c->nquestions; i++) {
		const struct ac_question *q = &c->questions[i];
		struct ac_str name = ac_strf(f->a, "%.*s/question.%.*s", AC_FMT(c->l.id), AC_FMT(q->id));
		line(f, name, "text", &q->text);
		values(f, name, q->values, q->nvalues);
	}
}

enum ac_code
ac_translate_units(const struct ac_protocol *p, struct ac_str lang, struct ac_arena *a, struct ac_units *ret,
    struct ac_err *reterr)
{
	struct finder f = { .a = a, .lang = lang };

	if (!ac_str_is_set(lang) || px_broken_rule(PX_LANG, NULL, lang) != NULL)
		return ac_fail(reterr, AC_EINPUT, "TRN-LANG", "%s", px_form_words(PX_LANG));
	if (same_lang(lang, p->lang))
		return ac_fail(
		    reterr, AC_EINPUT, "TRN-LANG", "it is written in this language: nothing to translate");
	unit(&f, AC_S("protocol/title"), &p->title);
	facts(&f, p);
	for (size_t i = 0; i < p->ngoals; i++)
		line(&f, p->goals[i].l.id, "text", &p->goals[i].text);
	for (size_t i = 0; i < p->ninstructions; i++)
		instruction(&f, &p->instructions[i]);
	for (size_t i = 0; i < p->nexpectations; i++)
		line(&f, p->expectations[i].l.id, "text", &p->expectations[i].text);
	for (size_t i = 0; i < p->nred_flags; i++)
		line(&f, p->red_flags[i].l.id, "text", &p->red_flags[i].text);
	for (size_t i = 0; i < p->ntasks; i++) {
		line(&f, p->tasks[i].l.id, "label", &p->tasks[i].label);
		line(&f, p->tasks[i].l.id, "text", &p->tasks[i].text);
	}
	for (size_t i = 0; i < p->ncheck_ins; i++)
		check_in(&f, &p->check_ins[i]);
	if (p->series != NULL)
		line(&f, p->series->l.id, "text", &p->series->text);
	*ret = (struct ac_units){ .v = f.units.v, .n = f.units.n };
	for (size_t i = 0; i < ret->n; i++) {
		ret->missing += ret->v[i].state == AC_TRANSLATION_MISSING;
		ret->stale += ret->v[i].state == AC_TRANSLATION_STALE;
		ret->unsigned_ += ret->v[i].state == AC_TRANSLATION_UNSIGNED;
	}
	return AC_OK;
}

const char *
ac_translation_state_word(enum ac_translation_state s)
{
	static const char *const words[] = { [AC_TRANSLATION_MISSING] = "missing",
		[AC_TRANSLATION_STALE] = "stale",
		[AC_TRANSLATION_UNSIGNED] = "unsigned",
		[AC_TRANSLATION_DONE] = "done" };

	return words[s];
}

/* XLIFF's order: source, target, note, alt-trans is free; tools want source, target, alt-trans, note. */
static void
write_unit(struct ac_xw *w, const struct ac_unit *u, struct ac_str lang)
{
	bool is_current = u->state == AC_TRANSLATION_UNSIGNED || u->state == AC_TRANSLATION_DONE;

	ac_xw_open(w, "trans-unit");
	ac_xw_attr(w, "id", u->name);
	ac_xw_attr(w, "resname", u->name);
	ac_xw_elem(w, "source", u->source->text);
	if (is_current) {
		ac_xw_open(w, "target");
		ac_xw_attrc(w, "state", u->state == AC_TRANSLATION_DONE ? "signed-off" : "translated");
		ac_xw_text(w, u->target->text);
		ac_xw_close(w);
	} else if (u->target != NULL) {
		ac_xw_open(w, "alt-trans");
		ac_xw_attrc(w, "origin", "former translation, of another text");
		ac_xw_open(w, "target");
		ac_xw_attr(w, "xml:lang", lang);
		ac_xw_text(w, u->target->text);
		ac_xw_close(w);
		ac_xw_close(w);
	}
	ac_xw_open(w, "note");
	ac_xw_textf(
	    w, "line %u of the protocol; %s", (unsigned)u->source->line, ac_translation_state_word(u->state));
	ac_xw_close(w);
	ac_xw_close(w);
	ac_buf_addc(w->b, '\n');
}

struct ac_str
ac_translate_write(
    const struct ac_protocol *p, const struct ac_units *u, struct ac_str lang, bool all, struct ac_arena *a)
{
	struct ac_xw w;
	struct ac_buf b;

	ac_buf_init(&b, a, 16384, 0);
	ac_buf_addz(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "xliff");
	ac_xw_attrc(&w, "version", "1.2");
	ac_xw_attrc(&w, "xmlns", "urn:oasis:names:tc:xliff:document:1.2");
	ac_xw_open(&w, "file");
	ac_xw_attr(&w, "original", p->id);
	ac_xw_attr(&w, "source-language", p->lang);
	ac_xw_attr(&w, "target-language", lang);
	ac_xw_attrc(&w, "datatype", "plaintext");
	ac_xw_attr(&w, "product-version", ac_hex(a, p->version.b, sizeof(p->version.b)));
	ac_xw_open(&w, "body");
	ac_xw_textc(&w, "\n");
	for (size_t i = 0; i < u->n; i++)
		if (all || u->v[i].state == AC_TRANSLATION_MISSING || u->v[i].state == AC_TRANSLATION_STALE)
			write_unit(&w, &u->v[i], lang);
	ac_xw_close(&w);
	ac_xw_close(&w);
	ac_xw_close(&w);
	ac_buf_addc(&b, '\n');
	return ac_buf_str(&b);
}
