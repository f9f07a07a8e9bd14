/*
 * http.h - one request and its answer, apart from FastCGI: what handlers see.
 *
 * Shape   the request is read from FastCGI parameters into the worker's arena; the body is read only after the route and the
 *         role were found good, and never when its declared length is over the route's limit. The answer is collected whole
 *         (status, headers, body) and sent once, after whatever had to be committed was committed.
 * Errors  a handler returns ac_code; anything but AC_OK becomes an RFC 9457 problem document (or a plain page for a browser).
 * Threads one request, one thread.
 * PHI     bodies and paths. Nothing of a request is logged but rule and route name.
 */
#ifndef PLUGIN_HTTP_H
#define PLUGIN_HTTP_H

#include "base/buf.h"
#include "base/err.h"
#include "core/service.h"
#include "core/token.h"

#define AC_HTTP_CAPTURES_MAX 4
#define AC_HTTP_FIELDS_MAX 128
#define AC_HTTP_PATH_MAX 2048
#define AC_HTTP_FORM_MAX (64 * 1024)
#define AC_HTTP_HEADERS_MAX 8

enum ac_method { AC_GET = 1, AC_PUT = 2, AC_POST = 4 };

struct ac_field { /* of a query or a form */
	struct ac_str name, value;
};
struct ac_route;

struct ac_http {
	struct ac_worker *w;
	const struct ac_route *route;
	struct ac_actor who;
	struct ac_token token; /* who says so, when has_token */
	bool has_token;
	bool refused; /* the answer is a refusal: AC_EDENIED */
	enum ac_method method;
	bool is_head;
	bool wants_html; /* the route is a page: errors are pages too */
	struct ac_str path;
	struct ac_str capture[AC_HTTP_CAPTURES_MAX]; /* decoded segments, in the order of the route's pattern */
	struct ac_field *query;
	size_t nquery;
	struct ac_str body;
	struct ac_field *form; /* decoded when the route says FORM */
	size_t nform;
	struct ac_str conflict; /* with status 409: what the form's page did not know, in a sentence */

	int status; /* 200 unless set */
	const char *type;
	bool cacheable; /* no patient in it: assets */
	struct ac_buf out;
	struct {
		const char *name;
		struct ac_str value;
	} headers[AC_HTTP_HEADERS_MAX];
	size_t nheaders;
};

struct ac_str ac_http_query(const struct ac_http *h, const char *name); /* absent when not there */
struct ac_str ac_http_form(const struct ac_http *h, const char *name);
/* "2026-03-28T14:35", as <input type="datetime-local"> sends it; seconds are dropped. */
bool ac_form_wall(struct ac_str s, struct ac_wall *ret);
void ac_http_header(struct ac_http *h, const char *name, struct ac_str value); /* CR and LF are refused: header left out */
/* 303 to a path of ours. */
void ac_http_see_other(struct ac_http *h, struct ac_str location);

/* application/x-www-form-urlencoded: at most AC_HTTP_FIELDS_MAX fields, UTF-8, no NUL. */
enum ac_code ac_fields_parse(struct ac_str text, struct ac_arena *a, struct ac_field **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;
bool ac_percent_decode(struct ac_str s, bool plus_is_space, struct ac_arena *a, struct ac_str *ret);
struct ac_str ac_percent_encode(struct ac_str s, struct ac_arena *a); /* one path segment */

int ac_http_status(const struct ac_err *e); /* the status of an error: code, and the few rules that have their own */
void ac_http_problem(struct ac_http *h, const struct ac_err *e);

/* Everything between "a request is there" and "the answer is whole". `param` reads one FastCGI parameter (NULL: unset),
 * `read` fills exactly n bytes or fails. Pure of libfcgi, so that tests and the fuzzer call it. */
struct ac_gateway {
	const char *(*param)(void *ctx, const char *name);
	bool (*read)(void *ctx, char *buf, size_t n);
	void *ctx;
};
void ac_http_serve(struct ac_worker *w, const struct ac_gateway *g, struct ac_http *ret);

#endif
