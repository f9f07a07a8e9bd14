/* table.c - columns as wide as they must be, counted in the terminal's cells: a wide character (CJK) takes two. */
#include <stdio.h>

#include "admin-cli/terminal.h"
#include "base/utf8.h"

#define GAP 2
#define SHRUNK_MIN 6
#define WRAPPED_MIN 24 /* narrower, a sentence is a column of words */

void
cli_table_column(struct cli_table *t, const char *title, unsigned kind)
{
	if (t->ncols < CLI_TABLE_COLUMNS)
		t->col[t->ncols++] = (struct cli_column){ .title = title, .kind = kind };
}

void
cli_table_coloured(struct cli_table *t, struct ac_str text, enum cli_colour colour)
{
	struct cli_cell cell = { cli_plain(t->c, text), colour };

	AC_PUSH(t->c->a, t, cell);
}

void
cli_table_cell(struct cli_table *t, struct ac_str text)
{
	cli_table_coloured(t, text, CLI_PLAIN);
}

static size_t
count(struct ac_str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n;)
		n += ac_utf8_cells(ac_utf8_next(s, &at));
	return n;
}

/* As much of it as `cells` hold. */
static struct ac_str
head(struct ac_str s, size_t cells, size_t *ret_cells)
{
	size_t n = 0, end = 0;

	for (size_t at = 0; at < s.n; end = at) {
		size_t one = ac_utf8_cells(ac_utf8_next(s, &at));
		if (n + one > cells)
			break;
		n += one;
	}
	*ret_cells = n;
	return (struct ac_str){ s.p, end };
}

static void
measure(struct cli_table *t)
{
	for (size_t k = 0; k < t->ncols; k++)
		t->col[k].width = count(ac_str_c(t->col[k].title));
	for (size_t i = 0; i < t->n; i++) {
		struct cli_column *col = &t->col[i % t->ncols];
		size_t n = count(t->v[i].text);

		col->width = n > col->width ? n : col->width;
	}
}

static size_t
least(const struct cli_column *col)
{
	return (col->kind & CLI_WRAPS) != 0 ? WRAPPED_MIN : SHRUNK_MIN;
}

static struct cli_column *
widest_of(struct cli_table *t, unsigned kinds)
{
	struct cli_column *widest = NULL;

	for (size_t k = 0; k < t->ncols; k++)
		if ((t->col[k].kind & kinds) != 0 && t->col[k].width > least(&t->col[k]) &&
		    (widest == NULL || t->col[k].width > widest->width))
			widest = &t->col[k];
	return widest;
}

static void
shrink(struct cli_table *t)
{
	size_t total = 0, limit = (size_t)t->c->columns;

	for (size_t k = 0; k < t->ncols; k++)
		total += t->col[k].width + (k > 0 ? GAP : 0);
	for (; limit > 0 && total > limit; total--) {
		struct cli_column *widest = widest_of(t, CLI_SHRINKS | CLI_WRAPS);

		if (widest == NULL && (widest = widest_of(t, CLI_NAMES)) == NULL)
			return;
		widest->width--;
	}
}

static void
put(const struct cli_table *t, size_t k, struct ac_str text, enum cli_colour colour)
{
	const struct cli_column *col = &t->col[k];
	size_t n = count(text), shown = n;
	struct ac_str begin = n > col->width ? head(text, col->width - 1, &shown) : text;
	int pad = (int)(col->width - shown - (n > col->width ? 1 : 0)); /* a wide one may not fit in the last cell */
	bool is_right = (col->kind & CLI_RIGHT) != 0, is_last = k + 1 == t->ncols;

	if ((col->kind & CLI_WRAPS) != 0 && n > col->width) {
		size_t before = 0;

		for (size_t i = 0; i < k; i++)
			before += t->col[i].width + GAP;
		cli_wrap(stdout, (int)(before + col->width), before, before, text);
		return;
	}
	printf("%*s%s%.*s%s%s", is_right ? pad : 0, "", colour != CLI_PLAIN ? cli_paint(t->c, colour) : "",
	    AC_FMT(begin), n > col->width ? "~" : "",
	    colour != CLI_PLAIN ? cli_paint(t->c, CLI_PLAIN) : "");
	if (is_last)
		printf("\n"); /* nothing behind it: blanks at the end would wrap */
	else
		printf("%*s", (is_right ? 0 : pad) + GAP, "");
}

void
cli_table_print(struct cli_table *t)
{
	measure(t);
	shrink(t);
	for (size_t k = 0; k < t->ncols; k++)
		put(t, k, ac_str_c(t->col[k].title), CLI_BOLD);
	for (size_t i = 0; i < t->n; i++)
		put(t, i % t->ncols, t->v[i].text, t->v[i].colour);
}

/* A colour of ours, ESC [ .. m, begins here: how long it is; else 0. */
static size_t
paint_at(struct ac_str s, size_t at)
{
	size_t end = at + 2;

	if (s.n - at < 3 || s.p[at] != '\033' || s.p[at + 1] != '[')
		return 0;
	while (end < s.n && ((s.p[end] >= '0' && s.p[end] <= '9') || s.p[end] == ';'))
		end++;
	return end < s.n && s.p[end] == 'm' ? end + 1 - at : 0;
}

/* A code that paints takes no room. */
static size_t
shown_width(struct ac_str word)
{
	size_t n = 0;

	for (size_t at = 0; at < word.n;) {
		size_t paint = paint_at(word, at);
		if (paint > 0) {
			at += paint;
			continue;
		}
		n += ac_utf8_cells(ac_utf8_next(word, &at));
	}
	return n;
}

struct wrapped {
	FILE *f;
	size_t columns, at, hang; /* columns 0: no end */
};

static void
next_line(struct wrapped *w)
{
	fprintf(w->f, "\n%*s", (int)w->hang, "");
	w->at = w->hang;
}

/* Whatever the words are made of, they move no cursor and turn no text around. What no line holds goes on below. */
static void
put_word(struct wrapped *w, struct ac_str word)
{
	for (size_t at = 0, from = 0; at < word.n; from = at) {
		size_t paint = paint_at(word, at);
		uint32_t c = paint > 0 ? 0 : ac_utf8_next(word, &at);
		size_t cells = paint > 0 ? 0 : ac_utf8_cells(c);

		at += paint;
		if (w->columns > 0 && w->at + cells > w->columns && w->at > w->hang)
			next_line(w);
		if (paint > 0 || ac_utf8_is_plain(c) || c == '\t' || c == 0xFFFD)
			fwrite(word.p + from, 1, at - from, w->f);
		else
			fputc('?', w->f);
		w->at += cells;
	}
}

void
cli_wrap(FILE *f, int columns, size_t at, size_t hang, struct ac_str text)
{
	struct wrapped w = { f, columns > 0 ? (size_t)columns : 0, at, hang };
	struct ac_str word;
	bool is_first = true;

	while (text.n > 0) {
		text = ac_cut(text, ' ', &word);
		bool fits = w.columns == 0 || w.at + (is_first ? 0 : 1) + shown_width(word) <= w.columns;

		if (!is_first && !fits) {
			next_line(&w);
		} else if (!is_first) {
			fputc(' ', f);
			w.at++;
		}
		put_word(&w, word);
		is_first = false;
	}
	fprintf(f, "\n");
}

void
cli_wrap_lines(FILE *f, int columns, struct ac_str text)
{
	struct ac_str line;

	while (text.n > 0) {
		size_t in = 0;

		text = ac_cut(text, '\n', &line);
		while (in < line.n && line.p[in] == ' ')
			in++;
		fprintf(f, "%*s", (int)in, "");
		cli_wrap(f, columns, in, in + 4, (struct ac_str){ line.p + in, line.n - in });
	}
}
