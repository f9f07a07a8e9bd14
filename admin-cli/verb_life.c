/* verb_life.c - protocol publish, unschedule, rollback, retire, suspend, resume: what is in force, and how many people it concerns. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/life.h"

static int
time_option(struct cli *c, const char *word, const char *arg, int64_t *ret_ms)
{
	const struct ac_clinic *clinic = c->w->config->clinic;
	struct ac_str zone = clinic != NULL && clinic->zone.n > 0 ? clinic->zone : AC_S("UTC"), tzif;
	const struct ac_zone *z;
	struct ac_err e = { 0 };

	*ret_ms = 0;
	if (arg == NULL)
		return -1;
	if (ac_zone_read(zone, NULL, c->a, &tzif, &e) != AC_OK || ac_zone_open(zone, tzif, c->a, &z, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (!cli_time_arg(arg, z, 0, ret_ms))
		return cli_usage(c, "%s: 2026-03-01 or 2026-03-01T00:00:00+01:00", word);
	return -1;
}

/* The plans that go on as they are: nobody is told by a publish alone. */
static void
say_touched(const struct cli *c, const struct ac_plans_found *touched)
{
	if (c->json || c->quiet)
		return;
	cli_line(c,
	    "%zu issued sheet%s with windows that still run %s made from other versions and stay%s as they are",
	    touched->n, touched->n == 1 ? "" : "s", touched->n == 1 ? "was" : "were", touched->n == 1 ? "s" : "");
}

/* "v3, v5 and 2 more" */
static struct ac_str
unscheduled(const struct cli *c, const struct ac_life_done *d)
{
	struct ac_buf b;

	ac_buf_init(&b, c->a, 64, 0);
	for (size_t i = 0; i < d->nunscheduled && i < AC_LIFE_NAMED_MAX; i++)
		ac_buf_addf(&b, "%sv%lld", i == 0 ? "" : i + 1 == d->nunscheduled ? " and " : ", ",
		    (long long)d->unscheduled[i]);
	if (d->nunscheduled > AC_LIFE_NAMED_MAX)
		ac_buf_addf(&b, " and %zu more", d->nunscheduled - AC_LIFE_NAMED_MAX);
	return ac_buf_str(&b);
}

static void
json_unscheduled(const struct ac_life_done *d, struct ac_jw *w)
{
	ac_jw_key(w, "unscheduled");
	ac_jw_arr(w);
	for (size_t i = 0; i < d->nunscheduled && i < AC_LIFE_NAMED_MAX; i++)
		ac_jw_int(w, d->unscheduled[i]);
	ac_jw_end_arr(w);
	if (d->nunscheduled > AC_LIFE_NAMED_MAX)
		ac_jw_kint(w, "unscheduled_more", (int64_t)(d->nunscheduled - AC_LIFE_NAMED_MAX));
}

static int
say_activation(struct cli *c, const struct ac_life_done *d, const struct ac_sha256 *version, const char *done,
    const struct ac_plans_found *touched, const struct ac_plans_found *meanwhile)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		printf("%.*s v%lld%s%.*s %s%s\n", AC_FMT(d->protocol), (long long)d->n, version == NULL ? "" : " ",
		    AC_FMT(version == NULL ? AC_S("") : cli_hash(c, version)), c->dry_run ? "would be " : "is ", done);
		if (d->effective_ms > ac_service_now_ms(c->service))
			printf("in force from %.*s UTC on\n", AC_FMT(cli_minute(c, d->effective_ms)));
		if (d->nunscheduled != 0)
			printf("%.*s, which %s to come, %s never be in force\n", AC_FMT(unscheduled(c, d)),
			    d->nunscheduled == 1 ? "was" : "were", c->dry_run ? "would" : "will");
		say_touched(c, touched);
		for (size_t i = 0; meanwhile != NULL && i < meanwhile->n; i++)
			printf("made meanwhile: plan %.*s%s%s\n", AC_FMT(cli_short(c, meanwhile->v[i].plan)),
			    meanwhile->v[i].issued_ms != 0 ? ", sheet given out" : "",
			    meanwhile->v[i].running > 0 ? ", still runs" : "");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", d->protocol);
	ac_jw_kint(&w, "n", d->n);
	if (version != NULL)
		cli_json_version(c, &w, "version", version);
	ac_jw_kstr(&w, "effective", ac_rfc3339_ms(c->a, d->effective_ms));
	ac_jw_kint(&w, "replaced", d->replaced_n);
	if (d->nunscheduled != 0)
		json_unscheduled(d, &w);
	ac_jw_kint(&w, "sheets", (int64_t)touched->n);
	if (meanwhile != NULL) {
		ac_jw_key(&w, "made_meanwhile");
		ac_jw_arr(&w);
		for (size_t i = 0; i < meanwhile->n; i++) {
			ac_jw_obj(&w);
			ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, meanwhile->v[i].plan));
			ac_jw_kbool(&w, "given", meanwhile->v[i].issued_ms != 0);
			ac_jw_kbool(&w, "running", meanwhile->v[i].running > 0);
			ac_jw_end_obj(&w);
		}
		ac_jw_end_arr(&w);
	}
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

int
verb_protocol_publish(struct cli *c)
{
	struct ac_life_publish p = { .how = cli_how(c), .break_glass = c->break_glass };
	struct ac_life_who who;
	struct ac_life_row row;
	struct ac_life_done done;
	struct ac_plans_found touched;
	struct ac_err e = { 0 };
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 || (rc = cli_life_version(c, c->argv[0], false, &row)) >= 0 ||
	    (rc = time_option(c, "--effective", c->effective, &p.effective_ms)) >= 0 ||
	    (rc = time_option(c, "--review-due", c->review_due, &p.review_due_ms)) >= 0 ||
	    (rc = cli_life_changes(c, cli_life_active(c, row.protocol), &row.version)) >= 0)
		return rc;
	if (!c->dry_run && (rc = cli_confirm(c, row.protocol, c->break_glass
		? "publishing without approval changes what patients are told"
		: "publishing changes what patients are told")) >= 0)
		return rc;
	if (ac_life_publish(c->w, &who, &row.version, &p, &done, &e) != AC_OK) {
		rc = cli_fail(c, c->argv[0], &e);
		if (!c->json && e.rule != NULL && strcmp(e.rule, "PUB-LINT") == 0)
			fprintf(stderr, "aftercare protocol lint FILE lists every line\n");
		return rc;
	}
	done.protocol = row.protocol;
	if ((rc = cli_life_touched(c, row.protocol, &row.version, &touched)) >= 0)
		return rc;
	return say_activation(c, &done, &row.version,
	    c->dry_run        ? "published"
	    : c->break_glass  ? "published WITHOUT APPROVAL: somebody else must approve it"
	    : p.effective_ms ? "published for later"
			      : "active now",
	    &touched, NULL);
}

/* The plans made from what is taken back. */
static int
made_from(struct cli *c, struct ac_str protocol, const struct ac_sha256 *version, struct ac_plans_found *ret)
{
	struct ac_plans_ask ask = { .protocol = protocol, .version = version };
	struct ac_err e = { 0 };

	if (ac_plans_of(c->w, &ask, ret, &e) != AC_OK ||
	    !cli_log_view(c, "view", "plan-list", ac_hex(c->a, version->b, sizeof(version->b)), 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
	return -1;
}

int
verb_protocol_rollback(struct cli *c)
{
	struct ac_str id = ac_str_c(c->argv[0]);
	const struct ac_sha256 *active = cli_life_active(c, id);
	struct ac_sha256 from = active == NULL ? (struct ac_sha256){ 0 } : *active;
	struct ac_life_row to = { 0 };
	struct ac_life_who who;
	struct ac_life_done done;
	struct ac_plans_found touched, meanwhile;
	struct ac_err e = { 0 };
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 ||
	    (c->argc > 1 && (rc = cli_life_of(c, c->argv[0], c->argv[1], &to)) >= 0))
		return rc;
	if (c->argc > 1 && to.n == 0) { /* to core it would be nothing named: the last good one */
		ac_fail(&e, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "this version was never in force");
		return cli_fail(c, c->argv[1], &e);
	}
	if (!c->dry_run && (rc = cli_confirm(c, id, "rolling back changes what patients are told")) >= 0)
		return rc;
	if (ac_life_rollback(c->w, &who, id, to.n, cli_how(c), &done, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if ((rc = cli_life_changes(c, active, &done.version)) >= 0 ||
	    (rc = cli_life_touched(c, id, &done.version, &touched)) >= 0 ||
	    (rc = made_from(c, id, &from, &meanwhile)) >= 0)
		return rc;
	return say_activation(c, &done, &done.version, "active, with the older content", &touched, &meanwhile);
}

int
verb_protocol_retire(struct cli *c)
{
	struct ac_str id = ac_str_c(c->argv[0]);
	struct ac_life_who who;
	struct ac_life_done done;
	struct ac_plans_found touched;
	struct ac_err e = { 0 };
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 ||
	    (!c->dry_run && (rc = cli_confirm(c, id, "a retired protocol makes no new plans")) >= 0))
		return rc;
	if (ac_life_retire(c->w, &who, id, cli_how(c), &done, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if ((rc = cli_life_touched(c, id, NULL, &touched)) >= 0)
		return rc;
	return say_activation(c, &done, NULL, "retired: no new plans, those there are go on", &touched, NULL);
}

int
verb_protocol_unschedule(struct cli *c)
{
	struct ac_str id = ac_str_c(c->argv[0]);
	struct ac_life_row row;
	struct ac_life_who who;
	struct ac_life_done done;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 ||
	    (c->argc > 1 && (rc = cli_life_of(c, c->argv[0], c->argv[1], &row)) >= 0) ||
	    (!c->dry_run && (rc = cli_confirm(c, id, "what was to come will not")) >= 0))
		return rc;
	if (ac_life_unschedule(c->w, &who, id, c->argc > 1 ? &row.version : NULL, cli_how(c), &done, &e) != AC_OK)
		return cli_fail(c, c->argv[c->argc > 1 ? 1 : 0], &e);
	if (!c->json) {
		printf("%.*s %.*s %s called off; ", AC_FMT(id), AC_FMT(unscheduled(c, &done)),
		    c->dry_run ? "would be" : done.nunscheduled == 1 ? "is" : "are");
		if (done.replaced_n != 0)
			printf("v%lld stays in force\n", (long long)done.replaced_n);
		else
			printf("nothing is in force\n");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", id);
	json_unscheduled(&done, &w);
	ac_jw_kint(&w, "in_force", done.replaced_n);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

static int
hold(struct cli *c, bool suspend)
{
	struct ac_life_row row;
	struct ac_life_who who;
	struct ac_sha256 version;
	struct ac_err e = { 0 };
	struct ac_str id = ac_str_c(c->argv[0]);
	struct ac_buf b;
	struct ac_jw w;
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 || (c->argc > 1 && (rc = cli_life_of(c, c->argv[0], c->argv[1], &row)) >= 0))
		return rc;
	if (!c->dry_run && (rc = cli_confirm(c, id, suspend ? "nothing made from a suspended version is given out"
							    : "a resumed version is given out again")) >= 0)
		return rc;
	if ((suspend ? ac_life_suspend : ac_life_resume)(
		c->w, &who, id, c->argc > 1 ? &row.version : NULL, cli_how(c), &version, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		printf("%.*s %.*s %s%s\n", AC_FMT(id), AC_FMT(cli_hash(c, &version)), c->dry_run ? "would be " : "is ",
		    suspend ? "suspended: nothing made from it is given out" : "in use again");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", id);
	cli_json_version(c, &w, "version", &version);
	ac_jw_kbool(&w, "suspended", suspend);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

int
verb_protocol_suspend(struct cli *c)
{
	return hold(c, true);
}

int
verb_protocol_resume(struct cli *c)
{
	return hold(c, false);
}
