/*
 * web_kit.h - requests to the plugin without a web server: a gateway of strings in front of ac_http_serve. On top of
 * intake_kit.h: an installation in a folder, a clock, visits.
 */
#ifndef TESTS_WEB_KIT_H
#define TESTS_WEB_KIT_H

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "core/rows.h"
#include "plugin/auth.h"
#include "plugin/routes.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

struct call {
	const char *method, *uri; /* NULL: GET */
	const char *user, *role, *site, *patient, *encounter;
	const char *type, *body;
	const char *length;      /* NULL: as long as the body */
	const char *extra[8][2]; /* more FastCGI parameters, as forged headers arrive */
	bool body_was_read;
};

KIT const char *
call_param(void *ctx, const char *name)
{
	const struct call *c = ctx;
	static const char none[] = "";
	static _Thread_local char length[24];

	for (size_t i = 0; i < 8 && c->extra[i][0] != NULL; i++)
		if (strcmp(c->extra[i][0], name) == 0)
			return c->extra[i][1];
	if (strcmp(name, "REQUEST_METHOD") == 0)
		return c->method == NULL ? "GET" : c->method;
	if (strcmp(name, "REQUEST_URI") == 0)
		return c->uri;
	if (strcmp(name, "AFTERCARE_USER") == 0)
		return c->user;
	if (strcmp(name, "AFTERCARE_ROLE") == 0)
		return c->role;
	if (strcmp(name, "AFTERCARE_SITE") == 0)
		return c->site;
	if (strcmp(name, "AFTERCARE_PATIENT") == 0)
		return c->patient;
	if (strcmp(name, "AFTERCARE_ENCOUNTER") == 0)
		return c->encounter;
	if (strcmp(name, "CONTENT_TYPE") == 0)
		return c->type != NULL   ? c->type
		       : c->body != NULL ? "application/x-www-form-urlencoded"
					 : none;
	if (strcmp(name, "CONTENT_LENGTH") == 0) {
		snprintf(length, sizeof(length), "%zu", c->body == NULL ? (size_t)0 : strlen(c->body));
		return c->length != NULL ? c->length : length;
	}
	return NULL;
}

KIT bool
call_read(void *ctx, char *buf, size_t n)
{
	struct call *c = ctx;

	c->body_was_read = true;
	if (n > (c->body == NULL ? 0 : strlen(c->body)))
		return false;
	if (n > 0)
		memcpy(buf, c->body, n);
	return true;
}

/* The answer's bytes live until the next request of the kit's worker. */
KIT struct ac_http
serve(struct kit *k, struct call *c)
{
	struct ac_gateway g = { call_param, call_read, c };
	struct ac_err e = { 0 };
	struct ac_http h;

	need(ac_worker_begin(k->w, &e), &e);
	ac_http_serve(k->w, &g, &h);
	return h;
}

KIT struct ac_http
get(struct kit *k, const char *role, const char *uri)
{
	struct call c = { .uri = uri, .user = role, .role = role };

	return serve(k, &c);
}

KIT struct ac_http
post(struct kit *k, const char *role, const char *uri, const char *body)
{
	struct call c = { .method = "POST", .uri = uri, .user = role, .role = role, .body = body };

	return serve(k, &c);
}

/* A copy in the kit's own arena. */
KIT const char *
text_of(struct kit *k, const struct ac_http *h)
{
	return ac_cstr(k->a, ac_buf_str(&h->out));
}

KIT bool
holds(const struct ac_http *h, const char *part)
{
	struct ac_str s = ac_buf_str(&h->out);

	return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

KIT struct ac_str
header_of(const struct ac_http *h, const char *name)
{
	for (size_t i = 0; i < h->nheaders; i++)
		if (strcmp(h->headers[i].name, name) == 0)
			return h->headers[i].value;
	return (struct ac_str){ 0 };
}

KIT int64_t
leaves(struct kit *k)
{
	struct ac_err e = { 0 };
	struct ac_rows rows;

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_rows_read_n(k->w->reader, AC_STMT_LEAF_COUNT, NULL, 0, k->w->arena, &rows, &e), &e);
	return ac_row(&rows, 0)[0].i;
}

KIT const char *
last_leaf(struct kit *k)
{
	struct ac_err e = { 0 };
	struct ac_rows rows;
	int64_t n = leaves(k);

	need(ac_rows_read(k->w->reader, AC_STMT_LEAF_GET, k->w->arena, &rows, &e, AC_VINT(n - 1)), &e);
	return ac_cstr(k->a, ac_row(&rows, 0)[0].s);
}

/* The hidden fields of the form whose action ends so, as a body; NULL: no such form. */
KIT char *
form_body(struct kit *k, const char *html, const char *action_end, const char *more)
{
	const char *form = html, *end, *at;
	char *body;
	size_t n;

	for (;; form++) {
		if ((form = strstr(form, "<form")) == NULL || (end = strstr(form, "</form>")) == NULL)
			return NULL;
		const char *action = strstr(form, "action=\"") + strlen("action=\""),
			   *quote = strchr(action, '"');
		if ((size_t)(quote - action) >= strlen(action_end) &&
		    strncmp(quote - strlen(action_end), action_end, strlen(action_end)) == 0)
			break;
	}
	body = ac_alloc(k->a, (size_t)(end - form) + strlen(more) + 2);
	n = 0;
	for (at = form; (at = strstr(at, "type=\"hidden\" name=\"")) != NULL && at < end;) {
		const char *name = at + strlen("type=\"hidden\" name=\""), *name_end = strchr(name, '"');
		const char *value = name_end + strlen("\" value=\""), *value_end = strchr(value, '"');

		n += (size_t)sprintf(
		    body + n, "%.*s=%.*s&", (int)(name_end - name), name, (int)(value_end - value), value);
		at = value_end;
	}
	strcpy(body + n, more);
	return body;
}

/* HTML as we write it, as XML: void elements get their end. */
KIT struct ac_str
as_xml(struct kit *k, struct ac_str html)
{
	static const char *const voids[] = { "meta", "link", "input", "br", "hr", "img", "col" };
	struct ac_buf b;

	ac_buf_init(&b, k->a, html.n + 1024, 0);
	for (size_t i = 0; i < html.n; i++) {
		bool is_void = false;

		for (size_t v = 0; html.p[i] == '<' && v < sizeof(voids) / sizeof(voids[0]); v++) {
			size_t n = strlen(voids[v]);
			is_void |= html.n - i > n + 1 && strncmp(html.p + i + 1, voids[v], n) == 0 &&
				   (html.p[i + 1 + n] == ' ' || html.p[i + 1 + n] == '>');
		}
		if (!is_void) {
			ac_buf_addc(&b, html.p[i]);
			continue;
		}
		while (i < html.n && html.p[i] != '>') /* attribute values hold no ">" */
			ac_buf_addc(&b, html.p[i++]);
		ac_buf_addz(&b, html.p[i - 1] == '/' ? ">" : "/>");
	}
	return ac_buf_str(&b);
}

KIT const char *
unsafe_attribute(const xmlAttr *attr)
{
	xmlChar *v = xmlNodeListGetString(attr->doc, attr->children, 1);
	const char *name = (const char *)attr->name, *value = v == NULL ? "" : (const char *)v, *why = NULL;

	if (strncasecmp(name, "on", 2) == 0)
		why = "an event handler";
	else if (strcasecmp(name, "style") == 0)
		why = "inline style";
	else if ((strcasecmp(name, "href") == 0 || strcasecmp(name, "action") == 0 ||
		     strcasecmp(name, "src") == 0) &&
		 value[0] != '/' && value[0] != '#')
		why = "a link to elsewhere";
	xmlFree(v);
	return why;
}

/* NULL: nothing in it runs, frames or leads elsewhere. */
KIT const char *
unsafe(const xmlNode *n)
{
	static const char *const bad[] = { "script", "iframe", "object", "embed", "style", "base", "frame",
		"img", "image", "foreignObject", "animate", "set" };
	const char *why;

	for (; n != NULL; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			if (strcasecmp((const char *)n->name, bad[i]) == 0)
				return bad[i];
		for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
			if ((why = unsafe_attribute(a)) != NULL)
				return why;
		if ((why = unsafe(n->children)) != NULL)
			return why;
	}
	return NULL;
}

/* NULL: it parses and is safe. */
KIT const char *
page_fault(struct kit *k, struct ac_str html)
{
	struct ac_str xml = as_xml(k, html);
	xmlDoc *doc = xmlReadMemory(
	    xml.p, (int)xml.n, "page.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	const char *why;

	if (doc == NULL)
		return "not well-formed";
	why = unsafe(xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	return why;
}

#endif
