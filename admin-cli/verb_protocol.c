/* verb_protocol.c - protocol list, show. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/csv.h"
#include "admin-cli/terminal.h"
#include "core/protocol_list.h"

#define HASH_SHOWN 12

static struct ac_str
day(struct cli *c, int64_t ms)
{
	struct ac_str s = ms == 0 ? AC_S("-") : ac_rfc3339_ms(c->a, ms);

	return s.n > 10 ? (struct ac_str){ s.p, 10 } : s;
}

static struct ac_str
hash(struct cli *c, const struct ac_sha256 *v)
{
	return ac_hex(c->a, v->b, sizeof(v->b));
}

static void
print_protocols(struct cli *c, const struct ac_protocol_rows *rows)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "PROTOCOL", CLI_NAMES);
	cli_table_column(&t, "NO", CLI_LEFT);
	cli_table_column(&t, "VERSION", CLI_LEFT);
	cli_table_column(&t, "STATE", CLI_LEFT);
	cli_table_column(&t, "PUBLISHED", CLI_LEFT);
	cli_table_column(&t, "AUTHOR", CLI_SHRINKS);
	cli_table_column(&t, "APPROVER", CLI_SHRINKS);
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_protocol_row *r = &rows->v[i];

		cli_table_cell(&t, r->protocol);
		cli_table_cell(&t, r->n == 0 ? AC_S("-") : ac_strf(c->a, "v%lld", (long long)r->n));
		cli_table_cell(&t, (struct ac_str){ hash(c, &r->version).p, HASH_SHOWN });
		cli_table_coloured(&t, ac_strf(c->a, "%.*s%s%s", AC_FMT(r->state), r->suspended ? ", suspended" : "",
					   r->unapproved ? ", NOT APPROVED" : ""),
		    r->suspended || r->unapproved     ? CLI_RED
		    : r->is_active                      ? CLI_GREEN
		    : ac_streq_c(r->state, "retired") ? CLI_FAINT
						      : CLI_YELLOW);
		cli_table_cell(&t, day(c, r->published_ms));
		cli_table_cell(&t, r->author);
		cli_table_cell(&t, ac_str_is_set(r->approver) ? r->approver : AC_S("-"));
	}
	cli_table_print(&t);
}

static void
json_protocols(struct cli *c, struct ac_jw *w, const struct ac_protocol_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_protocol_row *r = &rows->v[i];

		ac_jw_obj(w);
		ac_jw_kstr(w, "protocol", r->protocol);
		ac_jw_kstr(w, "version", hash(c, &r->version));
		ac_jw_kstr(w, "state", r->state);
		ac_jw_kbool(w, "active", r->is_active);
		if (r->n != 0)
			ac_jw_kint(w, "n", r->n);
		if (r->suspended)
			ac_jw_kbool(w, "suspended", true);
		if (r->unapproved)
			ac_jw_kbool(w, "unapproved", true);
		ac_jw_kstr(w, "author", r->author);
		ac_jw_kstr(w, "approver", r->approver);
		ac_jw_kstr(w, "created", ac_rfc3339_ms(c->a, r->created_ms));
		if (r->published_ms != 0)
			ac_jw_kstr(w, "published", ac_rfc3339_ms(c->a, r->published_ms));
		ac_jw_end_obj(w);
	}
}

static int
csv_protocols(struct cli *c, const struct ac_protocol_rows *rows)
{
	static const char *const columns[] = { "protocol", "n", "version", "state", "active", "suspended", "unapproved",
		"author", "approver", "created", "published", NULL };
	struct cli_csv t;
	int rc;

	cli_csv_begin(&t, c, columns);
	json_protocols(c, cli_csv_page(&t), rows);
	rc = cli_csv_put(&t);
	return rc >= 0 ? rc : cli_done();
}

int
verb_protocol_list(struct cli *c)
{
	struct ac_protocol_rows rows;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_protocol_list(c->w, &rows, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->csv)
		return csv_protocols(c, &rows);
	if (!c->json) {
		print_protocols(c, &rows);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "protocols");
	ac_jw_arr(&w);
	json_protocols(c, &w, &rows);
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

int
verb_protocol_show(struct cli *c)
{
	struct ac_protocol_row row;
	struct ac_str xml;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_protocol_resolve(c->w, ac_str_c(c->argv[0]), false, &row, &e) != AC_OK ||
	    ac_protocol_source(c->w, &row.version, &xml, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		cli_print(c, xml);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", row.protocol);
	ac_jw_kstr(&w, "version", hash(c, &row.version));
	ac_jw_kstr(&w, "state", row.state);
	ac_jw_kstr(&w, "source", xml);
	return cli_json_end(&w);
}
