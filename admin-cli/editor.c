/* editor.c - see editor.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
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
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

int
cli_editor_begin(void)
{
	sigset_t set = interrupts();

	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* *ret_must_end: by more than a key, which was the editor's. */
static bool
was_interrupted(int stop, bool *ret_must_end)
{
	struct signalfd_siginfo info;
	bool was = false;

	while (stop >= 0 && read(stop, &info, sizeof(info)) > 0) {
		was = true;
		*ret_must_end |= info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP;
	}
	return was;
}

/* Until the editor ends, or this command must: then its text is the editor's, which is told by the terminal or stays. */
static bool
wait_for(pid_t pid, int stop, int *ret_status, bool *ret_stopped)
{
	struct pollfd fds[2] = { { .fd = pidfd_open(pid, 0), .events = POLLIN }, { .fd = stop, .events = POLLIN } };
	bool must_end = false;

	while (fds[0].fd >= 0 && !must_end) {
		bool is_told = poll(fds, 2, -1) > 0;

		if (is_told && fds[1].revents != 0)
			*ret_stopped |= was_interrupted(stop, &must_end);
		if (is_told && fds[0].revents != 0)
			break;
	}
	if (fds[0].fd >= 0)
		close(fds[0].fd);
	if (must_end)
		return false;
	while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
		;
	*ret_stopped |= was_interrupted(stop, &must_end);
	return !must_end;
}

void
cli_editor_end(int stop)
{
	sigset_t set = interrupts();
	bool must_end = false;

	was_interrupted(stop, &must_end); /* what was meant for the editor, or was answered */
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
start(struct cli *c, const struct ac_edit *e, uint32_t line, pid_t *ret)
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
		argv[n++] = ac_cstr(c->a, ac_str_c(e->text));
		argv[n] = NULL;
		error = cli_spawn(argv, -1, e->lock, ret);
		if (named != NULL)
			return error;
	}
	return error;
}

enum cli_edited
cli_editor_run(struct cli *c, struct ac_edit *e, uint32_t line, int stop, const char **ret_why)
{
	pid_t pid;
	int status = 0, error;
	bool stopped = false;

	if ((error = start(c, e, line, &pid)) != 0) {
		*ret_why = error == ENOTTY ? "no editor is named (VISUAL, EDITOR), and there is no terminal for the usual one"
					   : ac_cstr(c->a, ac_strf(c->a, "the editor does not start: %s", strerrordesc_np(error)));
		return CLI_NOT_STARTED;
	}
	ac_edit_say_holder(e, pid);
	if (!wait_for(pid, stop, &status, &stopped)) {
		ac_edit_leave(e); /* to the editor, while it runs */
		*ret_why = "interrupted";
		return CLI_INTERRUPTED;
	}
	ac_edit_say_holder(e, getpid());
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
