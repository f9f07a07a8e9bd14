/* verb_recall.c - plan recall, plan repin: getting people off a version. */
#include <stdio.h>

#include "admin-cli/csv.h"
#include "admin-cli/life.h"
#include "core/repin.h"

/* ---- recall ---- */

static void
json_recall(struct cli *c, struct ac_jw *w, const struct ac_recall *r)
{
	ac_jw_kint(w, "recall", r->n);
	ac_jw_kstr(w, "protocol", r->protocol);
	cli_json_version(c, w, "version", &r->version);
	if (ac_str_is_set(r->line))
		ac_jw_kstr(w, "line", r->line);
	ac_jw_kstr(w, "since", ac_rfc3339_ms(c->a, r->at_ms));
	ac_jw_kstr(w, "reason", r->reason);
	ac_jw_kint(w, "affected", (int64_t)r->affected);
	ac_jw_kint(w, "prepared", (int64_t)r->prepared);
	ac_jw_kint(w, "corrected", (int64_t)r->corrected);
	ac_jw_kint(w, "reviewed", (int64_t)r->reviewed);
	ac_jw_kint(w, "told", (int64_t)r->told);
	ac_jw_kbool(w, "closed", r->closed);
	ac_jw_key(w, "plans");
	ac_jw_arr(w);
	for (size_t i = 0; i < r->nplans; i++) {
		const struct ac_recall_plan *p = &r->plans[i];

		ac_jw_obj(w);
		ac_jw_kstr(w, "plan", ac_uuid_str(c->a, p->plan));
		ac_jw_kstr(w, "task", p->task);
		ac_jw_kint(w, "plan_version", p->plan_version);
		ac_jw_kbool(w, "corrected", p->corrected);
		ac_jw_kbool(w, "reviewed", p->reviewed);
		ac_jw_kbool(w, "told", p->told);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static void
print_recall(struct cli *c, const struct ac_recall *r)
{
	printf("recall %lld: %.*s %.*s%s%.*s, since %.*s UTC: %s\n", (long long)r->n, AC_FMT(r->protocol),
	    AC_FMT(cli_hash(c, &r->version)), ac_str_is_set(r->line) ? ", line " : "", AC_FMT(r->line),
	    AC_FMT(cli_minute(c, r->at_ms)), r->closed ? "closed" : "open");
	printf("affected %zu, corrected sheet ready %zu, reviewed %zu, to be told %zu\n", r->affected,
	    r->corrected, r->reviewed, r->affected > r->told ? r->affected - r->told : 0);
	for (size_t i = 0; !r->closed && i < r->nplans; i++) {
		const struct ac_recall_plan *p = &r->plans[i];

		if (!p->reviewed || !p->told)
			printf("  plan %.*s  %s%s%s\n", AC_FMT(cli_short(c, p->plan)),
			    p->reviewed ? "" : "not reviewed", !p->reviewed && !p->told ? ", " : "", p->told ? "" : "not told");
	}
}

/* A row for each plan; of a recall that concerns none, one that says so by its empty cells. */
static void
csv_recall(struct cli *c, struct ac_jw *w, const struct ac_recall *r)
{
	for (size_t i = 0; i < (r->nplans > 0 ? r->nplans : 1); i++) {
		ac_jw_obj(w);
		ac_jw_kint(w, "recall", r->n);
		ac_jw_kstr(w, "protocol", r->protocol);
		cli_json_version(c, w, "version", &r->version);
		ac_jw_kstr(w, "line", r->line);
		ac_jw_kstr(w, "since", ac_rfc3339_ms(c->a, r->at_ms));
		ac_jw_kstr(w, "reason", r->reason);
		ac_jw_kbool(w, "closed", r->closed);
		if (i < r->nplans) {
			ac_jw_kstr(w, "plan", ac_uuid_str(c->a, r->plans[i].plan));
			ac_jw_kstr(w, "task", r->plans[i].task);
			ac_jw_kint(w, "plan_version", r->plans[i].plan_version);
			ac_jw_kbool(w, "corrected", r->plans[i].corrected);
			ac_jw_kbool(w, "reviewed", r->plans[i].reviewed);
			ac_jw_kbool(w, "told", r->plans[i].told);
		}
		ac_jw_end_obj(w);
	}
}

static int
csv_recalls(struct cli *c, const struct ac_recalls *all)
{
	static const char *const columns[] = { "recall", "protocol", "version", "line", "since", "reason", "closed", "plan",
		"task", "plan_version", "corrected", "reviewed", "told", NULL };
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	for (size_t i = 0; i < all->n; i++) {
		csv_recall(c, cli_csv_page(&t), &all->v[i]);
		if ((rc = cli_csv_put(&t)) >= 0)
			return rc;
	}
	return cli_done();
}

static int
status(struct cli *c)
{
	struct ac_recalls all;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int64_t n = 0;

	if (c->argc > 0 && !ac_str_int(ac_str_c(c->argv[0]), 1, INT32_MAX, &n))
		return cli_usage(c, "--status [RECALL]: the number of a recall");
	if (ac_recall_list(c->w, n, &all, &e) != AC_OK ||
	    !cli_log_view(c, "view", "recall-list", (struct ac_str){ 0 }, n, (struct ac_str){ 0 }, &e))
		return cli_fail(c, c->argc > 0 ? c->argv[0] : NULL, &e);
	if (c->csv)
		return csv_recalls(c, &all);
	if (!c->json) {
		for (size_t i = 0; i < all.n; i++)
			print_recall(c, &all.v[i]);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "recalls");
	ac_jw_arr(&w);
	for (size_t i = 0; i < all.n; i++) {
		ac_jw_obj(&w);
		json_recall(c, &w, &all.v[i]);
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

static void
print_affected(struct cli *c, const struct ac_plan_found *f)
{
	printf("  plan %.*s  %s", AC_FMT(cli_short(c, f->plan)), f->issued_ms != 0 ? "sheet given out" : "no sheet");
	if (f->running > 0)
		printf(", %zu line%s until %.*s UTC", f->running, f->running == 1 ? "" : "s",
		    AC_FMT(cli_minute(c, f->until * 1000)));
	if (f->tasks > 0)
		printf(", %zu open task%s", f->tasks, f->tasks == 1 ? "" : "s");
	printf("\n");
}

static int
say_affected(struct cli *c, const struct ac_life_row *row, const struct ac_plans_found *found)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		printf("%zu plan%s of %.*s %.*s still run%s, %zu with a sheet at home\n", found->n, found->n == 1 ? "" : "s",
		    AC_FMT(row->protocol), AC_FMT(cli_hash(c, &row->version)), found->n == 1 ? "s" : "", found->issued);
		for (size_t i = 0; i < found->n; i++)
			print_affected(c, &found->v[i]);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", row->protocol);
	cli_json_version(c, &w, "version", &row->version);
	ac_jw_kint(&w, "affected", (int64_t)found->n);
	ac_jw_kint(&w, "sheets", (int64_t)found->issued);
	ac_jw_key(&w, "plans");
	ac_jw_arr(&w);
	for (size_t i = 0; i < found->n; i++)
		ac_jw_str(&w, ac_uuid_str(c->a, found->v[i].plan));
	ac_jw_end_arr(&w);
	ac_jw_kbool(&w, "dry_run", true);
	return cli_json_end(&w);
}

int
verb_plan_recall(struct cli *c)
{
	struct ac_life_who who;
	struct ac_life_row row;
	struct ac_plans_found found;
	struct ac_recall r;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	size_t failed = 0;
	int rc;

	if (c->status)
		return status(c);
	if (c->csv)
		return cli_usage(c, "--csv goes with --status");
	if (c->protocol == NULL || c->version_n == NULL || c->argc > 0)
		return cli_usage(c, "which: --protocol P --version vN (or a hash); --status shows how far recalls are");
	if ((rc = cli_life_who(c, &who)) >= 0 || (rc = cli_life_of(c, c->protocol, c->version_n, &row)) >= 0)
		return rc;
	if (!c->dry_run && (rc = cli_confirm(c, row.protocol,
		"a recall corrects plans and asks for a review of each patient (--dry-run says who)")) >= 0)
		return rc;
	struct ac_recall_ask ask = {
		.protocol = row.protocol, .version = row.version, .line = ac_str_c(c->line), .how = cli_how(c)
	};
	if (c->dry_run && ask.how.reason.n == 0)
		ask.how.reason = AC_S("dry run");
	if (ac_recall_run(c->w, &who, &ask, &found, &r, &failed, &e) != AC_OK)
		return cli_fail(c, c->protocol, &e);
	/* whose plans they are: what is listed is read, whatever else is done */
	if (!cli_log_view(c, "view", "recall-list", ac_hex(c->a, row.version.b, sizeof(row.version.b)), r.n,
		(struct ac_str){ 0 }, &e))
		return cli_fail(c, c->protocol, &e);
	if (c->dry_run)
		return say_affected(c, &row, &found);
	if (c->json) {
		cli_json_begin(c, &b, &w);
		json_recall(c, &w, &r);
		ac_jw_kint(&w, "failed", (int64_t)failed);
		rc = cli_json_end(&w);
	} else {
		print_recall(c, &r);
		rc = cli_done();
	}
	if (failed > 0)
		cli_say(c, "%zu plans could not be prepared: ask again for the same recall", failed);
	return rc == 0 && failed > 0 ? 9 : rc;
}

/* ---- repin ---- */

static void
print_line(struct cli *c, const struct ac_repin_done *d, const struct ac_repin_line *l)
{
	const struct ac_zone *z = d->now->in->zone;
	struct ac_str en = AC_S("en"), open = AC_S("open"), before = open, now = open;

	if (l->before != AC_INSTANT_NONE)
		before = ac_time_words(c->a, z, l->before, AC_TIME_SHORT, en);
	if (l->now != AC_INSTANT_NONE)
		now = ac_time_words(c->a, z, l->now, AC_TIME_SHORT, en);
	printf("  %.*s: %s, %.*s -> %.*s\n", AC_FMT(l->key), l->change, AC_FMT(before), AC_FMT(now));
}

int
verb_plan_repin(struct cli *c)
{
	struct ac_actor who = cli_actor(c);
	struct ac_repin rq = { .protocol = ac_str_c(c->protocol), .reason = ac_str_c(c->reason) };
	struct ac_life_who may;
	struct ac_repin_done d;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int rc = cli_plan_arg(c, c->argv[0], &rq.plan);

	if (rc >= 0 || (rc = cli_life_who(c, &may)) >= 0)
		return rc;
	if (!c->dry_run && (rc = cli_confirm(c, cli_short(c, rq.plan), "another version changes what the patient is told")) >= 0)
		return rc;
	if (ac_plan_repin(c->w, &who, &may, &rq, c->dry_run, &d, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	/* what is only looked at is read all the same: it says what the patient was told */
	if (c->dry_run && !cli_log_view(c, "view", "plan", ac_uuid_str(c->a, rq.plan), d.version,
			      d.before->in->encounter->patient.id, &e))
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		printf("plan %.*s version %lld%s\n", AC_FMT(cli_short(c, rq.plan)), (long long)d.version,
		    c->dry_run ? " would be made" : "");
		for (size_t i = 0; i < d.nlines; i++)
			print_line(c, &d, &d.lines[i]);
		if (d.tell)
			printf("the sheet at home says something else: a task to tell the patient%s\n",
			    d.urgent ? ", URGENT" : "");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, rq.plan));
	ac_jw_kint(&w, "version", d.version);
	ac_jw_kbool(&w, "tell", d.tell);
	ac_jw_kbool(&w, "urgent", d.urgent);
	ac_jw_key(&w, "lines");
	ac_jw_arr(&w);
	for (size_t i = 0; i < d.nlines; i++) {
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "line", d.lines[i].key);
		ac_jw_kstr(&w, "change", ac_str_c(d.lines[i].change));
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}
