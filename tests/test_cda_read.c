/* test_cda_read.c - the reader of documents, the code tables. */
#include "base/buf.h"
#include "tests/cda_least.h"

TestSuite(cda_read, .init = setup, .fini = teardown);
TestSuite(codes, .init = setup, .fini = teardown);

#define HEAD \
	"<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id root=\"1.2\"/><code code=\"x\"/><effectiveTime " \
	"value=\"2026\"/>"
#define TAIL "</ClinicalDocument>"
#define READ_REFUSED(xml, code_, rule_) \
	do { \
		struct ac_err e_ = { 0 }; \
		struct cda_summary s_ = { .version = 77 }; \
		cr_expect(cda_read((xml), a, &s_, &e_) == (code_)); \
		cr_expect_str_eq(e_.rule, (rule_)); \
		cr_expect(s_.version == 77); \
	} while (0)

static struct cda_summary
summary(struct ac_str xml)
{
	struct ac_err e = { 0 };
	struct cda_summary s = { 0 };

	cr_assert(cda_read(xml, a, &s, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return s;
}

Test(cda_read, tells_what_was_written)
{
	struct cda_document d = least();

	d.version = 3;
	d.replaces = true;
	d.former_version = 2;
	d.former_id = (struct ac_uuid){ { 9 } };
	d.title = AC_S("A & B");
	struct cda_summary s = summary(written(&d));
	cr_expect(ac_streq_c(s.id_root, "07000000-0000-0000-0000-000000000000"));
	cr_expect(ac_streq_c(s.set_root, "08000000-0000-0000-0000-000000000000"));
	cr_expect(ac_streq_c(s.former_id, "09000000-0000-0000-0000-000000000000"));
	cr_expect(s.version == 3);
	cr_expect(s.former_version == 2);
	cr_expect(ac_streq_c(s.title, "A & B"));
	cr_expect(ac_streq_c(s.code, "18776-5"));
	cr_expect(ac_streq_c(s.time, "20260328143500+0100"));
	cr_expect(s.is_care_plan);
}

Test(cda_read, takes_only_the_headers_own_id)
{
	struct cda_summary s =
	    summary(AC_S(HEAD "<component><id root=\"9.9\"/><title>no</title></component>"
			      "<x xmlns=\"urn:other\"><id xmlns=\"urn:hl7-org:v3\" root=\"8.8\"/></x>" TAIL));

	cr_expect(ac_streq_c(s.id_root, "1.2"));
	cr_expect(s.title.n == 0);
	cr_expect(!s.is_care_plan);
}

Test(cda_read, reads_a_document_whose_elements_have_a_prefix)
{
	struct cda_summary s = summary(
	    AC_S("<?xml version='1.0' encoding='utf-8'?><?xml-stylesheet href='x'?><h:ClinicalDocument "
		 "xmlns:h='urn:hl7-org:v3'><h:id root='1.2'/><h:code code='x'/><h:title>T</h:title>"
		 "<h:effectiveTime value='2026'/></h:ClinicalDocument>"));

	cr_expect(ac_streq_c(s.title, "T"));
}

Test(cda_read, refuses_any_doctype)
{
	static const char *const docs[] = {
		"<!DOCTYPE ClinicalDocument>" HEAD TAIL,
		"<!DOCTYPE x [<!ENTITY a \"1\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
		"\"&b;&b;&b;&b;&b;&b;\">]>" HEAD "<title>&c;</title>" TAIL,
		"<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" HEAD TAIL,
		"<!DOCTYPE x [<!ENTITY e SYSTEM \"http://127.0.0.1:1/\">]>" HEAD "<title>&e;</title>" TAIL,
		"<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>" HEAD TAIL,
	};

	for (size_t i = 0; i < sizeof(docs) / sizeof(docs[0]); i++)
		READ_REFUSED(ac_str_c(docs[i]), AC_EINPUT, "CDA-DOCTYPE");
}

Test(cda_read, refuses_what_is_not_well_formed)
{
	static const char *const docs[] = {
		" ",
		"{}",
		HEAD,
		HEAD TAIL HEAD TAIL,
		HEAD "<title>&unknown;</title>" TAIL,
		HEAD "<title a=\"1\" a=\"2\"/>" TAIL,
		HEAD "<h:x/>" TAIL "<",
		HEAD "</wrong>" TAIL,
		HEAD "<title>\x01</title>" TAIL,
	};

	for (size_t i = 0; i < sizeof(docs) / sizeof(docs[0]); i++)
		READ_REFUSED(ac_str_c(docs[i]), AC_EINPUT, "CDA-SYNTAX");
	READ_REFUSED(((struct ac_str){ "", 0 }), AC_EINPUT, "CDA-SYNTAX");
	READ_REFUSED(AC_S(HEAD "<title>a\0b</title>" TAIL), AC_EINPUT, "CDA-SYNTAX");
}

Test(cda_read, says_where_the_document_is_broken)
{
	struct ac_err e = { 0 };
	struct cda_summary s;

	cr_expect(cda_read(AC_S(HEAD "\n\n</wrong>" TAIL), a, &s, &e) == AC_EINPUT);
	cr_expect(e.line == 3);
}

Test(cda_read, does_not_quote_the_document)
{
	struct ac_err e = { 0 };
	struct cda_summary s;

	cr_expect(cda_read(AC_S(HEAD "<title>Secret</Secret>" TAIL), a, &s, &e) == AC_EINPUT);
	cr_expect(!has(ac_str_c(e.msg), "Secret"));
	cr_expect(!has(ac_str_c(e.path), "Secret"));
}

Test(cda_read, refuses_other_encodings)
{
	READ_REFUSED(
	    AC_S("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" HEAD TAIL), AC_EINPUT, "CDA-ENCODING");
	READ_REFUSED(AC_S("<?xml version='1.0' encoding='UTF-16'?>" HEAD TAIL), AC_EINPUT, "CDA-ENCODING");
	READ_REFUSED(AC_S(HEAD "<title>\xE4</title>" TAIL), AC_EINPUT, "CDA-ENCODING");
}

Test(cda_read, refuses_other_documents)
{
	READ_REFUSED(AC_S("<html/>"), AC_EINPUT, "CDA-ROOT");
	READ_REFUSED(AC_S("<ClinicalDocument/>"), AC_EINPUT, "CDA-ROOT");
	READ_REFUSED(AC_S("<ClinicalDocument xmlns=\"urn:hl7-org:v2\"/>"), AC_EINPUT, "CDA-ROOT");
}

Test(cda_read, refuses_a_document_that_does_not_say_which_it_is)
{
	READ_REFUSED(AC_S("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><code code=\"x\"/><effectiveTime "
			  "value=\"2026\"/>" TAIL),
	    AC_EINPUT, "CDA-HEADER");
}

static struct ac_str
nested(size_t depth)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1024, 0);
	ac_buf_addz(&b, HEAD);
	for (size_t i = 1; i < depth; i++)
		ac_buf_addz(&b, "<a>");
	for (size_t i = 1; i < depth; i++)
		ac_buf_addz(&b, "</a>");
	ac_buf_addz(&b, TAIL);
	return ac_buf_str(&b);
}

Test(cda_read, has_a_limit_on_depth)
{
	cr_expect(summary(nested(CDA_DEPTH_MAX)).depth == CDA_DEPTH_MAX);
	READ_REFUSED(nested(CDA_DEPTH_MAX + 1), AC_ELIMIT, "CDA-DEPTH");
}

Test(cda_read, has_a_limit_on_elements)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 1024, 0);
	ac_buf_addz(&b, HEAD);
	for (size_t i = 0; i < CDA_NODES_MAX; i++)
		ac_buf_addz(&b, "<a/>");
	ac_buf_addz(&b, TAIL);
	READ_REFUSED(ac_buf_str(&b), AC_ELIMIT, "CDA-NODES");
}

Test(cda_read, has_a_limit_on_bytes)
{
	char *big = ac_alloc(a, CDA_BYTES_MAX + 1);

	memset(big, ' ', CDA_BYTES_MAX + 1);
	READ_REFUSED(((struct ac_str){ big, CDA_BYTES_MAX + 1 }), AC_ELIMIT, "CDA-SIZE");
}

/* codes */

Test(codes, knows_a_system_by_the_names_that_ehrs_give_it)
{
	static const char *const cpt[] = { "CPT4", "cpt", "CPT-4", "urn:oid:2.16.840.1.113883.6.12",
		"http://www.ama-assn.org/go/cpt" };
	struct codes_system s;

	for (size_t i = 0; i < sizeof(cpt) / sizeof(cpt[0]); i++) {
		cr_expect(codes_find_system(ac_str_c(cpt[i]), &s), "%s", cpt[i]);
		cr_expect(ac_streq_c(s.oid, CODES_CPT), "%s", cpt[i]);
	}
}

Test(codes, does_not_guess_a_system)
{
	struct codes_system s = { 0 };

	cr_expect(!codes_find_system(AC_S("CPT5"), &s));
	cr_expect(!codes_find_system(AC_S("LOCAL"), &s));
	cr_expect(!codes_find_system(AC_S(""), &s));
	cr_expect(!codes_find_system((struct ac_str){ 0 }, &s));
	cr_expect(!codes_find_system(AC_S("CPT\xC3\xA4"), &s));
}

Test(codes, passes_an_unknown_oid_through_without_a_name)
{
	struct codes_system s = { 0 };

	cr_expect(codes_find_system(AC_S("urn:oid:1.2.3"), &s));
	cr_expect(ac_streq_c(s.oid, "1.2.3"));
	cr_expect(s.name.n == 0);
}

Test(codes, knows_sites_and_relations_by_english_words)
{
	const char *display = NULL;

	cr_expect_str_eq(codes_body_site(AC_S("Face"), &display), "73897004");
	cr_expect_str_eq(display, "Skin structure of face");
	cr_expect(codes_body_site(AC_S("knee"), &display) == NULL);
	cr_expect_str_eq(codes_relation(AC_S("Mother")), "MTH");
	cr_expect(codes_relation(AC_S("step-aunt")) == NULL);
	cr_expect_str_eq(codes_gender(AC_S("female"), &display), "F");
}
