/* test_json.c - the JSON door: what it refuses, where, under which rule; and what the writer writes. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"

static enum ac_code
parse(const char *text, struct ac_err *e)
{
	AC_AUTO_T(json_object) tree = NULL;

	*e = (struct ac_err){ 0 };
	return ac_json_parse(ac_str_c(text), AC_JSON_SIZE_MAX, &tree, e);
}

#define ACCEPTS(text)                                                                                        \
	do {                                                                                                 \
		struct ac_err e_;                                                                            \
		cr_expect(parse(text, &e_) == AC_OK, "%s: %s %s", text, e_.rule, e_.msg);                    \
	} while (0)

#define REFUSES(text, rule_, line_, col_, path_)                                                             \
	do {                                                                                                 \
		struct ac_err e_;                                                                            \
		cr_expect(parse(text, &e_) != AC_OK, "accepted: %s", text);                                  \
		cr_expect_str_eq(e_.rule, rule_, "%s", text);                                                \
		cr_expect(eq(u32, e_.line, line_), "%s", text);                                              \
		cr_expect(eq(u32, e_.col, col_), "%s", text);                                                \
		cr_expect_str_eq(e_.path, path_, "%s", text);                                                \
	} while (0)

Test(json, accepts_every_kind_of_value)
{
	ACCEPTS("{}");
	ACCEPTS("[]");
	ACCEPTS(
	    " \t\r\n{\"a\" : [ 1 , -0.5e-3, true, false, null, \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\" ] } \n");
	ACCEPTS("null");
	ACCEPTS("0");
	ACCEPTS("-0");
	ACCEPTS("12");
	ACCEPTS("\"x\"");
	ACCEPTS("\"\x7F\"");
	ACCEPTS("\"\\ud83d\\ude00 \xF0\x9F\x98\x80\"");
}

Test(json, gives_the_tree_that_was_written)
{
	AC_AUTO_T(json_object) tree = NULL;
	struct ac_err e = { 0 };
	json_object *v;

	cr_assert(ac_json_parse(AC_S("{\"dose\":0.010,\"t\":\"\\u00e4\"}"), 100, &tree, &e) == AC_OK);
	cr_assert(json_object_object_get_ex(tree, "dose", &v));
	cr_expect_str_eq(json_object_to_json_string(v), "0.010");
	cr_assert(json_object_object_get_ex(tree, "t", &v));
	cr_expect_str_eq(json_object_get_string(v), "ä");
}

Test(json, leaves_the_result_alone_when_it_refuses)
{
	json_object *tree = (json_object *)&tree;
	struct ac_err e;

	cr_assert(ac_json_parse(AC_S("[1"), 100, &tree, &e) == AC_EINPUT);
	cr_expect(tree == (json_object *)&tree);
}

Test(json, needs_no_error_struct)
{
	json_object *tree = NULL;

	cr_expect(ac_json_parse(AC_S("{\"a\":1,\"a\":2}"), 100, &tree, NULL) == AC_EINPUT);
}

Test(json, refuses_what_is_not_json)
{
	REFUSES("", "JSON-SYNTAX", 1, 1, "");
	REFUSES("  ", "JSON-SYNTAX", 1, 3, "");
	REFUSES("{'a':1}", "JSON-SYNTAX", 1, 2, "");
	REFUSES("[1,]", "JSON-SYNTAX", 1, 4, "/1");
	REFUSES("{\"a\":1,}", "JSON-SYNTAX", 1, 8, "");
	REFUSES("{\"a\" 1}", "JSON-SYNTAX", 1, 6, "");
	REFUSES("{\"a\":1 \"b\":2}", "JSON-SYNTAX", 1, 8, "");
	REFUSES("[1 2]", "JSON-SYNTAX", 1, 4, "");
	REFUSES("[1}", "JSON-SYNTAX", 1, 3, "");
	REFUSES("{} x", "JSON-SYNTAX", 1, 4, "");
	REFUSES("{}{}", "JSON-SYNTAX", 1, 3, "");
	REFUSES("/* c */ 1", "JSON-SYNTAX", 1, 1, "");
	REFUSES("\xEF\xBB\xBF{}", "JSON-SYNTAX", 1, 1, "");
	REFUSES("nul", "JSON-SYNTAX", 1, 1, "");
	REFUSES("truE", "JSON-SYNTAX", 1, 1, "");
	REFUSES("nullx", "JSON-SYNTAX", 1, 5, "");
	REFUSES("[NaN]", "JSON-SYNTAX", 1, 2, "/0");
	REFUSES("[Infinity]", "JSON-SYNTAX", 1, 2, "/0");
	REFUSES("\"abc", "JSON-SYNTAX", 1, 5, "");
	REFUSES("\"a\tb\"", "JSON-SYNTAX", 1, 3, "");
	REFUSES("\"a\nb\"", "JSON-SYNTAX", 1, 3, "");
	REFUSES("\"\\x41\"", "JSON-SYNTAX", 1, 3, "");
	REFUSES("\"\\u12g4\"", "JSON-SYNTAX", 1, 6, "");
	REFUSES("\"\\", "JSON-SYNTAX", 1, 3, "");
	REFUSES("{\"a\":[{\"b\":", "JSON-SYNTAX", 1, 12, "/a/0/b");
}

Test(json, refuses_numbers_that_are_not_of_the_grammar)
{
	REFUSES("[01]", "JSON-SYNTAX", 1, 2, "/0");
	REFUSES("[-]", "JSON-SYNTAX", 1, 3, "/0");
	REFUSES("[+1]", "JSON-SYNTAX", 1, 2, "/0");
	REFUSES("[.5]", "JSON-SYNTAX", 1, 2, "/0");
	REFUSES("[1.]", "JSON-SYNTAX", 1, 4, "/0");
	REFUSES("[1e]", "JSON-SYNTAX", 1, 4, "/0");
	REFUSES("[1e+]", "JSON-SYNTAX", 1, 5, "/0");
	REFUSES("[0x10]", "JSON-SYNTAX", 1, 3, "");
	REFUSES("[1,-a]", "JSON-SYNTAX", 1, 5, "/1");
}

Test(json, holds_integers_within_53_bits)
{
	ACCEPTS("[9007199254740991,-9007199254740991]");
	REFUSES("[9007199254740992]", "JSON-NUMBER", 1, 2, "/0");
	REFUSES("[-9007199254740992]", "JSON-NUMBER", 1, 2, "/0");
	REFUSES("{\"revision\":10000000000000000000}", "JSON-NUMBER", 1, 13, "/revision");
}

Test(json, holds_numbers_within_a_double)
{
	ACCEPTS("[1.7976931348623157e308,5e-324,0e999,0.0e-999]");
	REFUSES("[1e309]", "JSON-NUMBER", 1, 2, "/0");
	REFUSES("[1,-1e999]", "JSON-NUMBER", 1, 4, "/1");
	REFUSES("[1e-400]", "JSON-NUMBER", 1, 2, "/0");
	char text[300];
	(void)snprintf(text, sizeof(text), "[0.%0200d]", 1);
	REFUSES(text, "JSON-NUMBER", 1, 2, "/0");
}

Test(json, refuses_a_name_that_stands_twice)
{
	REFUSES("{\"a\":1,\"b\":2,\"a\":3}", "JSON-DUPLICATE", 1, 14, "/a");
	REFUSES("{\"p\":[0,{\"x/y\":1,\n\"x/y\":1}]}", "JSON-DUPLICATE", 2, 1, "/p/1/x~1y");
	REFUSES("{\"\":1,\"\":1}", "JSON-DUPLICATE", 1, 7, "/");
}

Test(json, tells_the_first_of_several_duplicates)
{
	REFUSES("{\"zz\":1,\"a\":1,\"zz\":2,\"a\":2,\"zz\":3}", "JSON-DUPLICATE", 1, 15, "/zz");
}

Test(json, sees_through_the_escapes_of_a_name)
{
	REFUSES("{\"a\":1,\"\\u0061\":2}", "JSON-DUPLICATE", 1, 8, "/a");
	REFUSES(
	    "{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}", "JSON-DUPLICATE", 1, 19, "/\xF0\x9F\x98\x80");
	ACCEPTS("{\"a\\u0062\":1,\"a\\u0063\":2}");
}

Test(json, lets_the_same_name_stand_in_different_objects)
{
	ACCEPTS("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}");
}

Test(json, refuses_half_a_surrogate_pair)
{
	REFUSES("\"\\ud800\"", "JSON-SURROGATE", 1, 2, "");
	REFUSES("\"\\udc00\"", "JSON-SURROGATE", 1, 2, "");
	REFUSES("\"x\\ud800\\u0041\"", "JSON-SURROGATE", 1, 3, "");
	REFUSES("\"\\ud800\\ud800\"", "JSON-SURROGATE", 1, 2, "");
	REFUSES("{\"\\udfff\":1}", "JSON-SURROGATE", 1, 3, "");
}

Test(json, refuses_a_nul_in_a_text)
{
	REFUSES("{\"a\":\"x\\u0000y\"}", "JSON-NUL", 1, 8, "/a");
	struct ac_err e = { 0 };
	json_object *tree = NULL;
	cr_expect(ac_json_parse(AC_S("[\"a\0b\"]"), 100, &tree, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "JSON-SYNTAX");
}

Test(json, refuses_bytes_that_are_not_utf8)
{
	REFUSES("{\"a\":\"x\xFFy\"}", "JSON-UTF8", 1, 8, "/a");
	REFUSES("\"\xC0\x80\"", "JSON-UTF8", 1, 2, "");
	REFUSES("\"\xED\xA0\x80\"", "JSON-UTF8", 1, 2, "");
	REFUSES("\"\xF5\x80\x80\x80\"", "JSON-UTF8", 1, 2, "");
	REFUSES("[1]\xC3", "JSON-UTF8", 1, 4, "");
	REFUSES("\"\xC3", "JSON-UTF8", 1, 2, "");
}

Test(json, counts_columns_in_characters)
{
	REFUSES("{\"ä\":\"€\",\n \"😀\": x}", "JSON-SYNTAX", 2, 7, "/😀");
}

static char *
nested(int depth)
{
	static char text[200];
	int n = 0;

	for (int i = 0; i < depth; i++)
		text[n++] = '[';
	for (int i = 0; i < depth; i++)
		text[n++] = ']';
	text[n] = '\0';
	return text;
}

Test(json, nests_32_deep_and_no_deeper)
{
	struct ac_err e;

	ACCEPTS(nested(32));
	cr_expect(parse(nested(33), &e) == AC_ELIMIT);
	cr_expect_str_eq(e.rule, "JSON-DEPTH");
	cr_expect(eq(u32, e.col, 33));
}

Test(json, accepts_scalars_and_objects_at_the_deepest_level)
{
	char text[300] = "";
	size_t n = 0;

	for (int i = 0; i < 32; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "{\"a\":");
	n += (size_t)snprintf(text + n, sizeof(text) - n, "\"x\"");
	for (int i = 0; i < 32; i++)
		text[n++] = '}';
	text[n] = '\0';
	ACCEPTS(text);
}

Test(json, reads_no_more_than_the_declared_size)
{
	AC_AUTO_T(json_object) tree = NULL;
	struct ac_err e = { 0 };

	cr_expect(ac_json_parse(AC_S("[1,2]"), 4, &tree, &e) == AC_ELIMIT);
	cr_expect_str_eq(e.rule, "JSON-SIZE");
	cr_expect(ac_json_parse(AC_S("[1,2]"), 5, &tree, &e) == AC_OK);
}

Test(json, cuts_a_long_path_and_says_so)
{
	struct ac_err e;

	parse("{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":"
	      "{\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\":x}}",
	    &e);
	cr_expect(strlen(e.path) < sizeof(e.path));
	cr_expect_str_eq(e.path + strlen(e.path) - 4, "b...");
}

Test(json, shows_no_control_character_in_a_path)
{
	REFUSES("{\"a\\n\\u001b[1m\":x}", "JSON-SYNTAX", 1, 17, "/a__[1m");
}

/* An object of n names; the last is the first again when `twice`. */
static struct ac_str
many_names(struct ac_arena *a, int n, bool twice)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1 << 20, 0);
	ac_buf_addz(&b, "{\"n0\":0");
	for (int i = 1; i < n; i++)
		ac_buf_addf(&b, ",\"n%d\":0", i);
	ac_buf_addz(&b, twice ? ",\"n0\":0}" : "}");
	return ac_buf_str(&b);
}

Test(json, finds_the_duplicate_among_very_many_names, .timeout = 20)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	AC_AUTO_T(json_object) tree = NULL;
	struct ac_err e = { 0 };

	cr_expect(ac_json_parse(many_names(a, 80000, true), AC_JSON_SIZE_MAX, &tree, &e) == AC_EINPUT);
	cr_expect_str_eq(e.rule, "JSON-DUPLICATE");
	cr_expect_str_eq(e.path, "/n0");
	cr_expect(ac_json_parse(many_names(a, 80000, false), AC_JSON_SIZE_MAX, &tree, &e) == AC_OK);
	cr_expect(eq(int, json_object_object_length(tree), 80000));
}

Test(json, locates_a_value_by_its_pointer)
{
	struct ac_str text = AC_S("{\n \"p\": {\"q/r\": [0, {\"~\": 5}]},\n \"\\u0061\": 7, \"\": 8 }");
	uint32_t line = 0, col = 0;

	cr_assert(ac_json_locate(text, "", &line, &col));
	cr_expect(line == 1 && col == 1);
	cr_assert(ac_json_locate(text, "/p/q~1r/1/~0", &line, &col));
	cr_expect(line == 2 && col == 25, "%u:%u", line, col);
	cr_assert(ac_json_locate(text, "/a", &line, &col));
	cr_expect(line == 3 && col == 12, "%u:%u", line, col);
	cr_assert(ac_json_locate(text, "/", &line, &col));
	cr_expect(line == 3 && col == 19, "%u:%u", line, col);
}

Test(json, does_not_locate_what_is_not_there)
{
	struct ac_str text = AC_S("{\"p\":[1,2],\"e\":[],\"o\":{}}");
	uint32_t line = 99, col = 99;

	cr_expect(not(ac_json_locate(text, "/x", &line, &col)));
	cr_expect(not(ac_json_locate(text, "/p/2", &line, &col)));
	cr_expect(not(ac_json_locate(text, "/p/-1", &line, &col)));
	cr_expect(not(ac_json_locate(text, "/p/0/a", &line, &col)));
	cr_expect(not(ac_json_locate(text, "/e/0", &line, &col)));
	cr_expect(not(ac_json_locate(text, "/o/a", &line, &col)));
	cr_expect(not(ac_json_locate(text, "p", &line, &col)));
	cr_expect(line == 99 && col == 99);
}

Test(jw, places_commas)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 16, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kint(&w, "i", INT64_MIN);
	ac_jw_kbool(&w, "b", true);
	ac_jw_kstr(&w, "absent", (struct ac_str){ 0 });
	ac_jw_kstr(&w, "empty", AC_S(""));
	ac_jw_key(&w, "a");
	ac_jw_arr(&w);
	ac_jw_obj(&w);
	ac_jw_end_obj(&w);
	ac_jw_arr(&w);
	ac_jw_end_arr(&w);
	ac_jw_null(&w);
	ac_jw_str(&w, (struct ac_str){ 0 });
	ac_jw_bool(&w, false);
	ac_jw_end_arr(&w);
	ac_jw_key_str(&w, AC_S("k\"k"));
	ac_jw_int(&w, 1);
	ac_jw_end_obj(&w);
	cr_expect_str_eq(ac_cstr(a, ac_buf_str(&b)), "{\"i\":-9223372036854775808,\"b\":true,\"empty\":\"\","
						     "\"a\":[{},[],null,null,false],\"k\\\"k\":1}");
}

static const char *
quoted(struct ac_arena *a, struct ac_str s)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 16, 0);
	ac_jw_init(&w, &b);
	ac_jw_str(&w, s);
	return ac_cstr(a, ac_buf_str(&b));
}

Test(jw, escapes_what_cannot_stand_in_a_string)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	cr_expect_str_eq(quoted(a, AC_S("a\"b\\c/\n\r\t\b\f\x01\x1F\x7F")),
	    "\"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u001f\x7F\"");
	cr_expect_str_eq(quoted(a, AC_S("x\0y")), "\"x\\u0000y\"");
	cr_expect_str_eq(quoted(a, AC_S("ä€😀\xE2\x80\xA8\xE2\x80\xA9")), "\"ä€😀\\u2028\\u2029\"");
}

Test(jw, replaces_bytes_that_are_not_utf8)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	cr_expect_str_eq(quoted(a, AC_S("a\xFFz\xC3")), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\"");
	cr_expect_str_eq(quoted(a, AC_S("\xEF\xBF\xBD")), "\"\xEF\xBF\xBD\"");
	cr_expect_str_eq(quoted(a, AC_S("\xED\xA0\x80")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static const char *
number(struct ac_arena *a, double d)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 16, 0);
	ac_jw_init(&w, &b);
	ac_jw_num(&w, d);
	return ac_cstr(a, ac_buf_str(&b));
}

Test(jw, writes_the_shortest_number_that_reads_back)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	cr_expect_str_eq(number(a, 0.1), "0.1");
	cr_expect_str_eq(number(a, 100), "100");
	cr_expect_str_eq(number(a, -2.5), "-2.5");
	cr_expect_str_eq(number(a, 1.0 / 3), "0.3333333333333333");
	cr_expect_str_eq(number(a, 5e-324), "5e-324");
	cr_expect_str_eq(number(a, 1e22), "1e+22");
	cr_expect_str_eq(number(a, 12345678901234568.0), "1.2345678901234568e+16");
	cr_expect_str_eq(number(a, NAN), "null");
	cr_expect_str_eq(number(a, -INFINITY), "null");
}

Test(jw, writes_numbers_that_the_door_accepts_and_that_stay_the_same)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	uint64_t seed = 88172645463325252u;

	for (int i = 0; i < 20000; i++) {
		double d;
		struct ac_err e = { 0 };

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		memcpy(&d, &seed, sizeof(d));
		if (!isfinite(d))
			continue;
		const char *text = number(a, d);
		AC_AUTO_T(json_object) tree = NULL;
		cr_assert(ac_json_parse(ac_str_c(text), 100, &tree, &e) == AC_OK, "%s: %s", text, e.msg);
		cr_assert(json_object_get_double(tree) == d, "%s", text);
	}
}
