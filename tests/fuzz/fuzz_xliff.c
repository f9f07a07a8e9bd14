/* fuzz_xliff.c - any bytes as a translator's file: refused, or the protocol with exactly these translations in it. */
#include <stdint.h>

#include "core/translate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char protocol[] =
    "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"p\" owner=\"o\" xml:lang=\"en\">\n"
    "  <title xml:lang=\"en\">Care</title> <!-- short -->\n  <trigger category=\"X\"/>\n"
    "  <instruction id=\"i\" concept=\"c\" kind=\"restriction\">\n"
    "    <text xml:lang=\"en\">No <!-- > --> sauna.</text><text of=\"0123456789abcdef\" xml:lang=\"de\"\n"
    "      signed=\"c.d 2026-01-01\">Keine <![CDATA[</text>]]> Sauna.</text>\n"
    "    <why xml:lang=\"en\" evidence=\"uncited\" source=\"a &quot;b'\">Heat.</why>\n"
    "    <why xml:lang=\"en\" evidence=\"good\" source='a > \"b'>Heat.</why>\n"
    "    <except concept=\"shower\" xml:lang=\"en\">a shower</except>\n"
    "  </instruction>\n</protocol>\n";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_taken_units taken;
	struct ac_err e = { 0 };
	struct ac_str out;
	enum ac_code rc = ac_translate_read(
	    ac_str_c(protocol), (struct ac_str){ (const char *)data, size }, AC_S("de"), a, &out, &taken, &e);

	/* a file is refused by a rule of its own: a new text that is no protocol, or another one, is our fault */
	if (rc != AC_OK && (rc == AC_EINTEGRITY || strncmp(e.rule, "XLF-", 4) != 0))
		__builtin_trap();
	return 0;
}
