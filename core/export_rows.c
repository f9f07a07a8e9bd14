/* export_rows.c - a document with its signature, a sheet, a sheet's PDF: one file each and its entry in the manifest. */
#include <string.h>

#include "base/time.h"
#include "core/export_parts.h"
#include "core/rows.h"

/* The protocol versions that it was made from, as its manifest of inputs names them. */
static enum ac_code
write_protocols(struct ac_export *x, struct ac_jw *w, struct ac_str manifest, struct ac_err *reterr)
{
	struct ac_sha256 sha;
	struct ac_str bytes;
	json_object *list, *v;
	enum ac_code rc;

	if (manifest.n != sizeof(sha.b))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a manifest has no hash");
	memcpy(sha.b, manifest.p, sizeof(sha.b));
	if ((rc = ac_blob_get(x->w->reader, &sha, ac_service_dictionaries(x->w->service), x->scratch, &bytes,
		 reterr)) != AC_OK)
		return rc;
	AC_AUTO_T(json_object) o = NULL;
	if ((rc = ac_json_parse(bytes, AC_JSON_SIZE_MAX, &o, reterr)) != AC_OK)
		return rc;
	ac_jw_key(w, "protocols");
	ac_jw_arr(w);
	if (json_object_object_get_ex(o, "protocols", &list) && json_object_is_type(list, json_type_array))
		for (size_t i = 0; i < json_object_array_length(list); i++)
			if (json_object_object_get_ex(json_object_array_get_idx(list, i), "version", &v))
				ac_jw_str(w, ac_str_c(json_object_get_string(v)));
	ac_jw_end_arr(w);
	return AC_OK;
}

static void
write_owner(struct ac_jw *w, const struct ac_val *site_encounter_patient)
{
	ac_jw_kstr(w, "site", site_encounter_patient[0].s);
	ac_jw_kstr(w, "encounter", site_encounter_patient[1].s);
	ac_jw_kstr(w, "patient", site_encounter_patient[2].s);
}

/* clinic.pem, and clinic-2.pem ... where the key was renewed in between. */
static enum ac_code
write_certificate(struct ac_export *x, const struct ac_certificate *c, size_t *ret, struct ac_err *reterr)
{
	struct ac_sha256 sha;
	enum ac_code rc;

	for (*ret = 0; *ret < x->ncertificates; (*ret)++)
		if (ac_sha256_eq(&x->certificates[*ret].sha256, &c->sha256))
			return AC_OK;
	if (x->ncertificates == CERTIFICATES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "EXPORT-CERTIFICATES", "more than %d certificates in one export", CERTIFICATES_MAX);
	struct ac_str name = *ret == 0 ? AC_S("clinic.pem") : ac_strf(x->scratch, "clinic-%zu.pem", *ret + 1);
	struct ac_str pem = ac_certificate_pem(c, x->scratch);
	rc = ac_export_file(ac_cstr(x->scratch, ac_strf(x->scratch, "%s/%.*s", x->out, AC_FMT(name))), pem, reterr);
	if (rc != AC_OK)
		return rc;
	ac_sha256(pem, &sha);
	ac_export_sum(x, &sha, name);
	x->certificates[x->ncertificates++].sha256 = c->sha256;
	return AC_OK;
}

/* As it is stored; a document made before the clinic had a key is signed now. */
static enum ac_code
signature_of(struct ac_export *x, const struct ac_val *c, struct ac_str xml, struct ac_certificate *ret_c, struct ac_str *ret,
    struct ac_err *reterr)
{
	const struct ac_keys *keys = ac_service_keys(x->w->service);
	struct ac_str cms = c[14].s, der;
	struct ac_sha256 sha;
	enum ac_code rc;

	if (c[14].type == AC_VAL_NULL) {
		*ret = (struct ac_str){ 0 };
		if (!ac_keys_certificate(keys, x->scratch, ret_c))
			return AC_OK;
		ac_sha256(xml, &sha);
		rc = ac_signature_make(keys, &sha, ac_service_now_ms(x->w->service), x->scratch, &cms, reterr);
		return rc != AC_OK ? rc : ac_signature_whole(cms, ret_c->der, x->scratch, ret, reterr);
	}
	if (!ac_val_sha(&c[15], &sha))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a document's row is damaged");
	rc = ac_blob_get(x->w->reader, &sha, ac_service_dictionaries(x->w->service), x->scratch, &der, reterr);
	if (rc != AC_OK || (rc = ac_certificate_read(der, x->scratch, ret_c, reterr)) != AC_OK)
		return rc;
	return ac_signature_whole(cms, der, x->scratch, ret, reterr);
}

/* Beside the document: its name and ".p7s". */
static enum ac_code
write_signature(struct ac_export *x, const struct ac_val *c, struct ac_str file, struct ac_str xml, struct ac_err *reterr)
{
	struct ac_certificate cert = { 0 };
	struct ac_str p7s;
	size_t n;
	enum ac_code rc = signature_of(x, c, xml, &cert, &p7s, reterr);

	x->signature_file = (struct ac_str){ 0 };
	if (rc != AC_OK || !ac_str_is_set(p7s) || (rc = write_certificate(x, &cert, &n, reterr)) != AC_OK)
		return rc;
	x->signature_certificate =
	    n == 0 ? "clinic.pem" : ac_cstr(x->scratch, ac_strf(x->scratch, "clinic-%zu.pem", n + 1));
	x->signature_file = ac_strf(x->scratch, "%.*s.p7s", AC_FMT(file));
	rc = ac_export_file(ac_cstr(x->scratch, ac_strf(x->scratch, "%s/%.*s", x->out, AC_FMT(x->signature_file))), p7s, reterr);
	if (rc != AC_OK)
		return rc;
	ac_sha256(p7s, &x->signature_sha);
	ac_export_sum(x, &x->signature_sha, x->signature_file);
	x->counts.signatures++;
	return AC_OK;
}

enum ac_code
ac_export_document(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct ac_export *x = arg;
	struct ac_uuid id, plan;
	struct ac_sha256 sha;
	struct ac_jw w;
	enum ac_code rc;

	if (n != 16 || c[0].s.n != 16 || c[1].s.n != 16 || c[5].s.n != 32)
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a document's row is damaged");
	ac_arena_reset(x->scratch);
	memcpy(id.b, c[0].s.p, 16);
	memcpy(plan.b, c[1].s.p, 16);
	memcpy(sha.b, c[5].s.p, 32);
	struct ac_str plan_id = ac_uuid_str(x->scratch, plan);
	struct ac_str file =
	    ac_strf(x->scratch, "documents/%.*s/v%lld.xml", AC_FMT(plan_id), (long long)c[2].i);
	struct ac_str xml;
	if ((rc = ac_export_body(x, file, c[7].s, &sha, &xml, reterr)) != AC_OK ||
	    (rc = write_signature(x, c, file, xml, reterr)) != AC_OK)
		return rc;
	x->counts.documents++;
	*(ac_streq_c(c[4].s, "current") ? &x->counts.current : &x->counts.replaced) += 1;
	ac_export_entry_begin(x, &w, file, &sha, c[6].i);
	ac_jw_kstr(&w, "kind", AC_S("document"));
	ac_jw_kstr(&w, "id", ac_uuid_str(x->scratch, id));
	ac_jw_kstr(&w, "plan", plan_id);
	ac_jw_kint(&w, "version", c[2].i);
	ac_jw_kint(&w, "plan_version", c[3].i);
	ac_jw_kstr(&w, "status", c[4].s);
	ac_jw_kstr(&w, "made", ac_rfc3339_ms(x->scratch, c[8].i));
	ac_jw_kstr(&w, "performed", ac_rfc3339(x->scratch, NULL, c[9].i));
	write_owner(&w, &c[11]);
	if (ac_str_is_set(x->signature_file)) {
		ac_jw_key(&w, "signature");
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "file", x->signature_file);
		ac_jw_kstr(&w, "sha256", ac_hex(x->scratch, x->signature_sha.b, sizeof(x->signature_sha.b)));
		ac_jw_kstr(&w, "certificate", ac_str_c(x->signature_certificate));
		ac_jw_kstr(&w, "made", c[14].type == AC_VAL_NULL ? AC_S("export") : AC_S("document"));
		ac_jw_end_obj(&w);
	}
	if ((rc = write_protocols(x, &w, c[10].s, reterr)) != AC_OK)
		return rc;
	ac_export_entry_end(x, &w);
	return AC_OK;
}

enum ac_code
ac_export_issue(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct ac_export *x = arg;
	struct ac_uuid plan;
	struct ac_sha256 sha;
	struct ac_jw w;
	enum ac_code rc;

	if (n != 13 || c[0].s.n != 16 || c[6].s.n != 32)
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a sheet's row is damaged");
	ac_arena_reset(x->scratch);
	memcpy(plan.b, c[0].s.p, 16);
	memcpy(sha.b, c[6].s.p, 32);
	struct ac_str plan_id = ac_uuid_str(x->scratch, plan);
	struct ac_str file = ac_strf(x->scratch, "sheets/%.*s/%lld.html", AC_FMT(plan_id), (long long)c[1].i);
	struct ac_str html;
	if ((rc = ac_export_body(x, file, c[8].s, &sha, &html, reterr)) != AC_OK)
		return rc;
	x->counts.sheets++;
	ac_export_entry_begin(x, &w, file, &sha, c[7].i);
	ac_jw_kstr(&w, "kind", AC_S("sheet"));
	ac_jw_kstr(&w, "plan", plan_id);
	ac_jw_kint(&w, "sheet", c[1].i);
	ac_jw_kint(&w, "plan_version", c[2].i);
	ac_jw_kstr(&w, "language", c[3].s);
	ac_jw_kstr(&w, "given", ac_rfc3339_ms(x->scratch, c[4].i));
	ac_jw_kstr(&w, "medium", c[5].s);
	write_owner(&w, &c[10]);
	if ((rc = write_protocols(x, &w, c[9].s, reterr)) != AC_OK)
		return rc;
	ac_export_entry_end(x, &w);
	return AC_OK;
}

/* The PDF that was given out of a sheet, as it was: the sheet's own entry stands before it. */
enum ac_code
ac_export_pdf(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct ac_export *x = arg;
	struct ac_uuid plan;
	struct ac_sha256 sha;
	struct ac_jw w;
	enum ac_code rc;

	if (n != 11 || c[0].s.n != 16 || c[4].s.n != 32)
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a PDF's row is damaged");
	ac_arena_reset(x->scratch);
	memcpy(plan.b, c[0].s.p, 16);
	memcpy(sha.b, c[4].s.p, 32);
	bool large = c[2].i != 0;
	struct ac_str plan_id = ac_uuid_str(x->scratch, plan), pdf;
	struct ac_str file = ac_strf(
	    x->scratch, "sheets/%.*s/%lld%s.pdf", AC_FMT(plan_id), (long long)c[1].i, large ? "-large" : "");
	if ((rc = ac_export_body(x, file, c[6].s, &sha, &pdf, reterr)) != AC_OK)
		return rc;
	x->counts.pdfs++;
	ac_export_entry_begin(x, &w, file, &sha, c[5].i);
	ac_jw_kstr(&w, "kind", AC_S("sheet-pdf"));
	ac_jw_kstr(&w, "plan", plan_id);
	ac_jw_kint(&w, "sheet", c[1].i);
	ac_jw_kint(&w, "plan_version", c[7].i);
	ac_jw_kstr(&w, "print", large ? AC_S("large") : AC_S("normal"));
	ac_jw_kstr(&w, "made", ac_rfc3339_ms(x->scratch, c[3].i));
	write_owner(&w, &c[8]);
	ac_export_entry_end(x, &w);
	return AC_OK;
}
