/* task_put.c - rows of follow-up tasks as they are written: by the intake, by what people do, by the timer. */
#include "core/intake_parts.h"

static struct ac_val
int_or_null(int64_t i)
{
	return i == 0 ? AC_VNULL : AC_VINT(i);
}

static struct ac_val
text_or_null(struct ac_str s)
{
	return s.n > 0 ? AC_VTEXT(s) : AC_VNULL;
}

static struct ac_val
outcome(const struct ac_task_row *t)
{
	return ac_str_is_set(t->outcome) ? AC_VTEXT(t->outcome) : AC_VNULL;
}

#define COLUMNS(c, t) \
	AC_VINT((t)->plan_version), AC_VTEXT((t)->title), AC_VTEXT((t)->kind), AC_VTEXT((t)->role), \
	    AC_VINT((t)->urgent), AC_VTEXT((t)->status), AC_VINT((t)->not_before), AC_VINT((t)->due), outcome(t), \
	    text_or_null((t)->actor), int_or_null((t)->done_ms), AC_VINT((c)->now_ms), AC_VINT((t)->seq), \
	    text_or_null((t)->owner), text_or_null((t)->called), int_or_null((t)->called_ms), text_or_null((t)->line), \
	    int_or_null((t)->snoozed), int_or_null((t)->take_s), int_or_null((t)->escalate_s), \
	    text_or_null((t)->escalate_to), AC_VINT((t)->steps), int_or_null(ac_task_timer_ms(t)), \
	    AC_VINT((t)->given)

enum ac_code
ac_task_put(
    struct ac_commit *c, const struct ac_task_row *t, bool add, int64_t first_leaf, struct ac_err *reterr)
{
	if (add)
		return ac_store_run(c->store, AC_STMT_TASK_ADD, NULL, NULL, reterr, COLUMNS(c, t),
		    AC_VINT(first_leaf), AC_VTEXT(t->name));
	return ac_store_run(c->store, AC_STMT_TASK_SET, NULL, NULL, reterr, COLUMNS(c, t), AC_VUUID(&t->plan),
	    AC_VTEXT(t->name));
}

static int64_t
earlier(int64_t x, int64_t y)
{
	return x == 0 || (y != 0 && y < x) ? y : x;
}

/* Of a plan on hold, nothing but what is urgent has its hour. */
int64_t
ac_task_timer_ms(const struct ac_task_row *t)
{
	int64_t take = 0, late = 0, from = t->due;

	if (!ac_task_is_open(t) || (ac_streq_c(t->plan_status, "on-hold") && !t->urgent))
		return 0;
	if (t->urgent && ac_streq_c(t->status, "requested") && t->take_s > 0 && t->called_ms != 0)
		take = t->called_ms + t->take_s * 1000;
	if (t->escalate_s > 0) {
		late = (from + t->escalate_s) * 1000;
		if (t->snoozed * 1000 > late) /* a clinician's */
			late = t->snoozed * 1000;
	}
	return earlier(take, late);
}

enum ac_code
ac_on_call_now(struct ac_worker *w, struct ac_on_call *ret, struct ac_err *reterr)
{
	const struct ac_clinic *clinic = w->config->clinic;
	struct ac_sha256 tzif;
	struct ac_str bytes;

	*ret = (struct ac_on_call){ 0 };
	if (clinic == NULL)
		return AC_OK;
	ret->clinic = clinic;
	if (clinic->zone.n == 0) /* with a list it has one */
		return AC_OK;
	return ac_worker_zone_now(w, clinic->zone, &ret->zone, &tzif, &bytes, reterr);
}

/* The turn of the next who is on duty; nobody's when there is none: it is looked at again after as long. */
void
ac_task_call(const struct ac_on_call *o, struct ac_task_row *t, struct ac_str after, int64_t now_ms)
{
	const struct ac_duty *d = NULL;

	if (o->clinic != NULL && o->zone != NULL)
		d = ac_clinic_on_duty(o->clinic, o->zone, now_ms / 1000, t->role, after);
	if (o->clinic != NULL && t->take_s == 0)
		t->take_s = o->clinic->take_within_s;
	t->called = d == NULL ? (struct ac_str){ 0 } : d->account;
	t->called_ms = now_ms;
}

enum ac_code
ac_task_get(struct ac_commit *c, struct ac_uuid plan, struct ac_str name, struct ac_task_row *ret,
    struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(
	    c->store, AC_STMT_TASK_GET, c->arena, &rows, reterr, AC_VUUID(&plan), AC_VTEXT(name));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	return ac_task_row_of(ac_row(&rows, 0), ret, reterr);
}

static enum ac_code
first_int(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
}

/* The EHR's copy of the task: taken off its list, or as it is now. */
static enum ac_code
deliver(struct ac_commit *c, const struct ac_task_row *t, int64_t encounter_seq, struct ac_err *reterr)
{
	struct ac_str object = ac_uuid_str(c->arena, ac_task_object(t->plan, t->name)),
		      plan = ac_uuid_str(c->arena, t->plan);
	struct ac_str kind = ac_task_is_open(t) ? AC_S("task") : AC_S("task-withdraw");
	struct ac_str href =
	    ac_strf(c->arena, "/aftercare/plans/%.*s/tasks/%.*s", AC_FMT(plan), AC_FMT(t->name));
	int64_t since = 0, last = 0, waits = 0, seq = (encounter_seq + 1) * AC_SEQ_PER_COMMIT;
	enum ac_code rc;

	rc = ac_store_run(c->store, AC_STMT_CHANNEL_GET, first_int, &since, reterr, AC_VTEXT(t->site));
	if (rc != AC_OK || since == 0)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_DELIVERY_LAST, first_int, &last, reterr, AC_VTEXT(t->site),
	    AC_VTEXT(t->encounter));
	if (rc != AC_OK)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_DELIVERY_WAITS, first_int, &waits, reterr, AC_VTEXT(t->site),
	    AC_VTEXT(t->encounter));
	if (rc != AC_OK)
		return rc;
	if (waits < c->now_ms)
		waits = c->now_ms;
	if (last >= seq) /* the second task of one commit */
		seq = last + 1;
	rc = ac_store_run(c->store, AC_STMT_DELIVERY_SUPERSEDE, NULL, NULL, reterr, AC_VTEXT(t->site),
	    AC_VTEXT(t->encounter), AC_VTEXT(object), AC_VINT(t->seq));
	if (rc != AC_OK)
		return rc;
	return ac_store_run(c->store, AC_STMT_DELIVERY_ADD, NULL, NULL, reterr, AC_VTEXT(t->site),
	    AC_VTEXT(t->encounter), AC_VTEXT(kind), AC_VTEXT(object), AC_VINT(t->seq), AC_VTEXT(href), AC_VNULL,
	    AC_VINT(0), AC_VINT(waits), AC_VINT(c->now_ms), AC_VINT(seq));
}

static enum ac_code
put_leaf(struct ac_commit *c, const struct ac_actor *who, const struct ac_task_row *t, enum ac_task_act act,
    struct ac_str reason, struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "task",
		.kind = "task",
		.actor = who->user,
		.role = ac_str_c(ac_role_word(who->role)),
		.id = ac_uuid_str(c->arena, ac_task_object(t->plan, t->name)),
		.version = t->seq,
		.patient = t->patient,
		.object = ac_strf(c->arena, "%.*s/%.*s", AC_FMT(t->site), AC_FMT(t->encounter)),
		.reason = reason.n > 0 ? reason : (struct ac_str){ 0 },
		.outcome = ac_task_act_word(act) };

	if (act == AC_TASK_ACT_DONE || act == AC_TASK_ACT_CANCEL)
		e.outcome = ac_cstr(c->arena, t->status);
	if (act == AC_TASK_ACT_ESCALATE || act == AC_TASK_ACT_LATE)
		e.outcome = "escalated";
	return ac_audit_append(c, &e, reterr);
}

enum ac_code
ac_task_commit(struct ac_commit *c, const struct ac_actor *who, struct ac_task_row *t, bool add,
    enum ac_task_act act, struct ac_str detail, struct ac_str reason, struct ac_err *reterr)
{
	struct ac_rows plan;
	int64_t seq = 0;
	enum ac_code rc;

	t->seq = add ? 1 : t->seq + 1;
	if ((rc = ac_rows_read(c->store, AC_STMT_PLAN_GET, c->arena, &plan, reterr, AC_VUUID(&t->plan))) != AC_OK)
		return rc;
	if (plan.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	if ((rc = ac_task_put(c, t, add, ac_row(&plan, 0)[17].i, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_TASK_ACT_ADD, NULL, NULL, reterr, AC_VUUID(&t->plan), AC_VTEXT(t->name),
	    AC_VINT(t->seq), AC_VTEXT(ac_str_c(ac_task_act_word(act))), text_or_null(detail), text_or_null(reason),
	    AC_VINT(c->now_ms), AC_VTEXT(who->user), AC_VTEXT(ac_str_c(ac_role_word(who->role))));
	if (rc != AC_OK)
		return rc;
	if (!ac_task_is_open(t)) {
		rc = ac_store_run(c->store, AC_STMT_PLAN_TIMER_NOW, NULL, NULL, reterr, AC_VINT(c->now_ms),
		    AC_VUUID(&t->plan), AC_VINT(c->now_ms));
		if (rc != AC_OK)
			return rc;
	}
	rc = ac_store_run(c->store, AC_STMT_ENCOUNTER_SEQ, first_int, &seq, reterr, AC_VTEXT(t->site),
	    AC_VTEXT(t->encounter));
	if (rc != AC_OK || (rc = deliver(c, t, seq, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(
	    c->store, AC_STMT_ENCOUNTER_BUMP, NULL, NULL, reterr, AC_VTEXT(t->site), AC_VTEXT(t->encounter));
	return rc != AC_OK ? rc : put_leaf(c, who, t, act, reason, reterr);
}
