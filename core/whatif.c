/* whatif.c - inputs of plans of stored visits. */
#include "core/whatif.h"

#include <string.h>

#include "base/utf8.h"
#include "core/manifest.h"
#include "core/products.h"
#include "core/record_parts.h"
#include "core/service_parts.h"

void
ac_whatif_init(
    struct ac_whatif *x, struct ac_worker *w, const struct ac_config *config, struct ac_arena *kept)
{
	*x = (struct ac_whatif){ .w = w, .config = config, .kept = kept };
	x->no_clinic.live_since = AC_INSTANT_NONE;
}

enum ac_code
ac_whatif_zone(struct ac_whatif *x, struct ac_str name, const struct ac_zone **ret, struct ac_err *reterr)
{
	struct ac_str tzif;
	struct ac_sha256 unused;
	struct ac_err why = { 0 };
	enum ac_code rc;

	if (x->w != NULL) {
		if ((rc = ac_worker_zone_now(x->w, name, ret, &unused, &tzif, &why)) == AC_OK)
			return AC_OK;
		if (why.rule == NULL || strcmp(why.rule, "ZONE-UNKNOWN") != 0)
			return ac_fail(reterr, rc, why.rule, "%s", why.msg);
		return ac_fail(reterr, AC_ENOTFOUND, "ZONE-UNKNOWN",
		    "the time zone %.*s is not installed here (tzdata), and no plan of the visit recorded it",
		    AC_FMT(ac_utf8_head(name, 40)));
	}
	for (size_t i = 0; i < x->zones.n; i++)
		if (ac_streq(ac_zone_name(x->zones.v[i]), name)) {
			*ret = x->zones.v[i];
			return AC_OK;
		}
	name = ac_str_dup(x->kept, name);
	if ((rc = ac_zone_read(name, NULL, x->kept, &tzif, reterr)) != AC_OK ||
	    (rc = ac_zone_open(name, tzif, x->kept, ret, reterr)) != AC_OK)
		return rc;
	AC_PUSH(x->kept, &x->zones, *ret);
	return AC_OK;
}

struct visits {
	struct ac_arena *a;
	AC_VEC(struct ac_visit) v;
};

static enum ac_code
on_visit(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct visits *to = arg;
	struct ac_visit v = { 0 };

	if (n != 10 || !ac_val_sha(&c[3], &v.snapshot))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "encounter.snapshot is not a digest");
	v.site = ac_str_dup(to->a, c[0].s);
	v.id = ac_str_dup(to->a, c[1].s);
	v.patient = ac_str_dup(to->a, c[2].s);
	v.outcome = ac_str_dup(to->a, c[4].s);
	v.answers = c[5].i;
	v.updated_ms = c[6].i;
	v.issued_ms = c[7].type == AC_VAL_NULL ? 0 : c[7].i;
	v.issued_anchor = c[8].type == AC_VAL_NULL ? 0 : c[8].i;
	v.has_plan = c[9].type != AC_VAL_NULL;
	if (v.has_plan && !ac_val_sha(&c[9], &v.manifest))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan_version.manifest is not a digest");
	AC_PUSH(to->a, &to->v, v);
	return AC_OK;
}

enum ac_code
ac_visits(struct ac_worker *w, int64_t since_ms, size_t max, struct ac_visit **ret, size_t *ret_n,
    struct ac_err *reterr)
{
	struct visits all = { .a = w->arena };
	int64_t limit = max == 0 || max > AC_WHATIF_VISITS_MAX ? AC_WHATIF_VISITS_MAX : (int64_t)max;
	enum ac_code rc = ac_store_run(
	    w->reader, AC_STMT_WHATIF_VISITS, on_visit, &all, reterr, AC_VINT(since_ms), AC_VINT(limit));

	if (rc != AC_OK)
		return rc;
	*ret = all.v.v;
	*ret_n = all.v.n;
	return AC_OK;
}

enum ac_code
ac_visit_find(
    struct ac_worker *w, struct ac_str site, struct ac_str id, struct ac_visit *ret, struct ac_err *reterr)
{
	struct visits all = { .a = w->arena };
	enum ac_code rc = ac_store_run(
	    w->reader, AC_STMT_WHATIF_VISIT, on_visit, &all, reterr, AC_VTEXT(site), AC_VTEXT(id));

	if (rc != AC_OK)
		return rc;
	if (all.v.n == 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "ENCOUNTER-UNKNOWN", "no snapshot of this encounter was received");
	*ret = all.v.v[0];
	return AC_OK;
}

/* The bytes that the visit's plan was made with, as when it is planned again; else those that are installed now. */
static enum ac_code
zone_of(struct ac_whatif *x, const struct ac_visit *v, struct ac_str name, const struct ac_zone **ret,
    struct ac_err *reterr)
{
	struct ac_manifest m;
	enum ac_code rc;

	if (v->has_plan) {
		if ((rc = ac_manifest_get(x->w, &v->manifest, &m, reterr)) != AC_OK)
			return rc;
		if (ac_streq(m.zone, name))
			return ac_worker_zone(x->w, name, &m.tzif, ret, reterr);
	}
	return ac_whatif_zone(x, name, ret, reterr);
}

enum ac_code
ac_whatif_stored(
    struct ac_whatif *x, const struct ac_visit *v, struct ac_plan_input *ret, struct ac_err *reterr)
{
	struct encounter *e;
	struct ac_answer *answers = NULL;
	struct ac_plan_input in = { .version = 1, .document_version = 1, .id_root = x->config->id_root };
	enum ac_code rc;

	if ((rc = ac_snapshot_get(x->w, &v->snapshot, &e, reterr)) != AC_OK)
		return rc;
	if (v->answers > 0 &&
	    (rc = ac_answers_of(x->w, v->site, v->id, &answers, &in.nanswers, reterr)) != AC_OK)
		return rc;
	if ((rc = zone_of(x, v, e->zone, &in.zone, reterr)) != AC_OK)
		return rc;
	in.answers = answers;
	in.encounter = ac_products_answered(e, in.answers, in.nanswers, x->w->arena);
	in.clinic = x->config->clinic != NULL ? x->config->clinic : &x->no_clinic;
	in.made_at = ac_service_now_ms(x->w->service) / 1000;
	in.issued_at = v->issued_ms == 0 ? AC_INSTANT_NONE : v->issued_ms / 1000;
	in.issued_anchor = v->issued_anchor;
	*ret = in;
	return AC_OK;
}

enum ac_code
ac_whatif_recorded(
    struct ac_whatif *x, const struct ac_visit *v, struct ac_plan_input *in, struct ac_err *reterr)
{
	struct ac_plan_input *was;
	struct ac_manifest m;
	enum ac_code rc;

	if (!v->has_plan)
		return AC_OK;
	if ((rc = ac_manifest_get(x->w, &v->manifest, &m, reterr)) != AC_OK ||
	    (rc = ac_manifest_input(x->w, &m, &was, reterr)) != AC_OK)
		return rc;
	in->issued_ends = was->issued_ends;
	in->nissued_ends = was->nissued_ends;
	in->calls = was->calls;
	in->ncalls = was->ncalls;
	in->others = was->others;
	in->nothers = was->nothers;
	in->overrides = was->overrides;
	in->prior = was->prior;
	in->nprior = was->nprior;
	return AC_OK;
}

static void
try_protocol(
    struct ac_whatif *x, const struct ac_protocol *p, const struct ac_active *a, struct ac_plan_input *in)
{
	if (in->nprotocols == AC_PLAN_PROTOCOLS_MAX ||
	    ac_plan_match(in->encounter, in->answers, in->nanswers, p, x->w->arena) == AC_MATCH_NONE)
		return;
	in->protocols[in->nprotocols++] = (struct ac_plan_protocol){ .protocol = p,
		.approver = a == NULL ? (struct ac_str){ 0 } : a->approver,
		.solo = a != NULL && a->solo };
}

void
ac_whatif_protocols(struct ac_whatif *x, const struct ac_protocol *instead, struct ac_plan_input *in)
{
	in->nprotocols = 0;
	if (instead != NULL)
		try_protocol(x, instead, NULL, in);
	for (size_t i = 0; i < x->config->nactive; i++) {
		const struct ac_active *a = &x->config->active[i];
		if (instead == NULL || !ac_streq(a->protocol->id, instead->id))
			try_protocol(x, a->protocol, a, in);
	}
}
