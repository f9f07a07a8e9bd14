/* test_dictionary_service.c - a protocol version's dictionaries: made when it is published, used, found by other processes. */
#include <sqlite3.h>
#include <sys/wait.h>

#include "core/rows.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

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
TestSuite(dictionary_service, .init = set_up, .fini = tear_down);

static void
sql(const char *what)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/aftercare.db", k.dir);
	if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_busy_timeout(db, 5000) != SQLITE_OK ||
	    sqlite3_exec(db, what, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(db);
}

static int64_t
number(const char *query)
{
	sqlite3_stmt *st;
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/aftercare.db", k.dir);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, query, -1, &st, NULL) != SQLITE_OK || sqlite3_step(st) != SQLITE_ROW)
		abort();
	int64_t n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

static struct ac_intake
final_visit(const char *id)
{
	return put(&k, (struct visit){ .id = id, .area = "face", .signed_at = "2026-03-28T14:39:00+01:00" });
}

static enum ac_code
read_document(struct ac_worker *w, struct ac_uuid plan, struct ac_err *e)
{
	struct ac_document_row row;
	struct ac_str xml;
	enum ac_code rc = ac_worker_begin(w, e);

	return rc != AC_OK ? rc : ac_document_bytes(w, plan, 1, &row, &xml, e);
}

/* A service as another process has it. */
static struct ac_service *
another(void)
{
	struct ac_service_options o = {
		.state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k
	};
	struct ac_service *s = NULL;
	struct ac_err e = { 0 };

	need(ac_service_open(&o, &s, &e), &e);
	return s;
}

#define CHANGED kit_changed(&k, KIT_MESO, "</protocol>", "<!-- another version --></protocol>")

/* The service that runs knows nothing of it: a child publishes. */
static void
publish_in_a_child(struct ac_str xml)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct kit other = k;
		struct ac_err e = { 0 };
		other.s = another();
		need(ac_worker_new(other.s, &other.w, &e), &e);
		kit_publish(&other, xml);
		ac_worker_free(other.w);
		ac_service_close(other.s);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		abort();
}

Test(dictionary_service, stores_a_document_in_a_fraction_of_what_it_takes_without)
{
	struct ac_err e = { 0 };
	struct ac_intake r = final_visit("5");

	cr_expect(number("SELECT size / length(bytes) FROM document") >= 20, "%lld bytes",
	    (long long)number("SELECT length(bytes) FROM document"));
	EXPECT_CODE(read_document(k.w, r.plan, &e), AC_OK, e);
}

Test(dictionary_service, stores_a_sheet_and_a_snapshot_with_theirs)
{
	struct ac_intake r = put(&k, (struct visit){ .area = "face" });

	issue(&k, r.plan, 1);
	cr_expect_eq(number("SELECT count(*) FROM issue i JOIN protocol_dictionary d ON d.dictionary = "
			    "substr(i.bytes, 3, 32)"
			    " WHERE d.likeness = 'handout'"),
	    1);
	cr_expect_eq(number("SELECT count(*) FROM encounter e JOIN blob b ON b.sha256 = e.snapshot JOIN "
			    "protocol_dictionary d"
			    " ON d.dictionary = substr(b.bytes, 3, 32) WHERE d.likeness = 'record'"),
	    1);
}

Test(dictionary_service, has_one_of_each_likeness_for_a_version_however_often_it_is_published)
{
	int64_t before = number("SELECT count(*) FROM dictionary");

	kit_publish(&k, kit_file(&k, KIT_MESO));
	cr_expect_eq(number("SELECT count(*) FROM dictionary"), before);
	cr_expect_eq(number("SELECT count(*) FROM protocol_dictionary"), 3);
}

Test(dictionary_service, gives_a_version_that_has_none_its_own_when_it_is_published_again)
{
	int64_t leaves = number("SELECT count(*) FROM leaf"), generation = number("SELECT n FROM generation");

	sql("DELETE FROM protocol_dictionary; DELETE FROM dictionary");
	kit_publish(&k, kit_file(&k, KIT_MESO));
	cr_expect_eq(number("SELECT count(*) FROM protocol_dictionary"), 3);
	cr_expect_eq(number("SELECT count(*) FROM leaf"), leaves + 1);
	cr_expect_gt(number("SELECT n FROM generation"), generation);
}

Test(dictionary_service, takes_up_the_one_that_another_process_published)
{
	struct ac_err e = { 0 };

	final_visit("5");
	publish_in_a_child(CHANGED);
	struct ac_intake r = final_visit("6");
	cr_expect_eq(number("SELECT count(DISTINCT substr(bytes, 3, 32)) FROM document"), 2);
	cr_expect_eq(number("SELECT count(*) FROM document o JOIN protocol_dictionary d ON d.dictionary = "
			    "substr(o.bytes, 3, 32)"
			    " JOIN protocol_activation a ON a.version = d.version AND a.n = 2 WHERE "
			    "d.likeness = 'document'"),
	    1);
	EXPECT_CODE(read_document(k.w, r.plan, &e), AC_OK, e);
}

Test(dictionary_service, reads_what_was_written_with_one_that_it_never_met)
{
	struct ac_service *s = another();
	struct ac_worker *w = NULL;
	struct ac_err e = { 0 };

	need(ac_worker_new(s, &w, &e), &e);
	need(ac_worker_begin(w, &e), &e); /* its configuration is the old one */
	publish_in_a_child(CHANGED);
	struct ac_intake r = final_visit("5");
	struct ac_document_row row;
	struct ac_str xml;
	EXPECT_CODE(ac_document_bytes(w, r.plan, 1, &row, &xml, &e), AC_OK, e);
	ac_worker_free(w);
	ac_service_close(s);
}

Test(dictionary_service, keeps_to_the_one_of_the_version_that_a_plan_is_pinned_to)
{
	put(&k, (struct visit){ .area = "face" });
	publish_in_a_child(CHANGED);
	put(&k, (struct visit){ .area = "face", .revision = 2, .signed_at = "2026-03-28T14:39:00+01:00" });
	cr_expect_eq(number("SELECT count(*) FROM document o JOIN protocol_dictionary d ON d.dictionary = "
			    "substr(o.bytes, 3, 32)"
			    " JOIN protocol_activation a ON a.version = d.version WHERE a.n = 1"),
	    1);
}

Test(dictionary_service, with_a_damaged_one_stores_larger_and_says_what_cannot_be_read)
{
	struct ac_err e = { 0 };
	struct ac_intake old = final_visit("5");

	sql("UPDATE dictionary SET bytes = zeroblob(length(bytes))");
	struct ac_service *s = another(), *mine = k.s;
	struct ac_worker *w = NULL, *my_w = k.w;
	need(ac_worker_new(s, &w, &e), &e);
	need(ac_worker_begin(w, &e), &e);
	k.s = s;
	k.w = w;
	struct ac_intake fresh = final_visit("6");
	EXPECT_CODE(read_document(w, fresh.plan, &e), AC_OK, e);
	EXPECT_CODE(read_document(w, old.plan, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "BLOB-HASH");
	k.s = mine;
	k.w = my_w;
	ac_worker_free(w);
	ac_service_close(s);
}

Test(dictionary_service, is_missed_by_the_audit_when_it_is_gone)
{
	struct ac_audit_counts n;
	struct ac_err e = { 0 };

	final_visit("5");
	EXPECT_CODE(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &n, &e), AC_OK, e);
	sql("DELETE FROM dictionary");
	cr_expect(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &n, &e) != AC_OK);
}
