/* event.c - see event.h. */
#include "core/event.h"
#include "core/intake_parts.h"

static struct ac_val
text_or_null(struct ac_str s)
{
	return ac_str_is_set(s) ? AC_VTEXT(s) : AC_VNULL;
}

static struct ac_str
text_or_first(struct ac_str s)
{
	return ac_str_is_set(s) ? s : AC_S("");
}

enum ac_code
ac_event_list(struct ac_worker *w, const struct ac_event_query *q, struct ac_event_rows *ret, struct ac_err *reterr)
{
	struct ac_val site = text_or_null(q->site), outcome = text_or_null(q->outcome);
	struct ac_str after = text_or_first(ac_str_is_set(q->after_site) ? q->after_site : q->site);
	size_t limit = q->limit == 0 || q->limit > AC_LIST_MAX ? AC_LIST_MAX : q->limit;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_ENCOUNTER_LIST, w->arena, &rows, reterr, AC_VTEXT(after),
	    AC_VTEXT(after), AC_VTEXT(text_or_first(q->after_encounter)), site, site, outcome, outcome,
	    AC_VINT(q->since_ms), AC_VINT((int64_t)limit));

	if (rc != AC_OK)
		return rc;
	ret->v = ac_new(w->arena, struct ac_event_row, rows.n);
	ret->n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);

		ret->v[i] = (struct ac_event_row){ .site = col[0].s,
			.encounter = col[1].s,
			.patient = col[2].s,
			.revision = col[3].i,
			.status = col[4].s,
			.outcome = col[5].s,
			.updated_ms = col[6].i,
			.first_ms = col[7].i };
	}
	return AC_OK;
}

enum ac_code
ac_event_snapshot(struct ac_worker *w, struct ac_str site, struct ac_str encounter,
    struct ac_encounter_row *ret_row, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_encounter_row row;
	enum ac_code rc = ac_encounter_get(w, site, encounter, &row, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = enc_snapshot_encode(row.encounter, true, w->arena);
	*ret_row = row;
	return AC_OK;
}

enum ac_code
ac_event_replay(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, struct ac_str encounter,
    struct ac_life_how how, struct ac_intake *ret, struct ac_err *reterr)
{
	struct ac_encounter_row row;
	struct enc_warnings warnings = { 0 };
	struct encounter *e;
	struct ac_str json;
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	if (rc == AC_OK)
		rc = ac_event_snapshot(w, site, encounter, &row, &json, reterr);
	/* through the same door as one that the EHR sends */
	if (rc != AC_OK || (rc = enc_snapshot_decode(json, w->arena, &e, &warnings, reterr)) != AC_OK)
		return rc;
	if (how.dry_run) {
		*ret = (struct ac_intake){ .outcome = AC_OUT_UNCHANGED };
		return AC_OK;
	}
	/* on record before it is done: what the intake writes does not say that a person asked for it, and why */
	struct ac_audit_entry asked = { .action = "event",
		.kind = "encounter",
		.patient = row.patient,
		.object = ac_strf(w->arena, "%.*s/%.*s", AC_FMT(site), AC_FMT(encounter)),
		.reason = how.reason,
		.outcome = "replay" };
	rc = ac_service_log_entry(w, who, &asked, reterr);
	if (rc != AC_OK || (rc = ac_intake_put(w, who, e, &warnings, ret, reterr)) != AC_OK)
		return rc;
	if (ret->outcome != AC_OUT_UNCHANGED)
		return ac_fail(reterr, AC_EINTEGRITY, "EVENT-REPLAY",
		    "it came out as %s and not as unchanged", ac_outcome_word(ret->outcome));
	return AC_OK;
}

enum ac_code
ac_event_backfill(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, struct ac_str encounter,
    bool documents_only, struct ac_life_how how, struct ac_intake *ret, struct ac_err *reterr)
{
	struct ac_job job = { .cause = AC_CAUSE_BACKFILL,
		.who = who,
		.site = site,
		.encounter = encounter,
		.documents_only = documents_only,
		.dry_run = how.dry_run };
	struct ac_encounter_row row;
	struct ac_intake_work *k;
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	if (rc != AC_OK || (rc = ac_encounter_get(w, site, encounter, &row, reterr)) != AC_OK)
		return rc;
	if (!ac_streq_c(row.outcome, ac_outcome_word(AC_OUT_BEFORE_GO_LIVE)))
		return ac_fail(reterr, AC_ECONFLICT, "EVENT-BACKFILL", "the visit came out as %.*s, not as before-go-live",
		    AC_FMT(row.outcome));
	struct ac_audit_entry asked = { .action = "event",
		.kind = "encounter",
		.patient = row.patient,
		.object = ac_strf(w->arena, "%.*s/%.*s", AC_FMT(site), AC_FMT(encounter)),
		.reason = how.reason,
		.outcome = "backfill" };
	if (!how.dry_run && (rc = ac_service_log_entry(w, who, &asked, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_intake_run(w, &job, &k, reterr)) != AC_OK)
		return rc;
	return ac_intake_json(k, NULL, ret, reterr);
}
