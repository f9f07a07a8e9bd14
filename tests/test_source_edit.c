/* test_source_edit.c - the source, edited where something changes. */
#include <criterion/criterion.h>

#include "core/source_edit.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_err e;

static void
setup(void)
{
	a = ac_arena_new();
	e = (struct ac_err){ 0 };
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(source_edit, .init = setup, .fini = teardown);

static struct ac_str
applied(struct se_edit *v, size_t n, enum ac_code want)
{
	struct se_source s = { AC_S("0123456789"), NULL, a };
	struct se_edits edits = { v, n, n };
	struct ac_str out = AC_S("");

	EXPECT_CODE(se_apply(&s, &edits, &out, &e), want, e);
	return out;
}

Test(source_edit, puts_what_is_new_before_what_goes_at_the_same_place)
{
	struct se_edit v[] = { { 6, 1, AC_S("") }, { 3, 2, AC_S("") }, { 3, 0, AC_S("a") },
		{ 3, 0, AC_S("b") }, { 5, 0, AC_S("c") } };

	EXPECT_TEXT(applied(v, 5, AC_OK), "012abc5789");
}

Test(source_edit, refuses_two_changes_of_the_same_bytes_instead_of_writing_something)
{
	struct se_edit twice[] = { { 2, 3, AC_S("x") }, { 2, 3, AC_S("y") } },
		       over[] = { { 2, 3, AC_S("x") }, { 4, 0, AC_S("y") } },
		       beyond[] = { { 8, 3, AC_S("x") } };

	EXPECT_TEXT(applied(twice, 2, AC_EINTEGRITY), "");
	EXPECT_RULE(e, "SOURCE-OVERLAP");
	EXPECT_TEXT(applied(over, 2, AC_EINTEGRITY), "");
	EXPECT_TEXT(applied(beyond, 1, AC_EINTEGRITY), "");
}

/* The file with one edit of its element <b>, which is the second. */
static struct ac_str
edited(const char *xml, void (*edit)(const struct se_source *, const xmlNode *, struct se_edits *))
{
	AC_AUTO_T(xmlDoc) doc = NULL;
	struct se_edits edits = { 0 };
	struct ac_str out = { 0 };

	cr_assert(px_parse(ac_str_c(xml), a, &doc, &e) == AC_OK, "%s", e.msg);
	struct se_source s = { ac_str_c(xml), doc, a };
	edit(&s, se_next(xmlDocGetRootElement(doc)), &edits);
	cr_assert(se_apply(&s, &edits, &out, &e) == AC_OK, "%s", e.msg);
	return out;
}

static void
sign(const struct se_source *s, const xmlNode *n, struct se_edits *to)
{
	se_set_attr(s, to, n, "signed", AC_S("o'x \"<"), NULL);
}

static void
unsign(const struct se_source *s, const xmlNode *n, struct se_edits *to)
{
	se_drop_attr(s, to, n, "signed");
}

static void
say(const struct se_source *s, const xmlNode *n, struct se_edits *to)
{
	se_set_text(s, to, n, AC_S("<new> & \"more\""));
}

#define IN(inner) "<protocol xmlns=\"" PX_NS "\">\n\t" inner "<!-- > -->\r\n</protocol>"

Test(source_edit, writes_an_attribute_into_the_quotes_that_are_there)
{
	EXPECT_TEXT(edited(IN("<b  x = '>' signed='a' />"), sign), IN("<b  x = '>' signed='o&apos;x &quot;&lt;' />"));
}

Test(source_edit, adds_an_attribute_behind_the_last_one)
{
	EXPECT_TEXT(edited(IN("<b  x = '>'\n />"), sign), IN("<b  x = '>' signed=\"o&apos;x &quot;&lt;\"\n />"));
	EXPECT_TEXT(edited(IN("<b>t</b>"), sign), IN("<b signed=\"o&apos;x &quot;&lt;\">t</b>"));
}

Test(source_edit, takes_an_attribute_out_with_the_blanks_before_it)
{
	EXPECT_TEXT(edited(IN("<b a='1'\n  signed = \"x\" z='2'>t</b >"), unsign), IN("<b a='1' z='2'>t</b >"));
	EXPECT_TEXT(edited(IN("<b a='1'/>"), unsign), IN("<b a='1'/>"));
}

Test(source_edit, writes_the_words_of_an_element_whatever_they_were_written_with)
{
	EXPECT_TEXT(edited(IN("<b a='>'>x<!-- </b> --><![CDATA[</b>]]></b>"), say),
	    IN("<b a='>'>&lt;new&gt; &amp; \"more\"</b>"));
	EXPECT_TEXT(edited(IN("<b a='/' />"), say), IN("<b a='/' >&lt;new&gt; &amp; \"more\"</b>"));
}
