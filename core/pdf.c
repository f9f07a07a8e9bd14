/* pdf.c - see pdf.h. */
#include "core/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

#define PATH_BYTES 4096
#define FIRST_BYTES (64 * 1024)
#define READ_BYTES (32 * 1024)

/* Source: CLDR 44, supplemental data, measurementData, paperSize US-Letter. */
static const char *const letter[] = { "BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE" };

bool
ac_pdf_is_letter(struct ac_str country)
{
	for (size_t i = 0; i < sizeof(letter) / sizeof(letter[0]); i++)
		if (ac_streq_c(country, letter[i]))
			return true;
	return false;
}

/* Installed and built alike: ../libexec/aftercare/aftercare-pdf from the folder of this program. */
static bool
find_program(char *path, size_t size)
{
	static const char rest[] = "/../libexec/aftercare/aftercare-pdf";
	ssize_t n = readlink("/proc/self/exe", path, size - sizeof(rest));

	if (n <= 0 || (size_t)n >= size - sizeof(rest))
		return false;
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n == 0)
		return false;
	memcpy(path + n - 1, rest, sizeof(rest));
	return true;
}

static int
spawn(const char *path, const struct ac_paper *o, int fd, pid_t *ret, struct ac_arena *a)
{
	char name[] = "aftercare-pdf", letter_arg[] = "--letter", large_arg[] = "--large", strict_arg[] = "--strict", at[] = "--made-at";
	char locale[] = "LC_ALL=C.UTF-8", home[] = "HOME=/nonexistent";
	char *made_at = ac_cstr(a, ac_strf(a, "%lld", (long long)(o->made_at > 0 ? o->made_at : 0)));
	char *argv[7] = { name, at, made_at }, *env[] = { locale, home, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, pipe;
	int n = 3, rc;

	if (o->letter)
		argv[n++] = letter_arg;
	if (o->large)
		argv[n++] = large_arg;
	if (o->strict)
		argv[n++] = strict_arg;
	(void)sigemptyset(&none);
	(void)sigemptyset(&pipe);
	(void)sigaddset(&pipe, SIGPIPE);
	if ((rc = posix_spawn_file_actions_init(&files)) != 0)
		return rc;
	if ((rc = posix_spawnattr_init(&attr)) != 0) {
		(void)posix_spawn_file_actions_destroy(&files);
		return rc;
	}
	if ((rc = posix_spawn_file_actions_adddup2(&files, fd, STDIN_FILENO)) == 0 &&
	    (rc = posix_spawn_file_actions_adddup2(&files, fd, STDOUT_FILENO)) == 0 &&
	    (rc = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)) == 0 &&
	    (rc = posix_spawnattr_setsigmask(&attr, &none)) == 0 &&
	    (rc = posix_spawnattr_setsigdefault(&attr, &pipe)) == 0 &&
	    (rc = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0)
		rc = posix_spawn(ret, path, &files, &attr, argv, env);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&files);
	return rc;
}

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Gives what is left of the sheet, as much as is taken now. false: nobody takes it any more, which is no error: the answer
 * says why. */
static bool
give(int fd, struct ac_str *rest)
{
	ssize_t n = send(fd, rest->p, rest->n, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	*rest = (struct ac_str){ rest->p + n, rest->n - (size_t)n };
	if (rest->n == 0)
		(void)shutdown(fd, SHUT_WR);
	return true;
}

/* false: no answer in time. */
static bool
converse(int fd, struct ac_str sheet, struct ac_buf *answer)
{
	int64_t end = monotonic_ms() + AC_PDF_SECONDS_MAX * 1000;
	bool giving = sheet.n > 0;

	if (!giving)
		(void)shutdown(fd, SHUT_WR);
	for (;;) {
		struct pollfd p = { .fd = fd, .events = (short)(giving ? POLLIN | POLLOUT : POLLIN) };
		int64_t left = end - monotonic_ms();

		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		if (giving && (p.revents & POLLOUT) != 0)
			giving = give(fd, &sheet) && sheet.n > 0;
		if ((p.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
			continue;
		if (!ac_buf_room(answer, READ_BYTES))
			return true; /* more than a PDF may have: it is refused below */
		ssize_t n = recv(fd, answer->p + answer->n, READ_BYTES, MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return true;
		answer->n += (size_t)n;
	}
}

/* The program's own rules, so that a rule stays one of our literals. */
static enum ac_code
refusal(struct ac_str said, int code, struct ac_err *reterr)
{
	static const char *const rules[] = { "PAPER-INPUT", "PAPER-BYTES", "PAPER-NODES", "PAPER-DEPTH", "PAPER-TEXT", "PAPER-PAGES",
		"PAPER-FONTS", "PAPER-LETTERS", "PAPER-LIBRARY" };
	struct ac_str rule, message = ac_cut(ac_str_trim(said), ' ', &rule);

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (ac_streq_c(rule, rules[i]) && (code == AC_EINPUT || code == AC_ELIMIT || code == AC_EIO))
			return ac_fail(reterr, (enum ac_code)code, rules[i], "%.*s", AC_FMT(message));
	return ac_fail(reterr, AC_EIO, "PDF-PROGRAM", "aftercare-pdf ended without a PDF");
}

static enum ac_code
result(struct ac_buf *answer, bool in_time, int status, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_str said = ac_buf_str(answer);

	if (!in_time || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		return ac_fail(reterr, AC_EIO, "PDF-TIME", "the PDF took longer than %d s", AC_PDF_SECONDS_MAX);
	if (answer->over)
		return ac_fail(reterr, AC_ELIMIT, "PAPER-PAGES", "the PDF has more than %d bytes", AC_PAPER_PDF_MAX);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return refusal(said, WIFEXITED(status) ? WEXITSTATUS(status) : 0, reterr);
	if (!ac_str_starts(said, AC_S("%PDF-")) || !ac_str_ends(said, AC_S("%%EOF\n")))
		return ac_fail(reterr, AC_EIO, "PDF-PROGRAM", "aftercare-pdf did not answer with a PDF");
	*ret = said;
	return AC_OK;
}

enum ac_code
ac_pdf_make(struct ac_str sheet, const struct ac_paper *o, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	char path[PATH_BYTES];
	int ends[2], status = 0;
	struct ac_buf answer;
	pid_t pid;

	if (sheet.n > AC_PAPER_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "PAPER-BYTES", "the sheet is longer than %d bytes", AC_PAPER_BYTES_MAX);
	if (!find_program(path, sizeof(path)))
		return ac_fail(reterr, AC_EIO, "PDF-PROGRAM", "the folder of this program is not known");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return ac_fail(reterr, AC_EIO, "PDF-PROGRAM", "no socket: %s", strerrordesc_np(errno));
	int rc = spawn(path, o, ends[1], &pid, a);
	(void)close(ends[1]);
	if (rc != 0) {
		(void)close(ends[0]);
		return ac_fail(reterr, AC_EIO, "PDF-PROGRAM", "aftercare-pdf does not start: %s", strerrordesc_np(rc));
	}
	ac_buf_init(&answer, a, FIRST_BYTES, AC_PAPER_PDF_MAX + READ_BYTES);
	bool in_time = converse(ends[0], sheet, &answer);
	(void)close(ends[0]);
	if (!in_time || answer.over)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) { /* somebody else waits for this process's children: the bytes must say it */
			status = 0;
			break;
		}
	return result(&answer, in_time, status, ret, reterr);
}
