/*
 * paper_any.c - whatever stands in a protocol and in a chart, its sheet becomes a PDF, or is refused by a named limit: up to
 * 200 lines, words without end, letters of all scripts in all directions, control characters, windows without number.
 *
 * Shape   a protocol is written by chance and read by the loader, a plan made of it, its sheet laid out on paper. AC_PAPER_RUNS
 *         (default 12) of them from AC_PAPER_SEED (default 1) on; a fault names its seed.
 */
#include <stdlib.h>

#include "base/xw.h"
#include "core/handout.h"
#include "plugin/paper/paper.h"
#include "tests/plan_kit.h"

struct gen {
	uint64_t s;
	struct ac_arena *a;
};

static uint64_t
next(struct gen *g)
{
	g->s ^= g->s << 13;
	g->s ^= g->s >> 7;
	g->s ^= g->s << 17;
	return g->s;
}

static size_t
below(struct gen *g, size_t n)
{
	return (size_t)(next(g) >> 11) % n;
}

static bool
chance(struct gen *g, size_t percent)
{
	return below(g, 100) < percent;
}

/* Ranges of letters, and signs that move, join, hide or turn what is around them. */
static uint32_t
letter(struct gen *g, size_t script)
{
	static const struct {
		uint32_t from, n;
	} scripts[] = { { 'a', 26 }, { 'A', 26 }, { '0', 10 }, { 0xC0, 0x17F }, { 0x400, 0xFF }, { 0x5D0, 27 }, { 0x621, 42 },
		{ 0x905, 0x6A }, { 0xE01, 0x39 }, { 0x300, 0x6F }, { 0x4E00, 0x4000 }, { 0x3041, 0xB0 }, { 0xAC00, 0x2B00 },
		{ 0x1F300, 0x5F0 }, { 0x200B, 5 }, { 0x202A, 5 }, { 0x2066, 4 }, { 0x1E00, 0xFF }, { 0xFE00, 16 }, { 0x1F1E6, 26 },
		{ 0xE000, 8 }, { 0x2028, 2 }, { 0xAD, 1 }, { 0x21, 15 }, { 0xFFFC, 2 }, { 0x1160, 0x40 }, { 0x1B00, 0x40 } };
	size_t i = script % (sizeof(scripts) / sizeof(scripts[0]));

	return scripts[i].from + (uint32_t)below(g, scripts[i].n);
}

static void
add_utf8(struct ac_buf *b, uint32_t c)
{
	if (c < 0x80) {
		ac_buf_addc(b, (char)c);
		return;
	}
	if (c >= 0x800)
		ac_buf_addc(b, (char)(c >= 0x10000 ? 0xF0 | c >> 18 : 0xE0 | c >> 12));
	if (c >= 0x10000)
		ac_buf_addc(b, (char)(0x80 | (c >> 12 & 63)));
	ac_buf_addc(b, (char)(c >= 0x800 ? 0x80 | (c >> 6 & 63) : 0xC0 | c >> 6));
	ac_buf_addc(b, (char)(0x80 | (c & 63)));
}

static struct ac_str
words(struct gen *g, size_t most)
{
	size_t n = 1 + below(g, chance(g, 1) ? 4000 : chance(g, 5) ? 400 : most), script = below(g, 64), blank = 3 + below(g, chance(g, 5) ? 3000 : 9);
	struct ac_buf b;

	ac_buf_init(&b, g->a, 4 * n + 8, 0);
	for (size_t i = 0; i < n; i++) {
		if (i % blank == blank - 1)
			ac_buf_addc(&b, ' ');
		if (chance(g, 4))
			script = chance(g, 80) ? 0 : below(g, 64);
		add_utf8(&b, letter(g, script));
	}
	return ac_buf_str(&b);
}

static void
text_element(struct gen *g, struct ac_xw *w, const char *name, size_t most)
{
	ac_xw_open(w, name);
	ac_xw_attrc(w, "xml:lang", "en");
	ac_xw_textc(w, "w ");
	ac_xw_text(w, words(g, most));
	ac_xw_end(w, name);
	if (!chance(g, 20))
		return;
	static const char *const langs[] = { "ar", "he", "de", "ru" };
	ac_xw_open(w, name);
	ac_xw_attrc(w, "xml:lang", langs[below(g, 4)]);
	ac_xw_textc(w, "v ");
	ac_xw_text(w, words(g, most));
	ac_xw_end(w, name);
}

static void
instruction(struct gen *g, struct ac_xw *w, size_t i)
{
	static const char *const kinds[] = { "restriction", "restriction", "care", "information", "warning" };

	ac_xw_open(w, "instruction");
	ac_xw_attrf(w, "id", "l%zu", i);
	ac_xw_attrf(w, "concept", "c%zu", i);
	const char *kind = kinds[below(g, 5)];
	ac_xw_attrc(w, "kind", kind);
	text_element(g, w, "label", 30);
	if (kind[0] == 'r' || chance(g, 50)) {
		ac_xw_open(w, "window");
		if (chance(g, 20))
			ac_xw_attrf(w, "from", "%zu h", 1 + below(g, 9));
		ac_xw_attrf(w, "until", chance(g, 50) ? "%zu h" : "%zu d", 10 + below(g, chance(g, 5) ? 4000 : 90));
		ac_xw_close(w);
	}
	text_element(g, w, "text", 80);
	for (size_t k = chance(g, 20) ? 1 + below(g, 5) : 0; k > 0; k--) {
		ac_xw_open(w, "except");
		ac_xw_attrf(w, "concept", "x%zu-%zu", i, k);
		ac_xw_attrc(w, "xml:lang", "en");
		ac_xw_text(w, words(g, 40));
		ac_xw_end(w, "except");
	}
	ac_xw_end(w, "instruction");
}

static const char *
protocol(struct gen *g, const char *id)
{
	size_t n = chance(g, 2) ? below(g, 201) : chance(g, 10) ? below(g, 40) : below(g, 6);
	struct ac_buf b;
	struct ac_xw w;

	ac_buf_init(&b, g->a, 64 * 1024, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "protocol");
	ac_xw_attrc(&w, "xmlns", "urn:aftercare:protocol:1");
	ac_xw_attrc(&w, "id", id);
	ac_xw_attrc(&w, "owner", "test");
	text_element(g, &w, "title", 40);
	ac_xw_open(&w, "trigger");
	ac_xw_attrc(&w, "system", "CPT4");
	ac_xw_attrc(&w, "code", "17999");
	ac_xw_close(&w);
	for (size_t i = 0; i < n; i++)
		instruction(g, &w, i);
	ac_xw_end(&w, "protocol");
	return ac_cstr(g->a, ac_buf_str(&b));
}

/* A name as an EHR may hold it: bytes, not always letters. */
static struct ac_str
name(struct gen *g)
{
	size_t n = below(g, 40);
	char *p = ac_alloc(g->a, n + 1);

	if (chance(g, 70))
		return words(g, 30);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)below(g, chance(g, 50) ? 32 : 256);
	return (struct ac_str){ p, n };
}

static void
rename_all(struct gen *g, struct encounter *e)
{
	e->patient.family = name(g);
	e->has_provider = true;
	e->provider.family = name(g);
	e->patient.has_guardian = chance(g, 30);
	e->patient.guardian_name = name(g);
}

static size_t
pages(struct ac_str pdf)
{
	static const char mark[] = "<< /Type /Page %";
	size_t n = 0;

	for (const char *p = pdf.p; (p = memmem(p, (size_t)(pdf.p + pdf.n - p), mark, sizeof(mark) - 1)) != NULL; p++)
		n++;
	return n;
}

static bool
is_named(const struct ac_err *e)
{
	static const char *const rules[] = { "PAPER-BYTES", "PAPER-NODES", "PAPER-TEXT", "PAPER-PAGES", "PAPER-LETTERS" };

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(e->rule, rules[i]) == 0)
			return true;
	return false;
}

/* Is there a plan to lay out? The loader has limits of its own. */
static bool
sheet_of(struct gen *g, struct ac_str *ret)
{
	static const char *const langs[] = { "en", "ar", "he", "de", "ru", "nl", "en-US", "tr", "zh" };
	const char *xml[2] = { protocol(g, "first"), chance(g, 30) ? protocol(g, "second") : NULL };
	const struct ac_protocol *p;
	struct ac_err e = { 0 };

	for (int i = 0; i < 2; i++)
		if (xml[i] != NULL && ac_protocol_load(ac_str_c(xml[i]), g->a, &p, &e) != AC_OK)
			return false;
	struct kit k = { .protocol = xml[0], .second = xml[1], .more = KIT_PERFORMED };
	struct ac_plan_input *in = kit_input(g->a, &k);
	rename_all(g, (struct encounter *)(uintptr_t)in->encounter);
	struct ac_handout_options o = { .issued_at = chance(g, 50) ? in->made_at : AC_INSTANT_NONE,
		.language = ac_str_c(langs[below(g, sizeof(langs) / sizeof(langs[0]))]),
		.sheet = (int64_t)below(g, 3),
		.large = chance(g, 20),
		.issued_by = name(g) };
	o.check = chance(g, 50) ? AC_S("AC-00000000-1-000000000000") : (struct ac_str){ 0 };
	cr_assert(ac_handout_html(kit_make(g->a, in), &o, g->a, ret, &e) == AC_OK, "%s %s", e.rule, e.msg);
	return true;
}

static long
number(const char *name, long otherwise)
{
	const char *s = getenv(name);

	return s == NULL ? otherwise : strtol(s, NULL, 10);
}

Test(paper_any, a_sheet_becomes_a_pdf_or_is_refused_by_name, .timeout = 100000)
{
	long runs = number("AC_PAPER_RUNS", 12), seed = number("AC_PAPER_SEED", 1), made = 0, loaded = 0;
	size_t most = 0;

	for (long i = 0; i < runs; i++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct gen g = { 0x9E3779B97F4A7C15ULL * (uint64_t)(seed + i) | 1, a };
		struct ac_err e = { 0 };
		struct ac_str html, pdf = { 0 };

		for (int k = 0; k < 8; k++)
			(void)next(&g);
		if ((i + 1) % 250 == 0)
			cr_log_info("%ld of %ld", i + 1, runs);
		if (!sheet_of(&g, &html))
			continue;
		loaded++;
		struct ac_paper o = { .large = chance(&g, 30), .letter = chance(&g, 30), .made_at = 1 };
		if (ac_paper_pdf(html, &o, a, &pdf, &e) != AC_OK) {
			cr_assert(is_named(&e), "seed %ld: %s %s", seed + i, e.rule, e.msg);
			continue;
		}
		made++;
		size_t n = pages(pdf);
		most = n > most ? n : most;
		cr_assert(n >= 1 && n <= AC_PAPER_PAGES_MAX && ac_str_ends(pdf, AC_S("%%EOF\n")), "seed %ld: %zu pages", seed + i, n);
	}
	cr_log_info("%ld of %ld loaded, %ld made, at most %zu pages", loaded, runs, made, most);
	cr_expect(loaded * 10 >= runs * 6 && made * 10 >= loaded * 5, "%ld loaded, %ld made of %ld", loaded, made, runs);
}
