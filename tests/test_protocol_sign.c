/* Lines are signed in the source, and the version that comes of it is its author's still. */
#include "core/protocol_diff.h"
#include "core/protocol_list.h"
#include "core/protocol_sign.h"
#include "tests/expect.h"
#include "tests/life_kit.h"

#define NO_SAUNA "seed=\"S02\" signed=\"dr.demo 2026-03-01\">\n    <label xml:lang=\"en\">No sauna"
#define OPEN_SAUNA "seed=\"S02\" >\n    <label xml:lang=\"en\">No sauna"

static struct kit k;

static void
set_up(void)
{
	kit_open(&k);
	person(&k, "dr-b", "ehr:default/4");
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(protocol_sign, .init = set_up, .fini = tear_down);

/* The demonstration's protocol with one line that nobody signed. */
static struct ac_str
unsigned_line(void)
{
	return kit_changed(&k, KIT_MESO, NO_SAUNA, OPEN_SAUNA);
}

static struct ac_sha256
in_review(const char *author, struct ac_str xml)
{
	struct ac_sha256 v = draft_of(&k, author, xml);

	need_ok(submit(&k, author, &v));
	return v;
}

/* Valid until the kit's worker begins again. */
static struct ac_review
review_of(const char *account, const struct ac_sha256 *v)
{
	struct ac_life_who who = who_is(account);
	struct ac_review r = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_review_get(k.w, &who, v, &r, &e), &e);
	return r;
}

static struct ac_sign_places
places_of(const struct ac_sha256 *v)
{
	struct ac_review r = review_of("bob", v);
	struct ac_sign_places p = { 0 };
	struct ac_err e = { 0 };

	need(ac_sign_list(k.w, &r, &p, &e), &e);
	return p;
}

/* Everything that can be signed. */
static struct result
sign(const char *account, const struct ac_sha256 *v, struct ac_sha256 *ret)
{
	struct ac_life_who who = who_is(account);
	struct ac_review r = review_of(account, v);
	struct ac_sign_places p = { 0 };
	struct result x = { 0 };

	need(ac_sign_list(k.w, &r, &p, &x.e), &x.e);
	x.code = ac_life_sign(k.w, &who, &r.seen, p.v, p.n, false, ret, &x.e);
	return x;
}

static struct ac_str
source_of(const struct ac_sha256 *v)
{
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	need(ac_protocol_source(k.w, v, &s, &e), &e);
	return ac_str_dup(k.a, s);
}

Test(protocol_sign, lists_a_line_that_nobody_signed_with_its_words)
{
	struct ac_sha256 v = in_review("alice", unsigned_line());
	struct ac_sign_places p = places_of(&v);

	cr_assert(p.n == 1, "%zu", p.n);
	EXPECT_TEXT(p.v[0].id, "no-sauna");
	EXPECT_TEXT(p.v[0].kind, "restriction");
	EXPECT_TEXT(p.v[0].text, "Do not use a sauna.");
	EXPECT_TEXT(p.v[0].times, "until 72 h");
	cr_expect(p.v[0].line == 93 && !ac_str_is_set(p.v[0].lang) && !ac_str_is_set(p.v[0].was));
}

Test(protocol_sign, lists_a_line_that_changed_since_it_was_signed)
{
	struct ac_sha256 v = in_review("alice", carried(&k, "24 h"));
	struct ac_sign_places p = places_of(&v);

	cr_assert(p.n == 1, "%zu", p.n);
	EXPECT_TEXT(p.v[0].id, "no-sauna");
	EXPECT_TEXT(p.v[0].was, "dr.demo 2026-03-01");
}

Test(protocol_sign, lists_a_translation_of_its_own)
{
	struct ac_sha256 v = in_review(
	    "alice", kit_changed(&k, KIT_MESO,
			 "<text xml:lang=\"de\" of=\"dc96d90e7c376ef588e3d271d993931a\" signed=\"dr.demo 2026-03-01\">",
			 "<text xml:lang='de' of='dc96d90e7c376ef588e3d271d993931a'>"));
	struct ac_sign_places p = places_of(&v);

	cr_assert(p.n == 1, "%zu", p.n);
	EXPECT_TEXT(p.v[0].id, "no-sauna");
	EXPECT_TEXT(p.v[0].lang, "de");
	EXPECT_TEXT(p.v[0].text, "Gehen Sie nicht in die Sauna.");
}

Test(protocol_sign, lists_a_translation_that_changed_without_its_line)
{
	struct ac_sha256 v = in_review(
	    "alice", kit_changed(&k, KIT_MESO, "Gehen Sie nicht in die Sauna.", "Nicht in die Sauna."));
	struct ac_sign_places p = places_of(&v);

	cr_assert(p.n == 1, "%zu", p.n);
	EXPECT_TEXT(p.v[0].lang, "de");
	EXPECT_TEXT(p.v[0].was, "dr.demo 2026-03-01");
}

Test(protocol_sign, does_not_offer_a_stale_translation)
{
	struct ac_sha256 v =
	    in_review("alice", kit_changed(&k, KIT_MESO, "Do not use a sauna.", "No sauna, please."));
	struct ac_sign_places p = places_of(&v);

	cr_assert(p.n == 1, "%zu", p.n);
	cr_expect(!ac_str_is_set(p.v[0].lang), "the line alone");
}

Test(protocol_sign, changes_nothing_in_the_text_but_the_signature)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());

	need_ok(sign("ehr:default/4", &v, &signed_version));
	struct ac_str want = kit_changed(&k, KIT_MESO, NO_SAUNA,
	    "seed=\"S02\" signed=\"dr-b 2026-03-28\" >\n    <label xml:lang=\"en\">No sauna");
	struct ac_str got = source_of(&signed_version);
	cr_expect(ac_streq(got, want));
}

static char *
stripped(const char *source, const char *what)
{
	char *text = ac_cstr(k.a, ac_str_c(source)), *at;

	while ((at = strstr(text, what)) != NULL)
		memmove(at, at + strlen(what), strlen(at + strlen(what)) + 1);
	return text;
}

/* Without a single signature: what a clinic gets that begins with somebody else's text. */
static struct ac_str
without_signatures(void)
{
	return ac_str_c(stripped(ac_cstr(k.a, kit_file(&k, KIT_MESO)), " signed=\"dr.demo 2026-03-01\""));
}

static size_t
count_unsigned(const struct ac_sha256 *v)
{
	struct ac_review r = review_of("bob", v);
	size_t n = 0;

	for (size_t i = 0; i < r.findings.n; i++)
		n += strcmp(r.findings.v[i].rule, "LINT-UNSIGNED") == 0 ||
		     strcmp(r.findings.v[i].rule, "LINT-TRANSLATION-UNSIGNED") == 0;
	return n;
}

Test(protocol_sign, leaves_nothing_unsigned_and_nothing_else_changed_when_all_is_signed)
{
	struct ac_sha256 signed_version, v = in_review("alice", without_signatures());
	const char *text, *was = ac_cstr(k.a, without_signatures());
	size_t n = count_unsigned(&v);

	cr_expect(n > 50, "%zu", n);
	need_ok(sign("ehr:default/4", &v, &signed_version));
	cr_expect(count_unsigned(&signed_version) == 0);
	text = ac_cstr(k.a, source_of(&signed_version));
	cr_expect_str_eq(stripped(text, " signed=\"dr-b 2026-03-28\""), was);
}

Test(protocol_sign, replaces_a_signature_that_was_given_for_something_else)
{
	struct ac_sha256 signed_version, v = in_review("alice", carried(&k, "24 h"));

	need_ok(sign("ehr:default/4", &v, &signed_version));
	cr_expect(strstr(ac_cstr(k.a, source_of(&signed_version)),
		      "seed=\"S02\" signed=\"dr-b 2026-03-28\">") != NULL);
	struct ac_sign_places p = places_of(&signed_version);
	cr_expect(p.n == 0, "%zu", p.n);
}

Test(protocol_sign, is_in_review_in_place_of_what_was_signed)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());
	struct ac_life_row before = row(&k, &v);

	need_ok(sign("ehr:default/4", &v, &signed_version));
	struct ac_life_row now = row(&k, &signed_version);
	cr_expect(now.state == AC_LIFE_IN_REVIEW && now.submitted_ms == before.submitted_ms &&
		  now.base_n == before.base_n);
	cr_expect(state_of(&k, &v) == AC_LIFE_DRAFT);
	cr_expect(!review_of("bob", &signed_version).open);
}

Test(protocol_sign, keeps_the_author)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());

	need_ok(sign("ehr:default/4", &v, &signed_version));
	struct ac_life_row now = row(&k, &signed_version);
	EXPECT_TEXT(now.author, "alice");
	EXPECT_TEXT(now.author_person, "os:alice");
	refused(approve(&k, "alice", &signed_version), AC_EDENIED, "PUB-SECOND-PERSON");
	refused(approve(&k, "ehr:default/4", &signed_version), AC_EDENIED, "PUB-PERSON"); /* the author could be the signer */
	person(&k, "dr-a", "os:alice");
	need_ok(approve(&k, "ehr:default/4", &signed_version));
}

Test(protocol_sign, does_not_make_the_signer_the_second_person_for_what_they_wrote)
{
	struct ac_sha256 signed_version, v;

	account(&k, "dr-b", "os:bob");
	v = in_review("bob", unsigned_line());
	need_ok(sign("ehr:default/4", &v, &signed_version));
	refused(approve(&k, "ehr:default/4", &signed_version), AC_EDENIED, "PUB-SECOND-PERSON");
	refused(approve(&k, "bob", &signed_version), AC_EDENIED, "PUB-SECOND-PERSON");
}

Test(protocol_sign, forgets_no_mapping_that_ended_before_the_signature)
{
	struct ac_life_who admin = who_is("root");
	struct ac_sha256 signed_version, v;
	struct ac_err e = { 0 };

	account(&k, "dr-b", "os:bob");
	account(&k, "dr-b", "ehr:default/5");
	v = in_review("bob", unsigned_line());
	k.now_ms += 60000;
	need(ac_worker_begin(k.w, &e), &e);
	need(ac_person_unmap(k.w, &admin, AC_S("ehr:default/5"), (struct ac_life_how){ 0 }, &e), &e);
	k.now_ms += 60000;
	need_ok(sign("ehr:default/4", &v, &signed_version));
	refused(approve(&k, "ehr:default/5", &signed_version), AC_EDENIED, "PUB-SECOND-PERSON");
}

Test(protocol_sign, needs_a_person_behind_the_account)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());

	refused(sign("ehr:default/9", &v, &signed_version), AC_EDENIED, "SIGN-PERSON");
	cr_expect(state_of(&k, &v) == AC_LIFE_IN_REVIEW);
}

Test(protocol_sign, needs_the_right_to_approve)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());
	struct ac_life_who who = who_is("ehr:default/4");
	struct ac_review r = review_of("bob", &v);
	struct ac_sign_place at = { .line = 93, .col = 3 };
	struct ac_err e = { 0 };

	who.may = AC_MAY_EDIT;
	cr_expect(ac_life_sign(k.w, &who, &r.seen, &at, 1, false, &signed_version, &e) == AC_EDENIED);
	EXPECT_RULE(e, "LIFE-ROLE");
}

static void
expect_place_refused(const struct ac_sign_place *v, size_t n, const char *rule)
{
	struct ac_sha256 signed_version, version = in_review("alice", unsigned_line());
	struct ac_life_who who = who_is("ehr:default/4");
	struct ac_review r = review_of("bob", &version);
	struct ac_err e = { 0 };

	cr_expect(ac_life_sign(k.w, &who, &r.seen, v, n, false, &signed_version, &e) == AC_EINPUT);
	EXPECT_RULE(e, rule);
}

Test(protocol_sign, refuses_a_line_that_is_signed)
{
	expect_place_refused(&(struct ac_sign_place){ .line = 102, .col = 3 }, 1, "SIGN-PLACE");
}

Test(protocol_sign, refuses_a_place_where_no_element_stands)
{
	expect_place_refused(&(struct ac_sign_place){ .line = 93, .col = 4 }, 1, "SIGN-PLACE");
}

Test(protocol_sign, refuses_the_same_place_twice)
{
	expect_place_refused(
	    (struct ac_sign_place[2]){ { .line = 93, .col = 3 }, { .line = 93, .col = 3 } }, 2, "SIGN-PLACE");
}

Test(protocol_sign, refuses_to_sign_nothing)
{
	expect_place_refused(NULL, 0, "SIGN-NONE");
}

Test(protocol_sign, refuses_what_is_not_in_review)
{
	struct ac_sha256 signed_version, v = draft_of(&k, "alice", unsigned_line());

	refused(sign("ehr:default/4", &v, &signed_version), AC_ECONFLICT, "LIFE-STATE");
}

Test(protocol_sign, refuses_when_another_version_was_published_since)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());
	struct ac_sha256 other = draft(&k, "carol", "96 h");

	need_ok(publish(&k, "bob", &other, 0));
	refused(sign("ehr:default/4", &v, &signed_version), AC_ECONFLICT, "PROTOCOL-STALE");
}

Test(protocol_sign, refuses_what_somebody_else_imported_with_the_same_signature)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());

	draft_of(&k, "mallory",
	    kit_changed(&k, KIT_MESO, NO_SAUNA,
		"seed=\"S02\" signed=\"dr-b 2026-03-28\" >\n    <label xml:lang=\"en\">No sauna"));
	refused(sign("ehr:default/4", &v, &signed_version), AC_ECONFLICT, "SIGN-EXISTS");
	cr_expect(state_of(&k, &v) == AC_LIFE_IN_REVIEW);
}

Test(protocol_sign, stands_in_the_history_with_who_signed)
{
	struct ac_sha256 signed_version, v = in_review("alice", unsigned_line());

	need_ok(sign("ehr:default/4", &v, &signed_version));
	struct ac_review r = review_of("bob", &signed_version);
	cr_assert(r.nacts == 1);
	EXPECT_TEXT(r.acts[0].action, "sign");
	EXPECT_TEXT(r.acts[0].actor, "ehr:default/4");
	EXPECT_TEXT(r.acts[0].person, "dr-b");
}

/* The text alone: wherever the attribute goes, and whatever stands around it. */
static void
expect_signed(const char *source, uint32_t line, uint32_t col, const char *want)
{
	struct ac_sign_place at = { .line = line, .col = col };
	struct ac_err e = { 0 };
	struct ac_str got;

	need(ac_protocol_sign_text(ac_str_c(source), &at, 1, AC_S("dr-b 2026-03-28"), k.a, &got, &e), &e);
	EXPECT_TEXT(got, want);
}

Test(protocol_sign, writes_behind_the_last_attribute)
{
	expect_signed("<p><a id='x'/></p>", 1, 4, "<p><a id='x' signed=\"dr-b 2026-03-28\"/></p>");
	expect_signed("<p><a id='x' /></p>", 1, 4, "<p><a id='x' signed=\"dr-b 2026-03-28\" /></p>");
	expect_signed(
	    "<p><a id='x'\n>t</a></p>", 1, 4, "<p><a id='x' signed=\"dr-b 2026-03-28\"\n>t</a></p>");
	expect_signed(
	    "<p><a id='1 > 0 /'>t</a></p>", 1, 4, "<p><a id='1 > 0 /' signed=\"dr-b 2026-03-28\">t</a></p>");
}

Test(protocol_sign, is_not_misled_by_comments_and_cdata)
{
	expect_signed("<p><!-- <a id='x'/> --><![CDATA[<a/>]]><a id='x'/></p>", 1, 40,
	    "<p><!-- <a id='x'/> --><![CDATA[<a/>]]><a id='x' signed=\"dr-b 2026-03-28\"/></p>");
}

Test(protocol_sign, replaces_in_the_quotes_that_stand_there)
{
	expect_signed(
	    "<p><a signed='y 2026-01-01' id='x'/></p>", 1, 4, "<p><a signed='dr-b 2026-03-28' id='x'/></p>");
}

Test(protocol_sign, what_carries_a_signature_for_something_else_is_neither_approved_nor_published)
{
	struct ac_sha256 signed_version, v = in_review("alice", carried(&k, "24 h"));

	refused(approve(&k, "bob", &v), AC_EINPUT, "PUB-LINT");
	refused(publish(&k, "bob", &v, 0), AC_EINPUT, "PUB-LINT");
	person(&k, "dr-a", "os:alice");
	need_ok(sign("ehr:default/4", &v, &signed_version));
	need_ok(approve(&k, "ehr:default/4", &signed_version));
	need_ok(publish(&k, "bob", &signed_version, 0));
}

Test(protocol_sign, has_the_time_when_the_version_in_force_was_signed_on_the_same_day)
{
	struct ac_sha256 again, first, v = in_review("alice", carried(&k, "24 h"));

	person(&k, "dr-a", "os:alice");
	need_ok(sign("ehr:default/4", &v, &first));
	need_ok(approve(&k, "ehr:default/4", &first));
	need_ok(publish(&k, "bob", &first, 0));
	char *text = ac_cstr(k.a, source_of(&first)), *at = strstr(text, "until=\"24 h\"");
	cr_assert(at != NULL);
	memcpy(at, "until=\"48 h\"", strlen("until=\"48 h\""));
	v = in_review("alice", ac_str_c(text));
	refused(approve(&k, "ehr:default/4", &v), AC_EINPUT, "PUB-LINT");
	need_ok(sign("ehr:default/4", &v, &again));
	cr_expect(strstr(ac_cstr(k.a, source_of(&again)), "signed=\"dr-b 2026-03-28T") != NULL);
	need_ok(approve(&k, "ehr:default/4", &again));
}
