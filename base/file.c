/* file.c - whole files in and out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

AC_DEFINE_AUTO_T(char, free)

static enum ac_code
fail_io(struct ac_err *reterr, const char *what, const char *path, int error)
{
	const char *why = strerrordesc_np(error); /* unlike strerror: no locale, no shared buffer */

	return ac_fail(reterr, error == ENOENT || error == ENOTDIR ? AC_ENOTFOUND : AC_EIO, "FILE-IO",
	    "cannot %s %s: %s", what, path, why == NULL ? "unknown error" : why);
}

static enum ac_code
fail_size(struct ac_err *reterr, const char *path, size_t max)
{
	return ac_fail(reterr, AC_ELIMIT, "FILE-SIZE", "%s is longer than %zu bytes", path, max);
}

static enum ac_code
read_fd(int fd, const char *path, size_t max, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_buf b;
	struct stat st;
	char piece[16 * 1024];
	ssize_t got;

	if (fstat(fd, &st) != 0)
		return fail_io(reterr, "read", path, errno);
	if (st.st_size > 0 && (uintmax_t)st.st_size > max)
		return fail_size(reterr, path, max);

	/* what fstat says is a hint only: a pipe has no size, a file may grow meanwhile */
	ac_buf_init(&b, a, (size_t)st.st_size + 1, 0);
	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_io(reterr, "read", path, errno);
		if ((size_t)got > max - b.n)
			return fail_size(reterr, path, max);
		ac_buf_add(&b, (struct ac_str){ piece, (size_t)got });
	}
	*ret = ac_buf_str(&b);
	return AC_OK;
}

enum ac_code
ac_file_read(const char *path, size_t max, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum ac_code code;

	if (fd < 0)
		return fail_io(reterr, "open", path, errno);
	code = read_fd(fd, path, max, a, ret, reterr);
	close(fd);
	return code;
}

/* 0 or an errno. */
static int
write_all(int fd, struct ac_str bytes)
{
	while (bytes.n > 0) {
		ssize_t done = write(fd, bytes.p, bytes.n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno;
		bytes.p += done;
		bytes.n -= (size_t)done;
	}
	return 0;
}

static int
fill_and_close(int fd, struct ac_str bytes, unsigned mode)
{
	int error = write_all(fd, bytes);

	if (error == 0 && fchmod(fd, (mode_t)mode) != 0)
		error = errno;
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	return error;
}

/* The rename is durable only when the folder is. */
static int
sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	AC_AUTO_T(char) folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	int fd, error;

	if (folder == NULL)
		abort();
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = fsync(fd) == 0 ? 0 : errno;
	close(fd);
	return error;
}

enum ac_code
ac_file_write(const char *path, struct ac_str bytes, unsigned mode, struct ac_err *reterr)
{
	AC_AUTO_T(char) temp = NULL;
	int fd, error;

	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		abort();
	fd = mkostemp(temp, O_CLOEXEC); /* 0600 until it is whole */
	if (fd < 0)
		return fail_io(reterr, "create a file beside", path, errno);
	error = fill_and_close(fd, bytes, mode);
	if (error == 0 && rename(temp, path) != 0)
		error = errno;
	if (error != 0) {
		unlink(temp);
		return fail_io(reterr, "write", path, error);
	}
	error = sync_folder_of(path);
	if (error != 0)
		return fail_io(reterr, "sync the folder of", path, error);
	return AC_OK;
}
