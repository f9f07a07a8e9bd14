/* test_lint_kept.c - what lint said is kept with the configuration it was asked with, and no longer. */
#include "core/lint_kept.h"
#include "core/protocol_list.h"
#include "tests/life_kit.h"

static struct kit k;

static void
setup(void)
{
	kit_open(&k);
}

static void
teardown(void)
{
	kit_close(&k);
}

TestSuite(lint_kept, .init = setup, .fini = teardown);

static struct ac_review
review_of(const struct ac_sha256 *v)
{
	struct ac_life_who bob = who_is("bob");
	struct ac_review r = { 0 };
	struct ac_err e = { 0 };

	need(ac_review_get(k.w, &bob, v, &r, &e), &e);
	return r;
}

Test(lint_kept, a_second_look_says_the_same_and_asks_nothing)
{
	struct ac_sha256 v = draft_of(&k, "alice", carried(&k, "24 h"));
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e); /* its memory holds both looks */
	struct ac_review first = review_of(&v), again = review_of(&v);

	cr_assert(first.findings.n > 0 && first.findings.n == again.findings.n);
	cr_expect(ac_lint_kept_count(k.w->config->lint) == 1);
	for (size_t i = 0; i < first.findings.n; i++) {
		const struct ac_finding *x = &first.findings.v[i], *y = &again.findings.v[i];
		cr_expect(x->rule == y->rule && x->level == y->level && x->line == y->line && x->col == y->col);
		cr_expect(ac_streq(x->line_id, y->line_id) && ac_streq(x->message, y->message) && x->message.p != y->message.p);
	}
}

Test(lint_kept, a_publish_makes_lint_look_again)
{
	struct ac_sha256 v = draft_of(&k, "alice", carried(&k, "24 h")), other = draft(&k, "alice", "60 h");

	review_of(&v);
	cr_expect(ac_lint_kept_count(k.w->config->lint) == 1);
	need_ok(publish(&k, "bob", &other, 0));
	struct ac_err e = { 0 };
	need(ac_worker_begin(k.w, &e), &e);
	cr_expect(ac_lint_kept_count(k.w->config->lint) == 0);
	cr_expect(review_of(&v).row.stale);
}

Test(lint_kept, the_same_version_beside_another_base_is_another_answer)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_lint_kept *kept = ac_lint_kept_new();
	struct ac_sha256 v = { { 1 } }, base = { { 2 } };
	struct ac_finding f = { .rule = "LINT-CARRIED", .line = 3, .message = AC_S("again") };
	struct ac_findings one = { &f, 1 }, none = { 0 }, got;

	ac_lint_kept_add(kept, &v, &base, &one);
	cr_expect(!ac_lint_kept_get(kept, &v, NULL, a, &got) && !ac_lint_kept_get(kept, &base, &v, a, &got));
	ac_lint_kept_add(kept, &v, NULL, &none);
	cr_expect(ac_lint_kept_get(kept, &v, NULL, a, &got) && got.n == 0);
	cr_expect(ac_lint_kept_get(kept, &v, &base, a, &got) && got.n == 1 && got.v[0].line == 3);
	ac_lint_kept_free(kept);
}

Test(lint_kept, beyond_its_limits_nothing_is_kept)
{
	static struct ac_finding many[AC_LINT_KEPT_FINDINGS + 1];
	struct ac_lint_kept *kept = ac_lint_kept_new();
	struct ac_findings none = { 0 }, all = { many, AC_LINT_KEPT_FINDINGS + 1 };

	for (unsigned i = 0; i < AC_LINT_KEPT_MAX + 5; i++) {
		struct ac_sha256 v = { { (unsigned char)i, 7 } };
		ac_lint_kept_add(kept, &v, NULL, i == 0 ? &all : &none);
	}
	cr_expect(ac_lint_kept_count(kept) == AC_LINT_KEPT_MAX);
	ac_lint_kept_free(kept);
	cr_expect(!ac_lint_kept_get(NULL, &(struct ac_sha256){ 0 }, NULL, NULL, &none));
}
