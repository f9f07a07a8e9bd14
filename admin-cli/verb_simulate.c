/* verb_simulate.c - protocol simulate: what a draft would have changed. */
#include <stdio.h>

#include "admin-cli/progress.h"
#include "admin-cli/terminal.h"
#include "admin-cli/version_arg.h"
#include "core/simulate.h"

static int
read_options(struct cli *c, struct ac_simulate_options *o)
{
	const struct ac_zone *z = NULL;
	struct ac_whatif x;
	struct ac_err e = { 0 };
	int64_t n = 0;

	ac_whatif_init(&x, c->w, c->w->config, c->a);
	if (c->w->config->clinic != NULL && c->w->config->clinic->zone.n > 0 &&
	    ac_whatif_zone(&x, c->w->config->clinic->zone, &z, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (!cli_since_arg(c->since, z, INT64_MIN, &o->since_ms))
		return cli_usage(c, "--since is a date such as 2026-03-01, or RFC 3339");
	if (c->sample != NULL && !ac_str_int(ac_str_c(c->sample), 1, AC_WHATIF_VISITS_MAX, &n))
		return cli_usage(c, "--sample is a number from 1 to %d", AC_WHATIF_VISITS_MAX);
	o->sample = (size_t)n;
	return -1;
}

static struct ac_str
number(struct cli *c, int64_t n)
{
	return n == 0 ? AC_S("") : ac_strf(c->a, "%lld", (long long)n);
}

/* What else can happen to a line; what happened to none has no column, so that the lines' names have room. */
static const struct {
	const char *title;
	enum ac_change_kind kind;
} others[] = { { "NEW", AC_CHANGE_NEW }, { "GONE", AC_CHANGE_GONE }, { "REWORDED", AC_CHANGE_REWORDED },
	{ "CHANGED", AC_CHANGE_CHANGED } };
#define NOTHERS (sizeof(others) / sizeof(others[0]))

static bool
happens(const struct ac_simulation *s, enum ac_change_kind kind)
{
	for (size_t i = 0; i < s->nlines; i++)
		if (s->lines[i].n[kind] != 0)
			return true;
	return false;
}

static void
print_lines(struct cli *c, const struct ac_simulation *s)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "LINE", CLI_SHRINKS);
	cli_table_column(&t, "KIND", CLI_LEFT);
	cli_table_column(&t, "WEAKER", CLI_RIGHT);
	cli_table_column(&t, "STRONGER", CLI_RIGHT);
	for (size_t k = 0; k < NOTHERS; k++)
		if (happens(s, others[k].kind))
			cli_table_column(&t, others[k].title, CLI_RIGHT);
	for (size_t i = 0; i < s->nlines; i++) {
		const struct ac_simulated_line *l = &s->lines[i];
		cli_table_cell(&t, l->key);
		cli_table_cell(&t, ac_str_c(l->line));
		cli_table_coloured(&t, number(c, l->weaker), CLI_RED);
		cli_table_coloured(&t, number(c, l->stronger), CLI_CYAN);
		for (size_t k = 0; k < NOTHERS; k++)
			if (happens(s, others[k].kind))
				cli_table_cell(&t, number(c, l->n[others[k].kind]));
	}
	if (s->nlines > 0)
		cli_table_print(&t);
}

static void
print_visits(struct cli *c, const struct ac_simulation *s)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "SITE/VISIT", CLI_SHRINKS);
	cli_table_column(&t, "CHANGES", CLI_RIGHT);
	cli_table_column(&t, "WEAKER", CLI_RIGHT);
	cli_table_column(&t, "STRONGER", CLI_RIGHT);
	cli_table_column(&t, "PLAN", CLI_LEFT);
	for (size_t i = 0; i < s->nlisted; i++) {
		const struct ac_simulated_visit *v = &s->listed[i];
		cli_table_cell(&t, ac_strf(c->a, "%.*s/%.*s", AC_FMT(v->visit->site), AC_FMT(v->visit->id)));
		cli_table_cell(&t, number(c, v->changes));
		cli_table_coloured(&t, number(c, v->weaker), CLI_RED);
		cli_table_coloured(&t, number(c, v->stronger), CLI_CYAN);
		cli_table_cell(&t, !v->had_plan ? AC_S("new") : !v->has_plan ? AC_S("gone") : AC_S(""));
	}
	putchar('\n');
	cli_table_print(&t);
	if (s->changed > (int64_t)s->nlisted)
		printf("... and %lld more\n", (long long)(s->changed - (int64_t)s->nlisted));
}

static int
print_all(struct cli *c, const struct cli_version *draft, const struct ac_simulation *s)
{
	print_lines(c, s);
	if (s->changed > 0)
		print_visits(c, s);
	if (s->changed > 0)
		putchar('\n');
	cli_wrap(stdout, c->columns, 0, 2,
	    ac_strf(c->a,
		"%.*s: %lld of %lld visit(s) would change (%lld stored, %lld concerned): %lld weaker, %lld stronger, "
		"%lld with a new plan, %lld without one. Nothing was changed.",
		AC_FMT(cli_plain(c, draft->name)), (long long)s->changed, (long long)s->looked_at,
		(long long)s->visits, (long long)s->concerned, (long long)s->weaker, (long long)s->stronger,
		(long long)s->new_plans, (long long)s->gone_plans));
	cli_wrap(stdout, c->columns, 0, 2,
	    AC_S("Left out: what clinicians decided for single visits, other running plans, talks with patients, earlier sessions "
		 "and times on sheets that were given out. protocol preview --encounter shows one visit with them."));
	return cli_done();
}

static void
json_lines(const struct ac_simulation *s, struct ac_jw *w)
{
	ac_jw_key(w, "lines");
	ac_jw_arr(w);
	for (size_t i = 0; i < s->nlines; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "key", s->lines[i].key);
		ac_jw_kstr(w, "line", ac_str_c(s->lines[i].line));
		ac_jw_kint(w, "weaker", s->lines[i].weaker);
		ac_jw_kint(w, "stronger", s->lines[i].stronger);
		for (int k = 0; k < AC_CHANGE_KINDS; k++)
			if (s->lines[i].n[k] > 0 && k != AC_CHANGE_STRONGER && k != AC_CHANGE_WEAKER)
				ac_jw_kint(w, ac_change_kind_word((enum ac_change_kind)k), s->lines[i].n[k]);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static void
json_visits(const struct ac_simulation *s, struct ac_jw *w)
{
	ac_jw_key(w, "encounters");
	ac_jw_arr(w);
	for (size_t i = 0; i < s->nlisted; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "site", s->listed[i].visit->site);
		ac_jw_kstr(w, "encounter", s->listed[i].visit->id);
		ac_jw_kint(w, "changes", s->listed[i].changes);
		ac_jw_kint(w, "weaker", s->listed[i].weaker);
		ac_jw_kint(w, "stronger", s->listed[i].stronger);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
	ac_jw_kint(w, "more", s->changed - (int64_t)s->nlisted);
}

/* As preview names them. */
static const char *const left_out[] = { "overrides", "other_plans", "calls", "earlier_sessions", "issued_ends" };

static int
print_json(struct cli *c, const struct cli_version *draft, const struct ac_simulation *s)
{
	struct ac_buf b;
	struct ac_jw w;

	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "draft", draft->name);
	ac_jw_kint(&w, "stored", s->visits);
	ac_jw_kint(&w, "looked_at", s->looked_at);
	ac_jw_kint(&w, "concerned", s->concerned);
	ac_jw_kint(&w, "changed", s->changed);
	ac_jw_kint(&w, "weaker", s->weaker);
	ac_jw_kint(&w, "stronger", s->stronger);
	ac_jw_kint(&w, "new_plans", s->new_plans);
	ac_jw_kint(&w, "gone_plans", s->gone_plans);
	ac_jw_key(&w, "left_out");
	ac_jw_arr(&w);
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		ac_jw_str(&w, ac_str_c(left_out[i]));
	ac_jw_end_arr(&w);
	json_lines(s, &w);
	json_visits(s, &w);
	return cli_json_end(&w);
}

int
verb_protocol_simulate(struct cli *c)
{
	struct cli_version draft;
	struct cli_progress progress;
	struct ac_simulate_options o = { .progress = cli_progress_show, .progress_arg = &progress };
	struct ac_simulation s;
	struct ac_actor who = cli_actor(c);
	struct ac_err e = { 0 };
	int rc = cli_version_of(c, c->argv[0], true, &draft);

	if (rc >= 0 || (rc = read_options(c, &o)) >= 0)
		return rc;
	o.draft = draft.protocol;
	cli_progress_begin(&progress, c, "visits");
	enum ac_code code = ac_simulate(c->w, &o, &s, &e);
	cli_progress_end(&progress);
	/* one entry for all: how many patients' visits were read, before a word about them goes out */
	if (code != AC_OK || ac_service_log(c->w, &who, "list", "encounter", (struct ac_str){ 0 },
				 s.looked_at, (struct ac_str){ 0 }, AC_S("simulate"), NULL, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return c->json ? print_json(c, &draft, &s) : print_all(c, &draft, &s);
}
