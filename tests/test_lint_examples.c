/*
 * test_lint_examples.c - tests/bad/lint: each rule's folder holds a protocol that keeps it and one that breaks it.
 *
 * pass*.xml gives no finding at all; fail*.xml only findings of its folder's rule, on the line of the comment "here". A
 * clinic beside it (fail.conf), another active protocol (fail.other.xml) and the version in force (fail.base.xml) are given
 * to lint; fail.unapproved says that nobody approved the version, which is in force.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "core/clinic.h"
#include "core/protocol.h"
#include "tests/expect.h"

static struct ac_arena *a;

static void
setup(void)
{
	a = ac_arena_new();
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(lint_examples, .init = setup, .fini = teardown);

/* Absent: there is no such file. */
static struct ac_str
read_beside(const char *dir, struct ac_str stem, const char *end)
{
	struct ac_str bytes = { 0 };
	struct ac_err e = { 0 };
	const char *path = ac_cstr(a, ac_strf(a, "%s/%.*s%s", dir, AC_FMT(stem), end));

	return ac_file_read(path, AC_PROTOCOL_BYTES_MAX, a, &bytes, &e) == AC_OK ? bytes
										 : (struct ac_str){ 0 };
}

static const struct ac_protocol *
load(struct ac_str xml)
{
	const struct ac_protocol *p = NULL;
	struct ac_err e = { 0 };

	cr_assert(ac_protocol_load(xml, a, &p, &e) == AC_OK, "%u:%u %s %s", e.line, e.col, e.rule, e.msg);
	return p;
}

static struct ac_findings
lint(const char *dir, struct ac_str stem)
{
	struct ac_str ini = read_beside(dir, stem, ".conf"), more = read_beside(dir, stem, ".other.xml"),
		      base = read_beside(dir, stem, ".base.xml");
	const struct ac_protocol *other = NULL, *p = load(read_beside(dir, stem, ".xml"));
	struct ac_lint_beside beside = { .others = &other };
	struct ac_findings found = { 0 };
	struct ac_err e = { 0 };

	if (ini.n > 0)
		cr_assert(ac_clinic_load(ini, a, &beside.clinic, &e) == AC_OK, "%s %s", e.rule, e.msg);
	if (more.n > 0)
		other = load(more);
	if (base.n > 0)
		beside.base = load(base);
	beside.nothers = more.n > 0;
	beside.unapproved = read_beside(dir, stem, ".unapproved").n > 0;
	ac_protocol_lint_beside(p, &beside, a, &found);
	return found;
}

static uint32_t
line_of_mark(const char *dir, struct ac_str stem)
{
	const char *xml = ac_cstr(a, read_beside(dir, stem, ".xml")), *mark = strstr(xml, "<!--here-->");
	uint32_t line = 1;

	cr_assert(mark != NULL && strstr(mark + 1, "<!--here-->") == NULL, "%s/%.*s", dir, AC_FMT(stem));
	for (const char *c = xml; c < mark; c++)
		line += *c == '\n';
	return line;
}

static void
must_fail(const struct ac_lint_rule_row *rule, const char *dir, struct ac_str stem)
{
	struct ac_findings found = lint(dir, stem);
	uint32_t line = line_of_mark(dir, stem);

	cr_expect(found.n > 0, "%s/%.*s: nothing found", rule->id, AC_FMT(stem));
	for (size_t i = 0; i < found.n; i++)
		cr_expect(strcmp(found.v[i].rule, rule->id) == 0 && found.v[i].line == line &&
			      found.v[i].level == rule->level && found.v[i].message.n > 0,
		    "%s/%.*s: %s on line %u instead of %u: %.*s", rule->id, AC_FMT(stem), found.v[i].rule,
		    found.v[i].line, line, AC_FMT(found.v[i].message));
	cr_expect(ac_findings_block_publish(&found) == (rule->level != AC_LINT_WARNING));
}

static void
must_pass(const struct ac_lint_rule_row *rule, const char *dir, struct ac_str stem)
{
	struct ac_findings found = lint(dir, stem);

	for (size_t i = 0; i < found.n; i++)
		cr_expect(false, "%s/%.*s: %s on line %u: %.*s", rule->id, AC_FMT(stem), found.v[i].rule,
		    found.v[i].line, AC_FMT(found.v[i].message));
}

/* Every example of one rule; how many fail and pass. */
static void
each_example(const struct ac_lint_rule_row *rule, size_t *ret_fail, size_t *ret_pass)
{
	const char *path = ac_cstr(a, ac_strf(a, "%s/tests/bad/lint/%s", AC_SOURCE_DIR, rule->id));
	DIR *dir = opendir(path);
	struct dirent *f;

	*ret_fail = *ret_pass = 0;
	cr_assert(dir != NULL, "%s has no examples", rule->id);
	while ((f = readdir(dir)) != NULL) {
		struct ac_str name = ac_str_dup(a, ac_str_c(f->d_name));
		if (!ac_str_ends(name, AC_S(".xml")) || ac_str_ends(name, AC_S(".other.xml")) ||
		    ac_str_ends(name, AC_S(".base.xml")))
			continue;
		struct ac_str stem = { name.p, name.n - 4 };
		if (ac_str_starts(name, AC_S("fail"))) {
			must_fail(rule, path, stem);
			(*ret_fail)++;
		} else {
			must_pass(rule, path, stem);
			(*ret_pass)++;
		}
	}
	closedir(dir);
}

Test(lint_examples, every_rule_finds_what_breaks_it_and_nothing_else)
{
	size_t n, fail, pass;
	const struct ac_lint_rule_row *rules = ac_lint_rules(&n);

	for (size_t i = 0; i < n; i++) {
		each_example(&rules[i], &fail, &pass);
		cr_expect(fail > 0 && pass > 0, "%s: %zu fail, %zu pass", rules[i].id, fail, pass);
	}
}

Test(lint_examples, every_folder_is_that_of_a_rule)
{
	size_t n, folders = 0;
	const struct ac_lint_rule_row *rules = ac_lint_rules(&n);
	DIR *dir = opendir(AC_SOURCE_DIR "/tests/bad/lint");
	struct dirent *f;

	cr_assert(dir != NULL);
	while ((f = readdir(dir)) != NULL) {
		bool known = f->d_name[0] == '.';
		for (size_t i = 0; i < n && !known; i++)
			known = strcmp(rules[i].id, f->d_name) == 0;
		cr_expect(known, "%s", f->d_name);
		folders += f->d_name[0] != '.';
	}
	closedir(dir);
	cr_expect(folders == n, "%zu folders for %zu rules", folders, n);
}

Test(lint_examples, every_rule_has_a_name_of_its_own_and_a_sentence)
{
	size_t n;
	const struct ac_lint_rule_row *rules = ac_lint_rules(&n);

	for (size_t i = 0; i < n; i++) {
		cr_expect(strncmp(rules[i].id, "LINT-", 5) == 0);
		cr_expect(ac_str_ends(ac_str_c(rules[i].sentence), AC_S(".")), "%s", rules[i].id);
		for (size_t k = 0; k < i; k++)
			cr_expect(strcmp(rules[i].id, rules[k].id) != 0, "%s", rules[i].id);
	}
}
