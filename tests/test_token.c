/* The token of the EHR's module: who it speaks for, and everything that is not it. */
#include <sys/stat.h>

#include "core/token.h"
#include "tests/web_kit.h"

static struct kit k;
static struct ac_token_keys keys;

static void
set_up(void)
{
	struct ac_err e = { 0 };

	kit_open(&k);
	put(&k, (struct visit){ .area = "face" });
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_token_key_rotate(k.w, AC_S("admin"), (struct ac_life_how){ 0 }, &keys, &e), &e);
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(token, .init = set_up, .fini = tear_down);

struct say { /* what a test does not set is a nurse's good token of now */
	const char *aud, *user, *role, *site, *patient, *encounter, *nonce, *more;
	int64_t iat, life;
};

static struct ac_str
payload_of(struct say s)
{
	struct ac_str aud = s.aud != NULL ? ac_str_c(s.aud) : ac_keys_origin(ac_service_keys(k.s));
	int64_t iat = s.iat != 0 ? s.iat : k.now_ms / 1000;
	struct ac_str p = ac_strf(k.a, "{\"aud\":\"%.*s\",\"user\":\"%s\",\"role\":\"%s\",\"site\":\"%s\"",
	    AC_FMT(aud), s.user != NULL ? s.user : "grace", s.role != NULL ? s.role : "nurse",
	    s.site != NULL ? s.site : "default");

	if (s.patient != NULL)
		p = ac_strf(k.a, "%.*s,\"patient\":\"%s\"", AC_FMT(p), s.patient);
	if (s.encounter != NULL)
		p = ac_strf(k.a, "%.*s,\"encounter\":\"%s\"", AC_FMT(p), s.encounter);
	return ac_strf(k.a, "%.*s,\"iat\":%lld,\"exp\":%lld,\"nonce\":\"%s\"%s}", AC_FMT(p), (long long)iat,
	    (long long)(iat + (s.life != 0 ? s.life : 60)), s.nonce != NULL ? s.nonce : "0123456789abcdef",
	    s.more != NULL ? s.more : "");
}

static const char *
token(struct say s)
{
	return ac_cstr(k.a, ac_token_sign(&keys.v[0], payload_of(s), k.a));
}

#define PANEL "/aftercare/panel/default/5"

static struct ac_http
ask_with(const char *text)
{
	struct call c = { .uri = PANEL, .extra = { { "AFTERCARE_TOKEN", text } } };

	return serve(&k, &c);
}

static void
expect_refused(const char *text, const char *rule)
{
	struct ac_http h = ask_with(text);

	cr_expect(h.status == 401, "%d %s", h.status, text);
	cr_expect(holds(&h, rule), "%s: %s", rule, text_of(&k, &h));
	cr_expect(!holds(&h, text));
}

Test(token, speaks_for_whom_it_names)
{
	struct ac_http h = ask_with(token((struct say){ 0 }));

	cr_expect(h.status == 200 && ac_streq_c(h.who.user, "grace") && h.who.role == AC_ROLE_NURSE, "%d",
	    h.status);
	cr_expect(strstr(last_leaf(&k), "\"role\":\"nurse\",\"action\":\"view\"") != NULL);
}

Test(token, binds_to_its_patient_visit_and_site)
{
	cr_expect(ask_with(token((struct say){ .patient = "1", .encounter = "5" })).status == 200);
	cr_expect(ask_with(token((struct say){ .patient = "2" })).status == 403);
	cr_expect(ask_with(token((struct say){ .encounter = "6" })).status == 403);
	cr_expect(ask_with(token((struct say){ .site = "other" })).status == 403);
}

Test(token, has_the_rights_of_its_role_only)
{
	struct call c = { .uri = "/aftercare/v1/deliveries?site=default",
		.extra = { { "AFTERCARE_TOKEN", token((struct say){ .role = "nurse" }) },
		    { "HTTP_AFTERCARE_ROLE", "system" } } };

	cr_expect(serve(&k, &c).status == 403);
	c.extra[0][1] = token((struct say){ .role = "system" });
	cr_expect(serve(&k, &c).status == 200);
}

Test(token, expires)
{
	const char *t = token((struct say){ 0 });

	k.now_ms += 59 * 1000;
	cr_expect(ask_with(t).status == 200);
	k.now_ms += 1000;
	expect_refused(t, "AUTH-TOKEN-TIME");
}

Test(token, of_the_future_is_refused)
{
	cr_expect(ask_with(token((struct say){ .iat = k.now_ms / 1000 + 5 })).status == 200);
	expect_refused(token((struct say){ .iat = k.now_ms / 1000 + 6 }), "AUTH-TOKEN-TIME");
}

Test(token, lives_five_minutes_at_most)
{
	cr_expect(ask_with(token((struct say){ .life = 300 })).status == 200);
	expect_refused(token((struct say){ .life = 301 }), "AUTH-TOKEN-TIME");
	expect_refused(token((struct say){ .life = -1 }), "AUTH-TOKEN-TIME");
	expect_refused(token((struct say){ .iat = 9007199254740000, .life = 900 }), "AUTH-TOKEN-TIME");
}

Test(token, for_another_installation_is_refused)
{
	expect_refused(token((struct say){ .aud = "aftercare/0000000000000000" }), "AUTH-TOKEN-AUDIENCE");
}

Test(token, under_another_key_is_refused)
{
	struct ac_token_key other = keys.v[0];

	other.secret[31] ^= 1;
	expect_refused(ac_cstr(k.a, ac_token_sign(&other, payload_of((struct say){ 0 }), k.a)), "AUTH-TOKEN");
	memcpy(other.id, "00000000", 8);
	memcpy(other.secret, keys.v[0].secret, sizeof(other.secret));
	expect_refused(ac_cstr(k.a, ac_token_sign(&other, payload_of((struct say){ 0 }), k.a)), "AUTH-TOKEN");
}

Test(token, cut_short_anywhere_is_refused)
{
	const char *whole = token((struct say){ 0 });

	for (size_t n = 1; n < strlen(whole); n++)
		cr_assert(ask_with(ac_cstr(k.a, ac_strf(k.a, "%.*s", (int)n, whole))).status == 401,
		    "%zu bytes", n);
}

Test(token, changed_in_one_character_anywhere_is_refused)
{
	char *t = ac_cstr(k.a, ac_str_c(token((struct say){ 0 })));

	for (char *p = t; *p != '\0'; p++) {
		char was = *p;
		*p = was == 'A' ? 'B' : 'A';
		cr_assert(ask_with(t).status == 401, "at %td", p - t);
		*p = was;
	}
	cr_expect(ask_with(t).status == 200);
}

Test(token, with_a_role_written_into_it_afterwards_is_refused)
{
	struct ac_str good = ac_str_c(token((struct say){ .role = "nurse" }));
	struct ac_str forged = payload_of((struct say){ .role = "admin" });
	struct ac_str text = ac_strf(k.a, "ac1.%s.%.*s.%.*s", keys.v[0].id,
	    AC_FMT(ac_base64url(k.a, forged.p, forged.n)), 43, good.p + good.n - 43);

	expect_refused(ac_cstr(k.a, text), "AUTH-TOKEN");
	expect_refused(ac_cstr(k.a, ac_strf(k.a, "%.*s,", AC_FMT(good))), "AUTH-TOKEN");
	expect_refused(ac_cstr(k.a, ac_strf(k.a, "%.*s.%.*s", AC_FMT(good), AC_FMT(good))), "AUTH-TOKEN");
	expect_refused("ac1...", "AUTH-TOKEN");
	expect_refused("none", "AUTH-TOKEN");
}

Test(token, whose_payload_is_odd_is_refused_though_it_is_signed)
{
	static const char *const more[] = { ",\"role\":\"admin\"", ",\"admin\":true", ",\"patient\":7",
		",\"patient\":null", ",\"patient\":\"\"", ",\"patient\":[\"1\"]" };

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		expect_refused(token((struct say){ .more = more[i] }), "AUTH-TOKEN");
	expect_refused(token((struct say){ .role = "none" }), "AUTH-TOKEN");
	expect_refused(token((struct say){ .role = "root" }), "AUTH-TOKEN");
	expect_refused(token((struct say){ .user = "" }), "AUTH-TOKEN");
	expect_refused(token((struct say){ .site = "" }), "AUTH-TOKEN");
	expect_refused(token((struct say){ .nonce = "short" }), "AUTH-TOKEN");
	expect_refused(token((struct say){ .nonce = "0123456789abcde/" }), "AUTH-TOKEN");
	expect_refused(ac_cstr(k.a, ac_token_sign(&keys.v[0], AC_S("[]"), k.a)), "AUTH-TOKEN");
	expect_refused(ac_cstr(k.a, ac_token_sign(&keys.v[0], AC_S("{}"), k.a)), "AUTH-TOKEN");
	expect_refused(ac_cstr(k.a, ac_token_sign(&keys.v[0], AC_S("{\"aud\":"), k.a)), "AUTH-TOKEN");
}

Test(token, that_is_huge_is_refused)
{
	char *t = ac_alloc(k.a, 100000);

	memset(t, 'A', 99999);
	cr_expect(ask_with(t).status == 401);
}

static const char *
snapshot_of(const char *id)
{
	return ac_cstr(k.a, visit_json(&(struct visit){ .id = id, .area = "face" }, k.a));
}

Test(token, writes_once_and_reads_often)
{
	const char *t = token((struct say){ .role = "system", .user = "module" });
	struct call read = { .uri = "/aftercare/v1/deliveries?site=default",
		.extra = { { "AFTERCARE_TOKEN", t } } };
	struct call c = { .method = "PUT",
		.uri = "/aftercare/v1/encounters/default/7",
		.type = "application/json",
		.body = snapshot_of("7"),
		.extra = { { "AFTERCARE_TOKEN", t } } };

	cr_expect(serve(&k, &read).status == 200);
	cr_expect(serve(&k, &c).status == 201);
	struct ac_http h = serve(&k, &c);
	cr_expect(h.status == 401 && holds(&h, "AUTH-TOKEN-USED"), "%d", h.status);
	cr_expect(strstr(last_leaf(&k), "refuse:AUTH-TOKEN-USED") != NULL, "%s", last_leaf(&k));
	cr_expect(serve(&k, &read).status == 200);
	c.extra[0][1] =
	    token((struct say){ .role = "system", .user = "module", .nonce = "another-nonce-0001" });
	cr_expect(serve(&k, &c).status == 200);
}

Test(token, is_used_up_over_a_restart_too)
{
	const char *t = token((struct say){ .role = "system" });
	struct call c = { .method = "PUT",
		.uri = "/aftercare/v1/encounters/default/7",
		.type = "application/json",
		.body = snapshot_of("7"),
		.extra = { { "AFTERCARE_TOKEN", t } } };
	struct ac_service_options o = {
		.state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k
	};
	struct ac_err e = { 0 };

	cr_expect(serve(&k, &c).status == 201);
	ac_worker_free(k.w);
	ac_service_close(k.s);
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
	cr_expect(serve(&k, &c).status == 401);
}

Test(token, and_parameters_together_are_refused)
{
	static const char *const names[] = { "AFTERCARE_USER", "AFTERCARE_ROLE", "AFTERCARE_SITE",
		"AFTERCARE_PATIENT", "AFTERCARE_ENCOUNTER" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct call c = { .uri = PANEL,
			.extra = {
			    { "AFTERCARE_TOKEN", token((struct say){ 0 }) }, { names[i], "clinician" } } };
		struct ac_http h = serve(&k, &c);
		cr_expect(
		    h.status == 400 && holds(&h, "AUTH-BOTH") && h.refused, "%s %d", names[i], h.status);
	}
}

Test(token, in_a_header_is_nobody)
{
	static const char *const names[] = { "HTTP_AFTERCARE_TOKEN", "HTTP_AUTHORIZATION", "HTTP_COOKIE",
		"REMOTE_USER" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct call c = { .uri = PANEL, .extra = { { names[i], token((struct say){ 0 }) } } };
		cr_expect(serve(&k, &c).status == 401, "%s", names[i]);
	}
}

Test(token, that_is_bad_does_not_close_what_is_open_to_everybody)
{
	struct call c = { .uri = "/aftercare/health", .extra = { { "AFTERCARE_TOKEN", "bad" } } };

	cr_expect(serve(&k, &c).status == 200);
}

Test(token, of_the_former_key_is_good_until_the_next_rotation_or_retirement)
{
	struct ac_err e = { 0 };
	struct ac_token_keys now;
	const char *t = token((struct say){ 0 });

	need(ac_token_key_rotate(k.w, AC_S("admin"), (struct ac_life_how){ 0 }, &now, &e), &e);
	cr_expect(now.n == 2 && strcmp(now.v[1].id, keys.v[0].id) == 0);
	cr_expect(strstr(last_leaf(&k), "\"action\":\"key:made\",\"kind\":\"module-key\"") != NULL, "%s",
	    last_leaf(&k));
	cr_expect(ask_with(t).status == 200);
	cr_expect(
	    ask_with(ac_cstr(k.a, ac_token_sign(&now.v[0], payload_of((struct say){ 0 }), k.a))).status ==
	    200);
	need(ac_token_key_retire(k.w, AC_S("admin"), ac_str_c(keys.v[0].id), (struct ac_life_how){ 0 }, &e), &e);
	cr_expect(strstr(last_leaf(&k), "key:retired") != NULL);
	expect_refused(t, "AUTH-TOKEN");
	EXPECT_CODE(ac_token_key_retire(k.w, AC_S("admin"), AC_S("00000000"), (struct ac_life_how){ 0 }, &e), AC_ENOTFOUND, e);
	need(ac_token_key_rotate(k.w, AC_S("admin"), (struct ac_life_how){ 0 }, &now, &e), &e);
	need(ac_token_key_rotate(k.w, AC_S("admin"), (struct ac_life_how){ 0 }, &now, &e), &e);
	cr_expect(now.n == 2);
}

Test(token, has_no_good_key_when_others_can_read_the_file)
{
	const char *path;
	struct ac_err e = { 0 };
	struct stat st;

	need(ac_token_keys_path(k.dir, k.a, &path, &e), &e);
	cr_assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	cr_expect(ask_with(token((struct say){ 0 })).status == 200);
	cr_assert(chmod(path, 0644) == 0);
	EXPECT_CODE(ac_token_keys_read(path, &(struct ac_token_keys){ 0 }, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "KEY-MODE");
	cr_assert(unlink(path) == 0);
	expect_refused(token((struct say){ 0 }), "AUTH-TOKEN");
}

Test(token, takes_its_keys_from_where_the_configuration_says)
{
	const char *path;
	struct ac_err e = { 0 };

	need(ac_file_write(ac_cstr(k.a, ac_strf(k.a, "%s/aftercare.conf", k.dir)),
		 AC_S("[roles]\nedit = *\n[module]\nkeys = other.keys\n"), 0600, &e),
	    &e);
	need(ac_token_keys_path(k.dir, k.a, &path, &e), &e);
	cr_expect(strcmp(path, ac_cstr(k.a, ac_strf(k.a, "%s/other.keys", k.dir))) == 0, "%s", path);
}

Test(token, with_a_damaged_file_of_keys_is_refused)
{
	static const char *const bad[] = { "x\n", "0011223 00 1\n", "00112233 zz 1\n", "\0" };
	const char *path;
	struct ac_token_keys got;
	struct ac_err e = { 0 };

	need(ac_token_keys_path(k.dir, k.a, &path, &e), &e);
	for (size_t i = 0; i < 3; i++) {
		need(ac_file_write(path, ac_str_c(bad[i]), 0600, &e), &e);
		EXPECT_CODE(ac_token_keys_read(path, &got, &e), AC_EIO, e);
		EXPECT_RULE(e, "KEY-FORMAT");
	}
}
