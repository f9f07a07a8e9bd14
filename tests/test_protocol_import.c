/* A text comes into the store as a draft: by whom, on top of what, and as a dry run. */
#include "core/person.h"
#include "core/protocol_life.h"
#include "tests/expect.h"
#include "tests/life_kit.h"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(protocol_import, .init = set_up, .fini = tear_down);

Test(protocol_import, a_version_that_others_overtook_is_stale_until_it_is_imported_again)
{
	struct ac_sha256 mine = draft(&k, "alice", "96 h"), theirs = draft(&k, "bob", "80 h");

	need_ok(submit(&k, "alice", &mine));
	need_ok(approve(&k, "carol", &mine));
	need_ok(publish(&k, "carol", &theirs, 0));
	cr_expect(row(&k, &mine).stale);
	refused(publish(&k, "carol", &mine, 0), AC_ECONFLICT, "PROTOCOL-STALE");
	mine = draft(&k, "alice", "96 h");
	cr_expect(!row(&k, &mine).stale && state_of(&k, &mine) == AC_LIFE_DRAFT);
	need_ok(submit(&k, "alice", &mine));
	need_ok(approve(&k, "carol", &mine));
	need_ok(publish(&k, "carol", &mine, 0));
}

Test(protocol_import, an_editor_that_saw_an_older_version_is_told)
{
	struct ac_life_who alice = who_is("alice");
	struct ac_err e = { 0 };
	struct ac_sha256 v;
	bool was_there;
	int64_t base = 0;

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_protocol_import_on(k.w, &alice, changed(&k, "96 h"), &base, &v, &was_there, &e),
	    AC_ECONFLICT, e);
	EXPECT_RULE(e, "PROTOCOL-STALE");
	base = 1;
	EXPECT_CODE(ac_protocol_import_on(k.w, &alice, changed(&k, "96 h"), &base, &v, &was_there, &e),
	    AC_OK, e);
}

Test(protocol_import, a_text_is_taken_only_from_who_may_edit)
{
	struct ac_life_who mallory = { .account = AC_S("mallory"), .role = AC_ROLE_ADMIN, .may = AC_MAY_ALL & ~AC_MAY_EDIT };
	struct ac_life_how dry = { .dry_run = true };
	struct ac_str xml = changed(&k, "96 h");
	struct ac_err e = { 0 };
	struct ac_sha256 v;
	bool was_there;

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_protocol_import(k.w, &mallory, xml, &v, &was_there, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "LIFE-ROLE");
	EXPECT_CODE(ac_protocol_import_why(k.w, &mallory, xml, NULL, dry, &v, &was_there, &e), AC_EDENIED, e);
}

Test(protocol_import, a_dry_run_of_an_import_says_what_it_would_and_takes_nothing)
{
	struct ac_life_who alice = who_is("alice");
	struct ac_life_how dry = { .dry_run = true };
	struct ac_str xml = changed(&k, "96 h");
	struct ac_life_row r;
	struct ac_err e = { 0 };
	struct ac_sha256 v;
	bool was_there = true;
	int64_t base = 0;

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_protocol_import_why(k.w, &alice, xml, &base, dry, &v, &was_there, &e), AC_ECONFLICT, e);
	need(ac_protocol_import_why(k.w, &alice, xml, NULL, dry, &v, &was_there, &e), &e);
	cr_expect(!was_there);
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_life_get(k.w, &v, &r, &e), AC_ENOTFOUND, e);
}
