/*
 * slow_sync.c - a disk whose sync takes longer, for run.sh: preloaded, every fsync and fdatasync takes AC_BENCH_SYNC_US
 * microseconds more. What a group commit is worth depends on that time, and a virtual disk may answer from memory.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
wait_more(void)
{
	const char *us = getenv("AC_BENCH_SYNC_US");
	long n = us == NULL ? 0 : strtol(us, NULL, 10);
	struct timespec pause = { n / 1000000, n % 1000000 * 1000 };

	while (n > 0 && nanosleep(&pause, &pause) != 0)
		continue; /* a signal */
}

static int
really(const char *name, int fd)
{
	int (*sync)(int);

	*(void **)&sync = dlsym(RTLD_NEXT, name);
	if (sync == NULL)
		abort();
	return sync(fd);
}

int
fsync(int fd)
{
	wait_more();
	return really("fsync", fd);
}

int
fdatasync(int fd)
{
	wait_more();
	return really("fdatasync", fd);
}
