/*
 * main.c - aftercare-pdf: a sheet on standard input, its PDF on standard output.
 *
 * Why     a program of its own: the libraries that shape text are large, keep state and read hostile letters. Here they
 *         can open no socket and write no file, have bounded time and memory, and their end ends one sheet.
 * Output  exit 0: the PDF. Else the exit code is an enum ac_code and the output one line, "RULE message".
 */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "plugin/paper/paper.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1 /* a sanitizer reserves more addresses than any limit here */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#define CPU_SECONDS 15
#define MEMORY_BYTES (768UL * 1024 * 1024) /* of addresses: fonts are mapped, not read */

static void
limit(int what, rlim_t most)
{
	struct rlimit l = { most, what == RLIMIT_CPU ? most + 2 : most }; /* SIGXCPU says why, SIGKILL would not */

	(void)setrlimit(what, &l);
}

/* A library's warning may quote what it could not draw. */
static void
say_nothing(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static bool
read_all(struct ac_buf *b)
{
	for (;;) {
		if (!ac_buf_room(b, 64 * 1024))
			return false;
		ssize_t n = read(STDIN_FILENO, b->p + b->n, 64 * 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		b->n += (size_t)n;
	}
}

static bool
write_all(struct ac_str s)
{
	while (s.n > 0) {
		ssize_t n = write(STDOUT_FILENO, s.p, s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = (struct ac_str){ s.p + n, s.n - (size_t)n };
	}
	return true;
}

static bool
read_options(int argc, char **argv, struct ac_paper *o)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--letter") == 0)
			o->letter = true;
		else if (strcmp(argv[i], "--large") == 0)
			o->large = true;
		else if (strcmp(argv[i], "--strict") == 0)
			o->strict = true;
		else if (strcmp(argv[i], "--made-at") == 0 && i + 1 < argc &&
			 ac_str_int(ac_str_c(argv[i + 1]), 0, 253402300799, &o->made_at))
			i++;
		else
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_paper o = { 0 };
	struct ac_err e = { 0 };
	struct ac_str pdf;
	struct ac_buf sheet;

	if (!read_options(argc, argv, &o)) {
		(void)fprintf(stderr, "usage: aftercare-pdf [--letter] [--large] [--strict] [--made-at SECONDS] <SHEET.html >SHEET.pdf\n");
		return AC_EINPUT;
	}
#ifndef SANITIZED
	limit(RLIMIT_AS, MEMORY_BYTES);
#endif
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_FSIZE, AC_PAPER_PDF_MAX);
	limit(RLIMIT_CORE, 0);  /* no patient's words in a dump */
	(void)g_log_set_default_handler(say_nothing, NULL);
	ac_buf_init(&sheet, a, 64 * 1024, AC_PAPER_BYTES_MAX + 128 * 1024);
	if (!read_all(&sheet))
		(void)ac_fail(&e, AC_ELIMIT, "PAPER-BYTES", "the sheet is longer than %d bytes", AC_PAPER_BYTES_MAX);
	else if (ac_paper_pdf(ac_buf_str(&sheet), &o, a, &pdf, &e) == AC_OK)
		return write_all(pdf) ? 0 : AC_EIO;
	(void)write_all(ac_strf(a, "%s %s\n", e.rule, e.msg));
	return (int)e.code;
}
