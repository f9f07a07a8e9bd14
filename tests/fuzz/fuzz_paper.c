/*
 * fuzz_paper.c - no words and no markup make the paper do wrong: a PDF comes of it, or a refusal with its rule.
 *
 * Shape   first byte even: the rest is a sheet as it stands; odd: words for each kind of place on a sheet, escaped. Bit 1: large
 *         print; bit 2: from right to left.
 */
#include <stdint.h>
#include <stdlib.h>

#include <glib.h>

#include "base/xw.h"
#include "plugin/paper/paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
quiet(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static void
table(struct ac_xw *w, struct ac_str words)
{
	ac_xw_open(w, "table");
	ac_xw_open(w, "tr");
	ac_xw_elem(w, "th", words);
	ac_xw_open(w, "td");
	ac_xw_attrc(w, "class", "number");
	ac_xw_text(w, words);
	ac_xw_end(w, "td");
	ac_xw_end(w, "tr");
	ac_xw_end(w, "table");
}

static struct ac_str
sheet_of(struct ac_str words, bool rtl, struct ac_arena *a)
{
	static const char *const places[] = { "h1", "p", "h2", "li", "bdi", "strong" };
	struct ac_buf b;
	struct ac_xw w;

	ac_buf_init(&b, a, 4096, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "html");
	ac_xw_attrc(&w, "dir", rtl ? "rtl" : NULL);
	ac_xw_attr(&w, "lang", words);
	ac_xw_open(&w, "body");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		ac_xw_elem(&w, places[i], words);
	table(&w, words);
	ac_xw_open(&w, "svg");
	ac_xw_attrc(&w, "viewBox", "0 0 20 20");
	ac_xw_elem(&w, "title", words);
	ac_xw_elem(&w, "text", words);
	ac_xw_open(&w, "path");
	ac_xw_attr(&w, "d", words);
	ac_xw_close(&w);
	ac_xw_end(&w, "svg");
	ac_xw_end(&w, "body");
	ac_xw_end(&w, "html");
	return ac_buf_str(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_err e = { 0 };
	struct ac_str pdf = { 0 };

	if (n == 0)
		return 0;
	(void)g_log_set_default_handler(quiet, NULL);
	struct ac_str sheet = { (const char *)data + 1, n - 1 };
	struct ac_paper o = { .letter = (data[0] & 8) != 0, .large = (data[0] & 2) != 0 };
	if ((data[0] & 1) != 0)
		sheet = sheet_of(sheet, (data[0] & 4) != 0, a);
	if (ac_paper_pdf(sheet, &o, a, &pdf, &e) != AC_OK ? e.rule == NULL : !ac_str_ends(pdf, AC_S("%%EOF\n")))
		abort();
	return 0;
}
