/* verb_plan.c - plan list, show, document, regen; task list; delivery list. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/intake.h"

/* Reading a patient's data is a log entry before the bytes go out, from the CLI too. */
static bool
log_view(struct cli *c, const char *action, const char *kind, struct ac_str id, int64_t version, struct ac_str patient,
    struct ac_err *e)
{
	struct ac_actor who = cli_actor(c);

	return ac_service_log(c->w, &who, action, kind, id, version, patient, AC_S("cli"), NULL, e) == AC_OK;
}

static bool
version_arg(struct cli *c, int64_t *ret)
{
	*ret = 0;
	return c->version_n == NULL || ac_str_int(ac_str_c(c->version_n), 1, UINT32_MAX, ret);
}

static struct ac_str
minute(struct cli *c, int64_t ms)
{
	struct ac_str s = ms == 0 ? AC_S("-") : ac_rfc3339_ms(c->a, ms);

	return s.n > 16 ? (struct ac_str){ s.p, 16 } : s;
}

int
verb_plan_list(struct cli *c)
{
	struct ac_plan_rows rows;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_plan_list(c->w, ac_str_c(c->site), ac_str_c(c->patient), AC_LIST_MAX, &rows, &e) != AC_OK ||
	    !log_view(c, "view", "plan-list", (struct ac_str){ 0 }, 0, ac_str_c(c->patient), &e))
		return cli_fail(c, NULL, &e);
	if (!c->json) {
		printf("%-36s %-9s %-11s %3s %3s %-16s %s\n", "PLAN", "STATUS", "STAGE", "VER", "DOC", "GIVEN (UTC)", "SITE/VISIT");
		for (size_t i = 0; i < rows.n; i++) {
			const struct ac_plan_row *r = &rows.v[i];

			printf("%.*s %-9.*s %-11.*s %3lld %3lld %-16.*s %.*s/%.*s\n", AC_FMT(ac_uuid_str(c->a, r->id)),
			    AC_FMT(r->status), AC_FMT(r->stage), (long long)r->version, (long long)r->document_version,
			    AC_FMT(minute(c, r->issued_ms)), AC_FMT(r->site), AC_FMT(r->encounter));
		}
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "plans");
	ac_jw_arr(&w);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_plan_row *r = &rows.v[i];

		ac_jw_obj(&w);
		ac_jw_kstr(&w, "id", ac_uuid_str(c->a, r->id));
		ac_jw_kstr(&w, "site", r->site);
		ac_jw_kstr(&w, "encounter", r->encounter);
		ac_jw_kstr(&w, "patient", r->patient);
		ac_jw_kstr(&w, "status", r->status);
		ac_jw_kstr(&w, "stage", r->stage);
		ac_jw_kint(&w, "version", r->version);
		ac_jw_kint(&w, "document_version", r->document_version);
		if (r->issued_ms != 0)
			ac_jw_kstr(&w, "issued_at", ac_rfc3339_ms(c->a, r->issued_ms));
		if (r->final_ms != 0)
			ac_jw_kstr(&w, "final_at", ac_rfc3339_ms(c->a, r->final_ms));
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

static void
print_plan(struct cli *c, const struct ac_record *r)
{
	const struct ac_plan *p = r->plan;
	const struct ac_zone *z = p->in->zone;
	struct ac_str en = AC_S("en");

	printf("plan %.*s version %lld, %.*s, %.*s\n", AC_FMT(ac_uuid_str(c->a, r->row.id)), (long long)r->version,
	    AC_FMT(r->row.status), AC_FMT(r->row.stage));
	printf("treated %.*s (%.*s)\n\n", AC_FMT(ac_time_words(c->a, z, p->anchor, AC_TIME_FULL, en)), AC_FMT(ac_zone_name(z)));
	for (size_t i = 0; i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];

		printf("%-11s %-26.26s %s%.*s%s\n", ac_instruction_kind_word(l->def->kind), ac_cstr(c->a, l->key),
		    l->until == AC_INSTANT_NONE ? "" : "until ",
		    AC_FMT(l->until == AC_INSTANT_NONE ? AC_S("") : ac_time_words(c->a, z, l->until, AC_TIME_SHORT, en)),
		    l->assumed ? "  (assumed)" : "");
	}
	for (size_t i = 0; i < r->ntasks; i++)
		printf("%-11s %-26.26s due %.*s  %.*s\n", "task", ac_cstr(c->a, r->tasks[i].name),
		    AC_FMT(ac_time_words(c->a, z, r->tasks[i].due, AC_TIME_SHORT, en)), AC_FMT(r->tasks[i].status));
	for (size_t i = 0; i < p->nwarnings; i++)
		printf("%-11s %s: %.*s\n", "warning", p->warnings[i].rule, AC_FMT(p->warnings[i].text));
}

int
verb_plan_show(struct cli *c)
{
	struct ac_uuid id;
	struct ac_record *r;
	struct ac_err e = { 0 };
	int64_t version;

	if (!cli_uuid_arg(c->argv[0], &id) || !version_arg(c, &version))
		return cli_usage("PLAN is a plan's id, --version a number from 1");
	if (ac_record_load(c->w, id, version, &r, &e) != AC_OK ||
	    !log_view(c, "view", "plan", ac_uuid_str(c->a, id), r->version, r->row.patient, &e))
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		print_plan(c, r);
		return cli_done();
	}
	cli_print(ac_plan_encode(r->plan, c->a));
	cli_print(AC_S("\n"));
	return cli_done();
}

int
verb_plan_document(struct cli *c)
{
	struct ac_uuid id;
	struct ac_document_row row;
	struct ac_str bytes;
	struct ac_err e = { 0 };
	int64_t version;

	if (!cli_uuid_arg(c->argv[0], &id) || !version_arg(c, &version))
		return cli_usage("PLAN is a plan's id, --version a document's number from 1");
	if (ac_document_bytes(c->w, id, version, &row, &bytes, &e) != AC_OK ||
	    !log_view(c, "download", "document", ac_uuid_str(c->a, row.id), row.version, (struct ac_str){ 0 }, &e))
		return cli_fail(c, c->argv[0], &e);
	cli_print(bytes);
	return cli_done();
}

/* All versions of one plan, or one. Returns how many differ, -1 on an error. */
static int
regen_one(struct cli *c, struct ac_uuid id, int64_t from, int64_t to, int64_t *made, struct ac_err *e)
{
	int differ = 0;

	for (int64_t v = from; v <= to; v++) {
		struct ac_str json, document = { 0 };
		bool same = false;

		if (ac_plan_regen(c->w, id, v, &json, &document, &same, e) != AC_OK)
			return -1;
		*made += 1;
		if (!same) {
			differ++;
			printf("%.*s version %lld differs from what is stored\n", AC_FMT(ac_uuid_str(c->a, id)), (long long)v);
		}
		if (!c->verify && !c->all)
			cli_print(ac_str_is_set(document) ? document : json);
	}
	return differ;
}

int
verb_plan_regen(struct cli *c)
{
	struct ac_plan_rows rows = { 0 };
	struct ac_record *r;
	struct ac_err e = { 0 };
	struct ac_uuid id;
	int64_t version, made = 0;
	int differ = 0;

	if (c->all == (c->argc == 1) || !version_arg(c, &version))
		return cli_usage("name one PLAN, or --all");
	if (c->all) {
		if (ac_plan_list(c->w, (struct ac_str){ 0 }, (struct ac_str){ 0 }, AC_LIST_MAX, &rows, &e) != AC_OK)
			return cli_fail(c, NULL, &e);
	} else {
		if (!cli_uuid_arg(c->argv[0], &id))
			return cli_usage("PLAN is a plan's id");
		if (ac_record_load(c->w, id, 0, &r, &e) != AC_OK)
			return cli_fail(c, c->argv[0], &e);
		rows = (struct ac_plan_rows){ &r->row, 1 };
	}
	if (!log_view(c, "view", "regen", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
	for (size_t i = 0; i < rows.n; i++) {
		int64_t last = rows.v[i].version;
		int one = regen_one(c, rows.v[i].id, version > 0 ? version : c->verify || c->all ? 1 : last,
		    version > 0 ? version : last, &made, &e);

		if (one < 0)
			return cli_fail(c, ac_cstr(c->a, ac_uuid_str(c->a, rows.v[i].id)), &e);
		differ += one;
	}
	if (c->verify || c->all)
		fprintf(stderr, "%lld version(s) re-made, %d differ\n", (long long)made, differ);
	return differ > 0 ? 7 : cli_done();
}

int
verb_task_list(struct cli *c)
{
	struct ac_task_rows rows;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_task_list(c->w, ac_str_c(c->site), ac_str_c(c->role), c->open, AC_LIST_MAX, &rows, &e) != AC_OK ||
	    !log_view(c, "view", "task-list", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
	if (!c->json) {
		printf("%-16s %-11s %-10s %-36s %s\n", "DUE (UTC)", "STATUS", "ROLE", "PLAN", "TASK");
		for (size_t i = 0; i < rows.n; i++) {
			const struct ac_task_row *t = &rows.v[i];

			printf("%-16.*s %-11.*s %-10.*s %.*s %.*s%s\n", AC_FMT(minute(c, t->due * 1000)), AC_FMT(t->status),
			    AC_FMT(t->role), AC_FMT(ac_uuid_str(c->a, t->plan)), AC_FMT(t->name), t->urgent ? " URGENT" : "");
		}
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "tasks");
	ac_jw_arr(&w);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_task_row *t = &rows.v[i];

		ac_jw_obj(&w);
		ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, t->plan));
		ac_jw_kstr(&w, "name", t->name);
		ac_jw_kstr(&w, "title", t->title);
		ac_jw_kstr(&w, "kind", t->kind);
		ac_jw_kstr(&w, "role", t->role);
		ac_jw_kstr(&w, "status", t->status);
		ac_jw_kbool(&w, "urgent", t->urgent);
		ac_jw_kstr(&w, "not_before", ac_rfc3339(c->a, NULL, t->not_before));
		ac_jw_kstr(&w, "due", ac_rfc3339(c->a, NULL, t->due));
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

int
verb_delivery_list(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_str json;

	if (ac_delivery_list_json(c->w, ac_str_c(c->site), AC_LIST_MAX, false, &json, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->json) {
		cli_print(json);
		return cli_done();
	}
	AC_AUTO_T(json_object) o = NULL;
	json_object *list, *v;
	if (ac_json_parse(json, AC_BLOB_PLAIN_MAX, &o, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	printf("%-62s %s\n", "KEY", "KIND");
	if (json_object_object_get_ex(o, "deliveries", &list))
		for (size_t i = 0; i < json_object_array_length(list); i++) {
			json_object *d = json_object_array_get_idx(list, i);

			printf("%-62s ", json_object_object_get_ex(d, "key", &v) ? json_object_get_string(v) : "-");
			printf("%s\n", json_object_object_get_ex(d, "kind", &v) ? json_object_get_string(v) : "-");
		}
	return cli_done();
}
