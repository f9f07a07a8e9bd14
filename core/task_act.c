/* task_act.c - a person takes, finishes, puts off, hands on or escalates a follow-up task; a task is raised. */
#include "base/utf8.h"
#include "core/intake_parts.h"

#define OUTCOME_BYTES_MAX 500
#define NAME_BYTES_MAX 200
#define SNOOZE_MAX_S (366 * (int64_t)86400)

static const char *const words[] = { "done", "cancel", "take", "release", "assign", "snooze", "escalate", "call",
	"nobody", "late", "raise", "reopen" };

const char *
ac_task_act_word(enum ac_task_act a)
{
	return words[a];
}

bool
ac_task_act_parse(struct ac_str s, enum ac_task_act *ret)
{
	for (size_t i = 0; i <= AC_TASK_ACT_ESCALATE; i++) {
		if (ac_streq_c(s, words[i])) {
			*ret = (enum ac_task_act)i;
			return true;
		}
	}
	return false;
}

/* Who may do what another may: a clinician everything of the care, a nurse what the front desk may. */
static int
rank(struct ac_str role)
{
	static const char *const roles[] = { "front-desk", "nurse", "clinician" };

	for (int i = 0; i < 3; i++)
		if (ac_streq_c(role, roles[i]))
			return i;
	return 2;
}

static bool
decides(const struct ac_actor *who)
{
	return who->role == AC_ROLE_CLINICIAN || who->role == AC_ROLE_ADMIN || who->role == AC_ROLE_SYSTEM;
}

static enum ac_code
may_snooze(const struct ac_actor *who, const struct ac_task_row *t, int64_t until, int64_t now, struct ac_err *reterr)
{
	if (until <= now || until > now + SNOOZE_MAX_S)
		return ac_fail(reterr, AC_EINPUT, "TASK-UNTIL", "a task is put off until a time to come, within a year");
	if (decides(who))
		return AC_OK;
	if (t->urgent)
		return ac_fail(reterr, AC_EDENIED, "TASK-SNOOZE", "only a clinician puts an urgent task off");
	if (until > t->due + t->escalate_s)
		return ac_fail(reterr, AC_EDENIED, "TASK-SNOOZE",
		    "only a clinician puts a task off beyond the time that its protocol allows");
	return AC_OK;
}

static enum ac_code
check_words(const struct ac_task_request *rq, struct ac_err *reterr)
{
	bool needed = rq->act == AC_TASK_ACT_CANCEL || rq->act == AC_TASK_ACT_SNOOZE || rq->act == AC_TASK_ACT_ESCALATE;
	enum ac_role known;
	size_t bad;

	if (rq->act > AC_TASK_ACT_ESCALATE)
		return ac_fail(reterr, AC_EINPUT, "TASK-STATUS", "nobody does this to a task");
	if (rq->reason.n > OUTCOME_BYTES_MAX - (sizeof(AC_TASK_ESCALATED) - 1))
		return ac_fail(reterr, AC_ELIMIT, "TASK-OUTCOME", "the outcome or reason is longer than %d bytes",
		    OUTCOME_BYTES_MAX);
	if (!ac_utf8_is_valid(rq->reason, &bad) || !ac_utf8_is_valid(rq->owner, &bad))
		return ac_fail(reterr, AC_EINPUT, "TASK-REASON", "an outcome, a reason and an owner are text");
	if (needed && ac_str_trim(rq->reason).n == 0)
		return ac_fail(reterr, AC_EINPUT, "TASK-REASON", "this needs a reason");
	if (rq->role.n > 0 && !ac_role_parse(rq->role, &known))
		return ac_fail(reterr, AC_EINPUT, "TASK-ROLE", "a task goes to a role");
	if (rq->act == AC_TASK_ACT_ESCALATE && rq->role.n == 0)
		return ac_fail(reterr, AC_EINPUT, "TASK-ROLE", "a task is escalated to a role");
	if (rq->act == AC_TASK_ACT_ASSIGN && (rq->owner.n > NAME_BYTES_MAX || (rq->role.n == 0 && rq->owner.n == 0)))
		return ac_fail(reterr, AC_EINPUT, "TASK-OWNER", "a task is given to a role, to a person, or both");
	return AC_OK;
}

enum ac_code
ac_task_may(const struct ac_actor *who, const struct ac_task_row *t, const struct ac_task_request *rq, int64_t now_ms,
    struct ac_err *reterr)
{
	enum ac_code rc = check_words(rq, reterr);

	if (rc != AC_OK)
		return rc;
	if (!decides(who) && who->role != AC_ROLE_NURSE && !ac_streq_c(t->role, ac_role_word(who->role)))
		return ac_fail(reterr, AC_EDENIED, "TASK-ROLE", "this task is for another role");
	if (rq->act == AC_TASK_ACT_SNOOZE)
		return may_snooze(who, t, rq->until, now_ms / 1000, reterr);
	if (!t->urgent || decides(who))
		return AC_OK;
	if (rq->act == AC_TASK_ACT_CANCEL && ac_streq_c(t->role, "clinician"))
		return ac_fail(reterr, AC_EDENIED, "TASK-URGENT", "only a clinician cancels what is urgent for one");
	if (rq->act == AC_TASK_ACT_ASSIGN && rq->role.n > 0 && rank(rq->role) < rank(t->role))
		return ac_fail(reterr, AC_EDENIED, "TASK-URGENT", "only a clinician gives an urgent task to a lower role");
	return AC_OK;
}

struct act_work {
	const struct ac_actor *who;
	const struct ac_task_request *rq;
	struct ac_on_call on_call;
};

static enum ac_code
find(struct ac_store *s, struct ac_arena *a, const struct act_work *k, int64_t now_ms, struct ac_task_row *t,
    struct ac_err *reterr)
{
	struct ac_commit c = { .store = s, .arena = a };
	enum ac_code rc = ac_task_get(&c, k->rq->plan, k->rq->name, t, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_str_is_set(k->who->site) && !ac_streq(k->who->site, t->site))
		return ac_fail(reterr, AC_ENOTFOUND, "TASK-UNKNOWN", "the plan has no such task");
	if ((rc = ac_task_may(k->who, t, k->rq, now_ms, reterr)) != AC_OK)
		return rc;
	if (k->rq->seq >= 0 && t->seq != k->rq->seq)
		return ac_fail(
		    reterr, AC_ECONFLICT, "TASK-STALE", "the task changed since the page was shown");
	if (!ac_task_is_open(t))
		return ac_fail(reterr, AC_ECONFLICT, "TASK-STATE", "the task is finished");
	if (k->rq->act == AC_TASK_ACT_TAKE && ac_streq_c(t->status, "accepted") && !ac_streq(t->owner, k->who->user))
		return ac_fail(reterr, AC_ECONFLICT, "TASK-STATE", "somebody else took the task");
	return AC_OK;
}

static void
finish(struct ac_task_row *t, const struct act_work *k, const char *status, int64_t now_ms)
{
	t->status = ac_str_c(status);
	t->outcome = ac_str_is_set(k->rq->reason) ? k->rq->reason : AC_S("");
	t->actor = k->who->user;
	t->done_ms = now_ms;
}

static void
escalate(struct ac_commit *c, struct ac_task_row *t, const struct act_work *k)
{
	t->urgent = true;
	t->role = k->rq->role;
	t->outcome = ac_strf(c->arena, AC_TASK_ESCALATED "%.*s", AC_FMT(k->rq->reason));
	t->status = AC_S("requested");
	t->owner = (struct ac_str){ 0 };
	t->snoozed = t->escalate_s = 0;
	ac_task_call(&k->on_call, t, (struct ac_str){ 0 }, c->now_ms);
}

static struct ac_str
assign(struct ac_commit *c, struct ac_task_row *t, const struct act_work *k)
{
	if (k->rq->role.n > 0) {
		t->role = k->rq->role;
		t->given = true;
	}
	t->owner = k->rq->owner;
	t->status = AC_S("requested");
	if (t->urgent)
		ac_task_call(&k->on_call, t, (struct ac_str){ 0 }, c->now_ms);
	return t->owner.n == 0 ? t->role : ac_strf(c->arena, "%.*s, %.*s", AC_FMT(t->role), AC_FMT(t->owner));
}

/* What becomes of the row; the detail that is kept beside the act. */
static struct ac_str
change(struct ac_commit *c, struct ac_task_row *t, const struct act_work *k)
{
	switch (k->rq->act) {
	case AC_TASK_ACT_DONE:
		finish(t, k, "completed", c->now_ms);
		break;
	case AC_TASK_ACT_CANCEL:
		finish(t, k, "cancelled", c->now_ms);
		break;
	case AC_TASK_ACT_TAKE:
		t->owner = k->who->user;
		t->status = AC_S("accepted");
		t->called = (struct ac_str){ 0 };
		return t->owner;
	case AC_TASK_ACT_RELEASE:
		t->owner = (struct ac_str){ 0 };
		t->status = AC_S("requested");
		if (t->urgent)
			ac_task_call(&k->on_call, t, (struct ac_str){ 0 }, c->now_ms);
		break;
	case AC_TASK_ACT_ASSIGN:
		return assign(c, t, k);
	case AC_TASK_ACT_SNOOZE:
		t->snoozed = k->rq->until;
		return ac_strf(c->arena, "%lld", (long long)t->snoozed);
	case AC_TASK_ACT_ESCALATE:
		escalate(c, t, k);
		return t->role;
	case AC_TASK_ACT_CALL:
	case AC_TASK_ACT_NOBODY:
	case AC_TASK_ACT_LATE:
	case AC_TASK_ACT_RAISE:
	case AC_TASK_ACT_REOPEN:
		break;
	}
	return (struct ac_str){ 0 };
}

static enum ac_code
commit_act(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct act_work *k = arg;
	struct ac_task_row t;
	enum ac_code rc = find(c->store, c->arena, k, c->now_ms, &t, reterr);

	if (rc != AC_OK)
		return rc;
	struct ac_str detail = change(c, &t, k);
	return ac_task_commit(c, k->who, &t, false, k->rq->act, detail, k->rq->reason, reterr);
}

bool
ac_task_needs_words(const struct ac_task_row *t)
{
	return ac_streq_c(t->kind, "call") || ac_streq_c(t->kind, "check-in") || t->urgent;
}

enum ac_code
ac_task_do(struct ac_worker *w, const struct ac_actor *who, const struct ac_task_request *rq, struct ac_err *reterr)
{
	struct act_work k = { .who = who, .rq = rq };
	struct ac_task_row t;
	enum ac_code rc = ac_on_call_now(w, &k.on_call, reterr);

	if (rc != AC_OK)
		return rc;
	if (rq->dry_run)
		return find(w->reader, w->arena, &k, ac_service_now_ms(w->service), &t, reterr);
	return ac_committer_run(w->service->committer, commit_act, &k, reterr);
}

/* ---- raised ---- */

static enum ac_code
check_raise(const struct ac_task_raise *rq, struct ac_err *reterr)
{
	enum ac_role role;

	if (!ac_str_starts(rq->name, AC_S(AC_TASK_OWN)) || ac_str_starts(rq->name, AC_S(AC_TASK_FACTS)) ||
	    rq->name.n > NAME_BYTES_MAX)
		return ac_fail(reterr, AC_EINPUT, "TASK-NAME", "a raised task has a name of the product's own");
	if (!ac_role_parse(rq->role, &role) || (rq->escalate_to.n > 0 && !ac_role_parse(rq->escalate_to, &role)))
		return ac_fail(reterr, AC_EINPUT, "TASK-ROLE", "a task goes to a role");
	if (rq->title.n == 0 || rq->title.n > OUTCOME_BYTES_MAX || rq->reason.n > OUTCOME_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "TASK-OUTCOME", "a title and a reason have at most %d bytes",
		    OUTCOME_BYTES_MAX);
	return AC_OK;
}

enum ac_code
ac_task_raise_prepare(struct ac_worker *w, const struct ac_actor *who, const struct ac_task_raise *rq,
    struct ac_task_raised *ret, struct ac_err *reterr)
{
	int64_t now_ms = ac_service_now_ms(w->service);
	struct ac_on_call o;
	enum ac_code rc = check_raise(rq, reterr);

	if (rc != AC_OK || (rc = ac_on_call_now(w, &o, reterr)) != AC_OK)
		return rc;
	*ret = (struct ac_task_raised){ .rq = *rq, .who = who };
	ret->row = (struct ac_task_row){ .plan = rq->plan,
		.name = rq->name,
		.title = rq->title,
		.kind = ac_str_c(ac_task_kind_word(rq->kind)),
		.role = rq->role,
		.line = rq->line,
		.status = AC_S("requested"),
		.urgent = rq->urgent,
		.due = rq->due == AC_INSTANT_NONE ? now_ms / 1000 : rq->due,
		.not_before = rq->not_before == AC_INSTANT_NONE ? now_ms / 1000 : rq->not_before,
		.take_s = rq->take_s,
		.escalate_s = rq->escalate_s,
		.escalate_to = rq->escalate_to.n > 0 ? rq->escalate_to : AC_S("clinician") };
	if (ret->row.not_before > ret->row.due)
		ret->row.not_before = ret->row.due;
	if (rq->urgent)
		ac_task_call(&o, &ret->row, (struct ac_str){ 0 }, now_ms);
	return AC_OK;
}

/* There already, and open: it becomes urgent when it has to. */
static enum ac_code
raise_again(struct ac_commit *c, const struct ac_task_raised *r, struct ac_task_row *t, struct ac_err *reterr)
{
	if (!ac_task_is_open(t))
		return ac_fail(reterr, AC_ECONFLICT, "TASK-STATE", "the task is finished");
	if (t->urgent || !r->row.urgent)
		return AC_OK;
	t->urgent = true;
	t->take_s = r->row.take_s;
	t->called = r->row.called;
	t->called_ms = r->row.called_ms;
	return ac_task_commit(c, r->who, t, false, AC_TASK_ACT_ESCALATE, t->role, r->rq.reason, reterr);
}

enum ac_code
ac_task_raise_put(struct ac_commit *c, const struct ac_task_raised *r, struct ac_err *reterr)
{
	struct ac_task_row t = r->row;
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(c->store, AC_STMT_TASK_GET, c->arena, &rows, reterr, AC_VUUID(&t.plan), AC_VTEXT(t.name));
	if (rc != AC_OK)
		return rc;
	if (rows.n > 0)
		return (rc = ac_task_row_of(ac_row(&rows, 0), &t, reterr)) != AC_OK ? rc
										      : raise_again(c, r, &t, reterr);
	if ((rc = ac_rows_read(c->store, AC_STMT_PLAN_GET, c->arena, &rows, reterr, AC_VUUID(&t.plan))) != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "no plan with this id");
	const struct ac_val *col = ac_row(&rows, 0);
	t.site = col[1].s;
	t.encounter = col[2].s;
	t.patient = col[3].s;
	t.plan_status = col[4].s;
	t.plan_version = col[6].i;
	return ac_task_commit(c, r->who, &t, true, AC_TASK_ACT_RAISE, t.role, r->rq.reason, reterr);
}

static enum ac_code
commit_raise(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	return ac_task_raise_put(c, arg, reterr);
}

enum ac_code
ac_task_raise(struct ac_worker *w, const struct ac_actor *who, const struct ac_task_raise *rq, struct ac_err *reterr)
{
	struct ac_task_raised r;
	enum ac_code rc = ac_task_raise_prepare(w, who, rq, &r, reterr);

	return rc != AC_OK ? rc : ac_committer_run(w->service->committer, commit_raise, &r, reterr);
}

/* ---- as the intake's header has them ---- */

enum ac_code
ac_intake_task(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid plan, struct ac_str name,
    int64_t seq, struct ac_str status, struct ac_str outcome, struct ac_err *reterr)
{
	struct ac_task_request rq = {
		.plan = plan, .name = name, .seq = seq, .act = AC_TASK_ACT_DONE, .reason = outcome
	};

	if (ac_streq_c(status, "cancelled"))
		rq.act = AC_TASK_ACT_CANCEL;
	else if (!ac_streq_c(status, "completed"))
		return ac_fail(reterr, AC_EINPUT, "TASK-STATUS", "a task is completed or cancelled");
	return ac_task_do(w, who, &rq, reterr);
}

enum ac_code
ac_intake_task_escalate(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid plan,
    struct ac_str name, int64_t seq, struct ac_str role, struct ac_str reason, struct ac_err *reterr)
{
	struct ac_task_request rq = {
		.plan = plan, .name = name, .seq = seq, .act = AC_TASK_ACT_ESCALATE, .role = role, .reason = reason
	};

	return ac_task_do(w, who, &rq, reterr);
}
