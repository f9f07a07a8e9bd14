/*
 * terminal.c - what stdout is, and the other programs that a person reads and writes with: pager and editor.
 *
 * Both are started by argument vector, never by a shell: $PAGER and $EDITOR are split at blanks, and nothing in them is
 * expanded or quoted. A person who needs more puts it into a script and names that.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admin-cli/terminal.h"

#define COLUMNS_DEFAULT 80
#define COLUMNS_MIN 40
#define COLUMNS_MAX 400

extern char **environ;

static int
columns_of(int fd)
{
	const char *env = getenv("COLUMNS");
	struct winsize size;
	int64_t n = 0;

	if (env != NULL && ac_str_int(ac_str_c(env), COLUMNS_MIN, COLUMNS_MAX, &n))
		return (int)n;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= COLUMNS_MIN && size.ws_col <= COLUMNS_MAX)
		return size.ws_col;
	return COLUMNS_DEFAULT;
}

int
cli_columns(FILE *f)
{
	return isatty(fileno(f)) == 1 ? columns_of(fileno(f)) : 0;
}

static bool
is_dumb(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "dumb") == 0;
}

void
cli_terminal_look(struct cli *c)
{
	const char *no = getenv("NO_COLOR");

	c->is_tty = isatty(STDOUT_FILENO) == 1;
	c->colour = c->is_tty && (no == NULL || *no == '\0') && !is_dumb();
	c->columns = c->is_tty ? columns_of(STDOUT_FILENO) : 0;
}

const char *
cli_paint(const struct cli *c, enum cli_colour k)
{
	static const char *const code[] = { "\033[0m", "\033[31m", "\033[32m", "\033[33m", "\033[36m",
		"\033[1m", "\033[2m" };

	return c->colour ? code[k] : "";
}

bool
cli_split(struct cli *c, const char *command, char **argv, size_t max)
{
	struct ac_str rest = ac_str_c(command), word;
	size_t n = 0;

	while (rest = ac_str_trim(rest), rest.n > 0) {
		size_t end = 0;

		while (end < rest.n && rest.p[end] != ' ' && rest.p[end] != '\t')
			end++;
		word = (struct ac_str){ rest.p, end };
		rest = (struct ac_str){ rest.p + end, rest.n - end };
		if (n + 1 >= max)
			return false;
		argv[n++] = ac_cstr(c->a, word);
	}
	argv[n] = NULL;
	return n > 0;
}

int
cli_spawn(char *const *argv, int stdin_fd, int also, pid_t *ret)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	int error;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGINT);
	sigaddset(&usual, SIGQUIT);
	if (posix_spawn_file_actions_init(&files) != 0 || posix_spawnattr_init(&attr) != 0)
		abort();
	if (stdin_fd >= 0)
		posix_spawn_file_actions_adddup2(&files, stdin_fd, STDIN_FILENO);
	if (also >= 0)
		posix_spawn_file_actions_adddup2(&files, also, also); /* itself: no longer closed on exec */
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(ret, argv[0], &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return error;
}

void
cli_pager_start(struct cli *c)
{
	const char *pager = getenv("PAGER");
	char *argv[CLI_WORDS_MAX];
	int ends[2];

	if (!c->is_tty || c->json || c->csv || is_dumb() || (pager != NULL && *pager == '\0'))
		return;
	if (!cli_split(c, pager == NULL ? "less -FRX" : pager, argv, CLI_WORDS_MAX) ||
	    strcmp(argv[0], "cat") == 0)
		return;
	setenv("LESS", "FRX", 0); /* a bare "less" would show our colours as their codes */
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	if (cli_spawn(argv, ends[0], -1, &c->pager) != 0)
		c->pager = 0; /* none here: the terminal scrolls */
	else
		dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
}

int
cli_pager_end(struct cli *c, int rc)
{
	if (c->pager <= 0)
		return rc;
	fflush(stdout);
	bool left_early = ferror(stdout) && errno == EPIPE;
	close(STDOUT_FILENO); /* the pager's end of input */
	while (waitpid(c->pager, NULL, 0) < 0 && errno == EINTR)
		;
	return rc == 1 && left_early ? 0 : rc; /* who leaves the pager has seen enough */
}
