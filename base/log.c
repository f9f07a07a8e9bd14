/*
 * log.c - one line, one write(2): lines of several threads never mix, journald sees each with its level.
 *
 * The one place with mutable statics: set at start, before threads; atomic because nothing else is needed to
 * be right.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES 1024

static _Atomic int max_level = AC_LOG_INFO;
static _Atomic bool has_prefix = false;

void
ac_log_open(enum ac_level max, bool prefix)
{
	max_level = (int)max;
	has_prefix = prefix;
}

/* Controls (C1 too: a terminal may obey them) and bad bytes become '?': no value starts a line or draws. */
static void
make_harmless(char *p, size_t n)
{
	struct ac_str s = { p, n };

	for (size_t at = 0; at < n;) {
		size_t from = at;
		uint32_t c = ac_utf8_next(s, &at);
		bool is_bad = c == 0xFFFD && at - from == 1;
		if (c >= 0x20 && (c < 0x7F || c > 0x9F) && c != 0x2028 && c != 0x2029 && !is_bad)
			continue;
		while (from < at)
			p[from++] = '?';
	}
}

void
ac_log(enum ac_level level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	int saved = errno, start = 0, text;
	va_list ap;

	if ((int)level > max_level)
		return;
	if (has_prefix)
		start = snprintf(line, sizeof(line), "<%d>", (int)level);
	va_start(ap, fmt);
	text = vsnprintf(line + start, sizeof(line) - (size_t)start, fmt, ap);
	va_end(ap);
	if (text < 0 || start < 0)
		return;

	struct ac_str whole = { line + start, strnlen(line + start, sizeof(line) - (size_t)start) };
	size_t room = sizeof(line) - (size_t)start - 1; /* for the line feed, in the place of the NUL */
	size_t n = ac_utf8_head(whole, room).n;
	make_harmless(line + start, n);
	line[(size_t)start + n] = '\n';
	while (write(STDERR_FILENO, line, (size_t)start + n + 1) < 0 && errno == EINTR)
		;
	errno = saved; /* callers log between a failing call and the use of its errno */
}

void
ac_log_err(enum ac_level level, const char *what, const struct ac_err *e)
{
	const char *rule = e->rule == NULL || e->rule[0] == '\0' ? "error" : e->rule;

	if (e->line > 0)
		ac_log(level, "%s: %s at %s:%u:%u: %s", what, rule, e->path, e->line, e->col, e->msg);
	else if (e->path[0] != '\0')
		ac_log(level, "%s: %s at %s: %s", what, rule, e->path, e->msg);
	else
		ac_log(level, "%s: %s: %s", what, rule, e->msg);
}
