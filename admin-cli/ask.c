/* ask.c - questions to the person at the terminal. Nothing here writes to stdout: data stays clean. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin-cli/verbs.h"

bool
cli_ask(const struct cli *c, const char *question, char *answer, size_t size)
{
	if (c->no_input || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return false;
	fprintf(stderr, "%s", question);
	fflush(stderr);
	if (fgets(answer, (int)size, stdin) == NULL) {
		clearerr(stdin); /* Ctrl-D once is no answer; the next question may have one */
		fprintf(stderr, "\n");
		return false;
	}
	size_t n = strlen(answer);
	if (n > 0 && answer[n - 1] == '\n')
		answer[n - 1] = '\0';
	else /* longer than any answer that we take: the rest of the line is not the next answer */
		for (int ch = 0; ch != EOF && ch != '\n';)
			ch = getc(stdin);
	return true;
}

int
cli_confirm(const struct cli *c, struct ac_str name, const char *what)
{
	char question[512], typed[256];

	if (c->confirm != NULL && ac_streq_c(name, c->confirm))
		return -1;
	if (c->confirm == NULL) {
		snprintf(question, sizeof(question), "aftercare: %s.\nType %.*s to go on: ", what,
		    AC_FMT(cli_plain(c, name)));
		if (cli_ask(c, question, typed, sizeof(typed)) && ac_streq_c(name, typed))
			return -1;
	}
	return cli_usage(c, "%s: repeat the name with --confirm=%.*s", what, AC_FMT(cli_plain(c, name)));
}

void
cli_say(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "aftercare: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
}
