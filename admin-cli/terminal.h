/*
 * terminal.h - what stdout is, colours, tables, and the programs that a person reads and writes with.
 *
 * Colour  only on a terminal, without NO_COLOR, not on TERM=dumb. Never the only sign.
 * Tables  as wide as their content; on a terminal no wider than it: columns that may shrink do, with a '~' at the cut.
 *         Into a pipe nothing is cut.
 */
#ifndef ADMIN_CLI_TERMINAL_H
#define ADMIN_CLI_TERMINAL_H

#include <fcntl.h>
#include <sys/types.h>

#include "admin-cli/verbs.h"

#define CLI_WORDS_MAX 32 /* of $PAGER and $EDITOR */

/* The words of a command, split at blanks; nothing is expanded. False: none, or too many. */
bool cli_split(struct cli *c, const char *command, char **argv, size_t max);
/* Found in $PATH, default signals, nothing blocked; stdin_fd -1: ours; `also` stays open in it, -1: none. 0 or an errno. */
int cli_spawn(char *const *argv, int stdin_fd, int also, pid_t *ret);

void cli_terminal_look(struct cli *c); /* fills is_tty, colour, columns */
void cli_pager_start(struct cli *c);   /* $PAGER, else less -FRX; on a terminal only */
int cli_pager_end(struct cli *c, int rc);

/*
 * Text that goes on below itself: `at` cells are on the line already, what follows stands `hang` cells in. columns 0: one
 * line. Paint inside is free.
 */
void cli_wrap(FILE *f, int columns, size_t at, size_t hang, struct ac_str text);
/* Lines that were made without a terminal in mind, each below itself, 4 cells further in than it begins. */
void cli_wrap_lines(FILE *f, int columns, struct ac_str text);
int cli_columns(FILE *f); /* of the terminal behind it; 0: none */

#define CLI_TABLE_COLUMNS 10
enum cli_column_kind {
	CLI_LEFT = 0,
	CLI_RIGHT = 1,
	CLI_SHRINKS = 2, /* gives way when the terminal is narrow; the widest first */
	CLI_WRAPS = 4,   /* the last one: what does not fit goes on below */
	CLI_NAMES = 8    /* what is typed afterwards: gives way when nothing else can any more */
};
struct cli_column {
	const char *title;
	unsigned kind;
	size_t width;
};
struct cli_cell {
	struct ac_str text;
	enum cli_colour colour; /* CLI_PLAIN: none */
};
struct cli_table {
	struct cli *c;
	struct cli_column col[CLI_TABLE_COLUMNS];
	size_t ncols;
	struct cli_cell *v; /* row after row */
	size_t n, cap;
};
void cli_table_column(struct cli_table *t, const char *title, unsigned kind);
void cli_table_cell(struct cli_table *t, struct ac_str text); /* control characters are made harmless */
void cli_table_coloured(struct cli_table *t, struct ac_str text, enum cli_colour colour);
void cli_table_print(struct cli_table *t);

#endif
