/* main.c - aftercare: find the verb, read its options, open what it needs, run it. */
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admin-cli/life.h"
#include "admin-cli/terminal.h"
#include "base/file.h"
#include "base/log.h"
#include "core/backup.h"

#define NOBODY_SIGNED_IN UINT32_MAX

const struct cli_verb *
cli_find_verb(int argc, char **argv, int *ret_words)
{
	char two[128];

	for (const struct cli_verb *v = cli_verbs; argc > 1 && v->name != NULL; v++) {
		*ret_words = strchr(v->name, ' ') == NULL ? 1 : 2;
		snprintf(two, sizeof(two), "%s %s", argv[1], argc > 2 ? argv[2] : "");
		if (strcmp(*ret_words == 1 ? argv[1] : two, v->name) == 0)
			return v;
	}
	return NULL;
}

/* "plan" of "plan list". */
static bool
is_group(const char *word)
{
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		if (strncmp(v->name, word, strlen(word)) == 0 && v->name[strlen(word)] == ' ')
			return true;
	return false;
}

static bool
has_word(int argc, char **argv, const char *word)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

static int
unknown_verb(struct cli *c, int argc, char **argv)
{
	const char *best = NULL;
	char said[128];
	size_t least = 4;

	if (is_group(argv[1]) && (argc == 2 || has_word(argc, argv, "--help") || has_word(argc, argv, "-h")))
		return cli_help(argc == 2 ? stderr : stdout, argv[1]);
	c->json = has_word(argc, argv, "--json");
	if (argv[1][0] == '-')
		return cli_usage(c, "the verb comes first, then %s: see aftercare --help", argv[1]);
	bool two = argc > 2 && argv[2][0] != '-';
	snprintf(said, sizeof(said), "%s%s%s", argv[1], two ? " " : "", two ? argv[2] : "");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		if (cli_distance(said, v->name) < least) {
			least = cli_distance(said, v->name);
			best = v->name;
		}
	if (best != NULL)
		return cli_usage(c, "there is no verb '%s'; did you mean '%s'?", said, best);
	return cli_usage(c, "there is no verb '%s'; see aftercare --help", said);
}

static int
say_version(bool json)
{
	if (json)
		printf("{\"schema_version\":%d,\"program\":\"aftercare\",\"version\":\"%s\","
		       "\"store_schema\":%lld}\n",
		    CLI_SCHEMA_VERSION, AC_VERSION, (long long)ac_store_schema());
	else
		puts("aftercare " AC_VERSION);
	return cli_done();
}

/* Longer than most terminals. */
static int
help_all(struct ac_arena *a)
{
	struct cli c = { .a = a };
	int columns = cli_columns(stdout);

	cli_terminal_look(&c);
	cli_pager_start(&c);
	return cli_pager_end(&c, cli_help_in(stdout, columns, NULL));
}

/* help, version and nothing at all: the exit code, or -1 for a verb. */
static int
about(struct ac_arena *a, int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	int words;

	if (argc < 2)
		return cli_help(stderr, NULL);
	if (strcmp(word, "--version") == 0 || strcmp(word, "version") == 0) {
		return say_version(has_word(argc, argv, "--json"));
	}
	if (strcmp(word, "help") == 0 && argc > 2) {
		const struct cli_verb *v = cli_find_verb(argc - 1, argv + 1, &words);
		if (v != NULL)
			return cli_help_verb(v);
		if (is_group(argv[2]))
			return cli_help(stdout, argv[2]);
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
		return help_all(a);
	return -1;
}

/*
 * Behind root, and behind the plugin's own user, stands a person: the login that the kernel keeps and sudo does not change;
 * where there is none (a container), the name that sudo gives.
 * LIMIT: who can write the store's files can be anybody; two-person approval holds against everybody else.
 */
static struct ac_str
os_user(struct ac_arena *a)
{
	struct ac_str text;
	int64_t login = NOBODY_SIGNED_IN;
	uid_t uid = getuid();
	const char *sudo = getenv("SUDO_USER");
	struct ac_err e = { 0 };

	if (ac_file_read("/proc/self/loginuid", 32, a, &text, &e) == AC_OK &&
	    ac_str_int(ac_str_trim(text), 0, UINT32_MAX, &login) && login != NOBODY_SIGNED_IN)
		uid = (uid_t)login;
	else if (sudo != NULL && *sudo != '\0')
		return ac_str_dup(a, ac_str_c(sudo));
	struct passwd *pw = getpwuid(uid);
	return pw == NULL ? ac_strf(a, "uid%u", (unsigned)uid) : ac_str_dup(a, ac_str_c(pw->pw_name));
}

bool
cli_actor_is_allowed(const struct cli *c, const struct ac_clinic *clinic, struct ac_err *reterr)
{
	if (c->actor == NULL || (clinic != NULL && clinic->demonstration))
		return true;
	ac_fail(reterr, AC_EDENIED, "CLI-ACTOR",
	    "--actor is for demonstrations: you are the user you signed in as");
	return false;
}

bool
cli_open(struct cli *c, struct ac_err *reterr)
{
	struct ac_service_options o = { .state_dir = c->state };
	int64_t have, newest;

	/* the store's core migrates what it opens: not because somebody looked, beside a plugin of the former release */
	if (ac_migrate_pending(c->state, &have, &newest, reterr) == AC_OK && have > 0 && have < newest) {
		(void)ac_fail(reterr, AC_ECONFLICT, "STORE-MIGRATE",
		    "the store has schema %lld and this release %lld: stop the plugin, then aftercare store migrate, which makes a copy first",
		    (long long)have, (long long)newest);
		return false;
	}
	return ac_service_open(&o, &c->service, reterr) == AC_OK &&
	       ac_worker_new(c->service, &c->w, reterr) == AC_OK && ac_worker_begin(c->w, reterr) == AC_OK &&
	       cli_actor_is_allowed(c, c->w->config->clinic, reterr);
}

static int
run(struct cli *c)
{
	struct ac_err e = { 0 };
	int rc;

	c->who = c->actor != NULL ? ac_str_c(c->actor) : os_user(c->a);
	if ((c->verb->need & CLI_NEED_STORE) != 0 && !cli_open(c, &e))
		rc = cli_fail(c, e.code == AC_EDENIED ? NULL : c->state, &e);
	else if ((c->verb->need & CLI_NEED_EDIT) == 0 || (rc = cli_may_edit(c)) < 0) {
		cli_terminal_look(c);
		if ((c->verb->need & CLI_NEED_PAGER) != 0)
			cli_pager_start(c);
		rc = cli_pager_end(c, c->verb->fn(c));
	}
	ac_worker_free(c->w);
	ac_service_close(c->service);
	return rc;
}

/* At once, whatever runs: the store is made for it, and an export without a manifest says that it is none. */
static void
interrupted(int sig)
{
	static const char words[] = "\naftercare: interrupted\n";
	ssize_t n;

	close(
	    STDOUT_FILENO); /* a pager gets its end of input, and the terminal stays its own until it is left */
	while (waitpid(-1, NULL, 0) > 0)
		;
	n = write(STDERR_FILENO, words, sizeof(words) - 1);
	(void)n;
	(void)sig;
	_exit(130);
}

static void
set_signals(void)
{
	struct sigaction was, act = { .sa_handler = interrupted };

	signal(SIGPIPE,
	    SIG_IGN); /* a closed pager is an error of stdout, not a death in the middle of a commit */
	if (sigaction(SIGINT, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
		sigaction(SIGINT, &act, NULL);
}

int
main(int argc, char **argv)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct cli c = { .a = a };
	int words = 0, rc;

	set_signals();
	ac_log_open(AC_LOG_WARNING, false);
	if ((rc = about(a, argc, argv)) >= 0)
		return rc;
	c.verb = cli_find_verb(argc, argv, &words);
	if (c.verb == NULL)
		return unknown_verb(&c, argc, argv);
	argv[words] = argv[0];
	if ((rc = cli_read_options(&c, argc - words, argv + words)) >= 0)
		return rc;
	return run(&c);
}
