/* http.c - from FastCGI parameters to a handler and back: identity, route, role, body, answer, in this order. */
#include "plugin/http.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "plugin/auth.h"
#include "plugin/page.h"
#include "plugin/routes.h"

#define REFUSED_PATH_MAX 200
#define OUT_FIRST (32 * 1024)
#define OUT_MAX (16 * 1024 * 1024)

void
ac_http_header(struct ac_http *h, const char *name, struct ac_str value)
{
	if (h->nheaders == AC_HTTP_HEADERS_MAX || memchr(value.p, '\r', value.n) != NULL ||
	    memchr(value.p, '\n', value.n) != NULL)
		return;
	h->headers[h->nheaders].name = name;
	h->headers[h->nheaders].value = value;
	h->nheaders++;
}

void
ac_http_see_other(struct ac_http *h, struct ac_str location)
{
	h->status = 303;
	ac_http_header(h, "Location", location);
}

int
ac_http_status(const struct ac_err *e)
{
	static const struct {
		const char *rule;
		int status;
	} own[] = {
		{ "AUTH-NOBODY", 401 }, { "AUTH-BOTH", 400 }, { "AUTH-TOKEN", 401 }, { "AUTH-TOKEN-TIME", 401 },
		{ "AUTH-TOKEN-AUDIENCE", 401 }, { "AUTH-TOKEN-USED", 401 }, { "HTTP-METHOD", 405 }, { "HTTP-TYPE", 415 },
		{ "ENC-MISMATCH", 422 }, /* URL and body must agree */
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (e->rule != NULL && strcmp(e->rule, own[i].rule) == 0)
			return own[i].status;
	switch (e->code) {
	case AC_OK:
		return 200;
	case AC_EINPUT:
		return 400;
	case AC_ENOTFOUND:
		return 404;
	case AC_ECONFLICT:
		return 409;
	case AC_EDENIED:
		return 403;
	case AC_ELIMIT:
		return 413;
	case AC_EIO:
	case AC_EBUSY:
		return 503;
	case AC_EINTEGRITY:
		break;
	}
	return 500;
}

static const char *
title_of(int status)
{
	static const struct {
		int status;
		const char *title;
	} t[] = { { 400, "The request breaks a rule" }, { 401, "Sign in first" }, { 403, "Not allowed" },
		{ 404, "Not found" }, { 405, "Method not allowed" },
		{ 409, "Somebody changed this meanwhile" }, { 413, "Too large" },
		{ 415, "Wrong content type" }, { 422, "URL and body do not agree" },
		{ 500, "Stored data failed its check" }, { 503, "Cannot be done just now" } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (t[i].status == status)
			return t[i].title;
	return "Failed";
}

static void
problem_json(struct ac_http *h, const struct ac_err *e)
{
	struct ac_jw w;

	h->type = "application/problem+json";
	ac_jw_init(&w, &h->out);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "type", AC_S("about:blank"));
	ac_jw_kstr(&w, "title", ac_str_c(title_of(h->status)));
	ac_jw_kint(&w, "status", h->status);
	ac_jw_kstr(&w, "rule", ac_str_c(e->rule));
	ac_jw_kstr(&w, "detail", ac_str_c(e->msg));
	if (e->path[0] != '\0')
		ac_jw_kstr(&w, "pointer", ac_str_c(e->path));
	if (e->line != 0) {
		ac_jw_kint(&w, "line", e->line);
		ac_jw_kint(&w, "column", e->col);
	}
	ac_jw_end_obj(&w);
	ac_buf_addc(&h->out, '\n');
}

void
ac_http_problem(struct ac_http *h, const struct ac_err *e)
{
	h->status = ac_http_status(e);
	h->nheaders = 0;
	ac_buf_init(&h->out, h->w->arena, 1024, OUT_MAX);
	if (h->status == 503)
		ac_http_header(h, "Retry-After", AC_S("2"));
	if (h->status == 405)
		ac_http_header(h, "Allow", ac_str_dup(h->w->arena, ac_str_c(e->path)));
	if (h->wants_html)
		ac_page_problem(h, title_of(h->status), e);
	else
		problem_json(h, e);
}

static enum ac_code
read_method(const struct ac_gateway *g, struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str m = ac_str_c(g->param(g->ctx, "REQUEST_METHOD"));

	h->is_head = ac_streq_c(m, "HEAD");
	if (ac_streq_c(m, "GET") || h->is_head)
		h->method = AC_GET;
	else if (ac_streq_c(m, "PUT"))
		h->method = AC_PUT;
	else if (ac_streq_c(m, "POST"))
		h->method = AC_POST;
	else
		return ac_fail_at(
		    reterr, AC_EINPUT, "HTTP-METHOD", 0, 0, "GET, PUT, POST", "this method is not served");
	return AC_OK;
}

static enum ac_code
find_route(const struct ac_gateway *g, struct ac_http *h, struct ac_err *reterr)
{
	static const char *const methods[] = { "", "GET", "PUT", "GET, PUT", "POST", "GET, POST", "PUT, POST",
		"GET, PUT, POST" }; /* by bits */
	struct ac_str uri = ac_str_c(g->param(g->ctx, "REQUEST_URI")), query;
	unsigned allow = 0;

	if (uri.n == 0 || uri.n > AC_HTTP_PATH_MAX || uri.p[0] != '/')
		return ac_fail(reterr, AC_EINPUT, "HTTP-PATH", "the path is missing or too long");
	query = ac_cut(ac_str_dup(h->w->arena, uri), '?', &h->path);
	h->route = ac_route_find(h->method, h->path, h->w->arena, h->capture, &allow);
	if (h->route == NULL && allow != 0)
		return ac_fail_at(reterr, AC_EINPUT, "HTTP-METHOD", 0, 0, methods[allow & 7],
		    "this path is not served with this method");
	if (h->route == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "HTTP-ROUTE", "nothing is served at this path");
	h->wants_html = (h->route->flags & AC_ROUTE_PAGE) != 0;
	return ac_fields_parse(query, h->w->arena, &h->query, &h->nquery, reterr);
}

/* By declared length, before a byte is read. */
static enum ac_code
read_body(const struct ac_gateway *g, struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str declared = ac_str_c(g->param(g->ctx, "CONTENT_LENGTH"));
	struct ac_str type = ac_str_c(g->param(g->ctx, "CONTENT_TYPE")), media;
	int64_t n = 0;

	if (declared.n > 0 && !ac_str_int(declared, 0, INT64_MAX, &n))
		return ac_fail(reterr, AC_EINPUT, "HTTP-LENGTH", "Content-Length is not a number");
	if ((uint64_t)n > h->route->body_max)
		return ac_fail(reterr, AC_ELIMIT, "HTTP-BODY", "the body may have at most %zu bytes",
		    h->route->body_max);
	if (h->route->body_max == 0)
		return AC_OK;
	ac_cut(type, ';', &media);
	media = ac_str_trim(media);
	if ((h->route->flags & AC_ROUTE_JSON) != 0 && !ac_streq_c(media, "application/json"))
		return ac_fail(reterr, AC_EINPUT, "HTTP-TYPE", "send application/json");
	if ((h->route->flags & AC_ROUTE_XML) != 0 && !ac_streq_c(media, "application/xml") && !ac_streq_c(media, "text/xml"))
		return ac_fail(reterr, AC_EINPUT, "HTTP-TYPE", "send application/xml");
	if ((h->route->flags & AC_ROUTE_FORM) != 0 && !ac_streq_c(media, "application/x-www-form-urlencoded"))
		return ac_fail(reterr, AC_EINPUT, "HTTP-TYPE", "send application/x-www-form-urlencoded");
	char *p = ac_alloc(h->w->arena, (size_t)n + 1);
	if (!g->read(g->ctx, p, (size_t)n))
		return ac_fail(
		    reterr, AC_EINPUT, "HTTP-SHORT", "the body is shorter than its Content-Length");
	h->body = (struct ac_str){ p, (size_t)n };
	if ((h->route->flags & AC_ROUTE_FORM) != 0)
		return ac_fields_parse(h->body, h->w->arena, &h->form, &h->nform, reterr);
	return AC_OK;
}

/* A refusal of somebody known is a log entry of its own, with what was asked for beside it; an anonymous one is counted:
 * refusals.h. */
static void
log_refusal(struct ac_http *h, const struct ac_err *e)
{
	struct ac_err ignored = { 0 };

	if (e->code != AC_EDENIED || h->who.user.n == 0)
		return;
	struct ac_str object = ac_strf(h->w->arena, "%s %.*s", h->route != NULL ? h->route->name : "-",
	    AC_FMT(ac_utf8_head(h->path, REFUSED_PATH_MAX)));
	if (ac_service_log(h->w, &h->who, "refuse", "route", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 },
		object, e->rule, &ignored) != AC_OK)
		ac_log_err(AC_LOG_ERR, "a refusal could not be logged", &ignored);
}

static enum ac_code
serve(const struct ac_gateway *g, struct ac_http *h, struct ac_err *reterr)
{
	struct ac_err nobody = { 0 };
	enum ac_code rc, known = ac_auth_identify(g, h, &nobody);

	if ((rc = read_method(g, h, reterr)) != AC_OK || (rc = find_route(g, h, reterr)) != AC_OK)
		return rc;
	if (known != AC_OK && (h->route->flags & AC_ROUTE_PUBLIC) == 0) {
		*reterr = nobody;
		return known;
	}
	if ((rc = ac_authorize_route(&h->who, h->route, reterr)) != AC_OK)
		return rc;
	if ((h->route->flags & AC_ROUTE_FORM) != 0 && (rc = ac_origin_check(g, reterr)) != AC_OK)
		return rc;
	if ((rc = read_body(g, h, reterr)) != AC_OK || (rc = ac_auth_spend(h, reterr)) != AC_OK)
		return rc;
	return ac_authorize_absence(h, h->route->handler(h, reterr), reterr);
}

void
ac_http_serve(struct ac_worker *w, const struct ac_gateway *g, struct ac_http *ret)
{
	struct ac_err e = { 0 };

	*ret = (struct ac_http){ .w = w, .status = 200, .type = "application/json" };
	ac_buf_init(&ret->out, w->arena, OUT_FIRST, OUT_MAX);
	if (serve(g, ret, &e) != AC_OK) {
		ret->refused = e.code == AC_EDENIED;
		log_refusal(ret, &e);
		ac_http_problem(ret, &e);
	} else if (ret->out.over) {
		ac_fail(&e, AC_ELIMIT, "HTTP-OUT", "the answer is too large");
		ac_http_problem(ret, &e);
	}
}
