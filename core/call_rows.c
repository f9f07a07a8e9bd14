/* call_rows.c - calls out of the store, and into it. */
#include "core/intake_parts.h"

#define RUN(c, stmt, reterr, ...) ac_store_run((c)->store, AC_STMT_##stmt, NULL, NULL, (reterr), __VA_ARGS__)

static struct ac_val
text_or_null(struct ac_str s)
{
	return ac_str_is_set(s) ? AC_VTEXT(s) : AC_VNULL;
}

static enum ac_code
entry_of(const struct ac_val *col, struct ac_call_entry *e, struct ac_err *reterr)
{
	*e = (struct ac_call_entry){ .name = col[4].s,
		.value = col[5].s,
		.words = col[6].s,
		.actor = col[7].s,
		.role = col[8].s,
		.at_ms = col[9].i };
	if (!ac_call_entry_parse(col[3].s, &e->kind))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "an entry of a call is of no known kind");
	return AC_OK;
}

enum ac_code
ac_calls_of(
    struct ac_worker *w, struct ac_uuid plan, struct ac_call **ret, size_t *ret_n, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_call_entry *entries;
	struct ac_call *v;
	size_t n = 0;
	enum ac_code rc =
	    ac_rows_read(w->reader, AC_STMT_CALL_LIST, w->arena, &rows, reterr, AC_VUUID(&plan));

	if (rc != AC_OK)
		return rc;
	entries = ac_new(w->arena, struct ac_call_entry, rows.n);
	v = ac_new(w->arena, struct ac_call, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);

		if ((rc = entry_of(col, &entries[i], reterr)) != AC_OK)
			return rc;
		if (n == 0 || v[n - 1].n != col[0].i) {
			v[n] = (struct ac_call){
				.n = col[0].i, .task = col[2].s, .with = col[10].s, .entries = &entries[i]
			};
			if (!ac_call_kind_parse(col[1].s, &v[n++].kind))
				return ac_fail(
				    reterr, AC_EINTEGRITY, "ROW-TYPE", "a call is of no known kind");
		}
		v[n - 1].nentries++;
	}
	*ret = v;
	*ret_n = n;
	return AC_OK;
}

static enum ac_code
log_act(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op,
    const struct ac_call *call, struct ac_str reason, struct ac_err *reterr)
{
	const struct ac_call_entry *last = &call->entries[call->nentries - 1];
	struct ac_audit_entry e = { .action = "call",
		.kind = "call",
		.actor = k->job->who->user,
		.role = ac_str_c(ac_role_word(k->job->who->role)),
		.id = ac_uuid_str(c->arena, op->now.row.id),
		.version = call->n,
		.patient = op->now.row.patient,
		.object = ac_strf(c->arena, "%.*s/%.*s", AC_FMT(k->seen->site), AC_FMT(k->seen->id)),
		.reason = reason };

	e.outcome = last->kind == AC_ENTRY_OUTCOME || last->kind == AC_ENTRY_LEVEL
			? ac_cstr(c->arena, last->value)
			: ac_call_entry_word(last->kind);
	return ac_audit_append(c, &e, reterr);
}

static enum ac_code
put(struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, const struct ac_talk *t,
    struct ac_err *reterr)
{
	const struct ac_call *call = &k->calls[t->call];
	struct ac_str with = t->job->with == NULL || t->job->first ? (struct ac_str){ 0 } : *t->job->with;
	int64_t plan = op->now.first_leaf;
	enum ac_code rc = AC_OK;

	if (t->nbefore == 0)
		rc = RUN(c, CALL_ADD, reterr, AC_VINT(plan), AC_VINT(call->n),
		    AC_VTEXT(ac_str_c(ac_call_kind_word(call->kind))), text_or_null(call->task), text_or_null(with));
	for (size_t i = t->nbefore; rc == AC_OK && i < call->nentries; i++) {
		const struct ac_call_entry *e = &call->entries[i];
		rc = RUN(c, CALL_ENTRY_ADD, reterr, AC_VINT(plan), AC_VINT(call->n), AC_VINT((int64_t)i + 1),
		    AC_VTEXT(ac_str_c(ac_call_entry_word(e->kind))), text_or_null(e->name),
		    text_or_null(e->value), text_or_null(e->words), AC_VTEXT(e->actor), AC_VTEXT(e->role),
		    AC_VINT(e->at_ms));
	}
	return rc == AC_OK ? log_act(c, k, op, call, t->job->act->reason, reterr) : rc;
}

/* Each of a conversation has a leaf of its own. */
enum ac_code
ac_call_put(
    struct ac_commit *c, const struct ac_intake_work *k, const struct ac_plan_op *op, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;

	for (size_t i = 0; rc == AC_OK && i < k->ntalks; i++)
		rc = put(c, k, op, &k->talks[i], reterr);
	return rc;
}
