/* life.c - see life.h. */
#include "admin-cli/life.h"
#include "admin-cli/terminal.h"

#include <string.h>

#include "core/person.h"
#include "core/protocol_diff.h"
#include "core/protocol_list.h"

/* --config takes away from what the installation's own file gives, and adds nothing to it. */
static int
read_rights(struct cli *c, struct ac_str account, struct ac_str person, unsigned *ret)
{
	const char *path[] = { ac_cstr(c->a, ac_strf(c->a, "%s/aftercare.conf", c->state)), c->config };
	struct ac_err e = { 0 };

	*ret = AC_MAY_ALL;
	for (size_t i = 0; i < 2 && path[i] != NULL; i++) {
		const struct ac_rights *rights;

		if (ac_rights_read(path[i], i > 0, c->a, &rights, &e) != AC_OK)
			return cli_fail(c, path[i], &e);
		*ret &= ac_rights_of(rights, account, person);
	}
	return -1;
}

int
cli_life_who(struct cli *c, struct ac_life_who *ret)
{
	struct ac_str account = ac_account(c->who, c->a), person;
	struct ac_err e = { 0 };
	unsigned may;
	int rc;

	if (ac_person_of(c->w->reader, account, c->a, &person, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if ((rc = read_rights(c, account, person, &may)) >= 0)
		return rc;
	*ret = (struct ac_life_who){ .account = c->who, .role = AC_ROLE_ADMIN, .may = may };
	return -1;
}

/* Strings go to the verb's arena. */
static int
take_row(struct cli *c, const struct ac_life_row *r, struct ac_life_row *ret)
{
	*ret = *r;
	ret->protocol = ac_str_dup(c->a, r->protocol);
	ret->author = ac_str_dup(c->a, r->author);
	return -1;
}

int
cli_life_version(struct cli *c, const char *arg, bool published, struct ac_life_row *ret)
{
	struct ac_protocol_row p;
	struct ac_life_row r;
	struct ac_err e = { 0 };

	if (ac_protocol_resolve(c->w, ac_str_c(arg), !published, &p, &e) != AC_OK ||
	    ac_life_get(c->w, &p.version, &r, &e) != AC_OK)
		return cli_fail(c, arg, &e);
	return take_row(c, &r, ret);
}

int
cli_life_of(struct cli *c, const char *protocol, const char *which, struct ac_life_row *ret)
{
	struct ac_life_row r;
	struct ac_err e = { 0 };

	if (ac_life_resolve(c->w, ac_str_c(protocol), which == NULL ? AC_S("") : ac_str_c(which), &r, &e) !=
	    AC_OK)
		return cli_fail(c, which == NULL ? protocol : which, &e);
	return take_row(c, &r, ret);
}

struct ac_str
cli_hash(const struct cli *c, const struct ac_sha256 *v)
{
	return (struct ac_str){ ac_hex(c->a, v->b, sizeof(v->b)).p, CLI_HASH_SHOWN };
}

void
cli_json_version(const struct cli *c, struct ac_jw *w, const char *key, const struct ac_sha256 *v)
{
	ac_jw_kstr(w, key, ac_hex(c->a, v->b, sizeof(v->b)));
}

int
cli_life_touched(
    struct cli *c, struct ac_str protocol, const struct ac_sha256 *except, struct ac_plans_found *ret)
{
	struct ac_plans_ask ask = {
		.protocol = protocol, .except = except, .only_running = true, .only_issued = true, .only_lines = true
	};
	struct ac_err e = { 0 };

	if (ac_plans_of(c->w, &ask, ret, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	return -1;
}

int
cli_life_changes(struct cli *c, const struct ac_sha256 *before, const struct ac_sha256 *after)
{
	const struct ac_protocol *was, *now;
	struct ac_changes changes;
	struct ac_err e = { 0 };

	if (c->json || c->quiet || before == NULL || ac_sha256_eq(before, after))
		return -1;
	if (ac_service_protocol(c->w, before, &was, &e) != AC_OK ||
	    ac_service_protocol(c->w, after, &now, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	ac_protocol_diff(was, now, c->a, &changes);
	cli_wrap_lines(stdout, c->columns, ac_changes_words(&changes, c->colour, c->a));
	return -1;
}

const struct ac_sha256 *
cli_life_active(struct cli *c, struct ac_str protocol)
{
	for (size_t i = 0; i < c->w->config->nactive; i++)
		if (ac_streq(c->w->config->active[i].protocol->id, protocol))
			return &c->w->config->active[i].protocol->version;
	return NULL;
}

int
cli_may_edit(struct cli *c)
{
	struct ac_life_who who;
	struct ac_err e = { 0 };
	int rc = cli_life_who(c, &who);

	if (rc >= 0 || (who.may & AC_MAY_EDIT) != 0)
		return rc;
	ac_fail(&e, AC_EDENIED, "LIFE-ROLE", "the installation's [roles] do not give this account the right \"edit\"");
	return cli_fail(c, NULL, &e);
}
