/* test_translate.c - texts out to a translator and back, and files that must not be taken. */
#include "core/translate_parts.h"
#include "tests/fhir_kit.h"
#include "tests/translate_kit.h"

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

TestSuite(translate, .init = setup, .fini = teardown);

static const char small[] = /* `of` of the old sauna text is that of another one */
    "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"p\" owner=\"o\" xml:lang=\"en\">\n"
    "  <title xml:lang=\"en\">Care &amp; rest</title> <!-- short -->\n"
    "  <trigger category=\"X\"/>\n"
    "  <fact name=\"area\" type=\"choice\"><label xml:lang=\"en\">Area</label>\n"
    "    <value code=\"face\"><label xml:lang=\"en\">Face</label></value></fact>\n"
    "  <instruction id=\"no-sauna\" concept=\"sauna\" kind=\"restriction\" signed=\"a.b 2026-01-01\">\n"
    "    <text xml:lang=\"en\">No sauna.</text>\n"
    "    <!-- it was longer -->\n"
    "    <text xml:lang=\"de\" of=\"0123456789abcdef\"\n"
    "      signed=\"c.d 2026-01-01\">Keine <!-- nie --> Sauna.</text>\n"
    "    <why xml:lang=\"en\" evidence=\"uncited\" source=\"a &quot;b&quot;\">Heat.</why>\n"
    "    <except concept=\"shower\" xml:lang=\"en\">a shower</except>\n"
    "  </instruction>\n"
    "</protocol>\n";

static const struct ac_protocol *
load(struct ac_str xml)
{
	const struct ac_protocol *p = NULL;

	cr_assert(ac_protocol_load(xml, a, &p, &e) == AC_OK, "%s %u:%u %s", e.rule, e.line, e.col, e.msg);
	return p;
}

static struct ac_units
units(const struct ac_protocol *p, const char *lang)
{
	struct ac_units u;

	EXPECT_CODE(ac_translate_units(p, ac_str_c(lang), a, &u, &e), AC_OK, e);
	return u;
}

static struct ac_str
take(struct ac_str source, struct ac_str xliff, const char *lang, struct ac_taken_units *taken)
{
	struct ac_str out = { 0 };

	cr_assert(ac_translate_read(source, xliff, ac_str_c(lang), a, &out, taken, &e) == AC_OK,
	    "%s %u:%u %s", e.rule, e.line, e.col, e.msg);
	return out;
}

Test(translate, lists_what_is_missing_and_what_is_stale)
{
	struct ac_units u = units(load(AC_S(small)), "de");

	cr_expect(u.n == 6 && u.missing == 5 && u.stale == 1, "%zu %zu %zu", u.n, u.missing, u.stale);
	EXPECT_TEXT(u.v[3].name, "no-sauna/text");
	cr_expect(u.v[3].state == AC_TRANSLATION_STALE);
}

Test(translate, gives_the_translator_the_former_words_beside_a_stale_text_and_not_as_its_target)
{
	const struct ac_protocol *p = load(AC_S(small));
	struct ac_units u = units(p, "de");
	struct ac_str x = ac_translate_write(p, &u, AC_S("de"), false, a);

	cr_expect(memmem(x.p, x.n, "<target xml:lang=\"de\">Keine Sauna.</target></alt-trans>", 55) != NULL,
	    "%.*s", AC_FMT(x));
}

Test(translate, takes_nothing_from_a_file_in_which_nothing_was_done)
{
	const struct ac_protocol *p = load(AC_S(small));
	struct ac_units u = units(p, "de");
	struct ac_taken_units taken;

	EXPECT_TEXT(take(AC_S(small), ac_translate_write(p, &u, AC_S("de"), false, a), "de", &taken), small);
	cr_expect(taken.n == 6 && taken.changes == 0);
}

Test(translate, writes_the_new_elements_and_nothing_else)
{
	const struct ac_protocol *p = load(AC_S(small));
	struct ac_units u = units(p, "de");
	struct ac_taken_units taken;
	struct ac_str out = take(
	    AC_S(small), translated(a, ac_translate_write(p, &u, AC_S("de"), false, a), "DE "), "de", &taken);
	const char *want = ac_cstr(
	    a, ac_strf(a,
		   "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"p\" owner=\"o\" xml:lang=\"en\">\n"
		   "  <title xml:lang=\"en\">Care &amp; rest</title> <!-- short -->\n"
		   "  <title xml:lang=\"de\" of=\"%.*s\">DE Care &amp; rest</title>\n"
		   "  <trigger category=\"X\"/>\n"
		   "  <fact name=\"area\" type=\"choice\"><label xml:lang=\"en\">Area</label>"
		   "<label xml:lang=\"de\" of=\"%.*s\">DE Area</label>\n"
		   "    <value code=\"face\"><label xml:lang=\"en\">Face</label>"
		   "<label xml:lang=\"de\" of=\"%.*s\">DE Face</label></value></fact>\n"
		   "  <instruction id=\"no-sauna\" concept=\"sauna\" kind=\"restriction\" signed=\"a.b "
		   "2026-01-01\">\n"
		   "    <text xml:lang=\"en\">No sauna.</text>\n"
		   "    <!-- it was longer -->\n"
		   "    <text xml:lang=\"de\" of=\"%.*s\">DE No sauna.</text>\n"
		   "    <why xml:lang=\"en\" evidence=\"uncited\" source=\"a &quot;b&quot;\">Heat.</why>\n"
		   "    <why xml:lang=\"de\" of=\"%.*s\" evidence=\"uncited\" source=\"a &quot;b&quot;\">DE "
		   "Heat.</why>\n"
		   "    <except concept=\"shower\" xml:lang=\"en\">a shower</except>\n"
		   "    <except concept=\"shower\" xml:lang=\"de\" of=\"%.*s\">DE a shower</except>\n"
		   "  </instruction>\n"
		   "</protocol>\n",
		   AC_FMT(ac_text_of(a, AC_S("Care & rest"))), AC_FMT(ac_text_of(a, AC_S("Area"))),
		   AC_FMT(ac_text_of(a, AC_S("Face"))), AC_FMT(ac_text_of(a, AC_S("No sauna."))),
		   AC_FMT(ac_text_of(a, AC_S("Heat."))), AC_FMT(ac_text_of(a, AC_S("a shower")))));

	EXPECT_TEXT(out, want);
	cr_expect(taken.changes == 6);
	u = units(load(out), "de");
	cr_expect(u.missing == 0 && u.stale == 0 && u.unsigned_ == 6);
}

static void
comes_back_complete(const char *name, struct ac_str xml)
{
	const struct ac_protocol *p = load(xml);
	struct ac_units u = units(p, "fr");
	struct ac_taken_units taken;
	struct ac_str out =
	    take(xml, translated(a, ac_translate_write(p, &u, AC_S("fr"), false, a), "FR "), "fr", &taken);

	u = units(load(out), "fr");
	cr_expect(u.missing == 0 && u.stale == 0, "%s", name);
	EXPECT_TEXT(
	    take(out, ac_translate_write(load(out), &u, AC_S("fr"), true, a), "fr", &taken), ac_cstr(a, out));
	cr_expect(taken.changes == 0, "%s", name);
}

Test(translate, fills_a_new_language_of_every_protocol_and_doing_it_twice_changes_nothing)
{
	cr_expect(each_protocol(a, comes_back_complete) >= 7);
}

Test(translate, does_not_take_a_translation_of_words_that_changed_meanwhile)
{
	const struct ac_protocol *p = load(AC_S(small));
	struct ac_units u = units(p, "de");
	struct ac_str x = translated(a, ac_translate_write(p, &u, AC_S("de"), false, a), "");
	struct ac_taken_units taken;
	const char *at = strstr(small, "No sauna.");
	struct ac_str now = ac_strf(a, "%.*sNo steam.%s", (int)(at - small), small, at + 9),
		      out = take(now, x, "de", &taken);

	cr_expect(taken.v[3].how == AC_TAKEN_OTHER_SOURCE);
	cr_expect(units(load(out), "de").stale == 1);
}

Test(translate, keeps_script_like_words_as_words)
{
	const struct ac_protocol *p = load(AC_S(small));
	struct ac_units u = units(p, "de");
	struct ac_taken_units taken;
	struct ac_str x = translated(
	    a, ac_translate_write(p, &u, AC_S("de"), false, a), "&lt;script>alert(1)&lt;/script> ]]&gt; ");
	struct ac_units back = units(load(take(AC_S(small), x, "de", &taken)), "de");

	EXPECT_TEXT(back.v[3].target->text, "<script>alert(1)</script> ]]> No sauna.");
}

Test(translate, keeps_the_prefix_and_the_line_ends_of_the_source)
{
	struct ac_str xml = AC_S("<a:protocol xmlns:a=\"urn:aftercare:protocol:1\" id=\"p\" owner=\"o\">\r\n"
				 "  <a:title xml:lang=\"en\">T</a:title>\r\n  <a:trigger "
				 "category=\"X\"/>\r\n</a:protocol>\r\n"),
		      out;
	const struct ac_protocol *p = load(xml);
	struct ac_units u = units(p, "de");
	struct ac_taken_units taken;

	out = take(xml, translated(a, ac_translate_write(p, &u, AC_S("de"), false, a), ""), "de", &taken);
	cr_expect(memmem(out.p, out.n, "T</a:title>\r\n  <a:title xml:lang=\"de\"", 37) != NULL, "%.*s",
	    AC_FMT(out));
}

#define XLIFF(inside) \
	"<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"p\" " \
	"source-language=\"en\" " \
	"target-language=\"de\" datatype=\"plaintext\"><body>" inside "</body></file></xliff>"
#define UNIT(id, target) \
	"<trans-unit id=\"" id "\"><source>No sauna.</source><target>" target "</target></trans-unit>"

static void
refuse(const char *xliff, enum ac_code code, const char *rule)
{
	struct ac_taken_units taken;
	struct ac_str out = { 0 };

	e = (struct ac_err){ 0 };
	EXPECT_CODE(
	    ac_translate_read(AC_S(small), ac_str_c(xliff), AC_S("de"), a, &out, &taken, &e), code, e);
	EXPECT_RULE(e, rule);
	cr_expect(!ac_str_is_set(out));
}

Test(translate, refuses_by_rule_what_is_no_file_for_this_protocol)
{
	refuse("", AC_EINPUT, "XLF-XML");
	refuse("<xliff", AC_EINPUT, "XLF-XML");
	refuse("<!DOCTYPE x [<!ENTITY a \"b\">]>" XLIFF(""), AC_EINPUT, "XLF-DOCTYPE");
	refuse("<xliff version=\"1.2\"/>", AC_EINPUT, "XLF-ROOT");
	refuse("<xliff version=\"2.0\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\"/>", AC_EINPUT,
	    "XLF-ROOT");
	refuse(XLIFF(UNIT("no-steam/text", "x")), AC_EINPUT, "XLF-UNIT");
	refuse(XLIFF("<trans-unit/>"), AC_EINPUT, "XLF-UNIT");
	refuse(XLIFF(UNIT("no-sauna/text", "x") UNIT("no-sauna/text", "y")), AC_EINPUT, "XLF-DOUBLE");
	refuse("<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file "
	       "original=\"q\"><body/></file></xliff>",
	    AC_EINPUT, "XLF-FILE");
	refuse("<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"p\" "
	       "source-language=\"en\" "
	       "target-language=\"fr\"><body/></file></xliff>",
	    AC_EINPUT, "XLF-LANG");
}

Test(translate, refuses_a_translation_that_is_longer_than_one_may_be)
{
	char *x = ac_alloc(a, AC_TRANSLATION_MAX + 2);

	memset(x, 'x', AC_TRANSLATION_MAX + 1);
	refuse(ac_cstr(a, ac_strf(a, XLIFF(UNIT("no-sauna/text", "%s")), x)), AC_ELIMIT, "XLF-LIMIT");
}

Test(translate, reads_segments_that_a_tool_has_marked)
{
	struct ac_taken_units taken;
	struct ac_str out = take(AC_S(small),
	    AC_S(XLIFF("<group>" UNIT("no-sauna/text",
		"<mrk mtype=\"seg\" mid=\"1\">Nie</mrk> <mrk mtype=\"seg\">in die Sauna.</mrk>") "</group>")),
	    "de", &taken);

	EXPECT_TEXT(units(load(out), "de").v[3].target->text, "Nie in die Sauna.");
}

/* The loader gives a translation to the first reason that it is bound to. */
Test(translate, does_not_give_a_reason_the_translation_of_another_with_the_same_words)
{
	const char *one = "source=\"a &quot;b&quot;\">Heat.</why>\n", *at = strstr(small, one) + strlen(one);
	struct ac_str twice =
	    ac_strf(a, "%.*s    <why xml:lang=\"en\" evidence=\"good\" source=\"c\">Heat.</why>\n%s",
		(int)(at - small), small, at);
	struct ac_taken_units taken;

	EXPECT_TEXT(
	    take(twice,
		AC_S(XLIFF(
		    "<trans-unit "
		    "id=\"no-sauna/why/2\"><source>Heat.</source><target>Hitze.</target></trans-unit>")),
		"de", &taken),
	    ac_cstr(a, twice));
	cr_expect(taken.v[0].how == AC_TAKEN_BEHIND);
}

Test(translate, has_nothing_to_do_in_the_protocols_own_language)
{
	struct ac_units u;

	EXPECT_CODE(ac_translate_units(load(AC_S(small)), AC_S("EN"), a, &u, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "TRN-LANG");
	EXPECT_CODE(ac_translate_units(load(AC_S(small)), AC_S("d_e"), a, &u, &e), AC_EINPUT, e);
}

Test(translate, binds_a_text_whose_signature_stands_right_behind_its_language)
{
	struct ac_str xml = AC_S("<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"p\" owner=\"o\" xml:lang=\"en\">\n"
				 "<title xml:lang=\"en\">Care</title>"
				 "<title xml:lang=\"de\" signed=\"c.d 2026-01-01\">Alt</title>\n"
				 "<trigger category=\"X\"/>\n</protocol>\n");
	const struct ac_protocol *p = load(xml);
	struct ac_units u = units(p, "de");
	struct ac_taken_units taken = { 0 };
	struct ac_str out = take(xml, translated(a, ac_translate_write(p, &u, AC_S("de"), true, a), "DE "), "de",
	    &taken);

	cr_expect(memmem(out.p, out.n, "signed", 6) == NULL && memmem(out.p, out.n, ">DE Care<", 9) != NULL,
	    "%.*s", AC_FMT(out));
}
