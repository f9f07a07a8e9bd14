/* delivery_ack.c - what becomes of a delivery: acknowledged by the EHR. */
#include "core/intake_parts.h"

struct ack {
	const struct ac_actor *who;
	struct ac_str key, status, ehr_id;
};

/* done: it is there. failed: not now, offer it again. refused: the EHR will never take it; somebody must look. */
static enum ac_code
apply(struct ac_commit *c, const struct ack *k, struct ac_delivery_row *d, struct ac_err *reterr)
{
	bool is_done = ac_streq_c(d->status, "done");

	if (ac_streq_c(k->status, "done")) {
		if (is_done && ac_str_is_set(d->ehr_id) && ac_str_is_set(k->ehr_id) &&
		    !ac_streq(d->ehr_id, k->ehr_id))
			return ac_fail(
			    reterr, AC_ECONFLICT, "DELIVERY-STATE", "acknowledged before with another id");
		d->status = AC_S("done");
		if (ac_str_is_set(k->ehr_id))
			d->ehr_id = k->ehr_id;
		return AC_OK;
	}
	if (is_done)
		return ac_fail(reterr, AC_ECONFLICT, "DELIVERY-STATE", "it was acknowledged as done");
	if (!ac_streq_c(d->status, "pending"))
		return AC_OK; /* superseded: nothing depends on it any more */
	if (ac_streq_c(k->status, "refused"))
		d->status = AC_S("failed");
	else
		d->next_ms = c->now_ms + ac_delivery_backoff_ms(d->attempts);
	return AC_OK;
}

static enum ac_code
commit_ack(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct ack *k = arg;
	struct ac_delivery_row d;
	enum ac_code rc = ac_delivery_find(c->store, k->key, c->arena, &d, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_str_is_set(k->who->site) && !ac_streq(k->who->site, d.site))
		return ac_fail(reterr, AC_ENOTFOUND, "DELIVERY-UNKNOWN", "no delivery with this key");
	if ((rc = apply(c, k, &d, reterr)) != AC_OK || (rc = ac_delivery_set(c, &d, reterr)) != AC_OK)
		return rc;
	if (ac_streq_c(d.status, "pending"))
		rc = ac_delivery_hold_behind(c, &d, reterr);
	else
		rc = ac_store_run(c->store, AC_STMT_DELIVERY_RELEASE, NULL, NULL, reterr, AC_VINT(c->now_ms),
		    AC_VTEXT(d.site), AC_VTEXT(d.encounter), AC_VINT(d.seq), AC_VINT(c->now_ms));
	if (rc != AC_OK)
		return rc;
	struct ac_audit_entry e = { .action = "delivery",
		.kind = "delivery",
		.actor = k->who->user,
		.role = ac_str_c(ac_role_word(k->who->role)),
		.id = d.object,
		.version = d.version,
		.object = d.key,
		.outcome = ac_cstr(c->arena, k->status) };
	return ac_audit_append(c, &e, reterr);
}

enum ac_code
ac_delivery_ack(struct ac_worker *w, const struct ac_actor *who, struct ac_str key, struct ac_str status,
    struct ac_str ehr_id, struct ac_err *reterr)
{
	struct ack k = { who, key, status, ehr_id };

	if (!ac_streq_c(status, "done") && !ac_streq_c(status, "failed") && !ac_streq_c(status, "refused"))
		return ac_fail_at(reterr, AC_EINPUT, "DELIVERY-STATUS", 0, 0, "/status",
		    "status is done, failed or refused");
	if (ehr_id.n > ENC_ID_MAX)
		return ac_fail_at(reterr, AC_ELIMIT, "DELIVERY-ID", 0, 0, "/ehr_id",
		    "the id is longer than %d bytes", ENC_ID_MAX);
	return ac_committer_run(w->service->committer, commit_ack, &k, reterr);
}
