/* plans_of.c - active plans by the protocol version they are pinned to, and what of it still runs. See recall.h. */
#include "core/recall.h"
#include "core/record_parts.h"

#define PAGE 64 /* plans before the worker's memory is emptied */

struct scan {
	struct ac_worker *w; /* of its own */
	struct ac_arena *a;  /* the caller's: what is found */
	const struct ac_plans_ask *ask;
	int64_t now; /* seconds */
	AC_VEC(struct ac_plan_found) found;
	size_t issued;
};

static bool
is_def_of(const struct ac_protocol *p, const struct ac_instruction *def, struct ac_str line)
{
	return def >= p->instructions && def < p->instructions + p->ninstructions &&
	       (!ac_str_is_set(line) || ac_streq(def->l.id, line));
}

/* A merged line is of all the protocols that say it. */
static bool
is_of(const struct ac_protocol *p, const struct ac_plan_line *l, struct ac_str line)
{
	bool of = is_def_of(p, l->original, line);

	for (size_t i = 0; i < l->nmerged; i++)
		of |= is_def_of(p, l->merged[i], line);
	return of;
}

static void
count_lines(const struct scan *s, const struct ac_plan *plan, const struct ac_protocol *p, struct ac_plan_found *f)
{
	f->until = AC_INSTANT_NONE;
	for (size_t i = 0; i < plan->nlines; i++) {
		const struct ac_plan_line *l = &plan->lines[i];
		if (l->until == AC_INSTANT_NONE || l->until <= s->now || !is_of(p, l, s->ask->line))
			continue;
		f->running++;
		if (f->until == AC_INSTANT_NONE || l->until > f->until)
			f->until = l->until;
	}
}

static enum ac_code
count_tasks(const struct scan *s, struct ac_plan_found *f, struct ac_err *reterr)
{
	struct ac_str prefix = ac_strf(s->w->arena, "%.*s/", AC_FMT(s->ask->protocol));
	struct ac_task_row *tasks;
	size_t n;
	enum ac_code rc = ac_tasks_of(s->w, f->plan, &tasks, &n, reterr);

	for (size_t i = 0; rc == AC_OK && i < n; i++)
		f->tasks += ac_task_is_open(&tasks[i]) && ac_str_starts(tasks[i].name, prefix);
	return rc;
}

static const struct ac_manifest_protocol *
pinned(const struct ac_manifest *m, const struct ac_plans_ask *ask)
{
	for (size_t i = 0; i < m->nprotocols; i++) {
		const struct ac_manifest_protocol *p = &m->protocols[i];
		if (ac_streq(p->id, ask->protocol) &&
		    (ask->version == NULL || ac_sha256_eq(&p->version, ask->version)) &&
		    (ask->except == NULL || !ac_sha256_eq(&p->version, ask->except)))
			return p;
	}
	return NULL;
}

static enum ac_code
look(struct scan *s, const struct ac_plan_row *row, struct ac_err *reterr)
{
	const struct ac_manifest_protocol *mp;
	const struct ac_protocol *p;
	struct ac_plan_input *in;
	struct ac_version_row version;
	struct ac_manifest m;
	struct ac_plan *plan;
	enum ac_code rc;

	if ((rc = ac_version_get(s->w, row->id, row->version, &version, reterr)) != AC_OK ||
	    (rc = ac_manifest_get(s->w, &version.manifest, &m, reterr)) != AC_OK)
		return rc;
	if ((mp = pinned(&m, s->ask)) == NULL)
		return AC_OK;
	struct ac_plan_found f = { .plan = row->id,
		.version = mp->version,
		.plan_version = row->version,
		.issued_ms = row->issued_ms };
	if ((rc = ac_manifest_input(s->w, &m, &in, reterr)) != AC_OK ||
	    (rc = ac_plan_make(in, s->w->arena, &plan, reterr)) != AC_OK ||
	    (rc = ac_service_protocol(s->w, &mp->version, &p, reterr)) != AC_OK)
		return rc;
	count_lines(s, plan, p, &f);
	if (!ac_str_is_set(s->ask->line) && !s->ask->only_lines && (rc = count_tasks(s, &f, reterr)) != AC_OK)
		return rc;
	if (s->ask->only_running && f.running == 0 && f.tasks == 0)
		return AC_OK;
	f.site = ac_str_dup(s->a, row->site);
	f.encounter = ac_str_dup(s->a, row->encounter);
	s->issued += row->issued_ms != 0;
	AC_PUSH(s->a, &s->found, f);
	return AC_OK;
}

/* One read transaction for all of them: locks taken for each statement cost more than what is read. */
static enum ac_code
look_at_page(struct scan *s, int64_t *at, size_t *ret_n, struct ac_err *reterr)
{
	struct ac_plan_full full;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(s->w->reader, AC_STMT_PLAN_OPEN_AFTER, s->w->arena, &rows, reterr, AC_VINT(*at),
	    AC_VINT(s->ask->only_issued), AC_VINT(PAGE));

	for (size_t i = 0; rc == AC_OK && i < rows.n; i++) {
		if ((rc = ac_plan_row_of(ac_row(&rows, i), &full, reterr)) != AC_OK)
			return rc;
		*at = full.first_leaf;
		rc = look(s, &full.row, reterr);
	}
	*ret_n = rows.n;
	return rc;
}

static enum ac_code
walk(struct scan *s, struct ac_err *reterr)
{
	const struct ac_store_ops *ops = s->w->reader->ops;
	int64_t at = -1;
	size_t n = PAGE;
	enum ac_code rc = AC_OK;

	while (rc == AC_OK && n == PAGE) {
		if ((rc = ac_worker_begin(s->w, reterr)) != AC_OK || (rc = ops->begin_read(s->w->reader, reterr)) != AC_OK)
			return rc;
		rc = look_at_page(s, &at, &n, reterr);
		ops->rollback(s->w->reader);
	}
	return rc;
}

enum ac_code
ac_plans_of(struct ac_worker *w, const struct ac_plans_ask *ask, struct ac_plans_found *ret,
    struct ac_err *reterr)
{
	AC_AUTO(ac_worker) own = NULL;
	struct scan s = { .a = w->arena, .ask = ask, .now = ac_service_now_ms(w->service) / 1000 };
	enum ac_code rc;

	if ((rc = ac_worker_new(w->service, &own, reterr)) != AC_OK)
		return rc;
	s.w = own;
	if ((rc = walk(&s, reterr)) != AC_OK)
		return rc;
	*ret = (struct ac_plans_found){ s.found.v, s.found.n, s.issued };
	return AC_OK;
}
