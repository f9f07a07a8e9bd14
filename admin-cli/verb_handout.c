/* verb_handout.c - plan handout: the sheet as it was given out, or its PDF, the same bytes as the server's. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "admin-cli/verbs.h"
#include "base/file.h"
#include "core/sheet_pdf.h"

static bool
is_to_stdout(const struct cli *c)
{
	return c->out == NULL || strcmp(c->out, "-") == 0;
}

/* The log entry is durable before a byte is shown. */
static enum ac_code
take(struct cli *c, const struct ac_record *r, struct ac_issue_row *row, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_actor who = cli_actor(c);
	int64_t n = row->n;
	enum ac_code rc = ac_issue_bytes(c->w, r->row.id, n, row, ret, reterr);

	if (rc != AC_OK)
		return rc;
	if (c->pdf)
		return ac_sheet_pdf(c->w, &who, r, n, c->large, ret, reterr);
	return cli_log_view(c, "print", "handout", ac_uuid_str(c->a, r->row.id), n, r->row.patient, reterr) ? AC_OK : reterr->code;
}

static int
say_json(struct cli *c, const struct ac_record *r, const struct ac_issue_row *row, struct ac_str bytes)
{
	struct ac_sha256 sha;
	struct ac_buf b;
	struct ac_jw w;

	ac_sha256(bytes, &sha);
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, r->row.id));
	ac_jw_kint(&w, "sheet", row->n);
	ac_jw_kint(&w, "plan_version", row->plan_version);
	ac_jw_kstr(&w, "language", row->language);
	ac_jw_kstr(&w, "given_at", ac_rfc3339_ms(c->a, row->at_ms));
	ac_jw_kstr(&w, "as", c->pdf ? (c->large ? AC_S("pdf-large") : AC_S("pdf")) : AC_S("html"));
	ac_jw_kstr(&w, "sha256", ac_hex(c->a, sha.b, sizeof(sha.b)));
	ac_jw_kint(&w, "size", (int64_t)bytes.n);
	if (!is_to_stdout(c))
		ac_jw_kstr(&w, "out", ac_str_c(c->out));
	else
		ac_jw_kstr(&w, "html", bytes);
	return cli_json_end(&w);
}

static int
check_question(struct cli *c)
{
	struct stat st;
	struct ac_err e = { 0 };

	if (c->large && !c->pdf)
		return cli_usage(c, "--large is of a PDF: the sheet in HTML is kept in the size that it was given in");
	if (c->pdf && is_to_stdout(c) && (c->is_tty || c->json))
		return cli_usage(c, "a PDF is nothing for a terminal or JSON: --out FILE");
	if (is_to_stdout(c) || stat(c->out, &st) != 0)
		return -1;
	ac_fail(&e, AC_ECONFLICT, "OUT-EXISTS", "there is a file of that name");
	return cli_fail(c, c->out, &e);
}

int
verb_plan_handout(struct cli *c)
{
	struct ac_uuid id;
	struct ac_record *r;
	struct ac_issue_row row = { 0 };
	struct ac_str bytes;
	struct ac_err e = { 0 };
	int rc;

	if (!cli_version_arg(c, &row.n))
		return cli_usage(c, "--version is a sheet's number from 1");
	if ((rc = check_question(c)) >= 0 || (rc = cli_plan_arg(c, c->argv[0], &id)) >= 0)
		return rc;
	if (ac_record_load(c->w, id, 0, &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (row.n == 0 && r->nissues == 0) {
		ac_fail(&e, AC_ENOTFOUND, "ISSUE-NONE", "no sheet was given out of this plan");
		return cli_fail(c, c->argv[0], &e);
	}
	row.n = row.n != 0 ? row.n : r->issues[r->nissues - 1].n;
	if (take(c, r, &row, &bytes, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!is_to_stdout(c) && ac_file_write(c->out, bytes, 0600, &e) != AC_OK)
		return cli_fail(c, c->out, &e);
	if (c->json)
		return say_json(c, r, &row, bytes);
	if (!is_to_stdout(c))
		cli_say(c, "sheet %lld, %zu bytes, is in %s", (long long)row.n, bytes.n, c->out);
	else if (c->pdf)
		(void)fwrite(bytes.p, 1, bytes.n, stdout);
	else
		cli_print(c, bytes);
	return cli_done();
}
