/*
 * audit_verify_reasons.c - the reasons that people gave, held against their leaves (core/audit.h, Reasons).
 *
 * Rules   the words beside a leaf are those it was made from, unless they were purged. For the leaf of a protocol's act the
 *         history of the protocol has an act with these words; what is shown elsewhere (activations, suspensions, recalls)
 *         are the words of an act in the history. For the leaf of an act on a task or on the state of a plan that act,
 *         found by its number, has them.
 */
#include <stdio.h>

#include "core/audit.h"
#include "core/log_tail.h"
#include "core/record_parts.h"
#include "core/store.h"

struct reason {
	const struct ac_keys *keys;
	struct ac_arena *a;
	struct ac_str digest;
	bool found;
};

static enum ac_code
fail(struct ac_err *reterr, const char *table, size_t n, int64_t row, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "/%.*s/%lld", (int)n, table, (long long)row);
	return ac_fail_at(reterr, AC_EINTEGRITY, "LOG-REASON", 0, 0, path, "%s", what);
}

static enum ac_code
compare(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct reason *r = arg;

	(void)ncols;
	(void)reterr;
	r->found = r->found || ac_streq(ac_audit_reason_digest(r->keys, cols[0].s, r->a), r->digest);
	return AC_OK;
}

struct task_reason {
	struct reason r;
	struct ac_uuid task;
};

/* plan, task, reason */
static enum ac_code
compare_task(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct task_reason *t = arg;
	struct ac_uuid plan = { 0 }, task;

	if (!ac_val_uuid(&cols[0], &plan))
		return AC_OK;
	task = ac_task_object(plan, cols[1].s);
	return memcmp(task.b, t->task.b, sizeof(task.b)) == 0 ? compare(&cols[2], ncols, &t->r, reterr) : AC_OK;
}

/* Of the act on a task or a plan that this leaf is of; what is neither has been found. */
static enum ac_code
find_act(struct ac_store *s, const struct ac_leaf *l, struct task_reason *t, struct ac_err *reterr)
{
	struct ac_uuid first, last;

	t->r.found = true;
	if (!ac_uuid_parse(l->id, &t->task))
		return AC_OK;
	if (ac_str_starts(l->action, AC_S("state:"))) {
		t->r.found = false;
		return ac_store_run(s, AC_STMT_VERIFY_PLAN_REASON, compare, &t->r, reterr, AC_VUUID(&t->task),
		    AC_VINT(l->version));
	}
	if (!ac_str_starts(l->action, AC_S("task:")))
		return AC_OK;
	t->r.found = false;
	first = last = t->task;
	memset(first.b + AC_OBJECT_OF_PLAN, 0, sizeof(first.b) - AC_OBJECT_OF_PLAN);
	memset(last.b + AC_OBJECT_OF_PLAN, 0xff, sizeof(last.b) - AC_OBJECT_OF_PLAN);
	return ac_store_run(s, AC_STMT_VERIFY_TASK_REASON, compare_task, t, reterr, AC_VUUID(&first), AC_VUUID(&last),
	    AC_VINT(l->version));
}

static bool
version_of(struct ac_str id, struct ac_sha256 *ret)
{
	static const char digits[] = "0123456789abcdef";

	if (id.n != 2 * sizeof(ret->b))
		return false;
	for (size_t i = 0; i < id.n; i++) {
		const char *at = memchr(digits, id.p[i], 16);
		if (at == NULL)
			return false;
		unsigned value = (unsigned)(at - digits);
		ret->b[i / 2] = (unsigned char)(i % 2 == 0 ? value << 4 : ret->b[i / 2] | value);
	}
	return true;
}

enum ac_code
ac_verify_reason(struct ac_store *s, const struct ac_keys *k, struct ac_arena *a, int64_t idx, const struct ac_leaf *l,
    const struct ac_val *words, struct ac_err *reterr)
{
	struct task_reason t = { .r = { .keys = k, .a = a, .digest = l->digest } };
	bool is_protocols = ac_streq_c(l->kind, AC_LEAF_PROTOCOL_REASON);
	struct ac_sha256 version = { 0 };

	if (!is_protocols && !ac_streq_c(l->kind, AC_LEAF_REASON))
		return AC_OK;
	if (words->type != AC_VAL_NULL && !ac_streq(ac_audit_reason_digest(k, words->s, a), l->digest))
		return fail(reterr, "leaf", 4, idx, "the reason beside it is not the one that was given");
	if (!is_protocols) {
		enum ac_code found = find_act(s, l, &t, reterr);
		if (found == AC_OK && !t.r.found)
			return fail(reterr, "leaf", 4, idx, "no act on this task or plan has the reason that was given");
		return found;
	}
	bool has_version = version_of(l->id, &version);
	enum ac_code code = ac_store_run(s, AC_STMT_VERIFY_ACT_REASONS, compare, &t.r, reterr,
	    has_version ? AC_VSHA(&version) : AC_VNULL, has_version ? AC_VNULL : AC_VTEXT(l->id));
	if (code == AC_OK && !t.r.found)
		return fail(reterr, "leaf", 4, idx, "no act of this protocol has the reason that was given");
	return code;
}

static enum ac_code
on_copy(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)arg;
	return fail(reterr, cols[0].s.p, cols[0].s.n, cols[1].i, "its reason is not one of the acts in the history");
}

enum ac_code
ac_verify_reason_copies(struct ac_store *s, struct ac_err *reterr)
{
	return ac_store_run_n(s, AC_STMT_VERIFY_REASON_COPIES, NULL, 0, on_copy, NULL, NULL, reterr);
}
