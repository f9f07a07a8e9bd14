/* on_encounter.c - PUT /aftercare/v1/encounters/{site}/{id}: one snapshot. */
#include "core/intake.h"
#include "hl7/snapshot.h"
#include "plugin/auth.h"
#include "plugin/routes.h"

/* Who is bound to a patient does not take another's visit by naming their own. */
static enum ac_code
authorize_stored(struct ac_http *h, const struct encounter *e, struct ac_err *reterr)
{
	struct ac_encounter_row row;
	enum ac_code rc;

	if (h->who.patient.n == 0)
		return AC_OK;
	rc = ac_encounter_get(h->w, e->site, e->id, &row, reterr);
	if (rc == AC_ENOTFOUND)
		return AC_OK;
	return rc != AC_OK ? rc : ac_authorize_object(&h->who, e->site, row.patient, e->id, reterr);
}

enum ac_code
ac_on_encounter_put(struct ac_http *h, struct ac_err *reterr)
{
	struct encounter *e;
	struct enc_warnings warnings = { 0 };
	struct ac_intake in = { 0 };
	enum ac_code rc;

	if ((rc = enc_snapshot_decode(h->body, h->w->arena, &e, &warnings, reterr)) != AC_OK)
		return rc;
	if (!ac_streq(e->site, h->capture[0]))
		return ac_fail_at(reterr, AC_EINPUT, "ENC-MISMATCH", 0, 0, "/source/site", "the URL names another site");
	if (!ac_streq(e->id, h->capture[1]))
		return ac_fail_at(reterr, AC_EINPUT, "ENC-MISMATCH", 0, 0, "/encounter/id", "the URL names another encounter");
	if ((rc = ac_authorize_object(&h->who, e->site, e->patient.id, e->id, reterr)) != AC_OK)
		return rc;
	if ((rc = authorize_stored(h, e, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_intake_put(h->w, &h->who, e, &warnings, &in, reterr)) != AC_OK)
		return rc;
	h->status = in.outcome == AC_OUT_CREATED ? 201 : 200;
	ac_buf_add(&h->out, in.json);
	return AC_OK;
}
