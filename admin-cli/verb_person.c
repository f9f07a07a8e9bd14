/* verb_person.c - person list, add, map, unmap: who is behind an account. */
#include <stdio.h>

#include "admin-cli/life.h"
#include "admin-cli/terminal.h"
#include "core/person.h"

int
verb_person_list(struct cli *c)
{
	struct cli_table t = { .c = c };
	struct ac_person_rows rows;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_person_list(c->w, &rows, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->json) {
		cli_json_begin(c, &b, &w);
		ac_jw_key(&w, "accounts");
		ac_jw_arr(&w);
		for (size_t i = 0; i < rows.n; i++) {
			ac_jw_obj(&w);
			ac_jw_kstr(&w, "person", rows.v[i].person);
			ac_jw_kstr(&w, "name", rows.v[i].name);
			ac_jw_kstr(&w, "account", rows.v[i].account);
			ac_jw_kstr(&w, "since", ac_rfc3339_ms(c->a, rows.v[i].since_ms));
			if (rows.v[i].until_ms != 0)
				ac_jw_kstr(&w, "until", ac_rfc3339_ms(c->a, rows.v[i].until_ms));
			ac_jw_kstr(&w, "by", rows.v[i].actor);
			ac_jw_end_obj(&w);
		}
		ac_jw_end_arr(&w);
		return cli_json_end(&w);
	}
	cli_table_column(&t, "PERSON", CLI_LEFT);
	cli_table_column(&t, "NAME", CLI_SHRINKS);
	cli_table_column(&t, "ACCOUNT", CLI_NAMES);
	cli_table_column(&t, "SINCE (UTC)", CLI_LEFT);
	cli_table_column(&t, "UNTIL (UTC)", CLI_LEFT);
	cli_table_column(&t, "BY", CLI_SHRINKS);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_person_row *r = &rows.v[i];

		cli_table_cell(&t, r->person);
		cli_table_cell(&t, r->name);
		cli_table_cell(&t, ac_str_is_set(r->account) ? r->account : AC_S("-"));
		cli_table_cell(&t, cli_minute(c, r->since_ms));
		cli_table_cell(&t, cli_minute(c, r->until_ms));
		cli_table_cell(&t, r->actor);
	}
	cli_table_print(&t);
	return cli_done();
}

static int
say(struct cli *c, enum ac_code rc, const struct ac_err *e, const char *what, const char *done)
{
	struct ac_buf b;
	struct ac_jw w;

	if (rc != AC_OK)
		return cli_fail(c, c->argv[0], e);
	if (!c->json) {
		printf("%s %s%s\n", what, c->dry_run ? "would be " : "is ", done);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

int
verb_person_add(struct cli *c)
{
	struct ac_life_who who;
	struct ac_err e = { 0 };
	int rc = cli_life_who(c, &who);

	if (rc >= 0)
		return rc;
	enum ac_code code =
	    ac_person_add(c->w, &who, ac_str_c(c->argv[0]), ac_str_c(c->argv[1]), cli_how(c), &e);
	return say(c, code, &e, c->argv[0], "a person now");
}

int
verb_person_map(struct cli *c)
{
	struct ac_life_who who;
	struct ac_err e = { 0 };
	int rc = cli_life_who(c, &who);

	if (rc >= 0)
		return rc;
	enum ac_code code =
	    ac_person_map(c->w, &who, ac_str_c(c->argv[0]), ac_str_c(c->argv[1]), cli_how(c), &e);
	return say(c, code, &e, c->argv[1], ac_cstr(c->a, ac_strf(c->a, "%s's account now", c->argv[0])));
}

int
verb_person_unmap(struct cli *c)
{
	struct ac_life_who who;
	struct ac_err e = { 0 };
	int rc = cli_life_who(c, &who);

	if (rc >= 0)
		return rc;
	enum ac_code code = ac_person_unmap(c->w, &who, ac_str_c(c->argv[0]), cli_how(c), &e);
	return say(c, code, &e, c->argv[0], "nobody's account in particular now");
}
