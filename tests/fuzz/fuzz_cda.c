/* fuzz_cda.c - no bytes make the reader or the view of documents do wrong; what the view shows is never active. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/cda_view.h"
#include "hl7/cda.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Every tag of the view is one that the stylesheet writes, and every link stays within. */
static void
check_tags(struct ac_str html)
{
	static const char *const tags[] = { "article", "header", "section", "h1", "h2", "h3", "dl", "dt",
		"dd", "div", "p", "span", "bdi", "ul", "ol", "li", "table", "caption", "thead", "tbody",
		"tfoot", "tr", "th", "td", "sub", "sup", "br", "del", "ins", "a" };

	for (const char *p = html.p, *end = p + html.n; (p = memchr(p, '<', (size_t)(end - p))) != NULL;) {
		size_t len = 0;
		bool known = false;
		p += p[1] == '/' ? 2 : 1;
		while (
		    p + len < end && ((p[len] >= 'a' && p[len] <= 'z') || (p[len] >= '0' && p[len] <= '9')))
			len++;
		for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]) && !known; i++)
			known = strlen(tags[i]) == len && memcmp(tags[i], p, len) == 0;
		if (!known)
			abort();
		if (len == 1 && *p == 'a' && p[1] == ' ' && memcmp(p, "a href=\"#cda-", 13) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str xml = { (const char *)data, n }, html = { 0 };
	struct cda_summary s = { 0 };
	struct ac_err e = { 0 };
	enum ac_code code = cda_read(xml, a, &s, &e);

	if (code != AC_OK && e.rule == NULL)
		abort();
	if (ac_cda_view(xml, a, &html, &e) != code)
		abort(); /* what can be read can be shown */
	if (code == AC_OK)
		check_tags(html);
	return 0;
}
