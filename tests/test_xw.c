/* The escaping writer: exact bytes. What a parser reads back from any input is property/xw_roundtrip.c. */
#include <signal.h>
#include <stdio.h>

#include "base/xw.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_buf b;
static struct ac_xw w;

static void
start(void)
{
	a = ac_arena_new();
	ac_buf_init(&b, a, 0, 0);
	ac_xw_init(&w, &b, false);
}

static void
stop(void)
{
	ac_arena_free(a);
}

TestSuite(xw, .init = start, .fini = stop);

Test(xw, elements_nest_and_empty_ones_close_themselves)
{
	ac_xw_open(&w, "a");
	ac_xw_attr(&w, "id", AC_S("1"));
	ac_xw_elem(&w, "b", AC_S("x"));
	ac_xw_open(&w, "c");
	ac_xw_end(&w, "c");
	ac_xw_end(&w, "a");
	cr_expect(w.depth == 0);
	EXPECT_TEXT(ac_buf_str(&b), "<a id=\"1\"><b>x</b><c/></a>");
}

Test(xw, text_escapes_markup_and_cr_only)
{
	ac_xw_elem(&w, "p", AC_S("a < b && c > d \"q\" 'r'\t\n\r]]>"));
	EXPECT_TEXT(ac_buf_str(&b), "<p>a &lt; b &amp;&amp; c &gt; d \"q\" 'r'\t\n&#13;]]&gt;</p>");
}

Test(xw, attributes_escape_quotes_and_white_space_that_a_parser_would_change)
{
	ac_xw_open(&w, "p");
	ac_xw_attr(&w, "v", AC_S("<a & \"b\" 'c'>\t\n\r"));
	ac_xw_close(&w);
	EXPECT_TEXT(ac_buf_str(&b), "<p v=\"&lt;a &amp; &quot;b&quot; 'c'&gt;&#9;&#10;&#13;\"/>");
}

Test(xw, absent_attributes_are_left_out_and_empty_ones_are_not)
{
	ac_xw_open(&w, "p");
	ac_xw_attrc(&w, "x", NULL);
	ac_xw_attr(&w, "y", (struct ac_str){ NULL, 0 });
	ac_xw_attrc(&w, "z", "");
	ac_xw_close(&w);
	EXPECT_TEXT(ac_buf_str(&b), "<p z=\"\"/>");
}

Test(xw, empty_text_leaves_an_element_empty)
{
	ac_xw_elem(&w, "p", (struct ac_str){ NULL, 0 });
	EXPECT_TEXT(ac_buf_str(&b), "<p/>");
}

Test(xw, what_xml_forbids_becomes_the_replacement_character)
{
	ac_xw_text(&w, AC_S("\0|\x1B|\x0B|\xEF\xBF\xBE|\xEF\xBF\xBF|\x7F"));
	EXPECT_TEXT(ac_buf_str(&b), "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD|\x7F");
}

Test(xw, each_byte_of_bad_utf8_becomes_one_replacement_character)
{
	ac_xw_text(&w, AC_S("\xFF|\xED\xA0\x80|\xC0\xAF|\xE2\x82"));
	EXPECT_TEXT(ac_buf_str(&b),
	    "\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD|"
	    "\xEF\xBF\xBD\xEF\xBF\xBD");
}

Test(xw, text_in_any_script_passes_unchanged)
{
	const char *text = "Gr\xC3\xBC\xC3\x9F"
			   "e \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE6\x97\xA5 \xF0\x9F\x98\x80 \xEF\xBF\xBD";

	ac_xw_textc(&w, text);
	EXPECT_TEXT(ac_buf_str(&b), text);
}

Test(xw, formatted_values_are_escaped_too)
{
	char wide[400];

	memset(wide, '<', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	ac_xw_open(&w, "p");
	ac_xw_attrf(&w, "v", "%d\"%s", 7, "&");
	ac_xw_textf(&w, "%s", wide);
	ac_xw_close(&w);
	struct ac_str s = ac_buf_str(&b);
	cr_expect(ac_str_starts(s, AC_S("<p v=\"7&quot;&amp;\">&lt;&lt;")));
	cr_expect(s.n == strlen("<p v=\"7&quot;&amp;\">") + 399 * 4 + strlen("</p>"));
}

Test(xw, markup_of_our_own_passes_as_it_is)
{
	ac_xw_open(&w, "p");
	ac_xw_markup_not_escaped(&w, AC_S("<svg/>"));
	ac_xw_close(&w);
	EXPECT_TEXT(ac_buf_str(&b), "<p><svg/></p>");
}

Test(xw, html_never_closes_void_elements_and_always_closes_others)
{
	ac_xw_init(&w, &b, true);
	ac_xw_open(&w, "p");
	ac_xw_open(&w, "br");
	ac_xw_close(&w);
	ac_xw_open(&w, "input");
	ac_xw_attrc(&w, "name", "a");
	ac_xw_end(&w, "input");
	ac_xw_elem(&w, "td", AC_S(""));
	ac_xw_end(&w, "p");
	EXPECT_TEXT(ac_buf_str(&b), "<p><br><input name=\"a\"><td></td></p>");
}

Test(xw, a_full_buffer_keeps_its_limit_and_says_so)
{
	ac_buf_init(&b, a, 0, 40);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "p");
	for (int i = 0; i < 100; i++)
		ac_xw_text(&w, AC_S("a<b"));
	ac_xw_close(&w);
	cr_expect(b.over);
	cr_expect(ac_buf_str(&b).n <= 40);
}

Test(xw, what_fits_a_limit_exactly_is_whole)
{
	const char *want = "<p v=\"&lt;&amp;\">text &gt; \xC3\xA4</p>";

	for (size_t limit = strlen(want) - 1; limit <= strlen(want); limit++) {
		ac_buf_init(&b, a, 0, limit);
		ac_xw_init(&w, &b, false);
		ac_xw_open(&w, "p");
		ac_xw_attrc(&w, "v", "<&");
		ac_xw_textc(&w, "text > \xC3\xA4");
		ac_xw_close(&w);
		cr_expect(b.over == (limit < strlen(want)));
	}
	EXPECT_TEXT(ac_buf_str(&b), want);
}

/* Every place of a byte in texts of every length: the writer looks at eight at a time, and at the rest another way. */
Test(xw, a_special_byte_is_seen_wherever_it_stands)
{
	static const struct {
		char c;
		const char *text, *attr;
	} rows[] = { { '<', "&lt;", "&lt;" }, { '>', "&gt;", "&gt;" }, { '&', "&amp;", "&amp;" },
		{ '"', "\"", "&quot;" }, { '\n', "\n", "&#10;" }, { '\x1F', "\xEF\xBF\xBD", "\xEF\xBF\xBD" },
		{ '\x80', "\xEF\xBF\xBD", "\xEF\xBF\xBD" }, { ' ', " ", " " }, { '~', "~", "~" } };
	char plain[41], want[160];

	memset(plain, 'x', sizeof(plain));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 40 * 40; i++) {
		size_t row = i / 1600, n = i / 40 % 40 + 1, at = i % 40;
		if (at >= n)
			continue;
		plain[at] = rows[row].c;
		ac_buf_init(&b, a, 0, 0);
		ac_xw_init(&w, &b, false);
		ac_xw_open(&w, "p");
		ac_xw_attr(&w, "v", (struct ac_str){ plain, n });
		ac_xw_text(&w, (struct ac_str){ plain, n });
		ac_xw_close(&w);
		plain[at] = 'x';
		snprintf(want, sizeof(want), "<p v=\"%.*s%s%.*s\">%.*s%s%.*s</p>", (int)at, plain,
		    rows[row].attr, (int)(n - at - 1), plain, (int)at, plain, rows[row].text,
		    (int)(n - at - 1), plain);
		cr_assert(ac_streq_c(ac_buf_str(&b), want), "row %zu, length %zu, place %zu", row, n, at);
		ac_arena_reset(a);
	}
}

Test(xw, depth_beyond_the_stack_ends_the_process, .signal = SIGABRT)
{
	for (int i = 0; i <= AC_XW_DEPTH; i++)
		ac_xw_open(&w, "p");
}

Test(xw, closing_what_is_not_open_ends_the_process, .signal = SIGABRT)
{
	ac_xw_close(&w);
}

#ifndef NDEBUG
Test(xw, closing_another_element_than_the_open_one_is_caught, .signal = SIGABRT)
{
	ac_xw_open(&w, "a");
	ac_xw_end(&w, "b");
}

Test(xw, an_attribute_after_content_is_caught, .signal = SIGABRT)
{
	ac_xw_open(&w, "a");
	ac_xw_text(&w, AC_S("x"));
	ac_xw_attrc(&w, "y", "z");
}
#endif
