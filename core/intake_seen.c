/* intake_seen.c - an encounter with its answers, plans, tasks and deliveries, read in one store snapshot. */
#include "core/intake_parts.h"

static enum ac_code
read_encounter(struct ac_worker *w, struct ac_seen *s, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(
	    w->reader, AC_STMT_ENCOUNTER_GET, w->arena, &rows, reterr, AC_VTEXT(s->site), AC_VTEXT(s->id));
	if (rc != AC_OK || rows.n == 0)
		return rc;
	const struct ac_val *col = ac_row(&rows, 0);
	s->exists = true;
	s->patient = col[0].s;
	s->revision = col[1].i;
	if (!ac_val_sha(&col[2], &s->content) || !ac_val_sha(&col[3], &s->snapshot))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "encounter.snapshot is not a digest");
	s->status = col[4].s;
	s->outcome = col[5].s;
	s->updated_ms = col[6].i;
	s->nanswered = col[7].i;
	s->seq = col[8].i;
	s->first_ms = col[9].i;
	return AC_OK;
}

enum ac_code
ac_answers_of(struct ac_worker *w, struct ac_str site, struct ac_str encounter, struct ac_answer **ret,
    size_t *ret_n, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_answer *v;
	enum ac_code rc;

	rc = ac_rows_read(
	    w->reader, AC_STMT_ANSWER_LIST, w->arena, &rows, reterr, AC_VTEXT(site), AC_VTEXT(encounter));
	if (rc != AC_OK)
		return rc;
	v = ac_new(w->arena, struct ac_answer, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		AC_AUTO_T(json_object) list = NULL;
		struct ac_answer *a = &v[i];

		if (ac_json_parse(col[1].s, AC_JSON_SIZE_MAX, &list, reterr) != AC_OK ||
		    !json_object_is_type(list, json_type_array))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "answer.value is not a list");
		*a = (struct ac_answer){
			.name = col[0].s, .by = col[2].s, .by_role = col[3].s, .at_ms = col[4].i
		};
		a->values.n = json_object_array_length(list);
		a->values.v = ac_new(w->arena, struct ac_str, a->values.n);
		for (size_t k = 0; k < a->values.n; k++) {
			json_object *x = json_object_array_get_idx(list, k);
			a->values.v[k] = ac_str_dup(w->arena, (struct ac_str){ json_object_get_string(x),
								  (size_t)json_object_get_string_len(x) });
		}
	}
	*ret = v;
	*ret_n = rows.n;
	return AC_OK;
}

static enum ac_code
read_overrides(struct ac_worker *w, struct ac_seen_plan *p, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_override *v;
	enum ac_code rc = ac_rows_read(
	    w->reader, AC_STMT_OVERRIDE_LIST, w->arena, &rows, reterr, AC_VINT(p->full.first_leaf));

	if (rc != AC_OK || rows.n == 0)
		return rc;
	v = ac_new(w->arena, struct ac_override, rows.n);
	for (size_t i = 0; rc == AC_OK && i < rows.n; i++)
		rc = ac_override_decode(ac_row(&rows, i)[0].s, w->arena, &v[i], reterr);
	p->overrides = (struct ac_overrides){ v, rows.n };
	return rc;
}

static enum ac_code
read_plan(struct ac_worker *w, struct ac_seen_plan *p, struct ac_err *reterr)
{
	const struct ac_plan_row *row = &p->full.row;
	struct ac_rows rows;
	enum ac_code rc;

	if ((rc = ac_version_get(w, row->id, row->version, &p->latest, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_manifest_get(w, &p->latest.manifest, &p->manifest, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_tasks_of(w, row->id, &p->tasks, &p->ntasks, reterr)) != AC_OK ||
	    (rc = read_overrides(w, p, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_calls_of(w, row->id, &p->calls, &p->ncalls, reterr)) != AC_OK)
		return rc;
	if (row->issued_ms != 0 && (rc = ac_issues_of(w, row->id, &p->issues, &p->nissues, reterr)) != AC_OK)
		return rc;
	if (row->document_version == 0)
		return AC_OK;
	rc = ac_rows_read(w->reader, AC_STMT_DOCUMENT_ROW, w->arena, &rows, reterr, AC_VUUID(&row->id),
	    AC_VINT(row->document_version));
	if (rc != AC_OK)
		return rc;
	if (rows.n != 1)
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "a plan's document is not there");
	return ac_document_row_of(ac_row(&rows, 0), &p->document, reterr);
}

static enum ac_code
read_plans(struct ac_worker *w, struct ac_seen *s, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(w->reader, AC_STMT_PLAN_OF_ENCOUNTER, w->arena, &rows, reterr, AC_VTEXT(s->site),
	    AC_VTEXT(s->id));
	if (rc != AC_OK)
		return rc;
	s->plans = ac_new(w->arena, struct ac_seen_plan, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		struct ac_seen_plan *p = &s->plans[s->nplans++];
		if ((rc = ac_plan_row_of(ac_row(&rows, i), &p->full, reterr)) != AC_OK)
			return rc;
		if ((rc = read_plan(w, p, reterr)) != AC_OK)
			return rc;
	}
	return AC_OK;
}

enum ac_code
ac_delivery_row_of(const struct ac_val *col, struct ac_arena *a, struct ac_delivery_row *ret, struct ac_err *reterr)
{
	*ret = (struct ac_delivery_row){ .key = ac_delivery_key(a, col[2].s, col[3].s, col[4].i),
		.site = col[0].s,
		.encounter = col[1].s,
		.kind = col[2].s,
		.object = col[3].s,
		.version = col[4].i,
		.href = col[5].s,
		.status = col[7].s,
		.attempts = col[8].i,
		.next_ms = col[9].i,
		.created_ms = col[10].i,
		.ehr_id = col[11].s,
		.seq = col[12].i };
	ret->has_sha = col[6].type != AC_VAL_NULL;
	if (ret->has_sha && !ac_val_sha(&col[6], &ret->sha))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "delivery.sha256 is not a digest");
	return AC_OK;
}

static enum ac_code
read_deliveries(struct ac_worker *w, struct ac_seen *s, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read(w->reader, AC_STMT_CHANNEL_GET, w->arena, &rows, reterr, AC_VTEXT(s->site));

	if (rc != AC_OK || rows.n == 0)
		return rc;
	s->has_channel = true;
	rc = ac_rows_read(
	    w->reader, AC_STMT_DELIVERY_PENDING, w->arena, &rows, reterr, AC_VTEXT(s->site), AC_VTEXT(s->id));
	if (rc != AC_OK)
		return rc;
	s->pending = ac_new(w->arena, struct ac_delivery_row, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		if ((rc = ac_delivery_row_of(
			 ac_row(&rows, i), w->arena, &s->pending[s->npending++], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}

static enum ac_code
read_all(struct ac_worker *w, struct ac_seen *s, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read_n(w->reader, AC_STMT_LOG_HEAD_GET, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	s->log_ms = rows.n == 0 ? 0 : ac_row(&rows, 0)[2].i;
	if ((rc = read_encounter(w, s, reterr)) == AC_OK)
		rc = read_deliveries(w, s, reterr);
	if (rc != AC_OK || !s->exists)
		return rc;
	if (s->nanswered > 0 && (rc = ac_answers_of(w, s->site, s->id, &s->answers, &s->nanswers, reterr)) != AC_OK)
		return rc;
	return read_plans(w, s, reterr);
}

enum ac_code
ac_seen_load(struct ac_worker *w, struct ac_str site, struct ac_str encounter, struct ac_seen *ret,
    struct ac_err *reterr)
{
	enum ac_code rc;

	*ret = (struct ac_seen){ .site = site, .id = encounter };
	if ((rc = w->reader->ops->begin_read(w->reader, reterr)) != AC_OK)
		return rc;
	rc = read_all(w, ret, reterr);
	w->reader->ops->rollback(w->reader);
	return rc;
}

const struct ac_seen_plan *
ac_seen_plan_of(const struct ac_seen *s, struct ac_str patient)
{
	for (size_t i = 0; i < s->nplans; i++)
		if (ac_streq(s->plans[i].full.row.patient, patient))
			return &s->plans[i];
	return NULL;
}

enum ac_code
ac_seen_remake(struct ac_worker *w, const struct ac_seen_plan *p, struct ac_plan **ret, struct ac_err *reterr)
{
	struct ac_plan_input *in;
	enum ac_code rc = ac_manifest_input(w, &p->manifest, &in, reterr);

	if (rc != AC_OK)
		return rc;
	return ac_plan_make(in, w->arena, ret, reterr);
}

enum ac_code
ac_seen_version(struct ac_worker *w, const struct ac_seen_plan *p, int64_t version, struct ac_plan **ret,
    struct ac_err *reterr)
{
	struct ac_version_row row;
	struct ac_manifest m;
	struct ac_plan_input *in;
	enum ac_code rc;

	if (version == p->full.row.version)
		return ac_seen_remake(w, p, ret, reterr);
	if ((rc = ac_version_get(w, p->full.row.id, version, &row, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_manifest_get(w, &row.manifest, &m, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_manifest_input(w, &m, &in, reterr)) != AC_OK)
		return rc;
	return ac_plan_make(in, w->arena, ret, reterr);
}

enum ac_code
ac_plan_named(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid id, struct ac_plan_full *ret,
    struct ac_err *reterr)
{
	struct ac_rows rows;
	bool is_open;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_GET, w->arena, &rows, reterr, AC_VUUID(&id));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = ac_plan_row_of(ac_row(&rows, 0), ret, reterr)) != AC_OK)
		return rc;
	if (ac_str_is_set(who->site) && !ac_streq(who->site, ret->row.site))
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	const struct ac_plan_row *p = &ret->row;
	rc = ac_visit_is_open_to(w, who, &(struct ac_visit_key){ p->site, p->encounter, p->patient, p->id }, &is_open, reterr);
	if (rc == AC_OK && !is_open)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	return rc;
}
