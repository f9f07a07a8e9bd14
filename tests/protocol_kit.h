/* protocol_kit.h - one protocol that holds everything, and what must be refused of it. */
#ifndef TESTS_PROTOCOL_KIT_H
#define TESTS_PROTOCOL_KIT_H
#include <criterion/criterion.h>
#include <string.h>

#include "core/protocol.h"
#include "tests/expect.h"

static struct ac_arena *a;
static struct ac_err err;
static const struct ac_protocol *p;

static inline void
setup(void)
{
	a = ac_arena_new();
	p = NULL;
	err = (struct ac_err){ 0 };
}

static inline void
teardown(void)
{
	ac_arena_free(a);
}

/* Line numbers are part of the tests. */
static const char full[] =
    /* 1 */
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    /* 2 */ "<!-- a comment -->\n"
    /* 3 */ "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"demo\" owner=\"Demo Clinic\" "
    "demonstration=\"yes\">\n"
    /* 4 */ "  <title xml:lang=\"en\">Demo</title><title xml:lang=\"de\">Probe</title>\n"
    /* 5 */ "  <based-on protocol=\"source\" "
    "version=\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"/>\n"
    /* 6 */ "  <trigger system=\"CPT4\" code=\"17999\" when=\"fact/area = 'face'\"/>\n"
    /* 7 */ "  <trigger category=\"Mesotherapy\"/>\n"
    /* 8 */ "  <fact name=\"area\" type=\"choice\" many=\"yes\" required=\"yes\" ask=\"yes\" seed=\"S01\">\n"
    /* 9 */ "    <label xml:lang=\"en\">Area</label>\n"
    /* 10 */ "    <value code=\"face\"><label xml:lang=\"en\">Face</label></value>\n"
    /* 11 */ "  </fact>\n"
    /* 12 */ "  <goal id=\"heal\" concept=\"healing\"><text xml:lang=\"en\">Heal</text></goal>\n"
    /* 13 */ "  <instruction id=\"no-sauna\" concept=\"sauna\" kind=\"restriction\" seed=\"S02  S03\"\n"
    /* 14 */ "      signed=\"dr.demo 2026-03-01\" when=\"fact/area = 'face' and\n"
    /* 15 */ "        count(allergy/code) &lt; 3\">\n"
    /* 16 */ "    <label xml:lang=\"en\">Sauna</label>\n"
    /* 17 */ "    <window from=\"0 h\" until=\"48 h\" range=\"24 h..48 h\" when=\"patient/age &gt;= 18\"/>\n"
    /* 18 */ "    <window until=\"3 d 08:00\"/>\n"
    /* 19 */ "    <text xml:lang=\"en\">No <!-- really -->sauna,\n"
    /* 20 */ "      no <![CDATA[<hot>]]> tub &amp; pool</text>\n"
    /* 21 */ "    <why xml:lang=\"en\" evidence=\"uncited\" source=\"seed\">Heat</why>\n"
    /* 22 */ "    <except concept=\"warm-shower\" xml:lang=\"en\">a warm shower</except>\n"
    /* 23 */ "    <contradicts concept=\"heat\"/>\n"
    /* 24 */ "    <decide>How long?</decide>\n"
    /* 25 */ "  </instruction>\n"
    /* 26 */ "  <expectation id=\"red\" from=\"0 h\" until=\"2 d\"><text "
    "xml:lang=\"en\">Redness</text></expectation>\n"
    /* 27 */ "  <red-flag id=\"fever\" level=\"emergency\"><text xml:lang=\"en\">Fever</text></red-flag>\n"
    /* 28 */ "  <task id=\"call\" concept=\"call\" kind=\"check-in\" role=\"nurse\" from=\"44 h\" until=\"3 "
    "d 12:00\" range=\"1 d..4 d\"\n"
    /* 29 */ "      closed=\"after\" shift=\"1 d\" urgent=\"yes\" questions=\"early\" patient=\"yes\"><text "
    "xml:lang=\"en\">Call</text></task>\n"
    /* 30 */ "  <check-in id=\"early\"><question id=\"pain\" type=\"score\" seed=\"S09\"><text "
    "xml:lang=\"en\">Pain?</text></question>\n"
    /* 31 */ "    <rule when=\"answer/pain &gt; 6\" outcome=\"urgent\"/></check-in>\n"
    /* 32 */ "  <series id=\"course\" sessions=\"6\" interval=\"7 d..2 w\" minimum-gap=\"5 d\"/>\n"
    /* 33 */ "  <note seed=\"S04\" as=\"conduct\" xml:lang=\"en\">Be kind</note>\n"
    /* 34 */ "</protocol>\n";

static inline void
load(const char *xml)
{
	cr_assert(ac_protocol_load(ac_str_c(xml), a, &p, &err) == AC_OK, "%s %u:%u %s %s", err.rule, err.line,
	    err.col, err.path, err.msg);
}

/* `full` with its only `what` replaced. */
static inline const char *
changed(const char *what, const char *with)
{
	const char *at = strstr(full, what);

	cr_assert(at != NULL && strstr(at + 1, what) == NULL, "\"%s\" does not stand once", what);
	return ac_cstr(a, ac_strf(a, "%.*s%s%s", (int)(at - full), full, with, at + strlen(what)));
}

static inline void
expect_refused_text(
    const char *xml, enum ac_code code, const char *rule, uint32_t line, uint32_t col, const char *path)
{
	err = (struct ac_err){ 0 };
	p = NULL;
	cr_assert(ac_protocol_load(ac_str_c(xml), a, &p, &err) == code, "%s: %s", rule, err.rule);
	cr_expect(strcmp(err.rule, rule) == 0, "got %s, want %s: %s", err.rule, rule, err.msg);
	cr_expect(err.line == line && err.col == col, "%s: got %u:%u, want %u:%u", rule, err.line, err.col,
	    line, col);
	cr_expect(path == NULL || strcmp(err.path, path) == 0, "%s: got %s, want %s", rule, err.path, path);
	cr_expect(p == NULL);
}

/* `with` holds one "|" where the fault is to be found; here it is counted, and taken out. */
static inline void
expect_refused(const char *what, const char *with, const char *rule, const char *path)
{
	const char *xml = changed(what, with), *mark = strchr(xml, '|');
	uint32_t line = 1, col = 1;

	cr_assert(mark != NULL && strchr(mark + 1, '|') == NULL);
	for (const char *c = xml; c < mark; c++) {
		col += ((unsigned char)*c & 0xC0) != 0x80;
		if (*c == '\n') {
			line++;
			col = 1;
		}
	}
	expect_refused_text(ac_cstr(a, ac_strf(a, "%.*s%s", (int)(mark - xml), xml, mark + 1)), AC_EINPUT,
	    rule, line, col, path);
}

#endif
