/*
 * on_languages.c - GET /aftercare/plans/{id}/languages: what the sheet would say, in English and in the patient's language,
 * line beside line, before it is given out. What is missing is said where it is missing.
 */
#include "core/handout_words.h"
#include "core/sheet_time.h"
#include "plugin/panel.h"

#define EN AC_S("en")

struct both {
	struct ac_page p;
	const struct ac_plan *plan;
	struct ac_str lang;
	size_t missing, lines;
};

static void
cell(struct both *b, struct ac_str lang, struct ac_str text, const char *mark)
{
	ac_page_open(&b->p, "td", NULL);
	ac_xw_attr(&b->p.w, "lang", lang);
	ac_xw_attrc(&b->p.w, "dir", ac_language_is_rtl(lang) ? "rtl" : "ltr");
	ac_xw_text(&b->p.w, text);
	if (mark != NULL) {
		ac_xw_textc(&b->p.w, " ");
		ac_page_elemc(&b->p, "small", "assumed", mark);
	}
	ac_page_close(&b->p, "td");
}

static void
heading(struct both *b, enum ac_word w)
{
	ac_page_open(&b->p, "tr", "part");
	cell(b, EN, ac_str_c(ac_word(w, EN)), NULL);
	cell(b, ac_word_language(b->lang), ac_str_c(ac_word(w, b->lang)), ac_word_has_language(b->lang) ? NULL : "missing: printed in English");
	ac_page_close(&b->p, "tr");
}

static void
text(struct both *b, struct ac_texts t)
{
	bool fell_back = false;
	const struct ac_text *own = ac_text_find(t, b->lang, &fell_back), *en = ac_text_find(t, EN, NULL);

	if (own == NULL || en == NULL)
		return;
	b->lines++;
	b->missing += fell_back;
	ac_page_open(&b->p, "tr", NULL);
	cell(b, en->lang.n > 0 ? en->lang : EN, en->text, NULL);
	cell(b, own->lang.n > 0 ? own->lang : b->lang, own->text, fell_back ? "missing: printed so and marked" : NULL);
	ac_page_close(&b->p, "tr");
}

static void
until(struct both *b, int64_t end)
{
	const struct ac_zone *z = b->plan->in->zone;
	struct ac_str times = ac_word_has_language(b->lang) ? b->lang : EN;

	if (end == AC_INSTANT_NONE)
		return;
	end = ac_sheet_end(z, end);
	ac_page_open(&b->p, "tr", "when");
	cell(b, EN, ac_strf(b->p.a, "%s %.*s", ac_word(AC_W_UNTIL, EN), AC_FMT(ac_sheet_time(b->p.a, z, end, AC_TIME_SHORT, EN))), NULL);
	cell(b, times, ac_strf(b->p.a, "%s %.*s", ac_word(AC_W_UNTIL, times), AC_FMT(ac_sheet_time(b->p.a, z, end, AC_TIME_SHORT, times))),
	    NULL);
	ac_page_close(&b->p, "tr");
}

static void
lines(struct both *b, enum ac_instruction_kind kind, enum ac_word title)
{
	bool any = false;

	for (size_t i = 0; i < b->plan->nlines; i++) {
		const struct ac_plan_line *l = &b->plan->lines[i];

		if (l->def->kind != kind)
			continue;
		if (!any)
			heading(b, title);
		any = true;
		if (l->def->label.n > 0)
			text(b, l->def->label);
		if (kind != AC_RESTRICTION || l->def->label.n == 0) /* what the sheet prints of it */
			text(b, l->def->text);
		for (size_t k = 0; k < l->def->nexcept; k++)
			text(b, l->def->except[k].text);
		until(b, l->until);
	}
}

static void
signs(struct both *b)
{
	heading(b, AC_W_EXPECTED);
	for (size_t i = 0; i < b->plan->nexpectations; i++)
		text(b, b->plan->expectations[i].def->text);
	heading(b, AC_W_CALL_US);
	for (size_t i = 0; i < b->plan->nflags; i++)
		if (b->plan->flags[i].def->level == AC_FLAG_CALL)
			text(b, b->plan->flags[i].def->text);
	heading(b, AC_W_EMERGENCY);
	for (size_t i = 0; i < b->plan->nflags; i++)
		if (b->plan->flags[i].def->level == AC_FLAG_EMERGENCY)
			text(b, b->plan->flags[i].def->text);
}

static void
table(struct both *b)
{
	ac_page_open(&b->p, "table", "languages");
	for (size_t i = 0; i < b->plan->in->nprotocols; i++)
		text(b, b->plan->in->protocols[i].protocol->title);
	lines(b, AC_RESTRICTION, AC_W_NOT_YET);
	lines(b, AC_WARNING, AC_W_DO);
	lines(b, AC_CARE, AC_W_DO);
	heading(b, AC_W_IN_TOUCH);
	for (size_t i = 0; i < b->plan->ntasks; i++) {
		const struct ac_task_def *d = b->plan->tasks[i].def;

		if (d != NULL && d->patient)
			text(b, d->label.n > 0 ? d->label : d->text);
	}
	lines(b, AC_INFORMATION, AC_W_GOOD_TO_KNOW);
	signs(b);
	ac_page_close(&b->p, "table");
}

enum ac_code
ac_on_languages(struct ac_http *h, struct ac_err *reterr)
{
	struct both b = { .lang = ac_http_query(h, "language") };
	struct ac_record *r;
	enum ac_code rc;

	if (b.lang.n > 35)
		return ac_fail(reterr, AC_EINPUT, "HANDOUT-LANGUAGE", "the language is not a language tag");
	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if (b.lang.n == 0)
		b.lang = r->encounter->patient.language.n > 0 ? r->encounter->patient.language : EN;
	if ((rc = ac_page_log(h, "view", "handout", r, 0, reterr)) != AC_OK)
		return rc;
	b.plan = r->plan;
	ac_page_begin(&b.p, h, AC_PAGE_WHOLE, "Both languages");
	ac_page_open(&b.p, "div", "head");
	ac_page_open(&b.p, "h1", NULL);
	ac_xw_textf(&b.p.w, "The sheet in English and [%.*s]", AC_FMT(b.lang));
	ac_page_close(&b.p, "h1");
	ac_page_close(&b.p, "div");
	ac_page_open(&b.p, "p", "actions");
	ac_page_link(&b.p, "button", ac_plan_home(b.p.a, r->row.id), AC_S("Back to the plan"));
	ac_page_link(&b.p, "button",
	    ac_plan_path(b.p.a, r->row.id, "/handout?language=%.*s", AC_FMT(ac_percent_encode(b.lang, b.p.a))), AC_S("Preview the sheet"));
	ac_page_close(&b.p, "p");
	table(&b);
	ac_page_elem(&b.p, "p", b.missing > 0 || !ac_word_has_language(b.lang) ? "notice warn" : "notice good",
	    ac_strf(b.p.a, "%zu of %zu lines are missing in this language.%s", b.missing, b.lines,
		ac_word_has_language(b.lang) ? "" : " Headings and dates are printed in English."));
	ac_page_end(&b.p);
	return AC_OK;
}
