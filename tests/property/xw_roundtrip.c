/*
 * For any bytes: written as text and as attribute by base/xw, read back by libxml2, they are the bytes with
 * each forbidden or malformed part replaced by U+FFFD, and nothing else changed.
 *
 * AC_PROPERTY_CASES=N runs N cases instead of 20,000; a failure prints its case number, which is its seed.
 */
#include <libxml/parser.h>
#include <stdlib.h>

#include "base/xw.h"
#include "tests/expect.h"

#define CASES_DEFAULT 20000

/* RFC 3629 section 3 in the other direction than base/utf8 takes: make the bytes, compare. */
static size_t
encode(uint32_t c, char *to)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char mark[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)(mark[len] | c);
	return len;
}

/* How long is the character at p; 0: none is. *ret_allowed: may it stand in XML. */
static size_t
character(const char *p, size_t n, bool *ret_allowed)
{
	for (size_t len = 1; len <= 4 && len <= n; len++) {
		unsigned char lead = (unsigned char)p[0];
		uint32_t c = len == 1 ? lead : lead & (0xFFu >> (len + 1));
		char again[4];

		for (size_t i = 1; i < len; i++)
			c = c << 6 | ((unsigned char)p[i] & 0x3F);
		*ret_allowed = c == 9 || c == 10 || c == 13 || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
		if (c < 0x110000 && (c < 0xD800 || c > 0xDFFF) && encode(c, again) == len &&
		    memcmp(p, again, len) == 0)
			return len;
	}
	return 0;
}

static struct ac_str
expected(struct ac_arena *a, struct ac_str s)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 0, 0);
	for (size_t at = 0; at < s.n;) {
		bool is_allowed;
		size_t len = character(s.p + at, s.n - at, &is_allowed);
		if (len == 0 || !is_allowed)
			ac_buf_addz(&b, "\xEF\xBF\xBD");
		else
			ac_buf_add(&b, (struct ac_str){ s.p + at, len });
		at += len == 0 ? 1 : len;
	}
	return ac_buf_str(&b);
}

/* A mixture that has much of what could go wrong. */
static struct ac_str
any_bytes(struct ac_arena *a, uint64_t *seed)
{
	static const char special[] = "<>&\"'\r\n\t]]>\0\x01\x1B-- ";
	struct ac_buf b;
	char one[4];
	uint64_t parts = next_random(seed) % 40;

	ac_buf_init(&b, a, 0, 0);
	while (parts-- > 0) {
		uint64_t r = next_random(seed);
		switch (r % 6) {
		case 0:
			ac_buf_addc(&b, (char)(r >> 8));
			break;
		case 1:
			ac_buf_addc(&b, special[(r >> 8) % sizeof(special)]);
			break;
		case 2: /* any number at all, surrogates and U+FFFE included */
			ac_buf_add(&b, (struct ac_str){ one, encode((uint32_t)(r >> 8) % 0x110000, one) });
			break;
		case 3: /* half of a character */
			ac_buf_add(
			    &b, (struct ac_str){ one, encode((uint32_t)(r >> 8) % 0x110000, one) / 2 });
			break;
		case 4:
			ac_buf_add(&b, (struct ac_str){ one, encode(0xFFF8 + (uint32_t)(r >> 8) % 16, one) });
			break;
		default:
			ac_buf_addf(&b, "plain text %d ", (int)(r >> 8 & 0xFF));
		}
	}
	return ac_buf_str(&b);
}

static void
check(struct ac_arena *a, uint64_t number)
{
	uint64_t seed = number;
	struct ac_str text = any_bytes(a, &seed), attr = any_bytes(a, &seed);
	struct ac_buf b;
	struct ac_xw w;

	ac_buf_init(&b, a, 0, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "root");
	ac_xw_attr(&w, "value", attr);
	ac_xw_elem(&w, "child", text);
	ac_xw_end(&w, "root");

	struct ac_str doc = ac_buf_str(&b);
	xmlDoc *tree = xmlReadMemory(doc.p, (int)doc.n, NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_NOERROR);
	cr_assert(tree != NULL, "case %lu is not well-formed", (unsigned long)number);
	xmlNode *root = xmlDocGetRootElement(tree);
	xmlChar *got_attr = xmlGetProp(root, BAD_CAST "value");
	xmlChar *got_text = xmlNodeGetContent(root->children);
	struct ac_str want_attr = expected(a, attr), want_text = expected(a, text);
	cr_assert(ac_streq(ac_str_c((char *)got_attr), want_attr), "attribute of case %lu\n%s\n%.*s",
	    (unsigned long)number, (char *)got_attr, AC_FMT(want_attr));
	cr_assert(ac_streq(ac_str_c((char *)got_text), want_text), "text of case %lu\n%s\n%.*s",
	    (unsigned long)number, (char *)got_text, AC_FMT(want_text));
	xmlFree(got_attr);
	xmlFree(got_text);
	xmlFreeDoc(tree);
}

Test(xw_roundtrip, libxml2_reads_back_what_was_written)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const char *cases = getenv("AC_PROPERTY_CASES");
	int64_t n = CASES_DEFAULT;

	if (cases != NULL)
		cr_assert(ac_str_int(ac_str_c(cases), 1, INT64_MAX, &n));
	for (int64_t i = 0; i < n; i++) {
		check(a, (uint64_t)i);
		ac_arena_reset(a);
	}
	xmlCleanupParser();
}

Test(xw_roundtrip, the_oracle_refuses_what_it_should)
{
	bool is_allowed;

	cr_expect(character("\xC0\xAF", 2, &is_allowed) == 0);
	cr_expect(character("\xED\xA0\x80", 3, &is_allowed) == 0);
	cr_expect(character("\xF4\x90\x80\x80", 4, &is_allowed) == 0);
	cr_expect(character("\xE2\x82", 2, &is_allowed) == 0);
	cr_expect(character("\xEF\xBF\xBE", 3, &is_allowed) == 3 && !is_allowed);
	cr_expect(character("\x0B", 1, &is_allowed) == 1 && !is_allowed);
	cr_expect(character("\xE2\x82\xAC", 3, &is_allowed) == 3 && is_allowed);
	cr_expect(character("\xF0\x9F\x98\x80", 4, &is_allowed) == 4 && is_allowed);
}
