/* ask.c - questions to the person at the terminal. Nothing here writes to stdout: data stays clean. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "admin-cli/terminal.h"

bool
cli_has_person(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

enum cli_answer
cli_ask_or_stop(const struct cli *c, const char *question, char *answer, size_t size, int stop)
{
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = stop, .events = POLLIN } };
	size_t n = 0;
	char ch = '\0';
	ssize_t got;

	if (c->no_input || !cli_has_person())
		return CLI_NO_ANSWER;
	fprintf(stderr, "%s", question);
	fflush(stderr);
	/* byte by byte, and not through stdin's buffer: what is typed ahead must be there for poll to see */
	for (;;) {
		if (stop >= 0 && poll(fds, 2, -1) > 0 && fds[1].revents != 0)
			return CLI_STOPPED;
		got = read(STDIN_FILENO, &ch, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || ch == '\n')
			break;
		if (n + 1 <
		    size) /* longer than any answer that we take: the rest of the line is not the next one */
			answer[n++] = ch;
	}
	answer[n] = '\0';
	if (got > 0)
		return CLI_ANSWERED;
	fprintf(stderr, "\n");
	return CLI_NO_ANSWER;
}

bool
cli_ask(const struct cli *c, const char *question, char *answer, size_t size)
{
	return cli_ask_or_stop(c, question, answer, size, -1) == CLI_ANSWERED;
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
	char text[1024];
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cli_wrap(stderr, cli_columns(stderr), 0, 2, ac_strf(c->a, "aftercare: %s", text));
}
