/*
 * protocol_past.c - what was done to a protocol, and who changed each line last.
 *
 * Rules   blame walks back through what was in force: a line is the work of the oldest version of an unbroken run in
 *         which it means the same. Meaning is compared, not text: white space and the order of lines change nothing.
 */
#include <string.h>

#include "core/protocol_diff.h"
#include "core/protocol_life_parts.h"

enum ac_code
ac_life_act_of(const struct ac_val *col, struct ac_life_act *ret, struct ac_err *reterr)
{
	struct ac_life_act x = { .action = col[0].s,
		.actor = col[1].s,
		.person = col[2].s,
		.reason = col[3].s,
		.at_ms = col[4].i,
		.n = col[5].i,
		.has_version = col[6].type != AC_VAL_NULL };

	if (x.has_version && !ac_val_sha(&col[6], &x.version))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "protocol_act.version is not a digest");
	*ret = x;
	return AC_OK;
}

enum ac_code
ac_life_history(
    struct ac_worker *w, struct ac_str protocol, struct ac_life_acts *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read(w->reader, AC_STMT_ACT_LIST, w->arena, &rows, reterr, AC_VTEXT(protocol));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "there never was such a protocol");
	*ret = (struct ac_life_acts){ ac_new(w->arena, struct ac_life_act, rows.n), 0 };
	for (; ret->n < rows.n; ret->n++)
		if ((rc = ac_life_act_of(ac_row(&rows, ret->n), &ret->v[ret->n], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}

/* ---- blame ---- */

struct walk {
	struct ac_worker *w;
	struct ac_blame *v; /* of the newest version's lines */
	bool *found;        /* which of them have their version */
	size_t n;
};

static void
add_line(struct walk *k, struct ac_str id, const char *kind)
{
	if (ac_str_is_set(id))
		k->v[k->n++] = (struct ac_blame){ .line = id, .kind = kind };
}

/* Every line that has an id, in the order in which a protocol has them. */
static void
list_lines(struct walk *k, const struct ac_protocol *p)
{
	size_t max = p->ntriggers + p->nfacts + p->ngoals + p->ninstructions + p->nexpectations +
		     p->nred_flags + p->ntasks + p->ncheck_ins + 1;

	k->v = ac_new(k->w->arena, struct ac_blame, max);
	k->found = ac_new(k->w->arena, bool, max);
	for (size_t i = 0; i < p->ntriggers; i++)
		add_line(k, p->triggers[i].code, "trigger");
	for (size_t i = 0; i < p->nfacts; i++)
		add_line(k, p->facts[i].name, "fact");
	for (size_t i = 0; i < p->ngoals; i++)
		add_line(k, p->goals[i].l.id, "goal");
	for (size_t i = 0; i < p->ninstructions; i++)
		add_line(k, p->instructions[i].l.id, ac_instruction_kind_word(p->instructions[i].kind));
	for (size_t i = 0; i < p->nexpectations; i++)
		add_line(k, p->expectations[i].l.id, "expectation");
	for (size_t i = 0; i < p->nred_flags; i++)
		add_line(k, p->red_flags[i].l.id, "red flag");
	for (size_t i = 0; i < p->ntasks; i++)
		add_line(k, p->tasks[i].l.id, "task");
	for (size_t i = 0; i < p->ncheck_ins; i++)
		add_line(k, p->check_ins[i].l.id, "check-in");
	if (p->series != NULL)
		add_line(k, p->series->l.id, "series");
}

/* The lines in which `now` differs from `before` (NULL: all) are now's work, unless a later version's already. */
static void
take_changes(struct walk *k, const struct ac_protocol *before, const struct ac_protocol *now,
    const struct ac_life_row *row, struct ac_str reason)
{
	struct ac_changes c = { 0 };

	if (before != NULL)
		ac_protocol_diff(before, now, k->w->arena, &c);
	for (size_t i = 0; i < k->n; i++) {
		bool changed = before == NULL;
		for (size_t j = 0; !changed && j < c.n; j++)
			changed = ac_streq(c.v[j].id, k->v[i].line) && c.v[j].kind != AC_CHANGE_MOVED;
		if (k->found[i] || !changed)
			continue;
		k->found[i] = true;
		k->v[i].version = row->version;
		k->v[i].n = row->n;
		k->v[i].at_ms = row->n == 0 ? row->created_ms : row->effective_ms;
		k->v[i].author = row->author;
		k->v[i].reason = reason;
	}
}

/* The first activation of a version: where it entered. */
static const struct ac_activation *
first_of(const struct ac_book *b, const struct ac_sha256 *version)
{
	for (size_t i = 0; i < b->n; i++)
		if (!b->v[i].off && b->v[i].has_version && ac_sha256_eq(&b->v[i].version, version))
			return &b->v[i];
	return NULL;
}

/* What stood before an activation: the activation before it that has a version, and is not the same one. */
static const struct ac_activation *
before_of(const struct ac_book *b, const struct ac_activation *x)
{
	for (const struct ac_activation *y = x; y-- > b->v && ac_streq(y->protocol, x->protocol);)
		if (!y->off && y->has_version && !ac_sha256_eq(&y->version, &x->version))
			return y;
	return NULL;
}

static enum ac_code
step(struct walk *k, const struct ac_book *b, const struct ac_activation *x, const struct ac_life_row *draft,
    const struct ac_activation **ret_next, struct ac_err *reterr)
{
	const struct ac_activation *prev = x != NULL ? before_of(b, x) : ac_book_at(b, draft->protocol, draft->base_n);
	const struct ac_protocol *now, *before = NULL;
	struct ac_life_row row = *draft;
	enum ac_code rc;

	if (x != NULL && (rc = ac_life_row_at(k->w->reader, &x->version, b, k->w->arena, &row, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_service_protocol(k->w, &row.version, &now, reterr)) != AC_OK)
		return rc;
	if (prev != NULL && (prev->off || !prev->has_version))
		prev = before_of(b, prev);
	if (prev != NULL && (rc = ac_service_protocol(k->w, &prev->version, &before, reterr)) != AC_OK)
		return rc;
	if (x != NULL) { /* as it entered, not as it came back */
		row.n = x->n;
		row.effective_ms = x->effective_ms;
	}
	take_changes(k, before, now, &row, x == NULL ? (struct ac_str){ 0 } : x->reason);
	*ret_next = prev == NULL ? NULL : first_of(b, &prev->version);
	return AC_OK;
}

enum ac_code
ac_life_blame(struct ac_worker *w, const struct ac_sha256 *version, struct ac_blame **ret, size_t *ret_n,
    struct ac_err *reterr)
{
	struct walk k = { .w = w };
	const struct ac_activation *x;
	const struct ac_protocol *p;
	struct ac_life_row row;
	struct ac_book b;
	int64_t now;
	enum ac_code rc;

	if ((rc = ac_life_get(w, version, &row, reterr)) != AC_OK ||
	    (rc = ac_service_protocol(w, version, &p, reterr)) != AC_OK ||
	    (rc = ac_life_now(w, &now, reterr)) != AC_OK ||
	    (rc = ac_book_read(w->reader, row.protocol, now, w->arena, &b, reterr)) != AC_OK)
		return rc;
	list_lines(&k, p);
	x = first_of(&b, version);
	do {
		if ((rc = step(&k, &b, x, &row, &x, reterr)) != AC_OK)
			return rc;
	} while (x != NULL);
	*ret = k.v;
	*ret_n = k.n;
	return AC_OK;
}
