/* build.c - from the sheet's elements to boxes. */
#include <stdlib.h>
#include <string.h>

#include "plugin/paper/parts.h"

#define PICTURE_WIDTH 74 /* points, of a picture that does not say more */
#define TREATED_WIDTH 82
#define TREATED_PART .25 /* of the width, at most, where its words are large */
#define LARGE_BAR 9      /* points, the height of a time line's bar in large print */
#define NUMBER_PART .3   /* of the width, a telephone number in large print */
#define CODE_WIDTH 48 /* 17 mm, with its quiet zone */

static const char *const blocks[] = { "article", "aside", "body", "dd", "div", "dl", "dt", "figcaption", "figure",
	"footer", "h1", "h2", "h3", "h4", "header", "hr", "li", "main", "ol", "p", "section", "svg", "table",
	"tbody", "td", "tfoot", "th", "thead", "tr", "ul" };

static bool
is_block(const xmlNode *e)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (paper_is(e, blocks[i]))
			return true;
	return false;
}

static bool
has_block(const xmlNode *e, int depth)
{
	for (const xmlNode *n = e->children; n != NULL; n = n->next)
		if (is_block(n) || (n->type == XML_ELEMENT_NODE && depth > 0 && has_block(n, depth - 1)))
			return true;
	return false;
}

static struct paper_box *
new_box(struct paper_work *w, enum paper_kind kind, const struct paper_style *s)
{
	struct paper_box *b = ac_new(w->a, struct paper_box, 1);

	if (++w->nboxes > AC_PAPER_NODES_MAX && w->err.code == AC_OK)
		(void)ac_fail(&w->err, AC_ELIMIT, "PAPER-NODES", "the sheet has more than %d parts", AC_PAPER_NODES_MAX);
	b->kind = kind;
	b->share = 1;
	b->look = s->look;
	b->tag = s->tag;
	b->before = s->before;
	b->after = s->after;
	b->pad = s->pad;
	b->border = s->border;
	b->rule_top = s->rule_top;
	b->rule_bottom = s->rule_bottom;
	b->keep = s->keep;
	b->heads = s->heads;
	b->at_end = s->at_end;
	if (kind == PAPER_TEXT)
		ac_buf_init(&b->text, w->a, 64, 0);
	return b;
}

static bool
is_same_language(const char *x, const char *y)
{
	return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

/* One language is the box's own; of several, each run says which. */
static void
set_language(struct paper_box *b)
{
	for (size_t i = 1; i < b->runs.n; i++)
		b->is_mixed |= !is_same_language(b->runs.v[i].lang, b->runs.v[0].lang);
	b->lang = b->is_mixed || b->runs.n == 0 ? NULL : b->runs.v[0].lang;
}

static struct paper_box *
finish_text(struct paper_box *b)
{
	while (b->text.n > 0 && strchr(" \n\t", b->text.p[b->text.n - 1]) != NULL)
		b->text.n--;
	for (size_t i = 0; i < b->runs.n; i++)
		if (b->runs.v[i].to > b->text.n)
			b->runs.v[i].to = b->text.n;
	set_language(b);
	return b->text.n > 0 ? b : NULL;
}

static struct paper_box *
text_box(struct paper_work *w, const xmlNode *e, const struct paper_style *s, int depth)
{
	struct paper_box *b = new_box(w, PAPER_TEXT, s);
	bool isolate = w->rtl && paper_has_class(e, "number"); /* a telephone number's groups do not change places */

	if (isolate)
		ac_buf_addz(&b->text, PAPER_FSI);
	size_t begun = b->text.n;
	paper_text_add(w, b, e, &s->look, paper_attr(w->a, e, "lang"), depth);
	if (b->text.n == begun)
		return NULL;
	if (isolate)
		ac_buf_addz(&b->text, PAPER_PDI);
	return finish_text(b);
}

/* Inline content between blocks. */
static struct paper_box *
stray_text(struct paper_work *w, const xmlNode **n, const struct paper_style *s, int depth)
{
	struct paper_style plain = { .look = s->look, .tag = "P" };
	struct paper_box *b = new_box(w, PAPER_TEXT, &plain);
	xmlNode around = { .type = XML_ELEMENT_NODE, .name = BAD_CAST "span" };

	for (; *n != NULL && !is_block(*n) && !((*n)->type == XML_ELEMENT_NODE && has_block(*n, 8)); *n = (*n)->next) {
		xmlNode one = **n; /* shown alone to what adds a parent's children */

		one.next = NULL;
		around.children = &one;
		paper_text_add(w, b, &around, &s->look, NULL, depth);
	}
	return finish_text(b);
}

static struct paper_box *
picture(struct paper_work *w, const xmlNode *e, const struct paper_style *s)
{
	struct paper_box *b = new_box(w, PAPER_PICTURE, s);
	const char *view = paper_attr(w->a, e, "viewBox"), *hidden = paper_attr(w->a, e, "aria-hidden");
	bool timeline = paper_has_class(e, "tl-row") || paper_has_class(e, "tl-days") || paper_has_class(e, "tl");
	double v[4] = { 0 };
	char *end;

	for (int i = 0; i < 4 && view != NULL; i++, view = end)
		v[i] = strtod(view, &end);
	if (!(v[2] >= 1 && v[2] <= 10000 && v[3] >= 1 && v[3] <= 10000)) /* nothing to draw in */
		return NULL;
	b->svg = e;
	b->view_width = v[2];
	b->view_height = v[3];
	b->width_max = timeline ? w->width : paper_has_class(e, "qr") ? CODE_WIDTH : PICTURE_WIDTH * v[2] / (v[2] > 130 ? 130 : v[2]);
	b->height = w->large && paper_has_class(e, "tl-row") ? LARGE_BAR : 0; /* as wide as its days need, no higher */
	if (hidden == NULL || strcmp(hidden, "true") != 0) {
		b->tag = "Figure";
		b->alt = paper_attr(w->a, e, "aria-label");
		for (const xmlNode *n = e->children; n != NULL; n = n->next)
			if (paper_is(n, "title") && n->children != NULL && n->children->content != NULL)
				b->alt = (const char *)n->children->content;
	}
	return b;
}

static double
natural_width(struct paper_work *w, struct paper_box *b)
{
	double most = 0, inset = 2 * (b->pad + b->border);

	if (b->kind == PAPER_TEXT)
		return paper_text_natural(w, b) + inset;
	for (size_t i = 0; i < b->kids.n; i++) {
		double one = natural_width(w, b->kids.v[i]);
		most = one > most ? one : most;
	}
	return most + inset;
}

/* How wide a child of a row is: the columns of the two tables, the picture beside the first of them. */
static void
set_width(struct paper_work *w, const xmlNode *kid, struct paper_box *b, size_t at, bool fit)
{
	static const double not_yet[] = { .47, .53 }, numbers[] = { .44, .30, .26 };
	const xmlNode *around = kid->parent;

	if (fit) {
		double most = .45 * w->width, natural = natural_width(w, b);
		b->fixed = natural < most ? natural : most;
	}
	if (b->kind == PAPER_PICTURE && !paper_is(around, "td"))
		b->fixed = b->width_max;
	if (paper_has_class(kid, "treated")) {
		double words = w->large ? natural_width(w, b) : 0;
		b->fixed = words > TREATED_WIDTH ? words : TREATED_WIDTH;
		b->fixed = b->fixed > TREATED_WIDTH && words > TREATED_PART * w->width ? TREATED_PART * w->width : b->fixed;
	}
	while (around != NULL && around->type == XML_ELEMENT_NODE && !paper_is(around, "section"))
		around = around->parent;
	if (paper_has_class(around, "not-yet") && at < 2)
		b->share = not_yet[at];
	if (paper_has_class(around, "numbers") && at < 3)
		b->share = numbers[at];
}

static void
add_kids(struct paper_work *w, const xmlNode *e, struct paper_box *row, struct paper_box *under,
    const struct paper_style *s, int depth)
{
	for (const xmlNode *n = e->children; n != NULL && w->err.code == AC_OK;) {
		struct paper_box *b = NULL;

		if (is_block(n) || (n->type == XML_ELEMENT_NODE && has_block(n, 8))) {
			struct paper_style own = paper_style_of(w, n, &s->look);

			b = paper_build(w, n, &s->look, depth + 1);
			if (b != NULL && own.full && under != row) {
				AC_PUSH(w->a, &under->kids, b);
				n = n->next;
				continue;
			}
			if (b != NULL && row->kind == PAPER_ROW)
				set_width(w, n, b, row->kids.n, own.fit);
			n = n->next;
		} else if (n->type == XML_COMMENT_NODE || n->type == XML_PI_NODE) {
			n = n->next;
		} else {
			b = stray_text(w, &n, s, depth);
		}
		if (b != NULL)
			AC_PUSH(w->a, &row->kids, b);
	}
}

static struct paper_box *
list_item(struct paper_work *w, const xmlNode *e, struct paper_style *s, int depth)
{
	struct paper_style inner = { .look = s->look, .tag = "LBody" };
	struct paper_box *b = new_box(w, PAPER_BLOCK, s), *body;

	if (has_block(e, 8)) {
		body = new_box(w, PAPER_BLOCK, &inner);
		add_kids(w, e, body, body, &inner, depth);
		body = body->kids.n > 0 ? body : NULL;
	} else {
		body = text_box(w, e, &inner, depth);
	}
	if (body == NULL)
		return NULL;
	b->bullet = true;
	b->indent = 1.05 * s->look.size;
	AC_PUSH(w->a, &b->kids, body);
	return b;
}

static bool
is_inside(const xmlNode *e, const char *class)
{
	for (e = e->parent; e != NULL && e->type == XML_ELEMENT_NODE; e = e->parent)
		if (paper_has_class(e, class))
			return true;
	return false;
}

/* In large print: when and who one below the other, the number beside both. */
static struct paper_box *
number_row(struct paper_work *w, const xmlNode *e, struct paper_box *row, const struct paper_style *s, int depth)
{
	struct paper_style plain = { .look = s->look };
	struct paper_box *words = new_box(w, PAPER_BLOCK, &plain);

	row->kind = PAPER_ROW;
	row->gap = 12;
	words->share = 1 - NUMBER_PART;
	AC_PUSH(w->a, &row->kids, words);
	for (const xmlNode *n = e->children; n != NULL && w->err.code == AC_OK; n = n->next) {
		bool is_number = paper_has_class(n, "number");
		struct paper_box *b = n->type == XML_ELEMENT_NODE ? paper_build(w, n, &s->look, depth + 1) : NULL;

		if (b == NULL)
			continue;
		b->share = is_number ? NUMBER_PART : 1;
		AC_PUSH(w->a, is_number ? &row->kids : &words->kids, b);
	}
	return row;
}

static struct paper_box *
container(struct paper_work *w, const xmlNode *e, struct paper_style *s, int depth)
{
	bool in_row = s->row;
	struct paper_box *b = new_box(w, in_row ? PAPER_ROW : PAPER_BLOCK, s);

	if (w->large && paper_is(e, "tr") && is_inside(e, "numbers"))
		return number_row(w, e, b, s, depth);

	b->gap = paper_is(e, "tr") ? 9 : paper_has_class(e, "boxes") || paper_has_class(e, "check") ? 8 : 18;
	if (in_row && paper_is(e, "header")) { /* title and marks side by side, the rest below */
		struct paper_style plain = { .look = s->look };
		struct paper_box *row = new_box(w, PAPER_ROW, &plain);

		b->kind = PAPER_BLOCK;
		row->gap = 12;
		AC_PUSH(w->a, &b->kids, row);
		add_kids(w, e, row, b, s, depth);
		return b;
	}
	add_kids(w, e, b, b, s, depth);
	return b;
}

struct paper_box *
paper_build(struct paper_work *w, const xmlNode *e, const struct paper_look *parent, int depth)
{
	struct paper_style s = paper_style_of(w, e, parent);
	bool cell = paper_is(e, "td") || paper_is(e, "th");
	struct paper_box *b;

	if (depth > AC_PAPER_DEPTH_MAX && w->err.code == AC_OK)
		(void)ac_fail(&w->err, AC_ELIMIT, "PAPER-DEPTH", "the sheet's elements are nested too deep");
	if (s.skip || w->err.code != AC_OK)
		return NULL;
	if (paper_is(e, "svg"))
		return picture(w, e, &s);
	if (paper_is(e, "li"))
		return list_item(w, e, &s, depth);
	if (has_block(e, 8)) {
		b = container(w, e, &s, depth);
		if (b->kids.n == 0 && !cell)
			return NULL;
	} else {
		b = text_box(w, e, &s, depth);
		if (b == NULL && cell)
			b = new_box(w, PAPER_BLOCK, &s); /* an empty cell keeps its column */
	}
	if (b != NULL) {
		const char *lang = paper_attr(w->a, e, "lang");

		b->is_silent = cell && b->kids.n == 1 && b->kids.v[0]->kind == PAPER_PICTURE && b->kids.v[0]->tag == NULL;
		b->is_row_head = paper_is(e, "th");
		if (lang != NULL && b->lang == NULL)
			b->lang = lang;
	}
	return b;
}
