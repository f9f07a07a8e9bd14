/* test_manual.c - aftercare-protocol(5) speaks of everything that the language has, as the tables have it. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/file.h"
#include "core/facts.h"
#include "core/protocol.h"
#include "core/protocol_rules.h"
#include "core/protocol_schema.h"
#include "tests/expect.h"

static struct ac_arena *a;
static const char *manual, *plain;

/* Lines are broken where the page is formatted: one blank for each. */
static void
setup(void)
{
	struct ac_str s = { 0 };
	struct ac_err e = { 0 };

	a = ac_arena_new();
	cr_assert(ac_file_read(AC_SOURCE_DIR "/admin-cli/man/aftercare-protocol.5", 1024 * 1024, a, &s, &e) ==
		  AC_OK);
	manual = ac_cstr(a, s);
	char *p = ac_alloc(a, s.n + 1);
	for (size_t i = 0; i <= s.n; i++)
		p[i] = manual[i] == '\n' ? ' ' : manual[i];
	plain = p;
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(manual, .init = setup, .fini = teardown);

/* From ".Ss NAME" to the next heading. */
static struct ac_str
section(const char *name)
{
	const char *head = ac_cstr(a, ac_strf(a, "\n.Ss %s\n", name)), *from = strstr(manual, head), *end;

	cr_assert(from != NULL, "no section %s", name);
	from += strlen(head);
	end = strstr(from, "\n.S");
	return (struct ac_str){ from, end == NULL ? strlen(from) : (size_t)(end - from) + 1 };
}

static void
look_for(const char *element, const char *attr, void *arg)
{
	const char *own = ac_cstr(a, section(element)), *lines = ac_cstr(a, section("Lines"));

	(void)arg;
	if (attr == NULL)
		return;
	const char *item = ac_cstr(a, ac_strf(a, ".It Cm %s\n", attr));
	bool is_of_lines = strstr(own, "It is a line.") != NULL && strstr(lines, item) != NULL;
	cr_expect(strstr(own, item) != NULL || is_of_lines, "%s of %s is not in the manual", attr, element);
}

Test(manual, describes_every_element_and_attribute)
{
	px_each_attribute(look_for, NULL);
}

Test(manual, describes_every_path_of_the_vocabulary)
{
	for (const struct ac_vocab *v = ac_vocabulary; v->path != NULL; v++) {
		const char *item = ac_cstr(a, ac_strf(a, ".It Cm %s\n", v->path)), *at = strstr(manual, item);
		cr_assert(at != NULL, "%s", v->path);
		const char *source = strstr(at, v->source), *next = strstr(at + 1, "\n.It ");
		cr_expect(source != NULL && (next == NULL || source < next), "%s comes from %s", v->path,
		    v->source);
	}
}

Test(manual, gives_every_rule_of_lint_with_its_level_and_sentence)
{
	static const char *const levels[] = { "warning", "decision", "error" };
	size_t n;
	const struct ac_lint_rule_row *rules = ac_lint_rules(&n);

	for (size_t i = 0; i < n; i++) {
		const char *item = ac_cstr(a,
		    ac_strf(a, ".It %s ( %s ) %s ", rules[i].id, levels[rules[i].level], rules[i].sentence));
		cr_expect(strstr(plain, item) != NULL, "%s", item);
	}
}

Test(manual, gives_every_rule_of_the_file)
{
#define X(id, sentence) \
	cr_expect(strstr(plain, ac_cstr(a, ac_strf(a, ".It %s %s ", id, sentence))) != NULL, "%s", id);
	AC_PROTOCOL_GRAMMAR_RULES(X)
	AC_PROTOCOL_LOADER_RULES(X)
#undef X
}
