/* Lists of plans, tasks and deliveries: by key, in steps, for whom they are. */
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
	for (int i = 0; i < 5; i++) {
		char id[16];
		snprintf(id, sizeof(id), "%d", i);
		put(&k, (struct visit){ .id = id, .patient = i == 4 ? "0" : id, .area = "face" });
		k.now_ms += 1000 * (i % 2); /* some at the same instant */
	}
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(list, .init = set_up, .fini = tear_down);

static struct ac_task_rows
tasks(struct ac_task_query q)
{
	struct ac_task_rows rows = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_task_list(k.w, &q, &rows, &e), &e);
	return rows;
}

/* In steps of three the same as at once. */
static void
expect_same_in_steps(struct ac_task_query q)
{
	struct ac_task_key keys[200], last;
	struct ac_task_rows rows = tasks(q);
	size_t n = rows.n, at = 0;

	cr_assert(n > 6 && n < 200, "%zu", n);
	for (size_t i = 0; i < n; i++)
		keys[i] = (struct ac_task_key){ rows.v[i].plan, ac_str_dup(k.a, rows.v[i].name) };
	for (q.limit = 3;; q.after = &last) {
		rows = tasks(q);
		if (rows.n == 0)
			break;
		for (size_t i = 0; i < rows.n; i++, at++)
			cr_assert(at < n && memcmp(&rows.v[i].plan, &keys[at].plan, 16) == 0 &&
				      ac_streq(rows.v[i].name, keys[at].name),
			    "row %zu", at);
		last = (struct ac_task_key){ rows.v[rows.n - 1].plan, ac_str_dup(k.a, rows.v[rows.n - 1].name) };
	}
	cr_expect(at == n, "%zu of %zu", at, n);
}

Test(list, of_open_tasks_in_steps_is_the_whole)
{
	expect_same_in_steps((struct ac_task_query){ .only_open = true });
}

Test(list, of_all_tasks_in_steps_is_the_whole)
{
	expect_same_in_steps((struct ac_task_query){ .site = AC_S("default") });
}

Test(list, of_one_patients_tasks_in_steps_is_the_whole)
{
	expect_same_in_steps((struct ac_task_query){ .patient = AC_S("0"), .only_open = true });
}

Test(list, of_a_patients_tasks_holds_no_other_patients)
{
	struct ac_task_rows rows = tasks((struct ac_task_query){ .patient = AC_S("0"), .only_open = true });

	for (size_t i = 0; i < rows.n; i++)
		EXPECT_TEXT(rows.v[i].patient, "0");
	cr_expect(tasks((struct ac_task_query){ .patient = AC_S("77"), .only_open = true }).n == 0);
}

Test(list, of_a_visits_tasks_leaves_out_the_patient_who_was_wrong)
{
	struct ac_task_rows rows;
	struct ac_err e = { 0 };
	struct ac_plan_rows plans;

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_plan_list(k.w, AC_S("default"), AC_S("2"), NULL, 0, &plans, &e), &e);
	issue(&k, plans.v[0].id, 1);
	put(&k, (struct visit){ .id = "2", .patient = "9", .family = "Right", .revision = 2, .area = "face" });
	rows = tasks((struct ac_task_query){ .encounter = AC_S("2"), .only_open = true });
	cr_assert(rows.n > 0);
	for (size_t i = 0; i < rows.n; i++) {
		EXPECT_TEXT(rows.v[i].patient, "9");
		EXPECT_TEXT(rows.v[i].patient_name, "Right");
	}
	rows = tasks((struct ac_task_query){ .patient = AC_S("2"), .only_open = true });
	cr_assert(rows.n == 2, "the one to tell who was wrong, and the review of what was given to whom");
	for (size_t i = 0; i < rows.n; i++)
		EXPECT_TEXT(rows.v[i].patient_name, "Example");
}

Test(list, of_plans_in_steps_is_the_whole_newest_first)
{
	struct ac_err e = { 0 };
	struct ac_plan_rows rows;
	struct ac_uuid last;
	int64_t before = INT64_MAX;
	size_t n = 0;

	for (const struct ac_uuid *after = NULL;; after = &last) {
		need(ac_worker_begin(k.w, &e), &e);
		need(ac_plan_list(k.w, AC_S("default"), (struct ac_str){ 0 }, after, 2, &rows, &e), &e);
		if (rows.n == 0)
			break;
		for (size_t i = 0; i < rows.n; i++, n++) {
			cr_expect(rows.v[i].created_ms <= before);
			before = rows.v[i].created_ms;
		}
		last = rows.v[rows.n - 1].id;
	}
	cr_expect(n == 5, "%zu", n);
}

static size_t
count(struct ac_str s, const char *part, struct ac_str *ret_last)
{
	size_t n = 0;

	for (const char *at = s.p; (at = memmem(at, (size_t)(s.p + s.n - at), part, strlen(part))) != NULL; n++) {
		at += strlen(part);
		*ret_last = ac_str_dup(k.a, (struct ac_str){ at, strcspn(at, "\"") });
	}
	return n;
}

Test(list, of_deliveries_in_steps_is_the_whole)
{
	struct ac_err e = { 0 };
	struct ac_str json, key = { 0 };
	size_t whole[2], n;

	for (int waiting = 0; waiting < 2; waiting++) {
		struct ac_str after = { 0 };
		for (size_t limit = 0, sum = 0;; sum += n) {
			need(ac_worker_begin(k.w, &e), &e);
			need(waiting ? ac_delivery_waiting_json(k.w, AC_S("default"), after, limit, &json, &e)
				     : ac_delivery_list_json(k.w, AC_S("default"), after, limit, &json, &e),
			    &e);
			n = count(json, "\"key\":\"", &key);
			if (limit == 0) {
				whole[waiting] = n;
				limit = 7;
				n = 0;
				continue;
			}
			if (n == 0) {
				cr_expect(sum == whole[waiting] && sum > 7, "%zu of %zu", sum, whole[waiting]);
				break;
			}
			after = key;
		}
	}
}
