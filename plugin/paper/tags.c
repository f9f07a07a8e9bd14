/*
 * tags.c - the structure tree: what a screen reader walks along. cairo 1.16 writes the tree, but knows neither the language of
 * a part nor what a picture shows nor which cell heads a row; so each tag is noted as it is opened, and the finished file is
 * written again with what is missing, and with a new table of where its parts are. Source: ISO 32000-1, 7.5.4, 14.7, 14.8, 14.9.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "plugin/paper/parts.h"

#define OBJECTS_MAX 100000

void
paper_tag_open(struct paper_work *w, const struct paper_box *b)
{
	if (!w->paint || b->tag == NULL)
		return;
	struct paper_tag t = { b->tag, b->lang, b->alt, b->is_row_head, b->is_silent };
	AC_PUSH(w->a, &w->tags, t);
	cairo_tag_begin(w->cr, b->tag, "");
}

void
paper_tag_close(struct paper_work *w, const struct paper_box *b)
{
	if (w->paint && b->tag != NULL)
		cairo_tag_end(w->cr, b->tag);
}

/* A text string as UTF-16 with its mark, in hexadecimal: no byte of it can end anything. */
static void
add_hex(struct ac_buf *b, const char *text)
{
	struct ac_str s = ac_str_c(text);

	ac_buf_addz(b, "<FEFF");
	for (size_t at = 0; at < s.n;) {
		uint32_t c = ac_utf8_next(s, &at);

		if (c >= 0x10000)
			ac_buf_addf(b, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
		else
			ac_buf_addf(b, "%04X", c);
	}
	ac_buf_addc(b, '>');
}

static void
add_attributes(struct ac_buf *b, const struct paper_tag *t)
{
	if (t->lang != NULL && t->lang[0] != '\0') {
		ac_buf_addz(b, "   /Lang ");
		add_hex(b, t->lang);
		ac_buf_addc(b, '\n');
	}
	if (t->alt != NULL) {
		ac_buf_addz(b, "   /Alt ");
		add_hex(b, t->alt);
		ac_buf_addc(b, '\n');
	}
	if (t->is_silent)
		ac_buf_addz(b, "   /ActualText <FEFF0020>\n");
	if (t->is_row_head)
		ac_buf_addz(b, "   /A << /O /Table /Scope /Row >>\n");
}

struct object {
	long n;
	size_t at, end; /* in the file as cairo wrote it */
};

static enum ac_code
fail(struct ac_err *reterr, const char *what)
{
	return ac_fail(reterr, AC_EIO, "PAPER-LIBRARY", "the PDF is not as cairo writes it: %s", what);
}

static struct object *
refuse(struct ac_err *reterr, const char *what)
{
	(void)fail(reterr, what);
	return NULL;
}

/* The table at the end: "xref\n0 N\n" and N lines of 20 bytes. NULL: failed. */
static struct object *
read_table(struct ac_arena *a, struct ac_str pdf, size_t *ret_n, struct ac_err *reterr)
{
	char tail[64] = "";
	const char *s;
	size_t from = pdf.n > 48 ? pdf.n - 48 : 0;
	char *end;

	memcpy(tail, pdf.p + from, pdf.n - from);
	s = strstr(tail, "startxref\n");
	size_t at = s == NULL ? 0 : strtoul(s + 10, NULL, 10);
	if (at == 0 || at >= pdf.n || strncmp(pdf.p + at, "xref\n0 ", 7) != 0)
		return refuse(reterr, "its table");
	size_t n = strtoul(pdf.p + at + 7, &end, 10);
	if (n < 2 || n > OBJECTS_MAX || *end != '\n' || (size_t)(end + 1 - pdf.p) + 20 * n > pdf.n)
		return refuse(reterr, "its table");
	struct object *o = ac_new(a, struct object, n - 1);
	for (size_t i = 1; i < n; i++) {
		const char *line = end + 1 + 20 * i;
		o[i - 1] = (struct object){ (long)i, strtoul(line, NULL, 10), at };
		if (line[17] != 'n' || o[i - 1].at >= at)
			return refuse(reterr, "a line of its table");
	}
	*ret_n = n - 1;
	return o;
}

static int
by_place(const void *x, const void *y)
{
	const struct object *p = x, *q = y;

	return p->at < q->at ? -1 : p->at > q->at;
}

static int
by_number(const void *x, const void *y)
{
	const struct object *p = x, *q = y;

	return p->n < q->n ? -1 : p->n > q->n;
}

/* "N 0 obj\n<< /Type /StructElem\n   /S /TH\n": the tag's name; absent: some other object. */
static struct ac_str
structure_name(struct ac_str object)
{
	static const char begin[] = " 0 obj\n<< /Type /StructElem\n   /S /";
	struct ac_str head, rest = object;

	while (rest.n > 0 && rest.p[0] >= '0' && rest.p[0] <= '9')
		rest = (struct ac_str){ rest.p + 1, rest.n - 1 };
	if (!ac_str_starts(rest, AC_S(begin)))
		return (struct ac_str){ 0 };
	(void)ac_cut((struct ac_str){ rest.p + sizeof(begin) - 1, rest.n - sizeof(begin) + 1 }, '\n', &head);
	return head;
}

static bool
is_catalog(struct ac_str object)
{
	return object.n < 400 && memmem(object.p, object.n, "<< /Type /Catalog\n", 18) != NULL;
}

/* One object with what is to be said in addition, in front of the ">>" that ends it. */
static void
copy(struct ac_buf *b, struct ac_str object, struct ac_str addition)
{
	size_t cut = object.n;

	while (addition.n > 0 && cut > 2 && strncmp(object.p + cut - 2, ">>", 2) != 0)
		cut--;
	cut = addition.n > 0 ? cut - 2 : cut;
	ac_buf_add(b, (struct ac_str){ object.p, cut });
	ac_buf_add(b, addition);
	ac_buf_add(b, (struct ac_str){ object.p + cut, object.n - cut });
}

static struct ac_str
for_catalog(struct paper_work *w)
{
	struct ac_buf b;

	ac_buf_init(&b, w->a, 256, 0);
	ac_buf_addz(&b, "   /Lang ");
	add_hex(&b, w->lang);
	ac_buf_addf(&b, "\n   /ViewerPreferences << /DisplayDocTitle true%s >>\n", w->rtl ? " /Direction /R2L" : "");
	return ac_buf_str(&b);
}

/* Tags are made in the order of their objects' numbers. */
static enum ac_code
additions(struct paper_work *w, struct ac_str pdf, struct object *o, size_t n, struct ac_str *ret, struct ac_err *reterr)
{
	size_t tag = 0;
	bool catalog = false;

	for (size_t i = 0; i < n; i++) {
		struct ac_str object = { pdf.p + o[i].at, o[i].end - o[i].at }, name = structure_name(object);

		if (is_catalog(object)) {
			ret[i] = for_catalog(w);
			catalog = true;
		}
		if (!ac_str_is_set(name))
			continue;
		if (tag == w->tags.n || !ac_streq_c(name, w->tags.v[tag].name))
			return fail(reterr, "its structure");
		struct ac_buf b;
		ac_buf_init(&b, w->a, 64, 0);
		add_attributes(&b, &w->tags.v[tag++]);
		ret[i] = ac_buf_str(&b);
	}
	return tag == w->tags.n && catalog ? AC_OK : fail(reterr, "its structure or catalogue");
}

static void
add_table(struct ac_buf *b, struct ac_str pdf, const size_t *at, size_t n)
{
	size_t start = b->n;
	const char *trailer = memmem(pdf.p, pdf.n, "\ntrailer\n", 9);
	struct ac_str words = trailer == NULL ? (struct ac_str){ 0 } : (struct ac_str){ trailer + 1, 0 };
	struct ac_sha256 id;

	for (const char *p = trailer; p != NULL; p = memmem(p + 9, (size_t)(pdf.p + pdf.n - p) - 9, "\ntrailer\n", 9))
		words.p = p + 1;
	ac_sha256(pdf, &id);
	ac_buf_addf(b, "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
	for (size_t i = 0; i < n; i++)
		ac_buf_addf(b, "%010zu 00000 n \n", at[i]);
	if (words.p != NULL) {
		const char *end = memmem(words.p, (size_t)(pdf.p + pdf.n - words.p), ">>", 2);
		words.n = end == NULL ? 0 : (size_t)(end - words.p);
	}
	struct ac_str hex = ac_hex(b->a, id.b, 16);
	ac_buf_add(b, words);
	ac_buf_addf(b, "   /ID [ <%.*s> <%.*s> ]\n>>\nstartxref\n%zu\n%%%%EOF\n", AC_FMT(hex), AC_FMT(hex), start);
}

enum ac_code
paper_amend(struct paper_work *w, struct ac_str pdf, struct ac_str *ret, struct ac_err *reterr)
{
	size_t n = 0;
	struct object *o = read_table(w->a, pdf, &n, reterr);
	struct ac_buf b;
	enum ac_code rc;

	if (o == NULL)
		return AC_EIO;
	qsort(o, n, sizeof(*o), by_place);
	for (size_t i = 0; i + 1 < n; i++)
		o[i].end = o[i + 1].at;
	size_t first = o[0].at;
	qsort(o, n, sizeof(*o), by_number);
	struct ac_str *more = ac_new(w->a, struct ac_str, n);
	if ((rc = additions(w, pdf, o, n, more, reterr)) != AC_OK)
		return rc;
	size_t *at = ac_new(w->a, size_t, n);
	ac_buf_init(&b, w->a, pdf.n + 8192, 0);
	ac_buf_add(&b, (struct ac_str){ pdf.p, first });
	for (size_t i = 0; i < n; i++) {
		at[i] = b.n;
		copy(&b, (struct ac_str){ pdf.p + o[i].at, o[i].end - o[i].at }, more[i]);
	}
	add_table(&b, pdf, at, n);
	*ret = ac_buf_str(&b);
	return AC_OK;
}
