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

#include "base/json.h"
#include "core/service.h"

#define CLI_SCHEMA_VERSION 1

enum cli_option {
	CLI_STATE = 1 << 0,
	CLI_JSON = 1 << 1,
	CLI_ACTOR = 1 << 2,
	CLI_CLINIC = 1 << 3,
	CLI_CHANNEL = 1 << 4,
	CLI_CONFIRM = 1 << 5,
	CLI_DRY_RUN = 1 << 6,
	CLI_PATIENT = 1 << 7,
	CLI_SINCE = 1 << 8,
	CLI_UNTIL = 1 << 9,
	CLI_BY = 1 << 10,
	CLI_ALL = 1 << 11,
	CLI_OUT = 1 << 12,
	CLI_SITE = 1 << 13,
	CLI_VERIFY = 1 << 14,
	CLI_VERSION_N = 1 << 15,
	CLI_ROLE = 1 << 16,
	CLI_OPEN = 1 << 17
};

struct cli {
	const struct cli_verb *verb;
	const char *state, *actor, *clinic, *channel, *confirm, *patient, *since, *until, *by, *out, *site, *version_n, *role;
	bool json, dry_run, all, verify, open;
	int argc; /* what is left for the verb */
	char **argv;
	struct ac_service *service; /* open when the verb needs the store, or called cli_open */
	struct ac_worker *w;
	struct ac_arena *a;
	struct ac_str who; /* the person: --actor in a demonstration, else who signed in (behind sudo too) */
};

typedef int cli_fn(struct cli *c); /* the exit code */
enum cli_need { CLI_NEED_STORE = 1 };
struct cli_verb {
	const char *name, *args, *help, *example;
	int min, max; /* arguments; max -1: any */
	unsigned need, options;
	cli_fn *fn;
};
extern const struct cli_verb cli_verbs[]; /* ends with a row without a name */

/* options.c: reads what follows the verb into *c. The exit code to end with, or -1 to go on. */
int cli_read_options(struct cli *c, int argc, char **argv);
int cli_help(FILE *f, const char *group); /* NULL: all verbs; "plan": those that begin so */
int cli_help_verb(const struct cli_verb *v);
size_t cli_distance(const char *a, const char *b); /* single-letter changes between two words: for "did you mean" */

/* The installation of --state; false and *reterr when it cannot be opened. Closed by main. */
bool cli_open(struct cli *c, struct ac_err *reterr);
/* --actor outside a demonstration: CLI-ACTOR. `clinic` may be NULL: none, so no demonstration. */
bool cli_actor_is_allowed(const struct cli *c, const struct ac_clinic *clinic, struct ac_err *reterr);

int cli_exit_code(enum ac_code code);
/* Says what went wrong on stderr (JSON when asked) and returns the exit code. `what` may be NULL: a file, an id. */
int cli_fail(const struct cli *c, const char *what, const struct ac_err *e);
int cli_usage(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* 2 */
struct ac_actor cli_actor(const struct cli *c);
/* A JSON document to stdout: begins with {"schema_version":1, ... and is ended by cli_json_end. */
void cli_json_begin(const struct cli *c, struct ac_buf *b, struct ac_jw *w);
int cli_json_end(struct ac_jw *w);
void cli_print(struct ac_str s);
/* For a person's eyes: control characters are shown as '?', so that no text moves the terminal. */
struct ac_str cli_plain(const struct cli *c, struct ac_str s);
/* Writing to stdout went wrong (a full disk, a closed pipe): 1 instead of 0, and why on stderr. */
int cli_done(void);
bool cli_uuid_arg(const char *arg, struct ac_uuid *ret);
bool cli_version_arg(const struct cli *c, int64_t *ret); /* --version; 0 when it is not given */
struct ac_str cli_minute(const struct cli *c, int64_t ms); /* UTC, for a column; 0: "-" */
/* Reading a patient's data is a log entry before the bytes go out, from here too. */
bool cli_log_view(struct cli *c, const char *action, const char *kind, struct ac_str id, int64_t version,
    struct ac_str patient, struct ac_err *reterr);
/* A list that may go on: said on stderr, or as a member of the document. */
void cli_limit_reached(const struct cli *c, struct ac_jw *w, size_t n);

cli_fn verb_init;
cli_fn verb_protocol_list;
cli_fn verb_protocol_show;
cli_fn verb_protocol_lint;
cli_fn verb_protocol_import;
cli_fn verb_protocol_publish;
cli_fn verb_plan_list;
cli_fn verb_plan_show;
cli_fn verb_plan_document;
cli_fn verb_plan_regen;
cli_fn verb_task_list;
cli_fn verb_delivery_list;
cli_fn verb_export_cda;
cli_fn verb_audit_verify;
cli_fn verb_clinic_show;
cli_fn verb_clinic_set;
cli_fn verb_doctor;

#endif
