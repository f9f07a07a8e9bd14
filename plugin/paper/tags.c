/*
 * tags.c - the structure tree: what a screen reader walks along. cairo 1.16 writes the tree, but knows neither the language of
 * a part nor what a picture shows nor which cell heads a row; so each tag is noted as it is opened, and the finished file is
 * written again with what is missing (also what the file says of itself, and what on its pages is no content), and with a new
 * table of where its parts are. Source: ISO 32000-1, 7.5.4, 14.3.2, 14.7, 14.8, 14.9.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "base/xw.h"
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
for_catalog(struct paper_work *w, size_t description)
{
	struct ac_buf b;

	ac_buf_init(&b, w->a, 256, 0);
	ac_buf_addz(&b, "   /Lang ");
	add_hex(&b, w->lang);
	ac_buf_addf(&b, "\n   /Metadata %zu 0 R\n   /ViewerPreferences << /DisplayDocTitle true%s%s >>\n", description,
	    w->rtl ? " /Direction /R2L" : "", w->npages > 1 ? " /Duplex /DuplexFlipLongEdge" : "");
	return ac_buf_str(&b);
}

/* What the file is, for programs that read no PDF: title and language, nothing about anybody. Source: ISO 16684-1. */
static struct ac_str
description(struct paper_work *w, size_t n)
{
	struct ac_buf b, o;
	struct ac_xw x;

	ac_buf_init(&b, w->a, 1024, 0);
	ac_buf_addz(&b, "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
			"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
			"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
			"<dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
	ac_xw_init(&x, &b, false);
	ac_xw_text(&x, ac_str_c(w->title));
	ac_buf_addz(&b, "</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>");
	ac_xw_text(&x, ac_str_c(w->lang));
	ac_buf_addz(&b, "</rdf:li></rdf:Bag></dc:language></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>\n");
	ac_buf_init(&o, w->a, b.n + 256, 0);
	ac_buf_addf(&o, "%zu 0 obj\n<< /Type /Metadata\n   /Subtype /XML\n   /Length %zu\n>>\nstream\n", n, b.n);
	ac_buf_add(&o, ac_buf_str(&b));
	ac_buf_addz(&o, "\nendstream\nendobj\n");
	return ac_buf_str(&o);
}

/* The number behind a word of an object; 0: none, or none that there is. */
static size_t
number_behind(struct ac_str object, const char *word, size_t n)
{
	const char *at = memmem(object.p, object.n, word, strlen(word));
	size_t v = at == NULL ? 0 : strtoul(at + strlen(word), NULL, 10);

	return v <= n ? v : 0;
}

/* "N 0 obj\n<< /Length M 0 R\n   /Filter /FlateDecode\n>>\nstream\n", and "M 0 obj\n   BYTES\nendobj\n" */
static enum ac_code
mark_page(struct paper_work *w, struct ac_str *object, size_t n, size_t contents, struct ac_err *reterr)
{
	static const char head[] = ">>\nstream\n";
	size_t length = number_behind(object[contents - 1], " 0 obj\n<< /Length ", n);
	struct ac_str was = object[contents - 1], marked;
	const char *begin = memmem(was.p, was.n, head, sizeof(head) - 1);

	if (length == 0 || begin == NULL)
		return fail(reterr, "a page's stream");
	begin += sizeof(head) - 1;
	size_t bytes = number_behind(object[length - 1], " 0 obj\n", SIZE_MAX);
	if (bytes == 0 || bytes > was.n - (size_t)(begin - was.p))
		return fail(reterr, "a page's length");
	enum ac_code rc = paper_mark_artifacts(w->a, (struct ac_str){ begin, bytes }, &marked, reterr);
	if (rc != AC_OK)
		return rc;
	struct ac_buf b;
	ac_buf_init(&b, w->a, marked.n + 256, 0);
	ac_buf_addf(&b, "%zu 0 obj\n<< /Length %zu 0 R\n   /Filter /FlateDecode\n>>\nstream\n", contents, length);
	ac_buf_add(&b, marked);
	ac_buf_addz(&b, "\nendstream\nendobj\n");
	object[contents - 1] = ac_buf_str(&b);
	object[length - 1] = ac_strf(w->a, "%zu 0 obj\n   %zu\nendobj\n", length, marked.n);
	return AC_OK;
}

static enum ac_code
mark_pages(struct paper_work *w, struct ac_str *object, size_t n, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;
	int found = 0;

	for (size_t i = 0; i < n && rc == AC_OK; i++) {
		if (object[i].n > 2000 || memmem(object[i].p, object[i].n, " 0 obj\n<< /Type /Page %", 23) == NULL)
			continue;
		size_t contents = number_behind(object[i], "\n   /Contents ", n);
		if (contents == 0)
			return fail(reterr, "a page");
		found++;
		rc = mark_page(w, object, n, contents, reterr);
	}
	return rc == AC_OK && found != w->npages ? fail(reterr, "its pages") : rc;
}

/* Tags are made in the order of their objects' numbers. */
static enum ac_code
additions(struct paper_work *w, const struct ac_str *object, size_t n, struct ac_str *ret, struct ac_err *reterr)
{
	size_t tag = 0;
	bool catalog = false;

	for (size_t i = 0; i < n; i++) {
		struct ac_str name = structure_name(object[i]);

		if (is_catalog(object[i])) {
			ret[i] = for_catalog(w, n + 1);
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

/* The trailer's own words from "/Root" on; how many objects there are has changed. */
static void
add_table(struct ac_buf *b, struct ac_str pdf, const size_t *at, size_t n)
{
	size_t start = b->n;
	const char *trailer = pdf.p;
	struct ac_sha256 id;

	for (const char *p = memmem(pdf.p, pdf.n, "\ntrailer\n", 9); p != NULL;
	     p = memmem(p + 9, (size_t)(pdf.p + pdf.n - p) - 9, "\ntrailer\n", 9))
		trailer = p + 1;
	ac_sha256(pdf, &id);
	ac_buf_addf(b, "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
	for (size_t i = 0; i < n; i++)
		ac_buf_addf(b, "%010zu 00000 n \n", at[i]);
	struct ac_str rest = { trailer, (size_t)(pdf.p + pdf.n - trailer) };
	const char *root = memmem(rest.p, rest.n, "   /Root ", 9), *end = memmem(rest.p, rest.n, ">>", 2);
	struct ac_str hex = ac_hex(b->a, id.b, 16);
	ac_buf_addf(b, "trailer\n<< /Size %zu\n", n + 1);
	if (root != NULL && end > root)
		ac_buf_add(b, (struct ac_str){ root, (size_t)(end - root) });
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
	struct ac_str *object = ac_new(w->a, struct ac_str, n), *more = ac_new(w->a, struct ac_str, n);
	for (size_t i = 0; i < n; i++)
		object[i] = (struct ac_str){ pdf.p + o[i].at, o[i].end - o[i].at };
	if ((rc = additions(w, object, n, more, reterr)) != AC_OK || (rc = mark_pages(w, object, n, reterr)) != AC_OK)
		return rc;
	size_t *at = ac_new(w->a, size_t, n + 1);
	ac_buf_init(&b, w->a, pdf.n + 8192, 0);
	ac_buf_add(&b, (struct ac_str){ pdf.p, first });
	for (size_t i = 0; i < n; i++) {
		at[i] = b.n;
		copy(&b, object[i], more[i]);
	}
	at[n] = b.n;
	ac_buf_add(&b, description(w, n + 1));
	add_table(&b, pdf, at, n + 1);
	*ret = ac_buf_str(&b);
	return AC_OK;
}
