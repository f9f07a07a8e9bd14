/*
 * style.c - the look of a sheet on paper: one row an element or class, later rows over earlier ones. The same sizes as in
 * the print rules of plugin/assets/handout-2.css, in parts of the ordinary size.
 */
#include <string.h>

#include "plugin/paper/parts.h"

enum {
	BOLD = 1 << 0,
	LIGHT = 1 << 1,
	ITALIC = 1 << 2,
	QUIET = 1 << 3,
	DARK = 1 << 4,
	BOXED = 1 << 5,
	OWN_LINE = 1 << 6,
	KEEP = 1 << 7,
	HEADS = 1 << 8,
	ROW = 1 << 9,
	SKIP = 1 << 10,
	AT_END = 1 << 11,
	FIT = 1 << 12,
	FULL = 1 << 13,
	FIRST = 1 << 14, /* the row holds for a first child only */
	LEADS = 1 << 15, /* what follows stays in its line */
	ROW_LARGE = 1 << 16,	/* the same in large print: side by side there too, */
	JOINS_LARGE = 1 << 17,	/* in the line of what stands before it, */
	JOINS_CLOSE = 1 << 19,	/* the same where that saves a page, */
	BREAKS_LARGE = 1 << 18, /* on two pages where that saves one */
};

#define LARGE_EMPHASIS .4 /* of what is larger than ordinary text, in large print */
#define LARGE_SPACE 1.1   /* points between parts where ordinary print has 1 */
#define CLOSE_SPACE .6

static const struct row {
	const char *element, *class, *within; /* NULL: any; within: a class of an element around it */
	double size;                          /* of the ordinary size; 0: as around it */
	double before, after, pad, border, rule_top, rule_bottom;
	unsigned flags;
	const char *tag;
} rows[] = {
	{ "h1", NULL, NULL, 1.58, 0, 1, 0, 0, 0, 0, BOLD | HEADS, "H1" },
	{ "h2", NULL, NULL, 1.1, 8, 3, 0, 0, 0, 0, BOLD | HEADS, "H2" },
	{ "h3", NULL, NULL, 1, 6, 2, 0, 0, 0, 0, BOLD | HEADS, "H3" },
	{ "p", NULL, NULL, 0, 0, 2, 0, 0, 0, 0, 0, "P" },
	{ "ul", NULL, NULL, 0, 0, 2, 0, 0, 0, 0, 0, "L" },
	{ "ol", NULL, NULL, 0, 0, 2, 0, 0, 0, 0, 0, "L" },
	{ "li", NULL, NULL, 0, 0, 1.6, 0, 0, 0, 0, KEEP, "LI" },
	{ "table", NULL, NULL, 0, 0, 4, 0, 0, 0, 0, 0, "Table" },
	{ "tr", NULL, NULL, 0, 3, 3, 0, 0, 0, .4, KEEP | ROW, "TR" },
	{ "th", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, BOLD, "TH" },
	{ "td", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, "TD" },
	{ "section", NULL, NULL, 0, 0, 7, 0, 0, 0, 0, 0, "Sect" },
	{ "strong", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, BOLD | DARK, NULL },
	{ "b", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, BOLD, NULL },
	{ "em", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, ITALIC, NULL },
	{ "i", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, ITALIC, NULL },
	{ "header", NULL, NULL, 0, 0, 9, 0, 0, 0, 1.1, ROW, NULL },
	{ "footer", NULL, NULL, .82, 5, 0, 0, 0, .4, 0, QUIET | KEEP, NULL },
	{ "head", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, SKIP, NULL },
	{ "script", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, SKIP, NULL },
	{ "style", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, SKIP, NULL },
	{ "form", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, SKIP, NULL },
	{ NULL, "running", NULL, 0, 0, 0, 0, 0, 0, 0, SKIP, NULL },
	{ NULL, "who", NULL, 0, 3, 4, 0, 0, 0, 0, QUIET | FULL, NULL },
	{ "bdi", NULL, "who", 0, 0, 0, 0, 0, 0, 0, BOLD | DARK | FIRST, NULL },
	{ NULL, "marks", NULL, 0, 0, 0, 0, 0, 0, 0, FIT | ROW_LARGE, NULL },
	{ NULL, "mark", NULL, .88, 0, 3.5, 3, 1.1, 0, 0, BOLD | KEEP, NULL },
	{ NULL, "revoked", NULL, 1.15, 0, 9, 7, 2.2, 0, 0, BOLD | KEEP, NULL },
	{ NULL, "today", NULL, 0, 0, 4, 0, 0, 0, 0, ROW | ROW_LARGE, NULL },
	{ NULL, "treated", NULL, 0, 0, 0, 0, 0, 0, 0, KEEP, NULL },
	{ NULL, "areas", NULL, .87, 2, 2, 0, 0, 0, 0, QUIET, NULL },
	{ NULL, "axis", NULL, .87, 0, 0, 0, 0, 0, -1, QUIET | HEADS, NULL },
	{ NULL, "ban", NULL, 0, 0, 0, 0, 0, 0, 0, OWN_LINE | JOINS_CLOSE, NULL },
	{ NULL, "small", NULL, .88, 0, 0, 0, 0, 0, 0, QUIET | LIGHT, NULL },
	{ NULL, "window", NULL, .88, 0, 0, 0, 0, 0, 0, QUIET | LIGHT | OWN_LINE | JOINS_LARGE, NULL },
	{ NULL, "allowed", NULL, .88, 0, 0, 0, 0, 0, 0, QUIET | LIGHT | OWN_LINE | JOINS_LARGE, NULL },
	{ NULL, "ask", NULL, .88, 0, 0, 0, 0, 0, 0, BOLD | DARK | OWN_LINE, NULL },
	{ NULL, "assumed", NULL, .85, 0, 0, 0, 0, 0, 0, LIGHT | DARK | BOXED, NULL },
	{ NULL, "columns", NULL, 0, 0, 4, 0, 0, 0, 0, ROW, NULL },
	{ NULL, "warnings", NULL, 0, 0, 2, 0, 0, 0, 0, BOLD, NULL },
	{ NULL, "boxes", NULL, 0, 2, 7, 0, 0, 0, 0, ROW | KEEP, NULL },
	{ NULL, "box", NULL, 0, 0, 0, 6, .8, 0, 0, KEEP | BREAKS_LARGE, NULL },
	{ NULL, "emergency", "boxes", 0, 0, 0, 5, 2.2, 0, 0, KEEP, NULL },
	{ NULL, "numbers", NULL, 0, 0, 7, 0, 0, 0, 0, KEEP | BREAKS_LARGE, NULL },
	{ NULL, "note", NULL, .87, 0, 2, 0, 0, 0, 0, QUIET | LIGHT, NULL },
	{ "span", "note", NULL, .87, 0, 0, 0, 0, 0, 0, QUIET | LIGHT | OWN_LINE, NULL },
	{ "td", "number", NULL, 0, 0, 0, 0, 0, 0, 0, BOLD | AT_END, NULL },
	{ "td", "missing", NULL, 0, 0, 0, 0, 0, 0, 0, LIGHT | ITALIC | AT_END, NULL },
	{ "th", NULL, "emergency", 1.12, 0, 0, 0, 0, 0, 0, BOLD, NULL },
	{ "td", "number", "emergency", 1.7, 0, 0, 0, 0, 0, 0, BOLD | AT_END, NULL },
	{ "span", "number", "not-yet", 0, 0, 0, 0, 0, 0, 0, LIGHT | QUIET | LEADS, NULL },
	{ NULL, "change", NULL, .85, 0, 0, 0, 0, 0, 0, BOLD | DARK | BOXED | OWN_LINE | JOINS_LARGE, NULL },
	{ NULL, "guardian", NULL, 0, 0, 4, 0, 0, 0, 0, BOLD | FULL, NULL },
	{ NULL, "changes", NULL, 0, 0, 9, 6, 1.6, 0, 0, 0, NULL },
	{ NULL, "was", NULL, 0, 0, 0, 0, 0, 0, 0, QUIET | LIGHT, NULL },
	{ NULL, "check", NULL, 0, 6, 0, 0, 0, 0, 0, ROW | ROW_LARGE | KEEP, NULL },
	{ "code", NULL, NULL, 0, 0, 0, 0, 0, 0, 0, BOLD | DARK | OWN_LINE, NULL },
	{ NULL, "other-language", NULL, 0, 0, 0, 0, 0, 0, 0, ITALIC, NULL },
};

bool
paper_is(const xmlNode *e, const char *name)
{
	return e != NULL && e->type == XML_ELEMENT_NODE && strcmp((const char *)e->name, name) == 0;
}

const char *
paper_attr(struct ac_arena *a, const xmlNode *e, const char *name)
{
	for (const xmlAttr *x = e->properties; x != NULL; x = x->next)
		if (strcmp((const char *)x->name, name) == 0) {
			const xmlNode *t = x->children;
			return t == NULL || t->content == NULL
				   ? ""
				   : ac_cstr(a, ac_str_c((const char *)t->content));
		}
	return NULL;
}

bool
paper_has_class(const xmlNode *e, const char *class)
{
	size_t n = strlen(class);

	if (e == NULL || e->type != XML_ELEMENT_NODE)
		return false;
	for (const xmlAttr *x = e->properties; x != NULL; x = x->next) {
		if (strcmp((const char *)x->name, "class") != 0 || x->children == NULL ||
		    x->children->content == NULL)
			continue;
		const char *s = (const char *)x->children->content;
		for (const char *hit = s; (hit = strstr(hit, class)) != NULL; hit += n)
			if ((hit == s || hit[-1] == ' ') && (hit[n] == '\0' || hit[n] == ' '))
				return true;
	}
	return false;
}

static bool
is_within(const xmlNode *e, const char *class)
{
	for (e = e->parent; e != NULL && e->type == XML_ELEMENT_NODE; e = e->parent)
		if (paper_has_class(e, class))
			return true;
	return false;
}

static bool
is_first(const xmlNode *e)
{
	for (e = e->prev; e != NULL; e = e->prev)
		if (e->type == XML_ELEMENT_NODE)
			return false;
	return true;
}

static bool
holds(const struct row *r, const xmlNode *e)
{
	return (r->element == NULL || paper_is(e, r->element)) &&
	       (r->class == NULL || paper_has_class(e, r->class)) &&
	       (r->within == NULL || is_within(e, r->within)) && ((r->flags & FIRST) == 0 || is_first(e));
}

/* In large print nothing is smaller than its ordinary size, and headings need not shout. */
static double
size_of(const struct paper_work *w, double size)
{
	if (w->large)
		size = size < 1 ? 1 : 1 + (size - 1) * LARGE_EMPHASIS;
	return size * w->base;
}

static void
apply_look(const struct paper_work *w, struct paper_look *l, const struct row *r)
{
	if (r->size > 0)
		l->size = size_of(w, r->size);
	if ((r->flags & (BOLD | LIGHT)) != 0)
		l->bold = (r->flags & BOLD) != 0;
	if ((r->flags & (QUIET | DARK)) != 0)
		l->quiet = (r->flags & QUIET) != 0;
	l->italic = l->italic || (r->flags & ITALIC) != 0;
	l->boxed = l->boxed || (r->flags & BOXED) != 0;
}

struct paper_style
paper_style_of(const struct paper_work *w, const xmlNode *e, const struct paper_look *parent)
{
	struct paper_style s = { .look = *parent };
	double part = !w->large ? w->base / 10 : w->packed == PAPER_CLOSE ? CLOSE_SPACE : LARGE_SPACE;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];

		if (!holds(r, e))
			continue;
		apply_look(w, &s.look, r);
		s.before = r->before > 0 ? r->before * part : s.before;
		s.after = r->after > 0 ? r->after * part : s.after;
		s.pad = r->pad > 0 ? r->pad * part : s.pad;
		s.border = r->border > 0 ? r->border : s.border;
		s.rule_top = r->rule_top > 0 ? r->rule_top : s.rule_top;
		s.rule_bottom = r->rule_bottom != 0 ? r->rule_bottom : s.rule_bottom;
		s.joins |= w->large && (r->flags & (w->packed == PAPER_CLOSE ? JOINS_LARGE | JOINS_CLOSE : JOINS_LARGE)) != 0;
		s.own_line |= (r->flags & OWN_LINE) != 0 && !s.joins;
		s.keep |= (r->flags & KEEP) != 0;
		s.keep = s.keep && !(w->packed >= PAPER_BROKEN && (r->flags & BREAKS_LARGE) != 0);
		s.heads |= (r->flags & HEADS) != 0;
		s.row |= (r->flags & (w->large ? ROW_LARGE : ROW)) != 0;
		s.skip |= (r->flags & SKIP) != 0;
		s.at_end |= (r->flags & AT_END) != 0;
		s.fit |= (r->flags & FIT) != 0;
		s.leads |= (r->flags & LEADS) != 0;
		s.full |= (r->flags & FULL) != 0;
		s.tag = r->tag != NULL ? r->tag : s.tag;
	}
	if (s.rule_bottom < 0)
		s.rule_bottom = 0;
	return s;
}
