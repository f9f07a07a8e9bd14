/* A document's signature: by the clinic's key, good for openssl, and nothing else is. A confirmation: of this very version. */
#include <sys/stat.h>

#include "core/confirm.h"
#include "core/export.h"
#include "core/keys.h"
#include "core/person.h"
#include "core/signature.h"
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
TestSuite(signature, .init = set_up, .fini = tear_down);
TestSuite(confirm, .init = set_up, .fini = tear_down);

#define SIGNED "2026-03-28T14:39:00+01:00"

static struct ac_uuid
signed_plan(void)
{
	return put(&k, (struct visit){ .area = "face", .signed_at = SIGNED }).plan;
}

static const char *
file_of(const char *name)
{
	return ac_cstr(k.a, ac_strf(k.a, "%s/%s", k.dir, name));
}

static void
write_out(const char *name, struct ac_str bytes)
{
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_file_write(file_of(name), bytes, 0600, &e), AC_OK, e);
}

/* v1.xml, v1.xml.p7s and clinic.pem in the kit's folder, as an export has them. */
static void
write_three(struct ac_uuid plan)
{
	struct ac_certificate c = { 0 };
	struct ac_document_row row;
	struct ac_err e = { 0 };
	struct ac_str xml, cms;
	bool stored = false;

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_document_bytes(k.w, plan, 1, &row, &xml, &e), AC_OK, e);
	EXPECT_CODE(ac_document_signature(k.w, plan, 1, &cms, &c, &stored, &e), AC_OK, e);
	cr_expect(stored, "made with the document's commit");
	write_out("v1.xml", xml);
	write_out("v1.xml.p7s", cms);
	write_out("clinic.pem", ac_certificate_pem(&c, k.a));
}

static int
openssl_verify(void)
{
	return system(ac_cstr(k.a,
	    ac_strf(k.a,
		"cd %s && openssl cms -verify -binary -inform DER -in v1.xml.p7s -content v1.xml -CAfile clinic.pem "
		"-out /dev/null 2>openssl.log",
		k.dir)));
}

Test(signature, of_a_stored_document_is_good_for_openssl)
{
	write_three(signed_plan());
	cr_expect(openssl_verify() == 0);
}

Test(signature, of_a_document_changed_by_one_byte_is_bad_for_openssl)
{
	write_three(signed_plan());
	cr_assert(system(ac_cstr(k.a, ac_strf(k.a, "cd %s && sed -i '$ s/>/> /' v1.xml", k.dir))) == 0);
	cr_expect(openssl_verify() != 0);
}

Test(signature, is_by_an_elliptic_curve_key_on_p256_with_sha256)
{
	write_three(signed_plan());
	cr_expect(system(ac_cstr(k.a, ac_strf(k.a, "cd %s && openssl x509 -in clinic.pem -noout -text | grep -q prime256v1", k.dir))) == 0);
	cr_expect(system(ac_cstr(k.a, ac_strf(k.a, "cd %s && openssl cms -cmsout -print -inform DER -in v1.xml.p7s | "
						    "grep -q ecdsa-with-SHA256", k.dir))) == 0);
}

Test(signature, states_the_time_of_the_store_and_not_of_the_machine)
{
	struct ac_certificate c = { 0 };
	struct ac_document_row row;
	struct ac_err e = { 0 };
	struct ac_str xml, cms;
	struct ac_uuid plan = signed_plan();
	bool stored;
	int64_t at = 0;

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_document_bytes(k.w, plan, 1, &row, &xml, &e), AC_OK, e);
	EXPECT_CODE(ac_document_signature(k.w, plan, 1, &cms, &c, &stored, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_check(cms, xml, c.der, &at, &e), AC_OK, e);
	cr_expect(at == k.now_ms / 1000);
}

static const struct ac_sha256 *
digest_of(struct ac_str bytes)
{
	struct ac_sha256 *d = ac_new(k.a, struct ac_sha256, 1);

	ac_sha256(bytes, d);
	return d;
}

Test(signature, is_refused_for_other_bytes_another_certificate_and_what_is_no_signature)
{
	struct ac_certificate ours = { 0 }, theirs = { 0 };
	struct ac_str xml = AC_S("<ClinicalDocument/>"), cms, pem;
	struct ac_err e = { 0 };

	cr_assert(ac_keys_certificate(ac_service_keys(k.s), k.a, &ours));
	EXPECT_CODE(ac_signature_make(ac_service_keys(k.s), digest_of(xml), k.now_ms, k.a, &cms, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_check(cms, xml, ours.der, NULL, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_check(cms, AC_S("<ClinicalDocument />"), ours.der, NULL, &e), AC_EINTEGRITY, e);
	EXPECT_RULE(e, "SIGNATURE-BAD");
	EXPECT_CODE(ac_clinic_key_write(file_of("other.key"), AC_S("Other Clinic"), &e), AC_OK, e);
	EXPECT_CODE(ac_file_read(file_of("other.key"), 8192, k.a, &pem, &e), AC_OK, e);
	EXPECT_CODE(ac_certificate_read(pem, k.a, &theirs, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_check(cms, xml, theirs.der, NULL, &e), AC_EINTEGRITY, e);
	EXPECT_CODE(ac_signature_check(AC_S("0"), xml, ours.der, NULL, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "SIGNATURE-FORMAT");
	EXPECT_CODE(ac_signature_check(ac_str_cat(k.a, cms, AC_S("x")), xml, ours.der, NULL, &e), AC_EINPUT, e);
	EXPECT_CODE(ac_certificate_read(AC_S("-----BEGIN"), k.a, &theirs, &e), AC_EINPUT, e);
	EXPECT_RULE(e, "CERTIFICATE-FORMAT");
}

/* Who brings their own certificate inside is not believed. */
Test(signature, of_another_key_with_its_certificate_inside_is_bad)
{
	struct ac_certificate ours = { 0 }, theirs = { 0 };
	struct ac_str xml = AC_S("<ClinicalDocument/>"), cms, whole;
	struct ac_keys *other = NULL;
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_keys_create(file_of("others"), AC_S(""), &e), AC_OK, e);
	EXPECT_CODE(ac_keys_load(file_of("others"), &other, &e), AC_OK, e);
	cr_assert(ac_keys_certificate(ac_service_keys(k.s), k.a, &ours));
	cr_assert(ac_keys_certificate(other, k.a, &theirs));
	EXPECT_CODE(ac_signature_make(other, digest_of(xml), k.now_ms, k.a, &cms, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_whole(cms, theirs.der, k.a, &whole, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_check(whole, xml, theirs.der, NULL, &e), AC_OK, e);
	EXPECT_CODE(ac_signature_check(whole, xml, ours.der, NULL, &e), AC_EINTEGRITY, e);
	ac_keys_free(other);
}

static void
sql(const char *text)
{
	struct ac_str path = ac_strf(k.a, "%s/sql", k.dir);
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_file_write(ac_cstr(k.a, path), ac_str_c(text), 0600, &e), AC_OK, e);
	cr_assert(system(ac_cstr(k.a, ac_strf(k.a,
		      "python3 -c \"import sqlite3,sys;c=sqlite3.connect(sys.argv[1]);c.executescript(open(sys.argv[2]).read());"
		      "c.commit()\" %s/aftercare.db %s/sql", k.dir, k.dir))) == 0);
}

static void
expect_verify(enum ac_code want, const char *rule)
{
	struct ac_audit_counts n = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_audit_verify(k.w->reader, ac_service_keys(k.s), &n, &e), want, e);
	if (rule != NULL)
		EXPECT_RULE(e, rule);
	else
		cr_expect(n.signatures == n.documents && n.documents > 0, "%lld of %lld", (long long)n.signatures,
		    (long long)n.documents);
}

Test(signature, that_was_changed_in_the_store_is_found)
{
	signed_plan();
	expect_verify(AC_OK, NULL);
	sql("UPDATE document SET signature = (SELECT CAST(substr(signature, 1, length(signature) - 1) || x'00' AS BLOB) FROM document);");
	expect_verify(AC_EINTEGRITY, "LOG-SIGNATURE");
}

Test(signature, by_a_certificate_that_the_log_does_not_name_is_found)
{
	signed_plan();
	sql("PRAGMA foreign_keys = OFF; UPDATE document SET certificate = (SELECT sha256 FROM blob WHERE sha256 <> certificate "
	    "LIMIT 1);");
	expect_verify(AC_EINTEGRITY, "LOG-SIGNATURE");
}

Test(signature, of_a_renewed_key_and_of_the_one_before_are_both_good)
{
	struct ac_certificate now = { 0 };
	struct ac_life_how how = { 0 };
	struct ac_err e = { 0 };

	signed_plan();
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_clinic_key_renew(k.w, k.dir, AC_S("admin"), how, &now, &e), AC_OK, e);
	ac_worker_free(k.w);
	ac_service_close(k.s);
	struct ac_service_options o = { .state_dir = k.dir, .sync = AC_SYNC_OFF, .clock_ms = kit_clock, .clock_arg = &k };
	need(ac_service_open(&o, &k.s, &e), &e);
	need(ac_worker_new(k.s, &k.w, &e), &e);
	put(&k, (struct visit){ .id = "6", .area = "face", .signed_at = SIGNED });
	expect_verify(AC_OK, NULL);
}

/* As in an installation made by an earlier release. */
Test(signature, is_made_by_an_export_for_documents_older_than_the_key)
{
	struct ac_export_query q = { .since_ms = INT64_MIN, .until_ms = INT64_MAX, .by = "document", .zone = AC_S("UTC") };
	struct ac_export_counts n = { 0 };
	struct ac_actor who = as(AC_ROLE_ADMIN);
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();

	sql("UPDATE document SET signature = NULL, certificate = NULL;");
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_export_cda(k.w, &who, &q, file_of("out"), NULL, NULL, &n, &e), AC_OK, e);
	cr_expect(n.documents == 1 && n.signatures == 1);
	cr_expect(system(ac_cstr(k.a,
		      ac_strf(k.a,
			  "cd %s/out && sha256sum --quiet -c SHA256SUMS && openssl cms -verify -binary -inform DER -in "
			  "documents/%.*s/v1.xml.p7s -content documents/%.*s/v1.xml -CAfile clinic.pem -out /dev/null 2>/dev/null",
			  k.dir, AC_FMT(ac_uuid_str(k.a, plan)), AC_FMT(ac_uuid_str(k.a, plan))))) == 0);
}

/* ---- confirmation ---- */

static enum ac_code
confirm(struct ac_uuid plan, const char *user, enum ac_role role, int64_t version, int64_t document,
    struct ac_confirmed *ret, struct ac_err *e)
{
	struct ac_actor who = { .user = ac_str_c(user), .role = role };
	struct ac_confirm rq = { plan, version, document };

	need(ac_worker_begin(k.w, e), e);
	return ac_plan_confirm(k.w, &who, &rq, ret, e);
}

static size_t
waiting(const char *user, size_t *ret_mine)
{
	struct ac_actor who = { .user = ac_str_c(user), .role = AC_ROLE_CLINICIAN };
	struct ac_confirm_rows rows = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_confirm_list(k.w, &who, &rows, &e), AC_OK, e);
	*ret_mine = rows.nmine;
	return rows.n;
}

static bool
document_says(struct ac_uuid plan, int64_t version, const char *words)
{
	struct ac_document_row row;
	struct ac_err e = { 0 };
	struct ac_str xml;

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_document_bytes(k.w, plan, version, &row, &xml, &e), AC_OK, e);
	return memmem(xml.p, xml.n, words, strlen(words)) != NULL;
}

Test(confirm, by_who_signed_makes_the_next_document_name_them)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();
	size_t mine;

	cr_expect(waiting("3", &mine) == 1 && mine == 1);
	cr_expect(!document_says(plan, 1, "legalAuthenticator"));
	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	cr_expect(done.signer && done.document_version == 2);
	cr_expect(document_says(plan, 2, "<legalAuthenticator") && document_says(plan, 2, "confirmed this very version"));
	cr_expect(waiting("3", &mine) == 0);
	expect_verify(AC_OK, NULL);
}

Test(confirm, by_a_colleague_ends_the_waiting_and_makes_nobody_a_signer)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();
	size_t mine;

	cr_expect(waiting("8", &mine) == 1 && mine == 0);
	EXPECT_CODE(confirm(plan, "8", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	cr_expect(!done.signer && done.document_version == 1);
	cr_expect(waiting("8", &mine) == 0);
}

Test(confirm, is_once_and_of_the_version_that_was_seen_by_a_clinician_only)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();

	EXPECT_CODE(confirm(plan, "3", AC_ROLE_NURSE, 1, 1, &done, &e), AC_EDENIED, e);
	EXPECT_RULE(e, "CONFIRM-ROLE");
	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 1, 7, &done, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "FORM-STALE");
	EXPECT_CODE(confirm(plan, "8", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	EXPECT_CODE(confirm(plan, "8", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "CONFIRM-DONE");
}

Test(confirm, says_nothing_of_a_later_version)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();
	size_t mine;

	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	put(&k, (struct visit){ .area = "scalp", .revision = 2, .signed_at = "2026-03-28T14:39:30+01:00" });
	cr_expect(waiting("3", &mine) == 1);
	cr_expect(!document_says(plan, 3, "legalAuthenticator"));
}

Test(confirm, is_not_needed_where_the_clinic_recorded_that_the_signature_covers_the_plan)
{
	size_t mine;

	kit_clinic(&k, "signature-covers-plan = no", "signature-covers-plan = yes");
	struct ac_uuid plan = signed_plan();
	cr_expect(waiting("3", &mine) == 0);
	cr_expect(document_says(plan, 1, "<legalAuthenticator"));
}

Test(confirm, of_an_unsigned_or_withdrawn_plan_is_refused)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;
	size_t mine;

	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_ECONFLICT, e);
	EXPECT_RULE(e, "CONFIRM-STATE");
	put(&k, (struct visit){ .area = "face", .revision = 2, .signed_at = SIGNED });
	put(&k, (struct visit){ .status = "entered-in-error", .revision = 3, .signed_at = SIGNED });
	cr_expect(waiting("3", &mine) == 0, "nothing to confirm of what was withdrawn");
	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 2, 2, &done, &e), AC_ECONFLICT, e);
}

Test(confirm, leaves_documents_that_are_made_again_byte_for_byte)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();
	struct ac_str json, xml;
	bool same = false;

	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_plan_regen(k.w, plan, 0, &json, &xml, &same, &e), AC_OK, e);
	cr_expect(same);
}

/* As a store is that was written before there was a list: what the upgrade's file does to it. */
static void
before_the_list(void)
{
	struct ac_err e = { 0 };
	struct ac_str file;

	sql("UPDATE plan SET confirm_ms = NULL;");
	need(ac_file_read(AC_SOURCE_DIR "/schemas/sql/sqlite/0015_confirm_all.sql", 64 * 1024, k.a, &file, &e), &e);
	while (file.n > 0 && strncmp(file.p, "UPDATE", 6) != 0)
		file = (struct ac_str){ file.p + 1, file.n - 1 };
	sql(ac_cstr(k.a, file));
}

static void
settle(void)
{
	struct ac_err e = { 0 };

	need(ac_worker_begin(k.w, &e), &e);
	EXPECT_CODE(ac_confirm_settle(k.w, &e), AC_OK, e);
}

Test(confirm, what_was_made_before_there_was_a_list_waits_in_it_since_it_was_made)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();
	size_t mine;

	before_the_list();
	cr_expect(waiting("3", &mine) == 1, "at once");
	settle();
	cr_expect(waiting("3", &mine) == 1);
	settle();
	EXPECT_CODE(confirm(plan, "3", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	cr_expect(waiting("3", &mine) == 0);
}

Test(confirm, what_was_made_before_and_names_its_signer_leaves_the_list_when_it_was_looked_at)
{
	size_t mine;

	kit_clinic(&k, "signature-covers-plan = no", "signature-covers-plan = yes");
	signed_plan();
	before_the_list();
	settle();
	cr_expect(waiting("3", &mine) == 0);
}

Test(confirm, what_was_confirmed_is_not_asked_again_by_an_upgrade)
{
	struct ac_confirmed done = { 0 };
	struct ac_err e = { 0 };
	struct ac_uuid plan = signed_plan();
	size_t mine;

	EXPECT_CODE(confirm(plan, "8", AC_ROLE_CLINICIAN, 1, 1, &done, &e), AC_OK, e);
	before_the_list();
	cr_expect(waiting("8", &mine) == 0);
}
