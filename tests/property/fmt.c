/* fmt.c - the canonical layout: twice is once, nothing is lost, the meaning stays; over the corpus and random protocols. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "core/protocol_diff.h"
#include "core/protocol_format.h"
#include "tests/property/diff_kit.h"

TestSuite(fmt, .timeout = 600);

/* C14N with comments, white space between tags and remarks taken out: what a layout may not touch. */
static struct ac_str
content(struct ac_str xml, struct ac_arena *a)
{
	AC_AUTO_T(xmlDoc)
	doc = xmlReadMemory(xml.p, (int)xml.n, "p.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOBLANKS);
	xmlChar *bytes = NULL;
	int n = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_1_0, NULL, 1, &bytes);

	cr_assert(n > 0);
	struct ac_str s = ac_str_dup(a, (struct ac_str){ (const char *)bytes, (size_t)n });
	xmlFree(bytes);
	return s;
}

static void
check(struct ac_str xml, const char *name)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_err e = { 0 };
	struct ac_str once = { 0 }, again = { 0 };
	const struct ac_protocol *before, *after;
	struct ac_changes c;

	cr_assert(ac_protocol_format(xml, a, &once, &e) == AC_OK, "%s: %s %s", name, e.rule, e.msg);
	cr_assert(ac_protocol_format(once, a, &again, &e) == AC_OK, "%s: %s %s", name, e.rule, e.msg);
	cr_assert(
	    ac_streq(once, again), "%s: twice is not once\n%.*s\n%.*s", name, AC_FMT(once), AC_FMT(again));
	cr_assert(
	    ac_streq(content(xml, a), content(once, a)), "%s: the content differs\n%.*s", name, AC_FMT(once));
	cr_assert(
	    ac_protocol_load(xml, a, &before, &e) == AC_OK && ac_protocol_load(once, a, &after, &e) == AC_OK);
	ac_protocol_diff(before, after, a, &c);
	cr_assert(c.n == 0, "%s", name);
}

static size_t
check_folder(const char *path)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	DIR *dir = opendir(path);
	struct dirent *f;
	size_t n = 0;

	cr_assert(dir != NULL, "%s", path);
	while ((f = readdir(dir)) != NULL) {
		struct ac_str xml;
		struct ac_err e = { 0 };
		if (!ac_str_ends(ac_str_c(f->d_name), AC_S(".xml")))
			continue;
		const char *file = ac_cstr(a, ac_strf(a, "%s/%s", path, f->d_name));
		cr_assert(ac_file_read(file, AC_PROTOCOL_BYTES_MAX, a, &xml, &e) == AC_OK);
		check(xml, file);
		n++;
	}
	closedir(dir);
	return n;
}

Test(fmt, of_the_corpus_is_stable_and_keeps_the_content)
{
	size_t n = check_folder(AC_SOURCE_DIR "/tests/good/protocol") +
		   check_folder(AC_SOURCE_DIR "/schemas/protocols") +
		   check_folder(AC_SOURCE_DIR "/schemas/protocols/demo");

	cr_expect(n >= 4, "%zu", n);
	xmlCleanupParser();
}

Test(fmt, of_random_protocols_in_random_layouts_is_stable_and_keeps_the_content)
{
	for (uint64_t seed = 1; seed <= 500; seed++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct gen g;
		gen_seed(&g, seed, a);
		check(
		    rewrite(&g, gen_protocol_xml(&g, 1)), ac_cstr(a, ac_strf(a, "seed %u", (unsigned)seed)));
	}
	xmlCleanupParser();
}

static struct ac_str
formatted(const char *xml, struct ac_arena *a)
{
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	cr_assert(ac_protocol_format(ac_str_c(xml), a, &s, &e) == AC_OK, "%s %s", e.rule, e.msg);
	return s;
}

Test(fmt, looks_so)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str s = formatted(
	    "<!-- head --><protocol owner='o' xmlns='urn:aftercare:protocol:1' id='p'><title xml:lang='en'>T "
	    "&lt;</title>\n"
	    "\n\n\n<trigger code='1' system='CPT4' when=\"patient/age &gt; 17\"></trigger> <!-- why -->\n"
	    "<fact type='choice' name='area'><label xml:lang='en'>A</label><value code='face'>\n<label "
	    "xml:lang='en'>F"
	    "</label>\n</value></fact><!-- on\n  two lines --></protocol>",
	    a);
	const char *want =
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!-- head -->\n"
	    "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"p\" owner=\"o\">\n"
	    "  <title xml:lang=\"en\">T &lt;</title>\n"
	    "\n"
	    "  <trigger system=\"CPT4\" code=\"1\" when=\"patient/age &gt; 17\"/> <!-- why -->\n"
	    "  <fact name=\"area\" type=\"choice\">\n"
	    "    <label xml:lang=\"en\">A</label>\n"
	    "    <value code=\"face\"><label xml:lang=\"en\">F</label></value>\n"
	    "  </fact> <!-- on\n  two lines -->\n"
	    "</protocol>\n";

	cr_expect(ac_streq_c(s, want), "%.*s", AC_FMT(s));
	xmlCleanupParser();
}

Test(fmt, wraps_what_is_too_wide_between_attributes)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str s = formatted("<protocol xmlns='urn:aftercare:protocol:1' id='p' owner='o'><title "
				    "xml:lang='en'>T</title><trigger system='CPT4' "
				    "code='1' when=\"patient/age &gt; 17 and patient/age &lt; 60 and "
				    "patient/sex = 'female' and patient/country = "
				    "'DE'\"/></protocol>",
	    a);

	cr_expect(
	    strstr(ac_cstr(a, s), "<trigger system=\"CPT4\" code=\"1\"\n      when=\"patient/age") != NULL,
	    "%.*s", AC_FMT(s));
	xmlCleanupParser();
}

Test(fmt, refuses_what_does_not_load)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	cr_expect(ac_protocol_format(AC_S("<protocol/>"), a, &s, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "PRT-004");
	xmlCleanupParser();
}
