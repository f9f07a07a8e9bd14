/* main.c - aftercare-plugin: arguments, service, signals, threads, close. */
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/service.h"
#include "plugin/fcgi.h"
#include "plugin/routes.h"

#define MALLOC_ARENAS 4 /* each keeps what it ever held: one for each thread would be most of our memory */

static const char usage[] =
    "usage: aftercare-plugin --state DIR [--socket PATH] [--threads N]\n"
    "  serves Aftercare over FastCGI on PATH, or on standard input as a listening socket (systemd, spawn-fcgi)\n"
    "  --state DIR      the installation, made by 'aftercare init'\n"
    "  --socket PATH    unix socket to listen on, mode 0660\n"
    "  --threads N      requests at once (default 32)\n"
    "  --batch N        events in one transaction at most (for benchmarks)\n"
    "  --sync off       commits without waiting for the disk (for benchmarks only)\n"
    "  --help, --version\n";

struct args {
	struct ac_service_options service;
	const char *socket;
	int threads;
};

/* Exit code to end with, or -1 to go on. */
static int
parse(int argc, char **argv, struct args *a)
{
	static const struct option longs[] = { { "state", required_argument, NULL, 'd' },
		{ "socket", required_argument, NULL, 's' }, { "threads", required_argument, NULL, 't' },
		{ "batch", required_argument, NULL, 'b' }, { "sync", required_argument, NULL, 'y' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { 0 } };
	int64_t n;

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		switch (c) {
		case 'd':
			a->service.state_dir = optarg;
			break;
		case 's':
			a->socket = optarg;
			break;
		case 't':
			if (!ac_str_int(ac_str_c(optarg), 1, 64, &n))
				return fprintf(stderr, "--threads: a number from 1 to 64\n"), 2;
			a->threads = (int)n;
			break;
		case 'b':
			if (!ac_str_int(ac_str_c(optarg), 1, AC_COMMIT_BATCH_MAX, &n))
				return fprintf(stderr, "--batch: a number from 1 to %d\n", AC_COMMIT_BATCH_MAX), 2;
			a->service.batch_max = (int)n;
			break;
		case 'y':
			if (strcmp(optarg, "off") != 0 && strcmp(optarg, "full") != 0)
				return fprintf(stderr, "--sync: full or off\n"), 2;
			a->service.sync = strcmp(optarg, "off") == 0 ? AC_SYNC_OFF : AC_SYNC_FULL;
			break;
		case 'h':
			return fputs(usage, stdout), 0;
		case 'v':
			return puts("aftercare-plugin " AC_VERSION), 0;
		default:
			return fputs(usage, stderr), 2;
		}
	}
	if (a->service.state_dir == NULL || optind != argc)
		return fputs(usage, stderr), 2;
	return -1;
}

int
main(int argc, char **argv)
{
	struct args args = { .threads = 32, .service = { .threads = true } };
	struct ac_err e = { 0 };
	int rc = parse(argc, argv, &args);

	if (rc >= 0)
		return rc;
	ac_log_open(AC_LOG_INFO, getenv("JOURNAL_STREAM") != NULL);
	if (!ac_routes_check()) {
		ac_log(AC_LOG_ERR, "the table of routes has a hole: not started");
		return 1;
	}
	(void)mallopt(M_ARENA_MAX, MALLOC_ARENAS); /* threads wait for the disk more than for memory */
	sigset_t stop = ac_fcgi_block_signals(); /* before any thread exists: all inherit it */

	AC_AUTO(ac_service) service = NULL;
	if (ac_service_open(&args.service, &service, &e) != AC_OK) {
		ac_log_err(AC_LOG_ERR, "not started", &e);
		return e.code == AC_EBUSY ? 8 : 1;
	}
	if (ac_fcgi_run(service, args.socket, args.threads, &stop, &e) != AC_OK) {
		ac_log_err(AC_LOG_ERR, "stopped", &e);
		return 1;
	}
	return 0;
}
