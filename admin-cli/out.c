/* out.c - how verbs speak: errors, JSON documents, exit codes. */
#include <stdarg.h>
#include <stdio.h>

#include "admin-cli/verbs.h"

int
cli_exit_code(enum ac_code code)
{
	switch (code) {
	case AC_OK:
		return 0;
	case AC_EINPUT:
	case AC_ELIMIT:
		return 5;
	case AC_ENOTFOUND:
		return 3;
	case AC_ECONFLICT:
		return 4;
	case AC_EDENIED:
		return 6;
	case AC_EBUSY:
		return 8;
	case AC_EINTEGRITY:
		return 7;
	case AC_EIO:
		break;
	}
	return 1;
}

static void
fail_json(const struct cli *c, const char *what, const struct ac_err *e)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, c->a, 512, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kint(&w, "schema_version", CLI_SCHEMA_VERSION);
	ac_jw_kint(&w, "code", cli_exit_code(e->code));
	ac_jw_kstr(&w, "rule", ac_str_c(e->rule));
	ac_jw_kstr(&w, "message", ac_str_c(e->msg));
	ac_jw_kstr(&w, "in", ac_str_c(what));
	if (e->path[0] != '\0')
		ac_jw_kstr(&w, "path", ac_str_c(e->path));
	if (e->line != 0) {
		ac_jw_kint(&w, "line", e->line);
		ac_jw_kint(&w, "col", e->col);
	}
	ac_jw_end_obj(&w);
	fprintf(stderr, "%.*s\n", AC_FMT(ac_buf_str(&b)));
}

int
cli_fail(const struct cli *c, const char *what, const struct ac_err *e)
{
	if (c->json) {
		fail_json(c, what, e);
		return cli_exit_code(e->code);
	}
	fprintf(stderr, "aftercare: ");
	if (what != NULL)
		fprintf(stderr, "%s", what);
	if (e->line != 0)
		fprintf(stderr, ":%u:%u", e->line, e->col);
	fprintf(stderr, "%s%s (%s)\n", what != NULL || e->line != 0 ? ": " : "", e->msg, e->rule == NULL ? "-" : e->rule);
	return cli_exit_code(e->code);
}

int
cli_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "aftercare: ");
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return 2;
}

struct ac_actor
cli_actor(const struct cli *c)
{
	return (struct ac_actor){ .user = c->who, .role = AC_ROLE_ADMIN };
}

void
cli_json_begin(const struct cli *c, struct ac_buf *b, struct ac_jw *w)
{
	ac_buf_init(b, c->a, 4096, 0);
	ac_jw_init(w, b);
	ac_jw_obj(w);
	ac_jw_kint(w, "schema_version", CLI_SCHEMA_VERSION);
}

int
cli_json_end(struct ac_jw *w)
{
	ac_jw_end_obj(w);
	ac_buf_addc(w->b, '\n');
	cli_print(ac_buf_str(w->b));
	return cli_done();
}

void
cli_print(struct ac_str s)
{
	fwrite(s.p, 1, s.n, stdout);
}

int
cli_done(void)
{
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

bool
cli_uuid_arg(const char *arg, struct ac_uuid *ret)
{
	return ac_uuid_parse(ac_str_c(arg), ret);
}
