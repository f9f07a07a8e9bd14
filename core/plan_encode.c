/*
 * plan_encode.c - a plan as canonical JSON, and the three digests that tell whether a new version is due.
 *
 * Rules   members in fixed order, absent ones left out, times with the zone's offset, no number that is not an integer:
 *         the bytes depend on the plan alone. What is hashed names lines by key and windows by instant; their wording
 *         is covered by the hashes of the protocols. Warnings, missing facts and header data (addresses, telephone
 *         numbers, ids of rows in the chart) make no new version.
 */
#include "core/plan_write.h"

static void
for_the_clinician(struct ac_plan_out *o, const struct ac_plan *p)
{
	ac_out_list(o, "warnings");
	for (size_t i = 0; i < p->nwarnings; i++) {
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "rule", ac_str_c(p->warnings[i].rule));
		ac_jw_kstr(&o->w, "text", p->warnings[i].text);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
	ac_out_list(o, "missing_facts");
	for (size_t i = 0; i < p->nmissing; i++) {
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "path", p->missing[i].path);
		if (p->missing[i].def != NULL)
			ac_jw_kstr(&o->w, "label", ac_out_english(p->missing[i].def->label));
		ac_jw_kbool(&o->w, "required", p->missing[i].required);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
identity_members(struct ac_plan_out *o, const struct ac_plan *p)
{
	const struct ac_plan_input *in = p->in;

	ac_jw_kstr(&o->w, "schema", AC_S("aftercare/plan/1"));
	ac_jw_kstr(&o->w, "id", ac_uuid_str(o->a, p->id));
	ac_jw_kint(&o->w, "version", in->version);
	ac_jw_kstr(&o->w, "status", ac_str_c(ac_plan_status_word(p->status)));
	ac_jw_kstr(&o->w, "stage", ac_str_c(ac_plan_stage_word(in->stage)));
	if (in->revoked)
		ac_jw_kstr(&o->w, "revoke_reason", in->revoke_reason);
	else if (in->state.is_set)
		ac_jw_kstr(&o->w, "status_reason", in->state.reason);
	ac_out_time(o, "made_at", in->made_at);
	ac_out_time(o, "issued_at", in->issued_at);
	if (in->document_version > 0) {
		ac_out_object(o, "document");
		ac_jw_kstr(&o->w, "id", ac_uuid_str(o->a, p->document_id));
		ac_jw_kint(&o->w, "version", in->document_version);
		if (in->former_document_version > 0)
			ac_jw_kint(&o->w, "replaces", in->former_document_version);
		ac_jw_end_obj(&o->w);
	}
}

static void
open_out(struct ac_plan_out *o, struct ac_buf *b, const struct ac_plan *p, struct ac_arena *a, size_t first)
{
	o->a = a;
	o->z = p->in->zone;
	ac_buf_init(b, a, first, 0);
	ac_jw_init(&o->w, b);
}

struct ac_str
ac_plan_encode(const struct ac_plan *p, struct ac_arena *a)
{
	const struct encounter *e = p->in->encounter;
	struct ac_buf b;
	struct ac_plan_out o;

	open_out(&o, &b, p, a, 16 * 1024);
	ac_jw_obj(&o.w);
	identity_members(&o, p);
	ac_out_object(&o, "encounter");
	ac_jw_kstr(&o.w, "site", e->site);
	ac_jw_kstr(&o.w, "id", e->id);
	ac_jw_kstr(&o.w, "status", ac_str_c(enc_status_word(e->status)));
	ac_jw_end_obj(&o.w);
	ac_out_object(&o, "patient");
	ac_out_patient(&o, &e->patient);
	ac_jw_end_obj(&o.w);
	ac_out_object(&o, "signer");
	ac_out_signer(&o, e);
	ac_jw_end_obj(&o.w);
	ac_out_clinical(&o, p, true);
	for_the_clinician(&o, p);
	ac_jw_end_obj(&o.w);
	return ac_buf_str(&b);
}

enum part { PART_CLINICAL, PART_PATIENT, PART_SIGNER, PARTS };

static struct ac_str
part(const struct ac_plan *p, enum part which, struct ac_arena *a)
{
	const struct encounter *e = p->in->encounter;
	struct ac_buf b;
	struct ac_plan_out o;

	open_out(&o, &b, p, a, 4096);
	ac_jw_obj(&o.w);
	if (which == PART_PATIENT) {
		ac_out_patient(&o, &e->patient);
	} else if (which == PART_SIGNER) {
		ac_out_signer(&o, e);
	} else {
		ac_jw_kstr(&o.w, "status", ac_str_c(ac_plan_status_word(p->status)));
		if (p->in->revoked)
			ac_jw_kstr(&o.w, "revoke_reason", p->in->revoke_reason);
		ac_out_clinical(&o, p, false);
	}
	ac_jw_end_obj(&o.w);
	return ac_buf_str(&b);
}

void
ac_plan_content_hash(const struct ac_plan *p, struct ac_arena *a, struct ac_sha256 *ret)
{
	struct ac_sha256 each[PARTS];

	for (int i = 0; i < PARTS; i++)
		ac_sha256(part(p, (enum part)i, a), &each[i]);
	ac_sha256((struct ac_str){ (const char *)each, sizeof(each) }, ret);
}

unsigned
ac_plan_changed(const struct ac_plan *before, const struct ac_plan *now, struct ac_arena *a)
{
	static const unsigned bits[PARTS] = { AC_CHANGED_CLINICAL, AC_CHANGED_PATIENT, AC_CHANGED_SIGNER };
	unsigned changed = 0;

	for (int i = 0; i < PARTS; i++)
		if (!ac_streq(part(before, (enum part)i, a), part(now, (enum part)i, a)))
			changed |= bits[i];
	return changed;
}
