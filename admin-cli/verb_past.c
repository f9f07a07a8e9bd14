/* verb_past.c - protocol history, blame: who did what, when and why. */
#include <stdio.h>

#include "admin-cli/life.h"
#include "admin-cli/terminal.h"

static struct ac_str
number(struct cli *c, int64_t n)
{
	return n == 0 ? AC_S("-") : ac_strf(c->a, "v%lld", (long long)n);
}

static void
json_acts(struct cli *c, struct ac_jw *w, const struct ac_life_acts *acts)
{
	ac_jw_key(w, "acts");
	ac_jw_arr(w);
	for (size_t i = 0; i < acts->n; i++) {
		const struct ac_life_act *x = &acts->v[i];

		ac_jw_obj(w);
		ac_jw_kstr(w, "at", ac_rfc3339_ms(c->a, x->at_ms));
		ac_jw_kstr(w, "action", x->action);
		if (x->n != 0)
			ac_jw_kint(w, "n", x->n);
		if (x->has_version)
			cli_json_version(c, w, "version", &x->version);
		ac_jw_kstr(w, "actor", x->actor);
		ac_jw_kstr(w, "person", x->person);
		ac_jw_kstr(w, "reason", x->reason);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

int
verb_protocol_history(struct cli *c)
{
	struct cli_table t = { .c = c };
	struct ac_life_acts acts;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_life_history(c->w, ac_str_c(c->argv[0]), &acts, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->json) {
		cli_json_begin(c, &b, &w);
		ac_jw_kstr(&w, "protocol", ac_str_c(c->argv[0]));
		json_acts(c, &w, &acts);
		return cli_json_end(&w);
	}
	cli_table_column(&t, "WHEN (UTC)", CLI_LEFT);
	cli_table_column(&t, "ACT", CLI_LEFT);
	cli_table_column(&t, "NO", CLI_LEFT);
	cli_table_column(&t, "VERSION", CLI_LEFT);
	cli_table_column(&t, "BY", CLI_SHRINKS);
	cli_table_column(&t, "WHY", CLI_WRAPS);
	for (size_t i = 0; i < acts.n; i++) {
		const struct ac_life_act *x = &acts.v[i];

		cli_table_cell(&t, cli_minute(c, x->at_ms));
		cli_table_coloured(&t, x->action,
		    ac_streq_c(x->action, "break-glass") || ac_streq_c(x->action, "suspend") ? CLI_RED : CLI_PLAIN);
		cli_table_cell(&t, number(c, x->n));
		cli_table_cell(&t, x->has_version ? cli_hash(c, &x->version) : AC_S("-"));
		cli_table_cell(&t, x->actor);
		cli_table_cell(&t, ac_str_is_set(x->reason) ? x->reason : AC_S("-"));
	}
	cli_table_print(&t);
	return cli_done();
}

int
verb_protocol_blame(struct cli *c)
{
	struct cli_table t = { .c = c };
	struct ac_life_row row;
	struct ac_blame *v;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	size_t n;
	int rc = cli_life_version(c, c->argv[0], true, &row);

	if (rc >= 0)
		return rc;
	if (ac_life_blame(c->w, &row.version, &v, &n, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->json) {
		cli_json_begin(c, &b, &w);
		ac_jw_kstr(&w, "protocol", row.protocol);
		ac_jw_key(&w, "lines");
		ac_jw_arr(&w);
		for (size_t i = 0; i < n; i++) {
			ac_jw_obj(&w);
			ac_jw_kstr(&w, "line", v[i].line);
			ac_jw_kstr(&w, "kind", ac_str_c(v[i].kind));
			cli_json_version(c, &w, "version", &v[i].version);
			ac_jw_kint(&w, "n", v[i].n);
			ac_jw_kstr(&w, "at", ac_rfc3339_ms(c->a, v[i].at_ms));
			ac_jw_kstr(&w, "author", v[i].author);
			ac_jw_kstr(&w, "reason", v[i].reason);
			ac_jw_end_obj(&w);
		}
		ac_jw_end_arr(&w);
		return cli_json_end(&w);
	}
	cli_table_column(&t, "LINE", CLI_LEFT);
	cli_table_column(&t, "NO", CLI_LEFT);
	cli_table_column(&t, "SINCE (UTC)", CLI_LEFT);
	cli_table_column(&t, "AUTHOR", CLI_SHRINKS);
	cli_table_column(&t, "WHY", CLI_WRAPS);
	for (size_t i = 0; i < n; i++) {
		cli_table_cell(&t, v[i].line);
		cli_table_cell(&t, number(c, v[i].n));
		cli_table_cell(&t, cli_minute(c, v[i].at_ms));
		cli_table_cell(&t, v[i].author);
		cli_table_cell(&t, ac_str_is_set(v[i].reason) ? v[i].reason : AC_S("-"));
	}
	cli_table_print(&t);
	return cli_done();
}
