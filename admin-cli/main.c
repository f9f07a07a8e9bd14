/* main.c - aftercare: find the verb, read its options, open what it needs, run it. */
#include <getopt.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin-cli/verbs.h"
#include "base/log.h"

#define STATE_DEFAULT "/var/lib/aftercare"

static const struct {
	struct option o;
	unsigned bit;
	const char *help;
} options[] = {
	{ { "state", required_argument, NULL, 1 }, CLI_STATE, "DIR the installation (default " STATE_DEFAULT ")" },
	{ { "json", no_argument, NULL, 2 }, CLI_JSON, "machine-readable output" },
	{ { "actor", required_argument, NULL, 3 }, CLI_ACTOR, "NAME act as this person; demonstrations only" },
	{ { "clinic", required_argument, NULL, 4 }, CLI_CLINIC, "FILE the clinic's configuration" },
	{ { "channel", required_argument, NULL, 5 }, CLI_CHANNEL, "SITE whose EHR takes deliveries" },
	{ { "confirm", required_argument, NULL, 6 }, CLI_CONFIRM, "NAME repeat the name of what is changed" },
	{ { "dry-run", no_argument, NULL, 7 }, CLI_DRY_RUN, "say what would be done, change nothing" },
	{ { "patient", required_argument, NULL, 8 }, CLI_PATIENT, "ID the EHR's patient id" },
	{ { "since", required_argument, NULL, 9 }, CLI_SINCE, "T from this time on (2026-03-01, or RFC 3339)" },
	{ { "until", required_argument, NULL, 10 }, CLI_UNTIL, "T before this time" },
	{ { "by", required_argument, NULL, 11 }, CLI_BY, "performed, document or committed: which time is meant" },
	{ { "all", no_argument, NULL, 12 }, CLI_ALL, "everything" },
	{ { "out", required_argument, NULL, 13 }, CLI_OUT, "DIR a new or empty folder" },
	{ { "site", required_argument, NULL, 14 }, CLI_SITE, "SITE only this site" },
	{ { "verify", no_argument, NULL, 15 }, CLI_VERIFY, "compare with what is stored; exit 7 when it differs" },
	{ { "version", required_argument, NULL, 16 }, CLI_VERSION_N, "N this version instead of the newest" },
	{ { "role", required_argument, NULL, 17 }, CLI_ROLE, "ROLE only tasks of this role" },
	{ { "open", no_argument, NULL, 18 }, CLI_OPEN, "only what is not done" },
	{ { "help", no_argument, NULL, 'h' }, ~0u, "this help" },
};
#define NOPTIONS (sizeof(options) / sizeof(options[0]))

static void
help_verb(const struct cli_verb *v)
{
	printf("usage: aftercare %s [options]%s%s\n\n  %s\n\noptions\n", v->name, *v->args ? " " : "", v->args, v->help);
	for (size_t i = 0; i < NOPTIONS; i++)
		if ((options[i].bit & v->options) != 0)
			printf("  --%-9s %s\n", options[i].o.name, options[i].help);
	printf("\nexample\n  %s\n", v->example);
}

static void
help(FILE *f)
{
	fprintf(f, "usage: aftercare VERB [options] [arguments]\n\n");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		fprintf(f, "  %-17s %s\n", v->name, v->help);
	fprintf(f, "\n'aftercare VERB --help' explains one. Manual: aftercare(1).\n");
}

/* How many single-letter changes between two words: for "did you mean". */
static size_t
distance(const char *a, const char *b)
{
	size_t row[64], na = strlen(a), nb = strlen(b);

	if (na >= 64 || nb >= 64)
		return 64;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
			row[j] = change < least ? change : least;
		}
	}
	return row[nb];
}

/* The verb that the first words name; *ret_words says how many words it took. */
static const struct cli_verb *
find_verb(int argc, char **argv, int *ret_words)
{
	char two[128];

	for (const struct cli_verb *v = cli_verbs; argc > 1 && v->name != NULL; v++) {
		*ret_words = strchr(v->name, ' ') == NULL ? 1 : 2;
		snprintf(two, sizeof(two), "%s %s", argv[1], argc > 2 ? argv[2] : "");
		if (strcmp(*ret_words == 1 ? argv[1] : two, v->name) == 0)
			return v;
	}
	if (argc > 1 && argv[1][0] != '-') {
		const struct cli_verb *best = NULL;
		size_t least = 4;

		snprintf(two, sizeof(two), argc > 2 && argv[2][0] != '-' ? "%s %s" : "%s%.0s", argv[1], argc > 2 ? argv[2] : "");
		for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
			if (distance(two, v->name) < least) {
				least = distance(two, v->name);
				best = v;
			}
		fprintf(stderr, "aftercare: there is no verb '%s'", two);
		fprintf(stderr, best == NULL ? "\n" : "; did you mean '%s'?\n", best == NULL ? "" : best->name);
	}
	return NULL;
}

static void
take(struct cli *c, unsigned bit, const char *value)
{
	switch ((enum cli_option)bit) {
	case CLI_STATE: c->state = value; break;
	case CLI_JSON: c->json = true; break;
	case CLI_ACTOR: c->actor = value; break;
	case CLI_CLINIC: c->clinic = value; break;
	case CLI_CHANNEL: c->channel = value; break;
	case CLI_CONFIRM: c->confirm = value; break;
	case CLI_DRY_RUN: c->dry_run = true; break;
	case CLI_PATIENT: c->patient = value; break;
	case CLI_SINCE: c->since = value; break;
	case CLI_UNTIL: c->until = value; break;
	case CLI_BY: c->by = value; break;
	case CLI_ALL: c->all = true; break;
	case CLI_OUT: c->out = value; break;
	case CLI_SITE: c->site = value; break;
	case CLI_VERIFY: c->verify = true; break;
	case CLI_VERSION_N: c->version_n = value; break;
	case CLI_ROLE: c->role = value; break;
	case CLI_OPEN: c->open = true; break;
	}
}

/* Exit code to end with, or -1 to go on. */
static int
read_options(struct cli *c, const struct cli_verb *v, int argc, char **argv)
{
	struct option longs[NOPTIONS + 1] = { 0 };

	for (size_t i = 0; i < NOPTIONS; i++)
		longs[i] = options[i].o;
	for (int o; (o = getopt_long(argc, argv, "h", longs, NULL)) != -1;) {
		if (o == 'h')
			return help_verb(v), 0;
		if (o == '?')
			return 2;
		if ((options[o - 1].bit & v->options) == 0)
			return cli_usage("'%s' has no option --%s", v->name, options[o - 1].o.name);
		take(c, options[o - 1].bit, optarg);
	}
	c->argc = argc - optind;
	c->argv = argv + optind;
	if (c->argc < v->min || (v->max >= 0 && c->argc > v->max))
		return cli_usage("usage: aftercare %s [options] %s", v->name, v->args);
	return -1;
}

static struct ac_str
os_user(struct ac_arena *a)
{
	const char *sudo = geteuid() == 0 ? getenv("SUDO_USER") : NULL;
	struct passwd *pw = getpwuid(getuid());

	if (sudo != NULL && *sudo != '\0')
		return ac_str_dup(a, ac_str_c(sudo));
	return pw == NULL ? ac_strf(a, "uid%u", (unsigned)getuid()) : ac_str_dup(a, ac_str_c(pw->pw_name));
}

static int
run(struct cli *c, const struct cli_verb *v)
{
	struct ac_err e = { 0 };
	AC_AUTO(ac_service) service = NULL;
	AC_AUTO(ac_worker) w = NULL;
	struct ac_service_options o = { .state_dir = c->state };

	c->who = c->actor != NULL ? ac_str_c(c->actor) : os_user(c->a);
	if ((v->need & CLI_NEED_STORE) == 0)
		return v->fn(c);
	if (ac_service_open(&o, &service, &e) != AC_OK || ac_worker_new(service, &w, &e) != AC_OK ||
	    ac_worker_begin(w, &e) != AC_OK)
		return cli_fail(c, c->state, &e);
	if (c->actor != NULL && (w->config->clinic == NULL || !w->config->clinic->demonstration)) {
		ac_fail(&e, AC_EDENIED, "CLI-ACTOR", "--actor is for demonstrations: you are the user you signed in as");
		return cli_fail(c, NULL, &e);
	}
	c->w = w;
	int rc = v->fn(c);
	ac_worker_end(w);
	return rc;
}

int
main(int argc, char **argv)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct cli c = { .state = STATE_DEFAULT, .a = a };
	int words = 0, rc;

	signal(SIGPIPE, SIG_IGN); /* a closed pager is an error of stdout, not a death in the middle of a commit */
	ac_log_open(AC_LOG_WARNING, false);
	if (getenv("AFTERCARE_STATE") != NULL)
		c.state = getenv("AFTERCARE_STATE");
	if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0))
		return puts("aftercare " AC_VERSION), 0;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0))
		return help(stdout), 0;
	const struct cli_verb *v = find_verb(argc, argv, &words);
	if (v == NULL) {
		if (argc < 2 || argv[1][0] == '-')
			help(stderr);
		return 2;
	}
	argv[words] = argv[0];
	if ((rc = read_options(&c, v, argc - words, argv + words)) >= 0)
		return rc;
	return run(&c, v);
}
