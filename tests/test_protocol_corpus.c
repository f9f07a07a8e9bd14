/*
 * test_protocol_corpus.c - tests/good/protocol and tests/bad/protocol against the loader and against the grammar.
 *
 * A bad file is called RULE-what.xml: the loader refuses it by that rule and says where. The grammar refuses the files
 * of the rules that are its own and of what is no XML, and accepts those that only the loader can judge.
 */
#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/file.h"
#include "core/protocol.h"
#include "core/protocol_rules.h"
#include "tests/expect.h"

AC_DEFINE_AUTO_T(xmlDoc, xmlFreeDoc)
AC_DEFINE_AUTO_T(xmlRelaxNG, xmlRelaxNGFree)
AC_DEFINE_AUTO_T(xmlRelaxNGParserCtxt, xmlRelaxNGFreeParserCtxt)
AC_DEFINE_AUTO_T(xmlRelaxNGValidCtxt, xmlRelaxNGFreeValidCtxt)

static struct ac_arena *a;

static void
silent(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static void
setup(void)
{
	a = ac_arena_new();
	xmlSetGenericErrorFunc(NULL, silent);
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(protocol_corpus, .init = setup, .fini = teardown);

typedef void file_fn(struct ac_str name, struct ac_str bytes, void *arg);

static int
each_file(const char *dir_name, file_fn *fn, void *arg)
{
	const char *dir_path = ac_cstr(a, ac_strf(a, "%s/tests/%s", AC_SOURCE_DIR, dir_name));
	DIR *dir = opendir(dir_path);
	struct dirent *f;
	int n = 0;

	cr_assert(dir != NULL, "%s", dir_path);
	while ((f = readdir(dir)) != NULL) {
		struct ac_str bytes = { 0 };
		struct ac_err e = { 0 };
		if (!ac_str_ends(ac_str_c(f->d_name), AC_S(".xml")))
			continue;
		const char *path = ac_cstr(a, ac_strf(a, "%s/%s", dir_path, f->d_name));
		cr_assert(ac_file_read(path, 4 * AC_PROTOCOL_BYTES_MAX, a, &bytes, &e) == AC_OK, "%s", path);
		fn(ac_str_dup(a, ac_str_c(f->d_name)), bytes, arg);
		n++;
	}
	closedir(dir);
	return n;
}

/* The longest rule of both tables that the name starts with. */
static const char *
rule_of(struct ac_str name, bool *ret_is_grammar)
{
	static const struct {
		const char *id;
		bool is_grammar;
	} rules[] = {
#define X(id, sentence) { id, true },
		AC_PROTOCOL_GRAMMAR_RULES(X)
#undef X
#define X(id, sentence) { id, false },
		    AC_PROTOCOL_LOADER_RULES(X)
#undef X
	};
	const char *best = NULL;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct ac_str head = ac_strf(a, "%s-", rules[i].id);
		if (ac_str_starts(name, head) && (best == NULL || strlen(rules[i].id) > strlen(best))) {
			best = rules[i].id;
			*ret_is_grammar = rules[i].is_grammar;
		}
	}
	cr_assert(best != NULL, "%.*s names no rule", AC_FMT(name));
	return best;
}

static void
load_refuses(struct ac_str name, struct ac_str bytes, void *arg)
{
	const struct ac_protocol *p = NULL;
	struct ac_err e = { 0 };
	bool is_grammar;
	const char *rule = rule_of(name, &is_grammar);
	enum ac_code code = ac_protocol_load(bytes, a, &p, &e);

	(void)arg;
	cr_expect(code == AC_EINPUT || code == AC_ELIMIT, "%.*s gives %d", AC_FMT(name), code);
	cr_expect(e.rule != NULL && strcmp(e.rule, rule) == 0, "%.*s is refused by %s: %s", AC_FMT(name),
	    e.rule == NULL ? "nothing" : e.rule, e.msg);
	cr_expect(e.line > 0 && e.col > 0, "%.*s is refused without a place", AC_FMT(name));
	cr_expect(p == NULL, "%.*s leaves a protocol behind", AC_FMT(name));
}

Test(protocol_corpus, the_loader_refuses_each_bad_file_by_its_rule_and_place)
{
	cr_expect(each_file("bad/protocol", load_refuses, NULL) >= 150);
}

static void
load_accepts(struct ac_str name, struct ac_str bytes, void *arg)
{
	const struct ac_protocol *p = NULL;
	struct ac_err e = { 0 };

	(void)arg;
	cr_expect(ac_protocol_load(bytes, a, &p, &e) == AC_OK, "%.*s %u:%u %s %s", AC_FMT(name), e.line,
	    e.col, e.rule, e.msg);
}

Test(protocol_corpus, the_loader_accepts_each_good_file)
{
	cr_expect(each_file("good/protocol", load_accepts, NULL) >= 3);
}

static void
tell_rule(struct ac_str name, struct ac_str bytes, void *arg)
{
	bool is_grammar;

	(void)bytes;
	if (strcmp(rule_of(name, &is_grammar), *(const char **)arg) == 0)
		*(const char **)arg = "";
}

Test(protocol_corpus, every_rule_has_a_bad_file)
{
#define X(id, sentence) \
	{ \
		const char *rule = id; \
		(void)each_file("bad/protocol", tell_rule, &rule); \
		cr_expect(rule[0] == '\0', "%s has no file", rule); \
	}
	AC_PROTOCOL_GRAMMAR_RULES(X)
	AC_PROTOCOL_LOADER_RULES(X)
#undef X
}

/* 1: valid, 0: not valid or no XML */
static int
grammar_says(struct ac_str bytes, xmlRelaxNG *grammar)
{
	AC_AUTO_T(xmlDoc)
	doc = xmlReadMemory(bytes.p, (int)bytes.n, "file.xml", NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	AC_AUTO_T(xmlRelaxNGValidCtxt) valid = xmlRelaxNGNewValidCtxt(grammar);

	xmlRelaxNGSetValidErrors(valid, silent, silent, NULL);
	return doc != NULL && xmlRelaxNGValidateDoc(valid, doc) == 0;
}

static void
grammar_agrees(struct ac_str name, struct ac_str bytes, void *arg)
{
	bool is_grammar = false;
	const char *rule = rule_of(name, &is_grammar);

	/* how bytes become characters, and how much is too much, is not a grammar's business */
	if (strcmp(rule, "PRT-002") == 0 || strcmp(rule, "PRT-003") == 0 || strcmp(rule, "PRT-LIMIT") == 0)
		return;
	cr_expect(grammar_says(bytes, arg) == !is_grammar, "%.*s", AC_FMT(name));
}

static void
grammar_accepts(struct ac_str name, struct ac_str bytes, void *arg)
{
	cr_expect(grammar_says(bytes, arg) == 1, "%.*s", AC_FMT(name));
}

Test(protocol_corpus, the_grammar_refuses_and_accepts_what_the_loader_does)
{
	AC_AUTO_T(xmlRelaxNGParserCtxt) ctxt = xmlRelaxNGNewParserCtxt(AC_SOURCE_DIR "/schemas/protocol.rng");
	AC_AUTO_T(xmlRelaxNG) grammar = xmlRelaxNGParse(ctxt);

	cr_assert(grammar != NULL);
	(void)each_file("good/protocol", grammar_accepts, grammar);
	(void)each_file("bad/protocol", grammar_agrees, grammar);
}

/* A title, a trigger and `n` goals, then `fill` blanks */
static struct ac_str
large(int n, int fill)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1024 * 1024, 0);
	ac_buf_addz(&b, "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"a\" owner=\"o\"><title "
			"xml:lang=\"en\">A</title>"
			"<trigger category=\"A\"/>");
	for (int i = 0; i < n; i++)
		ac_buf_addf(&b, "<goal id=\"g%d\"><text xml:lang=\"en\">x</text></goal>", i);
	ac_buf_addf(&b, "%*s</protocol>", fill, "");
	return ac_buf_str(&b);
}

static enum ac_code
load(struct ac_str xml, struct ac_err *e)
{
	const struct ac_protocol *p = NULL;

	*e = (struct ac_err){ 0 };
	return ac_protocol_load(xml, a, &p, e);
}

Test(protocol_corpus, a_protocol_has_at_most_2000_lines)
{
	struct ac_err e;

	EXPECT_CODE(load(large(AC_PROTOCOL_LINES_MAX - 2, 0), &e), AC_OK, e);
	EXPECT_CODE(load(large(AC_PROTOCOL_LINES_MAX - 1, 0), &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "PRT-LIMIT");
}

Test(protocol_corpus, a_protocol_has_at_most_one_mebibyte)
{
	struct ac_err e;
	int rest = AC_PROTOCOL_BYTES_MAX - (int)large(1, 0).n;

	EXPECT_CODE(load(large(1, rest), &e), AC_OK, e);
	EXPECT_CODE(load(large(1, rest + 1), &e), AC_ELIMIT, e);
	EXPECT_RULE(e, "PRT-LIMIT");
}
