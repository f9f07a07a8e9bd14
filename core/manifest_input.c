/* manifest_input.c - everything that a manifest names, read and parsed: what a plan is made from again. */
#include "core/manifest.h"
#include "core/others.h"
#include "core/plan_state.h"
#include "core/products.h"
#include "core/service_parts.h"
#include "hl7/snapshot.h"

enum ac_code
ac_snapshot_get(
    struct ac_worker *w, const struct ac_sha256 *sha, struct encounter **ret, struct ac_err *reterr)
{
	struct enc_warnings warnings;
	struct ac_str json;
	enum ac_code rc = ac_blob_get(w->reader, sha, w->service->dictionaries, w->arena, &json, reterr);

	if (rc != AC_OK)
		return rc;
	return enc_snapshot_decode(json, w->arena, ret, &warnings, reterr);
}

static enum ac_code
read_answers(
    struct ac_worker *w, const struct ac_manifest *m, struct ac_plan_input *in, struct ac_err *reterr)
{
	struct ac_answer *answers;
	struct ac_str json;
	enum ac_code rc;

	if (!m->has_answers)
		return AC_OK;
	rc = ac_blob_get(w->reader, &m->answers, w->service->dictionaries, w->arena, &json, reterr);
	if (rc != AC_OK)
		return rc;
	if ((rc = ac_answers_decode(json, w->arena, &answers, &in->nanswers, reterr)) != AC_OK)
		return rc;
	in->answers = answers;
	return AC_OK;
}

static enum ac_code
read_calls(struct ac_worker *w, const struct ac_manifest *m, struct ac_plan_input *in, struct ac_err *reterr)
{
	struct ac_call *calls;
	struct ac_str json;
	enum ac_code rc;

	if (!m->has_calls)
		return AC_OK;
	rc = ac_blob_get(w->reader, &m->calls, w->service->dictionaries, w->arena, &json, reterr);
	if (rc != AC_OK || (rc = ac_calls_decode(json, w->arena, &calls, &in->ncalls, reterr)) != AC_OK)
		return rc;
	in->calls = calls;
	return AC_OK;
}

static enum ac_code
read_overrides(
    struct ac_worker *w, const struct ac_manifest *m, struct ac_plan_input *in, struct ac_err *reterr)
{
	struct ac_str json;
	enum ac_code rc;

	if (!m->has_overrides)
		return AC_OK;
	rc = ac_blob_get(w->reader, &m->overrides, w->service->dictionaries, w->arena, &json, reterr);
	return rc == AC_OK ? ac_overrides_decode(json, w->arena, &in->overrides, reterr) : rc;
}

static enum ac_code
read_others(struct ac_worker *w, const struct ac_manifest *m, struct ac_plan_input *in, struct ac_err *reterr)
{
	struct ac_other_plan *v = ac_new(w->arena, struct ac_other_plan, m->nothers);
	enum ac_code rc;

	for (size_t i = 0; i < m->nothers; i++) {
		v[i] = m->others[i];
		if ((rc = ac_other_load(w, &v[i], reterr)) != AC_OK)
			return rc;
	}
	in->others = v;
	in->nothers = m->nothers;
	return AC_OK;
}

enum ac_code
ac_manifest_input(
    struct ac_worker *w, const struct ac_manifest *m, struct ac_plan_input **ret, struct ac_err *reterr)
{
	struct ac_plan_input *in = ac_new(w->arena, struct ac_plan_input, 1);
	struct encounter *e;
	enum ac_code rc;

	if ((rc = ac_snapshot_get(w, &m->snapshot, &e, reterr)) != AC_OK)
		return rc;
	in->encounter = e;
	if ((rc = read_answers(w, m, in, reterr)) != AC_OK || (rc = read_calls(w, m, in, reterr)) != AC_OK ||
	    (rc = read_overrides(w, m, in, reterr)) != AC_OK || (rc = read_others(w, m, in, reterr)) != AC_OK)
		return rc;
	in->encounter = ac_products_answered(e, in->answers, in->nanswers, w->arena);
	for (size_t i = 0; i < m->nprotocols; i++) {
		if ((rc = ac_service_protocol(
			 w, &m->protocols[i].version, &in->protocols[i].protocol, reterr)) != AC_OK)
			return rc;
		in->protocols[i].approver = m->protocols[i].approver;
		in->protocols[i].solo = m->protocols[i].solo;
	}
	in->nprotocols = m->nprotocols;
	if ((rc = ac_worker_clinic(w, m->has_clinic ? &m->clinic : NULL, &in->clinic, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_worker_zone(w, m->zone, &m->tzif, &in->zone, reterr)) != AC_OK)
		return rc;
	in->made_at = m->made_at;
	in->issued_at = m->issued_at;
	in->issued_anchor = m->issued_anchor;
	in->issued_ends = m->issued_ends;
	in->nissued_ends = m->nissued_ends;
	in->prior = m->prior;
	in->nprior = m->nprior;
	in->id_root = m->id_root;
	in->keeps_first_hour = !m->begins_open;
	in->ignores_booked = !m->booked_gap;
	in->version = m->version;
	in->stage = m->stage;
	in->state = m->state;
	in->revoked = m->revoked;
	in->revoke_reason = m->revoke_reason;
	in->document_version = m->document_version;
	in->former_document_version = m->former_document_version;
	in->confirmed_at = m->confirmed_at;
	*ret = in;
	return AC_OK;
}
