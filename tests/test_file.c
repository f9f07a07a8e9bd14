/* Files and the log. */
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "tests/expect.h"

static struct ac_arena *a;
static char folder[64];
static struct ac_err e;

static void
start(void)
{
	a = ac_arena_new();
	e = (struct ac_err){ 0 };
	strncpy(folder, "/tmp/aftercare-file-XXXXXX", sizeof(folder) - 1);
	cr_assert(mkdtemp(folder) != NULL);
}

static size_t
files_there(bool and_remove)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		if (and_remove)
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	closedir(d);
	return n;
}

static void
stop(void)
{
	files_there(true);
	rmdir(folder);
	ac_arena_free(a);
}

static char *
in_folder(const char *name)
{
	return ac_cstr(a, ac_strf(a, "%s/%s", folder, name));
}

TestSuite(file, .init = start, .fini = stop);
TestSuite(log, .init = start, .fini = stop);

Test(file, what_was_written_is_read_back)
{
	struct ac_str got, bytes = ac_strf(a, "%*d", 100000, 7);

	EXPECT_CODE(ac_file_write(in_folder("x"), bytes, 0600, &e), AC_OK, e);
	EXPECT_CODE(ac_file_read(in_folder("x"), 100000, a, &got, &e), AC_OK, e);
	cr_expect(ac_streq(got, bytes));
}

Test(file, an_empty_file_is_set_and_empty)
{
	struct ac_str got = { NULL, 0 };

	EXPECT_CODE(ac_file_write(in_folder("x"), (struct ac_str){ NULL, 0 }, 0600, &e), AC_OK, e);
	EXPECT_CODE(ac_file_read(in_folder("x"), 0, a, &got, &e), AC_OK, e);
	cr_expect(ac_str_is_set(got) && got.n == 0);
}

Test(file, one_byte_over_the_limit_is_refused)
{
	struct ac_str got = AC_S("untouched");

	EXPECT_CODE(ac_file_write(in_folder("x"), AC_S("12345"), 0600, &e), AC_OK, e);
	EXPECT_CODE(ac_file_read(in_folder("x"), 4, a, &got, &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "FILE-SIZE");
	EXPECT_TEXT(got, "untouched");
}

Test(file, a_file_without_a_size_is_limited_too)
{
	struct ac_str got;

	EXPECT_CODE(ac_file_read("/dev/zero", 100000, a, &got, &e), AC_ELIMIT, e);
	EXPECT_CODE(ac_file_read("/proc/self/status", 100000, a, &got, &e), AC_OK, e);
	cr_expect(ac_str_starts(got, AC_S("Name:")));
}

Test(file, what_is_not_there_is_not_found_and_the_message_names_it)
{
	struct ac_str got;

	EXPECT_CODE(ac_file_read(in_folder("none"), 10, a, &got, &e), AC_ENOTFOUND, e);
	cr_expect(strstr(e.msg, "/none") != NULL);
	EXPECT_CODE(ac_file_write(in_folder("none/x"), AC_S("1"), 0600, &e), AC_ENOTFOUND, e);
}

Test(file, a_folder_is_no_file)
{
	struct ac_str got;

	EXPECT_CODE(ac_file_read(folder, 100000, a, &got, &e), AC_EIO, e);
	EXPECT_CODE(ac_file_write(folder, AC_S("1"), 0600, &e), AC_EIO, e);
	cr_expect(access(folder, F_OK) == 0);
}

Test(file, writing_replaces_and_leaves_nothing_beside_it)
{
	struct ac_str got;

	EXPECT_CODE(ac_file_write(in_folder("x"), AC_S("first, longer"), 0644, &e), AC_OK, e);
	EXPECT_CODE(ac_file_write(in_folder("x"), AC_S("second"), 0644, &e), AC_OK, e);
	EXPECT_CODE(ac_file_read(in_folder("x"), 100, a, &got, &e), AC_OK, e);
	EXPECT_TEXT(got, "second");
	cr_expect(files_there(false) == 1);
}

Test(file, the_mode_is_the_one_asked_for_whatever_the_umask)
{
	struct stat st;

	umask(0177);
	EXPECT_CODE(ac_file_write(in_folder("x"), AC_S("1"), 0640, &e), AC_OK, e);
	cr_assert(stat(in_folder("x"), &st) == 0);
	cr_expect((st.st_mode & 07777) == 0640);
}

Test(file, a_failed_write_keeps_the_old_file_and_no_rest)
{
	/* the target is a folder with something in it: the last step, the rename, is refused */
	cr_assert(mkdir(in_folder("d"), 0700) == 0);
	EXPECT_CODE(ac_file_write(in_folder("d/keep"), AC_S("1"), 0600, &e), AC_OK, e);
	EXPECT_CODE(ac_file_write(in_folder("d"), AC_S("2"), 0600, &e), AC_EIO, e);
	cr_expect(files_there(false) == 1);
	cr_expect(access(in_folder("d/keep"), F_OK) == 0);
	unlink(in_folder("d/keep"));
	rmdir(in_folder("d"));
}

/* What the log writes while standard error is a file. */
static int real_stderr;

static void
divert(void)
{
	int fd = open(in_folder("log"), O_RDWR | O_CREAT | O_APPEND, 0600);

	real_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

static struct ac_str
written(void)
{
	struct ac_str got = { NULL, 0 };

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	EXPECT_CODE(ac_file_read(in_folder("log"), 1000000, a, &got, &e), AC_OK, e);
	return got;
}

Test(log, lines_carry_the_level_for_journald)
{
	divert();
	ac_log_open(AC_LOG_INFO, true);
	ac_log(AC_LOG_ERR, "cannot open %s", "x");
	ac_log(AC_LOG_INFO, "ready");
	EXPECT_TEXT(written(), "<3>cannot open x\n<6>ready\n");
}

Test(log, what_is_above_the_level_is_not_written)
{
	divert();
	ac_log_open(AC_LOG_WARNING, false);
	ac_log(AC_LOG_INFO, "no");
	ac_log(AC_LOG_WARNING, "yes");
	EXPECT_TEXT(written(), "yes\n");
}

Test(log, a_value_can_neither_start_a_line_nor_steer_a_terminal)
{
	divert();
	ac_log_open(AC_LOG_INFO, true);
	ac_log(AC_LOG_INFO, "a%sb", "\n<0>x\r\t\x1B[2J\x7F\xC2\x9B\xFF\xE2\x80\xA8 \xC3\xA4");
	EXPECT_TEXT(written(), "<6>a?<0>x???[2J?????"
			       "?? \xC3\xA4"
			       "b\n");
}

Test(log, a_long_line_is_cut_and_still_ends)
{
	divert();
	ac_log_open(AC_LOG_INFO, true);
	ac_log(AC_LOG_INFO, "%*d", 5000, 1);
	struct ac_str s = written();
	cr_expect(s.n <= 1024 && s.n > 1000 && ac_str_ends(s, AC_S("\n")));
}

Test(log, errno_survives)
{
	divert();
	errno = ENOSPC;
	ac_log(AC_LOG_ERR, "%s", "x");
	cr_expect(errno == ENOSPC);
	written();
}

Test(log, errors_are_written_with_what_they_know)
{
	divert();
	ac_log_open(AC_LOG_INFO, false);
	ac_fail(&e, AC_EIO, "FILE-IO", "no space");
	ac_log_err(AC_LOG_ERR, "import", &e);
	ac_fail_at(&e, AC_EINPUT, "JSON-DEPTH", 0, 0, "/a/b", "too deep");
	ac_log_err(AC_LOG_ERR, "import", &e);
	ac_fail_at(&e, AC_EINPUT, "PRT-007", 3, 9, "/protocol", "no title");
	ac_log_err(AC_LOG_ERR, "import", &e);
	e = (struct ac_err){ 0 };
	EXPECT_TEXT(written(), "import: FILE-IO: no space\nimport: JSON-DEPTH at /a/b: too deep\n"
			       "import: PRT-007 at /protocol:3:9: no title\n");
}
