/* person.c - see person.h. */
#include <string.h>

#include "base/utf8.h"
#include "core/person.h"
#include "core/protocol_life_parts.h"

#define ID_MAX 64
#define NAME_MAX_BYTES 200

enum ac_code
ac_person_of(
    struct ac_store *s, struct ac_str account, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_str of = ac_account(account, a);
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(s, AC_STMT_ACCOUNT_NOW, a, &rows, reterr, AC_VTEXT(of));

	if (rc == AC_OK)
		*ret = rows.n == 0 ? of : ac_row(&rows, 0)[0].s;
	return rc;
}

enum ac_code
ac_person_is_same(struct ac_store *s, struct ac_arena *a, struct ac_str one, struct ac_str other,
    int64_t since_ms, bool *ret, struct ac_err *reterr)
{
	struct ac_rows x, y;
	enum ac_code rc;

	*ret = ac_streq(one, other);
	if (*ret)
		return AC_OK;
	if ((rc = ac_rows_read(
		 s, AC_STMT_ACCOUNT_SINCE, a, &x, reterr, AC_VTEXT(one), AC_VINT(since_ms))) != AC_OK ||
	    (rc = ac_rows_read(
		 s, AC_STMT_ACCOUNT_SINCE, a, &y, reterr, AC_VTEXT(other), AC_VINT(since_ms))) != AC_OK)
		return rc;
	for (size_t i = 0; i < x.n; i++)
		for (size_t j = 0; j < y.n; j++)
			*ret |= ac_streq(ac_row(&x, i)[0].s, ac_row(&y, j)[0].s);
	return AC_OK;
}

enum ac_code
ac_person_list(struct ac_worker *w, struct ac_person_rows *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read_n(w->reader, AC_STMT_PERSON_LIST, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = (struct ac_person_rows){ ac_new(w->arena, struct ac_person_row, rows.n), rows.n };
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_val *col = ac_row(&rows, i);

		ret->v[i] = (struct ac_person_row){ .person = col[0].s,
			.name = col[1].s,
			.account = col[2].s,
			.actor = col[3].s,
			.ended_by = col[4].s,
			.since_ms = col[5].i,
			.until_ms = col[6].i };
	}
	return AC_OK;
}

struct person_arg {
	struct ac_str id, name, account;
};

static enum ac_code
check_id(struct ac_str id, struct ac_err *reterr)
{
	bool good = id.n > 0 && id.n <= ID_MAX;

	for (size_t i = 0; good && i < id.n; i++)
		good = (id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
		       (id.p[i] >= '0' && id.p[i] <= '9') || memchr(".-_", id.p[i], 3) != NULL;
	if (good)
		return AC_OK;
	return ac_fail(reterr, AC_EINPUT, "PERSON-ID",
	    "a person's id is letters, digits, \".\", \"-\" and \"_\", at most %d", ID_MAX);
}

/* os:NAME or ehr:SITE/USER, in full: a mapping says what it means. */
static enum ac_code
check_account(struct ac_str account, struct ac_err *reterr)
{
	struct ac_str kind, rest = ac_cut(account, ':', &kind), site, user = { 0 };
	size_t bad;
	bool good = account.n <= AC_ACCOUNT_MAX && ac_utf8_is_valid(account, &bad) && ac_str_is_set(rest);

	for (size_t i = 0; good && i < account.n; i++)
		good = (unsigned char)account.p[i] > ' ';
	if (good && ac_streq_c(kind, "ehr"))
		user = ac_cut(rest, '/', &site);
	if (good && ((ac_streq_c(kind, "os") && rest.n > 0) ||
			(ac_streq_c(kind, "ehr") && site.n > 0 && ac_str_is_set(user) && user.n > 0)))
		return AC_OK;
	return ac_fail(
	    reterr, AC_EINPUT, "PERSON-ACCOUNT", "an account is os:NAME or ehr:SITE/USER");
}

static enum ac_code
note(struct ac_life_run *r, const char *what, const struct person_arg *g, struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "person",
		.kind = "person",
		.actor = r->who->account,
		.role = ac_str_c(ac_role_word(r->who->role)),
		.reason = r->reason,
		.outcome = what };

	e.object = ac_strf(r->a, "%.*s %.*s", AC_FMT(g->id), AC_FMT(g->account));
	return ac_audit_append(r->c, &e, reterr);
}

static enum ac_code
is_person(struct ac_life_run *r, struct ac_str id, bool *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read(r->store, AC_STMT_PERSON_GET, r->a, &rows, reterr, AC_VTEXT(id));

	if (rc == AC_OK)
		*ret = rows.n > 0;
	return rc;
}

static enum ac_code
add(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	const struct person_arg *g = arg;
	bool there;
	enum ac_code rc = is_person(r, g->id, &there, reterr);

	if (rc != AC_OK)
		return rc;
	if (there)
		return ac_fail(reterr, AC_ECONFLICT, "PERSON-TAKEN", "there is a person with this id");
	if (r->c == NULL)
		return AC_OK;
	rc = ac_store_run(r->store, AC_STMT_PERSON_ADD, NULL, NULL, reterr, AC_VTEXT(g->id),
	    AC_VTEXT(g->name), AC_VINT(r->now_ms), AC_VTEXT(r->who->account));
	return rc != AC_OK ? rc : note(r, "add", g, reterr);
}

static enum ac_code
map(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	const struct person_arg *g = arg;
	struct ac_str now;
	bool there;
	enum ac_code rc = is_person(r, g->id, &there, reterr);

	if (rc != AC_OK)
		return rc;
	if (!there)
		return ac_fail(reterr, AC_ENOTFOUND, "PERSON-UNKNOWN", "there is no person with this id");
	if ((rc = ac_person_of(r->store, g->account, r->a, &now, reterr)) != AC_OK)
		return rc;
	if (!ac_streq(now, g->account))
		return ac_fail(reterr, AC_ECONFLICT, "PERSON-MAPPED",
		    "the account is a person's already: end that with person unmap first");
	if (r->c == NULL)
		return AC_OK;
	rc = ac_store_run(r->store, AC_STMT_ACCOUNT_ADD, NULL, NULL, reterr, AC_VTEXT(g->account),
	    AC_VTEXT(g->id), AC_VINT(r->now_ms), AC_VTEXT(r->who->account));
	return rc != AC_OK ? rc : note(r, "map", g, reterr);
}

static enum ac_code
unmap(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct person_arg g = *(const struct person_arg *)arg;
	enum ac_code rc = ac_person_of(r->store, g.account, r->a, &g.id, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_streq(g.id, g.account))
		return ac_fail(reterr, AC_ENOTFOUND, "PERSON-NOT-MAPPED", "nobody mapped this account");
	if (r->c == NULL)
		return AC_OK;
	rc = ac_store_run(r->store, AC_STMT_ACCOUNT_END, NULL, NULL, reterr, AC_VINT(r->now_ms),
	    AC_VTEXT(r->who->account), AC_VTEXT(g.account));
	return rc != AC_OK ? rc : note(r, "unmap", &g, reterr);
}

static enum ac_code
act(struct ac_worker *w, const struct ac_life_who *who, struct ac_life_how how, ac_life_fn *fn, struct person_arg *g,
    struct ac_err *reterr)
{
	return ac_life_do(w, who, (struct ac_life_need){ AC_MAY_PERSONS, false }, how, fn, g, reterr);
}

enum ac_code
ac_person_add(struct ac_worker *w, const struct ac_life_who *who, struct ac_str id, struct ac_str name,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct person_arg g = { .id = id, .name = ac_str_trim(name) };
	size_t bad;
	enum ac_code rc = check_id(id, reterr);

	if (rc != AC_OK)
		return rc;
	if (g.name.n == 0 || g.name.n > NAME_MAX_BYTES || !ac_utf8_is_valid(g.name, &bad))
		return ac_fail(reterr, AC_EINPUT, "PERSON-NAME", "a person has a name of at most %d bytes",
		    NAME_MAX_BYTES);
	return act(w, who, how, add, &g, reterr);
}

enum ac_code
ac_person_map(struct ac_worker *w, const struct ac_life_who *who, struct ac_str id, struct ac_str account,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct person_arg g = { .id = id, .account = account };
	enum ac_code rc;

	if ((rc = check_id(id, reterr)) != AC_OK || (rc = check_account(account, reterr)) != AC_OK)
		return rc;
	return act(w, who, how, map, &g, reterr);
}

enum ac_code
ac_person_unmap(struct ac_worker *w, const struct ac_life_who *who, struct ac_str account,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct person_arg g = { .account = account };
	enum ac_code rc = check_account(account, reterr);

	return rc != AC_OK ? rc : act(w, who, how, unmap, &g, reterr);
}
