/* verb_coverage.c - protocol coverage: what no protocol serves, and what no visit asks for. */
#include <stdio.h>

#include "admin-cli/csv.h"
#include "admin-cli/progress.h"
#include "admin-cli/terminal.h"
#include "core/coverage.h"

static struct ac_str
day(struct cli *c, int64_t ms)
{
	struct ac_str s = ms == 0 ? AC_S("never") : ac_rfc3339_ms(c->a, ms);

	return s.n > 10 ? (struct ac_str){ s.p, 10 } : s;
}

static void
print_rows(struct cli *c, const struct ac_coverage *v)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "WITHOUT A PROTOCOL", CLI_LEFT);
	cli_table_column(&t, "SYSTEM", CLI_LEFT);
	cli_table_column(&t, "CODE", CLI_SHRINKS);
	cli_table_column(&t, "VISITS", CLI_RIGHT);
	cli_table_column(&t, "SUGGESTED", CLI_RIGHT);
	cli_table_column(&t, "LAST SEEN", CLI_LEFT);
	for (size_t i = 0; i < v->nrows; i++) {
		const struct ac_uncovered *u = &v->rows[i];
		cli_table_cell(&t, ac_str_c(u->what));
		cli_table_cell(&t, u->system.n > 0 ? u->system : AC_S("-"));
		cli_table_cell(&t, u->code);
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)u->visits));
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)u->suggested));
		cli_table_cell(&t, day(c, u->last_ms));
	}
	if (v->nrows > 0) {
		cli_table_print(&t);
		putchar('\n');
	}
}

static void
print_protocols(struct cli *c, const struct ac_coverage *v)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "PROTOCOL", CLI_SHRINKS);
	cli_table_column(&t, "VISITS", CLI_RIGHT);
	cli_table_column(&t, "SUGGESTED", CLI_RIGHT);
	cli_table_column(&t, "LAST SEEN", CLI_LEFT);
	for (size_t i = 0; i < v->nprotocols; i++) {
		const struct ac_covering *p = &v->protocols[i];
		cli_table_cell(&t, p->protocol->id);
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)p->visits));
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)p->suggested));
		cli_table_coloured(&t, day(c, p->last_ms), p->last_ms == 0 ? CLI_YELLOW : CLI_PLAIN);
	}
	if (v->nprotocols > 0)
		cli_table_print(&t);
}

static void
json_rows(struct cli *c, struct ac_jw *w, const struct ac_coverage *v)
{
	for (size_t i = 0; i < v->nrows; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "what", ac_str_c(v->rows[i].what));
		if (v->rows[i].system.n > 0)
			ac_jw_kstr(w, "system", v->rows[i].system);
		ac_jw_kstr(w, "code", v->rows[i].code);
		ac_jw_kint(w, "visits", v->rows[i].visits);
		ac_jw_kint(w, "suggested", v->rows[i].suggested);
		ac_jw_kstr(w, "last_seen", ac_rfc3339_ms(c->a, v->rows[i].last_ms));
		ac_jw_end_obj(w);
	}
}

static void
json_protocols(struct cli *c, struct ac_jw *w, const struct ac_coverage *v)
{
	for (size_t i = 0; i < v->nprotocols; i++) {
		const struct ac_covering *p = &v->protocols[i];

		ac_jw_obj(w);
		ac_jw_kstr(w, "protocol", p->protocol->id);
		ac_jw_kint(w, "visits", p->visits);
		ac_jw_kint(w, "suggested", p->suggested);
		if (p->last_ms != 0)
			ac_jw_kstr(w, "last_seen", ac_rfc3339_ms(c->a, p->last_ms));
		ac_jw_kbool(w, "never", p->last_ms == 0);
		ac_jw_end_obj(w);
	}
}

/* One table: what no protocol serves, then the protocols. */
static int
print_csv(struct cli *c, const struct ac_coverage *v)
{
	static const char *const columns[] = { "what", "system", "code", "protocol", "visits", "suggested", "last_seen",
		"never", NULL };
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	struct ac_jw *w = cli_csv_page(&t);
	json_rows(c, w, v);
	json_protocols(c, w, v);
	rc = cli_csv_put(&t);
	return rc >= 0 ? rc : cli_done();
}

static int
print_json(struct cli *c, const struct ac_coverage *v)
{
	struct ac_buf b;
	struct ac_jw w;

	cli_json_begin(c, &b, &w);
	ac_jw_kint(&w, "visits", v->visits);
	ac_jw_kint(&w, "without", v->without);
	ac_jw_kint(&w, "suggested", v->suggested);
	ac_jw_kint(&w, "beyond", v->beyond);
	ac_jw_key(&w, "uncovered");
	ac_jw_arr(&w);
	json_rows(c, &w, v);
	ac_jw_end_arr(&w);
	ac_jw_key(&w, "protocols");
	ac_jw_arr(&w);
	json_protocols(c, &w, v);
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

int
verb_protocol_coverage(struct cli *c)
{
	struct ac_coverage v;
	struct cli_progress progress;
	struct ac_actor who = cli_actor(c);
	struct ac_err e = { 0 };
	int64_t since;

	if (!cli_since_arg(c->since, NULL, INT64_MIN, &since))
		return cli_usage(c, "--since is a date such as 2026-03-01, or RFC 3339");
	cli_progress_begin(&progress, c, "visits");
	enum ac_code code = ac_coverage(c->w, since, cli_progress_show, &progress, &v, &e);
	cli_progress_end(&progress);
	if (code != AC_OK || ac_service_log(c->w, &who, "list", "encounter", (struct ac_str){ 0 }, v.visits,
				 (struct ac_str){ 0 }, AC_S("coverage"), NULL, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->csv)
		return print_csv(c, &v);
	if (c->json)
		return print_json(c, &v);
	print_rows(c, &v);
	print_protocols(c, &v);
	printf("\n%lld visit(s): %lld without a protocol, %lld with a suggestion only\n", (long long)v.visits,
	    (long long)v.without, (long long)v.suggested);
	if (v.beyond > 0)
		printf("%lld more entries have no row: there are more than %d different ones\n",
		    (long long)v.beyond, AC_COVERAGE_ROWS_MAX);
	return cli_done();
}
