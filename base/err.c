/* err.c - filling struct ac_err. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

/* Cut at a character and end it: messages go into logs and JSON. */
static void
put(char *to, size_t size, const char *from)
{
	struct ac_str s = ac_utf8_head(ac_str_c(from), size - 1);

	memset(to, 0, size);
	if (s.n > 0)
		memcpy(to, s.p, s.n);
}

static enum ac_code
fill(struct ac_err *reterr, enum ac_code code, const char *rule, uint32_t line, uint32_t col,
    const char *path, const char *msg)
{
	char place[sizeof(reterr->path)];

	put(place, sizeof(place), path); /* `path` may be reterr's own, when a caller adds to an error */
	put(reterr->msg, sizeof(reterr->msg), msg);
	memcpy(reterr->path, place, sizeof(place));
	reterr->code = code;
	reterr->rule = rule == NULL ? "" : rule;
	reterr->line = line;
	reterr->col = col;
	return code;
}

enum ac_code
ac_fail(struct ac_err *reterr, enum ac_code code, const char *rule, const char *fmt, ...)
{
	char msg[2 * sizeof(reterr->msg)] = "";
	va_list ap;

	if (reterr == NULL)
		return code;
	va_start(ap, fmt);
	if (vsnprintf(msg, sizeof(msg), fmt, ap) < 0)
		msg[0] = '\0';
	va_end(ap);
	return fill(reterr, code, rule, 0, 0, NULL, msg);
}

enum ac_code
ac_fail_at(struct ac_err *reterr, enum ac_code code, const char *rule, uint32_t line, uint32_t col,
    const char *path, const char *fmt, ...)
{
	char msg[2 * sizeof(reterr->msg)] = "";
	va_list ap;

	if (reterr == NULL)
		return code;
	va_start(ap, fmt);
	if (vsnprintf(msg, sizeof(msg), fmt, ap) < 0)
		msg[0] = '\0';
	va_end(ap);
	return fill(reterr, code, rule, line, col, path, msg);
}
