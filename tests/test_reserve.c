/* Reads go on when the store cannot write: their entries are kept, and become leaves once. */
#include "tests/reserve_fixture.h"

TestSuite(reserve, .init = open_fixture, .fini = tear_down);

Test(reserve, has_its_blocks_before_it_is_needed_and_is_nobody_elses)
{
	struct stat st;

	ac_committer_free(committer());
	cr_assert(stat(file, &st) == 0);
	cr_expect(st.st_size == AC_RESERVE_BYTES && st.st_blocks * 512 >= AC_RESERVE_BYTES);
	cr_expect((st.st_mode & 0777) == 0600);
}

Test(reserve, keeps_an_entry_while_the_disk_is_full_and_makes_a_leaf_of_it_at_its_own_time)
{
	struct ac_committer *c = committer();
	struct work w = work("refused"), after = work("after");
	struct ac_err e = { 0 };

	fill_disk(c);
	EXPECT_CODE(log_view(c, "first", &e), AC_OK, e);
	clock_now += 60000;
	EXPECT_CODE(log_view(c, "second", &e), AC_OK, e);
	EXPECT_CODE(ac_committer_run(c, write_work, &w, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-DISK");
	cr_expect(ac_committer_has_reserved(c));
	cr_expect(look().entries == 2 && look().first_ms == 1774708440000);
	make_room();
	clock_now += 60000;
	EXPECT_CODE(ac_committer_run(c, write_work, &after, &e), AC_OK, e);
	cr_expect(!ac_committer_has_reserved(c) && look().entries == 0);
	ac_committer_free(c);
	expect_good(3);
	cr_expect(
	    strstr(leaf(0), "\"time\":\"2026-03-28T14:34:00.000Z\"") != NULL && strstr(leaf(0), "first"),
	    "%s", leaf(0));
	cr_expect(
	    strstr(leaf(1), "\"time\":\"2026-03-28T14:35:00.000Z\"") != NULL && strstr(leaf(1), "second"));
	cr_expect(
	    strstr(leaf(2), "\"time\":\"2026-03-28T14:36:00.000Z\"") != NULL && strstr(leaf(2), "after"));
}

Test(reserve, names_nobody_any_more_when_its_entries_are_leaves)
{
	struct ac_committer *c = committer();
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_err e = { 0 };
	struct ac_str bytes;

	fill_disk(c);
	for (int i = 0; i < 5; i++)
		need(log_view(c, "x", &e), &e);
	make_room();
	EXPECT_CODE(ac_committer_settle(c, &e), AC_OK, e);
	ac_committer_free(c);
	need(ac_file_read(file, AC_RESERVE_BYTES, a, &bytes, &e), &e);
	for (size_t i = 0; i < bytes.n; i++)
		cr_assert(bytes.p[i] == '\0');
	expect_good(5);
}

static struct ac_str
file_bytes(struct ac_arena *a)
{
	struct ac_err e = { 0 };
	struct ac_str s;

	need(ac_file_read(file, AC_RESERVE_BYTES, a, &s, &e), &e);
	return s;
}

static void
set_file(struct ac_str bytes)
{
	struct ac_err e = { 0 };

	need(ac_file_write(file, bytes, 0600, &e), &e);
}

/* `n` entries that no store took yet; nothing is open afterwards. */
static void
leave(int n)
{
	struct ac_committer *c = committer();
	struct ac_err e = { 0 };
	char id[16];

	fill_disk(c);
	for (int i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "e%d", i);
		need(log_view(c, id, &e), &e);
	}
	ac_committer_free(c);
	make_room();
}

Test(reserve, makes_leaves_of_what_another_process_left)
{
	leave(3);
	settle();
	expect_good(3);
}

Test(reserve, takes_nothing_twice_when_the_process_ends_between_the_commit_and_the_emptying)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	leave(3);
	struct ac_str before = file_bytes(a);
	settle();
	set_file(before); /* as a crash would have left it */
	settle();
	expect_good(3);
	cr_expect(look().entries == 0);
}

Test(reserve, goes_on_after_such_an_end_with_what_comes_next)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	leave(3);
	struct ac_str before = file_bytes(a);
	settle();
	set_file(before);
	leave(2); /* in the same filling, behind what is taken */
	settle();
	expect_good(5);
}

/* Only the first frame can be written: emptying breaks off, as it would when the disk fails. */
static void
empty_half(struct ac_reserve *r)
{
	struct rlimit l;

	cr_assert(getrlimit(RLIMIT_FSIZE, &l) == 0);
	l.rlim_cur = 64;
	cr_assert(setrlimit(RLIMIT_FSIZE, &l) == 0);
	ac_reserve_clear(r);
	make_room();
}

/* The numbers of what was taken are not given again: whoever has one below the last that was taken is no leaf. */
Test(reserve, begins_anew_when_emptying_it_broke_off)
{
	AC_AUTO(ac_reserve) r = NULL;
	struct ac_err e = { 0 };
	struct ac_audit_entry v = view("x");
	const struct ac_audit_entry *entries[] = { &v, &v };

	need(ac_reserve_open(file, true, &r, &e), &e);
	for (int i = 0; i < 300; i++)
		need(ac_reserve_put(r, entries, 1, clock_now, &e), &e);
	cr_assert(look().entries == 300);
	empty_half(r);
	cr_expect(ac_reserve_has(r) && look().entries == 0);
	need(ac_reserve_put(r, entries, 2, clock_now, &e), &e);
	cr_expect(look().entries == 2);
}

Test(reserve, drops_a_torn_last_frame)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	leave(3);
	struct ac_str s = file_bytes(a);
	memset((char *)(uintptr_t)s.p + look().bytes - 128, 0, 128);
	set_file(s);
	settle();
	expect_good(2);
}

Test(reserve, puts_over_a_torn_last_frame)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	leave(3);
	struct ac_str s = file_bytes(a);
	memset((char *)(uintptr_t)s.p + look().bytes - 128, 0, 64);
	set_file(s);
	leave(2);
	settle();
	expect_good(4);
}

Test(reserve, says_in_the_log_that_an_entry_in_the_middle_was_damaged)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	leave(3);
	struct ac_str s = file_bytes(a);
	((char *)(uintptr_t)s.p)[look().bytes / 3 + 100] ^= 1;
	set_file(s);
	settle();
	expect_good(3);
	cr_expect(strstr(leaf(1), "log:reserve-gap") != NULL && strstr(leaf(1), "\"version\":1,") != NULL,
	    "%s", leaf(1));
}

Test(reserve, is_no_place_for_garbage)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	char *junk = ac_alloc(a, AC_RESERVE_BYTES);

	memset(junk, 'x', AC_RESERVE_BYTES);
	leave(0);
	set_file((struct ac_str){ junk, AC_RESERVE_BYTES });
	struct ac_audit_entry one = view("x");
	const struct ac_audit_entry *v[1] = { &one };
	struct ac_reserve *r = NULL;
	struct ac_err e = { 0 };

	need(ac_reserve_open(file, false, &r, &e), &e);
	EXPECT_CODE(ac_reserve_put(r, v, 1, clock_now, &e), AC_OK, e);
	ac_reserve_close(r);
	settle();
	expect_good(1);
}

Test(reserve, stops_reads_when_it_is_full_and_gives_all_of_it_back)
{
	struct ac_audit_entry one = view("full");
	const struct ac_audit_entry *many[128];
	struct ac_err e = { 0 };
	struct ac_reserve *r = NULL;
	int64_t n = 0;

	for (size_t i = 0; i < 128; i++)
		many[i] = &one;
	ac_committer_free(committer());
	need(ac_reserve_open(file, false, &r, &e), &e);
	while (ac_reserve_put(r, many, 128, clock_now, &e) == AC_OK)
		n += 128;
	EXPECT_RULE(e, "LOG-RESERVE-FULL");
	while (ac_reserve_put(r, many, 1, clock_now, &e) == AC_OK)
		n++;
	EXPECT_RULE(e, "LOG-RESERVE-FULL");
	ac_reserve_close(r);
	cr_expect(n > 20000, "%lld entries fit", (long long)n);
	settle();
	expect_good(n);
}

Test(reserve, is_shared_by_two_who_put_in_turn)
{
	struct ac_audit_entry one = view("shared");
	const struct ac_audit_entry *v[1] = { &one };
	struct ac_reserve *r[2] = { 0 };
	struct ac_err e = { 0 };

	ac_committer_free(committer());
	for (int i = 0; i < 2; i++)
		need(ac_reserve_open(file, false, &r[i], &e), &e);
	for (int i = 0; i < 21; i++)
		need(ac_reserve_put(r[i % 2], v, 1, clock_now, &e), &e);
	settle();
	for (int i = 0; i < 20; i++) /* and after somebody else emptied it */
		need(ac_reserve_put(r[i % 2], v, 1, clock_now, &e), &e);
	for (int i = 0; i < 2; i++)
		ac_reserve_close(r[i]);
	settle();
	expect_good(41);
}

Test(reserve, is_not_for_other_errors_than_the_disks)
{
	struct ac_committer *c = committer();
	struct ac_store *other = fixture_store(&f, false);
	struct ac_audit_entry bad = { .action = "no such word", .kind = "plan" };
	struct ac_err e = { 0 };

	need(other->ops->begin(other, &e), &e);
	EXPECT_CODE(log_view(c, "busy", &e), AC_EBUSY, e);
	other->ops->rollback(other);
	ac_store_close(other);
	fill_disk(c);
	EXPECT_CODE(ac_committer_log(c, &bad, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "LOG-ACTION");
	make_room();
	cr_expect(!ac_committer_has_reserved(c));
	ac_committer_free(c);
}

Test(reserve, without_one_the_disks_error_is_the_answer)
{
	struct ac_committer *c = fixture_committer(&f, (struct ac_committer_options){ .threads = true });
	struct ac_err e = { 0 };

	fill_disk(c);
	EXPECT_CODE(log_view(c, "x", &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-DISK");
	make_room();
	ac_committer_free(c);
}

Test(reserve, keeps_a_reason_and_makes_a_leaf_of_its_own_of_it)
{
	struct ac_committer *c = committer();
	struct ac_audit_entry asked = view("why");
	struct ac_err e = { 0 };

	asked.reason = AC_S("the auditor asked");
	fill_disk(c);
	need(ac_committer_log(c, &asked, &e), &e);
	make_room();
	need(ac_committer_settle(c, &e), &e);
	ac_committer_free(c);
	expect_good(2);
	cr_expect(strstr(leaf(0), "\"kind\":\"reason\"") != NULL && strstr(leaf(1), "\"kind\":\"plan\"") != NULL, "%s", leaf(0));
}
