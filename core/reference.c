/* reference.c - the invented encounter, and what is made of it. */
#include "core/handout.h"
#include "core/manifest.h"
#include "core/plan_cda.h"
#include "core/reference.h"
#include "hl7/snapshot.h"

/* Every member that a snapshot may have, in shapes that EHRs give; nobody and nothing in it exists. */
static const char invented[] =
    "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"system\":\"openemr\",\"site\":\"default\"},"
    "\"encounter\":{\"id\":\"10\",\"revision\":1767261600000000,\"status\":\"finished\","
    "\"start\":\"2026-01-05T10:00:00Z\",\"end\":\"2026-01-05T10:40:00Z\",\"zone\":\"UTC\","
    "\"category\":\"Treatment\",\"reason\":\"session 1\",\"sensitivity\":\"normal\",\"follow_up_of\":\"9\","
    "\"signed\":\"2026-01-05T11:30:00Z\",\"signed_by\":{\"id\":\"2\",\"npi\":\"1234567893\",\"given\":["
    "\"Nobody\"],"
    "\"family\":\"Invented\",\"phone\":\"+1 555 0100\"}},"
    "\"patient\":{\"id\":\"7\",\"identifiers\":[{\"system\":\"urn:oid:2.16.840.1.113883.19.5\",\"value\":"
    "\"0\"}],"
    "\"given\":[\"Nobody\"],\"family\":\"Invented\",\"birth_date\":\"1980-01-01\",\"sex\":\"female\","
    "\"language\":\"en\","
    "\"interpreter\":false,\"phone\":\"+1 555 0101\",\"email\":\"nobody@example.org\","
    "\"contact\":{\"voice\":true,\"leave_message\":false,\"sms\":true,\"email\":true},"
    "\"address\":{\"line\":[\"1 Nowhere "
    "Street\"],\"city\":\"Nowhere\",\"postal_code\":\"00000\",\"country\":\"US\"},"
    "\"guardian\":{\"name\":\"Nobody Invented\",\"relation\":\"mother\",\"phone\":\"+1 555 0102\"}},"
    "\"provider\":{\"id\":\"2\",\"npi\":\"1234567893\",\"given\":[\"Nobody\"],\"family\":\"Invented\","
    "\"phone\":\"+1 555 0100\"},"
    "\"clinic\":{\"id\":\"1\",\"name\":\"Clinic\",\"phone\":\"+1 555 0103\",\"country\":\"US\"},"
    "\"procedures\":[{\"id\":\"b1\",\"system\":\"CPT4\",\"code\":\"0\",\"text\":\"Treatment\",\"status\":"
    "\"performed\","
    "\"performed\":\"2026-01-05T10:30:00Z\",\"performer\":{\"id\":\"2\"},"
    "\"products\":[{\"name\":\"Product\",\"lot\":\"L-0\",\"expires\":\"2027-01\"}]}],"
    "\"conditions\":{\"reviewed\":{\"allergy\":true,\"medication\":false,\"problem\":true},\"items\":["
    "{\"kind\":\"allergy\",\"text\":\"latex\",\"status\":\"active\"}]},"
    "\"appointments\":[{\"id\":\"11\",\"start\":\"2026-01-19T10:00:00Z\",\"category\":\"Follow-up\","
    "\"status\":\"booked\"}],"
    "\"facts\":{\"area\":[\"face\"],\"technique\":\"needle\",\"indication\":\"rejuvenation\",\"session\":1,"
    "\"sessions\":6}}";

/* The protocol's first code, so that it is a treatment of this protocol; without one the encounter stays as it is. */
static void
take_trigger(const struct ac_protocol *p, struct encounter *e)
{
	for (size_t i = 0; i < p->ntriggers; i++) {
		const struct ac_trigger *t = &p->triggers[i];
		if (t->kind == AC_TRIGGER_CATEGORY)
			e->category = t->code;
		if (t->kind != AC_TRIGGER_CODE)
			continue;
		e->procedures[0].system = t->system;
		e->procedures[0].code = t->code;
		return;
	}
}

static void
encode_record(const struct ac_plan_input *in, struct ac_str zone, struct ac_arena *a, struct ac_str *ret)
{
	const struct ac_plan_protocol *p = &in->protocols[0];
	struct ac_manifest m = { .nprotocols = 1,
		.protocols = { { .version = p->protocol->version,
		    .id = p->protocol->id,
		    .approver = p->approver } },
		.zone = zone,
		.has_clinic = true,
		.made_at = in->made_at,
		.issued_at = in->issued_at,
		.version = 1,
		.document_version = 1,
		.stage = AC_STAGE_FINAL };
	struct ac_str manifest, snapshot = enc_snapshot_encode(in->encounter, true, a);

	m.snapshot = m.clinic = m.tzif = m.protocols[0].version; /* any digest */
	manifest = ac_manifest_encode(&m, a);
	*ret = ac_strf(a, "%.*s%.*s", AC_FMT(snapshot), AC_FMT(manifest));
}

/* What is not in `facts` above is unknown: every line that a condition guards is there then, marked as assumed. The encounter
 * and the times of `in` are filled. */
static enum ac_code
make_plan(struct ac_plan_input *in, struct ac_arena *a, struct ac_plan **ret, struct ac_err *reterr)
{
	struct enc_warnings ignored = { 0 };
	struct encounter *e;
	enum ac_code rc;

	if ((rc = enc_snapshot_decode(ac_str_c(invented), a, &e, &ignored, reterr)) != AC_OK)
		return rc;
	take_trigger(in->protocols[0].protocol, e);
	in->encounter = e;
	in->made_at = e->end.t + 3600;
	in->issued_at = e->end.t;
	return ac_plan_make(in, a, ret, reterr);
}

enum ac_code
ac_reference_make(const struct ac_protocol *p, struct ac_str approver, const struct ac_clinic *clinic,
    const struct ac_zone *zone, struct ac_arena *a, struct ac_reference *ret, struct ac_err *reterr)
{
	struct ac_plan_input in = { .nprotocols = 1,
		.protocols = { { .protocol = p, .approver = approver } },
		.clinic = clinic,
		.zone = zone,
		.version = 1,
		.document_version = 1,
		.stage = AC_STAGE_FINAL };
	struct ac_handout_options sheet = {
		.asset_base = AC_S("/aftercare/assets/"), .issued_by = AC_S("Nobody"), .sheet = 1
	};
	struct ac_reference r = { 0 };
	struct ac_plan *plan;
	enum ac_code rc = make_plan(&in, a, &plan, reterr);

	if (rc != AC_OK)
		return rc;
	sheet.issued_at = in.issued_at;
	if ((rc = ac_plan_cda(plan, a, &r.document, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_handout_html(plan, &sheet, a, &r.handout, reterr)) != AC_OK)
		return rc;
	encode_record(&in, in.encounter->zone, a, &r.record);
	*ret = r;
	return AC_OK;
}

enum ac_code
ac_reference_sheet(const struct ac_protocol *p, struct ac_str language, const struct ac_clinic *clinic,
    const struct ac_zone *zone, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_plan_input in = { .nprotocols = 1,
		.protocols = { { .protocol = p } },
		.clinic = clinic,
		.zone = zone,
		.version = 1,
		.document_version = 1,
		.stage = AC_STAGE_PRELIMINARY };
	struct ac_handout_options sheet = {
		.language = language, .asset_base = AC_S("/aftercare/assets/"), .issued_at = AC_INSTANT_NONE
	};
	struct ac_plan *plan;
	enum ac_code rc = make_plan(&in, a, &plan, reterr);

	return rc != AC_OK ? rc : ac_handout_html(plan, &sheet, a, ret, reterr);
}
