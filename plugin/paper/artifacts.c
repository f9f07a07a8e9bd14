/*
 * artifacts.c - what on a page is no content: rules, frames, bullets, the foot. cairo 1.16 knows no tag for it, so each page's
 * stream is taken apart again and what stands in no tag is marked as what it is; a screen reader leaves it out because the
 * page says so, not because it guesses. Source: ISO 32000-1, 14.8.2.2; ISO 14289-1, 7.1.
 */
#include <string.h>

#include <zlib.h>

#include "plugin/paper/parts.h"

#define BEGIN "\n/Artifact BMC\n"
#define END "EMC\n"
#define INFLATED_MAX (4 * AC_PAPER_PDF_MAX)

static enum ac_code
fail(struct ac_err *reterr, const char *what)
{
	return ac_fail(reterr, AC_EIO, "PAPER-LIBRARY", "the PDF is not as cairo writes it: %s", what);
}

static bool
inflate_all(struct ac_str s, struct ac_buf *b)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)s.p, .avail_in = (uInt)s.n };
	int rc = inflateInit(&z);

	if (rc != Z_OK)
		return false;
	while (rc == Z_OK && ac_buf_room(b, 64 * 1024)) {
		z.next_out = (Bytef *)b->p + b->n;
		z.avail_out = 64 * 1024;
		rc = inflate(&z, Z_NO_FLUSH);
		b->n += 64 * 1024 - z.avail_out;
	}
	(void)inflateEnd(&z);
	return rc == Z_STREAM_END && z.avail_in == 0;
}

static bool
is_white(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

/* Behind the bracket that ends a string; its brackets are in pairs or behind a stroke. */
static size_t
string_end(struct ac_str s, size_t at)
{
	int depth = 0;

	for (; at < s.n; at++) {
		if (s.p[at] == '\\')
			at++;
		else if (s.p[at] == '(')
			depth++;
		else if (s.p[at] == ')' && --depth == 0)
			return at + 1;
	}
	return s.n;
}

/* The next operator or operand; absent at the end. */
static struct ac_str
token(struct ac_str s, size_t *at)
{
	static const char alone[] = "[]{}<>";

	while (*at < s.n && is_white(s.p[*at]))
		(*at)++;
	size_t from = *at;
	if (from == s.n)
		return (struct ac_str){ 0 };
	bool is_hex = s.p[from] == '<' && from + 1 < s.n && s.p[from + 1] != '<' && (from == 0 || s.p[from - 1] != '<');
	if (s.p[from] == '(')
		*at = string_end(s, from);
	else if (is_hex)
		while (*at < s.n && s.p[(*at)++] != '>')
			;
	else if (strchr(alone, s.p[from]) != NULL)
		*at = from + 1;
	else
		do
			(*at)++;
		while (*at < s.n && !is_white(s.p[*at]) && strchr("[]{}<>(/", s.p[*at]) == NULL);
	return (struct ac_str){ s.p + from, *at - from };
}

static bool
is_one_of(struct ac_str t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq_c(t, words[i]))
			return true;
	return false;
}

struct marking {
	struct ac_str page;
	struct ac_buf *out;
	size_t from;     /* what was not given out yet begins here */
	size_t operands; /* of the operator that comes */
	int depth;       /* of tags */
	int inner;       /* of what an artifact's own text says of its letters */
	bool in_text;
	bool paints;     /* what was not given out yet leaves ink */
};

static void
give(struct marking *m, size_t until)
{
	struct ac_str part = { m->page.p + m->from, until - m->from };

	ac_buf_addz(m->out, m->paints ? BEGIN : "");
	ac_buf_add(m->out, part);
	if (m->paints && part.n > 0 && part.p[part.n - 1] != '\n')
		ac_buf_addc(m->out, '\n');
	ac_buf_addz(m->out, m->paints ? END : "");
	m->from = until;
	m->paints = false;
}

/* Between two tags. cairo begins and ends a text inside of what it belongs to, so a tag within a text that is in none is only
 * what a letter stands for. */
static enum ac_code
mark(struct marking *m, struct ac_err *reterr)
{
	static const char *const paints[] = { "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "Tj", "TJ", "'", "\"" };
	static const char *const begins[] = { "BDC", "BMC" };
	size_t at = 0;
	struct ac_str t;

	for (size_t before = 0; (t = token(m->page, &at)).n > 0; before = at) {
		bool is_operand = strchr("([]{}<>/+-.0123456789", t.p[0]) != NULL;

		if (is_operand && m->operands == 0)
			m->operands = before + 1;
		if (is_operand)
			continue;
		size_t begun = m->operands > 0 ? m->operands - 1 : before;
		m->operands = 0;
		if (ac_streq_c(t, "BI"))
			return fail(reterr, "a page's pictures");
		if (ac_streq_c(t, "BT") || ac_streq_c(t, "ET"))
			m->in_text = t.p[0] == 'B';
		if (is_one_of(t, begins, 2) && m->depth == 0 && m->in_text) {
			m->inner++;
		} else if (is_one_of(t, begins, 2)) {
			if (m->depth++ == 0)
				give(m, begun);
		} else if (ac_streq_c(t, "EMC") && m->inner > 0) {
			m->inner--;
		} else if (ac_streq_c(t, "EMC")) {
			if (--m->depth < 0)
				return fail(reterr, "a page's tags");
			if (m->depth == 0)
				give(m, at);
		} else if (m->depth == 0) {
			m->paints |= is_one_of(t, paints, sizeof(paints) / sizeof(paints[0]));
		}
	}
	if (m->depth != 0)
		return fail(reterr, "a page's tags");
	give(m, m->page.n);
	return AC_OK;
}

enum ac_code
paper_mark_artifacts(struct ac_arena *a, struct ac_str stream, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_buf page, out;

	ac_buf_init(&page, a, 64 * 1024, INFLATED_MAX);
	if (!inflate_all(stream, &page))
		return fail(reterr, "a page's stream");
	ac_buf_init(&out, a, page.n + 4096, 0);
	struct marking m = { .page = ac_buf_str(&page), .out = &out };
	enum ac_code rc = mark(&m, reterr);
	if (rc != AC_OK)
		return rc;
	uLongf n = compressBound(out.n);
	char *packed = ac_alloc(a, n);
	if (compress2((Bytef *)packed, &n, (const Bytef *)out.p, out.n, Z_DEFAULT_COMPRESSION) != Z_OK)
		return fail(reterr, "a page's stream");
	*ret = (struct ac_str){ packed, n };
	return AC_OK;
}
