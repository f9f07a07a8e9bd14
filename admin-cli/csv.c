/* csv.c - see csv.h. */
#include <stdio.h>

#include "admin-cli/csv.h"
#include "base/utf8.h"
#include "core/blob.h"

/* With it a spreadsheet would begin to compute, or drop it; our own mark is doubled, so that it can be taken away. */
static bool
is_minded(uint32_t ch)
{
	switch (ch) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case '\n':
	case '\'':
	case 0xFF1D: /* the wide forms of = + - @ */
	case 0xFF0B:
	case 0xFF0D:
	case 0xFF20:
		return true;
	default:
		return false;
	}
}

/* Behind it some program begins a cell. */
static bool
is_border(uint32_t ch)
{
	return ch == ',' || ch == ';' || ch == '|' || ch == '"' || ch == '\t' || ch == '\r' || ch == '\n';
}

static void
put_text(struct ac_buf *b, struct ac_str s)
{
	bool begins = true, quoted = s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
	size_t from;

	for (size_t at = 0; at < s.n && !quoted;)
		quoted = is_border(ac_utf8_next(s, &at));
	if (quoted)
		ac_buf_addc(b, '"');
	for (size_t at = 0; from = at, at < s.n;) {
		uint32_t ch = ac_utf8_next(s, &at);

		if (begins && is_minded(ch))
			ac_buf_addc(b, '\'');
		if (ch == '"')
			ac_buf_addc(b, '"');
		ac_buf_add(b, (struct ac_str){ s.p + from, at - from });
		begins = is_border(ch) || (begins && (ch == ' ' || ch == 0xA0));
	}
	if (quoted)
		ac_buf_addc(b, '"');
}

static void
put_cell(struct ac_buf *b, json_object *v)
{
	if (v == NULL)
		return;
	if (json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_boolean))
		ac_buf_addz(b, json_object_to_json_string(v));
	else
		put_text(b, ac_str_c(json_object_get_string(v)));
}

static void
end_row(const struct cli *c, struct ac_buf *b)
{
	ac_buf_addz(b, "\r\n");
	cli_print(c, ac_buf_str(b));
	b->n = 0;
}

void
cli_csv_begin(struct cli_csv *t, struct cli *c, const char *const *columns)
{
	struct ac_buf b;

	*t = (struct cli_csv){ .c = c, .columns = columns };
	ac_buf_init(&b, c->a, 256, 0);
	for (size_t k = 0; columns[k] != NULL; k++) {
		ac_buf_addz(&b, k > 0 ? "," : "");
		ac_buf_addz(&b, columns[k]);
	}
	end_row(c, &b);
}

struct ac_jw *
cli_csv_page(struct cli_csv *t)
{
	ac_buf_init(&t->json, t->c->a, 4096, 0);
	ac_jw_init(&t->w, &t->json);
	ac_jw_arr(&t->w);
	return &t->w;
}

int
cli_csv_put(struct cli_csv *t)
{
	AC_AUTO_T(json_object) rows = NULL;
	struct ac_err e = { 0 };

	ac_jw_end_arr(&t->w);
	if (ac_json_parse(ac_buf_str(&t->json), AC_BLOB_PLAIN_MAX, &rows, &e) != AC_OK)
		return cli_fail(t->c, NULL, &e);
	return cli_csv_rows(t, rows);
}

int
cli_csv_rows(struct cli_csv *t, json_object *rows)
{
	struct ac_buf b;

	ac_buf_init(&b, t->c->a, 1024, 0);
	for (size_t i = 0; i < json_object_array_length(rows) && !ferror(stdout); i++) {
		json_object *row = json_object_array_get_idx(rows, i), *v;

		for (size_t k = 0; t->columns[k] != NULL; k++) {
			ac_buf_addz(&b, k > 0 ? "," : "");
			put_cell(&b, json_object_object_get_ex(row, t->columns[k], &v) ? v : NULL);
		}
		end_row(t->c, &b);
	}
	return ferror(stdout) ? cli_done() : -1;
}
