/* test_cda_view.c - the safe view: all text, nothing active. */
#include "core/cda_view.h"
#include "tests/cda_kit.h"

static struct ac_arena *a;

static void
setup(void)
{
	a = ac_arena_new();
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(cda_view, .init = setup, .fini = teardown);

#define HEAD \
	"<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id root=\"1.2\"/><code code=\"x\"/><title>T</title>" \
	"<effectiveTime value=\"20260331153500+0200\"/>"
#define BODY(text) \
	HEAD "<component><structuredBody><component><section><title>S</title><text>" text \
	     "</text></section></component></structuredBody></component></ClinicalDocument>"

static struct ac_str
view(struct ac_str xml)
{
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	cr_assert(ac_cda_view(xml, a, &html, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return html;
}

#define SHOWS(html, text) cr_expect(has((html), (text)), "no %s in %.*s", (text), AC_FMT(html))
#define SHOWS_NOT(html, text) cr_expect(has((html), (text)) == false, "%s in %.*s", (text), AC_FMT(html))

Test(cda_view, shows_paragraphs_lists_and_tables)
{
	struct ac_str html = view(AC_S(
	    BODY("<paragraph ID=\"p1\" styleCode=\"Bold xOther\">One</paragraph>"
		 "<list listType=\"ordered\"><caption>C</caption><item>Two</item></list>"
		 "<table><caption>D</caption><thead><tr><th>H</th></tr></thead><tbody><tr><td colspan=\"2\">"
		 "Three<br/>Four</td></tr></tbody></table>")));

	SHOWS(html, "<p dir=\"auto\" id=\"cda-p1\" class=\"cda-bold\">One</p>");
	SHOWS(html, "<ol><li dir=\"auto\">Two</li></ol>");
	SHOWS(html, "<caption dir=\"auto\">D</caption>");
	SHOWS(html, "<td dir=\"auto\" colspan=\"2\">Three<br>Four</td>");
}

Test(cda_view, keeps_the_text_of_elements_that_it_does_not_know)
{
	struct ac_str html = view(
	    AC_S(BODY("<blink>Wake <marquee xmlns=\"urn:x\">up</marquee></blink> now<list><p>loose</p></list>"
		      "<table><paragraph>lost</paragraph></table>")));

	SHOWS(html, "Wake ");
	SHOWS(html, "up");
	SHOWS(html, " now");
	SHOWS(html, "loose");
	SHOWS(html, "lost");
	SHOWS_NOT(html, "<blink");
	SHOWS_NOT(html, "<marquee");
}

Test(cda_view, lets_no_markup_of_the_document_through)
{
	struct ac_str html = view(AC_S(BODY(
	    "<script>alert(1)</script><h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(2)</h:script>"
	    "<paragraph onclick=\"x\" style=\"color:red\" class=\"panel\" styleCode=\"x&quot; "
	    "onload=&quot;y\">&lt;script>alert(3)"
	    "&lt;/script></paragraph><img xmlns=\"\" src=\"http://x\"/><td colspan=\"1&quot; onx=&quot;\" "
	    "rowspan=\"99999\">q</td>")));

	SHOWS_NOT(html, "<script");
	SHOWS_NOT(html, "onclick");
	SHOWS_NOT(html, "onload");
	SHOWS_NOT(html, "onx");
	SHOWS_NOT(html, "style=");
	SHOWS_NOT(html, "<img");
	SHOWS_NOT(html, "class=\"panel\"");
	SHOWS_NOT(html, "rowspan");
	SHOWS(html, "&lt;script&gt;alert(3)");
}

Test(cda_view, neutralises_and_marks_links_that_lead_out)
{
	struct ac_str html = view(AC_S(
	    BODY("<linkHtml href=\"javascript:alert(1)\">one</linkHtml><linkHtml href=\"https://x.org/\">two"
		 "</linkHtml><linkHtml>three</linkHtml><linkHtml href=\"#nowhere\">four</linkHtml>")));

	SHOWS_NOT(html, "<a ");
	SHOWS_NOT(html, "href");
	SHOWS(html, "one<span class=\"cda-link-note\"> [link, not active: <bdi>javascript:alert(1)</bdi>]");
	SHOWS(html, "two");
	SHOWS(html, "https://x.org/");
	SHOWS(html, "three");
	SHOWS(html, "four");
}

Test(cda_view, keeps_links_within_the_document)
{
	SHOWS(view(AC_S(BODY("<linkHtml href=\"#p1\">see</linkHtml><paragraph ID=\"p1\">x</paragraph>"))),
	    "<a href=\"#cda-p1\">see</a>");
}

Test(cda_view, neutralises_and_marks_each_kind_of_address)
{
	static const char *const hrefs[] = { "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#9;script:alert(1)", "data:text/html,x",
		"//evil.example/x", "http://evil.example/", "vbscript:x", "file:///etc/passwd", "\\\\evil\\x", "#" };

	for (size_t i = 0; i < sizeof(hrefs) / sizeof(hrefs[0]); i++) {
		struct ac_str html = view(ac_strf(a, BODY("<linkHtml href=\"%s\">words</linkHtml> after"), hrefs[i]));
		SHOWS_NOT(html, "<a ");
		SHOWS_NOT(html, "href=");
		SHOWS(html, "words<span class=\"cda-link-note\"> [link, not active: <bdi>");
		SHOWS(html, " after");
	}
}

Test(cda_view, names_what_it_does_not_run_or_load)
{
	struct ac_str html = view(AC_S(BODY("<script>alert(1)</script><img src=\"http://evil.example/x.png\"/>"
					    "<h:iframe xmlns:h=\"http://www.w3.org/1999/xhtml\" src=\"data:text/html,x\">in</h:iframe> rest")));

	SHOWS(html, "alert(1)<span class=\"cda-link-note\"> [script, not active]</span>");
	SHOWS(html, "[img, not active: <bdi>http://evil.example/x.png</bdi>]");
	SHOWS(html, "in<span class=\"cda-link-note\"> [iframe, not active: <bdi>data:text/html,x</bdi>]");
	SHOWS(html, " rest");
	SHOWS_NOT(html, "<script");
	SHOWS_NOT(html, "src=");
}

Test(cda_view, counts_the_attributes_and_instructions_that_it_left_out)
{
	struct ac_str html = view(AC_S("<?xml-stylesheet type=\"text/xsl\" href=\"file:///etc/passwd\"?>" BODY(
	    "<paragraph onclick=\"x\" ONLOAD=\"y\" style=\"color:red\" href=\"javascript:z\">words</paragraph><?php x?>")));

	SHOWS(html, "such as a stylesheet of its own (1); ");
	SHOWS(html, "instructions inside of it (1); ");
	SHOWS(html, "attributes that run script (2); ");
	SHOWS(html, "formatting of its own (1); ");
	SHOWS(html, "addresses where none belongs (1); ");
	SHOWS(html, "words</p>");
	SHOWS_NOT(html, "passwd");
}

Test(cda_view, says_nothing_was_left_out_where_nothing_was)
{
	SHOWS_NOT(view(AC_S(BODY("<paragraph>x</paragraph>"))), "Left out");
}

Test(cda_view, says_where_an_attached_content_would_have_come_from)
{
	struct ac_str html = view(AC_S(HEAD "<component><nonXMLBody><text mediaType=\"text/html\"><reference value=\"//evil.example/x\"/>"
					    "</text></nonXMLBody></component></ClinicalDocument>"));

	SHOWS(html, "not shown here (<bdi>text/html</bdi>).");
	SHOWS(html, "[link, not active: <bdi>//evil.example/x</bdi>]");
	SHOWS_NOT(html, "<a ");
}

Test(cda_view, shows_no_picture)
{
	struct ac_str html = view(AC_S(
	    BODY("<renderMultiMedia referencedObject=\"m1\"><caption>A graph</caption></renderMultiMedia>")));

	SHOWS(html, "[picture, not shown]");
	SHOWS(html, "A graph");
}

Test(cda_view, ignores_the_documents_own_stylesheet)
{
	SHOWS(view(AC_S("<?xml-stylesheet type=\"text/xsl\" href=\"file:///etc/passwd\"?>" BODY(
		  "<paragraph>x</paragraph>"))),
	    "<p dir=\"auto\">x</p>");
}

Test(cda_view, refuses_a_doctype)
{
	struct ac_err e = { 0 };
	struct ac_str html = AC_S("untouched");

	cr_expect(ac_cda_view(AC_S("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" BODY("&e;")), a,
		      &html, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "CDA-DOCTYPE");
	cr_expect(ac_streq_c(html, "untouched"));
}

Test(cda_view, refuses_what_is_no_document)
{
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	cr_expect(ac_cda_view(AC_S("<html/>"), a, &html, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "CDA-ROOT");
}

Test(cda_view, shows_patient_version_and_times_of_the_header)
{
	struct ac_str html =
	    view(AC_S(HEAD "<setId root=\"1.3\"/><versionNumber value=\"2\"/><recordTarget><patientRole><id "
			   "root=\"1.4\" extension=\"A&amp;B\"/>"
			   "<patient><name><given>Ada</given><given>M.</given><family>\xD7\x90</family></"
			   "name><birthTime value=\"198804\"/></patient>"
			   "</patientRole></recordTarget><relatedDocument "
			   "typeCode=\"RPLC\"><parentDocument><id root=\"1.1\"/><versionNumber "
			   "value=\"1\"/></parentDocument></relatedDocument></ClinicalDocument>"));

	SHOWS(html, "<bdi>Ada M. \xD7\x90</bdi>");
	SHOWS(html, "A&amp;B (1.4)");
	SHOWS(html, "198804");
	SHOWS(html, "version 2, 2026-03-31 15:35 +0200, replaces version 1");
	SHOWS(html, "<dt>Signed by</dt><dd>nobody</dd>");
}

Test(cda_view, says_that_it_cannot_show_another_body)
{
	SHOWS(view(AC_S(HEAD "<component><nonXMLBody><text "
			     "mediaType=\"application/pdf\">JVBER</text></nonXMLBody></component>"
			     "</ClinicalDocument>")),
	    "attached in a form that is not shown");
}

Test(cda_view, gives_an_html_fragment_without_declaration)
{
	struct ac_str html = view(AC_S(BODY("x")));

	cr_expect(ac_str_starts(html, AC_S("<article class=\"cda\" role=\"region\"")), "%.*s", AC_FMT(html));
	SHOWS_NOT(html, "xmlns");
	SHOWS_NOT(html, "/>");
}

/* The view's text: markup away, white space away. */
static struct ac_str
letters(struct ac_str html)
{
	char *p = ac_alloc(a, html.n + 1);
	size_t n = 0;
	bool in_tag = false;

	for (size_t i = 0; i < html.n; i++) {
		if (html.p[i] == '<')
			in_tag = true;
		else if (html.p[i] == '>' && in_tag)
			in_tag = false;
		else if (!in_tag && (unsigned char)html.p[i] > ' ')
			p[n++] = html.p[i];
	}
	return (struct ac_str){ p, n };
}

Test(cda_view, keeps_every_letter_of_a_narrative_with_all_elements)
{
	struct ac_str html = view(AC_S(
	    BODY("a<paragraph>b<content>c<sub>d</sub><sup>e</sup><content "
		 "revised=\"delete\">f</content></content><br/>g</paragraph>"
		 "<list><item>h<list><item>i</item></list></item></list><table><tbody><tr><td>j<paragraph>k</"
		 "paragraph></td><td>l&lt;&amp;"
		 "\xF0\x9F\xA9\xB9</td></tr></tbody></table><footnote>m</footnote><content>n</content>o")));

	SHOWS(letters(html), "Sabcdefghijkl&lt;&amp;\xF0\x9F\xA9\xB9mno");
}
