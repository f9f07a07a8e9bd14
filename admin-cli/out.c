/* out.c - how verbs speak: errors, JSON documents, exit codes. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "admin-cli/terminal.h"
#include "base/utf8.h"
#include "core/record.h"

#define TALK_HANG 2 /* where talk goes on that is longer than the line */
#define SHORT_ID 8  /* digits of a plan's id in a list: unique among hundreds of thousands, nearly always */

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

/* `e` may be NULL: a wrong command line has neither path nor line. */
static void
fail_json(const struct cli *c, int code, const char *rule, const char *message, const char *what,
    const struct ac_err *e)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, c->a, 512, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kint(&w, "schema_version", CLI_SCHEMA_VERSION);
	ac_jw_kint(&w, "code", code);
	ac_jw_kstr(&w, "rule", ac_str_c(rule));
	ac_jw_kstr(&w, "message", ac_str_c(message));
	ac_jw_kstr(&w, "in", ac_str_c(what));
	if (e != NULL && e->path[0] != '\0')
		ac_jw_kstr(&w, "path", ac_str_c(e->path));
	if (e != NULL && e->line != 0) {
		ac_jw_kint(&w, "line", e->line);
		ac_jw_kint(&w, "col", e->col);
	}
	ac_jw_end_obj(&w);
	ac_buf_addc(&b, '\n');
	cli_print_json(stderr, ac_buf_str(&b));
}

int
cli_fail(const struct cli *c, const char *what, const struct ac_err *e)
{
	int code = cli_exit_code(e->code);

	if (c->json) {
		fail_json(c, code, e->rule, e->msg, what, e);
		return code;
	}
	bool says_it = what == NULL || (e->line == 0 && strstr(e->msg, what) != NULL);
	struct ac_str place = e->line == 0 ? AC_S("") : ac_strf(c->a, ":%u:%u", e->line, e->col);
	cli_wrap(stderr, cli_columns(stderr), 0, TALK_HANG,
	    ac_strf(c->a, "aftercare: %.*s%.*s%s%.*s (%s)",
		AC_FMT(says_it ? AC_S("") : cli_plain(c, ac_str_c(what))), AC_FMT(place), says_it ? "" : ": ",
		AC_FMT(cli_plain(c, ac_str_c(e->msg))), e->rule == NULL ? "-" : e->rule));
	return code;
}

int
cli_usage(const struct cli *c, const char *fmt, ...)
{
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (c->json)
		fail_json(c, 2, "CLI-USAGE", message, NULL, NULL);
	else
		cli_wrap(stderr, cli_columns(stderr), 0, TALK_HANG,
		    ac_strf(c->a, "aftercare: %.*s", AC_FMT(cli_plain(c, ac_str_c(message)))));
	return 2;
}

void
cli_line(const struct cli *c, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cli_wrap(stdout, c->columns, 0, TALK_HANG, ac_str_c(text));
}

struct ac_actor
cli_actor(const struct cli *c)
{
	return (struct ac_actor){ .user = c->who, .role = AC_ROLE_ADMIN };
}

struct ac_life_how
cli_how(const struct cli *c)
{
	return (struct ac_life_how){ .reason = ac_str_c(c->reason), .dry_run = c->dry_run };
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
	cli_print_json(stdout, ac_buf_str(w->b));
	return cli_done();
}

/* What is not plain stands inside of a string of the JSON, or is the end of its line. */
void
cli_print_json(FILE *f, struct ac_str json)
{
	size_t from = 0;

	for (size_t at = 0, before = 0; at < json.n; before = at) {
		uint32_t c = ac_utf8_next(json, &at);
		if (ac_utf8_is_plain(c) || c == '\n' || c == 0xFFFD || c > 0xFFFF)
			continue;
		fwrite(json.p + from, 1, before - from, f);
		fprintf(f, "\\u%04x", (unsigned)c);
		from = at;
	}
	if (json.n > from)
		fwrite(json.p + from, 1, json.n - from, f);
}

void
cli_print(const struct cli *c, struct ac_str s)
{
	size_t from = 0;

	for (size_t at = 0, before = 0; c->is_tty && at < s.n; before = at) {
		uint32_t one = ac_utf8_next(s, &at);
		if (ac_utf8_is_plain(one) || one == '\n' || one == '\t')
			continue;
		fwrite(s.p + from, 1, before - from, stdout);
		if (one != '\r' || at == s.n || s.p[at] != '\n') /* of the end of a line */
			printf("<U+%04X>", (unsigned)one);
		from = at;
	}
	if (s.n > from)
		fwrite(s.p + from, 1, s.n - from, stdout);
}

struct ac_str
cli_plain(const struct cli *c, struct ac_str s)
{
	struct ac_buf b;
	size_t at = 0, from;

	ac_buf_init(&b, c->a, s.n + 1, 0);
	while (from = at, at < s.n) {
		if (!ac_utf8_is_plain(ac_utf8_next(s, &at)))
			ac_buf_addc(&b, '?');
		else
			ac_buf_add(&b, (struct ac_str){ s.p + from, at - from });
	}
	return ac_buf_str(&b);
}

int
cli_done(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	if (errno != EPIPE) /* who closed the pipe knows */
		fprintf(stderr, "aftercare: the output cannot be written\n");
	return 1;
}

int
cli_plan_arg(const struct cli *c, const char *arg, struct ac_uuid *ret)
{
	struct ac_err e = { 0 };

	if (ac_plan_find(c->w, ac_str_c(arg), ret, &e) == AC_OK)
		return -1;
	return e.code == AC_EINPUT ? cli_usage(c, "%s: %s", arg, e.msg) : cli_fail(c, arg, &e);
}

struct ac_str
cli_short(const struct cli *c, struct ac_uuid id)
{
	return (struct ac_str){ ac_uuid_str(c->a, id).p, SHORT_ID };
}

bool
cli_clock_arg(const char *arg, const struct ac_zone *z, int8_t hour, int64_t *ret)
{
	struct ac_str s = ac_str_c(arg), date, clock = ac_cut(s, 'T', &date), h, m = ac_cut(clock, ':', &h);
	int64_t hours = hour, minutes = 0;
	struct ac_stamp stamp;
	struct ac_wall w = { 0 };

	if (ac_stamp_parse(s, &stamp)) {
		*ret = stamp.t * 1000;
		return true;
	}
	if (!ac_date_parse(date, &stamp) || stamp.precision != 8)
		return false;
	if (date.n < s.n &&
	    (m.n != 2 || h.n != 2 || !ac_str_int(h, 0, 23, &hours) || !ac_str_int(m, 0, 59, &minutes)))
		return false;
	ac_civil_from_days(stamp.t / 86400, &w.year, &w.month, &w.day);
	w.hour = (int8_t)hours;
	w.min = (int8_t)minutes;
	*ret = ac_wall_instant(z, w, AC_FOLD_EARLIER) * 1000;
	return true;
}

bool
cli_time_arg(const char *arg, const struct ac_zone *z, int64_t open, int64_t *ret)
{
	*ret = open;
	return arg == NULL || cli_clock_arg(arg, z, 0, ret);
}

bool
cli_version_arg(const struct cli *c, int64_t *ret)
{
	*ret = 0;
	return c->version_n == NULL || ac_str_int(ac_str_c(c->version_n), 1, UINT32_MAX, ret);
}

struct ac_str
cli_zone_name(const struct cli *c)
{
	const struct ac_clinic *clinic = c->w->config->clinic;

	return clinic != NULL && clinic->zone.n > 0 ? clinic->zone : AC_S("UTC");
}

int
cli_time_option(const struct cli *c, const char *option, const char *arg, int64_t otherwise, int64_t *ret_ms)
{
	const struct ac_zone *z;
	struct ac_str tzif;
	struct ac_err e = { 0 };

	*ret_ms = otherwise;
	if (arg == NULL)
		return -1;
	if (ac_zone_read(cli_zone_name(c), NULL, c->a, &tzif, &e) != AC_OK ||
	    ac_zone_open(cli_zone_name(c), tzif, c->a, &z, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (!cli_time_arg(arg, z, otherwise, ret_ms))
		return cli_usage(c, "--%s 2026-03-01, 2026-03-01T15:00 or 2026-03-01T15:00:00+01:00", option);
	return -1;
}

struct ac_str
cli_minute(const struct cli *c, int64_t ms)
{
	struct ac_str s = ac_rfc3339_ms(c->a, ms);

	return ms == 0 || s.n < 16 ? AC_S("-") : ac_strf(c->a, "%.10s %.5s", s.p, s.p + 11);
}

bool
cli_log_view(struct cli *c, const char *action, const char *kind, struct ac_str id, int64_t version,
    struct ac_str patient, struct ac_err *reterr)
{
	struct ac_actor who = cli_actor(c);

	return ac_service_log(c->w, &who, action, kind, id, version, patient, AC_S("cli"), NULL, reterr) ==
	       AC_OK;
}

void
cli_limit_reached(const struct cli *c, struct ac_jw *w, size_t n)
{
	if (c->json)
		ac_jw_kbool(w, "limit_reached", n >= AC_LIST_MAX);
	else if (n >= AC_LIST_MAX)
		fprintf(stderr, "aftercare: these are the first %d; there may be more\n", AC_LIST_MAX);
}
