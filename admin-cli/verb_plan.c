/* verb_plan.c - plan list, show, document. */
#include <stdio.h>

#include "admin-cli/csv.h"
#include "admin-cli/terminal.h"
#include "core/intake.h"

static void
print_plans(struct cli *c, const struct ac_plan_rows *rows)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "PLAN", CLI_LEFT);
	cli_table_column(&t, "STATUS", CLI_LEFT);
	cli_table_column(&t, "STAGE", CLI_LEFT);
	cli_table_column(&t, "VER", CLI_RIGHT);
	cli_table_column(&t, "DOC", CLI_RIGHT);
	cli_table_column(&t, "GIVEN (UTC)", CLI_LEFT);
	cli_table_column(&t, "SITE/VISIT", CLI_SHRINKS);
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_plan_row *r = &rows->v[i];

		cli_table_cell(&t, cli_short(c, r->id));
		cli_table_coloured(&t, r->status, ac_streq_c(r->status, "active") ? CLI_GREEN : CLI_FAINT);
		cli_table_cell(&t, r->stage);
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)r->version));
		cli_table_cell(&t, ac_strf(c->a, "%lld", (long long)r->document_version));
		cli_table_cell(&t, cli_minute(c, r->issued_ms));
		cli_table_cell(&t, ac_strf(c->a, "%.*s/%.*s", AC_FMT(r->site), AC_FMT(r->encounter)));
	}
	cli_table_print(&t);
}

static void
json_plans(struct cli *c, struct ac_jw *w, const struct ac_plan_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_plan_row *r = &rows->v[i];

		ac_jw_obj(w);
		ac_jw_kstr(w, "id", ac_uuid_str(c->a, r->id));
		ac_jw_kstr(w, "site", r->site);
		ac_jw_kstr(w, "encounter", r->encounter);
		ac_jw_kstr(w, "patient", r->patient);
		ac_jw_kstr(w, "status", r->status);
		ac_jw_kstr(w, "stage", r->stage);
		ac_jw_kint(w, "version", r->version);
		ac_jw_kint(w, "document_version", r->document_version);
		if (r->issued_ms != 0)
			ac_jw_kstr(w, "issued_at", ac_rfc3339_ms(c->a, r->issued_ms));
		if (r->final_ms != 0)
			ac_jw_kstr(w, "final_at", ac_rfc3339_ms(c->a, r->final_ms));
		ac_jw_end_obj(w);
	}
}

static int
csv_plans(struct cli *c, struct ac_plan_rows *rows)
{
	static const char *const columns[] = { "id", "site", "encounter", "patient", "status", "stage", "version",
		"document_version", "issued_at", "final_at", NULL };
	struct ac_err e = { 0 };
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	for (;;) {
		json_plans(c, cli_csv_page(&t), rows);
		if ((rc = cli_csv_put(&t)) >= 0)
			return rc;
		if (rows->n < AC_LIST_MAX)
			return cli_done();
		struct ac_uuid after = rows->v[rows->n - 1].id;
		if (ac_plan_list(c->w, ac_str_c(c->site), ac_str_c(c->patient), &after, AC_LIST_MAX, rows, &e) != AC_OK)
			return cli_fail(c, NULL, &e);
	}
}

int
verb_plan_list(struct cli *c)
{
	struct ac_plan_rows rows;
	struct ac_uuid after;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (c->after != NULL && !ac_uuid_parse(ac_str_c(c->after), &after))
		return cli_usage(c, "--after PLAN");
	if (ac_plan_list(c->w, ac_str_c(c->site), ac_str_c(c->patient), c->after != NULL ? &after : NULL,
		AC_LIST_MAX, &rows, &e) != AC_OK ||
	    !cli_log_view(c, "view", "plan-list", (struct ac_str){ 0 }, 0, ac_str_c(c->patient), &e))
		return cli_fail(c, NULL, &e);
	if (c->csv)
		return csv_plans(c, &rows);
	if (!c->json) {
		print_plans(c, &rows);
		cli_limit_reached(c, NULL, rows.n);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "plans");
	ac_jw_arr(&w);
	json_plans(c, &w, &rows);
	ac_jw_end_arr(&w);
	cli_limit_reached(c, &w, rows.n);
	return cli_json_end(&w);
}

static void
add_line(struct cli *c, struct cli_table *t, const struct ac_plan *p, const struct ac_plan_line *l)
{
	cli_table_cell(t, ac_str_c(ac_instruction_kind_word(l->def->kind)));
	cli_table_cell(t, l->key);
	cli_table_cell(
	    t, l->until == AC_INSTANT_NONE
		   ? AC_S("")
		   : ac_strf(c->a, "until %.*s",
			 AC_FMT(ac_time_words(c->a, p->in->zone, l->until, AC_TIME_SHORT, AC_S("en")))));
	bool overridden = l->window_by != NULL || l->text_by != NULL || l->added_by != NULL;
	cli_table_coloured(t,
	    overridden	 ? AC_S("override")
	    : l->assumed ? AC_S("assumed")
			 : AC_S(""),
	    CLI_YELLOW);
}

/* What a clinician decided for this visit, each act once. */
static void
print_overrides(struct cli *c, const struct ac_plan *p)
{
	if (p->noverrides > 0)
		printf("\n");
	for (size_t i = 0; i < p->noverrides; i++) {
		const struct ac_override *o = p->overrides[i].o;

		printf("%soverride %lld%s ", cli_paint(c, CLI_YELLOW), (long long)o->n, cli_paint(c, CLI_PLAIN));
		cli_wrap(stdout, c->columns, 4, 12,
		    ac_strf(c->a, "%s of %.*s (%s), by %.*s, %.*s UTC: %.*s", ac_override_act_word(o->act), AC_FMT(o->line),
			ac_override_state_word(p->overrides[i].state), AC_FMT(cli_plain(c, o->by)),
			AC_FMT(cli_minute(c, o->at_ms)), AC_FMT(cli_plain(c, o->reason))));
	}
}

static void
print_plan(struct cli *c, const struct ac_record *r)
{
	const struct ac_plan *p = r->plan;
	const struct ac_zone *z = p->in->zone;
	struct cli_table t = { .c = c };
	struct ac_str en = AC_S("en");

	printf("plan %.*s version %lld, %.*s, %.*s\n", AC_FMT(ac_uuid_str(c->a, r->row.id)),
	    (long long)r->version, AC_FMT(r->row.status), AC_FMT(r->row.stage));
	printf("treated %.*s (%.*s)\n\n", AC_FMT(ac_time_words(c->a, z, p->anchor, AC_TIME_FULL, en)),
	    AC_FMT(ac_zone_name(z)));
	cli_table_column(&t, "KIND", CLI_LEFT);
	cli_table_column(&t, "LINE", CLI_SHRINKS);
	cli_table_column(&t, "WHEN", CLI_LEFT);
	cli_table_column(&t, "", CLI_LEFT);
	for (size_t i = 0; i < p->nlines; i++)
		add_line(c, &t, p, &p->lines[i]);
	for (size_t i = 0; i < r->ntasks; i++) {
		cli_table_cell(&t, AC_S("task"));
		cli_table_cell(&t, r->tasks[i].name);
		cli_table_cell(&t, ac_strf(c->a, "due   %.*s",
				       AC_FMT(ac_time_words(c->a, z, r->tasks[i].due, AC_TIME_SHORT, en))));
		cli_table_coloured(&t, r->tasks[i].status, r->tasks[i].done_ms != 0 ? CLI_FAINT : CLI_PLAIN);
	}
	cli_table_print(&t);
	print_overrides(c, p);
	if (p->nwarnings > 0)
		printf("\n");
	for (size_t i = 0; i < p->nwarnings; i++) {
		printf("%s!%s ", cli_paint(c, CLI_YELLOW), cli_paint(c, CLI_PLAIN));
		cli_wrap(stdout, c->columns, 2, 2,
		    ac_strf(
			c->a, "%.*s (%s)", AC_FMT(cli_plain(c, p->warnings[i].text)), p->warnings[i].rule));
	}
}

int
verb_plan_show(struct cli *c)
{
	int rc;
	struct ac_uuid id;
	struct ac_record *r;
	struct ac_err e = { 0 };
	int64_t version;

	if (!cli_version_arg(c, &version))
		return cli_usage(c, "--version is a number from 1");
	if ((rc = cli_plan_arg(c, c->argv[0], &id)) >= 0)
		return rc;
	if (ac_record_load(c->w, id, version, &r, &e) != AC_OK ||
	    !cli_log_view(c, "view", "plan", ac_uuid_str(c->a, id), r->version, r->row.patient, &e))
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		print_plan(c, r);
		return cli_done();
	}
	printf("{\"schema_version\":%d,\"plan\":%.*s}\n", CLI_SCHEMA_VERSION,
	    AC_FMT(ac_plan_encode(r->plan, c->a)));
	return cli_done();
}

int
verb_plan_document(struct cli *c)
{
	int rc;
	struct ac_uuid id;
	struct ac_document_row row;
	struct ac_record *r;
	struct ac_str bytes;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int64_t version;

	if (!cli_version_arg(c, &version))
		return cli_usage(c, "--version is a document's number from 1");
	if ((rc = cli_plan_arg(c, c->argv[0], &id)) >= 0)
		return rc;
	if (ac_record_load(c->w, id, 0, &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (version == 0 && (version = r->row.document_version) == 0) {
		ac_fail(&e, AC_ENOTFOUND, "DOCUMENT-NONE", "the plan is not final yet: it has no document");
		return cli_fail(c, c->argv[0], &e);
	}
	if (ac_document_bytes(c->w, id, version, &row, &bytes, &e) != AC_OK ||
	    !cli_log_view(
		c, "download", "document", ac_uuid_str(c->a, row.id), row.version, r->row.patient, &e))
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		cli_print(c, bytes);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "id", ac_uuid_str(c->a, row.id));
	ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, id));
	ac_jw_kint(&w, "version", row.version);
	ac_jw_kint(&w, "plan_version", row.plan_version);
	ac_jw_kstr(&w, "status", row.status);
	ac_jw_kstr(&w, "sha256", ac_hex(c->a, row.sha256.b, sizeof(row.sha256.b)));
	ac_jw_kint(&w, "size", row.size);
	ac_jw_kstr(&w, "xml", bytes);
	return cli_json_end(&w);
}
