/*
 * fuzz_http.c - no request makes the plugin do wrong: its answer has a status that we know, JSON that parses, headers
 * without line ends, no mark-up that came with the request; nobody gets anything but assets and health.
 *
 * Input   five bytes (role, method, type of body, origin, restrictions), the path up to a line end, the body. "$P" in path
 *         and body is the plan that is there, "$T" in a body the token that its form would hold.
 */
#include <stdint.h>

#include "base/log.h"
#include "plugin/auth.h"
#include "plugin/routes.h"
#include "tests/intake_kit.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct kit k;
static struct ac_str plan;

struct call {
	const char *role, *method, *type, *origin, *patient;
	char *uri;
	struct ac_str body;
	char length[24];
};

static void
close_kit(void)
{
	kit_close(&k);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	ac_log_open(AC_LOG_ERR, false);
	if (!ac_routes_check())
		abort();
	kit_open(&k);
	atexit(close_kit);
	struct ac_err e = { 0 };
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_channel_add(k.w, AC_S("admin"), AC_S("default"), (struct ac_life_how){ 0 }, &e), &e);
	struct ac_intake r = put(&k, (struct visit){ .signed_at = "2026-03-28T23:40:00+01:00" });
	plan = ac_uuid_str(k.a, r.plan);
	issue(&k, r.plan, 1);
	return 0;
}

static const char *
param(void *ctx, const char *name)
{
	const struct call *c = ctx;
	const struct {
		const char *name, *value;
	} all[] = { { "REQUEST_METHOD", c->method }, { "REQUEST_URI", c->uri }, { "AFTERCARE_USER", c->role },
		{ "AFTERCARE_ROLE", c->role }, { "AFTERCARE_PATIENT", c->patient },
		{ "CONTENT_TYPE", c->type }, { "CONTENT_LENGTH", c->length }, { "HTTP_ORIGIN", c->origin },
		{ "HTTP_HOST", "clinic.example" }, { "REMOTE_USER", "mallory" },
		{ "HTTP_AFTERCARE_ROLE", "clinician" } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].value;
	return NULL;
}

static bool
read_body(void *ctx, char *buf, size_t n)
{
	const struct call *c = ctx;

	if (n > c->body.n)
		return false;
	if (n > 0)
		memcpy(buf, c->body.p, n);
	return true;
}

/* "$P" and "$T" filled in, NULs gone: parameters are C strings. */
static struct ac_str
filled(struct ac_str s, struct ac_str token)
{
	struct ac_buf b;

	ac_buf_init(&b, k.w->arena, s.n + 64, 0);
	for (size_t i = 0; i < s.n; i++) {
		bool more = s.p[i] == '$' && i + 1 < s.n;

		if (more && s.p[i + 1] == 'P')
			ac_buf_add(&b, plan);
		else if (more && s.p[i + 1] == 'T')
			ac_buf_add(&b, token);
		else if (s.p[i] != '\0')
			ac_buf_addc(&b, s.p[i]);
		i += more && (s.p[i + 1] == 'P' || s.p[i + 1] == 'T');
	}
	return ac_buf_str(&b);
}

/* The token that the form of this path would carry for this person. */
static struct ac_str
token_for(const struct call *c)
{
	struct ac_http h = { .w = k.w, .who = { .user = ac_str_c(c->role) } };
	struct ac_str path, object;
	unsigned allow;

	ac_cut(ac_str_c(c->uri), '?', &path);
	h.route = ac_route_find(AC_POST, path, k.w->arena, h.capture, &allow);
	if (h.route == NULL)
		return AC_S("-");
	object = h.capture[0];
	if (strcmp(h.route->name, "panel-answer") == 0 || strcmp(h.route->name, "task-done") == 0)
		object = ac_strf(k.w->arena, "%.*s/%.*s", AC_FMT(h.capture[0]), AC_FMT(h.capture[1]));
	return ac_form_token(&h, h.route->name, object);
}

static bool
is_json(struct ac_str s)
{
	struct ac_err e = { 0 };
	json_object *o = NULL;
	bool ok = ac_json_parse(s, AC_BLOB_PLAIN_MAX, &o, &e) == AC_OK;

	json_object_put(o);
	return ok;
}

static void
check(const struct call *c, const struct ac_http *h)
{
	static const int known[] = { 200, 201, 303, 400, 401, 403, 404, 405, 409, 413, 415, 422, 503 };
	struct ac_str out = ac_buf_str(&h->out);
	bool is_known = false;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_known |= h->status == known[i];
	if (!is_known || h->type == NULL)
		abort();
	if (c->role == NULL && h->status < 400 && (h->route->flags & AC_ROUTE_PUBLIC) == 0)
		abort();
	for (size_t i = 0; i < h->nheaders; i++)
		if (memchr(h->headers[i].value.p, '\n', h->headers[i].value.n) != NULL ||
		    memchr(h->headers[i].value.p, '\r', h->headers[i].value.n) != NULL)
			abort();
	if (strstr(h->type, "json") != NULL && h->status != 303 && !is_json(out))
		abort();
	if (strstr(h->type, "html") != NULL && memmem(out.p, out.n, "<fz", 3) != NULL)
		abort();
}

/* What is decoded, encoded and decoded again is the same; what a query holds is found in it. */
static void
check_texts(struct ac_str text)
{
	struct ac_str once, twice;
	struct ac_field *v = NULL;
	struct ac_err e = { 0 };
	size_t n = 0;

	if (ac_percent_decode(text, false, k.w->arena, &once) &&
	    (!ac_percent_decode(ac_percent_encode(once, k.w->arena), false, k.w->arena, &twice) ||
		!ac_streq(once, twice)))
		abort();
	if (ac_fields_parse(text, k.w->arena, &v, &n, &e) != AC_OK ? e.rule == NULL : n > AC_HTTP_FIELDS_MAX)
		abort();
	for (size_t i = 0; i < n; i++) {
		struct ac_http h = { .query = v, .nquery = n };

		if (memchr(v[i].name.p, '\0', v[i].name.n) == NULL &&
		    !ac_str_is_set(ac_http_query(&h, ac_cstr(k.w->arena, v[i].name))))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const roles[] = { NULL, "", "front-desk", "nurse", "clinician", "admin", "auditor",
		"system", "none" };
	static const char *const methods[] = { "GET", "HEAD", "PUT", "POST", "DELETE", "" };
	static const char *const types[] = { "application/json", "application/x-www-form-urlencoded",
		"application/json; charset=utf-8", "text/plain", NULL };
	static const char *const origins[] = { NULL, "https://clinic.example", "http://evil.example",
		"null" };
	static const char *const patients[] = { NULL, "1", "2" };
#define PICK(from, byte) (from)[(byte) % (sizeof(from) / sizeof((from)[0]))]
	struct ac_str rest = { (const char *)data + 5, n - 5 }, uri;
	struct ac_err e = { 0 };
	struct ac_http h;

	if (n < 5 || n > 64 * 1024)
		return 0;
	need(ac_worker_begin(k.w, &e), &e);
	struct call c = { .role = PICK(roles, data[0]),
		.method = PICK(methods, data[1]),
		.type = PICK(types, data[2]),
		.origin = PICK(origins, data[3]),
		.patient = PICK(patients, data[4]) };
	rest = ac_cut(rest, '\n', &uri);
	c.uri = ac_cstr(k.w->arena, filled(uri, AC_S("")));
	c.body = filled(rest, token_for(&c));
	snprintf(c.length, sizeof(c.length), "%zu", c.body.n);
	check_texts(uri);
	struct ac_gateway g = { param, read_body, &c };
	ac_http_serve(k.w, &g, &h);
	check(&c, &h);
	return 0;
}
