/* editor.c - see editor.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "admin-cli/editor.h"

/* Those that begin on a line when they are told "+12"; another would take it for a file. */
static const char *const takes_line[] = { "editor", "elvis", "emacs", "emacsclient", "ex", "jed", "joe",
	"kak", "mcedit", "mg", "micro", "nano", "ne", "nvi", "nvim", "pico", "vi", "view", "vim", "vim.basic",
	"vim.tiny" };

static bool
knows_lines(const char *program)
{
	const char *slash = strrchr(program, '/'), *name = slash == NULL ? program : slash + 1;

	for (size_t i = 0; i < sizeof(takes_line) / sizeof(takes_line[0]); i++)
		if (strcmp(name, takes_line[i]) == 0)
			return true;
	return false;
}

static sigset_t
interrupts(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	return set;
}

int
cli_editor_begin(void)
{
	sigset_t set = interrupts();

	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool
was_interrupted(int stop)
{
	struct signalfd_siginfo info;
	bool was = false;

	while (stop >= 0 && read(stop, &info, sizeof(info)) > 0)
		was = true;
	return was;
}

void
cli_editor_end(int stop)
{
	sigset_t set = interrupts();

	was_interrupted(stop); /* what was meant for the editor, or was answered */
	if (stop >= 0)
		close(stop);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static const char *
setting(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || *value == '\0' ? NULL : value;
}

/* 0 or an errno; a program that was named is not replaced by another. */
static int
start(struct cli *c, const char *path, uint32_t line, pid_t *ret)
{
	const char *named = setting("VISUAL") != NULL ? setting("VISUAL") : setting("EDITOR");
	const char *const usual[] = { "editor", "vi" };
	int error = ENOENT;

	if (named == NULL && !isatty(STDIN_FILENO)) /* vi would wait for ever */
		return ENOTTY;
	for (size_t i = 0; i < 2 && error == ENOENT; i++) {
		char *argv[CLI_WORDS_MAX + 2];
		size_t n = 0;

		if (!cli_split(c, named != NULL ? named : usual[i], argv, CLI_WORDS_MAX))
			return EINVAL;
		while (argv[n] != NULL)
			n++;
		if (line > 1 && knows_lines(argv[0]))
			argv[n++] = ac_cstr(c->a, ac_strf(c->a, "+%u", line));
		argv[n++] = ac_cstr(c->a, ac_str_c(path));
		argv[n] = NULL;
		error = cli_spawn(argv, -1, ret);
		if (named != NULL)
			return error;
	}
	return error;
}

enum cli_edited
cli_editor_run(struct cli *c, const char *path, uint32_t line, int stop, const char **ret_why)
{
	pid_t pid;
	int status = 0, error;

	if ((error = start(c, path, line, &pid)) != 0) {
		*ret_why = error == ENOTTY ? "no editor is named (VISUAL, EDITOR), and there is no terminal for the usual one"
					   : ac_cstr(c->a, ac_strf(c->a, "the editor does not start: %s", strerrordesc_np(error)));
		return CLI_NOT_STARTED;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	bool stopped = was_interrupted(stop);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return CLI_EDITED;
	if (stopped || (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)) {
		*ret_why = "interrupted";
		return CLI_INTERRUPTED;
	}
	*ret_why = WIFSIGNALED(status)
		       ? ac_cstr(c->a, ac_strf(c->a, "the editor was ended by signal %d", WTERMSIG(status)))
		       : ac_cstr(c->a, ac_strf(c->a, "the editor ended with %d", WEXITSTATUS(status)));
	return CLI_FAILED;
}
