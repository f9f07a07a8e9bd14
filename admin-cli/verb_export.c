/* verb_export.c - export cda. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "admin-cli/verbs.h"
#include "core/export.h"

static void
progress(int64_t done, void *arg)
{
	time_t *last = arg, now = time(NULL);

	if (now == *last)
		return;
	*last = now;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%lld written", (long long)done);
}

static int
report(struct cli *c, const struct ac_export_counts *n)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		if (isatty(STDERR_FILENO))
			fputc('\r', stderr);
		cli_line(c,
		    "%lld document(s) (%lld current, %lld replaced), %lld sheet(s), %lld PDF(s), "
		    "%lld signature(s) in %s",
		    (long long)n->documents, (long long)n->current, (long long)n->replaced,
		    (long long)n->sheets, (long long)n->pdfs, (long long)n->signatures, c->out);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kint(&w, "documents", n->documents);
	ac_jw_kint(&w, "current", n->current);
	ac_jw_kint(&w, "replaced", n->replaced);
	ac_jw_kint(&w, "sheets", n->sheets);
	ac_jw_kint(&w, "pdfs", n->pdfs);
	ac_jw_kint(&w, "signatures", n->signatures);
	ac_jw_kstr(&w, "out", ac_str_c(c->out));
	return cli_json_end(&w);
}

/* 0, or what is wrong with the question. */
static int
check_question(struct cli *c)
{
	bool narrowed = c->patient != NULL || c->since != NULL || c->until != NULL;

	if (c->out == NULL)
		return cli_usage(c, "--out DIR: where to");
	if (!c->all && !narrowed)
		return cli_usage(c, "what: --patient ID, --since T --until T, or --all");
	if (c->all && narrowed)
		return cli_usage(c, "--all is everything: not with --patient, --since or --until");
	if (c->by == NULL)
		c->by = "document";
	if (strcmp(c->by, "performed") != 0 && strcmp(c->by, "document") != 0 &&
	    strcmp(c->by, "committed") != 0)
		return cli_usage(c, "--by performed, document or committed");
	return 0;
}

int
verb_export_cda(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_export_counts n = { 0 };
	struct ac_actor who = cli_actor(c);
	const struct ac_clinic *clinic = c->w->config->clinic;
	struct ac_str zone = clinic != NULL && clinic->zone.n > 0 ? clinic->zone : AC_S("UTC"), tzif;
	const struct ac_zone *z;
	time_t last = 0;
	int rc = check_question(c);

	if (rc != 0)
		return rc;
	if (ac_zone_read(zone, NULL, c->a, &tzif, &e) != AC_OK ||
	    ac_zone_open(zone, tzif, c->a, &z, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	struct ac_export_query q = {
		.patient = ac_str_c(c->patient), .site = ac_str_c(c->site), .by = c->by, .zone = zone
	};
	if (!cli_time_arg(c->since, z, INT64_MIN, &q.since_ms) || !cli_time_arg(c->until, z, INT64_MAX, &q.until_ms))
		return cli_usage(c, "--since and --until: 2026-03-01 or 2026-03-01T00:00:00+01:00");
	if (q.since_ms >= q.until_ms)
		return cli_usage(c, "--until is not after --since");
	if (ac_export_cda(c->w, &who, &q, c->out, progress, &last, &n, &e) != AC_OK)
		return cli_fail(c, e.code == AC_ENOTFOUND ? "--patient" : c->out, &e);
	return report(c, &n);
}
