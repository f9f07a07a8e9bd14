/*
 * parts.h - what the files of this folder share. Nobody else includes it.
 *
 * Shape   a sheet becomes a tree of boxes: a block is its children one below the other, a row its children side by side,
 *         a text one pango layout, a picture one SVG. Each box knows how much of it has been painted, so that a page takes
 *         what fits and the next one goes on.
 * Owner   boxes live in the arena; layouts are released with the work.
 */
#ifndef PLUGIN_PAPER_PARTS_H
#define PLUGIN_PAPER_PARTS_H

#include <cairo.h>
#include <pango/pango.h>

#include <libxml/tree.h>

#include "base/buf.h"
#include "plugin/paper/paper.h"

struct paper_look {
	double size; /* points */
	bool bold, italic, quiet, boxed;
};
struct paper_run {
	size_t from, to; /* bytes of the text */
	struct paper_look look;
	const char *lang; /* NULL: the sheet's */
};

enum paper_kind { PAPER_BLOCK, PAPER_ROW, PAPER_TEXT, PAPER_PICTURE };
struct paper_box {
	enum paper_kind kind;
	const char *tag;  /* of the structure tree; NULL: none of its own */
	const char *lang; /* NULL: the sheet's */
	const char *alt;
	double before, after, pad, border, rule_top, rule_bottom, indent, gap;
	double fixed, share; /* in a row: points, or a part of what is left */
	bool keep;           /* on one page, where a page is enough */
	bool heads;          /* stays with what follows */
	bool bullet, at_end, is_row_head;
	bool is_silent; /* a cell with nothing but what is there for the eye */
	bool is_mixed;  /* parts of the text are in other languages */
	AC_VEC(struct paper_box *) kids;
	/* text */
	struct ac_buf text;
	bool broke; /* the next word begins a line */
	bool led;   /* the next line of its own goes on in this one */
	double hang; /* the number in front has a column of its own */
	AC_VEC(struct paper_run) runs;
	struct paper_look look;
	PangoLayout *layout;
	double layout_width;
	/* picture */
	const xmlNode *svg;
	double view_width, view_height, width_max;
	double height; /* 0: as the width makes it */
	/* painted so far: children, or lines */
	size_t next;
	bool done;
};

/* Each does what those before it do: frames and tables go on on the next page; parts stand closer, short lines share one. */
enum paper_packed { PAPER_WHOLE, PAPER_BROKEN, PAPER_CLOSE, PAPER__PACKED };
struct paper_tag {
	const char *name, *lang, *alt;
	bool is_row_head, is_silent;
};
struct paper_work {
	struct ac_arena *a;
	const struct ac_paper *o;
	struct ac_err err;
	double page_width, page_height, left, top, width, height; /* of the page; of what is between the margins */
	double base;                                              /* size of ordinary text */
	bool rtl, large;
	int packed; /* in large print, what may be done to save a page: enum paper_packed */
	const char *lang, *title;
	const xmlNode *running; /* the foot's words */
	struct ac_paper_fonts *fonts;
	PangoContext *context;
	AC_VEC(PangoLayout *) layouts;
	AC_VEC(struct paper_tag) tags;
	size_t nboxes;
	int npages; /* as painted */
	size_t missing; /* letters without a font */
	cairo_t *cr;
	bool paint; /* false: only to count pages */
	bool force; /* a page that would stay empty takes what does not fit */
};
struct paper_at {
	double x, y, width, room;
};

/* fonts.c */
struct ac_paper_fonts *paper_fonts_new(struct ac_err *reterr);
void paper_fonts_free(struct ac_paper_fonts *f);
PangoContext *paper_fonts_context(struct ac_paper_fonts *f, bool rtl); /* the caller's */
#define PAPER_FAMILY "sheet"
#define PAPER_FSI "\xe2\x81\xa8" /* U+2068: what follows decides its own direction, and nothing around it */
#define PAPER_PDI "\xe2\x81\xa9"

/* style.c */
struct paper_style {
	struct paper_look look; /* inherited by what is inside */
	double before, after, pad, border, rule_top, rule_bottom, width_max;
	bool own_line, keep, heads, row, skip, at_end, fit, full, leads, joins;
	const char *tag;
};
struct paper_style paper_style_of(const struct paper_work *w, const xmlNode *e, const struct paper_look *parent);
bool paper_has_class(const xmlNode *e, const char *class);
bool paper_is(const xmlNode *e, const char *name);
const char *paper_attr(struct ac_arena *a, const xmlNode *e, const char *name); /* NULL: absent */

/* build.c */
struct paper_box *paper_build(struct paper_work *w, const xmlNode *e, const struct paper_look *parent, int depth);
/* text.c */
void paper_text_add(struct paper_work *w, struct paper_box *b, const xmlNode *e, const struct paper_look *look,
    const char *lang, int depth);
double paper_text_natural(struct paper_work *w, struct paper_box *b);
double paper_text_height(struct paper_work *w, struct paper_box *b, double width);
double paper_text_least(struct paper_work *w, struct paper_box *b, double width);
double paper_text_fill(struct paper_work *w, struct paper_box *b, struct paper_at at);
/* picture.c */
void paper_picture(struct paper_work *w, const struct paper_box *b, double x, double y, double width, double height);
/* path.c: the "d" of an SVG path, absolute commands M L H V C Z */
bool paper_path(cairo_t *cr, const char *d);
/* flow.c */
double paper_height(struct paper_work *w, struct paper_box *b, double width);
double paper_fill(struct paper_work *w, struct paper_box *b, struct paper_at at, double frame_height);
void paper_reset(struct paper_box *b);
/* tags.c */
void paper_tag_open(struct paper_work *w, const struct paper_box *b);
void paper_tag_close(struct paper_work *w, const struct paper_box *b);
/* `stream`: a page's, compressed; the same with what is no content marked as such. */
enum ac_code paper_mark_artifacts(struct ac_arena *a, struct ac_str stream, struct ac_str *ret, struct ac_err *reterr);
enum ac_code paper_amend(struct paper_work *w, struct ac_str pdf, struct ac_str *ret, struct ac_err *reterr);

#endif
