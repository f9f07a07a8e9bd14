/*
 * verbs.h - the subcommands as rows: dispatch, help, completion and the manual's test read the same table.
 *
 * Exit    0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 lint or validation, 6 not allowed or second person needed,
 *         7 integrity, 8 busy, 9 partial, 130 interrupted (CONTRACTS "CLI").
 * Output  data on stdout, talk on stderr. --json: one document, with schema_version; errors as JSON on stderr.
 * PHI     never in argv: verbs take ids. Text from outside goes to a terminal without its control characters.
 */
#ifndef ADMIN_CLI_VERBS_H
#define ADMIN_CLI_VERBS_H

#include <stdio.h>
#include <sys/types.h>

#include "base/json.h"
#include "core/service.h"

#define CLI_SCHEMA_VERSION 1
#define CLI_PARTIAL 9 /* exit: some of it was done */

#define CLI_STATE_DEFAULT "/var/lib/aftercare"
#define CLI_REPEAT_MAX 64 /* values of one repeatable option */

/* options.def is the list: a number, a bit for the verbs' rows and a member of struct cli for each. */
enum cli_option_index {
#define TEXT(name, member, letter, word, arg, help) CLI_INDEX_##name,
#define FLAG(name, member, letter, word, help) CLI_INDEX_##name,
#define LIST(name, member, letter, word, arg, help) CLI_INDEX_##name,
#include "admin-cli/options.def"
#undef TEXT
#undef FLAG
#undef LIST
	CLI_NOPTIONS
};
_Static_assert(CLI_NOPTIONS <= 63, "a verb's options are the bits of one 64-bit number");

enum cli_option {
#define TEXT(name, member, letter, word, arg, help) CLI_##name = UINT64_C(1) << CLI_INDEX_##name,
#define FLAG(name, member, letter, word, help) CLI_##name = UINT64_C(1) << CLI_INDEX_##name,
#define LIST(name, member, letter, word, arg, help) CLI_##name = UINT64_C(1) << CLI_INDEX_##name,
#include "admin-cli/options.def"
#undef TEXT
#undef FLAG
#undef LIST
	CLI_OPTION_END = UINT64_C(1) << 63 /* makes the type 64 bits wide, whatever the list holds */
};

struct cli_list {
	const char *v[CLI_REPEAT_MAX];
	size_t n;
};

struct cli {
	const struct cli_verb *verb;
#define TEXT(name, member, letter, word, arg, help) const char *member;
#define FLAG(name, member, letter, word, help) bool member;
#define LIST(name, member, letter, word, arg, help) struct cli_list member;
#include "admin-cli/options.def"
#undef TEXT
#undef FLAG
#undef LIST
	int argc; /* what is left for the verb */
	char **argv;
	struct ac_service *service; /* open when the verb needs the store, or called cli_open */
	struct ac_worker *w;
	struct ac_arena *a;
	bool is_tty, colour; /* stdout, before a pager took it */
	int columns;         /* of the terminal; 0: none */
	pid_t pager;         /* 0: none */
	struct ac_str who; /* the person: --actor in a demonstration, else who signed in (behind sudo too) */
};

typedef int cli_fn(struct cli *c); /* the exit code */
enum cli_need {
	CLI_NEED_STORE = 1,
	CLI_NEED_PAGER = 2, /* its output can be long */
	CLI_NEED_EDIT = 4,  /* writes protocols: [roles] edit */
	CLI_WRITES = 8      /* changes what is stored, or makes it: takes --dry-run and --reason */
};
struct cli_verb {
	const char *name, *args, *help, *example[2];
	int min, max; /* arguments; max -1: any */
	unsigned need;
	uint64_t options;
	cli_fn *fn;
};
extern const struct cli_verb cli_verbs[]; /* ends with a row without a name */

/* One row of options.def, for help, completion and the tests of the manual. */
struct cli_option_row {
	const char *word, *arg, *help; /* arg "": it takes no value */
	char letter;
	bool repeats;
};
extern const struct cli_option_row cli_options[CLI_NOPTIONS];

/* The verb that the first words name; *ret_words says how many words it took. NULL: none. */
const struct cli_verb *cli_find_verb(int argc, char **argv, int *ret_words);
/* options.c: reads what follows the verb into *c. The exit code to end with, or -1 to go on. */
int cli_read_options(struct cli *c, int argc, char **argv);
int cli_help(FILE *f, const char *group); /* NULL: all verbs; "plan": those that begin so */
int cli_help_in(FILE *f, int columns, const char *group); /* columns 0: lines are as long as they are */
int cli_help_verb(const struct cli_verb *v);
size_t cli_distance(const char *a, const char *b); /* single-letter changes between two words: for "did you mean" */

/* The installation of --state; false and *reterr when it cannot be opened. Closed by main. */
bool cli_open(struct cli *c, struct ac_err *reterr);
/* --actor outside a demonstration: CLI-ACTOR. `clinic` may be NULL: none, so no demonstration. */
bool cli_actor_is_allowed(const struct cli *c, const struct ac_clinic *clinic, struct ac_err *reterr);

int cli_exit_code(enum ac_code code);
/* Says what went wrong on stderr (JSON when asked) and returns the exit code. `what` may be NULL: a file, an id. */
int cli_fail(const struct cli *c, const char *what, const struct ac_err *e);
/*
 * Severe acts: the name of what is changed is repeated, with --confirm=NAME or typed on the terminal (never with --no-input).
 * -1: confirmed; else the exit code, and the reason was said. `what` is a sentence: "publishing changes what patients are told".
 */
int cli_confirm(const struct cli *c, struct ac_str name, const char *what);
/* A question with a line for its answer, both on the terminal; false: no terminal, --no-input, or the input ended. */
bool cli_ask(const struct cli *c, const char *question, char *answer, size_t size);
bool cli_has_person(void); /* somebody can be asked: stdin and stderr are a terminal */
/* The same, while Ctrl-C is blocked and read from `stop` (a signalfd; -1: none). */
enum cli_answer { CLI_ANSWERED, CLI_NO_ANSWER, CLI_STOPPED };
enum cli_answer cli_ask_or_stop(const struct cli *c, const char *question, char *answer, size_t size, int stop);
/* A remark on stderr that --quiet takes away. */
void cli_say(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A sentence on stdout; on a terminal it goes on below itself. */
void cli_line(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cli_usage(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* 2 */
struct ac_actor cli_actor(const struct cli *c);
struct ac_life_how cli_how(const struct cli *c); /* --reason, --dry-run */
/* A JSON document to stdout: begins with {"schema_version":1, ... and is ended by cli_json_end. */
void cli_json_begin(const struct cli *c, struct ac_buf *b, struct ac_jw *w);
int cli_json_end(struct ac_jw *w);
enum cli_colour { CLI_PLAIN, CLI_RED, CLI_GREEN, CLI_YELLOW, CLI_CYAN, CLI_BOLD, CLI_FAINT };
/* The code that begins a colour (CLI_PLAIN: that ends it), or "" where there are no colours: terminal.h. */
const char *cli_paint(const struct cli *c, enum cli_colour k);
/* Exact into a pipe or file; on a terminal what could move its cursor or turn text around stands by its name, <U+202E>. */
void cli_print(const struct cli *c, struct ac_str s);
void cli_print_json(FILE *f, struct ac_str json); /* JSON text; the same characters as \u202e */
/* For a person's eyes: control characters are shown as '?', so that no text moves the terminal. */
struct ac_str cli_plain(const struct cli *c, struct ac_str s);
/* Writing to stdout went wrong (a full disk, a closed pipe): 1 instead of 0, and why on stderr. */
int cli_done(void);
/* A plan by its id or the beginning of it. -1, or the exit code of what was said. */
int cli_plan_arg(const struct cli *c, const char *arg, struct ac_uuid *ret);
struct ac_str cli_short(const struct cli *c, struct ac_uuid id); /* what a person types for it */
bool cli_version_arg(const struct cli *c, int64_t *ret); /* --version; 0 when it is not given */
/* 2026-03-28 (at `hour`) or 2026-03-28T15:00, by the clocks of `z`; or RFC 3339, which carries its own offset. */
bool cli_clock_arg(const char *arg, const struct ac_zone *z, int8_t hour, int64_t *ret_ms);
/* The same; a date is the start of that day. NULL: `open`. */
bool cli_time_arg(const char *arg, const struct ac_zone *z, int64_t open, int64_t *ret_ms);
struct ac_str cli_zone_name(const struct cli *c);         /* the clinic's, else UTC */
/* --since and the like, as cli_time_arg, by the clocks of the clinic's zone; NULL: `otherwise`. -1, or the exit code of what was said. */
int cli_time_option(const struct cli *c, const char *option, const char *arg, int64_t otherwise, int64_t *ret_ms);
struct ac_str cli_minute(const struct cli *c, int64_t ms); /* UTC, for a column; 0: "-" */
/* Reading a patient's data is a log entry before the bytes go out, from here too. */
bool cli_log_view(struct cli *c, const char *action, const char *kind, struct ac_str id, int64_t version,
    struct ac_str patient, struct ac_err *reterr);
/* A list that may go on: said on stderr, or as a member of the document. */
void cli_limit_reached(const struct cli *c, struct ac_jw *w, size_t n);

#define VERB(name, fn, args, help, min, max, need, options, one, two) cli_fn fn;
#include "admin-cli/verbs.def"
#undef VERB

#endif
