/*
 * picture.c - the sheet's pictures: the SVG that core draws (timeline, body, code for checking), with the lines and hatching
 * that the stylesheet gives its classes. Numbers come from the SVG: there is one drawing, not two.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pango/pangocairo.h>

#include "base/utf8.h"
#include "plugin/paper/parts.h"

#define NONE (-1.)
#define DEPTH_MAX 8
#define TEXT_BYTES_MAX 400

struct ink {
	const char *class;
	double fill, stroke, width; /* grey values; NONE: not */
	double hatch, hatch_width;
	double text;
	bool bold;
};
static const struct ink inks[] = {
	{ "tl-day", NONE, .7, 1, 0, 0, 0, false },
	{ "tl-bar", .08, NONE, 0, 0, 0, 0, false },
	{ "tl-care", NONE, .08, 1.5, 0, 0, 0, false },
	{ "tl-assumed", NONE, .08, 1, 4, 1.8, 0, false },
	{ "tl-name", .25, NONE, 0, 0, 0, 11.5, false },
	{ "tl-label", .08, NONE, 0, 0, 0, 13, true },
	{ "tl-when", .25, NONE, 0, 0, 0, 13, false },
	{ "bm-outline", NONE, .08, 1.7, 0, 0, 0, false },
	{ "bm-area", NONE, NONE, 0, 4.6, 1.5, 0, false },
};
static const struct ink plain = { "", 0, NONE, 1, 0, 0, 11.5, false };

static struct ink
ink_of(struct ac_arena *a, const xmlNode *e)
{
	const char *fill = paper_attr(a, e, "fill");
	struct ink k = plain;

	for (size_t i = 0; i < sizeof(inks) / sizeof(inks[0]); i++)
		if (paper_has_class(e, inks[i].class))
			return inks[i];
	if (fill != NULL && strcmp(fill, "none") == 0) {
		k.fill = NONE;
		k.stroke = .08;
	} else if (fill != NULL && strcmp(fill, "#fff") == 0) {
		k.fill = 1;
	}
	return k;
}

static double
value(struct ac_arena *a, const xmlNode *e, const char *name)
{
	const char *s = paper_attr(a, e, name);
	double v = s == NULL ? 0 : strtod(s, NULL);

	return v > -1e6 && v < 1e6 ? v : 0;
}

static void
hatch(cairo_t *cr, const struct ink *k)
{
	double x1, y1, x2, y2;

	cairo_save(cr);
	cairo_clip(cr);
	cairo_clip_extents(cr, &x1, &y1, &x2, &y2);
	if (x2 - x1 + y2 - y1 < 2000) /* user units: a picture's, not a page's */
		for (double d = 0; d <= x2 - x1 + y2 - y1; d += k->hatch * 1.41421356) {
			cairo_move_to(cr, x1 + d, y1);
			cairo_line_to(cr, x1 + d - (y2 - y1), y2);
		}
	cairo_set_source_rgb(cr, .08, .08, .08);
	cairo_set_line_width(cr, k->hatch_width);
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void
ink_path(cairo_t *cr, const struct ink *k)
{
	if (k->hatch > 0) {
		cairo_path_t *kept = cairo_copy_path(cr);
		hatch(cr, k);
		cairo_append_path(cr, kept);
		cairo_path_destroy(kept);
	}
	if (k->fill >= 0) {
		cairo_set_source_rgb(cr, k->fill, k->fill, k->fill);
		cairo_fill_preserve(cr);
	}
	if (k->stroke >= 0) {
		cairo_set_source_rgb(cr, k->stroke, k->stroke, k->stroke);
		cairo_set_line_width(cr, k->width);
		cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
		cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
		cairo_stroke(cr);
	}
	cairo_new_path(cr);
}

static void
words(struct paper_work *w, const xmlNode *e, const struct ink *k)
{
	const char *anchor = paper_attr(w->a, e, "text-anchor");
	xmlChar *inner = xmlNodeGetContent(e);
	struct ac_str s = ac_utf8_head(ac_str_c((const char *)inner), TEXT_BYTES_MAX);
	PangoFontDescription *d = pango_font_description_new();
	PangoLayout *l = pango_layout_new(w->context);
	int width;

	pango_font_description_set_family_static(d, PAPER_FAMILY);
	pango_font_description_set_absolute_size(d, k->text * PANGO_SCALE);
	pango_font_description_set_weight(d, k->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(l, d);
	pango_layout_set_single_paragraph_mode(l, TRUE);
	pango_layout_set_text(l, s.p, (int)s.n);
	pango_layout_get_size(l, &width, NULL);
	double x = value(w->a, e, "x"), shift = (double)width / PANGO_SCALE;
	if (anchor != NULL && strcmp(anchor, "end") == 0)
		x -= shift;
	else if (anchor != NULL && strcmp(anchor, "middle") == 0)
		x -= shift / 2;
	cairo_set_source_rgb(w->cr, k->fill, k->fill, k->fill);
	cairo_move_to(w->cr, x, value(w->a, e, "y") - (double)pango_layout_get_baseline(l) / PANGO_SCALE);
	pango_cairo_show_layout(w->cr, l);
	cairo_new_path(w->cr);
	g_object_unref(l);
	pango_font_description_free(d);
	xmlFree(inner);
}

static void
move(struct paper_work *w, const xmlNode *e)
{
	const char *t = paper_attr(w->a, e, "transform");
	double x = 0, y = 0;

	if (t != NULL && sscanf(t, "translate(%lf %lf)", &x, &y) >= 1 && x > -1e6 && x < 1e6 && y > -1e6 && y < 1e6)
		cairo_translate(w->cr, x, y);
}

static void
draw(struct paper_work *w, const xmlNode *parent, int depth)
{
	for (const xmlNode *e = parent->children; e != NULL && depth < DEPTH_MAX; e = e->next) {
		if (e->type != XML_ELEMENT_NODE)
			continue;
		struct ink k = ink_of(w->a, e);
		const char *d = paper_attr(w->a, e, "d");

		if (paper_is(e, "g")) {
			cairo_save(w->cr);
			move(w, e);
			draw(w, e, depth + 1);
			cairo_restore(w->cr);
		} else if (paper_is(e, "path") && d != NULL) {
			cairo_new_path(w->cr);
			(void)paper_path(w->cr, d);
			ink_path(w->cr, &k);
		} else if (paper_is(e, "line")) {
			cairo_new_path(w->cr);
			cairo_move_to(w->cr, value(w->a, e, "x1"), value(w->a, e, "y1"));
			cairo_line_to(w->cr, value(w->a, e, "x2"), value(w->a, e, "y2"));
			k.fill = NONE;
			ink_path(w->cr, &k);
		} else if (paper_is(e, "rect")) {
			cairo_rectangle(w->cr, value(w->a, e, "x"), value(w->a, e, "y"), value(w->a, e, "width"),
			    value(w->a, e, "height"));
			ink_path(w->cr, &k);
		} else if (paper_is(e, "circle")) {
			cairo_new_path(w->cr);
			cairo_arc(w->cr, value(w->a, e, "cx"), value(w->a, e, "cy"), value(w->a, e, "r"), 0, 6.2831853);
			ink_path(w->cr, &k);
		} else if (paper_is(e, "text")) {
			words(w, e, &k);
		}
	}
}

void
paper_picture(struct paper_work *w, const struct paper_box *b, double x, double y, double width, double height)
{
	double scale = width / b->view_width;

	cairo_save(w->cr);
	cairo_translate(w->cr, x, y);
	cairo_scale(w->cr, scale, b->height > 0 ? height / b->view_height : scale);
	draw(w, b->svg, 0);
	cairo_restore(w->cr);
}
