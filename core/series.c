/* series.c - see series.h: reading. */
#include <stdlib.h>

#include "base/log.h"
#include "core/intake_parts.h"
#include "core/series.h"

static struct enc_strs
value_of(const struct ac_session_row *s, struct ac_str name)
{
	for (size_t i = 0; i < s->chart->nfacts; i++)
		if (ac_streq(s->chart->facts[i].name, name))
			return s->chart->facts[i].s;
	for (size_t i = 0; i < s->nanswers; i++)
		if (ac_streq(s->answers[i].name, name))
			return s->answers[i].values;
	return (struct enc_strs){ 0 };
}

static int32_t
number_of(const struct ac_session_row *s, const char *name)
{
	struct enc_strs v = value_of(s, ac_str_c(name));
	int64_t n;

	return v.n == 1 && ac_str_int(v.v[0], 1, 1000, &n) ? (int32_t)n : 0;
}

static void
lots_of(struct ac_session_row *s, struct ac_arena *a)
{
	size_t max = 0;

	for (size_t i = 0; i < s->chart->nprocedures; i++)
		max += s->chart->procedures[i].nproducts;
	s->lots = ac_new(a, struct ac_lot_used, max);
	for (size_t i = 0; i < s->chart->nprocedures; i++) {
		const struct enc_procedure *p = &s->chart->procedures[i];
		for (size_t k = 0; p->status == ENC_PROC_PERFORMED && k < p->nproducts; k++)
			s->lots[s->nlots++] = (struct ac_lot_used){ p->products[k].name, p->products[k].lot,
				p->products[k].expires };
	}
}

static bool
is_of(const struct ac_session_row *s, struct ac_str protocol)
{
	for (size_t i = 0; i < s->nprotocols; i++)
		if (ac_streq(s->protocols[i], protocol))
			return true;
	return !ac_str_is_set(protocol);
}

static enum ac_code
fill(struct ac_worker *w, const struct ac_plan_row *row, struct ac_session_row *s, struct ac_err *reterr)
{
	struct ac_version_row version;
	struct ac_plan_input *in;
	struct ac_manifest m;
	enum ac_code rc = ac_version_get(w, row->id, row->version, &version, reterr);

	if (rc != AC_OK || (rc = ac_manifest_get(w, &version.manifest, &m, reterr)) != AC_OK)
		return rc;
	m.nothers = 0; /* what another plan said there is not asked here */
	if ((rc = ac_manifest_input(w, &m, &in, reterr)) != AC_OK)
		return rc;
	*s = (struct ac_session_row){ .plan = row->id,
		.encounter = row->encounter,
		.status = row->status,
		.anchor = row->anchor,
		.chart = in->encounter,
		.answers = in->answers,
		.nanswers = in->nanswers,
		.nprotocols = m.nprotocols };
	for (size_t i = 0; i < m.nprotocols; i++)
		s->protocols[i] = m.protocols[i].id;
	s->session = number_of(s, "session");
	s->sessions = number_of(s, "sessions");
	lots_of(s, w->arena);
	return AC_OK;
}

static int
newest_first(const void *px, const void *py)
{
	const struct ac_session_row *x = px, *y = py;

	return x->anchor != y->anchor ? (x->anchor < y->anchor) - (x->anchor > y->anchor)
				      : memcmp(&x->plan, &y->plan, sizeof(x->plan));
}

int64_t
ac_series_before(const struct encounter *e)
{
	return e->start.precision == 14 ? e->start.t : e->start.t + 86400;
}

enum ac_code
ac_series_sessions(struct ac_worker *w, struct ac_str site, struct ac_str patient, struct ac_str encounter,
    struct ac_str protocol, int64_t before, struct ac_session_rows *ret, struct ac_err *reterr)
{
	struct ac_session_rows all = { 0 };
	struct ac_plan_rows rows;
	enum ac_code rc = ac_plan_list(w, site, patient, NULL, AC_PRIOR_MAX, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	all.v = ac_new(w->arena, struct ac_session_row, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_plan_row *r = &rows.v[i];
		if (r->anchor >= before || ac_streq_c(r->status, "revoked") || ac_streq_c(r->status, "entered-in-error") ||
		    (ac_str_is_set(encounter) && ac_streq(r->encounter, encounter)))
			continue;
		struct ac_err damaged = { 0 };
		rc = fill(w, r, &all.v[all.n], &damaged);
		if (rc == AC_EINTEGRITY) { /* as in core/others: no patient is kept from a plan by another visit's damage */
			ac_log_err(AC_LOG_ERR, "an earlier session cannot be read and does not count", &damaged);
			continue;
		}
		if (rc != AC_OK) {
			if (reterr != NULL)
				*reterr = damaged;
			return rc;
		}
		all.n += is_of(&all.v[all.n], protocol);
	}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), newest_first);
	*ret = all;
	return AC_OK;
}

static bool
is_one_of(struct ac_str id, const struct ac_str *of, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(of[i], id))
			return true;
	return false;
}

size_t
ac_series_prior(const struct ac_session_rows *all, const struct ac_str *protocols, size_t n, struct ac_arena *a,
    const struct ac_prior_session **ret)
{
	struct ac_prior_session *v = ac_new(a, struct ac_prior_session, all->n);
	size_t found = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct ac_session_row *s = &all->v[i];
		size_t k = 0;

		while (k < s->nprotocols && !is_one_of(s->protocols[k], protocols, n))
			k++;
		if (k < s->nprotocols)
			v[found++] = (struct ac_prior_session){ s->plan, s->protocols[k], s->anchor, s->session };
	}
	*ret = v;
	return found;
}

/* A closed list: what was done and where is likely the same again; what the patient takes is not. */
struct ac_proposal
ac_series_proposal(const struct ac_session_rows *before, struct ac_str protocol, struct ac_str fact, struct ac_arena *a)
{
	static const char *const same[] = { "area", "technique", "indication", "sessions" };
	struct ac_proposal none = { 0 };

	for (size_t i = 0; i < before->n; i++) {
		const struct ac_session_row *s = &before->v[i];
		if (!is_of(s, protocol))
			continue;
		if (ac_streq_c(fact, "session") && s->session > 0 && (s->sessions == 0 || s->session < s->sessions)) {
			struct ac_str *next = ac_new(a, struct ac_str, 1);
			*next = ac_strf(a, "%d", s->session + 1);
			return (struct ac_proposal){ { next, 1 }, s };
		}
		for (size_t k = 0; k < sizeof(same) / sizeof(same[0]); k++)
			if (ac_streq_c(fact, same[k]) && value_of(s, fact).n > 0)
				return (struct ac_proposal){ value_of(s, fact), s };
		return none; /* the last session alone: an older one may be another course */
	}
	return none;
}

enum ac_code
ac_series_next(struct ac_worker *w, const struct ac_session_rows *before, struct ac_next_session *ret,
    struct ac_err *reterr)
{
	struct ac_record *r;
	enum ac_code rc;

	*ret = (struct ac_next_session){ .from = AC_INSTANT_NONE, .until = AC_INSTANT_NONE };
	for (size_t i = 0; i < before->n; i++) {
		if ((rc = ac_record_load(w, before->v[i].plan, 0, &r, reterr)) != AC_OK)
			return rc;
		if (r->plan->series_next_from == AC_INSTANT_NONE)
			continue;
		bool fell_back;
		*ret = (struct ac_next_session){ &before->v[i],
			ac_text_pick(r->plan->treatments[0].protocol->title, AC_S("en"), &fell_back), r->plan->in->zone,
			r->plan->series_next_from, r->plan->series_next_until };
		return AC_OK;
	}
	return AC_OK;
}

enum ac_code
ac_series_checks(struct ac_worker *w, struct ac_str site, struct ac_str patient, int64_t at, struct ac_task_rows *ret,
    struct ac_err *reterr)
{
	struct ac_task_query q = { .site = site, .patient = patient, .only_open = true };
	struct ac_task_rows all;
	size_t n = 0;
	enum ac_code rc = ac_task_list(w, &q, &all, reterr);

	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].not_before <= at && (ac_streq_c(all.v[i].kind, "check-in") || ac_streq_c(all.v[i].kind, "call")))
			all.v[n++] = all.v[i];
	*ret = (struct ac_task_rows){ all.v, n };
	return AC_OK;
}
