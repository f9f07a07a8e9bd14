/* others.c - see others.h. */
#include "core/others.h"

#include "base/log.h"
#include "core/manifest.h"
#include "core/record_parts.h"
#include "core/series.h"
#include "core/service_parts.h"

#define ROWS_MAX 50 /* plans of one patient that are looked at, the newest first */

enum ac_code
ac_other_load(struct ac_worker *w, struct ac_other_plan *o, struct ac_err *reterr)
{
	struct ac_plan_input *in;
	struct ac_manifest m;
	struct ac_plan *p;
	enum ac_code rc = ac_manifest_get(w, &o->manifest, &m, reterr);

	if (rc != AC_OK)
		return rc;
	m.nothers = 0;
	if ((rc = ac_manifest_input(w, &m, &in, reterr)) != AC_OK || (rc = ac_plan_make(in, w->arena, &p, reterr)) != AC_OK)
		return rc;
	o->plan = p;
	return AC_OK;
}

static bool
was_counted(const struct ac_others_ask *ask, struct ac_uuid id)
{
	for (size_t i = 0; i < ask->ncounted; i++)
		if (memcmp(&ask->counted[i].id, &id, sizeof(id)) == 0)
			return true;
	return false;
}

static bool
is_running(const struct ac_plan *p, int64_t now)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].def->kind == AC_RESTRICTION &&
		    (p->lines[i].until == AC_INSTANT_NONE || p->lines[i].until > now))
			return true;
	return false;
}

static bool
may_count(const struct ac_others_ask *ask, const struct ac_plan_row *r)
{
	if (ac_streq(r->encounter, ask->encounter) || r->anchor >= ask->before ||
	    ac_streq_c(r->status, "revoked") || ac_streq_c(r->status, "entered-in-error"))
		return false;
	return ac_streq_c(r->status, "active") || ac_streq_c(r->status, "on-hold") || was_counted(ask, r->id);
}

enum ac_code
ac_others_find(struct ac_worker *w, const struct ac_others_ask *ask, struct ac_others *ret, struct ac_err *reterr)
{
	struct ac_plan_rows rows;
	enum ac_code rc = ac_plan_list(w, ask->site, ask->patient, NULL, ROWS_MAX, &rows, reterr);

	*ret = (struct ac_others){ 0 };
	if (rc != AC_OK)
		return rc;
	ret->v = ac_new(w->arena, struct ac_other_plan, AC_OTHER_PLANS_MAX);
	for (size_t i = 0; i < rows.n && ret->n < AC_OTHER_PLANS_MAX; i++) {
		const struct ac_plan_row *r = &rows.v[i];
		struct ac_other_plan o = { .id = r->id, .version = (uint32_t)r->version };
		struct ac_version_row version;
		struct ac_err damaged = { 0 };

		if (!may_count(ask, r))
			continue;
		if ((rc = ac_version_get(w, r->id, r->version, &version, reterr)) != AC_OK)
			return rc;
		o.manifest = version.manifest;
		rc = ac_other_load(w, &o, &damaged);
		if (rc == AC_EINTEGRITY) { /* another visit's damage keeps no patient from a plan; audit verify finds it */
			ac_log_err(AC_LOG_ERR, "another plan of a patient cannot be read and does not count", &damaged);
			continue;
		}
		if (rc != AC_OK) {
			if (reterr != NULL)
				*reterr = damaged;
			return rc;
		}
		if (was_counted(ask, r->id) || is_running(o.plan, ask->now))
			ret->v[ret->n++] = o;
	}
	return AC_OK;
}

/* As if it were done now. */
static const struct encounter *
done_now(const struct encounter *e, int64_t now, struct ac_arena *a)
{
	struct encounter *x = ac_new(a, struct encounter, 1);
	struct enc_procedure *procs = ac_new(a, struct enc_procedure, e->nprocedures);

	*x = *e;
	x->status = ENC_IN_PROGRESS;
	for (size_t i = 0; i < e->nprocedures; i++) {
		procs[i] = e->procedures[i];
		if (procs[i].status == ENC_PROC_CANCELLED)
			continue;
		procs[i].status = ENC_PROC_PERFORMED;
		procs[i].performed = (struct ac_stamp){ .t = now, .precision = 14 };
	}
	x->procedures = procs;
	x->end = (struct ac_stamp){ .t = now, .precision = 14 };
	return x;
}

static enum ac_code
prior_of(struct ac_worker *w, const struct encounter *e, struct ac_plan_input *in, struct ac_err *reterr)
{
	struct ac_str protocols[AC_PLAN_PROTOCOLS_MAX];
	struct ac_session_rows all;
	enum ac_code rc = ac_series_sessions(w, e->site, e->patient.id, e->id, (struct ac_str){ 0 }, in->made_at, &all, reterr);

	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < in->nprotocols; i++)
		protocols[i] = in->protocols[i].protocol->id;
	in->nprior = ac_series_prior(&all, protocols, in->nprotocols, w->arena, &in->prior);
	return AC_OK;
}

enum ac_code
ac_plan_ahead(struct ac_worker *w, const struct encounter *e, const struct ac_plan **ret, struct ac_err *reterr)
{
	int64_t now = ac_service_now_ms(w->service) / 1000;
	const struct encounter *x = done_now(e, now, w->arena);
	struct ac_plan_input *in = ac_new(w->arena, struct ac_plan_input, 1);
	struct ac_others_ask ask = { e->site, e->patient.id, e->id, now, now, NULL, 0 };
	struct ac_others others;
	struct ac_sha256 tzif;
	struct ac_str bytes = { 0 };
	struct ac_plan *p;
	enum ac_code rc;

	*ret = NULL;
	*in = (struct ac_plan_input){
		.encounter = x, .made_at = now, .issued_at = AC_INSTANT_NONE, .id_root = w->config->id_root, .version = 1
	};
	for (size_t i = 0; i < w->config->nactive && in->nprotocols < AC_PLAN_PROTOCOLS_MAX; i++)
		if (ac_plan_match(x, NULL, 0, w->config->active[i].protocol, w->arena) != AC_MATCH_NONE)
			in->protocols[in->nprotocols++].protocol = w->config->active[i].protocol;
	if (in->nprotocols == 0)
		return AC_OK;
	in->clinic = w->config->clinic;
	if (in->clinic == NULL && (rc = ac_worker_clinic(w, NULL, &in->clinic, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_worker_zone_now(w, x->zone, &in->zone, &tzif, &bytes, reterr)) != AC_OK ||
	    (rc = ac_others_find(w, &ask, &others, reterr)) != AC_OK || (rc = prior_of(w, x, in, reterr)) != AC_OK)
		return rc;
	in->others = others.v;
	in->nothers = others.n;
	if ((rc = ac_plan_make(in, w->arena, &p, reterr)) != AC_OK)
		return rc;
	*ret = p;
	return AC_OK;
}
