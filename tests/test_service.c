/* An installation: made, opened, administered; what running requests see of it. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

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
TestSuite(service, .init = set_up, .fini = tear_down);

#define DRAFT "schemas/protocols/mesotherapy.xml"

static struct ac_sha256
imported(struct ac_str xml, bool *ret_was_there)
{
	struct ac_life_who author = { .account = AC_S("author"), .role = AC_ROLE_ADMIN, .may = AC_MAY_EDIT };
	struct ac_err e = { 0 };
	struct ac_sha256 version = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_protocol_import(k.w, &author, xml, &version, ret_was_there, &e), &e);
	need(ac_worker_begin(k.w, &e), &e);
	return version;
}

Test(service, is_made_once)
{
	struct ac_err e = { 0 };

	cr_expect(ac_service_init(k.dir, (struct ac_str){ 0 }, AC_S("admin"), &e) != AC_OK);
	EXPECT_CODE(ac_worker_begin(k.w, &e), AC_OK, e);
}

Test(service, refuses_a_broken_clinic_before_it_makes_anything)
{
	struct ac_err e = { 0 };
	char dir[128];

	snprintf(dir, sizeof(dir), "%s/other", k.dir);
	EXPECT_CODE(ac_service_init(dir, AC_S("[clinic]\ncolour = red\n"), AC_S("admin"), &e), AC_EINPUT, e);
	cr_expect(access(dir, F_OK) != 0);
}

Test(service, without_an_installation_says_so)
{
	struct ac_service_options o = { .state_dir = "/tmp/ac-nobody-made-this" };
	struct ac_service *s = NULL;
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_service_open(&o, &s, &e), AC_ENOTFOUND, e);
	EXPECT_RULE(e, "STATE-DIR");
}

Test(service, imports_a_version_once)
{
	bool was_there = false;
	struct ac_str xml = kit_changed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\"");
	struct ac_sha256 first = imported(xml, &was_there);

	cr_expect(!was_there);
	struct ac_sha256 again = imported(xml, &was_there);
	cr_expect(was_there && ac_sha256_eq(&first, &again));
}

Test(service, who_wrote_it_cannot_publish_it)
{
	struct ac_err e = { 0 };
	bool was_there;
	struct ac_sha256 version =
	    imported(
		kit_changed_signed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""), &was_there);

	EXPECT_CODE(ac_protocol_publish(k.w, AC_S("author"), &version, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "PUB-SECOND-PERSON");
	EXPECT_CODE(ac_protocol_publish(k.w, AC_S(""), &version, &e), AC_EDENIED, e);
}

Test(service, the_draft_of_the_seed_cannot_be_published)
{
	struct ac_err e = { 0 };
	bool was_there;
	struct ac_sha256 version = imported(kit_file(&k, DRAFT), &was_there);

	EXPECT_CODE(ac_protocol_publish(k.w, AC_S("approver"), &version, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "PUB-LINT");
	cr_expect(e.line >= 1 && strncmp(e.msg, "LINT-", 5) == 0);
}

Test(service, nothing_is_published_without_the_numbers_to_call)
{
	struct ac_err e = { 0 };
	bool was_there;

	kit_clinic(&k, "number = 112", "");
	struct ac_sha256 version =
	    imported(
		kit_changed_signed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""), &was_there);
	EXPECT_CODE(ac_protocol_publish(k.w, AC_S("approver"), &version, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "PUB-CONTACT");
}

Test(service, an_unknown_version_is_not_found)
{
	struct ac_err e = { 0 };
	struct ac_sha256 version = { { 1 } };

	EXPECT_CODE(ac_protocol_publish(k.w, AC_S("approver"), &version, &e), AC_ENOTFOUND, e);
}

Test(service, another_workers_next_request_sees_a_publish)
{
	struct ac_worker *w = NULL;
	struct ac_err e = { 0 };

	need(ac_worker_new(k.s, &w, &e), &e);
	need(ac_worker_begin(w, &e), &e);
	const struct ac_protocol *running = w->config->active[0].protocol;
	struct ac_sha256 second =
	    kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""));
	cr_expect(w->config->active[0].protocol == running, "a running request keeps what it took");
	EXPECT_TEXT(running->id, "mesotherapy");
	need(ac_worker_begin(w, &e), &e);
	cr_expect(ac_sha256_eq(&w->config->active[0].protocol->version, &second));
	ac_worker_free(w);
}

Test(service, a_protocol_is_parsed_once)
{
	struct ac_err e = { 0 };
	const struct ac_protocol *first = NULL, *again = NULL;

	need(ac_worker_begin(k.w, &e), &e);
	struct ac_sha256 version = k.w->config->active[0].protocol->version;
	need(ac_service_protocol(k.w, &version, &first, &e), &e);
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_service_protocol(k.w, &version, &again, &e), &e);
	cr_expect(first == again && again == k.w->config->active[0].protocol);
}

Test(service, an_older_version_can_be_made_active_again)
{
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	struct ac_sha256 first = k.w->config->active[0].protocol->version;
	kit_publish(&k, kit_changed_signed(&k, KIT_MESO, "until=\"72 h\"", "until=\"96 h\""));
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_protocol_publish(k.w, AC_S("approver"), &first, &e), AC_OK, e);
	need(ac_worker_begin(k.w, &e), &e);
	cr_expect(
	    k.w->config->nactive == 1 && ac_sha256_eq(&k.w->config->active[0].protocol->version, &first));
}

/* A folder of zone files with Berlin as it is, or as another zone has it. */
static void
copy_zone(const char *dir, const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;
	char path[160];

	need(ac_zone_read(ac_str_c(name), NULL, k.a, &bytes, &e), &e);
	snprintf(path, sizeof(path), "%s/Europe/Berlin", dir);
	need(ac_file_write(path, bytes, 0644, &e), &e);
}

Test(service, a_plan_keeps_the_zone_it_was_made_with_when_tzdata_moves)
{
	struct kit z;
	char dir[96], sub[128];

	snprintf(dir, sizeof(dir), "%s/zones", k.dir);
	snprintf(sub, sizeof(sub), "%s/Europe", dir);
	cr_assert(mkdir(dir, 0700) == 0 && mkdir(sub, 0700) == 0);
	copy_zone(dir, "Europe/Berlin");
	kit_open_zones(&z, dir);
	struct ac_uuid plan = put(&z, (struct visit){ .area = "face" }).plan;
	int64_t due = task_named(record_of(&z, plan, 0), "mesotherapy/follow-up/")->due;
	copy_zone(dir, "Asia/Tokyo"); /* as if the law had changed: no summer time any more */
	struct ac_uuid other = put(&z, (struct visit){ .id = "6", .area = "face" }).plan;
	cr_expect(task_named(record_of(&z, other, 0), "mesotherapy/follow-up/")->due != due);
	put(&z, (struct visit){ .revision = 2, .area = "scalp" });
	cr_expect(task_named(record_of(&z, plan, 0), "mesotherapy/follow-up/")->due == due);
	kit_close(&z);
}

Test(service, a_view_is_in_the_log_when_the_call_returns)
{
	struct ac_audit_counts before = { 0 }, after = { 0 };
	struct ac_actor who = as(AC_ROLE_AUDITOR);
	struct ac_err e = { 0 };

	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &before, &e), &e);
	EXPECT_CODE(ac_service_log(k.w, &who, "view", "plan", AC_S("8a391941-3cb0-55fb-a667-e20da4195817"), 1,
			AC_S("1"), AC_S("default/5"), NULL, &e),
	    AC_OK, e);
	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &after, &e), &e);
	cr_expect(after.leaves == before.leaves + 1);
}

Test(service, a_serving_program_logs_its_start_and_its_stop)
{
	struct ac_audit_counts before = { 0 }, after = { 0 };
	struct ac_service_options o = { .state_dir = k.dir,
		.sync = AC_SYNC_OFF,
		.threads = true,
		.clock_ms = kit_clock,
		.clock_arg = &k };
	struct ac_service *s = NULL;
	struct ac_err e = { 0 };

	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &before, &e), &e);
	EXPECT_CODE(ac_service_open(&o, &s, &e), AC_OK, e);
	ac_service_close(s);
	need(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &after, &e), &e);
	cr_expect(after.leaves == before.leaves + 2);
}

Test(service, role_words_go_both_ways)
{
	enum ac_role r;

	for (int i = AC_ROLE_NONE; i <= AC_ROLE_SYSTEM; i++)
		cr_expect(ac_role_parse(ac_str_c(ac_role_word((enum ac_role)i)), &r) && r == (enum ac_role)i);
	cr_expect(!ac_role_parse(AC_S("root"), &r));
}

static const char *
other_dir(void)
{
	return ac_cstr(k.a, ac_strf(k.a, "%s/other", k.dir));
}

static enum ac_code
make_other(struct ac_err *e)
{
	struct ac_init what = { .state_dir = other_dir(), .clinic = kit_file(&k, KIT_CLINIC), .channel = AC_S("default"),
		.actor = AC_S("admin") };

	return ac_service_make(&what, e);
}

static void
expect_other_serves(void)
{
	struct ac_service_options o = { .state_dir = other_dir() };
	struct ac_service *s = NULL;
	struct ac_worker *w = NULL;
	struct ac_audit_counts n;
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_service_open(&o, &s, &e), AC_OK, e);
	EXPECT_CODE(ac_worker_new(s, &w, &e), AC_OK, e);
	EXPECT_CODE(ac_worker_begin(w, &e), AC_OK, e);
	cr_expect(w->config->clinic != NULL);
	EXPECT_CODE(ac_audit_verify(w->reader, ac_service_keys(s), &n, &e), AC_OK, e);
	cr_expect(n.leaves == 3, "init, its certificate, its channel: %lld", (long long)n.leaves);
	ac_worker_free(w);
	ac_service_close(s);
	cr_expect(access(ac_cstr(k.a, ac_strf(k.a, "%s/.init", other_dir())), F_OK) != 0);
}

static void
limit_files(rlim_t bytes)
{
	struct rlimit l;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert(getrlimit(RLIMIT_FSIZE, &l) == 0);
	l.rlim_cur = bytes;
	cr_assert(setrlimit(RLIMIT_FSIZE, &l) == 0);
}

Test(service, an_init_that_fails_leaves_nothing_that_blocks_the_next)
{
	static const rlim_t sizes[] = { 0, 20, 100, 1000, 10000, 100000, 200000 };
	struct ac_err e = { 0 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		limit_files(sizes[i]);
		cr_expect(make_other(&e) != AC_OK, "with files of %ju bytes", (uintmax_t)sizes[i]);
		limit_files(RLIM_INFINITY);
		cr_expect(access(other_dir(), F_OK) != 0, "the folder that it made is gone");
	}
	EXPECT_CODE(make_other(&e), AC_OK, e);
	expect_other_serves();
	EXPECT_CODE(make_other(&e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "INIT-EXISTS");
}

Test(service, an_init_that_was_killed_does_not_block_the_next)
{
	struct ac_err e = { 0 };
	int whole = 0;

	for (int i = 0; i < 30; i++) {
		pid_t child = fork();

		cr_assert(child >= 0);
		if (child == 0)
			_exit(make_other(&e) == AC_OK ? 0 : 1);
		usleep((useconds_t)i * 1500);
		kill(child, SIGKILL);
		cr_assert(waitpid(child, NULL, 0) == child);
		enum ac_code code = make_other(&e);
		whole += code == AC_ECONFLICT;
		cr_expect(code == AC_OK || strcmp(e.rule, "INIT-EXISTS") == 0, "%s %s", e.rule, e.msg);
		expect_other_serves();
		nftw(other_dir(), kit_remove, 8, FTW_DEPTH | FTW_PHYS);
	}
	cr_expect(whole < 30);
}

/* The moments between two moves are too short to be met by chance. */
Test(service, an_init_that_ended_between_its_moves_does_not_block_the_next)
{
	static const char *const names[] = { "log.reserve", "keys/log.key", "keys/store.key",
		"keys/clinic.key" };
	struct ac_err e = { 0 };

	for (size_t n = 0; n <= 4; n++) {
		const char *dir = other_dir(), *part = ac_cstr(k.a, ac_strf(k.a, "%s/.init", dir));

		EXPECT_CODE(make_other(&e), AC_OK, e);
		cr_assert(mkdir(part, 0700) == 0 && mkdir(ac_cstr(k.a, ac_strf(k.a, "%s/keys", part)), 0700) == 0);
		for (size_t i = n; i < 4; i++)
			cr_assert(rename(ac_cstr(k.a, ac_strf(k.a, "%s/%s", dir, names[i])),
				      ac_cstr(k.a, ac_strf(k.a, "%s/%s", part, names[i]))) == 0);
		cr_assert(rename(ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.db", dir)),
			      ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.db", part))) == 0);
		EXPECT_CODE(make_other(&e), AC_OK, e);
		expect_other_serves();
		nftw(dir, kit_remove, 8, FTW_DEPTH | FTW_PHYS);
	}
}

Test(service, init_never_touches_keys_that_somebody_put_back)
{
	struct ac_err e = { 0 };
	const char *dir = other_dir(), *key = ac_cstr(k.a, ac_strf(k.a, "%s/keys/log.key", dir));

	EXPECT_CODE(make_other(&e), AC_OK, e);
	cr_assert(unlink(ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.db", dir))) == 0);
	EXPECT_CODE(make_other(&e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "KEY-EXISTS");
	cr_assert(mkdir(ac_cstr(k.a, ac_strf(k.a, "%s/.init", dir)), 0700) == 0); /* of an init that hardly began */
	EXPECT_CODE(make_other(&e), AC_ECONFLICT, e);
	cr_expect(access(key, F_OK) == 0);
}
