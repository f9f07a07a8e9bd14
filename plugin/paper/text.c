/* text.c - the words of one box: gathered from inline elements, shaped and broken by pango, painted line by line. */
#include <string.h>

#include <pango/pangocairo.h>

#include "base/utf8.h"
#include "plugin/paper/parts.h"

#define LRI "\xe2\x81\xa6"
#define DOT "\xc2\xb7" /* between short lines that share one */
#define EN_SPACE "\xe2\x80\x82"
#define INK_BLACK 0x1414
#define INK_QUIET 0x4242
/* From line to line in large print, in sizes: fonts of other scripts ask for more, which is blank paper; 1.2 is enough to find
 * the next line, and letters with signs above and below need a little more. */
#define LARGE_LINE 1.23
#define LARGE_LINE_RTL 1.32
#define LARGE_OVER .25 /* of a line's height, that letters may reach beyond it */

/* Isolates of the text itself could end ours: its directions come from its letters alone. */
static bool
is_dropped(uint32_t c)
{
	return ac_utf8_is_hidden(c) || (c >= 0x2066 && c <= 0x206F);
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Of a script that is written from right to left, or a sign that may stand in one. */
static bool
may_turn(struct ac_str s)
{
	for (size_t at = 0; at < s.n;)
		if (ac_utf8_next(s, &at) >= 0x590)
			return true;
	return false;
}

static void
add_word_space(struct paper_box *b)
{
	struct ac_buf *t = &b->text;

	if (t->n > 0 && strchr(" \n\t", t->p[t->n - 1]) == NULL)
		ac_buf_addc(t, ' ');
}

/* A blank before the break keeps words apart for who hears them; where lines end at the right it would be seen. */
static void
break_line(const struct paper_work *w, struct paper_box *b)
{
	struct ac_buf *t = &b->text;

	b->broke = false;
	if (t->n > 0 && t->p[t->n - 1] == ' ')
		t->n--;
	if (t->n == 0 || t->p[t->n - 1] == '\n' || t->p[t->n - 1] == '\t')
		return;
	ac_buf_addz(t, w->rtl || b->at_end ? "\n" : " \n");
	if (b->hang > 0)
		ac_buf_addc(t, '\t');
}

/* What grows faster than the text costs: breaking a line looks at all that is left, at each change of look. */
static bool
is_too_long(struct paper_work *w, const struct paper_box *b)
{
	if (b->text.n <= AC_PAPER_TEXT_MAX && b->runs.n <= AC_PAPER_RUNS_MAX)
		return false;
	if (w->err.code == AC_OK)
		(void)ac_fail(&w->err, AC_ELIMIT, "PAPER-TEXT", "a text of the sheet has more than %d bytes or %d changes of look",
		    AC_PAPER_TEXT_MAX, AC_PAPER_RUNS_MAX);
	return true;
}

/* White space as in HTML; what nobody sees goes. */
static void
add_words(struct paper_work *w, struct paper_box *b, struct ac_str s, const struct paper_look *look,
    const char *lang)
{
	bool spaced = false;
	size_t from = b->text.n;

	for (size_t at = 0, was = 0; at < s.n; was = at) {
		uint32_t c = ac_utf8_next(s, &at);

		if (is_space(c)) {
			spaced = true;
			continue;
		}
		if (is_dropped(c))
			continue;
		if (b->broke) {
			break_line(w, b);
			from = b->text.n;
		} else if (spaced) {
			add_word_space(b);
		}
		spaced = false;
		ac_buf_add(&b->text, (struct ac_str){ s.p + was, at - was });
	}
	if (spaced && !b->broke)
		add_word_space(b);
	if (b->text.n > from) {
		struct paper_run run = { from, b->text.n, *look, lang };
		AC_PUSH(w->a, &b->runs, run);
	}
}

static void
add_element(struct paper_work *w, struct paper_box *b, const xmlNode *e, const struct paper_look *look,
    const char *lang, int depth)
{
	struct paper_style s = paper_style_of(w, e, look);
	const char *own = paper_attr(w->a, e, "lang");
	xmlChar *inner = xmlNodeGetContent(e);
	struct ac_str all = ac_str_c((const char *)inner);
	bool number = paper_has_class(e, "number") && w->rtl,
	     code = paper_is(e, "code") && w->rtl,
	     isolate = number || code || (paper_is(e, "bdi") && (w->rtl || may_turn(all)));

	xmlFree(inner);
	if (s.skip)
		return;
	if (s.joins && b->text.n > 0 && !b->led) {
		b->broke = false;
		ac_buf_addz(&b->text, paper_has_class(e, "ban") ? " " DOT : "");
		add_word_space(b);
	}
	if (paper_is(e, "br") || (s.own_line && !b->led))
		b->broke = true;
	b->led = false;
	if (s.look.boxed && !look->boxed && b->text.n > 0 && b->text.p[b->text.n - 1] == ' ') {
		b->text.n--; /* room for its frame */
		ac_buf_addz(&b->text, EN_SPACE);
		if (b->runs.n > 0) /* no run ends inside a character */
			b->runs.v[b->runs.n - 1].to = b->text.n;
	}
	if (isolate) {
		if (b->broke)
			break_line(w, b);
		ac_buf_addz(&b->text, number || code ? LRI : PAPER_FSI);
	}
	paper_text_add(w, b, e, &s.look, own != NULL ? own : lang, depth + 1);
	if (isolate)
		ac_buf_addz(&b->text, PAPER_PDI);
	if (s.leads) {
		ac_buf_addc(&b->text, '\t');
		b->hang = 1.45 * look->size;
	}
	b->led = s.leads;
	if (s.own_line)
		b->broke = true;
}

void
paper_text_add(struct paper_work *w, struct paper_box *b, const xmlNode *e, const struct paper_look *look,
    const char *lang, int depth)
{
	if (depth > AC_PAPER_DEPTH_MAX) {
		if (w->err.code == AC_OK)
			(void)ac_fail(&w->err, AC_ELIMIT, "PAPER-DEPTH", "the sheet's elements are nested too deep");
		return;
	}
	for (const xmlNode *n = e->children; n != NULL && w->err.code == AC_OK && !is_too_long(w, b); n = n->next) {
		if (n->type == XML_TEXT_NODE && n->content != NULL)
			add_words(w, b, ac_str_c((const char *)n->content), look, lang);
		else if (n->type == XML_ELEMENT_NODE)
			add_element(w, b, n, look, lang, depth);
	}
	(void)is_too_long(w, b);
}

static void
put(PangoAttrList *l, PangoAttribute *x, const struct paper_run *r)
{
	x->start_index = (guint)r->from;
	x->end_index = (guint)r->to;
	pango_attr_list_insert(l, x);
}

static PangoAttrList *
attributes(const struct paper_work *w, const struct paper_box *b)
{
	PangoAttrList *l = pango_attr_list_new();

	for (size_t i = 0; i < b->runs.n; i++) {
		const struct paper_run *r = &b->runs.v[i];
		guint16 ink = r->look.quiet ? INK_QUIET : INK_BLACK;

		put(l, pango_attr_size_new_absolute((int)(r->look.size * PANGO_SCALE)), r);
		put(l, pango_attr_weight_new(r->look.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL), r);
		/* "ff" as two letters: what is read aloud and searched for is text, not ligatures */
		put(l, pango_attr_font_features_new("liga=0, clig=0"), r);
		if (w->large)
			put(l, pango_attr_line_height_new_absolute((int)((w->rtl ? LARGE_LINE_RTL : LARGE_LINE) * r->look.size * PANGO_SCALE)), r);
		if (r->look.italic)
			put(l, pango_attr_style_new(PANGO_STYLE_ITALIC), r);
		put(l, pango_attr_foreground_new(ink, ink, ink), r);
		put(l, pango_attr_language_new(pango_language_from_string(r->lang != NULL ? r->lang : w->lang)), r);
	}
	return l;
}

static PangoLayout *
layout_of(struct paper_work *w, struct paper_box *b, double width)
{
	if (b->layout == NULL) {
		PangoLayout *l = pango_layout_new(w->context);
		PangoFontDescription *d = pango_font_description_new();
		PangoAttrList *attrs = attributes(w, b);

		AC_PUSH(w->a, &w->layouts, l);
		pango_font_description_set_family_static(d, PAPER_FAMILY);
		pango_font_description_set_absolute_size(d, b->look.size * PANGO_SCALE);
		pango_layout_set_font_description(l, d);
		pango_font_description_free(d);
		pango_layout_set_text(l, b->text.p, (int)b->text.n);
		pango_layout_set_attributes(l, attrs);
		pango_attr_list_unref(attrs);
		pango_layout_set_auto_dir(l, FALSE); /* the sheet's direction, as in HTML */
		pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
		pango_layout_set_alignment(l, b->at_end != w->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
		if (b->hang > 0) {
			PangoTabArray *tabs = pango_tab_array_new(1, FALSE);

			pango_tab_array_set_tab(tabs, 0, PANGO_TAB_LEFT, (int)(b->hang * PANGO_SCALE));
			pango_layout_set_tabs(l, tabs);
			pango_tab_array_free(tabs);
			pango_layout_set_indent(l, -(int)(b->hang * PANGO_SCALE));
		}
		b->layout = l;
		b->layout_width = -1;
	}
	if (b->layout_width != width) {
		pango_layout_set_width(b->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
		b->layout_width = width;
	}
	return b->layout;
}

double
paper_text_natural(struct paper_work *w, struct paper_box *b)
{
	int width = 0;

	pango_layout_get_size(layout_of(w, b, -1), &width, NULL);
	return (double)width / PANGO_SCALE + .5;
}

/* Of the lines that are left, at most `max` of them. */
static double
lines_height(struct paper_work *w, struct paper_box *b, double width, size_t max)
{
	PangoLayoutIter *it = pango_layout_get_iter(layout_of(w, b, width));
	int from = 0, y0 = 0, y1 = 0;
	size_t i = 0;

	do {
		pango_layout_iter_get_line_yrange(it, &y0, &y1);
		if (i == b->next)
			from = y0;
		i++;
	} while ((i <= b->next || i - b->next < max) && pango_layout_iter_next_line(it));
	pango_layout_iter_free(it);
	return i <= b->next ? 0 : (double)(y1 - from) / PANGO_SCALE;
}

double
paper_text_height(struct paper_work *w, struct paper_box *b, double width)
{
	return lines_height(w, b, width, SIZE_MAX);
}

/* What must fit on a page before it is begun there: two lines. */
double
paper_text_least(struct paper_work *w, struct paper_box *b, double width)
{
	return lines_height(w, b, width, 2);
}

/* A letter that no font has cannot be read in a box with a number; a picture sign can be done without. */
static size_t
missing_letters(const struct paper_work *w, PangoLayoutLine *line)
{
	size_t n = 0;

	for (GSList *i = line->runs; i != NULL; i = i->next) {
		const PangoGlyphString *g = ((PangoGlyphItem *)i->data)->glyphs;

		for (int k = 0; k < g->num_glyphs; k++) {
			PangoGlyph glyph = g->glyphs[k].glyph;
			gunichar c = glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;

			if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0 &&
			    (w->o->strict || g_unichar_isalnum(c) || g_unichar_ismark(c)))
				n++;
		}
	}
	return n;
}

static void
frame_runs(struct paper_work *w, const struct paper_box *b, PangoLayoutLine *line, double x, double top, double height)
{
	static const double dashes[] = { 1.5, 1.2 };
	int from = line->start_index, to = line->start_index + line->length;

	for (size_t i = 0; i < b->runs.n; i++) {
		const struct paper_run *r = &b->runs.v[i];
		int first = (int)r->from > from ? (int)r->from : from, last = (int)r->to < to ? (int)r->to : to, n = 0;
		int *ranges = NULL;

		if (!r->look.boxed || first >= last)
			continue;
		pango_layout_line_get_x_ranges(line, first, last, &ranges, &n);
		cairo_save(w->cr);
		cairo_set_line_width(w->cr, r->look.bold ? 1.1 : .6); /* what changed; what is assumed */
		if (!r->look.bold)
			cairo_set_dash(w->cr, dashes, 2, 0);
		for (int k = 0; k < n; k++)
			cairo_rectangle(w->cr, x + (double)ranges[2 * k] / PANGO_SCALE - 1.2, top + height * .12,
			    (double)(ranges[2 * k + 1] - ranges[2 * k]) / PANGO_SCALE + 2.4, height * .8);
		cairo_stroke(w->cr);
		cairo_restore(w->cr);
		g_free(ranges);
	}
}

static const struct paper_run *
run_at(const struct paper_box *b, int at)
{
	for (size_t i = 0; i < b->runs.n; i++)
		if ((int)b->runs.v[i].to > at)
			return &b->runs.v[i];
	return &b->runs.v[b->runs.n - 1];
}

/* Part by part, each inside a tag that says its language. */
static void
show_mixed(struct paper_work *w, const struct paper_box *b, PangoLayoutLine *line, double x, double y)
{
	for (GSList *i = line->runs; i != NULL; i = i->next) {
		PangoGlyphItem *item = i->data;
		const struct paper_run *r = run_at(b, item->item->offset);
		struct paper_box span = { .tag = "Span", .lang = r->lang };
		double grey = r->look.quiet ? INK_QUIET / 65535. : INK_BLACK / 65535.;

		paper_tag_open(w, &span);
		cairo_set_source_rgb(w->cr, grey, grey, grey);
		cairo_move_to(w->cr, x, y);
		pango_cairo_show_glyph_item(w->cr, b->text.p, item);
		paper_tag_close(w, &span);
		x += (double)pango_glyph_string_get_width(item->glyphs) / PANGO_SCALE;
	}
}

/* Clipped to its line: towers of marks stay out of the lines around them. */
static void
paint_line(struct paper_work *w, const struct paper_box *b, PangoLayoutIter *it, const struct paper_at *at, double y)
{
	PangoLayoutLine *line = pango_layout_iter_get_line_readonly(it);
	PangoRectangle logical;
	int y0, y1;

	pango_layout_iter_get_line_extents(it, NULL, &logical);
	pango_layout_iter_get_line_yrange(it, &y0, &y1);
	double top = y + (double)y0 / PANGO_SCALE, height = (double)(y1 - y0) / PANGO_SCALE,
	       over = w->large ? LARGE_OVER * height : 0;
	w->missing += missing_letters(w, line);
	cairo_save(w->cr);
	cairo_rectangle(w->cr, at->x - 4, top - 1 - over, at->width + 8, height + 2 + 2 * over);
	cairo_clip(w->cr);
	frame_runs(w, b, line, at->x, top, height);
	double x = at->x + (double)logical.x / PANGO_SCALE,
	       base = y + (double)pango_layout_iter_get_baseline(it) / PANGO_SCALE;
	cairo_move_to(w->cr, x, base);
	if (b->is_mixed)
		show_mixed(w, b, line, x, base);
	else
		pango_cairo_show_layout_line(w->cr, line);
	cairo_restore(w->cr);
}

double
paper_text_fill(struct paper_work *w, struct paper_box *b, struct paper_at at)
{
	PangoLayoutIter *it = pango_layout_get_iter(layout_of(w, b, at.width));
	size_t i = 0, first = b->next;
	double from = 0, used = 0;
	bool more = true;

	for (; more; more = pango_layout_iter_next_line(it), i++) {
		int y0, y1;

		if (i < first)
			continue;
		pango_layout_iter_get_line_yrange(it, &y0, &y1);
		if (i == first)
			from = (double)y0 / PANGO_SCALE;
		double need = (double)y1 / PANGO_SCALE - from;
		if (need > at.room && !(w->force && i == first))
			break;
		if (w->paint)
			paint_line(w, b, it, &at, at.y - from);
		used = need;
	}
	pango_layout_iter_free(it);
	b->next = i;
	b->done = !more;
	return used;
}
