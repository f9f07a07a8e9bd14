/* A sheet on paper: the same words, tags for a screen reader, bounded whatever the words are. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/xw.h"
#include "plugin/paper/paper.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
begin(void)
{
	a = ac_arena_new();
}

static void
end(void)
{
	ac_arena_free(a);
}

TestSuite(paper, .init = begin, .fini = end);

#define HEAD(lang) "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" " lang "><head><title>Sheet 3</title></head><body><main>"
#define FOOT "</main></body></html>\n"
#define PAGE(body) HEAD("lang=\"en\"") body FOOT

static enum ac_code
try(struct ac_str sheet, bool large, struct ac_str *ret, struct ac_err *e)
{
	struct ac_paper o = { .large = large, .made_at = 1774710000 };

	return ac_paper_pdf(sheet, &o, a, ret, e);
}

static struct ac_str
pdf(const char *sheet)
{
	struct ac_err e = { 0 };
	struct ac_str ret = { 0 };

	cr_assert(try(ac_str_c(sheet), false, &ret, &e) == AC_OK, "%s %s", e.rule, e.msg);
	cr_assert(ac_str_starts(ret, AC_S("%PDF-1.5\n")) && ac_str_ends(ret, AC_S("%%EOF\n")));
	return ret;
}

static int
count(struct ac_str s, const char *what)
{
	int n = 0;

	for (const char *p = s.p; (p = memmem(p, (size_t)(s.p + s.n - p), what, strlen(what))) != NULL; p++)
		n++;
	return n;
}

static int
pages(struct ac_str s)
{
	return count(s, "<< /Type /Page %");
}

/* A page with `text`, escaped, in each kind of place. */
static struct ac_str
page_with(struct ac_str text)
{
	static const char *const places[] = { "h1", "p", "li", "bdi", "strong" };
	struct ac_buf b;
	struct ac_xw w;

	ac_buf_init(&b, a, 4096, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "html");
	ac_xw_open(&w, "body");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		ac_xw_elem(&w, places[i], text);
	ac_xw_end(&w, "body");
	ac_xw_end(&w, "html");
	return ac_buf_str(&b);
}

static struct ac_str
repeated(const char *first, const char *what, size_t n)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 4096, 0);
	ac_buf_addz(&b, first);
	for (size_t i = 0; i < n; i++)
		ac_buf_addz(&b, what);
	return ac_buf_str(&b);
}

static void
expect_refused(struct ac_str sheet, enum ac_code code, const char *rule)
{
	struct ac_err e = { 0 };
	struct ac_str ret = { 0 };

	EXPECT_CODE(try(sheet, false, &ret, &e), code, e);
	EXPECT_RULE(e, rule);
	cr_expect(ret.p == NULL);
}

Test(paper, is_the_same_bytes_each_time)
{
	const char *sheet = PAGE("<h1>One</h1><p>two <strong>three</strong></p><ul><li>four</li></ul>");

	cr_expect(ac_streq(pdf(sheet), pdf(sheet)));
}

Test(paper, is_dated_by_the_sheet_and_not_by_the_day)
{
	cr_expect(count(pdf(PAGE("<p>x</p>")), "/CreationDate (20260328150000Z") == 1);
}

Test(paper, has_the_sheets_title_and_language)
{
	struct ac_str s = pdf(HEAD("lang=\"de\"") "<p>Blatt</p>" FOOT);

	cr_expect(count(s, "/Title (Sheet 3)") == 1);
	cr_expect(count(s, "/Lang <FEFF00640065>") == 1);
	cr_expect(count(s, "/DisplayDocTitle true") == 1);
	cr_expect(count(s, "/Marked true") == 1);
}

Test(paper, says_what_it_is_to_programs_that_read_no_pdf)
{
	struct ac_str s = pdf(HEAD("lang=\"de\"") "<p>Blatt</p>" FOOT);

	cr_expect(count(s, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Sheet 3</rdf:li>") == 1);
	cr_expect(count(s, "<dc:language><rdf:Bag><rdf:li>de</rdf:li>") == 1);
	cr_expect(count(s, "   /Metadata ") == 1);
}

Test(paper, asks_for_both_sides_of_a_leaf_where_there_are_two_pages)
{
	cr_expect(count(pdf(PAGE("<p>x</p>")), "/Duplex") == 0);
	cr_expect(count(pdf(ac_cstr(a, page_with(repeated("", "some words ", 700)))), "/Duplex /DuplexFlipLongEdge") == 1);
}

Test(paper, prints_names_in_any_script_and_signs_as_pictures)
{
	struct ac_paper strict = { .strict = true };
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	cr_expect(ac_paper_pdf(AC_S(PAGE("<p>\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e \xe3\x81\x95\xe3\x81\x8f \xea\xb9\x80\xeb\xaf\xbc "
					 "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe0\xa4\x86\xe0\xa4\xa6\xe0\xa4\xbf "
					 "\xe0\xb8\xaa\xe0\xb8\xa1 \xf0\x9f\x8c\xb8 \xf0\x9f\xa5\xb0</p>")),
		      &strict, a, &s, &e) == AC_OK,
	    "%s %s", e.rule, e.msg);
}

Test(paper, may_be_asked_to_refuse_a_sign_that_no_font_has)
{
	struct ac_paper strict = { .strict = true };
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	cr_expect(ac_paper_pdf(AC_S(PAGE("<p>x \xee\x80\x81</p>")), &strict, a, &s, &e) == AC_EINPUT); /* U+E001 is nobody's */
	EXPECT_RULE(e, "PAPER-LETTERS");
	cr_expect(try(page_with(AC_S("x \xee\x80\x81")), false, &s, &e) == AC_OK);
}

Test(paper, tags_headings_paragraphs_lists_and_tables)
{
	struct ac_str s = pdf(PAGE("<h1>a</h1><section><h2>b</h2><p>c</p><ul><li>d</li></ul><table><tr>"
				   "<th scope=\"row\">e</th><td>f</td></tr></table></section>"));
	static const char *const tags[] = { "/S /Document\n", "/S /H1\n", "/S /Sect\n", "/S /H2\n", "/S /P\n", "/S /L\n",
		"/S /LI\n", "/S /LBody\n", "/S /Table\n", "/S /TR\n", "/S /TH\n", "/S /TD\n" };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		cr_expect(count(s, tags[i]) == 1, "%s", tags[i]);
	cr_expect(count(s, "/Scope /Row") == 1);
}

Test(paper, says_what_a_picture_shows)
{
	struct ac_str s = pdf(PAGE("<svg viewBox=\"0 0 10 10\" role=\"img\"><title>Arm (b)</title>"
				   "<path d=\"M0 0H5V5Z\"/></svg>"));

	cr_expect(count(s, "/S /Figure\n") == 1);
	cr_expect(count(s, "/Alt <FEFF00410072006D002000280062") == 1);
}

Test(paper, leaves_out_of_the_tree_what_is_there_for_the_eye_alone)
{
	struct ac_str s = pdf(PAGE("<p>x</p><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><path d=\"M0 0H5V5Z\"/></svg>"));

	cr_expect(count(s, "/S /Figure\n") == 0);
}

Test(paper, says_where_another_language_begins)
{
	struct ac_str s = pdf(PAGE("<p>one <span class=\"other-language\" lang=\"de\">zwei</span></p>"));

	cr_expect(count(s, "/S /Span\n") >= 2);
	cr_expect(count(s, "/Lang <FEFF00640065>") == 1);
}

Test(paper, reads_from_right_to_left_where_the_sheet_does)
{
	struct ac_str s = pdf(HEAD("lang=\"ar\" dir=\"rtl\"") "<p>\xd9\x85\xd9\x85\xd9\x86\xd9\x88\xd8\xb9</p>" FOOT);

	cr_expect(count(s, "/Direction /R2L") == 1);
}

Test(paper, takes_letter_where_the_clinic_does)
{
	struct ac_paper o = { .letter = true };
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	cr_assert(ac_paper_pdf(AC_S(PAGE("<p>x</p>")), &o, a, &s, &e) == AC_OK);
	cr_expect(count(s, "/MediaBox [ 0 0 612 792 ]") == 1);
}

Test(paper, prints_large_on_more_pages_rather_than_smaller)
{
	struct ac_str sheet = page_with(repeated("", "some words ", 300)), small, large;
	struct ac_err e = { 0 };

	cr_assert(try(sheet, false, &small, &e) == AC_OK);
	cr_assert(try(sheet, true, &large, &e) == AC_OK);
	cr_expect(pages(large) > pages(small));
}

Test(paper, goes_on_on_the_next_page)
{
	cr_expect(pages(pdf(ac_cstr(a, page_with(repeated("", "some words ", 700))))) > 2);
}

Test(paper, ends_with_a_word_that_fills_pages)
{
	struct ac_str s;
	struct ac_err e = { 0 };

	cr_expect(try(page_with(repeated("", "W", 5000)), false, &s, &e) == AC_OK);
}

Test(paper, refuses_more_pages_than_anybody_reads)
{
	struct ac_str sheet = ac_str_cat(a, AC_S("<html><body>"), repeated("", "<p>some words</p>", 3000));

	expect_refused(ac_str_cat(a, sheet, AC_S("</body></html>")), AC_ELIMIT, "PAPER-PAGES");
}

Test(paper, refuses_a_text_that_is_no_sentence)
{
	expect_refused(page_with(repeated("", "W", AC_PAPER_TEXT_MAX + 1)), AC_ELIMIT, "PAPER-TEXT");
	expect_refused(ac_str_cat(a, ac_str_cat(a, AC_S("<html><body><p>"), repeated("", "<b>x</b> ", AC_PAPER_RUNS_MAX + 1)),
			   AC_S("</p></body></html>")),
	    AC_ELIMIT, "PAPER-TEXT");
}

Test(paper, ends_with_towers_of_marks)
{
	struct ac_str s;
	struct ac_err e = { 0 };

	cr_expect(try(page_with(repeated("a", "\xcc\x81", 2000)), false, &s, &e) == AC_OK, "%s %s", e.rule, e.msg);
}

Test(paper, ends_with_directions_that_are_never_closed)
{
	struct ac_str s;
	struct ac_err e = { 0 };

	cr_expect(try(page_with(repeated("x", "\xe2\x80\xae\xe2\x81\xa6\xd7\x90", 500)), false, &s, &e) == AC_OK);
}

Test(paper, refuses_letters_that_it_cannot_show)
{
	/* Kawi came with Unicode 15, after the fonts; glib 2.74 knows its letters */
	expect_refused(page_with(AC_S("\xf0\x91\xbc\x84")), AC_EINPUT, "PAPER-LETTERS");
}

Test(paper, refuses_what_is_no_sheet)
{
	expect_refused(AC_S(""), AC_EINPUT, "PAPER-INPUT");
	expect_refused(AC_S("<p>not closed"), AC_EINPUT, "PAPER-INPUT");
	expect_refused(AC_S("<svg/>"), AC_EINPUT, "PAPER-INPUT");
	expect_refused(AC_S("<html/>"), AC_EINPUT, "PAPER-INPUT");
	expect_refused(AC_S("<html><body/></html>"), AC_EINPUT, "PAPER-INPUT");
}

Test(paper, refuses_entities)
{
	expect_refused(AC_S("<!DOCTYPE html [<!ENTITY e SYSTEM \"/etc/hostname\">]><html><body><p>&e;</p></body></html>"),
	    AC_EINPUT, "PAPER-INPUT");
}

Test(paper, refuses_elements_inside_each_other_without_end)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 4096, 0);
	ac_buf_addz(&b, "<html><body>");
	for (int i = 0; i < 100; i++)
		ac_buf_addz(&b, "<div>");
	ac_buf_addz(&b, "<p>x</p>");
	for (int i = 0; i < 100; i++)
		ac_buf_addz(&b, "</div>");
	ac_buf_addz(&b, "</body></html>");
	expect_refused(ac_buf_str(&b), AC_ELIMIT, "PAPER-DEPTH");
}

Test(paper, refuses_parts_without_number)
{
	struct ac_str sheet = ac_str_cat(a, AC_S("<html><body>"), repeated("", "<p>x</p>", AC_PAPER_NODES_MAX + 1));
	expect_refused(ac_str_cat(a, sheet, AC_S("</body></html>")), AC_ELIMIT, "PAPER-NODES");
}

Test(paper, draws_nothing_for_a_picture_without_size)
{
	cr_expect(count(pdf(PAGE("<p>x</p><svg viewBox=\"0 0 nan inf\"><title>t</title></svg>")), "/S /Figure\n") == 0);
}

Test(paper, ends_with_a_path_that_makes_no_sense)
{
	(void)pdf(PAGE("<p>x</p><svg viewBox=\"0 0 10 10\"><path d=\"M1e999 0L\"/><path d=\"Z\"/><path d=\"C1 2\"/>"
		       "<path d=\"M0 0 5 5q1 1 2 2\"/></svg>"));
}
