/* list.c - plans and tasks as lists. */
#include "base/buf.h"
#include "core/record_parts.h"
#include "core/service_parts.h"

/* RFC 9562, version 8: the layout is ours. */
struct ac_uuid
ac_task_object(struct ac_uuid plan, struct ac_str name)
{
	struct ac_uuid u = ac_uuid5(plan, name);

	memcpy(u.b, plan.b, AC_OBJECT_OF_PLAN);
	u.b[6] = (unsigned char)((u.b[6] & 0x0F) | 0x80);
	return u;
}

bool
ac_task_is_open(const struct ac_task_row *t)
{
	return ac_streq_c(t->status, "requested") || ac_streq_c(t->status, "accepted") ||
	       ac_streq_c(t->status, "in-progress");
}

struct ac_str
ac_patient_name(const struct enc_patient *p, struct ac_arena *a)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 64, 0);
	for (size_t i = 0; i < p->given.n; i++) {
		ac_buf_add(&b, p->given.v[i]);
		ac_buf_addc(&b, ' ');
	}
	ac_buf_add(&b, p->family);
	return ac_buf_str(&b);
}

static struct ac_val
text_or_null(struct ac_str s)
{
	return ac_str_is_set(s) ? AC_VTEXT(s) : AC_VNULL;
}

static int64_t
bounded(size_t limit)
{
	return limit == 0 || limit > AC_LIST_MAX ? AC_LIST_MAX : (int64_t)limit;
}

static enum ac_code
plan_row(struct ac_worker *w, const struct ac_uuid *id, struct ac_plan_row *ret, struct ac_err *reterr)
{
	struct ac_plan_full full;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_GET, w->arena, &rows, reterr, AC_VUUID(id));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = ac_plan_row_of(ac_row(&rows, 0), &full, reterr)) == AC_OK)
		*ret = full.row;
	return rc;
}

enum ac_code
ac_plan_list(struct ac_worker *w, struct ac_str site, struct ac_str patient, const struct ac_uuid *after,
    size_t limit, struct ac_plan_rows *ret, struct ac_err *reterr)
{
	struct ac_val s = text_or_null(site), created = AC_VINT(INT64_MAX), id = AC_VBLOB(((struct ac_str){ "", 0 })),
		      n = AC_VINT(bounded(limit));
	struct ac_plan_full full;
	struct ac_plan_row last;
	struct ac_rows rows;
	enum ac_code rc;

	if (after != NULL) {
		if ((rc = plan_row(w, after, &last, reterr)) != AC_OK)
			return rc;
		created = AC_VINT(last.created_ms);
		id = AC_VUUID(after);
	}
	if (ac_str_is_set(patient))
		rc = ac_rows_read(w->reader, AC_STMT_PLAN_LIST_OF_PATIENT, w->arena, &rows, reterr,
		    AC_VTEXT(patient), s, s, created, created, id, n);
	else
		rc = ac_rows_read(
		    w->reader, AC_STMT_PLAN_LIST, w->arena, &rows, reterr, created, created, id, s, s, n);
	if (rc != AC_OK)
		return rc;
	struct ac_plan_row *v = ac_new(w->arena, struct ac_plan_row, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		if ((rc = ac_plan_row_of(ac_row(&rows, i), &full, reterr)) != AC_OK)
			return rc;
		v[i] = full.row;
	}
	*ret = (struct ac_plan_rows){ v, rows.n };
	return AC_OK;
}

enum ac_code
ac_plan_after(struct ac_worker *w, struct ac_uuid before, struct ac_plan_row *ret, struct ac_err *reterr)
{
	struct ac_plan_full full;
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read(w->reader, AC_STMT_PLAN_AFTER, w->arena, &rows, reterr, AC_VUUID(&before));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with a later id");
	if ((rc = ac_plan_row_of(ac_row(&rows, 0), &full, reterr)) == AC_OK)
		*ret = full.row;
	return rc;
}

static enum ac_code
planned_from(struct ac_worker *w, struct ac_uuid plan, struct ac_sha256 *ret, struct ac_err *reterr)
{
	struct ac_version_row version;
	struct ac_manifest m;
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(w->reader, AC_STMT_PLAN_GET, w->arena, &rows, reterr, AC_VUUID(&plan));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "a task has no plan");
	if ((rc = ac_version_get(w, plan, ac_row(&rows, 0)[6].i, &version, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_manifest_get(w, &version.manifest, &m, reterr)) != AC_OK)
		return rc;
	*ret = m.snapshot;
	return AC_OK;
}

/* Whose task it is stands in the snapshot of the plan's patient: after "wrong patient" the encounter names another. */
static enum ac_code
snapshot_of(struct ac_worker *w, const struct ac_task_row *t, const struct ac_val *extra,
    struct ac_sha256 *ret, struct ac_err *reterr)
{
	if (ac_streq(extra[1].s, t->patient) && ac_val_sha(&extra[0], ret))
		return AC_OK;
	return planned_from(w, t->plan, ret, reterr);
}

enum ac_code
ac_visit_is_open_to(struct ac_worker *w, const struct ac_actor *who, const struct ac_visit_key *v, bool *ret,
    struct ac_err *reterr)
{
	static const struct ac_uuid none;
	struct ac_encounter_row row;
	struct encounter *e;
	struct ac_sha256 sha;
	enum ac_code rc;

	*ret = true;
	if (!who->is_limited)
		return AC_OK;
	if ((rc = ac_encounter_get(w, v->site, v->encounter, &row, reterr)) != AC_OK)
		return rc;
	*ret = ac_actor_may_see(who, row.encounter->sensitivity);
	if (ac_streq(row.patient, v->patient) || memcmp(&v->plan, &none, sizeof(none)) == 0)
		return AC_OK;
	if ((rc = planned_from(w, v->plan, &sha, reterr)) == AC_OK && (rc = ac_snapshot_get(w, &sha, &e, reterr)) == AC_OK)
		*ret = ac_actor_may_see(who, e->sensitivity);
	return rc;
}

static enum ac_code
read_tasks(struct ac_worker *w, const struct ac_rows *rows, const struct ac_actor *who, struct ac_task_rows *ret,
    struct ac_err *reterr)
{
	struct ac_task_row *v = ac_new(w->arena, struct ac_task_row, rows->n);
	bool *open = ac_new(w->arena, bool, rows->n);
	size_t n = 0;
	struct ac_sha256 *shas = ac_new(w->arena, struct ac_sha256, rows->n);
	enum ac_code rc;

	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_val *col = ac_row(rows, i);
		struct encounter *e;
		size_t k = 0;

		if ((rc = ac_task_row_of(col, &v[i], reterr)) != AC_OK)
			return rc;
		if ((rc = snapshot_of(w, &v[i], &col[29], &shas[i], reterr)) != AC_OK)
			return rc;
		while (memcmp(&shas[k], &shas[i], sizeof(shas[i])) !=
		       0) /* tasks of one encounter read it once */
			k++;
		if (k < i) {
			v[i].patient_name = v[k].patient_name;
			v[i].phone = v[k].phone;
			v[i].zone = v[k].zone;
			open[i] = open[k];
			continue;
		}
		if ((rc = ac_snapshot_get(w, &shas[i], &e, reterr)) != AC_OK)
			return rc;
		v[i].patient_name = ac_patient_name(&e->patient, w->arena);
		v[i].phone = e->patient.phone;
		v[i].zone = e->zone;
		open[i] = who == NULL || ac_actor_may_see(who, e->sensitivity);
	}
	for (size_t i = 0; i < rows->n; i++)
		if (open[i])
			v[n++] = v[i];
	*ret = (struct ac_task_rows){ v, n };
	return AC_OK;
}

/* Behind which row a list goes on; before the first one: everything. */
struct behind {
	struct ac_val time, plan, name;
};

static enum ac_code
find_behind(struct ac_worker *w, const struct ac_task_query *q, struct behind *ret, struct ac_err *reterr)
{
	struct ac_plan_row plan;
	struct ac_task_row t;
	struct ac_rows rows;
	enum ac_code rc;

	*ret = (struct behind){ AC_VINT(q->only_open ? INT64_MIN : INT64_MAX), AC_VBLOB(((struct ac_str){ "", 0 })),
		AC_VTEXT(((struct ac_str){ "", 0 })) };
	if (q->after == NULL)
		return AC_OK;
	ret->plan = AC_VUUID(&q->after->plan);
	ret->name = AC_VTEXT(q->after->name);
	if (!q->only_open) {
		if ((rc = plan_row(w, &q->after->plan, &plan, reterr)) == AC_OK)
			ret->time = AC_VINT(plan.created_ms);
		return rc;
	}
	rc = ac_rows_read(w->reader, AC_STMT_TASK_GET, w->arena, &rows, reterr, ret->plan, ret->name);
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	if ((rc = ac_task_row_of(ac_row(&rows, 0), &t, reterr)) == AC_OK)
		ret->time = AC_VINT(t.due);
	return rc;
}

static enum ac_code
read_rows(struct ac_worker *w, const struct ac_task_query *q, const struct behind *b, struct ac_rows *ret, struct ac_err *reterr)
{
	struct ac_val s = text_or_null(q->site), r = text_or_null(q->role), e = text_or_null(q->encounter),
		      p = text_or_null(q->patient), n = AC_VINT(bounded(q->limit));

	if (!q->only_open)
		return ac_rows_read(w->reader, AC_STMT_TASK_LIST_ALL, w->arena, ret, reterr, b->time, b->time, b->plan, b->plan,
		    b->name, s, s, r, r, e, e, n);
	if (ac_str_is_set(q->encounter) && ac_str_is_set(q->site))
		return ac_rows_read(w->reader, AC_STMT_TASK_WORKLIST_OF_VISIT, w->arena, ret, reterr, s, e, p, p, r, r, b->time,
		    b->time, b->plan, b->plan, b->name, n);
	if (ac_str_is_set(q->patient))
		return ac_rows_read(w->reader, AC_STMT_TASK_WORKLIST_OF_PATIENT, w->arena, ret, reterr, p, b->time, b->time,
		    b->plan, b->plan, b->name, s, s, r, r, e, e, n);
	return ac_rows_read(w->reader, AC_STMT_TASK_WORKLIST, w->arena, ret, reterr, b->time, b->time, b->plan, b->plan, b->name,
	    s, s, r, r, e, e, n);
}

/* What is left out leaves no gap: reading goes on until the list is as long as was asked for, or there is no more. */
static enum ac_code
fill_list(struct ac_worker *w, const struct ac_task_query *q, struct ac_task_rows *ret, struct ac_err *reterr)
{
	size_t want = (size_t)bounded(q->limit);
	struct ac_task_query more = *q;
	struct ac_task_rows all = { 0 }, part;
	struct ac_task_row last;
	struct ac_rows rows;
	struct behind b;
	enum ac_code rc;

	for (;;) {
		if ((rc = find_behind(w, &more, &b, reterr)) != AC_OK || (rc = read_rows(w, &more, &b, &rows, reterr)) != AC_OK ||
		    (rc = read_tasks(w, &rows, q->who, &part, reterr)) != AC_OK)
			return rc;
		if (all.n == 0 && (part.n == rows.n || rows.n < want)) {
			*ret = part;
			return AC_OK;
		}
		if (all.v == NULL)
			all.v = ac_new(w->arena, struct ac_task_row, want);
		for (size_t i = 0; i < part.n && all.n < want; i++)
			all.v[all.n++] = part.v[i];
		*ret = all;
		if (rows.n < want || all.n == want)
			return AC_OK;
		if ((rc = ac_task_row_of(ac_row(&rows, rows.n - 1), &last, reterr)) != AC_OK)
			return rc;
		struct ac_task_key *key = ac_new(w->arena, struct ac_task_key, 1);
		*key = (struct ac_task_key){ last.plan, last.name };
		more.after = key;
	}
}

enum ac_code
ac_task_list(struct ac_worker *w, const struct ac_task_query *q, struct ac_task_rows *ret, struct ac_err *reterr)
{
	enum ac_code rc = w->reader->ops->begin_read(w->reader, reterr);

	if (rc != AC_OK)
		return rc;
	rc = fill_list(w, q, ret, reterr);
	w->reader->ops->rollback(w->reader);
	return rc;
}

static int
nibble(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

/* The least and the greatest id that begin so. */
static bool
id_range(struct ac_str prefix, struct ac_uuid *low, struct ac_uuid *high)
{
	size_t n = 0;

	memset(low, 0, sizeof(*low));
	memset(high, 0xff, sizeof(*high));
	for (size_t i = 0; i < prefix.n; i++) {
		int v = nibble(prefix.p[i]);

		if (prefix.p[i] == '-')
			continue;
		if (v < 0 || n >= 2 * sizeof(low->b))
			return false;
		int shift = n % 2 == 0 ? 4 : 0;
		low->b[n / 2] = (unsigned char)(low->b[n / 2] | (v << shift));
		high->b[n / 2] = (unsigned char)(high->b[n / 2] & ~((v ^ 15) << shift));
		n++;
	}
	return n >= AC_PLAN_PREFIX_MIN;
}

enum ac_code
ac_plan_find(struct ac_worker *w, struct ac_str prefix, struct ac_uuid *ret, struct ac_err *reterr)
{
	struct ac_uuid low, high;
	struct ac_rows rows;
	enum ac_code rc;

	if (!id_range(prefix, &low, &high))
		return ac_fail(reterr, AC_EINPUT, "PLAN-ID",
		    "a plan is named by its id, or by its first %d digits or more", AC_PLAN_PREFIX_MIN);
	rc = ac_rows_read(w->reader, AC_STMT_PLAN_BETWEEN, w->arena, &rows, reterr, AC_VUUID(&low), AC_VUUID(&high));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if (rows.n > 1)
		return ac_fail(reterr, AC_EINPUT, "PLAN-AMBIGUOUS", "several plans begin so: give more digits");
	if (!ac_val_uuid(&ac_row(&rows, 0)[0], ret))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "plan.id is not an id");
	return AC_OK;
}
