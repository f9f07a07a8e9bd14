/* chart.c - aftercare-demo-chart: the pages of the stand-in chart over FastCGI, one request at a time. */
#include <errno.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/xw.h"
#include "plugin/demo/chart.h"

extern const struct ac_embedded chart_assets[];

static void
stop(int sig)
{
	(void)sig;
	FCGX_ShutdownPending();
}

static void
page_head(struct ac_xw *w, const char *title)
{
	ac_xw_open(w, "html");
	ac_xw_attrc(w, "lang", "en");
	ac_xw_open(w, "head");
	ac_xw_open(w, "meta");
	ac_xw_attrc(w, "charset", "utf-8");
	ac_xw_end(w, "meta");
	ac_xw_open(w, "meta");
	ac_xw_attrc(w, "name", "viewport");
	ac_xw_attrc(w, "content", "width=device-width, initial-scale=1");
	ac_xw_end(w, "meta");
	ac_xw_elem(w, "title", ac_str_c(title));
	ac_xw_open(w, "link");
	ac_xw_attrc(w, "rel", "stylesheet");
	ac_xw_attrc(w, "href", "/chart.css");
	ac_xw_end(w, "link");
	ac_xw_end(w, "head");
	ac_xw_open(w, "body");
	ac_xw_open(w, "header");
	ac_xw_elem(w, "strong", AC_S("Demo chart"));
	ac_xw_elem(w, "span", AC_S("a stand-in for your EHR; every patient is invented"));
	ac_xw_open(w, "nav");
	ac_xw_open(w, "a");
	ac_xw_attrc(w, "href", "/");
	ac_xw_textc(w, "Visits");
	ac_xw_end(w, "a");
	ac_xw_open(w, "a");
	ac_xw_attrc(w, "href", "/aftercare/worklist");
	ac_xw_textc(w, "Follow-up worklist");
	ac_xw_end(w, "a");
	ac_xw_end(w, "nav");
	ac_xw_end(w, "header");
	ac_xw_open(w, "main");
}

static void
page_end(struct ac_xw *w)
{
	ac_xw_end(w, "main");
	ac_xw_end(w, "body");
	ac_xw_end(w, "html");
}

static void
list_page(const struct chart *c, struct ac_xw *w, struct ac_arena *a)
{
	page_head(w, "Visits");
	ac_xw_elem(w, "h1", AC_S("Visits"));
	ac_xw_open(w, "ul");
	ac_xw_attrc(w, "class", "visits");
	for (size_t i = 0; i < chart_nsamples; i++) {
		const struct chart_sample *s = &chart_samples[i];
		struct chart_state st;

		chart_state_read(c, s, &st);
		ac_xw_open(w, "li");
		ac_xw_open(w, "a");
		ac_xw_attrf(w, "href", "/visit/%s", s->id);
		ac_xw_textf(w, "%s %s", s->given, s->family);
		ac_xw_end(w, "a");
		ac_xw_elem(w, "span", ac_str_c(s->about));
		ac_xw_open(w, "time");
		ac_xw_text(w, ac_time_words(a, c->zone, chart_ended(c, s, &st), AC_TIME_SHORT, AC_S("en")));
		ac_xw_end(w, "time");
		ac_xw_end(w, "li");
	}
	ac_xw_end(w, "ul");
	page_end(w);
}

static void
button(struct ac_xw *w, const struct chart_sample *s, const char *action, const char *label)
{
	ac_xw_open(w, "form");
	ac_xw_attrc(w, "method", "post");
	ac_xw_attrf(w, "action", "/visit/%s/%s", s->id, action);
	ac_xw_open(w, "button");
	ac_xw_textc(w, label);
	ac_xw_end(w, "button");
	ac_xw_end(w, "form");
}

static void
visit_page(const struct chart *c, const struct chart_sample *s, struct ac_xw *w, struct ac_arena *a)
{
	struct chart_state st;

	chart_state_read(c, s, &st);
	page_head(w, "Visit");
	ac_xw_open(w, "h1");
	ac_xw_textf(w, "%s %s", s->given, s->family);
	ac_xw_end(w, "h1");
	ac_xw_open(w, "p");
	ac_xw_textf(w, "Born %s · %s · area: %s · ", s->birth, s->about,
	    s->area == NULL ? "not recorded" : st.corrected ? s->corrected_area : s->area);
	if (chart_is_ahead(s, &st)) {
		ac_xw_textc(w, "booked for ");
		ac_xw_text(w, ac_time_words(a, c->zone, chart_ended(c, s, &st), AC_TIME_SHORT, AC_S("en")));
	} else if (st.signed_at != 0) {
		ac_xw_textc(w, "signed ");
		ac_xw_text(w, ac_time_words(a, c->zone, st.signed_at, AC_TIME_SHORT, AC_S("en")));
	} else {
		ac_xw_textc(w, "not signed");
	}
	ac_xw_end(w, "p");
	ac_xw_open(w, "div");
	ac_xw_attrc(w, "class", "actions");
	if (chart_is_ahead(s, &st))
		button(w, s, "begin", s->procedures[0] == 0 ? "Begin this visit" : "Record the treatment as done");
	else if (st.signed_at == 0)
		button(w, s, "sign", "Sign this visit");
	if (s->corrected_area != NULL && !st.corrected)
		button(w, s, "correct", "Correct the area");
	ac_xw_end(w, "div");
	if (!chart_is_ahead(s, &st)) {
		ac_xw_open(w, "iframe");
		ac_xw_attrf(w, "src", "/aftercare/panel/" CHART_SITE "/%s", s->id);
		ac_xw_attrc(w, "title", "Aftercare");
		ac_xw_end(w, "iframe");
	}
	page_end(w);
}

/* A person changed the chart: what is now is sent, whole. False: the plugin did not take it; the chart goes on. */
static bool
change(const struct chart *c, const struct chart_sample *s, struct ac_str action, struct ac_arena *a)
{
	struct chart_state st;
	int64_t now_ms = ac_now_ms();

	chart_state_read(c, s, &st);
	if (ac_streq_c(action, "begin") && chart_is_ahead(s, &st))
		st.begun_at = now_ms / 1000;
	if (ac_streq_c(action, "sign"))
		st.signed_at = now_ms / 1000;
	if (ac_streq_c(action, "correct")) {
		st.corrected = true;
		if (st.signed_at != 0)
			st.signed_at = now_ms / 1000; /* a correction is signed again */
	}
	st.revision = now_ms * 1000;
	if (!chart_state_write(c, s, &st))
		return false;
	long status = chart_send(c, s, chart_snapshot(c, s, &st, a));
	return status == 200 || status == 201;
}

static const struct chart_sample *
find(struct ac_str id)
{
	for (size_t i = 0; i < chart_nsamples; i++)
		if (ac_streq_c(id, chart_samples[i].id))
			return &chart_samples[i];
	return NULL;
}

static void
answer(FCGX_Request *r, const char *status, const char *type, struct ac_str body)
{
	FCGX_FPrintF(r->out,
	    "Status: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; "
	    "base-uri 'none'\r\n\r\n", status, type, (int)body.n);
	FCGX_PutStr(body.p, (int)body.n, r->out);
}

static void
post(const struct chart *c, FCGX_Request *r, const struct chart_sample *s, struct ac_str action, struct ac_arena *a)
{
	const char *site = FCGX_GetParam("HTTP_SEC_FETCH_SITE", r->envp);
	bool known = ac_streq_c(action, "sign") || (ac_streq_c(action, "correct") && s->corrected_area != NULL) ||
		     (ac_streq_c(action, "begin") && s->booked_minutes > 0);

	if ((site != NULL && strcmp(site, "same-origin") != 0) || !known) {
		answer(r, "403 Forbidden", "text/plain", AC_S("Not allowed.\n"));
		return;
	}
	if (!change(c, s, action, a)) {
		answer(r, "502 Bad Gateway", "text/plain", AC_S("The chart was changed, but Aftercare did not take the news.\n"));
		return;
	}
	FCGX_FPrintF(r->out, "Status: 303 See Other\r\nLocation: /visit/%s\r\nContent-Length: 0\r\n\r\n", s->id);
}

static void
serve(const struct chart *c, FCGX_Request *r, struct ac_arena *a)
{
	struct ac_str uri = ac_str_c(FCGX_GetParam("REQUEST_URI", r->envp)), method = ac_str_c(FCGX_GetParam("REQUEST_METHOD", r->envp));
	struct ac_str path, rest, head, id, action;
	const struct chart_sample *s;
	struct ac_buf b;
	struct ac_xw w;

	ac_cut(uri, '?', &path);
	ac_buf_init(&b, a, 16 * 1024, 0);
	ac_buf_addz(&b, "<!DOCTYPE html>\n");
	ac_xw_init(&w, &b, true);
	rest = ac_cut((struct ac_str){ path.p + (path.n > 0), path.n - (path.n > 0) }, '/', &head);
	action = ac_cut(rest, '/', &id);
	if (ac_streq_c(path, "/chart.css")) {
		answer(r, "200 OK", "text/css", (struct ac_str){ (const char *)chart_assets[0].bytes, chart_assets[0].n });
	} else if (ac_streq_c(path, "/")) {
		list_page(c, &w, a);
		answer(r, "200 OK", "text/html; charset=utf-8", ac_buf_str(&b));
	} else if (!ac_streq_c(head, "visit") || (s = find(id)) == NULL) {
		answer(r, "404 Not Found", "text/plain", AC_S("Not found.\n"));
	} else if (ac_streq_c(method, "POST")) {
		post(c, r, s, action, a);
	} else {
		visit_page(c, s, &w, a);
		answer(r, "200 OK", "text/html; charset=utf-8", ac_buf_str(&b));
	}
}

/* All encounters as they stand: what an EHR's module does when it is switched on. */
static int
send_all(const struct chart *c, struct ac_arena *a)
{
	for (size_t i = 0; i < chart_nsamples; i++) {
		struct chart_state st;
		long status;

		chart_state_read(c, &chart_samples[i], &st);
		if (chart_is_ahead(&chart_samples[i], &st))
			continue;
		status = chart_send(c, &chart_samples[i], chart_snapshot(c, &chart_samples[i], &st, a));
		if (status != 200 && status != 201) {
			fprintf(stderr, "visit %s: the plugin answered %ld\n", chart_samples[i].id, status);
			return 1;
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = stop };
	AC_AUTO(ac_arena) keep = ac_arena_new();
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_err e = { 0 };
	struct ac_str tzif;
	FCGX_Request r;

	if (argc != 6 || (strcmp(argv[1], "serve") != 0 && strcmp(argv[1], "send") != 0)) {
		fprintf(stderr, "usage: aftercare-demo-chart serve|send SOCKET STATE-DIR API-URL STARTED\n");
		return 2;
	}
	struct chart c = { .dir = argv[3], .api = argv[4], .credentials = "module:demo", .started = atoll(argv[5]) };
	if (ac_zone_read(AC_S("Europe/Berlin"), NULL, keep, &tzif, &e) != AC_OK ||
	    ac_zone_open(AC_S("Europe/Berlin"), tzif, keep, &c.zone, &e) != AC_OK) {
		fprintf(stderr, "%s: %s\n", e.rule, e.msg);
		return 1;
	}
	if (strcmp(argv[1], "send") == 0)
		return send_all(&c, a);
	sigaction(SIGTERM, &sa, NULL); /* without SA_RESTART */
	sigaction(SIGINT, &sa, NULL);
	umask(0117);
	int fd = FCGX_Init() == 0 ? FCGX_OpenSocket(argv[2], 16) : -1;
	if (fd < 0 || FCGX_InitRequest(&r, fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		fprintf(stderr, "cannot listen\n");
		return 1;
	}
	while (FCGX_Accept_r(&r) == 0) {
		serve(&c, &r, a);
		FCGX_Finish_r(&r);
		ac_arena_reset(a);
	}
	unlink(argv[2]);
	return 0;
}
