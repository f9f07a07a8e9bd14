/* on_issue.c - the sheet: a preview of it, giving it out, and the very bytes that were given. */
#include "core/handout.h"
#include "core/intake.h"
#include "plugin/panel.h"

#define LANGUAGES_MAX 16

/* What the protocols are titled in: a language without a title has no sheet. */
static size_t
languages(const struct ac_plan *p, struct ac_str *values)
{
	size_t n = 0;

	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_texts *t = &p->in->protocols[i].protocol->title;
		for (size_t k = 0; k < t->n && n < LANGUAGES_MAX; k++) {
			bool told = t->v[k].state == AC_TEXT_STALE;

			for (size_t m = 0; m < n; m++)
				told |= ac_streq(values[m], t->v[k].lang);
			if (!told)
				values[n++] = t->v[k].lang;
		}
	}
	return n;
}

static struct ac_str
preferred(const struct ac_plan *p, const struct ac_str *values, size_t n)
{
	struct ac_str primary;

	(void)ac_cut(p->in->encounter->patient.language, '-', &primary);
	for (size_t i = 0; i < n; i++)
		if (primary.n > 0 && ac_streq(values[i], primary))
			return values[i];
	for (size_t i = 0; i < n; i++)
		if (ac_streq_c(values[i], "en"))
			return values[i];
	return n > 0 ? values[0] : AC_S("en");
}

/* What was chosen in a form that came too late. */
static struct ac_str
kept(const struct ac_page *p, const char *name, struct ac_str otherwise)
{
	struct ac_str typed = ac_page_typed(p, name);

	return typed.n > 0 ? typed : otherwise;
}

/* Before it is given out: what it says in the other language, beside the English. */
static void
side_by_side(struct ac_page *p, const struct ac_record *r, const struct ac_str *values, const struct ac_str *labels, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (ac_streq_c(values[i], "en"))
			continue;
		if (!any) {
			ac_page_open(p, "p", "languages");
			ac_xw_textc(&p->w, "Beside the English: ");
		}
		if (any)
			ac_xw_textc(&p->w, " · ");
		any = true;
		ac_page_link(p, NULL,
		    ac_plan_path(p->a, r->row.id, "/languages?language=%.*s", AC_FMT(ac_percent_encode(values[i], p->a))), labels[i]);
	}
	if (any)
		ac_page_close(p, "p");
}

/* Nobody gives out a sheet in English to a reader of Turkish without having been told. */
static void
not_theirs(struct ac_page *p, const struct ac_record *r, struct ac_str chosen)
{
	struct ac_str wanted;

	(void)ac_cut(r->encounter->patient.language, '-', &wanted);
	if (wanted.n == 0 || ac_streq(wanted, chosen))
		return;
	ac_page_elem(p, "p", "notice warn",
	    ac_strf(p->a, "The patient reads %.*s: there is no text in it.", AC_FMT(ac_page_language(wanted))));
}

struct ac_str
ac_issue_language(const struct ac_plan *plan)
{
	struct ac_str values[LANGUAGES_MAX];
	size_t n = languages(plan, values);

	return preferred(plan, values, n);
}

static void
size_select(struct ac_page *p)
{
	static const struct ac_str sizes[] = { { "normal", 6 }, { "large", 5 } }, words[] = { { "Normal", 6 }, { "Large", 5 } };

	ac_page_select(p, "size", "Print", sizes, words, 2, kept(p, "size", sizes[0]));
}

void
ac_issue_sheet_language(struct ac_page *p, const struct ac_record *r)
{
	struct ac_str values[LANGUAGES_MAX], labels[LANGUAGES_MAX];
	size_t n = languages(r->plan, values);

	for (size_t i = 0; i < n; i++)
		labels[i] = ac_page_language(values[i]);
	ac_page_select(p, "language", "Language of the sheet", values, labels, n,
	    kept(p, "language", preferred(r->plan, values, n)));
}

void
ac_issue_language_select(struct ac_page *p, const struct ac_record *r)
{
	ac_issue_sheet_language(p, r);
	size_select(p);
	not_theirs(p, r, ac_issue_language(r->plan));
}

/* The sheet opens beside the panel, which has no script to follow: it would go on asking for a sheet that was given. */
void
ac_issue_anew(struct ac_page *p, const struct ac_record *r)
{
	ac_page_open(p, "p", "anew");
	ac_xw_textc(&p->w, "The sheet opens in a tab of its own. ");
	ac_page_open(p, "a", NULL);
	ac_xw_attr(&p->w, "href", ac_panel_path(p->a, r->row.site, r->row.encounter));
	ac_xw_textc(&p->w, "Then show what is open now");
	ac_page_close(p, "a");
	ac_page_close(p, "p");
}

void
ac_issue_form(struct ac_page *p, const struct ac_record *r)
{
	static const struct ac_str who[] = { { "patient", 7 }, { "guardian", 8 } },
				   who_words[] = { { "Patient", 7 }, { "Guardian", 8 } };
	static const struct ac_str media[] = { { "paper", 5 }, { "digital", 7 } },
				   media_words[] = { { "Paper", 5 }, { "Digital", 7 } };
	struct ac_str values[LANGUAGES_MAX], labels[LANGUAGES_MAX];
	size_t n = languages(r->plan, values);

	for (size_t i = 0; i < n; i++)
		labels[i] = ac_page_language(values[i]);
	ac_page_open(p, "form", "issue");
	ac_xw_attrc(&p->w, "method", "post");
	ac_xw_attr(&p->w, "action", ac_plan_path(p->a, r->row.id, "/issue"));
	if (p->kind == AC_PAGE_PANEL)
		ac_xw_attrc(&p->w, "target", "_blank"); /* the sheet is printed from a tab of its own */
	ac_page_hidden(p, "token", ac_form_token(p->h, "plan-issue", ac_uuid_str(p->a, r->row.id)));
	ac_page_hidden_int(p, "version", r->row.version);
	ac_page_hidden_int(p, "sheets", (int64_t)r->nissues);
	ac_page_select(p, "language", "Language", values, labels, n,
	    kept(p, "language", preferred(r->plan, values, n)));
	ac_page_select(p, "recipient", "Given to", who, who_words, 2,
	    kept(p, "recipient", who[r->encounter->patient.has_guardian ? 1 : 0]));
	ac_page_select(p, "medium", "As", media, media_words, 2, kept(p, "medium", media[0]));
	size_select(p);
	not_theirs(p, r, preferred(r->plan, values, n));
	side_by_side(p, r, values, labels, n);
	ac_page_button(p, "button primary", "give", "1", "Give out and print");
	if (p->kind == AC_PAGE_PANEL)
		ac_issue_anew(p, r);
	ac_page_close(p, "form");
}

static bool
is_one_of(struct ac_str s, const char *x, const char *y)
{
	return ac_streq_c(s, x) || ac_streq_c(s, y);
}

enum ac_code
ac_on_plan_issue(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_record *r;
	struct ac_issue_request rq = { .language = ac_http_form(h, "language"),
		.recipient = ac_http_form(h, "recipient"),
		.medium = ac_http_form(h, "medium") };
	struct ac_issue_row row;
	struct ac_str bytes;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_form_check(h, ac_uuid_str(h->w->arena, r->row.id), reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(ac_http_form(h, "version"), 1, INT64_MAX, &rq.seen_version) ||
	    !ac_str_int(ac_http_form(h, "sheets"), 0, INT64_MAX, &rq.seen_sheets))
		return ac_fail(
		    reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which version it showed");
	if (rq.language.n == 0 || rq.language.n > 35 || !is_one_of(rq.recipient, "patient", "guardian") ||
	    !is_one_of(rq.medium, "paper", "digital"))
		return ac_fail(
		    reterr, AC_EINPUT, "ISSUE-FIELD", "choose a language, who gets the sheet, and how");
	rq.plan = r->row.id;
	rq.large = ac_streq_c(ac_http_form(h, "size"), "large");
	rq.from_page = true;
	rc = ac_intake_issue(h->w, &h->who, &rq, &row, &bytes, reterr);
	if (rc == AC_ECONFLICT) { /* a sheet or a version that the page did not know */
		ac_page_set_conflict(h, reterr);
		return ac_on_plan(h, reterr);
	}
	if (rc != AC_OK)
		return rc;
	ac_http_see_other(h, ac_plan_path(h->w->arena, r->row.id, "/sheets/%lld", (long long)row.n));
	return AC_OK;
}

enum ac_code
ac_on_handout(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_handout_options o = { .language = ac_http_query(h, "language"),
		.asset_base = AC_S("/aftercare/assets/"),
		.issued_at = AC_INSTANT_NONE,
		.large = ac_streq_c(ac_http_query(h, "size"), "large") };
	struct ac_record *r;
	struct ac_str html;
	enum ac_code rc;

	if (o.language.n > 35)
		return ac_fail(reterr, AC_EINPUT, "HANDOUT-LANGUAGE", "the language is not a language tag");
	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	o.language = ac_handout_language(o.language, r->encounter->patient.language);
	if ((rc = ac_handout_html(r->plan, &o, h->w->arena, &html, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_page_log(h, "view", "handout", r, 0, reterr)) != AC_OK)
		return rc;
	h->type = "text/html; charset=utf-8";
	ac_buf_add(&h->out, html);
	return AC_OK;
}

enum ac_code
ac_on_sheet(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_record *r;
	struct ac_issue_row row;
	struct ac_str bytes;
	int64_t n;
	enum ac_code rc;

	if (!ac_str_int(h->capture[1], 1, INT64_MAX, &n))
		return ac_fail(reterr, AC_ENOTFOUND, "ISSUE-UNKNOWN", "the plan has no such sheet");
	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_issue_bytes(h->w, r->row.id, n, &row, &bytes, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_page_log(h, "print", "handout", r, n, reterr)) != AC_OK)
		return rc;
	h->type = "text/html; charset=utf-8";
	ac_buf_add(&h->out, bytes); /* exactly what was given, nothing around it */
	return AC_OK;
}
