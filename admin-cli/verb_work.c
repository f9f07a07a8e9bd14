/* verb_work.c - task list; delivery list. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/intake.h"

static void
print_tasks(struct cli *c, const struct ac_task_rows *rows)
{
	printf("%-16s %-11s %-10s %-36s %s\n", "DUE (UTC)", "STATUS", "ROLE", "PLAN", "TASK");
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_task_row *t = &rows->v[i];

		printf("%-16.*s %-11.*s %-10.*s %.*s %.*s%s\n", AC_FMT(cli_minute(c, t->due * 1000)),
		    AC_FMT(t->status), AC_FMT(t->role), AC_FMT(ac_uuid_str(c->a, t->plan)),
		    AC_FMT(cli_plain(c, t->name)), t->urgent ? " URGENT" : "");
	}
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
	if (ac_task_list(c->w, ac_str_c(c->site), ac_str_c(c->role), c->open, AC_LIST_MAX, &rows, &e) !=
		AC_OK ||
	    !cli_log_view(c, "view", "task-list", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
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
	printf("%-62s %-8s %5s %-16s %s\n", "KEY", "STATUS", "TRIES", "NEXT (UTC)", "SITE/VISIT");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *d = json_object_array_get_idx(list, i);
		struct ac_str next = text(c, d, "next_at");

		printf("%-62.*s %-8.*s %5.*s %-16.*s %.*s/%.*s\n", AC_FMT(text(c, d, "key")),
		    AC_FMT(text(c, d, "status")), AC_FMT(text(c, d, "attempts")),
		    next.n > 16 ? 16 : (int)next.n, next.p, AC_FMT(text(c, d, "site")),
		    AC_FMT(text(c, d, "encounter")));
	}
}

int
verb_delivery_list(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_str json, site = ac_str_c(c->site);
	AC_AUTO_T(json_object) o = NULL;
	json_object *list;
	enum ac_code rc = c->all ? ac_delivery_list_json(c->w, site, AC_LIST_MAX, false, &json, &e)
				 : ac_delivery_waiting_json(c->w, site, AC_LIST_MAX, &json, &e);

	if (rc != AC_OK || ac_json_parse(json, AC_BLOB_PLAIN_MAX, &o, &e) != AC_OK ||
	    !cli_log_view(c, "view", "delivery-list", (struct ac_str){ 0 }, 0, (struct ac_str){ 0 }, &e))
		return cli_fail(c, NULL, &e);
	if (!json_object_object_get_ex(o, "deliveries", &list)) {
		ac_fail(&e, AC_EINTEGRITY, "DELIVERY-LIST", "the list has no rows");
		return cli_fail(c, NULL, &e);
	}
	size_t n = json_object_array_length(list);
	if (c->json) { /* an object: ours has members more */
		printf("{\"schema_version\":%d,\"limit_reached\":%s,%.*s\n", CLI_SCHEMA_VERSION,
		    n >= AC_LIST_MAX ? "true" : "false", (int)json.n - 1, json.p + 1);
		return cli_done();
	}
	print_deliveries(c, list);
	cli_limit_reached(c, NULL, n);
	return cli_done();
}
