/*
 * answer.c - what people say on the panel: checked against the facts that protocols name, kept per encounter.
 *
 * Rules   an answer lives until it is changed; one without values takes it back. A form that saw an older count gets
 *         FORM-STALE and the page again. Three names are the product's own: "anchor" (the confirmed time of the procedure),
 *         "performed" ("was it done today?") and "earlier-end" (a clinician lets a line of the sheet end earlier).
 * Errors  AC_EINPUT ANSWER-NAME, ANSWER-VALUE; AC_ELIMIT ANSWER-LIMIT; path is "/answers/NAME".
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/intake_parts.h"
#include "core/products.h"

#define ANSWER_BYTES_MAX 200
#define ANSWERS_MAX 64

static enum ac_code
bad(struct ac_err *reterr, const char *rule, struct ac_str name, const char *what)
{
	char path[96];

	/* names are the program's or a protocol's own words; anything else is not repeated */
	(void)snprintf(path, sizeof(path), "/answers/%.*s", name.n <= 64 ? (int)name.n : 0, name.p);
	return ac_fail_at(reterr, AC_EINPUT, rule, 0, 0, path, "%s", what);
}

static const struct ac_fact_def *
fact_of(const struct ac_protocol *p, struct ac_str name)
{
	for (size_t i = 0; i < p->nfacts; i++)
		if (ac_streq(p->facts[i].name, name))
			return &p->facts[i];
	return NULL;
}

/* The plan's own protocols first, then the active ones: the same name means the same thing. */
static enum ac_code
find_fact(struct ac_intake_work *k, struct ac_str name, const struct ac_fact_def **ret, struct ac_err *reterr)
{
	const struct ac_seen_plan *cur = ac_seen_plan_of(k->seen, k->e->patient.id);
	const struct ac_protocol *p;
	enum ac_code rc;

	*ret = NULL;
	for (size_t i = 0; cur != NULL && *ret == NULL && i < cur->manifest.nprotocols; i++) {
		if ((rc = ac_service_protocol(k->w, &cur->manifest.protocols[i].version, &p, reterr)) !=
		    AC_OK)
			return rc;
		*ret = fact_of(p, name);
	}
	for (size_t i = 0; *ret == NULL && i < k->w->config->nactive; i++)
		*ret = fact_of(k->w->config->active[i].protocol, name);
	return AC_OK;
}

static bool
is_number(struct ac_str s)
{
	size_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0, digits = 0, dots = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '.' && digits > 0 && dots == 0)
			dots++;
		else if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else
			return false;
	}
	return digits > 0 && digits <= 15 && s.p[s.n - 1] != '.';
}

static bool
is_yes_no(struct ac_str s)
{
	return ac_streq_c(s, "yes") || ac_streq_c(s, "no");
}

static bool
fits(const struct ac_fact_def *def, struct ac_str v)
{
	switch (def->type) {
	case AC_FACT_NUMBER:
		return is_number(v);
	case AC_FACT_YES_NO:
		return is_yes_no(v);
	case AC_FACT_CHOICE:
		break;
	}
	for (size_t i = 0; i < def->nvalues; i++)
		if (ac_streq(def->values[i].code, v))
			return true;
	return false;
}

/* "CONCEPT SHEET_AT UNTIL": an end earlier than the sheet's, by who may decide it. */
static enum ac_code
check_earlier(const struct ac_intake_work *k, const struct ac_answer *a, struct ac_err *reterr)
{
	if (k->job->who->role != AC_ROLE_CLINICIAN)
		return ac_fail(reterr, AC_EDENIED, "ANSWER-ROLE", "a clinician accepts an end earlier than the sheet's");
	for (size_t i = 0; i < a->values.n; i++) {
		struct ac_str concept, sheet, until = ac_cut(a->values.v[i], ' ', &concept);
		int64_t t;
		until = ac_cut(until, ' ', &sheet);
		if (concept.n == 0 || !ac_str_int(sheet, 0, INT64_MAX, &t) || !ac_str_int(until, 0, INT64_MAX, &t))
			return bad(reterr, "ANSWER-VALUE", a->name, "not an end of a sheet");
	}
	return AC_OK;
}

static enum ac_code
check_own(const struct ac_answer *a, bool *ret_own, struct ac_err *reterr)
{
	struct ac_stamp stamp;
	bool anchor = ac_streq_c(a->name, "anchor"), performed = ac_streq_c(a->name, "performed");
	bool number = ac_streq_c(a->name, AC_ANSWER_SESSION);
	int64_t n;

	*ret_own = anchor || performed || number || ac_lot_is_answer(a->name);
	if (!*ret_own || a->values.n == 0)
		return AC_OK;
	if (a->values.n > 1)
		return bad(reterr, "ANSWER-VALUE", a->name, "one value is expected");
	if (anchor && (!ac_stamp_parse(a->values.v[0], &stamp) || stamp.precision != 14))
		return bad(reterr, "ANSWER-VALUE", a->name, "not a time with an offset");
	if (ac_lot_is_answer(a->name)) {
		const char *fault = ac_lot_fault(a->name, a->values.v[0]);
		return fault == NULL ? AC_OK : bad(reterr, "ANSWER-VALUE", a->name, fault);
	}
	if (number && !ac_str_int(a->values.v[0], 1, 1000, &n))
		return bad(reterr, "ANSWER-VALUE", a->name, "a session's number is expected");
	if (performed && !is_yes_no(a->values.v[0]))
		return bad(reterr, "ANSWER-VALUE", a->name, "yes or no is expected");
	return AC_OK;
}

static enum ac_code
check(struct ac_intake_work *k, const struct ac_answer *a, struct ac_err *reterr)
{
	const struct ac_fact_def *def;
	bool own;
	enum ac_code rc;

	if (a->values.n > ENC_ITEMS_MAX)
		return ac_fail(reterr, AC_ELIMIT, "ANSWER-LIMIT", "more than %d values", ENC_ITEMS_MAX);
	for (size_t i = 0; i < a->values.n; i++)
		if (a->values.v[i].n > ANSWER_BYTES_MAX)
			return ac_fail(reterr, AC_ELIMIT, "ANSWER-LIMIT", "a value is longer than %d bytes",
			    ANSWER_BYTES_MAX);
	if (ac_streq_c(a->name, AC_ANSWER_EARLIER))
		return check_earlier(k, a, reterr);
	if ((rc = check_own(a, &own, reterr)) != AC_OK || own)
		return rc;
	if ((rc = find_fact(k, a->name, &def, reterr)) != AC_OK)
		return rc;
	if (def == NULL)
		return bad(reterr, "ANSWER-NAME", (struct ac_str){ "", 0 },
		    "no protocol asks for a fact of this name");
	if (!def->many && a->values.n > 1)
		return bad(reterr, "ANSWER-VALUE", a->name, "one value is expected");
	for (size_t i = 0; i < a->values.n; i++)
		if (!fits(def, a->values.v[i]))
			return bad(reterr, "ANSWER-VALUE", a->name,
			    "not one of the values that the protocol allows");
	return AC_OK;
}

static int
by_name(const void *px, const void *py)
{
	const struct ac_answer *x = px, *y = py;

	return ac_str_cmp(x->name, y->name);
}

enum ac_code
ac_work_answers(struct ac_intake_work *k, struct ac_err *reterr)
{
	const struct ac_job *job = k->job;
	const struct ac_seen_plan *cur = ac_seen_plan_of(k->seen, k->e->patient.id);
	struct ac_answer *v = ac_new(k->w->arena, struct ac_answer, k->seen->nanswers + job->nanswers);
	size_t n = k->seen->nanswers;
	enum ac_code rc;

	if (job->seen_answers != k->seen->nanswered)
		return ac_fail(reterr, AC_ECONFLICT, "FORM-STALE", "somebody answered a question");
	if (job->seen_version >= 0 && job->seen_version != (cur == NULL ? 0 : cur->full.row.version))
		return ac_fail(
		    reterr, AC_ECONFLICT, "FORM-STALE", "the plan changed");
	if (job->nanswers > ANSWERS_MAX)
		return ac_fail(reterr, AC_ELIMIT, "ANSWER-LIMIT", "more than %d answers", ANSWERS_MAX);
	for (size_t i = 0; i < n; i++)
		v[i] = k->seen->answers[i];
	for (size_t i = 0; i < job->nanswers; i++) {
		struct ac_answer a = job->answers[i];
		size_t at = 0;

		if ((rc = check(k, &a, reterr)) != AC_OK)
			return rc;
		a.by = job->who->user;
		a.by_role = ac_str_c(ac_role_word(job->who->role));
		a.at_ms = job->now_ms;
		while (at < n && !ac_streq(v[at].name, a.name))
			at++;
		if (a.values.n > 0) {
			v[at] = a;
			n += at == n;
		} else if (at < n) {
			v[at] = v[--n];
		}
	}
	if (n > 0)
		qsort(v, n, sizeof(*v), by_name);
	k->answers = v;
	k->nanswers = n;
	k->answers_moved = true;
	return AC_OK;
}

enum ac_code
ac_intake_answer(struct ac_worker *w, const struct ac_actor *who, struct ac_str site, struct ac_str encounter,
    const struct ac_answer *answers, size_t n, int64_t seen, int64_t version, struct ac_intake *ret, struct ac_err *reterr)
{
	struct ac_job job = { .cause = AC_CAUSE_ANSWER,
		.who = who,
		.site = site,
		.encounter = encounter,
		.answers = answers,
		.nanswers = n,
		.seen_answers = seen,
		.seen_version = version };
	struct ac_intake_work *k;
	enum ac_code rc = ac_intake_run(w, &job, &k, reterr);

	if (rc != AC_OK)
		return rc;
	return ac_intake_json(k, NULL, ret, reterr);
}
