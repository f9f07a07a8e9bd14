/* review_rows.c - what changed by meaning, what is open, what was done: rows for people, readable without colours. */
#include <string.h>

#include "plugin/review.h"

#define SHORT 40 /* bytes of before and after that stand beside each other */
#define ACTS_MAX 30

bool
ac_review_is_signature(const struct ac_change *c)
{
	return ac_streq_c(c->part, "signed") || ac_str_ends(c->part, AC_S(" signed"));
}

/* Stronger and weaker are about the patient; the rest is what happened to the line. */
static void
sign(struct ac_page *p, const struct ac_change *c)
{
	static const char *const words[] = { "+ new", "− gone", "renamed", "changed", "changed",
		"holds for more", "holds for fewer", "reworded", "moved", "changed" };

	ac_page_open(p, "span", "marks");
	if (c->strength == AC_STRENGTH_WEAKER)
		ac_page_chip(p, "weaker", AC_S("▼ weaker"));
	else if (c->strength == AC_STRENGTH_STRONGER)
		ac_page_chip(p, "stronger", AC_S("▲ stronger"));
	if (c->strength == AC_STRENGTH_NONE || (c->kind != AC_CHANGE_STRONGER && c->kind != AC_CHANGE_WEAKER))
		ac_page_chip(p, NULL, ac_str_c(words[c->kind]));
	if (c->visible)
		ac_page_chip(p, "sheet", AC_S("on the sheet"));
	ac_page_close(p, "span");
}

static void
side(struct ac_page *p, const char *class, const char *word, struct ac_str text)
{
	if (!ac_str_is_set(text))
		return;
	ac_page_open(p, "span", class);
	ac_page_elemc(p, "small", NULL, word);
	ac_page_elem(p, "span", NULL, text.n == 0 ? AC_S("nothing") : text);
	ac_page_close(p, "span");
}

/* A line as a whole that is new needs no word before it. */
static bool
is_whole_and_new(const struct ac_change *c)
{
	return c->kind == AC_CHANGE_NEW && c->part.n == 0 && c->after.n > 0;
}

static void
before_and_now(struct ac_page *p, const struct ac_change *c)
{
	bool beside = c->before.n > 0 && c->after.n > 0 && c->before.n <= SHORT && c->after.n <= SHORT &&
		      c->kind != AC_CHANGE_REWORDED;

	if (c->kind == AC_CHANGE_RENAMED) {
		ac_page_elem(p, "span", "beside", ac_strf(p->a, "was called %.*s", AC_FMT(c->former_id)));
	} else if (beside) {
		ac_page_open(p, "span", "beside");
		ac_page_elem(p, "span", "was", c->before);
		ac_xw_textc(&p->w, " → ");
		ac_page_elem(p, "strong", NULL, c->after);
		ac_page_close(p, "span");
	} else if (is_whole_and_new(c)) {
		ac_page_elem(p, "span", NULL, c->after);
	} else {
		side(p, "side was", "before", c->before);
		side(p, "side", "now", c->after);
	}
	ac_page_elem(p, "small", "note", c->note);
}

static bool
is_same_line(const struct ac_change *a, const struct ac_change *b)
{
	return ac_streq(a->id, b->id) && strcmp(a->line, b->line) == 0;
}

static void
heading(struct ac_page *p, const struct ac_change *c)
{
	ac_page_open(p, "h3", NULL);
	ac_page_elem(p, "bdi", NULL, c->id.n > 0 ? c->id : AC_S("the whole protocol"));
	ac_page_open(p, "small", NULL);
	ac_xw_textf(&p->w, " %s", c->line);
	if (c->after_at != 0)
		ac_xw_textf(&p->w, " · line %u", c->after_at);
	else if (c->before_at != 0)
		ac_xw_textf(&p->w, " · was line %u", c->before_at);
	ac_page_close(p, "small");
	ac_page_close(p, "h3");
}

void
ac_change_rows(struct ac_page *p, const struct ac_changes *c)
{
	const struct ac_change *last = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct ac_change *x = &c->v[i];
		if (ac_review_is_signature(x))
			continue;
		if (last == NULL || !is_same_line(last, x)) {
			if (last != NULL) {
				ac_page_close(p, "ul");
				ac_page_close(p, "li");
			}
			ac_page_open(p, "li", NULL);
			heading(p, x);
			ac_page_open(p, "ul", NULL);
		}
		ac_page_open(p, "li", x->strength == AC_STRENGTH_WEAKER ? "weaker" : NULL);
		ac_page_elem(p, "span", "part", x->part.n > 0 ? x->part : AC_S("the line"));
		ac_page_open(p, "span", "values");
		before_and_now(p, x);
		ac_page_close(p, "span");
		sign(p, x);
		ac_page_close(p, "li");
		last = x;
	}
	if (last != NULL) {
		ac_page_close(p, "ul");
		ac_page_close(p, "li");
	}
}

struct ac_str
ac_change_sum(struct ac_page *p, const struct ac_changes *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += !ac_review_is_signature(&c->v[i]);
	if (n == 0)
		return AC_S("Nothing changes in meaning.");
	struct ac_str s = ac_strf(p->a, "%zu change%s", n, n == 1 ? "" : "s");
	if (c->nweaker > 0)
		s = ac_strf(p->a, "%.*s, %zu weaker", AC_FMT(s), c->nweaker);
	if (c->nstronger > 0)
		s = ac_strf(p->a, "%.*s, %zu stronger", AC_FMT(s), c->nstronger);
	if (c->nvisible == 0)
		return ac_strf(p->a, "%.*s. The patient's sheet stays the same.", AC_FMT(s));
	if (n == 1)
		return ac_strf(p->a, "%.*s. The patient can see it on the sheet.", AC_FMT(s));
	return ac_strf(p->a, "%.*s. The patient can see %zu of them on the sheet.", AC_FMT(s), c->nvisible);
}

void
ac_review_changes(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	size_t signatures = 0;

	if (ac_review_is_what_stands(&n->r))
		return;
	for (size_t i = 0; i < n->changes.n; i++)
		signatures += ac_review_is_signature(&n->changes.v[i]);
	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, n->r.base == NULL ? "What it says" : "What changes");
	ac_page_open(p, "p", "sum");
	if (n->r.base == NULL)
		ac_xw_textf(&p->w,
		    "Nothing of this protocol stands yet, so all of it is new: %zu parts, %zu of them on the "
		    "patient's sheet.",
		    n->changes.n - signatures, n->changes.nvisible);
	else
		ac_xw_text(&p->w, ac_change_sum(p, &n->changes));
	if (signatures > 0 && n->r.base != NULL)
		ac_xw_textf(&p->w, " %zu signature%s differ%s.", signatures, signatures == 1 ? "" : "s",
		    signatures == 1 ? "s" : "");
	ac_page_close(p, "p");
	if (n->changes.n > signatures) {
		ac_page_open(p, "ul", "diff");
		ac_change_rows(p, &n->changes);
		ac_page_close(p, "ul");
	}
	ac_page_close(p, "section");
}

static void
findings(struct ac_review_page *n, bool warnings)
{
	struct ac_page *p = &n->p;

	ac_page_open(p, "ul", "findings");
	for (size_t i = 0; i < n->r.findings.n; i++) {
		const struct ac_finding *f = &n->r.findings.v[i];
		if ((f->level == AC_LINT_WARNING) != warnings)
			continue;
		ac_page_open(p, "li", NULL);
		ac_page_open(p, "span", "place");
		ac_xw_textf(&p->w, "line %u", f->line);
		ac_page_close(p, "span");
		ac_page_open(p, "span", NULL);
		ac_page_elem(p, "strong", NULL, f->line_id);
		ac_xw_textf(&p->w, "%s%.*s ", f->line_id.n > 0 ? ": " : "", AC_FMT(f->message));
		ac_page_elemc(p, "code", NULL, f->rule);
		ac_page_close(p, "span");
		ac_page_close(p, "li");
	}
	ac_page_close(p, "ul");
}

void
ac_review_findings(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	size_t warnings = n->r.findings.n - n->r.open;

	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, "Open decisions");
	if (n->r.open == 0) {
		ac_page_elemc(p, "p", "none", "None. Everything that the clinic must decide is decided.");
	} else {
		ac_page_elem(p, "p", "sum",
		    ac_strf(p->a, "%zu must be settled before this version can be approved.", n->r.open));
		findings(n, false);
	}
	if (warnings > 0) {
		ac_page_open(p, "details", "more");
		ac_page_elem(
		    p, "summary", NULL, ac_strf(p->a, "%zu hint%s", warnings, warnings == 1 ? "" : "s"));
		findings(n, true);
		ac_page_close(p, "details");
	}
	ac_page_close(p, "section");
}

static const char *
act_words(struct ac_str action)
{
	static const char *const words[][2] = { { "import", "wrote it" }, { "submit", "submitted it" },
		{ "approve", "approved it" }, { "return", "returned it" }, { "publish", "published it" },
		{ "break-glass", "published it without approval" }, { "rollback", "rolled back to it" },
		{ "retire", "retired the protocol" }, { "suspend", "suspended it" },
		{ "resume", "put it back in use" }, { "sign", "signed lines" },
		{ "supersede", "replaced it by signing" },
		{ "unschedule", "called it off before its date" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ac_streq_c(action, words[i][0]))
			return words[i][1];
	return NULL;
}

static void
act(struct ac_review_page *n, const struct ac_life_act *x)
{
	struct ac_page *p = &n->p;
	const char *words = act_words(x->action);

	ac_page_open(p, "li", NULL);
	ac_page_elem(p, "span", "place", ac_review_when(p, n->z, x->at_ms));
	ac_page_open(p, "span", NULL);
	ac_page_elem(p, "bdi", NULL, ac_review_who(p, &n->persons, x->actor, x->person));
	ac_xw_textf(&p->w, " %.*s", AC_FMT(words != NULL ? ac_str_c(words) : x->action));
	if (x->n != 0)
		ac_xw_textf(&p->w, " · v%lld", (long long)x->n);
	if (x->has_version && !ac_sha256_eq(&x->version, &n->r.row.version)) {
		ac_xw_textc(&p->w, " · ");
		ac_page_link(p, NULL, ac_review_path(p->a, &x->version),
		    ac_strf(p->a, "version %.*s", AC_FMT(ac_hex(p->a, x->version.b, 4))));
	} else if (x->has_version) {
		ac_xw_textc(&p->w, " · this version");
	}
	if (x->reason.n > 0)
		ac_page_elem(p, "q", NULL, x->reason);
	ac_page_close(p, "span");
	ac_page_close(p, "li");
}

void
ac_review_history(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	size_t shown = n->acts.n < ACTS_MAX ? n->acts.n : ACTS_MAX;

	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, "History and comments");
	ac_page_open(p, "ul", "findings");
	for (size_t i = 0; i < shown; i++)
		act(n, &n->acts.v[n->acts.n - 1 - i]);
	ac_page_close(p, "ul");
	if (shown < n->acts.n)
		ac_page_elem(p, "p", "none",
		    ac_strf(p->a, "%zu earlier entries: aftercare protocol history %.*s", n->acts.n - shown,
			AC_FMT(n->r.row.protocol)));
	ac_page_close(p, "section");
}
