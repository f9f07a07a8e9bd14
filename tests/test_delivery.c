/* What must reach the EHR: CONTRACTS "Deliveries". */
#include "core/rows.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;

static void
set_up(void)
{
	struct ac_err e = { 0 };

	kit_open(&k);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_channel_add(k.w, AC_S("admin"), AC_S("default"), (struct ac_life_how){ 0 }, &e), &e);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(delivery, .init = set_up, .fini = tear_down);

#define SIGNED "2026-03-28T23:40:00+01:00"

static struct ac_str
offered(bool only_due)
{
	struct ac_err e = { 0 };
	struct ac_str json = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	if (only_due)
		need(ac_delivery_offer_json(k.w, &(struct ac_actor){ .user = AC_S("module"), .role = AC_ROLE_SYSTEM },
			 AC_S("default"), 1000, &json, &e), &e);
	else
		need(ac_delivery_list_json(k.w, AC_S("default"), (struct ac_str){ 0 }, 1000, &json, &e), &e);
	return json;
}

static size_t
count(struct ac_str json, const char *part)
{
	size_t n = 0;
	const char *p = json.p, *end = json.p + json.n;

	while ((p = memmem(p, (size_t)(end - p), part, strlen(part))) != NULL) {
		n++;
		p += strlen(part);
	}
	return n;
}

static enum ac_code
ack(struct ac_str key, const char *status, const char *ehr_id, struct ac_err *e)
{
	struct ac_actor who = as(AC_ROLE_SYSTEM);

	need(ac_worker_begin(k.w, e), e);
	return ac_delivery_ack(k.w, &who, key, ac_str_c(status), ac_str_c(ehr_id), e);
}

static struct ac_str
document_key(struct ac_uuid plan, int version)
{
	return ac_strf(k.a, "document/%.*s/%d", AC_FMT(ac_uuid_str(k.a, plan)), version);
}

Test(delivery, comes_with_the_answer_and_is_not_offered_at_once_again)
{
	struct ac_intake r = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });

	cr_expect(count(r.json, "\"kind\":\"document\"") == 1);
	cr_expect(count(r.json, "\"kind\":\"task\"") == 9);
	cr_expect(count(offered(true), "\"key\"") == 0);
}

Test(delivery, a_site_without_a_channel_has_none)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	char *json = ac_cstr(a, visit_json(&(struct visit){ .area = "face" }, a));
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };

	memcpy(strstr(json, "default"), "another", 7);
	EXPECT_CODE(try_put_json(&k, ac_str_c(json), &r, &e), AC_OK, e);
	cr_expect(count(r.json, "\"key\"") == 0);
}

Test(delivery, is_offered_again_until_it_is_acknowledged_each_time_later)
{
	struct ac_err e = { 0 };
	struct ac_intake r = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	struct ac_str key = document_key(r.plan, 1);

	k.now_ms += 30 * 1000;
	cr_expect(count(offered(true), "\"kind\":\"document\"") == 1);
	k.now_ms += 59 * 1000;
	cr_expect(count(offered(true), "\"kind\":\"document\"") == 0);
	k.now_ms += 1000;
	cr_expect(count(offered(true), "\"kind\":\"document\"") == 1);
	EXPECT_CODE(ack(key, "done", "doc-77", &e), AC_OK, e);
	k.now_ms += 3600 * 1000;
	cr_expect(count(offered(true), "\"kind\":\"document\"") == 0);
	cr_expect(count(offered(false), "\"ehr_id\":\"doc-77\"") == 1);
}

Test(delivery, acknowledging_twice_is_fine_and_with_another_id_is_not)
{
	struct ac_err e = { 0 };
	struct ac_str key =
	    document_key(put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan, 1);

	EXPECT_CODE(ack(key, "done", "doc-77", &e), AC_OK, e);
	EXPECT_CODE(ack(key, "done", "doc-77", &e), AC_OK, e);
	EXPECT_CODE(ack(key, "done", "doc-78", &e), AC_ECONFLICT, e);
	EXPECT_CODE(ack(key, "failed", NULL, &e), AC_ECONFLICT, e);
	EXPECT_CODE(ack(key, "eaten", NULL, &e), AC_EINPUT, e);
	EXPECT_CODE(ack(AC_S("document/none/1"), "done", NULL, &e), AC_ENOTFOUND, e);
}

Test(delivery, a_newer_version_supersedes_what_was_not_acknowledged)
{
	struct ac_intake r = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });

	r = put(&k, (struct visit){ .revision = 2, .area = "scalp", .signed_at = "2026-03-28T23:45:00+01:00" });
	struct ac_str all = offered(false);
	cr_expect(count(all, "\"status\":\"superseded\"") == 1);
	k.now_ms += 3600 * 1000;
	struct ac_str due = offered(true);
	cr_expect(count(due, "\"kind\":\"document\"") == 1);
	cr_expect(count(due, ac_cstr(k.a, document_key(r.plan, 2))) == 1);
}

Test(delivery, what_waits_holds_what_came_later)
{
	struct ac_err e = { 0 };
	struct ac_intake r = put(&k, (struct visit){ .area = "face" }); /* nine tasks */
	size_t before = count(r.json, "\"key\"");

	cr_expect(before == 9);
	r = put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED });
	cr_expect(count(r.json, "\"kind\":\"document\"") == 0, "behind the tasks that nobody acknowledged");
	k.now_ms += 29 * 1000;
	cr_expect(count(offered(true), "\"key\"") == 0);
	k.now_ms += 1000;
	struct ac_str due = offered(true);
	cr_expect(count(due, "\"key\"") == 10);
	const char *doc = memmem(due.p, due.n, "\"kind\":\"document\"", 17),
		   *task = memmem(due.p, due.n, "\"kind\":\"task\"", 13);
	cr_expect(doc > task, "in the order in which they were made");
	EXPECT_CODE(ack(document_key(r.plan, 1), "done", NULL, &e), AC_OK, e);
}

Test(delivery, one_encounter_does_not_hold_another)
{
	put(&k, (struct visit){ .area = "face" });
	struct ac_intake r = put(&k, (struct visit){ .id = "6", .area = "face", .signed_at = SIGNED });

	cr_expect(count(r.json, "\"kind\":\"document\"") == 1);
}

Test(delivery, a_refused_one_is_kept_and_holds_nothing)
{
	struct ac_err e = { 0 };
	struct ac_intake r = put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });

	EXPECT_CODE(ack(document_key(r.plan, 1), "refused", NULL, &e), AC_OK, e);
	k.now_ms += 30 * 1000;
	struct ac_str due = offered(true);
	cr_expect(count(due, "\"kind\":\"document\"") == 0 && count(due, "\"kind\":\"task\"") == 9);
	cr_expect(count(offered(false), "\"status\":\"failed\"") == 1);
}

Test(delivery, the_wrong_patients_document_is_withdrawn)
{
	put(&k, (struct visit){ .area = "face", .signed_at = SIGNED });
	put(&k, (struct visit){ .revision = 2, .patient = "2", .area = "face", .signed_at = SIGNED });
	struct ac_str all = offered(false);

	cr_expect(count(all, "\"kind\":\"withdraw\"") == 1);
	cr_expect(count(all, "\"kind\":\"task-withdraw\"") == 9);
	cr_expect(count(all, "\"kind\":\"document\"") == 2, "the first, and the right patient's");
}

Test(delivery, a_finished_task_is_taken_from_the_ehr)
{
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	EXPECT_CODE(try_done(&k, plan, "mesotherapy/call-day-2/1", 1, "completed", &e), AC_OK, e);
	struct ac_str all = offered(false);
	cr_expect(count(all, "\"kind\":\"task-withdraw\"") == 1);
	cr_expect(count(all, "\"status\":\"superseded\"") == 1);
}

Test(delivery, another_sites_module_cannot_acknowledge)
{
	struct ac_actor who = as(AC_ROLE_SYSTEM);
	struct ac_err e = { 0 };
	struct ac_str key =
	    document_key(put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan, 1);

	who.site = AC_S("another");
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_delivery_ack(k.w, &who, key, AC_S("done"), AC_S("x"), &e), AC_ENOTFOUND, e);
}

static struct ac_rows
last_leaf(void)
{
	struct ac_err e = { 0 };
	struct ac_rows rows;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_rows_read_n(k.w->reader, AC_STMT_LEAF_COUNT, NULL, 0, k.w->arena, &rows, &e), &e);
	int64_t n = ac_row(&rows, 0)[0].i;
	need(ac_rows_read(k.w->reader, AC_STMT_LEAF_RANGE, k.w->arena, &rows, &e, AC_VINT(n - 1), AC_VINT(n)), &e);
	return rows;
}

Test(delivery, an_offer_is_one_entry_with_its_number_and_its_keys_digest)
{
	put(&k, (struct visit){ .area = "face" });
	int64_t before = ac_row(&(struct ac_rows[]){ last_leaf() }[0], 0)[0].i;

	k.now_ms += 30 * 1000;
	cr_expect(count(offered(true), "\"key\"") == 9);
	struct ac_rows rows = last_leaf();
	const struct ac_val *leaf = ac_row(&rows, 0);
	cr_expect(leaf[0].i == before + 1);
	cr_expect(count(leaf[1].s, "\"action\":\"delivery:offered\",\"kind\":\"deliveries\",\"id\":null,\"version\":9,") == 1,
	    "%.*s", AC_FMT(leaf[1].s));
	cr_expect(count(leaf[1].s, "\"digest\":\"") == 1);
	cr_expect(count(offered(true), "\"key\"") == 0);
	cr_expect(ac_row(&(struct ac_rows[]){ last_leaf() }[0], 0)[0].i == before + 1, "nothing offered, nothing logged");
}
