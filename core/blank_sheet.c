/* blank_sheet.c - see blank_sheet.h. */
#include "core/blank_sheet.h"

#include "base/json.h"
#include "core/handout_parts.h"
#include "core/sheet_pdf.h"
#include "core/whatif.h"

#define ROOM "______________________"
#define ASSETS "/aftercare/assets/"

/* Room to write, and how long after the treatment that is. */
static void
room(struct ac_sheet *s, struct ac_offset o)
{
	ac_xw_textc(&s->w, ROOM);
	if (o.kind != AC_OFFSET_NONE) {
		ac_xw_textc(&s->w, " ");
		ac_sheet_span(s, "small", ac_strf(s->a, "(%.*s)", AC_FMT(ac_offset_str(s->a, o))));
	}
}

static void
from_until(struct ac_sheet *s, struct ac_offset from, bool has_until, struct ac_offset until)
{
	if (from.kind != AC_OFFSET_NONE) {
		ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_FROM));
		room(s, from);
		ac_xw_textc(&s->w, " ");
	}
	if (has_until) {
		ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_UNTIL));
		room(s, until);
	}
}

/* The protocol's own distance that gave this instant; NONE: it is the first minute. */
static struct ac_offset
from_of(const struct ac_plan_line *l)
{
	const struct ac_offset none = { .kind = AC_OFFSET_NONE };

	if (l->from == AC_INSTANT_NONE)
		return none;
	for (size_t i = 0; i < l->def->nwindows; i++)
		if (l->def->windows[i].from.kind != AC_OFFSET_NONE)
			return l->def->windows[i].from;
	return none;
}

static void
head_of_sheet(struct ac_sheet *s)
{
	ac_xw_open(&s->w, "header");
	ac_xw_open(&s->w, "h1");
	ac_sheet_text(s, s->p->in->protocols[0].protocol->title);
	ac_xw_end(&s->w, "h1");
	ac_sheet_open(s, "div", "marks");
	ac_sheet_open(s, "p", "mark");
	ac_xw_attrc(&s->w, "lang", "en");
	ac_xw_textc(&s->w, "BLANK SHEET");
	ac_xw_end(&s->w, "p");
	if (s->p->demonstration)
		ac_sheet_mark(s, "mark", AC_W_DEMONSTRATION);
	ac_xw_end(&s->w, "div");
	ac_sheet_open(s, "p", "who");
	ac_xw_textf(&s->w, ROOM ROOM " · %s " ROOM, ac_sheet_word(s, AC_W_TREATED));
	ac_xw_end(&s->w, "p");
	ac_xw_end(&s->w, "header");
	ac_sheet_open(s, "p", "note");
	ac_xw_attrc(&s->w, "lang", "en");
	ac_xw_textc(&s->w,
	    "Staff: write in the name, the time of the treatment and each end, counted from that time. Strike out what is "
	    "not meant. Give the printed sheet as soon as it can be made, and say on the panel that this one was given.");
	ac_xw_end(&s->w, "p");
}

static void
not_yet(struct ac_sheet *s)
{
	int number = 0;

	ac_sheet_open(s, "section", "not-yet");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_NOT_YET)));
	ac_xw_open(&s->w, "table");
	ac_xw_textc(&s->w, "\n");
	for (size_t i = 0; i < s->p->nlines; i++) {
		const struct ac_plan_line *l = &s->p->lines[i];
		if (l->def->kind != AC_RESTRICTION)
			continue;
		ac_xw_open(&s->w, "tr");
		ac_xw_open(&s->w, "th");
		ac_xw_attrc(&s->w, "scope", "row");
		ac_sheet_span(s, "number", ac_strf(s->a, "%d", ++number));
		ac_sheet_open(s, "span", "ban");
		ac_sheet_text(s, l->def->label.n > 0 ? l->def->label : l->def->text);
		ac_xw_end(&s->w, "span");
		ac_sheet_exceptions(s, l->def);
		ac_xw_end(&s->w, "th");
		ac_xw_open(&s->w, "td");
		ac_sheet_open(s, "p", "when");
		if (l->until == AC_INSTANT_NONE)
			ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_NO_END));
		from_until(s, from_of(l), l->until != AC_INSTANT_NONE, l->until_offset);
		ac_xw_end(&s->w, "p");
		ac_xw_end(&s->w, "td");
		ac_xw_end(&s->w, "tr");
	}
	ac_xw_end(&s->w, "table");
	ac_xw_end(&s->w, "section");
}

static void
lines_of(struct ac_sheet *s, enum ac_instruction_kind kind, const char *class)
{
	bool any = false;

	for (size_t i = 0; i < s->p->nlines; i++) {
		const struct ac_plan_line *l = &s->p->lines[i];
		if (l->def->kind != kind)
			continue;
		if (!any)
			ac_sheet_open(s, "ul", class);
		any = true;
		ac_xw_open(&s->w, "li");
		ac_sheet_text(s, l->def->text.n > 0 ? l->def->text : l->def->label);
		if (l->from != AC_INSTANT_NONE || l->until != AC_INSTANT_NONE) {
			ac_xw_textc(&s->w, " ");
			ac_sheet_open(s, "span", "window");
			from_until(s, from_of(l), l->until != AC_INSTANT_NONE, l->until_offset);
			ac_xw_end(&s->w, "span");
		}
		ac_sheet_exceptions(s, l->def);
		ac_xw_end(&s->w, "li");
	}
	if (any)
		ac_xw_end(&s->w, "ul");
}

static void
tasks(struct ac_sheet *s)
{
	ac_xw_open(&s->w, "ul");
	ac_xw_textc(&s->w, "\n");
	for (size_t i = 0; i < s->p->ntasks; i++) {
		const struct ac_plan_task *t = &s->p->tasks[i];
		if (t->def == NULL || !t->def->patient)
			continue;
		ac_xw_open(&s->w, "li");
		ac_sheet_text(s, t->def->label.n > 0 ? t->def->label : t->def->text);
		ac_xw_textc(&s->w, ": ");
		room(s, t->def->nat > 0 ? t->def->at[t->occurrence - 1] : t->def->from);
		if (t->def->nat == 0 && t->def->until.kind != AC_OFFSET_NONE) {
			ac_xw_textf(&s->w, " %s ", ac_sheet_word(s, AC_W_TO));
			room(s, t->def->until);
		}
		ac_xw_end(&s->w, "li");
	}
	ac_xw_end(&s->w, "ul");
}

static void
middle(struct ac_sheet *s)
{
	ac_sheet_open(s, "div", "columns");
	ac_sheet_open(s, "section", "do");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_DO)));
	lines_of(s, AC_WARNING, "warnings");
	lines_of(s, AC_CARE, "care");
	ac_xw_end(&s->w, "section");
	ac_sheet_open(s, "section", "touch");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_IN_TOUCH)));
	tasks(s);
	lines_of(s, AC_INFORMATION, "information");
	ac_xw_end(&s->w, "section");
	ac_xw_end(&s->w, "div");
}

static void
foot(struct ac_sheet *s, const struct ac_active *of)
{
	const struct ac_protocol *p = of->protocol;

	ac_xw_open(&s->w, "footer");
	ac_sheet_open(s, "p", "protocol");
	ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_PROTOCOL));
	ac_sheet_text(s, p->title);
	ac_xw_textf(&s->w, " (%02x%02x%02x%02x)", p->version.b[0], p->version.b[1], p->version.b[2],
	    p->version.b[3]);
	if (of->approver.n > 0)
		ac_xw_textf(&s->w, ", %s %.*s", ac_sheet_word(s, of->solo ? AC_W_APPROVED_SOLO : AC_W_APPROVED_BY),
		    AC_FMT(of->approver));
	ac_xw_end(&s->w, "p");
	ac_xw_end(&s->w, "footer");
}

static void
body(struct ac_sheet *s, const struct ac_active *of)
{
	ac_xw_open(&s->w, "body");
	ac_sheet_open(s, "main", "sheet");
	ac_sheet_open(s, "div", "content");
	head_of_sheet(s);
	not_yet(s);
	middle(s);
	ac_sheet_signs(s);
	ac_sheet_numbers(s);
	if (s->fell_back || !s->has_words)
		ac_sheet_mark(s, "note", AC_W_IN_OTHER_LANGUAGE);
	if (s->p->demonstration)
		ac_sheet_mark(s, "note", AC_W_DEMONSTRATION_NOTE);
	foot(s, of);
	ac_xw_end(&s->w, "div");
	ac_xw_end(&s->w, "main");
	ac_xw_end(&s->w, "body");
}

/* The strictest plan that the protocol can make: of a visit about which nothing is known. */
static enum ac_code
plan_of(struct ac_worker *w, const struct ac_active *of, struct ac_plan **ret, struct ac_err *reterr)
{
	struct ac_whatif x;
	struct ac_plan_input *in = ac_new(w->arena, struct ac_plan_input, 1);
	const struct ac_clinic *c = w->config->clinic;
	struct ac_invented v = { .protocol = of->protocol, .at = of->published_ms / 1000, .zone = AC_S("UTC") };
	enum ac_code rc;

	if (c == NULL)
		return ac_fail(reterr, AC_EDENIED, "ISSUE-CONTACT", "no clinic is configured: a sheet needs its numbers");
	if (c->zone.n > 0)
		v.zone = c->zone;
	ac_whatif_init(&x, w, w->config, w->arena);
	if ((rc = ac_whatif_invented(&x, &v, in, reterr)) != AC_OK)
		return rc;
	in->protocols[0].approver = of->approver;
	in->protocols[0].solo = of->solo;
	return ac_plan_make(in, w->arena, ret, reterr);
}

enum ac_code
ac_blank_sheet_html(struct ac_worker *w, const struct ac_active *of, struct ac_str language, struct ac_str asset_base,
    struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_handout_options o = { .language = language, .asset_base = asset_base, .blank = true };
	struct ac_sheet s = { .a = w->arena, .o = &o, .lang = language };
	struct ac_plan *p;
	struct ac_buf b;
	enum ac_code rc = plan_of(w, of, &p, reterr);

	if (rc != AC_OK)
		return rc;
	s.p = p;
	s.now = p->in->made_at;
	ac_buf_init(&b, w->arena, 16 * 1024, 0);
	ac_sheet_begin(&s, &b);
	body(&s, of);
	ac_xw_end(&s.w, "html");
	ac_buf_addc(&b, '\n');
	*ret = ac_buf_str(&b);
	return AC_OK;
}

enum ac_code
ac_blank_sheet_pdf(struct ac_worker *w, struct ac_str html, struct ac_str *ret, struct ac_err *reterr)
{
	/* no day of making: the same sheet is the same file */
	return ac_page_pdf(w, html, w->config->clinic, 0, false, ret, reterr);
}

static bool
is_suspended(const struct ac_config *c, const struct ac_sha256 *version)
{
	for (size_t i = 0; i < c->nsuspended; i++)
		if (ac_sha256_eq(&c->suspended[i].version, version))
			return true;
	return false;
}

const struct ac_active *
ac_blank_sheet_of(const struct ac_config *c, struct ac_str protocol)
{
	for (size_t i = 0; i < c->nactive; i++)
		if (ac_streq(c->active[i].protocol->id, protocol) && !is_suspended(c, &c->active[i].protocol->version))
			return &c->active[i];
	return NULL;
}

static enum ac_code
entry(struct ac_worker *w, const struct ac_active *of, struct ac_str language, struct ac_jw *j, struct ac_err *reterr)
{
	const struct ac_protocol *p = of->protocol;
	struct ac_sha256 sha;
	struct ac_str html;
	enum ac_code rc = ac_blank_sheet_html(w, of, language, AC_S(ASSETS), &html, reterr);

	if (rc != AC_OK)
		return rc;
	ac_sha256(html, &sha);
	ac_jw_obj(j);
	ac_jw_kstr(j, "protocol", p->id);
	ac_jw_kstr(j, "version", ac_hex(w->arena, p->version.b, sizeof(p->version.b)));
	ac_jw_kstr(j, "title", ac_text_pick(p->title, language, NULL));
	ac_jw_kstr(j, "language", language);
	ac_jw_kstr(j, "href", ac_strf(w->arena, "/aftercare/v1/blank-sheets/%.*s/%.*s", AC_FMT(p->id), AC_FMT(language)));
	ac_jw_kstr(j, "sha256", ac_hex(w->arena, sha.b, sizeof(sha.b)));
	ac_jw_end_obj(j);
	return AC_OK;
}

enum ac_code
ac_blank_sheets_json(struct ac_worker *w, struct ac_str *ret, struct ac_err *reterr)
{
	const struct ac_config *c = w->config;
	struct ac_buf b;
	struct ac_jw j;
	enum ac_code rc = AC_OK;

	ac_buf_init(&b, w->arena, 4096, 0);
	ac_jw_init(&j, &b);
	ac_jw_obj(&j);
	ac_jw_key(&j, "sheets");
	ac_jw_arr(&j);
	for (size_t i = 0; i < c->nactive && c->clinic != NULL; i++) {
		const struct ac_protocol *p = c->active[i].protocol;
		for (size_t k = 0; k < p->title.n && !is_suspended(c, &p->version); k++)
			if (p->title.v[k].state != AC_TEXT_STALE &&
			    (rc = entry(w, &c->active[i], p->title.v[k].lang, &j, reterr)) != AC_OK)
				return rc;
	}
	ac_jw_end_arr(&j);
	ac_jw_end_obj(&j);
	*ret = ac_buf_str(&b);
	return AC_OK;
}
