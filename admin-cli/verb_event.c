/* verb_event.c - event list, show, replay, backfill: the visits that were received. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/csv.h"
#include "admin-cli/terminal.h"
#include "core/event.h"

static void
print_events(struct cli *c, const struct ac_event_rows *rows)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "SITE/VISIT", CLI_SHRINKS);
	cli_table_column(&t, "STATUS", CLI_LEFT);
	cli_table_column(&t, "OUTCOME", CLI_LEFT);
	cli_table_column(&t, "REVISION", CLI_RIGHT);
	cli_table_column(&t, "RECEIVED (UTC)", CLI_LEFT);
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_event_row *r = &rows->v[i];
		bool odd = ac_streq_c(r->outcome, "no-protocol") || ac_streq_c(r->outcome, "suggested");

		cli_table_cell(&t, ac_strf(c->a, "%.*s/%.*s", AC_FMT(r->site), AC_FMT(r->encounter)));
		cli_table_cell(&t, r->status);
		cli_table_coloured(&t, r->outcome, odd ? CLI_YELLOW : CLI_PLAIN);
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)r->revision));
		cli_table_cell(&t, cli_minute(c, r->updated_ms));
	}
	cli_table_print(&t);
}

static void
json_events(struct cli *c, struct ac_jw *w, const struct ac_event_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_event_row *r = &rows->v[i];

		ac_jw_obj(w);
		ac_jw_kstr(w, "site", r->site);
		ac_jw_kstr(w, "encounter", r->encounter);
		ac_jw_kstr(w, "patient", r->patient);
		ac_jw_kstr(w, "status", r->status);
		ac_jw_kstr(w, "outcome", r->outcome);
		ac_jw_kint(w, "revision", r->revision);
		ac_jw_kstr(w, "first_at", ac_rfc3339_ms(c->a, r->first_ms));
		ac_jw_kstr(w, "received_at", ac_rfc3339_ms(c->a, r->updated_ms));
		ac_jw_end_obj(w);
	}
}

static int
csv_events(struct cli *c, struct ac_event_query *q, struct ac_event_rows *rows)
{
	static const char *const columns[] = { "site", "encounter", "patient", "status", "outcome", "revision", "first_at",
		"received_at", NULL };
	struct ac_err e = { 0 };
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	for (;;) {
		json_events(c, cli_csv_page(&t), rows);
		if ((rc = cli_csv_put(&t)) >= 0)
			return rc;
		if (rows->n < AC_LIST_MAX)
			return cli_done();
		q->after_site = rows->v[rows->n - 1].site;
		q->after_encounter = rows->v[rows->n - 1].encounter;
		if (ac_event_list(c->w, q, rows, &e) != AC_OK)
			return cli_fail(c, NULL, &e);
	}
}

/* A word that no visit can have would look like an empty store. */
static bool
is_outcome(const char *word)
{
	for (enum ac_outcome o = AC_OUT_CREATED; o <= AC_OUT_REVOKED; o++)
		if (strcmp(word, ac_outcome_word(o)) == 0)
			return true;
	return false;
}

int
verb_event_list(struct cli *c)
{
	struct ac_event_rows rows;
	struct ac_event_query q = { .site = ac_str_c(c->site), .outcome = ac_str_c(c->outcome) };
	struct ac_err e = { 0 };
	struct ac_str none = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int rc;

	if (c->outcome != NULL && !is_outcome(c->outcome))
		return cli_usage(c, "--outcome created, updated, unchanged, stale, suggested, no-protocol, before-go-live or revoked");
	if ((rc = cli_time_option(c, "since", c->since, 0, &q.since_ms)) >= 0)
		return rc;
	if (c->after != NULL)
		q.after_encounter = ac_cut(ac_str_c(c->after), '/', &q.after_site);
	if (ac_event_list(c->w, &q, &rows, &e) != AC_OK ||
	    !cli_log_view(c, "view", "event-list", none, 0, none, &e))
		return cli_fail(c, NULL, &e);
	if (c->csv)
		return csv_events(c, &q, &rows);
	if (!c->json) {
		print_events(c, &rows);
		cli_limit_reached(c, NULL, rows.n);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "events");
	ac_jw_arr(&w);
	json_events(c, &w, &rows);
	ac_jw_end_arr(&w);
	cli_limit_reached(c, &w, rows.n);
	return cli_json_end(&w);
}

/* SITE/VISIT: a site has no slash, a visit's id may have one. */
static bool
visit_arg(const struct cli *c, struct ac_str *ret_site, struct ac_str *ret_visit)
{
	*ret_visit = ac_cut(ac_str_c(c->argv[0]), '/', ret_site);
	return ret_site->n > 0 && ret_visit->n > 0;
}

int
verb_event_show(struct cli *c)
{
	struct ac_encounter_row row;
	struct ac_str site, visit, json, none = { 0 };
	struct ac_err e = { 0 };

	if (!visit_arg(c, &site, &visit))
		return cli_usage(c, "which visit: SITE/VISIT, as event list shows it");
	if (ac_event_snapshot(c->w, site, visit, &row, &json, &e) != AC_OK ||
	    !cli_log_view(c, "view", "encounter", none, 0, row.patient, &e))
		return cli_fail(c, c->argv[0], &e);
	if (c->json)
		json = ac_strf(c->a, "{\"schema_version\":%d,\"outcome\":\"%.*s\",\"snapshot\":%.*s}",
		    CLI_SCHEMA_VERSION, AC_FMT(row.outcome), AC_FMT(json));
	cli_print_json(stdout, ac_strf(c->a, "%.*s\n", AC_FMT(json)));
	return cli_done();
}

int
verb_event_replay(struct cli *c)
{
	struct ac_actor who = cli_actor(c);
	struct ac_str site, visit;
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (!visit_arg(c, &site, &visit))
		return cli_usage(c, "which visit: SITE/VISIT, as event list shows it");
	if (ac_event_replay(c->w, &who, site, visit, cli_how(c), &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	const char *outcome = c->dry_run ? "would be sent again" : ac_outcome_word(r.outcome);
	if (!c->json) {
		printf("%s %s\n", c->argv[0], outcome);
		if (!c->dry_run)
			cli_line(c, "The stored visit can be read and is what was taken in. "
			    "Plans are made again by plan regen --verify.");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "event", ac_str_c(c->argv[0]));
	ac_jw_kstr(&w, "outcome", ac_str_c(outcome));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

struct backfill {
	struct cli *c;
	int64_t since_ms, until_ms;
	size_t made, left, failed;
};

static void
say_one(struct backfill *b, struct ac_str event, struct ac_str outcome)
{
	if (!b->c->json)
		printf("%.*s  %.*s\n", AC_FMT(cli_plain(b->c, event)), AC_FMT(outcome));
}

static int64_t
began_ms(const struct encounter *e)
{
	return (e->end.precision == 14 ? e->end.t : e->start.t) * 1000;
}

/* One visit at a time, each in its own commit: what is done stays done when it is interrupted. */
static bool
backfill_one(struct backfill *b, const struct ac_event_row *row, struct ac_err *reterr)
{
	struct cli *c = b->c;
	struct ac_actor who = cli_actor(c);
	struct ac_encounter_row full;
	struct ac_intake r = { 0 };
	struct ac_err e = { 0 };
	struct ac_str event = ac_strf(c->a, "%.*s/%.*s", AC_FMT(row->site), AC_FMT(row->encounter));

	if (ac_encounter_get(c->w, row->site, row->encounter, &full, &e) != AC_OK) {
		say_one(b, event, ac_strf(c->a, "%s: %s", e.rule, e.msg));
		b->failed++;
		return true;
	}
	if (began_ms(full.encounter) < b->since_ms || began_ms(full.encounter) >= b->until_ms) {
		b->left++;
		return true;
	}
	if (ac_event_backfill(c->w, &who, row->site, row->encounter, c->documents_only, cli_how(c), &r, &e) != AC_OK) {
		if (e.code == AC_EBUSY || e.code == AC_EIO) {
			*reterr = e;
			return false;
		}
		say_one(b, event, ac_strf(c->a, "%s: %s", e.rule, e.msg));
		b->failed++;
		return true;
	}
	b->made += r.has_plan;
	say_one(b, event, c->dry_run ? AC_S("would get a plan") : ac_str_c(ac_outcome_word(r.outcome)));
	return true;
}

int
verb_event_backfill(struct cli *c)
{
	struct backfill b = { .c = c, .until_ms = INT64_MAX };
	struct ac_event_query q = { .outcome = AC_S("before-go-live"), .site = ac_str_c(c->site) };
	struct ac_err e = { 0 };
	struct ac_buf out;
	struct ac_jw w;
	int rc;

	if (c->since == NULL)
		return cli_usage(c, "--since T: from which visit on");
	if ((rc = cli_time_option(c, "since", c->since, 0, &b.since_ms)) >= 0 ||
	    (rc = cli_time_option(c, "until", c->until, INT64_MAX, &b.until_ms)) >= 0)
		return rc;
	for (;;) {
		struct ac_event_rows rows;
		if (ac_event_list(c->w, &q, &rows, &e) != AC_OK)
			return cli_fail(c, NULL, &e);
		struct ac_event_row *v = ac_new(c->a, struct ac_event_row, rows.n); /* the worker's memory is emptied for each */
		for (size_t i = 0; i < rows.n; i++)
			v[i] = (struct ac_event_row){ .site = ac_str_dup(c->a, rows.v[i].site),
				.encounter = ac_str_dup(c->a, rows.v[i].encounter) };
		for (size_t i = 0; i < rows.n; i++)
			if (ac_worker_begin(c->w, &e) != AC_OK || !backfill_one(&b, &v[i], &e))
				return cli_fail(c, NULL, &e);
		if (rows.n < AC_LIST_MAX)
			break;
		q.after_site = v[rows.n - 1].site;
		q.after_encounter = v[rows.n - 1].encounter;
	}
	if (c->json) {
		cli_json_begin(c, &out, &w);
		ac_jw_kint(&w, "plans", (int64_t)b.made);
		ac_jw_kint(&w, "outside", (int64_t)b.left);
		ac_jw_kint(&w, "failed", (int64_t)b.failed);
		ac_jw_kbool(&w, "dry_run", c->dry_run);
		rc = cli_json_end(&w);
		return rc == 0 && b.failed > 0 ? CLI_PARTIAL : rc;
	}
	cli_say(c, "%zu plan%s %s, %zu visit%s outside the time asked for, %zu failed", b.made, b.made == 1 ? "" : "s",
	    c->dry_run ? "would be made" : "made", b.left, b.left == 1 ? "" : "s", b.failed);
	return b.failed > 0 ? CLI_PARTIAL : cli_done();
}
