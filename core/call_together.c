/*
 * call_together.c - checks of one patient that fall due together: one conversation that answers each.
 *
 * Rules   due is an open check-in whose time has come, of any plan of the patient. What was begun within the hour and is not
 *         over is gone on with. Whoever may not see a plan is not asked here: faces leave it out.
 */
#include "core/call_about.h"
#include "core/series.h"
#include "core/visit_items.h"

#include "core/intake_parts.h"

struct gather {
	struct ac_worker *w;
	struct ac_call_checks to;
	size_t nquestions;
	struct ac_str site, patient;
};

static const struct ac_task_row *
row_of(const struct ac_record *r, struct ac_str name)
{
	for (size_t i = 0; ac_str_is_set(name) && i < r->ntasks; i++)
		if (ac_streq(r->tasks[i].name, name))
			return &r->tasks[i];
	return NULL;
}

/* The newest of this task that is not over, if somebody may still be on the phone. */
static const struct ac_call *
begun(const struct ac_record *r, struct ac_str task, int64_t now_ms)
{
	for (size_t i = r->ncalls; ac_str_is_set(task) && i-- > 0;) {
		const struct ac_call *c = &r->calls[i];
		if (!ac_call_is_check(c) || !ac_streq(c->task, task))
			continue;
		return ac_str_is_set(ac_call_outcome(c)) ||
			       now_ms - c->entries[c->nentries - 1].at_ms >= AC_CALL_LEFT_MS
			   ? NULL
			   : c;
	}
	return NULL;
}

static bool
has(const struct gather *g, struct ac_uuid plan, struct ac_str task)
{
	for (size_t i = 0; i < g->to.n; i++)
		if (memcmp(&g->to.v[i].r->row.id, &plan, sizeof(plan)) == 0 && g->to.v[i].row != NULL &&
		    ac_streq(g->to.v[i].row->name, task))
			return true;
	return false;
}

/* A record once loaded serves all checks of its plan. */
static enum ac_code
record_of(struct gather *g, struct ac_uuid plan, const struct ac_record **ret, struct ac_err *reterr)
{
	struct ac_record *r;
	enum ac_code rc;

	for (size_t i = 0; i < g->to.n; i++) {
		if (memcmp(&g->to.v[i].r->row.id, &plan, sizeof(plan)) != 0)
			continue;
		*ret = g->to.v[i].r;
		return AC_OK;
	}
	if ((rc = ac_record_load(g->w, plan, 0, &r, reterr)) == AC_OK)
		*ret = r;
	return rc;
}

/* False: the form is full. */
static bool
add(struct gather *g, const struct ac_record *r, struct ac_str task, const struct ac_call *c)
{
	struct ac_call_check x = { .r = r, .row = row_of(r, task), .c = c };
	size_t n = 0;

	x.t = ac_str_is_set(task) ? ac_call_task(r->plan, task) : NULL;
	if (x.t != NULL)
		x.nq = ac_call_questions(r->plan, x.t, g->w->arena, &x.q);
	for (size_t i = 0; i < x.nq; i++)
		n += x.q[i].check_in->nquestions;
	if (g->to.n > 0 && (g->to.n == AC_CALL_TOGETHER_MAX || g->nquestions + n > AC_CALL_QUESTIONS_MAX))
		return false;
	g->nquestions += n;
	g->to.v[g->to.n++] = x;
	return true;
}

/* One that was answered with the others, wherever in the form it stood. */
static enum ac_code
add_call(struct gather *g, struct ac_uuid plan, int64_t n, struct ac_err *reterr)
{
	const struct ac_record *r;
	enum ac_code rc = record_of(g, plan, &r, reterr);

	if (rc != AC_OK)
		return rc;
	if (n < 1 || n > (int64_t)r->ncalls || !ac_streq(r->row.patient, g->patient) || !ac_streq(r->row.site, g->site))
		return AC_OK;
	const struct ac_call *c = &r->calls[n - 1];
	if (!has(g, plan, c->task))
		(void)add(g, r, c->task, c);
	return AC_OK;
}

/* "plan/n": the first of them. */
static enum ac_code
add_first(struct gather *g, struct ac_str name, struct ac_err *reterr)
{
	struct ac_str plan, number = ac_cut(name, '/', &plan);
	struct ac_uuid id;
	int64_t n;

	return ac_uuid_parse(plan, &id) && ac_str_int(number, 1, INT64_MAX, &n) ? add_call(g, id, n, reterr) : AC_OK;
}

static enum ac_code
add_answered(struct gather *g, const struct ac_call *first, struct ac_err *reterr)
{
	const struct ac_record *r = g->to.v[0].r;
	struct ac_str name = ac_str_is_set(first->with) ? first->with : ac_call_name(g->w->arena, r->row.id, first->n);
	struct ac_rows rows;
	enum ac_code rc = ac_str_is_set(first->with) ? add_first(g, name, reterr) : AC_OK;

	if (rc == AC_OK)
		rc = ac_rows_read(g->w->reader, AC_STMT_CALL_WITH, g->w->arena, &rows, reterr, AC_VTEXT(name));
	for (size_t i = 0; rc == AC_OK && i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);
		struct ac_uuid plan;

		if (!ac_val_uuid(&col[0], &plan))
			return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "a call of no plan");
		rc = add_call(g, plan, col[1].i, reterr);
	}
	return rc;
}

static enum ac_code
add_due(struct gather *g, int64_t now_ms, struct ac_err *reterr)
{
	struct ac_task_rows due;
	enum ac_code rc = ac_series_checks(g->w, g->site, g->patient, now_ms / 1000, &due, reterr);

	if (rc != AC_OK)
		return rc;
	g->to.left = ac_new(g->w->arena, struct ac_task_row, due.n);
	for (size_t i = 0; i < due.n; i++) {
		const struct ac_task_row *t = &due.v[i];
		const struct ac_record *r;

		if (!ac_streq_c(t->kind, "check-in") || has(g, t->plan, t->name))
			continue;
		if ((rc = record_of(g, t->plan, &r, reterr)) != AC_OK)
			return rc;
		if (row_of(r, t->name) != NULL && !add(g, r, t->name, begun(r, t->name, now_ms)))
			g->to.left[g->to.nleft++] = *t;
	}
	return AC_OK;
}

enum ac_code
ac_call_checks(struct ac_worker *w, const struct ac_record *r, struct ac_str task, const struct ac_call *c,
    struct ac_call_checks *ret, struct ac_err *reterr)
{
	struct gather g = { .w = w, .site = r->row.site, .patient = r->row.patient };
	int64_t now_ms = ac_service_now_ms(w->service);
	enum ac_code rc = AC_OK;

	g.to.v = ac_new(w->arena, struct ac_call_check, AC_CALL_TOGETHER_MAX);
	(void)add(&g, r, task, c != NULL ? c : begun(r, task, now_ms));
	c = g.to.v[0].c;
	if (c != NULL && ac_call_is_check(c))
		rc = add_answered(&g, c, reterr);
	if (rc == AC_OK && (c == NULL || (ac_call_is_check(c) && !ac_str_is_set(ac_call_outcome(c)))))
		rc = add_due(&g, now_ms, reterr);
	if (rc == AC_OK)
		*ret = g.to;
	return rc;
}
