/* paper.c - see paper.h: reads the sheet, chooses a size that keeps it on two pages, paints the pages. */
#include "plugin/paper/paper.h"

#include <string.h>
#include <time.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <libxml/parser.h>

#include "base/utf8.h"
#include "plugin/paper/parts.h"

#define MM (72 / 25.4)
#define FOOT_SIZE 8.2
#define FOOT_HEIGHT 17
#define LARGE_SIZE 18 /* what guides call large print begins at 16 to 18 points: nothing on such a sheet is smaller */
#define LARGE_FOOT_HEIGHT 30
#define PAGES_WANTED 2

AC_DEFINE_AUTO(ac_paper_fonts, paper_fonts_free)
AC_DEFINE_AUTO_T(xmlDoc, xmlFreeDoc)

static const char doctype[] = "<!DOCTYPE html>\n";

/* The only document type that a sheet has is the empty one; all others can hold entities. */
static enum ac_code
read_sheet(struct ac_str sheet, xmlDoc **ret, struct ac_err *reterr)
{
	if (sheet.n > AC_PAPER_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "PAPER-BYTES", "the sheet is longer than %d bytes", AC_PAPER_BYTES_MAX);
	if (ac_str_starts(sheet, AC_S(doctype)))
		sheet = (struct ac_str){ sheet.p + sizeof(doctype) - 1, sheet.n - sizeof(doctype) + 1 };
	if (sheet.n == 0 || memmem(sheet.p, sheet.n, "<!DOCTYPE", 9) != NULL)
		return ac_fail(reterr, AC_EINPUT, "PAPER-INPUT", "this is not a sheet");
	*ret = xmlReadMemory(sheet.p, (int)sheet.n, NULL, "UTF-8",
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
	if (*ret == NULL || !paper_is(xmlDocGetRootElement(*ret), "html")) {
		if (*ret != NULL)
			xmlFreeDoc(*ret);
		*ret = NULL;
		return ac_fail(reterr, AC_EINPUT, "PAPER-INPUT", "this is not a sheet: no XML, or no page");
	}
	return AC_OK;
}

static const xmlNode *
child(const xmlNode *e, const char *name)
{
	for (const xmlNode *n = e == NULL ? NULL : e->children; n != NULL; n = n->next)
		if (paper_is(n, name))
			return n;
	return NULL;
}

static const xmlNode *
find_class(const xmlNode *e, const char *class, int depth)
{
	for (const xmlNode *n = e == NULL ? NULL : e->children; n != NULL && depth > 0; n = n->next) {
		if (paper_has_class(n, class))
			return n;
		const xmlNode *inner = n->type == XML_ELEMENT_NODE ? find_class(n, class, depth - 1) : NULL;
		if (inner != NULL)
			return inner;
	}
	return NULL;
}

static bool
is_language_tag(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n > 0 && n <= 35 && s[n] == '\0';
}

static void
read_head(struct paper_work *w, const xmlNode *html)
{
	const xmlNode *title = child(child(html, "head"), "title");
	const char *lang = paper_attr(w->a, html, "lang"), *dir = paper_attr(w->a, html, "dir");

	w->lang = lang != NULL && is_language_tag(lang) ? lang : "en";
	w->rtl = dir != NULL && strcmp(dir, "rtl") == 0;
	w->title = title != NULL && title->children != NULL && title->children->content != NULL
		       ? (const char *)title->children->content
		       : "";
	w->large = w->o->large || paper_has_class(html, "large") || paper_has_class(child(html, "body"), "large") ||
		   paper_has_class(child(child(html, "body"), "main"), "large");
	w->running = find_class(child(html, "body"), "running", 4);
}

static void
set_page(struct paper_work *w)
{
	w->page_width = w->o->letter ? 612 : 595.276;
	w->page_height = w->o->letter ? 792 : 841.89;
	w->left = (w->large ? 11 : 14) * MM; /* what every printer can reach */
	w->top = (w->large ? 9 : 11) * MM;
	w->width = w->page_width - 2 * w->left;
	w->height = w->page_height - w->top - (w->large ? 7 : 8) * MM - (w->large ? LARGE_FOOT_HEIGHT : FOOT_HEIGHT);
}

static double
foot_size(const struct paper_work *w)
{
	return w->large ? LARGE_SIZE : FOOT_SIZE;
}

static PangoLayout *
foot_layout(struct paper_work *w, struct ac_str text)
{
	PangoLayout *l = pango_layout_new(w->context);
	PangoFontDescription *d = pango_font_description_new();

	AC_PUSH(w->a, &w->layouts, l);
	pango_font_description_set_family_static(d, PAPER_FAMILY);
	pango_font_description_set_absolute_size(d, foot_size(w) * PANGO_SCALE);
	pango_layout_set_font_description(l, d);
	pango_font_description_free(d);
	pango_layout_set_auto_dir(l, FALSE);
	pango_layout_set_single_paragraph_mode(l, TRUE);
	pango_layout_set_text(l, text.p, (int)text.n);
	return l;
}

/* Whose it is, which sheet, the mark; in large print, of the sheet its number alone, where there is room: the rest stands on
 * the last page. */
static struct ac_str
foot_words(struct paper_work *w, bool all_of_it)
{
	struct paper_look look = { .size = foot_size(w) };
	struct paper_box all = { .kind = PAPER_TEXT, .look = look };

	ac_buf_init(&all.text, w->a, 256, 0);
	for (const xmlNode *n = w->running->children; n != NULL; n = n->next)
		for (const xmlNode *k = paper_is(n, "p") ? n->children : NULL; k != NULL; k = k->next) {
			xmlNode one = { .type = XML_ELEMENT_NODE, .name = BAD_CAST "p" }, copy = *k;
			struct paper_box part = { .kind = PAPER_TEXT, .look = look };
			struct ac_str words;

			one.children = &copy;
			copy.next = NULL;
			ac_buf_init(&part.text, w->a, 256, 0);
			paper_text_add(w, &part, &one, &look, NULL, 0);
			words = ac_buf_str(&part.text);
			const char *dot = memmem(words.p, words.n, " \xc2\xb7 ", 4);
			bool is_of = paper_has_class(k, "of");
			if (is_of && !all_of_it)
				continue;
			if (w->large && dot != NULL && is_of)
				words.n = (size_t)(dot - words.p);
			if (all.text.n > 0)
				ac_buf_addz(&all.text, "   ");
			ac_buf_add(&all.text, words);
		}
	return ac_buf_str(&all.text);
}

/* Whose sheet it is, which one, and which page of how many: on every page, and no part of what is read aloud. */
static void
foot(struct paper_work *w, int page, int pages)
{
	double y = w->top + w->height + 5, far = w->left + w->width;
	struct ac_str number = ac_strf(w->a, "%d/%d", page, pages);
	PangoLayout *right = foot_layout(w, number), *left = NULL;
	int width = 0, base = pango_layout_get_baseline(right);

	cairo_set_source_rgb(w->cr, .6, .6, .6);
	cairo_set_line_width(w->cr, .5);
	cairo_move_to(w->cr, w->left, y);
	cairo_line_to(w->cr, far, y);
	cairo_stroke(w->cr);
	cairo_set_source_rgb(w->cr, .2, .2, .2);
	pango_layout_get_size(right, &width, NULL);
	double room = w->width - (double)width / PANGO_SCALE - 14;
	cairo_move_to(w->cr, w->rtl ? w->left : far - (double)width / PANGO_SCALE, y + 4);
	pango_cairo_show_layout(w->cr, right);
	if (w->running == NULL)
		return;
	left = foot_layout(w, foot_words(w, true));
	pango_layout_get_size(left, &width, NULL);
	if (w->large && (double)width / PANGO_SCALE > room)
		left = foot_layout(w, foot_words(w, false));
	pango_layout_set_width(left, (int)(room * PANGO_SCALE));
	pango_layout_set_ellipsize(left, PANGO_ELLIPSIZE_MIDDLE);
	pango_layout_set_alignment(left, w->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	cairo_move_to(w->cr, w->rtl ? far - room : w->left, y + 4 + (double)(base - pango_layout_get_baseline(left)) / PANGO_SCALE);
	pango_cairo_show_layout(w->cr, left);
}

/* Paints, or only counts. 0: failed. */
static int
pages(struct paper_work *w, struct paper_box *root, int of)
{
	struct paper_box document = { .tag = "Document" };
	int page = 1;

	paper_reset(root);
	paper_tag_open(w, &document); /* one, over all pages */
	for (; page <= AC_PAPER_PAGES_MAX; page++) {
		struct paper_at at = { w->left, w->top, w->width, w->height };

		w->force = false;
		double used = paper_fill(w, root, at, 0);
		if (used <= 0 && !root->done) { /* not even the first part fits on a page of its own */
			w->force = true;
			(void)paper_fill(w, root, at, 0);
		}
		if (w->paint) {
			foot(w, page, of);
			cairo_show_page(w->cr);
		}
		if (root->done)
			break;
	}
	paper_tag_close(w, &document);
	if (root->done)
		return page;
	(void)ac_fail(&w->err, AC_ELIMIT, "PAPER-PAGES", "the sheet needs more than %d pages", AC_PAPER_PAGES_MAX);
	return 0;
}

static struct paper_box *
tree(struct paper_work *w, const xmlNode *body, double base)
{
	struct paper_look look = { .size = base };

	w->base = base;
	w->nboxes = 0;
	struct paper_box *root = paper_build(w, body, &look, 0);
	if (root == NULL && w->err.code == AC_OK)
		(void)ac_fail(&w->err, AC_EINPUT, "PAPER-INPUT", "the sheet is empty");
	return w->err.code == AC_OK ? root : NULL;
}

/* Large print stays large: what may change is how closely it is packed, where that saves a page. */
static struct paper_box *
choose_large(struct paper_work *w, const xmlNode *body, int *ret_pages)
{
	struct paper_box *root, *best = NULL;

	for (int packed = PAPER_WHOLE; packed < PAPER__PACKED; packed++) {
		w->packed = packed;
		int n = (root = tree(w, body, LARGE_SIZE)) == NULL ? 0 : pages(w, root, 0);
		if (n == 0)
			return NULL;
		if (best == NULL || n < *ret_pages) {
			best = root;
			*ret_pages = n;
		}
	}
	return best;
}

/* One page where little is missing, two where they are enough; what cannot be read any more is never the answer. */
static struct paper_box *
choose(struct paper_work *w, const xmlNode *body, int *ret_pages)
{
	static const struct {
		double base;
		int pages;
	} tries[] = { { 10.2, 1 }, { 9.7, 1 }, { 10.2, PAGES_WANTED }, { 9.6, PAGES_WANTED }, { 9, PAGES_WANTED } };
	struct paper_box *root;

	if (w->large)
		return choose_large(w, body, ret_pages);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if ((root = tree(w, body, tries[i].base)) == NULL)
			return NULL;
		*ret_pages = pages(w, root, 0);
		if (*ret_pages > 0 && *ret_pages <= tries[i].pages)
			return root;
		if (*ret_pages == 0 || *ret_pages > 2 * PAGES_WANTED)
			break; /* a little smaller changes nothing */
	}
	if (w->err.code != AC_OK || (root = tree(w, body, tries[0].base)) == NULL || (*ret_pages = pages(w, root, 0)) == 0)
		return NULL;
	return root;
}

static cairo_status_t
take(void *closure, const unsigned char *bytes, unsigned int n)
{
	struct ac_buf *b = closure;

	ac_buf_add(b, (struct ac_str){ (const char *)bytes, n });
	return b->over ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void
describe(struct paper_work *w, cairo_surface_t *s)
{
	time_t t = (time_t)w->o->made_at;
	struct tm tm;
	char when[32] = "";

	if (gmtime_r(&t, &tm) != NULL)
		(void)strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, w->title);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Aftercare");
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
}

static enum ac_code
paint(struct paper_work *w, struct paper_box *root, int n, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_buf b;
	cairo_surface_t *s;

	ac_buf_init(&b, w->a, 128 * 1024, AC_PAPER_PDF_MAX);
	s = cairo_pdf_surface_create_for_stream(take, &b, w->page_width, w->page_height);
	describe(w, s);
	w->cr = cairo_create(s);
	w->paint = true;
	w->npages = n;
	(void)pages(w, root, n);
	cairo_status_t status = cairo_status(w->cr);
	cairo_destroy(w->cr);
	w->cr = NULL;
	cairo_surface_finish(s);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(s);
	cairo_surface_destroy(s);
	if (b.over)
		return ac_fail(reterr, AC_ELIMIT, "PAPER-PAGES", "the PDF has more than %d bytes", AC_PAPER_PDF_MAX);
	if (status != CAIRO_STATUS_SUCCESS)
		return ac_fail(reterr, AC_EIO, "PAPER-LIBRARY", "cairo: %s", cairo_status_to_string(status));
	if (w->missing > 0)
		return ac_fail(reterr, AC_EINPUT, "PAPER-LETTERS", "%zu letters of the sheet are in no installed font",
		    w->missing);
	return paper_amend(w, ac_buf_str(&b), ret, reterr);
}

static enum ac_code
sheet_pdf(struct paper_work *w, const xmlNode *html, struct ac_str *ret, struct ac_err *reterr)
{
	const xmlNode *body = child(html, "body");
	struct paper_box *root = NULL;
	enum ac_code rc;
	int n = 0;

	if (body != NULL)
		root = choose(w, body, &n);
	if (root == NULL) {
		if (w->err.code == AC_OK)
			return ac_fail(reterr, AC_EINPUT, "PAPER-INPUT", "this is not a sheet: it has no body");
		return ac_fail(reterr, w->err.code, w->err.rule, "%s", w->err.msg);
	}
	rc = paint(w, root, n, ret, reterr);
	return rc;
}

enum ac_code
ac_paper_pdf(struct ac_str sheet, const struct ac_paper *o, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct paper_work w = { .a = a, .o = o };
	AC_AUTO_T(xmlDoc) doc = NULL;
	AC_AUTO(ac_paper_fonts) fonts = NULL;
	enum ac_code rc = read_sheet(sheet, &doc, reterr);

	if (rc != AC_OK)
		return rc;
	const xmlNode *html = xmlDocGetRootElement(doc);
	read_head(&w, html);
	set_page(&w);
	if ((fonts = paper_fonts_new(reterr)) == NULL)
		return AC_EIO;
	w.context = paper_fonts_context(fonts, w.rtl);
	rc = sheet_pdf(&w, html, ret, reterr);
	for (size_t i = 0; i < w.layouts.n; i++)
		g_object_unref(w.layouts.v[i]);
	g_object_unref(w.context);
	return rc;
}
