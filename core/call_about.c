/* call_about.c - see call_about.h. */
#include "core/call_about.h"

#include "core/intake_parts.h"

struct ac_str
ac_flag_key(struct ac_arena *a, const struct ac_protocol *p, const struct ac_red_flag *f)
{
	return ac_strf(a, "%.*s/%.*s", AC_FMT(p->id), AC_FMT(f->l.id));
}

struct ac_str
ac_call_english(struct ac_texts t)
{
	bool fell_back;

	return ac_text_pick(t, AC_S("en"), &fell_back);
}

static bool
runs(const struct ac_record *r, int64_t now)
{
	if (r->plan->status != AC_PLAN_ACTIVE)
		return false;
	for (size_t i = 0; i < r->ntasks; i++)
		if (ac_task_is_open(&r->tasks[i]))
			return true;
	for (size_t i = 0; i < r->plan->nlines; i++)
		if (r->plan->lines[i].until != AC_INSTANT_NONE && r->plan->lines[i].until > now)
			return true;
	return false;
}

static void
add_flags(struct ac_worker *w, const struct ac_record *r, enum ac_flag_level level, struct ac_call_about *to)
{
	for (size_t i = 0; i < r->plan->nflags; i++) {
		const struct ac_plan_flag *f = &r->plan->flags[i];
		bool told = f->def->level != level;

		for (size_t k = 0; k < to->nflags && !told; k++)
			told = ac_streq(ac_call_english(to->flags[k].flag->def->text), ac_call_english(f->def->text));
		if (!told)
			to->flags[to->nflags++] =
			    (struct ac_call_flag){ ac_flag_key(w->arena, f->protocol, f->def), f, r };
	}
}

/* A withdrawn plan says nothing any more; what was done was done, and its signs are asked for. */
static enum ac_code
before_revocation(struct ac_worker *w, const struct ac_record **r, struct ac_err *reterr)
{
	struct ac_record *was;
	enum ac_code rc;

	for (int64_t v = (*r)->row.version - 1; v > 0; v--) {
		if ((rc = ac_record_load(w, (*r)->row.id, v, &was, reterr)) != AC_OK)
			return rc;
		if (was->plan->status == AC_PLAN_REVOKED)
			continue;
		*r = was;
		break;
	}
	return AC_OK;
}

enum ac_code
ac_call_about(
    struct ac_worker *w, const struct ac_record *r, struct ac_call_about *ret, struct ac_err *reterr)
{
	struct ac_call_about b = { .plans = ac_new(w->arena, const struct ac_record *, AC_CALL_PLANS_MAX) };
	int64_t now = ac_service_now_ms(w->service) / 1000;
	struct ac_plan_rows rows;
	struct ac_record *other;
	size_t flags = r->plan->nflags;
	enum ac_code rc = ac_plan_list(w, r->row.site, r->row.patient, NULL, AC_LIST_MAX, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	b.plans[b.nplans++] = r;
	for (size_t i = 0; i < rows.n && b.nplans < AC_CALL_PLANS_MAX; i++) {
		if (memcmp(&rows.v[i].id, &r->row.id, sizeof(r->row.id)) == 0 ||
		    !ac_streq_c(rows.v[i].status, "active"))
			continue;
		if ((rc = ac_record_load(w, rows.v[i].id, 0, &other, reterr)) != AC_OK)
			return rc;
		if (!runs(other, now))
			continue;
		b.plans[b.nplans++] = other;
		flags += other->plan->nflags;
	}
	if (r->plan->status == AC_PLAN_REVOKED && (rc = before_revocation(w, &b.plans[0], reterr)) != AC_OK)
		return rc;
	flags += b.plans[0]->plan->nflags;
	b.flags = ac_new(w->arena, struct ac_call_flag, flags);
	for (int level = AC_FLAG_EMERGENCY; level >= AC_FLAG_CALL; level--)
		for (size_t i = 0; i < b.nplans; i++)
			add_flags(w, b.plans[i], (enum ac_flag_level)level, &b);
	*ret = b;
	return AC_OK;
}

const struct ac_plan_task *
ac_call_task(const struct ac_plan *p, struct ac_str name)
{
	for (size_t i = 0; i < p->ntasks; i++)
		if (ac_streq(p->tasks[i].key, name))
			return &p->tasks[i];
	return NULL;
}

/* The protocol of the plan in which this task stands. */
static const struct ac_protocol *
protocol_of(const struct ac_plan *p, const struct ac_task_def *def)
{
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *of = p->in->protocols[i].protocol;
		for (size_t k = 0; k < of->ntasks; k++)
			if (&of->tasks[k] == def)
				return of;
	}
	return NULL;
}

static void
add_questions(const struct ac_plan *p, const struct ac_task_def *def, struct ac_questions *v, size_t *n)
{
	const struct ac_protocol *of = protocol_of(p, def);

	for (size_t i = 0; of != NULL && ac_str_is_set(def->questions) && i < of->ncheck_ins; i++) {
		bool known = !ac_streq(of->check_ins[i].l.id, def->questions);
		for (size_t k = 0; k < *n; k++)
			known |= v[k].check_in == &of->check_ins[i];
		if (!known)
			v[(*n)++] = (struct ac_questions){ of, &of->check_ins[i] };
	}
}

size_t
ac_call_questions(
    const struct ac_plan *p, const struct ac_plan_task *t, struct ac_arena *a, struct ac_questions **ret)
{
	struct ac_questions *v = ac_new(a, struct ac_questions, t->nmerged + 1);
	size_t n = 0;

	if (t->def != NULL)
		add_questions(p, t->def, v, &n);
	for (size_t i = 0; i < t->nmerged; i++)
		add_questions(p, t->merged[i], v, &n);
	*ret = v;
	return n;
}

int32_t
ac_call_attempts_max(const struct ac_plan_task *t)
{
	int32_t max = t->def == NULL ? 0 : t->def->attempts;

	for (size_t i = 0; i < t->nmerged; i++)
		if (t->merged[i]->attempts > 0 && (max == 0 || t->merged[i]->attempts < max))
			max = t->merged[i]->attempts;
	return max;
}
