/* options.c - options, help and "did you mean": everything about words that is not a verb's own business. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin-cli/verbs.h"

#define STATE_DEFAULT "/var/lib/aftercare"
#define NEAR 3 /* letters that a slip changes at most */

/* clang-format off */
static const struct {
	struct option o;
	unsigned bit;
	const char *arg, *help;
} options[] = {
	{ { "state", required_argument, NULL, 1 }, CLI_STATE, "DIR", "the installation (default " STATE_DEFAULT ")" },
	{ { "json", no_argument, NULL, 2 }, CLI_JSON, "", "machine-readable output" },
	{ { "actor", required_argument, NULL, 3 }, CLI_ACTOR, "NAME", "act as this person; demonstrations only" },
	{ { "clinic", required_argument, NULL, 4 }, CLI_CLINIC, "FILE", "the clinic's configuration" },
	{ { "channel", required_argument, NULL, 5 }, CLI_CHANNEL, "SITE", "whose EHR takes deliveries" },
	{ { "confirm", required_argument, NULL, 6 }, CLI_CONFIRM, "NAME", "repeat the name of what is changed" },
	{ { "dry-run", no_argument, NULL, 7 }, CLI_DRY_RUN, "", "say what would be done, change nothing" },
	{ { "patient", required_argument, NULL, 8 }, CLI_PATIENT, "ID", "the EHR's patient id" },
	{ { "since", required_argument, NULL, 9 }, CLI_SINCE, "T", "from this time on (2026-03-01, or RFC 3339)" },
	{ { "until", required_argument, NULL, 10 }, CLI_UNTIL, "T", "before this time" },
	{ { "by", required_argument, NULL, 11 }, CLI_BY, "TIME", "performed, document or committed: which time is meant" },
	{ { "all", no_argument, NULL, 12 }, CLI_ALL, "", "everything" },
	{ { "out", required_argument, NULL, 13 }, CLI_OUT, "DIR", "a new or empty folder" },
	{ { "site", required_argument, NULL, 14 }, CLI_SITE, "SITE", "only this site" },
	{ { "verify", no_argument, NULL, 15 }, CLI_VERIFY, "", "compare with what is stored; exit 7 when it differs" },
	{ { "version", required_argument, NULL, 16 }, CLI_VERSION_N, "N", "this version instead of the newest" },
	{ { "role", required_argument, NULL, 17 }, CLI_ROLE, "ROLE", "only tasks of this role" },
	{ { "open", no_argument, NULL, 18 }, CLI_OPEN, "", "only what is not done" },
	{ { "help", no_argument, NULL, 'h' }, ~0u, "", "this help" },
};
/* clang-format on */
#define NOPTIONS (sizeof(options) / sizeof(options[0]))

int
cli_help_verb(const struct cli_verb *v)
{
	char head[32];

	printf("usage: aftercare %s [options]%s%s\n\n  %s\n\noptions\n", v->name, *v->args ? " " : "",
	    v->args, v->help);
	for (size_t i = 0; i < NOPTIONS; i++) {
		if ((options[i].bit & v->options) == 0)
			continue;
		snprintf(head, sizeof(head), "--%s%s%s", options[i].o.name, *options[i].arg ? " " : "",
		    options[i].arg);
		printf("  %-14s %s\n", head, options[i].help);
	}
	printf("\nexample\n  %s\n", v->example);
	return cli_done();
}

static bool
is_of_group(const struct cli_verb *v, const char *group)
{
	return group == NULL ||
	       (strncmp(v->name, group, strlen(group)) == 0 && v->name[strlen(group)] == ' ');
}

int
cli_help(FILE *f, const char *group)
{
	fprintf(f, "usage: aftercare %s%s [options] [arguments]\n\n", group == NULL ? "" : group,
	    group == NULL ? "VERB" : " VERB");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		if (is_of_group(v, group))
			fprintf(f, "  %-17s %s\n", v->name, v->help);
	fprintf(f, "\n'aftercare VERB --help' explains one. Manual: aftercare(1).\n");
	return f == stdout ? cli_done() : 2;
}

size_t
cli_distance(const char *a, const char *b)
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

static int
unknown_option(const struct cli *c, const char *arg)
{
	const char *name = arg + strspn(arg, "-"), *best = NULL;
	char word[64];
	size_t least = NEAR;

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(name, "="), name);
	for (size_t i = 0; i < NOPTIONS; i++)
		if ((options[i].bit & c->verb->options) != 0 &&
		    cli_distance(word, options[i].o.name) < least) {
			least = cli_distance(word, options[i].o.name);
			best = options[i].o.name;
		}
	if (best != NULL)
		return cli_usage(c, "'%s' has no option %s; did you mean --%s?", c->verb->name, arg, best);
	return cli_usage(
	    c, "'%s' has no option %s; see aftercare %s --help", c->verb->name, arg, c->verb->name);
}

static void
take(struct cli *c, unsigned bit, const char *value)
{
	/* clang-format off */
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
	/* clang-format on */
}

/* Before the first error can happen: an error's form depends on it. */
static bool
wants_json(const struct cli_verb *v, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return (v->options & CLI_JSON) != 0;
	return false;
}

int
cli_read_options(struct cli *c, int argc, char **argv)
{
	const struct cli_verb *v = c->verb;
	struct option longs[NOPTIONS + 1] = { 0 };
	const char *env = getenv("AFTERCARE_STATE");

	for (size_t i = 0; i < NOPTIONS; i++)
		longs[i] = options[i].o;
	c->state = env != NULL && *env != '\0' ? env : STATE_DEFAULT;
	c->json = wants_json(v, argc, argv);
	opterr = 0; /* we say it ourselves, as JSON too */
	for (int o; (o = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
		if (o == 'h')
			return cli_help_verb(v);
		if (o == ':')
			return cli_usage(c, "%s needs a value", argv[optind - 1]);
		if (o == '?' && optopt > 0 && optopt <= (int)NOPTIONS)
			return cli_usage(c, "--%s takes no value", options[optopt - 1].o.name);
		if (o == '?')
			return unknown_option(c, argv[optind - 1]);
		if ((options[o - 1].bit & v->options) == 0)
			return cli_usage(c, "'%s' has no option --%s", v->name, options[o - 1].o.name);
		take(c, options[o - 1].bit, optarg);
	}
	c->argc = argc - optind;
	c->argv = argv + optind;
	if (c->argc < v->min || (v->max >= 0 && c->argc > v->max))
		return cli_usage(
		    c, "usage: aftercare %s [options]%s%s", v->name, *v->args ? " " : "", v->args);
	return -1;
}
