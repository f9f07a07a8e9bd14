/* The PDF of an issued sheet: made once, kept, on record, and the same from then on. */
#include <sqlite3.h>

#include "core/sheet_pdf.h"
#include "tests/web_kit.h"

static struct kit k;
static const char *plan;

static void
set_up(void)
{
	kit_open(&k);
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });
	issue(&k, r.plan, 1);
	plan = ac_cstr(k.a, ac_uuid_str(k.a, r.plan));
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(sheet_pdf, .init = set_up, .fini = tear_down);

static struct ac_http
get_pdf(const char *rest)
{
	return get(&k, "nurse", ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%s%s", plan, rest)));
}

static struct ac_str
bytes_of(const char *rest)
{
	struct ac_http h = get_pdf(rest);

	cr_assert(h.status == 200, "%s: %d %s", rest, h.status, text_of(&k, &h));
	return ac_str_dup(k.a, ac_buf_str(&h.out));
}

static enum ac_code
verify(struct ac_err *e)
{
	struct ac_audit_counts n;

	need(ac_worker_begin(k.w, e), e);
	return ac_audit_verify(k.w->reader, ac_service_keys(k.s), &n, e);
}

static void
sql(const char *text)
{
	sqlite3 *db = NULL;

	cr_assert(sqlite3_open(ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.db", k.dir)), &db) == SQLITE_OK);
	cr_assert(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

Test(sheet_pdf, is_given_as_a_file_that_names_nobody)
{
	struct ac_http h = get_pdf("/sheets/1/pdf");

	cr_assert(h.status == 200);
	cr_expect(strcmp(h.type, "application/pdf") == 0);
	EXPECT_TEXT(header_of(&h, "Content-Disposition"), "inline; filename=\"sheet-1.pdf\"");
	cr_expect(holds(&h, "%PDF-1.5") && holds(&h, "/Title (Sheet 1)"));
}

Test(sheet_pdf, is_the_kept_one_from_the_second_time_on)
{
	struct ac_str first = bytes_of("/sheets/1/pdf");

	cr_expect(strstr(last_leaf(&k), "\"kind\":\"handout-pdf\"") != NULL);
	cr_expect(strstr(last_leaf(&k), "\"digest\":null") == NULL);
	cr_expect(ac_streq(bytes_of("/sheets/1/pdf"), first));
	cr_expect(strstr(last_leaf(&k), "\"digest\":null") != NULL);
}

Test(sheet_pdf, is_kept_apart_in_large_print)
{
	struct ac_str ordinary = bytes_of("/sheets/1/pdf"), large = bytes_of("/sheets/1/pdf?print=large");

	cr_expect(!ac_streq(ordinary, large));
	cr_expect(strstr(last_leaf(&k), "\"kind\":\"handout-pdf-large\"") != NULL);
	cr_expect(ac_streq(bytes_of("/sheets/1/pdf?print=large"), large));
}

Test(sheet_pdf, of_what_was_not_given_out_is_a_preview_that_is_not_kept)
{
	(void)bytes_of("/handout/pdf?language=en");
	cr_expect(strstr(last_leaf(&k), "\"action\":\"view\",\"kind\":\"handout\"") != NULL);
}

Test(sheet_pdf, is_found_by_the_log_and_finds_the_log)
{
	struct ac_err e = { 0 };

	(void)bytes_of("/sheets/1/pdf");
	(void)bytes_of("/sheets/1/pdf?print=large");
	EXPECT_CODE(verify(&e), AC_OK, e);
}

Test(sheet_pdf, that_was_changed_in_the_store_is_found)
{
	struct ac_err e = { 0 };

	(void)bytes_of("/sheets/1/pdf");
	sql("UPDATE issue_pdf SET sha256 = zeroblob(32)");
	EXPECT_CODE(verify(&e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "LOG-PDF");
	struct ac_http h = get_pdf("/sheets/1/pdf");
	cr_expect(h.status == 500, "%d", h.status);
}

Test(sheet_pdf, that_is_gone_from_the_store_is_missed)
{
	struct ac_err e = { 0 };

	(void)bytes_of("/sheets/1/pdf");
	sql("DELETE FROM issue_pdf");
	EXPECT_CODE(verify(&e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "LOG-PDF");
}

Test(sheet_pdf, of_an_unknown_sheet_is_not_found)
{
	struct ac_http h = get_pdf("/sheets/2/pdf");

	cr_expect(h.status == 404);
	h = get_pdf("/sheets/x/pdf");
	cr_expect(h.status == 404);
}

Test(sheet_pdf, takes_no_other_print_than_large)
{
	struct ac_http h = get_pdf("/sheets/1/pdf?print=tiny");

	cr_expect(h.status == 400 || h.status == 422, "%d", h.status);
}
