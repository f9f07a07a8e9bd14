/*
 * csv.h - a list as CSV, for a spreadsheet: RFC 4180, UTF-8 without a byte order mark, lines end with CR LF.
 *
 * Shape   one header row, always there, whose names are the members of the same rows in --json; the rows are read out of
 *         that JSON, so that both say the same. What a row lacks is an empty cell. All pages of a list, not the first.
 * Cells   a spreadsheet computes what begins with = + - @ (their wide forms too), and where it splits at another sign than
 *         ours it begins cells inside of a text. So an apostrophe is put in front of these, of a tab, of the end of a line
 *         and of an apostrophe, wherever a cell could begin: at the beginning of a text, and behind , ; | a tab, the end of
 *         a line or a quote, blanks left aside. One apostrophe taken away there gives the words back. Numbers, true and
 *         false stand as they are.
 * Errors  the exit code; what went wrong was said.
 */
#ifndef ADMIN_CLI_CSV_H
#define ADMIN_CLI_CSV_H

#include "admin-cli/verbs.h"

struct cli_csv {
	struct cli *c;
	const char *const *columns; /* ends with NULL */
	struct ac_buf json;
	struct ac_jw w;
};
void cli_csv_begin(struct cli_csv *t, struct cli *c, const char *const *columns); /* writes the header */
struct ac_jw *cli_csv_page(struct cli_csv *t); /* the rows of a page are written to it, as objects */
int cli_csv_put(struct cli_csv *t);            /* writes the page; -1 to go on, else the exit code */
int cli_csv_rows(struct cli_csv *t, json_object *rows); /* the same, of an array that is there already */

#endif
