/*
 * verb_regen.c - plan regen: versions made again from their recorded inputs, and compared with what is stored.
 *
 * All plans, however many: one after the other, the worker's memory is empty again after each. What cannot be made again
 * is named and counted; the others are still looked at.
 */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/intake.h"

struct regen {
	struct cli *c;
	int64_t made, differ, failed;
	bool integrity, first;
};

/* One line of the report: a version that is not what is stored, or cannot be made. `e` NULL: it differs. */
static void
tell(struct regen *g, struct ac_uuid id, int64_t version, const struct ac_err *e)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str plan = ac_uuid_str(a, id);
	struct ac_buf b;
	struct ac_jw w;

	if (!g->c->json) {
		fprintf(g->c->verify || g->c->all ? stdout : stderr, "%.*s version %lld %s%s\n", AC_FMT(plan),
		    (long long)version, e == NULL ? "differs from what is stored" : "cannot be made again: ",
		    e == NULL ? "" : e->msg);
		return;
	}
	ac_buf_init(&b, a, 512, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "plan", plan);
	ac_jw_kint(&w, "version", version);
	ac_jw_kstr(&w, "finding", e == NULL ? AC_S("differs") : AC_S("failed"));
	if (e != NULL)
		ac_jw_kstr(&w, "rule", ac_str_c(e->rule));
	ac_jw_end_obj(&w);
	printf("%s%.*s", g->first ? "" : ",", AC_FMT(ac_buf_str(&b)));
	g->first = false;
}

/* False: the store does not answer now; going on would only repeat that. */
static bool
compare(struct regen *g, struct ac_uuid id, int64_t version, struct ac_err *e)
{
	struct ac_str json, document;
	bool same = false;
	enum ac_code rc = ac_plan_regen(g->c->w, id, version, &json, &document, &same, e);

	if (rc == AC_EBUSY || rc == AC_EIO)
		return false;
	g->made += rc == AC_OK;
	g->failed += rc != AC_OK;
	g->differ += rc == AC_OK && !same;
	g->integrity = g->integrity || rc == AC_EINTEGRITY || (rc == AC_OK && !same);
	if (rc != AC_OK || !same)
		tell(g, id, version, rc == AC_OK ? NULL : e);
	return true;
}

static bool
compare_plan(struct regen *g, struct ac_uuid id, int64_t from, int64_t to, struct ac_err *e)
{
	for (int64_t v = from; v <= to; v++)
		if (!compare(g, id, v, e) || ac_worker_begin(g->c->w, e) != AC_OK)
			return false;
	return true;
}

static bool
compare_all(struct regen *g, struct ac_err *e)
{
	struct ac_plan_row row = { 0 };
	enum ac_code rc;

	while ((rc = ac_plan_after(g->c->w, row.id, &row, e)) == AC_OK)
		if (!compare_plan(g, row.id, 1, row.version, e))
			return false;
	return rc == AC_ENOTFOUND;
}

static int
verify(struct cli *c, const struct ac_uuid *id, int64_t from, int64_t to)
{
	struct regen g = { .c = c, .first = true };
	struct ac_err e = { 0 };

	if (c->json)
		printf("{\"schema_version\":%d,\"findings\":[", CLI_SCHEMA_VERSION);
	if (id == NULL ? !compare_all(&g, &e) : !compare_plan(&g, *id, from, to, &e))
		return cli_fail(c, NULL, &e);
	if (c->json)
		printf("],\"made\":%lld,\"differ\":%lld,\"failed\":%lld}\n", (long long)g.made,
		    (long long)g.differ, (long long)g.failed);
	else
		fprintf(stderr, "%lld version(s) re-made, %lld differ, %lld cannot be made\n",
		    (long long)g.made, (long long)g.differ, (long long)g.failed);
	int done = cli_done();
	return g.integrity ? 7 : g.failed > 0 ? 9 : done;
}

/* One version's bytes: its document if it made one, else the plan. */
static int
print(struct cli *c, struct ac_uuid id, int64_t version)
{
	struct ac_str json, document;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	bool same = false;

	if (ac_plan_regen(c->w, id, version, &json, &document, &same, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->json) {
		ac_buf_init(&b, c->a, document.n + 64, 0);
		ac_jw_init(&w, &b);
		ac_jw_str(&w, document);
		cli_print_json(stdout, ac_strf(c->a,
		    "{\"schema_version\":%d,\"version\":%lld,\"same\":%s,\"plan\":%.*s,\"document\":%.*s}\n",
		    CLI_SCHEMA_VERSION, (long long)version, same ? "true" : "false", AC_FMT(json),
		    AC_FMT(ac_buf_str(&b))));
	} else if (ac_str_is_set(document)) {
		cli_print(c, document);
	} else {
		cli_print_json(stdout, json);
	}
	if (!same && !c->json)
		tell(&(struct regen){ .c = c }, id, version, NULL);
	int done = cli_done();
	return same ? done : 7;
}

int
verb_plan_regen(struct cli *c)
{
	int rc;
	struct ac_uuid id;
	struct ac_record *r;
	struct ac_err e = { 0 };
	int64_t version;

	if (c->all == (c->argc == 1) || (c->all && c->version_n != NULL))
		return cli_usage(c, "name one PLAN, with --version N or without, or --all");
	if (c->all)
		return verify(c, NULL, 0, 0);
	if (!cli_version_arg(c, &version))
		return cli_usage(c, "--version is a number from 1");
	if ((rc = cli_plan_arg(c, c->argv[0], &id)) >= 0)
		return rc;
	if (ac_record_load(c->w, id, version, &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->verify)
		return verify(c, &id, version > 0 ? version : 1, version > 0 ? version : r->row.version);
	if (!cli_log_view(c, "view", "plan", ac_uuid_str(c->a, id), r->version, r->row.patient, &e))
		return cli_fail(c, c->argv[0], &e);
	return print(c, id, r->version);
}
