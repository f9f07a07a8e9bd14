/* handout.c - the patient's sheet: its frame, its first lines and its last. */
#include "core/handout.h"

#include "core/bodymap.h"
#include "core/handout_parts.h"

#define STYLESHEET \
	"handout-2.css" /* a stored sheet keeps the look it was given with: a new look gets a new name */

const char *
ac_sheet_word(const struct ac_sheet *s, enum ac_word w)
{
	return ac_word(w, s->words);
}

void
ac_sheet_open(struct ac_sheet *s, const char *name, const char *class)
{
	ac_xw_open(&s->w, name);
	ac_xw_attrc(&s->w, "class", class);
}

void
ac_sheet_span(struct ac_sheet *s, const char *class, struct ac_str text)
{
	if (text.n == 0)
		return;
	ac_sheet_open(s, "span", class);
	ac_xw_text(&s->w, text);
	ac_xw_end(&s->w, "span");
}

void
ac_sheet_text(struct ac_sheet *s, struct ac_texts t)
{
	bool fell_back = false;
	const struct ac_text *text = ac_text_find(t, s->lang, &fell_back);

	if (text == NULL || text->text.n == 0)
		return;
	if (!fell_back && s->has_words) {
		ac_xw_text(&s->w, text->text);
		return;
	}
	struct ac_str lang = text->lang;
	if (!fell_back) { /* in the reader's language, between words of another */
		ac_xw_open(&s->w, "span");
		ac_xw_attr(&s->w, "lang", lang);
		ac_xw_text(&s->w, text->text);
		ac_xw_end(&s->w, "span");
		return;
	}
	s->fell_back = true;
	ac_sheet_open(s, "span", "other-language");
	if (lang.n > 0) {
		ac_xw_attr(&s->w, "lang", lang);
		if (ac_language_is_rtl(lang) != ac_language_is_rtl(s->times))
			ac_xw_attrc(&s->w, "dir", ac_language_is_rtl(lang) ? "rtl" : "ltr");
	}
	ac_xw_text(&s->w, text->text);
	ac_xw_textf(&s->w, " [%.*s]", AC_FMT(lang));
	ac_xw_end(&s->w, "span");
}

struct ac_str
ac_sheet_day(struct ac_sheet *s, int64_t t)
{
	return ac_sheet_time(s->a, s->p->in->zone, t, AC_TIME_DAY, s->times);
}

struct ac_str
ac_sheet_short_day(struct ac_sheet *s, int64_t t)
{
	return ac_sheet_short_date(s->a, s->p->in->zone, t, s->times);
}

struct ac_str
ac_sheet_clock(struct ac_sheet *s, int64_t t)
{
	return ac_sheet_time(s->a, s->p->in->zone, t, AC_TIME_CLOCK, s->times);
}

void
ac_sheet_instant(struct ac_sheet *s, int64_t t)
{
	ac_xw_text(&s->w, ac_sheet_day(s, t));
	ac_xw_textc(&s->w, ac_sheet_join(s->times));
	ac_xw_elem(&s->w, "strong", ac_sheet_clock(s, t));
}

int64_t
ac_sheet_stated(struct ac_sheet *s, int64_t end)
{
	int64_t stated = ac_sheet_end(s->p->in->zone, end);

	s->night |= end != AC_INSTANT_NONE && stated - end >= 60;
	return stated;
}

struct ac_str
ac_person_words(struct enc_strs given, struct ac_str family, struct ac_arena *a)
{
	struct ac_str s = { 0 };

	for (size_t i = 0; i < given.n; i++)
		s = s.n == 0 ? given.v[i] : ac_strf(a, "%.*s %.*s", AC_FMT(s), AC_FMT(given.v[i]));
	if (family.n == 0)
		return s;
	return s.n == 0 ? family : ac_strf(a, "%.*s %.*s", AC_FMT(s), AC_FMT(family));
}

static void
head(struct ac_sheet *s)
{
	struct ac_xw *w = &s->w;

	ac_xw_open(w, "head");
	ac_xw_open(w, "meta");
	ac_xw_attrc(w, "charset", "utf-8");
	ac_xw_close(w);
	ac_xw_open(w, "meta");
	ac_xw_attrc(w, "name", "viewport");
	ac_xw_attrc(w, "content", "width=device-width, initial-scale=1");
	ac_xw_close(w);
	ac_xw_open(w, "title"); /* no name: titles get into histories and file names */
	ac_xw_textc(w, ac_sheet_word(s, AC_W_SHEET));
	if (s->o->sheet > 0)
		ac_xw_textf(w, " %lld", (long long)s->o->sheet);
	ac_xw_end(w, "title");
	ac_xw_open(w, "link");
	ac_xw_attrc(w, "rel", "stylesheet");
	ac_xw_attrf(w, "href", "%.*s" STYLESHEET, AC_FMT(s->o->asset_base));
	ac_xw_close(w);
	ac_xw_end(w, "head");
}

void
ac_sheet_mark(struct ac_sheet *s, const char *class, enum ac_word word)
{
	ac_sheet_open(s, "p", class);
	ac_xw_textc(&s->w, ac_sheet_word(s, word));
	ac_xw_end(&s->w, "p");
}

/* There are no fixed words in the reader's language: said where it is seen first. */
static void
mark_words(struct ac_sheet *s)
{
	if (s->has_words)
		return;
	ac_sheet_open(s, "p", "mark");
	ac_xw_attrc(&s->w, "lang", "en");
	ac_xw_textf(&s->w, "Headings and dates in English: not there in [%.*s]", AC_FMT(s->lang));
	ac_xw_end(&s->w, "p");
}

#define ADULT_YEARS 18 /* who is younger is addressed through the guardian */

static bool
is_for_guardian(const struct ac_sheet *s)
{
	const struct enc_patient *pt = &s->p->in->encounter->patient;
	int64_t at = s->p->anchor != AC_INSTANT_NONE ? s->p->anchor : s->now;

	if (s->o->to_guardian)
		return true;
	if (pt->birth_date.precision == 0) /* a guardian in the chart of somebody whose age nobody recorded */
		return pt->has_guardian;
	return ac_age_years(ac_wall_at(NULL, pt->birth_date.t), ac_wall_at(s->p->in->zone, at)) < ADULT_YEARS;
}

static void
guardian(struct ac_sheet *s)
{
	const struct enc_patient *pt = &s->p->in->encounter->patient;

	if (!is_for_guardian(s))
		return;
	ac_sheet_open(s, "p", "guardian");
	ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_GUARDIAN));
	if (pt->has_guardian && pt->guardian_name.n > 0) {
		ac_xw_textc(&s->w, ": ");
		ac_xw_elem(&s->w, "bdi", pt->guardian_name);
	}
	ac_xw_end(&s->w, "p");
}

static void
title(struct ac_sheet *s)
{
	const struct ac_plan *p = s->p;
	size_t n = 0;

	ac_xw_open(&s->w, "h1");
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		bool used = false;

		for (size_t t = 0; t < p->ntreatments; t++)
			used |= p->treatments[t].protocol == p->in->protocols[i].protocol;
		if (!used && p->ntreatments > 0)
			continue;
		if (n++ > 0)
			ac_xw_textc(&s->w, " · ");
		ac_sheet_text(s, p->in->protocols[i].protocol->title);
	}
	if (n == 0)
		ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_SHEET));
	ac_xw_end(&s->w, "h1");
}

static void
areas(struct ac_sheet *s)
{
	struct enc_strs codes = ac_plan_areas(s->p);

	for (size_t i = 0; i < codes.n; i++) {
		struct ac_texts label = ac_plan_area_label(s->p, codes.v[i]);

		if (i > 0)
			ac_xw_textc(&s->w, ac_sheet_join(s->times));
		if (label.n > 0)
			ac_sheet_text(s, label);
		else
			ac_xw_elem(&s->w, "bdi", codes.v[i]);
	}
}

/* Who, when, where on the body, which session, with whom: one line. */
static void
subtitle(struct ac_sheet *s)
{
	const struct ac_plan *p = s->p;
	const struct encounter *e = p->in->encounter;
	struct ac_str provider = e->has_provider
				     ? ac_person_words(e->provider.given, e->provider.family, s->a)
				     : (struct ac_str){ 0 };

	ac_sheet_open(s, "p", "who");
	ac_xw_elem(&s->w, "bdi", ac_person_words(e->patient.given, e->patient.family, s->a));
	if (p->ntreatments > 0 && p->anchor != AC_INSTANT_NONE) {
		enum ac_anchor_source src = p->treatments[0].anchor_source;

		ac_xw_textf(&s->w, " · %s ", ac_sheet_word(s, AC_W_TREATED));
		ac_xw_text(&s->w, ac_sheet_time(s->a, p->in->zone, p->anchor, AC_TIME_FULL, s->times));
		if (src != AC_ANCHOR_PERFORMED && src != AC_ANCHOR_ANSWER) {
			ac_xw_textf(&s->w, " (%s)", ac_sheet_word(s, AC_W_TIME_ASSUMED));
			s->assumed = true;
		}
	}
	if (ac_plan_areas(p).n > 0) {
		ac_xw_textc(&s->w, " · ");
		areas(s);
	}
	if (p->session > 0 && p->sessions > 0)
		ac_xw_textf(&s->w, " · %s %d %s %d", ac_sheet_word(s, AC_W_SESSION), p->session,
		    ac_sheet_word(s, AC_W_OF), p->sessions);
	else if (p->session > 0)
		ac_xw_textf(&s->w, " · %s %d", ac_sheet_word(s, AC_W_SESSION), p->session);
	if (provider.n > 0) {
		ac_xw_textc(&s->w, " · ");
		ac_xw_elem(&s->w, "bdi", provider);
	}
	ac_xw_end(&s->w, "p");
}

static void
body_picture(struct ac_sheet *s)
{
	struct ac_str svg = ac_bodymap_svg(s->p, s->lang, s->a);

	if (svg.n == 0)
		return;
	ac_sheet_open(s, "section", "treated");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_TREATED_AREAS)));
	ac_xw_markup_not_escaped(&s->w, svg);
	ac_sheet_open(s, "p", "areas");
	areas(s);
	ac_xw_end(&s->w, "p");
	ac_xw_end(&s->w, "section");
}

static void
body(struct ac_sheet *s)
{
	ac_xw_open(&s->w, "body");
	if (s->o->large)
		ac_xw_attrc(&s->w, "class", "large");
	ac_sheet_open(s, "main", "sheet");
	ac_sheet_open(s, "div", "content");
	ac_xw_open(&s->w, "header");
	title(s);
	ac_sheet_open(s, "div", "marks");
	ac_xw_textc(&s->w, "\n");
	if (s->o->sheet == 0)
		ac_sheet_mark(s, "mark", AC_W_PREVIEW);
	if (s->p->demonstration)
		ac_sheet_mark(s, "mark", AC_W_DEMONSTRATION);
	mark_words(s);
	ac_xw_end(&s->w, "div");
	guardian(s);
	subtitle(s);
	ac_xw_end(&s->w, "header");
	if (s->p->in->revoked)
		ac_sheet_mark(s, "revoked", AC_W_REVOKED);
	ac_sheet_changes(s);
	ac_sheet_open(s, "div", "today");
	body_picture(s);
	ac_sheet_not_yet(s);
	ac_xw_end(&s->w, "div");
	ac_sheet_open(s, "div", "columns");
	ac_sheet_do(s);
	ac_sheet_in_touch(s);
	ac_xw_end(&s->w, "div");
	ac_sheet_signs(s);
	ac_sheet_numbers(s);
	ac_sheet_notes(s);
	if (s->p->demonstration)
		ac_sheet_mark(s, "note", AC_W_DEMONSTRATION_NOTE);
	ac_sheet_foot(s);
	ac_xw_end(&s->w, "div");
	ac_sheet_running(s);
	ac_xw_end(&s->w, "main");
	ac_xw_end(&s->w, "body");
}

static struct ac_str
wanted_language(const struct ac_plan *p, const struct ac_handout_options *o)
{
	if (o->language.n > 0)
		return o->language;
	return p->in->encounter->patient.language.n > 0 ? p->in->encounter->patient.language : AC_S("en");
}

struct ac_str
ac_handout_language(struct ac_str chosen, struct ac_str of_patient)
{
	if (chosen.n > 0 && of_patient.n > chosen.n && ac_str_starts(of_patient, chosen) && of_patient.p[chosen.n] == '-')
		return of_patient;
	return chosen.n > 0 ? chosen : of_patient;
}

static int64_t
now_of(const struct ac_plan *p, const struct ac_handout_options *o)
{
	if (o->issued_at != AC_INSTANT_NONE)
		return o->issued_at;
	return p->in->made_at;
}

/* The whole sheet turns where its fixed words are written so, or what it says; not where all of it is in another language. */
static bool
is_rtl(const struct ac_sheet *s)
{
	if (s->has_words)
		return ac_language_is_rtl(s->lang);
	for (size_t i = 0; i < s->p->in->nprotocols && ac_language_is_rtl(s->lang); i++) {
		bool fell_back = true;
		(void)ac_text_pick(s->p->in->protocols[i].protocol->title, s->lang, &fell_back);
		if (!fell_back)
			return true;
	}
	return false;
}

void
ac_sheet_begin(struct ac_sheet *s, struct ac_buf *b)
{
	s->words = ac_word_language(s->lang);
	s->has_words = ac_word_has_language(s->lang);
	s->times = s->has_words ? s->lang : s->words;
	ac_buf_addz(b, "<!DOCTYPE html>\n");
	ac_xw_init(&s->w, b, false);
	ac_xw_open(&s->w, "html");
	ac_xw_attrc(&s->w, "xmlns", "http://www.w3.org/1999/xhtml");
	if (is_rtl(s)) {
		ac_xw_attr(&s->w, "lang", s->lang);
		ac_xw_attrc(&s->w, "dir", "rtl");
	} else {
		ac_xw_attr(&s->w, "lang", s->has_words ? s->lang : s->words);
	}
	head(s);
}

enum ac_code
ac_handout_html(const struct ac_plan *p, const struct ac_handout_options *o, struct ac_arena *a,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_sheet s = { .a = a, .p = p, .o = o, .lang = wanted_language(p, o), .now = now_of(p, o) };
	struct ac_buf b;

	if (p->in->clinic == NULL)
		return ac_fail(reterr, AC_EDENIED, "ISSUE-CONTACT",
		    "no clinic is configured: a sheet needs its numbers");
	if (o->before != NULL)
		s.changes = ac_plan_visible(o->before, p, a);
	ac_buf_init(&b, a, 16 * 1024, 0);
	ac_sheet_begin(&s, &b);
	body(&s);
	ac_xw_end(&s.w, "html");
	ac_buf_addc(&b, '\n');
	*ret = ac_buf_str(&b);
	return AC_OK;
}
