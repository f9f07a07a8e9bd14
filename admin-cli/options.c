/* options.c - options, help and "did you mean": everything about words that is not a verb's own business. */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin-cli/terminal.h"

#define NEAR 3 /* letters that a slip changes at most */

#define OPTION_AT 25 /* of an option */
#define HELP_AT 23   /* where the sentences of the help begin */

enum { FORM_TEXT, FORM_FLAG, FORM_LIST };

/* clang-format off */
const struct cli_option_row cli_options[CLI_NOPTIONS] = {
#define TEXT(name, member, letter, word, arg, help) { word, arg, help, letter, false },
#define FLAG(name, member, letter, word, help) { word, "", help, letter, false },
#define LIST(name, member, letter, word, arg, help) { word, arg, help, letter, true },
#include "admin-cli/options.def"
#undef TEXT
#undef FLAG
#undef LIST
};

static const struct place {
	size_t at;
	int form;
} places[CLI_NOPTIONS] = {
#define TEXT(name, member, letter, word, arg, help) { offsetof(struct cli, member), FORM_TEXT },
#define FLAG(name, member, letter, word, help) { offsetof(struct cli, member), FORM_FLAG },
#define LIST(name, member, letter, word, arg, help) { offsetof(struct cli, member), FORM_LIST },
#include "admin-cli/options.def"
#undef TEXT
#undef FLAG
#undef LIST
};
/* clang-format on */

static bool
takes(const struct cli_verb *v, size_t i)
{
	return (v->options & UINT64_C(1) << i) != 0;
}

static void
help_option(char letter, const char *word, const char *arg, const char *help)
{
	char head[40];

	snprintf(head, sizeof(head), "--%s%s%s", word, *arg ? " " : "", arg);
	int at = printf("  %c%c%s %-18s ", letter != 0 ? '-' : ' ', letter != 0 ? letter : ' ',
	    letter != 0 ? "," : " ", head);
	cli_wrap(stdout, cli_columns(stdout), (size_t)at, OPTION_AT, ac_str_c(help));
}

int
cli_help_verb(const struct cli_verb *v)
{
	printf("usage: aftercare %s [options]%s%s\n\n  ", v->name, *v->args ? " " : "", v->args);
	cli_wrap(stdout, cli_columns(stdout), 2, 2, ac_str_c(v->help));
	printf("\noptions\n");
	for (size_t i = 0; i < CLI_NOPTIONS; i++)
		if (takes(v, i))
			help_option(cli_options[i].letter, cli_options[i].word, cli_options[i].arg,
			    cli_options[i].help);
	help_option('h', "help", "", "this help");
	printf("\nexamples\n");
	for (int i = 0; i < 2; i++) {
		printf("  ");
		cli_wrap(stdout, cli_columns(stdout), 2, 4, ac_str_c(v->example[i]));
	}
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
	return cli_help_in(f, cli_columns(f), group);
}

static bool
begins_alike(const char *a, const char *b)
{
	size_t n = strcspn(a, " ");

	return n == strcspn(b, " ") && memcmp(a, b, n) == 0;
}

/* Of all verbs a blank line stands between two groups: eighty lines are looked through, not read. */
int
cli_help_in(FILE *f, int columns, const char *group)
{
	const struct cli_verb *former = NULL;

	fprintf(f, "usage: aftercare %s%s [options] [arguments]\n\n", group == NULL ? "" : group,
	    group == NULL ? "VERB" : " VERB");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		if (!is_of_group(v, group))
			continue;
		if (former != NULL && !begins_alike(former->name, v->name))
			fputc('\n', f);
		cli_wrap(f, columns, (size_t)fprintf(f, "  %-20s ", v->name), HELP_AT, ac_str_c(v->help));
		former = v;
	}
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
	for (size_t i = 0; i < CLI_NOPTIONS; i++)
		if (takes(c->verb, i) && cli_distance(word, cli_options[i].word) < least) {
			least = cli_distance(word, cli_options[i].word);
			best = cli_options[i].word;
		}
	if (best != NULL)
		return cli_usage(c, "'%s' has no option %s; did you mean --%s?", c->verb->name, arg, best);
	return cli_usage(
	    c, "'%s' has no option %s; see aftercare %s --help", c->verb->name, arg, c->verb->name);
}

/* False: it was repeated too often. */
static bool
take(struct cli *c, size_t i, const char *value)
{
	void *to = (char *)c + places[i].at;

	if (places[i].form == FORM_FLAG) {
		*(bool *)to = true;
	} else if (places[i].form == FORM_TEXT) {
		*(const char **)to = value;
	} else {
		struct cli_list *l = to;

		if (l->n >= CLI_REPEAT_MAX)
			return false;
		l->v[l->n++] = value;
	}
	return true;
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

/* For getopt: value i + FIRST stands for option i, so that no letter is one of them. */
#define FIRST 256

static void
fill_getopt(struct option *longs, char *letters)
{
	*letters++ = ':'; /* a missing value is told apart from an unknown option */
	*letters++ = 'h';
	for (size_t i = 0; i < CLI_NOPTIONS; i++) {
		bool value = *cli_options[i].arg != '\0';

		longs[i] = (struct option){ cli_options[i].word, value ? required_argument : no_argument,
			NULL, FIRST + (int)i };
		if (cli_options[i].letter != 0) {
			*letters++ = cli_options[i].letter;
			if (value)
				*letters++ = ':';
		}
	}
	longs[CLI_NOPTIONS] = (struct option){ "help", no_argument, NULL, 'h' };
}

static size_t
index_of(int o)
{
	for (size_t i = 0; o < FIRST && i < CLI_NOPTIONS; i++)
		if (cli_options[i].letter == o)
			return i;
	return (size_t)(o - FIRST);
}

/* One answer of getopt; the exit code, or -1 to go on. */
static int
read_option(struct cli *c, int o, const char *word)
{
	const struct cli_verb *v = c->verb;

	if (o == 'h')
		return cli_help_verb(v);
	if (o == ':')
		return cli_usage(c, "%s needs a value", word);
	if (o == '?' && optopt >= FIRST && optopt < FIRST + CLI_NOPTIONS)
		return cli_usage(c, "--%s takes no value", cli_options[optopt - FIRST].word);
	if (o == '?')
		return unknown_option(c, word);
	size_t i = index_of(o);
	if (!takes(v, i))
		return cli_usage(c, "'%s' has no option --%s", v->name, cli_options[i].word);
	if (!take(c, i, optarg))
		return cli_usage(c, "--%s: %d times at most", cli_options[i].word, CLI_REPEAT_MAX);
	return -1;
}

int
cli_read_options(struct cli *c, int argc, char **argv)
{
	const struct cli_verb *v = c->verb;
	struct option longs[CLI_NOPTIONS + 2] = { 0 };
	char letters[2 * CLI_NOPTIONS + 3] = { 0 };
	const char *env = getenv("AFTERCARE_STATE");
	int rc;

	fill_getopt(longs, letters);
	c->state = env != NULL && *env != '\0' ? env : CLI_STATE_DEFAULT;
	c->json = wants_json(v, argc, argv);
	opterr = 0; /* we say it ourselves, as JSON too */
	for (int o; (o = getopt_long(argc, argv, letters, longs, NULL)) != -1;)
		if ((rc = read_option(c, o, argv[optind - 1])) >= 0)
			return rc;
	c->argc = argc - optind;
	c->argv = argv + optind;
	if (c->csv && c->json)
		return cli_usage(c, "--csv or --json, not both");
	if (c->argc < v->min || (v->max >= 0 && c->argc > v->max))
		return cli_usage(
		    c, "usage: aftercare %s [options]%s%s", v->name, *v->args ? " " : "", v->args);
	return -1;
}
