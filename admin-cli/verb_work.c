/* verb_work.c - task list; delivery list, retry. */
#include <stdio.h>

#include "admin-cli/csv.h"
#include "admin-cli/terminal.h"
#include "core/intake.h"

/* a task's id begins as its plan's: the end tells two apart */
#define OBJECT_HEAD 8
#define OBJECT_TAIL 4

static void
print_tasks(struct cli *c, const struct ac_task_rows *rows)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "DUE (UTC)", CLI_LEFT);
	cli_table_column(&t, "!", CLI_LEFT); /* urgent */
	cli_table_column(&t, "STATUS", CLI_LEFT);
	cli_table_column(&t, "ROLE", CLI_LEFT);
	cli_table_column(&t, "PLAN", CLI_LEFT);
	cli_table_column(&t, "TASK", CLI_SHRINKS);
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_task_row *r = &rows->v[i];

		cli_table_cell(&t, cli_minute(c, r->due * 1000));
		cli_table_coloured(&t, r->urgent ? AC_S("!") : AC_S(""), CLI_RED);
		cli_table_cell(&t, r->status);
		cli_table_cell(&t, r->role);
		cli_table_cell(&t, cli_short(c, r->plan));
		cli_table_cell(&t, r->name);
	}
	cli_table_print(&t);
}

static void
json_task(struct cli *c, struct ac_jw *w, const struct ac_task_row *t)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "plan", ac_uuid_str(c->a, t->plan));
	ac_jw_kstr(w, "name", t->name);
	ac_jw_kstr(w, "title", t->title);
	ac_jw_kstr(w, "kind", t->kind);
	ac_jw_kstr(w, "role", t->role);
	ac_jw_kstr(w, "status", t->status);
	ac_jw_kbool(w, "urgent", t->urgent);
	ac_jw_kstr(w, "not_before", ac_rfc3339(c->a, NULL, t->not_before));
	ac_jw_kstr(w, "due", ac_rfc3339(c->a, NULL, t->due));
	ac_jw_end_obj(w);
}

static int
csv_tasks(struct cli *c, struct ac_task_query *q, struct ac_task_rows *rows)
{
	static const char *const columns[] = { "plan", "name", "title", "kind", "role", "status", "urgent", "not_before",
		"due", NULL };
	struct ac_task_key after;
	struct ac_err e = { 0 };
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	for (q->after = &after;;) {
		struct ac_jw *w = cli_csv_page(&t);

		for (size_t i = 0; i < rows->n; i++)
			json_task(c, w, &rows->v[i]);
		if ((rc = cli_csv_put(&t)) >= 0)
			return rc;
		if (rows->n < AC_LIST_MAX)
			return cli_done();
		after = (struct ac_task_key){ rows->v[rows->n - 1].plan, rows->v[rows->n - 1].name };
		if (ac_task_list(c->w, q, rows, &e) != AC_OK)
			return cli_fail(c, NULL, &e);
	}
}

int
verb_task_list(struct cli *c)
{
	struct ac_task_rows rows;
	struct ac_err e = { 0 };
	enum ac_role role;
	struct ac_buf b;
	struct ac_jw w;

	if (c->role != NULL && !ac_role_parse(ac_str_c(c->role), &role))
		return cli_usage(c, "--role front-desk, nurse, clinician, admin, auditor or system");
	struct ac_task_query q = {
		.site = ac_str_c(c->site), .role = ac_str_c(c->role), .only_open = c->open
	};
	struct ac_task_key after;
	struct ac_str plan;
	if (c->after != NULL) {
		after.name = ac_cut(ac_str_c(c->after), '/', &plan);
		if (!ac_uuid_parse(plan, &after.plan))
			return cli_usage(c, "--after PLAN/TASK");
		q.after = &after;
	}
	if (ac_task_list(c->w, &q, &rows, &e) != AC_OK ||
	    !cli_log_view(c, "view", "task-list", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
	if (c->csv)
		return csv_tasks(c, &q, &rows);
	if (!c->json) {
		print_tasks(c, &rows);
		cli_limit_reached(c, NULL, rows.n);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "tasks");
	ac_jw_arr(&w);
	for (size_t i = 0; i < rows.n; i++)
		json_task(c, &w, &rows.v[i]);
	ac_jw_end_arr(&w);
	cli_limit_reached(c, &w, rows.n);
	return cli_json_end(&w);
}

static struct ac_str
text(struct cli *c, json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex(o, key, &v) ? cli_plain(c, ac_str_c(json_object_get_string(v)))
						     : AC_S("-");
}

static void
print_deliveries(struct cli *c, json_object *list)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "KEY", CLI_LEFT);
	cli_table_column(&t, "STATUS", CLI_LEFT);
	cli_table_column(&t, "TRIES", CLI_RIGHT);
	cli_table_column(&t, "NEXT (UTC)", CLI_LEFT);
	cli_table_column(&t, "SITE/VISIT", CLI_SHRINKS);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *d = json_object_array_get_idx(list, i);
		struct ac_str next = text(c, d, "next_at"), object = text(c, d, "object");

		if (object.n > OBJECT_HEAD + OBJECT_TAIL)
			object = ac_strf(c->a, "%.*s~%.*s", OBJECT_HEAD, object.p, OBJECT_TAIL,
			    object.p + object.n - OBJECT_TAIL);
		cli_table_cell(&t, ac_strf(c->a, "%.*s/%.*s/%.*s", AC_FMT(text(c, d, "kind")), AC_FMT(object),
				       AC_FMT(text(c, d, "version"))));
		cli_table_coloured(&t, text(c, d, "status"),
		    ac_streq_c(text(c, d, "status"), "failed") ? CLI_RED : CLI_PLAIN);
		cli_table_cell(&t, text(c, d, "attempts"));
		cli_table_cell(&t, next.n < 16 ? next : ac_strf(c->a, "%.10s %.5s", next.p, next.p + 11));
		cli_table_cell(&t,
		    ac_strf(c->a, "%.*s/%.*s", AC_FMT(text(c, d, "site")), AC_FMT(text(c, d, "encounter"))));
	}
	cli_table_print(&t);
}

/* What follows `after`; *ret_o is the caller's, *ret_list a part of it. */
static enum ac_code
read_deliveries(struct cli *c, struct ac_str after, struct ac_str *ret_json, json_object **ret_o, json_object **ret_list,
    struct ac_err *reterr)
{
	struct ac_str site = ac_str_c(c->site);
	enum ac_code rc = c->all ? ac_delivery_list_json(c->w, site, after, AC_LIST_MAX, ret_json, reterr)
				 : ac_delivery_waiting_json(c->w, site, after, AC_LIST_MAX, ret_json, reterr);

	if (rc != AC_OK || (rc = ac_json_parse(*ret_json, AC_BLOB_PLAIN_MAX, ret_o, reterr)) != AC_OK)
		return rc;
	return json_object_object_get_ex(*ret_o, "deliveries", ret_list)
		   ? AC_OK
		   : ac_fail(reterr, AC_EINTEGRITY, "DELIVERY-LIST", "the list has no rows");
}

static int
csv_deliveries(struct cli *c, json_object *list)
{
	static const char *const columns[] = { "key", "kind", "object", "version", "site", "encounter", "href", "sha256",
		"status", "attempts", "created_at", "next_at", "ehr_id", NULL };
	AC_AUTO_T(json_object) page = NULL;
	struct ac_err e = { 0 };
	struct ac_str json;
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	for (;;) {
		size_t n = json_object_array_length(list);

		if ((rc = cli_csv_rows(&t, list)) >= 0)
			return rc;
		if (n < AC_LIST_MAX)
			return cli_done();
		struct ac_str after = ac_json_str(json_object_array_get_idx(list, n - 1), "key", c->a);
		json_object_put(page);
		page = NULL;
		if (read_deliveries(c, after, &json, &page, &list, &e) != AC_OK)
			return cli_fail(c, NULL, &e);
	}
}

int
verb_delivery_list(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_str json;
	AC_AUTO_T(json_object) o = NULL;
	json_object *list;

	if (read_deliveries(c, ac_str_c(c->after), &json, &o, &list, &e) != AC_OK ||
	    !cli_log_view(c, "view", "delivery-list", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
	size_t n = json_object_array_length(list);
	if (c->csv)
		return csv_deliveries(c, list);
	if (c->json) { /* an object: ours has members more */
		printf("{\"schema_version\":%d,\"limit_reached\":%s,%.*s\n", CLI_SCHEMA_VERSION,
		    n >= AC_LIST_MAX ? "true" : "false", (int)json.n - 1, json.p + 1);
		return cli_done();
	}
	print_deliveries(c, list);
	cli_limit_reached(c, NULL, n);
	return cli_done();
}

/* KIND/OBJECT/VERSION with the beginning of the object, or its beginning~end as the list shows it. */
static bool
is_short_for(struct ac_str key, struct ac_str said)
{
	struct ac_str kind, object, s_kind, s_object,
	    version = ac_cut(ac_cut(key, '/', &kind), '/', &object),
	    s_version = ac_cut(ac_cut(said, '/', &s_kind), '/', &s_object);

	struct ac_str head, tail = ac_cut(s_object, '~', &head);

	return ac_streq(kind, s_kind) && ac_streq(version, s_version) && head.n > 0 &&
	       ac_str_starts(object, head) && ac_str_ends(object, tail);
}

/* The whole key of what waits; what was said, where nothing or more than one fits. */
static struct ac_str
whole_key(struct cli *c, struct ac_str said)
{
	struct ac_str json, found = { 0 }, none = { 0 };
	AC_AUTO_T(json_object) o = NULL;
	json_object *list;
	struct ac_err e = { 0 };

	if (ac_delivery_waiting_json(c->w, ac_str_c(c->site), none, AC_LIST_MAX, &json, &e) != AC_OK ||
	    ac_json_parse(json, AC_BLOB_PLAIN_MAX, &o, &e) != AC_OK ||
	    !json_object_object_get_ex(o, "deliveries", &list))
		return said;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct ac_str key = text(c, json_object_array_get_idx(list, i), "key");

		if (ac_streq(key, said))
			return said;
		if (!is_short_for(key, said))
			continue;
		if (found.n > 0)
			return said;
		found = ac_str_dup(c->a, key);
	}
	return found.n > 0 ? found : said;
}

int
verb_delivery_retry(struct cli *c)
{
	struct ac_actor who = cli_actor(c);
	struct ac_str key = c->argc > 0 ? whole_key(c, ac_str_c(c->argv[0])) : (struct ac_str){ 0 };
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	int64_t n = 0;

	if (c->all == (c->argc == 1))
		return cli_usage(c, "name one KEY, or --all");
	if (ac_delivery_retry(c->w, &who, key, ac_str_c(c->site), cli_how(c), &n, &e) != AC_OK)
		return cli_fail(c, c->argc > 0 ? c->argv[0] : NULL, &e);
	if (!c->json) {
		printf("%lld delivery(s) %s again at once\n", (long long)n,
		    c->dry_run ? "would be offered" : "are offered");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kint(&w, "deliveries", n);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}
