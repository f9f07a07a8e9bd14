/*
 * flow.c - how high boxes are, and what of them a page takes.
 *
 * Shape   a box is begun on a page only where its first part fits (paper_least), so nothing that was opened stays empty.
 */
#include "plugin/paper/parts.h"

#define RULE_GAP 2.5

static double
inset_top(const struct paper_box *b)
{
	return b->pad + b->border + (b->rule_top > 0 ? b->rule_top + RULE_GAP * 2 : 0);
}

static double
inset_bottom(const struct paper_box *b)
{
	return b->pad + b->border + (b->rule_bottom > 0 ? b->rule_bottom + RULE_GAP : 0);
}

static double
inside(const struct paper_box *b, double width)
{
	double w = width - 2 * (b->pad + b->border) - b->indent;

	return w > 10 ? w : 10;
}

static double
gap_between(const struct paper_box *x, const struct paper_box *y)
{
	return x->after > y->before ? x->after : y->before;
}

static double
kid_width(const struct paper_box *row, size_t i, double width)
{
	double left = width - row->gap * (double)(row->kids.n - 1), shares = 0;

	for (size_t k = 0; k < row->kids.n; k++) {
		left -= row->kids.v[k]->fixed;
		shares += row->kids.v[k]->fixed > 0 ? 0 : row->kids.v[k]->share;
	}
	const struct paper_box *b = row->kids.v[i];
	double one = b->fixed > 0 ? b->fixed : shares > 0 ? left * b->share / shares : left;
	return one > 10 ? one : 10;
}

static double
picture_width(const struct paper_box *b, double width)
{
	return b->width_max < width ? b->width_max : width;
}

static double
picture_height(const struct paper_box *b, double width)
{
	return b->height > 0 ? b->height : b->view_height * picture_width(b, width) / b->view_width;
}

/* Of what was not painted yet. */
double
paper_height(struct paper_work *w, struct paper_box *b, double width)
{
	double in = inside(b, width), h = 0;

	if (b->done)
		return 0;
	switch (b->kind) {
	case PAPER_TEXT:
		h = paper_text_height(w, b, in);
		break;
	case PAPER_PICTURE:
		h = picture_height(b, in);
		break;
	case PAPER_BLOCK:
		for (size_t i = b->next; i < b->kids.n; i++) {
			h += i > b->next ? gap_between(b->kids.v[i - 1], b->kids.v[i]) : 0;
			h += paper_height(w, b->kids.v[i], in);
		}
		break;
	case PAPER_ROW:
		for (size_t i = 0; i < b->kids.n; i++) {
			double one = paper_height(w, b->kids.v[i], kid_width(b, i, in));
			h = one > h ? one : h;
		}
		break;
	}
	return h + inset_top(b) + inset_bottom(b);
}

static double least(struct paper_work *w, struct paper_box *b, double width);

/* A heading needs the beginning of what it heads. */
static double
least_from(struct paper_work *w, struct paper_box *b, size_t i, double width)
{
	double h = 0;

	for (; i < b->kids.n; i++) {
		h += least(w, b->kids.v[i], width);
		if (!b->kids.v[i]->heads || i + 1 == b->kids.n)
			break;
		h += gap_between(b->kids.v[i], b->kids.v[i + 1]);
	}
	return h;
}

static double
least(struct paper_work *w, struct paper_box *b, double width)
{
	double in = inside(b, width), h = 0;

	if (b->done)
		return 0;
	if (b->keep || b->kind == PAPER_PICTURE || b->heads) {
		double all = paper_height(w, b, width);
		if (all <= w->height)
			return all;
	}
	switch (b->kind) {
	case PAPER_TEXT:
		h = paper_text_least(w, b, in);
		break;
	case PAPER_PICTURE:
		h = picture_height(b, in);
		break;
	case PAPER_BLOCK:
		h = least_from(w, b, b->next, in);
		break;
	case PAPER_ROW:
		for (size_t i = 0; i < b->kids.n; i++) {
			double one = least(w, b->kids.v[i], kid_width(b, i, in));
			h = one > h ? one : h;
		}
		break;
	}
	return h + inset_top(b) + inset_bottom(b);
}

static double
fill_block(struct paper_work *w, struct paper_box *b, struct paper_at at)
{
	double used = 0;
	bool any = false;

	for (; b->next < b->kids.n; b->next++) {
		struct paper_box *k = b->kids.v[b->next];
		double gap = any ? gap_between(b->kids.v[b->next - 1], k) : 0;

		if (used + gap + least_from(w, b, b->next, at.width) > at.room + .01 && !(w->force && !any))
			break;
		used += gap;
		used += paper_fill(w, k, (struct paper_at){ at.x, at.y + used, at.width, at.room - used }, 0);
		any = true;
		if (!k->done)
			break;
	}
	b->done = b->next == b->kids.n;
	return used;
}

static double
fill_row(struct paper_work *w, struct paper_box *b, struct paper_at at)
{
	double x = w->rtl ? at.x + at.width : at.x, used = 0, tall = 0;

	for (size_t i = 0; i < b->kids.n; i++)
		if (b->kids.v[i]->border > 0) {
			double one = paper_height(w, b->kids.v[i], kid_width(b, i, at.width));
			tall = one > tall ? one : tall; /* frames of a row end together */
		}
	b->done = true;
	for (size_t i = 0; i < b->kids.n; i++) {
		double width = kid_width(b, i, at.width), one;
		struct paper_box *k = b->kids.v[i];

		if (w->rtl)
			x -= width;
		if (!k->done) {
			one = paper_fill(w, k, (struct paper_at){ x, at.y, width, at.room }, tall <= at.room ? tall : 0);
			used = one > used ? one : used;
		}
		b->done = b->done && k->done;
		x += w->rtl ? -b->gap : width + b->gap;
	}
	return used;
}

static double
fill_picture(struct paper_work *w, struct paper_box *b, struct paper_at at)
{
	double width = picture_width(b, at.width), height = picture_height(b, at.width);

	if (height > at.room) { /* it has a page of its own and does not fit: smaller */
		width *= at.room / height;
		height = at.room;
	}
	if (w->paint)
		paper_picture(w, b, w->rtl ? at.x + at.width - width : at.x, at.y, width, height);
	b->done = true;
	return height;
}

static void
rule(struct paper_work *w, double x, double y, double width, double thick)
{
	double grey = thick < .6 ? .68 : .08; /* between rows; around what belongs together */

	cairo_set_source_rgb(w->cr, grey, grey, grey);
	cairo_set_line_width(w->cr, thick);
	cairo_new_path(w->cr);
	cairo_move_to(w->cr, x, y);
	cairo_line_to(w->cr, x + width, y);
	cairo_stroke(w->cr);
}

static void
paint_frame(struct paper_work *w, const struct paper_box *b, struct paper_at at, double height)
{
	cairo_save(w->cr);
	if (b->border > 0) {
		cairo_set_source_rgb(w->cr, .08, .08, .08);
		cairo_set_line_width(w->cr, b->border);
		cairo_rectangle(w->cr, at.x + b->border / 2, at.y + b->border / 2, at.width - b->border, height - b->border);
		cairo_stroke(w->cr);
	}
	if (b->rule_top > 0)
		rule(w, at.x, at.y + b->rule_top / 2, at.width, b->rule_top);
	if (b->rule_bottom > 0 && b->done)
		rule(w, at.x, at.y + height - b->rule_bottom / 2, at.width, b->rule_bottom);
	cairo_restore(w->cr);
}

static void
paint_bullet(struct paper_work *w, const struct paper_box *b, struct paper_at at)
{
	double r = b->look.size * .16, x = w->rtl ? at.x + at.width - 3 * r : at.x + 3 * r;

	cairo_save(w->cr);
	cairo_set_source_rgb(w->cr, .08, .08, .08);
	cairo_new_path(w->cr);
	cairo_arc(w->cr, x, at.y + b->look.size * .72, r, 0, 6.2831853);
	cairo_fill(w->cr);
	cairo_restore(w->cr);
}

double
paper_fill(struct paper_work *w, struct paper_box *b, struct paper_at at, double frame_height)
{
	double top = inset_top(b), bottom = inset_bottom(b), used = 0;
	struct paper_at in = { at.x + b->pad + b->border + (w->rtl ? 0 : b->indent), at.y + top, inside(b, at.width),
		at.room - top - bottom };

	if (w->paint && b->bullet && b->next == 0)
		paint_bullet(w, b, in.room >= 0 ? (struct paper_at){ at.x, in.y, at.width, 0 } : at);
	paper_tag_open(w, b);
	switch (b->kind) {
	case PAPER_TEXT:
		used = paper_text_fill(w, b, in);
		break;
	case PAPER_PICTURE:
		used = fill_picture(w, b, in);
		break;
	case PAPER_BLOCK:
		used = fill_block(w, b, in);
		break;
	case PAPER_ROW:
		used = fill_row(w, b, in);
		break;
	}
	paper_tag_close(w, b);
	used += top + bottom;
	if (used < frame_height)
		used = frame_height;
	if (w->paint && (b->border > 0 || b->rule_top > 0 || b->rule_bottom > 0))
		paint_frame(w, b, at, used);
	return used;
}

void
paper_reset(struct paper_box *b)
{
	b->next = 0;
	b->done = false;
	for (size_t i = 0; i < b->kids.n; i++)
		paper_reset(b->kids.v[i]);
}
